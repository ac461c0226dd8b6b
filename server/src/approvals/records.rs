//! Bodies of the records of requests. Their fields are for ever: new ones are optional.

use chancery_protocol::Micros;
use chancery_protocol::approvals::{About, Asked, AskedIdentity};
use chancery_protocol::ids::PersonId;
use serde::{Deserialize, Serialize};

/// Body of `request.asked`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestAsked {
    /// What exactly: `act` and `content`.
    #[serde(flatten)]
    pub asked: Asked,
    /// Why.
    pub reason: String,
    /// Until when somebody may agree.
    pub lapses_at: Micros,
}

/// Body of `request.agreed`, `request.refused`, `request.withdrawn` and `request.lapsed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestEnded {
    /// What it was about, without contents.
    pub items: Vec<About>,
    /// Which identity it was about, and whose account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<AskedIdentity>,
    /// Who had asked.
    pub asked_by: PersonId,
    /// Why it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
}
