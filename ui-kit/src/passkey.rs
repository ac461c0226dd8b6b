//! Passkeys: what the browser is asked for, and what it answers. Both stay the text they are where the browser reads and writes it: options
//! come as the server wrote them, and answers go back as the browser's own `toJSON()` says them. For browsers that do not, `bytes`
//! turns the few fields that are bytes.
//!
//! Reached by name instead of by types: `WebAuthn` has dozens of them, and hardly any is looked into here.

use js_sys::{Function, JSON, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;

mod bytes;

/// Why there is no passkey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The browser knows no passkeys, or not in this form.
    Unsupported,
    /// The person said no, or let the time run out; browsers do not tell which.
    Cancelled,
    /// The device or key has one for this account already.
    Known,
    /// The page that asked is gone.
    Aborted,
    /// Anything else.
    Failed,
}

/// A question to the browser, to be taken back when nobody waits for the answer any more.
#[derive(Debug, Clone, Default)]
pub struct Asked(Option<AbortController>);

impl Asked {
    /// For one question.
    pub fn begin() -> Self {
        Self(AbortController::new().ok())
    }

    /// Closes what the browser shows.
    pub fn take_back(&self) {
        if let Some(controller) = &self.0 {
            controller.abort();
        }
    }
}

/// Whether the browser can be asked.
pub fn possible() -> bool {
    container().is_some() && class().is_some()
}

/// Has the browser show a passkey. `options`: JSON as the server says, with `publicKey` in it. Answers JSON.
///
/// # Errors
/// As [`Failure`] says.
pub async fn get(options: &str, asked: &Asked) -> Result<String, Failure> {
    ask("get", FOR_GET, options, asked).await
}

/// Has the browser make a passkey. `options`: JSON as the server says, with `publicKey` in it. Answers JSON.
///
/// # Errors
/// As [`Failure`] says.
pub async fn create(options: &str, asked: &Asked) -> Result<String, Failure> {
    ask("create", FOR_CREATE, options, asked).await
}

const FOR_GET: &str = "parseRequestOptionsFromJSON";
const FOR_CREATE: &str = "parseCreationOptionsFromJSON";

async fn ask(act: &str, reader_name: &str, options: &str, asked: &Asked) -> Result<String, Failure> {
    let class = class().ok_or(Failure::Unsupported)?;
    let container = container().ok_or(Failure::Unsupported)?;
    let act = function(&container, act).ok_or(Failure::Unsupported)?;
    let failed = |_| Failure::Failed;
    let options = JSON::parse(options).map_err(failed)?;
    let options = property(&options, "publicKey").ok_or(Failure::Failed)?;
    let question = Object::new();
    let set = |name: &str, value: &JsValue| Reflect::set(&question, &name.into(), value).map_err(failed);
    let options = match function(&class, reader_name) {
        Some(read) => read.call1(&class, &options).map_err(failed)?,
        None => bytes::read_options(options).ok_or(Failure::Failed)?,
    };
    set("publicKey", &options)?;
    if let Some(controller) = &asked.0 {
        set("signal", &controller.signal())?;
    }
    let promise = act.call1(&container, &question).map_err(|e| failure(&e))?;
    let promise: Promise = promise.dyn_into().map_err(failed)?;
    let credential = JsFuture::from(promise).await.map_err(|e| failure(&e))?;
    // `JSON.stringify` calls `toJSON()` itself.
    let answer = match function(&credential, "toJSON") {
        Some(_) => credential,
        None => bytes::write_answer(&credential).ok_or(Failure::Unsupported)?,
    };
    JSON::stringify(&answer).map(String::from).map_err(|_| Failure::Unsupported)
}

/// What a browser's error means, by its name.
fn failure(error: &JsValue) -> Failure {
    let name = Reflect::get(error, &"name".into()).ok().and_then(|name| name.as_string());
    match name.as_deref() {
        Some("NotAllowedError") => Failure::Cancelled,
        Some("InvalidStateError") => Failure::Known,
        Some("AbortError") => Failure::Aborted,
        Some("NotSupportedError") => Failure::Unsupported,
        _ => Failure::Failed,
    }
}

fn container() -> Option<JsValue> {
    let navigator = crate::dom::window()?.navigator();
    property(&navigator, "credentials")
}

/// The class of passkeys.
fn class() -> Option<JsValue> {
    let window = crate::dom::window()?;
    property(&window, "PublicKeyCredential")
}

fn function(of: &JsValue, name: &str) -> Option<Function> {
    property(of, name)?.dyn_into().ok()
}

fn property(of: &JsValue, name: &str) -> Option<JsValue> {
    let value = Reflect::get(of, &name.into()).ok()?;
    (!value.is_undefined() && !value.is_null()).then_some(value)
}
