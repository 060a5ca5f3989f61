//! SGM, as campaigns had it before WMT 2021: one side of a set a file. It looks like XML and seldom is, so only its segments are
//! looked for.

use std::path::Path;

use crate::error::{Error, Result};
use crate::eval::formats::source::{OnBad, Source};
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

/// The segments of a file: for each of its systems or translators document, number and text, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Segments {
    system: String,
    segments: Vec<(String, String)>,
}

/// Segments of one system or translator, each with its id of document and number.
pub type Sets = Vec<(String, String)>;

/// Reads a file of SGM that must hold `side`: for each system or translator its segments in order, with an id of document and
/// number. The checksum of the file comes second.
///
/// # Errors
/// [`Error::Io`], [`Error::Malformed`], and [`Error::Config`] where the file holds another side.
pub fn read_sgm(path: &Path, side: Side) -> Result<(Vec<Sets>, String)> {
    let source = Source::open(path, OnBad::Fail)?;
    let found = parse(source.text()?).map_err(|(line, message)| Error::Malformed {
        path: path.to_owned(),
        line,
        message,
    })?;
    let (held, systems) = found;
    if held != side {
        let name = |side| match side {
            Side::Source => "sources (srcset)",
            Side::Reference => "references (refset)",
            Side::Output => "outputs of a system (tstset)",
        };
        return Err(Error::config(
            format!("{} holds {}, not {}", path.display(), name(held), name(side)),
            "name the source first, then its references, and outputs as predictions",
        ));
    }
    Ok((systems.into_iter().map(|system| system.segments).collect(), source.sha256()))
}

type Bad = (usize, String);

fn parse(text: &str) -> Result<(Side, Vec<Segments>), Bad> {
    let mut side = None;
    let mut systems: Vec<Segments> = Vec::new();
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
        let Some(close) = rest.find('>') else { return Err((line, "a tag has no end".to_owned())) };
        let tag = rest.part(1..close);
        let name = tag.split([' ', '\t', '\r', '\n', '/']).next().unwrap_or_default().to_ascii_lowercase();
        let attribute = |name: &str| attribute(tag, name);
        advance(&mut rest, close + 1);
        match name.as_str() {
            "srcset" => side = Some(Side::Source),
            "refset" => side = Some(Side::Reference),
            "tstset" => side = Some(Side::Output),
            "doc" => {
                document = attribute("docid").unwrap_or_default();
                let system = attribute("sysid").unwrap_or_default();
                let at = systems.iter().position(|known| known.system == system);
                current = Some(at.unwrap_or_else(|| {
                    systems.push(Segments { system, segments: Vec::new() });
                    systems.len() - 1
                }));
            }
            "seg" => {
                let Some(segments) = current.and_then(|at: usize| systems.get_mut(at)) else {
                    return Err((line, "a segment outside of a document".to_owned()));
                };
                let end = find_end(rest).ok_or((line, "a segment has no end".to_owned()))?;
                let number = attribute("id").unwrap_or_else(|| (segments.segments.len() + 1).to_string());
                let inner = rest.part(..end);
                segments.segments.push((format!("{document}:{number}"), one_line(&unescaped(inner))));
                advance(&mut rest, end);
            }
            _ => {}
        }
    }
    let side = side.ok_or((1, "no <srcset>, <refset> or <tstset>: no SGM of a campaign".to_owned()))?;
    Ok((side, systems))
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
        let (side, systems) = parse(text).unwrap();
        assert_eq!((side, systems.len()), (Side::Reference, 2));
        let segments = |at: usize| -> Vec<(&str, &str)> {
            systems[at].segments.iter().map(|(id, text)| (id.as_str(), text.as_str())).collect()
        };
        assert_eq!(segments(0), [("satu:1", "Rain & wind at 5 < 6 <b>"), ("satu:2", "Fish & rice")]);
        assert_eq!(segments(1), [("satu:1", "Storm"), ("satu:2", "")]);
    }

    #[test]
    fn says_what_is_wrong_and_where() {
        for (text, line, message) in [
            ("<refset>\n<seg id=1>x</seg>", 2, "outside of a document"),
            ("<refset><doc docid=a>\n\n<seg id=1>x", 3, "no end"),
            ("<refset><doc docid=a", 1, "no end"),
            ("plain text", 1, "no SGM"),
        ] {
            let (found, said) = parse(text).unwrap_err();
            assert!(found == line && said.contains(message), "{found}: {said}");
        }
    }
}
