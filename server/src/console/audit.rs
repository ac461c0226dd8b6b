//! Reading the audit log: every record of a person's stream or the system's, newest first.
//!
//! Compliance leads and auditors read all of it; officers and administrators what they did themselves. What rules found in a text is
//! for those who may read rules.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use chancery_ledger::{Header, Kind, Stream};
use chancery_protocol::audit::{
    AuditDetail, AuditEntry, AuditNews, AuditPage, AuditPerson, AuditQuery, MAX_ENTRIES,
};
use chancery_protocol::ids::{ConversationId, Id, PersonId, RecordId};
use serde::Serialize;
use serde_json::{Map, Value};

use super::changes;
use super::records::AuditRead;
use crate::access::{Act, Caller, decide};
use crate::directory::{Directory, names};
use crate::ground::db::Conn;
use crate::ground::error::{Code, Error};
use crate::journal::{Damaged, Journal, Opened, Range, Unit, first_not_before, head, system_headers};

/// Headers are looked through so many at a time.
const CHUNK: i64 = 2_000;

/// The log.
#[derive(Clone)]
pub struct Audit {
    pub(super) journal: Journal,
    pub(super) directory: Arc<Directory>,
}

/// A query that was understood.
pub(super) struct Wanted {
    /// Positions: after the first, before the second.
    after: u64,
    pub(super) before: u64,
    kinds: Vec<Kind>,
    actor: Option<PersonId>,
    system: bool,
    on: Option<PersonId>,
    words: Vec<String>,
    /// Up to which position the log is read.
    pub(super) looked_at: u64,
    pub(super) view: View,
}

/// What of the log somebody sees.
#[derive(Debug, Clone, Copy)]
pub(super) struct View {
    reader: PersonId,
    /// What everybody did, not only they themselves.
    all: bool,
    /// What rules found, too.
    rules: bool,
}

impl View {
    fn of(reader: &Caller) -> Self {
        // No access token has the scope of what is done by people only.
        let may = |act| decide(reader.roles, act) && reader.scopes.is_none_or(|scopes| scopes.allow(act));
        Self { reader: reader.person, all: may(Act::ReadWholeAudit), rules: may(Act::ReadPolicy) }
    }

    /// Of a rule that only flags its sender is told nothing, not even by an entry of their own.
    fn has(self, header: &Header) -> bool {
        let own = header.actor == Some(self.reader.bytes());
        let flagged = header.kind == Kind::RuleMatched;
        (own || self.all) && (self.rules || !(own && flagged))
    }
}

/// What fits a query.
pub(super) struct Fitting {
    /// The newest ones.
    pub(super) headers: Vec<Header>,
    /// How many there are in all.
    pub(super) count: u64,
}

impl Audit {
    /// The log over a journal.
    pub fn new(journal: Journal, directory: Arc<Directory>) -> Self {
        Self { journal, directory }
    }

    /// A page of the log.
    ///
    /// # Errors
    /// `bad_request` and `out_of_range` for what is wrong with the query; when the record cannot be written.
    pub fn page(&self, reader: &Caller, query: &AuditQuery) -> Result<AuditPage, Error> {
        if !(1..=MAX_ENTRIES).contains(&query.limit) {
            return Err(Error::from(Code::OutOfRange).field("limit"));
        }
        let mut conn = self.journal.db().reader()?;
        let wanted = self.wanted(&mut conn, reader, query)?;
        let limit = query.limit as usize;
        let first = query.before.is_none();
        // One more than is shown says whether there is another page; only the first page counts them all.
        let fitting = self.fitting(&mut conn, &wanted, limit + 1, first)?;
        let more = fitting.headers.len() > limit;
        let shown = &fitting.headers[..fitting.headers.len().min(limit)];
        let entries = self.entries(&mut conn, shown, wanted.view)?;
        drop(conn);
        let positions: Vec<u64> = entries.iter().map(|entry| entry.position).collect();
        let older = more.then(|| positions.last().copied()).flatten();
        let read = AuditRead { query: Some(query.clone()), shown: positions };
        self.on_record(reader, Kind::AuditRead, &read)?;
        let people = self.people(&entries);
        let matching = first.then_some(fitting.count);
        Ok(AuditPage { entries, matching, older, looked_at: wanted.looked_at, people })
    }

    /// How many entries have come since `query.after`.
    ///
    /// # Errors
    /// As [`Audit::page`].
    pub fn news(&self, reader: &Caller, query: &AuditQuery) -> Result<AuditNews, Error> {
        let mut conn = self.journal.db().reader()?;
        let wanted = self.wanted(&mut conn, reader, query)?;
        Ok(AuditNews { count: self.fitting(&mut conn, &wanted, 0, true)?.count })
    }

    /// One entry.
    ///
    /// # Errors
    /// `not_found` for what is no entry, or none that the reader may see; when the record cannot be written.
    pub fn entry(&self, reader: &Caller, position: u64) -> Result<AuditDetail, Error> {
        let mut conn = self.journal.db().reader()?;
        let around =
            Range { after: position.saturating_sub(1), before: position.saturating_add(1), kinds: &[] };
        let found = system_headers(&mut conn, around, 1)?.pop().ok_or_else(Error::not_found)?;
        let header = found.1.ok_or_else(|| Error::damaged(position))?;
        let view = View::of(reader);
        if !view.has(&header) {
            return Err(Error::not_found());
        }
        let opened = self.opened(&mut conn, std::slice::from_ref(&header))?;
        let changes = changes::of(&self.journal, &mut conn, &header, opened.get(&id_of(&header)))?;
        let entry = entry_of(&header, opened.get(&id_of(&header)), view);
        drop(conn);
        self.on_record(reader, Kind::AuditRead, &AuditRead { query: None, shown: vec![position] })?;
        let mut people = self.people(std::slice::from_ref(&entry));
        let mut said = BTreeSet::new();
        if let Some(body) = &entry.body {
            people_in(body, &mut said);
        }
        said.retain(|id| people.iter().all(|known| known.id != *id));
        people.extend(said.into_iter().filter_map(|id| self.named(id)));
        Ok(AuditDetail { entry, changes, people })
    }

    /// Commits the record of a reading. What was prepared may be shown only after this.
    pub(super) fn on_record(&self, reader: &Caller, kind: Kind, body: &impl Serialize) -> Result<(), Error> {
        let draft = self.journal.draft(Stream::System, kind, Some(reader.person), body)?;
        self.journal.commit_blocking(Unit { records: vec![draft], ..Unit::default() }).map(drop)
    }

    /// Reads a query.
    pub(super) fn wanted(
        &self,
        conn: &mut Conn,
        reader: &Caller,
        query: &AuditQuery,
    ) -> Result<Wanted, Error> {
        let kinds = query.kinds.split(',').filter(|name| !name.is_empty()).map(kind_named);
        let kinds = kinds.collect::<Result<Vec<Kind>, Error>>()?;
        let looked_at = head(conn)?.position;
        let after = match query.from {
            Some(from) => first_not_before(conn, from, looked_at)? - 1,
            None => 0,
        };
        let before = match query.until {
            Some(until) => first_not_before(conn, until, looked_at)?,
            None => looked_at + 1,
        };
        let words = names::fold(query.text.trim().trim_start_matches(['@', '#']));
        let mut wanted = Wanted {
            after: after.max(query.after.unwrap_or(0)),
            before: before.min(query.before.unwrap_or(u64::MAX)),
            kinds,
            actor: query.actor,
            system: query.system,
            on: query.on,
            words: words.split_whitespace().map(str::to_owned).collect(),
            looked_at,
            view: View::of(reader),
        };
        if !wanted.view.all {
            // Who may only read what he did himself and asks for others finds nothing.
            wanted.system |= query.actor.is_some_and(|actor| actor != reader.person);
            wanted.actor = Some(reader.person);
        }
        Ok(wanted)
    }

    /// The newest `most` headers that fit, and, if `whole`, how many there are.
    pub(super) fn fitting(
        &self,
        conn: &mut Conn,
        wanted: &Wanted,
        most: usize,
        whole: bool,
    ) -> Result<Fitting, Error> {
        let mut fitting = Fitting { headers: Vec::new(), count: 0 };
        let mut named = HashMap::new();
        let mut before = wanted.before;
        loop {
            let range = Range { after: wanted.after, before, kinds: &wanted.kinds };
            let rows = system_headers(conn, range, CHUNK)?;
            let Some((last, _)) = rows.last() else { return Ok(fitting) };
            before = *last;
            let ended = rows.len() < CHUNK as usize;
            for header in rows.into_iter().filter_map(|(_, header)| header) {
                if !self.fits(wanted, &header, &mut named) {
                    continue;
                }
                fitting.count += 1;
                if fitting.headers.len() < most {
                    fitting.headers.push(header);
                }
            }
            if ended || (!whole && fitting.headers.len() >= most) {
                return Ok(fitting);
            }
        }
    }

    fn fits(&self, wanted: &Wanted, header: &Header, named: &mut HashMap<PersonId, String>) -> bool {
        let actor = header.actor.map(PersonId::from_bytes);
        let person = person_of(header);
        if !wanted.view.has(header)
            || wanted.system && actor.is_some()
            || wanted.actor.is_some_and(|wanted| actor != Some(wanted))
            || wanted.on.is_some_and(|wanted| person != Some(wanted))
        {
            return false;
        }
        let mut of = |person: Option<PersonId>| match person {
            Some(id) => named.entry(id).or_insert_with(|| self.folded(id)).clone(),
            None => String::new(),
        };
        wanted.words.is_empty() || {
            let (actor, person) = (of(actor), of(person));
            let position = header.position.to_string();
            wanted.words.iter().all(|word| {
                actor.contains(word.as_str())
                    || person.contains(word.as_str())
                    || header.kind.name().contains(word.as_str())
                    || position == *word
            })
        }
    }

    fn folded(&self, id: PersonId) -> String {
        let entry = self.directory.get(id);
        entry
            .map(|entry| format!("{} {}", names::fold(&entry.person.name), entry.person.username))
            .unwrap_or_default()
    }

    /// These records as entries.
    pub(super) fn entries(
        &self,
        conn: &mut Conn,
        headers: &[Header],
        view: View,
    ) -> Result<Vec<AuditEntry>, Error> {
        let opened = self.opened(conn, headers)?;
        Ok(headers.iter().map(|header| entry_of(header, opened.get(&id_of(header)), view)).collect())
    }

    fn opened(
        &self,
        conn: &mut Conn,
        headers: &[Header],
    ) -> Result<HashMap<RecordId, Result<Opened, Damaged>>, Error> {
        let ids: Vec<RecordId> = headers.iter().map(id_of).collect();
        self.journal.records().by_record(conn, &ids)
    }

    /// Everybody named in these entries.
    pub(super) fn people(&self, entries: &[AuditEntry]) -> Vec<AuditPerson> {
        let ids: BTreeSet<PersonId> =
            entries.iter().flat_map(|entry| [entry.actor, entry.person]).flatten().collect();
        ids.into_iter().filter_map(|id| self.named(id)).collect()
    }

    pub(super) fn named(&self, id: PersonId) -> Option<AuditPerson> {
        let entry = self.directory.get(id)?;
        let (username, name) = (entry.person.username.clone(), entry.person.name.clone());
        Some(AuditPerson { id, username, name })
    }
}

/// The people a record names who are neither who did it nor on whom: who asked, who agreed, whose account it is about.
fn people_in(body: &Value, found: &mut BTreeSet<PersonId>) {
    match body {
        Value::Object(fields) => {
            for (name, value) in fields {
                match (name.as_str(), value.as_str()) {
                    ("person" | "asked_by" | "agreed_by", Some(text)) => {
                        found.extend(text.parse::<PersonId>())
                    }
                    _ => people_in(value, found),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| people_in(value, found)),
        _ => {}
    }
}

fn id_of(header: &Header) -> RecordId {
    RecordId::from_bytes(header.record)
}

fn kind_named(name: &str) -> Result<Kind, Error> {
    let found = Kind::ALL.iter().copied().find(|kind| !kind.in_conversation() && kind.name() == name);
    found.ok_or_else(|| {
        Error::from(Code::BadRequest)
            .field("kinds")
            .detail("There is no such kind of entry in the audit log.")
    })
}

/// On whom: the person of the stream, or the target of a record about a person.
fn person_of(header: &Header) -> Option<PersonId> {
    match header.stream {
        Stream::Person(id) => Some(PersonId::from_bytes(id)),
        Stream::Conversation(_) | Stream::System => None,
    }
}

fn entry_of(header: &Header, opened: Option<&Result<Opened, Damaged>>, view: View) -> AuditEntry {
    let opened = opened.and_then(|opened| opened.as_ref().ok());
    let body = opened.and_then(|opened| said(header.kind, &opened.body, view.rules));
    AuditEntry {
        position: header.position,
        record: id_of(header),
        at: header.at,
        kind: header.kind.name().to_owned(),
        actor: header.actor.map(PersonId::from_bytes),
        person: person_of(header),
        conversation: header.conversation.map(ConversationId::from_bytes),
        body,
    }
}

/// What a record says, without what people wrote to each other; with what rules found for those who may read rules.
fn said(kind: Kind, body: &[u8], rules: bool) -> Option<Value> {
    let mut value: Value = serde_json::from_slice(body.get(1..)?).ok()?;
    if let (Kind::AttemptBlocked | Kind::AttemptWarned | Kind::AttemptWaiting, Some(fields)) =
        (kind, value.as_object_mut())
    {
        fields.remove("text");
    }
    if let (false, Some(fields)) = (rules, value.as_object_mut()) {
        for field in found_by_rules(kind) {
            fields.remove(*field);
        }
    }
    if let Some(fields) = value.as_object_mut() {
        without_contents(kind, fields);
    }
    if kind == Kind::StatusSet
        && let Some(fields) = value.as_object_mut()
    {
        let cleared = fields.remove("text").is_none_or(|text| text == "");
        fields.insert("cleared".to_owned(), Value::Bool(cleared));
    }
    Some(value)
}

/// What rules found and where, and what author and officer said of it: whoever reads that tries a list out word by word.
fn found_by_rules(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::AttemptBlocked | Kind::AttemptWarned | Kind::AttemptWaiting | Kind::RuleMatched => {
            &["findings", "notices", "removed", "reason"]
        }
        Kind::AttemptReleased => &["note"],
        Kind::AttemptRefused => &["words"],
        _ => &[],
    }
}

/// Rules, word lists and the policy text are for those who write them: here it is told which items there were, not what they say.
fn without_contents(kind: Kind, fields: &mut Map<String, Value>) {
    let list = match kind {
        Kind::PolicySet => fields.get_mut("items"),
        Kind::RequestAsked => fields.get_mut("content").and_then(|content| content.get_mut("changes")),
        Kind::PolicyTested => {
            fields.remove("content");
            fields.get_mut("lists")
        }
        _ => None,
    };
    for item in list.and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(item) = item.as_object_mut() {
            item.remove("content");
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown(kind: Kind, body: &Value) -> Value {
        said(kind, format!("\u{1}{body}").as_bytes(), true).unwrap()
    }

    #[test]
    fn contents_of_the_policy_stay_with_those_who_write_it() {
        let content = json!({"kind": "list", "entries": ["hush"]});
        let item = json!({"kind": "list", "name": "shares", "version": 2, "content": content});
        let set = json!({"items": [item], "asked_by": "a", "agreed_by": "b", "via": "web"});
        let item = json!({"kind": "list", "name": "shares", "version": 2});
        let expected = json!({"items": [item], "asked_by": "a", "agreed_by": "b", "via": "web"});
        assert_eq!(shown(Kind::PolicySet, &set), expected);

        let change = json!({"kind": "list", "name": "shares", "from_version": 1, "content": content});
        let asked = json!({"act": "policy", "content": {"changes": [change]}, "reason": "New shares."});
        let change = json!({"kind": "list", "name": "shares", "from_version": 1});
        let expected = json!({"act": "policy", "content": {"changes": [change]}, "reason": "New shares."});
        assert_eq!(shown(Kind::RequestAsked, &asked), expected);

        let lists = json!([{"name": "shares", "content": content}]);
        let tested = json!({"rule": "cards", "content": content, "lists": lists});
        let expected = json!({"rule": "cards", "lists": [{"name": "shares"}]});
        assert_eq!(shown(Kind::PolicyTested, &tested), expected);
    }
}
