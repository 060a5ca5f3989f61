//! Days, weeks, months and years counted from the article's date: `kemarin`, `dua tahun lalu`, `Senin pekan depan`.

use std::sync::LazyLock;

use jiff::civil::{Date, ISOWeekDate};
use jiff::ToSpan;
use regex::Regex;

use super::context::is_numbered;
use super::measure::follows_currency;
use super::number::{Amount, RANGE};
use super::words::{end_of, ends_with_word, steps, weekday, weekdays, ORDINAL, PART, STAGE, UNTIL};
use super::{pattern, vague, Found, Reading, Rule};
use crate::document::Value;
use crate::part::Part;

/// Words for a number that nobody knows: `puluhan`, `beberapa ratus`.
const VAGUE: &str =
    r"(?:beberapa|belasan|puluhan|ratusan|ribuan|jutaan|sekian)(?: (?:ribu|juta|puluh|belas|ratus))?";
/// A length of time: `pekan`.
const UNIT: &str = "(?P<unit>hari|pekan|minggu|bulan|tahun|dekade|dasawarsa|abad)";
/// Where it lies, seen from the article's date: `yang lalu`, `mendatang`.
const WHEN: &str = "(?:yang )?(?P<when>lalu|silam|lampau|kemarin|mendatang|depan|ini|akan datang)";

/// The rules of this module.
pub(super) fn rules() -> Vec<Rule> {
    let (weekday, range) = (weekdays(), RANGE.as_str());
    vec![
        // Senin malam; Senin lalu; Senin pekan depan
        Rule::date(
            &format!(
                r"
                \b(?P<weekday>{weekday})\b(?: {PART}\b)?
                (?: (?:
                    (?:pekan|minggu) (?P<week>ini|lalu|kemarin|depan|mendatang)
                    |(?P<when>ini|lalu|kemarin|depan|mendatang|besok|nanti)
                )\b)?"
            ),
            weekday_only,
        ),
        // Senin-Jumat; Senin hingga Rabu
        Rule::date(&format!(r"\b{weekday}{UNTIL}{weekday}\b"), vague),
        // hari ini; tadi malam; besok
        Rule::date(
            r"
            (?i)\b(?P<relative>
                kemarin (?:lusa|dulu)
                |(?:hari|pagi|siang|sore|malam) ini
                |(?:pagi|siang|sore|malam) tadi
                |tadi (?:pagi|siang|sore|malam)
                |kemarin|besok lusa|besok|esok|lusa
            )\b",
            named,
        ),
        // bulan depan; awal tahun ini
        Rule::date(&format!(r"(?i)\b(?:{STAGE} )?{UNIT} {WHEN}\b"), neighbor),
        // dua tahun lalu; 2-3 pekan lalu; setahun lalu
        Rule::date(&format!(r"(?i)(?:{range}(?: |-)|\b(?P<one>se)){UNIT} {WHEN}\b"), counted),
        // beberapa hari lalu; puluhan tahun silam
        Rule::date(&format!(r"(?i)\b{VAGUE}(?:-an)? {UNIT} {WHEN}\b"), vague),
        // 20-an tahun silam
        Rule::date(&format!(r"(?i){}-?an {UNIT} {WHEN}\b", super::number::DIGITS), vague),
    ]
}

/// The day of a weekday: news name the days just before they appear; further off only with `lalu` or `depan`.
fn weekday_only(found: &Found<'_>) -> Option<Reading> {
    // `Minggu kedua Mei` is a week, `Senin pertama Juni` another day; `Minggu-minggu ini` are weeks.
    static OTHER: LazyLock<Regex> = LazyLock::new(|| pattern(&format!(r"(?i)^(?: {ORDINAL}\b|-minggu)")));
    let name = found.text("weekday")?;
    let weekday = weekday(name)?;
    if OTHER.is_match(found.after) {
        return None;
    }
    // At the start of a sentence `Minggu lalu` may be last week.
    if name.eq_ignore_ascii_case("minggu") && found.has("when") && found.before.trim().is_empty() {
        return Some(None.into());
    }
    // Jumat ini; Jumat malam ini
    let current = found.captures.get(0)?.as_str().to_lowercase().ends_with(" ini");
    let date = found.today.and_then(|today| {
        let before = i64::from(today.weekday().since(weekday));
        let week = found.text("week").or_else(|| current.then_some("ini"));
        if let Some(week) = week {
            let [day, now] = [weekday, today.weekday()].map(|day| i64::from(day.to_monday_zero_offset()));
            return today.checked_add((day - now + 7 * i64::from(steps(week)?)).days()).ok();
        }
        match found.text("when") {
            // Tonight, or in a week.
            Some("nanti") if before == 0 => None,
            Some("lalu" | "kemarin") => today.checked_sub((if before == 0 { 7 } else { before }).days()).ok(),
            Some(_) => today.checked_add((7 - before).days()).ok(),
            None if before <= 3 => today.checked_sub(before.days()).ok(),
            None => None,
        }
    });
    Some(date.map(|date| Value::Day { date }).into())
}

fn named(found: &Found<'_>) -> Option<Reading> {
    let relative = found.words("relative")?;
    if relative == "hari ini" && counted_before(found.before, false) {
        return None;
    }
    let days = match relative.as_str() {
        "kemarin lusa" | "kemarin dulu" => -2,
        "kemarin" | "tadi malam" | "malam tadi" => -1,
        "besok" | "esok" => 1,
        "lusa" | "besok lusa" => 2,
        _ => 0,
    };
    Some(found.today.and_then(|today| moved(today, Unit::Day, days)).into())
}

/// `tahun lalu`, `pekan depan`, `akhir bulan ini`.
fn neighbor(found: &Found<'_>) -> Option<Reading> {
    let unit = Unit::read(&found.words("unit")?)?;
    let when = found.words("when")?;
    // `hari lalu` is nothing, `hari ini` has its own rule; `dua tahun ini` are two years.
    let steps = steps(&when)?;
    if unit == Unit::Day || counted_before(found.before, steps != 0) {
        return None;
    }
    Some(found.today.and_then(|today| moved(today, unit, steps.into())).into())
}

/// Words before a number of years that somebody has lived or must sit.
const AGED: [&str; 8] = ["berusia", "usia", "umur", "berumur", "penjara", "bui", "kurungan", "hukuman"];

/// Whether a small number stands at the end of `before` and counts what follows: `dua` before `tahun ini`. Sums do not:
/// `Rp 500 juta tahun ini`. With `aged`, only behind a word of [`AGED`].
fn counted_before(before: &str, aged: bool) -> bool {
    // dua; tiga belas
    const WORDS: &str = r"
        (?:dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|sebelas|setengah)
        (?: (?:belas|puluh|setengah))?";
    // 7; dua; beberapa ratus, with the blank behind them
    static COUNT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(r"(?i)(?:^|[^\w.,])(?P<count>\d{{1,2}}(?:,\d)?|{WORDS}|{VAGUE}) $"))
    });
    // A count and the word before it are short.
    let near = end_of(before, 40);
    let Some(count) = COUNT.captures(near).and_then(|captures| captures.name("count")) else { return false };
    let head = near.part(..count.start());
    !is_numbered(head) && (!aged || ends_with_word(head, &AGED))
}

/// `dua tahun lalu`: as precise as its unit.
fn counted(found: &Found<'_>) -> Option<Reading> {
    let unit = Unit::read(&found.words("unit")?)?;
    let way = i64::from(steps(&found.words("when")?)?);
    // `dua tahun ini` is a length of time; what a child of `berusia 5 tahun` does then, `lalu`, is told next; a number
    // behind a currency is a sum, `2023 tahun lalu` has a year, and `kelas 2 tahun lalu` a class.
    let year = found.text("first").is_some_and(|first| first.len() == 4 && first.starts_with(['1', '2']));
    if way == 0
        || is_numbered(found.before)
        || ends_with_word(found.before, &AGED)
        || follows_currency(found.before)
        || (year && !found.has("second"))
    {
        return None;
    }
    let amount = if found.has("one") { Amount::One(1.0) } else { Amount::read(found) };
    // Of a stretch of time that ends or starts now only the length is told.
    let stretch =
        ["dalam", "selama", "untuk", "kurun", "waktu", "periode", "setiap", "tiap", "rentang", "jangka"];
    let Some(today) = found.today.filter(|_| !ends_with_word(found.before, &stretch)) else {
        return Some(None.into());
    };
    let at = |count: f64| unit.whole(count).and_then(|(unit, count)| moved(today, unit, way * count));
    let value = match amount {
        Amount::One(count) => at(count),
        // Two to three years ago: the greater number is the earlier time.
        Amount::Two(least, most) if way < 0 => at(most).zip(at(least)).and_then(|(a, b)| Value::range(a, b)),
        Amount::Two(least, most) => at(least).zip(at(most)).and_then(|(a, b)| Value::range(a, b)),
        Amount::Unknown => None,
    };
    Some(value.into())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Day,
    Week,
    Month,
    Year,
    Decade,
    Century,
}

impl Unit {
    fn read(word: &str) -> Option<Unit> {
        Some(match word {
            "hari" => Unit::Day,
            "pekan" | "minggu" => Unit::Week,
            "bulan" => Unit::Month,
            "tahun" => Unit::Year,
            "dekade" | "dasawarsa" => Unit::Decade,
            "abad" => Unit::Century,
            _ => return None,
        })
    }

    /// The count as a whole number, of months where it is one and a half years; numbers beyond history have none.
    fn whole(self, count: f64) -> Option<(Unit, i64)> {
        let whole =
            |count: f64| (count.fract() == 0.0 && (0.0..=5000.0).contains(&count)).then_some(count as i64);
        match (whole(count), self) {
            (Some(count), _) => Some((self, count)),
            (None, Unit::Year) => Some((Unit::Month, whole(count * 12.0)?)),
            (None, Unit::Decade) => Some((Unit::Year, whole(count * 10.0)?)),
            (None, Unit::Century) => Some((Unit::Year, whole(count * 100.0)?)),
            (None, _) => None,
        }
    }
}

/// The unit that lies `steps` of it away.
fn moved(today: Date, unit: Unit, steps: i64) -> Option<Value> {
    let years = |steps: i64| i16::try_from(i64::from(today.year()) + steps).ok().filter(|year| *year > 0);
    match unit {
        Unit::Day => Some(Value::Day { date: today.checked_add(steps.days()).ok()? }),
        Unit::Week => {
            let week: ISOWeekDate = today.checked_add((7 * steps).days()).ok()?.iso_week_date();
            Some(Value::Week { year: week.year(), week: week.week() })
        }
        Unit::Month => {
            let date = today.checked_add(steps.months()).ok()?;
            Some(Value::Month { year: date.year(), month: date.month() })
        }
        Unit::Year => Some(Value::Year { year: years(steps)? }),
        Unit::Decade => Some(Value::Decade { year: years(steps * 10)? / 10 * 10 }),
        Unit::Century => Some(Value::Century { century: (years(steps * 100)? - 1) / 100 + 1 }),
    }
}
