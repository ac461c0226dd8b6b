//! Invented texts of a company that writes German, English and Japanese, and queries for them.
//!
//! The same number gives the same text every time. Words are drawn by rank, the second half as often as the first,
//! the third a third as often (Zipf): few words make most of a text, and most words are rare.

use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha12Rng;

const SEED: u64 = 20_261_121;
/// Different words of each of the two languages with blanks, as a company has after a million messages.
const WORDS: usize = 60_000;

const GERMAN: &str = "und die der ist nicht ich wir das für mit auf bitte auch noch aber dann heute morgen wenn schon \
    kann muss wird haben danke gerne leider sofort wegen über nach vor unter zwischen damit weil oder";
const STEMS: &str = "vertrag rechnung projekt kunde angebot termin lager prüfung abteilung budget planung entwurf liefer \
    bestell produkt qualität daten sicherheit server netz personal urlaub reise kosten steuer zahlung frist antrag gespräch \
    protokoll bericht monat quartal jahr haupt neben vor nach zusatz sonder grund wert preis markt werk halle fahrzeug \
    schicht maschine anlage wartung ersatz teil schraube blech stahl holz";
const ENGLISH: &str = "the and is not we you that for with on please also still but then today tomorrow when already can \
    must will have thanks sorry because over after before under between so or it this from by at are was be";
const NOUNS: &str = "contract invoice project customer offer meeting warehouse review department budget planning draft \
    delivery order product quality data security server network staff holiday travel cost tax payment deadline request talk \
    minutes report month quarter year release branch ticket incident customer partner supplier price market plant machine";
const ENDINGS: &str = "s ed ing er ers ment able less ful ness";
const SYLLABLES: &str = "ba be bi bo da de di do fa fe ga go ha hi ka ke ki ko la le li lo ma me mi mo na ne ni no pa pe \
    ra re ri ro sa se si so ta te ti to va vi wa wo za zo";
const JAPANESE: &str = "契約 会議 資料 確認 送付 見積 請求 部長 予算 計画 品質 納期 製品 顧客 提案 承認 出張 報告 今日 明日 来週 \
    午前 午後 開発 試験 設計 変更 問題 対応 連絡 工場 機械 部品 在庫 発注 価格 市場 担当 会社 東京";
const PARTICLES: &str = "を に は が の と で も から まで";
/// Not among the other words, so that PostgreSQL, to whom an address is one word, counts those alike.
const NAMES: &str = "mustermann schulze tanaka miller silva kowalski";
const FILES: &str = "kalkulation forecast roadmap sitzplan";
const ENDS: &str = "お願いします。 送ります。 確認しました。 ありがとうございます。 了解です。 まだです。";

/// All words, the most frequent first.
pub struct Words {
    german: Vec<String>,
    english: Vec<String>,
    japanese: Vec<&'static str>,
    particles: Vec<&'static str>,
    ends: Vec<&'static str>,
    names: Vec<&'static str>,
    files: Vec<&'static str>,
}

/// A query, and how PostgreSQL is asked for the same or the nearest to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// As people type it.
    pub typed: String,
    /// For `to_tsquery('simple', …)`.
    pub tsquery: String,
    /// Whether both mean the same.
    pub same: bool,
}

fn split(words: &'static str) -> Vec<&'static str> {
    words.split_whitespace().collect()
}

/// The place of a word: the first is twice as frequent as the second.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "ranks"
)]
fn rank(random: &mut ChaCha12Rng, of: usize) -> usize {
    let share: f64 = random.random();
    ((of as f64).powf(share) as usize).saturating_sub(1).min(of - 1)
}

fn pick(random: &mut ChaCha12Rng, of: &[&'static str]) -> &'static str {
    of[random.random_range(0..of.len())]
}

impl Words {
    /// The vocabulary.
    pub fn new() -> Self {
        let mut random = ChaCha12Rng::seed_from_u64(SEED);
        let stems = split(STEMS);
        let mut rare: Vec<String> = Vec::new();
        for one in &stems {
            for two in &stems {
                rare.push(format!("{one}{two}"));
                rare.extend(stems.iter().step_by(3).map(|three| format!("{one}s{two}{three}")));
            }
        }
        rare.shuffle(&mut random);
        let german = ranked(&mut random, &[GERMAN, STEMS], rare);
        let endings = split(ENDINGS);
        let mut rare: Vec<String> = split(NOUNS)
            .iter()
            .flat_map(|noun| endings.iter().map(move |ending| format!("{noun}{ending}")))
            .collect();
        rare.shuffle(&mut random);
        let english = ranked(&mut random, &[ENGLISH, NOUNS], rare);
        let [japanese, particles, ends, names, files] = [JAPANESE, PARTICLES, ENDS, NAMES, FILES].map(split);
        Self { german, english, japanese, particles, ends, names, files }
    }

    /// The text of a message.
    pub fn text(&self, number: u64) -> String {
        let mut random = ChaCha12Rng::seed_from_u64(SEED ^ (number << 20));
        let mut text = String::with_capacity(160);
        match random.random_range(0..20) {
            0..9 => self.sentence(&mut random, &self.german, &mut text),
            9..17 => self.sentence(&mut random, &self.english, &mut text),
            _ => {
                for _ in 0..random.random_range(2..7) {
                    text.push_str(self.japanese[rank(&mut random, self.japanese.len())]);
                    text.push_str(pick(&mut random, &self.particles));
                }
                text.push_str(pick(&mut random, &self.ends));
            }
        }
        match random.random_range(0..40) {
            0 => text.push_str(&format!(" max.{}@example.com", pick(&mut random, &self.names))),
            1 => {
                let version = random.random_range(1..9);
                text.push_str(&format!(" {}-2026_v{version}.xlsx", pick(&mut random, &self.files)));
            }
            2 => {
                let (month, day) = (random.random_range(1..13), random.random_range(1..29));
                text.push_str(&format!(" 2026-{month:02}-{day:02}"));
            }
            3 => text.push_str(" 👍"),
            _ => {}
        }
        text
    }

    /// Four to some thirty words.
    fn sentence(&self, random: &mut ChaCha12Rng, words: &[String], text: &mut String) {
        for _ in 0..4 + rank(random, 26) {
            if !text.is_empty() {
                text.push_str(if random.random_range(0..12) == 0 { ", " } else { " " });
            }
            text.push_str(&words[rank(random, words.len())]);
        }
    }

    /// Fifty queries of the sorts that people type: words frequent and rare, parts of words, several, phrases,
    /// alternatives, exclusions, scripts without blanks, names of files and addresses.
    pub fn queries(&self) -> Vec<Query> {
        let (german, english) =
            (|rank: usize| self.german[rank].as_str(), |rank: usize| self.english[rank].as_str());
        let query = |typed: String, tsquery: String, same: bool| Query { typed, tsquery, same };
        let mut all = Vec::new();
        for rank in [3, 40, 80, 150, 400, 2_000, 20_000] {
            for word in [german(rank), english(rank)] {
                all.push(query(format!("\"{word}\""), word.to_owned(), true));
            }
        }
        for part in ["vertrag", "rechnung", "lieferung", "wartung", "invoice", "budget", "contr", "quartals"]
        {
            all.push(query(part.to_owned(), format!("{part}:*"), false));
        }
        for (one, two) in [(2, 45), (10, 60), (35, 90), (50, 300)] {
            let [g1, g2, e1, e2] = [german(one), german(two), english(one), english(two)];
            all.push(query(format!("\"{g1}\" \"{g2}\""), format!("{g1} & {g2}"), true));
            all.push(query(format!("\"{e1}\" \"{e2}\""), format!("{e1} & {e2}"), true));
        }
        for (one, two) in [(1, 3), (5, 40), (36, 50)] {
            let [g1, g2, e1, e2] = [german(one), german(two), english(one), english(two)];
            all.push(query(format!("\"{g1} {g2}\""), format!("{g1} <-> {g2}"), true));
            all.push(query(format!("\"{e1} {e2}\""), format!("{e1} <-> {e2}"), true));
        }
        for (one, two) in [(41, 70), (100, 1_000)] {
            let [g, e] = [german(one), english(two)];
            all.push(query(format!("\"{g}\" OR \"{e}\""), format!("{g} | {e}"), true));
            all.push(query(format!("\"{g}\" -\"{}\"", german(0)), format!("{g} & !{}", german(0)), true));
        }
        all.push(query("vertrag rechnung".into(), "vertrag:* & rechnung:*".into(), false));
        all.push(query(
            "vertrag (prüfung OR \"bitte\")".into(),
            "vertrag:* & (prüfung:* | bitte)".into(),
            false,
        ));
        all.push(query("invoice -\"please\"".into(), "invoice:* & !please".into(), false));
        for word in ["契約", "見積", "納期", "会議"] {
            all.push(query(word.to_owned(), format!("{word}:*"), false));
        }
        all.push(query("max.tanaka@example.com".into(), "'max.tanaka@example.com'".into(), false));
        all.push(query("roadmap-2026".into(), "'roadmap-2026':*".into(), false));
        all.push(query("2026-11-21".into(), "2026 <-> 11 <-> 21".into(), false));
        all
    }
}

/// The words of some lists, then rare ones, then names nobody has heard before.
fn ranked(random: &mut ChaCha12Rng, frequent: &[&'static str], rare: Vec<String>) -> Vec<String> {
    let syllables = split(SYLLABLES);
    let mut words: Vec<String> = frequent.iter().flat_map(|list| split(list)).map(str::to_owned).collect();
    words.extend(rare.into_iter().take(WORDS * 2 / 3));
    let mut seen: std::collections::HashSet<String> = std::collections::HashSet::new();
    words.retain(|word| seen.insert(word.clone()));
    while words.len() < WORDS {
        let name: String = (0..random.random_range(3..6)).map(|_| pick(random, &syllables)).collect();
        if seen.insert(name.clone()) {
            words.push(name);
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeSet, HashMap};

    use super::*;

    #[test]
    fn texts_can_be_had_again_and_their_words_are_spread_as_in_a_language() {
        let (words, same) = (Words::new(), Words::new());
        let mut counts: HashMap<String, u32> = HashMap::new();
        for number in 0..5_000 {
            let text = words.text(number);
            assert_eq!(text, same.text(number));
            assert!(!text.is_empty() && text.len() < 1_000, "{text}");
            text.split([' ', ',']).for_each(|word| *counts.entry(word.to_owned()).or_default() += 1);
        }
        assert_ne!(words.text(1), words.text(2));
        let of = |word: &str| counts.get(word).copied().unwrap_or_default();
        assert!(of(&words.german[0]) > 3 * of(&words.german[10]) && of(&words.german[10]) > 0);
        let once = counts.values().filter(|count| **count == 1).count();
        assert!(once * 3 > counts.len(), "{once} of {} words are rare", counts.len());
    }

    #[test]
    fn there_are_fifty_different_queries_and_they_can_be_read() {
        let queries = Words::new().queries();
        let typed: BTreeSet<&str> = queries.iter().map(|query| query.typed.as_str()).collect();
        assert_eq!((queries.len(), typed.len()), (50, 50));
        assert_eq!(queries.iter().filter(|query| query.same).count(), 32, "as the report says");
        for query in &queries {
            assert!(chancery_protocol::query::parse(&query.typed).unwrap().is_some(), "{}", query.typed);
        }
    }
}
