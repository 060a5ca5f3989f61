//! SGM, as campaigns had it before WMT 2021: one side of a set a file. It looks like XML and seldom is, so only its segments are
//! looked for.

use std::collections::HashMap;
use std::path::Path;

use super::{once, SideSegment};
use crate::error::{Error, Result};
use crate::eval::formats::looks::{expect_markup, Looks};
use crate::eval::formats::source::{OnBad, Set, Source};
use crate::part::Part;
use crate::text::one_line;

/// What a file of SGM holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// `srcset`: sources.
    Source,
    /// `refset`: references, one or several.
    Reference,
    /// `tstset`: what a system wrote.
    Output,
}

/// Reads a file of SGM that must hold `side`: its segments in order, those of several systems or translators one after the other. A
/// segment outside of a document is bad; so is one that its system has had before, by document and number, and one that has no end: what
/// follows that is lost. A document without a name is called by its number.
///
/// # Errors
/// [`Error::Io`], [`Error::Config`] where the file holds another side or has another form, and [`Error::Malformed`] unless bad segments are
/// to be skipped.
pub fn read_sgm(path: &Path, side: Side, on_bad: OnBad) -> Result<Set<SideSegment>> {
    let mut source = Source::open(path, on_bad)?;
    expect_markup(&source, &[Looks::Sgm, Looks::Xml], "SGM")?;
    let Parsed { side: held, mut segments, bad } = parse(source.text()?);
    let name = |side| match side {
        Side::Source => "sources (srcset)",
        Side::Reference => "references (refset)",
        Side::Output => "outputs of a system (tstset)",
    };
    match held {
        Some(held) if held == side => {}
        Some(held) => {
            return Err(Error::config(
                format!("{} holds {}, not {}", path.display(), name(held), name(side)),
                "name the source first, then its references, and outputs as predictions",
            ));
        }
        None => {
            let message = format!("{} has no <srcset>, <refset> or <tstset>", path.display());
            return Err(Error::config(message, "give SGM of a campaign"));
        }
    }
    for (line, message) in bad {
        source.bad(line, message)?;
    }
    // One system after the other, in the order in which they begin.
    let mut systems: Vec<String> = Vec::new();
    for segment in &segments {
        if !systems.contains(&segment.system) {
            systems.push(segment.system.clone());
        }
    }
    segments.sort_by_key(|segment| systems.iter().position(|system| *system == segment.system));
    let segments = once(&mut source, segments)?;
    source.finish(segments)
}

/// What stands in a file, in its order.
#[derive(Debug, Default)]
struct Parsed {
    side: Option<Side>,
    segments: Vec<SideSegment>,
    bad: Vec<(usize, String)>,
}

fn parse(text: &str) -> Parsed {
    let mut found = Parsed::default();
    // How many documents and segments each system has, and how many segments stand before any document.
    let mut counts: HashMap<String, (usize, usize)> = HashMap::new();
    let mut outside = 0;
    let (mut document, mut current) = (String::new(), None);
    let mut rest = text;
    let mut line = 1;
    let mut advance = |rest: &mut &str, bytes: usize| {
        let passed = rest.part(..bytes);
        line += passed.matches('\n').count();
        *rest = rest.part(bytes..);
        line
    };
    while let Some(open) = rest.find('<') {
        let line = advance(&mut rest, open);
        let Some(close) = rest.find('>') else {
            found.bad.push((line, "a tag has no end".to_owned()));
            return found;
        };
        let tag = rest.part(1..close);
        let name = tag.split([' ', '\t', '\r', '\n', '/']).next().unwrap_or_default().to_ascii_lowercase();
        let attribute = |name: &str| attribute(tag, name);
        advance(&mut rest, close + 1);
        match name.as_str() {
            "srcset" => found.side = Some(Side::Source),
            "refset" => found.side = Some(Side::Reference),
            "tstset" => found.side = Some(Side::Output),
            "doc" => {
                let system = attribute("sysid").unwrap_or_default();
                let (documents, _) = counts.entry(system.clone()).or_default();
                *documents += 1;
                document = attribute("docid").unwrap_or_else(|| format!("document {documents}"));
                current = Some(system);
            }
            "seg" => {
                let Some(end) = find_end(rest) else {
                    found.bad.push((line, "a segment has no end".to_owned()));
                    return found;
                };
                let inner = rest.part(..end);
                advance(&mut rest, end);
                let Some(system) = current.clone() else {
                    found.bad.push((line, "a segment outside of a document".to_owned()));
                    outside += 1;
                    continue;
                };
                let (_, segments) = counts.entry(system.clone()).or_default();
                *segments += 1;
                let number = attribute("id").unwrap_or_else(|| segments.to_string());
                found.segments.push(SideSegment {
                    id: format!("{document}:{number}"),
                    line,
                    place: outside + *segments,
                    system,
                    text: one_line(&unescaped(inner)),
                });
            }
            _ => {}
        }
    }
    found
}

/// Where `</seg>` begins, in whatever case.
fn find_end(text: &str) -> Option<usize> {
    let mut at = 0;
    loop {
        let open = at + text.get(at..)?.find("</")?;
        if text.get(open + 2..open + 5).is_some_and(|name| name.eq_ignore_ascii_case("seg")) {
            return Some(open);
        }
        at = open + 2;
    }
}

/// The value of an attribute, with quotes or without.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let mut rest = tag;
    loop {
        let at = rest.find('=')?;
        let (before, after) = (rest.get(..at)?, rest.get(at + 1..)?.trim_start());
        let found = before.split_whitespace().next_back().is_some_and(|key| key.eq_ignore_ascii_case(name));
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, next) = match quote {
            Some(quote) => after.get(1..)?.split_once(quote)?,
            None => after.split_once(char::is_whitespace).unwrap_or((after, "")),
        };
        if found {
            return Some(value.to_owned());
        }
        rest = next;
    }
}

/// The text of a segment: references to characters resolved, tags within left out.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<']) {
        let (before, marked) = rest.split_at(at);
        out.push_str(before);
        let resolved = if marked.starts_with('<') {
            tag(marked).map(|after| (None, after))
        } else {
            reference(marked).map(|(character, after)| (Some(character), after))
        };
        // What resolves to nothing stands for itself.
        let (character, after) = resolved.unwrap_or_else(|| {
            let (mark, after) = marked.split_at(1);
            (mark.chars().next(), after)
        });
        out.extend(character);
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Longer names of characters, and longer tags within a segment, are none.
const LONGEST_NAME: usize = 10;
const LONGEST_TAG: usize = 200;

/// What follows the tag with which `text` begins.
fn tag(text: &str) -> Option<&str> {
    let name = text.get(1..)?.trim_start_matches('/');
    let end = text.bytes().take(LONGEST_TAG).position(|byte| byte == b'>')?;
    name.starts_with(char::is_alphabetic).then(|| text.get(end + 1..))?
}

/// The character that `text` begins with a reference to, and what follows it.
fn reference(text: &str) -> Option<(char, &str)> {
    let end = text.bytes().take(LONGEST_NAME).position(|byte| byte == b';')?;
    Some((character(text.get(1..end)?)?, text.get(end + 1..)?))
}

fn character(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_is_no_sound_xml() {
        let text = "<!DOCTYPE mteval SYSTEM \"x.dtd\">\n<refset setid=a srclang=any trglang=\"English\">\n\
                    <DOC sysid='ref A' docid=\"satu\">\n<p>\n<seg id=1> Rain & wind\n at 5 < 6 &lt;b&gt; </seg>\n\
                    <SEG id=\"2\"><hl>Fish</hl> &#38; rice</SEG>\n</p></DOC>\n\
                    <doc sysid='ref B' docid=\"satu\"><seg id=1>Storm</seg><seg id=2></seg></doc></refset>";
        let Parsed { side, segments, bad } = parse(text);
        assert_eq!((side, bad.len()), (Some(Side::Reference), 0));
        let of = |system: &str| -> Vec<(&str, usize, &str)> {
            let own = segments.iter().filter(|segment| segment.system == system);
            own.map(|segment| (segment.id.as_str(), segment.place, segment.text.as_str())).collect()
        };
        assert_eq!(of("ref A"), [("satu:1", 1, "Rain & wind at 5 < 6 <b>"), ("satu:2", 2, "Fish & rice")]);
        assert_eq!(of("ref B"), [("satu:1", 1, "Storm"), ("satu:2", 2, "")]);
        assert_eq!(segments.iter().map(|segment| segment.line).collect::<Vec<_>>(), [5, 7, 9, 9]);
    }

    #[test]
    fn says_what_is_wrong_and_where() {
        for (text, line, message) in [
            ("<refset>\n<seg id=1>x</seg>", 2, "outside of a document"),
            ("<refset><doc docid=a>\n\n<seg id=1>x", 3, "no end"),
            ("<refset><doc docid=a", 1, "no end"),
        ] {
            let bad = parse(text).bad;
            let (found, said) = &bad[0];
            assert!(*found == line && said.contains(message), "{found}: {said}");
        }
        assert_eq!(parse("plain text").side, None);
    }
}
