//! The yardsticks: the least a chat server can do, on the same web framework.
//!
//! `bare` hands every frame unread to everybody in the same room, the sender included: nothing is parsed,
//! remembered or checked. `bare-durable` does the same once the frame is committed, many frames in one
//! transaction. A room is a number in the address of the upgrade.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use actix_ws::Message;
use anyhow::Result;
use bytestring::ByteString;
use serde::Deserialize;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::durable::{self, Place};

/// Printed when connections are accepted.
pub const LISTENING: &str = "bare is listening";

/// Where a yardstick listens and what it keeps.
#[derive(clap::Args)]
pub struct Options {
    /// The port on loopback.
    #[arg(long)]
    port: u16,
}

/// The same with somewhere to commit to.
#[derive(clap::Args)]
pub struct DurableOptions {
    #[command(flatten)]
    options: Options,
    /// An SQLite file; it is made.
    #[arg(long, required_unless_present = "postgres")]
    sqlite: Option<PathBuf>,
    /// A PostgreSQL address.
    #[arg(long, conflicts_with = "sqlite")]
    postgres: Option<String>,
}

/// What is on its way to a room.
pub struct Frame {
    /// The room.
    pub room: u32,
    /// The text, shared by all who get it.
    pub text: ByteString,
}

/// A connection of a room: its number, and where its frames go.
type Member = (u64, UnboundedSender<ByteString>);

#[derive(Default)]
struct Rooms {
    members: RwLock<HashMap<u32, Vec<Member>>>,
    next: AtomicU64,
}

impl Rooms {
    fn join(&self, room: u32) -> (u64, UnboundedReceiver<ByteString>) {
        let (sender, receiver) = unbounded_channel();
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let mut members = self.members.write().unwrap_or_else(PoisonError::into_inner);
        members.entry(room).or_default().push((id, sender));
        (id, receiver)
    }

    fn leave(&self, room: u32, id: u64) {
        let mut members = self.members.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(list) = members.get_mut(&room) {
            list.retain(|(other, _)| *other != id);
        }
    }

    fn deliver(&self, frame: &Frame) {
        let members = self.members.read().unwrap_or_else(PoisonError::into_inner);
        for (_, sender) in members.get(&frame.room).into_iter().flatten() {
            // One who is gone leaves by himself.
            let _ = sender.send(frame.text.clone());
        }
    }
}

/// What happens to a frame that came in.
#[derive(Clone)]
enum Way {
    Deliver(Arc<Rooms>),
    CommitFirst(Arc<Rooms>, UnboundedSender<Frame>),
}

impl Way {
    fn rooms(&self) -> &Arc<Rooms> {
        match self {
            Self::Deliver(rooms) | Self::CommitFirst(rooms, _) => rooms,
        }
    }

    fn take(&self, frame: Frame) {
        match self {
            Self::Deliver(rooms) => rooms.deliver(&frame),
            Self::CommitFirst(_, queue) => {
                let _ = queue.send(frame);
            }
        }
    }
}

#[derive(Deserialize)]
struct Upgrade {
    room: u32,
}

/// Runs `bare` until it is ended.
///
/// # Errors
/// When the port is taken.
pub fn bare(options: &Options) -> Result<()> {
    serve(options, Way::Deliver(Arc::default()))
}

/// Runs `bare-durable` until it is ended.
///
/// # Errors
/// When the port is taken or the database cannot be opened.
pub fn bare_durable(options: &DurableOptions) -> Result<()> {
    let place = match (&options.sqlite, &options.postgres) {
        (Some(file), _) => Place::Sqlite(file.clone()),
        (None, Some(url)) => Place::Postgres(url.clone()),
        (None, None) => anyhow::bail!("name a database with --sqlite or --postgres"),
    };
    let rooms = Arc::<Rooms>::default();
    let (queue, waiting) = unbounded_channel();
    let delivering = rooms.clone();
    durable::start(&place, waiting, move |frame| delivering.deliver(frame))?;
    serve(&options.options, Way::CommitFirst(rooms, queue))
}

fn serve(options: &Options, way: Way) -> Result<()> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", options.port))?;
    actix_web::rt::System::new().block_on(async {
        let way = web::Data::new(way);
        let server = HttpServer::new(move || {
            App::new().app_data(way.clone()).route("/socket", web::get().to(connect))
        })
        .tcp_nodelay(true)
        .listen(listener)?
        .run();
        println!("{LISTENING}");
        server.await
    })?;
    Ok(())
}

async fn connect(
    request: HttpRequest,
    body: web::Payload,
    upgrade: web::Query<Upgrade>,
    way: web::Data<Way>,
) -> Result<HttpResponse, actix_web::Error> {
    let (response, mut session, mut stream) = actix_ws::handle(&request, body)?;
    let room = upgrade.room;
    let (id, mut queue) = way.rooms().join(room);
    let mut writer = session.clone();
    actix_web::rt::spawn(async move {
        while let Some(text) = queue.recv().await {
            if writer.text(text).await.is_err() {
                return;
            }
        }
        let _ = writer.close(None).await;
    });
    actix_web::rt::spawn(async move {
        while let Some(Ok(message)) = stream.recv().await {
            match message {
                Message::Text(text) => way.take(Frame { room, text }),
                Message::Ping(bytes) if session.pong(&bytes).await.is_err() => break,
                Message::Close(_) => break,
                _ => {}
            }
        }
        way.rooms().leave(room, id);
    });
    Ok(response)
}
