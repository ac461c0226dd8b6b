//! What is wrong with a configuration: every problem at once, each with its path and how to mend it.

use std::fmt;

use super::source::Source;

/// One thing to mend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The key (`tls.certificate`), the environment variable or the file concerned.
    pub path: String,
    /// Where the wrong value came from, when it came from anywhere.
    pub source: Option<Source>,
    /// What is wrong. Never holds the value of a secret.
    pub what: String,
    /// What to do about it.
    pub mend: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.source {
            Some(source) => write!(f, "{} ({source}): {}\n    help: {}", self.path, self.what, self.mend),
            None => write!(f, "{}: {}\n    help: {}", self.path, self.what, self.mend),
        }
    }
}

/// All of them; never empty when it is an error.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// In the order in which they were found.
    pub fn list(&self) -> &[Problem] {
        &self.0
    }

    /// Whether there is nothing to mend.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn add(
        &mut self,
        path: impl Into<String>,
        source: Option<Source>,
        what: impl Into<String>,
        mend: impl Into<String>,
    ) {
        self.0.push(Problem { path: path.into(), source, what: what.into(), mend: mend.into() });
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.len() {
            1 => write!(f, "the configuration has a problem")?,
            n => write!(f, "the configuration has {n} problems")?,
        }
        for problem in &self.0 {
            write!(f, "\n  {problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}
