//! Files of annotated data as numbered lines.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};

/// A line that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BadLine {
    /// The file.
    pub path: PathBuf,
    /// Number of the line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub message: String,
}

impl fmt::Display for BadLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path.display(), self.line, self.message)
    }
}

/// What a reader does with a line that cannot be used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OnBad {
    /// Gives up with [`Error::Malformed`].
    #[default]
    Fail,
    /// Leaves the item out and lists the line in [`Set::skipped`].
    Skip,
}

/// The items of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Set<T> {
    /// The file, or the first of several.
    pub path: PathBuf,
    /// sha256 of its bytes, hexadecimal; of several files over their sha256, each on a line of its own.
    pub sha256: String,
    /// What it holds, in order.
    pub items: Vec<T>,
    /// Lines that could not be used; empty unless [`OnBad::Skip`] was asked for.
    pub skipped: Vec<BadLine>,
}

impl<T> Set<T> {
    /// The set with every item turned into another. Where `change` gives a line and what is wrong with it, the item is bad.
    ///
    /// # Errors
    /// [`Error::Malformed`] unless bad lines are to be skipped.
    pub fn try_map<U>(
        self,
        on_bad: OnBad,
        mut change: impl FnMut(T) -> Result<U, (usize, String)>,
    ) -> Result<Set<U>> {
        let Set { path, sha256, items, mut skipped } = self;
        let mut changed = Vec::with_capacity(items.len());
        for item in items {
            match (change(item), on_bad) {
                (Ok(item), _) => changed.push(item),
                (Err((line, message)), OnBad::Fail) => return Err(Error::Malformed { path, line, message }),
                (Err((line, message)), OnBad::Skip) => {
                    skipped.push(BadLine { path: path.clone(), line, message });
                }
            }
        }
        skipped.sort_by_key(|bad| bad.line);
        Ok(Set { path, sha256, items: changed, skipped })
    }
}

/// sha256 of `bytes`, hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// An open file; [`Source::finish`] makes a set of it.
pub(super) struct Source {
    path: PathBuf,
    bytes: Vec<u8>,
    on_bad: OnBad,
    skipped: Vec<BadLine>,
}

impl Source {
    pub(super) fn open(path: &Path, on_bad: OnBad) -> Result<Self> {
        let bytes = std::fs::read(path).map_err(|source| Error::io(path, source))?;
        Ok(Source { path: path.to_owned(), bytes, on_bad, skipped: Vec::new() })
    }

    /// The lines with their numbers from 1, without line ends; `None` stands for a line that is not UTF-8. A mark of
    /// byte order at the start is no part of the first line.
    pub(super) fn lines(&self) -> Vec<(usize, Option<String>)> {
        let bytes = self.bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&self.bytes);
        if bytes.is_empty() {
            return Vec::new();
        }
        let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
        let lines = bytes.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
        (1..).zip(lines.map(|line| String::from_utf8(line.to_vec()).ok())).collect()
    }

    /// Notes that `line` cannot be used.
    ///
    /// # Errors
    /// [`Error::Malformed`] unless such lines are to be skipped.
    pub(super) fn bad(&mut self, line: usize, message: impl Into<String>) -> Result<()> {
        let bad = BadLine { path: self.path.clone(), line, message: message.into() };
        match self.on_bad {
            OnBad::Fail => Err(Error::Malformed { path: bad.path, line, message: bad.message }),
            OnBad::Skip => {
                self.skipped.push(bad);
                Ok(())
            }
        }
    }

    /// Notes that `line` is not UTF-8.
    pub(super) fn not_utf8(&mut self, line: usize) -> Result<()> {
        self.bad(line, "not UTF-8")
    }

    pub(super) fn sha256(&self) -> String {
        sha256(&self.bytes)
    }

    pub(super) fn finish<T>(self, items: Vec<T>) -> Set<T> {
        Set { sha256: self.sha256(), path: self.path, items, skipped: self.skipped }
    }
}
