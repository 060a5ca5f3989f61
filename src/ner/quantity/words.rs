//! Pieces of patterns that several rules share, and small readers of words.

use jiff::civil::Weekday;

use crate::lang::id::quantities::{NUMERALS, WEEKDAYS};
use crate::lang::id::MONTHS;
use crate::part::Part;
use crate::text::one_line;

/// From … to …, with a mark or a word.
pub(super) const UNTIL: &str =
    r"(?: ?[-–—] ?| (?:s/d|s\.d\.?|hingga|sampai(?: dengan)?|HINGGA|SAMPAI(?: DENGAN)?) )";
/// A part of the day.
pub(super) const PART: &str = r"(?:dini hari|pagi|siang|sore|petang|malam)(?: (?:tadi|ini|kemarin|WIB))?";
/// Which of several: `kedua`.
pub(super) const ORDINAL: &str = r"(?:pertama|kesatu|kedua|ketiga|keempat|kelima|terakhir|ke-?\d)";
/// A part of a month, a year or longer; `Minggu kedua` is a week and no Sunday.
pub(super) const STAGE: &str = r"(?i:awal|akhir|pertengahan|medio|penghujung|pengujung|(?:minggu|pekan) (?:pertama|kesatu|kedua|ketiga|keempat|kelima|terakhir|ke-?\d))";

/// A pattern of any of these words, longer ones first.
pub(super) fn any<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut words: Vec<&str> = words.collect();
    words.sort_by_key(|word| (std::cmp::Reverse(word.len()), *word));
    words.into_iter().map(regex::escape).collect::<Vec<_>>().join("|")
}

/// Weekdays as written, capitalized or in capitals; a pattern without groups.
pub(super) fn weekdays() -> String {
    let forms: Vec<String> = WEEKDAYS.into_iter().flatten().flat_map(|name| cases(name)).collect();
    format!("(?:{})", forms.join("|"))
}

/// Months as written, also abbreviated; whole names in lower case too.
pub(super) fn months() -> String {
    let (whole, short): (Vec<&str>, Vec<&str>) = MONTHS.keys().copied().partition(|name| is_whole(name));
    let cased = |names: &[&str]| names.iter().flat_map(|name| cases(name)).collect::<Vec<String>>();
    let mut names = cased(&whole);
    names.extend(whole.into_iter().map(str::to_owned));
    let short = cased(&short);
    // Whole ones first: `Agustus` before `Agus`.
    format!(r"(?:{}|(?:{})\.?)", any(names.iter().map(String::as_str)), any(short.iter().map(String::as_str)))
}

/// Names of months that are not shortened: `Agus` is a man.
pub(super) fn whole_months() -> String {
    let forms: Vec<String> =
        MONTHS.keys().filter(|name| is_whole(name)).flat_map(|name| cases(name)).collect();
    format!("(?:{})", any(forms.iter().map(String::as_str)))
}

/// Months that a reader takes for nothing else when they stand alone: not `Mei`, `Mar`, `Des`.
pub(super) fn long_months() -> String {
    let forms: Vec<String> =
        MONTHS.keys().filter(|name| name.len() > 3).flat_map(|name| cases(name)).collect();
    format!("(?:{})", any(forms.iter().map(String::as_str)))
}

fn is_whole(name: &str) -> bool {
    name.len() > 4 || ["mei", "juni", "juli"].contains(&name)
}

fn cases(name: &str) -> [String; 2] {
    let mut characters = name.chars();
    let capitalized =
        characters.next().map(|first| first.to_uppercase().chain(characters).collect::<String>());
    [capitalized.unwrap_or_default(), name.to_uppercase()]
}

/// The number of a month, 1 to 12.
pub(super) fn month(name: &str) -> Option<i8> {
    MONTHS.get(name.trim_end_matches('.').to_lowercase().as_str()).copied()
}

/// The weekday that a text begins with.
pub(super) fn weekday(text: &str) -> Option<Weekday> {
    let end = text.find(|c: char| !(c.is_alphabetic() || "'’".contains(c))).unwrap_or(text.len());
    let name = text.part(..end).to_lowercase();
    let number = WEEKDAYS.iter().position(|forms| forms.contains(&name.as_str()))?;
    Weekday::from_monday_zero_offset(i8::try_from(number).ok()?).ok()
}

/// -1 for `lalu`, 0 for `ini`, 1 for `depan`.
pub(super) fn steps(when: &str) -> Option<i8> {
    match when {
        "lalu" | "silam" | "lampau" | "kemarin" => Some(-1),
        "ini" => Some(0),
        "depan" | "mendatang" | "akan datang" | "nanti" | "besok" => Some(1),
        _ => None,
    }
}

/// A year of four digits, or of two: `22` is 2022, `98` is 1998.
pub(super) fn year(text: &str) -> Option<i16> {
    let year: i16 = text.parse().ok()?;
    Some(match text.len() {
        2 if year < 50 => 2000 + year,
        2 => 1900 + year,
        _ => year,
    })
}

/// In lower case, with single blanks.
pub(super) fn plain(text: &str) -> String {
    one_line(&text.to_lowercase())
}

/// The end of `text`, since what tells about a match stands near it.
pub(super) fn end_of(text: &str, characters: usize) -> &str {
    text.part(text.char_indices().rev().nth(characters).map_or(0, |(at, _)| at)..)
}

/// The start of `text`, as [`end_of`].
pub(super) fn start_of(text: &str, characters: usize) -> &str {
    text.part(..text.char_indices().nth(characters).map_or(text.len(), |(at, _)| at))
}

/// The last word of `text` with what stands before it; an empty word where a mark ends it.
pub(super) fn split_last(text: &str) -> (&str, &str) {
    let text = text.trim_end();
    let word = text.char_indices().rev().take_while(|(_, c)| c.is_alphanumeric()).last();
    let start = word.map_or(text.len(), |(at, _)| at);
    (text.part(..start), text.part(start..))
}

/// The word behind a match, directly or behind white space; an empty one where a mark follows.
pub(super) fn first_word(text: &str) -> &str {
    let text = text.trim_start();
    text.part(..text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len()))
}

/// Whether `text` ends with one of `words`.
pub(super) fn ends_with_word(text: &str, words: &[&str]) -> bool {
    words.contains(&split_last(text).1.to_lowercase().as_str())
}

/// Whether `word` is a number or the end of one: `12`, `puluh`, `beberapa`.
pub(super) fn is_number(word: &str) -> bool {
    const OTHERS: [&str; 8] = ["belas", "puluh", "ratus", "ribu", "juta", "setengah", "beberapa", "sekian"];
    let lower = word.to_lowercase();
    let digits = !word.is_empty() && word.chars().all(|c| c.is_ascii_digit());
    digits || OTHERS.contains(&lower.as_str()) || NUMERALS.into_iter().any(|(name, _)| name == lower)
}
