//! A throwaway PostgreSQL, never as root, on a random loopback port.
//!
//! One quick cluster (no `fsync`) is shared by all tests of a run; tests that crash things start their own
//! durable one. Three roles: `app` is the superuser, `chancery_owner` owns the tables and migrates,
//! `chancery` is the server's own and may do nothing but what the migrations grant.

use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use rustix::process::Signal;

use crate::base::{hand_to_ordinary_user, new_folder};
use crate::patience::patience;
use crate::process::{As, children, command, free_port, is_alive, run, signal, start};
use crate::tls::{Certificate, make_certificate};

/// Whether a commit must survive losing power.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// `fsync` and `synchronous_commit` on, asserted by query.
    Durable,
    /// Everything off: quick, for tests that crash nothing.
    Quick,
}

/// A running (or stopped) cluster.
pub struct Cluster {
    folder: PathBuf,
    durability: Durability,
    wrapper: Vec<String>,
    settings: Vec<String>,
    certificate: Certificate,
    process: Mutex<Option<Child>>,
    /// Its port on loopback; the same after a restart.
    pub port: u16,
}

static NAMES: AtomicU32 = AtomicU32::new(1);

/// The quick cluster all tests of this run share.
pub fn shared() -> Arc<Cluster> {
    static SHARED: OnceLock<Arc<Cluster>> = OnceLock::new();
    SHARED.get_or_init(|| Arc::new(Cluster::start(Durability::Quick))).clone()
}

fn program(name: &str) -> String {
    let folder = std::env::var("PG_BIN").unwrap_or_else(|_| "/usr/lib/postgresql/15/bin".to_owned());
    let path = Path::new(&folder).join(name);
    assert!(path.is_file(), "{} is missing: apt-get install -y postgresql-15, or set PG_BIN", path.display());
    path.to_str().unwrap().to_owned()
}

impl Cluster {
    /// Makes and starts a cluster.
    pub fn start(durability: Durability) -> Self {
        Self::start_wrapped(durability, Vec::new())
    }

    /// The same, with the postmaster run by another program (`strace …`).
    pub fn start_wrapped(durability: Durability, wrapper: Vec<String>) -> Self {
        Self::start_as(durability, wrapper, Vec::new())
    }

    /// The same with more settings (`shared_buffers=1GB`), which count more than the usual ones.
    pub fn start_with(durability: Durability, settings: &[&str]) -> Self {
        Self::start_as(durability, Vec::new(), settings.iter().map(|setting| (*setting).to_owned()).collect())
    }

    fn start_as(durability: Durability, wrapper: Vec<String>, settings: Vec<String>) -> Self {
        let folder = new_folder("postgres");
        std::fs::write(folder.join("password"), "secret").unwrap();
        let certificate = make_certificate(&folder);
        hand_to_ordinary_user(&folder);
        let mut words = vec![program("initdb")];
        let data = folder.join("data");
        let password = folder.join("password");
        for word in ["-D", data.to_str().unwrap(), "-U", "app", "--pwfile", password.to_str().unwrap()] {
            words.push(word.to_owned());
        }
        words
            .extend(["-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"].map(String::from));
        run("initdb", command(As::OrdinaryUser, &words));
        let cluster = Self {
            folder,
            durability,
            wrapper,
            settings,
            certificate,
            process: Mutex::default(),
            port: free_port(),
        };
        cluster.start_again();
        for (role, extra) in [("chancery_owner", ""), ("chancery", "NOINHERIT NOCREATEDB NOCREATEROLE")] {
            cluster.sql("postgres", &format!("CREATE ROLE {role} LOGIN PASSWORD 'secret' {extra}"));
        }
        if durability == Durability::Durable {
            cluster.assert_durable();
        }
        cluster
    }

    /// Starts the postmaster on the same folder and port, and waits until it answers.
    pub fn start_again(&self) {
        let onoff = |on: bool| if on { "on" } else { "off" };
        let durable = self.durability == Durability::Durable;
        let settings = [
            "listen_addresses=127.0.0.1".to_owned(),
            format!("port={}", self.port),
            format!("unix_socket_directories={}", self.folder.display()),
            format!("fsync={}", onoff(durable)),
            format!("full_page_writes={}", onoff(durable)),
            format!("synchronous_commit={}", onoff(durable)),
            "shared_buffers=32MB".to_owned(),
            "max_connections=300".to_owned(),
            "ssl=on".to_owned(),
            format!("ssl_cert_file={}", self.certificate.certificate.display()),
            format!("ssl_key_file={}", self.certificate.key.display()),
            "log_statement=none".to_owned(),
        ];
        let mut words = self.wrapper.clone();
        words.extend([program("postgres"), "-D".to_owned(), self.data().to_str().unwrap().to_owned()]);
        for setting in settings.iter().chain(&self.settings) {
            words.extend(["-c".to_owned(), setting.clone()]);
        }
        let mut postgres = command(As::OrdinaryUser, &words);
        let log = std::fs::OpenOptions::new().create(true).append(true).open(self.log_path()).unwrap();
        postgres.stdout(log.try_clone().unwrap()).stderr(log).current_dir(&self.folder);
        // Left behind by a postmaster that was killed; a new one would only warn about it.
        *self.process.lock().unwrap() = Some(start(postgres));
        self.wait_until_it_answers();
    }

    fn wait_until_it_answers(&self) {
        let end = std::time::Instant::now() + patience();
        loop {
            let mut probe = Command::new(program("psql"));
            probe.args([&self.url("app", "postgres"), "-Atc", "SELECT 1"]);
            if probe.output().is_ok_and(|output| output.status.success()) {
                return;
            }
            assert!(std::time::Instant::now() < end, "PostgreSQL does not answer:\n{}", self.log());
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    }

    fn assert_durable(&self) {
        for setting in ["fsync", "synchronous_commit", "full_page_writes"] {
            assert_eq!(self.sql("postgres", &format!("SHOW {setting}")), "on", "{setting}");
        }
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Data folder, log and sockets.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The authority that signed its certificate.
    pub fn authority(&self) -> &Path {
        &self.certificate.authority
    }

    fn log_path(&self) -> PathBuf {
        self.folder.join("log")
    }

    /// What it logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.log_path()).unwrap_or_default()
    }

    /// Address of a database for a role.
    pub fn url(&self, role: &str, database: &str) -> String {
        format!("postgres://{role}:secret@127.0.0.1:{}/{database}", self.port)
    }

    /// Runs statements as the superuser; the answer's lines, columns joined with `|`.
    pub fn sql(&self, database: &str, statements: &str) -> String {
        self.try_sql("app", database, statements).unwrap_or_else(|problem| panic!("{statements}: {problem}"))
    }

    /// Runs statements as some role.
    ///
    /// # Errors
    /// What psql wrote to its standard error.
    pub fn try_sql(&self, role: &str, database: &str, statements: &str) -> Result<String, String> {
        let mut psql = Command::new(program("psql"));
        psql.args([&self.url(role, database), "-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", "-f", "-"]);
        psql.stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped());
        let mut child = psql.spawn().unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), statements.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
    }

    /// A new pair of databases: the archive and its key store. Their names.
    pub fn new_databases(&self) -> (String, String) {
        let number = NAMES.fetch_add(1, Ordering::Relaxed);
        let (main, keys) = (format!("chancery_{number}"), format!("keys_{number}"));
        self.sql("postgres", &format!("CREATE DATABASE {main} OWNER chancery_owner"));
        self.sql("postgres", &format!("CREATE DATABASE {keys} OWNER chancery"));
        self.sql(&main, "REVOKE ALL ON SCHEMA public FROM PUBLIC; GRANT ALL ON SCHEMA public TO chancery_owner; GRANT USAGE ON SCHEMA public TO chancery");
        self.sql(&keys, "GRANT ALL ON SCHEMA public TO chancery");
        (main, keys)
    }

    /// Process id of the postmaster.
    pub fn postmaster(&self) -> u32 {
        let text = std::fs::read_to_string(self.data().join("postmaster.pid")).unwrap();
        text.lines().next().unwrap().trim().parse().unwrap()
    }

    /// Process ids of the backends that serve the server's role in a database.
    pub fn backends(&self, database: &str) -> Vec<u32> {
        let query = format!(
            "SELECT pid FROM pg_stat_activity WHERE datname = '{database}' AND usename IN ('chancery', 'chancery_owner')"
        );
        self.sql("postgres", &query).lines().filter_map(|line| line.parse().ok()).collect()
    }

    /// Kills backends of a database with SIGKILL; the postmaster then restarts all others too.
    pub fn kill_backend(&self, database: &str) {
        let backends = self.backends(database);
        let Some(victim) = backends.first() else { panic!("no backend serves {database}") };
        signal(*victim, Signal::KILL);
        self.wait_until_it_answers();
    }

    /// Kills the postmaster with SIGKILL, and the processes it leaves behind, as losing power would.
    pub fn crash(&self) {
        let postmaster = self.postmaster();
        let orphans = children(postmaster);
        signal(postmaster, Signal::KILL);
        for orphan in &orphans {
            signal(*orphan, Signal::KILL);
        }
        self.reap();
        let end = std::time::Instant::now() + patience();
        while orphans.iter().any(|pid| is_alive(*pid)) {
            assert!(std::time::Instant::now() < end, "processes of PostgreSQL stay alive");
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        let _ = std::fs::remove_file(self.data().join("postmaster.pid"));
    }

    /// Stops it without a checkpoint; connections are cut.
    pub fn stop_immediately(&self) {
        signal(self.postmaster(), Signal::QUIT);
        self.reap();
    }

    /// Stops it in order; connections are ended.
    pub fn stop(&self) {
        signal(self.postmaster(), Signal::INT);
        self.reap();
    }

    fn reap(&self) {
        if let Some(mut process) = self.process.lock().unwrap().take() {
            let _ = process.wait();
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if self.process.get_mut().unwrap().is_some() && self.data().join("postmaster.pid").exists() {
            self.stop_immediately();
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
