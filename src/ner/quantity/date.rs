//! Dates: `Senin (21/2/2022)`, `Minggu, 20 Februari 2022`, `Februari 2022`, `2014-2019`, `kemarin`.

use std::sync::LazyLock;

use jiff::civil::{Date, Weekday};
use jiff::ToSpan;
use regex::{Captures, Regex};

use super::{pattern, Rule};
use crate::document::{Label, Value};
use crate::lang::id::quantities::WEEKDAYS;
use crate::lang::id::MONTHS;

/// The rules of this module.
pub(super) fn rules() -> Vec<Rule> {
    let rule = |pattern: &str, read| Rule { pattern: self::pattern(pattern), label: Label::Date, read };
    let (weekday, month, part) = (weekdays(), months(), PART);
    let numeric = r"\(?(?P<day>\d{1,2})[/-](?P<month>\d{1,2})(?:[/-](?P<year>\d{4}|\d{2}))?\b\)?";
    vec![
        // Senin (21/2/2022) malam; Senin malam, 21/2
        rule(&format!(r"\b{weekday}(?:\s{part})?,?\s{numeric}(?:\s{part}\b)?"), day),
        // Minggu (20 Februari 2022); tanggal 20 Februari; 3-5 Maret 2022
        rule(
            &format!(
                r"(?:\b{weekday}(?:\s{part})?,?\s\(?)?(?:\b(?i:tanggal|tgl\.?)\s)?\b(?:(?P<from>\d{{1,2}})\s?(?:-|–|hingga|sampai|dan)\s?)?(?P<day>\d{{1,2}})\s(?P<name>{month})\b(?:,?\s(?P<year>\d{{4}})\b|\slalu\b)?\)?(?:\s{part}\b)?"
            ),
            day,
        ),
        // 21/2/2022, 21-2-2022, 21.02.2022
        rule(
            r"\b(?P<day>\d{1,2})(?:/(?P<month>\d{1,2})/|-\d{1,2}-|\.\d{1,2}\.)(?P<year>\d{4})\b",
            numeric_day,
        ),
        // 2022-02-21
        rule(r"\b(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})\b", day),
        // (21/2); a bare 21/2 may be a fraction or a score
        rule(r"\((?P<day>\d{1,2})/(?P<month>\d{1,2})\)", day),
        // Februari 2022; awal Maret; bulan Mei
        rule(&format!(r"(?:\b(?i:bulan)\s)?\b(?P<name>{month})(?:,?\s|/)(?P<year>\d{{4}})\b"), month_of_year),
        rule(
            &format!(
                r"\b(?i:bulan|awal|akhir|pertengahan)\s(?P<name>{month})\b(?:\s(?P<when>lalu|mendatang|depan))?"
            ),
            month_only,
        ),
        rule(&format!(r"\b(?P<name>{month})\s(?P<when>lalu|mendatang|depan)\b"), month_only),
        rule(&format!(r"\b{}\b", long_months()), |_, _| Some(None)),
        // 2014-2019, 2014/2015, 1990-an, tahun 2014
        rule(
            r"(?:\b(?i:tahun)\s)?\b(?:1[5-9]|20)\d\d\s?(?:[-–/]|hingga|sampai)\s?(?:(?:1[5-9]|20)?\d\d)\b",
            |_, _| Some(None),
        ),
        rule(r"(?:\b(?i:tahun|era|dekade)\s)?\b(?:(?:1[5-9]|20)\d|\d)0-an\b", |_, _| Some(None)),
        rule(r"(?:\b(?i:tahun)\s)?\b(?P<year>(?:1[5-9]|20)\d\d)\b", year),
        // Senin malam; Senin lalu
        rule(
            &format!(
                r"\b{weekday}\b(?:\s{part}\b)?(?:\s(?P<when>lalu|kemarin|depan|mendatang|besok|nanti)\b)?"
            ),
            weekday_only,
        ),
        rule(
            r"\b(?P<relative>(?i)kemarin lusa|hari ini|kemarin|besok|lusa|(?:tahun|bulan) (?:ini|lalu|depan))\b",
            relative,
        ),
        rule(r"\b(?:(?i:awal|akhir) )?(?i:pekan|minggu) (?:ini|lalu|depan)\b", |_, _| Some(None)),
    ]
}

/// A part of the day.
const PART: &str = r"(?:dini hari|pagi|siang|sore|petang|malam)(?:\s(?:tadi|ini|kemarin|WIB))?";

/// Weekdays as written, capitalized or in capitals.
fn weekdays() -> String {
    let forms: Vec<String> = WEEKDAYS.into_iter().flatten().flat_map(|name| cases(name)).collect();
    format!("(?P<weekday>{})", forms.join("|"))
}

/// Months as written, also abbreviated.
fn months() -> String {
    let mut forms: Vec<String> = MONTHS.keys().flat_map(|name| cases(name)).collect();
    // Longer ones first: `Agustus` before `Agus`.
    forms.sort_by_key(|form| (std::cmp::Reverse(form.len()), form.clone()));
    format!(r"(?:{})\.?", forms.join("|"))
}

/// Months that a reader takes for nothing else when they stand alone: not `Mei`, `Mar`, `Des`.
fn long_months() -> String {
    let mut forms: Vec<String> =
        MONTHS.keys().filter(|name| name.len() > 3).flat_map(|name| cases(name)).collect();
    forms.sort_by_key(|form| (std::cmp::Reverse(form.len()), form.clone()));
    format!("(?:{})", forms.join("|"))
}

fn cases(name: &str) -> [String; 2] {
    let mut characters = name.chars();
    let capitalized =
        characters.next().map(|first| first.to_uppercase().chain(characters).collect::<String>());
    [capitalized.unwrap_or_default(), name.to_uppercase()]
}

fn number<T: std::str::FromStr>(captures: &Captures<'_>, name: &str) -> Option<T> {
    captures.name(name)?.as_str().parse().ok()
}

fn month_number(captures: &Captures<'_>) -> Option<i8> {
    match captures.name("name") {
        Some(name) => MONTHS.get(name.as_str().trim_end_matches('.').to_lowercase().as_str()).copied(),
        None => number(captures, "month"),
    }
}

/// A day with a year, or one whose year follows from the article's date.
fn day(captures: &Captures<'_>, today: Option<Date>) -> Option<Option<Value>> {
    let (day, month): (i8, i8) = (number(captures, "day")?, month_number(captures)?);
    let year = match captures.name("year").map(|year| year.as_str()) {
        Some(year) if year.len() == 2 => Some(2000 + year.parse::<i16>().ok()?),
        Some(year) => Some(year.parse().ok()?),
        None => None,
    };
    // 2000 was a leap year: 29 February may stand without its year.
    let any = Date::new(year.unwrap_or(2000), month, day).ok()?;
    if captures.name("from").is_some() {
        return Some(None);
    }
    Some(Some(match (year, today) {
        (Some(_), _) => Value::Day { date: any },
        (None, Some(today)) => match nearest_year(today, month, day) {
            Some(date) => Value::Day { date },
            None => Value::DayOfMonth { month, day },
        },
        (None, None) => Value::DayOfMonth { month, day },
    }))
}

/// The day of that month that lies nearest to `today`.
fn nearest_year(today: Date, month: i8, day: i8) -> Option<Date> {
    let years = [today.year(), today.year() - 1, today.year() + 1];
    let dates = years.into_iter().filter_map(|year| Date::new(year, month, day).ok());
    dates.min_by_key(|&date| days_between(today, date).abs())
}

fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map(|span| span.get_days()).unwrap_or(i32::MAX)
}

/// A numeric day whose three parts stand apart by one and the same sign.
fn numeric_day(captures: &Captures<'_>, today: Option<Date>) -> Option<Option<Value>> {
    static PARTS: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})").ok());
    day(&PARTS.as_ref()?.captures(captures.get(0)?.as_str())?, today)
}

fn month_of_year(captures: &Captures<'_>, _: Option<Date>) -> Option<Option<Value>> {
    Some(Some(Value::Month { year: number(captures, "year")?, month: month_number(captures)? }))
}

fn month_only(captures: &Captures<'_>, today: Option<Date>) -> Option<Option<Value>> {
    let month = month_number(captures)?;
    let year = match (captures.name("when").map(|when| when.as_str()), today) {
        (Some("lalu"), Some(today)) => Some(today.year() - i16::from(month >= today.month())),
        (Some(_), Some(today)) => Some(today.year() + i16::from(month <= today.month())),
        _ => None,
    };
    Some(year.map(|year| Value::Month { year, month }))
}

fn year(captures: &Captures<'_>, _: Option<Date>) -> Option<Option<Value>> {
    Some(Some(Value::Year { year: number(captures, "year")? }))
}

/// The day of a weekday: news name the days just before they appear; further off only with `lalu` or `depan`.
fn weekday_only(captures: &Captures<'_>, today: Option<Date>) -> Option<Option<Value>> {
    let name = captures.name("weekday")?.as_str().to_lowercase();
    let number = WEEKDAYS.iter().position(|forms| forms.contains(&name.as_str()))?;
    let weekday = Weekday::from_monday_zero_offset(i8::try_from(number).ok()?).ok()?;
    let date = today.and_then(|today| {
        let before = i64::from(today.weekday().since(weekday));
        match captures.name("when").map(|when| when.as_str()) {
            Some("lalu" | "kemarin") => today.checked_sub((if before == 0 { 7 } else { before }).days()).ok(),
            Some(_) => today.checked_add((7 - before).days()).ok(),
            None if before <= 3 => today.checked_sub(before.days()).ok(),
            None => None,
        }
    });
    Some(date.map(|date| Value::Day { date }))
}

fn relative(captures: &Captures<'_>, today: Option<Date>) -> Option<Option<Value>> {
    let Some(today) = today else { return Some(None) };
    let words = captures.name("relative")?.as_str().to_lowercase();
    let day = |days: i64| today.checked_add(days.days()).ok().map(|date| Value::Day { date });
    let month = |months: i64| {
        let date = today.checked_add(months.months()).ok()?;
        Some(Value::Month { year: date.year(), month: date.month() })
    };
    Some(match words.as_str() {
        "hari ini" => day(0),
        "kemarin" => day(-1),
        "kemarin lusa" => day(-2),
        "besok" => day(1),
        "lusa" => day(2),
        "tahun ini" => Some(Value::Year { year: today.year() }),
        "tahun lalu" => Some(Value::Year { year: today.year() - 1 }),
        "tahun depan" => Some(Value::Year { year: today.year() + 1 }),
        "bulan ini" => month(0),
        "bulan lalu" => month(-1),
        "bulan depan" => month(1),
        _ => None,
    })
}
