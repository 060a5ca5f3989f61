//! Dates, clock times, money, percentages and quantities by rule, with their meaning.

mod date;
mod measure;
mod number;

use std::ops::Range;
use std::sync::LazyLock;

use jiff::civil::Date;
use regex::{Captures, Regex};

use crate::document::{Label, Value};

/// A date or quantity in a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// Its bytes.
    pub bytes: Range<usize>,
    /// What it is: [`Label::Date`], [`Label::Time`], [`Label::Money`], [`Label::Percent`] or [`Label::Qty`].
    pub label: Label,
    /// What it means; `None` for ranges and for what only a reader can date.
    pub value: Option<Value>,
}

/// A way to write a quantity.
struct Rule {
    pattern: Regex,
    label: Label,
    /// The meaning of a match; the outer `None` says that it is no such thing, e.g. a 30th of February.
    read: fn(&Captures<'_>, Option<Date>) -> Option<Option<Value>>,
}

static RULES: LazyLock<Vec<Rule>> =
    LazyLock::new(|| date::rules().into_iter().chain(measure::rules()).collect());

/// The dates and quantities in a sentence, ordered and disjoint.
///
/// `today` is the article's date: `19/2`, `Senin lalu` and `kemarin` are resolved against it. Of two that overlap the
/// longer one stays.
///
/// ```
/// use intisari::document::Value;
/// use intisari::ner::quantity::quantities;
///
/// let found = quantities("Harga naik 5,5 persen menjadi Rp 12 ribu.", None);
/// assert_eq!(found[0].value, Some(Value::Percent { percent: 5.5 }));
/// assert_eq!(found[1].value, Some(Value::Money { amount: 12_000.0, currency: "IDR".to_owned() }));
/// ```
pub fn quantities(sentence: &str, today: Option<Date>) -> Vec<Quantity> {
    let mut candidates: Vec<Quantity> = Vec::new();
    for rule in RULES.iter() {
        for captures in rule.pattern.captures_iter(sentence) {
            let Some(bytes) = captures.get(0).map(|found| balanced(found.range(), found.as_str())) else {
                continue;
            };
            if !stands_alone(sentence, &bytes) {
                continue;
            }
            if let Some(value) = (rule.read)(&captures, today) {
                candidates.push(Quantity { bytes, label: rule.label, value });
            }
        }
    }
    // A stable sort: of two equally long ones the earlier rule wins.
    candidates.sort_by_key(|candidate| std::cmp::Reverse(candidate.bytes.len()));
    let mut found: Vec<Quantity> = Vec::new();
    for candidate in candidates {
        let free = |other: &Quantity| {
            candidate.bytes.end <= other.bytes.start || other.bytes.end <= candidate.bytes.start
        };
        if found.iter().all(free) {
            found.push(candidate);
        }
    }
    found.sort_by_key(|quantity| quantity.bytes.start);
    found
}

/// Without a closing bracket that was opened outside.
fn balanced(bytes: Range<usize>, text: &str) -> Range<usize> {
    if text.ends_with(')') && !text.contains('(') {
        bytes.start..bytes.end - 1
    } else {
        bytes
    }
}

/// Whether no letter or digit continues the match on either side, directly or over a mark within numbers and words.
fn stands_alone(text: &str, bytes: &Range<usize>) -> bool {
    let mut before = text.get(..bytes.start).unwrap_or_default().chars().rev();
    let mut after = text.get(bytes.end..).unwrap_or_default().chars();
    let joined = |mark: Option<char>, beyond: Option<char>| match mark {
        Some('.' | ',' | ':') => beyond.is_some_and(|c| c.is_ascii_digit()),
        Some('-' | '/') => beyond.is_some_and(char::is_alphanumeric),
        Some(mark) => mark.is_alphanumeric(),
        None => false,
    };
    let left = joined(before.next(), before.next());
    let mark = after.next();
    let beyond = after.next();
    // `500 orang-orangan` and `km/jam` are cut by the patterns; a number goes on only into digits.
    let right = match mark {
        Some('-' | '/') => beyond.is_some_and(|c| c.is_ascii_digit()),
        _ => joined(mark, beyond),
    };
    !left && !right
}

#[expect(
    clippy::expect_used,
    reason = "the patterns are constant, and any test of this module compiles all of them"
)]
fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).expect("constant pattern")
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn found(text: &str, today: Option<Date>) -> Vec<(&str, Label, Option<Value>)> {
        quantities(text, today).into_iter().map(|q| (&text[q.bytes], q.label, q.value)).collect()
    }

    /// Of `text` with the quantity in square brackets.
    fn check(text: &str, label: Label, value: Option<Value>) {
        check_on(text, None, label, value);
    }

    fn check_on(text: &str, today: Option<Date>, label: Label, value: Option<Value>) {
        let (before, rest) = text.split_once('[').unwrap();
        let (inside, after) = rest.split_once(']').unwrap();
        let plain = format!("{before}{inside}{after}");
        assert_eq!(found(&plain, today), [(inside, label, value)], "{plain}");
    }

    fn day(year: i16, month: i8, day: i8) -> Option<Value> {
        Some(Value::Day { date: date(year, month, day) })
    }

    #[test]
    fn reads_full_dates() {
        for text in [
            "kata Budi, [Senin (21/2/2022)].",
            "kata Budi, [Senin (21/2/2022) malam].",
            "kata Budi, [Senin (21/2/22)].",
            "tiba pada [Senin 21 Februari 2022] lalu pulang",
            "tiba pada [Senin, 21 Februari 2022].",
            "tiba pada [Senin malam, 21 Februari 2022].",
            "tiba pada [Senin (21 Februari 2022)].",
            "(tiba [Senin 21/2/2022])",
            "tiba [21 Feb 2022].",
            "tiba pada [tanggal 21 Februari 2022].",
            "tiba [SENIN, 21 FEBRUARI 2022]",
            "tiba [21/02/2022].",
            "tiba [21-2-2022].",
            "tiba [2022-02-21].",
            "tiba [21.02.2022].",
        ] {
            check(text, Label::Date, day(2022, 2, 21));
        }
        check("shalat [Jum’at, 4 Maret 2022]", Label::Date, day(2022, 3, 4));
    }

    #[test]
    fn resolves_days_against_the_article() {
        let today = Some(date(2022, 1, 3));
        check("pada [Sabtu (19/2)], Prancis", Label::Date, Some(Value::DayOfMonth { month: 2, day: 19 }));
        check_on("pada [Sabtu (19/2)], Prancis", Some(date(2022, 2, 21)), Label::Date, day(2022, 2, 19));
        check_on("pada [31 Desember lalu]", today, Label::Date, day(2021, 12, 31));
        check_on("pada [Sabtu] dini", today, Label::Date, day(2022, 1, 1));
        check_on("pada [Senin sore]", today, Label::Date, day(2022, 1, 3));
        check_on("pada [Senin lalu]", today, Label::Date, day(2021, 12, 27));
        check_on("pada [Selasa depan]", today, Label::Date, day(2022, 1, 4));
        check_on("pada [Rabu] itu", today, Label::Date, None);
        check_on("sejak [kemarin] siang", today, Label::Date, day(2022, 1, 2));
        check_on("sejak [bulan lalu]", today, Label::Date, Some(Value::Month { year: 2021, month: 12 }));
        check_on("sejak [Desember lalu]", today, Label::Date, Some(Value::Month { year: 2021, month: 12 }));
        check("sejak [kemarin] siang", Label::Date, None);
        check("pada [akhir pekan lalu].", Label::Date, None);
    }

    #[test]
    fn reads_months_years_and_periods() {
        check("pada [Februari 2022] lalu", Label::Date, Some(Value::Month { year: 2022, month: 2 }));
        check("sejak [2014] ia", Label::Date, Some(Value::Year { year: 2014 }));
        check("sejak [tahun 2014] ia", Label::Date, Some(Value::Year { year: 2014 }));
        check("periode [2014-2019]", Label::Date, None);
        check("pada [1990-an]", Label::Date, None);
        check("pada [3-5 Maret 2022]", Label::Date, None);
        check("pada [Agustus] nanti", Label::Date, None);
        check("pada [bulan Mei]", Label::Date, None);
    }

    #[test]
    fn takes_no_impossible_day() {
        assert_eq!(found("pada 31/2/2022", None), []);
        assert_eq!(found("Jumat 10.11 WIB", None)[1].1, Label::Time);
    }

    #[test]
    fn reads_clock_times() {
        let clock = |hour, minute, zone: Option<&str>| {
            Some(Value::Clock { hour, minute, zone: zone.map(str::to_owned) })
        };
        check("tiba [18.35 WIB].", Label::Time, clock(18, 35, Some("WIB")));
        check("tiba [pukul 18:35 WITA].", Label::Time, clock(18, 35, Some("WITA")));
        check("tiba [pukul 06.05] tadi", Label::Time, clock(6, 5, None));
        check("tiba [pukul 9 malam]", Label::Time, clock(21, 0, None));
        check("buka [08.00-16.00 WIB]", Label::Time, None);
        assert_eq!(found("menang 25.75 WIB", None), []);
    }

    #[test]
    fn reads_money() {
        let money = |amount, currency: &str| Some(Value::Money { amount, currency: currency.to_owned() });
        check("seharga [Rp 5.000] saja", Label::Money, money(5000.0, "IDR"));
        check("seharga [Rp5.000,-] saja", Label::Money, money(5000.0, "IDR"));
        check("sebesar [Rp1,2 triliun].", Label::Money, money(1.2e12, "IDR"));
        check("sebesar [Rp. 250 miliar].", Label::Money, money(250e9, "IDR"));
        check("sebesar [US$ 3 juta].", Label::Money, money(3e6, "USD"));
        check("sebesar [$9.5 juta].", Label::Money, money(9.5e6, "USD"));
        check("sebesar [lima juta rupiah].", Label::Money, money(5e6, "IDR"));
        check("sebesar [3 juta dolar Amerika Serikat].", Label::Money, money(3e6, "USD"));
        check("sebesar [40 euro].", Label::Money, money(40.0, "EUR"));
        check("dari [Rp 4-6 ribu] saja", Label::Money, None);
    }

    #[test]
    fn reads_percentages() {
        let percent = |percent| Some(Value::Percent { percent });
        check("lebih dari [70 persen] pasukan", Label::Percent, percent(70.0));
        check("naik [0,5%].", Label::Percent, percent(0.5));
        check("naik [5-6 persen].", Label::Percent, None);
    }

    #[test]
    fn reads_quantities() {
        let quantity = |amount, unit: &str| Some(Value::Quantity { amount, unit: unit.to_owned() });
        check("sejauh [10 km] dari", Label::Qty, quantity(10.0, "km"));
        check("sejauh [2,5 kilometer].", Label::Qty, quantity(2.5, "km"));
        check("seluas [1.200 m²], lalu", Label::Qty, quantity(1200.0, "m²"));
        check("laju [80 km/jam].", Label::Qty, quantity(80.0, "km/jam"));
        check("sebanyak [300 orang] hadir", Label::Qty, quantity(300.0, "orang"));
        check("sebanyak [5 ribu orang] hadir", Label::Qty, quantity(5000.0, "orang"));
        check("[Dua puluh lima orang] hadir", Label::Qty, quantity(25.0, "orang"));
        check("selama [tiga hari] ini", Label::Qty, quantity(3.0, "hari"));
        check("[ratusan orang] hadir", Label::Qty, None);
    }

    #[test]
    fn leaves_other_numbers_alone() {
        for text in [
            "Covid-19",
            "ke-17",
            "kalah 2-1",
            "Pasal 5",
            "nomor 0811 9787 670",
            "pukulan",
            "grup 5 grup",
            "KTT G20",
        ] {
            assert_eq!(found(text, None), [], "{text}");
        }
    }

    proptest! {
        #[test]
        fn finds_disjoint_spans_in_any_text(text in "\\PC*|[0-9Rp./,% -]*|(Senin|2 |Maret |20[0-9]{2}|\\(|/|orang| ){0,9}") {
            let mut end = 0;
            for quantity in quantities(&text, None) {
                prop_assert!(end <= quantity.bytes.start && text.get(quantity.bytes.clone()).is_some());
                end = quantity.bytes.end;
            }
        }
    }
}
