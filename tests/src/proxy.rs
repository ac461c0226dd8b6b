//! A proxy that knows PostgreSQL's wire: it cuts the line right before a COMMIT reaches the server, or
//! after the server committed and before its client hears of it.
//!
//! Only commits of units count: transactions in which `journal_head` was taken. The wire is plain (no TLS).

use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

/// Where the next line is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// The server never sees the COMMIT.
    BeforeCommit = 1,
    /// The server committed; nobody is told.
    AfterCommit = 2,
}

#[derive(Default)]
struct Shared {
    armed: AtomicU8,
    cut_before: AtomicUsize,
    cut_after: AtomicUsize,
    commits: AtomicUsize,
}

/// The proxy.
pub struct CommitProxy {
    /// Where to connect instead of PostgreSQL.
    pub address: SocketAddr,
    shared: Arc<Shared>,
    acceptor: tokio::task::JoinHandle<()>,
}

impl CommitProxy {
    /// Starts a proxy in front of a PostgreSQL port.
    pub async fn before(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::<Shared>::default();
        let state = shared.clone();
        let acceptor = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(carry(near, port, state.clone()));
            }
        });
        Self { address, shared, acceptor }
    }

    /// The next unit's line is cut here, once.
    pub fn arm(&self, cut: Cut) {
        self.shared.armed.store(cut as u8, Ordering::SeqCst);
    }

    /// Whether the cut asked for has still to happen.
    pub fn is_armed(&self) -> bool {
        self.shared.armed.load(Ordering::SeqCst) != 0
    }

    /// How many lines were cut before their COMMIT reached the server.
    pub fn cut_before(&self) -> usize {
        self.shared.cut_before.load(Ordering::SeqCst)
    }

    /// How many lines were cut after the server committed.
    pub fn cut_after(&self) -> usize {
        self.shared.cut_after.load(Ordering::SeqCst)
    }

    /// How many commits of units were seen.
    pub fn commits(&self) -> usize {
        self.shared.commits.load(Ordering::SeqCst)
    }
}

impl Drop for CommitProxy {
    fn drop(&mut self) {
        self.acceptor.abort();
    }
}

/// What both directions of one connection know.
#[derive(Default)]
struct Talk {
    /// The COMMIT of a unit is on its way, and its answer is to be swallowed.
    swallow_answer: bool,
}

async fn carry(near: TcpStream, port: u16, shared: Arc<Shared>) {
    let Ok(far) = TcpStream::connect(("127.0.0.1", port)).await else { return };
    let _ = (near.set_nodelay(true), far.set_nodelay(true));
    let (mut near_in, mut near_out) = near.into_split();
    let (far_in, mut far_out) = far.into_split();
    if start_up(&mut near_in, &mut near_out, &mut far_out).await.is_none() {
        return;
    }
    let talk = Arc::new(Mutex::new(Talk::default()));
    tokio::select! {
        _ = to_server(near_in, far_out, talk.clone(), shared.clone()) => {}
        _ = to_client(far_in, near_out, talk, shared) => {}
    }
}

/// Refuses encryption and passes the start-up message on.
async fn start_up(
    from: &mut OwnedReadHalf,
    back: &mut OwnedWriteHalf,
    to: &mut OwnedWriteHalf,
) -> Option<()> {
    const SSL_REQUEST: u32 = 80_877_103;
    const GSS_REQUEST: u32 = 80_877_104;
    loop {
        let length = from.read_u32().await.ok()?;
        let mut body = vec![0; usize::try_from(length).ok()?.checked_sub(4)?];
        from.read_exact(&mut body).await.ok()?;
        let code = u32::from_be_bytes(*body.first_chunk()?);
        if code == SSL_REQUEST || code == GSS_REQUEST {
            back.write_all(b"N").await.ok()?;
            continue;
        }
        to.write_all(&length.to_be_bytes()).await.ok()?;
        to.write_all(&body).await.ok()?;
        return Some(());
    }
}

async fn message(from: &mut OwnedReadHalf) -> Option<(u8, Vec<u8>)> {
    let kind = from.read_u8().await.ok()?;
    let length = usize::try_from(from.read_u32().await.ok()?).ok()?;
    let mut body = vec![0; length.checked_sub(4)?];
    from.read_exact(&mut body).await.ok()?;
    Some((kind, body))
}

async fn pass_on(to: &mut OwnedWriteHalf, kind: u8, body: &[u8]) -> Option<()> {
    let mut whole = Vec::with_capacity(body.len() + 5);
    whole.push(kind);
    whole.extend_from_slice(&u32::try_from(body.len() + 4).ok()?.to_be_bytes());
    whole.extend_from_slice(body);
    to.write_all(&whole).await.ok()
}

async fn to_server(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    talk: Arc<Mutex<Talk>>,
    shared: Arc<Shared>,
) -> Option<()> {
    let mut transaction = Transaction::default();
    loop {
        let (kind, body) = message(&mut from).await?;
        if transaction.ends_a_unit(kind, &body) {
            shared.commits.fetch_add(1, Ordering::SeqCst);
            if shared
                .armed
                .compare_exchange(Cut::BeforeCommit as u8, 0, Ordering::SeqCst, Ordering::SeqCst)
                .is_ok()
            {
                shared.cut_before.fetch_add(1, Ordering::SeqCst);
                return None;
            }
            if shared
                .armed
                .compare_exchange(Cut::AfterCommit as u8, 0, Ordering::SeqCst, Ordering::SeqCst)
                .is_ok()
            {
                talk.lock().unwrap().swallow_answer = true;
            }
        }
        pass_on(&mut to, kind, &body).await?;
    }
}

async fn to_client(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    talk: Arc<Mutex<Talk>>,
    shared: Arc<Shared>,
) -> Option<()> {
    loop {
        let (kind, body) = message(&mut from).await?;
        let swallow = talk.lock().unwrap().swallow_answer;
        if swallow && kind == b'C' && body.starts_with(b"COMMIT") {
            shared.cut_after.fetch_add(1, Ordering::SeqCst);
            return None;
        }
        assert!(!(swallow && kind == b'E'), "the commit whose answer was to be lost failed");
        pass_on(&mut to, kind, &body).await?;
    }
}

/// Follows what a client says, to know the COMMIT of a unit when it comes.
#[derive(Default)]
struct Transaction {
    took_the_head: bool,
    /// Names of prepared statements that take the head.
    head_statements: HashSet<Vec<u8>>,
}

impl Transaction {
    fn ends_a_unit(&mut self, kind: u8, body: &[u8]) -> bool {
        match kind {
            b'Q' => self.statement(body),
            b'P' => {
                let Some((name, rest)) = split_text(body) else { return false };
                if takes_the_head(rest) {
                    self.head_statements.insert(name.to_vec());
                } else {
                    self.head_statements.remove(name);
                }
                self.statement(rest)
            }
            b'B' => {
                let statement = split_text(body).and_then(|(_, rest)| split_text(rest));
                if let Some((name, _)) = statement {
                    self.took_the_head |= self.head_statements.contains(name);
                }
                false
            }
            _ => false,
        }
    }

    fn statement(&mut self, text: &[u8]) -> bool {
        let text = String::from_utf8_lossy(text).trim_start().to_ascii_uppercase();
        if text.starts_with("BEGIN")
            || text.starts_with("START TRANSACTION")
            || text.starts_with("ROLLBACK TO")
        {
            self.took_the_head &= text.starts_with("ROLLBACK TO");
        } else if text.starts_with("COMMIT") || text.starts_with("END") {
            return std::mem::take(&mut self.took_the_head);
        } else if text.starts_with("ROLLBACK") {
            self.took_the_head = false;
        } else {
            self.took_the_head |= takes_the_head(text.as_bytes());
        }
        false
    }
}

fn takes_the_head(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text).to_ascii_lowercase();
    text.contains("journal_head") && text.contains("update")
}

fn split_text(body: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = body.iter().position(|byte| *byte == 0)?;
    Some((&body[..end], &body[end + 1..]))
}
