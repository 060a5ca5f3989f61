//! Character and UTF-16 offsets, computed at the edge from byte offsets.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Span;

/// What offsets of an output count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// Bytes of UTF-8, as inside this crate.
    #[default]
    Bytes,
    /// Unicode scalar values, as Python counts.
    Chars,
    /// UTF-16 code units, as JavaScript and Java count.
    Utf16,
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Unit::Bytes => "bytes",
            Unit::Chars => "chars",
            Unit::Utf16 => "utf16",
        })
    }
}

/// Turns byte offsets of one text into another unit and back; built once per text, each look-up is a binary search.
///
/// ```
/// use intisari::document::{OffsetTable, Span, Unit};
///
/// let text = "Wali kota Malmö tiba.";
/// let table = OffsetTable::new(text, Unit::Chars);
/// let span = Span::new(text, 10, 16)?;
/// assert_eq!(table.convert_span(span), (10, 15));
/// // An annotation tool that counts characters:
/// let (start, end) = (table.bytes(10).unwrap(), table.bytes(15).unwrap());
/// assert_eq!(Span::new(text, start, end)?, span);
/// # Ok::<(), intisari::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct OffsetTable {
    unit: Unit,
    /// Of each multi-byte character, ascending.
    wide: Vec<Wide>,
    /// Bytes of the text.
    length: usize,
}

/// Where a multi-byte character lies, in bytes, and by how much bytes are more than units up to its end.
#[derive(Debug, Clone, Copy)]
struct Wide {
    start: usize,
    end: usize,
    shift: usize,
}

impl OffsetTable {
    /// The table of `text` for `unit`.
    pub fn new(text: &str, unit: Unit) -> Self {
        let mut wide = Vec::new();
        let mut shift = 0;
        for (start, character) in text.char_indices().filter(|(_, c)| !c.is_ascii()) {
            let units = match unit {
                Unit::Bytes => character.len_utf8(),
                Unit::Chars => 1,
                Unit::Utf16 => character.len_utf16(),
            };
            shift += character.len_utf8() - units;
            wide.push(Wide { start, end: start + character.len_utf8(), shift });
        }
        OffsetTable { unit, wide, length: text.len() }
    }

    /// The unit of this table.
    pub fn unit(&self) -> Unit {
        self.unit
    }

    /// The offset, in units, of the character boundary at byte `offset`. Of no use where there is no boundary: check spans first.
    pub fn convert(&self, offset: usize) -> usize {
        offset - self.shift(self.wide.partition_point(|wide| wide.end <= offset))
    }

    /// The byte at which the character at `offset`, in units, begins, or the end of the text; none behind the end, or within a
    /// character of several units.
    pub fn bytes(&self, offset: usize) -> Option<usize> {
        let passed = self.wide.partition_point(|wide| wide.end - wide.shift <= offset);
        let byte = offset.checked_add(self.shift(passed))?;
        let most = self.wide.get(passed).map_or(self.length, |next| next.start);
        (byte <= most).then_some(byte)
    }

    /// By how much bytes are more than units behind the first `passed` multi-byte characters.
    fn shift(&self, passed: usize) -> usize {
        passed.checked_sub(1).and_then(|last| self.wide.get(last)).map_or(0, |wide| wide.shift)
    }

    /// Start and end of `span` in units.
    pub fn convert_span(&self, span: Span) -> (usize, usize) {
        (self.convert(span.start()), self.convert(span.end()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn counts_as_python_and_javascript_do() {
        let text = "é😀x";
        assert_eq!(OffsetTable::new(text, Unit::Chars).convert(text.len()), 3);
        assert_eq!(OffsetTable::new(text, Unit::Utf16).convert(text.len()), 4);
        assert_eq!(OffsetTable::new(text, Unit::Bytes).convert(6), 6);
    }

    proptest! {
        #[test]
        fn agrees_with_counting(text in ".*") {
            let (chars, utf16) = (OffsetTable::new(&text, Unit::Chars), OffsetTable::new(&text, Unit::Utf16));
            for (byte, _) in text.char_indices() {
                let before = &text[..byte];
                prop_assert_eq!(chars.convert(byte), before.chars().count());
                prop_assert_eq!(utf16.convert(byte), before.encode_utf16().count());
            }
            for table in [&chars, &utf16, &OffsetTable::new(&text, Unit::Bytes)] {
                let of_units: Vec<Option<usize>> = (0..=text.len() + 1).map(|unit| table.bytes(unit)).collect();
                let ends = text.char_indices().map(|(byte, _)| byte).chain([text.len()]);
                let boundaries: Vec<usize> = ends.collect();
                prop_assert_eq!(of_units.iter().flatten().copied().collect::<Vec<_>>(), boundaries.clone());
                for byte in boundaries {
                    prop_assert_eq!(table.bytes(table.convert(byte)), Some(byte));
                }
            }
        }
    }
}
