//! From a TCP connection to a socket, or to the reason why there is none.

use chancery_protocol::frame::Hello;
use chancery_protocol::ids::{PersonId, SessionId};
use chancery_protocol::person::Person;
use chancery_protocol::problem::Problem;
use chancery_protocol::{CSRF_SUBPROTOCOL_PREFIX, SUBPROTOCOL};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use uuid::Uuid;

use crate::http::{COOKIE, Caller};

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

/// The bare socket of somebody who is signed in, for who reads it by himself.
///
/// # Errors
/// How the upgrade was refused.
pub async fn open(
    who: &Caller,
    buffers: WebSocketConfig,
) -> Result<WebSocketStream<TcpStream>, NotConnected> {
    let csrf = who.csrf.as_deref().unwrap_or_default();
    let subprotocols = format!("{SUBPROTOCOL}, {CSRF_SUBPROTOCOL_PREFIX}{csrf}");
    upgrade(tokio::net::TcpSocket::new_v4().unwrap(), who, &subprotocols, Some(buffers)).await
}

/// Asks a server for a socket.
pub(super) async fn upgrade(
    line: tokio::net::TcpSocket,
    who: &Caller,
    subprotocols: &str,
    buffers: Option<WebSocketConfig>,
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
    if let Some(token) = &who.token {
        headers.insert("authorization", HeaderValue::from_str(&format!("Bearer {token}")).unwrap());
    }
    let broken = |problem: std::io::Error| NotConnected { status: None, text: problem.to_string() };
    let stream = line.connect(who.address.parse().unwrap()).await.map_err(broken)?;
    stream.set_nodelay(true).map_err(broken)?;
    match tokio_tungstenite::client_async_with_config(request, stream, buffers).await {
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

/// What stands in place of a `hello` until the first has come.
pub(super) fn empty_hello() -> Hello {
    let me = Person {
        id: PersonId(Uuid::nil()),
        username: String::new(),
        name: String::new(),
        status: None,
        suspended: false,
        bot: false,
        guest: false,
        terms: None,
        title: None,
        department: None,
        photo: None,
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
