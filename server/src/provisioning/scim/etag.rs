//! Comparing entity tags in `If-Match` and `If-None-Match`.

/// Whether one of the tags in the header is the current one. `*` is always. Weak and strong tags compare alike,
/// because a version here stands for what a resource says and not for the bytes that say it.
pub fn matches(header: &str, current: &str) -> bool {
    header.split(',').map(str::trim).any(|tag| tag == "*" || opaque(tag) == opaque(current))
}

fn opaque(tag: &str) -> &str {
    tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_matches_itself_in_any_spelling() {
        for header in ["*", "\"7\"", "W/\"7\"", "\"3\", W/\"7\"", "7"] {
            assert!(matches(header, "W/\"7\""), "{header}");
        }
        for header in ["", "\"77\"", "W/\"3\"", "\"3\",\"4\""] {
            assert!(!matches(header, "W/\"7\""), "{header}");
        }
    }
}
