//! The master key: a file of mode 0600, made at the first start.

use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use aes_gcm::Aes256Gcm;
use data_encoding::BASE64;
use zeroize::{Zeroize, Zeroizing};

use super::cipher;
use crate::ground::error::Error;
use crate::ground::random::Random;

const PREFIX: &str = "chancery-master-key-1:";

/// Wraps the wrapping keys. Its bytes are gone from memory once the cipher is made.
pub struct MasterKey(pub(super) Aes256Gcm);

/// Reads the master key from `path`, or makes it there when `may_create`.
///
/// # Errors
/// When the file is missing and may not be made, is readable by others, or is not a master key.
pub fn load_or_create(path: &Path, may_create: bool, random: &Random) -> Result<MasterKey, Error> {
    match std::fs::read_to_string(path) {
        Ok(text) => parse(path, &Zeroizing::new(text)),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound && may_create => create(path, random),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Err(Error::setup(
            format!("the master key {} is missing, and there are keys that only it opens", path.display()),
            "put the file back from its backup; without it nothing on record can be read",
        )),
        Err(e) => Err(Error::setup(
            format!("the master key {} cannot be read: {e}", path.display()),
            "give the server's account the right to read it",
        )),
    }
}

fn parse(path: &Path, text: &str) -> Result<MasterKey, Error> {
    let mode = std::fs::metadata(path).map(|meta| meta.permissions().mode() & 0o077).unwrap_or(0);
    if mode != 0 {
        return Err(Error::setup(
            format!("the master key {} can be read by others", path.display()),
            format!("chmod 600 {}", path.display()),
        ));
    }
    let wrong = || {
        Error::setup(
            format!("{} is not a master key of Chancery", path.display()),
            "put the right file back from its backup",
        )
    };
    let encoded = text.trim().strip_prefix(PREFIX).ok_or_else(wrong)?;
    let bytes = Zeroizing::new(BASE64.decode(encoded.as_bytes()).map_err(|_| wrong())?);
    let key: Zeroizing<[u8; 32]> = Zeroizing::new(bytes.as_slice().try_into().map_err(|_| wrong())?);
    Ok(MasterKey(cipher(&key)))
}

fn create(path: &Path, random: &Random) -> Result<MasterKey, Error> {
    let key: Zeroizing<[u8; 32]> = Zeroizing::new(random.bytes()?);
    let mut text = format!("{PREFIX}{}\n", BASE64.encode(key.as_slice()));
    let written = write_new(path, text.as_bytes());
    text.zeroize();
    written.map_err(|e| {
        Error::setup(
            format!("the master key {} cannot be written: {e}", path.display()),
            "give the server's account the right to write in this folder",
        )
    })?;
    Ok(MasterKey(cipher(&key)))
}

/// Writes a file that must not exist yet, and has it and its name on disk.
fn write_new(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => std::fs::File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}
