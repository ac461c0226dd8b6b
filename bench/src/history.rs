//! *history*: the newest page of a long conversation, asked for by many at once.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use futures_util::StreamExt;
use hdrhistogram::Histogram;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Message;

use crate::figures::{Figure, figure};
use crate::load::{self, Pace, Shape, Until};
use crate::scenario::{PAGE, Sizes};
use crate::seat::{Page, Seat, Socket, send_text};
use crate::system::System;

/// People who write the conversation: few, since each of them receives everything, and together below what a
/// person may send at once.
const WRITERS: usize = 20;

/// Writes the long conversation, once.
///
/// # Errors
/// When a message is refused or lost.
pub async fn prepare(system: &mut System, sizes: &Sizes) -> Result<()> {
    let (messages, at_once) = sizes.history();
    let seats = system.seats("history", at_once, at_once).await?;
    if !system.history_written {
        let writers = &seats[..at_once.min(WRITERS)];
        let shape = Shape { group: writers.len(), pace: Pace::Window(1), until: Until::Messages(messages) };
        load::run(writers, shape, &system.processes()).await.context("writing the conversation")?;
        system.history_written = true;
    }
    Ok(())
}

/// Runs it once.
///
/// # Errors
/// When a page is refused or not complete.
#[expect(clippy::cast_precision_loss, reason = "pages and bytes are far below 2^52")]
pub async fn run(system: &mut System, sizes: &Sizes) -> Result<Vec<Figure>> {
    let at_once = sizes.history().1;
    let seats = system.seats("history", at_once, at_once).await?;
    let processes = system.processes();
    let sockets = load::connect(&seats).await?;
    let warm = Instant::now() + sizes.warm_up;
    let end = warm + sizes.measured;
    let before = processes.cpu()?;
    let mut asking = tokio::task::JoinSet::new();
    for (seat, socket) in seats.into_iter().zip(sockets) {
        asking.spawn(ask(seat, socket, warm, end));
    }
    let mut latency = Histogram::<u64>::new(3)?;
    let mut pages = 0;
    while let Some(asked) = asking.join_next().await {
        let (own, all) = asked??;
        latency.add(&own)?;
        pages += all;
    }
    let cpu = processes.cpu()?;
    let milliseconds = |quantile| latency.value_at_quantile(quantile) as f64 / 1_000.0;
    // Processor time is counted with the warming up, as the pages are.
    let thousands = pages as f64 / 1_000.0;
    let server = cpu.server - before.server;
    Ok(vec![
        figure("pages/s", latency.len() as f64 / sizes.measured.as_secs_f64()),
        figure("p50 ms", milliseconds(0.5)),
        figure("p99 ms", milliseconds(0.99)),
        figure("CPU s per 1,000", server / thousands),
        figure("with the database", (server + cpu.database - before.database) / thousands),
        figure("RSS MiB", processes.resident()? as f64 / 1_048_576.0),
    ])
}

/// Asks again and again; latencies of what was asked after warming up, and how many pages came in all.
async fn ask(seat: Seat, mut socket: Socket, warm: Instant, end: Instant) -> Result<(Histogram<u64>, u64)> {
    let mut latency = Histogram::new(3)?;
    let mut pages = 0;
    let mut number = 1_000_000;
    while Instant::now() < end {
        number += 1;
        let question = seat.ask_history(number, PAGE).context("nothing is kept here")?;
        let asked = Instant::now();
        send_text(&mut socket, question).await?;
        let count = tokio::time::timeout(Duration::from_secs(60), page(&seat, &mut socket))
            .await
            .context("a page did not come within a minute")??;
        if count != usize::from(PAGE) {
            bail!("a page of {count} messages instead of {PAGE}");
        }
        pages += 1;
        if asked >= warm {
            latency.record(u64::try_from(asked.elapsed().as_micros())?)?;
        }
    }
    Ok((latency, pages))
}

async fn page(seat: &Seat, socket: &mut Socket) -> Result<usize> {
    let mut count = 0;
    loop {
        match socket.next().await.context("the line ended")?? {
            Message::Text(text) => match seat.hear_history(&text) {
                Page::Part(more) => count += more,
                Page::End(more) => return Ok(count + more),
                Page::Not => {
                    if seat.hear(&text) == crate::seat::Heard::Refused {
                        bail!("refused: {}", text.as_str());
                    }
                }
            },
            Message::Close(close) => bail!("closed: {close:?}"),
            _ => {}
        }
    }
}
