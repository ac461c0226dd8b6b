//! Codes that change every 30 seconds: RFC 6238 with SHA-1 and six digits, which is what every authenticator app speaks.

use chancery_protocol::Micros;
use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use url::form_urlencoded::byte_serialize;

use crate::access::token::same;

/// Bytes of a secret: as many as SHA-1 makes.
pub const SECRET: usize = 20;
/// How long a code is the right one.
const STEP: Micros = 30_000_000;
/// So many steps early or late are accepted: clocks differ, and people are slow.
const SKEW: i64 = 1;
const DIGITS: usize = 6;

/// The step of a moment.
pub fn step_at(now: Micros) -> i64 {
    now.div_euclid(STEP)
}

/// The step whose code was typed, if it is near `now` and newer than `last`. Blanks do not count.
pub fn find(secret: &[u8], typed: &str, now: Micros, last: Option<i64>) -> Option<i64> {
    let typed: String = typed.chars().filter(|c| !c.is_whitespace()).take(DIGITS + 1).collect();
    let here = step_at(now);
    let mut found = None;
    // All are compared, whichever fits.
    for step in here - SKEW..=here + SKEW {
        if same(&code(secret, step), &typed) && last.is_none_or(|last| step > last) {
            found = Some(step);
        }
    }
    found
}

/// The code of a step.
pub fn code(secret: &[u8], step: i64) -> String {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).expect("HMAC takes keys of every length");
    mac.update(&step.to_be_bytes());
    let made: [u8; 20] = mac.finalize().into_bytes().into();
    // The last four bits say where the four bytes begin: at most at 15, so they are always there.
    let [.., last] = made;
    let from = usize::from(last & 0x0f);
    let number = made.iter().skip(from).take(4).fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
    format!("{:0DIGITS$}", (number & 0x7fff_ffff) % 1_000_000)
}

/// A secret as it is typed.
pub fn text(secret: &[u8]) -> String {
    BASE32_NOPAD.encode(secret)
}

/// A secret as a picture tells an app: `issuer` is the server, `account` the user name.
pub fn uri(secret: &[u8], issuer: &str, account: &str) -> String {
    let plain = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    let (issuer, account, secret) = (plain(issuer), plain(account), text(secret));
    format!(
        "otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits={DIGITS}&period=30"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// That of the RFC.
    const RFC: &[u8] = b"12345678901234567890";
    const SECOND: Micros = 1_000_000;

    #[test]
    fn codes_are_those_of_the_rfc() {
        // Appendix B of RFC 6238 has eight digits; six are their end.
        for (seconds, code_there) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            assert_eq!(code(RFC, step_at(seconds * SECOND)), code_there[2..], "{seconds}");
        }
        // Appendix D of RFC 4226.
        for (step, code_there) in ["755224", "287082", "359152", "969429", "338314"].into_iter().enumerate() {
            assert_eq!(code(RFC, i64::try_from(step).unwrap()), code_there);
        }
    }

    #[test]
    fn a_code_counts_one_step_early_and_one_late() {
        let now = 1_234_567_890 * SECOND;
        let here = step_at(now);
        for (step, counts) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
            let found = find(RFC, &code(RFC, here + step), now, None);
            assert_eq!(found, counts.then_some(here + step), "{step}");
        }
    }

    #[test]
    fn a_code_is_used_once_and_so_are_those_before_it() {
        let now = 1_234_567_890 * SECOND;
        let here = step_at(now);
        assert_eq!(find(RFC, &code(RFC, here), now, Some(here)), None);
        assert_eq!(find(RFC, &code(RFC, here - 1), now, Some(here)), None);
        assert_eq!(find(RFC, &code(RFC, here + 1), now, Some(here)), Some(here + 1));
    }

    #[test]
    fn a_code_is_six_digits_however_they_are_typed() {
        let now = 1_234_567_890 * SECOND;
        assert_eq!(code(RFC, step_at(now)), "005924");
        for typed in ["005924", "005 924", " 005924\t"] {
            assert!(find(RFC, typed, now, None).is_some(), "{typed:?}");
        }
        for typed in ["", "5924", "0059240", "00592", "ÿ05924", "-05924"] {
            assert!(find(RFC, typed, now, None).is_none(), "{typed:?}");
        }
    }

    #[test]
    fn a_picture_names_the_server_and_the_account() {
        assert_eq!(
            uri(RFC, "chat.example.com", "ada.l"),
            "otpauth://totp/chat.example.com:ada.l?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=chat.example.com\
             &algorithm=SHA1&digits=6&period=30"
        );
        assert!(uri(RFC, "[::1]", "a").starts_with("otpauth://totp/%5B%3A%3A1%5D:a?"));
    }
}
