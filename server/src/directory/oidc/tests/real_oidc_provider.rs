//! The whole way with npm `oidc-provider`.

use crate::directory::oidc::{
    Answer, Begun, ClientAuthentication, Failure, Fault, Fresh, Kind, Prompt, Provider, Settings, SignedIn,
    Status, test_connection,
};
use crate::ground::clock::Clock;
use crate::ground::config::Secret;
use crate::ground::random::Random;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use url::{Url, form_urlencoded};

use super::stage::settings;
use chancery_tests::oidc_provider::{Addresses, ClaimsIn, OidcProvider, SECRET};
use chancery_tests::patience::in_time;
use chancery_tests::visitor::{Seen, Visitor, field};

const RETURN: &str = "http://127.0.0.1:9/return";
const SIGNED_OUT: &str = "http://127.0.0.1:9/signed-out";

async fn real(claims: ClaimsIn, back_channel: &str) -> OidcProvider {
    OidcProvider::start(&Addresses { redirect: RETURN, back_channel, signed_out: SIGNED_OUT }, claims).await
}

fn party(op: &OidcProvider, change: impl FnOnce(&mut Settings)) -> Provider {
    let mut settings = settings(&op.issuer);
    settings.scopes.push("groups".to_owned());
    settings.claims.groups = Some("groups".to_owned());
    change(&mut settings);
    let secret = (settings.client_id != "public").then(|| Secret::new(SECRET));
    Provider::new(settings, secret, Clock::System, Random::System).unwrap()
}

/// Signs in as somebody, wherever the provider asks, until the browser is sent back.
async fn visit(visitor: &mut Visitor, begun: &Begun, login: &str) -> Answer {
    let mut seen = visitor.go(&begun.url, None, RETURN).await;
    for _ in 0..4 {
        let (at, text) = match seen {
            Seen::Back(url) => return answer(&url),
            Seen::Page { at, text, .. } => (at, text),
        };
        let form: &[(&str, &str)] = if text.contains(r#"name="login""#) {
            &[("prompt", "login"), ("login", login), ("password", "x")]
        } else {
            &[("prompt", "consent")]
        };
        seen = visitor.go(&at, Some(form), RETURN).await;
    }
    panic!("never sent back: {seen:?}");
}

fn answer(url: &Url) -> Answer {
    let mut answer = Answer::default();
    for (name, value) in form_urlencoded::parse(url.query().unwrap().as_bytes()).into_owned() {
        match name.as_str() {
            "code" => answer.code = Some(value),
            "state" => answer.state = Some(value),
            "iss" => answer.iss = Some(value),
            "error" => answer.error = Some(value),
            _ => {}
        }
    }
    answer
}

async fn sign_in(
    provider: &Provider,
    visitor: &mut Visitor,
    fresh: &Fresh,
    login: &str,
) -> Result<SignedIn, Failure> {
    let begun = provider.begin(RETURN, fresh, None).await?;
    let answer = visit(visitor, &begun, login).await;
    provider.finish(&begun.pending, &answer).await
}

fn is_alice(person: &SignedIn) {
    assert_eq!((person.subject.as_str(), person.login.as_str()), ("alice", "alice"));
    assert_eq!(
        (person.display_name.as_str(), person.email.as_deref()),
        ("Alice Adams", Some("alice@example.org"))
    );
    assert!(person.email_verified);
    assert_eq!(person.groups, Some(vec!["staff".to_owned(), "compliance".to_owned()]));
}

#[tokio::test]
async fn every_kind_of_client_and_signature_signs_in() {
    let op = real(ClaimsIn::IdToken, "http://127.0.0.1:9/none").await;
    let mut visitor = Visitor::new();
    for client in ["app", "post", "public", "PS256", "ES256", "EdDSA"] {
        let provider = party(&op, |settings| {
            settings.client_id = client.to_owned();
            if client == "post" {
                settings.client_authentication = ClientAuthentication::Post;
            }
        });
        let person = sign_in(&provider, &mut visitor, &Fresh::default(), "alice").await;
        is_alice(&person.unwrap_or_else(|failure| panic!("{client}: {failure}")));
    }
    let wrong =
        Provider::new(settings(&op.issuer), Some(Secret::new("wrong")), Clock::System, Random::System);
    let refused = sign_in(&wrong.unwrap(), &mut visitor, &Fresh::default(), "alice").await;
    assert_eq!(refused, Err(Failure::CodeRefused("invalid_client".to_owned())));
    let slash = Settings { issuer: format!("{}/", op.issuer), ..settings(&op.issuer) };
    let slash = Provider::new(slash, None, Clock::System, Random::System).unwrap();
    let failure = slash.refresh().await.unwrap_err();
    assert!(failure.mend().contains(&format!("exactly {} (without", op.issuer)), "{}", failure.mend());
}

#[tokio::test]
async fn claims_may_be_in_userinfo_and_domains_are_kept() {
    let op = real(ClaimsIn::Userinfo, "http://127.0.0.1:9/none").await;
    let provider = party(&op, |settings| settings.email_domains = vec!["example.org".to_owned()]);
    is_alice(&sign_in(&provider, &mut Visitor::new(), &Fresh::default(), "alice").await.unwrap());
    let unverified = sign_in(&provider, &mut Visitor::new(), &Fresh::default(), "eve").await;
    assert_eq!(unverified.map_err(Failure::cause), Err(Failure::EmailUnverified));
    let begun = provider
        .begin(RETURN, &Fresh { prompt: Some(Prompt::None), ..Fresh::default() }, None)
        .await
        .unwrap();
    let Seen::Back(url) = Visitor::new().go(&begun.url, None, RETURN).await else {
        panic!("a page in spite of prompt=none")
    };
    let refused = provider.finish(&begun.pending, &answer(&url)).await;
    assert_eq!(refused, Err(Failure::Refused("login_required".to_owned())));
}

#[tokio::test]
async fn codes_count_once_and_fresh_means_now() {
    let op = real(ClaimsIn::IdToken, "http://127.0.0.1:9/none").await;
    let provider = party(&op, |_| {});
    let mut visitor = Visitor::new();
    let begun = provider.begin(RETURN, &Fresh::default(), None).await.unwrap();
    let answer = visit(&mut visitor, &begun, "alice").await;
    assert_eq!(answer.iss.as_deref(), Some(op.issuer.as_str()), "RFC 9207");
    let unnamed = Answer { iss: None, ..answer.clone() };
    assert_eq!(provider.finish(&begun.pending, &unnamed).await, Err(Failure::AnswerIssuer));
    assert!(provider.finish(&begun.pending, &answer).await.is_ok());
    let again = provider.finish(&begun.pending, &answer).await;
    assert_eq!(again, Err(Failure::CodeRefused("invalid_grant".to_owned())));

    // Another sign-in's code: the PKCE challenge is not its own.
    let (mine, other) = (
        provider.begin(RETURN, &Fresh::default(), None).await.unwrap(),
        provider.begin(RETURN, &Fresh::default(), None).await.unwrap(),
    );
    let stolen = visit(&mut visitor, &other, "alice").await;
    let injected = Answer { state: Some(mine.pending.state().to_owned()), ..stolen };
    let refused = provider.finish(&mine.pending, &injected).await;
    assert_eq!(refused, Err(Failure::CodeRefused("invalid_grant".to_owned())));

    let fresh = provider.fresh();
    let person = sign_in(&provider, &mut visitor, &fresh, "alice").await.unwrap();
    assert!(person.auth_time.is_some());
    // The person takes the demand out of the address: the session is used, and the answer is not fresh enough. Half a
    // minute later by our clock.
    let mut settings = provider.settings().clone();
    settings.clock_skew_seconds = 0;
    let later = Clock::at(Clock::System.now() + 30_000_000);
    let provider = Provider::new(settings, Some(Secret::new(SECRET)), later, Random::System).unwrap();
    let begun = provider.begin(RETURN, &fresh, None).await.unwrap();
    let demands = |name: &str| name == "prompt" || name == "max_age";
    let kept: Vec<_> = begun.url.query_pairs().into_owned().filter(|(name, _)| !demands(name)).collect();
    let mut url = begun.url.clone();
    url.query_pairs_mut().clear().extend_pairs(kept);
    let answer = visit(&mut visitor, &Begun { url, pending: begun.pending.clone() }, "alice").await;
    assert_eq!(provider.finish(&begun.pending, &answer).await, Err(Failure::NotFresh));
}

/// Takes one form posted to it and answers 200.
async fn listen(listener: TcpListener) -> String {
    let (line, _) = listener.accept().await.unwrap();
    let mut line = BufReader::new(line);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert!(line.read_line(&mut head).await.unwrap() > 0);
    }
    let head = head.to_lowercase();
    assert!(head.starts_with("post /back-channel ") && head.contains("application/x-www-form-urlencoded"));
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:")).unwrap();
    let mut body = vec![0; length.trim().parse().unwrap()];
    line.read_exact(&mut body).await.unwrap();
    line.write_all(
        b"HTTP/1.1 200 OK\r\ncache-control: no-store\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
    )
    .await
    .unwrap();
    let (name, token) = form_urlencoded::parse(&body).into_owned().next().unwrap();
    assert_eq!(name, "logout_token");
    token
}

#[tokio::test]
async fn signing_out_at_the_provider_reaches_this_server_by_the_back_channel() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/back-channel", listener.local_addr().unwrap());
    let op = real(ClaimsIn::IdToken, &address).await;
    let provider = party(&op, |_| {});
    let mut visitor = Visitor::new();
    let person = sign_in(&provider, &mut visitor, &Fresh::default(), "alice").await.unwrap();
    let posted = tokio::spawn(listen(listener));

    let url = provider.logout_url(Some(&person.id_token), SIGNED_OUT, Some("bye")).await.unwrap().unwrap();
    let Seen::Page { at, text, .. } = visitor.go(&url, None, SIGNED_OUT).await else { panic!("no question") };
    let xsrf = field(&text, "xsrf").unwrap();
    let confirm = at.join("/session/end/confirm").unwrap();
    let back = visitor.go(&confirm, Some(&[("xsrf", xsrf), ("logout", "yes")]), SIGNED_OUT).await;
    assert!(matches!(back, Seen::Back(url) if url.as_str() == format!("{SIGNED_OUT}?state=bye")));

    let token = in_time("the logout token", posted).await.unwrap();
    let out = provider.back_channel_logout(&token).await.unwrap();
    assert_eq!(
        (out.subject.as_deref(), out.sid, out.issuer),
        (Some("alice"), person.sid.clone(), op.issuer.clone())
    );
    assert!(person.sid.is_some() && !out.jti.is_empty());
    // For another client, and changed on the way.
    let other = party(&op, |settings| settings.client_id = "post".to_owned());
    let wrong = |fault| Err(Failure::Token { kind: Kind::Logout, fault });
    assert_eq!(other.back_channel_logout(&token).await, wrong(Fault::Audience));
    let (head, rest) = token.split_once('.').unwrap();
    let changed = format!("{head}.{}", rest.replacen("J", "K", 1));
    assert_eq!(provider.back_channel_logout(&changed).await, wrong(Fault::Signature));
    assert_eq!(provider.back_channel_logout(person.id_token.reveal()).await, wrong(Fault::NoLogout));
}

#[tokio::test]
async fn trying_out_finds_nothing_wrong() {
    let op = real(ClaimsIn::IdToken, "http://127.0.0.1:9/none").await;
    let steps = test_connection(&settings(&op.issuer), true).await;
    assert!(steps.iter().all(|step| step.status == Status::Ok), "{steps:#?}");
}
