//! The command line beside a running server, and alone.

use chancery_protocol::frame::Goodbye;
use chancery_protocol::http::LinkKind;
use chancery_protocol::person::Role;
use chancery_tests::base::new_folder;
use chancery_tests::database::{Database, Storage};
use chancery_tests::house::{House, PASSWORD};
use chancery_tests::http::Caller;
use chancery_tests::on_both_databases;
use chancery_tests::patience::until;
use chancery_tests::server::{Plan, Server};

/// The address in what a command printed.
fn link_in(said: &str) -> String {
    let word = said.split_whitespace().find(|word| word.contains("/link#"));
    word.unwrap_or_else(|| panic!("no link in {said}")).to_owned()
}

/// A pack with one rule.
fn pack(expression: &str, must_match: &str, must_not: &str) -> String {
    format!(
        "id = \"own\"\nname = \"Own\"\n[[rules]]\nid = \"own-rule\"\nname = \"Own rule\"\nwhy = \"Why\"\nask = \"Whom\"\n\
         outcome = \"flag\"\nseverity = \"low\"\nmatch = '{expression}'\n\
         tests = {{ match = [\"{must_match}\"], pass = [\"{must_not}\"] }}\n"
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn packs_of_rules_are_tested_without_a_configuration_or_a_server() {
    let storage = Storage::new(Database::Sqlite);
    let plan = Plan::new(&storage).with("CHANCERY_LISTEN", "nowhere");
    assert!(!plan.cli(&["config", "check"]).await.status.success(), "the configuration is wrong");
    let said = plan.cli(&["policy", "test"]).await.expect_success();
    let rules: usize = said.split_whitespace().next().unwrap().parse().unwrap();
    assert!(rules > 15 && said.contains(" rules, "), "the delivered packs: {said}");

    let folder = new_folder("packs");
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    write("notes.txt", "not a pack");
    let refused = plan.cli(&["policy", "test", &path("")]).await;
    assert_eq!((refused.status.code(), refused.stdout.as_str()), (Some(2), ""));
    assert!(
        refused.stderr.contains("error: ") && refused.stderr.contains("has no pack"),
        "{}",
        refused.stderr
    );

    write("own.toml", &pack("tulip AND NOT garden", "a tulip, quickly", "a tulip in the garden"));
    write(
        "also.toml",
        &pack("list:flowers", "a rose", "a stone")
            .replace("own", "also")
            .replace("[[rules]]", "[lists]\nflowers = [\"rose\"]\n[[rules]]"),
    );
    for arguments in
        [&["policy", "test", &path("")][..], &["policy", "test", &path("own.toml"), &path("also.toml")]]
    {
        assert_eq!(plan.cli(arguments).await.expect_success(), "2 rules, 4 lines\n");
    }

    for (name, text, code, told) in [
        ("missing.toml", None, 2, "missing.toml cannot be read"),
        ("latin.toml", Some(b"id = \"\xfc\"".to_vec()), 2, "latin.toml cannot be read"),
        ("broken.toml", Some(b"id = \"own\"\ncolour = \"red\"".to_vec()), 1, "unknown field `colour`"),
        (
            "bad.toml",
            Some(pack("tulip and rose", "x", "y").into_bytes()),
            1,
            "own, rule own-rule, match, character 7",
        ),
        (
            "wrong.toml",
            Some(pack("tulip", "a rose", "a tulip").into_bytes()),
            1,
            "rule own-rule must match: a rose",
        ),
        ("wrong.toml", None, 1, "must not match, but does at `tulip`: a tulip"),
    ] {
        if let Some(text) = text {
            std::fs::write(folder.join(name), text).unwrap();
        }
        let ended = plan.cli(&["policy", "test", &path(name)]).await;
        assert_eq!(ended.status.code(), Some(code), "{name}: {}", ended.words());
        assert!(ended.words().contains(told), "{name}: {}", ended.words());
        assert!(
            ended.stderr.starts_with("error: ") && ended.stderr.contains("\nhelp: "),
            "{name}: {}",
            ended.stderr
        );
    }
    assert_eq!(std::fs::read_dir(&storage.data).unwrap().count(), 0, "nothing is made in the data folder");
}

on_both_databases! {
    async fn accounts_are_managed_beside_a_running_server(kind) {
        let house = House::with_people(kind, 1).await;
        let said = house.server.cli(&["user", "invite", "nora", "--name", "Nora New", "--roles", "employee,auditor"]).await.expect_success();
        let nora = house.stranger().redeem_link(&link_in(&said), PASSWORD).await.unwrap();
        assert_eq!(nora.session().await.unwrap().roles, [Role::Employee, Role::Auditor]);

        let mut ada = house.connect(0).await;
        house.server.cli(&["user", "suspend", "ada"]).await.expect_success();
        ada.wait_for_the_end().await;
        assert_eq!(ada.goodbye, Some(Goodbye::Suspended), "a running server hears of it");
        until("the session has ended", async || house.people[0].session().await.is_err()).await;
        assert_eq!(house.stranger().sign_in("ada", PASSWORD).await.unwrap_err().code(), "suspended");

        house.server.cli(&["user", "reinstate", "ada"]).await.expect_success();
        until("ada may come back", async || house.stranger().sign_in("ada", PASSWORD).await.is_ok()).await;
        let said = house.server.cli(&["user", "reset", "ada"]).await.expect_success();
        assert_eq!(house.stranger().inspect_link(&link_in(&said)).await.unwrap().kind, LinkKind::Reset);

        house.server.cli(&["user", "roles", "nora", "employee,it-admin"]).await.expect_success();
        until("nora's roles count", async || nora.accounts().await.is_ok()).await;
        let list = house.server.cli(&["user", "list"]).await.expect_success();
        for name in ["ada", "nora", "root"] {
            assert!(list.contains(name), "{list}");
        }
    }

    async fn records_of_command_line_and_server_share_one_journal(kind) {
        let house = House::with_people(kind, 2).await;
        let mut ada = house.connect(0).await;
        let talk = ada.open_direct(house.people[1].id()).await.unwrap().id;
        for number in 0..5 {
            let name = format!("guest-{number}");
            let terms = ["--sponsor", "ada", "--days", "30"];
            let arguments = [&["user", "invite", &name, "--name", "A Guest", "--roles", "guest"], &terms[..]].concat();
            let (sent, invited) = tokio::join!(ada.send(talk, "meanwhile"), house.server.cli(&arguments));
            sent.unwrap();
            invited.expect_success();
        }
        let archive = chancery_tests::archive::Archive::read(house.storage());
        archive.assert_dense(house.storage());
        ada.send(talk, "and goes on").await.unwrap();
        house.server.cli(&["archive", "rebuild", "--check"]).await.expect_success();
    }

    async fn what_cannot_be_done_is_said(kind) {
        let house = House::with_people(kind, 1).await;
        for (arguments, words) in [
            (vec!["user", "suspend", "nobody-here"], "person"),
            (vec!["user", "invite", "ada", "--name", "Ada Again"], "user name"),
            (vec!["user", "invite", "Not Valid", "--name", "X"], "user name"),
            (vec!["user", "roles", "root", "employee"], "administrator"),
        ] {
            let ended = house.server.cli(&arguments).await;
            assert!(!ended.status.success(), "{arguments:?}");
            assert!(ended.stderr.contains("error: ") && ended.words().contains(words), "{arguments:?}: {}", ended.words());
        }
    }

    async fn setup_prints_a_link_for_the_first_administrator(kind) {
        let storage = Storage::new(kind);
        let plan = Plan::new(&storage);
        plan.migrate().await;
        let link = link_in(&plan.cli(&["setup"]).await.expect_success());
        let server = Server::start(plan).await;
        let stranger = Caller::stranger(&server.address(), server.public_url());
        // The server printed its own link; the newest one counts.
        let newest = server.setup_link().await;
        let admin = match stranger.set_up(&link, "root", "Rita Root", PASSWORD).await {
            Ok(admin) => admin,
            Err(_) => stranger.set_up(&newest, "root", "Rita Root", PASSWORD).await.unwrap(),
        };
        admin.accounts().await.unwrap();
        let refused = server.cli(&["setup"]).await;
        assert!(!refused.words().contains("/link#"), "there is an administrator already: {}", refused.words());
    }
}
