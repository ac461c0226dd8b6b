//! Keys of the list (DESIGN.md section 9): find, move, open, close. They work while no text field has the focus.

use chancery_protocol::ids::GroupId;
use chancery_ui_kit::dom;
use leptos::ev;
use leptos::prelude::*;
use web_sys::{HtmlElement, KeyboardEvent};

use crate::state::groups::Groups;

/// Listens as long as the page is there.
pub fn listen(page: Groups) {
    let listener = window_event_listener(ev::keydown, move |event| {
        // An open dialog or menu has its own keys.
        let busy = dom::find("dialog[open], .menu").is_some();
        if !event.default_prevented() && !busy && press(&event, page) {
            event.prevent_default();
        }
    });
    on_cleanup(move || listener.remove());
}

fn press(event: &KeyboardEvent, page: Groups) -> bool {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return false;
    }
    let key = event.key();
    if dom::is_typing() {
        return match key.as_str() {
            "Escape" => dom::focused().is_some_and(|field| field.blur().is_ok()),
            "ArrowDown" => dom::focused().is_some_and(|field| field.id() == "find") && walk(page, true),
            _ => false,
        };
    }
    match key.as_str() {
        "/" => dom::focus("#find"),
        "j" | "J" => walk(page, true),
        "k" | "K" => walk(page, false),
        "ArrowDown" if row().is_some() => walk(page, true),
        "ArrowUp" if row().is_some() => walk(page, false),
        "o" | "O" => row().map(|group| page.show(group)).is_some(),
        "z" | "Z" => page.undo(),
        "Escape" if page.group.get_untracked().is_some() => {
            page.close();
            true
        }
        _ => false,
    }
}

/// The row that has the focus.
fn row() -> Option<GroupId> {
    let row = dom::focused()?.closest("tr[data-group]").ok().flatten()?;
    row.get_attribute("data-group")?.parse().ok()
}

fn walk(page: Groups, down: bool) -> bool {
    let names: Vec<HtmlElement> = dom::all("tr[data-group] .who-name");
    // The one with the focus, else the one in the side pane, else the one that was.
    let cursor = row().or(page.group.get_untracked()).or(page.last.get_value());
    let here = cursor.and_then(|group| {
        let link = dom::find(&format!("tr[data-group=\"{group}\"] .who-name"))?;
        names.iter().position(|name| *name == link)
    });
    // To a row that has not got the focus yet leads the first step.
    let waits = row().is_none() && page.group.get_untracked().is_none();
    match here.and_then(|at| names.get(at)).filter(|_| waits) {
        Some(name) => name.focus().is_ok(),
        None => dom::walk(&names, here, down),
    }
}
