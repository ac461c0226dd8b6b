//! The ledger as a browser loads it, for the test that runs its vectors there.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::workspace::Workspace;
use crate::{sh, ui};

/// Builds `ledger-wasm` and puts its glue (`ledger.js`) and wasm (`ledger_bg.wasm`) into a folder of their own
/// below the target folder, which is returned.
///
/// # Errors
/// When the build fails or the folder cannot be written.
pub fn build(workspace: &Workspace) -> Result<PathBuf> {
    println!("test: building the ledger for the browser …");
    let files = ui::compile(workspace, "chancery-ledger-wasm", "ledger", "ui")?;
    let folder = workspace.target.join("ledger-wasm");
    write(&folder, &files)?;
    Ok(folder)
}

/// Nothing of an earlier build stays beside the files.
fn write(folder: &Path, files: &ui::Files) -> Result<()> {
    sh::remove_folder(folder)?;
    fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    for (name, content) in files {
        let file = folder.join(name);
        fs::write(&file, content).with_context(|| format!("writing {}", file.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_holds_this_build_and_nothing_else() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("a/b");
        write(&folder, &[("old.js".to_owned(), b"1".to_vec())].into()).unwrap();
        write(&folder, &[("new.js".to_owned(), b"2".to_vec())].into()).unwrap();
        assert_eq!(fs::read(folder.join("new.js")).unwrap(), b"2");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
    }
}
