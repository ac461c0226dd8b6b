//! The scrolling part of a conversation. It stays where the reader is: whatever changes above or below, the row at the top of
//! the view keeps its place, unless the reader stands at the bottom and follows.

use chancery_ui_kit::api::ClientError;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::skeleton::SkeletonRows;
use chancery_ui_kit::state_view::{EmptyState, FailedState};
use chancery_ui_kit::text;
use chancery_ui_kit::text::chat as words;
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlElement, ResizeObserver};

use crate::components::timeline::{Here, Rows};
use crate::logic::timeline::Key;
use crate::state::chat::Chat;

/// So near to the bottom counts as there.
const NEAR: i32 = 48;

/// So near to the top more is fetched.
const FETCH: i32 = 800;

/// Where the reader stands.
#[derive(Clone, Copy)]
struct Place {
    node: NodeRef<Div>,
    at_bottom: RwSignal<bool>,
    /// The row at the top of the view and how far below the edge it is.
    anchor: StoredValue<Option<(String, f64)>>,
    /// Whether the reader has been put in a place at all.
    begun: RwSignal<bool>,
}

impl Place {
    fn element(self) -> Option<HtmlElement> {
        self.node.try_get_untracked().flatten().map(Into::into)
    }

    /// Notes where the reader is after a scroll.
    fn note(self) {
        let Some(feed) = self.element() else { return };
        let below = feed.scroll_height() - feed.scroll_top() - feed.client_height();
        let at_bottom = below <= NEAR;
        if self.at_bottom.get_untracked() != at_bottom {
            self.at_bottom.set(at_bottom);
        }
        self.anchor.set_value(first_visible(&feed));
    }

    /// Restores it after the rows changed.
    fn keep(self) {
        let Some(feed) = self.element() else { return };
        if self.at_bottom.get_untracked() {
            feed.set_scroll_top(feed.scroll_height());
        } else if let Some((row, offset)) = self.anchor.get_value()
            && let Some(element) = row_element(&feed, &row)
        {
            let now = element.get_bounding_client_rect().top() - feed.get_bounding_client_rect().top();
            #[expect(clippy::cast_possible_truncation, reason = "pixels on a screen")]
            let moved = (now - offset).round() as i32;
            if moved != 0 {
                feed.set_scroll_top(feed.scroll_top() + moved);
            }
        }
    }

    /// The first time: at the first unread message, or at the bottom.
    fn begin(self) {
        let Some(feed) = self.element() else { return };
        match row_element(&feed, "new") {
            Some(divider) => {
                let from_top =
                    divider.get_bounding_client_rect().top() - feed.get_bounding_client_rect().top();
                #[expect(clippy::cast_possible_truncation, reason = "pixels on a screen")]
                let top = feed.scroll_top() + from_top as i32 - feed.client_height() / 4;
                feed.set_scroll_top(top);
            }
            None => feed.set_scroll_top(feed.scroll_height()),
        }
        self.note();
        self.begun.set(true);
    }

    fn to_bottom(self) {
        if let Some(feed) = self.element() {
            feed.set_scroll_top(feed.scroll_height());
            self.note();
        }
    }
}

fn row_element(feed: &HtmlElement, row: &str) -> Option<Element> {
    feed.query_selector(&format!("[data-row=\"{row}\"]")).ok()?
}

fn first_visible(feed: &HtmlElement) -> Option<(String, f64)> {
    let edge = feed.get_bounding_client_rect();
    let rows = feed.query_selector_all("[data-row]").ok()?;
    // Rows are in order: search for the first whose end is below the edge.
    let (mut low, mut high) = (0, rows.length());
    let bounds =
        |at: u32| rows.item(at)?.dyn_into::<Element>().ok().map(|row| (row.get_bounding_client_rect(), row));
    while low < high {
        let middle = u32::midpoint(low, high);
        if bounds(middle).is_some_and(|(rect, _)| rect.bottom() > edge.top()) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    let (rect, row) = bounds(low)?;
    Some((row.get_attribute("data-row")?, rect.top() - edge.top()))
}

/// The feed with all its states.
#[component]
pub fn Feed() -> impl IntoView {
    let chat = Chat::current();
    let here = Here::current();
    let node = NodeRef::<Div>::new();
    let place = Place {
        node,
        at_bottom: RwSignal::new(true),
        anchor: StoredValue::new(None),
        begun: RwSignal::new(false),
    };
    let older = Older { chat, here, place, loading: RwSignal::new(false), failed: RwSignal::new(None) };
    let loaded = Memo::new(move |_| here.timeline.with(Option::is_some));
    let newest = Memo::new(move |_| here.timeline.with(|timeline| timeline.as_ref().map_or(0, |t| t.newest)));
    let seen = RwSignal::new(newest.get_untracked());
    follow(chat, here, place, older);
    Effect::new(move |_| {
        if place.at_bottom.get() && place.begun.get() {
            seen.set(newest.get());
        }
    });
    Effect::new(move |_| {
        if chat.visible.get() && place.begun.get() && place.at_bottom.get() && newest.get() > 0 {
            chat.mark_read(here.id);
        }
    });
    watch_size(place);
    let failed = move || chat.failed.with(|failed| failed.get(&here.id).cloned());
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
                on:scroll=move |_| {
                    place.note();
                    older.look();
                }
            >
                {move || match (loaded.get(), failed()) {
                    (true, _) => view! { <Loaded older /> }.into_any(),
                    (false, Some(error)) => {
                        let retry = move |()| chat.open_log(here.id);
                        view! { <FailedState title=words::HISTORY_FAILED error on_retry=retry /> }.into_any()
                    }
                    (false, None) => view! { <SkeletonRows rows=6 /> }.into_any(),
                }}
            </div>
            {move || {
                let count = newest.get().saturating_sub(seen.get());
                (!place.at_bottom.get() && place.begun.get()).then(|| view! {
                    <button
                        type="button"
                        class="new-pill"
                        class:new-pill-quiet=count == 0
                        aria-label=words::NEWEST
                        title=words::NEWEST
                        on:click=move |_| place.to_bottom()
                    >
                        <Glyph icon=Icon::Down />
                        {(count > 0).then(|| words::new_below(count))}
                    </button>
                })
            }}
            <p class="sr-only" role="status" aria-live="polite">{move || chat.spoken.get()}</p>
        </div>
    }
}

#[component]
fn Loaded(older: Older) -> impl IntoView {
    let here = Here::current();
    let empty = Memo::new(move |_| {
        here.timeline.with(|timeline| {
            timeline
                .as_ref()
                .is_some_and(|t| t.keys.iter().all(|key| matches!(key, Key::Day(_) | Key::Note(_))))
        })
    });
    view! {
        {move || older.loading.get().then(|| view! {
            <div class="older" aria-label=words::OLDER><SkeletonRows rows=2 /></div>
        })}
        {move || older.failed.get().map(|error| view! {
            <p class="older-failed" role="alert">
                {words::OLDER_FAILED} " " {text::problem::of(&error)} " "
                <button type="button" class="link-button" on:click=move |_| older.fetch()>{words::TRY_AGAIN}</button>
            </p>
        })}
        <div class="feed-rows" class:feed-empty=move || empty.get()>
            <Show when=move || empty.get()>
                <EmptyState icon=Icon::Chat title=words::FIRST_TITLE body=words::FIRST_BODY />
            </Show>
            <Rows />
        </div>
    }
}

/// Fetches older messages when the reader comes near the top.
#[derive(Clone, Copy)]
struct Older {
    chat: Chat,
    here: Here,
    place: Place,
    loading: RwSignal<bool>,
    failed: RwSignal<Option<ClientError>>,
}

impl Older {
    fn look(self) {
        let near = self.place.element().is_some_and(|feed| feed.scroll_top() < FETCH);
        if near && self.place.begun.get_untracked() && self.failed.with_untracked(Option::is_none) {
            self.fetch();
        }
    }

    fn fetch(self) {
        if self.loading.get_untracked() {
            return;
        }
        self.failed.set(None);
        let asked = self.chat.load_older(self.here.id, move |result| {
            let _ = self.loading.try_set(false);
            let _ = self.failed.try_set(result.err());
        });
        // The answer may have come already when there is no line.
        if asked && self.failed.with_untracked(Option::is_none) {
            self.loading.set(true);
        }
    }
}

/// Restores the reader's place after every change of the rows, before it is painted.
fn follow(chat: Chat, here: Here, place: Place, older: Older) {
    Effect::new(move |_| {
        here.timeline.track();
        older.loading.track();
        request_animation_frame(move || {
            if place.begun.try_get_untracked() == Some(false) && here.timeline.with_untracked(Option::is_some)
            {
                place.begin();
            } else {
                place.keep();
            }
            older.look();
        });
    });
    Effect::new(move |before: Option<u32>| {
        let raised = here.to_newest.get();
        if before.is_some_and(|before| before != raised) {
            request_animation_frame(move || place.to_bottom());
        }
        raised
    });
    // Back on line: what failed for want of a line is tried again when the reader looks.
    Effect::new(move |_| {
        if chat.is_live() && older.failed.with_untracked(|failed| *failed == Some(ClientError::Network)) {
            older.failed.set(None);
        }
    });
}

/// A growing composer or a banner must not push the newest message out of view.
fn watch_size(place: Place) {
    Effect::new(move |_| {
        let Some(feed) = place.node.get() else { return };
        let resized = Closure::<dyn Fn()>::new(move || place.keep());
        if let Ok(observer) = ResizeObserver::new(resized.as_ref().unchecked_ref()) {
            observer.observe(&feed);
            let kept = StoredValue::new_local((observer, resized));
            on_cleanup(move || {
                kept.try_with_value(|(observer, _)| observer.disconnect());
            });
        }
    });
}
