//! Groups within groups: who is in a group by way of others. Pure, and at peace with circles.

use std::collections::{BTreeMap, BTreeSet};

use super::dn;
use super::groups::Group;

/// Who is directly in which group, by the keys of their DNs ([`dn::key`]).
#[derive(Debug, Clone, Default)]
pub struct Nesting {
    members: BTreeMap<String, BTreeSet<String>>,
}

impl Nesting {
    /// Adds a group; one that is added twice has the members of both.
    pub fn add(&mut self, group: &Group) {
        let members = group.members.iter().map(|member| dn::key(member));
        self.members.entry(dn::key(&group.dn)).or_default().extend(members);
    }

    /// Keys of all that are in a group, directly or by way of groups in it, and are no group themselves. Nobody, for
    /// a DN that is no group.
    pub fn people_in(&self, group: &str) -> BTreeSet<&str> {
        let start = dn::key(group);
        let mut found = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut open: Vec<&str> =
            self.members.get_key_value(&start).map(|(key, _)| key.as_str()).into_iter().collect();
        while let Some(group) = open.pop() {
            if !seen.insert(group) {
                continue;
            }
            for member in self.members.get(group).into_iter().flatten() {
                if self.members.contains_key(member) {
                    open.push(member);
                } else {
                    found.insert(member.as_str());
                }
            }
        }
        found
    }

    /// Keys of all groups somebody is in, directly or by way of other groups, for everybody at once.
    pub fn groups_by_person(&self) -> BTreeMap<&str, BTreeSet<&str>> {
        let mut found: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for group in self.members.keys() {
            for person in self.people_in(group) {
                found.entry(person).or_default().insert(group);
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn group(dn: &str, members: &[&str]) -> Group {
        Group {
            id: dn.to_owned(),
            dn: dn.to_owned(),
            name: dn.to_owned(),
            description: None,
            members: members.iter().map(|member| (*member).to_owned()).collect(),
        }
    }

    #[test]
    fn circles_end_and_groups_are_no_people() {
        let mut nesting = Nesting::default();
        nesting.add(&group("cn=a,dc=x", &["CN=B, dc=x", "uid=ada,dc=x"]));
        nesting.add(&group("cn=b,dc=x", &["cn=c,dc=x", "uid=bob,dc=x", "cn=b,dc=x"]));
        nesting.add(&group("cn=c,dc=x", &["cn=a,dc=x", "uid=zoe,dc=x", "uid=Ada,dc=x"]));
        for start in ["cn=a,dc=x", "cn=B,dc=X", "cn=c,dc=x"] {
            let people: Vec<&str> = nesting.people_in(start).into_iter().collect();
            assert_eq!(people, ["uid=ada,dc=x", "uid=bob,dc=x", "uid=zoe,dc=x"], "{start}");
        }
        assert!(nesting.people_in("uid=ada,dc=x").is_empty());
        assert_eq!(nesting.groups_by_person()["uid=bob,dc=x"].len(), 3);
    }

    /// The same by brute force: step through all pairs until nothing is added.
    fn closure(edges: &[(u8, u8)], groups: u8) -> BTreeSet<(u8, u8)> {
        let mut all: BTreeSet<(u8, u8)> = edges.iter().copied().collect();
        loop {
            let more: Vec<(u8, u8)> = all
                .iter()
                .flat_map(|(a, b)| all.iter().filter(move |(c, _)| c == b).map(move |(_, d)| (*a, *d)))
                .filter(|pair| !all.contains(pair))
                .collect();
            if more.is_empty() {
                return all.into_iter().filter(|(_, member)| *member >= groups).collect();
            }
            all.extend(more);
        }
    }

    proptest! {
        #[test]
        fn everybody_who_can_be_reached_is_in(edges in proptest::collection::vec((0..6_u8, 0..12_u8), 0..30)) {
            const GROUPS: u8 = 6;
            let mut nesting = Nesting::default();
            for number in 0..GROUPS {
                let members: Vec<String> =
                    edges.iter().filter(|(group, _)| *group == number).map(|(_, m)| format!("cn={m}")).collect();
                nesting.add(&group(&format!("cn={number}"), &members.iter().map(String::as_str).collect::<Vec<_>>()));
            }
            let expected = closure(&edges, GROUPS);
            for number in 0..GROUPS {
                let found: BTreeSet<u8> =
                    nesting.people_in(&format!("CN={number}")).iter().map(|key| key[3..].parse().unwrap()).collect();
                let wanted: BTreeSet<u8> = expected.iter().filter(|(g, _)| *g == number).map(|(_, m)| *m).collect();
                prop_assert_eq!(found, wanted);
            }
            let by_person: usize = nesting.groups_by_person().values().map(BTreeSet::len).sum();
            prop_assert_eq!(by_person, expected.len());
        }
    }
}
