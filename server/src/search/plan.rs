//! A query as it is looked up: every word and phrase becomes tokens that follow each other.
//!
//! A bare word is found as a part of words too, from three letters on: `vertrag` in `Kaufvertragsentwurf`. Of a
//! bare word that is several tokens (`budget-202`, `max@exam`), the first may be the end of a word and the last the
//! beginning of one. What stands in quotation marks is whole words.

use chancery_protocol::query::Query;

use super::tokens::{self, Sort, Token};

/// Fewest letters that are looked for inside of words; fewer are whole words.
const PART: usize = 3;

/// How many letters a text is; a syllable of hangul is written as one character and is as good as three.
fn letters(text: &str) -> usize {
    text.chars().map(|c| if ('\u{ac00}'..='\u{d7a3}').contains(&c) { 3 } else { 1 }).sum()
}

/// How the words of the vocabulary are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// The very word.
    Whole,
    /// Anywhere in it.
    Part,
    /// It begins so.
    Begins,
    /// It ends so.
    Ends,
}

impl How {
    /// Whether `word` is one of those looked for.
    pub fn fits(self, word: &str, wanted: &str) -> bool {
        match self {
            Self::Whole => word == wanted,
            Self::Part => word.contains(wanted),
            Self::Begins => word.starts_with(wanted),
            Self::Ends => word.ends_with(wanted),
        }
    }
}

/// One token of a word or phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    /// Folded.
    pub text: String,
    /// How it is compared.
    pub how: How,
    /// Its distance from the first one.
    pub offset: u32,
}

/// What is looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Plan {
    /// Tokens that follow each other; at least one.
    Leaf(Vec<Step>),
    Not(Box<Plan>),
    And(Vec<Plan>),
    Or(Vec<Plan>),
}

impl Plan {
    /// What is to be looked up for a query. `None` when there is nothing in it that could be found: words of mere
    /// punctuation are left out.
    pub fn of(query: &Query) -> Option<Self> {
        match query {
            Query::Word(text) => Self::leaf(text, true),
            Query::Phrase(text) => Self::leaf(text, false),
            Query::Not(inner) => Self::of(inner).map(|inner| Self::Not(Box::new(inner))),
            Query::And(all) => Self::several(all, Self::And),
            Query::Or(any) => Self::several(any, Self::Or),
        }
    }

    fn several(queries: &[Query], make: fn(Vec<Plan>) -> Plan) -> Option<Self> {
        let mut plans: Vec<Plan> = queries.iter().filter_map(Self::of).collect();
        if plans.len() > 1 { Some(make(plans)) } else { plans.pop() }
    }

    fn leaf(text: &str, parts: bool) -> Option<Self> {
        let tokens = wanted(text);
        let first = tokens.first()?.position;
        let last = tokens.len() - 1;
        let steps = tokens.into_iter().enumerate().map(|(at, token)| Step {
            how: how(&token, parts, at == 0, at == last),
            offset: token.position - first,
            text: token.text,
        });
        Some(Self::Leaf(steps.collect()))
    }

    /// Every leaf that is looked for, and not one that must be absent.
    pub fn leaves<'a>(&'a self, found: &mut Vec<&'a [Step]>) {
        match self {
            Self::Leaf(steps) => found.push(steps),
            Self::Not(_) => {}
            Self::And(plans) | Self::Or(plans) => plans.iter().for_each(|plan| plan.leaves(found)),
        }
    }
}

/// The tokens of a text that is looked for. The last character of a run without blanks is in its last pair already,
/// and may have a neighbour where it is found.
fn wanted(text: &str) -> Vec<Token> {
    let mut tokens = tokens::all(text);
    let mut after_pair = false;
    tokens.retain(|token| {
        let covered = after_pair && token.sort == Sort::Single;
        after_pair = token.sort == Sort::Pair;
        !covered
    });
    tokens
}

fn how(token: &Token, parts: bool, first: bool, last: bool) -> How {
    if token.sort == Sort::Single {
        return How::Begins;
    }
    if !parts || token.sort != Sort::Word || letters(&token.text) < PART {
        return How::Whole;
    }
    match (first, last) {
        (true, true) => How::Part,
        (true, false) => How::Ends,
        (false, true) => How::Begins,
        (false, false) => How::Whole,
    }
}

#[cfg(test)]
mod tests {
    use chancery_protocol::query::parse;

    use super::*;

    fn steps(text: &str) -> Vec<(String, How, u32)> {
        let plan = Plan::of(&parse(text).unwrap().unwrap()).unwrap();
        let mut leaves = Vec::new();
        plan.leaves(&mut leaves);
        assert_eq!(leaves.len(), 1, "{plan:?}");
        leaves[0].iter().map(|step| (step.text.clone(), step.how, step.offset)).collect()
    }

    fn step(text: &str, how: How, offset: u32) -> (String, How, u32) {
        (text.to_owned(), how, offset)
    }

    #[test]
    fn bare_words_are_parts_and_quoted_ones_are_whole() {
        assert_eq!(steps("Vertrag"), [step("vertrag", How::Part, 0)]);
        assert_eq!(steps("\"Vertrag\""), [step("vertrag", How::Whole, 0)]);
        assert_eq!(steps("ok"), [step("ok", How::Whole, 0)], "too short for a part");
        assert_eq!(steps("문서"), [step("문서", How::Part, 0)], "two syllables are a word");
        assert_eq!(
            steps("max.m@example.com"),
            [
                step("max", How::Ends, 0),
                step("m", How::Whole, 1),
                step("example", How::Whole, 2),
                step("com", How::Begins, 3)
            ]
        );
    }

    #[test]
    fn scripts_without_blanks_are_looked_up_by_pairs() {
        assert_eq!(steps("契約書"), [step("契約", How::Whole, 0), step("約書", How::Whole, 1)]);
        assert_eq!(steps("東"), [step("東", How::Begins, 0)]);
        let want = [step("契約", How::Whole, 0), step("約書", How::Whole, 1), step("v23", How::Begins, 3)];
        assert_eq!(steps("契約書v23"), want, "the last character keeps its place");
    }

    #[test]
    fn punctuation_alone_is_left_out() {
        assert_eq!(Plan::of(&parse("- ...").unwrap().unwrap()), None);
        assert_eq!(steps("abc - ..."), [step("abc", How::Part, 0)]);
        assert_eq!(steps("abc OR NOT ..."), [step("abc", How::Part, 0)]);
    }
}
