//! What a set of rules finds in a text.

use std::ops::Range;

use crate::compile::{Compiled, Node, Parts, compile};
use crate::detect;
use crate::effort;
use crate::fold::disguise::{Disguise, readings};
use crate::fold::words::Words;
use crate::fold::{Clean, Lookalikes};
use crate::pack::{Pack, Rule, TextKind};
use crate::problem::Problem;

/// Most parts that one finding names.
pub const MAX_SPANS: usize = 100;

/// Rules, ready to be applied; made once, never changed, shared by reference.
#[derive(Debug)]
pub struct Set {
    parts: Parts,
}

/// A rule that matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which rule: for [`Set::rule`].
    pub rule: usize,
    /// What it matched: byte ranges of the text on borders of characters, in order, none touching another. Of more
    /// than [`MAX_SPANS`] the last reaches to the end of all: together they always cover everything that matched.
    pub spans: Vec<Range<usize>>,
    /// How it had been disguised at worst.
    pub disguise: Disguise,
}

/// A place where a leaf was found, in the folded text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Hit {
    start: usize,
    end: usize,
    disguise: Disguise,
}

impl Set {
    /// Compiles the rules of these packs, in this order.
    ///
    /// # Errors
    /// Every problem there is, each with its place and reason.
    pub fn compile(packs: &[Pack]) -> Result<Self, Vec<Problem>> {
        compile(packs).map(|parts| Self { parts })
    }

    /// How many rules there are.
    pub fn len(&self) -> usize {
        self.parts.rules.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.parts.rules.is_empty()
    }

    /// A rule by its number in this set.
    pub fn rule(&self, number: usize) -> Option<&Rule> {
        self.parts.rules.get(number).map(|compiled| &compiled.rule)
    }

    /// Which rules match a text, in their order.
    pub fn screen(&self, text: &str, kind: TextKind) -> Vec<Finding> {
        let clean = Clean::new(text, Lookalikes::Folded);
        let words = Words::new(&clean);
        let hits = self.hits(&clean, &words);
        if hits.is_empty() {
            return Vec::new();
        }
        let mut candidates: Vec<u32> = Vec::new();
        let mut last = None;
        for (leaf, _) in &hits {
            if last != Some(leaf) {
                candidates.extend(self.parts.rules_of_leaf.get(*leaf as usize).into_iter().flatten());
                last = Some(leaf);
            }
        }
        candidates.sort_unstable();
        candidates.dedup();
        let mut findings = Vec::new();
        for number in candidates {
            let number = number as usize;
            let Some(compiled) = self.parts.rules.get(number) else { continue };
            if compiled.kinds & kind.bit() == 0 {
                continue;
            }
            let matched = Decision::new(&hits, &words, compiled).hits();
            if let Some(matched) = matched {
                findings.push(finding(number, &clean, matched));
            }
        }
        findings
    }

    /// Where leaves were found, by leaf and place.
    fn hits(&self, clean: &Clean<'_>, words: &Words) -> Vec<(u32, Hit)> {
        let parts = &self.parts;
        let mut hits: Vec<(u32, Hit)> = Vec::new();
        let mut add = |leaves: Option<&Vec<u32>>, part: Range<usize>, disguise| {
            let hit = Hit { start: part.start, end: part.end, disguise };
            hits.extend(leaves.into_iter().flatten().map(|leaf| (*leaf, hit)));
        };
        let leaves_of_term = |term: u32| parts.leaves_of_term.get(term as usize);
        parts.index.find(words, &mut |found| add(leaves_of_term(found.term), found.part, found.disguise));
        for reading in readings(clean, parts.squeezed.most_words) {
            let mut found = |found: crate::index::Found| {
                add(leaves_of_term(found.term), found.part, found.disguise);
            };
            parts.squeezed.find(&reading, &mut found);
        }
        parts.patterns.find(&clean.text, &mut |pattern, part| {
            add(parts.leaves_of_pattern.get(pattern), part, Disguise::None);
        });
        for (detector, part) in detect::find(&clean.text, &parts.detectors) {
            let leaf = parts.leaf_of_detector.iter().find(|(known, _)| *known == detector);
            let hit = Hit { start: part.start, end: part.end, disguise: Disguise::None };
            hits.extend(leaf.map(|(_, leaf)| (*leaf, hit)));
        }
        effort::add(hits.len());
        hits.sort_unstable();
        // The least disguised of those at the same place comes first, and stays.
        hits.dedup_by_key(|(leaf, hit)| (*leaf, hit.start, hit.end));
        hits
    }
}

/// The deciding of one rule over the hits of a text.
struct Decision<'a> {
    hits: &'a [(u32, Hit)],
    words: &'a Words,
    node: &'a Node,
    /// Where exclusion phrases are: their beginnings in order, each with the farthest end so far.
    excluded: Vec<(usize, usize)>,
}

impl<'a> Decision<'a> {
    fn new(hits: &'a [(u32, Hit)], words: &'a Words, compiled: &'a Compiled) -> Self {
        let mut excluded: Vec<(usize, usize)> = Vec::new();
        for (_, hit) in compiled.unless.map(|leaf| of_leaf(hits, leaf)).unwrap_or_default() {
            let farthest = excluded.last().map_or(0, |(_, end)| *end);
            excluded.push((hit.start, hit.end.max(farthest)));
        }
        Self { hits, words, node: &compiled.node, excluded }
    }

    /// What the rule matched, if it holds.
    fn hits(&self) -> Option<Vec<Hit>> {
        let mut matched = Vec::new();
        self.holds(self.node, &mut matched).then_some(matched)
    }

    fn is_excluded(&self, hit: &Hit) -> bool {
        let next = self.excluded.partition_point(|(start, _)| *start <= hit.start);
        next.checked_sub(1)
            .and_then(|before| self.excluded.get(before))
            .is_some_and(|(_, end)| *end >= hit.end)
    }

    /// Whether a part holds; then what it matched is added.
    fn holds(&self, node: &Node, matched: &mut Vec<Hit>) -> bool {
        let before = matched.len();
        match node {
            Node::Leaf(leaf) => {
                let hits = of_leaf(self.hits, *leaf).iter().map(|(_, hit)| *hit);
                effort::add(hits.len());
                matched.extend(hits.filter(|hit| !self.is_excluded(hit)));
                matched.len() > before
            }
            Node::Not(inner) => {
                let holds = self.holds(inner, matched);
                matched.truncate(before);
                !holds
            }
            Node::And(parts) => {
                let all = parts.iter().all(|part| self.holds(part, matched));
                if !all {
                    matched.truncate(before);
                }
                all
            }
            Node::Or(parts) => {
                let mut any = false;
                for part in parts {
                    // Every part is looked at: what it matched is shown, too.
                    any |= self.holds(part, matched);
                }
                any
            }
            Node::Near(distance, left, right) => {
                let (mut lefts, mut rights) = (Vec::new(), Vec::new());
                if !(self.holds(left, &mut lefts) && self.holds(right, &mut rights)) {
                    return false;
                }
                let (lefts, rights) = (self.places(&lefts), self.places(&rights));
                near(&lefts, &rights, *distance, matched);
                near(&rights, &lefts, *distance, matched);
                matched.len() > before
            }
        }
    }

    fn places(&self, hits: &[Hit]) -> Vec<Place> {
        let place = |hit: &Hit| {
            let (first, last) = self.words.words_of_clean(&(hit.start..hit.end));
            Place { first, last, hit: *hit }
        };
        hits.iter().map(place).collect()
    }
}

/// A hit and the words it takes, counted from 0.
#[derive(Clone, Copy)]
struct Place {
    first: usize,
    last: usize,
    hit: Hit,
}

/// Adds those of `these` that have one of `those` before or behind them with at most `distance` words between.
fn near(these: &[Place], those: &[Place], distance: usize, matched: &mut Vec<Hit>) {
    effort::add(these.len() + those.len());
    let mut firsts: Vec<usize> = those.iter().map(|place| place.first).collect();
    let mut lasts: Vec<usize> = those.iter().map(|place| place.last).collect();
    firsts.sort_unstable();
    lasts.sort_unstable();
    for place in these {
        let behind = firsts.partition_point(|first| *first <= place.last);
        let before = lasts.partition_point(|last| *last < place.first);
        let follows = firsts.get(behind).is_some_and(|first| first - place.last - 1 <= distance);
        let precedes = before.checked_sub(1).and_then(|index| lasts.get(index));
        if follows || precedes.is_some_and(|last| place.first - last - 1 <= distance) {
            matched.push(place.hit);
        }
    }
}

fn of_leaf(hits: &[(u32, Hit)], leaf: u32) -> &[(u32, Hit)] {
    let from = hits.partition_point(|(other, _)| *other < leaf);
    let to = hits.partition_point(|(other, _)| *other <= leaf);
    hits.get(from..to).unwrap_or_default()
}

fn finding(rule: usize, clean: &Clean<'_>, mut matched: Vec<Hit>) -> Finding {
    effort::add(matched.len());
    matched.sort_unstable();
    let mut spans: Vec<Range<usize>> = Vec::new();
    let mut disguise = Disguise::None;
    for hit in matched {
        disguise = disguise.max(hit.disguise);
        let span = clean.original(hit.start..hit.end);
        let full = spans.len() == MAX_SPANS;
        match spans.last_mut() {
            Some(last) if full || span.start <= last.end => last.end = last.end.max(span.end),
            _ => spans.push(span),
        }
    }
    Finding { rule, spans, disguise }
}
