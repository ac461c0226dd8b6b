//! The link that turns mails off, as it stands in mails: used by mail programs, scanners, people and strangers.

use chancery_protocol::frame::Frame;
use chancery_protocol::mail::{MailMode, Why};
use chancery_protocol::problem::Problem;
use chancery_tests::browser::Script;
use chancery_tests::database::{Database, Storage};
use chancery_tests::house::{House, PASSWORD};
use chancery_tests::mail::{Ahead, house, to_sink, until_settled, why};
use chancery_tests::on_both_databases;
use chancery_tests::server::Plan;
use chancery_tests::smtp_sink::{Mode, SmtpSink};
use chancery_tests::visitor::http;
use mail_parser::MessageParser;
use reqwest::{Method, RequestBuilder, Response};

/// As long as a token, and not of this house.
const FOREIGN: &str = "AQEHBwcHBwcHBwcHBwcHBwcHxV1-_yJ8o0s1mTq2pWc9aA";

fn request(house: &House, method: Method, token: &str) -> RequestBuilder {
    http().request(method, format!("http://{}/mail/off/{token}", house.server.address()))
}

async fn one_click(house: &House, token: &str) -> Response {
    let form =
        request(house, Method::POST, token).header("content-type", "application/x-www-form-urlencoded");
    form.body("List-Unsubscribe=One-Click").send().await.unwrap()
}

/// The link in a mail about something Bela has not read.
async fn link_in_a_mail(house: &House, sink: &SmtpSink, ahead: &Ahead) -> String {
    let mut ada = house.connect(0).await;
    let talk = ada.open_direct(house.people[1].id()).await.unwrap().id;
    ada.send(talk, "Are you there?").await.unwrap();
    ahead.minutes(16);
    until_settled(&house.admin, 1).await;
    let mails = sink.mails();
    let mail = MessageParser::default().parse(&mails[0].1).unwrap();
    let header = |name: &str| mail.header_raw(name).unwrap().trim().to_owned();
    assert_eq!(header("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
    header("List-Unsubscribe").trim_matches(['<', '>']).to_owned()
}

fn token(link: &str) -> &str {
    link.rsplit_once("/mail/off/").unwrap().1
}

on_both_databases! {
    async fn a_press_in_the_mail_program_is_enough(kind) {
        let (sink, ahead) = (SmtpSink::start(Mode::StartTls, None).await, Ahead::default());
        let house = house(to_sink(ahead.for_(Plan::new(&Storage::new(kind))), &sink), 2).await;
        let link = link_in_a_mail(&house, &sink, &ahead).await;
        assert!(link.starts_with(house.server.public_url()), "{link}");
        // Scanners open links before people do.
        for method in [Method::GET, Method::HEAD, Method::GET] {
            assert_eq!(request(&house, method, token(&link)).send().await.unwrap().status(), 200);
        }
        let mut bela = house.connect(1).await;
        assert_eq!(bela.hello.preferences.revision, 0);
        assert_eq!(one_click(&house, token(&link)).await.status(), 200);
        let kept = bela
            .wait_for("the other devices are told", |frame| match frame {
                Frame::Preferences(kept) => Some(kept.clone()),
                _ => None,
            })
            .await;
        assert_eq!((kept.revision, kept.preferences.mailing.mode), (1, MailMode::Never));
        assert_eq!(one_click(&house, token(&link)).await.status(), 200, "a second time");
        assert_eq!(house.connect(1).await.hello.preferences, kept);
        // And no mail comes.
        let mut ada = house.connect(0).await;
        let desk = ada.create_group("Rates desk", &[house.people[1].id()]).await.unwrap().id;
        ada.send(desk, "The curve moved").await.unwrap();
        ahead.minutes(16);
        assert_eq!(why(&house.people[1], desk).await, Why::Off);
        assert!(!house.server.log().contains(token(&link)), "whoever reads the log could use it");
    }

    async fn nobody_turns_off_mails_with_a_token_that_was_not_given(kind) {
        let house = House::with_people(kind, 1).await;
        for token in [FOREIGN, &FOREIGN[1..], "x", &"A".repeat(4_000)] {
            let answer = one_click(&house, token).await;
            assert_eq!(answer.status(), 404, "{token:.60}");
            assert_eq!(answer.json::<Problem>().await.unwrap().code, "not_found");
        }
        // Without the words of RFC 8058 it is somebody who follows links.
        for body in ["", "One-Click", &"x".repeat(200_000)] {
            let answer = request(&house, Method::POST, FOREIGN).body(body.to_owned()).send().await.unwrap();
            assert_eq!(answer.status(), 400, "{body:.20}");
        }
        assert_eq!(house.connect(0).await.hello.preferences.revision, 0);
    }

    async fn looking_at_the_link_shows_the_client(kind) {
        let house = House::with_people(kind, 0).await;
        for method in [Method::GET, Method::HEAD] {
            let answer = request(&house, method.clone(), FOREIGN).send().await.unwrap();
            assert_eq!(answer.status(), 200, "{method}");
            assert_eq!(answer.headers()["content-type"], "text/html; charset=utf-8");
            assert_eq!(answer.headers()["referrer-policy"], "no-referrer");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_are_asked_before_the_link_does_anything() {
    let (sink, ahead) = (SmtpSink::start(Mode::StartTls, None).await, Ahead::default());
    let plan = Plan::new(&Storage::new(Database::Sqlite));
    let base = format!("http://localhost:{}", plan.port);
    let house = house(to_sink(ahead.for_(plan.with("CHANCERY_PUBLIC_URL", &base)), &sink), 2).await;
    let link = link_in_a_mail(&house, &sink, &ahead).await;
    let settings = [("BASE", base), ("LINK", link), ("PASSWORD", PASSWORD.to_owned())];
    let mut script = Script::start("mail_off.mjs", &settings);
    assert_eq!(script.next_question().await, None);
    assert_eq!(script.findings()["turned off again"], "yes");
    assert_eq!(script.findings()["problems of bela"], "[]");
    assert_eq!(house.connect(1).await.hello.preferences.preferences.mailing.mode, MailMode::Never);
}
