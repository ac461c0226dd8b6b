//! Accounts as those who look after them see and make them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Micros;
use crate::accounts::{AccountState, AccountTotals};
use crate::factors::Emergency;
use crate::ids::{GroupId, MailId, PersonId};
use crate::person::{GuestTerms, Person, Role};

/// A page of accounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Accounts {
    /// They, in the order asked for.
    pub accounts: Vec<Account>,
    /// How many fit what was asked for, on all pages.
    pub matching: u64,
    /// How many there are.
    pub totals: AccountTotals,
    /// Whether a mail server is set up, so that links can go by mail.
    #[serde(default)]
    pub mails: bool,
}

/// An account as an administrator sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Account {
    /// Who.
    pub person: Person,
    /// What they may do.
    pub roles: Vec<Role>,
    /// What of it was given by hand; the rest comes from groups.
    #[serde(default)]
    pub own_roles: Vec<Role>,
    /// Whether a password was ever set.
    pub has_password: bool,
    /// Whether they can sign in.
    pub state: AccountState,
    /// When it was made.
    pub created_at: Micros,
    /// Since when it is suspended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspended_at: Option<Micros>,
    /// The name of the source that suspended it and lets it in again; absent when it was done by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspended_by: Option<String>,
    /// Their e-mail address, as their source says, or as it was given here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The name of the source that says their e-mail address: it cannot be changed here then. Only where one account is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email_from: Option<String>,
    /// The groups of people they are in, by name; only where one account is asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<GroupName>,
    /// Whom they report to, as their source says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manager: Option<Person>,
    /// Who answers for it; bots only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Person>,
    /// Whether it is an account for the day the sources are away, and from where it can be used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emergency: Option<Emergency>,
    /// How many sessions run.
    pub sessions: u32,
    /// When one of them was last heard of, to the minute; absent when none runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen_at: Option<Micros>,
}

/// A new account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Invite {
    /// The handle.
    pub username: String,
    /// The name shown.
    pub name: String,
    /// At least one.
    pub roles: Vec<Role>,
    /// On which terms; for guests, and for nobody else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guest: Option<GuestTerms>,
    /// Their e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Whether the invitation goes there by mail: then the answer does not hold the link.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub mail: bool,
}

/// How a link is to be issued, as the query of the address.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IssueLink {
    /// Whether it goes by mail: then the answer does not hold the link.
    #[serde(default)]
    pub mail: bool,
}

/// A group of people somebody is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GroupName {
    /// Which.
    pub id: GroupId,
    /// What people call it.
    pub name: String,
}

/// An account and its invitation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Invited {
    /// Who.
    pub id: PersonId,
    /// How they get their first password.
    pub link: IssuedLink,
}

/// A one-time link: shown once, to be handed over, or on its way by mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct IssuedLink {
    /// The whole address; absent when it goes by mail, so that nobody sees it but whom it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The mail it goes by; the outbox says how that fares.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<MailId>,
    /// Until when.
    pub expires_at: Micros,
}

/// New roles, given by hand; what groups give stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetRoles {
    /// All of them; at least one, unless groups give some.
    pub roles: Vec<Role>,
    /// The roles that were changed (`own_roles`); when they are others by now, nothing happens (`outdated`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<Vec<Role>>,
    /// On which terms; for somebody who becomes a guest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guest: Option<GuestTerms>,
}
