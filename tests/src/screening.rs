//! What rules do to what people say, as the socket tells it.

use chancery_protocol::acceptable_use::{Attempt, Notice, Redacted};
use chancery_protocol::command::{Attempts, Command, Confirm, TakeBack};
use chancery_protocol::frame::Answer;
use chancery_protocol::ids::{ConversationId, RecordId};
use chancery_protocol::policy::Content;
use chancery_protocol::problem::Problem;
use serde_json::{Value, json};

use crate::client::{Client, Failed, new_client_id, send_command};

/// What became of something that was said.
#[derive(Debug, Clone)]
pub enum Said {
    /// Delivered as it is.
    Delivered(RecordId),
    /// Delivered without a part.
    Redacted(Redacted),
    /// It waits.
    Waiting(Attempt),
    /// A reason is wanted.
    Warned(Box<Problem>),
    /// Not accepted.
    Blocked(Box<Problem>),
}

impl Said {
    /// The record of what was delivered as it is.
    pub fn delivered(self) -> RecordId {
        match self {
            Self::Delivered(record) => record,
            other => panic!("not delivered as it is: {other:?}"),
        }
    }

    /// What waits.
    pub fn waiting(self) -> Attempt {
        match self {
            Self::Waiting(attempt) => attempt,
            other => panic!("it does not wait: {other:?}"),
        }
    }

    /// What a reason is wanted for.
    pub fn warned(self) -> Problem {
        match self {
            Self::Warned(problem) => *problem,
            other => panic!("no reason is wanted: {other:?}"),
        }
    }

    /// What its author is told.
    pub fn notices(&self) -> &[Notice] {
        match self {
            Self::Delivered(_) => &[],
            Self::Redacted(redacted) => &redacted.notices,
            Self::Waiting(attempt) => &attempt.notices,
            Self::Warned(problem) | Self::Blocked(problem) => &problem.notices,
        }
    }
}

/// What an answer means for something that was said.
///
/// # Errors
/// A refusal that has nothing to do with rules.
pub fn said(answer: Result<Answer, Failed>) -> Result<Said, Failed> {
    match answer {
        Ok(Answer::Recorded(recorded)) => Ok(Said::Delivered(recorded.record)),
        Ok(Answer::Redacted(redacted)) => Ok(Said::Redacted(redacted)),
        Ok(Answer::Waiting { attempt }) => Ok(Said::Waiting(attempt)),
        Err(Failed::Refused(problem)) if problem.code == "reason_wanted" => Ok(Said::Warned(problem)),
        Err(Failed::Refused(problem)) if problem.code == "blocked_by_rule" => Ok(Said::Blocked(problem)),
        Ok(other) => panic!("no answer to something that was said: {other:?}"),
        Err(failed) => Err(failed),
    }
}

/// A rule about words, with more fields where that is needed.
pub fn rule_with(name: &str, outcome: &str, expression: &str, more: Value) -> (String, Content) {
    let mut rule = json!({
        "id": name,
        "name": format!("About {name}"),
        "why": format!("We do not write this here: {name}."),
        "ask": "Compliance, second floor",
        "outcome": outcome,
        "severity": "high",
        "match": expression,
    });
    if let (Some(rule), Some(more)) = (rule.as_object_mut(), more.as_object()) {
        rule.extend(more.clone());
    }
    (name.to_owned(), Content::Rule { rule })
}

impl Client {
    /// Says something where rules may have to do with it.
    ///
    /// # Errors
    /// A refusal that has nothing to do with rules.
    pub async fn try_say(&mut self, conversation: ConversationId, text: &str) -> Result<Said, Failed> {
        said(self.ask(send_command(conversation, text, new_client_id())).await)
    }

    /// As [`Client::try_say`], for what is no mistake.
    pub async fn speak(&mut self, conversation: ConversationId, text: &str) -> Said {
        self.try_say(conversation, text).await.unwrap()
    }

    /// Sends a command again with a reason.
    ///
    /// # Errors
    /// A refusal that has nothing to do with rules.
    pub async fn confirm(
        &mut self,
        command: impl Into<Command>,
        token: &str,
        reason: &str,
    ) -> Result<Said, Failed> {
        let command = Box::new(command.into());
        said(self.ask(Confirm { token: token.to_owned(), reason: reason.to_owned(), command }).await)
    }

    /// One's own texts in a conversation that wait or were refused.
    pub async fn attempts(&mut self, conversation: ConversationId) -> Vec<Attempt> {
        match self.ask(Attempts { conversation }).await.unwrap() {
            Answer::Attempts { attempts } => attempts,
            other => panic!("no attempts: {other:?}"),
        }
    }

    /// Takes a text back, or puts one away.
    ///
    /// # Errors
    /// The refusal.
    pub async fn take_back(&mut self, attempt: RecordId) -> Result<Answer, Failed> {
        self.ask(TakeBack { client_id: new_client_id(), attempt }).await
    }
}
