//! What groups and people are called whose ids stand in rules.

use std::collections::{BTreeMap, BTreeSet};

use chancery_protocol::groups::Group;
use chancery_protocol::ids::PersonId;
use chancery_ui_kit::api::ApiClient;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::{groups, people};
use crate::state::line::Line;

/// Names by ids; provided by pages that show rules.
#[derive(Clone, Copy)]
pub struct Known {
    /// All groups, by name.
    pub groups: RwSignal<Vec<Group>>,
    names: RwSignal<BTreeMap<String, String>>,
    asked: StoredValue<BTreeSet<String>>,
    line: Line,
    api: ApiClient,
}

impl Known {
    /// Fetches the groups, and makes the names known to everything below.
    pub fn provide() -> Self {
        let known = Self {
            groups: RwSignal::new(Vec::new()),
            names: RwSignal::new(BTreeMap::new()),
            asked: StoredValue::new(BTreeSet::new()),
            line: Line::current(),
            api: ApiClient::current(),
        };
        provide_context(known);
        spawn_local(async move {
            let outcome = groups::list(known.api).await;
            known.line.heard(&outcome);
            // What is not known is shown by its id.
            let Ok(found) = outcome else { return };
            let named: Vec<_> =
                found.groups.iter().map(|group| (group.id.to_string(), group.name.clone())).collect();
            let _ = known.names.try_update(|names| names.extend(named));
            let _ = known.groups.try_set(found.groups);
        });
        known
    }

    /// The page's names.
    pub fn current() -> Self {
        #[expect(clippy::expect_used, reason = "the page provides it before anything in it is drawn")]
        use_context().expect("the page provides names")
    }

    /// Keeps a name that is known anyway.
    pub fn learn(self, id: String, name: String) {
        self.names.update(|names| drop(names.insert(id, name)));
    }

    /// A group or person by an id; the id itself as long as nothing better is known. Tracked.
    pub fn name(self, id: &str) -> String {
        self.names.with(|names| names.get(id).cloned()).unwrap_or_else(|| id.to_owned())
    }

    /// Asks what somebody is called, once.
    pub fn look_up(self, id: &str) {
        let Ok(person) = id.parse::<PersonId>() else { return };
        let known = self.names.with_untracked(|names| names.contains_key(id));
        let is_first = self.asked.try_update_value(|asked| asked.insert(id.to_owned())).unwrap_or(false);
        if known || !is_first {
            return;
        }
        let id = id.to_owned();
        spawn_local(async move {
            if let Ok(account) = people::get(self.api, person).await {
                let name = account.person.name;
                let _ = self.names.try_update(|names| drop(names.insert(id, name)));
            }
        });
    }
}
