//! *search*: how long a search takes over very many messages, for one and for many at once, and how soon a new
//! message is found while others write as fast as they can.
//!
//! The messages are sent through the front door by some people into conversations of many. These ask, over HTTP,
//! and see every one of the messages; PostgreSQL's own search is asked over its protocol for the same rows.
//! Everybody asks the fifty queries again and again, each beginning at another one.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use chancery_protocol::search::{OwnFound, OwnSearch};
use chancery_tests::client::Client;
use chancery_tests::http::{COOKIE, Caller};
use futures_util::{SinkExt, StreamExt};
use hdrhistogram::Histogram;
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Message;

use crate::chancery::Chancery;
use crate::figures::{Figure, Spread, figure};
use crate::fulltext;
use crate::load::{self, Pace, Shape, Until};
use crate::scenario::{CONVERSATIONS, Scenario, Sizes, WINDOW};
use crate::seat::{Heard, Seat};
use crate::system::{Server, System};
use crate::words::{Query, Words};

/// People who write the messages, two to a conversation; each may send 500 a second.
const WRITERS: usize = 2 * CONVERSATIONS as usize;
/// Messages each of them has under way.
const UNDER_WAY: u64 = 16;
/// How many ask at once.
const AT_ONCE: [usize; 3] = [1, 10, 100];
/// How often it is asked for a new message.
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// When a message that is not found is given up.
const GIVE_UP: Duration = Duration::from_secs(60);

/// What was made for it.
pub struct Prepared {
    queries: Arc<[Query]>,
    askers: Vec<Seat>,
    indexing: f64,
    bytes: f64,
}

/// Sends the messages, or copies them, and has them indexed.
///
/// # Errors
/// When a message is refused, or the index not made.
#[expect(clippy::cast_precision_loss, reason = "bytes are far below 2^52")]
pub async fn prepare(system: &mut System, sizes: &Sizes) -> Result<()> {
    let words = Arc::new(Words::new());
    let messages = sizes.search();
    let (askers, (indexing, bytes)) = match &mut system.server {
        Server::FullText(fulltext) => (Vec::new(), fulltext.fill(&words, messages, CONVERSATIONS)?),
        Server::Chancery(chancery) => {
            // On storage of its own: what other scenarios wrote would be indexed too.
            chancery.stop().await;
            **chancery = Chancery::make(chancery.cluster()).await;
            chancery.start().await;
            system.history_written = false;
            let askers = fill(chancery, &words, sizes).await?;
            chancery.stop().await;
            let begin = Instant::now();
            let rebuilt = chancery.house.server.cli(&["search", "rebuild"]).await;
            let seconds = begin.elapsed().as_secs_f64();
            ensure!(rebuilt.status.success(), "the index was not made: {}", rebuilt.words());
            let bytes = crate::index::size(&chancery.house.storage().data.join("search"))?;
            chancery.start().await;
            (askers, (seconds, bytes as f64))
        }
        _ => bail!("nothing is searched here"),
    };
    system.searched = Some(Prepared { queries: words.queries().into(), askers, indexing, bytes });
    Ok(())
}

/// Sends the messages; who asks, with a conversation each.
async fn fill(chancery: &mut Chancery, words: &Arc<Words>, sizes: &Sizes) -> Result<Vec<Seat>> {
    let (pairs, asking) = (sizes.writers(), sizes.of(AT_ONCE[2], 10));
    // The first ones write in pairs while a new message is looked for.
    chancery.invite(pairs + asking + WRITERS).await;
    let people = chancery.house.people.clone();
    let (askers, writers) = people[pairs..].split_at(asking);
    let mut seats = Vec::new();
    for (number, pair) in writers.chunks(2).enumerate() {
        let mut owner = Client::connect(&pair[0]).await;
        let others: Vec<_> = pair[1..].iter().chain(askers).map(Caller::id).collect();
        let made = owner.create_group(&format!("search {number}"), &others).await;
        let conversation = made.map_err(|failed| anyhow::anyhow!("a conversation: {failed:?}"))?.id;
        seats.push(pair.iter().map(move |who| Seat::Chancery { who: Box::new(who.clone()), conversation }));
    }
    // One writer of each conversation, then the other ones: the same number goes to the same conversation everywhere.
    let (first, second): (Vec<_>, Vec<_>) =
        seats.into_iter().filter_map(|mut two| two.next().zip(two.next())).unzip();
    let conversations = first.clone();
    let (next, messages) = (Arc::<AtomicU64>::default(), sizes.search());
    let mut writing = tokio::task::JoinSet::new();
    let run = u128::from_be_bytes(chancery_tests::seed::random_bytes());
    for (number, seat) in (0..).zip(first.into_iter().chain(second)) {
        let (words, next) = (words.clone(), next.clone());
        writing.spawn(async move { write(seat, number, messages, run, &words, &next).await });
    }
    while let Some(written) = writing.join_next().await {
        written??;
    }
    ensure!(next.load(Ordering::SeqCst) == messages, "not all messages were sent");
    let conversation = |number: usize| &conversations[number % conversations.len()];
    let seat = |(number, who): (usize, &Caller)| match conversation(number) {
        Seat::Chancery { conversation, .. } => {
            Seat::Chancery { who: Box::new(who.clone()), conversation: *conversation }
        }
        other => other.clone(),
    };
    Ok(askers.iter().enumerate().map(seat).collect())
}

/// Sends every fortieth message, some at a time.
async fn write(
    seat: Seat,
    first: u64,
    messages: u64,
    run: u128,
    words: &Words,
    all: &AtomicU64,
) -> Result<()> {
    let mut socket = seat.connect().await?;
    let mut numbers = (first..messages).step_by(WRITERS);
    let (mut under_way, mut request) = (0, 0);
    loop {
        while under_way < UNDER_WAY
            && let Some(number) = numbers.next()
        {
            request += 1;
            let text = words.text(number);
            let said = seat.say(request, run ^ u128::from(number), &text);
            socket.feed(Message::text(said)).await?;
            under_way += 1;
        }
        if under_way == 0 {
            return Ok(());
        }
        socket.flush().await?;
        match socket.next().await.context("the line ended")?? {
            Message::Text(text) => match seat.hear(&text) {
                Heard::Acknowledged => {
                    under_way -= 1;
                    let sent = all.fetch_add(1, Ordering::SeqCst) + 1;
                    if sent.is_multiple_of(100_000) {
                        eprintln!("bench: {sent} messages are sent");
                    }
                }
                Heard::Refused => bail!("refused: {}", text.as_str()),
                Heard::Message(_) | Heard::Other => {}
            },
            Message::Close(close) => bail!("closed: {close:?}"),
            _ => {}
        }
    }
}

/// Runs it once.
///
/// # Errors
/// When a search is refused, or a new message not found.
pub async fn run(system: &mut System, sizes: &Sizes) -> Result<Vec<Figure>> {
    let prepared = system.searched.take().context("nothing was prepared")?;
    let figures = measure(system, &prepared, sizes).await;
    system.searched = Some(prepared);
    figures
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
async fn measure(system: &mut System, prepared: &Prepared, sizes: &Sizes) -> Result<Vec<Figure>> {
    const NAMES: [[&str; 3]; 3] = [
        ["searches/s, 1 at once", "p50 ms, 1 at once", "p99 ms, 1 at once"],
        ["searches/s, 10 at once", "p50 ms, 10 at once", "p99 ms, 10 at once"],
        ["searches/s, 100 at once", "p50 ms, 100 at once", "p99 ms, 100 at once"],
    ];
    let mut one = Asker::connect(system, prepared, 0)?;
    let mut hits = 0;
    for query in prepared.queries.iter() {
        let found = one.ask_when_ready(query).await?;
        hits += if query.same { found } else { 0 };
    }
    let mut figures = vec![
        figure("indexing s", prepared.indexing),
        figure("MiB", prepared.bytes / 1_048_576.0),
        figure("hits of 32 queries", hits as f64),
    ];
    for (at_once, [rate, median, slow]) in AT_ONCE.into_iter().zip(NAMES) {
        let latency = ask_at_once(system, prepared, sizes, at_once).await?;
        let milliseconds = |quantile| latency.value_at_quantile(quantile) as f64 / 1_000.0;
        figures.push(figure(rate, latency.len() as f64 / sizes.measured.as_secs_f64()));
        figures.push(figure(median, milliseconds(0.5)));
        figures.push(figure(slow, milliseconds(0.99)));
    }
    if let Server::Chancery(_) = &system.server {
        figures.push(figure("RSS MiB", system.processes().resident()? as f64 / 1_048_576.0));
        let (found, sent) = look_for_new(system, prepared, sizes).await?;
        let spread = Spread::of(found).context("no new message was looked for")?;
        figures.push(figure("found after s", spread.median));
        figures.push(figure("found after s, most", spread.most));
        figures.push(figure("messages/s meanwhile", sent));
    }
    Ok(figures)
}

/// Somebody who asks, on a connection that stays.
enum Asker {
    Http { client: reqwest::Client, who: Box<Caller> },
    Postgres(Option<fulltext::Asker>),
}

impl Asker {
    fn connect(system: &System, prepared: &Prepared, number: usize) -> Result<Self> {
        if let Server::FullText(fulltext) = &system.server {
            return Ok(Self::Postgres(Some(fulltext.connect(CONVERSATIONS)?)));
        }
        let Some(Seat::Chancery { who, .. }) = prepared.askers.get(number % prepared.askers.len().max(1))
        else {
            bail!("nobody asks");
        };
        // Chooses the cryptography that every further client needs to be told of.
        let _ = chancery_tests::http::http();
        Ok(Self::Http { client: reqwest::Client::builder().build()?, who: who.clone() })
    }

    /// How many messages a query finds; the newest twenty are read.
    async fn ask(&mut self, query: &Query) -> Result<u64> {
        match self {
            Self::Http { client, who } => {
                let found: OwnFound = serde_json::from_slice(&post(client, who, &query.typed).await?)?;
                Ok(found.total)
            }
            Self::Postgres(place) => {
                let mut asker = place.take().context("the asker is away")?;
                let query = query.clone();
                let (asker, found) = tokio::task::spawn_blocking(move || {
                    let found = asker.ask(&query);
                    (asker, found)
                })
                .await?;
                *place = Some(asker);
                found
            }
        }
    }

    /// Asks, again while a server that has just started still opens its index.
    async fn ask_when_ready(&mut self, query: &Query) -> Result<u64> {
        let end = Instant::now() + GIVE_UP;
        loop {
            match self.ask(query).await {
                Err(error) if error.to_string().contains("search_unavailable") && Instant::now() < end => {
                    tokio::time::sleep(LOOK_EVERY).await;
                }
                answered => return answered,
            }
        }
    }

    /// Asks, and looks no further at what comes than that it is an answer.
    async fn ask_only(&mut self, query: &Query) -> Result<()> {
        match self {
            Self::Http { client, who } => post(client, who, &query.typed).await.map(drop),
            Self::Postgres(_) => self.ask(query).await.map(drop),
        }
    }
}

async fn post(client: &reqwest::Client, who: &Caller, typed: &str) -> Result<Vec<u8>> {
    let asked = OwnSearch { query: typed.to_owned(), limit: Some(20), ..OwnSearch::default() };
    let request = client
        .post(format!("http://{}/api/v1/search", who.address))
        .header("origin", who.origin.as_deref().unwrap_or_default())
        .header("cookie", format!("{COOKIE}={}", who.cookie.as_deref().unwrap_or_default()))
        .header(chancery_protocol::CSRF_HEADER, who.csrf.as_deref().unwrap_or_default())
        .header("content-type", "application/json")
        .body(serde_json::to_vec(&asked)?);
    let answer = request.send().await?;
    let (status, body) = (answer.status(), answer.bytes().await?);
    ensure!(status.is_success(), "{typed}: {status} {}", String::from_utf8_lossy(&body));
    Ok(body.to_vec())
}

/// Latencies of the searches that began after warming up, in microseconds.
async fn ask_at_once(
    system: &System,
    prepared: &Prepared,
    sizes: &Sizes,
    at_once: usize,
) -> Result<Histogram<u64>> {
    let mut askers = Vec::new();
    for number in 0..at_once {
        askers.push(Asker::connect(system, prepared, number)?);
    }
    let warm = Instant::now() + sizes.warm_up;
    let end = warm + sizes.measured;
    let mut asking = tokio::task::JoinSet::new();
    for (number, mut asker) in askers.into_iter().enumerate() {
        let queries = prepared.queries.clone();
        asking.spawn(async move {
            let mut latency = Histogram::<u64>::new(3)?;
            // Seven and fifty have nothing in common: neighbours are far apart in the list.
            for query in queries.iter().cycle().skip(number * 7 % queries.len()) {
                let asked = Instant::now();
                if asked >= end {
                    break;
                }
                asker.ask_only(query).await?;
                if asked >= warm {
                    latency.record(u64::try_from(asked.elapsed().as_micros())?)?;
                }
            }
            anyhow::Ok(latency)
        });
    }
    let mut latency = Histogram::new(3)?;
    while let Some(asked) = asking.join_next().await {
        latency.add(asked??)?;
    }
    Ok(latency)
}

/// Seconds from the answer to a message until it is found, and the messages a second that others sent meanwhile.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
async fn look_for_new(system: &mut System, prepared: &Prepared, sizes: &Sizes) -> Result<(Vec<f64>, f64)> {
    let over = watch::Sender::new(false);
    let asker = prepared.askers.first().context("nobody asks")?.clone();
    let looking = tokio::spawn(look(asker, over.subscribe()));
    let seats = system.seats(Scenario::Dm.name(), sizes.writers(), 2).await?;
    let until = Until::Time(sizes.warm_up, sizes.measured);
    let shape = Shape { group: 2, pace: Pace::Window(WINDOW), until };
    let measured = load::run(&seats, shape, &system.processes()).await;
    over.send_replace(true);
    let found = looking.await??;
    let measured = measured?;
    Ok((found, measured.latency.len() as f64 / measured.seconds))
}

async fn look(seat: Seat, over: watch::Receiver<bool>) -> Result<Vec<f64>> {
    let Seat::Chancery { who, conversation } = seat else { bail!("nobody to look") };
    let client = reqwest::Client::builder().build()?;
    let mut writer = Client::connect(&who).await;
    let mut found = Vec::new();
    while !*over.borrow() {
        let unheard: [u8; 8] = chancery_tests::seed::random_bytes();
        let word = format!("x{}", data_encoding::HEXLOWER.encode(&unheard));
        let sent = writer.send(conversation, &word).await;
        sent.map_err(|failed| anyhow::anyhow!("a new message: {failed:?}"))?;
        let begin = Instant::now();
        loop {
            let answer: OwnFound = serde_json::from_slice(&post(&client, &who, &word).await?)?;
            if answer.total == 1 {
                break;
            }
            ensure!(begin.elapsed() < GIVE_UP, "a new message was not found");
            tokio::time::sleep(LOOK_EVERY).await;
        }
        found.push(begin.elapsed().as_secs_f64());
        writer.forget_frames();
    }
    Ok(found)
}
