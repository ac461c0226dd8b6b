//! `/console/users` (picture 13): all accounts in pages, one of them in the side pane, several of them at once.

use chancery_protocol::accounts::AccountTotals;
use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::loaded::Loaded;
use chancery_ui_kit::reactive::effect;
use chancery_ui_kit::text;
use chancery_ui_kit::text::access_tokens;
use chancery_ui_kit::text::console as words;
use chancery_ui_kit::time::LocalTime;
use leptos::prelude::*;

use crate::components::banner::Banner;
use crate::routes::Place;
use crate::state::users::{Ask, Users};

mod access;
mod address;
mod bot;
mod bulk;
mod bulk_bar;
mod confirm;
mod dialogs;
mod emergency;
mod factors;
mod filters;
mod guest;
pub mod handover;
mod identities;
mod invite;
mod keys;
mod link;
mod list;
mod owner;
mod pane;
mod person_field;
mod rename;
pub mod role_boxes;
mod roles;
mod row;
mod sessions;
mod terms;

/// The page.
#[component]
pub fn UsersPage(
    /// Where one is.
    place: Memo<Place>,
) -> impl IntoView {
    let users = Users::provide(place);
    keys::listen(users);
    effect(move || {
        let name = users.person.get().and_then(|person| {
            users.open.with(|open| {
                open.ready().filter(|open| open.person.id == person).map(|open| open.person.name.clone())
            })
        });
        let page = name.map_or_else(|| words::USERS.to_owned(), |name| format!("{name} · {}", words::USERS));
        document().set_title(&text::page_title(&page, 0));
    });
    let loaded = Signal::derive(move || match users.loaded_at.get() {
        0 => String::new(),
        at => words::shown_since(&LocalTime::of(at).clock()),
    });
    view! {
        <div class="users" class:users-dense=move || users.dense.get() class:users-open=move || users.person.get().is_some()>
            <Banner loaded />
            <Head />
            <div class="users-body">
                <div class="users-list">
                    <filters::Filters />
                    <list::List />
                    <bulk_bar::Bar />
                </div>
                {move || users.person.get().map(|person| view! { <pane::Pane person /> })}
            </div>
        </div>
        <dialogs::Dialogs />
    }
}

/// Title, one sentence of numbers, the way to add somebody.
#[component]
fn Head() -> impl IntoView {
    let users = Users::current();
    // The numbers of the page before stay while another is fetched.
    let totals = Memo::new(move |known: Option<&Option<AccountTotals>>| {
        users.list.with(|list| match list {
            Loaded::Ready(page) => Some(page.totals),
            Loaded::Loading | Loaded::Failed(_) => known.copied().flatten(),
        })
    });
    view! {
        <header class="console-head">
            <div class="console-titles">
                <h1 class="console-title">{words::USERS}</h1>
                <p class="console-lead">
                    {move || totals.get().map(|totals| words::summary(&totals))}
                    {move || (!users.edits.get()).then(|| format!(" {}", words::READ_ONLY))}
                </p>
            </div>
            {move || {
                users.edits.get().then(|| {
                    view! {
                        <Button
                            label=access_tokens::ADD_BOT.to_owned()
                            icon=Icon::Plus
                            on_press=move |()| users.ask(Ask::Bot)
                        />
                        <Button
                            label=words::ADD.to_owned()
                            kind=Kind::Primary
                            icon=Icon::Plus
                            on_press=move |()| users.ask(Ask::Invite)
                        />
                    }
                })
            }}
        </header>
    }
}
