//! Several servers: the first that can be used is.

use crate::directory::ldap::{Fault, Settings};

use super::scripted::{Scripted, result, tag_of_answer};
use super::{NOW, attempts, client, plain, refused};
use chancery_tests::process::free_port;
use chancery_tests::slapd::{READER, shared};

fn before(first: String) -> Settings {
    let mut settings = shared().settings();
    settings.servers.insert(0, first);
    settings.connect_timeout_ms = 2_000;
    settings
}

#[tokio::test]
async fn a_dead_a_silent_and_an_unknown_server_are_passed_over() {
    let silent = Scripted::silent().await;
    for first in [
        format!("ldap://127.0.0.1:{}", free_port()),
        format!("ldap://{}", silent.address),
        "ldap://no-such-host.invalid".to_owned(),
    ] {
        let settings = before(first.clone());
        let second = settings.servers[1].clone();
        let people = client(settings, READER.1).people(false, NOW).await.unwrap();
        assert_eq!(people.server(), Some(second.as_str()), "{first}");
    }
    assert_eq!(silent.connections(), 1);
}

#[tokio::test]
async fn a_server_that_is_shutting_down_is_passed_over() {
    let busy = Scripted::answering(|id, tag, _| Some(result(id, tag_of_answer(tag), 52, "", &[]))).await;
    let settings = before(format!("ldap://{}", busy.address));
    let second = settings.servers[1].clone();
    assert_eq!(client(settings, READER.1).people(false, NOW).await.unwrap().server(), Some(second.as_str()));
}

#[tokio::test]
async fn when_none_can_be_used_each_is_told_with_its_reason() {
    let silent = Scripted::silent().await;
    let mut settings = before(format!("ldap://{}", silent.address));
    settings.connect_timeout_ms = 100;
    settings.servers[1] = format!("ldap://127.0.0.1:{}", free_port());
    settings.servers.push("ldap://no-such-host.invalid".to_owned());
    let error = refused(settings.clone(), READER.1).await;
    let text = error.to_string();
    let attempts = attempts(error);
    let codes: Vec<&str> = attempts.iter().map(|attempt| attempt.fault.code()).collect();
    assert_eq!(codes[..2], ["timed_out", "not_connected"]);
    assert!(matches!(codes[2], "not_resolved" | "timed_out"), "{codes:?}");
    assert!(attempts.iter().map(|attempt| &attempt.server).eq(&settings.servers));
    assert!(!text.contains(READER.1), "{text}");
}

#[tokio::test]
async fn a_wrong_password_is_tried_at_one_server_only() {
    let first = Scripted::answering(|id, tag, _| Some(result(id, tag_of_answer(tag), 49, "no", &[]))).await;
    let second = Scripted::silent().await;
    let mut settings = plain(shared().settings(), first.address.port());
    settings.bind_dn = READER.0.to_owned();
    settings.servers.push(format!("ldap://{}", second.address));
    let error = refused(settings, "wrong").await;
    assert!(matches!(error.fault, Fault::BindRefused { code: 49, .. }), "{error:?}");
    assert_eq!(error.server, Some(format!("ldap://127.0.0.1:{}", first.address.port())));
    assert_eq!(second.connections(), 0);
}

#[tokio::test]
async fn without_encryption_only_this_machine_is_spoken_to() {
    let mut settings = plain(shared().settings(), 389);
    settings.servers = vec!["ldap://192.0.2.1".to_owned()];
    let problems = crate::directory::ldap::Client::new(settings, None).err().unwrap();
    assert_eq!(problems[0].code, "server_in_clear");
}
