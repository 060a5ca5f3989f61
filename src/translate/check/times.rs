//! Days, months and times of day that became other ones.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::english::English;
use super::numbers::names_month;
use super::source::{Source, SourceWord};
use crate::lang::english::{DAYS, MONTHS};
use crate::lang::id::{self, quantities::WEEKDAYS};
use crate::part::Part;
use crate::text::pattern;

static WORD: LazyLock<Regex> = LazyLock::new(|| pattern(r"\p{L}+(?:['’]\p{L}+)?"));

/// Short forms of the names of days.
const SHORT_DAYS: [&[&str]; 7] =
    [&["mon"], &["tue", "tues"], &["wed"], &["thu", "thur", "thurs"], &["fri"], &["sat"], &["sun"]];

/// A time of day: Indonesian words, its hours, and the English words that may stand for it.
struct DayPart {
    words: &'static [&'static str],
    hours: fn(u32) -> bool,
    english: &'static [&'static str],
}

const DAY_PARTS: [DayPart; 5] = [
    DayPart {
        words: &["dini", "subuh", "fajar"],
        hours: |hour| hour < 7,
        english: &["morning", "dawn", "midnight", "night", "overnight"],
    },
    DayPart { words: &["pagi"], hours: |hour| hour < 12, english: &["morning", "dawn"] },
    DayPart {
        words: &["siang"],
        hours: |hour| (10..16).contains(&hour),
        english: &["afternoon", "noon", "midday"],
    },
    DayPart {
        words: &["sore", "petang"],
        hours: |hour| (14..20).contains(&hour),
        english: &["afternoon", "evening"],
    },
    DayPart {
        words: &["malam", "semalam"],
        hours: |hour| !(5..18).contains(&hour),
        english: &["night", "evening", "tonight", "midnight", "overnight"],
    },
];

/// The time of day that a word in lower case names.
fn day_part(word: &str) -> Option<&'static DayPart> {
    let bare = word.strip_suffix("nya").unwrap_or(word);
    DAY_PARTS.iter().find(|part| part.words.contains(&bare))
}

/// The words of the source for days, months and times of day whose English is not in `english`, as written there; each once. Of a day
/// with its date the date is enough, and a time of day may be left out: then the English must not tell another.
pub(super) fn missing<'s>(source: &Source<'s>, english: &English<'_>) -> Vec<&'s str> {
    let mut missing: Vec<&str> = Vec::new();
    let shouts = !source.text.contains(char::is_lowercase);
    let titles = super::titles(source.text, english.text);
    let parts = day_parts(source.text);
    let told = |part: &DayPart| {
        english.words.iter().any(|word| part.english.contains(&word.lower.trim_end_matches('s')))
    };
    // A time of day that the source does not tell.
    let turned = !parts.is_empty()
        && DAY_PARTS.iter().flat_map(|part| part.english).any(|marker| {
            english.words.iter().any(|word| word.lower.trim_end_matches('s') == *marker)
                && !parts.iter().any(|(_, part)| part.english.contains(marker))
        });
    let mut at = 0;
    for found in WORD.find_iter(source.text) {
        let (written, lower) = (found.as_str(), found.as_str().to_lowercase());
        // The word of the source that it is part of, in order: `Senin-Rabu` is one.
        at += source.words.part(at..).iter().take_while(|word| ends(word) <= found.start()).count();
        let Some(word) = source.words.get(at) else { break };
        if word.in_name
            || missing.contains(&written)
            || titles.iter().any(|title| title.contains(&word.start))
        {
            continue;
        }
        let (before, after) = (source.text.part(..found.start()), source.text.part(found.end()..));
        let named = written.starts_with(char::is_uppercase);
        let day = WEEKDAYS.iter().position(|names| names.contains(&lower.as_str()));
        let month = id::month(&lower).filter(|_| named && lower.chars().count() > 3 || written == "Mei");
        let lost = match (day, month) {
            (Some(day), _) => {
                named
                    && !(shouts && lower == "minggu")
                    && is_day(word, before, after)
                    && !has_day(english, day, after)
            }
            (_, Some(month)) => !has_month(english, month),
            _ => turned && parts.iter().any(|(at, part)| *at == found.start() && !told(part)),
        };
        if lost {
            missing.push(written);
        }
    }
    missing
}

fn ends(word: &SourceWord<'_>) -> usize {
    word.start + word.written.len()
}

/// The times of day that a text tells, and where; a greeting tells none.
fn day_parts(text: &str) -> Vec<(usize, &'static DayPart)> {
    let mut greets = false;
    let mut found = Vec::new();
    for word in WORD.find_iter(text) {
        let lower = word.as_str().to_lowercase();
        found.extend(day_part(&lower).filter(|_| !greets).map(|part| (word.start(), part)));
        greets = lower == "selamat";
    }
    found
}

/// Whether a word that looks like a day is one: `Minggu` is a week where it opens a sentence, or part of a name behind another capital, and
/// the night before Sunday is `malam Minggu`.
fn is_day(word: &SourceWord<'_>, before: &str, after: &str) -> bool {
    let last = before.strip_suffix(' ').and_then(|before| before.rsplit(' ').next()).unwrap_or_default();
    let dated = after.trim_start().starts_with(|c: char| c == '(' || c == ',' || c.is_ascii_digit());
    // Pasar Minggu; 2 Minggu
    let is_name_or_count = |word: &str| word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
    let sunday = word.lower != "minggu" || dated || !(word.opens || is_name_or_count(last));
    sunday && !last.eq_ignore_ascii_case("malam")
}

/// Whether the English names a day of the week. Where a date stands behind it in the source (`after`), no other one is enough.
fn has_day(english: &English<'_>, day: usize, after: &str) -> bool {
    let names = |day: usize| {
        english.words.iter().any(|word| {
            let single = word.lower.strip_suffix('s').unwrap_or(&word.lower);
            let full = DAYS.get(day).is_some_and(|name| name.eq_ignore_ascii_case(single));
            let short = SHORT_DAYS.get(day).is_some_and(|names| names.contains(&word.lower.as_str()));
            full || short && word.written.starts_with(char::is_uppercase)
        })
    };
    let weekend = day > 4 && english.words.iter().any(|word| word.lower.starts_with("weekend"));
    let dated = after.trim_start_matches([' ', ',', '(']).starts_with(|c: char| c.is_ascii_digit());
    names(day) || weekend || dated && !(0..DAYS.len()).any(names)
}

/// Whether the English has a month by its name, or a date in digits, or tells the quarter that it is in.
fn has_month(english: &English<'_>, month: i8) -> bool {
    static DIGITS: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{1,2}/\d{1,2}\b|\b\d{4}-\d\d"));
    let name = usize::try_from(month - 1).ok().and_then(|at| MONTHS.get(at));
    let named = name.is_none_or(|name| names_month(english.text, name));
    named || DIGITS.is_match(english.text) || english.words.iter().any(|word| word.lower == "quarter")
}

/// A clock time of a text, and the hours of the day that it may mean.
struct Clock<'t> {
    written: &'t str,
    /// On the clock of 12 hours.
    hour: u32,
    minute: u32,
    hours: Vec<u32>,
}

/// The clock times of the source, as written there, that the English has on the other half of the day: `pukul 18.35` as 6:35 a.m.;
/// each once.
pub(super) fn turned<'s>(source: &'s str, english: &str) -> Vec<&'s str> {
    static ENGLISH: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)
            \b(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?(?:[:.]\d{2})?
            (?:\s?(?P<half>[ap])\.?m\b|\s(?:o['’]clock\s)?(?:in\sthe\s(?P<part>morning|afternoon|evening)|at\s(?P<night>night)))",
        )
    });
    let mut clocks: Option<Vec<Clock<'_>>> = None;
    let mut turned: Vec<&str> = Vec::new();
    for found in ENGLISH.captures_iter(english) {
        let Some(((hour, minute), written)) =
            number(&found, "hour").zip(minute(&found, "minute")).zip(found.name("hour"))
        else {
            continue;
        };
        let clocks = clocks.get_or_insert_with(|| clocks_of(source));
        let mut same =
            clocks.iter().filter(|clock| (clock.hour, clock.minute) == (hour % 12, minute)).peekable();
        let Some(first) = same.peek().map(|clock| clock.written) else { continue };
        let text = |group: &str| found.name(group).map(|found| found.as_str().to_lowercase());
        let both = halves(written.as_str());
        let told: Vec<u32> =
            match (text("half").as_deref(), text("part").or_else(|| text("night")).as_deref()) {
                // 20:00 a.m. is no time.
                (Some("a"), _) => both.into_iter().filter(|&told| told < 12 && hour < 13).collect(),
                (Some(_), _) => both.into_iter().filter(|&told| told > 11).collect(),
                (_, Some("morning")) => both.into_iter().filter(|&told| told < 12).collect(),
                (_, Some("afternoon")) => both.into_iter().filter(|told| (12..19).contains(told)).collect(),
                (_, Some("evening")) => both.into_iter().filter(|&told| told > 15).collect(),
                _ => both.into_iter().filter(|told| !(5..18).contains(told)).collect(),
            };
        if !same.any(|clock| clock.hours.iter().any(|hour| told.contains(hour))) && !turned.contains(&first) {
            turned.push(first);
        }
    }
    turned
}

fn number(found: &Captures<'_>, group: &str) -> Option<u32> {
    found.name(group)?.as_str().parse().ok().filter(|&hour| hour <= 24)
}

/// Nought where no minutes are told.
fn minute(found: &Captures<'_>, group: &str) -> Option<u32> {
    found.name(group).map_or(Some(0), |minute| minute.as_str().parse().ok())
}

/// The hours of the day that an hour may mean.
fn halves(hour: &str) -> Vec<u32> {
    match hour.parse::<u32>() {
        Ok(hour @ 1..=12) => vec![hour % 24, (hour + 12) % 24],
        Ok(hour) => vec![hour % 24],
        Err(_) => Vec::new(),
    }
}

/// The clock times of an Indonesian text.
fn clocks_of(source: &str) -> Vec<Clock<'_>> {
    static CLOCK: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)
            (?:\b(?P<before>dini|pagi|siang|sore|petang|malam)(?:\s(?:hari|ini|itu|tadi|nanti))?,?\s)?
            (?P<clock>\b(?:pukul|jam|pkl\.?)\s(?P<hour>\d{1,2})(?:[.:](?P<minute>\d{2}))?(?:[.:]\d{2})?\b
            (?:\s?(?:-|–|hingga|sampai)\s?(?:(?:pukul|jam)\s)?(?P<to>\d{1,2})(?:[.:](?P<to_minute>\d{2}))?\b)?
            (?:\s(?:WIB|WITA|WIT)\b)?
            (?:\s(?P<after>dini|subuh|pagi|siang|sore|petang|malam)\b)?)",
        )
    });
    let mut clocks = Vec::new();
    for found in CLOCK.captures_iter(source) {
        let Some(written) = found.name("clock").map(|clock| clock.as_str()) else { continue };
        let told = |group: &str| found.name(group).and_then(|part| day_part(&part.as_str().to_lowercase()));
        let (before, after) = (told("before"), told("after"));
        for (hour, minutes) in [("hour", "minute"), ("to", "to_minute")] {
            let Some((digits, minute)) = found.name(hour).zip(minute(&found, minutes)) else { continue };
            let (digits, Some(value)) = (digits.as_str(), number(&found, hour)) else { continue };
            let both = halves(digits);
            // `08.00` and `10.00` are of the clock of 24 hours, `8.00` and `jam 10` may be of either.
            let whole = digits.len() == 2 && (digits.starts_with('0') || found.name(minutes).is_some());
            // Of `07.00-16.00 sore` the end alone is in the afternoon.
            let own = after.filter(|_| !(whole && hour == "hour" && found.name("to").is_some()));
            let part = own.or(before);
            let fitting: Vec<u32> =
                both.iter().copied().filter(|&hour| part.is_some_and(|part| (part.hours)(hour))).collect();
            let hours = match (fitting.is_empty(), whole) {
                (false, _) => fitting,
                (true, true) => vec![value % 24],
                (true, false) => both,
            };
            clocks.push(Clock { written, hour: value % 12, minute, hours });
        }
    }
    clocks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_months_and_times_of_day_must_not_become_others() {
        for (source, english, expected) in [
            (
                "Rapat digelar Senin-Rabu (1-3/9).",
                "The meeting is on Monday-Tuesday (1-3 September).",
                &["Rabu"][..],
            ),
            ("Rapat digelar Senin-Rabu (1-3/9).", "The meeting is on Monday-Wednesday (1-3 September).", &[]),
            ("Rapat digelar Rabu.", "The meeting was held yesterday.", &["Rabu"]),
            ("Rapat digelar Rabu (3/9).", "The meeting was held on 3 September.", &[]),
            ("Rapat digelar Rabu (3/9).", "The meeting was held on Tuesday, 3 September.", &["Rabu"]),
            ("Rapat digelar Sabtu dan Minggu.", "The meeting is held at the weekend.", &[]),
            ("Rapat tiap Senin.", "The meeting is held on Mondays.", &[]),
            ("Rapat Senin, kata dia.", "The meeting is on Mon., he said.", &[]),
            ("Minggu lalu hujan turun.", "Last week it rained.", &[]),
            ("Banjir 2 Minggu Belum Surut", "Floods Not Receded for 2 Weeks", &[]),
            ("Kios di Pasar Minggu ramai.", "The kiosk in Pasar Minggu was busy.", &[]),
            ("Tiga minggu hujan turun.", "It rained for three weeks.", &[]),
            ("Malam Minggu itu ramai.", "That Saturday night was busy.", &[]),
            ("Hujan turun pada Maret.", "It rained in May.", &["Maret"]),
            ("Hujan turun pada Maret.", "It rained in Mar. 2024.", &[]),
            ("Laba Januari-Maret naik.", "The profit of the first quarter rose.", &[]),
            ("Hujan turun 5 Maret 2024.", "It rained on 5/3/2024.", &[]),
            ("Hujan turun Senin malam.", "It rained on Monday morning.", &["malam"]),
            ("Hujan turun Senin malam.", "It rained on Monday.", &[]),
            ("Hujan turun Senin malam.", "It rained on Monday evening.", &[]),
            ("Hujan turun pagi dan sore.", "It rained in the morning and afternoon.", &[]),
            ("Selamat pagi, kata dia semalam.", "Hello, he said last night.", &[]),
            ("Mereka makan siang di sana.", "They had lunch there.", &[]),
            ("Hujan turun Minggu dini hari.", "It rained early on Sunday.", &[]),
        ] {
            let found = missing(&Source::new(source, &[]), &English::new(english));
            assert_eq!(found, expected, "{source} / {english}");
        }
    }

    #[test]
    fn days_in_names_are_no_days() {
        use crate::document::Label::{Loc, Org, Per};
        for (name, label) in [("Mei Lestari", Per), ("Sebelas Maret", Org), ("Pasar Rabu", Loc)] {
            let (source, english) = (format!("{name} ramai."), "It was busy.".to_owned());
            let found = missing(&Source::new(&source, &[(name, label)]), &English::new(&english));
            assert_eq!(found, [""; 0], "{name}");
        }
    }

    #[test]
    fn clock_times_must_not_change_the_half_of_the_day() {
        for (source, english, expected) in [
            ("pukul 18.35 WIB", "at 6:35 p.m.", &[][..]),
            ("pukul 18.35 WIB", "at 6:35 a.m.", &["pukul 18.35 WIB"]),
            ("pukul 08.00", "at 8 a.m.", &[]),
            ("pukul 08.00", "at 8 pm", &["pukul 08.00"]),
            ("pukul 08.00 malam", "at 8 p.m.", &[]),
            ("pukul 20.00 malam", "at 20:00 a.m.", &["pukul 20.00 malam"]),
            ("jam 9 malam", "at 9 in the afternoon", &["jam 9 malam"]),
            ("jam 9 malam", "at 9 o'clock at night", &[]),
            ("jam 1 malam", "at 1 a.m.", &[]),
            ("jam 12 siang", "at 12 p.m.", &[]),
            ("jam 12 malam", "at 12 a.m.", &[]),
            ("jam 8", "at 8 p.m.", &[]),
            ("pukul 12.30", "at 12:30 p.m.", &[]),
            ("pukul 00.15", "at 12:15 a.m.", &[]),
            ("pukul 00.15", "at 12:15 p.m.", &["pukul 00.15"]),
            ("pukul 10.00-16.00", "from 10 a.m. to 4 p.m.", &[]),
            ("pukul 07.00-16.00 sore", "from 7 a.m. to 4 p.m.", &[]),
            ("pukul 10.00-16.00", "from 10 a.m. to 4 a.m.", &["pukul 10.00-16.00"]),
            ("pukul 05.00 dan pukul 17.00", "at 5 a.m. and 5 p.m.", &[]),
            ("sore itu pukul 4", "at 4 p.m.", &[]),
            ("9 jam", "9 a.m.", &[]),
        ] {
            assert_eq!(turned(source, english), expected, "{source} / {english}");
        }
    }
}
