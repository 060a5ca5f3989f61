//! Tags that were left in a text: those that end a paragraph or a line read as line breaks, others as nothing.

use std::borrow::Cow;

use super::layer::Replacement;
use crate::part::Part;

/// Longest tag, in bytes, with its attributes.
const LONGEST: usize = 1_000;
/// Longest name of an element that is looked up: `amp-social-share`.
const LONGEST_NAME: usize = 20;

/// Elements that stand on lines of their own.
const BLOCKS: [&str; 46] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hgroup",
    "hr",
    "html",
    "iframe",
    "legend",
    "li",
    "main",
    "nav",
    "ol",
    "option",
    "p",
    "pre",
    "section",
    "select",
    "summary",
    "table",
    "tbody",
    "title",
    "tr",
    "ul",
];
/// Elements inside a line.
const INLINES: [&str; 65] = [
    "a", "abbr", "acronym", "area", "audio", "b", "bdi", "bdo", "big", "blink", "button", "canvas", "cite",
    "code", "col", "colgroup", "data", "del", "dfn", "em", "embed", "font", "i", "img", "input", "ins",
    "kbd", "label", "link", "map", "mark", "marquee", "meta", "meter", "nobr", "o", "object", "output",
    "param", "path", "picture", "progress", "q", "rp", "rt", "ruby", "s", "samp", "small", "source", "span",
    "strike", "strong", "sub", "sup", "tfoot", "thead", "time", "track", "tt", "u", "use", "var", "video",
    "wbr",
];
/// Elements whose content is not for readers.
const RAW: [&str; 4] = ["script", "style", "noscript", "template"];

/// What a tag does to the line it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effect {
    /// Ends a paragraph.
    Block,
    /// Ends a line.
    Line,
    /// Parts two cells.
    Cell,
    Nothing,
}

/// The tags of `text`, with what they enclose where it is a program.
pub(super) fn find(text: &str) -> Vec<Replacement> {
    let mut found: Vec<Replacement> = Vec::new();
    let mut raw = RawEnds::default();
    let mut end = 0;
    for (start, _) in text.match_indices('<') {
        if start < end {
            continue;
        }
        let rest = text.part(start..);
        let Some((len, effect)) = comment(rest, &mut raw).or_else(|| tag(rest, &mut raw)) else {
            continue;
        };
        end = start + len;
        let mut source = start..end;
        let read = match effect {
            Effect::Block => "\n\n",
            Effect::Line => "\n",
            Effect::Cell => " ",
            Effect::Nothing => "",
        };
        if matches!(effect, Effect::Block | Effect::Line) {
            // The line break of the source beside the tag is the same one.
            source.end += line_break(text.part(end..));
            end = source.end;
        }
        found.push(Replacement { source, read: Cow::Borrowed(read), glued: false });
    }
    found
}

/// The tag at the start of `source` without its attributes and content: `<p>`.
pub(super) fn name(source: &str) -> String {
    let end = source.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(source.len());
    format!("{}>", source.part(..end).trim_end_matches('/'))
}

/// Where elements whose content is skipped end; remembered, so that a text of a thousand unclosed ones is read once.
#[derive(Debug, Default)]
struct RawEnds {
    /// Closing marks that stand nowhere behind what was read.
    missing: Vec<&'static str>,
}

impl RawEnds {
    /// Offset behind the next `close` in `text`, letter case aside.
    fn next(&mut self, text: &str, close: &'static str) -> Option<usize> {
        if self.missing.contains(&close) {
            return None;
        }
        let found = text
            .as_bytes()
            .windows(close.len())
            .position(|window| window.eq_ignore_ascii_case(close.as_bytes()));
        if found.is_none() {
            self.missing.push(close);
        }
        found.map(|at| at + close.len())
    }
}

fn comment(rest: &str, raw: &mut RawEnds) -> Option<(usize, Effect)> {
    let inner = rest.strip_prefix("<!--")?;
    Some((4 + raw.next(inner, "-->")?, Effect::Nothing))
}

fn tag(rest: &str, raw: &mut RawEnds) -> Option<(usize, Effect)> {
    let inner = rest.strip_prefix('<')?;
    if inner.get(..8).is_some_and(|head| head.eq_ignore_ascii_case("!doctype")) {
        return Some((close(rest)?, Effect::Block));
    }
    let closing = inner.starts_with('/');
    let inner = inner.strip_prefix('/').unwrap_or(inner);
    let len = inner.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(inner.len());
    if len == 0 || len > LONGEST_NAME {
        return None;
    }
    let name = inner.get(..len)?.to_ascii_lowercase();
    // `<o:p>` is what word processors leave.
    let next = inner.get(len..)?.chars().next()?;
    if !(next.is_whitespace() || matches!(next, '>' | '/' | ':')) {
        return None;
    }
    let known = |names: &[&str]| names.contains(&name.as_str());
    let effect = match name.as_str() {
        "br" => Effect::Line,
        "td" | "th" => Effect::Cell,
        _ if known(&BLOCKS) => Effect::Block,
        _ if known(&INLINES) => Effect::Nothing,
        // A picture within a sentence; what it is drawn of is skipped all the same.
        "svg" => Effect::Nothing,
        _ if known(&RAW) => Effect::Block,
        "amp-img" => Effect::Nothing,
        _ if name.starts_with("amp-") => Effect::Block,
        _ => return None,
    };
    let end = close(rest)?;
    // `a <b dan c> d` compares.
    let attributes = inner
        .get(len..end.saturating_sub(2 + usize::from(closing)))?
        .trim_matches(['/', ' ', '\t', '\n', '\r']);
    if next.is_whitespace() && !attributes.is_empty() && !attributes.contains('=') {
        return None;
    }
    let raw_close = match name.as_str() {
        "script" => "</script>",
        "style" => "</style>",
        "noscript" => "</noscript>",
        "template" => "</template>",
        "svg" => "</svg>",
        _ => return Some((end, effect)),
    };
    // `<svg … />` is whole; of the others a stroke closes none.
    let whole = name == "svg" && rest.get(..end).is_some_and(|tag| tag.ends_with("/>"));
    if closing || whole {
        return Some((end, effect));
    }
    let skipped = raw.next(rest.get(end..)?, raw_close).unwrap_or(0);
    Some((end + skipped, effect))
}

/// Length of the tag at the start of `rest`; a `>` within quotation marks does not close it.
fn close(rest: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in rest.bytes().enumerate().skip(1).take(LONGEST) {
        match (quote, byte) {
            (None, b'>') => return Some(at + 1),
            // Another tag opens: this was none.
            (None, b'<') => return None,
            (None, b'"' | b'\'') if rest.as_bytes().get(at - 1) == Some(&b'=') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    None
}

/// Bytes of the blanks and the one line break at the start of `text`; 0 where there is no line break.
fn line_break(text: &str) -> usize {
    let rest = text.trim_start_matches([' ', '\t']);
    let behind = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix('\n'));
    behind.map_or(0, |behind| text.len() - behind.len())
}

#[cfg(test)]
mod tests {
    use crate::reading::{read, Reading};

    #[test]
    fn the_first_tag_is_told_without_what_is_in_it() {
        for (written, tag) in [
            ("Hujan.<p class=\"a\">Reda.</p>", Some("<p>")),
            ("<script>if (a<b) c()</script><p>Hujan.</p>", Some("<script>")),
            ("Hujan.<!-- iklan -->Reda.<BR/>", Some("<BR>")),
            ("Hujan.<!-- iklan -->Reda.", None),
        ] {
            assert_eq!(Reading::of(written).first_tag(), tag, "{written}");
        }
    }

    #[test]
    fn reads_tags_as_line_breaks_or_nothing() {
        for (written, meant) in [
            ("<p>Hujan.</p>\r\n<p style=\"a>b\">Reda.</p>", "\n\nHujan.\n\n\n\nReda.\n\n"),
            ("Hujan.<br />\r\nReda.<BR>Cerah.", "Hujan.\nReda.\nCerah."),
            ("Kata <strong>Sari</strong>, <a href='x'>klik</a>.", "Kata Sari, klik."),
            ("&lt;p&gt;Hujan.&lt;/p&gt;", "\n\nHujan.\n\n"),
            ("Satu<!-- iklan --> dua<script>if (a<b) c()</SCRIPT>tiga", "Satu dua\n\ntiga"),
            ("Unduh <svg class=\"i\"/>di sini. <svg>x</svg>Reda.", "Unduh di sini. Reda."),
            ("<td>3</td><td>4</td>", " 3  4 "),
            ("<o:p></o:p>Hujan.", "Hujan."),
            (
                "Pada <time datetime=\"2025-05-12\">Senin</time>, <dfn>banjir</dfn> <bdi>reda</bdi>.",
                "Pada Senin, banjir reda.",
            ),
            (
                "Unduh <svg viewBox=\"0 0 1 1\"><title>Ikon</title><path d=\"M0\"/></svg>di sini.",
                "Unduh di sini.",
            ),
            ("<marquee>Hujan.</marquee> <canvas id=c></canvas><audio src=a></audio>Reda.", "Hujan. Reda."),
            ("<details><summary>Isi</summary>Hujan.</details>", "\n\n\n\nIsi\n\nHujan.\n\n"),
            ("Hujan.<amp-social-share type=x></amp-social-share>Reda.", "Hujan.\n\n\n\nReda."),
            ("<kbd>Ctrl</kbd> + <samp>C</samp>", "Ctrl + C"),
        ] {
            assert_eq!(read(written), meant, "{written}");
        }
    }

    #[test]
    fn leaves_what_is_no_tag() {
        for text in [
            "air naik < 10 cm",
            "a<b dan c>d",
            "<nama>",
            "<3",
            "x <p y",
            "<waktu>",
            "<>",
            "</>",
            "<p",
            "1<2>1",
        ] {
            assert_eq!(read(text), text);
        }
    }

    #[test]
    fn a_megabyte_of_open_tags_is_read() {
        for unit in ["<script>", "<!--", "<p ", "<", "<p>", "&amp;", "&lt;", "<a href=\"", "\u{ad}"] {
            let text = unit.repeat(1_000_000 / unit.len());
            assert!(read(&text).len() <= 2 * text.len());
        }
    }
}
