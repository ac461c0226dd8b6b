//! People sign in at their company's provider, and are who it says they are.

use chancery_ledger::Kind;
use chancery_protocol::frame::Goodbye;
use chancery_protocol::http::BeginSignIn;
use chancery_protocol::ids::SourceId;
use chancery_protocol::person::Role;
use chancery_protocol::sources::{
    Connection, Identities, LinkIdentity, Linking, SetSource, SourceTested, StepOutcome, TestSource,
};
use chancery_tests::archive::Archive;
use chancery_tests::client::Client;
use chancery_tests::collector::Collector;
use chancery_tests::house::House;
use chancery_tests::http::{COOKIE, Caller, http};
use chancery_tests::lemonldap::{self, LemonLdap};
use chancery_tests::oidc_provider::{self, Addresses, ClaimsIn, OidcProvider};
use chancery_tests::on_both_databases;
use chancery_tests::patience::until_some;
use chancery_tests::sign_on::{at_lemonldap, at_oidc_provider, oidc};
use chancery_tests::visitor::{Seen, Visitor};
use reqwest::Method;
use url::Url;

pub fn back_page(house: &House) -> String {
    format!("{}/sign-in/return", house.server.public_url())
}

/// npm `oidc-provider`, as a source of the house that is set up both ways.
pub async fn with_provider(house: &House) -> (OidcProvider, SourceId) {
    with_provider_that_tells(house, None).await
}

/// The same; where sessions end is told to `listener` and not to the house.
async fn with_provider_that_tells(house: &House, listener: Option<&str>) -> (OidcProvider, SourceId) {
    let (redirect, signed_out) = (back_page(house), format!("{}/sign-in", house.server.public_url()));
    // The provider must know the source's id, and the source the provider's address.
    let form = oidc("Company", "http://127.0.0.1:9", "app", oidc_provider::SECRET);
    let id = house.admin.make_source(&form).await.unwrap();
    let back_channel = format!("http://{}/api/v1/sources/{id}/logout", house.server.address());
    let back_channel = listener.unwrap_or(&back_channel);
    let addresses = Addresses { redirect: &redirect, back_channel, signed_out: &signed_out };
    let provider = OidcProvider::start(&addresses, ClaimsIn::IdToken).await;
    let form = oidc("Company", &provider.issuer, "app", oidc_provider::SECRET);
    house.admin.change_source(id, &form).await.unwrap();
    (provider, id)
}

/// Signs in with a browser of its own.
pub async fn sign_in(house: &House, source: SourceId, login: &str) -> (Caller, Visitor) {
    let stranger = house.stranger();
    let under_way = stranger.begin_sign_in(source, "/chats").await.unwrap();
    let mut visitor = Visitor::new();
    let back = at_oidc_provider(&mut visitor, &under_way.url, login, &back_page(house)).await;
    let (caller, to) = stranger.finish_sign_in(&under_way.cookie, &back).await.unwrap();
    assert_eq!(to, "/chats");
    (caller, visitor)
}

/// Signs out at the provider, in the browser that signed in there.
async fn sign_out_there(provider: &OidcProvider, visitor: &mut Visitor) {
    let page: Url = format!("{}/session/end", provider.issuer).parse().unwrap();
    let seen = visitor.go(&page, None, "nowhere").await;
    let Seen::Page { at, text, .. } = seen else { panic!("{seen:?}") };
    let xsrf = chancery_tests::visitor::field(&text, "xsrf").expect("a form to confirm").to_owned();
    let confirm = at.join("/session/end/confirm").unwrap();
    visitor.go(&confirm, Some(&[("xsrf", &xsrf), ("logout", "yes")]), "nowhere").await;
}

on_both_databases! {
    async fn people_come_in_by_their_companys_provider(kind) {
        let house = House::with_people(kind, 1).await;
        let (_provider, source) = with_provider(&house).await;
        let (alice, _) = sign_in(&house, source, "alice").await;
        let me = alice.me.clone().unwrap();
        assert_eq!((me.username.as_str(), me.name.as_str()), ("alice", "Alice Adams"));
        // She chats at once, and is found.
        let mut socket = Client::connect(&alice).await;
        let talk = socket.open_direct(house.people[0].id()).await.unwrap().id;
        socket.send(talk, "hello").await.unwrap();
        let account = house.admin.account(me.id).await.unwrap();
        assert_eq!(account.roles, [Role::Employee]);
        assert!(!account.has_password);
        let path = format!("/people/{}/identities", me.id);
        let known: Identities = house.admin.call(Method::GET, &path, None::<&()>).await.unwrap();
        assert_eq!(known.identities.len(), 1);
        let identity = &known.identities[0];
        assert_eq!((identity.name.as_str(), identity.subject.as_str()), ("Company", "alice"));
        // Again: the same person, another session.
        let (again, _) = sign_in(&house, source, "alice").await;
        assert_eq!(again.id(), me.id);
        assert_eq!(alice.sessions().await.unwrap().sessions.len(), 2);
        let archive = Archive::read(house.storage());
        assert_eq!(archive.count(Kind::IdentityLinked), 1);
        assert_eq!(archive.count(Kind::SourceSet), 2, "made and changed");
    }

    async fn a_session_that_ends_at_the_provider_ends_here(kind) {
        let house = House::with_people(kind, 1).await;
        let (provider, source) = with_provider(&house).await;
        let (alice, mut visitor) = sign_in(&house, source, "alice").await;
        let (elsewhere, _) = sign_in(&house, source, "alice").await;
        let mut socket = Client::connect(&alice).await;
        let mut other = Client::connect(&elsewhere).await;
        sign_out_there(&provider, &mut visitor).await;
        socket.wait_for_the_end().await;
        assert_eq!(socket.goodbye, Some(Goodbye::SessionEnded));
        assert_eq!(alice.session().await.unwrap_err().code(), "signed_out");
        // Her other session there goes on, and so does the one here.
        let talk = other.open_direct(house.people[0].id()).await.unwrap().id;
        other.send(talk, "still here").await.unwrap();
        assert!(elsewhere.session().await.is_ok());
    }

    async fn what_a_provider_says_of_a_session_is_heard_once_and_only_when_it_is_right(kind) {
        let house = House::with_people(kind, 1).await;
        let listener = Collector::of_forms().await;
        let (provider, source) = with_provider_that_tells(&house, Some(&listener.url)).await;
        let (alice, mut visitor) = sign_in(&house, source, "alice").await;
        let (elsewhere, _) = sign_in(&house, source, "alice").await;
        sign_out_there(&provider, &mut visitor).await;
        let told = until_some("the provider tells", async || listener.forms().pop()).await;
        let tell = async |form: String| {
            let url = format!("http://{}/api/v1/sources/{source}/logout", house.server.address());
            let request = http().post(url).header("content-type", "application/x-www-form-urlencoded");
            request.body(form).send().await.unwrap().status().as_u16()
        };
        let (head, signature) = told.rsplit_once('.').unwrap();
        let twisted: String = signature.chars().rev().collect();
        let (header, _) = head.rsplit_once('.').unwrap();
        for wrong in [
            String::new(),
            "logout_token=".to_owned(),
            "logout_token=a.b.c".to_owned(),
            format!("{head}.{twisted}"),
            format!("{head}."),
            format!("{header}.e30.{signature}"),
        ] {
            assert_eq!(tell(wrong.clone()).await, 400, "{wrong}");
        }
        assert!(alice.session().await.is_ok(), "nothing of it was heard");
        // Whoever is signed in from a source that was switched off since is signed out by it all the same.
        let mut form = SetSource { secret: None, ..oidc("Company", &provider.issuer, "app", "") };
        form.form.enabled = false;
        house.admin.change_source(source, &form).await.unwrap();
        assert_eq!(tell(told.clone()).await, 200);
        assert_eq!(alice.session().await.unwrap_err().code(), "signed_out");
        assert_eq!(tell(told).await, 400, "a token counts once");
        assert!(elsewhere.session().await.is_ok(), "of another session nothing was said");
    }

    async fn a_session_that_was_planted_is_left_behind_at_the_provider_too(kind) {
        let house = House::with_people(kind, 1).await;
        let (_provider, source) = with_provider(&house).await;
        let mallory = &house.people[0];
        let under_way = mallory.begin_sign_in(source, "/").await.unwrap();
        let back = at_oidc_provider(&mut Visitor::new(), &under_way.url, "alice", &back_page(&house)).await;
        let cookies = format!("{}; {COOKIE}={}", under_way.cookie, mallory.cookie.as_deref().unwrap());
        let (victim, _) = mallory.finish_sign_in(&cookies, &back).await.unwrap();
        assert_ne!(victim.id(), mallory.id());
        assert_ne!((&victim.cookie, &victim.csrf), (&mallory.cookie, &mallory.csrf));
        assert_eq!(mallory.session().await.unwrap_err().code(), "signed_out", "nor does the old one become anybody's");
        assert!(victim.session().await.is_ok());
    }

    async fn whom_the_domains_keep_out_is_on_record(kind) {
        let house = House::with_people(kind, 0).await;
        let (provider, source) = with_provider(&house).await;
        let mut form = SetSource { secret: None, ..oidc("Company", &provider.issuer, "app", "") };
        if let Connection::Oidc(settings) = &mut form.form.connection {
            settings.email_domains = vec!["elsewhere.example".to_owned()];
        }
        house.admin.change_source(source, &form).await.unwrap();
        let stranger = house.stranger();
        let under_way = stranger.begin_sign_in(source, "/").await.unwrap();
        let back = at_oidc_provider(&mut Visitor::new(), &under_way.url, "alice", &back_page(&house)).await;
        let refusal = stranger.finish_sign_in(&under_way.cookie, &back).await.err().unwrap();
        assert_eq!((refusal.status, refusal.code()), (403, "not_admitted"));
        assert_eq!(Archive::read(house.storage()).count(Kind::SignInRefused), 1);
    }

    async fn signing_out_here_leads_to_the_provider(kind) {
        let house = House::with_people(kind, 1).await;
        let (provider, source) = with_provider(&house).await;
        let (alice, _) = sign_in(&house, source, "alice").await;
        let next: Url = alice.sign_out().await.unwrap().expect("an address at the provider").parse().unwrap();
        assert!(next.as_str().starts_with(&format!("{}/session/end", provider.issuer)), "{next}");
        let hint = next.query_pairs().find(|(name, _)| name == "id_token_hint");
        assert!(hint.is_some_and(|(_, token)| token.split('.').count() == 3));
        assert_eq!(alice.session().await.unwrap_err().code(), "signed_out");
        assert_eq!(house.people[0].sign_out().await.unwrap(), None, "accounts made here have nowhere to go");
    }

    async fn a_sign_in_is_finished_once_in_the_browser_that_began_it(kind) {
        let house = House::with_people(kind, 1).await;
        let (_provider, source) = with_provider(&house).await;
        let stranger = house.stranger();
        let begin = async || stranger.begin_sign_in(source, "https://evil.example/").await.unwrap();
        let at_provider = async |url: &Url| {
            at_oidc_provider(&mut Visitor::new(), url, "alice", &back_page(&house)).await
        };
        let under_way = begin().await;
        let back = at_provider(&under_way.url).await;
        let interrupted = |result: Result<(Caller, String), chancery_tests::http::Refusal>| {
            let refusal = result.err().unwrap();
            assert_eq!((refusal.status, refusal.code()), (410, "sign_in_interrupted"));
        };
        // Another browser, with a sign-in of its own or none: somebody is lured to end up signed in as another.
        interrupted(stranger.finish_sign_in("", &back).await);
        interrupted(stranger.finish_sign_in(&begin().await.cookie, &back).await);
        interrupted(stranger.finish_sign_in("__Host-chancery-sign-in=AAAA", &back).await);
        // The right one, whose way on is ours whatever was asked.
        let (_, to) = stranger.finish_sign_in(&under_way.cookie, &back).await.unwrap();
        assert_eq!(to, "/");
        // And not a second time, nor with a second answer.
        interrupted(stranger.finish_sign_in(&under_way.cookie, &back).await);
        interrupted(stranger.finish_sign_in(&under_way.cookie, &at_provider(&under_way.url).await).await);
        // A used code does not come in by another sign-in either.
        let fresh = begin().await;
        let mut mixed = back.clone();
        let state = fresh.url.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
        let pairs: Vec<(String, String)> = back.query_pairs().into_owned().collect();
        mixed.query_pairs_mut().clear().extend_pairs(
            pairs.into_iter().map(|(name, value)| if name == "state" { (name, state.clone()) } else { (name, value) }),
        );
        let refusal = stranger.finish_sign_in(&fresh.cookie, &mixed).await.err().unwrap();
        assert_eq!((refusal.status, refusal.code()), (403, "provider_refused"));
        // From a foreign page nothing begins.
        let foreign = Caller { origin: Some("https://evil.example".into()), ..stranger.clone() };
        let refusal = foreign.begin_sign_in(source, "/").await.err().unwrap();
        assert_eq!((refusal.status, refusal.code()), (403, "foreign_origin"));
    }

    async fn whoever_is_suspended_or_unknown_is_not_let_in(kind) {
        let house = House::with_people(kind, 1).await;
        let (provider, source) = with_provider(&house).await;
        let (alice, _) = sign_in(&house, source, "alice").await;
        house.admin.suspend(alice.id()).await.unwrap();
        let refused = async |login: &str| {
            let stranger = house.stranger();
            let under_way = stranger.begin_sign_in(source, "/").await.unwrap();
            let mut visitor = Visitor::new();
            let back = at_oidc_provider(&mut visitor, &under_way.url, login, &back_page(&house)).await;
            stranger.finish_sign_in(&under_way.cookie, &back).await.err().unwrap()
        };
        assert_eq!(refused("alice").await.code(), "suspended");
        // From now on nobody new comes in by signing in.
        let mut form = SetSource { secret: None, ..oidc("Company", &provider.issuer, "app", "") };
        form.form.admission.create = false;
        house.admin.change_source(source, &form).await.unwrap();
        assert_eq!(refused("eve").await.code(), "not_admitted");
        // An administrator links her to the account she has.
        let ada = house.people[0].id();
        let link = LinkIdentity { source, subject: "eve".into(), person: ada };
        house.admin.tell(Method::POST, "/identities", Some(&link)).await.unwrap();
        let (eve, _) = sign_in(&house, source, "eve").await;
        assert_eq!(eve.id(), ada);
        let taken = LinkIdentity { person: alice.id(), ..link.clone() };
        let refusal = house.admin.tell(Method::POST, "/identities", Some(&taken)).await.unwrap_err();
        assert_eq!(refusal.code(), "identity_taken");
        // Taken off again, what she began by it ends.
        house.admin.tell(Method::POST, "/identities/remove", Some(&link)).await.unwrap();
        assert_eq!(eve.session().await.unwrap_err().code(), "signed_out");
        // A source that is off lets nobody begin.
        form.form.enabled = false;
        house.admin.change_source(source, &form).await.unwrap();
        let refusal = house.stranger().begin_sign_in(source, "/").await.err().unwrap();
        assert_eq!(refusal.status, 404);
        let archive = Archive::read(house.storage());
        assert_eq!(archive.count(Kind::SignInRefused), 2);
    }

    async fn a_second_provider_has_its_own_people(kind) {
        let house = House::with_people(kind, 1).await;
        let portal = LemonLdap::start(&back_page(&house), &format!("{}/sign-in", house.server.public_url())).await;
        let (_provider, company) = with_provider(&house).await;
        let form = oidc("Portal", &portal.issuer, "app", lemonldap::SECRET);
        let source = house.admin.make_source(&form).await.unwrap();
        let come_in = async |login: &str| {
            let stranger = house.stranger();
            let under_way = stranger.begin_sign_in(source, "/").await.unwrap();
            let back = at_lemonldap(&mut Visitor::new(), &under_way.url, login, &back_page(&house)).await;
            stranger.finish_sign_in(&under_way.cookie, &back).await.map(|(caller, _)| caller)
        };
        let doctor = come_in("dwho").await.unwrap();
        assert_eq!(doctor.me.as_ref().unwrap().name, "Doctor Who");
        // Her groups came along; what the administrator gives them counts from the next sign-in on.
        let groups: chancery_protocol::groups::Groups =
            house.admin.call(Method::GET, "/groups", None::<&()>).await.unwrap();
        let compliance = groups.groups.iter().find(|group| group.name == "compliance").unwrap();
        assert_eq!((compliance.members, compliance.source), (1, Some(source)));
        let roles = chancery_protocol::groups::SetGroupRoles { roles: vec![Role::Auditor], was: Some(vec![]) };
        let path = format!("/groups/{}/roles", compliance.id);
        house.admin.tell(Method::PUT, &path, Some(&roles)).await.unwrap();
        let account = house.admin.account(doctor.id()).await.unwrap();
        assert_eq!(account.roles, [Role::Employee, Role::Auditor], "at once");
        assert_eq!(account.own_roles, [Role::Employee]);
        assert!(come_in("rtyler").await.is_ok());

        // The same person at the other provider is somebody else until an administrator says otherwise.
        let (alice, _) = sign_in(&house, company, "alice").await;
        assert_ne!(alice.id(), doctor.id());
        let mut by_name = oidc("Company", "http://127.0.0.1:9", "app", "secret");
        by_name.form.admission.link = Linking::Username;
        house.admin.change_source(company, &by_name).await.unwrap();
        let refusal = house.stranger().begin_sign_in(company, "/").await.err().unwrap();
        assert_eq!((refusal.status, refusal.code()), (503, "source_unavailable"), "nobody answers there");
    }

    async fn only_administrators_set_up_sources_and_secrets_stay_in(kind) {
        let house = House::with_people(kind, 1).await;
        let form = oidc("Company", "http://127.0.0.1:9", "app", "the-client-secret");
        let id = house.admin.make_source(&form).await.unwrap();
        let text = house.admin.send(Method::GET, "/api/v1/sources", None).await.text().await.unwrap();
        assert!(text.contains("\"has_secret\":true") && !text.contains("the-client-secret"), "{text}");
        for caller in [&house.people[0], &house.invite_and_redeem("olga", &[Role::ComplianceLead]).await] {
            assert_eq!(caller.make_source(&form).await.unwrap_err().status, 404);
            assert_eq!(caller.source(id).await.unwrap_err().status, 404);
        }
        assert_eq!(house.admin.make_source(&form).await.unwrap_err().code(), "source_name_taken");
        let mut wrong = oidc("Other", "ftp://x", "app", "");
        let refusal = house.admin.make_source(&wrong).await.unwrap_err();
        let field = refusal.problem.as_ref().and_then(|problem| problem.field.clone());
        assert_eq!((refusal.code(), field.as_deref()), ("settings_invalid", Some("settings.issuer")));
        // All that is wrong is told at once.
        wrong = oidc(" ", "ftp://x", "", "");
        wrong.form.admission.roles = Vec::new();
        let problem = house.admin.make_source(&wrong).await.unwrap_err().problem.unwrap();
        assert_eq!((problem.code.as_str(), problem.field.as_deref()), ("name_empty", Some("name")));
        let fields: Vec<&str> = problem.errors.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(fields, ["name", "admission.roles", "settings.issuer", "settings.client_id"]);
        wrong = oidc("Other", "http://127.0.0.1:9", "app", "");
        wrong.form.admission.roles = vec![Role::Employee, Role::ItAdmin];
        assert_eq!(house.admin.make_source(&wrong).await.unwrap_err().code(), "roles_privileged");
        // The secret that is kept goes nowhere else.
        let elsewhere = SetSource { secret: None, ..oidc("Company", "http://127.0.0.1:10", "app", "") };
        let refusal = house.admin.change_source(id, &elsewhere).await.unwrap_err();
        assert_eq!(refusal.problem.unwrap().field.as_deref(), Some("secret"));
        let asked = TestSource { form: elsewhere.form.clone(), secret: None, source: Some(id) };
        let tested: Result<SourceTested, _> = house.admin.call(Method::POST, "/sources/test", Some(&asked)).await;
        assert_eq!(tested.unwrap_err().problem.unwrap().field.as_deref(), Some("secret"));
        let outdated = SetSource { was: Some(7), ..form.clone() };
        let refusal = house.admin.tell(Method::PUT, &format!("/sources/{id}"), Some(&outdated)).await;
        assert_eq!(refusal.unwrap_err().code(), "outdated");
        let unknown = BeginSignIn {
            source: house.people[0].id().to_string().parse().unwrap(),
            to: String::new(),
            keep: false,
            confirm: false,
            login_hint: None,
        };
        let unknown: Result<serde_json::Value, _> =
            house.stranger().call(Method::POST, "/session/begin", Some(&unknown)).await;
        assert_eq!(unknown.unwrap_err().status, 404);
        house.admin.tell(Method::DELETE, &format!("/sources/{id}"), None::<&()>).await.unwrap();
        let archive = Archive::read(house.storage());
        assert_eq!((archive.count(Kind::SourceSet), archive.count(Kind::SourceRemoved)), (1, 1));
        let leaked = chancery_tests::scan::find(&["the-client-secret".to_owned()], &[&house.storage().data]);
        assert!(leaked.is_empty(), "{leaked:?}");
        assert!(!house.server.log().contains("the-client-secret"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_test_of_a_provider_says_step_by_step_what_is_there() {
    let house = House::with_people(chancery_tests::database::Database::Sqlite, 1).await;
    let (provider, source) = with_provider(&house).await;
    let test = async |issuer: &str| -> SourceTested {
        let form = oidc("Company", issuer, "app", "").form;
        let (secret, source) = (Some(oidc_provider::SECRET.to_owned()), Some(source));
        let asked = TestSource { form, secret, source };
        house.admin.call(Method::POST, "/sources/test", Some(&asked)).await.unwrap()
    };
    let fine = test(&provider.issuer).await;
    assert!(fine.steps.iter().all(|step| step.outcome == StepOutcome::Ok), "{:?}", fine.steps);
    let slash = test(&format!("{}/", provider.issuer)).await;
    let failed = slash.steps.iter().find(|step| step.outcome == StepOutcome::Failed).unwrap();
    assert!(failed.mend.contains(&provider.issuer), "{failed:?}");
    let nobody = test("http://127.0.0.1:9").await;
    assert!(nobody.steps.iter().any(|step| step.outcome == StepOutcome::NotRun));
    let nonsense = test("not an address").await;
    assert!(nonsense.steps.is_empty() && !nonsense.problems.is_empty());
}
