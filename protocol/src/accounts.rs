//! What the console asks and is told about accounts, beside the bodies in [`crate::http`].

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::http::IssuedLink;
use crate::ids::PersonId;
use crate::person::Role;
use crate::problem::Problem;

/// Most accounts on one page, and most people in one [`Bulk`].
pub const MAX_ACCOUNTS: u32 = 200;

/// Which accounts `GET /people` answers, as the query of the address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AccountQuery {
    /// Words that all occur in name or user name, whatever their case and accents.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Only those with this role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Only those in this state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<AccountState>,
    /// In which order; equal ones by name.
    pub sort: AccountSort,
    /// The other way round.
    pub descending: bool,
    /// How many to leave out at the beginning.
    pub offset: u32,
    /// How many at most: 1 to [`MAX_ACCOUNTS`].
    pub limit: u32,
}

impl Default for AccountQuery {
    fn default() -> Self {
        Self {
            text: String::new(),
            role: None,
            state: None,
            sort: AccountSort::Name,
            descending: false,
            offset: 0,
            limit: 50,
        }
    }
}

/// Whether somebody can sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AccountState {
    /// Has a password and may sign in.
    Active,
    /// Has not chosen a password yet.
    Invited,
    /// May not sign in.
    Suspended,
}

impl AccountState {
    /// Every state, in the order of lists.
    pub const ALL: [AccountState; 3] = [AccountState::Active, AccountState::Invited, AccountState::Suspended];
}

/// What a list of accounts is ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AccountSort {
    /// Name, whatever its case and accents.
    #[default]
    Name,
    /// [`AccountState`], in its order.
    State,
    /// Running sessions, fewest first.
    Sessions,
    /// When they were last heard of, longest ago first; those without a session before all others.
    Seen,
}

/// How many accounts there are, whatever was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct AccountTotals {
    /// All.
    pub all: u64,
    /// In state [`AccountState::Active`].
    pub active: u64,
    /// In state [`AccountState::Invited`].
    pub invited: u64,
    /// In state [`AccountState::Suspended`].
    pub suspended: u64,
    /// Those of all who are guests.
    pub guests: u64,
}

/// A change of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePerson {
    /// The name from now on.
    pub name: String,
    /// The name that was changed; when it is another by now, nothing happens (`outdated`).
    pub was: String,
    /// Their e-mail address, where it is changed; refused where a source says it (`email_from_source`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<ChangeEmail>,
}

/// Another e-mail address for an account. Links that went to the one before by mail are void from then on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeEmail {
    /// The address from now on; empty: none.
    pub address: String,
    /// The address that was changed, empty for none; when it is another by now, nothing happens (`outdated`).
    pub was: String,
}

/// The same act for several people. Each is a unit of its own: what cannot be done to one is done to the others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bulk {
    /// What.
    pub act: BulkAct,
    /// To whom: 1 to [`MAX_ACCOUNTS`].
    pub people: Vec<PersonId>,
    /// Whether only to say what would happen. Nothing is written then.
    #[serde(default)]
    pub preview: bool,
}

/// What can be done to several people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum BulkAct {
    /// Suspend them and end their sessions.
    Suspend,
    /// Lift the suspension.
    Reinstate,
    /// Give a role beside those they have.
    AddRole {
        /// Which.
        role: Role,
    },
    /// Take a role.
    RemoveRole {
        /// Which.
        role: Role,
    },
    /// Issue a one-time link to each.
    Reset {
        /// Whether the links go by mail: then the answer does not hold them.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        mail: bool,
    },
}

/// What came of a [`Bulk`]: one line for each person, in the order asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BulkAnswer {
    /// They.
    pub results: Vec<BulkResult>,
}

/// What came of it for one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BulkResult {
    /// Who.
    pub person: PersonId,
    /// What happened, or would.
    pub outcome: BulkOutcome,
    /// How many sessions end with it.
    pub sessions: u32,
    /// Why it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
    /// The link that was issued; shown once, unless it goes by mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<IssuedLink>,
}

/// How it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BulkOutcome {
    /// Changed; in a preview: would be.
    Changed,
    /// Is so already.
    Unchanged,
    /// Cannot be done.
    Refused,
}
