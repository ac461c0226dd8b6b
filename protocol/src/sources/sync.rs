//! Reading a directory in the background: what is set, what a run did or would do.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Micros;
use crate::ids::{PersonId, SourceId, SyncId};
use crate::person::Person;

/// How a directory is read in the background.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SyncSettings {
    /// Minutes between the end of one run and the beginning of the next, 0 to 1440; 0: only when an administrator says so.
    pub every_minutes: u16,
    /// How many of the people of the source one run may suspend, or take out of groups, without asking, in percent, 1 to 100.
    pub max_share_percent: u8,
}

impl SyncSettings {
    /// So few are suspended without asking whatever the share.
    pub const ALWAYS: u64 = 5;

    /// How many of `all` one run may suspend without asking.
    pub fn limit(self, all: u64) -> u64 {
        (all.saturating_mul(self.max_share_percent.into()) / 100).max(Self::ALWAYS)
    }
}

impl Default for SyncSettings {
    fn default() -> Self {
        Self { every_minutes: 0, max_share_percent: 10 }
    }
}

/// Read a directory now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StartSync {
    /// Only look what would happen; nothing is changed.
    #[serde(default)]
    pub dry: bool,
    /// Suspend up to this many people although it is more than the set share; what a run before showed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allow_suspended: Option<u64>,
    /// As `allow_suspended`, for memberships of groups that end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allow_left: Option<u64>,
}

/// A run that began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SyncStarted {
    /// Which.
    pub id: SyncId,
}

/// Where a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SyncState {
    /// Under way.
    Running,
    /// At its end.
    Done,
    /// More would be suspended, or taken out of groups, than is allowed: an administrator decides.
    Waiting,
    /// The directory could not be read to its end: nobody was suspended.
    Failed,
    /// The server stopped meanwhile: what it had done stays, the next run does the rest.
    Interrupted,
}

/// What a run read and did; in a dry run, would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct SyncCounts {
    /// Entries of people read.
    pub people: u64,
    /// Entries of groups read.
    pub groups: u64,
    /// Accounts made.
    pub added: u64,
    /// Accounts that were here and are linked from now on.
    pub linked: u64,
    /// Accounts whose name or profile changed.
    pub changed: u64,
    /// People suspended: they left, or the directory disabled them.
    pub suspended: u64,
    /// People the directory had suspended and now has again.
    pub reinstated: u64,
    /// People who stay suspended because an administrator did it by hand.
    pub left_alone: u64,
    /// People who cannot be taken in or suspended; the report says why.
    pub conflicts: u64,
    /// Entries that cannot be taken.
    pub skipped: u64,
    /// Groups new here.
    pub groups_added: u64,
    /// Groups with another name.
    pub groups_changed: u64,
    /// Groups that are no longer there.
    pub groups_gone: u64,
    /// Memberships of groups that began.
    pub joined: u64,
    /// Memberships of groups that ended.
    pub left: u64,
}

/// Why a run failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SyncFailure {
    /// Stable, for machines and translations.
    pub code: String,
    /// What went wrong.
    pub text: String,
    /// How to mend it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub mend: String,
}

/// A run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Sync {
    /// Which.
    pub id: SyncId,
    /// Of which source.
    pub source: SourceId,
    /// Whether it only looked.
    pub dry: bool,
    /// Where it is.
    pub state: SyncState,
    /// Since when.
    pub started_at: Micros,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Micros>,
    /// Who asked for it; nobody: it was time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Person>,
    /// What it did so far.
    pub counts: SyncCounts,
    /// How many people it may suspend without asking; known when all are read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    /// How many memberships of groups it may end without asking; known when all are read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_limit: Option<u64>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<SyncFailure>,
}

/// The runs of a source, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Syncs {
    /// They; at most 50.
    pub syncs: Vec<Sync>,
    /// The last one that read everything and was no dry run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_done: Option<Sync>,
}

/// What happened to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SyncAct {
    /// An account was made.
    Added,
    /// An account that was here is linked.
    Linked,
    /// Name or profile changed.
    Changed,
    /// Suspended: no longer in the directory.
    Gone,
    /// Suspended: disabled in the directory, or expired.
    Disabled,
    /// No longer suspended.
    Reinstated,
    /// Stays suspended: it was done by hand.
    LeftAlone,
    /// Cannot be taken in, or not be suspended.
    Conflict,
    /// An entry that cannot be taken.
    Skipped,
    /// A group came, changed or went.
    Group,
}

/// One of the things that happened; in a dry run, would happen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SyncChange {
    /// What.
    pub act: SyncAct,
    /// To whom, when they have an account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// What they, or the group, are called; where the entry is, for one that cannot be taken.
    pub name: String,
    /// What they sign in with.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub login: String,
    /// What changed, or why not.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
}

/// A run with what it did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SyncReport {
    /// The run.
    #[serde(flatten)]
    pub sync: Sync,
    /// What it did, the first [`SyncReport::MOST`] of each kind.
    pub changes: Vec<SyncChange>,
}

impl SyncReport {
    /// So many changes of each kind are kept.
    pub const MOST: usize = 1_000;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_always_go_and_many_only_as_a_share() {
        let set = SyncSettings { every_minutes: 5, max_share_percent: 10 };
        let limits: Vec<u64> = [0, 5, 50, 59, 60, 2_140].map(|all| set.limit(all)).to_vec();
        assert_eq!(limits, [5, 5, 5, 5, 6, 214]);
        assert_eq!(set.limit(u64::MAX), u64::MAX / 100);
    }
}
