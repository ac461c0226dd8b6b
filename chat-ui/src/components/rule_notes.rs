//! Marginal notes of what rules did to an own message: blocked, waiting, refused, delivered without a part. Nothing in them is hidden.

use chancery_protocol::acceptable_use::{Attempt, AttemptState, Notice};
use chancery_protocol::ids::{ClientId, RecordId};
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::reactive::on;
use chancery_ui_kit::text::act::CLOSE;
use chancery_ui_kit::text::chat::DISCARD;
use chancery_ui_kit::text::rules as words;
use chancery_ui_kit::time::{self, LocalTime};
use leptos::prelude::*;

use crate::components::timeline::Here;
use crate::state::chat::{Chat, Draft};

type Press = Box<dyn FnMut(web_sys::MouseEvent)>;

/// A note with its acts.
fn note(
    class: &'static str,
    icon: Icon,
    title: &'static str,
    said: AnyView,
    acts: Vec<(&'static str, Press)>,
) -> AnyView {
    let act = |(label, press): (&'static str, Press)| {
        view! { <button type="button" class="link-button" on:click=press>{label}</button> }
    };
    view! {
        <div class=class role=if icon == Icon::Barred { "alert" } else { "note" }>
            <p class="note-title"><Glyph icon />{title}</p>
            {said}
            <p class="note-acts">{acts.into_iter().map(act).collect_view()}</p>
        </div>
    }
    .into_any()
}

/// What rules say, in their own words.
fn quoted(notices: &[Notice]) -> AnyView {
    let one = |notice: &Notice| {
        view! {
            <p><bdi>{words::quoted(&notice.why)}</bdi>" "<span class="note-rule"><bdi>{words::named(notice)}</bdi></span></p>
        }
    };
    notices.iter().map(one).collect_view().into_any()
}

/// A message, or another text for one, that a rule blocks. `change` is the message, `text` what was typed for it.
pub fn blocked(id: ClientId, change: Option<RecordId>, text: String, notices: &[Notice]) -> AnyView {
    let (chat, here) = (Chat::current(), Here::current());
    let edit = move |_| match change {
        Some(message) => here.refill(Draft { text: text.clone(), urgent: false }, None, Some(message)),
        None => {
            if let Some(send) = chat.unsend(id) {
                here.refill(Draft { text: send.text, urgent: send.urgent }, send.reply_to, None);
            }
        }
    };
    let discard = move |_| {
        here.leave_edit(change);
        chat.discard_act(id);
        chat.discard(id);
    };
    let title = if change.is_some() { words::BLOCKED_CHANGE } else { words::BLOCKED };
    let acts: Vec<(_, Press)> = vec![(words::EDIT, on(edit)), (DISCARD, on(discard))];
    note("margin-note", Icon::Barred, title, quoted(notices), acts)
}

/// A message, or another text for one, that an officer has to agree to, or refused.
pub fn held(attempt: Attempt) -> AnyView {
    let (chat, here) = (Chat::current(), Here::current());
    let Attempt { id, text, message, reply_to, urgent, notices, state, .. } = attempt;
    // The message shows what is on the record; the other text stands here.
    let other = message.map(|_| view! { <p class="note-text" dir="auto">{text.clone()}</p> });
    let take_back = move |_: web_sys::MouseEvent| chat.take_back(id);
    match state {
        AttemptState::Waiting => {
            let one = |notice: &Notice| view! { <p><bdi>{notice.why.clone()}</bdi>" "<bdi>{words::ask(&notice.ask)}</bdi></p> };
            let said = view! { {other}{notices.iter().map(one).collect_view()} }.into_any();
            let title = if message.is_some() { words::WAITING_CHANGE } else { words::WAITING };
            let acts: Vec<(_, Press)> = vec![(words::TAKE_BACK, on(take_back))];
            note("margin-note note-waiting", Icon::Hourglass, title, said, acts)
        }
        AttemptState::Refused { words: officer, at } => {
            let when = LocalTime::of(at).brief(LocalTime::of(time::now()));
            let said = view! {
                {other}
                <p><bdi>{words::quoted(&officer)}</bdi></p>
                <p class="note-rule">{words::refused(&when)}</p>
            };
            let edit = move |event| {
                here.refill(Draft { text: text.clone(), urgent }, reply_to, message);
                take_back(event);
            };
            let title = if message.is_some() { words::REFUSED_CHANGE } else { words::REFUSED };
            let acts: Vec<(_, Press)> = vec![(words::EDIT, on(edit)), (DISCARD, on(take_back))];
            note("margin-note", Icon::Barred, title, said.into_any(), acts)
        }
    }
}

/// A message that was delivered without what rules take out.
pub fn redacted(id: RecordId, notices: &[Notice]) -> AnyView {
    let chat = Chat::current();
    let close = move |_| chat.redacted.update(|all| all.retain(|(one, _)| *one != id));
    let acts: Vec<(_, Press)> = vec![(CLOSE, on(close))];
    note("margin-note note-waiting", Icon::Lock, words::REDACTED, quoted(notices), acts)
}
