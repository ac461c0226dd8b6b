//! Runs of a rule over the archive that are cut short.

use std::sync::Arc;

use chancery_protocol::review::{BacktestState, Refuse, Release, StartBacktest};
use chancery_screening::Outcome;

use super::Review;
use super::backtest::trial;
use super::job::Bell;
use super::records::{PolicyTested, TestedList};
use super::store::{self, Run};
use crate::ground::db::testing::{Database, on_both_databases};
use crate::ground::error::Code;
use crate::journal::{decode_body, head};
use crate::messaging::tests::House;
use crate::messaging::tests::rules::{rule, send};

/// More than two chunks.
const TEXTS: usize = 2_300;

fn review(house: &House) -> Review {
    Review { messaging: house.parts.messaging(), bell: Arc::new(Bell::default()) }
}

fn begin(review: &Review, house: &House) -> Run {
    let asked = StartBacktest {
        rule: serde_json::to_value(rule("quince", "quince", Outcome::Block)).unwrap(),
        lists: Default::default(),
        days: 30,
        reason: "to see what it finds".into(),
    };
    let begun = review.begin(house.people[2], asked, Ok(())).unwrap();
    let journal = &house.parts.journal;
    store::get(&mut journal.db().reader().unwrap(), journal.vault(), begun.id).unwrap()
}

fn fill(house: &House) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut pending = Vec::new();
        for number in 0..TEXTS {
            let text = if number % 10 == 3 { "a quince" } else { "an apple" };
            pending.push(house.parts.journal.submit(send(house, text, None)).await.unwrap());
        }
        for one in pending {
            one.wait().await.unwrap();
        }
    });
}

fn a_run_that_was_cut_short_goes_on_where_it_was(kind: Database) {
    let house = House::new(kind);
    fill(&house);
    let (review, journal) = (review(&house), &house.parts.journal);
    let claim = || {
        let now = house.clock.now();
        journal.db().write_here(|conn| store::claim(conn, journal.vault(), now - 30_000_000, now)).unwrap()
    };
    let asked = begin(&review, &house);
    let mut run = claim().expect("nobody works on it");
    assert_eq!((run.id, claim()), (asked.id, None), "one at a time");
    let ready = trial(&mut journal.db().reader().unwrap(), &run.plan).unwrap().unwrap();
    review.chunk(&mut journal.db().reader().unwrap(), &ready, &mut run).unwrap();
    house.clock.advance(1_000_000);
    assert!(review.keep(&mut run, house.clock.now()).unwrap());
    // This node dies here: what it did since is done again, and counted once.
    review.chunk(&mut journal.db().reader().unwrap(), &ready, &mut run).unwrap();
    assert_eq!(claim(), None, "it may only be slow");
    house.clock.advance(31_000_000);
    let taken = claim().expect("it was silent for long");
    assert_eq!(taken.found.texts, 1_000);
    assert!(!review.keep(&mut run, house.clock.now()).unwrap(), "whoever lost it writes nothing any more");
    let mut taken = taken;
    review.work(&mut taken).unwrap();
    let resumed = store::get(&mut journal.db().reader().unwrap(), journal.vault(), asked.id).unwrap();
    assert_eq!(
        (resumed.state, resumed.found.texts, resumed.found.hits),
        (BacktestState::Done, TEXTS as u64, 230)
    );

    let mut whole = {
        begin(&review, &house);
        claim().unwrap()
    };
    review.work(&mut whole).unwrap();
    assert_eq!(whole.found, resumed.found, "as if it had never stopped, the sample too");
    assert_eq!(whole.found.samples.len(), 50);
}

fn a_run_that_is_ended_goes_no_further(kind: Database) {
    let house = House::new(kind);
    fill(&house);
    let (review, journal) = (review(&house), &house.parts.journal);
    let first = begin(&review, &house);
    let second = begin(&review, &house);
    let state = |id| store::get(&mut journal.db().reader().unwrap(), journal.vault(), id).unwrap().state;
    assert_eq!([state(first.id), state(second.id)], [BacktestState::Cancelled, BacktestState::Running]);
    let now = house.clock.now();
    let mut run =
        journal.db().write_here(|conn| store::claim(conn, journal.vault(), now, now)).unwrap().unwrap();
    assert_eq!(run.id, second.id);
    review.cancel_backtest(second.id).unwrap();
    review.work(&mut run).unwrap();
    assert_eq!(state(second.id), BacktestState::Cancelled, "finishing late does not undo it");
}

/// Whoever lost the role between the question and the commit decides nothing.
fn only_officers_decide_when_it_is_committed(kind: Database) {
    let house = House::new(kind);
    let review = review(&house);
    crate::messaging::tests::rules::in_force(&house, &rule("quince", "quince", Outcome::Review));
    let unit = send(&house, "quince", None);
    let attempt = house.parts.journal.commit_blocking(unit).unwrap().first().unwrap().record;
    let nobody = house.people[2];
    let release = Release { note: String::new() };
    assert_eq!(review.release(nobody, attempt, &release).unwrap_err().code, Code::NotFound);
    let refuse = Refuse { words: "not like this, please".into() };
    assert_eq!(review.refuse(nobody, attempt, &refuse).unwrap_err().code, Code::NotFound);
    assert_eq!(review.count().unwrap().waiting, 1);
}

fn the_words_a_run_was_asked_with_are_on_record(kind: Database) {
    let house = House::new(kind);
    let (review, journal) = (review(&house), &house.parts.journal);
    let words = vec!["quince".to_owned(), "plum".to_owned()];
    let asked = StartBacktest {
        rule: serde_json::to_value(rule("quince", "list:fruit", Outcome::Block)).unwrap(),
        lists: [("fruit".to_owned(), words.clone())].into(),
        days: 30,
        reason: "to see what it finds".into(),
    };
    review.begin(house.people[2], asked, Ok(())).unwrap();
    let mut conn = journal.db().reader().unwrap();
    let newest = head(&mut conn).unwrap().position;
    let (_, tested) = journal.records().by_position(&mut conn, newest - 1, 1).unwrap().remove(0);
    let tested: PolicyTested = decode_body(&tested.unwrap().body).unwrap();
    assert_eq!(tested.lists, [TestedList::of("fruit", &words)]);
    assert_eq!((tested.versions.len(), tested.running), (0, None), "nothing is in force");
}

on_both_databases! {
    fn only_officers_decide_when_it_is_committed;
    fn the_words_a_run_was_asked_with_are_on_record;
    fn a_run_that_was_cut_short_goes_on_where_it_was;
    fn a_run_that_is_ended_goes_no_further;
}
