//! Officers' search: why, what for, what was found, what is open. Nothing of it stands in the address or in the browser's storage.

use std::collections::BTreeMap;

use chancery_protocol::Micros;
use chancery_protocol::conversation::ConversationKind;
use chancery_protocol::ids::{ConversationId, PersonId, RecordId};
use chancery_protocol::person::Person;
use chancery_protocol::query;
use chancery_protocol::search::{
    Bar, BarUnit, ComplianceFound, ComplianceSearch, Context, ContextRequest, ConversationRef,
    FindConversations, SearchFilters,
};
use chancery_ui_kit::api::{ApiClient, ClientError};
use chancery_ui_kit::loaded::Loaded;
use chancery_ui_kit::reactive::memo;
use chancery_ui_kit::text::compliance as words;
use chancery_ui_kit::time::next_month;
use chancery_ui_kit::toast::Toasts;
use chancery_ui_kit::{dom, text};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::compliance;
use crate::state::confirming::Confirming;
use crate::state::line::Line;

const DAY: Micros = 86_400_000_000;

/// The state of the page. It outlives the page, so that one comes back to what was found; a reload forgets it.
#[derive(Clone, Copy)]
pub struct Finding {
    /// Why; empty until it is said.
    pub reason: RwSignal<String>,
    /// Whether the reason is being asked for.
    pub asking: RwSignal<bool>,
    /// What is typed.
    pub query: RwSignal<String>,
    /// By whom.
    pub people: RwSignal<Vec<Person>>,
    /// Where.
    pub conversations: RwSignal<Vec<ConversationRef>>,
    /// In what sort of conversation.
    pub kind: RwSignal<Option<ConversationKind>>,
    /// Not before.
    pub from: RwSignal<Option<Micros>>,
    /// Before.
    pub until: RwSignal<Option<Micros>>,
    /// Only edited ones, or only others.
    pub edited: RwSignal<Option<bool>>,
    /// Only deleted ones, or only others.
    pub deleted: RwSignal<Option<bool>>,
    /// What was found; nothing before the first search.
    pub found: RwSignal<Option<Loaded<ComplianceFound>>>,
    /// Whether the next page is on its way.
    pub more: RwSignal<bool>,
    /// The message that is open in its conversation.
    pub open: RwSignal<Option<RecordId>>,
    /// Its conversation.
    pub context: RwSignal<Loaded<Context>>,
    /// What is wrong with what is typed.
    pub wrong: Memo<Option<query::QueryError>>,
    /// Everybody and everything found.
    known: RwSignal<BTreeMap<PersonId, Person>>,
    places: RwSignal<BTreeMap<ConversationId, ConversationRef>>,
    round: StoredValue<u32>,
    line: Line,
    confirming: Confirming,
    api: ApiClient,
    toasts: Toasts,
}

impl Finding {
    /// Makes the state known to everything below.
    pub fn provide() -> Self {
        let query = RwSignal::new(String::new());
        let finding = Self {
            reason: RwSignal::new(String::new()),
            asking: RwSignal::new(false),
            query,
            people: RwSignal::new(Vec::new()),
            conversations: RwSignal::new(Vec::new()),
            kind: RwSignal::new(None),
            from: RwSignal::new(None),
            until: RwSignal::new(None),
            edited: RwSignal::new(None),
            deleted: RwSignal::new(None),
            found: RwSignal::new(None),
            more: RwSignal::new(false),
            open: RwSignal::new(None),
            context: RwSignal::new(Loaded::Loading),
            wrong: memo(move || query.with(|text| query::parse(text).err())),
            known: RwSignal::new(BTreeMap::new()),
            places: RwSignal::new(BTreeMap::new()),
            round: StoredValue::new(0),
            line: Line::current(),
            confirming: Confirming::current(),
            api: ApiClient::current(),
            toasts: Toasts::current(),
        };
        provide_context(finding);
        finding
    }

    /// The state.
    pub fn current() -> Self {
        #[expect(clippy::expect_used, reason = "the root provides it before anything is drawn")]
        use_context().expect("the search is provided at the root")
    }

    fn filters(self) -> SearchFilters {
        SearchFilters {
            people: self.people.with_untracked(|people| people.iter().map(|person| person.id).collect()),
            conversations: self
                .conversations
                .with_untracked(|places| places.iter().map(|place| place.id).collect()),
            conversation_kinds: self.kind.get_untracked().into_iter().collect(),
            from: self.from.get_untracked(),
            until: self.until.get_untracked(),
            edited: self.edited.get_untracked(),
            deleted: self.deleted.get_untracked(),
        }
    }

    /// Searches; asks for the reason first when there is none.
    pub fn run(self) {
        if self.reason.with_untracked(String::is_empty) {
            return self.asking.set(true);
        }
        if self.wrong.get_untracked().is_some() {
            dom::focus("#query");
            return;
        }
        let round = self.next_round();
        let asked = ComplianceSearch {
            reason: self.reason.get_untracked(),
            query: self.query.get_untracked(),
            filters: self.filters(),
            oldest_first: false,
            limit: None,
        };
        self.open.set(None);
        self.found.set(Some(Loaded::Loading));
        spawn_local(async move {
            let outcome = self.confirming.through(async || compliance::run(self.api, &asked).await).await;
            if self.round.try_get_value() != Some(round) {
                return;
            }
            self.line.heard(&outcome);
            if let Ok(found) = &outcome {
                self.learn(found);
            }
            self.found.set(Some(outcome.into()));
        });
    }

    /// The page behind what is shown.
    pub fn show_more(self) {
        let place = self.found.with_untracked(|found| {
            let found = found.as_ref()?.ready()?;
            Some((found.search, found.after?))
        });
        let Some((search, after)) = place.filter(|_| !self.more.get_untracked()) else { return };
        let round = self.round.get_value();
        self.more.set(true);
        spawn_local(async move {
            let outcome =
                self.confirming.through(async || compliance::next(self.api, search, after).await).await;
            let _ = self.more.try_set(false);
            if self.round.try_get_value() != Some(round) {
                return;
            }
            self.line.heard(&outcome);
            match outcome {
                Ok(next) => {
                    self.learn(&next);
                    self.found.update(|found| {
                        if let Some(Loaded::Ready(found)) = found {
                            found.hits.extend(next.hits);
                            found.after = next.after;
                        }
                    });
                }
                Err(error) => self.toasts.failed(words::FAILED, text::problem::of(&error)),
            }
        });
    }

    /// Opens a message in its conversation.
    pub fn show(self, message: RecordId) {
        let search = self.found.with_untracked(|found| Some(found.as_ref()?.ready()?.search));
        let Some(search) = search else { return };
        self.open.set(Some(message));
        self.context.set(Loaded::Loading);
        spawn_local(async move {
            let asked = ContextRequest { message, around: None };
            let outcome =
                self.confirming.through(async || compliance::context(self.api, search, &asked).await).await;
            if self.open.try_get_untracked().flatten() != Some(message) {
                return;
            }
            self.line.heard(&outcome);
            if let Ok(context) = &outcome {
                self.know(&context.people, std::slice::from_ref(&context.conversation));
            }
            self.context.set(outcome.into());
        });
    }

    /// Closes the conversation and gives the focus back to the result.
    pub fn close(self) {
        if let Some(message) = self.open.get_untracked() {
            self.open.set(None);
            dom::focus(&format!("[data-record=\"{message}\"]"));
        }
    }

    /// Only the days of a bar.
    pub fn narrow(self, bar: &Bar, unit: BarUnit) {
        self.from.set(Some(bar.start));
        self.until.set(Some(match unit {
            BarUnit::Day => bar.start + DAY,
            BarUnit::Month => next_month(bar.start),
        }));
        self.run();
    }

    /// All days.
    pub fn widen(self) {
        self.from.set(None);
        self.until.set(None);
        self.run();
    }

    /// Conversations by name.
    pub fn look_up(
        self,
        name: String,
        then: impl FnOnce(Result<Vec<ConversationRef>, ClientError>) + 'static,
    ) {
        let reason = self.reason.get_untracked();
        spawn_local(async move {
            let asked = FindConversations { reason, text: name, people: Vec::new(), limit: None };
            let outcome =
                self.confirming.through(async || compliance::conversations(self.api, &asked).await).await;
            self.line.heard(&outcome);
            if let Ok(found) = &outcome {
                self.know(&found.people, &found.conversations);
            }
            then(outcome.map(|found| found.conversations));
        });
    }

    /// Somebody's name.
    pub fn name(self, id: PersonId) -> String {
        let name = self.known.with(|known| known.get(&id).map(|person| person.name.clone()));
        name.unwrap_or_else(|| words::SOMEBODY.to_owned())
    }

    /// Which picture of somebody there is.
    pub fn photo(self, id: PersonId) -> Option<String> {
        self.known.with(|known| known.get(&id)?.photo.clone())
    }

    /// What a conversation is called.
    pub fn place(self, id: ConversationId) -> String {
        let Some(place) = self.places.with(|places| places.get(&id).cloned()) else { return String::new() };
        self.called(&place)
    }

    /// What a conversation is called: its name, or the two who talk in it.
    pub fn called(self, place: &ConversationRef) -> String {
        match (&place.name, place.pair.as_slice()) {
            (Some(name), _) => name.clone(),
            (None, [one, other]) if one != other => words::pair(&self.name(*one), &self.name(*other)),
            (None, [one, ..]) => self.name(*one),
            (None, []) => words::DIRECT.to_owned(),
        }
    }

    fn learn(self, found: &ComplianceFound) {
        self.know(&found.people, &found.conversations);
    }

    fn know(self, people: &[Person], places: &[ConversationRef]) {
        self.known.update(|known| known.extend(people.iter().map(|person| (person.id, person.clone()))));
        self.places.update(|known| known.extend(places.iter().map(|place| (place.id, place.clone()))));
    }

    fn next_round(self) -> u32 {
        let round = self.round.get_value().wrapping_add(1);
        self.round.set_value(round);
        round
    }
}
