//! Who has acknowledged an urgent message, and who has not.

use chancery_protocol::conversation::Acknowledgement;
use chancery_protocol::ids::PersonId;

/// How an urgent message stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Standing {
    /// Who has, in the order in which they did; some may have left since.
    pub done: Vec<Acknowledgement>,
    /// Who is here and has not.
    pub missing: Vec<PersonId>,
}

impl Standing {
    /// `asked` are those who are here and got the message.
    pub fn of(acknowledged: &[Acknowledgement], asked: impl Iterator<Item = PersonId>) -> Self {
        let has = |person: &PersonId| acknowledged.iter().any(|one| one.person == *person);
        Self { done: acknowledged.to_vec(), missing: asked.filter(|person| !has(person)).collect() }
    }

    /// How many there are in all.
    pub fn all(&self) -> usize {
        self.done.len() + self.missing.len()
    }

    /// How many of a hundred have; never a hundred while somebody has not.
    pub fn percent(&self) -> usize {
        (self.done.len() * 100).checked_div(self.all()).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use chancery_protocol::ids::Id;

    use super::*;

    #[test]
    fn whoever_left_still_counts_and_nobody_counts_twice() {
        let person = |n: u8| PersonId::from_bytes([n; 16]);
        let done = [1, 9].map(|n| Acknowledgement { person: person(n), at: 5 });
        let standing = Standing::of(&done, [1, 2, 3].map(person).into_iter());
        assert_eq!(standing.missing, [person(2), person(3)]);
        assert_eq!((standing.done.len(), standing.all(), standing.percent()), (2, 4, 50));
        assert_eq!(Standing::of(&[], [].into_iter()).percent(), 0);
        let nearly = Standing::of(&done.repeat(100), [person(3)].into_iter());
        assert_eq!(nearly.percent(), 99);
    }
}
