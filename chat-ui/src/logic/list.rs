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
) -> Vec<Line> {
    let mut all: Vec<&Conversation> = conversations
        .filter(|one| filter == Filter::All || unread(one) > 0 || Some(one.id) == open)
        .collect();
    all.sort_by_key(|one| (one.kind, std::cmp::Reverse(one.last_at), one.id));
    all.into_iter().map(|one| Line { id: one.id, kind: one.kind, unread: unread(one) }).collect()
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
        assert_eq!(ids(&lines(all().iter(), Filter::All, None)), [3, 2, 4, 1]);
    }

    #[test]
    fn the_filter_keeps_the_open_one() {
        assert_eq!(ids(&lines(all().iter(), Filter::Unread, None)), [2, 4]);
        let open = Some(ConversationId::from_bytes([1; 16]));
        assert_eq!(ids(&lines(all().iter(), Filter::Unread, open)), [2, 4, 1]);
    }

    #[test]
    fn keys_walk_the_list_and_stop_at_its_ends() {
        let all = all();
        let lines = lines(all.iter(), Filter::All, None);
        let at = |n: u8| Some(ConversationId::from_bytes([n; 16]));
        assert_eq!(neighbour(&lines, at(3), true, false), at(2));
        assert_eq!(neighbour(&lines, at(3), true, true), at(2));
        assert_eq!(neighbour(&lines, at(2), true, true), at(4));
        assert_eq!(neighbour(&lines, at(1), true, false), None);
        assert_eq!(neighbour(&lines, at(3), false, false), None);
        assert_eq!(neighbour(&lines, None, true, false), at(3));
    }
}
