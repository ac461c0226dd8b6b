//! Which characters stand for which letters.

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// Letters, digits, and the marks that belong to letters.
pub(crate) fn is_word(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_alphanumeric() } else { c.is_alphanumeric() || is_combining_mark(c) }
}

/// Letters of scripts that are written without blanks: each is a word of its own.
pub(crate) fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3005}'..='\u{3007}'
        | '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Hands over what a character is in plain letters: none, one or several; case stays.
pub(super) fn plain(c: char, out: &mut impl FnMut(char)) {
    if c.is_ascii() {
        if !super::is_ascii_invisible(c as u8) {
            out(c);
        }
        return;
    }
    match c {
        _ if is_invisible(c) || is_dropped_mark(c) => {}
        // Decomposed, their parts would no longer be the letters people type.
        '\u{3000}' => out(' '),
        '\u{3001}'..='\u{31ff}' | '\u{ac00}'..='\u{d7a3}' => out(c),
        _ => match enclosed(c) {
            Some(letter) => out(letter),
            None => decompose_compatible(c, |part| {
                // Parts of a letter may themselves be dropped (é), or be of a kind with a name of their own (ø).
                if !is_invisible(part) && !is_dropped_mark(part) {
                    latin(part, out);
                }
            }),
        },
    }
}

/// Characters without a width or a sense of their own.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{80}'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}'
        | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// Accents, points and strokes over letters. The vowel signs of Indic scripts are not among them: they are spelling.
fn is_dropped_mark(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}' | '\u{5c2}'
        | '\u{5c4}' | '\u{5c5}' | '\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}'
        | '\u{6d6}'..='\u{6dc}' | '\u{6df}'..='\u{6e4}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// Letters in circles, squares and flags that Unicode does not decompose.
fn enclosed(c: char) -> Option<char> {
    let first = match c {
        '\u{1f150}'..='\u{1f169}' => 0x1f150,
        '\u{1f170}'..='\u{1f189}' => 0x1f170,
        '\u{1f1e6}'..='\u{1f1ff}' => 0x1f1e6,
        _ => return None,
    };
    char::from_u32(c as u32 - first + u32::from(b'A'))
}

/// Latin letters that are not a letter with an accent, and punctuation of several shapes.
fn latin(c: char, out: &mut impl FnMut(char)) {
    let one = match c {
        'ß' => return "ss".chars().for_each(out),
        'ẞ' => return "SS".chars().for_each(out),
        'æ' | 'ᴁ' => return "ae".chars().for_each(out),
        'Æ' => return "AE".chars().for_each(out),
        'œ' | 'ɶ' => return "oe".chars().for_each(out),
        'Œ' => return "OE".chars().for_each(out),
        'þ' => return "th".chars().for_each(out),
        'Þ' => return "TH".chars().for_each(out),
        'ø' | 'ɵ' | 'ᴏ' | 'ɔ' => 'o',
        'Ø' | 'Ɵ' => 'O',
        'đ' | 'ð' | 'ɖ' | 'ɗ' | 'ᴅ' => 'd',
        'Đ' | 'Ð' | 'Ɖ' | 'Ɗ' => 'D',
        'ł' | 'ƚ' | 'ɫ' | 'ɭ' | 'ʟ' | 'ǀ' => 'l',
        'Ł' => 'L',
        'ħ' | 'ɦ' | 'ʜ' => 'h',
        'Ħ' => 'H',
        'ŧ' | 'ƭ' | 'ʈ' | 'ᴛ' => 't',
        'Ŧ' | 'Ƭ' => 'T',
        'ı' | 'ɨ' | 'ɩ' | 'ɪ' => 'i',
        'Ɨ' => 'I',
        'ɑ' | 'ɐ' | 'ᴀ' => 'a',
        'ƀ' | 'ɓ' | 'ʙ' | 'ƅ' => 'b',
        'Ɓ' | 'Ƀ' => 'B',
        'ƈ' | 'ɕ' | 'ᴄ' => 'c',
        'Ƈ' => 'C',
        'ǝ' | 'ə' | 'ɛ' | 'ɇ' | 'ᴇ' => 'e',
        'Ǝ' | 'Ə' | 'Ɛ' => 'E',
        'ƒ' | 'ꜰ' => 'f',
        'ɡ' | 'ɠ' | 'ǥ' | 'ɢ' => 'g',
        'Ǥ' | 'Ɠ' => 'G',
        'ʝ' | 'ɉ' | 'ȷ' | 'ᴊ' => 'j',
        'ƙ' | 'ᴋ' => 'k',
        'Ƙ' => 'K',
        'ɱ' | 'ᴍ' => 'm',
        'ɲ' | 'ɳ' | 'ƞ' | 'ŋ' | 'ɴ' => 'n',
        'Ɲ' | 'Ŋ' => 'N',
        'ƥ' | 'ᴘ' => 'p',
        'ʠ' | 'ɋ' => 'q',
        'ɍ' | 'ɽ' | 'ɾ' | 'ʀ' => 'r',
        'ʂ' | 'ȿ' | 'ꜱ' => 's',
        'ʉ' | 'ᴜ' => 'u',
        'ʋ' | 'ᴠ' => 'v',
        'ᴡ' => 'w',
        'ƴ' | 'ɏ' | 'ʏ' => 'y',
        'ƶ' | 'ʐ' | 'ȥ' | 'ᴢ' => 'z',
        '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2043}' | '\u{fe58}' => '-',
        '\u{2018}'..='\u{201b}' | '\u{2b9}' | '\u{2bb}'..='\u{2bd}' | '\u{2c8}' | '\u{2032}' | '\u{b4}' => {
            '\''
        }
        '\u{201c}'..='\u{201f}' | '\u{ab}' | '\u{bb}' | '\u{2033}' => '"',
        '\u{2044}' | '\u{2215}' | '\u{29f8}' => '/',
        '\u{2219}' | '\u{22c5}' | '\u{30fb}' | '\u{2022}' | '\u{2024}' => '.',
        _ if !c.is_ascii() && c.is_whitespace() => ' ',
        _ => c,
    };
    out(one);
}

/// Letters of other scripts that nobody can tell from a Latin one.
pub(super) fn lookalike(c: char) -> Option<char> {
    Some(match c {
        'а' | 'α' => 'a',
        'А' | 'Α' | 'Ꭺ' => 'A',
        'В' | 'Β' | 'Ᏼ' => 'B',
        'с' | 'ϲ' => 'c',
        'С' | 'Ϲ' | 'Ꮯ' => 'C',
        'ԁ' => 'd',
        'Ꭰ' => 'D',
        'е' => 'e',
        'Е' | 'Ε' | 'Ꭼ' => 'E',
        'һ' | 'հ' => 'h',
        'Н' | 'Η' | 'Ꮋ' => 'H',
        'і' | 'ι' | 'Ꭵ' => 'i',
        'І' | 'Ι' | 'Ӏ' => 'I',
        'ј' | 'ϳ' => 'j',
        'Ј' | 'Ꭻ' => 'J',
        'к' | 'κ' | 'ĸ' => 'k',
        'К' | 'Κ' | 'Ꮶ' => 'K',
        'ӏ' => 'l',
        'Ꮮ' => 'L',
        'М' | 'Μ' | 'Ꮇ' => 'M',
        'ո' => 'n',
        'Ν' => 'N',
        'о' | 'ο' | 'օ' | 'σ' => 'o',
        'О' | 'Ο' | 'Օ' => 'O',
        'р' | 'ρ' => 'p',
        'Р' | 'Ρ' | 'Ꮲ' => 'P',
        'ԛ' | 'զ' => 'q',
        'Ԛ' => 'Q',
        'г' => 'r',
        'Ꮢ' => 'R',
        'ѕ' => 's',
        'Ѕ' | 'Ꮪ' => 'S',
        'Т' | 'Τ' | 'Ꭲ' => 'T',
        'τ' => 't',
        'ս' | 'υ' => 'u',
        'Ս' => 'U',
        'ν' | 'ѵ' => 'v',
        'Ѵ' | 'Ꮩ' => 'V',
        'ԝ' | 'ѡ' => 'w',
        'Ԝ' | 'Ꮃ' => 'W',
        'х' | 'χ' => 'x',
        'Х' | 'Χ' => 'X',
        'у' | 'γ' | 'ү' => 'y',
        'У' | 'Υ' | 'Ү' => 'Y',
        'Ζ' | 'Ꮓ' => 'Z',
        _ => return None,
    })
}

/// Letters that pass for a Latin one among others.
pub(super) fn faint_lookalike(c: char) -> Option<char> {
    Some(match c {
        'в' | 'ь' | 'β' | 'Ь' | 'ъ' => 'b',
        'ς' | 'ҫ' => 'c',
        'δ' => 'd',
        'ε' | 'є' | 'ҽ' | 'э' => 'e',
        'Є' | 'Σ' | 'Ξ' => 'E',
        'ғ' => 'f',
        'ɡ' | 'ց' | 'ԍ' => 'g',
        'н' | 'ћ' | 'Һ' => 'h',
        'м' => 'm',
        'п' | 'η' | 'и' | 'ŋ' => 'n',
        'И' | 'Π' | 'П' => 'N',
        'ө' | 'Θ' | 'θ' | 'φ' => 'o',
        'я' | 'Я' => 'r',
        'т' => 't',
        'ц' | 'μ' | 'ч' => 'u',
        'ω' | 'ш' | 'щ' => 'w',
        'ж' => 'x',
        'λ' | 'Λ' | 'д' => 'a',
        'з' => 'z',
        _ => return None,
    })
}
