//! Quarters, halves, years, decades and centuries: `kuartal II-2024`, `semester I`, `2014-2019`, `1990-an`, `abad ke-19`.

use super::context::{is_amount, is_no_year};
use super::words::{ends_with_word, year, STAGE, UNTIL};
use super::{vague, Found, Reading, Rule};
use crate::document::Value;
use crate::lang::id::quantities::OF_YEARS;

/// The rules of this module.
pub(super) fn rules() -> Vec<Rule> {
    const YEAR: &str = r"(?:1[5-9]|20)\d\d";
    // A year of schools and budgets begins when theirs does, and is called after the calendar's.
    let kinds = OF_YEARS.join("|");
    let of_year = format!(r"(?:\b(?i:tahun) (?:(?i:{kinds}) )?)?");
    const NUMBER: &str = r"(?:IV|I{1,3}|[1-4]|(?i:ke-?[1-4]|pertama|kesatu|kedua|ketiga|keempat))";
    let of = format!(
        r"(?:(?: ?[-/] ?| (?i:tahun )?(?:(?i:{kinds}) )?)(?P<year>{YEAR})\b| (?i:tahun) (?P<when>ini|lalu|depan)\b)"
    );
    vec![
        // kuartal II-2024; triwulan I tahun lalu; kuartal I-III 2024
        Rule::date(
            &format!(
                r"\b(?i:kuartal|triwulan) (?P<number>{NUMBER})(?:{UNTIL}(?P<last>{NUMBER}))?(?:{of}|\b)"
            ),
            quarter,
        ),
        Rule::date(&format!(r"\bQ(?P<number>[1-4])(?: ?[-/]? ?)(?P<year>{YEAR})\b"), quarter),
        Rule::date(r"\b(?i:kuartal|triwulan) (?P<relative>ini|lalu|depan)\b", neighbor),
        // semester I 2024; paruh kedua 2024
        Rule::date(
            &format!(r"\b(?i:semester) (?P<number>I{{1,2}}|[12]|(?i:ke-?[12]|pertama|kedua))(?:{of}|\b)"),
            half,
        ),
        Rule::date(&format!(r"\b(?i:paruh) (?P<number>(?i:pertama|kedua)){of}"), half),
        Rule::date(r"\b(?i:semester) (?P<relative>ini|lalu|depan)\b", neighbor),
        // 2014-2019, 2014/2015, 2014 hingga 2019
        Rule::date(&format!(r"{of_year}\b(?P<from>{YEAR})(?:{UNTIL}| ?/ ?)(?P<to>(?:{YEAR}|\d\d))\b"), years),
        // 1446 H; 300 SM
        Rule::date(r"(?:\b(?i:tahun) )?\b\d{3,4} (?:H|Hijriah|Hijriyah)\b", vague),
        Rule::date(r"(?:\b(?i:tahun) )?\b\d{1,4} (?:SM|Sebelum Masehi|sebelum Masehi)\b", vague),
        // 1990-an, tahun 90-an
        Rule::date(
            &format!(
                r"(?:\b{STAGE} )?(?:\b(?i:tahun|era|dekade|dasawarsa) )?\b(?P<year>(?:1[5-9]|20)\d0) ?-? ?an\b"
            ),
            decade,
        ),
        Rule::date(
            &format!(
                r"(?:\b{STAGE} |\b(?i:tahun|era|dekade|dasawarsa|zaman) ){{1,2}}(?P<year>[3-9]0) ?-? ?an\b"
            ),
            decade,
        ),
        Rule::date(
            r"\b(?i:lagu|lagu-lagu|musik|film|generasi|masa|angkatan|anak|dekade) (?P<span>(?P<year>[3-9]0)-?an)\b",
            decade,
        ),
        // abad ke-19; awal abad XX
        Rule::date(
            &format!(r"(?:\b{STAGE} )?\b(?i:abad) (?:ke-? ?)?(?P<century>\d{{1,2}}|[IVX]{{1,5}})\b"),
            century,
        ),
        // 2014; awal tahun 2014; tahun '98
        Rule::date(&format!(r"(?:\b{STAGE} )?{of_year}\b(?P<year>{YEAR})\b"), single),
        Rule::date(r"\b(?i:tahun) ['’‘](?P<year>\d\d)\b", single),
    ]
}

/// The number that an ordinal stands for: `II`, `2`, `ke-2`, `kedua`.
fn ordinal(text: &str) -> Option<i8> {
    let plain = text.to_lowercase();
    let digits = plain.trim_start_matches("ke").trim_start_matches('-');
    Some(match plain.as_str() {
        "i" | "pertama" | "kesatu" => 1,
        "ii" | "kedua" => 2,
        "iii" | "ketiga" => 3,
        "iv" | "keempat" => 4,
        _ => digits.parse().ok()?,
    })
}

/// The year behind an ordinal, or the one that `tahun lalu` means.
fn year_of(found: &Found<'_>) -> Option<i16> {
    let this = found.today.map(|today| today.year());
    match found.text("when") {
        Some("ini") => this,
        Some("lalu") => this.map(|year| year - 1),
        Some(_) => this.map(|year| year + 1),
        None => found.number("year"),
    }
}

fn quarter(found: &Found<'_>) -> Option<Reading> {
    // Audi Q3 2024 is a car.
    if ends_with_word(found.before, &["audi"]) {
        return None;
    }
    let first = ordinal(found.text("number")?)?;
    let Some(year) = year_of(found) else { return Some(None.into()) };
    let quarter = |quarter| Value::Quarter { year, quarter };
    match found.text("last") {
        Some(last) => Value::range(quarter(first), quarter(ordinal(last)?)).map(Reading::from),
        None => Some(quarter(first).into()),
    }
}

fn half(found: &Found<'_>) -> Option<Reading> {
    // A student's semester is none of the year.
    if ends_with_word(found.before, &["mahasiswa", "mahasiswi", "siswa", "siswi", "kuliah", "pelajar"]) {
        return None;
    }
    let half = ordinal(found.text("number")?)?;
    Some(year_of(found).map(|year| Value::Half { year, half }).into())
}

/// This quarter or half of a year, the one before or the next.
fn neighbor(found: &Found<'_>) -> Option<Reading> {
    let Some(today) = found.today else { return Some(None.into()) };
    let step = match found.text("relative")? {
        "ini" => 0,
        "lalu" => -1,
        _ => 1,
    };
    let halves = found.captures.get(0)?.as_str().to_lowercase().starts_with("semester");
    let months = if halves { 6 } else { 3 };
    let all = (i32::from(today.year()) * 12 + i32::from(today.month()) - 1) / months + step;
    let year = i16::try_from(all.div_euclid(12 / months)).ok()?;
    let number = i8::try_from(all.rem_euclid(12 / months) + 1).ok()?;
    Some(match halves {
        true => Value::Half { year, half: number }.into(),
        false => Value::Quarter { year, quarter: number }.into(),
    })
}

/// `2014-2019`, `2024/25`; what runs backwards is no range of years.
fn years(found: &Found<'_>) -> Option<Reading> {
    if is_no_year(found) {
        return None;
    }
    let (from, to): (i16, i16) = (found.number("from")?, found.number("to")?);
    let to = if to < 100 { from / 100 * 100 + to } else { to };
    (from < to).then(|| Value::range(Value::Year { year: from }, Value::Year { year: to }).into())
}

fn decade(found: &Found<'_>) -> Option<Reading> {
    let year: i16 = found.number("year")?;
    // 2000-an pelari
    let whole = found.captures.get(0).map_or("", |whole| whole.as_str());
    let digits = found.text("year")?;
    if whole.starts_with(digits) && digits.ends_with("00") && is_amount(found, digits) {
        return None;
    }
    // `tahun 40-an` are those of the century before this one.
    Some(Value::Decade { year: if year < 100 { 1900 + year } else { year } }.into())
}

fn century(found: &Found<'_>) -> Option<Reading> {
    let text = found.text("century")?;
    let century = text.parse().ok().or_else(|| roman(text)).filter(|century| (1..=30).contains(century))?;
    // Before the Common Era centuries are counted the other way.
    let before =
        ["SM", "Sebelum", "sebelum"].into_iter().any(|era| found.after.trim_start().starts_with(era));
    Some(Some(Value::Century { century }).filter(|_| !before).into())
}

/// A number in Roman figures.
fn roman(text: &str) -> Option<i16> {
    let worth = |c: char| [('I', 1), ('V', 5), ('X', 10)].into_iter().find(|(figure, _)| *figure == c);
    let figures: Vec<i16> = text.chars().map(|c| worth(c).map(|(_, worth)| worth)).collect::<Option<_>>()?;
    let next = figures.iter().skip(1).chain([&0]);
    Some(figures.iter().zip(next).map(|(figure, next)| if figure < next { -figure } else { *figure }).sum())
}

/// A year that stands by itself.
fn single(found: &Found<'_>) -> Option<Reading> {
    if is_no_year(found) {
        return None;
    }
    Some(Value::Year { year: year(found.text("year")?)? }.into())
}
