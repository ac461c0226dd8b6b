//! An expression in pieces: operators, parentheses and leaves.

use super::{MAX_DISTANCE, Mistake, Wanted};
use crate::detect::Detector;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Open,
    Close,
    Not,
    And,
    Or,
    Near(usize),
    Leaf(Wanted),
}

/// The pieces with their places in characters.
pub(super) fn pieces(text: &str) -> Result<Vec<(Piece, usize)>, Mistake> {
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        let (piece, end) = match c {
            _ if c.is_whitespace() => {
                at += 1;
                continue;
            }
            '(' => (Piece::Open, at + 1),
            ')' => (Piece::Close, at + 1),
            '/' => pattern(&chars, at)?,
            _ if is_quote(c) => phrase(&chars, at)?,
            _ => bare(&chars, at)?,
        };
        found.push((piece, at));
        at = end;
    }
    Ok(found)
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{ab}' | '\u{bb}')
}

fn slice(chars: &[char], from: usize, to: usize) -> String {
    chars.iter().skip(from).take(to.saturating_sub(from)).collect()
}

fn phrase(chars: &[char], at: usize) -> Result<(Piece, usize), Mistake> {
    let Some(length) = chars.iter().skip(at + 1).position(|c| is_quote(*c)) else {
        return Err(Mistake { at, reason: "this quotation mark is not closed".into() });
    };
    let end = at + 1 + length;
    Ok((Piece::Leaf(Wanted::Term(slice(chars, at + 1, end))), end + 1))
}

/// Between slashes; `\/` is a slash of the pattern.
fn pattern(chars: &[char], at: usize) -> Result<(Piece, usize), Mistake> {
    let mut text = String::new();
    let mut next = at + 1;
    loop {
        match (chars.get(next), chars.get(next + 1)) {
            (None, _) => {
                let reason =
                    "this pattern is not closed by a second slash (a slash within it is written \\/)";
                return Err(Mistake { at, reason: reason.into() });
            }
            (Some('\\'), Some('/')) => {
                text.push('/');
                next += 2;
            }
            (Some('\\'), Some(escaped)) => {
                text.extend(['\\', *escaped]);
                next += 2;
            }
            (Some('/'), _) => return Ok((Piece::Leaf(Wanted::Pattern(text)), next + 1)),
            (Some(c), _) => {
                text.push(*c);
                next += 1;
            }
        }
    }
}

fn bare(chars: &[char], at: usize) -> Result<(Piece, usize), Mistake> {
    let ends = |c: &char| c.is_whitespace() || *c == '(' || *c == ')' || is_quote(*c);
    let end = chars.iter().skip(at).position(ends).map_or(chars.len(), |length| at + length);
    let word = slice(chars, at, end);
    let piece = match word.as_str() {
        "NOT" => Piece::Not,
        "AND" => Piece::And,
        "OR" => Piece::Or,
        _ => match word.split_once([':', '/']) {
            Some(("NEAR", distance)) if word.starts_with("NEAR/") => Piece::Near(words(distance, at)?),
            Some(("list", name)) if word.starts_with("list:") => Piece::Leaf(Wanted::List(name.to_owned())),
            Some(("detect", name)) if word.starts_with("detect:") => {
                Piece::Leaf(Wanted::Detected(detector(name, at)?))
            }
            _ if word == "NEAR" => {
                let reason = "NEAR needs a number of words, as in NEAR/5";
                return Err(Mistake { at, reason: reason.into() });
            }
            _ => Piece::Leaf(Wanted::Term(word)),
        },
    };
    Ok((piece, end))
}

fn words(distance: &str, at: usize) -> Result<usize, Mistake> {
    distance.parse().ok().filter(|words| *words <= MAX_DISTANCE).ok_or_else(|| Mistake {
        at,
        reason: format!("NEAR/ needs a number of words from 0 to {MAX_DISTANCE}, as in NEAR/5"),
    })
}

fn detector(name: &str, at: usize) -> Result<Detector, Mistake> {
    Detector::from_name(name).ok_or_else(|| {
        let known: Vec<&str> = Detector::ALL.iter().map(|detector| detector.name()).collect();
        Mistake { at, reason: format!("there is no detector `{name}`; there are {}", known.join(", ")) }
    })
}
