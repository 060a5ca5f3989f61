//! Sums, shares and measures as English writes them: `Rp 38,5 miliar` is `Rp 38.5 billion`, `6,4 ton` is `6.4 tonnes`.

use std::sync::LazyLock;

use regex::Regex;

use crate::document::Value;
use crate::text::pattern;

/// Scale words that a translation may leave as they are, and their English.
const SCALES: [(&str, &str, f64); 8] = [
    ("ribu", "thousand", 1e3),
    ("rb", "thousand", 1e3),
    ("juta", "million", 1e6),
    ("jt", "million", 1e6),
    ("miliar", "billion", 1e9),
    ("milyar", "billion", 1e9),
    ("triliun", "trillion", 1e12),
    ("trilyun", "trillion", 1e12),
];

/// Units by their canonical spelling: what may stand behind a number in a translation, and what English writes for one and
/// for several. `ton` is the metric one, which English calls tonne: tons are others.
const UNITS: [(&str, &[&str], &str, &str); 8] = [
    ("ton", &["ton", "tons"], "tonne", "tonnes"),
    ("ha", &["hektare", "hektar"], "hectare", "hectares"),
    ("km²", &["kilometer persegi"], "square kilometer", "square kilometers"),
    ("m²", &["meter persegi"], "square meter", "square meters"),
    ("m³", &["meter kubik"], "cubic meter", "cubic meters"),
    ("°C", &["derajat Celsius", "derajat celsius", "derajat Celcius"], "degree Celsius", "degrees Celsius"),
    ("kuintal", &["kuintal"], "quintal", "quintals"),
    ("orang", &["orang"], "person", "people"),
];

const WORDS: [&str; 13] = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
];

/// Pieces as a translation may have copied them from `surface`, a sum, share or measure, and what they are in English.
/// `sure` says whether a number stands in the source in nothing else.
pub(super) fn terms(
    surface: &str,
    value: Option<&Value>,
    sure: impl Fn(&str) -> bool,
) -> Vec<(String, String)> {
    static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?P<number>\d+(?:[.,]\d+)*)(?P<dash>,-)?(?P<scale>\s?(?:ribu|rb|juta|jt|miliar|milyar|triliun|trilyun)\b)?",
        )
    });
    let mut terms = Vec::new();
    // Each number with its scale, as copied and in English.
    let mut forms: Vec<(String, String)> = Vec::new();
    for captures in NUMBER.captures_iter(surface) {
        let text = |group: &str| captures.name(group).map_or("", |found| found.as_str());
        let number = text("number");
        let Some(english) = notation(number).filter(|_| sure(number)) else { continue };
        terms.push((number.to_owned(), english.clone()));
        terms.push((format!("{number},-"), english.clone()));
        let scale = text("scale");
        let Some((_, word, worth)) = SCALES.into_iter().find(|(name, ..)| *name == scale.trim()) else {
            forms.push((number.to_owned(), english.clone()));
            forms.push((english.clone(), english));
            continue;
        };
        let scaled = thousands(number, worth).unwrap_or_else(|| format!("{english} {word}"));
        for written in [number, &english] {
            terms.push((format!("{written}{scale}"), scaled.clone()));
            forms.push((format!("{written}{scale}"), scaled.clone()));
            let translated = format!("{english} {word}");
            forms.push((format!("{written} {word}"), translated));
        }
    }
    match value {
        Some(Value::Percent { .. }) => {
            terms.extend(
                forms
                    .iter()
                    .map(|(copied, english)| (format!("{copied} persen"), format!("{english} percent"))),
            );
        }
        Some(value) => terms.extend(measured(&forms, value)),
        None => {}
    }
    terms
}

/// Numbers with the unit of `value` behind them.
fn measured(forms: &[(String, String)], value: &Value) -> Vec<(String, String)> {
    let (amount, unit) = match value {
        Value::Quantity { amount, unit } => (*amount, unit),
        Value::Range(range) => match range.to() {
            Value::Quantity { amount, unit } => (*amount, unit),
            _ => return Vec::new(),
        },
        _ => return Vec::new(),
    };
    let Some((_, copies, one, several)) = UNITS.into_iter().find(|(name, ..)| name == unit) else {
        return Vec::new();
    };
    let name = if amount == 1.0 { one } else { several };
    let mut forms = forms.to_vec();
    // `dua ton` becomes `two tons` or `2 tons`.
    let small = WORDS.iter().enumerate().find(|(number, _)| *number as f64 == amount);
    if let Some((number, word)) = small {
        let (first, rest) = word.split_at_checked(1).unwrap_or((word, ""));
        let capitalized = format!("{}{rest}", first.to_uppercase());
        forms.extend([(*word).to_owned(), capitalized, number.to_string()].map(|form| (form.clone(), form)));
    }
    let pairs = forms.iter().flat_map(|form| copies.iter().map(move |copy| (form, copy)));
    pairs.map(|((copied, english), copy)| (format!("{copied} {copy}"), format!("{english} {name}"))).collect()
}

/// `1.250.000,5` as `1,250,000.5`; `None` for what is no such number.
fn notation(number: &str) -> Option<String> {
    let (whole, decimals) = match number.split_once(',') {
        // Thousands as English writes them already.
        Some((_, rest)) if rest.contains([',', '.']) => return Some(number.to_owned()),
        Some((whole, decimals)) => (whole, Some(decimals)),
        None => (number, None),
    };
    let groups: Vec<&str> = whole.split('.').collect();
    let grouped = groups.len() > 1;
    if grouped && !groups.iter().skip(1).all(|group| group.len() == 3) {
        // 2.5, the point of English.
        return decimals.is_none().then(|| number.to_owned());
    }
    let whole = groups.join(",");
    Some(decimals.map_or(whole.clone(), |decimals| format!("{whole}.{decimals}")))
}

/// `150 ribu` in full, `150,000`, which reads better than thousands.
fn thousands(number: &str, worth: f64) -> Option<String> {
    let whole = number.len() <= 3 && number.chars().all(|c| c.is_ascii_digit());
    (whole && worth == 1e3).then(|| format!("{number},000"))
}
