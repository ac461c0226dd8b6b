//! Texts that wait for an officer: what is shown of them, and which comes next.

use std::collections::BTreeMap;

use chancery_protocol::ids::{PersonId, RecordId};
use chancery_protocol::review::{Matched, WaitingText};
use chancery_protocol::search::ConversationRef;
use chancery_ui_kit::text::compliance as words;

/// What a conversation is called: its name, or the two who talk in it.
pub fn called(place: &ConversationRef, names: &BTreeMap<PersonId, String>) -> String {
    let name = |id: &PersonId| names.get(id).cloned().unwrap_or_else(|| words::SOMEBODY.to_owned());
    match (&place.name, place.pair.as_slice()) {
        (Some(name), _) => name.clone(),
        (None, [one, other]) if one != other => words::pair(&name(one), &name(other)),
        (None, [one, ..]) => name(one),
        (None, []) => words::DIRECT.to_owned(),
    }
}

/// How grave something is, so that the gravest comes first.
fn rank(severity: &str) -> u8 {
    match severity {
        "critical" => 0,
        "high" => 1,
        "medium" => 2,
        _ => 3,
    }
}

/// The match that names a text in the list: of the rules that made it wait the gravest, else the gravest of all.
pub fn leading(text: &WaitingText) -> Option<&Matched> {
    text.matched.iter().min_by_key(|one| (std::cmp::Reverse(one.outcome), rank(&one.severity)))
}

/// Everything that matched, whatever rule it was.
pub fn spans(text: &WaitingText) -> Vec<(u32, u32)> {
    text.matched.iter().flat_map(|one| one.spans.iter().copied()).collect()
}

/// The text to look at when this one is decided: the next below, else the one above.
pub fn next(texts: &[WaitingText], decided: RecordId) -> Option<RecordId> {
    let at = texts.iter().position(|text| text.attempt == decided)?;
    let other = texts.get(at + 1).or_else(|| texts.get(at.checked_sub(1)?))?;
    Some(other.attempt)
}

#[cfg(test)]
mod tests {
    use chancery_protocol::acceptable_use::RuleOutcome;
    use chancery_protocol::conversation::ConversationKind;
    use chancery_protocol::ids::{ConversationId, Id};

    use super::*;

    fn text(number: u8) -> WaitingText {
        WaitingText {
            attempt: RecordId::from_bytes([number; 16]),
            position: number.into(),
            author: PersonId::from_bytes([1; 16]),
            conversation: ConversationId::from_bytes([2; 16]),
            at: 0,
            text: "the guest list".to_owned(),
            message: None,
            urgent: false,
            reason: None,
            matched: Vec::new(),
        }
    }

    fn matched(rule: &str, outcome: RuleOutcome, severity: &str) -> Matched {
        Matched {
            rule: rule.to_owned(),
            version: 1,
            outcome,
            severity: severity.to_owned(),
            spans: vec![(4, 9)],
            disguise: None,
        }
    }

    #[test]
    fn the_rule_that_made_it_wait_names_it() {
        let mut waiting = text(1);
        assert!(leading(&waiting).is_none());
        waiting.matched = vec![
            matched("flags", RuleOutcome::Flag, "critical"),
            matched("waits", RuleOutcome::Review, "low"),
            matched("grave", RuleOutcome::Review, "high"),
        ];
        assert_eq!(leading(&waiting).map(|one| one.rule.as_str()), Some("grave"));
        assert_eq!(spans(&waiting).len(), 3);
    }

    #[test]
    fn the_next_one_opens_by_itself() {
        let texts = [text(1), text(2), text(3)];
        let after = |number: u8| next(&texts, texts[usize::from(number) - 1].attempt).map(|id| id.bytes()[0]);
        assert_eq!((after(1), after(2), after(3)), (Some(2), Some(3), Some(2)));
        assert_eq!(next(&texts[..1], texts[0].attempt), None);
    }

    #[test]
    fn a_talk_of_two_is_called_by_them() {
        let (ada, ben) = (PersonId::from_bytes([1; 16]), PersonId::from_bytes([2; 16]));
        let names = BTreeMap::from([(ada, "Ada".to_owned())]);
        let place = ConversationRef {
            id: ConversationId::from_bytes([2; 16]),
            kind: ConversationKind::Direct,
            name: None,
            member_count: 2,
            pair: vec![ada, ben],
        };
        assert_eq!(called(&place, &names), "Ada and Somebody");
    }
}
