//! Keys of the rules (DESIGN.md section 9): to the field, along the list, reorder.

use chancery_ui_kit::dom;
use leptos::ev;
use leptos::prelude::*;
use web_sys::{HtmlElement, KeyboardEvent};

use crate::state::order::Order;

/// Listens as long as the page is there.
pub fn listen() {
    let order = Order::current();
    let listener = window_event_listener(ev::keydown, move |event| {
        let busy = dom::find("dialog[open], .menu").is_some();
        if !event.default_prevented() && !busy && press(&event, order) {
            event.prevent_default();
        }
    });
    on_cleanup(move || listener.remove());
}

fn press(event: &KeyboardEvent, order: Order) -> bool {
    if event.ctrl_key() || event.meta_key() {
        return false;
    }
    let key = event.key();
    let (rows, here) = rows();
    if event.alt_key() {
        let name = here.and_then(|at| rows.get(at)?.get_attribute("data-rule"));
        let down = match key.as_str() {
            "ArrowUp" => false,
            "ArrowDown" => true,
            _ => return false,
        };
        let Some(name) = name else { return false };
        if order.step(&name, down) {
            refocus(&name);
        }
        return true;
    }
    if dom::is_typing() {
        let in_find = dom::focused().is_some_and(|field| field.id() == "find-rule");
        return match key.as_str() {
            "ArrowDown" if in_find => dom::walk(&rows, None, true),
            "Escape" if in_find => dom::focused().is_some_and(|field| field.blur().is_ok()),
            _ => false,
        };
    }
    match key.as_str() {
        "/" => dom::focus("#find-rule"),
        "j" | "J" => dom::walk(&rows, here, true),
        "k" | "K" => dom::walk(&rows, here, false),
        "ArrowDown" if here.is_some() => dom::walk(&rows, here, true),
        "ArrowUp" if here.is_some() => dom::walk(&rows, here, false),
        _ => false,
    }
}

fn rows() -> (Vec<HtmlElement>, Option<usize>) {
    let rows = dom::all(".rule-row");
    let here = dom::focused().and_then(|focused| rows.iter().position(|row| *row == focused));
    (rows, here)
}

/// The row that was moved keeps the focus, once it is drawn at its new place.
pub fn refocus(name: &str) {
    let row = format!("[data-rule=\"{name}\"]");
    let focus = move || {
        dom::focus(&row);
    };
    set_timeout(focus, std::time::Duration::ZERO);
}
