//! What the process takes of the machine, and what there is left.

use std::path::Path;

/// What the process takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Process {
    /// Bytes of memory that are in use.
    pub resident_bytes: u64,
    /// Seconds of all processors together.
    pub cpu_seconds: f64,
    /// Threads.
    pub threads: u64,
    /// Open files; a socket is one.
    pub open_files: u64,
    /// Most files it may open; absent when there is no limit.
    pub most_files: Option<u64>,
}

/// What this process takes, where the system says it.
#[cfg(target_os = "linux")]
pub(super) fn process() -> Option<Process> {
    use procfs::WithCurrentSystemInfo as _;
    let own = procfs::process::Process::myself().ok()?;
    let stat = own.stat().ok()?;
    let ticks = procfs::ticks_per_second() as f64;
    Some(Process {
        resident_bytes: stat.rss_bytes().get(),
        cpu_seconds: (stat.utime + stat.stime) as f64 / ticks,
        threads: u64::try_from(stat.num_threads).unwrap_or_default(),
        open_files: own.fd_count().ok()? as u64,
        most_files: rustix::process::getrlimit(rustix::process::Resource::Nofile).current,
    })
}

/// What this process takes: only Linux says it.
#[cfg(not(target_os = "linux"))]
pub(super) fn process() -> Option<Process> {
    None
}

/// Room on a volume, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Room {
    /// What the server's account may still write.
    pub free: u64,
    /// How large the volume is.
    pub total: u64,
}

/// Room on the volume of a folder.
pub(super) fn room(folder: &Path) -> Option<Room> {
    let volume = rustix::fs::statvfs(folder).ok()?;
    Some(Room {
        free: volume.f_bavail.saturating_mul(volume.f_frsize),
        total: volume.f_blocks.saturating_mul(volume.f_frsize),
    })
}

/// The machine's own name.
pub(super) fn host_name() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

/// Who besides its owner may do something with a file; absent when it cannot be told.
pub(super) fn open_to_others(file: &Path) -> Option<bool> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(file).ok()?.permissions().mode();
    Some(mode & 0o077 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_process_and_its_volume_are_seen() {
        let before = process().unwrap();
        assert!(
            before.resident_bytes > 1_000_000 && before.threads >= 1 && before.open_files >= 3,
            "{before:?}"
        );
        let file = tempfile::tempfile().unwrap();
        assert!(process().unwrap().open_files > 0);
        drop(file);
        let room = room(Path::new("/")).unwrap();
        assert!(room.free <= room.total && room.total > 0, "{room:?}");
        assert_eq!(super::room(Path::new("/no such folder")), None);
    }

    #[test]
    fn a_file_for_one_account_is_told_from_others() {
        use std::os::unix::fs::PermissionsExt as _;
        let file = tempfile::NamedTempFile::new().unwrap();
        for (mode, open) in [(0o600, false), (0o640, true), (0o604, true), (0o400, false)] {
            std::fs::set_permissions(file.path(), std::fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(open_to_others(file.path()), Some(open), "{mode:o}");
        }
        assert_eq!(open_to_others(Path::new("/no such file")), None);
    }
}
