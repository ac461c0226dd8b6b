//! Where things are: the repository's root and cargo's target folder, however it was set.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::sh;

/// The two folders everything else is found from.
pub struct Workspace {
    /// The repository's root, where the workspace's `Cargo.toml` is.
    pub root: PathBuf,
    /// Cargo's target folder; `CARGO_TARGET_DIR` and cargo's configuration are respected.
    pub target: PathBuf,
}

#[derive(Deserialize)]
struct Metadata {
    workspace_root: PathBuf,
    target_directory: PathBuf,
}

impl Workspace {
    /// Asks cargo, from wherever `cargo xtask` was called.
    ///
    /// # Errors
    /// When cargo cannot be started or does not understand the workspace.
    pub fn locate() -> Result<Self> {
        // As cargo says it now; what was compiled in may be another checkout that shares the target folder.
        let folder =
            std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let manifest = Path::new(&folder).join("Cargo.toml");
        let output = sh::output(
            sh::cargo()
                .args(["metadata", "--no-deps", "--format-version", "1", "--manifest-path"])
                .arg(manifest),
        )?;
        let metadata: Metadata = serde_json::from_str(&output).context("reading cargo's metadata")?;
        Ok(Self { root: metadata.workspace_root, target: metadata.target_directory })
    }

    /// Where cargo puts the server's binary of a profile (`debug`, `release`).
    pub fn server_binary(&self, profile: &str) -> PathBuf {
        self.target.join(profile).join(format!("chancery{}", std::env::consts::EXE_SUFFIX))
    }
}
