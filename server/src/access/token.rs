//! Secrets a browser holds: session cookies and one-time links. The database has their hashes only.

use chancery_protocol::MAX_FRAME_BYTES;
use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::ground::error::Error;
use crate::ground::random::Random;

const LENGTH: usize = 32;

/// 32 random bytes, as base64url on the outside.
#[derive(Clone)]
pub struct Token(Zeroizing<[u8; LENGTH]>);

/// What the database has of a token.
pub type TokenHash = [u8; 32];

impl Token {
    /// A new one.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn new(random: &Random) -> Result<Self, Error> {
        Ok(Self(Zeroizing::new(random.bytes()?)))
    }

    /// Read from outside; `None` for anything that cannot be a token.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > MAX_FRAME_BYTES {
            return None;
        }
        let bytes = Zeroizing::new(BASE64URL_NOPAD.decode(text.as_bytes()).ok()?);
        bytes.as_slice().try_into().ok().map(|bytes| Self(Zeroizing::new(bytes)))
    }

    /// As it is handed out.
    pub fn text(&self) -> String {
        BASE64URL_NOPAD.encode(self.0.as_slice())
    }

    /// As the database knows it. 256 random bits need no slow hash.
    pub fn hash(&self) -> TokenHash {
        Sha256::digest(self.0.as_slice()).into()
    }

    /// What a page of this session sends with every request that changes something. Whoever knows it does not
    /// know the token.
    pub fn csrf(&self) -> String {
        BASE64URL_NOPAD.encode(&mac(self.0.as_slice(), &[b"csrf"]))
    }
}

/// HMAC-SHA-256 over `parts`, one after the other.
pub fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of every length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// Compares without telling by its time where two texts differ.
pub fn same(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_survives_its_text() {
        let token = Token::new(&Random::System).unwrap();
        assert_eq!(token.text().len(), 43);
        assert_eq!(Token::parse(&token.text()).unwrap().hash(), token.hash());
    }

    #[test]
    fn what_is_no_token_is_refused() {
        let good = "A".repeat(43);
        assert!(Token::parse(&good).is_some());
        for wrong in
            ["", "A", &"A".repeat(42), &"A".repeat(44), &format!("{good}="), &"é".repeat(22), &"+".repeat(43)]
        {
            assert!(Token::parse(wrong).is_none(), "{wrong:?}");
        }
        // The last character holds two spare bits: only one spelling is the token.
        assert!(Token::parse(&format!("{}B", "A".repeat(42))).is_none());
    }

    #[test]
    fn the_csrf_token_is_another_for_every_session() {
        let (one, other) = (Token::parse(&"A".repeat(43)).unwrap(), Token::new(&Random::System).unwrap());
        assert_eq!(one.csrf(), one.csrf());
        assert_ne!(one.csrf(), other.csrf());
        assert!(same(&one.csrf(), &one.csrf()) && !same(&one.csrf(), &other.csrf()) && !same("", "a"));
    }
}
