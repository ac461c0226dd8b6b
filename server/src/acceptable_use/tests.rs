//! The life of items and requests, on both databases, with a clock of our own: whatever people do, what counts is what the
//! newest version says, and every version has two people.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread::JoinHandle;

use chancery_ledger::{Kind, Stream};
use chancery_protocol::Micros;
use chancery_protocol::approvals::{ApprovalQuery, RequestState};
use chancery_protocol::ids::{Id, PersonId, RecordId, RequestId};
use chancery_protocol::person::Role;
use chancery_protocol::policy::{self, AskForPolicy, AskItem, ItemKind, SaveDraft};
use proptest::prelude::*;

use super::{Policy, store};
use crate::access::Access;
use crate::app::Parts;
use crate::approvals::{Approvals, LAPSES_AFTER, Sort, store as requests};
use crate::console::Desk;
use crate::directory::{Roles, records, store as people};
use crate::ground::clock::Clock;
use crate::ground::config::{Surroundings, load};
use crate::ground::db::testing::{Database, Fresh, on_both_databases};
use crate::ground::error::{Code, Error};
use crate::ground::random::Random;
use crate::journal::Unit;
use crate::provisioning::Provisioning;

const HOUR: Micros = 3_600_000_000;
const LIST: ItemKind = ItemKind::List;

struct House {
    parts: Parts,
    writer: Option<JoinHandle<()>>,
    clock: Clock,
    policy: Policy,
    desk: Desk,
    /// An officer and two leads.
    people: Vec<PersonId>,
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
        let policy = Policy::new(journal.clone(), Arc::clone(&directory), approvals);
        let desk = Desk::new(journal, directory, policy.clone(), provisioning);
        let roles =
            [("ada", Role::ComplianceOfficer), ("ben", Role::ComplianceLead), ("cyd", Role::ComplianceLead)];
        let people = roles.into_iter().map(|(name, role)| person(&parts, name, role)).collect();
        Self { parts, writer, clock, policy, desk, people }
    }

    fn item(&self, name: &str) -> Option<store::Item> {
        let mut conn = self.parts.journal.db().reader().unwrap();
        match store::get(&mut conn, self.parts.journal.vault(), LIST, name) {
            Ok(item) => Some(item),
            Err(error) => {
                assert_eq!(error.code, Code::NotFound);
                None
            }
        }
    }

    fn draft(&self, name: &str, entry: &str, by: PersonId) -> Result<Micros, Error> {
        let expected = self.item(name).and_then(|item| item.draft).map(|draft| draft.at);
        let content = policy::Content::List { entries: vec![entry.to_owned()] };
        self.policy.save_draft(LIST, name, SaveDraft { content, expected }, by)
    }

    fn ask(&self, name: &str, in_force: bool, by: PersonId) -> Result<RequestId, Error> {
        let item = self.item(name).ok_or(Code::NotFound)?;
        let draft = item.draft.map(|draft| draft.at);
        let wanted = AskItem {
            kind: LIST,
            name: name.to_owned(),
            version: item.version,
            in_force,
            place: None,
            draft,
        };
        self.policy.ask(AskForPolicy { items: vec![wanted], reason: "Because of this test.".into() }, by)
    }

    fn request(&self, id: RequestId) -> crate::approvals::Request {
        let mut conn = self.parts.journal.db().reader().unwrap();
        requests::get(&mut conn, self.parts.journal.vault(), id).unwrap()
    }

    fn lapse(&self) {
        let lapsing = self.policy.approvals().sweep();
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
            .block_on(lapsing)
            .unwrap();
    }

    /// Every record of these kinds: what it is about.
    fn records(&self, kinds: &[Kind]) -> Vec<(Kind, RequestId)> {
        let mut conn = self.parts.journal.db().reader().unwrap();
        let all = self.parts.journal.records().by_position(&mut conn, 0, 100_000).unwrap();
        all.into_iter()
            .filter_map(|(_, opened)| opened.ok())
            .filter(|opened| kinds.contains(&opened.header.kind))
            .map(|opened| (opened.header.kind, RequestId::from_bytes(opened.header.target.unwrap())))
            .collect()
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.parts.journal.stop_blocking();
        self.writer.take().map(JoinHandle::join);
    }
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
    parts
        .journal
        .commit_blocking(Unit {
            records: vec![draft],
            work: Some(Box::new(move |conn, _| people::insert(conn, &new, 0))),
            ..Unit::default()
        })
        .unwrap();
    id
}

/// Something one of the three tries.
#[derive(Debug, Clone)]
enum Try {
    Draft { item: usize, entry: String },
    Drop { item: usize },
    Ask { item: usize, in_force: bool },
    Agree { request: usize },
    Refuse { request: usize },
    Withdraw { request: usize },
    Wait { hours: u8 },
    Lapse,
}

fn any_try() -> impl Strategy<Value = Try> {
    let (item, request) = (0..2_usize, 0..8_usize);
    prop_oneof![
        3 => (item.clone(), "[a-z]{3,8}").prop_map(|(item, entry)| Try::Draft { item, entry }),
        1 => item.clone().prop_map(|item| Try::Drop { item }),
        4 => (item, any::<bool>()).prop_map(|(item, in_force)| Try::Ask { item, in_force }),
        4 => request.clone().prop_map(|request| Try::Agree { request }),
        1 => request.clone().prop_map(|request| Try::Refuse { request }),
        1 => request.prop_map(|request| Try::Withdraw { request }),
        1 => (1..80_u8).prop_map(|hours| Try::Wait { hours }),
        1 => Just(Try::Lapse),
    ]
}

const NAMES: [&str; 2] = ["shares", "bonds"];

/// Tries it; what is refused must be refused for a reason people can meet. Answers with the request that was made.
fn attempt(house: &House, who: PersonId, what: Try, made: &mut Vec<RequestId>) {
    let of = |request: usize| made.get(request % made.len().max(1)).copied();
    let done = match what {
        Try::Draft { item, entry } => house.draft(NAMES[item], &entry, who).map(drop),
        Try::Drop { item } => match house.item(NAMES[item]).and_then(|item| item.draft) {
            Some(draft) => house.policy.drop_draft(LIST, NAMES[item], draft.at),
            None => Ok(()),
        },
        Try::Ask { item, in_force } => house.ask(NAMES[item], in_force, who).map(|id| made.push(id)),
        Try::Agree { request } => of(request).map_or(Ok(()), |id| {
            let before = house.request(id);
            let agreed = house.desk.agree(id, who);
            if agreed.is_ok() {
                assert_ne!(before.asked_by, who, "nobody agrees to their own");
                assert_eq!(before.state_at(house.clock.now()), RequestState::Waiting);
            }
            agreed
        }),
        Try::Refuse { request } => {
            of(request).map_or(Ok(()), |id| house.desk.refuse(id, "Not in this house.", who))
        }
        Try::Withdraw { request } => of(request).map_or(Ok(()), |id| house.desk.withdraw(id, who)),
        Try::Wait { hours } => {
            house.clock.advance(i64::from(hours) * HOUR);
            Ok(())
        }
        Try::Lapse => {
            house.lapse();
            Ok(())
        }
    };
    if let Err(Error { code, .. }) = done {
        let expected = [
            Code::NotFound,
            Code::Unchanged,
            Code::Outdated,
            Code::OwnRequest,
            Code::AskedByAnother,
            Code::AlreadyDecided,
        ];
        assert!(expected.contains(&code), "{code}");
    }
}

/// What must hold whatever was done.
fn check(house: &House, made: &[RequestId]) {
    let mut conn = house.parts.journal.db().reader().unwrap();
    let vault = house.parts.journal.vault();
    let running = store::running(&mut conn, vault).unwrap();
    let mut set = 0;
    for name in NAMES {
        let versions = store::versions(&mut conn, vault, LIST, name).unwrap();
        let numbers: Vec<u32> = versions.iter().map(|version| version.version).collect();
        let dense: Vec<u32> = (1..=u32::try_from(versions.len()).unwrap()).rev().collect();
        assert_eq!(numbers, dense, "a version's number grows by one");
        set += versions.len();
        assert!(versions.iter().all(|version| version.asked_by != version.agreed_by));
        let item = house.item(name);
        let newest = versions.first();
        assert_eq!(item.as_ref().map_or(0, |item| item.version), newest.map_or(0, |newest| newest.version));
        assert_eq!(
            item.as_ref().and_then(|item| item.content.as_ref()),
            newest.map(|newest| &newest.content)
        );
        let counts = running.iter().find(|running| running.name == name);
        let in_force = newest.filter(|newest| newest.in_force);
        assert_eq!(
            counts.map(|counts| (counts.version, &counts.content)),
            in_force.map(|newest| (newest.version, &newest.content)),
            "what counts is what the newest version says"
        );
    }
    let ends = [
        Kind::RequestAgreed,
        Kind::RequestRefused,
        Kind::RequestWithdrawn,
        Kind::RequestLapsed,
        Kind::PolicySet,
    ];
    let mut ended: BTreeMap<RequestId, Vec<Kind>> = BTreeMap::new();
    for (kind, id) in house.records(&ends) {
        ended.entry(id).or_default().push(kind);
    }
    for id in made {
        let kinds = ended.remove(id).unwrap_or_default();
        let expected: &[Kind] = match house.request(*id).state {
            RequestState::Waiting => &[],
            RequestState::Agreed => &[Kind::RequestAgreed, Kind::PolicySet],
            RequestState::Refused => &[Kind::RequestRefused],
            RequestState::Withdrawn => &[Kind::RequestWithdrawn],
            RequestState::Lapsed => &[Kind::RequestLapsed],
        };
        assert_eq!(kinds, expected, "a request ends once, and that is on record");
        set -= kinds.iter().filter(|kind| **kind == Kind::PolicySet).count();
    }
    assert_eq!((set, ended.len()), (0, 0), "each version has its record");
    let asked = house.records(&[Kind::RequestAsked]).into_iter().map(|(_, id)| id);
    assert!(asked.eq(made.iter().copied()), "every asking is on record");
}

on_both_databases! {
    fn whatever_people_do_a_version_has_two_people_and_a_record;
    fn a_request_nobody_answered_lapses;
    fn what_is_sealed_stays_in_its_place;
    fn whoever_lost_the_role_does_not_agree;
}

fn whatever_people_do_a_version_has_two_people_and_a_record(kind: Database) {
    let cases = if kind == Database::Postgres { 8 } else { 24 };
    let config = ProptestConfig { cases, ..ProptestConfig::default() };
    proptest!(config, |(history in prop::collection::vec((0..3_usize, any_try()), 0..40))| {
        let house = House::new(kind);
        let mut made = Vec::new();
        for (who, what) in history {
            attempt(&house, house.people[who], what, &mut made);
        }
        check(&house, &made);
    });
}

fn a_request_nobody_answered_lapses(kind: Database) {
    let house = House::new(kind);
    let [ada, ben, _] = house.people[..] else { panic!("three people") };
    house.draft("shares", "Acme", ada).unwrap();
    let id = house.ask("shares", true, ada).unwrap();
    let lapses_at = house.request(id).lapses_at;
    assert_eq!(lapses_at - house.request(id).asked_at, LAPSES_AFTER);
    house.clock.advance(LAPSES_AFTER - HOUR);
    house.lapse();
    assert_eq!(house.request(id).state, RequestState::Waiting);

    // It is over before its record says so.
    house.clock.advance(HOUR);
    let list = |state: Option<RequestState>| {
        let mut conn = house.parts.journal.db().reader().unwrap();
        let query = ApprovalQuery { state, before: None };
        let now = house.clock.now();
        requests::list(&mut conn, house.parts.journal.vault(), &query, &Sort::ALL, now, 10).unwrap().len()
    };
    let wanted = [None, Some(RequestState::Waiting), Some(RequestState::Lapsed), Some(RequestState::Agreed)];
    assert_eq!(wanted.map(list), [1, 0, 1, 0]);
    for over in [
        house.desk.agree(id, ben),
        house.desk.refuse(id, "Much too late.", ben),
        house.desk.withdraw(id, ada),
    ] {
        assert_eq!(over.unwrap_err().code, Code::AlreadyDecided);
    }
    // Even when the look before the head lock came too early.
    let request = house.request(id);
    let then = || crate::approvals::Then { records: Vec::new(), work: Box::new(|_, _| Ok(())) };
    let refused = house.policy.approvals().agree(&request, ben, then()).unwrap_err();
    assert_eq!(refused.code, Code::AlreadyDecided);

    house.lapse();
    house.lapse();
    assert_eq!(house.records(&[Kind::RequestLapsed]), [(Kind::RequestLapsed, id)]);
    assert_eq!((house.request(id).state, house.request(id).decided_by), (RequestState::Lapsed, None));
    assert_eq!(wanted.map(list), [1, 0, 1, 0]);
    assert_eq!(house.item("shares").unwrap().version, 0);
}

fn what_is_sealed_stays_in_its_place(kind: Database) {
    use crate::ground::db::schema::policy_items as items;
    use diesel::prelude::*;

    let house = House::new(kind);
    let [ada, ben, _] = house.people[..] else { panic!("three people") };
    for name in NAMES {
        house.draft(name, "Acme marzipan", ada).unwrap();
        house.desk.agree(house.ask(name, true, ada).unwrap(), ben).unwrap();
    }
    let db = house.parts.journal.db();
    let columns = items::table.order(items::name).select((items::name, items::content));
    let rows: Vec<(String, Option<Vec<u8>>)> = columns.load(&mut *db.reader().unwrap()).unwrap();
    for (_, content) in &rows {
        let content = content.as_ref().unwrap();
        assert!(!content.windows(8).any(|window| window == b"marzipan"), "clear text on disk");
    }
    let other = rows[0].1.clone();
    db.write_here(|conn| {
        diesel::update(items::table.filter(items::name.eq(&rows[1].0)))
            .set(items::content.eq(other.clone()))
            .execute(conn)?;
        Ok(())
    })
    .unwrap();
    let vault = house.parts.journal.vault();
    let moved = store::running(&mut db.reader().unwrap(), vault).unwrap_err();
    assert_eq!(moved.code, Code::Internal, "what was moved does not open, and is not left out either");
}

fn whoever_lost_the_role_does_not_agree(kind: Database) {
    let house = House::new(kind);
    let [ada, ben, cyd] = house.people[..] else { panic!("three people") };
    house.draft("shares", "Acme", ada).unwrap();
    let id = house.ask("shares", true, ada).unwrap();
    let (roles, parts) = (Roles::of(&[Role::ComplianceOfficer]), &house.parts);
    let body = records::PersonChanged {
        username: "ben".into(),
        name: "BEN".into(),
        roles: vec![Role::ComplianceOfficer],
        profile: records::Profile::default(),
        via: records::Via::CommandLine,
    };
    let mut draft =
        parts.journal.draft(Stream::Person(ben.bytes()), Kind::PersonChanged, None, &body).unwrap();
    draft.target = Some(ben.bytes());
    let work = move |conn: &mut crate::ground::db::Conn, _: &[_]| people::set_roles(conn, ben, roles, roles);
    parts
        .journal
        .commit_blocking(Unit { records: vec![draft], work: Some(Box::new(work)), ..Unit::default() })
        .unwrap();
    assert_eq!(house.desk.agree(id, ben).unwrap_err().code, Code::NotFound, "under the head lock too");
    house.desk.agree(id, cyd).unwrap();
    let version = &house.item("shares").unwrap();
    assert_eq!(version.version, 1);
    let mut conn = parts.journal.db().reader().unwrap();
    let versions = store::versions(&mut conn, parts.journal.vault(), LIST, "shares").unwrap();
    let record: RecordId = versions[0].record;
    assert!(parts.journal.records().positions(&mut conn, &[record]).unwrap().contains_key(&record));
}
