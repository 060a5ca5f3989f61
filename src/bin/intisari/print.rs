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
    /// Whether it is the article's own text, in which nothing else may stand: its flags are told apart from it.
    pub fn is_content(self) -> bool {
        matches!(self, View::Cleaned | View::Sentences)
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
    /// There are several articles, and each has a heading where the form is text.
    pub headings: bool,
    /// Nothing was printed yet.
    pub first: bool,
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

    /// What is to be said of a document beside the output.
    pub fn beside(&self, document: &Document) -> Vec<String> {
        match self.form == OutputForm::Text && self.view.is_content() {
            true => text::flags(document),
            false => Vec::new(),
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
            (Ok(document), OutputForm::Text) => {
                // A digest has one anyway.
                if self.headings && self.view != View::Digest {
                    text::write_heading(document, self.first, self.color, out)?;
                }
                self.first = false;
                text::write(document, self.view, self.color, out)
            }
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
