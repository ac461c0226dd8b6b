//! Protected lines to OpenLDAP, and what is wrong when there is none.

use crate::directory::ldap::{Client, Encryption, Fault, Finding, Outcome, Settings, Task};
use crate::ground::config::Secret;

use super::{NOW, client, refused};
use chancery_tests::certificates::{Authority, authority};
use chancery_tests::slapd::{Options, READER, Slapd, shared};

async fn lets_in(settings: Settings) {
    let mut people = client(settings, READER.1).people(false, NOW).await.unwrap();
    people.next().await.unwrap().unwrap();
}

#[tokio::test]
async fn both_ways_of_encryption_let_in_by_name_and_by_address() {
    let slapd = shared();
    lets_in(slapd.settings()).await;
    lets_in(slapd.ldaps()).await;
    let named = |settings: Settings| Settings {
        servers: settings.servers.iter().map(|url| url.replace("127.0.0.1", "localhost")).collect(),
        ..settings
    };
    lets_in(named(slapd.settings())).await;
    lets_in(named(slapd.ldaps())).await;
}

#[tokio::test]
async fn an_authority_that_is_not_trusted_is_told() {
    let other = Authority::new("Another CA").pem();
    for settings in [shared().settings(), shared().ldaps()] {
        let error = refused(Settings { authorities: other.clone(), ..settings }, READER.1).await;
        assert_eq!(error.fault, Fault::UnknownIssuer);
    }
    let several = other + &authority().pem();
    lets_in(Settings { authorities: several, ..shared().settings() }).await;
}

#[tokio::test]
async fn a_certificate_for_another_name_is_told_with_its_names() {
    let slapd = Slapd::start(Options { names: Some("DNS:ldap.example.org"), ..Options::default() });
    for settings in [slapd.settings(), slapd.ldaps()] {
        let error = refused(settings, READER.1).await;
        let Fault::WrongName { name, presented } = &error.fault else { panic!("{error:?}") };
        assert_eq!(name, "127.0.0.1");
        assert!(presented.iter().any(|name| name.contains("ldap.example.org")), "{presented:?}");
    }
}

#[tokio::test]
async fn a_certificate_that_has_expired_is_told() {
    let slapd = Slapd::start(Options { days: -1, ..Options::default() });
    for settings in [slapd.settings(), slapd.ldaps()] {
        assert_eq!(refused(settings, READER.1).await.fault, Fault::NotValidNow { ended: true });
    }
}

#[tokio::test]
async fn a_certificate_that_vouches_for_itself_is_taken_unless_it_says_it_is_an_authority() {
    let slapd = |constraint| Slapd::start(Options { self_signed: Some(constraint), ..Options::default() });
    let own = slapd("CA:FALSE");
    assert_eq!(refused(own.ldaps(), READER.1).await.fault, Fault::UnknownIssuer);
    lets_in(Settings { authorities: own.authority(), ..own.ldaps() }).await;
    let own = slapd("CA:TRUE");
    let error = refused(Settings { authorities: own.authority(), ..own.ldaps() }, READER.1).await;
    assert_eq!(error.fault, Fault::OwnAuthority);
}

#[tokio::test]
async fn a_server_without_tls_refuses_start_tls_and_gets_nothing_in_clear() {
    let slapd = Slapd::start(Options { names: None, ..Options::default() });
    let error = refused(slapd.settings(), READER.1).await;
    assert!(matches!(error.fault, Fault::StartTlsRefused { .. }), "{error:?}");
    let ldaps = Settings {
        servers: vec![format!("ldaps://127.0.0.1:{}", slapd.port)],
        encryption: Encryption::Ldaps,
        ..slapd.settings()
    };
    let error = refused(ldaps, READER.1).await;
    assert!(matches!(error.fault, Fault::Tls { .. }), "{error:?}");
}

#[tokio::test]
async fn a_password_in_clear_is_refused_by_the_server_and_told() {
    let settings = Settings { encryption: Encryption::None, ..shared().settings() };
    let error = refused(settings, READER.1).await;
    assert!(matches!(error.fault, Fault::ProtectionRequired { code: 13, .. }), "{error:?}");
}

#[tokio::test]
async fn a_wrong_account_is_told_from_a_wrong_base() {
    let error = refused(shared().settings(), "wrong").await;
    assert!(matches!(error.fault, Fault::BindRefused { code: 49, .. }), "{error:?}");
    let mut settings = shared().settings();
    settings.people.base = "ou=nowhere,dc=example,dc=org".to_owned();
    let error = client(settings, READER.1).people(false, NOW).await.unwrap().next().await.unwrap_err();
    assert_eq!(error.fault, Fault::BaseNotFound { base: "ou=nowhere,dc=example,dc=org".to_owned() });
}

#[tokio::test]
async fn an_account_without_password_is_a_problem_of_the_settings() {
    for password in [None, Some(Secret::new(""))] {
        let problems = Client::new(shared().settings(), password).err().unwrap();
        assert_eq!(problems.iter().map(|problem| problem.code).collect::<Vec<_>>(), ["password_missing"]);
    }
    let anonymous = Settings { bind_dn: String::new(), ..shared().settings() };
    let problems = Client::new(anonymous, Some(Secret::new("x"))).err().unwrap();
    assert_eq!(problems[0].code, "bind_dn_missing");
}

#[tokio::test]
async fn the_test_of_a_connection_tells_every_step() {
    let report = client(shared().ldaps(), READER.1).test(NOW).await;
    let tasks: Vec<Task> = report.steps.iter().map(|step| step.task).collect();
    assert_eq!(
        tasks,
        [
            Task::Resolve,
            Task::Connect,
            Task::Tls,
            Task::Bind,
            Task::PeopleBase,
            Task::People,
            Task::GroupsBase,
            Task::Groups,
        ]
    );
    assert_eq!(report.server.as_deref(), Some(shared().ldaps().servers[0].as_str()));
    let Outcome::Done(Finding::Tls { version, subject, issuer, ends }) = &report.steps[2].outcome else {
        panic!("{report:?}")
    };
    assert_eq!(
        (*version, subject.as_str(), issuer.as_str()),
        ("TLS 1.3", "CN=server", "CN=Throwaway Test CA")
    );
    assert!(ends.is_some());
    assert_eq!(report.steps[5].outcome, Outcome::Done(Finding::Page { taken: 3, skipped: 0, more: false }));
    assert_eq!(report.steps[7].outcome, Outcome::Done(Finding::Page { taken: 4, skipped: 0, more: false }));
    assert_eq!((report.people.len(), report.groups.len()), (3, 4));
    assert!(report.people.iter().any(|person| person.display_name == "Zoë Üstün"));
}

#[tokio::test]
async fn a_test_goes_on_after_what_fails_and_says_what_was_not_run() {
    let mut settings = shared().settings();
    settings.people.base = "ou=nowhere,dc=example,dc=org".to_owned();
    settings.servers.insert(0, "ldap://127.0.0.1:1".to_owned());
    let report = client(settings, READER.1).test(NOW).await;
    let outcomes: Vec<(Task, &str)> = report
        .steps
        .iter()
        .map(|step| {
            let outcome = match &step.outcome {
                Outcome::Done(_) => "done",
                Outcome::NotRun => "not run",
                Outcome::Failed(fault) => fault.code(),
            };
            (step.task, outcome)
        })
        .collect();
    assert_eq!(
        outcomes,
        [
            (Task::Resolve, "done"),
            (Task::Connect, "not_connected"),
            (Task::Tls, "not run"),
            (Task::Bind, "not run"),
            (Task::Resolve, "done"),
            (Task::Connect, "done"),
            (Task::Tls, "done"),
            (Task::Bind, "done"),
            (Task::PeopleBase, "base_not_found"),
            (Task::People, "not run"),
            (Task::GroupsBase, "done"),
            (Task::Groups, "done"),
        ]
    );
    assert_eq!(report.server, Some(shared().settings().servers[0].clone()));
}

#[tokio::test]
async fn a_refused_account_is_not_tried_at_the_next_server() {
    let mut settings = shared().settings();
    settings.servers.push(settings.servers[0].replace("127.0.0.1", "localhost"));
    let report = client(settings, "wrong").test(NOW).await;
    let binds: Vec<&Outcome> =
        report.steps.iter().filter(|step| step.task == Task::Bind).map(|step| &step.outcome).collect();
    assert!(matches!(binds[..], [Outcome::Failed(Fault::BindRefused { .. }), Outcome::NotRun]), "{binds:?}");
    assert_eq!(report.server, None);
}
