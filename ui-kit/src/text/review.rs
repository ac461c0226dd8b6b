//! Texts that wait for an officer.

use chancery_protocol::Micros;

use super::{grouped, plural};
use crate::api::ClientError;

pub const REVIEW: &str = "Review first";
pub const RELOAD: &str = "Look again";
pub const NEXT: &str = "next";
pub const PREVIOUS: &str = "previous";
pub const MORE: &str = "Show more";
pub const ALL: &str = "All waiting texts";
pub const LOAD_FAILED: &str = "The waiting texts could not be loaded";
pub const DONE_TITLE: &str = "All done";
pub const DONE_BODY: &str = "No text of others waits for a decision.";
pub const TO_HISTORY: &str = "What was delivered";
pub const CHOOSE_TITLE: &str = "Choose a text";
pub const CHOOSE_BODY: &str = "It opens here with the rule that made it wait. J goes to the next one.";
pub const GONE_TITLE: &str = "This text does not wait any more";
pub const GONE_BODY: &str = "Somebody decided about it, its author took it back, or it is not open to you.";
pub const NOT_DELIVERED: &str = "Waits, not delivered";
pub const TEXT: &str = "The text that waits";
pub const IS_EDIT: &str =
    "This is the new text of a message that was delivered before. It is shown under “What was said before”.";
pub const REASON_GIVEN: &str = "Reason given by the author:";
pub const MATCHED: &str = "Rules that matched";
pub const WHERE: &str = "Who and where";
pub const AUTHOR: &str = "Author";
pub const CONVERSATION: &str = "Conversation";
pub const SINCE: &str = "Waits since";
pub const RECORD: &str = "Record";
pub const FACTS: &str = "Rules and people";
pub const CONTEXT: &str = "What was said before";
pub const CONTEXT_ON_RECORD: &str = "Opening it is on record.";
pub const NOTHING_BEFORE: &str = "Nothing was said before.";
pub const NOTE: &str = "Note for the record (may stay empty)";
pub const NOTE_HELP: &str = "The author does not read it.";
pub const NOTE_LONG: &str = "Use at most 500 characters.";
pub const DELIVER: &str = "Deliver";
pub const REFUSE: &str = "Refuse";
pub const REFUSE_WITH: &str = "Do not deliver";
pub const WORDS: &str = "What the author reads";
pub const WORDS_HELP: &str =
    "Say why it is not delivered and what to do instead. You are named as “Compliance”.";
pub const DELIVERED: &str = "Delivered";
pub const REFUSED: &str = "Not delivered, and the author told";
pub const NOT_DECIDED: &str = "Your decision did not count";

/// Texts that wait and cannot be shown.
pub fn unverified(positions: &[u64]) -> String {
    let numbers: Vec<String> = positions.iter().map(u64::to_string).collect();
    format!(
        "{} and cannot be shown: {}. An administrator can check the archive.",
        plural(
            positions.len() as u64,
            "record that waits does not verify",
            "records that wait do not verify"
        ),
        numbers.join(", ")
    )
}

/// How many texts are in the list.
pub fn lead(count: u64, more: bool) -> String {
    if count == 0 {
        return "Texts that a rule keeps back until an officer agrees.".to_owned();
    }
    let more = if more { " and more" } else { "" };
    format!(
        "{}{more}. Each is delivered or refused by an officer who did not write it; reading them is on record.",
        plural(count, "text waits", "texts wait")
    )
}

/// An age: "12 min", "3 h 12 min", "2 d".
pub fn since(age: Micros) -> String {
    let minutes = u64::try_from(age / 60_000_000).unwrap_or(0);
    match minutes {
        0 => "just now".to_owned(),
        1..60 => format!("{minutes} min"),
        60..1_440 => format!("{} h {} min", minutes / 60, minutes % 60),
        _ => format!("{} d", grouped(minutes / 1_440)),
    }
}

/// Why a decision did not count.
pub fn refused(error: &ClientError) -> String {
    match error.code() {
        Some("already_decided" | "not_found") => {
            "Somebody else decided about this text, or its author took it back.".to_owned()
        }
        Some("own_request") => "Nobody decides about their own text.".to_owned(),
        _ => super::problem::of(error),
    }
}

/// What waits, in the menu.
pub fn waiting(count: u64) -> String {
    plural(count, "text waits", "texts wait")
}

#[cfg(test)]
mod tests {
    use super::since;

    #[test]
    fn ages_are_rounded_for_people() {
        let minute = 60_000_000;
        assert_eq!(since(minute - 1), "just now");
        assert_eq!(since(12 * minute), "12 min");
        assert_eq!(since(192 * minute), "3 h 12 min");
        assert_eq!(since(3_000 * minute), "2 d");
        assert_eq!(since(-5), "just now");
    }
}
