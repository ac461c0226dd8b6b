//! The composer: writes, edits, keeps the draft.
//!
//! Enter sends, Shift Enter is a new line (on a touch keyboard Enter is a new line and the button sends). ↑ in an empty composer edits
//! the last own message, Esc leaves editing. What is typed goes to the server as a draft a second after typing stops.

use std::time::Duration;

use chancery_protocol::MAX_TEXT_CHARS;
use chancery_protocol::conversation::Content;
use chancery_ui_kit::api::ClientError;
use chancery_ui_kit::dom;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::text;
use chancery_ui_kit::text::chat as words;
use leptos::html::Textarea;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use web_sys::{HtmlTextAreaElement, KeyboardEvent};

use crate::components::timeline::Here;
use crate::state::chat::Chat;

/// From here on the number of characters is shown.
const COUNT_FROM: usize = MAX_TEXT_CHARS - 1_000;

const SAVE_AFTER: Duration = Duration::from_secs(1);

/// What is typed and what it is for.
#[derive(Clone, Copy)]
struct Entry {
    chat: Chat,
    here: Here,
    text: RwSignal<String>,
    node: NodeRef<Textarea>,
    timer: StoredValue<Option<TimeoutHandle>>,
    /// The draft, put aside while a message is edited.
    aside: StoredValue<String>,
    working: RwSignal<bool>,
    refused: RwSignal<Option<ClientError>>,
}

impl Entry {
    fn is_editing(self) -> bool {
        self.here.editing.with_untracked(Option::is_some)
    }

    fn write(self, text: String) {
        self.text.set(text);
        request_animation_frame(move || {
            if let Some(Some(area)) = self.node.try_get_untracked() {
                grow(&area);
            }
        });
    }

    /// The person typed.
    fn typed(self, text: String) {
        self.text.set(text.clone());
        self.refused.set(None);
        if self.is_editing() {
            return;
        }
        if !text.trim().is_empty() {
            self.chat.typing(self.here.id);
        }
        self.chat.keep_draft(self.here.id, text);
        self.cancel_save();
        let handle = set_timeout_with_handle(move || self.chat.save_draft(self.here.id), SAVE_AFTER);
        self.timer.set_value(handle.ok());
    }

    fn cancel_save(self) {
        if let Some(Some(timer)) = self.timer.try_update_value(Option::take) {
            timer.clear();
        }
    }

    fn fits(self) -> bool {
        self.text.with(|text| !text.trim().is_empty() && text.chars().count() <= MAX_TEXT_CHARS)
    }

    fn send(self) {
        if !untrack(|| self.fits()) || self.working.get_untracked() {
            return;
        }
        match self.here.editing.get_untracked() {
            Some(message) => self.save_edit(message),
            None => {
                self.cancel_save();
                self.chat.send(self.here.id, self.text.get_untracked());
                self.write(String::new());
                self.chat.keep_draft(self.here.id, String::new());
                self.chat.save_draft(self.here.id);
                self.here.to_newest.update(|raised| *raised += 1);
            }
        }
        focus(self);
    }

    fn save_edit(self, message: chancery_protocol::ids::RecordId) {
        let text = self.text.get_untracked();
        let unchanged = matches!(
            self.here.message(message).map(|item| item.content),
            Some(Content::Text { text: before, .. }) if before == text
        );
        if unchanged {
            return self.here.editing.set(None);
        }
        self.working.set(true);
        self.chat.edit(self.here.id, message, text, move |result| {
            let _ = self.working.try_set(false);
            match result {
                Ok(()) => {
                    let _ = self.here.editing.try_set(None);
                }
                Err(error) => {
                    let _ = self.refused.try_set(Some(error));
                }
            }
        });
    }

    fn edit_last(self) -> bool {
        let me = self.chat.state.with_untracked(|state| state.me.as_ref().map(|me| me.id));
        let last = me.and_then(|me| {
            self.here
                .timeline
                .with_untracked(|timeline| timeline.as_ref()?.last_own(me).and_then(|item| item.id))
        });
        if last.is_some() {
            self.here.editing.set(last);
        }
        last.is_some()
    }

    fn key(self, event: &KeyboardEvent) {
        if event.is_composing() {
            return;
        }
        match event.key().as_str() {
            "Enter" if !event.shift_key() && !event.alt_key() && !is_touch() => self.send(),
            "ArrowUp" if plain(event) && self.text.with_untracked(String::is_empty) && self.edit_last() => {}
            "Escape" if self.is_editing() => self.here.editing.set(None),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    }
}

fn plain(event: &KeyboardEvent) -> bool {
    !event.ctrl_key() && !event.alt_key() && !event.shift_key() && !event.meta_key()
}

fn is_touch() -> bool {
    dom::window()
        .and_then(|window| window.match_media("(pointer: coarse)").ok()?)
        .is_some_and(|media| media.matches())
}

/// As high as its text, up to what the style allows.
fn grow(area: &HtmlTextAreaElement) {
    let style = web_sys::HtmlElement::style(area);
    let _ = style.set_property("height", "auto");
    let _ = style.set_property("height", &format!("{}px", area.scroll_height()));
}

fn focus(entry: Entry) {
    if let Some(Some(area)) = entry.node.try_get_untracked() {
        let _ = area.focus();
    }
}

/// The composer of the open conversation; `name` is whom or what one writes to.
#[component]
pub fn Composer(#[prop(into)] name: Signal<String>) -> impl IntoView {
    let chat = Chat::current();
    let here = Here::current();
    let entry = Entry {
        chat,
        here,
        text: RwSignal::new(chat.draft_of(here.id)),
        node: NodeRef::new(),
        timer: StoredValue::new(None),
        aside: StoredValue::new(String::new()),
        working: RwSignal::new(false),
        refused: RwSignal::new(None),
    };
    begin(entry);
    follow_editing(entry);
    follow_draft(entry);
    on_cleanup(move || {
        entry.cancel_save();
        chat.save_draft(here.id);
    });
    let editing = Signal::derive(move || here.editing.get().is_some());
    let used = Memo::new(move |_| entry.text.with(|text| text.chars().count()));
    let over = Memo::new(move |_| used.get().saturating_sub(MAX_TEXT_CHARS));
    view! {
        <form
            class="composer"
            class:composer-editing=editing
            on:submit=move |event| {
                event.prevent_default();
                entry.send();
            }
        >
            <Show when=move || editing.get()>
                <p class="composer-mode">
                    <Glyph icon=Icon::Pencil />
                    {words::EDITING}
                    <button type="button" class="link-button" on:click=move |_| here.editing.set(None)>{text::act::CANCEL}</button>
                </p>
            </Show>
            {move || entry.refused.get().map(|error| view! {
                <p class="composer-refused" role="alert">
                    <Glyph icon=Icon::CrossCircle />
                    {words::NOT_SAVED} ". " {text::problem::of(&error)}
                </p>
            })}
            <textarea
                id="composer"
                rows="1"
                dir="auto"
                node_ref=entry.node
                aria-label=move || words::placeholder(&name.get())
                placeholder=move || words::placeholder(&name.get())
                aria-invalid=move || (over.get() > 0).then_some("true")
                aria-describedby="composer-hint"
                prop:value=move || entry.text.get()
                on:input=move |event| {
                    entry.typed(event_target_value(&event));
                    if let Some(area) = entry.node.get_untracked() {
                        grow(&area);
                    }
                }
                on:keydown=move |event| entry.key(&event)
            ></textarea>
            <div class="composer-foot">
                <span class="composer-count" class:composer-over=move || { over.get() > 0 } role="status">
                    {move || match (over.get(), used.get()) {
                        (0, used) if used >= COUNT_FROM => Some(words::characters(used, MAX_TEXT_CHARS)),
                        (0, _) => None,
                        (over, _) => Some(words::over_limit(over)),
                    }}
                </span>
                <span class="composer-hint" id="composer-hint">
                    {move || if editing.get() { words::EDIT_HINT } else { words::SEND_HINT }}
                </span>
                <button
                    type="submit"
                    class="composer-send"
                    aria-label=move || if editing.get() { words::SAVE } else { words::SEND }
                    title=move || if editing.get() { words::SAVE } else { words::SEND }
                    aria-busy=move || entry.working.get().then_some("true")
                    disabled=move || !entry.fits()
                >
                    {move || if editing.get() {
                        view! { <Glyph icon=Icon::Tick large=true /> }
                    } else {
                        view! { <Glyph icon=Icon::Send large=true /> }
                    }}
                </button>
            </div>
        </form>
    }
}

/// The first time: as high as the draft, and with the focus where there is a keyboard.
fn begin(entry: Entry) {
    Effect::new(move |_| {
        if let Some(area) = entry.node.get() {
            request_animation_frame(move || grow(&area));
            if !is_touch() {
                focus(entry);
            }
        }
    });
}

/// Takes the text of a message in when it is to be edited, and the draft back afterwards.
fn follow_editing(entry: Entry) {
    Effect::new(move |before: Option<Option<chancery_protocol::ids::RecordId>>| {
        let now = entry.here.editing.get();
        let before = before.flatten();
        if now == before {
            return now;
        }
        entry.refused.set(None);
        match now.and_then(|id| entry.here.message(id)).map(|item| item.content) {
            Some(Content::Text { text, .. }) => {
                if before.is_none() {
                    entry.aside.set_value(entry.text.get_untracked());
                }
                entry.write(text);
                focus(entry);
            }
            _ if before.is_some() => {
                entry.write(entry.aside.get_value());
                focus(entry);
            }
            _ => {}
        }
        now
    });
}

/// Takes in a draft written on another device, unless something newer is being written here.
fn follow_draft(entry: Entry) {
    let Entry { chat, here, .. } = entry;
    let draft = Memo::new(move |_| {
        chat.state.with(|state| {
            state.conversations.get(&here.id).map(|known| known.info.draft.clone()).unwrap_or_default()
        })
    });
    Effect::new(move |before: Option<String>| {
        let now = draft.get();
        if let Some(before) = before
            && before != now
            && !chat.has_draft(here.id)
            && !entry.is_editing()
            && entry.text.with_untracked(|text| *text == before)
        {
            entry.write(now.clone());
        }
        now
    });
}
