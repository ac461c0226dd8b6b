//! Oneself: the avatar with its presence, settings, sign out.

use chancery_ui_kit::avatar::Avatar;
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::menu::{Item, MenuButton};
use chancery_ui_kit::text;
use chancery_ui_kit::text::chat as words;
use chancery_ui_kit::toast::Toasts;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::navigate::use_go;
use crate::routes::Place;
use crate::state::chat::Chat;
use crate::state::session::{Session, SessionState};

/// The avatar, which opens a menu.
#[component]
pub fn OwnMenu() -> impl IntoView {
    let chat = Chat::current();
    let session = Session::current();
    let toasts = Toasts::current();
    let go = use_go();
    let me = Memo::new(move |_| {
        session.state.with(|state| match state {
            SessionState::Present(info) => Some(info.me.clone()),
            _ => None,
        })
    });
    let name = Signal::derive(move || me.get().map(|me| me.name).unwrap_or_default());
    let presence = Memo::new(move |_| me.get().and_then(|me| chat.presence_of(me.id)));
    let face = ViewFn::from(move || {
        me.get_untracked()
            .map(|me| view! { <Avatar person=me.id name presence=Signal::derive(move || presence.get()) /> })
    });
    let head = ViewFn::from(move || {
        let username = me.get_untracked().map(|me| me.username).unwrap_or_default();
        view! {
            <p class="own-name">{name.get_untracked()}</p>
            <p class="own-username">
                {username}
                {move || presence.get().map(|presence| format!(" · {}", text::presence::of(presence)))}
            </p>
        }
    });
    let sign_out = move || {
        spawn_local(async move {
            if let Err(error) = session.sign_out().await {
                toasts.failed(words::SIGN_OUT_FAILED, text::problem::of(&error));
            }
        });
    };
    let items = move || {
        vec![
            Item::new(Icon::Settings, words::SETTINGS, move || go.to(Place::Devices)),
            Item::new(Icon::SignOut, words::SIGN_OUT, sign_out),
        ]
    };
    view! { <MenuButton label=words::OWN_MENU face head items /> }
}
