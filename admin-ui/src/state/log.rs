//! The audit log: which part is looked at, which entry is open, how much is new.

use std::time::Duration;

use chancery_protocol::Micros;
use chancery_protocol::audit::{AuditDetail, AuditExport, AuditPage, AuditPerson, AuditQuery, ExportForm};
use chancery_protocol::ids::PersonId;
use chancery_ui_kit::api::{ApiClient, ClientError};
use chancery_ui_kit::loaded::Loaded;
use chancery_ui_kit::reactive::{effect, memo};
use chancery_ui_kit::router::Router;
use chancery_ui_kit::text::audit as words;
use chancery_ui_kit::time::{self, LocalTime, day_begins};
use chancery_ui_kit::toast::Toasts;
use chancery_ui_kit::{dom, text};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::audit;
use crate::logic::log::LogView;
use crate::routes::Place;
use crate::state::line::Line;

/// So often is asked whether there is something new.
const NEWS: Duration = Duration::from_secs(5);

/// The state of the page; provided by it.
#[derive(Clone, Copy)]
pub struct Log {
    /// The page of entries; the old one stays while another is on its way.
    pub page: RwSignal<Loaded<AuditPage>>,
    /// How many entries fit the filters; the server counts them once, for the first page.
    pub matching: RwSignal<Option<u64>>,
    /// When it was loaded.
    pub loaded_at: RwSignal<Micros>,
    /// The entry in the side pane.
    pub open: RwSignal<Loaded<AuditDetail>>,
    /// How many entries have come since the page was loaded.
    pub news: RwSignal<u64>,
    /// Whether a file is on its way.
    pub exporting: RwSignal<bool>,
    /// What is looked at.
    pub view: Memo<LogView>,
    /// Which entry is in the side pane.
    pub entry: Memo<Option<u64>>,
    /// Which entry the side pane showed last, to give the focus back.
    pub last: StoredValue<Option<u64>>,
    line: Line,
    round: StoredValue<u32>,
    api: ApiClient,
    router: Router,
    toasts: Toasts,
}

impl Log {
    /// Follows the address, and makes the state known to everything below.
    pub fn provide(place: Memo<Place>) -> Self {
        let (router, line) = (Router::current(), Line::current());
        let view = memo(move || {
            let address = router.address();
            LogView::of(|name| dom::query_of(&address.query, name))
        });
        let entry = memo(move || match place.get() {
            Place::AuditEntry(position) => Some(position),
            _ => None,
        });
        let log = Self {
            page: RwSignal::new(Loaded::Loading),
            matching: RwSignal::new(None),
            loaded_at: RwSignal::new(0),
            open: RwSignal::new(Loaded::Loading),
            news: RwSignal::new(0),
            exporting: RwSignal::new(false),
            view,
            entry,
            last: StoredValue::new(None),
            line,
            round: StoredValue::new(0),
            api: ApiClient::current(),
            router,
            toasts: Toasts::current(),
        };
        provide_context(log);
        effect(move || {
            view.track();
            line.again.track();
            log.load();
        });
        effect(move || {
            line.again.track();
            if let Some(position) = entry.get() {
                log.open_one(position);
            }
        });
        log.watch();
        log
    }

    /// The page's state.
    pub fn current() -> Self {
        #[expect(clippy::expect_used, reason = "the page provides it before anything in it is drawn")]
        use_context().expect("the audit log provides its state")
    }

    fn asked(self) -> AuditQuery {
        let today = day_begins(&LocalTime::of(time::now()).machine_day()).unwrap_or_default();
        self.view.get_untracked().asked(today)
    }

    /// Fetches the page that is looked at.
    pub fn load(self) {
        let round = self.round.get_value().wrapping_add(1);
        self.round.set_value(round);
        let query = self.asked();
        spawn_local(async move {
            let outcome = audit::page(self.api, &query).await;
            // Another page was asked for in the meantime, or the page is gone.
            if self.round.try_get_value() != Some(round) {
                return;
            }
            self.line.heard(&outcome);
            match outcome {
                Ok(page) => {
                    if query.before.is_none() {
                        self.matching.set(page.matching);
                    }
                    self.news.set(0);
                    self.loaded_at.set(time::now());
                    self.page.set(Loaded::Ready(page));
                }
                // What was loaded stays readable; the banner says that it may be old.
                Err(ClientError::Network) if self.page.with_untracked(|page| page.ready().is_some()) => {}
                Err(ClientError::Aborted) => {}
                Err(error) => self.page.set(Loaded::Failed(error)),
            }
        });
    }

    /// Asks now and then whether there is something new; it is shown only on a press, because showing is a record.
    fn watch(self) {
        let timer = set_interval_with_handle(move || self.ask_for_news(), NEWS).ok();
        on_cleanup(move || {
            if let Some(timer) = timer {
                timer.clear();
            }
        });
    }

    fn ask_for_news(self) {
        let newest = self.view.with_untracked(|view| view.before.is_none());
        let seen = self.page.with_untracked(|page| page.ready().map(|page| page.looked_at));
        let hidden = document().hidden();
        let Some(seen) = seen.filter(|_| newest && !hidden && !self.line.offline.get_untracked()) else {
            return;
        };
        let (query, round) = (AuditQuery { after: Some(seen), ..self.asked() }, self.round.get_value());
        spawn_local(async move {
            let outcome = audit::news(self.api, &query).await;
            if self.round.try_get_value() != Some(round) {
                return;
            }
            self.line.heard(&outcome);
            if let Ok(news) = outcome
                && self.news.get_untracked() != news.count
            {
                self.news.set(news.count);
            }
        });
    }

    /// Shows an entry in the side pane.
    pub fn open_one(self, position: u64) {
        let shown =
            self.open.with_untracked(|open| open.ready().is_some_and(|open| open.entry.position == position));
        if shown {
            return;
        }
        self.open.set(Loaded::Loading);
        spawn_local(async move {
            let outcome = audit::entry(self.api, position).await;
            if self.entry.try_get_untracked().flatten() != Some(position) {
                return;
            }
            self.line.heard(&outcome);
            self.open.set(outcome.into());
        });
    }

    /// Somebody named on the page or in the open entry.
    pub fn person(self, id: PersonId) -> Option<AuditPerson> {
        let of = |people: &[AuditPerson]| people.iter().find(|person| person.id == id).cloned();
        self.page
            .with(|page| page.ready().and_then(|page| of(&page.people)))
            .or_else(|| self.open.with(|open| open.ready().and_then(|open| of(&open.people))))
    }

    /// The address of an entry, with the filters as they are.
    pub fn address_of(self, position: u64) -> String {
        self.address(Place::AuditEntry(position), &self.view.get_untracked())
    }

    fn address(self, place: Place, view: &LogView) -> String {
        let query = view.query(dom::encode);
        let path = place.path();
        if query.is_empty() { path } else { format!("{path}?{query}") }
    }

    /// Looks at something else. `step`: whether Back leads to what was looked at before.
    pub fn look(self, view: &LogView, step: bool) {
        let place = self.entry.get_untracked().map_or(Place::Audit, Place::AuditEntry);
        let address = self.address(place, view);
        if step { self.router.to(&address) } else { self.router.replace(&address) }
    }

    /// Opens the side pane.
    pub fn show(self, position: u64) {
        self.router.to(&self.address_of(position));
    }

    /// Closes the side pane and gives the focus back to its row.
    pub fn close(self) {
        let Some(position) = self.entry.get_untracked() else { return };
        self.last.set_value(Some(position));
        self.router.to(&self.address(Place::Audit, &self.view.get_untracked()));
        dom::focus(&format!("[data-position=\"{position}\"] .entry-what"));
    }

    /// Saves everything that fits the filters as a file.
    pub fn export(self, form: ExportForm) {
        if self.exporting.get_untracked() {
            return;
        }
        self.exporting.set(true);
        let asked = AuditExport { query: AuditQuery { before: None, ..self.asked() }, form };
        spawn_local(async move {
            let outcome = audit::export(self.api, &asked).await;
            let _ = self.exporting.try_set(false);
            self.line.heard(&outcome);
            let (name, kind) = match form {
                ExportForm::Csv => ("audit-log.csv", "text/csv"),
                ExportForm::Jsonl => ("audit-log.jsonl", "application/jsonl"),
            };
            match outcome {
                Ok(file) if dom::save(name, kind, &file) => self.toasts.done(words::EXPORTED),
                Ok(_) => self.toasts.failed(words::EXPORT_FAILED, text::problem::of(&ClientError::Decode)),
                Err(error) => self.toasts.failed(words::EXPORT_FAILED, text::problem::of(&error)),
            }
        });
    }

    /// Puts a link to an entry on the clipboard.
    pub fn copy_link(self, position: u64) {
        let path = Place::AuditEntry(position).path();
        spawn_local(async move {
            if dom::copy(&format!("{}{path}", dom::origin())).await {
                self.toasts.done(words::LINK_COPIED);
            }
        });
    }
}
