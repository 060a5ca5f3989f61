//! How a text reads: with characters for the codes that stand for them, without tags, what cannot be seen and what holds no
//! language, with the lines of hard-wrapped paragraphs put together, and with blanks between words that a scraper glued.
//!
//! An article is never rewritten. A [`Reading`] is a second text beside it, made for the stages, with a table that
//! leads every span back:
//!
//! ```
//! use intisari::reading::Reading;
//! use intisari::Span;
//!
//! let article = "Dinas Perikanan &amp; Kelautan buka.";
//! let reading = Reading::of(article);
//! assert_eq!(reading.text(), "Dinas Perikanan & Kelautan buka.");
//! let found = Span::new(reading.text(), 6, 26)?;
//! assert_eq!(reading.origin(found).of(article), "Perikanan &amp; Kelautan");
//! # Ok::<(), intisari::document::SpanError>(())
//! ```
//!
//! What cannot be seen are soft hyphens, zero-width blanks and joiners, marks of direction and of byte order. Control characters stay; an
//! article with some has the flag `control_characters`. Whoever writes XML, which forbids them, replaces them.
//!
//! The pipeline reads each article once and hands what it reads to all stages; whoever calls a stage directly can do
//! the same.
//!
//! # Wrapped lines
//!
//! A line break reads as a blank where the text was wrapped to a width, as mail and PDF files are. A single break tells nothing, so that is one
//! decision about the article. Wrapped text shows all of this:
//!
//! 1. nine of ten of its lines keep to one width, of 30 to 130 characters; there are three of them at least with a line behind;
//! 2. at two thirds at least, and two, of the line breaks that fall into a sentence, the next word would not have fitted into that width,
//!    or nearly not: verse, lists, headings and captions end where they like, with room left;
//! 3. behind a third of these breaks at least the sentence goes on in lower case or with a figure;
//! 4. somewhere a sentence ends within a line.
//!
//! Then a break reads as a blank where the next word would not have fitted, or where the next line goes on in lower case. Blank lines stay, and
//! so do breaks before the items of a list, before lines that are indented and begin no lower-case word, and behind lines with room left, as
//! headings are. A hyphen that parts a word goes with its break (`pen-` `didikan`); one that belongs to it stays (`anak-` `anak`).
//!
//! ```
//! use intisari::reading::Reading;
//!
//! let wrapped = "Wali kota meninjau gedung sekolah di\nKampung Melati pada Rabu siang. Menurut\nkepala dinas, dana \
//!                perbaikan sebesar Rp\n250.000 per siswa sudah cair.";
//! assert_eq!(Reading::of(wrapped).text(), wrapped.replace('\n', " "));
//! let lines = "Hujan turun.\nJalan di kota tergenang sejak pagi. Warga menunggu bantuan.";
//! assert_eq!(Reading::of(lines).text(), lines);
//! ```

mod codes;
pub(crate) mod data;
mod glued;
mod layer;
mod tags;
mod wrap;

use std::borrow::Cow;

pub(crate) use glued::{lost_blank, opens_sentence};
use layer::{Layer, Replacement};

use crate::document::Span;
use crate::part::Part;

/// A text as it reads, and where each part of it stands in the text as it came.
#[derive(Debug, Clone)]
pub struct Reading<'a> {
    source: &'a str,
    text: Cow<'a, str>,
    /// What was done to the text, in order; each counts from what the one before it left.
    layers: Vec<Layer>,
    /// Parts of the source that hold no language.
    passed_over: Vec<Span>,
    /// The first tag, without its attributes.
    first_tag: Option<String>,
}

impl<'a> Reading<'a> {
    /// Reads `source`. Most articles read as they stand; for these nothing is copied.
    pub fn of(source: &'a str) -> Self {
        let mut reading = Reading::of_part(source);
        reading.apply(glued::find(&reading.text));
        reading
    }

    /// Reads a part of an article: as [`of`](Self::of), but words stay as they are, since only the whole article tells where two were glued.
    fn of_part(source: &'a str) -> Self {
        let mut reading = Reading {
            source,
            text: Cow::Borrowed(source),
            layers: Vec::new(),
            passed_over: Vec::new(),
            first_tag: None,
        };
        // In this order: tags may be written in codes (`&lt;br&gt;`) and hold pictures, and all may stand where lines end.
        reading.apply(codes::find(&reading.text));
        let data = data::find(&reading.text);
        let ranges = data.iter().map(|data| (data.source.start, data.source.end));
        reading.passed_over = ranges.map(|(start, end)| reading.source_of(start, end)).collect();
        reading.apply(data);
        let tags = tags::find(&reading.text);
        let mut sources = tags.iter().map(|tag| reading.text.part(tag.source.clone()));
        reading.first_tag = sources.find(|source| !source.starts_with("<!--")).map(tags::name);
        reading.apply(tags);
        reading.apply(wrap::find(&reading.text));
        reading
    }

    /// The text as it reads.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text as it reads, without what leads back.
    pub fn into_text(self) -> Cow<'a, str> {
        self.text
    }

    /// Whether the text reads as it stands.
    pub fn is_plain(&self) -> bool {
        self.layers.is_empty()
    }

    /// Where `span` of the [text](Self::text) stands in the source. Spans that do not overlap lead to spans that do not;
    /// what cannot be seen belongs to the word before it. What has no white space at its ends has none in the source.
    pub fn origin(&self, span: Span) -> Span {
        let source = self.source_of(span.start(), span.end());
        match span.trimmed(&self.text) == span {
            true => source.trimmed(self.source),
            false => source,
        }
    }

    fn source_of(&self, start: usize, end: usize) -> Span {
        let back = |(start, end), layer: &Layer| layer.origin(start, end);
        let (start, end) = self.layers.iter().rev().fold((start, end), back);
        // Layers keep to whole characters, so this cannot fail for a span of the text.
        Span::new(self.source, start, end).unwrap_or(Span::whole(self.source))
    }

    /// The parts of the source that hold no language and read as nothing: data addresses and other files written as letters,
    /// words of hundreds of bytes, long runs of figures or signs. In order, disjoint.
    pub fn passed_over(&self) -> &[Span] {
        &self.passed_over
    }

    /// The first tag that was passed over, without its attributes: `<p>`.
    pub(crate) fn first_tag(&self) -> Option<&str> {
        self.first_tag.as_deref()
    }

    /// Where `span` of the source stands in the [text](Self::text): the other way round.
    pub fn place(&self, span: Span) -> Span {
        let forth = |(start, end), layer: &Layer| layer.place(start, end);
        let (start, end) = self.layers.iter().fold((span.start(), span.end()), forth);
        Span::new(&self.text, start, end).unwrap_or(Span::whole(&self.text))
    }

    /// The parts of the source that read as nothing or as white space, though they are none: tags, `&nbsp;`, a byte
    /// order mark. In order, disjoint.
    pub(crate) fn unread(&self) -> Vec<Span> {
        let mut unread: Vec<Span> = Vec::new();
        for (depth, layer) in self.layers.iter().enumerate() {
            for (start, end) in layer.blanks() {
                let back = |(start, end), layer: &Layer| layer.origin(start, end);
                let before = self.layers.iter().take(depth).rev();
                let (start, end) = before.fold((start, end), back);
                if let Ok(span) = Span::new(self.source, start, end) {
                    unread.push(span.trimmed(self.source));
                }
            }
        }
        unread.retain(|span| !span.is_empty());
        unread.sort();
        let mut joined: Vec<Span> = Vec::with_capacity(unread.len());
        for span in unread {
            let over = joined.last_mut().filter(|last| span.start() < last.end());
            match over {
                Some(last) => {
                    *last = Span::new(self.source, last.start(), last.end().max(span.end())).unwrap_or(*last)
                }
                None => joined.push(span),
            }
        }
        joined
    }

    fn apply(&mut self, replacements: Vec<Replacement>) {
        if replacements.is_empty() {
            return;
        }
        let (text, layer) = Layer::new(&self.text, replacements);
        self.text = Cow::Owned(text);
        self.layers.push(layer);
    }
}

/// How `text` reads.
///
/// ```
/// assert_eq!(intisari::reading::read("Warga &quot;senang&quot;.<br>"), "Warga \"senang\".\n");
/// ```
pub fn read(text: &str) -> Cow<'_, str> {
    Reading::of(text).into_text()
}

/// How a part of an article reads, be it read already or not: words stay as they are, for the article decides which are two.
#[cfg_attr(not(feature = "native"), allow(dead_code))]
pub(crate) fn read_part(text: &str) -> Cow<'_, str> {
    Reading::of_part(text).into_text()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn plain_text_is_not_copied() {
        for text in ["", "Hujan turun.", "Suhu < 10 °C & angin > 5 knot – “deras”.", "A&W, R&B; AT&T\n1 < 2"]
        {
            let reading = Reading::of(text);
            assert!(reading.is_plain() && reading.unread().is_empty(), "{text}");
            assert!(matches!(reading.into_text(), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn what_ends_in_no_blank_does_not_where_it_came_from() {
        // A soft hyphen and the end of the line belong to what stands before them.
        let source = "Kapal mem\u{ad}\nbawa ikan.";
        let reading = Reading::of(source);
        assert_eq!(reading.text(), "Kapal membawa ikan.");
        let part = Span::new(reading.text(), 6, 9).unwrap();
        assert_eq!(reading.origin(part).of(source), "mem\u{ad}");
    }

    #[test]
    fn leads_back_through_codes_tags_and_lines() {
        let source = "<p>&quot;Sudah&nbsp;siap,&quot; kata <b>Sari</b>.</p>";
        let reading = Reading::of(source);
        assert_eq!(reading.text(), "\n\n\"Sudah\u{a0}siap,\" kata Sari.\n\n");
        let whole = Span::whole(reading.text()).trimmed(reading.text());
        assert_eq!(reading.origin(whole).of(source), "&quot;Sudah&nbsp;siap,&quot; kata <b>Sari</b>.");
        let unread: Vec<&str> = reading.unread().iter().map(|span| span.of(source)).collect();
        assert_eq!(unread, ["<p>", "&nbsp;", "<b>", "</b>", "</p>"]);
    }

    /// No language, and long enough to be passed over.
    const DATA: &str = "0000000000111111111122222222223333333333444444444455555555556666666666777777777788888888889999999999\
                        0000000000111111111122222222223333333333444444444455555555556666666666777777777788888888889999999999.";

    #[test]
    fn what_holds_no_language_reads_as_nothing() {
        let source = format!(
            "Kapal <img src=\"data:image/png;base64,{}\"> tiba {DATA} di Tenau.",
            "iVBOR/".repeat(400)
        );
        let reading = Reading::of(&source);
        assert_eq!(reading.text(), "Kapal  tiba  di Tenau.");
        let passed: Vec<&str> = reading.passed_over().iter().map(|span| &span.of(&source)[..10]).collect();
        assert_eq!(passed, ["data:image", "0000000000"]);
        assert!(Reading::of("Kapal tiba.").passed_over().is_empty());
    }

    fn pieces() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "&amp;",
            "&quot;",
            "&nbsp;",
            "&#39;",
            "&lt;",
            "&gt;",
            "&amp;lt;p&amp;gt;",
            "&",
            "<p>",
            "</p>",
            "<br/>",
            "<b>",
            "</b>",
            "<",
            ">",
            "<!-- a -->",
            "<script>",
            "</script>",
            "\u{ad}",
            "\u{200b}",
            "\u{feff}",
            "\u{200d}",
            "\u{2028}",
            "Hujan",
            "turun deras di Ambon,",
            " ",
            "\n",
            "-\n",
            ". ",
            "é",
            "👩",
            "Pasar ikan itu dibuka pada",
            "Rini ",
            "Rinimengatakan",
            " bersamaRini",
            " bersama ",
            "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4",
            DATA,
        ]);
        prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn spans_lead_back_and_forth(text in pieces(), any in "\\PC*|(.|\n){0,80}") {
            for text in [text, any] {
                let reading = Reading::of(&text);
                let read = reading.text();
                let mut end = 0;
                for (start, character) in read.char_indices().filter(|(_, c)| !c.is_whitespace()) {
                    let span = Span::new(read, start, start + character.len_utf8()).unwrap();
                    let origin = reading.origin(span);
                    prop_assert!(origin.start() >= end && !origin.is_empty(), "{:?} {:?}", text, read);
                    prop_assert!(origin.check(&text).is_ok());
                    prop_assert_eq!(reading.place(origin), span, "{:?} {:?}", text, read);
                    end = origin.end();
                }
            }
        }

        #[test]
        fn every_visible_character_is_read_or_unread(text in pieces()) {
            let reading = Reading::of(&text);
            let read = reading.text();
            let mut seen = vec![false; text.len()];
            let visible = read.char_indices().filter(|(_, c)| !c.is_whitespace());
            let origins = visible.map(|(start, c)| {
                reading.origin(Span::new(read, start, start + c.len_utf8()).unwrap())
            });
            for span in origins.chain(reading.unread()) {
                seen[span.range()].fill(true);
            }
            for (offset, character) in text.char_indices().filter(|(_, c)| !c.is_whitespace()) {
                // The hyphen of a word that a line break parted is neither.
                prop_assert!(seen[offset] || character == '-', "{:?} at {} of {:?}", character, offset, text);
            }
        }
    }
}
