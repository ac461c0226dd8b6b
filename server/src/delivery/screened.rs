//! What rules of acceptable use have to do with a command: names and status texts are screened here, and whoever wrote something is
//! told what became of it.

use std::sync::Arc;

use chancery_ledger::Kind;
use chancery_protocol::Micros;
use chancery_protocol::acceptable_use::{Notice, Redacted};
use chancery_protocol::command::{
    Acknowledge, AddMembers, Command, Confirm, CreateGroup, Describe, SetStatus,
};
use chancery_protocol::frame::{Answer, Frame};
use chancery_protocol::ids::{ClientId, ConversationId, PersonId, RecordId};
use chancery_screening::TextKind;

use super::Delivery;
use super::commands::{check_count, recorded};
use super::hub::Socket;
use crate::acceptable_use::{
    AttemptBody, Confirmed, Decision, Finding, Looked, MatchedBody, Others, Place, Spoken, Way, token,
};
use crate::access::Caller;
use crate::conversations::store::{self, Info};
use crate::conversations::{LookedAt, Seen};
use crate::ground::db::blocking;
use crate::ground::error::{Code, Error, Ruled};
use crate::journal::{Beside, Committed, Opened, Unit, decode_body};
use crate::messaging::Messaging;
use crate::vault::Vault;

/// How often a name is screened again because the rules changed just then.
const TRIES: usize = 3;

/// A command that says something, with the texts that rules look at; the answer to a warning, if it is one.
pub(super) struct Said<'a> {
    pub author: PersonId,
    pub command: &'a Command,
    pub confirmed: Option<Confirmed>,
}

impl Delivery {
    /// The command that is to be done, and the reason somebody gave for it.
    pub(super) async fn unwrapped(
        &self,
        caller: &Caller,
        command: Command,
    ) -> Result<(Command, Option<Confirmed>), Error> {
        if matches!(command, Command::Confirm(_)) {
            self.may(caller, &command)?;
        }
        let author = caller.person;
        let Command::Confirm(Confirm { token, reason, command }) = command else {
            return Ok((command, None));
        };
        let asks = matches!(
            *command,
            Command::Send(_)
                | Command::Edit(_)
                | Command::CreateGroup(_)
                | Command::Describe(_)
                | Command::SetStatus(_)
        );
        if !asks {
            return Err(Error::from(Code::BadRequest)
                .field("command")
                .detail("A reason is asked for messages, edits, names, topics and status texts only."));
        }
        let journal = self.messaging.journal.clone();
        let confirmed = blocking(move || {
            let now = journal.clock().now();
            let confirmed = token::check(journal.vault(), author, &command, (&token, &reason), now)?;
            Ok((*command, Some(confirmed)))
        });
        confirmed.await
    }

    /// The answer to a command about a message that was committed. Whoever writes has read what stands above.
    pub(super) async fn written(
        &self,
        socket: &Socket,
        command: Command,
        committed: Result<Committed, Error>,
    ) -> Result<Answer, Error> {
        let author = socket.person;
        let committed = match committed {
            Ok(committed) => committed,
            Err(error) => return recorded(Err(error)),
        };
        if let Command::Send(send) = &command
            && let Some(ordinal) = committed.first()?.ordinal
        {
            let seen = Seen { at: self.messaging.journal.clock().now(), by: Some(socket.session) };
            self.marks.read(send.conversation, author, ordinal, seen);
        }
        if let Command::Acknowledge(acknowledge) = &command {
            self.has_read(socket, acknowledge).await;
        }
        if !committed.repeated && committed.placed.iter().all(|place| place.kind.in_conversation()) {
            return recorded(Ok(committed));
        }
        let messaging = self.messaging.clone();
        self.messaging
            .journal
            .db()
            .read(move |conn| {
                let mut committed = committed;
                if committed.repeated {
                    committed.placed.extend(messaging.journal.records().beside(conn, committed.first()?)?);
                }
                let Some(about) = messaging.about(conn, &committed)? else { return recorded(Ok(committed)) };
                match about.header.kind {
                    Kind::RuleMatched => {
                        let body: Option<MatchedBody> = decode_body(&about.body);
                        let notices = body.map(|body| body.notices).unwrap_or_default();
                        match recorded(Ok(committed))? {
                            Answer::Recorded(recorded) if !notices.is_empty() => {
                                Ok(Answer::Redacted(Redacted { recorded, notices }))
                            }
                            answer => Ok(answer),
                        }
                    }
                    // It may have been decided since, when the command is sent again.
                    Kind::AttemptWaiting => Ok(messaging
                        .own_attempt(conn, about.record())?
                        .map_or(Answer::Done, |attempt| Answer::Waiting { attempt })),
                    _ => Err(Refused::of(&about)?.told(messaging.journal.vault(), author, &command)?),
                }
            })
            .await
    }

    /// Whoever acknowledged a message has read up to it. That is on record by now, and nothing is lost when the mark cannot be told.
    async fn has_read(&self, socket: &Socket, acknowledge: &Acknowledge) {
        let Acknowledge { conversation, message, .. } = *acknowledge;
        let person = socket.person;
        let seen = Seen { at: self.messaging.journal.clock().now(), by: Some(socket.session) };
        let db = self.messaging.journal.db();
        match db.read(move |conn| Messaging::ordinal(conn, message)).await {
            Ok(Some(read)) => {
                self.marks.read(conversation, person, read, seen);
                self.hub.send_to(person, None, &Frame::Read { conversation, read });
            }
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "how far somebody has read cannot be told just now"),
        }
    }

    /// Does something that carries a name, topic or status text, unless rules are against it. `act` is given what belongs on record
    /// with it.
    pub(super) async fn say<T>(
        &self,
        said: Said<'_>,
        texts: Vec<Spoken>,
        others: Others,
        act: impl AsyncFn(Beside) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let Said { author, command, confirmed } = said;
        let Messaging { journal, directory, roster, rules } = self.messaging.clone();
        let place = Place { sender: author, others, directory, roster };
        for _ in 0..TRIES {
            let mut decided: Vec<(&Spoken, Looked, Decision)> = Vec::with_capacity(texts.len());
            for spoken in &texts {
                let looked = rules.look(&spoken.text, spoken.what);
                let decision = looked.decide(&rules, &place, confirmed.as_ref());
                decided.push((spoken, looked, decision));
            }
            let refused = together(decided.iter().map(|(spoken, _, decision)| (*spoken, decision)));
            if !refused.is_empty() {
                return Err(self.refused(author, command, &refused, confirmed.as_ref()).await?);
            }
            let mut about = Vec::new();
            for (spoken, _, decision) in &decided {
                about.extend(spoken.matched(&journal, decision, confirmed.as_ref())?);
            }
            let decided: Vec<(String, Looked, Decision)> = decided
                .into_iter()
                .map(|(spoken, looked, decision)| (spoken.text.clone(), looked, decision))
                .collect();
            let (rules, place, confirmed) = (Arc::clone(&rules), place.clone(), confirmed.clone());
            let check: crate::journal::Check = Box::new(move || {
                let same = |(text, looked, decision): &(String, Looked, Decision)| {
                    looked.again(&rules, text).decide(&rules, &place, confirmed.as_ref()) == *decision
                };
                if decided.iter().all(same) { Ok(()) } else { Err(Code::RulesChanged.into()) }
            });
            match act(Beside { about, check: Some(check) }).await {
                Err(error) if error.code == Code::RulesChanged => {}
                result => return result,
            }
        }
        Err(Code::RulesChanged.into())
    }

    /// Makes people members. Name and topic were looked at for those who were there: before somebody from outside reads them, it is
    /// done again.
    pub(super) async fn add_members(
        &self,
        person: PersonId,
        command: AddMembers,
    ) -> Result<Committed, Error> {
        let AddMembers { client_id, conversation, ref people } = command;
        check_count(people, "people")?;
        let Messaging { journal, directory, roster, .. } = &self.messaging;
        let rooms = self.rooms();
        rooms.may_manage(conversation, person)?;
        let from_outside = |id: &PersonId| {
            let guest = directory.get(*id).is_some_and(|entry| entry.person.guest);
            guest && roster.member(conversation, *id).is_err()
        };
        if !people.iter().any(from_outside) {
            return rooms.add(person, command, None).await;
        }
        let vault = Arc::clone(journal.vault());
        let info = journal.db().read(move |conn| store::infos(conn, &vault, &[conversation])).await?.pop();
        let Info { name, topic, .. } = info.ok_or(Error::from(Code::ConversationNotFound))?;
        // As if whoever lets them in said it to them.
        let told = Describe { client_id, conversation, name: name.clone(), topic: topic.clone(), open: None };
        let others = Others::Joined(conversation, people.clone());
        let whole = Command::from(command.clone());
        let said = Said { author: person, command: &whole, confirmed: None };
        let act = async |also| {
            let looked_at = LookedAt { name: name.clone(), topic: topic.clone(), also };
            rooms.add(person, command.clone(), Some(looked_at)).await
        };
        self.say(said, lines(person, &told.into()), others, act).await
    }

    /// Puts the texts of a command that is not done on record; why it is not, as its author is told.
    async fn refused(
        &self,
        author: PersonId,
        command: &Command,
        texts: &[(&Spoken, Decision)],
        confirmed: Option<&Confirmed>,
    ) -> Result<Error, Error> {
        let journal = &self.messaging.journal;
        let mut records = Vec::with_capacity(texts.len());
        for (spoken, decision) in texts {
            records.extend(spoken.attempt(journal, decision, confirmed)?);
        }
        let first = journal.commit(Unit { records, ..Unit::default() }).await?.first()?;
        let told = texts.iter().find(|(_, decision)| !decision.notices.is_empty());
        let refused = Refused {
            kind: first.kind,
            what: told.map_or(TextKind::Topic, |(spoken, _)| spoken.what),
            findings: texts.iter().flat_map(|(_, decision)| decision.findings.clone()).collect(),
            notices: texts.iter().flat_map(|(_, decision)| decision.notices.clone()).collect(),
            placed: (first.record, first.at),
        };
        // The key of the token may have to be read.
        let (vault, command) = (Arc::clone(journal.vault()), command.clone());
        blocking(move || refused.told(&vault, author, &command)).await
    }

    /// To a person's own devices: a text is not to be shown any more as one that waits or was refused.
    pub(super) fn attempt_over(&self, person: PersonId, conversation: ConversationId, attempt: RecordId) {
        self.hub.send_to(person, None, &Frame::AttemptOver { conversation, attempt });
    }
}

/// The texts of a command as they go on record, where the strictest of what was decided of them is against it: together, so that all
/// reasons are asked for at once. Nothing where it may be done.
fn together<'a>(
    texts: impl Iterator<Item = (&'a Spoken, &'a Decision)> + Clone,
) -> Vec<(&'a Spoken, Decision)> {
    let way = texts.clone().map(|(_, decision)| decision.way).max().unwrap_or(Way::Deliver);
    if way == Way::Deliver {
        return Vec::new();
    }
    let mut told = false;
    texts
        .filter(|(_, decision)| !decision.findings.is_empty())
        .map(|(spoken, decision)| {
            let mut decision = decision.clone();
            if decision.way != way {
                decision.notices.clear();
            }
            // Only the first text is told of is shown beside them.
            if told {
                decision.notices.iter_mut().for_each(|notice| notice.spans.clear());
            }
            told |= !decision.notices.is_empty();
            (spoken, Decision { way, ..decision })
        })
        .collect()
}

/// A command that was not done, because it was blocked or a reason is wanted for it.
struct Refused {
    /// Of its record.
    kind: Kind,
    /// The text its author is told of.
    what: TextKind,
    findings: Vec<Finding>,
    notices: Vec<Notice>,
    /// Which record, and when.
    placed: (RecordId, Micros),
}

impl Refused {
    /// By the record of an attempt.
    fn of(about: &Opened) -> Result<Self, Error> {
        let body: AttemptBody = decode_body(&about.body)
            .ok_or_else(|| Error::internal("an attempt does not say what its kind says"))?;
        let AttemptBody { what, findings, notices, .. } = body;
        let placed = (about.record(), about.header.at);
        Ok(Self { kind: about.header.kind, what, findings, notices, placed })
    }

    /// What the author is told.
    fn told(self, vault: &Vault, author: PersonId, command: &Command) -> Result<Error, Error> {
        let Self { kind, what, findings, notices, placed } = self;
        let field = match what {
            TextKind::ConversationName => "name",
            TextKind::Topic => "topic",
            _ => "text",
        };
        let (code, token) = match kind {
            Kind::AttemptWarned => {
                (Code::ReasonWanted, Some(token::issue(vault, author, command, &findings, placed)?))
            }
            _ => (Code::BlockedByRule, None),
        };
        let ruled = Some(Box::new(Ruled { notices, token }));
        Ok(Error { ruled, ..Error::from(code).field(field) })
    }
}

/// The texts of a command that stand for a while.
pub(super) fn lines(author: PersonId, command: &Command) -> Vec<Spoken> {
    let spoken = |client_id: ClientId, conversation, what, text: &str| Spoken {
        author,
        conversation,
        what,
        text: text.to_owned(),
        client_id,
        message: None,
        reply_to: None,
        thread_root: None,
        urgent: false,
    };
    let texts = match command {
        Command::CreateGroup(CreateGroup { client_id, name, topic, .. }) => vec![
            spoken(*client_id, None, TextKind::ConversationName, name),
            spoken(*client_id, None, TextKind::Topic, topic.as_deref().unwrap_or_default()),
        ],
        Command::Describe(Describe { client_id, conversation, name, topic, .. }) => {
            let here = Some(*conversation);
            let name = name.as_deref().unwrap_or_default();
            let topic = topic.as_deref().unwrap_or_default();
            vec![
                spoken(*client_id, here, TextKind::ConversationName, name),
                spoken(*client_id, here, TextKind::Topic, topic),
            ]
        }
        Command::SetStatus(SetStatus { client_id, text }) => {
            vec![spoken(*client_id, None, TextKind::Status, text)]
        }
        _ => Vec::new(),
    };
    texts.into_iter().filter(|spoken| !spoken.text.is_empty()).collect()
}
