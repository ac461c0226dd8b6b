//! What the index has of a message. No text is stored: hits are read from the journal.

use chancery_protocol::conversation::ConversationKind;
use chancery_protocol::ids::{ConversationId, Id, PersonId};
use tantivy::Term;
use tantivy::schema::{
    BytesOptions, FAST, Field, INDEXED, IndexRecordOption, NumericOptions, Schema, TantivyDocument,
    TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use super::tokens::{self, BETWEEN};
use crate::messaging::whole::Whole;

/// Raised whenever the same messages would be indexed differently; an older index is made anew.
pub(super) const VERSION: u32 = 1;
/// How the tokenizer is called in the index.
pub(super) const TOKENIZER: &str = "chancery";

/// The message was edited.
pub(super) const EDITED: u64 = 1 << 16;
/// The message is deleted.
pub(super) const DELETED: u64 = 1 << 17;

/// The only kind of document so far; files come later.
pub(super) const MESSAGE: u64 = 1;

/// The fields.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields {
    /// What people may see now.
    pub now: Field,
    /// What they may not: earlier versions, and all of a deleted message. What was ever said is in either.
    pub old: Field,
    /// Where the message's own record stands in the journal; one document each.
    pub position: Field,
    /// Where it was said.
    pub conversation: Field,
    /// Its place there.
    pub seq: Field,
    /// Who said it.
    pub author: Field,
    /// When.
    pub at: Field,
    /// Kind of the document, kind of the conversation, edited, deleted.
    pub flags: Field,
}

/// The schema and its fields.
pub(super) fn schema() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let text = TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer(TOKENIZER)
            // Hits are in order of time; nothing is ranked.
            .set_fieldnorms(false)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions),
    );
    let id = BytesOptions::default().set_indexed();
    let number = NumericOptions::default() | FAST;
    let fields = Fields {
        now: schema.add_text_field("now", text.clone()),
        old: schema.add_text_field("old", text),
        position: schema.add_u64_field("position", number.clone() | INDEXED),
        conversation: schema.add_bytes_field("conversation", id.clone()),
        seq: schema.add_u64_field("seq", number.clone()),
        author: schema.add_bytes_field("author", id),
        at: schema.add_i64_field("at", number.clone()),
        flags: schema.add_u64_field("flags", number),
    };
    (schema.build(), fields)
}

/// A message as it is indexed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub position: u64,
    pub conversation: ConversationId,
    pub seq: u64,
    pub author: PersonId,
    pub at: i64,
    pub flags: u64,
    pub now: String,
    pub old: String,
}

impl Entry {
    pub fn of(whole: &Whole, kind: ConversationKind) -> Self {
        let now = whole.now().unwrap_or_default();
        let shown = whole.deleted_at.is_none().then_some(whole.current);
        let old: Vec<&str> = whole
            .versions
            .iter()
            .filter(|version| Some(version.record) != shown || !version.removed.is_empty())
            .filter_map(|version| version.text.as_deref())
            .collect();
        let edited = if whole.edited_at.is_some() { EDITED } else { 0 };
        let deleted = if whole.deleted_at.is_some() { DELETED } else { 0 };
        Self {
            position: whole.position,
            conversation: whole.conversation,
            seq: whole.seq,
            author: whole.author,
            at: whole.at,
            flags: MESSAGE | talk(kind) | edited | deleted,
            now: now.into_owned(),
            old: old.join(&BETWEEN.to_string()),
        }
    }

    pub fn document(&self, fields: &Fields) -> TantivyDocument {
        let mut document = TantivyDocument::default();
        for (field, text) in [(fields.now, &self.now), (fields.old, &self.old)] {
            if !text.is_empty() {
                document.add_text(field, text);
            }
        }
        document.add_u64(fields.position, self.position);
        document.add_bytes(fields.conversation, &self.conversation.bytes());
        document.add_u64(fields.seq, self.seq);
        document.add_bytes(fields.author, &self.author.bytes());
        document.add_i64(fields.at, self.at);
        document.add_u64(fields.flags, self.flags);
        document
    }
}

/// The bits that say what sort of conversation it is.
pub(super) const TALK: u64 = 0xff00;

/// Those of one sort.
pub(super) fn talk(kind: ConversationKind) -> u64 {
    match kind {
        ConversationKind::Direct => 1 << 8,
        ConversationKind::Group => 2 << 8,
        ConversationKind::Announcement => 3 << 8,
    }
}

/// The one document of a message.
pub(super) fn term(fields: &Fields, position: u64) -> Term {
    Term::from_field_u64(fields.position, position)
}

/// [`tokens`], as tantivy wants it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cut;

/// All tokens of a text.
pub(super) struct Stream {
    tokens: std::vec::IntoIter<tokens::Token>,
    token: Token,
}

impl Tokenizer for Cut {
    type TokenStream<'a> = Stream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream {
        Stream { tokens: tokens::all(text).into_iter(), token: Token::default() }
    }
}

impl TokenStream for Stream {
    fn advance(&mut self) -> bool {
        let Some(next) = self.tokens.next() else { return false };
        self.token.offset_from = next.start;
        self.token.offset_to = next.end;
        self.token.position = next.position as usize;
        self.token.text = next.text;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
