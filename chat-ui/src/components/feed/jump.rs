//! Jumps: to a message, a date, the first unread message, the newest.
//!
//! What is not loaded is found by `state/chat/locate.rs`; a message by the time in its id, like a date.

use chancery_protocol::ids::{ConversationId, RecordId};
use chancery_protocol::state::PAGE;
use chancery_ui_kit::api::ClientError;
use chancery_ui_kit::dom;
use chancery_ui_kit::reactive::{effect, memo};
use chancery_ui_kit::text;
use chancery_ui_kit::text::chat as words;
use chancery_ui_kit::toast::Toasts;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::feed::pages::Pages;
use crate::components::timeline::Goal;
use crate::logic::timeline::{Key, Row, Timeline};
use crate::state::chat::{Chat, made_at};

/// Follows the goals of the open conversation.
pub fn follow(pages: Pages) {
    let toasts = Toasts::current();
    let seeking = RwSignal::new(0_u32);
    let loaded = memo(move || pages.here.timeline.with(Option::is_some));
    effect(move || {
        let Some(goal) = pages.here.goal.get() else { return };
        if !loaded.get() {
            return;
        }
        pages.here.goal.set(None);
        let number = seeking.get_untracked().wrapping_add(1);
        seeking.set(number);
        // A goal that was overtaken by another one is given up.
        let current = move || seeking.try_get_untracked() == Some(number);
        spawn_local(async move {
            let found = seek(pages, goal, &current).await;
            if !current() {
                return;
            }
            match found {
                Ok(true) => {}
                Ok(false) => toasts.failed(words::NOT_THERE, words::NOT_THERE_BODY),
                Err(error) => toasts.failed(words::JUMP_FAILED, text::problem::of(&error)),
            }
            if pages.place.begun.try_get_untracked() == Some(false) {
                pages.place.begin();
            }
        });
    });
}

async fn seek(pages: Pages, goal: Goal, current: &impl Fn() -> bool) -> Result<bool, ClientError> {
    let here = pages.here;
    if !current() {
        return Ok(true);
    }
    if goal == Goal::Newest {
        if here.timeline.with_untracked(|timeline| timeline.as_ref().is_some_and(|t| !t.at_end)) {
            let page = pages.chat.page(here.id, None, PAGE).await?;
            if current() {
                pages.place.leave_bottom();
                pages.chat.state.update(|state| state.jump(&page, None));
            }
        }
        if current() {
            pages.place.to_bottom();
        }
        return Ok(true);
    }
    let loaded = |goal| here.timeline.with_untracked(|t| t.as_ref().and_then(|t| row_of(t, goal)));
    if let Some(row) = loaded(goal) {
        return Ok(show(pages, goal, row));
    }
    let Some(seq) = locate(pages.chat, here.id, goal).await? else {
        // Nothing is so new: the newest message is the nearest.
        let nearest = matches!(goal, Goal::At(_)) && current();
        if nearest {
            here.goal.set(Some(Goal::Newest));
        }
        return Ok(nearest);
    };
    let before = Some(seq.saturating_add(u64::from(PAGE / 2)));
    let page = pages.chat.page(here.id, before, PAGE).await?;
    if !current() {
        return Ok(true);
    }
    pages.place.leave_bottom();
    pages.chat.state.update(|state| state.jump(&page, before));
    Ok(loaded(goal).is_some_and(|row| show(pages, goal, row)))
}

/// Puts a row on the page and brings it into view.
fn show(pages: Pages, goal: Goal, row: Key) -> bool {
    let marked = match goal {
        Goal::Message(id) => Some(id),
        _ => None,
    };
    pages.place.leave_bottom();
    pages.here.anchor.set(Some(row));
    pages.here.marked.set(marked);
    bring(pages, row, marked, SETTLING);
    true
}

/// Frames in which a row that was brought onto the page may still be missing, or be made anew.
const SETTLING: u8 = 60;

/// Brings a row into view. One that is marked has the focus when the page has settled.
fn bring(pages: Pages, row: Key, marked: Option<RecordId>, frames: u8) {
    request_animation_frame(move || {
        // The page is gone, or another row is wanted.
        if pages.here.marked.try_get_untracked() != Some(marked) {
            return;
        }
        if frames == SETTLING || dom::focused().is_none() {
            pages.place.show(&row.name());
            if marked.is_some() {
                dom::focus(&format!("[data-row=\"{}\"]", row.name()));
            }
            pages.look();
        }
        if marked.is_some() && frames > 0 {
            bring(pages, row, marked, frames - 1);
        }
    });
}

/// The row of a goal, when it is certain that it is the right one.
fn row_of(timeline: &Timeline, goal: Goal) -> Option<Key> {
    let at = match goal {
        Goal::Newest => timeline.keys.len().checked_sub(1)?,
        Goal::Message(id) => timeline.place_of(id)?,
        Goal::At(time) => first(timeline, |item| item.at >= time)?,
        Goal::Ordinal(ordinal) => first(timeline, |item| item.ordinal >= ordinal)?,
    };
    // A divider belongs to the message below it.
    let above = at.checked_sub(1).and_then(|above| timeline.keys.get(above));
    match (goal, above.map(|key| (key, timeline.rows.get(key)))) {
        (Goal::At(_) | Goal::Ordinal(_), Some((key, Some(Row::Day(_) | Row::New)))) => Some(*key),
        _ => timeline.keys.get(at).copied(),
    }
}

/// The first message that fits, when one before it is loaded that does not, or there is none.
fn first(timeline: &Timeline, fits: impl Fn(&crate::logic::timeline::Item) -> bool) -> Option<usize> {
    let items = timeline.keys.iter().enumerate();
    let mut items =
        items.filter_map(|(at, key)| Some((at, timeline.item(*key).filter(|item| item.seq > 0)?)));
    let mut before = !timeline.more_before;
    items.find_map(|(at, item)| {
        if fits(item) {
            return Some(before.then_some(at));
        }
        before = true;
        None
    })?
}

/// Finds the place of a goal. Nothing when everything is older.
async fn locate(chat: Chat, conversation: ConversationId, goal: Goal) -> Result<Option<u64>, ClientError> {
    let time = match goal {
        Goal::Message(id) => made_at(id),
        Goal::At(time) => time,
        Goal::Newest | Goal::Ordinal(_) => 0,
    };
    chat.locate(conversation, |message| match goal {
        Goal::Ordinal(ordinal) => message.ordinal >= ordinal,
        _ => message.at >= time,
    })
    .await
}
