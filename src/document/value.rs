//! What a date, time, sum or quantity means.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Label;

/// The meaning of a date, time, sum or quantity, independent of how it was written.
///
/// `docs/values.md` shows each with its JSON. A date is as precise as its words: `lima tahun lalu` is a year, `awal Mei 2025`
/// the month that it is a part of. What has no certain meaning, `beberapa tahun lalu`, has no value at all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "lowercase", deny_unknown_fields)]
#[non_exhaustive]
pub enum Value {
    /// A day.
    Day {
        /// ISO 8601 in JSON.
        date: Date,
    },
    /// A week, Monday to Sunday.
    Week {
        /// The year of ISO 8601 that the week counts in, which is that of its Thursday.
        year: i16,
        /// 1 to 53.
        week: i8,
    },
    /// A month of a year.
    Month {
        /// Year of the Common Era.
        year: i16,
        /// 1 to 12.
        month: i8,
    },
    /// Three months of a year.
    Quarter {
        /// Year of the Common Era.
        year: i16,
        /// 1 to 4.
        quarter: i8,
    },
    /// Six months of a year.
    Half {
        /// Year of the Common Era.
        year: i16,
        /// 1 or 2.
        half: i8,
    },
    /// A year.
    Year {
        /// Year of the Common Era.
        year: i16,
    },
    /// Ten years.
    Decade {
        /// The first of them: 1990 for the nineties.
        year: i16,
    },
    /// A hundred years.
    Century {
        /// 19 for the nineteenth.
        century: i16,
    },
    /// A day of a month whose year is not known.
    DayOfMonth {
        /// 1 to 12.
        month: i8,
        /// 1 to 31.
        day: i8,
    },
    /// A time of day.
    Clock {
        /// 0 to 23.
        hour: i8,
        /// 0 to 59.
        minute: i8,
        /// 0 to 59, where it was written.
        #[serde(default)]
        second: Option<i8>,
        /// The zone, where it was written.
        zone: Option<Zone>,
        /// Whether it is a time of the day after the one that is spoken of: 24.00 is midnight, the start of the next day.
        #[serde(default)]
        next_day: bool,
    },
    /// A sum of money.
    Money {
        /// In whole units of the currency.
        amount: f64,
        /// ISO 4217.
        currency: String,
    },
    /// A share of a hundred.
    Percent {
        /// 12.5 means 12.5 %.
        percent: f64,
    },
    /// A share in words: a third of something.
    Fraction {
        /// 2 of two thirds.
        numerator: u8,
        /// 3 of two thirds.
        denominator: u8,
    },
    /// A number with a unit.
    Quantity {
        /// In `unit`.
        amount: f64,
        /// The unit in its canonical spelling, e.g. `km`, `orang`.
        unit: String,
    },
    /// From one value to another, both included.
    Range(Box<Range>),
}

/// A zone of clock times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum Zone {
    /// Western Indonesia, UTC+7.
    Wib,
    /// Central Indonesia, UTC+8.
    Wita,
    /// Eastern Indonesia, UTC+9.
    Wit,
    /// Greenwich Mean Time.
    Gmt,
    /// Coordinated Universal Time.
    Utc,
    /// Local time of a place that the sentence tells, `waktu setempat`.
    Local,
}

impl Zone {
    /// As it is written in JSON, e.g. `WITA`.
    pub fn as_str(self) -> &'static str {
        match self {
            Zone::Wib => "WIB",
            Zone::Wita => "WITA",
            Zone::Wit => "WIT",
            Zone::Gmt => "GMT",
            Zone::Utc => "UTC",
            Zone::Local => "LOCAL",
        }
    }

    /// Hours ahead of UTC; `None` for local time of somewhere.
    pub fn hours_ahead(self) -> Option<i8> {
        match self {
            Zone::Wib => Some(7),
            Zone::Wita => Some(8),
            Zone::Wit => Some(9),
            Zone::Gmt | Zone::Utc => Some(0),
            Zone::Local => None,
        }
    }
}

/// Two values of one kind, the lesser first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(try_from = "Ends")]
pub struct Range {
    #[cfg_attr(feature = "server", schema(no_recursion))]
    from: Value,
    #[cfg_attr(feature = "server", schema(no_recursion))]
    to: Value,
}

/// A range as it stands in JSON, before it is checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ends {
    from: Value,
    to: Value,
}

impl TryFrom<Ends> for Range {
    type Error = &'static str;

    fn try_from(Ends { from, to }: Ends) -> Result<Self, Self::Error> {
        Range::new(from, to).ok_or("a range needs two values of one kind, the lesser first")
    }
}

impl Range {
    /// `None` where the two differ in kind, unit or zone, where `to` lies before `from`, and for ranges of ranges and
    /// fractions. Times of day and days without a year may run over midnight and the turn of the year.
    pub fn new(from: Value, to: Value) -> Option<Self> {
        use Value::{
            Century, Clock, Day, DayOfMonth, Decade, Half, Money, Month, Percent, Quantity, Quarter,
        };
        use Value::{Week, Year};
        let fits = match (&from, &to) {
            (Day { date: a }, Day { date: b }) => a <= b,
            (Week { year: a, week: from }, Week { year: b, week: to }) => (a, from) <= (b, to),
            (Month { year: a, month: from }, Month { year: b, month: to }) => (a, from) <= (b, to),
            (Quarter { year: a, quarter: from }, Quarter { year: b, quarter: to }) => (a, from) <= (b, to),
            (Half { year: a, half: from }, Half { year: b, half: to }) => (a, from) <= (b, to),
            (Year { year: a }, Year { year: b }) | (Decade { year: a }, Decade { year: b }) => a <= b,
            (Century { century: a }, Century { century: b }) => a <= b,
            (DayOfMonth { .. }, DayOfMonth { .. }) => true,
            (Clock { zone: a, .. }, Clock { zone: b, .. }) => a == b,
            (Money { amount: a, currency: from }, Money { amount: b, currency: to }) => from == to && a <= b,
            (Percent { percent: a }, Percent { percent: b }) => a <= b,
            (Quantity { amount: a, unit: from }, Quantity { amount: b, unit: to }) => from == to && a <= b,
            _ => false,
        };
        fits.then_some(Range { from, to })
    }

    /// The lesser value.
    pub fn from(&self) -> &Value {
        &self.from
    }

    /// The greater value.
    pub fn to(&self) -> &Value {
        &self.to
    }
}

impl Value {
    /// From one value to another, where [`Range::new`] takes them.
    pub fn range(from: Value, to: Value) -> Option<Value> {
        Range::new(from, to).map(|range| Value::Range(Box::new(range)))
    }

    /// The label of what has such a value.
    pub fn label(&self) -> Label {
        match self {
            Value::Day { .. }
            | Value::DayOfMonth { .. }
            | Value::Week { .. }
            | Value::Month { .. }
            | Value::Quarter { .. }
            | Value::Half { .. }
            | Value::Year { .. }
            | Value::Decade { .. }
            | Value::Century { .. } => Label::Date,
            Value::Clock { .. } => Label::Time,
            Value::Money { .. } => Label::Money,
            Value::Percent { .. } | Value::Fraction { .. } => Label::Percent,
            Value::Quantity { .. } => Label::Qty,
            Value::Range(range) => range.from.label(),
        }
    }

    /// What is impossible about it, where something is. Numbers must be finite: JSON has no others.
    pub(crate) fn fault(&self) -> Option<&'static str> {
        const FINITE: &str = "numbers must be finite";
        let within = |number: i8, least: i8, most: i8| (least..=most).contains(&number);
        let (holds, rule) = match self {
            Value::Day { .. } | Value::Year { .. } => (true, ""),
            Value::Week { week, .. } => (within(*week, 1, 53), "weeks count from 1 to 53"),
            Value::Month { month, .. } => (within(*month, 1, 12), "months count from 1 to 12"),
            Value::Quarter { quarter, .. } => (within(*quarter, 1, 4), "quarters count from 1 to 4"),
            Value::Half { half, .. } => (within(*half, 1, 2), "halves are 1 and 2"),
            Value::Decade { year } => (year % 10 == 0, "a decade is named by its first year"),
            Value::Century { century } => (*century >= 1, "centuries count from 1"),
            // 29 February is a day of some years.
            Value::DayOfMonth { month, day } => {
                (Date::new(2024, *month, *day).is_ok(), "no year has that day")
            }
            Value::Clock { hour, minute, second, .. } => (
                within(*hour, 0, 23) && within(*minute, 0, 59) && second.is_none_or(|s| within(s, 0, 59)),
                "hours run from 0 to 23, minutes and seconds from 0 to 59",
            ),
            Value::Money { amount, .. } if !amount.is_finite() => (false, FINITE),
            Value::Money { currency, .. } => (
                currency.len() == 3 && currency.bytes().all(|b| b.is_ascii_uppercase()),
                "currencies are codes of three capitals, as in ISO 4217",
            ),
            Value::Percent { percent } => (percent.is_finite(), FINITE),
            Value::Fraction { denominator, .. } => (*denominator > 0, "nothing is divided by 0"),
            Value::Quantity { amount, .. } if !amount.is_finite() => (false, FINITE),
            Value::Quantity { unit, .. } => (!unit.trim().is_empty(), "a quantity has a unit"),
            Value::Range(range) => return range.from.fault().or_else(|| range.to.fault()),
        };
        (!holds).then_some(rule)
    }

    /// A date or time as ISO 8601 writes it, with the extensions of part 2 (EDTF) for quarters (`2024-34`), halves
    /// (`2024-40`), decades (`199X`) and centuries (`18XX`); `None` for other values.
    ///
    /// ```
    /// use intisari::document::Value;
    ///
    /// assert_eq!(Value::Quarter { year: 2024, quarter: 2 }.iso().as_deref(), Some("2024-34"));
    /// let years = Value::range(Value::Year { year: 2014 }, Value::Year { year: 2019 });
    /// assert_eq!(years.and_then(|years| years.iso()).as_deref(), Some("2014/2019"));
    /// assert_eq!(Value::Percent { percent: 5.0 }.iso(), None);
    /// ```
    pub fn iso(&self) -> Option<String> {
        Some(match self {
            Value::Day { date } => date.to_string(),
            Value::Week { year, week } => format!("{year:04}-W{week:02}"),
            Value::Month { year, month } => format!("{year:04}-{month:02}"),
            Value::Quarter { year, quarter } => format!("{year:04}-{}", i32::from(*quarter) + 32),
            Value::Half { year, half } => format!("{year:04}-{}", i32::from(*half) + 39),
            Value::Year { year } => format!("{year:04}"),
            Value::Decade { year } => format!("{:03}X", year / 10),
            Value::Century { century } => format!("{:02}XX", i32::from(*century) - 1),
            Value::DayOfMonth { month, day } => format!("--{month:02}-{day:02}"),
            Value::Clock { hour, minute, second, zone, next_day } => {
                // The midnight that ends a day is hour 24 of it.
                let midnight = *next_day && (*hour, *minute, second.unwrap_or(0)) == (0, 0, 0);
                if *next_day && !midnight {
                    return None;
                }
                let second = second.map_or(String::new(), |second| format!(":{second:02}"));
                let zone = zone.and_then(Zone::hours_ahead).map(|hours| format!("+{hours:02}:00"));
                let hour = if midnight { 24 } else { *hour };
                format!("T{hour:02}:{minute:02}{second}{}", zone.unwrap_or_default())
            }
            Value::Range(range) => format!("{}/{}", range.from.iso()?, range.to.iso()?),
            _ => return None,
        })
    }
}

/// For people: `2025-05-12`, `18:35 WIB`, `38500000000 IDR`, `5.5%`, `2 to 3 km`.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Clock { hour, minute, second, zone, next_day } => {
                write!(f, "{hour:02}:{minute:02}")?;
                if let Some(second) = second {
                    write!(f, ":{second:02}")?;
                }
                if let Some(zone) = zone {
                    write!(f, " {}", zone.as_str())?;
                }
                f.write_str(if *next_day { " of the next day" } else { "" })
            }
            Value::Money { amount, currency } => write!(f, "{amount} {currency}"),
            Value::Percent { percent } => write!(f, "{percent}%"),
            Value::Fraction { numerator, denominator } => write!(f, "{numerator}/{denominator}"),
            Value::Quantity { amount, unit } => write!(f, "{amount} {unit}"),
            Value::Range(range) => match range.as_ref() {
                Range { from: Value::Money { amount, .. } | Value::Quantity { amount, .. }, to } => {
                    write!(f, "{amount} to {to}")
                }
                Range { from: from @ (Value::Clock { .. } | Value::Percent { .. }), to } => {
                    write!(f, "{from} to {to}")
                }
                _ => f.write_str(&self.iso().unwrap_or_default()),
            },
            _ => f.write_str(&self.iso().unwrap_or_default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn clock(hour: i8, zone: Option<Zone>, next_day: bool) -> Value {
        Value::Clock { hour, minute: 0, second: None, zone, next_day }
    }

    fn money(amount: f64, currency: &str) -> Value {
        Value::Money { amount, currency: currency.to_owned() }
    }

    #[test]
    fn every_kind_survives_json() {
        let unit = || "km".to_owned();
        for value in [
            Value::Day { date: date(2025, 5, 12) },
            Value::Week { year: 2025, week: 20 },
            Value::Half { year: 2025, half: 1 },
            Value::Decade { year: 1990 },
            Value::Century { century: 19 },
            clock(0, Some(Zone::Wita), true),
            clock(5, None, false),
            Value::Fraction { numerator: 1, denominator: 3 },
            Value::range(
                Value::Quantity { amount: 2.0, unit: unit() },
                Value::Quantity { amount: 3.5, unit: unit() },
            )
            .unwrap(),
            Value::range(Value::Day { date: date(2025, 5, 3) }, Value::Day { date: date(2025, 5, 5) })
                .unwrap(),
        ] {
            let json = serde_json::to_string(&value).unwrap();
            assert_eq!(serde_json::from_str::<Value>(&json).unwrap(), value, "{json}");
        }
    }

    #[test]
    fn a_range_is_written_by_its_ends() {
        let range = Value::range(Value::Year { year: 2014 }, Value::Year { year: 2019 }).unwrap();
        let json = r#"{"type":"range","from":{"type":"year","year":2014},"to":{"type":"year","year":2019}}"#;
        assert_eq!(serde_json::to_string(&range).unwrap(), json);
    }

    #[test]
    fn no_range_of_things_that_differ_or_run_backwards() {
        let year = |year| Value::Year { year };
        for (from, to) in [
            (year(2019), year(2014)),
            (year(2014), Value::Month { year: 2019, month: 1 }),
            (money(1.0, "IDR"), money(2.0, "USD")),
            (clock(8, Some(Zone::Wib), false), clock(10, None, false)),
            (year(2014), Value::range(year(2014), year(2015)).unwrap()),
        ] {
            let json = serde_json::json!({"type": "range", "from": from, "to": to});
            assert!(serde_json::from_value::<Value>(json).is_err(), "{from} {to}");
            assert_eq!(Value::range(from, to), None);
        }
        assert!(Value::range(clock(22, None, false), clock(2, None, false)).is_some());
    }

    #[test]
    fn writes_iso_for_machines_and_more_for_people() {
        for (value, iso, shown) in [
            (clock(0, Some(Zone::Wita), true), Some("T24:00+08:00"), "00:00 WITA of the next day"),
            (clock(5, Some(Zone::Local), false), Some("T05:00"), "05:00 LOCAL"),
            (Value::Day { date: date(2025, 7, 14) }, Some("2025-07-14"), "2025-07-14"),
            (Value::Month { year: 2025, month: 7 }, Some("2025-07"), "2025-07"),
            (Value::Percent { percent: 12.5 }, None, "12.5%"),
            (Value::Quantity { amount: 240.0, unit: "m".to_owned() }, None, "240 m"),
            (Value::Decade { year: 1990 }, Some("199X"), "199X"),
            (Value::Century { century: 19 }, Some("18XX"), "18XX"),
            (Value::DayOfMonth { month: 5, day: 9 }, Some("--05-09"), "--05-09"),
            (money(-2e9, "IDR"), None, "-2000000000 IDR"),
            (Value::range(money(2e6, "IDR"), money(3e6, "IDR")).unwrap(), None, "2000000 to 3000000 IDR"),
        ] {
            assert_eq!(value.iso().as_deref(), iso);
            assert_eq!(value.to_string(), shown);
        }
    }
}
