//! Second factors over HTTP, and the codes an authenticator app would show.

use std::time::{SystemTime, UNIX_EPOCH};

use chancery_protocol::factors::{
    AddFactor, Factor, Factors, FinishPasskey, FinishSecondStep, FinishTotp, PasskeyBegun, RemoveFactor,
    SecondStep, SetEmergency, TotpBegun,
};
use chancery_protocol::http::{Confirm, SignIn};
use chancery_protocol::ids::{FactorId, PersonId};
use data_encoding::BASE32_NOPAD;
use reqwest::Method;
use ring::hmac::{HMAC_SHA1_FOR_LEGACY_USE_ONLY, Key, sign};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::authenticator::Authenticator;
use crate::database::Storage;
use crate::house::PASSWORD;
use crate::http::{Caller, Refusal, refusal, token_of};

/// Seconds a code is the right one.
const STEP: u64 = 30;

/// An authenticator app with one account.
#[derive(Clone)]
pub struct App {
    secret: Vec<u8>,
    newest: u64,
}

impl App {
    /// With the secret it is told.
    pub fn new(secret: &str) -> Self {
        Self { secret: BASE32_NOPAD.decode(secret.as_bytes()).unwrap(), newest: 0 }
    }

    /// The code of a step.
    pub fn code_of(&self, step: u64) -> String {
        let made = sign(&Key::new(HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.secret), &step.to_be_bytes());
        let made = made.as_ref();
        let from = usize::from(made[19] & 0xf);
        let number = u32::from_be_bytes(made[from..from + 4].try_into().unwrap()) & 0x7fff_ffff;
        format!("{:06}", number % 1_000_000)
    }

    /// A code nobody used yet: of now, and once more of the step that comes. For a third one let time pass in the database.
    pub fn code(&mut self) -> String {
        self.newest = now().max(self.newest + 1);
        assert!(self.newest <= now() + 1, "codes are used up: see `time_passes`");
        self.code_of(self.newest)
    }

    /// The code it gave last, whatever the time is by now.
    pub fn last_code(&self) -> String {
        self.code_of(self.newest)
    }

    /// Half a minute later, as the server's database sees it.
    pub fn time_passes(&mut self, storage: &Storage) {
        storage.sql("UPDATE factors SET last_step = last_step - 10");
        self.newest = 0;
    }

    /// A code that is none of those near now.
    pub fn wrong(&self) -> String {
        let near: Vec<String> = (now() - 3..now() + 4).map(|step| self.code_of(step)).collect();
        (0..).map(|number| format!("{number:06}")).find(|code| !near.contains(code)).unwrap()
    }
}

/// The step it is.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() / STEP
}

impl Caller {
    async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &(impl serde::Serialize + Sync),
    ) -> Result<T, Refusal> {
        self.call(Method::POST, path, Some(body)).await
    }

    /// One's own second factors.
    ///
    /// # Errors
    /// The refusal.
    pub async fn factors(&self) -> Result<Factors, Refusal> {
        self.call(Method::GET, "/factors", None::<&()>).await
    }

    /// Begins to add codes.
    ///
    /// # Errors
    /// The refusal.
    pub async fn begin_totp(&self, name: &str, password: &str) -> Result<TotpBegun, Refusal> {
        self.post("/factors/totp", &AddFactor { name: name.to_owned(), password: password.to_owned() }).await
    }

    /// Adds codes that are begun.
    ///
    /// # Errors
    /// The refusal.
    pub async fn finish_totp(&self, ticket: &str, code: &str) -> Result<Factor, Refusal> {
        self.post("/factors/totp/finish", &FinishTotp { ticket: ticket.to_owned(), code: code.to_owned() })
            .await
    }

    /// Adds codes.
    pub async fn add_totp(&self, name: &str) -> (App, Factor) {
        let begun = self.begin_totp(name, PASSWORD).await.unwrap();
        let mut app = App::new(&begun.secret);
        let code = app.code();
        (app, self.finish_totp(&begun.ticket, &code).await.unwrap())
    }

    /// Begins to add a passkey.
    ///
    /// # Errors
    /// The refusal.
    pub async fn begin_passkey(&self, name: &str) -> Result<PasskeyBegun, Refusal> {
        let form = AddFactor { name: name.to_owned(), password: PASSWORD.to_owned() };
        self.post("/factors/passkeys", &form).await
    }

    /// Adds a passkey that was made.
    ///
    /// # Errors
    /// The refusal.
    pub async fn finish_passkey(&self, ticket: &str, credential: Value) -> Result<Factor, Refusal> {
        self.post("/factors/passkeys/finish", &FinishPasskey { ticket: ticket.to_owned(), credential }).await
    }

    /// Adds a passkey.
    pub async fn add_passkey(&self, name: &str) -> (Authenticator, Factor) {
        let mut key = Authenticator::new(self.origin.as_deref().unwrap());
        let begun = self.begin_passkey(name).await.unwrap();
        let made = key.create(&begun.options);
        (key, self.finish_passkey(&begun.ticket, made).await.unwrap())
    }

    /// Removes one of one's own.
    ///
    /// # Errors
    /// The refusal.
    pub async fn remove_factor(&self, factor: FactorId, password: &str) -> Result<(), Refusal> {
        let form = RemoveFactor { password: password.to_owned() };
        self.tell(Method::POST, &format!("/factors/{factor}/remove"), Some(&form)).await
    }

    /// Proves the password of an account that has second factors.
    ///
    /// # Errors
    /// The refusal.
    pub async fn first_step(
        &self,
        username: &str,
        password: &str,
        keep: bool,
    ) -> Result<SecondStep, Refusal> {
        let form = SignIn { username: username.to_owned(), password: password.to_owned(), keep };
        self.asks_for_second("/session", &serde_json::to_vec(&form).unwrap()).await
    }

    /// Uses the link of an account that has second factors.
    ///
    /// # Errors
    /// The refusal.
    pub async fn redeem_link_first(&self, link: &str, password: &str) -> Result<SecondStep, Refusal> {
        let form = serde_json::json!({"token": token_of(link), "password": password});
        self.asks_for_second("/links/redeem", &serde_json::to_vec(&form).unwrap()).await
    }

    async fn asks_for_second(&self, path: &str, body: &[u8]) -> Result<SecondStep, Refusal> {
        let response = self.send(Method::POST, &format!("/api/v1{path}"), Some(body.to_vec())).await;
        if !response.status().is_success() {
            return Err(refusal(response).await);
        }
        assert_eq!(response.status(), 202, "a session without a second factor");
        assert!(!response.headers().contains_key("set-cookie"), "a cookie before the second factor");
        Ok(response.json().await.unwrap())
    }

    /// Shows a code.
    ///
    /// # Errors
    /// The refusal.
    pub async fn second_step(&self, ticket: &str, code: &str) -> Result<Self, Refusal> {
        let (ticket, code) = (ticket.to_owned(), Some(code.to_owned()));
        self.begin_session("/session/second", &FinishSecondStep { ticket, code, passkey: None }).await
    }

    /// Shows a passkey.
    ///
    /// # Errors
    /// The refusal.
    pub async fn show_passkey(&self, ticket: &str, shown: Value) -> Result<Self, Refusal> {
        let (ticket, passkey) = (ticket.to_owned(), Some(shown));
        self.begin_session("/session/second", &FinishSecondStep { ticket, code: None, passkey }).await
    }

    /// Proves the password again, of an account that has second factors.
    ///
    /// # Errors
    /// The refusal.
    pub async fn first_step_again(&self, password: &str) -> Result<SecondStep, Refusal> {
        let form = Confirm { password: password.to_owned() };
        self.asks_for_second("/session/confirm", &serde_json::to_vec(&form).unwrap()).await
    }

    /// Shows a code, and stays in the session there is.
    ///
    /// # Errors
    /// The refusal.
    pub async fn second_step_again(&self, ticket: &str, code: &str) -> Result<(), Refusal> {
        let form = FinishSecondStep { ticket: ticket.to_owned(), code: Some(code.to_owned()), passkey: None };
        let body = Some(serde_json::to_vec(&form).unwrap());
        let response = self.send(Method::POST, "/api/v1/session/second", body).await;
        if !response.status().is_success() {
            return Err(refusal(response).await);
        }
        assert!(!response.headers().contains_key("set-cookie"), "the session's cookie stays as it is");
        Ok(())
    }

    /// Both steps with a code.
    ///
    /// # Errors
    /// The refusal.
    pub async fn sign_in_with(&self, username: &str, app: &mut App) -> Result<Self, Refusal> {
        let step = self.first_step(username, PASSWORD, false).await?;
        self.second_step(&step.ticket, &app.code()).await
    }

    /// Somebody's second factors.
    ///
    /// # Errors
    /// The refusal.
    pub async fn factors_of(&self, person: PersonId) -> Result<Factors, Refusal> {
        self.call(Method::GET, &format!("/people/{person}/factors"), None::<&()>).await
    }

    /// Removes all of somebody's.
    ///
    /// # Errors
    /// The refusal.
    pub async fn remove_factors_of(&self, person: PersonId) -> Result<(), Refusal> {
        self.tell(Method::DELETE, &format!("/people/{person}/factors"), None::<&()>).await
    }

    /// Says whether an account is one for emergencies.
    ///
    /// # Errors
    /// The refusal.
    pub async fn set_emergency(
        &self,
        person: PersonId,
        emergency: bool,
        networks: &[&str],
    ) -> Result<(), Refusal> {
        let networks = networks.iter().map(|network| (*network).to_owned()).collect();
        let form = SetEmergency { emergency, networks };
        self.tell(Method::PUT, &format!("/people/{person}/emergency"), Some(&form)).await
    }
}
