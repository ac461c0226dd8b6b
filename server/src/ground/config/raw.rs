//! Gathers the text of every setting from its layers, before anything is understood.
//!
//! Two ways of giving the same setting in one layer (`database.url` and `database.url_file`) contradict
//! each other and are refused; between layers the later one wins: defaults, file, environment, secret files.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use zeroize::{Zeroize, Zeroizing};

use super::keys::{FILE_SUFFIX, KEYS, Key, PREFIX, Shape, find, nearest};
use super::parse::Fault;
use super::problem::Problems;
use super::source::{Source, one_line};

/// What reading a configuration needs from outside. Tests give their own.
pub struct Surroundings<'a> {
    /// All environment variables.
    pub env: Vec<(OsString, OsString)>,
    /// Working directory.
    pub cwd: PathBuf,
    /// Reads a whole file.
    pub read: &'a dyn Fn(&Path) -> io::Result<Vec<u8>>,
}

impl Surroundings<'static> {
    /// The real ones. Without a working directory (it was removed) relative paths stay relative.
    pub fn of_process() -> Self {
        let cwd = std::env::current_dir().unwrap_or_default();
        Self { env: std::env::vars_os().collect(), cwd, read: &|path| std::fs::read(path) }
    }
}

/// The text of one setting, and where it came from.
#[derive(Clone)]
pub struct Value {
    pub(super) text: Zeroizing<String>,
    pub(super) source: Source,
}

/// Every setting as text. A key is missing only when a problem was reported for it.
pub struct Raw {
    pub(super) values: BTreeMap<&'static str, Value>,
    /// What relative paths are relative to: the folder of the configuration file, or the working directory.
    pub(super) base: PathBuf,
}

/// Name of the file that is read when it lies in the working directory.
pub const FILE_NAME: &str = "chancery.toml";

impl Raw {
    /// Reads all layers. `explicit` is the file of `--config`, which must exist.
    pub(super) fn gather(
        explicit: Option<&Path>,
        outside: &Surroundings<'_>,
        problems: &mut Problems,
    ) -> Self {
        let file = outside.cwd.join(explicit.unwrap_or(Path::new(FILE_NAME)));
        let base = match explicit {
            Some(_) => file.parent().unwrap_or(&outside.cwd).to_owned(),
            None => outside.cwd.clone(),
        };
        let defaults = KEYS.iter().map(|key| {
            (key.path, Value { text: Zeroizing::new(key.default.to_owned()), source: Source::Default })
        });
        let mut gathering =
            Gathering { raw: Raw { values: defaults.collect(), base }, named: Vec::new(), outside, problems };
        gathering.file(&file, explicit.is_some());
        gathering.environment();
        gathering.secret_files();
        gathering.raw
    }

    /// Parses one setting, or says what is wrong with it.
    pub(super) fn parse<T>(
        &self,
        path: &'static str,
        parse: fn(&str) -> Result<T, Fault>,
        problems: &mut Problems,
    ) -> Option<T> {
        let value = self.values.get(path)?;
        match parse(&value.text) {
            Ok(parsed) => Some(parsed),
            Err(fault) => {
                problems.add(path, Some(value.source.clone()), fault.what, fault.mend);
                None
            }
        }
    }

    /// Where a setting came from.
    pub(super) fn source(&self, path: &str) -> Option<Source> {
        self.values.get(path).map(|value| value.source.clone())
    }
}

struct Gathering<'a, 'b> {
    raw: Raw,
    /// Files that hold values: key, file, and who named it.
    named: Vec<(&'static Key, PathBuf, String)>,
    outside: &'a Surroundings<'b>,
    problems: &'a mut Problems,
}

impl Gathering<'_, '_> {
    fn file(&mut self, file: &Path, must_exist: bool) {
        let bytes = match (self.outside.read)(file) {
            Ok(bytes) => Zeroizing::new(bytes),
            Err(e) if e.kind() == ErrorKind::NotFound && !must_exist => return,
            Err(e) => {
                let mend = "give the path of a file this account can read, or none";
                return self.problems.add(one_line(file), None, format!("cannot be read: {e}"), mend);
            }
        };
        let Ok(text) = std::str::from_utf8(&bytes) else {
            return self.problems.add(one_line(file), None, "is not UTF-8 text", "save it as UTF-8");
        };
        match text.parse::<toml::Table>() {
            Ok(table) => self.table(table, "", file),
            Err(e) => {
                // Not the error's own text: that shows the line, and the line may hold a password.
                let place = e.span().map_or(String::new(), |span| place(text, span.start));
                let what = format!("is not TOML{place}: {}", e.message());
                self.problems.add(one_line(file), None, what, "see the example in docs/configuration.md");
            }
        }
    }

    fn table(&mut self, table: toml::Table, section: &str, file: &Path) {
        for (name, value) in table {
            let path = if section.is_empty() { name } else { format!("{section}.{name}") };
            if let Some(key) = find(&path) {
                self.file_value(key, value, file);
            } else if let Some(key) = path.strip_suffix(FILE_SUFFIX).and_then(find) {
                match value {
                    toml::Value::String(holder) => self.name_file(key, holder.into(), path),
                    _ => self.wrong_shape(&path, file, "the path of a file in quotes"),
                }
            } else if let (true, toml::Value::Table(inner)) = (is_section(&path), value) {
                self.table(inner, &path, file);
            } else {
                self.unknown(path, Some(Source::File(file.to_owned())), file_names());
            }
        }
    }

    fn file_value(&mut self, key: &'static Key, value: toml::Value, file: &Path) {
        let text = match (key.shape, value) {
            (Shape::Text, toml::Value::String(text)) => text,
            (Shape::Number, toml::Value::Integer(number)) => number.to_string(),
            (Shape::Flag, toml::Value::Boolean(flag)) => flag.to_string(),
            (shape, _) => {
                self.raw.values.remove(key.path);
                return self.wrong_shape(
                    key.path,
                    file,
                    match shape {
                        Shape::Text => "text in quotes",
                        Shape::Number => "a whole number without quotes",
                        Shape::Flag => "true or false without quotes",
                    },
                );
            }
        };
        self.set(key, text, Source::File(file.to_owned()));
    }

    fn wrong_shape(&mut self, path: &str, file: &Path, wanted: &str) {
        let source = Some(Source::File(file.to_owned()));
        self.problems.add(path, source, "has the wrong form", format!("write {wanted}"));
    }

    fn environment(&mut self) {
        let outside = self.outside;
        for (name, value) in &outside.env {
            let Some(name) = name.to_str() else { continue };
            if !name.starts_with(PREFIX) || is_service_link(name) {
                continue;
            }
            let name = name.to_owned();
            let Some(value) = value.to_str().map(str::to_owned) else {
                let mend = "set it to text, or name a file with the value";
                self.problems.add(name, None, "is not UTF-8 text", mend);
                continue;
            };
            if let Some(key) = KEYS.iter().find(|key| key.env() == name) {
                self.set(key, value, Source::Env(name));
            } else if let Some(key) = KEYS.iter().find(|key| format!("{}_FILE", key.env()) == name) {
                self.name_file(key, value.into(), name);
            } else {
                self.unknown(name, None, env_names());
            }
        }
    }

    fn set(&mut self, key: &'static Key, text: String, source: Source) {
        self.raw.values.insert(key.path, Value { text: Zeroizing::new(text), source });
    }

    fn name_file(&mut self, key: &'static Key, file: PathBuf, named_by: String) {
        self.named.push((key, file, named_by));
    }

    fn unknown(&mut self, path: String, source: Option<Source>, known: impl Iterator<Item = String>) {
        let mend = match nearest(&path, known) {
            Some(name) => format!("did you mean {name}?"),
            None => "remove it; docs/configuration.md lists every setting".to_owned(),
        };
        self.problems.add(path, source, "is not a setting", mend);
    }

    fn secret_files(&mut self) {
        for (key, file, named_by) in std::mem::take(&mut self.named) {
            if self.contradicts(key, &named_by) {
                let other = if named_by.starts_with(PREFIX) { key.env() } else { key.path.to_owned() };
                let what = format!("contradicts {other}, which gives the same setting");
                self.problems.add(named_by, None, what, "keep one of the two");
                self.raw.values.remove(key.path);
                continue;
            }
            let file = self.raw.base.join(file);
            match self.secret(&file) {
                Ok(text) => {
                    self.raw
                        .values
                        .insert(key.path, Value { text, source: Source::SecretFile { file, named_by } });
                }
                Err(fault) => {
                    self.problems.add(
                        named_by,
                        None,
                        format!("{}: {}", one_line(&file), fault.what),
                        fault.mend,
                    );
                    self.raw.values.remove(key.path);
                }
            }
        }
    }

    /// Whether the layer that names a file for this key also gives its value.
    fn contradicts(&self, key: &Key, named_by: &str) -> bool {
        match self.raw.source(key.path) {
            Some(Source::File(_)) => !named_by.starts_with(PREFIX),
            Some(Source::Env(_)) => named_by.starts_with(PREFIX),
            _ => false,
        }
    }

    /// The value a file holds: one line, its line break not counted.
    fn secret(&self, file: &Path) -> Result<Zeroizing<String>, Fault> {
        let bytes = (self.outside.read)(file)
            .map_err(|e| Fault::new(format!("cannot be read: {e}"), "name a file this account can read"))?;
        let text = match String::from_utf8(bytes) {
            Ok(text) => Zeroizing::new(text),
            Err(e) => {
                e.into_bytes().zeroize();
                return Err(Fault::new("is not UTF-8 text", "write the value into it as text"));
            }
        };
        let value = text.trim_end_matches(['\r', '\n']);
        if value.is_empty() {
            return Err(Fault::new("is empty", "write the value into it"));
        }
        if value.contains(['\r', '\n', '\0']) {
            return Err(Fault::new("holds more than one line", "write only the value into it, on one line"));
        }
        Ok(Zeroizing::new(value.to_owned()))
    }
}

fn is_section(path: &str) -> bool {
    KEYS.iter().any(|key| key.path.strip_prefix(path).is_some_and(|rest| rest.starts_with('.')))
}

fn file_names() -> impl Iterator<Item = String> {
    KEYS.iter().flat_map(|key| [key.path.to_owned(), format!("{}{FILE_SUFFIX}", key.path)])
}

fn env_names() -> impl Iterator<Item = String> {
    KEYS.iter().flat_map(|key| [key.env(), format!("{}_FILE", key.env())])
}

/// Kubernetes gives every container variables for each service of its namespace; beside a service called
/// `chancery` they begin as ours do, and a server must not refuse to start for that.
fn is_service_link(name: &str) -> bool {
    let rest = name.strip_prefix(PREFIX).unwrap_or_default();
    let port = rest.strip_prefix("SERVICE_PORT").or_else(|| rest.strip_prefix("PORT"));
    rest == "SERVICE_HOST" || port.is_some_and(|after| after.is_empty() || after.starts_with('_'))
}

/// ` in line 3, column 5`, counted from one.
fn place(text: &str, offset: usize) -> String {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
    format!(" in line {line}, column {column}")
}
