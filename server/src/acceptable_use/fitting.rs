//! What is wrong with rules, lists and texts: each by itself, and all that would count together.
//!
//! Rules and lists are compiled as one pack, so that `list:name` means the same list in every rule.

use std::collections::BTreeMap;

use chancery_protocol::ids::{ConversationId, GroupId, PersonId};
use chancery_protocol::policy::{ItemKind, PolicyText};
use chancery_screening::{Pack, Problem, Rule, Scope, Set};

use super::items::Content;
use super::store::Running;
use crate::conversations::store as conversations;
use crate::directory::names::unfit;
use crate::directory::{groups, store as people};
use crate::ground::db::Conn;
use crate::ground::error::{Code, Error};

/// Longest title and heading, in characters.
const MAX_TITLE: usize = 120;
/// Longest text of a section.
const MAX_SECTION: usize = 16_000;
/// Most sections.
const MAX_SECTIONS: usize = 50;
/// Longest line of the essence.
const MAX_LINE: usize = 200;
/// Most lines of it.
const MAX_LINES: usize = 4;
/// Ten years.
const MAX_DAYS: u32 = 3_660;

/// Everything that would count.
#[derive(Debug, Clone, Default)]
pub(super) struct Whole {
    rules: BTreeMap<(i32, String), Rule>,
    lists: BTreeMap<String, Vec<String>>,
}

impl Whole {
    /// What counts now.
    pub fn of(running: impl IntoIterator<Item = Running>) -> Self {
        let mut whole = Self::default();
        for item in running {
            whole.put(&item.name, item.place, item.content);
        }
        whole
    }

    /// An item would count, in the place of one of its kind and name.
    pub fn put(&mut self, name: &str, place: i32, content: Content) {
        self.take(content.kind(), name);
        match content {
            Content::Rule { rule } => drop(self.rules.insert((place, name.to_owned()), *rule)),
            Content::List { entries } => drop(self.lists.insert(name.to_owned(), entries)),
            Content::Text(_) => {}
        }
    }

    /// An item would not count.
    pub fn take(&mut self, kind: ItemKind, name: &str) {
        match kind {
            ItemKind::Rule => self.rules.retain(|(_, known), _| known != name),
            ItemKind::List => drop(self.lists.remove(name)),
            ItemKind::Text => {}
        }
    }

    fn pack(self) -> Pack {
        Pack {
            id: "policy".to_owned(),
            name: "Policy".to_owned(),
            about: String::new(),
            lists: self.lists,
            rules: self.rules.into_values().collect(),
        }
    }

    /// Whether it all compiles.
    ///
    /// # Errors
    /// `rule_invalid` with every problem at its field, such as `rules.card-numbers.match`.
    pub fn check(self) -> Result<(), Error> {
        match Set::compile(&[self.pack()]) {
            Ok(_) => Ok(()),
            Err(problems) => Error::all(problems.into_iter().map(problem).collect()),
        }
    }
}

fn problem(problem: Problem) -> Error {
    let Problem { rule, field, at, reason, .. } = problem;
    let field = field.replace(' ', ".");
    let field = rule.map_or_else(|| field.clone(), |rule| format!("rules.{rule}.{field}"));
    let detail = match at {
        Some(at) => format!("character {}: {reason}", at + 1),
        None => reason,
    };
    wrong(field, detail)
}

fn wrong(field: impl Into<String>, detail: impl Into<String>) -> Error {
    Error::from(Code::RuleInvalid).field(field).detail(detail)
}

/// What is wrong with an item whatever else counts: its name within, the people and places it is for, a text's lengths.
///
/// # Errors
/// `rule_invalid` with every problem at its field; when the database cannot be read.
pub(super) fn alone(conn: &mut Conn, name: &str, content: &Content) -> Result<(), Error> {
    match content {
        Content::Rule { rule } => {
            let mut found = Vec::new();
            if rule.id != name {
                found.push(wrong(format!("rules.{name}.id"), "is not the name of the item"));
            }
            for (scope, field) in scopes(rule) {
                found.extend(unknown(conn, scope, &format!("rules.{name}.{field}"))?);
            }
            Error::all(found)
        }
        Content::List { .. } => Ok(()),
        Content::Text(text) => Error::all(text_problems(text)),
    }
}

fn scopes(rule: &Rule) -> impl Iterator<Item = (&Scope, String)> {
    let exceptions = rule.exceptions.iter().zip(1..);
    let exceptions = exceptions.map(|(scope, number)| (scope, format!("exceptions.{number}")));
    std::iter::once((&rule.scope, "scope".to_owned())).chain(exceptions)
}

/// Groups, people and conversations that are not there.
fn unknown(conn: &mut Conn, scope: &Scope, field: &str) -> Result<Vec<Error>, Error> {
    let mut found = Vec::new();
    let mut look = |ids: &[String], part: &str, is_there: &mut dyn FnMut(&str) -> Result<bool, Error>| {
        for (id, number) in ids.iter().zip(1..) {
            if !is_there(id)? {
                found.push(wrong(format!("{field}.{part}.{number}"), "is not the id of anything here"));
            }
        }
        Ok::<(), Error>(())
    };
    let group = |conn: &mut Conn, id: &str| match id.parse::<GroupId>() {
        Ok(id) => there(groups::get(conn, id)),
        Err(_) => Ok(false),
    };
    look(&scope.sender_groups, "sender_groups", &mut |id| group(conn, id))?;
    look(&scope.recipient_groups, "recipient_groups", &mut |id| group(conn, id))?;
    look(&scope.senders, "senders", &mut |id| match id.parse::<PersonId>() {
        Ok(id) => there(people::get(conn, id)),
        Err(_) => Ok(false),
    })?;
    look(&scope.conversations, "conversations", &mut |id| match id.parse::<ConversationId>() {
        Ok(id) => there(conversations::kind(conn, id)),
        Err(_) => Ok(false),
    })?;
    Ok(found)
}

fn there<T>(found: Result<T, Error>) -> Result<bool, Error> {
    match found {
        Ok(_) => Ok(true),
        Err(error) if error.code.status() == 404 => Ok(false),
        Err(error) => Err(error),
    }
}

fn text_problems(text: &PolicyText) -> Vec<Error> {
    let mut found = Vec::new();
    let mut line = |field: String, text: &str, most: usize, is_long: bool| {
        if text.trim().is_empty() {
            found.push(wrong(field, "is empty"));
        } else if text.chars().count() > most {
            found.push(wrong(field, format!("longer than {most} characters")));
        } else if text.chars().any(|c| unfit(c) && !(is_long && matches!(c, '\n' | '\t'))) {
            found.push(wrong(field, "has characters that cannot be shown"));
        }
    };
    line("text.title".to_owned(), &text.title, MAX_TITLE, false);
    for (section, number) in text.sections.iter().zip(1..) {
        line(format!("text.sections.{number}.heading"), &section.heading, MAX_TITLE, false);
        line(format!("text.sections.{number}.text"), &section.text, MAX_SECTION, true);
    }
    for (words, number) in text.essence.iter().zip(1..) {
        line(format!("text.essence.{number}"), words, MAX_LINE, false);
    }
    if text.sections.is_empty() || text.sections.len() > MAX_SECTIONS {
        found.push(wrong("text.sections", format!("1 to {MAX_SECTIONS} sections")));
    }
    if text.essence.len() > MAX_LINES {
        found.push(wrong("text.essence", format!("at most {MAX_LINES} lines")));
    }
    if text.every_days > MAX_DAYS {
        found.push(wrong("text.every_days", format!("at most {MAX_DAYS} days")));
    }
    found
}
