//! Searching over HTTP: what people may see, and, for officers, whatever was ever said.
//!
//! A query is text in the language of [`crate::query`]. Hits are in order of time, newest first unless asked otherwise.
//! A page says in `after` where the next one begins; it is absent on the last one. Spans are byte ranges of the UTF-8
//! text they stand beside, on borders of characters, ascending and apart.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Micros;
use crate::conversation::{Acknowledgement, ConversationKind, Member, Message};
use crate::ids::{ConversationId, PersonId, RecordId};
use crate::person::Person;

/// Most hits on a page.
pub const MAX_HITS: u16 = 50;
/// Most people, and most conversations, of one filter.
pub const MAX_FILTERED: usize = 200;
/// Most messages of a context on each side.
pub const MAX_CONTEXT: u16 = 50;
/// Longest reason, in characters.
pub const MAX_REASON_CHARS: usize = 500;
/// Most conversations found by name at a time.
pub const MAX_CONVERSATIONS: u16 = 50;

/// A piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Span {
    /// Its first byte.
    pub start: u32,
    /// The byte behind it.
    pub end: u32,
}

/// `POST /search`: over what the caller may see. A query is needed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OwnSearch {
    /// What to look for.
    pub query: String,
    /// Only in these conversations; in all when empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conversations: Vec<ConversationId>,
    /// Only by these people; by anybody when empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<PersonId>,
    /// Not before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Micros>,
    /// Before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Micros>,
    /// Oldest first.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub oldest_first: bool,
    /// Behind this message, from `after` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<RecordId>,
    /// At most so many, 1 to [`MAX_HITS`]; 20 when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u16>,
}

/// A message that was found, as its reader sees it now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OwnHit {
    /// Where it was said.
    pub conversation: ConversationId,
    /// The message.
    pub message: Message,
    /// What of its text is to be marked.
    pub spans: Vec<Span>,
}

/// What an [`OwnSearch`] found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OwnFound {
    /// The page.
    pub hits: Vec<OwnHit>,
    /// How many there are in all.
    pub total: u64,
    /// Where the next page begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<RecordId>,
    /// Everybody named in the hits.
    pub people: Vec<Person>,
}

/// Which messages an officer's search looks at. It is part of the record of the search.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SearchFilters {
    /// Only by these people; by anybody when empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<PersonId>,
    /// Only in these conversations; in all when empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conversations: Vec<ConversationId>,
    /// Only in conversations of these sorts; of all when empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conversation_kinds: Vec<ConversationKind>,
    /// Not before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Micros>,
    /// Before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Micros>,
    /// Only edited ones, or only those that never were.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edited: Option<bool>,
    /// Only deleted ones, or only those that are not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deleted: Option<bool>,
}

/// `POST /compliance/searches`: over every version of every message. On record before it is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ComplianceSearch {
    /// Why; 1 to [`MAX_REASON_CHARS`] characters.
    pub reason: String,
    /// What to look for; empty for everything the filters let through.
    pub query: String,
    /// Which messages are looked at.
    #[serde(default)]
    pub filters: SearchFilters,
    /// Oldest first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub oldest_first: bool,
    /// At most so many on a page, 1 to [`MAX_HITS`]; 20 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u16>,
}

/// `POST /compliance/searches/{search}/pages`: the next page of one's own search. On record too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NextPage {
    /// From `after` of the page before.
    pub after: RecordId,
}

/// What a message said from some moment on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MessageVersion {
    /// The record that says so.
    pub record: RecordId,
    /// Where it stands in the journal.
    pub position: u64,
    /// From when on.
    pub at: Micros,
    /// As typed; absent when the record does not verify.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What of it is to be marked; none where it does not match.
    pub spans: Vec<Span>,
    /// What of it a rule keeps from members, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<RemovedPart>,
}

/// A piece of a text that members do not get.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RemovedPart {
    /// Where it stands.
    #[serde(flatten)]
    pub span: Span,
    /// What members read in its place.
    pub instead: String,
}

/// A deletion, or that it was taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MessageRemoval {
    /// Where it stands in the journal.
    pub position: u64,
    /// When.
    pub at: Micros,
    /// Who.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
    /// Whether it took a deletion back.
    pub restored: bool,
}

/// A message with everything it ever said, for officers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WholeMessage {
    /// Which.
    pub id: RecordId,
    /// Where it was said.
    pub conversation: ConversationId,
    /// Its place there.
    pub seq: u64,
    /// Its place in the journal.
    pub position: u64,
    /// Who said it.
    pub author: PersonId,
    /// When.
    pub at: Micros,
    /// The first text and every later one, in order; the last one counts, unless the message is deleted.
    pub versions: Vec<MessageVersion>,
    /// Deletions and what took them back, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removals: Vec<MessageRemoval>,
    /// When it was last edited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Micros>,
    /// When it was deleted, if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<Micros>,
    /// The message it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<RecordId>,
    /// Whether it asked everybody else to acknowledge it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub urgent: bool,
    /// Who did, in the order in which they did.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acknowledged: Vec<Acknowledgement>,
}

/// A conversation an officer sees hits of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ConversationRef {
    /// Which.
    pub id: ConversationId,
    /// What sort.
    pub kind: ConversationKind,
    /// Its name; direct talks have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How many are members now.
    pub member_count: u32,
    /// The two people of a direct talk; empty for others.
    pub pair: Vec<PersonId>,
}

/// How long a bar of a histogram lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BarUnit {
    /// A day in UTC.
    Day,
    /// A month in UTC.
    Month,
}

/// How many messages were found in a day or month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Bar {
    /// When it begins.
    pub start: Micros,
    /// How many.
    pub count: u64,
}

/// When the hits were said, all of them; days or months without any are left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Histogram {
    /// How long a bar lasts: months where the hits lie more than 120 days apart.
    pub unit: BarUnit,
    /// Ascending.
    pub bars: Vec<Bar>,
}

/// What a [`ComplianceSearch`] or a [`NextPage`] found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ComplianceFound {
    /// The record of the search: for the next page and for contexts.
    pub search: RecordId,
    /// The record of this page; for the first one, the same.
    pub record: RecordId,
    /// When it was recorded.
    pub at: Micros,
    /// The page.
    pub hits: Vec<WholeMessage>,
    /// How many there are in all.
    pub total: u64,
    /// When they were said.
    pub histogram: Histogram,
    /// Where the next page begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<RecordId>,
    /// Records of the journal up to here were looked at.
    pub position: u64,
    /// Everybody named in the hits.
    pub people: Vec<Person>,
    /// Every conversation of the hits.
    pub conversations: Vec<ConversationRef>,
}

/// `POST /compliance/searches/{search}/context`: a message among its neighbours. On record before it is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ContextRequest {
    /// Which message.
    pub message: RecordId,
    /// Messages before and after it, up to [`MAX_CONTEXT`] each; 5 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub around: Option<u16>,
}

/// A message among its neighbours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Context {
    /// The record of this reading.
    pub record: RecordId,
    /// When it was recorded.
    pub at: Micros,
    /// Where it was said.
    pub conversation: ConversationRef,
    /// Who was a member when the message was said.
    pub members: Vec<Member>,
    /// The messages, ascending, the one asked for among them. What matches the search's query is marked.
    pub messages: Vec<WholeMessage>,
    /// Everybody named.
    pub people: Vec<Person>,
}

/// `POST /compliance/conversations`: conversations to filter by. On record before it is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FindConversations {
    /// Why; as for a search.
    pub reason: String,
    /// Words that all occur in the name; direct talks have none and are found by `people` only.
    #[serde(default)]
    pub text: String,
    /// All of these are or were members.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<PersonId>,
    /// At most so many, 1 to [`MAX_CONVERSATIONS`]; 20 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u16>,
}

/// Conversations that were found, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ConversationsFound {
    /// The record of this reading.
    pub record: RecordId,
    /// The first of them.
    pub conversations: Vec<ConversationRef>,
    /// How many there are in all.
    pub total: u64,
    /// The people of direct talks.
    pub people: Vec<Person>,
}
