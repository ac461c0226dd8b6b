//! How long somebody must wait who got a password wrong too often.
//!
//! Every try is counted before its password is looked at, so that a thousand at once are no way round; a right
//! password takes its own try back. Tries are counted by account (whether it exists or not), by address, and,
//! for a device that is signed in already or was before, by that session or device alone: whoever guesses at an
//! account from outside cannot lock its owner's devices out. Second factors are counted by person. Subjects are
//! keyed hashes: a password typed into the wrong field is not written down. Counts are no records: see
//! `ground::db`.

use std::net::IpAddr;

use chancery_protocol::Micros;
use chancery_protocol::ids::{Id, PersonId, SessionId};
use diesel::prelude::*;

use super::token::mac;
use crate::ground::db::schema::login_delays;
use crate::ground::db::{Conn, Db};
use crate::ground::error::{Code, Error};

const SECOND: Micros = 1_000_000;
const MINUTE: Micros = 60 * SECOND;
const LONGEST: Micros = 15 * 60 * SECOND;
/// After this long without a try, an address starts afresh.
const ADDRESS_FORGOTTEN: Micros = 3_600 * SECOND;
/// After this long without a try, an account starts afresh.
const FORGOTTEN: Micros = 24 * 3_600 * SECOND;

/// Whose tries are counted together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// Those for an account, by user name.
    Account(String),
    /// Those from an address.
    Address(IpAddr),
    /// Those of a device that is signed in.
    Session(SessionId),
    /// Those of a device from which the account was signed in to before.
    Device {
        /// Of its cookie.
        id: String,
        /// Until when that counts.
        until: Micros,
    },
    /// Those for an account, by user name, from where it cannot be used.
    Elsewhere(String),
    /// Those of a person's second factors.
    Factor(PersonId),
}

impl Subject {
    /// Tries that cost nothing. Many people may share an address.
    fn free(&self) -> i32 {
        match self {
            Self::Address(_) => 50,
            _ => 5,
        }
    }

    /// How long the first wait is. Whoever guesses at an account from outside may reach the directory behind it with each try: a
    /// directory that locks an account after ten in a quarter of an hour is not to do so.
    fn first_wait(&self) -> Micros {
        match self {
            Self::Account(_) | Self::Elsewhere(_) => MINUTE,
            _ => SECOND,
        }
    }

    fn forgotten_after(&self) -> Micros {
        match self {
            Self::Address(_) => ADDRESS_FORGOTTEN,
            _ => FORGOTTEN,
        }
    }

    /// Its row. IPv6 addresses count by their network: a house has as many addresses of one as it likes.
    fn row(&self, key: &[u8; 32]) -> Vec<u8> {
        let hash = match self {
            Self::Account(username) => mac(key, &[b"account\0", username.as_bytes()]),
            Self::Session(session) => mac(key, &[b"session\0", &session.bytes()]),
            Self::Device { id, .. } => mac(key, &[b"device\0", id.as_bytes()]),
            Self::Elsewhere(username) => mac(key, &[b"elsewhere\0", username.as_bytes()]),
            Self::Factor(person) => mac(key, &[b"factor\0", &person.bytes()]),
            Self::Address(IpAddr::V4(ip)) => mac(key, &[b"address\0", &ip.octets()]),
            Self::Address(IpAddr::V6(ip)) => match ip.to_ipv4_mapped() {
                Some(ip) => mac(key, &[b"address\0", &ip.octets()]),
                None => {
                    let [a, b, c, d, ..] = ip.segments();
                    let network = [a, b, c, d].map(u16::to_be_bytes).concat();
                    mac(key, &[b"network\0", &network])
                }
            },
        };
        hash.to_vec()
    }
}

/// How long the next try must wait after `failures` wrong ones, of which `free` cost nothing: `first`, doubled
/// with each, up to a quarter of an hour.
fn wait(failures: i32, free: i32, first: Micros) -> Micros {
    match failures - free {
        beyond if beyond <= 0 => 0,
        beyond if beyond > 20 => LONGEST,
        beyond => (first << (beyond - 1)).min(LONGEST),
    }
}

/// Counts tries.
pub struct Delays {
    db: Db,
    key: zeroize::Zeroizing<[u8; 32]>,
}

impl Delays {
    /// With the archive's own key, the same on every node.
    pub fn new(db: Db, key: zeroize::Zeroizing<[u8; 32]>) -> Self {
        Self { db, key }
    }

    /// Counts a try for every subject.
    ///
    /// # Errors
    /// `too_many_attempts` with the seconds to wait; nothing is counted then.
    pub fn count(&self, subjects: &[Subject], now: Micros) -> Result<(), Error> {
        let rows = self.rows(subjects);
        self.db
            .write_here(|conn| rows.iter().try_for_each(|(subject, row)| count_one(conn, subject, row, now)))
    }

    /// Takes the try back. After a right password (`proven`) the account's and the session's earlier tries are
    /// forgotten too; those of the address are not, or one's own account would be a way to guess at others.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn take_back(&self, subjects: &[Subject], proven: bool) -> Result<(), Error> {
        let rows = self.rows(subjects);
        self.db.write_here(|conn| {
            for (subject, row) in &rows {
                let row = login_delays::table.filter(login_delays::subject.eq(row));
                if proven && !matches!(subject, Subject::Address(_)) {
                    diesel::delete(row).execute(conn)?;
                } else {
                    diesel::update(row.filter(login_delays::failures.gt(0)))
                        .set((
                            login_delays::failures.eq(login_delays::failures - 1),
                            login_delays::until.eq(0),
                        ))
                        .execute(conn)?;
                }
            }
            Ok(())
        })
    }

    /// How many tries of a subject were wrong in a row.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn failures(&self, subject: &Subject) -> Result<i32, Error> {
        let row = login_delays::table.filter(login_delays::subject.eq(subject.row(&self.key)));
        let found = row.select(login_delays::failures).first(&mut *self.db.reader()?).optional()?;
        Ok(found.unwrap_or(0))
    }

    /// Forgets what is long over.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn sweep(&self, now: Micros) -> Result<(), Error> {
        self.db.write_here(|conn| {
            let old = login_delays::table.filter(login_delays::changed_at.lt(now - FORGOTTEN));
            diesel::delete(old).execute(conn)?;
            Ok(())
        })
    }

    /// Always in the same order, so that two tries never wait for each other's rows.
    fn rows<'a>(&self, subjects: &'a [Subject]) -> Vec<(&'a Subject, Vec<u8>)> {
        let mut rows: Vec<_> = subjects.iter().map(|subject| (subject, subject.row(&self.key))).collect();
        rows.sort_by(|(_, a), (_, b)| a.cmp(b));
        rows
    }
}

fn count_one(conn: &mut Conn, subject: &Subject, row: &[u8], now: Micros) -> Result<(), Error> {
    make_row(conn, row, now)?;
    // Locks the row, so that tries at the same moment are counted one after the other.
    let mine = login_delays::table.filter(login_delays::subject.eq(row));
    let (failures, until, changed_at): (i32, i64, i64) = diesel::update(mine)
        .set(login_delays::failures.eq(login_delays::failures))
        .returning((login_delays::failures, login_delays::until, login_delays::changed_at))
        .get_result(conn)?;
    if until > now {
        let seconds = (until - now).div_euclid(SECOND) + 1;
        return Err(Error::from(Code::TooManyAttempts).retry_after(u32::try_from(seconds).unwrap_or(900)));
    }
    let before = if changed_at < now - subject.forgotten_after() { 0 } else { failures };
    let failures = before.saturating_add(1);
    diesel::update(login_delays::table.filter(login_delays::subject.eq(row)))
        .set((
            login_delays::failures.eq(failures),
            login_delays::until.eq(now + wait(failures, subject.free(), subject.first_wait())),
            login_delays::changed_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// Makes a subject's row unless it has one.
fn make_row(conn: &mut Conn, row: &[u8], now: Micros) -> Result<(), Error> {
    macro_rules! insert {
        ($conn:expr) => {
            diesel::insert_into(login_delays::table)
                .values((
                    login_delays::subject.eq(row),
                    login_delays::failures.eq(0),
                    login_delays::until.eq(0),
                    login_delays::changed_at.eq(now),
                ))
                .on_conflict_do_nothing()
                .execute($conn)?
        };
    }
    match conn {
        Conn::Sqlite(conn) => insert!(conn),
        Conn::Postgres(conn) => insert!(conn),
    };
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_doubles_after_the_free_tries_up_to_a_quarter_of_an_hour() {
        for failures in 0..=5 {
            assert_eq!(wait(failures, 5, SECOND), 0);
        }
        assert_eq!(wait(6, 5, SECOND), SECOND);
        assert_eq!(wait(7, 5, SECOND), 2 * SECOND);
        assert_eq!(wait(15, 5, SECOND), 512 * SECOND);
        assert_eq!(wait(16, 5, SECOND), LONGEST);
        assert_eq!(wait(i32::MAX, 5, SECOND), LONGEST);
        assert_eq!(wait(i32::MAX, 0, MINUTE), LONGEST);

        // So a directory sees nine tries of strangers in its quarter of an hour.
        let waits: Micros = (1..=9).map(|failures| wait(failures, 5, MINUTE)).sum();
        assert!(waits >= LONGEST, "{waits}");
    }

    #[test]
    fn a_network_of_version_6_counts_as_one_and_mapped_addresses_as_version_4() {
        let row = |ip: &str| Subject::Address(ip.parse().unwrap()).row(&[7; 32]);
        assert_eq!(row("2001:db8:1:2::1"), row("2001:db8:1:2:ffff::9"));
        assert_ne!(row("2001:db8:1:2::1"), row("2001:db8:1:3::1"));
        assert_eq!(row("::ffff:192.0.2.7"), row("192.0.2.7"));
        assert_ne!(row("192.0.2.7"), row("192.0.2.8"));
    }

    #[test]
    fn subjects_of_different_kinds_never_share_a_row() {
        let of = |subject: Subject| subject.row(&[7; 32]);
        let device = Subject::Device { id: "a".into(), until: 0 };
        assert_ne!(of(Subject::Account("a".into())), of(device));
        assert_ne!(of(Subject::Account("a".into())), of(Subject::Elsewhere("a".into())));
        let (person, session) = (PersonId::from_bytes([1; 16]), SessionId::from_bytes([1; 16]));
        assert_ne!(of(Subject::Factor(person)), of(Subject::Session(session)));

        let account = Subject::Account("a".into()).row(&[7; 32]);
        assert_ne!(account, Subject::Account("a".into()).row(&[8; 32]));
        assert_ne!(account, Subject::Account("b".into()).row(&[7; 32]));
    }
}
