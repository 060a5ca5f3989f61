//! The day on which an article came out, as sources write it.
//!
//! Sources agree on nothing: `2025-05-12T10:51:00Z`, `Senin, 12 Mei 2025 17:51 WIB`, `12/05/2025`, `1747043460`. A stamp with
//! a zone is a moment, and its day is the one that the publisher's clock showed, for that is what `hari ini` in the
//! article means.

mod grammar;

use std::str::FromStr;

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use jiff::Timestamp;

use crate::error::Error;
use crate::text::shortened;

/// Why a date could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DateError {
    /// It has no form that is known, or says the same thing twice.
    #[error("`{0}` has no known form; write YYYY-MM-DD (in figures the day stands first: 31/12/2025)")]
    Form(String),
    /// The calendar has no such day, or it is before 1800 or after 2100.
    #[error("`{0}` is no day of the calendar from 1800 to 2100; write YYYY-MM-DD")]
    NoSuchDay(String),
    /// The day of the week is not that of the date: one of them is wrong.
    #[error("`{0}` names another day of the week than its date has; write YYYY-MM-DD")]
    Weekday(String),
}

/// The zone by whose clock a publisher dates its articles; Jakarta's where nothing else is said.
///
/// ```
/// use intisari::document::{publication_date, PublisherZone};
///
/// let date = publication_date("2024-03-05T19:30:00Z", &PublisherZone::default())?;
/// assert_eq!(date.to_string(), "2024-03-06");
/// let date = publication_date("Selasa, 5 Maret 2024 23:30 WIB", &"WIT".parse()?)?;
/// assert_eq!(date.to_string(), "2024-03-06");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublisherZone(TimeZone);

impl Default for PublisherZone {
    fn default() -> Self {
        PublisherZone(indonesian("wib").unwrap_or(TimeZone::UTC))
    }
}

impl FromStr for PublisherZone {
    type Err = Error;

    /// `WIB`, `WITA`, `WIT`, an offset such as `+08:00`, or a name of the tz database such as `Asia/Singapore`.
    fn from_str(name: &str) -> Result<Self, Error> {
        let lower = name.to_ascii_lowercase();
        // Known by heart, so that Indonesian zones need no database of the system.
        let city = match lower.as_str() {
            "asia/jakarta" | "asia/pontianak" => "wib",
            "asia/makassar" | "asia/ujung_pandang" => "wita",
            "asia/jayapura" => "wit",
            other => other,
        };
        indonesian(city)
            .or_else(|| grammar::offset(name))
            .or_else(|| TimeZone::get(name).ok())
            .map(PublisherZone)
            .ok_or_else(|| {
                let fix = "write WIB, WITA, WIT, an offset such as +08:00, or a name such as Asia/Jakarta";
                Error::config(format!("there is no time zone `{name}`"), fix)
            })
    }
}

/// Indonesia's own zones, whose offsets have not changed since 1988; `name` in lower case.
fn indonesian(name: &str) -> Option<TimeZone> {
    let hours = match name {
        "wib" => 7,
        "wita" => 8,
        "wit" => 9,
        _ => return None,
    };
    Some(TimeZone::fixed(Offset::from_hours(hours).ok()?))
}

/// The day that `written` means, by the clock of `zone`.
///
/// Read are ISO 8601 with or without a time and a zone; RFC 2822; Indonesian and English dates in words, with the day of the
/// week, a time and a zone in any order (`17.51 WIB, Senin 12 Mei 2025`, `May 12, 2025 5:51 PM`); dates in figures, the day
/// first (`12/05/2025`), unless the year stands first; `20250512`, also with hour, minute, second and thousandths behind it
/// (`202505121751`); and the time since 1970 in seconds, milli-, micro- or nanoseconds. Where a time has no zone it is taken for the
/// publisher's.
///
/// # Errors
/// [`DateError`], with what was written: nothing is guessed. Two-digit years and dates without a day are not read.
pub fn publication_date(written: &str, zone: &PublisherZone) -> Result<Date, DateError> {
    let written = written.trim();
    let short = || shortened(written, 60);
    if let Some(moment) = since_1970(written) {
        return usual(moment.to_zoned(zone.0.clone()).date()).ok_or_else(|| DateError::NoSuchDay(short()));
    }
    let parts = grammar::read(written).ok_or_else(|| DateError::Form(short()))?;
    let (year, month, day) = parts.day;
    let date = Date::new(year, month, day).ok().and_then(usual);
    let date = date.ok_or_else(|| DateError::NoSuchDay(short()))?;
    if parts.weekday.is_some_and(|weekday| weekday != date.weekday()) {
        return Err(DateError::Weekday(short()));
    }
    let (Some((hour, minute)), Some(written_in)) = (parts.time, parts.zone) else { return Ok(date) };
    let moment = written_in.to_timestamp(date.at(hour, minute, 0, 0));
    moment.map(|moment| moment.to_zoned(zone.0.clone()).date()).map_err(|_| DateError::NoSuchDay(short()))
}

/// Years in which newspapers came out; others are placeholders such as `0001-01-01`.
fn usual(date: Date) -> Option<Date> {
    (1800..=2100).contains(&date.year()).then_some(date)
}

/// A count of seconds or smaller units since 1970, told by its length. Eight figures are a date, shorter counts would be of
/// 1970 to 1973. Ten and more that begin with a year of ours are a stamp such as `2025051217`: as counts they would be of 2033 to 2036,
/// or of some months of 1976.
fn since_1970(written: &str) -> Option<Timestamp> {
    let (whole, fraction) = written.split_once('.').unwrap_or((written, "0"));
    let figures = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_stamp = whole.len() >= 10 && whole.get(..4).is_some_and(|year| ("1990"..="2100").contains(&year));
    if !figures(whole) || !figures(fraction) || is_stamp {
        return None;
    }
    let count: i64 = whole.parse().ok()?;
    match whole.len() {
        9 | 10 => Timestamp::from_second(count).ok(),
        12 | 13 => Timestamp::from_millisecond(count).ok(),
        15 | 16 => Timestamp::from_microsecond(count).ok(),
        18 | 19 => Timestamp::from_nanosecond(count.into()).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
