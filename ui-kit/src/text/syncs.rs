//! Reading a directory in the background: when it is done, what it did or would do, and what waits for an administrator.

use chancery_protocol::sources::{Sync, SyncCounts, SyncFailure, SyncSettings, SyncState};

use super::{duration, grouped, plural, sources, time};

pub const TITLE: &str = "Sync";
pub const SCHEDULE: &str = "Sync by itself";
pub const LOAD_FAILED: &str = "Syncs could not be loaded";
pub const MAY_BE_OLD: &str = "This may be old.";

pub const OFF: &str = "Off";
pub const UP_TO_DATE: &str = "Up to date";
pub const RUNNING: &str = "Running";
pub const WAITING: &str = "Waits for you";
pub const FAILED: &str = "Failed";
pub const NEVER: &str = "Never run";
pub const DONE: &str = "Done";
pub const STOPPED: &str = "Stopped";
pub const INTERRUPTED: &str = "Interrupted";

pub const LAST: &str = "Last sync";
pub const LAST_COMPLETE: &str = "Last complete sync";
pub const NOT_YET: &str = "Not yet";
pub const EVERY: &str = "Every";
pub const BY_HAND: &str = "Only by hand";
pub const CAME_AND_LEFT: &str = "Added, changed, left";
pub const LEAVES: &str = "When someone leaves";
pub const LEAVES_BODY: &str = "Suspend, keep messages";

pub const DRY_RUN: &str = "Dry run";
pub const SYNC_NOW: &str = "Sync now";
pub const NOT_STARTED: &str = "The sync was not started";
pub const STARTED: &str = "Sync started";
pub const IS_RUNNING: &str = "A sync is under way. The next can begin when it is over.";
pub const IS_OFF: &str = "The source is switched off. A dry run works all the same; switch it on to sync.";
pub const NEEDS_SAVING: &str =
    "There are unsaved changes. Save them before you sync; a dry run works with what is saved.";
pub const READING: &str = "The directory is being read.";
pub const GOES_ON: &str = "You can leave this: the sync goes on.";
pub const SEE_RUN: &str = "See how it goes";
pub const SEE_WAITING: &str = "See what waits";
pub const SEE_FAILED: &str = "See what happened";

pub const WOULD: &str = "What a sync would do";
pub const DID: &str = "What the sync did";
pub const UNDER_WAY: &str = "Sync under way";
pub const DRY_UNDER_WAY: &str = "Dry run under way";
pub const REPORT_FAILED: &str = "This sync could not be loaded";
pub const REPORT_GONE: &str = "This sync does not exist, or is remembered no longer.";
pub const NOTHING_WOULD: &str = "Nothing to do: everybody is here as the directory says.";
pub const NOTHING_DONE: &str = "Nothing to do: everybody was here as the directory says.";
pub const REST_IS_DONE: &str =
    "Nobody was suspended and no group was changed. Who is new or changed is in already.";
pub const LATER: &str = "A later sync went through. There is nothing left to decide here.";
pub const FAILED_TITLE: &str = "The sync failed.";
pub const DRY_FAILED_TITLE: &str = "The dry run failed.";
pub const NOBODY: &str = "Nobody was suspended.";
pub const INTERRUPTED_BODY: &str =
    "The server stopped meanwhile. What was done until then stays; the next sync does the rest.";
pub const GONE: &str = "No longer in the directory";
pub const DISABLED: &str = "Disabled in the directory, or expired";

pub const HISTORY: &str = "Sync history";
pub const NONE_TITLE: &str = "No sync yet";
pub const NONE_BODY: &str = "A dry run shows what a sync would do, and changes nothing.";
pub const BY_ITSELF: &str = "by itself";

/// What the rows of a report are about: how it is said of what would happen, and of what did.
pub const ADD: (&str, &str) = ("Add", "Added");
pub const LINK: (&str, &str) = ("Link to an account that is here", "Linked to an account that was here");
pub const CHANGE: (&str, &str) = ("Change", "Changed");
pub const SUSPEND: (&str, &str) = ("Suspend, sessions end at once", "Suspended, sessions ended at once");
pub const REINSTATE: (&str, &str) = ("Bring back", "Brought back");
pub const LEAVE_ALONE: (&str, &str) = ("Leave alone, suspended by hand", "Left alone, suspended by hand");
pub const CONFLICT: (&str, &str) = ("Cannot be taken in", "Could not be taken in");
pub const SKIP: (&str, &str) = ("Entries left out", "Entries left out");
pub const GROUPS: (&str, &str) = ("Groups", "Groups");
pub const JOIN: (&str, &str) = ("Memberships of groups that begin", "Memberships of groups that began");
pub const LEAVE: (&str, &str) = ("Memberships of groups that end", "Memberships of groups that ended");

/// How often a source is synced: "5 minutes", "1 hour".
pub fn every(minutes: u32) -> String {
    match minutes {
        0 => BY_HAND.to_owned(),
        _ if minutes.is_multiple_of(60) => plural(u64::from(minutes / 60), "hour", "hours"),
        _ => plural(minutes.into(), "minute", "minutes"),
    }
}

/// Who is never asked about, and from where on.
pub fn guard(percent: u8) -> String {
    format!(
        "A sync that would suspend more than {percent} % of the people stops and asks you first. Up to {} are suspended without asking.",
        SyncSettings::ALWAYS
    )
}

/// How long it took: "2.1 s", "12 min".
pub fn took(micros: u64) -> String {
    match micros / 1_000_000 {
        0..=119 => duration(micros),
        seconds => time::wait(seconds),
    }
}

/// "10:40, took 2.1 s".
pub fn last(when: &str, took: &str) -> String {
    format!("{when}, took {took}")
}

/// "0, 3, 1".
pub fn came_and_left(counts: &SyncCounts) -> String {
    format!("{}, {}, {}", grouped(counts.added), grouped(counts.changed), grouped(counts.suspended))
}

/// The name of a run in the history: "Dry run, 10:40".
pub fn run(dry: bool, when: &str) -> String {
    format!("{}, {when}", if dry { DRY_RUN } else { TITLE })
}

/// Who asked for a run.
pub fn by(name: Option<&str>) -> String {
    name.map_or_else(|| BY_ITSELF.to_owned(), |name| format!("by {name}"))
}

/// Below the title of a report: "10:40, took 2.1 s, by Grace Chidi".
pub fn began(when: &str, took: Option<&str>, by: &str) -> String {
    match took {
        Some(took) => format!("{}, {by}", last(when, took)),
        None => format!("Since {when}, {by}"),
    }
}

/// Where a run is. `open`: whether what it waits for can still be decided.
pub fn state(state: SyncState, open: bool) -> &'static str {
    match state {
        SyncState::Running => RUNNING,
        SyncState::Done => DONE,
        SyncState::Waiting if open => WAITING,
        SyncState::Waiting => STOPPED,
        SyncState::Failed => FAILED,
        SyncState::Interrupted => INTERRUPTED,
    }
}

/// The title of a report.
pub fn title(dry: bool, state: SyncState) -> &'static str {
    match (state, dry) {
        (SyncState::Running, true) => DRY_UNDER_WAY,
        (SyncState::Running, false) => UNDER_WAY,
        (SyncState::Waiting, _) | (_, true) => WOULD,
        (_, false) => DID,
    }
}

/// How far a run is: "1,204 people and 31 groups read so far".
pub fn read_so_far(counts: &SyncCounts) -> String {
    let people = plural(counts.people, "person", "people");
    match counts.groups {
        0 => format!("{people} read so far"),
        groups => format!("{people} and {} read so far", plural(groups, "group", "groups")),
    }
}

/// What was read, once it is over: "Read: 4,988 people and 31 groups."
pub fn read(counts: &SyncCounts) -> String {
    let people = plural(counts.people, "person", "people");
    match counts.groups {
        0 => format!("Read: {people}."),
        groups => format!("Read: {people} and {}.", plural(groups, "group", "groups")),
    }
}

/// A run in short, in the history: "added 6, changed 31" or "would add 6, change 31".
pub fn short(counts: &SyncCounts, dry: bool) -> String {
    let said = [
        (counts.added, "add", "added"),
        (counts.linked, "link", "linked"),
        (counts.changed, "change", "changed"),
        (counts.suspended, "suspend", "suspended"),
        (counts.reinstated, "bring back", "brought back"),
    ];
    let said = said.into_iter().filter(|(count, ..)| *count > 0);
    let said: Vec<String> = said
        .map(|(count, would, did)| format!("{} {}", if dry { would } else { did }, grouped(count)))
        .collect();
    match (said.is_empty(), dry) {
        (true, _) if counts.groups_added + counts.groups_changed + counts.groups_gone > 0 => {
            "only groups".to_owned()
        }
        (true, _) if counts.joined + counts.left > 0 => "only memberships of groups".to_owned(),
        (true, _) => "nothing to do".to_owned(),
        (false, true) => format!("would {}", said.join(", ")),
        (false, false) => said.join(", "),
    }
}

/// What happened in short, for the history: what a run did, or would, as far as it came.
pub fn outcome(run: &Sync) -> String {
    match run.state {
        SyncState::Running => read_so_far(&run.counts),
        SyncState::Waiting if run.counts.suspended > 0 => {
            format!("would suspend {}", grouped(run.counts.suspended))
        }
        SyncState::Waiting => {
            format!("would end {} of groups", plural(run.counts.left, "membership", "memberships"))
        }
        SyncState::Done => short(&run.counts, run.dry),
        SyncState::Failed => "nobody suspended".to_owned(),
        SyncState::Interrupted => "cut short".to_owned(),
    }
}

/// A line of the history: "added 6, changed 31, by Grace Chidi".
pub fn outcome_by(outcome: &str, by: &str) -> String {
    format!("{}, {by}", first_capital(outcome))
}

fn first_capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

/// Read out when a run is over.
pub fn verdict(run: &Sync) -> String {
    match run.state {
        SyncState::Running => READING.to_owned(),
        SyncState::Waiting if run.counts.suspended > 0 => stopped(run.counts.suspended),
        SyncState::Waiting => stopped_memberships(run.counts.left),
        SyncState::Done => format!("It is over: {}.", short(&run.counts, run.dry)),
        SyncState::Failed => format!("{FAILED_TITLE} {NOBODY}"),
        SyncState::Interrupted => INTERRUPTED_BODY.to_owned(),
    }
}

fn people_would(count: u64) -> String {
    format!("{} would be suspended.", plural(count, "person", "people"))
}

fn memberships_would(count: u64) -> String {
    format!("{} of groups would end.", plural(count, "membership", "memberships"))
}

/// Why a run stopped: so many would be suspended.
pub fn stopped(people: u64) -> String {
    format!("Stopped: {}", people_would(people))
}

/// The same for memberships of groups.
pub fn stopped_memberships(count: u64) -> String {
    format!("Stopped: {}", memberships_would(count))
}

/// Why a run would stop, as a dry run found out.
pub fn would_stop(people: u64) -> String {
    format!("A sync would stop and ask: {}", people_would(people))
}

/// The same for memberships of groups.
pub fn would_stop_memberships(count: u64) -> String {
    format!("A sync would stop and ask: {}", memberships_would(count))
}

/// "The limit is 50."
pub fn limit(count: u64) -> String {
    format!("The limit is {}.", grouped(count))
}

/// "See the 214".
pub fn see(count: u64) -> String {
    format!("See the {}", grouped(count))
}

/// Leads to the question: "Suspend 214…".
pub fn suspend(count: u64) -> String {
    format!("{}…", suspend_now(count))
}

/// Does it: "Suspend 214".
pub fn suspend_now(count: u64) -> String {
    format!("Suspend {}", grouped(count))
}

/// Leads to the question, where only memberships wait: "End 214 memberships…".
pub fn end(count: u64) -> String {
    format!("{}…", end_now(count))
}

/// Does it: "End 214 memberships".
pub fn end_now(count: u64) -> String {
    format!("End {}", plural(count, "membership", "memberships"))
}

/// The title of the question.
pub fn overrule_title(people: u64, memberships: u64) -> String {
    match people {
        0 => format!("End {} of groups?", plural(memberships, "membership", "memberships")),
        people => format!("Suspend {}?", plural(people, "person", "people")),
    }
}

/// What happens then, in numbers.
pub fn overrule_body(people: u64, memberships: u64) -> String {
    let suspended = match people {
        0 => "Nobody is suspended.",
        1 => "Their sessions end at once, and they can no longer sign in. What they wrote is kept.",
        _ => {
            "Their sessions end at once, and they can no longer sign in. What they wrote is kept. Whoever is in the directory again later is brought back."
        }
    };
    let ended = match memberships {
        0 => String::new(),
        count => format!(
            " {} of groups {}, and with them the roles the groups give.",
            plural(count, "membership", "memberships"),
            if count == 1 { "ends" } else { "end" }
        ),
    };
    format!(
        "{suspended}{ended} The directory is read anew; if it would be more by then, the sync stops again."
    )
}

/// Which groups: "2 new, 1 renamed, 1 gone".
pub fn groups(counts: &SyncCounts) -> String {
    let said =
        [(counts.groups_added, "new"), (counts.groups_changed, "renamed"), (counts.groups_gone, "gone")];
    let said = said.into_iter().filter(|(count, _)| *count > 0);
    said.map(|(count, word)| format!("{} {word}", grouped(count))).collect::<Vec<_>>().join(", ")
}

/// Below a list that is not complete.
pub fn listed(listed: u64, count: u64) -> String {
    format!("The first {} of {} are listed.", grouped(listed), grouped(count))
}

/// Below a history that is not shown whole.
pub fn show_all(count: u64) -> String {
    format!("Show all {}", grouped(count))
}

/// Why a run failed, and what mends it.
pub fn failure(failure: &SyncFailure) -> [String; 2] {
    [&failure.text, &failure.mend].map(|text| sources::sentence(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_are_said_in_the_unit_they_are_thought_of_in() {
        assert_eq!(
            [0, 1, 5, 60, 90, 360].map(every),
            ["Only by hand", "1 minute", "5 minutes", "1 hour", "90 minutes", "6 hours"]
        );
    }

    #[test]
    fn a_run_in_short_names_what_is_not_zero() {
        let counts = SyncCounts { added: 6, changed: 1_031, ..SyncCounts::default() };
        assert_eq!(short(&counts, false), "added 6, changed 1,031");
        assert_eq!(short(&counts, true), "would add 6, change 1,031");
        assert_eq!(short(&SyncCounts::default(), true), "nothing to do");
        assert_eq!(short(&SyncCounts { groups_gone: 1, ..SyncCounts::default() }, false), "only groups");
        assert_eq!(
            short(&SyncCounts { left: 2, ..SyncCounts::default() }, false),
            "only memberships of groups"
        );
        assert_eq!(came_and_left(&counts), "6, 1,031, 0");
    }

    #[test]
    fn one_is_not_many() {
        assert_eq!(stopped(1), "Stopped: 1 person would be suspended.");
        assert_eq!(stopped(214), "Stopped: 214 people would be suspended.");
        assert_eq!(overrule_title(1, 0), "Suspend 1 person?");
        assert_eq!(overrule_title(0, 12), "End 12 memberships of groups?");
        assert!(overrule_body(3, 1).contains("1 membership of groups ends,"));
        assert!(!overrule_body(3, 0).contains("membership"));
        assert!(overrule_body(0, 7).starts_with("Nobody is suspended. 7 memberships of groups end,"));
        assert_eq!(read_so_far(&SyncCounts { people: 1, ..SyncCounts::default() }), "1 person read so far");
        let both = SyncCounts { people: 2_000, groups: 1, ..SyncCounts::default() };
        assert_eq!(read_so_far(&both), "2,000 people and 1 group read so far");
    }

    #[test]
    fn times_are_said_in_seconds_and_minutes() {
        assert_eq!(
            [2_150_000, 61_000_000, 119_999_999, 600_000_000].map(took),
            ["2.1 s", "61 s", "119 s", "10 min"]
        );
        assert_eq!(began("10:40", Some("2.1 s"), "by itself"), "10:40, took 2.1 s, by itself");
        assert_eq!(began("10:40", None, "by Ada"), "Since 10:40, by Ada");
    }

    #[test]
    fn titles_say_whether_it_happened() {
        assert_eq!(title(true, SyncState::Done), WOULD);
        assert_eq!(title(false, SyncState::Waiting), WOULD);
        assert_eq!(title(false, SyncState::Done), DID);
        assert_eq!(title(false, SyncState::Failed), DID);
        assert_eq!(title(true, SyncState::Running), DRY_UNDER_WAY);
    }

    #[test]
    fn failures_read_as_sentences() {
        let failed = SyncFailure {
            code: "unreachable".to_owned(),
            text: "no server answers".to_owned(),
            mend: String::new(),
        };
        assert_eq!(failure(&failed), ["No server answers.", ""]);
    }
}
