//! The index without a server and without a journal, in any directory: for `bench/`, which measures what it costs
//! that the files are encrypted, and what it costs or saves that queries are not evaluated by tantivy. The schema,
//! the tokenizer, the writer and the evaluation are those of the server. Nothing of the server uses this.

use chancery_protocol::conversation::ConversationKind;
use chancery_protocol::ids::{ConversationId, PersonId};
use tantivy::collector::{Count, TopDocs};
use tantivy::directory::Directory;
use tantivy::query::{
    AllQuery, BooleanQuery, Occur, PhraseQuery, Query, RegexPhraseQuery, RegexQuery, TermQuery,
};
use tantivy::schema::{IndexRecordOption, TantivyDocument};
use tantivy::{Index, IndexWriter, Order, ReloadPolicy, Searcher, TantivyError, Term};

use super::find::{Filters, Page, Reach};
use super::index::{settings, writer};
use super::plan::{How, Plan, Step};
use super::schema::{Entry, Fields, MESSAGE, schema, talk};
use super::segments::Snapshot;
use crate::ground::error::Error;

/// A message to be indexed.
#[derive(Debug, Clone)]
pub struct Message {
    /// Its number, from 1; where it would stand in the journal.
    pub number: u64,
    /// Where it was said.
    pub conversation: ConversationId,
    /// Who said it.
    pub author: PersonId,
    /// When, in microseconds; another one for each message.
    pub at: i64,
    /// What was said.
    pub text: String,
}

/// What a query found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// How many in all.
    pub total: u64,
    /// The times of the newest, newest first.
    pub newest: Vec<i64>,
}

/// An index that is written.
pub struct Filling {
    fields: Fields,
    writer: IndexWriter<TantivyDocument>,
}

impl Filling {
    /// A new one in a directory that has none.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn create(directory: impl Directory) -> Result<Self, TantivyError> {
        let (schema, fields) = schema();
        let mut index = Index::create(directory, schema, settings())?;
        Ok(Self { fields, writer: writer(&mut index)? })
    }

    /// Puts a message in it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn put(&self, message: Message) -> Result<(), TantivyError> {
        let entry = Entry {
            position: message.number,
            conversation: message.conversation,
            seq: message.number,
            author: message.author,
            at: message.at,
            flags: MESSAGE | talk(ConversationKind::Group),
            now: message.text,
            old: String::new(),
        };
        self.writer.add_document(entry.document(&self.fields)).map(drop)
    }

    /// Commits and waits for the merges under way.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self) -> Result<(), TantivyError> {
        self.writer.commit()?;
        self.writer.wait_merging_threads()
    }
}

/// An index that is searched.
pub struct Asked {
    searcher: Searcher,
    snapshot: Snapshot,
}

impl Asked {
    /// Opens what is in a directory.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn open(directory: impl Directory) -> Result<Self, TantivyError> {
        let index = Index::open(directory)?;
        let (_, fields) = schema();
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let searcher = reader.searcher();
        let snapshot = Snapshot::open(&searcher, fields, 0, None)?;
        Ok(Self { searcher, snapshot })
    }

    /// How many segments it has.
    pub fn segments(&self) -> usize {
        self.snapshot.segments.len()
    }

    /// Finds the newest as the server does.
    ///
    /// # Errors
    /// What is wrong with the query, or when the index cannot be read.
    pub fn find(&self, query: &str, limit: usize) -> Result<Found, Error> {
        let plan = super::parsed(query)?;
        let page = Page { after: None, oldest_first: false, limit };
        let found = self.snapshot.find(plan.as_ref(), Reach::Now, &Filters::default(), page);
        let found = found.map_err(Error::internal)?;
        Ok(Found { total: found.total, newest: found.hits.iter().map(|place| place.at).collect() })
    }

    /// The same by tantivy's own queries: parts of words are regular expressions over its dictionary.
    ///
    /// # Errors
    /// What is wrong with the query, or when the index cannot be read.
    pub fn find_by_tantivy(&self, query: &str, limit: usize) -> Result<Found, Error> {
        let plan = super::parsed(query)?;
        let query = match &plan {
            Some(plan) => by_tantivy(plan, self.snapshot.fields).map_err(Error::internal)?,
            None => Box::new(AllQuery),
        };
        let newest = TopDocs::with_limit(limit).order_by_fast_field::<i64>("at", Order::Desc);
        let (total, newest) = self.searcher.search(&query, &(Count, newest)).map_err(Error::internal)?;
        Ok(Found { total: total as u64, newest: newest.into_iter().filter_map(|(at, _)| at).collect() })
    }
}

fn by_tantivy(plan: &Plan, fields: Fields) -> Result<Box<dyn Query>, TantivyError> {
    let several = |plans: &[Plan], occur: Occur| -> Result<Box<dyn Query>, TantivyError> {
        let mut parts = Vec::with_capacity(plans.len() + 1);
        for plan in plans {
            parts.push(match (occur, plan) {
                (Occur::Must, Plan::Not(inner)) => (Occur::MustNot, by_tantivy(inner, fields)?),
                _ => (occur, by_tantivy(plan, fields)?),
            });
        }
        if parts.iter().all(|(occur, _)| *occur == Occur::MustNot) {
            parts.push((Occur::Must, Box::new(AllQuery)));
        }
        Ok(Box::new(BooleanQuery::new(parts)))
    };
    match plan {
        Plan::Leaf(steps) => leaf(steps, fields),
        Plan::Not(_) => several(std::slice::from_ref(plan), Occur::Must),
        Plan::And(plans) => several(plans, Occur::Must),
        Plan::Or(plans) => several(plans, Occur::Should),
    }
}

fn leaf(steps: &[Step], fields: Fields) -> Result<Box<dyn Query>, TantivyError> {
    let field = fields.now;
    let term = |step: &Step| Term::from_field_text(field, &step.text);
    let whole = steps.iter().all(|step| step.how == How::Whole);
    Ok(match steps {
        [one] if whole => Box::new(TermQuery::new(term(one), IndexRecordOption::Basic)),
        [one] => Box::new(RegexQuery::from_pattern(&pattern(one), field)?),
        _ if whole => Box::new(PhraseQuery::new_with_offset(
            steps.iter().map(|step| (step.offset as usize, term(step))).collect(),
        )),
        _ => Box::new(RegexPhraseQuery::new_with_offset(
            field,
            steps.iter().map(|step| (step.offset as usize, pattern(step))).collect(),
        )),
    })
}

/// Tokens have no character that means anything in a regular expression: they are letters, digits and signs.
fn pattern(step: &Step) -> String {
    let Step { text, how, .. } = step;
    match how {
        How::Whole => text.clone(),
        How::Part => format!(".*{text}.*"),
        How::Begins => format!("{text}.*"),
        How::Ends => format!(".*{text}"),
    }
}

#[cfg(test)]
mod tests {
    use chancery_protocol::ids::Id as _;
    use tantivy::directory::RamDirectory;

    use super::*;

    #[test]
    fn both_evaluations_find_the_same() {
        let directory = RamDirectory::create();
        let filling = Filling::create(directory.clone()).unwrap();
        let texts =
            ["der Kaufvertrag liegt bei", "契約書を送る", "ein Vertrag", "max@example.com", "liegt der bei"];
        for (number, text) in (1..).zip(texts) {
            let (conversation, author) = (ConversationId::from_bytes([1; 16]), PersonId::from_bytes([2; 16]));
            let at = number as i64 * 10;
            filling.put(Message { number, conversation, author, at, text: text.to_owned() }).unwrap();
        }
        filling.finish().unwrap();
        let asked = Asked::open(directory).unwrap();
        for (query, newest) in [
            ("vertrag", vec![30, 10]),
            ("\"vertrag\"", vec![30]),
            ("契約", vec![20]),
            ("書", vec![20]),
            ("\"liegt bei\"", vec![10]),
            ("der liegt", vec![50, 10]),
            ("vertrag OR max@exam", vec![40, 30, 10]),
            ("der -kaufvertrag", vec![50]),
            ("-der", vec![40, 30, 20]),
        ] {
            let want = Found { total: newest.len() as u64, newest };
            assert_eq!(asked.find(query, 5).unwrap(), want, "{query}");
            assert_eq!(asked.find_by_tantivy(query, 5).unwrap(), want, "{query} by tantivy");
        }
    }
}
