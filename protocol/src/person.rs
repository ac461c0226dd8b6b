//! People, their roles and their presence.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Micros;
use crate::ids::PersonId;

/// What a person may do adds up over the roles. Everybody is an employee or a guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Chats.
    Employee,
    /// Chats in named conversations only.
    Guest,
    /// Runs users, keys and health; reads no messages of others.
    ItAdmin,
    /// Searches, reviews, holds, exports.
    ComplianceOfficer,
    /// An officer who also agrees to what needs a second person.
    ComplianceLead,
    /// Reads the audit trail and figures, no text.
    Auditor,
}

impl Role {
    /// Every role, in the order of the documents.
    pub const ALL: [Role; 6] = [
        Role::Employee,
        Role::Guest,
        Role::ItAdmin,
        Role::ComplianceOfficer,
        Role::ComplianceLead,
        Role::Auditor,
    ];
}

/// A person as colleagues see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Person {
    /// Who.
    pub id: PersonId,
    /// The handle used to sign in and in `@mentions`: lower case letters, digits, `.`, `_`, `-`.
    pub username: String,
    /// The name shown.
    pub name: String,
    /// Own words on the present state, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// No longer signs in; what they wrote stays.
    #[serde(default)]
    pub suspended: bool,
    /// A program that writes under its own name; somebody answers for it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub bot: bool,
    /// Somebody from outside.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub guest: bool,
    /// On which terms a guest is here; absent where a source made a guest of them and nobody has said yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<GuestTerms>,
    /// What they are in the company, as their source says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Where in the company they are, as their source says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// Which picture of them there is, if any: `GET /people/{person}/photo?v=` this. Another picture has another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo: Option<String>,
}

/// On which terms somebody from outside is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GuestTerms {
    /// Who answers for them.
    pub sponsor: PersonId,
    /// Until when: then their sessions end, and nobody signs in any more.
    pub ends_at: Micros,
}

/// How reachable a person is. Lives in memory only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// Connected and active.
    Available,
    /// Connected, idle.
    Away,
    /// Connected, busy.
    Busy,
    /// Connected, wants no notifications.
    DoNotDisturb,
    /// Connected, in a meeting.
    InMeeting,
    /// Not connected.
    Offline,
}
