//! Officers' search and reading: whatever was ever said, for a reason.
//!
//! What must stay true: the record of what is about to be shown is committed first. Everything that is shown comes out
//! of [`Search::on_record`], so that without a record there is no answer. A next page and a context belong to a search of
//! the same officer, whose record says why.

use std::collections::{BTreeMap, BTreeSet};

use chancery_ledger::{Kind, Stream};
use chancery_protocol::ids::{ConversationId, Id, PersonId, RecordId};
use chancery_protocol::search::{
    Bar, BarUnit, ComplianceFound, ComplianceSearch, Context, ContextRequest, ConversationRef,
    ConversationsFound, FindConversations, Histogram, MAX_CONTEXT, MAX_CONVERSATIONS, MAX_REASON_CHARS,
    MessageRemoval, MessageVersion, NextPage, RemovedPart, SearchFilters, Span, WholeMessage,
};
use serde::Serialize;

use super::find::{Filters, Found, Page, Reach};
use super::matching::Text;
use super::own::{check_dates, check_lists, hits, spans};
use super::plan::Plan;
use super::records::{ContextRead, ConversationsListed, SearchPage, SearchRun};
use super::{Search, parsed};
use crate::conversations::{members_at, store as conversations};
use crate::directory::names;
use crate::ground::clock::month_begins;
use crate::ground::db::Conn;
use crate::ground::error::{Code, Error};
use crate::journal::{Placed, Unit, decode_body};
use crate::messaging::whole::Whole;

const DAY: i64 = 86_400_000_000;
/// Days between the first and the last hit from which on the bars of a histogram are months.
const LONG: i64 = 120;
/// Messages on each side of a context whose size nobody asked for.
const USUAL_CONTEXT: u16 = 5;
/// Conversations of a list whose size nobody asked for.
const USUAL_CONVERSATIONS: u16 = 20;

/// What is to be written about a reading.
struct Reading<'a, B> {
    officer: PersonId,
    kind: Kind,
    target: Option<RecordId>,
    conversation: Option<ConversationId>,
    body: &'a B,
}

/// A page of hits before it is on record.
struct Prepared {
    found: Found,
    ids: Vec<RecordId>,
    hits: Vec<WholeMessage>,
    conversations: Vec<ConversationRef>,
}

impl Search {
    /// The first page of a search.
    ///
    /// # Errors
    /// What is wrong with the request; `search_unavailable`; when the record cannot be written.
    pub fn compliance(&self, officer: PersonId, asked: &ComplianceSearch) -> Result<ComplianceFound, Error> {
        let reason = reason(&asked.reason)?;
        let limit = u16::try_from(hits(asked.limit)?).unwrap_or(u16::MAX);
        let mut run = SearchRun {
            reason,
            query: asked.query.clone(),
            filters: asked.filters.clone(),
            oldest_first: asked.oldest_first,
            limit,
            total: 0,
            shown: Vec::new(),
            looked_at: 0,
        };
        let prepared = self.prepare(&run, None)?;
        run.total = prepared.found.total;
        run.shown = shown(&prepared.hits);
        run.looked_at = prepared.found.position;
        let reading =
            Reading { officer, kind: Kind::SearchRun, target: None, conversation: None, body: &run };
        let placed = self.on_record(&reading)?;
        Ok(self.answer(prepared, placed.record, placed))
    }

    /// The next page of a search of this officer.
    ///
    /// # Errors
    /// `not_found` for a search that is not theirs; otherwise as [`Search::compliance`].
    pub fn next_page(
        &self,
        officer: PersonId,
        search: RecordId,
        asked: &NextPage,
    ) -> Result<ComplianceFound, Error> {
        let run = self.run_of(officer, search)?;
        let prepared = self.prepare(&run, Some(asked.after))?;
        let body = SearchPage {
            after: asked.after,
            total: prepared.found.total,
            shown: shown(&prepared.hits),
            looked_at: prepared.found.position,
        };
        let (kind, target) = (Kind::SearchPage, Some(search));
        let placed = self.on_record(&Reading { officer, kind, target, conversation: None, body: &body })?;
        Ok(self.answer(prepared, search, placed))
    }

    /// A message among its neighbours.
    ///
    /// # Errors
    /// `not_found` for a search that is not theirs, `message_not_found`; when the record cannot be written.
    pub fn context(
        &self,
        officer: PersonId,
        search: RecordId,
        asked: &ContextRequest,
    ) -> Result<Context, Error> {
        let around = asked.around.unwrap_or(USUAL_CONTEXT);
        if around > MAX_CONTEXT {
            let detail = format!("A context has at most {MAX_CONTEXT} messages on each side.");
            return Err(Error::from(Code::OutOfRange).field("around").detail(detail));
        }
        let plan = parsed(&self.run_of(officer, search)?.query)?;
        let mut conn = self.messaging.journal.db().reader()?;
        let message = self.messaging.whole(&mut conn, &[asked.message])?.pop();
        let message = message.ok_or_else(|| Error::from(Code::MessageNotFound).field("message"))?;
        let neighbours = self.messaging.around(&mut conn, message.conversation, message.seq, around)?;
        let records = self.messaging.journal.records();
        let members = members_at(&records, &mut conn, message.conversation, message.seq)?;
        let conversation = self.messaging.refs(&mut conn, [message.conversation].into())?.pop();
        let conversation = conversation.ok_or_else(|| Error::internal("a message without a conversation"))?;
        drop(conn);
        let messages: Vec<WholeMessage> =
            neighbours.into_iter().map(|whole| shown_message(whole, plan.as_ref())).collect();
        let body = ContextRead {
            search,
            from_seq: messages.first().map_or(message.seq, |first| first.seq),
            to_seq: messages.last().map_or(message.seq, |last| last.seq),
            shown: shown(&messages),
        };
        let placed = self.on_record(&Reading {
            officer,
            kind: Kind::ContextRead,
            target: Some(message.id),
            conversation: Some(message.conversation),
            body: &body,
        })?;
        let mut named = named(&messages);
        named.extend(members.iter().map(|member| member.person));
        let people = self.messaging.people(named);
        Ok(Context { record: placed.record, at: placed.at, conversation, members, messages, people })
    }

    /// Conversations to filter by.
    ///
    /// # Errors
    /// What is wrong with the request; when the record cannot be written.
    pub fn find_conversations(
        &self,
        officer: PersonId,
        asked: &FindConversations,
    ) -> Result<ConversationsFound, Error> {
        let reason = reason(&asked.reason)?;
        check_lists(asked.people.len(), 0)?;
        let limit = asked.limit.unwrap_or(USUAL_CONVERSATIONS);
        if !(1..=MAX_CONVERSATIONS).contains(&limit) {
            return Err(Error::from(Code::OutOfRange).field("limit"));
        }
        if asked.text.chars().count() > MAX_REASON_CHARS {
            return Err(Error::from(Code::OutOfRange).field("text"));
        }
        let mut conn = self.messaging.journal.db().reader()?;
        let mut found = self.named_so(&mut conn, asked)?;
        drop(conn);
        let total = found.len() as u64;
        found.truncate(usize::from(limit));
        let body = ConversationsListed {
            reason,
            text: asked.text.clone(),
            people: asked.people.clone(),
            shown: found.iter().map(|conversation| conversation.id).collect(),
        };
        let kind = Kind::ConversationsListed;
        let placed =
            self.on_record(&Reading { officer, kind, target: None, conversation: None, body: &body })?;
        let people = found.iter().flat_map(|conversation| conversation.pair.iter().copied()).collect();
        let people = self.messaging.people(people);
        Ok(ConversationsFound { record: placed.record, conversations: found, total, people })
    }

    fn named_so(&self, conn: &mut Conn, asked: &FindConversations) -> Result<Vec<ConversationRef>, Error> {
        let folded = names::fold(&asked.text);
        let words: Vec<&str> = folded.split_whitespace().collect();
        let vault = self.messaging.journal.vault();
        let infos = if asked.people.is_empty() {
            conversations::named(conn, vault)?
        } else {
            conversations::infos(conn, vault, &self.messaging.roster.of_all(&asked.people))?
        };
        let mut found: Vec<(String, ConversationRef)> = infos
            .into_iter()
            .map(|info| {
                (names::fold(info.name.as_deref().unwrap_or_default()), self.messaging.reference(info))
            })
            .filter(|(name, _)| words.iter().all(|word| name.contains(word)))
            .collect();
        found.sort_by(|(one, a), (other, b)| one.cmp(other).then_with(|| a.id.cmp(&b.id)));
        Ok(found.into_iter().map(|(_, conversation)| conversation).collect())
    }

    /// The search a page or context belongs to: a record of this officer.
    fn run_of(&self, officer: PersonId, search: RecordId) -> Result<SearchRun, Error> {
        let mut conn = self.messaging.journal.db().reader()?;
        let found = self.messaging.journal.records().by_record(&mut conn, &[search])?.remove(&search);
        let record = match found {
            Some(Ok(record)) => record,
            Some(Err(damaged)) => return Err(Error::damaged(damaged.position)),
            None => return Err(Error::not_found()),
        };
        let header = &record.header;
        if header.kind != Kind::SearchRun || header.actor != Some(officer.bytes()) {
            return Err(Error::not_found());
        }
        decode_body(&record.body).ok_or_else(|| Error::damaged(header.position))
    }

    /// Looks up, and reads what is to be shown.
    fn prepare(&self, run: &SearchRun, after: Option<RecordId>) -> Result<Prepared, Error> {
        let plan = parsed(&run.query)?;
        let filters = filters(&run.filters)?;
        let mut conn = self.messaging.journal.db().reader()?;
        let after = after.map(|id| self.place(&mut conn, id)).transpose()?;
        let page = Page { after, oldest_first: run.oldest_first, limit: usize::from(run.limit) };
        let found = self.look_up(plan.as_ref(), Reach::Ever, &filters, page)?;
        let ids = self.ids(&mut conn, &found.hits)?;
        let whole = self.messaging.whole(&mut conn, &ids)?;
        let hits: Vec<WholeMessage> =
            whole.into_iter().map(|whole| shown_message(whole, plan.as_ref())).collect();
        let of = hits.iter().map(|hit| hit.conversation).collect();
        let conversations = self.messaging.refs(&mut conn, of)?;
        Ok(Prepared { found, ids, hits, conversations })
    }

    /// Commits the record of a reading. What was prepared may be shown only after this.
    fn on_record(&self, reading: &Reading<'_, impl Serialize>) -> Result<Placed, Error> {
        let journal = &self.messaging.journal;
        let mut draft = journal.draft(Stream::System, reading.kind, Some(reading.officer), reading.body)?;
        draft.target = reading.target.map(Id::bytes);
        draft.conversation = reading.conversation;
        journal.commit_blocking(Unit { records: vec![draft], ..Unit::default() })?.first()
    }

    fn answer(&self, prepared: Prepared, search: RecordId, placed: Placed) -> ComplianceFound {
        let Prepared { found, ids, hits, conversations } = prepared;
        let mut named = named(&hits);
        named.extend(conversations.iter().flat_map(|conversation| conversation.pair.iter().copied()));
        ComplianceFound {
            search,
            record: placed.record,
            at: placed.at,
            hits,
            total: found.total,
            histogram: histogram(&found.days),
            after: found.more.then(|| ids.last().copied()).flatten(),
            position: found.position,
            people: self.messaging.people(named),
            conversations,
        }
    }
}

fn reason(text: &str) -> Result<String, Error> {
    let reason = text.trim();
    if reason.is_empty() {
        return Err(Error::from(Code::ReasonNeeded).field("reason"));
    }
    if reason.chars().count() > MAX_REASON_CHARS {
        return Err(Error::from(Code::ReasonTooLong).field("reason"));
    }
    Ok(reason.to_owned())
}

fn filters(asked: &SearchFilters) -> Result<Filters, Error> {
    check_lists(asked.people.len(), asked.conversations.len())?;
    check_dates(asked.from, asked.until)?;
    Ok(Filters {
        conversations: (!asked.conversations.is_empty()).then(|| asked.conversations.clone()),
        within: None,
        people: asked.people.clone(),
        talks: asked.conversation_kinds.clone(),
        from: asked.from,
        until: asked.until,
        edited: asked.edited,
        deleted: asked.deleted,
    })
}

/// A message as officers see it.
pub fn as_found(whole: Whole) -> WholeMessage {
    shown_message(whole, None)
}

fn shown_message(whole: Whole, plan: Option<&Plan>) -> WholeMessage {
    let versions = whole.versions.into_iter().map(|version| {
        let spans = match (&version.text, plan) {
            (Some(text), Some(plan)) => spans(&Text::new(text), plan),
            _ => Vec::new(),
        };
        let removed = version.removed.into_iter().map(|part| RemovedPart {
            span: Span { start: part.start, end: part.end },
            instead: part.instead,
        });
        MessageVersion {
            record: version.record,
            position: version.position,
            at: version.at,
            text: version.text,
            spans,
            removed: removed.collect(),
        }
    });
    let removals = whole.removals.into_iter().map(|removal| MessageRemoval {
        position: removal.position,
        at: removal.at,
        by: removal.by,
        restored: removal.restored,
    });
    WholeMessage {
        versions: versions.collect(),
        removals: removals.collect(),
        id: whole.id,
        conversation: whole.conversation,
        seq: whole.seq,
        position: whole.position,
        author: whole.author,
        at: whole.at,
        edited_at: whole.edited_at,
        deleted_at: whole.deleted_at,
        reply_to: whole.reply_to,
        urgent: whole.urgent,
        acknowledged: whole.acknowledged,
    }
}

/// Positions of all records whose text is in these messages, ascending.
fn shown(messages: &[WholeMessage]) -> Vec<u64> {
    let positions =
        messages.iter().flat_map(|message| message.versions.iter().map(|version| version.position));
    positions.collect::<BTreeSet<u64>>().into_iter().collect()
}

fn named(messages: &[WholeMessage]) -> BTreeSet<PersonId> {
    let of = |message: &WholeMessage| {
        let removers = message.removals.iter().filter_map(|it| it.by);
        let acknowledged = message.acknowledged.iter().map(|it| it.person);
        removers.chain(acknowledged).chain([message.author]).collect::<Vec<_>>()
    };
    messages.iter().flat_map(of).collect()
}

fn histogram(days: &BTreeMap<i64, u64>) -> Histogram {
    let (first, last) = (days.keys().next(), days.keys().next_back());
    let long = matches!((first, last), (Some(first), Some(last)) if last - first > LONG);
    let unit = if long { BarUnit::Month } else { BarUnit::Day };
    let mut bars: BTreeMap<i64, u64> = BTreeMap::new();
    for (day, count) in days {
        let start = if long { month_begins(day * DAY) } else { day * DAY };
        *bars.entry(start).or_default() += count;
    }
    Histogram { unit, bars: bars.into_iter().map(|(start, count)| Bar { start, count }).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_needed_and_bounded() {
        assert_eq!(reason(" case 7 ").unwrap(), "case 7");
        assert_eq!(reason(" \n").unwrap_err().code, Code::ReasonNeeded);
        assert_eq!(reason(&"ä".repeat(501)).unwrap_err().code, Code::ReasonTooLong);
        assert!(reason(&"ä".repeat(500)).is_ok());
    }

    #[test]
    fn bars_are_days_until_there_are_too_many() {
        let short = histogram(&[(0, 2), (3, 1)].into());
        assert_eq!(short.unit, BarUnit::Day);
        assert_eq!(short.bars, [Bar { start: 0, count: 2 }, Bar { start: 3 * DAY, count: 1 }]);
        // 1970-01-01, 1970-01-31, 1970-02-01, 1970-06-30.
        let long = histogram(&[(0, 1), (30, 2), (31, 4), (180, 8)].into());
        assert_eq!(long.unit, BarUnit::Month);
        let starts = [0, 31, 151].map(|day| day * DAY);
        assert_eq!(long.bars.iter().map(|bar| bar.start).collect::<Vec<_>>(), starts);
        assert_eq!(long.bars.iter().map(|bar| bar.count).collect::<Vec<_>>(), [3, 4, 8]);
    }
}
