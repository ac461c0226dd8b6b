//! The status picker (picture 04): own words, how reachable one is and until when, settings, sign out.

use chancery_protocol::MAX_TOPIC_CHARS;
use chancery_protocol::Micros;
use chancery_protocol::command::SetStatus;
use chancery_protocol::person::Presence;
use chancery_ui_kit::avatar::{Avatar, Size};
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::presence::PresenceShape;
use chancery_ui_kit::reactive::{flag, memo, on, show};
use chancery_ui_kit::text;
use chancery_ui_kit::text::status as words;
use chancery_ui_kit::time::{self, LocalTime, day_begins};
use chancery_ui_kit::toast::Toasts;
use chancery_ui_kit::{dialog, dom};
use leptos::html;
use leptos::prelude::*;
use web_sys::KeyboardEvent;

use crate::components::name_badge::terms_in;
use crate::components::palette::{Act, Deeds};
use crate::components::rule_ask::RuleAsk;
use crate::state::chat::{CHOICES, Chat, client_id};
use crate::state::desk::Desk;
use crate::state::prefs::Prefs;
use crate::state::session::Session;

/// The other interface, for those who find something in it.
const CONSOLE: &str = "/console";
const MINUTE: Micros = 60_000_000;

/// The picker, when it is open.
#[component]
pub fn StatusMenu(deeds: Deeds) -> impl IntoView {
    let desk = Desk::current();
    move || desk.status.get().then(|| view! { <Opened deeds /> })
}

#[component]
fn Opened(deeds: Deeds) -> impl IntoView {
    let chat = Chat::current();
    let desk = Desk::current();
    let node = NodeRef::<html::Dialog>::new();
    dialog::show_at_once(node);
    let close = move || {
        dialog::close(node);
        desk.status.set(false);
    };
    let me = chat.state.with_untracked(|state| state.me.clone());
    let name = me.as_ref().map(|me| me.name.clone()).unwrap_or_default();
    let shown = name.clone();
    let guest = me.as_ref().and_then(|me| untrack(|| terms_in(chat, me.id, text::guests::own)));
    let console = Session::current().info_untracked().is_some_and(|info| info.console);
    let line = move || {
        let chosen = chat.chosen.get();
        match chosen.until {
            Some(until) => words::until(chosen.presence, &LocalTime::of(until).clock()),
            None => text::presence::of(chat.own_presence.get()).to_owned(),
        }
    };
    let act = move |act: Act, icon: Icon| {
        view! {
            <button type="button" class="menu-item" on:click=on(move |_| {
                close();
                deeds.perform(act);
            })>
                <Glyph icon />
                <span class="menu-label">{act.label()}</span>
                {(!act.keys().is_empty()).then(|| view! { <kbd>{act.keys()}</kbd> })}
            </button>
        }
    };
    view! {
        <dialog class="dialog status-menu" node_ref=node aria-label=words::TITLE on:cancel=on(move |event: web_sys::Event| {
            event.prevent_default();
            close();
        }) on:click=on(move |event: web_sys::MouseEvent| {
            // A press beside it.
            if event.target() == event.current_target() {
                close();
            }
        })>
            <div class="status-head">
                {me.as_ref().map(|me| view! {
                    <Avatar person=me.id name=Signal::derive(move || shown.clone()) photo=chat.photo(me.id) size=Size::Large
                        presence=Signal::derive(move || Some(chat.own_presence.get())) />
                })}
                <div>
                    <p class="status-name"><bdi>{name}</bdi></p>
                    <p class="status-now" role="status">{line}</p>
                    {guest.map(|said| view! { <p class="status-now"><bdi>{said}</bdi></p> })}
                </div>
            </div>
            <Words />
            <States />
            <div class="status-acts">
                {act(Act::Notifications, Icon::Bell)}
                {act(Act::Settings, Icon::Settings)}
                {act(Act::Shortcuts, Icon::Keyboard)}
                {console.then(|| view! {
                    <a class="menu-item" href=CONSOLE target="_self">
                        <Glyph icon=Icon::Shield />
                        <span class="menu-label">{text::console::MENU}</span>
                    </a>
                })}
                {act(Act::SignOut, Icon::SignOut)}
            </div>
        </dialog>
    }
}

/// Own words.
#[component]
fn Words() -> impl IntoView {
    let chat = Chat::current();
    let toasts = Toasts::current();
    let before = chat.state.with_untracked(|state| state.me.as_ref().and_then(|me| me.status.clone()));
    let before = StoredValue::new(before.unwrap_or_default());
    let value = RwSignal::new(before.get_value());
    let working = RwSignal::new(false);
    let rules = RuleAsk::new(chat, working);
    // In the words of the rule; gone with the next letter.
    let blocked = RwSignal::new(None::<String>);
    let over = memo(move || value.with(|value| value.chars().count() > MAX_TOPIC_CHARS));
    let save = move || {
        if over.get_untracked() || working.get_untracked() {
            return;
        }
        blocked.set(None);
        let text = value.with_untracked(|value| value.trim().to_owned());
        rules.send(SetStatus { client_id: client_id(), text }, move |answer| match answer {
            Ok(_) => toasts.done(words::SAVED),
            // The picker may be closed by now.
            Err(error) if error.code() == Some("blocked_by_rule") && !blocked.is_disposed() => {
                blocked.set(Some(text::problem::of(&error)));
            }
            Err(error) => toasts.failed(words::NOT_SAVED, text::problem::of(&error)),
        });
    };
    view! {
        <form class="status-words" novalidate prop:inert=flag(move || rules.is_open()) on:submit=on(move |event: web_sys::SubmitEvent| {
            event.prevent_default();
            save();
        })>
            <div class="field-box" class:field-wrong=move || over.get() || blocked.with(Option::is_some)>
                <Glyph icon=Icon::Smile />
                <input
                    type="text"
                    dir="auto"
                    autocomplete="off"
                    aria-label=words::TEXT
                    placeholder=words::PLACEHOLDER
                    aria-invalid=move || (over.get() || blocked.with(Option::is_some)).then_some("true")
                    prop:value=move || value.get()
                    on:input=on(move |event| {
                        blocked.set(None);
                        value.set(event_target_value(&event));
                    })
                />
                {show(move || value.with(|value| !value.is_empty()), move || view! { <button type="button" class="icon-button" aria-label=words::CLEAR title=words::CLEAR on:click=on(move |_| {
                        value.set(String::new());
                        save();
                    })>
                        <Glyph icon=Icon::Close />
                    </button> }.into_any())}
            </div>
            <button type="submit" class="button button-secondary" aria-busy=move || working.get().then_some("true")>{words::SAVE}</button>
            {move || blocked.get().or_else(|| over.get().then(|| words::too_long(MAX_TOPIC_CHARS))).map(|wrong| view! {
                <p class="field-note field-error" role="alert"><bdi>{wrong}</bdi></p>
            })}
        </form>
        {rules.view(move || value.set(StoredValue::get_value(&before)))}
    }
}

/// The states, and for "do not disturb" how long.
#[component]
fn States() -> impl IntoView {
    let chat = Chat::current();
    let prefs = Prefs::current();
    let chosen = move || chat.chosen.get().presence;
    let keys = move |event: KeyboardEvent| {
        let at = CHOICES.iter().position(|one| *one == chat.chosen.get_untracked().presence).unwrap_or(0);
        let next = match event.key().as_str() {
            "ArrowDown" | "ArrowRight" => (at + 1) % CHOICES.len(),
            "ArrowUp" | "ArrowLeft" => (at + CHOICES.len() - 1) % CHOICES.len(),
            _ => return,
        };
        event.prevent_default();
        if let Some(presence) = CHOICES.get(next) {
            chat.choose_presence(*presence, None);
            dom::focus(&format!("#state-{next}"));
        }
    };
    let one = move |(at, presence): (usize, Presence)| {
        view! {
            <button
                type="button"
                class="state-line"
                role="radio"
                id=format!("state-{at}")
                aria-checked=move || (chosen() == presence).to_string()
                tabindex=move || if chosen() == presence { "0" } else { "-1" }
                on:click=on(move |_| chat.choose_presence(presence, None))
            >
                <PresenceShape presence />
                <span class="state-words">
                    <span>{text::presence::of(presence)}</span>
                    <span class="state-hint">{move || words::hint(presence, prefs.away_after.get())}</span>
                </span>
                <span class="state-tick"><Glyph icon=Icon::Tick /></span>
            </button>
        }
    };
    view! {
        <div class="states" role="radiogroup" aria-label=words::STATES on:keydown=on(keys)>
            {CHOICES.into_iter().enumerate().map(one).collect_view()}
        </div>
        {show(move || chosen() == Presence::DoNotDisturb, move || view! { <HowLong /> }.into_any())}
        <p class="state-line state-info">
            <PresenceShape presence=Presence::Offline />
            <span class="state-words">
                <span>{text::presence::of(Presence::Offline)}</span>
                <span class="state-hint">{words::OFFLINE_HINT}</span>
            </span>
        </p>
    }
}

#[component]
fn HowLong() -> impl IntoView {
    let chat = Chat::current();
    let now = time::now();
    // Eight in the morning of tomorrow.
    let tomorrow =
        day_begins(&LocalTime::of(now + 24 * 60 * MINUTE).machine_day()).map(|day| day + 8 * 60 * MINUTE);
    let choices = [
        (words::HALF_HOUR, Some(now + 30 * MINUTE)),
        (words::HOUR, Some(now + 60 * MINUTE)),
        (words::TOMORROW, tomorrow),
        (words::UNTIL_CHANGED, None),
    ];
    let one = move |(label, until): (&'static str, Option<Micros>)| {
        view! {
            <button
                type="button"
                class="segment"
                aria-pressed=move || (chat.chosen.get().until == until).to_string()
                on:click=on(move |_| chat.choose_presence(Presence::DoNotDisturb, until))
            >
                {label}
            </button>
        }
    };
    view! {
        <div class="status-until">
            <p class="state-hint">{words::DND_FOR}</p>
            <div class="segmented" role="group" aria-label=words::DND_FOR>{choices.into_iter().map(one).collect_view()}</div>
        </div>
    }
}
