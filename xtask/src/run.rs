//! `cargo xtask run`: from a clean checkout to two people who talk, in one command.
//!
//! Builds the client and the server, fills a folder of its own with an invented company and its conversations
//! through `chancery demo seed`, and becomes the server. What must stay true: it says what it is doing while
//! a newcomer waits, it never touches a folder that is not a demo, and Ctrl-C reaches the server itself.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::workspace::Workspace;
use crate::{sh, ui};

/// How the demo is started.
#[derive(Args)]
pub struct Options {
    /// The demo's folder; without it, a folder below cargo's target folder.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Throw the demo's folder away and begin anew.
    #[arg(long)]
    fresh: bool,
    /// The port of the demo on this machine.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Handed to `chancery serve`.
    #[arg(last = true)]
    server: Vec<String>,
}

/// Written when the folder is begun: only a folder with this file is ever thrown away.
const MARK: &str = "this-is-a-demo";
/// Written when the seeding has ended: the sign-ins, one on each line.
const SIGN_INS: &str = "sign-ins.txt";
const CONFIGURATION: &str = "chancery.toml";

/// Builds what is needed and becomes the server.
///
/// # Errors
/// When a build fails, the folder is not a demo's, or the server cannot be started.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let server = workspace.server_binary("debug");
    if !server.is_file() {
        println!(
            "This is the first build here. It takes some 10 to 15 minutes on two cores, half of that on four or \
             more; later ones take seconds. First the interfaces for the browser, then the server, then it starts."
        );
    }
    println!("1 of 3: the chat client and the console");
    ui::build(workspace, &ui::Options::default())?;
    println!("2 of 3: the server");
    sh::run(sh::cargo().args(["build", "--package", "chancery-server"]).current_dir(&workspace.root))?;
    println!("3 of 3: the demo");
    let folder = match &options.data {
        Some(folder) => std::path::absolute(folder)?,
        None => workspace.target.join("demo"),
    };
    let configuration = configuration(options.port);
    let sign_ins = prepare(&folder, options.fresh, &configuration, |folder| seed(&server, folder))?;
    println!("\n{}", welcome(&folder, &sign_ins));
    let mut command = serve(&server, &folder);
    become_server(command.args(&options.server))
}

/// Makes sure that the folder holds a demo that was seeded to its end, and returns the sign-ins.
fn prepare(
    folder: &Path,
    fresh: bool,
    configuration: &str,
    seed: impl FnOnce(&Path) -> Result<String>,
) -> Result<String> {
    let ours = folder.join(MARK).is_file();
    let empty = fs::read_dir(folder).map_or(true, |mut entries| entries.next().is_none());
    if !ours && !empty {
        bail!("{} holds something that is not a demo; name an empty folder with --data", folder.display());
    }
    if !fresh && let Ok(sign_ins) = fs::read_to_string(folder.join(SIGN_INS)) {
        write_configuration(folder, configuration)?;
        println!("Going on with the demo in {} (`--fresh` begins anew).", folder.display());
        return Ok(sign_ins);
    }
    // Also the folder of a seeding that was interrupted: half a demo helps nobody.
    sh::remove_folder(folder)?;
    fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    fs::write(folder.join(MARK), "Made by `cargo xtask run`, which may throw this folder away.\n")?;
    write_configuration(folder, configuration)?;
    println!(
        "Inventing a company of sixty and what it said in ninety days, in {} (about a minute) …",
        folder.display()
    );
    let sign_ins = seed(folder)?;
    fs::write(folder.join(SIGN_INS), &sign_ins).context("keeping the sign-ins")?;
    Ok(sign_ins)
}

fn configuration(port: u16) -> String {
    format!(
        "organisation = \"Chancery demo\"\ndemo = true\ndata = \"data\"\n\
         listen = \"127.0.0.1:{port}\"\npublic_url = \"http://127.0.0.1:{port}\"\n"
    )
}

fn write_configuration(folder: &Path, configuration: &str) -> Result<()> {
    fs::write(folder.join(CONFIGURATION), configuration).context("writing the demo's configuration")
}

fn seed(server: &Path, folder: &Path) -> Result<String> {
    sh::output(chancery(server, folder).args(["demo", "seed"])).context("filling the demo")
}

fn chancery(server: &Path, folder: &Path) -> Command {
    let mut command = Command::new(server);
    // Settings meant for a real server must not turn the demo into one.
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("CHANCERY_")) {
        command.env_remove(name);
    }
    command.arg("--config").arg(folder.join(CONFIGURATION)).current_dir(folder);
    command
}

fn serve(server: &Path, folder: &Path) -> Command {
    let mut command = chancery(server, folder);
    command.arg("serve");
    command
}

/// The sign-ins as a table. Each line is `<username> <password> <roles>`.
fn welcome(folder: &Path, sign_ins: &str) -> String {
    let mut text = String::from("A demo with invented people. Sign in as two of them in two browsers:\n\n");
    text.push_str(&format!("  {:<16} {:<28} {}\n", "username", "password", "roles"));
    for line in sign_ins.lines().filter(|line| !line.trim().is_empty()) {
        let mut words = line.splitn(3, ' ');
        let mut word = || words.next().unwrap_or_default();
        text.push_str(&format!("  {:<16} {:<28} {}\n", word(), word(), word()));
    }
    text.push_str(&format!("\nIts data is in {}. Ctrl-C stops the server.\n", folder.display()));
    text.push_str("The next line gives the address as soon as the server listens.");
    text
}

/// Replaces this process, so that signals and the exit status are the server's own.
fn become_server(command: &mut Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    let error = command.exec();
    Err(error).with_context(|| format!("cannot start `{}`", sh::line(command)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_demo_is_seeded_once_and_kept() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("demo");
        assert_eq!(prepare(&folder, false, "", |_| Ok("a b c".into())).unwrap(), "a b c");
        assert_eq!(prepare(&folder, false, "", |_| Ok("never".into())).unwrap(), "a b c");
        assert_eq!(prepare(&folder, true, "", |_| Ok("d e f".into())).unwrap(), "d e f");
    }

    #[test]
    fn another_port_holds_for_a_kept_demo_too() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("demo");
        for port in [8080, 9090] {
            prepare(&folder, false, &configuration(port), |_| Ok("a b c".into())).unwrap();
            let written = fs::read_to_string(folder.join(CONFIGURATION)).unwrap();
            assert!(written.contains(&format!("127.0.0.1:{port}\"")), "{written}");
        }
    }

    #[test]
    fn an_interrupted_seeding_is_begun_anew() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("demo");
        let broken = prepare(&folder, false, "", |folder| {
            fs::write(folder.join("half"), "")?;
            bail!("interrupted")
        });
        assert!(broken.is_err());
        assert_eq!(prepare(&folder, false, "", |_| Ok("a b c".into())).unwrap(), "a b c");
        assert!(!folder.join("half").exists());
    }

    #[test]
    fn a_folder_that_is_no_demo_is_never_touched() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("chancery.db"), "precious").unwrap();
        for fresh in [false, true] {
            assert!(prepare(root.path(), fresh, "", |_| Ok(String::new())).is_err());
        }
        assert_eq!(fs::read_to_string(root.path().join("chancery.db")).unwrap(), "precious");
    }

    #[test]
    fn the_welcome_shows_every_sign_in() {
        let text = welcome(Path::new("demo"), "ada secret words\nben other employee, it admin\n");
        assert!(
            text.contains("ben") && text.contains("other") && text.contains("employee, it admin"),
            "{text}"
        );
    }
}
