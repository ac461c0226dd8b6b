//! Accounts for the day the sources are away: administrators with a password of their own and a second factor, linked to no source,
//! and, where that is wanted, used from named networks only.
//!
//! What must stay true: while an account is one, it has a second factor, stays an administrator by hand and belongs to no source; each
//! sign-in is a record of the system's stream in the unit of the session. From elsewhere nobody can tell it from any other account: its
//! tries are counted apart, so that it answers like all others and its owner is not locked out.

use std::collections::HashMap;
use std::net::IpAddr;

use chancery_ledger::{Kind, Stream};
use chancery_protocol::Micros;
use chancery_protocol::factors::{Emergency, MAX_NETWORKS, SetEmergency};
use chancery_protocol::ids::{Id, PersonId};
use chancery_protocol::person::Role;
use diesel::prelude::*;
use ipnet::IpNet;

use super::accounts::By;
use super::origin::Origin;
use super::records::{EmergencyRefused, EmergencySet};
use super::sessions::{at, moved};
use super::{Access, factors};
use crate::directory::{identities, store as people};
use crate::ground::db::Conn;
use crate::ground::db::dialect::{Raw, raw};
use crate::ground::db::schema::{emergency, people as people_table};
use crate::ground::error::{Code, Error};
use crate::journal::{Draft, Placed, Unit};

/// A row of `emergency`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = emergency)]
pub(super) struct Row {
    person: Raw,
    /// Whether it still is one.
    pub active: bool,
    networks: String,
    changed_at: i64,
    used_at: Option<i64>,
}

impl Row {
    /// Whether the account can be used from there.
    pub fn admits(&self, address: Option<IpAddr>) -> bool {
        if !self.active || self.networks.is_empty() {
            return true;
        }
        let Some(address) = address.map(|address| address.to_canonical()) else { return false };
        let mut networks = self.networks.split(',').filter_map(|text| text.parse::<IpNet>().ok());
        networks.any(|network| network.contains(&address))
    }

    fn networks(&self) -> Vec<String> {
        self.networks.split(',').filter(|text| !text.is_empty()).map(str::to_owned).collect()
    }

    /// As administrators see it.
    pub fn shown(&self) -> Option<Emergency> {
        let (since, used_at) = (self.changed_at, self.used_at);
        self.active.then(|| Emergency { networks: self.networks(), since, used_at })
    }
}

/// What is kept of an account, whether it is one or was.
pub(super) fn of(conn: &mut Conn, person: PersonId) -> Result<Option<Row>, Error> {
    let row = emergency::table.filter(emergency::person.eq(raw(person)));
    Ok(row.select(Row::as_select()).first(conn).optional()?)
}

/// The same by user name; it takes as long when there is none.
pub(super) fn by_username(conn: &mut Conn, username: &str) -> Result<Option<Row>, Error> {
    Ok(emergency::table
        .inner_join(people_table::table.on(people_table::id.eq(emergency::person)))
        .filter(people_table::username.eq(username))
        .select(Row::as_select())
        .first(conn)
        .optional()?)
}

/// All of them.
pub(super) fn all(conn: &mut Conn) -> Result<HashMap<PersonId, Row>, Error> {
    let rows: Vec<Row> = emergency::table.select(Row::as_select()).load(conn)?;
    Ok(rows.into_iter().map(|row| (row.person.id(), row)).collect())
}

/// Whether an account is one.
///
/// # Errors
/// When the database cannot be read.
pub fn is_set(conn: &mut Conn, person: PersonId) -> Result<bool, Error> {
    Ok(of(conn, person)?.is_some_and(|row| row.active))
}

/// When one was last used.
///
/// # Errors
/// When the database cannot be read.
pub fn last_use(conn: &mut Conn) -> Result<Option<Micros>, Error> {
    Ok(emergency::table.select(diesel::dsl::max(emergency::used_at)).first(conn)?)
}

/// Makes an account one, or takes it off. Inside a unit.
pub(super) fn set(
    conn: &mut Conn,
    person: PersonId,
    active: bool,
    networks: &str,
    at: Micros,
) -> Result<(), Error> {
    let columns =
        (emergency::active.eq(active), emergency::networks.eq(networks), emergency::changed_at.eq(at));
    let row = emergency::table.filter(emergency::person.eq(raw(person)));
    if diesel::update(row).set(columns).execute(conn)? == 0 {
        diesel::insert_into(emergency::table)
            .values((emergency::person.eq(raw(person)), columns))
            .execute(conn)?;
    }
    Ok(())
}

/// It was used. Inside the unit of the session.
pub(super) fn used(conn: &mut Conn, person: PersonId, at: Micros) -> Result<(), Error> {
    let row = emergency::table.filter(emergency::person.eq(raw(person)));
    diesel::update(row).set(emergency::used_at.eq(at)).execute(conn)?;
    Ok(())
}

/// Refuses to make an account for emergencies something else.
///
/// # Errors
/// `emergency_account`; when the database cannot be read.
pub fn stays(conn: &mut Conn, person: PersonId) -> Result<(), Error> {
    if is_set(conn, person)? { Err(Code::EmergencyAccount.into()) } else { Ok(()) }
}

/// Whether an account can be one.
fn fits(conn: &mut Conn, person: PersonId) -> Result<(), Error> {
    let row = people::get(conn, person)?;
    let own = row.password.is_some() && row.own_roles().has(Role::ItAdmin);
    if !own || !identities::of_person(conn, person)?.is_empty() {
        return Err(Code::EmergencyUnfit.into());
    }
    if row.suspended_at.is_some() {
        return Err(Code::Suspended.into());
    }
    if factors::store::any(conn, person)? { Ok(()) } else { Err(Code::FactorNeeded.into()) }
}

/// Addresses and networks as they are kept: each once, in the order given. Every one that is none is told by its place,
/// `networks.0` being the first.
fn networks(texts: &[String]) -> Result<Vec<IpNet>, Error> {
    if texts.len() > MAX_NETWORKS {
        return Err(Error::from(Code::OutOfRange).field("networks"));
    }
    let mut networks: Vec<IpNet> = Vec::with_capacity(texts.len());
    let mut wrong = Vec::new();
    for (place, text) in texts.iter().map(|text| text.trim()).enumerate() {
        let alone = |_| text.parse::<IpAddr>().map(|address| IpNet::from(address.to_canonical()));
        match text.parse::<IpNet>().or_else(alone).map(|network| network.trunc()) {
            Ok(network) if networks.contains(&network) => {}
            Ok(network) => networks.push(network),
            Err(_) => wrong.push(
                Error::from(Code::NetworkInvalid)
                    .field(format!("networks.{place}"))
                    .detail(format!("{text:?} is none.")),
            ),
        }
    }
    Error::all(wrong)?;
    Ok(networks)
}

impl Access {
    /// Says whether an account is one for emergencies. The first administrator is alone, so they may say it of themselves.
    pub(super) fn set_emergency(&self, person: PersonId, form: &SetEmergency, by: By) -> Result<(), Error> {
        let networks = if form.emergency { networks(&form.networks)? } else { Vec::new() };
        let texts: Vec<String> = networks.iter().map(ToString::to_string).collect();
        let kept = texts.join(",");
        self.settled(|| {
            let mut conn = self.reader()?;
            people::get(&mut conn, person)?;
            let before = of(&mut conn, person)?;
            drop(conn);
            let same = match before.as_ref().filter(|row| row.active) {
                Some(row) => form.emergency && row.networks == kept,
                None => !form.emergency,
            };
            if same {
                return Ok(());
            }
            let record = self.emergency_record(person, form.emergency, &texts, by)?;
            let (active, kept) = (form.emergency, kept.clone());
            let work = move |conn: &mut Conn, placed: &[Placed]| {
                if of(conn, person)? != before {
                    return Err(moved());
                }
                if active {
                    fits(conn, person)?;
                }
                set(conn, person, active, &kept, at(placed))
            };
            let unit = Unit { records: vec![record], work: Some(Box::new(work)), ..Unit::default() };
            self.0.journal.commit_blocking(unit).map(drop)
        })
    }

    /// The record of it.
    pub(super) fn emergency_record(
        &self,
        person: PersonId,
        emergency: bool,
        networks: &[String],
        by: By,
    ) -> Result<Draft, Error> {
        let body = EmergencySet { emergency, networks: networks.to_vec(), via: by.via };
        self.draft(person, Kind::EmergencySet, by.actor, person.bytes(), &body)
    }

    /// The record of a right password that came from elsewhere.
    pub(super) fn emergency_refused(&self, person: PersonId, origin: &Origin) -> Result<Draft, Error> {
        let body = EmergencyRefused { address: origin.address_text(), device: origin.device.clone() };
        let mut record = self.0.journal.draft(Stream::System, Kind::EmergencyRefused, None, &body)?;
        record.target = Some(person.bytes());
        Ok(record)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(active: bool, networks: &str) -> Row {
        Row { person: Raw([1; 16]), active, networks: networks.to_owned(), changed_at: 0, used_at: None }
    }

    #[test]
    fn an_account_is_admitted_from_its_networks_only() {
        let bound = row(true, "10.1.2.0/24,2001:db8::/32,192.0.2.7/32");
        for (address, admitted) in [
            ("10.1.2.9", true),
            ("::ffff:10.1.2.9", true),
            ("2001:db8:1::1", true),
            ("192.0.2.7", true),
            ("10.1.3.9", false),
            ("192.0.2.8", false),
            ("2001:db9::1", false),
            ("::1", false),
        ] {
            assert_eq!(bound.admits(Some(address.parse().unwrap())), admitted, "{address}");
        }
        assert!(!bound.admits(None), "nobody knows from where");
        assert!(row(true, "").admits(None) && row(false, "10.0.0.0/8").admits(Some("::1".parse().unwrap())));
    }

    #[test]
    fn networks_are_kept_in_one_form() {
        let read = |texts: &[&str]| {
            let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
            networks(&texts).map(|all| all.iter().map(ToString::to_string).collect::<Vec<_>>().join(","))
        };
        assert_eq!(read(&[" 10.1.2.9/24", "10.1.2.0/24", "192.0.2.7"]).unwrap(), "10.1.2.0/24,192.0.2.7/32");
        assert_eq!(read(&["::ffff:10.1.2.9"]).unwrap(), "10.1.2.9/32");
        for wrong in ["", "office", "10.1.2.0/33", "10.1.2.0/24,10.1.3.0/24"] {
            assert_eq!(read(&[wrong]).unwrap_err().code, Code::NetworkInvalid, "{wrong:?}");
        }
        let refused = read(&["10.1.2.0/24", "office", "::1", "10.1.2.0/33"]).unwrap_err();
        let told: Vec<_> = refused.errors.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(told, ["networks.1", "networks.3"]);
        assert_eq!(refused.detail.as_deref(), Some("\"office\" is none."));
    }
}
