//! Groups of people, whatever their source; not conversations of several people.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ids::{GroupId, SourceId};
use crate::person::{Person, Role};

/// All groups, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Groups {
    /// They.
    pub groups: Vec<Group>,
}

/// A group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Group {
    /// Which.
    pub id: GroupId,
    /// What people call it.
    pub name: String,
    /// Where it comes from; absent when it was made here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceId>,
    /// What that is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_name: Option<String>,
    /// What its members may do, besides what was given to them by hand.
    pub roles: Vec<Role>,
    /// How many people are in it.
    pub members: u64,
}

/// Who is in a group, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GroupMembers {
    /// They.
    pub members: Vec<Person>,
}

/// What the members of a group may do from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetGroupRoles {
    /// All of it; may be nothing.
    pub roles: Vec<Role>,
    /// The roles that were changed; when they are others by now, nothing happens (`outdated`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<Vec<Role>>,
}
