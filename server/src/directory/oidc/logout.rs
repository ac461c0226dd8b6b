//! The end of a session: told to the provider by the browser (RP-Initiated Logout 1.0), or by the provider to this
//! server (Back-Channel Logout 1.0).

use serde_json::Value;
use url::Url;

use super::failure::{Failure, Fault, Kind};
use super::provider::Provider;
use super::token::{self, Claims};
use crate::ground::config::Secret;

/// The member of `events` that makes a token a logout token.
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// Longer than this an address may be cut off on the way.
const LONGEST_HINT: usize = 4_096;

/// A session ended at the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedOut {
    /// The provider.
    pub issuer: String,
    /// Whose session; at least one of `subject` and `sid` is there.
    pub subject: Option<String>,
    /// Which session. Without it: all of the person.
    pub sid: Option<String>,
    /// The token's own id, for refusing it a second time.
    pub jti: String,
    /// Until when (seconds since 1970) `jti` must be remembered; after that the token is refused as expired.
    pub remember_until: i64,
}

impl Provider {
    /// Where to send the browser so that the session at the provider ends too. `None` when the settings do not want
    /// it or the provider does not offer it. `state` comes back with the browser.
    ///
    /// # Errors
    /// When the provider is not known and cannot be asked.
    pub async fn logout_url(
        &self,
        id_token_hint: Option<&Secret>,
        post_logout_redirect_uri: &str,
        state: Option<&str>,
    ) -> Result<Option<Url>, Failure> {
        if !self.settings.logout_at_provider {
            return Ok(None);
        }
        let Some(mut url) = self.document().await?.end_session_endpoint.clone() else { return Ok(None) };
        {
            let mut query = url.query_pairs_mut();
            query.append_pair("client_id", &self.settings.client_id);
            query.append_pair("post_logout_redirect_uri", post_logout_redirect_uri);
            if let Some(hint) = id_token_hint.filter(|hint| hint.reveal().len() <= LONGEST_HINT) {
                query.append_pair("id_token_hint", hint.reveal());
            }
            if let Some(state) = state {
                query.append_pair("state", state);
            }
        }
        Ok(Some(url))
    }

    /// Checks a logout token the provider posted. The caller then refuses a `jti` it has seen, ends the sessions, and
    /// answers 200 also when there was none, 400 to a failure; both with `Cache-Control: no-store`.
    ///
    /// # Errors
    /// When the token is not right in every respect, or the provider is not known and cannot be asked.
    pub async fn back_channel_logout(&self, logout_token: &str) -> Result<LoggedOut, Failure> {
        let claims = self.claims_of(logout_token, Kind::Logout, None).await?;
        self.logged_out(&claims).map_err(Kind::Logout.fails())
    }

    fn logged_out(&self, claims: &Claims) -> Result<LoggedOut, Fault> {
        token::check(claims, &self.settings, self.seconds())?;
        let event = claims.get("events").and_then(|events| events.get(EVENT));
        if !event.is_some_and(Value::is_object) || claims.contains_key("nonce") {
            return Err(Fault::NoLogout);
        }
        let (subject, sid) = (token::id(claims, "sub")?, token::id(claims, "sid")?);
        if subject.is_none() && sid.is_none() {
            return Err(Fault::Claim("sub"));
        }
        let expires = token::moment(claims, "exp")?.ok_or(Fault::Claim("exp"))?;
        Ok(LoggedOut {
            issuer: self.settings.issuer.clone(),
            subject,
            sid,
            jti: token::id(claims, "jti")?.ok_or(Fault::Claim("jti"))?,
            remember_until: expires + self.settings.skew(),
        })
    }
}
