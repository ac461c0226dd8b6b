//! Distinguished names: one form for comparing them, and values escaped for writing them.

use std::fmt::Write as _;

/// A value of a DN's part (`cn=` …), escaped by RFC 4514.
pub fn value(text: &str) -> String {
    let last = text.chars().count().saturating_sub(1);
    let mut out = String::with_capacity(text.len() + 8);
    for (at, c) in text.chars().enumerate() {
        let at_an_end = (c == ' ' && (at == 0 || at == last)) || (c == '#' && at == 0);
        if matches!(c, '"' | '+' | ',' | ';' | '<' | '=' | '>' | '\\') || at_an_end {
            out.push('\\');
            out.push(c);
        } else if c.is_control() {
            let mut buffer = [0; 4];
            for byte in c.encode_utf8(&mut buffer).bytes() {
                let _ = write!(out, "\\{byte:02x}");
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// The form by which two DNs are the same: parts and values in lower case, without the blanks between parts, runs
/// of blanks as one, escapes in one way, the pieces of a part in order. A text that is no DN is only put into
/// lower case.
///
/// It treats all values as if case did not matter, as directories do for the attributes names are made of.
pub fn key(text: &str) -> String {
    let Some(parts) = parse(text) else { return text.trim().to_lowercase() };
    let mut out = String::with_capacity(text.len());
    for (at, mut pieces) in parts.into_iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        pieces.sort();
        for (at, (kind, bytes)) in pieces.iter().enumerate() {
            if at > 0 {
                out.push('+');
            }
            let _ = write!(out, "{kind}=");
            match std::str::from_utf8(bytes) {
                Ok(text) => out.push_str(&value(text)),
                Err(_) => bytes.iter().for_each(|byte| {
                    let _ = write!(out, "\\{byte:02x}");
                }),
            }
        }
    }
    out
}

/// Whether a text is a DN with at least one part.
pub fn is_dn(text: &str) -> bool {
    parse(text).is_some_and(|parts| !parts.is_empty())
}

/// Whether one key lies below another or is the same. Both are [`key`]s.
pub fn is_within(key: &str, base: &str) -> bool {
    base.is_empty()
        || key == base
        || key.strip_suffix(base).and_then(|rest| rest.strip_suffix(',')).is_some_and(|rest| {
            // After an odd number of backslashes the comma belongs to a value.
            rest.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 0
        })
}

type Pieces = Vec<(String, Vec<u8>)>;

/// Parts from left to right, each with its pieces: attribute in lower case, value folded.
fn parse(text: &str) -> Option<Vec<Pieces>> {
    let text = text.trim_start_matches(' ');
    if text.is_empty() {
        return Some(Vec::new());
    }
    let mut parts = vec![Pieces::new()];
    for (piece, end) in split(text)? {
        let (kind, raw) = piece.split_once('=')?;
        let kind = kind.trim();
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
        if kind.is_empty() || !kind.chars().all(fits) {
            return None;
        }
        parts.last_mut()?.push((kind.to_ascii_lowercase(), fold(unescape(raw)?)));
        if end == Some(',') {
            parts.push(Pieces::new());
        }
    }
    Some(parts)
}

/// Cuts at separators that are not escaped; each piece with the separator that ended it. An old DN may have whole
/// values in quotes and `;` for a comma.
fn split(text: &str) -> Option<Vec<(&str, Option<char>)>> {
    let (mut pieces, mut start) = (Vec::new(), 0);
    let (mut escaped, mut quoted) = (false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => quoted = !quoted,
            ',' | ';' | '+' if !quoted => {
                pieces.push((text.get(start..at)?, Some(if c == '+' { '+' } else { ',' })));
                start = at + 1;
            }
            _ => {}
        }
    }
    if escaped || quoted {
        return None;
    }
    pieces.push((text.get(start..)?, None));
    Some(pieces)
}

fn unescape(raw: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(raw.len());
    let mut chars = raw.trim_start_matches(' ').chars().peekable();
    // Blanks at the end count only when they are escaped.
    let mut kept = 0;
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                let first = chars.next()?;
                match (first.to_digit(16), chars.peek().and_then(|next| next.to_digit(16))) {
                    (Some(high), Some(low)) => {
                        chars.next();
                        out.push(u8::try_from(high * 16 + low).ok()?);
                    }
                    _ => out.extend_from_slice(first.encode_utf8(&mut [0; 4]).as_bytes()),
                }
                kept = out.len();
            }
            '"' => {}
            ' ' => out.push(b' '),
            c => {
                out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                kept = out.len();
            }
        }
    }
    out.truncate(kept);
    Some(out)
}

fn fold(bytes: Vec<u8>) -> Vec<u8> {
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(bytes) => return bytes.into_bytes(),
    };
    let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
    words.join(" ").to_lowercase().into_bytes()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_same_dn_in_many_ways_has_one_key() {
        let key_of = key("cn=Adams\\, Zoë,ou=People,dc=Example");
        for same in [
            "CN=adams\\2c zo\\c3\\ab, OU=people , DC=example",
            "cn=Adams\\,  Zoë,ou=People,dc=Example",
            "cn=\"Adams, Zoë\";ou=People;dc=Example",
            " cn = Adams\\, Zoë , ou=People,dc=Example ",
        ] {
            assert_eq!(key(same), key_of, "{same}");
        }
        assert_eq!(key("b=2+a=1,c=3"), key("A=1+B=2,C=3"));
        for other in ["cn=Adams,cn=Zoë,ou=People,dc=Example", "cn=Adams\\\\, Zoë,ou=People,dc=Example", ""]
        {
            assert_ne!(key(other), key_of, "{other}");
        }
    }

    #[test]
    fn only_dns_are_dns() {
        for good in ["dc=example", "cn=a+sn=b,dc=x", "cn=\\#x\\ ,dc=y", "2.5.4.3=x"] {
            assert!(is_dn(good), "{good}");
        }
        for wrong in ["", " ", "example", "cn=a,", "cn=a\\", "cn=\"a", "=a", "c n=a", "ou=people,example.org"]
        {
            assert!(!is_dn(wrong), "{wrong}");
        }
    }

    #[test]
    fn within_ends_at_a_separator() {
        let base = key("ou=People,dc=x");
        assert!(is_within(&key("cn=a,ou=people, dc=X"), &base) && is_within(&base, &base));
        assert!(!is_within(&key("cn=a,ou=morepeople,dc=x"), &base));
        assert!(!is_within(&key("cn=a\\,ou=people,dc=x"), &base));
        assert!(is_within(&key("cn=a\\\\,ou=people,dc=x"), &base));
    }

    proptest! {
        #[test]
        fn an_escaped_value_stays_one_value(text in any::<String>()) {
            let parts = parse(&format!("cn={},dc=x", value(&text))).unwrap();
            prop_assert_eq!(parts.len(), 2);
            prop_assert_eq!(&parts[0], &vec![("cn".to_owned(), fold(text.into_bytes()))]);
        }

        #[test]
        fn special_characters_stay_one_value(text in "[ #,+\"\\\\<>;=\u{0}a]{0,20}") {
            let parts = parse(&format!("cn={},dc=x", value(&text))).unwrap();
            prop_assert_eq!(&parts[0], &vec![("cn".to_owned(), fold(text.into_bytes()))]);
        }

        #[test]
        fn a_key_is_its_own_key(text in "[ #,+\"\\\\<>;=a-cA-C0-9\u{e4}]{0,30}|cn=[^\u{0}]{0,20},dc=x") {
            let once = key(&text);
            prop_assert_eq!(key(&once), once);
        }
    }
}
