//! Signing in and out, own devices, own password.
//!
//! Inline: what is compiled for each type of answer is compiled once, in the interface, and not a second time here.

use chancery_protocol::http::{ChangePassword, SessionInfo, Sessions, SignIn};
use chancery_protocol::ids::SessionId;

use super::{ApiClient, ClientError};

/// Signs in.
///
/// # Errors
/// As [`ClientError`] says.
#[inline]
pub async fn create(api: ApiClient, body: &SignIn) -> Result<SessionInfo, ClientError> {
    api.post("/api/v1/session", body).await
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
pub async fn end_current(api: ApiClient) -> Result<(), ClientError> {
    api.delete("/api/v1/session").await
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
