//! Keys of the chat (DESIGN.md section 9): walking the list, walking the messages, walking the regions.

use chancery_protocol::ids::ConversationId;
use chancery_ui_kit::dom;
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use crate::components::list_pane::ListState;
use crate::logic::list::neighbour;
use crate::navigate::{Go, use_go};
use crate::routes::Place;

/// The regions F6 walks, in reading order.
const REGIONS: [&str; 5] = [".spine a", ".list-pane", ".feed", "#composer", ".details-title"];

/// Listens as long as the page is there.
pub fn listen(list: ListState, open: Memo<Option<ConversationId>>) {
    let go = use_go();
    let listener = window_event_listener(ev::keydown, move |event| {
        if !event.default_prevented() && press(&event, list, open, go) {
            event.prevent_default();
        }
    });
    on_cleanup(move || listener.remove());
}

fn press(event: &KeyboardEvent, list: ListState, open: Memo<Option<ConversationId>>, go: Go) -> bool {
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
        ("End", true, false) => scroll_to_end(),
        ("F6", false, false) => walk_regions(!shift),
        ("Escape", false, false) => step_back(go, open),
        _ => false,
    }
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

fn scroll_to_end() -> bool {
    if dom::is_typing() {
        return false;
    }
    let Some(feed) = dom::find(".feed") else { return false };
    feed.set_scroll_top(feed.scroll_height());
    true
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
