//! The page of sources: which there are, which is looked at, what is being asked.

use chancery_protocol::Micros;
use chancery_protocol::ids::SourceId;
use chancery_protocol::sources::{SetSource, Source, SourceForm, SourceToken, Sync};
use chancery_ui_kit::api::{ApiClient, ClientError};
use chancery_ui_kit::loaded::Loaded;
use chancery_ui_kit::reactive::{effect, memo};
use chancery_ui_kit::router::Router;
use chancery_ui_kit::text::sources as words;
use chancery_ui_kit::time;
use chancery_ui_kit::toast::Toasts;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::sources;
use crate::logic::source::SourceKind;
use crate::routes::Place;
use crate::state::line::Line;

/// What a dialog asks about.
#[derive(Debug, Clone, PartialEq)]
pub enum Ask {
    /// Switch it off?
    SwitchOff(Source),
    /// Remove it?
    Remove(Source),
    /// Revoke this token of the source? And whether no other may write.
    Revoke(SourceId, Box<SourceToken>, bool),
    /// Do what a run stopped before?
    Overrule(Box<Sync>),
    /// Leave for this address, and lose what was changed in the source of this name?
    Leave(String, String),
}

/// What the page shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shown {
    /// There is no source yet.
    Nothing,
    /// There is one, and the address names none: it is on its way to the first.
    Moving,
    /// Another page is shown.
    Left,
    /// The address names one that is not there.
    Gone,
    /// One to be added.
    New(SourceKind),
    /// One that is kept.
    Kept(SourceId),
}

/// The state of the page; provided by it.
#[derive(Clone, Copy)]
pub struct Sources {
    /// All of them, in their order.
    pub list: RwSignal<Loaded<Vec<Source>>>,
    /// When they were loaded.
    pub loaded_at: RwSignal<Micros>,
    /// What a dialog asks about.
    pub ask: RwSignal<Option<Ask>>,
    /// Counts tokens issued and revoked here, so that whoever shows them asks anew.
    pub tokens_changed: RwSignal<u32>,
    /// What is shown.
    pub shown: Memo<Shown>,
    /// Where toasts are put.
    pub toasts: Toasts,
    round: StoredValue<u32>,
    own: StoredValue<Option<(SourceId, u64)>>,
    line: Line,
    api: ApiClient,
    router: Router,
}

impl Sources {
    /// Follows the address, and makes the state known to everything below.
    pub fn provide(place: Memo<Place>) -> Self {
        let (router, line) = (Router::current(), Line::current());
        let list = RwSignal::new(Loaded::<Vec<Source>>::Loading);
        let shown = memo(move || {
            list.with(|list| {
                let known = list.ready().map(Vec::as_slice).unwrap_or_default();
                match place.get() {
                    Place::NewSource(kind) => Shown::New(kind),
                    Place::Source(id) | Place::Sync(id, _) => {
                        let there = known.iter().any(|source| source.id == id);
                        if there { Shown::Kept(id) } else { Shown::Gone }
                    }
                    Place::Sources if known.is_empty() => Shown::Nothing,
                    Place::Sources => Shown::Moving,
                    // The page is being left.
                    _ => Shown::Left,
                }
            })
        });
        let desk = Self {
            list,
            loaded_at: RwSignal::new(0),
            ask: RwSignal::new(None),
            tokens_changed: RwSignal::new(0),
            shown,
            toasts: Toasts::current(),
            round: StoredValue::new(0),
            own: StoredValue::new(None),
            line,
            api: ApiClient::current(),
            router,
        };
        provide_context(desk);
        effect(move || {
            line.again.track();
            desk.load();
        });
        effect(move || {
            if shown.get() == Shown::Moving
                && let Some(first) = desk.read(|sources| sources.first().map(|source| source.id)).flatten()
            {
                router.replace(&Place::Source(first).path());
            }
        });
        desk
    }

    /// The page's state.
    pub fn current() -> Self {
        #[expect(clippy::expect_used, reason = "the page provides it before anything in it is drawn")]
        use_context().expect("the page of sources provides its state")
    }

    /// Fetches all of them.
    pub fn load(self) {
        spawn_local(self.fetch());
    }

    /// The same, until they are there.
    pub async fn fetch(self) {
        let Some(round) = self.round.try_get_value().map(|round| round.wrapping_add(1)) else { return };
        self.round.set_value(round);
        let outcome = sources::list(self.api).await;
        // Asked again in the meantime, or the page is gone.
        if self.round.try_get_value() != Some(round) {
            return;
        }
        self.line.heard(&outcome);
        let there = self.list.with_untracked(|list| list.ready().is_some());
        match outcome {
            Ok(all) => {
                self.loaded_at.set(time::now());
                self.list.set(Loaded::Ready(all.sources));
            }
            // What was loaded stays readable; the banner says that it may be old.
            Err(ClientError::Network) if there => {}
            Err(ClientError::Aborted) => {}
            Err(error) => self.list.set(Loaded::Failed(error)),
        }
    }

    /// Something of those that are loaded; tracked.
    pub fn read<R>(self, read: impl FnOnce(&[Source]) -> R) -> Option<R> {
        self.list.with(|list| list.ready().map(|sources| read(sources)))
    }

    /// One of them, as it was loaded last; not tracked.
    pub fn find(self, id: SourceId) -> Option<Source> {
        let found = |list: &Loaded<Vec<Source>>| {
            list.ready().and_then(|all| all.iter().find(|source| source.id == id).cloned())
        };
        self.list.try_with_untracked(found).flatten()
    }

    /// Switches a source on or off as it is saved; what is typed in its form stays.
    pub fn switch(
        self,
        source: Source,
        on: bool,
        working: RwSignal<bool>,
        failed: RwSignal<Option<ClientError>>,
    ) {
        if working.get_untracked() {
            return;
        }
        working.set(true);
        failed.set(None);
        let form = SourceForm { enabled: on, ..source.form };
        let asked = SetSource { form, secret: None, was: Some(source.revision) };
        spawn_local(async move {
            let outcome = sources::change(self.api, source.id, &asked).await;
            self.line.heard(&outcome);
            if outcome.is_ok() {
                let _ = self.own.try_set_value(Some((source.id, source.revision + 1)));
            }
            self.fetch().await;
            let closed = working.try_set(false).is_some();
            match outcome {
                Ok(()) => {
                    self.toasts.done(if on { words::SWITCHED_ON } else { words::SWITCHED_OFF });
                    if !closed {
                        let _ = self.ask.try_set(None);
                    }
                }
                Err(error) if self.ask.try_with_untracked(Option::is_some) == Some(true) => {
                    drop(failed.try_set(Some(error)));
                }
                Err(error) => self.toasts.failed(words::NOT_SWITCHED, words::refused(&error)),
            }
        });
    }

    /// Whether what is found now came of what was known by switching it here, and nothing else.
    pub fn is_own(self, known: &Source, found: &Source) -> bool {
        found.revision == known.revision + 1 && self.own.get_value() == Some((found.id, found.revision))
    }

    /// Removes one.
    pub fn remove(self, id: SourceId, working: RwSignal<bool>, failed: RwSignal<Option<ClientError>>) {
        working.set(true);
        failed.set(None);
        spawn_local(async move {
            let outcome = sources::remove(self.api, id).await;
            let _ = working.try_set(false);
            self.line.heard(&outcome);
            match outcome {
                Err(error) if error.code() != Some("not_found") => drop(failed.try_set(Some(error))),
                // It was removed before, or has been now.
                _ => {
                    self.toasts.done(words::REMOVED);
                    if self.ask.try_set(None).is_none() {
                        self.router.unguard();
                        self.fetch().await;
                        // Unless one has gone elsewhere by now.
                        if self.list.try_with_untracked(|_| ()).is_some() {
                            self.router.replace(&Place::Sources.path());
                        }
                    }
                }
            }
        });
    }

    /// Goes to another address without asking about what was changed.
    pub fn leave(self, address: &str) {
        self.ask.set(None);
        self.router.unguard();
        self.router.to(address);
    }

    /// The client, for what stands on the page.
    pub fn api(self) -> ApiClient {
        self.api
    }

    /// The line to the server.
    pub fn line(self) -> Line {
        self.line
    }

    /// Where one is, and how to go elsewhere.
    pub fn router(self) -> Router {
        self.router
    }
}
