//! The groups of letters and digits that numbers are written in.

use crate::fold::{char_at, is_word, plain_run};

/// ASCII letters and digits in one piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Group {
    pub start: usize,
    pub end: usize,
    /// Whether it has a digit.
    pub digits: bool,
    /// What stands between it and the group before, when it is one character that groups numbers.
    pub gap: Option<u8>,
}

impl Group {
    /// Whether what stands before it is of the same kind as before another.
    pub fn is_grouped_as(&self, other: &Self) -> bool {
        self.gap.is_some() && (self.gap == other.gap || (is_point(self.gap) && is_point(other.gap)))
    }

    pub fn length(&self) -> usize {
        self.end - self.start
    }
}

/// Hyphens and dots go together, as in `85.07.30-033.28`.
fn is_point(gap: Option<u8>) -> bool {
    matches!(gap, Some(b'-' | b'.'))
}

/// The groups of a text. What touches a letter of another kind is none.
pub(super) fn groups(text: &str) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut open: Option<Group> = None;
    // Where a word begins that is no group, until it ends.
    let mut foreign = false;
    let bytes = text.as_bytes();
    let mut next = 0;
    while let Some(c) = char_at(text, next) {
        let at = next;
        let run = plain_run(text, at);
        next += run.len().max(c.len_utf8());
        if !is_word(c) {
            let ended = open.take().filter(|_| !foreign);
            groups.extend(ended);
            foreign = false;
            continue;
        }
        foreign |= !c.is_ascii();
        let group = open.get_or_insert_with(|| {
            let before = groups.last().map(|group| group.end);
            let gap = before.filter(|end| end + 1 == at).and_then(|end| bytes.get(end)).copied();
            let gap = gap.filter(|gap| matches!(gap, b' ' | b'-' | b'.' | b'/'));
            Group { start: at, end: at, digits: false, gap }
        });
        group.end = next;
        group.digits |= run.bytes().any(|byte| byte.is_ascii_digit());
    }
    groups.extend(open.filter(|_| !foreign));
    groups
}
