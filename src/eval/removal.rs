//! Precision and recall of cleaning, over characters.

use super::prf::Hits;
use super::VERSION;
use crate::document::Span;

/// How many characters of `text` the cleaning removed, should have removed, and both; white space does not count, since
/// nobody minds to which side it goes. Characters that several spans cover count once.
pub fn removal_hits(text: &str, gold: &[Span], removed: &[Span]) -> Hits {
    let (gold, removed) = (covered(text, gold), covered(text, removed));
    let mut hits = Hits::default();
    for ((c, gold), removed) in text.chars().zip(gold).zip(removed) {
        if !c.is_whitespace() {
            hits.gold += u64::from(gold);
            hits.predicted += u64::from(removed);
            hits.correct += u64::from(gold && removed);
        }
    }
    hits
}

/// For each character of `text` whether one of `spans` covers it.
fn covered<'a>(text: &'a str, spans: &[Span]) -> impl Iterator<Item = bool> + 'a {
    let mut spans = spans.to_vec();
    spans.sort_unstable();
    let mut spans = spans.into_iter();
    let mut end = 0;
    let mut next = spans.next();
    text.char_indices().map(move |(at, _)| {
        while let Some(span) = next.filter(|span| span.start() <= at) {
            end = end.max(span.end());
            next = spans.next();
        }
        at < end
    })
}

/// The settings of [`removal_hits`] as a signature.
pub fn removal_signature() -> String {
    format!("unit:char|space:no|zero:0|{VERSION}")
}
