//! Keys and tokens that programs sign in with, told by the beginnings their issuers gave them.

use std::ops::Range;

use crate::effort;

/// How tokens begin, what may follow, and how many of that at least.
type Token = (&'static str, fn(u8) -> bool, usize);

const TOKENS: &[Token] = &[
    ("cha_", is_url_safe, 32),
    ("AKIA", is_capital, 16),
    ("ASIA", is_capital, 16),
    ("ghp_", is_alphanumeric, 36),
    ("gho_", is_alphanumeric, 36),
    ("ghu_", is_alphanumeric, 36),
    ("ghs_", is_alphanumeric, 36),
    ("ghr_", is_alphanumeric, 36),
    ("github_pat_", is_url_safe, 40),
    ("glpat-", is_url_safe, 20),
    ("xoxb-", is_url_safe, 20),
    ("xoxp-", is_url_safe, 20),
    ("xoxa-", is_url_safe, 20),
    ("xoxr-", is_url_safe, 20),
    ("xoxs-", is_url_safe, 20),
    ("xapp-", is_url_safe, 20),
    ("sk_live_", is_alphanumeric, 16),
    ("rk_live_", is_alphanumeric, 16),
    ("whsec_", is_alphanumeric, 24),
    ("sk-proj-", is_url_safe, 32),
    ("sk-ant-", is_url_safe, 32),
    ("AIza", is_url_safe, 35),
    ("ya29.", is_url_safe, 30),
    ("npm_", is_alphanumeric, 36),
    ("pypi-", is_url_safe, 50),
    ("dop_v1_", is_alphanumeric, 64),
    ("hvs.", is_url_safe, 24),
    ("SG.", is_dotted, 60),
    ("AGE-SECRET-KEY-1", is_capital, 58),
];

fn is_alphanumeric(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

fn is_capital(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit()
}

fn is_url_safe(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}

fn is_dotted(byte: u8) -> bool {
    is_url_safe(byte) || byte == b'.'
}

/// Longest token that is read to its end; what follows is covered by the next match or is no token.
const MAX_TOKEN: usize = 4096;
/// Longest block of a private key.
const MAX_BLOCK: usize = 8 * 1024;

/// Tokens, signed web tokens and private keys.
pub(super) fn find(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut next = 0;
    while let Some(&byte) = bytes.get(next) {
        // Most characters begin nothing.
        let part = match byte {
            b'c' | b'A' | b'g' | b'x' | b's' | b'r' | b'w' | b'y' | b'n' | b'p' | b'd' | b'h' | b'S'
            | b'e'
                if next == 0 || !is_url_safe(bytes[next - 1]) =>
            {
                token(bytes, next).or_else(|| web_token(bytes, next))
            }
            b'-' => private_key(text, next),
            _ => None,
        };
        match part {
            Some(end) => {
                found.push(next..end);
                next = end;
            }
            None => next += 1,
        }
    }
    found
}

fn run(bytes: &[u8], from: usize, allowed: fn(u8) -> bool) -> usize {
    let length = bytes.iter().skip(from).take(MAX_TOKEN).take_while(|byte| allowed(**byte)).count();
    effort::add(length);
    from + length
}

fn token(bytes: &[u8], at: usize) -> Option<usize> {
    let (prefix, allowed, least) =
        TOKENS.iter().find(|(prefix, ..)| bytes[at..].starts_with(prefix.as_bytes()))?;
    let from = at + prefix.len();
    let end = run(bytes, from, *allowed);
    let token = &bytes[from..end];
    // A word that goes on, or an example written as xxxxxxxx.
    let varied = token.iter().any(|byte| Some(byte) != token.first());
    (token.len() >= *least && varied && end - from < MAX_TOKEN).then_some(end)
}

/// Three parts in URL-safe base 64, the first of which is a JSON object that names an algorithm.
fn web_token(bytes: &[u8], at: usize) -> Option<usize> {
    if !bytes[at..].starts_with(b"eyJ") {
        return None;
    }
    let header = run(bytes, at, is_url_safe);
    let payload = run(bytes, header + 1, is_url_safe);
    let dotted = bytes.get(header) == Some(&b'.') && bytes.get(payload) == Some(&b'.');
    let signed = run(bytes, payload + 1, is_url_safe);
    let decoded = decode(&bytes[at..header])?;
    let names = decoded.windows(5).any(|part| part == b"\"alg\"");
    (dotted && names && payload > header + 2 && signed > payload + 1).then_some(signed)
}

/// URL-safe base 64 without padding.
fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let (mut bits, mut held) = (0_u32, 0);
    for byte in text {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held & 0xff) as u8);
            bits &= (1 << held) - 1;
        }
    }
    Some(bytes)
}

/// The header line of a private key, and the key to its last line where that follows.
fn private_key(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?.strip_prefix("-----BEGIN ")?;
    let label = rest.get(..rest.bytes().take(40).position(|byte| byte == b'-')?)?;
    if !(label.ends_with("PRIVATE KEY") || label.ends_with("PRIVATE KEY BLOCK")) {
        return None;
    }
    let closed = rest.get(label.len()..)?.starts_with("-----");
    let header = at + "-----BEGIN ".len() + label.len() + "-----".len();
    let footer = format!("-----END {label}-----");
    let bytes = &text.as_bytes()[header.min(text.len())..];
    let block = &bytes[..bytes.len().min(MAX_BLOCK)];
    effort::add(block.len());
    let end = block.windows(footer.len()).position(|part| part == footer.as_bytes());
    closed.then(|| end.map_or(header, |end| header + end + footer.len()))
}
