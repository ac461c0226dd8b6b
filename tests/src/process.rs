//! Starting other programs so that they end with the test run, and talking to them by signals.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError, mpsc};

use rustix::process::{Pid, Signal, kill_process};

type Order = (Command, mpsc::Sender<std::io::Result<Child>>);

/// Whether the tests run as root; then databases and some servers must be started as somebody else.
pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// As whom a program runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum As {
    /// Whoever runs the tests.
    Caller,
    /// Somebody without any special right: `nobody` when the tests run as root.
    OrdinaryUser,
}

/// A command that is killed when the test run ends, however it ends.
pub fn command(who: As, words: &[String]) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL"]);
    if who == As::OrdinaryUser && is_root() {
        command.args(["--reuid=nobody", "--regid=nogroup", "--clear-groups"]);
    }
    command.arg("--").args(words).stdin(Stdio::null());
    command
}

/// Starts a command from a thread that lives as long as this process: the kernel sends the death signal
/// when the *thread* that started a child ends, and the threads of tests come and go.
pub fn start(command: Command) -> Child {
    static STARTER: OnceLock<Mutex<mpsc::Sender<Order>>> = OnceLock::new();
    let starter = STARTER.get_or_init(|| {
        let (sender, orders) = mpsc::channel::<Order>();
        std::thread::spawn(move || {
            for (mut command, answer) in orders {
                let _ = answer.send(command.spawn());
            }
        });
        Mutex::new(sender)
    });
    let (sender, answer) = mpsc::channel();
    let shown = format!("{command:?}");
    starter.lock().unwrap().send((command, sender)).unwrap();
    answer.recv().unwrap().unwrap_or_else(|problem| panic!("{shown}: {problem}"))
}

/// Sends a signal to a process this run started; one that is gone is no problem.
pub fn signal(pid: u32, signal: Signal) {
    if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
        let _ = kill_process(pid, signal);
    }
}

/// Whether the process exists and is no zombie.
pub fn is_alive(pid: u32) -> bool {
    let Ok(stat) = std::fs::read_to_string(format!("/proc/{pid}/stat")) else { return false };
    !matches!(
        stat.rsplit(')').next().and_then(|rest| rest.trim_start().chars().next()),
        Some('Z' | 'X') | None
    )
}

/// Ids of the direct children of a process.
pub fn children(pid: u32) -> Vec<u32> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let Some(child) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else {
            continue;
        };
        let Ok(stat) = std::fs::read_to_string(entry.path().join("stat")) else { continue };
        let parent = stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().nth(1)?.parse().ok());
        if parent == Some(pid) {
            found.push(child);
        }
    }
    found
}

/// Runs a command to its end.
pub fn run(what: &str, mut command: Command) -> String {
    let output = command.output().unwrap_or_else(|problem| panic!("{what}: {problem}"));
    assert!(
        output.status.success(),
        "{what} failed ({}):\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Stops a test that needs a program which is not there, and says what to install.
pub fn require(program: &str, package: &str) {
    let found = std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(program).is_file()));
    assert!(found, "`{program}` is missing: apt-get install -y {package}");
}

/// Fetches the npm packages of a folder once, exactly as its lock file names them.
pub fn npm_packages(folder: &Path) {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    require("node", "nodejs npm (version 20 or newer)");
    require("npm", "npm");
    let installed = folder.join("node_modules/.package-lock.json");
    let lock = folder.join("package-lock.json");
    let age = |path: &Path| std::fs::metadata(path).and_then(|data| data.modified()).ok();
    if age(&installed) < age(&lock) {
        let mut npm = Command::new("npm");
        npm.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]).current_dir(folder);
        run("npm ci", npm);
    }
}

/// A free loopback port outside the range from which the kernel takes ports for outgoing connections, so
/// that nobody else gets it between now and its use.
pub fn free_port() -> u16 {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: OnceLock<AtomicU32> = OnceLock::new();
    let next = NEXT.get_or_init(|| AtomicU32::new(std::process::id().wrapping_mul(97) % 20_000));
    for _ in 0..20_000 {
        let port = 11_000 + u16::try_from(next.fetch_add(1, Ordering::Relaxed) % 20_000).unwrap();
        if std::net::TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
    panic!("no free port on loopback");
}
