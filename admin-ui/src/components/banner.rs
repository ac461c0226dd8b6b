//! What stands between this page and the server.

use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::reactive::on;
use chancery_ui_kit::text::console as words;
use leptos::prelude::*;

use crate::state::line::Line;

/// The note while there is no line: what is loaded stays readable, and is not passed off as new.
#[component]
pub fn Banner(
    /// When what is shown was loaded, in words.
    #[prop(into)]
    loaded: Signal<String>,
) -> impl IntoView {
    let line = Line::current();
    view! {
        <div class="banner-region" role="status">
            {move || {
                line.offline.get().then(|| {
                    view! {
                        <div class="banner">
                            <Glyph icon=Icon::Refresh />
                            <p class="banner-text"><strong>{words::OFFLINE}</strong>" "{move || loaded.get()}</p>
                            <button type="button" class="link-button" on:click=on(move |_| line.try_again())>{words::TRY_NOW}</button>
                        </div>
                    }
                })
            }}
        </div>
    }
}
