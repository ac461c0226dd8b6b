//! `cargo xtask ui`: the chat client, from Rust sources to the files the server embeds.
//!
//! cargo → wasm-bindgen as a library → style sheets joined → every asset under a name with its content's
//! hash → brotli and gzip beside each → `chat-ui/dist`, put in place in one step. What must stay true: the
//! same sources give the same bundle, a half-built bundle is never seen, and the wasm stays under its budget.

mod assets;
mod bindgen;
mod compress;
mod css;
mod publish;
mod stamp;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::workspace::Workspace;

pub use bindgen::{TARGET as WASM_TARGET, compile, ensure_target};

/// The most the wasm may weigh after brotli, in bytes. Every employee downloads it after every release.
const WASM_BUDGET: usize = 450_000;

/// How the chat client is built.
#[derive(Args, Default)]
pub struct Options {
    /// Build even when nothing changed since the last time.
    #[arg(long)]
    pub force: bool,
    /// Unoptimised and uncompressed, to look at while working; never for others.
    #[arg(long)]
    pub quick: bool,
}

/// The files of a bundle by name, without the folder `assets`.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Builds the bundle unless it is there and its sources are unchanged.
///
/// # Errors
/// When a source is missing or wrong, a build step fails, or the wasm is over its budget.
pub fn build(workspace: &Workspace, options: &Options) -> Result<()> {
    let dist = workspace.root.join("chat-ui/dist");
    let inputs = stamp::of_inputs(&workspace.root)?;
    if !options.force && !options.quick && stamp::is_current(&dist, &inputs) {
        println!("The chat client is up to date (chat-ui/dist).");
        return Ok(());
    }
    println!("Building the chat client for the browser (a first time takes some 3 to 6 minutes) …");
    let profile = if options.quick { "dev" } else { "ui" };
    let mut files = bindgen::compile(workspace, "chancery-chat-ui", "chat", profile)?;
    files.insert("chat.css".into(), css::collect(&workspace.root)?.into_bytes());
    add_static_files(&workspace.root.join("chat-ui/static"), &mut files)?;
    let index = fs::read_to_string(workspace.root.join("chat-ui/index.html"))
        .context("reading chat-ui/index.html, the page that loads the client")?;
    let worker = fs::read_to_string(workspace.root.join("chat-ui/sw.js"))
        .context("reading chat-ui/sw.js, the service worker")?;
    let bundle = assets::name_by_content(&[("index.html", &index), ("sw.js", &worker)], &files)?;
    if options.quick {
        // Without a stamp: the next build without `--quick` makes it properly.
        return publish::plain(&dist, &bundle);
    }
    println!("Compressing …");
    let written = publish::publish(&dist, &bundle, &inputs)?;
    report(&written)
}

/// Makes sure that the folder the server embeds exists, for builds that only look at the code.
///
/// # Errors
/// When the folder cannot be made.
pub fn ensure_folder(root: &Path) -> Result<()> {
    let dist = root.join("chat-ui/dist");
    fs::create_dir_all(&dist).with_context(|| format!("making {}", dist.display()))
}

/// Adds everything that lies in `folder`, which has no subfolders.
fn add_static_files(folder: &Path, files: &mut Files) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !entry.file_type()?.is_file() {
            bail!("{} is not a plain file; chat-ui/static has no subfolders", entry.path().display());
        }
        let content =
            fs::read(entry.path()).with_context(|| format!("reading {}", entry.path().display()))?;
        if files.insert(name.clone(), content).is_some() {
            bail!("chat-ui/static/{name} has the name of a file that the build makes");
        }
    }
    Ok(())
}

fn report(written: &[publish::Written]) -> Result<()> {
    println!("chat-ui/dist: {:>9} {:>9} {:>9}", "plain", "gzip", "brotli");
    for file in written {
        println!("  {:>20} {:>9} {:>9}  {}", file.plain, file.gzip, file.brotli, file.name);
    }
    let wasm: usize =
        written.iter().filter(|file| file.name.ends_with(".wasm")).map(|file| file.brotli).sum();
    println!("The wasm is {wasm} bytes after brotli, of {WASM_BUDGET} allowed.");
    Ok(())
}
