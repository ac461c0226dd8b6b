//! Words that stand for what a rule took out, between two characters that nobody can type.

use super::Inline;
use crate::acceptable_use::{REMOVED_BEGIN, REMOVED_END};

/// A stretch of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stretch<'a> {
    /// As typed.
    Typed(&'a str),
    /// These words stand for what a rule took out.
    Removed(&'a str),
}

/// The stretches of a text, none of them empty. A character that has no partner in its line disappears.
pub fn stretches(text: &str) -> Vec<Stretch<'_>> {
    let mut found = Vec::new();
    // Where the stretch begins, and whether a beginning stands before it.
    let (mut from, mut begun) = (0, false);
    for (at, c) in text.char_indices().filter(|(_, c)| matches!(*c, REMOVED_BEGIN | REMOVED_END | '\n')) {
        if c == '\n' {
            begun = false;
            continue;
        }
        push(&mut found, &text[from..at], begun && c == REMOVED_END);
        (from, begun) = (at + c.len_utf8(), c == REMOVED_BEGIN);
    }
    push(&mut found, &text[from..], false);
    found
}

fn push<'a>(found: &mut Vec<Stretch<'a>>, text: &'a str, removed: bool) {
    if !text.is_empty() {
        found.push(if removed { Stretch::Removed(text) } else { Stretch::Typed(text) });
    }
}

/// Whether there is anything to do.
fn has_any(text: &str) -> bool {
    text.contains([REMOVED_BEGIN, REMOVED_END])
}

/// The text with every beginning before an end of its own, in the same line, with words between them.
pub(super) fn paired(text: &str) -> String {
    rebuilt(text, REMOVED_BEGIN.encode_utf8(&mut [0; 4]), REMOVED_END.encode_utf8(&mut [0; 4]))
}

/// A text as it can be typed, for copying, forwarding and editing: the words stand in square brackets.
pub fn typeable(text: &str) -> String {
    rebuilt(text, "[", "]")
}

/// The words alone.
pub(super) fn bare(text: String) -> String {
    if has_any(&text) { text.replace([REMOVED_BEGIN, REMOVED_END], "") } else { text }
}

fn rebuilt(text: &str, begin: &str, end: &str) -> String {
    if !has_any(text) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for stretch in stretches(text) {
        match stretch {
            Stretch::Typed(text) => out.push_str(text),
            Stretch::Removed(words) => [begin, words, end].into_iter().for_each(|part| out.push_str(part)),
        }
    }
    out
}

/// The stretches as parts of a text in which nothing is markup; `typed` makes one of what was typed.
pub(super) fn inlines(text: &str, typed: fn(String) -> Inline) -> Vec<Inline> {
    let part = |stretch| match stretch {
        Stretch::Typed(text) => typed(text.to_owned()),
        Stretch::Removed(words) => Inline::Removed(words.to_owned()),
    };
    stretches(text).into_iter().map(part).collect()
}
