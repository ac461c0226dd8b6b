//! The way to the mail server: name, port, TLS.
//!
//! TLS is made here and not by the library, which would keep what a server says in clear behind its answer to STARTTLS
//! and take it for an answer given under TLS. So the talk before TLS is read to the byte; the library is handed a line
//! that is protected already, and its first answer is the greeting the server gave before.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use lettre::transport::smtp::client::AsyncTokioStream;
use lettre::transport::smtp::extension::ClientId;
use rustls::client::Resumption;
use rustls::{CertificateError, ClientConfig, RootCertStore};
use rustls_pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::failure::{Failure, Moment, Reach, Said, clean};
use super::steps::Peer;
use crate::ground::config::{Mail, MailAuthorities, MailSecurity, one_line};

/// Most addresses of one name that are tried.
const MAX_ADDRESSES: usize = 8;
/// Most bytes of one answer before TLS.
const MAX_ANSWER: usize = 16 * 1024;

/// Whom to believe who they are.
pub(super) struct Trust(Arc<ClientConfig>);

/// Which file they are in, where they are in one.
fn of_file(authorities: &MailAuthorities) -> String {
    match authorities {
        MailAuthorities::File(file) => format!(" ({})", one_line(file)),
        MailAuthorities::Pem(_) => String::new(),
    }
}

impl Trust {
    /// The authorities of the settings, or of this machine.
    pub(super) fn of(settings: &Mail) -> Result<Self, Failure> {
        let store = match (&settings.authorities, settings.security) {
            (_, MailSecurity::None) => RootCertStore::empty(),
            (Some(authorities), _) => authorities
                .roots()
                .map_err(|what| Failure::Settings(format!("mail.authorities{} {what}", of_file(authorities))))?,
            (None, _) => {
                let mut store = RootCertStore::empty();
                store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
                if store.is_empty() {
                    let what =
                        "This machine has no authorities to trust. Name a file of them as mail.authorities.";
                    return Err(Failure::Settings(what.to_owned()));
                }
                store
            }
        };
        let mut config =
            ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
                .with_safe_default_protocol_versions()
                .map_err(|e| Failure::Settings(e.to_string()))?
                .with_root_certificates(store)
                .with_no_client_auth();
        // Every line verifies anew: what has ended counts at once.
        config.resumption = Resumption::disabled();
        Ok(Self(Arc::new(config)))
    }
}

/// The addresses of the server's name.
pub(super) async fn resolve(settings: &Mail, end: Instant) -> Result<Vec<SocketAddr>, Failure> {
    let found = timeout_at(end, tokio::net::lookup_host((settings.host.as_str(), settings.port))).await;
    let found = found.map_err(|_| Failure::Unreachable(Reach::TimedOut("looking its name up")))?;
    let addresses: Vec<SocketAddr> = found.into_iter().flatten().take(MAX_ADDRESSES).collect();
    if addresses.is_empty() { Err(Failure::Unreachable(Reach::Name)) } else { Ok(addresses) }
}

/// Reaches the first address that answers; each has its share of the time.
pub(super) async fn reach(
    addresses: &[SocketAddr],
    settings: &Mail,
    end: Instant,
) -> Result<(TcpStream, SocketAddr), Failure> {
    let in_clear = settings.security == MailSecurity::None && !settings.plaintext_accepted;
    let mut last = Reach::TimedOut("connecting");
    for (at, address) in addresses.iter().enumerate() {
        if in_clear && !address.ip().is_loopback() {
            last = Reach::Clear(address.to_string());
            continue;
        }
        let left = end.saturating_duration_since(Instant::now());
        let others = u32::try_from(addresses.len() - at).unwrap_or(u32::MAX);
        match timeout(left / others, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                // Commands are small and waited for.
                let _ = stream.set_nodelay(true);
                return Ok((stream, *address));
            }
            Ok(Err(e)) => last = Reach::Port(format!("{address}: {}", clean(&e.to_string()))),
            Err(_) => last = Reach::TimedOut("connecting"),
        }
    }
    Err(Failure::Unreachable(last))
}

/// Protects a line as the settings say.
pub(super) async fn protect(
    mut stream: TcpStream,
    settings: &Mail,
    trust: &Trust,
    hello: &ClientId,
    end: Instant,
) -> Result<Line, Failure> {
    let late = |doing| move |_| Failure::Unreachable(Reach::TimedOut(doing));
    let said = match settings.security {
        MailSecurity::None => return Ok(Line::new(Stream::Clear(stream), Vec::new(), None)),
        MailSecurity::Tls => Vec::new(),
        MailSecurity::StartTls => {
            timeout_at(end, start_tls(&mut stream, hello)).await.map_err(late("asking for STARTTLS"))??
        }
    };
    let name = ServerName::try_from(settings.host.clone()).map_err(|_| Failure::Unreachable(Reach::Name))?;
    let handshake = timeout_at(end, TlsConnector::from(trust.0.clone()).connect(name, stream)).await;
    let stream = handshake.map_err(late("agreeing on TLS"))?.map_err(|e| Failure::Unreachable(broken(&e)))?;
    let peer = Peer::of(stream.get_ref().1);
    Ok(Line::new(Stream::Tls(Box::new(stream)), said, Some(peer)))
}

/// Asks for TLS; the greeting comes back, to be read again.
async fn start_tls(stream: &mut TcpStream, hello: &ClientId) -> Result<Vec<u8>, Failure> {
    let greeting = answer(stream).await?;
    expect(&greeting)?;
    write(stream, &format!("EHLO {hello}\r\n")).await?;
    let offers = answer(stream).await?;
    expect(&offers)?;
    let offered = offers
        .text
        .lines()
        .any(|line| line.get(4..).is_some_and(|word| word.trim_end().eq_ignore_ascii_case("STARTTLS")));
    if !offered {
        return Err(Failure::Unreachable(Reach::NoStartTls));
    }
    write(stream, "STARTTLS\r\n").await?;
    expect(&answer(stream).await?)?;
    Ok(greeting.text.into_bytes())
}

async fn write(stream: &mut TcpStream, words: &str) -> Result<(), Failure> {
    stream.write_all(words.as_bytes()).await.map_err(|e| broke(&e))
}

fn broke(error: &io::Error) -> Failure {
    Failure::Temporary(Moment::Greeting, Said::new(0, &error.to_string()))
}

/// One whole answer before TLS.
struct Answer {
    code: u16,
    text: String,
}

/// Reads exactly one answer. We ask one thing at a time: whatever comes behind it was put there by somebody else.
async fn answer(stream: &mut TcpStream) -> Result<Answer, Failure> {
    let mut bytes = Vec::with_capacity(512);
    loop {
        if let Some((code, length)) = whole(&bytes) {
            if length < bytes.len() {
                return Err(Failure::Unreachable(Reach::Meddling));
            }
            return Ok(Answer { code, text: String::from_utf8_lossy(&bytes).into_owned() });
        }
        if bytes.len() > MAX_ANSWER {
            return Err(Failure::Unreachable(Reach::Tls(
                "its answer is no answer of a mail server".to_owned(),
            )));
        }
        if stream.read_buf(&mut bytes).await.map_err(|e| broke(&e))? == 0 {
            return Err(Failure::Temporary(Moment::Greeting, Said::default()));
        }
    }
}

/// Code and length of the first answer, once its last line is there.
fn whole(bytes: &[u8]) -> Option<(u16, usize)> {
    let mut length = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        length += line.len();
        if !line.ends_with(b"\n") {
            return None;
        }
        if line.get(3) != Some(&b'-') {
            let code = line.get(..3).and_then(|code| std::str::from_utf8(code).ok()?.parse().ok());
            return Some((code.unwrap_or(0), length));
        }
    }
    None
}

fn expect(answer: &Answer) -> Result<(), Failure> {
    let said = || Said::new(answer.code, answer.text.get(4..).unwrap_or_default());
    match answer.code {
        200..=299 => Ok(()),
        400..=499 => Err(Failure::Temporary(Moment::Greeting, said())),
        _ => Err(Failure::Settings(format!("The server does not talk to us: {}", said()))),
    }
}

/// Why a handshake failed.
fn broken(error: &io::Error) -> Reach {
    let Some(error) = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) else {
        return Reach::Tls(match error.kind() {
            io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => {
                "the server closed the connection during the handshake".to_owned()
            }
            _ => clean(&error.to_string()),
        });
    };
    match error {
        rustls::Error::InvalidCertificate(what) => match what {
            CertificateError::UnknownIssuer => Reach::Issuer,
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. } => Reach::NotValidNow,
            CertificateError::NotValidForName => Reach::OtherName(Vec::new()),
            CertificateError::NotValidForNameContext { presented, .. } => {
                Reach::OtherName(presented.iter().take(8).map(|name| clean(name)).collect())
            }
            other => Reach::Tls(clean(&other.to_string())),
        },
        rustls::Error::InvalidMessage(_) => {
            Reach::Tls("the server does not speak TLS on this port".to_owned())
        }
        other => Reach::Tls(clean(&other.to_string())),
    }
}

enum Stream {
    Clear(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

/// A line as the library takes it.
pub(super) struct Line {
    stream: Stream,
    /// The greeting, when it was said before TLS, and how much of it was read again.
    said: (Vec<u8>, usize),
    /// Set as soon as an answer is waited for; so everything was written by then.
    waiting: Arc<AtomicBool>,
    /// What TLS told of the server; nothing in clear.
    pub(super) peer: Option<Peer>,
}

impl Line {
    fn new(stream: Stream, said: Vec<u8>, peer: Option<Peer>) -> Self {
        Self { stream, said: (said, 0), waiting: Arc::default(), peer }
    }

    /// Tells whether an answer has been waited for since it was last set to `false`.
    pub(super) fn waiting(&self) -> Arc<AtomicBool> {
        self.waiting.clone()
    }

    fn socket(&self) -> &TcpStream {
        match &self.stream {
            Stream::Clear(stream) => stream,
            Stream::Tls(stream) => stream.get_ref().0,
        }
    }
}

impl AsyncRead for Line {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let line = self.get_mut();
        line.waiting.store(true, Ordering::Relaxed);
        let (said, read) = &mut line.said;
        if let Some(rest) = said.get(*read..).filter(|rest| !rest.is_empty()) {
            let now = &rest[..rest.len().min(buf.remaining())];
            buf.put_slice(now);
            *read += now.len();
            return Poll::Ready(Ok(()));
        }
        match &mut line.stream {
            Stream::Clear(stream) => Pin::new(stream).poll_read(cx, buf),
            Stream::Tls(stream) => Pin::new(stream).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Line {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match &mut self.get_mut().stream {
            Stream::Clear(stream) => Pin::new(stream).poll_write(cx, bytes),
            Stream::Tls(stream) => Pin::new(stream).poll_write(cx, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().stream {
            Stream::Clear(stream) => Pin::new(stream).poll_flush(cx),
            Stream::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().stream {
            Stream::Clear(stream) => Pin::new(stream).poll_shutdown(cx),
            Stream::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}

impl AsyncTokioStream for Line {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.socket().peer_addr()
    }
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Line")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_whole_with_its_last_line() {
        assert_eq!(whole(b"220 hello\r\n"), Some((220, 11)));
        assert_eq!(whole(b"250-a\r\n250 b\r\n"), Some((250, 14)));
        assert_eq!(whole(b"250-a\r\n250 b"), None);
        assert_eq!(whole(b"250-a\r\n"), None);
        assert_eq!(whole(b""), None);
        assert_eq!(whole(b"220 go\r\n250 put here\r\n"), Some((220, 8)), "the rest was put there");
        assert_eq!(whole(b"HTTP/1.1 400\r\n"), Some((0, 14)));
    }
}
