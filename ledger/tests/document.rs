//! `docs/ledger.md` agrees with the code. After a change of kinds:
//! `CHANCERY_REWRITE=1 cargo test -p chancery-ledger --test document`.

#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

use chancery_ledger::{Header, HeaderError, Kind, Stream, commitment};

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/ledger.md");
const END: &str = "<!-- end of kinds -->";

fn kinds() -> String {
    let mut table = String::from("\n| Number | Name | Meaning |\n| --- | --- | --- |\n");
    for kind in Kind::ALL {
        table.push_str(&format!("| {} | `{}` | {} |\n", kind.number(), kind.name(), kind.meaning()));
    }
    table.push('\n');
    table
}

#[test]
fn the_table_of_kinds_is_that_of_the_code() {
    let document = std::fs::read_to_string(PATH).unwrap();
    let (before, rest) = document.split_once("<!-- kinds: ").unwrap();
    let (mark, rest) = rest.split_once("-->\n").unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    let right = format!("{before}<!-- kinds: {mark}-->\n{}{END}{after}", kinds());
    if std::env::var_os("CHANCERY_REWRITE").is_some() {
        std::fs::write(PATH, right).unwrap();
    } else {
        assert!(
            document == right,
            "the kinds in docs/ledger.md differ; rewrite them with CHANCERY_REWRITE=1"
        );
    }
    assert!(Kind::ALL.iter().all(|kind| kind.in_conversation() == (kind.number() < 1000)));
}

/// Rows of the first table that begins with this line, cells without blanks around them.
fn rows(heading: &str) -> Vec<Vec<String>> {
    let document = std::fs::read_to_string(PATH).unwrap();
    let lines = document.lines().skip_while(|line| *line != heading).skip(2);
    lines
        .take_while(|line| line.starts_with('|'))
        .map(|line| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect())
        .collect()
}

/// Reads a header with nothing but the table of the document.
fn field(header: &[u8], name: &str) -> Option<Vec<u8>> {
    let mut at = 0;
    for row in rows("| Field | Bytes | Present | Value |") {
        let present = match row[2].as_str() {
            "tags 1 and 2, at 29" => header[28] != 3,
            flag if flag.starts_with("flag `0x") => {
                header[1] & u8::from_str_radix(&flag[8..10], 16).unwrap() != 0
            }
            always => {
                if let Some((_, offset)) = always.split_once(", at ") {
                    assert_eq!(at, offset.trim_start_matches("offset ").parse::<usize>().unwrap());
                }
                assert!(always.starts_with("always"));
                true
            }
        };
        if present {
            let length: usize = row[1].parse().unwrap();
            if row[0] == name {
                return Some(header[at..at + length].to_vec());
            }
            at += length;
        } else if row[0] == name {
            return None;
        }
    }
    assert_eq!((name, at), ("", header.len()));
    None
}

fn longest() -> Header {
    Header {
        record: [1; 16],
        position: 2,
        stream: Stream::Person([3; 16]),
        seq: None,
        kind: Kind::PersonCreated,
        actor: Some([4; 16]),
        on_behalf_of: Some([5; 16]),
        conversation: Some([6; 16]),
        target: Some([7; 16]),
        at: 8,
        written_at: Some(9),
        commitment: [10; 32],
    }
}

#[test]
fn the_table_of_fields_reads_headers() {
    let header = longest();
    let bytes = header.encode();
    assert_eq!(field(&bytes, "format version"), Some(vec![1]));
    assert_eq!(field(&bytes, "kind"), Some(header.kind.number().to_be_bytes().to_vec()));
    assert_eq!(field(&bytes, "record"), Some(vec![1; 16]));
    assert_eq!(field(&bytes, "position"), Some(2_u64.to_be_bytes().to_vec()));
    assert_eq!(field(&bytes, "stream tag"), Some(vec![2]));
    assert_eq!(field(&bytes, "stream id"), Some(vec![3; 16]));
    assert_eq!(field(&bytes, "seq"), None);
    for (name, value) in [("actor", 4), ("on behalf of", 5), ("conversation", 6), ("target", 7)] {
        assert_eq!(field(&bytes, name), Some(vec![value; 16]));
    }
    assert_eq!(field(&bytes, "at"), Some(8_i64.to_be_bytes().to_vec()));
    assert_eq!(field(&bytes, "written at"), Some(9_i64.to_be_bytes().to_vec()));
    assert_eq!(field(&bytes, "commitment"), Some(vec![10; 32]));
    assert_eq!(field(&bytes, ""), None);

    let mut conversation = longest();
    (conversation.stream, conversation.seq, conversation.conversation) =
        (Stream::Conversation([3; 16]), Some(11), None);
    let bytes = conversation.encode();
    assert_eq!(field(&bytes, "seq"), Some(11_u64.to_be_bytes().to_vec()));
    assert_eq!(field(&bytes, ""), None);
}

#[test]
fn lengths_and_the_worked_example_hold() {
    let document = std::fs::read_to_string(PATH).unwrap();
    let mut shortest = longest();
    shortest.stream = Stream::System;
    for absent in
        [&mut shortest.actor, &mut shortest.on_behalf_of, &mut shortest.conversation, &mut shortest.target]
    {
        *absent = None;
    }
    shortest.written_at = None;
    assert!(document.contains(&format!("has {} bytes (system stream", shortest.encode().len())));
    assert!(document.contains(&format!("that is valid has {}.", longest().encode().len())));
    let opener: [u8; 32] = std::array::from_fn(|place| place.to_le_bytes()[0]);
    let made: String = commitment(&opener, b"\x01{}").iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(document.contains(&format!("| commitment | `{made}` |")));
}

#[test]
fn refusals_come_in_the_order_of_the_document() {
    let bytes = longest().encode();
    let with = |changes: &[(usize, u8)], more: usize| {
        let mut bytes = bytes.clone();
        for (place, value) in changes {
            bytes[*place] = *value;
        }
        bytes.resize(bytes.len() + more, 0);
        Header::decode(&bytes).unwrap_err()
    };
    let zero: Vec<(usize, u8)> = (20..28).map(|place| (place, 0)).collect();
    assert_eq!(with(&[(0, 2), (1, 0xff), (2, 0xff), (28, 9)], 1), HeaderError::Version(2));
    assert_eq!(with(&[(1, 0xff), (2, 0xff), (28, 9)], 1), HeaderError::Flags(0xff));
    assert_eq!(with(&[(2, 0xff), (28, 9)], 1), HeaderError::Kind(0xff4c));
    assert_eq!(with(&[(28, 9)], 1), HeaderError::Stream(9));
    assert_eq!(with(&zero, 1), HeaderError::TooLong);
    assert_eq!(with(&zero, 0), HeaderError::Zero);
    assert_eq!(with(&[(28, 1)], 0), HeaderError::Shape);
}
