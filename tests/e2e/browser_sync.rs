//! A directory read in the background, as an administrator sees it: by mouse and by keyboard.

use std::collections::BTreeMap;

use chancery_ledger::Kind;
use chancery_protocol::accounts::AccountState;
use chancery_protocol::ids::SourceId;
use chancery_protocol::sources::Encryption;
use chancery_tests::archive::Archive;
use chancery_tests::browser::Script;
use chancery_tests::database::{Database, Storage};
use chancery_tests::house::{House, PASSWORD};
use chancery_tests::server::Plan;
use chancery_tests::sign_on::ldap;
use chancery_tests::slapd::{self, Options, SUFFIX, Slapd};
use serde_json::{Value, json};

/// People of each directory. A tenth of them is less than what is always done without asking.
const PEOPLE: usize = 20;

/// A directory whose people have the tag in their names, so that several can be told apart here.
struct Company {
    slapd: Slapd,
    source: SourceId,
    /// Who is still there: login and name.
    there: Vec<(String, String)>,
}

impl Company {
    async fn found(house: &House, tag: &str) -> Self {
        // On this machine and in clear, so that no certificate has to be pasted.
        let clear = Options { names: None, global: "security simple_bind=0", ..Options::default() };
        let slapd = Slapd::start(clear);
        let somebody = |number: usize| {
            (format!("{}{number:02}", tag.to_lowercase()), format!("{tag} Person {number:02}"))
        };
        let there: Vec<(String, String)> = (1..=PEOPLE).map(somebody).collect();
        let entry = |(login, name): &(String, String)| {
            format!(
                "\ndn: uid={login},ou=people,{SUFFIX}\nobjectClass: inetOrgPerson\nuid: {login}\ncn: {name}\nsn: {tag}\n"
            )
        };
        slapd.add(&there.iter().map(entry).collect::<String>());
        let mut settings = slapd.settings();
        settings.encryption = Encryption::None;
        settings.authorities.clear();
        // One that is stopped for a while is waited for.
        settings.operation_timeout_ms = 120_000;
        let form = ldap(&format!("House {tag}"), settings, slapd::READER.1);
        let source = house.admin.make_source(&form).await.unwrap();
        Self { slapd, source, there }
    }

    /// The first of those who are still there are so no longer.
    fn leave(&mut self, count: usize) -> Vec<String> {
        let gone: Vec<(String, String)> = self.there.drain(..count).collect();
        let deleted = |(login, _): &(String, String)| {
            format!("\ndn: uid={login},ou=people,{SUFFIX}\nchangetype: delete\n")
        };
        self.slapd.modify(&gone.iter().map(deleted).collect::<String>());
        gone.into_iter().map(|(_, name)| name).collect()
    }
}

/// How many people of a directory have an account here, and how many of them are suspended.
async fn accounts(house: &House, tag: &str) -> Value {
    let found = house.admin.accounts_where(&format!("text={tag}&limit=100")).await.unwrap().accounts;
    let suspended = found.iter().filter(|account| account.state == AccountState::Suspended).count();
    json!([found.len(), suspended])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_directory_is_synced_by_mouse_and_by_key() {
    let plan = Plan::new(&Storage::new(Database::Sqlite));
    let base = format!("http://localhost:{}", plan.port);
    let house = House::build(plan.with("CHANCERY_PUBLIC_URL", &base), 0).await;
    let mut companies = BTreeMap::<String, Company>::new();
    let places = [("BASE", base), ("PASSWORD", PASSWORD.to_owned())];
    let mut script = Script::start("sync.mjs", &places);
    while let Some(question) = script.next_question().await {
        let words: Vec<&str> = question.split(' ').collect();
        let answer = match words.as_slice() {
            ["house", tag] => {
                let company = Company::found(&house, tag).await;
                let answer = json!({
                    "source": company.source, "people": PEOPLE, "first": company.there[0].1,
                });
                companies.insert((*tag).to_owned(), company);
                answer
            }
            ["accounts", tag] => accounts(&house, tag).await,
            ["leave", tag, count] => json!(companies.get_mut(*tag).unwrap().leave(count.parse().unwrap())),
            ["pause", tag] => {
                companies[*tag].slapd.freeze();
                json!("done")
            }
            ["go", "on", tag] => {
                companies[*tag].slapd.thaw();
                json!("done")
            }
            ["away", tag] => json!(companies.remove(*tag).is_some()),
            _ => panic!("the script asks for {question:?}"),
        };
        script.answer(&answer.to_string()).await;
    }
    let findings = script.findings();
    for tag in ["Mouse", "Keys"] {
        for (name, told) in [
            ("dry run", "[0,0]"),
            ("first sync", "[20,0]"),
            ("leaver", "[20,1]"),
            ("waiting", "[20,1]"),
            ("confirmed", "[20,9]"),
            ("failed", "[20,9]"),
            ("buttons while it runs", "true true"),
            ("settled one can be done again", "0"),
            ("sync of what is not saved", "true"),
            ("pause after a reload", "15"),
            ("sync of what is off", "true"),
        ] {
            assert_eq!(findings[&format!("{name} by {tag}")], told, "{name} by {tag}");
        }
        assert_ne!(findings[&format!("reason by {tag}")], "");
    }
    let archive = Archive::read(house.storage());
    assert_eq!(archive.count(Kind::PersonSuspended), 18, "nine of each house");
    assert!(archive.count(Kind::SourceSynced) > 0);
}
