//! One transaction: lock, check, number, seal, insert, COMMIT.

use std::collections::{BTreeMap, HashMap};
use std::ops::Deref;
use std::sync::Arc;

use chancery_ledger::{Header, OPENER_LEN, Stream, commitment};
use chancery_protocol::ids::{ConversationId, Id, RecordId};
use diesel::connection::SimpleConnection;
use zeroize::Zeroizing;

use super::store::{self, Counters, Head, JournalRow, MessageRow, PayloadRow, Rows, SentRow};
use super::{Committed, Delivered, Draft, OnControl, Placed, Unit, is_control, read, scope_of};
use crate::ground::clock::Clock;
use crate::ground::db::dialect::{big, raw};
use crate::ground::db::{Conn, begin, commit, rollback, savepoint};
use crate::ground::error::{Code, Error};
use crate::ground::random::Random;
use crate::vault::{Slot, Vault};

/// The channel on which PostgreSQL nodes tell each other the newest position. No text crosses it.
pub(super) const NOTIFY_CHANNEL: &str = "chancery_journal";

/// What a transaction needs besides its connection.
pub(super) struct Context {
    pub vault: Arc<Vault>,
    pub clock: Clock,
    pub random: Random,
    pub on_control: OnControl,
    /// Newest record that changes who may do what, of those the snapshots know.
    pub applied_control: u64,
}

/// What a committed batch came to.
pub(super) struct Outcome {
    pub results: Vec<Result<Committed, Error>>,
    pub delivered: Vec<Delivered>,
    pub head: Head,
    records: Vec<RecordId>,
}

impl Outcome {
    /// Headers of the records that change who may do what.
    pub fn control(&self) -> Vec<Header> {
        self.delivered.iter().map(|d| &d.header).filter(|h| is_control(h.kind)).cloned().collect()
    }
}

/// Commits `units` together. `previous` is what an earlier try with a lost connection would have come to: it is
/// looked up under the head lock, so that the same batch is never written twice.
///
/// # Errors
/// Storage errors only, after which the transaction is no longer open; what concerns one unit is in its result.
pub(super) fn run(
    conn: &mut Conn,
    context: &mut Context,
    units: &[&Unit],
    previous: &mut Option<Outcome>,
) -> Result<Outcome, Error> {
    begin(conn)?;
    let result = within(conn, context, units, previous);
    if result.is_err() {
        // A broken connection has no transaction left to roll back.
        let _ = rollback(conn);
    }
    result
}

fn within(
    conn: &mut Conn,
    context: &mut Context,
    units: &[&Unit],
    previous: &mut Option<Outcome>,
) -> Result<Outcome, Error> {
    let head = store::lock_head(conn)?;
    if let Some(earlier) = previous.take()
        && store::present(conn, &earlier.records)?
    {
        rollback(conn)?;
        return Ok(earlier);
    }
    catch_up(conn, context, head)?;
    let mut batch = Batch::begin(conn, context, head, units)?;
    for unit in units {
        let result = batch.admit(conn, unit)?;
        batch.results.push(result);
    }
    let accepted = std::mem::take(&mut batch.accepted);
    let (rows, delivered) = seal(context, batch.at, &accepted)?;
    let outcome = Outcome {
        records: delivered.iter().map(|d| RecordId::from_bytes(d.header.record)).collect(),
        results: std::mem::take(&mut batch.results),
        delivered,
        head: batch.head,
    };
    if outcome.delivered.is_empty() {
        rollback(conn)?;
        return Ok(outcome);
    }
    rows.insert(conn)?;
    store::raise(conn, batch.at, &batch.raised())?;
    store::move_head(conn, outcome.head)?;
    if let Conn::Postgres(_) = conn {
        conn.batch_execute(&format!("NOTIFY {NOTIFY_CHANNEL}, '{}'", outcome.head.position))?;
    }
    *previous = Some(outcome);
    commit(conn)?;
    previous.take().ok_or_else(|| Error::internal("an outcome was lost"))
}

/// Brings the snapshots up to the head, so that the batch is checked against what is in force.
fn catch_up(conn: &mut Conn, context: &mut Context, head: Head) -> Result<(), Error> {
    if head.control_position > context.applied_control {
        let headers = read::control_headers(conn, context.applied_control, head.control_position)?;
        (context.on_control)(conn, &headers)?;
        context.applied_control = head.control_position;
    }
    Ok(())
}

struct Accepted<'a> {
    unit: Chosen<'a>,
    placed: Vec<Placed>,
}

/// A unit as it came, or what is committed in its place.
enum Chosen<'a> {
    Given(&'a Unit),
    Instead(Box<Unit>),
}

impl Deref for Chosen<'_> {
    type Target = Unit;

    fn deref(&self) -> &Unit {
        match self {
            Self::Given(unit) => unit,
            Self::Instead(unit) => unit,
        }
    }
}

/// A batch while it is being numbered.
struct Batch<'a> {
    at: i64,
    head: Head,
    counters: HashMap<ConversationId, Counters>,
    touched: BTreeMap<ConversationId, ()>,
    earlier: HashMap<(chancery_protocol::ids::PersonId, chancery_protocol::ids::ClientId), Placed>,
    accepted: Vec<Accepted<'a>>,
    results: Vec<Result<Committed, Error>>,
}

impl<'a> Batch<'a> {
    fn begin(conn: &mut Conn, context: &Context, head: Head, units: &[&'a Unit]) -> Result<Self, Error> {
        let commands: Vec<_> = units.iter().filter_map(|unit| unit.once).collect();
        let repeated = store::repeated(conn, &commands)?;
        let records: Vec<RecordId> = repeated.values().copied().collect();
        let headers = store::headers(conn, &records)?;
        let earlier = repeated
            .into_iter()
            .filter_map(|(command, record)| {
                Some((command, Placed::of(&Header::decode(headers.get(&record)?).ok()?)))
            })
            .collect();
        let mut ids: Vec<ConversationId> = units
            .iter()
            .flat_map(|unit| &unit.records)
            .filter_map(|draft| conversation_of(draft.stream))
            .collect();
        ids.sort();
        ids.dedup();
        Ok(Self {
            at: context.clock.now().max(head.last_at),
            head,
            counters: store::counters(conn, &ids)?,
            touched: BTreeMap::new(),
            earlier,
            accepted: Vec::with_capacity(units.len()),
            results: Vec::with_capacity(units.len()),
        })
    }

    /// Numbers a unit and runs its SQL, or says why it is refused. A refused unit leaves no trace.
    fn admit(&mut self, conn: &mut Conn, unit: &'a Unit) -> Result<Result<Committed, Error>, Error> {
        if let Some(command) = unit.once
            && let Some(placed) = self.earlier.get(&command)
        {
            return Ok(Ok(Committed { placed: vec![*placed], repeated: true }));
        }
        if let Some(check) = &unit.check
            && let Err(refused) = check()
        {
            return Ok(Err(refused));
        }
        let unit = match unit.instead.as_ref().map(|instead| instead()) {
            None | Some(Ok(None)) => Chosen::Given(unit),
            Some(Ok(Some(other))) => {
                self.know(conn, &other)?;
                Chosen::Instead(Box::new(other))
            }
            Some(Err(refused)) => return Ok(Err(refused)),
        };
        let (placed, head, raised) = self.number(&unit);
        if let Some(work) = &unit.work {
            savepoint(conn)?;
            if let Err(refused) = work(conn, &placed) {
                if matches!(refused.code, Code::StorageUnavailable | Code::StorageFull) {
                    return Err(refused);
                }
                rollback(conn)?;
                return Ok(Err(refused));
            }
            commit(conn)?;
        }
        self.head = head;
        for (conversation, counters) in raised {
            self.counters.insert(conversation, counters);
            self.touched.insert(conversation, ());
        }
        if let (Some(command), Some(first)) = (unit.remembered(), placed.first()) {
            self.earlier.insert(command, *first);
        }
        self.accepted.push(Accepted { unit, placed: placed.clone() });
        Ok(Ok(Committed { placed, repeated: false }))
    }

    /// Reads the counters of conversations that only a unit which came in another's place writes in.
    fn know(&mut self, conn: &mut Conn, unit: &Unit) -> Result<(), Error> {
        let ids = unit.records.iter().filter_map(|draft| conversation_of(draft.stream));
        let missing: Vec<ConversationId> = ids.filter(|id| !self.counters.contains_key(id)).collect();
        if !missing.is_empty() {
            self.counters.extend(store::counters(conn, &missing)?);
        }
        Ok(())
    }

    fn number(&self, unit: &Unit) -> (Vec<Placed>, Head, HashMap<ConversationId, Counters>) {
        let mut head = self.head;
        let mut raised: HashMap<ConversationId, Counters> = HashMap::new();
        let mut placed = Vec::with_capacity(unit.records.len());
        for draft in &unit.records {
            head.position += 1;
            head.last_at = self.at;
            if is_control(draft.kind) {
                head.control_position = head.position;
            }
            let mut seq = None;
            let mut ordinal = None;
            if let Some(conversation) = conversation_of(draft.stream) {
                let counters = raised
                    .entry(conversation)
                    .or_insert_with(|| self.counters.get(&conversation).copied().unwrap_or_default());
                counters.seq += 1;
                seq = Some(counters.seq);
                if draft.message.is_some() {
                    counters.ordinal += 1;
                    ordinal = Some(counters.ordinal);
                }
            }
            placed.push(Placed {
                record: draft.record,
                kind: draft.kind,
                position: head.position,
                seq,
                ordinal,
                at: self.at,
            });
        }
        (placed, head, raised)
    }

    fn raised(&self) -> Vec<(ConversationId, Counters)> {
        self.touched.keys().filter_map(|id| Some((*id, *self.counters.get(id)?))).collect()
    }
}

fn conversation_of(stream: Stream) -> Option<ConversationId> {
    match stream {
        Stream::Conversation(id) => Some(ConversationId::from_bytes(id)),
        Stream::Person(_) | Stream::System => None,
    }
}

/// Seals every accepted record and makes the rows.
fn seal(context: &Context, at: i64, accepted: &[Accepted<'_>]) -> Result<(Rows, Vec<Delivered>), Error> {
    let slots: Vec<Slot> = accepted
        .iter()
        .flat_map(|unit| &unit.unit.records)
        .map(|draft| Slot::monthly(scope_of(draft.stream), at))
        .collect();
    let keys = context.vault.keys(&slots)?;
    let mut rows = Rows::default();
    let mut delivered = Vec::with_capacity(slots.len());
    for Accepted { unit, placed } in accepted {
        for (draft, place) in unit.records.iter().zip(placed) {
            let opener: Zeroizing<[u8; OPENER_LEN]> = Zeroizing::new(context.random.bytes()?);
            let header = header(draft, place, commitment(&opener, &draft.body));
            let encoded = header.encode();
            let key = keys
                .get(&Slot::monthly(scope_of(draft.stream), at))
                .ok_or_else(|| Error::internal("a data key was not made"))?;
            let plain = Zeroizing::new([opener.as_slice(), &draft.body].concat());
            let sealed = context.vault.seal(key, &encoded, &plain)?;
            rows.payloads.push(PayloadRow {
                record: raw(draft.record),
                data_key: raw(sealed.key),
                nonce: sealed.nonce.to_vec(),
                ciphertext: sealed.ciphertext,
            });
            rows.journal.push(JournalRow {
                position: big(place.position),
                record: raw(draft.record),
                stream: store::stream_bytes(draft.stream),
                seq: place.seq.map(big),
                kind: i32::from(draft.kind.number()),
                header: encoded,
            });
            if let Some(row) = message_row(draft, place) {
                rows.messages.push(row);
            }
            let body = Some(Arc::from(draft.body.as_slice()));
            delivered.push(Delivered { header, body, ordinal: place.ordinal, fresh: true, committed: None });
        }
        if let (Some((author, client_id)), Some(first)) = (unit.remembered(), placed.first()) {
            rows.sent.push(SentRow {
                author: raw(author),
                client_id: raw(client_id),
                record: raw(first.record),
                at: first.at,
            });
        }
    }
    Ok((rows, delivered))
}

fn header(draft: &Draft, place: &Placed, commitment: [u8; 32]) -> Header {
    Header {
        record: draft.record.bytes(),
        position: place.position,
        stream: draft.stream,
        seq: place.seq,
        kind: draft.kind,
        actor: draft.actor.map(Id::bytes),
        on_behalf_of: None,
        conversation: draft.conversation.map(Id::bytes),
        target: draft.target,
        at: place.at,
        written_at: draft.written_at,
        commitment,
    }
}

fn message_row(draft: &Draft, place: &Placed) -> Option<MessageRow> {
    let message = draft.message?;
    let seq = big(place.seq?);
    Some(MessageRow {
        id: raw(draft.record),
        conversation: raw(conversation_of(draft.stream)?),
        seq,
        ordinal: big(place.ordinal?),
        author: raw(draft.actor?),
        at: place.at,
        current_record: raw(draft.record),
        revision: seq,
        reply_to: message.reply_to.map(raw),
        thread_root: message.thread_root.map(raw),
        urgent: message.urgent,
    })
}
