//! From Rust to wasm and its JavaScript glue, with wasm-bindgen as a library: nothing to install, and its
//! version cannot drift from the crate's.

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use super::Files;
use crate::sh;
use crate::workspace::Workspace;

/// The target of everything that runs in a browser.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// Compiles `chat-ui` and returns `chat.js` and `chat_bg.wasm`.
pub fn compile(workspace: &Workspace) -> Result<Files> {
    ensure_target()?;
    sh::run(
        sh::cargo()
            .args(["build", "--package", "chancery-chat-ui", "--profile", "ui", "--target", TARGET])
            .current_dir(&workspace.root),
    )?;
    let folder = workspace.target.join(TARGET).join("ui");
    // A crate with a `main` leaves its name with dashes, a cdylib with underscores.
    let candidates = ["chancery_chat_ui.wasm", "chancery-chat-ui.wasm"].map(|name| folder.join(name));
    let Some(wasm) = candidates.iter().find(|file| file.is_file()) else {
        bail!("cargo left no wasm in {}: chat-ui needs a `main.rs` or crate-type cdylib", folder.display());
    };
    bind(&std::fs::read(wasm).with_context(|| format!("reading {}", wasm.display()))?)
}

fn bind(wasm: &[u8]) -> Result<Files> {
    println!("Making the JavaScript glue …");
    let mut output = Bindgen::new()
        .input_bytes("chat", wasm.to_vec())
        .web(true)?
        .typescript(false)
        .demangle(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        // boot.js passes the address of the wasm, because only it knows the hashed name.
        .omit_default_module_path(true)
        .generate_output()
        .context("wasm-bindgen")?;
    if !output.snippets().is_empty() || !output.local_modules().is_empty() {
        // They would have to be served, hashed and named in the policy; no dependency needs them so far.
        bail!("a dependency brings JavaScript snippets of its own; the bundle has no place for them");
    }
    let mut files = Files::new();
    files.insert("chat.js".into(), output.js().as_bytes().to_vec());
    files.insert("chat_bg.wasm".into(), output.wasm_mut().emit_wasm());
    Ok(files)
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
