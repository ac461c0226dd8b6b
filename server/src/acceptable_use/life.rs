//! The way of an item from a draft to a version: saved, asked for, agreed to.
//!
//! What must stay true: whatever a second person agrees to is what was asked for, follows the version that was the newest
//! then, and compiles together with everything else that counts from that moment on.

use std::collections::BTreeSet;
use std::sync::Arc;

use chancery_ledger::{Kind, Stream};
use chancery_protocol::Micros;
use chancery_protocol::approvals::Asked;
use chancery_protocol::ids::{Id, PersonId, RequestId};
use chancery_protocol::policy::{AskForPolicy, AskItem, Change, ItemKind, MAX_ASKED, SaveDraft};

use super::fitting::{Whole, alone};
use super::items::{Content, is_name};
use super::packs;
use super::records::{ItemSet, PolicySet};
use super::store::{self, Draft, Item, Made, Running, Setting};
use crate::approvals::{Approvals, Request, Then, words};
use crate::directory::Directory;
use crate::directory::records::Via;
use crate::ground::db::Conn;
use crate::ground::error::{Code, Error};
use crate::journal::Journal;

/// How often an agreement is prepared anew when other versions come into being meanwhile.
const PREPARED: usize = 5;
/// Most bytes of what one request holds.
const MAX_ASKED_BYTES: usize = 8 * 1024 * 1024;
/// Places are numbers up to this.
const MAX_PLACE: i32 = 1_000_000;

/// Rules, word lists and the policy text, and what officers do with them; clones are the same.
#[derive(Clone)]
pub struct Policy {
    pub(super) journal: Journal,
    pub(super) directory: Arc<Directory>,
    approvals: Approvals,
}

/// A change with what it leads to.
struct Changed {
    item: Option<Item>,
    content: Content,
    change: Change,
}

impl Policy {
    /// Over a journal whose writer runs.
    pub fn new(journal: Journal, directory: Arc<Directory>, approvals: Approvals) -> Self {
        Self { journal, directory, approvals }
    }

    /// Requests.
    pub fn approvals(&self) -> &Approvals {
        &self.approvals
    }

    /// Keeps a draft in the place of the one that is expected; answers with its time.
    ///
    /// # Errors
    /// `rule_invalid` with everything that is wrong; `outdated` when another draft is there by now.
    pub fn save_draft(
        &self,
        kind: ItemKind,
        name: &str,
        form: SaveDraft,
        by: PersonId,
    ) -> Result<Micros, Error> {
        if !is_name(kind, name) || form.content.kind() != kind {
            let detail = "A name is 1 to 60 lower case letters, digits and hyphens, a letter first.";
            return Err(Error::from(Code::RuleInvalid).field("name").detail(detail));
        }
        let content = Content::from_wire(form.content)?;
        let vault = self.journal.vault();
        let mut conn = self.journal.db().reader()?;
        alone(&mut conn, name, &content)?;
        if kind != ItemKind::Text {
            let mut whole = Whole::of(store::running(&mut conn, vault)?);
            let items = store::all(&mut conn, vault)?;
            let place = items.iter().find(|item| (item.kind, item.name.as_str()) == (kind, name));
            let place = place.map_or(MAX_PLACE, |item| item.place);
            // Lists that are being written go along with the rules that call them.
            for item in items {
                if let Some(Draft { content: content @ Content::List { .. }, .. }) = item.draft {
                    whole.put(&item.name, item.place, content);
                }
            }
            whole.put(name, place, content.clone());
            whole.check()?;
        }
        drop(conn);
        let draft = Draft { content, by, at: self.journal.clock().now() };
        self.journal.db().write_here(|conn| store::put_draft(conn, vault, name, &draft, form.expected))
    }

    /// Throws a draft away.
    ///
    /// # Errors
    /// `not_found`; `outdated` when another draft is there by now.
    pub fn drop_draft(&self, kind: ItemKind, name: &str, expected: Micros) -> Result<(), Error> {
        self.journal.db().write_here(|conn| store::drop_draft(conn, kind, name, expected))
    }

    /// Makes drafts of what a delivered pack has and is not here; answers how many.
    ///
    /// # Errors
    /// `not_found` for no pack; `outdated` when somebody does the same at this moment.
    pub fn take_pack(&self, pack: &str, by: PersonId) -> Result<u32, Error> {
        let (vault, now) = (self.journal.vault(), self.journal.clock().now());
        self.journal.db().write_here(|conn| packs::take(conn, vault, pack, by, now))
    }

    /// Asks that items be so; somebody else has to agree.
    ///
    /// # Errors
    /// What is wrong with the reason; `out_of_range`; `outdated` when an item or a draft is another by now; `unchanged`;
    /// `rule_invalid`.
    pub fn ask(&self, form: AskForPolicy, by: PersonId) -> Result<RequestId, Error> {
        let reason = words(&form.reason, "reason")?;
        let mut seen = BTreeSet::new();
        let each_once = form.items.iter().all(|item| seen.insert((item.kind, item.name.clone())));
        if form.items.is_empty() || form.items.len() > MAX_ASKED || !each_once {
            let detail = format!("1 to {MAX_ASKED} items, each once.");
            return Err(Error::from(Code::OutOfRange).field("items").detail(detail));
        }
        let mut conn = self.journal.db().reader()?;
        let changes = form
            .items
            .into_iter()
            .map(|wanted| self.change(&mut conn, wanted))
            .collect::<Result<Vec<Change>, Error>>()?;
        let asked = Asked::Policy { changes: changes.clone() };
        if serde_json::to_vec(&asked).map_err(Error::internal)?.len() > MAX_ASKED_BYTES {
            return Err(Code::PayloadTooLarge.into());
        }
        let changed = self.changed(&mut conn, &changes)?;
        self.fits(&mut conn, &changed)?;
        drop(conn);
        let still = move |conn: &mut Conn| {
            changes.iter().try_for_each(|change| {
                let version = store::version(conn, change.kind, &change.name)?;
                if version == change.from_version { Ok(()) } else { Err(Code::Outdated.into()) }
            })
        };
        self.approvals.ask(asked, reason, by, Box::new(still))
    }

    /// What is asked for of one item.
    fn change(&self, conn: &mut Conn, wanted: AskItem) -> Result<Change, Error> {
        let AskItem { kind, name, version, in_force, place, draft } = wanted;
        let item = store::get(conn, self.journal.vault(), kind, &name)?;
        let outdated = || Error::from(Code::Outdated).field(format!("{kind}.{name}"));
        if item.version != version {
            return Err(outdated());
        }
        let content = match draft {
            Some(at) => {
                let draft = item.draft.filter(|draft| draft.at == at).ok_or_else(outdated)?;
                Some(draft.content).filter(|content| item.content.as_ref() != Some(content))
            }
            None => None,
        };
        if content.is_none() && item.content.is_none() {
            let detail = "There is no version yet; a draft has to be taken along.";
            return Err(Error::from(Code::RuleInvalid).field(format!("{kind}.{name}")).detail(detail));
        }
        let place = place.unwrap_or(item.place);
        if !(1..=MAX_PLACE).contains(&place) {
            return Err(Error::from(Code::OutOfRange).field("place"));
        }
        if content.is_none() && in_force == item.in_force && place == item.place {
            return Err(Error::from(Code::Unchanged).field(format!("{kind}.{name}")));
        }
        let content = content.map(|content| content.to_wire()).transpose()?;
        Ok(Change { kind, name, from_version: version, in_force, place, content })
    }

    /// Changes with what they lead to.
    ///
    /// # Errors
    /// `outdated` for one that does not follow the newest version.
    fn changed(&self, conn: &mut Conn, changes: &[Change]) -> Result<Vec<Changed>, Error> {
        let outdated =
            |change: &Change| Error::from(Code::Outdated).field(format!("{}.{}", change.kind, change.name));
        changes
            .iter()
            .map(|change| {
                let item = match store::get(conn, self.journal.vault(), change.kind, &change.name) {
                    Ok(item) => Some(item),
                    // Its draft was thrown away; the request still has it.
                    Err(error) if error.code == Code::NotFound => None,
                    Err(error) => return Err(error),
                };
                if item.as_ref().map_or(0, |item| item.version) != change.from_version {
                    return Err(outdated(change));
                }
                let before = item.as_ref().and_then(|item| item.content.clone());
                let content = match change.content.clone() {
                    Some(content) => Content::from_wire(content)?,
                    None => before.ok_or_else(|| outdated(change))?,
                };
                Ok(Changed { item, content, change: change.clone() })
            })
            .collect()
    }

    /// Whether everything compiles after these changes, and names only who and what is there.
    fn fits(&self, conn: &mut Conn, changed: &[Changed]) -> Result<(), Error> {
        for Changed { content, change, .. } in changed {
            alone(conn, &change.name, content)?;
        }
        let mut whole = Whole::of(store::running(conn, self.journal.vault())?);
        for Changed { content, change, .. } in changed {
            if change.in_force {
                whole.put(&change.name, change.place, content.clone());
            } else {
                whole.take(change.kind, &change.name);
            }
        }
        // What does not count has to be fit to count, if only its contents are new.
        let mut others = whole.clone();
        let is_written = |changed: &&Changed| !changed.change.in_force && changed.change.content.is_some();
        let written: Vec<&Changed> = changed.iter().filter(is_written).collect();
        whole.check()?;
        if written.is_empty() {
            return Ok(());
        }
        for Changed { content, change, .. } in written {
            others.put(&change.name, change.place, content.clone());
        }
        others.check()
    }

    /// A second person agrees to a request: the versions come into being.
    ///
    /// # Errors
    /// `outdated` when an item has another version by now; `rule_invalid` when it does not fit what counts by now; those of
    /// [`Approvals::agree`].
    pub fn agree(&self, request: &Request, changes: &[Change], by: PersonId) -> Result<(), Error> {
        for _ in 1..PREPARED {
            match self.approvals.agree(request, by, self.then(request, changes, by)?) {
                Err(error) if error.code == Code::RulesChanged => {}
                done => return done,
            }
        }
        self.approvals.agree(request, by, self.then(request, changes, by)?)
    }

    fn then(&self, request: &Request, changes: &[Change], by: PersonId) -> Result<Then, Error> {
        let mut conn = self.journal.db().reader()?;
        // Read first: what changes after it is noticed under the head lock.
        let stamp = store::stamp(&mut conn)?;
        let changed = self.changed(&mut conn, changes)?;
        self.fits(&mut conn, &changed)?;
        drop(conn);
        let vault = self.journal.vault();
        let mut items = Vec::with_capacity(changed.len());
        let mut settings = Vec::with_capacity(changed.len());
        for Changed { item, content, change } in changed {
            let Change { kind, name, from_version, in_force, place, .. } = change;
            let after = Running { kind, name, version: from_version, place, content };
            let draft = item.as_ref().and_then(|item| item.draft.as_ref());
            settings.push(Setting::new(vault, &after, in_force, draft)?);
            let Running { name, content, .. } = after;
            items.push(ItemSet { kind, name, version: from_version + 1, in_force, place, content });
        }
        let body = PolicySet {
            items,
            request: Some(request.id),
            asked_by: Some(request.asked_by),
            agreed_by: Some(by),
            via: Via::Web,
        };
        let mut draft = self.journal.draft(Stream::System, Kind::PolicySet, Some(by), &body)?;
        draft.target = Some(request.id.bytes());
        let (record, asked_by) = (draft.record, request.asked_by);
        Ok(Then {
            records: vec![draft],
            work: Box::new(move |conn, placed| {
                if store::stamp(conn)? != stamp {
                    return Err(Code::RulesChanged.into());
                }
                let at = placed.first().map_or(0, |placed| placed.at);
                let made = Made { at, asked_by, agreed_by: by, record };
                settings.iter().try_for_each(|setting| store::set(conn, setting, made))
            }),
        })
    }
}
