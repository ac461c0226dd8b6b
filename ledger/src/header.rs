//! The header: one canonical byte string of every clear field of a record.
//!
//! Integers are big-endian. A field that may be absent has a bit in `flags` and no bytes when absent,
//! so that one header has exactly one encoding and every other byte string is refused.

use thiserror::Error;

use crate::{Commitment, Id, Kind};

/// The first byte of every header of this form.
pub const FORMAT_VERSION: u8 = 1;

const SEQ: u8 = 1 << 0;
const ACTOR: u8 = 1 << 1;
const ON_BEHALF_OF: u8 = 1 << 2;
const CONVERSATION: u8 = 1 << 3;
const TARGET: u8 = 1 << 4;
const WRITTEN_AT: u8 = 1 << 5;
const KNOWN_FLAGS: u8 = SEQ | ACTOR | ON_BEHALF_OF | CONVERSATION | TARGET | WRITTEN_AT;

/// The sequence a record belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stream {
    /// What every member of a conversation may receive; its records carry a `seq`.
    Conversation(Id),
    /// What concerns one person: sign-ins, status, account.
    Person(Id),
    /// What concerns the house as a whole.
    System,
}

impl Stream {
    fn tag(self) -> u8 {
        match self {
            Self::Conversation(_) => 1,
            Self::Person(_) => 2,
            Self::System => 3,
        }
    }
}

/// Every clear field of a record. Times are microseconds since 1970-01-01 UTC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The record's own id (UUIDv7).
    pub record: Id,
    /// Place in the journal, from 1, without gaps; `position - 1` is the leaf index of the tree.
    pub position: u64,
    /// The stream it belongs to.
    pub stream: Stream,
    /// Place in its conversation, from 1, dense; absent in person and system streams.
    pub seq: Option<u64>,
    /// What it is about.
    pub kind: Kind,
    /// The person who acted; absent when the server itself did.
    pub actor: Option<Id>,
    /// The person in whose name the actor acted.
    pub on_behalf_of: Option<Id>,
    /// The conversation concerned, in person and system streams only.
    pub conversation: Option<Id>,
    /// The record, person or session it is about.
    pub target: Option<Id>,
    /// When it was committed; never runs back, never decides order.
    pub at: i64,
    /// When it was written, where that differs from `at` (a message released after review).
    pub written_at: Option<i64>,
    /// HMAC over the body, see [`crate::commitment`].
    pub commitment: Commitment,
}

/// Why bytes are not a header of format version 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum HeaderError {
    /// Fewer bytes than the fields need.
    #[error("header ends early")]
    TooShort,
    /// Bytes after the last field.
    #[error("header has bytes after its last field")]
    TooLong,
    /// A format version this code does not know.
    #[error("unknown header format version {0}")]
    Version(u8),
    /// A flag bit that is not defined.
    #[error("unknown header flags {0:#04x}")]
    Flags(u8),
    /// A stream tag that is not defined.
    #[error("unknown stream tag {0}")]
    Stream(u8),
    /// A kind number that is not defined.
    #[error("unknown record kind {0}")]
    Kind(u16),
    /// A position or seq of zero.
    #[error("position and seq count from 1")]
    Zero,
    /// A conversation record without `seq`, or a system record with one, or a conversation field twice.
    #[error("seq and conversation do not fit the stream")]
    Shape,
}

impl Header {
    /// The canonical bytes.
    pub fn encode(&self) -> Vec<u8> {
        let flag = |present: bool, bit: u8| if present { bit } else { 0 };
        let flags = flag(self.seq.is_some(), SEQ)
            | flag(self.actor.is_some(), ACTOR)
            | flag(self.on_behalf_of.is_some(), ON_BEHALF_OF)
            | flag(self.conversation.is_some(), CONVERSATION)
            | flag(self.target.is_some(), TARGET)
            | flag(self.written_at.is_some(), WRITTEN_AT);
        let mut out = Vec::with_capacity(190);
        out.push(FORMAT_VERSION);
        out.push(flags);
        out.extend_from_slice(&self.kind.number().to_be_bytes());
        out.extend_from_slice(&self.record);
        out.extend_from_slice(&self.position.to_be_bytes());
        out.push(self.stream.tag());
        match &self.stream {
            Stream::Conversation(id) | Stream::Person(id) => out.extend_from_slice(id),
            Stream::System => {}
        }
        if let Some(seq) = self.seq {
            out.extend_from_slice(&seq.to_be_bytes());
        }
        for id in [self.actor, self.on_behalf_of, self.conversation, self.target].iter().flatten() {
            out.extend_from_slice(id);
        }
        out.extend_from_slice(&self.at.to_be_bytes());
        if let Some(written_at) = self.written_at {
            out.extend_from_slice(&written_at.to_be_bytes());
        }
        out.extend_from_slice(&self.commitment);
        out
    }

    /// Reads canonical bytes back.
    ///
    /// # Errors
    /// [`HeaderError`] for anything but the one encoding of a valid header.
    pub fn decode(bytes: &[u8]) -> Result<Self, HeaderError> {
        let mut rest = Rest(bytes);
        let [version] = rest.take()?;
        if version != FORMAT_VERSION {
            return Err(HeaderError::Version(version));
        }
        let [flags] = rest.take()?;
        if flags & !KNOWN_FLAGS != 0 {
            return Err(HeaderError::Flags(flags));
        }
        let has = |bit: u8| flags & bit != 0;
        let kind = u16::from_be_bytes(rest.take()?);
        let kind = Kind::try_from(kind).map_err(|_| HeaderError::Kind(kind))?;
        let record = rest.take()?;
        let position = rest.u64()?;
        let [tag] = rest.take()?;
        let stream = match tag {
            1 => Stream::Conversation(rest.take()?),
            2 => Stream::Person(rest.take()?),
            3 => Stream::System,
            other => return Err(HeaderError::Stream(other)),
        };
        let seq = has(SEQ).then(|| rest.u64()).transpose()?;
        let actor = has(ACTOR).then(|| rest.take()).transpose()?;
        let on_behalf_of = has(ON_BEHALF_OF).then(|| rest.take()).transpose()?;
        let conversation = has(CONVERSATION).then(|| rest.take()).transpose()?;
        let target = has(TARGET).then(|| rest.take()).transpose()?;
        let at = i64::from_be_bytes(rest.take()?);
        let written_at = has(WRITTEN_AT).then(|| rest.take().map(i64::from_be_bytes)).transpose()?;
        let commitment = rest.take()?;
        if !rest.0.is_empty() {
            return Err(HeaderError::TooLong);
        }
        if position == 0 || seq == Some(0) {
            return Err(HeaderError::Zero);
        }
        let in_conversation = matches!(stream, Stream::Conversation(_));
        if in_conversation != seq.is_some() || (in_conversation && conversation.is_some()) {
            return Err(HeaderError::Shape);
        }
        Ok(Self {
            record,
            position,
            stream,
            seq,
            kind,
            actor,
            on_behalf_of,
            conversation,
            target,
            at,
            written_at,
            commitment,
        })
    }
}

struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], HeaderError> {
        let (head, tail) = self.0.split_first_chunk::<N>().ok_or(HeaderError::TooShort)?;
        self.0 = tail;
        Ok(*head)
    }

    fn u64(&mut self) -> Result<u64, HeaderError> {
        self.take().map(u64::from_be_bytes)
    }
}
