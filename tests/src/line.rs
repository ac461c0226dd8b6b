//! A line that can be cut: a TCP proxy that knows nothing of what it carries.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What the line does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Carries.
    Open,
    /// Refuses new connections; the existing ones are cut.
    Cut,
    /// Accepts and swallows.
    Swallowing,
    /// Carries, after this many milliseconds.
    Slow(u64),
    /// Carries as a bad line does: after this many milliseconds, and one piece in so many ends the connection.
    Bad(u64, usize),
}

/// A line to a target.
pub struct Line {
    /// Where to connect instead of the target.
    pub address: SocketAddr,
    mode: Arc<watch::Sender<Mode>>,
    seen: Arc<Seen>,
    acceptor: tokio::task::JoinHandle<()>,
}

#[derive(Default)]
struct Seen {
    open: AtomicUsize,
    refused: AtomicUsize,
    swallowed: AtomicUsize,
    pieces: AtomicUsize,
    broken: AtomicUsize,
}

impl Line {
    /// Opens a line.
    pub async fn to(target: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mode = Arc::new(watch::Sender::new(Mode::Open));
        let seen = Arc::<Seen>::default();
        let (target, switch, counts) = (target.to_owned(), mode.clone(), seen.clone());
        let acceptor = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                if *switch.borrow() == Mode::Cut {
                    counts.refused.fetch_add(1, Ordering::SeqCst);
                } else {
                    counts.open.fetch_add(1, Ordering::SeqCst);
                    let (target, mode, seen) = (target.clone(), switch.subscribe(), counts.clone());
                    tokio::spawn(async move {
                        carry(near, target, mode, &seen).await;
                        seen.open.fetch_sub(1, Ordering::SeqCst);
                    });
                }
            }
        });
        Self { address, mode, seen, acceptor }
    }

    /// Changes what it does; cutting ends every connection.
    pub fn set(&self, mode: Mode) {
        self.mode.send_replace(mode);
    }

    /// Ends every connection and goes on with new ones.
    pub async fn break_once(&self, then: Mode) {
        self.set(Mode::Cut);
        while self.seen.open.load(Ordering::SeqCst) > 0 {
            tokio::task::yield_now().await;
        }
        self.set(then);
    }

    /// How many connections were refused while it was cut.
    pub fn refused(&self) -> usize {
        self.seen.refused.load(Ordering::SeqCst)
    }

    /// How often it broke by itself.
    pub fn broken(&self) -> usize {
        self.seen.broken.load(Ordering::SeqCst)
    }

    /// How many bytes were swallowed, of both directions.
    pub fn swallowed(&self) -> usize {
        self.seen.swallowed.load(Ordering::SeqCst)
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.acceptor.abort();
        self.mode.send_replace(Mode::Cut);
    }
}

async fn carry(near: TcpStream, target: String, mut mode: watch::Receiver<Mode>, seen: &Seen) {
    let Ok(far) = TcpStream::connect(&target).await else { return };
    let _ = (near.set_nodelay(true), far.set_nodelay(true));
    // Dropped with unread data, a socket is reset, as a broken line would be.
    let (near_in, near_out) = near.into_split();
    let (far_in, far_out) = far.into_split();
    let (there, back) = (mode.clone(), mode.clone());
    tokio::select! {
        () = pour(near_in, far_out, there, seen) => {}
        () = pour(far_in, near_out, back, seen) => {}
        _ = mode.wait_for(|mode| *mode == Mode::Cut) => {}
    }
}

async fn pour(
    mut from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    mode: watch::Receiver<Mode>,
    seen: &Seen,
) {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        let now = *mode.borrow();
        match now {
            Mode::Swallowing => {
                seen.swallowed.fetch_add(length, Ordering::SeqCst);
                continue;
            }
            Mode::Slow(milliseconds) => tokio::time::sleep(Duration::from_millis(milliseconds)).await,
            Mode::Bad(milliseconds, pieces) => {
                tokio::time::sleep(Duration::from_millis(milliseconds)).await;
                if seen.pieces.fetch_add(1, Ordering::SeqCst) % pieces == pieces - 1 {
                    seen.broken.fetch_add(1, Ordering::SeqCst);
                    return;
                }
            }
            Mode::Open | Mode::Cut => {}
        }
        if to.write_all(&buffer[..length]).await.is_err() {
            return;
        }
    }
}
