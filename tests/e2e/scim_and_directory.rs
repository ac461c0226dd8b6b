//! Somebody a provider writes of and a directory has too: whoever suspended them lets them in again.

use chancery_protocol::accounts::AccountState;
use chancery_protocol::sources::{Linking, ScimSettings};
use chancery_tests::house::House;
use chancery_tests::on_both_databases;
use chancery_tests::scim::{Provider, scim};
use reqwest::Method;
use serde_json::{Value, json};

use crate::directory_sign_in::company;
use crate::directory_sync::{NOW, delete, read, source};

on_both_databases! {
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
