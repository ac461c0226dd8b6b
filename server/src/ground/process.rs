//! What the process owes its operator: nothing of its memory on the disk, nothing of a message in the log.

use std::io::Write as _;
use std::panic::PanicHookInfo;

/// Hardens this process. To be called first in `main`, before any secret is read.
///
/// On Linux: no core dumps, no reading of the memory by other processes of the same account (so a debugger must
/// start the server, it cannot attach), and as many open files as the system allows, for one is a socket.
/// Elsewhere only the panic hook.
pub fn harden() {
    std::panic::set_hook(Box::new(panicked));
    #[cfg(target_os = "linux")]
    linux::harden();
}

/// Says where it panicked and in which thread, never why: the payload may hold text of a message.
fn panicked(info: &PanicHookInfo<'_>) {
    let place = info.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
    let thread = std::thread::current();
    let thread = thread.name().unwrap_or("unnamed");
    if tracing::dispatcher::has_been_set() {
        tracing::error!(place, thread, "panicked");
    } else {
        // Nobody listens yet, and standard error may be closed; there is no one left to tell.
        let _ = writeln!(std::io::stderr(), "error: panicked at {place} in thread {thread}");
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use rustix::fs::Mode;
    use rustix::process::{DumpableBehavior, Resource, Rlimit, getrlimit, set_dumpable_behavior, setrlimit};

    pub(super) fn harden() {
        // Each may be forbidden by a sandbox; none is worth not starting for.
        // What the server writes is for its own account.
        rustix::process::umask(Mode::from_raw_mode(0o077));
        let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
        let files = getrlimit(Resource::Nofile);
        let _ = setrlimit(Resource::Nofile, Rlimit { current: files.maximum, ..files });
    }
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use std::process::Command;

    use rustix::process::{DumpableBehavior, Resource, dumpable_behavior, getrlimit};

    /// Limits and hooks are of the whole process: the test runs itself again as a child of its own.
    fn in_child(test: &str, body: fn()) -> String {
        const MARK: &str = "CHILD_OF_PROCESS_TEST";
        if std::env::var_os(MARK).is_some() {
            body();
            return String::new();
        }
        let path = format!("ground::process::tests::{test}");
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", &path, "--nocapture"])
            .env(MARK, "1")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&child.stderr).into_owned();
        assert!(child.status.success(), "{said}");
        assert!(String::from_utf8_lossy(&child.stdout).contains("1 passed"));
        said
    }

    #[test]
    fn no_core_dump_and_all_files() {
        in_child("no_core_dump_and_all_files", || {
            super::harden();
            assert_eq!(getrlimit(Resource::Core).current, Some(0));
            assert_eq!(dumpable_behavior().unwrap(), DumpableBehavior::NotDumpable);
            let files = getrlimit(Resource::Nofile);
            assert_eq!(files.current, files.maximum);
        });
    }

    #[test]
    fn a_panic_names_its_place_and_never_its_payload() {
        let said = in_child("a_panic_names_its_place_and_never_its_payload", || {
            super::harden();
            let outcome = std::thread::spawn(|| panic!("could not send {}", "hunter2")).join();
            assert!(outcome.is_err());
        });
        if !said.is_empty() {
            assert!(said.contains("panicked at ") && said.contains("ground/process.rs:"), "{said}");
            assert!(!said.contains("hunter2"), "{said}");
        }
    }
}
