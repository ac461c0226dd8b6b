//! The head of a page of one's own: back to the chats on a phone, its title, and what stands beside it.

use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::text;
use leptos::prelude::*;

use crate::routes::Place;

/// The head.
#[component]
pub fn PageHead(
    /// What the page is called.
    title: &'static str,
    /// A page that belongs to it, by its name.
    #[prop(optional)]
    also: Option<(Place, &'static str)>,
) -> impl IntoView {
    view! {
        <header class="page-head">
            <a class="icon-button conversation-back" href=Place::Chats.path() aria-label=text::act::BACK title=text::act::BACK>
                <Glyph icon=Icon::Back large=true />
            </a>
            <h1 class="page-title">{title}</h1>
            {also.map(|(place, name)| view! { <a class="page-link" href=place.path()>{name}</a> })}
        </header>
    }
}
