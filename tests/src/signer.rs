//! Keys of a provider, and tokens signed with them: right ones and every wrong one.

use std::process::Command;
use std::sync::{Arc, OnceLock};

use data_encoding::{BASE64, BASE64URL_NOPAD};
use ring::rand::SystemRandom;
use ring::signature::{self, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RsaKeyPair};
use serde_json::{Value, json};

use crate::process::{require, run};

/// A key with its id.
#[derive(Clone)]
pub struct Key {
    pub id: String,
    pair: Pair,
}

#[derive(Clone)]
enum Pair {
    Rsa(Arc<RsaKeyPair>, Vec<u8>),
    P256(Arc<EcdsaKeyPair>),
    Ed25519(Arc<Ed25519KeyPair>),
}

impl Key {
    /// The RSA key of this run; making one takes a while.
    pub fn rsa(id: &str) -> Self {
        static KEY: OnceLock<Vec<u8>> = OnceLock::new();
        Self::of_rsa(id, KEY.get_or_init(|| new_rsa(2048)))
    }

    /// Another RSA key.
    pub fn other_rsa(id: &str) -> Self {
        static KEY: OnceLock<Vec<u8>> = OnceLock::new();
        Self::of_rsa(id, KEY.get_or_init(|| new_rsa(2048)))
    }

    fn of_rsa(id: &str, der: &[u8]) -> Self {
        let pair = RsaKeyPair::from_pkcs8(der).unwrap();
        Self { id: id.to_owned(), pair: Pair::Rsa(Arc::new(pair), der.to_vec()) }
    }

    pub fn p256(id: &str) -> Self {
        let random = SystemRandom::new();
        let way = &signature::ECDSA_P256_SHA256_FIXED_SIGNING;
        let der = EcdsaKeyPair::generate_pkcs8(way, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(way, der.as_ref(), &random).unwrap();
        Self { id: id.to_owned(), pair: Pair::P256(Arc::new(pair)) }
    }

    pub fn ed25519(id: &str) -> Self {
        let der = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        let pair = Ed25519KeyPair::from_pkcs8(der.as_ref()).unwrap();
        Self { id: id.to_owned(), pair: Pair::Ed25519(Arc::new(pair)) }
    }

    /// The usual algorithm of such a key.
    pub fn algorithm(&self) -> &'static str {
        match self.pair {
            Pair::Rsa(..) => "RS256",
            Pair::P256(_) => "ES256",
            Pair::Ed25519(_) => "EdDSA",
        }
    }

    /// As it stands in a key set.
    pub fn public(&self) -> Value {
        let text = |bytes: &[u8]| BASE64URL_NOPAD.encode(bytes);
        match &self.pair {
            Pair::Rsa(pair, _) => {
                let parts: signature::RsaPublicKeyComponents<Vec<u8>> = pair.public_key().into();
                json!({"kty": "RSA", "use": "sig", "kid": self.id, "n": text(&parts.n), "e": text(&parts.e)})
            }
            Pair::P256(pair) => {
                let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
                json!({"kty": "EC", "crv": "P-256", "use": "sig", "kid": self.id, "x": text(x), "y": text(y)})
            }
            Pair::Ed25519(pair) => {
                json!({"kty": "OKP", "crv": "Ed25519", "use": "sig", "kid": self.id, "x": text(pair.public_key().as_ref())})
            }
        }
    }

    /// The public key as PEM and DER, as somebody would use it who takes it for a shared secret.
    pub fn public_bytes(&self) -> Vec<Vec<u8>> {
        let Pair::Rsa(pair, private) = &self.pair else { panic!("RSA only") };
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("key"), private).unwrap();
        let of = |form: &str| {
            let mut openssl = Command::new("openssl");
            openssl.args(["pkey", "-inform", "DER", "-in", "key", "-pubout", "-outform", form]);
            openssl.current_dir(folder.path()).output().unwrap().stdout
        };
        let parts: signature::RsaPublicKeyComponents<Vec<u8>> = pair.public_key().into();
        let pem = of("PEM");
        let trimmed = pem.trim_ascii_end().to_vec();
        let modulus = self.public()["n"].as_str().unwrap().as_bytes().to_vec();
        vec![pem, trimmed, of("DER"), parts.n, modulus, pair.public_key().as_ref().to_vec()]
    }

    /// Signs claims in the usual way.
    pub fn sign(&self, claims: &Value) -> String {
        self.sign_with(&json!({"alg": self.algorithm(), "kid": self.id}), claims)
    }

    /// Signs claims under a header, by the algorithm it names.
    pub fn sign_with(&self, header: &Value, claims: &Value) -> String {
        let message = message(header, claims);
        let random = SystemRandom::new();
        let signature = match &self.pair {
            Pair::Rsa(pair, _) => {
                let way: &dyn signature::RsaEncoding = match header["alg"].as_str() {
                    Some("PS256") => &signature::RSA_PSS_SHA256,
                    Some("RS384") => &signature::RSA_PKCS1_SHA384,
                    _ => &signature::RSA_PKCS1_SHA256,
                };
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(way, &random, message.as_bytes(), &mut signature).unwrap();
                signature
            }
            Pair::P256(pair) => pair.sign(&random, message.as_bytes()).unwrap().as_ref().to_vec(),
            Pair::Ed25519(pair) => pair.sign(message.as_bytes()).as_ref().to_vec(),
        };
        format!("{message}.{}", BASE64URL_NOPAD.encode(&signature))
    }
}

/// Header and claims, to be signed.
pub fn message(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    format!("{}.{}", part(header), part(claims))
}

/// A token "signed" with a shared secret.
pub fn sign_shared(secret: &[u8], header: &Value, claims: &Value) -> String {
    let message = message(header, claims);
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret);
    let tag = ring::hmac::sign(&key, message.as_bytes());
    format!("{message}.{}", BASE64URL_NOPAD.encode(tag.as_ref()))
}

/// `at_hash` under the algorithms with SHA-256.
pub fn hash_of(access_token: &str) -> String {
    let hash = ring::digest::digest(&ring::digest::SHA256, access_token.as_bytes());
    BASE64URL_NOPAD.encode(&hash.as_ref()[..16])
}

/// The S256 challenge of a PKCE verifier.
pub fn challenge_of(verifier: &str) -> String {
    BASE64URL_NOPAD.encode(ring::digest::digest(&ring::digest::SHA256, verifier.as_bytes()).as_ref())
}

/// A private RSA key as PKCS#8.
fn new_rsa(bits: u32) -> Vec<u8> {
    require("openssl", "openssl");
    let mut openssl = Command::new("openssl");
    openssl.args(["genpkey", "-algorithm", "RSA", "-pkeyopt", &format!("rsa_keygen_bits:{bits}")]);
    let pem = run("openssl", openssl);
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    BASE64.decode(body.as_bytes()).unwrap()
}

/// The public part of a new RSA key of some size, for a key set.
pub fn public_rsa(id: &str, bits: u32) -> Value {
    let mut openssl = Command::new("sh");
    openssl.args([
        "-c",
        &format!("openssl genrsa {bits} 2>/dev/null | openssl rsa -noout -modulus 2>/dev/null"),
    ]);
    let text = run("openssl", openssl);
    let modulus =
        data_encoding::HEXUPPER.decode(text.trim().trim_start_matches("Modulus=").as_bytes()).unwrap();
    json!({"kty": "RSA", "kid": id, "n": BASE64URL_NOPAD.encode(&modulus), "e": "AQAB"})
}
