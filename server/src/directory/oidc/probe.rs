//! Trying settings out: one step after the other, each with its time, and how to mend the one that fails.

use serde::Serialize;
use serde_json::{Map, Value};
use tokio::time::Instant;
use url::Url;

use super::document::{self, Document};
use super::failure::{Failure, Reach};
use super::fetch::{Http, host};
use super::keys::Keys;
use super::provider::{ask_document, ask_keys};
use super::{ClientAuthentication, Settings};

/// What is tried, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// The settings by themselves.
    Settings,
    /// The host has an address.
    Resolve,
    /// The host answers, and proves who it is.
    Reach,
    /// There is a discovery document.
    Discovery,
    /// The provider's name is the one entered.
    Issuer,
    /// The document has the addresses of the code flow.
    Endpoints,
    /// A common way of signing tokens.
    Algorithms,
    /// Usable keys are published.
    Keys,
    /// PKCE with S256 is announced.
    Pkce,
    /// The way this client authenticates is announced.
    ClientAuthentication,
    /// Back-channel logout is announced.
    BackChannelLogout,
}

/// What came of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// As it should be.
    Ok,
    /// Works, with something to know.
    Warning,
    /// Does not work.
    Failed,
    /// Not tried, because a step before it failed.
    NotRun,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// What was tried.
    pub check: Check,
    /// What came of it.
    pub status: Status,
    /// How long it took.
    pub milliseconds: u64,
    /// Stable name of the failure.
    pub code: Option<&'static str>,
    /// What was found.
    pub text: String,
    /// How to mend it; empty when there is nothing to mend.
    pub mend: String,
}

const CHECKS: [Check; 11] = [
    Check::Settings,
    Check::Resolve,
    Check::Reach,
    Check::Discovery,
    Check::Issuer,
    Check::Endpoints,
    Check::Algorithms,
    Check::Keys,
    Check::Pkce,
    Check::ClientAuthentication,
    Check::BackChannelLogout,
];

/// The steps so far.
struct Steps {
    done: Vec<Step>,
    since: Instant,
}

/// Tries settings out, always with a step for every [`Check`]. Whether the client secret is right cannot be told without
/// a person signing in; `has_secret` says whether there is one.
pub async fn test_connection(settings: &Settings, has_secret: bool) -> Vec<Step> {
    let mut steps = Steps { done: Vec::new(), since: Instant::now() };
    // A step that failed ends the run; what it found is in its step.
    let _ = steps.run(settings, has_secret).await;
    let left = CHECKS.iter().skip(steps.done.len()).map(|check| Step {
        check: *check,
        status: Status::NotRun,
        milliseconds: 0,
        code: None,
        text: String::new(),
        mend: String::new(),
    });
    let left: Vec<_> = left.collect();
    steps.done.extend(left);
    steps.done
}

impl Steps {
    async fn run(&mut self, settings: &Settings, has_secret: bool) -> Option<()> {
        let problems = super::settings::check(settings);
        let sound = if problems.is_empty() { Ok(()) } else { Err(Failure::Settings(problems)) };
        self.done(sound, |()| "the settings are complete".to_owned())?;
        let resolved = self.done(resolve(settings).await, |addresses| format!("addresses: {addresses}"));
        let object = match resolved {
            Some(_) => self.reach(settings).await?,
            None => self.reach_by_proxy(settings).await?,
        };
        self.done(document::check_issuer(&object, settings), |()| {
            format!("the provider calls itself {}", settings.issuer)
        })?;
        let document =
            self.done(Document::read(&object, settings), |_| "all addresses are there".to_owned())?;
        self.done(document::check_algorithms(&object, settings), |()| {
            "a common algorithm is offered".to_owned()
        })?;
        let keys = match Http::new(settings) {
            Ok(http) => ask_keys(&http, settings, &document).await,
            Err(failure) => Err(failure),
        };
        self.done(keys, |keys: &Keys| format!("usable keys: {}", keys.len()))?;
        self.pkce(&document);
        self.client_authentication(&document, settings, has_secret);
        self.back_channel_logout(&document);
        Some(())
    }

    /// The name has no address here. Where a proxy finds addresses that does no harm, so it is tried.
    async fn reach_by_proxy(&mut self, settings: &Settings) -> Option<Map<String, Value>> {
        let asked = question(settings).await;
        if reached(&asked).is_err() {
            return None;
        }
        if let Some(step) = self.done.last_mut() {
            step.status = Status::Warning;
        }
        self.told(asked, settings)
    }

    /// Two steps by one question: whether anybody answers, and whether the answer is a discovery document.
    async fn reach(&mut self, settings: &Settings) -> Option<Map<String, Value>> {
        let asked = question(settings).await;
        self.told(asked, settings)
    }

    fn told(
        &mut self,
        asked: Result<Map<String, Value>, Failure>,
        settings: &Settings,
    ) -> Option<Map<String, Value>> {
        self.done(reached(&asked), |()| format!("{} answers", host(&settings.issuer)))?;
        self.done(asked, |_| "the discovery document is there".to_owned())
    }

    fn pkce(&mut self, document: &Document) {
        let (status, text, mend) = match document.pkce {
            Some(true) => (Status::Ok, "PKCE with S256 is announced", ""),
            Some(false) | None => (
                Status::Warning,
                "PKCE with S256 is not announced; it is used all the same",
                "Switch PKCE (S256) on for this client, if the provider has it. Stolen codes are then worth nothing.",
            ),
        };
        self.push(status, text, mend);
    }

    fn client_authentication(&mut self, document: &Document, settings: &Settings, has_secret: bool) {
        let way = match (has_secret, settings.client_authentication) {
            (false, _) => "none",
            (true, ClientAuthentication::Basic) => "client_secret_basic",
            (true, ClientAuthentication::Post) => "client_secret_post",
        };
        // The default when nothing is announced is basic.
        let announced = match &document.client_authentication {
            Some(ways) => ways.iter().any(|one| one == way),
            None => way == "client_secret_basic",
        };
        let text = format!("{way} is {}", if announced { "announced" } else { "not announced" });
        if announced {
            self.push(Status::Ok, &text, "");
        } else {
            self.push(Status::Warning, &text, "Check how the provider wants this client to authenticate: header (basic) or body (post), with a secret or without.");
        }
    }

    fn back_channel_logout(&mut self, document: &Document) {
        if document.back_channel_logout {
            self.push(Status::Ok, "back-channel logout is announced", "");
        } else {
            self.push(
                Status::Warning,
                "back-channel logout is not announced",
                "Sessions here do not end when somebody signs out or is locked at the provider; keep them short.",
            );
        }
    }

    /// Notes what came of the next check; `None` ends the run.
    fn done<T>(&mut self, result: Result<T, Failure>, text: impl Fn(&T) -> String) -> Option<T> {
        match result {
            Ok(found) => {
                let text = text(&found);
                self.push(Status::Ok, &text, "");
                Some(found)
            }
            Err(failure) => {
                self.push(Status::Failed, &failure.to_string(), &failure.mend());
                if let Some(step) = self.done.last_mut() {
                    step.code = Some(failure.code());
                }
                None
            }
        }
    }

    fn push(&mut self, status: Status, text: &str, mend: &str) {
        let Some(check) = CHECKS.get(self.done.len()) else { return };
        let milliseconds = u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.since = Instant::now();
        let (text, mend) = (text.to_owned(), mend.to_owned());
        self.done.push(Step { check: *check, status, milliseconds, code: None, text, mend });
    }
}

async fn question(settings: &Settings) -> Result<Map<String, Value>, Failure> {
    ask_document(&Http::new(settings)?, settings).await
}

/// Whether a question failed on the way or by what was answered.
fn reached<T>(asked: &Result<T, Failure>) -> Result<(), Failure> {
    match asked {
        Err(failure @ (Failure::Unreachable { .. } | Failure::Tls { .. } | Failure::TimedOut { .. })) => {
            Err(failure.clone())
        }
        _ => Ok(()),
    }
}

/// How many addresses the host has.
async fn resolve(settings: &Settings) -> Result<usize, Failure> {
    let unknown = || Failure::Unreachable { host: host(&settings.issuer), reach: Reach::Name };
    let url = Url::parse(&settings.issuer).map_err(|_| unknown())?;
    let name = url.host_str().ok_or_else(unknown)?.trim_matches(['[', ']']).to_owned();
    let port = url.port_or_known_default().ok_or_else(unknown)?;
    let limit = std::time::Duration::from_secs(u64::from(settings.timeout_seconds));
    let asked = tokio::time::timeout(limit, tokio::net::lookup_host((name, port))).await;
    let found = asked.map_err(|_| Failure::TimedOut { host: host(&settings.issuer) })?;
    match found.map_err(|_| unknown())?.count() {
        0 => Err(unknown()),
        addresses => Ok(addresses),
    }
}
