//! Writes dates, clock times, sums, measures, coordinates and verdicts (`[SALAH]`) for English readers where a translation copied them as the
//! Indonesian press writes them: `Monday (14/7/2025)` is misread where the month comes first, `6,4 tons` is not sixty-four.
//!
//! Nothing is guessed: what is rewritten was recognized in the source, and stands in the English as it stands there or, for
//! dates, with the same day, month and year.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

use super::{units, verbatim};
use crate::document::{Label, Value};
use crate::lang::english;
use crate::lang::id::quantities::WEEKDAYS;
use crate::ner::quantity::{quantities, Quantity};
use crate::part::Part;
use crate::text::pattern;

/// `english`, the translation of `source`, with what it copied of dates, times, sums, measures, coordinates and the verdicts of
/// fact-checks written for English readers; everything else stays to the letter. What two numbers of the source may have become
/// (`2.125 peserta` beside `rata-rata 2,125`) stays too.
///
/// ```
/// use intisari::translate::for_english_readers;
///
/// let source = "Panen di Tolare, Senin (14/7/2025), mencapai 6,4 ton senilai Rp 38,5 juta.";
/// let english = "The harvest in Tolare on Monday (14/7/2025) reached 6,4 tons worth Rp 38,5 million.";
/// assert_eq!(
///     for_english_readers(source, english),
///     "The harvest in Tolare on Monday (14 July 2025) reached 6.4 tonnes worth Rp 38.5 million."
/// );
/// ```
pub fn for_english_readers(source: &str, english: &str) -> String {
    // A date within an address or a file's name is no date.
    let mut kept = super::verbatim(source);
    kept.retain(|piece| piece.contains(char::is_alphabetic));
    let written = rewritten(source, english, &kept);
    let (mut mended, mut rest) = (String::with_capacity(written.len()), written.as_str());
    let mend = |part: &str| units::without_vague(source, part);
    loop {
        let next = kept.iter().filter_map(|piece| Some((rest.find(piece.as_str())?, piece.len())));
        // Of pieces that begin together the longest.
        let next = next.min_by_key(|&(at, bytes)| (at, std::cmp::Reverse(bytes)));
        let Some((at, bytes)) = next else {
            // Of `7,23 LS-110,45 BT` the middle looks like a code.
            return units::with_english_directions(source, &(mended + &mend(rest)));
        };
        mended.push_str(&mend(rest.part(..at)));
        mended.push_str(rest.part(at..at + bytes));
        rest = rest.part(at + bytes..);
    }
}

fn rewritten(source: &str, english: &str, kept: &[String]) -> String {
    let known = Known::of(source);
    if known.is_empty() && kept.is_empty() {
        return english.to_owned();
    }
    let mut written = String::with_capacity(english.len());
    let mut at = 0;
    while let Some(rest) = english.get(at..).filter(|rest| !rest.is_empty()) {
        let before = english.part(..at);
        if let Some(piece) = kept.iter().find(|piece| rest.starts_with(piece.as_str())) {
            written.push_str(piece);
            at += piece.len();
            let told = verbatim::in_english(piece).filter(|told| !english.part(at..).starts_with(told));
            written.push_str(told.unwrap_or_default());
            continue;
        }
        let step = if opens(before, rest) { known.day(rest).or_else(|| known.term(rest)) } else { None };
        match step {
            Some(Rewritten { bytes, text, weekday }) => {
                if let Some((local, day)) = weekday {
                    name_weekday(&mut written, local, day);
                }
                written.push_str(&text);
                at += bytes;
            }
            None => {
                let next = rest.chars().next().map_or(1, char::len_utf8);
                written.push_str(rest.part(..next));
                at += next;
            }
        }
    }
    written
}

/// A piece of the English that is written otherwise.
struct Rewritten {
    /// The bytes that it takes.
    bytes: usize,
    text: String,
    /// The weekday of a date as the source writes it, and in English.
    weekday: Option<(String, &'static str)>,
}

/// What the source tells, and the ways to write it.
struct Known<'s> {
    source: &'s str,
    found: Vec<Quantity>,
    /// What stays to the letter: numbers in it are nobody's.
    apart: Vec<Range<usize>>,
    days: Vec<Day>,
    /// Pieces as they may have been copied, longest first, and their English.
    terms: Vec<(String, String)>,
}

/// A day that the source writes in digits.
struct Day {
    day: i8,
    month: i8,
    year: Option<i16>,
    weekday: Option<(String, &'static str)>,
}

impl<'s> Known<'s> {
    fn of(source: &'s str) -> Known<'s> {
        let found = quantities(source, None);
        let apart: Vec<Range<usize>> = verbatim::find(source)
            .into_iter()
            .filter(|piece| piece.of(source).contains(char::is_alphabetic))
            .map(|piece| piece.range)
            .collect();
        let mut known =
            Known { source, found: Vec::new(), apart: Vec::new(), days: Vec::new(), terms: Vec::new() };
        // Of a long list the same things stand there over and over.
        let mut looked_at = HashSet::new();
        for quantity in &found {
            let Some(surface) = source.get(quantity.bytes.clone()) else { continue };
            if !looked_at.insert((surface, quantity.label)) {
                continue;
            }
            let sure = |token: &str| only_in(source, token, &found, &apart, quantity.label);
            match quantity.label {
                Label::Date => known.date(surface, quantity),
                Label::Time => known.time(surface, sure),
                Label::Money | Label::Percent | Label::Qty => {
                    known.terms.extend(units::terms(surface, quantity.value.as_ref(), sure));
                }
                _ => {}
            }
        }
        known.terms.retain(|(copied, english)| copied != english && !copied.is_empty());
        known.terms.sort_by_key(|(copied, _)| std::cmp::Reverse(copied.len()));
        known.found = found;
        known.apart = apart;
        known
    }

    fn is_empty(&self) -> bool {
        self.days.is_empty() && self.terms.is_empty()
    }

    fn date(&mut self, surface: &str, quantity: &Quantity) {
        static NUMERIC: LazyLock<Regex> = LazyLock::new(|| pattern(r"\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?"));
        static RANGE: LazyLock<Regex> = LazyLock::new(|| {
            pattern(r"\d{1,2}(?:/\d{1,2}){0,2}\s?[-–]\s?\d{1,2}/\d{1,2}(?:/(?:\d{4}|\d{2}))?")
        });
        match &quantity.value {
            Some(Value::Range(range)) => {
                let english = written_range(range.from(), range.to());
                if let Some((copied, english)) = RANGE.find(surface).zip(english) {
                    self.terms.push((copied.as_str().to_owned(), english));
                }
            }
            Some(value) => {
                let parts = match value {
                    Value::Day { date } => Some((date.day(), date.month(), Some(date.year()))),
                    Value::DayOfMonth { month, day } => Some((*day, *month, None)),
                    _ => None,
                };
                if let Some((day, month, year)) = parts.filter(|_| NUMERIC.is_match(surface)) {
                    self.days.push(Day { day, month, year, weekday: weekday(surface) });
                }
            }
            None => {}
        }
        self.named_months(surface);
    }

    /// Days and years beside the name of a month: `14 Juli`, `Juli 2025`.
    fn named_months(&mut self, surface: &str) {
        static DAY: LazyLock<Regex> =
            LazyLock::new(|| pattern(r"(?P<number>\b\d{1,2})(?P<gap>\s)(?P<name>\p{L}+)"));
        static YEAR: LazyLock<Regex> =
            LazyLock::new(|| pattern(r"(?P<name>\p{L}+)(?P<gap>,?\s)(?P<number>\d{4}\b)"));
        for (pattern, day) in [(&DAY, true), (&YEAR, false)] {
            for captures in pattern.captures_iter(surface) {
                let text = |group: &str| captures.name(group).map_or("", |found| found.as_str());
                let (name, number, gap) = (text("name"), text("number"), text("gap"));
                let Some(month) = crate::lang::id::month(&name.to_lowercase()).and_then(english::month)
                else {
                    continue;
                };
                self.terms.push(match day {
                    true => (format!("{number}{gap}{name}"), format!("{number} {month}")),
                    false => (format!("{name}{gap}{number}"), format!("{month} {number}")),
                });
                if day {
                    let year = captures.get(0).and_then(|found| surface.get(found.end()..));
                    let year = year.and_then(|rest| rest.trim_start_matches([' ', ',']).get(..4));
                    if let Some(year) = year.filter(|year| year.chars().all(|c| c.is_ascii_digit())) {
                        let copied = format!("{number}{gap}{name} {year}");
                        self.terms.push((copied, format!("{number} {month} {year}")));
                    }
                }
            }
        }
    }

    /// `18.35` is `18:35`, and zones are in capitals.
    fn time(&mut self, surface: &str, sure: impl Fn(&str) -> bool) {
        static CLOCK: LazyLock<Regex> = LazyLock::new(|| {
            pattern(r"(?P<clock>\d{1,2}[.:]\d{2}(?:[.:]\d{2})?)(?P<zone>\s?(?i:WITA|WIB|WIT)\b)?")
        });
        for captures in CLOCK.captures_iter(surface) {
            let Some(clock) = captures.name("clock").map(|clock| clock.as_str()) else { continue };
            if !sure(clock) {
                continue;
            }
            let english = clock.replace('.', ":");
            if let Some(zone) = captures.name("zone") {
                let zone = zone.as_str();
                for written in [clock, &english] {
                    self.terms
                        .push((format!("{written}{zone}"), format!("{english}{}", zone.to_uppercase())));
                }
            }
            self.terms.push((clock.to_owned(), english));
        }
    }

    /// A day in digits at the start of `rest` that the source tells too.
    fn day(&self, rest: &str) -> Option<Rewritten> {
        static DAY: LazyLock<Regex> = LazyLock::new(|| {
            pattern(
                r"(?x)
                ^(?P<first>\d{1,2})
                (?:
                    /(?P<second>\d{1,2})(?:/(?P<year>\d{4}|\d{2}))?   # 14/7, 14/7/2025
                    | [.-](?P<inner>\d{1,2})[.-](?P<whole>\d{4})      # 14-7-2025
                )",
            )
        });
        let captures = DAY.captures(rest)?;
        let number = |group: &str| captures.name(group).and_then(|found| found.as_str().parse::<i16>().ok());
        let bytes = captures.get(0)?.end();
        if !closes(rest.get(bytes..)?) {
            return None;
        }
        let (first, second) = (number("first")?, number("second").or_else(|| number("inner"))?);
        let year = number("year").or_else(|| number("whole"));
        let is_year = |known: i16, year: i16| known == year || (year < 100 && known % 100 == year);
        let same = |day: &&Day| {
            let (first, second) = (i8::try_from(first).ok(), i8::try_from(second).ok());
            let as_copied = first == Some(day.day) && second == Some(day.month);
            // The month first, where it can be nothing else.
            let turned = first == Some(day.month) && second == Some(day.day) && day.day > 12;
            let of_year = match (day.year, year) {
                (Some(known), Some(year)) => is_year(known, year),
                (None, Some(_)) => false,
                _ => true,
            };
            (as_copied || turned) && of_year
        };
        let known = self.days.iter().find(same)?;
        // `Kelas 3/4` may be what stands here.
        if !only_in(self.source, rest.get(..bytes)?, &self.found, &self.apart, Label::Date) {
            return None;
        }
        let text = written_day(known.day, known.month, year.and(known.year))?;
        Some(Rewritten { bytes, text, weekday: known.weekday.clone() })
    }

    fn term(&self, rest: &str) -> Option<Rewritten> {
        let fits = |(copied, _): &&(String, String)| rest.strip_prefix(copied.as_str()).is_some_and(closes);
        let (copied, english) = self.terms.iter().find(fits)?;
        Some(Rewritten { bytes: copied.len(), text: english.clone(), weekday: None })
    }
}

/// Whether a piece may begin between `before` and `rest`: not within a word or a number. A number may follow the sign of a
/// currency.
fn opens(before: &str, rest: &str) -> bool {
    let mut back = before.chars().rev();
    let (last, beyond) = (back.next(), back.next());
    let digit = rest.starts_with(|c: char| c.is_ascii_digit());
    let sum = digit && ["Rp", "RM", "IDR", "USD", "EUR", "SGD"].iter().any(|sign| before.ends_with(sign));
    match last {
        None => true,
        // A range goes on behind its hyphen.
        Some('.' | ',' | ':' | '/') if digit => !beyond.is_some_and(|c| c.is_ascii_digit()),
        Some(last) => sum || !last.is_alphanumeric(),
    }
}

/// Whether a piece may end before `rest`.
fn closes(rest: &str) -> bool {
    let mut next = rest.chars();
    match (next.next(), next.next()) {
        (Some('.' | ',' | ':' | '/'), Some(digit)) => !digit.is_ascii_digit(),
        (Some(next), _) => !next.is_alphanumeric(),
        (None, _) => true,
    }
}

/// Whether `token` stands in `source` in nothing but quantities of this kind, and nothing that English writes as `token`: `15.00` and
/// `15,00` are each other's English. What lies `apart` does not count.
fn only_in(source: &str, token: &str, found: &[Quantity], apart: &[Range<usize>], label: Label) -> bool {
    let turned: String = token
        .chars()
        .map(|c| match c {
            '.' => ',',
            ',' => '.',
            other => other,
        })
        .collect();
    let places = |token: &str| -> Vec<Range<usize>> {
        let places = source.match_indices(token).map(|(at, found)| at..at + found.len());
        let whole = |place: &Range<usize>| {
            opens(source.part(..place.start), source.part(place.clone())) && closes(source.part(place.end..))
        };
        let counts = |place: &Range<usize>| !apart.iter().any(|piece| piece.contains(&place.start));
        places.filter(|place| whole(place) && counts(place)).collect()
    };
    if turned != token && !places(&turned).is_empty() {
        return false;
    }
    places(token).into_iter().all(|place| {
        let number = |label: Label| matches!(label, Label::Money | Label::Percent | Label::Qty);
        let same = |other: Label| other == label || (number(other) && number(label));
        // They lie apart, in order.
        let around = found.get(found.partition_point(|q| q.bytes.end < place.end));
        around.is_some_and(|q| same(q.label) && q.bytes.start <= place.start)
    })
}

fn written_day(day: i8, month: i8, year: Option<i16>) -> Option<String> {
    let month = english::month(month)?;
    Some(match year {
        Some(year) => format!("{day} {month} {year}"),
        None => format!("{day} {month}"),
    })
}

/// `9-11 May 2025`, `30 May-2 June`, `28 December 2024-2 January 2025`.
fn written_range(from: &Value, to: &Value) -> Option<String> {
    match (from, to) {
        (Value::Day { date: from }, Value::Day { date: to }) => {
            let month = |date: &Date| (date.year(), date.month());
            let to_text = written_day(to.day(), to.month(), Some(to.year()))?;
            let year = (from.year() != to.year()).then_some(from.year());
            Some(match month(from) == month(to) {
                true => format!("{}-{to_text}", from.day()),
                false => format!("{}-{to_text}", written_day(from.day(), from.month(), year)?),
            })
        }
        (Value::DayOfMonth { month: from, day: first }, Value::DayOfMonth { month: to, day: last }) => {
            let to_text = written_day(*last, *to, None)?;
            Some(match from == to {
                true => format!("{first}-{to_text}"),
                false => format!("{}-{to_text}", written_day(*first, *from, None)?),
            })
        }
        _ => None,
    }
}

/// The weekday that a date begins with, as it is written and in English.
fn weekday(surface: &str) -> Option<(String, &'static str)> {
    let end = surface.find(|c: char| !(c.is_alphabetic() || "'’".contains(c)))?;
    let local = surface.get(..end)?;
    let number = WEEKDAYS.iter().position(|forms| forms.contains(&local.to_lowercase().as_str()))?;
    Some((local.to_owned(), *english::DAYS.get(number)?))
}

/// Puts the English weekday for the local one that stands before a date: `Senin (`.
fn name_weekday(written: &mut String, local: String, day: &str) {
    let head = written.trim_end_matches([' ', ',', '(']);
    if let Some(before) =
        head.strip_suffix(local.as_str()).filter(|before| !before.ends_with(char::is_alphanumeric))
    {
        let (start, end) = (before.len(), head.len());
        written.replace_range(start..end, day);
    }
}
