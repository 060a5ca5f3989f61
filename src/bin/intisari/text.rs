//! A document as a person reads it.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use intisari::document::{Document, Flag, Label, SentenceKind};

use crate::print::View;

/// Writes the part of `document` that `view` is about.
pub fn write(document: &Document, view: View, color: bool, out: &mut impl Write) -> io::Result<()> {
    let pen = Pen { color };
    match view {
        View::Digest => digest(document, pen, out),
        View::Cleaned => writeln!(out, "{}", document.cleaned_text()),
        View::Sentences => sentences(document, out),
        View::Entities => entities(document, pen, out),
        View::Translation => translation(document, out),
        View::Summary => match &document.summary {
            Some(summary) => writeln!(out, "{}", summary.text),
            None => Ok(()),
        },
    }
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

fn digest(document: &Document, pen: Pen, out: &mut impl Write) -> io::Result<()> {
    let title = document.article.title.as_deref().unwrap_or(&document.article.id);
    writeln!(out, "{}\n", pen.heading(title))?;
    for flag in &document.flags {
        writeln!(out, "{}", pen.warning(&format!("! {}", describe(flag))))?;
    }
    if let Some(summary) = &document.summary {
        writeln!(out, "{}\n{}\n", pen.heading("SUMMARY"), wrap(&summary.text, ""))?;
    }
    if !document.entities.is_empty() {
        writeln!(out, "{}", pen.heading("ENTITIES"))?;
        entities(document, pen, out)?;
        writeln!(out)?;
    }
    writeln!(out, "{}", pen.heading("TEXT"))?;
    for (index, sentence) in document.sentences.iter().enumerate() {
        let source = one_line(document.text(sentence.span));
        let source = if sentence.kind == SentenceKind::Heading { pen.heading(&source) } else { source };
        writeln!(out, "{}", wrap(&source, &format!("{:>3}  ", index + 1)))?;
        for segment in document.translation.iter().filter(|segment| segment.sentence == index) {
            writeln!(out, "{}", wrap(&segment.text, "     → "))?;
            for flag in &segment.flags {
                writeln!(out, "{}", pen.warning(&format!("     ! {}", describe(flag))))?;
            }
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

fn sentences(document: &Document, out: &mut impl Write) -> io::Result<()> {
    for sentence in &document.sentences {
        writeln!(out, "{}", one_line(document.text(sentence.span)))?;
    }
    Ok(())
}

/// One line per person, place or organization, then dates and quantities.
fn entities(document: &Document, pen: Pen, out: &mut impl Write) -> io::Result<()> {
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
            let surface = one_line(document.text(entity.span));
            if !seen.contains(&surface) {
                let value = entity.value.as_ref().map_or_else(String::new, |value| format!(" = {value}"));
                writeln!(out, "  {label:<8}{surface}{}", pen.faint(&value))?;
                seen.push(surface);
            }
        }
    }
    Ok(())
}

fn translation(document: &Document, out: &mut impl Write) -> io::Result<()> {
    let mut paragraph = 0;
    for segment in &document.translation {
        let current = document.sentences.get(segment.sentence).map_or(0, |sentence| sentence.paragraph);
        if current != paragraph && segment.sentence != 0 {
            writeln!(out)?;
        }
        paragraph = current;
        writeln!(out, "{}", segment.text)?;
    }
    Ok(())
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
