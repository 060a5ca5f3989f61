//! Files of annotated data as numbered lines.

use std::borrow::Cow;
use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::part::Part;

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
    /// Leaves the whole item out and lists the line in [`Set::skipped`]. That nothing is left is an [`Error::Config`] all the same.
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
    /// How the file was read, where that is not a matter of course, and what it holds that does not count.
    pub notes: Vec<String>,
}

impl<T> Set<T> {
    /// The set with every item turned into another. Where `change` gives a line and what is wrong with it, the item is bad.
    ///
    /// # Errors
    /// [`Error::Malformed`] unless bad lines are to be skipped, and [`Error::Config`] where all items are bad.
    pub fn try_map<U>(
        self,
        on_bad: OnBad,
        mut change: impl FnMut(T) -> Result<U, (usize, String)>,
    ) -> Result<Set<U>> {
        let Set { path, sha256, items, mut skipped, notes } = self;
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
        skipped.sort_by(|one, other| (&one.path, one.line).cmp(&(&other.path, other.line)));
        Set { path, sha256, items: changed, skipped, notes }.usable()
    }

    /// Refuses a set of which nothing is left but bad lines.
    pub(super) fn usable(self) -> Result<Self> {
        match self.skipped.first().filter(|_| self.items.is_empty()) {
            None => Ok(self),
            Some(bad) => Err(Error::config(
                format!("{} has nothing that can be used", self.path.display()),
                format!("look at its bad lines, such as {bad}"),
            )),
        }
    }
}

/// sha256 of `bytes`, hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// An open file; [`Source::finish`] makes a set of it.
pub(super) struct Source {
    path: PathBuf,
    text: Vec<u8>,
    sha256: String,
    on_bad: OnBad,
    skipped: Vec<BadLine>,
}

impl Source {
    /// Reads a file of text; UTF-16 with a mark of byte order is turned into UTF-8.
    ///
    /// # Errors
    /// [`Error::Io`], and [`Error::Config`] with the name of the form where the file is no text.
    pub(super) fn open(path: &Path, on_bad: OnBad) -> Result<Self> {
        let bytes = std::fs::read(path).map_err(|source| Error::io(path, source))?;
        if let Some((form, fix)) = binary_form(&bytes) {
            return Err(Error::config(format!("{} is {form}, no text", path.display()), fix));
        }
        let sha256 = sha256(&bytes);
        let text = match bytes.as_slice() {
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => decoded(path, &bytes)?,
            _ => bytes.strip_prefix("\u{feff}".as_bytes()).map(<[u8]>::to_vec).unwrap_or(bytes),
        };
        Ok(Source { path: path.to_owned(), text, sha256, on_bad, skipped: Vec::new() })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The whole text, without a mark of byte order.
    ///
    /// # Errors
    /// [`Error::Malformed`] with the first line that is not UTF-8.
    pub(super) fn text(&self) -> Result<&str> {
        std::str::from_utf8(&self.text).map_err(|error| {
            let before = self.text.part(..error.valid_up_to());
            let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
            Error::Malformed { path: self.path.clone(), line, message: "not UTF-8".to_owned() }
        })
    }

    /// The whole text with a sign for what is not UTF-8.
    pub(super) fn lossy(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.text)
    }

    /// The lines with their numbers from 1, without line ends; `None` stands for a line that is not UTF-8. A mark of
    /// byte order at the start is no part of the first line.
    pub(super) fn lines(&self) -> Vec<(usize, Option<String>)> {
        if self.text.is_empty() {
            return Vec::new();
        }
        let bytes = self.text.strip_suffix(b"\n").unwrap_or(&self.text);
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
        self.sha256.clone()
    }

    /// The set.
    ///
    /// # Errors
    /// [`Error::Config`] where all lines are bad.
    pub(super) fn finish<T>(self, items: Vec<T>) -> Result<Set<T>> {
        self.unchecked(items).usable()
    }

    /// As [`finish`](Self::finish), for one file of several that make a set.
    pub(super) fn unchecked<T>(self, items: Vec<T>) -> Set<T> {
        Set { sha256: self.sha256, path: self.path, items, skipped: self.skipped, notes: Vec::new() }
    }
}

/// What a file is that is no text, by its first bytes, and what to do about it.
fn binary_form(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    const FORMS: [(&[u8], &str, &str); 15] = [
        (b"\x1f\x8b", "compressed with gzip", "unpack it with `gunzip -k`"),
        (b"BZh", "compressed with bzip2", "unpack it with `bunzip2 -k`"),
        (b"\xfd7zXZ", "compressed with xz", "unpack it with `unxz -k`"),
        (b"\x28\xb5\x2f\xfd", "compressed with zstd", "unpack it with `unzstd`"),
        (b"PK\x03\x04", "a ZIP archive (also .xlsx, .docx)", "unpack it, or save a table as CSV"),
        (b"PAR1", "a Parquet file", "write it as JSON Lines"),
        (b"ARROW1", "an Arrow file", "write it as JSON Lines"),
        (b"x\x9c", "compressed with zlib, as spaCy's .spacy", "write it as JSON Lines"),
        (b"\x80\x04\x95", "a Python pickle", "write it as JSON Lines"),
        (b"\x80\x05\x95", "a Python pickle", "write it as JSON Lines"),
        (b"7z\xbc\xaf", "a 7-Zip archive", "unpack it"),
        (b"%PDF-", "a PDF", "write its text to a file"),
        (b"{\\rtf", "a document in RTF", "save it as plain text"),
        (b"\xd0\xcf\x11\xe0", "an old Office document (.xls, .doc)", "save a table as CSV"),
        (b"SQLite format 3", "an SQLite database", "export its table as CSV"),
    ];
    FORMS.iter().find(|(start, ..)| bytes.starts_with(start)).map(|&(_, form, fix)| (form, fix))
}

/// The text of UTF-16 with a mark of byte order, as UTF-8.
fn decoded(path: &Path, bytes: &[u8]) -> Result<Vec<u8>> {
    let encoding =
        if bytes.starts_with(&[0xff, 0xfe]) { encoding_rs::UTF_16LE } else { encoding_rs::UTF_16BE };
    let (text, broken) = encoding.decode_with_bom_removal(bytes);
    if broken {
        return Err(Error::config(format!("{} is damaged UTF-16", path.display()), "write it as UTF-8"));
    }
    Ok(text.into_owned().into_bytes())
}
