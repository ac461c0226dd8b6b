//! What is wrong with a rule, for the person who wrote it.

use std::fmt;

/// One thing to mend before the packs can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Id of the pack.
    pub pack: String,
    /// Id of the rule, unless it is the pack's own.
    pub rule: Option<String>,
    /// Which field: `match`, `unless 2`, `lists.shares 14`.
    pub field: String,
    /// Where in the field's text, in characters from its beginning.
    pub at: Option<usize>,
    /// What is wrong, and how to mend it.
    pub reason: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.pack)?;
        if let Some(rule) = &self.rule {
            write!(f, ", rule {rule}")?;
        }
        write!(f, ", {}", self.field)?;
        if let Some(at) = self.at {
            write!(f, ", character {}", at + 1)?;
        }
        write!(f, ": {}", self.reason)
    }
}

impl std::error::Error for Problem {}
