//! Values of dates, sums and quantities as an English reader reads them.

use crate::document::Value;
use crate::lang::english;

/// `value` in words, e.g. `14 July 2025`, `IDR 38,500,000,000`, `240 m`.
pub(super) fn words(value: &Value) -> String {
    match value {
        Value::Day { date } => format!("{} {} {}", date.day(), month(date.month()), date.year()),
        Value::Month { year, month: number } => format!("{} {year}", month(*number)),
        Value::Week { year, week } => format!("week {week} of {year}"),
        Value::Quarter { year, quarter } => format!("{} quarter of {year}", ordinal((*quarter).into())),
        Value::Half { year, half } => format!("{} half of {year}", ordinal((*half).into())),
        Value::Year { year } => year.to_string(),
        Value::Decade { year } => format!("{year}s"),
        Value::Century { century } => format!("{} century", ordinal(*century)),
        Value::DayOfMonth { month: number, day } => format!("{day} {}", month(*number)),
        // For people already.
        Value::Clock { .. } | Value::Fraction { .. } => value.to_string(),
        Value::Money { amount, currency } => format!("{currency} {}", grouped(*amount)),
        Value::Percent { percent } => format!("{}%", grouped(*percent)),
        Value::Quantity { amount, unit } => format!("{} {unit}", grouped(*amount)),
        Value::Range(range) => format!("{} to {}", words(range.from()), words(range.to())),
    }
}

/// `1st`, `2nd`, `19th`.
fn ordinal(number: i16) -> String {
    let ending = match (number % 100, number % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

fn month(number: i8) -> &'static str {
    english::month(number).unwrap_or("?")
}

/// Digits in groups of three, as English writes them; fractions stay.
fn grouped(number: f64) -> String {
    let written = number.to_string();
    let (sign, rest) = written.strip_prefix('-').map_or(("", written.as_str()), |rest| ("−", rest));
    let (whole, fraction) = rest.find('.').map_or((rest, ""), |dot| rest.split_at(dot));
    // `inf` and the like are no digits; a year-long number of four digits needs no comma.
    if whole.len() < 5 || !whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return format!("{sign}{rest}");
    }
    let mut out = sign.to_owned();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out + fraction
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_values_for_english_readers() {
        let money = |amount| Value::Money { amount, currency: "IDR".to_owned() };
        let zone = Some(crate::document::Zone::Wib);
        let clock = |hour, minute, next_day| Value::Clock { hour, minute, second: None, zone, next_day };
        for (value, expected) in [
            (Value::Day { date: jiff::civil::date(2025, 7, 14) }, "14 July 2025"),
            (Value::Month { year: 2024, month: 1 }, "January 2024"),
            (Value::DayOfMonth { month: 12, day: 3 }, "3 December"),
            (clock(2, 10, false), "02:10 WIB"),
            (clock(0, 0, true), "00:00 WIB of the next day"),
            (Value::Week { year: 2025, week: 19 }, "week 19 of 2025"),
            (Value::Quarter { year: 2024, quarter: 3 }, "3rd quarter of 2024"),
            (Value::Half { year: 2024, half: 2 }, "2nd half of 2024"),
            (Value::Decade { year: 1990 }, "1990s"),
            (Value::Century { century: 12 }, "12th century"),
            (Value::Century { century: 21 }, "21st century"),
            (Value::Fraction { numerator: 1, denominator: 3 }, "1/3"),
            (Value::range(money(2e6), money(3e6)).unwrap(), "IDR 2,000,000 to IDR 3,000,000"),
            (money(38.5e9), "IDR 38,500,000,000"),
            (money(150_000.0), "IDR 150,000"),
            (money(f64::INFINITY), "IDR inf"),
            (Value::Percent { percent: -0.08 }, "−0.08%"),
            (Value::Quantity { amount: 1900.0, unit: "kk".to_owned() }, "1900 kk"),
            (Value::Quantity { amount: -12_345.25, unit: "m".to_owned() }, "−12,345.25 m"),
        ] {
            assert_eq!(words(&value), expected);
        }
    }

    #[test]
    fn a_month_that_is_none_is_no_panic() {
        for number in [i8::MIN, 0, 13, i8::MAX] {
            assert_eq!(words(&Value::Month { year: 2024, month: number }), "? 2024");
        }
    }
}
