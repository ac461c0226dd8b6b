//! One setting each: its name and help come from the catalogue, what is typed and what is wrong with it from the form.

use chancery_ui_kit::choice::SelectField;
pub use chancery_ui_kit::choice::TickLine;
use chancery_ui_kit::field::Field;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::reactive::{effect, on};
use chancery_ui_kit::text::sources as words;
use leptos::prelude::*;

use crate::logic::source::YES;
use crate::state::sheet::Sheet;

/// A line of text.
#[component]
pub fn Line(
    /// The setting.
    path: &'static str,
    /// Whether it is something for machines, to be read letter by letter.
    #[prop(optional)]
    mono: bool,
) -> impl IntoView {
    let sheet = Sheet::current();
    view! {
        <div class="setting" class:setting-mono=mono>
            <Field
                id=path
                label=sheet.label(path)
                value=sheet.field(path)
                help=sheet.help(path).map(str::to_owned)
                error=sheet.error(path)
                autocomplete="off"
            />
        </div>
    }
}

/// Several lines of text, for certificates.
#[component]
pub fn Area(
    /// The setting.
    path: &'static str,
) -> impl IntoView {
    let sheet = Sheet::current();
    let (value, error) = (sheet.field(path), sheet.error(path));
    let note = format!("{path}-note");
    view! {
        <div class="field setting setting-mono">
            <div class="field-head"><label for=path>{words::label(path)}</label></div>
            <div class="field-box area-box" class:field-wrong=move || error.get().is_some()>
                <textarea
                    id=path
                    rows="3"
                    autocomplete="off"
                    spellcheck="false"
                    placeholder="-----BEGIN CERTIFICATE-----"
                    prop:value=move || value.get()
                    aria-invalid=move || error.get().is_some().then_some("true")
                    aria-describedby=note.clone()
                    on:input=on(move |event| value.set(event_target_value(&event)))
                ></textarea>
            </div>
            <Note id=note error help=words::help(path) />
        </div>
    }
}

/// What is wrong with a setting, or else what to know about it.
#[component]
pub fn Note(
    /// What `aria-describedby` names.
    id: String,
    /// What is wrong.
    error: Signal<Option<String>>,
    /// What to know.
    #[prop(optional_no_strip)]
    help: Option<&'static str>,
) -> impl IntoView {
    move || {
        let id = id.clone();
        match error.get() {
            Some(error) => view! {
                <p class="field-note field-error" id=id><Glyph icon=Icon::Warning />{error}</p>
            }
            .into_any(),
            None => view! { <p class="field-note" id=id>{help}</p> }.into_any(),
        }
    }
}

/// One of a few things.
#[component]
pub fn Pick(
    /// The setting.
    path: &'static str,
) -> impl IntoView {
    let value = Sheet::current().field(path);
    view! { <SelectField id=path label=words::label(path) choices=words::choices(path) value /> }
}

/// A box to tick.
#[component]
pub fn Flag(
    /// The setting.
    path: &'static str,
) -> impl IntoView {
    let sheet = Sheet::current();
    let value = sheet.field(path);
    let ticked = Signal::derive(move || value.with(|text| text == YES));
    let turn = move |on: bool| value.set(if on { YES.to_owned() } else { String::new() });
    view! { <TickLine id=path.to_owned() label=sheet.label(path) help=sheet.help(path) ticked on_turn=turn /> }
}

/// Settings that are rarely changed, out of sight until they are asked for or one of them is wrong.
#[component]
pub fn More(
    /// The settings that stand in it.
    paths: &'static [&'static str],
    /// They.
    children: Children,
) -> impl IntoView {
    let sheet = Sheet::current();
    let open = RwSignal::new(false);
    effect(move || {
        if sheet.errors.with(|errors| paths.iter().any(|path| errors.contains_key(*path))) {
            open.set(true);
        }
    });
    view! {
        <section class="card">
            <h2 class="card-title more-head">
                <button
                    type="button"
                    class="more-button"
                    aria-expanded=move || open.get().to_string()
                    aria-controls="more"
                    on:click=on(move |_| open.update(|open| *open = !*open))
                >
                    {move || view! { <Glyph icon=if open.get() { Icon::ChevronUp } else { Icon::ChevronDown } /> }}
                    {words::MORE}
                    <span class="card-note">{words::MORE_BODY}</span>
                </button>
            </h2>
            <div id="more" class="card-body settings" hidden=move || !open.get()>{children()}</div>
        </section>
    }
}
