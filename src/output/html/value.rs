//! Values of dates, sums and quantities as an English reader reads them.

use crate::document::Value;

/// `value` in words, e.g. `14 July 2025`, `IDR 38,500,000,000`, `240 m`.
pub(super) fn words(value: &Value) -> String {
    match value {
        Value::Day { date } => format!("{} {} {}", date.day(), month(date.month()), date.year()),
        Value::Month { year, month: number } => format!("{} {year}", month(*number)),
        Value::Year { year } => year.to_string(),
        Value::DayOfMonth { month: number, day } => format!("{day} {}", month(*number)),
        Value::Clock { hour, minute, zone } => {
            format!("{hour:02}:{minute:02} {}", zone.as_deref().unwrap_or_default()).trim_end().to_owned()
        }
        Value::Money { amount, currency } => format!("{currency} {}", grouped(*amount)),
        Value::Percent { percent } => format!("{}%", grouped(*percent)),
        Value::Quantity { amount, unit } => format!("{} {unit}", grouped(*amount)),
    }
}

fn month(number: i8) -> &'static str {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let index = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
    index.and_then(|index| MONTHS.get(index)).copied().unwrap_or("?")
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
        for (value, expected) in [
            (Value::Day { date: jiff::civil::date(2025, 7, 14) }, "14 July 2025"),
            (Value::Month { year: 2024, month: 1 }, "January 2024"),
            (Value::DayOfMonth { month: 12, day: 3 }, "3 December"),
            (Value::Clock { hour: 2, minute: 10, zone: Some("WIB".to_owned()) }, "02:10 WIB"),
            (Value::Clock { hour: 24, minute: 0, zone: None }, "24:00"),
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
