//! A security key made of software: as little of it as a server notices, and ways to do each thing wrong.

use data_encoding::BASE64URL_NOPAD;
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};

/// Bits of the flags: somebody is there; they were verified; it may be backed up; it is; a key comes along.
const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const ELIGIBLE: u8 = 0x08;
const BACKED_UP: u8 = 0x10;
const WITH_KEY: u8 = 0x40;

/// One key of one account.
pub struct Authenticator {
    key: EcdsaKeyPair,
    pkcs8: Vec<u8>,
    /// The credential's id.
    pub id: Vec<u8>,
    /// What the browser says it is at.
    pub origin: String,
    /// Another relying party than the one that asks.
    pub rp_id: Option<String>,
    /// Whether finger or PIN were asked for.
    pub verified: bool,
    /// How often it was shown; `None` does not count, as keys that are kept in several places do not.
    pub counter: Option<u32>,
    /// Whether it may be in a backup, and is.
    pub backed_up: bool,
}

impl Authenticator {
    /// A new key in a browser at this address.
    pub fn new(origin: &str) -> Self {
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8.as_ref(), &random).unwrap();
        let id = digest(&SHA256, key.public_key().as_ref()).as_ref().to_vec();
        Self {
            key,
            pkcs8: pkcs8.as_ref().to_vec(),
            id,
            origin: origin.to_owned(),
            rp_id: None,
            verified: true,
            counter: Some(0),
            backed_up: false,
        }
    }

    /// The same key as it is now, in another place.
    pub fn again(&self) -> Self {
        let (random, algorithm) = (SystemRandom::new(), &ECDSA_P256_SHA256_ASN1_SIGNING);
        Self {
            key: EcdsaKeyPair::from_pkcs8(algorithm, &self.pkcs8, &random).unwrap(),
            pkcs8: self.pkcs8.clone(),
            id: self.id.clone(),
            origin: self.origin.clone(),
            rp_id: self.rp_id.clone(),
            ..*self
        }
    }

    /// Another key that says it is this one.
    pub fn forged(&self) -> Self {
        Self { id: self.id.clone(), counter: self.counter, ..Self::new(&self.origin) }
    }

    /// As `navigator.credentials.create` answers, in the form of `toJSON()`.
    pub fn create(&mut self, options: &Value) -> Value {
        let options = &options["publicKey"];
        let rp_id = options["rp"]["id"].as_str().unwrap();
        let client = self.client_data("webauthn.create", options);
        let mut data = self.data(rp_id, WITH_KEY);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
        data.extend(&self.id);
        data.extend(self.cose());
        // {"fmt": "none", "attStmt": {}, "authData": data}
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59".to_vec();
        object.extend(u16::try_from(data.len()).unwrap().to_be_bytes());
        object.extend(data);
        json!({
            "id": text(&self.id), "rawId": text(&self.id), "type": "public-key",
            "authenticatorAttachment": "cross-platform", "clientExtensionResults": {},
            "response": {"attestationObject": text(&object), "clientDataJSON": text(&client), "transports": ["usb"]},
        })
    }

    /// As `navigator.credentials.get` answers, in the form of `toJSON()`.
    pub fn get(&mut self, options: &Value) -> Value {
        let options = &options["publicKey"];
        let rp_id = options["rpId"].as_str().unwrap();
        let client = self.client_data("webauthn.get", options);
        self.counter = self.counter.map(|counter| counter + 1);
        let data = self.data(rp_id, 0);
        let signed = [data.as_slice(), digest(&SHA256, &client).as_ref()].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).unwrap();
        json!({
            "id": text(&self.id), "rawId": text(&self.id), "type": "public-key",
            "authenticatorAttachment": "cross-platform", "clientExtensionResults": {},
            "response": {
                "authenticatorData": text(&data), "clientDataJSON": text(&client),
                "signature": text(signature.as_ref()),
            },
        })
    }

    fn client_data(&self, what: &str, options: &Value) -> Vec<u8> {
        let data = json!({
            "type": what, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": false,
        });
        serde_json::to_vec(&data).unwrap()
    }

    fn data(&self, rp_id: &str, flags: u8) -> Vec<u8> {
        let rp_id = self.rp_id.as_deref().unwrap_or(rp_id);
        let mut flags = flags | PRESENT;
        if self.verified {
            flags |= VERIFIED;
        }
        if self.backed_up {
            flags |= ELIGIBLE | BACKED_UP;
        }
        let mut data = digest(&SHA256, rp_id.as_bytes()).as_ref().to_vec();
        data.push(flags);
        data.extend(self.counter.unwrap_or(0).to_be_bytes());
        data
    }

    /// The public key: {1: 2, 3: -7, -1: 1, -2: x, -3: y}.
    fn cose(&self) -> Vec<u8> {
        let (x, y) = self.key.public_key().as_ref()[1..].split_at(32);
        [b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20", x, b"\x22\x58\x20", y].concat()
    }
}

fn text(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}
