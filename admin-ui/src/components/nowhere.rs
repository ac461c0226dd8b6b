//! A page that does not exist, or is not open to one: nobody can tell the two apart.

use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::session::{Session, chats};
use chancery_ui_kit::state_view::EmptyState;
use chancery_ui_kit::text;
use leptos::prelude::*;

use crate::routes::CHATS;

/// The state.
#[component]
pub fn Nowhere() -> impl IntoView {
    let session = Session::current();
    document().set_title(&text::page_title(text::state::NOTHING_TITLE, 0));
    let chats = session.info_untracked().is_some_and(|info| chats(&info.roles));
    view! {
        <div class="whole-page">
            <h1 class="sr-only">{text::state::NOTHING_TITLE}</h1>
            <EmptyState icon=Icon::Lock title=text::state::NOTHING_TITLE body=text::state::NOTHING_BODY>
                {chats.then(|| view! { <a class="button button-secondary" href=CHATS>{text::state::TO_CHATS}</a> })}
            </EmptyState>
        </div>
    }
}
