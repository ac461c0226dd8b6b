//! The runs of one directory: how it stands, which report is open, and how a run is begun.

use chancery_protocol::ids::{SourceId, SyncId};
use chancery_protocol::sources::{StartSync, Sync, SyncReport, SyncState, Syncs as Runs};
use chancery_ui_kit::api::{ApiClient, ClientError};
use chancery_ui_kit::loaded::Loaded;
use chancery_ui_kit::reactive::memo;
use chancery_ui_kit::router::Router;
use chancery_ui_kit::text::sources as source_words;
use chancery_ui_kit::text::syncs as words;
use chancery_ui_kit::{dom, time};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::sources;
use crate::logic::sync::{is_open, pace, pace_of, when};
use crate::routes::Place;
use crate::state::polled::Polled;
use crate::state::sources::Sources;

/// The state; provided by what shows the runs of a source.
#[derive(Clone, Copy)]
pub struct Syncs {
    /// The runs, newest first.
    pub runs: Polled<Runs>,
    /// Whose report is open.
    pub open: Memo<Option<SyncId>>,
    /// The title of that report.
    pub title: RwSignal<&'static str>,
    /// Whether a run is being begun to look only.
    pub looking: RwSignal<bool>,
    /// Whether one is being begun in earnest.
    pub starting: RwSignal<bool>,
    /// Why it was not begun.
    pub failed: RwSignal<Option<ClientError>>,
    again: RwSignal<u32>,
    reports: RwSignal<u32>,
    source: SourceId,
    desk: Sources,
}

impl Syncs {
    /// Follows the runs of a source, and makes them known to everything below.
    pub fn provide(source: SourceId) -> Self {
        let (desk, router) = (Sources::current(), Router::current());
        let again = RwSignal::new(0);
        let runs = Polled::paced(
            |all: Option<&Runs>| Some(pace(all)),
            move || {
                again.track();
                Box::pin(sources::syncs(desk.api(), source))
            },
        );
        let open = memo(move || match Place::of(&router.address().path) {
            Place::Sync(of, id) if of == source => Some(id),
            _ => None,
        });
        let syncs = Self {
            runs,
            open,
            title: RwSignal::new(words::DID),
            looking: RwSignal::new(false),
            starting: RwSignal::new(false),
            failed: RwSignal::new(None),
            again,
            reports: RwSignal::new(0),
            source,
            desk,
        };
        provide_context(syncs);
        syncs
    }

    /// The state.
    pub fn current() -> Self {
        #[expect(clippy::expect_used, reason = "it is provided before anything that shows it is drawn")]
        use_context().expect("the runs of a source are provided above what shows them")
    }

    /// Asks for the open report again, after it could not be had.
    pub fn reload(self) {
        self.reports.update(|again| *again = again.wrapping_add(1));
    }

    /// One run as far as it is, again and again until it is over.
    pub fn follow(self, run: SyncId) -> Polled<SyncReport> {
        let api = ApiClient::current();
        Polled::paced(
            |report: Option<&SyncReport>| pace_of(report.map_or(SyncState::Done, |report| report.sync.state)),
            move || {
                self.reports.track();
                Box::pin(sources::sync(api, run))
            },
        )
    }

    /// Fetches the runs now.
    pub fn renew(self) {
        self.again.update(|again| *again = again.wrapping_add(1));
    }

    /// The same, after they could not be had.
    pub fn retry(self) {
        self.runs.value.set(Loaded::Loading);
        self.renew();
    }

    /// A run began or ended in sight of somebody: the list follows, and how many people the source has.
    pub fn moved(self, dry: bool, state: SyncState) {
        self.renew();
        if !dry && state != SyncState::Running {
            self.desk.load();
        }
    }

    /// Whether what a run waits for can still be decided; tracked.
    pub fn is_open(self, run: SyncId) -> bool {
        self.runs.read(|all| is_open(all, run)).unwrap_or_default()
    }

    /// The address of a report.
    pub fn address_of(self, run: SyncId) -> String {
        Place::Sync(self.source, run).path()
    }

    /// Closes the report, and gives the focus back to its row where nothing else had it.
    pub fn close(self) {
        let Some(run) = self.open.get_untracked() else { return };
        self.desk.router().to(&Place::Source(self.source).path());
        set_timeout(
            move || {
                if is_lost() {
                    dom::focus(&format!("[data-sync=\"{run}\"] a"));
                }
            },
            std::time::Duration::ZERO,
        );
    }

    /// Begins a run.
    pub fn start(self, dry: bool) {
        let working = if dry { self.looking } else { self.starting };
        let form = StartSync { dry, ..StartSync::default() };
        self.desk.start_sync(self.source, form, working, self.failed);
    }

    /// Asks once more before what a run stopped before is done.
    pub fn ask(self, run: Sync) {
        self.desk.ask.set(Some(crate::state::sources::Ask::Overrule(Box::new(run))));
    }
}

impl Sources {
    /// Begins a run of reading a source, and opens its report.
    pub fn start_sync(
        self,
        source: SourceId,
        form: StartSync,
        working: RwSignal<bool>,
        failed: RwSignal<Option<ClientError>>,
    ) {
        if working.get_untracked() {
            return;
        }
        working.set(true);
        failed.set(None);
        spawn_local(async move {
            let outcome = sources::start_sync(self.api(), source, &form).await;
            self.line().heard(&outcome);
            let closed = working.try_set(false).is_some();
            // One may have gone elsewhere by now; then it is told at the edge of the page.
            let here = Place::of(&self.router().address_untracked().path).source() == Some(source);
            match outcome {
                Ok(started) => {
                    let _ = self.ask.try_set(None);
                    if here {
                        self.router().to(&Place::Sync(source, started.id).path());
                    } else {
                        self.toasts.done(words::STARTED);
                    }
                }
                Err(error) => {
                    // Somebody else began one: what is shown is old.
                    if error.code() == Some("sync_running") && here {
                        self.line().try_again();
                    }
                    if closed {
                        self.toasts.failed(words::NOT_STARTED, source_words::refused(&error));
                    } else {
                        let _ = failed.try_set(Some(error));
                    }
                }
            }
        });
    }
}

/// Whether nothing has the focus any more; the browser takes it from what is closed or cannot be used only when it draws.
fn is_lost() -> bool {
    dom::focused().is_none_or(|element| element.matches("#sync *, :disabled").unwrap_or_default())
}

/// A moment among others of the last days, where the reader is.
pub fn moment(at: chancery_protocol::Micros) -> String {
    when(time::LocalTime::of(at), time::LocalTime::of(time::now()))
}
