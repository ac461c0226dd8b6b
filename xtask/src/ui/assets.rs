//! Names with a hash: an asset never changes under its name, so browsers may keep it for ever.
//!
//! A file refers to another as `{{name.ext}}`; the reference becomes `/assets/name-<hash>.ext`. A file's own
//! hash is taken after its references were replaced, so a change of the wasm changes the name of the script
//! that loads it. References to unknown files and circles are errors.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::Files;

/// Pages and the assets they lead to, all under their final names.
pub struct Bundle {
    /// `index.html` and `sw.js` with their references replaced. They keep their names: an address is typed and linked, and a
    /// service worker answers only for what lies below its own.
    pub pages: Files,
    /// Content by final file name.
    pub assets: Files,
}

/// Gives every file its final name and replaces the references in pages, scripts and style sheets.
///
/// # Errors
/// When a reference names no file, or files refer to each other in a circle.
pub fn name_by_content(pages: &[(&str, &str)], files: &Files) -> Result<Bundle> {
    let mut naming = Naming { files, done: BTreeMap::new(), open: Vec::new(), assets: Files::new() };
    for name in files.keys() {
        naming.final_name(name)?;
    }
    let mut named = Files::new();
    for (name, text) in pages {
        named.insert((*name).to_owned(), naming.replace(name, text)?.into_bytes());
    }
    Ok(Bundle { pages: named, assets: naming.assets })
}

struct Naming<'a> {
    files: &'a Files,
    done: BTreeMap<String, String>,
    open: Vec<String>,
    assets: Files,
}

impl Naming<'_> {
    fn final_name(&mut self, name: &str) -> Result<String> {
        if let Some(done) = self.done.get(name) {
            return Ok(done.clone());
        }
        if self.open.iter().any(|open| open == name) {
            bail!("files refer to each other in a circle: {} → {name}", self.open.join(" → "));
        }
        let content =
            self.files.get(name).with_context(|| format!("there is no file for `{{{{{name}}}}}`"))?;
        self.open.push(name.to_owned());
        let content = if may_refer(name) {
            let text = std::str::from_utf8(content).with_context(|| format!("{name} is not UTF-8"))?;
            self.replace(name, text)?.into_bytes()
        } else {
            content.clone()
        };
        self.open.pop();
        let hashed = hashed_name(name, &content);
        self.assets.insert(hashed.clone(), content);
        self.done.insert(name.to_owned(), hashed.clone());
        Ok(hashed)
    }

    fn replace(&mut self, owner: &str, text: &str) -> Result<String> {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find("{{") {
            let (before, after) = rest.split_at(start);
            out.push_str(before);
            match reference(after) {
                Some(name) => {
                    let target = self.final_name(name).with_context(|| format!("in {owner}"))?;
                    out.push_str("/assets/");
                    out.push_str(&target);
                    rest = &after[name.len() + 4..];
                }
                None => {
                    out.push('{');
                    rest = &after[1..];
                }
            }
        }
        out.push_str(rest);
        Ok(out)
    }
}

/// The name in a `{{name.ext}}` at the start of `text`; scripts contain other double braces.
fn reference(text: &str) -> Option<&str> {
    let (name, _) = text.strip_prefix("{{")?.split_once("}}")?;
    let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
    (plain && name.contains('.')).then_some(name)
}

/// Scripts, style sheets and manifests.
fn may_refer(name: &str) -> bool {
    [".js", ".css", ".webmanifest"].iter().any(|ending| name.ends_with(ending))
}

fn hashed_name(name: &str, content: &[u8]) -> String {
    let hash = HEXLOWER.encode(&Sha256::digest(content)[..8]);
    match name.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}-{hash}.{extension}"),
        None => format!("{name}-{hash}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(list: &[(&str, &str)]) -> Files {
        list.iter().map(|(name, content)| ((*name).to_owned(), content.as_bytes().to_vec())).collect()
    }

    fn index_of(index: &str, list: &[(&str, &str)]) -> Result<String> {
        let bundle = name_by_content(&[("index.html", index)], &files(list))?;
        Ok(String::from_utf8(bundle.pages["index.html"].clone())?)
    }

    #[test]
    fn references_become_hashed_addresses() {
        let page = index_of("<script src=\"{{a.js}}\"></script>", &[("a.js", "1")]).unwrap();
        assert_eq!(page, "<script src=\"/assets/a-6b86b273ff34fce1.js\"></script>");
    }

    #[test]
    fn a_change_deep_down_changes_every_name_above() {
        let of = |wasm| {
            index_of("{{boot.js}}", &[("boot.js", "load('{{chat_bg.wasm}}')"), ("chat_bg.wasm", wasm)])
                .unwrap()
        };
        assert_eq!(of("1"), of("1"));
        assert_ne!(of("1"), of("2"));
    }

    #[test]
    fn an_unknown_reference_is_an_error_with_its_place() {
        let error = index_of("{{boot.js}}", &[("boot.js", "{{none.svg}}")]).err().unwrap();
        let text = format!("{error:#}");
        assert!(text.contains("none.svg") && text.contains("boot.js"), "{text}");
    }

    #[test]
    fn circles_are_errors() {
        let error = index_of("", &[("a.js", "{{b.js}}"), ("b.js", "{{a.js}}")]).err().unwrap();
        assert!(format!("{error:#}").contains("circle"));
    }

    #[test]
    fn other_double_braces_are_left_alone() {
        let script = "f({{}}); `${{x}}`; {{ a.b }}; {{";
        assert_eq!(
            name_by_content(&[], &files(&[("a.js", script)])).unwrap().assets.values().next().unwrap(),
            script.as_bytes()
        );
    }
}
