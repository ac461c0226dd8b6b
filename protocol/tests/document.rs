//! `docs/protocol.md` says what the types say: its examples parse and lose nothing, and none is missing.

#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

use std::collections::BTreeSet;

use chancery_protocol::command::{Command, Request};
use chancery_protocol::conversation::{Change, REACTIONS};
use chancery_protocol::frame::{Frame, Goodbye};
use chancery_protocol::{acceptance, factors, http, text};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

fn document() -> String {
    std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/protocol.md")).unwrap()
}

/// Sort and text of every fenced example.
fn examples() -> Vec<(String, Value)> {
    let document = document();
    let parts = document.split("```json ").skip(1).map(|part| part.split_once("\n```").unwrap().0);
    parts
        .map(|part| {
            let (sort, json) = part.split_once('\n').unwrap();
            let json = serde_json::from_str(json).unwrap_or_else(|problem| panic!("{problem}: {json}"));
            (sort.to_owned(), json)
        })
        .collect()
}

/// Reading and writing again loses nothing, so no field of an example is unknown.
fn round_trip<T: DeserializeOwned + Serialize>(json: &Value) -> T {
    let value: T = serde_json::from_value(json.clone()).unwrap_or_else(|problem| panic!("{problem}: {json}"));
    assert_eq!(&serde_json::to_value(&value).unwrap(), json);
    value
}

#[test]
fn every_example_is_of_its_type() {
    for (sort, json) in examples() {
        match sort.as_str() {
            "Request" => drop(round_trip::<Request>(&json)),
            "Frame" => drop(round_trip::<Frame>(&json)),
            "Change" => drop(round_trip::<Change>(&json)),
            "SignIn" => drop(round_trip::<http::SignIn>(&json)),
            "SecondStep" => drop(round_trip::<factors::SecondStep>(&json)),
            "FinishSecondStep" => drop(round_trip::<factors::FinishSecondStep>(&json)),
            "SessionInfo" => drop(round_trip::<http::SessionInfo>(&json)),
            "AnswerPolicy" => drop(round_trip::<acceptance::AnswerPolicy>(&json)),
            other => panic!("unknown sort of example: {other}"),
        }
    }
}

#[test]
fn every_command_frame_answer_and_change_has_an_example() {
    let mut found: BTreeSet<String> = BTreeSet::new();
    fn collect(prefix: &str, value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(fields) => {
                if let Some(Value::String(tag)) = fields.get("type") {
                    found.insert(format!("{prefix}:{tag}"));
                }
                fields.iter().for_each(|(name, value)| collect(name, value, found));
            }
            Value::Array(values) => values.iter().for_each(|value| collect(prefix, value, found)),
            _ => {}
        }
    }
    examples().iter().for_each(|(sort, json)| collect(sort, json, &mut found));
    let schema =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/protocol.schema.json"))
            .unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let mut count = 0;
    for (prefixes, definition) in [
        (&["Frame"][..], "Frame"),
        (&["answer"], "Answer"),
        (&["command"], "Command"),
        (&["change", "Change"], "Change"),
        (&["content"], "Content"),
    ] {
        for variant in schema["$defs"][definition]["oneOf"].as_array().unwrap() {
            let tag = variant["properties"]["type"]["const"].as_str().unwrap();
            let named = prefixes.iter().any(|prefix| found.contains(&format!("{prefix}:{tag}")));
            assert!(named, "docs/protocol.md has no example of {definition} `{tag}`");
            count += 1;
        }
    }
    assert!(count > Command::TAGS.len());
    for tag in Command::TAGS {
        assert!(found.contains(&format!("command:{tag}")), "{tag}");
    }
}

#[test]
fn tables_and_numbers_agree_with_the_code() {
    let document = document();
    for reason in Goodbye::ALL {
        let name = serde_json::to_value(reason).unwrap();
        let row = format!("| {} | `{}` |", reason.code(), name.as_str().unwrap());
        let line = document.lines().find(|line| line.starts_with(&row)).unwrap_or_else(|| panic!("{row}"));
        assert!(line.ends_with(if reason.come_back() { "| yes |" } else { "| no |" }), "{line}");
    }
    let reactions = REACTIONS.map(|reaction| format!("`{reaction}`")).join(", ");
    assert!(document.contains(&format!("Reactions are one of: {reactions}.")));
    for (what, limit) in [
        ("a frame from a client", chancery_protocol::MAX_FRAME_BYTES),
        ("text of a message, a draft", chancery_protocol::MAX_TEXT_CHARS),
        ("name of a conversation", chancery_protocol::MAX_NAME_CHARS),
        ("topic, status text", chancery_protocol::MAX_TOPIC_CHARS),
        ("`limit` of `history`, events of a filling", usize::from(chancery_protocol::MAX_PAGE)),
        ("people named in one command", chancery_protocol::MAX_PEOPLE),
        ("user name", text::MAX_USERNAME_CHARS),
    ] {
        assert!(document.contains(&format!("| {what} | {limit}")), "{what}: {limit}");
    }
}
