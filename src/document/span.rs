//! Half-open byte ranges on character boundaries.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// Why a pair of offsets is no span of a text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SpanError {
    /// `start` lies behind `end`.
    #[error("span {start}..{end} ends before it starts")]
    Reversed {
        /// First byte.
        start: usize,
        /// Byte after the last.
        end: usize,
    },
    /// `end` lies behind the text's end.
    #[error("span {start}..{end} leaves the text of {len} bytes")]
    OutOfBounds {
        /// First byte.
        start: usize,
        /// Byte after the last.
        end: usize,
        /// Bytes of the text.
        len: usize,
    },
    /// An offset lies inside a character.
    #[error("byte {offset} lies inside a character")]
    InsideCharacter {
        /// The offending offset.
        offset: usize,
    },
}

/// A half-open byte range of a text, `start <= end`, both on character boundaries.
///
/// Adjacent spans do not overlap. Offsets are never modified by later stages. One that is read from JSON does not end before
/// it starts; whether it fits its text, only the text can tell.
///
/// ```
/// use intisari::Span;
///
/// let text = "Pantai Café ramai.";
/// let span = Span::new(text, 7, 12)?;
/// assert_eq!(span.of(text), "Café");
/// assert!(Span::new(text, 7, 11).is_err(), "é has two bytes");
/// # Ok::<(), intisari::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(try_from = "Offsets")]
pub struct Span {
    start: usize,
    end: usize,
}

/// A span as it stands in JSON, before it is checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Offsets {
    start: usize,
    end: usize,
}

impl TryFrom<Offsets> for Span {
    type Error = SpanError;

    fn try_from(Offsets { start, end }: Offsets) -> Result<Self, SpanError> {
        if start > end {
            return Err(SpanError::Reversed { start, end });
        }
        Ok(Span { start, end })
    }
}

impl Span {
    /// The span `start..end` (bytes) of `text`.
    ///
    /// # Errors
    /// [`SpanError`] where the offsets are reversed, leave the text or cut a character.
    pub fn new(text: &str, start: usize, end: usize) -> Result<Self, SpanError> {
        let span = Span { start, end };
        span.check(text)?;
        Ok(span)
    }

    /// The span `start..end` (bytes) of the part of `text` that this span covers, as a span of `text`.
    ///
    /// ```
    /// use intisari::Span;
    ///
    /// let text = "Hujan turun. Jalan licin.";
    /// let second = Span::new(text, 13, 25)?;
    /// assert_eq!(second.inner(text, 0, 5)?.of(text), "Jalan");
    /// assert!(second.inner(text, 6, 13).is_err(), "the part has 12 bytes");
    /// # Ok::<(), intisari::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`SpanError`] where this is no span of `text`, or the offsets are none of the part.
    pub fn inner(self, text: &str, start: usize, end: usize) -> Result<Self, SpanError> {
        self.check(text)?;
        Span { start, end }.check(self.of(text))?;
        Ok(Span { start: self.start + start, end: self.start + end })
    }

    /// The whole of `text`.
    pub fn whole(text: &str) -> Self {
        Span { start: 0, end: text.len() }
    }

    /// Says whether this is a span of `text`; spans read from a file are checked so.
    pub(crate) fn check(self, text: &str) -> Result<(), SpanError> {
        let Span { start, end } = self;
        if start > end {
            return Err(SpanError::Reversed { start, end });
        }
        if end > text.len() {
            return Err(SpanError::OutOfBounds { start, end, len: text.len() });
        }
        match [start, end].into_iter().find(|&offset| !text.is_char_boundary(offset)) {
            Some(offset) => Err(SpanError::InsideCharacter { offset }),
            None => Ok(()),
        }
    }

    /// First byte.
    pub fn start(self) -> usize {
        self.start
    }

    /// Byte after the last.
    pub fn end(self) -> usize {
        self.end
    }

    /// Number of bytes.
    pub fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether the span holds nothing.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// As a range of bytes.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// The part of `text` that the span covers; empty where it is no span of this text.
    pub fn of(self, text: &str) -> &str {
        text.get(self.range()).unwrap_or_default()
    }

    /// Whether `other` lies inside (or is the same).
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the two share at least one byte; adjacent spans do not.
    pub fn overlaps(self, other: Span) -> bool {
        self.start.max(other.start) < self.end.min(other.end)
    }

    /// Without white space at both ends; a blank span shrinks to its start.
    pub fn trimmed(self, text: &str) -> Self {
        let inner = self.of(text);
        let start = self.start + (inner.len() - inner.trim_start().len());
        let len = inner.trim().len();
        if len == 0 {
            Span { start: self.start, end: self.start }
        } else {
            Span { start, end: start + len }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rejects_what_is_no_span() {
        let text = "kafé";
        assert!(matches!(Span::new(text, 2, 1), Err(SpanError::Reversed { .. })));
        assert!(matches!(Span::new(text, 0, 6), Err(SpanError::OutOfBounds { len: 5, .. })));
        assert!(matches!(Span::new(text, 0, 4), Err(SpanError::InsideCharacter { offset: 4 })));
        assert_eq!(Span::new(text, 5, 5).unwrap().of(text), "");
    }

    #[test]
    fn what_is_read_ends_after_it_starts() {
        let read = |json: &str| serde_json::from_str::<Span>(json);
        assert_eq!(read(r#"{"start": 2, "end": 5}"#).unwrap().len(), 3);
        let error = read(r#"{"start": 5, "end": 2}"#).unwrap_err().to_string();
        assert!(error.contains("5..2 ends before it starts"), "{error}");
        assert!(read(r#"{"start": 2, "end": 5, "unit": "bytes"}"#).is_err());
        assert!(read(r#"{"start": -1, "end": 5}"#).is_err());
    }

    #[test]
    fn a_part_of_a_part_is_counted_from_its_start() {
        let text = "é kafé x";
        let part = Span::new(text, 3, 8).unwrap();
        assert_eq!(part.of(text), "kafé");
        assert_eq!(part.inner(text, 2, 5).unwrap().of(text), "fé");
        assert!(matches!(part.inner(text, 0, 4), Err(SpanError::InsideCharacter { offset: 4 })));
        assert!(matches!(part.inner(text, 0, 6), Err(SpanError::OutOfBounds { len: 5, .. })));
        assert!(part.inner("kaf", 0, 1).is_err(), "no span of this text");
    }

    #[test]
    fn adjacent_spans_do_not_overlap() {
        let text = "abcd";
        let (left, right) = (Span::new(text, 0, 2).unwrap(), Span::new(text, 2, 4).unwrap());
        assert!(!left.overlaps(right));
        assert!(Span::new(text, 1, 3).unwrap().overlaps(right));
    }

    #[test]
    fn trims_white_space_of_any_script() {
        let text = " \u{a0}Jakarta\n";
        assert_eq!(Span::whole(text).trimmed(text).of(text), "Jakarta");
        assert!(Span::whole(" \n ").trimmed(" \n ").is_empty());
    }
}
