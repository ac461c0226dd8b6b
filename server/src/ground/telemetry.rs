//! The log, and the number every request has in it.
//!
//! What must stay true: a line names the route (`/api/v1/people/{person}`), never the address that was asked for, a
//! query or a body. Levels below `warn` are for our own crate only: what the libraries below us say at `debug` may
//! hold bytes of a request. An answer of class 5xx is logged here with its causes, once.

use std::io::IsTerminal as _;
use std::sync::atomic::{AtomicU64, Ordering};

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error as ActixError, HttpMessage as _, web};
use tracing::field::Empty;
use tracing::{Instrument as _, Level, Span, Subscriber, debug, debug_span, error_span, info};
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::{SubscriberInitExt as _, TryInitError};

use super::config::{Format, Log};
use super::http::headers::is_api;
use super::http::{Error, Traffic};
use super::traces::{self, Traces};

/// Sends the log to the standard error output and traces to their collector. Once per process.
///
/// # Errors
/// When something else took the place already.
pub fn init(log: &Log, traces: Option<&Traces>) -> Result<(), TryInitError> {
    subscriber(log, traces, std::io::stderr, std::io::stderr().is_terminal()).try_init()
}

fn subscriber<W>(
    log: &Log,
    traces: Option<&Traces>,
    writer: W,
    colour: bool,
) -> Box<dyn Subscriber + Send + Sync>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let lines = tracing_subscriber::fmt::layer().with_writer(writer).with_ansi(colour);
    let lines = match log.format {
        Format::Text => lines.boxed(),
        Format::Json => lines.json().flatten_event(true).with_span_list(false).boxed(),
    };
    let lines = lines.with_filter(levels(log.level));
    Box::new(tracing_subscriber::registry().with(lines).with(traces.map(Traces::layer)))
}

/// The level for our own crates; the libraries below stop at `warn`.
fn levels(own: Level) -> Targets {
    let own = LevelFilter::from_level(own);
    Targets::new().with_default(own.min(LevelFilter::WARN)).with_target("chancery", own)
}

/// Gives every request of this process its number. The prefix tells processes apart: random, made at the start.
pub struct RequestIds {
    prefix: u32,
    next: AtomicU64,
}

impl RequestIds {
    /// Counts from one.
    pub fn new(prefix: u32) -> Self {
        Self { prefix, next: AtomicU64::new(1) }
    }

    fn next(&self) -> RequestId {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        RequestId(format!("{:08x}-{number:x}", self.prefix))
    }
}

/// The number of one request, in its extensions, its span and the header `x-request-id` of its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(pub String);

/// Addresses that machines ask every few seconds; their lines would drown all others.
pub const PROBES: [&str; 2] = ["/healthz", "/readyz"];

/// Name of the header with the request's number. Never read from a request, only written.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Middleware, the outermost: numbers the request, writes one line about it, and the cause when it failed.
///
/// # Errors
/// Those of inner middleware, unchanged.
pub async fn requests<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, ActixError> {
    let id = request.app_data::<web::Data<RequestIds>>().map(|ids| ids.next());
    let Some(id) = id else {
        return Err(Error::internal("the application has no RequestIds").into());
    };
    request.extensions_mut().insert(id.clone());
    // Of the highest level: a line of any level has its number.
    let span = error_span!("request", id = %id.0);
    let traced = if PROBES.contains(&request.path()) { Span::none() } else { traced(request.method(), &id) };
    let traffic = request.app_data::<web::Data<Traffic>>().cloned();
    async move {
        let began = tokio::time::Instant::now();
        let method = request.method().clone();
        let outcome = next.call(request).await;
        let took = began.elapsed();
        let milliseconds = took.as_micros() as f64 / 1000.0;
        match outcome {
            Ok(mut answer) => {
                if let Ok(id) = HeaderValue::from_str(&id.0) {
                    answer.headers_mut().insert(REQUEST_ID, id);
                }
                if let Some(error) = answer.response().error() {
                    log(error);
                }
                let status = answer.status().as_u16();
                let route = route(&answer);
                record(&traced, &method, &route, status);
                if PROBES.contains(&route.as_str()) {
                    debug!(%method, route, status, milliseconds, "answered");
                } else {
                    info!(%method, route, status, milliseconds, "answered");
                }
                if let Some(traffic) = traffic {
                    traffic.answered(&method, route, answer.status(), took);
                }
                Ok(answer)
            }
            Err(error) => {
                log(&error);
                let status = error.as_response_error().status_code().as_u16();
                record(&traced, &method, MIDDLEWARE, status);
                info!(%method, route = MIDDLEWARE, status, milliseconds, "answered");
                if let Some(traffic) = traffic {
                    let status = error.as_response_error().status_code();
                    traffic.answered(&method, MIDDLEWARE.to_owned(), status, took);
                }
                Err(error)
            }
        }
    }
    .instrument(span)
    .await
}

fn traced(method: &Method, id: &RequestId) -> Span {
    debug_span!(
        target: traces::TARGET,
        parent: None,
        "request",
        otel.kind = "server",
        otel.name = Empty,
        otel.status_code = Empty,
        http.request.method = %method,
        http.route = Empty,
        http.response.status_code = Empty,
        chancery.request = id.0,
    )
}

fn record(traced: &Span, method: &Method, route: &str, status: u16) {
    traced.record("otel.name", format_args!("{method} {route}").to_string());
    traced.record("http.route", route);
    traced.record("http.response.status_code", status);
    if status >= 500 {
        traced.record("otel.status_code", "error");
    }
}

/// Where a request ended that reached no route.
const MIDDLEWARE: &str = "(middleware)";

fn log(error: &ActixError) {
    match error.as_error::<Error>() {
        Some(error) => error.log(),
        // Not its text: it is of a library and may repeat what was sent.
        None if error.as_response_error().status_code().is_server_error() => {
            tracing::error!("request failed in the web server itself");
        }
        None => {}
    }
}

/// The route as it was declared. What matches none is named by its kind, never by its address.
fn route<B>(answer: &ServiceResponse<B>) -> String {
    let request = answer.request();
    match request.match_pattern() {
        Some(pattern) => pattern,
        None if is_api(request.path()) => "/api/(none)".to_owned(),
        None if request.path().starts_with("/scim/") => "/scim/(none)".to_owned(),
        None if request.path().starts_with("/assets/") => "/assets/(file)".to_owned(),
        None => "(page)".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use actix_web::middleware::from_fn;
    use actix_web::{App, HttpResponse, test};

    use super::*;

    #[derive(Clone, Default)]
    struct Paper(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Paper {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Paper {
        fn listen(&self, format: Format, level: Level) -> tracing::subscriber::DefaultGuard {
            let paper = self.clone();
            let log = Log { format, level };
            tracing::subscriber::set_default(subscriber(&log, None, move || paper.clone(), false))
        }

        fn text(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }
    }

    async fn ask(path: &str) -> (u16, String) {
        let app = App::new()
            .app_data(web::Data::new(RequestIds::new(0xabc)))
            .route("/api/v1/people/{person}", web::post().to(async |_: String| "fine"))
            .route(
                "/api/v1/broken",
                web::post().to(async || Err::<&str, _>(Error::internal(io::Error::other("disk on fire")))),
            )
            .default_service(web::to(async || HttpResponse::NotFound()))
            .wrap(from_fn(requests));
        let app = test::init_service(app).await;
        let request =
            test::TestRequest::post().uri(path).insert_header((REQUEST_ID, "forged")).set_payload("hunter2");
        let answer = test::call_service(&app, request.to_request()).await;
        (answer.status().as_u16(), answer.headers().get(REQUEST_ID).unwrap().to_str().unwrap().to_owned())
    }

    #[actix_web::test]
    async fn a_line_names_the_route_and_never_address_query_or_body() {
        let paper = Paper::default();
        let _guard = paper.listen(Format::Json, Level::TRACE);
        for path in
            ["/api/v1/people/hunter2?q=hunter2", "/api/v1/hunter2", "/assets/hunter2", "/chats/hunter2"]
        {
            let (_, id) = ask(path).await;
            assert_eq!(id, "00000abc-1", "made here, not taken from the request");
        }
        let text = paper.text();
        assert!(!text.contains("hunter2") && !text.contains("forged"), "{text}");
        let lines: Vec<serde_json::Value> = text
            .lines()
            .filter(|l| l.contains("answered"))
            .map(|l| serde_json::from_str(l).unwrap())
            .collect();
        let routes: Vec<&str> = lines.iter().map(|line| line["route"].as_str().unwrap()).collect();
        assert_eq!(routes, ["/api/v1/people/{person}", "/api/(none)", "/assets/(file)", "(page)"]);
        assert_eq!((&lines[0]["method"], &lines[0]["status"]), (&"POST".into(), &200.into()));
        assert_eq!(lines[0]["span"]["id"], "00000abc-1");
        assert!(lines[0]["milliseconds"].is_number());
    }

    #[actix_web::test]
    async fn a_failure_is_logged_once_with_its_cause_and_number() {
        let paper = Paper::default();
        let _guard = paper.listen(Format::Text, Level::INFO);
        let (status, id) = ask("/api/v1/broken").await;
        assert_eq!(status, 500);
        let text = paper.text();
        assert_eq!(text.matches("disk on fire").count(), 1, "{text}");
        let line = text.lines().find(|line| line.contains("disk on fire")).unwrap();
        assert!(line.contains("ERROR") && line.contains(&id), "{line}");
    }

    #[::core::prelude::v1::test]
    fn libraries_stop_at_warn_whatever_the_level() {
        for (own, ours, theirs) in [
            (Level::TRACE, Level::TRACE, Level::WARN),
            (Level::INFO, Level::INFO, Level::WARN),
            (Level::ERROR, Level::ERROR, Level::ERROR),
        ] {
            let levels = levels(own);
            for level in [Level::TRACE, Level::DEBUG, Level::INFO, Level::WARN, Level::ERROR] {
                assert_eq!(
                    levels.would_enable("chancery_server::journal", &level),
                    level <= ours,
                    "{own} {level}"
                );
                assert_eq!(levels.would_enable("rustls::conn", &level), level <= theirs, "{own} {level}");
            }
        }
    }
}
