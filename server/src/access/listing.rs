//! Finding accounts: filters, order, pages. A few thousand rows are read and put in order here, because names compare
//! by what is folded, which no database does alike.

use std::collections::HashMap;

use chancery_protocol::Micros;
use chancery_protocol::accounts::{AccountQuery, AccountSort, AccountState, AccountTotals, MAX_ACCOUNTS};
use chancery_protocol::http::{Account, Accounts, GroupName};
use chancery_protocol::ids::{PersonId, SourceId};
use chancery_protocol::person::Role;

use super::{Access, emergency, store};
use crate::directory::groups::{self, Group};
use crate::directory::store::{self as people, Row};
use crate::directory::{names, sources};
use crate::ground::db::Conn;
use crate::ground::db::dialect::Raw;
use crate::ground::error::{Code, Error};

/// Sessions of everybody who has one: how many, and when one was last heard of.
type Running = HashMap<PersonId, (u32, Micros)>;

/// What is said of accounts besides their rows.
struct Beside {
    running: Running,
    sources: Vec<(SourceId, String)>,
    emergency: HashMap<PersonId, emergency::Row>,
}

impl Access {
    /// A page of accounts.
    pub(super) fn accounts(&self, query: &AccountQuery) -> Result<Accounts, Error> {
        if !(1..=MAX_ACCOUNTS).contains(&query.limit) {
            return Err(Error::from(Code::OutOfRange).field("limit"));
        }
        let (rows, beside) = self.everybody()?;
        let totals = totals(&rows);
        let folded = names::fold(query.text.trim().trim_start_matches('@'));
        let words: Vec<&str> = folded.split_whitespace().collect();
        let mut found: Vec<(String, Row)> = rows
            .into_iter()
            .filter(|row| query.state.is_none_or(|state| state_of(row) == state))
            .filter(|row| query.role.is_none_or(|role| row.roles().has(role)))
            .map(|row| (names::fold(&row.name), row))
            .filter(|(name, row)| words.iter().all(|word| name.contains(word) || row.username.contains(word)))
            .collect();
        found.sort_by(|(name, row), (other_name, other)| {
            let by_name = || (name, &row.username).cmp(&(other_name, &other.username));
            let of = |row: &Row| beside.running.get(&row.person()).copied().unwrap_or_default();
            let order = match query.sort {
                AccountSort::Name => return if query.descending { by_name().reverse() } else { by_name() },
                AccountSort::State => state_of(row).cmp(&state_of(other)),
                AccountSort::Sessions => of(row).0.cmp(&of(other).0),
                AccountSort::Seen => of(row).1.cmp(&of(other).1),
            };
            if query.descending { order.reverse() } else { order }.then_with(by_name)
        });
        let matching = found.len() as u64;
        let page = found.iter().skip(query.offset as usize).take(query.limit as usize);
        let accounts = page.map(|(_, row)| self.account_of(row, &beside)).collect();
        Ok(Accounts { accounts, matching, totals, mails: self.0.settings.mail_server.is_set() })
    }

    /// All accounts, by name.
    pub(super) fn all_accounts(&self) -> Result<Vec<Account>, Error> {
        let (mut rows, beside) = self.everybody()?;
        rows.sort_by_cached_key(|row| (names::fold(&row.name), row.username.clone()));
        Ok(rows.iter().map(|row| self.account_of(row, &beside)).collect())
    }

    /// One account.
    pub(super) fn account(&self, person: PersonId) -> Result<Account, Error> {
        let mut conn = self.reader()?;
        let row = people::get(&mut conn, person)?;
        let beside = self.beside(&mut conn, Some(person))?;
        let name = |group: Group| GroupName { id: group.id, name: group.name };
        let mut groups: Vec<GroupName> =
            groups::of_person(&mut conn, person)?.into_iter().map(name).collect();
        groups.sort_by_cached_key(|group| (names::fold(&group.name), group.id));
        let email_from = self.source_of_address(&mut conn, person)?;
        Ok(Account { groups, email_from, ..self.account_of(&row, &beside) })
    }

    fn everybody(&self) -> Result<(Vec<Row>, Beside), Error> {
        let mut conn = self.reader()?;
        Ok((people::all(&mut conn)?, self.beside(&mut conn, None)?))
    }

    fn beside(&self, conn: &mut Conn, person: Option<PersonId>) -> Result<Beside, Error> {
        let running = store::running(conn, person, self.now())?;
        Ok(Beside { running, sources: sources::names(conn)?, emergency: emergency::all(conn)? })
    }

    fn account_of(&self, row: &Row, beside: &Beside) -> Account {
        let by = row.suspended_by.filter(|_| row.suspended_at.is_some()).map(Raw::id::<SourceId>);
        let by =
            by.and_then(|by| beside.sources.iter().find(|(id, _)| *id == by)).map(|(_, name)| name.clone());
        let sessions = beside.running.get(&row.person());
        let known = |person: PersonId| self.0.directory.get(person).map(|entry| entry.person.clone());
        Account {
            person: self.person(row),
            roles: row.roles().list(),
            own_roles: row.own_roles().list(),
            has_password: row.password.is_some(),
            state: state_of(row),
            created_at: row.created_at,
            suspended_at: row.suspended_at,
            suspended_by: by,
            email: row.email.clone(),
            email_from: None,
            groups: Vec::new(),
            manager: row.manager.map(Raw::id).and_then(known),
            owner: row.owner.map(Raw::id).and_then(known),
            emergency: beside.emergency.get(&row.person()).and_then(emergency::Row::shown),
            sessions: sessions.map_or(0, |(count, _)| *count),
            seen_at: sessions.map(|(_, seen)| *seen),
        }
    }
}

/// Whether somebody can sign in.
pub(super) fn state_of(row: &Row) -> AccountState {
    match (row.suspended_at, row.can_sign_in() || row.is_bot()) {
        (Some(_), _) => AccountState::Suspended,
        (None, false) => AccountState::Invited,
        (None, true) => AccountState::Active,
    }
}

fn totals(rows: &[Row]) -> AccountTotals {
    let count = |fits: &dyn Fn(&Row) -> bool| rows.iter().filter(|row| fits(row)).count() as u64;
    AccountTotals {
        all: rows.len() as u64,
        active: count(&|row| state_of(row) == AccountState::Active),
        invited: count(&|row| state_of(row) == AccountState::Invited),
        suspended: count(&|row| state_of(row) == AccountState::Suspended),
        guests: count(&|row| row.roles().has(Role::Guest)),
    }
}
