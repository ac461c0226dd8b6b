//! One connection: a reader that takes requests in order, and a writer that never waits for a client for long.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use actix_web::http::header::{HeaderValue, SEC_WEBSOCKET_PROTOCOL};
use actix_web::rt::task::JoinHandle;
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, web};
use actix_ws::{AggregatedMessage, AggregatedMessageStream, CloseReason, ProtocolError, Session};
use bytestring::ByteString;
use chancery_protocol::command::Request;
use chancery_protocol::frame::{Frame, Goodbye};
use chancery_protocol::{MAX_FRAME_BYTES, SUBPROTOCOL};
use prometheus_client::metrics::counter::Counter;
use tokio::sync::{Semaphore, mpsc};
use tokio::time::timeout;
use tracing::field::Empty;
use tracing::{Instrument as _, Span, debug_span, error_span};

use super::Delivery;
use super::hub::{Out, Socket, serialise};
use super::limits::Bucket;
use crate::access::Caller;
use crate::ground::error::{Code, Error};
use crate::ground::http::json_detail;
use crate::ground::telemetry::RequestId;
use crate::ground::traces;

/// Silence after which a connection is given up.
const SILENCE: Duration = Duration::from_secs(60);
/// How long a goodbye may take before the line is cut.
const FAREWELL: Duration = Duration::from_secs(2);
/// Frames that are not of the protocol before the connection ends.
const BAD_FRAMES: u32 = 10;
/// Commands of one connection that wait for the disk at the same time.
const IN_FLIGHT: usize = 64;

/// `GET /api/v1/socket`.
///
/// # Errors
/// `signed_out`, `foreign_origin`, `csrf_failed`; `bad_request` when it is no upgrade.
pub async fn connect(
    request: HttpRequest,
    body: web::Payload,
    delivery: web::Data<Delivery>,
) -> Result<HttpResponse, Error> {
    let caller = delivery.access.authenticate(&request).await?;
    delivery.access.check_socket(&request, &caller)?;
    let (mut response, session, stream) = actix_ws::handle(&request, body).map_err(|e| {
        Error::from(Code::BadRequest).detail(format!("This address takes web-socket upgrades only: {e}."))
    })?;
    response.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(SUBPROTOCOL));
    let stream = stream
        .max_frame_size(MAX_FRAME_BYTES)
        .aggregate_continuations()
        .max_continuation_size(MAX_FRAME_BYTES);
    // The upgrade's number names the connection in the log as long as it lives.
    let number = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let span = error_span!(parent: None, "socket", id = %number);
    actix_web::rt::spawn(run(delivery.get_ref().clone(), caller, number, session, stream).instrument(span));
    Ok(response)
}

async fn run(
    delivery: Delivery,
    caller: Caller,
    number: String,
    session: Session,
    stream: AggregatedMessageStream,
) {
    let (socket, queue) = delivery.hub.join(caller.person, caller.session);
    let left = caller.expires_at - delivery.messaging.journal.clock().now();
    let left = Duration::from_micros(u64::try_from(left).unwrap_or(0));
    // Boxed: a connection waits for most of its life, and need not keep room for this.
    let hello = Box::pin(greet(&delivery, &caller, &socket)).await;
    let meters = delivery.hub.meters().clone();
    let writer = spawn(write(Arc::clone(&socket), hello, queue, session.clone(), meters.frames_out));
    let connection = Connection {
        in_flight: Arc::new(Semaphore::new(IN_FLIGHT)),
        socket: Arc::clone(&socket),
        delivery: delivery.behind_gate(caller.person),
        caller,
        number,
    };
    let reading = connection.read(stream, session);
    tokio::pin!(reading);
    tokio::select! {
        () = &mut reading => {}
        () = async {
            if timeout(left, socket.ended()).await.is_err() {
                socket.close(Goodbye::SessionEnded);
            }
            // The goodbye is said; the client has as long to answer it.
            tokio::time::sleep(FAREWELL * 2).await;
        } => {}
    }
    delivery.hub.leave(&socket);
    delivery.hub.meters().closed(socket.reason());
    socket.close(Goodbye::ServerStopping);
    let _ = timeout(FAREWELL * 2, writer).await;
}

/// Starts a task whose lines in the log carry the number of this one.
fn spawn<F: Future<Output: 'static> + 'static>(task: F) -> JoinHandle<F::Output> {
    actix_web::rt::spawn(task.in_current_span())
}

/// The first frame. Everything delivered since `join` waits in the queue behind it; a client ignores what it knows.
async fn greet(delivery: &Delivery, caller: &Caller, socket: &Socket) -> Option<ByteString> {
    // Since `join` the hub turns out whoever has to accept a new policy text; others had to before.
    match delivery.access.check_gate(caller.person).await {
        Err(error) if error.code == Code::PolicyUnaccepted => {
            socket.close(Goodbye::PolicyUnaccepted);
            return None;
        }
        Err(error) => {
            tracing::warn!(%error, "a connection could not be greeted");
            socket.close(Goodbye::ServerStopping);
            return None;
        }
        Ok(()) => {}
    }
    match delivery.greet(caller.person, caller.session).await {
        Ok(Some(hello)) => serialise(&Frame::Hello(hello)),
        // Since `join` the hub closes it; this one ended between the upgrade and that.
        Ok(None) => {
            socket.close(Goodbye::SessionEnded);
            None
        }
        Err(error) => {
            tracing::warn!(%error, "a connection could not be greeted");
            socket.close(Goodbye::ServerStopping);
            None
        }
    }
}

async fn write(
    socket: Arc<Socket>,
    hello: Option<ByteString>,
    mut queue: mpsc::Receiver<Out>,
    mut session: Session,
    sent: Counter,
) {
    // Who is not greeted gets none of what was queued meanwhile.
    let mut first = hello.map_or_else(|| socket.reason().map(Out::Close), |hello| Some(Out::Frame(hello)));
    let reason = loop {
        let next = match first.take() {
            Some(hello) => Some(hello),
            None => queue.recv().await,
        };
        match next {
            Some(Out::Frame(text)) => {
                tokio::select! {
                    biased;
                    outcome = session.text(text) => match outcome {
                        Ok(()) => {
                            sent.inc();
                        }
                        Err(_) => return,
                    },
                    reason = socket.ended() => break reason,
                }
            }
            Some(Out::Close(reason)) => break reason,
            None => return,
        }
    };
    let farewell = async {
        if let Some(text) = serialise(&Frame::Goodbye { reason }) {
            session.text(text).await?;
        }
        let code = actix_ws::CloseCode::from(reason.code());
        session.close(Some(CloseReason { code, description: None })).await
    };
    // A client that does not read gets no goodbye; the line is cut instead.
    let _ = timeout(FAREWELL, farewell).await;
}

struct Connection {
    delivery: Delivery,
    caller: Caller,
    socket: Arc<Socket>,
    in_flight: Arc<Semaphore>,
    number: String,
}

impl Connection {
    /// Takes requests until the client leaves or gives a reason to end. The line stays open meanwhile: cut at
    /// once, with frames of the client unread, it would lose the goodbye on its way.
    async fn read(&self, mut stream: AggregatedMessageStream, mut session: Session) {
        let Some(reason) = self.listen(&mut stream, &mut session).await else { return };
        self.socket.close(reason);
        // Until the client closes too; `run` waits for that only so long.
        while let Some(Ok(message)) = stream.recv().await {
            if matches!(message, AggregatedMessage::Close(_)) {
                return;
            }
        }
        std::future::pending().await
    }

    async fn listen(&self, stream: &mut AggregatedMessageStream, session: &mut Session) -> Option<Goodbye> {
        let mut bucket = Bucket::new();
        let mut bad_frames = 0;
        loop {
            let message = match timeout(SILENCE, stream.recv()).await {
                Err(_) => return Some(Goodbye::Silent),
                Ok(message) => message?,
            };
            // With time what was accepted may have to be accepted again. Asked of everything that keeps the line open.
            let keeps = matches!(
                message,
                Ok(AggregatedMessage::Text(_) | AggregatedMessage::Ping(_) | AggregatedMessage::Pong(_))
            );
            if keeps && self.delivery.access.gate().closed_for(self.caller.person) {
                return Some(Goodbye::PolicyUnaccepted);
            }
            match message {
                Ok(AggregatedMessage::Text(text)) => {
                    self.delivery.hub.meters().frames_in.inc();
                    self.delivery.access.seen(self.caller.session);
                    if !bucket.take() {
                        self.refuse(id_of(&text), &Code::RateLimited.into());
                        continue;
                    }
                    // Boxed, as the greeting is: it has room for the largest of all commands.
                    if let Err(error) = Box::pin(self.request(text)).await {
                        bad_frames += 1;
                        self.refuse(error.0, &error.1);
                        if bad_frames >= BAD_FRAMES {
                            return Some(Goodbye::ProtocolError);
                        }
                    }
                }
                Ok(AggregatedMessage::Ping(bytes)) => session.pong(&bytes).await.ok()?,
                Ok(AggregatedMessage::Pong(_)) => {}
                Ok(AggregatedMessage::Close(_)) => return None,
                Ok(AggregatedMessage::Binary(_)) => return Some(Goodbye::ProtocolError),
                Err(ProtocolError::Overflow) => return Some(Goodbye::FrameTooLarge),
                Err(_) => return Some(Goodbye::ProtocolError),
            }
        }
    }

    /// Takes one request. `Err` only for frames that are none.
    async fn request(&self, text: ByteString) -> Result<(), (Option<u32>, Error)> {
        let request: Request = serde_json::from_str(&text)
            .map_err(|error| (id_of(&text), Error::from(Code::BadFrame).detail(json_detail(&error))))?;
        let id = request.id;
        let traced = debug_span!(
            target: traces::TARGET,
            parent: None,
            "command",
            otel.kind = "server",
            otel.name = request.command.tag(),
            otel.status_code = Empty,
            chancery.socket = self.number,
            chancery.problem = Empty,
        );
        let (command, confirmed) = match self.delivery.unwrapped(&self.caller, request.command).await {
            Ok(unwrapped) => unwrapped,
            Err(error) => {
                self.refuse_traced(id, &error, &traced);
                return Ok(());
            }
        };
        self.delivery.look(self.caller.person, &command).await;
        match self.delivery.unit(&self.caller, &command, confirmed.as_ref()) {
            Some(Ok(unit)) => {
                // Queued in the order of arrival; the answer comes when the disk has it.
                let Ok(slot) = Arc::clone(&self.in_flight).acquire_owned().await else { return Ok(()) };
                let waiting = debug_span!(target: traces::TARGET, parent: &traced, "commit");
                match self.delivery.messaging.journal.submit(unit).await {
                    Ok(pending) => {
                        let (socket, delivery) = (Arc::clone(&self.socket), self.delivery.clone());
                        spawn(async move {
                            let committed = pending.wait().await;
                            drop(waiting);
                            let answer = delivery.written(&socket, command, committed).await;
                            reply(&socket, id, answer, &traced);
                            drop(slot);
                        });
                    }
                    Err(error) => self.refuse_traced(id, &error, &traced),
                }
            }
            Some(Err(error)) => self.refuse_traced(id, &error, &traced),
            None => {
                let answer = self.delivery.answer(&self.caller, &self.socket, command, confirmed).await;
                reply(&self.socket, id, answer, &traced);
            }
        }
        Ok(())
    }

    fn refuse_traced(&self, id: u32, error: &Error, traced: &Span) {
        failed(traced, error);
        self.refuse(Some(id), error);
    }

    fn refuse(&self, id: Option<u32>, error: &Error) {
        if let Some(text) = serialise(&Frame::Problem { id, problem: error.problem() }) {
            self.socket.send(text);
        }
    }
}

/// What a trace says of a command that was refused: the code only.
fn failed(traced: &Span, error: &Error) {
    traced.record("chancery.problem", error.code.text());
    if error.code.status() >= 500 {
        traced.record("otel.status_code", "error");
    }
}

fn reply(socket: &Socket, id: u32, answer: Result<chancery_protocol::frame::Answer, Error>, traced: &Span) {
    let frame = match answer {
        Ok(answer) => Frame::Answer { id, answer },
        Err(error) => {
            error.log();
            failed(traced, &error);
            Frame::Problem { id: Some(id), problem: error.problem() }
        }
    };
    if let Some(text) = serialise(&frame) {
        socket.send(text);
    }
}

/// The id of a frame that is no request, when at least that can be read.
fn id_of(text: &str) -> Option<u32> {
    #[derive(serde::Deserialize)]
    struct OnlyId {
        id: u32,
    }
    serde_json::from_str::<OnlyId>(text).ok().map(|frame| frame.id)
}
