//! Guests in real Chromium: invited by mouse and by keyboard, seen as people from outside wherever they are, and out when their time is over.

use chancery_ledger::Kind;
use chancery_protocol::ids::PersonId;
use chancery_protocol::person::GuestTerms;
use chancery_tests::archive::Archive;
use chancery_tests::browser::Script;
use chancery_tests::database::{Database, Storage};
use chancery_tests::house::{House, PASSWORD};
use chancery_tests::server::Plan;
use chancery_tests::tokens::in_days;

/// Whose account it is, by a part of the name.
async fn id_of(house: &House, name: &str) -> PersonId {
    let found = house.admin.accounts_where(&format!("text={name}")).await.unwrap();
    found.accounts[0].person.id
}

/// Does what a script cannot do in its browser.
async fn help(house: &House, question: &str) {
    let [ada, bela] = [0, 1].map(|at| house.people[at].id());
    match question.split_once(' ').unwrap_or((question, "")) {
        ("group", name) => {
            let mut client = house.connect(0).await;
            client.create_group(name, &[bela]).await.unwrap();
        }
        ("near", name) => {
            let terms = GuestTerms { sponsor: ada, ends_at: in_days(3) };
            house.admin.set_guest(id_of(house, name).await, terms).await.unwrap();
        }
        ("over", name) => {
            // So near that it passes while the script waits for what follows.
            let terms = GuestTerms { sponsor: ada, ends_at: in_days(0) + 2_000_000 };
            house.admin.set_guest(id_of(house, name).await, terms).await.unwrap();
        }
        other => panic!("the script asks for {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guests_are_invited_and_seen_and_gone_when_their_time_is_over() {
    let plan = Plan::new(&Storage::new(Database::Sqlite));
    let base = format!("http://localhost:{}", plan.port);
    let house = House::build(plan.with("CHANCERY_PUBLIC_URL", &base), 3).await;
    let places = [("BASE", base), ("PASSWORD", PASSWORD.to_owned())];
    let mut script = Script::start("guests.mjs", &places);
    while let Some(question) = script.next_question().await {
        help(&house, &question).await;
        script.answer("done").await;
    }
    let findings = script.findings();
    for (name, told) in [
        ("other roles of a guest", "0 5"),
        ("roles come back", "Employee"),
        ("guests are offered as sponsors", "0"),
        ("last day offered to key", "true"),
        ("guest begins", "0"),
        ("guest finds", "0"),
        ("acts of a guest", "0"),
        ("rows with two badges", "0"),
    ] {
        assert_eq!(findings[name], told, "{name}");
    }
    for name in ["rita", "ada", "gwen"] {
        assert_eq!(findings[&format!("problems of {name}")], "[]");
    }
    let archive = Archive::read(house.storage());
    assert_eq!(archive.count(Kind::PersonReinstated), 1);
    assert_eq!(
        archive.count(Kind::GuestSet),
        8,
        "two invited, four set anew, one changed by roles and taken back"
    );
}
