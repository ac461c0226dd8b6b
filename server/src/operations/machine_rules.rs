//! Rules about what the server stands on: databases, threads, disk, clock.

use chancery_protocol::operations::Fact;
use tokio::time::Duration;

use super::found::Found;
use super::health::{Verdict, number};
use super::store::Durability;
use crate::search;

/// Below these shares of free room, in hundredths.
const LITTLE_ROOM: u64 = 10;
const NO_ROOM: u64 = 3;
/// Above this share of the files it may open, in hundredths.
const MANY_FILES: u64 = 80;
/// A follower of the journal that is further behind does not keep up.
const FAR_BEHIND: u64 = 10_000;
/// Clocks further apart than these, in microseconds.
const APART: i64 = 1_000_000;
const FAR_APART: i64 = 5_000_000;

fn millis(took: Duration) -> Fact {
    number(took.as_millis())
}

pub(super) fn database(found: &Found) -> Option<Verdict> {
    Some(match found.database {
        Some(took) => Verdict::ok("The database answers.").fact("response_milliseconds", millis(took)),
        None => Verdict::bad(
            "The database does not answer.",
            "See whether it runs and lets the server's account in; the server's log has its last words.",
        ),
    })
}

pub(super) fn keys(found: &Found) -> Option<Verdict> {
    Some(match found.keys {
        Some(took) => Verdict::ok("The key store answers.").fact("response_milliseconds", millis(took)),
        None => Verdict::bad(
            "The key store does not answer: what needs a key that is not in memory cannot be read or written.",
            "See whether it runs and lets the server's account in; the server's log has its last words.",
        ),
    })
}

pub(super) fn writer(found: &Found) -> Option<Verdict> {
    let verdict = if !found.writer_runs {
        Verdict::bad("The writer of the journal has ended: nothing can be sent.", "Restart the server.")
    } else if !found.writes() {
        Verdict::bad(
            "The writer of the journal does not get on: what is sent waits.",
            "See how the database is; the server's log says why commits are tried again.",
        )
    } else {
        Verdict::ok("The writer of the journal runs.")
    };
    Some(verdict.fact("waiting", number(found.waiting)))
}

pub(super) fn delivery(found: &Found) -> Option<Verdict> {
    let verdict = if !found.delivers() {
        Verdict::bad("Committed records are not delivered.", "Restart the server, and keep its log.")
    } else if found.tail_lag > FAR_BEHIND {
        Verdict::warn(
            "Delivery is far behind the journal.",
            "Give the machine more processors, or take other work off it.",
        )
    } else {
        Verdict::ok("Committed records are delivered.")
    };
    Some(verdict.fact("lag", number(found.tail_lag)))
}

pub(super) fn search(found: &Found) -> Option<Verdict> {
    let made =
        "Wait: the server does it by itself. If it happens again, see how the disk is and what the log says.";
    let Some(index) = &found.search else {
        return Some(Verdict::bad(
            "The search index does not answer: nobody can search.",
            "See how the database and the disk are; the server's log has its last words.",
        ));
    };
    let verdict = match index.state {
        search::State::Opening => Verdict::warn("The search index is being opened.", made),
        search::State::Rebuilding { done, total } => Verdict::warn(
            format!("The search index is being made anew: {done} of {total} records are done."),
            made,
        ),
        // What there was before it was damaged may go on answering.
        search::State::Damaged => {
            let (says, mend) = (
                "The search index is damaged and a new one cannot be written.",
                "Make room on the volume of the data folder and see its rights; the server's log says what failed.",
            );
            if index.cursor == 0 { Verdict::bad(says, mend) } else { Verdict::warn(says, mend) }
        }
        search::State::Ready if index.lag > FAR_BEHIND => Verdict::warn(
            "The search index is far behind the journal: what is new is not found yet.",
            "Give the machine more processors or a faster disk, or take other work off it.",
        ),
        search::State::Ready => Verdict::ok("The search index follows the journal."),
    };
    Some(verdict.fact("lag", number(index.lag)))
}

/// The state of an index in a word.
pub(super) fn search_state(state: search::State) -> &'static str {
    match state {
        search::State::Opening => "opening",
        search::State::Ready => "ready",
        search::State::Rebuilding { .. } => "rebuilding",
        search::State::Damaged => "damaged",
    }
}

pub(super) fn disk(found: &Found) -> Option<Verdict> {
    let room = found.room?;
    let hundredths = room.free.saturating_mul(100) / room.total.max(1);
    let says = format!("{hundredths} % of the volume of the data folder is free.");
    let mend = "Make the volume larger, or move what does not belong to the server away.";
    let verdict = if !found.has_room() || hundredths < NO_ROOM {
        Verdict::bad(says, mend)
    } else if hundredths < LITTLE_ROOM {
        Verdict::warn(says, mend)
    } else {
        Verdict::ok(says)
    };
    Some(verdict.fact("free_bytes", number(room.free)).fact("total_bytes", number(room.total)))
}

pub(super) fn open_files(found: &Found) -> Option<Verdict> {
    let process = found.process?;
    let most = process.most_files?;
    let verdict = if process.open_files.saturating_mul(100) / most.max(1) >= MANY_FILES {
        Verdict::warn(
            "Nearly as many files are open as the process may have; further connections will be refused.",
            "Raise the limit (LimitNOFILE in the systemd unit) and restart the server.",
        )
    } else {
        Verdict::ok("There is room for more connections.")
    };
    Some(verdict.fact("open", number(process.open_files)).fact("most", number(most)))
}

pub(super) fn clock(found: &Found) -> Option<Verdict> {
    let ahead = found.clock_ahead?;
    let mend = "Let both machines set their clocks by NTP.";
    let verdict = match ahead.abs() {
        apart if apart > FAR_APART => {
            Verdict::bad("The clocks of this machine and of the database are far apart.", mend)
        }
        apart if apart > APART => {
            Verdict::warn("The clocks of this machine and of the database differ.", mend)
        }
        _ => Verdict::ok("The clocks of this machine and of the database agree."),
    };
    Some(verdict.fact("database_ahead_milliseconds", number(ahead / 1_000)))
}

pub(super) fn durability(found: &Found) -> Option<Verdict> {
    let lost = "a power cut can lose messages that were acknowledged";
    Some(match &found.said.as_ref()?.durability {
        Durability::Sqlite(2..) => Verdict::ok("Every commit waits for the disk."),
        Durability::Sqlite(level) => Verdict::bad(
            format!("Commits do not wait for the disk: {lost}."),
            "Start the server without the variable that switches this off; it is for tests only.",
        )
        .fact("synchronous", number(*level)),
        Durability::Postgres(rights) => {
            let verdict = if rights.fsync != "on" {
                Verdict::bad(
                    format!("PostgreSQL does not wait for the disk: {lost}."),
                    "Set fsync = on in postgresql.conf and restart PostgreSQL.",
                )
            } else if ["off", "local"].contains(&rights.synchronous_commit.as_str()) {
                Verdict::bad(
                    format!("PostgreSQL acknowledges commits too early: {lost}."),
                    "Let nothing override synchronous_commit for the server's role.",
                )
            } else {
                Verdict::ok("Every commit waits for the disk.")
            };
            verdict
                .fact("fsync", Fact::Text(rights.fsync.clone()))
                .fact("synchronous_commit", Fact::Text(rights.synchronous_commit.clone()))
        }
    })
}
