//! Prosody from Debian as a server to be measured: archive on SQLite in WAL mode, over web-socket.
//!
//! Its listener's backlog is raised as ejabberd's is and TCP_NODELAY set; its module for limits is not loaded.

use std::path::{Path, PathBuf};
use std::process::Child;

use anyhow::{Result, bail};
use chancery_tests::base::{hand_to_ordinary_user, new_folder};
use chancery_tests::database::sqlite;
use chancery_tests::process::{As, command, free_port, require, signal, start};

use crate::seat::Seat;
use crate::usage::Processes;
use crate::xmpp::{self, DOMAIN, PASSWORD, ROOMS};

const PATH: &str = "/xmpp-websocket";

/// A Prosody; its data stays when it is stopped.
pub struct Prosody {
    folder: PathBuf,
    port: u16,
    accounts: usize,
    running: Option<Child>,
}

impl Prosody {
    /// Makes its folder and configuration.
    ///
    /// # Errors
    /// When it is not installed or the folder cannot be written.
    pub fn make() -> Result<Self> {
        require("prosody", "prosody lua-dbi-sqlite3");
        let folder = new_folder("prosody");
        let port = free_port();
        std::fs::create_dir_all(accounts(&folder))?;
        std::fs::write(folder.join("prosody.cfg.lua"), configuration(&folder, port))?;
        // The mode stays in the file; Prosody has no setting for it.
        if let Err(problem) = sqlite(&folder.join("archive.sqlite"), "PRAGMA journal_mode = WAL") {
            bail!("Prosody's archive: {problem}");
        }
        hand_to_ordinary_user(&folder);
        Ok(Self { folder, port, accounts: 0, running: None })
    }

    /// Starts it.
    ///
    /// # Errors
    /// When it does not take connections.
    pub async fn start(&mut self) -> Result<()> {
        let configuration = self.folder.join("prosody.cfg.lua").display().to_string();
        let words = ["prosody", "-F", "--config", &configuration].map(str::to_owned);
        let mut command = command(As::OrdinaryUser, &words);
        let output = std::fs::File::create(self.folder.join("output"))?;
        command.current_dir(&self.folder).env("HOME", &self.folder);
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
        Processes { server: self.running.iter().map(Child::id).collect(), postmaster: None }
    }

    /// People in groups.
    ///
    /// # Errors
    /// When an account cannot be written.
    pub fn seats(&mut self, purpose: &str, people: usize, group: usize) -> Result<Vec<Seat>> {
        for person in self.accounts..people {
            let file = accounts(&self.folder).join(format!("{}.dat", xmpp::user(person)));
            std::fs::write(file, format!("return {{\n\t[\"password\"] = \"{PASSWORD}\";\n}};\n"))?;
        }
        if people > self.accounts {
            hand_to_ordinary_user(&accounts(&self.folder));
            self.accounts = people;
        }
        Ok(xmpp::seats(&self.address(), PATH, purpose, people, group))
    }

    /// What it printed and logged.
    pub fn log(&self) -> String {
        ["output", "log"]
            .map(|file| std::fs::read_to_string(self.folder.join(file)).unwrap_or_default())
            .concat()
    }

    fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }
}

impl Drop for Prosody {
    fn drop(&mut self) {
        if let Some(mut child) = self.running.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Where it keeps the domain's accounts, one file each.
fn accounts(folder: &Path) -> PathBuf {
    folder.join("data").join(DOMAIN.replace('.', "%2e")).join("accounts")
}

fn configuration(folder: &Path, port: u16) -> String {
    let folder = folder.display();
    format!(
        r#"data_path = "{folder}/data"
log = {{ warn = "{folder}/log" }}
modules_enabled = {{ "disco", "roster", "saslauth", "http", "websocket", "mam" }}
modules_disabled = {{ "s2s", "offline" }}
c2s_ports = {{}}
http_interfaces = {{ "127.0.0.1" }}
http_ports = {{ {port} }}
https_ports = {{}}
http_default_host = "{DOMAIN}"
network_settings = {{ tcp_backlog = 4096, nagle = false }}
c2s_require_encryption = false
consider_websocket_secure = true
allow_unencrypted_plain_auth = true
authentication = "internal_plain"
storage = {{ archive = "sql", muc_log = "sql" }}
sql = {{ driver = "SQLite3", database = "{folder}/archive.sqlite" }}
archive_expires_after = "never"
default_archive_policy = true
VirtualHost "{DOMAIN}"
Component "{ROOMS}" "muc"
    modules_enabled = {{ "muc_mam" }}
    muc_log_all_rooms = true
    muc_room_locking = false
    muc_room_default_persistent = true
    muc_room_default_history_length = 0
"#
    )
}
