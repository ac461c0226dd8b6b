//! One rule or word list that is being written: what is on the server, what is typed, what is wrong with it, and what it finds.
//!
//! What must stay true: nothing of somebody else's is overwritten unseen (the draft that is replaced is named), and what is typed
//! stays until one says otherwise.

use std::collections::BTreeMap;
use std::time::Duration;

use chancery_protocol::policy::{Content, Item, ItemKind, SaveDraft};
use chancery_screening::Rule;
use chancery_ui_kit::api::ClientError;
use chancery_ui_kit::dom;
use chancery_ui_kit::loaded::Loaded;
use chancery_ui_kit::reactive::{effect, memo};
use chancery_ui_kit::router::{Address, Router};
use chancery_ui_kit::text::rule_editor as words;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::policy_items;
use crate::logic::rules::{Tried, Wrong, blank, lines, try_out, used_lists};
use crate::routes::Place;
use crate::state::policy::{Ask, PolicyItems};

mod second;

/// How long nothing is typed before a rule is tried.
const WAIT: Duration = Duration::from_millis(300);

/// What somebody else did to the draft meanwhile.
#[derive(Debug, Clone, PartialEq)]
pub struct Theirs {
    /// The item as it is now.
    pub item: Item,
}

/// The item that is written; provided by its form.
#[derive(Clone, Copy)]
pub struct Writing {
    /// What it is.
    pub kind: ItemKind,
    /// Its short name.
    pub name: StoredValue<String>,
    /// What is on the server; nothing while it is new.
    pub item: RwSignal<Loaded<Option<Item>>>,
    /// The rule as typed.
    pub rule: RwSignal<Rule>,
    /// The entries of the list as typed, one a line.
    pub entries: RwSignal<String>,
    /// Goes up when what is typed is replaced as a whole, so that fields are made anew.
    pub round: RwSignal<u32>,
    /// Whether a draft is on its way.
    pub working: RwSignal<bool>,
    /// What the server found wrong; empty as soon as something else is typed.
    pub wrong: RwSignal<Vec<Wrong>>,
    /// Somebody else's draft, when ours was refused for it.
    pub theirs: RwSignal<Option<Theirs>>,
    /// The text in the box.
    pub sample: RwSignal<String>,
    /// What trying gave, if anything was tried yet.
    pub tried: RwSignal<Option<Tried>>,
    /// Whether what is typed is saved nowhere.
    pub dirty: Memo<bool>,
    /// The word lists the rule names, and whether they are drafts.
    pub lists: RwSignal<BTreeMap<String, (Vec<String>, bool)>>,
    fresh: StoredValue<Option<String>>,
    saved: RwSignal<Option<Content>>,
    timer: StoredValue<Option<TimeoutHandle>>,
    items: PolicyItems,
}

impl Writing {
    /// Fetches the item, and makes it known to everything below. `fresh`: what it is called, when it need not be there yet.
    pub fn provide(kind: ItemKind, name: &str, fresh: Option<String>) -> Self {
        let items = PolicyItems::current();
        let rule = RwSignal::new(blank(name, fresh.as_deref().unwrap_or(name)));
        let entries = RwSignal::new(String::new());
        let saved = RwSignal::new(None::<Content>);
        let typed = move || content_of(kind, rule, entries);
        let writing = Self {
            kind,
            name: StoredValue::new(name.to_owned()),
            item: RwSignal::new(Loaded::Loading),
            rule,
            entries,
            round: RwSignal::new(0),
            working: RwSignal::new(false),
            wrong: RwSignal::new(Vec::new()),
            theirs: RwSignal::new(None),
            sample: RwSignal::new(String::new()),
            tried: RwSignal::new(None),
            dirty: memo(move || {
                saved.with(|saved| saved.as_ref().is_none_or(|saved| !same(saved, &typed())))
            }),
            lists: RwSignal::new(BTreeMap::new()),
            fresh: StoredValue::new(fresh),
            saved,
            timer: StoredValue::new(None),
            items,
        };
        provide_context(writing);
        writing.load(true);
        writing.follow();
        writing
    }

    /// The form's item.
    pub fn current() -> Self {
        #[expect(clippy::expect_used, reason = "the form provides it before anything in it is drawn")]
        use_context().expect("the form provides what is written")
    }

    /// Whether it is not on the server yet. Tracked.
    pub fn is_new(self) -> bool {
        self.item.with(|item| item.ready().is_some_and(Option::is_none))
    }

    /// Something of the item. Tracked.
    pub fn read<R>(self, read: impl FnOnce(&Item) -> R) -> Option<R> {
        self.item.with(|item| item.ready()?.as_ref().map(read))
    }

    /// Fetches the item; `adopt`: shows what its draft or version says in place of what is typed.
    pub fn load(self, adopt: bool) {
        let name = self.name.get_value();
        let is_known = untrack(|| self.items.all.with(|all| all.ready().is_some()));
        if is_known
            && self.fresh.get_value().is_some()
            && untrack(|| self.items.find(self.kind, &name)).is_none()
        {
            return self.item.set(Loaded::Ready(None));
        }
        spawn_local(async move {
            let outcome = policy_items::item(self.items.api, self.kind, &name).await;
            self.items.line.heard(&outcome);
            if self.item.try_get_untracked().is_none() {
                return;
            }
            let fresh = self.fresh.get_value();
            let found = match outcome {
                Ok(item) => Some(item),
                Err(error) if fresh.is_some() && error.code() == Some("not_found") => None,
                Err(error) => return self.item.set(Loaded::Failed(error)),
            };
            if adopt {
                let said =
                    found.as_ref().and_then(|item| item.draft_content.clone().or(item.content.clone()));
                self.saved.set(said.clone());
                if let Some(said) = said {
                    self.write(&said);
                }
            }
            self.item.set(Loaded::Ready(found));
        });
    }

    /// Shows a content in the fields, in place of what is typed.
    pub fn write(self, content: &Content) {
        match content {
            Content::Rule { rule } => match serde_json::from_value(rule.clone()) {
                Ok(rule) => self.rule.set(rule),
                Err(_) => return self.item.set(Loaded::Failed(ClientError::Decode)),
            },
            Content::List { entries } => self.entries.set(entries.join("\n")),
            Content::Text(_) => return,
        }
        self.wrong.set(Vec::new());
        self.theirs.set(None);
        self.round.update(|round| *round = round.wrapping_add(1));
    }

    /// What is typed. Tracked.
    pub fn content(self) -> Content {
        content_of(self.kind, self.rule, self.entries)
    }

    /// What is wrong with a field, from the trial or from the server. Tracked.
    pub fn error(self, field: &str) -> Option<Wrong> {
        let refused = self.wrong.with(|wrong| wrong.iter().find(|wrong| wrong.field == field).cloned());
        refused.or_else(|| {
            // What is not said yet is no mistake before one saves.
            let live = field == "match" || field.starts_with("unless") || field.starts_with("lists.");
            let tried = self.tried.with(|tried| tried.as_ref()?.wrong(field).cloned());
            tried.filter(|_| live && !(field == "match" && self.rule.with(|rule| rule.expression.is_empty())))
        })
    }

    /// Keeps a draft; `then` when that is done.
    pub fn save(self, then: impl FnOnce() + 'static) {
        if self.working.get_untracked() {
            return;
        }
        let name = self.name.get_value();
        let content = untrack(|| self.content());
        let expected = untrack(|| self.read(|item| item.line.draft.as_ref().map(|draft| draft.at)).flatten());
        self.working.set(true);
        self.wrong.set(Vec::new());
        spawn_local(async move {
            let draft = SaveDraft { content: content.clone(), expected };
            let outcome = policy_items::save(self.items.api, self.kind, &name, &draft).await;
            self.items.line.heard(&outcome);
            let now = policy_items::item(self.items.api, self.kind, &name).await.ok();
            if self.working.try_set(false).is_some() {
                return;
            }
            match outcome {
                Ok(_) => {
                    self.saved.set(Some(content));
                    self.theirs.set(None);
                    if let Some(item) = now {
                        self.item.set(Loaded::Ready(Some(item)));
                    }
                    self.items.load();
                    then();
                }
                Err(error) if error.code() == Some("outdated") => {
                    self.theirs.set(now.map(|item| Theirs { item }));
                }
                Err(error) => self.complain(&name, &error),
            }
        });
    }

    fn complain(self, name: &str, error: &ClientError) {
        let ClientError::Problem(problem) = error else {
            return self.items.toasts.failed(words::NOT_SAVED, words::refused(error));
        };
        let prefix = format!("rules.{name}.");
        let wrong = |field: &str, text: String| {
            let field = field.strip_prefix(&prefix).unwrap_or(field);
            Wrong { field: field.replace("unless.", "unless "), at: None, reason: text }
        };
        let mut all: Vec<Wrong> = problem
            .errors
            .iter()
            .map(|one| wrong(&one.field, one.detail.clone().unwrap_or_default()))
            .collect();
        if all.is_empty() {
            let field = problem.field.clone().unwrap_or_default();
            all.push(wrong(&field, words::refused(error)));
        }
        self.wrong.set(all);
        // Focus goes to the first wrong field, once it says so.
        set_timeout(
            || {
                dom::focus(".rule-form [aria-invalid=\"true\"]");
            },
            Duration::ZERO,
        );
    }

    /// Takes what somebody else saved in place of what is typed, or keeps what is typed to be saved over it.
    pub fn settle(self, take: bool) {
        let Some(theirs) = self.theirs.get_untracked() else { return };
        let said = theirs.item.draft_content.clone().or(theirs.item.content.clone());
        self.item.set(Loaded::Ready(Some(theirs.item)));
        self.theirs.set(None);
        if take {
            self.saved.set(said.clone());
            if let Some(said) = said {
                self.write(&said);
            }
        }
    }

    /// Throws the draft away; what is in force is shown again.
    pub fn discard(self, working: RwSignal<bool>, refused: RwSignal<Option<String>>, gone: Callback<()>) {
        let name = self.name.get_value();
        let draft = untrack(|| self.read(|item| item.line.draft.as_ref().map(|draft| draft.at)).flatten());
        let Some(expected) = draft else {
            self.items.ask.set(None);
            if untrack(|| self.is_new()) {
                self.saved.set(Some(untrack(|| self.content())));
                return gone.run(());
            }
            return self.load(true);
        };
        let versions = untrack(|| self.read(|item| item.line.version)).unwrap_or(0);
        working.set(true);
        spawn_local(async move {
            let outcome = policy_items::discard(self.items.api, self.kind, &name, expected).await;
            self.items.line.heard(&outcome);
            let _ = working.try_set(false);
            match outcome {
                Ok(()) => {
                    self.items.ask.set(None);
                    self.items.toasts.done(words::DISCARDED);
                    self.items.load();
                    if versions == 0 {
                        self.saved.set(Some(untrack(|| self.content())));
                        gone.run(());
                    } else {
                        self.load(true);
                    }
                }
                Err(error) => {
                    let _ = refused.try_set(Some(words::refused(&error)));
                }
            }
        });
    }

    /// Tries the rule a little after something was typed, fetches the lists it names, and asks before what is typed is left.
    fn follow(self) {
        let router = Router::current();
        if self.kind == ItemKind::Rule {
            effect(move || {
                self.rule.track();
                self.sample.track();
                self.lists.track();
                self.try_soon();
            });
        }
        let seen = StoredValue::new(self.items.moved.get_untracked());
        effect(move || {
            let moved = self.items.moved.get();
            if moved != seen.get_value() {
                seen.set_value(moved);
                self.load(!self.dirty.get_untracked());
            }
        });
        let own = move |address: &str| {
            let place = Place::of(&Address::of(address).path);
            self.name.with_value(|name| match self.kind {
                ItemKind::Rule => place.rule() == Some(name),
                _ => place == Place::WordList(name.clone()),
            })
        };
        router.guard(Callback::new(move |address: String| {
            let leaves = self.dirty.get_untracked() && untrack(|| self.is_touched()) && !own(&address);
            if leaves {
                self.items.ask.set(Some(Ask::Leave(address)));
            }
            !leaves
        }));
        let closing = window_event_listener(leptos::ev::beforeunload, move |event| {
            if self.dirty.get_untracked() && untrack(|| self.is_touched()) {
                event.prevent_default();
                event.set_return_value("unsaved");
            }
        });
        on_cleanup(move || {
            router.unguard();
            closing.remove();
            if let Some(timer) = self.timer.try_get_value().flatten() {
                timer.clear();
            }
        });
    }

    /// Whether anything is typed at all that could be lost.
    fn is_touched(self) -> bool {
        self.item.with(|item| item.ready().is_some())
            && (!self.is_new()
                || self.rule.with(|rule| {
                    let name = self.fresh.get_value().unwrap_or_default();
                    *rule != blank(&rule.id, &name)
                })
                || self.entries.with(|typed| !typed.is_empty()))
    }

    fn try_soon(self) {
        if let Some(Some(timer)) = self.timer.try_update_value(Option::take) {
            timer.clear();
        }
        let run = move || {
            // The form may be gone while the timer ran.
            if self.tried.try_get_untracked().is_some() {
                self.fetch_lists();
                self.try_now();
            }
        };
        self.timer.set_value(set_timeout_with_handle(run, WAIT).ok());
    }

    fn try_now(self) {
        let lists = self.lists.with_untracked(|lists| {
            lists.iter().map(|(name, (entries, _))| (name.clone(), entries.clone())).collect::<Vec<_>>()
        });
        let named = self.rule.with_untracked(used_lists);
        let lists = lists.into_iter().filter(|(name, _)| named.contains(name)).collect();
        let tried = self
            .rule
            .with_untracked(|rule| self.sample.with_untracked(|sample| try_out(rule, lists, sample)));
        if self.tried.with_untracked(|known| known.as_ref() != Some(&tried)) {
            self.tried.set(Some(tried));
        }
    }

    /// Fetches the lists the rule names that are there and not fetched yet.
    fn fetch_lists(self) {
        let named = self.rule.with_untracked(used_lists);
        for name in named {
            let there = untrack(|| self.items.find(ItemKind::List, &name)).is_some();
            if !there || self.lists.with_untracked(|lists| lists.contains_key(&name)) {
                continue;
            }
            spawn_local(async move {
                let Ok(item) = policy_items::item(self.items.api, ItemKind::List, &name).await else {
                    return;
                };
                let is_draft = item.draft_content.is_some();
                if let Some(Content::List { entries }) = item.draft_content.or(item.content) {
                    let _ = self.lists.try_update(|lists| drop(lists.insert(name, (entries, is_draft))));
                }
            });
        }
    }

    /// The drafts of lists the rule names, for a run over the archive.
    pub fn draft_lists(self) -> BTreeMap<String, Vec<String>> {
        let named = self.rule.with_untracked(used_lists);
        self.lists.with_untracked(|lists| {
            let drafts = lists.iter().filter(|(name, (_, draft))| *draft && named.contains(*name));
            drafts.map(|(name, (entries, _))| (name.clone(), entries.clone())).collect()
        })
    }
}

fn content_of(kind: ItemKind, rule: RwSignal<Rule>, entries: RwSignal<String>) -> Content {
    match kind {
        ItemKind::List => Content::List { entries: entries.with(|typed| lines(typed)) },
        _ => Content::Rule { rule: rule.with(|rule| serde_json::to_value(rule).unwrap_or_default()) },
    }
}

/// Whether two contents say the same, whatever order their fields were written in.
fn same(one: &Content, other: &Content) -> bool {
    match (one, other) {
        (Content::Rule { rule: one }, Content::Rule { rule: other }) => {
            let read = |rule: &serde_json::Value| serde_json::from_value::<Rule>(rule.clone()).ok();
            read(one) == read(other)
        }
        _ => one == other,
    }
}
