//! What stands in the way between this page and the server.

use chancery_protocol::frame::Goodbye;
use chancery_protocol::link::{LinkState, Stopped};
use chancery_protocol::outbox::Outbox;
use chancery_ui_kit::dom;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::reactive::{memo, on};
use chancery_ui_kit::text::connection as words;
use leptos::prelude::*;

use crate::logic::acts::Acts;
use crate::state::chat::Chat;

/// What there is to say.
#[derive(Clone, Copy, PartialEq)]
enum Trouble {
    None,
    Offline,
    Outdated,
    Refused,
}

/// The banner over the conversation. Nothing for the first moment of a new connection.
#[component]
pub fn Banner() -> impl IntoView {
    let chat = Chat::current();
    let was_live = StoredValue::new(false);
    let trouble = memo(move || match chat.link.get() {
        LinkState::Live { .. } => {
            was_live.set_value(true);
            Trouble::None
        }
        LinkState::Connecting { .. } if was_live.get_value() => Trouble::Offline,
        LinkState::Connecting { .. } => Trouble::None,
        LinkState::Backoff { .. } => {
            was_live.set_value(true);
            Trouble::Offline
        }
        LinkState::Stopped(Stopped::OtherVersion) => Trouble::Outdated,
        LinkState::Stopped(Stopped::Goodbye(Goodbye::ProtocolError | Goodbye::FrameTooLarge)) => {
            Trouble::Refused
        }
        LinkState::Stopped(_) => Trouble::None,
    });
    view! {
        <div class="banner-region" role="status">
            {move || match trouble.get() {
                Trouble::None => ().into_any(),
                Trouble::Offline => view! { <Offline /> }.into_any(),
                Trouble::Outdated => view! { <Reload sentence=words::OUTDATED.to_owned() /> }.into_any(),
                Trouble::Refused => {
                    view! { <Reload sentence=format!("{} {}", words::REFUSED, words::REFUSED_BODY) /> }.into_any()
                }
            }}
        </div>
    }
}

#[component]
fn Offline() -> impl IntoView {
    let chat = Chat::current();
    let waiting = memo(move || chat.outbox.with(Outbox::has_unsent));
    let changes = memo(move || chat.acts.with(Acts::unsent) as u64);
    let count = memo(move || {
        if !waiting.get() {
            return 0;
        }
        let conversations = chat.state.with(|state| state.conversations.keys().copied().collect::<Vec<_>>());
        chat.outbox.with(|outbox| conversations.iter().map(|id| outbox.shown(*id, None).count() as u64).sum())
    });
    // The countdown is for the eyes; a screen reader hears that one is offline, once.
    let countdown = move || match chat.link.get() {
        LinkState::Backoff { until, .. } => {
            let left = (until - chat.clock.get()).max(0);
            words::retry_in(u64::try_from(left).unwrap_or_default().div_ceil(1_000_000))
        }
        _ => words::retry_in(0),
    };
    view! {
        <div class="banner">
            <Glyph icon=Icon::Refresh />
            <p class="banner-text">
                <strong>{words::OFFLINE}</strong>
                " "
                {move || words::waiting(count.get(), changes.get())}
                " "
                <span class="banner-count" aria-hidden="true">{countdown}</span>
            </p>
            <button type="button" class="link-button" on:click=on(move |_| chat.try_now())>{words::TRY_NOW}</button>
        </div>
    }
}

#[component]
fn Reload(sentence: String) -> impl IntoView {
    let reload = move |_| {
        if let Some(window) = dom::window() {
            let _ = window.location().reload();
        }
    };
    view! {
        <div class="banner">
            <Glyph icon=Icon::Info />
            <p class="banner-text">{sentence}</p>
            <button type="button" class="link-button" on:click=on(reload)>{words::RELOAD}</button>
        </div>
    }
}
