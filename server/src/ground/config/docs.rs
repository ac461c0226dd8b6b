//! The table of `docs/configuration.md`, written from the list of settings; a test holds the two equal.

use std::fmt::Write as _;

use super::keys::KEYS;

/// Marks where the table begins in the document.
pub const BEGIN: &str = "<!-- settings: begin -->";
/// Marks where it ends.
pub const END: &str = "<!-- settings: end -->";

/// The table, in Markdown.
pub fn table() -> String {
    let mut out = String::from("| Setting | Environment | Default | What it is |\n|---|---|---|---|\n");
    for key in KEYS {
        let default = if key.default.is_empty() { "empty".to_owned() } else { format!("`{}`", key.default) };
        let secret = if key.secret { " Secret: never printed." } else { "" };
        let help = key.help.replace('|', "\\|");
        let _ = writeln!(out, "| `{}` | `{}` | {default} | {help}{secret} |", key.path, key.env());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_holds_the_list_of_settings() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/configuration.md");
        let document = std::fs::read_to_string(file).unwrap();
        let (head, rest) = document.split_once(BEGIN).expect("the table has a beginning");
        let (found, tail) = rest.split_once(END).expect("the table has an end");
        if std::env::var_os("CHANCERY_REWRITE").is_some() {
            return std::fs::write(file, format!("{head}{BEGIN}\n{}{END}{tail}", table())).unwrap();
        }
        assert_eq!(found.trim(), table().trim(), "run this test again with CHANCERY_REWRITE=1");
    }
}
