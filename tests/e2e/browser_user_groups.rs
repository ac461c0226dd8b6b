//! Groups made in the console, in real Chromium: by mouse and by keyboard alone, and what others do meanwhile.

use chancery_ledger::Kind;
use chancery_protocol::audit::AuditPage;
use chancery_protocol::ids::GroupId;
use chancery_protocol::person::Role;
use chancery_tests::archive::Archive;
use chancery_tests::browser::Script;
use chancery_tests::database::{Database, Storage};
use chancery_tests::house::{House, PASSWORD};
use chancery_tests::http::Caller;
use chancery_tests::server::Plan;
use reqwest::Method;

async fn named(otto: &Caller, name: &str) -> GroupId {
    otto.user_groups().await.unwrap().iter().find(|group| group.name == name).unwrap().id
}

/// What happens outside of the browser, done by another administrator.
async fn help(house: &House, otto: &Caller, question: &str) -> String {
    let (what, rest) = question.split_once(' ').unwrap();
    match what {
        "make" => drop(otto.make_group(rest, &[]).await.unwrap()),
        "delete" => otto.remove_group(named(otto, rest).await).await.unwrap(),
        "rename" => {
            let (was, name) = rest.split_once('|').unwrap();
            otto.rename_group(named(otto, was).await, was, name).await.unwrap();
        }
        "own" => {
            let group = otto.make_group(rest, &[]).await.unwrap();
            otto.move_members(group, &[house.admin.id()], &[]).await.unwrap();
        }
        // Whether the first of the employees reads the audit log, in a session that was open all the time.
        "reads" => {
            let page: Result<AuditPage, _> =
                house.people[0].call(Method::GET, "/audit?limit=1", None::<&()>).await;
            return page.is_ok().to_string();
        }
        _ => panic!("the script asks for {question:?}"),
    }
    "done".to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn groups_are_made_filled_and_deleted_in_the_console() {
    let plan = Plan::new(&Storage::new(Database::Sqlite));
    let base = format!("http://localhost:{}", plan.port);
    let house = House::build(plan.with("CHANCERY_PUBLIC_URL", &base), 3).await;
    house.invite_and_redeem("olga", &[Role::Employee, Role::ComplianceOfficer]).await;
    let otto = house.invite_and_redeem("otto", &[Role::ItAdmin]).await;
    let settings = [("BASE", base), ("PASSWORD", PASSWORD.to_owned())];
    let mut script = Script::start("user_groups.mjs", &settings);
    while let Some(question) = script.next_question().await {
        let answer = help(&house, &otto, &question).await;
        script.answer(&answer).await;
    }
    let findings = script.findings();
    assert_eq!(findings["ways to a new group"], "2", "at the head of the page and where the list would be");
    for tag in ["Mouse", "Keys"] {
        for (name, told) in [
            ("guest boxes", "0"),
            ("guest boxes again", "0"),
            ("auditor", "true"),
            ("no auditor", "false"),
            ("auditor again", "true"),
            ("auditor no more", "false"),
        ] {
            assert_eq!(findings[&format!("{tag} {name}")], told, "{tag}: {name}");
        }
    }
    assert_eq!(findings["own group buttons"], "1", "only the pane's own cross");
    assert_eq!(findings["officer buttons"], "0");
    for person in ["rita", "olga"] {
        assert_eq!(findings[&format!("problems of {person}")], "[]");
    }
    let archive = Archive::read(house.storage());
    assert_eq!(archive.count(Kind::GroupSet), 2 * 5 + 3, "two days; what others made and deleted");
    assert_eq!(archive.count(Kind::GroupMembers), 2 * 4 + 1);
    archive.assert_dense(house.storage());
}
