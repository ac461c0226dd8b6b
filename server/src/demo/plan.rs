//! What is said when: ninety days of working hours, from a fixed seed, so that every demo is the same.

use chancery_protocol::Micros;
use chancery_protocol::conversation::REACTIONS;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use super::exchanges::{Slots, Spoken, Theme, exchanges, pick};
use super::{DAY, MINUTE};

/// Days before today.
pub(super) const DAYS: i64 = 90;
/// Everything happens at a multiple of this: what happens at the same time is committed together, as on a busy server.
const STEP: Micros = 2 * MINUTE;
/// How often a day people turn to their messages.
const MOMENTS: usize = 4;
/// Messages in all, about.
pub(super) const MESSAGES: usize = 20_000;
const SEED: u64 = 0x0043_6861_6e63_6572;

/// A conversation, as the plan needs it. People are numbers.
pub(super) struct Place {
    pub themes: &'static [Theme],
    /// Whoever may write here.
    pub members: Vec<usize>,
    /// How much is said here, against others.
    pub weight: u32,
}

/// Something somebody does; `message` is the number of a planned message.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Act {
    Say { place: usize, who: usize, text: String, answers: Option<usize> },
    Edit { message: usize, text: String },
    Delete { message: usize },
    React { message: usize, who: usize, reaction: &'static str },
}

/// The acts of all days before `today` (midnight UTC), in order of time; messages are numbered in the order of their
/// `Say`. `names` are people's names, by number.
pub(super) fn plan(places: &[Place], names: &[&str], today: Micros) -> Vec<(Micros, Act)> {
    let mut planner = Planner {
        random: ChaCha8Rng::seed_from_u64(SEED),
        places,
        names,
        moments: [0; MOMENTS],
        said: Vec::new(),
        changes: Vec::new(),
    };
    let first = today - DAYS * DAY;
    let share = |day: i64| if is_weekend(first + day * DAY) { 1 } else { 20 };
    let whole: usize = (0..DAYS).map(share).sum();
    for day in 0..DAYS {
        planner.moments = std::array::from_fn(|_| planner.moment());
        let until = planner.said.len() + MESSAGES * share(day) / whole;
        while planner.said.len() < until {
            planner.exchange(first + day * DAY);
        }
    }
    planner.in_order()
}

fn is_weekend(at: Micros) -> bool {
    weekday(at) > 4
}

/// 0 is Monday; 1970-01-01 was a Thursday.
fn weekday(at: Micros) -> i64 {
    (at.div_euclid(DAY) + 3).rem_euclid(7)
}

struct Said {
    at: Micros,
    place: usize,
    who: usize,
    text: String,
    answers: Option<usize>,
}

struct Planner<'a> {
    random: ChaCha8Rng,
    places: &'a [Place],
    names: &'a [&'a str],
    /// Of the day, in minutes after midnight UTC.
    moments: [i64; MOMENTS],
    said: Vec<Said>,
    changes: Vec<(Micros, Act)>,
}

impl Planner<'_> {
    fn below(&mut self, bound: usize) -> usize {
        self.random.next_u32() as usize % bound.max(1)
    }

    /// Between 7:30 and 18:00, at a multiple of [`STEP`].
    fn moment(&mut self) -> i64 {
        450 + i64::from(self.random.next_u32() % 315) * 2
    }

    /// A few steps from now.
    fn soon(&mut self, most: u32) -> Micros {
        i64::from(1 + self.random.next_u32() % most) * STEP
    }

    /// Somebody begins, others answer.
    fn exchange(&mut self, day: Micros) {
        let place = self.place();
        let here = &self.places[place];
        let theme = pick(&mut self.random, here.themes);
        let all = exchanges_of(theme);
        let exchange: &[Spoken] = &all[self.below(all.len())];
        let mut speakers = here.members.clone();
        for at in 0..speakers.len().min(3) {
            let other = at + self.below(speakers.len() - at);
            speakers.swap(at, other);
        }
        let turn = self.below(MOMENTS);
        let minute = self.moments[turn];
        let second = speakers.get(1).map_or("", |who| self.names[*who]);
        let slots = Slots::new(&mut self.random, theme, minute, weekday(day), second);
        let mut at = day + minute * MINUTE;
        let mut before = None;
        for spoken in exchange {
            // In a talk of two, a third voice is one of them.
            let who = speakers[spoken.speaker % speakers.len()];
            let answers = before.filter(|_| spoken.answers);
            before = Some(self.said.len());
            self.said.push(Said { at, place, who, text: slots.fill(&spoken.text), answers });
            self.afterwards(at);
            at += self.soon(2);
        }
    }

    fn place(&mut self) -> usize {
        let whole: u32 = self.places.iter().map(|place| place.weight).sum();
        let mut left = self.random.next_u32() % whole.max(1);
        for (number, place) in self.places.iter().enumerate() {
            if left < place.weight {
                return number;
            }
            left -= place.weight;
        }
        0
    }

    /// What happens to the message just said.
    fn afterwards(&mut self, at: Micros) {
        let message = self.said.len() - 1;
        let later = at + self.soon(3);
        match self.random.next_u32() % 100 {
            0 | 1 => {
                let said = &mut self.said[message];
                let text = said.text.clone();
                if let Some(slip) = with_a_slip(&text) {
                    said.text = slip;
                    self.changes.push((later, Act::Edit { message, text }));
                }
            }
            2 => self.changes.push((later, Act::Delete { message })),
            3..=10 => {
                let (place, author) = (self.said[message].place, self.said[message].who);
                let others: Vec<usize> =
                    self.places[place].members.iter().copied().filter(|who| *who != author).collect();
                let count = 1 + self.below(3);
                for who in others.into_iter().take(count) {
                    let reaction = pick(&mut self.random, &REACTIONS);
                    self.changes.push((later, Act::React { message, who, reaction }));
                }
            }
            _ => {}
        }
    }

    /// Numbers messages by time and puts everything in order; nothing happens to a message before it is said.
    fn in_order(self) -> Vec<(Micros, Act)> {
        let mut order: Vec<usize> = (0..self.said.len()).collect();
        order.sort_by_key(|message| self.said[*message].at);
        let mut number = vec![0; order.len()];
        for (new, old) in order.iter().enumerate() {
            number[*old] = new;
        }
        let mut acts: Vec<(Micros, Act)> = self
            .said
            .into_iter()
            .map(|Said { at, place, who, text, answers }| {
                (at, Act::Say { place, who, text, answers: answers.map(|message| number[message]) })
            })
            .collect();
        acts.extend(self.changes.into_iter().map(|(at, act)| {
            let act = match act {
                Act::Edit { message, text } => Act::Edit { message: number[message], text },
                Act::Delete { message } => Act::Delete { message: number[message] },
                Act::React { message, who, reaction } => {
                    Act::React { message: number[message], who, reaction }
                }
                say @ Act::Say { .. } => say,
            };
            (at, act)
        }));
        acts.sort_by_key(|(at, _)| *at);
        acts
    }
}

/// The exchanges of a theme, read once.
fn exchanges_of(theme: Theme) -> &'static [Vec<Spoken>] {
    use std::sync::OnceLock;
    static ALL: OnceLock<Vec<Vec<Vec<Spoken>>>> = OnceLock::new();
    let all = ALL.get_or_init(|| Theme::ALL.iter().map(|theme| exchanges(*theme)).collect());
    let place = Theme::ALL.iter().position(|known| *known == theme).unwrap_or(0);
    &all[place]
}

/// Two letters of the first long word change places, as when typing fast.
fn with_a_slip(text: &str) -> Option<String> {
    let start =
        text.split(' ').find(|word| word.len() > 5 && word.bytes().all(|b| b.is_ascii_lowercase()))?;
    let mut letters: Vec<char> = start.chars().collect();
    letters.swap(2, 3);
    let slip: String = letters.into_iter().collect();
    (slip != start).then(|| text.replacen(start, &slip, 1))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const TODAY: Micros = 20_413 * DAY;

    fn places() -> Vec<Place> {
        vec![
            Place { themes: &[Theme::Deals, Theme::Risky], members: vec![0, 1, 2], weight: 3 },
            Place { themes: &[Theme::Japanese], members: vec![3, 4], weight: 1 },
            Place { themes: &[Theme::News], members: vec![0], weight: 1 },
        ]
    }

    #[test]
    fn ninety_days_of_working_hours_in_order() {
        let places = places();
        let names = ["Ada A", "Bo B", "Cy C", "Di D", "Eli E"];
        let acts = plan(&places, &names, TODAY);
        assert_eq!(acts, plan(&places, &names, TODAY), "every demo is the same");
        assert!(acts.is_sorted_by_key(|(at, _)| *at));
        let times: BTreeSet<Micros> = acts.iter().map(|(at, _)| *at).collect();
        assert!(times.len() * 3 < acts.len(), "{} moments for {} acts", times.len(), acts.len());
        let mut said: Vec<(usize, usize, Micros)> = Vec::new();
        for (at, act) in &acts {
            match act {
                Act::Say { place, who, text, answers } => {
                    assert!((TODAY - DAYS * DAY..TODAY).contains(at), "{at}");
                    assert!(places[*place].members.contains(who));
                    assert!(!text.contains('{'), "{text}");
                    assert!(answers.is_none_or(|earlier| said[earlier].0 == *place), "{text}");
                    assert!(
                        answers.is_none_or(|earlier| said[earlier].2 < *at),
                        "committed before it is answered"
                    );
                    said.push((*place, *who, *at));
                }
                Act::Edit { message, .. } | Act::Delete { message } => assert!(said[*message].2 < *at),
                Act::React { message, who, .. } => {
                    let (place, author, when) = said[*message];
                    assert!(when < *at);
                    assert!(places[place].members.contains(who) && *who != author);
                }
            }
        }
        assert!((MESSAGES..MESSAGES + 200).contains(&said.len()), "{}", said.len());
        let of = |wanted: fn(&Act) -> bool| acts.iter().filter(|(_, act)| wanted(act)).count();
        assert!(of(|act| matches!(act, Act::Edit { .. })) > 50);
        assert!(of(|act| matches!(act, Act::Delete { .. })) > 50);
        assert!(of(|act| matches!(act, Act::React { .. })) > 500);
        assert!(of(|act| matches!(act, Act::Say { answers: Some(_), .. })) > 50);
    }

    #[test]
    fn a_slip_changes_one_word() {
        assert_eq!(with_a_slip("please look again"), Some("plaese look again".to_owned()));
        assert_eq!(with_a_slip("ok"), None);
    }
}
