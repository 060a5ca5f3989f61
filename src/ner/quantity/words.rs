//! Pieces of patterns that several rules share, and small readers of words.

use crate::lang::id::quantities::WEEKDAYS;
use crate::lang::id::MONTHS;
use crate::text::one_line;

/// From … to …, with a mark or a word.
pub(super) const UNTIL: &str =
    r"(?: ?[-–—] ?| (?:s/d|s\.d\.?|hingga|sampai(?: dengan)?|HINGGA|SAMPAI(?: DENGAN)?) )";
/// A part of the day.
pub(super) const PART: &str = r"(?:dini hari|pagi|siang|sore|petang|malam)(?: (?:tadi|ini|kemarin|WIB))?";
/// A part of a month, a year or longer.
pub(super) const STAGE: &str = r"(?i:awal|akhir|pertengahan|medio|penghujung|pengujung)";

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

/// Whether a text that starts with the last word before a match ends with one of `words`.
pub(super) fn ends_with_word(text: &str, words: &[&str]) -> bool {
    let last = text.trim_end().rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    words.contains(&last.to_lowercase().as_str())
}
