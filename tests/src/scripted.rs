//! A provider that does what a test says: the right thing unless told otherwise. Loopback, HTTP/1.1, with or without
//! TLS. It counts what it is asked.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tokio::io::{
    AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader,
};
use tokio::net::TcpListener;
use url::form_urlencoded;

use crate::signer::{Key, challenge_of};
use crate::tls::Certificate;

/// What every right code is worth besides its ID token.
pub const ACCESS_TOKEN: &str = "the-access-token";
/// The client's secret: with characters that must be encoded.
pub const SECRET: &str = "s%cret: with+all &sorts";

/// Something a path answers in place of the right thing.
#[derive(Clone)]
pub enum Odd {
    /// A redirect to somewhere.
    Redirect(String),
    /// A status and nothing else.
    Status(u16),
    /// A body that never ends.
    Endless,
    /// Nothing, ever.
    Silence,
    /// The beginning of an answer, then nothing, ever.
    Stuck,
    /// The connection is closed.
    Closed,
    /// Some body of some type.
    Body(&'static str, String),
}

struct Grant {
    challenge: String,
    redirect_uri: String,
    id_token: String,
}

/// What it answers, and what it was asked.
pub struct Script {
    /// The discovery document.
    pub document: Value,
    /// The key set.
    pub keys: Vec<Value>,
    /// Per path.
    pub odd: HashMap<String, Odd>,
    /// What userinfo answers.
    pub userinfo: Value,
    /// Put over the token answer.
    pub tokens: Value,
    /// How the client must authenticate: `basic`, `post`, `none`.
    pub authentication: &'static str,
    grants: HashMap<String, Grant>,
    asked: BTreeMap<String, usize>,
}

/// The provider.
pub struct Scripted {
    /// Its issuer.
    pub issuer: String,
    /// What it does.
    pub script: Arc<Mutex<Script>>,
    acceptor: tokio::task::JoinHandle<()>,
}

impl Scripted {
    /// Starts one that signs with `key`.
    pub async fn start(key: &Key) -> Self {
        Self::start_at(key, "", None).await
    }

    /// The same with an issuer that goes on behind the port, and TLS if a certificate is given.
    pub async fn start_at(key: &Key, path: &str, certificate: Option<&Certificate>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let scheme = if certificate.is_some() { "https" } else { "http" };
        let base = format!("{scheme}://localhost:{}", listener.local_addr().unwrap().port());
        let issuer = format!("{base}{path}");
        let script = Arc::new(Mutex::new(Script {
            document: json!({
                "issuer": issuer,
                "authorization_endpoint": format!("{base}/authorize"),
                "token_endpoint": format!("{base}/token"),
                "jwks_uri": format!("{base}/keys"),
                "userinfo_endpoint": format!("{base}/userinfo"),
                "end_session_endpoint": format!("{base}/end?tenant=1"),
                "id_token_signing_alg_values_supported": ["none", "HS256", "RS256", "ES256"],
                "code_challenge_methods_supported": ["plain", "S256"],
                "frontchannel_logout_supported": "true",
                "backchannel_logout_supported": true,
            }),
            keys: vec![key.public()],
            odd: HashMap::new(),
            userinfo: json!({}),
            tokens: json!({}),
            authentication: "basic",
            grants: HashMap::new(),
            asked: BTreeMap::new(),
        }));
        let tls = certificate.map(acceptor);
        let kept = Arc::clone(&script);
        let acceptor = tokio::spawn(async move {
            while let Ok((line, _)) = listener.accept().await {
                let (script, tls) = (Arc::clone(&kept), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => serve(line, script).await,
                        Some(tls) => {
                            if let Ok(line) = tls.accept(line).await {
                                serve(line, script).await;
                            }
                        }
                    }
                });
            }
        });
        Self { issuer, script, acceptor }
    }

    /// Changes what it does.
    pub fn change(&self, change: impl FnOnce(&mut Script)) {
        change(&mut self.script.lock().unwrap());
    }

    /// Makes a path answer something odd.
    pub fn odd(&self, path: &str, odd: Odd) {
        self.change(|script| drop(script.odd.insert(path.to_owned(), odd)));
    }

    /// How often a path was asked.
    pub fn asked(&self, path: &str) -> usize {
        self.script.lock().unwrap().asked.get(path).copied().unwrap_or_default()
    }

    /// How often anything was asked.
    pub fn asked_at_all(&self) -> usize {
        self.script.lock().unwrap().asked.values().sum()
    }

    /// Gives out a code for an ID token, as after a person signed in.
    pub fn grant(&self, challenge: &str, redirect_uri: &str, id_token: &str) -> String {
        let mut script = self.script.lock().unwrap();
        let code = format!("the-code-{}", script.grants.len() + 1);
        let (challenge, redirect_uri, id_token) =
            (challenge.to_owned(), redirect_uri.to_owned(), id_token.to_owned());
        script.grants.insert(code.clone(), Grant { challenge, redirect_uri, id_token });
        code
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.acceptor.abort();
    }
}

fn acceptor(certificate: &Certificate) -> tokio_rustls::TlsAcceptor {
    use rustls::pki_types::pem::PemObject as _;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};
    let chain = |path: &Path| CertificateDer::pem_file_iter(path).unwrap().map(Result::unwrap).collect();
    let key = PrivateKeyDer::from_pem_file(&certificate.key).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.unwrap().with_no_client_auth().with_single_cert(chain(&certificate.certificate), key);
    Arc::new(config.unwrap()).into()
}

struct Request {
    path: String,
    authorization: String,
    body: String,
}

/// One request per connection.
async fn serve<L: AsyncRead + AsyncWrite + Unpin>(line: L, script: Arc<Mutex<Script>>) {
    let mut line = BufReader::new(line);
    let Some(request) = read(&mut line).await else { return };
    let odd = {
        let mut script = script.lock().unwrap();
        *script.asked.entry(request.path.clone()).or_default() += 1;
        script.odd.get(&request.path).cloned()
    };
    let (status, extra, kind, body) = match odd {
        None => {
            let (status, body) = answer(&mut script.lock().unwrap(), &request);
            (status, String::new(), "application/json; charset=utf-8", body.to_string())
        }
        Some(Odd::Redirect(to)) => (307, format!("location: {to}\r\n"), "text/html", String::new()),
        Some(Odd::Status(status)) => (status, String::new(), "text/html", String::new()),
        Some(Odd::Body(kind, body)) => (200, String::new(), kind, body),
        Some(Odd::Closed) => return,
        Some(Odd::Silence) => std::future::pending().await,
        Some(Odd::Stuck) => {
            let _ =
                line.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{\"keys\"").await;
            let _ = line.flush().await;
            std::future::pending().await
        }
        Some(Odd::Endless) => {
            let head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n";
            let _ = line.write_all(head).await;
            // Ends when the other side has had enough.
            while line.write_all(&[b' '; 1 << 16]).await.is_ok() {}
            return;
        }
    };
    let head = format!(
        "HTTP/1.1 {status} X\r\n{extra}content-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    let _ = line.write_all(format!("{head}{body}").as_bytes()).await;
    let _ = line.shutdown().await;
}

async fn read<L: AsyncRead + Unpin>(line: &mut BufReader<L>) -> Option<Request> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if line.read_line(&mut head).await.unwrap_or(0) == 0 {
            return None;
        }
    }
    let header = |name: &str| {
        let found = head
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim().to_owned())
    };
    let mut body = vec![0; header("content-length").map_or(0, |length| length.parse().unwrap())];
    line.read_exact(&mut body).await.ok()?;
    let target = head.split_whitespace().nth(1)?;
    Some(Request {
        path: target.split('?').next()?.to_owned(),
        authorization: header("authorization").unwrap_or_default(),
        body: String::from_utf8(body).ok()?,
    })
}

fn answer(script: &mut Script, request: &Request) -> (u16, Value) {
    if request.path.ends_with("/.well-known/openid-configuration") {
        return (200, script.document.clone());
    }
    match request.path.as_str() {
        "/keys" => (200, json!({"keys": script.keys})),
        "/token" => exchange(script, request),
        "/userinfo" if request.authorization == format!("Bearer {ACCESS_TOKEN}") => {
            (200, script.userinfo.clone())
        }
        "/userinfo" => (401, json!({})),
        _ => (404, json!({})),
    }
}

fn exchange(script: &mut Script, request: &Request) -> (u16, Value) {
    let form: HashMap<String, String> =
        form_urlencoded::parse(request.body.as_bytes()).into_owned().collect();
    let field = |name: &str| form.get(name).map_or("", String::as_str);
    let encoded: String = form_urlencoded::byte_serialize(SECRET.as_bytes()).collect();
    let basic = format!("Basic {}", data_encoding::BASE64.encode(format!("app:{encoded}").as_bytes()));
    let right = match script.authentication {
        "basic" => request.authorization == basic && field("client_secret").is_empty(),
        "post" => {
            request.authorization.is_empty()
                && field("client_id") == "app"
                && field("client_secret") == SECRET
        }
        _ => {
            request.authorization.is_empty()
                && field("client_id") == "app"
                && field("client_secret").is_empty()
        }
    };
    if !right {
        return (401, json!({"error": "invalid_client", "error_description": request.body}));
    }
    // A code is worth something once.
    let grant = script.grants.remove(field("code")).filter(|grant| {
        field("grant_type") == "authorization_code"
            && field("redirect_uri") == grant.redirect_uri
            && challenge_of(field("code_verifier")) == grant.challenge
    });
    let Some(grant) = grant else {
        return (400, json!({"error": "invalid_grant", "error_description": request.body}));
    };
    let mut answer =
        json!({"access_token": ACCESS_TOKEN, "token_type": "bearer", "id_token": grant.id_token});
    for (name, value) in script.tokens.as_object().unwrap() {
        answer[name] = value.clone();
    }
    (200, answer)
}
