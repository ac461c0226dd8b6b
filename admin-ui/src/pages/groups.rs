//! `/console/groups`: groups of people, what they let their members do, and who is in them.

use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::reactive::effect;
use chancery_ui_kit::text;
use chancery_ui_kit::text::console;
use chancery_ui_kit::text::user_groups as words;
use chancery_ui_kit::time::LocalTime;
use leptos::prelude::*;

use crate::components::banner::Banner;
use crate::routes::Place;
use crate::state::groups::{Ask, Groups};

mod dialogs;
mod keys;
mod list;
mod members;
mod pane;
mod roles;

/// The page.
#[component]
pub fn GroupsPage(
    /// Where one is.
    place: Memo<Place>,
) -> impl IntoView {
    let page = Groups::provide(place);
    keys::listen(page);
    effect(move || {
        let name = page.group.get().and_then(|id| page.find(id)).map(|group| group.name);
        let title =
            name.map_or_else(|| words::GROUPS.to_owned(), |name| format!("{name} · {}", words::GROUPS));
        document().set_title(&text::page_title(&title, 0));
    });
    let loaded = Signal::derive(move || match page.loaded_at.get() {
        0 => String::new(),
        at => console::shown_since(&LocalTime::of(at).clock()),
    });
    view! {
        <div class="users groups" class:users-open=move || page.group.get().is_some()>
            <Banner loaded />
            <Head />
            <div class="users-body">
                <div class="users-list"><list::List /></div>
                {move || page.group.get().map(|group| view! { <pane::Pane group /> })}
            </div>
        </div>
        <dialogs::Dialogs />
    }
}

/// Title, what it is, and the way to a new one.
#[component]
fn Head() -> impl IntoView {
    let page = Groups::current();
    view! {
        <header class="console-head">
            <div class="console-titles">
                <h1 class="console-title">{words::GROUPS}</h1>
                <p class="console-lead">
                    {words::LEAD}
                    {move || (!page.edits.get()).then(|| format!(" {}", words::READ_ONLY))}
                </p>
            </div>
            {move || page.edits.get().then(|| view! {
                <Button
                    label=words::NEW.to_owned()
                    kind=Kind::Primary
                    icon=Icon::Plus
                    on_press=move |()| page.ask.set(Some(Ask::New))
                />
            })}
        </header>
    }
}
