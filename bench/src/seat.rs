//! One person's place in a scenario: how to connect, what to say, and what a frame that comes means.
//!
//! Every server is spoken to in its own protocol, and every frame goes through the same few looks, so that
//! the generator costs about the same whomever it measures.

use anyhow::{Context, Result, bail};
use chancery_protocol::command::{self, Command, History, Request};
use chancery_protocol::ids::{ClientId, ConversationId};
use chancery_tests::client::{open, send_command};
use chancery_tests::http::Caller;
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Message, protocol::WebSocketConfig};
use uuid::Uuid;

use crate::mark::{self, Mark};
use crate::xmpp;

/// A connection.
pub type Socket = WebSocketStream<TcpStream>;

/// Bytes of a connection's read buffer: small, because there are thousands of them.
const READ_BUFFER: usize = 8 * 1024;
/// How often a sign-in over XMPP is tried.
const XMPP_TRIES: usize = 3;

/// Whose place, and where.
#[derive(Clone)]
pub enum Seat {
    /// A person of a Chancery who is signed in.
    Chancery {
        /// The session.
        who: Box<Caller>,
        /// Where this person talks.
        conversation: ConversationId,
    },
    /// A connection of a yardstick.
    Bare {
        /// Host and port.
        address: String,
        /// Where this connection talks.
        room: u32,
    },
    /// A person of an XMPP server.
    Xmpp(xmpp::Seat),
}

/// What a frame means to the generator.
#[derive(Debug, PartialEq, Eq)]
pub enum Heard {
    /// A message arrived, of this or an older run.
    Message(Mark),
    /// The server acknowledged something.
    Acknowledged,
    /// The server refused something, or ends the connection.
    Refused,
    /// Anything else.
    Other,
}

/// How far the answer to a question for history has come.
#[derive(Debug, PartialEq, Eq)]
pub enum Page {
    /// So many messages of it came in this frame; more are to come.
    Part(usize),
    /// So many messages came in this frame, and it is complete.
    End(usize),
    /// The frame has nothing to do with it.
    Not,
}

impl Seat {
    /// Connects, signs in and waits until the server has said hello.
    ///
    /// # Errors
    /// How it was refused.
    pub async fn connect(&self) -> Result<Socket> {
        match self {
            Self::Chancery { who, .. } => {
                let mut socket = match open(who, buffers()).await {
                    Ok(socket) => socket,
                    Err(refused) => bail!("no socket: {refused:?}"),
                };
                let hello = next_text(&mut socket).await?;
                if !hello.starts_with(r#"{"type":"hello""#) {
                    bail!("the first frame is no hello: {hello}");
                }
                Ok(socket)
            }
            Self::Bare { address, room } => {
                connect_plain(address, &format!("/socket?room={room}"), None).await
            }
            Self::Xmpp(seat) => {
                // ejabberd hangs up on one or another of thousands while they sign in; a client of people comes back too.
                for _ in 1..XMPP_TRIES {
                    if let Ok(socket) = seat.connect().await {
                        return Ok(socket);
                    }
                }
                seat.connect().await
            }
        }
    }

    /// The frame that sends a text. `number` is unique for the connection, `act` for all there ever are.
    pub fn say(&self, number: u32, act: u128, text: &str) -> String {
        match self {
            Self::Chancery { conversation, .. } => {
                let command = send_command(*conversation, text, ClientId(Uuid::from_u128(act)));
                request(number, command.into())
            }
            // As many bytes on the line as the real protocol has.
            Self::Bare { .. } => {
                let command = send_command(ConversationId(Uuid::nil()), text, ClientId(Uuid::from_u128(act)));
                request(number, command.into())
            }
            Self::Xmpp(seat) => seat.say(number, text),
        }
    }

    /// Reads a frame.
    pub fn hear(&self, frame: &str) -> Heard {
        let message = |frame| Mark::find(frame).map_or(Heard::Other, Heard::Message);
        match self {
            Self::Chancery { .. } => {
                let Some(rest) = frame.strip_prefix(r#"{"type":""#) else { return Heard::Other };
                if rest.starts_with("event") {
                    message(frame)
                } else if rest.starts_with("answer") {
                    Heard::Acknowledged
                } else if rest.starts_with("problem") || rest.starts_with("goodbye") {
                    Heard::Refused
                } else {
                    Heard::Other
                }
            }
            Self::Bare { .. } => message(frame),
            Self::Xmpp(_) => match xmpp::hear(frame) {
                xmpp::Stanza::Message => message(frame),
                xmpp::Stanza::Error => Heard::Refused,
                xmpp::Stanza::Other => Heard::Other,
            },
        }
    }

    /// Whether the server answers every message it takes, apart from delivering it.
    pub fn is_acknowledged(&self) -> bool {
        matches!(self, Self::Chancery { .. })
    }

    /// The frame that asks for the newest messages of the conversation; nothing where none are kept.
    pub fn ask_history(&self, number: u32, limit: u16) -> Option<String> {
        match self {
            Self::Chancery { conversation, .. } => {
                let history = History { conversation: *conversation, before: None, limit };
                Some(request(number, history.into()))
            }
            Self::Bare { .. } => None,
            Self::Xmpp(seat) => Some(seat.ask_history(number, limit)),
        }
    }

    /// Reads a frame of the answer.
    pub fn hear_history(&self, frame: &str) -> Page {
        match self {
            Self::Chancery { .. } if frame.starts_with(r#"{"type":"answer""#) => {
                Page::End(mark::count(frame))
            }
            Self::Xmpp(_) => xmpp::hear_history(frame),
            _ => Page::Not,
        }
    }

    /// The frame that shows that one is still there.
    pub fn ping(&self, number: u32) -> Message {
        match self {
            Self::Chancery { .. } => Message::text(request(number, command::Ping {}.into())),
            _ => Message::Ping(Vec::new().into()),
        }
    }
}

fn request(id: u32, command: Command) -> String {
    serde_json::to_string(&Request { id, command }).unwrap_or_default()
}

fn buffers() -> WebSocketConfig {
    WebSocketConfig::default().read_buffer_size(READ_BUFFER)
}

/// A web-socket to somewhere on loopback, without delay on the line.
///
/// # Errors
/// How it was refused.
pub async fn connect_plain(address: &str, path: &str, subprotocol: Option<&str>) -> Result<Socket> {
    let mut request = format!("ws://{address}{path}").into_client_request()?;
    if let Some(subprotocol) = subprotocol {
        request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_str(subprotocol)?);
    }
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (socket, _) = tokio_tungstenite::client_async_with_config(request, stream, Some(buffers())).await?;
    Ok(socket)
}

/// The next text frame.
///
/// # Errors
/// When the line ends.
pub async fn next_text(socket: &mut Socket) -> Result<String> {
    loop {
        match socket.next().await.context("the line ended")?? {
            Message::Text(text) => return Ok(text.as_str().to_owned()),
            Message::Close(close) => bail!("closed: {close:?}"),
            _ => {}
        }
    }
}

/// Sends a text frame.
///
/// # Errors
/// When the line has ended.
pub async fn send_text(socket: &mut Socket, text: String) -> Result<()> {
    Ok(socket.send(Message::text(text)).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARK: Mark = Mark { run: 1, sender: 2, number: 3, sent: 4 };

    fn chancery() -> Seat {
        Seat::Chancery { who: Box::new(Caller::stranger("", "")), conversation: ConversationId(Uuid::nil()) }
    }

    #[test]
    fn frames_of_the_real_protocol_are_told_apart() {
        let text = MARK.text(60);
        let event = format!(r#"{{"type":"event","event":{{"change":{{"content":{{"text":"{text}"}}}}}}}}"#);
        assert_eq!(chancery().hear(&event), Heard::Message(MARK));
        let hello = format!(r#"{{"type":"hello","conversations":[{{"text":"{text}"}}]}}"#);
        assert_eq!(chancery().hear(&hello), Heard::Other);
        assert_eq!(chancery().hear(r#"{"type":"answer","id":1}"#), Heard::Acknowledged);
        assert_eq!(chancery().hear(r#"{"type":"problem","id":1}"#), Heard::Refused);
    }

    #[test]
    fn what_is_said_is_a_request_of_the_real_protocol() {
        let said = chancery().say(7, 9, &MARK.text(200));
        let request: Request = serde_json::from_str(&said).unwrap();
        assert_eq!(request.id, 7);
        let Command::Send(send) = request.command else { panic!("{said}") };
        assert_eq!((send.client_id, send.text), (ClientId(Uuid::from_u128(9)), MARK.text(200)));
    }

    #[test]
    fn a_page_of_history_is_counted() {
        let page =
            format!(r#"{{"type":"answer","id":1,"answer":{{"entries":["{0}","{0}"]}}}}"#, MARK.text(60));
        assert_eq!(chancery().hear_history(&page), Page::End(2));
    }
}
