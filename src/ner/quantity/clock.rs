//! Clock times: `pukul 18.35 WIB`, `08.00-10.00 Wita`, `jam 9 malam`.

use super::context::{is_time, precedes_noun};
use super::number;
use super::words::{is_number, split_last, UNTIL};
use super::{Found, Reading, Rule};
use crate::document::{Label, Value, Zone};

const PARTS: &str = "dini hari|pagi|siang|sore|petang|malam";

/// The rules of this module.
pub(super) fn rules() -> Vec<Rule> {
    // WIB; waktu setempat
    let zone = r"(?P<zone>(?i:WIB|WITA|WIT|GMT|UTC|waktu (?:setempat|Indonesia (?:Barat|Tengah|Timur))))";
    // 18.35; 07:30:15
    let clock = r"(?P<hour>\d{1,2})[.:](?P<minute>\d{2})(?:[.:](?P<second>\d{2}))?";
    // Behind `18.35`: -20.15; WIB - selesai
    // A zone between them belongs to both; with a word they are two times, each with its zone.
    let until = format!(
        r"(?:
            (?:{UNTIL}|(?: ?(?i:WIB|WITA|WIT))? ?[-–—] ?)
            (?:(?P<to_hour>\d{{1,2}})[.:](?P<to_minute>\d{{2}})|(?P<open>selesai))
        )?"
    );
    // malam
    let part = format!(r"(?: (?P<part>{PARTS})\b)?");
    // pukul; pk.
    let at = r"\b(?i:pukul|jam|pkl?\.?)";
    // delapan
    let word = r"(?:satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|sebelas|dua belas)";
    vec![
        // 18.35 WIB; 08.00-10.00 WIB
        time(&format!(r"(?:{at} )?\b{clock}{until} ?{zone}\b")),
        // pukul 18.35; jam 9 malam; pukul setengah delapan malam
        time(&format!(r"{at} {clock}{until}{part}")),
        time(&format!(r"{at} (?P<half>setengah )?(?P<bare>{word}|\d{{1,2}})\b{part}(?: {zone}\b)?")),
        // jam 7 sampai 9 malam
        time(&format!(
            r"{at} (?P<bare>{word}|\d{{1,2}}){UNTIL}(?P<to_bare>{word}|\d{{1,2}}) (?P<part>{PARTS})\b(?: {zone}\b)?"
        )),
        // Selasa, 4 Maret 2025 07:30
        time(&format!(
            r"\b(?:19|20)\d\d(?:,| ?[-|])? (?P<span>{})\b",
            r"(?P<hour>\d{2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?"
        )),
    ]
}

fn time(pattern: &str) -> Rule {
    Rule::new(Label::Time, pattern, read)
}

fn read(found: &Found<'_>) -> Option<Reading> {
    let zone = found.words("zone").as_deref().and_then(zone);
    let part = found.words("part");
    let at = |hour| of_day(hour, part.as_deref());
    let bare = |group| Some(number::value(&found.words(group)?)? as i8);
    let (hour, minute) = match bare("bare") {
        Some(_) if part.is_none() && zone.is_none() && !found.has("half") && is_something_else(found) => {
            return None;
        }
        // Half to eight is half past seven.
        Some(hour) if found.has("half") => (if hour == 1 { 12 } else { hour - 1 }, 30),
        Some(hour) => (hour, 0),
        None => (found.number("hour")?, found.number("minute").unwrap_or(0)),
    };
    let second: Option<i8> = found.number("second");
    let from = clock(at(hour), minute, second, zone)?;
    if found.has("open") {
        return Some(None.into());
    }
    let Some(last) = bare("to_bare").or_else(|| found.number("to_hour")) else {
        return Some(from.into());
    };
    let last_minute = found.number("to_minute").unwrap_or(0);
    let to = clock(at(last), last_minute, None, zone)?;
    // The part of the day is that of the first time too, unless that would lie behind the last: `08.00-05.00 sore`.
    let own = (at(hour), minute) > (at(last), last_minute) && hour <= at(last);
    let from = if own { clock(hour, minute, second, zone)? } else { from };
    // Nobody knows whether `10.00-02.00 dini hari` begins at night.
    let backwards = part.as_deref() == Some("dini hari") && (last..12).contains(&hour) && hour > last;
    Some(Value::range(from, to).filter(|_| !backwards).into())
}

/// Whether a number behind `pukul` or `jam` is none of a time: `polisi pukul 2 warga` tells of a blow, `3 jam 5 menit` how long it took.
fn is_something_else(found: &Found<'_>) -> bool {
    let whole = found.captures.get(0).map_or("", |whole| whole.as_str());
    let (_, previous) = split_last(found.before);
    match whole.to_lowercase().starts_with("jam") {
        // Behind a year it is a time: `2025 jam 9`.
        true => is_number(previous) && !(previous.len() == 4 && previous.starts_with(['1', '2'])),
        false => precedes_noun(found) && !is_time(found.before),
    }
}

/// The hour that is meant by one of a part of the day.
fn of_day(hour: i8, part: Option<&str>) -> i8 {
    match part {
        // Twelve at night ends the day; one at night is after it.
        Some("malam") if hour == 12 => 24,
        Some("malam") if (5..12).contains(&hour) => hour + 12,
        Some("sore" | "petang") if hour < 12 => hour + 12,
        Some("siang") if hour < 6 => hour + 12,
        Some("dini hari") if hour == 12 => 0,
        _ => hour,
    }
}

/// A time of day; `None` where there is no such time. Hour 24 is the first of the next day.
fn clock(hour: i8, minute: i8, second: Option<i8>, zone: Option<Zone>) -> Option<Value> {
    if !(0..=24).contains(&hour) || !(0..60).contains(&minute) || second.is_some_and(|second| second > 59) {
        return None;
    }
    Some(Value::Clock { hour: hour % 24, minute, second, zone, next_day: hour == 24 })
}

fn zone(words: &str) -> Option<Zone> {
    Some(match words {
        "wib" | "waktu indonesia barat" => Zone::Wib,
        "wita" | "waktu indonesia tengah" => Zone::Wita,
        "wit" | "waktu indonesia timur" => Zone::Wit,
        "gmt" => Zone::Gmt,
        "utc" => Zone::Utc,
        "waktu setempat" => Zone::Local,
        _ => return None,
    })
}
