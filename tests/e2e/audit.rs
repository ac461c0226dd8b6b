//! The audit log: who reads what of it, filters, pages, what an entry changed, files, and that reading is on it.

use chancery_ledger::Kind;
use chancery_protocol::audit::{
    AuditDetail, AuditEntry, AuditExport, AuditNews, AuditPage, AuditQuery, ExportForm,
};
use chancery_protocol::command::SetStatus;
use chancery_protocol::ids::PersonId;
use chancery_protocol::person::Role;
use chancery_tests::archive::Archive;
use chancery_tests::client::new_client_id;
use chancery_tests::house::House;
use chancery_tests::http::{Caller, Refusal, refusal};
use chancery_tests::on_both_databases;
use reqwest::Method;

async fn page(caller: &Caller, query: &str) -> Result<AuditPage, Refusal> {
    caller.call(Method::GET, &format!("/audit?{query}"), None::<&()>).await
}

async fn entry(caller: &Caller, position: u64) -> Result<AuditDetail, Refusal> {
    caller.call(Method::GET, &format!("/audit/{position}"), None::<&()>).await
}

async fn file(caller: &Caller, query: AuditQuery, form: ExportForm) -> String {
    let body = serde_json::to_vec(&AuditExport { query, form }).unwrap();
    let response = caller.send(Method::POST, "/api/v1/audit/export", Some(body)).await;
    if !response.status().is_success() {
        panic!("{:?}", refusal(response).await);
    }
    response.text().await.unwrap()
}

fn kinds(entries: &[AuditEntry]) -> Vec<&str> {
    entries.iter().map(|entry| entry.kind.as_str()).collect()
}

fn of_kind<'a>(page: &'a AuditPage, kind: &str, person: PersonId) -> &'a AuditEntry {
    page.entries.iter().find(|entry| entry.kind == kind && entry.person == Some(person)).unwrap()
}

on_both_databases! {
    async fn the_log_shows_what_was_done_and_that_it_was_read(kind) {
        let house = House::with_people(kind, 2).await;
        let auditor = house.invite_and_redeem("auditor", &[Role::Auditor]).await;
        assert!(auditor.session().await.unwrap().console, "there is something in it for auditors");
        let (ada, bela) = (house.people[0].id(), house.people[1].id());
        house.admin.rename(ada, "Ada Test", "Ada Lovelace").await.unwrap();
        house.admin.set_roles(ada, &[Role::Employee, Role::Auditor]).await.unwrap();
        house.admin.suspend(bela).await.unwrap();

        let whole = page(&auditor, "limit=200").await.unwrap();
        let archive = Archive::read(house.storage());
        let system = archive.headers.iter().filter(|header| header.seq.is_none()).count();
        // The reading itself came after what it shows.
        assert_eq!(whole.entries.len() + 1, system);
        assert_eq!(whole.matching, Some(whole.entries.len() as u64));
        assert!(whole.entries.is_sorted_by_key(|entry| std::cmp::Reverse(entry.position)));
        assert_eq!(whole.entries.last().unwrap().kind, "archive.created");
        assert!(whole.people.iter().any(|person| person.name == "Ada Lovelace"));

        // What an entry changed.
        let renamed = whole.entries.iter().rfind(|entry| entry.kind == "person.changed").unwrap();
        let detail = entry(&auditor, renamed.position).await.unwrap();
        let changes: Vec<_> = detail.changes.iter().map(|change| (change.field.as_str(), change.before.as_deref(), change.after.as_deref())).collect();
        assert_eq!(changes, [("name", Some("Ada Test"), Some("Ada Lovelace"))]);
        let roles = of_kind(&whole, "person.changed", ada).position;
        let detail = entry(&auditor, roles).await.unwrap();
        assert_eq!(detail.changes[0].after.as_deref(), Some("employee, auditor"));
        let suspended = entry(&auditor, of_kind(&whole, "person.suspended", bela).position).await.unwrap();
        assert_eq!(suspended.entry.actor, Some(house.admin.id()));
        assert_eq!(suspended.changes[0].before.as_deref(), Some("active"));

        // Reading is on the log, with what was shown.
        let reads = page(&auditor, "kinds=audit.read").await.unwrap();
        assert_eq!(reads.matching, Some(4));
        let first = reads.entries.last().unwrap();
        assert_eq!(first.actor, Some(auditor.id()));
        let shown = first.body.as_ref().unwrap()["shown"].as_array().unwrap();
        let positions: Vec<u64> = shown.iter().map(|position| position.as_u64().unwrap()).collect();
        assert_eq!(positions, whole.entries.iter().map(|entry| entry.position).collect::<Vec<_>>());
        assert_eq!(reads.entries[0].body.as_ref().unwrap()["shown"], serde_json::json!([suspended.entry.position]));
        Archive::read(house.storage()).assert_dense(house.storage());
    }

    async fn the_log_is_filtered_and_read_page_by_page(kind) {
        let house = House::with_people(kind, 3).await;
        let auditor = house.invite_and_redeem("auditor", &[Role::Auditor]).await;
        let ada = house.people[0].id();
        house.admin.suspend(ada).await.unwrap();
        house.admin.reinstate(ada).await.unwrap();

        let only = async |query: &str| page(&auditor, query).await.unwrap();
        assert_eq!(kinds(&only("kinds=person.suspended,person.reinstated").await.entries), ["person.reinstated", "person.suspended"]);
        assert!(only(&format!("on={ada}")).await.entries.iter().all(|entry| entry.person == Some(ada)));
        let by_admin = only(&format!("actor={}&kinds=person.suspended", house.admin.id())).await;
        assert_eq!(by_admin.matching, Some(1));
        assert_eq!(only(&format!("actor={ada}&kinds=person.suspended")).await.matching, Some(0));
        assert_eq!(only("text=ADA%20suspended").await.matching, Some(1), "case does not count, every word does");
        let suspended = by_admin.entries[0].position;
        assert_eq!(only(&format!("text=%23{suspended}")).await.entries[0].position, suspended);
        assert!(only("system=true").await.entries.iter().all(|entry| entry.actor.is_none()));
        let at = by_admin.entries[0].at;
        assert_eq!(only(&format!("kinds=person.suspended&from={at}&until={}", at + 1)).await.matching, Some(1));
        assert_eq!(only(&format!("kinds=person.suspended&until={at}")).await.matching, Some(0));
        assert_eq!(only(&format!("kinds=person.suspended&from={}", at + 1)).await.matching, Some(0));

        // Page by page, without gap or repetition; reading on does not change what is read.
        let all = only("limit=200&kinds=person.created,session.started,link.issued,link.redeemed,password.set").await;
        let (mut seen, mut before) = (Vec::new(), String::new());
        loop {
            let query = format!("limit=3&kinds=person.created,session.started,link.issued,link.redeemed,password.set{before}");
            let page = page(&auditor, &query).await.unwrap();
            assert_eq!(page.matching.is_some(), before.is_empty(), "only the first page counts");
            seen.extend(page.entries.iter().map(|entry| entry.position));
            match page.older {
                Some(older) => before = format!("&before={older}"),
                None => break,
            }
        }
        assert_eq!(seen, all.entries.iter().map(|entry| entry.position).collect::<Vec<_>>());

        // How much is new, without showing or recording anything.
        let reads = Archive::read(house.storage()).count(Kind::AuditRead);
        let news = async |after: u64| {
            let news: AuditNews = auditor.call(Method::GET, &format!("/audit/news?kinds=person.suspended&after={after}"), None::<&()>).await.unwrap();
            news.count
        };
        assert_eq!(news(suspended).await, 0);
        house.admin.suspend(ada).await.unwrap();
        assert_eq!(news(suspended).await, 1);
        assert_eq!(Archive::read(house.storage()).count(Kind::AuditRead), reads);

        for (query, code) in [("limit=0", "out_of_range"), ("limit=201", "out_of_range"), ("kinds=message", "bad_request"), ("kinds=shoe", "bad_request"), ("actor=me", "bad_request"), ("colour=red", "bad_request")] {
            assert_eq!(page(&auditor, query).await.unwrap_err().code(), code, "{query}");
        }
        for position in [0, 1_000_000, u64::MAX] {
            assert_eq!(entry(&auditor, position).await.unwrap_err().status, 404, "{position}");
        }
    }

    async fn officers_and_administrators_read_what_they_did_themselves(kind) {
        let house = House::with_people(kind, 1).await;
        let lead = house.invite_and_redeem("lead", &[Role::ComplianceLead]).await;
        let officer = house.invite_and_redeem("officer", &[Role::ComplianceOfficer]).await;
        house.admin.suspend(house.people[0].id()).await.unwrap();
        let whole = page(&lead, "limit=200").await.unwrap();
        for (own, reader) in [(house.admin.id(), &house.admin), (officer.id(), &officer)] {
            let log = page(reader, "limit=200").await.unwrap();
            assert!(!log.entries.is_empty());
            assert!(log.entries.iter().all(|entry| entry.actor == Some(own)));
            let others = page(reader, &format!("actor={}", lead.id())).await.unwrap();
            assert_eq!((others.entries.len(), others.matching), (0, Some(0)));
            let of_others = whole.entries.iter().find(|entry| entry.actor != Some(own)).unwrap();
            assert_eq!(entry(reader, of_others.position).await.unwrap_err().status, 404);
        }
        let suspension = of_kind(&whole, "person.suspended", house.people[0].id()).position;
        assert_eq!(entry(&house.admin, suspension).await.unwrap().entry.position, suspension);
        assert_eq!(entry(&officer, suspension).await.unwrap_err().status, 404);
        assert_eq!(page(&house.people[0], "").await.unwrap_err().status, 401, "suspended");
    }

    async fn what_people_write_is_not_in_the_log(kind) {
        let house = House::with_people(kind, 1).await;
        let auditor = house.invite_and_redeem("auditor", &[Role::Auditor]).await;
        let mut ada = house.connect(0).await;
        for text in ["MARKER-of-a-status", ""] {
            ada.ask(SetStatus { client_id: new_client_id(), text: text.to_owned() }).await.unwrap();
        }
        let log = page(&auditor, "kinds=person.status").await.unwrap();
        let cleared: Vec<_> = log.entries.iter().map(|entry| entry.body.as_ref().unwrap()["cleared"].clone()).collect();
        assert_eq!(cleared, [true, false]);
        let detail = entry(&auditor, log.entries[1].position).await.unwrap();
        let files = [
            serde_json::to_string(&log).unwrap(),
            serde_json::to_string(&detail).unwrap(),
            file(&auditor, AuditQuery::default(), ExportForm::Csv).await,
            file(&auditor, AuditQuery::default(), ExportForm::Jsonl).await,
        ];
        for text in files {
            assert!(!text.contains("MARKER"), "{text}");
        }
    }

    async fn an_export_is_whole_and_on_the_record_before_it_begins(kind) {
        let house = House::with_people(kind, 0).await;
        let auditor = house.invite_and_redeem("auditor", &[Role::Auditor]).await;
        house.admin.invite("formula", "=1+1,\"x\"\nthe second line", &[Role::Employee]).await.unwrap_err();
        house.admin.invite("formula", "=HYPERLINK(1)", &[Role::Employee]).await.unwrap();
        let all = page(&auditor, "limit=200").await.unwrap();
        let query = AuditQuery { before: Some(1), limit: 1, ..AuditQuery::default() };
        let lines = file(&auditor, query.clone(), ExportForm::Jsonl).await;
        let positions: Vec<u64> = lines
            .lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["position"].as_u64().unwrap())
            .collect();
        // The reading above is in it; the export itself is not.
        assert_eq!(positions[1..], all.entries.iter().map(|entry| entry.position).collect::<Vec<_>>()[..]);
        let csv = file(&auditor, AuditQuery { kinds: "person.created".into(), ..query }, ExportForm::Csv).await;
        assert!(csv.starts_with("position,record,at,kind,actor,"), "{csv}");
        assert!(csv.contains(",'=HYPERLINK(1),"), "no spreadsheet takes a name for a formula: {csv}");
        let archive = Archive::read(house.storage());
        assert_eq!(archive.count(Kind::AuditExported), 2);
        let exported = page(&auditor, "kinds=audit.exported").await.unwrap();
        let body = exported.entries[1].body.as_ref().unwrap();
        assert_eq!((body["form"].as_str(), body["count"].as_u64()), (Some("jsonl"), Some(positions.len() as u64)));
    }
}
