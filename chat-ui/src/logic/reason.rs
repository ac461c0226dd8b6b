//! Why something is sent that a rule asks about: chosen from a few, and in words. And where in a text rules matched.

use chancery_protocol::acceptable_use::Notice;
use chancery_protocol::search::Span;
use chancery_protocol::{MAX_REASON_CHARS, MIN_REASON_CHARS};
use chancery_ui_kit::text::rules::CHOICES;

/// A reason, as far as it is given.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reason {
    /// Which of [`CHOICES`].
    pub choice: Option<usize>,
    /// In words.
    pub words: String,
}

/// What a reason lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lacks {
    /// None is chosen.
    Choice,
    /// The words are too few.
    Words,
    /// The words are too many.
    Brevity,
}

impl Reason {
    /// What stands before the words; nothing for what has no name.
    fn prefix(&self) -> String {
        let named = self.choice.filter(|choice| choice + 1 < CHOICES.len());
        named.and_then(|choice| CHOICES.get(choice)).map(|name| format!("{name}: ")).unwrap_or_default()
    }

    /// How many characters the words may have.
    pub fn most(&self) -> usize {
        MAX_REASON_CHARS - self.prefix().chars().count()
    }

    /// How many they have.
    pub fn used(&self) -> usize {
        self.words.trim().chars().count()
    }

    /// As it is sent.
    ///
    /// # Errors
    /// What it lacks first.
    pub fn whole(&self) -> Result<String, Lacks> {
        if self.choice.is_none() {
            Err(Lacks::Choice)
        } else if self.used() < MIN_REASON_CHARS {
            Err(Lacks::Words)
        } else if self.used() > self.most() {
            Err(Lacks::Brevity)
        } else {
            Ok(format!("{}{}", self.prefix(), self.words.trim()))
        }
    }
}

/// Where rules matched: in order, and none over another.
pub fn hits(notices: &[Notice]) -> Vec<Span> {
    let mut all: Vec<(u32, u32)> = notices
        .iter()
        .flat_map(|notice| notice.spans.iter().copied())
        .filter(|(from, to)| from < to)
        .collect();
    all.sort_unstable();
    let mut hits: Vec<Span> = Vec::new();
    for (start, end) in all {
        match hits.last_mut() {
            Some(last) if start <= last.end => last.end = last.end.max(end),
            _ => hits.push(Span { start, end }),
        }
    }
    hits
}

#[cfg(test)]
mod tests {
    use chancery_protocol::acceptable_use::RuleOutcome;

    use super::*;

    fn reason(choice: usize, words: &str) -> Reason {
        Reason { choice: Some(choice), words: words.to_owned() }
    }

    #[test]
    fn what_is_sent_names_the_choice_and_fits() {
        let words = " The client wants it in writing ";
        assert_eq!(reason(1, words).whole().as_deref(), Ok("Settlement: The client wants it in writing"));
        assert_eq!(reason(3, words).whole().as_deref(), Ok("The client wants it in writing"));
        assert_eq!(Reason { choice: None, ..reason(0, words) }.whole(), Err(Lacks::Choice));
        assert_eq!(reason(0, "   as asked  ").whole(), Err(Lacks::Words));
        for choice in 0..CHOICES.len() {
            let most = reason(choice, "").most();
            let longest = reason(choice, &"é".repeat(most)).whole().unwrap();
            assert_eq!(longest.chars().count(), MAX_REASON_CHARS);
            assert_eq!(reason(choice, &"é".repeat(most + 1)).whole(), Err(Lacks::Brevity));
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
        let found = hits(&[notice(&[(9, 12), (0, 3)]), notice(&[(2, 5), (9, 9)])]);
        assert_eq!(found, [Span { start: 0, end: 5 }, Span { start: 9, end: 12 }]);
    }
}
