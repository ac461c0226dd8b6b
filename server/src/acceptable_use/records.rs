//! Bodies of the records about the policy. Their fields are for ever: new ones are optional.

use chancery_protocol::ids::{PersonId, RequestId};
use chancery_protocol::policy::ItemKind;
use serde::{Deserialize, Serialize};

use super::items::Content;
use crate::directory::records::Via;

/// Body of `policy.set`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicySet {
    /// How these items are from now on.
    pub items: Vec<ItemSet>,
    /// Which request was agreed to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<RequestId>,
    /// Who asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_by: Option<PersonId>,
    /// Who agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreed_by: Option<PersonId>,
    /// How.
    pub via: Via,
}

/// A version of an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemSet {
    /// What it is.
    pub kind: ItemKind,
    /// Which.
    pub name: String,
    /// Its version.
    pub version: u32,
    /// Whether it counts.
    pub in_force: bool,
    /// Where it stands among its kind.
    pub place: i32,
    /// What it says, as a whole.
    pub content: Content,
}
