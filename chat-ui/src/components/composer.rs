//! The composer: writes, edits, keeps the draft.
//!
//! Enter sends, Shift Enter is a new line (on a touch keyboard Enter is a new line and the button sends). ↑ in an empty composer edits
//! the last own message, Esc leaves editing. What is typed goes to the server as a draft a second after typing stops.

use std::time::Duration;

use chancery_protocol::MAX_TEXT_CHARS;
use chancery_protocol::conversation::Content;
use chancery_protocol::text::typeable;
use chancery_ui_kit::dom;
use chancery_ui_kit::icon::{Glyph, Icon};
use chancery_ui_kit::marked::labels;
use chancery_ui_kit::reactive::{effect, flag, memo, on, show};
use chancery_ui_kit::text;
use chancery_ui_kit::text::chat as words;
use leptos::html::Textarea;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use web_sys::{HtmlTextAreaElement, KeyboardEvent};

use crate::components::mentions::{MentionList, Mentions, caret};
use crate::components::message::said;
use crate::components::timeline::{Goal, Here};
use crate::logic::acts::Caught;
use crate::state::chat::{Chat, Draft};
use crate::state::prefs::Prefs;

/// From here on the number of characters is shown.
const COUNT_FROM: usize = MAX_TEXT_CHARS - 1_000;

const SAVE_AFTER: Duration = Duration::from_secs(1);

/// What is typed and what it is for.
#[derive(Clone, Copy)]
struct Entry {
    chat: Chat,
    here: Here,
    text: RwSignal<String>,
    /// Whether everybody is asked to acknowledge it.
    urgent: RwSignal<bool>,
    node: NodeRef<Textarea>,
    timer: StoredValue<Option<TimeoutHandle>>,
    /// The draft, put aside while a message is edited.
    aside: StoredValue<String>,
    mentions: Mentions,
    prefs: Prefs,
    /// Whether a rule asks about something of this conversation: nothing more is written meanwhile.
    asked: Memo<bool>,
}

impl Entry {
    /// Takes in what was not delivered, in front of what is being written.
    fn put_back(self, refill: Draft) {
        let Draft { mut text, urgent } = refill;
        self.here.refill.set(None);
        if urgent {
            self.urgent.set(true);
        }
        let draft = self.text.get_untracked();
        if !self.is_editing() && !draft.trim().is_empty() {
            text.push('\n');
            text.push_str(&draft);
        }
        self.write(text.clone());
        self.typed(text);
        focus(self);
    }

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
        self.mentions.look(&text, self.node);
        if self.is_editing() {
            return;
        }
        if !text.trim().is_empty() {
            self.chat.typing(self.here.id);
        }
        self.keep();
    }

    /// What is being written is taken to the server in a moment.
    fn keep(self) {
        self.chat.keep_draft(self.here.id, self.draft());
        self.cancel_save();
        let handle = set_timeout_with_handle(move || self.chat.save_draft(self.here.id), SAVE_AFTER);
        self.timer.set_value(handle.ok());
    }

    fn draft(self) -> Draft {
        Draft { text: self.text.get_untracked(), urgent: self.urgent.get_untracked() }
    }

    /// Whether what is written is urgent, the other way round.
    fn toggle_urgent(self) {
        self.urgent.update(|urgent| *urgent = !*urgent);
        self.keep();
        focus(self);
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
        if !untrack(|| self.fits()) {
            return;
        }
        self.mentions.close();
        match self.here.editing.get_untracked() {
            Some(message) => self.save_edit(message),
            None => {
                self.cancel_save();
                self.chat.send(self.here.id, self.draft(), self.here.replying.get_untracked());
                self.here.replying.set(None);
                self.urgent.set(false);
                self.write(String::new());
                self.chat.keep_draft(self.here.id, Draft::default());
                self.chat.save_draft(self.here.id);
                self.here.goal.set(Some(Goal::Newest));
            }
        }
        focus(self);
    }

    fn save_edit(self, message: chancery_protocol::ids::RecordId) {
        let text = self.text.get_untracked();
        let unchanged = matches!(
            self.here.message(message).filter(|item| item.change.is_none()).map(|item| item.content),
            Some(Content::Text { text: before, .. }) if typeable(&before) == text
        );
        if !unchanged {
            self.chat.edit(self.here.id, message, text);
        }
        self.here.editing.set(None);
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
        if self.mentions.is_open() && self.mention_key(&event.key()) {
            event.prevent_default();
            event.stop_propagation();
            return;
        }
        let ctrl = event.ctrl_key() || event.meta_key();
        // Enter sends, or Ctrl Enter does; on a touch keyboard only the button.
        let sends = ctrl != self.prefs.enter_sends.get_untracked() && !dom::is_touch();
        match event.key().as_str() {
            "Enter" if !event.shift_key() && !event.alt_key() && sends => self.send(),
            "ArrowUp" if plain(event) && self.text.with_untracked(String::is_empty) && self.edit_last() => {}
            "Escape" if self.is_editing() => self.here.editing.set(None),
            "Escape" if self.here.replying.with_untracked(Option::is_some) => self.here.replying.set(None),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    }
}

impl Entry {
    /// A key while people are offered; says whether it was meant for them.
    fn mention_key(self, key: &str) -> bool {
        match key {
            "ArrowDown" => self.mentions.step(true),
            "ArrowUp" => self.mentions.step(false),
            "Enter" | "Tab" => self.mention(self.mentions.active.get_untracked()),
            "Escape" => self.mentions.close(),
            _ => return false,
        }
        true
    }

    /// Puts the chosen person into the text.
    fn mention(self, which: usize) {
        let Some((text, caret)) = self.mentions.choose(which, self.text.get_untracked()) else { return };
        self.put(text, caret);
    }

    /// Begins a mention at the caret.
    fn begin_mention(self) {
        let text = self.text.get_untracked();
        let caret = caret(self.node, &text);
        let (before, after) = (text.get(..caret).unwrap_or_default(), text.get(caret..).unwrap_or_default());
        let blank = if before.ends_with(|c: char| !c.is_whitespace()) { " " } else { "" };
        let at = before.len() + blank.len() + 1;
        self.put(format!("{before}{blank}@{after}"), at);
        self.mentions.look(&self.text.get_untracked(), self.node);
    }

    /// Another text with the caret at a place (in bytes).
    fn put(self, text: String, caret: usize) {
        let units = text.get(..caret).unwrap_or_default().encode_utf16().count();
        if let Some(Some(area)) = self.node.try_get_untracked() {
            area.set_value(&text);
            let at = u32::try_from(units).unwrap_or_default();
            // Refused only for elements that have no selection.
            let _ = area.set_selection_range(at, at);
        }
        self.typed(text);
        focus(self);
    }
}

fn plain(event: &KeyboardEvent) -> bool {
    !event.ctrl_key() && !event.alt_key() && !event.shift_key() && !event.meta_key()
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
    let Draft { text: begun, urgent } = chat.draft_of(here.id);
    let entry = Entry {
        chat,
        here,
        text: RwSignal::new(begun),
        urgent: RwSignal::new(urgent),
        node: NodeRef::new(),
        timer: StoredValue::new(None),
        aside: StoredValue::new(String::new()),
        mentions: Mentions::new(chat, here.id),
        prefs: Prefs::current(),
        asked: memo(move || chat.warned(here.id).is_some()),
    };
    begin(entry);
    follow_editing(entry);
    follow_draft(entry);
    follow_rules(entry);
    effect(move || {
        if here.replying.get().is_some() {
            focus(entry);
        }
    });
    on_cleanup(move || {
        entry.cancel_save();
        chat.save_draft(here.id);
    });
    let editing = Signal::derive(move || here.editing.get().is_some());
    let urgent = memo(move || entry.urgent.get() && !editing.get());
    let offers_urgent = memo(move || !editing.get() && !chat.is_alone(here.id));
    let used = memo(move || entry.text.with(|text| text.chars().count()));
    let over = memo(move || used.get().saturating_sub(MAX_TEXT_CHARS));
    view! {
        <form
            class="composer"
            class:composer-editing=editing
            prop:inert=flag(move || entry.asked.get())
            on:submit=on(move |event: web_sys::SubmitEvent| {
                event.prevent_default();
                entry.send();
            })
        >
            {show(move || editing.get(), move || view! { <p class="composer-mode">
                    <Glyph icon=Icon::Pencil />
                    {words::EDITING}
                    <button type="button" class="link-button" on:click=on(move |_| here.editing.set(None))>{text::act::CANCEL}</button>
                </p> }.into_any())}
            {move || here.replying.get().filter(|_| !editing.get()).map(|id| {
                let (author, text) = said(here.id, id);
                view! {
                    <p class="composer-quote">
                        <Glyph icon=Icon::Reply />
                        <span class="quote-author">{words::REPLYING}" "<bdi>{author}</bdi></span>
                        <span class="quote-text"><bdi>{labels(&text)}</bdi></span>
                        <button
                            type="button"
                            class="icon-button"
                            aria-label=words::CANCEL_REPLY
                            title=words::CANCEL_REPLY
                            on:click=on(move |_| {
                                here.replying.set(None);
                                focus(entry);
                            })
                        >
                            <Glyph icon=Icon::Close />
                        </button>
                    </p>
                }
            })}
            <p class="composer-mode composer-urgent" role="status">
                {move || urgent.get().then(|| view! { <Glyph icon=Icon::Urgent />{words::URGENT_ON} })}
            </p>
            <MentionList mentions=entry.mentions on_choose=move |which| entry.mention(which) />
            <textarea
                id="composer"
                rows="1"
                dir="auto"
                node_ref=entry.node
                aria-label=move || words::placeholder(&name.get())
                placeholder=move || words::placeholder(&name.get())
                aria-invalid=move || (over.get() > 0).then_some("true")
                aria-describedby="composer-hint"
                aria-autocomplete="list"
                aria-controls="mentions"
                aria-activedescendant=move || entry.mentions.active_id()
                on:blur=on(move |_| entry.mentions.close())
                prop:value=move || entry.text.get()
                on:input=on(move |event| {
                    entry.typed(event_target_value(&event));
                    if let Some(area) = entry.node.get_untracked() {
                        grow(&area);
                    }
                })
                on:keydown=on(move |event| entry.key(&event))
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
                    {move || match (editing.get(), entry.prefs.enter_sends.get()) {
                        (true, _) => words::EDIT_HINT,
                        (false, true) => words::SEND_HINT,
                        (false, false) => words::SEND_HINT_CTRL,
                    }}
                </span>
                <button
                    type="button"
                    class="icon-button composer-tool"
                    aria-label=words::MENTION
                    title=words::MENTION
                    on:click=on(move |_| entry.begin_mention())
                >
                    <Glyph icon=Icon::At large=true />
                </button>
                {show(move || offers_urgent.get(), move || view! { <button
                    type="button"
                    class="icon-button composer-tool composer-urge"
                    aria-label=words::URGENT
                    title=words::URGENT_TITLE
                    aria-pressed=move || urgent.get().to_string()
                    on:click=on(move |_| entry.toggle_urgent())
                >
                    <Glyph icon=Icon::Urgent large=true />
                </button> }.into_any())}
                <button
                    type="submit"
                    class="composer-send"
                    aria-label=move || if editing.get() { words::SAVE } else { words::SEND }
                    title=move || if editing.get() { words::SAVE } else { words::SEND }
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
    effect(move || {
        if let Some(area) = entry.node.get() {
            request_animation_frame(move || grow(&area));
            if !dom::is_touch() {
                focus(entry);
            }
        }
    });
}

/// Takes the text of a message in when it is to be edited, and the draft back afterwards.
fn follow_editing(entry: Entry) {
    let mut last = None;
    effect(move || {
        let now = entry.here.editing.get();
        let refill = entry.here.refill.get();
        let before = std::mem::replace(&mut last, now);
        if now == before {
            if let Some(refill) = refill {
                entry.put_back(refill);
            }
            return;
        }
        entry.mentions.close();
        match now.and_then(|id| entry.here.message(id)).map(|item| item.content) {
            Some(Content::Text { text, .. }) => {
                if before.is_none() {
                    entry.aside.set_value(entry.text.get_untracked());
                }
                entry.write(typeable(&text));
                focus(entry);
            }
            _ if before.is_some() => {
                entry.write(entry.aside.get_value());
                focus(entry);
            }
            _ => {}
        }
        if let Some(refill) = refill {
            entry.put_back(refill);
        }
    });
}

/// A rule has something to say about another text for a message: its field opens again, with that text.
fn follow_rules(entry: Entry) {
    let Entry { chat, here, .. } = entry;
    let mut last = None;
    effect(move || {
        let now = chat.caught(here.id);
        let id = now.as_ref().map(|now| now.client_id);
        let news = std::mem::replace(&mut last, id) != id;
        if let Some(Caught { message, text, .. }) = now.filter(|_| news && !entry.is_editing()) {
            here.refill(Draft { text, urgent: false }, None, Some(message));
        }
    });
    // The question is answered.
    let mut asked = false;
    effect(move || {
        let now = entry.asked.get();
        if std::mem::replace(&mut asked, now) && !now {
            // Before that, nothing in it can have the focus.
            request_animation_frame(move || focus(entry));
        }
    });
}

/// Takes in a draft written on another device, unless something newer is being written here.
fn follow_draft(entry: Entry) {
    let Entry { chat, here, .. } = entry;
    let draft = memo(move || {
        chat.state.with(|state| {
            let known = state.conversations.get(&here.id).map(|known| &known.info);
            known
                .map(|info| Draft { text: info.draft.clone(), urgent: info.draft_urgent })
                .unwrap_or_default()
        })
    });
    let mut last = None;
    effect(move || {
        let now = draft.get();
        if let Some(before) = last.replace(now.clone())
            && before != now
            && !chat.has_draft(here.id)
            && !entry.is_editing()
            && entry.draft() == before
        {
            entry.urgent.set(now.urgent);
            entry.write(now.text);
        }
    });
}
