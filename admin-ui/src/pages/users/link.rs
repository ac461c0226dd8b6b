//! Linking an account to a source by hand, and taking it off.

use chancery_protocol::approvals::{MAX_WORDS, MIN_WORDS};
use chancery_protocol::http::Account;
use chancery_protocol::ids::{Id, SourceId};
use chancery_protocol::sources::{LinkIdentity, LinkedIdentity, NewIdentity};
use chancery_ui_kit::api::ClientError;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::dom;
use chancery_ui_kit::field::Field;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::loaded::{Loaded, LoadedView};
use chancery_ui_kit::reactive::{effect, on};
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::text;
use chancery_ui_kit::text::sources as source_words;
use chancery_ui_kit::text::user_groups as words;
use chancery_ui_kit::text::{approvals, console};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::sources;
use crate::components::question::{Question, Refusal};
use crate::components::words_field::WordsField;
use crate::logic::roles::{duties, over_admins};
use crate::state::line::Line;
use crate::state::users::Users;

/// A source to choose.
type Choice = (SourceId, String);

/// The form; the sources are asked for when it opens.
#[component]
pub fn LinkDialog(account: Account) -> impl IntoView {
    let (users, line) = (Users::current(), Line::current());
    let found = RwSignal::new(Loaded::<Vec<Choice>>::Loading);
    let load = move || {
        spawn_local(async move {
            let outcome = sources::list(users.api()).await;
            line.heard(&outcome);
            let named = |all: chancery_protocol::sources::Sources| {
                all.sources.into_iter().map(|source| (source.id, source.form.name)).collect()
            };
            let _ = found.try_set(outcome.map(named).into());
        });
    };
    load();
    let none = |found: &Vec<Choice>| {
        found.is_empty().then(|| view! { <p class="dialog-body">{words::NO_SOURCES}</p> }.into_any())
    };
    let account = StoredValue::new(account);
    view! {
        <LoadedView
            value=found.into()
            failed_title=source_words::LOAD_FAILED
            on_retry=move |()| load()
            skeleton=|| view! { <SkeletonRows rows=2 /> }.into_any()
            empty=none
            ready=move |choices| view! { <Form account=account.get_value() choices /> }.into_any()
        />
    }
}

#[component]
fn Form(account: Account, choices: Vec<Choice>) -> impl IntoView {
    let users = Users::current();
    let person = account.person.id;
    let chosen = RwSignal::new(choices.first().map_or(SourceId::from_bytes([0; 16]), |(id, _)| *id));
    let subject = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    // Into an account with a duty nobody lets somebody alone.
    let second = duties(&account.roles)
        .next()
        .is_some()
        .then(|| if over_admins(&account.roles) { words::SECOND_LEAD } else { words::SECOND_ADMIN });
    let (reason, wrong) = (RwSignal::new(String::new()), RwSignal::new(None::<String>));
    let (working, failed) = (RwSignal::new(false), RwSignal::new(None::<ClientError>));
    effect(move || {
        dom::focus("#link-source");
    });
    // What the server says about the id stands at the field.
    effect(move || {
        let said = failed.with(|failed| match failed {
            Some(problem @ ClientError::Problem(at)) if at.field.as_deref() == Some("subject") => {
                Some(words::link_refused(problem))
            }
            _ => None,
        });
        if said.is_some() {
            error.set(said);
            failed.set(None);
            dom::focus("#link-subject");
        }
    });
    let refused = Signal::derive(move || failed.with(|failed| failed.as_ref().map(words::link_refused)));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if working.get_untracked() {
            return;
        }
        let wanted = subject.with_untracked(|subject| subject.trim().to_owned());
        if wanted.is_empty() {
            error.set(Some(words::NEED_SUBJECT.to_owned()));
            dom::focus("#link-subject");
            return;
        }
        error.set(None);
        let said = reason.with_untracked(|reason| reason.trim().to_owned());
        if second.is_some() && !(MIN_WORDS..=MAX_WORDS).contains(&said.chars().count()) {
            wrong.set(Some(approvals::words_needed()));
            dom::focus("#link-reason");
            return;
        }
        let reason = second.is_some().then_some(said);
        let form = NewIdentity { source: chosen.get_untracked(), subject: wanted, person, reason };
        let act = async move { sources::link(users.api(), &form).await };
        users.run(working, failed, act, move |waits| {
            users.identities_changed.update(|count| *count = count.wrapping_add(1));
            users.done(if waits.is_some() { words::ASKED } else { words::LINKED });
            users.answered();
        });
    };
    let act = if second.is_some() { words::ASK_ACT } else { words::LINK };
    let option = |(id, name): Choice| {
        view! { <option value=id.to_string() selected=move || chosen.get() == id>{name}</option> }
    };
    view! {
        <form class="dialog-fields" novalidate on:submit=on(submit)>
            <p class="dialog-body">{words::LINK_BODY}</p>
            {second.map(|second| view! { <p class="dialog-body">{second}</p> })}
            <Refusal words=refused />
            <div class="field">
                <div class="field-head"><label for="link-source">{words::SOURCE}</label></div>
                <div class="field-box select-box">
                    <select
                        id="link-source"
                        on:change=on(move |event| if let Ok(id) = event_target_value(&event).parse() { chosen.set(id) })
                    >
                        {choices.into_iter().map(option).collect_view()}
                    </select>
                    <Glyph icon=Icon::ChevronDown />
                </div>
            </div>
            <div class="setting-mono">
                <Field id="link-subject" label=words::SUBJECT value=subject help=words::SUBJECT_HELP.to_owned() error autocomplete="off" />
            </div>
            {second.map(|_| view! {
                <WordsField id="link-reason" label=words::REASON value=reason error=wrong most=MAX_WORDS help=words::REASON_HELP />
            })}
            <div class="dialog-acts">
                <Button label=text::act::CANCEL.to_owned() kind=Kind::Quiet on_press=move |()| users.answered() />
                <Button label=act.to_owned() kind=Kind::Primary submit=true working />
            </div>
        </form>
    }
}

/// Take it off?
#[component]
pub fn UnlinkDialog(
    /// Whose.
    account: Account,
    /// What.
    identity: LinkedIdentity,
    /// Whether there is another way to sign in.
    other_way: bool,
) -> impl IntoView {
    let users = Users::current();
    let (working, failed) = (RwSignal::new(false), RwSignal::new(None::<ClientError>));
    let body = words::unlink_body(&identity.name, other_way);
    let refused = Signal::derive(move || failed.with(|failed| failed.as_ref().map(words::link_refused)));
    let form = LinkIdentity { source: identity.source, subject: identity.subject, person: account.person.id };
    let act = move |()| {
        let form = form.clone();
        let act = async move { sources::unlink(users.api(), &form).await };
        users.run(working, failed, act, move |()| {
            users.identities_changed.update(|count| *count = count.wrapping_add(1));
            users.done(words::UNLINKED);
            users.answered();
        });
    };
    view! {
        <Question
            body
            keep=console::KEEP
            act=words::UNLINK
            kind=Kind::Danger
            working
            refused
            on_keep=move |()| users.answered()
            on_act=act
        />
    }
}
