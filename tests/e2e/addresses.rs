//! E-mail addresses of accounts made here: who changes them, and what becomes of links that were mailed to the address before.

use chancery_ledger::Kind;
use chancery_protocol::http::{Invite, Invited};
use chancery_protocol::ids::{MailId, PersonId};
use chancery_protocol::mail::{MailReason, MailState, OutboxMail};
use chancery_protocol::person::Role;
use chancery_protocol::sources::{ScimSettings, SetSource, SourceForm};
use chancery_tests::archive::Archive;
use chancery_tests::database::Storage;
use chancery_tests::house::House;
use chancery_tests::http::{Caller, Refusal};
use chancery_tests::on_both_databases;
use chancery_tests::patience::{until, until_some};
use chancery_tests::scim::{Provider, scim};
use chancery_tests::server::Plan;
use chancery_tests::smtp_sink::{Mode, SmtpSink};
use chancery_tests::tokens::make_bot;
use reqwest::Method;
use serde_json::json;

use crate::mail_links::{links, mailing};

fn refused<T: std::fmt::Debug>(answer: Result<T, Refusal>) -> (u16, String, Option<String>) {
    let refusal = answer.unwrap_err();
    (refusal.status, refusal.code().to_owned(), refusal.problem.and_then(|problem| problem.field))
}

fn because(status: u16, code: &str, field: Option<&str>) -> (u16, String, Option<String>) {
    (status, code.to_owned(), field.map(str::to_owned))
}

async fn email(house: &House, person: PersonId) -> Option<String> {
    house.admin.account(person).await.unwrap().email
}

/// An invitation by mail.
async fn invite(admin: &Caller, username: &str, address: &str) -> Invited {
    let form = Invite {
        username: username.to_owned(),
        name: format!("{username} Test"),
        roles: vec![Role::Employee],
        guest: None,
        email: Some(address.to_owned()),
        mail: true,
    };
    admin.invite_as(&form).await.unwrap()
}

/// A mail, once it fares like this.
async fn fares(admin: &Caller, person: PersonId, mail: MailId, state: MailState) -> OutboxMail {
    until_some("the mail fares as it should", async || {
        let mails = admin.mails_to(person).await.unwrap();
        mails.into_iter().find(|one| one.id == mail && one.state == state)
    })
    .await
}

async fn mailed(plan: Plan, sink: &SmtpSink) -> House {
    House::build(mailing(plan, sink), 0).await
}

on_both_databases! {
    async fn an_address_is_changed_on_the_record_and_never_over_somebody_else(kind) {
        let house = House::with_people(kind, 2).await;
        let (admin, ada) = (&house.admin, house.people[0].id());
        let changes = || Archive::read(house.storage()).count(Kind::PersonChanged);
        admin.set_email(ada, "", " Ada@Example.ORG ").await.unwrap();
        assert_eq!(email(&house, ada).await.as_deref(), Some("ada@example.org"));
        let account = admin.account(ada).await.unwrap();
        assert_eq!((account.email_from, account.person.name.as_str()), (None, "Ada Test"));
        assert_eq!(refused(admin.set_email(ada, "", "late@example.org").await), because(409, "outdated", Some("email")));
        admin.set_email(ada, "whatever", "ADA@example.org").await.expect("it is so already");
        let long = format!("{}@example.org", "a".repeat(260));
        for wrong in ["ada", "ada@", "@example.org", "a b@example.org", "ada@example.org\r\nBcc: bela@example.org", &long] {
            let answer = admin.set_email(ada, "ada@example.org", wrong).await;
            assert_eq!(refused(answer), because(422, "email_invalid", Some("email")), "{wrong:?}");
        }
        assert_eq!(changes(), 1);
        admin.set_email(ada, "ada@example.org", " ").await.unwrap();
        assert_eq!((email(&house, ada).await, changes()), (None, 2));
        // Whoever only changes the name leaves the address.
        admin.set_email(ada, "", "ada@example.org").await.unwrap();
        admin.rename(ada, "Ada Test", "Ada King").await.unwrap();
        assert_eq!(email(&house, ada).await.as_deref(), Some("ada@example.org"));
        let bot = make_bot(admin, "alerts", ada).await.unwrap();
        assert_eq!(refused(admin.set_email(bot, "", "bot@example.org").await), because(409, "bot", None));
        let officer = house.invite_and_redeem("olga", &[Role::Employee, Role::ComplianceOfficer]).await;
        let answer = officer.set_email(ada, "ada@example.org", "olga@example.org").await;
        assert_eq!(refused(answer).0, 404);
        let page: serde_json::Value = admin.call(Method::GET, "/audit?kinds=person.changed", None::<&()>).await.unwrap();
        let position = page["entries"][1]["position"].as_u64().expect("the address before the name");
        let entry: serde_json::Value = admin.call(Method::GET, &format!("/audit/{position}"), None::<&()>).await.unwrap();
        assert!(entry["changes"].to_string().contains(r#""after":"ada@example.org""#), "{entry}");
    }

    async fn an_address_a_source_says_is_not_changed_here(kind) {
        let house = House::with_people(kind, 0).await;
        let admin = &house.admin;
        let ours = scim("Our provider", ScimSettings::default());
        let source = admin.make_source(&ours).await.unwrap();
        let provider = Provider::of(admin, source).await;
        let made = provider.make("/Users", json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "bela", "displayName": "Bela Test",
            "emails": [{"value": "bela@example.org", "primary": true}],
        })).await;
        let bela: PersonId = made.parse().unwrap();
        let account = admin.account(bela).await.unwrap();
        assert_eq!((account.email.as_deref(), account.email_from.as_deref()), (Some("bela@example.org"), Some("Our provider")));
        let answer = admin.set_email(bela, "bela@example.org", "other@example.org").await;
        assert_eq!(refused(answer), because(409, "email_from_source", Some("email")));
        assert_eq!(email(&house, bela).await.as_deref(), Some("bela@example.org"));
        // One that is switched off says nothing any more.
        let off = SetSource { form: SourceForm { enabled: false, ..ours.form.clone() }, ..ours };
        admin.change_source(source, &off).await.unwrap();
        assert_eq!(admin.account(bela).await.unwrap().email_from, None);
        admin.set_email(bela, "bela@example.org", "other@example.org").await.unwrap();
        assert_eq!(email(&house, bela).await.as_deref(), Some("other@example.org"));
    }

    async fn a_mailed_link_is_for_the_address_it_was_issued_for(kind) {
        let mut sink = SmtpSink::start(Mode::StartTls, None).await;
        let house = mailed(Plan::new(&Storage::new(kind)), &sink).await;
        let (admin, stranger) = (&house.admin, house.stranger());
        // One that still waits goes nowhere.
        sink.stop();
        let nora = invite(admin, "nora", "wrong@example.org").await;
        let id = nora.id;
        fares(admin, id, nora.link.mail.unwrap(), MailState::Waiting).await;
        admin.set_email(id, "wrong@example.org", "nora@example.org").await.unwrap();
        sink.start_again().await;
        let first = nora.link.mail.unwrap();
        let _ = admin.tell(Method::POST, &format!("/mail/outbox/{first}/retry"), None::<&()>).await;
        let dropped = fares(admin, id, first, MailState::Dropped).await;
        assert_eq!(dropped.reason, Some(MailReason::LinkOver));
        assert!(sink.mails().is_empty());
        // A new one goes to the new address; one that arrived there opens nothing once the address is another.
        let second = admin.reset_by_mail(id).await.unwrap().mail.unwrap();
        let sent = fares(admin, id, second, MailState::Sent).await;
        assert_eq!(sent.address.as_deref(), Some("nora@example.org"));
        let arrived = links(&sink, "nora").pop().unwrap();
        stranger.inspect_link(&arrived).await.expect("it works until the address is another");
        admin.set_email(id, "nora@example.org", "new@example.org").await.unwrap();
        assert_eq!(refused(stranger.inspect_link(&arrived).await).1, "link_invalid");
        // Where it went stays what it was.
        assert_eq!(fares(admin, id, second, MailState::Sent).await.address.as_deref(), Some("nora@example.org"));
        // Back to the address before: that link stays void.
        admin.set_email(id, "new@example.org", "nora@example.org").await.unwrap();
        assert_eq!(refused(stranger.inspect_link(&arrived).await).1, "link_invalid");
        let by_hand = admin.reset(id).await.unwrap().url.unwrap();
        admin.set_email(id, "nora@example.org", "new@example.org").await.unwrap();
        stranger.inspect_link(&by_hand).await.expect("no address has to do with one that was handed over");
    }

    /// The mail server has accepted the recipient, and is about to be told the link, when the address is changed.
    async fn a_link_stays_here_when_the_address_changes_at_the_last_moment(kind) {
        let sink = SmtpSink::start(Mode::StartTls, None).await;
        let house = mailed(Plan::new(&Storage::new(kind)), &sink).await;
        let nora = invite(&house.admin, "nora", "slow@example.org").await;
        until("the mail server is asked for the recipient", async || sink.ask("counts").await["held"] == 1).await;
        house.admin.set_email(nora.id, "slow@example.org", "nora@example.org").await.unwrap();
        sink.ask("go").await;
        let dropped = fares(&house.admin, nora.id, nora.link.mail.unwrap(), MailState::Dropped).await;
        assert_eq!(dropped.reason, Some(MailReason::LinkOver));
        assert!(sink.mails().is_empty());
        assert_eq!(Archive::read(house.storage()).count(Kind::MailHanded), 0);
    }
}
