//! Whether a text matches, and where: by the same tokens as the index, so that both agree. Highlights come from here,
//! and a hit whose text has changed since it was indexed is found out here.

use super::plan::{Plan, Step};
use super::tokens::{self, Sort, Token};

/// Bytes of a text that are to be marked: from, to.
pub(super) type Span = (usize, usize);

/// A text, cut once and asked often.
pub(super) struct Text {
    tokens: Vec<Token>,
}

impl Text {
    pub fn new(text: &str) -> Self {
        Self { tokens: tokens::all(text) }
    }

    fn has(&self, steps: &[Step]) -> bool {
        (0..self.tokens.len()).any(|at| self.at(steps, at).is_some())
    }

    /// Where the steps end, when they begin at this token.
    fn at(&self, steps: &[Step], at: usize) -> Option<usize> {
        let first = self.tokens.get(at)?;
        let mut next = at;
        let mut end = first.end;
        for step in steps {
            let wanted = first.position + step.offset;
            while self.tokens.get(next)?.position < wanted {
                next += 1;
            }
            let token = self.tokens.get(next).filter(|token| token.position == wanted)?;
            if !step.how.fits(&token.text, &step.text) {
                return None;
            }
            // One of two neighbours, or both.
            end = if token.sort == Sort::Pair && step.text.chars().nth(1).is_none() {
                token.middle
            } else {
                token.end
            };
        }
        Some(end)
    }

    /// What is to be marked, in order, joined where it touches.
    pub fn spans(&self, plan: &Plan) -> Vec<Span> {
        let mut leaves = Vec::new();
        plan.leaves(&mut leaves);
        let mut spans: Vec<Span> = Vec::new();
        for steps in leaves {
            for at in 0..self.tokens.len() {
                if let Some(end) = self.at(steps, at) {
                    spans.push((self.tokens[at].start, end));
                }
            }
        }
        spans.sort_unstable();
        let mut joined: Vec<Span> = Vec::with_capacity(spans.len());
        for (start, end) in spans {
            match joined.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => joined.push((start, end)),
            }
        }
        joined
    }
}

/// Whether a message with these versions matches: each word may be in another version.
pub(super) fn matches(plan: &Plan, texts: &[Text]) -> bool {
    match plan {
        Plan::Leaf(steps) => texts.iter().any(|text| text.has(steps)),
        Plan::Not(inner) => !matches(inner, texts),
        Plan::And(plans) => plans.iter().all(|plan| matches(plan, texts)),
        Plan::Or(plans) => plans.iter().any(|plan| matches(plan, texts)),
    }
}

#[cfg(test)]
mod tests {
    use chancery_protocol::query::parse;

    use super::*;

    fn marked(query: &str, text: &str) -> Vec<String> {
        let plan = Plan::of(&parse(query).unwrap().unwrap()).unwrap();
        Text::new(text).spans(&plan).into_iter().map(|(start, end)| text[start..end].to_owned()).collect()
    }

    fn fits(query: &str, text: &str) -> bool {
        matches(&Plan::of(&parse(query).unwrap().unwrap()).unwrap(), &[Text::new(text)])
    }

    /// What the searches of other products do not find.
    #[test]
    fn what_people_look_for_is_found() {
        for (query, text, mark) in [
            ("vertrag", "Der Kaufvertragsentwurf liegt bei.", "Kaufvertragsentwurf"),
            ("契約", "新しい契約書を送ります", "契約"),
            ("書", "新しい契約書", "書"),
            ("書", "契約書を送る", "書"),
            ("東京タワー", "明日は東京タワーへ", "東京タワー"),
            ("計画", "계획 計画", "計画"),
            ("문서", "새문서를 보냅니다", "새문서를"),
            ("2026-11-21", "am 2026-11-21 um 10 Uhr", "2026-11-21"),
            (
                "max.mustermann@example.com",
                "an max.mustermann@example.com senden",
                "max.mustermann@example.com",
            ),
            ("mustermann@exam", "an max.mustermann@example.com senden", "mustermann@example"),
            ("budget-2026_v2.xlsx", "siehe budget-2026_v2.xlsx", "budget-2026_v2.xlsx"),
            ("1.4.2", "release 1.4.2 is out", "1.4.2"),
            ("uber", "Über München", "Über"),
            ("MÜNCHEN", "nach München", "München"),
            ("strasse", "Hauptstraße 5", "Hauptstraße"),
            ("договор", "Подписали Договор.", "Договор"),
            ("догов", "Подписали Договор.", "Договор"),
            ("عقد", "وقعنا العقد اليوم", "العقد"),
            ("👍", "ok 👍🏽", "👍🏽"),
            ("\"price talk\"", "keep the price-talk off", "price-talk"),
        ] {
            assert_eq!(marked(query, text), [mark], "{query} in {text}");
            assert!(fits(query, text));
        }
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        for (query, text) in [
            ("\"vertrag\"", "Kaufvertragsentwurf"),
            ("\"talk price\"", "price talk"),
            ("契書", "契約書"),
            ("2026-11-22", "2026-11-21"),
            ("ok", "okay"),
            ("か", "が"),
        ] {
            assert!(!fits(query, text), "{query} in {text}");
            assert!(marked(query, text).is_empty());
        }
    }

    #[test]
    fn operators_mean_what_they_say() {
        assert!(fits("alder -price", "alder") && !fits("alder -price", "alder price"));
        assert!(fits("alder OR beech", "beech") && !fits("alder beech", "beech"));
        assert!(fits("-(alder OR beech)", "oak") && !fits("-(alder OR beech)", "beech"));
        assert_eq!(marked("alder -price", "price of alder"), ["alder"], "what must be absent is not marked");
    }

    #[test]
    fn words_may_be_in_different_versions_and_phrases_may_not() {
        let plan = |query: &str| Plan::of(&parse(query).unwrap().unwrap()).unwrap();
        let versions = [Text::new("the old price"), Text::new("talk of the new one")];
        assert!(matches(&plan("old new"), &versions));
        assert!(!matches(&plan("\"price talk\""), &versions));
    }
}
