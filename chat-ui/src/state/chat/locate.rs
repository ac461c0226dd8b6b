//! Finding what is not loaded: by halving, because the server answers "the newest entry before this place", and places, times and
//! ordinals all grow together. A message's id begins with the time at which it was made.

use chancery_protocol::Micros;
use chancery_protocol::command::{Command, History};
use chancery_protocol::conversation::{Entry, HistoryPage, Message};
use chancery_protocol::frame::Answer;
use chancery_protocol::ids::{ConversationId, Id, RecordId};
use chancery_ui_kit::api::ClientError;
use leptos::prelude::*;

use super::Chat;

/// Messages on both sides of where one must be: some are made within the same millisecond.
const AROUND: u16 = 16;

/// When a record was made: the first 48 bits of its id are milliseconds since 1970.
pub fn made_at(id: RecordId) -> Micros {
    let millis = id.bytes().into_iter().take(6).fold(0_i64, |sum, byte| (sum << 8) | i64::from(byte));
    millis * 1_000
}

fn messages(page: &HistoryPage) -> impl DoubleEndedIterator<Item = &Message> {
    page.entries.iter().filter_map(|entry| match entry {
        Entry::Message { message } => Some(message),
        Entry::Note { .. } => None,
    })
}

impl Chat {
    /// A page of history.
    ///
    /// # Errors
    /// As [`ClientError`] says.
    pub async fn page(
        self,
        conversation: ConversationId,
        before: Option<u64>,
        limit: u16,
    ) -> Result<HistoryPage, ClientError> {
        match self.asked(Command::from(History { conversation, before, limit })).await? {
            Answer::History(page) => Ok(page),
            _ => Err(ClientError::Decode),
        }
    }

    /// The seq of the first message that `reached` says yes to; it must say yes to all newer ones. Nothing when it says yes to none.
    ///
    /// # Errors
    /// As [`ClientError`] says.
    pub async fn locate(
        self,
        conversation: ConversationId,
        reached: impl Fn(&Message) -> bool,
    ) -> Result<Option<u64>, ClientError> {
        let bounds = self.state.with_untracked(|state| {
            state.conversations.get(&conversation).map(|known| (known.info.member_since, known.info.last_seq))
        });
        let Some((mut low, mut high)) = bounds else { return Ok(None) };
        let mut found = None;
        while low <= high {
            let middle = u64::midpoint(low, high);
            let page = self.page(conversation, Some(middle + 1), 1).await?;
            match messages(&page).next_back() {
                Some(message) if reached(message) => {
                    found = Some(message.seq);
                    high = message.seq.saturating_sub(1);
                }
                _ => low = middle + 1,
            }
        }
        Ok(found)
    }

    /// A message by its id. `before` is the place of one that names it: it is looked for near there first.
    ///
    /// # Errors
    /// As [`ClientError`] says.
    pub async fn fetch(
        self,
        conversation: ConversationId,
        id: RecordId,
        before: u64,
    ) -> Result<Option<Message>, ClientError> {
        let of = |page: &HistoryPage| messages(page).find(|message| message.id == id).cloned();
        let near = self.page(conversation, Some(before), 4 * AROUND).await?;
        if let Some(message) = of(&near) {
            return Ok(Some(message));
        }
        if !near.more {
            return Ok(None);
        }
        let made = made_at(id);
        let Some(seq) = self.locate(conversation, |message| message.at >= made).await? else {
            return Ok(None);
        };
        let page = self.page(conversation, Some(seq.saturating_add(u64::from(AROUND))), 2 * AROUND).await?;
        Ok(of(&page))
    }
}
