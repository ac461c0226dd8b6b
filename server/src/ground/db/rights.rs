//! What a PostgreSQL server lets this connection do, and how it keeps what it is given.

use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

use super::Conn;
use crate::ground::error::Error;

/// Of one connection.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct Rights {
    /// Whether the role may do everything.
    #[diesel(sql_type = Bool)]
    pub superuser: bool,
    /// Whether the role could change or delete records.
    #[diesel(sql_type = Bool)]
    pub may_change: bool,
    /// The server's `fsync`.
    #[diesel(sql_type = Text)]
    pub fsync: String,
    /// The connection's `synchronous_commit`.
    #[diesel(sql_type = Text)]
    pub synchronous_commit: String,
    /// Whether the connection is encrypted.
    #[diesel(sql_type = Bool)]
    pub encrypted: bool,
    /// Whether the database runs on this machine.
    #[diesel(sql_type = Bool)]
    pub local: bool,
}

/// Asks PostgreSQL; the role must be able to see `journal`.
///
/// # Errors
/// Those of the database.
pub fn rights(conn: &mut Conn) -> Result<Rights, Error> {
    Ok(diesel::sql_query(
        "SELECT rolsuper AS superuser, \
         has_table_privilege('journal', 'UPDATE') OR has_table_privilege('journal', 'DELETE') \
         OR has_table_privilege('payloads', 'UPDATE') OR has_table_privilege('payloads', 'DELETE') AS may_change, \
         current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS synchronous_commit, \
         COALESCE((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false) AS encrypted, \
         COALESCE(inet_client_addr() = inet_server_addr(), true) AS local \
         FROM pg_roles WHERE rolname = current_user",
    )
    .get_result(conn)?)
}
