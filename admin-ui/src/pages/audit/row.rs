//! One entry of the list.

use chancery_protocol::audit::AuditEntry;
use chancery_ui_kit::avatar::{Avatar, Size};
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::reactive::on;
use chancery_ui_kit::text::audit as words;
use chancery_ui_kit::time::{self, LocalTime};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, MouseEvent};

use crate::state::log::Log;

/// The row.
#[component]
pub fn Row(
    /// What.
    entry: AuditEntry,
) -> impl IntoView {
    let log = Log::current();
    let position = entry.position;
    let open = move || log.entry.get() == Some(position);
    // The address follows the filters.
    let address = move || {
        log.view.track();
        log.address_of(position)
    };
    let (at, today) = (LocalTime::of(entry.at), LocalTime::of(time::now()));
    view! {
        <tr data-position=position.to_string() class:row-open=open on:click=on(move |event| press(&event, log, position))>
            <td class="cell-time mono"><time datetime=time::machine(entry.at) title=at.full()>{at.brief(today)}</time></td>
            <td class="cell-who"><Actor entry=entry.clone() /></td>
            <th scope="row" class="cell-what">
                <a class="entry-what" class:entry-loud=is_loud(&entry.kind) href=address>{words::kind(&entry.kind).to_owned()}</a>
            </th>
            <td class="cell-on"><On entry=entry.clone() /></td>
            <td class="cell-record table-number mono">{words::number(position)}</td>
        </tr>
    }
}

/// What one looks twice at.
fn is_loud(kind: &str) -> bool {
    matches!(kind, "person.suspended" | "audit.exported" | "clock.stepped")
}

/// Who did it.
#[component]
pub fn Actor(
    /// What.
    entry: AuditEntry,
) -> impl IntoView {
    let log = Log::current();
    match entry.actor {
        Some(id) => {
            let name = log.person(id).map_or_else(|| words::SOMEBODY.to_owned(), |person| person.name);
            view! {
                <span class="who"><Avatar person=id name=name.clone() size=Size::Small /><bdi class="entry-name">{name}</bdi></span>
            }
            .into_any()
        }
        None => view! {
            <span class="who"><span class="entry-system"><Glyph icon=Icon::Server /></span>{words::SYSTEM}</span>
        }
        .into_any(),
    }
}

/// On what, and what there is to say about it in a few words.
#[component]
fn On(entry: AuditEntry) -> impl IntoView {
    let log = Log::current();
    // On oneself goes without saying.
    let person = entry.person.filter(|person| entry.actor != Some(*person)).and_then(|id| log.person(id));
    let said = words::summary(&entry.kind, entry.body.as_ref());
    let text = match person {
        Some(person) if said.is_empty() || said == person.name => person.name,
        Some(person) => format!("{}, {said}", person.name),
        None => said,
    };
    view! {
        <span class="entry-on">
            <span class="entry-area">{words::area(&entry.kind)}</span>
            <bdi class="entry-text" title=text.clone()>{text.clone()}</bdi>
        </span>
    }
}

/// A press beside the controls of a row opens it.
fn press(event: &MouseEvent, log: Log, position: u64) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let on_control = target.is_some_and(|target| target.closest("a, button").ok().flatten().is_some());
    if !on_control {
        log.show(position);
    }
}
