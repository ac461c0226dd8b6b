//! Somebody a provider writes of and another source has too: they come in there, and whoever suspended them lets them in again.

use chancery_protocol::accounts::AccountState;
use chancery_protocol::sources::{Linking, ScimSettings, SetSource};
use chancery_tests::house::House;
use chancery_tests::on_both_databases;
use chancery_tests::scim::{Provider, scim};
use chancery_tests::sign_on::at_oidc_provider;
use chancery_tests::visitor::Visitor;
use reqwest::Method;
use serde_json::{Value, json};

use crate::directory_sign_in::company;
use crate::directory_sync::{NOW, delete, read, source};
use crate::single_sign_on::{back_page, sign_in, with_provider};

on_both_databases! {
    async fn whoever_is_written_of_signs_in_at_the_linked_provider(kind) {
        let house = House::with_people(kind, 1).await;
        let admin = &house.admin;
        let (_running, at) = with_provider(&house).await;
        // Nobody gets an account by merely signing in.
        let mut form = admin.source(at).await.unwrap().form;
        form.admission.create = false;
        let secret = Some(chancery_tests::oidc_provider::SECRET.to_owned());
        admin.change_source(at, &SetSource { form, secret, was: None }).await.unwrap();
        let writes = admin.make_source(&scim("Writes", ScimSettings { linked_provider: Some(at) })).await.unwrap();
        let scim = Provider::of(admin, writes).await;
        let refused = async || {
            let stranger = house.stranger();
            let under_way = stranger.begin_sign_in(at, "/chats").await.unwrap();
            let back = at_oidc_provider(&mut Visitor::new(), &under_way.url, "alice", &back_page(&house)).await;
            stranger.finish_sign_in(&under_way.cookie, &back).await.err().map(|refusal| refusal.code().to_owned())
        };
        assert_eq!(refused().await.as_deref(), Some("not_admitted"));
        let id = scim.make("/Users", json!({"userName": "a.adams@example.com", "displayName": "Alice A.", "externalId": "alice"})).await;
        let (alice, _) = sign_in(&house, at, "alice").await;
        assert_eq!((alice.id().to_string(), alice.me.as_ref().unwrap().username.as_str()), (id.clone(), "a.adams"));
        let place = format!("/Users/{id}");
        assert_eq!(scim.patch(&place, json!([{"op": "replace", "value": {"active": false}}])).await.status, 200);
        assert_eq!(alice.session().await.err().unwrap().code(), "signed_out");
        assert_eq!(refused().await.as_deref(), Some("suspended"));
        assert_eq!(scim.patch(&place, json!([{"op": "replace", "value": {"active": true}}])).await.status, 200);
        assert_eq!(sign_in(&house, at, "alice").await.0.id(), alice.id());
    }

    async fn a_directory_does_not_undo_what_a_provider_says(kind) {
        let house = House::with_people(kind, 1).await;
        let slapd = company();
        let directory = source(&house, &slapd).await;
        let admin = &house.admin;
        read(admin, directory, NOW).await;
        let mut form = scim("Our provider", ScimSettings::default());
        form.form.admission.link = Linking::Username;
        let scim = Provider::of(admin, admin.make_source(&form).await.unwrap()).await;
        let id = scim.make("/Users", json!({"userName": "alice@example.com", "displayName": "Alice Adams"})).await;
        let (place, person) = (format!("/Users/{id}"), id.parse().unwrap());
        let state = async || admin.account(person).await.unwrap().state;
        assert_eq!(admin.account(person).await.unwrap().person.username, "alice");
        house.stranger().sign_in("alice", "alice-password").await.unwrap();

        let active = async |active: bool| {
            let said = scim.patch(&place, json!([{"op": "replace", "path": "active", "value": active}])).await;
            assert_eq!(said.status, 200, "{}", said.body);
            said.body["active"].as_bool()
        };
        assert_eq!(active(false).await, Some(false));
        let run = read(admin, directory, NOW).await;
        assert_eq!((run.sync.counts.left_alone, run.sync.counts.reinstated), (1, 0));
        assert_eq!(house.stranger().sign_in("alice", "alice-password").await.err().unwrap().code(), "suspended");
        assert_eq!(active(true).await, Some(true));
        house.stranger().sign_in("alice", "alice-password").await.unwrap();

        // Taken away there, they are out, although the directory has them still.
        assert_eq!(scim.call(Method::DELETE, &place, Value::Null).await.status, 204);
        assert_eq!(read(admin, directory, NOW).await.sync.counts.left_alone, 1);
        assert_eq!(state().await, AccountState::Suspended);
        assert_eq!(scim.make("/Users", json!({"userName": "alice@example.com", "displayName": "Alice Adams"})).await, id);
        assert_eq!(state().await, AccountState::Active);
        // Gone in the directory while the provider has them: whoever has them counts.
        delete(&slapd, &["alice"]);
        assert_eq!(read(admin, directory, NOW).await.sync.counts.suspended, 0);
        assert_eq!(state().await, AccountState::Active);
    }
}
