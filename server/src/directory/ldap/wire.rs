//! The line to one server: found, reached, encrypted, and handed to the LDAP library.
//!
//! The library is given one end of a pair of sockets and never the network: between them every message of the server
//! is taken as a whole and proven sound and an answer to what was asked first (`ber`). So StartTLS is spoken here too, before there is anything of
//! the library that could be led astray by an answer nobody vouches for.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use ldap3::{Ldap, LdapConnAsync, LdapConnSettings, StdStream};
use rustls_pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpStream, UnixStream};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_rustls::TlsConnector;

use super::Encryption;
use super::ber;
use super::check::Server;
use super::error::{Fault, one_line};
use super::tls::{self, Peer};

/// Addresses of one name that are tried.
const MAX_ADDRESSES: usize = 8;
/// Longest answer to StartTLS, in bytes.
const MAX_START_TLS_ANSWER: usize = 4 * 1024;
/// How long a good-bye may take.
const LAST_WORDS: Duration = Duration::from_millis(500);
/// The extended request 1.3.6.1.4.1.1466.20037 as message 1.
const START_TLS: &[u8] = b"\x30\x1d\x02\x01\x01\x77\x18\x80\x161.3.6.1.4.1.1466.20037";

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// Looks the server's addresses up.
pub(super) async fn resolve(server: &Server, end: Instant) -> Result<Vec<SocketAddr>, Fault> {
    if let Ok(address) = server.host.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(address, server.port)]);
    }
    let found = timeout_at(end, tokio::net::lookup_host((server.host.as_str(), server.port))).await;
    let found = found.map_err(|_| Fault::TimedOut { doing: "looking the server's name up" })?;
    let addresses: Vec<SocketAddr> = found.into_iter().flatten().take(MAX_ADDRESSES).collect();
    if addresses.is_empty() { Err(Fault::NotResolved { host: server.host.clone() }) } else { Ok(addresses) }
}

/// Reaches the first address that answers; each has its share of the time.
pub(super) async fn reach(
    addresses: &[SocketAddr],
    encryption: Encryption,
    end: Instant,
) -> Result<(TcpStream, SocketAddr), Fault> {
    let mut last = Fault::TimedOut { doing: "connecting" };
    for (at, address) in addresses.iter().enumerate() {
        if encryption == Encryption::None && !address.ip().is_loopback() {
            last = Fault::ClearText { address: address.to_string() };
            continue;
        }
        let left = end.saturating_duration_since(Instant::now());
        let others = u32::try_from(addresses.len() - at).unwrap_or(u32::MAX);
        match timeout(left / others, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                // Requests are small and waited for.
                let _ = stream.set_nodelay(true);
                return Ok((stream, *address));
            }
            Ok(Err(e)) => {
                last = Fault::NotConnected { address: address.to_string(), what: one_line(&e.to_string()) };
            }
            Err(_) => last = Fault::TimedOut { doing: "connecting" },
        }
    }
    Err(last)
}

/// An encrypted line, or a plain one to loopback.
pub(super) struct Line {
    stream: Box<dyn Stream>,
    /// What TLS told; none without it.
    pub(super) peer: Option<Peer>,
}

/// Encrypts, as the settings say.
pub(super) async fn protect(
    mut stream: TcpStream,
    server: &Server,
    encryption: Encryption,
    config: &Arc<rustls::ClientConfig>,
    end: Instant,
) -> Result<Line, Fault> {
    match encryption {
        Encryption::None => return Ok(Line { stream: Box::new(stream), peer: None }),
        Encryption::StartTls => timeout_at(end, start_tls(&mut stream))
            .await
            .map_err(|_| Fault::TimedOut { doing: "asking for StartTLS" })??,
        Encryption::Ldaps => {}
    }
    let name = ServerName::try_from(server.host.clone())
        .map_err(|_| Fault::NotResolved { host: server.host.clone() })?;
    let handshake = timeout_at(end, TlsConnector::from(config.clone()).connect(name, stream)).await;
    let stream = handshake
        .map_err(|_| Fault::TimedOut { doing: "agreeing on TLS" })?
        .map_err(|e| tls::fault(&e, &server.host))?;
    let peer = Some(tls::peer(stream.get_ref().1));
    Ok(Line { stream: Box::new(stream), peer })
}

/// Asks for TLS. Exactly one message is read: whatever came after it in clear is no TLS and ends the handshake.
async fn start_tls(stream: &mut TcpStream) -> Result<(), Fault> {
    stream.write_all(START_TLS).await.map_err(|_| Fault::Closed)?;
    let answer = message(stream, MAX_START_TLS_ANSWER).await?.ok_or(Fault::Closed)?;
    let outcome =
        ber::extended_response(&answer).ok_or(Fault::Protocol { what: "the answer to StartTLS is none" })?;
    match (outcome.message, outcome.code) {
        (1, 0) => Ok(()),
        (1 | 0, code) => Err(Fault::StartTlsRefused { code, text: one_line(outcome.text) }),
        _ => Err(Fault::Protocol { what: "the answer to StartTLS is to another question" }),
    }
}

/// Reads one message; none when the server has closed the line before it.
async fn message(from: &mut (impl AsyncRead + Unpin), most: usize) -> Result<Option<Vec<u8>>, Fault> {
    let mut whole = vec![0; 2];
    match from.read(&mut whole).await {
        Ok(0) | Err(_) => return Ok(None),
        Ok(1) => {
            let rest = whole.get_mut(1..).unwrap_or_default();
            from.read_exact(rest).await.map_err(|_| Fault::Closed)?;
        }
        Ok(_) => {}
    }
    let (Some(&ber::SEQUENCE), Some(&first)) = (whole.first(), whole.get(1)) else {
        return Err(Fault::Protocol { what: "what it sent is no LDAP message" });
    };
    let count = ber::length_bytes(first).ok_or(Fault::Protocol { what: "a message has no length" })?;
    let mut length = usize::from(first);
    if count > 0 {
        let mut bytes = vec![0; count];
        from.read_exact(&mut bytes).await.map_err(|_| Fault::Closed)?;
        length = bytes.iter().fold(0, |sum, byte| (sum << 8) | usize::from(*byte));
        whole.extend_from_slice(&bytes);
    }
    if length > most {
        return Err(Fault::TooMuch { what: "one message is larger than is accepted" });
    }
    // What is announced is not yet there: the memory grows with what comes.
    let announced = u64::try_from(length).unwrap_or(u64::MAX);
    let read = from.take(announced).read_to_end(&mut whole).await.map_err(|_| Fault::Closed)?;
    if read < length { Err(Fault::Closed) } else { Ok(Some(whole)) }
}

/// A line with the library at its near end.
pub(super) struct Wire {
    /// The library's handle.
    pub(super) ldap: Ldap,
    fault: Arc<OnceLock<Fault>>,
    library: JoinHandle<()>,
    carrier: JoinHandle<()>,
}

impl Wire {
    /// Puts the library to a line.
    pub(super) async fn new(line: Line) -> Result<Self, Fault> {
        let odd = |_| Fault::Protocol { what: "no pair of sockets could be made" };
        let (near, far) = UnixStream::pair().map_err(odd)?;
        let near = near.into_std().map_err(odd)?;
        let settings = LdapConnSettings::new().set_std_stream(StdStream::Unix(near));
        let (connection, ldap) = LdapConnAsync::with_settings(settings, "ldapi:///")
            .await
            .map_err(|_| Fault::Protocol { what: "the library does not take the line" })?;
        let fault = Arc::<OnceLock<Fault>>::default();
        let seen = fault.clone();
        let carrier = tokio::spawn(async move {
            if let Err(what) = carry(line.stream, far).await {
                let _ = seen.set(what);
            }
        });
        let library = tokio::spawn(async move {
            // Whoever waits for an answer learns of its end too.
            let _ = connection.drive().await;
        });
        Ok(Self { ldap, fault, library, carrier })
    }

    /// Why the line broke.
    pub(super) async fn why(&mut self) -> Fault {
        // The library may notice before the carrier has written down what it saw.
        self.carried().await;
        self.fault.get().cloned().unwrap_or(Fault::Closed)
    }

    /// Takes leave, so that the server need not wonder.
    pub(super) async fn close(mut self) {
        let _ = timeout(LAST_WORDS, self.ldap.unbind()).await;
        self.carried().await;
    }

    async fn carried(&mut self) {
        if !self.carrier.is_finished() {
            let _ = timeout(LAST_WORDS, &mut self.carrier).await;
        }
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.library.abort();
        self.carrier.abort();
    }
}

/// Carries questions out as they are and answers in as proven messages, until one side ends. There is one question at
/// a time, and only what can be an answer to it passes.
async fn carry(far: Box<dyn Stream>, near: UnixStream) -> Result<(), Fault> {
    let (mut far_in, mut far_out) = tokio::io::split(far);
    let (mut near_in, mut near_out) = near.into_split();
    let asked = Mutex::new(None);
    let inward = async {
        while let Some(message) = message(&mut far_in, ber::MAX_MESSAGE).await? {
            let asked = *asked.lock().unwrap_or_else(PoisonError::into_inner);
            if !ber::is_sound(&message) {
                return Err(Fault::Protocol { what: "a message is not formed as it must be" });
            }
            if !asked.is_some_and(|asked| ber::is_answer(&message, asked)) {
                // Without a number it is the server's notice that it hangs up.
                let notice = ber::number_and_tag(&message).is_some_and(|(number, _)| number == 0);
                let what = "an answer is not to what was asked";
                return Err(if notice { Fault::Closed } else { Fault::Protocol { what } });
            }
            if near_out.write_all(&message).await.is_err() {
                break;
            }
        }
        Ok(())
    };
    let outward = async {
        while let Some(message) = message(&mut near_in, ber::MAX_MESSAGE).await? {
            *asked.lock().unwrap_or_else(PoisonError::into_inner) = ber::number_and_tag(&message);
            far_out.write_all(&message).await.map_err(|_| Fault::Closed)?;
            far_out.flush().await.map_err(|_| Fault::Closed)?;
        }
        Ok(())
    };
    tokio::select! {
        done = inward => return done,
        done = outward => done?,
    }
    let _ = timeout(LAST_WORDS, far_out.shutdown()).await;
    Ok(())
}
