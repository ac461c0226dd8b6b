//! Reading directories in the background: who came, who changed, who left.
//!
//! What must stay true:
//! - nobody is taken for gone unless everything was read to its end without an error;
//! - more suspensions, or more ended memberships, than the set share wait for an administrator, and then none of them is done;
//! - what an administrator suspended by hand stays suspended;
//! - one run of a source at a time, on however many nodes; a run works in units small enough that messages do not wait for it;
//! - memory is bounded: a page of people, and for everybody some bytes that tell they were seen, where their entry is and where that of
//!   their manager.
//!
//! `run` goes through a directory, `people`, `photos`, `managers` and `memberships` do what follows from it, `report` keeps what was done.

mod managers;
mod memberships;
mod people;
mod photos;
mod report;
mod run;

use std::time::Duration;

use chancery_ledger::{Kind, Stream};
use chancery_protocol::Micros;
use chancery_protocol::ids::{Id, PersonId, SourceId, SyncId};
use chancery_protocol::sources::{
    Connection, StartSync, Sync, SyncReport, SyncSettings, SyncStarted, SyncState, Syncs,
};

use super::Provisioning;
use crate::directory::records::{SyncAsked, Via};
use crate::directory::sources::{self, Source};
use crate::directory::syncs;
use crate::ground::db::blocking;
use crate::ground::error::{Code, Error};
use crate::journal::Unit;

/// How often it is looked which source is to be read.
const LOOKED: Duration = Duration::from_secs(15);
/// Runs that are shown.
const SHOWN: u32 = 50;
/// How long runs are remembered; what they did stays on record.
const REMEMBERED: Micros = 90 * 24 * 3_600_000_000;

impl Provisioning {
    /// The runs of a source, newest first.
    pub(super) fn syncs(&self, source: SourceId) -> Result<Syncs, Error> {
        let mut conn = self.reader()?;
        sources::get(&mut conn, source)?;
        let runs = syncs::newest(&mut conn, source, SHOWN)?;
        let last_done = syncs::last_done(&mut conn, source)?;
        Ok(Syncs {
            syncs: runs.into_iter().map(|run| self.shown(run)).collect(),
            last_done: last_done.map(|run| self.shown(run)),
        })
    }

    /// One run, with what it did once it has ended.
    pub(super) fn sync_report(&self, id: SyncId) -> Result<SyncReport, Error> {
        let (run, sealed) = syncs::get(&mut *self.reader()?, id)?;
        let changes = match sealed {
            None => Vec::new(),
            Some(sealed) => {
                let bytes = id.bytes();
                let opened = self.journal.vault().open_text(&syncs::report_place(&bytes), &sealed)?;
                let damaged = |_| Error::internal(format!("the report of run {id} does not match its seal"));
                serde_json::from_str(&opened.map_err(damaged)?).map_err(Error::internal)?
            }
        };
        Ok(SyncReport { sync: self.shown(run), changes })
    }

    fn shown(&self, run: syncs::Run) -> Sync {
        let silent = run.ended_at.is_none() && run.alive_at < self.journal.clock().now() - syncs::SILENT;
        Sync {
            id: run.id,
            source: run.source,
            dry: run.dry,
            state: if silent { SyncState::Interrupted } else { run.state },
            started_at: run.started_at,
            ended_at: run.ended_at,
            by: run.asked_by.and_then(|person| self.name_of(person)),
            counts: run.summary.counts,
            limit: run.summary.limit,
            group_limit: run.summary.group_limit,
            failure: run.summary.failure,
        }
    }

    /// Has a directory read because an administrator asked; that is on record before it begins.
    pub(super) fn ask_for_sync(
        &self,
        id: SourceId,
        form: StartSync,
        by: PersonId,
    ) -> Result<SyncStarted, Error> {
        let source = self.directory_source(id)?;
        if !source.form.enabled && !form.dry {
            return Err(Code::SourceOff.into());
        }
        let sync = self.begin(id, form.dry, Some(by))?;
        let body = SyncAsked { source: id, sync, form, via: Via::Web };
        let asked =
            self.journal.draft(Stream::System, Kind::SyncAsked, Some(by), &body).and_then(|mut draft| {
                draft.target = Some(id.bytes());
                self.journal.commit_blocking(Unit { records: vec![draft], ..Unit::default() })
            });
        if let Err(error) = asked {
            self.give_up(sync);
            return Err(error);
        }
        self.go(source, sync, form, Some(by));
        Ok(SyncStarted { id: sync })
    }

    fn begin(&self, source: SourceId, dry: bool, by: Option<PersonId>) -> Result<SyncId, Error> {
        let (id, now): (SyncId, Micros) = (self.journal.id()?, self.journal.clock().now());
        self.journal.db().write_here(|conn| syncs::begin(conn, (id, source), dry, by, now))?;
        Ok(id)
    }

    fn give_up(&self, sync: SyncId) {
        let now = self.journal.clock().now();
        let ended = self.journal.db().write_here(|conn| {
            syncs::end(conn, sync, SyncState::Interrupted, &syncs::Summary::default(), &[], now)
        });
        if let Err(error) = ended {
            tracing::warn!(%sync, %error, "a run that did not begin stands as running until it counts as silent");
        }
    }

    /// Lets a run go on by itself, on a thread of its own: it waits for directory and database in turn, and nobody waits for it.
    fn go(&self, source: Source, sync: SyncId, form: StartSync, by: Option<PersonId>) {
        let here = self.clone();
        let runs = std::thread::Builder::new().name("sync".to_owned()).spawn(move || {
            match tokio::runtime::Builder::new_current_thread().enable_all().build() {
                Ok(runtime) => run::Run::new(here, source, sync, form, by).go(&runtime),
                Err(error) => {
                    tracing::error!(%sync, %error, "a source cannot be read");
                    here.give_up(sync);
                }
            }
        });
        if let Err(error) = runs {
            tracing::error!(%sync, %error, "a source cannot be read");
            self.give_up(sync);
        }
    }

    /// A source that can be read.
    fn directory_source(&self, id: SourceId) -> Result<Source, Error> {
        let source = self.source(id)?;
        match source.form.connection {
            Connection::Ldap(_) => Ok(source),
            Connection::Oidc(_) | Connection::Scim(_) => Err(Code::NotFound.into()),
        }
    }

    /// Reads directories when it is time, as long as the server runs.
    pub async fn keep_in_sync(self) {
        let db = self.journal.db();
        if db.is_sqlite() {
            // There is no other server whose runs these could be.
            let now = self.journal.clock().now();
            if let Err(error) = db.write(move |conn| syncs::interrupt_all(conn, now)).await {
                tracing::warn!(%error, "runs of the server before stand as running until they count as silent");
            }
        }
        loop {
            let here = self.clone();
            match blocking(move || here.due()).await {
                Ok(due) => {
                    for (source, sync) in due {
                        self.go(source, sync, StartSync::default(), None);
                    }
                }
                Err(error) => tracing::warn!(%error, "it cannot be told which directory is to be read"),
            }
            // Somebody changed a source, or some time went by.
            let _ = tokio::time::timeout(LOOKED, self.changed.notified()).await;
        }
    }

    /// Begins a run of each source whose time has come.
    fn due(&self) -> Result<Vec<(Source, SyncId)>, Error> {
        let mut due = Vec::new();
        let rows = sources::all(&mut *self.reader()?)?;
        for row in rows {
            let source = sources::open(self.journal.vault(), &row)?;
            let Connection::Ldap(settings) = &source.form.connection else { continue };
            if !source.form.enabled || settings.sync.every_minutes == 0 {
                continue;
            }
            let last = syncs::newest_real(&mut *self.reader()?, source.id)?;
            if !is_due(last.as_ref(), settings.sync, self.journal.clock().now()) {
                continue;
            }
            match self.begin(source.id, false, None) {
                Ok(sync) => due.push((source, sync)),
                // Another node, or an administrator, was quicker.
                Err(error) if error.code == Code::SyncRunning => {}
                Err(error) => return Err(error),
            }
        }
        Ok(due)
    }
}

/// Whether a source is to be read again.
fn is_due(last: Option<&syncs::Run>, settings: SyncSettings, now: Micros) -> bool {
    let Some(last) = last else { return true };
    let pause = Micros::from(settings.every_minutes) * 60_000_000;
    match last.ended_at {
        Some(ended_at) => ended_at + pause <= now,
        None => last.alive_at < now - syncs::SILENT,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_read_again_when_its_pause_is_over_or_its_run_fell_silent() {
        const MINUTE: Micros = 60_000_000;
        let settings = SyncSettings { every_minutes: 5, max_share_percent: 10 };
        let run = |ended_at, alive_at| syncs::Run {
            id: SyncId::from_bytes([1; 16]),
            source: SourceId::from_bytes([2; 16]),
            dry: false,
            state: SyncState::Done,
            asked_by: None,
            started_at: 0,
            alive_at,
            ended_at,
            summary: syncs::Summary::default(),
        };
        assert!(is_due(None, settings, 0));
        assert!(!is_due(Some(&run(Some(MINUTE), MINUTE)), settings, 6 * MINUTE - 1));
        assert!(is_due(Some(&run(Some(MINUTE), MINUTE)), settings, 6 * MINUTE));
        assert!(!is_due(Some(&run(None, MINUTE)), settings, 2 * MINUTE));
        assert!(is_due(Some(&run(None, MINUTE)), settings, MINUTE + syncs::SILENT + 1));
    }
}
