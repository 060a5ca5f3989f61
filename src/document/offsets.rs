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

/// Turns byte offsets of one text into another unit; built once per text, each look-up is a binary search.
#[derive(Debug, Clone)]
pub struct OffsetTable {
    unit: Unit,
    /// (byte offset just after a multi-byte character, bytes minus units up to there), ascending.
    shifts: Vec<(usize, usize)>,
}

impl OffsetTable {
    /// The table of `text` for `unit`.
    pub fn new(text: &str, unit: Unit) -> Self {
        let mut shifts = Vec::new();
        let mut shift = 0;
        if unit != Unit::Bytes {
            for (start, character) in text.char_indices().filter(|(_, c)| !c.is_ascii()) {
                let units = if unit == Unit::Chars { 1 } else { character.len_utf16() };
                shift += character.len_utf8() - units;
                shifts.push((start + character.len_utf8(), shift));
            }
        }
        OffsetTable { unit, shifts }
    }

    /// The unit of this table.
    pub fn unit(&self) -> Unit {
        self.unit
    }

    /// The offset, in units, of the character boundary at byte `offset`.
    pub fn convert(&self, offset: usize) -> usize {
        let passed = self.shifts.partition_point(|&(end, _)| end <= offset);
        offset - passed.checked_sub(1).and_then(|last| self.shifts.get(last)).map_or(0, |&(_, shift)| shift)
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
        }
    }
}
