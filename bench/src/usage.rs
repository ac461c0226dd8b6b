//! What a process costs, as the kernel counts it: processor time and resident memory.

use anyhow::{Context, Result};

/// The kernel shows processor time in hundredths of a second, on every Linux.
const TICKS_PER_SECOND: f64 = 100.0;

/// Processes whose cost is asked for: of a server, and of the database it uses.
#[derive(Debug, Clone, Default)]
pub struct Processes {
    /// The server's own.
    pub server: Vec<u32>,
    /// The postmaster, when there is one; its backends count with it.
    pub postmaster: Option<u32>,
}

/// Processor seconds since the start of the processes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cpu {
    /// Of the server.
    pub server: f64,
    /// Of the database.
    pub database: f64,
}

impl Processes {
    /// Processor time used so far.
    ///
    /// # Errors
    /// When a process of the server has ended.
    pub fn cpu(&self) -> Result<Cpu> {
        let mut server = 0.0;
        for pid in &self.server {
            server += own(&stat(*pid)?).with_context(|| format!("/proc/{pid}/stat"))?;
        }
        let mut database = 0.0;
        if let Some(postmaster) = self.postmaster {
            // Backends that ended count in what the postmaster's children used.
            database += with_children(&stat(postmaster)?).context("the postmaster's stat")?;
            for pid in chancery_tests::process::children(postmaster) {
                database += stat(pid).ok().and_then(|line| with_children(&line)).unwrap_or_default();
            }
        }
        Ok(Cpu { server, database })
    }

    /// Resident bytes of the server.
    ///
    /// # Errors
    /// When a process of the server has ended.
    pub fn resident(&self) -> Result<u64> {
        let mut bytes = 0;
        for pid in &self.server {
            let status = std::fs::read_to_string(format!("/proc/{pid}/status"))
                .with_context(|| format!("process {pid} is gone"))?;
            bytes += resident(&status).with_context(|| format!("/proc/{pid}/status"))?;
        }
        Ok(bytes)
    }
}

fn stat(pid: u32) -> Result<String> {
    std::fs::read_to_string(format!("/proc/{pid}/stat")).with_context(|| format!("process {pid} is gone"))
}

/// The fields behind the name, which may itself hold spaces and brackets.
fn ticks(stat: &str, fields: std::ops::Range<usize>) -> Option<f64> {
    let rest: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: u64 = rest.get(fields)?.iter().map(|field| field.parse::<u64>().unwrap_or(0)).sum();
    #[expect(clippy::cast_precision_loss, reason = "a processor's time in ticks is far below 2^52")]
    Some(ticks as f64 / TICKS_PER_SECOND)
}

fn own(stat: &str) -> Option<f64> {
    ticks(stat, 11..13)
}

fn with_children(stat: &str) -> Option<f64> {
    ticks(stat, 11..15)
}

fn resident(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_behind_a_hostile_name() {
        let line = "42 (a b) c) S 1 42 42 0 -1 4194560 900 0 0 0 150 50 20 5 20 0 8 0 100 1 1";
        assert_eq!(own(line), Some(2.0));
        assert_eq!(with_children(line), Some(2.25));
    }

    #[test]
    fn resident_memory_is_read_in_bytes() {
        assert_eq!(resident("Name:\tx\nVmHWM:\t  9 kB\nVmRSS:\t   12 kB\n"), Some(12 * 1024));
        assert_eq!(resident("Name:\tx\n"), None);
    }

    #[test]
    fn this_process_has_a_cost() {
        let me = Processes { server: vec![std::process::id()], postmaster: None };
        assert!(me.resident().unwrap() > 0 && me.cpu().unwrap().server >= 0.0);
    }
}
