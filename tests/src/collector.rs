//! Keeps what a server or provider sends: traces as OTLP over HTTP, or whatever is posted.

use std::sync::{Arc, Mutex};

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message as _;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// The collector.
pub struct Collector {
    /// For `traces.otlp`.
    pub url: String,
    bodies: Arc<Mutex<Vec<Vec<u8>>>>,
    acceptor: tokio::task::JoinHandle<()>,
}

/// Whether a request, by its head in lower case, is one that is waited for.
type Fits = fn(&str) -> bool;

impl Collector {
    /// Starts one that takes traces.
    pub async fn start() -> Self {
        Self::of(|head| {
            head.starts_with("post /v1/traces ") && head.contains("content-type: application/x-protobuf")
        })
        .await
    }

    /// Starts one that takes forms.
    pub async fn of_forms() -> Self {
        Self::of(|head| {
            head.starts_with("post ") && head.contains("content-type: application/x-www-form-urlencoded")
        })
        .await
    }

    async fn of(fits: Fits) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let bodies = Arc::<Mutex<Vec<Vec<u8>>>>::default();
        let kept = bodies.clone();
        let acceptor = tokio::spawn(async move {
            while let Ok((line, _)) = listener.accept().await {
                tokio::spawn(serve(line, fits, kept.clone()));
            }
        });
        Self { url, bodies, acceptor }
    }

    /// The forms that came, as they were sent.
    pub fn forms(&self) -> Vec<String> {
        let bodies = self.bodies.lock().unwrap();
        bodies.iter().map(|body| String::from_utf8(body.clone()).unwrap()).collect()
    }

    /// Every byte that came as a body.
    pub fn bytes(&self) -> Vec<u8> {
        self.bodies.lock().unwrap().concat()
    }

    /// Every span that came.
    pub fn spans(&self) -> Vec<Span> {
        let bodies = self.bodies.lock().unwrap();
        let requests = bodies.iter().map(|body| ExportTraceServiceRequest::decode(body.as_slice()).unwrap());
        let scopes = requests.flat_map(|request| request.resource_spans).flat_map(|of| of.scope_spans);
        scopes.flat_map(|scope| scope.spans).collect()
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        self.acceptor.abort();
    }
}

/// Requests of one connection, one after the other, as far as those who send need it.
async fn serve(line: TcpStream, fits: Fits, kept: Arc<Mutex<Vec<Vec<u8>>>>) {
    let mut line = BufReader::new(line);
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if line.read_line(&mut head).await.unwrap_or(0) == 0 {
                return;
            }
        }
        let head = head.to_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
        let mut body = vec![0; length.parse().unwrap()];
        if line.read_exact(&mut body).await.is_err() {
            return;
        }
        let fits = fits(&head);
        if fits {
            kept.lock().unwrap().push(body);
        }
        let status = if fits { "200 OK" } else { "400 Bad Request" };
        let answer =
            format!("HTTP/1.1 {status}\r\ncontent-type: application/x-protobuf\r\ncontent-length: 0\r\n\r\n");
        if line.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}
