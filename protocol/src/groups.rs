//! Groups of people, whatever their source; not conversations of several people.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ids::{GroupId, PersonId, SourceId};
use crate::person::{Person, Role};

/// Longest name of a group made here, in characters.
pub const MAX_GROUP_NAME: usize = 100;

/// Most people that one request takes in and out together.
pub const MAX_MEMBERS_CHANGED: usize = 500;

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

/// A group that is made here; nobody is in it yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MakeGroup {
    /// What people call it, 1 to [`MAX_GROUP_NAME`] characters; no other group made here is called so (`group_name_taken`).
    pub name: String,
    /// What its members may do; may be nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<Role>,
}

/// The group that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GroupMade {
    /// Which.
    pub id: GroupId,
}

/// What a group made here is called from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RenameGroup {
    /// As for [`MakeGroup::name`].
    pub name: String,
    /// The name that was changed; when it is another by now, nothing happens (`outdated`).
    pub was: String,
}

/// Who comes into a group made here and who leaves it: up to [`MAX_MEMBERS_CHANGED`] people together, each named once. Whoever
/// is in it already, or is not in it, stays as they are; so the same request again completes what was cut short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeGroupMembers {
    /// Who comes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub add: Vec<PersonId>,
    /// Who leaves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remove: Vec<PersonId>,
    /// What the group let its members do when this was decided; when that is something else by now, nothing more happens
    /// (`outdated`), so that nobody gives roles they did not know of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<Role>>,
}
