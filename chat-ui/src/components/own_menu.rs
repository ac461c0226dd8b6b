//! Oneself: the avatar with its presence, which opens the status picker.

use chancery_ui_kit::avatar::Avatar;
use chancery_ui_kit::reactive::{memo, on};
use chancery_ui_kit::text;
use chancery_ui_kit::text::chat as words;
use leptos::prelude::*;

use crate::state::chat::Chat;
use crate::state::desk::Desk;
use crate::state::session::{Session, SessionState};

/// The avatar.
#[component]
pub fn OwnMenu() -> impl IntoView {
    let chat = Chat::current();
    let desk = Desk::current();
    let session = Session::current();
    let me = memo(move || {
        session.state.with(|state| match state {
            SessionState::Present(info) => Some(info.me.clone()),
            _ => None,
        })
    });
    let name = Signal::derive(move || me.get().map(|me| me.name).unwrap_or_default());
    let presence = memo(move || me.get().and_then(|me| chat.presence_of(me.id)));
    let label = move || match presence.get() {
        Some(presence) => text::presence::after_name(words::OWN_MENU, presence),
        None => words::OWN_MENU.to_owned(),
    };
    view! {
        <button
            type="button"
            class="face-button"
            aria-haspopup="dialog"
            aria-expanded=move || desk.status.get().to_string()
            title=label
            on:click=on(move |_| desk.status.set(true))
        >
            <span class="sr-only">{label}</span>
            {move || me.get().map(|me| view! {
                <Avatar person=me.id name photo=chat.photo(me.id) presence=Signal::derive(move || presence.get()) />
            })}
        </button>
    }
}
