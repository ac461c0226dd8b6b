//! From Rust to wasm and its JavaScript glue, with wasm-bindgen as a library: nothing to install, and its
//! version cannot drift from the crate's.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::{Bindgen, Output};

use super::Files;
use crate::sh;
use crate::workspace::Workspace;

/// The target of everything that runs in a browser.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// Views of one type instead of a type for each view: less code, and fast enough. And no folder of the machine that builds
/// in the messages of panics: the same sources give the same bundle wherever they lie.
fn small() -> Result<String> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(std::env::home_dir()?.join(".cargo"))).context("no home folder")?;
    // Each registry has a folder of its own, whose name says nothing to anybody and stands in the code hundreds of times.
    let mut flags = Vec::new();
    for folder in std::fs::read_dir(home.join("registry/src")).into_iter().flatten() {
        flags.push(format!("--remap-path-prefix={}=crates", folder?.path().display()));
    }
    flags.sort();
    flags.extend(["--cfg", "erase_components"].map(str::to_owned));
    Ok(format!("target.{TARGET}.rustflags = {flags:?}"))
}

/// Compiles a package in a profile of the workspace, `ui` being as small as for a release, and returns its glue
/// `<name>.js`, the wasm `<name>_bg.wasm` and the scripts its dependencies bring.
pub fn compile(workspace: &Workspace, package: &str, name: &str, profile: &str) -> Result<Files> {
    ensure_target()?;
    let mut build = sh::cargo();
    build.args(["build", "--package", package, "--profile", profile, "--target", TARGET]);
    if profile == "ui" {
        build.args(["--config", &small()?]);
    }
    sh::run(build.current_dir(&workspace.root))?;
    let folder = workspace.target.join(TARGET).join(if profile == "dev" { "debug" } else { profile });
    // A crate with a `main` leaves its name with dashes, a cdylib with underscores.
    let candidates = [package.replace('-', "_"), package.to_owned()]
        .map(|stem| folder.join(stem).with_added_extension("wasm"));
    let Some(wasm) = candidates.iter().find(|file| file.is_file()) else {
        bail!("cargo left no wasm in {}: {package} needs a `main.rs` or crate-type cdylib", folder.display());
    };
    bind(name, &std::fs::read(wasm).with_context(|| format!("reading {}", wasm.display()))?)
}

fn bind(name: &str, wasm: &[u8]) -> Result<Files> {
    println!("Making the JavaScript glue …");
    let mut output = Bindgen::new()
        .input_bytes(name, wasm.to_vec())
        .web(true)?
        .typescript(false)
        .demangle(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        // Whoever loads the glue passes the address of the wasm: in the client only boot.js knows the hashed name.
        .omit_default_module_path(true)
        .generate_output()
        .context("wasm-bindgen")?;
    let mut files = Files::new();
    let mut glue = output.js().to_owned();
    for (path, content) in snippets(&output) {
        let snippet = format!("snippet-{}", path.replace('/', "-"));
        glue = refer(&glue, &path, &snippet)?;
        files.insert(snippet, content.into_bytes());
    }
    files.insert(format!("{name}.js"), glue.into_bytes());
    files.insert(format!("{name}_bg.wasm"), output.wasm_mut().emit_wasm());
    Ok(files)
}

/// The scripts that dependencies bring along, by their path below `./snippets/`.
fn snippets(output: &Output) -> BTreeMap<String, String> {
    let inline = output.snippets().iter().flat_map(|(folder, list)| {
        list.iter().enumerate().map(move |(at, content)| (format!("{folder}/inline{at}.js"), content.clone()))
    });
    let local = output.local_modules().iter().map(|(path, content)| (path.clone(), content.clone()));
    inline.chain(local).collect()
}

/// Lets the glue import a snippet under its name in the bundle.
fn refer(glue: &str, path: &str, name: &str) -> Result<String> {
    let import = format!("./snippets/{path}");
    if !glue.contains(&import) {
        bail!("the glue does not import {import}, which a dependency brings");
    }
    Ok(glue.replace(&import, &format!("{{{{{name}}}}}")))
}

/// Makes sure that the compiler can produce wasm, with rustup's help when it is there.
///
/// # Errors
/// When the target is missing and cannot be added; the message says what is needed.
pub fn ensure_target() -> Result<()> {
    let sysroot = sh::ask("rustc", &["--print", "sysroot"]).context("cannot start `rustc`")?;
    let library = std::path::Path::new(sysroot.trim()).join("lib/rustlib").join(TARGET).join("lib");
    if library.is_dir() {
        return Ok(());
    }
    println!("The compiler cannot produce wasm yet: adding the target {TARGET} with rustup …");
    sh::run(std::process::Command::new("rustup").args(["target", "add", TARGET])).with_context(|| {
        format!(
            "the client needs Rust's standard library for {TARGET}, and `rustup target add {TARGET}` did not \
             bring it; add it by hand, or install your distribution's package of it for this very version of Rust"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snippet_is_imported_under_its_name_in_the_bundle() {
        let glue = "import { a } from './snippets/crate-1/inline0.js';";
        let referred = refer(glue, "crate-1/inline0.js", "snippet-crate-1-inline0.js").unwrap();
        assert_eq!(referred, "import { a } from '{{snippet-crate-1-inline0.js}}';");
        assert!(refer(glue, "crate-2/inline0.js", "x.js").is_err());
    }
}
