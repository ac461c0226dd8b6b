//! A rule over the archive: asked for, looked at, sampled. `job` does the work.

use std::collections::{BTreeMap, BTreeSet};

use chancery_ledger::{Kind, Stream};
use chancery_protocol::ids::{BacktestId, PersonId};
use chancery_protocol::policy::ItemKind;
use chancery_protocol::review::{
    AlsoCaught, Backtest, BacktestDay, BacktestSample, BacktestSamples, BacktestState, Backtests, MAX_DAYS,
    StartBacktest,
};
use chancery_screening::{Problem, Rule, Scope};

use super::records::{PolicySampled, PolicyTested, TestedList};
use super::store::{self, Found, Plan, Run};
use super::{Review, words};
use crate::acceptable_use::items::Content;
use crate::acceptable_use::{Book, Others, Place, store as items};
use crate::ground::db::Conn;
use crate::ground::error::{Code, Error};
use crate::journal::{Unit, first_not_before, head};
use crate::messaging::whole::Written;

/// A day.
pub(super) const DAY: i64 = 86_400_000_000;

impl Review {
    /// Has a rule run over the archive; on record before it begins.
    /// `fresh` says whether the officer signed in lately, for a rule that looks at some people or conversations only.
    pub(super) fn begin(
        &self,
        officer: PersonId,
        asked: StartBacktest,
        fresh: Result<(), Error>,
    ) -> Result<Backtest, Error> {
        let reason = words(&asked.reason, "reason")?;
        if !(1..=MAX_DAYS).contains(&asked.days) {
            let detail = format!("1 to {MAX_DAYS} days can be looked back.");
            return Err(Error::from(Code::OutOfRange).field("days").detail(detail));
        }
        let rule: Rule = serde_json::from_value(asked.rule)
            .map_err(|error| Error::from(Code::RuleInvalid).field("rule").detail(error.to_string()))?;
        if names_somebody(&rule) {
            fresh?;
        }
        let journal = &self.messaging.journal;
        let mut conn = journal.db().reader()?;
        let (plan, versions) = plan(&mut conn, journal, rule, asked.lists, asked.days)?;
        if let Err(problems) = trial(&mut conn, &plan)? {
            return Err(invalid(&problems));
        }
        let now = journal.clock().now();
        let newest = head(&mut conn)?.position;
        let first = first_not_before(&mut conn, now - i64::from(asked.days) * DAY, newest)?.saturating_sub(1);
        drop(conn);
        let run = Run {
            id: journal.id()?,
            rule: plan.rule.id.clone(),
            state: BacktestState::Running,
            asked_by: officer,
            asked_at: now,
            first,
            last: newest,
            position: first,
            // Nobody works on it yet.
            alive_at: 0,
            plan,
            found: Found::default(),
        };
        let body = PolicyTested {
            test: run.id,
            rule: run.rule.clone(),
            content: run.plan.rule.clone(),
            lists: run.plan.tried.iter().map(|(name, entries)| TestedList::of(name, entries)).collect(),
            versions,
            running: run.plan.running.as_ref().map(|(version, _)| *version),
            days: asked.days,
            reason,
            first,
            last: newest,
        };
        let mut draft = journal.draft(Stream::System, Kind::PolicyTested, Some(officer), &body)?;
        draft.target = Some(chancery_protocol::ids::Id::bytes(run.id));
        let (vault, kept) = (std::sync::Arc::clone(journal.vault()), run.clone());
        journal.commit_blocking(Unit {
            records: vec![draft],
            work: Some(Box::new(move |conn, _| store::begin(conn, &vault, &kept))),
            ..Unit::default()
        })?;
        self.bell.ring();
        Ok(seen(run))
    }

    /// How a run stands.
    pub(super) fn backtest(&self, id: BacktestId) -> Result<Backtest, Error> {
        let journal = &self.messaging.journal;
        store::get(&mut *journal.db().reader()?, journal.vault(), id).map(seen)
    }

    /// The newest run of a rule.
    pub(super) fn newest_backtest(&self, rule: &str) -> Result<Backtests, Error> {
        let journal = &self.messaging.journal;
        let newest = store::newest(&mut *journal.db().reader()?, journal.vault(), rule)?;
        Ok(Backtests { newest: newest.map(seen) })
    }

    /// Ends a run.
    pub(super) fn cancel_backtest(&self, id: BacktestId) -> Result<(), Error> {
        let journal = &self.messaging.journal;
        store::get(&mut *journal.db().reader()?, journal.vault(), id)?;
        journal.db().write_here(|conn| store::end(conn, id, BacktestState::Cancelled))
    }

    /// Some of what a run found; on record before it is answered.
    pub(super) fn samples(&self, officer: PersonId, id: BacktestId) -> Result<BacktestSamples, Error> {
        let journal = &self.messaging.journal;
        let mut conn = journal.db().reader()?;
        let run = store::get(&mut conn, journal.vault(), id)?;
        let trial = trial(&mut conn, &run.plan)?.map_err(|problems| invalid(&problems))?;
        let mut samples: Vec<BacktestSample> = self
            .messaging
            .written_by_id(&mut conn, &run.found.samples)?
            .into_iter()
            .map(|text| self.sample(&trial.tried, text))
            .collect();
        samples.sort_by_key(|sample| sample.position);
        let conversations: BTreeSet<_> = samples.iter().map(|sample| sample.conversation).collect();
        let conversations = self.messaging.refs(&mut conn, conversations)?;
        drop(conn);
        let body = PolicySampled { shown: samples.iter().map(|sample| sample.position).collect() };
        let target = chancery_protocol::ids::RecordId(id.0);
        self.on_record(officer, Kind::PolicySampled, Some(target), None, &body)?;
        let mut people: BTreeSet<PersonId> = samples.iter().map(|sample| sample.author).collect();
        people.extend(conversations.iter().flat_map(|conversation| conversation.pair.iter().copied()));
        Ok(BacktestSamples { samples, conversations, names: self.names(people) })
    }

    fn sample(&self, book: &Book, text: Written) -> BacktestSample {
        let (decision, place) = (book.look(&text.text, text.what), self.place_of(&text));
        let findings = decision.decide_by(book, &place, None).findings;
        let spans = findings.into_iter().next().map(|finding| finding.spans);
        let Written { record, position, conversation, author, at, text, .. } = text;
        BacktestSample { record, position, conversation, author, at, text, spans: spans.unwrap_or_default() }
    }

    /// Who said it to whom: groups, members and guests are those of today.
    pub(super) fn place_of(&self, text: &Written) -> Place {
        Place {
            sender: text.author,
            others: Others::In(text.conversation),
            directory: std::sync::Arc::clone(&self.messaging.directory),
            roster: std::sync::Arc::clone(&self.messaging.roster),
        }
    }
}

/// Version of the rule that is tried; no version in force has this number.
const TRIED: u32 = 0;

/// The rule that is tried with its lists, and the version in force with those in force, ready to be run.
pub(super) struct Trial {
    pub tried: Book,
    pub running: Option<Book>,
}

/// Makes both ready, or says what is wrong with the rule.
pub(super) fn trial(conn: &mut Conn, plan: &Plan) -> Result<Result<Trial, Vec<Problem>>, Error> {
    let mut lists = plan.lists.clone();
    lists.extend(plan.tried.clone());
    let tried = match Book::trial(conn, vec![(TRIED, plan.rule.clone())], lists)? {
        Ok(tried) => tried,
        Err(problems) => return Ok(Err(problems)),
    };
    let running = match &plan.running {
        Some(running) => Book::trial(conn, vec![running.clone()], plan.lists.clone())?.map(Some),
        None => Ok(None),
    };
    Ok(running.map(|running| Trial { tried, running }))
}

/// What is run, and the versions of the lists in force that go with it.
fn plan(
    conn: &mut Conn,
    journal: &crate::journal::Journal,
    rule: Rule,
    tried: BTreeMap<String, Vec<String>>,
    days: u16,
) -> Result<(Plan, BTreeMap<String, u32>), Error> {
    let (mut lists, mut versions) = (BTreeMap::new(), BTreeMap::new());
    let mut running = None;
    for item in items::running(conn, journal.vault())? {
        match item.content {
            Content::List { entries } if item.kind == ItemKind::List => {
                if !tried.contains_key(&item.name) {
                    versions.insert(item.name.clone(), item.version);
                }
                lists.insert(item.name, entries);
            }
            Content::Rule { rule: now } if item.name == rule.id => running = Some((item.version, *now)),
            _ => {}
        }
    }
    Ok((Plan { rule, lists, tried, running, days }, versions))
}

/// Whether a rule is for some people or conversations only, or not for some: what it finds tells of these.
fn names_somebody(rule: &Rule) -> bool {
    let named = |scope: &Scope| !scope.senders.is_empty() || !scope.conversations.is_empty();
    named(&rule.scope) || rule.exceptions.iter().any(named)
}

fn invalid(problems: &[Problem]) -> Error {
    let wrong = problems.iter().map(|problem| {
        let at = problem.at.map(|at| format!("Character {}: ", at + 1)).unwrap_or_default();
        Error::from(Code::RuleInvalid)
            .field(format!("rule.{}", problem.field))
            .detail(format!("{at}{}", problem.reason))
    });
    Error::all(wrong.collect()).err().unwrap_or_else(|| Code::RuleInvalid.into())
}

fn seen(run: Run) -> Backtest {
    let Run { id, rule, state, asked_by, asked_at, first, last, position, plan, found, .. } = run;
    let (done, all) = (position.saturating_sub(first), last.saturating_sub(first));
    let progress = if state == BacktestState::Done || all == 0 { 1_000 } else { done * 1_000 / all };
    let mut also: Vec<AlsoCaught> =
        found.also.into_iter().map(|(rule, hits)| AlsoCaught { rule, hits }).collect();
    also.sort_by(|one, other| other.hits.cmp(&one.hits).then_with(|| one.rule.cmp(&other.rule)));
    // Days on which nothing was said belong to the picture.
    let (from, to) = ((asked_at - i64::from(plan.days) * DAY).div_euclid(DAY), asked_at.div_euclid(DAY));
    let by_day = (from..=to).map(|day| {
        let (texts, hits) = found.days.get(&day).copied().unwrap_or_default();
        BacktestDay { begins: day * DAY, texts, hits }
    });
    Backtest {
        id,
        rule,
        asked_by,
        asked_at,
        days: plan.days,
        state,
        progress: u16::try_from(progress.min(1_000)).unwrap_or(1_000),
        texts: found.texts,
        hits: found.hits,
        running: plan.running.map(|(version, _)| (version, found.running)),
        by_day: by_day.collect(),
        also,
        samples: u32::try_from(found.samples.len()).unwrap_or(u32::MAX),
        damaged: found.damaged,
    }
}
