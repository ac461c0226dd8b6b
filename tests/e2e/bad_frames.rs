//! Frames nobody should send: each gets a clear answer, and the server stays.

use chancery_protocol::command::Command;
use chancery_protocol::frame::{Answer, Frame, Goodbye};
use chancery_protocol::problem::Problem;
use chancery_protocol::{MAX_FRAME_BYTES, MAX_PAGE};
use chancery_tests::client::{Client, new_client_id};
use chancery_tests::database::Database;
use chancery_tests::house::House;
use chancery_tests::seed::{rounds, seeded};
use rand::RngExt;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame as RawFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

async fn next_problem(client: &mut Client) -> (Option<u32>, Problem) {
    client.forget_frames();
    client
        .wait_for("a problem", |frame| match frame {
            Frame::Problem { id, problem } => Some((*id, problem.clone())),
            _ => None,
        })
        .await
}

async fn one_person() -> (House, Client) {
    let house = House::with_people(Database::Sqlite, 1).await;
    let client = house.connect(0).await;
    (house, client)
}

#[tokio::test]
async fn a_frame_that_cannot_be_read_is_answered_and_the_line_stays() {
    let (_house, mut ada) = one_person().await;
    for (sent, id) in [
        ("", None),
        ("{", None),
        ("null", None),
        ("[]", None),
        (r#"{"id":1}"#, Some(1)),
        (r#"{"id":-1,"command":{"type":"ping"}}"#, None),
        (r#"{"id":2,"command":{"type":"no_such_command"}}"#, Some(2)),
        (r#"{"id":3,"command":{"type":"ping","extra":1}}"#, Some(3)),
        (r#"{"id":4,"command":{"type":"typing","conversation":"not-an-id"}}"#, Some(4)),
    ] {
        ada.say_raw(sent).await.unwrap();
        let (answered, problem) = next_problem(&mut ada).await;
        assert_eq!(problem.code, "bad_frame", "{sent}: {problem:?}");
        assert_eq!(answered, id, "{sent}");
        assert_eq!(problem.status, 400);
    }
    assert_eq!(ada.ping().await.unwrap(), Answer::Done);
}

#[tokio::test]
async fn after_ten_bad_frames_the_line_ends() {
    let (_house, mut ada) = one_person().await;
    for _ in 0..12 {
        if ada.say_raw("nonsense").await.is_err() {
            break;
        }
    }
    ada.wait_for_the_end().await;
    assert_eq!(
        (ada.goodbye, ada.close_code),
        (Some(Goodbye::ProtocolError), Some(Goodbye::ProtocolError.code()))
    );
    ada.try_reconnect().await.unwrap();
}

#[tokio::test]
async fn binary_frames_and_invalid_utf_8_end_the_line() {
    let (house, ada) = one_person().await;
    drop(ada);
    let raw =
        |opcode, bytes: &[u8]| Message::Frame(RawFrame::message(bytes.to_vec(), OpCode::Data(opcode), true));
    for message in [
        Message::binary(b"{}".to_vec()),
        raw(Data::Text, b"{\"id\":1,\"command\":{\"type\":\"ping\xff\"}}"),
        raw(Data::Text, b"\xc3"),
        raw(Data::Text, b"\xed\xa0\x80"),
    ] {
        let shown = format!("{message:?}");
        let mut ada = house.connect(0).await;
        ada.say_message(message).await.unwrap();
        ada.wait_for_the_end().await;
        assert_eq!(ada.close_code, Some(Goodbye::ProtocolError.code()), "{shown}");
    }
    house.connect(0).await.ping().await.unwrap();
}

#[tokio::test]
async fn a_frame_longer_than_allowed_ends_the_line() {
    let (house, mut ada) = one_person().await;
    let talk = ada.open_direct(house.people[0].id()).await.unwrap().id;
    let padded = |length: usize| {
        let frame = r#"{"id":9,"command":{"type":"ping"}}"#;
        format!("{}{frame}", " ".repeat(length - frame.len()))
    };
    ada.say_raw(&padded(MAX_FRAME_BYTES)).await.unwrap();
    assert_eq!(ada.answer_to(9).await.unwrap(), Answer::Done);
    let megabyte = "x".repeat(1_000_000);
    let message = serde_json::json!({"id": 10, "command": {
        "type": "send", "client_id": new_client_id(), "conversation": talk, "text": megabyte,
    }});
    for frame in [padded(MAX_FRAME_BYTES + 1), message.to_string()] {
        // The server may hang up while the rest is still on its way.
        let _ = ada.say_raw(&frame).await;
        ada.wait_for_the_end().await;
        assert_eq!(
            ada.close_code.or(Some(Goodbye::FrameTooLarge.code())),
            Some(Goodbye::FrameTooLarge.code())
        );
        ada.try_reconnect().await.unwrap();
    }
    assert_eq!(ada.fill_all(talk).await.unwrap().len(), 1, "nothing of it was kept");
}

#[tokio::test]
async fn the_goodbye_for_a_long_frame_says_why() {
    let (_house, mut ada) = one_person().await;
    ada.say_raw(&" ".repeat(MAX_FRAME_BYTES + 1)).await.unwrap();
    ada.wait_for_the_end().await;
    assert_eq!(
        (ada.goodbye, ada.close_code),
        (Some(Goodbye::FrameTooLarge), Some(Goodbye::FrameTooLarge.code()))
    );
}

#[tokio::test]
async fn numbers_outside_their_range_are_refused() {
    let (house, mut ada) = one_person().await;
    let talk = ada.open_direct(house.people[0].id()).await.unwrap().id;
    for (limit, fine) in [(0, false), (1, true), (MAX_PAGE, true), (MAX_PAGE + 1, false), (u16::MAX, false)] {
        assert_eq!(ada.history_before(talk, None, limit).await.is_ok(), fine, "a page of {limit}");
    }
    let _ = ada.history_before(talk, Some(0), 5).await;
    let _ = ada.history_before(talk, Some(u64::MAX), 5).await;
    let _ = ada.mark(talk, u64::MAX).await;
    ada.ping().await.unwrap();
}

#[tokio::test]
async fn requests_out_of_order_and_with_the_same_id_are_each_answered() {
    let (house, mut ada) = one_person().await;
    let talk = ada.open_direct(house.people[0].id()).await.unwrap().id;
    for id in [7, 3, 3, 4_294_967_295_u32, 0] {
        let client_id = new_client_id();
        let frame = serde_json::json!({"id": id, "command": {
            "type": "send", "client_id": client_id, "conversation": talk, "text": "in any order",
        }});
        ada.say_raw(&frame.to_string()).await.unwrap();
    }
    for id in [7, 3, 3, 4_294_967_295, 0] {
        assert!(matches!(ada.answer_to(id).await.unwrap(), Answer::Recorded(_)), "in the order asked");
    }
    assert_eq!(ada.fill_all(talk).await.unwrap().len(), 6);
}

/// Random and mutated frames: the server never dies, other people do not notice, every connection ends
/// with a reason or goes on answering.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn soak_fuzzed_frames_never_hurt() {
    let mut seed = seeded();
    let mut house = House::with_people(Database::Sqlite, 2).await;
    let mut ada = house.connect(0).await;
    let mut bystander = house.connect(1).await;
    let talk = ada.open_direct(house.people[1].id()).await.unwrap().id;
    let message = ada.send(talk, "a target").await.unwrap().record;
    let (mut lines, frames) = (0, rounds(1_500, 200_000));
    for number in 0..frames {
        let frame = fuzzed(&mut seed.random, &talk.to_string(), &message.to_string());
        if ada.say_message(frame).await.is_err() || (number % 8 == 7 && !still_answers(&mut ada).await) {
            lines += 1;
            assert!(house.server.is_running(), "the server died");
            ada.try_reconnect().await.unwrap();
        }
        ada.forget_frames();
        if number % 500 == 0 {
            bystander.ping().await.unwrap();
            bystander.forget_frames();
        }
    }
    bystander.ping().await.unwrap();
    ada.try_reconnect().await.unwrap();
    ada.send(talk, "all is well").await.unwrap();
    let log = house.server.log();
    assert!(!log.contains("panicked"), "a worker panicked");
    println!("fuzz: {frames} frames, {lines} lines ended with a reason, server up");
}

async fn still_answers(ada: &mut Client) -> bool {
    match ada.ping().await {
        Ok(_) => true,
        Err(_) => {
            assert!(ada.close_code.is_some() || ada.goodbye.is_some(), "the line ended without a reason");
            false
        }
    }
}

fn fuzzed(random: &mut impl rand::Rng, conversation: &str, message: &str) -> Message {
    let tag = Command::TAGS[random.random_range(0..Command::TAGS.len())];
    let mut fields = serde_json::Map::new();
    fields.insert("type".to_owned(), tag.into());
    for (name, value) in [
        ("conversation", serde_json::json!(conversation)),
        ("message", serde_json::json!(message)),
        ("client_id", serde_json::json!(new_client_id())),
        ("text", serde_json::json!(random_text(random))),
        ("reaction", serde_json::json!(["done", "👍", "no such"][random.random_range(0..3)])),
        ("urgent", serde_json::json!(random.random::<bool>())),
        ("on", serde_json::json!(random.random::<bool>())),
        ("limit", serde_json::json!(random.random_range(0..400))),
        ("after", serde_json::json!(random.random::<u64>() >> random.random_range(0..64))),
        ("before", serde_json::json!(random.random::<u64>() >> random.random_range(0..64))),
        ("read", serde_json::json!(random.random::<u64>() >> random.random_range(0..64))),
        ("people", serde_json::json!([message])),
        ("presence", serde_json::json!(["busy", "offline", "away"][random.random_range(0..3)])),
    ] {
        if needs(tag, name) != (random.random_range(0..40) == 0) {
            fields.insert(name.to_owned(), value);
        }
    }
    let mut bytes =
        serde_json::json!({"id": random.random::<u32>(), "command": fields}).to_string().into_bytes();
    let damage = if random.random_range(0..4) == 0 { random.random_range(1..6) } else { 0 };
    for _ in 0..damage {
        let at = random.random_range(0..bytes.len());
        match random.random_range(0..4) {
            0 => bytes[at] = random.random(),
            1 => bytes.truncate(at.max(1)),
            2 => bytes.insert(at, random.random()),
            _ => {
                let piece = bytes[at..].to_vec();
                bytes.extend(piece);
            }
        }
    }
    if random.random_range(0..200) == 0 {
        return Message::binary(bytes);
    }
    Message::Frame(RawFrame::message(bytes, OpCode::Data(Data::Text), true))
}

/// Whether a command has this field, so that most fuzzed frames get past the parser.
fn needs(tag: &str, field: &str) -> bool {
    let fields: &[&str] = match tag {
        "history" => &["conversation", "before", "limit"],
        "fill" => &["conversation", "after"],
        "members" | "typing" => &["conversation"],
        "find_people" => &["text", "limit"],
        "send" => &["client_id", "conversation", "text", "urgent"],
        "edit" => &["client_id", "conversation", "message", "text"],
        "delete" | "restore" | "acknowledge" => &["client_id", "conversation", "message"],
        "react" => &["client_id", "conversation", "message", "reaction", "on"],
        "mark" => &["conversation", "read"],
        "watch" => &["people"],
        "set_presence" => &["presence"],
        "set_status" => &["client_id", "text"],
        "save_draft" => &["conversation", "text"],
        _ => &[],
    };
    fields.contains(&field)
}

fn random_text(random: &mut impl rand::Rng) -> String {
    let length = random.random_range(0..60);
    (0..length).map(|_| if random.random() { random.random::<char>() } else { '*' }).collect()
}
