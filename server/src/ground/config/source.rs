//! Where a value came from. Later layers win: defaults, the file, the environment, secret files.

use std::fmt;
use std::path::PathBuf;

/// The origin of one value, as `config print` and problems name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Nobody said anything.
    Default,
    /// The configuration file.
    File(PathBuf),
    /// An environment variable, by name.
    Env(String),
    /// A file that holds the value, and the key or variable that named the file.
    SecretFile {
        /// The file.
        file: PathBuf,
        /// Who named it: `database.url_file` or `CHANCERY_DATABASE_URL_FILE`.
        named_by: String,
    },
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Default => f.write_str("default"),
            Source::File(path) => write!(f, "from {}", one_line(path)),
            Source::Env(name) => write!(f, "from {name}"),
            Source::SecretFile { file, named_by } => {
                write!(f, "from {}, named by {named_by}", one_line(file))
            }
        }
    }
}

/// A path for people, on one line whatever it holds.
pub fn one_line(path: &std::path::Path) -> String {
    path.display().to_string().chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
