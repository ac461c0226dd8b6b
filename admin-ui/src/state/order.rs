//! Another order of the rules, before a second person is asked for it.

use chancery_protocol::policy::{AskItem, ItemKind, ItemLine};
use chancery_ui_kit::text::rule_editor as words;
use leptos::prelude::*;

use crate::logic::rules::{places, title};
use crate::state::policy::{Ask, Asking, PolicyItems};

/// The order that is being made; provided by the page.
#[derive(Clone, Copy)]
pub struct Order {
    /// The short names in the order wanted; absent while it is as it is.
    pub wanted: RwSignal<Option<Vec<String>>>,
    items: PolicyItems,
}

impl Order {
    /// Makes it known to everything below.
    pub fn provide() -> Self {
        let order = Self { wanted: RwSignal::new(None), items: PolicyItems::current() };
        provide_context(order);
        order
    }

    /// The page's order.
    pub fn current() -> Self {
        #[expect(clippy::expect_used, reason = "the page provides it before anything in it is drawn")]
        use_context().expect("the page provides an order")
    }

    /// All rules as they are to stand. Tracked.
    pub fn rules(self) -> Vec<ItemLine> {
        let mut rules: Vec<ItemLine> = self.items.all.with(|all| {
            let lines = all.ready().into_iter().flatten();
            lines.filter(|line| line.kind == ItemKind::Rule).cloned().collect()
        });
        self.wanted.with(|wanted| {
            if let Some(wanted) = wanted {
                let place = |line: &ItemLine| wanted.iter().position(|name| *name == line.name);
                rules.sort_by_key(|line| place(line).unwrap_or(usize::MAX));
            }
        });
        rules
    }

    /// Moves a rule by one.
    pub fn step(self, name: &str, down: bool) -> bool {
        let mut names: Vec<String> = untrack(|| self.rules()).into_iter().map(|line| line.name).collect();
        let Some(at) = names.iter().position(|one| one == name) else { return false };
        let to = if down { at + 1 } else { at.wrapping_sub(1) };
        if to >= names.len() {
            return false;
        }
        names.swap(at, to);
        let as_is: Vec<String> = untrack(|| {
            self.items.all.with(|all| {
                let lines = all.ready().into_iter().flatten();
                lines.filter(|line| line.kind == ItemKind::Rule).map(|line| line.name.clone()).collect()
            })
        });
        self.wanted.set((names != as_is).then_some(names));
        true
    }

    /// Asks a second person for it.
    pub fn send(self) {
        let rules = untrack(|| self.rules());
        let moved = places(&rules);
        let items = moved.into_iter().map(|(line, place)| {
            let item = AskItem {
                kind: line.kind,
                name: line.name.clone(),
                version: line.version,
                in_force: line.in_force,
                place: Some(place),
                draft: None,
            };
            (item, title(&line).to_owned(), false)
        });
        let asking =
            Asking { title: words::ORDER_TITLE.to_owned(), body: words::ORDER_BODY, items: items.collect() };
        self.items.ask.set(Some(Ask::Second(asking)));
    }
}
