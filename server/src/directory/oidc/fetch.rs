//! Asking the provider over HTTP: no redirects, no more bytes and no more seconds than allowed, and every way it
//! can fail told apart.

use std::error::Error;
use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE, LOCATION};
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde_json::{Map, Value};
use url::Url;

use super::Settings;
use super::failure::{Failure, Reach, What, plain};

/// A provider with a thousand groups in a token stays far below.
const MOST_BYTES: usize = 1 << 20;

/// The way to one provider.
#[derive(Clone)]
pub(super) struct Http(Client);

/// What came back, with every status that is no redirect.
pub(super) struct Reply {
    pub status: StatusCode,
    json: bool,
    body: Vec<u8>,
}

impl Http {
    /// # Errors
    /// When the certificates cannot be used.
    pub(super) fn new(settings: &Settings) -> Result<Self, Failure> {
        // Whoever was first is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .timeout(Duration::from_secs(u64::from(settings.timeout_seconds)))
            // Sign-ins are rare, and a kept connection belongs to the thread that opened it.
            .pool_max_idle_per_host(0);
        if let Some(pem) = &settings.ca_pem {
            let certificates = reqwest::Certificate::from_pem_bundle(pem.as_bytes());
            builder = builder
                .tls_certs_only(certificates.map_err(|_| Failure::Tls { host: host(&settings.issuer) })?);
        }
        builder.build().map(Self).map_err(|_| Failure::Tls { host: host(&settings.issuer) })
    }

    pub(super) async fn get(&self, what: What, url: &Url) -> Result<Reply, Failure> {
        ask(what, url, self.0.get(url.clone())).await
    }

    /// With an access token.
    pub(super) async fn get_as(&self, what: What, url: &Url, token: &str) -> Result<Reply, Failure> {
        ask(what, url, self.0.get(url.clone()).bearer_auth(token)).await
    }

    /// A form, with the `Authorization` header when there is one.
    pub(super) async fn post(
        &self,
        what: What,
        url: &Url,
        form: String,
        authorization: Option<String>,
    ) -> Result<Reply, Failure> {
        let mut request =
            self.0.post(url.clone()).header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(form);
        if let Some(authorization) = authorization {
            request = request.header(reqwest::header::AUTHORIZATION, authorization);
        }
        ask(what, url, request).await
    }
}

impl Reply {
    /// The JSON object it is; `None` for anything else.
    pub(super) fn object(&self) -> Option<Map<String, Value>> {
        if !self.json {
            return None;
        }
        serde_json::from_slice(&self.body).ok()
    }
}

async fn ask(what: What, url: &Url, request: RequestBuilder) -> Result<Reply, Failure> {
    let failed = |error: reqwest::Error| told_apart(&error, url);
    let mut response = request.header(ACCEPT, "application/json").send().await.map_err(failed)?;
    let status = response.status();
    if status.is_redirection() {
        return Err(Failure::Redirected { what, to: target(&response) });
    }
    let json = is_json(&response);
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(failed)? {
        if body.len() + chunk.len() > MOST_BYTES {
            return Err(Failure::TooLarge(what));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Reply { status, json, body })
}

/// Where a redirect leads, without path and query: those may hold what is secret.
fn target(response: &Response) -> String {
    let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match response.url().join(location) {
        Ok(url) if url.has_host() => plain(&url.origin().ascii_serialization(), 300),
        _ => plain("", 0),
    }
}

/// `application/json` and its family (`application/jwk-set+json`); a missing type counts, a page does not.
fn is_json(response: &Response) -> bool {
    let Some(value) = response.headers().get(CONTENT_TYPE) else { return true };
    let kind =
        value.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

fn told_apart(error: &reqwest::Error, url: &Url) -> Failure {
    let host = host(url.as_str());
    if error.is_timeout() {
        return Failure::TimedOut { host };
    }
    if is_tls(error) {
        return Failure::Tls { host };
    }
    let reach = if error.is_dns() {
        Reach::Name
    } else if error.is_connect() {
        Reach::Connection
    } else {
        Reach::Broken
    };
    Failure::Unreachable { host, reach }
}

/// Looks for an error of TLS below; `io::Error` hides the error it carries from `source`, and one may carry another.
fn is_tls(error: &(dyn Error + 'static)) -> bool {
    let carried = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    error.is::<rustls::Error>()
        || carried.is_some_and(|carried| is_tls(carried))
        || error.source().is_some_and(is_tls)
}

/// Host and port of an address, for texts.
pub(super) fn host(address: &str) -> String {
    let url = Url::parse(address).ok();
    let host = url.as_ref().and_then(|url| {
        let name = url.host_str()?;
        Some(url.port().map_or_else(|| name.to_owned(), |port| format!("{name}:{port}")))
    });
    plain(host.as_deref().unwrap_or_default(), 300)
}
