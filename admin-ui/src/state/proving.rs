//! Rules tried on their own lines, before a second person is asked and when one is. The browser tries them; it only asks for the
//! lists they name.

use std::collections::BTreeMap;

use chancery_protocol::policy::{AskItem, Content, ItemKind};
use chancery_screening::Rule;
use chancery_ui_kit::api::ApiClient;
use futures_util::future::join_all;

use crate::api::policy_items;
use crate::logic::proof::{Proved, prove};
use crate::logic::rules::used_lists;

/// Entries by the lists' names.
pub type Lists = BTreeMap<String, Vec<String>>;

/// Tries a rule on its own lines, with these lists and else with those there are; nothing when it cannot be tried.
pub async fn prove_with(api: ApiClient, rule: &Rule, mut lists: Lists) -> Option<Proved> {
    for name in used_lists(rule) {
        if lists.contains_key(&name) {
            continue;
        }
        let found = policy_items::item(api, ItemKind::List, &name).await.ok().and_then(|item| item.content);
        if let Some(Content::List { entries }) = found {
            lists.insert(name, entries);
        }
    }
    prove(rule, &lists)
}

/// The rules among what a second person is asked for whose own lines fail.
pub async fn failing(api: ApiClient, asked: &[AskItem]) -> Vec<Proved> {
    let (mut lists, mut rules) = (Lists::new(), Vec::new());
    // What only gets another place in the order says what it said.
    let asked = asked.iter().filter(|one| one.in_force && one.place.is_none());
    let found =
        join_all(asked.map(async |one| (one, policy_items::item(api, one.kind, &one.name).await))).await;
    for (one, item) in found {
        let Ok(item) = item else { continue };
        match if one.draft.is_some() { item.draft_content } else { item.content } {
            Some(Content::List { entries }) => drop(lists.insert(one.name.clone(), entries)),
            Some(Content::Rule { rule }) => rules.extend(serde_json::from_value::<Rule>(rule)),
            _ => {}
        }
    }
    let mut failing = Vec::new();
    for rule in rules {
        let proved = prove_with(api, &rule, lists.clone()).await;
        failing.extend(proved.filter(|proved| !proved.failing.is_empty()));
    }
    failing
}
