//! What is shown of reading a directory in the background: how it stands, what a run did or would do, what waits.

use std::time::Duration;

use chancery_protocol::ids::SyncId;
use chancery_protocol::sources::{Sync, SyncAct, SyncChange, SyncCounts, SyncState, Syncs};
use chancery_ui_kit::time::LocalTime;

/// So often is asked how far a run is.
const RUNNING: Duration = Duration::from_secs(1);
/// So often is asked whether one began by itself.
const RESTING: Duration = Duration::from_secs(30);
/// Minutes between runs that are offered.
const PAUSES: [u32; 6] = [0, 5, 15, 60, 360, 1_440];

/// How a source stands, for the badge of the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is switched off.
    Off,
    /// Nobody ever had it read, except to look.
    Never,
    /// The last run read everything.
    UpToDate,
    /// A run is under way.
    Running,
    /// The last run waits for an administrator.
    Waiting,
    /// The last run did not come to its end.
    Failed,
}

/// How a source stands. What only looked does not count, except while it is under way.
pub fn standing(enabled: bool, all: &Syncs) -> Standing {
    if running(all).is_some() {
        return Standing::Running;
    }
    if !enabled {
        return Standing::Off;
    }
    match newest(all).map(|run| run.state) {
        None => Standing::Never,
        Some(SyncState::Running) => Standing::Running,
        Some(SyncState::Done) => Standing::UpToDate,
        Some(SyncState::Waiting) => Standing::Waiting,
        Some(SyncState::Failed | SyncState::Interrupted) => Standing::Failed,
    }
}

/// The run that is under way.
pub fn running(all: &Syncs) -> Option<&Sync> {
    all.syncs.iter().find(|run| run.state == SyncState::Running)
}

/// The newest run that did not only look, and is over.
pub fn newest(all: &Syncs) -> Option<&Sync> {
    let over = |run: &&Sync| !run.dry && run.state != SyncState::Running;
    // Many that only looked may have pushed it out of the list.
    all.syncs.iter().find(over).or(all.last_done.as_ref())
}

/// Whether what a run waits for can still be decided: none after it went through.
pub fn is_open(all: &Syncs, id: SyncId) -> bool {
    let newer = all.syncs.iter().take_while(|run| run.id != id);
    let known = all.syncs.iter().any(|run| run.id == id);
    known && !newer.into_iter().any(|run| !run.dry && run.state == SyncState::Done)
}

/// How often the runs of a source are asked for.
pub fn pace(all: Option<&Syncs>) -> Duration {
    if all.is_some_and(|all| running(all).is_some()) { RUNNING } else { RESTING }
}

/// How often one run is asked for: not at all once it is over.
pub fn pace_of(state: SyncState) -> Option<Duration> {
    (state == SyncState::Running).then_some(RUNNING)
}

/// A row of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    /// Accounts made.
    Add,
    /// Accounts that were here.
    Link,
    /// Accounts that changed.
    Change,
    /// People who left, or were disabled.
    Suspend,
    /// People who are back.
    Reinstate,
    /// People who stay suspended.
    LeaveAlone,
    /// People who cannot be taken in.
    Conflict,
    /// Entries that cannot be taken.
    Skip,
    /// Groups that came, changed or went.
    Groups,
    /// Memberships that began.
    Join,
    /// Memberships that ended.
    Leave,
}

impl Row {
    const ALL: [Self; 11] = [
        Self::Add,
        Self::Link,
        Self::Change,
        Self::Suspend,
        Self::Reinstate,
        Self::LeaveAlone,
        Self::Conflict,
        Self::Skip,
        Self::Groups,
        Self::Join,
        Self::Leave,
    ];

    /// Its name in the page.
    pub fn name(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Link => "link",
            Self::Change => "change",
            Self::Suspend => "suspend",
            Self::Reinstate => "reinstate",
            Self::LeaveAlone => "leave-alone",
            Self::Conflict => "conflict",
            Self::Skip => "skip",
            Self::Groups => "groups",
            Self::Join => "join",
            Self::Leave => "leave",
        }
    }

    fn count(self, counts: &SyncCounts) -> u64 {
        match self {
            Self::Add => counts.added,
            Self::Link => counts.linked,
            Self::Change => counts.changed,
            Self::Suspend => counts.suspended,
            Self::Reinstate => counts.reinstated,
            Self::LeaveAlone => counts.left_alone,
            Self::Conflict => counts.conflicts,
            Self::Skip => counts.skipped,
            Self::Groups => counts.groups_added + counts.groups_changed + counts.groups_gone,
            Self::Join => counts.joined,
            Self::Leave => counts.left,
        }
    }

    fn of(act: SyncAct) -> Self {
        match act {
            SyncAct::Added => Self::Add,
            SyncAct::Linked => Self::Link,
            SyncAct::Changed => Self::Change,
            SyncAct::Gone | SyncAct::Disabled => Self::Suspend,
            SyncAct::Reinstated => Self::Reinstate,
            SyncAct::LeftAlone => Self::LeaveAlone,
            SyncAct::Conflict => Self::Conflict,
            SyncAct::Skipped => Self::Skip,
            SyncAct::Group => Self::Groups,
        }
    }

    /// What happened to whom, as far as it is told one by one.
    pub fn list(self, changes: &[SyncChange]) -> Vec<SyncChange> {
        changes.iter().filter(|change| Self::of(change.act) == self).cloned().collect()
    }
}

/// The rows of a report: the three everybody looks for, and what is not zero.
pub fn rows(counts: &SyncCounts) -> Vec<(Row, u64)> {
    let counted = Row::ALL.into_iter().map(|row| (row, row.count(counts)));
    let shown =
        |(row, count): &(Row, u64)| *count > 0 || matches!(row, Row::Add | Row::Change | Row::Suspend);
    counted.filter(shown).collect()
}

/// Whether a run found nothing to do; what could not be taken, and who was left alone, is nothing done.
pub fn is_nothing(counts: &SyncCounts) -> bool {
    let idle = |row: &Row| matches!(row, Row::LeaveAlone | Row::Conflict | Row::Skip);
    Row::ALL.iter().filter(|row| !idle(row)).all(|row| row.count(counts) == 0)
}

/// More than is done without asking: how many, and how many may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Over {
    /// How many would be suspended, or end.
    pub count: u64,
    /// How many may be.
    pub limit: u64,
}

/// Of whom a run would suspend too many, and of which memberships too many would end.
pub fn over(run: &Sync) -> (Option<Over>, Option<Over>) {
    let over = |count: u64, limit: Option<u64>| {
        limit.filter(|limit| count > *limit).map(|limit| Over { count, limit })
    };
    (over(run.counts.suspended, run.limit), over(run.counts.left, run.group_limit))
}

/// The pauses between runs that can be chosen: those that are offered, and what was set otherwise.
pub fn pauses(set: &[&str]) -> Vec<u32> {
    let others = set.iter().filter_map(|text| text.trim().parse().ok());
    let mut all: Vec<u32> = PAUSES.into_iter().chain(others).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// A moment among others of the last days: the time of today, the day and the time of any other.
pub fn when(at: LocalTime, today: LocalTime) -> String {
    if at.day_number() == today.day_number() { at.clock() } else { at.full() }
}

/// How long a run took, in microseconds; nothing while it is under way.
pub fn took(run: &Sync) -> Option<u64> {
    run.ended_at.map(|end| u64::try_from(end - run.started_at).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use chancery_protocol::ids::{Id, SourceId};

    use super::*;

    fn run(number: u8, dry: bool, state: SyncState) -> Sync {
        Sync {
            id: SyncId::from_bytes([number; 16]),
            source: SourceId::from_bytes([1; 16]),
            dry,
            state,
            started_at: 1_000,
            ended_at: (state != SyncState::Running).then_some(3_000),
            by: None,
            counts: SyncCounts::default(),
            limit: None,
            group_limit: None,
            failure: None,
        }
    }

    fn all(syncs: Vec<Sync>) -> Syncs {
        Syncs { syncs, last_done: None }
    }

    #[test]
    fn the_badge_follows_the_newest_run_that_did_not_only_look() {
        let of = |enabled, syncs| standing(enabled, &all(syncs));
        assert_eq!(of(true, vec![]), Standing::Never);
        assert_eq!(of(true, vec![run(1, true, SyncState::Done)]), Standing::Never);
        assert_eq!(of(true, vec![run(1, true, SyncState::Running)]), Standing::Running);
        assert_eq!(of(false, vec![run(1, true, SyncState::Running)]), Standing::Running);
        let waits = || vec![run(2, true, SyncState::Failed), run(1, false, SyncState::Waiting)];
        assert_eq!(of(true, waits()), Standing::Waiting);
        assert_eq!(of(false, waits()), Standing::Off);
        for (state, standing) in [
            (SyncState::Done, Standing::UpToDate),
            (SyncState::Failed, Standing::Failed),
            (SyncState::Interrupted, Standing::Failed),
        ] {
            assert_eq!(of(true, vec![run(2, false, state), run(1, false, SyncState::Done)]), standing);
        }
        // Fifty looks have pushed the one that counts out of the list.
        let looked = Syncs {
            syncs: vec![run(9, true, SyncState::Done)],
            last_done: Some(run(1, false, SyncState::Done)),
        };
        assert_eq!(standing(true, &looked), Standing::UpToDate);
    }

    #[test]
    fn what_waits_is_decided_until_one_went_through() {
        let waits = run(1, false, SyncState::Waiting);
        let of = |newer: Vec<Sync>| {
            let runs: Vec<Sync> = newer.into_iter().chain([waits.clone()]).collect();
            is_open(&all(runs), waits.id)
        };
        assert!(of(vec![]));
        assert!(of(vec![run(2, true, SyncState::Done), run(3, false, SyncState::Waiting)]));
        assert!(of(vec![run(2, false, SyncState::Failed)]));
        assert!(!of(vec![run(3, false, SyncState::Waiting), run(2, false, SyncState::Done)]));
        assert!(!is_open(&all(vec![]), waits.id), "no longer remembered");
    }

    #[test]
    fn it_is_asked_often_only_while_something_moves() {
        assert_eq!(pace(None), RESTING);
        assert_eq!(pace(Some(&all(vec![run(1, false, SyncState::Done)]))), RESTING);
        assert_eq!(pace(Some(&all(vec![run(1, false, SyncState::Running)]))), RUNNING);
        assert_eq!(pace_of(SyncState::Running), Some(RUNNING));
        assert_eq!(pace_of(SyncState::Waiting), None);
    }

    #[test]
    fn rows_that_are_zero_are_left_out_but_for_three() {
        let names = |counts: &SyncCounts| rows(counts).iter().map(|(row, _)| row.name()).collect::<Vec<_>>();
        assert_eq!(names(&SyncCounts::default()), ["add", "change", "suspend"]);
        let counts = SyncCounts {
            left_alone: 3,
            skipped: 1,
            groups_added: 2,
            groups_gone: 1,
            left: 7,
            ..SyncCounts::default()
        };
        assert_eq!(names(&counts), ["add", "change", "suspend", "leave-alone", "skip", "groups", "leave"]);
        assert_eq!(rows(&counts)[5], (Row::Groups, 3));
        assert!(!is_nothing(&counts));
        assert!(is_nothing(&SyncCounts { left_alone: 3, skipped: 1, people: 5, ..SyncCounts::default() }));
        assert!(!is_nothing(&SyncCounts { joined: 1, ..SyncCounts::default() }));
    }

    #[test]
    fn changes_stand_under_their_row() {
        let change = |act, name: &str| SyncChange {
            act,
            person: None,
            name: name.to_owned(),
            login: String::new(),
            detail: String::new(),
        };
        let changes = [
            change(SyncAct::Disabled, "Ada"),
            change(SyncAct::Added, "Bela"),
            change(SyncAct::Gone, "Cleo"),
            change(SyncAct::Group, "Rates desk"),
        ];
        let names = |row: Row| row.list(&changes).into_iter().map(|change| change.name).collect::<Vec<_>>();
        assert_eq!(names(Row::Suspend), ["Ada", "Cleo"]);
        assert_eq!(names(Row::Groups), ["Rates desk"]);
        assert!(names(Row::Join).is_empty());
    }

    #[test]
    fn too_many_is_more_than_the_limit() {
        let mut waits = run(1, false, SyncState::Waiting);
        waits.counts = SyncCounts { suspended: 214, left: 9, ..SyncCounts::default() };
        assert_eq!(over(&waits), (None, None), "nothing is known of limits");
        (waits.limit, waits.group_limit) = (Some(50), Some(9));
        assert_eq!(over(&waits), (Some(Over { count: 214, limit: 50 }), None));
        (waits.limit, waits.group_limit) = (Some(214), Some(8));
        assert_eq!(over(&waits), (None, Some(Over { count: 9, limit: 8 })));
    }

    #[test]
    fn a_pause_set_elsewhere_can_be_kept() {
        assert_eq!(pauses(&["15", "15"]), PAUSES);
        assert_eq!(pauses(&["7", " 15 "]), [0, 5, 7, 15, 60, 360, 1_440]);
        assert_eq!(pauses(&["often"]), PAUSES);
    }

    #[test]
    fn today_needs_no_date() {
        let at = |day| LocalTime { year: 2026, month: 3, day, hour: 10, minute: 40 };
        assert_eq!(when(at(10), at(10)), "10:40");
        assert_eq!(when(at(9), at(10)), "9 March 2026, 10:40");
        assert_eq!(took(&run(1, false, SyncState::Done)), Some(2_000));
        assert_eq!(took(&run(1, false, SyncState::Running)), None);
    }
}
