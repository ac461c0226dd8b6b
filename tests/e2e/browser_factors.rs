//! Second factors and accounts for emergencies in Chromium: added, asked for, lost and removed, by keyboard and with a passkey.

use std::collections::BTreeMap;

use chancery_ledger::Kind;
use chancery_protocol::person::Role;
use chancery_tests::archive::Archive;
use chancery_tests::browser::Script;
use chancery_tests::database::{Database, Storage};
use chancery_tests::factors::App;
use chancery_tests::house::{House, PASSWORD};
use chancery_tests::server::Plan;

use crate::fresh_sign_in::wait_sixteen_minutes;

const OTHER_PASSWORD: &str = "another long password";

struct Stage {
    house: House,
    /// Authenticator apps by whom they belong to.
    apps: BTreeMap<String, App>,
}

impl Stage {
    /// Does what a script cannot do in its browser.
    async fn help(&mut self, question: &str) -> String {
        let words: Vec<&str> = question.split(' ').collect();
        match words.as_slice() {
            ["app", who, secret @ ..] => {
                self.apps.insert((*who).to_owned(), App::new(&secret.concat()));
            }
            ["code", who] => {
                let app = self.apps.get_mut(*who).unwrap();
                app.time_passes(self.house.storage());
                return app.code();
            }
            ["wrong", who] => return self.apps[*who].wrong(),
            ["stale"] => wait_sixteen_minutes(&self.house),
            ["link", who] => return self.link(who).await,
            // The account is not what it was when the password was proven.
            ["another", "password", who] => {
                let link = self.link(who).await;
                self.house.stranger().redeem_link_first(&link, OTHER_PASSWORD).await.unwrap();
            }
            other => panic!("the script asks for {other:?}"),
        }
        "done".to_owned()
    }

    async fn link(&self, who: &str) -> String {
        let found = self.house.admin.accounts_where(&format!("text={who}")).await.unwrap();
        self.house.admin.reset(found.accounts[0].person.id).await.unwrap().url.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn second_factors_are_added_asked_for_and_removed() {
    let plan = Plan::new(&Storage::new(Database::Sqlite)).with("CHANCERY_SESSION_CONFIRM_MINUTES", "15");
    let base = format!("http://localhost:{}", plan.port);
    let house = House::build(plan.with("CHANCERY_PUBLIC_URL", &base), 2).await;
    let olga = house.invite_and_redeem("olga", &[Role::Employee, Role::ComplianceOfficer]).await;
    house.invite_and_redeem("otto", &[Role::ItAdmin]).await;
    house.invite_and_redeem("dora", &[Role::Employee]).await;
    let mut ada = house.connect(0).await;
    let talk = ada.open_direct(house.people[1].id()).await.unwrap().id;
    ada.send(talk, "The draft for the Erlenhof is here.").await.unwrap();
    house.people[1].until_found("Erlenhof", 1).await;
    let mut apps = BTreeMap::new();
    for (name, who) in [("ada", &house.people[0]), ("bela", &house.people[1]), ("olga", &olga)] {
        apps.insert(name.to_owned(), who.add_totp("Phone").await.0);
    }
    house.people[0].add_totp("Tablet").await;

    let settings =
        [("BASE", base), ("PASSWORD", PASSWORD.to_owned()), ("OTHER_PASSWORD", OTHER_PASSWORD.to_owned())];
    let mut stage = Stage { house, apps };
    let mut script = Script::start("factors.mjs", &settings);
    while let Some(question) = script.next_question().await {
        let answer = stage.help(&question).await;
        script.answer(&answer).await;
    }
    let findings = script.findings();
    for person in ["root", "ada", "bela", "olga", "otto", "old", "dora"] {
        assert_eq!(findings[&format!("problems of {person}")], "[]");
    }
    let archive = Archive::read(stage.house.storage());
    assert_eq!(archive.count(Kind::FactorAdded), 7, "four by the API, codes and two passkeys in browsers");
    assert_eq!(archive.count(Kind::FactorRemoved), 3, "one's own codes, and two that somebody lost");
    assert_eq!(archive.count(Kind::EmergencySet), 1);
    assert_eq!(archive.count(Kind::SessionConfirmed), 1, "with the second factor, and not before it");
}
