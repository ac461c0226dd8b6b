//! Who is how reachable, on this node, in memory only; and who looks at whom.

use std::collections::{HashMap, HashSet};

use chancery_protocol::frame::PersonPresence;
use chancery_protocol::ids::PersonId;
use chancery_protocol::person::Presence;

/// Presence of the people connected here.
#[derive(Default)]
pub struct Presences {
    devices: HashMap<PersonId, HashMap<u64, Presence>>,
    watching: HashMap<u64, HashSet<PersonId>>,
    watchers: HashMap<PersonId, HashSet<u64>>,
    changed: HashSet<PersonId>,
}

/// What several devices come to: a wish for quiet on one holds for all, activity on one outweighs idleness.
fn merged(devices: Option<&HashMap<u64, Presence>>) -> Presence {
    let rank = |presence: &Presence| match presence {
        Presence::DoNotDisturb => 5,
        Presence::InMeeting => 4,
        Presence::Busy => 3,
        Presence::Available => 2,
        Presence::Away => 1,
        Presence::Offline => 0,
    };
    devices.and_then(|devices| devices.values().copied().max_by_key(rank)).unwrap_or(Presence::Offline)
}

impl Presences {
    /// A device's state; `None` when it left.
    pub fn set(&mut self, person: PersonId, socket: u64, presence: Option<Presence>) {
        let before = self.of(person);
        let devices = self.devices.entry(person).or_default();
        match presence {
            Some(presence) => drop(devices.insert(socket, presence)),
            None => drop(devices.remove(&socket)),
        }
        if devices.is_empty() {
            self.devices.remove(&person);
        }
        if self.of(person) != before {
            self.changed.insert(person);
        }
    }

    /// How reachable a person is.
    pub fn of(&self, person: PersonId) -> Presence {
        merged(self.devices.get(&person))
    }

    /// From now on this socket looks at these people only. Answers with how they are.
    pub fn watch(&mut self, socket: u64, people: Vec<PersonId>) -> Vec<PersonPresence> {
        for person in self.watching.remove(&socket).unwrap_or_default() {
            if let Some(watchers) = self.watchers.get_mut(&person) {
                watchers.remove(&socket);
                if watchers.is_empty() {
                    self.watchers.remove(&person);
                }
            }
        }
        if people.is_empty() {
            return Vec::new();
        }
        let people: HashSet<PersonId> = people.into_iter().collect();
        for person in &people {
            self.watchers.entry(*person).or_default().insert(socket);
        }
        let now = people
            .iter()
            .map(|person| PersonPresence { person: *person, presence: self.of(*person) })
            .collect();
        self.watching.insert(socket, people);
        now
    }

    /// What changed since the last call, by socket that looks.
    pub fn take_changes(&mut self) -> HashMap<u64, Vec<PersonPresence>> {
        let mut frames: HashMap<u64, Vec<PersonPresence>> = HashMap::new();
        for person in std::mem::take(&mut self.changed) {
            let presence = self.of(person);
            for socket in self.watchers.get(&person).into_iter().flatten() {
                frames.entry(*socket).or_default().push(PersonPresence { person, presence });
            }
        }
        frames
    }
}

#[cfg(test)]
mod tests {
    use chancery_protocol::ids::Id;

    use super::*;

    fn person(n: u8) -> PersonId {
        PersonId::from_bytes([n; 16])
    }

    #[test]
    fn presence_goes_only_to_those_who_look() {
        let mut presences = Presences::default();
        presences.watch(1, vec![person(7)]);
        presences.set(person(7), 2, Some(Presence::Available));
        presences.set(person(8), 3, Some(Presence::Available));
        let frames = presences.take_changes();
        assert_eq!(frames.len(), 1);
        assert_eq!(frames[&1], vec![PersonPresence { person: person(7), presence: Presence::Available }]);
        assert!(presences.take_changes().is_empty());
        presences.watch(1, Vec::new());
        presences.set(person(7), 2, None);
        assert!(presences.take_changes().is_empty());
    }

    #[test]
    fn several_devices_come_to_one_state() {
        let mut presences = Presences::default();
        presences.set(person(7), 1, Some(Presence::Away));
        presences.set(person(7), 2, Some(Presence::Available));
        assert_eq!(presences.of(person(7)), Presence::Available);
        presences.set(person(7), 1, Some(Presence::DoNotDisturb));
        assert_eq!(presences.of(person(7)), Presence::DoNotDisturb);
        presences.set(person(7), 1, None);
        presences.set(person(7), 2, None);
        assert_eq!(presences.of(person(7)), Presence::Offline);
    }
}
