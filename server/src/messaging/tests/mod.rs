//! Random histories on both databases: whatever people do, the current state is what the journal says.

pub(crate) mod rules;

use chancery_ledger::{Kind, Stream};
use chancery_protocol::command::{Acknowledge, Delete, Edit, React, Restore, Send};
use chancery_protocol::conversation::REACTIONS;
use chancery_protocol::ids::{ConversationId, Id, PersonId, RecordId};
use chancery_protocol::person::Role;
use diesel::prelude::*;
use proptest::prelude::*;

use super::rebuild::{Report, rebuild};
use super::state::{Cols, Row, open_acknowledged, open_reactions};
use crate::app::Parts;
use crate::conversations::{NewGroup, create_group, open_direct};
use crate::directory::{Roles, records, store};
use crate::ground::clock::Clock;
use crate::ground::config::{Config, Surroundings, load};
use crate::ground::db::schema::messages;
use crate::ground::db::testing::{Database, Fresh, on_both_databases};
use crate::ground::error::{Code, Error};
use crate::ground::random::Random;
use crate::journal::{Journal, Unit};

/// Something one of three people tries in one of two conversations.
#[derive(Debug, Clone)]
enum Try {
    Send { text: String, urgent: bool },
    Acknowledge { message: usize },
    Edit { message: usize, text: String },
    Delete { message: usize },
    Restore { message: usize },
    React { message: usize, reaction: usize, on: bool },
    Wait { seconds: u8 },
}

fn any_try() -> impl Strategy<Value = Try> {
    let message = 0..12_usize;
    prop_oneof![
        3 => ("[a-z ]{0,12}", any::<bool>()).prop_map(|(text, urgent)| Try::Send { text, urgent }),
        3 => message.clone().prop_map(|message| Try::Acknowledge { message }),
        2 => (message.clone(), "[a-z]{1,8}").prop_map(|(message, text)| Try::Edit { message, text }),
        2 => message.clone().prop_map(|message| Try::Delete { message }),
        2 => message.clone().prop_map(|message| Try::Restore { message }),
        3 => (message, 0..REACTIONS.len(), any::<bool>())
            .prop_map(|(message, reaction, on)| Try::React { message, reaction, on }),
        1 => (0..40_u8).prop_map(|seconds| Try::Wait { seconds }),
    ]
}

pub(crate) struct House {
    pub parts: Parts,
    writer: Option<std::thread::JoinHandle<()>>,
    pub clock: Clock,
    pub people: Vec<PersonId>,
    pub conversations: Vec<ConversationId>,
    pub config: Config,
}

impl House {
    pub fn new(kind: Database) -> Self {
        Self::with(kind, &[])
    }

    /// With settings by their environment variables.
    pub fn with(kind: Database, settings: &[(&'static str, String)]) -> Self {
        let storage = Fresh::new(kind).storage;
        let more = settings.iter().map(|(key, value)| ((*key).to_owned(), value.clone()));
        let settings = storage.settings().into_iter().chain(more);
        let outside = Surroundings {
            env: settings.map(|(key, value)| (key.into(), value.into())).collect(),
            cwd: storage.data.clone(),
            read: &|_| Err(std::io::ErrorKind::NotFound.into()),
        };
        let config = load(None, &outside).unwrap_or_else(|e| panic!("{e}")).config;
        let clock = Clock::at(1_800_000_000_000_000);
        let mut parts = Parts::open(&config, clock.clone(), Random::System).unwrap();
        let writer = Some(parts.start(None, false).unwrap());
        let people: Vec<PersonId> = ["ada", "ben", "cyd"].map(|name| person(&parts.journal, name)).to_vec();
        let conversations = {
            let Parts { journal, directory, .. } = &parts;
            let group = NewGroup {
                name: "Group".into(),
                announcement: false,
                open: false,
                topic: None,
                members: people[1..].to_vec(),
            };
            block_on(async {
                let id = || journal.id().unwrap();
                vec![
                    create_group(
                        journal,
                        directory,
                        id(),
                        people[0],
                        group,
                        crate::journal::Beside::default(),
                    )
                    .await
                    .unwrap(),
                    open_direct(journal, directory, id(), people[0], people[1]).await.unwrap(),
                ]
            })
        };
        Self { parts, writer, clock, people, conversations, config }
    }

    /// Another node on the same database.
    pub fn beside(&self) -> Self {
        let mut parts = Parts::open(&self.config, self.clock.clone(), Random::System).unwrap();
        let writer = Some(parts.start(None, false).unwrap());
        let (people, conversations) = (self.people.clone(), self.conversations.clone());
        Self { parts, writer, clock: self.clock.clone(), people, conversations, config: self.config.clone() }
    }

    /// Tries it; what is refused must be refused for a reason people can meet.
    fn attempt(&self, sent: &mut Vec<RecordId>, conversation: ConversationId, who: PersonId, what: Try) {
        let messaging = self.parts.messaging();
        let journal = &messaging.journal;
        let client_id = journal.id().unwrap();
        let of = |index: usize| sent.get(index % sent.len().max(1)).copied();
        let missing = RecordId::from_bytes([9; 16]);
        let is_send = matches!(what, Try::Send { .. });
        let unit = match what {
            Try::Wait { seconds } => return self.clock.advance(i64::from(seconds) * 1_000_000),
            Try::Send { text, urgent } => {
                let send = Send { client_id, conversation, text, reply_to: of(0), thread_root: None, urgent };
                messaging.send_unit(who, send, None)
            }
            Try::Acknowledge { message } => {
                let message = of(message).unwrap_or(missing);
                messaging.acknowledge_unit(who, Acknowledge { client_id, conversation, message })
            }
            Try::Edit { message, text } => {
                let message = of(message).unwrap_or(missing);
                messaging.edit_unit(who, Edit { client_id, conversation, message, text }, None)
            }
            Try::Delete { message } => {
                let message = of(message).unwrap_or(missing);
                messaging.delete_unit(who, Delete { client_id, conversation, message })
            }
            Try::Restore { message } => {
                let message = of(message).unwrap_or(missing);
                messaging.restore_unit(who, Restore { client_id, conversation, message })
            }
            Try::React { message, reaction, on } => {
                let (message, reaction) = (of(message).unwrap_or(missing), REACTIONS[reaction].to_owned());
                messaging.react_unit(who, React { client_id, conversation, message, reaction, on })
            }
        };
        let again = unit.and_then(|unit| journal.commit_blocking(unit));
        match again {
            Ok(committed) if is_send => sent.push(committed.first().unwrap().record),
            Ok(_) => {}
            Err(Error { code, .. }) => assert!(
                matches!(
                    code,
                    Code::TextEmpty
                        | Code::ConversationNotFound
                        | Code::MessageNotFound
                        | Code::NotAuthor
                        | Code::AlreadyDeleted
                        | Code::NotDeleted
                        | Code::RestoreTooLate
                        | Code::OwnMessage
                        | Code::NotUrgent
                        | Code::Unchanged
                ),
                "{code}"
            ),
        }
    }

    fn rows(&self) -> Vec<(Row, String)> {
        let mut conn = self.parts.journal.db().reader().unwrap();
        let rows: Vec<Cols> =
            messages::table.order(messages::id).select(messages::all_columns).load(&mut *conn).unwrap();
        rows.into_iter()
            .map(Row::from)
            .map(|mut row| {
                // Sealed with a fresh nonce each time: compared by what is in it.
                let sealed = row.reactions.take();
                let vault = self.parts.journal.vault();
                let reactions = open_reactions(vault, row.id, sealed.as_deref()).unwrap();
                let sealed = row.acknowledged.take();
                let acknowledged = open_acknowledged(vault, row.id, sealed.as_deref()).unwrap();
                (row, format!("{reactions:?} {acknowledged:?}"))
            })
            .collect()
    }

    fn rebuild(&self, check: bool) -> Report {
        rebuild(&self.parts.journal, check).unwrap()
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.parts.journal.stop_blocking();
        self.writer.take().map(std::thread::JoinHandle::join);
    }
}

pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

fn person(journal: &Journal, username: &'static str) -> PersonId {
    let id: PersonId = journal.id().unwrap();
    let roles = Roles::of(&[Role::Employee]);
    let body = records::PersonCreated {
        username: username.into(),
        name: username.to_uppercase(),
        roles: vec![Role::Employee],
        profile: records::Profile::default(),
        source: records::Source::Local,
        owner: None,
        via: records::Via::CommandLine,
    };
    let new = store::NewPerson {
        id,
        username: username.into(),
        name: username.to_uppercase(),
        roles,
        password: None,
        profile: records::Profile::default(),
        guest: None,
        owner: None,
    };
    let mut draft = journal.draft(Stream::Person(id.bytes()), Kind::PersonCreated, None, &body).unwrap();
    draft.target = Some(id.bytes());
    journal
        .commit_blocking(Unit {
            records: vec![draft],
            work: Some(Box::new(move |conn, _| store::insert(conn, &new, 0))),
            ..Unit::default()
        })
        .unwrap();
    id
}

on_both_databases! {
    fn the_current_state_is_what_the_journal_says;
    fn drift_is_named_by_its_column_and_mended;
    fn a_repeated_client_id_is_answered_with_the_first_result;
}

fn the_current_state_is_what_the_journal_says(kind: Database) {
    let attempt = (0..2_usize, 0..3_usize, any_try());
    // Every case is a house on databases of its own, which PostgreSQL takes more than a second to make.
    let cases = if kind == Database::Postgres { 10 } else { 32 };
    let config = ProptestConfig { cases, ..ProptestConfig::default() };
    proptest!(config, |(history in prop::collection::vec(attempt, 0..40))| {
        let house = House::new(kind);
        let mut sent = [Vec::new(), Vec::new()];
        for (conversation, who, what) in history {
            let (id, who) = (house.conversations[conversation], house.people[who]);
            house.attempt(&mut sent[conversation], id, who, what);
        }
        let live = house.rows();
        prop_assert_eq!(house.rebuild(true).drift, Vec::<String>::new());
        house.parts.journal.db().write_here(|conn| {
            diesel::delete(messages::table).execute(conn)?;
            Ok(())
        }).unwrap();
        prop_assert_eq!(house.rebuild(true).drift.len(), live.len(), "each missing row is named");
        house.rebuild(false);
        prop_assert_eq!(house.rows(), live);
    });
}

fn drift_is_named_by_its_column_and_mended(kind: Database) {
    let house = House::new(kind);
    let mut sent = Vec::new();
    let conversation = house.conversations[0];
    house.attempt(&mut sent, conversation, house.people[0], Try::Send { text: "one".into(), urgent: true });
    house.attempt(&mut sent, conversation, house.people[0], Try::React { message: 0, reaction: 1, on: true });
    house.attempt(&mut sent, conversation, house.people[1], Try::Acknowledge { message: 0 });
    let before = house.rows();
    house
        .parts
        .journal
        .db()
        .write_here(|conn| {
            diesel::update(messages::table)
                .set((
                    messages::deleted_at.eq(5),
                    messages::reactions.eq(None::<Vec<u8>>),
                    messages::urgent.eq(false),
                    messages::acknowledged.eq(None::<Vec<u8>>),
                ))
                .execute(conn)?;
            Ok(())
        })
        .unwrap();
    let report = house.rebuild(false);
    assert_eq!(report.drift.len(), 1);
    assert!(
        report.drift[0].contains("deleted_at, urgent, reactions, acknowledged differ"),
        "{:?}",
        report.drift
    );
    assert_eq!(house.rows(), before);
    assert!(house.rebuild(true).drift.is_empty());
}

fn a_repeated_client_id_is_answered_with_the_first_result(kind: Database) {
    let house = House::new(kind);
    let messaging = house.parts.messaging();
    let client_id = messaging.journal.id().unwrap();
    let send = |text: &str| Send {
        client_id,
        conversation: house.conversations[0],
        text: text.into(),
        reply_to: None,
        thread_root: None,
        urgent: false,
    };
    let commit = |text: &str| {
        messaging
            .journal
            .commit_blocking(messaging.send_unit(house.people[0], send(text), None).unwrap())
            .unwrap()
    };
    let first = commit("once");
    let again = commit("twice");
    assert!(!first.repeated && again.repeated);
    assert_eq!(first.first().unwrap().record, again.first().unwrap().record);
    assert_eq!(house.rows().len(), 1);
}
