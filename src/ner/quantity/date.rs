//! Days and months: `Senin (21/2/2022)`, `3-5 Mei 2025`, `Februari 2022`, `Januari hingga Maret 2024`.

use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

use super::words::{
    end_of, ends_with_word, long_months, month, months, steps, weekday, weekdays, whole_months, year, PART,
    STAGE, UNTIL,
};
use super::{pattern, vague, Found, Reading, Rule};
use crate::document::Value;

/// Which year is meant, behind `tahun`.
const TURN: &str = "(?:yang )?(?P<turn>ini|lalu|silam|kemarin|depan|mendatang)";

/// The rules of this module.
pub(super) fn rules() -> Vec<Rule> {
    let (weekday, month) = (weekdays(), months());
    // Senin; Jumat-Minggu; Sabtu dan Minggu
    let weekdays = format!("{weekday}(?:(?:{UNTIL}| dan ){weekday})?");
    // 14/7; (14/7/2025)
    let numeric = r"\(?(?P<day>\d{1,2})[/-](?P<month>\d{1,2})(?:[/-](?P<year>\d{4}|\d{2}))?\b\)?";
    // 9-11/5/2025; 30/5-2/6
    let several = r"
        (?P<from>\d{1,2})(?:/(?P<from_month>\d{1,2})(?:/(?P<from_year>\d{4}|\d{2}))?)? ?[-–] ?
        (?P<day>\d{1,2})/(?P<month>\d{1,2})(?:/(?P<year>\d{4}|\d{2}))?";
    vec![
        // Senin (21/2/2022) malam; Senin malam, 21/2
        Rule::date(&format!(r"\b{weekday}(?: {PART})?,? {numeric}(?: {PART}\b)?"), day),
        // Jumat-Minggu (9-11/5/2025); (30/5-2/6); 9-11/5/2025
        Rule::date(&format!(r"\b{weekdays},? ?\(?{several}\)?"), days),
        Rule::date(&format!(r"\({several}\)"), days),
        Rule::date(r"\b(?P<from>\d{1,2}) ?[-–] ?(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})\b", days),
        // Minggu (20 Februari 2022); tanggal 20 Februari; 3-5 Maret 2022; 28 Mei hingga 2 Juni 2025
        Rule::date(
            &format!(
                r"
                (?:\b(?i:{weekdays})(?: {PART})?,? ?\(?)?
                (?:\b(?i:tanggal|tgl\.?) )?
                \b(?:
                    (?P<from>\d{{1,2}})
                    (?:(?: (?P<from_name>{month}))?(?P<until>{UNTIL})| dan )
                )?
                (?P<day>\d{{1,2}}) (?P<name>{month})
                (?:
                    ,? (?:(?i:tahun) )?(?P<year>\d{{4}})\b
                    | (?i:tahun) {TURN}\b
                    | (?:yang )?(?P<when>lalu|silam|kemarin|mendatang|depan|akan datang|nanti|besok)\b
                    |(?: tahun)? ['’](?P<short>\d\d)\b
                )?
                \)?(?: {PART}\b)?"
            ),
            day,
        ),
        // 28 Mei 2025 - 2 Juni 2025
        Rule::date(
            &format!(
                r"
                \b(?P<from>\d{{1,2}}) (?P<from_name>{month}),? (?P<from_year>\d{{4}}) ?[-–—] ?
                (?P<day>\d{{1,2}}) (?P<name>{month}),? (?P<year>\d{{4}})\b"
            ),
            days,
        ),
        // 21/2/2022, 21-2-2022, 21.02.2022
        Rule::date(
            r"\b(?P<day>\d{1,2})(?:/(?P<month>\d{1,2})/|-\d{1,2}-|\.\d{1,2}\.)(?P<year>\d{4})\b",
            numeric_day,
        ),
        // 2022-02-21
        Rule::date(r"\b(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})\b", day),
        // (21/2); a bare 21/2 may be a fraction or a score
        Rule::date(r"\((?P<day>\d{1,2})/(?P<month>\d{1,2})(?:/(?P<year>\d{2}))?\)", day),
        // Februari 2022; awal Maret 2022; Mei '98; Mei tahun lalu
        Rule::date(
            &format!(
                r"
                (?:\b{STAGE} )?(?:\b(?i:bulan) )?
                \b(?P<name>{month})
                (?:
                    (?:,? | ?/|-)(?:tahun )?(?P<year>\d{{4}})\b
                    | ['’](?P<short>\d\d)\b
                    | tahun {TURN}\b
                )"
            ),
            month_of_year,
        ),
        // Januari hingga Maret 2024; Desember 2023-Februari 2024; Januari-Maret
        Rule::date(
            &format!(
                r"
                (?:\b{STAGE} )?\b(?P<from_name>{month})
                (?:(?: (?P<from_year>\d{{4}}))? ?[-–—] ?|{UNTIL})
                (?:{STAGE} )?(?P<name>{month})
                (?:
                    (?: | ?/)(?:tahun )?(?P<year>\d{{4}})\b
                    | tahun {TURN}\b
                )?"
            ),
            months_of_year,
        ),
        // bulan Agustus; akhir Juli lalu
        Rule::date(
            &format!(
                r"
                \b(?:(?:{STAGE} )?(?i:bulan)|{STAGE}) (?P<name>{month})
                (?: (?P<when>lalu|silam|kemarin|mendatang|depan|nanti)\b)?"
            ),
            month_only,
        ),
        // September mendatang; September nanti
        Rule::date(&format!(r"\b(?P<name>{month}) (?P<when>lalu|mendatang|depan)\b"), month_only),
        Rule::date(&format!(r"\b(?P<name>{}) (?P<when>silam|kemarin|nanti)\b", whole_months()), month_only),
        // Oktober
        Rule::date(&format!(r"\b{}\b", long_months()), vague),
    ]
}

fn month_number(found: &Found<'_>) -> Option<i8> {
    match found.text("name") {
        Some(name) => month(name),
        None => found.number("month"),
    }
}

/// The year that is given, or that `tahun lalu` means.
fn given_year(found: &Found<'_>) -> Option<Option<i16>> {
    if let Some(turn) = found.words("turn") {
        let step = i16::from(steps(&turn)?);
        return Some(found.today.map(|today| today.year() + step));
    }
    match found.text("year").or_else(|| found.text("short")) {
        Some(text) => year(text).map(Some),
        None => Some(None),
    }
}

/// A day with a year, or one whose year follows from the article's date; also the first of several.
fn day(found: &Found<'_>) -> Option<Reading> {
    if found.has("until") {
        return days(found);
    }
    let (day, month) = (found.number("day")?, month_number(found)?);
    let value = dated(found, given_year(found)?, month, day)?;
    // Of `3 dan 5 Mei` each is meant, and not what lies between.
    if let Some(from) = found.number::<i8>("from") {
        let _also_a_day = Date::new(2000, month, from).ok()?;
        return Some(None.into());
    }
    Some(value.into())
}

/// From one day to another; the year and month of the second hold for the first where it has none.
fn days(found: &Found<'_>) -> Option<Reading> {
    let (day, month) = (found.number("day")?, month_number(found)?);
    let year = given_year(found)?;
    let to = dated(found, year, month, day)?;
    let from_month = match found.text("from_name") {
        Some(name) => super::words::month(name)?,
        None => found.number("from_month").unwrap_or(month),
    };
    let from_day: i8 = found.number("from")?;
    let from_year = match found.text("from_year") {
        Some(text) => Some(super::words::year(text)?),
        // 28 Desember hingga 2 Januari 2025
        None => year.map(|year| year - i16::from(from_month > month)),
    };
    let from = match &to {
        // Both ends of what the article's date resolves lie in one turn.
        Value::Day { date } if from_year.is_none() => {
            let year = date.year() - i16::from(from_month > month);
            Value::Day { date: Date::new(year, from_month, from_day).ok()? }
        }
        Value::DayOfMonth { .. } => day_of_month(from_month, from_day)?,
        _ => dated(found, from_year, from_month, from_day)?,
    };
    Value::range(from, to).map(Reading::from)
}

/// The day, where there is such a day.
fn dated(found: &Found<'_>, year: Option<i16>, month: i8, day: i8) -> Option<Value> {
    if let Some(year) = year {
        return Some(Value::Day { date: Date::new(year, month, day).ok()? });
    }
    let any_year = day_of_month(month, day)?;
    let Some(today) = found.today else { return Some(any_year) };
    let years = [0, -1, 1].into_iter().filter_map(|step| today.year().checked_add(step));
    let dates = years.filter_map(|year| Date::new(year, month, day).ok());
    let date = match found.words("when").as_deref().and_then(steps) {
        Some(-1) => dates.filter(|&date| date <= today).max(),
        Some(_) => dates.filter(|&date| date >= today).min(),
        None => likely(found, today, &dates.collect::<Vec<_>>()),
    };
    Some(date.map_or(any_year, |date| Value::Day { date }))
}

/// A day whose year nobody tells, where there is such a day. 2000 was a leap year: 29 February may stand without its year.
fn day_of_month(month: i8, day: i8) -> Option<Value> {
    Date::new(2000, month, day).ok().map(|_| Value::DayOfMonth { month, day })
}

/// Which of the days of several years is meant where nothing tells: the nearest, unless it lies so far away that another one may be,
/// or nothing but its weekday tells; of what is still to come not one that has long passed.
fn likely(found: &Found<'_>, today: Date, dates: &[Date]) -> Option<Date> {
    /// About four months.
    const FAR: i32 = 120;
    const MONTH: i32 = 31;
    static AHEAD: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:akan|batas|tenggat|paling lambat|selambat-lambatnya|dijadwalkan|direncanakan|rencananya)\b[^.;!?]*$",
        )
    });
    // 20 Mei tahun sebelumnya; setiap 20 Mei
    static ANY: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^,?(?: pada)? (?:tahun (?:sebelumnya|berikutnya|itu|tersebut|yang sama)|(?:se)?tiap tahun)",
        )
    });
    if ANY.is_match(found.after) || ends_with_word(found.before, &["setiap", "tiap"]) {
        return None;
    }
    let away = |date: &Date| days_between(today, *date);
    let nearest = *dates.iter().min_by_key(|date| away(date).abs())?;
    let near = away(&nearest).abs() <= FAR;
    if AHEAD.is_match(end_of(found.before, 60)) && away(&nearest) < -MONTH {
        return dates.iter().filter(|date| **date >= today).min().copied().filter(|_| !near);
    }
    let named = weekday(found.captures.get(0)?.as_str());
    let mut fitting = dates.iter().filter(|date| Some(date.weekday()) == named);
    let only = fitting.next().filter(|_| fitting.next().is_none() && !found.has("from"));
    if near {
        Some(nearest)
    } else {
        only.copied()
    }
}

fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map(|span| span.get_days()).unwrap_or(i32::MAX)
}

/// A numeric day whose three parts stand apart by one and the same sign.
fn numeric_day(found: &Found<'_>) -> Option<Reading> {
    // 21.02.2022
    static PARTS: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})"));
    let captures = PARTS.captures(found.captures.get(0)?.as_str())?;
    day(&Found { captures, ..*found })
}

fn month_of_year(found: &Found<'_>) -> Option<Reading> {
    let month = month_number(found)?;
    let year = given_year(found)?;
    Some(year.map(|year| Value::Month { year, month }).into())
}

fn months_of_year(found: &Found<'_>) -> Option<Reading> {
    let (from, to) = (month(found.text("from_name")?)?, month(found.text("name")?)?);
    let Some(year) = given_year(found)? else { return Some(None.into()) };
    let from_year = found.number("from_year").unwrap_or(year - i16::from(from > to));
    let month = |year, month| Value::Month { year, month };
    Value::range(month(from_year, from), month(year, to)).map(Reading::from)
}

fn month_only(found: &Found<'_>) -> Option<Reading> {
    let month = month_number(found)?;
    let year = match (found.text("when").and_then(steps), found.today) {
        (Some(-1), Some(today)) => Some(today.year() - i16::from(month >= today.month())),
        // Pertengahan Mei nanti, at the beginning of May
        (Some(_), Some(today)) => {
            let soon = month == today.month() && found.text("when") == Some("nanti");
            Some(today.year() + i16::from(month <= today.month() && !soon))
        }
        _ => None,
    };
    Some(year.map(|year| Value::Month { year, month }).into())
}
