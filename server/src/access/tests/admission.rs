//! From somebody a source vouches for to an account.

use std::collections::BTreeMap;

use chancery_protocol::ids::{GroupId, SourceId};
use chancery_protocol::sources::{Admission, Connection, Linking, SourceForm};

use super::*;
use crate::access::records::{RefusedBecause, SignInRefused};
use crate::access::vouched::Vouched;
use crate::directory::records::{IdentityLink, LinkedBy, PersonChanged, PersonCreated, Profile, Source};
use crate::directory::{Roles, groups, identities, sources, store as people};

fn set_roles(house: &House, group: GroupId, roles: Roles) {
    house
        .journal
        .db()
        .write_here(|conn| {
            let group = groups::get(conn, group)?;
            groups::set(conn, &groups::Group { roles, ..group })
        })
        .unwrap();
}

on_both_databases! {
    fn the_first_sign_in_makes_an_account_and_the_next_finds_it;
    fn nobody_gets_an_account_that_belongs_to_somebody_else;
    fn accounts_are_found_by_the_rule_that_was_set_and_by_no_other;
    fn whoever_may_do_more_than_chat_is_linked_by_hand_only;
    fn nothing_a_source_said_counts_once_it_was_changed;
    fn a_provider_ends_sessions_of_a_person_or_one_of_its_own;
    fn whoever_is_suspended_stays_out;
    fn groups_come_and_go_and_give_what_they_give;
    fn what_a_source_says_anew_is_on_record_before_it_counts;
    fn two_first_sign_ins_at_once_make_one_account;
    fn the_last_administrator_is_one_who_needs_no_source;
}

/// A source, as it stands in the database; nobody asks it here.
fn source(house: &House, name: &str, link: Linking, create: bool) -> (SourceId, Admission) {
    let admission = Admission { create, link, roles: vec![Role::Employee] };
    let connection = Connection::Oidc(Box::default());
    let form = SourceForm { name: name.into(), enabled: true, admission: admission.clone(), connection };
    let id: SourceId = house.journal.id().unwrap();
    let sealed = sources::seal(house.journal.vault(), id, &form, None).unwrap();
    house.journal.db().write_here(|conn| sources::insert(conn, id, &sealed, 1)).unwrap();
    (id, admission)
}

fn vouched((source, admission): &(SourceId, Admission), subject: &str, login: &str) -> Vouched {
    Vouched {
        source: *source,
        revision: 1,
        admission: admission.clone(),
        subject: subject.into(),
        person: None,
        found_by: crate::directory::names::username_of(login, None),
        login: login.into(),
        name: format!("{login} of Elsewhere"),
        profile: Profile::default(),
        whole: false,
        says_manager: false,
        groups: None,
    }
}

fn admit(house: &House, vouched: &Vouched) -> Result<PersonId, Error> {
    house.access.admit(vouched, &origin(), |_| Ok(())).map(|started| started.info.me.id)
}

fn row(house: &House, person: PersonId) -> people::Row {
    people::get(&mut house.journal.db().reader().unwrap(), person).unwrap()
}

/// Why people were refused, in order.
fn refusals(house: &House) -> Vec<RefusedBecause> {
    let records = house.records();
    let refused = records.iter().filter(|record| record.header.kind == Kind::SignInRefused);
    refused.map(|record| decode_body::<SignInRefused>(&record.body).unwrap().because).collect()
}

fn the_first_sign_in_makes_an_account_and_the_next_finds_it(kind: Database) {
    let house = House::new(kind);
    let source = source(&house, "Company", Linking::Never, true);
    let ada = admit(&house, &vouched(&source, "s-1", "Ada.Lovelace@example.com")).unwrap();
    assert_eq!(house.kinds(), [Kind::PersonCreated, Kind::IdentityLinked, Kind::SignedIn]);
    let made = &house.bodies::<PersonCreated>(ada, Kind::PersonCreated)[0];
    assert_eq!((made.username.as_str(), made.source), ("ada.lovelace", Source::Source(source.0)));
    let linked = &house.bodies::<IdentityLink>(ada, Kind::IdentityLinked)[0];
    assert_eq!((linked.subject.as_str(), linked.by), ("s-1", LinkedBy::Created));
    let found = row(&house, ada);
    assert!(found.linked && found.password.is_none() && found.can_sign_in());
    assert_eq!(found.roles(), Roles::of(&[Role::Employee]));
    assert!(house.directory.is_active(ada));

    // The login changes, the person is the same.
    assert_eq!(admit(&house, &vouched(&source, "s-1", "ada.king")).unwrap(), ada);
    assert_eq!(house.running(ada).len(), 2);
    assert_eq!(row(&house, ada).username, "ada.lovelace", "what colleagues call her stays");
    let identity = identities::find(&mut house.journal.db().reader().unwrap(), source.0, "s-1").unwrap();
    assert_eq!(identity.unwrap().login, "ada.king");
    // The same login of another subject is somebody else, and the same subject of another source too.
    let refused = admit(&house, &vouched(&source, "s-2", "ada.lovelace")).unwrap_err();
    assert_eq!((refused.code, refusals(&house)), (Code::NotAdmitted, vec![RefusedBecause::UsernameTaken]));
    let other = self::source(&house, "Other", Linking::Never, true);
    assert_eq!(admit(&house, &vouched(&other, "s-1", "ada.lovelace")).unwrap_err().code, Code::NotAdmitted);
}

fn nobody_gets_an_account_that_belongs_to_somebody_else(kind: Database) {
    let house = House::new(kind);
    house.account("ada", &[Role::Employee]);
    let closed = source(&house, "Closed", Linking::Never, false);
    let open = source(&house, "Open", Linking::Never, true);
    for (source, login, because) in [
        (&closed, "bela", RefusedBecause::Unknown),
        (&closed, "ada", RefusedBecause::Unknown),
        (&open, "ada", RefusedBecause::UsernameTaken),
        (&open, "@", RefusedBecause::Login),
    ] {
        assert_eq!(admit(&house, &vouched(source, "x", login)).unwrap_err().code, Code::NotAdmitted);
        assert_eq!(refusals(&house).pop(), Some(because), "{login}");
    }
}

fn accounts_are_found_by_the_rule_that_was_set_and_by_no_other(kind: Database) {
    let house = House::new(kind);
    let ada = house.account("ada", &[Role::Employee]);
    let by_name = source(&house, "By name", Linking::Username, false);
    assert_eq!(admit(&house, &vouched(&by_name, "n-1", "ADA@example.com")).unwrap(), ada);
    assert_eq!(house.bodies::<IdentityLink>(ada, Kind::IdentityLinked)[0].by, LinkedBy::Username);
    let refused = admit(&house, &vouched(&by_name, "n-2", "ada")).unwrap_err();
    assert_eq!(
        (refused.code, refusals(&house).pop()),
        (Code::NotAdmitted, Some(RefusedBecause::LinkedElsewhere))
    );

    // A login of somebody who only looks alike.
    let alike = Vouched {
        found_by: None,
        ..vouched(&source(&house, "Alike", Linking::Username, false), "x-1", "ada!")
    };
    assert_eq!(admit(&house, &alike).unwrap_err().code, Code::NotAdmitted);
    assert_eq!(refusals(&house).pop(), Some(RefusedBecause::Unknown));

    let by_email = source(&house, "By e-mail", Linking::Email, false);
    let with_email = |source: &(SourceId, Admission), subject: &str, email: Option<&str>| Vouched {
        profile: Profile { email: email.map(str::to_owned), ..Profile::default() },
        ..vouched(source, subject, "ada")
    };
    assert!(admit(&house, &with_email(&by_email, "m-1", Some("ada@example.com"))).is_err(), "nobody has it");
    admit(&house, &with_email(&by_name, "n-1", Some("ada@example.com"))).unwrap();
    assert_eq!(admit(&house, &with_email(&by_email, "m-1", Some("ada@example.com"))).unwrap(), ada);
    assert!(admit(&house, &with_email(&by_email, "m-2", None)).is_err());
    // An address two people have finds nobody.
    let bela = source(&house, "Another", Linking::Never, true);
    let bela = Vouched { login: "bela".into(), ..with_email(&bela, "b-1", Some("ada@example.com")) };
    admit(&house, &bela).unwrap();
    let third = source(&house, "Third", Linking::Email, false);
    assert!(admit(&house, &with_email(&third, "m-9", Some("ada@example.com"))).is_err());
    assert_eq!(refusals(&house).pop(), Some(RefusedBecause::Unknown));
}

fn nothing_a_source_said_counts_once_it_was_changed(kind: Database) {
    let house = House::new(kind);
    let source = source(&house, "Company", Linking::Never, true);
    let said = vouched(&source, "c-1", "ada");
    let row = sources::get(&mut house.journal.db().reader().unwrap(), source.0).unwrap();
    let mut form = sources::open(house.journal.vault(), &row).unwrap().form;
    form.enabled = false;
    let sealed = sources::seal(house.journal.vault(), source.0, &form, None).unwrap();
    house.journal.db().write_here(|conn| sources::change(conn, source.0, 1, &sealed, 2)).unwrap();
    assert_eq!(admit(&house, &said).unwrap_err().code, Code::SourceChanged);
    assert!(house.access.take_in(&[said], false).is_err());
}

fn a_provider_ends_sessions_of_a_person_or_one_of_its_own(kind: Database) {
    let house = House::new(kind);
    let (company, other) =
        (source(&house, "Company", Linking::Never, true), source(&house, "Other", Linking::Username, true));
    let session = |from: &(SourceId, Admission), subject: &str, login: &str, sid: &str| {
        let keep = |row: &mut store::SessionRow| {
            row.provider_session = Some(sid.to_owned());
            Ok(())
        };
        let started = house.access.admit(&vouched(from, subject, login), &origin(), keep).unwrap();
        (started.info.me.id, started.info.session)
    };
    let (ada, first) = session(&company, "c-1", "ada", "s-1");
    let (_, second) = session(&company, "c-1", "ada", "s-2");
    let (_, elsewhere) = session(&other, "c-1", "ada", "s-1");
    let (bela, hers) = session(&company, "c-2", "bela", "s-3");
    let runs = |person: PersonId| -> Vec<SessionId> {
        let rows =
            store::of_person(&mut house.journal.db().reader().unwrap(), person, house.clock.now()).unwrap();
        let mut ids: Vec<SessionId> = rows.iter().map(|row| row.id.id()).collect();
        ids.sort_unstable();
        ids
    };
    let sorted = |mut ids: Vec<SessionId>| {
        ids.sort_unstable();
        ids
    };
    house.access.end_provider_sessions(company.0, Some("c-2"), Some("s-1")).unwrap();
    assert_eq!(runs(ada), sorted(vec![first, second, elsewhere]), "both must fit");
    house.access.end_provider_sessions(company.0, None, Some("s-1")).unwrap();
    assert_eq!(runs(ada), sorted(vec![second, elsewhere]), "of this provider");
    house.access.end_provider_sessions(company.0, Some("c-1"), None).unwrap();
    assert_eq!(
        (runs(ada), runs(bela)),
        (vec![elsewhere], vec![hers]),
        "all that came from it, of this person"
    );
}

fn whoever_may_do_more_than_chat_is_linked_by_hand_only(kind: Database) {
    let house = House::new(kind);
    let admin = house.account("root", &[Role::Employee, Role::ItAdmin]);
    let source = source(&house, "By name", Linking::Username, true);
    assert_eq!(admit(&house, &vouched(&source, "r-1", "root")).unwrap_err().code, Code::NotAdmitted);
    assert_eq!(refusals(&house), [RefusedBecause::Privileged]);
    let identity = identities::Identity {
        source: source.0,
        subject: "r-1".into(),
        person: admin,
        login: String::new(),
        linked_at: 1,
        seen_at: None,
        standing: identities::Standing::Unknown,
    };
    house.journal.db().write_here(|conn| identities::link(conn, &identity)).unwrap();
    assert_eq!(admit(&house, &vouched(&source, "r-1", "root")).unwrap(), admin);
    assert!(row(&house, admin).roles().has(Role::ItAdmin), "and stays what they are");
}

fn whoever_is_suspended_stays_out(kind: Database) {
    let house = House::new(kind);
    let source = source(&house, "Company", Linking::Never, true);
    let ada = admit(&house, &vouched(&source, "s-1", "ada")).unwrap();
    house.access.suspend(ada, By::COMMAND_LINE).unwrap();
    assert_eq!(admit(&house, &vouched(&source, "s-1", "ada")).unwrap_err().code, Code::Suspended);
    assert_eq!(refusals(&house), [RefusedBecause::Suspended]);
    assert!(house.running(ada).is_empty());
}

fn in_groups(groups: &[(&str, &str)]) -> Option<BTreeMap<String, String>> {
    Some(groups.iter().map(|(subject, name)| ((*subject).to_owned(), (*name).to_owned())).collect())
}

fn groups_come_and_go_and_give_what_they_give(kind: Database) {
    let house = House::new(kind);
    let source = source(&house, "Company", Linking::Never, true);
    let with =
        |groups: &[(&str, &str)]| Vouched { groups: in_groups(groups), ..vouched(&source, "s-1", "ada") };
    let ada = admit(&house, &with(&[("g-1", "Compliance"), ("g-2", "Everybody")])).unwrap();
    let names = || {
        let mut conn = house.journal.db().reader().unwrap();
        let mut names: Vec<_> = groups::of_person(&mut conn, ada)
            .unwrap()
            .into_iter()
            .map(|group| (group.name, group.id))
            .collect();
        names.sort();
        names
    };
    let before = names();
    assert_eq!(before.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["Compliance", "Everybody"]);
    let compliance = before[0].1;
    let auditor = Roles::of(&[Role::Auditor]);
    set_roles(&house, compliance, auditor);

    // Renamed at its source, the group is the same; what it gives counts from this sign-in on.
    admit(&house, &with(&[("g-1", "Compliance Office")])).unwrap();
    assert_eq!(names(), [("Compliance Office".to_owned(), compliance)]);
    assert_eq!(row(&house, ada).roles(), Roles::of(&[Role::Employee, Role::Auditor]));
    assert_eq!(row(&house, ada).own_roles(), Roles::of(&[Role::Employee]));
    assert_eq!(house.directory.get(ada).unwrap().roles, row(&house, ada).roles());
    let kinds: Vec<Kind> = house.kinds().into_iter().rev().take(4).collect();
    assert_eq!(kinds, [Kind::SignedIn, Kind::PersonChanged, Kind::GroupMembers, Kind::GroupSet]);

    // A source that says nothing of groups takes nobody out of any.
    admit(&house, &vouched(&source, "s-1", "ada")).unwrap();
    assert_eq!(names().len(), 1);
    assert!(row(&house, ada).roles().has(Role::Auditor));
    admit(&house, &with(&[])).unwrap();
    assert!(names().is_empty());
    assert_eq!(row(&house, ada).roles(), Roles::of(&[Role::Employee]));
}

fn what_a_source_says_anew_is_on_record_before_it_counts(kind: Database) {
    let house = House::new(kind);
    let source = source(&house, "Company", Linking::Never, true);
    let ada = admit(&house, &vouched(&source, "s-1", "ada")).unwrap();
    let profile = Profile {
        email: Some("ada@example.com".into()),
        title: Some("Analyst".into()),
        ..Profile::default()
    };
    let said = Vouched { name: "Ada\nKing".into(), profile, ..vouched(&source, "s-1", "ada") };
    admit(&house, &said).unwrap();
    let changed = house.bodies::<PersonChanged>(ada, Kind::PersonChanged);
    assert_eq!((changed.len(), changed[0].name.as_str()), (1, "Ada King"));
    assert_eq!(changed[0].profile.title.as_deref(), Some("Analyst"));
    assert_eq!(row(&house, ada).email.as_deref(), Some("ada@example.com"));
    assert_eq!(house.directory.get(ada).unwrap().person.name, "Ada King");
    admit(&house, &said).unwrap();
    assert_eq!(house.bodies::<PersonChanged>(ada, Kind::PersonChanged).len(), 1, "nothing new, no record");
}

fn two_first_sign_ins_at_once_make_one_account(kind: Database) {
    let house = House::new(kind);
    let source = source(&house, "Company", Linking::Never, true);
    let said = Vouched { groups: in_groups(&[("g-1", "Everybody")]), ..vouched(&source, "s-1", "ada") };
    let people: Vec<PersonId> = std::thread::scope(|scope| {
        let tries: Vec<_> = (0..4).map(|_| scope.spawn(|| admit(&house, &said).unwrap())).collect();
        tries.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert!(people.iter().all(|person| *person == people[0]));
    let count = |kind: Kind| house.kinds().into_iter().filter(|it| *it == kind).count();
    assert_eq!((count(Kind::PersonCreated), count(Kind::GroupSet), count(Kind::SignedIn)), (1, 1, 4));
}

fn the_last_administrator_is_one_who_needs_no_source(kind: Database) {
    let house = House::new(kind);
    let root = house.account("root", &[Role::ItAdmin]);
    let source = source(&house, "Company", Linking::Never, true);
    let said = Vouched { groups: in_groups(&[("g-1", "Admins")]), ..vouched(&source, "s-1", "ada") };
    let ada = admit(&house, &said).unwrap();
    let group = groups::of_person(&mut house.journal.db().reader().unwrap(), ada).unwrap().remove(0);
    let admins = Roles::of(&[Role::ItAdmin]);
    set_roles(&house, group.id, admins);
    admit(&house, &said).unwrap();
    assert!(row(&house, ada).roles().has(Role::ItAdmin));
    assert_eq!(house.access.suspend(root, By::COMMAND_LINE).unwrap_err().code, Code::LastAdmin);
}
