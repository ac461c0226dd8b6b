//! A server of one conversation that keeps only its events, and finds every answer by looking through them.

use crate::command::Command;
use crate::conversation::{
    Acknowledgement, Change, Content, Conversation, ConversationKind, Entry, Event, Filling, HistoryPage,
    Member, MemberRole, Message, REACTIONS, ReactionCount,
};
use crate::frame::{Answer, Frame, Hello, MemberList};
use crate::ids::{ClientId, ConversationId, Id, PersonId, RecordId, SessionId};
use crate::person::Person;
use crate::preferences::Kept;

pub(crate) const ME: u8 = 0;
pub(crate) const OTHER: u8 = 1;

pub(crate) fn conversation() -> ConversationId {
    ConversationId::from_bytes([9; 16])
}

pub(crate) fn person_id(who: u8) -> PersonId {
    PersonId::from_bytes([who % 3 + 1; 16])
}

pub(crate) fn record(seq: u64) -> RecordId {
    RecordId::from_bytes(u128::from(seq).to_be_bytes())
}

pub(crate) fn event(seq: u64, who: u8, change: Change) -> Event {
    Event {
        conversation: conversation(),
        seq,
        record: record(seq),
        at: seq as i64 * 1_000,
        actor: Some(person_id(who)),
        change,
    }
}

/// Those who are from outside.
fn outside() -> [PersonId; 2] {
    [20, 22].map(|byte| PersonId::from_bytes([byte; 16]))
}

fn person(id: PersonId) -> Person {
    let guest = outside().contains(&id);
    let (username, name) = ("me".to_owned(), "Me".to_owned());
    Person {
        id,
        username,
        name,
        status: None,
        suspended: false,
        bot: false,
        guest,
        terms: None,
        title: None,
        department: None,
        photo: None,
    }
}

pub(crate) fn hello(conversations: Vec<Conversation>) -> Frame {
    Frame::Hello(Hello {
        protocol: 1,
        server: "0".to_owned(),
        now: 0,
        heartbeat_seconds: 20,
        session: SessionId::from_bytes([7; 16]),
        me: person(person_id(ME)),
        conversations,
        preferences: Kept::default(),
        people: outside().map(person).to_vec(),
    })
}

#[derive(Default)]
pub(crate) struct Server {
    pub(crate) events: Vec<Event>,
}

impl Server {
    fn messages(&self) -> impl Iterator<Item = &Event> {
        self.events.iter().filter(|event| matches!(event.change, Change::Message { .. }))
    }

    fn touching(&self, id: RecordId) -> impl DoubleEndedIterator<Item = &Event> {
        self.events.iter().filter(move |event| match &event.change {
            Change::Edited { message, .. }
            | Change::Deleted { message }
            | Change::Restored { message, .. }
            | Change::Reacted { message, .. }
            | Change::Acknowledged { message } => *message == id,
            _ => false,
        })
    }

    /// Appends an event where it makes sense.
    pub(crate) fn commit(&mut self, sort: u8, who: u8, which: u8) -> Option<Event> {
        let seq = self.events.len() as u64 + 1;
        if seq == 1 {
            let member = |who| Member { person: person_id(who), role: MemberRole::Member };
            let members = vec![member(0), member(1), member(2)];
            let kind = ConversationKind::Group;
            self.events.push(event(
                1,
                OTHER,
                Change::Created { kind, name: Some("G".to_owned()), topic: None, open: false, members },
            ));
            return self.events.last().cloned();
        }
        if sort.is_multiple_of(5) {
            let change = self.of_members(which);
            self.events.push(event(seq, who, change));
            return self.events.last().cloned();
        }
        let messages: Vec<&Event> = self.messages().collect();
        let Some(target) = messages.get(usize::from(which) % messages.len().max(1)) else {
            return self.write(seq, who);
        };
        let (message, author) = (target.record, target.record.bytes()[15] % 3);
        let now = self.current(target);
        let text = |seq: u64| Content::Text { text: format!("text {seq}"), mentions: vec![] };
        let deleted = now.content == Content::Deleted;
        let last_text = || {
            let mut edits = self.touching(message).filter(|e| matches!(e.change, Change::Edited { .. }));
            edits.next_back().map_or((text(target.seq), None), |e| (text(e.seq), Some(e.at)))
        };
        let is_urgent = matches!(target.change, Change::Message { urgent: true, .. });
        let change = match sort % 8 {
            3 if !deleted => Change::Edited { message, content: text(seq) },
            4 if !deleted => Change::Deleted { message },
            5 if deleted => {
                let (content, edited_at) = last_text();
                Change::Restored { message, content, edited_at }
            }
            2 if is_urgent && !deleted => {
                self.events.push(event(seq, who, Change::Acknowledged { message }));
                return self.events.last().cloned();
            }
            6 | 7 => {
                let reaction = REACTIONS[usize::from(which) % 3].to_owned();
                let on = sort.is_multiple_of(2);
                self.events.push(event(seq, who, Change::Reacted { message, reaction, on }));
                return self.events.last().cloned();
            }
            _ => return self.write(seq, who),
        };
        self.events.push(event(seq, author, change));
        self.events.last().cloned()
    }

    /// A change of name, topic, openness, members or roles that makes sense now.
    fn of_members(&self, which: u8) -> Change {
        let guest = PersonId::from_bytes([which % 4 + 20; 16]);
        let (is_in, text) = (self.members().iter().any(|member| member.person == guest), which.to_string());
        let role = if which.is_multiple_of(2) { MemberRole::Owner } else { MemberRole::Poster };
        match which % 6 {
            0 => Change::Described { name: Some(text), topic: None, open: None },
            1 => Change::Described { name: None, topic: Some(String::new()), open: Some(which > 99) },
            2 => Change::Described { name: None, topic: Some(text), open: None },
            3 => Change::RoleSet { member: Member { person: person_id(which), role } },
            _ if is_in => Change::Left { person: guest },
            _ => Change::Joined { members: vec![Member { person: guest, role: MemberRole::Member }] },
        }
    }

    /// Who is in the conversation at the end, in order of id.
    pub(crate) fn members(&self) -> Vec<Member> {
        let mut now = std::collections::BTreeMap::new();
        for event in &self.events {
            match &event.change {
                Change::Created { members, .. } | Change::Joined { members } => {
                    now.extend(members.iter().map(|member| (member.person, member.role)));
                }
                Change::Left { person } => drop(now.remove(person)),
                Change::RoleSet { member } => drop(now.insert(member.person, member.role)),
                _ => {}
            }
        }
        now.into_iter().map(|(person, role)| Member { person, role }).collect()
    }

    fn described<T>(&self, pick: impl Fn(&Change) -> Option<T>) -> Option<T> {
        self.events.iter().rev().find_map(|event| pick(&event.change))
    }

    fn write(&mut self, seq: u64, who: u8) -> Option<Event> {
        let ordinal = self.messages().count() as u64 + 1;
        let content = Content::Text { text: format!("text {seq}"), mentions: vec![] };
        let client_id = Some(ClientId::from_bytes(u128::from(seq).to_le_bytes()));
        let urgent = seq.is_multiple_of(2);
        let change =
            Change::Message { ordinal, content, reply_to: None, thread_root: None, client_id, urgent };
        self.events.push(event(seq, who, change));
        self.events.last().cloned()
    }

    fn current(&self, first: &Event) -> Message {
        let Change::Message { ordinal, content, client_id, urgent, .. } = &first.change else {
            unreachable!()
        };
        let mut shown = (content.clone(), None);
        for event in self.touching(first.record) {
            match &event.change {
                Change::Edited { content, .. } => shown = (content.clone(), Some(event.at)),
                Change::Deleted { .. } => shown = (Content::Deleted, None),
                Change::Restored { content, edited_at, .. } => shown = (content.clone(), *edited_at),
                _ => {}
            }
        }
        let revision = self.touching(first.record).next_back().map_or(first.seq, |event| event.seq);
        Message {
            id: first.record,
            seq: first.seq,
            ordinal: *ordinal,
            author: first.actor.unwrap(),
            at: first.at,
            content: shown.0,
            edited_at: shown.1,
            revision,
            reply_to: None,
            thread_root: None,
            reactions: self.reactions(first.record),
            urgent: *urgent,
            acknowledged: self.acknowledged(first.record),
            client_id: client_id.filter(|_| revision == first.seq),
        }
    }

    fn reactions(&self, id: RecordId) -> Vec<ReactionCount> {
        let mut counts: Vec<ReactionCount> = Vec::new();
        for name in REACTIONS {
            let mut people: Vec<PersonId> = Vec::new();
            for event in self.touching(id) {
                if let Change::Reacted { reaction, on, .. } = &event.change
                    && reaction == name
                    && let Some(person) = event.actor
                {
                    match on {
                        true if !people.contains(&person) => people.push(person),
                        true => {}
                        false => people.retain(|other| *other != person),
                    }
                }
            }
            if !people.is_empty() {
                counts.push(ReactionCount { reaction: name.to_owned(), people });
            }
        }
        counts
    }

    fn acknowledged(&self, id: RecordId) -> Vec<Acknowledgement> {
        let mut first: Vec<Acknowledgement> = Vec::new();
        for event in self.touching(id) {
            if let (Change::Acknowledged { .. }, Some(person)) = (&event.change, event.actor)
                && first.iter().all(|known| known.person != person)
            {
                first.push(Acknowledgement { person, at: event.at });
            }
        }
        first
    }

    pub(crate) fn entries(&self) -> Vec<Entry> {
        self.events
            .iter()
            .filter_map(|event| match &event.change {
                Change::Message { .. } => Some(Entry::Message { message: self.current(event) }),
                Change::Edited { .. }
                | Change::Deleted { .. }
                | Change::Restored { .. }
                | Change::Reacted { .. }
                | Change::Acknowledged { .. } => None,
                _ => Some(Entry::Note { event: event.clone() }),
            })
            .collect()
    }

    pub(crate) fn line(&self) -> Conversation {
        let messages: Vec<Message> = self.messages().map(|event| self.current(event)).collect();
        let own = messages.iter().filter(|message| message.author == person_id(ME));
        let name = |change: &Change| match change {
            Change::Created { name, .. } | Change::Described { name, .. } => name.clone(),
            _ => None,
        };
        let topic = |change: &Change| match change {
            Change::Described { topic, .. } => topic.clone(),
            _ => None,
        };
        let open = |change: &Change| match change {
            Change::Described { open, .. } => *open,
            _ => None,
        };
        let members = self.members();
        let me = members.iter().find(|member| member.person == person_id(ME));
        Conversation {
            id: conversation(),
            kind: ConversationKind::Group,
            name: self.described(name),
            topic: self.described(topic).filter(|topic| !topic.is_empty()),
            with: None,
            open: self.described(open).unwrap_or(false),
            role: me.map_or(MemberRole::Member, |me| me.role),
            other: None,
            member_count: members.len() as u32,
            guests: members.iter().map(|member| member.person).filter(|id| outside().contains(id)).collect(),
            member_since: 1,
            last_seq: self.events.len() as u64,
            last_ordinal: messages.len() as u64,
            read: own.map(|message| message.ordinal).max().unwrap_or(0),
            last_message: messages.last().cloned(),
            last_at: self.events.last().map_or(0, |event| event.at),
            draft: String::new(),
            draft_urgent: false,
        }
    }

    /// As the protocol says: pages show the present, fillings leave out texts that were replaced since.
    pub(crate) fn answer(&self, request: &Command) -> Answer {
        match request {
            Command::History(history) => {
                let before = history.before.unwrap_or(u64::MAX);
                let mut entries = self.entries();
                entries.retain(|entry| entry.seq() < before);
                let cut = entries.len().saturating_sub(usize::from(history.limit));
                Answer::History(HistoryPage {
                    conversation: conversation(),
                    entries: entries.split_off(cut),
                    as_of: self.events.len() as u64,
                    more: cut > 0,
                    people: vec![],
                })
            }
            Command::Fill(fill) => {
                let from = fill.after as usize;
                let to = (from + 7).min(self.events.len());
                let events =
                    self.events[from.min(to)..to].iter().map(|event| self.superseded(event)).collect();
                let more = to < self.events.len();
                Answer::Filling(Filling { conversation: conversation(), events, more, people: vec![] })
            }
            Command::Members(_) => Answer::Members(MemberList {
                conversation: conversation(),
                as_of: self.events.len() as u64,
                members: self.members(),
                people: vec![],
            }),
            Command::Line(_) => Answer::Conversation { conversation: Box::new(self.line()), people: vec![] },
            other => panic!("not asked here: {other:?}"),
        }
    }

    fn superseded(&self, event: &Event) -> Event {
        let mut event = event.clone();
        let id = crate::state::change::target(&event).unwrap_or(event.record);
        let replaced = self.touching(id).any(|later| {
            let text = !matches!(later.change, Change::Reacted { .. } | Change::Acknowledged { .. });
            later.seq > event.seq && text
        });
        match &mut event.change {
            Change::Message { content, .. }
            | Change::Edited { content, .. }
            | Change::Restored { content, .. }
                if replaced =>
            {
                *content = Content::Superseded;
            }
            _ => {}
        }
        event
    }
}
