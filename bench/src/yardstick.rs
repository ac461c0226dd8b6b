//! A yardstick as a server to be measured: this very program with another command, as a process of its own.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use chancery_tests::base::new_folder;
use chancery_tests::postgres::Cluster;
use chancery_tests::process::{As, command, free_port, start};

use crate::bare::LISTENING;
use crate::seat::Seat;
use crate::usage::Processes;

/// A yardstick. What `bare-durable` keeps stays when it is stopped.
pub struct Yardstick {
    arguments: Vec<String>,
    port: u16,
    cluster: Option<Arc<Cluster>>,
    running: Option<Child>,
}

impl Yardstick {
    /// `bare`.
    pub fn bare() -> Self {
        Self::with("bare", Vec::new(), None)
    }

    /// `bare-durable` on an SQLite file of its own.
    pub fn sqlite() -> Self {
        let file = new_folder("bare-durable").join("frames.db");
        Self::with("bare-durable", vec![format!("--sqlite={}", file.display())], None)
    }

    /// `bare-durable` on a database of its own.
    pub fn postgres(cluster: Arc<Cluster>) -> Self {
        let (database, _) = cluster.new_databases();
        let url = cluster.url("chancery_owner", &database);
        Self::with("bare-durable", vec![format!("--postgres={url}")], Some(cluster))
    }

    fn with(name: &str, more: Vec<String>, cluster: Option<Arc<Cluster>>) -> Self {
        let port = free_port();
        let mut arguments = vec![name.to_owned(), format!("--port={port}")];
        arguments.extend(more);
        Self { arguments, port, cluster, running: None }
    }

    /// Starts it.
    ///
    /// # Errors
    /// When it does not say that it listens.
    pub fn start(&mut self) -> Result<()> {
        let program = std::env::current_exe()?;
        let mut words = vec![program.to_str().context("this program's path is not UTF-8")?.to_owned()];
        words.extend(self.arguments.iter().cloned());
        let mut command = command(As::Caller, &words);
        command.stdout(Stdio::piped());
        let running = self.running.insert(start(command));
        let mut said = String::new();
        BufReader::new(running.stdout.take().context("its output")?).read_line(&mut said)?;
        if said.trim() != LISTENING {
            self.stop()?;
            bail!("{} said {said:?}", self.arguments[0]);
        }
        Ok(())
    }

    /// Ends it.
    ///
    /// # Errors
    /// When it cannot be waited for.
    pub fn stop(&mut self) -> Result<()> {
        if let Some(mut child) = self.running.take() {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }

    /// Processes to be measured.
    pub fn processes(&self) -> Processes {
        let server = self.running.iter().map(Child::id).collect();
        Processes { server, postmaster: self.cluster.as_ref().map(|cluster| cluster.postmaster()) }
    }

    /// Connections in groups.
    pub fn seats(&self, people: usize, group: usize) -> Vec<Seat> {
        let room = |person: usize| u32::try_from(person / group).unwrap_or(u32::MAX);
        (0..people)
            .map(|person| Seat::Bare { address: format!("127.0.0.1:{}", self.port), room: room(person) })
            .collect()
    }
}

impl Drop for Yardstick {
    fn drop(&mut self) {
        let _ = self.stop();
    }
}
