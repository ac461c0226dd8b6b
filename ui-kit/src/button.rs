//! Buttons (DESIGN.md section 6.1): one primary per region; a working button keeps its words and width and answers no second press.

use crate::reactive::on;
use leptos::prelude::*;
use web_sys::MouseEvent;

use crate::icon::{Glyph, Icon};

/// How a button looks, by what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// The likely next act.
    Primary,
    /// Another act.
    #[default]
    Secondary,
    /// Cancel, filter, tool.
    Quiet,
    /// Confirms harm; only in the dialog that asks.
    Danger,
    /// Leads to such a dialog, beside a safe button.
    DangerOutlined,
    /// Places a legal hold; purple is for nothing else.
    Hold,
}

impl Kind {
    fn class(self) -> &'static str {
        match self {
            Self::Primary => "button button-primary",
            Self::Secondary => "button button-secondary",
            Self::Quiet => "button button-quiet",
            Self::Danger => "button button-danger",
            Self::DangerOutlined => "button button-danger-outlined",
            Self::Hold => "button button-hold",
        }
    }
}

/// A button with words.
#[component]
pub fn Button(
    /// The words: a verb, with its object when it could be unclear.
    #[prop(into)]
    label: Signal<String>,
    /// How it looks.
    #[prop(optional)]
    kind: Kind,
    /// Left of the words.
    #[prop(optional, into)]
    icon: Option<Icon>,
    /// Said behind the words to those who do not see what they belong to.
    #[prop(optional, into)]
    about: String,
    /// Whether it sends the form it stands in.
    #[prop(optional)]
    submit: bool,
    /// As wide as its container and 44 px high.
    #[prop(optional)]
    wide: bool,
    /// Whether it is at work.
    #[prop(optional, into)]
    working: Signal<bool>,
    /// Whether it cannot be used; the reason must be visible nearby.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Called on a press, unless at work.
    #[prop(optional, into)]
    on_press: Option<Callback<()>>,
) -> impl IntoView {
    let press = move |event: MouseEvent| {
        if working.get_untracked() {
            event.prevent_default();
        } else if let Some(on_press) = on_press {
            on_press.run(());
        }
    };
    view! {
        <button
            type=if submit { "submit" } else { "button" }
            class=kind.class()
            class:button-wide=wide
            aria-busy=move || working.get().then_some("true")
            disabled=move || disabled.get()
            on:click=on(press)
        >
            {move || {
                if working.get() {
                    Some(view! { <span class="spinner" aria-hidden="true"></span> }.into_any())
                } else {
                    icon.map(|icon| view! { <Glyph icon /> }.into_any())
                }
            }}
            <span>{move || label.get()}</span>
            {(!about.is_empty()).then(|| view! { <span class="sr-only">" "{about}</span> })}
        </button>
    }
}

/// A square button with an icon, a name and a tooltip.
#[component]
pub fn IconButton<F>(
    /// What it shows.
    #[prop(into)]
    icon: Signal<Icon>,
    /// Its name and tooltip.
    #[prop(into)]
    label: Signal<String>,
    /// Called on a press.
    on_press: F,
    /// Whether it opens something, and whether that is open.
    #[prop(optional, into)]
    expanded: MaybeProp<bool>,
) -> impl IntoView
where
    F: Fn(MouseEvent) + 'static,
{
    view! {
        <button
            type="button"
            class="icon-button"
            aria-label=move || label.get()
            title=move || label.get()
            aria-expanded=move || expanded.get().map(|open| open.to_string())
            on:click=on(on_press)
        >
            {move || view! { <Glyph icon=icon.get() large=true /> }}
        </button>
    }
}
