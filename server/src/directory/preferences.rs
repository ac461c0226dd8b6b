//! What people have arranged for themselves: one sealed document each, with a revision. Not a record.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use chancery_protocol::ids::{Id, PersonId};
use chancery_protocol::mail::{DAY_MINUTES, MAX_AFTER_MINUTES, Mailing, QuietHours, Weekday};
use chancery_protocol::preferences::{Kept, MAX_LISTS, Preferences};
use chancery_protocol::{MAX_PEOPLE, text};
use diesel::prelude::*;
use diesel::result::DatabaseErrorKind;
use diesel::result::Error::DatabaseError;

use crate::ground::db::Conn;
use crate::ground::db::dialect::{Raw, big, count, raw};
use crate::ground::db::schema::preferences;
use crate::ground::error::{Code, Error};
use crate::ground::zone::Zone;
use crate::journal::Journal;
use crate::vault::{Place, Scope, Vault};

/// Rows of one statement: SQLite takes 32,766 values.
const CHUNK: usize = 1_000;
/// How often a change is made again when the person's own devices are quicker.
const TRIES: usize = 5;

fn place(row: &[u8]) -> Place<'_> {
    Place { table: "preferences", column: "document", row }
}

/// What these people have arranged; a document that does not open is as if there were none, and says so in the log.
///
/// # Errors
/// When database or key store cannot be read.
pub fn preferences_of(
    conn: &mut Conn,
    vault: &Vault,
    people: &[PersonId],
) -> Result<HashMap<PersonId, Kept>, Error> {
    let mut found = HashMap::new();
    for chunk in people.chunks(CHUNK) {
        let ids: Vec<Raw> = chunk.iter().copied().map(raw).collect();
        let rows: Vec<(Raw, i64, Vec<u8>)> = preferences::table
            .filter(preferences::person.eq_any(ids))
            .select((preferences::person, preferences::revision, preferences::document))
            .load(conn)?;
        for (person, revision, document) in rows {
            let person: PersonId = person.id();
            let opened = vault.open_text(&place(&person.bytes()), &document)?.ok();
            let preferences = opened.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_else(|| {
                tracing::error!(%person, "sealed preferences do not open");
                Preferences::default()
            });
            found.insert(person, Kept { revision: count(revision), preferences });
        }
    }
    Ok(found)
}

/// How often a person's arrangements were changed.
///
/// # Errors
/// Storage errors.
pub fn preferences_revision(conn: &mut Conn, person: PersonId) -> Result<u64, Error> {
    let found: Option<i64> = preferences::table
        .filter(preferences::person.eq(raw(person)))
        .select(preferences::revision)
        .first(conn)
        .optional()?;
    Ok(found.map_or(0, count))
}

/// Keeps a person's arrangements in place of those with this revision.
///
/// # Errors
/// What is wrong with the names of lists, `too_many_people`, `out_of_range`, `zone_unknown`; `outdated` when another device was
/// quicker; storage errors.
pub async fn save_preferences(
    journal: &Journal,
    person: PersonId,
    revision: u64,
    preferences: Preferences,
) -> Result<Kept, Error> {
    check(&preferences)?;
    let vault = Arc::clone(journal.vault());
    let now = journal.clock().now();
    journal
        .db()
        .write(move |conn| {
            let document = serde_json::to_string(&preferences)
                .map_err(|e| Error::internal(format!("preferences are no JSON: {e}")))?;
            let sealed =
                vault.seal_value(Scope::Person(person), &place(&person.bytes()), document.as_bytes())?;
            let kept = Kept { revision: revision + 1, preferences };
            let values = (
                preferences::revision.eq(big(kept.revision)),
                preferences::document.eq(sealed),
                preferences::changed_at.eq(now),
            );
            let row = preferences::table.filter(preferences::person.eq(raw(person)));
            let changed = if revision > 0 {
                diesel::update(row.filter(preferences::revision.eq(big(revision))))
                    .set(values)
                    .execute(conn)?
            } else if row.count().get_result::<i64>(conn)? == 0 {
                let insert = diesel::insert_into(preferences::table);
                match insert.values((preferences::person.eq(raw(person)), values)).execute(conn) {
                    // Another device came in between.
                    Err(DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => 0,
                    result => result?,
                }
            } else {
                0
            };
            if changed == 1 { Ok(kept) } else { Err(Code::Outdated.into()) }
        })
        .await
}

/// Changes what a person has arranged, whatever it is just now; `change` says whether there is anything to change, and nothing is
/// answered when there is not.
///
/// # Errors
/// As [`save_preferences`].
pub async fn change_preferences(
    journal: &Journal,
    person: PersonId,
    change: impl Fn(&mut Preferences) -> bool,
) -> Result<Option<Kept>, Error> {
    for _ in 0..TRIES {
        let vault = Arc::clone(journal.vault());
        let mut found = journal.db().read(move |conn| preferences_of(conn, &vault, &[person])).await?;
        let Kept { revision, mut preferences } = found.remove(&person).unwrap_or_default();
        if !change(&mut preferences) {
            return Ok(None);
        }
        match save_preferences(journal, person, revision, preferences).await {
            Err(error) if error.code == Code::Outdated => {}
            saved => return saved.map(Some),
        }
    }
    Err(Code::Outdated.into())
}

fn check(preferences: &Preferences) -> Result<(), Error> {
    if preferences.lists.len() > MAX_LISTS {
        let most = format!("At most {MAX_LISTS} lists of people.");
        return Err(Error::from(Code::OutOfRange).field("preferences.lists").detail(most));
    }
    for list in &preferences.lists {
        text::check_name(&list.name)
            .map_err(|problem| Error::from(problem).field("preferences.lists.name"))?;
        let people: BTreeSet<PersonId> = list.people.iter().copied().collect();
        if people.len() > MAX_PEOPLE || people.len() != list.people.len() {
            let most = format!("A list has at most {MAX_PEOPLE} people, each once.");
            return Err(Error::from(Code::TooManyPeople).field("preferences.lists.people").detail(most));
        }
    }
    check_mailing(&preferences.mailing)
}

fn check_mailing(mailing: &Mailing) -> Result<(), Error> {
    let out_of_range = |field: &str, detail: String| {
        Err(Error::from(Code::OutOfRange).field(format!("preferences.mailing.{field}")).detail(detail))
    };
    if mailing.after_minutes.is_some_and(|minutes| !(1..=MAX_AFTER_MINUTES).contains(&minutes)) {
        return out_of_range("after_minutes", format!("1 to {MAX_AFTER_MINUTES} minutes."));
    }
    let QuietHours { from, until, days } = mailing.quiet.clone().unwrap_or_default();
    let times =
        [("digest_at", mailing.digest_at.unwrap_or_default()), ("quiet.from", from), ("quiet.until", until)];
    if let Some((field, _)) = times.iter().find(|(_, minute)| *minute >= DAY_MINUTES) {
        return out_of_range(
            field,
            format!("A time of the day is less than {DAY_MINUTES} minutes after midnight."),
        );
    }
    if days.iter().collect::<BTreeSet<&Weekday>>().len() != days.len() {
        return out_of_range("quiet.days", "Each day once.".to_owned());
    }
    if mailing.zone.as_deref().is_some_and(|name| Zone::named(name).is_none()) {
        return Err(Error::from(Code::ZoneUnknown).field("preferences.mailing.zone"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_chosen_about_mails_can_be_kept() {
        let quiet = |from, until, days: &[Weekday]| Mailing {
            quiet: Some(QuietHours { from, until, days: days.to_vec() }),
            ..Mailing::default()
        };
        let (monday, friday) = (Weekday::Monday, Weekday::Friday);
        let after = |minutes| Mailing { after_minutes: Some(minutes), ..Mailing::default() };
        let at = |minute| Mailing { digest_at: Some(minute), ..Mailing::default() };
        let zone = |name: &str| Mailing { zone: Some(name.to_owned()), ..Mailing::default() };
        let told = |mailing| {
            let preferences = Preferences { mailing, ..Preferences::default() };
            check(&preferences).err().map(|error| {
                let problem = error.problem();
                (problem.code.clone(), problem.field.clone().unwrap_or_default())
            })
        };
        let wrong = |code: &str, field: &str| Some((code.to_owned(), format!("preferences.mailing.{field}")));
        for fine in [
            Mailing::default(),
            quiet(1_439, 0, &[monday, friday]),
            quiet(0, 0, &[]),
            after(1),
            after(MAX_AFTER_MINUTES),
            at(0),
            at(1_439),
            zone("Europe/Berlin"),
        ] {
            assert_eq!(told(fine), None);
        }
        for (mailing, code, field) in [
            (quiet(1_440, 0, &[]), "out_of_range", "quiet.from"),
            (quiet(0, 1_440, &[]), "out_of_range", "quiet.until"),
            (quiet(0, 0, &[monday, friday, monday]), "out_of_range", "quiet.days"),
            (after(0), "out_of_range", "after_minutes"),
            (after(MAX_AFTER_MINUTES + 1), "out_of_range", "after_minutes"),
            (at(1_440), "out_of_range", "digest_at"),
            (zone("Berlin"), "zone_unknown", "zone"),
            (zone(""), "zone_unknown", "zone"),
        ] {
            assert_eq!(told(mailing), wrong(code, field));
        }
    }
}
