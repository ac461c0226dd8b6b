//! What officers are told of rules, lists and the text.

use std::collections::BTreeMap;

use chancery_protocol::acceptable_use::RuleOutcome;
use chancery_protocol::approvals::{Asked, Now};
use chancery_protocol::audit::AuditPerson;
use chancery_protocol::ids::{PersonId, RecordId, RequestId};
use chancery_protocol::policy::{
    Change, DraftLine, Item, ItemKind, ItemLine, Items, Packs, Severity, Version, Versions,
};
use chancery_screening as screening;

use super::items::Content;
use super::{Policy, packs, store};
use crate::approvals::{Sort, store as requests};
use crate::ground::db::Conn;
use crate::ground::error::{Code, Error};

/// The newest request that waits, by what it is about.
type Open = BTreeMap<(ItemKind, String), RequestId>;

impl Policy {
    /// All items.
    ///
    /// # Errors
    /// When database or key store cannot be read.
    pub fn items(&self) -> Result<Items, Error> {
        let mut conn = self.journal.db().reader()?;
        let open = self.open_requests(&mut conn)?;
        let items = store::all(&mut conn, self.journal.vault())?;
        Ok(Items { items: items.iter().map(|item| self.line(item, &open)).collect() })
    }

    /// One item.
    ///
    /// # Errors
    /// `not_found`; as [`Policy::items`].
    pub fn item(&self, kind: ItemKind, name: &str) -> Result<Item, Error> {
        let mut conn = self.journal.db().reader()?;
        let item = store::get(&mut conn, self.journal.vault(), kind, name)?;
        let line = self.line(&item, &self.open_requests(&mut conn)?);
        let to_wire = |content: Option<Content>| content.map(|content| content.to_wire()).transpose();
        Ok(Item {
            line,
            content: to_wire(item.content)?,
            draft_content: to_wire(item.draft.map(|draft| draft.content))?,
        })
    }

    /// The versions of an item, newest first.
    ///
    /// # Errors
    /// `not_found` for no item; as [`Policy::items`].
    pub fn versions(&self, kind: ItemKind, name: &str) -> Result<Versions, Error> {
        let mut conn = self.journal.db().reader()?;
        let versions = store::versions(&mut conn, self.journal.vault(), kind, name)?;
        if versions.is_empty() {
            store::get(&mut conn, self.journal.vault(), kind, name)?;
        }
        let records: Vec<RecordId> = versions.iter().map(|version| version.record).collect();
        let positions = self.journal.records().positions(&mut conn, &records)?;
        let versions = versions.into_iter().map(|version| {
            Ok(Version {
                version: version.version,
                in_force: version.in_force,
                content: version.content.to_wire()?,
                at: version.at,
                asked_by: self.named(version.asked_by),
                agreed_by: self.named(version.agreed_by),
                position: positions.get(&version.record).copied(),
            })
        });
        Ok(Versions { versions: versions.collect::<Result<_, Error>>()? })
    }

    /// The delivered packs.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn packs(&self) -> Result<Packs, Error> {
        Ok(Packs { packs: packs::list(&mut *self.journal.db().reader()?)? })
    }

    /// What there is now of what a change is about.
    ///
    /// # Errors
    /// As [`Policy::items`].
    pub fn now(&self, conn: &mut Conn, change: &Change) -> Result<Option<Now>, Error> {
        let item = match store::get(conn, self.journal.vault(), change.kind, &change.name) {
            Ok(item) => item,
            Err(error) if error.code == Code::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let store::Item { version, in_force, place, content, .. } = item;
        let content = content.map(|content| content.to_wire()).transpose()?;
        Ok(content.map(|content| Now { version, in_force, place, content }))
    }

    /// The version a change was to follow, absent for the first. Where it stood is not kept; where it was to stand is told instead.
    ///
    /// # Errors
    /// As [`Policy::items`].
    pub fn followed(&self, conn: &mut Conn, change: &Change) -> Result<Option<Now>, Error> {
        let versions = store::versions(conn, self.journal.vault(), change.kind, &change.name)?;
        let Some(found) = versions.into_iter().find(|one| one.version == change.from_version) else {
            return Ok(None);
        };
        let store::Version { version, in_force, content, .. } = found;
        Ok(Some(Now { version, in_force, place: change.place, content: content.to_wire()? }))
    }

    /// Somebody, as the log shows people.
    pub fn named(&self, person: Option<PersonId>) -> Option<AuditPerson> {
        let id = person?;
        let entry = self.directory.get(id)?;
        let (username, name) = (entry.person.username.clone(), entry.person.name.clone());
        Some(AuditPerson { id, username, name })
    }

    fn open_requests(&self, conn: &mut Conn) -> Result<Open, Error> {
        let now = self.journal.clock().now();
        let mut open = Open::new();
        for request in requests::waiting(conn, self.journal.vault(), Sort::Policy, now)? {
            let Asked::Policy { changes } = request.asked else { continue };
            for change in changes {
                open.entry((change.kind, change.name)).or_insert(request.id);
            }
        }
        Ok(open)
    }

    fn line(&self, item: &store::Item, open: &Open) -> ItemLine {
        let draft = item.draft.as_ref();
        let said = item.content.as_ref().or(draft.map(|draft| &draft.content));
        let rule = match said {
            Some(Content::Rule { rule }) => Some(rule),
            _ => None,
        };
        let entries = match said {
            Some(Content::List { entries }) => Some(u32::try_from(entries.len()).unwrap_or(u32::MAX)),
            _ => None,
        };
        ItemLine {
            kind: item.kind,
            name: item.name.clone(),
            title: said.and_then(Content::title).map(str::to_owned),
            version: item.version,
            in_force: item.in_force,
            place: item.place,
            outcome: rule.map(|rule| outcome(rule.outcome)),
            severity: rule.map(|rule| severity(rule.severity)),
            queue: rule.map(|rule| rule.queue.clone()).filter(|queue| !queue.is_empty()),
            entries,
            draft: draft.map(|draft| DraftLine { by: self.named(Some(draft.by)), at: draft.at }),
            request: open.get(&(item.kind, item.name.clone())).copied(),
        }
    }
}

/// The wire's word for what a rule does.
pub fn outcome(outcome: screening::Outcome) -> RuleOutcome {
    match outcome {
        screening::Outcome::Flag => RuleOutcome::Flag,
        screening::Outcome::Warn => RuleOutcome::Warn,
        screening::Outcome::Redact => RuleOutcome::Redact,
        screening::Outcome::Review => RuleOutcome::Review,
        screening::Outcome::Block => RuleOutcome::Block,
    }
}

fn severity(severity: screening::Severity) -> Severity {
    match severity {
        screening::Severity::Low => Severity::Low,
        screening::Severity::Medium => Severity::Medium,
        screening::Severity::High => Severity::High,
        screening::Severity::Critical => Severity::Critical,
    }
}
