//! What is kept of mail: the settings made in the console, one sealed document with its secrets.

use std::collections::BTreeMap;

use chancery_protocol::Micros;
use diesel::prelude::*;
use zeroize::Zeroizing;

use crate::ground::config::MailKept;
use crate::ground::db::Conn;
use crate::ground::db::dialect::{big, count};
use crate::ground::db::schema::mail_settings;
use crate::ground::error::{Code, Error};
use crate::vault::{Place, Scope, Vault};

const ROW: i32 = 1;
const PLACE: Place<'static> = Place { table: "mail_settings", column: "document", row: &[1] };

/// Settings made in the console.
#[derive(Clone, Default)]
pub struct Document {
    /// Counts changes; 0 when there was none.
    pub revision: u64,
    /// When that was last.
    pub changed_at: Option<Micros>,
    /// What is set, by key.
    pub kept: MailKept,
    /// Whether what is kept does not match its seal; then nothing of it is known.
    pub damaged: bool,
}

/// Seals what is set.
///
/// # Errors
/// When the key store cannot be read or written.
pub fn seal(vault: &Vault, kept: &MailKept) -> Result<Vec<u8>, Error> {
    let plain: BTreeMap<&str, &str> =
        kept.iter().map(|(key, text)| (key.as_str(), text.as_str())).collect();
    let json = Zeroizing::new(serde_json::to_vec(&plain).map_err(Error::internal)?);
    vault.seal_value(Scope::System, &PLACE, &json)
}

/// What is kept.
///
/// # Errors
/// When the database or the key store cannot be read.
pub fn load(conn: &mut Conn, vault: &Vault) -> Result<Document, Error> {
    let row = mail_settings::table
        .filter(mail_settings::id.eq(ROW))
        .select((mail_settings::document, mail_settings::revision, mail_settings::changed_at));
    let row: Option<(Vec<u8>, i64, i64)> = row.first(conn).optional()?;
    let Some((sealed, revision, changed_at)) = row else { return Ok(Document::default()) };
    let plain = vault.open_value(&PLACE, &sealed)?.ok();
    let texts = plain.and_then(|plain| serde_json::from_slice::<BTreeMap<String, String>>(&plain).ok());
    Ok(Document {
        revision: count(revision),
        changed_at: Some(changed_at),
        damaged: texts.is_none(),
        kept: texts.into_iter().flatten().map(|(key, text)| (key, Zeroizing::new(text))).collect(),
    })
}

/// Which revision counts; 0 before the first.
///
/// # Errors
/// When the database cannot be read.
pub fn revision(conn: &mut Conn) -> Result<u64, Error> {
    let row = mail_settings::table.filter(mail_settings::id.eq(ROW)).select(mail_settings::revision);
    let found: Option<i64> = row.first(conn).optional()?;
    Ok(count(found.unwrap_or_default()))
}

/// Keeps a document in place of revision `was`; inside a unit of the journal only.
///
/// # Errors
/// `outdated`; when the database cannot be written.
pub fn change(conn: &mut Conn, was: u64, sealed: &[u8], at: Micros) -> Result<(), Error> {
    // The head lock is held, so the look before the write is enough.
    if revision(conn)? != was {
        return Err(Code::Outdated.into());
    }
    let columns = (
        mail_settings::document.eq(sealed),
        mail_settings::revision.eq(big(was + 1)),
        mail_settings::changed_at.eq(at),
    );
    if was == 0 {
        diesel::insert_into(mail_settings::table)
            .values((mail_settings::id.eq(ROW), columns.0, columns.1, columns.2))
            .execute(conn)?;
    } else {
        let row = mail_settings::table.filter(mail_settings::id.eq(ROW));
        diesel::update(row).set(columns).execute(conn)?;
    }
    Ok(())
}
