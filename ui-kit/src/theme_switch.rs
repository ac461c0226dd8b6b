//! The switch between light and dark, and the choice of all three.

use leptos::prelude::*;

use crate::button::IconButton;
use crate::icon::Icon;
use crate::segmented::{Choice, Segmented};
use crate::text;
use crate::theme::{Theme, ThemeChoice};

/// One button: dark when the page is light, light when it is dark.
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let choice = ThemeChoice::current();
    let toggle = move |_| choice.set(if choice.is_dark() { Theme::Light } else { Theme::Dark });
    let icon = Signal::derive(move || if choice.is_dark() { Icon::Sun } else { Icon::Moon });
    let label = Signal::derive(move || {
        if choice.is_dark() { text::theme::TO_LIGHT } else { text::theme::TO_DARK }.to_owned()
    });
    view! { <IconButton icon label on_press=toggle /> }
}

/// All three choices.
#[component]
pub fn ThemePicker() -> impl IntoView {
    let choice = ThemeChoice::current();
    let choices = vec![
        Choice::new(Theme::Auto, text::theme::AUTO),
        Choice::new(Theme::Light, text::theme::LIGHT),
        Choice::new(Theme::Dark, text::theme::DARK),
    ];
    view! {
        <Segmented
            label=text::theme::LABEL
            choices
            value=Signal::derive(move || choice.get())
            on_choose=move |theme| choice.set(theme)
        />
    }
}
