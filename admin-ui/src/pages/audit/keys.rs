//! Keys of the log (DESIGN.md section 9): find, move, open, close. They work while no text field has the focus.

use chancery_ui_kit::dom;
use leptos::ev;
use leptos::prelude::*;
use web_sys::{HtmlElement, KeyboardEvent};

use crate::state::log::Log;

/// Listens as long as the page is there.
pub fn listen(log: Log) {
    let listener = window_event_listener(ev::keydown, move |event| {
        // An open dialog or menu has its own keys.
        let busy = dom::find("dialog[open], .menu").is_some();
        if !event.default_prevented() && !busy && press(&event, log) {
            event.prevent_default();
        }
    });
    on_cleanup(move || listener.remove());
}

fn press(event: &KeyboardEvent, log: Log) -> bool {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return false;
    }
    let key = event.key();
    if dom::is_typing() {
        return match key.as_str() {
            "Escape" => dom::focused().is_some_and(|field| field.blur().is_ok()),
            "ArrowDown" => dom::focused().is_some_and(|field| field.id() == "find") && walk(log, true),
            _ => false,
        };
    }
    match key.as_str() {
        "/" => dom::focus("#find"),
        "j" | "J" => walk(log, true),
        "k" | "K" => walk(log, false),
        "ArrowDown" if row().is_some() => walk(log, true),
        "ArrowUp" if row().is_some() => walk(log, false),
        "o" | "O" => row().is_some_and(|position| {
            log.show(position);
            true
        }),
        "Escape" if log.entry.get_untracked().is_some() => {
            log.close();
            true
        }
        _ => false,
    }
}

/// The row that has the focus.
fn row() -> Option<u64> {
    let row = dom::focused()?.closest("tr[data-position]").ok().flatten()?;
    row.get_attribute("data-position")?.parse().ok()
}

fn walk(log: Log, down: bool) -> bool {
    let links: Vec<HtmlElement> = dom::all("tr[data-position] .entry-what");
    let cursor = row().or(log.entry.get_untracked()).or(log.last.get_value());
    let here = cursor.and_then(|position| {
        let link = dom::find(&format!("tr[data-position=\"{position}\"] .entry-what"))?;
        links.iter().position(|one| *one == link)
    });
    // To a row that has not got the focus yet leads the first step.
    let waits = row().is_none() && log.entry.get_untracked().is_none();
    match here.and_then(|at| links.get(at)).filter(|_| waits) {
        Some(link) => link.focus().is_ok(),
        None => dom::walk(&links, here, down),
    }
}
