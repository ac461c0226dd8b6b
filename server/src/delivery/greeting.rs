//! Connections that wait for their first frame. Whoever gets a turn to read greets everybody who waits: after a restart
//! all come at once, and to read for many costs the database little more than to read for one.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use chancery_protocol::frame::Hello;
use chancery_protocol::ids::{PersonId, SessionId};
use tokio::sync::oneshot;

use super::Delivery;
use crate::ground::db::Conn;
use crate::ground::error::Error;

/// How many are greeted with one read at most.
const TOGETHER: usize = 64;

/// Those who wait, in the order they came.
#[derive(Default)]
pub struct Greetings(Mutex<VecDeque<Waiting>>);

struct Waiting {
    person: PersonId,
    session: SessionId,
    answer: oneshot::Sender<Option<Hello>>,
}

impl Greetings {
    fn wait(&self, person: PersonId, session: SessionId) -> oneshot::Receiver<Option<Hello>> {
        let (answer, answered) = oneshot::channel();
        let waiting = Waiting { person, session, answer };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push_back(waiting);
        answered
    }

    /// The first of those who still wait.
    fn take(&self) -> Vec<Waiting> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut taken = Vec::new();
        while taken.len() < TOGETHER
            && let Some(next) = waiting.pop_front()
        {
            if !next.answer.is_closed() {
                taken.push(next);
            }
        }
        taken
    }
}

impl Delivery {
    /// What a connection begins with: where its reader stands now; nothing when its session has ended.
    ///
    /// # Errors
    /// Storage errors, and when no connection for reading becomes free in time.
    pub(super) async fn greet(&self, person: PersonId, session: SessionId) -> Result<Option<Hello>, Error> {
        let mut answer = self.greetings.wait(person, session);
        let here = self.clone();
        let read = self.messaging.journal.db().read(move |conn| here.greet_waiting(conn));
        let answered = tokio::select! {
            biased;
            answered = &mut answer => answered,
            // Somebody else may have taken this one along and still be at it.
            read = read => {
                read?;
                answer.await
            }
        };
        answered.map_err(|_| Error::storage("the read for those who waited has failed"))
    }

    fn greet_waiting(&self, conn: &mut Conn) -> Result<(), Error> {
        let waiting = self.greetings.take();
        if waiting.is_empty() {
            return Ok(());
        }
        let callers: Vec<(PersonId, SessionId)> =
            waiting.iter().map(|waiting| (waiting.person, waiting.session)).collect();
        for (waiting, hello) in waiting.into_iter().zip(self.hellos(conn, &callers)?) {
            // Who has gone meanwhile needs none.
            let _ = waiting.answer.send(hello);
        }
        Ok(())
    }
}
