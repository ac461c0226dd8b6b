//! Fields of a rule: each reads and writes a part of what is typed.

use chancery_screening::Rule;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::reactive::{flag, memo, on, part};
use chancery_ui_kit::text::approvals;
use leptos::prelude::*;

use crate::logic::rules::lines;
use crate::state::writing::Writing;

/// Reads a part of a rule.
pub type Reads = fn(&Rule) -> &String;
/// Writes it.
pub type Writes = fn(&mut Rule, String);

/// What is wrong with a field, or else what to know about it.
pub fn note(id: String, field: &'static str, help: &'static str) -> AnyView {
    let writing = Writing::current();
    let wrong = memo(move || writing.error(field).map(|wrong| wrong.reason));
    part(move || {
        let id = id.clone();
        match wrong.get() {
            Some(wrong) => view! {
                <p class="field-note field-error" id=id><Glyph icon=Icon::Warning />{wrong}</p>
            }
            .into_any(),
            None => view! { <p class="field-note" id=id>{help}</p> }.into_any(),
        }
    })
}

/// A line, or with `rows` several lines of text.
#[component]
pub fn Words(
    /// The field as in a pack; also its id.
    field: &'static str,
    /// What is asked.
    label: &'static str,
    /// Reads it.
    get: Reads,
    /// Writes it.
    put: Writes,
    /// Below, while nothing is wrong.
    #[prop(optional)]
    help: &'static str,
    /// How many lines; 0 for a field of one.
    #[prop(optional)]
    rows: u32,
    /// Most characters, which are counted; 0 where they are not.
    #[prop(optional)]
    most: usize,
) -> impl IntoView {
    let writing = Writing::current();
    let id = format!("rule-{field}");
    let note_id = format!("{id}-note");
    let value = move || writing.rule.with(|rule| get(rule).clone());
    let typed = move |event| {
        let text = event_target_value(&event);
        writing.wrong.update(|wrong| wrong.retain(|one| one.field != field));
        writing.rule.update(|rule| put(rule, text));
    };
    let wrong = memo(move || writing.error(field).is_some());
    let invalid = move || wrong.get().then_some("true");
    let control = if rows == 0 {
        view! {
            <input id=id.clone() type="text" autocomplete="off" aria-invalid=invalid aria-describedby=note_id.clone() prop:value=value on:input=on(typed) />
        }
        .into_any()
    } else {
        view! {
            <textarea id=id.clone() rows=rows aria-invalid=invalid aria-describedby=note_id.clone() prop:value=value on:input=on(typed)></textarea>
        }
        .into_any()
    };
    let count = move || writing.rule.with(|rule| get(rule).chars().count());
    view! {
        <div class="field">
            <div class="field-head"><label for=id>{label}</label></div>
            <div class="field-box" class:area-box=rows != 0 class:field-wrong=flag(move || wrong.get())>{control}</div>
            <div class="field-foot">
                {note(note_id, field, help)}
                {(most > 0).then(|| view! {
                    <span class="field-note field-count" class:field-over=flag(move || count() > most)>
                        {move || approvals::count(count() as u64, most as u64)}
                    </span>
                })}
            </div>
        </div>
    }
}

/// Several entries, one a line.
#[component]
pub fn Entries(
    /// The field as in a pack; also its id.
    field: &'static str,
    /// What is asked.
    label: &'static str,
    /// Below.
    help: &'static str,
    /// Reads them.
    get: fn(&Rule) -> &Vec<String>,
    /// Writes them.
    put: fn(&mut Rule, Vec<String>),
) -> impl IntoView {
    let writing = Writing::current();
    let id = format!("rule-{field}");
    let note_id = format!("{id}-note");
    // A line that is being begun is no entry yet, and must not vanish under the keys.
    let typed = RwSignal::new(writing.rule.with_untracked(|rule| get(rule).join("\n")));
    let wrong = memo(move || {
        let count = writing.rule.with(|rule| get(rule).len());
        (1..=count).find_map(|number| {
            writing.error(&format!("{field} {number}")).map(|wrong| (number, wrong.reason))
        })
    });
    let below = {
        let note_id = note_id.clone();
        part(move || {
            let id = note_id.clone();
            match wrong.get() {
                Some((number, reason)) => view! {
                    <p class="field-note field-error" id=id><Glyph icon=Icon::Warning />{chancery_ui_kit::text::rule_editor::in_line(number, &reason)}</p>
                }
                .into_any(),
                None => view! { <p class="field-note" id=id>{help}</p> }.into_any(),
            }
        })
    };
    view! {
        <div class="field">
            <div class="field-head"><label for=id.clone()>{label}</label></div>
            <div class="field-box area-box" class:field-wrong=flag(move || wrong.with(Option::is_some))>
                <textarea
                    id=id
                    rows="2"
                    spellcheck="false"
                    aria-describedby=note_id
                    aria-invalid=move || wrong.with(Option::is_some).then_some("true")
                    prop:value=move || typed.get()
                    on:input=on(move |event| {
                        let text = event_target_value(&event);
                        writing.rule.update(|rule| put(rule, lines(&text)));
                        typed.set(text);
                    })
                ></textarea>
            </div>
            {below}
        </div>
    }
}

/// One of a few values.
#[component]
pub fn Choose(
    /// Unique on the page.
    id: &'static str,
    /// What is asked.
    label: &'static str,
    /// Values and words.
    choices: Vec<(&'static str, &'static str)>,
    /// Which is chosen.
    #[prop(into)]
    value: Signal<String>,
    /// Chooses another.
    #[prop(into)]
    on_choose: Callback<String>,
) -> impl IntoView {
    let option = |(name, shown): (&'static str, &'static str)| {
        view! { <option value=name selected=move || value.with(|value| value == name)>{shown}</option> }
    };
    view! {
        <div class="field">
            <div class="field-head"><label for=id>{label}</label></div>
            <div class="field-box select-box">
                <select id=id prop:value=move || value.get() on:change=on(move |event| on_choose.run(event_target_value(&event)))>
                    {choices.into_iter().map(option).collect_view()}
                </select>
                <Glyph icon=Icon::ChevronDown />
            </div>
        </div>
    }
}
