//! Sources of people: OpenID Connect providers, directories, and whoever writes to us by SCIM. Settings and secret are sealed; the secret never leaves the
//! server again. Writing functions run inside a unit of the journal only.

use chancery_protocol::Micros;
use chancery_protocol::ids::{Id, SourceId};
use chancery_protocol::sources::{Connection, SourceForm};
use diesel::prelude::*;

use crate::ground::config::Secret;
use crate::ground::db::Conn;
use crate::ground::db::dialect::{Raw, big, count, raw};
use crate::ground::db::schema::{identities, people_groups, sources};
use crate::ground::error::{Code, Error};
use crate::vault::{Place, Scope, Vault};

/// A source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Which.
    pub id: SourceId,
    /// What was set.
    pub form: SourceForm,
    /// Client secret, or password of the account that reads the directory.
    pub secret: Option<Secret>,
    /// Counts changes.
    pub revision: u64,
    /// Since when.
    pub created_at: Micros,
    /// When it was last changed.
    pub changed_at: Micros,
}

/// A row of `sources`.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = sources)]
pub struct Row {
    id: Raw,
    enabled: bool,
    settings: Vec<u8>,
    secret: Option<Vec<u8>>,
    revision: i64,
    created_at: i64,
    changed_at: i64,
}

/// What is written of a source, sealed before the unit begins.
#[derive(Debug, Clone)]
pub struct Sealed {
    kind: i32,
    name: String,
    enabled: bool,
    settings: Vec<u8>,
    /// `None` leaves the secret that is there; `Some(None)` takes it away.
    secret: Option<Option<Vec<u8>>>,
}

fn kind_number(connection: &Connection) -> i32 {
    match connection {
        Connection::Oidc(_) => 1,
        Connection::Ldap(_) => 2,
        Connection::Scim(_) => 3,
    }
}

fn place<'a>(column: &'static str, id: &'a [u8; 16]) -> Place<'a> {
    Place { table: "sources", column, row: id }
}

/// Seals what is to be written.
///
/// # Errors
/// When the key store cannot be read or written.
pub fn seal(vault: &Vault, id: SourceId, form: &SourceForm, secret: Option<&str>) -> Result<Sealed, Error> {
    let id = id.bytes();
    let settings = serde_json::to_vec(form).map_err(Error::internal)?;
    let secret = match secret {
        None => None,
        Some("") => Some(None),
        Some(text) => Some(Some(vault.seal_value(Scope::System, &place("secret", &id), text.as_bytes())?)),
    };
    Ok(Sealed {
        kind: kind_number(&form.connection),
        name: form.name.clone(),
        enabled: form.enabled,
        settings: vault.seal_value(Scope::System, &place("settings", &id), &settings)?,
        secret,
    })
}

/// Opens a row. A source that does not open is an error, not a missing source: nobody is let in or kept out by damage
/// without a word.
///
/// # Errors
/// When the key store cannot be read, or the row is damaged.
pub fn open(vault: &Vault, row: &Row) -> Result<Source, Error> {
    let id: SourceId = row.id.id();
    let bytes = id.bytes();
    let damaged = || Error::internal(format!("the settings of source {id} do not match their seal"));
    let settings = vault.open_text(&place("settings", &bytes), &row.settings)?.map_err(|_| damaged())?;
    let mut form: SourceForm = serde_json::from_str(&settings)
        .map_err(|e| Error::internal(format!("the settings of source {id} cannot be read: {e}")))?;
    form.enabled = row.enabled;
    let secret = match &row.secret {
        Some(sealed) => Some(vault.open_text(&place("secret", &bytes), sealed)?.map_err(|_| damaged())?),
        None => None,
    };
    Ok(Source {
        id,
        form,
        secret: secret.map(Secret::new),
        revision: count(row.revision),
        created_at: row.created_at,
        changed_at: row.changed_at,
    })
}

/// Whether a source says the e-mail addresses of its people; then nobody else does.
pub fn says_email(form: &SourceForm) -> bool {
    form.enabled
        && match &form.connection {
            Connection::Oidc(settings) => !settings.claims.email.is_empty(),
            Connection::Ldap(settings) => !settings.attributes.email.is_empty(),
            Connection::Scim(_) => true,
        }
}

/// Every source, in the order in which they are tried.
///
/// # Errors
/// When the database cannot be read.
pub fn all(conn: &mut Conn) -> Result<Vec<Row>, Error> {
    Ok(sources::table
        .order((sources::place, sources::created_at, sources::id))
        .select(Row::as_select())
        .load(conn)?)
}

/// One source.
///
/// # Errors
/// `not_found`; when the database cannot be read.
pub fn get(conn: &mut Conn, id: SourceId) -> Result<Row, Error> {
    let row = sources::table.filter(sources::id.eq(raw(id))).select(Row::as_select());
    row.first(conn).optional()?.ok_or_else(|| Code::NotFound.into())
}

/// Which revision of a source counts, and whether it is switched on.
///
/// # Errors
/// `not_found`; when the database cannot be read.
pub fn state(conn: &mut Conn, id: SourceId) -> Result<(u64, bool), Error> {
    let row = sources::table.filter(sources::id.eq(raw(id))).select((sources::revision, sources::enabled));
    let found: Option<(i64, bool)> = row.first(conn).optional()?;
    let (revision, enabled) = found.ok_or(Code::NotFound)?;
    Ok((count(revision), enabled))
}

/// Every source and what it is called.
///
/// # Errors
/// When the database cannot be read.
pub fn names(conn: &mut Conn) -> Result<Vec<(SourceId, String)>, Error> {
    let rows: Vec<(Raw, String)> = sources::table.select((sources::id, sources::name)).load(conn)?;
    Ok(rows.into_iter().map(|(id, name)| (id.id(), name)).collect())
}

/// A new source, after the others.
///
/// # Errors
/// `source_name_taken`; when the database cannot be written.
pub fn insert(conn: &mut Conn, id: SourceId, sealed: &Sealed, at: Micros) -> Result<(), Error> {
    name_is_free(conn, id, &sealed.name)?;
    let last: Option<i32> = sources::table.select(diesel::dsl::max(sources::place)).first(conn)?;
    diesel::insert_into(sources::table)
        .values((
            sources::id.eq(raw(id)),
            sources::kind.eq(sealed.kind),
            sources::name.eq(&sealed.name),
            sources::enabled.eq(sealed.enabled),
            sources::place.eq(last.unwrap_or(0) + 1),
            sources::settings.eq(&sealed.settings),
            sources::secret.eq(sealed.secret.clone().flatten()),
            sources::revision.eq(1),
            sources::created_at.eq(at),
            sources::changed_at.eq(at),
        ))
        .execute(conn)?;
    Ok(())
}

/// Changes a source, unless somebody else changed it first.
///
/// # Errors
/// `outdated`, `source_name_taken`; when the database cannot be written.
pub fn change(conn: &mut Conn, id: SourceId, was: u64, sealed: &Sealed, at: Micros) -> Result<(), Error> {
    name_is_free(conn, id, &sealed.name)?;
    let row = sources::table
        .filter(sources::id.eq(raw(id)))
        .filter(sources::kind.eq(sealed.kind))
        .filter(sources::revision.eq(big(was)));
    let set = (
        sources::name.eq(&sealed.name),
        sources::enabled.eq(sealed.enabled),
        sources::settings.eq(&sealed.settings),
        sources::revision.eq(sources::revision + 1),
        sources::changed_at.eq(at),
    );
    if diesel::update(row).set(set).execute(conn)? == 0 {
        return Err(Code::Outdated.into());
    }
    if let Some(secret) = &sealed.secret {
        let row = sources::table.filter(sources::id.eq(raw(id)));
        diesel::update(row).set(sources::secret.eq(secret)).execute(conn)?;
    }
    Ok(())
}

/// Removes a source nobody is linked to and no group comes from.
///
/// # Errors
/// `source_in_use`, `not_found`; when the database cannot be written.
pub fn remove(conn: &mut Conn, id: SourceId) -> Result<(), Error> {
    let linked: i64 = identities::table.filter(identities::source.eq(raw(id))).count().first(conn)?;
    let groups: i64 = people_groups::table.filter(people_groups::source.eq(raw(id))).count().first(conn)?;
    if linked + groups > 0 {
        return Err(Code::SourceInUse.into());
    }
    super::syncs::forget_all(conn, id)?;
    super::tokens::forget_all(conn, id)?;
    super::resources::forget_all(conn, id)?;
    match diesel::delete(sources::table.filter(sources::id.eq(raw(id)))).execute(conn)? {
        0 => Err(Code::NotFound.into()),
        _ => Ok(()),
    }
}

/// Every source is made and changed under the head lock, so the look before the write is enough.
fn name_is_free(conn: &mut Conn, id: SourceId, name: &str) -> Result<(), Error> {
    let other: Option<Raw> = sources::table
        .filter(sources::name.eq(name))
        .filter(sources::id.ne(raw(id)))
        .select(sources::id)
        .first(conn)
        .optional()?;
    match other {
        Some(_) => Err(Error::from(Code::SourceNameTaken).field("name")),
        None => Ok(()),
    }
}
