//! What stands between quotation marks.

use std::ops::Range;

/// A quotation, without its marks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Quotation {
    pub range: Range<usize>,
    /// Whether both of its marks are there, and not only one of them.
    pub whole: bool,
}

/// The quotations of `text`, in order, also those whose first or last mark stands before or behind it.
pub(crate) fn quotations(text: &str) -> Vec<Quotation> {
    let mut found = Vec::new();
    let mut open: Option<usize> = None;
    let mut seen = false;
    for (at, mark) in text.char_indices().filter(|(_, c)| matches!(c, '"' | '“' | '”' | '„' | '«' | '»'))
    {
        let end = at + mark.len_utf8();
        let opens = match mark {
            '“' | '„' | '«' => true,
            '”' | '»' => false,
            _ => open.is_none() && opens(text, at, end),
        };
        match open {
            Some(start) => {
                found.push(Quotation { range: start..at, whole: !opens });
                open = opens.then_some(end);
            }
            None if opens => open = Some(end),
            // It began in a sentence before.
            None if !seen => found.push(Quotation { range: 0..at, whole: false }),
            None => {}
        }
        seen = true;
    }
    found.extend(open.map(|start| Quotation { range: start..text.len(), whole: false }));
    found
}

/// Whether the straight mark at `start..end` opens a quotation, where none is open.
fn opens(text: &str, start: usize, end: usize) -> bool {
    let before = text.get(..start).and_then(|text| text.chars().next_back());
    let after = text.get(end..).and_then(|text| text.chars().next());
    match before {
        // Glued to what announces it: `katanya:"Siap`, `kata Ruth,"Siap`; but `Siap,"katanya`.
        Some(':') => after.is_some_and(char::is_alphanumeric),
        Some(',') => after.is_some_and(char::is_uppercase),
        before => before.is_none_or(|c| c.is_whitespace() || matches!(c, '(' | '[' | '-' | '—' | '–')),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_whole_and_half_quotations() {
        let table: [(&str, &[(&str, bool)]); 10] = [
            ("“Siap,” kata Ruth. \"Jalan.\"", &[("Siap,", true), ("Jalan.", true)]),
            ("Ruth: «Siap» dan „Jalan”", &[("Siap", true), ("Jalan", true)]),
            ("Siap,\" kata Ruth. \"Jalan", &[("Siap,", false), ("Jalan", false)]),
            ("Kata Ruth:\"Siap.\"", &[("Siap.", true)]),
            ("Kata Ruth,\"Siap.\"", &[("Siap.", true)]),
            ("Siap,\"kata Ruth.", &[("Siap,", false)]),
            ("Ban 17\" dan \"Siap\"", &[("Ban 17", false), ("Siap", true)]),
            ("“Siap. “Jalan.”", &[("Siap. ", false), ("Jalan.", true)]),
            ("Siap.” Jalan.”", &[("Siap.", false)]),
            ("Angin reda.", &[]),
        ];
        for (text, expected) in table {
            let found: Vec<(&str, bool)> =
                quotations(text).into_iter().map(|found| (&text[found.range], found.whole)).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
