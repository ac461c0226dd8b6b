//! A `chancery` process: started, watched, broken and started again.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};

use rustix::process::Signal;

use crate::base::{base, hand_to_ordinary_user};
use crate::database::{Database, Storage};
use crate::patience::{until, until_some};
use crate::process::{As, command, free_port, signal, start};

/// How a server is to be started.
#[derive(Clone)]
pub struct Plan {
    /// What it stands on.
    pub storage: Arc<Storage>,
    /// As whom it runs.
    pub who: As,
    /// A program that runs it (`strace …`, `sh -c 'ulimit …'`).
    pub wrapper: Vec<String>,
    /// Configuration, as environment.
    pub settings: BTreeMap<String, String>,
    /// Port it listens on; kept over restarts.
    pub port: u16,
}

impl Plan {
    /// The usual server on some storage.
    pub fn new(storage: &Arc<Storage>) -> Self {
        let port = free_port();
        let mut settings: BTreeMap<_, _> = storage.settings().into_iter().collect();
        settings.insert("CHANCERY_LISTEN".into(), format!("127.0.0.1:{port}"));
        settings.insert("CHANCERY_PUBLIC_URL".into(), format!("http://127.0.0.1:{port}"));
        Self { storage: storage.clone(), who: As::Caller, wrapper: Vec::new(), settings, port }
    }

    /// With one more setting.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<String>) -> Self {
        self.settings.insert(key.to_owned(), value.into());
        self
    }

    /// Without a setting.
    #[must_use]
    pub fn without(mut self, key: &str) -> Self {
        self.settings.remove(key);
        self
    }

    /// Run by another program.
    #[must_use]
    pub fn wrapped(mut self, wrapper: Vec<String>) -> Self {
        self.wrapper = wrapper;
        self
    }

    /// As an ordinary user, who then owns the data folder.
    #[must_use]
    pub fn as_ordinary_user(mut self) -> Self {
        self.who = As::OrdinaryUser;
        hand_to_ordinary_user(&self.storage.data);
        self
    }

    /// A second node beside this one: same databases, same master key, same public address, own folder.
    #[must_use]
    pub fn second_node(&self) -> Self {
        let data = crate::base::new_folder("data-node-2");
        let key = self.storage.data.join("master.key");
        let port = free_port();
        let mut plan = self.clone();
        plan.port = port;
        plan.with("CHANCERY_LISTEN", format!("127.0.0.1:{port}"))
            .with("CHANCERY_DATA", data.to_str().unwrap())
            .with("CHANCERY_KEYS_MASTER_KEY_FILE", key.to_str().unwrap())
    }

    fn command(&self, arguments: &[&str]) -> std::process::Command {
        let mut words = self.wrapper.clone();
        words.push(binary().to_str().unwrap().to_owned());
        words.extend(arguments.iter().map(|word| (*word).to_owned()));
        let mut command = command(self.who, &words);
        command.env_clear().envs(&self.settings).current_dir(&self.storage.data);
        for kept in ["PATH", "TMPDIR", "RUST_BACKTRACE"] {
            if let Some(value) = std::env::var_os(kept) {
                command.env(kept, value);
            }
        }
        command.envs(&self.settings);
        command
    }

    /// Runs a command line tool to its end.
    pub async fn cli(&self, arguments: &[&str]) -> Ended {
        let mut command = tokio::process::Command::from(self.command(arguments));
        command.stdin(Stdio::null()).kill_on_drop(true);
        let output =
            crate::patience::in_time(&format!("chancery {arguments:?}"), command.output()).await.unwrap();
        Ended {
            status: output.status,
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Creates the tables where the server may not.
    pub async fn migrate(&self) {
        if self.storage.kind == Database::Postgres {
            self.cli(&["migrate"]).await.expect_success();
        }
    }

    /// Starts a server that is expected to give up, and waits for that.
    pub async fn start_and_fail(&self) -> Ended {
        let ended = self.cli(&["serve"]).await;
        assert!(!ended.status.success(), "the server was expected to refuse to start");
        ended
    }
}

/// A process that ran to its end.
#[derive(Debug)]
pub struct Ended {
    /// How it ended.
    pub status: ExitStatus,
    /// Its standard output.
    pub stdout: String,
    /// Its standard error.
    pub stderr: String,
}

impl Ended {
    /// Its standard output, if all went well.
    #[track_caller]
    pub fn expect_success(self) -> String {
        assert!(self.status.success(), "{}: {}{}", self.status, self.stdout, self.stderr);
        self.stdout
    }

    /// Everything it said.
    pub fn words(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }
}

/// The binary under test, where everybody may run it.
pub fn binary() -> &'static Path {
    static BINARY: std::sync::OnceLock<PathBuf> = std::sync::OnceLock::new();
    BINARY.get_or_init(|| {
        let built = std::env::var_os("CHANCERY_BIN")
            .expect("CHANCERY_BIN names the server to test; `cargo xtask test` builds it and sets it");
        let copy = base().join("chancery");
        std::fs::copy(&built, &copy).unwrap_or_else(|problem| panic!("{}: {problem}", built.display()));
        copy
    })
}

/// A running server.
pub struct Server {
    /// How it was started.
    pub plan: Plan,
    child: Child,
    said: Arc<Mutex<Said>>,
}

#[derive(Default)]
struct Said {
    stdout: String,
    stderr: String,
    /// How many of the two streams have ended.
    ended: usize,
}

impl Server {
    /// Starts a server, creating its tables first, and waits until it is ready.
    pub async fn start(plan: Plan) -> Self {
        plan.migrate().await;
        let mut server = Self::spawn(plan);
        server.wait_until_ready().await;
        server
    }

    /// Starts a server without waiting for anything.
    pub fn spawn(plan: Plan) -> Self {
        let mut command = plan.command(&["serve"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = start(command);
        let said = Arc::new(Mutex::new(Said::default()));
        let (stdout, stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        collect(stdout, said.clone(), |said| &mut said.stdout);
        collect(stderr, said.clone(), |said| &mut said.stderr);
        Self { plan, child, said }
    }

    /// Waits for the line that says that it listens.
    pub async fn wait_until_ready(&mut self) {
        until_some("the server listens", async || {
            if let Ok(Some(status)) = self.child.try_wait() {
                panic!("the server ended ({status}):\n{}", self.log());
            }
            self.stdout().contains("Chancery is listening on ").then_some(())
        })
        .await;
    }

    /// What it printed.
    pub fn stdout(&self) -> String {
        self.said.lock().unwrap().stdout.clone()
    }

    /// Everything it printed and logged.
    pub fn log(&self) -> String {
        let said = self.said.lock().unwrap();
        format!("{}{}", said.stdout, said.stderr)
    }

    /// Where it listens.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.plan.port)
    }

    /// What browsers believe its address to be.
    pub fn public_url(&self) -> &str {
        &self.plan.settings["CHANCERY_PUBLIC_URL"]
    }

    /// The address of the set-up page, printed while there is no account.
    pub async fn setup_link(&self) -> String {
        until_some("the set-up link is printed", async || {
            let said = self.stdout();
            let line = said.lines().find_map(|line| line.split_once("Set-up link: "))?;
            Some(line.1.trim().to_owned())
        })
        .await
    }

    /// Process id (of the wrapper, where there is one).
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Kills it without warning and waits until it is gone.
    pub async fn kill(&mut self) {
        for child in crate::process::children(self.pid()) {
            signal(child, Signal::KILL);
        }
        signal(self.pid(), Signal::KILL);
        self.wait().await;
    }

    /// Asks it to stop.
    pub fn ask_to_stop(&self) {
        let children = crate::process::children(self.pid());
        for pid in if self.plan.wrapper.is_empty() { vec![self.pid()] } else { children } {
            signal(pid, Signal::TERM);
        }
    }

    /// Asks it to look at its certificate again.
    pub fn hang_up(&self) {
        signal(self.pid(), Signal::HUP);
    }

    /// Asks it to stop and waits until it has.
    pub async fn stop(&mut self) -> ExitStatus {
        self.ask_to_stop();
        self.wait().await
    }

    /// Waits until it has ended and its last word has been read.
    pub async fn wait(&mut self) -> ExitStatus {
        let status = until_some("the server ends", async || self.child.try_wait().unwrap()).await;
        until("its output ends", async || self.said.lock().unwrap().ended == 2).await;
        status
    }

    /// Whether it still runs.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Freezes it.
    pub fn freeze(&self) {
        signal(self.pid(), Signal::STOP);
    }

    /// Thaws it.
    pub fn thaw(&self) {
        signal(self.pid(), Signal::CONT);
    }

    /// Starts it again on the same storage and port. What it said before is kept.
    pub async fn start_again(&mut self) {
        let before = self.log();
        let mut next = Self::spawn(self.plan.clone());
        next.wait_until_ready().await;
        next.said.lock().unwrap().stderr.insert_str(0, &before);
        *self = next;
    }

    /// Runs a command line tool with the configuration of this server.
    pub async fn cli(&self, arguments: &[&str]) -> Ended {
        let mut plan = self.plan.clone();
        plan.wrapper.clear();
        plan.cli(arguments).await
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.is_running() {
            for child in crate::process::children(self.pid()) {
                signal(child, Signal::KILL);
            }
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
        if std::thread::panicking() {
            let log = self.log();
            let tail: Vec<_> = log.lines().rev().take(40).collect();
            eprintln!("--- the server's last words");
            for line in tail.into_iter().rev() {
                eprintln!("{line}");
            }
        }
    }
}

fn collect(
    from: impl std::io::Read + Send + 'static,
    into: Arc<Mutex<Said>>,
    part: fn(&mut Said) -> &mut String,
) {
    std::thread::spawn(move || {
        let mut from = BufReader::new(from);
        let mut line = Vec::new();
        while from.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
            part(&mut into.lock().unwrap()).push_str(&String::from_utf8_lossy(&line));
            line.clear();
        }
        into.lock().unwrap().ended += 1;
    });
}
