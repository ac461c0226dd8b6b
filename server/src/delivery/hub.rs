//! The sockets of this node, and what goes to whom.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use bytestring::ByteString;
use chancery_ledger::{Kind, Stream};
use chancery_protocol::conversation::{ConversationKind, MemberMark};
use chancery_protocol::frame::{Frame, Goodbye};
use chancery_protocol::ids::{ConversationId, Id, PersonId, SessionId};
use chancery_protocol::person::Presence;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;

use super::meters::Meters;
use super::presence::Presences;
use super::typing::Typings;
use crate::access::Gate;
use crate::conversations::{Entry, Roster};
use crate::journal::Delivered;
use crate::messaging::Messaging;
use crate::messaging::history::named_in_event;

/// Frames waiting for a client that reads slowly; one more and it is closed.
const QUEUE: usize = 1_024;

/// What a socket's writer is told.
#[derive(Debug, Clone)]
pub enum Out {
    /// Send this.
    Frame(ByteString),
    /// Say goodbye and close.
    Close(Goodbye),
}

/// One connection of this node.
pub struct Socket {
    /// Names it on this node.
    pub id: u64,
    /// Whose.
    pub person: PersonId,
    /// Of which session.
    pub session: SessionId,
    queue: mpsc::Sender<Out>,
    /// Set when the queue is full or the end was said: the writer must not wait for the client any more.
    closing: Mutex<Option<Goodbye>>,
    wake: tokio::sync::Notify,
}

impl Socket {
    /// Hands a frame over without waiting; a full queue ends the connection.
    pub fn send(&self, frame: ByteString) {
        match self.queue.try_send(Out::Frame(frame)) {
            Ok(()) | Err(TrySendError::Closed(_)) => {}
            Err(TrySendError::Full(_)) => self.close(Goodbye::TooSlow),
        }
    }

    /// Ends the connection with a reason. The first reason counts.
    pub fn close(&self, reason: Goodbye) {
        let mut closing = self.closing.lock().unwrap_or_else(PoisonError::into_inner);
        if closing.is_none() {
            *closing = Some(reason);
            // What is queued goes out first, unless the client does not read.
            let _ = self.queue.try_send(Out::Close(reason));
            self.wake.notify_one();
        }
    }

    /// Why the connection ends, when that was said.
    pub fn reason(&self) -> Option<Goodbye> {
        *self.closing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until the connection must end.
    pub async fn ended(&self) -> Goodbye {
        loop {
            if let Some(reason) = self.reason() {
                return reason;
            }
            self.wake.notified().await;
        }
    }
}

/// All sockets of this node.
#[derive(Default)]
pub struct Hub {
    sockets: RwLock<HashMap<PersonId, Vec<Arc<Socket>>>>,
    next_id: AtomicU64,
    stopping: std::sync::atomic::AtomicBool,
    pub(super) presences: Mutex<Presences>,
    pub(super) typings: Mutex<Typings>,
    meters: Meters,
    /// Which conversation's marks a socket looks at.
    marks_watched: Mutex<HashMap<u64, ConversationId>>,
}

impl Hub {
    /// Takes in a connection; what is delivered from now on waits in its queue.
    pub fn join(&self, person: PersonId, session: SessionId) -> (Arc<Socket>, mpsc::Receiver<Out>) {
        let (queue, receiver) = mpsc::channel(QUEUE);
        let socket = Arc::new(Socket {
            id: self.next_id.fetch_add(1, Ordering::Relaxed),
            person,
            session,
            queue,
            closing: Mutex::default(),
            wake: tokio::sync::Notify::new(),
        });
        self.sockets
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(person)
            .or_default()
            .push(Arc::clone(&socket));
        self.presences().set(person, socket.id, Some(Presence::Available));
        if self.stopping.load(Ordering::SeqCst) {
            socket.close(Goodbye::ServerStopping);
        }
        (socket, receiver)
    }

    /// Forgets a connection.
    pub fn leave(&self, socket: &Socket) {
        let mut sockets = self.sockets.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(of_person) = sockets.get_mut(&socket.person) {
            of_person.retain(|other| other.id != socket.id);
            if of_person.is_empty() {
                sockets.remove(&socket.person);
            }
        }
        drop(sockets);
        self.watch_marks(socket.id, None);
        let mut presences = self.presences();
        presences.watch(socket.id, Vec::new());
        presences.set(socket.person, socket.id, None);
    }

    pub(super) fn presences(&self) -> std::sync::MutexGuard<'_, Presences> {
        self.presences.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The connections of a person on this node.
    pub fn of(&self, person: PersonId) -> Vec<Arc<Socket>> {
        self.sockets.read().unwrap_or_else(PoisonError::into_inner).get(&person).cloned().unwrap_or_default()
    }

    /// To a person's devices, all but one.
    pub fn send_to(&self, person: PersonId, but: Option<u64>, frame: &Frame) {
        let sockets = self.of(person);
        if sockets.iter().all(|socket| Some(socket.id) == but) {
            return;
        }
        let Some(text) = serialise(frame) else { return };
        for socket in sockets.iter().filter(|socket| Some(socket.id) != but) {
            socket.send(text.clone());
        }
    }

    /// Ends every connection: the server stops.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::SeqCst);
        for socket in self.sockets.read().unwrap_or_else(PoisonError::into_inner).values().flatten() {
            socket.close(Goodbye::ServerStopping);
        }
    }

    /// Ends the connections of those who have to accept something first.
    pub fn turn_out(&self, gate: &dyn Gate) {
        for (person, sockets) in &*self.sockets.read().unwrap_or_else(PoisonError::into_inner) {
            if gate.closed_for(*person) {
                sockets.iter().for_each(|socket| socket.close(Goodbye::PolicyUnaccepted));
            }
        }
    }

    /// How many connections there are.
    pub fn count(&self) -> usize {
        self.sockets.read().unwrap_or_else(PoisonError::into_inner).values().map(Vec::len).sum()
    }

    /// How many people have one.
    pub fn people(&self) -> usize {
        self.sockets.read().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// What is measured of the sockets.
    pub fn meters(&self) -> &Meters {
        &self.meters
    }

    /// Hands a committed record to everybody here who may receive it.
    pub fn deliver(&self, messaging: &Messaging, delivered: &Delivered) {
        match delivered.header.stream {
            Stream::Conversation(id) => {
                let Some(entry) = messaging.roster.get(Id::from_bytes(id)) else { return };
                self.deliver_event(messaging, delivered, &entry);
            }
            Stream::Person(id) => self.deliver_person(messaging, delivered, PersonId::from_bytes(id)),
            Stream::System => match messaging.told(delivered) {
                Ok(Some((person, frame))) => self.send_to(person, None, &frame),
                Ok(None) => {}
                // The author sees it when the conversation is opened again.
                Err(error) => {
                    tracing::warn!(%error, position = delivered.header.position, "an author could not be told");
                }
            },
        }
    }

    fn deliver_event(&self, messaging: &Messaging, delivered: &Delivered, entry: &Entry) {
        let event = match messaging.live(delivered) {
            Ok(Some(event)) => event,
            Ok(None) => return,
            Err(error) => {
                // Those concerned notice the gap with the next event and ask for it.
                tracing::warn!(%error, position = delivered.header.position, "an event could not be made");
                return;
            }
        };
        let seq = event.seq;
        let people = messaging.people(named_in_event(&event).into_iter().collect());
        let Some(text) = serialise(&Frame::Event { event, people }) else { return };
        let sockets = self.sockets.read().unwrap_or_else(PoisonError::into_inner);
        for (person, stay) in &entry.members {
            if stay.sees(seq) {
                sockets.get(person).into_iter().flatten().for_each(|socket| socket.send(text.clone()));
            }
        }
    }

    fn deliver_person(&self, messaging: &Messaging, delivered: &Delivered, person: PersonId) {
        let kind = delivered.header.kind;
        match kind {
            Kind::SessionEnded => {
                let session = delivered.header.target.map(SessionId::from_bytes);
                for socket in self.of(person).iter().filter(|socket| Some(socket.session) == session) {
                    socket.close(Goodbye::SessionEnded);
                }
            }
            Kind::PersonSuspended
            | Kind::PersonReinstated
            | Kind::PersonChanged
            | Kind::GuestSet
            | Kind::StatusSet
            | Kind::PhotoSet => {
                if kind == Kind::PersonSuspended {
                    self.of(person).iter().for_each(|socket| socket.close(Goodbye::Suspended));
                }
                self.deliver_changed_person(messaging, person);
            }
            _ => {}
        }
    }

    /// To those who share a conversation with the person, and so may show the name.
    fn deliver_changed_person(&self, messaging: &Messaging, person: PersonId) {
        // With whoever answers for a guest.
        let people = messaging.people(std::collections::BTreeSet::from([person]));
        let frames: Vec<_> =
            people.into_iter().filter_map(|person| serialise(&Frame::Person { person })).collect();
        let mut concerned: std::collections::BTreeSet<PersonId> = std::collections::BTreeSet::from([person]);
        for conversation in messaging.roster.of(person) {
            if let Some(entry) = messaging.roster.get(conversation) {
                concerned.extend(entry.present().map(|(member, _)| member));
            }
        }
        let sockets = self.sockets.read().unwrap_or_else(PoisonError::into_inner);
        for person in concerned {
            for socket in sockets.get(&person).into_iter().flatten() {
                frames.iter().for_each(|frame| socket.send(frame.clone()));
            }
        }
    }

    /// From now on this socket looks at the marks of this conversation only.
    pub(super) fn watch_marks(&self, socket: u64, conversation: Option<ConversationId>) {
        let mut watched = self.marks_watched.lock().unwrap_or_else(PoisonError::into_inner);
        match conversation {
            Some(conversation) => drop(watched.insert(socket, conversation)),
            None => drop(watched.remove(&socket)),
        }
    }

    /// Once a second: marks that moved go to those who look, and to the other person of a direct talk.
    pub(super) fn tell_marks(&self, roster: &Roster, news: HashMap<ConversationId, Vec<MemberMark>>) {
        for (conversation, marks) in news {
            let Some(entry) = roster.get(conversation) else { continue };
            let watching = self.watching_marks_of(conversation);
            let direct = entry.kind == ConversationKind::Direct;
            let mut frame = None;
            for (person, _) in entry.present() {
                for socket in self.of(person).iter().filter(|socket| direct || watching.contains(&socket.id))
                {
                    let text = frame.get_or_insert_with(|| {
                        serialise(&Frame::Marks { conversation, marks: marks.clone() })
                    });
                    if let Some(text) = text {
                        socket.send(text.clone());
                    }
                }
            }
        }
    }

    fn watching_marks_of(&self, conversation: ConversationId) -> HashSet<u64> {
        let watched = self.marks_watched.lock().unwrap_or_else(PoisonError::into_inner);
        watched
            .iter()
            .filter(|(_, looked_at)| **looked_at == conversation)
            .map(|(socket, _)| *socket)
            .collect()
    }

    /// Once a second: changed presence goes to those who look.
    pub fn tick(&self) {
        let frames = self.presences().take_changes();
        if frames.is_empty() {
            return;
        }
        let sockets = self.sockets.read().unwrap_or_else(PoisonError::into_inner);
        for socket in sockets.values().flatten() {
            if let Some(people) = frames.get(&socket.id)
                && let Some(text) = serialise(&Frame::Presence { people: people.clone() })
            {
                socket.send(text);
            }
        }
    }
}

/// A frame as text. Frames are plain data and always serialise; if one did not, it would be left out and logged.
pub fn serialise(frame: &Frame) -> Option<ByteString> {
    match serde_json::to_string(frame) {
        Ok(text) => Some(text.into()),
        Err(error) => {
            tracing::error!(%error, "a frame cannot be serialised");
            None
        }
    }
}
