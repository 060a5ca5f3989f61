//! Marks of list items.

/// Whether `line` (trimmed) starts with the mark of a list and goes on behind it: `1.`, `a)`, a bullet.
pub(crate) fn is_item(line: &str) -> bool {
    let mark = line.split_whitespace().next().unwrap_or_default();
    (is_bullet(mark) || is_counter(mark)) && mark.len() < line.len()
}

fn is_bullet(mark: &str) -> bool {
    let bullet = |c| {
        matches!(
            c,
            '-' | '–'
                | '—'
                | '•'
                | '*'
                | '·'
                | '●'
                | '○'
                | '▪'
                | '▫'
                | '■'
                | '□'
                | '◦'
                | '‣'
                | '►'
                | '▶'
                | '➢'
                | '➤'
                | '→'
                | '✓'
                | '✔'
                | '\u{f0b7}'
                | '\u{f0a7}'
                | '\u{f0d8}'
        )
    };
    mark.chars().all(bullet)
}

/// `1.`, `a)`
pub(super) fn is_counter(mark: &str) -> bool {
    let counter = mark.strip_suffix(['.', ')']);
    counter.is_some_and(|counter| {
        let digits = counter.len() <= 3 && counter.chars().all(|c| c.is_ascii_digit());
        let letter = counter.len() == 1 && counter.chars().all(|c| c.is_ascii_alphabetic());
        !counter.is_empty() && (digits || letter)
    })
}
