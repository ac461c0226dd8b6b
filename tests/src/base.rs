//! The folder of this test run. It vanishes with the run, even when the run is killed.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

static COUNTER: AtomicU32 = AtomicU32::new(0);

/// The folder everything of this run lies in.
pub fn base() -> &'static Path {
    static BASE: OnceLock<PathBuf> = OnceLock::new();
    BASE.get_or_init(|| {
        let path = std::env::temp_dir().join(format!("chancery-tests-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        open_for_all(&path);
        remove_at_the_end(&path);
        path
    })
}

/// A new folder in [`base`] that only its owner may enter.
pub fn new_folder(name: &str) -> PathBuf {
    let path = base().join(format!("{name}-{}", COUNTER.fetch_add(1, Ordering::Relaxed)));
    std::fs::create_dir_all(&path).unwrap();
    path
}

/// Lets everybody enter and read a folder, as an ordinary user's server must.
pub fn open_for_all(path: &Path) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// Hands a folder with everything in it to the ordinary user; nothing to do unless the tests run as root.
pub fn hand_to_ordinary_user(path: &Path) {
    if !crate::process::is_root() {
        return;
    }
    let done = Command::new("chown").arg("-R").arg("nobody:nogroup").arg(path).status().unwrap();
    assert!(done.success(), "chown {}", path.display());
}

/// A helper outlives this process, sees its standard input end, and removes the folder. Processes of the
/// run die with it (see [`crate::process`]), so a short while later nobody writes there any more.
fn remove_at_the_end(path: &Path) {
    let script = r#"cat >/dev/null; for n in 1 2 3 4 5 6 7 8 9 10; do umount "$1"/* 2>/dev/null; rm -rf "$1" 2>/dev/null && exit; sleep 0.5; done"#;
    let helper = Command::new("setsid")
        .args(["sh", "-c", script, "reaper"])
        .arg(path)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // Its standard input must stay open as long as this process lives.
    std::mem::forget(helper);
}
