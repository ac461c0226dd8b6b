//! Second factors: codes and passkeys, added, shown, removed, and every way round them.

use chancery_ledger::Kind;
use chancery_protocol::factors::FactorKind;
use chancery_protocol::person::Role;
use chancery_protocol::sources::Linking;
use chancery_tests::archive::Archive;
use chancery_tests::authenticator::Authenticator;
use chancery_tests::client::Client;
use chancery_tests::database::{Database, Storage};
use chancery_tests::factors::{App, now};
use chancery_tests::house::{House, PASSWORD};
use chancery_tests::on_both_databases;
use chancery_tests::server::Plan;
use chancery_tests::sign_on::ldap;
use chancery_tests::slapd;

use crate::directory_sign_in::company;

const OTHER_PASSWORD: &str = "another long password";
/// Passkeys need a name; the server is behind a proxy that speaks TLS.
const NAMED: &str = "https://chat.example.com";

async fn named(kind: Database, people: usize) -> House {
    House::build(Plan::new(&Storage::new(kind)).with("CHANCERY_PUBLIC_URL", NAMED), people).await
}

on_both_databases! {
    async fn codes_are_added_with_the_password_and_asked_for_from_then_on(kind) {
        let house = House::with_people(kind, 1).await;
        let ada = &house.people[0];
        let wrong = ada.begin_totp("Phone", "not my password").await.err().unwrap();
        assert_eq!((wrong.status, wrong.code()), (401, "sign_in_failed"));
        let begun = ada.begin_totp("Phone", PASSWORD).await.unwrap();
        assert!(begun.uri.starts_with("otpauth://totp/127.0.0.1:ada?secret="), "{}", begun.uri);
        assert!(begun.uri.contains(&begun.secret));
        house.stranger().sign_in("ada", PASSWORD).await.expect("nothing is asked for before the first code");
        let mut app = App::new(&begun.secret);
        let wrong = ada.finish_totp(&begun.ticket, &app.wrong()).await.unwrap_err();
        assert_eq!((wrong.status, wrong.code()), (401, "factor_failed"));
        let factor = ada.finish_totp(&begun.ticket, &app.code()).await.unwrap();
        assert_eq!((factor.kind, factor.name.as_str(), factor.last_used_at), (FactorKind::Totp, "Phone", None));
        let again = ada.finish_totp(&begun.ticket, &app.code()).await.unwrap_err();
        assert_eq!((again.status, again.code()), (410, "enrolment_over"), "a ticket is used once");

        let step = house.stranger().first_step("ada", PASSWORD, true).await.unwrap();
        assert!(step.totp && step.passkey.is_none());
        app.time_passes(house.storage());
        let fresh = house.stranger().second_step(&step.ticket, &app.code()).await.unwrap();
        assert_eq!(fresh.id(), ada.id());
        let factors = fresh.factors().await.unwrap();
        assert!(factors.factors[0].last_used_at.is_some() && !factors.passkeys, "reached by an address");
        let archive = Archive::read(house.storage());
        assert_eq!(archive.count(Kind::FactorAdded), 1);
        assert_eq!(ada.begin_passkey("Key").await.unwrap_err().code(), "passkeys_unavailable");
    }

    async fn the_secret_is_sealed(kind) {
        let house = House::with_people(kind, 1).await;
        let begun = house.people[0].begin_totp("Phone", PASSWORD).await.unwrap();
        house.people[0].finish_totp(&begun.ticket, &App::new(&begun.secret).code()).await.unwrap();
        let raw = data_encoding::BASE32_NOPAD.decode(begun.secret.as_bytes()).unwrap();
        let stored = house.storage().sql(&format!("SELECT {} FROM factors", house.storage().hex("content")));
        assert!(stored.len() > 40 && !stored.contains(&data_encoding::HEXLOWER.encode(&raw)));
        // A secret that is put into another row does not open.
        house.people[0].add_totp("Tablet").await;
        house.storage().sql(
            "UPDATE factors SET content = (SELECT content FROM factors WHERE name = 'Phone') WHERE name = 'Tablet'",
        );
        let step = house.stranger().first_step("ada", PASSWORD, false).await.unwrap();
        let wrong = App::new(&begun.secret).wrong();
        assert_eq!(house.stranger().second_step(&step.ticket, &wrong).await.unwrap_err().status, 500);
    }

    async fn a_code_is_used_once_and_so_is_a_ticket(kind) {
        let house = House::with_people(kind, 1).await;
        let (mut app, _) = house.people[0].add_totp("Phone").await;
        let (first, second) = (
            house.stranger().first_step("ada", PASSWORD, false).await.unwrap(),
            house.stranger().first_step("ada", PASSWORD, false).await.unwrap(),
        );
        let enrolled = app.last_code();
        let replayed = house.stranger().second_step(&first.ticket, &enrolled).await;
        assert_eq!(replayed.unwrap_err().code(), "factor_failed", "the code it was added with is used up");
        let code = app.code();
        let spaced = format!("{} {}", &code[..3], &code[3..]);
        house.stranger().second_step(&first.ticket, &spaced).await.unwrap();
        let replayed = house.stranger().second_step(&second.ticket, &code).await.unwrap_err();
        assert_eq!((replayed.status, replayed.code()), (401, "factor_failed"), "with a ticket of its own");
        app.time_passes(house.storage());
        let spent = house.stranger().second_step(&first.ticket, &app.code()).await.unwrap_err();
        assert_eq!((spent.status, spent.code()), (401, "second_step_over"));
        house.stranger().second_step(&second.ticket, &app.code_of(now())).await.expect("the other ticket is good yet");
    }

    async fn one_code_at_the_same_moment_is_one_session(kind) {
        let house = House::with_people(kind, 1).await;
        let (mut app, _) = house.people[0].add_totp("Phone").await;
        let stranger = house.stranger();
        let mut tickets = Vec::new();
        for _ in 0..4 {
            tickets.push(stranger.first_step("ada", PASSWORD, false).await.unwrap().ticket);
        }
        let code = app.code();
        let tries = tickets.iter().map(|ticket| stranger.second_step(ticket, &code));
        let all = futures_util::future::join_all(tries).await;
        assert_eq!(all.iter().filter(|one| one.is_ok()).count(), 1);
        app.time_passes(house.storage());
        let ticket = stranger.first_step("ada", PASSWORD, false).await.unwrap().ticket;
        let code = app.code();
        let tries = (0..4).map(|_| stranger.second_step(&ticket, &code));
        let all = futures_util::future::join_all(tries).await;
        assert_eq!(all.iter().filter(|one| one.is_ok()).count(), 1, "nor with one ticket");
    }

    async fn wrong_codes_cost_time_and_a_right_password_does_not_give_it_back(kind) {
        let house = House::with_people(kind, 1).await;
        let (mut app, _) = house.people[0].add_totp("Phone").await;
        let stranger = house.stranger();
        let mut last = String::new();
        for number in 0..20 {
            // A new ticket each time: the tries are those of the person.
            let step = stranger.first_step("ada", PASSWORD, false).await.unwrap();
            let refused = stranger.second_step(&step.ticket, &app.wrong()).await.unwrap_err();
            last = refused.code().to_owned();
            assert!(number > 4 || last == "factor_failed", "{number}: {last}");
            if last == "too_many_attempts" {
                assert!(refused.problem.unwrap().retry_after.unwrap() > 0);
                break;
            }
        }
        assert_eq!(last, "too_many_attempts");
        let step = stranger.first_step("ada", PASSWORD, false).await.unwrap();
        let refused = stranger.second_step(&step.ticket, &app.code()).await.unwrap_err();
        assert_eq!((refused.status, refused.code()), (429, "too_many_attempts"), "not even the right one");
        house.storage().sql("UPDATE login_delays SET until = 0");
        app.time_passes(house.storage());
        stranger.second_step(&step.ticket, &app.code()).await.expect("the ticket outlived the wait");
    }

    async fn a_ticket_is_over_when_the_account_is_not_as_it_was(kind) {
        let house = House::with_people(kind, 2).await;
        let ada = &house.people[0];
        let (mut app, _) = ada.add_totp("Phone").await;
        let stranger = house.stranger();
        let step = stranger.first_step("ada", PASSWORD, false).await.unwrap();
        ada.change_password(PASSWORD, OTHER_PASSWORD).await.unwrap();
        let refused = stranger.second_step(&step.ticket, &app.code()).await.unwrap_err();
        assert_eq!((refused.status, refused.code()), (401, "second_step_over"));
        app.time_passes(house.storage());
        let step = stranger.first_step("ada", OTHER_PASSWORD, false).await.unwrap();
        house.admin.suspend(ada.id()).await.unwrap();
        assert_eq!(stranger.second_step(&step.ticket, &app.code()).await.unwrap_err().code(), "suspended");
        house.admin.reinstate(ada.id()).await.unwrap();
        house.admin.remove_factors_of(ada.id()).await.unwrap();
        assert_eq!(stranger.second_step(&step.ticket, &app.code_of(now())).await.unwrap_err().code(), "factor_failed");
        stranger.sign_in("ada", OTHER_PASSWORD).await.expect("nothing is asked for any more");

        for nonsense in ["", "x", &"A".repeat(400), "ÿ"] {
            let refused = stranger.second_step(nonsense, "000000").await.unwrap_err();
            assert_eq!((refused.status, refused.code()), (401, "second_step_over"), "{nonsense:.9}");
        }
        let (mut other, _) = house.people[1].add_totp("Phone").await;
        let begun = house.people[1].begin_totp("Tablet", PASSWORD).await.unwrap();
        let refused = stranger.second_step(&begun.ticket, &other.code()).await.unwrap_err();
        assert_eq!(refused.code(), "second_step_over", "a ticket of another purpose");
    }

    async fn a_ticket_and_a_code_of_somebody_else_open_nothing(kind) {
        let house = House::with_people(kind, 2).await;
        let (ada, bela) = (&house.people[0], &house.people[1]);
        let begun = ada.begin_totp("Phone", PASSWORD).await.unwrap();
        let mut app = App::new(&begun.secret);
        let elsewhere = house.stranger().sign_in("ada", PASSWORD).await.unwrap();
        for other in [bela, &elsewhere] {
            let refused = other.finish_totp(&begun.ticket, &app.code_of(now())).await.unwrap_err();
            assert_eq!((refused.status, refused.code()), (410, "enrolment_over"), "of this person on this device only");
        }
        ada.finish_totp(&begun.ticket, &app.code()).await.unwrap();
        let (mut theirs, factor) = bela.add_totp("Phone").await;
        let step = house.stranger().first_step("ada", PASSWORD, false).await.unwrap();
        assert_eq!(house.stranger().second_step(&step.ticket, &theirs.code()).await.unwrap_err().code(), "factor_failed");
        assert_eq!(ada.remove_factor(factor.id, PASSWORD).await.unwrap_err().code(), "not_found");
        assert_eq!(ada.factors_of(bela.id()).await.unwrap_err().code(), "not_found");
        assert_eq!(ada.remove_factors_of(bela.id()).await.unwrap_err().code(), "not_found");
    }

    async fn the_session_a_browser_had_ends_with_the_second_step_and_not_before(kind) {
        let house = House::with_people(kind, 2).await;
        let (mut app, _) = house.people[1].add_totp("Phone").await;
        // Somebody's own session lies in another's browser and waits for a sign-in.
        let mallory = &house.people[0];
        let mut socket = Client::connect(mallory).await;
        let step = mallory.first_step("bela", PASSWORD, false).await.unwrap();
        mallory.session().await.expect("half a sign-in changes nothing");
        let victim = mallory.second_step(&step.ticket, &app.code()).await.unwrap();
        assert_eq!(victim.id(), house.people[1].id());
        assert_ne!((&victim.cookie, &victim.csrf), (&mallory.cookie, &mallory.csrf));
        assert_eq!(mallory.session().await.unwrap_err().code(), "signed_out");
        socket.wait_for_the_end().await;
    }

    async fn a_reset_link_is_no_way_round(kind) {
        let house = House::with_people(kind, 1).await;
        let ada = &house.people[0];
        let (mut app, _) = ada.add_totp("Phone").await;
        let waiting = house.stranger().first_step("ada", PASSWORD, false).await.unwrap();
        let link = house.admin.reset(ada.id()).await.unwrap();
        let before = Archive::read(house.storage()).count(Kind::SignedIn);
        let step = house.stranger().redeem_link_first(link.url.as_deref().unwrap(), OTHER_PASSWORD).await.unwrap();
        assert_eq!(Archive::read(house.storage()).count(Kind::SignedIn), before, "nobody is signed in");
        assert_eq!(ada.session().await.unwrap_err().code(), "signed_out", "older sessions have ended");
        let over = house.stranger().second_step(&waiting.ticket, &app.code_of(now() + 1)).await.unwrap_err();
        assert_eq!(over.code(), "second_step_over", "a ticket of the old password");
        let fresh = house.stranger().second_step(&step.ticket, &app.code()).await.unwrap();
        assert_eq!(fresh.id(), ada.id());
        house.stranger().first_step("ada", OTHER_PASSWORD, false).await.unwrap();
        assert_eq!(house.stranger().redeem_link_first(link.url.as_deref().unwrap(), PASSWORD).await.unwrap_err().code(), "link_invalid");
    }

    async fn factors_are_removed_with_the_password_or_by_an_administrator(kind) {
        let house = House::with_people(kind, 2).await;
        let ada = &house.people[0];
        let (_, factor) = ada.add_totp("Phone").await;
        let taken = ada.begin_totp("Phone", PASSWORD).await.err().unwrap();
        assert_eq!((taken.status, taken.code()), (409, "factor_name_taken"));
        for number in 1..10 {
            ada.add_totp(&format!("Phone {number}")).await;
        }
        let full = ada.begin_totp("One more", PASSWORD).await.err().unwrap();
        assert_eq!((full.status, full.code()), (409, "factors_full"));
        assert_eq!(ada.remove_factor(factor.id, "not my password").await.unwrap_err().code(), "sign_in_failed");
        ada.remove_factor(factor.id, PASSWORD).await.unwrap();
        assert_eq!(ada.remove_factor(factor.id, PASSWORD).await.unwrap_err().code(), "not_found");
        assert_eq!(house.admin.factors_of(ada.id()).await.unwrap().factors.len(), 9);

        let mut socket = house.connect(0).await;
        house.admin.remove_factors_of(ada.id()).await.unwrap();
        socket.wait_for_the_end().await;
        assert_eq!(ada.session().await.unwrap_err().code(), "signed_out", "removing ends the sessions");
        assert!(house.admin.factors_of(ada.id()).await.unwrap().factors.is_empty());
        house.stranger().sign_in("ada", PASSWORD).await.unwrap();
        let own = house.admin.remove_factors_of(house.admin.id()).await.unwrap_err();
        assert_eq!((own.status, own.code()), (409, "own_account"));
        assert_eq!(Archive::read(house.storage()).count(Kind::FactorRemoved), 10);
    }

    async fn a_passkey_is_added_and_shown(kind) {
        let house = named(kind, 2).await;
        let ada = &house.people[0];
        let (mut key, factor) = ada.add_passkey("Key").await;
        assert_eq!(factor.kind, FactorKind::Passkey);
        assert!(ada.factors().await.unwrap().passkeys);
        let step = house.stranger().first_step("ada", PASSWORD, false).await.unwrap();
        assert!(!step.totp);
        let shown = key.get(step.passkey.as_ref().unwrap());
        let fresh = house.stranger().show_passkey(&step.ticket, shown.clone()).await.unwrap();
        assert_eq!(fresh.id(), ada.id());
        let replayed = house.stranger().show_passkey(&step.ticket, shown.clone()).await.unwrap_err();
        assert_eq!(replayed.code(), "second_step_over");
        let step = house.stranger().first_step("ada", PASSWORD, false).await.unwrap();
        let replayed = house.stranger().show_passkey(&step.ticket, shown).await.unwrap_err();
        assert_eq!((replayed.status, replayed.code()), (401, "factor_failed"), "an answer to another challenge");
        house.stranger().show_passkey(&step.ticket, key.get(step.passkey.as_ref().unwrap())).await.unwrap();

        // With codes beside it either will do.
        let (mut app, _) = ada.add_totp("Phone").await;
        let step = house.stranger().first_step("ada", PASSWORD, false).await.unwrap();
        assert!(step.totp && step.passkey.is_some());
        house.stranger().second_step(&step.ticket, &app.code()).await.unwrap();
        // The same key for another account, or twice for one.
        for person in [ada, &house.people[1]] {
            let begun = person.begin_passkey("Same").await.unwrap();
            let again = person.finish_passkey(&begun.ticket, key.create(&begun.options)).await;
            assert!(["factor_taken", "factor_failed"].contains(&again.unwrap_err().code()));
        }
    }

    async fn a_passkey_that_is_not_shown_as_it_must_be_is_refused(kind) {
        let house = named(kind, 1).await;
        let ada = &house.people[0];
        let (mut key, _) = ada.add_passkey("Key").await;
        type Wrong = fn(&mut Authenticator);
        let wrong: [(&str, Wrong); 6] = [
            ("another origin", |key| key.origin = "https://evil.example".into()),
            ("a subdomain", |key| key.origin = "https://x.chat.example.com".into()),
            ("another port", |key| key.origin = "https://chat.example.com:8443".into()),
            ("another relying party", |key| key.rp_id = Some("example.com".into())),
            ("without user verification", |key| key.verified = false),
            ("another key with the same id", |key| *key = key.forged()),
        ];
        for (what, make) in wrong {
            house.storage().sql("DELETE FROM login_delays");
            let mut bad = key.again();
            make(&mut bad);
            let step = house.stranger().first_step("ada", PASSWORD, false).await.unwrap();
            let shown = bad.get(step.passkey.as_ref().unwrap());
            let refused = house.stranger().show_passkey(&step.ticket, shown).await;
            assert_eq!(refused.err().map(|refusal| refusal.code().to_owned()).as_deref(), Some("factor_failed"), "{what}");
            // The same ticket takes the right one.
            house.stranger().show_passkey(&step.ticket, key.get(step.passkey.as_ref().unwrap())).await.unwrap();
            if what.starts_with("another key") {
                continue;
            }
            let begun = ada.begin_passkey(what).await.unwrap();
            let mut new = Authenticator::new(NAMED);
            make(&mut new);
            let refused = ada.finish_passkey(&begun.ticket, new.create(&begun.options)).await;
            assert_eq!(refused.err().map(|refusal| refusal.code().to_owned()).as_deref(), Some("factor_failed"), "new: {what}");
        }
        let step = house.stranger().first_step("ada", PASSWORD, false).await.unwrap();
        for nonsense in [serde_json::json!({}), serde_json::json!(7), serde_json::json!({"id": "x", "rawId": "!"})] {
            let refused = house.stranger().show_passkey(&step.ticket, nonsense).await.unwrap_err();
            assert_eq!(refused.code(), "factor_failed");
        }
    }

    async fn a_passkey_whose_counter_does_not_grow_is_refused(kind) {
        let house = named(kind, 1).await;
        let ada = &house.people[0];
        let (mut key, _) = ada.add_passkey("Key").await;
        let mut copy = key.again();
        let (first, second) = (
            house.stranger().first_step("ada", PASSWORD, false).await.unwrap(),
            house.stranger().first_step("ada", PASSWORD, false).await.unwrap(),
        );
        house.stranger().show_passkey(&first.ticket, key.get(first.passkey.as_ref().unwrap())).await.unwrap();
        // The ticket is from before the key was shown; what counts is how it is now.
        let refused = house.stranger().show_passkey(&second.ticket, copy.get(second.passkey.as_ref().unwrap())).await;
        assert_eq!(refused.unwrap_err().code(), "factor_failed", "a copy of the key");
        let third = house.stranger().first_step("ada", PASSWORD, false).await.unwrap();
        house.stranger().show_passkey(&third.ticket, key.get(third.passkey.as_ref().unwrap())).await.unwrap();

        // Keys that are kept in several places do not count, and say that they lie in a backup.
        let mut synced = Authenticator::new(NAMED);
        (synced.counter, synced.backed_up) = (None, true);
        let begun = ada.begin_passkey("Synced").await.unwrap();
        ada.finish_passkey(&begun.ticket, synced.create(&begun.options)).await.unwrap();
        for _ in 0..2 {
            let step = house.stranger().first_step("ada", PASSWORD, false).await.unwrap();
            house.stranger().show_passkey(&step.ticket, synced.get(step.passkey.as_ref().unwrap())).await.unwrap();
        }
    }

    async fn as_many_passkeys_as_one_may_have_fit_in_a_sign_in(kind) {
        let house = named(kind, 1).await;
        let mut keys = Vec::new();
        for number in 0..10 {
            keys.push(house.people[0].add_passkey(&format!("Key {number}")).await.0);
        }
        for key in [0, 9] {
            let step = house.stranger().first_step("ada", PASSWORD, true).await.unwrap();
            let shown = keys[key].get(step.passkey.as_ref().unwrap());
            house.stranger().show_passkey(&step.ticket, shown).await.unwrap();
        }
        let used = house.people[0].factors().await.unwrap().factors;
        let used: Vec<bool> = used.iter().map(|factor| factor.last_used_at.is_some()).collect();
        assert_eq!((used[0], used[9], used.iter().filter(|used| **used).count()), (true, true, 2));
    }

    async fn a_directory_is_no_way_round_for_an_account_with_second_factors(kind) {
        let house = House::with_people(kind, 0).await;
        let slapd = company();
        let mut form = ldap("Head office", slapd.settings(), slapd::READER.1);
        form.form.admission.link = Linking::Username;
        let source = house.admin.make_source(&form).await.unwrap();
        let nora = house.invite_and_redeem("alice", &[Role::Employee]).await;
        house.stranger().sign_in("alice", "alice-password").await.expect("found by user name");
        let (mut app, _) = nora.add_totp("Phone").await;
        let step = house.stranger().first_step("alice", "alice-password", false).await.unwrap();
        let fresh = house.stranger().second_step(&step.ticket, &app.code()).await.unwrap();
        assert_eq!(fresh.id(), nora.id());
        // Switched off between the steps, the directory has let nobody in; switched on again, it has.
        let step = house.stranger().first_step("alice", "alice-password", false).await.unwrap();
        for enabled in [false, true] {
            form.form.enabled = enabled;
            house.admin.change_source(source, &form).await.unwrap();
            app.time_passes(house.storage());
            let second = house.stranger().second_step(&step.ticket, &app.code()).await;
            assert_eq!(second.err().map(|refused| refused.code().to_owned()), (!enabled).then(|| "second_step_over".to_owned()));
        }
        let step = house.stranger().first_step("alice", "alice-password", false).await.unwrap();
        house.storage().sql("DELETE FROM identities");
        app.time_passes(house.storage());
        let refused = house.stranger().second_step(&step.ticket, &app.code()).await.unwrap_err();
        assert_eq!(refused.code(), "second_step_over", "the directory speaks for the account no more");
    }

    async fn guessing_from_outside_delays_devices_nobody_knows_and_not_the_owners(kind) {
        let house = House::with_people(kind, 2).await;
        let laptop = house.stranger().sign_in("ada", PASSWORD).await.unwrap();
        laptop.sign_out().await.unwrap();
        while house.stranger().sign_in("ada", "a wild guess").await.unwrap_err().code() != "too_many_attempts" {}
        let refused = house.stranger().sign_in("ada", PASSWORD).await.unwrap_err();
        assert_eq!((refused.status, refused.code()), (429, "too_many_attempts"), "a device nobody knows");
        laptop.same_device().sign_in("ada", PASSWORD).await.expect("the owner's own device");
        let mut of_another = house.people[1].same_device();
        assert_eq!(of_another.sign_in("ada", PASSWORD).await.unwrap_err().status, 429, "of somebody else");
        of_another.device = Some("A".repeat(200));
        assert_eq!(of_another.sign_in("ada", PASSWORD).await.unwrap_err().status, 429, "made up");
        // A device that is known has its own count.
        while laptop.same_device().sign_in("ada", "a wild guess").await.unwrap_err().status != 429 {}
        assert_eq!(laptop.same_device().sign_in("ada", PASSWORD).await.unwrap_err().status, 429);
    }

    async fn a_device_that_is_wrong_too_often_or_of_an_old_password_is_a_stranger(kind) {
        let house = House::with_people(kind, 1).await;
        let laptop = house.stranger().sign_in("ada", PASSWORD).await.unwrap();
        laptop.sign_out().await.unwrap();
        for _ in 0..20 {
            house.storage().sql("UPDATE login_delays SET until = 0");
            let wrong = laptop.same_device().sign_in("ada", "a wild guess").await.unwrap_err();
            assert_eq!(wrong.code(), "sign_in_failed");
        }
        house.storage().sql("DELETE FROM login_delays");
        while house.stranger().sign_in("ada", "a wild guess").await.unwrap_err().status != 429 {}
        assert_eq!(laptop.same_device().sign_in("ada", PASSWORD).await.unwrap_err().status, 429, "known no more");
        house.storage().sql("DELETE FROM login_delays");
        let laptop = laptop.same_device().sign_in("ada", PASSWORD).await.unwrap();
        while house.stranger().sign_in("ada", "a wild guess").await.unwrap_err().status != 429 {}
        let again = laptop.same_device().sign_in("ada", PASSWORD).await.expect("known again");
        again.change_password(PASSWORD, OTHER_PASSWORD).await.unwrap();
        let old = again.same_device().sign_in("ada", OTHER_PASSWORD).await.unwrap_err();
        assert_eq!(old.status, 429, "what it was known by is of the old password");
    }
}
