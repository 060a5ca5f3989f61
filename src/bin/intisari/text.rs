//! A document as a person reads it. What comes from an article goes out as [`visible`] only: it gives no orders to a terminal.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use intisari::document::{Document, Flag, Label, SentenceKind, Span};
use intisari::output::visible;
use intisari::reading::Reading;

use crate::print::View;

/// Writes the part of `document` that `view` is about, and what is doubtful about it, but for that of [`View::is_content`].
pub fn write(document: &Document, view: View, color: bool, out: &mut impl Write) -> io::Result<()> {
    let page = Page { document, reading: Reading::of(&document.article.text), pen: Pen { color } };
    match view {
        View::Digest => page.digest(out),
        View::Cleaned => writeln!(out, "{}", lines(&document.cleaned_text())),
        View::Sentences => page.sentences(out),
        View::Entities => {
            page.flags(&document.flags, "", out)?;
            page.entities(out)
        }
        View::Translation => {
            page.flags(document.flags.iter().filter(|flag| flag.span.is_none()), "", out)?;
            page.translation(out)
        }
        View::Summary => {
            page.flags(&document.flags, "", out)?;
            let Some(summary) = &document.summary else { return Ok(()) };
            writeln!(out, "{}", lines(&summary.text))?;
            page.flags(&summary.flags, "", out)
        }
    }
}

/// What stands above one of several articles: its id, and its title where it has one.
pub fn write_heading(document: &Document, first: bool, color: bool, out: &mut impl Write) -> io::Result<()> {
    let title =
        document.article.title.as_deref().map_or_else(String::new, |title| format!(": {}", one_line(title)));
    let heading = format!("==> {}{title} <==", one_line(&document.article.id));
    writeln!(out, "{}{}", if first { "" } else { "\n" }, Pen { color }.heading(&heading))
}

/// The flags of the article, a line each.
pub fn flags(document: &Document) -> Vec<String> {
    let page = Page { document, reading: Reading::of(&document.article.text), pen: Pen { color: false } };
    document.flags.iter().map(|flag| page.flag(flag)).collect()
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
        writeln!(out, "{}\n", pen.heading(&one_line(title)))?;
        self.flags(document.flags.iter().filter(|flag| flag.span.is_none()), "", out)?;
        if let Some(summary) = &document.summary {
            writeln!(out, "{}\n{}", pen.heading("SUMMARY"), wrap(&lines(&summary.text), ""))?;
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
                    writeln!(out, "{}", wrap(&lines(&segment.text), "     → "))?;
                    self.flags(&segment.flags, "     ", out)?;
                }
                None => self.flags(self.flags_of(sentence.span), "     ", out)?,
            }
        }
        if !document.removed.is_empty() {
            writeln!(out, "\n{}", pen.heading("REMOVED"))?;
            for removed in &document.removed {
                let text = shortened(&one_line(document.text(removed.span)), 60);
                writeln!(out, "{}", pen.faint(&format!("  {:<18} {text}", one_line(&removed.rule))))?;
            }
        }
        writeln!(out)
    }

    /// One sentence a line.
    fn sentences(&self, out: &mut impl Write) -> io::Result<()> {
        self.document.sentences.iter().try_for_each(|sentence| writeln!(out, "{}", self.read(sentence.span)))
    }

    /// One line per person, place or organization, then dates and quantities.
    fn entities(&self, out: &mut impl Write) -> io::Result<()> {
        let Page { document, pen, .. } = self;
        for label in Label::ALL {
            for cluster in document.clusters.iter().filter(|cluster| cluster.label == label) {
                let mut line = format!("  {label:<8}{}", one_line(&cluster.name));
                if !cluster.aliases.is_empty() {
                    line += &pen.faint(&format!(" ({})", one_line(&cluster.aliases.join(", "))));
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
            writeln!(out, "{}", lines(&segment.text))?;
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
            writeln!(out, "{}", self.pen.warning(&format!("{indent}! {}", self.flag(flag))))?;
        }
        Ok(())
    }

    fn flag(&self, flag: &Flag) -> String {
        let mut line = flag.kind.as_str().replace('_', " ");
        if !flag.detail.is_empty() {
            line += &format!(": {}", one_line(&flag.detail));
        }
        if let Some(span) = flag.span {
            line += &format!(" (“{}”)", shortened(&self.read(span), 40));
        }
        line
    }
}

fn one_line(text: &str) -> String {
    visible(&text.split_whitespace().collect::<Vec<_>>().join(" ")).into_owned()
}

/// `text` with its lines as they are. A return alone, with which old texts end lines, would have a terminal write over the line.
fn lines(text: &str) -> String {
    visible(text).replace("\r\n", "\n").replace('\r', "\n")
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

    /// Whatever holds text of others.
    #[test]
    fn nothing_gives_orders_to_a_terminal() {
        use intisari::document::{Cluster, Entity, FlagKind, Removed, Segment, Sentence, Summary};
        use intisari::Article;

        let bad = "\u{1b}]52;c;x\u{7}\u{9b}2J\u{202e}\r";
        let text = format!("Rini{bad}Sari tiba.{bad}");
        let mut document = Document::new(
            Article::new(format!("a{bad}"), text.clone())
                .with_title(format!("Judul{bad}\nlain"))
                .with_source(bad),
        );
        let whole = Span::whole(&text);
        let flag = || Flag::new(FlagKind::UnreadableDate, bad).at(whole);
        document.flags = vec![flag(), Flag::new(FlagKind::Html, bad)];
        document.sentences = vec![Sentence::new(whole, 0)];
        document.entities = vec![Entity::new(whole, Label::Per, 0.5, 0)];
        document.clusters = vec![Cluster::new(bad, Label::Loc, vec![1])];
        document.clusters[0].aliases = vec![bad.to_owned()];
        document.translation = vec![Segment::new(0, bad)];
        document.translation[0].flags = vec![flag()];
        let mut summary = Summary::new(bad, "en", vec![0]);
        summary.flags = vec![flag()];
        document.summary = Some(summary);
        document.removed = vec![Removed { span: whole, rule: bad.to_owned(), reason: bad.to_owned() }];
        for view in
            [View::Digest, View::Cleaned, View::Sentences, View::Entities, View::Translation, View::Summary]
        {
            let mut out = Vec::new();
            write_heading(&document, false, false, &mut out).unwrap();
            write(&document, view, false, &mut out).unwrap();
            let out = String::from_utf8(out).unwrap() + &flags(&document).concat();
            assert!(
                !out.contains(|c: char| c.is_control() && c != '\n' || c == '\u{202e}'),
                "{view:?}: {out:?}"
            );
            assert_eq!(out.matches("==>").count(), 1);
        }
    }

    #[test]
    fn what_is_cut_says_so() {
        for (text, expected) in
            [("", ""), ("hujan", "hujan"), ("hujan 🌧 deras", "hujan…"), ("é🌧hujan", "é🌧huj…")]
        {
            assert_eq!(shortened(text, 6), expected, "{text}");
        }
    }
}
