//! Keys of the review (DESIGN.md section 9): along the list, deliver, refuse.

use chancery_ui_kit::dom;
use leptos::ev;
use leptos::prelude::*;
use web_sys::{HtmlElement, KeyboardEvent};

use crate::state::reviewing::Reviewing;

/// Listens as long as the page is there.
pub fn listen(page: Reviewing) {
    let listener = window_event_listener(ev::keydown, move |event| {
        let busy = dom::find("dialog[open], .menu").is_some();
        if !event.default_prevented() && !busy && press(&event, page) {
            event.prevent_default();
        }
    });
    on_cleanup(move || listener.remove());
}

fn press(event: &KeyboardEvent, page: Reviewing) -> bool {
    if event.ctrl_key() || event.meta_key() || event.alt_key() || event.repeat() {
        return false;
    }
    let key = event.key();
    if dom::is_typing() {
        return key == "Escape" && dom::focused().is_some_and(|field| field.blur().is_ok());
    }
    match key.as_str() {
        "j" | "J" => walk(page, true),
        "k" | "K" => walk(page, false),
        "y" | "Y" => press_on("#deliver"),
        "r" | "R" => press_on("#refuse"),
        "n" | "N" => dom::focus("#review-note"),
        "c" | "C" => press_on("#show-context"),
        _ => false,
    }
}

fn press_on(button: &str) -> bool {
    let Some(button) = dom::find(button) else { return false };
    button.click();
    true
}

/// The next or previous text opens; its row keeps the focus.
fn walk(page: Reviewing, down: bool) -> bool {
    let rows: Vec<HtmlElement> = dom::all(".waiting-row");
    let open = page.open.get_untracked().map(|open| open.to_string());
    let here = rows.iter().position(|row| row.get_attribute("data-attempt") == open && open.is_some());
    let to = match here {
        None => 0,
        Some(at) if down => at + 1,
        Some(at) => match at.checked_sub(1) {
            Some(to) => to,
            None => return true,
        },
    };
    if let Some(row) = rows.get(to) {
        let _ = row.focus();
        row.click();
    }
    true
}
