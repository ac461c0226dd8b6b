//! The form of one encrypted file.
//!
//! `version (1) ‖ salt (32) ‖ blocks`. A block is up to 16 KiB of plain text and its tag (16). The file's key is
//! HKDF-SHA-256 of the index key with the salt; every written file has a new salt, so that a nonce (which says no
//! more than the number of the block) never meets two texts under one key. The blocks are a STREAM: each is bound
//! to its number, to whether it is the last one, and to the file's name, so that nothing can be cut off, moved
//! within a file or between files. An empty file has one empty block.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use aead_stream::{NewStream, Nonce, StreamBE32, StreamPrimitive};
use aes_gcm::Aes256Gcm;
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

/// Plain bytes of a block.
pub(super) const BLOCK: usize = 16 * 1024;
const TAG: usize = 16;
const SALT: usize = 32;
/// Bytes before the first block.
pub(super) const HEADER: usize = 1 + SALT;
const VERSION: u8 = 1;
const DOMAIN: &[u8] = b"chancery.search.file.v1";

/// The key of an index.
pub type IndexKey = Zeroizing<[u8; 32]>;

/// What a file does not have if it is not as it was written.
pub(super) fn damaged(name: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("{name}: damaged"))
}

/// Seals and opens the blocks of one file.
pub(super) struct Cipher {
    stream: StreamBE32<Aes256Gcm>,
    name: String,
}

impl Cipher {
    fn new(key: &IndexKey, salt: &[u8], name: &str) -> io::Result<Self> {
        let mut of_file = Zeroizing::new([0; 32]);
        Hkdf::<Sha256>::new(Some(salt), key.as_slice())
            .expand(DOMAIN, of_file.as_mut_slice())
            .map_err(|_| io::Error::other("no key for a file"))?;
        let nothing = Nonce::<Aes256Gcm, StreamBE32<Aes256Gcm>>::default();
        let key: &aes_gcm::Key<Aes256Gcm> = (&*of_file).into();
        Ok(Self { stream: StreamBE32::new(key, &nothing), name: name.to_owned() })
    }

    fn seal(&self, block: usize, last: bool, buffer: &mut Vec<u8>) -> io::Result<()> {
        self.stream
            .encrypt_in_place(number(block)?, last, self.name.as_bytes(), buffer)
            .map_err(|_| io::Error::other("a block could not be sealed"))
    }

    fn open(&self, block: usize, last: bool, buffer: &mut Vec<u8>) -> io::Result<()> {
        self.stream
            .decrypt_in_place(number(block)?, last, self.name.as_bytes(), buffer)
            .map_err(|_| damaged(&self.name))
    }
}

fn number(block: usize) -> io::Result<u32> {
    u32::try_from(block).map_err(|_| io::Error::new(io::ErrorKind::FileTooLarge, "too many blocks"))
}

/// Writes one file, a block at a time.
pub(super) struct Sealing<W> {
    out: W,
    cipher: Cipher,
    plain: Zeroizing<Vec<u8>>,
    block: usize,
}

impl<W: io::Write> Sealing<W> {
    /// Writes the header.
    pub fn begin(mut out: W, key: &IndexKey, salt: [u8; SALT], name: &str) -> io::Result<Self> {
        out.write_all(&[VERSION])?;
        out.write_all(&salt)?;
        let plain = Zeroizing::new(Vec::with_capacity(BLOCK + TAG));
        Ok(Self { out, cipher: Cipher::new(key, &salt, name)?, plain, block: 0 })
    }

    /// A full block is written only when more comes, for only then it is known not to be the last.
    pub fn write(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            if self.plain.len() == BLOCK {
                self.put(false)?;
            }
            let fits = bytes.len().min(BLOCK - self.plain.len());
            let (now, later) = bytes.split_at(fits);
            self.plain.extend_from_slice(now);
            bytes = later;
        }
        Ok(())
    }

    /// Writes the last block and hands the output back.
    pub fn end(&mut self) -> io::Result<&mut W> {
        self.put(true)?;
        self.out.flush()?;
        Ok(&mut self.out)
    }

    fn put(&mut self, last: bool) -> io::Result<()> {
        self.cipher.seal(self.block, last, &mut self.plain)?;
        self.out.write_all(&self.plain)?;
        self.plain.clear();
        self.block += 1;
        Ok(())
    }
}

/// A file open for reading.
pub(super) struct Opened {
    file: File,
    cipher: Cipher,
    /// Plain length.
    pub len: usize,
}

impl Opened {
    /// Reads the header. Whether the blocks are whole shows when they are read.
    pub fn new(file: File, key: &IndexKey, name: &str) -> io::Result<Self> {
        let size = usize::try_from(file.metadata()?.len()).map_err(|_| damaged(name))?;
        let body = size.checked_sub(HEADER).filter(|body| *body >= TAG).ok_or_else(|| damaged(name))?;
        let mut header = [0; HEADER];
        file.read_exact_at(&mut header, 0)?;
        if header[0] != VERSION {
            return Err(damaged(name));
        }
        let blocks = body.div_ceil(BLOCK + TAG);
        let len = body.checked_sub(blocks * TAG).ok_or_else(|| damaged(name))?;
        Ok(Self { file, cipher: Cipher::new(key, &header[1..], name)?, len })
    }

    fn blocks(&self) -> usize {
        self.len.div_ceil(BLOCK).max(1)
    }

    /// The plain text of a block.
    pub fn block(&self, block: usize) -> io::Result<Zeroizing<Vec<u8>>> {
        let last = block + 1 == self.blocks();
        let plain = if last { self.len - block * BLOCK } else { BLOCK };
        let mut buffer = Zeroizing::new(vec![0; plain + TAG]);
        let at = HEADER + block * (BLOCK + TAG);
        self.file.read_exact_at(&mut buffer, at as u64)?;
        self.cipher.open(block, last, &mut buffer)?;
        Ok(buffer)
    }

    /// Everything.
    pub fn all(&self) -> io::Result<Vec<u8>> {
        let mut all = Vec::with_capacity(self.len);
        for block in 0..self.blocks() {
            all.extend_from_slice(&self.block(block)?);
        }
        Ok(all)
    }

    /// Opens every block and keeps nothing.
    pub fn check(&self) -> io::Result<()> {
        (0..self.blocks()).try_for_each(|block| self.block(block).map(drop))
    }
}
