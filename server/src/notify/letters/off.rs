//! The token in the link that turns mails off (RFC 8058). Whoever has it can do that and nothing else: it is no session
//! and no secret of the person, and it says who and which mails only to us.

use chancery_protocol::ids::{ConversationId, Id as _, PersonId};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

const VERSION: u8 = 1;
const DOMAIN: &[u8] = b"chancery.mail.off.v1\0";
const THREAD: &[u8] = b"chancery.mail.thread.v1\0";
/// Version, sort, person.
const SAID: usize = 18;
/// 128 bits of the MAC are enough for something that can be tried only here.
const MAC: usize = 16;

/// Key of the tokens, and of what ids in headers are not to tell: `Vault::secret("mail.off")`.
#[derive(Clone)]
pub struct OffKey(Zeroizing<[u8; 32]>);

/// Mails that can be turned off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sort {
    /// About unread messages of one conversation.
    Missed,
    /// Those of a day.
    Digest,
}

/// What a token turns off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Off {
    /// Whose mails.
    pub person: PersonId,
    /// Which.
    pub sort: Sort,
}

impl OffKey {
    /// From 32 secret bytes that are the same on every node, for ever.
    pub fn new(bytes: Zeroizing<[u8; 32]>) -> Self {
        Self(bytes)
    }

    fn mac(&self, domain: &[u8], said: &[u8]) -> Option<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.as_slice()).ok()?;
        mac.update(domain);
        mac.update(said);
        Some(mac)
    }

    /// All mails to one person about one conversation answer the same mail, which was never written: the left side of its id. It tells
    /// nobody else which conversation it is, nor that two people are in the same one.
    pub(super) fn thread(&self, reader: PersonId, conversation: ConversationId) -> String {
        let said = [reader.bytes(), conversation.bytes()].concat();
        let tag = self.mac(THREAD, &said).map(|mac| mac.finalize().into_bytes());
        let tag: Vec<u8> = tag.into_iter().flatten().take(MAC).collect();
        format!("thread.{}", HEXLOWER.encode(&tag))
    }
}

impl std::fmt::Debug for OffKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OffKey")
    }
}

impl Sort {
    fn number(self) -> u8 {
        match self {
            Self::Missed => 1,
            Self::Digest => 2,
        }
    }
}

impl Off {
    /// The token: 46 letters, digits, hyphens and underscores.
    pub fn token(&self, key: &OffKey) -> String {
        let mut bytes = vec![VERSION, self.sort.number()];
        bytes.extend(self.person.bytes());
        // A key of 32 bytes is always taken.
        let tag = key.mac(DOMAIN, &bytes).map(|mac| mac.finalize().into_bytes());
        bytes.extend(tag.iter().flatten().take(MAC));
        BASE64URL_NOPAD.encode(&bytes)
    }

    /// What a token turns off; nothing for one we did not make.
    pub fn read(token: &str, key: &OffKey) -> Option<Self> {
        let bytes = BASE64URL_NOPAD.decode(token.as_bytes()).ok()?;
        let (said, tag) = bytes.split_at_checked(SAID)?;
        if tag.len() != MAC {
            return None;
        }
        key.mac(DOMAIN, said)?.verify_truncated_left(tag).ok()?;
        let (head, person) = said.split_at_checked(2)?;
        let sort = match head {
            [VERSION, 1] => Sort::Missed,
            [VERSION, 2] => Sort::Digest,
            _ => return None,
        };
        Some(Self { person: PersonId::from_bytes(person.try_into().ok()?), sort })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> OffKey {
        OffKey::new(Zeroizing::new([byte; 32]))
    }

    #[test]
    fn a_token_says_whose_mails_and_which() {
        for sort in [Sort::Missed, Sort::Digest] {
            let off = Off { person: PersonId::from_bytes([7; 16]), sort };
            let token = off.token(&key(1));
            assert_eq!(token.len(), 46);
            assert_eq!(Off::read(&token, &key(1)), Some(off));
            assert_eq!(token, off.token(&key(1)), "the same mail, the same bytes");
        }
    }

    #[test]
    fn no_other_token_is_taken() {
        let off = Off { person: PersonId::from_bytes([7; 16]), sort: Sort::Missed };
        let token = off.token(&key(1));
        assert_eq!(Off::read(&token, &key(2)), None, "of another house");
        let bytes = BASE64URL_NOPAD.decode(token.as_bytes()).unwrap();
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            assert_eq!(Off::read(&BASE64URL_NOPAD.encode(&changed), &key(1)), None, "byte {at}");
        }
        for length in 0..bytes.len() {
            assert_eq!(Off::read(&BASE64URL_NOPAD.encode(&bytes[..length]), &key(1)), None, "{length} bytes");
        }
        for odd in ["", "=", "é", &token[1..], &format!("{token}AA"), &"A".repeat(46), &"A".repeat(100_000)]
        {
            assert_eq!(Off::read(odd, &key(1)), None);
        }
    }
}
