//! Who is in which group, directly or by way of other groups, for all of a directory at once. Pure, at peace with circles, and small:
//! every DN is a number, and of its text only a hash is kept.

use std::collections::{BTreeSet, HashMap};

use chancery_protocol::ids::PersonId;
use sha2::{Digest, Sha256};

use super::dn;
use super::groups::Group;

/// What stands at a DN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Node {
    /// Something that is neither, as far as it is known.
    Other,
    /// Somebody; without an account while it is only looked.
    Person(Option<PersonId>),
    /// A group, by its number.
    Group(usize),
}

/// A group of the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its unchanging name.
    pub subject: String,
    /// What people call it.
    pub name: String,
    members: Vec<u32>,
}

/// Who is in a group.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Members {
    /// People with an account.
    pub people: BTreeSet<PersonId>,
    /// How many more would have one.
    pub without_account: u64,
}

/// DNs as numbers, and what stands there.
#[derive(Debug, Default)]
pub struct Grid {
    numbers: HashMap<u128, u32>,
    nodes: Vec<Node>,
    groups: Vec<Entry>,
}

fn hash(dn: &str) -> u128 {
    let hash = Sha256::digest(dn::key(dn).as_bytes());
    let (first, _) = hash.split_at(16);
    u128::from_be_bytes(first.try_into().unwrap_or_default())
}

impl Grid {
    fn number(&mut self, dn: &str) -> u32 {
        let next = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(hash(dn)).or_insert(next);
        if number == next {
            self.nodes.push(Node::Other);
        }
        number
    }

    fn put(&mut self, number: u32, node: Node) {
        if let Some(place) = self.nodes.get_mut(number as usize) {
            *place = node;
        }
    }

    /// Somebody's entry is there.
    pub fn person(&mut self, dn: &str, person: Option<PersonId>) {
        let number = self.number(dn);
        self.put(number, Node::Person(person));
    }

    /// The number of what stands, or will stand, at a DN: remembering it takes less room.
    pub fn place(&mut self, dn: &str) -> u32 {
        self.number(dn)
    }

    /// Who stands at a number, if it is somebody; inside nobody when they have no account and it is only looked.
    pub fn at(&self, number: u32) -> Option<Option<PersonId>> {
        match self.nodes.get(number as usize) {
            Some(Node::Person(person)) => Some(*person),
            Some(Node::Group(_) | Node::Other) | None => None,
        }
    }

    /// A group's entry.
    pub fn group(&mut self, group: Group) {
        let number = self.number(&group.dn);
        let members = group.members.iter().map(|member| self.number(member)).collect();
        self.put(number, Node::Group(self.groups.len()));
        self.groups.push(Entry { subject: group.id, name: group.name, members });
    }

    /// The groups, in the order in which they came.
    pub fn groups(&self) -> &[Entry] {
        &self.groups
    }

    /// Who is in a group; with `nested`, also by way of groups in it.
    pub fn members(&self, group: usize, nested: bool) -> Members {
        let mut found = Members::default();
        let mut open = vec![group];
        let mut seen = BTreeSet::from([group]);
        let mut counted = BTreeSet::new();
        while let Some(entry) = open.pop().and_then(|at| self.groups.get(at)) {
            for number in &entry.members {
                match self.nodes.get(*number as usize) {
                    Some(Node::Person(Some(person))) => {
                        found.people.insert(*person);
                    }
                    Some(Node::Person(None)) => {
                        counted.insert(*number);
                    }
                    Some(Node::Group(inner)) if nested && seen.insert(*inner) => open.push(*inner),
                    Some(Node::Group(_) | Node::Other) | None => {}
                }
            }
        }
        found.without_account = counted.len() as u64;
        found
    }
}

#[cfg(test)]
mod tests {
    use chancery_protocol::ids::Id;
    use proptest::prelude::*;

    use super::*;

    fn group(dn: &str, members: &[String]) -> Group {
        let (dn, members) = (dn.to_owned(), members.to_vec());
        Group { id: dn.clone(), name: dn.clone(), dn, description: None, members }
    }

    fn person(number: u8) -> PersonId {
        PersonId::from_bytes([number; 16])
    }

    fn texts(members: &[&str]) -> Vec<String> {
        members.iter().map(|member| (*member).to_owned()).collect()
    }

    #[test]
    fn people_are_found_through_groups_and_circles_whatever_the_spelling() {
        let mut grid = Grid::default();
        grid.person("uid=Ada, dc=x", Some(person(1)));
        grid.person("uid=new,dc=x", None);
        grid.group(group("cn=a,dc=x", &texts(&["CN=B, dc=x", "UID=ada,dc=x", "cn=machine,dc=x"])));
        grid.group(group("cn=b,dc=x", &texts(&["cn=a,dc=x", "uid=bob,dc=x", "uid=new,dc=x", "cn=b,dc=x"])));
        grid.person("uid=bob,dc=x", Some(person(2)));
        for at in [0, 1] {
            let all = grid.members(at, true);
            assert_eq!(all.people, BTreeSet::from([person(1), person(2)]));
            assert_eq!(all.without_account, 1);
        }
        assert_eq!(grid.members(0, false).people, BTreeSet::from([person(1)]));
        assert_eq!(grid.members(0, false).without_account, 0);
        assert_eq!(grid.members(7, true), Members::default());
        assert_eq!(grid.groups()[1].name, "cn=b,dc=x");
        let mut at = |dn: &str| {
            let number = grid.place(dn);
            grid.at(number)
        };
        assert_eq!(at("uid=ADA,dc=x"), Some(Some(person(1))));
        assert_eq!(at("uid=new,dc=x"), Some(None));
        assert_eq!((at("cn=a,dc=x"), at("cn=machine,dc=x"), at("uid=later,dc=x")), (None, None, None));
    }

    /// The same by brute force: step through all pairs until nothing is added.
    fn closure(edges: &[(u8, u8)]) -> BTreeSet<(u8, u8)> {
        let mut all: BTreeSet<(u8, u8)> = edges.iter().copied().collect();
        loop {
            let more: Vec<(u8, u8)> = all
                .iter()
                .flat_map(|(a, b)| all.iter().filter(move |(c, _)| c == b).map(move |(_, d)| (*a, *d)))
                .filter(|pair| !all.contains(pair))
                .collect();
            if more.is_empty() {
                return all;
            }
            all.extend(more);
        }
    }

    proptest! {
        #[test]
        fn everybody_who_can_be_reached_is_in(edges in proptest::collection::vec((0..6_u8, 0..12_u8), 0..30)) {
            const GROUPS: u8 = 6;
            let mut grid = Grid::default();
            for number in 0..GROUPS {
                let members: Vec<String> =
                    edges.iter().filter(|(group, _)| *group == number).map(|(_, m)| format!("cn={m}")).collect();
                grid.group(group(&format!("cn={number}"), &members));
            }
            for number in GROUPS..12 {
                grid.person(&format!("cn={number}"), Some(person(number)));
            }
            let reached = closure(&edges);
            for number in 0..GROUPS {
                let of = |pairs: &mut dyn Iterator<Item = &(u8, u8)>| -> BTreeSet<PersonId> {
                    pairs.filter(|(g, m)| *g == number && *m >= GROUPS).map(|(_, m)| person(*m)).collect()
                };
                prop_assert_eq!(grid.members(number.into(), true).people, of(&mut reached.iter()));
                prop_assert_eq!(grid.members(number.into(), false).people, of(&mut edges.iter()));
            }
        }
    }
}
