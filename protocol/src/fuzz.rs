//! Seeded loops for soak tests: the same seed makes the same inputs.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::command::Request;
use crate::text;

/// Requests to begin with, one per shape of field.
const REQUESTS: [&str; 10] = [
    r#"{"id":1,"command":{"type":"ping"}}"#,
    r#"{"id":2,"command":{"type":"history","conversation":"0198f1d0-0000-7000-8000-0000000000c1","before":4,"limit":60}}"#,
    r#"{"id":3,"command":{"type":"fill","conversation":"0198f1d0-0000-7000-8000-0000000000c1","after":3}}"#,
    r#"{"id":4,"command":{"type":"people","ids":["0198f1d0-0000-7000-8000-0000000000a2"]}}"#,
    r#"{"id":5,"command":{"type":"send","client_id":"7b0c4e0e-6f1d-4f0a-9b1e-000000000001","conversation":"0198f1d0-0000-7000-8000-0000000000c1","text":"a \"b\" \u00e4 👍","reply_to":"0198f1d0-0000-7000-8000-0000000000e3"}}"#,
    r#"{"id":6,"command":{"type":"react","client_id":"7b0c4e0e-6f1d-4f0a-9b1e-000000000005","conversation":"0198f1d0-0000-7000-8000-0000000000c1","message":"0198f1d0-0000-7000-8000-0000000000e3","reaction":"agreed","on":true}}"#,
    r#"{"id":6,"command":{"type":"acknowledge","client_id":"7b0c4e0e-6f1d-4f0a-9b1e-000000000005","conversation":"0198f1d0-0000-7000-8000-0000000000c1","message":"0198f1d0-0000-7000-8000-0000000000e3"}}"#,
    r#"{"id":7,"command":{"type":"create_group","client_id":"7b0c4e0e-6f1d-4f0a-9b1e-000000000007","name":"Q","topic":"T","members":[]}}"#,
    r#"{"id":8,"command":{"type":"set_presence","presence":"away"}}"#,
    r#"{"id":4294967295,"command":{"type":"find_people","text":"","limit":20}}"#,
];

const JSON_PIECES: [&str; 14] = [
    "{",
    "}",
    "[",
    "]",
    "\"",
    ":",
    ",",
    "null",
    "1e99",
    "-1",
    "\\u0000",
    "\\ud800",
    "\"type\":\"send\"",
    "\u{feff}",
];

const TEXT_PIECES: [&str; 30] = [
    "*",
    "**",
    "***",
    "~~",
    "`",
    "```",
    "\n```\n",
    "\n",
    "\n\n",
    "\n> ",
    "\n>>> ",
    "\n- ",
    "\n  * ",
    "\n1. ",
    "\n   2. ",
    " ",
    "\t",
    "@anna",
    "@",
    "..",
    "https://example.org/",
    "mailto:a@b.c",
    "(",
    ")",
    "a",
    "ß",
    "\u{202e}",
    "\r",
    "\u{2}",
    "\u{3}",
];

/// Reads `count` damaged requests. Answers how many were accepted.
///
/// # Errors
/// A request that was accepted and does not come back as it was read.
pub fn requests(seed: u64, count: u64) -> Result<u64, String> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut accepted = 0;
    for _ in 0..count {
        let mut bytes = pick(&mut rng, &REQUESTS).as_bytes().to_vec();
        for _ in 0..below(&mut rng, 4) {
            damage(&mut rng, &mut bytes);
        }
        let Ok(request) = serde_json::from_slice::<Request>(&bytes) else { continue };
        accepted += 1;
        let again = serde_json::to_vec(&request).map_err(|problem| problem.to_string())?;
        if serde_json::from_slice::<Request>(&again).ok().as_ref() != Some(&request) {
            return Err(format!("does not come back: {}", String::from_utf8_lossy(&bytes)));
        }
    }
    Ok(accepted)
}

/// Parses `count` random texts. Answers how many of them a message may have.
///
/// # Errors
/// A text that loses or gains a visible character, or an accepted one without a preview.
pub fn texts(seed: u64, count: u64) -> Result<u64, String> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut accepted = 0;
    for _ in 0..count {
        let mut text = String::new();
        for _ in 0..below(&mut rng, 120) {
            if below(&mut rng, 8) == 0 {
                text.extend(char::from_u32(rng.next_u32() % 0x11_0000));
            } else {
                text.push_str(pick(&mut rng, &TEXT_PIECES));
            }
        }
        if kept(&text::parse(&text).visible()) != kept(&text) {
            return Err(format!("loses or gains something: {text:?}"));
        }
        if text::check_text(&text).is_ok() {
            accepted += 1;
            if text::plain(&text).is_empty() {
                return Err(format!("has no preview: {text:?}"));
            }
        }
        for handle in text::mentions(&text) {
            text::check_username(&handle).map_err(|_| format!("mentions nobody: {text:?}"))?;
        }
    }
    Ok(accepted)
}

/// What is left of a text without markup and white space.
fn kept(text: &str) -> String {
    text.chars()
        .filter(|c| {
            !c.is_whitespace() && !matches!(c, '*' | '~' | '`' | '>' | '-' | '+' | '\r' | '\u{2}' | '\u{3}')
        })
        .collect()
}

/// `bound` is at least 1; the slight bias does not matter here.
fn below(rng: &mut ChaCha8Rng, bound: usize) -> usize {
    rng.next_u32() as usize % bound.max(1)
}

fn pick<'a>(rng: &mut ChaCha8Rng, pieces: &[&'a str]) -> &'a str {
    pieces[below(rng, pieces.len())]
}

fn damage(rng: &mut ChaCha8Rng, bytes: &mut Vec<u8>) {
    let place = below(rng, bytes.len() + 1);
    match below(rng, 6) {
        0 if place < bytes.len() => bytes[place] ^= 1 << below(rng, 8),
        1 if place < bytes.len() => bytes[place] = rng.next_u32().to_le_bytes()[0],
        2 => bytes.truncate(place),
        3 if place < bytes.len() => drop(bytes.remove(place)),
        4 => {
            let end = (place + below(rng, 20)).min(bytes.len());
            let part = bytes[place..end].to_vec();
            bytes.splice(place..place, part);
        }
        _ => {
            let piece = pick(rng, &JSON_PIECES);
            bytes.splice(place..place, piece.bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn damaged_requests_are_refused_or_come_back() {
        let accepted = super::requests(1, 4_000).unwrap();
        assert!((400..3_900).contains(&accepted), "{accepted}");
    }

    #[test]
    fn random_texts_lose_nothing() {
        let accepted = super::texts(1, 1_000).unwrap();
        assert!((50..990).contains(&accepted), "{accepted}");
    }
}
