//! A provider that writes to the house by SCIM, and scim2-tester, which tries out such services.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use chancery_protocol::ids::SourceId;
use chancery_protocol::sources::{
    Connection, IssueToken, ScimSettings, SetSource, SourceToken, SourceTokens, TokenIssued,
};
use reqwest::{Method, RequestBuilder};
use serde_json::Value;

use crate::http::{Caller, Refusal, http};
use crate::process::{require, run};
use crate::sign_on::source;

/// Far away, in microseconds.
pub const NEVER: i64 = 4_000_000_000_000_000;

/// A source that writes by SCIM.
pub fn scim(name: &str, settings: ScimSettings) -> SetSource {
    source(name, Connection::Scim(Box::new(settings)), None)
}

/// A provider with a token.
#[derive(Clone)]
pub struct Provider {
    /// Where the service is.
    pub base: String,
    /// What it comes with.
    pub token: String,
}

/// What it is answered.
#[derive(Debug)]
pub struct Answer {
    /// Status.
    pub status: u16,
    /// Entity tag.
    pub etag: String,
    /// The other headers.
    pub headers: reqwest::header::HeaderMap,
    /// Body; null when there is none.
    pub body: Value,
}

impl Provider {
    /// With a token that may write.
    pub async fn of(admin: &Caller, source: SourceId) -> Self {
        let token = admin.issue_token(source, "Provider", true, NEVER).await.unwrap();
        Self { base: format!("http://{}/scim/v2", admin.address), token: token.token }
    }

    /// The same with another token.
    #[must_use]
    pub fn with(&self, token: &str) -> Self {
        Self { token: token.to_owned(), ..self.clone() }
    }

    /// A request.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        http()
            .request(method, format!("{}{path}", self.base))
            .header("authorization", format!("Bearer {}", self.token))
    }

    /// Sends a request and reads the answer, which is SCIM whatever it says.
    pub async fn answer(&self, request: RequestBuilder) -> Answer {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let text = response.text().await.unwrap();
        let body = if text.is_empty() {
            Value::Null
        } else {
            assert_eq!(headers["content-type"], "application/scim+json", "{status} {text}");
            serde_json::from_str(&text).unwrap()
        };
        if status.is_client_error() || status.is_server_error() {
            assert_eq!(body["schemas"][0], "urn:ietf:params:scim:api:messages:2.0:Error", "{body}");
            assert_eq!(body["status"], status.as_u16().to_string(), "{body}");
        }
        assert!(headers.contains_key("content-security-policy"));
        let etag = headers.get("etag").map_or("", |value| value.to_str().unwrap()).to_owned();
        Answer { status: status.as_u16(), etag, headers, body }
    }

    /// Sends a body, or none when it is null.
    pub async fn call(&self, method: Method, path: &str, body: Value) -> Answer {
        let mut request = self.request(method, path);
        if !body.is_null() {
            request = request.header("content-type", "application/scim+json").body(body.to_string());
        }
        self.answer(request).await
    }

    /// Reads.
    pub async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, Value::Null).await
    }

    /// Reads those a filter finds.
    pub async fn find(&self, path: &str, filter: &str) -> Vec<Value> {
        let query =
            url::form_urlencoded::Serializer::new(String::new()).append_pair("filter", filter).finish();
        let found = self.get(&format!("{path}?{query}")).await;
        assert_eq!(found.status, 200, "{filter}: {}", found.body);
        let all = found.body["Resources"].as_array().unwrap().clone();
        assert_eq!(found.body["totalResults"], all.len());
        all
    }

    /// Makes something and answers its id.
    pub async fn make(&self, path: &str, body: Value) -> String {
        let made = self.call(Method::POST, path, body).await;
        assert_eq!(made.status, 201, "{}", made.body);
        made.body["id"].as_str().unwrap().to_owned()
    }

    /// Changes something by operations.
    pub async fn patch(&self, path: &str, operations: Value) -> Answer {
        let schema = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
        let body = serde_json::json!({"schemas": [schema], "Operations": operations});
        self.call(Method::PATCH, path, body).await
    }
}

impl Caller {
    /// Issues a token.
    ///
    /// # Errors
    /// The refusal.
    pub async fn issue_token(
        &self,
        source: SourceId,
        name: &str,
        write: bool,
        expires_at: i64,
    ) -> Result<TokenIssued, Refusal> {
        let form = IssueToken { name: name.to_owned(), write, expires_at };
        self.call(Method::POST, &format!("/sources/{source}/tokens"), Some(&form)).await
    }

    /// The tokens of a source.
    ///
    /// # Errors
    /// The refusal.
    pub async fn tokens(&self, source: SourceId) -> Result<Vec<SourceToken>, Refusal> {
        let path = format!("/sources/{source}/tokens");
        Ok(self.call::<SourceTokens>(Method::GET, &path, None::<&()>).await?.tokens)
    }
}

/// Has scim2-tester try everything; answers what it says.
pub fn scim2_tester(provider: &Provider) -> String {
    let mut command = Command::new(python());
    command.arg(folder().join("check.py")).args([&provider.base, &provider.token]);
    run("scim2-tester", command)
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scim-tester")
}

/// The interpreter among the packages, which are fetched once, exactly as they are named.
fn python() -> PathBuf {
    static DONE: OnceLock<()> = OnceLock::new();
    let place = folder().join(".venv");
    let python = place.join("bin/python");
    DONE.get_or_init(|| {
        require("python3", "python3-venv (version 3.10 or newer)");
        let (named, stamp) = (folder().join("requirements.txt"), place.join("installed.txt"));
        let wanted = std::fs::read_to_string(&named).unwrap();
        if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
            return;
        }
        let mut venv = Command::new("python3");
        venv.args(["-m", "venv", "--clear"]).arg(&place);
        run("python3 -m venv", venv);
        let mut pip = Command::new(&python);
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"]);
        pip.arg(&named);
        run("pip install", pip);
        std::fs::write(&stamp, wanted).unwrap();
    });
    python
}
