//! A part of the text, cut where mentions and removed parts begin and end.

use std::borrow::Cow;

use crate::document::{Document, Span};
use crate::output::visible;

/// A run of text.
pub(super) struct Piece<'a> {
    pub text: Cow<'a, str>,
    /// Index of the entity that it belongs to.
    pub entity: Option<usize>,
    /// Index of the removed part that it belongs to.
    pub removed: Option<usize>,
}

/// Cuts `span` at the borders of `entities` and `removed` (indices, in the order of the text). Every character of the span
/// is in exactly one piece, whatever the borders are.
pub(super) fn cut<'a>(
    document: &'a Document,
    span: Span,
    entities: &[usize],
    removed: &[usize],
) -> Vec<Piece<'a>> {
    let entity = |index: &usize| document.entities.get(*index).map(|entity| (*index, entity.span));
    let gone = |index: &usize| document.removed.get(*index).map(|removed| (*index, removed.span));
    let entities: Vec<(usize, Span)> = entities.iter().filter_map(entity).collect();
    let removed: Vec<(usize, Span)> = removed.iter().filter_map(gone).collect();
    let mut borders = vec![span.start(), span.end()];
    for (_, inner) in entities.iter().chain(&removed) {
        borders.extend([inner.start(), inner.end()].map(|border| border.clamp(span.start(), span.end())));
    }
    borders.sort_unstable();
    borders.dedup();
    let starts = borders.iter();
    let pieces = starts.clone().zip(starts.skip(1)).filter_map(|(&start, &end)| {
        let text = document.article.text.get(start..end)?;
        Some(Piece { text: visible(text), entity: at(&entities, start), removed: at(&removed, start) })
    });
    pieces.collect()
}

/// The index of the span that covers `place`; spans are ordered and disjoint.
fn at(spans: &[(usize, Span)], place: usize) -> Option<usize> {
    let next = spans.partition_point(|(_, span)| span.end() <= place);
    spans.get(next).filter(|(_, span)| span.start() <= place).map(|&(index, _)| index)
}
