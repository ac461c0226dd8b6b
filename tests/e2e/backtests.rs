//! A rule is run over the archive before it comes into force.

use chancery_ledger::Kind;
use chancery_protocol::ids::{ConversationId, Id};
use chancery_protocol::person::Role;
use chancery_protocol::policy::Content;
use chancery_protocol::review::{Backtest, BacktestSamples, BacktestState, Backtests, StartBacktest};
use chancery_tests::archive::Archive;
use chancery_tests::database::Storage;
use chancery_tests::house::{House, PASSWORD};
use chancery_tests::http::{Caller, Refusal};
use chancery_tests::on_both_databases;
use chancery_tests::patience::until;
use chancery_tests::policy::put_in_force;
use chancery_tests::screening::rule_with;
use chancery_tests::server::Plan;
use reqwest::Method;
use serde_json::{Value, json};

use crate::fresh_sign_in::wait_sixteen_minutes;
use crate::rules::Ruled;

fn start(expression: &str, more: Value) -> StartBacktest {
    let (_, content) = rule_with("fruit", "block", expression, more);
    let Content::Rule { rule } = content else { panic!("no rule") };
    StartBacktest { rule, lists: Default::default(), days: 30, reason: "To see what it would catch.".into() }
}

async fn begin(who: &Caller, asked: &StartBacktest) -> Result<Backtest, Refusal> {
    who.call(Method::POST, "/review/backtests", Some(asked)).await
}

async fn found(who: &Caller, test: &Backtest) -> Backtest {
    who.call(Method::GET, &format!("/review/backtests/{}", test.id), None::<&()>).await.unwrap()
}

async fn done(who: &Caller, test: &Backtest) -> Backtest {
    until("the run is over", async || found(who, test).await.state == BacktestState::Done).await;
    found(who, test).await
}

on_both_databases! {
    async fn a_run_counts_what_a_rule_would_have_caught(kind) {
        let mut all = Ruled::new(kind).await;
        let talk = all.talk;
        let sent = all.ada.send(talk, "an apple a day").await.unwrap().record;
        for text in ["a pear", "apples and pears", "nothing of it", "an apple pie"] {
            all.bela.send(talk, text).await.unwrap();
        }
        all.ada.edit(talk, sent, "an apple and a plum").await.unwrap();
        let deleted = all.ada.send(talk, "apple, and gone").await.unwrap().record;
        all.ada.delete(talk, deleted).await.unwrap();
        let pies = rule_with("pies", "flag", "pie OR plum", json!({}));
        let running = rule_with("fruit", "flag", "apple*", json!({}));
        put_in_force(&all.officer, &all.lead, &[(&pies.0, pies.1), (&running.0, running.1)]).await;

        let test = begin(&all.officer, &start("apple", json!({}))).await.unwrap();
        let test = done(&all.officer, &test).await;
        // Edits and what was deleted count: it was said.
        assert_eq!((test.texts, test.hits, test.progress, test.damaged), (7, 4, 1_000, 0));
        assert_eq!(test.running, Some((1, 5)), "the version in force also has the apples");
        assert_eq!(test.also.iter().map(|other| (other.rule.as_str(), other.hits)).collect::<Vec<_>>(), [("pies", 2)]);
        assert_eq!(test.by_day.len(), 31);
        assert_eq!(test.by_day.iter().map(|day| (day.texts, day.hits)).max(), Some((7, 4)));
        let newest: Backtests = all.lead.call(Method::GET, "/review/backtests?rule=fruit", None::<&()>).await.unwrap();
        assert_eq!(newest.newest, Some(test.clone()));

        let path = format!("/review/backtests/{}/samples", test.id);
        let samples: BacktestSamples = all.officer.call(Method::GET, &path, None::<&()>).await.unwrap();
        let marked: Vec<&str> = samples.samples.iter().map(|sample| {
            let (start, end) = sample.spans[0];
            &sample.text[start as usize..end as usize]
        }).collect();
        assert_eq!(marked, ["apple"; 4]);
        assert_eq!(samples.samples[0].text, "an apple a day");
        assert_eq!(samples.names.len(), 2);
        let archive = Archive::read(all.house.storage());
        assert_eq!([Kind::PolicyTested, Kind::PolicySampled].map(|kind| archive.count(kind)), [1, 1]);
        let tested = archive.headers.iter().find(|header| header.kind == Kind::PolicyTested).unwrap();
        let sampled = archive.headers.iter().find(|header| header.kind == Kind::PolicySampled).unwrap();
        assert_eq!(tested.target, sampled.target);
    }

    async fn lists_scope_and_mistakes_of_a_run(kind) {
        let mut all = Ruled::new(kind).await;
        let talk = all.talk;
        all.ada.send(talk, "a quince").await.unwrap();
        all.bela.send(talk, "a quince too").await.unwrap();
        let refused = |result: Result<Backtest, Refusal>| {
            let refusal = result.unwrap_err();
            let problem = refusal.problem.clone().unwrap();
            (problem.code, problem.field.unwrap_or_default())
        };
        let wrong = begin(&all.officer, &start("list:fruit", json!({}))).await;
        assert_eq!(refused(wrong), ("rule_invalid".into(), "rule.match".into()), "no such list");
        let odd = StartBacktest { days: 0, ..start("quince", json!({})) };
        assert_eq!(refused(begin(&all.officer, &odd).await), ("out_of_range".into(), "days".into()));
        let odd = StartBacktest { reason: "so".into(), ..start("quince", json!({})) };
        assert_eq!(refused(begin(&all.officer, &odd).await), ("reason_needed".into(), "reason".into()));
        let odd = StartBacktest { rule: json!({"id": "fruit", "colour": "red"}), ..start("quince", json!({})) };
        assert_eq!(refused(begin(&all.officer, &odd).await), ("rule_invalid".into(), "rule".into()));
        assert_eq!(Archive::read(all.house.storage()).count(Kind::PolicyTested), 0, "nothing was run");

        let only = json!({"scope": {"senders": [all.house.people[1].id().to_string()]}});
        let with_list = StartBacktest {
            lists: [("fruit".to_owned(), vec!["quince".to_owned()])].into(),
            ..start("list:fruit", only)
        };
        let test = begin(&all.officer, &with_list).await.unwrap();
        let test = done(&all.officer, &test).await;
        assert_eq!((test.texts, test.hits), (2, 1), "those of one sender");
        // As if another node were at it: nobody here goes on with it.
        all.house.storage().sql("UPDATE backtests SET state = 1, alive_at = 9000000000000000");
        assert_eq!(found(&all.officer, &test).await.state, BacktestState::Running);
        all.lead.tell(Method::DELETE, &format!("/review/backtests/{}", test.id), None::<&()>).await.unwrap();
        assert_eq!(found(&all.lead, &test).await.state, BacktestState::Cancelled);
    }

    async fn the_version_in_force_is_run_with_the_lists_in_force(kind) {
        let mut all = Ruled::new(kind).await;
        for text in ["a quince", "a pear", "another pear", "an apple"] {
            all.ada.send(all.talk, text).await.unwrap();
        }
        let running = rule_with("fruit", "flag", "list:fruit", json!({}));
        let list = Content::List { entries: vec!["quince".into()] };
        put_in_force(&all.officer, &all.lead, &[("fruit", list), (&running.0, running.1)]).await;
        let asked = StartBacktest {
            lists: [("fruit".to_owned(), vec!["pear".to_owned()])].into(),
            ..start("list:fruit", json!({}))
        };
        let test = begin(&all.officer, &asked).await.unwrap();
        let test = done(&all.officer, &test).await;
        assert_eq!((test.hits, test.running), (2, Some((1, 1))));
        // A list as long as a draft may be comes through, where other bodies are shorter.
        let names = (0..20_000).map(|number| format!("nobody number{number}"));
        let long = StartBacktest {
            lists: [("fruit".to_owned(), names.chain(["pear".to_owned()]).collect())].into(),
            ..asked
        };
        let test = begin(&all.officer, &long).await.unwrap();
        assert_eq!(done(&all.officer, &test).await.hits, 2);
    }

    async fn a_run_about_some_people_wants_a_fresh_sign_in(kind) {
        let plan = Plan::new(&Storage::new(kind)).with("CHANCERY_SESSION_CONFIRM_MINUTES", "15");
        let house = House::build(plan, 1).await;
        let officer = house.invite_and_redeem("olga", &[Role::ComplianceOfficer]).await;
        wait_sixteen_minutes(&house);
        begin(&officer, &start("quince", json!({}))).await.unwrap();
        let (one, nowhere) = (house.people[0].id().to_string(), ConversationId::from_bytes([7; 16]).to_string());
        for scope in [
            json!({"scope": {"senders": [one]}}),
            json!({"scope": {"conversations": [nowhere]}}),
            json!({"exceptions": [{"senders": [one]}]}),
        ] {
            let refusal = begin(&officer, &start("quince", scope.clone())).await.unwrap_err();
            assert_eq!(refusal.code(), "not_fresh", "{scope}");
        }
        assert_eq!(Archive::read(house.storage()).count(Kind::PolicyTested), 1);
        let fresh = house.stranger().sign_in("olga", PASSWORD).await.unwrap();
        begin(&fresh, &start("quince", json!({"scope": {"senders": [one]}}))).await.unwrap();
    }
}
