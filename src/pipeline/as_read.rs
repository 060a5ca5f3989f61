//! Articles as the stages get them, and the way back to articles as they came.

use crate::document::{Article, Document, Flag, FlagKind, Removed, Span};
use crate::reading::Reading;
use crate::text::shortened;

/// The document that the stages work on: its text is what the article reads as.
pub(super) fn document(article: &Article, reading: &Reading<'_>) -> Document {
    match reading.is_plain() {
        true => Document::new(article.clone()),
        false => {
            let Article { id, title, date, source, text: _ } = article;
            let (id, title, source) = (id.clone(), title.clone(), source.clone());
            Document::new(Article { id, title, date: *date, source, text: reading.text().to_owned() })
        }
    }
}

/// Leads all that was found in the reading back to `article`. Tags and what else reads as nothing is part of the sentence
/// that it stands in; outside of sentences it is removed.
pub(super) fn restore(document: &mut Document, article: &Article, reading: &Reading<'_>) {
    if reading.is_plain() {
        return;
    }
    let back = |span: &mut Span| *span = reading.origin(*span);
    document.kept.iter_mut().for_each(back);
    document.removed.iter_mut().for_each(|removed| back(&mut removed.span));
    document.sentences.iter_mut().for_each(|sentence| back(&mut sentence.span));
    document.entities.iter_mut().for_each(|entity| back(&mut entity.span));
    let of_summary = document.summary.iter_mut().flat_map(|summary| summary.flags.iter_mut());
    let flags = document.flags.iter_mut().chain(of_summary);
    flags.filter_map(|flag| flag.span.as_mut()).for_each(back);
    document.article.text.clone_from(&article.text);
    remove_unread(document, reading);
}

fn remove_unread(document: &mut Document, reading: &Reading<'_>) {
    let text = document.article.text.as_str();
    let inside = |spans: &[Span], span: Span| {
        let next = spans.partition_point(|other| other.end() < span.end());
        spans.get(next).is_some_and(|other| other.contains(span))
    };
    let sentences: Vec<Span> = document.sentences.iter().map(|sentence| sentence.span).collect();
    let removed: Vec<Span> = document.removed.iter().map(|removed| removed.span).collect();
    document.kept = with_sentences(text, &document.kept, &sentences);
    // Without sentences, within a kept part only what ends a line is known to stand between two of them.
    let ends_line = |span: Span| {
        let place = reading.place(span);
        let line = |c: Option<char>| c.is_none_or(|c| c == '\n');
        let before = reading.text().get(..place.end()).and_then(|text| text.chars().next_back());
        let after = reading.text().get(place.start()..).and_then(|text| text.chars().next());
        line(before) || line(after)
    };
    let alone = |&span: &Span| match sentences.is_empty() && inside(&document.kept, span) {
        true => ends_line(span),
        false => !inside(&sentences, span) && !inside(&removed, span),
    };
    let mut unread: Vec<Span> = Vec::new();
    for span in reading.unread().into_iter().filter(alone) {
        let adjacent =
            |last: &Span| text.get(last.end()..span.start()).is_some_and(|gap| gap.trim().is_empty());
        let joined = unread
            .last()
            .copied()
            .filter(adjacent)
            .and_then(|last| Span::new(text, last.start(), span.end()).ok());
        match (joined, unread.last_mut()) {
            (Some(both), Some(last)) => *last = both,
            _ => unread.push(span),
        }
    }
    if unread.is_empty() {
        return;
    }
    document.kept = without(text, &document.kept, &unread);
    document.removed.extend(unread.into_iter().map(|span| {
        let (rule, reason) = match overlaps(reading.passed_over(), span) {
            true => ("data", "holds no language"),
            false => ("markup", "tags and codes that read as nothing"),
        };
        Removed { span, rule: rule.to_owned(), reason: reason.to_owned() }
    }));
    document.removed.sort_by_key(|removed| removed.span);
}

/// `kept` with what lies between two parts within a sentence: only blanks stood there as it reads, now tags may.
fn with_sentences(text: &str, kept: &[Span], sentences: &[Span]) -> Vec<Span> {
    let mut joined: Vec<Span> = Vec::with_capacity(kept.len());
    for &part in kept {
        let both = joined.last().and_then(|last| {
            let gap = Span::new(text, last.end(), part.start()).ok()?;
            let sentence =
                sentences.get(sentences.partition_point(|sentence| sentence.end() <= gap.start()))?;
            let tags = !gap.of(text).trim().is_empty() && sentence.contains(gap);
            tags.then(|| Span::new(text, last.start(), part.end()).ok())?
        });
        match (both, joined.last_mut()) {
            (Some(both), Some(last)) => *last = both,
            _ => joined.push(part),
        }
    }
    joined
}

/// A flag for each part that was passed over. They count from the article as it came.
pub(super) fn passed_over(reading: &Reading<'_>, article: &Article) -> Vec<Flag> {
    let parts = reading.passed_over().iter();
    let flag = |&span: &Span| {
        let (text, length) = (span.of(&article.text), span.len());
        let start = shortened(text, EXCERPT);
        Flag::new(FlagKind::PassedOver, format!("{length} bytes: {start}")).at(span)
    };
    parts.map(flag).collect()
}

/// Characters that a flag shows of what was passed over.
const EXCERPT: usize = 24;

/// Whether one of `spans` (ordered, disjoint) overlaps `span`.
fn overlaps(spans: &[Span], span: Span) -> bool {
    let next = spans.partition_point(|other| other.end() <= span.start());
    spans.get(next).is_some_and(|other| other.overlaps(span))
}

/// `spans` without `holes`; both are ordered and disjoint.
fn without(text: &str, spans: &[Span], holes: &[Span]) -> Vec<Span> {
    let mut left = Vec::new();
    for span in spans {
        let mut start = span.start();
        let first = holes.partition_point(|hole| hole.end() <= start);
        let within = holes.iter().skip(first).take_while(|hole| hole.start() < span.end());
        let ends = within.map(|hole| (hole.start(), hole.end())).chain([(span.end(), span.end())]);
        for (end, next) in ends {
            if let Ok(part) = Span::new(text, start, end.max(start)) {
                left.push(part.trimmed(text));
            }
            start = next;
        }
    }
    left.retain(|span| !span.is_empty());
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_holes_out_of_spans() {
        let text = "abc <p> def <b> ghi";
        let span = |start, end| Span::new(text, start, end).unwrap();
        let left = without(text, &[span(0, 11), span(12, 19)], &[span(4, 7), span(12, 15)]);
        assert_eq!(left, [span(0, 3), span(8, 11), span(16, 19)]);
    }
}
