//! What an administrator says about an OpenID Connect provider. The client secret is no part of it: it is handed over
//! apart and never comes back.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The relying party's settings. The client secret is not among them: it is handed over apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OidcSettings {
    /// The provider's name for itself, to the character: it is compared, never normalised.
    pub issuer: String,
    /// The name this server has at the provider.
    pub client_id: String,
    /// How the client secret is sent. Without a secret (a public client) only the client id is.
    pub client_authentication: ClientAuthentication,
    /// What is asked for; `openid` always is.
    pub scopes: Vec<String>,
    /// Where in a token the facts about a person are.
    pub claims: ClaimNames,
    /// Only people with an e-mail address in one of these domains come in. Empty: everybody.
    pub email_domains: Vec<String>,
    /// When an e-mail address counts as the person's own.
    pub email_trust: EmailTrust,
    /// How tokens may be signed.
    pub algorithms: Vec<Algorithm>,
    /// Audiences besides this client that a token may name, when it was issued to this client.
    pub trusted_audiences: Vec<String>,
    /// One of these must have been met by every sign-in (`acr`). Empty: any.
    pub acr_values: Vec<String>,
    /// For a fresh sign-in: seconds since the person last proved who they are. Nothing: they prove it now.
    pub max_age_seconds: Option<u32>,
    /// Seconds by which the provider's clock may differ from this machine's.
    pub clock_skew_seconds: u32,
    /// Certificates (PEM) of the authority that signed the provider's. When given, no other authority counts.
    pub ca_pem: Option<String>,
    /// Whether signing out here also signs out at the provider.
    pub logout_at_provider: bool,
    /// Seconds one request to the provider may take.
    pub timeout_seconds: u32,
    /// For trying out: a provider on this machine may speak plain HTTP.
    pub allow_http_on_loopback: bool,
}

/// How the client secret is sent to the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClientAuthentication {
    /// In the `Authorization` header (`client_secret_basic`).
    Basic,
    /// In the body (`client_secret_post`).
    Post,
}

/// Names of claims. A name may be a path into objects, `realm_access.roles`; a claim that has the dots in its own
/// name is found first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ClaimNames {
    /// The name to sign in with. Must be there.
    pub login: String,
    /// The name shown.
    pub display_name: String,
    /// The e-mail address.
    pub email: String,
    /// The position in the organisation.
    pub title: Option<String>,
    /// The department.
    pub department: Option<String>,
    /// Groups or roles: an array of texts, or one text.
    pub groups: Option<String>,
}

/// When an e-mail address counts as the person's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EmailTrust {
    /// When the provider says so of this address (`email_verified`).
    Claim,
    /// Always: people cannot choose their address at this provider.
    Always,
}

/// A way of signing in which the key that checks is public.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[expect(missing_docs, reason = "names of RFC 7518 and RFC 8037")]
pub enum Algorithm {
    RS256,
    RS384,
    RS512,
    PS256,
    PS384,
    PS512,
    ES256,
    ES384,
    EdDSA,
}

impl Default for OidcSettings {
    fn default() -> Self {
        Self {
            issuer: String::new(),
            client_id: String::new(),
            client_authentication: ClientAuthentication::Basic,
            scopes: ["openid", "profile", "email"].map(String::from).to_vec(),
            claims: ClaimNames::default(),
            email_domains: Vec::new(),
            email_trust: EmailTrust::Claim,
            algorithms: vec![Algorithm::RS256, Algorithm::PS256, Algorithm::ES256, Algorithm::EdDSA],
            trusted_audiences: Vec::new(),
            acr_values: Vec::new(),
            max_age_seconds: None,
            clock_skew_seconds: 60,
            ca_pem: None,
            logout_at_provider: true,
            timeout_seconds: 10,
            allow_http_on_loopback: false,
        }
    }
}

impl Default for ClaimNames {
    fn default() -> Self {
        Self {
            login: "preferred_username".to_owned(),
            display_name: "name".to_owned(),
            email: "email".to_owned(),
            title: None,
            department: None,
            groups: None,
        }
    }
}

impl Algorithm {
    /// Every one this server can check.
    pub const ALL: [Self; 9] = [
        Self::RS256,
        Self::RS384,
        Self::RS512,
        Self::PS256,
        Self::PS384,
        Self::PS512,
        Self::ES256,
        Self::ES384,
        Self::EdDSA,
    ];

    /// As in the header of a token.
    pub fn name(self) -> &'static str {
        match self {
            Self::RS256 => "RS256",
            Self::RS384 => "RS384",
            Self::RS512 => "RS512",
            Self::PS256 => "PS256",
            Self::PS384 => "PS384",
            Self::PS512 => "PS512",
            Self::ES256 => "ES256",
            Self::ES384 => "ES384",
            Self::EdDSA => "EdDSA",
        }
    }

    /// By its name, to the letter.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }
}

impl ClaimNames {
    /// Every claim that is looked for.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        let always = [&self.login, &self.display_name, &self.email].into_iter();
        let asked = [&self.title, &self.department, &self.groups].into_iter().flatten();
        always.chain(asked).map(String::as_str)
    }
}

impl OidcSettings {
    /// Seconds by which clocks may differ.
    pub fn skew(&self) -> i64 {
        i64::from(self.clock_skew_seconds)
    }
}
