//! Officers find whatever was ever said, and every reading of theirs is on record before they read.

use chancery_ledger::Kind;
use chancery_protocol::ids::{Id, RecordId};
use chancery_protocol::person::Role;
use chancery_protocol::search::{
    ComplianceSearch, ConversationsFound, FindConversations, SearchFilters, WholeMessage,
};
use chancery_tests::archive::Archive;
use chancery_tests::database::Database;
use chancery_tests::house::House;
use chancery_tests::http::Caller;
use chancery_tests::on_both_databases;
use chancery_tests::patience::until;
use chancery_tests::search::compliance_search;
use reqwest::Method;

type ActorAndTarget = (Option<[u8; 16]>, Option<[u8; 16]>);

/// Records of a kind, newest last: actor and target.
fn on_record(house: &House, kind: Kind) -> Vec<ActorAndTarget> {
    let archive = Archive::read(house.storage());
    let of_kind = archive.headers.iter().filter(|header| header.kind == kind);
    of_kind.map(|header| (header.actor, header.target)).collect()
}

fn versions(message: &WholeMessage) -> Vec<&str> {
    message.versions.iter().map(|version| version.text.as_deref().unwrap_or("damaged")).collect()
}

/// What of a version is marked.
fn of_version(version: &chancery_protocol::search::MessageVersion) -> Vec<&str> {
    let text = version.text.as_deref().unwrap();
    version.spans.iter().map(|span| &text[span.start as usize..span.end as usize]).collect()
}

async fn until_indexed(who: &Caller, query: &str, total: u64) {
    until_it_finds(who, &compliance_search("waiting", query), total).await;
}

async fn until_it_finds(who: &Caller, asked: &ComplianceSearch, total: u64) {
    until(&format!("{asked:?} finds {total}"), async || {
        who.search_archive(asked).await.is_ok_and(|found| found.total == total)
    })
    .await;
}

on_both_databases! {
    async fn every_version_is_found_by_officers_and_the_search_is_on_record(kind) {
        let house = House::with_people(kind, 2).await;
        let officer = house.invite_and_redeem("olga", &[Role::ComplianceOfficer]).await;
        let other = house.invite_and_redeem("otto", &[Role::ComplianceLead]).await;
        let mut ada = house.connect(0).await;
        let talk = ada.open_direct(house.people[1].id()).await.unwrap().id;
        let edited = ada.send(talk, "the alder price is 14").await.unwrap().record;
        let deleted = ada.send(talk, "alder talk on the phone").await.unwrap().record;
        ada.edit(talk, edited, "nothing to see").await.unwrap();
        ada.delete(talk, deleted).await.unwrap();
        // The deletion is the last of them; the index takes them up in order.
        let mut last = compliance_search("waiting", "alder");
        last.filters.deleted = Some(true);
        until_it_finds(&officer, &last, 1).await;

        let before = on_record(&house, Kind::SearchRun).len();
        let mut asked = compliance_search("case C-0142", "alder");
        asked.limit = Some(1);
        let first = officer.search_archive(&asked).await.unwrap();
        assert_eq!((first.total, first.hits.len(), first.hits[0].id), (2, 1, deleted), "newest first");
        assert_eq!(versions(&first.hits[0]), ["alder talk on the phone"]);
        assert!(first.hits[0].deleted_at.is_some() && first.hits[0].removals.len() == 1);
        assert_eq!(first.conversations[0].id, talk);
        assert_eq!(first.histogram.bars.iter().map(|bar| bar.count).sum::<u64>(), 2);
        let second = officer.next_page(first.search, first.after.unwrap()).await.unwrap();
        assert_eq!((second.hits[0].id, second.after), (edited, None));
        assert_eq!(versions(&second.hits[0]), ["the alder price is 14", "nothing to see"]);
        assert_eq!(second.hits[0].versions.iter().map(of_version).collect::<Vec<_>>(), [vec!["alder"], vec![]]);

        let runs = on_record(&house, Kind::SearchRun);
        assert_eq!(runs.len(), before + 1);
        assert_eq!(runs.last().unwrap().0, Some(officer.id().bytes()));
        let page = (Some(officer.id().bytes()), Some(first.search.bytes()));
        assert_eq!(on_record(&house, Kind::SearchPage), [page]);

        // Nobody goes on with another's search.
        let refused = other.next_page(first.search, first.after.unwrap()).await.unwrap_err();
        assert_eq!((refused.status, refused.code()), (404, "not_found"));
        let refused = other.context(first.search, edited, 3).await.unwrap_err();
        assert_eq!(refused.status, 404);
        assert_eq!(on_record(&house, Kind::SearchPage).len(), 1);

        // Filters.
        let total = async |filters: SearchFilters| {
            let mut asked = compliance_search("case C-0142", "");
            asked.filters = filters;
            officer.search_archive(&asked).await.unwrap().total
        };
        assert_eq!(total(SearchFilters { edited: Some(true), ..SearchFilters::default() }).await, 1);
        assert_eq!(total(SearchFilters { deleted: Some(true), ..SearchFilters::default() }).await, 1);
        assert_eq!(total(SearchFilters { people: vec![house.people[1].id()], ..SearchFilters::default() }).await, 0);
        assert_eq!(total(SearchFilters { conversations: vec![talk], ..SearchFilters::default() }).await, 2);
        assert_eq!(total(SearchFilters { until: Some(1), ..SearchFilters::default() }).await, 0);
    }

    async fn a_context_shows_who_was_there_at_that_moment(kind) {
        let house = House::with_people(kind, 4).await;
        let officer = house.invite_and_redeem("olga", &[Role::ComplianceOfficer]).await;
        let mut ada = house.connect(0).await;
        let group = ada.create_group("Project Alder", &[house.people[1].id()]).await.unwrap().id;
        for number in 0..4 {
            ada.send(group, &format!("early {number}")).await.unwrap();
        }
        let found = ada.send(group, "needle").await.unwrap().record;
        ada.add_members(group, &[house.people[2].id()]).await.unwrap();
        ada.remove_member(group, house.people[1].id()).await.unwrap();
        for number in 0..4 {
            ada.send(group, &format!("late {number}")).await.unwrap();
        }
        until_indexed(&officer, "late", 4).await;
        let search = officer.search_archive(&compliance_search("case 7", "needle")).await.unwrap();
        let context = officer.context(search.search, found, 2).await.unwrap();
        let said: Vec<&str> = context.messages.iter().flat_map(versions).collect();
        assert_eq!(said, ["early 2", "early 3", "needle", "late 0", "late 1"]);
        let mut members: Vec<_> = context.members.iter().map(|member| member.person).collect();
        members.sort();
        let mut then = vec![house.people[0].id(), house.people[1].id()];
        then.sort();
        assert_eq!(members, then, "who came later was not there, who left later was");
        assert_eq!(context.conversation.name.as_deref(), Some("Project Alder"));
        assert_eq!(on_record(&house, Kind::ContextRead), [(Some(officer.id().bytes()), Some(found.bytes()))]);

        let asked = FindConversations { reason: "case 7".into(), text: "alder".into(), people: vec![], limit: None };
        let listed: ConversationsFound =
            officer.call(Method::POST, "/compliance/conversations", Some(&asked)).await.unwrap();
        assert_eq!(listed.conversations.iter().map(|it| it.id).collect::<Vec<_>>(), [group]);
        assert_eq!(on_record(&house, Kind::ConversationsListed).len(), 1);
    }

    async fn nothing_is_read_without_a_record(kind) {
        let house = House::with_people(kind, 2).await;
        let officer = house.invite_and_redeem("olga", &[Role::ComplianceOfficer]).await;
        let mut ada = house.connect(0).await;
        let talk = ada.open_direct(house.people[1].id()).await.unwrap().id;
        let message = ada.send(talk, "unreadable needle").await.unwrap().record;
        until_indexed(&officer, "needle", 1).await;
        let search = officer.search_archive(&compliance_search("case 7", "needle")).await.unwrap().search;
        for reason in ["", "  "] {
            let refused = officer.search_archive(&compliance_search(reason, "needle")).await.unwrap_err();
            assert_eq!(refused.code(), "reason_needed");
        }
        house.storage().sql(match kind {
            Database::Sqlite => {
                "CREATE TRIGGER no_more BEFORE INSERT ON journal BEGIN SELECT RAISE(ABORT, 'no more'); END;"
            }
            Database::Postgres => "REVOKE INSERT ON journal FROM chancery;",
        });
        let refusals = [
            officer.search_archive(&compliance_search("case 7", "needle")).await.unwrap_err(),
            officer.context(search, message, 3).await.unwrap_err(),
        ];
        for refused in refusals {
            assert!(refused.status >= 500, "{refused:?}");
            assert!(!format!("{refused:?}").contains("unreadable"), "nothing of what was found is told");
        }
        house.storage().sql(match kind {
            Database::Sqlite => "DROP TRIGGER no_more;",
            Database::Postgres => "GRANT INSERT ON journal TO chancery;",
        });
        assert_eq!(officer.search_archive(&compliance_search("case 7", "needle")).await.unwrap().total, 1);
    }

    async fn others_do_not_even_learn_that_there_is_such_a_search(kind) {
        let house = House::with_people(kind, 1).await;
        let mut refused = vec![house.people[0].clone(), house.admin.clone()];
        refused.push(house.invite_and_redeem("audrey", &[Role::Auditor]).await);
        let nothing = RecordId::from_bytes([7; 16]);
        for who in &refused {
            let run = who.search_archive(&compliance_search("curious", "a")).await.unwrap_err();
            let page = who.next_page(nothing, nothing).await.unwrap_err();
            let context = who.context(nothing, nothing, 1).await.unwrap_err();
            for refusal in [run, page, context] {
                assert_eq!((refusal.status, refusal.code()), (404, "not_found"));
            }
        }
        assert_eq!(on_record(&house, Kind::SearchRun), []);
        // An officer by that role alone has no own search.
        let officer = house.invite_and_redeem("olga", &[Role::ComplianceOfficer]).await;
        assert_eq!(officer.search_for("a").await.unwrap_err().status, 404);
    }
}
