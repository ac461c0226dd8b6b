//! The overview of the console: figures, and how what the server stands on is.

use chancery_protocol::operations::{ComponentName, Fact, Facts, State};

use super::{bytes, duration, grouped, plural};

pub const OVERVIEW: &str = "Overview";
pub const LOAD_FAILED: &str = "The figures could not be loaded";
pub const SPAN: &str = "How far back";
pub const HOUR: &str = "1 hour";
pub const DAY: &str = "24 hours";
pub const LIVE: &str = "Live";
pub const OLD: &str = "Not renewed";
pub const FIGURES: &str = "Figures now";

pub const CONNECTIONS: &str = "Live connections";
pub const MESSAGES: &str = "Messages";
pub const PER_SECOND: &str = "per second";
pub const DELIVERY: &str = "Delivery, 95th percentile";
pub const IDLE: &str = "Idle";
pub const NOTHING_DELIVERED: &str = "Nothing was delivered in the last minute";
pub const BEHIND: &str = "Behind the archive";

pub const CHART_MESSAGES: &str = "Messages per second";
pub const CHART_DELIVERY: &str = "Delivery";
pub const CHART_COMMIT: &str = "Writing to the archive";
pub const CHART_CONNECTIONS: &str = "Connections";
pub const SERIES_MESSAGES: &str = "Messages";
pub const P50: &str = "p50";
pub const P95: &str = "p95";
pub const P99: &str = "p99";
pub const SERIES_CONNECTIONS: &str = "Connections";

pub const STORAGE: &str = "Storage";
pub const FREE: &str = "Free for the data";
pub const DATABASE_SIZE: &str = "Database";
pub const INDEX_SIZE: &str = "Search index";
pub const INDEX_MEMORY: &str = "Search index in memory";
pub const NOT_KNOWN: &str = "Not known";

pub const COMPONENTS: &str = "Component health";
pub const COMPONENT: &str = "Component";
pub const STATE: &str = "State";
pub const RESPONSE: &str = "Response";
pub const NOTE: &str = "Note";
pub const OPEN_HEALTH: &str = "Open health";

/// When the figures were measured, and in which zone all times are.
pub fn measured(clock: &str, zone: &str) -> String {
    if zone.is_empty() {
        format!("Measured at {clock}.")
    } else {
        format!("Measured at {clock}. All times in {zone}.")
    }
}

/// "chancery-1:8080, one of several nodes."
pub fn node(name: &str, one_of_several: bool) -> String {
    if one_of_several { format!("{name}, one of several nodes") } else { name.to_owned() }
}

/// While points are few.
pub fn started(clock: &str) -> String {
    format!("Started at {clock}; there are no figures of before.")
}

/// Behind "You are offline."
pub fn old(clock: &str) -> String {
    format!("The server is not reached. These figures were measured at {clock}.")
}

/// When the server answers, but not with figures.
pub fn not_renewed(clock: &str) -> String {
    format!("The figures could not be renewed. These were measured at {clock}.")
}

/// Behind the number of connections.
pub fn of_people(people: u64) -> String {
    format!("of {}", plural(people, "person", "people"))
}

/// Who is signed in, of all with an account.
pub fn signed_in(signed_in: Option<u64>, people: u64) -> String {
    match signed_in {
        Some(signed_in) => {
            format!("{} of {} signed in", grouped(signed_in), plural(people, "person", "people"))
        }
        None => plural(people, "account", "accounts"),
    }
}

pub fn since_midnight(count: u64) -> String {
    format!("{} since midnight", grouped(count))
}

/// The other shares of the last minute.
pub fn shares(p50: u32, p99: u32) -> String {
    format!("Half within {}, 99 of 100 within {}", duration(p50.into()), duration(p99.into()))
}

/// The unit of what is not followed yet.
pub fn records(count: u64) -> &'static str {
    if count == 1 { "record" } else { "records" }
}

/// What follows the archive, and how far each is behind.
pub fn followers(delivery: u64, search: Option<u64>) -> String {
    match search {
        Some(search) => format!("Delivery {}, search index {}", grouped(delivery), grouped(search)),
        None => format!("Delivery {}, the search index does not answer", grouped(delivery)),
    }
}

/// "18.2 GB of 252 GB".
pub fn part(part: u64, whole: u64) -> String {
    format!("{} of {}", bytes(part), bytes(whole))
}

pub fn component(name: ComponentName) -> &'static str {
    match name {
        ComponentName::Database => "Database",
        ComponentName::Keys => "Key store",
        ComponentName::Writer => "Archive writer",
        ComponentName::Delivery => "Delivery",
        ComponentName::Search => "Search index",
        ComponentName::Disk => "Disk",
    }
}

pub fn state(state: State) -> &'static str {
    match state {
        State::Ok => "Healthy",
        State::Warn => "Degraded",
        State::Bad => "Fault",
    }
}

/// A number among facts.
pub fn number(facts: &Facts, name: &str) -> Option<u64> {
    match facts.get(name) {
        Some(Fact::Number(number)) => u64::try_from(*number).ok(),
        _ => None,
    }
}

fn word<'a>(facts: &'a Facts, name: &str) -> &'a str {
    match facts.get(name) {
        Some(Fact::Text(text)) => text,
        _ => "",
    }
}

/// What a component is, beside its name.
pub fn kind(facts: &Facts) -> &'static str {
    match word(facts, "engine") {
        "sqlite" => "SQLite",
        "postgresql" => "PostgreSQL",
        _ => "",
    }
}

/// What else is to be said about a component.
pub fn note(name: ComponentName, facts: &Facts) -> String {
    let number = |name: &str| number(facts, name);
    match name {
        ComponentName::Database => match (number("readers_busy"), number("readers_most")) {
            (Some(busy), Some(most)) => {
                format!("{} of {} connections for reading at work", grouped(busy), grouped(most))
            }
            _ => String::new(),
        },
        ComponentName::Keys => String::new(),
        ComponentName::Writer => match number("waiting").unwrap_or(0) {
            0 => "Nothing waits".to_owned(),
            waiting => format!("{} to write", grouped(waiting)),
        },
        ComponentName::Delivery => behind(number("lag").unwrap_or(0)),
        ComponentName::Search => match (word(facts, "state"), number("lag"), number("messages")) {
            ("ready", Some(lag), Some(messages)) => {
                format!("{}, {}", plural(messages, "message", "messages"), behind(lag).to_lowercase())
            }
            ("rebuilding", ..) => match (number("done"), number("total")) {
                (Some(done), Some(total)) => {
                    format!("Being made anew, {} of {} records", grouped(done), grouped(total))
                }
                _ => "Being made anew".to_owned(),
            },
            ("opening", ..) => "Being opened".to_owned(),
            ("damaged", ..) => "Damaged".to_owned(),
            _ => "Does not answer".to_owned(),
        },
        ComponentName::Disk => match (number("free_bytes"), number("total_bytes")) {
            (Some(free), Some(total)) => format!("{} free", part(free, total)),
            _ => String::new(),
        },
    }
}

fn behind(records: u64) -> String {
    match records {
        0 => "Nothing behind".to_owned(),
        records => format!("{} behind", plural(records, "record", "records")),
    }
}

/// Behind the worst of what is not in order.
pub fn more(count: u64) -> String {
    format!("{} more to look at.", grouped(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(facts: &[(&str, Fact)]) -> Facts {
        facts.iter().map(|(name, fact)| ((*name).to_owned(), fact.clone())).collect()
    }

    #[test]
    fn components_say_what_is_known_of_them() {
        let ready = [
            ("state", Fact::Text("ready".into())),
            ("lag", Fact::Number(0)),
            ("messages", Fact::Number(1_204)),
        ];
        assert_eq!(note(ComponentName::Search, &facts(&ready)), "1,204 messages, nothing behind");
        let made = [
            ("state", Fact::Text("rebuilding".into())),
            ("done", Fact::Number(3)),
            ("total", Fact::Number(9)),
        ];
        assert_eq!(note(ComponentName::Search, &facts(&made)), "Being made anew, 3 of 9 records");
        assert_eq!(note(ComponentName::Search, &Facts::new()), "Does not answer");
        assert_eq!(note(ComponentName::Disk, &Facts::new()), "");
    }
}
