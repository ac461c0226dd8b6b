//! What a person can do with groups. None of it is queued: without a line it fails at once, and says so.

use chancery_protocol::command::{Command, Join, Line, Members};
use chancery_protocol::frame::Answer;
use chancery_protocol::ids::ConversationId;
use chancery_ui_kit::api::ClientError;

use super::{Chat, client_id};

impl Chat {
    /// Changes a group or its members. After a refusal the list of members is asked for again: it may have been an old one.
    pub fn manage(
        self,
        group: ConversationId,
        command: impl Into<Command>,
        then: impl FnOnce(Result<(), ClientError>) + 'static,
    ) {
        self.ask_then(command, move |answer| {
            if matches!(answer, Err(ClientError::Problem(_))) {
                self.ask(Members { conversation: group });
            }
            then(answer.map(drop));
        });
    }

    /// Becomes a member of an open group; `then` is called once its line is in the list.
    pub fn join(self, group: ConversationId, then: impl FnOnce(Result<(), ClientError>) + 'static) {
        self.ask_then(Join { client_id: client_id(), conversation: group }, move |answer| match answer {
            Ok(_) => self.ask_then(Line { conversation: group }, move |answer| {
                then(match answer {
                    Ok(Answer::Conversation { .. }) => Ok(()),
                    Ok(_) => Err(ClientError::Decode),
                    Err(error) => Err(error),
                });
            }),
            Err(error) => then(Err(error)),
        });
    }
}
