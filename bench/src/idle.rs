//! *idle*: what a signed-in socket costs in memory that does nothing but show that it is still there.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Result, bail};
use futures_util::{SinkExt, StreamExt};
use tokio::time::{Instant, interval_at};
use tokio_tungstenite::tungstenite::Message;

use crate::figures::{Figure, figure};
use crate::load::connect;
use crate::scenario::{Sizes, in_rooms};
use crate::seat::{Seat, Socket};
use crate::system::System;

/// As often as the protocol asks for a sign of life.
pub const HEARTBEAT: Duration = Duration::from_secs(20);

/// Whose sockets they are.
///
/// # Errors
/// When an account is refused.
pub async fn seats(system: &mut System, sizes: &Sizes) -> Result<Vec<Seat>> {
    if system.kind.is_chancery() || system.kind.is_yardstick() {
        return in_rooms(system, sizes).await;
    }
    // Elsewhere accounts cost nothing, and devices of one person would hear of each other.
    system.seats("idle", sizes.sockets().1, 1).await
}

/// Runs it once.
///
/// # Errors
/// When a socket is refused or ends.
#[expect(clippy::cast_precision_loss, reason = "sockets and bytes are far below 2^52")]
pub async fn run(system: &mut System, sizes: &Sizes) -> Result<Vec<Figure>> {
    let seats = seats(system, sizes).await?;
    let (few, many) = sizes.sockets();
    let all: Vec<Seat> = seats.iter().cycle().take(many).cloned().collect();
    let processes = system.processes();
    let ended = Arc::<AtomicUsize>::default();
    let mut keeping = tokio::task::JoinSet::new();

    let empty = processes.resident()? as f64;
    let mut figures = Vec::new();
    for (count, name) in [(few, "KiB per socket, half of them"), (many, "KiB per socket, all")] {
        let begin = keeping.len();
        let since = Instant::now();
        for (seat, socket) in all[begin..count].iter().zip(connect(&all[begin..count]).await?) {
            keeping.spawn(keep(seat.clone(), socket, ended.clone()));
        }
        let seconds = since.elapsed().as_secs_f64();
        tokio::time::sleep(sizes.measured).await;
        let resident = processes.resident()? as f64;
        figures.push(figure(name, (resident - empty) / 1_024.0 / count as f64));
        if count == many {
            figures.push(figure("RSS MiB", resident / 1_048_576.0));
            figures.push(figure("connected a second", (count - begin) as f64 / seconds));
        }
    }
    if ended.load(Ordering::SeqCst) > 0 {
        bail!("{} of {many} sockets ended by themselves", ended.load(Ordering::SeqCst));
    }
    keeping.shutdown().await;
    Ok(figures)
}

/// Reads whatever comes and pings, until it is aborted.
async fn keep(seat: Seat, mut socket: Socket, ended: Arc<AtomicUsize>) {
    let mut number = 0;
    let mut heartbeat = interval_at(Instant::now() + HEARTBEAT, HEARTBEAT);
    loop {
        let alive = tokio::select! {
            message = socket.next() => matches!(message, Some(Ok(message)) if !matches!(message, Message::Close(_))),
            _ = heartbeat.tick() => {
                number += 1;
                socket.send(seat.ping(number)).await.is_ok()
            }
        };
        if !alive {
            ended.fetch_add(1, Ordering::SeqCst);
            return;
        }
    }
}
