//! Numbers as Indonesian writes them: `1.000`, `0,5`, `1,2 triliun`, `dua puluh lima ribu`, `satu setengah`, `4-6 ribu`.

use std::sync::LazyLock;

use super::sign::Sign;
use super::words::{any, UNTIL};
use super::Found;
use crate::document::Value;
use crate::lang::id::quantities::{NUMERALS, SCALES};

/// Digits with thousands and decimals, or a plain number: `1.250.000,50`, `2,5`, `2.5`, `17`, `2e9`; thousands as English
/// parts them only where there are two groups of them.
pub(super) const DIGITS: &str = r"(?:
    \d{1,3}(?:\.\d{3})+(?:,\d+)?
    |\d{1,3}(?:,\d{3}){2,}(?:\.\d+)?
    |\d+(?:[.,]\d+)?(?:[eE][+-]?\d{1,2}\b)?
)";

/// Words that multiply the number before them.
static SCALE: LazyLock<String> =
    LazyLock::new(|| format!("(?:{})", any(SCALES.into_iter().map(|(word, _)| word))));

/// A number in words, up to its last one: `dua puluh lima ribu`.
static WORDS: LazyLock<String> = LazyLock::new(|| {
    let numerals = any(NUMERALS.into_iter().map(|(word, _)| word));
    let fractions = "setengah|separuh|seperempat|sepertiga";
    let scale = SCALE.as_str();
    format!(
        r"\b(?:{numerals}|{fractions})(?: (?:{numerals}|belas|puluh|ratus|koma|pertiga|perempat|{fractions}|{scale}))*"
    )
});

/// Digits with their scales: `17`, `2 juta 300 ribu`, `8,9 ribu triliun`.
static FIGURES: LazyLock<String> = LazyLock::new(|| {
    let scale = SCALE.as_str();
    let scales = format!(r" ?{scale}\b(?: {scale}\b)*");
    format!(r"{DIGITS}(?:{scales}(?: {DIGITS}{scales})*)?")
});

/// Any number, scale included: a pattern without groups that takes all it can.
static NUMBER: LazyLock<String> = LazyLock::new(|| {
    // 3/4; 1 1/2; 2 juta 300 ribu; 2½; dua puluh lima ribu
    format!(r"(?:(?:\d{{1,3}} )?[1-9]/[2-9]|\d{{0,3}}[½¼¾]|{}|{}\b)", FIGURES.as_str(), WORDS.as_str())
});

/// A number behind the sign of a currency, `20 M`, 20 billion, among them (in capitals, since `m` is metre). Of those in words only what
/// a scale ends: `RM Dua Saudara` is a restaurant.
pub(super) static SUM: LazyLock<String> = LazyLock::new(|| {
    let (figures, words, scale) = (FIGURES.as_str(), WORDS.as_str(), SCALE.as_str());
    format!(
        r"(?:{DIGITS} ?(?-i:[MT])\b|{figures}|{words} {scale}\b|\b(?:seribu|sejuta|semiliar|setriliun)\b)"
    )
});

/// About a number: `20-an`, `2 jutaan`, `20 juta-an`, `100-an ribu`, `20-30 jutaan`, `dua jutaan`. `own` may stand before the second one.
pub(super) fn about(own: &str) -> String {
    let (words, scale) = (WORDS.as_str(), SCALE.as_str());
    let scaled = format!("{DIGITS}(?: ?(?:{scale}|(?-i:[MT])))*");
    format!(r"(?:(?:{scaled}{UNTIL}{own})?{scaled} ?-? ?an\b(?: {scale}\b)*|{words} {scale}an\b)")
}

/// A number or a range of numbers, `4-6 ribu`, in the groups that [`Amount::read`] looks for.
pub(super) static RANGE: LazyLock<String> = LazyLock::new(|| range(&NUMBER, "", UNTIL, ""));

/// As [`RANGE`], where the first number may have its own `unit` behind it.
pub(super) fn range_with(unit: &str, until: &str) -> String {
    range(&NUMBER, unit, until, "")
}

/// A range of numbers that the pattern `number` matches, with `until` between them; the second one may have a `sign` before it.
pub(super) fn range(number: &str, unit: &str, until: &str, sign: &str) -> String {
    // The unit of the first number: ` persen`
    let unit = if unit.is_empty() { String::new() } else { format!("(?: ?(?P<own>{unit}))?") };
    // 4; 4-6 ribu; 5 hingga minus 2
    format!(
        r"(?P<first>{number})(?:{unit}(?P<until>{until}){sign}(?P<minus>minus |[-−])?(?P<second>{number}))?"
    )
}

/// A number, or two that are the ends of a range, with their signs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Amount {
    One(f64),
    /// The lesser first.
    Two(f64, f64),
    /// A list, a range that runs backwards, what is no number.
    Unknown,
}

impl Amount {
    /// Of the groups `first`, `until`, `minus` and `second`, and the sign in front of the match.
    pub(super) fn read(found: &Found<'_>) -> Amount {
        Amount::signed(found, found.sign)
    }

    /// As [`read`](Self::read), with another sign in front.
    pub(super) fn signed(found: &Found<'_>, sign: Option<Sign>) -> Amount {
        let Some(first) = found.text("first") else { return Amount::Unknown };
        Amount::between(found, sign, first, found.text("second"))
    }

    /// As [`signed`](Self::signed), with other texts of the two numbers.
    pub(super) fn between(
        found: &Found<'_>,
        sign: Option<Sign>,
        first: &str,
        second: Option<&str>,
    ) -> Amount {
        let negative = sign.is_some() || found.has("inner");
        let Some(second) = second else {
            let sign = if negative { -1.0 } else { 1.0 };
            return value(first).map_or(Amount::Unknown, |number| Amount::One(sign * number));
        };
        let (Some(own), Some(to)) = (value(first), value(second)) else { return Amount::Unknown };
        // The scale behind the second number holds for the first, which has none: `4-6 ribu`, `Rp 5.000-10 ribu`.
        let scale = last_scale(second).filter(|_| last_scale(first).is_none());
        let from = match scale {
            // `Rp 750.000-1,5 juta` is told in full, `Rp 500-1 miliar` may be or not.
            Some(scale) => match scaled(first, scale) {
                Some(from) if from <= to => from,
                _ if own < 1e3 && own < scale => return Amount::Unknown,
                _ => own,
            },
            None => own,
        };
        let marked = found.text("until").is_some_and(|until| until.trim().chars().all(|c| "-–—".contains(c)));
        let (from, to) = match (negative, found.has("minus")) {
            (false, false) => (from, to),
            (true, true) => (-from, -to),
            // A mark is the sign of one number, a word may be that of both.
            (true, false) if marked => (-from, -to),
            (true, false) if sign.is_some_and(|sign| !sign.word) => (-from, to),
            _ => return Amount::Unknown,
        };
        match () {
            () if from <= to => Amount::Two(from, to),
            () if to < 0.0 => Amount::Two(to, from),
            () => Amount::Unknown,
        }
    }

    /// The value that each number makes.
    pub(super) fn value(self, value: impl Fn(f64) -> Value) -> Option<Value> {
        match self {
            Amount::One(number) => Some(value(number)),
            Amount::Two(from, to) => Value::range(value(from), value(to)),
            Amount::Unknown => None,
        }
    }
}

/// Says what a number that [`NUMBER`] matched is worth; `None` for lists and what is no number.
pub(super) fn value(text: &str) -> Option<f64> {
    let lower = super::words::plain(text);
    let number = match lower.chars().next()? {
        c if c.is_ascii_digit() || "½¼¾".contains(c) => figures(&lower),
        _ => words(&lower),
    };
    number.filter(|number| number.is_finite())
}

/// Digits with their scales, `2 juta 300 ribu`, and fractions in figures.
fn figures(text: &str) -> Option<f64> {
    if let Some((numerator, denominator)) = text.split_once('/') {
        // 1 1/2
        let (whole, numerator) = numerator.rsplit_once(' ').unwrap_or(("0", numerator));
        return Some(
            whole.parse::<f64>().ok()? + numerator.parse::<f64>().ok()? / denominator.parse::<f64>().ok()?,
        );
    }
    let glyph = [('½', 0.5), ('¼', 0.25), ('¾', 0.75)];
    if let Some((whole, part)) = glyph.into_iter().find_map(|(c, part)| Some((text.strip_suffix(c)?, part))) {
        return if whole.is_empty() { Some(part) } else { Some(whole.parse::<f64>().ok()? + part) };
    }
    let (mut total, mut least, mut rest) = (0.0f64, f64::INFINITY, text);
    while !rest.is_empty() {
        let is_exponent = |at: usize| rest.get(at..).is_some_and(|rest| rest.starts_with('e'));
        let mut end = rest.find(|c: char| !(c.is_ascii_digit() || ".,".contains(c))).unwrap_or(rest.len());
        let mut power = 0i32;
        if is_exponent(end) {
            let digits = rest.get(end + 1..)?;
            let until =
                digits.find(|c: char| !(c.is_ascii_digit() || "+-".contains(c))).unwrap_or(digits.len());
            power = digits.get(..until)?.parse().ok()?;
            end += 1 + until;
        }
        let (number, behind) = rest.split_at_checked(end)?;
        let next = behind.find(|c: char| c.is_ascii_digit()).unwrap_or(behind.len());
        let (words, behind) = behind.split_at_checked(next)?;
        let worth = scales(words)?;
        if worth >= least {
            return None;
        }
        let number = digits(number.split('e').next()?, power + exponent(worth))?;
        (total, least, rest) = (total + number, worth, behind.trim_start());
    }
    Some(total)
}

/// A dot before three digits parts thousands, another one decimals; a comma parts decimals unless there are several. Times a
/// power of ten, which is read with the digits: multiplied afterwards, 2,01 juta would not be 2.010.000 to the last digit.
fn digits(text: &str, power: i32) -> Option<f64> {
    let (whole, decimals) = match text.split_once(',') {
        Some((_, rest)) if rest.contains(',') => {
            let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
            (whole.replace(',', ""), decimals)
        }
        Some((whole, decimals)) => (whole.replace('.', ""), decimals),
        None => match text.split_once('.') {
            Some((whole, rest)) if rest.split('.').any(|group| group.len() != 3) => (whole.to_owned(), rest),
            _ => (text.replace('.', ""), ""),
        },
    };
    format!("{whole}.{decimals}0e{power}").parse().ok()
}

/// The power of ten of a scale.
fn exponent(scale: f64) -> i32 {
    scale.log10().round() as i32
}

/// What a number without a scale of its own is worth with that of its neighbor.
fn scaled(number: &str, scale: f64) -> Option<f64> {
    let is_plain = number.chars().all(|c| c.is_ascii_digit() || ".,".contains(c));
    if is_plain {
        digits(number, exponent(scale))
    } else {
        value(number).map(|number| number * scale)
    }
}

fn scale(word: &str) -> Option<f64> {
    SCALES.into_iter().find(|(name, _)| *name == word).map(|(_, worth)| worth)
}

/// What scale words one behind another multiply by: `ribu triliun`; each is greater than the one before.
fn scales(words: &str) -> Option<f64> {
    let mut last = 1.0;
    words.split_whitespace().try_fold(1.0, |product, word| {
        let worth = scale(word).filter(|worth| *worth > last)?;
        last = worth;
        Some(product * worth)
    })
}

/// The scale that a number ends with.
pub(super) fn last_scale(text: &str) -> Option<f64> {
    let lower = text.to_lowercase();
    // 50rb
    let words = lower.rsplit(|c: char| c.is_ascii_digit()).next()?;
    words.split_whitespace().rev().map_while(scale).reduce(|product, worth| product * worth)
}

/// `dua puluh lima ribu tiga ratus`, `dua koma lima juta`, `satu setengah`.
fn words(text: &str) -> Option<f64> {
    let Some((whole, rest)) = text.split_once(" koma ") else { return numerals(text) };
    let (mut decimals, mut worth) = (rest, 1.0);
    while let Some((head, scale)) =
        decimals.rsplit_once(' ').and_then(|(head, last)| Some((head, scale(last)?)))
    {
        (decimals, worth) = (head, worth * scale);
    }
    // `dua koma lima juta tiga ratus ribu` is said by nobody.
    if decimals.split(' ').any(|word| scale(word).is_some()) {
        return None;
    }
    // Digit by digit, `nol delapan`, or as one number, `dua puluh lima`.
    let spelled: Option<String> = decimals
        .split(' ')
        .map(|word| numeral(word).filter(|&d| d < 10.0))
        .try_fold(String::new(), |spelled, digit| Some(format!("{spelled}{}", digit?)));
    let decimals = spelled.or_else(|| numerals(decimals).map(|number| number.to_string()))?;
    let whole = numerals(whole)?;
    format!("{whole}.{decimals}e{}", exponent(worth)).parse().ok()
}

fn numeral(word: &str) -> Option<f64> {
    NUMERALS.into_iter().find(|(name, _)| *name == word).map(|(_, worth)| worth)
}

fn numerals(text: &str) -> Option<f64> {
    // Below a thousand: `group` holds what the next multiplier applies to, `last` the numeral just read.
    let (mut group, mut last) = (0.0f64, 0.0f64);
    // What was read with a scale, and that scale: a greater one multiplies it once more, as in `dua ribu lima ratus triliun`.
    let mut gathered: Vec<(f64, f64)> = Vec::new();
    // Whether a number was read that a multiplier applies to: `ribu` alone is a thousand.
    let mut counted = false;
    for word in text.split_whitespace() {
        if let Some(worth) = scale(word) {
            let mut number = if counted { group + last } else { 0.0 };
            while let Some((less, _)) = gathered.pop_if(|(_, scale)| *scale < worth) {
                (number, counted) = (number + less, true);
            }
            if !counted && !gathered.is_empty() {
                return None;
            }
            gathered.push((worth * if counted { number } else { 1.0 }, worth));
            (group, last, counted) = (0.0, 0.0, false);
            continue;
        }
        match word {
            "belas" => (group, last) = (group + 10.0 + last, 0.0),
            "puluh" => (group, last) = (group + 10.0 * last, 0.0),
            "ratus" => (group, last) = (group + 100.0 * last, 0.0),
            "setengah" | "separuh" => last += 0.5,
            "seperempat" => last += 0.25,
            "sepertiga" => last += 1.0 / 3.0,
            "pertiga" => last /= 3.0,
            "perempat" => last /= 4.0,
            _ => match numeral(word)? {
                worth if worth >= 1e3 => {
                    gathered.push((worth, worth));
                    continue;
                }
                _ if last > 0.0 => return None,
                100.0 => group += 100.0,
                worth => last = worth,
            },
        }
        counted = true;
    }
    let total: f64 = gathered.into_iter().map(|(number, _)| number).sum();
    Some(total + group + last).filter(|&value| value > 0.0 || text == "nol")
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
            ("1,250,000.50", 1_250_000.5),
            ("0,5", 0.5),
            ("2.5", 2.5),
            ("10.25", 10.25),
            ("2e9", 2e9),
            ("1,5E-3", 0.0015),
            ("1,2 triliun", 1.2e12),
            ("5 ribu", 5000.0),
            ("2,01 juta", 2_010_000.0),
            ("16,4 ribu", 16_400.0),
            ("50rb", 50_000.0),
            ("2 juta 300 ribu", 2_300_000.0),
            ("8,9 ribu triliun", 8.9e15),
            ("13 triliun 500 miliar", 1.35e13),
            ("1.5 billion", 1.5e9),
            ("1 1/2", 1.5),
            ("3/4", 0.75),
            ("½", 0.5),
            ("2½", 2.5),
            ("dua", 2.0),
            ("nol", 0.0),
            ("tiga belas", 13.0),
            ("dua puluh lima", 25.0),
            ("seratus dua puluh", 120.0),
            ("dua ratus lima puluh ribu", 250_000.0),
            ("seribu lima ratus", 1500.0),
            ("Dua juta tiga\nratus ribu", 2_300_000.0),
            ("delapan ribu triliun", 8e15),
            ("seribu triliun", 1e15),
            ("Dua puluh ribu triliun", 2e16),
            ("dua ribu lima ratus triliun tiga juta", 2.5e15 + 3e6),
            ("dua koma lima ribu triliun", 2.5e15),
            ("setengah", 0.5),
            ("setengah juta", 500_000.0),
            ("satu setengah juta", 1_500_000.0),
            ("tiga perempat", 0.75),
            ("nol koma nol delapan", 0.08),
            ("dua koma lima miliar", 2.5e9),
            ("lima koma dua puluh lima", 5.25),
        ] {
            assert_eq!(value(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn refuses_ranges_and_lists() {
        for text in [
            "4-6 ribu",
            "dua tiga",
            "",
            "300 ribu 2 juta",
            "2 juta ribu",
            "dua koma lima juta tiga ratus ribu",
            "koma dua",
            &"9".repeat(400),
        ] {
            assert_eq!(value(text), None, "{text}");
        }
    }
}
