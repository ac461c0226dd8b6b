//! Text put into filters: whatever it holds, it stays one value.

use std::fmt::Write as _;

/// Deepest nesting of brackets a filter may have; the parser below is recursive.
pub const MAX_DEPTH: usize = 32;
/// Longest filter, in bytes.
pub const MAX_FILTER: usize = 8 * 1024;

/// A text as a value in a filter. More is escaped than must be: everything but letters, digits and a few signs, so
/// that blanks at the ends survive every server's parser too.
pub fn value(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '@' | '=' | ',') {
            out.push(c);
        } else {
            let mut buffer = [0; 4];
            for byte in c.encode_utf8(&mut buffer).bytes() {
                let _ = write!(out, "\\{byte:02x}");
            }
        }
    }
    out
}

/// Bytes as a value in a filter.
pub fn bytes(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 3);
    for byte in bytes {
        let _ = write!(out, "\\{byte:02x}");
    }
    out
}

/// `(name=value)` with the value escaped. The name comes from checked settings.
pub fn equal(name: &str, text: &str) -> String {
    format!("({name}={})", value(text))
}

/// A login filter with its `{login}` filled in.
pub fn login(template: &str, login: &str) -> String {
    template.replace(super::check::LOGIN, &value(login))
}

/// Both filters must match.
pub fn both(one: &str, other: &str) -> String {
    format!("(&{one}{other})")
}

/// Whether a text is one whole filter in brackets that the protocol can carry.
pub(super) fn is_filter(text: &str) -> bool {
    text.starts_with('(')
        && text.len() <= MAX_FILTER
        && depth(text) <= MAX_DEPTH
        && ldap3::parse_filter(text).is_ok()
}

fn depth(text: &str) -> usize {
    let (mut now, mut most) = (0_usize, 0);
    for byte in text.bytes() {
        match byte {
            b'(' => now += 1,
            b')' => now = now.saturating_sub(1),
            _ => {}
        }
        most = most.max(now);
    }
    most
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A filter with every value replaced by a mark, as the parser that will send it sees it, and the values.
    fn shape(filter: &str) -> (String, Vec<Vec<u8>>) {
        let tag = ldap3::parse_filter(filter).unwrap_or_else(|()| panic!("{filter:?} is no filter"));
        let debug = format!("{tag:?}");
        let mut values = Vec::new();
        let mut out = String::new();
        let mut rest = debug.as_str();
        while let Some(at) = rest.find("inner: [") {
            let start = at + "inner: [".len();
            let end = start + rest[start..].find(']').unwrap();
            let inner = &rest[start..end];
            let bytes: Option<Vec<u8>> =
                inner.split(", ").filter(|word| !word.is_empty()).map(|word| word.parse().ok()).collect();
            match bytes {
                Some(bytes) => {
                    out.push_str(&rest[..start]);
                    out.push('#');
                    values.push(bytes);
                    rest = &rest[end..];
                }
                None => {
                    out.push_str(&rest[..start]);
                    rest = &rest[start..];
                }
            }
        }
        out.push_str(rest);
        (out, values)
    }

    const TEMPLATES: [&str; 4] = [
        "(uid={login})",
        "(|(sAMAccountName={login})(userPrincipalName={login}))",
        "(&(objectClass=person)(!(disabled=TRUE))(|(mail={login})(mail={login}@corp.example)))",
        "(memberOf:1.2.840.113556.1.4.1941:={login})",
    ];

    proptest! {
        #[test]
        fn no_login_changes_the_shape_of_a_filter(text in any::<String>(), which in 0..TEMPLATES.len()) {
            let (plain, _) = shape(&login(TEMPLATES[which], "x"));
            let (odd, values) = shape(&login(TEMPLATES[which], &text));
            prop_assert_eq!(plain, odd);
            prop_assert!(values.iter().any(|value| value.starts_with(text.as_bytes())));
        }

        #[test]
        fn no_login_of_special_characters_changes_the_shape(text in "[()*\\\\&|!=<>~:\u{0}\u{e4} x{}]{0,40}") {
            for template in TEMPLATES {
                prop_assert_eq!(shape(&login(template, "x")).0, shape(&login(template, &text)).0);
            }
        }

        #[test]
        fn a_dn_or_a_group_name_stays_one_value(text in any::<String>()) {
            let (found, values) = shape(&both("(objectClass=group)", &equal("member", &text)));
            prop_assert_eq!(found, shape("(&(objectClass=group)(member=x))").0);
            prop_assert!(values.contains(&text.into_bytes()));
        }

        #[test]
        fn bytes_stay_one_value(id in proptest::collection::vec(any::<u8>(), 0..40)) {
            let filter = format!("(objectGUID={})", bytes(&id));
            let (_, values) = shape(&filter);
            prop_assert_eq!(values.get(1), Some(&id));
        }
    }

    #[test]
    fn the_template_is_not_filled_in_twice() {
        assert_eq!(login("(uid={login})", "{login}"), "(uid=\\7blogin\\7d)");
    }

    #[test]
    fn a_filter_is_whole_and_not_too_deep() {
        for good in ["(a=b)", "(&(a=b)(!(c=*)))", "(a:1.2.3:=x)", "(&)"] {
            assert!(is_filter(good), "{good}");
        }
        for wrong in ["", "a=b", "(a=b", "(a=b))", "(&(a=b)", "(a=b)(c=d)", " (a=b)", "(a)", "(a=\\2)"] {
            assert!(!is_filter(wrong), "{wrong}");
        }
        let nested = |n: usize| format!("{}(a=b){}", "(!".repeat(n), ")".repeat(n));
        assert!(is_filter(&nested(31)));
        assert!(!is_filter(&nested(32)));
        assert!(!is_filter(&nested(100_000)));
    }
}
