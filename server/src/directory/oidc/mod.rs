//! Signing in with the organisation's own identity provider: an OpenID Connect relying party.
//!
//! What must stay true:
//! - only the authorization code flow, always with PKCE (S256), `state` and `nonce`; who signed in is known only
//!   from an ID token whose signature, issuer, audience, times and nonce were checked here;
//! - signatures are of the asymmetric algorithms the settings allow, with keys the provider publishes: never `none`,
//!   never a shared secret;
//! - the provider is asked without following redirects, within a time limit and a size limit, and an unknown key
//!   makes it be asked for its keys once a minute at most;
//! - no token, code or secret is in an error, in a `Debug` or in a log line.
//!
//! `settings` is what an administrator enters, `provider` holds what the provider says about itself (`document`,
//! `keys`) and asks for it (`fetch`), `sign_in` is the way out and back, `exchange` what is then asked of the
//! provider, `token` and `claims` check and read what it signed, `logout` ends what began, `probe` tries the settings,
//! `failure` is everything that can go wrong.
//!
//! It knows nothing of databases, cookies or the web framework; what the caller must add stands at [`Pending`] and
//! [`Provider::back_channel_logout`].

mod claims;
mod document;
mod exchange;
mod failure;
mod fetch;
mod keys;
mod logout;
mod probe;
mod provider;
mod settings;
mod sign_in;
#[cfg(test)]
mod tests;
mod token;

pub use chancery_protocol::sources::{
    Algorithm, ClaimNames, ClientAuthentication, EmailTrust, OidcSettings as Settings,
};
pub use claims::SignedIn;
pub use document::Document;
pub use failure::{Failure, Fault, Kind, Reach, What};
pub use logout::LoggedOut;
pub use probe::{Check, Status, Step, test_connection};
pub use provider::Provider;
pub use settings::{Problem, check};
pub use sign_in::{Answer, Begun, Fresh, Pending, Prompt};
