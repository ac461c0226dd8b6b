//! Whether people come in by a source, who does, and how it goes away again.

use chancery_protocol::sources::Source;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::reactive::on;
use chancery_ui_kit::text::sources as words;
use chancery_ui_kit::text::tokens;
use leptos::prelude::*;

use super::fields::{Flag, Pick};
use crate::logic::source::writes;
use crate::state::sheet::Sheet;
use crate::state::sources::{Ask, Sources};

/// The head of the first card, with the switch. It acts at once for a source that is kept, so that nothing else has to be saved
/// with it; for a new one it waits for the form.
#[component]
pub fn Switched(
    /// The id of the title.
    id: &'static str,
    /// The title.
    title: &'static str,
) -> impl IntoView {
    let (desk, sheet) = (Sources::current(), Sheet::current());
    let failed = RwSignal::new(None);
    let on_now = move || sheet.enabled();
    let turn = move |_| {
        let Some(source) = sheet.source.get_untracked() else { return };
        if source.form.enabled {
            desk.ask.set(Some(Ask::SwitchOff(source)));
        } else {
            desk.switch(source, true, sheet.working, failed);
        }
    };
    let kept = Memo::new(move |_| sheet.source.with(Option::is_some));
    let label = if sheet.writes() { tokens::SWITCH } else { words::SWITCH };
    view! {
        <h2 class="card-title switched">
            <span id=id>{title}</span>
            {move || {
                if !kept.get() {
                    return None;
                }
                Some(view! {
                    <span class="switched-end">
                        <button
                            type="button"
                            class="switch"
                            role="switch"
                            aria-checked=move || on_now().to_string()
                            aria-label=label
                            on:click=on(turn)
                        ></button>
                        <span aria-hidden="true">{move || if on_now() { words::ON } else { words::OFF }}</span>
                    </span>
                })
            }}
        </h2>
    }
}

/// The card: who comes in.
#[component]
pub fn Admission() -> impl IntoView {
    let sheet = Sheet::current();
    let rule = sheet.field("admission.link");
    let new = Memo::new(move |_| sheet.source.with(Option::is_none));
    let linking = if sheet.writes() { tokens::linking } else { words::linking };
    view! {
        <section class="card" aria-labelledby="card-admission">
            <h2 class="card-title" id="card-admission">{words::ADMISSION}</h2>
            <div class="card-body settings-one">
                <Flag path="admission.create" />
                <div>
                    <Pick path="admission.link" />
                    <p class="field-note consequence" role="status">{move || rule.with(|rule| linking(rule))}</p>
                </div>
                {move || new.get().then(|| view! { <Flag path="enabled" /> })}
            </div>
        </section>
    }
}

/// The card at the end: the way to remove it, or why that cannot be.
#[component]
pub fn Removal() -> impl IntoView {
    let sheet = Sheet::current();
    move || sheet.source.get().map(|source| view! { <Remove source /> })
}

#[component]
fn Remove(source: Source) -> impl IntoView {
    let desk = Sources::current();
    let people = source.people;
    let in_use = if writes(&source.form) { tokens::in_use } else { words::in_use };
    view! {
        <section class="card" aria-label=words::REMOVE>
            <div class="card-body removal">
                <p class="field-note">{if people > 0 { in_use(people) } else { words::REMOVE_LEAD.to_owned() }}</p>
                {(people == 0).then(|| view! {
                    <Button
                        label=words::REMOVE.to_owned()
                        kind=Kind::DangerOutlined
                        icon=Icon::Trash
                        on_press=move |()| desk.ask.set(Some(Ask::Remove(source.clone())))
                    />
                })}
            </div>
        </section>
    }
}
