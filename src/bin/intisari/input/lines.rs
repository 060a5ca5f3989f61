//! JSON Lines: one item a line, whatever is on it, so that output lines up with input. Blank lines at the end are none.

use std::io::{BufRead, Read};

use super::source::told;
use super::{Failure, Item, Records, MAX_BYTES};

pub struct Lines<R> {
    reader: R,
    records: Records,
    /// Lines that were read, and of those the ones that were told.
    line: usize,
    told: usize,
    /// What stands on the line that was read last; those between it and the last one told are blank.
    last: Option<Item>,
    ended: bool,
}

impl<R: BufRead> Lines<R> {
    pub fn new(reader: R, records: Records) -> Self {
        Lines { reader, records, line: 0, told: 0, last: None, ended: false }
    }

    /// Reads up to the next line that is not blank, and gives what stands on it; `None` at the end.
    fn read(&mut self) -> Option<Item> {
        while !self.ended {
            let mut bytes = Vec::new();
            let read = self.reader.by_ref().take(MAX_BYTES).read_until(b'\n', &mut bytes);
            self.ended = matches!(read, Ok(0) | Err(_));
            if matches!(read, Ok(0)) {
                break;
            }
            self.line += 1;
            if let Err(error) = read {
                // Reading on would fail for ever.
                return Some(Err(Failure::rest(self.id(self.line), told(&error))));
            }
            if bytes.len() as u64 == MAX_BYTES && bytes.last() != Some(&b'\n') {
                let id = self.id(self.line);
                return Some(Err(match self.reader.skip_until(b'\n') {
                    Ok(_) => Failure::one(id, format!("line longer than {MAX_BYTES} bytes; it was skipped")),
                    Err(error) => {
                        self.ended = true;
                        Failure::rest(id, told(&error))
                    }
                }));
            }
            // Files that were put together have their marks within.
            let line = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes).trim_ascii();
            if !line.is_empty() {
                return Some(self.records.json(line, &self.place(self.line)));
            }
        }
        None
    }

    fn place(&self, line: usize) -> String {
        format!("{}:{line}", self.records.name)
    }

    fn id(&self, line: usize) -> String {
        self.records.id(&self.place(line))
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        if self.last.is_none() {
            self.last = Some(self.read()?);
        }
        self.told += 1;
        if self.told < self.line {
            return Some(Err(Failure::one(self.id(self.told), "blank line; expected a JSON object")));
        }
        self.last.take()
    }
}
