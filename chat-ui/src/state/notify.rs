//! Sound and notifications of the desktop for messages that arrive while one does not look.

use chancery_protocol::conversation::{Content, ConversationKind, Message};
use chancery_protocol::ids::ConversationId;
use chancery_protocol::person::Presence;
use chancery_ui_kit::dom;
use chancery_ui_kit::text::settings as words;
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AudioContext, Notification, NotificationOptions, NotificationPermission, OscillatorType};

use crate::navigate::Go;
use crate::routes::Place;
use crate::state::chat::Chat;
use crate::state::prefs::Prefs;

/// Most characters of a message in a notification.
const SHOWN: usize = 160;

/// What the browser lets the page do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// It was allowed.
    Granted,
    /// It was refused.
    Denied,
    /// Nobody was asked yet.
    Open,
    /// This browser has none.
    Missing,
}

fn exists() -> bool {
    dom::window().is_some_and(|window| js_sys::Reflect::has(&window, &"Notification".into()).unwrap_or(false))
}

/// What the browser lets the page do now.
pub fn permission() -> Permission {
    if !exists() {
        return Permission::Missing;
    }
    match Notification::permission() {
        NotificationPermission::Granted => Permission::Granted,
        NotificationPermission::Denied => Permission::Denied,
        _ => Permission::Open,
    }
}

/// Has the browser ask the person. Only on a press.
pub async fn ask_permission() -> Permission {
    if exists()
        && permission() == Permission::Open
        && let Ok(asked) = Notification::request_permission()
    {
        // A refusal is an answer, too.
        let _ = wasm_bindgen_futures::JsFuture::from(asked).await;
    }
    permission()
}

/// Two soft notes, made by the browser: no file is fetched.
pub fn sound() {
    thread_local! {
        /// Browsers allow only a few of them.
        static CONTEXT: Option<AudioContext> = AudioContext::new().ok();
    }
    CONTEXT.with(|context| {
        if let Some(context) = context {
            // Before the first press on the page, browsers stay silent.
            let _ = context.resume();
            for (note, begin) in [(659.25, 0.0), (987.77, 0.12)] {
                let _ = play(context, note, begin);
            }
        }
    });
}

fn play(context: &AudioContext, hertz: f32, begin: f64) -> Result<(), JsValue> {
    let start = context.current_time() + begin;
    let (tone, volume) = (context.create_oscillator()?, context.create_gain()?);
    tone.set_type(OscillatorType::Sine);
    tone.frequency().set_value(hertz);
    volume.gain().set_value_at_time(0.0001, start)?;
    volume.gain().exponential_ramp_to_value_at_time(0.12, start + 0.02)?;
    volume.gain().exponential_ramp_to_value_at_time(0.0001, start + 0.4)?;
    tone.connect_with_audio_node(&volume)?;
    volume.connect_with_audio_node(&context.destination())?;
    tone.start_with_when(start)?;
    tone.stop_with_when(start + 0.45)
}

/// A message arrived. Whoever looks at it, is busy, does not want to be disturbed or has muted it is left alone.
pub fn arrived(chat: Chat, prefs: Prefs, go: Go, conversation: ConversationId, message: &Message) {
    let seen = chat.visible.get_untracked() && chat.open.get_untracked() == Some(conversation);
    let quiet = matches!(chat.own_presence.get_untracked(), Presence::DoNotDisturb | Presence::Busy);
    if seen || quiet || !chat.is_heard(conversation, message) {
        return;
    }
    if prefs.sound.get_untracked() {
        sound();
    }
    if prefs.desktop.get_untracked() && !chat.visible.get_untracked() && permission() == Permission::Granted {
        show(chat, prefs, go, conversation, message);
    }
}

fn show(chat: Chat, prefs: Prefs, go: Go, conversation: ConversationId, message: &Message) {
    let author = chat.name_of(message.author);
    let group = chat.state.with_untracked(|state| {
        let info = &state.conversations.get(&conversation)?.info;
        (info.kind != ConversationKind::Direct).then(|| info.name.clone())?
    });
    let title = group.map_or_else(|| author.clone(), |group| words::from_group(&author, &group));
    let body = match &message.content {
        Content::Text { text, .. } if prefs.show_text.get_untracked() => {
            chancery_protocol::text::plain(text).chars().take(SHOWN).collect()
        }
        _ => words::NEW_MESSAGE.to_owned(),
    };
    let options = NotificationOptions::new();
    options.set_body(&body);
    // A later message of the same conversation takes the place of an earlier one.
    options.set_tag(&conversation.to_string());
    let Ok(shown) = Notification::new_with_options(&title, &options) else { return };
    let closing = shown.clone();
    let pressed = Closure::once_into_js(move || {
        if let Some(window) = dom::window() {
            let _ = window.focus();
        }
        closing.close();
        go.to(Place::Conversation(conversation));
    });
    shown.set_onclick(Some(pressed.unchecked_ref()));
}
