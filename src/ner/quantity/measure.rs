//! Clock times, money, percentages, and numbers with a unit.

use regex::{Captures, Regex};

use super::number::{self, DIGITS, RANGE};
use super::{pattern, Rule};
use crate::document::{Label, Value};
use crate::lang::id::quantities::{CURRENCIES, SCALES, UNITS};

use jiff::civil::Date;

/// The rules of this module.
pub(super) fn rules() -> Vec<Rule> {
    let rule = |pattern: Regex, label, read| Rule { pattern, label, read };
    let range = RANGE.as_str();
    let (before, after) = (&CURRENCIES.before, &CURRENCIES.after);
    let scales = SCALES.map(|(word, _)| word).join("|");
    let zone = r"(?P<zone>WIB|WITA|WIT|GMT|UTC|(?:waktu\s(?:setempat|Indonesia\s(?:Barat|Tengah|Timur))))";
    let clock = r"(?P<hour>\d{1,2})[.:](?P<minute>\d{2})(?:[.:]\d{2})?";
    let until = r"(?P<until>\s?(?:-|–|s/d|hingga|sampai)\s?(?:\d{1,2}[.:]\d{2}|selesai))?";
    let part = r"(?:\s(?P<part>dini hari|pagi|siang|sore|petang|malam)\b)?";
    vec![
        // 18.35 WIB; 08.00-10.00 WIB
        rule(pattern(&format!(r"(?:\b(?i:pukul|jam)\s)?\b{clock}{until}\s?{zone}\b")), Label::Time, time),
        // pukul 18.35; jam 9 malam
        rule(pattern(&format!(r"\b(?i:pukul|jam)\s{clock}{until}{part}")), Label::Time, time),
        rule(
            pattern(&format!(r"\b(?i:pukul|jam)\s(?P<hour>\d{{1,2}})\b{part}(?:\s{zone}\b)?")),
            Label::Time,
            time,
        ),
        // Rp 5.000; Rp1,2 triliun; US$ 3 juta; Rp 4-6 ribu; Rp 5.000,-
        rule(
            pattern(&format!(
                r"(?i)(?P<before>{})\s?(?P<number>{DIGITS}(?:\s?[-–]\s?{DIGITS}|\s(?:hingga|sampai)\s(?:rp\.?\s?)?{DIGITS})?(?:\s?(?:{scales})\b)?)(?:,-)?",
                any(before.keys())
            )),
            Label::Money,
            money_after_sign,
        ),
        rule(
            pattern(&format!(r"(?i)(?P<number>{range})\s(?P<after>{})\b", any(after.keys()))),
            Label::Money,
            money_before_word,
        ),
        rule(
            pattern(&format!(r"(?i)(?P<number>{range})\s?(?:%|(?:persen|prosen)\b)")),
            Label::Percent,
            percent,
        ),
        rule(
            pattern(&format!(r"(?i)(?P<number>{range})[\s-]?(?P<unit>{})", any(UNITS.keys()))),
            Label::Qty,
            quantity,
        ),
        // Ratusan orang
        rule(
            pattern(&format!(
                r"(?i)\b(?:belasan|puluhan|ratusan|ribuan|jutaan|miliaran|triliunan)(?:\s(?:ribu|juta))?\s(?:{})",
                any(UNITS.keys())
            )),
            Label::Qty,
            |_, _| Some(None),
        ),
    ]
}

/// A pattern of any of these words, longer ones first.
fn any<'a>(words: impl Iterator<Item = &'a &'static str>) -> String {
    let mut words: Vec<&str> = words.copied().collect();
    words.sort_by_key(|word| (std::cmp::Reverse(word.len()), *word));
    words.iter().map(|word| regex::escape(word).replace(' ', r"\s")).collect::<Vec<_>>().join("|")
}

fn text<'t>(captures: &Captures<'t>, name: &str) -> Option<&'t str> {
    Some(captures.name(name)?.as_str())
}

fn time(captures: &Captures<'_>, _: Option<Date>) -> Option<Option<Value>> {
    let hour: i8 = text(captures, "hour")?.parse().ok()?;
    let minute: i8 = text(captures, "minute").map_or(Ok(0), str::parse).ok()?;
    if hour > 24 || minute > 59 {
        return None;
    }
    if captures.name("until").is_some() {
        return Some(None);
    }
    let hour = match text(captures, "part") {
        Some("sore" | "petang" | "malam") if hour < 12 => hour + 12,
        Some("siang") if hour < 6 => hour + 12,
        _ => hour,
    };
    Some(Some(Value::Clock { hour, minute, zone: text(captures, "zone").map(str::to_owned) }))
}

fn money(currency: &'static str, number: &str) -> Option<Option<Value>> {
    Some(number::value(number).map(|amount| Value::Money { amount, currency: currency.to_owned() }))
}

fn money_after_sign(captures: &Captures<'_>, _: Option<Date>) -> Option<Option<Value>> {
    let sign = text(captures, "before")?.to_lowercase();
    money(CURRENCIES.before.get(sign.as_str())?, text(captures, "number")?)
}

fn money_before_word(captures: &Captures<'_>, _: Option<Date>) -> Option<Option<Value>> {
    let word = text(captures, "after")?.to_lowercase();
    let word = word.split_whitespace().collect::<Vec<_>>().join(" ");
    money(CURRENCIES.after.get(word.as_str())?, text(captures, "number")?)
}

fn percent(captures: &Captures<'_>, _: Option<Date>) -> Option<Option<Value>> {
    Some(number::value(text(captures, "number")?).map(|percent| Value::Percent { percent }))
}

fn quantity(captures: &Captures<'_>, _: Option<Date>) -> Option<Option<Value>> {
    let unit = text(captures, "unit")?.to_lowercase();
    let unit = unit.split_whitespace().collect::<Vec<_>>().join(" ");
    let unit = UNITS.get(unit.as_str())?;
    let amount = number::value(text(captures, "number")?);
    Some(amount.map(|amount| Value::Quantity { amount, unit: (*unit).to_owned() }))
}
