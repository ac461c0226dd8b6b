//! A rule run over the archive, as officers see it.

use super::{grouped, plural};

pub const BACKTEST: &str = "Back-test";
pub const BACKTEST_LEAD: &str =
    "Runs the rule as it is typed over what was said. Numbers only; reading a sample is another step.";
pub const HOW_FAR: &str = "How far back";
pub const DAYS_7: &str = "7 days";
pub const DAYS_30: &str = "30 days";
pub const DAYS_90: &str = "90 days";
pub const RUN_REASON: &str = "Why?";
pub const RUN_REASON_HELP: &str = "It is on record.";
pub const RUN: &str = "Run";
pub const RUN_AGAIN: &str = "Run again";
pub const RUNNING: &str = "Looking through the archive";
pub const RUNNING_NOTE: &str = "You can leave; it goes on.";
pub const END_RUN: &str = "Cancel";
pub const RUN_NOT_ENDED: &str = "The run was not cancelled";
pub const RUN_FAILED_LOAD: &str = "The last run could not be loaded";
pub const CANNOT_RUN: &str = "The rule has to be complete and valid first.";
pub const HITS: &str = "Hits";
pub const HITS_PER_DAY: &str = "Hits per day";
pub const MANY: &str = "Is this meant to catch so many?";
pub const ALSO: &str = "Caught by other rules too";
pub const READ_SAMPLE: &str = "Read the sample";
pub const SAMPLE: &str = "Sample of the hits";
pub const SAMPLE_ON_RECORD: &str = "That you read these messages is on record.";
pub const SAMPLE_FAILED: &str = "The sample could not be opened";
pub const SAMPLE_NONE: &str = "None of the messages can be shown.";

/// How far a run is.
pub fn looked_at(texts: u64) -> String {
    plural(texts, "message", "messages")
}

/// A run that was ended.
pub fn cancelled(at: &str) -> String {
    format!("The run of {at} was cancelled.")
}

/// A run that could not go on.
pub fn failed(at: &str) -> String {
    format!("The run of {at} could not go on. Nothing was changed. Run it again.")
}

/// What a run found: before the hits, between hits and base, behind the base.
pub fn found(days: u16) -> [String; 3] {
    let last = plural(days.into(), "day", "days");
    ["Would have caught".to_owned(), "of".to_owned(), format!("messages in the last {last}.")]
}

/// Against the version in force.
pub fn against(version: u32, hits: u64, before: u64) -> String {
    match hits.cmp(&before) {
        std::cmp::Ordering::Equal => format!("As many as version {version}"),
        std::cmp::Ordering::Less => format!("{} fewer than version {version}", grouped(before - hits)),
        std::cmp::Ordering::Greater => format!("{} more than version {version}", grouped(hits - before)),
    }
}

/// Hundredths of a percent: "0.02%".
pub fn percent(hundredths: u64) -> String {
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

/// What another rule caught of the same.
pub fn caught(hits: u64, of: u64) -> String {
    format!("{} of {}", grouped(hits), grouped(of))
}

/// Records left out.
pub fn damaged(count: u64) -> String {
    format!("{} not verify and are left out of the numbers.", plural(count, "record does", "records do"))
}

/// When a run was begun.
pub fn ran(at: &str) -> String {
    format!("Run on {at}.")
}

/// What the sample is, before it is opened.
pub fn sample_note(count: u64) -> String {
    format!("Sample of {}. Reading it is on record.", grouped(count))
}

#[cfg(test)]
mod tests {
    use super::{against, percent};

    #[test]
    fn every_number_has_its_base() {
        assert_eq!(percent(2), "0.02%");
        assert_eq!(percent(12_345), "123.45%");
        assert_eq!(against(6, 37, 1_906), "1,869 fewer than version 6");
    }
}
