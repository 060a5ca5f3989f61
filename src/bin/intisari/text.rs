//! A document as a person reads it.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use intisari::document::{Document, Flag, Label, SentenceKind, Span};
use intisari::reading::Reading;

use crate::print::View;

/// Writes the part of `document` that `view` is about, and what is doubtful about it.
pub fn write(document: &Document, view: View, color: bool, out: &mut impl Write) -> io::Result<()> {
    let page = Page { document, reading: Reading::of(&document.article.text), pen: Pen { color } };
    if view == View::Digest {
        return page.digest(out);
    }
    let flags = document.flags.iter().filter(|flag| flag.span.is_none() || !view.shows_sentences());
    page.flags(flags, "", out)?;
    match view {
        View::Digest => Ok(()),
        View::Cleaned => writeln!(out, "{}", document.cleaned_text()),
        View::Sentences => page.sentences(out),
        View::Entities => page.entities(out),
        View::Translation => page.translation(out),
        View::Summary => match &document.summary {
            Some(summary) => {
                writeln!(out, "{}", summary.text)?;
                page.flags(&summary.flags, "", out)
            }
            None => Ok(()),
        },
    }
}

/// A document on its way to a reader.
struct Page<'a> {
    document: &'a Document,
    reading: Reading<'a>,
    pen: Pen,
}

#[derive(Clone, Copy)]
struct Pen {
    color: bool,
}

impl Pen {
    fn paint(self, text: &str, style: Style) -> String {
        if self.color {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }

    fn heading(self, text: &str) -> String {
        self.paint(text, Style::new().bold())
    }

    fn faint(self, text: &str) -> String {
        self.paint(text, Style::new().dimmed())
    }

    fn warning(self, text: &str) -> String {
        self.paint(text, AnsiColor::Yellow.on_default())
    }
}

impl Page<'_> {
    /// What `span` reads as, on one line.
    fn read(&self, span: Span) -> String {
        one_line(self.reading.place(span).of(self.reading.text()))
    }

    fn digest(&self, out: &mut impl Write) -> io::Result<()> {
        let Page { document, pen, .. } = self;
        let title = document.article.title.as_deref().unwrap_or(&document.article.id);
        writeln!(out, "{}\n", pen.heading(title))?;
        self.flags(document.flags.iter().filter(|flag| flag.span.is_none()), "", out)?;
        if let Some(summary) = &document.summary {
            writeln!(out, "{}\n{}", pen.heading("SUMMARY"), wrap(&summary.text, ""))?;
            self.flags(&summary.flags, "", out)?;
            writeln!(out)?;
        }
        if !document.entities.is_empty() {
            writeln!(out, "{}", pen.heading("ENTITIES"))?;
            self.entities(out)?;
            writeln!(out)?;
        }
        let sure = document.confidence.map(|sure| pen.faint(&format!("  confidence {sure:.2}")));
        writeln!(out, "{}{}", pen.heading("TEXT"), sure.unwrap_or_default())?;
        for (index, sentence) in document.sentences.iter().enumerate() {
            let source = self.read(sentence.span);
            let source = if sentence.kind == SentenceKind::Heading { pen.heading(&source) } else { source };
            writeln!(out, "{}", wrap(&source, &format!("{:>3}  ", index + 1)))?;
            match document.segment(index) {
                Some(segment) => {
                    writeln!(out, "{}", wrap(&segment.text, "     → "))?;
                    self.flags(&segment.flags, "     ", out)?;
                }
                None => self.flags(self.flags_of(sentence.span), "     ", out)?,
            }
        }
        if !document.removed.is_empty() {
            writeln!(out, "\n{}", pen.heading("REMOVED"))?;
            for removed in &document.removed {
                let text = shortened(&one_line(document.text(removed.span)), 60);
                writeln!(out, "{}", pen.faint(&format!("  {:<18} {text}", removed.rule)))?;
            }
        }
        writeln!(out)
    }

    /// One sentence a line, with its doubts below.
    fn sentences(&self, out: &mut impl Write) -> io::Result<()> {
        for sentence in &self.document.sentences {
            writeln!(out, "{}", self.read(sentence.span))?;
            self.flags(self.flags_of(sentence.span), "  ", out)?;
        }
        Ok(())
    }

    /// One line per person, place or organization, then dates and quantities.
    fn entities(&self, out: &mut impl Write) -> io::Result<()> {
        let Page { document, pen, .. } = self;
        for label in Label::ALL {
            for cluster in document.clusters.iter().filter(|cluster| cluster.label == label) {
                let mut line = format!("  {label:<8}{}", cluster.name);
                if !cluster.aliases.is_empty() {
                    line += &pen.faint(&format!(" ({})", cluster.aliases.join(", ")));
                }
                if cluster.mentions.len() > 1 {
                    line += &pen.faint(&format!(" ×{}", cluster.mentions.len()));
                }
                writeln!(out, "{line}")?;
            }
            let mut seen = Vec::new();
            for entity in document.entities.iter().filter(|e| e.label == label && e.cluster.is_none()) {
                let surface = self.read(entity.span);
                if !seen.contains(&surface) {
                    let value = entity.value.as_ref().map_or_else(String::new, |value| format!(" = {value}"));
                    writeln!(out, "  {label:<8}{surface}{}", pen.faint(&value))?;
                    seen.push(surface);
                }
            }
        }
        Ok(())
    }

    /// The English, a segment a line with its doubts below, paragraphs apart.
    fn translation(&self, out: &mut impl Write) -> io::Result<()> {
        let mut paragraph = 0;
        for segment in &self.document.translation {
            let sentence = self.document.sentences.get(segment.sentence);
            let current = sentence.map_or(0, |sentence| sentence.paragraph);
            if current != paragraph && segment.sentence != 0 {
                writeln!(out)?;
            }
            paragraph = current;
            writeln!(out, "{}", segment.text)?;
            self.flags(&segment.flags, "  ", out)?;
        }
        Ok(())
    }

    /// Flags of the article that are about a part of `sentence`.
    fn flags_of(&self, sentence: Span) -> impl Iterator<Item = &Flag> {
        let within = move |flag: &&Flag| flag.span.is_some_and(|span| span.overlaps(sentence));
        self.document.flags.iter().filter(within)
    }

    fn flags<'f>(
        &self,
        flags: impl IntoIterator<Item = &'f Flag>,
        indent: &str,
        out: &mut impl Write,
    ) -> io::Result<()> {
        for flag in flags {
            let mut line = format!("{indent}! {}", describe(flag));
            if let Some(span) = flag.span {
                line += &format!(" (“{}”)", shortened(&self.read(span), 40));
            }
            writeln!(out, "{}", self.pen.warning(&line))?;
        }
        Ok(())
    }
}

fn describe(flag: &Flag) -> String {
    let kind = flag.kind.as_str().replace('_', " ");
    if flag.detail.is_empty() {
        kind
    } else {
        format!("{kind}: {}", flag.detail)
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// At most `most` characters of `text`; `…` says that there is more.
fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let start: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", start.trim_end())
}

/// Breaks `text` into lines of about 100 characters; `prefix` stands before the first, blanks before the rest.
fn wrap(text: &str, prefix: &str) -> String {
    const WIDTH: usize = 100;
    let indent = " ".repeat(prefix.chars().count());
    let (mut wrapped, mut column) = (prefix.to_owned(), indent.len());
    for (index, word) in text.split(' ').enumerate() {
        let width = word.chars().count();
        if index > 0 && column + 1 + width > WIDTH {
            wrapped += "\n";
            wrapped += &indent;
            column = indent.len();
        } else if index > 0 {
            wrapped.push(' ');
            column += 1;
        }
        wrapped += word;
        column += width;
    }
    wrapped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_says_so() {
        for (text, expected) in
            [("", ""), ("hujan", "hujan"), ("hujan 🌧 deras", "hujan…"), ("é🌧hujan", "é🌧huj…")]
        {
            assert_eq!(shortened(text, 6), expected, "{text}");
        }
    }
}
