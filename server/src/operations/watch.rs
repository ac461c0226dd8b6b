//! Asks database and key store once a second, each on a thread and a connection of its own, so that whoever wants to
//! know how they are need not wait for them, and nobody from outside can make the server ask more often.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use diesel::connection::SimpleConnection as _;
use tokio::time::{Duration, Instant};

use crate::ground::db::{Conn, Opener};
use crate::ground::error::Error;

/// How often is asked.
const EVERY: Duration = Duration::from_secs(1);
/// An answer older than this counts no more: something hangs.
const FRESH: Duration = Duration::from_secs(5);

/// What was last heard of something that is asked again and again.
pub(super) struct Probe<T> {
    last: Mutex<Option<Heard<T>>>,
}

struct Heard<T> {
    at: Instant,
    took: Duration,
    answer: Option<T>,
}

impl<T> Default for Probe<T> {
    fn default() -> Self {
        Self { last: Mutex::new(None) }
    }
}

impl<T: Clone> Probe<T> {
    /// The last answer and how long it took; `None` when the last question was not answered, or is not yet.
    pub fn answer(&self) -> Option<(T, Duration)> {
        self.answer_at(Instant::now())
    }

    fn answer_at(&self, now: Instant) -> Option<(T, Duration)> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let heard = last.as_ref().filter(|heard| now.duration_since(heard.at) <= FRESH)?;
        Some((heard.answer.clone()?, heard.took))
    }

    /// Asks, and says in the log when it is answered again or no more.
    pub fn ask(&self, what: &str, question: impl FnOnce() -> Result<T, Error>) {
        let began = Instant::now();
        let answer = question();
        let at = Instant::now();
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let answered_before = last.as_ref().is_none_or(|heard| heard.answer.is_some());
        match &answer {
            Err(error) if answered_before => tracing::warn!(%error, what, "does not answer"),
            Ok(_) if !answered_before => tracing::info!(what, "answers again"),
            _ => {}
        }
        *last = Some(Heard { at, took: at - began, answer: answer.ok() });
    }
}

/// How long a server that stops waits for a question under way: a database may hang.
const LAST_ANSWER: Duration = Duration::from_secs(2);

/// A thread that asks. It ends when this is dropped.
pub(super) struct Watching {
    stop: Sender<()>,
    ended: Receiver<()>,
}

impl Watching {
    /// Ends the thread and waits until its connection is closed, but not for long. An embedded database is put in order
    /// by the last connection that closes; one left open would leave the write-ahead log behind.
    pub fn end(self) {
        drop(self.stop);
        // Nothing is ever sent: it ends with the thread.
        let _ = self.ended.recv_timeout(LAST_ANSWER);
    }
}

/// Asks `question` once a second on a connection of its own, which is made anew after every failure. The first time at
/// once, so that nobody meets a server that does not know yet.
///
/// # Errors
/// When no thread can be started.
pub(super) fn watch<T: Clone + Send + 'static>(
    what: &'static str,
    opener: Opener,
    mut question: impl FnMut(&mut Conn) -> Result<T, Error> + Send + 'static,
) -> Result<(Arc<Probe<T>>, Watching), Error> {
    let probe = Arc::new(Probe::default());
    let ((stop, stopped), (ending, ended)) = (channel::<()>(), channel::<()>());
    let heard = Arc::clone(&probe);
    let mut connection = None;
    let mut ask = move || {
        heard.ask(what, || {
            let mut conn = match connection.take() {
                Some(conn) => conn,
                None => open(&opener)?,
            };
            let answer = question(&mut conn)?;
            connection = Some(conn);
            Ok(answer)
        });
    };
    ask();
    let asking = move || {
        while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(EVERY) {
            ask();
        }
        drop(ask);
        drop(ending);
    };
    let started = std::thread::Builder::new().name(format!("watch {what}")).spawn(asking);
    started.map_err(|e| Error::internal(format!("no thread to watch {what}: {e}")))?;
    Ok((probe, Watching { stop, ended }))
}

fn open(opener: &Opener) -> Result<Conn, Error> {
    let mut conn = opener.open_reader()?;
    if let Conn::Postgres(_) = conn {
        conn.batch_execute("SET statement_timeout = '3s'")?;
    }
    Ok(conn)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_did_not_answer_is_not_there() {
        let probe = Probe::default();
        assert_eq!(probe.answer(), None::<(i32, Duration)>, "not asked yet");
        probe.ask("it", || Ok(7));
        assert_eq!(probe.answer().map(|(answer, _)| answer), Some(7));
        probe.ask("it", || Err(Error::internal("gone")));
        assert!(probe.answer().is_none());
        probe.ask("it", || Ok(8));
        assert_eq!(probe.answer().map(|(answer, _)| answer), Some(8));
    }

    #[test]
    fn an_answer_grows_old() {
        let probe = Probe::default();
        let before = Instant::now();
        probe.ask("it", || Ok(()));
        assert!(probe.answer_at(before + FRESH).is_some());
        let later = Instant::now() + FRESH + Duration::from_secs(1);
        assert!(probe.answer_at(later).is_none(), "the next question hangs");
    }
}
