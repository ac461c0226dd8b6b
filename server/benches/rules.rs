//! What rules of acceptable use cost where messages are sent: processor time of this process for a message that is sent and
//! committed, without rules and with 1,000 of them (20,000 terms, 100 patterns); and how fast a rule runs over the archive.
//! No sockets: the way from `send_unit` to the commit. `cargo bench -p chancery-server --bench rules`.
//!
//! Rounds alternate between the two archives, both SQLite in temporary folders; figures are medians.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a bench lives in real time and speaks on stdout"
)]

use std::collections::{BTreeMap, VecDeque};
use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use chancery_ledger::{Kind, Stream};
use chancery_protocol::command::Send;
use chancery_protocol::ids::{ConversationId, Id, PersonId};
use chancery_protocol::person::Role;
use chancery_protocol::policy::ItemKind;
use chancery_screening::{Examples, Outcome, Rule, Scope, Severity, TextKind};
use chancery_server::acceptable_use::items::Content;
use chancery_server::acceptable_use::store::{self as items, Made, Running, Setting};
use chancery_server::acceptable_use::{Book, Others, Place};
use chancery_server::app::Parts;
use chancery_server::conversations::{NewGroup, create_group};
use chancery_server::directory::{Roles, records, store};
use chancery_server::ground::clock::Clock;
use chancery_server::ground::config::{Surroundings, load};
use chancery_server::ground::random::Random;
use chancery_server::journal::{Beside, Unit};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

const RULES: usize = 1_000;
const TERMS: usize = 20;
const PEOPLE: usize = 50;
/// Messages of a round, and how many are under way at a time.
const MESSAGES: usize = 6_000;
const UNDER_WAY: usize = 400;
const ROUNDS: usize = 9;

fn word(rng: &mut StdRng) -> String {
    const BEGINS: [&str; 12] = ["b", "br", "d", "f", "g", "k", "l", "m", "p", "s", "st", "tr"];
    const MIDDLES: [&str; 7] = ["a", "e", "i", "o", "u", "ai", "ou"];
    const ENDS: [&str; 6] = ["", "", "n", "r", "l", "s"];
    let mut word = String::new();
    for _ in 0..rng.random_range(2..5) {
        word += BEGINS[rng.random_range(0..BEGINS.len())];
        word += MIDDLES[rng.random_range(0..MIDDLES.len())];
        word += ENDS[rng.random_range(0..ENDS.len())];
    }
    word
}

fn rule(name: String, expression: String) -> Rule {
    Rule {
        id: name,
        name: "Measured".into(),
        languages: Vec::new(),
        why: "It is measured.".into(),
        ask: "Nobody".into(),
        instead: String::new(),
        outcome: Outcome::Flag,
        severity: Severity::Low,
        queue: String::new(),
        applies_to: Vec::new(),
        scope: Scope::default(),
        exceptions: Vec::new(),
        known_to_senders: false,
        expression,
        unless: Vec::new(),
        tests: Examples::default(),
    }
}

/// The rules, and a word that only they have.
fn rules(rng: &mut StdRng) -> (Vec<Rule>, String) {
    let terms: Vec<String> = (0..RULES * TERMS)
        .map(|number| if number % 5 == 0 { format!("{} {}", word(rng), word(rng)) } else { word(rng) + "zq" })
        .collect();
    let rules = terms.chunks(TERMS).enumerate().map(|(number, terms)| {
        let quoted: Vec<String> = terms.iter().map(|term| format!("\"{term}\"")).collect();
        let (left, right) = quoted.split_at(TERMS / 2);
        let (left, right) = (left.join(" OR "), right.join(" OR "));
        let expression = match number % 4 {
            0 => format!("({left}) NEAR/6 ({right})"),
            1 => format!("({left}) AND ({right})"),
            _ => format!("{left} OR {right}"),
        };
        let expression = match number % 10 {
            0 => format!("({expression}) OR /\\b{}-?{number}[0-9]{{3,6}}\\b/", &word(rng)[..3]),
            1 => format!("({expression}) OR detect:card OR detect:iban"),
            _ => expression,
        };
        rule(format!("r-{number}"), expression)
    });
    (rules.collect(), terms[2 * TERMS + 1].clone())
}

/// 200 characters of everyday words; one in a hundred has a word of a rule.
fn texts(rng: &mut StdRng, hit: &str) -> Vec<String> {
    let common: Vec<String> = (0..400).map(|_| word(rng)).collect();
    let one = |number: usize| {
        let mut text = if number % 100 == 7 { format!("{hit} ") } else { String::new() };
        while text.len() < 200 {
            let rank = rng.random_range(0..400) * rng.random_range(0..400) / 400;
            text += &common[rank];
            text.push(' ');
        }
        text.truncate(200);
        text
    };
    (0..MESSAGES).map(one).collect()
}

struct House {
    parts: Parts,
    people: Vec<PersonId>,
    group: ConversationId,
}

impl House {
    fn new(folder: &Path, runtime: &tokio::runtime::Runtime) -> Self {
        let env = [("CHANCERY_DATA", folder.display().to_string())];
        let outside = Surroundings {
            env: env.into_iter().map(|(key, value)| (key.into(), value.into())).collect(),
            cwd: folder.to_owned(),
            read: &|_| Err(std::io::ErrorKind::NotFound.into()),
        };
        let config = load(None, &outside).map_err(|e| e.to_string()).unwrap().config;
        let mut parts = Parts::open(&config, Clock::System, Random::System).unwrap();
        parts.start(None, false).unwrap();
        let people: Vec<PersonId> = (0..PEOPLE).map(|number| person(&parts, &format!("p{number}"))).collect();
        let new = NewGroup {
            name: "Everybody".into(),
            announcement: false,
            open: false,
            topic: None,
            members: people[1..].to_vec(),
        };
        let id = parts.journal.id().unwrap();
        let made = create_group(&parts.journal, &parts.directory, id, people[0], new, Beside::default());
        let group = runtime.block_on(made).unwrap();
        Self { parts, people, group }
    }

    fn bring_into_force(&self, rules: &[Rule]) {
        let journal = &self.parts.journal;
        let settings: Vec<Setting> = rules
            .iter()
            .map(|rule| {
                let content = Content::Rule { rule: Box::new(rule.clone()) };
                let name = rule.id.clone();
                let running = Running { kind: ItemKind::Rule, name, version: 0, place: 0, content };
                Setting::new(journal.vault(), &running, true, None).unwrap()
            })
            .collect();
        let draft = journal.draft(Stream::System, Kind::PolicySet, None, &()).unwrap();
        let (record, nobody) = (draft.record, self.people[0]);
        let unit = Unit {
            records: vec![draft],
            work: Some(Box::new(move |conn, placed| {
                let at = placed.first().map(|place| place.at).unwrap_or_default();
                let made = Made { at, asked_by: nobody, agreed_by: nobody, record };
                settings.iter().try_for_each(|setting| items::set(conn, setting, made))
            })),
            ..Unit::default()
        };
        let begin = Instant::now();
        journal.commit_blocking(unit).unwrap();
        println!("{} rules came into force in {:.0} ms", rules.len(), begin.elapsed().as_secs_f64() * 1e3);
    }

    /// Sends all texts; processor microseconds of this process for each.
    fn send(&self, runtime: &tokio::runtime::Runtime, texts: &[String]) -> f64 {
        let messaging = self.parts.messaging();
        let before = processor();
        runtime.block_on(async {
            let mut under_way = VecDeque::with_capacity(UNDER_WAY);
            for (number, text) in texts.iter().enumerate() {
                if under_way.len() == UNDER_WAY {
                    let pending: chancery_server::journal::Pending = under_way.pop_front().unwrap();
                    pending.wait().await.unwrap();
                }
                let send = Send {
                    client_id: messaging.journal.id().unwrap(),
                    conversation: self.group,
                    text: text.clone(),
                    reply_to: None,
                    thread_root: None,
                    urgent: false,
                };
                let unit = messaging.send_unit(self.people[number % PEOPLE], send, None).unwrap();
                under_way.push_back(messaging.journal.submit(unit).await.unwrap());
            }
            for pending in under_way {
                pending.wait().await.unwrap();
            }
        });
        (processor() - before) * 1e6 / texts.len() as f64
    }
}

fn person(parts: &Parts, username: &str) -> PersonId {
    let journal = &parts.journal;
    let id: PersonId = journal.id().unwrap();
    let body = records::PersonCreated {
        username: username.into(),
        name: username.into(),
        roles: vec![Role::Employee],
        profile: records::Profile::default(),
        source: records::Source::Local,
        owner: None,
        via: records::Via::CommandLine,
    };
    let new = store::NewPerson {
        id,
        username: username.into(),
        name: username.into(),
        roles: Roles::of(&[Role::Employee]),
        password: None,
        profile: records::Profile::default(),
        guest: None,
        owner: None,
    };
    let mut draft = journal.draft(Stream::Person(id.bytes()), Kind::PersonCreated, None, &body).unwrap();
    draft.target = Some(id.bytes());
    let unit = Unit {
        records: vec![draft],
        work: Some(Box::new(move |conn, _| store::insert(conn, &new, 0))),
        ..Unit::default()
    };
    journal.commit_blocking(unit).unwrap();
    id
}

/// Processor seconds of this process, all threads; the kernel counts in hundredths.
fn processor() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    [11, 12].iter().map(|field| fields[*field].parse::<f64>().unwrap()).sum::<f64>() / 100.0
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

/// Texts a second of one thread: read, opened, verified and screened by one rule.
fn backtest(house: &House, hit: &str) -> (f64, u64, u64) {
    let messaging = house.parts.messaging();
    let mut conn = house.parts.journal.db().reader().unwrap();
    let rules = vec![(0, rule("tried".into(), format!("\"{hit}\" OR detect:card")))];
    let book = Book::trial(&mut conn, rules, BTreeMap::new()).unwrap().unwrap();
    let place = Place {
        sender: house.people[0],
        others: Others::In(house.group),
        directory: house.parts.directory.clone(),
        roster: house.parts.roster.clone(),
    };
    let (begin, mut position, mut texts, mut hits) = (Instant::now(), 0, 0, 0);
    loop {
        let (written, _, looked_at) = messaging.written(&mut conn, position, u64::MAX >> 1, 1_000).unwrap();
        for text in &written {
            let looked = book.look(&text.text, text.what);
            hits +=
                u64::from(!looked.is_empty() && !looked.decide_by(&book, &place, None).findings.is_empty());
        }
        texts += written.len() as u64;
        if written.len() < 1_000 {
            return (texts as f64 / begin.elapsed().as_secs_f64(), texts, hits);
        }
        position = looked_at;
    }
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let rng = &mut StdRng::seed_from_u64(7);
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let [bare, ruled] = folders.each_ref().map(|folder| House::new(folder.path(), &runtime));
    let (rules, hit) = rules(rng);
    let texts = texts(rng, &hit);
    ruled.bring_into_force(&rules);
    let looked_up = ruled.parts.rules.now();
    let mut figures: [Vec<f64>; 3] = Default::default();
    for round in 0..=ROUNDS {
        let cost = [bare.send(&runtime, &texts), ruled.send(&runtime, &texts)];
        let begin = Instant::now();
        for text in &texts {
            black_box(looked_up.look(black_box(text), TextKind::Message).is_empty());
        }
        let alone = begin.elapsed().as_secs_f64() * 1e6 / texts.len() as f64;
        // The first round warms up.
        if round > 0 {
            let [without, with] = cost;
            figures.iter_mut().zip([without, with, alone]).for_each(|(list, figure)| list.push(figure));
        }
    }
    let [without, with, alone] = figures.map(median);
    println!(
        "a message of 200 characters, sent and committed: {without:.1} µs of processor time without rules"
    );
    println!("with {RULES} rules of {} terms: {with:.1} µs; screening alone {alone:.1} µs", RULES * TERMS);
    println!("share of the send path: {:.1} % (goal: under 15 %)", alone * 100.0 / with);
    println!(
        "what rules add to it, cold caches and findings included: {:.1} %",
        (with - without) * 100.0 / with
    );
    let mut speeds = Vec::new();
    for _ in 0..5 {
        let (speed, texts, hits) = backtest(&bare, &hit);
        println!("back-test: {texts} texts, {hits} hits, {speed:.0} texts/s on one core");
        speeds.push(speed);
    }
    println!("back-test, median: {:.0} texts/s (goal: 50,000)", median(speeds));
}
