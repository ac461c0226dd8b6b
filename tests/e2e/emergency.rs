//! Accounts for the day the sources are away: what they must be, what they must stay, from where they open, and that it is noticed.

use chancery_ledger::{Kind, Stream};
use chancery_protocol::accounts::{BulkAct, BulkOutcome};
use chancery_protocol::ids::Id;
use chancery_protocol::operations::{CheckCode, Fact, Health, State};
use chancery_protocol::person::Role;
use chancery_tests::archive::Archive;
use chancery_tests::database::{Database, Storage};
use chancery_tests::factors::App;
use chancery_tests::house::{House, PASSWORD};
use chancery_tests::http::{Caller, http};
use chancery_tests::on_both_databases;
use chancery_tests::patience::until;
use chancery_tests::process::free_port;
use chancery_tests::server::Plan;
use chancery_tests::sign_on::oidc;
use reqwest::Method;

const OTHER_PASSWORD: &str = "another long password";
/// The company's own network.
const INSIDE: &str = "10.1.2.7";
const OUTSIDE: &str = "203.0.113.9";

/// Behind a proxy that says who calls.
async fn behind_a_proxy(kind: Database) -> House {
    let plan = Plan::new(&Storage::new(kind)).with("CHANCERY_PROXIES_TRUSTED", "127.0.0.1");
    House::build(plan, 0).await
}

/// The first administrator, bound to the company's network.
async fn bound(house: &House) -> App {
    let (app, _) = house.admin.add_totp("Phone").await;
    house.admin.set_emergency(house.admin.id(), true, &["10.1.0.0/16", "2001:db8::/32"]).await.unwrap();
    app
}

async fn health(house: &House) -> (State, Option<Fact>) {
    let health: Health = house.admin.call(Method::GET, "/health", None::<&()>).await.unwrap();
    let check = health.checks.into_iter().find(|check| check.code == CheckCode::Emergency).unwrap();
    (check.state, check.facts.get("used_at").cloned())
}

fn refusals(house: &House) -> usize {
    Archive::read(house.storage()).count(Kind::EmergencyRefused)
}

on_both_databases! {
    async fn only_an_administrator_by_hand_with_a_second_factor_can_be_one(kind) {
        let house = House::with_people(kind, 1).await;
        let admin = &house.admin;
        let refused = async |who: &Caller, networks: &[&str]| {
            let refused = admin.set_emergency(who.id(), true, networks).await.unwrap_err();
            (refused.status, refused.code().to_owned())
        };
        assert_eq!(refused(&house.people[0], &[]).await, (409, "emergency_unfit".to_owned()));
        assert_eq!(refused(admin, &[]).await, (409, "factor_needed".to_owned()));
        for wrong in ["office", "10.1.0.0/33", ""] {
            assert_eq!(refused(admin, &[wrong]).await, (422, "network_invalid".to_owned()), "{wrong:?}");
        }
        let several = admin.set_emergency(admin.id(), true, &["10.0.0.0/8", "office", "::1", "10.1.0.0/33"]).await;
        let problem = several.unwrap_err().problem.unwrap();
        let fields: Vec<&str> = problem.errors.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(fields, ["networks.1", "networks.3"]);
        admin.add_totp("Phone").await;
        let source = admin.make_source(&oidc("Corp", "http://127.0.0.1:9", "app", "")).await.unwrap();
        let other = house.invite_and_redeem("otto", &[Role::ItAdmin]).await;
        other.add_totp("Phone").await;
        let third = house.invite_and_redeem("ines", &[Role::ItAdmin]).await;
        admin.link_with(&third, source, "otto", other.id()).await;
        assert_eq!(refused(&other, &[]).await, (409, "emergency_unfit".to_owned()), "a source knows them");

        admin.set_emergency(admin.id(), true, &["10.1.2.3/16", "192.0.2.7"]).await.unwrap();
        let shown = admin.account(admin.id()).await.unwrap().emergency.unwrap();
        assert_eq!((shown.networks, shown.used_at), (vec!["10.1.0.0/16".to_owned(), "192.0.2.7/32".to_owned()], None));
        admin.set_emergency(admin.id(), true, &["10.1.0.0/16", "192.0.2.7/32"]).await.unwrap();
        assert_eq!(Archive::read(house.storage()).count(Kind::EmergencySet), 1, "nothing changed");
        admin.set_emergency(admin.id(), false, &[]).await.unwrap();
        assert_eq!(admin.account(admin.id()).await.unwrap().emergency, None);
        assert_eq!(Archive::read(house.storage()).count(Kind::EmergencySet), 2);
    }

    async fn it_stays_what_it_must_be(kind) {
        let house = House::with_people(kind, 0).await;
        let admin = &house.admin;
        let other = house.invite_and_redeem("otto", &[Role::Employee, Role::ItAdmin]).await;
        let (_, first) = other.add_totp("Phone").await;
        let (_, second) = other.add_totp("Tablet").await;
        admin.set_emergency(other.id(), true, &[]).await.unwrap();
        other.remove_factor(first.id, PASSWORD).await.unwrap();
        let last = other.remove_factor(second.id, PASSWORD).await.unwrap_err();
        assert_eq!((last.status, last.code()), (409, "factor_needed"));
        assert_eq!(admin.remove_factors_of(other.id()).await.unwrap_err().code(), "factor_needed");
        assert_eq!(other.factors().await.unwrap().factors.len(), 1, "nothing was done");

        let roles = admin.set_roles(other.id(), &[Role::Employee]).await.unwrap_err();
        assert_eq!((roles.status, roles.code()), (409, "emergency_account"));
        for preview in [true, false] {
            let act = BulkAct::RemoveRole { role: Role::ItAdmin };
            let one = admin.bulk(act, &[other.id()], preview).await.unwrap().results.remove(0);
            assert_eq!((one.outcome, one.problem.unwrap().code.as_str()), (BulkOutcome::Refused, "emergency_account"));
        }
        let source = admin.make_source(&oidc("Corp", "http://127.0.0.1:9", "app", "")).await.unwrap();
        let linked = admin.link(source, "otto", other.id()).await.unwrap_err();
        assert_eq!((linked.status, linked.code()), (409, "emergency_account"));
        admin.set_roles(other.id(), &[Role::ItAdmin]).await.expect("it stays an administrator");

        admin.set_emergency(other.id(), false, &[]).await.unwrap();
        other.remove_factor(second.id, PASSWORD).await.unwrap();
        let third = house.invite_and_redeem("ines", &[Role::ItAdmin]).await;
        admin.link_with(&third, source, "otto", other.id()).await;
    }

    async fn each_use_is_on_record_and_noticed(kind) {
        let metrics = free_port();
        let plan = Plan::new(&Storage::new(kind)).with("CHANCERY_METRICS_LISTEN", format!("127.0.0.1:{metrics}"));
        let house = House::build(plan, 0).await;
        let figure = async || -> String {
            let text = http().get(format!("http://127.0.0.1:{metrics}/metrics")).send().await.unwrap().text().await.unwrap();
            let line = text.lines().find(|line| line.starts_with("chancery_emergency_sign_ins_total")).unwrap();
            line.split_whitespace().nth(1).unwrap().to_owned()
        };
        let (mut app, _) = house.admin.add_totp("Phone").await;
        house.stranger().sign_in_with("root", &mut app).await.unwrap();
        assert_eq!((figure().await.as_str(), health(&house).await), ("0", (State::Ok, None)), "not one yet");
        house.admin.set_emergency(house.admin.id(), true, &[]).await.unwrap();
        app.time_passes(house.storage());
        let used = house.stranger().sign_in_with("root", &mut app).await.unwrap();
        assert_eq!(figure().await, "1");
        let archive = Archive::read(house.storage());
        let at = archive.headers.iter().position(|header| header.kind == Kind::EmergencyUsed).unwrap();
        let (record, before) = (&archive.headers[at], &archive.headers[at - 1]);
        assert_eq!((record.stream, record.target), (Stream::System, Some(house.admin.id().bytes())));
        assert_eq!((before.kind, before.at), (Kind::SignedIn, record.at), "with the session, in one unit");
        let said = used.account(used.id()).await.unwrap().emergency.unwrap();
        assert_eq!(said.used_at, Some(record.at));
        let (state, fact) = health(&house).await;
        assert_eq!((state, fact), (State::Warn, Some(Fact::Number(record.at))));
        // Taken off, the use still shows; a week later it does not.
        house.admin.set_emergency(house.admin.id(), false, &[]).await.unwrap();
        assert_eq!(health(&house).await.0, State::Warn);
        house.storage().sql("UPDATE emergency SET used_at = used_at - 604800000000");
        assert_eq!(health(&house).await.0, State::Ok);
        let log = house.server.log();
        let line = log.lines().find(|line| line.contains("an account for emergencies")).unwrap();
        assert!(line.contains("WARN") && !line.contains("root") && !line.contains("127.0.0.1"), "{line}");
    }

    async fn from_elsewhere_it_is_an_account_like_any_other_that_does_not_open(kind) {
        let house = behind_a_proxy(kind).await;
        let mut app = bound(&house).await;
        house.invite_and_redeem("plain", &[Role::Employee]).await;
        let (outside, inside) = (house.stranger().from(OUTSIDE), house.stranger().from(INSIDE));
        // The same answers as for anybody else, right or wrong, and they make wait after as many.
        let mut said = Vec::new();
        for (name, password, address) in [
            ("root", PASSWORD, OUTSIDE),
            ("root", "a wild guess", "203.0.113.10"),
            ("plain", "a wild guess", "203.0.113.11"),
            ("nobody", PASSWORD, "203.0.113.12"),
        ] {
            house.storage().sql("DELETE FROM login_delays");
            let mut answers = Vec::new();
            for _ in 0..7 {
                let refused = house.stranger().from(address).sign_in(name, password).await.unwrap_err();
                answers.push((refused.status, refused.problem.map(|problem| (problem.code, problem.title, problem.detail))));
            }
            said.push(answers);
        }
        assert!(said.iter().all(|answers| *answers == said[0]), "{said:#?}");
        let codes: Vec<u16> = said[0].iter().map(|(status, _)| *status).collect();
        assert_eq!(codes, [401, 401, 401, 401, 401, 401, 429]);
        until("right ones are on record", async || refusals(&house) == 6).await;
        let archive = Archive::read(house.storage());
        let record = archive.headers.iter().find(|header| header.kind == Kind::EmergencyRefused).unwrap();
        assert_eq!((record.stream, record.target), (Stream::System, Some(house.admin.id().bytes())));

        // Nothing was counted against the account: its owner comes in from where they may.
        house.storage().sql("DELETE FROM login_delays");
        while outside.sign_in("root", "a wild guess").await.unwrap_err().status != 429 {}
        app.time_passes(house.storage());
        inside.sign_in_with("root", &mut app).await.unwrap();
        house.stranger().from("2001:db8::7").first_step("root", PASSWORD, false).await.unwrap();
        // Who writes the header himself is not believed further than the proxy.
        house.storage().sql("DELETE FROM login_delays");
        let forged = house.stranger().from(&format!("{INSIDE}, {OUTSIDE}"));
        assert_eq!(forged.sign_in("root", PASSWORD).await.unwrap_err().code(), "sign_in_failed");
    }

    async fn the_second_step_asks_from_where_too(kind) {
        let house = behind_a_proxy(kind).await;
        let mut app = bound(&house).await;
        let (outside, inside) = (house.stranger().from(OUTSIDE), house.stranger().from(INSIDE));
        let step = inside.first_step("root", PASSWORD, false).await.unwrap();
        app.time_passes(house.storage());
        let code = app.code();
        let refused = outside.second_step(&step.ticket, &code).await.unwrap_err();
        assert_eq!((refused.status, refused.code()), (401, "factor_failed"));
        assert_eq!(refusals(&house), 1);
        inside.second_step(&step.ticket, &code).await.expect("neither ticket nor code are used up");

        // A reset link from elsewhere sets the password and opens nothing.
        let other = house.invite_and_redeem("otto", &[Role::ItAdmin]).await.from(INSIDE).sign_in("otto", PASSWORD).await.unwrap();
        let link = other.reset(house.admin.id()).await.unwrap();
        let step = outside.redeem_link_first(link.url.as_deref().unwrap(), OTHER_PASSWORD).await.unwrap();
        app.time_passes(house.storage());
        assert_eq!(outside.second_step(&step.ticket, &app.code()).await.unwrap_err().code(), "factor_failed");
        assert_eq!(refusals(&house), 2);
    }

    async fn the_command_line_is_the_way_back_when_the_factor_is_lost(kind) {
        let house = House::with_people(kind, 0).await;
        house.admin.add_totp("Phone").await;
        house.admin.set_emergency(house.admin.id(), true, &["192.0.2.0/24"]).await.unwrap();
        assert_eq!(house.stranger().sign_in("root", PASSWORD).await.unwrap_err().code(), "sign_in_failed");
        house.server.cli(&["user", "remove-factors", "root"]).await.expect_success();
        assert_eq!(house.admin.session().await.unwrap_err().code(), "signed_out");
        let admin = house.stranger().sign_in("root", PASSWORD).await.unwrap();
        assert_eq!(admin.account(admin.id()).await.unwrap().emergency, None);
        let archive = Archive::read(house.storage());
        assert_eq!((archive.count(Kind::EmergencySet), archive.count(Kind::FactorRemoved)), (2, 1));
    }
}
