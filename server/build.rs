//! The interface is embedded from `chat-ui/dist`, which `cargo xtask ui` writes. A server can be built without it:
//! then the folder is empty and the server says so on its pages.

use std::path::Path;

fn main() -> Result<(), String> {
    let dist = Path::new("../chat-ui/dist");
    std::fs::create_dir_all(dist).map_err(|e| format!("cannot make chat-ui/dist: {e}"))?;
    // Cargo looks through the whole folder.
    println!("cargo:rerun-if-changed={}", dist.display());
    println!("cargo:rerun-if-changed=build.rs");
    Ok(())
}
