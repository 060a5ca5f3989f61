//! Where results go: whole records, flushed when a batch is done and before a signal ends the program.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::exit;
use crate::run::warn;
use crate::stdio::{self, Stream};

/// A buffered output that threads share.
#[derive(Clone)]
pub struct Out {
    name: String,
    writer: Arc<Mutex<BufWriter<Box<dyn Write + Send>>>>,
}

impl Out {
    /// Standard output; an error where it is closed.
    pub fn stdout() -> io::Result<Self> {
        if stdio::is_closed(Stream::Out) {
            return Err(io::Error::other("it is closed; send it to a file or a pipe"));
        }
        Ok(Out::new("standard output".to_owned(), Box::new(Waiting(io::stdout()))))
    }

    /// A file that stands where results are to go on.
    pub fn file(name: String, file: File) -> Self {
        Out::new(name, Box::new(file))
    }

    fn new(name: String, writer: Box<dyn Write + Send>) -> Self {
        Out { name, writer: Arc::new(Mutex::new(BufWriter::with_capacity(1 << 16, writer))) }
    }

    /// Writes a record, which nothing comes between.
    pub fn write(&self, record: &[u8]) -> io::Result<()> {
        self.lock().write_all(record)
    }

    /// Hands on what was written.
    pub fn flush(&self) -> io::Result<()> {
        self.lock().flush()
    }

    /// Says that writing failed, and what to end with. A reader that has gone away (`| head`) is no error.
    pub fn failed(&self, error: &io::Error) -> ExitCode {
        failed(&self.name, error)
    }

    fn lock(&self) -> MutexGuard<'_, BufWriter<Box<dyn Write + Send>>> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// As [`Out::failed`], for an output called `name`.
pub fn failed(name: &str, error: &io::Error) -> ExitCode {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return ExitCode::SUCCESS;
    }
    warn(&format!("writing to {name}: {error}"));
    ExitCode::from(exit::OUTPUT)
}

/// Writes a whole text to standard output; the exit code says whether it arrived.
pub fn print(text: &[u8]) -> ExitCode {
    let printed = Out::stdout().and_then(|out| {
        out.write(text)?;
        out.flush()
    });
    match printed {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed("standard output", &error),
    }
}

/// Waits where the other side is not ready yet.
struct Waiting<W>(W);

impl<W: Write> Waiting<W> {
    fn patiently<T>(&mut self, mut work: impl FnMut(&mut W) -> io::Result<T>) -> io::Result<T> {
        loop {
            match work(&mut self.0) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => stdio::wait(Stream::Out),
                done => return done,
            }
        }
    }
}

impl<W: Write> Write for Waiting<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.patiently(|writer| writer.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.patiently(Write::flush)
    }
}
