//! The one question of the page: switch off, remove, revoke, suspend many, leave.

use chancery_protocol::ids::SourceId;
use chancery_protocol::sources::{Source, SourceToken, StartSync, Sync};
use chancery_ui_kit::api::ClientError;
use chancery_ui_kit::button::Kind;
use chancery_ui_kit::dialog::Dialog;
use chancery_ui_kit::text::console;
use chancery_ui_kit::text::sources as words;
use chancery_ui_kit::text::{syncs, tokens};
use chancery_ui_kit::time::LocalTime;
use leptos::prelude::*;

use crate::components::asking::asking;
use crate::components::question::Question;
use crate::logic::source::writes;
use crate::state::sources::{Ask, Sources};

fn title(ask: &Ask) -> String {
    match ask {
        Ask::SwitchOff(source) => words::switch_off_title(&source.form.name),
        Ask::Remove(source) => words::remove_title(&source.form.name),
        Ask::Revoke(_, token, _) => tokens::revoke_title(&token.name),
        Ask::Overrule(run) => syncs::overrule_title(run.counts.suspended, run.counts.left),
        Ask::Leave(..) => words::LEAVE_TITLE.to_owned(),
    }
}

/// The dialog; there while something is asked.
#[component]
pub fn Dialogs() -> impl IntoView {
    let desk = Sources::current();
    let asked = Signal::derive(move || desk.ask.with(Option::is_some));
    let open = asking(asked, Callback::new(move |()| desk.ask.set(None)));
    // While it closes, the title stays what it was.
    let title = Memo::new(move |before: Option<&String>| {
        desk.ask.with(|ask| ask.as_ref().map(title)).or(before.cloned()).unwrap_or_default()
    });
    view! {
        <Dialog open id="ask" title>
            {move || match desk.ask.get() {
                None => ().into_any(),
                Some(Ask::SwitchOff(source)) => view! { <SwitchOff source /> }.into_any(),
                Some(Ask::Remove(source)) => view! { <Remove source /> }.into_any(),
                Some(Ask::Revoke(source, token, last)) => view! { <Revoke source token=*token last /> }.into_any(),
                Some(Ask::Overrule(run)) => view! { <Overrule run=*run /> }.into_any(),
                Some(Ask::Leave(address, name)) => view! { <Leave address name /> }.into_any(),
            }}
        </Dialog>
    }
}

fn reason(failed: RwSignal<Option<ClientError>>) -> Signal<Option<String>> {
    Signal::derive(move || failed.with(|failed| failed.as_ref().map(words::refused)))
}

#[component]
fn SwitchOff(source: Source) -> impl IntoView {
    let desk = Sources::current();
    let (working, failed) = (RwSignal::new(false), RwSignal::new(None));
    let body = if writes(&source.form) { tokens::switch_off_body } else { words::switch_off_body };
    let body = body(source.people);
    let act = move |()| desk.switch(source.clone(), false, working, failed);
    view! {
        <Question
            body
            keep=console::KEEP
            act=words::SWITCH_OFF
            kind=Kind::Danger
            working
            refused=reason(failed)
            on_keep=move |()| desk.ask.set(None)
            on_act=act
        />
    }
}

#[component]
fn Remove(source: Source) -> impl IntoView {
    let desk = Sources::current();
    let (working, failed) = (RwSignal::new(false), RwSignal::new(None));
    let body = if writes(&source.form) { tokens::REMOVE_BODY } else { words::REMOVE_BODY };
    view! {
        <Question
            body
            keep=console::KEEP
            act=words::REMOVE
            kind=Kind::Danger
            working
            refused=reason(failed)
            on_keep=move |()| desk.ask.set(None)
            on_act=move |()| desk.remove(source.id, working, failed)
        />
    }
}

/// From now on it opens nothing.
#[component]
fn Revoke(
    /// Of which source.
    source: SourceId,
    /// Which.
    token: SourceToken,
    /// Whether no other may write.
    last: bool,
) -> impl IntoView {
    let desk = Sources::current();
    let (working, failed) = (RwSignal::new(false), RwSignal::new(None));
    let used = token.last_used_at.map(|at| LocalTime::of(at).full());
    let refused = Signal::derive(move || failed.with(|failed| failed.as_ref().map(tokens::refused)));
    view! {
        <Question
            body=tokens::revoke_body(used.as_deref(), last)
            keep=console::KEEP
            act=tokens::REVOKE_ACT
            kind=Kind::Danger
            working
            refused
            on_keep=move |()| desk.ask.set(None)
            on_act=move |()| desk.revoke_token(source, token.id, working, failed)
        />
    }
}

/// As many as the run showed, and not one more.
#[component]
fn Overrule(run: Sync) -> impl IntoView {
    let desk = Sources::current();
    let (working, failed) = (RwSignal::new(false), RwSignal::new(None));
    let (people, memberships) = (run.counts.suspended, run.counts.left);
    let act = if people > 0 { syncs::suspend_now(people) } else { syncs::end_now(memberships) };
    let form = StartSync { dry: false, allow_suspended: Some(people), allow_left: Some(memberships) };
    view! {
        <Question
            body=syncs::overrule_body(people, memberships)
            keep=console::KEEP
            act
            kind=Kind::Danger
            working
            refused=reason(failed)
            on_keep=move |()| desk.ask.set(None)
            on_act=move |()| desk.start_sync(run.source, form, working, failed)
        />
    }
}

#[component]
fn Leave(address: String, name: String) -> impl IntoView {
    let desk = Sources::current();
    let right = Signal::stored(None::<String>);
    view! {
        <Question
            body=words::leave_body(&name)
            keep=words::STAY
            act=words::LEAVE
            kind=Kind::Danger
            working=false
            refused=right
            on_keep=move |()| desk.ask.set(None)
            on_act=move |()| desk.leave(&address)
        />
    }
}
