//! What rules do: badges, icons and the five cards to choose from.

use chancery_protocol::acceptable_use::RuleOutcome;
use chancery_screening::Outcome;
use chancery_ui_kit::badge::{Badge, Tone};
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::reactive::{flag, on};
use chancery_ui_kit::text::rule_editor as words;
use leptos::prelude::*;

use crate::state::writing::Writing;

/// All outcomes, in rising strictness as the words are used everywhere.
const ALL: [(Outcome, RuleOutcome); 5] = [
    (Outcome::Flag, RuleOutcome::Flag),
    (Outcome::Warn, RuleOutcome::Warn),
    (Outcome::Review, RuleOutcome::Review),
    (Outcome::Redact, RuleOutcome::Redact),
    (Outcome::Block, RuleOutcome::Block),
];

/// An outcome as it stands in a rule, as it goes over the wire.
pub fn on_wire(outcome: Outcome) -> RuleOutcome {
    ALL.into_iter().find(|(one, _)| *one == outcome).map_or(RuleOutcome::Flag, |(_, wire)| wire)
}

/// Its drawing.
pub fn icon(outcome: RuleOutcome) -> Icon {
    match outcome {
        RuleOutcome::Flag => Icon::Flag,
        RuleOutcome::Warn => Icon::Warning,
        RuleOutcome::Redact => Icon::EyeOff,
        RuleOutcome::Review => Icon::Hourglass,
        RuleOutcome::Block => Icon::Barred,
    }
}

/// Its badge.
pub fn outcome_badge(outcome: RuleOutcome) -> AnyView {
    let tone = match outcome {
        RuleOutcome::Flag | RuleOutcome::Review => Tone::Info,
        RuleOutcome::Warn => Tone::Warn,
        RuleOutcome::Redact => Tone::Mute,
        RuleOutcome::Block => Tone::Bad,
    };
    view! { <Badge label=words::outcome(outcome) tone icon=icon(outcome) /> }.into_any()
}

/// The cards.
#[component]
pub fn OutcomeCards() -> impl IntoView {
    let writing = Writing::current();
    let card = |(outcome, wire): (Outcome, RuleOutcome)| {
        let chosen = move || writing.rule.with(|rule| rule.outcome == outcome);
        view! {
            <label class="outcome" class:outcome-chosen=flag(chosen)>
                <input
                    type="radio"
                    name="outcome"
                    prop:checked=flag(chosen)
                    on:change=on(move |_| writing.rule.update(|rule| rule.outcome = outcome))
                />
                <span class="outcome-name"><Glyph icon=icon(wire) />{words::outcome(wire)}</span>
                <span class="outcome-meaning">{words::meaning(wire)}</span>
            </label>
        }
    };
    view! {
        <fieldset class="outcomes">
            <legend class="sr-only">{words::THEN}</legend>
            {ALL.map(card).collect_view()}
        </fieldset>
    }
}
