//! The one append-only journal: whatever must be remembered is a record here, or it did not happen.
//!
//! [`Journal::commit`] is the only way in. A [`Unit`] is records plus, where it has any, SQL of its own. Per
//! process one writer gathers units while the last commit is on its way to disk, and commits them together.
//! What must stay true:
//! - taking `journal_head` is the first statement of every writing transaction, so commit order is position
//!   order, positions have no gaps and every `seq` is dense, on any number of nodes;
//! - nothing is answered or delivered before its commit returned;
//! - a unit is committed once: after a broken connection its record ids are looked up under the head lock.
//!
//! `writer` gathers and retries, `commit` is one transaction, `store` its SQL, `read` opens records again and
//! says which do not verify, `tail` hands committed records on in position order.

mod commit;
mod meters;
mod read;
mod store;
mod system;
mod tail;
mod writer;

use std::sync::Arc;
use std::sync::atomic::AtomicI32;

use chancery_ledger::{Header, Kind, Stream};
use chancery_protocol::Micros;
use chancery_protocol::ids::{ClientId, ConversationId, Id, PersonId, RecordId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::oneshot;

use crate::ground::clock::Clock;
use crate::ground::db::{Conn, Db};
use crate::ground::error::{Code, Error};
use crate::ground::random::Random;
use crate::vault::{Scope, Vault};

pub use meters::Meters;
pub use read::{Damaged, HEADER, HeaderCols, Opened, PAYLOAD, PayloadCols, Reader};
pub use store::{head, lock_head, stream_bytes};
pub use system::{Range, first_not_before, system_header_before, system_headers};
pub use tail::{Batch, Tail, listen};
pub use writer::Writer;

/// First byte of every body.
pub const BODY_VERSION: u8 = 1;

/// How long the answer to a command is kept for those who send it again, in microseconds: 30 days.
pub const DUPLICATES_KEPT: Micros = 30 * 86_400_000_000;

/// A record to be written; position, seq, time and seal are the writer's business.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Its id.
    pub record: RecordId,
    /// Where it belongs; conversation records get a seq.
    pub stream: Stream,
    /// What it is about.
    pub kind: Kind,
    /// Who acted; absent when the server itself did.
    pub actor: Option<PersonId>,
    /// The conversation concerned, in person and system streams.
    pub conversation: Option<ConversationId>,
    /// What it is about: a record, a person, a session.
    pub target: Option<[u8; 16]>,
    /// When it was written, where that was before it was recorded here.
    pub written_at: Option<Micros>,
    /// Version byte and JSON.
    pub body: Vec<u8>,
    /// For messages: their row of the current state.
    pub message: Option<NewMessage>,
}

/// What the current state keeps of a new message besides what the record has.
#[derive(Debug, Clone, Copy, Default)]
pub struct NewMessage {
    /// The message it answers.
    pub reply_to: Option<RecordId>,
    /// The message its thread began with.
    pub thread_root: Option<RecordId>,
    /// Whether it asks everybody else to acknowledge it.
    pub urgent: bool,
}

/// A committed record's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    /// Which record.
    pub record: RecordId,
    /// What it is about.
    pub kind: Kind,
    /// Where in the journal.
    pub position: u64,
    /// Where in its conversation.
    pub seq: Option<u64>,
    /// For messages: which one of its conversation.
    pub ordinal: Option<u64>,
    /// When.
    pub at: Micros,
}

impl Placed {
    /// By a record's header, which does not say which message it is.
    fn of(header: &Header) -> Self {
        Self {
            record: RecordId::from_bytes(header.record),
            kind: header.kind,
            position: header.position,
            seq: header.seq,
            ordinal: None,
            at: header.at,
        }
    }
}

/// Runs under the head lock, before anything of the unit is written.
pub type Check = Box<dyn Fn() -> Result<(), Error> + Send>;
/// A check of everything that comes in by one handle of the journal.
pub type Condition = Arc<dyn Fn() -> Result<(), Error> + Send + Sync>;
/// Runs under the head lock, behind the check: what is to be committed instead, if anything, by the newest snapshot.
pub type Instead = Box<dyn Fn() -> Result<Option<Unit>, Error> + Send>;
/// SQL of a unit, in a SAVEPOINT of its own; run again when the batch is. It must not end the transaction.
pub type Work = Box<dyn Fn(&mut Conn, &[Placed]) -> Result<(), Error> + Send>;

/// What is committed together or not at all.
#[derive(Default)]
pub struct Unit {
    /// At least one, unless `once` finds that it was committed before.
    pub records: Vec<Draft>,
    /// Whose command, by which client id: a repetition is answered with the first result.
    pub once: Option<(PersonId, ClientId)>,
    /// The command is asked back and comes again under the same client id: nothing is remembered of it.
    pub comes_again: bool,
    /// May it still be done? Asked of the newest snapshot.
    pub check: Option<Check>,
    /// Is something else to be done by now? The other unit's own `check` and `instead` do not count; its `once` says what is
    /// remembered.
    pub instead: Option<Instead>,
    /// SQL of its own.
    pub work: Option<Work>,
}

/// What is committed with a unit besides its own, by whoever looked at what it says.
#[derive(Default)]
pub struct Beside {
    /// Records about the unit's first one.
    pub about: Vec<Draft>,
    /// Asked after the unit's own check.
    pub check: Option<Check>,
}

impl Unit {
    /// As which command it is remembered, if it is.
    fn remembered(&self) -> Option<(PersonId, ClientId)> {
        self.once.filter(|_| !self.comes_again)
    }

    /// With what else belongs to it.
    #[must_use]
    pub fn with(mut self, also: Beside) -> Self {
        if let Some((first, stream)) = self.records.first().map(|first| (first.record, first.stream)) {
            let here = match stream {
                Stream::Conversation(id) => Some(ConversationId::from_bytes(id)),
                Stream::Person(_) | Stream::System => None,
            };
            let about = also.about.into_iter().map(|about| Draft {
                target: Some(first.bytes()),
                conversation: about.conversation.or(here),
                ..about
            });
            self.records.extend(about);
        }
        self.check = match (self.check, also.check) {
            (Some(own), Some(other)) => Some(Box::new(move || own().and_then(|()| other()))),
            (own, other) => own.or(other),
        };
        self
    }
}

/// What became of a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Committed {
    /// In the order of the unit's records; for a repetition only the first one.
    pub placed: Vec<Placed>,
    /// Whether an earlier unit with the same client id is answered again.
    pub repeated: bool,
}

impl Committed {
    /// The place of the unit's first record.
    ///
    /// # Errors
    /// `internal` for a unit without records.
    pub fn first(&self) -> Result<Placed, Error> {
        self.placed.first().copied().ok_or_else(|| Error::internal("a unit without records"))
    }
}

/// A record on its way to those who may receive it.
#[derive(Debug, Clone)]
pub struct Delivered {
    /// Its header.
    pub header: Header,
    /// Version byte and JSON; absent when the stored record does not verify.
    pub body: Option<Arc<[u8]>>,
    /// For messages: which one of its conversation.
    pub ordinal: Option<u64>,
    /// Straight from the writer: nothing newer about the same message was delivered yet. Read from the journal
    /// it may be old news, and what is shown now is looked up.
    pub fresh: bool,
    /// When its commit returned, if this process wrote it.
    pub committed: Option<tokio::time::Instant>,
}

/// Called with the positions of records that change who may do what, before anything is decided by them. It
/// reads them and brings the snapshots up to date.
pub type OnControl = Arc<dyn Fn(&mut Conn, &[Header]) -> Result<(), Error> + Send + Sync>;

/// The way into the journal.
#[derive(Clone)]
pub struct Journal {
    db: Db,
    vault: Arc<Vault>,
    clock: Clock,
    random: Random,
    queue: tokio::sync::mpsc::Sender<Job>,
    meters: Meters,
    /// PostgreSQL's number of the process that serves the writer's connection; 0 before there is one.
    backend: Arc<AtomicI32>,
    /// What must hold for all that comes in by this handle.
    condition: Option<Condition>,
}

/// A unit on its way to disk.
pub struct Pending(oneshot::Receiver<Result<Committed, Error>>);

impl Pending {
    /// Waits for the disk.
    ///
    /// # Errors
    /// As [`Journal::commit`].
    pub async fn wait(self) -> Result<Committed, Error> {
        self.0.await.map_err(|_| Error::from(Code::Stopping))?
    }
}

struct Job {
    unit: Unit,
    answer: oneshot::Sender<Result<Committed, Error>>,
}

impl Journal {
    /// The same journal: of what comes in by this handle this is asked first, under the head lock.
    #[must_use]
    pub fn only_if(&self, condition: Condition) -> Self {
        Self { condition: Some(condition), ..self.clone() }
    }

    fn conditional(&self, unit: Unit) -> Unit {
        let Some(condition) = self.condition.clone() else { return unit };
        let own = unit.check;
        let check: Check = Box::new(move || {
            condition()?;
            own.as_ref().map_or(Ok(()), |own| own())
        });
        Unit { check: Some(check), ..unit }
    }

    /// Commits a unit, or says why not. When this returns `Ok`, the unit is on disk.
    ///
    /// # Errors
    /// What `check` or `work` said; `storage_unavailable` and `storage_full` when it cannot be written;
    /// `server_stopping` when the writer has ended.
    pub async fn commit(&self, unit: Unit) -> Result<Committed, Error> {
        self.submit(unit).await?.wait().await
    }

    /// Queues a unit; units are committed in the order in which they were queued.
    ///
    /// # Errors
    /// `server_stopping` when the writer has ended.
    pub async fn submit(&self, unit: Unit) -> Result<Pending, Error> {
        let (answer, answered) = oneshot::channel();
        let unit = self.conditional(unit);
        self.queue.send(Job { unit, answer }).await.map_err(|_| Error::from(Code::Stopping))?;
        Ok(Pending(answered))
    }

    /// As [`Journal::commit`], from a thread outside the async runtime (command line).
    ///
    /// # Errors
    /// As [`Journal::commit`].
    pub fn commit_blocking(&self, unit: Unit) -> Result<Committed, Error> {
        let (answer, answered) = oneshot::channel();
        let unit = self.conditional(unit);
        self.queue.blocking_send(Job { unit, answer }).map_err(|_| Error::from(Code::Stopping))?;
        answered.blocking_recv().map_err(|_| Error::from(Code::Stopping))?
    }

    /// Forgets the answers to duplicates that are older than [`DUPLICATES_KEPT`], a chunk at a time, so that no
    /// sender waits long.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn sweep(&self) -> Result<(), Error> {
        let before = self.clock.now() - DUPLICATES_KEPT;
        while self.db.write(move |conn| store::forget_sent(conn, before)).await? > 0 {}
        Ok(())
    }

    /// Units that wait for the writer.
    pub fn waiting(&self) -> usize {
        self.queue.max_capacity() - self.queue.capacity()
    }

    /// What is measured of writer and tail.
    pub fn meters(&self) -> &Meters {
        &self.meters
    }

    /// The database under it.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// The keys under it.
    pub fn vault(&self) -> &Arc<Vault> {
        &self.vault
    }

    /// The time.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Randomness.
    pub fn random(&self) -> &Random {
        &self.random
    }

    /// Opens records again.
    pub fn records(&self) -> Reader {
        Reader::new(Arc::clone(&self.vault))
    }

    /// A new id.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn id<I: Id>(&self) -> Result<I, Error> {
        self.random.id(self.clock.now())
    }

    /// A draft in a stream, with `body` as JSON.
    ///
    /// # Errors
    /// When there is no randomness, or the body is no JSON.
    pub fn draft(
        &self,
        stream: Stream,
        kind: Kind,
        actor: Option<PersonId>,
        body: &impl Serialize,
    ) -> Result<Draft, Error> {
        Ok(Draft {
            record: self.id()?,
            stream,
            kind,
            actor,
            conversation: None,
            target: None,
            written_at: None,
            body: encode_body(body)?,
            message: None,
        })
    }
}

/// A body as it is sealed: version byte and JSON.
///
/// # Errors
/// When `body` is no JSON; a defect.
pub fn encode_body(body: &impl Serialize) -> Result<Vec<u8>, Error> {
    let mut bytes = vec![BODY_VERSION];
    serde_json::to_writer(&mut bytes, body)
        .map_err(|e| Error::internal(format!("a body is no JSON: {e}")))?;
    Ok(bytes)
}

/// A body read back. `None` when it is not of this form: a record that does not say what its kind says.
pub fn decode_body<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    let (version, json) = bytes.split_first()?;
    (*version == BODY_VERSION).then(|| serde_json::from_slice(json).ok()).flatten()
}

/// Whether records of this kind change who may do what, or what else every node keeps a snapshot of.
pub fn is_control(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::ConversationCreated
            | Kind::ConversationDescribed
            | Kind::MembersJoined
            | Kind::MemberLeft
            | Kind::MemberRoleSet
            | Kind::PersonCreated
            | Kind::PersonChanged
            | Kind::PersonSuspended
            | Kind::PersonReinstated
            | Kind::GuestSet
            | Kind::StatusSet
            | Kind::PhotoSet
            | Kind::GroupSet
            | Kind::GroupMembers
            | Kind::PolicySet
            | Kind::PolicyAccepted
            | Kind::MailSettingsChanged
    )
}

/// Whose key seals the records of a stream.
pub fn scope_of(stream: Stream) -> Scope {
    match stream {
        Stream::Conversation(id) => Scope::Conversation(ConversationId::from_bytes(id)),
        Stream::Person(id) => Scope::Person(PersonId::from_bytes(id)),
        Stream::System => Scope::System,
    }
}
