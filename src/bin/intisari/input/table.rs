//! Tables: a header with names of columns, an article a row.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{self, Read};
use std::rc::Rc;

use csv::ByteRecord;
use serde_json::{Map, Value};

use super::source::told;
use super::{Failure, Item, Records, MAX_BYTES};

pub struct Rows {
    rows: csv::Reader<Watched>,
    seen: Rc<RefCell<Seen>>,
    columns: Vec<String>,
    /// The column that holds the text.
    text: String,
    records: Records,
    /// Lines that csv does not count.
    before: u64,
    /// Whether cells may stand in quotation marks.
    quoted: bool,
    ended: bool,
}

impl Rows {
    /// Reads the header. A failure where no column holds the text, or two have its name.
    pub fn new(
        mut reader: impl io::BufRead + 'static,
        delimiter: u8,
        records: Records,
    ) -> Result<Self, Failure> {
        let fail = |message: String| Failure::rest(records.id(&records.name), message);
        let head = reader.fill_buf().map_err(|error| fail(told(&error)))?;
        let (hint, rest) = without_hint(head);
        let skipped = head.len() - rest.len();
        // csv counts the second half of a CRLF with the line after it.
        let crlf = rest
            .iter()
            .position(|&byte| byte == b'\n')
            .is_some_and(|end| rest.get(..end).is_some_and(|line| line.ends_with(b"\r")));
        let delimiter = hint.unwrap_or(delimiter);
        // Tables with tabs often have no quotation marks around cells, and those that begin with one mean it.
        let quoted = delimiter != b'\t' || {
            let mut seen = Seen::new(delimiter);
            seen.see(rest);
            seen.wrong.is_empty() && !seen.open_cell(rest).is_some_and(|cell| holds_rows(cell, rest))
        };
        reader.consume(skipped);
        let seen = Rc::new(RefCell::new(Seen::new(delimiter)));
        let watched = Watched { reader: Box::new(reader), seen: Rc::clone(&seen) };
        let mut rows = csv::ReaderBuilder::new().delimiter(delimiter).quoting(quoted).from_reader(watched);
        let header = rows.byte_headers().map_err(|error| fail(told_by_csv(error)))?;
        let columns: Vec<String> =
            header.iter().map(|name| String::from_utf8_lossy(name).trim().to_owned()).collect();
        let found: String = columns.join(", ").chars().take(200).collect();
        let Some(text) = records.fields.text_column(&columns) else {
            let wanted =
                records.fields.text.as_ref().map_or("for the text".to_owned(), |name| format!("`{name}`"));
            return Err(fail(format!(
                "there is no column {wanted} (columns: {found}); name it with --text-field"
            )));
        };
        let text = text.to_owned();
        if columns.iter().filter(|name| **name == text).count() > 1 {
            return Err(fail(format!("two columns are called `{text}` (columns: {found}); rename one")));
        }
        Ok(Rows {
            rows,
            seen,
            columns,
            text,
            records,
            before: u64::from(skipped > 0) + u64::from(crlf),
            quoted,
            ended: false,
        })
    }

    /// An article from the cells of a row.
    fn article(&self, row: &ByteRecord, place: &str) -> Item {
        let id = self.records.id(place);
        let mut fields = Map::new();
        for (name, cell) in self.columns.iter().zip(row) {
            let Ok(cell) = std::str::from_utf8(cell) else {
                let message = format!(
                    "column `{name}` is no UTF-8; convert the file first, e.g. with iconv -f windows-1252"
                );
                return Err(Failure::one(id, message));
            };
            // Of columns with one name the first counts.
            if !name.is_empty() && !fields.contains_key(name) {
                fields.insert(name.clone(), Value::from(cell));
            }
        }
        self.records.article(self.blank_is_none(fields, &id), &id, place)
    }

    /// Empty cells are no values, but for the text: an article may be empty.
    fn blank_is_none(
        &self,
        mut fields: Map<String, Value>,
        id: &str,
    ) -> Result<intisari::document::FromRecord, intisari::document::FieldError> {
        for (name, value) in &mut fields {
            if value.as_str() == Some("") && *name != self.text {
                *value = Value::Null;
            }
        }
        self.records.fields.article(&fields, id)
    }

    fn read(&mut self, row: &mut ByteRecord) -> Result<bool, (bool, String)> {
        self.seen.borrow_mut().since_row = 0;
        let read = self.rows.read_byte_record(row);
        let mut seen = self.seen.borrow_mut();
        let wrong = self.quoted && seen.is_wrong_before(self.rows.position().byte());
        if self.quoted && seen.ended && seen.state == State::Quoted {
            let what = match row.iter().any(|cell| cell.contains(&b'\n')) {
                true => "the rows after it are part of a cell; mend the mark",
                false => "the file ends within a cell; copy the file again, or mend the mark",
            };
            return Err((true, format!("a quotation mark that opens in this row is never closed: {what}")));
        }
        match read {
            Ok(false) => Ok(false),
            _ if wrong => {
                let message = "a quotation mark closes a cell that goes on; write marks within a cell twice, and one at \
                               each of its ends";
                Err((false, message.to_owned()))
            }
            Ok(true) => Ok(true),
            Err(error) => match error.kind() {
                csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
                    let message =
                        format!("{len} cells under {expected_len} columns; are cells quoted that need it?");
                    Err((false, message))
                }
                _ => Err((true, told_by_csv(error))),
            },
        }
    }
}

impl Iterator for Rows {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        if self.ended {
            return None;
        }
        let mut row = ByteRecord::new();
        let read = self.read(&mut row);
        let line = row.position().map_or_else(|| self.rows.position().line(), csv::Position::line);
        let place = format!("{}:{}", self.records.name, line + self.before);
        match read {
            Ok(false) => None,
            Ok(true) => Some(self.article(&row, &place)),
            Err((rest_lost, message)) => {
                self.ended = rest_lost;
                Some(Err(Failure { rest_lost, ..Failure::one(self.records.id(&place), message) }))
            }
        }
    }
}

fn told_by_csv(error: csv::Error) -> String {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => told(&error),
        kind => format!("no CSV: {kind:?}"),
    }
}

/// The delimiter that a first line `sep=;` names, as spreadsheets write it, and what follows the line.
pub fn without_hint(head: &[u8]) -> (Option<u8>, &[u8]) {
    match head {
        [b's', b'e', b'p', b'=', delimiter, b'\r', b'\n', rest @ ..]
        | [b's', b'e', b'p', b'=', delimiter, b'\n', rest @ ..] => (Some(*delimiter), rest),
        _ => (None, head),
    }
}

/// Whether the lines of a cell that is not closed are rows of the table that begins with `head`: its mark is a sign like others then.
fn holds_rows(cell: &[u8], head: &[u8]) -> bool {
    let tabs = |line: &[u8]| line.iter().filter(|&&byte| byte == b'\t').count();
    let columns = head.split(|&byte| byte == b'\n').next().map_or(0, tabs);
    // A paragraph of a cell may begin with a tab.
    let is_row = |line: &[u8]| tabs(line) == columns && line.first() != Some(&b'\t');
    let mut lines: Vec<&[u8]> =
        cell.split(|&byte| byte == b'\n').skip(1).filter(|line| !line.trim_ascii().is_empty()).collect();
    // The last may be cut off.
    lines.pop_if(|line| !is_row(line));
    columns > 0 && !lines.is_empty() && lines.into_iter().all(is_row)
}

/// What csv does not tell of its input: it takes a wrong quotation mark as it can, and says nothing.
struct Seen {
    delimiter: u8,
    state: State,
    /// Bytes so far.
    bytes: u64,
    /// Where the last cell in quotation marks opens.
    opened: u64,
    /// Where a quotation mark closes a cell that goes on.
    wrong: VecDeque<u64>,
    ended: bool,
    /// Bytes that were read for the row at hand.
    since_row: u64,
}

/// Where in a cell a byte stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    Plain,
    Quoted,
    /// After a mark within quotation marks, which closes them or is the first of two.
    Mark,
}

impl Seen {
    fn new(delimiter: u8) -> Self {
        Seen {
            delimiter,
            state: State::Start,
            bytes: 0,
            opened: 0,
            wrong: VecDeque::new(),
            ended: false,
            since_row: 0,
        }
    }

    fn see(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            let ends = byte == self.delimiter || byte == b'\n' || byte == b'\r';
            self.state = match self.state {
                State::Start if byte == b'"' => {
                    self.opened = self.bytes;
                    State::Quoted
                }
                State::Quoted if byte == b'"' => State::Mark,
                State::Quoted => State::Quoted,
                State::Mark if byte == b'"' => State::Quoted,
                _ if ends => State::Start,
                State::Mark => {
                    self.wrong.push_back(self.bytes);
                    State::Plain
                }
                _ => State::Plain,
            };
            self.bytes += 1;
        }
        self.since_row += bytes.len() as u64;
    }

    /// The cell in quotation marks within which `seen`, all that was seen, ends.
    fn open_cell<'s>(&self, seen: &'s [u8]) -> Option<&'s [u8]> {
        let start = usize::try_from(self.opened).ok()?;
        seen.get(start..).filter(|_| self.state == State::Quoted)
    }

    /// Whether a mark is wrong before byte `end`; forgets those.
    fn is_wrong_before(&mut self, end: u64) -> bool {
        let mut wrong = false;
        while self.wrong.front().is_some_and(|&at| at < end) {
            self.wrong.pop_front();
            wrong = true;
        }
        wrong
    }
}

/// A reader that watches what csv is given, and stops where a row would fill the memory.
struct Watched {
    reader: Box<dyn Read>,
    seen: Rc<RefCell<Seen>>,
}

impl Read for Watched {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        let mut seen = self.seen.borrow_mut();
        seen.see(buffer.get(..read).unwrap_or_default());
        seen.ended |= read == 0;
        if seen.since_row > MAX_BYTES {
            let message = format!("a row is longer than {MAX_BYTES} bytes; is a quotation mark not closed?");
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        }
        Ok(read)
    }
}
