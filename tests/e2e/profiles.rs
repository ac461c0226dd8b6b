//! What sources say of people besides their names: whom they report to, and their pictures.

use chancery_ledger::Kind;
use chancery_protocol::frame::Frame;
use chancery_protocol::http::Account;
use chancery_protocol::ids::{PersonId, SourceId};
use chancery_protocol::person::Role;
use chancery_protocol::sources::{
    Connection, Linking, ScimSettings, SetSource, SyncAct, SyncCounts, SyncReport, SyncState,
};
use chancery_tests::archive::Archive;
use chancery_tests::client::Client;
use chancery_tests::house::House;
use chancery_tests::http::Caller;
use chancery_tests::on_both_databases;
use chancery_tests::picture::{ImageFormat, drawn, line, looked_at};
use chancery_tests::scim::{Provider, scim};
use chancery_tests::sign_on::ldap;
use chancery_tests::slapd::{self, Slapd};
use data_encoding::{BASE64, HEXLOWER};
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::directory_sign_in::{company_of, person};
use crate::directory_sync::{DRY, NOW, read, source};

const RED: [u8; 3] = [200, 40, 40];
const BLUE: [u8; 3] = [40, 60, 200];
const WHITE: [u8; 3] = [250, 250, 250];
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

fn dn(login: &str) -> String {
    format!("uid={login},ou=people,{}", slapd::SUFFIX)
}

/// An entry says something else of an attribute, or nothing any more.
fn replace(slapd: &Slapd, login: &str, attribute: &str, lines: &str) {
    slapd.modify(&format!("dn: {}\nchangetype: modify\nreplace: {attribute}\n{lines}", dn(login)));
}

async fn account(admin: &Caller, username: &str) -> Account {
    let found = admin.accounts_where(&format!("text={username}")).await.unwrap().accounts;
    found.into_iter().find(|account| account.person.username == username).unwrap()
}

async fn manager(admin: &Caller, username: &str) -> Option<String> {
    account(admin, username).await.manager.map(|manager| manager.username)
}

async fn photo(caller: &Caller, person: PersonId) -> Response {
    caller.send(Method::GET, &format!("/api/v1/people/{person}/photo"), None).await
}

fn header(response: &Response, name: &str) -> String {
    response.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
}

/// Who is named in a report for this, and the detail.
fn told(report: &SyncReport, act: SyncAct) -> Vec<(&str, &str)> {
    let of = report.changes.iter().filter(|change| change.act == act);
    of.map(|change| (change.name.as_str(), change.detail.as_str())).collect()
}

/// Records of changed people and of pictures.
fn records(house: &House) -> [usize; 2] {
    let archive = Archive::read(house.storage());
    [Kind::PersonChanged, Kind::PhotoSet].map(|kind| archive.count(kind))
}

async fn set_photo_attribute(admin: &Caller, source: SourceId, name: &str) {
    let now = admin.source(source).await.unwrap();
    let mut form = now.form;
    let Connection::Ldap(settings) = &mut form.connection else { panic!("no directory") };
    settings.attributes.photo = name.to_owned();
    let set = SetSource { form, secret: Some(slapd::READER.1.to_owned()), was: Some(now.revision) };
    admin.tell(Method::PUT, &format!("/sources/{source}"), Some(&set)).await.unwrap();
}

on_both_databases! {
    async fn managers_come_with_the_directory_whatever_the_order(kind) {
        let house = House::with_people(kind, 1).await;
        // The manager of the first stands last, that of the second nowhere; the third is their own.
        let slapd = company_of(&[
            person("alice", "Alice Adams", &format!("title: Trader\ndepartmentNumber: Rates\nmanager: {}\n", dn("zora"))),
            person("bob", "Bob Brown", &format!("manager: {}\n", dn("nobody"))),
            person("carl", "Carl Cole", &format!("manager: {}\n", dn("carl"))),
            person("zora", "Zora Zane", ""),
        ].concat());
        let admin = &house.admin;
        // Nobody stands on one page with their manager.
        let mut settings = slapd.settings();
        settings.page_size = 1;
        let source = admin.make_source(&ldap("Head office", settings, slapd::READER.1)).await.unwrap();
        let would = read(admin, source, DRY).await;
        assert_eq!((would.sync.counts.added, would.sync.counts.changed), (4, 0));
        let done = read(admin, source, NOW).await;
        assert_eq!(done.sync.counts, SyncCounts { people: 4, added: 4, ..SyncCounts::default() }, "who came is not changed as well");
        let alice = account(admin, "alice").await;
        assert_eq!(
            (alice.person.title.as_deref(), alice.person.department.as_deref()),
            (Some("Trader"), Some("Rates"))
        );
        assert_eq!(alice.manager.unwrap().name, "Zora Zane");
        assert_eq!(manager(admin, "bob").await, None);
        assert_eq!(manager(admin, "carl").await.as_deref(), Some("carl"));
        // Nothing new: nothing is written.
        let before = records(&house);
        let again = read(admin, source, NOW).await;
        assert_eq!(again.sync.counts, SyncCounts { people: 4, ..SyncCounts::default() });
        assert_eq!((records(&house), again.changes.len()), (before, 0));
        // Signing in by the form leaves it as it is.
        house.stranger().sign_in("alice", "alice-password").await.unwrap();
        assert_eq!(manager(admin, "alice").await.as_deref(), Some("zora"));

        // Another; and in a circle.
        replace(&slapd, "alice", "manager", &format!("manager: {}\n", dn("bob")));
        replace(&slapd, "bob", "manager", &format!("manager: {}\n", dn("alice")));
        let would = read(admin, source, DRY).await;
        assert_eq!(told(&would, SyncAct::Changed), [("Alice Adams", "manager"), ("Bob Brown", "manager")]);
        assert_eq!((would.sync.counts.changed, records(&house)), (2, before));
        assert_eq!(manager(admin, "alice").await.as_deref(), Some("zora"));
        let done = read(admin, source, NOW).await;
        assert_eq!(told(&done, SyncAct::Changed), [("Alice Adams", "manager"), ("Bob Brown", "manager")]);
        assert_eq!(manager(admin, "alice").await.as_deref(), Some("bob"));
        assert_eq!(manager(admin, "bob").await.as_deref(), Some("alice"));
        assert_eq!(records(&house)[0], before[0] + 2);

        // A manager who would come with the run is news of a dry run too; name and manager count once.
        slapd.add(&person("nina", "Nina Nilsen", ""));
        slapd.modify(&format!(
            "dn: {}\nchangetype: modify\nreplace: manager\nmanager: {}\n-\nreplace: cn\ncn: Carl Colt\n", dn("carl"), dn("nina")
        ));
        for form in [DRY, NOW] {
            let run = read(admin, source, form).await;
            assert_eq!((run.sync.counts.added, run.sync.counts.changed), (1, 1));
            assert_eq!(told(&run, SyncAct::Changed), [("Carl Colt", "name")]);
        }
        assert_eq!(manager(admin, "carl").await.as_deref(), Some("nina"));
        // Gone.
        replace(&slapd, "alice", "manager", "");
        assert_eq!(told(&read(admin, source, NOW).await, SyncAct::Changed), [("Alice Adams", "manager")]);
        assert_eq!(manager(admin, "alice").await, None);
    }

    async fn pictures_come_change_and_go(kind) {
        let house = House::with_people(kind, 2).await;
        let red = drawn(ImageFormat::Jpeg, RED, WHITE);
        let slapd = company_of(&[
            person("alice", "Alice Adams", &line(&red)),
            person("bob", "Bob Brown", &line(&red[..red.len() / 8])),
            person("zora", "Zora Zane", ""),
        ].concat());
        let admin = &house.admin;
        let source = source(&house, &slapd).await;
        let done = read(admin, source, NOW).await;
        assert_eq!(done.sync.counts, SyncCounts { people: 3, added: 3, skipped: 1, ..SyncCounts::default() });
        assert_eq!((done.sync.state, told(&done, SyncAct::Skipped)), (SyncState::Done, vec![("Bob Brown", "the picture is damaged")]));
        let shown = account(admin, "alice").await.person;
        let first = shown.photo.clone().unwrap();
        assert_eq!(account(admin, "bob").await.person.photo, None);

        // As browsers ask for it.
        let answer = photo(&house.people[0], shown.id).await;
        assert_eq!(answer.status(), 200);
        for (name, value) in [
            ("content-type", "image/jpeg"), ("cache-control", "private, no-cache"), ("x-content-type-options", "nosniff"),
            ("etag", &format!("\"{first}\"")),
        ] {
            assert_eq!(header(&answer, name), value);
        }
        let picture = answer.bytes().await.unwrap();
        let (size, corner) = looked_at(&picture);
        assert!(size == (128, 128) && corner[0] > 150 && corner[2] < 90, "{size:?} {corner:?}");
        let path = format!("http://{}/api/v1/people/{}/photo?v={first}", house.server.address(), shown.id);
        let cookie = format!("{}={}", chancery_tests::http::COOKIE, house.people[0].cookie.as_ref().unwrap());
        let again = chancery_tests::http::http().get(path).header("cookie", cookie).header("if-none-match", format!("\"{first}\""));
        let again = again.send().await.unwrap();
        assert_eq!((again.status().as_u16(), header(&again, "cache-control").as_str()), (304, "private, no-cache"));
        assert!(again.bytes().await.unwrap().is_empty());
        // On the disk it is no picture: what begins a JPEG is not there.
        let stored = house.storage().sql(&format!("SELECT {} FROM people_photos", house.storage().hex("picture")));
        assert!(stored.len() > 2 * picture.len() && !stored.contains(&HEXLOWER.encode(&picture[..16])), "{stored}");
        assert_eq!(photo(admin, account(admin, "zora").await.person.id).await.status(), 404);
        assert_eq!(photo(&house.stranger(), shown.id).await.status(), 401);

        // The same again: nothing is written.
        let before = records(&house);
        assert_eq!(before[1], 1);
        let again = read(admin, source, NOW).await;
        assert_eq!(again.sync.counts, SyncCounts { people: 3, skipped: 1, ..SyncCounts::default() });
        assert_eq!(records(&house), before);

        // Another picture, by another form; those who show her hear of it.
        let mut ada = house.connect(0).await;
        let talk = ada.open_direct(shown.id).await.unwrap();
        let blue = drawn(ImageFormat::Png, BLUE, WHITE);
        replace(&slapd, "alice", "jpegPhoto", &line(&blue));
        let would = read(admin, source, DRY).await;
        assert_eq!(told(&would, SyncAct::Changed), [("Alice Adams", "picture")]);
        assert_eq!(records(&house), before);
        let done = read(admin, source, NOW).await;
        assert_eq!((done.sync.counts.changed, told(&done, SyncAct::Changed)), (1, vec![("Alice Adams", "picture")]));
        let second = ada.wait_for("the new picture", |frame| match frame {
            Frame::Person { person } if person.id == shown.id => person.photo.clone(),
            _ => None,
        }).await;
        assert_ne!(second, first);
        ada.try_reconnect().await.unwrap();
        let known = ada.hello.people.iter().find(|person| Some(person.id) == talk.with).unwrap();
        assert_eq!(known.photo.as_ref(), Some(&second));
        let (_, corner) = looked_at(&photo(admin, shown.id).await.bytes().await.unwrap());
        assert!(corner[2] > 150 && corner[0] < 90, "{corner:?}");

        // One that cannot be shown leaves the one before.
        replace(&slapd, "alice", "jpegPhoto", &format!("jpegPhoto:: {}\n", BASE64.encode(b"GIF89a: no picture that is read")));
        let broken = read(admin, source, NOW).await;
        assert!(told(&broken, SyncAct::Skipped).contains(&("Alice Adams", "the picture is neither JPEG nor PNG")));
        assert_eq!(account(admin, "alice").await.person.photo, Some(second));
        // Taken away there, gone here.
        replace(&slapd, "alice", "jpegPhoto", "");
        replace(&slapd, "bob", "jpegPhoto", &line(&blue));
        assert_eq!(read(admin, source, NOW).await.sync.counts.changed, 2);
        assert_eq!(account(admin, "alice").await.person.photo, None);
        assert_eq!(photo(admin, shown.id).await.status(), 404);
        let bob = account(admin, "bob").await.person;
        assert_eq!(photo(admin, bob.id).await.status(), 200);
        // A source that is no longer asked for pictures has none.
        set_photo_attribute(admin, source, "").await;
        for (form, left) in [(DRY, true), (NOW, false)] {
            assert_eq!(told(&read(admin, source, form).await, SyncAct::Changed), [("Bob Brown", "picture")]);
            assert_eq!(account(admin, "bob").await.person.photo.is_some(), left);
        }
        assert_eq!(photo(admin, bob.id).await.status(), 404);
        assert_eq!(read(admin, source, NOW).await.sync.counts, SyncCounts { people: 3, ..SyncCounts::default() });
        assert_eq!(records(&house)[1], 5);
    }

    async fn two_directories_do_not_change_a_picture_in_turn(kind) {
        let house = House::with_people(kind, 1).await;
        let admin = &house.admin;
        let of = |colour| company_of(&person("alice", "Alice Adams", &line(&drawn(ImageFormat::Jpeg, colour, WHITE))));
        let (old, new) = (of(RED), of(BLUE));
        let before = source(&house, &old).await;
        let mut form = ldap("New office", new.settings(), slapd::READER.1);
        form.form.admission.link = Linking::Username;
        let after = admin.make_source(&form).await.unwrap();
        read(admin, before, NOW).await;
        let first = account(admin, "alice").await.person;
        for source in [after, before, after] {
            assert_eq!(read(admin, source, NOW).await.sync.counts.changed, 0);
            assert_eq!(account(admin, "alice").await.person.photo, first.photo);
        }
        // The other one has no word in it either when it has none.
        replace(&new, "alice", "jpegPhoto", "");
        assert_eq!(read(admin, after, NOW).await.sync.counts.changed, 0);
        assert_eq!(account(admin, "alice").await.person.photo, first.photo);
        // Taken away where it came from, it is the other's turn.
        replace(&new, "alice", "jpegPhoto", &line(&drawn(ImageFormat::Jpeg, BLUE, WHITE)));
        replace(&old, "alice", "jpegPhoto", "");
        for source in [before, after] {
            assert_eq!(told(&read(admin, source, NOW).await, SyncAct::Changed), [("Alice Adams", "picture")]);
        }
        let (_, corner) = looked_at(&photo(admin, first.id).await.bytes().await.unwrap());
        assert!(corner[2] > 150, "{corner:?}");
    }

    async fn a_picture_is_seen_by_those_who_see_the_person(kind) {
        let house = House::with_people(kind, 1).await;
        let slapd = company_of(&person("alice", "Alice Adams", &line(&drawn(ImageFormat::Jpeg, RED, WHITE))));
        let source = source(&house, &slapd).await;
        read(&house.admin, source, NOW).await;
        let alice = house.stranger().sign_in("alice", "alice-password").await.unwrap();
        let guest = house.invite_and_redeem("gina", &[Role::Guest]).await;
        let officer = house.invite_and_redeem("olga", &[Role::ComplianceOfficer]).await;
        let auditor = house.invite_and_redeem("otto", &[Role::Auditor]).await;
        let seen = async |caller: &Caller| photo(caller, alice.id()).await.status().as_u16();
        assert_eq!((seen(&alice).await, seen(&house.people[0]).await, seen(&officer).await), (200, 200, 200));
        assert_eq!((seen(&guest).await, seen(&auditor).await), (404, 404));
        // Guests see whom they talk with, and no others.
        let mut ada = house.connect(0).await;
        let group = ada.create_group("Without her", &[guest.id()]).await.unwrap().id;
        assert_eq!(seen(&guest).await, 404);
        // Nor who came after they had left.
        ada.remove_member(group, guest.id()).await.unwrap();
        ada.add_members(group, &[alice.id()]).await.unwrap();
        assert_eq!(seen(&guest).await, 404);
        Client::connect(&alice).await.create_group("With her", &[guest.id()]).await.unwrap();
        assert_eq!(seen(&guest).await, 200);
    }

    async fn a_provider_says_whom_people_report_to(kind) {
        let house = House::with_people(kind, 1).await;
        let source = house.admin.make_source(&scim("Our provider", ScimSettings::default())).await.unwrap();
        let provider = Provider::of(&house.admin, source).await;
        let make = async |name: &str, manager: Value| {
            let made = provider.call(Method::POST, "/Users", json!({
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE], "userName": name, "displayName": name,
                (ENTERPRISE): {"manager": manager},
            })).await;
            assert_eq!(made.status, 201, "{}", made.body);
            made.body["id"].as_str().unwrap().to_owned()
        };
        let zora = make("zora", Value::Null).await;
        let alice = make("alice", json!({"value": zora})).await;
        assert_eq!(manager(&house.admin, "alice").await.as_deref(), Some("zora"));
        // Somebody the provider does not have is nobody; what it wrote is kept all the same.
        for other in [house.people[0].id().to_string(), "12".to_owned()] {
            let set = json!([{"op": "replace", "path": format!("{ENTERPRISE}:manager"), "value": {"value": other}}]);
            let changed = provider.patch(&format!("/Users/{alice}"), set).await;
            assert_eq!((changed.status, &changed.body[ENTERPRISE]["manager"]["value"]), (200, &json!(other)));
            assert_eq!(manager(&house.admin, "alice").await, None, "{other}");
        }
        let before = records(&house)[0];
        let set = json!([{"op": "replace", "path": format!("{ENTERPRISE}:manager"), "value": {"value": zora}}]);
        provider.patch(&format!("/Users/{alice}"), set).await;
        assert_eq!((manager(&house.admin, "alice").await.as_deref(), records(&house)[0]), (Some("zora"), before + 1));
        // Who leaves keeps what was said of them.
        provider.call(Method::DELETE, &format!("/Users/{alice}"), Value::Null).await;
        assert_eq!(manager(&house.admin, "alice").await.as_deref(), Some("zora"));
    }
}
