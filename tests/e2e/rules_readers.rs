//! Rules that are for texts some people read: status texts, exceptions, and names that somebody from outside comes to read.

use chancery_ledger::Kind;
use chancery_protocol::frame::Answer;
use chancery_protocol::person::{GuestTerms, Role};
use chancery_tests::client::Failed;
use chancery_tests::house::PASSWORD;
use chancery_tests::on_both_databases;
use chancery_tests::screening::{Said, rule_with};
use chancery_tests::tokens::in_days;
use serde_json::json;

use crate::rules::Ruled;

on_both_databases! {
    async fn a_status_text_is_read_by_anybody(kind) {
        let mut all = Ruled::new(kind).await;
        let admin = &all.house.admin;
        let traders = admin.make_group("Traders", &[]).await.unwrap();
        let named = traders.to_string();
        let more = |part: &str, of: serde_json::Value| json!({part: of, "applies_to": ["status"]});
        all.rules(&[
            rule_with("outside", "block", "apple", more("scope", json!({"reach": "outside"}))),
            rule_with("to-traders", "block", "pear", more("scope", json!({"recipient_groups": [named]}))),
            rule_with("inside", "block", "plum", more("scope", json!({"reach": "inside"}))),
            rule_with("not-outside", "block", "cherry", more("exceptions", json!([{"reach": "outside"}]))),
            rule_with("not-traders", "block", "damson", more("exceptions", json!([{"recipient_groups": [named]}]))),
            rule_with("not-inside", "block", "elder", more("exceptions", json!([{"reach": "inside"}]))),
        ]).await;
        let mut blocked = async |text: &str| all.ada.set_status(text).await.is_err_and(|refused| refused.code() == "blocked_by_rule");
        for (text, stopped) in [("apple", true), ("pear", true), ("plum", false), ("cherry", true), ("damson", true), ("elder", true)] {
            assert_eq!(blocked(text).await, stopped, "{text}");
        }
    }

    async fn an_exception_by_recipients_is_for_talks_among_them_only(kind) {
        let mut all = Ruled::new(kind).await;
        let [bela, cleo] = [1, 2].map(|number: usize| all.house.people[number].id());
        let admin = &all.house.admin;
        let legal = admin.make_group("Legal", &[]).await.unwrap();
        admin.move_members(legal, &[bela], &[]).await.unwrap();
        let named = legal.to_string();
        all.rules(&[
            rule_with("but-legal", "block", "apple", json!({"exceptions": [{"recipient_groups": [named]}]})),
            rule_with("to-legal", "block", "pear", json!({"scope": {"recipient_groups": [named]}})),
        ]).await;
        let (talk, both) = (all.talk, all.ada.create_group("Both", &[bela, cleo]).await.unwrap().id);
        let alone = all.ada.create_group("Alone", &[]).await.unwrap().id;
        let mut stopped = async |place, text: &str| matches!(all.ada.speak(place, text).await, Said::Blocked(_));
        assert!(!stopped(talk, "apple").await, "only Legal reads it");
        assert!(stopped(both, "apple").await, "one of Legal does not free what others read");
        assert!(stopped(alone, "apple").await, "nobody of Legal is there");
        assert!(stopped(talk, "pear").await && stopped(both, "pear").await, "somebody of Legal reads it");
        assert!(!stopped(alone, "pear").await);
    }

    async fn a_name_is_looked_at_again_before_a_guest_reads_it(kind) {
        let mut all = Ruled::new(kind).await;
        let ada = all.house.people[0].id();
        let outside = |more: serde_json::Value| {
            let mut all = json!({"scope": {"reach": "outside"}});
            all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            all
        };
        all.rules(&[
            rule_with("plans", "block", "merger", outside(json!({}))),
            rule_with("jokes", "warn", "joke", outside(json!({}))),
            rule_with("numbers", "redact", "4711", outside(json!({}))),
            rule_with("lunches", "flag", "lunch", outside(json!({"applies_to": ["topic"]}))),
        ]).await;
        let mut guests = Vec::new();
        for name in ["gwen", "gina"] {
            let terms = GuestTerms { sponsor: ada, ends_at: in_days(30) };
            let invited = all.house.admin.invite_with(name, "Guest", &[Role::Guest], Some(terms)).await.unwrap();
            guests.push(all.house.stranger().redeem_link(invited.link.url.as_deref().unwrap(), PASSWORD).await.unwrap().id());
        }
        let group = all.ada.create_group("The merger", &[]).await.unwrap().id;
        all.ada.add_members(group, &[all.house.people[1].id()]).await.unwrap();
        let refused = all.ada.add_members(group, &[all.house.people[2].id(), guests[0]]).await.unwrap_err();
        let Failed::Refused(problem) = &refused else { panic!("{refused:?}") };
        assert_eq!((problem.code.as_str(), problem.field.as_deref()), ("blocked_by_rule", Some("name")));
        assert_eq!(problem.notices[0].why, "We do not write this here: plans.");
        let not_hers = all.bela.add_members(group, &[guests[0]]).await.unwrap_err();
        assert_eq!(not_hers.code(), "not_owner", "whoever may not is told that first");
        assert_eq!(all.ada.members(group).await.unwrap().len(), 2);
        all.ada.describe(group, Some("Talks"), Some("no 4711"), None).await.unwrap();
        assert_eq!(all.ada.add_members(group, &[guests[0]]).await.unwrap_err().code(), "blocked_by_rule", "the topic is read too");
        all.ada.describe(group, Some("A joke"), Some("lunch"), None).await.unwrap();
        assert_eq!(all.counts(&[Kind::AttemptBlocked, Kind::AttemptWarned, Kind::RuleMatched]), [2, 0, 0]);
        all.ada.add_members(group, &[guests[0]]).await.unwrap();
        let joined = all.ada.members(group).await.unwrap();
        assert!(joined.iter().any(|member| member.person == guests[0]));
        assert_eq!(all.counts(&[Kind::AttemptBlocked, Kind::AttemptWarned, Kind::RuleMatched]), [2, 0, 2], "found, and nobody asked");
        // Somebody who is there already, and somebody from inside, see nothing new.
        assert!(matches!(all.ada.add_members(group, &[guests[0]]).await, Ok(Answer::Done)));
        all.ada.add_members(group, &[guests[0], all.house.people[2].id()]).await.unwrap();
        assert_eq!(all.counts(&[Kind::RuleMatched]), [2]);
        all.rules(&[rule_with("jokes", "block", "joke", outside(json!({})))]).await;
        assert_eq!(all.ada.add_members(group, &[guests[1]]).await.unwrap_err().code(), "blocked_by_rule", "as the rules are now");
    }
}
