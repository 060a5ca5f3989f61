//! The parts of a date in words and figures. They may stand in any order; what is not understood makes the whole unreadable.

use jiff::civil::Weekday;
use jiff::tz::{Offset, TimeZone};

use crate::lang::{english, id};

/// What stands in a date.
#[derive(Debug, Default)]
pub(super) struct Parts {
    /// Year, month, day; not yet checked against the calendar.
    pub day: Day,
    pub weekday: Option<Weekday>,
    /// Hour and minute.
    pub time: Option<(i8, i8)>,
    pub zone: Option<TimeZone>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'a> {
    Number(&'a str),
    /// In lower case.
    Word(&'a str),
    /// Anything else, and whether a number or word follows at once: `-0500` is an offset, ` - 05` is not.
    Mark(char, bool),
}

use crate::part::Part;
use Token::{Mark, Number, Word};

/// Year, month and day.
type Day = (i16, i8, i8);

/// A part that was read from the start of some tokens, and the tokens after it.
type Taken<'t, 'a, T> = Option<(T, &'t [Token<'a>])>;

/// Reads all of `written`, or nothing.
pub(super) fn read(written: &str) -> Option<Parts> {
    let lower = written.to_lowercase();
    let tokens = tokens(&lower);
    let mut rest = tokens.as_slice();
    let (mut found, mut parts) = (None, Parts::default());
    while !rest.is_empty() {
        rest = step(rest, &mut found, &mut parts)?;
    }
    parts.day = found?;
    Some(parts)
}

/// An offset such as `+08:00`, alone.
pub(super) fn offset(written: &str) -> Option<TimeZone> {
    match signed(&tokens(written))? {
        (zone, []) => Some(zone),
        _ => None,
    }
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let within = |c: char| match first {
            '0'..='9' => c.is_ascii_digit(),
            _ => c.is_alphabetic() || matches!(c, '\'' | '’'),
        };
        let is_word = first.is_ascii_digit() || first.is_alphabetic();
        let length = if is_word { rest.find(|c| !within(c)).unwrap_or(rest.len()) } else { first.len_utf8() };
        let (token, after) = rest.split_at(length);
        rest = after;
        if first.is_ascii_digit() {
            match stamp(token) {
                Some((day, time)) => tokens.extend([Number(day), Word("t"), Number(time)]),
                None => tokens.push(Number(token)),
            }
        } else if is_word {
            tokens.push(Word(token));
        } else if !first.is_whitespace() {
            tokens.push(Mark(first, rest.starts_with(char::is_alphanumeric)));
        }
    }
    tokens
}

/// Day and time of a stamp without marks: `2025051217`, with minute, second and thousandths behind the hour or without.
fn stamp(figures: &str) -> Option<(&str, &str)> {
    match figures.len() {
        10 | 12 | 14 => figures.split_at_checked(8),
        17 => figures.get(..14)?.split_at_checked(8),
        _ => None,
    }
}

/// Takes one part from the start of `tokens`; a second date, time, zone or day of the week is not understood.
fn step<'t, 'a>(
    tokens: &'t [Token<'a>],
    day: &mut Option<Day>,
    parts: &mut Parts,
) -> Option<&'t [Token<'a>]> {
    if day.is_none() {
        if let Some((found, rest)) = whole_day(tokens) {
            *day = Some(found);
            return Some(rest);
        }
        if let Some((found, rest)) = parted_day(tokens) {
            *day = Some(found);
            return Some(rest);
        }
    }
    if parts.time.is_none() {
        if let Some((time, rest)) = clock(tokens, day.is_some()) {
            parts.time = Some(time);
            return Some(rest);
        }
    }
    if parts.zone.is_none() {
        if let Some((zone, rest)) = zone(tokens, parts.time.is_some()) {
            parts.zone = Some(zone);
            return Some(rest);
        }
    }
    match tokens {
        // A zone's name beside its offset: `GMT+0700 (Western Indonesia Time)`, `+07:00[Asia/Jakarta]`.
        [Mark('(' | '[', _), Word(_), rest @ ..] if parts.zone.is_some() => {
            let end = rest.iter().position(|token| matches!(token, Mark(')' | ']', _)))?;
            rest.get(end + 1..)
        }
        [Word(word), rest @ ..] => {
            if !is_filler(word) {
                let named = weekday(word).filter(|_| parts.weekday.is_none())?;
                parts.weekday = Some(named);
            }
            Some(rest)
        }
        [Mark(',' | '|' | '(' | ')' | '-' | '–' | '—' | '·' | '•' | '.' | '/' | ':' | ';', _), rest @ ..] => {
            Some(rest)
        }
        _ => None,
    }
}

/// Year, month and day from the start of `tokens`.
fn whole_day<'t, 'a>(tokens: &'t [Token<'a>]) -> Taken<'t, 'a, Day> {
    match tokens {
        // 2025-05-12, 2025/05/12
        [Number(y), Mark(a @ ('-' | '/' | '.'), _), Number(m), Mark(b, _), Number(d), rest @ ..]
            if a == b && y.len() == 4 =>
        {
            Some(((year(y)?, small(m)?, small(d)?), rest))
        }
        // 12/05/2025, 12-05-2025, 12.05.2025
        [Number(d), Mark(a @ ('-' | '/' | '.'), _), Number(m), Mark(b, _), Number(y), rest @ ..]
            if a == b =>
        {
            Some(((year(y)?, small(m)?, small(d)?), rest))
        }
        // 20250512
        [Number(whole), rest @ ..] if whole.len() == 8 => {
            let (y, m, d) = (whole.get(..4)?, whole.get(4..6)?, whole.get(6..)?);
            Some(((year(y)?, small(m)?, small(d)?), rest))
        }
        // 12 Mei 2025, 12th of May 2025, 12-May-2025, 2025 Mei 12
        [Number(first), rest @ ..] => {
            let rest = skip(rest, |token| match token {
                Word(word) => matches!(*word, "st" | "nd" | "rd" | "th" | "of"),
                mark => is_joint(mark),
            });
            let [Word(month), rest @ ..] = rest else { return None };
            let month = month_named(month)?;
            let [Number(last), rest @ ..] = skip(rest, is_joint) else { return None };
            let (y, d) = if first.len() == 4 { (first, last) } else { (last, first) };
            Some(((year(y)?, month, small(d)?), rest))
        }
        // May 12, 2025
        [Word(month), rest @ ..] => {
            let month = month_named(month)?;
            let [Number(d), rest @ ..] = skip(rest, is_joint) else { return None };
            let rest = skip(rest, |token| match token {
                Word(word) => matches!(*word, "st" | "nd" | "rd" | "th"),
                mark => is_joint(mark),
            });
            let [Number(y), rest @ ..] = rest else { return None };
            Some(((year(y)?, month, small(d)?), rest))
        }
        _ => None,
    }
}

/// Month and day from the start of `tokens` and the year from their end: `Mon May 12 17:51:00 WIB 2025`, as Unix prints.
fn parted_day<'t, 'a>(tokens: &'t [Token<'a>]) -> Taken<'t, 'a, Day> {
    let [Word(month), Number(d), rest @ .., Number(y)] = tokens else { return None };
    Some(((year(y)?, month_named(month)?, small(d)?), rest))
}

/// What may stand between the words of a date.
fn is_joint(token: &Token<'_>) -> bool {
    matches!(token, Mark('-' | '.' | ',' | '/', _))
}

fn skip<'t, 'a>(tokens: &'t [Token<'a>], what: impl Fn(&Token<'a>) -> bool) -> &'t [Token<'a>] {
    let end = tokens.iter().position(|token| !what(token)).unwrap_or(tokens.len());
    tokens.part(end..)
}

/// Hour and minute from the start of `tokens`; seconds are read over.
fn clock<'t, 'a>(tokens: &'t [Token<'a>], after_day: bool) -> Taken<'t, 'a, (i8, i8)> {
    let (hour, minute, rest) = match tokens {
        // 20250512T175100, 2025051217
        [Word("t"), Number(whole), rest @ ..] if after_day && matches!(whole.len(), 2 | 4 | 6) => {
            let rest = match rest {
                // 2025-05-12T17:51
                [Mark(':' | '.', true), ..] if whole.len() == 2 => return None,
                [Mark('.', true), Number(_), rest @ ..] => rest,
                rest => rest,
            };
            (small(whole.get(..2)?)?, whole.get(2..4).map_or(Some(0), small)?, rest)
        }
        [Number(hour), Mark(a @ (':' | '.'), _), Number(minute), rest @ ..] if minute.len() == 2 => {
            let rest = match rest {
                [Mark(b, _), Number(seconds), rest @ ..] if a == b && seconds.len() == 2 => {
                    if small(seconds)? > 60 {
                        return None;
                    }
                    match rest {
                        [Mark('.', _), Number(_), rest @ ..] => rest,
                        [Mark(',', true), Number(fraction), rest @ ..] if fraction.len() >= 3 => rest,
                        rest => rest,
                    }
                }
                rest => rest,
            };
            (small(hour)?, small(minute)?, rest)
        }
        _ => return None,
    };
    let (hour, rest) = match rest {
        [Word(half @ ("am" | "pm")), rest @ ..] if (1..=12).contains(&hour) => {
            (hour % 12 + if *half == "pm" { 12 } else { 0 }, rest)
        }
        rest => (hour, rest),
    };
    ((0..24).contains(&hour) && (0..60).contains(&minute)).then_some(((hour, minute), rest))
}

/// A zone from the start of `tokens`; an offset without a name only after a time, where a sign can be nothing else.
fn zone<'t, 'a>(tokens: &'t [Token<'a>], after_time: bool) -> Taken<'t, 'a, TimeZone> {
    match tokens {
        [Word("utc" | "gmt" | "z"), rest @ ..] => signed(rest).or(Some((TimeZone::UTC, rest))),
        [Word(name), rest @ ..] => Some((super::indonesian(name)?, rest)),
        _ if after_time => signed(tokens),
        _ => None,
    }
}

/// `+07:00`, `+0700` or `+7`.
fn signed<'t, 'a>(tokens: &'t [Token<'a>]) -> Taken<'t, 'a, TimeZone> {
    let [Mark(sign @ ('+' | '-' | '−'), true), Number(hours), rest @ ..] = tokens else { return None };
    let (hours, minutes, rest) = match (hours.len(), rest) {
        (1 | 2, [Mark(':', _), Number(minutes), rest @ ..]) if minutes.len() == 2 => {
            (small(hours)?, small(minutes)?, rest)
        }
        (1 | 2, rest) => (small(hours)?, 0, rest),
        (4, rest) => (small(hours.get(..2)?)?, small(hours.get(2..)?)?, rest),
        _ => return None,
    };
    if hours > 14 || minutes > 59 {
        return None;
    }
    let seconds = (i32::from(hours) * 60 + i32::from(minutes)) * 60;
    let offset = Offset::from_seconds(if *sign == '+' { seconds } else { -seconds }).ok()?;
    Some((TimeZone::fixed(offset), rest))
}

fn year(number: &str) -> Option<i16> {
    number.parse().ok().filter(|_| number.len() == 4)
}

fn small(number: &str) -> Option<i8> {
    number.parse().ok().filter(|_| number.len() <= 2)
}

fn month_named(word: &str) -> Option<i8> {
    id::month(word).or_else(|| english::month_number(word)).or((word == "aug").then_some(8))
}

fn weekday(word: &str) -> Option<Weekday> {
    Some(match word {
        "senin" | "sen" | "monday" | "mon" => Weekday::Monday,
        "selasa" | "sel" | "tuesday" | "tue" | "tues" => Weekday::Tuesday,
        "rabu" | "rab" | "wednesday" | "wed" => Weekday::Wednesday,
        "kamis" | "kam" | "thursday" | "thu" | "thur" | "thurs" => Weekday::Thursday,
        "jumat" | "jum'at" | "jum’at" | "jum" | "friday" | "fri" => Weekday::Friday,
        "sabtu" | "sab" | "saturday" | "sat" => Weekday::Saturday,
        "minggu" | "min" | "ming" | "ahad" | "sunday" | "sun" => Weekday::Sunday,
        _ => return None,
    })
}

/// Words that say nothing about when.
fn is_filler(word: &str) -> bool {
    matches!(
        word,
        "t" | "at"
            | "on"
            | "pukul"
            | "pkl"
            | "jam"
            | "hari"
            | "tanggal"
            | "tgl"
            | "pada"
            | "diterbitkan"
            | "dipublikasikan"
            | "terbit"
            | "tayang"
            | "rilis"
            | "published"
            | "posted"
    )
}
