//! The list of conversations: sections, order, and where Alt ↑ and Alt ↓ lead.

use chancery_protocol::conversation::{Conversation, ConversationKind};
use chancery_protocol::ids::ConversationId;
use chancery_protocol::state::unread;

/// What the list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Filter {
    /// Everything.
    #[default]
    All,
    /// What has unread messages.
    Unread,
    /// Direct messages.
    Direct,
    /// Groups and announcements.
    Groups,
}

impl Filter {
    fn shows(self, one: &Conversation) -> bool {
        match self {
            Self::All => true,
            Self::Unread => unread(one) > 0,
            Self::Direct => one.kind == ConversationKind::Direct,
            Self::Groups => one.kind != ConversationKind::Direct,
        }
    }
}

/// A line of the list as far as order needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// Which.
    pub id: ConversationId,
    /// Which section.
    pub kind: ConversationKind,
    /// How many unread messages.
    pub unread: u64,
}

/// The lines in the order shown: direct messages, then groups, the newest first. The open conversation stays in
/// the list even when the filter would drop it, so that reading does not make it vanish.
pub fn lines<'a>(
    conversations: impl Iterator<Item = &'a Conversation>,
    filter: Filter,
    open: Option<ConversationId>,
    fits: impl Fn(&Conversation) -> bool,
) -> Vec<Line> {
    let mut all: Vec<&Conversation> = conversations
        .filter(|one| fits(one) && (filter.shows(one) || (filter == Filter::Unread && Some(one.id) == open)))
        .collect();
    all.sort_by_key(|one| (one.kind != ConversationKind::Direct, std::cmp::Reverse(one.last_at), one.id));
    all.into_iter().map(|one| Line { id: one.id, kind: one.kind, unread: unread(one) }).collect()
}

/// Height of the head of a section, in pixels at the usual size of text.
pub const HEAD: usize = 36;

/// Height of a line.
pub const ROW: usize = 52;

/// A row of the pane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Entry<T> {
    /// The head of a section, by its number.
    Head(usize),
    /// A line.
    Line(T),
}

/// The rows of sections one below the other: a head for each that has lines, and the lines of those that are not closed.
pub fn entries<T: Copy>(sections: &[Vec<T>], closed: &[bool]) -> Vec<Entry<T>> {
    let mut all = Vec::new();
    for (number, lines) in sections.iter().enumerate().filter(|(_, lines)| !lines.is_empty()) {
        all.push(Entry::Head(number));
        if !closed.get(number).copied().unwrap_or_default() {
            all.extend(lines.iter().copied().map(Entry::Line));
        }
    }
    all
}

/// Which rows are in view, and `more` on both sides, when the first `top` pixels are scrolled away.
pub fn visible(heights: &[usize], top: usize, height: usize, more: usize) -> (usize, usize) {
    let mut passed = 0;
    let ends = heights.iter().map(|height| {
        passed += height;
        passed
    });
    let ends: Vec<usize> = ends.collect();
    let first = ends.partition_point(|end| *end <= top);
    let last = ends.partition_point(|end| *end < top + height);
    (first.saturating_sub(more), (last + 1 + more).min(heights.len()).max(first.min(heights.len())))
}

/// The conversation above or below the open one; with `only_unread`, the next that has unread messages.
pub fn neighbour(
    lines: &[Line],
    open: Option<ConversationId>,
    down: bool,
    only_unread: bool,
) -> Option<ConversationId> {
    let fits = |line: &&Line| Some(line.id) != open && (!only_unread || line.unread > 0);
    let at = open.and_then(|open| lines.iter().position(|line| line.id == open));
    let found = match (at, down) {
        (Some(at), true) => lines.iter().skip(at + 1).find(fits),
        (Some(at), false) => lines.iter().take(at).rev().find(fits),
        (None, true) => lines.iter().find(fits),
        (None, false) => lines.iter().rev().find(fits),
    };
    found.map(|line| line.id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chancery_protocol::ids::Id;

    fn conversation(n: u8, kind: ConversationKind, last_at: i64, unread: u64) -> Conversation {
        Conversation {
            id: ConversationId::from_bytes([n; 16]),
            kind,
            name: None,
            topic: None,
            with: None,
            open: false,
            role: chancery_protocol::conversation::MemberRole::Member,
            other: None,
            member_count: 2,
            member_since: 1,
            last_seq: 1 + unread,
            last_ordinal: unread,
            read: 0,
            last_message: None,
            last_at,
            draft: String::new(),
        }
    }

    fn all() -> Vec<Conversation> {
        vec![
            conversation(1, ConversationKind::Group, 50, 0),
            conversation(2, ConversationKind::Direct, 10, 3),
            conversation(3, ConversationKind::Direct, 20, 0),
            conversation(4, ConversationKind::Group, 90, 1),
        ]
    }

    fn ids(lines: &[Line]) -> Vec<u8> {
        lines.iter().map(|line| line.id.bytes()[0]).collect()
    }

    #[test]
    fn direct_messages_come_first_and_the_newest_on_top() {
        assert_eq!(ids(&lines(all().iter(), Filter::All, None, |_| true)), [3, 2, 4, 1]);
    }

    #[test]
    fn the_filter_keeps_the_open_one() {
        assert_eq!(ids(&lines(all().iter(), Filter::Unread, None, |_| true)), [2, 4]);
        let open = Some(ConversationId::from_bytes([1; 16]));
        assert_eq!(ids(&lines(all().iter(), Filter::Unread, open, |_| true)), [2, 4, 1]);
    }

    #[test]
    fn kinds_and_names_are_filtered() {
        assert_eq!(ids(&lines(all().iter(), Filter::Direct, None, |_| true)), [3, 2]);
        assert_eq!(ids(&lines(all().iter(), Filter::Groups, None, |one| one.last_at > 60)), [4]);
    }

    #[test]
    fn rows_that_are_seen_have_elements() {
        let kinds = [3, 0, 2];
        let rows = entries(&kinds.map(|count| vec![(); count]), &[false, false, false]);
        assert_eq!(rows.len(), 3 + 2 + 2, "no head for a section of none");
        let closed = entries(&kinds.map(|count| vec![(); count]), &[true, false, false]);
        assert_eq!(closed.len(), 2 + 2, "a closed section has its head only");
        let heights = [HEAD, ROW, ROW, HEAD, ROW];
        assert_eq!(visible(&heights, 0, HEAD + 1, 0), (0, 2));
        assert_eq!(visible(&heights, HEAD + ROW, ROW, 0), (2, 3));
        assert_eq!(visible(&heights, 10_000, ROW, 0), (5, 5));
        assert_eq!(visible(&[], 0, 500, 3), (0, 0));
    }

    #[test]
    fn keys_walk_the_list_and_stop_at_its_ends() {
        let all = all();
        let lines = lines(all.iter(), Filter::All, None, |_| true);
        let at = |n: u8| Some(ConversationId::from_bytes([n; 16]));
        assert_eq!(neighbour(&lines, at(3), true, false), at(2));
        assert_eq!(neighbour(&lines, at(3), true, true), at(2));
        assert_eq!(neighbour(&lines, at(2), true, true), at(4));
        assert_eq!(neighbour(&lines, at(1), true, false), None);
        assert_eq!(neighbour(&lines, at(3), false, false), None);
        assert_eq!(neighbour(&lines, None, true, false), at(3));
    }
}
