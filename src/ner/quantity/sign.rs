//! The sign in front of a number: `minus 3,4`, `-0,08`, `−5,32`.

use std::sync::LazyLock;

use regex::Regex;

use super::pattern;
use super::words::end_of;

/// A sign that makes the number behind it negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sign {
    /// The bytes that it takes, the blank behind it included.
    pub(super) bytes: usize,
    /// `minus` or `negatif`, not a mark.
    pub(super) word: bool,
}

/// What a sign may be where it stands within an expression: `Rp -2 miliar`, `Rp minus 2 miliar`.
pub(super) const INNER: &str = r"(?:(?:minus|negatif) |[-−–] ?)";

impl Sign {
    /// The sign at the end of `before`, the text in front of a number.
    ///
    /// Behind a number or share both marks and words are something else: `2-1` is a score, `2019-2024` a range,
    /// `5 persen minus 2 persen` a subtraction. A mark must touch its number, or it opens a list or a clause; only `−` is
    /// nothing but a sign.
    pub(super) fn at_end(before: &str) -> Option<Sign> {
        static SIGN: LazyLock<Regex> = LazyLock::new(|| {
            pattern(r"(?:^|[\s(\[{\x22'“”‘’„«:=~≈])(?P<sign>(?i:minus|negatif) |[-–]|− ?)$")
        });
        // A sign and what may stand before it are short.
        let near = end_of(before, 11);
        let sign = SIGN.captures(near)?.name("sign")?;
        let head = before.get(..before.len() - near.len() + sign.start())?.trim_end();
        let counted = head.ends_with(|c: char| c.is_ascii_digit() || c == '%') || head.ends_with("persen");
        (!counted)
            .then(|| Sign { bytes: sign.len(), word: sign.as_str().starts_with(|c: char| c.is_alphabetic()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_signs_from_other_marks() {
        for (before, bytes) in [
            ("tumbuh minus ", Some(6)),
            ("Minus\r\n", Some(7)),
            ("tercatat -", Some(1)),
            ("(–", Some(3)),
            ("suhu − ", Some(4)),
            ("-", Some(1)),
            ("skor 2-", None),
            ("2019 -", None),
            ("5 persen minus ", None),
            ("Covid-", None),
            ("harga naik - ", None),
            ("Aminus ", None),
            ("é🙂 tercatat saat itu -", Some(1)),
            ("", None),
        ] {
            assert_eq!(Sign::at_end(before).map(|sign| sign.bytes), bytes, "{before:?}");
        }
    }
}
