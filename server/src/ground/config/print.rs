//! `config print`: the whole configuration as TOML that could be read back, each value with its source.

use std::fmt::Write as _;

use super::keys::{KEYS, Key, Shape};
use super::raw::Raw;
use super::source::{Source, one_line};
use super::{Config, DatabaseUrl, HIDDEN};

/// Writes it. Where an empty value stands for something, a comment says what for.
pub(super) fn print(raw: &Raw, config: &Config) -> String {
    let mut out = String::new();
    let mut section = "";
    for key in KEYS {
        let (own, name) = key.path.rsplit_once('.').unwrap_or(("", key.path));
        if own != section {
            section = own;
            let _ = write!(out, "\n[{section}]\n");
        }
        let Some(value) = raw.values.get(key.path) else { continue };
        let _ = write!(out, "{name} = {}  # {}", shown(key, &value.text), value.source);
        if let Some(effect) = effect(key, &value.text, &value.source, config) {
            let _ = write!(out, ": {effect}");
        }
        out.push('\n');
    }
    out
}

fn shown(key: &Key, text: &str) -> String {
    match key.shape {
        Shape::Number | Shape::Flag => text.to_owned(),
        Shape::Text if key.secret && !text.is_empty() => format!("\"{HIDDEN}\""),
        Shape::Text => quoted(text),
    }
}

/// A basic string of TOML, always on one line.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// What an empty or relative value comes to.
fn effect(key: &Key, text: &str, source: &Source, config: &Config) -> Option<String> {
    let sqlite = |url: &DatabaseUrl| match url {
        DatabaseUrl::Sqlite(file) => Some(format!("SQLite in {}", one_line(file))),
        DatabaseUrl::Postgres(_) => None,
    };
    match key.path {
        "public_url" if text.is_empty() => Some(config.public_url.to_string()),
        "data" if *source == Source::Default || config.data.as_os_str() != text => {
            Some(one_line(&config.data))
        }
        "database.url" => sqlite(&config.database.url),
        "keys.url" => sqlite(&config.keys.url),
        "keys.master_key_file" if text.is_empty() => Some(one_line(&config.keys.master_key_file)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_text_reads_back() {
        for text in ["", "a \"b\" \\ c", "C:\\keys", "bell\u{7}\n\u{85}", "Zürich 🙂 #1"] {
            let table: toml::Table = format!("x = {}", quoted(text)).parse().unwrap();
            assert_eq!(table["x"].as_str(), Some(text));
        }
    }
}
