//! The look-up: an immutable snapshot of everybody, replaced as a whole when somebody changes.

use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use chancery_protocol::ids::{Id, PersonId};
use chancery_protocol::person::{Person, Role};
use imbl::{HashMap, OrdMap, OrdSet};

use super::store::{self, Row};
use super::{Entry, names};
use crate::ground::db::Conn;
use crate::ground::error::Error;
use crate::vault::{Place, Vault};

#[derive(Clone, Default)]
struct People {
    by_id: HashMap<PersonId, Arc<Entry>>,
    by_username: HashMap<String, Arc<Entry>>,
    /// In the order of lists: folded name, then id.
    by_name: OrdMap<(String, PersonId), Arc<Entry>>,
    guests: OrdSet<PersonId>,
}

impl People {
    fn put(&mut self, entry: Entry) {
        let id = entry.person.id;
        self.remove(id);
        let entry = Arc::new(entry);
        self.by_username.insert(entry.person.username.clone(), Arc::clone(&entry));
        self.by_name.insert((names::fold(&entry.person.name), id), Arc::clone(&entry));
        if entry.person.guest {
            self.guests.insert(id);
        }
        self.by_id.insert(id, entry);
    }

    fn remove(&mut self, id: PersonId) {
        let Some(old) = self.by_id.remove(&id) else { return };
        self.guests.remove(&id);
        self.by_username.remove(&old.person.username);
        self.by_name.remove(&(names::fold(&old.person.name), id));
    }
}

/// Everybody, as of the newest record the journal has shown it.
pub struct Directory {
    vault: Arc<Vault>,
    now: ArcSwap<People>,
    /// Rows are read inside it, so that who reads later also publishes later.
    refreshing: Mutex<()>,
}

impl Directory {
    /// Nobody yet.
    pub fn new(vault: Arc<Vault>) -> Self {
        Self { vault, now: ArcSwap::default(), refreshing: Mutex::new(()) }
    }

    /// Reads everybody.
    ///
    /// # Errors
    /// When database or key store cannot be read; the snapshot stays as it was.
    pub fn load_all(&self, conn: &mut Conn) -> Result<(), Error> {
        let _turn = self.refreshing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut people = People::default();
        for row in store::all(conn)? {
            people.put(self.entry(row)?);
        }
        self.now.store(Arc::new(people));
        Ok(())
    }

    /// Reads these people again. Safe on several threads at once.
    ///
    /// # Errors
    /// When database or key store cannot be read; the snapshot stays as it was.
    pub fn refresh(&self, conn: &mut Conn, ids: &[PersonId]) -> Result<(), Error> {
        if ids.is_empty() {
            return Ok(());
        }
        let _turn = self.refreshing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut people = People::clone(&self.now.load());
        for row in store::some(conn, ids)? {
            people.put(self.entry(row)?);
        }
        self.now.store(Arc::new(people));
        Ok(())
    }

    /// One person.
    pub fn get(&self, person: PersonId) -> Option<Arc<Entry>> {
        self.now.load().by_id.get(&person).cloned()
    }

    /// One person by user name, in lower case.
    pub fn by_username(&self, username: &str) -> Option<Arc<Entry>> {
        self.now.load().by_username.get(username).cloned()
    }

    /// Whether there is such a person and they may act.
    pub fn is_active(&self, person: PersonId) -> bool {
        self.now.load().by_id.get(&person).is_some_and(|entry| !entry.person.suspended)
    }

    /// These people as colleagues see them, in the order asked for; unknown ids are left out.
    pub fn people(&self, ids: &[PersonId]) -> Vec<Person> {
        let now = self.now.load();
        ids.iter().filter_map(|id| now.by_id.get(id)).map(|entry| entry.person.clone()).collect()
    }

    /// The first people, by name, in whose name or user name every word of `text` occurs, whatever its case and
    /// accents; suspended people are left out.
    pub fn find(&self, text: &str, limit: usize) -> Vec<Person> {
        let folded = names::fold(text.trim().trim_start_matches('@'));
        let words: Vec<&str> = folded.split_whitespace().collect();
        self.now
            .load()
            .by_name
            .values()
            .filter(|entry| !entry.person.suspended && entry.matches(&words))
            .take(limit)
            .map(|entry| entry.person.clone())
            .collect()
    }

    /// Everybody from outside.
    pub fn guests(&self) -> OrdSet<PersonId> {
        self.now.load().guests.clone()
    }

    /// How many people may act.
    pub fn count_active(&self) -> usize {
        self.now.load().by_id.values().filter(|entry| !entry.person.suspended).count()
    }

    /// Everybody, by name.
    pub fn all(&self) -> Vec<Arc<Entry>> {
        self.now.load().by_name.values().cloned().collect()
    }

    /// A status that does not open is left out: it must not keep its person from being found.
    fn entry(&self, row: Row) -> Result<Entry, Error> {
        let id = row.person();
        let status = match &row.status {
            None => None,
            Some(sealed) => match self.vault.open_text(&status_place(&id.bytes()), sealed)? {
                Ok(text) => Some(text),
                Err(_) => {
                    tracing::error!(person = %id, "a stored status text does not match its seal");
                    None
                }
            },
        };
        let (roles, terms) = (row.roles(), row.guest());
        let person = Person {
            id,
            username: row.username,
            name: row.name,
            status,
            suspended: row.suspended_at.is_some(),
            bot: row.owner.is_some(),
            guest: roles.has(Role::Guest),
            terms,
            title: row.title,
            department: row.department,
            photo: row.photo,
        };
        Ok(Entry::new(person, roles, row.created_at))
    }
}

/// Where a sealed status text stands.
pub(super) fn status_place(person: &[u8]) -> Place<'_> {
    Place { table: "people", column: "status", row: person }
}
