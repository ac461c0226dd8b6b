//! Texts that wait for an officer: loaded for reading, which is on record, and decided one after another.

use std::collections::BTreeMap;

use chancery_protocol::ids::{ConversationId, PersonId, RecordId};
use chancery_protocol::policy::{Content, ItemKind};
use chancery_protocol::review::{WaitingContext, WaitingText};
use chancery_protocol::search::ConversationRef;
use chancery_screening::Rule;
use chancery_ui_kit::api::{ApiClient, ClientError};
use chancery_ui_kit::loaded::Loaded;
use chancery_ui_kit::reactive::{effect, memo};
use chancery_ui_kit::router::Router;
use chancery_ui_kit::text;
use chancery_ui_kit::text::compliance;
use chancery_ui_kit::text::review as words;
use chancery_ui_kit::toast::Toasts;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::{policy_items, review};
use crate::logic::review::{called, next};
use crate::routes::Place;
use crate::state::confirming::Confirming;
use crate::state::counts::Counts;
use crate::state::line::Line;

/// A version of a rule: its short name and number.
type Which = (String, u32);

/// What a decision does.
#[derive(Debug, Clone, PartialEq)]
pub enum Decision {
    /// It is delivered; why, for the record.
    Deliver(String),
    /// It is not; what the author reads.
    Refuse(String),
}

/// The state of the page; provided by it.
#[derive(Clone, Copy)]
pub struct Reviewing {
    /// The texts, oldest first.
    pub texts: RwSignal<Loaded<Vec<WaitingText>>>,
    /// Positions of records that wait and do not verify.
    pub unverified: RwSignal<Vec<u64>>,
    /// Whether there are more, and where they begin.
    pub after: RwSignal<Option<RecordId>>,
    /// Whether the next page is on its way.
    pub more: RwSignal<bool>,
    /// The text that is looked at.
    pub open: Memo<Option<RecordId>>,
    /// What was said before it, once it is asked for.
    pub context: RwSignal<Option<Loaded<WaitingContext>>>,
    /// The decision that is on its way.
    pub deciding: RwSignal<Option<Decision>>,
    /// Why it was refused.
    pub refused: RwSignal<Option<String>>,
    names: RwSignal<BTreeMap<PersonId, String>>,
    places: RwSignal<BTreeMap<ConversationId, ConversationRef>>,
    rules: RwSignal<BTreeMap<Which, Option<(String, String)>>>,
    confirming: Confirming,
    counts: Counts,
    router: Router,
    toasts: Toasts,
    line: Line,
    api: ApiClient,
}

impl Reviewing {
    /// Fetches what waits, and makes it known to everything below.
    pub fn provide(place: Memo<Place>) -> Self {
        let open = memo(move || match place.get() {
            Place::Waiting(attempt) => Some(attempt),
            _ => None,
        });
        let page = Self {
            texts: RwSignal::new(Loaded::Loading),
            unverified: RwSignal::new(Vec::new()),
            after: RwSignal::new(None),
            more: RwSignal::new(false),
            open,
            context: RwSignal::new(None),
            deciding: RwSignal::new(None),
            refused: RwSignal::new(None),
            names: RwSignal::new(BTreeMap::new()),
            places: RwSignal::new(BTreeMap::new()),
            rules: RwSignal::new(BTreeMap::new()),
            confirming: Confirming::current(),
            counts: Counts::current(),
            router: Router::current(),
            toasts: Toasts::current(),
            line: Line::current(),
            api: ApiClient::current(),
        };
        provide_context(page);
        effect(move || {
            page.line.again.track();
            page.load();
        });
        effect(move || {
            open.track();
            page.context.set(None);
            page.refused.set(None);
        });
        page
    }

    /// The page's state.
    pub fn current() -> Self {
        #[expect(clippy::expect_used, reason = "the page provides it before anything in it is drawn")]
        use_context().expect("the page provides what waits")
    }

    /// Fetches what waits. That is on record, so it is done when one comes and when one asks, not again and again.
    pub fn load(self) {
        self.texts.set(Loaded::Loading);
        self.fetch(None);
    }

    /// The page behind what is shown.
    pub fn show_more(self) {
        if let Some(after) = self.after.get_untracked().filter(|_| !self.more.get_untracked()) {
            self.more.set(true);
            self.fetch(Some(after));
        }
    }

    fn fetch(self, after: Option<RecordId>) {
        spawn_local(async move {
            let outcome = self.confirming.through(async || review::waiting(self.api, after).await).await;
            self.line.heard(&outcome);
            if self.more.try_set(false).is_some() {
                return;
            }
            match outcome {
                Ok(page) => {
                    self.names.update(|names| names.extend(page.names));
                    self.places.update(|places| {
                        places.extend(page.conversations.into_iter().map(|place| (place.id, place)));
                    });
                    self.after.set(page.after);
                    self.unverified.update(|all| {
                        if after.is_none() {
                            all.clear();
                        }
                        all.extend(page.unverified);
                    });
                    self.texts.update(|texts| match (texts, after) {
                        (Loaded::Ready(all), Some(_)) => all.extend(page.texts),
                        (texts, _) => *texts = Loaded::Ready(page.texts),
                    });
                    self.counts.ask();
                }
                Err(ClientError::Aborted) => {}
                Err(error) if after.is_some() => {
                    self.toasts.failed(words::LOAD_FAILED, text::problem::of(&error))
                }
                Err(error) => self.texts.set(Loaded::Failed(error)),
            }
        });
    }

    /// One of the texts. Tracked.
    pub fn find(self, attempt: RecordId) -> Option<WaitingText> {
        self.texts.with(|texts| texts.ready()?.iter().find(|text| text.attempt == attempt).cloned())
    }

    /// What was said before; on record.
    pub fn show_context(self, attempt: RecordId) {
        self.context.set(Some(Loaded::Loading));
        spawn_local(async move {
            let outcome = self.confirming.through(async || review::context(self.api, attempt).await).await;
            self.line.heard(&outcome);
            if self.open.try_get_untracked().flatten() != Some(attempt) {
                return;
            }
            if let Ok(context) = &outcome {
                self.names.update(|names| names.extend(context.names.clone()));
            }
            self.context.set(Some(outcome.into()));
        });
    }

    /// Decides, and goes on to the next.
    pub fn decide(self, attempt: RecordId, decision: Decision) {
        if self.deciding.with_untracked(Option::is_some) {
            return;
        }
        self.deciding.set(Some(decision.clone()));
        self.refused.set(None);
        spawn_local(async move {
            let outcome = self
                .confirming
                .through(async || match decision.clone() {
                    Decision::Deliver(note) => review::release(self.api, attempt, note).await,
                    Decision::Refuse(words) => review::refuse(self.api, attempt, words).await,
                })
                .await;
            self.line.heard(&outcome);
            if self.deciding.try_set(None).is_some() {
                return;
            }
            self.counts.ask();
            match &outcome {
                Ok(()) => {
                    let delivered = matches!(decision, Decision::Deliver(_));
                    self.toasts.done(if delivered { words::DELIVERED } else { words::REFUSED });
                    self.take_away(attempt);
                }
                // Somebody else was faster, or the author took it back: it waits no more.
                Err(error) if matches!(error.code(), Some("already_decided" | "not_found")) => {
                    self.toasts.failed(words::NOT_DECIDED, words::refused(error));
                    self.take_away(attempt);
                }
                Err(error) => self.refused.set(Some(words::refused(error))),
            }
        });
    }

    fn take_away(self, attempt: RecordId) {
        let other = self.texts.with_untracked(|texts| next(texts.ready()?, attempt));
        self.texts.update(|texts| {
            if let Loaded::Ready(all) = texts {
                all.retain(|text| text.attempt != attempt);
            }
        });
        if self.open.get_untracked() == Some(attempt) {
            self.router.replace(&other.map_or(Place::Review, Place::Waiting).path());
        }
        if other.is_none() && self.after.get_untracked().is_some() {
            self.load();
        }
    }

    /// Somebody's name. Tracked.
    pub fn name(self, person: PersonId) -> String {
        let name = self.names.with(|names| names.get(&person).cloned());
        name.unwrap_or_else(|| compliance::SOMEBODY.to_owned())
    }

    /// What a conversation is called. Tracked.
    pub fn place(self, conversation: ConversationId) -> String {
        self.places
            .with(|places| {
                let place = places.get(&conversation)?;
                Some(self.names.with(|names| called(place, names)))
            })
            .unwrap_or_default()
    }

    /// What a version of a rule is called, and why it is there; asked for once. Tracked.
    pub fn rule(self, rule: &str, version: u32) -> Option<(String, String)> {
        let which = (rule.to_owned(), version);
        if let Some(known) = self.rules.with(|rules| rules.get(&which).cloned()) {
            return known;
        }
        // Not while a view is being drawn from it.
        set_timeout(move || self.ask_rule(which), std::time::Duration::ZERO);
        None
    }

    fn ask_rule(self, which: Which) {
        if self.rules.try_with_untracked(|rules| rules.contains_key(&which)) != Some(false) {
            return;
        }
        self.rules.update(|rules| drop(rules.insert(which.clone(), None)));
        spawn_local(async move {
            let (name, version) = which.clone();
            let Ok(found) = policy_items::versions(self.api, ItemKind::Rule, &name).await else { return };
            let Some(found) = found.versions.into_iter().find(|one| one.version == version) else { return };
            if let Content::Rule { rule } = found.content
                && let Ok(rule) = serde_json::from_value::<Rule>(rule)
            {
                let _ = self.rules.try_update(|rules| rules.insert(which, Some((rule.name, rule.why))));
            }
        });
    }
}
