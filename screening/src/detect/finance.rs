//! Payment cards and bank accounts.

use super::Number;

/// A payment card number: an issuer's beginning, its length, and the Luhn digit.
pub(super) fn is_card(number: &Number<'_>) -> bool {
    let digits = number.compact;
    if !(12..=19).contains(&digits.len()) || !digits.iter().all(u8::is_ascii_digit) || !is_issued(digits) {
        return false;
    }
    // Cards are written in one piece, in groups of three to seven, or digit by digit.
    let sizes = || number.groups.iter().map(super::Group::length);
    let grouped = number.groups.len() == 1
        || sizes().all(|size| (3..=7).contains(&size))
        || sizes().all(|size| size == 1)
        || sizes().all(|size| size == 2);
    // Debit cards of other lengths are too few to take the ends of longer numbers for them.
    let usual = number.groups.len() == 1 || matches!(digits.len(), 13..=16 | 19);
    grouped
        && usual
        && is_issued(digits)
        && luhn(digits)
        && digits.iter().any(|digit| Some(digit) != digits.first())
}

fn prefix(digits: &[u8], length: usize) -> u32 {
    digits.iter().take(length).fold(0, |number, digit| number * 10 + u32::from(digit - b'0'))
}

fn is_issued(digits: &[u8]) -> bool {
    let (two, three, four) = (prefix(digits, 2), prefix(digits, 3), prefix(digits, 4));
    match digits.len() {
        13 => digits.first() == Some(&b'4'),
        14 => matches!(three, 300..=305 | 309) || matches!(two, 36 | 38 | 39),
        15 => matches!(two, 34 | 37),
        16 => {
            digits.first() == Some(&b'4')
                || matches!(two, 51..=55 | 60 | 62 | 65 | 81 | 82)
                || matches!(three, 644..=649)
                || matches!(four, 2200..=2720 | 3528..=3589)
                || is_debit(two)
        }
        19 => digits.first() == Some(&b'4') || matches!(two, 62 | 60 | 65) || is_debit(two),
        12 | 17 | 18 => is_debit(two) || (digits.len() > 16 && two == 62),
        _ => false,
    }
}

/// Debit cards that begin with 50 or 56 to 69.
fn is_debit(two: u32) -> bool {
    matches!(two, 50 | 56 | 57 | 58 | 61 | 63 | 66 | 67 | 68 | 69)
}

pub(super) fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = u32::from(digit - b'0');
            if place % 2 == 0 { digit } else { digit * 2 / 10 + digit * 2 % 10 }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Length of a country's IBAN.
const IBAN_LENGTHS: &[(&[u8; 2], usize)] = &[
    (b"AD", 24),
    (b"AE", 23),
    (b"AL", 28),
    (b"AT", 20),
    (b"AZ", 28),
    (b"BA", 20),
    (b"BE", 16),
    (b"BG", 22),
    (b"BH", 22),
    (b"BI", 27),
    (b"BR", 29),
    (b"BY", 28),
    (b"CH", 21),
    (b"CR", 22),
    (b"CY", 28),
    (b"CZ", 24),
    (b"DE", 22),
    (b"DJ", 27),
    (b"DK", 18),
    (b"DO", 28),
    (b"EE", 20),
    (b"EG", 29),
    (b"ES", 24),
    (b"FI", 18),
    (b"FK", 18),
    (b"FO", 18),
    (b"FR", 27),
    (b"GB", 22),
    (b"GE", 22),
    (b"GI", 23),
    (b"GL", 18),
    (b"GR", 27),
    (b"GT", 28),
    (b"HR", 21),
    (b"HU", 28),
    (b"IE", 22),
    (b"IL", 23),
    (b"IQ", 23),
    (b"IS", 26),
    (b"IT", 27),
    (b"JO", 30),
    (b"KW", 30),
    (b"KZ", 20),
    (b"LB", 28),
    (b"LC", 32),
    (b"LI", 21),
    (b"LT", 20),
    (b"LU", 20),
    (b"LV", 21),
    (b"LY", 25),
    (b"MC", 27),
    (b"MD", 24),
    (b"ME", 22),
    (b"MK", 19),
    (b"MN", 20),
    (b"MR", 27),
    (b"MT", 31),
    (b"MU", 30),
    (b"NI", 28),
    (b"NL", 18),
    (b"NO", 15),
    (b"OM", 23),
    (b"PK", 24),
    (b"PL", 28),
    (b"PS", 29),
    (b"PT", 25),
    (b"QA", 29),
    (b"RO", 24),
    (b"RS", 22),
    (b"RU", 33),
    (b"SA", 24),
    (b"SC", 31),
    (b"SD", 18),
    (b"SE", 24),
    (b"SI", 19),
    (b"SK", 24),
    (b"SM", 27),
    (b"SO", 23),
    (b"ST", 25),
    (b"SV", 28),
    (b"TL", 23),
    (b"TN", 24),
    (b"TR", 26),
    (b"UA", 29),
    (b"VA", 22),
    (b"VG", 24),
    (b"XK", 20),
    (b"YE", 30),
];

/// An IBAN: a country, its length, and the rest of 1 when divided by 97.
pub(super) fn is_iban(number: &[u8]) -> bool {
    let [first, second, check @ ..] = number else { return false };
    if !first.is_ascii_uppercase() || !second.is_ascii_uppercase() {
        return false;
    }
    let country = [*first, *second];
    let known = IBAN_LENGTHS.iter().any(|(code, length)| **code == country && *length == number.len());
    if !known || !check.iter().take(2).all(u8::is_ascii_digit) {
        return false;
    }
    let (head, tail) = number.split_at(4);
    let rest = tail.iter().chain(head).fold(0_u32, |rest, byte| match byte {
        b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
        _ => (rest * 100 + u32::from(byte - b'A') + 10) % 97,
    });
    rest == 1
}
