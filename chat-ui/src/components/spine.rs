//! The dark edge at the left: the places that exist, and oneself at the bottom.

use chancery_ui_kit::brand::Mark;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::reactive::{memo, show};
use chancery_ui_kit::text::chat as words;
use leptos::prelude::*;

use crate::components::own_menu::OwnMenu;
use crate::routes::Place;
use crate::state::chat::Chat;

/// The spine.
#[component]
pub fn Spine(place: Memo<Place>) -> impl IntoView {
    let chat = Chat::current();
    let unread = memo(move || chat.unread_total());
    let in_settings = move || matches!(place.get(), Place::Devices | Place::Notifications);
    let in_people = move || matches!(place.get(), Place::People | Place::Person(_));
    let current = move |here: bool| here.then_some("page");
    view! {
        <nav class="spine" aria-label=words::SPINE>
            <span class="spine-mark"><Mark /></span>
            <a class="spine-place" href=Place::Chats.path() aria-current=move || current(!in_settings() && !in_people() && place.get() != Place::Search)>
                <span class="spine-icon">
                    <Glyph icon=Icon::Chat large=true />
                    {move || {
                        let count = unread.get();
                        (count > 0).then(|| view! {
                            <span class="spine-badge" aria-hidden="true">{chancery_ui_kit::badge::capped(count)}</span>
                            <span class="sr-only">{words::unread(count)}</span>
                        })
                    }}
                </span>
                {words::TITLE}
            </a>
            <a class="spine-place" href=Place::Search.path() aria-current=move || current(place.get() == Place::Search)>
                <span class="spine-icon"><Glyph icon=Icon::Search large=true /></span>
                {chancery_ui_kit::text::search::TITLE}
            </a>
            {show(move || !chat.is_guest(), move || view! {
                <a class="spine-place" href=Place::People.path() aria-current=move || current(in_people())>
                    <span class="spine-icon"><Glyph icon=Icon::People large=true /></span>
                    {chancery_ui_kit::text::people::DIRECTORY}
                </a>
            }.into_any())}
            <span class="spine-rest"></span>
            <a class="spine-place" href=Place::Notifications.path() aria-current=move || current(in_settings())>
                <span class="spine-icon"><Glyph icon=Icon::Settings large=true /></span>
                {words::SETTINGS}
            </a>
            <OwnMenu />
        </nav>
    }
}
