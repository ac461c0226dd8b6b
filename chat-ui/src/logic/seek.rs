//! What fits what is typed in the palette and in the list.

use chancery_ui_kit::dom;

/// How well a text fits; the lower the better. The query is in small letters.
pub fn rank(query: &str, text: &str) -> Option<u8> {
    if query.is_empty() {
        return Some(0);
    }
    let text = dom::small(text);
    if text.starts_with(query) {
        return Some(0);
    }
    let at = text.find(query)?;
    let begins = text[..at].chars().next_back().is_some_and(|c| !c.is_alphanumeric());
    Some(if begins { 1 } else { 2 })
}

/// A text in three parts: before what fits, what fits, behind it. Texts that change their length in small letters are not divided.
pub fn parts<'a>(query: &str, text: &'a str) -> (&'a str, &'a str, &'a str) {
    let lower = dom::small(text);
    let found = (!query.is_empty() && lower.len() == text.len()).then(|| lower.find(query)).flatten();
    let divided = found.and_then(|at| {
        Some((text.get(..at)?, text.get(at..at + query.len())?, text.get(at + query.len()..)?))
    });
    divided.unwrap_or((text, "", ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beginnings_come_before_the_middle() {
        assert_eq!(rank("pri", "Priya Raman"), Some(0));
        assert_eq!(rank("ram", "Priya Raman"), Some(1));
        assert_eq!(rank("iya", "Priya Raman"), Some(2));
        assert_eq!(rank("x", "Priya Raman"), None);
    }

    #[test]
    fn what_fits_is_shown() {
        assert_eq!(parts("ram", "Priya Raman"), ("Priya ", "Ram", "an"));
        assert_eq!(parts("", "Priya"), ("Priya", "", ""));
        assert_eq!(parts("i", "İstanbul"), ("İstanbul", "", ""));
    }
}
