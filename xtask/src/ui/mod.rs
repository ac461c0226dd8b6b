//! `cargo xtask ui`: the interfaces, from Rust sources to the files the server embeds.
//!
//! cargo → wasm-bindgen as a library → equal functions joined → style sheets joined → every asset under a name with its content's
//! hash → brotli and gzip beside each → `<folder>/dist`, put in place in one step. What must stay true: the
//! same sources give the same bundle, a half-built bundle is never seen, and the wasm stays under its budget.

mod assets;
mod bindgen;
mod compress;
mod css;
mod merge;
mod publish;
mod stamp;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::workspace::Workspace;

pub use bindgen::{TARGET as WASM_TARGET, compile, ensure_target};

/// An interface for the browser.
struct Interface {
    /// What it is, in a sentence.
    title: &'static str,
    /// Where its sources are, relative to the repository's root.
    folder: &'static str,
    /// Its crate.
    package: &'static str,
    /// How its script, wasm and style sheet are called.
    name: &'static str,
    /// The most the wasm may weigh after brotli, in bytes. Everybody downloads it after every release.
    budget: usize,
}

const INTERFACES: [Interface; 2] = [
    Interface {
        title: "chat client",
        folder: "chat-ui",
        package: "chancery-chat-ui",
        name: "chat",
        // 10 kB more than before sign-in at providers, which took 8: its answers, its two pages and their words.
        // 15 kB more for the second step of signing in (its form, passkeys, and their answers of any form) and the word beside bots.
        // 10 kB more for pictures of people (2) and guests: badges with sponsor and end, and what guests are not offered (8).
        // 15 kB more for the policy text that stands in front of the chat.
        // 25 kB more for what rules do to what is written: its answers of any form (10), the question, the notes and the labels.
        // 25 kB more for mails about what was not read: what is chosen, quiet hours, why there was none.
        budget: 565_000,
    },
    Interface {
        title: "console",
        folder: "admin-ui",
        package: "chancery-admin-ui",
        name: "console",
        // 40 kB more than before access tokens, bots, second factors and accounts for emergencies, which took 68 together.
        // 40 kB more for groups made here, guests and pictures.
        // 400 kB more for rules, word lists, approvals, waiting texts and the policy text; screening in the browser is most of it.
        // 40 kB more for mail: settings, trying them out, what mails look like, links that go by mail.
        budget: 1_140_000,
    },
];

/// The folder with the files both interfaces take as they are.
const SHARED: &str = "ui-kit/static";

/// How the interfaces are built.
#[derive(Args, Default)]
pub struct Options {
    /// Build even when nothing changed since the last time.
    #[arg(long)]
    pub force: bool,
    /// Unoptimised and uncompressed, to look at while working; never for others.
    #[arg(long)]
    pub quick: bool,
    /// Only the interface in this folder (`chat-ui`, `admin-ui`).
    #[arg(long, value_name = "FOLDER")]
    pub only: Option<String>,
}

/// The files of a bundle by name, without the folder `assets`.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Builds the bundles unless they are there and their sources are unchanged.
///
/// # Errors
/// When a source is missing or wrong, a build step fails, or a wasm is over its budget.
pub fn build(workspace: &Workspace, options: &Options) -> Result<()> {
    let wanted: Vec<&Interface> = INTERFACES
        .iter()
        .filter(|one| options.only.as_deref().is_none_or(|only| only == one.folder))
        .collect();
    if wanted.is_empty() {
        bail!("--only names {}", INTERFACES.map(|one| one.folder).join(" or "));
    }
    wanted.into_iter().try_for_each(|one| one.build(workspace, options))
}

impl Interface {
    fn build(&self, workspace: &Workspace, options: &Options) -> Result<()> {
        let Self { title, folder, package, name, budget } = self;
        let root = workspace.root.join(folder);
        let dist = root.join("dist");
        let inputs = stamp::of_inputs(&workspace.root, folder)?;
        if !options.force && !options.quick && stamp::is_current(&dist, &inputs) {
            println!("The {title} is up to date ({folder}/dist).");
            return Ok(());
        }
        println!("Building the {title} for the browser (a first time takes some 3 to 6 minutes) …");
        let profile = if options.quick { "dev" } else { "ui" };
        let mut files = bindgen::compile(workspace, package, name, profile)?;
        if !options.quick {
            let wasm = format!("{name}_bg.wasm");
            let code = files.remove(&wasm).with_context(|| format!("the build made no {wasm}"))?;
            files.insert(wasm, merge::equal_functions(code)?);
        }
        files.insert(format!("{name}.css"), css::collect(&workspace.root, folder)?.into_bytes());
        for folder in [workspace.root.join(SHARED), root.join("static")] {
            add_static_files(&folder, &mut files)?;
        }
        let pages = pages(&root)?;
        let pages: Vec<(&str, &str)> = pages.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let bundle = assets::name_by_content(&pages, &files)?;
        if options.quick {
            // Without a stamp: the next build without `--quick` makes it properly.
            return publish::plain(&dist, &bundle);
        }
        println!("Compressing …");
        let written = publish::publish(&dist, &bundle, &inputs, *budget)?;
        report(folder, &written, *budget);
        Ok(())
    }
}

/// The files that keep their names: the page that loads the interface and, where there is one, the service worker.
fn pages(folder: &Path) -> Result<Vec<(&'static str, String)>> {
    let mut pages = Vec::new();
    for name in ["index.html", "sw.js"] {
        let file = folder.join(name);
        if name == "index.html" || file.is_file() {
            pages.push((
                name,
                fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?,
            ));
        }
    }
    Ok(pages)
}

/// Makes sure that the folders the server embeds exist, for builds that only look at the code.
///
/// # Errors
/// When a folder cannot be made.
pub fn ensure_folder(root: &Path) -> Result<()> {
    for one in &INTERFACES {
        let dist = root.join(one.folder).join("dist");
        fs::create_dir_all(&dist).with_context(|| format!("making {}", dist.display()))?;
    }
    Ok(())
}

/// Adds everything that lies in `folder`, which has no subfolders.
fn add_static_files(folder: &Path, files: &mut Files) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = entry.path();
        if !entry.file_type()?.is_file() {
            bail!("{} is not a plain file; a folder of static files has no subfolders", path.display());
        }
        let content = fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
        if files.insert(name, content).is_some() {
            bail!("{} has the name of a file that the build makes or another folder brings", path.display());
        }
    }
    Ok(())
}

fn report(folder: &str, written: &[publish::Written], budget: usize) {
    println!("{folder}/dist: {:>9} {:>9} {:>9}", "plain", "gzip", "brotli");
    for file in written {
        println!("  {:>20} {:>9} {:>9}  {}", file.plain, file.gzip, file.brotli, file.name);
    }
    let wasm: usize =
        written.iter().filter(|file| file.name.ends_with(".wasm")).map(|file| file.brotli).sum();
    println!("The wasm is {wasm} bytes after brotli, of {budget} allowed.");
}
