use chancery_protocol::policy::{PolicyText, Section};

use super::{DAY, fingerprint, lapsed};

fn text(every_days: u32) -> PolicyText {
    PolicyText {
        title: "Acceptable use policy".into(),
        sections: vec![Section { heading: "Who this covers".into(), text: "Everybody.".into() }],
        essence: vec!["Everything is kept.".into()],
        every_days,
    }
}

#[test]
fn once_accepted_it_lapses_only_where_it_says_so() {
    assert!(!lapsed(&text(0), 0, 10_000 * DAY), "once per version");
    assert!(!lapsed(&text(30), DAY, 31 * DAY - 1), "a moment before");
    assert!(lapsed(&text(30), DAY, 31 * DAY), "thirty days later");
}

#[test]
fn a_fingerprint_is_that_of_the_text_as_json() {
    // printf '%s' '{"title":…}' | sha256sum
    let json = r#"{"title":"Acceptable use policy","sections":[{"heading":"Who this covers","text":"Everybody."}],"essence":["Everything is kept."],"every_days":0}"#;
    assert_eq!(serde_json::to_string(&text(0)).unwrap(), json);
    assert_eq!(fingerprint(&text(0)).unwrap(), FINGERPRINT);
    assert_ne!(fingerprint(&text(1)).unwrap(), FINGERPRINT, "each field counts");
}

const FINGERPRINT: &str = "1337793ab4987f2acb551df5486b0eb31d61f28f5a618b0a8636f8b1c7b820ec";
