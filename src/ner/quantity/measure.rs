//! Money, percentages, fractions, and numbers with a unit.

use std::sync::LazyLock;

use regex::Regex;

use super::number::{self, range, range_with, Amount, DIGITS};
use super::words::{any, ends_with_word, plain};
use super::{sign, vague, Found, Reading, Rule};
use crate::document::{Label, Value};
use crate::lang::id::quantities::{Unit, CURRENCIES, OF_TEMPERATURE, OF_TURNING, SCALES, UNITS};
use crate::part::Part;
use crate::text::pattern;

/// Words for some tens, hundreds …: `puluhan`, `ratusan ribu`.
const SOME: &str =
    r"(?:belasan|puluhan|ratusan|ribuan|jutaan|miliaran|triliunan|sekian)(?: (?:ribu|juta|miliar|triliun))*";
/// Fractions in words: `dua pertiga`, `seperempat`.
const FRACTION: &str = r"
    (?P<numerator>se|(?:dua|tiga|empat|lima|enam|tujuh|delapan|sembilan) )
    per ?(?P<denominator>tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|seratus)";

/// The rules of this module.
pub(super) fn rules() -> Vec<Rule> {
    let scales = any(SCALES.into_iter().map(|(word, _)| word));
    let before = any(CURRENCIES.before.keys().copied());
    let after = any(CURRENCIES.after.keys().copied());
    let units = any(UNITS.keys().copied());
    let percent = "%|per ?sen|prosen|pct";
    let inner = sign::INNER;
    // `Rp 20 M` is 20 billion; in capitals, since `m` is metre.
    let sum = format!(r"{DIGITS}(?: ?(?:(?:{scales})|(?-i:[MT]))\b)?");
    let sums = range(&sum, "", &format!("(?:(?:{before}) ?)?"));
    vec![
        // Rp 5.000; Rp1,2 triliun; US$ 3 juta; Rp 4-6 ribu; Rp 500 ribu hingga Rp 1,2 juta; Rp 5.000,-
        money(&format!(r"(?i)(?P<before>{before}) ?(?P<inner>{inner})?{sums}(?:,-)?")),
        // lima juta rupiah
        money(&format!(r"(?i){} (?P<after>{after})\b", range_with(&after, ""))),
        // Rp ratusan juta
        Rule::new(Label::Money, &format!(r"(?i)(?:{before}) ?{SOME}\b"), vague),
        // puluhan juta rupiah
        Rule::new(Label::Money, &format!(r"(?i)\b{SOME} (?:{after})\b"), vague),
        // 5,5 persen; 10-15%
        Rule::new(
            Label::Percent,
            &format!(r"(?i){} ?(?:%|(?:per ?sen|prosen|pct)\b)", range_with(percent, "")),
            self::percent,
        ),
        // puluhan persen
        Rule::new(Label::Percent, r"(?i)\b(?:belasan|puluhan|ratusan) persen\b", vague),
        // dua pertiga
        Rule::new(Label::Percent, &format!(r"(?i)\b{FRACTION}\b"), fraction),
        // separuh
        Rule::new(Label::Percent, r"(?i)\b(?:setengah|separuh|separo)\b", half),
        // 12 orang; 24-33 derajat; tiga kilometer
        Rule::new(Label::Qty, &format!(r"(?i){}(?: ?|-)(?P<unit>{units})", range_with(&units, "")), quantity),
        // ratusan orang; 20-an orang
        Rule::new(Label::Qty, &format!(r"(?i)\b{SOME} (?:{units})"), vague),
        Rule::new(Label::Qty, &format!(r"(?i){DIGITS} ?-? ?an (?:{units})"), vague),
    ]
}

fn money(pattern: &str) -> Rule {
    Rule::new(Label::Money, pattern, sum)
}

fn sum(found: &Found<'_>) -> Option<Reading> {
    let sign = found.text("before").and_then(|sign| CURRENCIES.before.get(plain(sign).as_str()));
    let word = || found.words("after").and_then(|word| CURRENCIES.after.get(word.as_str()));
    let currency = *sign.or_else(word)?;
    let money = |amount| Value::Money { amount, currency: currency.to_owned() };
    let signed = found.sign.is_some();
    let (first, second) = (found.text("first")?, found.text("second"));
    if currency != "IDR" && [Some(first), second].into_iter().flatten().any(|text| spelled(text).is_some()) {
        return Some(Reading { value: None, signed });
    }
    let long = |text: &str| spelled(text).unwrap_or_else(|| text.to_owned());
    let (whole, to) = (long(first), second.map(long));
    // Three digits behind a comma: of rupiah these can be thousands only, of other currencies who knows.
    let value = match Amount::between(found, found.sign, &whole, to.as_deref()) {
        Amount::One(amount) if is_grouped(first) => {
            let whole = number::value(&first.replace(',', "")).filter(|_| currency == "IDR");
            whole.map(|whole| money(whole.copysign(amount)))
        }
        amount => amount.value(money),
    };
    Some(Reading { value, signed })
}

/// `20 M` and `1,5 T`, as the press shortens sums, with their words.
fn spelled(text: &str) -> Option<String> {
    let mut words = [('M', "miliar"), ('T', "triliun")].into_iter();
    words.find_map(|(letter, word)| Some(format!("{} {word}", text.strip_suffix(letter)?.trim_end())))
}

/// `16,345`: thousands as English writes them, or decimals.
fn is_grouped(text: &str) -> bool {
    let parts = text.split_once(',');
    parts.is_some_and(|(whole, rest)| {
        whole.len() <= 3
            && !whole.starts_with('0')
            && rest.len() == 3
            && rest.chars().all(|c| c.is_ascii_digit())
    })
}

fn percent(found: &Found<'_>) -> Option<Reading> {
    let value = Amount::read(found).value(|percent| Value::Percent { percent });
    Some(Reading { value, signed: found.sign.is_some() })
}

/// `dua pertiga`; `perempat final` is a match.
fn fraction(found: &Found<'_>) -> Option<Reading> {
    let worth = |word: &str| number::value(word).map(|number| number as u8);
    let numerator = match found.words("numerator")?.as_str() {
        "se" => 1,
        word => worth(word)?,
    };
    let denominator = worth(&found.words("denominator")?)?;
    let next = found.after.split_whitespace().next().unwrap_or_default();
    let is_match = next.to_lowercase().starts_with("final");
    (!is_match && numerator < denominator).then(|| Value::Fraction { numerator, denominator }.into())
}

/// Half of something; `setengah hati` is no half.
fn half(found: &Found<'_>) -> Option<Reading> {
    let next = found.after.split_whitespace().next().unwrap_or_default().to_lowercase();
    let counted = UNITS.get(next.as_str()).is_some_and(|unit| unit.counted);
    let of = counted || ["dari", "jumlah", "lebih"].contains(&next.as_str());
    of.then(|| Value::Fraction { numerator: 1, denominator: 2 }.into())
}

fn quantity(found: &Found<'_>) -> Option<Reading> {
    let unit = |group: &str| found.words(group).and_then(|unit| UNITS.get(unit.as_str()).copied());
    let Unit { name, counted } = unit("unit")?;
    let own = unit("own").map(|own| own.name);
    let name = match (own, name) {
        // `24 derajat Celsius hingga 33 derajat`
        (Some(own @ ("°C" | "°F")), "°") => own,
        (_, "°") if tells_temperature(found) => "°C",
        _ => name,
    };
    // `5 jam-10 menit` is no range; `2-1 menit ke-80` tells a score and a time of play, `Rp 5 juta hari itu` a sum.
    let other = own.is_some_and(|own| own != name && !(own == "°" && name.starts_with('°')));
    if other || found.after.trim_start().starts_with("ke-") || follows_currency(found.before) {
        return None;
    }
    let sign = found.sign.filter(|sign| sign.word || !counted);
    let in_words = found.text("first").is_some_and(|first| !first.starts_with(|c: char| c.is_ascii_digit()));
    let amount = match Amount::signed(found, sign) {
        // It runs backwards.
        Amount::Unknown if found.has("second") && sign.is_none() => return None,
        // A third of the people is a share of them.
        Amount::One(number) if counted && in_words && number.fract() != 0.0 => return None,
        amount => amount,
    };
    let value = amount.value(|amount| Value::Quantity { amount, unit: name.to_owned() });
    Some(Reading { value, signed: sign.is_some() })
}

/// Whether the sentence of a match is about warmth or cold, as far as it lies near, and not about a turn or a place on the globe.
fn tells_temperature(found: &Found<'_>) -> bool {
    const NEAR: usize = 80;
    // Points within numbers end nothing.
    static END: LazyLock<Regex> = LazyLock::new(|| pattern(r"[.!?;]+(?:\s|$)|\n"));
    // lintang utara; BT
    static COORDINATE: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^\s*(?:(?i:lintang|bujur)|L[US]|B[TB])\b"));
    let before = found.before.char_indices().rev().nth(NEAR).map_or(0, |(at, _)| at);
    let after = found.after.char_indices().nth(NEAR).map_or(found.after.len(), |(at, _)| at);
    let before = found.before.get(before..).map_or("", |text| END.split(text).last().unwrap_or_default());
    let after = found.after.get(..after).map_or("", |text| END.split(text).next().unwrap_or_default());
    // Turned half around, or round.
    let turned = found.text("first").is_some_and(|number| ["90", "180", "270", "360"].contains(&number));
    if COORDINATE.is_match(after) || (turned && ends_with_word(before, &OF_TURNING)) {
        return false;
    }
    let mut words = [before, after].into_iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
    words.any(|word| OF_TEMPERATURE.contains(&word.to_lowercase().as_str()))
}

/// Whether a sign of a currency ends `before`, so that the number behind it is a sum.
pub(super) fn follows_currency(before: &str) -> bool {
    // Signs of currencies are short.
    let start = before.char_indices().rev().nth(15).map_or(0, |(at, _)| at);
    let near = before.part(start..);
    let head = near.trim_end().trim_end_matches(['-', '−', '–']).trim_end().to_lowercase();
    CURRENCIES.before.keys().any(|sign| {
        let left = head.strip_suffix(sign);
        let word = sign.starts_with(|c: char| c.is_alphabetic());
        left.is_some_and(|left| !(word && left.ends_with(char::is_alphanumeric)))
    })
}
