//! The console's pages of sources, identities and groups, by mouse, by keyboard and on a phone.

use chancery_ledger::Kind;
use chancery_protocol::ids::Id;
use chancery_protocol::person::Role;
use chancery_protocol::sources::{SetSource, Sources};
use chancery_tests::archive::Archive;
use chancery_tests::browser::Script;
use chancery_tests::database::{Database, Storage};
use chancery_tests::house::{House, PASSWORD};
use chancery_tests::server::Plan;
use chancery_tests::slapd::{self, Options, Slapd};
use data_encoding::HEXLOWER;
use reqwest::Method;
use serde_json::json;

/// Groups come along with people who sign in; here they are simply there.
fn put_groups(house: &House) {
    let hex = |bytes: [u8; 16]| HEXLOWER.encode(&bytes);
    let (ada, root) = (hex(house.people[0].id().bytes()), hex(house.admin.id().bytes()));
    for (id, name, member) in [("01", "Rates desk", &ada), ("02", "Operations", &root)] {
        house.storage().sql(&format!(
            "INSERT INTO people_groups (id, name, roles, created_at) VALUES (x'{id:0>32}', '{name}', 0, 1);
             INSERT INTO people_group_members (people_group, person) VALUES (x'{id:0>32}', x'{member}');"
        ));
    }
}

/// Somebody else changes the source of that name.
async fn change(house: &House, name: &str) {
    let all: Sources = house.admin.call(Method::GET, "/sources", None::<&()>).await.unwrap();
    let source = all.sources.into_iter().find(|source| source.form.name == name).unwrap();
    let mut form = source.form;
    form.admission.create = !form.admission.create;
    house.admin.change_source(source.id, &SetSource { form, secret: None, was: None }).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sources_and_groups_are_run_by_mouse_by_key_and_by_thumb() {
    let plan = Plan::new(&Storage::new(Database::Sqlite));
    let base = format!("http://localhost:{}", plan.port);
    let house = House::build(plan.with("CHANCERY_PUBLIC_URL", &base), 1).await;
    house.invite_and_redeem("olga", &[Role::ComplianceOfficer]).await;
    put_groups(&house);
    // On this machine and in clear, so that no certificate has to be pasted.
    let clear = Options { names: None, global: "security simple_bind=0", ..Options::default() };
    let slapd = Slapd::start(clear);
    slapd.add(&crate::directory_sign_in::people());
    let settings = slapd.settings();
    let directory = json!({
        "encryption": "None, to this machine only", "server": settings.servers[0], "bind_dn": settings.bind_dn,
        "password": slapd::READER.1, "people": settings.people.base, "groups": settings.groups.base,
        "person": "Alice Adams",
    });
    let places = [("BASE", base), ("PASSWORD", PASSWORD.to_owned())];
    let mut script = Script::start("directory.mjs", &places);
    while let Some(question) = script.next_question().await {
        match question.split_once(' ') {
            None if question == "directory" => script.answer(&directory.to_string()).await,
            None if question == "groups" => {
                script.answer(&json!({"group": "Rates desk", "own": "Operations"}).to_string()).await;
            }
            Some(("change", name)) => {
                change(&house, name).await;
                script.answer("done").await;
            }
            _ => panic!("the script asks for {question:?}"),
        }
    }
    let findings = script.findings();
    for tag in ["Mouse", "Keys", "Thumb"] {
        assert_eq!(findings[&format!("password in the page by {tag}")], "false");
        assert_eq!(findings[&format!("filter kept by {tag}")], "(objectClass=person)");
    }
    assert_eq!(findings["officer has a menu entry"], "0");
    assert_eq!(findings["officer changes roles"], "0");
    let archive = Archive::read(house.storage());
    assert_eq!(archive.count(Kind::SourceRemoved), 3, "one each day");
    assert_eq!((archive.count(Kind::IdentityLinked), archive.count(Kind::IdentityUnlinked)), (1, 1));
    assert_eq!(archive.count(Kind::GroupSet), 4, "given and taken back, twice");
}
