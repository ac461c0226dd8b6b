//! Completing `@name` while typing.

use chancery_ui_kit::dom;

/// Most people offered at once.
pub const OFFERED: usize = 6;

/// The mention being typed just before the caret: where its `@` stands (in bytes) and what follows it.
pub fn typed(before_caret: &str) -> Option<(usize, &str)> {
    let at = before_caret.rfind('@')?;
    let (before, query) = (&before_caret[..at], &before_caret[at + 1..]);
    let begins = before.chars().next_back().is_none_or(|c| c.is_whitespace() || "([{\"'>".contains(c));
    // A name may have a blank; a longer text is no name any more.
    let plain = query.chars().all(|c| c.is_alphanumeric() || "._- ".contains(c));
    (begins && plain && !query.starts_with(' ') && query.matches(' ').count() < 2).then_some((at, query))
}

/// How well a person fits what is typed; the lower the better, nothing when not at all.
pub fn rank(query: &str, name: &str, username: &str) -> Option<u8> {
    let query = dom::small(query);
    let name = dom::small(name);
    if name.starts_with(&query) || username.starts_with(&query) {
        return Some(0);
    }
    name.split_whitespace().any(|word| word.starts_with(&query)).then_some(1)
}

/// The text with the mention in place of what was typed, and the caret behind it (in bytes).
pub fn complete(text: &str, at: usize, caret: usize, username: &str) -> (String, usize) {
    let (before, after) = (text.get(..at).unwrap_or_default(), text.get(caret..).unwrap_or_default());
    let blank = if after.starts_with(char::is_whitespace) { "" } else { " " };
    let caret = before.len() + username.len() + 2;
    (format!("{before}@{username}{blank}{after}"), caret)
}

/// The bytes before a caret that the browser counts in UTF-16 units.
pub fn caret_bytes(text: &str, units: usize) -> usize {
    let mut seen = 0;
    for (at, c) in text.char_indices() {
        if seen >= units {
            return at;
        }
        seen += c.len_utf16();
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mention_begins_with_an_at_after_a_blank() {
        assert_eq!(typed("hello @ad"), Some((6, "ad")));
        assert_eq!(typed("@"), Some((0, "")));
        assert_eq!(typed("@ada le"), Some((0, "ada le")));
        assert_eq!(typed("mail ada@example"), None);
        assert_eq!(typed("@ada said so to"), None);
        assert_eq!(typed("no mention"), None);
    }

    #[test]
    fn beginnings_of_names_fit() {
        assert_eq!(rank("", "Ada Lee", "ada.l"), Some(0));
        assert_eq!(rank("ADA", "Ada Lee", "lee"), Some(0));
        assert_eq!(rank("le", "Ada Lee", "ada"), Some(1));
        assert_eq!(rank("da", "Ada Lee", "ada"), None);
    }

    #[test]
    fn the_mention_takes_the_place_of_what_was_typed() {
        assert_eq!(complete("hi @a", 3, 5, "ada"), ("hi @ada ".to_owned(), 8));
        assert_eq!(complete("hi @a now", 3, 5, "ada"), ("hi @ada now".to_owned(), 8));
    }

    #[test]
    fn carets_are_counted_in_utf_16() {
        assert_eq!(caret_bytes("ä😄b", 3), 6);
        assert_eq!(caret_bytes("ab", 9), 2);
    }
}
