//! Letters as they are compared: without case, marks, width and other differences that people do not type.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{compose, is_combining_mark};

/// What kind of character a folded one is, for cutting text into tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Part of a word that is written with blanks around it.
    Word,
    /// One of a script that is written without blanks: found by pairs.
    Dense,
    /// A sign that stands for itself.
    Sign,
    /// Belongs to the character before it and is not compared.
    Silent,
    /// Between words.
    Gap,
}

pub(super) fn class(c: char) -> Class {
    match c {
        'a'..='z' | '0'..='9' => Class::Word,
        '\0'..='\x7f' => Class::Gap,
        _ if is_silent(c) => Class::Silent,
        _ if is_dense(c) => Class::Dense,
        _ if is_sign(c) => Class::Sign,
        // Marks that mean something (Indic vowels, Thai tones) belong to their word.
        _ if c.is_alphanumeric() || is_combining_mark(c) => Class::Word,
        _ => Class::Gap,
    }
}

/// Chinese characters, kana, and what stands among them like a letter.
fn is_dense(c: char) -> bool {
    matches!(c,
        '\u{2e80}'..='\u{2fdf}' | '々' | '〆' | '〇' | '\u{3041}'..='\u{3096}' | '\u{309d}'..='\u{309f}'
        | '\u{30a1}'..='\u{30fa}' | '\u{30fc}'..='\u{30ff}' | '\u{3105}'..='\u{312f}' | '\u{31a0}'..='\u{31bf}'
        | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{323af}')
}

/// Emoji, arrows and the like, and currencies.
fn is_sign(c: char) -> bool {
    matches!(c,
        '\u{20a0}'..='\u{20cf}' | '£' | '¥' | '\u{2190}'..='\u{23ff}' | '\u{25a0}'..='\u{27bf}'
        | '\u{2b00}'..='\u{2bff}' | '\u{1f000}'..='\u{1f3fa}' | '\u{1f400}'..='\u{1faff}')
}

/// Marks that are left out when people type, joiners, variations of emoji, and direction characters.
fn is_silent(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}' | '\u{5c2}' | '\u{5c4}'
        | '\u{5c5}' | '\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{61c}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{1f3fb}'..='\u{1f3ff}')
}

/// Appends the folded form of `c` to `out`; nothing for a mark. A mark that changes the letter (kana, hangul) joins
/// the last character of `out`, when that one may still change (`open`).
pub(super) fn fold(c: char, open: bool, out: &mut String) {
    if c.is_ascii() {
        out.push(c.to_ascii_lowercase());
        return;
    }
    let mark = match c {
        '\u{ff9e}' => '\u{3099}',
        '\u{ff9f}' => '\u{309a}',
        other => other,
    };
    if open
        && joins(c)
        && let Some(joined) = out.chars().next_back().and_then(|last| compose(last, mark))
    {
        out.pop();
        out.push(joined);
        return;
    }
    for c in std::iter::once(c).nfkc().flat_map(char::to_lowercase) {
        if keeps_its_marks(c) {
            out.push(c);
            continue;
        }
        for c in std::iter::once(c).nfd() {
            match letters(c) {
                Some(letters) => out.push_str(letters),
                None if is_silent(c) => {}
                None => out.push(c),
            }
        }
    }
}

/// What an earlier character may swallow: voicing marks of kana, the later parts of a hangul syllable.
pub(super) fn joins(c: char) -> bool {
    matches!(c, '\u{3099}' | '\u{309a}' | '\u{ff9e}' | '\u{ff9f}' | '\u{1161}'..='\u{1175}' | '\u{11a8}'..='\u{11c2}')
}

fn keeps_its_marks(c: char) -> bool {
    is_dense(c) || matches!(c, '\u{ac00}'..='\u{d7a3}' | '\u{900}'..='\u{109f}')
}

/// Letters that do not come apart into a letter and a mark.
fn letters(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'ħ' => "h",
        'ı' => "i",
        'ŧ' => "t",
        'þ' => "th",
        'ς' => "σ",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        let mut out = String::new();
        text.chars().for_each(|c| fold(c, true, &mut out));
        out
    }

    #[test]
    fn case_marks_and_width_are_forgotten() {
        for (text, want) in [
            ("Zoë ÅNGSTRÖM-Łuczak", "zoe angstrom-luczak"),
            ("Straße STRASSE", "strasse strasse"),
            ("e\u{301}", "e"),
            ("ＡＢＣ１２", "abc12"),
            ("ﬁn", "fin"),
            ("Ωμέγας", "ωμεγασ"),
            ("Йод ёж", "иод еж"),
            ("İstanbul ışık", "istanbul isik"),
            ("مُحَمَّد", "محمد"),
            ("ｶﾞ", "ガ"),
            ("か\u{3099}", "が"),
            ("\u{1112}\u{1161}\u{11ab}", "한"),
        ] {
            assert_eq!(folded(text), want, "{text}");
        }
    }

    #[test]
    fn kana_keep_what_tells_them_apart() {
        assert_ne!(folded("か"), folded("が"));
        assert_ne!(folded("는"), folded("느"));
        assert_eq!(folded("नियम"), "नियम");
    }
}
