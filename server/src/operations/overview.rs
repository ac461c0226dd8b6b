//! The overview: figures of this node, now and over time, and how what it stands on is.

use std::sync::PoisonError;

use chancery_protocol::Micros;
use chancery_protocol::operations::{
    Component, ComponentName, Counted, Fact, Facts, Figures, Health, Overview, OverviewQuery, State,
};
use tokio::time::{Duration, Instant};

use super::found::Found;
use super::health::number;
use super::{Operations, machine_rules};
use crate::ground::error::{Code, Error};
use crate::messaging::count_since;
use crate::search;

const DAY: Micros = 86_400_000_000;
/// From how long ago on messages can be counted.
const COUNTED: Micros = 2 * DAY;
/// How long a count of messages is shown again.
const COUNT_AGAIN: Duration = Duration::from_secs(10);

impl Operations {
    /// The answer of `GET /overview`.
    ///
    /// # Errors
    /// `out_of_range` for a `since` that is not of the last two days; when the database cannot be read.
    pub(super) async fn overview(&self, query: OverviewQuery) -> Result<Overview, Error> {
        let at = self.0.watched.journal.clock().now();
        let since = query.since.unwrap_or(at - at.rem_euclid(DAY));
        if !(at - COUNTED..=at).contains(&since) {
            return Err(Error::from(Code::OutOfRange).field("since"));
        }
        let messages = Counted { since, count: self.messages_since(since).await? };
        let found = self.found(None);
        let (now, series) = {
            let past = self.past();
            let (delivery, commit) = past.last_minute();
            let hub = &self.0.watched.hub;
            let now = Figures {
                connections: hub.count() as u64,
                people_connected: hub.people() as u64,
                people_signed_in: self.slow().people_signed_in,
                people: self.0.watched.directory.count_active() as u64,
                messages_per_second: past.messages_per_second(),
                messages,
                delivery,
                commit,
            };
            (now, past.series(query.span, at))
        };
        Ok(Overview { node: self.0.node.clone(), at, now, series, components: self.components(&found) })
    }

    /// The answer of `GET /health`.
    ///
    /// # Errors
    /// When no connection to the database can be had.
    pub(super) async fn health(&self) -> Result<Health, Error> {
        let checks = self.checks().await?;
        Ok(Health { node: self.0.node.clone(), at: self.0.watched.journal.clock().now(), checks })
    }

    async fn messages_since(&self, since: Micros) -> Result<u64, Error> {
        {
            let counted = self.0.counted.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((of, at, count)) = *counted
                && of == since
                && at.elapsed() < COUNT_AGAIN
            {
                return Ok(count);
            }
        }
        let count = self.0.watched.journal.db().read(move |conn| count_since(conn, since)).await?;
        let counted = Some((since, Instant::now(), count));
        *self.0.counted.lock().unwrap_or_else(PoisonError::into_inner) = counted;
        Ok(count)
    }

    fn components(&self, found: &Found) -> Vec<Component> {
        let db = self.0.watched.journal.db();
        let pool = db.pool_use();
        let engine = |file: bool| Fact::Text(if file { "sqlite" } else { "postgresql" }.to_owned());
        let facts = |facts: Vec<(&str, Option<Fact>)>| -> Facts {
            facts.into_iter().filter_map(|(name, fact)| Some((name.to_owned(), fact?))).collect()
        };
        let state =
            |verdict: Option<super::health::Verdict>| verdict.map_or(State::Ok, |verdict| verdict.state);
        let component = |name, verdict, response: Option<Duration>, facts| Component {
            name,
            state: state(verdict),
            response: response.map(|took| u32::try_from(took.as_micros()).unwrap_or(u32::MAX)),
            facts,
        };
        vec![
            component(
                ComponentName::Database,
                machine_rules::database(found),
                found.database,
                facts(vec![
                    ("engine", Some(engine(db.is_sqlite()))),
                    ("bytes", self.slow().database_bytes.map(number)),
                    ("readers_busy", Some(number(pool.busy))),
                    ("readers_most", Some(number(pool.most))),
                ]),
            ),
            component(
                ComponentName::Keys,
                machine_rules::keys(found),
                found.keys,
                facts(vec![("engine", Some(engine(found.fixed.keys_file.is_some())))]),
            ),
            component(
                ComponentName::Writer,
                machine_rules::writer(found),
                None,
                facts(vec![
                    ("waiting", Some(number(found.waiting))),
                    ("writing_milliseconds", found.writing_for.map(|long| number(long.as_millis()))),
                ]),
            ),
            component(
                ComponentName::Delivery,
                machine_rules::delivery(found),
                None,
                facts(vec![
                    ("lag", Some(number(found.tail_lag))),
                    ("silence_milliseconds", found.tail_silence.map(|long| number(long.as_millis()))),
                ]),
            ),
            component(
                ComponentName::Search,
                machine_rules::search(found),
                None,
                found.search.as_ref().map(|index| facts(index_facts(index))).unwrap_or_default(),
            ),
            component(
                ComponentName::Disk,
                machine_rules::disk(found),
                None,
                facts(vec![
                    ("free_bytes", found.room.map(|room| number(room.free))),
                    ("total_bytes", found.room.map(|room| number(room.total))),
                ]),
            ),
        ]
    }
}

fn index_facts(index: &search::Stats) -> Vec<(&'static str, Option<Fact>)> {
    let progress = match index.state {
        search::State::Rebuilding { done, total } => Some((done, total)),
        _ => None,
    };
    vec![
        ("state", Some(Fact::Text(machine_rules::search_state(index.state).to_owned()))),
        ("lag", Some(number(index.lag))),
        ("messages", Some(number(index.messages))),
        ("disk_bytes", Some(number(index.disk_bytes))),
        ("cache_bytes", Some(number(index.cache_bytes))),
        ("vocabulary_bytes", Some(number(index.vocabulary_bytes))),
        ("dictionary_bytes", Some(number(index.dictionary_bytes))),
        ("column_bytes", Some(number(index.column_bytes))),
        ("done", progress.map(|(done, _)| number(done))),
        ("total", progress.map(|(_, total)| number(total))),
    ]
}
