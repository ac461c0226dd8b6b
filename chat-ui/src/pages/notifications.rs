//! `/settings/notifications`: what this device does when a message arrives, its keys, and when one is away; mails, on all devices.

use chancery_ui_kit::button::{Button, Kind};
use chancery_ui_kit::choice::SwitchLine;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::reactive::effect;
use chancery_ui_kit::segmented::{Choice, Segmented};
use chancery_ui_kit::text::settings as words;
use leptos::prelude::*;

use crate::components::page_head::PageHead;
use crate::routes::Place;
use crate::state::chat::Chat;
use crate::state::desk::{Desk, Overlay};
use crate::state::notify::{self, Permission};
use crate::state::prefs::{Prefs, Switch};

mod fields;
mod mails;
mod quiet;
mod why;

use mails::MailCards;
use why::WhyCard;

/// The page.
#[component]
pub fn NotificationsPage() -> impl IntoView {
    let prefs = Prefs::current();
    let desk = Desk::current();
    let minutes =
        Prefs::AWAY_CHOICES.into_iter().map(|count| Choice::new(count, words::minutes(count))).collect();
    view! {
        <div class="settings">
            <PageHead title=words::TITLE also=(Place::Devices, words::DEVICES) />
            <div class="settings-body">
                <p class="settings-lead">{words::LEAD}</p>
                <section class="card" aria-labelledby="notify-title">
                    <h2 class="card-title" id="notify-title">{words::NOTIFY}</h2>
                    <p class="card-lead">{words::NOTIFY_BODY}</p>
                    <SwitchLine id="set-sound" label=words::SOUND checked=state(prefs.sound) on_press=flip(prefs.sound) />
                    <div class="switch-more">
                        <Button label=words::SOUND_TRY.to_owned() kind=Kind::Secondary icon=Icon::Bell on_press=|()| notify::sound() />
                    </div>
                    <Desktop />
                    <SwitchLine id="set-text" label=words::SHOW_TEXT checked=state(prefs.show_text) on_press=flip(prefs.show_text) />
                </section>
                <MailCards />
                <section class="card" aria-labelledby="keys-title">
                    <h2 class="card-title" id="keys-title">{words::KEYS}</h2>
                    <SwitchLine id="set-enter" label=words::ENTER_SENDS body=words::ENTER_SENDS_BODY checked=state(prefs.enter_sends) on_press=flip(prefs.enter_sends) />
                    <SwitchLine id="set-keys" label=words::ONE_KEY body=words::ONE_KEY_BODY checked=state(prefs.one_key) on_press=flip(prefs.one_key) />
                    <div class="switch-more">
                        <Button
                            label=words::SHOW_KEYS.to_owned()
                            kind=Kind::Secondary
                            icon=Icon::Keyboard
                            on_press=move |()| desk.overlay.set(Overlay::Shortcuts)
                        />
                    </div>
                </section>
                <section class="card" aria-labelledby="idle-title">
                    <h2 class="card-title" id="idle-title">{words::IDLE}</h2>
                    <p class="card-lead">{words::IDLE_BODY}</p>
                    <Segmented
                        label=words::IDLE
                        choices=minutes
                        value=prefs.away_after.into()
                        on_choose=move |count| prefs.set_away_after(count)
                    />
                </section>
                <WhyCard />
            </div>
        </div>
    }
}

fn state(switch: Switch) -> Signal<bool> {
    Signal::derive(move || switch.get())
}

fn flip(switch: Switch) -> Callback<()> {
    Callback::new(move |()| switch.set(!switch.get_untracked()))
}

/// Notifications of the desktop: the browser is asked on a press, never at load.
#[component]
fn Desktop() -> impl IntoView {
    let chat = Chat::current();
    let prefs = Prefs::current();
    let permission = RwSignal::new(notify::permission());
    let press = move |()| {
        if prefs.desktop.get_untracked() {
            return prefs.desktop.set(false);
        }
        leptos::task::spawn_local(async move {
            let answer = notify::ask_permission().await;
            let _ = permission.try_set(answer);
            prefs.desktop.set(answer == Permission::Granted);
        });
    };
    let note = move || match permission.get() {
        Permission::Missing => Some(words::DESKTOP_NONE),
        Permission::Denied => Some(words::DESKTOP_BLOCKED),
        Permission::Granted | Permission::Open => None,
    };
    // The person may have changed it in the browser meanwhile.
    effect(move || {
        if chat.visible.get() {
            permission.set(notify::permission());
        }
    });
    view! {
        <SwitchLine id="set-desktop" label=words::DESKTOP body=words::DESKTOP_BODY checked=state(prefs.desktop) on_press=Callback::new(press) />
        {move || note().map(|note| view! { <p class="field-note field-error" role="status"><Glyph icon=Icon::Warning />{note}</p> })}
    }
}
