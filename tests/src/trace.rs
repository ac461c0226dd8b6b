//! What a process asked of the kernel, as strace saw it.
//!
//! strace stops a thread at the beginning and at the end of a call and notes the time while it stands
//! still, so the times of two tracers on one machine can be compared along a chain of cause and effect.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::process::require;

/// One call, begun and ended.
#[derive(Debug, Clone)]
pub struct Call {
    /// Thread that made it.
    pub thread: u32,
    /// Its name.
    pub name: String,
    /// Path of the file it is about, or what strace shows for a socket.
    pub file: String,
    /// The bytes read or written.
    pub data: Vec<u8>,
    /// When it began, in seconds.
    pub begin: f64,
    /// When it returned.
    pub end: f64,
    /// Whether it returned without an error.
    pub succeeded: bool,
}

impl Call {
    /// Whether this makes a file durable.
    pub fn is_sync(&self) -> bool {
        matches!(self.name.as_str(), "fsync" | "fdatasync") && self.succeeded
    }

    /// Whether this writes to a file or a socket.
    pub fn is_write(&self) -> bool {
        matches!(self.name.as_str(), "write" | "pwrite64" | "writev" | "pwritev" | "sendto" | "sendmsg")
    }

    /// Whether this reads from a file or a socket.
    pub fn is_read(&self) -> bool {
        matches!(self.name.as_str(), "read" | "recvfrom" | "recvmsg" | "readv")
    }

    /// Whether these bytes were read or written.
    pub fn carries(&self, bytes: &[u8]) -> bool {
        self.data.windows(bytes.len()).any(|window| window == bytes)
    }
}

/// The words that run a program under strace, writing to `file`.
pub fn strace(file: &Path) -> Vec<String> {
    require("strace", "strace");
    let calls =
        "trace=fsync,fdatasync,write,pwrite64,writev,pwritev,sendto,sendmsg,read,recvfrom,recvmsg,readv";
    let words =
        ["strace", "-f", "-ttt", "-T", "-y", "-xx", "-s", "70000", "-e", calls, "-e", "signal=none", "-o"];
    words.into_iter().map(String::from).chain([file.to_str().unwrap().to_owned()]).collect()
}

/// Reads what strace wrote, in order of beginning.
pub fn read(file: &PathBuf) -> Vec<Call> {
    let text = std::fs::read_to_string(file).unwrap();
    let mut open: HashMap<u32, (f64, String)> = HashMap::new();
    let mut calls = Vec::new();
    for line in text.lines() {
        let Some((thread, at, rest)) = head(line) else { continue };
        if let Some(begun) = rest.strip_suffix("<unfinished ...>") {
            open.insert(thread, (at, begun.trim_end().to_owned()));
        } else if let Some(resumed) = rest.strip_prefix("<... ") {
            let (Some((begin, begun)), Some((_, tail))) =
                (open.remove(&thread), resumed.split_once("resumed>"))
            else {
                continue;
            };
            calls.extend(call(thread, begin, Some(at), &format!("{begun}{tail}")));
        } else {
            calls.extend(call(thread, at, None, rest));
        }
    }
    calls.sort_by(|a, b| a.begin.total_cmp(&b.begin));
    calls
}

fn head(line: &str) -> Option<(u32, f64, &str)> {
    let (thread, rest) = line.trim_start().split_once(' ')?;
    let (at, rest) = rest.trim_start().split_once(' ')?;
    Some((thread.parse().ok()?, at.parse().ok()?, rest))
}

/// `name(fd<file>, "data", …) = 12 <0.000123>`
fn call(thread: u32, begin: f64, end: Option<f64>, text: &str) -> Option<Call> {
    let (name, rest) = text.split_once('(')?;
    let (arguments, result) = rest.rsplit_once(" = ")?;
    let lasted = result.rsplit_once('<').and_then(|(_, time)| time.trim_end_matches('>').parse::<f64>().ok());
    let file = arguments.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map(|(file, _)| file);
    let mut data = Vec::new();
    for piece in arguments.split('"').skip(1).step_by(2) {
        data.extend(unescape(piece));
    }
    Some(Call {
        thread,
        name: name.to_owned(),
        file: String::from_utf8_lossy(&unescape(file.unwrap_or_default())).into_owned(),
        data,
        begin,
        end: end.unwrap_or(begin + lasted.unwrap_or(0.0)),
        succeeded: !result.trim_start().starts_with('-') && !result.trim_start().starts_with('?'),
    })
}

fn unescape(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() / 4);
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        if *first == b'\\' && tail.first() == Some(&b'x') && tail.len() >= 3 {
            let hex = std::str::from_utf8(&tail[1..3]).ok().and_then(|hex| u8::from_str_radix(hex, 16).ok());
            bytes.extend(hex);
            rest = &tail[3..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    bytes
}
