//! ejabberd from Debian as a server to be measured: accounts and archive on PostgreSQL, over web-socket.
//!
//! Two of its defaults are lifted so that it is measured and not its guards: the listener's backlog (5) and
//! the traffic shapers (1,000 bytes/s). It runs without Erlang's distribution, so nothing of it outlives it.

use std::process::Child;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use chancery_tests::base::{hand_to_ordinary_user, new_folder};
use chancery_tests::postgres::Cluster;
use chancery_tests::process::{As, command, free_port, require, signal, start};

use crate::seat::Seat;
use crate::usage::Processes;
use crate::xmpp::{self, DOMAIN, PASSWORD, ROOMS};

const PATH: &str = "/ws";
const SCHEMA: &str = "/usr/share/ejabberd/sql/pg.sql";
/// The role that owns the benches' databases.
const ROLE: &str = "chancery_owner";

/// An ejabberd; its database stays when it is stopped.
pub struct Ejabberd {
    folder: std::path::PathBuf,
    cluster: Arc<Cluster>,
    database: String,
    port: u16,
    accounts: usize,
    running: Option<Child>,
}

impl Ejabberd {
    /// Makes its database and configuration.
    ///
    /// # Errors
    /// When it is not installed, or the database refuses.
    pub fn make(cluster: Arc<Cluster>) -> Result<Self> {
        require("ejabberdctl", "ejabberd erlang-p1-pgsql");
        let (database, _) = cluster.new_databases();
        let schema = std::fs::read_to_string(SCHEMA).with_context(|| format!("reading {SCHEMA}"))?;
        if let Err(problem) = cluster.try_sql(ROLE, &database, &schema) {
            bail!("ejabberd's tables: {problem}");
        }
        let folder = new_folder("ejabberd");
        let port = free_port();
        std::fs::create_dir(folder.join("spool"))?;
        std::fs::write(folder.join("ejabberd.yml"), configuration(port, cluster.port, &database))?;
        hand_to_ordinary_user(&folder);
        Ok(Self { folder, cluster, database, port, accounts: 0, running: None })
    }

    /// Starts it.
    ///
    /// # Errors
    /// When it does not take connections.
    pub async fn start(&mut self) -> Result<()> {
        let folder = self.folder.display();
        let spool = format!("\"{folder}/spool\"");
        let words =
            ["erl", "-noinput", "+K", "true", "+P", "250000", "-mnesia", "dir", &spool, "-s", "ejabberd"];
        let mut command = command(As::OrdinaryUser, &words.map(str::to_owned));
        command
            .current_dir(&self.folder)
            .env("HOME", &self.folder)
            .env("EJABBERD_CONFIG_PATH", self.folder.join("ejabberd.yml"))
            .env("EJABBERD_LOG_PATH", self.folder.join("ejabberd.log"))
            .env("ERL_LIBS", libraries())
            .env("ERL_MAX_PORTS", "65536")
            .env("ERL_CRASH_DUMP_BYTES", "0");
        let output = std::fs::File::create(self.folder.join("output"))?;
        command.stdout(output.try_clone()?).stderr(output);
        let mut child = start(command);
        let ready = xmpp::wait_until_ready(&self.address(), PATH, || {
            child.try_wait().ok().flatten().map(|status| format!("{status}\n{}", self.log()))
        })
        .await;
        self.running = Some(child);
        ready
    }

    /// Stops it in order.
    ///
    /// # Errors
    /// When it cannot be waited for.
    pub fn stop(&mut self) -> Result<()> {
        if let Some(mut child) = self.running.take() {
            signal(child.id(), rustix::process::Signal::TERM);
            child.wait()?;
        }
        Ok(())
    }

    /// Processes to be measured.
    pub fn processes(&self) -> Processes {
        let server = self.running.iter().map(Child::id).collect();
        Processes { server, postmaster: Some(self.cluster.postmaster()) }
    }

    /// People in groups.
    ///
    /// # Errors
    /// When the database refuses the accounts.
    pub fn seats(&mut self, purpose: &str, people: usize, group: usize) -> Result<Vec<Seat>> {
        if people > self.accounts {
            let accounts = format!(
                "INSERT INTO users (username, password) SELECT 'p' || n, '{PASSWORD}' FROM generate_series({}, {}) n",
                self.accounts,
                people - 1
            );
            if let Err(problem) = self.cluster.try_sql(ROLE, &self.database, &accounts) {
                bail!("ejabberd's accounts: {problem}");
            }
            self.accounts = people;
        }
        Ok(xmpp::seats(&self.address(), PATH, purpose, people, group))
    }

    /// What it printed and logged.
    pub fn log(&self) -> String {
        ["output", "ejabberd.log"]
            .map(|file| std::fs::read_to_string(self.folder.join(file)).unwrap_or_default())
            .concat()
    }

    fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }
}

impl Drop for Ejabberd {
    fn drop(&mut self) {
        if let Some(mut child) = self.running.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn configuration(port: u16, database_port: u16, database: &str) -> String {
    format!(
        r#"hosts: ["{DOMAIN}"]
loglevel: warning
auth_method: sql
auth_password_format: plain
sql_type: pgsql
sql_server: "127.0.0.1"
sql_port: {database_port}
sql_database: "{database}"
sql_username: "{ROLE}"
sql_password: "secret"
default_db: sql
max_fsm_queue: 100000
listen:
  -
    port: {port}
    ip: "127.0.0.1"
    module: ejabberd_http
    backlog: 4096
    tls: false
    request_handlers:
      {PATH}: ejabberd_http_ws
modules:
  mod_disco: {{}}
  mod_roster: {{}}
  mod_mam:
    default: always
  mod_muc:
    host: "{ROOMS}"
    max_users: 5000
    max_user_conferences: 5000
    history_size: 0
    default_room_options:
      mam: true
      persistent: true
      max_users: 5000
"#
    )
}

/// Where Debian keeps Erlang's libraries: a folder named after the machine's architecture.
fn libraries() -> String {
    format!("/usr/lib/{}-linux-gnu", std::env::consts::ARCH)
}
