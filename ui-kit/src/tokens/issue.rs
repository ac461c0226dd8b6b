//! The two dialogs: a new access token, which is shown this once; and whether one is to be revoked.

use chancery_protocol::MAX_NAME_CHARS;
use chancery_protocol::person::Role;
use chancery_protocol::tokens::{AccessToken, IssueAccessToken, Scope};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::desk::Desk;
use super::end::{End, Until};
use super::focus_wrong;
use super::handed::Handed;
use super::scopes::{ScopeBoxes, of_use};
use crate::api::ClientError;
use crate::button::{Button, Kind};
use crate::dialog::Dialog;
use crate::dom;
use crate::field::Field;
use crate::question::{Question, Refusal};
use crate::reactive::{effect, memo, on, part};
use crate::text;
use crate::text::access_tokens as words;
use crate::text::tokens as common;
use crate::time::{self, LocalTime};

/// Both; they stand beside what shows the list, where nothing is drawn anew.
#[component]
pub fn TokenDialogs(
    /// Whose tokens.
    desk: Desk,
) -> impl IntoView {
    view! {
        <Dialog open=desk.issuing id="token" title=desk.title>
            <Issue desk />
        </Dialog>
        <Dialog open=desk.asking id="revoke" title=desk.title>
            {desk.asked.get_value().map(|token| view! { <Revoke desk token /> }.into_any())}
        </Dialog>
    }
}

/// What is typed.
#[derive(Clone, Copy)]
struct Typed {
    name: RwSignal<String>,
    scopes: StoredValue<Vec<(Scope, RwSignal<bool>)>>,
    end: End,
    name_error: RwSignal<Option<String>>,
    scope_error: RwSignal<Option<String>>,
}

impl Typed {
    fn begin(longest: u32, roles: &[Role]) -> Self {
        let scopes = of_use(roles).into_iter().map(|scope| (scope, RwSignal::new(false)));
        Self {
            name: RwSignal::new(String::new()),
            scopes: StoredValue::new(scopes.collect()),
            end: End::within(longest),
            name_error: RwSignal::new(None),
            scope_error: RwSignal::new(None),
        }
    }

    /// What is sent; none when something is wrong, which is said at its field then.
    fn form(self) -> Option<IssueAccessToken> {
        let name = self.name.with_untracked(|name| name.trim().to_owned());
        let offered = self.scopes.get_value().into_iter();
        let scopes: Vec<Scope> =
            offered.filter(|(_, ticked)| ticked.get_untracked()).map(|(scope, _)| scope).collect();
        let wrong = match name.chars().count() {
            0 => Some(common::NEED_NAME.to_owned()),
            length if length > MAX_NAME_CHARS => Some(text::people::too_long(MAX_NAME_CHARS)),
            _ => None,
        };
        let fine = wrong.is_none() && !scopes.is_empty();
        self.name_error.set(wrong);
        self.scope_error.set(scopes.is_empty().then(|| words::NEED_SCOPE.to_owned()));
        let end = self.end.checked().filter(|_| fine);
        if end.is_none() {
            focus_wrong();
        }
        end.map(|expires_at| IssueAccessToken { name, scopes, expires_at })
    }

    /// Puts a refusal at the field it is about; false when it is about none of them.
    fn refuse(self, error: &ClientError) -> bool {
        let ClientError::Problem(problem) = error else { return false };
        let said = words::refused(error);
        match problem.field.as_deref() {
            Some("name") => self.name_error.set(Some(said)),
            Some("scopes") => self.scope_error.set(Some(said)),
            Some("expires_at") => return self.end.refuse(said),
            _ => return false,
        }
        true
    }
}

#[component]
fn Issue(desk: Desk) -> impl IntoView {
    let longest = desk.list.with_untracked(|list| list.ready().map_or(0, |all| all.longest_days));
    let typed = desk.roles.with_value(|roles| Typed::begin(longest, roles));
    let (working, failed) = (RwSignal::new(false), RwSignal::new(None::<ClientError>));
    let issued = RwSignal::new(None::<String>);
    let there = memo(move || issued.with(Option::is_some));
    effect(move || desk.title.set(if there.get() { common::ISSUED } else { words::ISSUE }.to_owned()));
    effect(move || {
        if failed.with(|failed| failed.as_ref().is_some_and(|error| typed.refuse(error))) {
            failed.set(None);
            focus_wrong();
        }
    });
    let refused = Signal::derive(move || failed.with(|failed| failed.as_ref().map(words::refused)));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if working.get_untracked() {
            return;
        }
        if let Some(form) = typed.form() {
            desk.issue(form, working, failed, issued);
        }
    };
    part(move || {
        if there.get() {
            let token = issued.get_untracked().unwrap_or_default();
            let (name, end) = untrack(|| (typed.name.get(), typed.end.at()));
            let until = end.map(|end| LocalTime::of(end).full()).unwrap_or_default();
            let works = format!("{} {}", words::works(&until), words::SEND);
            return view! { <Handed name token works on_done=move |()| desk.issuing.set(false) /> }
                .into_any();
        }
        effect(|| {
            dom::focus("#token-name");
        });
        view! {
            <form class="dialog-fields" novalidate on:submit=on(submit)>
                <Refusal words=refused />
                <Field
                    id="token-name"
                    label=common::NAME
                    value=typed.name
                    help=words::NAME_HELP.to_owned()
                    error=typed.name_error
                    autocomplete="off"
                />
                <ScopeBoxes
                    offered=typed.scopes
                    error=typed.scope_error
                />
                <Until end=typed.end />
                <div class="dialog-acts">
                    <Button
                        label=text::act::CANCEL.to_owned()
                        kind=Kind::Quiet
                        on_press=move |()| desk.issuing.set(false)
                    />
                    <Button label=words::ISSUE_ACT.to_owned() kind=Kind::Primary submit=true working />
                </div>
            </form>
        }
        .into_any()
    })
}

/// Revoke it?
#[component]
fn Revoke(desk: Desk, token: AccessToken) -> impl IntoView {
    let (working, failed) = (RwSignal::new(false), RwSignal::new(None::<ClientError>));
    let today = LocalTime::of(time::now());
    let used = token.last_used_at.map(|at| LocalTime::of(at).brief(today));
    let refused = Signal::derive(move || failed.with(|failed| failed.as_ref().map(words::refused)));
    view! {
        <Question
            body=words::revoke_body(used.as_deref())
            keep=words::KEEP
            act=common::REVOKE_ACT
            kind=Kind::Danger
            working
            refused
            on_keep=move |()| desk.asking.set(false)
            on_act=move |()| desk.revoke(&token, working, failed)
        />
    }
}
