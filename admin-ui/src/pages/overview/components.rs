//! What the node stands on, and how it is.

use chancery_protocol::operations::{Component, ComponentName, State};
use chancery_ui_kit::badge::{Badge, Tone};
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::text::duration;
use chancery_ui_kit::text::overview as words;
use leptos::prelude::*;

use crate::state::watch::Watch;

/// The table.
#[component]
pub fn Components() -> impl IntoView {
    let watch = Watch::current();
    let rows = move || {
        watch
            .overview
            .read(|all| all.components.iter().map(|part| view! { <Row part=part.clone() /> }).collect_view())
    };
    view! {
        <section class="card" aria-label=words::COMPONENTS>
            <h2 class="card-title">{words::COMPONENTS}</h2>
            <table class="table parts">
                <caption class="sr-only">{words::COMPONENTS}</caption>
                <thead>
                    <tr>
                        <th scope="col">{words::COMPONENT}</th>
                        <th scope="col" class="part-state">{words::STATE}</th>
                        <th scope="col" class="table-number part-response">{words::RESPONSE}</th>
                        <th scope="col">{words::NOTE}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
}

#[component]
fn Row(part: Component) -> impl IntoView {
    let Component { name, state, response, facts } = part;
    let (tone, icon) = look(state);
    view! {
        <tr>
            <th scope="row" class="part-name">
                <span class="part-title"><Glyph icon=icon_of(name) /><strong>{words::component(name)}</strong></span>
                " "
                <span class="part-kind">{words::kind(&facts)}</span>
            </th>
            <td class="part-state"><Badge label=words::state(state) tone icon /></td>
            <td class="table-number part-response">{response.map(|took| duration(took.into()))}</td>
            <td class="part-note">{words::note(name, &facts)}</td>
        </tr>
    }
}

/// Colour and shape of a state.
pub fn look(state: State) -> (Tone, Icon) {
    match state {
        State::Ok => (Tone::Ok, Icon::Tick),
        State::Warn => (Tone::Warn, Icon::Warning),
        State::Bad => (Tone::Bad, Icon::CrossCircle),
    }
}

fn icon_of(name: ComponentName) -> Icon {
    match name {
        ComponentName::Database => Icon::Database,
        ComponentName::Keys => Icon::Key,
        ComponentName::Writer => Icon::Pencil,
        ComponentName::Delivery => Icon::Send,
        ComponentName::Search => Icon::Search,
        ComponentName::Disk => Icon::Disk,
    }
}
