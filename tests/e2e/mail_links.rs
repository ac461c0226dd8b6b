//! Invitations and resets by mail: the recipient gets the link and nobody else does, a newer link makes the older mail void, and
//! whoever issued it learns how the mail fares.

use std::collections::BTreeSet;
use std::path::Path;

use chancery_ledger::Kind;
use chancery_protocol::accounts::{BulkAct, BulkOutcome};
use chancery_protocol::http::{Invite, Invited, LinkKind};
use chancery_protocol::ids::{MailId, PersonId};
use chancery_protocol::mail::{MailFault, MailKind, MailReason, MailState, OutboxMail};
use chancery_protocol::person::Role;
use chancery_tests::archive::Archive;
use chancery_tests::database::{Database, Storage};
use chancery_tests::house::{House, PASSWORD};
use chancery_tests::http::{Caller, Refusal, token_of};
use chancery_tests::on_both_databases;
use chancery_tests::patience::until_some;
use chancery_tests::postgres::{Cluster, Durability};
use chancery_tests::scan::{find, find_in};
use chancery_tests::server::Plan;
use chancery_tests::smtp_sink::{Mode, SmtpSink};
use reqwest::Method;
use serde_json::Value;

const OTHER_PASSWORD: &str = "another long password";

/// A plan with the scripted server as its mail server.
pub fn mailing(plan: Plan, sink: &SmtpSink) -> Plan {
    plan.with("CHANCERY_MAIL_HOST", "localhost")
        .with("CHANCERY_MAIL_PORT", sink.port.to_string())
        .with("CHANCERY_MAIL_AUTHORITIES", sink.certificate.authority.to_str().unwrap())
        .with("CHANCERY_MAIL_FROM", "Chat of Example <chat@example.org>")
}

async fn house(storage: &std::sync::Arc<Storage>, people: usize) -> (House, SmtpSink) {
    let sink = SmtpSink::start(Mode::StartTls, None).await;
    let house = House::build(mailing(Plan::new(storage), &sink), people).await;
    (house, sink)
}

/// An invitation by mail to `<username>@example.org`.
pub async fn invite(admin: &Caller, username: &str) -> Result<Invited, Refusal> {
    let form = Invite {
        username: username.to_owned(),
        name: format!("{username} Test"),
        roles: vec![Role::Employee],
        guest: None,
        email: Some(format!(" {}@Example.org", username.to_uppercase())),
        mail: true,
    };
    admin.invite_as(&form).await
}

/// What stands in a mail, without what its encoding added.
fn plain(mail: &[u8]) -> String {
    String::from_utf8_lossy(mail).replace("=\r\n", "").replace("=\n", "").replace("=3D", "=")
}

/// The links of one time in the mails for somebody, oldest first, each once.
pub fn links(sink: &SmtpSink, to: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (_, mail) in sink.mails().iter().filter(|(name, _)| name == to) {
        let text = plain(mail);
        for (at, _) in text.match_indices("/link#") {
            let is_token = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
            let token: String = text[at + 6..].chars().take_while(is_token).collect();
            let link = format!("link#{token}");
            if !found.contains(&link) {
                found.push(link);
            }
        }
    }
    found
}

/// The `count`-th link in the mails for somebody, once it is there.
async fn link(sink: &SmtpSink, to: &str, count: usize) -> String {
    until_some("the mail with the link arrives", async || links(sink, to).get(count - 1).cloned()).await
}

/// A mail, once it fares like this.
async fn fares(admin: &Caller, person: PersonId, mail: MailId, state: MailState) -> OutboxMail {
    until_some("the mail fares as it should", async || {
        let mails = admin.mails_to(person).await.unwrap();
        mails.into_iter().find(|one| one.id == mail && one.state == state)
    })
    .await
}

async fn retry(admin: &Caller, mail: MailId) {
    admin.tell(Method::POST, &format!("/mail/outbox/{mail}/retry"), None::<&()>).await.unwrap();
}

fn refused<T: std::fmt::Debug>(answer: Result<T, Refusal>) -> (u16, String) {
    let refusal = answer.unwrap_err();
    (refusal.status, refusal.code().to_owned())
}

on_both_databases! {
    async fn an_invitation_by_mail_is_seen_by_its_recipient_only_and_works_once(kind) {
        let storage = match kind {
            Database::Sqlite => Storage::new(kind),
            Database::Postgres => Storage::in_cluster(std::sync::Arc::new(Cluster::start(Durability::Durable))),
        };
        let (house, sink) = house(&storage, 0).await;
        // The mail server takes this one and falls silent: the link has arrived, and waits in the outbox as well.
        let invited = invite(&house.admin, "vanish").await.unwrap();
        assert_eq!(invited.link.url, None, "the answer does not hold it");
        let mail = invited.link.mail.unwrap();
        let address = link(&sink, "vanish", 1).await;
        let waiting = fares(&house.admin, invited.id, mail, MailState::Waiting).await;
        assert_eq!((waiting.kind, waiting.address.as_deref()), (MailKind::Invitation, Some("vanish@example.org")));
        let silent = matches!(waiting.reason, Some(MailReason::Failed { fault: MailFault::Silent, .. }));
        assert!(silent, "{:?}", waiting.reason);

        let secret = [token_of(&address)];
        assert!(secret[0].len() > 20, "{secret:?}");
        assert!(!find_in(&secret, plain(&sink.mails()[0].1).as_bytes()).is_empty(), "the scan would find it");
        let mut folders = vec![storage.data.clone()];
        if kind == Database::Postgres {
            folders.push(storage.cluster().folder().to_path_buf());
        }
        let folders: Vec<&Path> = folders.iter().map(AsRef::as_ref).collect();
        assert_eq!(find(&secret, &folders), BTreeSet::new(), "on the disk, while the mail waits");
        let log = audit(&house.admin).await;
        assert!(log.contains(&mail.to_string()), "the log says by which mail it went: {log}");
        let outbox: Value = house.admin.call(Method::GET, "/mail/outbox", None::<&()>).await.unwrap();
        for (place, text) in [("audit", log), ("outbox", outbox.to_string()), ("log", house.server.log())] {
            assert_eq!(find_in(&secret, text.as_bytes()), BTreeSet::new(), "{place}");
        }

        let stranger = house.stranger();
        assert_eq!(stranger.inspect_link(&address).await.unwrap().kind, LinkKind::Invitation);
        let new = stranger.redeem_link(&address, PASSWORD).await.unwrap();
        assert_eq!(new.id(), invited.id);
        assert_eq!(refused(stranger.redeem_link(&address, OTHER_PASSWORD).await.map(drop)), (410, "link_invalid".into()));
        // The mail that is still to be sent again would be of no use.
        retry(&house.admin, mail).await;
        let dropped = fares(&house.admin, invited.id, mail, MailState::Dropped).await;
        assert_eq!(dropped.reason, Some(MailReason::LinkOver));
    }

    async fn a_newer_link_makes_the_older_mail_void(kind) {
        let (house, sink) = house(&Storage::new(kind), 0).await;
        let admin = &house.admin;
        let nora = invite(admin, "nora").await.unwrap();
        let first = link(&sink, "nora", 1).await;
        let again = admin.reset_by_mail(nora.id).await.unwrap();
        assert_eq!(again.url, None);
        let second = link(&sink, "nora", 2).await;
        let stranger = house.stranger();
        assert_eq!(refused(stranger.inspect_link(&first).await.map(drop)), (410, "link_invalid".into()));
        assert_eq!(stranger.inspect_link(&second).await.unwrap().kind, LinkKind::Invitation, "there was no password yet");
        fares(admin, nora.id, again.mail.unwrap(), MailState::Sent).await;

        // One that could not leave yet is dropped when its turn comes.
        let late = invite(admin, "later").await.unwrap();
        let mail = late.link.mail.unwrap();
        let waits = async || {
            let mails = admin.mails_to(late.id).await.unwrap();
            mails.into_iter().find(|one| one.id == mail && one.state == MailState::Waiting && one.reason.is_some())
        };
        until_some("the mail was tried", waits).await;
        let by_hand = admin.reset(late.id).await.unwrap();
        retry(admin, mail).await;
        let dropped = fares(admin, late.id, mail, MailState::Dropped).await;
        assert_eq!(dropped.reason, Some(MailReason::LinkOver));
        stranger.redeem_link(by_hand.url.as_deref().unwrap(), PASSWORD).await.unwrap();
        assert!(links(&sink, "later").is_empty());
    }

    async fn a_reset_by_mail_changes_the_password(kind) {
        let (house, sink) = house(&Storage::new(kind), 0).await;
        let nora = invite(&house.admin, "nora").await.unwrap();
        let stranger = house.stranger();
        stranger.redeem_link(&link(&sink, "nora", 1).await, PASSWORD).await.unwrap();
        let issued = house.admin.reset_by_mail(nora.id).await.unwrap();
        let mail = fares(&house.admin, nora.id, issued.mail.unwrap(), MailState::Sent).await;
        assert_eq!((mail.kind, issued.url), (MailKind::Reset, None));
        let address = link(&sink, "nora", 2).await;
        assert_eq!(stranger.inspect_link(&address).await.unwrap().kind, LinkKind::Reset);
        stranger.redeem_link(&address, OTHER_PASSWORD).await.unwrap();
        assert_eq!(refused(stranger.sign_in("nora", PASSWORD).await.map(drop)).1, "sign_in_failed");
        stranger.sign_in("nora", OTHER_PASSWORD).await.unwrap();
        let archive = Archive::read(house.storage());
        assert_eq!(archive.count(Kind::LinkIssued), 3, "set-up, invitation, reset");
    }

    async fn an_address_that_is_refused_is_shown_with_the_servers_words(kind) {
        let (house, _sink) = house(&Storage::new(kind), 0).await;
        let invited = invite(&house.admin, "nobody").await.unwrap();
        let mail = fares(&house.admin, invited.id, invited.link.mail.unwrap(), MailState::Refused).await;
        let Some(MailReason::Failed { fault: MailFault::Permanent, words }) = mail.reason else {
            panic!("{:?}", mail.reason);
        };
        assert!(words.contains("550 5.1.1 no such user"), "{words}");
        let by_hand = house.admin.reset(invited.id).await.unwrap();
        assert_eq!(by_hand.mail, None);
        house.stranger().redeem_link(by_hand.url.as_deref().unwrap(), PASSWORD).await.unwrap();
    }

    async fn what_cannot_go_by_mail_is_not_issued(kind) {
        let (house, sink) = house(&Storage::new(kind), 1).await;
        let (admin, ada) = (&house.admin, house.people[0].id());
        let links_of = |count| assert_eq!(Archive::read(house.storage()).count(Kind::LinkIssued), count);
        links_of(2);
        assert!(admin.accounts_where("limit=1").await.unwrap().mails);
        assert_eq!(refused(admin.reset_by_mail(ada).await), (422, "no_address".into()));
        let form = |email: Option<&str>| Invite {
            username: "nora".to_owned(),
            name: "Nora New".to_owned(),
            roles: vec![Role::Employee],
            guest: None,
            email: email.map(str::to_owned),
            mail: true,
        };
        assert_eq!(refused(admin.invite_as(&form(None)).await), (422, "no_address".into()));
        for odd in ["", "nora", "nora@", "nora@example.org\r\nBcc: eve@example.org", "a@b, c@d"] {
            assert_eq!(refused(admin.invite_as(&form(Some(odd))).await), (422, "email_invalid".into()), "{odd:?}");
        }
        links_of(2);

        // Several at once: a preview says for whom it cannot be.
        let dora = invite(admin, "dora").await.unwrap().id;
        link(&sink, "dora", 1).await;
        let act = BulkAct::Reset { mail: true };
        let outcome = |answer: chancery_protocol::accounts::BulkAnswer| {
            let line = |line: chancery_protocol::accounts::BulkResult| {
                let link = line.link.map(|link| (link.url.is_some(), link.mail.is_some()));
                (line.outcome, line.problem.map(|problem| problem.code).unwrap_or_default(), link)
            };
            answer.results.into_iter().map(line).collect::<Vec<_>>()
        };
        let cannot = (BulkOutcome::Refused, "no_address".to_owned(), None);
        let preview = outcome(admin.bulk(act, &[ada, dora], true).await.unwrap());
        assert_eq!(preview, [cannot.clone(), (BulkOutcome::Changed, String::new(), None)]);
        let done = outcome(admin.bulk(act, &[ada, dora], false).await.unwrap());
        assert_eq!(done, [cannot, (BulkOutcome::Changed, String::new(), Some((false, true)))]);
        link(&sink, "dora", 2).await;
    }

    async fn without_a_mail_server_links_are_handed_over(kind) {
        let house = House::with_people(kind, 1).await;
        let admin = &house.admin;
        assert!(!admin.accounts_where("limit=1").await.unwrap().mails);
        assert_eq!(refused(invite(admin, "nora").await), (409, "no_mail_server".into()));
        assert_eq!(refused(admin.reset_by_mail(house.people[0].id()).await), (409, "no_mail_server".into()));
        // An address may be given all the same.
        let form = Invite {
            username: "nora".to_owned(),
            name: "Nora New".to_owned(),
            roles: vec![Role::Employee],
            guest: None,
            email: Some("nora@example.org".to_owned()),
            mail: false,
        };
        let invited = admin.invite_as(&form).await.unwrap();
        assert_eq!(admin.account(invited.id).await.unwrap().email.as_deref(), Some("nora@example.org"));
        let nora = house.stranger().redeem_link(invited.link.url.as_deref().unwrap(), PASSWORD).await.unwrap();
        nora.add_totp("Phone").await;
        admin.remove_factors_of(nora.id()).await.unwrap();
        assert!(admin.mails_to(nora.id()).await.unwrap().is_empty());
    }

    async fn whose_second_factors_are_removed_is_told(kind) {
        let (house, sink) = house(&Storage::new(kind), 0).await;
        let invited = invite(&house.admin, "nora").await.unwrap();
        let nora = house.stranger().redeem_link(&link(&sink, "nora", 1).await, PASSWORD).await.unwrap();
        nora.add_totp("Phone").await;
        house.admin.remove_factors_of(nora.id()).await.unwrap();
        let told = house.admin.mails_to(invited.id).await.unwrap().remove(0);
        assert_eq!(told.kind, MailKind::FactorsRemoved);
        fares(&house.admin, invited.id, told.id, MailState::Sent).await;
        let mails = sink.mails();
        assert_eq!(mails.len(), 2);
        let text = plain(&mails[1].1);
        assert!(text.contains("Rita Root"), "it says who did it: {text}");
        // At the command line, too, where nobody is signed in.
        let fresh = house.stranger().sign_in("nora", PASSWORD).await.unwrap();
        fresh.add_totp("Phone").await;
        house.server.cli(&["user", "remove-factors", "nora"]).await.expect_success();
        until_some("the second mail arrives", async || (sink.mails().len() == 3).then_some(())).await;
    }
}

/// What an administrator reads in the log of links: the page, each entry, and the file.
async fn audit(admin: &Caller) -> String {
    let page: Value =
        admin.call(Method::GET, "/audit?kinds=link.issued,mail.handed", None::<&()>).await.unwrap();
    let mut read = page.to_string();
    for entry in page["entries"].as_array().unwrap() {
        let path = format!("/audit/{}", entry["position"]);
        let entry: Value = admin.call(Method::GET, &path, None::<&()>).await.unwrap();
        read.push_str(&entry.to_string());
    }
    read
}
