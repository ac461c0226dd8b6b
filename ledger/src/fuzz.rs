//! Seeded loops for soak tests: the same seed makes the same inputs.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::{Header, Kind, Stream};

/// Decodes `count` byte strings: damaged encodings of random headers, and noise. Answers how many were accepted.
///
/// # Errors
/// The input that was accepted without being the encoding of what it decodes to, or a header that does not come back.
pub fn headers(seed: u64, count: u64) -> Result<u64, String> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut accepted = 0;
    for _ in 0..count {
        let header = header(&mut rng);
        let mut bytes = header.encode();
        if Header::decode(&bytes).as_ref() != Ok(&header) {
            return Err(format!("does not come back: {header:?}"));
        }
        damage(&mut rng, &mut bytes);
        if let Ok(decoded) = Header::decode(&bytes) {
            accepted += 1;
            if decoded.encode() != bytes {
                return Err(format!("two encodings: {bytes:02x?}"));
            }
        }
    }
    Ok(accepted)
}

fn below(rng: &mut ChaCha8Rng, bound: usize) -> usize {
    // Never 0: callers pass lengths of something there is. The slight bias does not matter here.
    rng.next_u32() as usize % bound.max(1)
}

fn id(rng: &mut ChaCha8Rng) -> [u8; 16] {
    let mut id = [0; 16];
    rng.fill_bytes(&mut id);
    id
}

fn header(rng: &mut ChaCha8Rng) -> Header {
    let shape = rng.next_u32();
    let stream = match shape % 3 {
        0 => Stream::Conversation(id(rng)),
        1 => Stream::Person(id(rng)),
        _ => Stream::System,
    };
    let in_conversation = shape.is_multiple_of(3);
    let flag = |bit: u32| shape & (1 << bit) != 0;
    let mut commitment = [0; 32];
    rng.fill_bytes(&mut commitment);
    Header {
        record: id(rng),
        position: rng.next_u64().max(1),
        stream,
        seq: in_conversation.then(|| rng.next_u64().max(1)),
        kind: Kind::ALL[below(rng, Kind::ALL.len())],
        actor: flag(8).then(|| id(rng)),
        on_behalf_of: flag(9).then(|| id(rng)),
        conversation: (flag(10) && !in_conversation).then(|| id(rng)),
        target: flag(11).then(|| id(rng)),
        at: rng.next_u64().cast_signed(),
        written_at: flag(12).then(|| rng.next_u64().cast_signed()),
        commitment,
    }
}

fn damage(rng: &mut ChaCha8Rng, bytes: &mut Vec<u8>) {
    for _ in 0..=below(rng, 3) {
        let place = below(rng, bytes.len());
        match below(rng, 6) {
            // The fields that decide the shape stand in the first bytes.
            0 if bytes.len() > 30 => bytes[place % 30] ^= 1 << below(rng, 8),
            1 if !bytes.is_empty() => bytes[place] = rng.next_u32().to_le_bytes()[0],
            2 => bytes.truncate(place),
            3 => bytes.push(rng.next_u32().to_le_bytes()[0]),
            4 if !bytes.is_empty() => drop(bytes.remove(place)),
            _ => {
                let noise = id(rng);
                bytes.splice(place..place, noise);
            }
        }
    }
}
