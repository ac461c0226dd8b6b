//! Officers sign in again before messages are shown to them, where so set; their session goes on.

use chancery_ledger::Kind;
use chancery_protocol::groups::{Groups, SetGroupRoles};
use chancery_protocol::http::{Confirm, ConfirmWays};
use chancery_protocol::person::Role;
use chancery_protocol::search::{ComplianceFound, ContextRequest, FindConversations};
use chancery_protocol::sources::{Connection, SetSource};
use chancery_tests::archive::Archive;
use chancery_tests::database::{Database, Storage};
use chancery_tests::house::{House, PASSWORD};
use chancery_tests::http::{Caller, Refusal};
use chancery_tests::on_both_databases;
use chancery_tests::search::compliance_search;
use chancery_tests::server::Plan;
use chancery_tests::sign_on::{at_oidc_provider, ldap};
use chancery_tests::slapd;
use chancery_tests::visitor::{Seen, Visitor};
use reqwest::Method;

use crate::directory_sign_in::company;
use crate::single_sign_on::{back_page, sign_in, with_provider};

/// Officers confirm after a quarter of an hour.
async fn strict(kind: Database, people: usize) -> House {
    House::build(Plan::new(&Storage::new(kind)).with("CHANCERY_SESSION_CONFIRM_MINUTES", "15"), people).await
}

/// Every sign-in is sixteen minutes older than it was.
pub fn wait_sixteen_minutes(house: &House) {
    house.storage().sql("UPDATE sessions SET proven_at = proven_at - 960000000");
}

async fn confirm(who: &Caller, password: &str) -> Result<(), Refusal> {
    let form = Confirm { password: password.to_owned() };
    who.tell(Method::POST, "/session/confirm", Some(&form)).await
}

async fn ways(who: &Caller) -> ConfirmWays {
    who.call(Method::GET, "/session/confirm", None::<&()>).await.unwrap()
}

async fn search(who: &Caller) -> Result<ComplianceFound, Refusal> {
    who.search_archive(&compliance_search("case C-0142", "alder")).await
}

async fn assert_stale(who: &Caller) {
    let refused = search(who).await.unwrap_err();
    assert_eq!((refused.status, refused.code()), (403, "not_fresh"));
}

on_both_databases! {
    async fn messages_wait_for_a_fresh_sign_in(kind) {
        let house = strict(kind, 2).await;
        let officer = house.invite_and_redeem("olga", &[Role::ComplianceOfficer]).await;
        let found = search(&officer).await.unwrap();
        let mut socket = house.connect(0).await;
        let talk = socket.open_direct(house.people[1].id()).await.unwrap().id;
        let message = socket.send(talk, "the alder price is 14").await.unwrap().record;
        wait_sixteen_minutes(&house);
        // Whatever shows messages waits; what does not goes on.
        assert_stale(&officer).await;
        let searches = Archive::read(house.storage()).count(Kind::SearchRun);
        let base = format!("/compliance/searches/{}", found.search);
        let asked = ContextRequest { message, around: None };
        let refused = officer.tell(Method::POST, &format!("{base}/context"), Some(&asked)).await.unwrap_err();
        assert_eq!(refused.code(), "not_fresh");
        let asked = FindConversations {
            reason: "case C-0142".into(), text: "alder".into(), people: Vec::new(), limit: None,
        };
        let refused = officer.tell(Method::POST, "/compliance/conversations", Some(&asked)).await.unwrap_err();
        assert_eq!(refused.code(), "not_fresh");
        assert!(officer.accounts().await.is_ok());
        socket.send(talk, "people chat on").await.unwrap();
        // Whoever may not search is told the same as ever.
        assert_eq!(search(&house.people[0]).await.unwrap_err().status, 404);

        assert_eq!(ways(&officer).await, ConfirmWays { password: true, providers: Vec::new() });
        let refused = confirm(&officer, "another long password").await.unwrap_err();
        assert_eq!(refused.code(), "sign_in_failed");
        assert_eq!(refused.problem.unwrap().field.as_deref(), Some("password"));
        assert_stale(&officer).await;
        let sessions = officer.sessions().await.unwrap().sessions;
        confirm(&officer, PASSWORD).await.unwrap();
        search(&officer).await.unwrap();
        assert_eq!(officer.sessions().await.unwrap().sessions.len(), sessions.len(), "the same session goes on");
        let archive = Archive::read(house.storage());
        assert_eq!((archive.count(Kind::SessionConfirmed), archive.count(Kind::SearchRun)), (1, searches + 1));
        // One device's word is nothing to another's.
        wait_sixteen_minutes(&house);
        let elsewhere = house.stranger().sign_in("olga", PASSWORD).await.unwrap();
        search(&elsewhere).await.unwrap();
        assert_stale(&officer).await;
    }

    async fn wrong_passwords_are_counted_against_the_session_alone(kind) {
        let house = strict(kind, 0).await;
        let officer = house.invite_and_redeem("olga", &[Role::ComplianceOfficer]).await;
        for _ in 0..6 {
            assert_eq!(confirm(&officer, "another long password").await.unwrap_err().code(), "sign_in_failed");
        }
        assert_eq!(confirm(&officer, PASSWORD).await.unwrap_err().code(), "too_many_attempts");
        house.stranger().sign_in("olga", PASSWORD).await.unwrap();
    }

    async fn a_directory_confirms_its_own(kind) {
        let house = strict(kind, 0).await;
        let slapd = company();
        let source = house.admin.make_source(&ldap("Head office", slapd.settings(), slapd::READER.1)).await.unwrap();
        let alice = house.stranger().sign_in("alice", "alice-password").await.unwrap();
        house.stranger().sign_in("bob", "bob-password").await.unwrap();
        let groups: Groups = house.admin.call(Method::GET, "/groups", None::<&()>).await.unwrap();
        let officers = groups.groups.iter().find(|group| group.name == "compliance").unwrap().id;
        let roles = SetGroupRoles { roles: vec![Role::ComplianceOfficer], was: None };
        house.admin.tell(Method::PUT, &format!("/groups/{officers}/roles"), Some(&roles)).await.unwrap();
        search(&alice).await.unwrap();
        wait_sixteen_minutes(&house);
        assert_stale(&alice).await;
        assert!(ways(&alice).await.password);
        for wrong in ["bob-password", ""] {
            assert_eq!(confirm(&alice, wrong).await.unwrap_err().code(), "sign_in_failed");
        }
        // A directory that is away proves nothing, and counts nothing.
        slapd.freeze();
        assert_eq!(confirm(&alice, "alice-password").await.unwrap_err().code(), "source_unavailable");
        slapd.thaw();
        assert_stale(&alice).await;
        confirm(&alice, "alice-password").await.unwrap();
        search(&alice).await.unwrap();
        // Whose login is somebody else's by now confirms nobody.
        slapd.modify(&format!(
            "dn: uid=alice,ou=people,{0}\nchangetype: modrdn\nnewrdn: uid=alice.king\ndeleteoldrdn: 1\n\n\
             dn: uid=bob,ou=people,{0}\nchangetype: modrdn\nnewrdn: uid=alice\ndeleteoldrdn: 1\n",
            slapd::SUFFIX
        ));
        assert_eq!(confirm(&alice, "bob-password").await.unwrap_err().code(), "sign_in_failed");
        // Switched off, the directory is no way any more.
        let mut form = ldap("Head office", slapd.settings(), slapd::READER.1);
        form.form.enabled = false;
        house.admin.change_source(source, &form).await.unwrap();
        assert!(!ways(&alice).await.password);
        assert_eq!(confirm(&alice, "alice-password").await.unwrap_err().code(), "source_unavailable");
    }

    async fn a_provider_confirms_its_own(kind) {
        let house = strict(kind, 0).await;
        let (_provider, source) = with_provider(&house).await;
        let (alice, mut visitor) = sign_in(&house, source, "alice").await;
        let (eve, _) = sign_in(&house, source, "eve").await;
        assert_ne!(eve.id(), alice.id());
        house.admin.set_roles(alice.id(), &[Role::ComplianceOfficer]).await.unwrap();
        search(&alice).await.unwrap();
        wait_sixteen_minutes(&house);
        assert_stale(&alice).await;
        let offered = ways(&alice).await;
        assert!(!offered.password);
        assert_eq!(offered.providers.iter().map(|way| way.source).collect::<Vec<_>>(), [source]);
        assert_eq!(confirm(&alice, PASSWORD).await.unwrap_err().code(), "source_unavailable");
        // The provider remembers her, and asks her all the same.
        let under_way = alice.begin_confirming(source).await.unwrap();
        let asked = under_way.url.query_pairs().any(|(name, value)| name == "prompt" && value == "login");
        assert!(asked, "{}", under_way.url);
        let back = at_oidc_provider(&mut visitor, &under_way.url, "alice", &back_page(&house)).await;
        // The session it was begun in finishes it, and no other; once.
        let (elsewhere, _) = sign_in(&house, source, "alice").await;
        let refused = elsewhere.finish_confirming(&under_way.cookie, &back).await.unwrap_err();
        assert_eq!(refused.code(), "sign_in_interrupted");
        let refused = alice.finish_confirming(&under_way.cookie, &back).await.unwrap_err();
        assert_eq!(refused.code(), "sign_in_interrupted");
        assert_stale(&alice).await;
        // Somebody else's sign-in there is not hers.
        let under_way = alice.begin_confirming(source).await.unwrap();
        let back = at_oidc_provider(&mut Visitor::new(), &under_way.url, "eve", &back_page(&house)).await;
        let refused = alice.finish_confirming(&under_way.cookie, &back).await.unwrap_err();
        assert_eq!((refused.status, refused.code()), (403, "another_person"));
        assert_stale(&alice).await;

        let under_way = alice.begin_confirming(source).await.unwrap();
        let back = at_oidc_provider(&mut visitor, &under_way.url, "alice", &back_page(&house)).await;
        alice.finish_confirming(&under_way.cookie, &back).await.unwrap();
        search(&alice).await.unwrap();
        assert_eq!(Archive::read(house.storage()).count(Kind::SessionConfirmed), 1);
        // Nobody confirms what there is not.
        assert_eq!(house.stranger().begin_confirming(source).await.err().unwrap().code(), "signed_out");
    }

    async fn an_account_with_a_second_factor_shows_it_again(kind) {
        let house = strict(kind, 0).await;
        let officer = house.invite_and_redeem("olga", &[Role::ComplianceOfficer]).await;
        let (mut app, _) = officer.add_totp("Phone").await;
        wait_sixteen_minutes(&house);
        assert_stale(&officer).await;
        // The password alone confirms nothing.
        let step = officer.first_step_again(PASSWORD).await.unwrap();
        assert!(step.totp);
        assert_stale(&officer).await;
        let refused = officer.second_step_again(&step.ticket, &app.wrong()).await.unwrap_err();
        assert_eq!(refused.code(), "factor_failed");
        // The ticket is of this session: it confirms no other, and lets nobody in.
        let code = app.code();
        let refused = house.stranger().second_step(&step.ticket, &code).await.unwrap_err();
        assert_eq!(refused.code(), "second_step_over");
        app.time_passes(house.storage());
        let elsewhere = house.stranger().sign_in_with("olga", &mut app).await.unwrap();
        wait_sixteen_minutes(&house);
        app.time_passes(house.storage());
        let code = app.code();
        let refused = elsewhere.second_step_again(&step.ticket, &code).await.unwrap_err();
        assert_eq!(refused.code(), "second_step_over");
        let sessions = officer.sessions().await.unwrap().sessions.len();
        officer.second_step_again(&step.ticket, &code).await.unwrap();
        search(&officer).await.unwrap();
        assert_stale(&elsewhere).await;
        assert_eq!(officer.sessions().await.unwrap().sessions.len(), sessions, "no session begins");
        assert_eq!(officer.second_step_again(&step.ticket, &code).await.unwrap_err().code(), "second_step_over");
        assert_eq!(Archive::read(house.storage()).count(Kind::SessionConfirmed), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_that_is_still_signed_in_at_the_provider_proves_nothing_anew() {
    let house = strict(Database::Sqlite, 0).await;
    let (_provider, source) = with_provider(&house).await;
    let (alice, mut visitor) = sign_in(&house, source, "alice").await;
    house.admin.set_roles(alice.id(), &[Role::Employee, Role::ComplianceOfficer]).await.unwrap();
    search(&alice).await.unwrap();
    // Somebody finds her device and signs in the ordinary way: the provider asks nothing.
    let stranger = house.stranger();
    let under_way = stranger.begin_sign_in(source, "/").await.unwrap();
    let back = visitor.go(&under_way.url, None, &back_page(&house)).await;
    let Seen::Back(back) = back else { panic!("the provider asked: {back:?}") };
    let (again, _) = stranger.finish_sign_in(&under_way.cookie, &back).await.unwrap();
    assert_eq!(again.id(), alice.id());
    let proven =
        house.storage().sql("SELECT COUNT(DISTINCT proven_at) FROM sessions WHERE source IS NOT NULL");
    assert_eq!(proven.trim(), "1", "when she typed her password, and not when somebody came by");
    // A confirmation is never older than what would be asked for again at once.
    let mut form = house.admin.source(source).await.unwrap().form;
    if let Connection::Oidc(settings) = &mut form.connection {
        settings.max_age_seconds = Some(3_600);
    }
    house.admin.change_source(source, &SetSource { form, secret: None, was: None }).await.unwrap();
    let begun = alice.begin_confirming(source).await.unwrap();
    let asked = begun.url.query_pairs().find(|(name, _)| name == "max_age").unwrap().1.into_owned();
    assert_eq!(asked, "900");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_asked_again_unless_so_set() {
    let house = House::with_people(Database::Sqlite, 0).await;
    let officer = house.invite_and_redeem("olga", &[Role::ComplianceOfficer]).await;
    house.storage().sql("UPDATE sessions SET proven_at = 0");
    search(&officer).await.unwrap();
}
