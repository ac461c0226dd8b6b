//! "When a message contains": what is looked for, where, and within which words it does not count.

use chancery_screening::TextKind;
use chancery_ui_kit::choice::TickLine;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::reactive::{flag, memo, on, part};
use chancery_ui_kit::text::rule_editor as words;
use leptos::prelude::*;

use super::fields::{Entries, Words};
use crate::logic::rules::{around, used_lists};
use crate::routes::Place;
use crate::state::policy::PolicyItems;
use crate::state::writing::Writing;
use chancery_protocol::policy::ItemKind;

/// Kinds of text that are looked at so far.
const KINDS: [TextKind; 5] =
    [TextKind::Message, TextKind::Edit, TextKind::ConversationName, TextKind::Topic, TextKind::Status];

/// The card.
#[component]
pub fn LookedFor() -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="rule-when">
            <h3 class="card-title" id="rule-when">{words::WHEN}</h3>
            <div class="card-body rule-fields">
                <Words field="name" label=words::NAME get=|rule| &rule.name put=|rule, text| rule.name = text />
                <Expression />
                <Lists />
                <Entries
                    field="unless"
                    label=words::UNLESS
                    help=words::UNLESS_HELP
                    get=|rule| &rule.unless
                    put=|rule, all| rule.unless = all
                />
                <Kinds />
            </div>
        </section>
    }
}

/// What is looked for, with the problem at its place.
#[component]
fn Expression() -> impl IntoView {
    let writing = Writing::current();
    let empty = memo(move || writing.rule.with(|rule| rule.expression.trim().is_empty()));
    let wrong = memo(move || writing.error("match"));
    let valid = memo(move || {
        let tried = writing.tried.with(|tried| tried.as_ref().map(|tried| tried.wrong("match").is_none()));
        !empty.get() && wrong.with(Option::is_none) && tried == Some(true)
    });
    let said = part(move || {
        if valid.get() {
            return view! { <span class="query-valid"><Glyph icon=Icon::Tick />{words::VALID}</span> }
                .into_any();
        }
        let Some(wrong) = wrong.get() else {
            return view! { <span>{words::MATCH_HELP}</span> }.into_any();
        };
        let place = wrong.at.map(|at| {
            let (before, here, after) = writing.rule.with_untracked(|rule| around(&rule.expression, at));
            view! { <code class="wrong-place">{before}<mark>{here}</mark>{after}</code> }
        });
        view! { <span class="query-wrong"><Glyph icon=Icon::Warning />{wrong.reason}</span>{place} }
            .into_any()
    });
    view! {
        <div class="field rule-expression">
            <div class="field-head"><label for="rule-match">{words::MATCH}</label></div>
            <div class="field-box area-box" class:field-wrong=flag(move || wrong.with(Option::is_some))>
                <textarea
                    id="rule-match"
                    rows="3"
                    spellcheck="false"
                    autocapitalize="none"
                    aria-describedby="rule-match-note"
                    aria-invalid=move || wrong.with(Option::is_some).then_some("true")
                    prop:value=move || writing.rule.with(|rule| rule.expression.clone())
                    on:input=on(move |event| {
                        let text = event_target_value(&event);
                        writing.wrong.update(|wrong| wrong.retain(|one| one.field != "match"));
                        writing.rule.update(|rule| rule.expression = text);
                    })
                ></textarea>
            </div>
            <p class="field-note match-said" id="rule-match-note" role="status">{said}</p>
            <details class="operators">
                <summary>{words::OPERATORS}</summary>
                <dl class="operator-lines">
                    {words::OPERATOR_LINES.map(|(written, finds)| view! {
                        <div><dt><code>{written}</code></dt><dd>{finds}</dd></div>
                    }).collect_view()}
                </dl>
            </details>
        </div>
    }
}

/// The lists it names, as links.
#[component]
fn Lists() -> impl IntoView {
    let (items, writing) = (PolicyItems::current(), Writing::current());
    let named = memo(move || writing.rule.with(used_lists));
    part(move || {
        let named = named.get();
        if named.is_empty() {
            return ().into_any();
        }
        let one = |name: String| {
            let there = items.find(ItemKind::List, &name);
            match there {
                Some(line) => view! {
                    <a class="scope-chip" href=Place::WordList(name).path()>
                        <Glyph icon=Icon::List /><span class="mono">{line.name.clone()}</span>
                        <span class="quiet">{words::entries(line.entries.unwrap_or(0).into())}</span>
                    </a>
                }
                .into_any(),
                None => view! { <span class="scope-chip field-error"><Glyph icon=Icon::Warning />{words::no_list(&name)}</span> }
                    .into_any(),
            }
        };
        view! {
            <p class="scope-line"><span class="scope-word">{words::USES}</span>{named.into_iter().map(one).collect_view()}</p>
        }
        .into_any()
    })
}

/// In which texts.
#[component]
fn Kinds() -> impl IntoView {
    let writing = Writing::current();
    let one = |kind: TextKind| {
        let ticked = Signal::derive(move || writing.rule.with(|rule| rule.applies_to.contains(&kind)));
        let turn = move |on: bool| {
            writing.rule.update(|rule| {
                rule.applies_to.retain(|one| *one != kind);
                if on {
                    rule.applies_to.push(kind);
                    rule.applies_to.sort_by_key(|kind| TextKind::ALL.iter().position(|one| one == kind));
                }
            });
        };
        view! { <TickLine id=format!("kind-{kind:?}") label=words::kind(kind_name(kind)) help=None ticked on_turn=turn /> }
    };
    view! {
        <fieldset class="boxes kinds">
            <legend>{words::KINDS}</legend>
            <div class="kind-boxes">{KINDS.map(one).collect_view()}</div>
            <p class="field-note">{words::KINDS_HELP}</p>
        </fieldset>
    }
}

/// As in a pack.
fn kind_name(kind: TextKind) -> &'static str {
    match kind {
        TextKind::Message => "message",
        TextKind::Edit => "edit",
        TextKind::ConversationName => "conversation_name",
        TextKind::Topic => "topic",
        TextKind::Status => "status",
        TextKind::FileName => "file_name",
        TextKind::FileText => "file_text",
    }
}
