//! The rule's own lines: those it must match and those it must not, each with whether it does.

use chancery_screening::Rule;
use chancery_ui_kit::button::{Button, IconButton, Kind};
use chancery_ui_kit::dom;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::reactive::{flag, memo, on, part};
use chancery_ui_kit::text::rule_editor as words;
use leptos::prelude::*;

use crate::state::writing::Writing;

/// The card.
#[component]
pub fn Proof() -> impl IntoView {
    let writing = Writing::current();
    let said = memo(move || {
        writing.tried.with(|tried| {
            let tried = tried.as_ref()?;
            let wrong = tried.matching.iter().filter(|one| **one == Some(false)).count()
                + tried.passing.iter().filter(|one| **one == Some(true)).count();
            let all = tried.matching.iter().chain(&tried.passing).filter(|one| one.is_some()).count();
            (all > 0).then(|| words::lines_said(all as u64, wrong as u64))
        })
    });
    view! {
        <section class="card" aria-labelledby="rule-proof">
            <h3 class="card-title" id="rule-proof">{words::PROOF}<span class="card-note" role="status">{move || said.get()}</span></h3>
            <div class="card-body rule-fields">
                <p class="card-lead">{words::PROOF_LEAD}</p>
                <Lines must=true />
                <Lines must=false />
            </div>
        </section>
    }
}

fn lines_of(rule: &Rule, must: bool) -> &Vec<String> {
    if must { &rule.tests.matching } else { &rule.tests.passing }
}

fn lines_of_mut(rule: &mut Rule, must: bool) -> &mut Vec<String> {
    if must { &mut rule.tests.matching } else { &mut rule.tests.passing }
}

#[component]
fn Lines(must: bool) -> impl IntoView {
    let writing = Writing::current();
    let count = memo(move || writing.rule.with(|rule| lines_of(rule, must).len()));
    let (title, id) = if must { (words::MUST, "proof-must") } else { (words::MUST_NOT, "proof-must-not") };
    let add = move |()| {
        writing.rule.update(|rule| lines_of_mut(rule, must).push(String::new()));
        let last = format!("#{id}-{}", count.get_untracked().saturating_sub(1));
        dom::focus_soon(last);
    };
    view! {
        <div class="proof-lines" role="group" aria-labelledby=id>
            <p class="field-label" id=id>{title}</p>
            {part(move || (0..count.get()).map(|at| view! { <Line must at group=id /> }).collect_view().into_any())}
            <div><Button label=words::ADD_LINE.to_owned() about=title kind=Kind::Quiet icon=Icon::Plus on_press=add /></div>
        </div>
    }
}

#[component]
fn Line(must: bool, at: usize, group: &'static str) -> impl IntoView {
    let writing = Writing::current();
    let did = memo(move || {
        writing.tried.with(|tried| {
            let tried = tried.as_ref()?;
            let all = if must { &tried.matching } else { &tried.passing };
            all.get(at).copied().flatten()
        })
    });
    let right = move || did.get().map(|did| did == must);
    let verdict = part(move || {
        match right() {
        None => ().into_any(),
        Some(true) => view! { <span class="proof-right" title=words::did(must)><Glyph icon=Icon::Tick large=true /><span class="sr-only">{words::did(must)}</span></span> }.into_any(),
        Some(false) => view! { <span class="proof-wrong" title=words::did(!must)><Glyph icon=Icon::Close large=true /><span class="sr-only">{words::did(!must)}</span></span> }.into_any(),
    }
    });
    let value = move || writing.rule.with(|rule| lines_of(rule, must).get(at).cloned().unwrap_or_default());
    let label = words::line_label(must, at + 1);
    let remove = words::remove_line(at + 1);
    let id = format!("{group}-{at}");
    let next = format!("#{id}, [aria-labelledby={group}] > div:last-child .button");
    view! {
        <div class="proof-line">
            <div class="field-box" class:field-wrong=flag(move || right() == Some(false))>
                <input
                    id=id
                    type="text"
                    autocomplete="off"
                    spellcheck="false"
                    aria-label=label
                    prop:value=value
                    on:input=on(move |event| {
                        let text = event_target_value(&event);
                        writing.rule.update(|rule| if let Some(line) = lines_of_mut(rule, must).get_mut(at) {
                            *line = text;
                        });
                    })
                />
                {verdict}
            </div>
            <IconButton icon=Icon::Close label=remove on_press=move |_| {
                writing.rule.update(|rule| {
                    let lines = lines_of_mut(rule, must);
                    if at < lines.len() {
                        lines.remove(at);
                    }
                });
                // What had the focus is gone: the next line gets it, or what adds one.
                dom::focus_soon(next.clone());
            } />
        </div>
    }
}
