//! Queries over the items of the policy. What counts and its versions are written in units of the journal only; drafts go
//! through [`crate::ground::db::Db::write`].

use chancery_protocol::Micros;
use chancery_protocol::ids::{PersonId, RecordId};
use chancery_protocol::policy::ItemKind;
use diesel::prelude::*;
use diesel::result::DatabaseErrorKind;
use diesel::result::Error::DatabaseError;

use super::items::{Content, kind_of, number};
use crate::ground::db::Conn;
use crate::ground::db::dialect::{Raw, raw};
use crate::ground::db::schema::{policy_items as items, policy_versions as versions};
use crate::ground::error::{Code, Error};
use crate::vault::{Place, Scope, Vault};

/// What is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    /// What it is.
    pub kind: ItemKind,
    /// Which.
    pub name: String,
    /// The version that counts.
    pub version: u32,
    /// Where it stands among its kind.
    pub place: i32,
    /// What it says.
    pub content: Content,
}

/// An item: what counts of it, and what somebody is writing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What it is.
    pub kind: ItemKind,
    /// Which.
    pub name: String,
    /// Where it stands among its kind.
    pub place: i32,
    /// The newest version; 0 before there is one.
    pub version: u32,
    /// Whether that counts.
    pub in_force: bool,
    /// What that says.
    pub content: Option<Content>,
    /// What is to be the next one.
    pub draft: Option<Draft>,
}

/// What somebody is writing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// What it says.
    pub content: Content,
    /// Who saved it.
    pub by: PersonId,
    /// When; no two drafts of an item have the same time.
    pub at: Micros,
}

/// A version that was agreed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Which.
    pub version: u32,
    /// Whether it counted.
    pub in_force: bool,
    /// What it said.
    pub content: Content,
    /// Since when.
    pub at: Micros,
    /// Who asked for it.
    pub asked_by: Option<PersonId>,
    /// Who agreed.
    pub agreed_by: Option<PersonId>,
    /// Its record.
    pub record: RecordId,
}

/// A version that comes into being, sealed before its unit begins.
#[derive(Debug, Clone)]
pub struct Setting {
    kind: ItemKind,
    name: String,
    place: i32,
    from_version: u32,
    in_force: bool,
    of_item: Vec<u8>,
    of_version: Vec<u8>,
    /// The draft that says the same, to be forgotten.
    draft: Option<Micros>,
}

/// Who made a version, and where that is on record.
#[derive(Debug, Clone, Copy)]
pub struct Made {
    /// When.
    pub at: Micros,
    /// Who asked for it.
    pub asked_by: PersonId,
    /// Who agreed.
    pub agreed_by: PersonId,
    /// The record.
    pub record: RecordId,
}

type Columns = (i32, String, i32, i32, bool, Option<Vec<u8>>, Option<Vec<u8>>, Option<Raw>, Option<i64>);

type RunningColumns = (i32, String, i32, i32, Option<Vec<u8>>);

fn place<'a>(column: &'static str, row: &'a str) -> Place<'a> {
    Place { table: "policy_items", column, row: row.as_bytes() }
}

fn version_place(row: &str) -> Place<'_> {
    Place { table: "policy_versions", column: "content", row: row.as_bytes() }
}

/// Names have no slash.
fn row(kind: ItemKind, name: &str) -> String {
    format!("{kind}/{name}")
}

fn version_row(kind: ItemKind, name: &str, version: u32) -> String {
    format!("{kind}/{name}/{version}")
}

fn seal(vault: &Vault, place: &Place<'_>, content: &Content) -> Result<Vec<u8>, Error> {
    let bytes = serde_json::to_vec(content).map_err(Error::internal)?;
    vault.seal_value(Scope::System, place, &bytes)
}

/// What does not open or cannot be read is an error, not a missing rule: nothing is let pass by damage without a word.
fn open(vault: &Vault, place: &Place<'_>, row: &str, sealed: &[u8]) -> Result<Content, Error> {
    let bytes = vault
        .open_value(place, sealed)?
        .map_err(|_| Error::internal(format!("the policy item {row} does not match its seal")))?;
    serde_json::from_slice(&bytes)
        .map_err(|e| Error::internal(format!("the policy item {row} cannot be read: {e}")))
}

/// A version as it stands in a column; there are never 2^31 of them.
fn big(version: u32) -> i32 {
    i32::try_from(version).unwrap_or(i32::MAX)
}

fn count(column: i32) -> u32 {
    u32::try_from(column).unwrap_or(0)
}

fn item(vault: &Vault, columns: Columns) -> Result<Item, Error> {
    let (kind, name, place_of, version, in_force, content, draft, draft_by, draft_at) = columns;
    let kind = kind_of(kind)?;
    let row = row(kind, &name);
    let content = content.map(|sealed| open(vault, &place("content", &row), &row, &sealed)).transpose()?;
    let draft = match (draft, draft_by, draft_at) {
        (Some(sealed), Some(by), Some(at)) => {
            let content = open(vault, &place("draft", &row), &row, &sealed)?;
            Some(Draft { content, by: by.id(), at })
        }
        _ => None,
    };
    Ok(Item { kind, name, place: place_of, version: count(version), in_force, content, draft })
}

/// All that is in force, in order of kind and place.
///
/// # Errors
/// When database or key store cannot be read, or something is damaged.
pub fn running(conn: &mut Conn, vault: &Vault) -> Result<Vec<Running>, Error> {
    let rows: Vec<RunningColumns> = items::table
        .filter(items::in_force.eq(true))
        .order((items::kind, items::place, items::name))
        .select((items::kind, items::name, items::version, items::place, items::content))
        .load(conn)?;
    rows.into_iter()
        .map(|(kind, name, version, place_of, content)| {
            let kind = kind_of(kind)?;
            let row = row(kind, &name);
            let sealed = content.ok_or_else(|| {
                Error::internal(format!("the policy item {row} is in force without content"))
            })?;
            let content = open(vault, &place("content", &row), &row, &sealed)?;
            Ok(Running { kind, name, version: count(version), place: place_of, content })
        })
        .collect()
}

/// Every item, in order of kind and place.
///
/// # Errors
/// As [`running`].
pub fn all(conn: &mut Conn, vault: &Vault) -> Result<Vec<Item>, Error> {
    let rows: Vec<Columns> = items::table.order((items::kind, items::place, items::name)).load(conn)?;
    rows.into_iter().map(|columns| item(vault, columns)).collect()
}

/// What every item is, and its name; in no particular order.
///
/// # Errors
/// When the database cannot be read.
pub fn names(conn: &mut Conn) -> Result<Vec<(ItemKind, String)>, Error> {
    let rows: Vec<(i32, String)> = items::table.select((items::kind, items::name)).load(conn)?;
    rows.into_iter().map(|(kind, name)| Ok((kind_of(kind)?, name))).collect()
}

/// How many versions there are in all; it grows with every version of any item.
///
/// # Errors
/// When the database cannot be read.
pub fn stamp(conn: &mut Conn) -> Result<i64, Error> {
    Ok(versions::table.count().get_result(conn)?)
}

/// The newest version of an item; 0 before there is one.
///
/// # Errors
/// When the database cannot be read.
pub fn version(conn: &mut Conn, kind: ItemKind, name: &str) -> Result<u32, Error> {
    let found: Option<i32> = of(kind, name).select(items::version).first(conn).optional()?;
    Ok(found.map_or(0, count))
}

/// Whether a version of an item counted; `None` when there is no such version.
///
/// # Errors
/// When the database cannot be read.
pub fn counted(conn: &mut Conn, kind: ItemKind, name: &str, version: u32) -> Result<Option<bool>, Error> {
    Ok(versions::table
        .find((number(kind), name, big(version)))
        .select(versions::in_force)
        .first(conn)
        .optional()?)
}

/// One item.
///
/// # Errors
/// `not_found`; as [`running`].
pub fn get(conn: &mut Conn, vault: &Vault, kind: ItemKind, name: &str) -> Result<Item, Error> {
    let found: Option<Columns> = of(kind, name).first(conn).optional()?;
    item(vault, found.ok_or(Code::NotFound)?)
}

#[diesel::dsl::auto_type]
fn of<'a>(kind: ItemKind, name: &'a str) -> _ {
    let kind: i32 = number(kind);
    items::table.filter(items::kind.eq(kind)).filter(items::name.eq(name))
}

/// The versions of an item, newest first.
///
/// # Errors
/// As [`running`].
pub fn versions(conn: &mut Conn, vault: &Vault, kind: ItemKind, name: &str) -> Result<Vec<Version>, Error> {
    type Row = (i32, bool, Vec<u8>, i64, Option<Raw>, Option<Raw>, Raw);
    let rows: Vec<Row> = versions::table
        .filter(versions::kind.eq(number(kind)))
        .filter(versions::name.eq(name))
        .order(versions::version.desc())
        .select((
            versions::version,
            versions::in_force,
            versions::content,
            versions::at,
            versions::asked_by,
            versions::agreed_by,
            versions::record,
        ))
        .load(conn)?;
    rows.into_iter()
        .map(|(version, in_force, sealed, at, asked_by, agreed_by, record)| {
            let version = count(version);
            let row = version_row(kind, name, version);
            let content = open(vault, &version_place(&row), &row, &sealed)?;
            let (asked_by, agreed_by) = (asked_by.map(Raw::id), agreed_by.map(Raw::id));
            Ok(Version { version, in_force, content, at, asked_by, agreed_by, record: record.id() })
        })
        .collect()
}

/// Saves a draft in the place of the one of that time, or of none. Answers with its own time.
///
/// # Errors
/// `outdated` when another draft is there, or none any more; when it cannot be written.
pub fn put_draft(
    conn: &mut Conn,
    vault: &Vault,
    name: &str,
    draft: &Draft,
    expected: Option<Micros>,
) -> Result<Micros, Error> {
    let kind = draft.content.kind();
    let sealed = seal(vault, &place("draft", &row(kind, name)), &draft.content)?;
    let there: Option<Option<i64>> = of(kind, name).select(items::draft_at).first(conn).optional()?;
    if there.flatten() != expected {
        return Err(Code::Outdated.into());
    }
    // No two drafts of an item have the same time, whatever the clock says.
    let at = expected.map_or(draft.at, |expected| draft.at.max(expected + 1));
    let values = (
        items::draft.eq(Some(sealed)),
        items::draft_by.eq(Some(raw(draft.by))),
        items::draft_at.eq(Some(at)),
    );
    let written = if there.is_some() {
        match expected {
            Some(at) => {
                diesel::update(of(kind, name).filter(items::draft_at.eq(at))).set(values).execute(conn)?
            }
            None => {
                diesel::update(of(kind, name).filter(items::draft_at.is_null())).set(values).execute(conn)?
            }
        }
    } else {
        let last = last_place(conn, kind)?;
        let new = (
            items::kind.eq(number(kind)),
            items::name.eq(name),
            items::place.eq(last + 1),
            items::version.eq(0),
            items::in_force.eq(false),
        );
        let insert = diesel::insert_into(items::table).values((new, values));
        match insert.execute(conn) {
            // Somebody else began it in between.
            Err(DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => 0,
            result => result?,
        }
    };
    if written == 1 { Ok(at) } else { Err(Code::Outdated.into()) }
}

/// Forgets the draft of that time, and with it an item of which there is nothing else.
///
/// # Errors
/// `outdated` when another draft is there, or none; when it cannot be written.
pub fn drop_draft(conn: &mut Conn, kind: ItemKind, name: &str, expected: Micros) -> Result<(), Error> {
    let row = of(kind, name).filter(items::draft_at.eq(expected));
    if diesel::delete(row.filter(items::version.eq(0))).execute(conn)? == 1 {
        return Ok(());
    }
    let row = of(kind, name).filter(items::draft_at.eq(expected));
    match diesel::update(row).set(no_draft()).execute(conn)? {
        0 => Err(Code::Outdated.into()),
        _ => Ok(()),
    }
}

#[diesel::dsl::auto_type]
fn no_draft() -> _ {
    let (draft, by, at): (Option<Vec<u8>>, Option<Raw>, Option<i64>) = (None, None, None);
    (items::draft.eq(draft), items::draft_by.eq(by), items::draft_at.eq(at))
}

fn last_place(conn: &mut Conn, kind: ItemKind) -> Result<i32, Error> {
    let places = items::table.filter(items::kind.eq(number(kind)));
    let last: Option<i32> = places.select(diesel::dsl::max(items::place)).first(conn)?;
    Ok(last.unwrap_or(0))
}

impl Setting {
    /// Seals what is to be the version after `from_version`. Where the item's draft says the same, it is that draft.
    ///
    /// # Errors
    /// When the key store cannot be read or written.
    pub fn new(
        vault: &Vault,
        running: &Running,
        in_force: bool,
        draft: Option<&Draft>,
    ) -> Result<Self, Error> {
        let Running { kind, name, version, place: place_of, content } = running;
        let row = row(*kind, name);
        let version_row = version_row(*kind, name, version + 1);
        Ok(Self {
            kind: *kind,
            name: name.clone(),
            place: *place_of,
            from_version: *version,
            in_force,
            of_item: seal(vault, &place("content", &row), content)?,
            of_version: seal(vault, &version_place(&version_row), content)?,
            draft: draft.filter(|draft| draft.content == *content).map(|draft| draft.at),
        })
    }
}

/// A version comes into being; inside a unit.
///
/// # Errors
/// `outdated` when it does not follow the newest version any more; when it cannot be written.
pub fn set(conn: &mut Conn, setting: &Setting, made: Made) -> Result<(), Error> {
    let Setting { kind, name, from_version, .. } = setting;
    let next = from_version + 1;
    let values = (
        items::place.eq(setting.place),
        items::version.eq(big(next)),
        items::in_force.eq(setting.in_force),
        items::content.eq(Some(&setting.of_item)),
    );
    let row = of(*kind, name).filter(items::version.eq(big(*from_version)));
    if diesel::update(row).set(values).execute(conn)? == 0 {
        if *from_version > 0 {
            return Err(Code::Outdated.into());
        }
        // Its draft was dropped while it was asked for.
        let insert = diesel::insert_into(items::table).values((
            items::kind.eq(number(*kind)),
            items::name.eq(name),
            values,
        ));
        match insert.execute(conn) {
            Err(DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => return Err(Code::Outdated.into()),
            result => result?,
        };
    }
    if let Some(draft) = setting.draft {
        let row = of(*kind, name).filter(items::draft_at.eq(draft));
        diesel::update(row).set(no_draft()).execute(conn)?;
    }
    diesel::insert_into(versions::table)
        .values((
            versions::kind.eq(number(*kind)),
            versions::name.eq(name),
            versions::version.eq(big(next)),
            versions::in_force.eq(setting.in_force),
            versions::content.eq(&setting.of_version),
            versions::at.eq(made.at),
            versions::asked_by.eq(Some(raw(made.asked_by))),
            versions::agreed_by.eq(Some(raw(made.agreed_by))),
            versions::record.eq(raw(made.record)),
        ))
        .execute(conn)?;
    Ok(())
}
