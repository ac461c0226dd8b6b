//! One provider: what it said about itself and its keys, kept for a while and asked for again in time.

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Map, Value};

use super::Settings;
use super::document::{self, Document};
use super::failure::{Failure, Fault, Kind, What, plain};
use super::fetch::{Http, host};
use super::keys::{Checked, Keys, Signer};
use super::token::{Claims, Signed};
use crate::ground::clock::Clock;
use crate::ground::config::Secret;
use crate::ground::random::Random;
use chancery_protocol::Micros;

const MINUTE: Micros = 60_000_000;
/// After this long the provider is asked again before what it said is used.
const FRESH: Micros = 60 * MINUTE;
/// When it cannot be asked, what it said counts this long.
const KEPT: Micros = 24 * 60 * MINUTE;
/// After a failure it is left alone this long.
const PAUSE: Micros = 10_000_000;
/// Between two questions for keys because a token names an unknown one.
const BETWEEN_FORCED: Micros = MINUTE;

/// The provider people sign in with. One for all threads; share it in an `Arc`.
pub struct Provider {
    pub(super) settings: Settings,
    pub(super) secret: Option<Secret>,
    pub(super) http: Http,
    pub(super) clock: Clock,
    pub(super) random: Random,
    said: Mutex<Said>,
    /// Held while asking, so that of many who need it one asks.
    asking: tokio::sync::Mutex<()>,
}

/// What the provider said.
#[derive(Clone)]
pub(super) struct Word {
    pub document: Arc<Document>,
    pub keys: Arc<Keys>,
    at: Micros,
}

#[derive(Default)]
struct Said {
    word: Option<Word>,
    failed: Option<(Micros, Failure)>,
    forced: Option<Micros>,
}

impl Provider {
    /// A provider by its settings. Nobody is asked yet. Without a secret this server is a public client.
    ///
    /// # Errors
    /// When the settings are not right, or the authority's certificate cannot be used.
    pub fn new(
        settings: Settings,
        secret: Option<Secret>,
        clock: Clock,
        random: Random,
    ) -> Result<Self, Failure> {
        let problems = super::settings::check(&settings);
        if !problems.is_empty() {
            return Err(Failure::Settings(problems));
        }
        let http = Http::new(&settings)?;
        let (said, asking) = Default::default();
        Ok(Self { settings, secret, http, clock, random, said, asking })
    }

    /// The settings it was made with.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Asks the provider now, whatever is known. For a task in the background, every half an hour or so: then nobody
    /// who signs in waits for it.
    ///
    /// # Errors
    /// When it cannot be asked or says something unusable; what it said before stays.
    pub async fn refresh(&self) -> Result<(), Failure> {
        let _turn = self.asking.lock().await;
        self.ask().await.map(drop)
    }

    /// What the provider says about itself.
    ///
    /// # Errors
    /// When nothing usable is known and it cannot be asked.
    pub async fn document(&self) -> Result<Arc<Document>, Failure> {
        Ok(self.word().await?.document)
    }

    pub(super) async fn word(&self) -> Result<Word, Failure> {
        if let Some(word) = self.at_hand() {
            return word;
        }
        let _turn = self.asking.lock().await;
        // Somebody else may have asked meanwhile.
        if let Some(word) = self.at_hand() {
            return word;
        }
        let asked = self.ask().await;
        asked.or_else(|failure| self.kept().ok_or(failure))
    }

    /// What may be used without asking: something fresh, or during the pause after a failure what there is.
    fn at_hand(&self) -> Option<Result<Word, Failure>> {
        let now = self.clock.now();
        let said = self.said();
        if let Some(word) = said.word.as_ref().filter(|word| within(now, word.at, FRESH)) {
            return Some(Ok(word.clone()));
        }
        let (_, failure) = said.failed.clone().filter(|(at, _)| within(now, *at, PAUSE))?;
        drop(said);
        Some(self.kept().ok_or(failure))
    }

    fn kept(&self) -> Option<Word> {
        let now = self.clock.now();
        self.said().word.clone().filter(|word| within(now, word.at, KEPT))
    }

    fn said(&self) -> std::sync::MutexGuard<'_, Said> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks for document and keys. To be called in turn.
    async fn ask(&self) -> Result<Word, Failure> {
        let asked = self.ask_all().await;
        let at = self.clock.now();
        let mut said = self.said();
        match asked {
            Ok((document, keys)) => {
                let word = Word { document: Arc::new(document), keys: Arc::new(keys), at };
                said.word = Some(word.clone());
                said.failed = None;
                Ok(word)
            }
            Err(failure) => {
                said.failed = Some((at, failure.clone()));
                Err(failure)
            }
        }
    }

    async fn ask_all(&self) -> Result<(Document, Keys), Failure> {
        let object = ask_document(&self.http, &self.settings).await?;
        document::check_issuer(&object, &self.settings)?;
        let document = Document::read(&object, &self.settings)?;
        document::check_algorithms(&object, &self.settings)?;
        let keys = ask_keys(&self.http, &self.settings, &document).await?;
        Ok((document, keys))
    }

    /// Checks a token's signature and returns its claims; an ID token must also fit the access token that came with
    /// it. A signature that no known key explains makes the provider be asked for its keys,
    /// once a minute at most.
    pub(super) async fn claims_of(
        &self,
        token: &str,
        kind: Kind,
        access_token: Option<&str>,
    ) -> Result<Claims, Failure> {
        let signed = Signed::read(token, kind, &self.settings).map_err(kind.fails())?;
        let mut word = self.word().await?;
        let mut asked = false;
        loop {
            let fault = match word.keys.check(&signed) {
                Checked::Right(signer) => {
                    let claims = signed.claims().map_err(kind.fails())?;
                    check_hash(&claims, &signer, access_token).map_err(kind.fails())?;
                    return Ok(claims);
                }
                // Some providers give a new key the old one's id.
                Checked::Wrong => Fault::Signature,
                Checked::Unknown => Fault::UnknownKey,
            };
            match self.newer_keys(&word).await {
                Some(newer) if !asked => (word, asked) = (newer, true),
                _ => return Err(kind.with(fault)),
            }
        }
    }

    /// Keys newer than those of `word`, if somebody got them meanwhile or the provider may be asked and answers.
    async fn newer_keys(&self, word: &Word) -> Option<Word> {
        let _turn = self.asking.lock().await;
        {
            let mut said = self.said();
            if let Some(now) = said.word.as_ref().filter(|now| !Arc::ptr_eq(&now.keys, &word.keys)) {
                return Some(now.clone());
            }
            let now = self.clock.now();
            if said.forced.is_some_and(|at| within(now, at, BETWEEN_FORCED)) {
                return None;
            }
            said.forced = Some(now);
        }
        let keys = ask_keys(&self.http, &self.settings, &word.document).await.ok()?;
        // The document is as old as it was.
        let newer = Word { keys: Arc::new(keys), ..word.clone() };
        self.said().word = Some(newer.clone());
        Some(newer)
    }

    /// Seconds since 1970.
    pub(super) fn seconds(&self) -> i64 {
        self.clock.now().div_euclid(1_000_000)
    }
}

/// `at_hash` may be left out in this flow; when it is there, it must be right.
fn check_hash(claims: &Claims, signer: &Signer<'_>, access_token: Option<&str>) -> Result<(), Fault> {
    match (access_token, claims.get("at_hash")) {
        (None, _) | (_, None) => Ok(()),
        (Some(token), Some(Value::String(hash))) if signer.vouches_for(token, hash) => Ok(()),
        _ => Err(Fault::AccessToken),
    }
}

/// Also not, when the clock was set back behind `at`.
fn within(now: Micros, at: Micros, span: Micros) -> bool {
    (0..span).contains(&now.saturating_sub(at))
}

/// The discovery document, not checked.
pub(super) async fn ask_document(http: &Http, settings: &Settings) -> Result<Map<String, Value>, Failure> {
    let missing = || Failure::NoDocument { address: plain(&settings.issuer, 300) };
    let url = document::address(&settings.issuer).ok_or_else(missing)?;
    let reply = http.get(What::Document, &url).await?;
    match reply.status.as_u16() {
        200 => reply.object().ok_or_else(missing),
        404 | 410 => Err(missing()),
        status => Err(Failure::Status { what: What::Document, status }),
    }
}

/// The key set, with at least one key that can be used.
pub(super) async fn ask_keys(http: &Http, settings: &Settings, document: &Document) -> Result<Keys, Failure> {
    let reply = http.get(What::Keys, &document.jwks_uri).await?;
    if reply.status.as_u16() != 200 {
        return Err(Failure::Status { what: What::Keys, status: reply.status.as_u16() });
    }
    let object = reply.object().ok_or(Failure::Unreadable(What::Keys))?;
    let keys = Keys::read(&object).ok_or(Failure::Unreadable(What::Keys))?;
    if keys.serve(&settings.algorithms) { Ok(keys) } else { Err(Failure::NoKeys) }
}

impl std::fmt::Debug for Provider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Provider({})", host(&self.settings.issuer))
    }
}
