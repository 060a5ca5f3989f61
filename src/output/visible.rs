//! Text of others, as people may see it.

use std::borrow::Cow;

/// `text` with U+FFFD for control characters other than line breaks and tabs, and for marks that turn the direction of writing: an article,
/// a title or an id cannot give orders to a terminal, nor change how what stands behind it looks.
///
/// ```
/// use intisari::output::visible;
///
/// assert_eq!(visible("Hujan\u{1b}]0;x\u{7} turun."), "Hujan\u{fffd}]0;x\u{fffd} turun.");
/// assert_eq!(visible("Hujan\r\n\tturun."), "Hujan\r\n\tturun.");
/// ```
pub fn visible(text: &str) -> Cow<'_, str> {
    let hidden = |c: char| {
        (c.is_control() && !matches!(c, '\n' | '\t' | '\r'))
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if text.contains(hidden) {
        Cow::Owned(text.replace(hidden, "\u{fffd}"))
    } else {
        Cow::Borrowed(text)
    }
}
