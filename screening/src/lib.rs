//! Rules of acceptable use: text goes in, findings with places in the text come out.
//!
//! [`Pack`]s of rules are compiled into a [`Set`], which [screens](Set::screen) texts: the server before it delivers
//! them, the console when an officer tries a rule. Nobody's rules are known here: whom a rule is for, and what
//! happens then, the server decides from what the [`Rule`] says.
//!
//! The way of a text: `fold` makes plain letters of it, and second readings where words are disguised; `index` finds
//! the words and phrases of all rules at once, `pattern` their regular expressions, `detect` numbers and keys with
//! check digits; `screen` decides each rule of which anything was found. [`check()`] runs the rules' own tests.
//!
//! What must stay true: no I/O; the same findings natively and in a browser; time linear in the length of the text,
//! whatever it is; spans on borders of characters. `docs/policies.md` is for those who write rules.

#[cfg(feature = "toml")]
mod check;
mod compile;
mod detect;
mod effort;
mod expression;
mod fold;
#[cfg(feature = "fuzz")]
pub mod fuzz;
mod index;
mod pack;
mod pattern;
mod problem;
mod screen;
mod term;

#[cfg(feature = "toml")]
pub use check::{Failure, Report, check};
pub use compile::{MAX_INSTEAD_CHARS, MAX_LIST, MAX_WHY_CHARS};
pub use detect::Detector;
pub use expression::{MAX_DEPTH, MAX_DISTANCE, MAX_EXPRESSION_CHARS, MAX_LEAVES};
pub use fold::disguise::Disguise;
pub use pack::{Examples, Notice, Outcome, Pack, Reach, Rule, Scope, Severity, TextKind};
pub use pattern::{MAX_PATTERN_BYTES, MAX_PATTERN_CHARS};
pub use problem::Problem;
pub use screen::{Finding, MAX_SPANS, Set};
pub use term::MAX_TERM_CHARS;
