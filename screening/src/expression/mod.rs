//! What a rule looks for, as a tree.
//!
//! ```text
//! or      = and { "OR" and }
//! and     = not { [ "AND" ] not }           "AND" may be left out before "NOT" only
//! not     = "NOT" not | near
//! near    = primary { "NEAR/n" primary }
//! primary = "(" or ")" | "\"" phrase "\"" | word | "list:" name | "detect:" name | "/" pattern "/"
//! ```
//! Operators are in capitals. Two words side by side are a mistake: whoever means a phrase quotes it.

mod parse;
mod pieces;

use crate::detect::Detector;

pub(crate) use parse::parse;

/// Longest expression, in characters.
pub const MAX_EXPRESSION_CHARS: usize = 20_000;
/// Most words, phrases, lists, patterns and detectors of one expression.
pub const MAX_LEAVES: usize = 500;
/// Deepest nesting.
pub const MAX_DEPTH: usize = 20;
/// Most words between the two sides of NEAR.
pub const MAX_DISTANCE: usize = 100;

/// An expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Expression {
    /// A leaf.
    Leaf(Leaf),
    /// Whatever does not match.
    Not(Box<Expression>),
    /// All of these; at least two.
    And(Vec<Expression>),
    /// Any of these; at least two.
    Or(Vec<Expression>),
    /// Both sides, in either order, with at most so many words between them.
    Near(usize, Box<Expression>, Box<Expression>),
}

/// What is looked for, with its place in characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Leaf {
    pub at: usize,
    pub wanted: Wanted,
}

/// What a leaf looks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// A word or phrase, perhaps with wildcards.
    Term(String),
    /// Any entry of a list.
    List(String),
    /// A regular expression.
    Pattern(String),
    /// What a detector knows.
    Detected(Detector),
}

/// What is wrong with an expression, and where (in characters).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mistake {
    pub at: usize,
    pub reason: String,
}

impl Expression {
    /// Whether something must be found for it to hold; otherwise it holds for nearly every text.
    pub fn needs_a_find(&self) -> bool {
        match self {
            Self::Leaf(_) | Self::Near(..) => true,
            Self::Not(_) => false,
            Self::And(parts) => parts.iter().any(Self::needs_a_find),
            Self::Or(parts) => parts.iter().all(Self::needs_a_find),
        }
    }

    fn has_not(&self) -> bool {
        match self {
            Self::Leaf(_) => false,
            Self::Not(_) => true,
            Self::And(parts) | Self::Or(parts) => parts.iter().any(Self::has_not),
            Self::Near(_, left, right) => left.has_not() || right.has_not(),
        }
    }
}
