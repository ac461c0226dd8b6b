//! The console in real Chromium: what an administrator does with accounts, by mouse and by keyboard alone, wide and narrow; what an
//! officer and a colleague see of it.

use chancery_ledger::Kind;
use chancery_protocol::person::Role;
use chancery_tests::archive::Archive;
use chancery_tests::browser::Script;
use chancery_tests::database::{Database, Storage};
use chancery_tests::house::{House, PASSWORD};
use chancery_tests::http::Caller;
use chancery_tests::line::{Line, Mode};
use chancery_tests::server::Plan;
use reqwest::Method;

struct Stage {
    house: House,
    line: Line,
    /// Another administrator.
    otto: Caller,
    /// Sessions that are kept open, as devices would.
    devices: Vec<Caller>,
}

impl Stage {
    /// Does what a script cannot do in its browser.
    async fn help(&mut self, question: &str) {
        let house = &self.house;
        match question.split_once(' ').unwrap_or((question, "")) {
            ("cut", _) => self.line.set(Mode::Cut),
            ("mend", _) => self.line.set(Mode::Open),
            ("redeem", link) => {
                self.devices.push(house.stranger().redeem_link(link, PASSWORD).await.unwrap())
            }
            ("login", name) => self.devices.push(house.stranger().sign_in(name, PASSWORD).await.unwrap()),
            ("make-officer", name) => {
                let found = house.admin.accounts_where(&format!("text={name}")).await.unwrap();
                let account = &found.accounts[0];
                house
                    .admin
                    .set_roles(account.person.id, &[Role::Employee, Role::ComplianceOfficer])
                    .await
                    .unwrap();
            }
            ("logout", name) => {
                let found = house.admin.accounts_where(&format!("text={name}")).await.unwrap();
                let path = format!("/people/{}/sessions", found.accounts[0].person.id);
                self.otto.tell(Method::DELETE, &path, None::<&()>).await.unwrap();
            }
            other => panic!("the script asks for {other:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn accounts_are_run_by_mouse_and_by_key_in_the_console() {
    let plan = Plan::new(&Storage::new(Database::Sqlite)).with("CHANCERY_DEMO", "true");
    let base = format!("http://localhost:{}", plan.port);
    let house = House::build(plan.with("CHANCERY_PUBLIC_URL", &base), 3).await;
    house.invite_and_redeem("olga", &[Role::Employee, Role::ComplianceOfficer]).await;
    let otto = house.invite_and_redeem("otto", &[Role::ItAdmin]).await;
    let line = Line::to(&house.server.address()).await;
    let settings = [("BASE", base), ("LINE", line.address.to_string()), ("PASSWORD", PASSWORD.to_owned())];
    let before = Archive::read(house.storage());
    let mut stage = Stage { house, line, otto, devices: Vec::new() };
    let mut script = Script::start("console.mjs", &settings);
    while let Some(question) = script.next_question().await {
        stage.help(&question).await;
        script.answer("done").await;
    }
    let findings = script.findings();
    assert_eq!(findings["walked to"], "Ada Test");
    assert_eq!(findings["read out"], "Mon: Direct 68, Groups 34, Guests 20");
    assert_eq!(findings["officer"], "0 0 1", "no boxes, no adding, and only the pane's own cross");
    assert_eq!(findings["chats for otto"], "0");
    assert_eq!(findings["link for ada"], "0");
    assert_eq!(findings["places for ada"], "0");
    for person in ["rita", "olga", "otto", "ada"] {
        assert_eq!(findings[&format!("problems of {person}")], "[]");
    }
    // Four days, and each act of them is on the record.
    let after = Archive::read(stage.house.storage());
    let made = |kind| after.count(kind) - before.count(kind);
    assert_eq!(made(Kind::PersonCreated), 4);
    assert_eq!(made(Kind::PersonSuspended), 12, "one alone and two together, each day");
    assert_eq!(made(Kind::PersonReinstated), 12);
    assert!(made(Kind::LinkIssued) >= 16, "an invitation, a reset and two together, each day");
    assert!(made(Kind::SessionsRead) >= 8, "who looked at sessions is on the record as well");
    after.assert_dense(stage.house.storage());
}
