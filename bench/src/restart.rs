//! *restart*: the server is stopped in order and started again while people write, and everybody comes back.
//!
//! Every socket follows one room as a client does: events in order, gaps filled, and after the hello whatever
//! it missed. It waits between attempts as `protocol::link` says. At the end each must have every message that
//! was acknowledged to anybody.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use chancery_protocol::command::{self, Command, Fill, Request};
use chancery_protocol::frame::{Answer, Frame};
use chancery_protocol::ids::ConversationId;
use chancery_protocol::link::{Action, Input, Link};
use chancery_tests::client::{Client, Failed, new_client_id, open};
use chancery_tests::http::Caller;
use futures_util::{SinkExt, StreamExt};
use rand::SeedableRng;
use rand_chacha::ChaCha12Rng;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{Instant, interval};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

use crate::figures::{Figure, figure};
use crate::mark::Mark;
use crate::scenario::{Sizes, in_rooms};
use crate::seat::{Seat, Socket};
use crate::system::{Server, System};

/// How often somebody writes in each room.
const WRITING: Duration = Duration::from_secs(1);
/// How long coming back and catching up may take before it is counted as lost.
const GIVE_UP: Duration = Duration::from_secs(180);
/// Sockets that are opened at the same time at the beginning.
const OPENING: usize = 32;

struct Shared {
    begin: Instant,
    /// When each socket's present line had its hello, in microseconds from the beginning; 0 while there is none.
    live: Vec<AtomicU64>,
    /// The newest `seq` each socket has without a gap.
    have: Vec<AtomicU64>,
    /// At the beginning only so many connect at once; afterwards the clients' own waiting spreads them.
    opening: Arc<Semaphore>,
}

impl Shared {
    fn now(&self) -> u64 {
        u64::try_from(self.begin.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    fn all_live_since(&self, moment: u64) -> bool {
        self.live.iter().all(|live| live.load(Ordering::SeqCst) >= moment)
    }
}

/// Runs it once.
///
/// # Errors
/// When the server does not come back, or a writer is refused.
#[expect(clippy::cast_precision_loss, reason = "sockets are far below 2^52")]
pub async fn run(system: &mut System, sizes: &Sizes) -> Result<Vec<Figure>> {
    let group = sizes.rooms().1;
    let sockets = sizes.sockets().1;
    let seats = in_rooms(system, sizes).await?;
    let Server::Chancery(chancery) = &mut system.server else { bail!("only Chancery is restarted") };
    let shared = Arc::new(Shared {
        begin: Instant::now(),
        live: (0..sockets).map(|_| AtomicU64::new(0)).collect(),
        have: (0..sockets).map(|_| AtomicU64::new(0)).collect(),
        opening: Arc::new(Semaphore::new(OPENING)),
    });
    let over = watch::Sender::new(false);
    let mut following = tokio::task::JoinSet::new();
    for (index, seat) in seats.iter().cycle().take(sockets).enumerate() {
        let Seat::Chancery { who, conversation } = seat.clone() else { continue };
        let follower = Follower::new(index, *who, conversation, shared.clone());
        let mut over = over.subscribe();
        following.spawn(async move {
            tokio::select! {
                ended = follower.follow() => if let Err(problem) = ended {
                    eprintln!("bench: socket {index} gave up: {problem:#}");
                },
                _ = over.wait_for(|over| *over) => {}
            }
        });
    }
    until("everybody is connected", || shared.all_live_since(1)).await?;

    let stop_writing = watch::Sender::new(false);
    let mut writing = tokio::task::JoinSet::new();
    for (room, seat) in seats.iter().step_by(group).enumerate() {
        let Seat::Chancery { who, conversation } = seat.clone() else { continue };
        let stop = stop_writing.subscribe();
        writing.spawn(async move { write(&who, conversation, stop).await.map(|newest| (room, newest)) });
    }
    tokio::time::sleep(sizes.warm_up + WRITING * 2).await;

    let stopped = shared.now();
    let begin = Instant::now();
    chancery.house.server.stop().await;
    chancery.house.server.start_again().await;
    let down = begin.elapsed().as_secs_f64();
    until("everybody is back", || shared.all_live_since(stopped)).await?;
    let back = begin.elapsed().as_secs_f64();

    stop_writing.send_replace(true);
    let mut newest = vec![0; seats.len().div_ceil(group)];
    while let Some(written) = writing.join_next().await {
        let (room, seq) = written??;
        newest[room] = seq;
    }
    let missing = || -> u64 {
        let of = |index: usize| newest[index % seats.len() / group];
        let have = shared.have.iter().map(|have| have.load(Ordering::SeqCst)).enumerate();
        have.map(|(index, have)| of(index).saturating_sub(have)).sum()
    };
    // Who gave up waiting is counted, not hidden: the figure is what is still missing.
    let _ = until("everybody has everything", || missing() == 0).await;
    let whole = begin.elapsed().as_secs_f64();
    let lost = missing() as f64;
    over.send_replace(true);
    while following.join_next().await.is_some() {}
    Ok(vec![
        figure("server down, s", down),
        figure("all back, s", back),
        figure("all complete, s", whole),
        figure("frames missing", lost),
    ])
}

async fn until(what: &str, reached: impl Fn() -> bool) -> Result<()> {
    let end = Instant::now() + GIVE_UP;
    while !reached() {
        if Instant::now() > end {
            bail!("gave up waiting until {what}");
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

/// Writes by the clock and never gives a message up. The newest `seq` acknowledged.
async fn write(who: &Caller, conversation: ConversationId, mut stop: watch::Receiver<bool>) -> Result<u64> {
    let mut client = Client::connect(who).await;
    let mut clock = interval(WRITING);
    let mut newest = 0;
    let mut number = 0;
    loop {
        tokio::select! {
            _ = clock.tick() => {}
            _ = stop.wait_for(|stop| *stop) => return Ok(newest),
        }
        number += 1;
        let text = Mark { run: 0, sender: 0, number, sent: 0 }.text(crate::load::TEXT_BYTES);
        let id = new_client_id();
        let end = Instant::now() + GIVE_UP;
        loop {
            match client.send_as(conversation, &text, id).await {
                Ok(recorded) => {
                    newest = recorded.seq;
                    break;
                }
                Err(Failed::LineEnded(_)) => {
                    while client.try_reconnect().await.is_err() {
                        if Instant::now() > end {
                            bail!("a writer cannot connect again");
                        }
                        tokio::time::sleep(Duration::from_millis(250)).await;
                    }
                }
                // The server that stops takes no more; the line ends next.
                Err(Failed::Refused(problem)) if Instant::now() < end => {
                    if problem.code != "storage_unavailable" {
                        bail!("a writer was refused: {problem:?}");
                    }
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                Err(failed) => bail!("a writer failed: {failed:?}"),
            }
        }
        client.forget_frames();
    }
}

/// What a client has of a conversation, and what it knows to be missing.
#[derive(Debug, Default)]
struct Log {
    /// Set at the first hello: where following begins.
    began: bool,
    /// The newest `seq` without a gap.
    have: u64,
    /// The highest `seq` heard of.
    heard: u64,
    /// A question for what is missing is under way.
    filling: bool,
}

impl Log {
    fn hello(&mut self, newest: u64) {
        if !self.began {
            self.began = true;
            self.have = newest;
        }
        self.heard = self.heard.max(newest);
    }

    fn event(&mut self, seq: u64) {
        self.heard = self.heard.max(seq);
        if seq == self.have + 1 {
            self.have = seq;
        }
    }

    fn filled(&mut self, seqs: impl Iterator<Item = u64>) {
        self.filling = false;
        seqs.for_each(|seq| self.event(seq));
    }

    /// After which `seq` to ask now, when something is missing and was not asked for yet.
    fn ask_after(&mut self) -> Option<u64> {
        let ask = self.heard > self.have && !self.filling;
        self.filling |= ask;
        ask.then_some(self.have)
    }
}

/// One socket's side of the protocol.
struct Follower {
    index: usize,
    who: Caller,
    conversation: ConversationId,
    shared: Arc<Shared>,
    link: Link,
    random: ChaCha12Rng,
    socket: Option<Socket>,
    log: Log,
    number: u32,
    /// Held until the first hello.
    turn: Option<OwnedSemaphorePermit>,
}

impl Follower {
    fn new(index: usize, who: Caller, conversation: ConversationId, shared: Arc<Shared>) -> Self {
        Self {
            index,
            who,
            conversation,
            shared,
            link: Link::default(),
            random: ChaCha12Rng::seed_from_u64(index as u64),
            socket: None,
            log: Log::default(),
            number: 0,
            turn: None,
        }
    }

    fn now(&self) -> i64 {
        i64::try_from(self.shared.now()).unwrap_or(i64::MAX)
    }

    /// Never ends by itself.
    async fn follow(mut self) -> Result<()> {
        self.turn = Some(self.shared.opening.clone().acquire_owned().await?);
        self.step(Input::Start).await?;
        loop {
            let wake = self.link.wake_at().context("the link has stopped")?;
            let wait = Duration::from_micros(u64::try_from(wake - self.now()).unwrap_or(0));
            let arrived = async {
                match &mut self.socket {
                    Some(socket) => socket.next().await,
                    None => std::future::pending().await,
                }
            };
            match tokio::time::timeout(wait, arrived).await {
                Err(_) => self.step(Input::Tick).await?,
                Ok(Some(Ok(Message::Text(text)))) => {
                    let frame: Frame = serde_json::from_str(&text).context("a frame of the server")?;
                    let number = self.link.socket().unwrap_or_default();
                    self.step(Input::Frame(number, &frame)).await?;
                    self.take(frame).await;
                }
                Ok(Some(Ok(Message::Close(close)))) => {
                    self.closed(close.map(|close| close.code.into())).await?;
                }
                Ok(Some(Ok(_))) => {}
                Ok(None | Some(Err(_))) => self.closed(None).await?,
            }
        }
    }

    /// The line is gone, and with it the answer to what was asked on it.
    fn drop_line(&mut self) {
        self.socket = None;
        self.log.filling = false;
        self.shared.live[self.index].store(0, Ordering::SeqCst);
    }

    async fn closed(&mut self, code: Option<u16>) -> Result<()> {
        self.drop_line();
        match self.link.socket() {
            Some(number) => self.step(Input::Closed(number, code)).await,
            None => Ok(()),
        }
    }

    /// Feeds the state machine and does what it says.
    async fn step(&mut self, input: Input<'_>) -> Result<()> {
        use rand::RngExt;
        let random: f64 = self.random.random();
        let now = self.now();
        let mut actions = self.link.step(input, now, random);
        while let Some(action) = (!actions.is_empty()).then(|| actions.remove(0)) {
            match action {
                Action::Connect(number) => match self.open().await {
                    Some(socket) => self.socket = Some(socket),
                    None => {
                        let random: f64 = self.random.random();
                        actions.extend(self.link.step(Input::Closed(number, None), self.now(), random));
                    }
                },
                Action::Close(_) => self.drop_line(),
                Action::Ping(_) => self.ask(command::Ping {}.into()).await,
                Action::Down | Action::CheckSession => {}
            }
        }
        Ok(())
    }

    async fn open(&self) -> Option<Socket> {
        let buffers = WebSocketConfig::default().read_buffer_size(4 * 1_024);
        tokio::time::timeout(Duration::from_secs(15), open(&self.who, buffers)).await.ok()?.ok()
    }

    async fn ask(&mut self, command: Command) {
        self.number += 1;
        let request = Request { id: self.number, command };
        let Ok(text) = serde_json::to_string(&request) else { return };
        // A line that has ended is noticed when it is read.
        if let Some(socket) = &mut self.socket {
            let _ = socket.send(Message::text(text)).await;
        }
    }

    async fn take(&mut self, frame: Frame) {
        match frame {
            Frame::Hello(hello) => {
                let line = hello.conversations.iter().find(|line| line.id == self.conversation);
                self.log.hello(line.map_or(0, |line| line.last_seq));
                self.turn = None;
                self.shared.live[self.index].store(self.shared.now().max(1), Ordering::SeqCst);
            }
            Frame::Event { event, .. } if event.conversation == self.conversation => {
                self.log.event(event.seq);
            }
            Frame::Answer { answer: Answer::Filling(filling), .. } => {
                self.log.filled(filling.events.iter().map(|event| event.seq));
            }
            // What was refused is asked for again with the next sign of life.
            Frame::Problem { .. } => {
                self.log.filling = false;
                return;
            }
            Frame::Answer { answer: Answer::Done, .. } => {}
            _ => return,
        }
        self.shared.have[self.index].store(self.log.have, Ordering::SeqCst);
        if let Some(after) = self.log.ask_after() {
            self.ask(Fill { conversation: self.conversation, after }.into()).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_follows_from_its_first_hello_on() {
        let mut log = Log::default();
        log.hello(7);
        assert_eq!((log.have, log.ask_after()), (7, None));
        log.event(8);
        log.event(8);
        assert_eq!((log.have, log.ask_after()), (8, None));
    }

    #[test]
    fn a_gap_is_asked_for_once_and_counts_as_missing_until_it_is_filled() {
        let mut log = Log::default();
        log.hello(7);
        log.event(10);
        assert_eq!((log.have, log.ask_after(), log.ask_after()), (7, Some(7), None));
        log.filled([8, 9].into_iter());
        assert_eq!((log.have, log.ask_after()), (9, Some(9)));
        log.filled([10].into_iter());
        assert_eq!((log.have, log.ask_after()), (10, None));
    }

    #[test]
    fn what_a_later_hello_tells_of_is_missing() {
        let mut log = Log::default();
        log.hello(7);
        log.hello(9);
        assert_eq!((log.have, log.ask_after()), (7, Some(7)));
    }
}
