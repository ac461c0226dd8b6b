//! A client of the socket: protocol version 1 with its real types.
//!
//! It reads only when it is asked to wait for something, so a client that is left alone is a client that
//! never reads.
//! What it can say stands in [`commands`], how it connects in [`upgrade`].

mod commands;
mod upgrade;

use std::collections::{BTreeMap, HashMap};

use chancery_protocol::command::{Command, Request};
use chancery_protocol::conversation::Event;
use chancery_protocol::frame::{Answer, Frame, Goodbye, Hello};
use chancery_protocol::ids::{ClientId, ConversationId};
use chancery_protocol::problem::Problem;
use chancery_protocol::{CSRF_SUBPROTOCOL_PREFIX, SUBPROTOCOL};
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use uuid::Uuid;

pub use self::commands::send_command;
pub use self::upgrade::{NotConnected, open};
use self::upgrade::{empty_hello, upgrade};
use crate::http::Caller;
use crate::patience::in_time;

/// Why a request got no answer of the kind hoped for.
#[derive(Debug, Clone, PartialEq)]
pub enum Failed {
    /// The server refused.
    Refused(Box<Problem>),
    /// The line ended before the answer came.
    LineEnded(String),
}

impl Failed {
    /// Code of the problem.
    pub fn code(&self) -> &str {
        match self {
            Self::Refused(problem) => &problem.code,
            Self::LineEnded(_) => "(the line ended)",
        }
    }
}

/// A connected device.
pub struct Client {
    /// Whose.
    pub who: Caller,
    /// The first frame of this connection.
    pub hello: Hello,
    /// Every frame of this connection, in order.
    pub frames: Vec<Frame>,
    /// Events of each conversation, live or filled, over all connections of this client.
    pub logs: HashMap<ConversationId, BTreeMap<u64, Event>>,
    /// Why the server ended the connection.
    pub goodbye: Option<Goodbye>,
    /// The code of the close frame.
    pub close_code: Option<u16>,
    /// Frames that arrived after a later event of the same conversation.
    pub out_of_order: Vec<Event>,
    socket: WebSocketStream<TcpStream>,
    newest_live: HashMap<ConversationId, u64>,
    next_id: u32,
}

/// A fresh client id.
pub fn new_client_id() -> ClientId {
    ClientId(Uuid::from_bytes(crate::seed::random_bytes()))
}

impl Client {
    /// Connects and reads `hello`.
    pub async fn connect(who: &Caller) -> Self {
        in_time("the socket", Self::try_connect(who))
            .await
            .unwrap_or_else(|problem| panic!("no socket: {problem:?}"))
    }

    /// Connects and reads `hello`.
    ///
    /// # Errors
    /// How the upgrade was refused.
    pub async fn try_connect(who: &Caller) -> Result<Self, NotConnected> {
        let csrf = who.csrf.clone().unwrap_or_default();
        Self::offering(who, &format!("{SUBPROTOCOL}, {CSRF_SUBPROTOCOL_PREFIX}{csrf}")).await
    }

    /// Connects, offering exactly these subprotocols.
    ///
    /// # Errors
    /// How the upgrade was refused.
    pub async fn offering(who: &Caller, subprotocols: &str) -> Result<Self, NotConnected> {
        Self::over(tokio::net::TcpSocket::new_v4().unwrap(), who, subprotocols).await
    }

    /// Connects with little room for what is not read yet.
    ///
    /// # Errors
    /// How the upgrade was refused.
    pub async fn with_a_small_buffer(who: &Caller) -> Result<Self, NotConnected> {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4_096).unwrap();
        let csrf = who.csrf.clone().unwrap_or_default();
        Self::over(socket, who, &format!("{SUBPROTOCOL}, {CSRF_SUBPROTOCOL_PREFIX}{csrf}")).await
    }

    async fn over(
        line: tokio::net::TcpSocket,
        who: &Caller,
        subprotocols: &str,
    ) -> Result<Self, NotConnected> {
        let socket = upgrade(line, who, subprotocols, None).await?;
        let mut client = Self {
            who: who.clone(),
            hello: empty_hello(),
            frames: Vec::new(),
            logs: HashMap::new(),
            goodbye: None,
            close_code: None,
            out_of_order: Vec::new(),
            socket,
            newest_live: HashMap::new(),
            next_id: 1,
        };
        match client.next_frame().await {
            Ok(Frame::Hello(hello)) => client.hello = hello,
            other => return Err(NotConnected { status: Some(101), text: format!("first frame: {other:?}") }),
        }
        Ok(client)
    }

    /// Connects again, keeping what is known of conversations.
    ///
    /// # Errors
    /// How the upgrade was refused.
    pub async fn try_reconnect(&mut self) -> Result<(), NotConnected> {
        let mut next = Self::try_connect(&self.who).await?;
        next.logs = std::mem::take(&mut self.logs);
        next.out_of_order = std::mem::take(&mut self.out_of_order);
        *self = next;
        Ok(())
    }

    /// Reads frames until one is not of the keep-alive kind.
    ///
    /// # Errors
    /// What ended the line.
    pub async fn next_frame(&mut self) -> Result<Frame, String> {
        loop {
            match self.socket.next().await {
                None => return Err("the line ended".to_owned()),
                Some(Err(problem)) => return Err(problem.to_string()),
                Some(Ok(Message::Text(text))) => {
                    let frame = serde_json::from_str(&text)
                        .unwrap_or_else(|problem| panic!("the server sent no frame: {problem} in {text}"));
                    self.take_in(&frame);
                    self.frames.push(frame);
                    return Ok(self.frames.last().unwrap().clone());
                }
                Some(Ok(Message::Close(close))) => {
                    self.close_code = close.map(|close| close.code.into());
                    return Err(format!("closed with {:?}", self.close_code));
                }
                Some(Ok(Message::Binary(_))) => panic!("the server sent a binary frame"),
                Some(Ok(_)) => {}
            }
        }
    }

    fn take_in(&mut self, frame: &Frame) {
        match frame {
            Frame::Event { event, .. } => {
                let newest = self.newest_live.entry(event.conversation).or_default();
                if event.seq < *newest {
                    self.out_of_order.push(event.clone());
                }
                *newest = event.seq.max(*newest);
                self.remember(event);
            }
            Frame::Answer { answer: Answer::Filling(filling), .. } => {
                for event in &filling.events {
                    self.remember(event);
                }
            }
            Frame::Goodbye { reason } => self.goodbye = Some(*reason),
            _ => {}
        }
    }

    fn remember(&mut self, event: &Event) {
        let log = self.logs.entry(event.conversation).or_default();
        let known = log.insert(event.seq, event.clone());
        if let Some(known) = known {
            assert_eq!(
                known.record, event.record,
                "seq {} of {} means two records",
                event.seq, event.conversation
            );
        }
    }

    /// Sends a command without waiting for anything; the id of the request.
    pub async fn say(&mut self, command: impl Into<Command>) -> Result<u32, String> {
        let id = self.next_id;
        self.next_id += 1;
        let request = Request { id, command: command.into() };
        self.say_raw(&serde_json::to_string(&request).unwrap()).await?;
        Ok(id)
    }

    /// Sends a text frame as it is.
    ///
    /// # Errors
    /// When the line has ended.
    pub async fn say_raw(&mut self, text: &str) -> Result<(), String> {
        self.say_message(Message::text(text)).await
    }

    /// Sends any message as it is.
    ///
    /// # Errors
    /// When the line has ended.
    pub async fn say_message(&mut self, message: Message) -> Result<(), String> {
        self.socket.send(message).await.map_err(|problem| problem.to_string())
    }

    /// Waits for the answer to a request; other frames are taken in on the way.
    ///
    /// # Errors
    /// The refusal, or that the line ended.
    pub async fn answer_to(&mut self, wanted: u32) -> Result<Answer, Failed> {
        loop {
            match in_time("an answer", self.next_frame()).await.map_err(Failed::LineEnded)? {
                Frame::Answer { id, answer } if id == wanted => return Ok(answer),
                Frame::Problem { id: Some(id), problem } if id == wanted => {
                    return Err(Failed::Refused(Box::new(problem)));
                }
                _ => {}
            }
        }
    }

    /// Asks and waits for the answer.
    ///
    /// # Errors
    /// The refusal, or that the line ended.
    pub async fn ask(&mut self, command: impl Into<Command>) -> Result<Answer, Failed> {
        let id = self.say(command).await.map_err(Failed::LineEnded)?;
        self.answer_to(id).await
    }

    /// Waits until what has been received satisfies `enough`.
    pub async fn wait_until(&mut self, what: &str, enough: impl Fn(&Self) -> bool) {
        let wait = async {
            while !enough(self) {
                if let Err(problem) = self.next_frame().await {
                    assert!(enough(self), "{problem}, before {what}");
                    return;
                }
            }
        };
        in_time(what, wait).await;
    }

    /// Waits until the line ends; the goodbye and close code are then known.
    pub async fn wait_for_the_end(&mut self) {
        in_time("the end of the line", async { while self.next_frame().await.is_ok() {} }).await;
    }

    /// Waits for a frame that `pick` picks something from; frames received before count.
    pub async fn wait_for<T>(&mut self, what: &str, pick: impl Fn(&Frame) -> Option<T>) -> T {
        self.wait_until(what, |client| client.frames.iter().any(|frame| pick(frame).is_some())).await;
        self.frames.iter().find_map(pick).unwrap()
    }

    /// Forgets the frames received so far, so that a wait means what comes next.
    pub fn forget_frames(&mut self) {
        self.frames.clear();
    }
}
