//! What the palette does, and the keys of the page that do the same.

use chancery_protocol::command::OpenDirect;
use chancery_protocol::frame::Answer;
use chancery_protocol::ids::ConversationId;
use chancery_protocol::person::Presence;
use chancery_protocol::preferences::Notify;
use chancery_ui_kit::api::ClientError;
use chancery_ui_kit::icon::Icon;
use chancery_ui_kit::text;
use chancery_ui_kit::text::palette as words;
use chancery_ui_kit::theme::{Theme, ThemeChoice};
use chancery_ui_kit::toast::Toasts;
use leptos::prelude::*;

use super::Whom;
use super::found::Target;
use crate::components::open_groups::not_joined;
use crate::logic::arrange::Change;
use crate::navigate::{Go, use_go};
use crate::routes::Place;
use crate::state::chat::{Chat, Draft, client_id};
use crate::state::desk::{Desk, Overlay};
use crate::state::session::Session;

/// Everything that can be done from anywhere.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Act {
    /// Begin a conversation.
    New,
    /// Look for an open group.
    Join,
    /// To the list of colleagues.
    People,
    /// Go to a day of the open conversation.
    Date,
    /// The details of the open conversation.
    Details,
    /// The open conversation to the top, or no longer there.
    Pin,
    /// The open conversation makes itself heard no longer, or again.
    Mute,
    /// An own list of people.
    List,
    /// Say how reachable one is.
    Be(Presence),
    /// Own words on it.
    Status,
    /// Sounds, notifications, keys.
    Notifications,
    /// Devices, password, appearance.
    Settings,
    /// The list of keys.
    Shortcuts,
    /// Another look.
    Look(Theme),
    /// Leave.
    SignOut,
}

impl Act {
    /// In the order shown.
    pub const ALL: [Self; 21] = [
        Self::New,
        Self::Join,
        Self::People,
        Self::Date,
        Self::Details,
        Self::Pin,
        Self::Mute,
        Self::List,
        Self::Be(Presence::Available),
        Self::Be(Presence::Away),
        Self::Be(Presence::Busy),
        Self::Be(Presence::DoNotDisturb),
        Self::Be(Presence::InMeeting),
        Self::Status,
        Self::Notifications,
        Self::Settings,
        Self::Shortcuts,
        Self::Look(Theme::Light),
        Self::Look(Theme::Dark),
        Self::Look(Theme::Auto),
        Self::SignOut,
    ];

    /// Its words.
    pub fn label(self) -> &'static str {
        match self {
            Self::New => text::chat::NEW,
            Self::Join => text::groups::JOIN_ONE,
            Self::People => text::people::DIRECTORY,
            Self::Date => text::chat::TO_DATE,
            Self::Details => text::people::SHOW_DETAILS,
            Self::Pin => text::people::PIN_OR_NOT,
            Self::Mute => text::people::MUTE_OR_NOT,
            Self::List => text::people::NEW_LIST,
            Self::Be(presence) => words::be(presence),
            Self::Status => words::STATUS,
            Self::Notifications => text::settings::TITLE,
            Self::Settings => text::devices::TITLE,
            Self::Shortcuts => text::shortcuts::TITLE,
            Self::Look(Theme::Light) => words::LIGHT,
            Self::Look(Theme::Dark) => words::DARK,
            Self::Look(Theme::Auto) => words::AUTO,
            Self::SignOut => text::chat::SIGN_OUT,
        }
    }

    /// Whether guests do it too: they begin nothing and find nobody.
    pub fn is_for_guests(self) -> bool {
        !matches!(self, Self::New | Self::Join | Self::People | Self::List)
    }

    /// The keys that do the same.
    pub fn keys(self) -> &'static str {
        match self {
            Self::Date => "Ctrl G",
            Self::Be(Presence::Available) => "Ctrl Shift 1",
            Self::Be(Presence::Away) => "Ctrl Shift 2",
            Self::Be(Presence::Busy) => "Ctrl Shift 3",
            Self::Be(Presence::DoNotDisturb) => "Ctrl Shift 4",
            Self::Be(Presence::InMeeting) => "Ctrl Shift 5",
            Self::Notifications => "Ctrl ,",
            Self::Shortcuts => "Ctrl /",
            _ => "",
        }
    }

    /// Its drawing.
    pub fn icon(self) -> Icon {
        match self {
            Self::New => Icon::Pencil,
            Self::Join => Icon::Hash,
            Self::People => Icon::People,
            Self::Date => Icon::Calendar,
            Self::Details => Icon::Info,
            Self::Pin => Icon::Pin,
            Self::Mute => Icon::BellOff,
            Self::List => Icon::People,
            Self::Be(_) | Self::Status => Icon::Person,
            Self::Notifications => Icon::Bell,
            Self::Settings => Icon::Device,
            Self::Shortcuts => Icon::Keyboard,
            Self::Look(Theme::Light) => Icon::Sun,
            Self::Look(Theme::Dark) => Icon::Moon,
            Self::Look(Theme::Auto) => Icon::Screen,
            Self::SignOut => Icon::SignOut,
        }
    }
}

/// All that acts need.
#[derive(Clone, Copy)]
pub struct Deeds {
    chat: Chat,
    session: Session,
    toasts: Toasts,
    desk: Desk,
    theme: ThemeChoice,
    go: Go,
    open: Memo<Option<ConversationId>>,
}

impl Deeds {
    /// From what the page provides; `open` is the conversation on the screen.
    pub fn new(open: Memo<Option<ConversationId>>) -> Self {
        Self {
            chat: Chat::current(),
            session: Session::current(),
            toasts: Toasts::current(),
            desk: Desk::current(),
            theme: ThemeChoice::current(),
            go: use_go(),
            open,
        }
    }

    /// Follows a line of the palette.
    pub fn go(self, target: Target) {
        match target {
            Target::Whom(whom) => {
                self.with(whom, move |id| self.go.to(Place::Conversation(id)));
            }
            Target::Join(_) => {}
            Target::Act(act) => self.perform(act),
        }
    }

    /// Joins an open group and goes there.
    pub fn join(self, group: ConversationId, name: String) {
        self.chat.join(group, move |result| match result {
            Ok(()) => {
                self.toasts.done(text::groups::joined(&name));
                self.go.to(Place::Conversation(group));
            }
            Err(error) => self.toasts.failed(text::groups::NOT_JOINED, not_joined(&error)),
        });
    }

    /// Sends a text to where a line of the palette leads.
    pub fn forward(self, target: Target, text: String) {
        let Target::Whom(whom) = target else { return };
        self.with(whom, move |id| {
            self.chat.send(id, Draft { text, urgent: false }, None);
            let name = self
                .chat
                .state
                .with_untracked(|state| state.conversations.get(&id).map(|known| known.info.clone()));
            let name = untrack(|| name.map(|info| self.chat.title_of(&info))).unwrap_or_default();
            self.toasts.done(text::chat::forwarded(&name));
        });
    }

    /// Opens the conversation that is meant, which may have to be made.
    pub fn with(self, whom: Whom, then: impl FnOnce(ConversationId) + 'static) {
        let person = match whom {
            Whom::Conversation(id) => return then(id),
            Whom::Person(person) => person,
        };
        self.chat.ask_then(OpenDirect { client_id: client_id(), person }, move |answer| match answer {
            Ok(Answer::Conversation { conversation, .. }) => then(conversation.id),
            Ok(_) => self.toasts.failed(words::NOT_OPENED, text::problem::of(&ClientError::Decode)),
            Err(error) => self.toasts.failed(words::NOT_OPENED, text::problem::of(&error)),
        });
    }

    /// Does something.
    pub fn perform(self, act: Act) {
        match act {
            Act::New => self.go.to(Place::NewConversation),
            Act::Join => self.go.to(Place::Join),
            Act::People => self.go.to(Place::People),
            Act::Date if self.open.get_untracked().is_some() => self.desk.overlay.set(Overlay::Date),
            Act::Details => {
                if let Some(id) = self.open.get_untracked() {
                    self.go.to(Place::Details(id));
                }
            }
            Act::Pin => {
                if let Some(id) = self.open.get_untracked() {
                    let pinned = untrack(|| self.chat.arrangement(id)).pinned;
                    self.chat.arrange(Change::Pin(id, !pinned));
                    self.toasts.done(if pinned { text::people::UNPINNED } else { text::people::PINNED });
                }
            }
            Act::Mute => {
                if let Some(id) = self.open.get_untracked() {
                    let muted = untrack(|| self.chat.arrangement(id)).notify == Notify::Nothing;
                    self.chat.arrange(Change::Notify(id, if muted { Notify::All } else { Notify::Nothing }));
                    self.toasts.done(if muted { text::people::UNMUTED } else { text::people::MUTED });
                }
            }
            Act::List => self.desk.overlay.set(Overlay::List(None)),
            Act::Date => {}
            Act::Be(presence) => {
                self.chat.choose_presence(presence, None);
                self.toasts.done(words::now(presence));
            }
            Act::Status => self.desk.status.set(true),
            Act::Notifications => self.go.to(Place::Notifications),
            Act::Settings => self.go.to(Place::Devices),
            Act::Shortcuts => self.desk.overlay.set(Overlay::Shortcuts),
            Act::Look(theme) => self.theme.set(theme),
            Act::SignOut => self.session.sign_out(self.toasts),
        }
    }
}
