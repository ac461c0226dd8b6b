//! Ctrl K: jump to a conversation, a person or an act by typing (picture 19), or join an open group. The same list chooses where a message is forwarded.
//!
//! `>` leaves only acts, `@` people, `#` groups. Arrow keys choose, Enter goes, Esc closes.

use std::time::Duration;

use chancery_protocol::command::FindPeople;
use chancery_protocol::frame::OpenGroup;
use chancery_protocol::ids::{ConversationId, PersonId};
use chancery_ui_kit::avatar::{Avatar, Size};
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::reactive::{effect, memo, on};
use chancery_ui_kit::text::palette as words;
use chancery_ui_kit::{dialog, dom};
use leptos::html;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use web_sys::KeyboardEvent;

use crate::components::name_badge::name_badge;
use crate::components::open_groups::find_open;
use crate::logic::seek::parts;
use crate::state::chat::Chat;
use crate::state::desk::{Desk, Overlay};

mod deeds;
mod found;

pub use deeds::{Act, Deeds};
use found::{Target, find, open_lines};

/// People are asked for when typing stops for so long.
const WAIT: Duration = Duration::from_millis(150);

/// Most open groups that are offered.
const JOINABLE: u16 = 8;

/// A line of the palette.
#[derive(Clone, PartialEq)]
pub struct Line {
    /// Under which head it stands.
    group: &'static str,
    /// What it says.
    label: String,
    /// Said beside it.
    detail: String,
    /// The keys that do the same.
    keys: &'static str,
    face: Face,
    target: Target,
}

/// What stands before a line.
#[derive(Clone, Copy, PartialEq)]
enum Face {
    Person(PersonId),
    Icon(Icon),
}

/// The palette, when it is open.
#[component]
pub fn Palette(deeds: Deeds) -> impl IntoView {
    let desk = Desk::current();
    let open =
        memo(move || desk.overlay.with(|overlay| matches!(overlay, Overlay::Palette | Overlay::Forward(_))));
    move || open.get().then(|| view! { <Opened deeds /> })
}

#[component]
fn Opened(deeds: Deeds) -> impl IntoView {
    let chat = Chat::current();
    let desk = Desk::current();
    let forward = desk.overlay.with_untracked(|overlay| match overlay {
        Overlay::Forward(text) => Some(text.clone()),
        _ => None,
    });
    let forwards = forward.is_some();
    let forward = StoredValue::new(forward);
    let query = RwSignal::new(String::new());
    let active = RwSignal::new(0_usize);
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let joinable = RwSignal::new(Vec::<OpenGroup>::new());
    let lines = memo(move || {
        query.with(|query| {
            let mut lines = find(chat, query, forwards);
            joinable.with(|groups| open_lines(chat, query, groups, &mut lines));
            lines
        })
    });
    let node = NodeRef::<html::Dialog>::new();
    let input = NodeRef::<html::Input>::new();
    dialog::show_at_once(node);
    effect(move || {
        if let Some(input) = input.get() {
            let _ = input.focus();
        }
    });
    let close = move || {
        dialog::close(node);
        desk.overlay.set(Overlay::None);
    };
    let choose = move |at: usize| {
        let Some(line) = lines.with_untracked(|lines| lines.get(at).cloned()) else { return };
        close();
        match (forward.get_value(), line.target) {
            (Some(text), target) => deeds.forward(target, text),
            (None, Target::Join(group)) => deeds.join(group, line.label),
            (None, target) => deeds.go(target),
        }
    };
    let guest = untrack(|| chat.is_guest());
    let typed = move |text: String| {
        active.set(0);
        query.set(text.clone());
        if let Some(Some(timer)) = timer.try_update_value(Option::take) {
            timer.clear();
        }
        let asked = text.trim_start_matches(['@', '#', '>']).trim().to_owned();
        let (people, groups) = (!text.starts_with(['#', '>']), !forwards && !text.starts_with(['@', '>']));
        // Guests find nobody and nothing to join.
        if !guest && !asked.is_empty() && (people || groups) {
            let ask = move || {
                if people {
                    chat.ask(FindPeople { text: asked.clone(), limit: 20 });
                }
                if groups {
                    find_open(chat, asked.clone(), JOINABLE, move |found| {
                        // Without a line nothing is offered.
                        let _ = joinable.try_set(found.unwrap_or_default());
                    });
                }
            };
            timer.set_value(set_timeout_with_handle(ask, WAIT).ok());
        }
    };
    let keys = move |event: KeyboardEvent| {
        let count = lines.with_untracked(Vec::len).max(1);
        match event.key().as_str() {
            "ArrowDown" => active.update(|at| *at = (*at + 1) % count),
            "ArrowUp" => active.update(|at| *at = (*at + count - 1) % count),
            "Enter" if !event.is_composing() => choose(active.get_untracked()),
            "Escape" => close(),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    // What is chosen by keys is brought into view.
    effect(move || {
        let at = active.get();
        if let Some(line) = dom::find(&format!("#palette-{at}")) {
            line.scroll_into_view_with_bool(false);
        }
    });
    let label = if forwards { words::FORWARD_TO } else { words::TITLE };
    view! {
        <dialog class="dialog palette" node_ref=node aria-label=label on:cancel=on(move |event: web_sys::Event| {
            event.prevent_default();
            close();
        }) on:click=on(move |event: web_sys::MouseEvent| {
            // A press beside it.
            if event.target() == event.current_target() {
                close();
            }
        })>
            <div class="palette-head">
                <Glyph icon=if forwards { Icon::Forward } else { Icon::Search } large=true />
                <input
                    type="text"
                    role="combobox"
                    autocomplete="off"
                    spellcheck="false"
                    node_ref=input
                    aria-label=label
                    aria-expanded="true"
                    aria-controls="palette-lines"
                    aria-autocomplete="list"
                    aria-activedescendant=move || lines.with(|lines| !lines.is_empty()).then(|| format!("palette-{}", active.get()))
                    placeholder=if forwards { words::FORWARD_PLACEHOLDER } else { words::PLACEHOLDER }
                    on:input=on(move |event| typed(event_target_value(&event)))
                    on:keydown=on(keys)
                />
                <kbd>"Esc"</kbd>
            </div>
            <div class="palette-lines" id="palette-lines" role="listbox" aria-label=words::FOUND tabindex="-1">
                {move || {
                    let query = dom::small(query.get().trim_start_matches(['@', '#', '>']).trim());
                    let mut group = "";
                    lines
                        .get()
                        .into_iter()
                        .enumerate()
                        .map(|(at, line)| {
                            let head = (line.group != group).then_some(line.group);
                            group = line.group;
                            one(at, line, head, &query, active, choose)
                        })
                        .collect_view()
                }}
            </div>
            {move || lines.with(Vec::is_empty).then(|| view! { <p class="palette-none" role="status">{words::NONE}</p> })}
            <p class="palette-foot" aria-hidden="true">
                <kbd>"↑"</kbd><kbd>"↓"</kbd>{words::MOVE}
                {(!forwards).then(|| view! { <kbd>">"</kbd>{words::DO} })}
                <kbd>"@"</kbd>{words::PEOPLE}
                <kbd>"#"</kbd>{words::GROUPS}
            </p>
        </dialog>
    }
}

fn one(
    at: usize,
    line: Line,
    head: Option<&'static str>,
    query: &str,
    active: RwSignal<usize>,
    choose: impl Fn(usize) + Copy + Send + 'static,
) -> AnyView {
    let (before, fits, behind) = parts(query, &line.label);
    let (before, fits, behind) = (before.to_owned(), fits.to_owned(), behind.to_owned());
    let name = line.label.clone();
    view! {
        {head.map(|head| view! { <p class="palette-group" role="presentation">{head}</p> })}
        <div
            class="palette-line"
            role="option"
            id=format!("palette-{at}")
            aria-selected=move || (active.get() == at).to_string()
            on:pointermove=on(move |_| {
                if active.get_untracked() != at {
                    active.set(at);
                }
            })
            on:click=on(move |_| choose(at))
        >
            {match line.face {
                Face::Person(person) => {
                    let photo = Chat::current().photo(person);
                    view! { <Avatar person name=Signal::derive(move || name.clone()) photo size=Size::Small /> }.into_any()
                }
                Face::Icon(icon) => view! { <span class="palette-icon"><Glyph icon large=true /></span> }.into_any(),
            }}
            <span class="palette-label"><bdi>{before}<b>{fits}</b>{behind}</bdi></span>
            {name_badge(move || match line.face {
                Face::Person(person) => Some(person),
                Face::Icon(_) => None,
            })}
            <span class="palette-detail">{line.detail}</span>
            {(!line.keys.is_empty()).then(|| view! { <kbd>{line.keys}</kbd> })}
        </div>
    }
    .into_any()
}

/// Where a conversation or a person is, as a line names it.
#[derive(Clone, Copy, PartialEq)]
pub enum Whom {
    /// A conversation that exists.
    Conversation(ConversationId),
    /// A person with whom there may be none yet.
    Person(PersonId),
}
