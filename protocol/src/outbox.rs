//! Messages on their way: written, and not yet seen on the record.
//!
//! What must stay true: nothing is lost (an entry leaves only when the message is seen in the log, waits elsewhere
//! or was taken back there, or when its author discards it), nothing is shown twice ([`Outbox::shown`] leaves out what the log shows), and messages
//! of one conversation go out in the order in which they were written (one of each is under way at a time).
//! A message keeps its client id through every attempt, so that the server answers a repetition with the first
//! result. Kept in memory only: the interface warns before it is left.
//!
//! A message that a rule asks a reason for ([`Progress::Warned`]) keeps its place: what was written behind it in its
//! conversation waits until it is confirmed, edited or discarded. What waits for an officer is an attempt of the state.

use std::collections::BTreeSet;

use crate::Micros;
use crate::acceptable_use::Notice;
use crate::command::{Command, Confirm, Send};
use crate::frame::Recorded;
use crate::ids::{ClientId, ConversationId};
use crate::problem::Problem;
use crate::state::{ClientState, Log};

/// First wait before a message is offered again that the server could not take just now.
const FIRST_WAIT: Micros = 1_000_000;

/// Longest such wait.
const LONGEST_WAIT: Micros = 30_000_000;

/// How far a message has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// To be sent as soon as there is a connection, the one before it is through, and this time has come.
    Waiting {
        /// Not before.
        not_before: Micros,
    },
    /// Sent, not yet answered.
    Sending,
    /// On the record; its event has not arrived yet.
    Recorded(Recorded),
    /// A rule asks for a reason. Stays until it is confirmed or discarded.
    Warned {
        /// Which rules.
        notices: Vec<Notice>,
        /// Goes with the reason.
        token: String,
        /// A reason was given, but it was for something else by now, or too late.
        again: bool,
    },
    /// Refused. Stays until it is sent again or discarded.
    Failed(Problem),
}

/// A message on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// What was written.
    pub send: Send,
    /// When, by the device's clock.
    pub written_at: Micros,
    /// How far it has come.
    pub progress: Progress,
    /// How often the server asked to come again.
    delays: u32,
    /// The token of the warning it answers, and the reason.
    confirmed: Option<(String, String)>,
    /// Whether a reason was given in vain.
    again: bool,
}

impl Pending {
    /// What is sent for it.
    fn command(&self) -> Command {
        let send = self.send.clone().into();
        match self.confirmed.clone() {
            Some((token, reason)) => Confirm { token, reason, command: Box::new(send) }.into(),
            None => send,
        }
    }
}

/// All messages on their way, in the order in which they were written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outbox {
    pending: Vec<Pending>,
    connected: bool,
}

impl Outbox {
    /// Takes a message. Call [`Outbox::due`] afterwards.
    pub fn push(&mut self, send: Send, now: Micros) {
        if self.find(send.client_id).is_none() {
            let progress = Progress::Waiting { not_before: 0 };
            self.pending.push(Pending {
                send,
                written_at: now,
                progress,
                delays: 0,
                confirmed: None,
                again: false,
            });
        }
    }

    /// The line is up (a hello has come).
    pub fn on_connected(&mut self) {
        self.forget_answers();
        self.connected = true;
    }

    /// The line is down: what was not answered will be sent again, under the same client id.
    pub fn on_disconnected(&mut self) {
        self.forget_answers();
        self.connected = false;
    }

    fn forget_answers(&mut self) {
        for pending in &mut self.pending {
            if pending.progress == Progress::Sending {
                pending.progress = Progress::Waiting { not_before: 0 };
            }
        }
    }

    /// What is to be sent now; it counts as sent.
    pub fn due(&mut self, now: Micros) -> Vec<Command> {
        let mut due = Vec::new();
        if !self.connected {
            return due;
        }
        let under_way = self
            .pending
            .iter()
            .filter(|pending| matches!(pending.progress, Progress::Sending | Progress::Warned { .. }));
        let mut busy: BTreeSet<ConversationId> = under_way.map(|pending| pending.send.conversation).collect();
        for pending in &mut self.pending {
            let Progress::Waiting { not_before } = pending.progress else { continue };
            // Later ones wait behind this one, whether it may go now or not.
            let free = busy.insert(pending.send.conversation) && not_before <= now;
            if free {
                pending.progress = Progress::Sending;
                due.push(pending.command());
            }
        }
        due
    }

    /// When [`Outbox::due`] is worth asking again, if waiting is all that is missing.
    pub fn next_due(&self) -> Option<Micros> {
        let times = self.pending.iter().filter_map(|pending| match pending.progress {
            Progress::Waiting { not_before } => Some(not_before),
            _ => None,
        });
        times.min().filter(|_| self.connected)
    }

    /// The server's answer to a send.
    pub fn recorded(&mut self, client_id: ClientId, recorded: Recorded) {
        if let Some(pending) = self.find(client_id) {
            pending.progress = Progress::Recorded(recorded);
        }
    }

    /// The server refused a send. Where it only asks to come again, that is done.
    pub fn refused(&mut self, client_id: ClientId, problem: &Problem, now: Micros) {
        let Some(pending) = self.find(client_id) else { return };
        if matches!(pending.progress, Progress::Recorded(_)) {
            return;
        }
        if problem.code == "confirm_stale" && pending.confirmed.take().is_some() {
            pending.again = true;
            pending.progress = Progress::Waiting { not_before: 0 };
            return;
        }
        if let ("reason_wanted", Some(token)) = (problem.code.as_str(), &problem.token) {
            let again = std::mem::take(&mut pending.again) || pending.confirmed.take().is_some();
            pending.progress =
                Progress::Warned { notices: problem.notices.clone(), token: token.clone(), again };
            return;
        }
        if !comes_again(problem) {
            pending.progress = Progress::Failed(problem.clone());
            return;
        }
        let grown = FIRST_WAIT.saturating_mul(1 << pending.delays.min(5)).min(LONGEST_WAIT);
        let wait = problem.retry_after.map_or(grown, |seconds| Micros::from(seconds) * 1_000_000);
        pending.delays += 1;
        pending.progress = Progress::Waiting { not_before: now.saturating_add(wait) };
    }

    /// An own message was seen on the record, or waits for an officer, or did and is decided or taken back
    /// ([`crate::state::Effects::seen`]).
    pub fn seen(&mut self, client_id: ClientId) {
        self.pending.retain(|pending| pending.send.client_id != client_id);
    }

    /// Drops what the open logs show: by client id, or because the log has come past the recorded place.
    pub fn settle(&mut self, state: &ClientState) {
        self.pending.retain(|pending| {
            let known = state.conversations.get(&pending.send.conversation);
            !known.and_then(|known| known.log.as_ref()).is_some_and(|log| shows(log, pending))
        });
    }

    /// Sends a message with the reason that a rule asks for.
    pub fn confirm(&mut self, client_id: ClientId, reason: String) {
        if let Some(pending) = self.find(client_id)
            && let Progress::Warned { token, .. } = &mut pending.progress
        {
            pending.confirmed = Some((std::mem::take(token), reason));
            pending.progress = Progress::Waiting { not_before: 0 };
        }
    }

    /// The message of a conversation that a rule asks a reason for.
    pub fn warned(&self, conversation: ConversationId) -> Option<&Pending> {
        self.pending.iter().find(|pending| {
            pending.send.conversation == conversation && matches!(pending.progress, Progress::Warned { .. })
        })
    }

    /// Sends a refused message again.
    pub fn retry(&mut self, client_id: ClientId) {
        if let Some(pending) = self.find(client_id)
            && matches!(pending.progress, Progress::Failed(_))
        {
            pending.progress = Progress::Waiting { not_before: 0 };
        }
    }

    /// Throws a message away that is refused, warned of or waits; one that may be on the record just now stays.
    /// Answers what was thrown away, so that its text can go back into the composer.
    pub fn discard(&mut self, client_id: ClientId) -> Option<Pending> {
        let place = self.pending.iter().position(|pending| {
            pending.send.client_id == client_id
                && !matches!(pending.progress, Progress::Sending | Progress::Recorded(_))
        })?;
        Some(self.pending.remove(place))
    }

    /// What is to be shown behind the log of a conversation.
    pub fn shown<'a>(
        &'a self,
        conversation: ConversationId,
        log: Option<&'a Log>,
    ) -> impl Iterator<Item = &'a Pending> {
        self.pending.iter().filter(move |pending| {
            pending.send.conversation == conversation && !log.is_some_and(|log| shows(log, pending))
        })
    }

    /// Whether something would be lost by leaving now.
    pub fn has_unsent(&self) -> bool {
        self.pending.iter().any(|pending| !matches!(pending.progress, Progress::Recorded(_)))
    }

    fn find(&mut self, client_id: ClientId) -> Option<&mut Pending> {
        self.pending.iter_mut().find(|pending| pending.send.client_id == client_id)
    }
}

fn shows(log: &Log, pending: &Pending) -> bool {
    matches!(pending.progress, Progress::Recorded(recorded) if recorded.seq <= log.seq)
        || log.has_client_id(pending.send.client_id)
}

/// Refusals that have to do with the moment, not with the message.
fn comes_again(problem: &Problem) -> bool {
    matches!(
        problem.code.as_str(),
        "rate_limited" | "storage_unavailable" | "server_stopping" | "rules_changed"
    )
}

#[cfg(test)]
mod tests;
