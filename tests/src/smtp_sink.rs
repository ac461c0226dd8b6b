//! A throwaway mail server that fails on demand: npm `smtp-server` on loopback. What it does is in `smtp-sink/sink.mjs`:
//! the recipient's name says how a mail fares (`later`, `nobody`, `busy`, `gone`, `slow`, `drop`, `deaf`, `late451`,
//! `late554`, `silent`, `vanish`); everybody else gets their mail. It issues tokens for XOAUTH2 as well.

use std::path::{Path, PathBuf};
use std::process::Child;

use serde_json::Value;

use crate::base::new_folder;
use crate::certificates::{Certificate, authority};
use crate::patience::until;
use crate::process::{As, command, free_port, npm_packages, start};
use crate::visitor::http;

/// Its only account, with a password.
pub const ACCOUNT: (&str, &str) = ("app", "mailpw");
/// Who may ask for tokens: client id and secret, with characters that must be encoded.
pub const CLIENT: (&str, &str) = ("chancery", "s%cret: +&=");
/// What the account allowed that client.
pub const REFRESH_TOKEN: &str = "refresh+&=";
/// What the client's own tokens are for.
pub const SCOPE: &str = "mail/.default";

/// How lines to it begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// In clear, then STARTTLS.
    StartTls,
    /// With TLS.
    Tls,
    /// In clear; there is no TLS.
    Clear,
}

/// A running server.
pub struct SmtpSink {
    /// Port for mail; the same when it is started again.
    pub port: u16,
    /// Who issues tokens.
    pub issuer: String,
    /// Its certificate, for `localhost`.
    pub certificate: Certificate,
    home: PathBuf,
    settings: Vec<(&'static str, String)>,
    process: Option<Child>,
}

impl SmtpSink {
    /// Starts one and waits until it answers. `greeting`: a code that refuses everybody, or none.
    pub async fn start(mode: Mode, greeting: Option<u16>) -> Self {
        Self::with(mode, &[("GREETING", greeting.map(|code| code.to_string()).unwrap_or_default())]).await
    }

    /// Starts one that takes mails over STARTTLS and fails every so many of them, in one way after the other.
    pub async fn chaotic() -> Self {
        Self::with(Mode::StartTls, &[("CHAOS", "1".to_owned())]).await
    }

    async fn with(mode: Mode, settings: &[(&'static str, String)]) -> Self {
        npm_packages(&folder());
        let home = new_folder("smtp-sink");
        let certificate = authority().issue(&home, "DNS:localhost", 30);
        std::fs::create_dir(home.join("mails")).unwrap();
        let (port, issuer_port) = (free_port(), free_port());
        let mode = match mode {
            Mode::StartTls => "starttls",
            Mode::Tls => "tls",
            Mode::Clear => "clear",
        };
        let mut all = vec![
            ("PORT", port.to_string()),
            ("ISSUER_PORT", issuer_port.to_string()),
            ("KEY", certificate.key.to_str().unwrap().to_owned()),
            ("CERT", certificate.certificate.to_str().unwrap().to_owned()),
            ("OUT", home.join("mails").to_str().unwrap().to_owned()),
            ("MODE", mode.to_owned()),
        ];
        all.extend(settings.iter().cloned());
        let issuer = format!("http://127.0.0.1:{issuer_port}");
        let mut sink = Self { port, issuer, certificate, home, settings: all, process: None };
        sink.start_again().await;
        sink
    }

    /// Stops it; the mails it took stay.
    pub fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }

    /// Starts it again on its ports.
    pub async fn start_again(&mut self) {
        self.stop();
        let script = folder().join("sink.mjs");
        let mut node = command(As::Caller, &["node".to_owned(), script.to_str().unwrap().to_owned()]);
        node.envs(self.settings.iter().map(|(key, value)| (key, value)));
        let log = self.home.join("log");
        let file = std::fs::File::create(&log).unwrap();
        node.stdout(file.try_clone().unwrap()).stderr(file);
        let mut process = start(node);
        until("the mail server answers", async || {
            let ended = process.try_wait().unwrap();
            assert!(ended.is_none(), "smtp-server ended:\n{}", std::fs::read_to_string(&log).unwrap());
            http().get(format!("{}/counts", self.issuer)).send().await.is_ok()
                && tokio::net::TcpStream::connect(("127.0.0.1", self.port)).await.is_ok()
        })
        .await;
        self.process = Some(process);
    }

    /// Mails it took, also those it did not say so of, in order: the name they were for, and the bytes.
    pub fn mails(&self) -> Vec<(String, Vec<u8>)> {
        let entries = std::fs::read_dir(self.home.join("mails")).unwrap().map(|entry| entry.unwrap().path());
        let mut files: Vec<PathBuf> =
            entries.filter(|path| path.extension().is_some_and(|extension| extension == "eml")).collect();
        files.sort();
        let name = |path: &Path| path.file_stem().unwrap().to_str().unwrap()[7..].to_owned();
        files.iter().map(|path| (name(path), std::fs::read(path).unwrap())).collect()
    }

    /// Has something done: to the issuer of tokens (`revoke`, `short`), for whoever is `slow` (`go`); or asks how much there is of
    /// everything (`counts`).
    pub async fn ask(&self, what: &str) -> Value {
        http().get(format!("{}/{what}", self.issuer)).send().await.unwrap().json().await.unwrap()
    }
}

impl Drop for SmtpSink {
    fn drop(&mut self) {
        self.stop();
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("smtp-sink")
}
