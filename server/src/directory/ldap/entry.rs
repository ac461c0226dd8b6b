//! An entry as it came: a DN and attributes with their values as bytes.

use ldap3::ResultEntry;

/// Longest value taken for a text, in bytes.
const MAX_TEXT: usize = 1024;

/// An entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) dn: String,
    attributes: Vec<(String, Vec<Vec<u8>>)>,
}

impl Entry {
    /// Takes a raw entry apart; none when it is not formed as it must be or its DN is no text.
    pub(super) fn read(raw: ResultEntry) -> Option<Self> {
        let mut parts = raw.0.expect_constructed()?.into_iter();
        let dn = String::from_utf8(parts.next()?.expect_primitive()?).ok()?;
        let mut attributes = Vec::new();
        for attribute in parts.next()?.expect_constructed()? {
            let mut parts = attribute.expect_constructed()?.into_iter();
            let name = String::from_utf8(parts.next()?.expect_primitive()?).ok()?.to_ascii_lowercase();
            let values = parts.next()?.expect_constructed()?;
            let values: Option<Vec<Vec<u8>>> =
                values.into_iter().map(|value| value.expect_primitive()).collect();
            attributes.push((name, values?));
        }
        Some(Self { dn, attributes })
    }

    #[cfg(test)]
    pub(super) fn of(dn: &str, attributes: &[(&str, &[&[u8]])]) -> Self {
        let attributes = attributes
            .iter()
            .map(|(name, values)| (name.to_ascii_lowercase(), values.iter().map(|v| v.to_vec()).collect()))
            .collect();
        Self { dn: dn.to_owned(), attributes }
    }

    /// Values of an attribute; none for an empty name.
    pub(super) fn values(&self, name: &str) -> &[Vec<u8>] {
        let found = self.attributes.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
        found.map_or(&[], |(_, values)| values)
    }

    /// First value of an attribute.
    pub(super) fn first(&self, name: &str) -> Option<&[u8]> {
        self.values(name).first().map(Vec::as_slice)
    }

    /// First value as a text: trimmed, not empty, not too long.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        let text = std::str::from_utf8(self.first(name)?).ok()?.trim();
        (!text.is_empty() && text.len() <= MAX_TEXT).then(|| text.to_owned())
    }

    /// First value as a number.
    pub(super) fn number(&self, name: &str) -> Option<i64> {
        self.text(name)?.parse().ok()
    }

    /// All values that are texts.
    pub(super) fn texts(&self, name: &str) -> impl Iterator<Item = String> {
        self.values(name).iter().filter_map(|value| String::from_utf8(value.clone()).ok())
    }

    /// A part of a long attribute (`member;range=0-1499`): its values, and where the next part begins, unless it was
    /// the last. Active Directory cuts long attributes so, and leaves the plain one empty.
    pub(super) fn part(&self, name: &str) -> Option<(Vec<String>, Option<u32>)> {
        let range = |own: &str| {
            let (own, range) = own.split_once(";range=")?;
            if !own.eq_ignore_ascii_case(name) {
                return None;
            }
            let (_, end) = range.split_once('-')?;
            if end == "*" { Some(None) } else { Some(Some(end.parse::<u32>().ok()?.checked_add(1)?)) }
        };
        let (next, values) = self.attributes.iter().find_map(|(own, values)| Some((range(own)?, values)))?;
        Some((values.iter().filter_map(|value| String::from_utf8(value.clone()).ok()).collect(), next))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_attributes_have_no_case() {
        let entry = Entry::of("cn=a", &[("objectGUID", &[&[1, 0xff]]), ("cn", &[b" a ", b"b"])]);
        assert_eq!(entry.first("OBJECTguid"), Some(&[1, 0xff][..]));
        assert_eq!(entry.text("CN"), Some("a".to_owned()));
        assert_eq!((entry.text("objectGUID"), entry.text(""), entry.first("")), (None, None, None));
    }

    #[test]
    fn parts_of_long_attributes_say_where_to_go_on() {
        let part = |name: &str| Entry::of("cn=a", &[(name, &[b"x"])]).part("member");
        assert_eq!(part("member;range=0-1499"), Some((vec!["x".to_owned()], Some(1500))));
        assert_eq!(part("Member;Range=1500-*"), Some((vec!["x".to_owned()], None)));
        for other in
            ["member", "members;range=0-1", "member;range=", "member;range=0-4294967295", "member;range=0-x"]
        {
            assert_eq!(part(other), None, "{other}");
        }
    }
}
