//! A new account: the form, then the link to hand over.

use chancery_protocol::MAX_NAME_CHARS;
use chancery_protocol::http::{Invite, Invited};
use chancery_protocol::person::Role;
use chancery_protocol::text::check_username;
use chancery_ui_kit::api::ClientError;
use chancery_ui_kit::badge::Tone;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::dom;
use chancery_ui_kit::field::Field;
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::notice::Notice;
use chancery_ui_kit::reactive::{effect, memo, on, show};
use chancery_ui_kit::text;
use chancery_ui_kit::text::console as words;
use chancery_ui_kit::text::handover;
use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;

use super::confirm::{LinkShown, Refused};
use super::handover::{Way, Ways};
use super::role_boxes::RoleBoxes;
use super::terms::{Terms, TermsFields};
use crate::api::people;
use crate::state::users::Users;

/// What the form holds.
#[derive(Clone, Copy)]
struct Entry {
    name: RwSignal<String>,
    username: RwSignal<String>,
    roles: RwSignal<Vec<Role>>,
    terms: Terms,
    email: RwSignal<String>,
    way: Way,
    name_error: RwSignal<Option<String>>,
    username_error: RwSignal<Option<String>>,
    email_error: RwSignal<Option<String>>,
    failed: RwSignal<Option<ClientError>>,
    working: RwSignal<bool>,
    made: RwSignal<Option<(Invite, Invited)>>,
}

impl Entry {
    fn new() -> Self {
        Self {
            name: RwSignal::new(String::new()),
            username: RwSignal::new(String::new()),
            roles: RwSignal::new(vec![Role::Employee]),
            terms: Terms::new(),
            email: RwSignal::new(String::new()),
            way: Way::new(true),
            name_error: RwSignal::new(None),
            username_error: RwSignal::new(None),
            email_error: RwSignal::new(None),
            failed: RwSignal::new(None),
            working: RwSignal::new(false),
            made: RwSignal::new(None),
        }
    }

    /// Empties the form for the next one; the roles and a guest's terms stay.
    fn again(self) {
        self.name.set(String::new());
        self.username.set(String::new());
        self.email.set(String::new());
        self.made.set(None);
    }

    /// The address typed, if any; heard by what reads it.
    fn address(self) -> Option<String> {
        let email = self.email.with(|email| email.trim().to_owned());
        (!email.is_empty()).then_some(email)
    }

    fn is_guest(self) -> bool {
        self.roles.with_untracked(|roles| roles.contains(&Role::Guest))
    }

    fn check_name(self) -> bool {
        let length = self.name.with_untracked(|name| name.trim().chars().count());
        let wrong = match length {
            0 => Some(words::NEED_NAME.to_owned()),
            length if length > MAX_NAME_CHARS => Some(text::people::too_long(MAX_NAME_CHARS)),
            _ => None,
        };
        let fine = wrong.is_none();
        self.name_error.set(wrong);
        fine
    }

    fn check_username(self) -> bool {
        let fine = self.username.with_untracked(|name| check_username(name.trim()).is_ok());
        self.username_error.set((!fine).then(|| text::problem::of_code("username_invalid")));
        fine
    }

    /// Says what is wrong and puts the focus there.
    fn complete(self) -> bool {
        let (name, username) = (self.check_name(), self.check_username());
        let terms = !self.is_guest() || self.terms.checked().is_some();
        let roles = self.roles.with_untracked(|roles| !roles.is_empty());
        let wrong = if !name {
            "#invite-name"
        } else if !username {
            "#invite-username"
        } else if !roles {
            "#ask .boxes input"
        } else if !terms {
            self.terms.focus();
            return false;
        } else {
            return true;
        };
        dom::focus(wrong);
        false
    }
}

/// The dialog.
#[component]
pub fn InviteDialog() -> impl IntoView {
    let users = Users::current();
    let entry = Entry::new();
    move || match entry.made.get() {
        None => view! { <Form entry /> }.into_any(),
        Some((asked, made)) => {
            let id = made.id;
            let said = words::invited(&asked.name);
            let handed = match asked.email.filter(|_| made.link.mail.is_some()) {
                Some(address) => {
                    view! { <p class="dialog-body"><bdi>{handover::on_its_way(&address)}</bdi></p> }
                        .into_any()
                }
                None => view! { <LinkShown name=asked.name link=made.link /> }.into_any(),
            };
            view! {
                <Notice tone=Tone::Ok icon=Icon::TickCircle>{said}</Notice>
                {handed}
                <div class="dialog-acts">
                    <Button label=words::INVITE_ANOTHER.to_owned() kind=Kind::Secondary on_press=move |()| entry.again() />
                    <Button
                        label=text::act::DONE.to_owned()
                        kind=Kind::Primary
                        on_press=move |()| {
                            users.answered();
                            users.show(id);
                        }
                    />
                </div>
            }
            .into_any()
        }
    }
}

#[component]
fn Form(entry: Entry) -> impl IntoView {
    let users = Users::current();
    let first = NodeRef::<Input>::new();
    effect(move || {
        if let Some(first) = first.get() {
            let _ = first.focus();
        }
    });
    // What the server says about a field stands at the field.
    let hear = move |field: &'static str, at: RwSignal<Option<String>>, place: &'static str| {
        effect(move || {
            let wrong = entry.failed.with(|failed| match failed {
                Some(error @ ClientError::Problem(problem)) if problem.field.as_deref() == Some(field) => {
                    Some(text::problem::of(error))
                }
                _ => None,
            });
            if wrong.is_some() {
                at.set(wrong);
                entry.failed.set(None);
                dom::focus(place);
            }
        });
    };
    hear("username", entry.username_error, "#invite-username");
    hear("email", entry.email_error, "#invite-email");
    // Another address may be right; the server looks at it.
    effect(move || {
        entry.email.track();
        entry.email_error.set(None);
    });
    let mails = users.mails();
    let addressed = memo(move || mails && entry.address().is_some());
    entry.terms.hear(entry.failed);
    let guest = memo(move || entry.roles.with(|roles| roles.contains(&Role::Guest)));
    let role_error =
        Signal::derive(move || entry.roles.with(Vec::is_empty).then(|| words::NEED_ROLE.to_owned()));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if entry.working.get_untracked() || !entry.complete() {
            return;
        }
        let form = Invite {
            username: entry.username.with_untracked(|name| dom::small(name.trim())),
            name: entry.name.with_untracked(|name| name.trim().to_owned()),
            roles: entry.roles.get_untracked(),
            guest: entry.is_guest().then(|| entry.terms.checked()).flatten(),
            email: untrack(|| entry.address()).filter(|_| mails),
            mail: untrack(|| addressed.get() && entry.way.by_mail()),
        };
        let asked = form.clone();
        let act = async move { people::invite(users.api(), &form).await };
        users
            .run(entry.working, entry.failed, act, move |made| drop(entry.made.try_set(Some((asked, made)))));
    };
    let leave = |check: fn(Entry) -> bool, value: RwSignal<String>| {
        // An empty field that was only walked through is not wrong yet.
        move |()| {
            if value.with_untracked(|value| !value.is_empty()) {
                check(entry);
            }
        }
    };
    view! {
        <form class="dialog-fields" novalidate on:submit=on(submit)>
            <p class="dialog-body">{if mails { handover::INVITE_LEAD } else { words::INVITE_LEAD }}</p>
            <Refused failed=entry.failed />
            <Field
                id="invite-name"
                label=words::NAME
                value=entry.name
                help=words::NAME_HELP
                error=entry.name_error
                autocomplete="off"
                node=first
                on_leave=leave(Entry::check_name, entry.name)
            />
            <Field
                id="invite-username"
                label=words::USERNAME
                value=entry.username
                help=words::USERNAME_HELP
                error=entry.username_error
                autocomplete="off"
                on_leave=leave(Entry::check_username, entry.username)
            />
            {mails.then(|| view! {
                <Field
                    id="invite-email"
                    label=words::EMAIL
                    value=entry.email
                    help=handover::EMAIL_HELP
                    error=entry.email_error
                    autocomplete="off"
                    inputmode="email"
                    optional=true
                />
            })}
            {show(move || addressed.get(), move || view! { <Ways way=entry.way /> }.into_any())}
            <RoleBoxes roles=entry.roles error=role_error guest_alone=true />
            {show(move || guest.get(), move || view! { <TermsFields terms=entry.terms /> }.into_any())}
            <div class="dialog-acts">
                <Button label=text::act::CANCEL.to_owned() kind=Kind::Quiet on_press=move |()| users.answered() />
                <Button label=words::INVITE.to_owned() kind=Kind::Primary submit=true working=entry.working />
            </div>
        </form>
    }
}
