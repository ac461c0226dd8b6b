//! The test of the settings.

use chancery_tests::smtp_sink::{ACCOUNT, Mode, SmtpSink};

use super::{MAIL, for_sink, office, settings, with_password};
use crate::ground::config::{Mail, MailLogin, MailProof, MailSecurity, Secret};
use crate::notify::mail::{Failure, Finding, Moment, Outcome, Reach, Step, Task};

async fn steps(settings: Mail, to: &str) -> Vec<Step> {
    let to = format!("{to}@example.org").parse().unwrap();
    let steps = office(settings).test(&to, MAIL).await;
    assert_eq!(steps.iter().map(|step| step.task).collect::<Vec<_>>(), Task::ALL, "every step, in order");
    steps
}

/// `done`, `not run` or what failed, per step.
fn outcomes(steps: &[Step]) -> Vec<&'static str> {
    let word = |outcome: &Outcome| match outcome {
        Outcome::Done(_) => "done",
        Outcome::Failed(_) => "failed",
        Outcome::NotRun => "not run",
    };
    steps.iter().map(|step| word(&step.outcome)).collect()
}

#[tokio::test]
async fn a_test_that_goes_well_tells_what_it_found_and_a_mail_arrives() {
    for mode in [Mode::StartTls, Mode::Tls] {
        let sink = SmtpSink::start(mode, None).await;
        let steps = steps(with_password(for_sink(&sink, mode)), "alice").await;
        assert_eq!(outcomes(&steps), ["done"; 7], "{steps:?}");
        let Outcome::Done(Finding::Tls(peer)) = &steps[2].outcome else { panic!("{steps:?}") };
        assert_eq!((peer.version, peer.names.as_slice()), ("TLS 1.3", ["localhost".to_owned()].as_slice()));
        assert_eq!(peer.issuer, "CN=Throwaway Test CA");
        assert!(peer.ends.is_some());
        let Outcome::Done(Finding::Said(said)) = &steps[6].outcome else { panic!("{steps:?}") };
        assert_eq!((said.code, said.words.as_str()), (250, "queued as 1"));
        assert_eq!(sink.mails().len(), 1);
    }
}

#[tokio::test]
async fn steps_behind_one_that_failed_are_not_run() {
    let sink = SmtpSink::start(Mode::StartTls, None).await;
    let good = with_password(for_sink(&sink, Mode::StartTls));

    let mut nowhere = good.clone();
    nowhere.host = "no-such-host.invalid".to_owned();
    let found = steps(nowhere, "alice").await;
    assert_eq!(outcomes(&found), [&["failed"][..], &["not run"; 6]].concat());
    assert_eq!(found[0].outcome, Outcome::Failed(Failure::Unreachable(Reach::Name)));

    let mut by_address = good.clone();
    by_address.host = "127.0.0.1".to_owned();
    assert_eq!(
        outcomes(&steps(by_address, "alice").await),
        [&["done", "done", "failed"][..], &["not run"; 4]].concat()
    );

    let mut wrong = good.clone();
    wrong.login =
        Some(MailLogin { user: ACCOUNT.0.to_owned(), proof: MailProof::Password(Secret::new("wrong")) });
    let found = steps(wrong, "alice").await;
    assert_eq!(outcomes(&found), ["done", "done", "done", "done", "failed", "not run", "not run"]);

    let found = steps(good.clone(), "nobody").await;
    assert_eq!(outcomes(&found), ["done", "done", "done", "done", "done", "failed", "not run"]);
    assert!(matches!(&found[5].outcome, Outcome::Failed(Failure::Permanent(Moment::Recipient, _))));

    let found = steps(good, "late554").await;
    assert_eq!(outcomes(&found), ["done", "done", "done", "done", "done", "done", "failed"]);
    assert!(sink.mails().is_empty());
}

#[tokio::test]
async fn what_there_is_not_to_do_is_not_run() {
    let sink = SmtpSink::start(Mode::Clear, None).await;
    let found = steps(settings(sink.port, MailSecurity::None, &sink.certificate.authority), "alice").await;
    assert_eq!(outcomes(&found), ["done", "done", "not run", "done", "not run", "done", "done"]);
}
