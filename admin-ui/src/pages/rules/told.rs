//! "Then": what happens, and what the sender reads.

use chancery_screening::{MAX_WHY_CHARS, Outcome, Severity};
use chancery_ui_kit::choice::TickLine;
use chancery_ui_kit::reactive::{memo, show};
use chancery_ui_kit::text::rule_editor as words;
use leptos::prelude::*;

use super::cards::OutcomeCards;
use super::fields::{Choose, Words};
use crate::state::writing::Writing;

/// All of them, as in a pack.
const SEVERITIES: [(Severity, &str); 4] = [
    (Severity::Low, "low"),
    (Severity::Medium, "medium"),
    (Severity::High, "high"),
    (Severity::Critical, "critical"),
];

/// The card.
#[component]
pub fn Then() -> impl IntoView {
    let writing = Writing::current();
    let redacts = memo(move || writing.rule.with(|rule| rule.outcome == Outcome::Redact));
    let silent = memo(move || writing.rule.with(|rule| rule.outcome == Outcome::Flag));
    let severity = Signal::derive(move || {
        let of = writing.rule.with(|rule| rule.severity);
        let name = SEVERITIES.into_iter().find(|(one, _)| *one == of);
        name.map_or_else(String::new, |(_, name)| name.to_owned())
    });
    let choose = move |chosen: String| {
        if let Some((severity, _)) = SEVERITIES.into_iter().find(|(_, name)| *name == chosen) {
            writing.rule.update(|rule| rule.severity = severity);
        }
    };
    let known = Signal::derive(move || writing.rule.with(|rule| rule.known_to_senders));
    view! {
        <section class="card" aria-labelledby="rule-then">
            <h3 class="card-title" id="rule-then">{words::THEN}</h3>
            <div class="card-body rule-fields">
                <OutcomeCards />
                {show(move || silent.get(), || view! { <p class="field-note">{words::FLAG_SILENT}</p> }.into_any())}
                <Words
                    field="why"
                    label=words::WHY
                    help=words::WHY_HELP
                    rows=2
                    most=MAX_WHY_CHARS
                    get=|rule| &rule.why
                    put=|rule, text| rule.why = text
                />
                <Words field="ask" label=words::ASK_WHOM help=words::ASK_HELP get=|rule| &rule.ask put=|rule, text| rule.ask = text />
                {show(move || redacts.get(), || view! {
                    <Words field="instead" label=words::INSTEAD help=words::INSTEAD_HELP most=60 get=|rule| &rule.instead put=|rule, text| rule.instead = text />
                }.into_any())}
                <div class="rule-pair">
                    <Choose
                        id="rule-severity"
                        label=words::SEVERITY
                        choices=SEVERITIES.map(|(_, name)| (name, words::severity(name))).to_vec()
                        value=severity
                        on_choose=choose
                    />
                    <Words field="queue" label=words::QUEUE help=words::QUEUE_HELP get=|rule| &rule.queue put=|rule, text| rule.queue = text />
                </div>
                <TickLine
                    id="rule-known".to_owned()
                    label=words::KNOWN
                    help=Some(words::KNOWN_HELP)
                    ticked=known
                    on_turn=move |on| writing.rule.update(|rule| rule.known_to_senders = on)
                />
            </div>
        </section>
    }
}
