//! `cargo xtask run`: from a clean checkout to two people who talk, in one command.
//!
//! Builds the client and the server, fills a folder of its own with an invented company and its conversations
//! through `chancery demo seed`, and becomes the server. What must stay true: it says what it is doing while
//! a newcomer waits, it never touches a folder that is not a demo, and Ctrl-C reaches the server itself.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, anyhow, bail};
use clap::{Args, ValueEnum};

use crate::workspace::Workspace;
use crate::{sh, testing, ui};

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
    /// Starts something real beside the demo and makes the demo use it.
    #[arg(long, value_name = "WHAT")]
    with: Option<Beside>,
    /// Handed to `chancery serve`.
    #[arg(last = true)]
    server: Vec<String>,
}

/// What can be started beside the demo.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Beside {
    /// An OpenLDAP and an OpenID provider, to try single sign-on.
    Sso,
}

/// Written when the folder is begun: only a folder with this file is ever thrown away.
const MARK: &str = "this-is-a-demo";
/// Written when the seeding has ended: the sign-ins, one on each line.
const SIGN_INS: &str = "sign-ins.txt";
const CONFIGURATION: &str = "chancery.toml";
/// The program that stands for a company's single sign-on.
const SSO: &str = "chancery-sso-demo";

/// Builds what is needed and becomes the server.
///
/// # Errors
/// When a build fails, the folder is not a demo's, or the server cannot be started.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let (beside, words) = beside(options)?;
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
    if beside == Some(Beside::Sso) {
        start_sso(workspace, options.port, &sign_ins)?;
    }
    let mut command = serve(&server, &folder);
    become_server(command.args(&words))
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

/// What is started beside the demo, and what the server is handed. `--with` may also stand behind `--`, as everything does that
/// follows `cargo xtask run --`; the server has no such option.
fn beside(options: &Options) -> Result<(Option<Beside>, Vec<String>)> {
    let (mut beside, mut words) = (options.with, Vec::new());
    let mut given = options.server.iter();
    while let Some(word) = given.next() {
        let what = match word.split_once('=') {
            Some(("--with", what)) => Some(what),
            _ if word == "--with" => Some(given.next().context("`--with` needs a word: sso")?.as_str()),
            _ => None,
        };
        match what {
            Some(what) => {
                let known = Beside::from_str(what, false);
                beside = Some(known.map_err(|_| anyhow!("`--with {what}` is unknown; there is: sso"))?);
            }
            None => words.push(word.clone()),
        }
    }
    Ok((beside, words))
}

/// Starts an OpenLDAP and an OpenID provider, which wait for the demo, make themselves known to it, and end with it.
fn start_sso(workspace: &Workspace, port: u16, sign_ins: &str) -> Result<()> {
    let (username, password) = administrator(sign_ins).context("the demo has no administrator")?;
    testing::prepare_sign_on()?;
    println!(
        "Beside it: a directory and a provider for single sign-on (their first build takes some minutes) …"
    );
    let build = ["build", "--package", "chancery-tests", "--bin", SSO];
    sh::run(sh::cargo().args(build).current_dir(&workspace.root))?;
    let program = workspace.target.join("debug").join(SSO);
    let mut command = Command::new(&program);
    command.args([&format!("http://127.0.0.1:{port}"), username, password]).stdin(Stdio::null());
    // Not waited for: it ends when this process, which becomes the server, does.
    command.spawn().with_context(|| format!("cannot start `{}`", program.display()))?;
    Ok(())
}

/// Name and password of the first administrator among the sign-ins.
fn administrator(sign_ins: &str) -> Option<(&str, &str)> {
    sign_ins.lines().find_map(|line| {
        let mut words = line.splitn(3, ' ');
        let found = (words.next()?, words.next()?);
        words.next()?.contains("it_admin").then_some(found)
    })
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
    fn what_is_beside_may_stand_before_and_behind_the_dashes() {
        let read = |words: &[&str]| {
            let server = words.iter().map(|word| (*word).to_owned()).collect();
            beside(&Options { data: None, fresh: false, port: 1, with: None, server })
        };
        for words in [&["--with", "sso"][..], &["--with=sso"], &["--with", "sso", "--verbose"]] {
            let (found, rest) = read(words).unwrap();
            assert!(found == Some(Beside::Sso), "{words:?}");
            assert_eq!(rest.len(), usize::from(words.len() == 3));
        }
        assert!(read(&[]).unwrap().0.is_none());
        assert!(read(&["--with"]).is_err() && read(&["--with", "ss"]).is_err());
    }

    #[test]
    fn the_first_administrator_is_found() {
        let text = "ada secret employee\nben other employee,it_admin\ncleo third it_admin\n";
        assert_eq!(administrator(text), Some(("ben", "other")));
        assert_eq!(administrator("ada secret employee\n"), None);
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
