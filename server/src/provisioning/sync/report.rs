//! What a run did, kept for who asks.

use std::collections::BTreeMap;

use chancery_protocol::ids::PersonId;
use chancery_protocol::sources::{SyncAct, SyncChange, SyncReport};

/// The first changes of each kind, in the order in which they came.
#[derive(Default)]
pub(super) struct Changes {
    kept: Vec<SyncChange>,
    count: BTreeMap<SyncAct, usize>,
}

impl Changes {
    pub(super) fn add(
        &mut self,
        act: SyncAct,
        person: Option<PersonId>,
        name: &str,
        login: &str,
        detail: impl Into<String>,
    ) {
        let count = self.count.entry(act).or_default();
        *count += 1;
        if *count <= SyncReport::MOST {
            let (name, login, detail) = (name.to_owned(), login.to_owned(), detail.into());
            self.kept.push(SyncChange { act, person, name, login, detail });
        }
    }

    pub(super) fn kept(&self) -> &[SyncChange] {
        &self.kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_each_kind_are_kept() {
        let mut changes = Changes::default();
        for number in 0..SyncReport::MOST + 7 {
            changes.add(SyncAct::Added, None, &number.to_string(), "", "");
        }
        changes.add(SyncAct::Gone, None, "last", "", "");
        let names: Vec<&str> = changes.kept().iter().map(|change| change.name.as_str()).collect();
        assert_eq!(names.len(), SyncReport::MOST + 1);
        assert_eq!((names[0], names[SyncReport::MOST - 1], names[SyncReport::MOST]), ("0", "999", "last"));
    }
}
