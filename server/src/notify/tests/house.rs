//! A house whose people have addresses, and a notifier that works when it is told to.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chancery_protocol::Micros;
use chancery_protocol::command::{Delete, Edit, Send};
use chancery_protocol::ids::{ConversationId, Id, PersonId, RecordId, SessionId};
use chancery_protocol::mail::{Decisions, MailState, Why};
use chancery_protocol::mail_settings::SetMail;
use chancery_protocol::preferences::{Arrangement, Kept, Notify, Preferences};
use chancery_tests::smtp_sink::{Mode, SmtpSink};
use diesel::prelude::*;
use tokio::runtime::Runtime;

use crate::access::Gate;
use crate::conversations::{Marks, Seen};
use crate::directory::{preferences_of, save_preferences};
use crate::ground::db::Conn;
use crate::ground::db::schema::people;
use crate::ground::db::testing::Database;
use crate::ground::error::Error;
use crate::messaging::tests::House as Messages;
use crate::notify::{MailDesk, Notifier, Signature};
use crate::outbox::{self, Mail};

pub const MINUTE: Micros = 60_000_000;
pub const HOUR: Micros = 60 * MINUTE;

pub struct House {
    pub house: Messages,
    pub notifier: Notifier,
    pub marks: Arc<Marks>,
    /// Whether nobody gets to a conversation before they have accepted something.
    pub closed: Arc<Closed>,
    runtime: Runtime,
    pub sink: Option<SmtpSink>,
}

/// A gate that a test shuts.
#[derive(Default)]
pub struct Closed(pub AtomicBool);

impl Gate for Closed {
    fn closed_for(&self, _: PersonId) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    fn look(&self, _: &mut Conn, _: PersonId) -> Result<(), Error> {
        Ok(())
    }
}

impl House {
    /// Without a mail server.
    pub fn new(kind: Database) -> Self {
        Self::with(kind, &[], None)
    }

    /// With one that fails on demand, by the recipient's name.
    pub fn with_sink(kind: Database, settings: &[(&'static str, String)]) -> Self {
        let runtime = runtime();
        let sink = runtime.block_on(SmtpSink::start(Mode::StartTls, None));
        let mut all = vec![
            ("CHANCERY_MAIL_HOST", "localhost".to_owned()),
            ("CHANCERY_MAIL_PORT", sink.port.to_string()),
            ("CHANCERY_MAIL_FROM", "Chat of Example <chat@example.org>".to_owned()),
            ("CHANCERY_MAIL_AUTHORITIES", sink.certificate.authority.to_str().unwrap().to_owned()),
            ("CHANCERY_MAIL_CONTENT", "full".to_owned()),
        ];
        all.extend(settings.iter().cloned());
        Self::with(kind, &all, Some(sink))
    }

    pub fn with(kind: Database, settings: &[(&'static str, String)], sink: Option<SmtpSink>) -> Self {
        let house = Messages::with(kind, settings);
        let this = Self::around(house, sink);
        for person in this.house.people.clone() {
            let name = this.name(person);
            this.set_address(person, Some(&format!("{name}@example.org")));
        }
        this
    }

    fn around(house: Messages, sink: Option<SmtpSink>) -> Self {
        let marks = Arc::new(Marks::default());
        let closed = Arc::new(Closed::default());
        let messaging = house.parts.messaging();
        let signature = Signature::of(&house.config);
        let settings = Arc::clone(&house.parts.mail);
        let notifier = Notifier::new(
            messaging,
            Arc::clone(&marks),
            settings,
            Arc::clone(&closed) as Arc<dyn Gate>,
            signature,
        )
        .unwrap();
        Self { house, notifier, marks, closed, runtime: runtime(), sink }
    }

    /// Another node, with the same mail server.
    pub fn beside(&self) -> Self {
        Self::around(self.house.beside(), None)
    }

    pub fn ada(&self) -> PersonId {
        self.house.people[0]
    }

    pub fn ben(&self) -> PersonId {
        self.house.people[1]
    }

    pub fn group(&self) -> ConversationId {
        self.house.conversations[0]
    }

    pub fn direct(&self) -> ConversationId {
        self.house.conversations[1]
    }

    fn name(&self, person: PersonId) -> String {
        self.house.parts.directory.get(person).unwrap().person.username.clone()
    }

    pub fn set_address(&self, person: PersonId, address: Option<&str>) {
        let set = people::email.eq(address.map(str::to_owned));
        let row = people::table.filter(people::id.eq(crate::ground::db::dialect::raw(person)));
        let db = self.house.parts.journal.db();
        db.write_here(|conn| Ok(diesel::update(row).set(set).execute(conn)?)).unwrap();
    }

    pub fn now(&self) -> Micros {
        self.house.clock.now()
    }

    pub fn wait(&self, micros: Micros) {
        self.house.clock.advance(micros);
    }

    pub fn say(&self, who: PersonId, conversation: ConversationId, text: &str) -> RecordId {
        self.send(who, conversation, text, false)
    }

    pub fn send(&self, who: PersonId, conversation: ConversationId, text: &str, urgent: bool) -> RecordId {
        let messaging = self.house.parts.messaging();
        let client_id = messaging.journal.id().unwrap();
        let send = Send {
            client_id,
            conversation,
            text: text.to_owned(),
            reply_to: None,
            thread_root: None,
            urgent,
        };
        let unit = messaging.send_unit(who, send, None).unwrap();
        let placed = messaging.journal.commit_blocking(unit).unwrap().first().unwrap();
        self.read(who, conversation, placed.ordinal.unwrap());
        placed.record
    }

    pub fn edit(&self, who: PersonId, conversation: ConversationId, message: RecordId, text: &str) {
        let messaging = self.house.parts.messaging();
        let client_id = messaging.journal.id().unwrap();
        let edit = Edit { client_id, conversation, message, text: text.to_owned() };
        let unit = messaging.edit_unit(who, edit, None).unwrap();
        messaging.journal.commit_blocking(unit).unwrap();
    }

    pub fn delete(&self, who: PersonId, conversation: ConversationId, message: RecordId) {
        let messaging = self.house.parts.messaging();
        let client_id = messaging.journal.id().unwrap();
        let unit = messaging.delete_unit(who, Delete { client_id, conversation, message }).unwrap();
        messaging.journal.commit_blocking(unit).unwrap();
    }

    /// Somebody has read a conversation up to here, on a session of which nothing is known.
    pub fn read(&self, who: PersonId, conversation: ConversationId, ordinal: u64) {
        let seen = Seen { at: self.now(), by: Some(SessionId::from_bytes([7; 16])) };
        self.marks.read(conversation, who, ordinal, seen);
        self.runtime.block_on(self.marks.flush(self.house.parts.journal.db())).unwrap();
    }

    pub fn prefer(&self, who: PersonId, change: impl FnOnce(&mut Preferences)) {
        let journal = &self.house.parts.journal;
        let mut conn = journal.db().reader().unwrap();
        let kept = preferences_of(&mut conn, journal.vault(), &[who]).unwrap().remove(&who);
        drop(conn);
        let Kept { revision, mut preferences } = kept.unwrap_or_default();
        change(&mut preferences);
        self.runtime.block_on(save_preferences(journal, who, revision, preferences)).unwrap();
    }

    pub fn hear(&self, who: PersonId, conversation: ConversationId, notify: Notify) {
        self.prefer(who, |preferences| {
            preferences.conversations.insert(conversation, Arrangement { pinned: false, notify });
        });
    }

    /// Everything there is to decide now.
    pub fn round(&self) {
        self.notifier.round().unwrap();
    }

    /// Hands over whatever is due.
    pub fn hand_over(&self) {
        while self.runtime.block_on(self.notifier.hand_over()).unwrap() {}
    }

    /// The outbox, oldest first.
    /// Changes a setting as the console does.
    pub fn set_rule(&self, key: &str, text: &str) {
        let (journal, shared) = (self.house.parts.journal.clone(), Arc::clone(&self.house.parts.mail));
        let desk = MailDesk::new(journal, Arc::clone(&shared), &self.house.config);
        let was = desk.settings().unwrap().revision;
        let texts = [(key.to_owned(), text.to_owned())].into();
        desk.set(&SetMail { was, texts }, self.ada()).unwrap();
        shared.load(&mut self.house.parts.journal.db().reader().unwrap()).unwrap();
    }

    /// The mail server goes away.
    pub fn stop_sink(&mut self) {
        self.sink.as_mut().unwrap().stop();
    }

    /// And comes back, on its port.
    pub fn start_sink(&mut self) {
        self.runtime.block_on(self.sink.as_mut().unwrap().start_again());
    }

    pub fn outbox(&self) -> Vec<Mail> {
        let journal = &self.house.parts.journal;
        let mut conn = journal.db().reader().unwrap();
        let mut mails = outbox::page(&mut conn, journal.vault(), None, None, None, 1_000).unwrap();
        mails.reverse();
        mails
    }

    /// To whom mails are, oldest first, and how they fare.
    pub fn mails(&self) -> Vec<(String, MailState)> {
        self.outbox().into_iter().map(|mail| (self.name(mail.person), mail.state)).collect()
    }

    /// How many mails there are to somebody.
    pub fn mails_to(&self, who: PersonId) -> usize {
        self.outbox().iter().filter(|mail| mail.person == who).count()
    }

    pub fn decisions(&self, who: PersonId) -> Decisions {
        self.notifier.decisions(who, who, &Default::default()).unwrap()
    }

    /// Why no mail goes about a conversation just now.
    pub fn why(&self, who: PersonId, conversation: ConversationId) -> Why {
        let now = self.decisions(who).now;
        now.into_iter().find(|one| one.conversation == conversation).expect("something was said").why
    }

    /// What was decided about somebody, oldest first.
    pub fn decided(&self, who: PersonId) -> Vec<Why> {
        let mut decided: Vec<Why> = self.decisions(who).decided.into_iter().map(|one| one.why).collect();
        decided.reverse();
        decided
    }

    /// Mails the server has, oldest first: to whom, and the bytes.
    pub fn arrived(&self) -> Vec<(String, String)> {
        let mails = self.sink.as_ref().expect("a mail server").mails();
        mails.into_iter().map(|(to, bytes)| (to, String::from_utf8(bytes).unwrap())).collect()
    }
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
}
