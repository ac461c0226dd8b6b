//! `chancery search …`: beside a server the index is the server's, and it is asked to work; without one the work is
//! done here.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::directory::Blocks;
use super::follow::{self, Stuck};
use super::follower::{self, Follower, REQUEST, STATUS};
use super::{CACHE_BYTES, Lock, Said, Shared, State, check, folder, setting};
use crate::ground::error::{Code, Error};
use crate::messaging::Messaging;

/// How often a running server is asked how far it is.
const ASK_EVERY: Duration = Duration::from_millis(200);

/// What [`check`] found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Messages compared.
    pub messages: u64,
    /// Records up to here were compared.
    pub position: u64,
    /// Positions of messages whose documents are not what the journal says.
    pub differing: Vec<u64>,
}

fn stuck(stuck: Stuck) -> Error {
    match stuck {
        Stuck::Journal(error) => error,
        Stuck::Index(error) => Error::from(Code::SearchUnavailable).because(error),
    }
}

/// What the follower noted last, running or not. `None` when there never was an index.
///
/// # Errors
/// When the note cannot be read.
pub(crate) fn status(data: &Path) -> Result<Option<Said>, Error> {
    match std::fs::read_to_string(folder(data).join(STATUS)) {
        Ok(text) => Ok(serde_json::from_str(&text).ok()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::internal(error)),
    }
}

/// Makes the index anew: here, or by the server that has it. Returns when it is done.
///
/// # Errors
/// When it cannot be made.
pub fn rebuild(
    data: &Path,
    archive: [u8; 16],
    messaging: &Messaging,
    mut progress: impl FnMut(&State),
) -> Result<(), Error> {
    let folder = folder(data);
    let Some(_lock) = Lock::take(&folder)? else { return ask_for_rebuild(data, progress) };
    let shared = Shared::new();
    let setting = setting(messaging, archive, &Blocks::new(CACHE_BYTES))?;
    std::fs::write(folder.join(REQUEST), "").map_err(Error::internal)?;
    let mut follower = Follower::new(&folder, setting, messaging.clone(), shared);
    follower.catch_up(&mut progress).map_err(stuck)?;
    follower.end();
    Ok(())
}

fn ask_for_rebuild(data: &Path, mut progress: impl FnMut(&State)) -> Result<(), Error> {
    let folder = folder(data);
    let before = follower::current(&folder);
    std::fs::write(folder.join(REQUEST), "").map_err(Error::internal)?;
    loop {
        std::thread::sleep(ASK_EVERY);
        if !folder.join(REQUEST).exists() && follower::current(&folder) != before {
            return Ok(());
        }
        if Lock::take(&folder)?.is_some() {
            return Err(Error::internal("the server ended before the index was made"));
        }
        if let Some(said) = status(data)? {
            progress(&said.state);
        }
    }
}

/// Brings the index up to date and compares every message with the journal. Needs the index for itself.
///
/// # Errors
/// When a server has the index, or journal or index cannot be read.
pub fn check(data: &Path, archive: [u8; 16], messaging: &Messaging) -> Result<Checked, Error> {
    let folder = folder(data);
    let Some(_lock) = Lock::take(&folder)? else {
        return Err(Error::setup("a server uses this search index", "stop it first"));
    };
    let shared = Shared::new();
    let setting = setting(messaging, archive, &Blocks::new(CACHE_BYTES))?;
    let mut follower = Follower::new(&folder, setting, messaging.clone(), Arc::clone(&shared));
    follower.catch_up(|_| ()).map_err(stuck)?;
    let Some(snapshot) = shared.snapshot() else { return Err(Code::SearchUnavailable.into()) };
    let indexed = check::indexed(&snapshot).map_err(|error| stuck(Stuck::Index(error)))?;
    let expected = follow::expected(messaging, snapshot.position).map_err(stuck)?;
    let differing = check::differing(&expected, &indexed);
    let checked = Checked { messages: expected.len() as u64, position: snapshot.position, differing };
    drop(snapshot);
    follower.end();
    Ok(checked)
}
