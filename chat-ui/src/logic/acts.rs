//! Changes of messages on their way: edits, deletions, restorations, reactions, acknowledgements.
//!
//! Must stay true: an act is offered under the same client id until the server answers it, those of one message one after the other in
//! the order in which they were made; what a message shows meanwhile is what it will be ([`Acts::overlay`]). An act leaves when the log
//! has come past its record, when it is refused (a refused edit stays, so that its text is not lost), or when it is discarded. An edit
//! that a rule asks a reason for is not shown as done; what is to be done with its message waits behind it.

use std::collections::BTreeSet;

use chancery_protocol::Micros;
use chancery_protocol::acceptable_use::Notice;
use chancery_protocol::command::{Command, Confirm, Edit};
use chancery_protocol::conversation::{Content, REACTIONS, ReactionCount};
use chancery_protocol::frame::Recorded;
use chancery_protocol::ids::{ClientId, ConversationId, PersonId, RecordId};
use chancery_protocol::problem::Problem;
use chancery_protocol::state::ClientState;

use crate::logic::timeline::{Item, Stage};

/// Wait before an act is offered again that the server could not take just now.
const WAIT: Micros = 2_000_000;

/// How far an act has come.
#[derive(Debug, Clone, PartialEq)]
enum Progress {
    Waiting { not_before: Micros, tried: bool },
    Sending,
    Recorded(u64),
    Warned { notices: Vec<Notice>, token: String, again: bool },
    Failed(Problem),
}

/// A change of a message on its way.
#[derive(Debug, Clone, PartialEq)]
pub struct Act {
    /// What is asked.
    pub command: Command,
    client_id: ClientId,
    conversation: ConversationId,
    message: RecordId,
    progress: Progress,
    /// The token of the warning it answers, and the reason.
    confirmed: Option<(String, String)>,
    /// Whether a reason was given in vain.
    again: bool,
}

/// An edit that a rule has something to say about.
#[derive(Debug, Clone, PartialEq)]
pub struct Caught {
    /// What its author's client called it.
    pub client_id: ClientId,
    /// Whose new text it is.
    pub message: RecordId,
    /// The new text.
    pub text: String,
    /// Which rules ask for a reason, under which token, and whether one was given in vain; absent when it is refused.
    pub warned: Option<(Vec<Notice>, String, bool)>,
}

/// All of them, in the order in which they were made.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Acts {
    all: Vec<Act>,
    connected: bool,
}

impl Act {
    /// What is sent for it.
    fn sent(&self) -> Command {
        match self.confirmed.clone() {
            Some((token, reason)) => {
                Confirm { token, reason, command: Box::new(self.command.clone()) }.into()
            }
            None => self.command.clone(),
        }
    }

    /// Whether a rule has something to say about it.
    fn is_caught(&self) -> bool {
        match &self.progress {
            Progress::Warned { .. } => true,
            Progress::Failed(problem) => !problem.notices.is_empty(),
            _ => false,
        }
    }
}

/// What a command that changes a message names.
fn parts(command: &Command) -> Option<(ClientId, ConversationId, RecordId)> {
    match command {
        Command::Edit(act) => Some((act.client_id, act.conversation, act.message)),
        Command::Delete(act) => Some((act.client_id, act.conversation, act.message)),
        Command::Restore(act) => Some((act.client_id, act.conversation, act.message)),
        Command::React(act) => Some((act.client_id, act.conversation, act.message)),
        Command::Acknowledge(act) => Some((act.client_id, act.conversation, act.message)),
        _ => None,
    }
}

impl Acts {
    /// Takes an act; other commands are none. Call [`Acts::due`] afterwards.
    pub fn push(&mut self, command: Command) {
        let Some((client_id, conversation, message)) = parts(&command) else { return };
        if self.takes_back(&command) {
            return;
        }
        if matches!(command, Command::Edit(_)) {
            // Another text in place of one that did not pass.
            self.all.retain(|act| act.message != message || !act.is_caught());
        }
        let progress = Progress::Waiting { not_before: 0, tried: false };
        let confirmed = None;
        self.all.push(Act { command, client_id, conversation, message, progress, confirmed, again: false });
    }

    /// A reaction put on and off before anything was sent is nothing.
    fn takes_back(&mut self, command: &Command) -> bool {
        let Command::React(new) = command else { return false };
        let undone = self.all.iter().position(|act| {
            matches!(&act.command, Command::React(old)
                if old.message == new.message && old.reaction == new.reaction && old.on != new.on)
                && matches!(act.progress, Progress::Waiting { tried: false, .. })
        });
        undone.map(|at| self.all.remove(at)).is_some()
    }

    /// The line is up or down: what was not answered is offered again.
    pub fn connected(&mut self, connected: bool) {
        self.connected = connected;
        for act in &mut self.all {
            if act.progress == Progress::Sending {
                act.progress = Progress::Waiting { not_before: 0, tried: true };
            }
        }
    }

    /// What is to be sent now; it counts as sent.
    pub fn due(&mut self, now: Micros) -> Vec<Command> {
        let mut due = Vec::new();
        if !self.connected {
            return due;
        }
        let under_way =
            self.all.iter().filter(|act| matches!(act.progress, Progress::Sending | Progress::Warned { .. }));
        let mut busy: BTreeSet<RecordId> = under_way.map(|act| act.message).collect();
        for act in &mut self.all {
            let Progress::Waiting { not_before, .. } = act.progress else { continue };
            // Later ones wait behind this one, whether it may go now or not.
            if busy.insert(act.message) && not_before <= now {
                act.progress = Progress::Sending;
                due.push(act.sent());
            }
        }
        due
    }

    /// Whether something waits to be sent.
    pub fn is_waiting(&self) -> bool {
        self.connected && self.all.iter().any(|act| matches!(act.progress, Progress::Waiting { .. }))
    }

    /// The server's answer.
    pub fn recorded(&mut self, client_id: ClientId, recorded: Recorded) {
        if let Some(act) = self.find(client_id) {
            act.progress = Progress::Recorded(recorded.seq);
        }
    }

    /// The server refused. Answers the act when it is given up; a refused edit stays until it is tried again or discarded.
    pub fn refused(&mut self, client_id: ClientId, problem: &Problem, now: Micros) -> Option<Act> {
        let act = self.find(client_id)?;
        if problem.code == "confirm_stale" && act.confirmed.take().is_some() {
            act.again = true;
            act.progress = Progress::Waiting { not_before: 0, tried: true };
            return None;
        }
        if let ("reason_wanted", Some(token)) = (problem.code.as_str(), &problem.token) {
            let again = std::mem::take(&mut act.again) || act.confirmed.take().is_some();
            act.progress = Progress::Warned { notices: problem.notices.clone(), token: token.clone(), again };
            return None;
        }
        if matches!(problem.code.as_str(), "rate_limited" | "storage_unavailable" | "rules_changed") {
            let wait = problem.retry_after.map_or(WAIT, |seconds| Micros::from(seconds) * 1_000_000);
            act.progress = Progress::Waiting { not_before: now.saturating_add(wait), tried: true };
            return None;
        }
        if matches!(act.command, Command::Edit(_)) {
            act.progress = Progress::Failed(problem.clone());
            return None;
        }
        self.remove(client_id)
    }

    /// Offers an edit with the reason that a rule asks for.
    pub fn confirm(&mut self, client_id: ClientId, reason: String) {
        if let Some(act) = self.find(client_id)
            && let Progress::Warned { token, .. } = &mut act.progress
        {
            act.confirmed = Some((std::mem::take(token), reason));
            act.progress = Progress::Waiting { not_before: 0, tried: true };
        }
    }

    /// The edit in a conversation that a rule has something to say about: one that is asked about before one that is refused.
    pub fn caught(&self, conversation: ConversationId) -> Option<Caught> {
        let here = self.all.iter().filter(|act| act.conversation == conversation && act.is_caught());
        let act = here.max_by_key(|act| matches!(act.progress, Progress::Warned { .. }))?;
        let Command::Edit(edit) = &act.command else { return None };
        let warned = match &act.progress {
            Progress::Warned { notices, token, again } => Some((notices.clone(), token.clone(), *again)),
            _ => None,
        };
        Some(Caught { client_id: act.client_id, message: act.message, text: edit.text.clone(), warned })
    }

    /// Nothing more will come of an act: it waits for an officer, or did until it was decided or taken back; or it was so already.
    pub fn over(&mut self, client_id: ClientId) {
        self.remove(client_id);
    }

    /// Offers a refused act again.
    pub fn retry(&mut self, client_id: ClientId) {
        if let Some(act) = self.find(client_id)
            && matches!(act.progress, Progress::Failed(_))
        {
            act.progress = Progress::Waiting { not_before: 0, tried: true };
        }
    }

    /// Throws an act away that is refused, asked about or was never sent; one that may be on the record stays.
    pub fn discard(&mut self, client_id: ClientId) {
        self.all.retain(|act| {
            act.client_id != client_id
                || !matches!(
                    act.progress,
                    Progress::Failed(_) | Progress::Warned { .. } | Progress::Waiting { tried: false, .. }
                )
        });
    }

    /// Drops what the logs show, and what is recorded in a conversation that is not open.
    pub fn settle(&mut self, state: &ClientState) {
        self.all.retain(|act| {
            let Progress::Recorded(seq) = act.progress else { return true };
            let known = state.conversations.get(&act.conversation);
            known.and_then(|known| known.log.as_ref()).is_some_and(|log| log.seq < seq)
        });
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// How many are not on the record.
    pub fn unsent(&self) -> usize {
        self.all.iter().filter(|act| !matches!(act.progress, Progress::Recorded(_))).count()
    }

    /// Shows a message as it will be.
    pub fn overlay(&self, item: &mut Item, me: PersonId) {
        let Some(id) = item.id else { return };
        for act in self.all.iter().filter(|act| act.message == id) {
            let stage = match &act.progress {
                Progress::Waiting { .. } => Stage::Waiting,
                Progress::Sending => Stage::Sending,
                // On the record, and its event is a moment away: nothing more to say.
                Progress::Recorded(_) => Stage::Sent,
                Progress::Failed(problem) => Stage::Failed(Box::new(problem.clone())),
                Progress::Warned { .. } => continue,
            };
            match &act.command {
                Command::Edit(Edit { text, .. }) => {
                    let mentions = match &item.content {
                        Content::Text { mentions, .. } => mentions.clone(),
                        _ => Vec::new(),
                    };
                    item.content = Content::Text { text: text.clone(), mentions };
                }
                Command::Delete(_) => item.content = Content::Deleted,
                Command::React(react) => {
                    set_reaction(&mut item.reactions, &react.reaction, me, react.on);
                    if stage != Stage::Sent {
                        item.reacting.push(react.reaction.clone());
                    }
                    continue;
                }
                Command::Acknowledge(_) => {
                    item.acknowledging = true;
                    continue;
                }
                // The text is not known here; it comes with the event.
                _ => {}
            }
            if stage != Stage::Sent {
                item.change = Some((act.client_id, stage));
            }
        }
    }

    fn find(&mut self, client_id: ClientId) -> Option<&mut Act> {
        self.all.iter_mut().find(|act| act.client_id == client_id)
    }

    fn remove(&mut self, client_id: ClientId) -> Option<Act> {
        let at = self.all.iter().position(|act| act.client_id == client_id)?;
        Some(self.all.remove(at))
    }
}

/// Puts a person under a reaction or takes it away. One that nobody has any longer stays as an empty chip, as the receipt of what is
/// on its way.
fn set_reaction(reactions: &mut Vec<ReactionCount>, reaction: &str, person: PersonId, on: bool) {
    let rank = |name: &str| REACTIONS.iter().position(|known| *known == name).unwrap_or(REACTIONS.len());
    let at = match reactions.iter().position(|one| one.reaction == reaction) {
        Some(at) => at,
        None => {
            let at = reactions.partition_point(|one| rank(&one.reaction) < rank(reaction));
            reactions.insert(at, ReactionCount { reaction: reaction.to_owned(), people: Vec::new() });
            at
        }
    };
    if let Some(one) = reactions.get_mut(at) {
        one.people.retain(|other| *other != person);
        if on {
            one.people.push(person);
        }
    }
}

#[cfg(test)]
mod tests;
