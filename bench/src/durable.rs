//! What `bare-durable` adds: one thread that commits what came in since the last commit, all of it in one
//! transaction, and hands it on to be delivered only then.

use std::path::PathBuf;
use std::sync::mpsc::channel;

use anyhow::{Context, Result};
use diesel::connection::SimpleConnection;
use diesel::{Connection, ExpressionMethods, PgConnection, QueryResult, RunQueryDsl, SqliteConnection};
use tokio::sync::mpsc::UnboundedReceiver;

use crate::bare::Frame;

/// Most frames of one transaction, and of one statement.
const BATCH: usize = 1_000;

/// Where frames are kept.
pub enum Place {
    /// A file, in WAL mode with `synchronous = FULL`.
    Sqlite(PathBuf),
    /// An address.
    Postgres(String),
}

diesel::table! {
    frames (position) {
        position -> BigInt,
        room -> Integer,
        frame -> Text,
    }
}

enum Kept {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// Opens the database and starts committing; `deliver` is called for every frame once it is durable, in order.
///
/// # Errors
/// When the database cannot be opened.
pub fn start(
    place: &Place,
    mut waiting: UnboundedReceiver<Frame>,
    deliver: impl Fn(&Frame) + Send + 'static,
) -> Result<()> {
    let mut kept = open(place)?;
    let mut position = kept.last().context("reading the last position")?;
    let (committed, to_deliver) = channel::<Vec<Frame>>();
    std::thread::spawn(move || to_deliver.iter().flatten().for_each(|frame| deliver(&frame)));
    std::thread::spawn(move || {
        while let Some(first) = waiting.blocking_recv() {
            let mut batch = vec![first];
            while batch.len() < BATCH {
                let Ok(next) = waiting.try_recv() else { break };
                batch.push(next);
            }
            if let Err(problem) = kept.commit(&mut position, &batch) {
                // Nothing may be delivered any more; the run fails for want of deliveries.
                eprintln!("bare-durable cannot commit: {problem}");
                std::process::exit(1);
            }
            if committed.send(batch).is_err() {
                return;
            }
        }
    });
    Ok(())
}

fn open(place: &Place) -> Result<Kept> {
    const TABLE: &str = "CREATE TABLE IF NOT EXISTS frames (position BIGINT PRIMARY KEY, room INTEGER NOT NULL, frame TEXT NOT NULL)";
    match place {
        Place::Sqlite(file) => {
            let path = file.to_str().context("the file's name is not UTF-8")?;
            let mut conn = SqliteConnection::establish(path)?;
            conn.batch_execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")?;
            conn.batch_execute(TABLE)?;
            Ok(Kept::Sqlite(conn))
        }
        Place::Postgres(url) => {
            let mut conn = PgConnection::establish(url)?;
            conn.batch_execute(TABLE)?;
            Ok(Kept::Postgres(conn))
        }
    }
}

impl Kept {
    fn last(&mut self) -> QueryResult<i64> {
        use diesel::QueryDsl;
        let newest = frames::table.select(diesel::dsl::max(frames::position));
        let newest: Option<i64> = match self {
            Self::Sqlite(conn) => newest.get_result(conn)?,
            Self::Postgres(conn) => newest.get_result(conn)?,
        };
        Ok(newest.unwrap_or(0))
    }

    fn commit(&mut self, position: &mut i64, batch: &[Frame]) -> QueryResult<()> {
        let rows: Vec<_> = (*position + 1..)
            .zip(batch)
            .map(|(position, frame)| {
                let room = i32::try_from(frame.room).unwrap_or(i32::MAX);
                (frames::position.eq(position), frames::room.eq(room), frames::frame.eq(&*frame.text))
            })
            .collect();
        match self {
            Self::Sqlite(conn) => conn.immediate_transaction(|conn| {
                diesel::insert_into(frames::table).values(&rows).execute(conn).map(drop)
            })?,
            Self::Postgres(conn) => conn.transaction(|conn| {
                diesel::insert_into(frames::table).values(&rows).execute(conn).map(drop)
            })?,
        }
        *position += i64::try_from(batch.len()).unwrap_or(i64::MAX);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_kept_before_they_are_delivered_and_in_order() {
        let folder = chancery_tests::base::new_folder("durable");
        let place = Place::Sqlite(folder.join("frames.db"));
        let (queue, waiting) = tokio::sync::mpsc::unbounded_channel();
        for room in 1..=2_500_u32 {
            queue.send(Frame { room, text: format!("frame {room}").into() }).ok().unwrap();
        }
        drop(queue);
        let (seen, delivered) = channel();
        let file = folder.join("frames.db");
        let reader = std::sync::Mutex::new(None);
        start(&place, waiting, move |frame| {
            use diesel::QueryDsl;
            let mut conn = reader.lock().unwrap();
            let conn =
                conn.get_or_insert_with(|| SqliteConnection::establish(file.to_str().unwrap()).unwrap());
            let room = i32::try_from(frame.room).unwrap();
            let kept: i64 = frames::table.filter(frames::room.eq(room)).count().get_result(conn).unwrap();
            seen.send((frame.room, kept)).unwrap();
        })
        .unwrap();
        let all: Vec<_> = delivered.iter().collect();
        assert_eq!(all, (1..=2_500).map(|room| (room, 1)).collect::<Vec<_>>());
    }
}
