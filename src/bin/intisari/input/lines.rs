//! JSON Lines: one item a line, whatever is on it, so that output lines up with input.

use std::io::{BufRead, Read};

use super::source::told;
use super::{Failure, Item, Records, MAX_BYTES};

pub struct Lines<R> {
    reader: R,
    records: Records,
    line: usize,
    ended: bool,
}

impl<R: BufRead> Lines<R> {
    pub fn new(reader: R, records: Records) -> Self {
        Lines { reader, records, line: 0, ended: false }
    }

    /// The next line, or why there is none.
    fn read(&mut self, bytes: &mut Vec<u8>) -> Result<usize, String> {
        let read =
            self.reader.by_ref().take(MAX_BYTES).read_until(b'\n', bytes).map_err(|error| told(&error))?;
        Ok(read)
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        if self.ended {
            return None;
        }
        let place = format!("{}:{}", self.records.name, self.line + 1);
        let mut bytes = Vec::new();
        match self.read(&mut bytes) {
            Ok(0) => return None,
            Ok(_) => self.line += 1,
            Err(message) => {
                // Reading on would fail for ever.
                self.ended = true;
                return Some(Err(Failure::rest(self.records.id(&place), message)));
            }
        }
        if bytes.len() as u64 == MAX_BYTES && bytes.last() != Some(&b'\n') {
            let id = self.records.id(&place);
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
        if line.is_empty() {
            let message = "blank line; expected a JSON object";
            return Some(Err(Failure::one(self.records.id(&place), message)));
        }
        Some(self.records.json(line, &place))
    }
}
