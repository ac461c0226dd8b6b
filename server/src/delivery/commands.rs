//! What a request does. Those that write a record become a unit; the others are answered from snapshots or a read.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use chancery_protocol::command::{
    Acknowledge, AddMembers, Attempts, Command, CreateGroup, Delete, Describe, Edit, Fill, FindOpen,
    FindPeople, History, Join, Line, Mark, Members, OpenDirect, People, Reached, React, Received,
    RemoveMember, Restore, SaveDraft, SavePreferences, Send, SetMemberRole, SetPresence, SetStatus, TakeBack,
    Typing, Watch, WatchMarks,
};
use chancery_protocol::conversation::{ConversationKind, MemberMark};
use chancery_protocol::frame::{Answer, Frame, MemberList, OpenGroup};
use chancery_protocol::ids::{ConversationId, PersonId};
use chancery_protocol::person::Presence;
use chancery_protocol::{MAX_MARKED_MEMBERS, MAX_PAGE, MAX_PEOPLE, text};

use super::Delivery;
use super::hub::Socket;
use super::screened::{Said, lines};
use crate::acceptable_use::{Confirmed, Others};
use crate::access::{Caller, socket_act};
use crate::conversations::store::{self, Info};
use crate::conversations::{self, NewGroup, Rooms, Seen};
use crate::ground::db::Conn;
use crate::ground::error::{Code, Error};
use crate::journal::{Committed, Condition, Unit};
use crate::messaging::{self, Messaging};

/// Most people or groups found at a time.
const MAX_FOUND: u16 = 50;

/// The answer to a command that writes a record.
pub(super) fn recorded(committed: Result<Committed, Error>) -> Result<Answer, Error> {
    match committed {
        Ok(committed) => Ok(Answer::Recorded(messaging::recorded(&committed)?)),
        Err(error) if error.code == Code::Unchanged => Ok(Answer::Done),
        Err(error) => Err(error),
    }
}

/// The conversation in which a command is to be done.
fn conversation_of(command: &Command) -> Option<ConversationId> {
    match command {
        Command::Send(Send { conversation, .. })
        | Command::Edit(Edit { conversation, .. })
        | Command::Delete(Delete { conversation, .. })
        | Command::Restore(Restore { conversation, .. })
        | Command::React(React { conversation, .. })
        | Command::Acknowledge(Acknowledge { conversation, .. })
        | Command::History(History { conversation, .. })
        | Command::Fill(Fill { conversation, .. })
        | Command::Members(Members { conversation })
        | Command::Line(Line { conversation })
        | Command::Describe(Describe { conversation, .. })
        | Command::AddMembers(AddMembers { conversation, .. })
        | Command::Join(Join { conversation, .. })
        | Command::RemoveMember(RemoveMember { conversation, .. })
        | Command::SetMemberRole(SetMemberRole { conversation, .. })
        | Command::Mark(Mark { conversation, .. })
        | Command::Typing(Typing { conversation })
        | Command::Attempts(Attempts { conversation })
        | Command::SaveDraft(SaveDraft { conversation, .. }) => Some(*conversation),
        Command::WatchMarks(WatchMarks { conversation }) => *conversation,
        Command::Confirm(confirm) => conversation_of(&confirm.command),
        _ => None,
    }
}

/// The people a command would bring into a conversation.
fn people_of(command: &Command) -> &[PersonId] {
    match command {
        Command::OpenDirect(OpenDirect { person, .. }) => std::slice::from_ref(person),
        Command::CreateGroup(CreateGroup { members, .. }) => members,
        Command::AddMembers(AddMembers { people, .. }) => people,
        _ => &[],
    }
}

impl Delivery {
    pub(super) fn may(&self, caller: &Caller, command: &Command) -> Result<(), Error> {
        let entry = self.messaging.directory.get(caller.person).ok_or(Error::from(Code::SignedOut))?;
        if entry.person.suspended {
            return Err(Code::Suspended.into());
        }
        let act = socket_act(command.tag()).ok_or(Error::from(Code::NotFound))?;
        self.access.check_act(caller, entry.roles, act)
    }

    /// Reads again what a command names and this node does not know: another node may have made it a moment ago,
    /// and the answer must not depend on which node is asked. One node alone always knows.
    pub(super) async fn look(&self, person: PersonId, command: &Command) {
        let Messaging { journal, directory, roster, .. } = &self.messaging;
        if journal.db().is_sqlite() {
            return;
        }
        let conversations: Vec<ConversationId> = conversation_of(command)
            .into_iter()
            .filter(|conversation| roster.member(*conversation, person).is_err())
            .collect();
        let people: Vec<PersonId> =
            people_of(command).iter().copied().filter(|person| directory.get(*person).is_none()).collect();
        // More than may be named are refused anyway.
        if (conversations.is_empty() && people.is_empty()) || people.len() > MAX_PEOPLE {
            return;
        }
        let (directory, roster) = (Arc::clone(directory), Arc::clone(roster));
        let read = journal.db().read(move |conn| {
            directory.refresh(conn, &people)?;
            roster.refresh(conn, &conversations)
        });
        // What could not be read stays unknown, and the command says so.
        if let Err(error) = read.await {
            tracing::warn!(%error, "what a command names cannot be read just now");
        }
    }

    /// The same for one person: whatever they have written is refused from the commit on that puts another policy text in force.
    pub(super) fn behind_gate(&self, person: PersonId) -> Self {
        let gate = Arc::clone(self.access.gate());
        let condition: Condition =
            Arc::new(
                move || {
                    if gate.closed_for(person) { Err(Code::PolicyUnaccepted.into()) } else { Ok(()) }
                },
            );
        let mut behind = self.clone();
        behind.messaging.journal = self.messaging.journal.only_if(condition);
        behind
    }

    /// The unit of a command about a message; `None` for every other command.
    pub(super) fn unit(
        &self,
        caller: &Caller,
        command: &Command,
        confirmed: Option<&Confirmed>,
    ) -> Option<Result<Unit, Error>> {
        if let Err(refused) = self.may(caller, command) {
            return Some(Err(refused));
        }
        let (person, messaging) = (caller.person, &self.messaging);
        match command {
            Command::Send(send) => Some(messaging.send_unit(person, send.clone(), confirmed.cloned())),
            Command::Edit(edit) => Some(messaging.edit_unit(person, edit.clone(), confirmed.cloned())),
            Command::Delete(delete) => Some(messaging.delete_unit(person, delete.clone())),
            Command::Restore(restore) => Some(messaging.restore_unit(person, restore.clone())),
            Command::React(react) => Some(messaging.react_unit(person, react.clone())),
            Command::Acknowledge(command) => Some(messaging.acknowledge_unit(person, command.clone())),
            _ => None,
        }
    }

    /// Answers every other command.
    pub(super) async fn answer(
        &self,
        caller: &Caller,
        socket: &Socket,
        command: Command,
        confirmed: Option<Confirmed>,
    ) -> Result<Answer, Error> {
        let person = caller.person;
        match command {
            Command::Ping(_) => Ok(Answer::Done),
            Command::History(History { conversation, before, limit }) => {
                if limit == 0 || limit > MAX_PAGE {
                    return Err(out_of_range("limit", MAX_PAGE));
                }
                let messaging = self.messaging.clone();
                let page = self
                    .messaging
                    .journal
                    .db()
                    .read(move |conn| messaging.history(conn, person, conversation, before, limit))
                    .await?;
                Ok(Answer::History(page))
            }
            Command::Fill(Fill { conversation, after }) => {
                let messaging = self.messaging.clone();
                let db = self.messaging.journal.db();
                Ok(Answer::Filling(
                    db.read(move |conn| messaging.fill(conn, person, conversation, after)).await?,
                ))
            }
            Command::Members(Members { conversation }) => self.members(person, conversation).await,
            Command::FindPeople(FindPeople { text, limit }) => {
                if limit == 0 || limit > MAX_FOUND {
                    return Err(out_of_range("limit", MAX_FOUND));
                }
                Ok(Answer::People { people: self.messaging.directory.find(&text, usize::from(limit)) })
            }
            Command::People(People { ids }) => {
                check_count(&ids, "ids")?;
                Ok(Answer::People { people: self.messaging.people(ids.into_iter().collect()) })
            }
            Command::OpenDirect(OpenDirect { client_id, person: other }) => {
                let Messaging { journal, directory, .. } = &self.messaging;
                let id = conversations::open_direct(journal, directory, client_id, person, other).await?;
                self.line(person, id).await
            }
            Command::Line(Line { conversation }) => {
                self.messaging.roster.member(conversation, person)?;
                self.line(person, conversation).await
            }
            Command::FindOpen(FindOpen { text, limit }) => self.find_open(person, &text, limit).await,
            Command::CreateGroup(command) => self.create_group(person, command, confirmed).await,
            Command::Describe(command) => recorded(self.describe(person, command, confirmed).await),
            Command::AddMembers(command) => recorded(self.add_members(person, command).await),
            Command::Join(command) => recorded(self.rooms().join(person, command).await),
            Command::RemoveMember(command) => recorded(self.rooms().remove(person, command).await),
            Command::SetMemberRole(command) => recorded(self.rooms().set_role(person, command).await),
            Command::Mark(Mark { conversation, read }) => {
                self.messaging.roster.member(conversation, person)?;
                let seen = Seen { at: self.messaging.journal.clock().now(), by: Some(socket.session) };
                self.marks.read(conversation, person, read, seen);
                self.hub.send_to(person, Some(socket.id), &Frame::Read { conversation, read });
                Ok(Answer::Done)
            }
            Command::Received(Received { marks }) => {
                if marks.len() > MAX_PEOPLE {
                    return Err(out_of_range("marks", MAX_PEOPLE));
                }
                for Reached { conversation, ordinal } in marks {
                    // One that was left in the meantime is no mistake.
                    if self.messaging.roster.member(conversation, person).is_ok() {
                        self.marks.received(conversation, person, ordinal);
                    }
                }
                Ok(Answer::Done)
            }
            Command::WatchMarks(WatchMarks { conversation }) => {
                self.watch_marks(person, socket, conversation).await
            }
            Command::Typing(Typing { conversation }) => {
                self.messaging.roster.member(conversation, person)?;
                if let Some(entry) = self.messaging.roster.get(conversation) {
                    self.hub.typing(person, conversation, &entry, self.messaging.journal.clock().now());
                }
                Ok(Answer::Done)
            }
            Command::Watch(Watch { people }) => {
                check_count(&people, "people")?;
                let people = self.hub.presences().watch(socket.id, people);
                if let Some(text) = super::hub::serialise(&Frame::Presence { people }) {
                    socket.send(text);
                }
                Ok(Answer::Done)
            }
            Command::SetPresence(SetPresence { presence }) => {
                if presence == Presence::Offline {
                    return Err(Error::from(Code::OutOfRange)
                        .field("presence")
                        .detail("Whoever asks is not offline."));
                }
                self.hub.presences().set(person, socket.id, Some(presence));
                Ok(Answer::Done)
            }
            Command::SetStatus(command) => recorded(self.set_status(person, command, confirmed).await),
            Command::SavePreferences(command) => self.save_preferences(person, socket, command).await,
            Command::SaveDraft(SaveDraft { conversation, text, urgent }) => {
                self.messaging.roster.member(conversation, person)?;
                text::check_draft(&text).map_err(|problem| Error::from(problem).field("text"))?;
                let journal = &self.messaging.journal;
                let urgent = urgent && !text.is_empty();
                conversations::save_draft(journal, (conversation, person), text.clone(), urgent).await?;
                self.hub.send_to(person, Some(socket.id), &Frame::Draft { conversation, text, urgent });
                Ok(Answer::Done)
            }
            Command::Attempts(Attempts { conversation }) => {
                self.messaging.roster.stay(conversation, person)?;
                let messaging = self.messaging.clone();
                let db = self.messaging.journal.db();
                let attempts =
                    db.read(move |conn| messaging.own_attempts(conn, person, conversation)).await?;
                Ok(Answer::Attempts { attempts })
            }
            Command::TakeBack(TakeBack { client_id, attempt }) => {
                let conversation = self.messaging.take_back(person, client_id, attempt).await?;
                self.attempt_over(person, conversation, attempt);
                Ok(Answer::Done)
            }
            Command::Confirm(_)
            | Command::Send(_)
            | Command::Edit(_)
            | Command::Delete(_)
            | Command::Restore(_)
            | Command::React(_)
            | Command::Acknowledge(_) => Err(Error::internal("a recorded command without a unit")),
        }
    }

    async fn create_group(
        &self,
        person: PersonId,
        command: CreateGroup,
        confirmed: Option<Confirmed>,
    ) -> Result<Answer, Error> {
        let whole = Command::from(command.clone());
        let CreateGroup { client_id, kind, open, name, topic, members } = command;
        check_count(&members, "members")?;
        let announcement = match kind {
            None | Some(ConversationKind::Group) => false,
            Some(ConversationKind::Announcement) => true,
            Some(ConversationKind::Direct) => {
                return Err(Error::from(Code::DirectTalk).field("kind"));
            }
        };
        let name = named(&name)?;
        let topic = topic.map(|topic| topical(&topic)).transpose()?.filter(|topic| !topic.is_empty());
        let others = Others::Named(members.clone());
        let group = NewGroup { name, announcement, open, topic, members };
        let Messaging { journal, directory, .. } = &self.messaging;
        let said = Said { author: person, command: &whole, confirmed };
        let make = async |also| {
            conversations::create_group(journal, directory, client_id, person, group.clone(), also).await
        };
        let id = self.say(said, lines(person, &whole), others, make).await?;
        self.line(person, id).await
    }

    async fn describe(
        &self,
        person: PersonId,
        mut command: Describe,
        confirmed: Option<Confirmed>,
    ) -> Result<Committed, Error> {
        let whole = Command::from(command.clone());
        command.name = command.name.map(|name| named(&name)).transpose()?;
        command.topic = command.topic.map(|topic| topical(&topic)).transpose()?;
        let rooms = self.rooms();
        rooms.may_manage(command.conversation, person)?;
        let said = Said { author: person, command: &whole, confirmed };
        let act = async |also| rooms.describe(person, command.clone(), also).await;
        self.say(said, lines(person, &whole), Others::In(command.conversation), act).await
    }

    async fn set_status(
        &self,
        person: PersonId,
        command: SetStatus,
        confirmed: Option<Confirmed>,
    ) -> Result<Committed, Error> {
        let SetStatus { client_id, text } = command.clone();
        let whole = Command::from(command);
        let journal = &self.messaging.journal;
        let said = Said { author: person, command: &whole, confirmed };
        let act = async |also| crate::directory::set_status(journal, person, client_id, &text, also).await;
        self.say(said, lines(person, &whole), Others::Anybody, act).await
    }

    async fn watch_marks(
        &self,
        person: PersonId,
        socket: &Socket,
        conversation: Option<ConversationId>,
    ) -> Result<Answer, Error> {
        self.hub.watch_marks(socket.id, None);
        let Some(conversation) = conversation else { return Ok(Answer::Done) };
        self.messaging.roster.member(conversation, person)?;
        let entry = self.messaging.roster.get(conversation).ok_or(Error::from(Code::ConversationNotFound))?;
        if entry.present().count() > MAX_MARKED_MEMBERS {
            let most = format!("Marks are shown in conversations of at most {MAX_MARKED_MEMBERS} members.");
            return Err(Error::from(Code::TooManyPeople).field("conversation").detail(most));
        }
        // Before they are read: what moves in between is told twice, the other way round not at all.
        self.hub.watch_marks(socket.id, Some(conversation));
        let waiting = self.marks.waiting_in(&BTreeSet::from([conversation]));
        let known = self
            .messaging
            .journal
            .db()
            .read(move |conn| store::marks_in(conn, &[conversation]))
            .await?
            .remove(&conversation)
            .unwrap_or_default();
        let mut marks: HashMap<PersonId, MemberMark> =
            known.into_iter().map(|mark| (mark.person, mark)).collect();
        for mark in waiting.into_values() {
            marks.entry(mark.person).and_modify(|known| *known = known.max(mark)).or_insert(mark);
        }
        let marks = entry.present().filter_map(|(member, _)| marks.remove(&member)).collect();
        if let Some(text) = super::hub::serialise(&Frame::Marks { conversation, marks }) {
            socket.send(text);
        }
        Ok(Answer::Done)
    }

    async fn save_preferences(
        &self,
        person: PersonId,
        socket: &Socket,
        command: SavePreferences,
    ) -> Result<Answer, Error> {
        let journal = &self.messaging.journal;
        let SavePreferences { revision, preferences } = command;
        match crate::directory::save_preferences(journal, person, revision, preferences).await {
            Ok(kept) => {
                self.hub.send_to(person, Some(socket.id), &Frame::Preferences(kept));
                Ok(Answer::Done)
            }
            Err(error) if error.code == Code::Outdated => {
                let vault = std::sync::Arc::clone(journal.vault());
                let mut kept = journal
                    .db()
                    .read(move |conn| crate::directory::preferences_of(conn, &vault, &[person]))
                    .await?;
                let kept = kept.remove(&person).unwrap_or_default();
                if let Some(text) = super::hub::serialise(&Frame::Preferences(kept)) {
                    socket.send(text);
                }
                Err(error)
            }
            Err(error) => Err(error),
        }
    }

    async fn line(&self, person: PersonId, id: ConversationId) -> Result<Answer, Error> {
        let here = self.clone();
        let read = move |conn: &mut Conn| here.lists(conn, &[(person, vec![id])]);
        let lines = self.messaging.journal.db().read(read).await?.pop().unwrap_or_default();
        let people = self.named(&lines);
        let conversation = lines.into_iter().next().ok_or(Error::from(Code::ConversationNotFound))?;
        Ok(Answer::Conversation { conversation: Box::new(conversation), people })
    }

    async fn find_open(&self, person: PersonId, text: &str, limit: u16) -> Result<Answer, Error> {
        if limit == 0 || limit > MAX_FOUND {
            return Err(out_of_range("limit", MAX_FOUND));
        }
        let vault = std::sync::Arc::clone(self.messaging.journal.vault());
        let all = self.messaging.journal.db().read(move |conn| store::open_groups(conn, &vault)).await?;
        let (own, wanted) = (self.messaging.roster.of(person), text.trim().to_lowercase());
        let mut groups: Vec<OpenGroup> = all
            .into_iter()
            .filter(|group| !own.contains(&group.id))
            .filter_map(|group| {
                let Info { id, kind, name: Some(name), topic, member_count, .. } = group else { return None };
                Some(OpenGroup { id, kind, name, topic, member_count })
            })
            .filter(|group| group.name.to_lowercase().contains(&wanted))
            .collect();
        groups.sort_by_key(|group| (group.name.to_lowercase(), group.id));
        groups.truncate(usize::from(limit));
        Ok(Answer::OpenGroups { groups })
    }

    async fn members(&self, reader: PersonId, conversation: ConversationId) -> Result<Answer, Error> {
        self.messaging.roster.member(conversation, reader)?;
        let (as_of, mut members) = self
            .messaging
            .journal
            .db()
            .read(move |conn| {
                // Read first: those who come later are left out, so that their event is not counted twice.
                let as_of = store::last_seq(conn, conversation)?;
                Ok((as_of, store::members_as_of(conn, conversation, as_of)?))
            })
            .await?;
        let people = self.messaging.people(members.iter().map(|member| member.person).collect());
        let names: HashMap<PersonId, String> =
            people.iter().map(|person| (person.id, person.name.to_lowercase())).collect();
        members.sort_by_cached_key(|member| (member.role, names.get(&member.person).cloned(), member.person));
        Ok(Answer::Members(MemberList { conversation, as_of, members, people }))
    }

    pub(super) fn rooms(&self) -> Rooms {
        let Messaging { journal, directory, roster, .. } = self.messaging.clone();
        Rooms { journal, directory, roster }
    }
}

/// A name as it is kept.
fn named(name: &str) -> Result<String, Error> {
    let name = name.trim();
    text::check_name(name).map_err(|problem| Error::from(problem).field("name"))?;
    Ok(name.to_owned())
}

/// A topic as it is kept; it may be empty.
fn topical(topic: &str) -> Result<String, Error> {
    let topic = topic.trim();
    if !topic.is_empty() {
        text::check_topic(topic).map_err(|problem| Error::from(problem).field("topic"))?;
    }
    Ok(topic.to_owned())
}

fn out_of_range(field: &str, most: impl std::fmt::Display) -> Error {
    Error::from(Code::OutOfRange).field(field).detail(format!("{field} is 1 to {most}."))
}

pub(super) fn check_count(people: &[PersonId], field: &str) -> Result<(), Error> {
    if people.len() > MAX_PEOPLE {
        return Err(Error::from(Code::TooManyPeople).field(field).detail(format!("At most {MAX_PEOPLE}.")));
    }
    Ok(())
}
