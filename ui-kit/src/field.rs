//! Fields (DESIGN.md section 6.2): label above, help below, errors in place of the help, tied by `aria-describedby`.
//! Passwords can be shown; Caps Lock is announced; paste is allowed.

use crate::reactive::on;
use leptos::html::Input;
use leptos::prelude::*;
use web_sys::KeyboardEvent;

use crate::icon::{Glyph, Icon};
use crate::text;

/// What is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FieldKind {
    /// Any line of text.
    #[default]
    Text,
    /// A secret.
    Password,
}

/// A labelled line of text.
#[component]
pub fn Field(
    /// Unique on the page; its help is `<id>-note`.
    id: &'static str,
    /// What is asked.
    #[prop(into)]
    label: String,
    /// What is typed.
    value: RwSignal<String>,
    /// Text or secret.
    #[prop(optional)]
    kind: FieldKind,
    /// Left in the box.
    #[prop(optional, into)]
    icon: Option<Icon>,
    /// For password managers, for example `username`.
    #[prop(optional)]
    autocomplete: &'static str,
    /// Which keys a phone shows, for example `numeric`.
    #[prop(optional)]
    inputmode: &'static str,
    /// Below, while there is no error.
    #[prop(optional, into)]
    help: MaybeProp<String>,
    /// What is wrong and what works.
    #[prop(optional, into)]
    error: MaybeProp<String>,
    /// Whether it may stay empty; said beside the label.
    #[prop(optional)]
    optional: bool,
    /// 40 px high instead of 32 px.
    #[prop(optional)]
    tall: bool,
    /// To give it the focus from outside.
    #[prop(optional)]
    node: NodeRef<Input>,
    /// Called when the field is left.
    #[prop(optional, into)]
    on_leave: Option<Callback<()>>,
    /// At the right of the label.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let shown = RwSignal::new(false);
    let caps = RwSignal::new(false);
    let secret = kind == FieldKind::Password;
    let note = format!("{id}-note");
    let has_note = move || error.get().is_some() || help.get().is_some();
    let watch_caps = move |event: KeyboardEvent| {
        if secret {
            caps.set(event.get_modifier_state("CapsLock"));
        }
    };
    view! {
        <div class="field" class:field-tall=tall>
            <div class="field-head">
                <label for=id>
                    {label}
                    {optional.then(|| view! { <span class="field-optional">{text::field::OPTIONAL}</span> })}
                </label>
                {children.map(|children| children())}
            </div>
            <div class="field-box" class:field-wrong=move || error.get().is_some()>
                {icon.map(|icon| view! { <Glyph icon /> })}
                <input
                    id=id
                    node_ref=node
                    type=move || if secret && !shown.get() { "password" } else { "text" }
                    autocomplete=autocomplete
                    inputmode=(!inputmode.is_empty()).then_some(inputmode)
                    autocapitalize="none"
                    spellcheck="false"
                    prop:value=move || value.get()
                    aria-invalid=move || error.get().is_some().then_some("true")
                    aria-describedby={
                        let note = note.clone();
                        move || has_note().then(|| note.clone())
                    }
                    on:input=on(move |event| value.set(event_target_value(&event)))
                    on:keydown=on(watch_caps)
                    on:keyup=on(watch_caps)
                    on:blur=on(move |_| {
                        caps.set(false);
                        if let Some(on_leave) = on_leave {
                            on_leave.run(());
                        }
                    })
                />
                {secret
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                class="field-reveal"
                                aria-label=move || text::field::reveal(shown.get())
                                title=move || text::field::reveal(shown.get())
                                aria-pressed=move || shown.get().to_string()
                                on:click=on(move |_| shown.update(|shown| *shown = !*shown))
                            >
                                {move || {
                                    let icon = if shown.get() { Icon::EyeOff } else { Icon::Eye };
                                    view! { <Glyph icon large=true /> }
                                }}
                            </button>
                        }
                    })}
            </div>
            <div role="status" class="field-caps-region">
                {move || {
                    caps.get()
                        .then(|| {
                            view! {
                                <span class="field-caps">
                                    <Glyph icon=Icon::Warning />
                                    {text::field::CAPS_LOCK}
                                </span>
                            }
                        })
                }}
            </div>
            {move || match (error.get(), help.get()) {
                (Some(error), _) => {
                    Some(
                        view! {
                            <p class="field-note field-error" id=note.clone()>
                                <Glyph icon=Icon::Warning />
                                {error}
                            </p>
                        }
                            .into_any(),
                    )
                }
                (None, Some(help)) => Some(view! { <p class="field-note" id=note.clone()>{help}</p> }.into_any()),
                (None, None) => None,
            }}
        </div>
    }
}

/// A box to tick; it waits for the form to be sent.
#[component]
pub fn Checkbox(
    /// Unique on the page.
    id: &'static str,
    /// What it says.
    #[prop(into)]
    label: Signal<String>,
    /// Whether it is ticked.
    checked: RwSignal<bool>,
) -> impl IntoView {
    view! {
        <label class="checkbox" for=id>
            <input
                type="checkbox"
                id=id
                prop:checked=move || checked.get()
                on:change=on(move |event| checked.set(event_target_checked(&event)))
            />
            <span class="checkbox-box" aria-hidden="true">
                <Glyph icon=Icon::Tick />
            </span>
            <span>{move || label.get()}</span>
        </label>
    }
}
