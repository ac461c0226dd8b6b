//! What a version of the policy text changes, section by section.

use chancery_protocol::policy::{PolicyText, Section};
use chancery_ui_kit::text::policy_console as words;

/// What became of a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Became {
    /// As it was.
    Same(Section),
    /// It was not there.
    Added(Section),
    /// It says something else: before, now.
    Changed(Section, Section),
    /// It is gone.
    Removed(Section),
}

/// Title, essence and sections of a text, each as a section of its own.
fn parts(text: &PolicyText) -> Vec<Section> {
    let essence = text.essence.join("\n");
    let own = |heading: &str, text: String| Section { heading: heading.to_owned(), text };
    let mut parts =
        vec![own(words::TEXT_TITLE, text.title.clone()), own(words::AGAIN, words::every(text.every_days))];
    if !essence.is_empty() {
        parts.push(own(words::IN_SHORT, essence));
    }
    parts.extend(text.sections.iter().cloned());
    parts
}

/// What `now` changes of `before`, in the order of `now`; what is gone stands where it stood. Sections are told by their headings.
pub fn changes(before: &PolicyText, now: &PolicyText) -> Vec<Became> {
    let (mut old, new) = (parts(before), parts(now));
    let mut all = Vec::new();
    for section in new {
        let Some(at) = old.iter().position(|one| one.heading == section.heading) else {
            all.push(Became::Added(section));
            continue;
        };
        // Those above it that come nowhere later are gone.
        let rest = old.split_off(at + 1);
        let Some(was) = old.pop() else { continue };
        let (stays, gone): (Vec<_>, Vec<_>) =
            old.into_iter().partition(|one| parts(now).iter().any(|new| new.heading == one.heading));
        all.extend(gone.into_iter().map(Became::Removed));
        old = stays.into_iter().chain(rest).collect();
        all.push(if was.text == section.text {
            Became::Same(section)
        } else {
            Became::Changed(was, section)
        });
    }
    all.extend(old.into_iter().map(Became::Removed));
    all
}

/// The days that were typed; at most ten years.
pub fn days(typed: &str) -> Option<u32> {
    typed.trim().parse().ok().filter(|days| *days <= 3_650)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(sections: &[(&str, &str)]) -> PolicyText {
        let section =
            |(heading, text): &(&str, &str)| Section { heading: (*heading).into(), text: (*text).into() };
        PolicyText {
            title: "Use".into(),
            sections: sections.iter().map(section).collect(),
            essence: Vec::new(),
            every_days: 0,
        }
    }

    fn told(before: &[(&str, &str)], now: &[(&str, &str)]) -> Vec<String> {
        let line = |became| match became {
            Became::Same(one) => format!("= {}", one.heading),
            Became::Added(one) => format!("+ {}", one.heading),
            Became::Changed(was, one) => format!("{} > {} of {}", was.text, one.text, one.heading),
            Became::Removed(one) => format!("- {}", one.heading),
        };
        changes(&text(before), &text(now)).into_iter().skip(2).map(line).collect()
    }

    #[test]
    fn sections_are_told_by_their_headings() {
        let before = [("A", "1"), ("B", "2"), ("C", "3")];
        assert_eq!(told(&before, &before), ["= A", "= B", "= C"]);
        assert_eq!(told(&before, &[("A", "1"), ("C", "4"), ("D", "5")]), ["= A", "- B", "3 > 4 of C", "+ D"]);
        assert_eq!(told(&before, &[("C", "3"), ("A", "1")]), ["- B", "= C", "= A"]);
        assert_eq!(told(&before, &[]), ["- A", "- B", "- C"]);
    }

    #[test]
    fn title_essence_and_days_count_too() {
        let mut now = text(&[]);
        now.title = "Other".into();
        now.every_days = 30;
        now.essence = vec!["Short.".into()];
        let all = changes(&text(&[]), &now);
        assert!(matches!(&all[..], [Became::Changed(..), Became::Changed(..), Became::Added(..)]), "{all:?}");
    }

    #[test]
    fn days_are_a_number() {
        assert_eq!((days(" 30 "), days("0")), (Some(30), Some(0)));
        for wrong in ["", "x", "-1", "3651", "1.5"] {
            assert_eq!(days(wrong), None, "{wrong}");
        }
    }
}
