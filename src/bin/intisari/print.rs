//! One result on standard output, in the form that was asked for.

use std::io::{self, Write};

use intisari::document::{Document, Unit};
use intisari::output::{self, Page};
use serde_json::json;

use crate::args::OutputForm;
use crate::input::Failure;
use crate::text;

/// Which part of a document a command is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    Digest,
    Cleaned,
    Sentences,
    Entities,
    Translation,
    Summary,
}

impl View {
    /// Whether each sentence has a line of its own, to which its flags can be put.
    pub fn shows_sentences(self) -> bool {
        matches!(self, View::Digest | View::Sentences | View::Translation)
    }

    /// Whether `form` has something to say of this part: what it shows must have been looked for.
    pub fn fills(self, form: OutputForm) -> bool {
        match form {
            OutputForm::Text | OutputForm::Json | OutputForm::Jsonl | OutputForm::Html => true,
            OutputForm::Conll => match self {
                View::Digest | View::Entities | View::Translation | View::Summary => true,
                // Without entities, and without sentences, there are no tags to write.
                View::Cleaned | View::Sentences => false,
            },
        }
    }
}

/// Prints results.
pub struct Printer {
    pub form: OutputForm,
    pub view: View,
    pub unit: Unit,
    pub color: bool,
    /// A person is reading.
    pub on_terminal: bool,
    /// The page that is being written, for [`OutputForm::Html`].
    pub page: Page,
}

impl Printer {
    /// Whether the form has records for failures.
    pub fn has_failures(&self) -> bool {
        match self.form {
            OutputForm::Json | OutputForm::Jsonl | OutputForm::Html => true,
            OutputForm::Text | OutputForm::Conll => false,
        }
    }

    /// What comes before the first result.
    pub fn start(&self, out: &mut impl Write) -> io::Result<()> {
        match self.form {
            OutputForm::Html => out.write_all(self.page.start().as_bytes()),
            OutputForm::Text | OutputForm::Json | OutputForm::Jsonl | OutputForm::Conll => Ok(()),
        }
    }

    /// What comes behind the last one.
    pub fn end(&self, out: &mut impl Write) -> io::Result<()> {
        match self.form {
            OutputForm::Html => out.write_all(self.page.end().as_bytes()),
            OutputForm::Text | OutputForm::Json | OutputForm::Jsonl | OutputForm::Conll => Ok(()),
        }
    }

    /// Prints one result; failures are printed where the form has a record for them.
    pub fn print(&mut self, result: &Result<Document, Failure>, out: &mut impl Write) -> io::Result<()> {
        match (result, self.form) {
            (Ok(document), OutputForm::Text) => text::write(document, self.view, self.color, out),
            (Ok(document), OutputForm::Json) => {
                serde_json::to_writer_pretty(&mut *out, &output::json(document, self.unit))?;
                writeln!(out)
            }
            (Ok(document), OutputForm::Jsonl) => {
                serde_json::to_writer(&mut *out, &output::json(document, self.unit))?;
                writeln!(out)
            }
            (Ok(document), OutputForm::Conll) => out.write_all(output::conll(document).as_bytes()),
            (Ok(document), OutputForm::Html) => out.write_all(self.page.article(document).as_bytes()),
            (Err(failure), OutputForm::Html) => {
                out.write_all(self.page.failure(&failure.id, &failure.message).as_bytes())
            }
            (Err(failure), OutputForm::Json | OutputForm::Jsonl) => {
                writeln!(out, "{}", json!({"id": failure.id, "error": failure.message}))
            }
            (Err(_), OutputForm::Text | OutputForm::Conll) => Ok(()),
        }
    }
}
