//! The rules of the parts of a document; pipelines check by them what stages return. `field` names the list in errors.

use super::{DocumentError, Flag, Label, Removed, Sentence, Span, Value};
use crate::text::shortened;

type Check = Result<(), DocumentError>;

/// A span of a list, and the sentence that it says it is of, where it says so.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Placed {
    pub(crate) span: Span,
    pub(crate) sentence: Option<usize>,
}

impl From<Span> for Placed {
    fn from(span: Span) -> Self {
        Placed { span, sentence: None }
    }
}

impl Placed {
    pub(crate) fn in_sentence(span: Span, sentence: usize) -> Self {
        Placed { span, sentence: Some(sentence) }
    }

    /// For messages: `0..4 "Budi" in sentence 0`.
    fn shown(self, text: &str) -> String {
        let sentence = self.sentence.map_or_else(String::new, |sentence| format!(" in sentence {sentence}"));
        format!("{}..{} {:?}{sentence}", self.span.start(), self.span.end(), start(self.span.of(text)))
    }
}

/// Characters that a message shows of a part.
const EXCERPT: usize = 24;

/// How `text` starts.
pub(crate) fn start(text: &str) -> String {
    shortened(text, EXCERPT)
}

fn content(field: &'static str, index: usize, message: impl Into<String>) -> DocumentError {
    DocumentError::Content { field, index, message: message.into() }
}

/// Spans of `text`, ordered and disjoint.
pub(crate) fn disjoint(
    field: &'static str,
    text: &str,
    parts: impl Iterator<Item = impl Into<Placed>>,
) -> Check {
    let mut last: Option<Placed> = None;
    for (index, part) in parts.enumerate() {
        let part = part.into();
        part.span.check(text).map_err(|source| DocumentError::Span { field, index, source })?;
        if let Some(before) = last.filter(|last| part.span.start() < last.span.end()) {
            let (part, before) = (part.shown(text), before.shown(text));
            return Err(DocumentError::Order { field, index, part, before });
        }
        last = Some(part);
    }
    Ok(())
}

/// Nothing is kept and removed; both lists are ordered.
pub(crate) fn apart(text: &str, kept: &[Span], removed: &[Removed]) -> Check {
    let mut other_index = 0;
    for (index, Removed { span, .. }) in removed.iter().enumerate() {
        while kept.get(other_index).is_some_and(|kept| kept.end() <= span.start()) {
            other_index += 1;
        }
        if let Some(kept) = kept.get(other_index).filter(|kept| kept.overlaps(*span)) {
            let (part, other_part) = (Placed::from(*span).shown(text), Placed::from(*kept).shown(text));
            return Err(DocumentError::Overlap {
                field: "removed",
                index,
                part,
                other: "kept",
                other_index,
                other_part,
            });
        }
    }
    Ok(())
}

/// Removed parts name their rule and its reason.
pub(crate) fn named(removed: &[Removed]) -> Check {
    let unnamed =
        removed.iter().position(|part| part.rule.trim().is_empty() || part.reason.trim().is_empty());
    unnamed.map_or(Ok(()), |index| Err(content("removed", index, "does not name its rule and the reason")))
}

/// A text says something.
pub(crate) fn not_blank(field: &'static str, index: usize, text: &str) -> Check {
    match text.trim().is_empty() {
        true => Err(content(field, index, "is blank")),
        false => Ok(()),
    }
}

/// A language is told as ISO 639-1 does.
pub(crate) fn language(field: &'static str, index: usize, code: &str) -> Check {
    match code.len() == 2 && code.bytes().all(|b| b.is_ascii_lowercase()) {
        true => Ok(()),
        false => {
            let message = format!("is {:?}, no code of two letters as `en`", shortened(code, EXCERPT));
            Err(content(field, index, message))
        }
    }
}

/// Sentences are ordered, disjoint and not empty; paragraphs never decrease.
pub(crate) fn sentences(text: &str, sentences: &[Sentence]) -> Check {
    const FIELD: &str = "sentences";
    disjoint(FIELD, text, sentences.iter().map(|sentence| sentence.span))?;
    let mut last = 0;
    for (index, Sentence { span, paragraph, .. }) in sentences.iter().enumerate() {
        if span.is_empty() {
            return Err(content(FIELD, index, "covers nothing"));
        }
        if *paragraph < last {
            return Err(content(
                FIELD,
                index,
                format!("is in paragraph {paragraph}, the one before it in {last}"),
            ));
        }
        last = *paragraph;
    }
    Ok(())
}

/// No sentence has white space at its ends.
pub(crate) fn trimmed_sentences(text: &str, sentences: &[Sentence]) -> Check {
    let mut spans = sentences.iter().map(|sentence| sentence.span).enumerate();
    spans.try_for_each(|(index, span)| trimmed("sentences", index, text, span))
}

/// Flags of a summary are about all of it, or about one of its sentences, and have that one's span.
pub(crate) fn with_spans_of(field: &'static str, index: usize, flags: &[Flag], sentences: &[Span]) -> Check {
    match flags.iter().filter_map(|flag| flag.span).find(|span| !sentences.contains(span)) {
        Some(span) => Err(content(
            field,
            index,
            format!(
                "has a flag for the span {}..{}, which is none of its sentences",
                span.start(),
                span.end()
            ),
        )),
        None => Ok(()),
    }
}

/// Flags of English are about its sentence, those of what a model wrote about all of it: none has a span of its own.
pub(crate) fn without_spans(field: &'static str, index: usize, flags: &[Flag]) -> Check {
    match flags.iter().find_map(|flag| flag.span) {
        Some(span) => Err(content(
            field,
            index,
            format!("has a flag for the span {}..{}; a flag of English has none", span.start(), span.end()),
        )),
        None => Ok(()),
    }
}

/// A part covers something, without white space at its ends.
pub(crate) fn trimmed(field: &'static str, index: usize, text: &str, span: Span) -> Check {
    let covered = span.of(text);
    let message = match (covered.trim().len(), covered.len()) {
        (_, 0) => "covers nothing".to_owned(),
        (0, _) => "covers nothing but white space".to_owned(),
        (inner, whole) if inner < whole => {
            format!("({}) has white space at its ends", Placed::from(span).shown(text))
        }
        _ => return Ok(()),
    };
    Err(content(field, index, message))
}

/// A mention covers something, without white space at its ends, and lies in the sentence that it names. Its span is one of `text`.
pub(crate) fn in_sentence(
    field: &'static str,
    index: usize,
    text: &str,
    (span, number): (Span, usize),
    sentences: &[Sentence],
) -> Check {
    trimmed(field, index, text, span)?;
    let sentence = there(field, index, number, sentences)?;
    if sentence.span.contains(span) {
        return Ok(());
    }
    let (part, there) = (Placed::from(span).shown(text), Placed::from(sentence.span).shown(text));
    Err(DocumentError::Elsewhere { field, index, part, sentence: number, there })
}

/// The sentence of this number.
fn there<'s>(
    field: &'static str,
    index: usize,
    number: usize,
    sentences: &'s [Sentence],
) -> Result<&'s Sentence, DocumentError> {
    let count = sentences.len();
    sentences.get(number).ok_or(DocumentError::Missing { field, index, target: "sentence", number, count })
}

/// A score lies from 0 to 1.
pub(crate) fn score(field: &'static str, index: usize, score: f32) -> Check {
    match (0.0..=1.0).contains(&score) {
        true => Ok(()),
        false => Err(content(field, index, format!("has the score {score}; scores lie from 0 to 1"))),
    }
}

/// Values are possible ones of what the label says; names have none.
pub(crate) fn value(field: &'static str, index: usize, label: Label, value: Option<&Value>) -> Check {
    let Some(value) = value else { return Ok(()) };
    let of = value.label();
    let is_name = matches!(label, Label::Per | Label::Loc | Label::Org | Label::Evt);
    if !is_name && of != label {
        let message = format!("is {label} and has the value {value}, which is one of {of}");
        return Err(content(field, index, message));
    }
    let rule = if is_name { Some("names have no value") } else { value.fault() };
    rule.map_or(Ok(()), |rule| Err(content(field, index, format!("has the value {value}; {rule}"))))
}

/// Indices of sentences ascend, and the sentences are there.
pub(crate) fn indices(
    field: &'static str,
    indices: impl Iterator<Item = usize>,
    sentences: &[Sentence],
) -> Check {
    let mut last = None;
    for (index, sentence) in indices.enumerate() {
        there(field, index, sentence, sentences)?;
        if let Some(before) = last.filter(|&before| before >= sentence) {
            let message = format!("is for sentence {sentence}, the one before it for {before}");
            return Err(content(field, index, message));
        }
        last = Some(sentence);
    }
    Ok(())
}

/// English stands on one line, without white space at its ends.
pub(crate) fn one_line(field: &'static str, index: usize, text: &str) -> Check {
    not_one_line(text).map_or(Ok(()), |message| Err(content(field, index, message)))
}

/// Why `text` is not one line without white space at its ends, where it is not.
pub(crate) fn not_one_line(text: &str) -> Option<String> {
    let (what, at) = match text.find(['\n', '\r']) {
        Some(at) => ("a line break", at),
        None if text.starts_with(char::is_whitespace) => ("a blank at its start", 0),
        None if text.ends_with(char::is_whitespace) => ("a blank at its end", text.len()),
        None => return None,
    };
    Some(format!("has {what}: {:?}", around(text, at)))
}

/// What stands around the byte `at` of `text`.
fn around(text: &str, at: usize) -> String {
    const EACH_SIDE: usize = EXCERPT / 2;
    let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
    let from = before.char_indices().rev().nth(EACH_SIDE - 1).map_or(0, |(from, _)| from);
    let to = after.char_indices().nth(EACH_SIDE).map_or(after.len(), |(to, _)| to);
    let cut = |cut: bool| if cut { "…" } else { "" };
    let (left, right) = (before.get(from..).unwrap_or(before), after.get(..to).unwrap_or(after));
    format!("{}{left}{right}{}", cut(from > 0), cut(to < after.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_told_what_is_wrong_with_it() {
        for (text, says) in [
            ("Rina sells.\nDewi buys a glass of tea.", r#"has a line break: "Rina sells.\nDewi buys a…""#),
            ("Rina sells \r", r#"has a line break: "Rina sells \r""#),
            (" Rina", r#"has a blank at its start: " Rina""#),
            ("The price of coffee rises\u{a0}", r#"has a blank at its end: "…offee rises\u{a0}""#),
        ] {
            assert_eq!(not_one_line(text).as_deref(), Some(says));
        }
        assert_eq!(not_one_line(""), None);
        assert_eq!(not_one_line("Rina sells."), None);
    }

    #[test]
    fn a_part_is_shown_by_its_start() {
        let text = "Café di ujung jalan itu ramai sejak pagi.";
        let placed = Placed::in_sentence(Span::whole(text), 3);
        assert_eq!(placed.shown(text), r#"0..42 "Café di ujung jalan itu …" in sentence 3"#);
        assert_eq!(Placed::from(Span::new(text, 0, 5).unwrap()).shown(text), r#"0..5 "Café""#);
    }
}
