//! Runs test vectors: `ledger/vectors/*.json`, or a stranger's in the same form.
//!
//! The vectors on file were calculated by a second implementation of `docs/ledger.md`, not by this crate; the same
//! function runs them natively and in a browser. Bytes are lower case hexadecimal.

use data_encoding::HEXLOWER;
use serde::Deserialize;

use crate::{Header, HeaderError, Id, Kind, Stream, commitment, leaf_hash};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    headers: Vec<HeaderVector>,
    #[serde(default)]
    commitments: Vec<CommitmentVector>,
    #[serde(default)]
    refused: Vec<RefusedVector>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HeaderVector {
    name: String,
    header: Fields,
    bytes: String,
    leaf: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    record: String,
    position: u64,
    stream: StreamField,
    seq: Option<u64>,
    kind: u16,
    actor: Option<String>,
    on_behalf_of: Option<String>,
    conversation: Option<String>,
    target: Option<String>,
    at: i64,
    written_at: Option<i64>,
    commitment: String,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
enum StreamField {
    Conversation { id: String },
    Person { id: String },
    System {},
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CommitmentVector {
    name: String,
    opener: String,
    body: String,
    commitment: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RefusedVector {
    name: String,
    bytes: String,
    error: String,
}

/// Runs every vector of a file and answers how many there were.
///
/// # Errors
/// The name of the first vector that does not hold, and what came out instead; or why the file cannot be read.
pub fn check(json: &str) -> Result<usize, String> {
    let file: File = serde_json::from_str(json).map_err(|problem| problem.to_string())?;
    for vector in &file.headers {
        check_header(vector).map_err(|problem| format!("{}: {problem}", vector.name))?;
    }
    for vector in &file.commitments {
        check_commitment(vector).map_err(|problem| format!("{}: {problem}", vector.name))?;
    }
    for vector in &file.refused {
        check_refused(vector).map_err(|problem| format!("{}: {problem}", vector.name))?;
    }
    Ok(file.headers.len() + file.commitments.len() + file.refused.len())
}

fn check_header(vector: &HeaderVector) -> Result<(), String> {
    let header = vector.header.header()?;
    let bytes = bytes(&vector.bytes)?;
    same("bytes", &header.encode(), &bytes)?;
    same("leaf hash", &leaf_hash(&bytes), &self::bytes(&vector.leaf)?)?;
    match Header::decode(&bytes) {
        Ok(decoded) if decoded == header => Ok(()),
        other => Err(format!("decoded to {other:?}")),
    }
}

fn check_commitment(vector: &CommitmentVector) -> Result<(), String> {
    let made = commitment(&fixed(&vector.opener)?, &bytes(&vector.body)?);
    same("commitment", &made, &bytes(&vector.commitment)?)
}

fn check_refused(vector: &RefusedVector) -> Result<(), String> {
    match Header::decode(&bytes(&vector.bytes)?) {
        Ok(header) => Err(format!("accepted as {header:?}")),
        Err(problem) if name(problem) == vector.error => Ok(()),
        Err(problem) => Err(format!("refused as {}, not as {}", name(problem), vector.error)),
    }
}

fn name(problem: HeaderError) -> &'static str {
    match problem {
        HeaderError::TooShort => "too_short",
        HeaderError::TooLong => "too_long",
        HeaderError::Version(_) => "version",
        HeaderError::Flags(_) => "flags",
        HeaderError::Stream(_) => "stream",
        HeaderError::Kind(_) => "kind",
        HeaderError::Zero => "zero",
        HeaderError::Shape => "shape",
    }
}

impl Fields {
    fn header(&self) -> Result<Header, String> {
        let id = |hex: &Option<String>| hex.as_deref().map(fixed::<16>).transpose();
        Ok(Header {
            record: fixed(&self.record)?,
            position: self.position,
            stream: self.stream.stream()?,
            seq: self.seq,
            kind: Kind::try_from(self.kind).map_err(|problem| problem.to_string())?,
            actor: id(&self.actor)?,
            on_behalf_of: id(&self.on_behalf_of)?,
            conversation: id(&self.conversation)?,
            target: id(&self.target)?,
            at: self.at,
            written_at: self.written_at,
            commitment: fixed(&self.commitment)?,
        })
    }
}

impl StreamField {
    fn stream(&self) -> Result<Stream, String> {
        let id = |hex: &str| fixed::<16>(hex) as Result<Id, String>;
        Ok(match self {
            Self::Conversation { id: hex } => Stream::Conversation(id(hex)?),
            Self::Person { id: hex } => Stream::Person(id(hex)?),
            Self::System {} => Stream::System,
        })
    }
}

fn bytes(hex: &str) -> Result<Vec<u8>, String> {
    HEXLOWER.decode(hex.as_bytes()).map_err(|problem| problem.to_string())
}

fn fixed<const N: usize>(hex: &str) -> Result<[u8; N], String> {
    bytes(hex)?.try_into().map_err(|_| format!("not {N} bytes: {hex}"))
}

fn same(what: &str, made: &[u8], expected: &[u8]) -> Result<(), String> {
    if made == expected {
        return Ok(());
    }
    Err(format!("{what}: got {}, expected {}", HEXLOWER.encode(made), HEXLOWER.encode(expected)))
}
