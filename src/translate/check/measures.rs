//! Numbers and vague times that got another unit: `12 kilometer` as 12 miles, `tiga pekan` as three months, `beberapa jam` as a few days.

use super::english::split;
use super::numbers::{in_english, in_indonesian, same, scale};
use crate::part::Part;
use crate::translate::glossary::words;

/// A unit of time or measure in both languages.
struct Unit {
    indonesian: &'static [&'static str],
    english: &'static [&'static str],
}

const fn unit(indonesian: &'static [&'static str], english: &'static [&'static str]) -> Unit {
    Unit { indonesian, english }
}

const UNITS: [Unit; 21] = [
    unit(&["detik"], &["seconds", "second", "secs", "sec"]),
    unit(&["menit"], &["minutes", "minute", "mins", "min"]),
    unit(&["jam"], &["hours", "hour", "hrs", "hr"]),
    unit(&["hari"], &["days", "day"]),
    unit(&["pekan", "minggu"], &["weeks", "week"]),
    unit(&["bulan"], &["months", "month"]),
    unit(&["tahun"], &["years", "year", "yrs", "yr"]),
    unit(&["dekade", "dasawarsa"], &["decades", "decade"]),
    unit(&["abad"], &["centuries", "century"]),
    unit(&["kilometer", "km"], &["kilometers", "kilometer", "kilometres", "kilometre", "km", "kms"]),
    unit(&["meter"], &["meters", "meter", "metres", "metre"]),
    unit(&["sentimeter", "cm"], &["centimeters", "centimeter", "centimetres", "centimetre", "cm"]),
    unit(&["milimeter", "mm"], &["millimeters", "millimeter", "millimetres", "millimetre", "mm"]),
    unit(&["mil"], &["miles", "mile"]),
    unit(&["inci", "inchi"], &["inches", "inch"]),
    unit(
        &["kilogram", "kilo", "kg"],
        &["kilograms", "kilogram", "kilogrammes", "kilogramme", "kilos", "kilo", "kg", "kgs"],
    ),
    unit(&["gram"], &["grams", "gram", "grammes", "gramme"]),
    unit(&["ton"], &["tons", "ton", "tonnes", "tonne"]),
    unit(&["kuintal"], &["quintals", "quintal"]),
    unit(&["liter"], &["liters", "liter", "litres", "litre"]),
    unit(&["hektare", "hektar"], &["hectares", "hectare"]),
];

/// How many of the units, from the first, are units of time.
const TIMES: usize = 9;

/// What stands before a unit where nobody counted.
const VAGUE: [&str; 7] = ["beberapa", "sejumlah", "belasan", "puluhan", "ratusan", "ribuan", "berapa"];

/// Words that tell a unit of time, and the unit.
const ADVERBS: [(&str, &str); 9] = [
    ("hourly", "hour"),
    ("daily", "day"),
    ("today", "day"),
    ("overnight", "day"),
    ("weekly", "week"),
    ("weekend", "week"),
    ("monthly", "month"),
    ("annual", "year"),
    ("yearly", "year"),
];

/// Measures that only English has.
const ENGLISH_ONLY: [&str; 6] = ["feet", "acres", "acre", "gallons", "gallon", "ounces"];

/// What may stand between a number and its unit.
const BETWEEN: [&str; 6] = ["square", "cubic", "metric", "nautical", "more", "full"];

/// The numbers of the source with their units, as written there, that the English has with other units alone; each once. English that
/// has the number without a unit, or not at all, tells nothing of it.
pub(super) fn turned<'s>(source: &'s str, english: &str) -> Vec<&'s str> {
    let units_of = |known: fn(&Unit) -> &'static [&'static str]| {
        move |word: &str| UNITS.iter().position(|unit| known(unit).contains(&word))
    };
    let (theirs, ours) = (units_of(|unit| unit.indonesian), units_of(|unit| unit.english));
    let mut turned = vague(source, english);
    let mut there = Vec::new();
    for (start, end, values) in in_indonesian(source) {
        let Some((word, end)) = next_word(source, end) else { continue };
        // English has one of anything: a week.
        if values.contains(&1.) {
            continue;
        }
        // A capital makes a name of it: `3 Minggu`.
        there.extend(theirs(word).map(|unit| (source.part(start..end), values, unit)));
    }
    if there.is_empty() {
        return turned;
    }
    let mut here = Vec::new();
    for (_, end, values) in in_english(english) {
        let unit = next_word(english, end).and_then(|(word, end)| {
            let word = if BETWEEN.contains(&word) { next_word(english, end)?.0 } else { word };
            let lower = word.to_lowercase();
            ours(&lower).map(Some).or_else(|| ENGLISH_ONLY.contains(&lower.as_str()).then_some(None))
        });
        here.extend(unit.map(|unit| (values, unit)));
    }
    for (written, values, unit) in there {
        let mut units = here
            .iter()
            .filter(|(others, _)| others.iter().any(|a| values.iter().any(|b| same(*a, *b))))
            .map(|(_, unit)| *unit)
            .peekable();
        if units.peek().is_some() && !units.any(|other| other == Some(unit)) && !turned.contains(&written) {
            turned.push(written);
        }
    }
    turned
}

/// The vague times of the source whose unit the English has nowhere, while it has another one more often than the source; each once.
fn vague<'s>(source: &'s str, english: &str) -> Vec<&'s str> {
    let times = UNITS.part(..TIMES);
    let mut found: Vec<(&str, usize)> = Vec::new();
    let mut there = [0usize; TIMES];
    let mut before: Option<(usize, String)> = None;
    for (start, written) in words(source) {
        let lower = written.to_lowercase();
        if let Some((unit, alone)) =
            times.iter().enumerate().find_map(|(at, unit)| Some((at, unit.in_word(&lower)?)))
        {
            if let Some(count) = there.get_mut(unit) {
                *count += 1;
            }
            let many = before.take().filter(|(_, word)| alone && VAGUE.contains(&word.as_str()));
            let from = many.map(|(from, _)| from).or_else(|| (!alone).then_some(start));
            found.extend(from.map(|from| (source.part(from..start + written.len()), unit)));
        }
        before = Some((start, lower));
    }
    if found.is_empty() {
        return Vec::new();
    }
    let counted: Vec<usize> = in_english(english)
        .into_iter()
        .filter(|(.., values)| !values.contains(&1.))
        .filter_map(|(_, end, _)| Some(next_word(english, end)?.1))
        .collect();
    // How often each unit is told, and how often without a number: 12 months may be a year.
    let (mut told, mut uncounted) = ([0usize; TIMES], [0usize; TIMES]);
    for (start, word) in split(english) {
        let lower = word.to_lowercase();
        let lower = lower.strip_suffix("'s").unwrap_or(&lower).trim_end_matches('\'');
        let adverb = ADVERBS.iter().find(|(adverb, _)| *adverb == lower).map(|(_, noun)| *noun);
        let unit = times.iter().position(|unit| unit.english.contains(&adverb.unwrap_or(lower)));
        if let Some((told, uncounted)) = unit.and_then(|unit| told.get_mut(unit).zip(uncounted.get_mut(unit)))
        {
            *told += 1;
            *uncounted += usize::from(adverb.is_none() && !counted.contains(&(start + word.len())));
        }
    }
    let other = uncounted.iter().zip(&there).any(|(here, there)| here > there);
    let mut vague: Vec<&str> = Vec::new();
    for (written, unit) in found {
        if other && told.get(unit) == Some(&0) && !vague.contains(&written) {
            vague.push(written);
        }
    }
    vague
}

impl Unit {
    /// Whether a word in lower case is this unit: as it stands (`jam`, `jamnya`), or with how many there are in it (`sejam`, `berjam-jam`),
    /// in which case it is not alone.
    fn in_word(&self, lower: &str) -> Option<bool> {
        let bare = lower.strip_suffix("nya").unwrap_or(lower);
        let is_unit = |word: &str| self.indonesian.contains(&word);
        if is_unit(bare) {
            return Some(true);
        }
        let one = bare.strip_prefix("se").is_some_and(is_unit);
        let many = bare.strip_prefix("ber").and_then(|word| word.split_once('-'));
        (one || many.is_some_and(|(left, right)| left == right && is_unit(left))).then_some(false)
    }
}

/// The word behind a number, its scale passed over, and where it ends; none where a mark stands between.
fn next_word(text: &str, end: usize) -> Option<(&str, usize)> {
    let rest = text.part(end..);
    let word = rest.trim_start_matches([' ', '-', '\u{a0}']);
    let letters = word.find(|c: char| !c.is_alphabetic()).unwrap_or(word.len());
    let (word, end) = (word.part(..letters), end + (rest.len() - word.len()) + letters);
    match scale(word) {
        Some(_) => next_word(text, end),
        None => (!word.is_empty()).then_some((word, end)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_keeps_its_unit() {
        for (source, english, expected) in [
            ("Jalan sepanjang 12 kilometer rusak.", "A 12-mile road was damaged.", &["12 kilometer"][..]),
            ("Jalan sepanjang 12 km rusak.", "A 12-kilometer road was damaged.", &[]),
            ("Jalan sepanjang 12 km rusak.", "A 12-km road was damaged.", &[]),
            ("Hujan turun tiga pekan.", "It rained for three months.", &["tiga pekan"]),
            ("Hujan turun tiga pekan.", "It rained for 3 weeks.", &[]),
            ("Hujan turun tiga pekan.", "It rained for 21 days.", &[]),
            ("Anak 5 tahun itu pulang.", "The five-year-old child went home.", &[]),
            ("Vonis 12 bulan dan 3 tahun.", "A sentence of 12 months and 3 years.", &[]),
            ("Vonis 3 bulan dan 3 tahun.", "A sentence of 3 months and 3 years.", &[]),
            ("Lahan 5 meter persegi.", "A plot of 5 square meters.", &[]),
            ("Sebanyak 2 juta ton beras.", "As much as 2 million tonnes of rice.", &[]),
            ("Sebanyak 2 juta ton beras.", "As much as 2 million kilograms of rice.", &["2 juta ton"]),
            ("Kapal sejauh 50 mil laut.", "A ship 50 nautical miles away.", &[]),
            ("Sebanyak 5 juta tahun ini.", "As many as 5 million this year.", &[]),
            ("Antre 1 hari setelah seminggu.", "After a week they queued for 24 hours.", &[]),
            ("Acara dua hari itu.", "On the second day of the event.", &[]),
            ("Antre dua jam pada hari kedua.", "They queued for two hours on the second day.", &[]),
            (
                "Rapat digelar beberapa jam ke depan.",
                "The meeting is held in the next few days.",
                &["beberapa jam"],
            ),
            (
                "Usai rapat beberapa hari terakhir, rapat lain digelar beberapa jam lagi.",
                "After the meetings of recent days, another one is held in a few days.",
                &["beberapa jam"],
            ),
            ("Rapat digelar beberapa jam ke depan.", "The meeting is held in the next few hours.", &[]),
            ("Rapat digelar beberapa jam ke depan.", "The meeting is held soon.", &[]),
            ("Hujan turun berminggu-minggu.", "It rained for months.", &["berminggu-minggu"]),
            ("Hujan turun sepekan.", "It rained for seven days.", &[]),
            ("Hujan turun sepekan.", "It rained for a month.", &["sepekan"]),
            ("Gaji setahun itu utuh.", "The salary of 12 months was whole.", &[]),
            ("Gaji setahun itu utuh.", "The annual salary was whole.", &[]),
            ("Hujan turun sehari penuh.", "It rained all day.", &[]),
            ("Ia antre berjam-jam setiap hari.", "He queued for hours every day.", &[]),
            ("Kapal karam beberapa meter dari sana.", "The ship sank a few miles from there.", &[]),
        ] {
            assert_eq!(turned(source, english), expected, "{source} / {english}");
        }
    }
}
