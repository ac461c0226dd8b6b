//! The roles of colour (picture 18c). The tokens have no other names than these.

use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::text::kit as words;
use leptos::prelude::*;

use super::Part;

/// The icon of each of [`words::STATUS`].
const ICONS: [Icon; 6] =
    [Icon::TickCircle, Icon::Warning, Icon::Barred, Icon::Info, Icon::Scales, Icon::Lock];

fn token(name: &str) -> String {
    format!("var(--{name})")
}

#[component]
pub fn Colours() -> impl IntoView {
    let swatch = |name: String, title: String, note: &'static str| {
        view! {
            <div class="kit-swatch">
                <span class="kit-ground" style:background=token(&name)></span>
                <span class="kit-swatch-name">{title}</span>
                <span class="kit-swatch-note">{note}</span>
            </div>
        }
    };
    let status = |((name, title, note), icon): ((&'static str, &'static str, &'static str), Icon)| {
        let part = |part: &str| token(&format!("{name}-{part}"));
        view! {
            <div class="kit-status" style:background=part("bg") style:border-color=part("border")>
                <span class="kit-pair kit-swatch-name" style:color=part("fg")><Glyph icon />{title}</span>
                <span class="kit-swatch-note">{note}</span>
                <span class="kit-solid" style:background=part("solid") style:color=part("on")>{words::SOLID}</span>
            </div>
        }
    };
    view! {
        <Part title=words::COLOURS lead=words::COLOURS_LEAD>
            <div class="kit-swatches">
                {words::GROUNDS.into_iter().map(|(name, title, note)| swatch(name.to_owned(), title.to_owned(), note)).collect_view()}
            </div>
            <div class="kit-swatches">{words::STATUS.into_iter().zip(ICONS).map(status).collect_view()}</div>
            <div class="kit-swatches">
                {words::SERIES
                    .into_iter()
                    .enumerate()
                    .map(|(nth, note)| swatch(format!("chart-{}", nth + 1), words::series(nth + 1), note))
                    .collect_view()}
            </div>
        </Part>
    }
}
