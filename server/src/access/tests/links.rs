//! One-time links: each is used once, by one, in time.

use chancery_protocol::http::{IssuedLink, LinkInfo, LinkKind, LinkToken, RedeemLink, SessionInfo};

use super::*;
use crate::access::commands;
use crate::access::factors::second::Entered;
use crate::access::records::{EndReason, LinkIssued, SessionEnded};
use crate::directory::records::PersonCreated;
use crate::ground::error::Code;
use crate::outbox;

on_both_databases! {
    fn set_up_needs_a_name_and_a_password_and_spares_the_link_until_it_has_them;
    fn of_many_who_redeem_at_once_one_wins;
    fn a_newer_set_up_link_voids_the_older;
    fn an_invitation_lasts_seven_days;
    fn a_link_and_its_mail_are_kept_together_or_not_at_all;
    fn a_reset_voids_older_links_and_ends_the_sessions;
    fn a_suspended_person_gets_in_by_no_link;
    async fn the_first_administrator_comes_by_the_set_up_link;
}

fn token(link: &IssuedLink) -> String {
    link.url.as_deref().unwrap().strip_prefix(&format!("{OWN}/link#")).unwrap().to_owned()
}

fn choose(link: &IssuedLink) -> RedeemLink {
    RedeemLink { token: token(link), password: PASSWORD.into(), username: None, name: None }
}

fn set_up(link: &IssuedLink, username: &str) -> RedeemLink {
    RedeemLink { username: Some(username.into()), name: Some("The First".into()), ..choose(link) }
}

fn redeem(house: &House, form: &RedeemLink) -> Result<PersonId, Code> {
    match house.access.redeem(form, &origin()).map_err(|e| e.code)? {
        Entered::In(started) => Ok(started.info.me.id),
        Entered::Second(_) => Err(Code::FactorNeeded),
    }
}

fn inspect(house: &House, link: &IssuedLink) -> Result<LinkInfo, Code> {
    house.access.inspect(&LinkToken { token: token(link) }).map_err(|e| e.code)
}

async fn the_first_administrator_comes_by_the_set_up_link(kind: Database) {
    let house = Arc::new(House::new(kind));
    let app = app!(house);
    let link = house.access.setup_link_if_needed().await.unwrap().unwrap();
    let asked = json(request(&Method::POST, "/links/inspect", None), &LinkToken { token: token(&link) });
    let info: LinkInfo = read_body_json(call_service(&app, asked.to_request()).await).await;
    assert_eq!((info.kind, info.person, info.expires_at), (LinkKind::Setup, None, NEW_YEAR + DAY));
    let asked = json(request(&Method::POST, "/links/redeem", None), &set_up(&link, "ada")).to_request();
    let answer = call_service(&app, asked).await;
    assert_eq!(answer.status(), 200);
    assert!(answer.headers().contains_key("set-cookie"));
    let started: SessionInfo = read_body_json(answer).await;
    assert_eq!(started.roles, [Role::Employee, Role::ItAdmin]);
    let ada = started.me.id;
    assert_eq!(house.directory.get(ada).unwrap().person.username, "ada");
    assert_eq!(house.bodies::<PersonCreated>(ada, Kind::PersonCreated)[0].roles, started.roles);
    assert_eq!(
        house.kinds(),
        [Kind::LinkIssued, Kind::PersonCreated, Kind::LinkRedeemed, Kind::PasswordSet, Kind::SignedIn]
    );
    assert!(house.access.setup_link_if_needed().await.unwrap().is_none(), "only while there is nobody");
    let asked = json(request(&Method::POST, "/links/redeem", None), &set_up(&link, "eve")).to_request();
    assert_eq!(call_service(&app, asked).await.status(), 410);
}

fn set_up_needs_a_name_and_a_password_and_spares_the_link_until_it_has_them(kind: Database) {
    let house = House::new(kind);
    let link = commands::setup(&house.access).unwrap().unwrap();
    for (form, code) in [
        (choose(&link), Code::UsernameInvalid),
        (RedeemLink { name: None, ..set_up(&link, "ada") }, Code::NameEmpty),
        (RedeemLink { password: "short".into(), ..set_up(&link, "ada") }, Code::PasswordTooShort),
        (RedeemLink { token: "A".repeat(43), ..set_up(&link, "ada") }, Code::LinkInvalid),
        (RedeemLink { token: "no token".into(), ..set_up(&link, "ada") }, Code::LinkInvalid),
    ] {
        assert_eq!(redeem(&house, &form), Err(code));
    }
    assert!(redeem(&house, &set_up(&link, "ada")).is_ok());
}

fn of_many_who_redeem_at_once_one_wins(kind: Database) {
    let house = House::new(kind);
    let link = commands::setup(&house.access).unwrap().unwrap();
    let won = std::thread::scope(|scope| {
        let tries: Vec<_> = (0..4)
            .map(|number| {
                let (house, form) = (&house, set_up(&link, &format!("admin{number}")));
                scope.spawn(move || redeem(house, &form))
            })
            .collect();
        let results: Vec<_> = tries.into_iter().map(|one| one.join().unwrap()).collect();
        assert!(results.iter().filter_map(|r| r.as_ref().err()).all(|code| *code == Code::LinkInvalid));
        results.iter().filter(|result| result.is_ok()).count()
    });
    assert_eq!(won, 1);
    assert_eq!(house.directory.all().len(), 1);
    assert_eq!(house.kinds().iter().filter(|kind| **kind == Kind::LinkRedeemed).count(), 1);
}

fn a_newer_set_up_link_voids_the_older(kind: Database) {
    let house = House::new(kind);
    let (older, newer) =
        (commands::setup(&house.access).unwrap().unwrap(), commands::setup(&house.access).unwrap().unwrap());
    assert_eq!(redeem(&house, &set_up(&older, "eve")), Err(Code::LinkInvalid));
    assert!(redeem(&house, &set_up(&newer, "ada")).is_ok());
}

fn an_invitation_lasts_seven_days(kind: Database) {
    let house = House::new(kind);
    let invited = commands::invite(&house.access, "ada", "Ada", &[Role::Employee], None).unwrap();
    let info = inspect(&house, &invited.link).unwrap();
    assert_eq!((info.kind, info.person.unwrap().id), (LinkKind::Invitation, invited.id));
    house.clock.advance(7 * DAY - 1);
    assert!(inspect(&house, &invited.link).is_ok());
    house.clock.advance(1);
    assert_eq!(inspect(&house, &invited.link), Err(Code::LinkInvalid));
    assert_eq!(redeem(&house, &choose(&invited.link)), Err(Code::LinkInvalid));
    let again = commands::reset(&house.access, "ada").unwrap();
    assert_eq!(inspect(&house, &again).unwrap().kind, LinkKind::Invitation, "there never was a password");
    assert_eq!(redeem(&house, &choose(&again)), Ok(invited.id));
}

fn a_reset_voids_older_links_and_ends_the_sessions(kind: Database) {
    let house = House::new(kind);
    let ada = house.account("ada", &[Role::Employee]);
    let before = house.session(ada).info.session;
    let older = commands::reset(&house.access, "ada").unwrap();
    let newer = commands::reset(&house.access, "ada").unwrap();
    assert_eq!(inspect(&house, &older), Err(Code::LinkInvalid));
    assert_eq!(house.bodies::<LinkIssued>(ada, Kind::LinkIssued).len(), 2);
    assert_eq!(house.running(ada), [before], "until it is used, nothing ends");
    assert_eq!(redeem(&house, &choose(&newer)), Ok(ada));
    assert_eq!(redeem(&house, &choose(&newer)), Err(Code::LinkInvalid));
    assert!(!house.running(ada).contains(&before));
    assert_eq!(house.running(ada).len(), 1);
    assert_eq!(
        house.bodies::<SessionEnded>(ada, Kind::SessionEnded),
        [SessionEnded { session: before, reason: EndReason::PasswordSet }]
    );
}

fn a_suspended_person_gets_in_by_no_link(kind: Database) {
    let house = House::new(kind);
    let ada = house.account("ada", &[Role::Employee]);
    let link = commands::reset(&house.access, "ada").unwrap();
    commands::suspend(&house.access, "ada").unwrap();
    assert_eq!(redeem(&house, &choose(&link)), Err(Code::LinkInvalid));
    assert_eq!(commands::reset(&house.access, "ada").unwrap_err().code, Code::Suspended);
    commands::reinstate(&house.access, "ada").unwrap();
    assert_eq!(redeem(&house, &choose(&link)), Err(Code::LinkInvalid), "suspending voids it for good");
    assert!(house.running(ada).is_empty());
}

fn a_link_and_its_mail_are_kept_together_or_not_at_all(kind: Database) {
    let house = House::new(kind);
    house.access.0.settings.mail_server.set(true);
    let form = Invite {
        username: "nora".into(),
        name: "Nora".into(),
        roles: vec![Role::Employee],
        guest: None,
        email: Some("Nora@example.org".into()),
        mail: true,
    };
    let invite = || house.access.invite(&form, By::COMMAND_LINE).map_err(|e| e.code);
    let mails = || {
        let mut conn = house.journal.db().reader().unwrap();
        outbox::page(&mut conn, house.journal.vault(), None, None, None, 10).unwrap()
    };
    let nora = invite().unwrap();
    let kept = mails();
    assert_eq!(kept.len(), 1);
    assert_eq!((kept[0].person, kept[0].expires_at), (nora.id, nora.link.expires_at));
    assert!(kept[0].content.as_ref().is_some_and(|content| content.url.is_some()));
    let records = house.bodies::<LinkIssued>(nora.id, Kind::LinkIssued);
    assert_eq!(records.iter().map(|body| body.mailed).collect::<Vec<_>>(), [Some(kept[0].id)]);
    assert_eq!(records[0].link, kept[0].link.unwrap());

    assert_eq!(invite().unwrap_err(), Code::UsernameTaken);
    house.access.suspend(nora.id, By::COMMAND_LINE).unwrap();
    let refused = house.access.reset(nora.id, true, By::COMMAND_LINE).map_err(|e| e.code);
    assert_eq!(refused.unwrap_err(), Code::Suspended);
    assert_eq!(mails().len(), 1, "no link, no mail");
}
