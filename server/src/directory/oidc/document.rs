//! What the provider says about itself. Read leniently: only what is used here must be right.

use serde_json::{Map, Value};
use url::Url;

use super::failure::{Failure, plain};
use super::{Algorithm, Settings};

/// The discovery document, checked.
#[derive(Debug, Clone)]
pub struct Document {
    /// Where people sign in.
    pub authorization_endpoint: Url,
    /// Where codes are exchanged.
    pub token_endpoint: Url,
    /// Where the keys are.
    pub jwks_uri: Url,
    /// Where more can be asked about a person.
    pub userinfo_endpoint: Option<Url>,
    /// Where people sign out.
    pub end_session_endpoint: Option<Url>,
    /// Whether S256 is announced as a way of PKCE; `None` when nothing is announced.
    pub pkce: Option<bool>,
    /// Ways a client may authenticate; `None` when nothing is announced.
    pub client_authentication: Option<Vec<String>>,
    /// Whether every answer says from which provider it is (RFC 9207).
    pub answers_name_issuer: bool,
    /// Whether back-channel logout is announced.
    pub back_channel_logout: bool,
}

/// Where the document of an issuer stands.
pub(super) fn address(issuer: &str) -> Option<Url> {
    Url::parse(&format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'))).ok()
}

/// Whether the provider's name for itself is the one entered, to the character.
pub(super) fn check_issuer(object: &Map<String, Value>, settings: &Settings) -> Result<(), Failure> {
    let Some(announced) = object.get("issuer").and_then(Value::as_str) else {
        return Err(Failure::NoDocument { address: plain(&settings.issuer, 300) });
    };
    if announced == settings.issuer {
        return Ok(());
    }
    Err(Failure::IssuerDiffers { entered: plain(&settings.issuer, 300), announced: plain(announced, 300) })
}

/// Whether one of the algorithms that are offered is allowed.
pub(super) fn check_algorithms(object: &Map<String, Value>, settings: &Settings) -> Result<(), Failure> {
    // Discovery demands the list; who leaves it out signs with the default, RS256.
    let offered =
        texts(object, "id_token_signing_alg_values_supported").unwrap_or_else(|| vec!["RS256".to_owned()]);
    let usable = |name: &String| Algorithm::named(name).is_some_and(|one| settings.algorithms.contains(&one));
    if offered.iter().any(usable) {
        return Ok(());
    }
    let announced: Vec<_> = offered.iter().take(20).map(|name| plain(name, 20)).collect();
    Err(Failure::NoAlgorithm { announced: announced.join(", ") })
}

impl Document {
    /// Reads it; the issuer must have been checked.
    pub(super) fn read(object: &Map<String, Value>, settings: &Settings) -> Result<Self, Failure> {
        let needed = |name| optional(object, name, settings)?.ok_or(Failure::EndpointMissing(name));
        Ok(Self {
            authorization_endpoint: needed("authorization_endpoint")?,
            token_endpoint: needed("token_endpoint")?,
            jwks_uri: needed("jwks_uri")?,
            userinfo_endpoint: optional(object, "userinfo_endpoint", settings)?,
            end_session_endpoint: optional(object, "end_session_endpoint", settings)?,
            pkce: texts(object, "code_challenge_methods_supported")
                .map(|ways| ways.iter().any(|way| way == "S256")),
            client_authentication: texts(object, "token_endpoint_auth_methods_supported"),
            answers_name_issuer: flag(object, "authorization_response_iss_parameter_supported"),
            back_channel_logout: flag(object, "backchannel_logout_supported"),
        })
    }
}

fn optional(
    object: &Map<String, Value>,
    name: &'static str,
    settings: &Settings,
) -> Result<Option<Url>, Failure> {
    let Some(value) = object.get(name).filter(|value| !value.is_null()) else { return Ok(None) };
    let url = value.as_str().and_then(|text| Url::parse(text).ok());
    let usable = url.filter(|url| super::settings::allows(settings, url) && url.fragment().is_none());
    usable.map(Some).ok_or(Failure::EndpointRefused(name))
}

fn texts(object: &Map<String, Value>, name: &str) -> Option<Vec<String>> {
    let list = object.get(name)?.as_array()?;
    Some(list.iter().filter_map(Value::as_str).map(String::from).collect())
}

/// Some providers write flags as texts.
fn flag(object: &Map<String, Value>, name: &str) -> bool {
    match object.get(name) {
        Some(Value::Bool(flag)) => *flag,
        Some(Value::String(text)) => text == "true",
        _ => false,
    }
}
