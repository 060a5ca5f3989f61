//! Bytes of a file or of standard input, with their beginning held back to be looked at.

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read};
use std::path::Path;

use super::encoding::{self, Start, Utf16};
use crate::stdio;

/// An opened file: text in UTF-8, without a mark.
pub struct Source {
    head: Vec<u8>,
    ended: bool,
    rest: Box<dyn Read>,
}

impl Source {
    /// Opens `path`, or standard input for `-`; a message where it cannot be read or is no text.
    pub fn open(path: &Path) -> Result<Self, String> {
        let rest: Box<dyn Read> = if path == Path::new("-") {
            if stdio::is_closed(stdio::Stream::In) {
                return Err(
                    "standard input is closed; name a file, or give articles on standard input".to_owned()
                );
            }
            Box::new(Waiting(io::stdin().lock()))
        } else {
            let file = File::open(path).map_err(|error| error.to_string())?;
            if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
                return Err("is a folder; name the files in it".to_owned());
            }
            Box::new(Waiting(file))
        };
        let mut source = Source { head: Vec::new(), ended: false, rest };
        while source.head.len() < 4 && !source.ended {
            source.read_on().map_err(|error| told(&error))?;
        }
        let start = source.head.get(..4).unwrap_or(&source.head);
        match encoding::of(start) {
            Start::Utf8 { mark } => {
                source.head.drain(..mark);
                Ok(source)
            }
            Start::Utf16(encoding) => {
                let rest = Utf16::new(Cursor::new(source.head).chain(source.rest), encoding);
                Ok(Source { head: Vec::new(), ended: false, rest: Box::new(rest) })
            }
            Start::Refused(message) => Err(message),
        }
    }

    /// What was read so far, and whether that is all.
    pub fn head(&self) -> (&[u8], bool) {
        (&self.head, self.ended)
    }

    /// Reads what is there, at least a byte unless the end is reached, and says how much.
    pub fn read_on(&mut self) -> io::Result<usize> {
        let mut chunk = [0; 8192];
        let read = self.rest.read(&mut chunk)?;
        self.ended = read == 0;
        self.head.extend(chunk.iter().take(read));
        Ok(read)
    }

    /// All of it, from the beginning.
    pub fn into_reader(self) -> Reader {
        BufReader::with_capacity(1 << 16, Cursor::new(self.head).chain(self.rest))
    }
}

pub type Reader = BufReader<io::Chain<Cursor<Vec<u8>>, Box<dyn Read>>>;

/// A reading error in the system's words.
pub fn told(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::InvalidData => error.to_string(),
        _ => format!("{error}; what follows was not read"),
    }
}

/// Waits where a reader says that nothing is there yet, and goes on where a signal came between.
struct Waiting<R>(R);

impl<R: Read> Read for Waiting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.0.read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => stdio::wait(stdio::Stream::In),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => return read,
            }
        }
    }
}
