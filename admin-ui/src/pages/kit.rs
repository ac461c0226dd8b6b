//! `/console/kit`: every component in one place with its states (pictures 18a to 18c), for whoever builds with them. The
//! theme is switched at the top; hover, press and focus are tried on the spot. Only in demos, so that no house sees it.

use chancery_ui_kit::text;
use chancery_ui_kit::text::kit as words;
use chancery_ui_kit::theme_switch::ThemePicker;
use leptos::prelude::*;

mod charts;
mod colours;
mod controls;
mod fields;
mod overlays;
mod states;
mod tables;

/// The page.
#[component]
pub fn KitPage() -> impl IntoView {
    document().set_title(&text::page_title(words::TITLE, 0));
    view! {
        <div class="kit" tabindex="0" role="region" aria-label=words::TITLE>
            <header class="kit-head">
                <div>
                    <h1 class="console-title">{words::TITLE}</h1>
                    <p class="console-lead">{words::LEAD}</p>
                </div>
                <ThemePicker />
            </header>
            <controls::Buttons />
            <controls::Badges />
            <fields::Fields />
            <tables::Tables />
            <overlays::Overlays />
            <states::States />
            <colours::Colours />
            <charts::Charts />
        </div>
    }
}

/// A card with one kind of things.
#[component]
fn Part(
    /// What they are.
    title: &'static str,
    /// What to know of them, in a sentence.
    #[prop(optional)]
    lead: &'static str,
    /// The things.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="kit-part" aria-label=title>
            <h2 class="kit-title">{title}" "<span class="kit-lead">{lead}</span></h2>
            {children()}
        </section>
    }
}
