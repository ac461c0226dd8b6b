//! The load: people in groups who talk, and what became of every message.
//!
//! Closed loop: everybody has a few messages under way. In pairs a message that arrives is answered with
//! one; in larger groups the return of one's own message makes room for the next. So the number under way
//! stays the same. Paced: everybody sends by the clock, whatever arrives.
//!
//! What must stay true: a run in which a message is lost, doubled, refused or out of order fails; latency is
//! from just before the sender's write to just after the receiver's read, in one process with one clock.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use futures_util::{FutureExt, SinkExt, StreamExt, stream};
use hdrhistogram::Histogram;
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval_at};
use tokio_tungstenite::tungstenite::Message;

use crate::mark::Mark;
use crate::seat::{Heard, Seat, Socket};
use crate::usage::{Cpu, Processes};

/// Bytes of a message's text.
pub const TEXT_BYTES: usize = 200;
/// Connections that are opened at the same time.
const OPENING: usize = 32;
/// How long the last messages may take.
const LAST_MESSAGES: Duration = Duration::from_secs(60);
/// Histograms, so that few tasks meet at one.
const SHARDS: usize = 16;

/// What is to be done.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// People in one conversation.
    pub group: usize,
    /// When messages are sent.
    pub pace: Pace,
    /// Until when.
    pub until: Until,
}

/// When messages are sent.
#[derive(Debug, Clone, Copy)]
pub enum Pace {
    /// So many under way for each person.
    Window(u32),
    /// So many a second in all.
    PerSecond(f64),
}

/// Until when messages are sent.
#[derive(Debug, Clone, Copy)]
pub enum Until {
    /// A time to warm up, then the time that is measured.
    Time(Duration, Duration),
    /// Until so many have been sent.
    Messages(u64),
}

/// What was measured.
pub struct Measured {
    /// Deliveries within the measured time, and how long each took, in microseconds.
    pub latency: Histogram<u64>,
    /// Measured seconds.
    pub seconds: f64,
    /// Processor seconds within it.
    pub cpu: Cpu,
    /// Resident bytes of the server at its end.
    pub resident: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Waiting,
    WarmingUp,
    Measuring,
    Draining,
    Over,
}

struct Shared {
    run: u32,
    begin: Instant,
    shape: Shape,
    sent: AtomicU64,
    received: AtomicU64,
    acknowledged: AtomicU64,
    latency: Vec<Mutex<Histogram<u64>>>,
    failed: Mutex<Option<String>>,
    /// Hears of the first failure.
    trouble: tokio::sync::Notify,
}

impl Shared {
    fn now(&self) -> u64 {
        u64::try_from(self.begin.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    fn fail(&self, why: String) {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(why);
        self.trouble.notify_one();
    }

    fn verdict(&self) -> Result<()> {
        match self.failed.lock().unwrap_or_else(PoisonError::into_inner).clone() {
            Some(why) => bail!(why),
            None => Ok(()),
        }
    }
}

/// Connects people, some at a time, in the order of their seats.
///
/// # Errors
/// When one is refused.
pub async fn connect(seats: &[Seat]) -> Result<Vec<Socket>> {
    let opening = seats.iter().enumerate().map(|(index, seat)| async move {
        tokio::time::timeout(Duration::from_secs(60), seat.connect())
            .await
            .with_context(|| format!("the server has not greeted connection {index} within a minute"))?
            .with_context(|| format!("connection {index}"))
    });
    let sockets: Vec<Result<Socket>> = stream::iter(opening).buffered(OPENING).collect().await;
    sockets.into_iter().collect()
}

/// Lets the people talk.
///
/// # Errors
/// When a message is lost, doubled, refused or out of order.
pub async fn run(seats: &[Seat], shape: Shape, processes: &Processes) -> Result<Measured> {
    let sockets = connect(seats).await?;
    let histogram = || Histogram::new(3).map(Mutex::new);
    let shared = Arc::new(Shared {
        run: u32::from_be_bytes(chancery_tests::seed::random_bytes()),
        begin: Instant::now(),
        shape,
        sent: AtomicU64::new(0),
        received: AtomicU64::new(0),
        acknowledged: AtomicU64::new(0),
        latency: (0..SHARDS).map(|_| histogram()).collect::<Result<_, _>>()?,
        failed: Mutex::default(),
        trouble: tokio::sync::Notify::new(),
    });
    let phase = watch::Sender::new(Phase::Waiting);
    let people = seats.len();
    let mut tasks = tokio::task::JoinSet::new();
    for (index, (seat, socket)) in seats.iter().zip(sockets).enumerate() {
        let sitting = Sitting::new(index, people, seat.clone(), shared.clone());
        tasks.spawn(sitting.sit(socket, phase.subscribe()));
    }
    let measured = tokio::select! {
        measured = direct(&shared, &phase, people, processes, seats[0].is_acknowledged()) => measured,
        () = shared.trouble.notified() => Err(anyhow::anyhow!("the run was given up")),
    };
    phase.send_replace(Phase::Over);
    while tasks.join_next().await.is_some() {}
    shared.verdict()?;
    measured
}

/// Says when to begin, measures, and waits for the last message.
async fn direct(
    shared: &Shared,
    phase: &watch::Sender<Phase>,
    people: usize,
    processes: &Processes,
    acknowledged: bool,
) -> Result<Measured> {
    phase.send_replace(Phase::WarmingUp);
    let (before, since) = match shared.shape.until {
        Until::Time(warm_up, measured) => {
            tokio::time::sleep(warm_up).await;
            let before = processes.cpu()?;
            phase.send_replace(Phase::Measuring);
            let since = Instant::now();
            tokio::time::sleep(measured).await;
            (before, since)
        }
        Until::Messages(messages) => {
            let before = processes.cpu()?;
            phase.send_replace(Phase::Measuring);
            let since = Instant::now();
            while shared.sent.load(Ordering::Relaxed) < messages {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            (before, since)
        }
    };
    phase.send_replace(Phase::Draining);
    let seconds = since.elapsed().as_secs_f64();
    let after = processes.cpu()?;
    let resident = processes.resident()?;
    wait_for_the_last(shared, people, acknowledged).await?;
    let mut latency = Histogram::new(3)?;
    for shard in &shared.latency {
        latency.add(&*shard.lock().unwrap_or_else(PoisonError::into_inner))?;
    }
    let cpu = Cpu { server: after.server - before.server, database: after.database - before.database };
    Ok(Measured { latency, seconds, cpu, resident })
}

async fn wait_for_the_last(shared: &Shared, people: usize, acknowledged: bool) -> Result<()> {
    let copies = receivers(shared.shape.group.min(people)) as u64;
    let end = Instant::now() + LAST_MESSAGES;
    let mut last_sent = None;
    loop {
        tokio::time::sleep(Duration::from_millis(20)).await;
        let count = |counter: &AtomicU64| counter.load(Ordering::SeqCst);
        let (sent, received) = (count(&shared.sent), count(&shared.received));
        let answers = if acknowledged { count(&shared.acknowledged) } else { sent };
        // A send that had begun before the end may still be counted: two looks must agree.
        if received == sent * copies && answers == sent && last_sent == Some(sent) {
            return Ok(());
        }
        last_sent = Some(sent);
        if Instant::now() > end {
            bail!(
                "of {} deliveries {received} came, of {sent} messages {answers} were acknowledged",
                sent * copies
            );
        }
    }
}

/// Who counts as a receiver of a message: in a pair the other one, in a larger group everybody.
pub fn receivers(group: usize) -> usize {
    if group == 2 { 1 } else { group }
}

/// A person at work.
struct Sitting {
    seat: Seat,
    shared: Arc<Shared>,
    index: u32,
    people: usize,
    /// Index of the first of the group.
    first: u32,
    /// Number of the last message of each member.
    heard: Vec<u32>,
    number: u32,
    /// Answers to what arrived before the beginning.
    owed: u32,
    phase: Phase,
    latencies: Vec<u64>,
}

impl Sitting {
    fn new(index: usize, people: usize, seat: Seat, shared: Arc<Shared>) -> Self {
        let group = shared.shape.group;
        let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Self {
            seat,
            index: narrow(index),
            people,
            first: narrow(index / group * group),
            heard: vec![0; group],
            number: 0,
            owed: 0,
            phase: Phase::Waiting,
            latencies: Vec::new(),
            shared,
        }
    }

    async fn sit(mut self, mut socket: Socket, mut phase: watch::Receiver<Phase>) {
        if let Err(problem) = self.talk(&mut socket, &mut phase).await {
            self.shared.fail(format!("connection {}: {problem:#}", self.index));
        }
        let _ = tokio::time::timeout(Duration::from_secs(1), socket.close(None)).await;
    }

    async fn talk(&mut self, socket: &mut Socket, phase: &mut watch::Receiver<Phase>) -> Result<()> {
        let (mut clock, paced) = self.clock();
        loop {
            tokio::select! {
                changed = phase.changed() => {
                    changed?;
                    let before = std::mem::replace(&mut self.phase, *phase.borrow_and_update());
                    if self.phase == Phase::Over {
                        return Ok(());
                    }
                    if before == Phase::Waiting && let Pace::Window(window) = self.shared.shape.pace {
                        for _ in 0..window + self.owed {
                            self.say(socket).await?;
                        }
                        socket.flush().await?;
                    }
                }
                _ = clock.tick(), if paced => {
                    self.say(socket).await?;
                    socket.flush().await?;
                }
                message = socket.next() => self.listen(socket, message).await?,
            }
        }
    }

    /// When a paced person sends; everybody at another moment.
    fn clock(&self) -> (tokio::time::Interval, bool) {
        let (period, paced) = match self.shared.shape.pace {
            Pace::Window(_) => (Duration::from_secs(3_600), false),
            #[expect(clippy::cast_precision_loss, reason = "people are few")]
            Pace::PerSecond(rate) => (Duration::from_secs_f64(self.people as f64 / rate), true),
        };
        let share = f64::from(self.index) / f64::from(u32::try_from(self.people).unwrap_or(u32::MAX));
        let mut clock = interval_at(Instant::now() + period.mul_f64(share), period);
        clock.set_missed_tick_behavior(MissedTickBehavior::Burst);
        (clock, paced)
    }

    /// Takes in everything that has arrived, says what is to be said, and writes it at once.
    async fn listen(&mut self, socket: &mut Socket, first: Arrived) -> Result<()> {
        let mut next = Some(first);
        let mut to_say = 0;
        while let Some(arrived) = next {
            match arrived.context("the line ended")?? {
                Message::Text(text) => to_say += self.take(&text)?,
                Message::Close(close) => bail!("closed: {close:?}"),
                _ => {}
            }
            next = socket.next().now_or_never();
        }
        if !self.latencies.is_empty() {
            let shard = &self.shared.latency[self.index as usize % SHARDS];
            let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
            for latency in self.latencies.drain(..) {
                shard.record(latency)?;
            }
        }
        if self.phase == Phase::Waiting {
            // Somebody heard of the beginning before this one did.
            self.owed += to_say;
            return Ok(());
        }
        if to_say > 0 {
            for _ in 0..to_say {
                self.say(socket).await?;
            }
            socket.flush().await?;
        }
        Ok(())
    }

    /// Takes one frame in; how many messages it makes room for.
    fn take(&mut self, frame: &str) -> Result<u32> {
        match self.seat.hear(frame) {
            Heard::Other => Ok(0),
            Heard::Refused => bail!("refused: {frame}"),
            Heard::Acknowledged => {
                self.shared.acknowledged.fetch_add(1, Ordering::Relaxed);
                Ok(0)
            }
            Heard::Message(mark) if mark.run != self.shared.run => Ok(0),
            Heard::Message(mark) => {
                let own = mark.sender == self.index;
                let heard = (mark.sender.checked_sub(self.first))
                    .and_then(|member| self.heard.get_mut(member as usize))
                    .with_context(|| format!("a message of another conversation: {mark:?}"))?;
                if mark.number != *heard + 1 {
                    bail!("lost, doubled or out of order: {mark:?} after {heard}");
                }
                *heard += 1;
                let pair = self.heard.len() == 2;
                if pair && own {
                    return Ok(0);
                }
                self.shared.received.fetch_add(1, Ordering::Relaxed);
                if self.phase == Phase::Measuring {
                    self.latencies.push(self.shared.now().saturating_sub(mark.sent));
                }
                let closed_loop = matches!(self.shared.shape.pace, Pace::Window(_));
                Ok(u32::from(closed_loop && (pair || own)))
            }
        }
    }

    async fn say(&mut self, socket: &mut Socket) -> Result<()> {
        if !matches!(self.phase, Phase::WarmingUp | Phase::Measuring) {
            return Ok(());
        }
        self.number += 1;
        let (run, sender, number) = (self.shared.run, self.index, self.number);
        let sent = self.shared.now();
        let text = Mark { run, sender, number, sent }.text(TEXT_BYTES);
        let act = (u128::from(run) << 64) | (u128::from(sender) << 32) | u128::from(number);
        self.shared.sent.fetch_add(1, Ordering::SeqCst);
        socket.feed(Message::text(self.seat.say(number, act, &text))).await?;
        Ok(())
    }
}

type Arrived = Option<Result<Message, tokio_tungstenite::tungstenite::Error>>;

#[cfg(test)]
mod tests {
    use super::*;

    use tokio::net::TcpListener;
    use tokio_tungstenite::accept_async;

    /// A server for one: answers the frame with this index (from 0) with so many copies, all others with one.
    async fn echo(odd: usize, copies: usize) -> Vec<Seat> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            let mut socket = accept_async(stream).await.unwrap();
            let mut index = 0;
            while let Some(Ok(Message::Text(text))) = socket.next().await {
                for _ in 0..if index == odd { copies } else { 1 } {
                    socket.send(Message::Text(text.clone())).await.unwrap();
                }
                index += 1;
            }
        });
        vec![Seat::Bare { address, room: 0 }]
    }

    async fn load_with(odd: usize, copies: usize) -> Result<Measured> {
        let seats = echo(odd, copies).await;
        let shape = Shape { group: 1, pace: Pace::Window(4), until: Until::Messages(100) };
        let me = Processes { server: vec![std::process::id()], postmaster: None };
        run(&seats, shape, &me).await
    }

    #[tokio::test]
    async fn every_message_is_counted_once() {
        let measured = load_with(7, 1).await.unwrap();
        assert!(measured.latency.len() >= 96, "{}", measured.latency.len());
    }

    #[tokio::test]
    async fn a_lost_message_fails_the_run() {
        let problem = load_with(7, 0).await.err().unwrap().to_string();
        assert!(problem.contains("lost, doubled or out of order"), "{problem}");
    }

    #[tokio::test]
    async fn a_doubled_message_fails_the_run() {
        let problem = load_with(7, 2).await.err().unwrap().to_string();
        assert!(problem.contains("lost, doubled or out of order"), "{problem}");
    }

    #[test]
    fn in_a_pair_the_other_one_receives_and_in_a_group_everybody() {
        assert_eq!([receivers(2), receivers(3), receivers(200)], [1, 3, 200]);
    }
}
