//! What the parts of a rule are called, and their values.

use chancery_protocol::acceptable_use::RuleOutcome;

use super::{
    ASK_WHOM, KNOWN, MUST, MUST_NOT, NAME, QUEUE, REACH, REACH_INSIDE, REACH_OUTSIDE, SCOPE, SEVERITY, WHY,
};

/// A kind of text, as in a pack.
pub fn kind(name: &str) -> &'static str {
    match name {
        "message" => "messages",
        "edit" => "changed messages",
        "conversation_name" => "names of conversations",
        "topic" => "topics",
        "status" => "status texts",
        "file_name" => "names of files",
        "file_text" => "texts of files",
        _ => "other texts",
    }
}

/// What a rule does, in the words used everywhere.
pub fn outcome(outcome: RuleOutcome) -> &'static str {
    match outcome {
        RuleOutcome::Flag => "Flag",
        RuleOutcome::Warn => "Warn",
        RuleOutcome::Redact => "Redact",
        RuleOutcome::Review => "Review first",
        RuleOutcome::Block => "Block",
    }
}

/// What that means.
pub fn meaning(outcome: RuleOutcome) -> &'static str {
    match outcome {
        RuleOutcome::Flag => "Deliver, look at it later",
        RuleOutcome::Warn => "Ask for a reason first",
        RuleOutcome::Redact => "Deliver without the match",
        RuleOutcome::Review => "Deliver if an officer agrees",
        RuleOutcome::Block => "Do not deliver",
    }
}

/// How grave a match is, as in a pack.
pub fn severity(name: &str) -> &'static str {
    match name {
        "low" => "Low",
        "medium" => "Medium",
        "high" => "High",
        _ => "Critical",
    }
}

/// A field of a rule, as in a pack.
pub fn field(path: &str) -> String {
    let (first, rest) = path.split_once('.').unwrap_or((path, ""));
    let named = |name: &str| match name {
        "id" => "Short name",
        "name" => NAME,
        "match" => "Looks for",
        "entries" => "Entries",
        "unless" => "But not within",
        "applies_to" => "In which texts",
        "outcome" => "What happens",
        "instead" => "What readers see in its place",
        "why" => WHY,
        "ask" => ASK_WHOM,
        "known_to_senders" => KNOWN,
        "severity" => SEVERITY,
        "queue" => QUEUE,
        "languages" => "Languages",
        "sender_groups" => "Sender is in",
        "senders" => "Sender is",
        "recipient_groups" => "Writes to somebody in",
        "conversations" => "Writes in",
        "reach" => REACH,
        "tests.match" => MUST,
        "tests.pass" => MUST_NOT,
        "title" => "Title",
        "essence" => "In short",
        "every_days" => "Accept again after days",
        _ => "",
    };
    match first {
        "scope" => format!("{SCOPE}: {}", named(rest)),
        "exceptions" => {
            let (number, part) = rest.split_once('.').unwrap_or((rest, ""));
            let said = if part == "recipient_groups" { "Writes only to people in" } else { named(part) };
            format!("Exception {number}: {said}")
        }
        "sections" => rest.to_owned(),
        _ => match named(path) {
            "" => path.to_owned(),
            name => name.to_owned(),
        },
    }
}

/// A value of a field, where it has words of its own.
pub fn value(field: &str, value: &str) -> String {
    let words = match (field.rsplit('.').next().unwrap_or(field), value) {
        ("outcome", "flag") => outcome(RuleOutcome::Flag),
        ("outcome", "warn") => outcome(RuleOutcome::Warn),
        ("outcome", "redact") => outcome(RuleOutcome::Redact),
        ("outcome", "review") => outcome(RuleOutcome::Review),
        ("outcome", "block") => outcome(RuleOutcome::Block),
        ("severity", name) => severity(name),
        ("applies_to", name) => kind(name),
        ("reach", "inside") => REACH_INSIDE,
        ("reach", "outside") => REACH_OUTSIDE,
        ("known_to_senders", "true") => "Yes",
        ("known_to_senders", "false") => "No",
        _ => return value.to_owned(),
    };
    words.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_a_name() {
        assert_eq!(field("exceptions.2.senders"), "Exception 2: Sender is");
        assert_eq!(field("tests.pass"), "Must not match");
        assert_eq!(field("brand_new"), "brand_new");
        assert_eq!(value("severity", "high"), "High");
    }
}
