//! Accounts: the set-up link, invitations, resets, signing in, suspending.

use chancery_protocol::http::LinkKind;
use chancery_protocol::person::Role;
use chancery_tests::client::Client;
use chancery_tests::database::Storage;
use chancery_tests::house::{House, PASSWORD};
use chancery_tests::http::Caller;
use chancery_tests::on_both_databases;
use chancery_tests::server::{Plan, Server};

const OTHER_PASSWORD: &str = "another long password";

on_both_databases! {
    async fn the_set_up_link_works_once(kind) {
        let mut server = Server::start(Plan::new(&Storage::new(kind))).await;
        let stranger = Caller::stranger(&server.address(), server.public_url());
        let link = server.setup_link().await;
        assert!(link.starts_with(&format!("{}/link#", server.public_url())), "{link}");
        let info = stranger.inspect_link(&link).await.unwrap();
        assert_eq!((info.kind, info.person), (LinkKind::Setup, None));

        let too_short = stranger.set_up(&link, "root", "Rita Root", "short").await.unwrap_err();
        assert_eq!(too_short.code(), "password_too_short");
        let admin = stranger.set_up(&link, "root", "Rita Root", PASSWORD).await.unwrap();
        let session = admin.session().await.unwrap();
        assert!(session.roles.contains(&Role::ItAdmin), "{:?}", session.roles);

        let again = stranger.set_up(&link, "other", "Otto Other", PASSWORD).await.unwrap_err();
        assert_eq!((again.status, again.code()), (410, "link_invalid"));
        assert_eq!(stranger.inspect_link(&link).await.unwrap_err().code(), "link_invalid");

        server.stop().await;
        server.start_again().await;
        assert!(!server.stdout().contains("Set-up link"), "a house with people prints no set-up link");
    }

    async fn a_set_up_link_of_a_later_start_replaces_the_earlier_one(kind) {
        let mut server = Server::start(Plan::new(&Storage::new(kind))).await;
        let first = server.setup_link().await;
        server.stop().await;
        server.start_again().await;
        let second = server.setup_link().await;
        assert_ne!(first, second);
        let stranger = Caller::stranger(&server.address(), server.public_url());
        assert_eq!(stranger.inspect_link(&first).await.unwrap_err().code(), "link_invalid");
        stranger.set_up(&second, "root", "Rita Root", PASSWORD).await.unwrap();
    }

    async fn an_invitation_lets_somebody_choose_a_password_once(kind) {
        let house = House::with_people(kind, 0).await;
        let invited = house.admin.invite("nora", "Nora New", &[Role::Employee]).await.unwrap();
        let stranger = house.stranger();
        let info = stranger.inspect_link(invited.link.url.as_deref().unwrap()).await.unwrap();
        assert_eq!(info.kind, LinkKind::Invitation);
        assert_eq!(info.person.unwrap().name, "Nora New");
        assert_eq!(stranger.sign_in("nora", PASSWORD).await.unwrap_err().code(), "sign_in_failed");

        let nora = stranger.redeem_link(invited.link.url.as_deref().unwrap(), PASSWORD).await.unwrap();
        assert_eq!(nora.id(), invited.id);
        let again = stranger.redeem_link(invited.link.url.as_deref().unwrap(), OTHER_PASSWORD).await.unwrap_err();
        assert_eq!((again.status, again.code()), (410, "link_invalid"));
        stranger.sign_in("nora", PASSWORD).await.unwrap();
    }

    async fn a_reset_link_replaces_the_password_and_ends_the_sessions(kind) {
        let house = House::with_people(kind, 1).await;
        let ada = &house.people[0];
        let first = house.admin.reset(ada.id()).await.unwrap();
        let second = house.admin.reset(ada.id()).await.unwrap();
        let stranger = house.stranger();
        let superseded = stranger.inspect_link(first.url.as_deref().unwrap()).await.unwrap_err();
        assert_eq!(superseded.code(), "link_invalid", "only the newest link counts");
        assert_eq!(stranger.inspect_link(second.url.as_deref().unwrap()).await.unwrap().kind, LinkKind::Reset);

        let fresh = stranger.redeem_link(second.url.as_deref().unwrap(), OTHER_PASSWORD).await.unwrap();
        assert_eq!(fresh.id(), ada.id());
        assert_eq!(ada.session().await.unwrap_err().code(), "signed_out", "older sessions have ended");
        assert_eq!(stranger.sign_in("ada", PASSWORD).await.unwrap_err().code(), "sign_in_failed");
        stranger.sign_in("ada", OTHER_PASSWORD).await.unwrap();
    }

    async fn an_expired_link_is_refused(kind) {
        let house = House::with_people(kind, 0).await;
        let invited = house.admin.invite("nora", "Nora New", &[Role::Employee]).await.unwrap();
        house.storage().sql("UPDATE links SET expires_at = 1 WHERE used_at IS NULL");
        let stranger = house.stranger();
        let refused = stranger.inspect_link(invited.link.url.as_deref().unwrap()).await.unwrap_err();
        assert_eq!((refused.status, refused.code()), (410, "link_invalid"));
        let refused = stranger.redeem_link(invited.link.url.as_deref().unwrap(), PASSWORD).await.unwrap_err();
        assert_eq!(refused.code(), "link_invalid");
        let nonsense = stranger.redeem_link("never-issued", PASSWORD).await.unwrap_err();
        assert_eq!(nonsense.code(), "link_invalid");
    }

    async fn a_new_password_ends_the_other_sessions(kind) {
        let house = House::with_people(kind, 1).await;
        let ada = &house.people[0];
        let other = house.stranger().sign_in("ada", PASSWORD).await.unwrap();
        let wrong = ada.change_password("not my password", OTHER_PASSWORD).await.unwrap_err();
        assert_eq!(wrong.code(), "sign_in_failed");
        let short = ada.change_password(PASSWORD, "short").await.unwrap_err();
        assert_eq!((short.status, short.code()), (422, "password_too_short"));
        ada.change_password(PASSWORD, OTHER_PASSWORD).await.unwrap();
        ada.session().await.unwrap();
        assert_eq!(other.session().await.unwrap_err().code(), "signed_out");
        house.stranger().sign_in("ada", OTHER_PASSWORD).await.unwrap();
    }

    async fn a_wrong_password_a_wrong_name_and_a_suspended_account_look_alike(kind) {
        let house = House::with_people(kind, 2).await;
        house.admin.suspend(house.people[1].id()).await.unwrap();
        house.admin.invite("nora", "Nora New", &[Role::Employee]).await.unwrap();
        let mut answers = Vec::new();
        for (name, password) in [
            ("ada", "not her password"),
            ("nobody-of-that-name", PASSWORD),
            ("bela", "not his password"),
            ("nora", PASSWORD),
        ] {
            answers.push(house.stranger().sign_in(name, password).await.unwrap_err());
        }
        assert_eq!(answers[0].status, 401);
        assert_eq!(answers[0].code(), "sign_in_failed");
        for answer in &answers {
            assert_eq!(answer, &answers[0]);
        }
        // Only who knows the password learns that the account is suspended.
        let told = house.stranger().sign_in("bela", PASSWORD).await.unwrap_err();
        assert_eq!((told.status, told.code()), (403, "suspended"));
    }

    async fn guessing_is_slowed_down_and_then_refused(kind) {
        let house = House::with_people(kind, 1).await;
        let mut refused = None;
        for _ in 0..20 {
            let answer = house.stranger().sign_in("ada", "not her password").await.unwrap_err();
            if answer.code() != "sign_in_failed" {
                refused = Some(answer);
                break;
            }
        }
        let refused = refused.expect("twenty guesses in a row were all heard");
        assert_eq!((refused.status, refused.code()), (429, "too_many_attempts"));
        assert!(refused.problem.unwrap().retry_after.is_some_and(|seconds| seconds > 0));
        let right = house.stranger().sign_in("ada", PASSWORD).await.unwrap_err();
        assert_eq!(right.code(), "too_many_attempts", "while waiting the right password is not heard either");
        house.stranger().sign_in("root", PASSWORD).await.expect("others are not concerned");
        house.people[0].session().await.expect("sessions that exist are not concerned");
    }

    async fn suspending_closes_sockets_and_ends_sessions_until_reinstated(kind) {
        let house = House::with_people(kind, 2).await;
        let mut bela = house.connect(1).await;
        let mut second_device = Client::connect(&house.stranger().sign_in("bela", PASSWORD).await.unwrap()).await;
        house.admin.suspend(house.people[1].id()).await.unwrap();
        for socket in [&mut bela, &mut second_device] {
            socket.wait_for_the_end().await;
            assert_eq!(socket.goodbye, Some(chancery_protocol::frame::Goodbye::Suspended));
            assert_eq!(socket.close_code, Some(4002));
        }
        assert_eq!(house.people[1].session().await.unwrap_err().status, 401);
        assert_eq!(Client::try_connect(&house.people[1]).await.err().unwrap().status, Some(401));

        house.admin.reinstate(house.people[1].id()).await.unwrap();
        assert_eq!(house.people[1].session().await.unwrap_err().status, 401, "old sessions stay ended");
        let back = house.stranger().sign_in("bela", PASSWORD).await.unwrap();
        Client::connect(&back).await;
    }

    async fn the_last_administrator_stays_and_nobody_suspends_themselves(kind) {
        let house = House::with_people(kind, 1).await;
        let own = house.admin.suspend(house.admin.id()).await.unwrap_err();
        assert_eq!((own.status, own.code()), (409, "own_account"));
        let last = house.admin.set_roles(house.admin.id(), &[Role::Employee]).await.unwrap_err();
        assert_eq!(last.status, 409, "{last:?}");
        assert!(["last_admin", "own_account"].contains(&last.code()), "{last:?}");
        let second = house.invite_and_redeem("second-admin", &[Role::Employee, Role::ItAdmin]).await;
        second.set_roles(house.admin.id(), &[Role::Employee]).await.unwrap();
        assert_eq!(house.admin.accounts().await.unwrap_err().status, 404, "roles count at once");
    }

    async fn user_names_are_unique_and_plain(kind) {
        let house = House::with_people(kind, 1).await;
        let taken = house.admin.invite("ada", "Another Ada", &[Role::Employee]).await.unwrap_err();
        assert_eq!((taken.status, taken.code()), (409, "username_taken"));
        let folded = house.admin.invite("ADA", "Another Ada", &[Role::Employee]).await.unwrap_err();
        assert_eq!(folded.code(), "username_taken", "capitals make no other name");
        for invalid in ["", "a b", "a@b", "ä", &"x".repeat(65)] {
            let refused = house.admin.invite(invalid, "Somebody", &[Role::Employee]).await.unwrap_err();
            assert_eq!((refused.status, refused.code()), (422, "username_invalid"), "{invalid:?}");
        }
        let nameless = house.admin.invite("nora", " ", &[Role::Employee]).await.unwrap_err();
        assert_eq!(nameless.code(), "name_empty");
        assert_eq!(house.admin.accounts().await.unwrap().accounts.len(), 2);
    }
}
