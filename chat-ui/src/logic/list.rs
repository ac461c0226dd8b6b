//! The list of conversations: sections, order, and where Alt ↑ and Alt ↓ lead.

use std::cmp::Reverse;

use chancery_protocol::conversation::{Conversation, ConversationKind};
use chancery_protocol::ids::{ConversationId, PersonId};
use chancery_protocol::preferences::Preferences;
use chancery_protocol::state::unread;

/// What the list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Filter {
    /// Everything.
    #[default]
    All,
    /// What has unread messages.
    Unread,
    /// What has unread messages that mention the reader.
    Mentions,
}

/// Which sort of conversations the list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// All.
    #[default]
    All,
    /// Direct messages.
    Direct,
    /// Groups and announcements.
    Groups,
}

/// A part of the list under a head.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// What the reader keeps at the top.
    Pinned,
    /// An own list of people.
    Own(String),
    /// The other direct messages.
    Direct,
    /// The other groups and announcements.
    Groups,
}

impl Section {
    /// Its name as the browser keeps it.
    pub fn key(&self) -> String {
        match self {
            Self::Pinned => "pinned".to_owned(),
            Self::Own(name) => format!("list {name}"),
            Self::Direct => "direct".to_owned(),
            Self::Groups => "groups".to_owned(),
        }
    }
}

/// Where a line leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Target {
    /// To a conversation.
    Conversation(ConversationId),
    /// To somebody of an own list with whom there is none yet.
    Person(PersonId),
}

/// A line of the list as far as order needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// Where it leads.
    pub target: Target,
    /// Place of its section.
    pub section: usize,
    /// How many unread messages.
    pub unread: u64,
}

impl Line {
    /// The conversation it leads to.
    pub fn conversation(&self) -> Option<ConversationId> {
        match self.target {
            Target::Conversation(id) => Some(id),
            Target::Person(_) => None,
        }
    }
}

/// What the lines are made from.
#[derive(Clone, Copy)]
pub struct Wanted<'a> {
    /// Pins and own lists.
    pub arranged: &'a Preferences,
    /// What is shown.
    pub filter: Filter,
    /// Which sort.
    pub sort: Sort,
    /// The open conversation stays in the list even when the filter would drop it, so that reading does not make it vanish.
    pub open: Option<ConversationId>,
    /// How many unread messages of a conversation mention the reader.
    pub mentions: &'a dyn Fn(&Conversation) -> u64,
    /// Whether a conversation has what is typed in its names.
    pub fits: &'a dyn Fn(&Conversation) -> bool,
    /// Whether a person has.
    pub fits_person: &'a dyn Fn(PersonId) -> bool,
}

impl Wanted<'_> {
    fn shows(&self, one: &Conversation) -> bool {
        let direct = one.kind == ConversationKind::Direct;
        let sort = match self.sort {
            Sort::All => true,
            Sort::Direct => direct,
            Sort::Groups => !direct,
        };
        let filter = match self.filter {
            Filter::All => true,
            Filter::Unread => unread(one) > 0 || Some(one.id) == self.open,
            Filter::Mentions => (self.mentions)(one) > 0 || Some(one.id) == self.open,
        };
        sort && filter && (self.fits)(one)
    }
}

/// The sections in the order shown: what is pinned, own lists, direct messages, groups.
pub fn sections(arranged: &Preferences) -> Vec<Section> {
    let own = arranged.lists.iter().map(|list| Section::Own(list.name.clone()));
    std::iter::once(Section::Pinned).chain(own).chain([Section::Direct, Section::Groups]).collect()
}

/// The lines in the order shown. What is pinned stands nowhere else, a direct talk with somebody of own lists stands in all of
/// these; own lists keep the order of their people, everything else has the newest on top.
pub fn lines<'a>(conversations: impl Iterator<Item = &'a Conversation>, wanted: &Wanted<'_>) -> Vec<Line> {
    let lists = &wanted.arranged.lists;
    let (direct, groups) = (lists.len() + 1, lists.len() + 2);
    // Place in the section: by person in own lists, by time elsewhere.
    let mut all: Vec<(usize, usize, Reverse<i64>, Line)> = Vec::new();
    let mut talks: Vec<PersonId> = Vec::new();
    for one in conversations {
        let pinned = wanted.arranged.conversations.get(&one.id).is_some_and(|arranged| arranged.pinned);
        let with = one.with.filter(|_| one.kind == ConversationKind::Direct);
        talks.extend(with);
        if !wanted.shows(one) {
            continue;
        }
        let own: Vec<(usize, usize)> = lists
            .iter()
            .enumerate()
            .filter_map(|(at, list)| Some((at + 1, list.people.iter().position(|one| Some(*one) == with)?)))
            .collect();
        let places = match (pinned, own.is_empty(), with) {
            (true, ..) => vec![(0, 0)],
            (false, false, _) => own,
            (false, true, Some(_)) => vec![(direct, 0)],
            (false, true, None) => vec![(groups, 0)],
        };
        let target = Target::Conversation(one.id);
        for (section, place) in places {
            all.push((section, place, Reverse(one.last_at), Line { target, section, unread: unread(one) }));
        }
    }
    if wanted.filter == Filter::All && wanted.sort != Sort::Groups {
        for (at, list) in lists.iter().enumerate() {
            for (place, person) in list.people.iter().enumerate() {
                if !talks.contains(person) && (wanted.fits_person)(*person) {
                    let line = Line { target: Target::Person(*person), section: at + 1, unread: 0 };
                    all.push((at + 1, place, Reverse(0), line));
                }
            }
        }
    }
    all.sort_by_key(|(section, place, last, line)| (*section, *place, *last, line.conversation()));
    all.into_iter().map(|(.., line)| line).collect()
}

/// Height of the head of a section, in pixels at the usual size of text.
pub const HEAD: usize = 36;

/// The same where it is pressed with a finger.
pub const HEAD_TOUCH: usize = 44;

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
    let fits = |line: &&Line| {
        line.conversation().is_some() && line.conversation() != open && (!only_unread || line.unread > 0)
    };
    let at = open.and_then(|open| lines.iter().position(|line| line.conversation() == Some(open)));
    let found = match (at, down) {
        (Some(at), true) => lines.iter().skip(at + 1).find(fits),
        (Some(at), false) => lines.iter().take(at).rev().find(fits),
        (None, true) => lines.iter().find(fits),
        (None, false) => lines.iter().rev().find(fits),
    };
    found.and_then(Line::conversation)
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
            guests: vec![],
            member_since: 1,
            last_seq: 1 + unread,
            last_ordinal: unread,
            read: 0,
            last_message: None,
            last_at,
            draft: String::new(),
            draft_urgent: false,
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

    fn person(n: u8) -> PersonId {
        PersonId::from_bytes([n; 16])
    }

    fn shown(arranged: &Preferences, filter: Filter, sort: Sort, open: Option<u8>) -> Vec<Line> {
        let mut all = all();
        for one in all.iter_mut().filter(|one| one.kind == ConversationKind::Direct) {
            one.with = Some(person(one.id.bytes()[0] + 20));
        }
        let wanted = Wanted {
            arranged,
            filter,
            sort,
            open: open.map(|n| ConversationId::from_bytes([n; 16])),
            mentions: &|one| u64::from(one.last_at == 90),
            fits: &|_| true,
            fits_person: &|_| true,
        };
        lines(all.iter(), &wanted)
    }

    fn ids(lines: &[Line]) -> Vec<(usize, u8)> {
        let id = |line: &Line| match line.target {
            Target::Conversation(id) => id.bytes()[0],
            Target::Person(id) => id.bytes()[0],
        };
        lines.iter().map(|line| (line.section, id(line))).collect()
    }

    #[test]
    fn direct_messages_come_first_and_the_newest_on_top() {
        let lines = shown(&Preferences::default(), Filter::All, Sort::All, None);
        assert_eq!(ids(&lines), [(1, 3), (1, 2), (2, 4), (2, 1)]);
    }

    #[test]
    fn the_filter_keeps_the_open_one() {
        let none = Preferences::default();
        assert_eq!(ids(&shown(&none, Filter::Unread, Sort::All, None)), [(1, 2), (2, 4)]);
        assert_eq!(ids(&shown(&none, Filter::Unread, Sort::All, Some(1))), [(1, 2), (2, 4), (2, 1)]);
        assert_eq!(ids(&shown(&none, Filter::Mentions, Sort::All, None)), [(2, 4)]);
    }

    #[test]
    fn sorts_are_filtered() {
        let none = Preferences::default();
        assert_eq!(ids(&shown(&none, Filter::All, Sort::Direct, None)), [(1, 3), (1, 2)]);
        assert_eq!(ids(&shown(&none, Filter::All, Sort::Groups, None)), [(2, 4), (2, 1)]);
    }

    #[test]
    fn what_is_pinned_is_on_top_and_own_lists_keep_their_order() {
        let mut arranged = Preferences::default();
        let pin = chancery_protocol::preferences::Arrangement { pinned: true, ..Default::default() };
        arranged.conversations.insert(ConversationId::from_bytes([4; 16]), pin);
        for (name, people) in [("Desk", vec![22, 99, 23]), ("Team", vec![23])] {
            let people = people.into_iter().map(person).collect();
            arranged.lists.push(chancery_protocol::preferences::PeopleList { name: name.to_owned(), people });
        }
        let all = shown(&arranged, Filter::All, Sort::All, None);
        assert_eq!(ids(&all), [(0, 4), (1, 2), (1, 99), (1, 3), (2, 3), (4, 1)]);
        assert_eq!(sections(&arranged).len(), 5);
        assert_eq!(
            ids(&shown(&arranged, Filter::Unread, Sort::All, None)),
            [(0, 4), (1, 2)],
            "nobody without a talk"
        );
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
        let lines = shown(&Preferences::default(), Filter::All, Sort::All, None);
        let at = |n: u8| Some(ConversationId::from_bytes([n; 16]));
        assert_eq!(neighbour(&lines, at(3), true, false), at(2));
        assert_eq!(neighbour(&lines, at(3), true, true), at(2));
        assert_eq!(neighbour(&lines, at(2), true, true), at(4));
        assert_eq!(neighbour(&lines, at(1), true, false), None);
        assert_eq!(neighbour(&lines, at(3), false, false), None);
        assert_eq!(neighbour(&lines, None, true, false), at(3));
    }
}
