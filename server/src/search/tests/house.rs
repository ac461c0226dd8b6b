//! A house with a journal and an index, without a server.

use std::path::PathBuf;
use std::sync::Arc;

use chancery_ledger::{Kind, Stream};
use chancery_protocol::command::{Delete, Edit, React, Restore, Send};
use chancery_protocol::conversation::REACTIONS;
use chancery_protocol::ids::{ConversationId, Id, PersonId, RecordId};
use chancery_protocol::person::Role;
use chancery_protocol::query::Query;

use crate::app::Parts;
use crate::conversations::{NewGroup, create_group, open_direct};
use crate::directory::{Roles, records, store};
use crate::ground::clock::Clock;
use crate::ground::config::{Surroundings, load};
use crate::ground::db::testing::{Database, Fresh};
use crate::ground::error::Code;
use crate::ground::random::Random;
use crate::journal::{Journal, Unit};
use crate::messaging::whole::Whole;
use crate::search::directory::Blocks;
use crate::search::find::{Filters, Found, Page, Reach};
use crate::search::follower::{self, Follower};
use crate::search::index::Setting;
use crate::search::{Shared, check, follow, setting};

/// Something one of three people tries in one of two conversations.
#[derive(Debug, Clone)]
pub enum Try {
    Send(String),
    Edit(usize, String),
    Delete(usize),
    Restore(usize),
    React(usize),
    Wait(i64),
    Index,
}

pub struct House {
    pub parts: Parts,
    writer: Option<std::thread::JoinHandle<()>>,
    clock: Clock,
    pub people: Vec<PersonId>,
    pub conversations: Vec<ConversationId>,
    pub sent: Vec<(RecordId, ConversationId, PersonId)>,
    pub folder: PathBuf,
    pub setting: Setting,
    shared: Arc<Shared>,
    _storage: Arc<crate::ground::db::testing::Storage>,
}

impl House {
    pub fn new(kind: Database) -> Self {
        let storage = Fresh::new(kind).storage;
        let outside = Surroundings {
            env: storage.settings().into_iter().map(|(key, value)| (key.into(), value.into())).collect(),
            cwd: storage.data.clone(),
            read: &|_| Err(std::io::ErrorKind::NotFound.into()),
        };
        let config = load(None, &outside).unwrap_or_else(|e| panic!("{e}")).config;
        let clock = Clock::at(1_800_000_000_000_000);
        let mut parts = Parts::open(&config, clock.clone(), Random::System).unwrap();
        let writer = Some(parts.start(None, false).unwrap());
        let people: Vec<PersonId> = ["ada", "ben", "cyd"].map(|name| person(&parts.journal, name)).to_vec();
        let Parts { journal, directory, .. } = &parts;
        let group = NewGroup {
            name: "Group".into(),
            announcement: false,
            open: false,
            topic: None,
            members: people[1..].to_vec(),
        };
        let conversations = block_on(async {
            let id = || journal.id().unwrap();
            vec![
                create_group(journal, directory, id(), people[0], group, crate::journal::Beside::default())
                    .await
                    .unwrap(),
                open_direct(journal, directory, id(), people[0], people[1]).await.unwrap(),
            ]
        });
        let folder = storage.data.join("search");
        std::fs::create_dir_all(&folder).unwrap();
        let setting = setting(&parts.messaging(), parts.archive(), &Blocks::new(1 << 22)).unwrap();
        let shared = Shared::new();
        let sent = Vec::new();
        Self { parts, writer, clock, people, conversations, sent, folder, setting, shared, _storage: storage }
    }

    /// Tries it; what is refused must be refused for a reason people can meet.
    pub fn attempt(&mut self, conversation: usize, who: usize, what: Try) {
        let messaging = self.parts.messaging();
        let client_id = messaging.journal.id().unwrap();
        let (conversation, author) = (self.conversations[conversation], self.people[who]);
        let of = |at: usize| {
            let known = self.sent.get(at % self.sent.len().max(1)).copied();
            known.unwrap_or((messaging.journal.id().unwrap(), conversation, author))
        };
        let is_send = matches!(what, Try::Send(_));
        let unit = match what {
            Try::Wait(micros) => return self.clock.advance(micros),
            Try::Index => return self.index(),
            Try::Send(text) => messaging.send_unit(
                author,
                Send { client_id, conversation, text, reply_to: None, thread_root: None, urgent: false },
                None,
            ),
            Try::Edit(at, text) => {
                let (message, conversation, author) = of(at);
                messaging.edit_unit(author, Edit { client_id, conversation, message, text }, None)
            }
            Try::Delete(at) => {
                let (message, conversation, author) = of(at);
                messaging.delete_unit(author, Delete { client_id, conversation, message })
            }
            Try::Restore(at) => {
                let (message, conversation, author) = of(at);
                messaging.restore_unit(author, Restore { client_id, conversation, message })
            }
            Try::React(at) => {
                let (message, conversation, author) = of(at);
                let reaction = REACTIONS[0].to_owned();
                messaging.react_unit(author, React { client_id, conversation, message, reaction, on: true })
            }
        };
        match unit.and_then(|unit| messaging.journal.commit_blocking(unit)) {
            Ok(committed) if is_send => {
                self.sent.push((committed.first().unwrap().record, conversation, author));
            }
            Ok(_) => {}
            Err(error) => assert!(error.code.status() < 500 || error.code == Code::Unchanged, "{error}"),
        }
    }

    /// Starts a follower, lets it catch up, and ends it.
    pub fn index(&self) {
        let messaging = self.parts.messaging();
        let mut follower =
            Follower::new(&self.folder, self.setting.clone(), messaging, Arc::clone(&self.shared));
        follower.catch_up(|_| ()).unwrap_or_else(|stuck| panic!("{stuck:?}"));
        follower.end();
    }

    pub fn generation(&self) -> Option<u64> {
        follower::current(&self.folder)
    }

    pub fn find(&self, query: Option<&Query>, reach: Reach, filters: &Filters, page: Page) -> Found {
        let plan = query.map(|query| crate::search::plan::Plan::of(query).unwrap());
        self.shared.snapshot().unwrap().find(plan.as_ref(), reach, filters, page).unwrap()
    }

    /// Positions of messages that index and journal do not agree on.
    pub fn differing(&self) -> Vec<u64> {
        let snapshot = self.shared.snapshot().unwrap();
        let newest = follow::newest(&self.parts.messaging()).unwrap();
        assert_eq!(snapshot.position, newest, "everything was followed");
        let indexed = check::indexed(&snapshot).unwrap();
        let expected = follow::expected(&self.parts.messaging(), newest).unwrap();
        assert_eq!(expected.len(), self.sent.len());
        check::differing(&expected, &indexed)
    }

    /// Every message.
    pub fn whole(&self) -> Vec<Whole> {
        let messaging = self.parts.messaging();
        let mut conn = messaging.journal.db().reader().unwrap();
        let ids: Vec<RecordId> = self.sent.iter().map(|(id, ..)| *id).collect();
        messaging.whole(&mut conn, &ids).unwrap()
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.parts.journal.stop_blocking();
        if let Some(writer) = self.writer.take() {
            let ended = writer.join().is_ok();
            assert!(ended || std::thread::panicking(), "the writer died");
        }
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
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
