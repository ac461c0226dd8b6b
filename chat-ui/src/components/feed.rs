//! The scrolling part of a conversation. Only the rows near the view have elements, only the pages near them are in memory.
//!
//! `place` keeps the reader where they are, `pages` fetches and drops, `jump` goes elsewhere.

use chancery_ui_kit::api::ClientError;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::reactive::{effect, memo, on, show};
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::state_view::{EmptyState, FailedState};
use chancery_ui_kit::text;
use chancery_ui_kit::text::chat as words;
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{KeyboardEvent, ResizeObserver};

use crate::components::timeline::{Goal, Here, Rows};
use crate::logic::timeline::Key;
use crate::state::chat::Chat;

mod jump;
mod pages;
mod place;

use pages::Pages;
use place::Place;

/// The feed with all its states.
#[component]
pub fn Feed() -> impl IntoView {
    let chat = Chat::current();
    let here = Here::current();
    let node = NodeRef::<Div>::new();
    let place = Place::new(here, node);
    let pages = Pages::new(chat, here, place);
    let loaded = memo(move || here.timeline.with(Option::is_some));
    follow(chat, here, place, pages);
    jump::follow(pages);
    watch_size(place);
    let end = window_event_listener(leptos::ev::keydown, move |event| {
        let ctrl = event.ctrl_key() || event.meta_key();
        if ctrl && event.key() == "End" && !event.default_prevented() {
            event.prevent_default();
            here.goal.set(Some(Goal::Newest));
        }
    });
    on_cleanup(move || end.remove());
    let failed = move || chat.failed.with(|failed| failed.get(&here.id).cloned());
    let keys = move |event: KeyboardEvent| {
        let own = event.target() == event.current_target();
        if own && event.key() == "Home" {
            event.prevent_default();
            here.goal.set(Some(Goal::At(0)));
        } else if own && event.key() == "End" {
            event.prevent_default();
            here.goal.set(Some(Goal::Newest));
        }
    };
    view! {
        <div class="feed-frame">
            <div
                class="feed"
                id="messages"
                role="log"
                aria-live="off"
                aria-label=words::MESSAGES
                tabindex="0"
                node_ref=node
                on:keydown=on(keys)
                on:scroll=on(move |_| {
                    place.note();
                    pages.look();
                })
            >
                {move || match (loaded.get(), failed()) {
                    (true, _) => view! { <Loaded pages /> }.into_any(),
                    (false, Some(error)) => {
                        let retry = move |()| chat.open_log(here.id);
                        view! { <FailedState title=words::HISTORY_FAILED error on_retry=retry /> }.into_any()
                    }
                    (false, None) => view! { <SkeletonRows rows=6 /> }.into_any(),
                }}
            </div>
            <FirstUnread place />
            <Newest place />
            <p class="sr-only" role="status" aria-live="polite">{move || chat.spoken.get()}</p>
        </div>
    }
}

/// "3 new" while the reader is further up.
#[component]
fn Newest(place: Place) -> impl IntoView {
    let chat = Chat::current();
    let here = Here::current();
    let newest = memo(move || {
        chat.state.with(|state| state.conversations.get(&here.id).map_or(0, |known| known.info.last_ordinal))
    });
    let seen = RwSignal::new(newest.get_untracked());
    effect(move || {
        if place.at_bottom.get() && place.begun.get() {
            seen.set(newest.get());
        }
    });
    effect(move || {
        if chat.visible.get() && place.begun.get() && place.at_bottom.get() && newest.get() > 0 {
            chat.mark_read(here.id);
        }
    });
    move || {
        let count = newest.get().saturating_sub(seen.get());
        (!place.at_bottom.get() && place.begun.get()).then(|| {
            view! {
                <button
                    type="button"
                    class="new-pill"
                    class:new-pill-quiet=count == 0
                    aria-label=words::newest(count)
                    title=words::NEWEST
                    on:click=on(move |_| here.goal.set(Some(Goal::Newest)))
                >
                    <Glyph icon=Icon::Down />
                    {(count > 0).then(|| words::new_below(count))}
                </button>
            }
        })
    }
}

/// The way to the first unread message, while its divider is further up than what has been looked at.
#[component]
fn FirstUnread(place: Place) -> impl IntoView {
    let chat = Chat::current();
    let here = Here::current();
    let after = here.unread_after;
    // What was unread when the divider was set: the number does not grow while one reads.
    let count = memo(move || {
        let last = chat.state.with_untracked(|state| {
            state.conversations.get(&here.id).map_or(0, |known| known.info.last_ordinal)
        });
        after.get().map(|after| (after, last.saturating_sub(after)))
    });
    effect(move || {
        after.track();
        place.past_divider.set(false);
    });
    move || {
        let (after, count) = count.get()?;
        (place.begun.get() && !place.past_divider.get() && count > 0).then(|| {
            view! {
                <button
                    type="button"
                    class="new-pill new-pill-top"
                    on:click=on(move |_| {
                        place.past_divider.set(true);
                        here.goal.set(Some(Goal::Ordinal(after + 1)));
                    })
                >
                    <Glyph icon=Icon::Up />
                    {words::first_unread(count)}
                </button>
            }
        })
    }
}

#[component]
fn Loaded(pages: Pages) -> impl IntoView {
    let here = Here::current();
    let empty = memo(move || {
        here.timeline.with(|timeline| {
            timeline
                .as_ref()
                .is_some_and(|t| t.keys.iter().all(|key| matches!(key, Key::Day(_) | Key::Note(_))))
        })
    });
    let at_top = memo(move || pages.at_top());
    view! {
        {move || at_top.get().then(|| view! {
            <div class="older" aria-label=words::OLDER><SkeletonRows rows=2 /></div>
        })}
        {move || pages.failed.get().map(|error| view! {
            <p class="older-failed" role="alert">
                {words::OLDER_FAILED} " " {text::problem::of(&error)} " "
                <button type="button" class="link-button" on:click=on(move |_| pages.retry())>{words::TRY_AGAIN}</button>
            </p>
        })}
        <div class="feed-rows" class:feed-empty=move || empty.get()>
            {show(move || empty.get(), move || view! { <EmptyState icon=Icon::Chat title=words::FIRST_TITLE body=words::FIRST_BODY /> }.into_any())}
            <Rows />
        </div>
    }
}

/// Restores the reader's place after every change of the rows, before it is painted.
fn follow(chat: Chat, here: Here, place: Place, pages: Pages) {
    effect(move || {
        here.timeline.track();
        here.span.track();
        request_animation_frame(move || {
            let loaded = here.timeline.try_with_untracked(Option::is_some).unwrap_or_default();
            let jumps = here.goal.try_get_untracked().flatten().is_some();
            if loaded && !jumps && place.begun.try_get_untracked() == Some(false) {
                place.begin();
            } else {
                place.keep();
            }
            pages.look();
        });
    });
    // Back on line: what failed for want of a line is tried again.
    effect(move || {
        if chat.is_live() && pages.failed.with_untracked(|failed| *failed == Some(ClientError::Network)) {
            pages.retry();
        }
    });
}

/// A growing composer or a banner must not push the newest message out of view.
fn watch_size(place: Place) {
    effect(move || {
        let Some(feed) = place.element_tracked() else { return };
        let resized = Closure::<dyn Fn()>::new(move || {
            place.measure();
            place.keep();
        });
        if let Ok(observer) = ResizeObserver::new(resized.as_ref().unchecked_ref()) {
            observer.observe(&feed);
            let kept = StoredValue::new_local((observer, resized));
            on_cleanup(move || {
                kept.try_with_value(|(observer, _)| observer.disconnect());
            });
        }
    });
}
