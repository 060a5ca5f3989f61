//! Marks boilerplate as removed. Contract: nothing is rewritten, no sentence of the story is removed.

use crate::document::{Removed, Span};
use crate::error::Result;

/// What cleaning says of one text: together the spans cover it, save for white space at their edges.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cleaned {
    /// Ordered, disjoint, never blank.
    pub kept: Vec<Span>,
    /// Ordered, disjoint from what is kept.
    pub removed: Vec<Removed>,
}

/// Separates the story from what scraping left around it.
pub trait Cleaner {
    /// One [`Cleaned`] per text, in order. Empty texts are valid.
    ///
    /// # Errors
    /// Only where an implementation can fail; rules cannot.
    fn clean(&self, texts: &[&str]) -> Result<Vec<Cleaned>>;
}

/// The kept parts of `text` as one string: parts that were apart are joined by a line break where one stood
/// between them, else by a blank.
pub fn join_kept(text: &str, kept: &[Span]) -> String {
    let mut joined = String::new();
    let mut end = 0;
    for span in kept {
        if !joined.is_empty() {
            let gap = text.get(end..span.start()).unwrap_or_default();
            joined.push(if gap.contains('\n') { '\n' } else { ' ' });
        }
        joined.push_str(span.of(text).trim());
        end = span.end();
    }
    joined
}
