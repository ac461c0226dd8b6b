//! Passkeys and security keys (`WebAuthn`), as a second factor: the device itself asks for fingerprint, face or PIN each time. They are bound to
//! the host of the server's public address, and to that address as their origin.

use chancery_protocol::ids::{Id, PersonId};
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;
use webauthn_rs::prelude::{
    AuthenticationResult, Passkey, PasskeyAuthentication, PasskeyRegistration, Webauthn, WebauthnBuilder,
    WebauthnResult,
};

use crate::directory::store::Row;
use crate::ground::config::PublicUrl;
use crate::ground::error::{Code, Error};

/// What asks for passkeys and judges them.
pub struct Passkeys(Option<Webauthn>);

impl Passkeys {
    /// Those of this server. There are none where people reach it by an address: no browser makes any there.
    ///
    /// # Errors
    /// `internal`; a defect.
    pub fn new(public_url: &PublicUrl) -> Result<Self, Error> {
        let url = public_url.url();
        let Some(host) = url.domain() else { return Ok(Self(None)) };
        let webauthn = WebauthnBuilder::new(host, url).and_then(WebauthnBuilder::build);
        Ok(Self(Some(webauthn.map_err(Error::internal)?)))
    }

    /// Whether there can be any.
    pub fn possible(&self) -> bool {
        self.0.is_some()
    }

    fn webauthn(&self) -> Result<&Webauthn, Error> {
        self.0.as_ref().ok_or_else(|| Code::PasskeysUnavailable.into())
    }

    /// What the browser is asked for to make a new one, and what its answer is compared with.
    ///
    /// # Errors
    /// `passkeys_unavailable`.
    pub fn begin_new(&self, row: &Row, known: &[Passkey]) -> Result<(Value, PasskeyRegistration), Error> {
        let whose: PersonId = row.person();
        let known = known.iter().map(|passkey| passkey.cred_id().clone()).collect();
        let begun = self.webauthn()?.start_passkey_registration(
            Uuid::from_bytes(whose.bytes()),
            &row.username,
            &row.name,
            Some(known),
        );
        let (options, state) = begun.map_err(Error::internal)?;
        Ok((serde_json::to_value(options).map_err(Error::internal)?, state))
    }

    /// The new one.
    ///
    /// # Errors
    /// `factor_failed`, `passkeys_unavailable`.
    pub fn finish_new(&self, answer: &Value, state: &PasskeyRegistration) -> Result<Passkey, Error> {
        let answer = read(answer)?;
        accepted(self.webauthn()?.finish_passkey_registration(&answer, state))
    }

    /// What the browser is asked for to show one of these; nothing when there is none.
    ///
    /// # Errors
    /// `internal`; a defect.
    pub fn begin(&self, known: &[Passkey]) -> Result<Option<(Value, PasskeyAuthentication)>, Error> {
        let Some(webauthn) = self.0.as_ref().filter(|_| !known.is_empty()) else { return Ok(None) };
        let (options, state) = webauthn.start_passkey_authentication(known).map_err(Error::internal)?;
        Ok(Some((serde_json::to_value(options).map_err(Error::internal)?, state)))
    }

    /// What was shown, if it is one of those asked for.
    ///
    /// # Errors
    /// `factor_failed`, `passkeys_unavailable`.
    pub fn finish(
        &self,
        answer: &Value,
        state: &PasskeyAuthentication,
    ) -> Result<AuthenticationResult, Error> {
        let answer = read(answer)?;
        let shown = accepted(self.webauthn()?.finish_passkey_authentication(&answer, state))?;
        if shown.user_verified() { Ok(shown) } else { Err(Code::FactorFailed.into()) }
    }
}

/// What is kept of a passkey after it was shown: its counter, whether it lies in a backup.
///
/// # Errors
/// `factor_failed` when its counter did not grow since it was last shown: there may be two of it.
pub fn shown_again(passkey: &Passkey, shown: &AuthenticationResult) -> Result<Passkey, Error> {
    let (before, now) = (counter(passkey)?, u64::from(shown.counter()));
    // Many passkeys do not count at all: theirs stays at nothing.
    let stands_still = (before > 0 || now > 0) && now <= before;
    let mut passkey = passkey.clone();
    if stands_still || passkey.update_credential(shown).is_none() {
        return Err(Code::FactorFailed.into());
    }
    Ok(passkey)
}

/// The counter as it is kept; the library shows it in what it writes only.
fn counter(passkey: &Passkey) -> Result<u64, Error> {
    let written = serde_json::to_value(passkey).map_err(Error::internal)?;
    let counter = written.pointer("/cred/counter").and_then(Value::as_u64);
    counter.ok_or_else(|| Error::internal("a passkey without a counter"))
}

/// Tells passkeys apart without naming them.
pub fn mark(passkey: &Passkey) -> Vec<u8> {
    Sha256::digest(passkey.cred_id().as_slice()).to_vec()
}

fn read<T: DeserializeOwned>(answer: &Value) -> Result<T, Error> {
    T::deserialize(answer).map_err(|_| Code::FactorFailed.into())
}

/// Why it was not accepted is for the log: it names no secret.
fn accepted<T>(result: WebauthnResult<T>) -> Result<T, Error> {
    result.map_err(|error| {
        tracing::info!(%error, "a passkey was not accepted");
        Code::FactorFailed.into()
    })
}
