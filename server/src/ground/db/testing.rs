//! Databases for the tests of rooms, both kinds: fresh, migrated, and with the server's own rights only.
//!
//! PostgreSQL is one throwaway cluster for all tests of a run; where it is missing they fail.

use std::collections::HashMap;
use std::sync::Arc;

pub use chancery_tests::database::{Database, Storage};

use super::{Opener, Schema, Target, grant_server_role};

/// An archive and its key store, without anything in them.
pub struct Fresh {
    /// The data folder, and a way to look into the databases past the server.
    pub storage: Arc<Storage>,
    /// The archive.
    pub main: Opener,
    /// The key store.
    pub keys: Opener,
}

impl Fresh {
    /// Makes the tables, on PostgreSQL as their owner.
    pub fn new(kind: Database) -> Self {
        let storage = Storage::new(kind);
        let settings: HashMap<_, _> = storage.settings().into_iter().collect();
        let opener = |setting: &str, file: &str| {
            Opener::new(match settings.get(setting) {
                Some(url) => Target::Postgres(url.clone()),
                None => Target::Sqlite(storage.data.join(file)),
            })
        };
        let owner = opener("CHANCERY_DATABASE_MIGRATION_URL", "chancery.db").open_writer();
        let (main, keys) =
            (opener("CHANCERY_DATABASE_URL", "chancery.db"), opener("CHANCERY_KEYS_URL", "keys.db"));
        let mut owner = owner.unwrap();
        Schema::Main.migrate(&mut owner).unwrap();
        if kind == Database::Postgres {
            grant_server_role(&mut owner, "chancery").unwrap();
        }
        Schema::Keys.migrate(&mut keys.open_writer().unwrap()).unwrap();
        Self { storage, main, keys }
    }
}

/// Runs test functions of the module around, which take a [`Database`], once on each: they become the tests
/// `name::sqlite` and `name::postgres`. Async ones stand behind the others.
macro_rules! on_both_databases {
    ($(fn $name:ident;)* $(async fn $later:ident;)*) => {
        $(mod $name {
            use crate::ground::db::testing::Database;

            #[test]
            fn sqlite() {
                super::$name(Database::Sqlite);
            }

            #[test]
            fn postgres() {
                super::$name(Database::Postgres);
            }
        })*
        $(mod $later {
            use crate::ground::db::testing::Database;

            #[actix_web::test]
            async fn sqlite() {
                super::$later(Database::Sqlite).await;
            }

            #[actix_web::test]
            async fn postgres() {
                super::$later(Database::Postgres).await;
            }
        })*
    };
}
pub(crate) use on_both_databases;
