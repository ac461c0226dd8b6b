//! Seeded messages and one number for all that is found in them, to hold one build against another; and texts that
//! are made to cost time.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::effort;
use crate::pack::{Pack, Rule, TextKind};
use crate::screen::Set;

/// Letters for others, characters that cannot be seen, and what is hard to fold.
const ODD: &[char] = &[
    'а',
    'е',
    'о',
    'р',
    'с',
    'і',
    'ѕ',
    'ο',
    'ν',
    'ß',
    'ä',
    'é',
    'İ',
    'ſ',
    '\u{200b}',
    '\u{202e}',
    '\u{301}',
    '\u{336}',
    '\u{ad}',
    '\u{fe0f}',
    '\u{1f600}',
    '𝓪',
    '🅱',
    'ｂ',
    '内',
    'ก',
    'ﬁ',
    'ﷺ',
    '0',
    '1',
    '3',
    '4',
    '@',
    '$',
    '!',
    '|',
    '.',
    '-',
    '*',
    '\'',
    ' ',
    '\n',
    'Ω',
    '가',
    'क',
    '\u{94d}',
    '\0',
];

/// A message of parts of the rules' own test lines, some of their words disguised.
fn message(rng: &mut ChaCha8Rng, lines: &[&str]) -> String {
    let mut text = String::new();
    let mut words: Vec<&str> = Vec::new();
    for _ in 0..=below(rng, 2) {
        words.extend(lines.get(below(rng, lines.len())).into_iter().flat_map(|line| line.split(' ')));
    }
    for word in words {
        let manner = below(rng, 20);
        for c in word.chars() {
            match manner {
                0 => text.extend([c, ' ']),
                1 => text.extend([c, '.']),
                2 => text.extend(std::iter::repeat_n(c, 1 + below(rng, 5))),
                3 => text.push(leet(c)),
                4 => text.extend(c.to_uppercase()),
                5 if below(rng, 3) == 0 => text.extend([c, odd(rng)]),
                6 if below(rng, 4) == 0 => text.push(odd(rng)),
                _ => text.push(c),
            }
        }
        text.push(if below(rng, 25) == 0 { odd(rng) } else { ' ' });
    }
    text
}

fn leet(c: char) -> char {
    match c {
        'a' => '4',
        'e' => '3',
        'i' | 'l' => '1',
        'o' => '0',
        's' => '$',
        't' => '7',
        _ => c,
    }
}

fn odd(rng: &mut ChaCha8Rng) -> char {
    if below(rng, 4) == 0 {
        // The range has a gap, where the letter is another.
        return char::from_u32(rng.next_u32() % 0x11_0000).unwrap_or('\u{fffd}');
    }
    ODD.get(below(rng, ODD.len())).copied().unwrap_or(' ')
}

fn below(rng: &mut ChaCha8Rng, bound: usize) -> usize {
    // Never 0: the slight bias does not matter here. 32 bits, so that it is the same in a browser.
    (rng.next_u32() % u32::try_from(bound.max(1)).unwrap_or(u32::MAX)) as usize
}

/// [`digest`] over the packs of these TOML texts.
///
/// # Errors
/// Why the packs cannot be used.
pub fn digest_of(packs: &[&str], seed: u64, count: u32) -> Result<(u64, u64), String> {
    let packs = packs.iter().map(|text| Pack::from_toml(text)).collect::<Result<Vec<Pack>, String>>()?;
    let set = Set::compile(&packs).map_err(|problems| format!("{problems:?}"))?;
    Ok(digest(&set, seed, count))
}

/// Screens `count` messages and answers how many findings there were, and a digest of all of them.
pub fn digest(set: &Set, seed: u64, count: u32) -> (u64, u64) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let rules: Vec<&Rule> = (0..set.len()).filter_map(|number| set.rule(number)).collect();
    let lines = rules.iter().flat_map(|rule| rule.tests.matching.iter().chain(&rule.tests.passing));
    let lines: Vec<&str> = lines.map(String::as_str).collect();
    let mut findings = 0;
    let mut digest = Digest(0xcbf2_9ce4_8422_2325);
    for number in 0..count {
        let text = message(&mut rng, &lines);
        let kind = TextKind::ALL[below(&mut rng, TextKind::ALL.len())];
        digest.add(u64::from(number));
        for finding in set.screen(&text, kind) {
            findings += 1;
            digest.add(finding.rule as u64);
            digest.add(finding.disguise as u64);
            for span in finding.spans {
                digest.add(span.start as u64);
                digest.add(span.end as u64);
            }
        }
    }
    (findings, digest.0)
}

/// FNV-1a, which is enough to tell two builds apart.
struct Digest(u64);

impl Digest {
    fn add(&mut self, value: u64) {
        for byte in value.to_le_bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
        }
    }
}

/// How many steps of work a text makes.
pub fn steps(set: &Set, text: &str) -> u64 {
    effort::taken();
    set.screen(text, TextKind::Message);
    effort::taken()
}

/// Texts of at least so many bytes that are made to cost time, with what they are made of.
pub fn adversarial(bytes: usize) -> Vec<(&'static str, String)> {
    const SHAPES: [(&str, &str, &str); 30] = [
        ("one letter", "", "a"),
        ("repeats of repeats", "", "aab"),
        ("repeats that nearly match", "", "aaaaaaaaaaaaaaaaaaaaaaaaab"),
        ("a million alternations", "", "a|b|"),
        ("combining marks", "", "\u{301}"),
        ("letters with many marks", "", "a\u{301}\u{302}\u{303}\u{336}"),
        ("direction marks", "", "\u{202e}\u{202d}"),
        ("marks between letters", "", "b\u{200b}u\u{200b}y\u{200b} "),
        ("letters one by one", "", "b u y "),
        ("letters one by one, each with another gap", "", "a b-c.d/e"),
        ("points between letters", "", "a."),
        ("leet", "", "b4nk1ng "),
        ("digits one by one", "", "4 1 1 1 "),
        ("digits in groups", "", "4111-"),
        ("at signs", "", "a@"),
        ("beginnings of keys", "", "-----BEGIN A PRIVATE KEY-----"),
        ("beginnings of tokens", "", "eyJ.eyJ."),
        ("both sides of NEAR", "", "aa bb "),
        ("matches and exclusions", "", "buy low buy "),
        ("ligatures that fold to many letters", "", "\u{fdfa}"),
        ("letters of other scripts", "", "\u{430}\u{436}"),
        ("words without blanks", "", "\u{5185}"),
        ("blanks", "", " \n"),
        ("apostrophes", "", "a''"),
        ("digits with points behind a split word", "a.b ", "1."),
        ("digits with points behind letters one by one", "b u y 1", ".0"),
        ("marks behind a split word", "in.sider ", "!."),
        ("letters and points with blanks", "", "a. b ."),
        ("stretched letters", "", "aaab"),
        ("private keys without an end", "", "-----BEGIN PRIVATE KEY----- "),
    ];
    let text = |begin: &str, shape: &str| begin.to_owned() + &shape.repeat(bytes / shape.len() + 1);
    SHAPES.map(|(name, begin, shape)| (name, text(begin, shape))).into()
}
