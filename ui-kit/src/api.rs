//! The plain HTTP interface: one client, one error type. Pages never write an address; the per-resource files do.

pub mod server;
pub mod sessions;
pub mod tokens;

use std::pin::Pin;

use chancery_protocol::CSRF_HEADER;
use chancery_protocol::problem::Problem;
use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Headers, RequestCache, RequestCredentials, RequestInit, Response};

/// Why a request brought nothing.
#[derive(Debug, Clone, PartialEq)]
pub enum ClientError {
    /// The server refused and says why.
    Problem(Box<Problem>),
    /// The server was not reached.
    Network,
    /// The answer was not what was agreed on.
    Decode,
    /// The page that asked is gone.
    Aborted,
}

impl ClientError {
    /// The stable code, when the server refused.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Problem(problem) => Some(&problem.code),
            Self::Network | Self::Decode | Self::Aborted => None,
        }
    }
}

impl From<Problem> for ClientError {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

/// Speaks HTTP with the server the page came from; the cookie goes along by itself.
#[derive(Clone, Copy)]
pub struct ApiClient {
    csrf: StoredValue<Option<String>>,
}

/// Ends a request whose future is dropped.
struct AbortOnDrop(Option<AbortController>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        if let Some(controller) = &self.0 {
            controller.abort();
        }
    }
}

/// A request under way.
type Sent = Pin<Box<dyn Future<Output = Result<String, ClientError>>>>;

impl ApiClient {
    /// Makes a client known to everything below.
    pub fn provide() -> Self {
        let client = Self { csrf: StoredValue::new(None) };
        provide_context(client);
        client
    }

    /// The page's client.
    pub fn current() -> Self {
        use_context().unwrap_or_else(Self::provide)
    }

    /// Keeps the token that goes with every request that changes something.
    pub fn set_csrf(self, token: Option<String>) {
        self.csrf.set_value(token);
    }

    /// Asks for something.
    ///
    /// # Errors
    /// As [`ClientError`] says.
    pub async fn get<T: DeserializeOwned>(self, path: &str) -> Result<T, ClientError> {
        decode(&self.send("GET", path, None).await?)
    }

    /// Asks for something and reads the answer as it is.
    ///
    /// # Errors
    /// As [`ClientError`] says.
    pub async fn get_for_text(self, path: &str) -> Result<String, ClientError> {
        self.send("GET", path, None).await
    }

    /// Sends something and reads the answer.
    ///
    /// # Errors
    /// As [`ClientError`] says.
    pub async fn post<B: Serialize, T: DeserializeOwned>(
        self,
        path: &str,
        body: &B,
    ) -> Result<T, ClientError> {
        decode(&self.send("POST", path, Some(encode(body)?)).await?)
    }

    /// Sends something and reads the answer as it is, for example a file.
    ///
    /// # Errors
    /// As [`ClientError`] says.
    pub async fn post_for_text<B: Serialize>(self, path: &str, body: &B) -> Result<String, ClientError> {
        self.send("POST", path, Some(encode(body)?)).await
    }

    /// Sends something that is answered by nothing.
    ///
    /// # Errors
    /// As [`ClientError`] says.
    pub async fn tell<B: Serialize>(self, path: &str, body: &B) -> Result<(), ClientError> {
        self.send("POST", path, Some(encode(body)?)).await.map(drop)
    }

    /// Replaces something; answered by nothing.
    ///
    /// # Errors
    /// As [`ClientError`] says.
    pub async fn put<B: Serialize>(self, path: &str, body: &B) -> Result<(), ClientError> {
        self.send("PUT", path, Some(encode(body)?)).await.map(drop)
    }

    /// Replaces something and reads the answer as it is.
    ///
    /// # Errors
    /// As [`ClientError`] says.
    pub async fn put_for_text<B: Serialize>(self, path: &str, body: &B) -> Result<String, ClientError> {
        self.send("PUT", path, Some(encode(body)?)).await
    }

    /// Sends a request without a body and reads the answer.
    ///
    /// # Errors
    /// As [`ClientError`] says.
    pub async fn ask<T: DeserializeOwned>(self, path: &str) -> Result<T, ClientError> {
        decode(&self.send("POST", path, None).await?)
    }

    /// Sends a request without a body that is answered by nothing.
    ///
    /// # Errors
    /// As [`ClientError`] says.
    pub async fn order(self, path: &str) -> Result<(), ClientError> {
        self.send("POST", path, None).await.map(drop)
    }

    /// Takes something away.
    ///
    /// # Errors
    /// As [`ClientError`] says.
    pub async fn delete(self, path: &str) -> Result<(), ClientError> {
        self.delete_for_text(path).await.map(drop)
    }

    /// Takes something away and reads the answer as it is; it may be empty.
    ///
    /// # Errors
    /// As [`ClientError`] says.
    pub async fn delete_for_text(self, path: &str) -> Result<String, ClientError> {
        self.send("DELETE", path, None).await
    }

    /// One future of one type behind a pointer: inside every caller's own it would be compiled anew for each of them.
    fn send(self, method: &'static str, path: &str, body: Option<String>) -> Sent {
        Box::pin(self.exchange(method, path.to_owned(), body))
    }

    async fn exchange(
        self,
        method: &'static str,
        path: String,
        body: Option<String>,
    ) -> Result<String, ClientError> {
        let window = crate::dom::window().ok_or(ClientError::Network)?;
        let headers = Headers::new().map_err(|_| ClientError::Network)?;
        let _ = headers.set("accept", "application/json, application/problem+json");
        let init = RequestInit::new();
        init.set_method(method);
        init.set_credentials(RequestCredentials::SameOrigin);
        init.set_cache(RequestCache::NoStore);
        if let Some(body) = body {
            let _ = headers.set("content-type", "application/json");
            init.set_body(&JsValue::from_str(&body));
        }
        if method != "GET"
            && let Some(csrf) = self.csrf.get_value()
        {
            let _ = headers.set(CSRF_HEADER, &csrf);
        }
        init.set_headers(&headers);
        let mut guard = AbortOnDrop(AbortController::new().ok());
        init.set_signal(guard.0.as_ref().map(AbortController::signal).as_ref());

        let answer = JsFuture::from(window.fetch_with_str_and_init(&path, &init))
            .await
            .map_err(|error| failure(&error))?;
        let response: Response = answer.dyn_into().map_err(|_| ClientError::Decode)?;
        let text = JsFuture::from(response.text().map_err(|_| ClientError::Decode)?)
            .await
            .map_err(|error| failure(&error))?
            .as_string()
            .unwrap_or_default();
        guard.0 = None;
        if response.ok() {
            return Ok(text);
        }
        Err(serde_json::from_str::<Problem>(&text).map_or(ClientError::Decode, ClientError::from))
    }
}

fn failure(error: &JsValue) -> ClientError {
    let name = js_sys::Reflect::get(error, &JsValue::from_str("name")).ok().and_then(|name| name.as_string());
    if name.as_deref() == Some("AbortError") { ClientError::Aborted } else { ClientError::Network }
}

fn encode<B: Serialize>(body: &B) -> Result<String, ClientError> {
    serde_json::to_string(body).map_err(|_| ClientError::Decode)
}

/// Reads an answer.
///
/// # Errors
/// `Decode` when it is another.
pub fn decode<T: DeserializeOwned>(text: &str) -> Result<T, ClientError> {
    serde_json::from_str(text).map_err(|_| ClientError::Decode)
}
