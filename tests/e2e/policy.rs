//! Rules, word lists and the policy text: written as drafts, asked for, agreed to by a second person, and on record.

use chancery_ledger::Kind;
use chancery_protocol::approvals::{ApprovalQuery, RequestState};
use chancery_protocol::audit::{AuditDetail, AuditExport, AuditNews, AuditPage, AuditQuery, ExportForm};
use chancery_protocol::ids::{Id, RequestId};
use chancery_protocol::person::Role;
use chancery_protocol::policy::{AskItem, Content, ItemKind, PolicyText, Section};
use chancery_protocol::review::{Refuse, Release};
use chancery_protocol::tokens::Scope;
use chancery_tests::archive::Archive;
use chancery_tests::client::{Client, new_client_id, send_command};
use chancery_tests::house::House;
use chancery_tests::http::{Caller, Refusal};
use chancery_tests::on_both_databases;
use chancery_tests::policy::{asks, put_in_force, put_pack_in_force, rule};
use chancery_tests::screening::{Said, rule_with, said};
use chancery_tests::tokens::issue;
use reqwest::Method;

const WHY: &str = "Agreed in the committee.";
const RULE: ItemKind = ItemKind::Rule;
const LIST: ItemKind = ItemKind::List;

/// Two officers and two leads.
struct Compliance {
    house: House,
    officer: Caller,
    other: Caller,
    lead: Caller,
    second: Caller,
}

impl Compliance {
    async fn new(kind: chancery_tests::database::Database) -> Self {
        let house = House::with_people(kind, 1).await;
        let officer = house.invite_and_redeem("officer", &[Role::ComplianceOfficer]).await;
        let other = house.invite_and_redeem("other", &[Role::ComplianceOfficer]).await;
        let lead = house.invite_and_redeem("lead", &[Role::ComplianceLead]).await;
        let second = house.invite_and_redeem("second", &[Role::ComplianceLead]).await;
        Self { house, officer, other, lead, second }
    }

    fn counts(&self, kinds: &[Kind]) -> Vec<usize> {
        let archive = Archive::read(self.house.storage());
        archive.assert_dense(self.house.storage());
        kinds.iter().map(|kind| archive.count(*kind)).collect()
    }
}

fn code<T: std::fmt::Debug>(result: Result<T, Refusal>) -> String {
    result.unwrap_err().code().to_owned()
}

/// The fields that were wrong.
fn fields<T: std::fmt::Debug>(result: Result<T, Refusal>) -> Vec<String> {
    let refused = result.unwrap_err();
    assert_eq!((refused.status, refused.code()), (422, "rule_invalid"));
    refused.problem.unwrap().errors.into_iter().map(|wrong| wrong.field).collect()
}

fn list(entries: &[&str]) -> Content {
    Content::List { entries: entries.iter().map(|entry| (*entry).to_owned()).collect() }
}

fn says(content: &Content) -> &str {
    let Content::Rule { rule } = content else { panic!("no rule: {content:?}") };
    rule["match"].as_str().unwrap()
}

/// The officer's draft of the rule, and a request that it be in force.
async fn asked(house: &Compliance, name: &str, version: u32, content: &Content) -> RequestId {
    let draft = house.officer.policy_item(content.kind(), name).await.ok().and_then(|item| item.line.draft);
    let at = house.officer.save_policy_draft(name, content, draft.map(|draft| draft.at)).await.unwrap();
    let items = vec![asks(content.kind(), name, version, true, Some(at))];
    house.officer.ask_for_policy(items, WHY).await.unwrap()
}

on_both_databases! {
    async fn what_was_written_counts_when_a_second_person_agrees(kind) {
        let house = Compliance::new(kind).await;
        let Compliance { officer, lead, .. } = &house;
        let first = rule("hush", "flag", "hush OR quiet");
        let request = asked(&house, "hush", 0, &first).await;

        let item = officer.policy_item(RULE, "hush").await.unwrap();
        assert_eq!((item.line.version, item.line.in_force, item.line.request), (0, false, Some(request)));
        assert_eq!((item.content, item.draft_content), (None, Some(first.clone())));
        assert_eq!(code(officer.agree(request).await), "not_found", "no button, and no way around it");
        assert_eq!([officer.approvals_waiting().await.unwrap(), lead.approvals_waiting().await.unwrap()], [0, 1]);
        let shown = lead.approval(request).await.unwrap();
        assert!(shown.approval.may_agree && !shown.approval.may_withdraw);
        assert_eq!((shown.changes[0].change.content.as_ref(), &shown.changes[0].now), (Some(&first), &None));
        assert_eq!(shown.approvers.len(), 2);
        let shown = officer.approval(request).await.unwrap().approval;
        assert!(!shown.may_agree && shown.may_withdraw);
        lead.agree(request).await.unwrap();

        let item = officer.policy_item(RULE, "hush").await.unwrap();
        assert_eq!((item.line.version, item.line.in_force, item.line.request), (1, true, None));
        assert_eq!((item.content.as_ref(), item.draft_content, item.line.draft), (Some(&first), None, None));

        // Another text, then off, then the first text again.
        let second = rule("hush", "block", "hush AND money");
        let request = asked(&house, "hush", 1, &second).await;
        let now = lead.approval(request).await.unwrap().changes.remove(0).now.unwrap();
        assert_eq!((now.version, now.in_force, says(&now.content)), (1, true, "hush OR quiet"));
        lead.agree(request).await.unwrap();
        let then = lead.approval(request).await.unwrap().changes.remove(0).now.unwrap();
        assert_eq!(then, now, "what it changed is told after it was done");
        let off = officer.ask_for_policy(vec![asks(RULE, "hush", 2, false, None)], WHY).await.unwrap();
        lead.agree(off).await.unwrap();
        let versions = officer.policy_versions(RULE, "hush").await.unwrap();
        let back = versions.last().unwrap().content.clone();
        lead.agree(asked(&house, "hush", 3, &back).await).await.unwrap();

        let versions = officer.policy_versions(RULE, "hush").await.unwrap();
        let told: Vec<_> =
            versions.iter().map(|version| (version.version, version.in_force, says(&version.content))).collect();
        assert_eq!(
            told,
            [
                (4, true, "hush OR quiet"),
                (3, false, "hush AND money"),
                (2, true, "hush AND money"),
                (1, true, "hush OR quiet"),
            ]
        );
        let archive = Archive::read(house.house.storage());
        for version in &versions {
            let header = archive.headers.iter().find(|header| Some(header.position) == version.position).unwrap();
            assert_eq!((header.kind, header.actor), (Kind::PolicySet, Some(lead.id().bytes())));
            let people = [&version.asked_by, &version.agreed_by].map(|person| person.as_ref().unwrap().id);
            assert_eq!(people, [officer.id(), lead.id()]);
        }
        let kinds = [Kind::RequestAsked, Kind::RequestAgreed, Kind::PolicySet, Kind::RequestRefused];
        assert_eq!(house.counts(&kinds), [4, 4, 4, 0]);
        let control = house.house.storage().sql("SELECT control_position FROM journal_head");
        assert_eq!(control.trim().parse().ok(), versions[0].position, "a rule counts from here on");

        let mut house = house;
        house.house.server.kill().await;
        house.house.server.start_again().await;
        let item = house.officer.policy_item(RULE, "hush").await.unwrap();
        assert_eq!((item.line.version, item.content.as_ref().map(says)), (4, Some("hush OR quiet")));
    }

    async fn nobody_agrees_to_their_own(kind) {
        let house = Compliance::new(kind).await;
        let Compliance { lead, second, .. } = &house;
        let at = lead.save_policy_draft("shares", &list(&["Acme"]), None).await.unwrap();
        let items = vec![asks(LIST, "shares", 0, true, Some(at))];
        let request = lead.ask_for_policy(items, WHY).await.unwrap();
        assert_eq!(lead.approvals_waiting().await.unwrap(), 0);
        assert!(!lead.approval(request).await.unwrap().approval.may_agree);
        assert_eq!(code(lead.agree(request).await), "own_request");
        assert_eq!(code(lead.refuse(request, "I think better of it.").await), "own_request");
        assert_eq!(code(second.withdraw(request).await), "asked_by_another");
        second.agree(request).await.unwrap();
        for over in [second.agree(request).await, second.refuse(request, "Much too late.").await, lead.withdraw(request).await] {
            assert_eq!(code(over), "already_decided");
        }
        assert_eq!(lead.policy_item(LIST, "shares").await.unwrap().line.version, 1);
    }

    async fn of_two_leads_one_agrees(kind) {
        let house = Compliance::new(kind).await;
        let Compliance { lead, second, .. } = &house;
        for round in 0..4 {
            let request = asked(&house, "shares", round, &list(&[&format!("Acme {round}")])).await;
            let (one, other) = tokio::join!(lead.agree(request), second.agree(request));
            let (won, lost) = if one.is_ok() { (one, other) } else { (other, one) };
            won.unwrap();
            assert_eq!(code(lost), "already_decided");
            assert_eq!(lead.policy_item(LIST, "shares").await.unwrap().line.version, round + 1);
        }
        assert_eq!(house.counts(&[Kind::RequestAgreed, Kind::PolicySet]), [4, 4]);
    }

    async fn a_request_is_refused_with_words_or_taken_back(kind) {
        let house = Compliance::new(kind).await;
        let Compliance { officer, other, lead, .. } = &house;
        let request = asked(&house, "shares", 0, &list(&["Acme"])).await;
        assert_eq!(code(lead.refuse(request, "No.").await), "reason_needed");
        assert_eq!(code(lead.refuse(request, &"x".repeat(501)).await), "reason_too_long");
        assert_eq!(code(other.refuse(request, "Not in my house.").await), "not_found");
        lead.refuse(request, "Acme is no client any more.").await.unwrap();
        let shown = officer.approval(request).await.unwrap().approval;
        assert_eq!(shown.state, RequestState::Refused);
        assert_eq!(shown.words.as_deref(), Some("Acme is no client any more."));
        assert_eq!(shown.decided_by.unwrap().id, lead.id());
        assert!(officer.policy_item(LIST, "shares").await.unwrap().line.draft.is_some(), "to be mended");

        let request = asked(&house, "shares", 0, &list(&["Initech"])).await;
        assert_eq!(code(other.withdraw(request).await), "asked_by_another");
        officer.withdraw(request).await.unwrap();
        assert_eq!(code(lead.agree(request).await), "already_decided");
        let waiting = ApprovalQuery { state: Some(RequestState::Waiting), before: None };
        assert!(officer.approvals(&waiting).await.unwrap().approvals.is_empty());
        let all = officer.approvals(&ApprovalQuery::default()).await.unwrap();
        let states: Vec<_> = all.approvals.iter().map(|request| request.state).collect();
        assert_eq!(states, [RequestState::Withdrawn, RequestState::Refused]);
        let kinds = [Kind::RequestAsked, Kind::RequestRefused, Kind::RequestWithdrawn, Kind::PolicySet];
        assert_eq!(house.counts(&kinds), [2, 1, 1, 0]);
    }

    async fn nothing_is_overwritten_or_agreed_to_unseen(kind) {
        let house = Compliance::new(kind).await;
        let Compliance { officer, other, lead, .. } = &house;
        let at = officer.save_policy_draft("shares", &list(&["Acme"]), None).await.unwrap();
        assert_eq!(code(other.save_policy_draft("shares", &list(&["Hooli"]), None).await), "outdated");
        let later = other.save_policy_draft("shares", &list(&["Hooli"]), Some(at)).await.unwrap();
        assert_eq!(code(officer.save_policy_draft("shares", &list(&["Acme"]), Some(at)).await), "outdated");
        assert_eq!(code(officer.drop_policy_draft(LIST, "shares", at).await), "outdated");
        let stale = vec![asks(LIST, "shares", 0, true, Some(at))];
        assert_eq!(code(officer.ask_for_policy(stale, WHY).await), "outdated", "not what was seen");

        // Two requests of the same version: the one agreed to first counts, the other is outdated.
        let ask = || vec![asks(LIST, "shares", 0, true, Some(later))];
        let one = officer.ask_for_policy(ask(), WHY).await.unwrap();
        let two = officer.ask_for_policy(ask(), WHY).await.unwrap();
        lead.agree(one).await.unwrap();
        assert_eq!(code(lead.agree(two).await), "outdated");
        assert_eq!(lead.approval(two).await.unwrap().approval.state, RequestState::Waiting);
        assert_eq!(code(officer.ask_for_policy(ask(), WHY).await), "outdated");
        let same = vec![asks(LIST, "shares", 1, true, None)];
        assert_eq!(code(officer.ask_for_policy(same, WHY).await), "unchanged");

        // A draft that is written on while its request waits stays.
        let request = asked(&house, "shares", 1, &list(&["Acme"])).await;
        let at = officer.policy_item(LIST, "shares").await.unwrap().line.draft.unwrap().at;
        officer.save_policy_draft("shares", &list(&["Initech"]), Some(at)).await.unwrap();
        lead.agree(request).await.unwrap();
        let item = officer.policy_item(LIST, "shares").await.unwrap();
        assert_eq!((item.content, item.draft_content), (Some(list(&["Acme"])), Some(list(&["Initech"]))));

        // A draft of something new may be thrown away while its request waits, and the request still has it.
        let request = asked(&house, "bonds", 0, &list(&["Bund"])).await;
        let at = officer.policy_item(LIST, "bonds").await.unwrap().line.draft.unwrap().at;
        officer.drop_policy_draft(LIST, "bonds", at).await.unwrap();
        assert_eq!(code(officer.policy_item(LIST, "bonds").await), "not_found");
        lead.agree(request).await.unwrap();
        assert_eq!(officer.policy_item(LIST, "bonds").await.unwrap().content, Some(list(&["Bund"])));
    }

    async fn what_does_not_compile_together_does_not_count(kind) {
        let house = Compliance::new(kind).await;
        let Compliance { officer, lead, .. } = &house;
        let wrong = rule("hush", "flag", "hush AND");
        assert_eq!(fields(officer.save_policy_draft("hush", &wrong, None).await), ["rules.hush.match"]);
        let costly = rule("hush", "flag", "/(a{1,1000}){1,1000}/");
        assert_eq!(fields(officer.save_policy_draft("hush", &costly, None).await), ["rules.hush.match"]);
        let other = rule("quiet", "flag", "hush");
        assert_eq!(fields(officer.save_policy_draft("hush", &other, None).await), ["rules.hush.id"]);
        let unknown = Content::Rule { rule: serde_json::json!({"id": "hush", "colour": "red"}) };
        assert_eq!(code(officer.save_policy_draft("hush", &unknown, None).await), "rule_invalid");
        assert_eq!(code(officer.save_policy_draft("Hush!", &rule("Hush!", "flag", "x"), None).await), "rule_invalid");

        let mut scoped = rule("hush", "flag", "hush");
        if let Content::Rule { rule } = &mut scoped {
            let person = house.house.people[0].id();
            rule["scope"] = serde_json::json!({"senders": [person, "nobody"]});
            rule["exceptions"] = serde_json::json!([{"sender_groups": [person]}, {"conversations": [person]}]);
        }
        assert_eq!(
            fields(officer.save_policy_draft("hush", &scoped, None).await),
            ["rules.hush.scope.senders.2", "rules.hush.exceptions.1.sender_groups.1", "rules.hush.exceptions.2.conversations.1"]
        );

        // A rule and the list it calls come into force together, and the list does not go before the rule.
        let calls = rule("shares", "flag", "list:shares AND sell");
        assert_eq!(fields(officer.save_policy_draft("shares", &calls, None).await), ["rules.shares.match"]);
        let entries = officer.save_policy_draft("shares", &list(&["Acme"]), None).await.unwrap();
        let at = officer.save_policy_draft("shares", &calls, None).await.unwrap();
        let alone = vec![asks(RULE, "shares", 0, true, Some(at))];
        assert_eq!(fields(officer.ask_for_policy(alone, WHY).await), ["rules.shares.match"]);
        let both = vec![asks(RULE, "shares", 0, true, Some(at)), asks(LIST, "shares", 0, true, Some(entries))];
        lead.agree(officer.ask_for_policy(both, WHY).await.unwrap()).await.unwrap();
        let off = vec![asks(LIST, "shares", 1, false, None)];
        assert_eq!(fields(officer.ask_for_policy(off, WHY).await), ["rules.shares.match"]);

        // What fitted when it was asked for may not fit any more.
        let rule_off = officer.ask_for_policy(vec![asks(RULE, "shares", 1, false, None)], WHY).await.unwrap();
        lead.agree(rule_off).await.unwrap();
        let rule_on = officer.ask_for_policy(vec![asks(RULE, "shares", 2, true, None)], WHY).await.unwrap();
        let list_off = officer.ask_for_policy(vec![asks(LIST, "shares", 1, false, None)], WHY).await.unwrap();
        lead.agree(list_off).await.unwrap();
        assert_eq!(fields(lead.agree(rule_on).await), ["rules.shares.match"]);

        let text = |title: &str| {
            let section = Section { heading: "One".to_owned(), text: "Words.".to_owned() };
            Content::Text(PolicyText { title: title.to_owned(), sections: vec![section], essence: vec![], every_days: 0 })
        };
        assert_eq!(fields(officer.save_policy_draft("policy", &text(" "), None).await), ["text.title"]);
        put_in_force(officer, lead, &[("policy", text("How we write"))]).await;
        assert_eq!(officer.policy_item(ItemKind::Text, "policy").await.unwrap().line.version, 1);
    }

    async fn delivered_packs_become_drafts_once(kind) {
        let house = Compliance::new(kind).await;
        let Compliance { officer, other, lead, .. } = &house;
        let made = officer.take_pack("client-data").await.unwrap();
        assert!(made > 3, "{made}");
        assert_eq!(other.take_pack("client-data").await.unwrap(), 0);
        assert_eq!(code(officer.take_pack("nobodys").await), "not_found");
        put_pack_in_force(officer, lead, "credentials").await;
        let items = officer.policy_items().await.unwrap();
        assert!(items.iter().all(|item| item.in_force && item.draft.is_none() && item.version == 1));
        let keys = items.iter().find(|item| item.name == "keys-and-tokens").unwrap();
        assert_eq!(serde_json::to_value(keys).unwrap()["outcome"], "block");
        let packs: serde_json::Value = officer.call(Method::GET, "/policy/packs", None::<&()>).await.unwrap();
        assert_eq!(packs["packs"].as_array().unwrap().len(), 7);
        assert_eq!(packs["packs"][0]["items"][0]["here"], true);

        // Rules change places, with a second person like everything else.
        let rules: Vec<_> = items.iter().filter(|item| item.kind == RULE).collect();
        let (first, last) = (rules[0], rules[rules.len() - 1]);
        let to = |name: &str, place: i32| AskItem { place: Some(place), ..asks(RULE, name, 1, true, None) };
        let swap = vec![to(&first.name, last.place), to(&last.name, first.place)];
        lead.agree(officer.ask_for_policy(swap, WHY).await.unwrap()).await.unwrap();
        let items = officer.policy_items().await.unwrap();
        let rules: Vec<_> = items.iter().filter(|item| item.kind == RULE).collect();
        assert_eq!((&rules[0].name, &rules[rules.len() - 1].name), (&last.name, &first.name));
        assert_eq!((rules[0].version, rules[1].version), (2, 1));
    }

    async fn the_log_tells_which_and_who_but_not_what_rules_say(kind) {
        let house = Compliance::new(kind).await;
        let Compliance { officer, lead, .. } = &house;
        let auditor = house.house.invite_and_redeem("auditor", &[Role::Auditor]).await;
        put_in_force(officer, lead, &[("hush", rule("hush", "flag", "marzipan"))]).await;
        let off = officer.ask_for_policy(vec![asks(RULE, "hush", 1, false, None)], WHY).await.unwrap();
        lead.agree(off).await.unwrap();
        let page: AuditPage = auditor
            .call(Method::GET, "/audit?limit=50&kinds=policy.set,request.asked,request.agreed", None::<&()>)
            .await
            .unwrap();
        assert_eq!(page.entries.len(), 6);
        for entry in &page.entries {
            let path = format!("/audit/{}", entry.position);
            let detail: AuditDetail = auditor.call(Method::GET, &path, None::<&()>).await.unwrap();
            let said = serde_json::to_string(&(entry, &detail)).unwrap();
            assert!(said.contains("hush") && said.contains("version"), "{said}");
            assert!(!said.contains("marzipan") && !said.contains("Rule hush"), "{said}");
            if entry.kind == "policy.set" {
                assert!(said.contains(&officer.id().to_string()) && said.contains(&lead.id().to_string()), "{said}");
                let change = detail.changes[0].clone();
                let expected = match change.before.as_deref() {
                    None => "version 1, in force",
                    Some(before) => {
                        assert_eq!(before, "version 1, in force");
                        "version 2, off"
                    }
                };
                assert_eq!((change.field.as_str(), change.after.as_deref()), ("rule hush", Some(expected)));
            }
        }
        assert_eq!(code(auditor.policy_items().await), "not_found");
        assert_eq!(code(house.house.admin.policy_items().await), "not_found");
        assert_eq!(code(house.house.people[0].policy_items().await), "not_found");
    }

    async fn the_log_gives_what_rules_found_to_those_who_read_rules(kind) {
        let house = Compliance::new(kind).await;
        let Compliance { officer, lead, .. } = &house;
        let house = &house.house;
        let auditor = house.invite_and_redeem("aude", &[Role::Employee, Role::Auditor]).await;
        let admin = house.invite_and_redeem("ivan", &[Role::Employee, Role::ItAdmin]).await;
        let scribe = house.invite_and_redeem("olaf", &[Role::Employee, Role::ComplianceOfficer]).await;
        let rules = [("quiet", "flag", "marzipan"), ("asked", "warn", "nougat"), ("stopped", "block", "praline"), ("seen", "review", "truffle")];
        let rules: Vec<_> = rules.map(|(name, outcome, word)| rule_with(name, outcome, word, serde_json::json!({"queue": "sweets"}))).into();
        let rules: Vec<_> = rules.iter().map(|(name, content)| (name.as_str(), content.clone())).collect();
        put_in_force(officer, lead, &rules).await;
        for who in [&auditor, &admin, &scribe] {
            let mut client = Client::connect(who).await;
            let talk = client.open_direct(house.people[0].id()).await.unwrap().id;
            client.speak(talk, "some marzipan").await.delivered();
            let command = send_command(talk, "some nougat", new_client_id());
            let token = said(client.ask(command.clone()).await).unwrap().warned().token.unwrap();
            client.confirm(command, &token, "because of the bakery").await.unwrap().delivered();
            assert!(matches!(client.speak(talk, "some praline").await, Said::Blocked(_)));
            let waits = client.speak(talk, "some truffle").await.waiting();
            let words = Refuse { words: "Not before the tasting.".into() };
            officer.tell(Method::POST, &format!("/review/waiting/{}/refuse", waits.id), Some(&words)).await.unwrap();
            let waits = client.speak(talk, "more truffle").await.waiting();
            let note = Release { note: "Tasted it first.".into() };
            officer.tell(Method::POST, &format!("/review/waiting/{}/release", waits.id), Some(&note)).await.unwrap();
        }
        let kinds = "attempt.blocked,attempt.warned,attempt.waiting,attempt.released,attempt.refused,rule.matched";
        let all = async |who: &Caller, kinds: &str| -> (AuditPage, String) {
            let path = format!("/audit?limit=200&kinds={kinds}");
            let page: AuditPage = who.call(Method::GET, &path, None::<&()>).await.unwrap();
            let mut said = serde_json::to_string(&page).unwrap();
            for entry in &page.entries {
                let path = format!("/audit/{}", entry.position);
                let detail: AuditDetail = who.call(Method::GET, &path, None::<&()>).await.unwrap();
                said.push_str(&serde_json::to_string(&detail).unwrap());
            }
            for form in [ExportForm::Csv, ExportForm::Jsonl] {
                let query = AuditQuery { kinds: kinds.to_owned(), ..AuditQuery::default() };
                let body = serde_json::to_vec(&AuditExport { query, form }).unwrap();
                said.push_str(&who.send(Method::POST, "/api/v1/audit/export", Some(body)).await.text().await.unwrap());
            }
            (page, said)
        };
        let told = ["findings", "spans", "sweets", "quiet", "asked\"", "bakery", "tasting", "Tasted"];
        let (page, said) = all(&admin, kinds).await;
        assert!(page.entries.iter().all(|entry| entry.actor == Some(admin.id())));
        assert_eq!((page.entries.len(), page.matching), (4, Some(4)), "of flags nothing, of the rest that it was");
        assert!(told.iter().all(|word| !said.contains(word)), "{said}");
        let (page, said) = all(&auditor, kinds).await;
        assert!(told.iter().all(|word| !said.contains(word)), "{said}");
        let of = |page: &AuditPage, who: &Caller| page.entries.iter().filter(|entry| entry.actor == Some(who.id()) && entry.kind == "rule.matched").count();
        assert_eq!([&auditor, &admin, &scribe].map(|who| of(&page, who)), [0, 2, 2]);
        let (page, said) = all(&scribe, "rule.matched,attempt.warned").await;
        assert_eq!((of(&page, &scribe), page.entries.len()), (2, 3), "who may read rules reads what they found");
        assert!(["findings", "spans", "sweets", "bakery"].iter().all(|word| said.contains(word)), "{said}");

        // Nor is an entry there for whoever knows its number, or how much came since.
        let (page, _) = all(lead, "rule.matched").await;
        assert_eq!(page.entries.len(), 6);
        for entry in &page.entries {
            let look = async |who: &Caller| {
                let path = format!("/audit/{}", entry.position);
                who.call::<AuditDetail>(Method::GET, &path, None::<&()>).await.is_ok()
            };
            assert!(!look(&admin).await);
            assert_eq!(look(&auditor).await, entry.actor != Some(auditor.id()));
        }
        let news: AuditNews = admin.call(Method::GET, "/audit/news?kinds=rule.matched&after=1", None::<&()>).await.unwrap();
        assert_eq!(news.count, 0);
        // What is done by people only is not done by a program of theirs.
        let token = issue(lead, &[Scope::AuditRead]).await.unwrap();
        let program = lead.program(&token.token, lead.me.clone());
        let (page, said) = all(&program, kinds).await;
        assert!(page.entries.len() > 6 && told.iter().all(|word| !said.contains(word)), "{said}");
    }
}
