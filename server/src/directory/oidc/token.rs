//! Tokens the provider signed (RFC 7515, 7519): taking one apart, checking the signature, and the rules that hold
//! for ID tokens and logout tokens alike (OpenID Connect Core, 3.1.3.7).

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Map, Value};

use super::failure::{Failure, Fault, Kind};
use super::{Algorithm, Settings};

/// The claims of a token.
pub(super) type Claims = Map<String, Value>;

/// Longest token that is looked at; logout tokens come from anybody.
const MOST_BYTES: usize = 1 << 17;
/// Longest text an id or a name within a claim may be.
const LONGEST_ID: usize = 255;
/// Seconds between issuing a token and its arrival here. ID tokens come straight from the provider, though some are made
/// together with the code.
const MOST_AGE: i64 = 600;

/// A token taken apart; nothing of it is proven yet.
pub(super) struct Signed<'t> {
    pub algorithm: Algorithm,
    pub key: Option<String>,
    pub message: &'t [u8],
    pub signature: Vec<u8>,
    payload: Vec<u8>,
}

impl<'t> Signed<'t> {
    /// Takes a token apart and checks what its header says.
    pub(super) fn read(token: &'t str, kind: Kind, settings: &Settings) -> Result<Self, Fault> {
        if token.len() > MOST_BYTES {
            return Err(Fault::Malformed);
        }
        let (message, signature) = token.rsplit_once('.').ok_or(Fault::Malformed)?;
        let (header, payload) = message.split_once('.').ok_or(Fault::Malformed)?;
        let decode = |part: &str| BASE64URL_NOPAD.decode(part.as_bytes()).map_err(|_| Fault::Malformed);
        let header: Map<String, Value> =
            serde_json::from_slice(&decode(header)?).map_err(|_| Fault::Malformed)?;
        let text = |name| header.get(name).and_then(Value::as_str);
        let algorithm = text("alg").and_then(Algorithm::named);
        let algorithm = algorithm.filter(|one| settings.algorithms.contains(one)).ok_or(Fault::Algorithm)?;
        if ["crit", "enc", "zip", "cty", "b64"].iter().any(|name| header.contains_key(*name)) {
            return Err(Fault::Header);
        }
        if header.get("typ").is_some_and(|typ| !is_type(typ, kind)) {
            return Err(Fault::Type);
        }
        let key = match header.get("kid") {
            None => None,
            Some(Value::String(id)) => Some(id.clone()),
            Some(_) => return Err(Fault::Malformed),
        };
        Ok(Self {
            algorithm,
            key,
            message: message.as_bytes(),
            signature: decode(signature)?,
            payload: decode(payload)?,
        })
    }

    /// What the token claims; to be called once its signature is right.
    pub(super) fn claims(&self) -> Result<Claims, Fault> {
        serde_json::from_slice(&self.payload).map_err(|_| Fault::Malformed)
    }
}

/// `typ` may be left out or be general; it must not be that of another kind (RFC 8725, 3.11).
fn is_type(typ: &Value, kind: Kind) -> bool {
    let Some(typ) = typ.as_str().map(str::to_ascii_lowercase) else { return false };
    match typ.strip_prefix("application/").unwrap_or(&typ) {
        "jwt" => true,
        "logout+jwt" => kind == Kind::Logout,
        _ => false,
    }
}

/// Checks issuer, audience, authorised party and times. `now` in seconds.
pub(super) fn check(claims: &Claims, settings: &Settings, now: i64) -> Result<(), Fault> {
    if text(claims, "iss").ok_or(Fault::Claim("iss"))? != settings.issuer {
        return Err(Fault::Issuer);
    }
    check_audience(claims, settings)?;
    let skew = settings.skew();
    if moment(claims, "exp")?.ok_or(Fault::Claim("exp"))? <= now - skew {
        return Err(Fault::Expired);
    }
    if moment(claims, "nbf")?.is_some_and(|begins| begins > now + skew) {
        return Err(Fault::Future);
    }
    let issued = moment(claims, "iat")?.ok_or(Fault::Claim("iat"))?;
    if issued > now + skew {
        return Err(Fault::Future);
    }
    if issued < now - skew - MOST_AGE {
        return Err(Fault::TooOld);
    }
    Ok(())
}

fn check_audience(claims: &Claims, settings: &Settings) -> Result<(), Fault> {
    let audiences: Vec<&str> = match claims.get("aud") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(list)) => {
            list.iter().map(Value::as_str).collect::<Option<_>>().ok_or(Fault::Claim("aud"))?
        }
        _ => return Err(Fault::Claim("aud")),
    };
    let ours = settings.client_id.as_str();
    if !audiences.contains(&ours) {
        return Err(Fault::Audience);
    }
    let others: Vec<_> = audiences.into_iter().filter(|audience| *audience != ours).collect();
    if others.iter().any(|other| !settings.trusted_audiences.iter().any(|trusted| trusted == other)) {
        return Err(Fault::Strangers);
    }
    match claims.get("azp") {
        None if others.is_empty() => Ok(()),
        Some(Value::String(party)) if party == ours => Ok(()),
        _ => Err(Fault::Party),
    }
}

/// A claim that is a text.
pub(super) fn text<'c>(claims: &'c Claims, name: &str) -> Option<&'c str> {
    claims.get(name).and_then(Value::as_str)
}

/// A claim that is an id: `sub`, `sid`, `jti`. `None` when it is not there.
pub(super) fn id(claims: &Claims, name: &'static str) -> Result<Option<String>, Fault> {
    match claims.get(name) {
        None => Ok(None),
        Some(Value::String(id)) if !id.is_empty() && id.len() <= LONGEST_ID => Ok(Some(id.clone())),
        Some(_) => Err(Fault::Claim(name)),
    }
}

/// A claim that is a moment, in seconds since 1970; fractions are dropped. `None` when it is not there.
pub(super) fn moment(claims: &Claims, name: &'static str) -> Result<Option<i64>, Fault> {
    let Some(value) = claims.get(name) else { return Ok(None) };
    let seconds = match value.as_i64() {
        Some(seconds) => seconds,
        None => whole(value.as_f64().ok_or(Fault::Claim(name))?).ok_or(Fault::Claim(name))?,
    };
    // Far beyond any calendar: sums with it must not overflow.
    if (0..=1 << 40).contains(&seconds) { Ok(Some(seconds)) } else { Err(Fault::Claim(name)) }
}

fn whole(seconds: f64) -> Option<i64> {
    // The range makes the conversion exact enough: f64 counts whole seconds far beyond it.
    #[expect(clippy::cast_possible_truncation, reason = "in range, and fractions are to go")]
    (0.0..=1e12).contains(&seconds).then_some(seconds as i64)
}

impl Kind {
    /// A fault of a token of this kind as a failure; for `map_err`.
    pub(super) fn fails(self) -> impl Fn(Fault) -> Failure + Copy {
        move |fault| self.with(fault)
    }
}
