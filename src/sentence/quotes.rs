//! Quotation marks in the fashions that publishers use.

/// The side of a quotation that the form of a mark is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Opens,
    Closes,
    /// A straight mark.
    Either,
}

/// The double quotation mark at the start of `text`: its length in bytes, and the side of its form. Two apostrophes are one.
pub(super) fn quotation_mark(text: &str) -> Option<(usize, Side)> {
    let mut characters = text.chars();
    let first = characters.next()?;
    let doubled = characters.next() == Some(first);
    let side = match first {
        '"' | '″' | '＂' => Side::Either,
        '“' | '„' | '‟' | '«' | '‹' => Side::Opens,
        '”' | '»' | '›' => Side::Closes,
        '\'' if doubled => return Some((2, Side::Either)),
        '`' if doubled => return Some((2, Side::Opens)),
        '‘' if doubled => return Some((2 * first.len_utf8(), Side::Opens)),
        '’' if doubled => return Some((2 * first.len_utf8(), Side::Closes)),
        _ => return None,
    };
    Some((first.len_utf8(), side))
}

/// Whether `character` is a double quotation mark that some publisher closes with.
pub(super) fn is_closing_mark(character: char) -> bool {
    matches!(character, '"' | '″' | '＂' | '“' | '”' | '»' | '›' | '«' | '‹')
}

/// Whether `text` has a mark that opens a quotation.
pub(super) fn has_opening_mark(text: &str) -> bool {
    text.contains(['"', '″', '＂', '“', '”', '„', '‟', '«', '»', '‹', '›', '‘', '`']) || text.contains("''")
}
