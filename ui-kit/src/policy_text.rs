//! The words of the policy: its essence as cards, its sections under headings. Who has to accept it and who writes it see the same.

use chancery_protocol::policy::{PolicyText, Section};
use leptos::prelude::*;

use crate::icon::{Glyph, Icon};
use crate::message_text::message_text;
use crate::text::policy as words;

/// What the lines of the essence are about, in the order in which they are usually written: kept, reviewed, refused, for work.
const ICONS: [Icon; 4] = [Icon::Layers, Icon::Eye, Icon::Barred, Icon::Person];

/// The essence; its first sentence stands out in each line.
pub fn essence(text: &PolicyText) -> AnyView {
    if text.essence.is_empty() {
        return ().into_any();
    }
    let line = |(line, icon): (&String, &Icon)| {
        let end = line.find(". ").map_or(line.len(), |at| at + 1);
        let (first, rest) = line.split_at(end);
        view! {
            <li>
                <Glyph icon=*icon />
                <p dir="auto"><strong>{first.to_owned()}</strong>{rest.to_owned()}</p>
            </li>
        }
    };
    let lines = text.essence.iter().zip(ICONS.iter().cycle()).map(line).collect_view();
    view! { <ul class="policy-essence" aria-label=words::ESSENCE>{lines}</ul> }.into_any()
}

/// What a section is called, with its number.
pub fn heading(text: &PolicyText, section: usize) -> String {
    let name = text.sections.get(section).map(|section| section.heading.as_str()).unwrap_or_default();
    format!("{}. {name}", section + 1)
}

/// The sections; each heading can be found by [`heading_id`].
pub fn sections(text: &PolicyText) -> AnyView {
    let section = |(at, section): (usize, &Section)| {
        view! {
            <h3 id=heading_id(at) dir="auto">{heading(text, at)}</h3>
            {message_text(&section.text, &[])}
        }
    };
    text.sections.iter().enumerate().map(section).collect_view().into_any()
}

/// The id of a heading on the page.
pub fn heading_id(section: usize) -> String {
    format!("policy-section-{section}")
}
