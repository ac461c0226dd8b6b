//! Unsent text, kept for all devices of a person, sealed. Not a record: nothing was said yet.

use std::sync::Arc;

use chancery_protocol::ids::{ConversationId, PersonId};

use super::store;
use crate::ground::error::Error;
use crate::journal::Journal;
use crate::vault::Scope;

/// Keeps a person's unsent text; an empty one is removed.
///
/// # Errors
/// Storage errors.
pub async fn save_draft(
    journal: &Journal,
    (conversation, person): (ConversationId, PersonId),
    text: String,
    urgent: bool,
) -> Result<(), Error> {
    let vault = Arc::clone(journal.vault());
    let now = journal.clock().now();
    journal
        .db()
        .write(move |conn| {
            let row = store::draft_row(conversation, person);
            let sealed = (!text.is_empty())
                .then(|| vault.seal_value(Scope::Person(person), &store::draft_place(&row), text.as_bytes()))
                .transpose()?;
            store::put_draft(conn, (conversation, person), sealed, urgent, now)
        })
        .await
}
