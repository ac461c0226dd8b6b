//! Rules and word lists: all there are, for the list and for what is asked of a second person.

use chancery_protocol::policy::{AskForPolicy, AskItem, ItemKind, ItemLine};
use chancery_ui_kit::api::{ApiClient, ClientError};
use chancery_ui_kit::loaded::Loaded;
use chancery_ui_kit::reactive::effect;
use chancery_ui_kit::text::rule_editor as words;
use chancery_ui_kit::toast::Toasts;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::policy_items;
use crate::state::counts::Counts;
use crate::state::line::Line;

/// What a second person is to be asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Asking {
    /// What the dialog is called.
    pub title: String,
    /// What happens then.
    pub body: &'static str,
    /// The items, and whether each may be left out.
    pub items: Vec<(AskItem, String, bool)>,
}

/// What a dialog of the pages asks.
#[derive(Debug, Clone, PartialEq)]
pub enum Ask {
    /// A new rule or list.
    New(ItemKind),
    /// What is delivered.
    Packs,
    /// A second person.
    Second(Asking),
    /// Whether the draft goes.
    Discard,
    /// Whether one leaves for this address without saving.
    Leave(String),
}

/// All items; provided by the pages of rules and lists.
#[derive(Clone, Copy)]
pub struct PolicyItems {
    /// All of them, in their order.
    pub all: RwSignal<Loaded<Vec<ItemLine>>>,
    /// What the dialog asks.
    pub ask: RwSignal<Option<Ask>>,
    /// Goes up when something was asked of a second person, or decided.
    pub moved: RwSignal<u32>,
    /// Where toasts are put.
    pub toasts: Toasts,
    /// The client.
    pub api: ApiClient,
    /// What is heard.
    pub line: Line,
    counts: Counts,
}

impl PolicyItems {
    /// Fetches them, and makes them known to everything below.
    pub fn provide() -> Self {
        let items = Self {
            all: RwSignal::new(Loaded::Loading),
            ask: RwSignal::new(None),
            moved: RwSignal::new(0),
            toasts: Toasts::current(),
            api: ApiClient::current(),
            line: Line::current(),
            counts: Counts::current(),
        };
        provide_context(items);
        effect(move || {
            items.line.again.track();
            items.load();
        });
        items
    }

    /// The page's items.
    pub fn current() -> Self {
        #[expect(clippy::expect_used, reason = "the page provides it before anything in it is drawn")]
        use_context().expect("the page provides its items")
    }

    /// Fetches them.
    pub fn load(self) {
        spawn_local(async move {
            let outcome = policy_items::items(self.api).await;
            self.line.heard(&outcome);
            let Some(there) = self.all.try_with_untracked(|all| all.ready().is_some()) else { return };
            match outcome {
                Ok(found) => self.all.set(Loaded::Ready(found.items)),
                // What was loaded stays readable; the banner says that it may be old.
                Err(ClientError::Network | ClientError::Aborted) if there => {}
                Err(error) => self.all.set(Loaded::Failed(error)),
            }
        });
    }

    /// One of them; tracked.
    pub fn find(self, kind: ItemKind, name: &str) -> Option<ItemLine> {
        self.all.with(|all| all.ready()?.iter().find(|line| line.kind == kind && line.name == name).cloned())
    }

    /// Asks a second person; `then` when that is done.
    pub fn send(self, asked: AskForPolicy, working: RwSignal<bool>, refused: RwSignal<Option<String>>) {
        if working.get_untracked() {
            return;
        }
        working.set(true);
        refused.set(None);
        spawn_local(async move {
            let outcome = policy_items::ask(self.api, &asked).await;
            self.line.heard(&outcome);
            let open = working.try_set(false).is_none();
            match outcome {
                Ok(_) => {
                    self.ask.set(None);
                    self.toasts.done(words::SENT);
                    self.changed();
                }
                Err(error) if open => refused.set(Some(words::refused(&error))),
                Err(error) => self.toasts.failed(words::NOT_SENT, words::refused(&error)),
            }
        });
    }

    /// Something was asked or decided: all is fetched anew.
    pub fn changed(self) {
        self.moved.update(|moved| *moved = moved.wrapping_add(1));
        self.counts.ask();
        self.load();
    }
}
