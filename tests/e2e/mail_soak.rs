//! Thousands of people are away while others write: everybody gets the mails they should and no other, memory stays, and who chats
//! meanwhile does not notice.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use chancery_ledger::Kind;
use chancery_protocol::Micros;
use chancery_protocol::accounts::MAX_ACCOUNTS;
use chancery_protocol::command;
use chancery_protocol::ids::{ConversationId, PersonId};
use chancery_protocol::mail::{MailMode, MailState, Mailing, Outbox};
use chancery_protocol::preferences::Preferences;
use chancery_protocol::sources::SyncState;
use chancery_tests::archive::Archive;
use chancery_tests::client::Client;
use chancery_tests::database::Storage;
use chancery_tests::house::{House, NAMES, PASSWORD};
use chancery_tests::http::Caller;
use chancery_tests::mail::{Ahead, to_sink};
use chancery_tests::on_both_databases;
use chancery_tests::patience::until;
use chancery_tests::server::Plan;
use chancery_tests::smtp_sink::{Mode, SmtpSink};
use mail_parser::MessageParser;
use reqwest::Method;

use crate::directory_soak::{large, resident, soak};
use crate::directory_sync::{NOW, read, source};

/// Messages are written and mailed about in so many goes.
const ROUNDS: usize = 5;
/// Everybody is in so many groups.
const EACH_IN: usize = 3;
/// Everybody whose number is a multiple of it wants one mail a day.
const DAILY: usize = 5;
/// Messages of a group that a mail shows, and a daily one.
const SHOWN: [usize; 2] = [10, 3];
const MINUTE: Micros = 60_000_000;
const DAY: Micros = 24 * 60 * MINUTE;
/// Longest time without a mail while mails are still to come.
const MOST: Duration = Duration::from_secs(600);

/// Who is away, and how much is written.
#[derive(Clone, Copy)]
struct Size {
    people: usize,
    /// Talked in by those who are in them, and by one who writes.
    groups: usize,
    /// Messages in each.
    messages: usize,
}

impl Size {
    /// The groups somebody is in.
    fn groups_of(self, person: usize) -> [usize; EACH_IN] {
        [0, 7, 31].map(|step| (person + step) % self.groups)
    }

    fn name(group: usize) -> String {
        format!("Desk {group:04}")
    }
}

/// Ids of people of the directory, by their number.
async fn numbered(admin: &Caller, people: usize) -> Vec<PersonId> {
    let mut found = BTreeMap::new();
    for offset in (0..).step_by(usize::try_from(MAX_ACCOUNTS).unwrap()) {
        let page = admin.accounts_where(&format!("limit={MAX_ACCOUNTS}&offset={offset}")).await.unwrap();
        if page.accounts.is_empty() {
            break;
        }
        for account in page.accounts {
            let number =
                account.person.username.strip_prefix('p').and_then(|number| number.parse::<usize>().ok());
            found.extend(number.map(|number| (number, account.person.id)));
        }
    }
    assert!(found.keys().copied().eq(0..people), "everybody came in");
    found.into_values().collect()
}

/// Somebody comes once, says that one mail a day is enough, and goes.
async fn want_a_daily_mail(house: &House, person: usize, revision: u64, at: Micros) {
    let who = house.stranger().sign_in(&format!("p{person}"), &format!("p{person}-password")).await.unwrap();
    let digest_at = u16::try_from(at.rem_euclid(DAY) / MINUTE).unwrap();
    let mailing = Mailing { mode: MailMode::Daily, digest_at: Some(digest_at), ..Mailing::default() };
    let preferences = Preferences { mailing, ..Preferences::default() };
    let mut client = Client::connect(&who).await;
    client.ask(command::SavePreferences { revision, preferences }).await.unwrap();
}

/// Writes as fast as it is answered.
async fn write(mut writer: Client, groups: Vec<ConversationId>, messages: usize) -> Client {
    for number in 1..=messages {
        for group in &groups {
            while let Err(problem) = writer.send(*group, &format!("word {number} of the day")).await {
                assert_eq!(problem.code(), "rate_limited");
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }
    writer.logs.clear();
    writer.forget_frames();
    writer
}

/// Somebody writes every 20 ms, at least `least` times and until told to stop; how long each took to be acknowledged, in ms.
async fn chat(client: &mut Client, talk: ConversationId, least: usize, stop: &AtomicBool) -> [f64; 2] {
    let mut times = Vec::new();
    let mut clock = tokio::time::interval(Duration::from_millis(20));
    clock.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    while times.len() < least || !stop.load(Ordering::SeqCst) {
        clock.tick().await;
        let begun = Instant::now();
        client.send(talk, "while mails go").await.unwrap();
        times.push(begun.elapsed().as_secs_f64() * 1_000.0);
    }
    times.sort_by(f64::total_cmp);
    [0.5, 0.99].map(|share| times[((times.len() - 1) as f64 * share) as usize])
}

fn median(mut of: Vec<f64>) -> f64 {
    of.sort_by(f64::total_cmp);
    of[of.len() / 2]
}

/// Waits until so many mails have arrived, however long that takes, as long as it goes on.
async fn until_arrived(sink: &SmtpSink, wanted: usize) {
    let arrived = async || usize::try_from(sink.ask("counts").await["mails"].as_u64().unwrap()).unwrap();
    let (mut before, mut since) = (arrived().await, Instant::now());
    while before < wanted {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let now = arrived().await;
        if now > before {
            (before, since) = (now, Instant::now());
        }
        assert!(since.elapsed() < MOST, "gave up waiting: {before} of {wanted} mails arrived");
    }
}

/// What a mail speaks of: each group, how many of its messages it shows, and how many are unread in all.
fn told(text: &str) -> BTreeMap<String, (usize, usize)> {
    let mut found: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut here = None;
    for line in text.lines() {
        if let Some(at) = line.find("Desk ") {
            here = Some(line[at..at + "Desk 0000".len()].to_owned());
        }
        let Some(group) = &here else { continue };
        let (shown, unread) = found.entry(group.clone()).or_default();
        if line.starts_with("> word ") {
            *shown += 1;
            *unread += 1;
        } else if let Some(older) = line.strip_suffix(" older unread messages are not shown here.") {
            *unread += older.parse::<usize>().unwrap();
        }
    }
    found
}

on_both_databases! {
    /// 100 people and 1,000 messages here; 10,000 and 100,000 with `cargo xtask soak`. Prints figures.
    async fn soak_thousands_are_away_and_miss_nothing(kind) {
        let size = if soak() {
            Size { people: 10_000, groups: 500, messages: 200 }
        } else {
            Size { people: 100, groups: 50, messages: 20 }
        };
        let (sink, ahead) = (SmtpSink::start(Mode::StartTls, None).await, Ahead::default());
        let plan = to_sink(Plan::new(&Storage::durable(kind)), &sink).with("CHANCERY_NOTIFY_AFTER_MINUTES", "1");
        // A release build has no other clock than that of the machine.
        let plan = if soak() { plan } else { ahead.for_(plan) };
        let mut house = House::build(plan, NAMES.len()).await;
        let slapd = large(size.people, 1);
        let source = source(&house, &slapd).await;
        assert_eq!(read(&house.admin, source, NOW).await.sync.state, SyncState::Done);
        let people = numbered(&house.admin, size.people).await;
        // Not before everything else.
        let last = ahead.now() + if soak() { DAY / 2 } else { 60 * MINUTE };
        for person in (0..size.people).step_by(DAILY) {
            want_a_daily_mail(&house, person, 0, last).await;
        }

        // Each of the writers has groups of their own.
        let mut writers = house.connect_all().await;
        let mut groups = Vec::new();
        for group in 0..size.groups {
            let members: Vec<PersonId> =
                (0..size.people).filter(|one| size.groups_of(*one).contains(&group)).map(|one| people[one]).collect();
            let writer = group % writers.len();
            groups.push(writers[writer].create_group(&Size::name(group), &members).await.unwrap().id);
        }
        let bela = house.people[1].id();
        let talk = writers[0].open_direct(bela).await.unwrap().id;

        let pid = house.server.pid();
        let (started, mut most) = (resident(pid), 0);
        let (mut quiet, mut busy) = (Vec::new(), Vec::new());
        let (mut wrote, mut mailed) = (Duration::ZERO, Duration::ZERO);
        let mut wanted = 0;
        for round in 0..ROUNDS {
            let begun = Instant::now();
            let mut writing = Vec::new();
            let count = writers.len();
            for (number, writer) in writers.drain(..).enumerate() {
                let here = |group: &usize| group % ROUNDS == round && group % count == number;
                let groups = (0..size.groups).filter(here).map(|group| groups[group]).collect();
                writing.push(tokio::spawn(write(writer, groups, size.messages)));
            }
            for one in writing {
                writers.push(one.await.unwrap());
            }
            wrote += begun.elapsed();
            let stop = AtomicBool::new(true);
            let least = if soak() { 500 } else { 10 };
            quiet.push(chat(&mut writers[0], talk, least, &stop).await);
            // What was written comes of age.
            ahead.minutes(2);
            let each = |person: usize| size.groups_of(person).into_iter().filter(|group| group % ROUNDS == round).count();
            let before = wanted;
            wanted += (0..size.people).filter(|one| one % DAILY != 0).map(each).sum::<usize>();
            stop.store(false, Ordering::SeqCst);
            until_arrived(&sink, before + 1).await;
            let begun = Instant::now();
            let arrived = async {
                until_arrived(&sink, wanted).await;
                mailed += begun.elapsed();
                stop.store(true, Ordering::SeqCst);
            };
            busy.push(tokio::join!(chat(&mut writers[0], talk, least, &stop), arrived).0);
            most = most.max(resident(pid));
        }
        let in_rounds = wanted;
        drop(writers);

        // The daily mails go at their time.
        if soak() {
            for person in (0..size.people).step_by(DAILY) {
                want_a_daily_mail(&house, person, 1, ahead.now() + 3 * MINUTE).await;
            }
        }
        ahead.minutes(60);
        until_arrived(&sink, wanted + 1).await;
        let begun = Instant::now();
        wanted += size.people.div_ceil(DAILY);
        until_arrived(&sink, wanted).await;
        let daily = begun.elapsed();
        most = most.max(resident(pid));

        house.admin = house.admin.sign_in("root", PASSWORD).await.unwrap();
        until("every mail left", async || {
            let outbox: Outbox = house.admin.call(Method::GET, "/mail/outbox", None::<&()>).await.unwrap();
            let states: Vec<_> = outbox.counts.iter().map(|one| (one.state, one.count)).collect();
            states == [(MailState::Sent, wanted as u64)]
        })
        .await;
        // Each person heard of each of their groups once, and of all that was said there.
        let mut heard: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        let mails = sink.mails();
        assert_eq!(mails.len(), wanted);
        for (to, bytes) in mails {
            let person: usize = to[1..].parse().unwrap();
            let mail = MessageParser::default().parse(&bytes).unwrap();
            let shown = SHOWN[usize::from(person.is_multiple_of(DAILY))];
            let text = mail.body_text(0).unwrap();
            let told = told(&text);
            assert_eq!(told.len(), if person.is_multiple_of(DAILY) { EACH_IN } else { 1 }, "{to}: {text}");
            for (group, count) in told {
                assert_eq!(count, (shown, size.messages), "{to} about {group}: {text}");
                *heard.entry((person, group[5..].parse().unwrap())).or_default() += 1;
            }
        }
        let expected: BTreeMap<(usize, usize), usize> =
            (0..size.people).flat_map(|person| size.groups_of(person).map(|group| ((person, group), 1))).collect();
        assert_eq!(heard, expected);
        assert_eq!(Archive::read(house.storage()).count(Kind::MailHanded), wanted, "each is on record, once");

        let all = size.groups * size.messages;
        let grown = most.saturating_sub(started) / 1_024;
        println!(
            "{kind:?}: {} people, {all} messages written at {:.0}/s; {in_rounds} mails about groups at {:.0}/s, {} daily ones at {:.0}/s",
            size.people,
            all as f64 / wrote.as_secs_f64(),
            in_rounds as f64 / mailed.as_secs_f64(),
            wanted - in_rounds,
            (wanted - in_rounds) as f64 / daily.as_secs_f64(),
        );
        println!("{kind:?}: resident {} MiB before, at most {grown} MiB more", started / 1_024);
        let of = |runs: &[[f64; 2]], which: usize| median(runs.iter().map(|run| run[which]).collect());
        println!(
            "{kind:?}: chat, medians of {ROUNDS} interleaved runs: without p50 {:.2} ms, p99 {:.2} ms; while mails go p50 {:.2} ms, p99 {:.2} ms",
            of(&quiet, 0), of(&quiet, 1), of(&busy, 0), of(&busy, 1)
        );
        println!("{kind:?}: runs without {quiet:.2?}; while mails go {busy:.2?}");
        assert!(grown < 300, "{grown} MiB more");
    }
}
