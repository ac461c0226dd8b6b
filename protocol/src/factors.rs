//! What one has or is beside what one knows: second factors of accounts with a password of their own, the second step of signing in
//! with them, and the accounts for the day the sources are away.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Micros;
use crate::ids::FactorId;

/// Most second factors of one person.
pub const MAX_FACTORS: usize = 10;

/// Most networks an account for emergencies can be bound to.
pub const MAX_NETWORKS: usize = 50;

/// What kind of second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FactorKind {
    /// Codes of six digits that change every 30 seconds (RFC 6238).
    Totp,
    /// A passkey or security key (`WebAuthn`), which asks for fingerprint, face or PIN.
    Passkey,
}

/// A second factor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Factor {
    /// Which.
    pub id: FactorId,
    /// Of which kind.
    pub kind: FactorKind,
    /// What its owner calls it.
    pub name: String,
    /// Since when.
    pub created_at: Micros,
    /// When somebody last signed in with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<Micros>,
}

/// A person's second factors, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Factors {
    /// They.
    pub factors: Vec<Factor>,
    /// Whether the person has a password of their own; without one nothing can be added.
    #[serde(default)]
    pub password: bool,
    /// Whether passkeys can be added: the server must be reached by a name, not by an address.
    #[serde(default)]
    pub passkeys: bool,
}

/// Begin to add a second factor.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddFactor {
    /// What to call it; every factor of a person has another name.
    pub name: String,
    /// The person's own password.
    pub password: String,
}

/// What an authenticator app is to be told. It counts once a code of it was shown.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TotpBegun {
    /// To be sent back with the first code, within 10 minutes.
    pub ticket: String,
    /// The secret, in base32, to be typed.
    pub secret: String,
    /// The same with all that belongs to it (`otpauth://`), to be shown as a QR code.
    pub uri: String,
}

/// The first code of an authenticator app.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FinishTotp {
    /// As it was given.
    pub ticket: String,
    /// Six digits.
    pub code: String,
}

/// What the browser is to be asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PasskeyBegun {
    /// To be sent back with the answer, within 10 minutes.
    pub ticket: String,
    /// For `navigator.credentials.create`: an object with `publicKey`, bytes in base64url, as
    /// `PublicKeyCredential.parseCreationOptionsFromJSON` takes what is in `publicKey`.
    pub options: Value,
}

/// What the browser made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FinishPasskey {
    /// As it was given.
    pub ticket: String,
    /// The credential as its `toJSON()` says it.
    pub credential: Value,
}

/// Remove one's own second factor.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveFactor {
    /// The person's own password.
    pub password: String,
}

/// The password was right, and the account has second factors: one of them is to be shown. There is no session yet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SecondStep {
    /// To be sent back, within 5 minutes.
    pub ticket: String,
    /// Whether a code will do.
    pub totp: bool,
    /// Whether a passkey will do: for `navigator.credentials.get`, an object with `publicKey`, bytes in base64url, as
    /// `PublicKeyCredential.parseRequestOptionsFromJSON` takes what is in `publicKey`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passkey: Option<Value>,
}

/// Show a second factor: a code or a passkey.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FinishSecondStep {
    /// As it was given.
    pub ticket: String,
    /// Six digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The credential as its `toJSON()` says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passkey: Option<Value>,
}

/// Say whether an account is one for the day the sources are away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetEmergency {
    /// Whether it is.
    pub emergency: bool,
    /// From where it can be used: addresses and networks, such as `10.1.2.0/24`; from anywhere when there are none.
    #[serde(default)]
    pub networks: Vec<String>,
}

/// An account for the day the sources are away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Emergency {
    /// From where it can be used; from anywhere when there are none.
    pub networks: Vec<String>,
    /// Since when it is as it is.
    pub since: Micros,
    /// When somebody last signed in with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used_at: Option<Micros>,
}
