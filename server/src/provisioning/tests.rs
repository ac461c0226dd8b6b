//! Into an account that may do more than chat nobody lets somebody alone: on both databases, with a clock of our own.

use std::sync::Arc;
use std::thread::JoinHandle;

use chancery_ledger::{Kind, Stream};
use chancery_protocol::approvals::RequestState;
use chancery_protocol::ids::{Id, PersonId, RequestId, SourceId};
use chancery_protocol::person::Role;
use chancery_protocol::sources::{Admission, Connection, Linking, NewIdentity, SetSource, SourceForm};

use super::Provisioning;
use crate::acceptable_use::Policy;
use crate::access::Access;
use crate::app::Parts;
use crate::approvals::{Approvals, LAPSES_AFTER, store as requests};
use crate::console::Desk;
use crate::directory::records::{self, IdentityLink};
use crate::directory::{Roles, identities, store as people};
use crate::ground::clock::Clock;
use crate::ground::config::{Surroundings, load};
use crate::ground::db::testing::{Database, Fresh, on_both_databases};
use crate::ground::error::{Code, Error};
use crate::ground::random::Random;
use crate::journal::{Unit, decode_body};

const REASON: &str = "The name they have at the company.";

struct House {
    parts: Parts,
    writer: Option<JoinHandle<()>>,
    clock: Clock,
    provisioning: Provisioning,
    approvals: Approvals,
    desk: Desk,
    source: SourceId,
    admin: PersonId,
    other_admin: PersonId,
    officer: PersonId,
    lead: PersonId,
}

impl House {
    fn new(kind: Database) -> Self {
        let storage = Fresh::new(kind).storage;
        let settings = storage.settings().into_iter();
        let outside = Surroundings {
            env: settings.map(|(key, value)| (key.into(), value.into())).collect(),
            cwd: storage.data.clone(),
            read: &|_| Err(std::io::ErrorKind::NotFound.into()),
        };
        let config = load(None, &outside).unwrap_or_else(|e| panic!("{e}")).config;
        let clock = Clock::at(1_800_000_000_000_000);
        let mut parts = Parts::open(&config, clock.clone(), Random::System).unwrap();
        let writer = Some(parts.start(None, false).unwrap());
        let (journal, directory) = (parts.journal.clone(), Arc::clone(&parts.directory));
        let access = Access::new(
            journal.clone(),
            Arc::clone(&directory),
            Arc::new(crate::access::Open),
            crate::serve::settings(&config),
        )
        .unwrap();
        let approvals = Approvals::new(journal.clone(), access.clone());
        let provisioning =
            Provisioning::new(journal.clone(), Arc::clone(&directory), access, approvals.clone());
        let policy = Policy::new(journal.clone(), Arc::clone(&directory), approvals.clone());
        let desk = Desk::new(journal, directory, policy, provisioning.clone());
        let admin = person(&parts, "ivan", Role::ItAdmin);
        let other_admin = person(&parts, "ines", Role::ItAdmin);
        let officer = person(&parts, "olga", Role::ComplianceOfficer);
        let lead = person(&parts, "lena", Role::ComplianceLead);
        let source = provisioning.make_source(&scim(), admin).unwrap().id;
        Self {
            parts,
            writer,
            clock,
            provisioning,
            approvals,
            desk,
            source,
            admin,
            other_admin,
            officer,
            lead,
        }
    }

    fn link(&self, subject: &str, person: PersonId, by: PersonId) -> Result<Option<RequestId>, Error> {
        let (subject, reason) = (subject.to_owned(), Some(REASON.to_owned()));
        self.provisioning.link(&NewIdentity { source: self.source, subject, person, reason }, by)
    }

    fn asks(&self, subject: &str, person: PersonId) -> RequestId {
        self.link(subject, person, self.admin).unwrap().expect("it waits")
    }

    fn refused(&self, id: RequestId, by: PersonId) -> Code {
        self.desk.agree(id, by).unwrap_err().code
    }

    fn linked(&self, person: PersonId) -> usize {
        identities::of_person(&mut self.parts.journal.db().reader().unwrap(), person).unwrap().len()
    }

    fn waits(&self, person: PersonId) -> Vec<RequestId> {
        let found = self.provisioning.identities(person).unwrap();
        found.waiting.into_iter().map(|one| one.request).collect()
    }

    fn state(&self, id: RequestId) -> RequestState {
        let mut conn = self.parts.journal.db().reader().unwrap();
        let request = requests::get(&mut conn, self.parts.journal.vault(), id).unwrap();
        request.state_at(self.clock.now())
    }

    /// As if somebody had changed them at this moment.
    fn set_roles(&self, person: PersonId, roles: &[Role]) {
        let roles = Roles::of(roles);
        let db = self.parts.journal.db();
        db.write_here(|conn| people::set_roles(conn, person, roles, roles)).unwrap();
    }

    /// Who asked and who agreed, as the records of linked identities have it.
    fn second_people(&self) -> Vec<Option<records::SecondPerson>> {
        let mut conn = self.parts.journal.db().reader().unwrap();
        let all = self.parts.journal.records().by_position(&mut conn, 0, 100_000).unwrap();
        all.into_iter()
            .filter_map(|(_, opened)| opened.ok())
            .filter(|opened| opened.header.kind == Kind::IdentityLinked)
            .map(|opened| decode_body::<IdentityLink>(&opened.body).unwrap().second)
            .collect()
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.parts.journal.stop_blocking();
        self.writer.take().map(JoinHandle::join);
    }
}

fn scim() -> SetSource {
    let admission = Admission { create: true, link: Linking::Never, roles: vec![Role::Employee] };
    let connection = Connection::Scim(Box::default());
    let form = SourceForm { name: "Writes".to_owned(), enabled: true, admission, connection };
    SetSource { form, secret: None, was: None }
}

fn person(parts: &Parts, username: &'static str, role: Role) -> PersonId {
    let id: PersonId = parts.journal.id().unwrap();
    let body = records::PersonCreated {
        username: username.into(),
        name: username.to_uppercase(),
        roles: vec![role],
        profile: records::Profile::default(),
        source: records::Source::Local,
        owner: None,
        via: records::Via::CommandLine,
    };
    let new = people::NewPerson {
        id,
        username: username.into(),
        name: username.to_uppercase(),
        roles: Roles::of(&[role]),
        password: None,
        profile: records::Profile::default(),
        guest: None,
        owner: None,
    };
    let mut draft =
        parts.journal.draft(Stream::Person(id.bytes()), Kind::PersonCreated, None, &body).unwrap();
    draft.target = Some(id.bytes());
    let work =
        move |conn: &mut crate::ground::db::Conn, _: &[crate::journal::Placed]| people::insert(conn, &new, 0);
    let unit = Unit { records: vec![draft], work: Some(Box::new(work)), ..Unit::default() };
    parts.journal.commit_blocking(unit).unwrap();
    id
}

on_both_databases! {
    fn an_officers_account_opens_to_nobody_before_a_lead_agrees;
    fn whoever_owns_the_account_does_not_agree_and_nothing_waits_for_nobody;
    fn what_changed_since_it_was_asked_is_noticed_and_the_request_stays;
    fn what_ends_otherwise_leaves_nothing;
}

fn an_officers_account_opens_to_nobody_before_a_lead_agrees(kind: Database) {
    let house = House::new(kind);
    let employee = person(&house.parts, "emil", Role::Employee);
    assert_eq!(
        house.link("emil", employee, house.admin).unwrap(),
        None,
        "an ordinary account is linked at once"
    );
    assert_eq!((house.linked(employee), house.second_people()), (1, vec![None]));

    let id = house.asks("olga", house.officer);
    assert_eq!((house.linked(house.officer), house.waits(house.officer)), (0, vec![id]));
    assert_eq!(house.refused(id, house.admin), Code::OwnRequest);
    for by in [house.other_admin, house.officer, employee] {
        let expected = if by == house.officer { Code::OwnAccount } else { Code::NotFound };
        assert_eq!(house.refused(id, by), expected);
    }
    assert_eq!(house.linked(house.officer), 0);
    house.desk.agree(id, house.lead).unwrap();
    assert_eq!((house.linked(house.officer), house.waits(house.officer)), (1, Vec::new()));
    let second = records::SecondPerson { request: id, asked_by: house.admin, agreed_by: house.lead };
    assert_eq!(house.second_people(), [None, Some(second)]);
    assert_eq!(house.refused(id, house.lead), Code::AlreadyDecided);
}

fn whoever_owns_the_account_does_not_agree_and_nothing_waits_for_nobody(kind: Database) {
    let house = House::new(kind);
    let nobody = |person, by| house.link("x", person, by).unwrap_err().code;
    assert_eq!(nobody(house.lead, house.admin), Code::NobodyAgrees, "there is no other lead");
    assert_eq!(nobody(house.other_admin, house.admin), Code::NobodyAgrees, "there is no third administrator");
    assert_eq!(nobody(house.admin, house.admin), Code::OwnAccount);
    let second = person(&house.parts, "lara", Role::ComplianceLead);
    let third = person(&house.parts, "igor", Role::ItAdmin);

    let of_lead = house.asks("lena", house.lead);
    assert_eq!(house.refused(of_lead, house.lead), Code::OwnAccount);
    assert_eq!(
        house.desk.refuse(of_lead, "This is not mine.", house.lead).unwrap_err().code,
        Code::OwnAccount
    );
    assert_eq!(house.refused(of_lead, third), Code::NotFound);
    house.desk.agree(of_lead, second).unwrap();

    let of_admin = house.asks("ines", house.other_admin);
    assert_eq!(house.refused(of_admin, house.other_admin), Code::OwnAccount);
    assert_eq!(house.refused(of_admin, house.lead), Code::NotFound);
    house.desk.agree(of_admin, third).unwrap();
    // Whoever is both is an officer in this.
    house.set_roles(house.officer, &[Role::ComplianceOfficer, Role::ItAdmin]);
    let of_both = house.asks("olga", house.officer);
    assert_eq!(house.refused(of_both, third), Code::NotFound);
    house.desk.agree(of_both, house.lead).unwrap();
    assert_eq!([house.lead, house.other_admin, house.officer].map(|person| house.linked(person)), [1, 1, 1]);
}

fn what_changed_since_it_was_asked_is_noticed_and_the_request_stays(kind: Database) {
    let house = House::new(kind);
    let admins = person(&house.parts, "igor", Role::ItAdmin);
    let id = house.asks("igor", admins);
    // What an administrator would agree to is no administrator's any more.
    house.set_roles(admins, &[Role::ItAdmin, Role::ComplianceOfficer]);
    assert_eq!(house.refused(id, house.other_admin), Code::Outdated);
    house.set_roles(admins, &[Role::Employee]);
    assert_eq!(house.refused(id, house.other_admin), Code::Outdated);
    house.set_roles(admins, &[Role::ItAdmin]);
    let db = house.parts.journal.db();
    db.write_here(|conn| people::set_suspended(conn, admins, Some(1), None)).unwrap();
    assert_eq!(house.refused(id, house.other_admin), Code::Outdated);
    db.write_here(|conn| people::set_suspended(conn, admins, None, None)).unwrap();
    let again = house.asks("igor.b", admins);
    assert_eq!((house.state(id), house.linked(admins)), (RequestState::Waiting, 0));
    house.desk.agree(id, house.other_admin).unwrap();
    // A source that writes to us has one account of a person.
    assert_eq!(house.refused(again, house.other_admin), Code::IdentityTaken);
    assert_eq!((house.state(again), house.linked(admins)), (RequestState::Waiting, 1));
    assert_eq!(house.link("igor", admins, house.admin).unwrap_err().code, Code::IdentityTaken);
}

fn what_ends_otherwise_leaves_nothing(kind: Database) {
    let house = House::new(kind);
    let short =
        NewIdentity { source: house.source, subject: "olga".into(), person: house.officer, reason: None };
    let refused = house.provisioning.link(&short, house.admin).unwrap_err();
    assert_eq!((refused.code, refused.field.as_deref()), (Code::ReasonNeeded, Some("reason")));

    let withdrawn = house.asks("olga", house.officer);
    assert_eq!(house.desk.withdraw(withdrawn, house.lead).unwrap_err().code, Code::AskedByAnother);
    house.desk.withdraw(withdrawn, house.admin).unwrap();
    let refused = house.asks("olga", house.officer);
    house.desk.refuse(refused, "She knows nothing of it.", house.lead).unwrap();
    let lapsed = house.asks("olga", house.officer);
    house.clock.advance(LAPSES_AFTER);
    for id in [withdrawn, refused, lapsed] {
        assert_eq!(house.refused(id, house.lead), Code::AlreadyDecided);
    }
    let sweep = house.approvals.sweep();
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(sweep).unwrap();
    assert_eq!(house.state(lapsed), RequestState::Lapsed);
    assert_eq!((house.linked(house.officer), house.waits(house.officer)), (0, Vec::new()));
    assert!(house.second_people().is_empty());
}
