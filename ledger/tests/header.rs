//! One header has one encoding, and every other byte string is refused or is another header's encoding.

#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

use chancery_ledger::{Header, Kind, Stream, commitment, fuzz, leaf_hash, vectors};
use proptest::prelude::*;

fn stream_and_fields() -> impl Strategy<Value = (Stream, Option<u64>, Option<[u8; 16]>)> {
    let seq = 1_u64..;
    prop_oneof![
        (any::<[u8; 16]>(), seq).prop_map(|(id, seq)| (Stream::Conversation(id), Some(seq), None)),
        (any::<[u8; 16]>(), any::<Option<[u8; 16]>>()).prop_map(|(id, c)| (Stream::Person(id), None, c)),
        any::<Option<[u8; 16]>>().prop_map(|c| (Stream::System, None, c)),
    ]
}

prop_compose! {
    fn headers()(
        record in any::<[u8; 16]>(),
        position in 1_u64..,
        (stream, seq, conversation) in stream_and_fields(),
        kind in proptest::sample::select(Kind::ALL),
        (actor, on_behalf_of, target) in any::<(Option<[u8; 16]>, Option<[u8; 16]>, Option<[u8; 16]>)>(),
        (at, written_at) in any::<(i64, Option<i64>)>(),
        commitment in any::<[u8; 32]>(),
    ) -> Header {
        Header {
            record, position, stream, seq, kind, actor, on_behalf_of, conversation, target, at, written_at, commitment,
        }
    }
}

/// Refused, or the one encoding of another header.
fn other_or_refused(bytes: &[u8], than: &Header) {
    if let Ok(decoded) = Header::decode(bytes) {
        assert_ne!(&decoded, than);
        assert_eq!(decoded.encode(), bytes);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_encoded_comes_back(header in headers()) {
        prop_assert_eq!(Header::decode(&header.encode()), Ok(header));
    }

    #[test]
    fn every_change_of_one_byte_is_another_header_or_none(header in headers(), mask in 1_u8..) {
        let bytes = header.encode();
        for place in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= mask;
            other_or_refused(&changed, &header);
            prop_assert_ne!(leaf_hash(&changed), leaf_hash(&bytes));
        }
        for value in 0..=u8::MAX {
            for place in [0, 1, 2, 3, 28] {
                let mut changed = bytes.clone();
                changed[place] = value;
                if changed != bytes {
                    other_or_refused(&changed, &header);
                }
            }
        }
    }

    #[test]
    fn no_part_and_no_extension_of_a_header_is_a_header(header in headers(), more in proptest::collection::vec(any::<u8>(), 1..40)) {
        let bytes = header.encode();
        for length in 0..bytes.len() {
            prop_assert!(Header::decode(&bytes[..length]).is_err());
        }
        let mut longer = bytes.clone();
        for byte in more {
            longer.push(byte);
            prop_assert!(Header::decode(&longer).is_err());
        }
    }

    #[test]
    fn noise_is_refused_or_canonical(bytes in proptest::collection::vec(any::<u8>(), 0..250)) {
        if let Ok(header) = Header::decode(&bytes) {
            prop_assert_eq!(header.encode(), bytes);
        }
    }

    #[test]
    fn a_commitment_binds_body_and_opener(
        opener in any::<[u8; 32]>(),
        body in proptest::collection::vec(any::<u8>(), 0..300),
        bit in 0_usize..256,
    ) {
        let made = commitment(&opener, &body);
        let mut other = opener;
        other[bit / 8] ^= 1 << (bit % 8);
        prop_assert_ne!(commitment(&other, &body), made);
        let mut longer = body.clone();
        longer.push(0);
        prop_assert_ne!(commitment(&opener, &longer), made);
    }
}

#[test]
fn numbers_and_names_of_kinds_are_unique_and_in_order() {
    assert!(Kind::ALL.is_sorted_by(|a, b| a.number() < b.number()));
    for kind in Kind::ALL {
        assert_eq!(Kind::try_from(kind.number()), Ok(*kind));
        assert_eq!(Kind::ALL.iter().filter(|other| other.name() == kind.name()).count(), 1);
    }
    let known = (0..=u16::MAX).filter(|number| Kind::try_from(*number).is_ok()).count();
    assert_eq!(known, Kind::ALL.len());
}

fn vector_file(name: &str) -> String {
    std::fs::read_to_string(format!("{}/vectors/{name}.json", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

#[test]
fn the_vectors_hold() {
    for (name, at_least) in [("headers", 80), ("commitments", 6), ("refused", 200)] {
        let count = vectors::check(&vector_file(name)).unwrap();
        assert!(count >= at_least, "{name}: {count}");
    }
}

#[test]
fn every_kind_and_every_refusal_has_a_vector() {
    let headers = vector_file("headers");
    for kind in Kind::ALL {
        assert!(headers.contains(&format!("\"kind\": {},", kind.number())), "{kind:?}");
    }
    let refused = vector_file("refused");
    for name in ["too_short", "too_long", "version", "flags", "stream", "kind", "zero", "shape"] {
        assert!(refused.contains(&format!("\"error\": \"{name}\"")), "{name}");
    }
}

#[test]
fn a_wrong_vector_is_named() {
    let headers = vector_file("headers");
    let wrong = headers.replacen("\"position\": 7,", "\"position\": 8,", 1);
    assert_ne!(wrong, headers);
    let problem = vectors::check(&wrong).unwrap_err();
    assert!(problem.starts_with("conversation: on_behalf_of, target: bytes: got "), "{problem}");
    let refused = vector_file("refused").replacen("too_short", "shape", 1);
    assert_eq!(vectors::check(&refused).unwrap_err(), "no byte: refused as too_short, not as shape");
    let accepted = format!(r#"{{"refused": [{{"name": "x", "bytes": "{}", "error": "shape"}}]}}"#, good());
    assert!(vectors::check(&accepted).unwrap_err().starts_with("x: accepted as Header"));
    let commitments = vector_file("commitments").replacen("017b7d", "017b7e", 1);
    assert!(vectors::check(&commitments).is_err());
    assert!(vectors::check("{\"header\": []}").is_err());
}

fn good() -> String {
    let headers = vector_file("headers");
    let (_, rest) = headers.split_once("\"bytes\": \"").unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

#[test]
fn damaged_headers_are_refused_or_canonical() {
    let accepted = fuzz::headers(1, 3_000).unwrap();
    assert!((10..2_990).contains(&accepted), "{accepted}");
    assert_eq!(fuzz::headers(1, 3_000), Ok(accepted));
}
