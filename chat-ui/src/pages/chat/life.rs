//! The page between the person and the device: visible or hidden, active or idle, on line or not, about to be left.

use chancery_protocol::Micros;
use chancery_protocol::person::Presence;
use chancery_ui_kit::{dom, time};
use leptos::ev;
use leptos::prelude::*;

use crate::state::chat::Chat;

/// Nothing was pressed or moved for so long: away.
const IDLE: Micros = 5 * 60 * 1_000_000;

/// The page was hidden for so long: away.
const HIDDEN: Micros = 60 * 1_000_000;

/// Follows all of it as long as the chat is shown.
pub fn follow(chat: Chat) {
    let active_at = StoredValue::new(time::now());
    let hidden_at = StoredValue::new(None::<Micros>);
    chat.visible.set(is_visible());

    let active = move || {
        active_at.set_value(time::now());
        chat.set_presence(Presence::Available);
    };
    let visibility = window_event_listener_untyped("visibilitychange", move |_| {
        let visible = is_visible();
        chat.visible.set(visible);
        hidden_at.set_value((!visible).then(time::now));
        if visible {
            active();
            chat.online();
        }
    });
    let pointer = window_event_listener(ev::pointermove, move |_| active());
    let pressed = window_event_listener(ev::pointerdown, move |_| active());
    let key = window_event_listener(ev::keydown, move |_| active());
    let online = window_event_listener(ev::online, move |_| chat.online());
    let offline = window_event_listener(ev::offline, move |_| chat.offline());
    let leave = window_event_listener(ev::beforeunload, move |event| {
        if chat.has_unsaved() {
            event.prevent_default();
            event.set_return_value("unsent");
        }
    });
    Effect::new(move |_| {
        let now = chat.clock.get();
        let hidden = hidden_at.get_value().is_some_and(|since| now >= since + HIDDEN);
        if hidden || now >= active_at.get_value() + IDLE {
            chat.set_presence(Presence::Away);
        }
    });
    on_cleanup(move || {
        for listener in [visibility, pointer, pressed, key, online, offline, leave] {
            listener.remove();
        }
    });
}

fn is_visible() -> bool {
    dom::window()
        .and_then(|window| window.document())
        .is_none_or(|document| document.visibility_state() == web_sys::VisibilityState::Visible)
}
