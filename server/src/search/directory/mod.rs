//! Where tantivy keeps its files: a folder in which every byte is encrypted.
//!
//! What must stay true: no plain text in any file, temporary ones included; a byte that is not as it was written is
//! noticed when it is read, and remembered until the index is made anew ([`Sealed::is_damaged`]); what was
//! committed is on the disk when the commit returns.

mod file;
#[cfg(test)]
mod tests;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use quick_cache::sync::Cache;
use tantivy::HasLen;
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    AntiCallToken, Directory, DirectoryLock, FileHandle, Lock, OwnedBytes, TerminatingWrite, WatchCallback,
    WatchHandle, WritePtr,
};
use zeroize::Zeroizing;

use crate::ground::random::Random;
pub use file::IndexKey;
use file::{BLOCK, Opened, Sealing};

/// A read of more blocks than this goes past the cache: a merge must not push out what searches use.
const LARGE_READ: usize = 16;
/// What stands at the end of the name of a file that is still being written.
const UNFINISHED: &str = ".unfinished";

type Block = Arc<Zeroizing<Vec<u8>>>;

/// Plain blocks in memory, of all files of all indexes of this process; their number is bounded.
pub struct Blocks {
    cache: Cache<(u64, usize), Block>,
    next_file: AtomicU64,
    capacity: usize,
}

impl Blocks {
    /// Room for about this many bytes.
    pub fn new(bytes: usize) -> Arc<Self> {
        let capacity = (bytes / BLOCK).max(LARGE_READ);
        Arc::new(Self { cache: Cache::new(capacity), next_file: AtomicU64::new(0), capacity })
    }

    /// Bytes in use, and the most there can be.
    pub fn bytes(&self) -> (u64, u64) {
        ((self.cache.len() * BLOCK) as u64, (self.capacity * BLOCK) as u64)
    }
}

struct Inner {
    folder: PathBuf,
    key: IndexKey,
    random: Random,
    blocks: Arc<Blocks>,
    damaged: AtomicBool,
    /// tantivy's locks, of which a folder has one taker at a time in this process. Other processes are kept out by
    /// the lock around the whole search folder.
    writing: Gate,
    reloading: Gate,
}

/// A lock whose holder may change threads.
#[derive(Default)]
struct Gate {
    held: Mutex<bool>,
    free: Condvar,
}

impl Gate {
    /// Takes it; waits for it only if asked to.
    fn take(&self, wait: bool) -> bool {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        while *held {
            if !wait {
                return false;
            }
            held = self.free.wait(held).unwrap_or_else(PoisonError::into_inner);
        }
        *held = true;
        true
    }

    fn give_back(&self) {
        *self.held.lock().unwrap_or_else(PoisonError::into_inner) = false;
        self.free.notify_one();
    }
}

/// A folder of encrypted files.
#[derive(Clone)]
pub struct Sealed(Arc<Inner>);

impl std::fmt::Debug for Sealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Sealed").field(&self.0.folder).finish()
    }
}

impl Sealed {
    /// Over a folder, which is made if it is not there. What an earlier process left unfinished is removed.
    ///
    /// # Errors
    /// When the folder cannot be made or read.
    pub fn open(folder: &Path, key: IndexKey, random: Random, blocks: Arc<Blocks>) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.to_string_lossy().ends_with(UNFINISHED) {
                fs::remove_file(path)?;
            }
        }
        Ok(Self(Arc::new(Inner {
            folder: folder.to_owned(),
            key,
            random,
            blocks,
            damaged: AtomicBool::new(false),
            writing: Gate::default(),
            reloading: Gate::default(),
        })))
    }

    /// Whether anything that was read was not as it had been written.
    pub fn is_damaged(&self) -> bool {
        self.0.damaged.load(Ordering::Relaxed)
    }

    /// Bytes on the disk.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn size(&self) -> io::Result<u64> {
        let mut size = 0;
        for entry in fs::read_dir(&self.0.folder)? {
            match entry?.metadata() {
                Ok(metadata) => size += metadata.len(),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(size)
    }

    /// Opens every block of every file.
    ///
    /// # Errors
    /// The first that is not as it was written, or cannot be read.
    pub fn check(&self) -> io::Result<()> {
        for entry in fs::read_dir(&self.0.folder)? {
            let name = PathBuf::from(entry?.file_name());
            match self.opened(&name).and_then(|file| file.check()) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                result => self.noted(result)?,
            }
        }
        Ok(())
    }

    fn path(&self, name: &Path) -> PathBuf {
        self.0.folder.join(name)
    }

    fn opened(&self, name: &Path) -> io::Result<Opened> {
        Opened::new(File::open(self.path(name))?, &self.0.key, &name.to_string_lossy())
    }

    /// Remembers damage.
    fn noted<T>(&self, result: io::Result<T>) -> io::Result<T> {
        if let Err(error) = &result
            && matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof)
        {
            self.0.damaged.store(true, Ordering::Relaxed);
        }
        result
    }

    fn sealing(&self, to: File, name: &Path) -> io::Result<Sealing<File>> {
        let salt = self.0.random.bytes().map_err(io::Error::other)?;
        Sealing::begin(to, &self.0.key, salt, &name.to_string_lossy())
    }
}

/// A file of the index, read at random.
struct Reading {
    opened: Opened,
    /// Its number in the cache.
    number: u64,
    folder: Sealed,
}

impl std::fmt::Debug for Reading {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reading").field("len", &self.opened.len).finish_non_exhaustive()
    }
}

impl Reading {
    fn block(&self, block: usize, keep: bool) -> io::Result<Block> {
        let cache = &self.folder.0.blocks.cache;
        let key = (self.number, block);
        if let Some(found) = cache.get(&key) {
            return Ok(found);
        }
        let plain = Arc::new(self.folder.noted(self.opened.block(block))?);
        if keep {
            cache.insert(key, Arc::clone(&plain));
        }
        Ok(plain)
    }
}

impl HasLen for Reading {
    fn len(&self) -> usize {
        self.opened.len
    }
}

impl FileHandle for Reading {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        if range.end > self.opened.len || range.start > range.end {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "a read beyond the end of a file"));
        }
        if range.is_empty() {
            return Ok(OwnedBytes::empty());
        }
        let (first, last) = (range.start / BLOCK, (range.end - 1) / BLOCK);
        let keep = last - first < LARGE_READ;
        let mut out = Vec::with_capacity(range.len());
        for number in first..=last {
            let block = self.block(number, keep)?;
            let start = range.start.saturating_sub(number * BLOCK);
            let end = (range.end - number * BLOCK).min(block.len());
            out.extend_from_slice(&block[start..end]);
        }
        Ok(OwnedBytes::new(out))
    }
}

/// A file being written.
struct Writing(Sealing<File>);

impl Write for Writing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)?;
        Ok(bytes.len())
    }

    /// Nothing can be flushed before its block is full: a block is sealed once.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl TerminatingWrite for Writing {
    fn terminate_ref(&mut self, _: AntiCallToken) -> io::Result<()> {
        self.0.end()?.sync_data()
    }
}

/// One of tantivy's locks while it is held.
struct Held {
    folder: Sealed,
    gate: fn(&Inner) -> &Gate,
}

impl Drop for Held {
    fn drop(&mut self) {
        (self.gate)(&self.folder.0).give_back();
    }
}

fn reading(name: &Path, error: io::Error) -> OpenReadError {
    match error.kind() {
        io::ErrorKind::NotFound => OpenReadError::FileDoesNotExist(name.to_owned()),
        _ => OpenReadError::wrap_io_error(error, name.to_owned()),
    }
}

impl Directory for Sealed {
    fn get_file_handle(&self, name: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        let opened = self.noted(self.opened(name)).map_err(|error| reading(name, error))?;
        let number = self.0.blocks.next_file.fetch_add(1, Ordering::Relaxed);
        Ok(Arc::new(Reading { opened, number, folder: self.clone() }))
    }

    fn delete(&self, name: &Path) -> Result<(), DeleteError> {
        fs::remove_file(self.path(name)).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => DeleteError::FileDoesNotExist(name.to_owned()),
            _ => DeleteError::IoError { io_error: Arc::new(error), filepath: name.to_owned() },
        })
    }

    fn exists(&self, name: &Path) -> Result<bool, OpenReadError> {
        self.path(name).try_exists().map_err(|error| OpenReadError::wrap_io_error(error, name.to_owned()))
    }

    fn open_write(&self, name: &Path) -> Result<WritePtr, OpenWriteError> {
        let failed = |error| OpenWriteError::wrap_io_error(error, name.to_owned());
        let file = OpenOptions::new().write(true).create_new(true).open(self.path(name)).map_err(
            |error| match error.kind() {
                io::ErrorKind::AlreadyExists => OpenWriteError::FileAlreadyExists(name.to_owned()),
                _ => failed(error),
            },
        )?;
        let sealing = self.sealing(file, name).map_err(failed)?;
        Ok(WritePtr::new(Box::new(Writing(sealing))))
    }

    fn atomic_read(&self, name: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.noted(self.opened(name).and_then(|file| file.all())).map_err(|error| reading(name, error))
    }

    fn atomic_write(&self, name: &Path, data: &[u8]) -> io::Result<()> {
        let path = self.path(name);
        let unfinished = self.path(Path::new(&format!("{}{UNFINISHED}", name.display())));
        let file = File::create(&unfinished)?;
        let mut sealing = self.sealing(file, name)?;
        sealing.write(data)?;
        sealing.end()?.sync_all()?;
        fs::rename(&unfinished, &path)?;
        self.sync_directory()
    }

    fn sync_directory(&self) -> io::Result<()> {
        File::open(&self.0.folder)?.sync_all()
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        // The blocking one keeps files from being removed between reading which there are and opening them.
        let gate: fn(&Inner) -> &Gate =
            if lock.is_blocking { |inner| &inner.reloading } else { |inner| &inner.writing };
        if gate(&self.0).take(lock.is_blocking) {
            Ok(DirectoryLock::from(Box::new(Held { folder: self.clone(), gate })))
        } else {
            Err(LockError::LockBusy)
        }
    }

    /// Readers are told by the follower.
    fn watch(&self, _: WatchCallback) -> tantivy::Result<WatchHandle> {
        Ok(WatchHandle::empty())
    }
}
