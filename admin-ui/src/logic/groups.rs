//! Which groups are looked at, as it stands in the address.

use chancery_protocol::groups::Group;
use chancery_ui_kit::dom::small;

/// Lines on a page.
pub const PAGE: u32 = 50;

/// What is looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GroupView {
    /// Words in the name of the group or of its source.
    pub text: String,
    /// The page, from 0.
    pub page: u32,
}

impl GroupView {
    /// Reads what stands behind `?`, name by name. What is not understood is left out.
    pub fn of(get: impl Fn(&str) -> Option<String>) -> Self {
        Self {
            text: get("text").unwrap_or_default(),
            page: get("page")
                .and_then(|page| page.parse::<u32>().ok())
                .map_or(0, |page| page.saturating_sub(1)),
        }
    }

    /// What stands behind `?`; empty for all of them.
    pub fn query(&self, encode: impl Fn(&str) -> String) -> String {
        let text = (!self.text.is_empty()).then(|| format!("text={}", encode(&self.text)));
        let page = (self.page > 0).then(|| format!("page={}", self.page + 1));
        text.into_iter().chain(page).collect::<Vec<_>>().join("&")
    }

    /// The groups that fit: every word stands in the name of the group or of its source.
    pub fn fitting<'a>(&self, groups: &'a [Group]) -> Vec<&'a Group> {
        let text = small(&self.text);
        let words: Vec<&str> = text.split_whitespace().collect();
        let fits = |group: &&Group| {
            let names =
                small(&format!("{} {}", group.name, group.source_name.as_deref().unwrap_or_default()));
            words.iter().all(|word| names.contains(word))
        };
        groups.iter().filter(fits).collect()
    }

    /// Those of them on the page.
    pub fn shown(&self, groups: &[Group]) -> Vec<Group> {
        let skipped = self.page.saturating_mul(PAGE) as usize;
        self.fitting(groups).into_iter().skip(skipped).take(PAGE as usize).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use chancery_protocol::ids::{GroupId, Id};

    use super::*;

    fn group(number: u8, name: &str, source: Option<&str>) -> Group {
        Group {
            id: GroupId::from_bytes([number; 16]),
            name: name.to_owned(),
            source: None,
            source_name: source.map(str::to_owned),
            roles: Vec::new(),
            members: 0,
        }
    }

    #[test]
    fn groups_are_found_by_words_of_their_names() {
        let groups =
            [group(1, "Rates Trading", Some("Corp")), group(2, "Legal", None), group(3, "Corp tax", None)];
        let found = |text: &str| {
            let view = GroupView { text: text.to_owned(), page: 0 };
            view.fitting(&groups).into_iter().map(|group| group.name.clone()).collect::<Vec<_>>()
        };
        assert_eq!(found(""), ["Rates Trading", "Legal", "Corp tax"]);
        assert_eq!(found("corp"), ["Rates Trading", "Corp tax"]);
        assert_eq!(found("CORP trading"), ["Rates Trading"]);
        assert_eq!(found("treasury"), Vec::<String>::new());
    }

    #[test]
    fn views_come_back_and_show_one_page() {
        let view = GroupView { text: "a".to_owned(), page: 1 };
        assert_eq!(view.query(str::to_owned), "text=a&page=2");
        let read = GroupView::of(|name| match name {
            "text" => Some("a".to_owned()),
            "page" => Some("2".to_owned()),
            _ => None,
        });
        assert_eq!(read, view);
        let many: Vec<Group> = (0..60).map(|number| group(number, "a", None)).collect();
        assert_eq!(view.shown(&many).len(), 10);
        assert_eq!(GroupView::default().query(str::to_owned), "");
    }
}
