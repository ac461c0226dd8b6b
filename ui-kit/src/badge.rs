//! Badges (icon, word, tint) and counts (a number in a pill).

use leptos::prelude::*;

use crate::icon::{Glyph, Icon};

/// What a badge or notice means; the colour follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// Neutral.
    #[default]
    Mute,
    /// Accepted, healthy.
    Ok,
    /// Waits, late.
    Warn,
    /// Failed, refused.
    Bad,
    /// Notice.
    Info,
    /// A duty, for example a role.
    Accent,
    /// A legal hold or case; nothing else.
    Hold,
    /// What everybody must see: a notice is filled instead of tinted.
    Alarm,
}

impl Tone {
    /// The class that sets the colours.
    pub fn class(self) -> &'static str {
        match self {
            Self::Mute => "tone-mute",
            Self::Ok => "tone-ok",
            Self::Warn => "tone-warn",
            Self::Bad => "tone-bad",
            Self::Info => "tone-info",
            Self::Accent => "tone-accent",
            Self::Hold => "tone-hold",
            Self::Alarm => "tone-alarm",
        }
    }
}

/// A word with a tint; 20 px high.
#[component]
pub fn Badge(
    /// The word.
    #[prop(into)]
    label: String,
    /// What it means.
    #[prop(optional)]
    tone: Tone,
    /// Left of the word.
    #[prop(optional, into)]
    icon: Option<Icon>,
    /// What is said of it under the pointer.
    #[prop(optional_no_strip)]
    title: Option<String>,
) -> impl IntoView {
    view! {
        <span class=format!("badge {}", tone.class()) title=title>
            {icon.map(|icon| view! { <Glyph icon /> })}
            {label}
        </span>
    }
}

/// The number as shown: 99+ is the cap.
pub fn capped(count: u64) -> String {
    if count > 99 { "99+".to_owned() } else { count.to_string() }
}

/// What a count counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Weight {
    /// What waits to be read.
    #[default]
    Unread,
    /// For information.
    Plain,
    /// What is overdue.
    Overdue,
}

/// A number in a pill. `spoken` says in words what is counted.
#[component]
pub fn Count(
    /// The number.
    count: u64,
    /// For example "2 unread".
    #[prop(into)]
    spoken: String,
    /// What is counted.
    #[prop(optional)]
    weight: Weight,
) -> impl IntoView {
    let class = match weight {
        Weight::Unread => "count",
        Weight::Plain => "count count-plain",
        Weight::Overdue => "count count-overdue",
    };
    view! {
        <span class=class>
            <span aria-hidden="true">{capped(count)}</span>
            <span class="sr-only">{spoken}</span>
        </span>
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn counts_are_capped() {
        assert_eq!(super::capped(99), "99");
        assert_eq!(super::capped(100), "99+");
    }
}
