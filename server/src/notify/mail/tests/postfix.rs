//! Real Postfix, with STARTTLS and AUTH demanded.

use chancery_tests::postfix::{ACCOUNT, Postfix};

use super::{envelope, office, settings};
use crate::ground::config::{MailLogin, MailProof, MailSecurity, Secret};
use crate::notify::letters::tests as letters;
use crate::notify::mail::{Failure, Moment};

fn login(password: &str) -> Option<MailLogin> {
    Some(MailLogin { user: ACCOUNT.0.to_owned(), proof: MailProof::Password(Secret::new(password)) })
}

#[tokio::test]
async fn postfix_takes_mails_over_starttls_with_auth_and_delivers_them_whole() {
    let postfix = Postfix::start().await;
    let mut settings = settings(postfix.port, MailSecurity::StartTls, &postfix.certificate.authority);
    settings.login = login(ACCOUNT.1);
    let office = office(settings.clone());
    let written = letters::a_mail();
    let accepted = super::hand(&office, &written.envelope, &written.bytes).await.unwrap();
    assert_eq!(accepted.said.code, 250);
    assert!(accepted.said.words.contains("queued as"), "{}", accepted.said.words);
    let delivered = postfix.mails(1).await.remove(0);
    letters::same_mail(&written.bytes, &delivered);

    settings.login = login("wrong");
    let refused =
        super::hand(&super::office(settings.clone()), &envelope("bob"), &written.bytes).await.unwrap_err();
    assert!(matches!(&refused, Failure::Credentials(said) if said.code == 535), "{refused:?}");

    settings.login = None;
    let refused = super::hand(&super::office(settings), &envelope("bob"), &written.bytes).await.unwrap_err();
    assert!(
        matches!(&refused, Failure::Permanent(Moment::Recipient, said) if said.code == 554),
        "{refused:?}"
    );
}
