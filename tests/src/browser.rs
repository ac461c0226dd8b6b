//! Runs scripts of `tests/browser/` in real Chromium.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::process::{As, command, npm_packages, require};

/// What a script found out: lines `name: value` of its standard output.
pub type Findings = BTreeMap<String, String>;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("browser")
}

/// Where Chromium is.
fn chromium() -> String {
    if let Ok(path) = std::env::var("CHROMIUM") {
        return path;
    }
    require("chromium", "chromium fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji");
    "chromium".to_owned()
}

/// Where screenshots go.
pub fn screenshots() -> PathBuf {
    let folder = std::env::var_os("CHANCERY_SCREENSHOTS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/screenshots"), PathBuf::from);
    std::fs::create_dir_all(&folder).unwrap();
    folder.canonicalize().unwrap()
}

/// A script at work. Scripts ask for help with lines `? question` and are answered on their standard input,
/// so that a test can cut a line or suspend somebody at the right moment.
pub struct Script {
    child: tokio::process::Child,
    lines: tokio::io::Lines<tokio::io::BufReader<tokio::process::ChildStdout>>,
    findings: Findings,
}

impl Script {
    /// Starts a script with some settings in its environment.
    pub fn start(name: &str, settings: &[(&str, String)]) -> Self {
        npm_packages(&folder());
        let words = ["node".to_owned(), folder().join(name).to_str().unwrap().to_owned()];
        let mut node = command(As::Caller, &words);
        node.current_dir(folder()).env("CHROMIUM", chromium()).env("SCREENSHOTS", screenshots());
        for (key, value) in settings {
            node.env(key, value);
        }
        let mut node = tokio::process::Command::from(node);
        node.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = node.spawn().unwrap();
        let lines =
            tokio::io::AsyncBufReadExt::lines(tokio::io::BufReader::new(child.stdout.take().unwrap()));
        Self { child, lines, findings: Findings::new() }
    }

    /// The next question, or nothing when the script has ended well.
    pub async fn next_question(&mut self) -> Option<String> {
        loop {
            let line = tokio::time::timeout(std::time::Duration::from_secs(180), self.lines.next_line());
            let Some(line) = line.await.expect("the script says nothing any more").unwrap() else {
                let status = self.child.wait().await.unwrap();
                if !status.success() {
                    self.complain();
                }
                assert!(status.success(), "the script failed: {:#?}", self.findings);
                return None;
            };
            println!("browser: {line}");
            if let Some(question) = line.strip_prefix("? ") {
                return Some(question.to_owned());
            }
            if let Some((name, value)) = line.split_once(": ") {
                self.findings.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    /// Says at once what went wrong: what a test prints is shown at the end only, and a long run may be cut off there.
    fn complain(&self) {
        let wrong = |(name, value): &(&String, &String)| match name.strip_prefix("problems of ") {
            Some(_) => *value != "[]",
            None => value.starts_with("failed"),
        };
        for (name, value) in self.findings.iter().filter(wrong) {
            let _ = writeln!(std::io::stderr(), "browser: {name}: {value}");
        }
    }

    /// Answers the last question.
    pub async fn answer(&mut self, words: &str) {
        let stdin = self.child.stdin.as_mut().unwrap();
        tokio::io::AsyncWriteExt::write_all(stdin, format!("{words}\n").as_bytes()).await.unwrap();
    }

    /// What it found out.
    pub fn findings(&self) -> &Findings {
        &self.findings
    }
}
