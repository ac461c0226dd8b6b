//! What is not protected, late or off. What was found and what mends it says the server; here is what each check is about.

use chancery_protocol::operations::{Check, CheckCode, Fact, Facts, State};

use super::{grouped, overview, plural};
use crate::time::LocalTime;

pub const HEALTH: &str = "Health";
pub const LEAD: &str = "What is not protected, late or off, and what mends it.";
pub const LOAD_FAILED: &str = "Health could not be loaded";
pub const NOW: &str = "Mend now";
pub const SOON: &str = "Worth a look";
pub const FINE: &str = "In order";
pub const ALL_FINE: &str = "Everything is in order";
pub const ALL_FINE_BODY: &str = "Nothing that is looked at needs you.";
pub const MEND: &str = "What mends it";
pub const SETTING: &str = "Setting";
pub const FOUND: &str = "Found";
pub const OPEN_USERS: &str = "Open users";
pub const OPEN_OUTBOX: &str = "Open outbox";

pub fn state(state: State) -> &'static str {
    match state {
        State::Bad => NOW,
        State::Warn => SOON,
        State::Ok => FINE,
    }
}

/// "Since 10 March 2026, 09:14".
pub fn since(when: &str) -> String {
    format!("Since {when}")
}

/// Behind the head of a list.
pub fn checks(count: u64) -> String {
    plural(count, "check", "checks")
}

/// The name of a check.
pub fn title(code: CheckCode) -> &'static str {
    match code {
        CheckCode::Database => "Database",
        CheckCode::Keys => "Key store",
        CheckCode::Writer => "Archive writer",
        CheckCode::Delivery => "Delivery",
        CheckCode::Search => "Search index",
        CheckCode::Disk => "Room on the disk",
        CheckCode::OpenFiles => "Open files",
        CheckCode::Transport => "Encrypted connections",
        CheckCode::Certificate => "Certificate",
        CheckCode::Durability => "Writing to the disk",
        CheckCode::DatabaseRole => "Rights in the database",
        CheckCode::DatabaseLine => "Connection to the database",
        CheckCode::Clock => "Clocks",
        CheckCode::MasterKeyPlace => "Place of the master key",
        CheckCode::MasterKeyRights => "Rights on the master key",
        CheckCode::KeyStorePlace => "Place of the key store",
        CheckCode::Administrators => "Administrators",
        CheckCode::Officers => "Compliance officers",
        CheckCode::Invitations => "Unused accounts",
        CheckCode::Directories => "Directories",
        CheckCode::Emergency => "Accounts for emergencies",
        CheckCode::Guests => "Guests",
        CheckCode::Mail => "Mail",
        CheckCode::Demo => "Demo",
        CheckCode::LogLevel => "Log level",
        CheckCode::Metrics => "Metrics",
    }
}

/// Why it matters.
pub fn means(code: CheckCode) -> &'static str {
    match code {
        CheckCode::Database => "Without the database nothing can be sent or read.",
        CheckCode::Keys => "Every message is sealed with a key from the key store.",
        CheckCode::Writer => "A message is delivered only after it is in the archive.",
        CheckCode::Delivery => {
            "What is in the archive reaches people late, or not before they load it again."
        }
        CheckCode::Search => {
            "People and officers find only what is in the index. The archive itself is not affected."
        }
        CheckCode::Disk => "When the disk is full nothing can be sent.",
        CheckCode::OpenFiles => "Every connection is an open file; beyond the limit people cannot connect.",
        CheckCode::Transport => "In clear, everybody on the way can read passwords and messages.",
        CheckCode::Certificate => "When it has ended, browsers refuse to open the page.",
        CheckCode::Durability => {
            "A message is acknowledged when it is on the disk, so that a power cut loses none."
        }
        CheckCode::DatabaseRole => {
            "Whoever breaks into the server could change the record with these rights."
        }
        CheckCode::DatabaseLine => "Names, addresses and times cross this line.",
        CheckCode::Clock => "Times in the record are those of this machine.",
        CheckCode::MasterKeyPlace | CheckCode::MasterKeyRights => "The master key opens every other key.",
        CheckCode::KeyStorePlace => {
            "A backup that holds data and keys can be read, and does not forget what was erased."
        }
        CheckCode::Administrators => "Somebody must be there to invite, to suspend and to end sessions.",
        CheckCode::Officers => "A question of an authority is answered by a compliance officer.",
        CheckCode::Invitations => {
            "Whoever finds the link of an account that nobody uses could become that person."
        }
        CheckCode::Directories => "Who left is suspended only when the directory was read to its end.",
        CheckCode::Emergency => {
            "They come in past the sources of people: every use should have a reason that somebody knows."
        }
        CheckCode::Guests => "Somebody answers for each guest, and no guest stays longer than meant.",
        CheckCode::Mail => "Who is not here learns late that something waits, and invitations do not arrive.",
        CheckCode::Demo => "The server tells everybody that its people are invented.",
        CheckCode::LogLevel => "Logs are kept and read by others than the archive is.",
        CheckCode::Metrics => "Figures tell how many people are at work and when.",
    }
}

/// What was found beyond the sentence: figures and places. Nothing where the sentence says it all.
pub fn found(check: &Check) -> Option<String> {
    let facts = &check.facts;
    let number = |name: &str| overview::number(facts, name);
    match check.code {
        CheckCode::Disk => {
            Some(format!("{} free", overview::part(number("free_bytes")?, number("total_bytes")?)))
        }
        CheckCode::OpenFiles => Some(format!("{} of {}", grouped(number("open")?), grouped(number("most")?))),
        CheckCode::Delivery | CheckCode::Search => {
            Some(format!("{} behind", plural(number("lag")?, "record", "records")))
        }
        CheckCode::Writer => Some(format!("{} to write", grouped(number("waiting")?))),
        CheckCode::Certificate => Some(format!("Ends {}", moment(facts, "ends")?)),
        CheckCode::Administrators | CheckCode::Officers => Some(plural(number("count")?, "person", "people")),
        CheckCode::Invitations => {
            let count = plural(number("count")?, "account", "accounts");
            Some(format!("{count}, the oldest of {}", moment(facts, "oldest")?))
        }
        CheckCode::Clock => match facts.get("database_ahead_milliseconds")? {
            Fact::Number(ahead) => Some(format!("The database is {ahead} ms ahead")),
            _ => None,
        },
        CheckCode::MasterKeyPlace => text(facts, "file"),
        CheckCode::Directories => text(facts, "names"),
        CheckCode::Emergency => Some(format!("Used {}", moment(facts, "used_at")?)),
        CheckCode::Guests => Some(plural(number("count")?, "guest", "guests")),
        CheckCode::Mail => {
            let waiting = plural(number("waiting")?, "mail waits", "mails wait");
            Some(match moment(facts, "oldest") {
                Some(oldest) => format!("{waiting}, the oldest since {oldest}"),
                None => waiting,
            })
        }
        CheckCode::LogLevel => text(facts, "level"),
        CheckCode::Metrics => text(facts, "listen"),
        _ => None,
    }
}

fn text(facts: &Facts, name: &str) -> Option<String> {
    match facts.get(name)? {
        Fact::Text(text) => Some(text.clone()),
        _ => None,
    }
}

fn moment(facts: &Facts, name: &str) -> Option<String> {
    match facts.get(name)? {
        Fact::Number(at) => Some(LocalTime::of(*at).full()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(code: CheckCode, facts: &[(&str, i64)]) -> Check {
        let facts = facts.iter().map(|(name, number)| ((*name).to_owned(), Fact::Number(*number))).collect();
        Check { code, state: State::Warn, since: 0, facts, says: String::new(), mend: None, setting: None }
    }

    #[test]
    fn every_check_has_a_name_and_a_reason_of_its_own() {
        let mut names: Vec<_> = CheckCode::ALL.into_iter().map(title).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), CheckCode::ALL.len());
        assert!(CheckCode::ALL.into_iter().all(|code| means(code).ends_with('.')));
    }

    #[test]
    fn figures_have_their_base() {
        let disk =
            check(CheckCode::Disk, &[("free_bytes", 18_200_000_000), ("total_bytes", 252_000_000_000)]);
        assert_eq!(found(&disk).as_deref(), Some("18.2 GB of 252 GB free"));
        assert_eq!(
            found(&check(CheckCode::OpenFiles, &[("open", 800), ("most", 1_024)])).as_deref(),
            Some("800 of 1,024")
        );
        assert_eq!(
            found(&check(CheckCode::Clock, &[("database_ahead_milliseconds", -4)])).as_deref(),
            Some("The database is -4 ms ahead")
        );
        assert_eq!(found(&check(CheckCode::Disk, &[])), None);
        assert_eq!(found(&check(CheckCode::Demo, &[])), None);
    }
}
