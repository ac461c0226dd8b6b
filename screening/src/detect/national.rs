//! Numbers that states give their people.

use super::Number;

/// The digits of a number of just this length.
fn digits<const N: usize>(number: &[u8]) -> Option<[u32; N]> {
    let bytes: &[u8; N] = number.try_into().ok()?;
    bytes.iter().all(u8::is_ascii_digit).then(|| bytes.map(|byte| u32::from(byte - b'0')))
}

fn value(digits: &[u32]) -> u64 {
    digits.iter().fold(0, |number, digit| number * 10 + u64::from(*digit))
}

fn weighted(digits: &[u32], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum()
}

/// There is no check digit: only as it is written, in groups of three, two and four, and within what was issued.
pub(super) fn is_us_ssn(number: &Number<'_>) -> bool {
    let Some(digits) = digits::<9>(number.compact) else { return false };
    let sizes = number.groups.iter().map(super::Group::length);
    let dashed = number.groups.last().is_some_and(|group| matches!(group.gap, Some(b'-' | b' ')));
    let (area, group, serial) = (value(&digits[..3]), value(&digits[3..5]), value(&digits[5..]));
    sizes.eq([3, 2, 4]) && dashed && area != 0 && area != 666 && area < 900 && group != 0 && serial != 0
}

/// Two letters, six digits, one letter from A to D.
pub(super) fn is_uk_nino(number: &[u8]) -> bool {
    let [first, second, middle @ .., last] = number else { return false };
    let pair = [*first, *second];
    middle.len() == 6
        && middle.iter().all(u8::is_ascii_digit)
        && (b'A'..=b'D').contains(last)
        && pair.iter().all(u8::is_ascii_uppercase)
        && !b"DFIQUV".contains(first)
        && !b"DFIQUVO".contains(second)
        && ![*b"BG", *b"GB", *b"KN", *b"NK", *b"NT", *b"TN", *b"ZZ"].contains(&pair)
}

/// Eleven digits: one of the first ten occurs twice or three times, the others once at most; the last one checks
/// (ISO 7064, mod 11, 10).
pub(super) fn is_de_tax_id(number: &[u8]) -> bool {
    let Some(digits) = digits::<11>(number) else { return false };
    let mut counts = [0; 10];
    for digit in &digits[..10] {
        counts[*digit as usize] += 1;
    }
    let repeated = counts.iter().filter(|count| **count > 1).count();
    if digits[0] == 0 || repeated != 1 || counts.iter().any(|count| *count > 3) {
        return false;
    }
    let product = digits[..10].iter().fold(10, |product, digit| {
        let sum = (digit + product) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    (11 - product) % 10 == digits[10]
}

/// Sex, year, month, department, commune, order, and 97 minus the rest of all that.
pub(super) fn is_fr_nir(number: &[u8]) -> bool {
    let Ok(bytes) = <[u8; 15]>::try_from(number) else { return false };
    let corsica = match [bytes[5], bytes[6]] {
        [b'2', b'A'] => Some(b'9'),
        [b'2', b'B'] => Some(b'8'),
        _ => None,
    };
    let mut plain = bytes;
    if let Some(last) = corsica {
        (plain[5], plain[6]) = (b'1', last);
    }
    let Some(digits) = digits::<15>(&plain) else { return false };
    let month = value(&digits[3..5]);
    let born = matches!(digits[0], 1..=4 | 7 | 8) && matches!(month, 1..=12 | 20..=42 | 50..=99);
    born && 97 - value(&digits[..13]) % 97 == value(&digits[13..])
}

/// Eight digits (for foreigners X, Y or Z and seven), and a letter that checks.
pub(super) fn is_es_dni(number: &[u8]) -> bool {
    let Ok(bytes) = <[u8; 9]>::try_from(number) else { return false };
    let mut plain = bytes;
    if let Some(first) = b"XYZ".iter().position(|letter| *letter == bytes[0]) {
        plain[0] = b"012"[first];
    }
    let Some(digits) = digits::<8>(&plain[..8]) else { return false };
    b"TRWAGMYFPDXBNJZSQVHLCKE"[(value(&digits) % 23) as usize] == bytes[8]
}

/// Nine digits, the weighted sum of which 11 divides.
pub(super) fn is_nl_bsn(number: &[u8]) -> bool {
    let Some(digits) = digits::<9>(number) else { return false };
    let sum = weighted(&digits[..8], &[9, 8, 7, 6, 5, 4, 3, 2]);
    value(&digits) > 9_999_999 && sum >= digits[8] && (sum - digits[8]).is_multiple_of(11)
}

/// Thirteen digits from 756 on, with the check digit of article numbers.
pub(super) fn is_ch_ahv(number: &[u8]) -> bool {
    let Some(digits) = digits::<13>(number) else { return false };
    let sum = weighted(&digits[..12], &[1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3]);
    number.starts_with(b"756") && (10 - sum % 10) % 10 == digits[12]
}

/// Sixteen letters and digits; the last letter checks.
pub(super) fn is_it_cf(number: &[u8]) -> bool {
    let Ok(bytes) = <[u8; 16]>::try_from(number) else { return false };
    // Where digits stand, a letter may stand for one that two people would otherwise share.
    let shape = |place: usize, byte: u8| match place {
        0..=5 | 8 | 11 | 15 => byte.is_ascii_uppercase(),
        _ => byte.is_ascii_digit() || b"LMNPQRSTUV".contains(&byte),
    };
    if !bytes.iter().enumerate().all(|(place, byte)| shape(place, *byte))
        || !b"ABCDEHLMPRST".contains(&bytes[8])
    {
        return false;
    }
    const ODD: [u32; 26] =
        [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
    let sum: u32 = bytes[..15]
        .iter()
        .enumerate()
        .map(|(place, byte)| {
            let rank = if byte.is_ascii_digit() { byte - b'0' } else { byte - b'A' };
            if place % 2 == 0 { ODD[usize::from(rank)] } else { u32::from(rank) }
        })
        .sum();
    sum % 26 == u32::from(bytes[15] - b'A')
}

fn is_day(month: u64, day: u64) -> bool {
    (1..=12).contains(&month) && (1..=31).contains(&day)
}

/// Date of birth with the century in the month, order, and a weighted check digit.
pub(super) fn is_pl_pesel(number: &[u8]) -> bool {
    let Some(digits) = digits::<11>(number) else { return false };
    let sum = weighted(&digits[..10], &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3]);
    is_day(value(&digits[2..4]) % 20, value(&digits[4..6])) && (10 - sum % 10) % 10 == digits[10]
}

/// Date of birth, order, and 97 minus the rest of both; from 2000 on with a 2 before them.
pub(super) fn is_be_rrn(number: &[u8]) -> bool {
    let Some(digits) = digits::<11>(number) else { return false };
    let (base, check) = (value(&digits[..9]), value(&digits[9..]));
    is_day(value(&digits[2..4]), value(&digits[4..6]))
        && (97 - base % 97 == check || 97 - (base + 2_000_000_000) % 97 == check)
}
