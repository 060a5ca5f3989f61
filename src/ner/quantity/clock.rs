//! Clock times: `pukul 18.35 WIB`, `08.00-10.00 Wita`, `jam 9 malam`.

use super::number;
use super::words::UNTIL;
use super::{Found, Reading, Rule};
use crate::document::{Label, Value, Zone};

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
    let part = r"(?: (?P<part>dini hari|pagi|siang|sore|petang|malam)\b)?";
    // pukul; pk.
    let at = r"\b(?i:pukul|jam|pkl?\.?)";
    // delapan
    let word = r"(?:satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|sebelas|dua belas)";
    vec![
        // 18.35 WIB; 08.00-10.00 WIB
        time(&format!(r"(?:{at} )?\b{clock}{until} ?{zone}\b")),
        // pukul 18.35; jam 9 malam; pukul setengah delapan malam
        time(&format!(r"{at} {clock}{until}{part}")),
        time(&format!(r"{at} (?P<hour>\d{{1,2}})\b{part}(?: {zone}\b)?")),
        time(&format!(r"{at} (?P<half>setengah )?(?P<hour_word>{word}|\d{{1,2}})\b{part}(?: {zone}\b)?")),
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
    let part = found.text("part");
    let (hour, minute) = match found.words("hour_word") {
        // Half to eight is half past seven.
        Some(word) => {
            let hour = number::value(&word)? as i8;
            match found.has("half") {
                true => (if hour == 1 { 12 } else { hour - 1 }, 30),
                false => (hour, 0),
            }
        }
        None => (found.number("hour")?, found.number("minute").unwrap_or(0)),
    };
    let second: Option<i8> = found.number("second");
    let from = clock(hour, minute, second, part, zone)?;
    if found.has("open") {
        return Some(None.into());
    }
    let Some(hour) = found.number("to_hour") else { return Some(from.into()) };
    let to = clock(hour, found.number("to_minute")?, None, part, zone)?;
    Some(Value::range(from, to).into())
}

/// A time of day; `None` where there is no such time. Hour 24 is the first of the next day.
fn clock(hour: i8, minute: i8, second: Option<i8>, part: Option<&str>, zone: Option<Zone>) -> Option<Value> {
    if !(0..=24).contains(&hour) || !(0..60).contains(&minute) || second.is_some_and(|second| second > 59) {
        return None;
    }
    let hour = match part {
        // Twelve at night ends the day; one at night is after it.
        Some("malam") if hour == 12 => 24,
        Some("malam") if (5..12).contains(&hour) => hour + 12,
        Some("sore" | "petang") if hour < 12 => hour + 12,
        Some("siang") if hour < 6 => hour + 12,
        Some("dini hari") if hour == 12 => 0,
        _ => hour,
    };
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
