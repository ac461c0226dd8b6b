//! Sockets: what was committed goes to everybody who may receive it, in position order.
//!
//! What must stay true: nothing is delivered before its commit returned; a frame is serialised once and handed to
//! every socket by reference; a client that does not read has a bounded queue and is closed with a reason; presence
//! and typing are never stored. `hub` knows the sockets, `socket` is one connection, `commands` answers requests,
//! `screened` says what rules have to do with them, `hello` is the first frame, `greeting` those who wait for it, `presence` and `typing` live in memory, `api` has
//! the one route.

mod api;
mod commands;
mod greeting;
mod hello;
mod hub;
mod limits;
mod line;
mod meters;
mod presence;
mod screened;
mod socket;
#[cfg(test)]
mod tests;
mod typing;

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use chancery_ledger::Kind;
use tracing::debug_span;

use crate::access::{Access, Gate};
use crate::conversations::Marks;
use crate::ground::clock::Clock;
use crate::ground::error::Error;
use crate::ground::traces;
use crate::journal::{Delivered, Tail};
use crate::messaging::Messaging;

pub use api::routes;
pub use greeting::Greetings;
pub use hub::Hub;
pub use line::bound_line;
pub use meters::Meters;
pub use socket::connect;

/// Seconds after which a client that has nothing to say sends a ping.
pub const HEARTBEAT_SECONDS: u16 = 20;

/// What a socket works with.
#[derive(Clone)]
pub struct Delivery {
    /// Messages.
    pub messaging: Messaging,
    /// Who may come in.
    pub access: Access,
    /// The sockets of this node.
    pub hub: Arc<Hub>,
    /// How far people have read.
    pub marks: Arc<Marks>,
    /// Connections that wait for their first frame.
    pub greetings: Arc<Greetings>,
}

/// Follows the journal and delivers, until the tail ends; who has to accept a new policy text is turned out. `told` is called whenever something was delivered.
///
/// # Errors
/// When no thread can be started.
pub fn follow(
    mut tail: Tail,
    messaging: Messaging,
    hub: Arc<Hub>,
    gate: Arc<dyn Gate>,
    told: impl Fn() + Send + 'static,
) -> Result<JoinHandle<()>, Error> {
    std::thread::Builder::new()
        .name("delivery".into())
        .spawn(move || {
            while let Some(records) = tail.wait() {
                let _traced =
                    debug_span!(target: traces::TARGET, parent: None, "deliver", records = records.len());
                for record in records {
                    hub.deliver(&messaging, &record);
                    if record.header.kind == Kind::PolicySet {
                        hub.turn_out(&*gate);
                    }
                    hub.meters().latency.observe(since_commit(&record, messaging.journal.clock()));
                }
                told();
            }
        })
        .map_err(|e| Error::internal(format!("no thread for delivery: {e}")))
}

/// How long ago a record was committed. What was read from the journal (another node wrote it, or news of the commit came
/// before the writer's own) says only when its batch began.
fn since_commit(record: &Delivered, clock: &Clock) -> Duration {
    match record.committed {
        Some(committed) => committed.elapsed(),
        None => Duration::from_micros(u64::try_from(clock.now() - record.header.at).unwrap_or(0)),
    }
}

/// Once a second: marks are written, presence goes out, old typing is forgotten.
pub async fn tick(delivery: Delivery) {
    let mut every_second = tokio::time::interval(Duration::from_secs(1));
    every_second.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        every_second.tick().await;
        delivery.hub.tick();
        delivery.hub.tell_marks(&delivery.messaging.roster, delivery.marks.take_news());
        if let Err(error) = delivery.marks.flush(delivery.messaging.journal.db()).await {
            tracing::warn!(%error, "marks wait for the database");
        }
    }
}
