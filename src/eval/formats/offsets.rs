//! Offsets of files in bytes.

use crate::document::{OffsetTable, Unit};

/// The byte of `text` at an offset in the unit of `table`, or what is wrong with it.
pub(crate) fn byte_of(table: &OffsetTable, text: &str, offset: usize) -> Result<usize, String> {
    table.bytes(offset).ok_or_else(|| {
        let (unit, end) = (name(table.unit()), table.convert(text.len()));
        match offset > end {
            true => format!("offset {offset} ({unit}) lies behind the end of the text at {end}"),
            false => format!("offset {offset} ({unit}) is no place between characters of the text"),
        }
    })
}

/// A unit in the words of a message.
pub(super) fn name(unit: Unit) -> &'static str {
    match unit {
        Unit::Bytes => "bytes",
        Unit::Chars => "characters",
        Unit::Utf16 => "UTF-16 units",
    }
}
