//! A provider that writes to us and its tokens, as an administrator sees them: by mouse and by keyboard. What the console says is held
//! against what the tokens open.

use chancery_ledger::Kind;
use chancery_protocol::person::Role;
use chancery_protocol::sources::ScimSettings;
use chancery_tests::archive::Archive;
use chancery_tests::browser::Script;
use chancery_tests::database::{Database, Storage};
use chancery_tests::house::{House, PASSWORD};
use chancery_tests::scim::{NEVER, Provider, scim};
use chancery_tests::server::Plan;
use chancery_tests::sign_on::oidc;
use reqwest::Method;
use serde_json::json;

/// Writes somebody with a token, as a provider does that writes again what it is not sure of: the status, and how many are found.
async fn write(house: &House, tag: &str, token: &str) -> String {
    let provider =
        Provider { base: format!("http://{}/scim/v2", house.admin.address), token: token.to_owned() };
    let name = format!("{}@example.com", tag.to_lowercase());
    let user = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": name, "displayName": tag,
    });
    let made = provider.call(Method::POST, "/Users", user).await.status;
    if made == 401 {
        return made.to_string();
    }
    let found = provider.find("/Users", &format!("userName eq \"{name}\"")).await.len();
    format!("{made} {found}")
}

/// Time goes by for a token.
fn end(house: &House, name: &str) {
    house.storage().sql(&format!("UPDATE scim_tokens SET expires_at = created_at WHERE name = '{name}';"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_provider_gets_its_tokens_by_mouse_and_by_key() {
    let plan = Plan::new(&Storage::new(Database::Sqlite));
    let base = format!("http://localhost:{}", plan.port);
    let house = House::build(plan.with("CHANCERY_PUBLIC_URL", &base), 0).await;
    house.invite_and_redeem("olga", &[Role::ComplianceOfficer]).await;
    let address = format!("{base}/scim/v2");
    let mut unused = None;
    let places = [("BASE", base), ("PASSWORD", PASSWORD.to_owned())];
    let mut script = Script::start("scim.mjs", &places);
    while let Some(question) = script.next_question().await {
        let (act, rest) = question.split_once(' ').unwrap();
        let answer = match (act, rest.split_once(' ')) {
            ("provider", None) => {
                let form = oidc(rest, "http://127.0.0.1:9", "app", "secret");
                house.admin.make_source(&form).await.unwrap().to_string()
            }
            ("write", Some((tag, token))) => write(&house, tag, token).await,
            ("end", _) => {
                end(&house, rest);
                "done".to_owned()
            }
            ("unused", None) => {
                let form = scim(&format!("Unused by {rest}"), ScimSettings::default());
                let source = house.admin.make_source(&form).await.unwrap();
                unused = Some(source);
                source.to_string()
            }
            ("ended", None) => {
                for number in 1..=5 {
                    let name = format!("Ended {number}");
                    house.admin.issue_token(unused.unwrap(), &name, true, NEVER + number).await.unwrap();
                    end(&house, &name);
                }
                "done".to_owned()
            }
            _ => panic!("the script asks for {question:?}"),
        };
        script.answer(&answer).await;
    }
    let findings = script.findings();
    for tag in ["Mouse", "Keys"] {
        for (name, told) in [
            ("clipboard before", "what was there"),
            ("address", address.as_str()),
            ("linked", "Login"),
            ("tests", "0"),
            ("token marked", "true"),
            ("token copied", "true"),
            ("token is gone", "true"),
            ("write", "201 1"),
            ("write with the reader", "403 1"),
            ("what is over can be revoked", "0"),
            ("kept", "409 1"),
            ("revoked", "401"),
            ("linked later", "None"),
            ("name later", &format!("Entra ID {tag} 2")),
        ] {
            assert_eq!(findings[&format!("{name} by {tag}")], told, "{name} by {tag}");
        }
    }
    assert_eq!(findings["typed name stays"], "Kept");
    assert_eq!((findings["lines before"].as_str(), findings["lines after"].as_str()), ("4", "6"));
    assert_eq!(findings["officer sees tokens"], "0");
    let archive = Archive::read(house.storage());
    assert_eq!(archive.count(Kind::TokenIssued), 12, "three each day, one unseen, five that ended");
    assert_eq!(archive.count(Kind::TokenRevoked), 4, "two each day");
    assert_eq!(archive.count(Kind::SourceRemoved), 2, "one each day");
}
