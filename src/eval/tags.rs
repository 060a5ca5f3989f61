//! Tags of tokens read as spans. IOB2, IOBES and BILOU are equal to seqeval 1.2.2 in strict mode, `Conll` to its default.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::span_f1::LabeledSpan;
use crate::error::{Error, Result};

/// How tags are read as spans.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum TagScheme {
    /// As conlleval and seqeval without `mode`: a span may begin with any tag, and ends where tag or type change.
    Conll,
    /// Strict IOB2: a span begins with `B-`, and goes on with `I-` of the same type; other `I-` count as outside.
    #[default]
    Iob2,
    /// IOB1, as CoNLL-2003 was published: a span consists of `I-`; `B-` begins one right behind another of its type.
    Iob1,
    /// Strict IOBES: a span is `S-`, or `B-`, any `I-` and `E-` of one type. `M-` and `W-`, as BMES and BMEWO have them, are
    /// `I-` and `S-`.
    Iobes,
    /// Strict BILOU: as IOBES, with `L-` for `E-` and `U-` for `S-`.
    Bilou,
    /// No prefixes: a tag is `O` or a type, and neighbors of one type are one span.
    Plain,
}

impl fmt::Display for TagScheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TagScheme::Conll => "conll",
            TagScheme::Iob2 => "iob2",
            TagScheme::Iob1 => "iob1",
            TagScheme::Iobes => "iobes",
            TagScheme::Bilou => "bilou",
            TagScheme::Plain => "plain",
        })
    }
}

/// The scheme that the tags of a set are in, found by [`TagScheme::detect`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detected {
    /// The scheme.
    pub scheme: TagScheme,
    /// What a reader of the figures should know; nothing for sound IOB2.
    pub notes: Vec<String>,
}

/// A tag in two parts: `B-PER` is `('B', "PER")`, an `O` has no type.
fn parts(tag: &str, scheme: TagScheme) -> Result<(char, &str)> {
    if tag == "O" {
        return Ok(('O', ""));
    }
    if scheme == TagScheme::Plain {
        // All tokens of a span are alike, so each may begin one and go on with it.
        return if tag.is_empty() { Err(unknown(tag, scheme)) } else { Ok(('I', tag)) };
    }
    let (prefix, label) = prefixed(tag).ok_or_else(|| unknown(tag, scheme))?;
    let kind = match (scheme, prefix) {
        (_, 'B' | 'I') => prefix,
        (TagScheme::Conll | TagScheme::Iobes, 'E' | 'S') => prefix,
        (TagScheme::Iobes, 'M') => 'I',
        (TagScheme::Iobes, 'W') | (TagScheme::Bilou, 'U') => 'S',
        (TagScheme::Bilou, 'L') => 'E',
        _ => return Err(unknown(tag, scheme)),
    };
    Ok((kind, label))
}

/// Prefix and type of a tag such as `B-PER`, whatever the scheme.
fn prefixed(tag: &str) -> Option<(char, &str)> {
    let (prefix, label) = tag.split_once('-')?;
    let mut letters = prefix.chars();
    let letter = letters.next().filter(|letter| "BIESLUMW".contains(*letter) && letters.next().is_none())?;
    (!label.is_empty()).then_some((letter, label))
}

fn unknown(tag: &str, scheme: TagScheme) -> Error {
    if is_bare(tag) {
        return Error::config(
            format!("`{tag}` is a bare tag without a type"),
            "write the type behind it (`B-PER`), or choose the column that has it",
        );
    }
    Error::config(
        format!("`{tag}` is not a tag of the scheme {scheme}"),
        "choose the column that holds the tags, or another scheme (iob2, iob1, iobes, bilou, plain, conll)",
    )
}

/// Whether a tag is a prefix alone.
fn is_bare(tag: &str) -> bool {
    matches!(tag.trim_end_matches('-'), "B" | "I" | "E" | "S" | "L" | "U")
}

impl TagScheme {
    /// The spans, in token positions, that the tags of one sentence mark.
    ///
    /// # Errors
    /// [`Error::Config`] for a tag that the scheme does not know; a bare `B` or `I` belongs to none.
    pub fn spans<S: AsRef<str>>(self, tags: &[S]) -> Result<Vec<LabeledSpan>> {
        let tags: Vec<(char, &str)> =
            tags.iter().map(|tag| parts(tag.as_ref(), self)).collect::<Result<_>>()?;
        let mut spans = Vec::new();
        let mut open: Option<usize> = None;
        let mut previous = ('O', "");
        for (at, &(tag, label)) in tags.iter().chain([&('O', "")]).enumerate() {
            let goes_on = match self {
                TagScheme::Conll | TagScheme::Iob1 | TagScheme::Plain => {
                    conll_goes_on(previous, (tag, label))
                }
                TagScheme::Iob2 => tag == 'I' && previous.1 == label,
                TagScheme::Iobes | TagScheme::Bilou => {
                    matches!(previous.0, 'B' | 'I') && matches!(tag, 'I' | 'E') && previous.1 == label
                }
            };
            if !goes_on {
                let closes = matches!(self, TagScheme::Iobes | TagScheme::Bilou);
                let whole = !closes || matches!(previous.0, 'E' | 'S');
                if let Some(start) = open.take().filter(|_| whole) {
                    spans.push(LabeledSpan { start, end: at, label: previous.1.to_owned() });
                }
                let begins = match self {
                    TagScheme::Conll | TagScheme::Iob1 | TagScheme::Plain => tag != 'O',
                    TagScheme::Iob2 => tag == 'B',
                    TagScheme::Iobes | TagScheme::Bilou => matches!(tag, 'B' | 'S'),
                };
                open = begins.then_some(at);
            }
            previous = (tag, label);
        }
        Ok(spans)
    }

    /// The scheme that the tags of `sentences` are in, `tags` giving those of each. Tags that no scheme would have beside the
    /// others do not count: reading by the scheme names them.
    ///
    /// # Errors
    /// [`Error::Config`] where the tags are of no scheme that is known here: bare ones, numbers, `PER-B`, types without any
    /// `O`.
    pub fn detect<'s, T>(sentences: &'s [T], tags: impl Fn(&'s T) -> &'s [String]) -> Result<Detected> {
        let sentences: Vec<&[String]> = sentences.iter().map(tags).collect();
        let all: BTreeSet<&str> =
            sentences.iter().copied().flatten().map(String::as_str).filter(|tag| *tag != "O").collect();
        let prefixes: BTreeSet<char> =
            all.iter().filter_map(|tag| prefixed(tag)).map(|(prefix, _)| prefix).collect();
        let scheme = if all.is_empty() {
            TagScheme::Iob2
        } else if prefixes.is_empty() {
            let outside = sentences.iter().copied().flatten().any(|tag| tag == "O");
            types(&all, outside)?;
            TagScheme::Plain
        } else {
            by_prefixes(&prefixes, &sentences)
        };
        let mut notes = Vec::new();
        match scheme {
            TagScheme::Iob2 => {}
            TagScheme::Plain => {
                notes.push("tags have no B- or I-: neighbors of one type are taken for one entity".to_owned())
            }
            other => notes.push(format!("tags are read as {other}")),
        }
        notes.extend(outside(scheme, &sentences));
        Ok(Detected { scheme, notes })
    }
}

/// Says what is wrong with tags without prefixes that are no names of types.
fn types(tags: &BTreeSet<&str>, outside: bool) -> Result<()> {
    let all = |is: fn(&str) -> bool| tags.iter().all(|tag| is(tag));
    let shown: Vec<&str> = tags.iter().take(5).copied().collect();
    let refused =
        |what: &str, fix: &str| Err(Error::config(format!("the tags ({}) {what}", shown.join(", ")), fix));
    if all(is_bare) {
        return refused(
            "are bare, without types",
            "choose the column that has `B-PER`, or give predictions with types",
        );
    }
    if all(|tag| tag.parse::<f64>().is_ok()) {
        return refused("are numbers", "write the names of the tags, or choose the column that has them");
    }
    if all(is_written_otherwise) {
        return refused("have their B and I in another place", "write them as `B-PER` and `I-PER`");
    }
    if !outside {
        return refused(
            "have no `O` among them, so nothing says what is no entity",
            "choose the column that holds the tags, or write `O` where there is no entity",
        );
    }
    Ok(())
}

/// `PER-B`, `B_PER`, `b-per`: a prefix as others write it.
fn is_written_otherwise(tag: &str) -> bool {
    let is_prefix =
        |part: &str| matches!(part.to_ascii_uppercase().as_str(), "B" | "I" | "E" | "S" | "L" | "U");
    let mut marks = tag.char_indices().filter(|(_, c)| matches!(c, '-' | '_' | ':' | '/' | '.' | '|'));
    let first = marks.next();
    let last = marks.next_back().or(first);
    let before = first.is_some_and(|(at, _)| tag.get(..at).is_some_and(is_prefix));
    before || last.is_some_and(|(at, _)| tag.get(at + 1..).is_some_and(is_prefix))
}

/// The scheme of prefixed tags. One that closes its spans must explain nearly all tags, else a stray `S-` in an IOB2 set would
/// cost it all its entities; then the stray one is what the scheme does not know.
fn by_prefixes(prefixes: &BTreeSet<char>, sentences: &[&[String]]) -> TagScheme {
    let closing = if prefixes.iter().any(|prefix| "LU".contains(*prefix)) {
        Some(TagScheme::Bilou)
    } else if prefixes.iter().any(|prefix| "ESMW".contains(*prefix)) {
        Some(TagScheme::Iobes)
    } else {
        None
    };
    if let Some(closing) = closing {
        let (lost, tagged) = lost(closing, sentences);
        return if 5 * lost <= tagged { closing } else { TagScheme::Iob2 };
    }
    // In IOB1 an `I-` may begin an entity, and a `B-` stands only behind one of its type.
    let (mut begun, mut needless) = (0, 0);
    for tags in sentences {
        let mut previous = None;
        for tag in *tags {
            let tag = prefixed(tag);
            match tag {
                Some(('I', label)) if previous != Some(label) => begun += 1,
                Some(('B', label)) if previous != Some(label) => needless += 1,
                _ => {}
            }
            previous = tag.map(|(_, label)| label);
        }
    }
    if begun > needless {
        TagScheme::Iob1
    } else {
        TagScheme::Iob2
    }
}

/// How many tokens have a tag and lie in no entity, and how many have a tag. Tags that the scheme does not know are told
/// where they are read, and do not count.
fn lost(scheme: TagScheme, sentences: &[&[String]]) -> (usize, usize) {
    let (mut lost, mut tagged) = (0, 0);
    for tags in sentences {
        let tags: Vec<&str> =
            tags.iter().map(|tag| if parts(tag, scheme).is_ok() { tag } else { "O" }).collect();
        let inside: usize =
            scheme.spans(&tags).map_or(0, |spans| spans.iter().map(|span| span.end - span.start).sum());
        let marked = tags.iter().filter(|tag| **tag != "O").count();
        lost += marked - inside;
        tagged += marked;
    }
    (lost, tagged)
}

fn outside(scheme: TagScheme, sentences: &[&[String]]) -> Option<String> {
    let (lost, tagged) = lost(scheme, sentences);
    (lost > 0).then(|| {
        format!(
            "{lost} of {tagged} tagged tokens are in no entity under strict {scheme} and count as outside"
        )
    })
}

/// Whether seqeval's `end_of_chunk` and `start_of_chunk` both let a span go on.
fn conll_goes_on(previous: (char, &str), tag: (char, &str)) -> bool {
    let ended = matches!(previous.0, 'O' | 'E' | 'S') || matches!(tag.0, 'O' | 'B' | 'S');
    !ended && previous.1 == tag.1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentences(lines: &[&str]) -> Vec<Vec<String>> {
        lines.iter().map(|line| line.split(' ').map(str::to_owned).collect()).collect()
    }

    fn detect(lines: &[&str]) -> Result<Detected> {
        TagScheme::detect(&sentences(lines), |tags| tags.as_slice())
    }

    fn spans(scheme: TagScheme, line: &str) -> Vec<(usize, usize, String)> {
        let tags: Vec<&str> = line.split(' ').collect();
        scheme.spans(&tags).unwrap().into_iter().map(|span| (span.start, span.end, span.label)).collect()
    }

    fn span(start: usize, end: usize, label: &str) -> (usize, usize, String) {
        (start, end, label.to_owned())
    }

    #[test]
    fn knows_the_scheme_of_a_set() {
        let table = [
            (&["B-PER I-PER O", "B-LOC O"][..], TagScheme::Iob2, 0),
            (&["O O"], TagScheme::Iob2, 0),
            (&["B-LOC B-LOC O"], TagScheme::Iob2, 0),
            // One I- of a system that forgot its B-.
            (&["B-PER O I-LOC B-ORG I-ORG"], TagScheme::Iob2, 1),
            (&["I-PER I-PER O I-LOC", "I-LOC B-LOC O"], TagScheme::Iob1, 1),
            (&["I-PER I-ORG O"], TagScheme::Iob1, 1),
            (&["B-PER E-PER O S-LOC"], TagScheme::Iobes, 1),
            (&["B-PER M-PER E-PER O W-LOC"], TagScheme::Iobes, 1),
            (&["B-PER I-PER L-PER O U-LOC"], TagScheme::Bilou, 1),
            (&["Person Person O Place"], TagScheme::Plain, 1),
            (&["O GPE-LOC"], TagScheme::Plain, 1),
            // Strays stay strays: the scheme names them.
            (&["B-PER O", "O S-LOC", "B-ORG I-ORG"], TagScheme::Iob2, 0),
            (&["B-PER O Kamis"], TagScheme::Iob2, 0),
        ];
        for (lines, scheme, notes) in table {
            let detected = detect(lines).unwrap();
            assert_eq!((detected.scheme, detected.notes.len()), (scheme, notes), "{lines:?} {detected:?}");
        }
    }

    #[test]
    fn refuses_tags_of_no_scheme_by_what_they_are() {
        let table = [
            ("B I O", "are bare"),
            ("1 2 0 O", "are numbers"),
            ("PER-B PER-I O", "another place"),
            ("B_PER I_PER O", "another place"),
            ("b-per i-per O", "another place"),
            ("Person Place _", "no `O`"),
            ("NN VB", "no `O`"),
        ];
        for (line, message) in table {
            let error = detect(&[line]).unwrap_err().to_string();
            assert!(error.contains(message), "{line}: {error}");
        }
    }

    #[test]
    fn a_bare_tag_is_of_no_scheme() {
        for scheme in [TagScheme::Conll, TagScheme::Iob2, TagScheme::Iob1, TagScheme::Iobes, TagScheme::Bilou]
        {
            for tag in ["B", "I", "B-", "I-"] {
                let error = scheme.spans(&["O", tag]).unwrap_err().to_string();
                assert!(error.contains("bare tag"), "{scheme} {tag}: {error}");
            }
            assert!(scheme.spans(&["Person"]).is_err() && scheme.spans(&[""]).is_err(), "{scheme}");
        }
        // Words that begin with a letter of a prefix are types, not tags.
        assert!(TagScheme::Iob2.spans(&["Organisation"]).is_err());
        assert!(TagScheme::Conll.spans(&["Bank"]).is_err());
    }

    #[test]
    fn reads_each_scheme() {
        let (per, loc) = ("PER", "LOC");
        let table = [
            (TagScheme::Bilou, "B-PER I-PER L-PER U-LOC O", vec![span(0, 3, per), span(3, 4, loc)]),
            (TagScheme::Bilou, "B-PER I-PER O L-LOC", vec![]),
            (TagScheme::Iobes, "B-PER M-PER E-PER W-LOC", vec![span(0, 3, per), span(3, 4, loc)]),
            (
                TagScheme::Iob1,
                "I-PER I-PER B-PER O I-LOC",
                vec![span(0, 2, per), span(2, 3, per), span(4, 5, loc)],
            ),
            (TagScheme::Plain, "PER PER LOC O LOC", vec![span(0, 2, per), span(2, 3, loc), span(4, 5, loc)]),
            (TagScheme::Plain, "B-52 O", vec![span(0, 1, "B-52")]),
        ];
        for (scheme, line, expected) in table {
            assert_eq!(spans(scheme, line), expected, "{scheme}: {line}");
        }
        assert!(TagScheme::Bilou.spans(&["E-PER"]).is_err() && TagScheme::Iobes.spans(&["U-PER"]).is_err());
    }
}
