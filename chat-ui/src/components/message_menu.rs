//! What can be done with a message: react at once, and under "…" everything.

use chancery_protocol::MAX_TEXT_CHARS;
use chancery_protocol::conversation::Content;
use chancery_protocol::text::typeable;
use chancery_ui_kit::dom;
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::menu::{Item as Line, MenuButton};
use chancery_ui_kit::text::chat as words;
use chancery_ui_kit::time::LocalTime;
use chancery_ui_kit::toast::Toasts;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::reactions::ReactionChoice;
use crate::components::timeline::Here;
use crate::logic::forward::quoted;
use crate::logic::timeline::Item;
use crate::navigate::message_path;
use crate::state::chat::Chat;
use crate::state::desk::{Desk, Overlay};

/// The tools at the right of a message.
#[component]
pub fn MessageMenu(item: Memo<Option<Item>>, own: Memo<bool>, choosing: RwSignal<bool>) -> impl IntoView {
    let chat = Chat::current();
    let here = Here::current();
    let toasts = Toasts::current();
    let more = RwSignal::new(false);
    let choose = move |reaction: String| {
        let Some(shown) = item.get_untracked() else { return };
        let me = chat.state.with_untracked(|state| state.me.as_ref().map(|me| me.id));
        let has = shown
            .reactions
            .iter()
            .any(|one| one.reaction == reaction && me.is_some_and(|me| one.people.contains(&me)));
        if let Some(id) = shown.id {
            chat.react(here.id, id, reaction, !has);
        }
    };
    let choice = ViewFn::from(move || view! { <ReactionChoice on_choose=choose /> });
    let deed = Deed { chat, here, toasts, desk: Desk::current(), item };
    let lines = move || {
        let may = untrack(|| May::of(chat, here, own));
        let mut lines = vec![Line::new(Icon::Smile, words::REACT, move || choosing.set(true)).key("R")];
        lines.extend(Act::ALL.into_iter().filter(|act| act.is_open(may)).map(|act| {
            let line = Line::new(act.icon(), act.label(), move || deed.perform(act)).key(act.key());
            if act == Act::Delete { line.danger() } else { line }
        }));
        lines
    };
    view! {
        <div class="message-tools" class:message-tools-open=move || choosing.get() || more.get()>
            <span class="message-react">
                <MenuButton label=words::REACT icon=Icon::Smile open=choosing items=Vec::new head=choice />
            </span>
            <MenuButton label=words::MORE icon=Icon::More open=more items=lines />
        </div>
    }
}

/// What the reader may do with a message.
#[derive(Clone, Copy, PartialEq)]
pub struct May {
    /// It is their own.
    pub own: bool,
    /// They may write here.
    pub post: bool,
    /// They may see who has read it.
    pub see: bool,
}

impl May {
    /// As it stands now.
    pub fn of(chat: Chat, here: Here, own: Memo<bool>) -> Self {
        let own = own.get();
        Self { own, post: here.may_post.get(), see: own && chat.is_marked(here.id) }
    }
}

/// What can be done with a message on the record.
#[derive(Clone, Copy, PartialEq)]
pub enum Act {
    /// Answer it.
    Reply,
    /// Send it on.
    Forward,
    /// Its address onto the clipboard.
    CopyLink,
    /// Its text onto the clipboard.
    CopyText,
    /// Who has read it, for one's own.
    Info,
    /// Another text, for one's own.
    Edit,
    /// Take it away, for one's own.
    Delete,
}

impl Act {
    const ALL: [Self; 7] =
        [Self::Reply, Self::Forward, Self::CopyLink, Self::CopyText, Self::Info, Self::Edit, Self::Delete];

    fn is_open(self, may: May) -> bool {
        match self {
            Self::Reply => may.post,
            Self::Forward | Self::CopyLink | Self::CopyText => true,
            Self::Info => may.see,
            Self::Edit => may.own && may.post,
            Self::Delete => may.own,
        }
    }

    fn icon(self) -> Icon {
        match self {
            Self::Reply => Icon::Reply,
            Self::Forward => Icon::Forward,
            Self::CopyLink => Icon::Link,
            Self::CopyText => Icon::Copy,
            Self::Info => Icon::TickTwice,
            Self::Edit => Icon::Pencil,
            Self::Delete => Icon::Trash,
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Reply => words::REPLY,
            Self::Forward => words::FORWARD,
            Self::CopyLink => words::COPY_LINK,
            Self::CopyText => words::COPY_TEXT,
            Self::Info => words::WHO_HAS_READ,
            Self::Edit => words::EDIT,
            Self::Delete => words::DELETE,
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::Reply => "Q",
            Self::Forward => "F",
            Self::CopyLink => "L",
            Self::CopyText => "C",
            Self::Info => "I",
            Self::Edit => "E",
            Self::Delete => "Del",
        }
    }

    /// The act of a key pressed on a message.
    pub fn of_key(key: &str, may: May) -> Option<Self> {
        let key = if key == "Delete" { "Del" } else { key };
        Self::ALL.into_iter().find(|act| act.key().eq_ignore_ascii_case(key) && act.is_open(may))
    }
}

/// An act and all it needs.
#[derive(Clone, Copy)]
pub struct Deed {
    pub chat: Chat,
    pub here: Here,
    pub toasts: Toasts,
    pub desk: Desk,
    pub item: Memo<Option<Item>>,
}

impl Deed {
    /// Does it.
    pub fn perform(self, act: Act) {
        let Some(item) = self.item.get_untracked() else { return };
        let Some(id) = item.id else { return };
        let text = match &item.content {
            Content::Text { text, .. } => typeable(text),
            _ => return,
        };
        let Self { chat, here, toasts, desk, .. } = self;
        match act {
            Act::Reply => {
                here.editing.set(None);
                here.replying.set(Some(id));
            }
            Act::Info => here.readers.set(Some(id)),
            Act::Edit => here.editing.set(Some(id)),
            Act::Delete => {
                if here.editing.get_untracked() == Some(id) {
                    here.editing.set(None);
                }
                chat.delete(here.id, id);
            }
            Act::Forward => {
                let when = LocalTime::of(item.at).full();
                let quote = quoted(&chat.name_of(item.author), &when, &text);
                if quote.chars().count() > MAX_TEXT_CHARS {
                    let limit = words::over_limit(quote.chars().count() - MAX_TEXT_CHARS);
                    toasts.failed(words::TOO_LONG_TO_FORWARD, limit);
                } else {
                    desk.overlay.set(Overlay::Forward(quote));
                }
            }
            Act::CopyLink => {
                copy(toasts, format!("{}{}", dom::origin(), message_path(here.id, id)), words::LINK_COPIED);
            }
            Act::CopyText => copy(toasts, text, words::TEXT_COPIED),
        }
    }
}

fn copy(toasts: Toasts, text: String, done: &'static str) {
    spawn_local(async move {
        if dom::copy(&text).await {
            toasts.done(done);
        } else {
            toasts.failed(words::NOT_COPIED, words::NOT_COPIED_BODY);
        }
    });
}
