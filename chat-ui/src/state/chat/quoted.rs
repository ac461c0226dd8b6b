//! Messages that others answer and that are not loaded: fetched one after the other, kept until something happens to them.

use std::collections::VecDeque;

use chancery_protocol::conversation::{Change, Event, Message};
use chancery_protocol::ids::{ConversationId, RecordId};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Chat;

/// What is known of such a message.
#[derive(Debug, Clone, PartialEq)]
pub enum Quoted {
    /// It has been asked for.
    Asked,
    /// This.
    There(Box<Message>),
    /// It may not be seen.
    Gone,
}

/// What is known of one of them.
pub fn known(all: &[(RecordId, Quoted)], id: RecordId) -> Option<&Quoted> {
    all.iter().find(|(one, _)| *one == id).map(|(_, known)| known)
}

/// What waits to be asked for: where, which, and the place of the message that names it.
pub(super) type Queue = VecDeque<(ConversationId, RecordId, u64)>;

impl Chat {
    /// Fetches a message that is named by the one at `before`, unless that was done.
    pub fn want_quoted(self, conversation: ConversationId, id: RecordId, before: u64) {
        if self.quoted.with_untracked(|all| known(all, id).is_some()) {
            return;
        }
        self.quoted.update(|all| all.push((id, Quoted::Asked)));
        let idle = self.core.try_update_value(|core| {
            core.quotes.push_back((conversation, id, before));
            core.quotes.len() == 1
        });
        if idle == Some(true) {
            spawn_local(async move { self.fetch_quoted().await });
        }
    }

    async fn fetch_quoted(self) {
        while let Some((conversation, id, before)) = self.core.with_value(|core| core.quotes.front().copied())
        {
            let found = self.fetch(conversation, id, before).await;
            self.core.update_value(|core| {
                core.quotes.pop_front();
            });
            self.quoted.update(|all| {
                all.retain(|(one, _)| *one != id);
                match found {
                    Ok(Some(message)) => all.push((id, Quoted::There(Box::new(message)))),
                    Ok(None) => all.push((id, Quoted::Gone)),
                    // Asked for again when the line is back.
                    Err(_) => {}
                }
            });
        }
    }

    /// Something happened to a message: it is fetched again where it is shown.
    pub(super) fn touched(self, event: &Event) {
        let (Change::Edited { message, .. } | Change::Deleted { message } | Change::Restored { message, .. }) =
            &event.change
        else {
            return;
        };
        if self.quoted.with_untracked(|all| known(all, *message).is_some()) {
            self.quoted.update(|all| all.retain(|(one, _)| one != message));
        }
    }

    /// On a new line nobody knows what happened to them meanwhile.
    pub(super) fn forget_quoted(self) {
        if self.quoted.with_untracked(|all| !all.is_empty()) {
            self.quoted.update(|all| all.retain(|(_, known)| *known == Quoted::Asked));
        }
    }
}
