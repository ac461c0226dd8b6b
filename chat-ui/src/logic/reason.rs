//! Why something is sent that a rule asks about: chosen from a few, and in words. And where in a text rules matched.

use chancery_protocol::acceptable_use::Notice;
use chancery_protocol::search::Span;
use chancery_protocol::{MAX_REASON_CHARS, MIN_REASON_CHARS};
use chancery_ui_kit::text::rules::CHOICES;

/// What a reason lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lacks {
    /// None of [`CHOICES`] is chosen.
    Choice,
    /// The words are too few.
    Words,
    /// The words are too many.
    Brevity,
}

/// What stands before the words; nothing for the last choice, which has no name.
fn prefix(choice: &str) -> &str {
    if CHOICES.last() == Some(&choice) { "" } else { choice }
}

/// How many characters the words may have beside a choice.
pub fn most(choice: &str) -> usize {
    match prefix(choice).chars().count() {
        0 => MAX_REASON_CHARS,
        chars => MAX_REASON_CHARS - chars - 2,
    }
}

/// A choice and words as they are sent.
///
/// # Errors
/// What they lack first.
pub fn whole(choice: &str, words: &str) -> Result<String, Lacks> {
    let words = words.trim();
    let used = words.chars().count();
    if choice.is_empty() {
        Err(Lacks::Choice)
    } else if used < MIN_REASON_CHARS {
        Err(Lacks::Words)
    } else if used > most(choice) {
        Err(Lacks::Brevity)
    } else {
        match prefix(choice) {
            "" => Ok(words.to_owned()),
            name => Ok(format!("{name}: {words}")),
        }
    }
}

/// Where rules matched: in order, and none over another.
pub fn hits(notices: &[Notice]) -> Vec<Span> {
    let mut hits: Vec<Span> = Vec::new();
    for (start, end) in notices.iter().flat_map(|notice| notice.spans.iter().copied()) {
        let mut new = Span { start, end };
        // Few as they are, each is put where it belongs, with those it touches in it.
        let from = hits.partition_point(|hit| hit.end < start);
        while let Some(hit) = hits.get(from).copied().filter(|hit| hit.start <= new.end) {
            new = Span { start: new.start.min(hit.start), end: new.end.max(hit.end) };
            hits.remove(from);
        }
        hits.insert(from, new);
    }
    hits.retain(|hit| hit.start < hit.end);
    hits
}

#[cfg(test)]
mod tests {
    use chancery_protocol::acceptable_use::RuleOutcome;

    use super::*;

    #[test]
    fn what_is_sent_names_the_choice_and_fits() {
        let words = " The client wants it in writing ";
        assert_eq!(whole(CHOICES[1], words).as_deref(), Ok("Settlement: The client wants it in writing"));
        assert_eq!(whole(CHOICES[3], words).as_deref(), Ok("The client wants it in writing"));
        assert_eq!(whole("", words), Err(Lacks::Choice));
        assert_eq!(whole(CHOICES[0], "   as asked  "), Err(Lacks::Words));
        for choice in CHOICES {
            let longest = whole(choice, &"é".repeat(most(choice))).unwrap();
            assert_eq!(longest.chars().count(), MAX_REASON_CHARS);
            assert_eq!(whole(choice, &"é".repeat(most(choice) + 1)), Err(Lacks::Brevity));
        }
    }

    #[test]
    fn hits_of_several_rules_stand_beside_each_other() {
        let notice = |spans: &[(u32, u32)]| Notice {
            rule: String::new(),
            name: String::new(),
            outcome: RuleOutcome::Warn,
            why: String::new(),
            ask: String::new(),
            spans: spans.to_vec(),
        };
        let found =
            hits(&[notice(&[(9, 12), (0, 3), (20, 21)]), notice(&[(2, 5), (9, 9), (7, 7), (11, 20)])]);
        assert_eq!(found, [Span { start: 0, end: 5 }, Span { start: 9, end: 21 }]);
    }
}
