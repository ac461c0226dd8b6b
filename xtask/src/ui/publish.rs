//! Puts a finished bundle in place: written beside `dist`, then renamed, so that a server that is being
//! compiled never embeds half of it.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::{assets::Bundle, compress, stamp};
use crate::sh;

/// A file of the bundle with its sizes in bytes.
pub struct Written {
    /// Path inside the bundle.
    pub name: String,
    /// As it is.
    pub plain: usize,
    /// After gzip.
    pub gzip: usize,
    /// After brotli.
    pub brotli: usize,
}

/// Writes the bundle with its compressed copies and replaces what was there. `budget` is the most the wasm may weigh after
/// brotli, in bytes.
///
/// # Errors
/// When a file cannot be written, or the wasm is over its budget; then the old bundle stays.
pub fn publish(dist: &Path, bundle: &Bundle, inputs: &str, budget: usize) -> Result<Vec<Written>> {
    replace(dist, |fresh| write_all(fresh, bundle, inputs, budget))
}

/// Writes the bundle as it is, without compressed copies, stamp and budget.
///
/// # Errors
/// When a file cannot be written; then the old bundle stays.
pub fn plain(dist: &Path, bundle: &Bundle) -> Result<()> {
    replace(dist, |fresh| {
        fs::create_dir_all(fresh.join("assets"))?;
        for (name, content) in &bundle.pages {
            fs::write(fresh.join(name), content)?;
        }
        for (name, content) in &bundle.assets {
            fs::write(fresh.join("assets").join(name), content)?;
        }
        Ok(())
    })
}

fn replace<T>(dist: &Path, write: impl FnOnce(&Path) -> Result<T>) -> Result<T> {
    let parent = dist.parent().context("the bundle's folder has no parent")?;
    let fresh = parent.join(format!(".dist-new-{}", std::process::id()));
    let old = parent.join(format!(".dist-old-{}", std::process::id()));
    sh::remove_folder(&fresh)?;
    let outcome = write(&fresh).and_then(|written| {
        sh::remove_folder(&old)?;
        if dist.exists() {
            fs::rename(dist, &old).context("moving the old bundle away")?;
        }
        fs::rename(&fresh, dist).context("moving the new bundle into place")?;
        Ok(written)
    });
    sh::remove_folder(&fresh)?;
    sh::remove_folder(&old)?;
    outcome
}

fn write_all(folder: &Path, bundle: &Bundle, inputs: &str, budget: usize) -> Result<Vec<Written>> {
    fs::create_dir_all(folder.join("assets")).with_context(|| format!("making {}", folder.display()))?;
    let mut written = Vec::new();
    for (name, content) in &bundle.pages {
        written.push(write_one(folder, name, content)?);
    }
    for (name, content) in &bundle.assets {
        written.push(write_one(folder, &format!("assets/{name}"), content)?);
    }
    within_budget(&written, budget)?;
    stamp::write(folder, inputs)?;
    Ok(written)
}

fn write_one(folder: &Path, name: &str, content: &[u8]) -> Result<Written> {
    let gzip = compress::gzip(content)?;
    let brotli = compress::brotli(content)?;
    for (ending, bytes) in [("", content), (".gz", &gzip), (".br", &brotli)] {
        let path = folder.join(format!("{name}{ending}"));
        fs::write(&path, bytes).with_context(|| format!("writing {}", path.display()))?;
    }
    Ok(Written { name: name.to_owned(), plain: content.len(), gzip: gzip.len(), brotli: brotli.len() })
}

fn within_budget(written: &[Written], budget: usize) -> Result<()> {
    let wasm: usize =
        written.iter().filter(|file| file.name.ends_with(".wasm")).map(|file| file.brotli).sum();
    if wasm > budget {
        bail!("the wasm is {wasm} bytes after brotli, {} over its budget of {budget}", wasm - budget);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::Files;

    const BUDGET: usize = 400_000;

    fn bundle(wasm: Vec<u8>) -> Bundle {
        Bundle {
            pages: Files::from([("index.html".to_owned(), b"<!doctype html>".to_vec())]),
            assets: Files::from([("chat_bg-1.wasm".to_owned(), wasm)]),
        }
    }

    /// Bytes that no compressor makes smaller.
    fn noise(len: usize) -> Vec<u8> {
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        let step = move || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state as u8
        };
        std::iter::repeat_with(step).take(len).collect()
    }

    #[test]
    fn every_file_has_its_compressed_copies_and_nothing_else_is_left() {
        let root = tempfile::tempdir().unwrap();
        let dist = root.path().join("dist");
        publish(&dist, &bundle(b"old".to_vec()), "1", BUDGET).unwrap();
        publish(&dist, &bundle(b"new".to_vec()), "2", BUDGET).unwrap();
        for name in ["index.html", "assets/chat_bg-1.wasm"] {
            for ending in ["", ".gz", ".br"] {
                assert!(dist.join(format!("{name}{ending}")).is_file(), "{name}{ending}");
            }
        }
        assert_eq!(fs::read(dist.join("assets/chat_bg-1.wasm")).unwrap(), b"new");
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_wasm_over_budget_is_refused_and_the_old_bundle_stays() {
        let root = tempfile::tempdir().unwrap();
        let dist = root.path().join("dist");
        publish(&dist, &bundle(b"old".to_vec()), "1", BUDGET).unwrap();
        let error = publish(&dist, &bundle(noise(BUDGET + 1_000)), "2", BUDGET).err().unwrap();
        assert!(format!("{error:#}").contains("budget"));
        assert_eq!(fs::read(dist.join("assets/chat_bg-1.wasm")).unwrap(), b"old");
    }
}
