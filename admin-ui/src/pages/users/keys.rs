//! Keys of the list (DESIGN.md section 9): find, move, tick, open, close. They work while no text field has the focus.

use chancery_protocol::ids::PersonId;
use chancery_ui_kit::dom;
use leptos::ev;
use leptos::prelude::*;
use web_sys::{HtmlElement, KeyboardEvent};

use crate::state::users::Users;

/// Listens as long as the page is there.
pub fn listen(users: Users) {
    let listener = window_event_listener(ev::keydown, move |event| {
        // An open dialog or menu has its own keys.
        let busy = dom::find("dialog[open], .menu").is_some();
        if !event.default_prevented() && !busy && press(&event, users) {
            event.prevent_default();
        }
    });
    on_cleanup(move || listener.remove());
}

fn press(event: &KeyboardEvent, users: Users) -> bool {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return false;
    }
    let key = event.key();
    if dom::is_typing() {
        return match key.as_str() {
            "Escape" => step_back(users),
            "ArrowDown" => dom::focused().is_some_and(|field| field.id() == "find") && walk(users, true),
            _ => false,
        };
    }
    match key.as_str() {
        "/" => dom::focus("#find"),
        "j" | "J" => walk(users, true),
        "k" | "K" => walk(users, false),
        "ArrowDown" if in_list() => walk(users, true),
        "ArrowUp" if in_list() => walk(users, false),
        "x" | "X" => tick(users, event.shift_key()),
        "o" | "O" => open(users),
        "z" | "Z" => users.undo(),
        "Escape" => step_back(users),
        _ => false,
    }
}

fn in_list() -> bool {
    row().is_some()
}

/// The row that has the focus.
fn row() -> Option<PersonId> {
    let row = dom::focused()?.closest("tr[data-person]").ok().flatten()?;
    row.get_attribute("data-person")?.parse().ok()
}

/// The row the keys are about: the one with the focus, else the one in the side pane, else the one that was.
fn cursor(users: Users) -> Option<PersonId> {
    row().or(users.person.get_untracked()).or(users.last.get_value())
}

fn walk(users: Users, down: bool) -> bool {
    let names: Vec<HtmlElement> = dom::all("tr[data-person] .who-name");
    let here = cursor(users).and_then(|person| {
        let link = dom::find(&format!("tr[data-person=\"{person}\"] .who-name"))?;
        names.iter().position(|name| *name == link)
    });
    // To a row that has not got the focus yet leads the first step.
    let waits = row().is_none() && users.person.get_untracked().is_none();
    match here.and_then(|at| names.get(at)).filter(|_| waits) {
        Some(name) => name.focus().is_ok(),
        None => dom::walk(&names, here, down),
    }
}

fn tick(users: Users, range: bool) -> bool {
    let Some(person) = row().filter(|_| users.edits.get_untracked()) else { return false };
    let ticked = users.ticked.with_untracked(|ticked| ticked.contains_key(&person));
    users.tick(person, range || !ticked, range);
    true
}

fn open(users: Users) -> bool {
    let Some(person) = row() else { return false };
    users.show(person);
    true
}

/// Esc: the filter gives the focus back, then what is ticked is unticked, then the side pane closes.
fn step_back(users: Users) -> bool {
    if dom::is_typing() {
        return dom::focused().is_some_and(|field| field.blur().is_ok());
    }
    if users.ticked.with_untracked(|ticked| !ticked.is_empty()) {
        users.ticked.update(std::collections::BTreeMap::clear);
        return true;
    }
    if users.person.get_untracked().is_some() {
        users.close();
        return true;
    }
    false
}
