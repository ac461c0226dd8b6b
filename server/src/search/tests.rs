//! The index against the journal and against looking at every message: whatever people do, both say the same.

mod damage;
mod house;
mod markers;

use std::collections::BTreeMap;

use chancery_protocol::query::{Query, parse};
use proptest::prelude::*;

use super::find::{Filters, Page, Place, Reach};
use super::matching::{Text, matches};
use super::plan::Plan;
use crate::ground::db::testing::{Database, on_both_databases};
use crate::messaging::whole::Whole;
use house::{House, Try};

const ALL: Page = Page { after: None, oldest_first: false, limit: 1_000 };

on_both_databases! {
    fn the_index_says_what_the_journal_says;
    fn old_texts_are_found_by_officers_only;
    fn an_index_goes_on_from_its_cursor;
}

fn words() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("alder"),
        Just("Kaufvertrag"),
        Just("vertrag"),
        Just("price-talk"),
        Just("max@example.com"),
        Just("契約書"),
        Just("東京"),
        Just("2026-11-21"),
        Just("ok"),
        Just("👍"),
        Just("Ärger"),
    ];
    proptest::collection::vec(word, 1..5).prop_map(|words| words.join(" "))
}

fn any_try() -> impl Strategy<Value = Try> {
    let message = 0..12_usize;
    prop_oneof![
        4 => words().prop_map(Try::Send),
        2 => (message.clone(), words()).prop_map(|(message, text)| Try::Edit(message, text)),
        1 => message.clone().prop_map(Try::Delete),
        1 => message.clone().prop_map(Try::Restore),
        1 => message.prop_map(Try::React),
        1 => (0..100_000_000_000_i64).prop_map(Try::Wait),
        1 => Just(Try::Index),
    ]
}

fn the_index_says_what_the_journal_says(kind: Database) {
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: if kind == Database::Sqlite { 24 } else { 4 },
        max_shrink_iters: 60,
        ..ProptestConfig::default()
    });
    let tries = proptest::collection::vec((0..2_usize, 0..3_usize, any_try()), 1..40);
    let history = (tries, proptest::collection::vec(any_query(), 6));
    runner
        .run(&history, |(tries, queries)| {
            let mut house = House::new(kind);
            for (conversation, who, what) in tries {
                house.attempt(conversation, who, what);
            }
            house.index();
            prop_assert_eq!(house.differing(), Vec::<u64>::new());
            let whole = house.whole();
            for query in &queries {
                for reach in [Reach::Now, Reach::Ever] {
                    compare(&house, &whole, query, reach)?;
                }
            }
            Ok(())
        })
        .unwrap();
}

fn any_query() -> impl Strategy<Value = Query> {
    let leaf = prop_oneof![
        Just("vertrag"),
        Just("\"vertrag\""),
        Just("alder"),
        Just("price-talk"),
        Just("\"alder ok\""),
        Just("書"),
        Just("契約"),
        Just("京"),
        Just("example"),
        Just("max@exam"),
        Just("11-21"),
        Just("arger"),
        Just("👍"),
        Just("-ok"),
        Just("(alder OR 東京) -vertrag"),
        Just("NOT (ok 契約)"),
        Just("ert"),
    ];
    proptest::collection::vec(leaf, 1..3).prop_map(|parts| parse(&parts.join(" ")).unwrap().unwrap())
}

/// What looking at every message finds, newest first.
fn model(whole: &[Whole], query: &Query, reach: Reach, filter: impl Fn(&Whole) -> bool) -> Vec<Place> {
    let plan = Plan::of(query).unwrap();
    let mut found: Vec<Place> = whole
        .iter()
        .filter(|message| {
            let texts: Vec<Text> = match reach {
                Reach::Now => message.now().map(|text| Text::new(&text)).into_iter().collect(),
                Reach::Ever => {
                    message.versions.iter().filter_map(|it| it.text.as_deref()).map(Text::new).collect()
                }
            };
            matches(&plan, &texts) && filter(message)
        })
        .map(|message| Place { at: message.at, position: message.position })
        .collect();
    found.sort_unstable();
    found.reverse();
    found
}

fn compare(house: &House, whole: &[Whole], query: &Query, reach: Reach) -> Result<(), TestCaseError> {
    let middle = whole.get(whole.len() / 2).map_or(0, |message| message.at);
    let (one, person) = (house.conversations[0], house.people[1]);
    type Fits<'a> = Box<dyn Fn(&Whole) -> bool + 'a>;
    let cases: Vec<(Filters, Fits<'_>)> = vec![
        (Filters::default(), Box::new(|_| true)),
        (
            Filters { conversations: Some(vec![one]), ..Filters::default() },
            Box::new(|it| it.conversation == one),
        ),
        (Filters { people: vec![person], ..Filters::default() }, Box::new(|it| it.author == person)),
        (
            Filters { from: Some(middle), edited: Some(false), ..Filters::default() },
            Box::new(|it| it.at >= middle && it.edited_at.is_none()),
        ),
        (
            Filters { until: Some(middle), deleted: Some(true), ..Filters::default() },
            Box::new(|it| it.at < middle && it.deleted_at.is_some()),
        ),
        (
            Filters { within: Some([(one, (3, 9))].into()), ..Filters::default() },
            Box::new(|it| it.conversation == one && (3..=9).contains(&it.seq)),
        ),
    ];
    for (filters, fits) in cases {
        let want = model(whole, query, reach, fits);
        let found = house.find(Some(query), reach, &filters, ALL);
        prop_assert_eq!(&found.hits, &want, "{} {:?} {:?}", query, reach, filters);
        prop_assert_eq!(found.total, want.len() as u64);
        let mut days: BTreeMap<i64, u64> = BTreeMap::new();
        want.iter().for_each(|place| *days.entry(place.at.div_euclid(86_400_000_000)).or_default() += 1);
        prop_assert_eq!(found.days, days);
        let mut oldest = want.clone();
        oldest.reverse();
        prop_assert_eq!(pages(house, query, reach, &filters, false), want);
        prop_assert_eq!(pages(house, query, reach, &filters, true), oldest);
    }
    Ok(())
}

/// All pages of two, one after another. Many messages are of the same microsecond.
fn pages(house: &House, query: &Query, reach: Reach, filters: &Filters, oldest_first: bool) -> Vec<Place> {
    let mut all = Vec::new();
    let mut after = None;
    loop {
        let found = house.find(Some(query), reach, filters, Page { after, oldest_first, limit: 2 });
        all.extend(&found.hits);
        after = found.hits.last().copied();
        if !found.more {
            return all;
        }
        assert_eq!(found.hits.len(), 2, "a page that is not full is the last one");
    }
}

fn old_texts_are_found_by_officers_only(kind: Database) {
    let mut house = House::new(kind);
    house.attempt(0, 0, Try::Send("the secret word".into()));
    house.attempt(0, 0, Try::Send("another secret".into()));
    house.index();
    let count = |house: &House, query: &str, reach| {
        house.find(parse(query).unwrap().as_ref(), reach, &Filters::default(), ALL).total
    };
    assert_eq!((count(&house, "secret", Reach::Now), count(&house, "secret", Reach::Ever)), (2, 2));
    house.attempt(0, 0, Try::Edit(0, "the harmless word".into()));
    house.attempt(0, 0, Try::Delete(1));
    house.index();
    assert_eq!((count(&house, "secret", Reach::Now), count(&house, "secret", Reach::Ever)), (0, 2));
    assert_eq!(count(&house, "harmless", Reach::Now), 1);
    assert_eq!(count(&house, "\"word the\"", Reach::Ever), 0, "no phrase reaches from version to version");
    house.attempt(0, 0, Try::Restore(1));
    house.index();
    assert_eq!(count(&house, "secret", Reach::Now), 1);
    assert_eq!(house.differing(), Vec::<u64>::new());
}

fn an_index_goes_on_from_its_cursor(kind: Database) {
    let mut house = House::new(kind);
    for round in 0..4 {
        for at in 0..5 {
            house.attempt(0, 0, Try::Send(format!("round {round} message {at}")));
        }
        let before = house.generation();
        house.index();
        assert!(round == 0 || house.generation() == before, "nothing was made anew");
    }
    assert_eq!(house.find(None, Reach::Now, &Filters::default(), ALL).total, 20);
    assert_eq!(house.differing(), Vec::<u64>::new());
}
