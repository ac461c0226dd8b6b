//! Signing in and out, own devices, own password.
//!
//! Inline: what is compiled for each type of answer is compiled once, in the interface, and not a second time here.

use chancery_protocol::http::{
    BeginSignIn, ChangePassword, Confirm, ConfirmWays, FinishSignIn, SessionInfo, Sessions, SignIn,
    SignInBegun, SignInFinished, SignedOut,
};
use chancery_protocol::ids::SessionId;

use super::{ApiClient, ClientError, decode};
use crate::second_step::SecondStep;

/// What a right password comes to.
#[derive(Debug, Clone, PartialEq)]
pub enum Entered {
    /// A session.
    In(Box<SessionInfo>),
    /// A second factor is asked for.
    Second(SecondStep),
}

impl Entered {
    /// Reads the answer to a password. A session has no ticket.
    ///
    /// # Errors
    /// When it is neither.
    #[inline]
    pub fn read(answer: &str) -> Result<Self, ClientError> {
        SecondStep::read(answer).map_or_else(|| decode(answer).map(Self::In), |step| Ok(Self::Second(step)))
    }
}

/// Signs in.
///
/// # Errors
/// As [`ClientError`] says.
#[inline]
pub async fn create(api: ApiClient, body: &SignIn) -> Result<Entered, ClientError> {
    Entered::read(&api.post_for_text("/api/v1/session", body).await?)
}

/// Shows a second factor, `body` being what [`SecondStep`] makes of it: the session begins, or goes on where one signs in again.
///
/// # Errors
/// As [`ClientError`] says.
#[inline]
pub async fn second(api: ApiClient, body: String) -> Result<SessionInfo, ClientError> {
    decode(&api.send("POST", "/api/v1/session/second", Some(body)).await?)
}

/// Begins a sign-in at a provider: where to go.
///
/// # Errors
/// As [`ClientError`] says.
#[inline]
pub async fn begin(api: ApiClient, body: &BeginSignIn) -> Result<SignInBegun, ClientError> {
    api.post("/api/v1/session/begin", body).await
}

/// Finishes it with what the provider gave the browser.
///
/// # Errors
/// As [`ClientError`] says.
#[inline]
pub async fn finish(api: ApiClient, body: &FinishSignIn) -> Result<SignInFinished, ClientError> {
    api.post("/api/v1/session/return", body).await
}

/// How one can prove again who one is.
///
/// # Errors
/// As [`ClientError`] says.
#[inline]
pub async fn confirm_ways(api: ApiClient) -> Result<ConfirmWays, ClientError> {
    api.get("/api/v1/session/confirm").await
}

/// Proves it with the password; answers the second factor that is asked for after it.
///
/// # Errors
/// As [`ClientError`] says.
#[inline]
pub async fn confirm(api: ApiClient, body: &Confirm) -> Result<Option<SecondStep>, ClientError> {
    let answer = api.post_for_text("/api/v1/session/confirm", body).await?;
    if answer.is_empty() {
        return Ok(None);
    }
    SecondStep::read(&answer).map(Some).ok_or(ClientError::Decode)
}

/// The session of this device.
///
/// # Errors
/// As [`ClientError`] says.
#[inline]
pub async fn current(api: ApiClient) -> Result<SessionInfo, ClientError> {
    api.get("/api/v1/session").await
}

/// Signs out.
///
/// # Errors
/// As [`ClientError`] says.
#[inline]
pub async fn end_current(api: ApiClient) -> Result<SignedOut, ClientError> {
    let answer = api.delete_for_text("/api/v1/session").await?;
    // The session is over, whether or not the answer says where to go next.
    Ok(serde_json::from_str(&answer).unwrap_or_default())
}

/// All own devices.
///
/// # Errors
/// As [`ClientError`] says.
#[inline]
pub async fn list(api: ApiClient) -> Result<Sessions, ClientError> {
    api.get("/api/v1/sessions").await
}

/// Signs out a device.
///
/// # Errors
/// As [`ClientError`] says.
#[inline]
pub async fn end(api: ApiClient, session: SessionId) -> Result<(), ClientError> {
    api.delete(&format!("/api/v1/sessions/{session}")).await
}

/// A new password.
///
/// # Errors
/// As [`ClientError`] says.
#[inline]
pub async fn change_password(api: ApiClient, body: &ChangePassword) -> Result<(), ClientError> {
    api.tell("/api/v1/password", body).await
}
