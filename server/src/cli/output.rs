//! What commands say, and how they fail.

use std::fmt::{self, Display};
use std::io::{self, Write};

use super::{FAILED, WRONG_USE};

/// Why a command failed, for the person who typed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// One sentence without a full stop.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// Exit code.
    pub code: u8,
}

impl Failure {
    /// It was tried and failed.
    pub fn new(message: impl Display) -> Self {
        Self { message: message.to_string(), help: None, code: FAILED }
    }

    /// It was not tried: something that was typed or configured is wrong.
    pub fn wrong_use(message: impl Display) -> Self {
        Self { code: WRONG_USE, ..Self::new(message) }
    }

    /// What to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

pub(super) fn print_failure(failure: &Failure, err: &mut dyn Write) {
    let _ = writeln!(err, "error: {}", failure.message);
    if let Some(help) = &failure.help {
        let _ = writeln!(err, "help: {help}");
    }
}

/// Writes one line of an answer to the standard output and sends it off at once, so that whoever waits for it (a
/// script, `cargo xtask run`) sees it although the process goes on.
///
/// # Errors
/// When nobody can read it any more.
pub fn say(line: impl Display) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}
