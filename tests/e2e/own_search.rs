//! People find what they may see, as it is now, and nothing else.

use chancery_protocol::conversation::Content;
use chancery_protocol::search::{OwnFound, OwnSearch};
use chancery_tests::house::House;
use chancery_tests::on_both_databases;

fn text(content: &Content) -> &str {
    match content {
        Content::Text { text, .. } => text,
        other => panic!("a hit without text: {other:?}"),
    }
}

fn texts(found: &OwnFound) -> Vec<&str> {
    found.hits.iter().map(|hit| text(&hit.message.content)).collect()
}

/// What of the hits is marked.
fn marked(found: &OwnFound) -> Vec<&str> {
    let spans = found.hits.iter().zip(texts(found)).flat_map(|(hit, text)| {
        hit.spans.iter().map(move |span| &text[span.start as usize..span.end as usize])
    });
    spans.collect()
}

on_both_databases! {
    async fn what_people_look_for_is_found_in_the_default_install(kind) {
        let house = House::with_people(kind, 2).await;
        let mut ada = house.connect(0).await;
        let talk = ada.open_direct(house.people[1].id()).await.unwrap().id;
        for text in [
            "Der Kaufvertragsentwurf liegt bei.",
            "新しい契約書を送ります",
            "Bitte an max.mustermann@example.com senden",
            "Siehe budget-2026_v2.xlsx vom 2026-11-21",
            "Zoë fährt nach München",
            "Подписали Договор вчера",
        ] {
            ada.send(talk, text).await.unwrap();
        }
        let bela = &house.people[1];
        // The last of them: the index takes up what was said in order.
        bela.until_found("Договор", 1).await;
        for (query, mark) in [
            ("vertrag", "Kaufvertragsentwurf"),
            ("契約", "契約"),
            ("書", "書"),
            ("max.mustermann@example.com", "max.mustermann@example.com"),
            ("mustermann", "mustermann"),
            ("budget-2026", "budget-2026"),
            ("2026-11-21", "2026-11-21"),
            ("v2.xlsx", "v2.xlsx"),
            ("zoe", "Zoë"),
            ("MUNCHEN", "München"),
            ("договор", "Договор"),
            ("\"liegt bei\"", "liegt bei"),
        ] {
            let found = bela.search_for(query).await.unwrap();
            assert_eq!((found.total, marked(&found)), (1, vec![mark]), "{query}");
        }
        assert_eq!(bela.search_for("\"bei liegt\"").await.unwrap().total, 0);
        assert_eq!(bela.search_for("vertrag OR договор").await.unwrap().total, 2);
        assert_eq!(bela.search_for("2026 -budget").await.unwrap().total, 0);
        for (query, code) in [("", "query_empty"), ("...", "query_empty"), ("(a", "query_invalid"), ("a OR", "query_invalid")] {
            assert_eq!(bela.search_for(query).await.unwrap_err().code(), code, "{query}");
        }
    }

    async fn what_was_said_before_is_not_found_from_the_answer_on(kind) {
        let house = House::with_people(kind, 2).await;
        let mut ada = house.connect(0).await;
        let talk = ada.open_direct(house.people[1].id()).await.unwrap().id;
        let edited = ada.send(talk, "secret0 stays").await.unwrap().record;
        let deleted = ada.send(talk, "regretted words").await.unwrap().record;
        let bela = &house.people[1];
        bela.until_found("regretted", 1).await;
        bela.until_found("secret0", 1).await;
        // The index is behind here, again and again; what it still has is not shown.
        for round in 1..12 {
            let (before, after) = (format!("secret{}", round - 1), format!("secret{round}"));
            ada.edit(talk, edited, &format!("{after} stays")).await.unwrap();
            let found = bela.search_for(&before).await.unwrap();
            assert_eq!((found.total, found.hits.len()), (0, 0), "{before} after its edit");
            if round % 4 == 0 {
                bela.until_found(&after, 1).await;
            }
        }
        ada.delete(talk, deleted).await.unwrap();
        assert_eq!(bela.search_for("regretted").await.unwrap().total, 0);
        ada.restore(talk, deleted).await.unwrap();
        bela.until_found("regretted", 1).await;
        bela.until_found("secret11", 1).await;
        assert_eq!(texts(&bela.search_for("secret11").await.unwrap()), ["secret11 stays"]);
    }

    async fn only_what_one_may_see_is_found(kind) {
        let house = House::with_people(kind, 4).await;
        let (ada, bela, cleo, dana) = (&house.people[0], &house.people[1], &house.people[2], &house.people[3]);
        let mut client = house.connect(0).await;
        let group = client.create_group("Project", &[bela.id()]).await.unwrap().id;
        client.send(group, "marker before").await.unwrap();
        client.add_members(group, &[cleo.id()]).await.unwrap();
        client.send(group, "marker between").await.unwrap();
        client.remove_member(group, bela.id()).await.unwrap();
        client.send(group, "marker after").await.unwrap();
        ada.until_found("marker", 3).await;
        let of = async |who: &chancery_tests::http::Caller| {
            let found = who.search_for("marker").await.unwrap();
            texts(&found).into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(of(ada).await, ["marker after", "marker between", "marker before"], "newest first");
        assert_eq!(of(bela).await, ["marker between", "marker before"], "up to leaving");
        assert_eq!(of(cleo).await, ["marker after", "marker between"], "from joining on");
        assert_eq!(of(dana).await, Vec::<String>::new());
        // Nor is what one may not see counted, on a page that shows less than all.
        for (who, total) in [(ada, 3), (bela, 2), (cleo, 2), (dana, 0)] {
            let asked = OwnSearch { query: "marker".into(), limit: Some(1), ..OwnSearch::default() };
            assert_eq!(who.search(&asked).await.unwrap().total, total);
        }
        // Naming a conversation opens nothing.
        let asked = OwnSearch { query: "marker".into(), conversations: vec![group], ..OwnSearch::default() };
        assert_eq!(dana.search(&asked).await.unwrap().total, 0);
        assert_eq!(ada.search(&asked).await.unwrap().total, 3);
        let asked = OwnSearch { query: "marker".into(), people: vec![bela.id()], ..OwnSearch::default() };
        assert_eq!(ada.search(&asked).await.unwrap().total, 0);
    }

    async fn pages_follow_each_other_without_a_gap(kind) {
        let house = House::with_people(kind, 2).await;
        let mut ada = house.connect(0).await;
        let talk = ada.open_direct(house.people[1].id()).await.unwrap().id;
        let mut sent = Vec::new();
        for number in 0..23 {
            sent.push(ada.send(talk, &format!("page {number}")).await.unwrap().record);
        }
        let ada = &house.people[0];
        ada.until_found("page", 23).await;
        for oldest_first in [true, false] {
            let mut asked =
                OwnSearch { query: "page".into(), limit: Some(5), oldest_first, ..OwnSearch::default() };
            let mut seen = Vec::new();
            loop {
                let found = ada.search(&asked).await.unwrap();
                assert_eq!(found.total, 23);
                seen.extend(found.hits.iter().map(|hit| hit.message.id));
                asked.after = found.after;
                if asked.after.is_none() {
                    break;
                }
            }
            if !oldest_first {
                seen.reverse();
            }
            assert_eq!(seen, sent);
        }
        for wrong in [Some(0), Some(51)] {
            let asked = OwnSearch { query: "page".into(), limit: wrong, ..OwnSearch::default() };
            assert_eq!(ada.search(&asked).await.unwrap_err().code(), "out_of_range");
        }
    }

    async fn an_index_is_made_anew_beside_the_server_and_goes_on_answering(kind) {
        let mut house = House::with_people(kind, 2).await;
        let mut ada = house.connect(0).await;
        let talk = ada.open_direct(house.people[1].id()).await.unwrap().id;
        for number in 0..30 {
            ada.send(talk, &format!("kept {number}")).await.unwrap();
        }
        let bela = house.people[1].clone();
        bela.until_found("kept", 30).await;
        let current = house.storage().data.join("search/current");
        let before = std::fs::read_to_string(&current).unwrap();
        let said = house.server.cli(&["search", "rebuild"]).await.expect_success();
        assert!(said.contains("was made anew"), "{said}");
        assert_ne!(std::fs::read_to_string(&current).unwrap(), before);
        assert_eq!(bela.search_for("kept").await.unwrap().total, 30);
        let status = house.server.cli(&["search", "status"]).await.expect_success();
        assert!(status.contains("30 messages"), "{status}");
        let refused = house.server.cli(&["search", "check"]).await;
        assert!(!refused.status.success() && refused.words().contains("stop it first"), "{}", refused.words());
        house.server.stop().await;
        let checked = house.server.cli(&["search", "check"]).await.expect_success();
        assert!(checked.contains("30 messages compared"), "{checked}");

        // A byte that is not as it was written is noticed at the start, and mended.
        let generation = std::fs::read_to_string(&current).unwrap();
        let folder = house.storage().data.join("search").join(generation.trim());
        let mut file = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let file = file.find(|path| path.extension().is_some_and(|it| it == "pos")).unwrap();
        let mut bytes = std::fs::read(&file).unwrap();
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        std::fs::write(&file, bytes).unwrap();
        house.server.start_again().await;
        chancery_tests::patience::until("the index is made anew", async || {
            std::fs::read_to_string(&current).unwrap() != generation
        }).await;
        bela.until_found("kept", 30).await;
        assert!(house.server.log().contains("the search index is"), "it says so");
    }
}
