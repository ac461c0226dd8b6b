//! Looking up: which messages match, how many, when they were said, and one page of them.
//!
//! Every part of a query becomes a set of documents of a segment, so counts are exact. Hits are in order of time and,
//! within a microsecond, of position; a page ends at a hit and the next one begins behind it, so none is skipped.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap};
use std::io;

use chancery_protocol::Micros;
use chancery_protocol::conversation::ConversationKind;
use chancery_protocol::ids::{ConversationId, Id, PersonId};

use super::bits::{Bits, of_block};
use super::plan::{Plan, Step};
use super::schema::{DELETED, EDITED, TALK, talk};
use super::segments::{Segment, Snapshot, with_id};

const DAY: Micros = 86_400_000_000;
/// All seqs of a conversation.
const EVERYTHING: (u64, u64) = (0, u64::MAX);

/// What is searched of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// What people may see now.
    Now,
    /// Whatever it ever said.
    Ever,
}

/// Which messages count at all.
#[derive(Debug, Clone, Default)]
pub struct Filters {
    /// Only of these conversations.
    pub conversations: Option<Vec<ConversationId>>,
    /// Only what stands between two seqs of a conversation, both included; nothing of others.
    pub within: Option<HashMap<ConversationId, (u64, u64)>>,
    /// Only by these people; anybody when empty.
    pub people: Vec<PersonId>,
    /// Only in conversations of these sorts; any when empty.
    pub talks: Vec<ConversationKind>,
    /// Not before.
    pub from: Option<Micros>,
    /// Before.
    pub until: Option<Micros>,
    /// Edited, or not.
    pub edited: Option<bool>,
    /// Deleted, or not.
    pub deleted: Option<bool>,
}

/// A place in the order of hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// When the message was said.
    pub at: Micros,
    /// Where it stands in the journal.
    pub position: u64,
}

/// Which hits are wanted.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// Those behind this one.
    pub after: Option<Place>,
    /// Oldest first instead of newest first.
    pub oldest_first: bool,
    /// At most so many.
    pub limit: usize,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The page, in order.
    pub hits: Vec<Place>,
    /// Whether there are more behind it.
    pub more: bool,
    /// How many there are in all.
    pub total: u64,
    /// How many on each day in UTC that has any, by days since 1970-01-01.
    pub days: BTreeMap<i64, u64>,
    /// Records up to here were looked at.
    pub position: u64,
}

impl Snapshot {
    /// Searches; without a plan, everything the filters let through is found.
    pub(super) fn find(
        &self,
        plan: Option<&Plan>,
        reach: Reach,
        filters: &Filters,
        page: Page,
    ) -> io::Result<Found> {
        let mut found =
            Found { hits: Vec::new(), more: false, total: 0, days: BTreeMap::new(), position: self.position };
        let mut best = Best::new(page);
        for segment in &self.segments {
            let docs = self.matching(segment, plan, reach, filters)?;
            found.total += docs.count();
            segment.days(&docs, &mut found.days);
            segment.best(&docs, &mut best);
        }
        (found.hits, found.more) = best.end();
        Ok(found)
    }

    fn matching(
        &self,
        segment: &Segment,
        plan: Option<&Plan>,
        reach: Reach,
        filters: &Filters,
    ) -> io::Result<Bits> {
        let mut docs = match plan {
            Some(plan) => evaluate(segment, plan, reach)?,
            None => Bits::all(segment.documents()),
        };
        if docs.is_empty() {
            return Ok(docs);
        }
        if let Some(alive) = segment.reader.alive_bitset() {
            docs.retain(|doc| alive.is_alive(doc));
        }
        self.apply(segment, filters, &mut docs)?;
        Ok(docs)
    }

    fn apply(&self, segment: &Segment, filters: &Filters, docs: &mut Bits) -> io::Result<()> {
        if let Some(conversations) = &filters.conversations {
            segment.keep_in(docs, conversations.iter().map(|id| (*id, EVERYTHING)))?;
        }
        if let Some(within) = &filters.within {
            segment.keep_in(docs, within.iter().map(|(id, bounds)| (*id, *bounds)))?;
        }
        if !filters.people.is_empty() {
            let mut by = Bits::none(segment.documents());
            for id in &filters.people {
                with_id(&segment.kept.author, self.fields.author, id.bytes(), docs, |doc| by.insert(doc))?;
            }
            *docs = by;
        }
        if filters.from.is_some() || filters.until.is_some() {
            let (from, until) = (filters.from.unwrap_or(i64::MIN), filters.until.unwrap_or(i64::MAX));
            docs.retain(|doc| (from..until).contains(&segment.kept.at.get_val(doc)));
        }
        let talks: Vec<u64> = filters.talks.iter().map(|kind| talk(*kind)).collect();
        if filters.edited.is_some() || filters.deleted.is_some() || !talks.is_empty() {
            let fits = |flags: u64, bit: u64, wanted: Option<bool>| {
                wanted.is_none_or(|wanted| (flags & bit != 0) == wanted)
            };
            docs.retain(|doc| {
                let flags = segment.kept.flags.get_val(doc);
                fits(flags, EDITED, filters.edited)
                    && fits(flags, DELETED, filters.deleted)
                    && (talks.is_empty() || talks.contains(&(flags & TALK)))
            });
        }
        Ok(())
    }
}

impl Segment {
    /// Keeps what was said in these conversations, between two seqs of each.
    fn keep_in(
        &self,
        docs: &mut Bits,
        conversations: impl Iterator<Item = (ConversationId, (u64, u64))>,
    ) -> io::Result<()> {
        let kept = &self.kept;
        let terms = kept.conversation.terms();
        let mut open = vec![None; terms.num_terms()];
        for (id, bounds) in conversations {
            let room = terms.term_ord(id.bytes())?;
            if let Some(open) = room.and_then(|room| open.get_mut(usize::try_from(room).ok()?)) {
                *open = Some(bounds);
            }
        }
        docs.retain(|doc| {
            let room = kept.rooms.get(doc as usize).and_then(|room| open.get(*room as usize));
            match room.copied().flatten() {
                // Most people see all of most conversations.
                Some((..=1, u64::MAX)) => true,
                Some((since, until)) => (since..=until).contains(&kept.seq.get_val(doc)),
                None => false,
            }
        });
        Ok(())
    }

    /// Counts documents by days.
    fn days(&self, docs: &Bits, days: &mut BTreeMap<i64, u64>) {
        let mut day = (i64::MIN, 0);
        for (block, bits) in docs.blocks() {
            let (first, last) = self.said_between(block);
            let of = first.div_euclid(DAY);
            if of == last.div_euclid(DAY) {
                count(days, &mut day, of, u64::from(bits.count_ones()));
            } else {
                of_block(block, bits)
                    .for_each(|doc| count(days, &mut day, self.kept.at.get_val(doc).div_euclid(DAY), 1));
            }
        }
        add(days, day);
    }

    fn said_between(&self, block: usize) -> (Micros, Micros) {
        self.kept.times.get(block).copied().unwrap_or((Micros::MIN, Micros::MAX))
    }

    /// Offers documents for the page; blocks that lie wholly outside of what it can take are not looked at.
    fn best(&self, docs: &Bits, best: &mut Best) {
        let oldest_first = best.page.oldest_first;
        let look = |(block, bits): (usize, u64)| {
            let (first, last) = self.said_between(block);
            if !best.may_take_between(first, last) {
                return;
            }
            for doc in of_block(block, bits) {
                let at = self.kept.at.get_val(doc);
                if best.may_take_between(at, at) {
                    best.offer(Place { at, position: self.kept.position.get_val(doc) });
                }
            }
        };
        // Documents are about in the order of time: the page is full soon.
        match oldest_first {
            true => docs.blocks().for_each(look),
            false => docs.blocks().rev().for_each(look),
        }
    }
}

fn evaluate(segment: &Segment, plan: &Plan, reach: Reach) -> io::Result<Bits> {
    match plan {
        Plan::Leaf(steps) => leaf(segment, steps, reach),
        Plan::Not(inner) => {
            let mut docs = evaluate(segment, inner, reach)?;
            docs.invert();
            Ok(docs)
        }
        Plan::And(plans) => {
            let mut docs = Bits::all(segment.documents());
            for plan in plans {
                docs.intersect(&evaluate(segment, plan, reach)?);
            }
            Ok(docs)
        }
        Plan::Or(plans) => {
            let mut docs = Bits::none(segment.documents());
            for plan in plans {
                docs.unite(&evaluate(segment, plan, reach)?);
            }
            Ok(docs)
        }
    }
}

fn leaf(segment: &Segment, steps: &[Step], reach: Reach) -> io::Result<Bits> {
    let mut docs = segment.kept.now.following(steps, segment.documents())?;
    if reach == Reach::Ever {
        docs.unite(&segment.kept.old.following(steps, segment.documents())?);
    }
    Ok(docs)
}

/// Counts `many` more of a day: neighbours are mostly of one.
fn count(days: &mut BTreeMap<i64, u64>, day: &mut (i64, u64), of: i64, many: u64) {
    if of != day.0 {
        add(days, *day);
        *day = (of, 0);
    }
    day.1 += many;
}

fn add(days: &mut BTreeMap<i64, u64>, (day, count): (i64, u64)) {
    if count > 0 {
        *days.entry(day).or_default() += count;
    }
}

/// The first places in the wanted order, of all that are offered.
struct Best {
    page: Page,
    /// The last of those kept is on top. Newest first is kept with its sign turned.
    kept: BinaryHeap<Key>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Oldest(Place),
    Newest(Reverse<Place>),
}

impl Best {
    fn new(page: Page) -> Self {
        Self { page, kept: BinaryHeap::with_capacity(page.limit + 2) }
    }

    fn key(&self, place: Place) -> Key {
        if self.page.oldest_first { Key::Oldest(place) } else { Key::Newest(Reverse(place)) }
    }

    /// Whether something said between these can still get among them: most cannot, and need not be looked at.
    fn may_take_between(&self, first: Micros, last: Micros) -> bool {
        let behind = self
            .page
            .after
            .is_none_or(|after| if self.page.oldest_first { last >= after.at } else { first <= after.at });
        let full = self.kept.len() > self.page.limit;
        behind
            && match self.kept.peek().filter(|_| full) {
                None => true,
                Some(Key::Oldest(place)) => first <= place.at,
                Some(Key::Newest(Reverse(place))) => last >= place.at,
            }
    }

    fn offer(&mut self, place: Place) {
        let key = self.key(place);
        if self.page.after.is_some_and(|after| key <= self.key(after)) {
            return;
        }
        if self.kept.len() > self.page.limit && self.kept.peek().is_some_and(|last| key >= *last) {
            return;
        }
        self.kept.push(key);
        // One more than wanted says that there are more.
        if self.kept.len() > self.page.limit + 1 {
            self.kept.pop();
        }
    }

    fn end(self) -> (Vec<Place>, bool) {
        let limit = self.page.limit;
        let mut places: Vec<Place> = self
            .kept
            .into_sorted_vec()
            .into_iter()
            .map(|key| match key {
                Key::Oldest(place) | Key::Newest(Reverse(place)) => place,
            })
            .collect();
        let more = places.len() > limit;
        places.truncate(limit);
        (places, more)
    }
}
