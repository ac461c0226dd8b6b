//! People's own search: over what they may see now.
//!
//! The index may be half a second behind, and what was edited or deleted in between must not be found by what it said
//! before. So every hit is read through `messaging::view` and must match the query as it is read.

use std::collections::{BTreeSet, HashMap};

use chancery_protocol::conversation::Content;
use chancery_protocol::ids::{PersonId, RecordId};
use chancery_protocol::search::{MAX_FILTERED, MAX_HITS, OwnFound, OwnHit, OwnSearch, Span};

use super::find::{Filters, Page, Place, Reach};
use super::matching::{self, Text};
use super::plan::Plan;
use super::{Search, parsed};
use crate::ground::db::Conn;
use crate::ground::error::{Code, Error};
use crate::messaging::history::named_in_message;

/// Hits of a page whose size nobody asked for.
const USUAL_HITS: u16 = 20;

impl Search {
    /// What a person finds.
    ///
    /// # Errors
    /// What is wrong with the request; `search_unavailable`; storage errors.
    pub fn own(&self, reader: PersonId, asked: &OwnSearch) -> Result<OwnFound, Error> {
        let plan = parsed(&asked.query)?.ok_or_else(|| Error::from(Code::QueryEmpty).field("query"))?;
        let filters = self.own_filters(reader, asked)?;
        let mut conn = self.messaging.journal.db().reader()?;
        let after = asked.after.map(|id| self.place(&mut conn, id)).transpose()?;
        let page = Page { after, oldest_first: asked.oldest_first, limit: hits(asked.limit)? };
        let found = self.look_up(Some(&plan), Reach::Now, &filters, page)?;
        let ids = self.ids(&mut conn, &found.hits)?;
        let visible = self.messaging.visible(&mut conn, reader, &ids)?;
        let hits: Vec<OwnHit> = visible
            .into_iter()
            .filter_map(|(conversation, message)| {
                let Content::Text { text, .. } = &message.content else { return None };
                let spans = spans_of(text, &plan)?;
                Some(OwnHit { conversation, message, spans })
            })
            .collect();
        let named: BTreeSet<PersonId> = hits.iter().flat_map(|hit| named_in_message(&hit.message)).collect();
        let outdated = (found.hits.len() - hits.len()) as u64;
        Ok(OwnFound {
            total: found.total.saturating_sub(outdated),
            after: found.more.then(|| ids.last().copied()).flatten(),
            people: self.messaging.people(named),
            hits,
        })
    }

    /// What the person may see, by the snapshot that history is decided by too.
    fn own_filters(&self, reader: PersonId, asked: &OwnSearch) -> Result<Filters, Error> {
        check_lists(asked.people.len(), asked.conversations.len())?;
        let only: BTreeSet<_> = asked.conversations.iter().copied().collect();
        let within: HashMap<_, _> = self
            .messaging
            .roster
            .stays(reader)
            .into_iter()
            .filter(|(id, _)| only.is_empty() || only.contains(id))
            .map(|(id, stay)| (id, (stay.since, stay.last_seen(u64::MAX))))
            .collect();
        let (from, until) = (asked.from, asked.until);
        check_dates(from, until)?;
        Ok(Filters { within: Some(within), people: asked.people.clone(), from, until, ..Filters::default() })
    }

    /// A message's place in the order of hits.
    pub(super) fn place(&self, conn: &mut Conn, id: RecordId) -> Result<Place, Error> {
        let found = self.messaging.journal.records().by_record(conn, &[id])?.remove(&id);
        match found {
            Some(Ok(record)) => Ok(Place { at: record.header.at, position: record.header.position }),
            // Damaged ones are in no hit.
            Some(Err(_)) | None => Err(Error::from(Code::MessageNotFound).field("after")),
        }
    }

    /// The messages at these places, in the same order.
    pub(super) fn ids(&self, conn: &mut Conn, places: &[Place]) -> Result<Vec<RecordId>, Error> {
        let positions: Vec<u64> = places.iter().map(|place| place.position).collect();
        let ids = self.messaging.journal.records().ids_at(conn, &positions)?;
        positions
            .iter()
            .map(|position| ids.get(position).copied().ok_or_else(|| Error::damaged(*position)))
            .collect()
    }
}

/// What of a text is to be marked, when it matches.
fn spans_of(text: &str, plan: &Plan) -> Option<Vec<Span>> {
    let text = [Text::new(text)];
    matching::matches(plan, &text).then(|| spans(&text[0], plan))
}

/// What of a text is to be marked.
pub(super) fn spans(text: &Text, plan: &Plan) -> Vec<Span> {
    let of = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
    text.spans(plan).into_iter().map(|(start, end)| Span { start: of(start), end: of(end) }).collect()
}

pub(super) fn hits(limit: Option<u16>) -> Result<usize, Error> {
    let limit = limit.unwrap_or(USUAL_HITS);
    if (1..=MAX_HITS).contains(&limit) {
        Ok(usize::from(limit))
    } else {
        Err(Error::from(Code::OutOfRange).field("limit").detail(format!("A page has 1 to {MAX_HITS} hits.")))
    }
}

pub(super) fn check_lists(people: usize, conversations: usize) -> Result<(), Error> {
    if people > MAX_FILTERED {
        return Err(Error::from(Code::TooManyPeople).field("people"));
    }
    if conversations > MAX_FILTERED {
        let detail = format!("At most {MAX_FILTERED} conversations can be named.");
        return Err(Error::from(Code::OutOfRange).field("conversations").detail(detail));
    }
    Ok(())
}

pub(super) fn check_dates(from: Option<i64>, until: Option<i64>) -> Result<(), Error> {
    match (from, until) {
        (Some(from), Some(until)) if from >= until => {
            Err(Error::from(Code::OutOfRange).field("until").detail("The end lies before the beginning."))
        }
        _ => Ok(()),
    }
}
