//! The chat: the shared reducer, outbox and connection machine of `protocol`, joined with a real socket, clock and randomness.
//!
//! Must stay true: what is shown comes from `state` and `outbox`, and these change only through the functions of `protocol`. This file
//! knows how requests and answers find each other; `socket` knows the browser's WebSocket; `follow` what follows from a frame;
//! `acts` what a person can do.

use std::collections::BTreeMap;

use chancery_protocol::Micros;
use chancery_protocol::acceptable_use::Notice;
use chancery_protocol::command::{Command, Request};
use chancery_protocol::conversation::Message;
use chancery_protocol::frame::{Answer, Goodbye};
use chancery_protocol::ids::{ClientId, ConversationId, PersonId, RecordId};
use chancery_protocol::link::{Action, Input, Link, LinkState, SocketNumber, Stopped};
use chancery_protocol::outbox::Outbox;
use chancery_protocol::person::Presence;
use chancery_protocol::preferences::Preferences;
use chancery_protocol::state::ClientState;
use chancery_ui_kit::api::ClientError;
use chancery_ui_kit::reactive::memo;
use chancery_ui_kit::time;
use chancery_ui_kit::toast::Toasts;
use leptos::prelude::*;

use crate::logic::acts::Acts;
use crate::logic::arrange::Arranging;
use crate::state::session::{Farewell, Session};

mod acts;
pub use acts::client_id;
mod arrange;
mod follow;
mod groups;
mod locate;
pub use locate::made_at;
mod marks;
mod mentions;
mod presence;
mod quoted;
mod rules;
pub use quoted::{Quoted, known as quoted_as};
pub use rules::Warned;
mod socket;

pub use presence::{CHOICES, Chosen};

use socket::Socket;

/// Called with the answer to a request.
type Then = Box<dyn FnOnce(Result<Answer, ClientError>)>;

/// A request on its way.
struct Asked {
    command: Command,
    then: Option<Then>,
}

/// What is being written in a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Draft {
    /// As typed.
    pub text: String,
    /// Whether it is to be sent as an urgent message.
    pub urgent: bool,
}

/// What is not shown.
#[derive(Default)]
struct Core {
    link: Link,
    socket: Option<Socket>,
    next_id: u32,
    asked: BTreeMap<u32, Asked>,
    watched: Vec<PersonId>,
    /// Being written, and not on the server yet.
    drafts: BTreeMap<ConversationId, Draft>,
    typed_at: Micros,
    sent_presence: Option<Presence>,
    /// Whose marks are looked at.
    marks_of: Option<ConversationId>,
    /// Whether messages have arrived that the server was not told of.
    received: bool,
    /// Up to where it was told.
    told: Vec<(ConversationId, u64)>,
    quotes: quoted::Queue,
    /// Given so far for what rules ask about.
    reasons: Vec<(ClientId, (String, String))>,
}

/// The chat of the person signed in; provided once, at the root, so that unsent messages survive a new sign-in.
#[derive(Clone, Copy)]
pub struct Chat {
    /// Everything known.
    pub state: RwSignal<ClientState>,
    /// Messages on their way.
    pub outbox: RwSignal<Outbox>,
    /// Changes of messages on their way.
    pub acts: RwSignal<Acts>,
    /// How the connection stands.
    pub link: RwSignal<LinkState>,
    /// Whether the policy text has to be accepted before the line is let up again.
    pub policy_due: RwSignal<bool>,
    /// The device's clock, moved on once a second.
    pub clock: RwSignal<Micros>,
    /// Whether the page is visible.
    pub visible: RwSignal<bool>,
    /// How reachable one is from this device.
    pub own_presence: RwSignal<Presence>,
    /// What one chose to be, and until when; nothing follows by itself but away.
    pub chosen: RwSignal<Chosen>,
    /// Deletions by this device that can be taken back, and until when.
    pub undo: RwSignal<BTreeMap<RecordId, Micros>>,
    /// The sentence a screen reader says next.
    pub spoken: RwSignal<String>,
    /// The conversation on the screen.
    pub open: RwSignal<Option<ConversationId>>,
    /// People looked at on a page of their own, in addition to those in the list.
    pub look_at: RwSignal<Vec<PersonId>>,
    /// Messages by others that have just arrived, for sound and notifications.
    pub arrived: RwSignal<Vec<(ConversationId, Message)>>,
    /// Histories that could not be loaded, and why.
    pub failed: RwSignal<BTreeMap<ConversationId, ClientError>>,
    /// One's own arrangements, with the changes that are on their way.
    pub arranged: Memo<Preferences>,
    arranging: RwSignal<Arranging>,
    /// Ordinals of messages that mention the reader.
    mentioned: RwSignal<Vec<(ConversationId, u64)>>,
    /// Messages that others answer and that are not loaded.
    pub quoted: RwSignal<Vec<(RecordId, Quoted)>>,
    /// Own messages of which rules took something out, until that was read.
    pub redacted: RwSignal<Vec<(RecordId, Vec<Notice>)>>,
    core: StoredValue<Core, LocalStorage>,
    session: Session,
    toasts: Toasts,
}

impl Chat {
    /// Makes the chat known to everything below; nothing is connected yet.
    pub fn provide(session: Session) -> Self {
        let state = RwSignal::new(ClientState::default());
        let arranging = RwSignal::new(Arranging::default());
        let arranged =
            memo(move || state.with(|state| arranging.with(|arranging| arranging.shown(&state.preferences))));
        let chat = Self {
            state,
            arranged,
            arranging,
            mentioned: RwSignal::new(Vec::new()),
            quoted: RwSignal::new(Vec::new()),
            redacted: RwSignal::new(Vec::new()),
            outbox: RwSignal::new(Outbox::default()),
            acts: RwSignal::new(Acts::default()),
            link: RwSignal::new(LinkState::Stopped(Stopped::NotStarted)),
            policy_due: RwSignal::new(false),
            clock: RwSignal::new(time::now()),
            visible: RwSignal::new(true),
            own_presence: RwSignal::new(Presence::Available),
            chosen: RwSignal::new(presence::stored()),
            undo: RwSignal::new(BTreeMap::new()),
            spoken: RwSignal::new(String::new()),
            open: RwSignal::new(None),
            look_at: RwSignal::new(Vec::new()),
            arrived: RwSignal::new(Vec::new()),
            failed: RwSignal::new(BTreeMap::new()),
            core: StoredValue::new_local(Core::default()),
            session,
            toasts: Toasts::current(),
        };
        provide_context(chat);
        crate::state::ticker::every_second(move || chat.beat());
        chat
    }

    /// The page's chat.
    pub fn current() -> Self {
        #[expect(clippy::expect_used, reason = "the root provides it before anything is drawn")]
        use_context().expect("a chat is provided at the root")
    }

    /// Somebody is signed in: connects. What another person left behind is forgotten first.
    pub fn begin(self, me: PersonId) {
        let other = self.state.with_untracked(|state| state.me.as_ref().is_some_and(|known| known.id != me));
        if other {
            self.forget();
        }
        self.feed(Input::Start);
    }

    /// Nobody is signed in: the line goes down. Unsent messages stay for the same person.
    pub fn pause(self) {
        self.policy_due.set(false);
        self.feed(Input::Stop);
    }

    /// The policy text was accepted, or is not wanted any longer: connects again.
    pub fn policy_accepted(self) {
        self.policy_due.set(false);
        self.feed(Input::Start);
    }

    /// Forgets everything, also what is unsent.
    pub fn forget(self) {
        self.state.set(ClientState::default());
        self.outbox.set(Outbox::default());
        self.acts.set(Acts::default());
        self.arranging.set(Arranging::default());
        self.mentioned.set(Vec::new());
        self.quoted.set(Vec::new());
        self.redacted.set(Vec::new());
        self.undo.set(BTreeMap::new());
        self.failed.set(BTreeMap::new());
        self.core.update_value(|core| {
            core.drafts.clear();
            core.watched.clear();
            core.told.clear();
            core.reasons.clear();
        });
    }

    /// Tries to connect now.
    pub fn try_now(self) {
        self.feed(Input::Start);
    }

    /// The device says that its network is back, or that the page is visible again.
    pub fn online(self) {
        self.feed(Input::Online);
    }

    /// The device says that its network is gone.
    pub fn offline(self) {
        self.feed(Input::Offline);
    }

    /// Whether requests are answered.
    pub fn is_live(self) -> bool {
        matches!(self.link.get(), LinkState::Live { .. })
    }

    fn beat(self) {
        let now = time::now();
        self.clock.set(now);
        self.expire_presence(now);
        self.feed(Input::Tick);
        self.flush();
        self.save_arranged();
        self.tell_received();
        if self.state.with_untracked(|state| state.typing.values().any(|until| *until <= now)) {
            self.state.update(|state| {
                state.expire_typing(now);
            });
        }
        if self.undo.with_untracked(|undo| undo.values().any(|until| *until <= now)) {
            self.undo.update(|undo| undo.retain(|_, until| *until > now));
        }
    }

    /// Gives the connection machine something that happened, and does what it says.
    fn feed(self, input: Input<'_>) {
        let Some((actions, state)) = self.core.try_update_value(|core| {
            let actions = core.link.step(input, time::now(), js_sys::Math::random());
            (actions, core.link.state())
        }) else {
            return;
        };
        for action in actions {
            self.perform(action);
        }
        if self.link.get_untracked() != state {
            self.link.set(state);
            self.stopped(state);
        }
    }

    fn perform(self, action: Action) {
        match action {
            Action::Connect(number) => self.connect(number),
            Action::Close(number) => self.core.update_value(|core| {
                if core.socket.as_ref().is_some_and(|socket| socket.number == number) {
                    core.socket = None;
                }
            }),
            Action::Ping(_) => self.ask(chancery_protocol::command::Ping {}),
            Action::Down => self.down(),
            Action::CheckSession => self.session.check(move || self.feed(Input::SignedOut)),
        }
    }

    fn connect(self, number: SocketNumber) {
        let Some(csrf) = self.session.csrf() else { return };
        let socket = Socket::open(
            number,
            &csrf,
            move |text| self.heard(number, &text),
            move |code| self.feed(Input::Closed(number, code)),
        );
        match socket {
            Some(socket) => self.core.update_value(|core| core.socket = Some(socket)),
            // Not even a socket: told after this step is over.
            None => queue_microtask(move || self.feed(Input::Closed(number, None))),
        }
    }

    /// What was asked will not be answered on this line.
    fn down(self) {
        let asked = self.core.try_update_value(|core| std::mem::take(&mut core.asked)).unwrap_or_default();
        self.core.update_value(|core| core.sent_presence = None);
        self.state.update(|state| {
            for one in asked.values() {
                state.refused(&one.command);
            }
            state.presence.clear();
        });
        self.outbox.update(Outbox::on_disconnected);
        self.acts.update(|acts| acts.connected(false));
        self.arranging.update(Arranging::forget_answers);
        for one in asked.into_values() {
            if let Some(then) = one.then {
                then(Err(ClientError::Network));
            }
        }
    }

    /// The server or the machine ended it for good.
    fn stopped(self, state: LinkState) {
        let LinkState::Stopped(Stopped::Goodbye(reason)) = state else { return };
        match reason {
            Goodbye::SessionEnded => self.session.end(Farewell::Ended),
            Goodbye::Suspended => self.session.end(Farewell::Suspended),
            Goodbye::PolicyUnaccepted => self.policy_due.set(true),
            // The banner says what to do.
            Goodbye::ProtocolError | Goodbye::FrameTooLarge => {}
            Goodbye::ServerStopping | Goodbye::TooSlow | Goodbye::Silent => {}
        }
    }

    /// Asks and does not wait for the answer; the reducer takes it in.
    pub fn ask(self, command: impl Into<Command>) {
        self.request(command.into(), None);
    }

    /// Asks and calls `then` with the answer, or with [`ClientError::Network`] when the line is or goes down.
    pub fn ask_then(
        self,
        command: impl Into<Command>,
        then: impl FnOnce(Result<Answer, ClientError>) + 'static,
    ) {
        self.request(command.into(), Some(Box::new(then)));
    }

    /// Asks and waits for the answer.
    pub async fn asked(self, command: Command) -> Result<Answer, ClientError> {
        let heard = std::rc::Rc::new(std::cell::RefCell::new(None));
        let answer = std::rc::Rc::clone(&heard);
        let mut command = Some(command);
        let answered = js_sys::Promise::new(&mut |resolve, _| {
            let heard = std::rc::Rc::clone(&heard);
            if let Some(command) = command.take() {
                self.ask_then(command, move |answer| {
                    heard.replace(Some(answer));
                    // A resolve function cannot fail.
                    let _ = resolve.call0(&wasm_bindgen::JsValue::NULL);
                });
            }
        });
        let _ = wasm_bindgen_futures::JsFuture::from(answered).await;
        answer.take().unwrap_or(Err(ClientError::Aborted))
    }

    fn request(self, command: Command, then: Option<Then>) {
        let live = self.core.with_value(|core| matches!(core.link.state(), LinkState::Live { .. }));
        let id = self.core.try_update_value(|core| {
            core.next_id = core.next_id.wrapping_add(1);
            core.next_id
        });
        let request = Request { id: id.unwrap_or_default(), command };
        let sent = live
            && serde_json::to_string(&request).is_ok_and(|text| {
                self.core.with_value(|core| core.socket.as_ref().is_some_and(|socket| socket.send(&text)))
            });
        let Request { id, command } = request;
        if !sent {
            self.state.update(|state| state.refused(&command));
            if let Some(then) = then {
                then(Err(ClientError::Network));
            }
            return;
        }
        let number = self.core.try_update_value(|core| {
            core.asked.insert(id, Asked { command, then });
            core.link.socket()
        });
        if let Some(number) = number.flatten() {
            self.feed(Input::Sent(number));
        }
    }
}
