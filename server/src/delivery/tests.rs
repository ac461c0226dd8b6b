//! Whatever a person writes is refused as long as they have to accept a policy text.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chancery_protocol::command::{
    AddMembers, Command, CreateGroup, Describe, Join, OpenDirect, React, RemoveMember, Send, SetMemberRole,
    SetStatus, TakeBack,
};
use chancery_protocol::conversation::{MemberRole, REACTIONS};
use chancery_protocol::ids::{ClientId, ConversationId, PersonId, RecordId};
use chancery_protocol::person::Role;
use chancery_screening::Outcome;

use super::Delivery;
use super::hub::Socket;
use crate::access::{Access, Caller, Gate, Settings};
use crate::conversations::{NewGroup, create_group};
use crate::directory::Roles;
use crate::ground::config::{Proxies, PublicUrl};
use crate::ground::db::Conn;
use crate::ground::db::testing::{Database, on_both_databases};
use crate::ground::error::{Code, Error};
use crate::journal::{Beside, head};
use crate::messaging::tests::rules::{rule, send, set};
use crate::messaging::tests::{House, block_on};

/// A policy text that comes into force, and is accepted, when a test says so.
#[derive(Default)]
struct Text(AtomicBool);

impl Gate for Text {
    fn closed_for(&self, _: PersonId) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    fn look(&self, _: &mut Conn, _: PersonId) -> Result<(), Error> {
        Ok(())
    }
}

fn delivery(house: &House, gate: Arc<Text>) -> Delivery {
    let settings = Settings {
        public_url: PublicUrl::parse("https://chat.example.com").unwrap(),
        session_hours: 12,
        confirm_minutes: 0,
        token_days: 365,
        proxies: Proxies::default(),
        mail_server: crate::outbox::MailServer::default(),
    };
    let (journal, directory) = (house.parts.journal.clone(), Arc::clone(&house.parts.directory));
    Delivery {
        messaging: house.parts.messaging(),
        access: Access::new(journal, directory, gate, settings).unwrap(),
        hub: Arc::default(),
        marks: Arc::default(),
        greetings: Arc::default(),
    }
}

/// Does a command as a connection would.
async fn tried(delivery: &Delivery, caller: &Caller, socket: &Socket, command: Command) -> Result<(), Error> {
    match delivery.unit(caller, &command, None) {
        Some(unit) => delivery.messaging.journal.submit(unit?).await?.wait().await.map(drop),
        None => delivery.answer(caller, socket, command, None).await.map(drop),
    }
}

/// A group that others can join, and a message and a text that waits in the first conversation.
async fn prepare(house: &House) -> (ConversationId, RecordId, RecordId) {
    let (parts, ben) = (&house.parts, house.people[1]);
    let open =
        NewGroup { name: "Open".into(), announcement: false, open: true, topic: None, members: vec![] };
    let id: ClientId = parts.journal.id().unwrap();
    let open =
        create_group(&parts.journal, &parts.directory, id, ben, open, Beside::default()).await.unwrap();
    let said =
        async |text| parts.journal.commit(send(house, text, None)).await.unwrap().first().unwrap().record;
    (open, said("a plum").await, said("a quince").await)
}

fn who_has_to_accept_a_text_writes_nothing(kind: Database) {
    let house = House::new(kind);
    set(&house.parts, &rule("quinces", "quince", Outcome::Review), 0, true);
    let (open, message, attempt) = block_on(prepare(&house));
    let (conversation, journal) = (house.conversations[0], &house.parts.journal);
    let [ada, ben, cyd] = [0, 1, 2].map(|at| house.people[at]);
    let id = || -> ClientId { journal.id().unwrap() };
    let members = vec![ben];
    let commands: Vec<Command> = vec![
        SetStatus { client_id: id(), text: "away".into() }.into(),
        OpenDirect { client_id: id(), person: cyd }.into(),
        CreateGroup { client_id: id(), kind: None, open: false, name: "New".into(), topic: None, members }
            .into(),
        Describe { client_id: id(), conversation, name: Some("Other".into()), topic: None, open: None }
            .into(),
        SetMemberRole { client_id: id(), conversation, person: ben, role: MemberRole::Owner }.into(),
        RemoveMember { client_id: id(), conversation, person: cyd }.into(),
        AddMembers { client_id: id(), conversation, people: vec![cyd] }.into(),
        Join { client_id: id(), conversation: open }.into(),
        TakeBack { client_id: id(), attempt }.into(),
        Send {
            client_id: id(),
            conversation,
            text: "hello".into(),
            reply_to: None,
            thread_root: None,
            urgent: false,
        }
        .into(),
        React { client_id: id(), conversation, message, reaction: REACTIONS[0].into(), on: true }.into(),
    ];
    let gate = Arc::new(Text::default());
    let delivery = delivery(&house, Arc::clone(&gate)).behind_gate(ada);
    let caller = Caller {
        person: ada,
        session: journal.id().unwrap(),
        roles: Roles::of(&[Role::Employee]),
        expires_at: i64::MAX,
        proven_at: 0,
        scopes: None,
        csrf: String::new(),
    };
    let (socket, _queue) = delivery.hub.join(ada, caller.session);
    let newest = || head(&mut journal.db().reader().unwrap()).unwrap().position;
    for command in commands {
        let tag = command.tag();
        let before = newest();
        gate.0.store(true, Ordering::SeqCst);
        let refused = block_on(tried(&delivery, &caller, &socket, command.clone()));
        assert_eq!(refused.map_err(|error| error.code), Err(Code::PolicyUnaccepted), "{tag}");
        assert_eq!(newest(), before, "{tag} left something on record");
        gate.0.store(false, Ordering::SeqCst);
        block_on(tried(&delivery, &caller, &socket, command))
            .unwrap_or_else(|error| panic!("{tag}: {error}"));
        assert!(newest() > before, "{tag} would not have written anything anyway");
    }
}

on_both_databases! {
    fn who_has_to_accept_a_text_writes_nothing;
}
