//! People from outside: with a sponsor and an end, in named conversations only, gone when their time is over.

use chancery_ledger::Kind;
use chancery_protocol::SUBPROTOCOL;
use chancery_protocol::accounts::AccountState;
use chancery_protocol::audit::{AuditDetail, AuditPage};
use chancery_protocol::command::FindPeople;
use chancery_protocol::conversation::MemberRole;
use chancery_protocol::frame::Goodbye;
use chancery_protocol::ids::{ConversationId, PersonId};
use chancery_protocol::operations::{CheckCode, Fact, Health, State};
use chancery_protocol::person::{GuestTerms, Role};
use chancery_protocol::state::{ClientState, apply};
use chancery_protocol::tokens::{AccessTokenIssued, IssueAccessToken, Scope};
use chancery_tests::archive::Archive;
use chancery_tests::client::Client;
use chancery_tests::house::{House, PASSWORD};
use chancery_tests::http::{Caller, Refusal};
use chancery_tests::on_both_databases;
use chancery_tests::patience::until;
use chancery_tests::tokens::{in_days, month};
use reqwest::Method;

/// A guest who has redeemed the invitation.
async fn guest(house: &House, username: &str, terms: GuestTerms) -> Caller {
    let invited = house.admin.invite_with(username, "Gwen Guest", &[Role::Guest], Some(terms)).await.unwrap();
    house.stranger().redeem_link(invited.link.url.as_deref().unwrap(), PASSWORD).await.unwrap()
}

fn refused<T>(result: Result<T, Refusal>) -> (u16, String) {
    let refusal = result.err().expect("it was allowed");
    (refusal.status, refusal.code().to_owned())
}

/// What a client knows by what it has received.
fn state_of(client: &Client) -> ClientState {
    let mut state = ClientState::default();
    client.frames.iter().for_each(|frame| drop(apply(&mut state, frame, 0)));
    state
}

/// The guests its line of the group names, once it has one.
fn guests_in(client: &Client, group: ConversationId) -> Option<Vec<PersonId>> {
    Some(state_of(client).conversations.get(&group)?.info.guests.clone())
}

async fn health(house: &House) -> (State, Option<Fact>) {
    let health: Health = house.admin.call(Method::GET, "/health", None::<&()>).await.unwrap();
    let check = health.checks.into_iter().find(|check| check.code == CheckCode::Guests).unwrap();
    (check.state, check.facts.get("count").cloned())
}

/// Sets an end so near that it passes while the test waits for what follows.
async fn ends_now(house: &House, person: PersonId, sponsor: PersonId) {
    house.admin.set_guest(person, GuestTerms { sponsor, ends_at: in_days(0) + 4_000_000 }).await.unwrap();
}

on_both_databases! {
    async fn a_guest_needs_a_sponsor_and_an_end_and_is_nothing_else(kind) {
        let house = House::with_people(kind, 2).await;
        let admin = &house.admin;
        let (ada, bela) = (house.people[0].id(), house.people[1].id());
        let month = GuestTerms { sponsor: ada, ends_at: in_days(30) };
        let ask = async |roles: &[Role], terms| refused(admin.invite_with("gwen", "Gwen Guest", roles, terms).await);

        assert_eq!(ask(&[Role::Guest], None).await, (422, "guest_terms".to_owned()));
        assert_eq!(ask(&[Role::Guest, Role::Employee], Some(month)).await, (422, "guest_alone".to_owned()));
        assert_eq!(ask(&[Role::Employee], Some(month)).await, (422, "out_of_range".to_owned()));
        for ends_at in [in_days(-1), in_days(6 * 366), i64::MAX, i64::MIN] {
            let wrong = ask(&[Role::Guest], Some(GuestTerms { ends_at, ..month })).await;
            assert_eq!(wrong, (422, "out_of_range".to_owned()), "{ends_at}");
        }
        admin.suspend(bela).await.unwrap();
        assert_eq!(ask(&[Role::Guest], Some(GuestTerms { sponsor: bela, ..month })).await, (403, "suspended".to_owned()));
        let before = Archive::read(house.storage()).count(Kind::PersonCreated);

        let gwen = guest(&house, "gwen", month).await;
        let other = GuestTerms { sponsor: gwen.id(), ..month };
        assert_eq!(ask(&[Role::Guest], Some(other)).await, (409, "guest_answers".to_owned()), "for no other guest");
        assert_eq!(refused(admin.set_guest(gwen.id(), other).await), (409, "guest_answers".to_owned()), "nor for themselves");
        assert_eq!(refused(admin.set_guest(ada, month).await), (409, "no_guest".to_owned()));
        let archive = Archive::read(house.storage());
        assert_eq!((archive.count(Kind::PersonCreated) - before, archive.count(Kind::GuestSet)), (1, 1), "what was refused left nothing");

        let shown = admin.account(gwen.id()).await.unwrap().person;
        assert_eq!((shown.guest, shown.terms), (true, Some(month)));
        admin.set_guest(gwen.id(), month).await.unwrap();
        assert_eq!(Archive::read(house.storage()).count(Kind::GuestSet), 1, "no change, no record");
        admin.set_guest(gwen.id(), GuestTerms { ends_at: in_days(60), ..month }).await.unwrap();
        assert_eq!(Archive::read(house.storage()).count(Kind::GuestSet), 2);

        admin.set_roles(gwen.id(), &[Role::Employee]).await.unwrap();
        let hired = admin.account(gwen.id()).await.unwrap().person;
        assert_eq!((hired.guest, hired.terms), (false, None));
        assert_eq!(refused(admin.set_guest(gwen.id(), month).await), (409, "no_guest".to_owned()));
    }

    async fn whoever_shares_a_conversation_with_a_guest_sees_it(kind) {
        let house = House::with_people(kind, 2).await;
        let (ada, bela) = (house.people[0].id(), house.people[1].id());
        let terms = GuestTerms { sponsor: bela, ends_at: in_days(30) };
        let gwen = guest(&house, "gwen", terms).await;
        let mut member = house.connect(0).await;
        let group = member.create_group("Counterparty", &[bela]).await.unwrap().id;
        member.wait_until("the group is in the list", |client| guests_in(client, group) == Some(vec![])).await;
        member.add_members(group, &[gwen.id()]).await.unwrap();

        let mut visitor = Client::connect(&gwen).await;
        let ids: Vec<_> = visitor.hello.conversations.iter().map(|line| line.id).collect();
        assert_eq!(ids, [group], "named conversations only");
        assert!(state_of(&visitor).people.contains_key(&bela), "and who answers for them");
        let find = FindPeople { text: "ada".to_owned(), limit: 10 };
        assert_eq!(visitor.ask(find).await.unwrap_err().code(), "not_found");
        assert_eq!(visitor.open_direct(ada).await.unwrap_err().code(), "not_found");
        assert_eq!(visitor.create_group("Ours", &[ada]).await.unwrap_err().code(), "not_found");

        member.wait_until("the guest is in the line", |client| guests_in(client, group) == Some(vec![gwen.id()])).await;
        let again = house.connect(0).await;
        assert_eq!(guests_in(&again, group), Some(vec![gwen.id()]), "and from the start");
        let known = state_of(&again).people;
        assert_eq!((known[&gwen.id()].guest, known[&gwen.id()].terms), (true, Some(terms)));
        assert_eq!(known[&bela].name, "Bela Test", "with whoever answers for them");

        let owner = member.set_member_role(group, gwen.id(), MemberRole::Owner).await.unwrap_err();
        assert_eq!(owner.code(), "guest_answers", "a guest manages nobody");

        let later = GuestTerms { sponsor: ada, ends_at: in_days(40) };
        house.admin.set_guest(gwen.id(), later).await.unwrap();
        let told = |client: &Client| state_of(client).people[&gwen.id()].terms == Some(later);
        member.wait_until("the new terms", told).await;
        member.remove_member(group, gwen.id()).await.unwrap();
        member.wait_until("the guest is out of the line", |client| guests_in(client, group) == Some(vec![])).await;
        assert_eq!(guests_in(&house.connect(0).await, group), Some(vec![]));
    }

    async fn when_the_time_is_over_the_guest_is_out_until_there_is_another_end(kind) {
        let house = House::with_people(kind, 1).await;
        let (admin, ada) = (&house.admin, house.people[0].id());
        let gwen = guest(&house, "gwen", GuestTerms { sponsor: ada, ends_at: in_days(30) }).await;
        let issue = async |days| {
            let form = IssueAccessToken { expires_at: in_days(days), ..month(&[Scope::MessagesRead]) };
            gwen.call::<AccessTokenIssued>(Method::POST, "/tokens", Some(&form)).await
        };
        assert_eq!(refused(issue(31).await), (422, "out_of_range".to_owned()), "no token outlives the guest");
        let program = gwen.program(&issue(29).await.unwrap().token, gwen.me.clone());
        let mut robot = Client::offering(&program, SUBPROTOCOL).await.unwrap();
        let mut socket = Client::connect(&gwen).await;

        ends_now(&house, gwen.id(), ada).await;
        for socket in [&mut socket, &mut robot] {
            socket.wait_for_the_end().await;
            assert_eq!(socket.goodbye, Some(Goodbye::Suspended));
        }
        until("the account is suspended", async || admin.account(gwen.id()).await.unwrap().state == AccountState::Suspended).await;
        assert_eq!(refused(gwen.session().await).0, 401);
        assert!(Client::offering(&program, SUBPROTOCOL).await.is_err(), "nor by its token");
        assert_eq!(refused(house.stranger().sign_in("gwen", PASSWORD).await), (403, "suspended".to_owned()));
        let auditor = house.invite_and_redeem("auditor", &[Role::Auditor]).await;
        let page: AuditPage =
            auditor.call(Method::GET, "/audit?kinds=person.suspended,guest.set", None::<&()>).await.unwrap();
        let [suspended, set, ..] = &page.entries[..] else { panic!("{page:?}") };
        assert_eq!((suspended.actor, suspended.body.as_ref().unwrap()["via"].as_str()), (None, Some("end_date")));
        let set: AuditDetail =
            auditor.call(Method::GET, &format!("/audit/{}", set.position), None::<&()>).await.unwrap();
        let changed: Vec<&str> = set.changes.iter().map(|change| change.field.as_str()).collect();
        assert_eq!(changed, ["end"], "the sponsor stayed");

        assert_eq!(refused(admin.reinstate(gwen.id()).await), (409, "guest_ended".to_owned()));
        admin.set_guest(gwen.id(), GuestTerms { sponsor: ada, ends_at: in_days(1) }).await.unwrap();
        admin.reinstate(gwen.id()).await.unwrap();
        let back = house.stranger().sign_in("gwen", PASSWORD).await.unwrap();
        let sessions = back.sessions().await.unwrap().sessions;
        assert!(sessions.iter().all(|session| session.expires_at <= in_days(1)));
    }

    async fn health_tells_of_guests_nobody_answers_for_and_of_those_who_leave_soon(kind) {
        let house = House::with_people(kind, 2).await;
        assert_eq!(health(&house).await.0, State::Ok);
        let (ada, bela) = (house.people[0].id(), house.people[1].id());
        let gwen = guest(&house, "gwen", GuestTerms { sponsor: ada, ends_at: in_days(30) }).await;
        assert_eq!(health(&house).await.0, State::Ok);
        house.admin.set_guest(gwen.id(), GuestTerms { sponsor: ada, ends_at: in_days(6) }).await.unwrap();
        assert_eq!(health(&house).await, (State::Warn, Some(Fact::Number(1))), "the time is nearly over");
        house.admin.set_guest(gwen.id(), GuestTerms { sponsor: ada, ends_at: in_days(30) }).await.unwrap();
        house.admin.suspend(ada).await.unwrap();
        assert_eq!(health(&house).await, (State::Warn, Some(Fact::Number(1))), "the sponsor left");
        house.admin.set_guest(gwen.id(), GuestTerms { sponsor: bela, ends_at: in_days(30) }).await.unwrap();
        assert_eq!(health(&house).await.0, State::Ok);
    }
}
