//! PostgreSQL's own search over the same rows: a column of `tsvector` in the configuration `simple`, and a GIN index.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result};
use chancery_tests::postgres::{Cluster, Durability};
use diesel::connection::SimpleConnection;
use diesel::sql_types::{Array, BigInt, Integer, Text};
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl};

use crate::words::{Query, Words};

/// What a server that searches a million messages is given.
const SETTINGS: &[&str] = &["shared_buffers=1GB", "work_mem=64MB", "maintenance_work_mem=512MB"];
/// Rows that are copied at once.
const BATCH: u64 = 50_000;
const DATABASE: &str = "postgres";

/// A PostgreSQL with the rows.
pub struct FullText {
    cluster: Arc<Cluster>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    total: i64,
    #[diesel(sql_type = Text)]
    text: String,
}

impl FullText {
    /// A durable cluster of its own, with more memory than the others need.
    pub fn make() -> Self {
        Self { cluster: Arc::new(Cluster::start_with(Durability::Durable, SETTINGS)) }
    }

    /// Process id of the postmaster.
    pub fn postmaster(&self) -> u32 {
        self.cluster.postmaster()
    }

    /// Fills the table, then indexes it: seconds of indexing, and bytes of the column and its index.
    ///
    /// # Errors
    /// When PostgreSQL says something else than expected.
    pub fn fill(&self, words: &Words, messages: u64, conversations: u64) -> Result<(f64, f64)> {
        self.cluster.sql(
            DATABASE,
            "DROP TABLE IF EXISTS messages; CREATE TABLE messages (at bigint PRIMARY KEY, conversation integer NOT NULL, text text NOT NULL)",
        );
        for first in (0..messages).step_by(usize::try_from(BATCH)?) {
            let mut rows = "COPY messages FROM stdin;\n".to_owned();
            for number in first..messages.min(first + BATCH) {
                writeln!(rows, "{number}\t{}\t{}", number % conversations, words.text(number))?;
            }
            rows.push_str("\\.\n");
            self.cluster.sql(DATABASE, &rows);
        }
        let begin = Instant::now();
        self.cluster.sql(
            DATABASE,
            "ALTER TABLE messages ADD COLUMN words tsvector GENERATED ALWAYS AS (to_tsvector('simple', text)) STORED; CREATE INDEX words ON messages USING gin (words)",
        );
        let seconds = begin.elapsed().as_secs_f64();
        self.cluster.sql(DATABASE, "VACUUM ANALYZE messages");
        let bytes = self.cluster.sql(
            DATABASE,
            "SELECT pg_relation_size('words') + (SELECT sum(pg_column_size(words)) FROM messages)",
        );
        Ok((seconds, bytes.parse().with_context(|| format!("a number of bytes: {bytes}"))?))
    }

    /// A connection that asks as one of the members of all conversations.
    ///
    /// # Errors
    /// When it is refused.
    pub fn connect(&self, conversations: u64) -> Result<Asker> {
        let mut conn = PgConnection::establish(&self.cluster.url("app", DATABASE))?;
        // A plan made for any query would be a bad one for most of these.
        conn.batch_execute("SET plan_cache_mode = force_custom_plan")?;
        Ok(Asker { conn, conversations: (0..i32::try_from(conversations)?).collect() })
    }
}

/// Somebody who asks.
pub struct Asker {
    conn: PgConnection,
    conversations: Vec<i32>,
}

impl Asker {
    /// How many messages a query finds; the newest twenty are read.
    ///
    /// # Errors
    /// When PostgreSQL refuses it.
    pub fn ask(&mut self, query: &Query) -> Result<u64> {
        const NEWEST: &str = "SELECT count(*) OVER () AS total, text FROM messages \
            WHERE words @@ to_tsquery('simple', $1) AND conversation = ANY($2) ORDER BY at DESC LIMIT 20";
        let rows: Vec<Row> = diesel::sql_query(NEWEST)
            .bind::<Text, _>(&query.tsquery)
            .bind::<Array<Integer>, _>(&self.conversations)
            .load(&mut self.conn)
            .with_context(|| query.tsquery.clone())?;
        anyhow::ensure!(rows.iter().all(|row| !row.text.is_empty()), "a message without text");
        Ok(rows.first().map_or(0, |row| u64::try_from(row.total).unwrap_or(0)))
    }
}
