//! Numbers as Indonesian writes them: `1.000`, `0,5`, `1,2 triliun`, `dua puluh lima ribu`.

use std::sync::LazyLock;

use crate::lang::id::quantities::{NUMERALS, SCALES};

/// Digits with thousands and decimals, or a plain number: `1.250.000,50`, `2,5`, `2.5`, `17`.
pub(super) const DIGITS: &str = r"(?:\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?)";

/// Any number, scale included: a pattern without groups that takes all it can.
pub(super) static NUMBER: LazyLock<String> = LazyLock::new(|| {
    let scales = SCALES.map(|(word, _)| word).join("|");
    let numerals = NUMERALS.map(|(word, _)| word).join("|");
    format!(
        r"(?:{DIGITS}(?:\s?(?:{scales})\b)?|\b(?:{numerals})(?:\s(?:{numerals}|belas|puluh|ratus|{scales}))*\b)"
    )
});

/// A number or a range of numbers: `4-6 ribu`, `10 hingga 15`.
pub(super) static RANGE: LazyLock<String> = LazyLock::new(|| {
    let number = NUMBER.as_str();
    format!(r"{number}(?:\s?(?:-|–|—|s/d|sampai|hingga)\s?{number})?")
});

/// Says what a number that [`NUMBER`] matched is worth; `None` for ranges and what is no number.
pub(super) fn value(text: &str) -> Option<f64> {
    let lower = text.to_lowercase();
    let digits_end =
        lower.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ',')).unwrap_or(lower.len());
    let (digits, rest) = lower.split_at(digits_end);
    if digits.is_empty() {
        return numerals(rest);
    }
    let scale = match rest.trim() {
        "" => 1.0,
        word => scale(word)?,
    };
    Some(self::digits(digits)? * scale)
}

/// A dot before three digits parts thousands, another one decimals; a comma always parts decimals.
fn digits(text: &str) -> Option<f64> {
    let (whole, decimals) = match text.split_once(',') {
        Some((whole, decimals)) => (whole.replace('.', ""), decimals),
        None => match text.split_once('.') {
            Some((whole, rest)) if rest.split('.').any(|group| group.len() != 3) => (whole.to_owned(), rest),
            _ => (text.replace('.', ""), ""),
        },
    };
    format!("{whole}.{decimals}0").parse().ok()
}

fn scale(word: &str) -> Option<f64> {
    SCALES.into_iter().find(|(name, _)| *name == word).map(|(_, worth)| worth)
}

/// `dua puluh lima ribu tiga ratus` and the like.
fn numerals(text: &str) -> Option<f64> {
    // Below a thousand: `group` holds what the next multiplier applies to, `last` the numeral just read.
    let (mut total, mut group, mut last) = (0.0f64, 0.0f64, 0.0f64);
    for word in text.split_whitespace() {
        if let Some(worth) = scale(word) {
            total += worth * (group + last).max(1.0);
            (group, last) = (0.0, 0.0);
            continue;
        }
        match word {
            "belas" => (group, last) = (group + 10.0 + last, 0.0),
            "puluh" => (group, last) = (group + 10.0 * last, 0.0),
            "ratus" => (group, last) = (group + 100.0 * last, 0.0),
            _ => {
                let (_, worth) = NUMERALS.into_iter().find(|(name, _)| *name == word)?;
                match worth {
                    1e3.. => total += worth,
                    _ if last > 0.0 => return None,
                    100.0 => group += worth,
                    _ => last = worth,
                }
            }
        }
    }
    Some(total + group + last).filter(|&value| value > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_digits_and_words() {
        for (text, expected) in [
            ("17", 17.0),
            ("1.000", 1000.0),
            ("1.250.000,50", 1_250_000.5),
            ("0,5", 0.5),
            ("2.5", 2.5),
            ("10.25", 10.25),
            ("1,2 triliun", 1.2e12),
            ("5 ribu", 5000.0),
            ("50rb", 50_000.0),
            ("dua", 2.0),
            ("tiga belas", 13.0),
            ("dua puluh lima", 25.0),
            ("seratus dua puluh", 120.0),
            ("dua ratus lima puluh ribu", 250_000.0),
            ("seribu lima ratus", 1500.0),
            ("Dua juta tiga ratus ribu", 2_300_000.0),
        ] {
            assert_eq!(value(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn refuses_ranges_and_lists() {
        for text in ["4-6 ribu", "dua tiga", "", "belas"] {
            assert_eq!(value(text).filter(|&v| v != 10.0), None, "{text}");
        }
    }
}
