//! A client of the socket: protocol version 1 with its real types.
//!
//! It reads only when it is asked to wait for something, so a client that is left alone is a client that
//! never reads.

use std::collections::{BTreeMap, HashMap};

use chancery_protocol::command::{self, Command, Request};
use chancery_protocol::conversation::{Conversation, Event, Filling, HistoryPage};
use chancery_protocol::frame::{Answer, Frame, Goodbye, Hello, Recorded};
use chancery_protocol::ids::{ClientId, ConversationId, PersonId, RecordId};
use chancery_protocol::person::Presence;
use chancery_protocol::problem::Problem;
use chancery_protocol::{CSRF_SUBPROTOCOL_PREFIX, SUBPROTOCOL};
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use uuid::Uuid;

use crate::http::{COOKIE, Caller};
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

/// Why there is no connection.
#[derive(Debug)]
pub struct NotConnected {
    /// HTTP status, when the server answered at all.
    pub status: Option<u16>,
    /// The body of the answer, or what went wrong.
    pub text: String,
}

impl NotConnected {
    /// Code of the problem document in the body.
    pub fn code(&self) -> String {
        serde_json::from_str::<Problem>(&self.text).map_or_else(|_| self.text.clone(), |problem| problem.code)
    }
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
        let socket = upgrade(line, who, subprotocols).await?;
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

/// The commands, as one would say them.
impl Client {
    async fn record(&mut self, command: impl Into<Command>) -> Result<Recorded, Failed> {
        match self.ask(command).await? {
            Answer::Recorded(recorded) => Ok(recorded),
            other => panic!("not on the record: {other:?}"),
        }
    }

    /// Sends a message.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn send(&mut self, conversation: ConversationId, text: &str) -> Result<Recorded, Failed> {
        self.send_as(conversation, text, new_client_id()).await
    }

    /// Sends a message under a known client id.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn send_as(&mut self, c: ConversationId, text: &str, id: ClientId) -> Result<Recorded, Failed> {
        self.record(send_command(c, text, id)).await
    }

    /// Changes a message.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn edit(
        &mut self,
        conversation: ConversationId,
        message: RecordId,
        text: &str,
    ) -> Result<Recorded, Failed> {
        let (client_id, text) = (new_client_id(), text.to_owned());
        self.record(command::Edit { client_id, conversation, message, text }).await
    }

    /// Deletes a message.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn delete(
        &mut self,
        conversation: ConversationId,
        message: RecordId,
    ) -> Result<Recorded, Failed> {
        self.record(command::Delete { client_id: new_client_id(), conversation, message }).await
    }

    /// Takes a deletion back.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn restore(
        &mut self,
        conversation: ConversationId,
        message: RecordId,
    ) -> Result<Recorded, Failed> {
        self.record(command::Restore { client_id: new_client_id(), conversation, message }).await
    }

    /// Puts a reaction on or takes it off; one that stands so already is answered with `Done`.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn react(
        &mut self,
        c: ConversationId,
        message: RecordId,
        reaction: &str,
        on: bool,
    ) -> Result<Answer, Failed> {
        let reaction = reaction.to_owned();
        self.ask(command::React { client_id: new_client_id(), conversation: c, message, reaction, on }).await
    }

    /// Sets the status text.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn set_status(&mut self, text: &str) -> Result<Answer, Failed> {
        self.ask(command::SetStatus { client_id: new_client_id(), text: text.to_owned() }).await
    }

    /// The direct talk with somebody.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn open_direct(&mut self, person: PersonId) -> Result<Conversation, Failed> {
        match self.ask(command::OpenDirect { client_id: new_client_id(), person }).await? {
            Answer::Conversation { conversation, .. } => Ok(*conversation),
            other => panic!("no conversation: {other:?}"),
        }
    }

    /// A new group.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn create_group(&mut self, name: &str, members: &[PersonId]) -> Result<Conversation, Failed> {
        self.create(crate::groups::create_group(name, None, false, members.to_vec())).await
    }

    /// The newest page of history.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn history(&mut self, conversation: ConversationId) -> Result<HistoryPage, Failed> {
        self.history_before(conversation, None, 200).await
    }

    /// A page of history.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn history_before(
        &mut self,
        c: ConversationId,
        before: Option<u64>,
        limit: u16,
    ) -> Result<HistoryPage, Failed> {
        match self.ask(command::History { conversation: c, before, limit }).await? {
            Answer::History(page) => Ok(page),
            other => panic!("no history: {other:?}"),
        }
    }

    /// Some events after a seq.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn fill(&mut self, conversation: ConversationId, after: u64) -> Result<Filling, Failed> {
        match self.ask(command::Fill { conversation, after }).await? {
            Answer::Filling(filling) => Ok(filling),
            other => panic!("no filling: {other:?}"),
        }
    }

    /// All events of a conversation, one filling after the other.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn fill_all(&mut self, conversation: ConversationId) -> Result<Vec<Event>, Failed> {
        let mut events: Vec<Event> = Vec::new();
        loop {
            let filling = self.fill(conversation, events.last().map_or(0, |event| event.seq)).await?;
            events.extend(filling.events);
            if !filling.more {
                return Ok(events);
            }
        }
    }

    /// Fills the gaps of the own copy, up to the newest event there is.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn catch_up(&mut self, conversation: ConversationId) -> Result<(), Failed> {
        loop {
            let log = self.logs.entry(conversation).or_default();
            let complete_up_to = (1..).find(|seq| !log.contains_key(seq)).unwrap_or(1) - 1;
            if !self.fill(conversation, complete_up_to).await?.more {
                return Ok(());
            }
        }
    }

    /// Everything up to an ordinal has been read.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn mark(&mut self, conversation: ConversationId, read: u64) -> Result<Answer, Failed> {
        self.ask(command::Mark { conversation, read }).await
    }

    /// Typing, just now.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn typing(&mut self, conversation: ConversationId) -> Result<Answer, Failed> {
        self.ask(command::Typing { conversation }).await
    }

    /// Looks at somebody's presence.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn watch(&mut self, people: &[PersonId]) -> Result<Answer, Failed> {
        self.ask(command::Watch { people: people.to_vec() }).await
    }

    /// Sets the own presence.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn set_presence(&mut self, presence: Presence) -> Result<Answer, Failed> {
        self.ask(command::SetPresence { presence }).await
    }

    /// Keeps unsent text.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn save_draft(&mut self, conversation: ConversationId, text: &str) -> Result<Answer, Failed> {
        self.ask(command::SaveDraft { conversation, text: text.to_owned() }).await
    }

    /// Is the line alive?
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub async fn ping(&mut self) -> Result<Answer, Failed> {
        self.ask(command::Ping {}).await
    }
}

/// A message under a known client id.
pub fn send_command(conversation: ConversationId, text: &str, client_id: ClientId) -> command::Send {
    command::Send { client_id, conversation, text: text.to_owned(), reply_to: None, thread_root: None }
}

async fn upgrade(
    line: tokio::net::TcpSocket,
    who: &Caller,
    subprotocols: &str,
) -> Result<WebSocketStream<TcpStream>, NotConnected> {
    let mut request = format!("ws://{}/api/v1/socket", who.address).into_client_request().unwrap();
    let headers = request.headers_mut();
    if !subprotocols.is_empty() {
        headers.insert("sec-websocket-protocol", HeaderValue::from_str(subprotocols).unwrap());
    }
    if let Some(origin) = &who.origin {
        headers.insert("origin", HeaderValue::from_str(origin).unwrap());
    }
    if let Some(cookie) = &who.cookie {
        headers.insert("cookie", HeaderValue::from_str(&format!("{COOKIE}={cookie}")).unwrap());
    }
    let broken = |problem: std::io::Error| NotConnected { status: None, text: problem.to_string() };
    let stream = line.connect(who.address.parse().unwrap()).await.map_err(broken)?;
    stream.set_nodelay(true).map_err(broken)?;
    match tokio_tungstenite::client_async(request, stream).await {
        Ok((socket, response)) => {
            let chosen =
                response.headers().get("sec-websocket-protocol").and_then(|value| value.to_str().ok());
            assert_eq!(chosen, Some(SUBPROTOCOL), "the subprotocol the server chose");
            Ok(socket)
        }
        Err(tokio_tungstenite::tungstenite::Error::Http(response)) => {
            let body = response.body().clone().unwrap_or_default();
            let text = String::from_utf8_lossy(&body).into_owned();
            Err(NotConnected { status: Some(response.status().as_u16()), text })
        }
        Err(other) => Err(NotConnected { status: None, text: other.to_string() }),
    }
}

fn empty_hello() -> Hello {
    use chancery_protocol::ids::SessionId;
    use chancery_protocol::person::Person;
    let me = Person {
        id: PersonId(Uuid::nil()),
        username: String::new(),
        name: String::new(),
        status: None,
        suspended: false,
    };
    Hello {
        protocol: 0,
        server: String::new(),
        now: 0,
        heartbeat_seconds: 0,
        session: SessionId(Uuid::nil()),
        me,
        conversations: Vec::new(),
        preferences: chancery_protocol::preferences::Kept::default(),
        people: Vec::new(),
    }
}
