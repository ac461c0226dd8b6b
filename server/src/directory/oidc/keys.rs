//! The keys a provider signs with: which of them may check which token.
//!
//! The provider's word is not enough: a key is left out when it is for encryption, a shared secret, or too weak,
//! and a token is only checked with keys of the kind its algorithm needs. So nobody gets a public key used as
//! the secret of an HMAC.

use data_encoding::BASE64URL_NOPAD;
use openidconnect::core::CoreJsonWebKey;
use openidconnect::{AccessToken, AccessTokenHash, JsonWebKey as _};
use serde_json::Value;

use super::Algorithm;
use super::token::Signed;

/// More keys than any provider publishes.
const MOST_KEYS: usize = 100;
/// The strongest the arithmetic below us takes.
const MOST_RSA_BITS: usize = 4096;
const LEAST_RSA_BITS: usize = 2048;

/// A key set, usable keys only.
#[derive(Default)]
pub(super) struct Keys(Vec<Key>);

struct Key {
    id: Option<String>,
    algorithm: Option<String>,
    family: Family,
    key: CoreJsonWebKey,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Rsa,
    P256,
    P384,
    Ed25519,
}

/// What became of checking a signature.
pub(super) enum Checked<'k> {
    /// Right, by this key.
    Right(Signer<'k>),
    /// A key is named and known, and the signature is not its.
    Wrong,
    /// No key fits: a newer key set may have it.
    Unknown,
}

/// The key that signed a token, and how.
pub(super) struct Signer<'k> {
    key: &'k CoreJsonWebKey,
    algorithm: Algorithm,
}

impl Keys {
    /// Reads a key set; `None` when it is none. Keys that cannot be used are left out.
    pub(super) fn read(object: &serde_json::Map<String, Value>) -> Option<Self> {
        let list = object.get("keys")?.as_array()?;
        Some(Self(list.iter().take(MOST_KEYS).filter_map(read).collect()))
    }

    /// Whether one of the algorithms can be checked.
    pub(super) fn serve(&self, algorithms: &[Algorithm]) -> bool {
        self.0.iter().any(|key| algorithms.iter().any(|algorithm| key.fits(*algorithm)))
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Checks a token's signature. Without a key id every key that fits is tried.
    pub(super) fn check(&self, token: &Signed<'_>) -> Checked<'_> {
        let named = |key: &&Key| token.key.is_none() || key.id == token.key;
        let mut found = false;
        for Key { key, .. } in self.0.iter().filter(|key| key.fits(token.algorithm)).filter(named) {
            if key
                .verify_signature(&super::settings::jws(token.algorithm), token.message, &token.signature)
                .is_ok()
            {
                return Checked::Right(Signer { key, algorithm: token.algorithm });
            }
            found = true;
        }
        if found && token.key.is_some() { Checked::Wrong } else { Checked::Unknown }
    }
}

impl Signer<'_> {
    /// Whether `hash` is the `at_hash` of an access token.
    pub(super) fn vouches_for(&self, token: &str, hash: &str) -> bool {
        let token = AccessToken::new(token.to_owned());
        AccessTokenHash::from_token(&token, &super::settings::jws(self.algorithm), self.key)
            .is_ok_and(|right| right.as_str() == hash)
    }
}

impl Key {
    fn fits(&self, algorithm: Algorithm) -> bool {
        let family = match algorithm {
            Algorithm::ES256 => Family::P256,
            Algorithm::ES384 => Family::P384,
            Algorithm::EdDSA => Family::Ed25519,
            _ => Family::Rsa,
        };
        self.family == family && self.algorithm.as_deref().is_none_or(|name| name == algorithm.name())
    }
}

fn read(value: &Value) -> Option<Key> {
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    if text("use").is_some_and(|purpose| purpose != "sig") {
        return None;
    }
    let operations = value.get("key_ops").and_then(Value::as_array);
    if operations.is_some_and(|list| !list.iter().any(|one| one == "verify")) {
        return None;
    }
    let family = match (text("kty")?, text("crv")) {
        ("RSA", _) => {
            let modulus = BASE64URL_NOPAD.decode(text("n")?.as_bytes()).ok()?;
            let zeros = modulus.iter().take_while(|byte| **byte == 0).count();
            let first = modulus.get(zeros)?;
            let bits = (modulus.len() - zeros) * 8 - usize::try_from(first.leading_zeros()).ok()?;
            if !(LEAST_RSA_BITS..=MOST_RSA_BITS).contains(&bits) {
                return None;
            }
            Family::Rsa
        }
        ("EC", Some("P-256")) => Family::P256,
        ("EC", Some("P-384")) => Family::P384,
        ("OKP", Some("Ed25519")) => Family::Ed25519,
        _ => return None,
    };
    let mut bare = value.clone();
    // Names of algorithms the library below does not know would cost the whole key; they are compared here.
    bare.as_object_mut()?.remove("alg");
    Some(Key {
        id: text("kid").map(String::from),
        algorithm: text("alg").map(String::from),
        family,
        key: serde_json::from_value(bare).ok()?,
    })
}
