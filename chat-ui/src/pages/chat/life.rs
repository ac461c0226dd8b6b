//! The page between the person and the device: visible or hidden, active or idle, on line or not, about to be left.

use chancery_protocol::Micros;
use chancery_ui_kit::reactive::effect;
use chancery_ui_kit::{dom, time};
use leptos::ev;
use leptos::prelude::*;

use crate::navigate::use_go;
use crate::state::chat::Chat;
use crate::state::notify;
use crate::state::prefs::Prefs;

const MINUTE: Micros = 60_000_000;

/// Follows all of it as long as the chat is shown.
pub fn follow(chat: Chat) {
    let active_at = StoredValue::new(time::now());
    let prefs = Prefs::current();
    chat.visible.set(is_visible());
    chat.set_idle(false);

    let active = move || {
        active_at.set_value(time::now());
        chat.set_idle(false);
    };
    let visibility = window_event_listener_untyped("visibilitychange", move |_| {
        let visible = is_visible();
        chat.visible.set(visible);
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
    effect(move || {
        let now = chat.clock.get();
        if now >= active_at.get_value() + prefs.away_after.get() * MINUTE {
            chat.set_idle(true);
        }
    });
    let go = use_go();
    effect(move || {
        for (conversation, message) in chat.arrived.get() {
            notify::arrived(chat, prefs, go, conversation, &message);
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
