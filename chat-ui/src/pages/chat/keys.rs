//! Keys of the chat (DESIGN.md section 9): walking the list, walking the messages, walking the regions.

use chancery_protocol::ids::ConversationId;
use chancery_ui_kit::dom;
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use crate::components::list_pane::ListState;
use crate::components::palette::{Act, Deeds};
use crate::logic::list::neighbour;
use crate::navigate::{Go, use_go};
use crate::routes::Place;
use crate::state::chat::CHOICES;
use crate::state::desk::{Desk, Overlay};
use crate::state::prefs::Prefs;

/// The regions F6 walks, in reading order.
const REGIONS: [&str; 5] = [".spine a", ".list-pane", ".feed", "#composer", ".details-title"];

/// What the keys act on.
#[derive(Clone, Copy)]
pub struct Keys {
    /// The list they walk.
    pub list: ListState,
    /// The conversation on the screen.
    pub open: Memo<Option<ConversationId>>,
    /// What they do.
    pub deeds: Deeds,
}

/// Listens as long as the page is there.
pub fn listen(keys: Keys) {
    let (go, desk, prefs) = (use_go(), Desk::current(), Prefs::current());
    let listener = window_event_listener(ev::keydown, move |event| {
        // A dialog has keys of its own.
        let covered = desk.is_covered() || dom::find("dialog[open]").is_some();
        if event.default_prevented() || event.is_composing() || covered {
            return;
        }
        let plain = !(event.ctrl_key() || event.meta_key() || event.alt_key());
        let done = press(&event, keys, go, desk)
            || (plain && prefs.one_key.get_untracked() && !dom::is_typing() && press_one(&event.key(), desk));
        if done {
            event.prevent_default();
        }
    });
    on_cleanup(move || listener.remove());
}

fn press(event: &KeyboardEvent, keys: Keys, go: Go, desk: Desk) -> bool {
    let Keys { list, open, deeds } = keys;
    let (ctrl, alt, shift) = (event.ctrl_key() || event.meta_key(), event.alt_key(), event.shift_key());
    let key = event.key();
    match (key.as_str(), ctrl, alt) {
        ("ArrowUp" | "ArrowDown", false, true) => {
            let down = key == "ArrowDown";
            let next = list.lines.with_untracked(|lines| neighbour(lines, open.get_untracked(), down, shift));
            if let Some(next) = next {
                go.to(Place::Conversation(next));
            }
            true
        }
        ("ArrowUp" | "ArrowDown", true, false) => walk_messages(key == "ArrowDown"),
        ("k" | "K", true, false) => {
            desk.overlay.set(Overlay::Palette);
            true
        }
        ("/", true, false) => {
            deeds.perform(Act::Shortcuts);
            true
        }
        (",", true, false) => {
            deeds.perform(Act::Notifications);
            true
        }
        ("g" | "G", true, false) if !shift && open.get_untracked().is_some() => {
            deeds.perform(Act::Date);
            true
        }
        ("F6", false, false) => walk_regions(!shift),
        ("Escape", false, false) => step_back(go, open),
        _ if ctrl && shift && !alt => match digit(&event.code()).and_then(|digit| CHOICES.get(digit)) {
            Some(presence) => {
                deeds.perform(Act::Be(*presence));
                true
            }
            None => false,
        },
        _ => false,
    }
}

/// Shortcuts of one key.
fn press_one(key: &str, desk: Desk) -> bool {
    match key {
        // On the page of all colleagues the list of conversations is out of sight.
        "/" => dom::focus("#people-filter") || dom::focus("#list-filter"),
        "?" => {
            desk.overlay.set(Overlay::Shortcuts);
            true
        }
        _ => false,
    }
}

/// Which number stands on a key, whatever Shift makes of it: 0 for `1`.
fn digit(code: &str) -> Option<usize> {
    code.strip_prefix("Digit")?.parse::<usize>().ok()?.checked_sub(1)
}

fn walk_messages(down: bool) -> bool {
    let messages = all(".message");
    let focused = dom::focused();
    let at = messages.iter().position(|message| Some(message) == focused.as_ref());
    let next = match (at, down) {
        (Some(at), true) => messages.get(at + 1),
        (Some(at), false) => at.checked_sub(1).and_then(|at| messages.get(at)),
        (None, false) => messages.last(),
        (None, true) => None,
    };
    match (next, at, down) {
        (Some(next), ..) => next.focus().is_ok(),
        // Below the newest message is the composer.
        (None, Some(_), true) => dom::focus("#composer"),
        _ => false,
    }
}

fn walk_regions(forward: bool) -> bool {
    let regions: Vec<HtmlElement> =
        REGIONS.iter().filter_map(|selector| dom::find(selector)).filter(is_shown).collect();
    let Some(last) = regions.len().checked_sub(1) else { return false };
    let homes = [".spine", ".list-pane", ".feed", ".conversation-foot", ".details"];
    let here = dom::focused().and_then(|focused| {
        let home = homes.iter().find(|home| focused.closest(home).ok().flatten().is_some())?;
        regions.iter().position(|region| region.closest(home).ok().flatten().is_some())
    });
    let next = match (here, forward) {
        (None, _) => 0,
        (Some(at), true) => {
            if at == last {
                0
            } else {
                at + 1
            }
        }
        (Some(at), false) => at.checked_sub(1).unwrap_or(last),
    };
    regions.get(next).is_some_and(|region| region.focus().is_ok())
}

fn is_shown(element: &HtmlElement) -> bool {
    element.offset_width() > 0
}

/// Esc: from a message back to the composer, from the composer nowhere, from elsewhere to the list.
fn step_back(go: Go, open: Memo<Option<ConversationId>>) -> bool {
    let in_feed = dom::focused().is_some_and(|element| element.closest(".feed").ok().flatten().is_some());
    if in_feed {
        return dom::focus("#composer");
    }
    if let Some(id) = open.get_untracked()
        && dom::find(".details").is_some()
    {
        go.to(Place::Conversation(id));
        return true;
    }
    if open.get_untracked().is_none() && !dom::is_typing() {
        go.to(Place::Chats);
        return true;
    }
    false
}

fn all(selector: &str) -> Vec<HtmlElement> {
    let found = dom::window().and_then(|window| window.document()?.query_selector_all(selector).ok());
    let Some(found) = found else { return Vec::new() };
    (0..found.length()).filter_map(|at| found.item(at)?.dyn_into().ok()).collect()
}
