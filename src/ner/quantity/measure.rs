//! Money, percentages, fractions, and numbers with a unit.

use std::sync::LazyLock;

use regex::Regex;

use super::context::{is_idiom, is_named, is_numbered, is_time};
use super::number::{self, about, range, range_with, Amount, DIGITS, SUM};
use super::words::{any, end_of, ends_with_word, first_word, plain, split_last, start_of, UNTIL};
use super::{pattern, sign, vague, Found, Reading, Rule};
use crate::document::{Label, Value};
use crate::lang::id::quantities::{
    Unit, CURRENCIES, OF_NUMBERS, OF_POWER, OF_TEMPERATURE, OF_TURNING, SCALES, SCALE_LETTERS, UNITS,
};

/// Words for some tens, hundreds …: `puluhan`, `ratusan ribu`.
const SOME: &str =
    r"(?:belasan|puluhan|ratusan|ribuan|jutaan|miliaran|triliunan|sekian)(?: (?:ribu|juta|miliar|triliun))*";
/// Fractions in words: `dua pertiga`, `seperempat`.
const FRACTION: &str = r"
    (?P<numerator>se|(?:dua|tiga|empat|lima|enam|tujuh|delapan|sembilan) )
    per ?(?P<denominator>tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|seratus)";

/// The rules of this module.
pub(super) fn rules() -> Vec<Rule> {
    let before = any(CURRENCIES.before.keys().copied());
    let after = any(CURRENCIES.after.keys().copied());
    let units = any(UNITS.keys().copied());
    let percent = "%|per ?sen|prosen|pct";
    let inner = sign::INNER;
    let again = format!("(?:(?:{before}) ?)?");
    let (rough, rough_sum) = (about(""), about(&again));
    let mut rules = vec![
        // Rp ratusan juta
        Rule::new(Label::Money, &format!(r"(?i)(?:{before}) ?{SOME}\b"), vague),
        // puluhan juta rupiah
        Rule::new(Label::Money, &format!(r"(?i)\b{SOME} (?:{after})\b"), vague),
        // Rp 2 jutaan; 20-30 jutaan rupiah
        Rule::new(Label::Money, &format!(r"(?i)(?:{before}) ?{rough_sum}"), vague),
        Rule::new(Label::Money, &format!(r"(?i){rough} (?:{after})\b"), vague),
        // puluhan persen; 20-an persen
        Rule::new(Label::Percent, &format!(r"(?i)(?:\b(?:belasan|puluhan|ratusan)|{rough}) persen\b"), vague),
        // dua pertiga
        Rule::new(Label::Percent, &format!(r"(?i)\b{FRACTION}\b"), fraction),
        // 2/3 of people
        Rule::new(Label::Percent, r"\b(?P<numerator>[1-9])/(?P<denominator>[2-9])\b", share),
        // separuh
        Rule::new(Label::Percent, r"(?i)\b(?:setengah|separuh|separo)\b", half),
        // ratusan orang; 20-an orang; 20 jutaan orang
        Rule::new(Label::Qty, &format!(r"(?i)(?:\b{SOME}|{rough}) (?:{units})"), vague),
    ];
    // 4 hingga 6; antara 4 dan 6
    for (opening, until) in [("", UNTIL), (r"\bantara ", " dan ")] {
        let sums = range(&SUM, "", until, &again);
        let with = |unit: &str| format!("(?i){opening}(?P<span>{}", range_with(unit, until));
        rules.extend([
            // Rp 5.000; Rp1,2 triliun; US$ 3 juta; Rp 4-6 ribu; Rp 500 ribu hingga Rp 1,2 juta; Rp 5.000,-
            money(&format!(r"(?i){opening}(?P<span>(?P<before>{before}) ?(?P<inner>{inner})?{sums}(?:,-)?)")),
            // lima juta rupiah
            money(&format!(r"{} (?P<after>{after})\b)", with(&after))),
            // 5,5 persen; 10-15%
            Rule::new(
                Label::Percent,
                &format!(r"{} ?(?:%|(?:per ?sen|prosen|pct)\b))", with(percent)),
                self::percent,
            ),
            // 12 orang; 24-33 derajat; tiga kilometer
            Rule::new(Label::Qty, &format!(r"{}(?: ?|-)(?P<unit>{units}))", with(&units)), quantity),
        ]);
    }
    rules
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
        return Some(Reading { value: None, signed, behind: 0 });
    }
    if scale_follows(found.after) || (second.is_none() && scale_comes(first, currency, found.after)) {
        return Some(Reading { value: None, signed, behind: 0 });
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
    Some(Reading { value, signed, behind: 0 })
}

/// Whether a word that multiplies follows, or one that begins as it: `Rp 2 milyard`, `US$ 3 bn`.
fn scale_follows(after: &str) -> bool {
    let next = first_word(after).to_lowercase();
    let begins = |(scale, _): (&str, f64)| scale.len() > 2 && next.starts_with(scale);
    after.starts_with(char::is_whitespace)
        && (SCALE_LETTERS.contains(&next.as_str()) || SCALES.into_iter().any(begins))
}

/// Whether the next number has a scale that may hold for this small one: `Rp 5 atau 10 juta`, `Rp 5 menjadi Rp 10 juta`.
fn scale_comes(number: &str, currency: &str, after: &str) -> bool {
    static NEXT: LazyLock<Regex> = LazyLock::new(|| {
        let scales = any(SCALES.into_iter().map(|(word, _)| word));
        let sign = any(CURRENCIES.before.keys().copied());
        // Rp 5, 10, dan 15 juta
        pattern(&format!(
            r"(?i)^(?:,? (?:dan|atau|serta|menjadi|ke)|,) (?:(?P<sign>{sign}) ?)?(?:{DIGITS},? (?:dan |atau )?)?{DIGITS} ?(?:{scales})\b"
        ))
    });
    let small = number.len() < 4 && number.chars().all(|c| c.is_ascii_digit());
    let next = if small { NEXT.captures(start_of(after, 40)) } else { None };
    next.is_some_and(|next| {
        let code = |sign: regex::Match<'_>| CURRENCIES.before.get(plain(sign.as_str()).as_str()).copied();
        next.name("sign").is_none_or(|sign| code(sign) == Some(currency))
    })
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
    Some(Reading { value, signed: found.sign.is_some(), behind: 0 })
}

/// `2/3 anggota`, a share of them; a bare `2/3` may be a day or a score.
fn share(found: &Found<'_>) -> Option<Reading> {
    let (numerator, denominator) = (found.number("numerator")?, found.number("denominator")?);
    let of = is_counted(found.after) || ["dari", "bagian", "jumlah"].contains(&first_word(found.after));
    (numerator < denominator && of).then(|| Value::Fraction { numerator, denominator }.into())
}

/// Whether a text begins with what is counted one by one.
fn is_counted(text: &str) -> bool {
    UNITS.get(first_word(text).to_lowercase().as_str()).is_some_and(|unit| unit.counted)
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
    let next = first_word(found.after).to_lowercase();
    let of = is_counted(found.after) || ["dari", "jumlah", "lebih"].contains(&next.as_str());
    of.then(|| Value::Fraction { numerator: 1, denominator: 2 }.into())
}

fn quantity(found: &Found<'_>) -> Option<Reading> {
    let unit = |group: &str| found.words(group).and_then(|unit| UNITS.get(unit.as_str()).copied());
    let Unit { name, counted } = match unit("unit")? {
        Unit { name: "hp", .. } if is_telephone(found) => Unit { name: "ponsel", counted: true },
        unit => unit,
    };
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
    // Of things that are counted, `3 desa dan 5 desa` are eight.
    let list = counted && own.is_some() && found.words("until").is_some_and(|until| until == "dan");
    if list || counts_nothing(found, name, counted) {
        return None;
    }
    let sign = found.sign.filter(|sign| sign.word || !counted);
    let parted = |first: &str| first.contains('/') || !first.starts_with(|c: char| c.is_ascii_digit());
    let parted = found.text("first").is_some_and(parted);
    let amount = match Amount::signed(found, sign) {
        // It runs backwards.
        Amount::Unknown if found.has("second") && sign.is_none() => return None,
        // A third of the people is a share of them.
        Amount::One(number) if counted && parted && number.fract() != 0.0 => return None,
        amount => amount,
    };
    let rate = Rate::behind(found, name);
    let (unit, behind) = rate.map_or((Some(name.to_owned()), 0), |rate| (rate.unit, rate.bytes));
    let value = unit.and_then(|unit| amount.value(|amount| Value::Quantity { amount, unit: unit.clone() }));
    Some(Reading { value, signed: sign.is_some(), behind })
}

/// Whether a number with the unit `name` is no amount: `lantai 2 rumah`, `05 Desa`, `salah satu warga`, `pukul 7 warga`.
fn counts_nothing(found: &Found<'_>, name: &str, counted: bool) -> bool {
    let digit = |c: char| c.is_ascii_digit();
    let zero = found.text("first").and_then(|first| first.strip_prefix('0'));
    // 1 menit 03,55 detik; 2 jam 05 menit
    let of_time = ["menit", "detik"].contains(&name);
    let padded = |rest: &str| rest.starts_with(digit) && (counted || (!of_time && rest.chars().all(digit)));
    if zero.is_some_and(padded) || is_idiom(found, counted) {
        return true;
    }
    let (head, word) = split_last(found.before.trim_end().trim_end_matches('.'));
    if !counted {
        // No. 12 Tahun 2011
        let named = word == "kelas" || OF_NUMBERS.contains(&word.to_lowercase().as_str());
        return name == "tahun" && named && is_numbered(found.before);
    }
    let at = ["pukul", "pkl", "pk"].contains(&word.to_lowercase().as_str());
    let hour = at && (is_time(head) || (head.trim().is_empty() && name != "orang"));
    // What is numbered has whole numbers, and no millions of them: `posisi 2,5 juta saham`.
    let ordinal = |first: &str| !first.contains(',') && number::last_scale(first).is_none();
    let numbered = found.text("first").is_some_and(ordinal) && is_numbered(found.before);
    hour || word == "plus" || numbered || is_named(found, name)
}

/// Whether `2 HP` are telephones and no horsepower, which its sentence would tell: `bertenaga 150 hp`.
fn is_telephone(found: &Found<'_>) -> bool {
    let whole = found.text("first").is_some_and(|first| !first.contains(','));
    whole && found.words("unit").is_some_and(|unit| unit == "hp") && !has_near(found, 60, &OF_POWER)
}

/// What an amount is taken per, with the words behind its unit: `60 kilometer/jam`, `300 meter kubik per detik`.
struct Rate {
    /// As `km/jam`; `None` where it is not known for certain.
    unit: Option<String>,
    bytes: usize,
}

impl Rate {
    fn behind(found: &Found<'_>, name: &str) -> Option<Rate> {
        static RATE: LazyLock<Regex> = LazyLock::new(|| {
            let units = any(UNITS.iter().filter(|(_, unit)| !unit.counted).map(|(form, _)| *form));
            pattern(&format!(r"(?i)^(?: ?/ ?| per (?P<number>{DIGITS} )?)(?P<per>{units}|kapita|orang)"))
        });
        // `1.200 orang per hari ini` are those of today.
        static DATED: LazyLock<Regex> =
            LazyLock::new(|| pattern(r"^(?:[\w²³]| (?:ini|itu|lalu|kemarin|depan|\d{4})\b)"));
        let near = start_of(found.after, 60);
        let captures = RATE.captures(near)?;
        let per = captures.name("per")?;
        let rest = near.get(per.end()..)?;
        // Nor are those `per Minggu (22/12)` of a week.
        if DATED.is_match(rest)
            || super::words::weekday(per.as_str()).is_some_and(|_| per.as_str().starts_with('M'))
        {
            return None;
        }
        let form = plain(per.as_str());
        let per_name = UNITS.get(form.as_str()).map_or(form.as_str(), |unit| unit.name);
        let unit = match (name, per_name, found.text("unit")?) {
            // 16 liter per kapita per tahun
            _ if captures.name("number").is_some() || RATE.is_match(rest) => None,
            // Bits and bytes differ in a letter.
            ("MB", "detik", "Mb") => Some("Mbps".to_owned()),
            ("GB", "detik", "Gb") => Some("Gbps".to_owned()),
            ("MB" | "GB" | "TB", _, "mb" | "gb" | "tb" | "Mb" | "Gb" | "Tb") => None,
            (_, "detik", _) => Some(format!("{name}/s")),
            _ => Some(format!("{name}/{per_name}")),
        };
        Some(Rate { unit, bytes: per.end() })
    }
}

/// Whether one of `words` stands within so many characters of a match, in its sentence.
fn has_near(found: &Found<'_>, characters: usize, words: &[&str]) -> bool {
    let (before, after) = near(found, characters);
    let mut all = [before, after].into_iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
    all.any(|word| words.contains(&word.to_lowercase().as_str()))
}

/// What stands within so many characters of a match, in its sentence.
fn near<'t>(found: &Found<'t>, characters: usize) -> (&'t str, &'t str) {
    // Points within numbers end nothing.
    static END: LazyLock<Regex> = LazyLock::new(|| pattern(r"[.!?;]+(?:\s|$)|\n"));
    let before = END.split(end_of(found.before, characters)).last().unwrap_or_default();
    (before, END.split(start_of(found.after, characters)).next().unwrap_or_default())
}

/// Whether the sentence of a match is about warmth or cold, as far as it lies near, and not about a turn or a place on the globe.
fn tells_temperature(found: &Found<'_>) -> bool {
    const NEAR: usize = 80;
    // lintang utara; BT
    static COORDINATE: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^\s*(?:(?i:lintang|bujur)|L[US]|B[TB])\b"));
    let (before, after) = near(found, NEAR);
    // Turned half around, or round.
    let turned = found.text("first").is_some_and(|number| ["90", "180", "270", "360"].contains(&number));
    if COORDINATE.is_match(after) || (turned && ends_with_word(before, &OF_TURNING)) {
        return false;
    }
    has_near(found, NEAR, &OF_TEMPERATURE)
}

/// Whether a sign of a currency ends `before`, so that the number behind it is a sum.
pub(super) fn follows_currency(before: &str) -> bool {
    // Signs of currencies are short.
    let near = end_of(before, 15);
    let head = near.trim_end().trim_end_matches(['-', '−', '–']).trim_end().to_lowercase();
    CURRENCIES.before.keys().any(|sign| {
        let left = head.strip_suffix(sign);
        let word = sign.starts_with(|c: char| c.is_alphabetic());
        left.is_some_and(|left| !(word && left.ends_with(char::is_alphanumeric)))
    })
}
