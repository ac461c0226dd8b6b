//! The scenarios: what is done, with how many, and what is measured of it.
//!
//! A further scenario is a line in [`Scenario`], its counts in [`Sizes`], a file that runs it, and its goals in
//! `goals`.

use std::time::Duration;

use anyhow::{Result, bail};

use crate::figures::{Figure, figure};
use crate::load::{self, Measured, Pace, Shape, Until, receivers};
use crate::seat::Seat;
use crate::system::{Kind, Server, System};
use crate::{history, idle, restart, search};

/// A scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, clap::ValueEnum)]
pub enum Scenario {
    /// People in pairs, everybody with a window of messages under way.
    Dm,
    /// One large room in which everybody writes.
    Room,
    /// Many rooms in which everybody writes.
    Rooms,
    /// Pairs who write by the clock.
    Paced,
    /// Sockets that are only there.
    Idle,
    /// The newest page of a long conversation, asked for by many at once.
    History,
    /// The server restarts and everybody comes back.
    Restart,
    /// Searching very many messages.
    Search,
    /// The search index alone: what encryption costs.
    Index,
}

/// How many of everything. Dividing makes a run that only proves that it works.
#[derive(Debug, Clone, Copy)]
pub struct Sizes {
    /// What counts of people, sockets and messages are divided by.
    pub divide: usize,
    /// Sockets that the limit of open files allows.
    pub most_sockets: usize,
    /// What is measured, after warming up.
    pub measured: Duration,
    /// Warming up.
    pub warm_up: Duration,
}

/// Messages one person has under way in pairs.
pub const WINDOW: u32 = 8;
/// Messages a second in all, where everybody writes by the clock.
pub const PACE: f64 = 500.0;
/// Conversations of *search* and of *index*.
pub const CONVERSATIONS: u64 = 20;
/// Messages of a page of history.
pub const PAGE: u16 = 50;

impl Sizes {
    /// A count, divided; never fewer than `least`.
    pub fn of(&self, count: usize, least: usize) -> usize {
        (count / self.divide).max(least)
    }

    /// Of *dm* and *paced*; an even number.
    pub fn pairs(&self) -> usize {
        self.of(100, 2) * 2
    }

    /// Of *room*.
    pub fn room(&self) -> usize {
        self.of(200, 4)
    }

    /// Of *rooms*: people and the size of a room.
    pub fn rooms(&self) -> (usize, usize) {
        let group = self.of(50, 4);
        (self.of(20, 2) * group, group)
    }

    /// Sockets of *idle* at its two looks, and of *restart* the second of them; fewer where the machine allows
    /// no more.
    pub fn sockets(&self) -> (usize, usize) {
        let allowed = |count: usize| count.min(self.most_sockets);
        (allowed(self.of(5_000, 10)), allowed(self.of(10_000, 20)))
    }

    /// Messages of *search* and of *index*.
    pub fn search(&self) -> u64 {
        self.of(1_000_000, 500) as u64
    }

    /// People who write in pairs while *search* looks for a new message; enough to stay below what each may send.
    pub fn writers(&self) -> usize {
        self.pairs().max(60)
    }

    /// Messages of the conversation of *history*, and how many ask at once.
    pub fn history(&self) -> (u64, usize) {
        (self.of(10_000, 100) as u64, self.of(50, 4))
    }
}

impl Scenario {
    /// As it is typed and called in the tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dm => "dm",
            Self::Room => "room",
            Self::Rooms => "rooms",
            Self::Paced => "paced",
            Self::Idle => "idle",
            Self::History => "history",
            Self::Restart => "restart",
            Self::Search => "search",
            Self::Index => "index",
        }
    }

    /// What is done, in one sentence for the reader of the table.
    pub fn sentence(self, sizes: &Sizes) -> String {
        let (sockets, more) = sizes.sockets();
        match self {
            Self::Dm => format!(
                "{} people in pairs, everybody with {WINDOW} messages of {} bytes under way, each answered by one.",
                sizes.pairs(),
                load::TEXT_BYTES
            ),
            Self::Room => format!(
                "One room of {} members; everybody has one message under way. A message to the room is as many deliveries as members.",
                sizes.room()
            ),
            Self::Rooms => {
                let (people, group) = sizes.rooms();
                format!(
                    "{} rooms of {group} members each; everybody has one message under way.",
                    people / group
                )
            }
            Self::Paced => {
                format!(
                    "{} people in pairs who write {PACE} messages a second in all, by the clock.",
                    sizes.pairs()
                )
            }
            Self::Idle => format!(
                "{sockets} and {more} signed-in sockets ({} to a person of Chancery) that send nothing but a ping every 20 s; resident memory above that of the empty server.",
                more.div_ceil(sizes.rooms().0)
            ),
            Self::History => {
                let (messages, at_once) = sizes.history();
                format!(
                    "The newest {PAGE} of {messages} messages; {at_once} members ask at once, again and again."
                )
            }
            Self::Search => format!(
                "{} messages in {CONVERSATIONS} conversations; 1, 10 and 100 members of all of them ask 50 queries over and over, for the number of hits and the newest 20 (Chancery through `POST /api/v1/search`). A new message is looked for every 20 ms while {} people in pairs write as fast as they can. PostgreSQL is asked for the nearest that `tsquery` knows: 32 queries mean the same (their hits are summed), for 18 it knows no parts of words, only beginnings, and no words in Japanese. Indexing is done once: by `chancery search rebuild`, and by adding the column and its index.",
                sizes.search(),
                sizes.writers()
            ),
            Self::Index => format!(
                "The index alone, in one process, over {} messages: the same 50 queries, one after another, of which 32 are of whole words only; what all together take, warm and cold (just opened, and none of its files in the system's memory), and the latency of each, warm.",
                sizes.search()
            ),
            Self::Restart => format!(
                "{more} sockets in rooms with somebody writing in each; the server is stopped in order and started again, clients wait as the protocol says. From the signal to stop until the last socket has its hello, and until it has every message.",
            ),
        }
    }

    /// Whether it can be asked of this.
    pub fn suits(self, kind: Kind) -> bool {
        match self {
            Self::Dm | Self::Room | Self::Idle => kind.is_messenger(),
            Self::Rooms | Self::Paced => kind.is_chancery() || kind.is_yardstick(),
            Self::History => kind.is_messenger() && !kind.is_yardstick(),
            Self::Restart => kind.is_chancery(),
            Self::Search => kind.is_chancery() || kind == Kind::PostgresText,
            Self::Index => kind.is_index(),
        }
    }

    /// Makes the people, conversations and messages it needs, so that what that costs is not measured.
    ///
    /// # Errors
    /// When something is refused or lost.
    pub async fn prepare(self, system: &mut System, sizes: &Sizes) -> Result<()> {
        match self {
            Self::Dm | Self::Paced => drop(system.seats(Self::Dm.name(), sizes.pairs(), 2).await?),
            Self::Room => drop(system.seats(self.name(), sizes.room(), sizes.room()).await?),
            Self::Rooms | Self::Restart => drop(in_rooms(system, sizes).await?),
            Self::Idle => drop(idle::seats(system, sizes).await?),
            Self::History => history::prepare(system, sizes).await?,
            Self::Search => search::prepare(system, sizes).await?,
            Self::Index => match &mut system.server {
                Server::Index(index) => index.prepare(sizes)?,
                _ => bail!("this is no index"),
            },
        }
        Ok(())
    }

    /// Runs it once against a server that runs.
    ///
    /// # Errors
    /// When something is refused or lost.
    pub async fn run(self, system: &mut System, sizes: &Sizes) -> Result<Vec<Figure>> {
        let until = Until::Time(sizes.warm_up, sizes.measured);
        let talk = |group, pace| Shape { group, pace, until };
        match self {
            Self::Dm | Self::Paced => {
                let pace = if self == Self::Dm { Pace::Window(WINDOW) } else { Pace::PerSecond(PACE) };
                let seats = system.seats(Self::Dm.name(), sizes.pairs(), 2).await?;
                let measured = load::run(&seats, talk(2, pace), &system.processes()).await?;
                Ok(of_load(&measured, 2, "messages/s"))
            }
            Self::Room => {
                let seats = system.seats(self.name(), sizes.room(), sizes.room()).await?;
                let shape = talk(sizes.room(), Pace::Window(1));
                let measured = load::run(&seats, shape, &system.processes()).await?;
                Ok(of_load(&measured, sizes.room(), "deliveries/s"))
            }
            Self::Rooms => {
                let group = sizes.rooms().1;
                let seats = in_rooms(system, sizes).await?;
                let shape = talk(group, Pace::Window(1));
                let measured = load::run(&seats, shape, &system.processes()).await?;
                Ok(of_load(&measured, group, "deliveries/s"))
            }
            Self::Idle => idle::run(system, sizes).await,
            Self::History => history::run(system, sizes).await,
            Self::Restart => restart::run(system, sizes).await,
            Self::Search => search::run(system, sizes).await,
            Self::Index => match &system.server {
                Server::Index(index) => index.run(sizes),
                _ => bail!("this is no index"),
            },
        }
    }
}

/// The people of *rooms*, of *idle* and of *restart*.
///
/// # Errors
/// When an account or a conversation is refused.
pub async fn in_rooms(system: &mut System, sizes: &Sizes) -> Result<Vec<Seat>> {
    let (people, group) = sizes.rooms();
    system.seats(Scenario::Rooms.name(), people, group).await
}

#[expect(clippy::cast_precision_loss, reason = "counts of a run are far below 2^52")]
fn of_load(measured: &Measured, group: usize, rate: &'static str) -> Vec<Figure> {
    let deliveries = measured.latency.len() as f64;
    let thousands = deliveries / receivers(group) as f64 / 1_000.0;
    let milliseconds = |quantile| measured.latency.value_at_quantile(quantile) as f64 / 1_000.0;
    vec![
        figure(rate, deliveries / measured.seconds),
        figure("p50 ms", milliseconds(0.5)),
        figure("p99 ms", milliseconds(0.99)),
        figure("CPU s per 1,000", measured.cpu.server / thousands),
        figure("with the database", (measured.cpu.server + measured.cpu.database) / thousands),
        figure("RSS MiB", measured.resident as f64 / 1_048_576.0),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counts_are_those_of_the_issue_and_small_ones_stay_sensible() {
        let sizes = |divide| Sizes {
            divide,
            most_sockets: 20_000,
            measured: Duration::ZERO,
            warm_up: Duration::ZERO,
        };
        let full = sizes(1);
        assert_eq!((full.pairs(), full.room(), full.rooms()), (200, 200, (1_000, 50)));
        assert_eq!((full.sockets(), full.history()), ((5_000, 10_000), (10_000, 50)));
        assert_eq!(full.search(), 1_000_000);
        let small = sizes(1_000);
        assert_eq!((small.pairs(), small.room(), small.rooms()), (4, 4, (8, 4)));
        assert_eq!((small.sockets(), small.history()), ((10, 20), (100, 4)));
        assert_eq!(small.search(), 1_000);
        assert_eq!(Sizes { most_sockets: 7_000, ..full }.sockets(), (5_000, 7_000));
    }

    #[test]
    fn a_delivery_in_a_room_is_a_share_of_a_message() {
        let mut latency = hdrhistogram::Histogram::new(3).unwrap();
        latency.record_n(1_000, 4_000).unwrap();
        let cpu = crate::usage::Cpu { server: 1.0, database: 0.5 };
        let measured = Measured { latency, seconds: 2.0, cpu, resident: 2 * 1_048_576 };
        let values: Vec<f64> = of_load(&measured, 4, "x").iter().map(|figure| figure.value).collect();
        assert_eq!(values, [2_000.0, 1.0, 1.0, 1.0, 1.5, 2.0]);
        assert_eq!(of_load(&measured, 2, "x")[3].value, 0.25);
    }
}
