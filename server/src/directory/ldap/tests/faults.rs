//! What real servers never do, done by scripted ones.

use std::panic;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::directory::ldap::{Encryption, Fault, Kind, NotSignedIn, Settings};
use crate::ground::config::Secret;

use super::scripted::{BIND, EXTENDED, SEARCH, Scripted, element, entry, message, result, tag_of_answer};
use super::{NOW, client, plain, refused};
use chancery_tests::certificates::authority;
use chancery_tests::slapd::READER;

fn start_tls(port: u16) -> Settings {
    let mut settings = settings();
    settings.servers = vec![format!("ldap://127.0.0.1:{port}")];
    settings.encryption = Encryption::StartTls;
    settings.bind_dn = READER.0.to_owned();
    settings.authorities = authority().pem();
    settings
}

fn settings() -> Settings {
    let mut settings = Settings::of(Kind::OpenLdap);
    settings.people.base = "dc=x".to_owned();
    settings
}

async fn first_page(settings: Settings) -> Fault {
    client(settings, "").people(false, NOW).await.unwrap().next().await.unwrap_err().fault
}

#[tokio::test]
async fn a_refused_or_garbled_start_tls_ends_the_line_before_any_password() {
    type Answer = fn(u8) -> Option<Vec<u8>>;
    let refusing: [(Answer, &str); 9] = [
        (|id| Some(result(id, 0x78, 2, "unsupported extended operation", &[])), "start_tls_refused"),
        (|id| Some(result(id, 0x78, 52, "no TLS", &[])), "start_tls_refused"),
        (|_| Some(result(0, 0x78, 52, "notice of disconnection", &[])), "start_tls_refused"),
        (|id| Some(result(id + 1, 0x78, 0, "", &[])), "protocol"),
        (|id| Some(result(id, 0x61, 0, "", &[])), "protocol"),
        (|_| Some(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()), "protocol"),
        (|_| Some([&[0x30, 0x84, 0x7f, 0xff, 0xff, 0xff][..], &[0x30; 64]].concat()), "too_much"),
        (|_| Some(element(0x30, &[0x30; 300])), "protocol"),
        (|_| None, "closed"),
    ];
    for (at, (answer, code)) in refusing.into_iter().enumerate() {
        let server = Scripted::answering(move |id, _, _| answer(id)).await;
        let error = refused(start_tls(server.address.port()), READER.1).await;
        assert_eq!(error.code(), code, "{at}: {error}");
        assert_eq!(server.asked(), [EXTENDED], "{at}");
    }
}

#[tokio::test]
async fn what_was_slipped_in_before_tls_is_not_taken_for_an_answer() {
    // Success, and in the same breath an answer to a bind that is still to come.
    let server = Scripted::answering(|id, tag, _| {
        let more = if tag == EXTENDED { result(id + 1, 0x61, 0, "", &[]) } else { Vec::new() };
        Some([result(id, tag_of_answer(tag), 0, "", &[]), more].concat())
    })
    .await;
    let error = refused(start_tls(server.address.port()), READER.1).await;
    assert_eq!(error.code(), "tls_failed", "{error}");
    assert!(!server.asked().contains(&BIND));
}

#[tokio::test]
async fn a_port_that_does_not_speak_tls_is_told() {
    let server = Scripted::answering(|_, _, _| None).await;
    let settings = Settings {
        servers: vec![format!("ldaps://127.0.0.1:{}", server.address.port())],
        encryption: Encryption::Ldaps,
        ..start_tls(0)
    };
    assert_eq!(refused(settings, READER.1).await.code(), "tls_failed");
}

#[tokio::test]
async fn silence_ends_in_time_at_every_step() {
    let server = Scripted::silent().await;
    let port = server.address.port();
    let quick =
        |settings: Settings| Settings { connect_timeout_ms: 100, operation_timeout_ms: 100, ..settings };
    let doing = |fault: Fault| match fault {
        Fault::TimedOut { doing } => doing,
        other => panic!("{other:?}"),
    };
    let error = refused(quick(start_tls(port)), READER.1).await;
    assert_eq!(doing(error.fault), "asking for StartTLS");
    let ldaps = Settings {
        servers: vec![format!("ldaps://127.0.0.1:{port}")],
        encryption: Encryption::Ldaps,
        ..start_tls(port)
    };
    assert_eq!(doing(refused(quick(ldaps), READER.1).await.fault), "agreeing on TLS");
    let bind = Settings { bind_dn: "cn=a".to_owned(), ..plain(settings(), port) };
    assert_eq!(doing(refused(quick(bind), "secret").await.fault), "signing in");
    assert_eq!(doing(first_page(quick(plain(settings(), port))).await), "searching");
}

#[tokio::test]
async fn a_drip_of_entries_does_not_stretch_the_time() {
    // Each question is answered with one entry and never with an end.
    let server = Scripted::answering(|id, _, _| Some(entry(id, "cn=a", &[]))).await;
    let settings = Settings { operation_timeout_ms: 100, ..plain(settings(), server.address.port()) };
    assert_eq!(first_page(settings).await, Fault::TimedOut { doing: "searching" });
}

#[tokio::test]
async fn referrals_are_reported_and_nobody_goes_there() {
    let elsewhere = Scripted::silent().await;
    let url = format!("ldap://{}/dc=x", elsewhere.address);
    let to = url.clone();
    let server = Scripted::answering(move |id, tag, _| {
        let referral = element(0xa3, &element(4, to.as_bytes()));
        Some(result(id, tag_of_answer(tag), 10, "", &referral))
    })
    .await;
    let port = server.address.port();
    assert_eq!(first_page(plain(settings(), port)).await, Fault::Referral { to: vec![url.clone()] });
    let bind = Settings { bind_dn: "cn=a".to_owned(), ..plain(settings(), port) };
    assert_eq!(refused(bind, "secret").await.fault, Fault::Referral { to: vec![url.clone()] });
    let signed = client(plain(settings(), port), "").sign_in("ada", &Secret::new("pw"), NOW).await;
    let Err(NotSignedIn::Failed(error)) = signed else { panic!("{signed:?}") };
    assert_eq!(error.fault, Fault::Referral { to: vec![url] });
    assert_eq!(elsewhere.connections(), 0);
}

#[tokio::test]
async fn references_among_entries_are_remembered_and_nobody_goes_there() {
    let elsewhere = Scripted::silent().await;
    let url = format!("ldap://{}/dc=x", elsewhere.address);
    let to = url.clone();
    let server = Scripted::answering(move |id, _, _| {
        let reference = message(id, &element(0x73, &element(4, to.as_bytes())));
        let person =
            entry(id, "uid=ada,dc=x", &[("entryUUID", &[b"1"]), ("uid", &[b"ada"]), ("cn", &[b"Ada"])]);
        Some([reference, person, result(id, 0x65, 0, "", &[])].concat())
    })
    .await;
    let mut people = client(plain(settings(), server.address.port()), "").people(false, NOW).await.unwrap();
    let page = people.next().await.unwrap().unwrap();
    assert_eq!(page.items.len(), 1);
    assert_eq!(people.references(), [url]);
    assert!(people.next().await.unwrap().is_none());
    assert_eq!(elsewhere.connections(), 0);
}

#[tokio::test]
async fn what_the_server_says_about_a_search_is_told_apart() {
    for (code, expected) in [
        (1, "refused"),
        (3, "time_limit"),
        (4, "size_limit"),
        (11, "size_limit"),
        (12, "no_pages"),
        (32, "base_not_found"),
        (34, "base_is_no_dn"),
        (50, "no_access"),
        (51, "busy"),
        (52, "busy"),
        (53, "refused"),
    ] {
        let server = Scripted::answering(move |id, _, _| Some(result(id, 0x65, code, "no", &[]))).await;
        assert_eq!(first_page(plain(settings(), server.address.port())).await.code(), expected, "{code}");
    }
    let server = Scripted::answering(|_, _, _| None).await;
    assert_eq!(first_page(plain(settings(), server.address.port())).await, Fault::Closed);
}

#[tokio::test]
async fn a_server_that_ignores_the_size_of_a_page_is_stopped() {
    let server = Scripted::answering(|id, _, _| {
        let many: Vec<u8> = (0..20).flat_map(|n| entry(id, &format!("cn={n}"), &[])).collect();
        Some([many, result(id, 0x65, 0, "", &[])].concat())
    })
    .await;
    let settings = Settings { page_size: 10, ..plain(settings(), server.address.port()) };
    assert_eq!(first_page(settings).await.code(), "too_much");
}

/// The end of a page after which there is another one.
fn page_end(id: u8) -> Vec<u8> {
    let value = element(0x30, &[&[2, 1, 0], &element(4, b"more")[..]].concat());
    let oid = element(4, b"1.2.840.113556.1.4.319");
    let controls = element(0xa0, &element(0x30, &[oid, element(4, &value)].concat()));
    let done = element(0x65, &[0x0a, 1, 0, 4, 0, 4, 0]);
    message(id, &[done, controls].concat())
}

#[tokio::test]
async fn empty_pages_without_end_are_an_error() {
    let server = Scripted::answering(|id, _, _| (id < 100).then(|| page_end(id))).await;
    let fault = first_page(plain(settings(), server.address.port())).await;
    // The scripted server has no more numbers; a real one would go on.
    assert_eq!(fault, Fault::Closed);
    assert!(server.asked().len() > 90);
}

#[tokio::test]
async fn a_line_that_breaks_between_pages_is_an_error_and_not_the_end() {
    let server = Scripted::answering(|id, _, _| {
        let person =
            entry(id, "uid=ada,dc=x", &[("entryUUID", &[b"1"]), ("uid", &[b"ada"]), ("cn", &[b"Ada"])]);
        (id == 1).then(|| [person, page_end(id)].concat())
    })
    .await;
    let mut people = client(plain(settings(), server.address.port()), "").people(false, NOW).await.unwrap();
    assert_eq!(people.next().await.unwrap().unwrap().items.len(), 1);
    assert_eq!(people.next().await.unwrap_err().fault, Fault::Closed);
    assert!(people.next().await.unwrap().is_none());
}

#[tokio::test]
async fn a_message_beyond_all_measure_is_not_waited_for() {
    let server = Scripted::answering(|_, _, _| Some(vec![0x30, 0x84, 0x7f, 0xff, 0xff, 0xff])).await;
    assert_eq!(first_page(plain(settings(), server.address.port())).await.code(), "too_much");
}

#[tokio::test]
async fn a_notice_of_disconnection_is_the_end_of_the_line() {
    let server = Scripted::answering(|_, _, _| Some(result(0, 0x78, 52, "going down", &[]))).await;
    assert_eq!(first_page(plain(settings(), server.address.port())).await, Fault::Closed);
}

/// As Active Directory does with more than 1,500 members.
#[tokio::test]
async fn a_list_of_members_that_is_cut_is_read_to_its_end() {
    let server = Scripted::answering(|id, _, content| {
        let asks = |word: &[u8]| content.windows(word.len()).any(|window| window == word);
        let group: &[(&str, &[&[u8]])] = if asks(b"member;range=2-*") {
            &[("member;range=2-3", &[b"cn=c", b"cn=d"])]
        } else if asks(b"member;range=4-*") {
            &[("member;range=4-*", &[b"cn=e"])]
        } else {
            &[
                ("entryUUID", &[b"1"]),
                ("cn", &[b"big"]),
                ("member", &[]),
                ("member;range=0-1", &[b"cn=a", b"cn=b"]),
            ]
        };
        Some([entry(id, "cn=big,dc=x", group), result(id, 0x65, 0, "", &[])].concat())
    })
    .await;
    let mut settings = plain(settings(), server.address.port());
    settings.groups.base = "dc=x".to_owned();
    let page = client(settings, "").groups().await.unwrap().next().await.unwrap().unwrap();
    assert_eq!(page.items[0].members, ["cn=a", "cn=b", "cn=c", "cn=d", "cn=e"]);
}

#[tokio::test]
async fn a_list_of_members_that_goes_round_is_an_error() {
    let server = Scripted::answering(|id, _, _| {
        let group: &[(&str, &[&[u8]])] =
            &[("entryUUID", &[b"1"]), ("cn", &[b"big"]), ("member;range=0-1", &[b"cn=a", b"cn=b"])];
        Some([entry(id, "cn=big,dc=x", group), result(id, 0x65, 0, "", &[])].concat())
    })
    .await;
    let mut settings = plain(settings(), server.address.port());
    settings.groups.base = "dc=x".to_owned();
    let error = client(settings, "").groups().await.unwrap().next().await.unwrap_err();
    assert_eq!(error.code(), "protocol");
}

#[tokio::test]
async fn an_empty_password_never_leaves_this_machine() {
    let server = Scripted::answering(|id, tag, _| Some(result(id, tag_of_answer(tag), 0, "", &[]))).await;
    let client = client(plain(settings(), server.address.port()), "");
    for (login, password, code) in
        [("ada", "", "empty_password"), ("  ", "pw", "empty_login"), ("", "", "empty_password")]
    {
        let Err(NotSignedIn::Refused(refusal)) = client.sign_in(login, &Secret::new(password), NOW).await
        else {
            panic!("{login:?} is not refused")
        };
        assert_eq!(refusal.code(), code);
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn who_is_not_found_costs_as_many_questions_as_a_wrong_password() {
    // Nobody: the search finds nothing. Somebody: it finds ada, and the bind says no.
    let nobody = Scripted::answering(|id, tag, _| {
        Some(result(id, tag_of_answer(tag), if tag == BIND { 49 } else { 0 }, "", &[]))
    })
    .await;
    let somebody = Scripted::answering(|id, tag, _| {
        let found =
            entry(id, "uid=ada,dc=x", &[("entryUUID", &[b"1"]), ("uid", &[b"ada"]), ("cn", &[b"Ada"])]);
        Some(match tag {
            SEARCH => [found, result(id, 0x65, 0, "", &[])].concat(),
            other => result(id, tag_of_answer(other), 49, "", &[]),
        })
    })
    .await;
    let mut codes = Vec::new();
    for server in [&nobody, &somebody] {
        let client = client(plain(settings(), server.address.port()), "");
        let Err(NotSignedIn::Refused(refusal)) = client.sign_in("ada", &Secret::new("pw"), NOW).await else {
            panic!("signed in")
        };
        codes.push(refusal.code());
    }
    assert_eq!(codes, ["nobody_found", "wrong_password"]);
    assert_eq!(nobody.asked()[..2], [SEARCH, BIND]);
    assert_eq!(nobody.asked()[..2], somebody.asked()[..2]);
}

#[tokio::test]
async fn an_account_that_is_switched_off_stays_out_though_its_password_is_proven() {
    for (name, value, refusal) in [
        ("userAccountControl", "514", Some("disabled")),
        ("pwdAccountLockedTime", "20270101000000Z", Some("locked")),
        ("accountExpires", "131000000000000000", Some("expired")),
        ("userAccountControl", "512", None),
    ] {
        let server = Scripted::answering(move |id, tag, _| {
            let ada: &[(&str, &[&[u8]])] =
                &[("entryUUID", &[b"1"]), ("uid", &[b"ada"]), ("cn", &[b"Ada"]), (name, &[value.as_bytes()])];
            let found = if tag == SEARCH { entry(id, "uid=ada,dc=x", ada) } else { Vec::new() };
            Some([found, result(id, tag_of_answer(tag), 0, "", &[])].concat())
        })
        .await;
        let client = client(plain(settings(), server.address.port()), "");
        let code = match client.sign_in("ada", &Secret::new("pw"), NOW).await {
            Ok(_) => None,
            Err(NotSignedIn::Refused(refusal)) => Some(refusal.code()),
            Err(NotSignedIn::Failed(error)) => panic!("{error}"),
        };
        assert_eq!(code, refusal, "{name}");
    }
}

#[tokio::test]
async fn a_yes_to_the_name_of_nobody_is_still_a_no() {
    let server = Scripted::answering(|id, tag, _| Some(result(id, tag_of_answer(tag), 0, "", &[]))).await;
    let signed =
        client(plain(settings(), server.address.port()), "").sign_in("ada", &Secret::new("pw"), NOW).await;
    assert!(
        matches!(signed, Err(NotSignedIn::Refused(crate::directory::ldap::Refusal::NobodyFound))),
        "{signed:?}"
    );
}

/// Damaged answers of every kind: an error each time, and no thread ever panics.
#[tokio::test]
async fn damaged_answers_are_errors_and_never_a_panic() {
    let panics = Arc::<AtomicUsize>::default();
    let count = panics.clone();
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        // Other tests of this process may fail meanwhile.
        if info
            .location()
            .is_some_and(|place| place.file().contains("ldap3") || place.file().contains("lber"))
        {
            count.fetch_add(1, Ordering::SeqCst);
        }
        usual(info);
    }));
    let whole = |id: u8, tag: u8| {
        let person =
            entry(id, "uid=ada,dc=x", &[("entryUUID", &[b"1"]), ("uid", &[b"ada"]), ("cn", &[b"Ada"])]);
        [person, result(id, tag_of_answer(tag), 0, "ok", &element(0xa3, &element(4, b"ldap://x/")))].concat()
    };
    let size = whole(1, SEARCH).len();
    for at in 0..size {
        for damage in [0x00, 0x01, 0x30, 0x61, 0x7f, 0x80, 0x84, 0xff] {
            let server = Scripted::answering_once(move |id, tag, _| {
                let mut bytes = whole(id, tag);
                bytes[at] = damage;
                Some(bytes)
            })
            .await;
            let mut people =
                client(plain(settings(), server.address.port()), "").people(false, NOW).await.unwrap();
            let _ = people.next().await;
        }
    }
    assert_eq!(panics.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn an_answer_of_the_wrong_kind_is_an_error() {
    // An entry in answer to a bind, the end of a bind in answer to a search.
    let server = Scripted::answering(|id, tag, _| {
        Some(if tag == BIND { entry(id, "cn=a", &[]) } else { result(id, 0x61, 0, "", &[]) })
    })
    .await;
    let port = server.address.port();
    let bind = Settings { bind_dn: "cn=a".to_owned(), ..plain(settings(), port) };
    assert_eq!(refused(bind, "secret").await.code(), "protocol");
    let code = first_page(plain(settings(), port)).await.code();
    assert!(code == "closed" || code == "protocol", "{code}");
}
