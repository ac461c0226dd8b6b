//! The whole way with LemonLDAP::NG.

use crate::directory::oidc::{
    Answer, Check, Failure, Fresh, Provider, Settings, SignedIn, Status, test_connection,
};
use crate::ground::clock::Clock;
use crate::ground::config::Secret;
use crate::ground::random::Random;
use url::Url;

use super::stage::settings;
use chancery_tests::lemonldap::{LemonLdap, SECRET};
use chancery_tests::visitor::{Seen, Visitor, field};

const RETURN: &str = "http://127.0.0.1:9/return";
const SIGNED_OUT: &str = "http://127.0.0.1:9/signed-out";

fn party(op: &LemonLdap, change: impl FnOnce(&mut Settings)) -> Provider {
    let mut settings = settings(&op.issuer);
    settings.scopes.push("groups".to_owned());
    settings.claims.groups = Some("groups".to_owned());
    change(&mut settings);
    Provider::new(settings, Some(Secret::new(SECRET)), Clock::System, Random::System).unwrap()
}

/// Opens the authorization address; signs in when there is a form.
async fn visit(visitor: &mut Visitor, url: &Url, user: &str) -> (Answer, bool) {
    let (back, asked) = match visitor.go(url, None, RETURN).await {
        Seen::Back(back) => (back, false),
        Seen::Page { at, text, .. } => {
            let hidden = field(&text, "url").unwrap_or_default().to_owned();
            let form = [("url", hidden.as_str()), ("user", user), ("password", user)];
            match visitor.go(&at, Some(&form), RETURN).await {
                Seen::Back(back) => (back, true),
                Seen::Page { status, text, .. } => panic!("{status}: {text}"),
            }
        }
    };
    let value =
        |name: &str| back.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    (Answer { code: value("code"), state: value("state"), iss: value("iss"), error: value("error") }, asked)
}

async fn sign_in(
    provider: &Provider,
    visitor: &mut Visitor,
    fresh: &Fresh,
    user: &str,
) -> (Result<SignedIn, Failure>, bool) {
    let begun = provider.begin(RETURN, fresh, None).await.unwrap();
    let (answer, asked) = visit(visitor, &begun.url, user).await;
    (provider.finish(&begun.pending, &answer).await, asked)
}

#[tokio::test]
async fn people_sign_in_and_out_at_the_portal() {
    let op = LemonLdap::start(RETURN, SIGNED_OUT).await;
    let provider = party(&op, |_| {});
    let mut visitor = Visitor::new();
    let (person, asked) = sign_in(&provider, &mut visitor, &Fresh::default(), "dwho").await;
    let person = person.unwrap();
    assert!(asked);
    assert_eq!(
        (person.subject.as_str(), person.login.as_str(), person.issuer.as_str()),
        ("dwho", "dwho", op.issuer.as_str())
    );
    assert_eq!(
        (person.display_name.as_str(), person.email.as_deref()),
        ("Doctor Who", Some("dwho@badwolf.org"))
    );
    assert!(!person.email_verified, "the portal says nothing about it");
    let mut groups = person.groups.clone().unwrap();
    groups.sort();
    assert_eq!(groups, ["compliance", "staff", "timelords", "users"]);

    let (again, asked) = sign_in(&provider, &mut visitor, &Fresh::default(), "dwho").await;
    assert!(again.is_ok() && !asked, "the session at the portal");
    let (fresh, asked) = sign_in(&provider, &mut Visitor::new(), &provider.fresh(), "dwho").await;
    assert!(fresh.is_ok() && asked);
    // The portal takes a session of the last seconds for fresh, whatever is demanded; by our clock it is half a minute old.
    let mut settings = provider.settings().clone();
    settings.clock_skew_seconds = 0;
    let later = Clock::at(Clock::System.now() + 30_000_000);
    let strict = Provider::new(settings, Some(Secret::new(SECRET)), later, Random::System).unwrap();
    let begun = strict.begin(RETURN, &Fresh { max_age: Some(0), ..Fresh::default() }, None).await.unwrap();
    let (answer, asked) = visit(&mut visitor, &begun.url, "dwho").await;
    assert_eq!((strict.finish(&begun.pending, &answer).await, asked), (Err(Failure::NotFresh), false));
    let (other, _) = sign_in(&provider, &mut Visitor::new(), &Fresh::default(), "rtyler").await;
    let groups = other.unwrap().groups.unwrap();
    assert!(groups.contains(&"staff".to_owned()) && !groups.contains(&"compliance".to_owned()), "{groups:?}");

    let url = provider.logout_url(Some(&person.id_token), SIGNED_OUT, Some("bye")).await.unwrap().unwrap();
    let seen = visitor.go(&url, None, SIGNED_OUT).await;
    assert!(matches!(&seen, Seen::Back(url) if url.query() == Some("state=bye")), "{seen:?}");
    let (_, asked) = sign_in(&provider, &mut visitor, &Fresh::default(), "dwho").await;
    assert!(asked, "the session at the portal has ended");
}

#[tokio::test]
async fn the_portal_is_as_strict_as_it_should_be() {
    let op = LemonLdap::start(RETURN, SIGNED_OUT).await;
    let provider = party(&op, |_| {});
    let mut visitor = Visitor::new();
    let begun = provider.begin(RETURN, &Fresh::default(), None).await.unwrap();
    let (answer, _) = visit(&mut visitor, &begun.url, "dwho").await;
    assert!(provider.finish(&begun.pending, &answer).await.is_ok());
    let again = provider.finish(&begun.pending, &answer).await;
    assert!(matches!(again, Err(Failure::CodeRefused(_))), "{again:?}");

    let domains = party(&op, |settings| settings.email_domains = vec!["badwolf.org".to_owned()]);
    assert_eq!(
        sign_in(&domains, &mut visitor, &Fresh::default(), "dwho").await.0.map_err(Failure::cause),
        Err(Failure::EmailUnverified)
    );
    let trusted = party(&op, |settings| {
        settings.email_domains = vec!["badwolf.org".to_owned()];
        settings.email_trust = crate::directory::oidc::EmailTrust::Always;
    });
    assert!(sign_in(&trusted, &mut visitor, &Fresh::default(), "dwho").await.0.is_ok());

    let without = Settings { issuer: op.issuer.trim_end_matches('/').to_owned(), ..settings(&op.issuer) };
    let failure = Provider::new(without.clone(), None, Clock::System, Random::System)
        .unwrap()
        .refresh()
        .await
        .unwrap_err();
    assert!(failure.mend().contains(&format!("exactly {} (with the slash", op.issuer)), "{}", failure.mend());
    let steps = test_connection(&without, true).await;
    assert!(steps.iter().any(|step| step.check == Check::Issuer && step.status == Status::Failed));
    let steps = test_connection(&settings(&op.issuer), true).await;
    let odd: Vec<_> =
        steps.iter().filter(|step| step.status != Status::Ok).map(|step| (step.check, step.status)).collect();
    assert_eq!(odd, [(Check::BackChannelLogout, Status::Warning)], "{steps:#?}");
}
