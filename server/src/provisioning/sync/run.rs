//! One run: all of a directory from the first page to the last, and what follows from it.

use std::collections::{BTreeSet, HashSet};

use chancery_ledger::{Kind, Stream};
use chancery_protocol::Micros;
use chancery_protocol::ids::{Id, PersonId, SyncId};
use chancery_protocol::sources::{
    Connection, LdapSettings, StartSync, SyncAct, SyncCounts, SyncFailure, SyncSettings, SyncState,
};
use sha2::{Digest, Sha256};
use tokio::runtime::Runtime;

use super::managers::Reports;
use super::people::Leaving;
use super::report::Changes;
use super::{Provisioning, REMEMBERED};
use crate::directory::ldap::{self, Client, Grid};
use crate::directory::records::SourceSynced;
use crate::directory::sources::Source;
use crate::directory::syncs::{self, Summary};
use crate::directory::{identities, photos};
use crate::ground::db::Conn;
use crate::ground::error::{Code, Error};
use crate::journal::{Placed, Unit};
use crate::vault::Scope;

/// How often a run says how far it is, in microseconds.
const TOLD: Micros = 1_000_000;
/// How often groups are compared anew when somebody's sign-in changed them meanwhile.
const COMPARED: usize = 8;

/// A run under way.
pub(super) struct Run {
    pub house: Provisioning,
    pub source: Source,
    pub form: StartSync,
    pub summary: Summary,
    pub changes: Changes,
    /// Where people's and groups' entries are.
    pub grid: Grid,
    /// Hashes of the subjects of all people read.
    pub seen: HashSet<u128>,
    /// How many people the source had when the run began, by what it said last.
    pub active: u64,
    /// How many of them were met.
    pub met: u64,
    /// Whether there are entries of people of which nobody can say whose they are: then nobody is taken for gone.
    pub nameless: bool,
    /// The same of groups.
    pub nameless_groups: bool,
    /// Subjects of groups that are there and cannot be taken.
    pub kept_groups: HashSet<String>,
    /// Who is to be suspended.
    pub leaving: Vec<Leaving>,
    /// Whether the directory is asked for pictures.
    pub reads_photos: bool,
    /// Those whose picture this source set before the run.
    pub pictured: BTreeSet<PersonId>,
    /// Whether it is asked whom people report to.
    pub reads_managers: bool,
    /// Whom they report to.
    pub reports: Vec<Reports>,
    /// People of whom the report says already that they came, or changed: each counts once.
    pub mentioned: HashSet<PersonId>,
    id: SyncId,
    by: Option<PersonId>,
    told: Micros,
}

/// Why a run ends before its time.
pub(super) enum Stop {
    /// The directory cannot be used.
    Directory(SyncFailure),
    /// We ourselves cannot go on.
    House(Error),
    /// The run was taken for silent, and another may have begun.
    Lost,
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::House(error)
    }
}

impl From<ldap::Error> for Stop {
    fn from(error: ldap::Error) -> Self {
        Self::Directory(SyncFailure {
            code: error.fault.code().to_owned(),
            text: error.to_string(),
            mend: error.fault.mend().to_owned(),
        })
    }
}

/// Of a subject, so that fifty thousand need little room.
pub(super) fn hash(subject: &str) -> u128 {
    let hash = Sha256::digest(subject.as_bytes());
    let (first, _) = hash.split_at(16);
    u128::from_be_bytes(first.try_into().unwrap_or_default())
}

impl Run {
    pub(super) fn new(
        house: Provisioning,
        source: Source,
        id: SyncId,
        form: StartSync,
        by: Option<PersonId>,
    ) -> Self {
        Self {
            house,
            source,
            form,
            summary: Summary::default(),
            changes: Changes::default(),
            grid: Grid::default(),
            seen: HashSet::new(),
            active: 0,
            met: 0,
            nameless: false,
            nameless_groups: false,
            kept_groups: HashSet::new(),
            leaving: Vec::new(),
            reads_photos: false,
            pictured: BTreeSet::new(),
            reads_managers: false,
            reports: Vec::new(),
            mentioned: HashSet::new(),
            id,
            by,
            told: 0,
        }
    }

    /// Goes through all of it and writes down how it ended. The directory is asked by way of `runtime`, a page at a time; what
    /// follows from a page is done before the next is asked for.
    pub(super) fn go(mut self, runtime: &Runtime) {
        let (id, source) = (self.id, self.source.id);
        let state = match self.work(runtime) {
            Ok(state) => state,
            Err(Stop::Lost) => {
                return tracing::warn!(sync = %id, %source, "a run was taken for silent and gives up");
            }
            Err(Stop::Directory(failure)) => {
                tracing::warn!(sync = %id, %source, code = failure.code, error = failure.text, "a directory could not be read");
                self.summary.failure = Some(failure);
                SyncState::Failed
            }
            Err(Stop::House(error)) => {
                tracing::warn!(sync = %id, %source, %error, "a run could not go on");
                let text = error.code.title().to_owned();
                let code = error.code.text().to_owned();
                self.summary.failure = Some(SyncFailure { code, text, mend: String::new() });
                SyncState::Interrupted
            }
        };
        let counts = self.summary.counts;
        tracing::info!(
            sync = %id, %source, ?state, people = counts.people, groups = counts.groups, added = counts.added,
            changed = counts.changed, suspended = counts.suspended, "a source was read"
        );
        if let Err(error) = self.end(state) {
            tracing::warn!(sync = %id, %source, %error, "how a run ended could not be written down");
        }
    }

    fn work(&mut self, runtime: &Runtime) -> Result<SyncState, Stop> {
        let Connection::Ldap(settings) = &self.source.form.connection else {
            return Err(Error::from(Code::NotFound).into());
        };
        let settings = settings.as_ref().clone();
        let client = Client::new(settings.clone(), self.source.secret.clone()).map_err(unusable)?;
        self.active = identities::count_standing(&mut *self.house.reader()?, self.source.id)?;
        self.summary.limit = Some(settings.sync.limit(self.active));
        self.reads_photos = !settings.attributes.photo.is_empty();
        self.pictured = photos::of_source(&mut *self.house.reader()?, self.source.id)?.into_iter().collect();
        self.reads_managers = !settings.attributes.manager.is_empty();
        let mut people = runtime.block_on(client.people(self.reads_photos, self.now()))?;
        while let Some(page) = runtime.block_on(people.next())? {
            self.take_page(page)?;
            self.alive()?;
        }
        self.set_managers()?;
        self.drop_photos()?;
        self.find_gone()?;
        if !settings.groups.base.is_empty() {
            self.read_groups(&client, runtime)?;
        }
        let nested = settings.groups.nested != ldap::Nested::MemberOf;
        self.conclude(&settings, nested)
    }

    fn read_groups(&mut self, client: &Client, runtime: &Runtime) -> Result<(), Stop> {
        let mut groups = runtime.block_on(client.groups())?;
        while let Some(page) = runtime.block_on(groups.next())? {
            self.summary.counts.groups += (page.items.len() + page.skipped.len()) as u64;
            for skipped in page.skipped {
                self.skip(&skipped);
                match skipped.id {
                    Some(subject) => drop(self.kept_groups.insert(subject)),
                    None => self.nameless_groups = true,
                }
            }
            page.items.into_iter().for_each(|group| self.grid.group(group));
            self.alive()?;
        }
        Ok(())
    }

    pub(super) fn skip(&mut self, skipped: &ldap::Skipped) {
        self.summary.counts.skipped += 1;
        self.changes.add(SyncAct::Skipped, None, &skipped.dn, "", skipped.why.clone());
    }

    /// Everything is read: suspends who left and sets who is in which group, unless that is more than may be done without asking.
    fn conclude(&mut self, settings: &LdapSettings, nested: bool) -> Result<SyncState, Stop> {
        self.summary.counts.suspended = self.leaving.len() as u64;
        for tried in 1..=COMPARED {
            let plan = match settings.groups.base.is_empty() {
                true => super::memberships::Plan::default(),
                false => self.compare_groups(nested)?,
            };
            self.summary.group_limit = Some(settings.sync.limit(plan.memberships));
            // What was done before it had to be compared anew counts as well.
            if tried == 1 {
                plan.count(&mut self.summary.counts);
                plan.tell(&mut self.changes);
                self.leaving.iter().for_each(|leaving| leaving.tell(&mut self.changes));
            }
            if self.form.dry {
                return Ok(SyncState::Done);
            }
            if !self.allowed(plan.left()) {
                return Ok(SyncState::Waiting);
            }
            self.suspend()?;
            match self.set_groups(plan) {
                Ok(()) => return Ok(SyncState::Done),
                Err(Stop::House(error)) if error.code == Code::Outdated && tried < COMPARED => {}
                Err(stop) => return Err(stop),
            }
        }
        Err(Error::from(Code::Outdated).into())
    }

    fn allowed(&self, left: u64) -> bool {
        let leaving = self.leaving.len() as u64;
        let within = |count: u64, limit: Option<u64>, asked: Option<u64>| {
            count <= limit.unwrap_or(SyncSettings::ALWAYS).max(asked.unwrap_or_default())
        };
        within(leaving, self.summary.limit, self.form.allow_suspended)
            && within(left, self.summary.group_limit, self.form.allow_left)
    }

    /// Says how far it is, now and then.
    pub(super) fn alive(&mut self) -> Result<(), Stop> {
        let now = self.now();
        if (self.told..self.told + TOLD).contains(&now) {
            return Ok(());
        }
        self.told = now;
        let (id, summary) = (self.id, &self.summary);
        let alive = self.house.journal.db().write_here(|conn| syncs::alive(conn, id, summary, now))?;
        if alive { Ok(()) } else { Err(Stop::Lost) }
    }

    pub(super) fn now(&self) -> Micros {
        self.house.journal.clock().now()
    }

    pub(super) fn write<T>(&self, work: impl FnOnce(&mut Conn) -> Result<T, Error>) -> Result<T, Error> {
        self.house.journal.db().write_here(work)
    }

    fn end(&self, state: SyncState) -> Result<(), Error> {
        let (id, source, now, bytes) = (self.id, self.source.id, self.now(), self.id.bytes());
        let before = syncs::newest(&mut *self.house.reader()?, source, 2)?;
        let report = serde_json::to_vec(self.changes.kept()).map_err(Error::internal)?;
        let sealed =
            self.house.journal.vault().seal_value(Scope::System, &syncs::report_place(&bytes), &report)?;
        let summary = self.summary.clone();
        let end = move |conn: &mut Conn| {
            syncs::end(conn, id, state, &summary, &sealed, now)?;
            syncs::forget(conn, source, now - REMEMBERED)
        };
        let failure = self.summary.failure.as_ref().map(|failure| failure.code.clone());
        let as_before = before.iter().find(|run| run.id != id).is_some_and(|run| {
            let code = run.summary.failure.as_ref().map(|failure| &failure.code);
            (run.state, run.dry, code) == (state, self.form.dry, failure.as_ref())
        });
        let did_nothing = {
            let read = SyncCounts {
                people: 0,
                groups: 0,
                left_alone: 0,
                conflicts: 0,
                skipped: 0,
                ..self.summary.counts
            };
            read == SyncCounts::default() || state != SyncState::Done
        };
        // A run every few minutes that finds the same as the last is no news; the list of runs has it.
        if self.by.is_none() && did_nothing && as_before {
            return self.write(end);
        }
        let body = SourceSynced {
            source,
            sync: id,
            dry: self.form.dry,
            state,
            counts: self.summary.counts,
            failure,
        };
        let mut draft = self.house.journal.draft(Stream::System, Kind::SourceSynced, self.by, &body)?;
        draft.target = Some(source.bytes());
        // Nobody sees it ended before that is on record.
        let work = Box::new(move |conn: &mut Conn, _: &[Placed]| end(conn));
        let unit = Unit { records: vec![draft], work: Some(work), ..Unit::default() };
        self.house.journal.commit_blocking(unit).map(drop)
    }
}

fn unusable(problems: Vec<ldap::Problem>) -> Stop {
    let first = problems.into_iter().next();
    Stop::Directory(SyncFailure {
        code: first.as_ref().map_or("settings_invalid", |problem| problem.code).to_owned(),
        text: first.as_ref().map(|problem| format!("{}: {}", problem.path, problem.what)).unwrap_or_default(),
        mend: first.map(|problem| problem.mend.to_owned()).unwrap_or_default(),
    })
}
