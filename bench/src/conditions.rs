//! Under which conditions was measured: without them a figure says nothing.

use std::path::Path;
use std::process::Command;

use chancery_tests::postgres::Cluster;

use crate::system::Kind;

/// Of the machine and of what is measured beside Chancery: a list.
pub fn machine(kinds: &[Kind], cluster: Option<&Cluster>) -> String {
    let mut lines = vec![hardware()];
    lines.push(
        "Generator and servers on the same cores; TCP_NODELAY on, no TLS, loopback; one system runs at a time."
            .to_owned(),
    );
    if kinds.iter().any(|kind| matches!(kind, Kind::ChancerySqlite | Kind::BareSqlite)) {
        lines.push("SQLite in WAL mode with `synchronous = FULL`.".to_owned());
    }
    if let Some(cluster) = cluster {
        let show = |setting: &str| cluster.sql("postgres", &format!("SHOW {setting}"));
        lines.push(format!(
            "PostgreSQL {} on the same machine, `fsync` {}, `synchronous_commit` {}, `full_page_writes` {}, `shared_buffers` {}.",
            show("server_version"),
            show("fsync"),
            show("synchronous_commit"),
            show("full_page_writes"),
            show("shared_buffers")
        ));
    }
    for (kind, package, what) in [
        (
            Kind::Ejabberd,
            "ejabberd",
            "archive and accounts on PostgreSQL, listener backlog raised, shapers lifted",
        ),
        (Kind::Prosody, "prosody", "archive on SQLite in WAL mode, `synchronous` as SQLite's default (FULL)"),
    ] {
        if kinds.contains(&kind) {
            let version = ask("dpkg-query", &["--show", "--showformat=${Version}", package]);
            lines.push(format!("{package} {} over web-socket, {what}.", version.unwrap_or_default()));
        }
    }
    lines.iter().map(|line| format!("- {line}\n")).collect()
}

fn hardware() -> String {
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let read = |file: &str| std::fs::read_to_string(file).unwrap_or_default();
    let field = |text: String, name: &str| {
        let line = text.lines().find(|line| line.starts_with(name)).map(str::to_owned);
        line.and_then(|line| Some(line.split_once(':')?.1.trim().to_owned())).unwrap_or_default()
    };
    let kilobytes =
        field(read("/proc/meminfo"), "MemTotal").trim_end_matches(" kB").parse::<u64>().unwrap_or(0);
    let folder = chancery_tests::base::base().display().to_string();
    let files = ask("findmnt", &["-n", "-o", "FSTYPE", "-T", &folder]).unwrap_or_default();
    format!(
        "{cores} cores of {}, {} GiB of memory, Linux {}, data on {files}.",
        field(read("/proc/cpuinfo"), "model name"),
        kilobytes.div_ceil(1_048_576),
        read("/proc/sys/kernel/osrelease").trim(),
    )
}

/// Of one run: when, and of what.
pub fn run(server: &Path) -> String {
    let commit = ask("git", &["describe", "--always", "--dirty"]).unwrap_or_default();
    let date = ask("date", &["+%-d %B %Y"]).unwrap_or_default();
    let own = if cfg!(debug_assertions) { "debug" } else { "release" };
    let profile = server.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy();
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    format!(
        "{date}, commit {commit}; builds: server {profile}, generator and yardsticks {own}; load average at the end {}",
        load.split(' ').next().unwrap_or_default()
    )
}

fn ask(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
