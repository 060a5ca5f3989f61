//! White space as the reference implementations see it.

/// Whether Python's `str.split` would cut at `c`: Unicode white space and the four ASCII separators.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

/// The words of `text` between white space.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(is_space).filter(|word| !word.is_empty())
}

/// `text` without white space at its end, in lower case where asked.
pub(super) fn prepared(text: &str, lowercase: bool) -> String {
    let text = text.trim_end_matches(is_space);
    if lowercase {
        text.to_lowercase()
    } else {
        text.to_owned()
    }
}
