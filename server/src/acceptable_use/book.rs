//! The rules in force, compiled: an immutable snapshot that texts are decided by without touching the disk.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use chancery_ledger::{Header, Kind};
use chancery_protocol::ids::{ConversationId, GroupId, Id, PersonId};
use chancery_screening::{Finding, Pack, Problem, Reach, Rule, Scope, Set, TextKind};

use super::items::Content;
use super::store;
use crate::directory::groups;
use crate::ground::db::Conn;
use crate::ground::error::Error;
use crate::vault::Vault;

/// Id of the pack that everything in force is compiled as; lists are shared by all rules.
const IN_FORCE: &str = "in-force";

/// People and conversations a rule is for; an empty part excludes nobody.
#[derive(Debug, Default)]
pub(super) struct Within {
    pub sender_groups: Vec<GroupId>,
    pub senders: Vec<PersonId>,
    pub recipient_groups: Vec<GroupId>,
    pub conversations: Vec<ConversationId>,
    pub reach: Option<Reach>,
}

impl Within {
    fn of(scope: &Scope) -> Option<Self> {
        Some(Self {
            sender_groups: ids(&scope.sender_groups)?,
            senders: ids(&scope.senders)?,
            recipient_groups: ids(&scope.recipient_groups)?,
            conversations: ids(&scope.conversations)?,
            reach: scope.reach,
        })
    }

    fn groups(&self) -> impl Iterator<Item = GroupId> {
        self.sender_groups.iter().chain(&self.recipient_groups).copied()
    }
}

fn ids<I: FromStr>(texts: &[String]) -> Option<Vec<I>> {
    texts.iter().map(|text| text.parse().ok()).collect()
}

/// What the server knows of a rule besides what the set does.
#[derive(Debug)]
pub(super) struct Known {
    pub version: u32,
    /// The lists it calls, with their versions.
    pub lists: BTreeMap<String, u32>,
    pub scope: Within,
    pub exceptions: Vec<Within>,
}

/// Rules that are compiled together.
#[derive(Debug)]
pub(super) struct Compiled {
    pub set: Set,
    /// In the order of the set.
    pub known: Vec<Known>,
}

impl Compiled {
    /// Compiles rules and the lists they share, each with its version.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn of(
        rules: Vec<(u32, Rule)>,
        lists: BTreeMap<String, (u32, Vec<String>)>,
    ) -> Result<Self, Vec<Problem>> {
        let mut known = Vec::with_capacity(rules.len());
        let mut problems = Vec::new();
        for (version, rule) in &rules {
            let exceptions: Option<Vec<Within>> = rule.exceptions.iter().map(Within::of).collect();
            match (Within::of(&rule.scope), exceptions) {
                (Some(scope), Some(exceptions)) => {
                    let named = rule.lists().into_iter();
                    let called =
                        named.filter_map(|name| lists.get(&name).map(|(version, _)| (name, *version)));
                    known.push(Known { version: *version, lists: called.collect(), scope, exceptions });
                }
                _ => problems.push(Problem {
                    pack: IN_FORCE.to_owned(),
                    rule: Some(rule.id.clone()),
                    field: "scope".to_owned(),
                    at: None,
                    reason: "people, groups and conversations are named by their ids".to_owned(),
                }),
            }
        }
        let pack = Pack {
            id: IN_FORCE.to_owned(),
            name: IN_FORCE.to_owned(),
            about: String::new(),
            lists: lists.into_iter().map(|(name, (_, entries))| (name, entries)).collect(),
            rules: rules.into_iter().map(|(_, rule)| rule).collect(),
        };
        match Set::compile(&[pack]) {
            Ok(set) if problems.is_empty() => Ok(Self { set, known }),
            Ok(_) => Err(problems),
            Err(others) => Err(problems.into_iter().chain(others).collect()),
        }
    }

    fn groups(&self) -> BTreeSet<GroupId> {
        let of = |known: &Known| -> Vec<GroupId> {
            known.exceptions.iter().chain([&known.scope]).flat_map(Within::groups).collect()
        };
        self.known.iter().flat_map(of).collect()
    }
}

/// Everything texts are decided by.
#[derive(Debug)]
pub struct Book {
    pub(super) rules: Arc<Compiled>,
    /// Who is in the groups that rules name.
    pub(super) groups: HashMap<GroupId, HashSet<PersonId>>,
}

impl Book {
    /// Rules that are tried out, each with its version, and the lists they use, which have none.
    ///
    /// # Errors
    /// `Ok(Err(_))` says what is wrong with the rules; `Err(_)` that the database cannot be read.
    pub fn trial(
        conn: &mut Conn,
        rules: Vec<(u32, Rule)>,
        lists: BTreeMap<String, Vec<String>>,
    ) -> Result<Result<Self, Vec<Problem>>, Error> {
        let lists = lists.into_iter().map(|(name, entries)| (name, (0, entries))).collect();
        let rules = match Compiled::of(rules, lists) {
            Ok(rules) => rules,
            Err(problems) => return Ok(Err(problems)),
        };
        let groups = members(conn, &rules)?;
        Ok(Ok(Self { rules: Arc::new(rules), groups }))
    }

    /// What its rules find in a text, whoever wrote it wherever.
    pub fn look(&self, text: &str, kind: TextKind) -> Looked {
        let rules = Arc::clone(&self.rules);
        let found = if rules.set.is_empty() { Vec::new() } else { rules.set.screen(text, kind) };
        Looked { kind, rules, found }
    }
}

/// The snapshot, and the one way to renew it.
pub struct Rules {
    vault: Arc<Vault>,
    now: ArcSwap<Book>,
    /// Reading and storing is one step: a late reader must not put back what is older.
    renewing: Mutex<()>,
}

impl Rules {
    /// No rules yet.
    ///
    /// # Errors
    /// Never: an empty set compiles.
    pub fn new(vault: Arc<Vault>) -> Result<Self, Error> {
        let rules = Compiled::of(Vec::new(), BTreeMap::new()).map_err(|problems| unusable(&problems))?;
        let book = Book { rules: Arc::new(rules), groups: HashMap::new() };
        Ok(Self { vault, now: ArcSwap::from_pointee(book), renewing: Mutex::default() })
    }

    /// Reads and compiles all that is in force.
    ///
    /// # Errors
    /// When it cannot be read, or a rule in force cannot be compiled by this version.
    pub fn load(&self, conn: &mut Conn) -> Result<(), Error> {
        let _turn = self.renewing.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut rules, mut lists) = (Vec::new(), BTreeMap::new());
        for item in store::running(conn, &self.vault)? {
            match item.content {
                Content::Rule { rule } => rules.push((item.version, *rule)),
                Content::List { entries } => drop(lists.insert(item.name, (item.version, entries))),
                Content::Text(_) => {}
            }
        }
        let rules = Compiled::of(rules, lists).map_err(|problems| unusable(&problems))?;
        let groups = members(conn, &rules)?;
        self.now.store(Arc::new(Book { rules: Arc::new(rules), groups }));
        Ok(())
    }

    /// Brings the snapshot up to date with records that were committed.
    ///
    /// # Errors
    /// As [`Rules::load`]; the snapshot then stays as it was.
    pub fn renew(&self, conn: &mut Conn, headers: &[Header]) -> Result<(), Error> {
        if headers.iter().any(|header| header.kind == Kind::PolicySet) {
            return self.load(conn);
        }
        let _turn = self.renewing.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.now.load_full();
        let concerned = headers
            .iter()
            .filter(|header| matches!(header.kind, Kind::GroupSet | Kind::GroupMembers))
            .filter_map(|header| header.target.map(GroupId::from_bytes))
            .any(|group| now.groups.contains_key(&group));
        if concerned {
            let groups = members(conn, &now.rules)?;
            self.now.store(Arc::new(Book { rules: Arc::clone(&now.rules), groups }));
        }
        Ok(())
    }

    /// What the rules find in a text, whoever wrote it wherever.
    pub fn look(&self, text: &str, kind: TextKind) -> Looked {
        self.now.load().look(text, kind)
    }

    /// What is in force now.
    pub fn now(&self) -> Arc<Book> {
        self.now.load_full()
    }
}

/// What rules found in a text, before it is asked whom and where they are for.
#[derive(Debug, Clone)]
pub struct Looked {
    pub(super) kind: TextKind,
    pub(super) rules: Arc<Compiled>,
    pub(super) found: Vec<Finding>,
}

/// Who is in each group that a rule names. A group that is gone has nobody.
fn members(conn: &mut Conn, rules: &Compiled) -> Result<HashMap<GroupId, HashSet<PersonId>>, Error> {
    let named: Vec<GroupId> = rules.groups().into_iter().collect();
    let mut found: HashMap<GroupId, HashSet<PersonId>> =
        named.iter().map(|group| (*group, HashSet::new())).collect();
    for (group, person) in groups::members_of(conn, &named)? {
        found.entry(group).or_default().insert(person);
    }
    Ok(found)
}

/// Rules in force always compiled when they came into force: this is another version of the program, or a defect. Nothing is
/// let through unscreened. What exactly is wrong may quote a rule or a list, so only the place is told.
fn unusable(problems: &[Problem]) -> Error {
    let first = problems.first().map(|problem| match &problem.rule {
        Some(rule) => format!("rule {rule}, {}", problem.field),
        None => problem.field.clone(),
    });
    let first = first.unwrap_or_default();
    Error::setup(
        format!("a rule in force cannot be used by this version: {first}"),
        "start the version that was used before, and change the rule or switch it off there",
    )
}

impl Looked {
    /// Whether nothing was found, whomever the rules are for.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }
}
