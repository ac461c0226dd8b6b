//! Ids: 16 bytes each, printed as UUID text. One macro, one list.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What every id can do.
pub trait Id: Copy + Eq + std::hash::Hash + std::fmt::Display {
    /// From its 16 bytes.
    fn from_bytes(bytes: [u8; 16]) -> Self;
    /// Its 16 bytes.
    fn bytes(self) -> [u8; 16];
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl Id for $name {
            fn from_bytes(bytes: [u8; 16]) -> Self { Self(Uuid::from_bytes(bytes)) }
            fn bytes(self) -> [u8; 16] { self.0.into_bytes() }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { self.0.fmt(f) }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, uuid::Error> { text.parse().map(Self) }
        }
    )*};
}

ids! {
    /// A person with an account.
    PersonId
    /// A direct talk, a group or an announcement.
    ConversationId
    /// A record of the journal. A message is named by the record that first wrote it.
    RecordId
    /// A signed-in device.
    SessionId
    /// Chosen by the client, unique per person: makes a repeated command answer with the first result.
    ClientId
    /// A one-time link.
    LinkId
    /// A wrapping or data key.
    KeyId
    /// Where people come from: a directory, an OpenID Connect provider.
    SourceId
    /// A group of people, whatever its source.
    GroupId
    /// A run of reading a source in the background.
    SyncId
    /// A token of a machine that writes to us.
    TokenId
    /// A second factor of a person.
    FactorId
    /// Something that was asked for and needs a second person.
    RequestId
    /// A run of a rule over the archive.
    BacktestId
    /// A mail of the outbox, or a decision about one.
    MailId
}
