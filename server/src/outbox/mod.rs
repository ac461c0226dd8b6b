//! The outbox: mails that were decided on, and how each of them fares.
//!
//! What must stay true: a mail is taken up by one node at a time, and by another one only when the first has not been heard of for
//! [`LEASE`]; what became of it is kept only by the node that has it. What a mail says is found when it leaves (`notify`), so that it
//! says what counts then. Only what cannot be found again, the link that works once, is kept with it, sealed.

mod store;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chancery_protocol::Micros;
use chancery_protocol::ids::{ConversationId, Id as _, LinkId, MailId, PersonId};
use chancery_protocol::mail::{KEPT_DAYS, MailKind, MailReason, MailState};
use serde::{Deserialize, Serialize};

pub use store::{
    Fared, any_due, counts, expire, goes_to, has_open, late, links_to, page, put, settle, states_of, sweep,
    take_back, take_back_all, take_up, try_at_once,
};

/// After so long without news another node takes up what one was handing over. Longer than handing over can take.
pub const LEASE: Micros = 15 * MINUTE;
/// How long mails that are done with are kept.
pub const KEPT: Micros = KEPT_DAYS as Micros * 24 * 60 * MINUTE;
/// How long a mail about messages, or about what was done to an account, is of use.
pub const OF_USE: Micros = 24 * 60 * MINUTE;

const MINUTE: Micros = 60_000_000;

/// Whether a mail server is set up: kept by `notify`, asked by whoever could do without a mail. Copies say the same.
#[derive(Debug, Clone, Default)]
pub struct MailServer(Arc<AtomicBool>);

impl MailServer {
    /// Whether one is.
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// From now on it is so.
    pub fn set(&self, set: bool) {
        self.0.store(set, Ordering::Relaxed);
    }
}

/// A mail that is decided on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMail {
    /// Which; its `Message-ID` is made of it.
    pub id: MailId,
    /// What it is.
    pub kind: MailKind,
    /// To whom.
    pub person: PersonId,
    /// About which conversation, if about one.
    pub conversation: Option<ConversationId>,
    /// When it was decided on.
    pub at: Micros,
    /// After this it is of no use.
    pub expires_at: Micros,
    /// The link it carries.
    pub link: Option<LinkId>,
    /// What cannot be found when it leaves.
    pub content: Option<Content>,
}

/// What cannot be found when a mail leaves.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// A link that works once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Who had it sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// Not what it holds: a link is a secret.
impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Content").field("by", &self.by).finish_non_exhaustive()
    }
}

/// A mail and how it fares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Which.
    pub id: MailId,
    /// What it is.
    pub kind: MailKind,
    /// To whom.
    pub person: PersonId,
    /// About which conversation, if about one.
    pub conversation: Option<ConversationId>,
    /// When it was decided on.
    pub at: Micros,
    /// How it fares.
    pub state: MailState,
    /// When it is tried next; while it is being handed over, when another node may take it up.
    pub due_at: Micros,
    /// After this it is of no use.
    pub expires_at: Micros,
    /// How often handing it over was begun.
    pub attempts: u32,
    /// When that was last.
    pub tried_at: Option<Micros>,
    /// When the mail server took it.
    pub sent_at: Option<Micros>,
    /// The link it carries.
    pub link: Option<LinkId>,
    /// What cannot be found when it leaves; gone once it is done with.
    pub content: Option<Content>,
    /// Why it stands as it does.
    pub reason: Option<MailReason>,
    /// Where it was handed over to last.
    pub address: Option<String>,
}

/// How the outbox stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Late {
    /// Mails that are still to leave, late or not.
    pub waiting: u64,
    /// When the oldest of those was decided on that should have left by now.
    pub oldest: Option<Micros>,
    /// Whether the mail server has taken any since then.
    pub taken_since: bool,
}

/// No id that was made at this time or later is smaller.
pub fn first_id(at: Micros) -> MailId {
    let millis = u64::try_from(at / 1_000).unwrap_or(0).to_be_bytes();
    let mut bytes = [0; 16];
    for (byte, from) in bytes.iter_mut().zip(millis.iter().skip(2)) {
        *byte = *from;
    }
    MailId::from_bytes(bytes)
}

/// What became of a mail that was taken up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// The server took it.
    Sent,
    /// It is tried again then.
    Later(Micros, MailReason),
    /// As [`Fate::Later`], and it does not count as an attempt: no mail would have been taken.
    NotItsFault(Micros, MailReason),
    /// Its reader wants quiet until then, and it is of use for as long after it as ever.
    Held(Micros, MailReason),
    /// It ends in this state.
    Over(MailState, Option<MailReason>),
}

const fn number_of_state(state: MailState) -> i32 {
    match state {
        MailState::Waiting => 1,
        MailState::Leaving => 2,
        MailState::Sent => 3,
        MailState::Dropped => 4,
        MailState::Refused => 5,
        MailState::Expired => 6,
        MailState::NoServer => 7,
    }
}

fn state_of(number: i32) -> MailState {
    MailState::ALL.into_iter().find(|state| number_of_state(*state) == number).unwrap_or(MailState::Dropped)
}

const KINDS: [MailKind; 5] =
    [MailKind::Missed, MailKind::Daily, MailKind::Invitation, MailKind::Reset, MailKind::FactorsRemoved];

const fn number_of_kind(kind: MailKind) -> i32 {
    match kind {
        MailKind::Missed => 1,
        MailKind::Daily => 2,
        MailKind::Invitation => 3,
        MailKind::Reset => 4,
        MailKind::FactorsRemoved => 5,
    }
}

fn kind_of(number: i32) -> MailKind {
    KINDS.into_iter().find(|kind| number_of_kind(*kind) == number).unwrap_or(MailKind::Missed)
}
