//! Numbers of the source that the English lacks.
//!
//! Indonesian writes 1.000 and 2,5 where English writes 1,000 and 2.5; both write scales as words (juta, million); English
//! writes small numbers as words; months are numbers in one language and names in the other. Each number
//! of the source is turned into the values that it may have, and is missing if no number of the English has one of them.

use std::sync::LazyLock;

use regex::Regex;

use crate::lang::english::MONTHS;
use crate::lang::numerals::{ENGLISH, IMPLIED, INDONESIAN, SCALES};
use crate::part::Part;
use crate::text::pattern;
use crate::translate::units::short_scales;

/// A number as written, and what it may mean.
#[derive(Debug, Clone, PartialEq)]
struct Number<'t> {
    surface: &'t str,
    values: Vec<f64>,
    /// The scale word that follows.
    scale: Option<f64>,
    /// May be the number of a month, which English writes as a name.
    month: bool,
}

static DIGITS: LazyLock<Regex> = LazyLock::new(|| pattern(r"\d+(?:[.,:]\d+)*"));
/// A day, `4/3/2024`, or several, `9-11/5` and `30/5-2/6/2025`, with the numbers of months and years in groups.
static DATE: LazyLock<Regex> = LazyLock::new(|| {
    let days = r"\d{1,2}(?:/(?P<m1>\d{1,2}))?\s?[-–]\s?\d{1,2}/(?P<m2>\d{1,2})(?:/(?P<y1>\d{2,4}))?";
    let day = r"\d{1,2}[./-](?P<m3>\d{1,2})(?:[./-](?P<y2>\d{2,4}))?";
    pattern(&format!(r"\b(?:{days}|{day})\b"))
});
/// A date whose parts stand apart by points: no number, but three.
static POINTED: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\d{1,2}\.\d{1,2}\.(?:1[5-9]|20)\d\d$"));
static WORD: LazyLock<Regex> = LazyLock::new(|| pattern(r"\p{L}+"));

/// The numbers of `source`, as written there, that `english` lacks; each once.
pub(super) fn missing<'s>(source: &'s str, english: &str) -> Vec<&'s str> {
    let found = english_numbers(english);
    let mut missing: Vec<&str> = Vec::new();
    for number in indonesian_numbers(source) {
        let met = found.iter().any(|english| {
            // What is no number, as a lap time, has the stop of either language: 1:23,456.
            let alike = || number.values.is_empty() && english.surface == number.surface.replace(',', ".");
            let copied = (english.surface == number.surface || alike()) && english.scale == number.scale;
            copied || english.values.iter().any(|a| number.values.iter().any(|b| same(*a, *b)))
        });
        let named = number.month
            && number.values.iter().any(|&month| {
                (month >= 1.)
                    .then(|| MONTHS.get(month as usize - 1))
                    .flatten()
                    .is_some_and(|name| names_month(english, name))
            });
        if !met && !named && !missing.contains(&number.surface) {
            missing.push(number.surface);
        }
    }
    missing
}

/// Whether a text has the name of a month, also abbreviated: Jan., Feb., Sept.
pub(super) fn names_month(english: &str, month: &str) -> bool {
    let short = month.get(..3).unwrap_or(month);
    // May begins with a capital; `it may rain` does not tell a month.
    let same = |word: &str| {
        word.starts_with(char::is_uppercase)
            && (word.eq_ignore_ascii_case(month)
                || word.eq_ignore_ascii_case(short)
                || month == "September" && word.eq_ignore_ascii_case("Sept"))
    };
    WORD.find_iter(english).any(|word| same(word.as_str()))
}

/// Where the numbers of a text begin and end, and what they may mean, in Indonesian and in English.
pub(super) fn in_indonesian(text: &str) -> Vec<(usize, usize, Vec<f64>)> {
    places(text, indonesian_numbers(text))
}

pub(super) fn in_english(text: &str) -> Vec<(usize, usize, Vec<f64>)> {
    places(text, english_numbers(text))
}

fn places<'t>(text: &'t str, numbers: Vec<Number<'t>>) -> Vec<(usize, usize, Vec<f64>)> {
    let place = |number: Number<'t>| {
        let start = number.surface.as_ptr() as usize - text.as_ptr() as usize;
        (start, start + number.surface.len(), number.values)
    };
    numbers.into_iter().map(place).collect()
}

/// The numbers of an English `summary`, as written there, that neither the article's `english` nor its `source` has;
/// each once. Words for two and less are too common to tell anything: a second man, both, one of them.
pub(super) fn added<'s>(summary: &'s str, english: &str, source: &str) -> Vec<&'s str> {
    let mut known: Vec<f64> = english_numbers(english).into_iter().flat_map(|number| number.values).collect();
    known.extend(indonesian_numbers(source).into_iter().flat_map(|number| number.values));
    let mut added: Vec<&str> = Vec::new();
    for number in english_numbers(summary) {
        let word = !number.surface.starts_with(|c: char| c.is_ascii_digit());
        // `first half` adds up to three.
        let tiny = |word: &str| {
            english_numbers(word).iter().flat_map(|number| &number.values).all(|&value| value <= 2.)
        };
        let small = word && number.surface.split([' ', '-']).all(tiny);
        let met = number.values.iter().any(|value| known.iter().any(|other| same(*value, *other)));
        if !small && !met && !added.contains(&number.surface) {
            added.push(number.surface);
        }
    }
    added
}

/// The numbers of an Indonesian `summary`, as written there, that its `source`, Indonesian too, does not have; each once.
pub(super) fn added_in_indonesian<'s>(summary: &'s str, source: &str) -> Vec<&'s str> {
    let mut known: Vec<f64> =
        indonesian_numbers(source).into_iter().flat_map(|number| number.values).collect();
    known.extend(told_otherwise(source));
    let mut added: Vec<&str> = Vec::new();
    for number in indonesian_numbers(summary) {
        let word = !number.surface.starts_with(|c: char| c.is_ascii_digit());
        let small = word && number.values.iter().all(|&value| value <= 2.);
        // What is no number, as a lap time or a version, is copied.
        let copied = number.values.is_empty() && source.contains(number.surface);
        let met = number.values.iter().any(|value| known.iter().any(|other| same(*value, *other)));
        if !small && !copied && !met && !added.contains(&number.surface) {
            added.push(number.surface);
        }
    }
    added
}

/// Numbers of months, which a summary may write in digits, of ordinals (`ketiga`, `kedelapan puluh satu`), of dozens and of Roman numerals.
fn told_otherwise(source: &str) -> Vec<f64> {
    let words: Vec<String> = WORD.find_iter(source).map(|word| word.as_str().to_lowercase()).collect();
    let unit = |word: &str| {
        let found = INDONESIAN.iter().find(|(name, value)| *name == word && *value > 0.);
        found.map(|&(_, value)| value)
    };
    let mut found: Vec<f64> = WORD.find_iter(source).filter_map(|word| roman(word.as_str())).collect();
    for (at, word) in words.iter().enumerate() {
        let next = |behind: usize| words.get(at + behind).map_or("", String::as_str);
        found.extend(crate::lang::id::month(word).map(f64::from));
        found.extend(["lusin", "selusin"].contains(&word.as_str()).then_some(12.));
        let ordinal = ["ke", "ber", "per"].iter().find_map(|prefix| unit(word.strip_prefix(prefix)?));
        found.extend(ordinal.map(|ordinal| match next(1) {
            "belas" => ordinal + 10.,
            "puluh" => ordinal * 10. + unit(next(2)).unwrap_or(0.),
            _ => ordinal,
        }));
    }
    found
}

/// The numbers of the English of a segment, as written there, that its `source` has in no form; each once. What only hints at a
/// number in the source counts as well: third parts, ordinals, quarters, tens of, Roman numerals.
pub(super) fn added_to<'e>(source: &str, english: &'e str) -> Vec<&'e str> {
    let hinted = hinted(source);
    let mut added = added(english, "", source);
    added.retain(|number| {
        // What is no number, as a lap time or a version, is copied.
        let copied = || source.contains(number) || source.contains(&number.replace('.', ","));
        if english_numbers(number).iter().all(|number| number.values.is_empty()) && copied() {
            return false;
        }
        let values = english_numbers(number).into_iter().flat_map(|number| number.values);
        !values.into_iter().any(|value| hinted.iter().any(|&other| same(value, other)))
    });
    added
}

/// Numbers that a source says in other ways than as a number.
fn hinted(source: &str) -> Vec<f64> {
    let (mut found, mut others) = (Vec::new(), Vec::new());
    for word in WORD.find_iter(source) {
        let lower = word.as_str().to_lowercase();
        let bare = ["nya", "an"].iter().find_map(|ending| lower.strip_suffix(ending)).unwrap_or(&lower);
        for word in [lower.as_str(), bare] {
            found.extend(IMPLIED.iter().filter(|(name, _)| *name == word).flat_map(|(_, values)| *values));
            // ketiga, bertiga, pertiga, tigapuluh
            let root =
                ["ke", "ber", "per"].iter().find_map(|prefix| word.strip_prefix(prefix)).unwrap_or(word);
            found.extend(INDONESIAN.iter().filter(|(name, _)| *name == root).map(|&(_, value)| value));
        }
        others.extend(roman(word.as_str()));
        others.extend(crate::lang::id::month(&lower).map(f64::from));
    }
    // Half a billion.
    if source.to_lowercase().contains("setengah") {
        others.extend(found.iter().filter(|&&value| value >= 100.).map(|value| value / 2.));
    }
    // Two number words that make one with `ke-`: kedua puluh, keempat belas.
    others.extend(found.iter().flat_map(|unit| [unit + 10., unit * 10.]));
    found.append(&mut others);
    found
}

/// The value of a Roman numeral up to 39.
fn roman(word: &str) -> Option<f64> {
    let digit = |c: char| match c {
        'I' => Some(1),
        'V' => Some(5),
        'X' => Some(10),
        _ => None,
    };
    let digits: Vec<i32> = word.chars().map(digit).collect::<Option<_>>()?;
    let value: i32 = digits
        .iter()
        .enumerate()
        .map(|(at, &digit)| if digits.get(at + 1).is_some_and(|&next| next > digit) { -digit } else { digit })
        .sum();
    (value > 0).then_some(f64::from(value))
}

pub(super) fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs())
}

/// Reads a token in which `group` separates thousands and `point` begins the decimals.
fn read(token: &str, group: char, point: char) -> Option<f64> {
    let (whole, decimals) = token.split_once(point).unwrap_or((token, ""));
    let mut groups = whole.split(group);
    let first = groups.next()?;
    let grouped = groups.clone().next().is_some();
    let fits = !grouped || (first.len() <= 3 && groups.all(|group| group.len() == 3));
    (fits && decimals.chars().all(|c| c.is_ascii_digit()))
        .then(|| format!("{}.{decimals}0", whole.replace(group, "")).parse().ok())
        .flatten()
}

/// The parts of 18.35, 18:35 or 18.35.10 where it can be a time of day, on the clock of 24 and of 12 hours.
fn clock(token: &str) -> Vec<f64> {
    let mut parts = token.split(['.', ':']);
    let (Some(hour), Some(minute), second) = (parts.next(), parts.next(), parts.next()) else {
        return Vec::new();
    };
    let sixtieth = |part: &str| part.parse::<u32>().ok().filter(|part_of| part.len() == 2 && *part_of < 60);
    let hour = hour.parse::<u32>().ok().filter(|hour| *hour <= 24);
    let (Some(hour), Some(minutes), Some(seconds), None) =
        (hour, sixtieth(minute), sixtieth(second.unwrap_or("00")), parts.next())
    else {
        return Vec::new();
    };
    // As a number that nothing else is likely to be; full hours also as the hour alone. Hour 24 is midnight.
    let hours = [hour, hour % 24, (hour + 11) % 12 + 1];
    let rest = f64::from(minutes) / 1e2 + f64::from(seconds) / 1e4;
    let times = hours.iter().map(|&hour| 1e-3 + f64::from(hour) + rest);
    let full = hours.iter().filter(|_| rest == 0.).map(|&hour| f64::from(hour));
    times.chain(full).collect()
}

pub(super) fn scale(word: &str) -> Option<f64> {
    let word = word.to_lowercase();
    SCALES.iter().find(|(name, _)| *name == word).map(|&(_, scale)| scale)
}

/// The scale word that directly follows.
fn following_scale(after: &str) -> Option<f64> {
    let rest = after.trim_start_matches([' ', '-', '\u{a0}']);
    scale(rest.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default())
}

/// Whether a range or a list stands between two numbers, so that the scale of the second may hold for the first.
fn shares_scale(between: &str) -> bool {
    let words = ["-", "–", "—", "to", "and", "or", "hingga", "sampai", "dan", "atau", "until", ","];
    words.contains(
        &between.trim().trim_start_matches("Rp").trim_end_matches("Rp").trim_end_matches('$').trim(),
    )
}

/// Numbers in digits; `values` gives those of a token in the conventions of the language, `short` the scale that a letter says where
/// the token ends.
fn digits<'t>(
    text: &'t str,
    values: impl Fn(&str) -> Vec<f64>,
    short: impl Fn(usize) -> Option<f64>,
) -> Vec<(usize, Number<'t>)> {
    let mut numbers: Vec<(usize, Number)> = Vec::new();
    let mut next: Option<(usize, Option<f64>)> = None;
    for (start, token) in DIGITS.find_iter(text).flat_map(parts).collect::<Vec<_>>().into_iter().rev() {
        let end = start + token.len();
        let own = short(end).or_else(|| following_scale(text.part(end..)));
        let shared = next.and_then(|(start, scale)| {
            let between = text.part(end..start);
            scale.filter(|_| own.is_none() && shares_scale(between))
        });
        let plain = values(token);
        let mut all: Vec<f64> = plain.iter().map(|value| value * own.unwrap_or(1.)).collect();
        all.extend(shared.iter().flat_map(|scale| plain.iter().map(move |value| value * scale)));
        if own.is_none() {
            all.extend(clock(token));
        }
        numbers.push((start, Number { surface: token, values: all, scale: own, month: false }));
        next = Some((start, own.or(shared)));
    }
    numbers.reverse();
    numbers
}

/// A token with its place; the three of a date that is written with points.
fn parts(token: regex::Match<'_>) -> Vec<(usize, &str)> {
    let mut place = token.start();
    match POINTED.is_match(token.as_str()) {
        true => {
            let parts = token.as_str().split('.').map(|part| {
                let start = place;
                place += part.len() + 1;
                (start, part)
            });
            parts.collect()
        }
        false => vec![(place, token.as_str())],
    }
}

fn indonesian_numbers(text: &str) -> Vec<Number<'_>> {
    let values = |token: &str| {
        let value = read(token, '.', ',');
        // 3.5 or 18.35: no groups of three, so the point of another language, or of a clock.
        value.or_else(|| read(token, ',', '.')).into_iter().collect()
    };
    // Rp 5 M: an English reader takes it for another one, so it counts in Indonesian alone.
    let short = short_scales(text);
    let mut numbers = digits(text, values, |end| {
        short.iter().find(|(range, _)| range.start == end).and_then(|(_, word)| scale(word))
    });
    for date in DATE.captures_iter(text) {
        let at = |group: &str| date.name(group).map(|found| found.start());
        let short = |group: &str| date.name(group).filter(|year| year.len() == 2).map(|found| found.start());
        for (start, number) in numbers.iter_mut() {
            number.month |= ["m1", "m2", "m3"].into_iter().any(|group| at(group) == Some(*start));
            // 9/5/25 is of 2025.
            if ["y1", "y2"].into_iter().any(|group| short(group) == Some(*start)) {
                number.values.extend(number.values.clone().into_iter().map(|year| year + 2000.));
            }
        }
    }
    let mut numbers: Vec<Number> = numbers.into_iter().map(|(_, number)| number).collect();
    numbers.extend(indonesian_words(text));
    numbers
}

/// Multipliers; a run of words that begins with one is the end of an ordinal: kesembilan belas.
const MULTIPLIERS: [&str; 8] = ["belas", "puluh", "ratus", "ribu", "juta", "miliar", "milyar", "triliun"];
/// Before `lima` or `Seribu` these make a name of it: pedagang kaki lima, Kepulauan Seribu.
const NAMING: [&str; 3] = ["kaki", "kepulauan", "pulau"];
/// After a number these make it vague: dua puluhan.
const VAGUE: [&str; 4] = ["belasan", "puluhan", "ratusan", "ribuan"];

/// Numbers written as words: tiga, dua puluh lima, seratus ribu. One is left out: `satu` is mostly an article.
fn indonesian_words(text: &str) -> Vec<Number<'_>> {
    let is_multiplier = |word: &String| MULTIPLIERS.contains(&word.as_str());
    let neighbor = |words: Option<&str>| words.unwrap_or_default().trim().to_lowercase();
    runs(text, |word| INDONESIAN.iter().any(|(name, _)| *name == word))
        .into_iter()
        .filter(|&(start, surface, ref words)| {
            let before = neighbor(text.get(..start).and_then(|text| text.split_whitespace().next_back()));
            let after = text.get(start + surface.len()..).map(|text| text.trim_start());
            let after = neighbor(after.and_then(|text| text.split(|c: char| !c.is_alphabetic()).next()));
            // dua tiga hari: two or three; but seratus lima is one number.
            let large = |word: &String| is_multiplier(word) || (word.starts_with("se") && word != "sembilan");
            let listed = words.len() > 1 && !words.iter().any(large);
            !listed
                && !words.first().is_some_and(is_multiplier)
                && !NAMING.contains(&before.as_str())
                && !VAGUE.contains(&after.as_str())
        })
        .filter_map(|(_, surface, words)| {
            let (mut total, mut part) = (0f64, 0f64);
            for word in &words {
                match word.as_str() {
                    "belas" => part += 10.,
                    "puluh" => part = part - part % 10. + (part % 10.) * 10.,
                    "ratus" => part = part.max(1.) * 100.,
                    "ribu" | "juta" | "miliar" | "milyar" | "triliun" => {
                        total += part * scale(word)?;
                        part = 0.;
                    }
                    _ => part += INDONESIAN.iter().find(|(name, _)| name == word)?.1,
                }
            }
            let value = total + part;
            (value >= 2.).then(|| Number { surface, values: vec![value], scale: None, month: false })
        })
        .collect()
}

fn english_numbers(text: &str) -> Vec<Number<'_>> {
    let numbers = digits(text, |token| read(token, ',', '.').into_iter().collect(), |_| None);
    let mut numbers: Vec<Number> = numbers.into_iter().map(|(_, number)| number).collect();
    for (start, surface, words) in runs(text, |word| ENGLISH.iter().any(|(name, _)| *name == word)) {
        // The scale of a number in digits is part of it.
        let digit =
            text.part(..start).trim_end_matches([' ', '-', '\u{a0}']).ends_with(|c: char| c.is_ascii_digit());
        if digit && words.iter().all(|word| scale(word).is_some()) {
            continue;
        }
        // Both as one number (two hundred and five) and each word alone (one, two or three).
        let (mut total, mut part) = (0f64, 0f64);
        let mut values = Vec::new();
        for word in &words {
            match scale(word) {
                Some(100.) => part = part.max(1.) * 100.,
                Some(scale) => {
                    total += part.max(1.) * scale;
                    part = 0.;
                }
                None => {
                    let value = ENGLISH.iter().find(|(name, _)| name == word).map_or(0., |&(_, value)| value);
                    values.push(value);
                    part += value;
                }
            }
        }
        values.push(total + part);
        values.extend(with_half(&words));
        numbers.push(Number { surface, values, scale: None, month: false });
    }
    numbers
}

/// The value of `one and a half`, also with a scale behind it, and of `half a million`.
fn with_half(words: &[String]) -> Option<f64> {
    let half = words.iter().position(|word| word == "half")?;
    let (before, after) = (words.part(..half), words.part(half + 1..));
    let scale: f64 = after.iter().filter_map(|word| scale(word)).product();
    let whole = match before {
        [] => 0.,
        [whole, article] if article == "a" => ENGLISH.iter().find(|(name, _)| name == whole)?.1,
        _ => return None,
    };
    Some((whole + 0.5) * scale)
}

/// Runs of neighboring words that `known` accepts, in lower case, with the text that they cover and its start.
fn runs(text: &str, known: impl Fn(&str) -> bool) -> Vec<(usize, &str, Vec<String>)> {
    let mut runs: Vec<(usize, usize, Vec<String>)> = Vec::new();
    for word in WORD.find_iter(text) {
        let lower = word.as_str().to_lowercase();
        if !known(&lower) {
            continue;
        }
        match runs.last_mut() {
            Some((_, end, words)) if joins(text.part(*end..word.start())) => {
                *end = word.end();
                words.push(lower);
            }
            _ => runs.push((word.start(), word.end(), vec![lower])),
        }
    }
    runs.into_iter().filter_map(|(start, end, words)| Some((start, text.get(start..end)?, words))).collect()
}

fn joins(between: &str) -> bool {
    matches!(between, " " | "-" | " and " | "\u{a0}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_numbers_in_their_english_form() {
        for (source, english) in [
            ("1.000 orang", "1,000 people"),
            ("1.234.567,8 meter", "1,234,567.8 meters"),
            ("2,5 persen", "2.5 percent"),
            ("0,75%", "0.75%"),
            ("3.5 juta", "3.5 million"),
            ("2,5 triliun rupiah", "2.5 trillion rupiah"),
            ("Rp 500 miliar", "Rp500 billion"),
            ("Rp5 T dan Rp 7 M", "Rp5 trillion and Rp7 billion"),
            ("Rp1.500.000", "Rp1.5 million"),
            ("5-6 juta", "5 to 6 million"),
            ("5 juta hingga 6 juta", "5 to 6 million"),
            ("3 orang", "three people"),
            ("ke-2", "second"),
            ("ke-88", "the 88th"),
            ("tiga orang", "three people"),
            ("tiga orang", "3 people"),
            ("dua orang itu", "both of them"),
            ("dua puluh lima rumah", "twenty-five houses"),
            ("dua puluh lima rumah", "25 houses"),
            ("tiga belas rumah", "thirteen houses"),
            ("dua juta rumah", "two million houses"),
            ("seratus lima puluh rumah", "one hundred and fifty houses"),
            ("seribu rumah", "a thousand houses"),
            ("satu rumah", "a house"),
            ("Senin (4/3/2024)", "Monday, March 4, 2024"),
            ("Senin (4/3/2024)", "Monday (4/3/2024)"),
            ("Selasa (24/11)", "Tuesday (Nov. 24)"),
            ("Selasa (24/11)", "Tuesday (24 November)"),
            ("Jumat (9/5/25)", "Friday (9 May 2025)"),
            ("Jumat, 09.05.2025", "Friday, 9 May 2025"),
            ("Jumat, 09.05.2025", "Friday, 09.05.2025"),
            ("Jumat-Minggu (9-11/5/2025)", "Friday-Sunday (9-11 May 2025)"),
            ("Jumat-Senin (30/5-2/6/25)", "Friday-Monday (30 May-2 June 2025)"),
            ("pukul 13.45.10 WIB", "at 13:45:10 WIB"),
            ("pukul 24.00 WIB", "at 00:00 WIB"),
            ("pukul 24.00 WIB", "at 24:00 WIB"),
            ("Rp 150 ribu", "Rp 150,000"),
            ("6,4 ton", "6.4 tonnes"),
            ("pukul 18.35 WIB", "at 18:35 WIB"),
            ("pukul 18.35 WIB", "at 6:35 p.m."),
            ("pukul 08.00", "at 8 a.m."),
            ("tahun 1990-an", "the 1990s"),
            ("KTT G20 dan COVID-19", "the G20 summit and COVID-19"),
            ("skor 2-1", "a score of 2-1"),
            ("1, 2, atau 3 kali", "one, two or three times"),
            ("12.30", "12.30"),
            ("tanpa angka", "without numbers"),
            ("US$1,7 miliar", "US$1,7 billion"),
            ("dalam delapan sembilan hari", "in some days"),
            ("seratus lima rumah", "105 houses"),
            ("satu satunya dari dua tiga orang", "the only one of some people"),
            ("abad kesembilan belas", "the nineteenth century"),
            ("pedagang kaki lima di Kepulauan Seribu", "street vendors in Seribu Islands"),
            ("berusia dua puluhan", "in their twenties"),
            ("Rp 1,2 T", "Rp 1.2 trillion"),
            ("RP 12 M", "RP12 billion"),
            ("catatan waktu 1:23,456", "a time of 1:23.456"),
            ("satu setengah jam, 1,5 juta", "one and a half hours, one and a half million"),
            ("Rp 500 juta", "half a billion rupiah"),
            ("naik 3 kali lipat", "tripled"),
            ("HUT ke-30", "the thirtieth anniversary"),
            ("Kamis (4/5)", "Thursday (4 MAY)"),
        ] {
            assert_eq!(missing(source, english), [""; 0], "{source} / {english}");
        }
    }

    #[test]
    fn reports_numbers_that_were_put_in() {
        for (source, english, expected) in [
            ("Kuartal III tahun ini", "The third quarter of this year", &[][..]),
            ("Anak ketiga lahir pada 2019.", "The third child was born in 2019.", &[]),
            ("Sepertiga warga pergi.", "A third of the residents left.", &[]),
            ("Ribuan orang datang.", "A thousand people came.", &[]),
            ("Perempat final dimulai.", "The quarter finals began.", &[]),
            ("Lima orang datang.", "Five people came in 2019.", &["2019"]),
            ("Rapat digelar pada Mei.", "The meeting of 50 people was held in May.", &["50"]),
            (
                "Komisi V rapat kedua puluh kali.",
                "Commission V met for the 20th time, with 15 people.",
                &["15"],
            ),
            ("Lima orang datang.", "Five people came at seven.", &["seven"]),
            ("Kerugian Rp 2,5 miliar.", "Losses of Rp 2.5 billion.", &[]),
            ("Kerugian setengah miliar.", "Losses of half a billion.", &[]),
            ("Rp 5 juta hilang.", "Rp 7 million was lost.", &["7"]),
            ("Gizi balita membaik.", "The nutrition of children under five improved.", &[]),
            ("Ia mencatat 1:23,456.", "He set 1:23.456.", &[]),
            ("Skor akhir 2-1.", "The final score was 2-1 after 90 minutes.", &["90"]),
        ] {
            assert_eq!(added_to(source, english), expected, "{english}");
        }
    }

    #[test]
    fn reports_numbers_that_changed_or_vanished() {
        for (source, english, expected) in [
            ("1.000 orang", "100 people", vec!["1.000"]),
            ("1.000 orang", "a number of people", vec!["1.000"]),
            ("2,5 persen", "25 percent", vec!["2,5"]),
            ("2.500 orang", "2.5 people", vec!["2.500"]),
            ("Rp500 miliar", "Rp500 million", vec!["500"]),
            ("dua juta rumah", "two houses", vec!["dua juta"]),
            ("Senin (4/3/2024)", "Monday, April 4, 2024", vec!["3"]),
            ("pukul 18.35", "at 18:53", vec!["18.35"]),
            ("pukul 13.45.10", "at 13:45", vec!["13.45.10"]),
            ("Jumat, 09.05.2025", "Friday, 9 June 2025", vec!["05"]),
            ("Jumat (9/5/25)", "Friday (9 May 2024)", vec!["25"]),
            ("tiga dari lima rumah", "five houses", vec!["tiga"]),
            ("7 rumah dan 7 toko", "houses and shops", vec!["7"]),
            ("Rp 12 M", "Rp 12 M", vec!["12"]),
            ("Rp 12 M", "Rp 12 million", vec!["12"]),
            ("Senin (4/3)", "Monday (4) in the market", vec!["3"]),
            ("Senin (4/5)", "Monday (4), it may rain", vec!["5"]),
        ] {
            assert_eq!(missing(source, english), expected, "{source} / {english}");
        }
    }
}
