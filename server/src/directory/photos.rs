//! Pictures of people, as they are shown: sealed, with what tells that their source has still the same. Writing functions run inside
//! a unit of the journal only.

use chancery_protocol::ids::{Id, PersonId, SourceId};
use diesel::prelude::*;
use sha2::{Digest, Sha256};

use crate::ground::db::Conn;
use crate::ground::db::dialect::{Raw, raw};
use crate::ground::db::schema::{identities, people, people_photos as photos};
use crate::ground::error::Error;
use crate::vault::{Place, Scope, Vault};

/// Most ids in one query.
const CHUNK: usize = 500;
/// Digits of a hash that tell pictures apart.
const TAG: usize = 16;

/// Where somebody's picture comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The source that set it.
    pub source: SourceId,
    /// SHA-256 of what it had.
    pub original: Vec<u8>,
    /// Whether they are still linked to that source; otherwise another may set their picture.
    pub linked: bool,
}

/// A picture that is to be shown.
#[derive(Debug, Clone)]
pub struct New {
    original: [u8; 32],
    hash: String,
    sealed: Vec<u8>,
}

/// What tells whether a source has the same picture as before.
pub fn original(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

impl New {
    /// A picture as it is shown (`shown`), made from `original`.
    ///
    /// # Errors
    /// When the key store cannot be read or written.
    pub fn seal(vault: &Vault, person: PersonId, original: [u8; 32], shown: &[u8]) -> Result<Self, Error> {
        let hash = Sha256::digest(shown).iter().map(|byte| format!("{byte:02x}")).collect();
        let sealed = vault.seal_value(Scope::Person(person), &place(&person.bytes()), shown)?;
        Ok(Self { original, hash, sealed })
    }

    /// SHA-256 of what is shown, in hexadecimal.
    pub fn hash(&self) -> &str {
        &self.hash
    }
}

fn place(person: &[u8]) -> Place<'_> {
    Place { table: "people_photos", column: "picture", row: person }
}

/// Where the pictures of these people come from; who has none is left out.
///
/// # Errors
/// When the database cannot be read.
pub fn kept(conn: &mut Conn, people: &[PersonId]) -> Result<Vec<(PersonId, Kept)>, Error> {
    let mut found = Vec::new();
    for chunk in people.chunks(CHUNK) {
        let ids: Vec<Raw> = chunk.iter().copied().map(raw).collect();
        let of_source = identities::person.eq(photos::person).and(identities::source.eq(photos::source));
        let rows: Vec<(Raw, Raw, Vec<u8>, Option<String>)> = photos::table
            .left_join(identities::table.on(of_source))
            .filter(photos::person.eq_any(ids))
            .select((photos::person, photos::source, photos::original, identities::subject.nullable()))
            .load(conn)?;
        found.extend(rows.into_iter().map(|(person, source, original, subject)| {
            (person.id(), Kept { source: source.id(), original, linked: subject.is_some() })
        }));
    }
    Ok(found)
}

/// Those whose picture a source set.
///
/// # Errors
/// When the database cannot be read.
pub fn of_source(conn: &mut Conn, source: SourceId) -> Result<Vec<PersonId>, Error> {
    let rows: Vec<Raw> =
        photos::table.filter(photos::source.eq(raw(source))).select(photos::person).load(conn)?;
    Ok(rows.into_iter().map(Raw::id).collect())
}

/// Somebody's picture, a JPEG.
///
/// # Errors
/// When it is damaged; when database or key store cannot be read.
pub fn open(conn: &mut Conn, vault: &Vault, person: PersonId) -> Result<Option<Vec<u8>>, Error> {
    let sealed: Option<Vec<u8>> = photos::table
        .filter(photos::person.eq(raw(person)))
        .select(photos::picture)
        .first(conn)
        .optional()?;
    let Some(sealed) = sealed else { return Ok(None) };
    match vault.open_value(&place(&person.bytes()), &sealed)? {
        Ok(bytes) => Ok(Some(bytes.to_vec())),
        Err(_) => Err(Error::internal(format!("the picture of {person} does not match its seal"))),
    }
}

/// Sets somebody's picture in place of the one they had; none takes it away.
///
/// # Errors
/// When the database cannot be written.
pub fn set(conn: &mut Conn, source: SourceId, person: PersonId, new: Option<&New>) -> Result<(), Error> {
    diesel::delete(photos::table.filter(photos::person.eq(raw(person)))).execute(conn)?;
    if let Some(New { original, sealed, .. }) = new {
        let values = (
            photos::person.eq(raw(person)),
            photos::source.eq(raw(source)),
            photos::original.eq(&original[..]),
            photos::picture.eq(sealed),
        );
        diesel::insert_into(photos::table).values(values).execute(conn)?;
    }
    let tag = new.and_then(|new| new.hash.get(..TAG));
    diesel::update(people::table.filter(people::id.eq(raw(person))))
        .set(people::photo.eq(tag))
        .execute(conn)?;
    Ok(())
}
