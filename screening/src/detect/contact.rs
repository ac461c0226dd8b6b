//! E-mail addresses and telephone numbers.

use std::ops::Range;

use crate::effort;

use super::groups::Group;

const MAX_LOCAL: usize = 64;
const MAX_DOMAIN: usize = 253;

/// E-mail addresses of the usual kind: no quoted names, no addresses of machines.
pub(super) fn emails(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    for (at, _) in text.match_indices('@') {
        let local = bytes[..at].iter().rev().take(MAX_LOCAL + 1).take_while(|byte| is_local(**byte)).count();
        let name = &bytes[at - local..at];
        let domain = bytes[at + 1..].iter().take(MAX_DOMAIN + 1).take_while(|byte| is_domain(**byte)).count();
        effort::add(local + domain);
        let host = &bytes[at + 1..at + 1 + domain];
        let host = &host[..host.len() - host.iter().rev().take_while(|byte| b".-".contains(byte)).count()];
        let skip = name.iter().take_while(|byte| b".-'".contains(byte)).count();
        if name.len() <= MAX_LOCAL && skip < name.len() && is_host(host) {
            found.push(at - local + skip..at + 1 + host.len());
        }
    }
    found
}

fn is_local(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b".!#$%&*+/=?^_{|}~-'".contains(&byte)
}

fn is_domain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b".-".contains(&byte)
}

fn is_host(host: &[u8]) -> bool {
    let mut labels = host.split(|byte| *byte == b'.');
    let top = labels.next_back().is_some_and(|top| top.len() >= 2 && top.iter().all(u8::is_ascii_alphabetic));
    let mut others = labels.peekable();
    host.len() <= MAX_DOMAIN && top && others.peek().is_some() && others.all(|label| !label.is_empty())
}

/// Telephone numbers: international with `+` or `00`, or national in groups with the leading zero, or in the groups
/// of North America. A bare row of digits is none: it may be anything.
pub(super) fn phones(text: &str, groups: &[Group]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut next = 0;
    while next < groups.len() {
        match phone(text, groups, next) {
            Some((count, start)) => {
                let end = groups[next + count - 1].end;
                found.push(start..end);
                next += count;
            }
            None => next += 1,
        }
    }
    found
}

/// How many groups from here on are a telephone number, and where it begins.
fn phone(text: &str, groups: &[Group], first: usize) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let start = groups[first].start;
    let before = |back: usize| start.checked_sub(back).and_then(|at| bytes.get(at)).copied();
    // A part of something longer (an address, an amount, a date) is no beginning.
    if matches!(before(1), Some(b'/' | b'.' | b'_' | b':' | b'=' | b'#' | b'-')) {
        return None;
    }
    let plus = before(1) == Some(b'+');
    let open = before(1) == Some(b'(');
    let mut digits: Vec<u8> = Vec::new();
    let mut sizes: Vec<usize> = Vec::new();
    let mut last: Option<&Group> = None;
    let mut best = None;
    for group in &groups[first..] {
        let part = &bytes[group.start..group.end];
        effort::add(part.len());
        let joined = last.is_none_or(|last| is_phone_gap(&bytes[last.end..group.start]));
        if !joined || !part.iter().all(u8::is_ascii_digit) || digits.len() + part.len() > 17 {
            break;
        }
        digits.extend(part);
        sizes.push(part.len());
        last = Some(group);
        if is_phone(&digits, &sizes, plus) {
            best = Some(sizes.len());
        }
    }
    let count = best?;
    // A longer row of groups is a table or a reference, not a number and something else.
    let whole = sizes.len() == count;
    whole.then_some((count, if plus || open { start - 1 } else { start }))
}

fn is_phone_gap(gap: &[u8]) -> bool {
    matches!(gap, b" " | b"-" | b"." | b"/" | b" (" | b") " | b")" | b"(" | b" - " | b" / " | b")-")
}

fn is_phone(digits: &[u8], sizes: &[usize], plus: bool) -> bool {
    let grouped = sizes.len() > 1;
    if plus {
        return (8..=16).contains(&digits.len()) && digits.first() != Some(&b'0');
    }
    if digits.starts_with(b"00") {
        return (11..=17).contains(&digits.len()) && digits.get(2).is_some_and(|digit| *digit != b'0');
    }
    if digits.first() == Some(&b'0') {
        // Two digits first are a day, unless all are pairs, as in France.
        let area = sizes.first().is_some_and(|size| (3..=6).contains(size)) || sizes == [2; 5];
        return grouped && area && (9..=12).contains(&digits.len()) && sizes.len() <= 6;
    }
    let area = |byte: Option<&u8>| byte.is_some_and(|digit| (b'2'..=b'9').contains(digit));
    sizes == [3, 3, 4] && area(digits.first()) && area(digits.get(3))
}
