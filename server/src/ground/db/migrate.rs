//! Migrations, and the rights of the server's own role on PostgreSQL.

use std::collections::BTreeSet;

use diesel::connection::SimpleConnection;
use diesel::migration::{Migration, MigrationSource, MigrationVersion};
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel::sqlite::Sqlite;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::Conn;
use crate::ground::error::Error;

const MAIN_SQLITE: EmbeddedMigrations = embed_migrations!("../migrations/sqlite");
const MAIN_POSTGRES: EmbeddedMigrations = embed_migrations!("../migrations/postgres");
const KEYS_SQLITE: EmbeddedMigrations = embed_migrations!("../migrations/keys-sqlite");
const KEYS_POSTGRES: EmbeddedMigrations = embed_migrations!("../migrations/keys-postgres");

/// Which of the two schemas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schema {
    /// Journal, current state, people.
    Main,
    /// Wrapped keys.
    Keys,
}

impl Schema {
    /// Brings the database up to this binary and says which migrations ran.
    ///
    /// # Errors
    /// When the database is newer than this binary, or a migration fails.
    pub fn migrate(self, conn: &mut Conn) -> Result<Vec<String>, Error> {
        self.refuse_newer(conn)?;
        let failed = |e| Error::storage(format!("a migration failed: {e}"));
        let ran = match conn {
            Conn::Sqlite(conn) => {
                conn.run_pending_migrations(self.sqlite()).map_err(failed)?.iter().map(text).collect()
            }
            Conn::Postgres(conn) => {
                conn.run_pending_migrations(self.postgres()).map_err(failed)?.iter().map(text).collect()
            }
        };
        Ok(ran)
    }

    /// The migrations this binary has and the database lacks.
    ///
    /// # Errors
    /// When the database is newer than this binary, or cannot be read.
    pub fn pending(self, conn: &mut Conn) -> Result<Vec<String>, Error> {
        let applied = self.refuse_newer(conn)?;
        Ok(self.known()?.into_iter().filter(|version| !applied.contains(version)).collect())
    }

    fn refuse_newer(self, conn: &mut Conn) -> Result<BTreeSet<String>, Error> {
        let applied = applied(conn)?;
        let known = self.known()?;
        match applied.iter().find(|version| !known.contains(*version)) {
            Some(version) => Err(Error::setup(
                format!("the database was written by a newer version of Chancery (migration {version})"),
                "start that version, or restore the backup made before the upgrade",
            )),
            None => Ok(applied),
        }
    }

    fn known(self) -> Result<BTreeSet<String>, Error> {
        let list: Vec<Box<dyn Migration<Sqlite>>> = self.sqlite().migrations().map_err(Error::internal)?;
        Ok(list.iter().map(|migration| text(&migration.name().version())).collect())
    }

    fn sqlite(self) -> EmbeddedMigrations {
        match self {
            Self::Main => MAIN_SQLITE,
            Self::Keys => KEYS_SQLITE,
        }
    }

    fn postgres(self) -> EmbeddedMigrations {
        match self {
            Self::Main => MAIN_POSTGRES,
            Self::Keys => KEYS_POSTGRES,
        }
    }
}

fn text(version: &MigrationVersion<'_>) -> String {
    version.to_string()
}

#[derive(QueryableByName)]
struct Version {
    #[diesel(sql_type = Text)]
    version: String,
}

/// The versions in `__diesel_schema_migrations`, without making that table: a server role may not.
fn applied(conn: &mut Conn) -> Result<BTreeSet<String>, Error> {
    let find = match conn {
        Conn::Sqlite(_) => {
            "SELECT name AS version FROM sqlite_master WHERE type = 'table' AND name = '__diesel_schema_migrations'"
        }
        Conn::Postgres(_) => {
            "SELECT relname::text AS version FROM pg_class WHERE oid = to_regclass('__diesel_schema_migrations')"
        }
    };
    if diesel::sql_query(find).load::<Version>(conn)?.is_empty() {
        return Ok(BTreeSet::new());
    }
    let rows = diesel::sql_query("SELECT version FROM __diesel_schema_migrations").load::<Version>(conn)?;
    Ok(rows.into_iter().map(|row| row.version).collect())
}

/// Gives `role` what the server needs: to read and write the current state, and only to read and add to the
/// journal. Run as the owner of the tables, after migrating.
///
/// # Errors
/// When the role does not exist or the caller may not grant.
pub fn grant_server_role(conn: &mut Conn, role: &str) -> Result<(), Error> {
    let role = format!("\"{}\"", role.replace('"', "\"\""));
    conn.batch_execute(&format!(
        "GRANT USAGE ON SCHEMA public TO {role};
         GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role};
         REVOKE UPDATE, DELETE, TRUNCATE ON journal, payloads, archive FROM {role};
         GRANT INSERT ON journal, payloads, archive TO {role};
         GRANT UPDATE ON journal_head TO {role};
         GRANT INSERT, UPDATE, DELETE ON people, sessions, links, login_delays, conversations, members, messages,
           marks, drafts, sent, preferences, sources, identities, people_groups, people_group_members, syncs,
           scim_tokens, scim_resources, spent, factors, emergency, people_photos, policy_items, policy_versions,
           requests, waiting, backtests, policy_acceptances, followers, mail_pairs, mails, mail_decisions,
           mail_settings TO {role};"
    ))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use diesel::pg::Pg;

    use super::*;

    fn names<DB: diesel::backend::Backend>(source: EmbeddedMigrations) -> Vec<String>
    where
        EmbeddedMigrations: MigrationSource<DB>,
    {
        let mut names: Vec<String> =
            source.migrations().unwrap().iter().map(|migration| migration.name().to_string()).collect();
        names.sort();
        names
    }

    #[test]
    fn both_trees_have_the_same_folders() {
        assert_eq!(names::<Sqlite>(MAIN_SQLITE), names::<Pg>(MAIN_POSTGRES));
        assert_eq!(names::<Sqlite>(KEYS_SQLITE), names::<Pg>(KEYS_POSTGRES));
    }
}
