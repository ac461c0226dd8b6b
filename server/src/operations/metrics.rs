//! The metrics: what rooms count, and what is read off at the moment somebody asks. Names begin with `chancery_`; no
//! label says more than a route, a reason or a state.

use prometheus_client::collector::Collector;
use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric as _};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;

use super::Operations;
use super::ready::readiness;
use crate::ground::error::Error;
use crate::notify::Passage;
use crate::search;

/// Content type of the answer.
pub(super) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Everything that can be read.
pub(super) struct Metrics(Registry);

impl Metrics {
    /// Of this node.
    pub fn new(operations: &Operations) -> Self {
        let mut registry = Registry::with_prefix("chancery");
        let inner = &operations.0;
        inner.watched.journal.meters().register(&mut registry);
        inner.watched.hub.meters().register(&mut registry);
        inner.watched.access.meters().register(&mut registry);
        inner.watched.notifier.meters().register(&mut registry);
        inner.traffic.register(&mut registry);
        registry.register_collector(Box::new(Now(operations.clone())));
        Self(registry)
    }

    /// In the text form of OpenMetrics.
    ///
    /// # Errors
    /// `internal`; a defect.
    pub fn text(&self) -> Result<String, Error> {
        let mut text = String::new();
        encode(&mut text, &self.0).map_err(Error::internal)?;
        Ok(text)
    }
}

/// What is read off when it is asked for.
struct Now(Operations);

impl std::fmt::Debug for Now {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Now")
    }
}

impl Collector for Now {
    fn encode(&self, mut encoder: DescriptorEncoder) -> Result<(), std::fmt::Error> {
        let mut gauge = |name: &str, help: &str, value: Option<f64>| match value {
            Some(value) => ConstGauge::new(value).encode(encoder.encode_descriptor(
                name,
                help,
                None,
                MetricType::Gauge,
            )?),
            None => Ok(()),
        };
        let inner = &self.0.0;
        let found = self.0.found(None);
        let (pool, slow) = (inner.watched.journal.db().pool_use(), self.0.slow());
        let count = |value: usize| Some(value as f64);
        let seconds = |micros: i64| Some(micros as f64 / 1e6);
        let ready = if readiness(&found).ready { 1.0 } else { 0.0 };
        gauge("ready", "1 when the node can do its work, as /readyz says", Some(ready))?;
        gauge(
            "start_time_seconds",
            "When the node was started, in seconds since 1970",
            seconds(inner.node.started_at),
        )?;
        gauge("commit_queue_units", "Units that wait for the writer", count(found.waiting))?;
        gauge(
            "delivery_lag_records",
            "Committed records this node has not delivered",
            Some(found.tail_lag as f64),
        )?;
        gauge("sockets", "Open sockets", count(inner.watched.hub.count()))?;
        gauge("people_connected", "People who have an open socket", count(inner.watched.hub.people()))?;
        let signed_in = slow.people_signed_in.map(|people| people as f64);
        gauge("people_signed_in", "People with a running session, on all nodes", signed_in)?;
        gauge("readers_most", "Most connections for reading there can be", Some(f64::from(pool.most)))?;
        gauge("readers_open", "Connections for reading there are", Some(f64::from(pool.open)))?;
        gauge("readers_busy", "Connections for reading that are at work", Some(f64::from(pool.busy)))?;
        let took = found.database.map(|took| took.as_secs_f64());
        gauge("database_response_seconds", "How long the database's last answer took", took)?;
        let took = found.keys.map(|took| took.as_secs_f64());
        gauge("keys_response_seconds", "How long the key store's last answer took", took)?;
        let ahead = found.clock_ahead.and_then(seconds);
        gauge(
            "database_clock_ahead_seconds",
            "How far the database's clock is ahead of this machine's",
            ahead,
        )?;
        let bytes = slow.database_bytes.map(|bytes| bytes as f64);
        gauge("database_bytes", "What the database takes on its disk", bytes)?;
        // Where no mail server is set up, none of this says anything.
        if let Some(mail) = found.mail {
            let stuck = if mail == Passage::Free { 0.0 } else { 1.0 };
            gauge("mails_stuck", "1 when no mail leaves this node", Some(stuck))?;
            let waiting = slow.mails.map(|mails| mails.waiting as f64);
            gauge("mails_waiting", "Mails that are still to leave, of all nodes", waiting)?;
            let oldest = slow.mails.map(|mails| mails.oldest.map_or(0, |oldest| found.now - oldest));
            let help = "How long the oldest mail has waited that should have left";
            gauge("mails_oldest_seconds", help, oldest.and_then(seconds))?;
        }
        let index =
            |figure: fn(&search::Stats) -> u64| found.search.as_ref().map(|index| figure(index) as f64);
        let ready = index(|index| u64::from(index.state == search::State::Ready));
        gauge("search_ready", "1 when the search index follows the journal, 0 while it is made anew", ready)?;
        let lag = index(|index| index.lag);
        gauge("search_lag_records", "Committed records that cannot be found yet", lag)?;
        gauge("search_messages", "Messages in the search index", index(|index| index.messages))?;
        let disk = index(|index| index.disk_bytes);
        gauge("search_disk_bytes", "What the search index takes on the disk", disk)?;
        let cache = index(|index| index.cache_bytes);
        gauge("search_cache_bytes", "Blocks of the search index that are kept in memory", cache)?;
        let words = index(|index| index.vocabulary_bytes);
        gauge("search_vocabulary_bytes", "Words kept in memory to find parts of them", words)?;
        let dictionaries = index(|index| index.dictionary_bytes);
        gauge("search_dictionary_bytes", "Dictionaries of the search index, open in memory", dictionaries)?;
        let columns = index(|index| index.column_bytes);
        gauge("search_column_bytes", "Columns of the search index, open in memory", columns)?;
        let free = found.room.map(|room| room.free as f64);
        gauge("disk_free_bytes", "Room on the volume of the data folder", free)?;
        let total = found.room.map(|room| room.total as f64);
        gauge("disk_total_bytes", "Size of the volume of the data folder", total)?;
        let ends = found.certificate_ends.and_then(seconds);
        gauge("certificate_ends_seconds", "When the certificate in use ends, in seconds since 1970", ends)?;
        let process = found.process;
        let resident = process.map(|process| process.resident_bytes as f64);
        gauge("process_resident_bytes", "Memory of the process that is in use", resident)?;
        gauge("process_threads", "Threads of the process", process.map(|process| process.threads as f64))?;
        let open = process.map(|process| process.open_files as f64);
        gauge("process_open_files", "Open files of the process; a socket is one", open)?;
        let most = process.and_then(|process| process.most_files).map(|most| most as f64);
        gauge("process_most_files", "Most files the process may open", most)?;
        if let Some(process) = process {
            let help = "Time the process has used, of all processors together";
            let cpu = encoder.encode_descriptor("process_cpu_seconds", help, None, MetricType::Counter)?;
            ConstCounter::new(process.cpu_seconds).encode(cpu)?;
        }
        Ok(())
    }
}
