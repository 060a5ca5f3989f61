//! Sums, shares and measures as English writes them: `Rp 38,5 miliar` is `Rp 38.5 billion`, `6,4 ton` is `6.4 tonnes`.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::document::{Label, Value};
use crate::ner::quantity::quantities;
use crate::part::Part;
use crate::text::pattern;

/// Scale words that a translation may leave as they are, and their English.
const SCALES: [(&str, &str, f64); 10] = [
    ("ribu", "thousand", 1e3),
    ("rb", "thousand", 1e3),
    ("juta", "million", 1e6),
    ("jt", "million", 1e6),
    ("miliar", "billion", 1e9),
    ("milyar", "billion", 1e9),
    ("triliun", "trillion", 1e12),
    ("trilyun", "trillion", 1e12),
    ("M", "billion", 1e9),
    ("T", "trillion", 1e12),
];

/// Where `M` and `T` stand behind sums in rupiah, with the blank before them, and the words that they are short for: English readers,
/// and models, take `M` for million.
pub(super) fn short_scales(text: &str) -> Vec<(Range<usize>, &'static str)> {
    static SHORT: LazyLock<Regex> = LazyLock::new(|| pattern(r"\d(?P<scale>[\s\u{a0}]?[MT])\b"));
    if !SHORT.is_match(text) {
        return Vec::new();
    }
    let sums = quantities(text, None).into_iter().filter(|quantity| quantity.label == Label::Money);
    let mut found = Vec::new();
    for sum in sums {
        let surface = text.part(sum.bytes.clone());
        if !is_rupiah(surface) {
            continue;
        }
        for scale in SHORT.captures_iter(surface).filter_map(|captures| captures.name("scale")) {
            let word = if scale.as_str().ends_with('M') { "miliar" } else { "triliun" };
            found.push((sum.bytes.start + scale.start()..sum.bytes.start + scale.end(), word));
        }
    }
    found
}

fn is_rupiah(sum: &str) -> bool {
    let sign = sum.get(..2).unwrap_or_default();
    sign.eq_ignore_ascii_case("rp") || sum.starts_with("IDR")
}

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
            r"(?P<number>\d+(?:[.,]\d+)*)(?P<dash>,-)?(?P<scale>\s?(?:ribu|rb|juta|jt|miliar|milyar|triliun|trilyun|M|T)\b)?",
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
        // `M` is metre elsewhere.
        let short = matches!(scale.trim(), "M" | "T");
        let named = SCALES.into_iter().find(|(name, ..)| *name == scale.trim());
        let Some((_, word, worth)) = named.filter(|_| !short || is_rupiah(surface)) else {
            forms.push((number.to_owned(), english.clone()));
            forms.push((english.clone(), english));
            continue;
        };
        let scaled = thousands(number, worth).unwrap_or_else(|| format!("{english} {word}"));
        for written in [number, &english] {
            terms.push((format!("{written}{scale}"), scaled.clone()));
            if short {
                terms.push((format!("{written}{}", scale.trim()), scaled.clone()));
            }
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

/// What stands behind a number that is none to the letter, in Indonesian: `Rp 16.000-an`, `2,5 miliar-an`.
static VAGUE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?P<before>(?i:\b(?:around|about|roughly|some|approximately|nearly|almost)\s))?",
        r"(?P<sum>(?:(?:\b(?:Rp|RP|IDR|US\$|USD|RM)|[$€£])\.?\s?|\b)(?P<number>\d+(?:[.,]\d+)*)(?:\s(?:thousand|million|billion|trillion))?)-an\b"
    ))
});

/// `english` with `around` for an `-an` that was copied from `source`, which has it behind the same digits; decades (`1990-an`) stay.
pub(super) fn without_vague(source: &str, english: &str) -> String {
    static IN_SOURCE: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?P<number>\d+(?:[.,]\d+)*)(?:\s\p{L}+)?-an\b"));
    let digits = |number: &str| number.chars().filter(char::is_ascii_digit).collect::<String>();
    let vague: Vec<String> = IN_SOURCE
        .captures_iter(source)
        .filter_map(|found| Some(digits(found.name("number")?.as_str())))
        .collect();
    if vague.is_empty() {
        return english.to_owned();
    }
    let written = VAGUE.replace_all(english, |found: &regex::Captures<'_>| {
        let text = |group: &str| found.name(group).map_or("", |found| found.as_str());
        if !vague.contains(&digits(text("number"))) {
            return found.get(0).map_or_else(String::new, |found| found.as_str().to_owned());
        }
        let (before, sum) = (text("before"), text("sum"));
        // `1990-an`, `era 90-an`, `usia 20-an`
        let round = sum.ends_with('0') && sum.chars().all(|c| c.is_ascii_digit());
        let decade = round && (sum.len() == 2 || sum.len() == 4 && sum.starts_with(['1', '2']));
        match (decade, before) {
            (true, before) => format!("{before}{sum}-an"),
            (false, "") => format!("around {sum}"),
            (false, before) => format!("{before}{sum}"),
        }
    });
    written.into_owned()
}

/// `english` with the letters of English for those of Indonesian behind coordinates that `source` has: `7°10'15" LS` is 7°10'15" S. A
/// whole number without a sign is none: `JBL 510BT`.
pub(super) fn with_english_directions(source: &str, english: &str) -> String {
    static COORDINATE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"(?P<number>(?:\d[°º'’′"”″]+|\d[.,]\d+)\s?)(?P<direction>L[SU]|BT)\b|(?P<degrees>\d+(?:[.,]\d+)?\s?[°º][\d\s.,'’′"”″]*)(?P<west>BB)\b"#,
        )
    });
    if !COORDINATE.is_match(source) {
        return english.to_owned();
    }
    let written = COORDINATE.replace_all(english, |found: &regex::Captures<'_>| {
        let text = |group: &str| found.name(group).map_or("", |found| found.as_str());
        let direction = match text("direction") {
            "LS" => "S",
            "LU" => "N",
            "BT" => "E",
            _ => "W",
        };
        format!("{}{}{direction}", text("number"), text("degrees"))
    });
    written.into_owned()
}
