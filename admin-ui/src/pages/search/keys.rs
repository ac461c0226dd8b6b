//! Keys of the search (DESIGN.md section 9): to the query, along the results, close.

use chancery_ui_kit::dom;
use leptos::ev;
use leptos::prelude::*;
use web_sys::{HtmlElement, KeyboardEvent};

use crate::state::finding::Finding;

/// Listens as long as the page is there.
pub fn listen(finding: Finding) {
    let listener = window_event_listener(ev::keydown, move |event| {
        // An open dialog or menu has its own keys.
        let busy = dom::find("dialog[open], .menu").is_some();
        if !event.default_prevented() && !busy && press(&event, finding) {
            event.prevent_default();
        }
    });
    on_cleanup(move || listener.remove());
}

fn press(event: &KeyboardEvent, finding: Finding) -> bool {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return false;
    }
    let key = event.key();
    if dom::is_typing() {
        let in_query = dom::focused().is_some_and(|field| field.id() == "query");
        return match key.as_str() {
            "ArrowDown" if in_query => walk(true),
            "Escape" => dom::focused().is_some_and(|field| field.blur().is_ok()),
            _ => false,
        };
    }
    match key.as_str() {
        "/" => dom::focus("#query"),
        "j" | "J" | "ArrowDown" => walk(true),
        "k" | "K" | "ArrowUp" => walk(false),
        "Escape" if finding.open.get_untracked().is_some() => {
            finding.close();
            true
        }
        _ => false,
    }
}

fn walk(down: bool) -> bool {
    let hits: Vec<HtmlElement> = dom::all(".hit");
    let here = dom::focused().and_then(|focused| hits.iter().position(|hit| *hit == focused));
    dom::walk(&hits, here, down)
}
