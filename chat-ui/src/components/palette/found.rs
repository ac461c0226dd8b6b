//! What the palette finds: conversations and people that are known, and acts.

use chancery_protocol::conversation::ConversationKind;
use chancery_protocol::frame::OpenGroup;
use chancery_protocol::ids::ConversationId;
use chancery_ui_kit::dom;
use chancery_ui_kit::text;
use chancery_ui_kit::text::palette as words;
use leptos::prelude::*;

use super::{Act, Face, Line, Whom};
use crate::components::conversation_row::icon_of;
use crate::logic::seek::rank;
use crate::state::chat::Chat;

/// Lines of one group at most.
const MOST: usize = 8;

/// Where a line leads.
#[derive(Clone, Copy, PartialEq)]
pub enum Target {
    /// To somebody.
    Whom(Whom),
    /// To an open group, by joining it.
    Join(ConversationId),
    /// Does something.
    Act(Act),
}

/// The lines for what is typed. Without acts where only a place is asked for.
pub fn find(chat: Chat, typed: &str, only_places: bool) -> Vec<Line> {
    let (people, groups, acts) = match typed.chars().next() {
        Some('@') => (true, false, false),
        Some('#') => (false, true, false),
        Some('>') => (false, false, !only_places),
        _ => (true, true, !only_places),
    };
    let query = dom::small(typed.trim_start_matches(['@', '#', '>']).trim());
    let mut lines = Vec::new();
    if people || groups {
        places(chat, &query, people, groups, &mut lines);
    }
    if acts {
        let guest = chat.is_guest();
        let mut found: Vec<(u8, Line)> = Act::ALL
            .into_iter()
            .filter(|act| !guest || act.is_for_guests())
            .filter_map(|act| {
                let line = Line {
                    group: words::DO_HEAD,
                    label: act.label().to_owned(),
                    detail: String::new(),
                    keys: act.keys(),
                    face: Face::Icon(act.icon()),
                    target: Target::Act(act),
                };
                Some((rank(&query, act.label())?, line))
            })
            .collect();
        found.sort_by_key(|(rank, _)| *rank);
        let most = if typed.starts_with('>') || !query.is_empty() { usize::MAX } else { 4 };
        lines.extend(found.into_iter().map(|(_, line)| line).take(most));
    }
    lines
}

fn places(chat: Chat, query: &str, people: bool, groups: bool, lines: &mut Vec<Line>) {
    // Newest first within a rank.
    type Found = Vec<(u8, std::cmp::Reverse<i64>, Line)>;
    let (mut direct, mut rooms): (Found, Found) = (Vec::new(), Vec::new());
    chat.state.with(|state| {
        let me = state.me.as_ref().map(|me| me.id);
        let mut talked = std::collections::BTreeSet::new();
        for known in state.conversations.values() {
            let info = &known.info;
            let target = Target::Whom(Whom::Conversation(info.id));
            let newest = std::cmp::Reverse(info.last_at);
            match (info.kind, info.with.and_then(|with| state.people.get(&with))) {
                (ConversationKind::Direct, Some(with)) if people => {
                    talked.insert(with.id);
                    let best = rank(query, &with.name).min_some(rank(query, &with.username));
                    if let Some(best) = best {
                        let own = me == Some(with.id);
                        let label = if own { text::chat::with_self(&with.name) } else { with.name.clone() };
                        let detail = with.status.clone().unwrap_or_else(|| with.username.clone());
                        let face = Face::Person(with.id);
                        let line = Line { group: words::PEOPLE_HEAD, label, detail, keys: "", face, target };
                        direct.push((best, newest, line));
                    }
                }
                (ConversationKind::Group | ConversationKind::Announcement, _) if groups => {
                    let name = info.name.clone().unwrap_or_default();
                    let topic = info.topic.clone().unwrap_or_default();
                    let best = rank(query, &name).min_some(rank(query, &topic).map(|rank| rank + 3));
                    if let Some(best) = best {
                        let detail = text::people::members(info.member_count.into());
                        let face = Face::Icon(icon_of(info.kind, info.open));
                        let group = words::GROUPS_HEAD;
                        rooms.push((
                            best,
                            newest,
                            Line { group, label: name, detail, keys: "", face, target },
                        ));
                    }
                }
                _ => {}
            }
        }
        // Others are offered once something is typed; guests begin no talk.
        let guest = state.me.as_ref().is_some_and(|me| me.guest);
        let others = state.people.values().filter(|_| people && !guest && !query.is_empty());
        for person in others.filter(|person| !person.suspended && !talked.contains(&person.id)) {
            if let Some(best) = rank(query, &person.name).min_some(rank(query, &person.username)) {
                let line = Line {
                    group: words::PEOPLE_HEAD,
                    label: person.name.clone(),
                    detail: person.username.clone(),
                    keys: "",
                    face: Face::Person(person.id),
                    target: Target::Whom(Whom::Person(person.id)),
                };
                direct.push((best, std::cmp::Reverse(0), line));
            }
        }
    });
    for mut found in [direct, rooms] {
        found.sort_by(|a, b| (a.0, a.1, &a.2.label).cmp(&(b.0, b.1, &b.2.label)));
        lines.extend(found.into_iter().map(|(.., line)| line).take(MOST));
    }
}

/// Puts open groups that fit before the acts.
pub fn open_lines(chat: Chat, typed: &str, groups: &[OpenGroup], lines: &mut Vec<Line>) {
    let query = dom::small(typed.trim_start_matches('#').trim());
    if query.is_empty() || typed.starts_with(['@', '>']) {
        return;
    }
    let joined = |id| chat.state.with_untracked(|state| state.conversations.contains_key(&id));
    let found: Vec<Line> = groups
        .iter()
        .filter(|group| rank(&query, &group.name).is_some() && !joined(group.id))
        .map(|group| Line {
            group: text::groups::JOIN_HEAD,
            label: group.name.clone(),
            detail: text::groups::join_of(group.member_count.into()),
            keys: "",
            face: Face::Icon(icon_of(group.kind, true)),
            target: Target::Join(group.id),
        })
        .collect();
    let acts = lines.iter().position(|line| matches!(line.target, Target::Act(_))).unwrap_or(lines.len());
    lines.splice(acts..acts, found);
}

/// The lower of two that may be missing.
trait MinSome {
    fn min_some(self, other: Self) -> Self;
}

impl MinSome for Option<u8> {
    fn min_some(self, other: Self) -> Self {
        self.into_iter().chain(other).min()
    }
}
