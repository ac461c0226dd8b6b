//! The client's connection, as a state machine without a socket or a clock.
//!
//! Feed it what happens ([`Input`]) with the time and a random number from 0 to 1; do what it says ([`Action`]).
//! What must stay true: at most one socket at a time (each has a number; what an older one still says is
//! ignored), never two attempts closer than half a second unless a person or the device asks for it, and no attempt
//! at all once the session has ended.
//!
//! ```text
//! Stopped ──Start──► Connecting ──Hello──► Live ──Closed, silence──► Backoff ──time, Online, Start──► Connecting
//!                        └──Closed, time──────────────────────────────► Backoff
//! any ──Goodbye or SignedOut──► Stopped
//! ```

use crate::Micros;
use crate::frame::{Frame, Goodbye};

/// Shortest wait before a new attempt.
pub const SHORTEST_WAIT: Micros = 500_000;

/// Longest wait before a new attempt.
pub const LONGEST_WAIT: Micros = 30_000_000;

/// How long an attempt may take until its hello.
pub const CONNECT_TIMEOUT: Micros = 15_000_000;

/// How long an answer to a probe may take after the device said that its network changed.
pub const PROBE_TIMEOUT: Micros = 5_000_000;

/// Which socket: every [`Action::Connect`] has a new number.
pub type SocketNumber = u32;

/// Why no connection is attempted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// Not begun.
    NotStarted,
    /// The server said so, or the session is found to have ended ([`Goodbye::SessionEnded`]).
    Goodbye(Goodbye),
    /// The server speaks another version: load the client anew.
    OtherVersion,
    /// The person signed out or the page is left.
    Left,
}

/// How the connection stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkState {
    /// A socket is being opened, or is open and its hello has not come.
    Connecting {
        /// Since when.
        since: Micros,
    },
    /// Hello has come.
    Live {
        /// Since when.
        since: Micros,
    },
    /// Waiting for the next attempt.
    Backoff {
        /// Until when.
        until: Micros,
        /// How many attempts have failed in a row.
        attempt: u32,
    },
    /// Nothing is attempted.
    Stopped(Stopped),
}

/// What happens.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Input<'a> {
    /// Connect; also "try now" by the person.
    Start,
    /// A frame arrived.
    Frame(SocketNumber, &'a Frame),
    /// Something was sent.
    Sent(SocketNumber),
    /// The socket is closed or could not be opened; with its close code, if any.
    Closed(SocketNumber, Option<u16>),
    /// Time has passed.
    Tick,
    /// The device says that there is a network again, or the page has become visible.
    Online,
    /// The device says that the network is gone.
    Offline,
    /// `GET /session` answered 401.
    SignedOut,
    /// The person signs out or leaves.
    Stop,
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Open a socket under this number.
    Connect(SocketNumber),
    /// Close this socket.
    Close(SocketNumber),
    /// Send `ping` on this socket.
    Ping(SocketNumber),
    /// The line went down: pending requests will not be answered.
    Down,
    /// Ask `GET /session`: a browser does not say why an upgrade was refused. On 401 feed [`Input::SignedOut`].
    CheckSession,
}

/// The connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    state: LinkState,
    socket: SocketNumber,
    /// Failed attempts in a row.
    attempt: u32,
    heartbeat: Micros,
    last_heard: Micros,
    last_sent: Micros,
    /// An answer is expected by then.
    probe: Option<Micros>,
}

impl Default for Link {
    fn default() -> Self {
        Self {
            state: LinkState::Stopped(Stopped::NotStarted),
            socket: 0,
            attempt: 0,
            heartbeat: 0,
            last_heard: 0,
            last_sent: 0,
            probe: None,
        }
    }
}

impl Link {
    /// How it stands.
    pub fn state(&self) -> LinkState {
        self.state
    }

    /// The present socket's number, while there is one.
    pub fn socket(&self) -> Option<SocketNumber> {
        matches!(self.state, LinkState::Connecting { .. } | LinkState::Live { .. }).then_some(self.socket)
    }

    /// When [`Input::Tick`] is needed next.
    pub fn wake_at(&self) -> Option<Micros> {
        match self.state {
            LinkState::Connecting { since } => Some(since + CONNECT_TIMEOUT),
            LinkState::Live { .. } => {
                let dead = self.last_heard + 2 * self.heartbeat;
                let next = dead.min(self.last_sent + self.heartbeat);
                Some(self.probe.map_or(next, |probe| probe.min(next)))
            }
            LinkState::Backoff { until, .. } => Some(until),
            LinkState::Stopped(_) => None,
        }
    }

    /// Takes in what happened at `now`; `random` is from 0 to 1.
    pub fn step(&mut self, input: Input<'_>, now: Micros, random: f64) -> Vec<Action> {
        match input {
            Input::Start => self.start(now),
            Input::Online => self.online(now),
            Input::Offline => self.probe_line(now),
            Input::Tick => self.tick(now, random),
            Input::SignedOut => self.stop(Stopped::Goodbye(Goodbye::SessionEnded)),
            Input::Stop => self.stop(Stopped::Left),
            Input::Frame(socket, frame) if self.socket() == Some(socket) => self.frame(frame, now, random),
            Input::Sent(socket) if self.socket() == Some(socket) => {
                self.last_sent = now;
                Vec::new()
            }
            Input::Closed(socket, code) if self.socket() == Some(socket) => {
                match code.and_then(Goodbye::from_code) {
                    Some(reason) => self.goodbye(reason, now, random),
                    None => self.lost(now, random),
                }
            }
            Input::Frame(..) | Input::Sent(_) | Input::Closed(..) => Vec::new(),
        }
    }

    fn start(&mut self, now: Micros) -> Vec<Action> {
        match self.state {
            LinkState::Stopped(_) => {
                self.attempt = 0;
                self.connect(now)
            }
            LinkState::Backoff { .. } => self.connect(now),
            LinkState::Connecting { .. } | LinkState::Live { .. } => Vec::new(),
        }
    }

    fn connect(&mut self, now: Micros) -> Vec<Action> {
        self.socket = self.socket.wrapping_add(1);
        self.state = LinkState::Connecting { since: now };
        self.probe = None;
        vec![Action::Connect(self.socket)]
    }

    fn online(&mut self, now: Micros) -> Vec<Action> {
        match self.state {
            LinkState::Backoff { .. } => self.connect(now),
            _ => self.probe_line(now),
        }
    }

    /// The network may have changed under an open socket: find out soon.
    fn probe_line(&mut self, now: Micros) -> Vec<Action> {
        if !matches!(self.state, LinkState::Live { .. }) || self.probe.is_some() {
            return Vec::new();
        }
        self.probe = Some(now + PROBE_TIMEOUT);
        self.last_sent = now;
        vec![Action::Ping(self.socket)]
    }

    fn tick(&mut self, now: Micros, random: f64) -> Vec<Action> {
        match self.state {
            LinkState::Connecting { since } if now >= since + CONNECT_TIMEOUT => self.lost(now, random),
            LinkState::Backoff { until, .. } if now >= until => self.connect(now),
            LinkState::Live { .. } => {
                let silent = now >= self.last_heard + 2 * self.heartbeat;
                if silent || self.probe.is_some_and(|probe| now >= probe) {
                    return self.lost(now, random);
                }
                if now < self.last_sent + self.heartbeat {
                    return Vec::new();
                }
                self.last_sent = now;
                vec![Action::Ping(self.socket)]
            }
            _ => Vec::new(),
        }
    }

    fn frame(&mut self, frame: &Frame, now: Micros, random: f64) -> Vec<Action> {
        self.last_heard = now;
        self.probe = None;
        match frame {
            Frame::Hello(hello) if hello.protocol != crate::VERSION => self.stop(Stopped::OtherVersion),
            Frame::Hello(hello) => {
                self.heartbeat = Micros::from(hello.heartbeat_seconds.max(1)) * 1_000_000;
                self.last_sent = now;
                self.state = LinkState::Live { since: now };
                Vec::new()
            }
            Frame::Goodbye { reason } => self.goodbye(*reason, now, random),
            _ => {
                // A line that ends right after its hello is no success: the next wait still grows.
                if let LinkState::Live { since } = self.state
                    && now >= since + self.heartbeat
                {
                    self.attempt = 0;
                }
                Vec::new()
            }
        }
    }

    fn goodbye(&mut self, reason: Goodbye, now: Micros, random: f64) -> Vec<Action> {
        if reason.come_back() { self.lost(now, random) } else { self.stop(Stopped::Goodbye(reason)) }
    }

    fn stop(&mut self, why: Stopped) -> Vec<Action> {
        let mut actions = Vec::new();
        if let Some(socket) = self.socket() {
            actions.extend([Action::Close(socket), Action::Down]);
        }
        self.state = LinkState::Stopped(why);
        actions
    }

    fn lost(&mut self, now: Micros, random: f64) -> Vec<Action> {
        let mut actions = vec![Action::Close(self.socket), Action::Down];
        if matches!(self.state, LinkState::Connecting { .. }) {
            actions.push(Action::CheckSession);
        }
        let until = now + wait(self.attempt, random);
        self.attempt = self.attempt.saturating_add(1);
        self.state = LinkState::Backoff { until, attempt: self.attempt };
        actions
    }
}

/// How long to wait after so many failures before this one: anything between the shortest wait and a bound that
/// doubles, so that clients of a restarted server do not all come at once.
fn wait(failures: u32, random: f64) -> Micros {
    let bound = (2 * SHORTEST_WAIT).saturating_mul(1 << failures.min(16)).min(LONGEST_WAIT);
    let random = if random.is_finite() { random.clamp(0.0, 1.0) } else { 1.0 };
    #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "at most 30 000 000")]
    let part = ((bound - SHORTEST_WAIT) as f64 * random) as Micros;
    SHORTEST_WAIT + part
}

#[cfg(test)]
mod tests;
