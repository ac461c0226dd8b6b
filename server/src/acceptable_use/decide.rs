//! What is done with a text: of all findings those whose rules are for this sender here, and the strictest of them.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use chancery_protocol::acceptable_use::{Notice, REMOVED_BEGIN, REMOVED_END, RuleOutcome};
use chancery_protocol::ids::{ConversationId, GroupId, PersonId, RecordId};
use chancery_screening::{Disguise, Finding as Found, Outcome, Reach, Rule, Severity, TextKind};
use serde::{Deserialize, Serialize};

use super::book::{Book, Known, Looked, Rules, Within};
use crate::conversations::{Entry, Roster};
use crate::directory::Directory;

/// What stands in the place of what a rule took out and says nothing itself.
const REMOVED: &str = "removed by a rule";

/// A rule that matched, as it stands on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The rule's short name.
    pub rule: String,
    /// Which version of it.
    pub version: u32,
    /// The lists it called, with their versions.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub lists: BTreeMap<String, u32>,
    /// What it does.
    pub outcome: RuleOutcome,
    /// How grave it is.
    pub severity: Severity,
    /// In which queue it is put; in none when empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub queue: String,
    /// What matched: pairs of byte offsets in the text as it was typed.
    pub spans: Vec<(u32, u32)>,
    /// How it had been disguised, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disguise: Option<String>,
}

/// What somebody was asked a reason for: a rule, its version, and those of the lists it called.
pub type Asked = (String, u32, BTreeMap<String, u32>);

impl Finding {
    /// What a reason for it is bound to.
    pub fn asked(&self) -> Asked {
        (self.rule.clone(), self.version, self.lists.clone())
    }
}

/// A part of a text that readers do not get, and what stands in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removed {
    /// Where it begins, in bytes.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
    /// What readers see.
    pub instead: String,
}

/// A text as readers get it.
pub fn without(text: &str, removed: &[Removed]) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut from = 0;
    for part in removed {
        let (start, end) = (part.start as usize, part.end as usize);
        shown.push_str(text.get(from..start).unwrap_or_default());
        shown.push(REMOVED_BEGIN);
        shown.push_str(&part.instead);
        shown.push(REMOVED_END);
        from = end;
    }
    shown.push_str(text.get(from..).unwrap_or_default());
    shown
}

/// What happens to a text, the strictest last: what is not accepted need not wait; what waits anyway is decided by an officer, so
/// that no reason is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// It is delivered, without what is to be removed.
    Deliver,
    /// Its author is asked for a reason.
    Warn,
    /// It waits for an officer.
    Wait,
    /// It is not accepted.
    Block,
}

/// What the rules say of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// What happens to it.
    pub way: Way,
    /// Everything that was found.
    pub findings: Vec<Finding>,
    /// What its author is told.
    pub notices: Vec<Notice>,
    /// What readers do not get, in order, none touching another.
    pub removed: Vec<Removed>,
}

/// A warning that was answered with a reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmed {
    /// The rules it was about.
    pub rules: BTreeSet<Asked>,
    /// What the author said.
    pub reason: String,
    /// The record of the warning.
    pub warned: RecordId,
}

/// Who else gets a text.
#[derive(Debug, Clone)]
pub enum Others {
    /// The members of a conversation, as they are when it is asked.
    In(ConversationId),
    /// They, and these who come to see what stands there: whoever lets them in did not write it and is not asked for a reason.
    Joined(ConversationId, Vec<PersonId>),
    /// These.
    Named(Vec<PersonId>),
    /// Whoever looks.
    Anybody,
}

/// Who says something, and where.
#[derive(Clone)]
pub struct Place {
    /// Who.
    pub sender: PersonId,
    /// To whom.
    pub others: Others,
    /// Who there is.
    pub directory: Arc<Directory>,
    /// Who is where.
    pub roster: Arc<Roster>,
}

impl Place {
    fn others(&self) -> HashSet<PersonId> {
        let present = |id: ConversationId| -> HashSet<PersonId> {
            let entry: Option<Arc<Entry>> = self.roster.get(id);
            entry.iter().flat_map(|entry| entry.present().map(|(person, _)| person)).collect()
        };
        let mut others: HashSet<PersonId> = match &self.others {
            Others::In(id) => present(*id),
            Others::Joined(id, people) => present(*id).into_iter().chain(people.iter().copied()).collect(),
            Others::Named(people) => people.iter().copied().collect(),
            Others::Anybody => HashSet::new(),
        };
        others.remove(&self.sender);
        others
    }

    /// Whether a text is one of these. Where it is not known who will read it a rule counts: for a scope it may be anybody, and
    /// an exception is sure of nobody.
    fn holds(&self, part: Part, within: &Within, book: &Book) -> bool {
        let Within { sender_groups, senders, recipient_groups, conversations, reach } = within;
        let is_in = |group: &GroupId, person: PersonId| {
            book.groups.get(group).is_some_and(|members| members.contains(&person))
        };
        let anybody = matches!(self.others, Others::Anybody);
        let outside = || {
            let guest = |id: PersonId| self.directory.get(id).is_some_and(|entry| entry.person.guest);
            guest(self.sender) || self.others().into_iter().any(guest)
        };
        let received = || {
            let concerned = |other: &PersonId| recipient_groups.iter().any(|group| is_in(group, *other));
            let others = self.others();
            match part {
                Part::Scope => anybody || others.iter().any(concerned),
                Part::Exception => !others.is_empty() && others.iter().all(concerned),
            }
        };
        let here = match self.others {
            Others::In(id) | Others::Joined(id, _) => Some(id),
            Others::Named(_) | Others::Anybody => None,
        };
        (sender_groups.is_empty() || sender_groups.iter().any(|group| is_in(group, self.sender)))
            && (senders.is_empty() || senders.contains(&self.sender))
            && (conversations.is_empty() || here.is_some_and(|here| conversations.contains(&here)))
            && (recipient_groups.is_empty() || received())
            && match reach {
                None => true,
                Some(reach) if anybody => *reach == Reach::Outside && part == Part::Scope,
                Some(Reach::Inside) => !outside(),
                Some(Reach::Outside) => outside(),
            }
    }

    fn concerns(&self, known: &Known, book: &Book) -> bool {
        self.holds(Part::Scope, &known.scope, book)
            && !known.exceptions.iter().any(|exception| self.holds(Part::Exception, exception, book))
    }
}

/// What is asked of whom a rule is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Scope,
    Exception,
}

impl Looked {
    /// The same for the rules in force now; nothing is done where they are the same ones.
    #[must_use]
    pub fn again(&self, rules: &Rules, text: &str) -> Self {
        if Arc::ptr_eq(&rules.now().rules, &self.rules) { self.clone() } else { rules.look(text, self.kind) }
    }

    /// What is done with the text, said by somebody somewhere, with the reason they gave if they were asked for one.
    pub fn decide(&self, rules: &Rules, place: &Place, confirmed: Option<&Confirmed>) -> Decision {
        self.decide_by(&rules.now(), place, confirmed)
    }

    /// As [`Looked::decide`], by the book that was looked up in and the people who are in its groups.
    pub fn decide_by(&self, book: &Book, place: &Place, confirmed: Option<&Confirmed>) -> Decision {
        let mut decision =
            Decision { way: Way::Deliver, findings: Vec::new(), notices: Vec::new(), removed: Vec::new() };
        if self.found.is_empty() {
            return decision;
        }
        let mut notices = Vec::new();
        for found in &self.found {
            let (Some(rule), Some(known)) =
                (self.rules.set.rule(found.rule), self.rules.known.get(found.rule))
            else {
                continue;
            };
            if !place.concerns(known, book) {
                continue;
            }
            let finding = finding(rule, known, found, self.kind);
            let asked = matches!(place.others, Others::Joined(..))
                || confirmed.is_some_and(|confirmed| confirmed.rules.contains(&finding.asked()));
            let way = match finding.outcome {
                RuleOutcome::Flag | RuleOutcome::Redact => Way::Deliver,
                RuleOutcome::Warn if asked => Way::Deliver,
                RuleOutcome::Warn => Way::Warn,
                RuleOutcome::Review => Way::Wait,
                RuleOutcome::Block => Way::Block,
            };
            if finding.outcome == RuleOutcome::Redact {
                let instead = if rule.instead.is_empty() { REMOVED } else { &rule.instead };
                let parts = finding.spans.iter();
                decision.removed.extend(parts.map(|(start, end)| Removed {
                    start: *start,
                    end: *end,
                    instead: instead.to_owned(),
                }));
            }
            if finding.outcome != RuleOutcome::Flag && !(finding.outcome == RuleOutcome::Warn && asked) {
                notices.push((way, notice(rule, &finding)));
            }
            decision.way = decision.way.max(way);
            decision.findings.push(finding);
        }
        decision.removed = apart(std::mem::take(&mut decision.removed));
        notices.retain(|(way, _)| *way == decision.way);
        decision.notices = notices.into_iter().map(|(_, notice)| notice).collect();
        decision
    }
}

fn finding(rule: &Rule, known: &Known, found: &Found, kind: TextKind) -> Finding {
    let of = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
    Finding {
        rule: rule.id.clone(),
        version: known.version,
        lists: known.lists.clone(),
        outcome: outcome(rule.outcome, kind),
        severity: rule.severity,
        queue: rule.queue.clone(),
        spans: found.spans.iter().map(|span| (of(span.start), of(span.end))).collect(),
        disguise: disguise(found.disguise).map(str::to_owned),
    }
}

/// Names, topics and status texts are one line that stands for a while: they cannot wait, and nothing is taken out of them.
fn outcome(outcome: Outcome, kind: TextKind) -> RuleOutcome {
    let spoken = matches!(kind, TextKind::Message | TextKind::Edit);
    match outcome {
        Outcome::Flag => RuleOutcome::Flag,
        Outcome::Warn => RuleOutcome::Warn,
        Outcome::Redact if spoken => RuleOutcome::Redact,
        Outcome::Review if spoken => RuleOutcome::Review,
        Outcome::Redact | Outcome::Review | Outcome::Block => RuleOutcome::Block,
    }
}

fn disguise(disguise: Disguise) -> Option<&'static str> {
    match disguise {
        Disguise::None => None,
        Disguise::Stretched => Some("stretched"),
        Disguise::Leet => Some("leet"),
        Disguise::Split => Some("split"),
        Disguise::Spaced => Some("spaced"),
    }
}

fn notice(rule: &Rule, finding: &Finding) -> Notice {
    Notice {
        rule: rule.id.clone(),
        name: rule.name.clone(),
        outcome: finding.outcome,
        why: rule.why.clone(),
        ask: rule.ask.clone(),
        spans: if rule.known_to_senders { finding.spans.clone() } else { Vec::new() },
    }
}

/// Parts in order, those that touch made one; it says what the first of them does.
fn apart(mut parts: Vec<Removed>) -> Vec<Removed> {
    parts.sort_by_key(|part| (part.start, part.end));
    let mut apart: Vec<Removed> = Vec::with_capacity(parts.len());
    for part in parts {
        match apart.last_mut() {
            Some(last) if part.start <= last.end => last.end = last.end.max(part.end),
            _ => apart.push(part),
        }
    }
    apart
}
