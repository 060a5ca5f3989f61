//! Dates, clock times, money, percentages and quantities by rule, with their meaning.
//!
//! A rule is a pattern and a function that says what a match means, or that it is no such thing. All rules look at the
//! whole sentence; of matches that overlap the longest stays. In patterns a blank stands for white space as texts have
//! it, line breaks included.

mod clock;
mod context;
mod date;
mod measure;
mod number;
mod period;
mod relative;
mod sign;
mod words;

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use jiff::civil::Date;
use regex::{Captures, Regex};

use crate::document::{Label, Value};
use crate::part::Part;
use crate::text;
use sign::Sign;

/// A date or quantity in a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// Its bytes.
    pub bytes: Range<usize>,
    /// What it is: [`Label::Date`], [`Label::Time`], [`Label::Money`], [`Label::Percent`] or [`Label::Qty`].
    pub label: Label,
    /// What it means; `None` for what is vague and for what only a reader can date.
    pub value: Option<Value>,
}

/// A way to write a quantity.
struct Rule {
    /// What it looks like; the mention is the group `span` where there is one, else the whole match.
    pattern: Regex,
    label: Label,
    /// The meaning of a match; `None` says that it is no such thing, e.g. a 30th of February.
    read: fn(&Found<'_>) -> Option<Reading>,
}

impl Rule {
    fn new(label: Label, pattern: &str, read: fn(&Found<'_>) -> Option<Reading>) -> Self {
        Rule { pattern: self::pattern(pattern), label, read }
    }

    fn date(pattern: &str, read: fn(&Found<'_>) -> Option<Reading>) -> Self {
        Rule::new(Label::Date, pattern, read)
    }
}

/// A match, with what stands around it.
struct Found<'t> {
    captures: Captures<'t>,
    before: &'t str,
    after: &'t str,
    /// The sign in front of the match.
    sign: Option<Sign>,
    /// The article's date.
    today: Option<Date>,
}

impl<'t> Found<'t> {
    /// The text of a group.
    fn text(&self, group: &str) -> Option<&'t str> {
        Some(self.captures.name(group)?.as_str())
    }

    fn has(&self, group: &str) -> bool {
        self.captures.name(group).is_some()
    }

    /// The number in a group.
    fn number<T: std::str::FromStr>(&self, group: &str) -> Option<T> {
        self.text(group)?.parse().ok()
    }

    /// The text of a group, in lower case and with single blanks.
    fn words(&self, group: &str) -> Option<String> {
        Some(words::plain(self.text(group)?))
    }
}

/// What a match means.
struct Reading {
    value: Option<Value>,
    /// Whether the sign in front of the match is a part of it.
    signed: bool,
    /// The bytes behind the match that are a part of it.
    behind: usize,
}

impl From<Option<Value>> for Reading {
    fn from(value: Option<Value>) -> Self {
        Reading { value, signed: false, behind: 0 }
    }
}

impl From<Value> for Reading {
    fn from(value: Value) -> Self {
        Some(value).into()
    }
}

/// Reads what is vague.
fn vague(_: &Found<'_>) -> Option<Reading> {
    Some(None.into())
}

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let dates = date::rules().into_iter().chain(period::rules()).chain(relative::rules());
    dates.chain(clock::rules()).chain(measure::rules()).collect()
});

/// The dates and quantities in a sentence, ordered and disjoint.
///
/// `today` is the article's date: `19/2`, `Senin lalu` and `dua tahun lalu` are resolved against it.
///
/// ```
/// use intisari::document::Value;
/// use intisari::ner::quantity::quantities;
///
/// let found = quantities("Harga turun minus 5,5 persen menjadi Rp 12 ribu.", None);
/// assert_eq!(found[0].value, Some(Value::Percent { percent: -5.5 }));
/// assert_eq!(found[1].value, Some(Value::Money { amount: 12_000.0, currency: "IDR".to_owned() }));
/// ```
pub fn quantities(sentence: &str, today: Option<Date>) -> Vec<Quantity> {
    let sentence = unambiguous(sentence);
    let mut candidates: Vec<Quantity> =
        RULES.iter().flat_map(|rule| matches(rule, &sentence, today)).collect();
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

/// Compiles the rules, which the first sentence would wait for.
#[cfg(feature = "native")]
pub(crate) fn prepare() {
    LazyLock::force(&RULES);
}

/// What a rule finds. Behind a match that is no such thing the search goes on at the next word, since that may begin one:
/// `Rp 5 juta tahun lalu` is no time of five million years ago, but `tahun lalu` is one.
fn matches(rule: &Rule, sentence: &str, today: Option<Date>) -> Vec<Quantity> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(captures) = rule.pattern.captures_at(sentence, at) {
        let Some(whole) = captures.get(0) else { break };
        let span = captures.name("span").unwrap_or(whole);
        let bytes = balanced(span.range(), span.as_str());
        let end = whole.end();
        let quantity = stands_alone(sentence, &bytes, rule.label).then(|| {
            let before = sentence.part(..bytes.start);
            let after = sentence.part(bytes.end..);
            let sign = Sign::at_end(before);
            let reading = (rule.read)(&Found { captures, before, after, sign, today })?;
            let start = bytes.start - sign.filter(|_| reading.signed).map_or(0, |sign| sign.bytes);
            let end = bytes.end + reading.behind;
            Some(Quantity { bytes: start..end, label: rule.label, value: reading.value })
        });
        match quantity.flatten() {
            Some(quantity) => {
                at = end.max(quantity.bytes.end).max(at + 1);
                found.push(quantity);
            }
            None => at = next_word(sentence, bytes.start),
        }
        if at > sentence.len() || !sentence.is_char_boundary(at) {
            break;
        }
    }
    found
}

/// Where the word behind the one at `at` begins.
fn next_word(text: &str, at: usize) -> usize {
    let rest = text.part(at..);
    let word = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
    let gap = rest.get(word..).and_then(|rest| rest.find(char::is_alphanumeric));
    gap.map_or(text.len() + 1, |gap| at + word + gap)
}

/// The sentence with words hidden, byte by byte, that look like times: `lalu` of `lalu lintas` and `lalu lalang`, and the
/// weekday that a market is called after, `Pasar Minggu`.
fn unambiguous(sentence: &str) -> Cow<'_, str> {
    static OTHERS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"(?P<lalu>\b(?i:lalu))(?: |-)(?i:lintas|lalang)|\b(?:Pasar|PASAR) (?P<market>{})\b",
            words::weekdays()
        ))
    });
    OTHERS.replace_all(sentence, |captures: &Captures<'_>| {
        let whole = captures.get(0).map_or(0..0, |found| found.range());
        let hidden = captures.name("lalu").or_else(|| captures.name("market"));
        let hidden = hidden.map_or(whole.start..whole.start, |found| found.range());
        let marks = "#".repeat(hidden.len());
        format!("{}{marks}{}", sentence.part(whole.start..hidden.start), sentence.part(hidden.end..whole.end))
    })
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
fn stands_alone(text: &str, bytes: &Range<usize>, label: Label) -> bool {
    let mut before = text.part(..bytes.start).chars().rev();
    let mut after = text.part(bytes.end..).chars();
    let joined = |mark: Option<char>, beyond: Option<char>| match mark {
        Some('.' | ',' | ':') => beyond.is_some_and(|c| c.is_ascii_digit()),
        // The same moment in two zones: 19.30 WITA/18.30 WIB.
        Some('/') if label == Label::Time => beyond.is_some_and(|c| c.is_ascii_digit()),
        Some('-' | '/' | '−') => beyond.is_some_and(char::is_alphanumeric),
        Some(mark) => mark.is_alphanumeric(),
        None => false,
    };
    let left = joined(before.next(), before.next());
    let (mark, beyond) = (after.next(), after.next());
    // `500 orang-orangan` and `km/jam` are cut by the patterns; a number goes on only into digits.
    let number = text.get(..bytes.end).is_some_and(|text| text.ends_with(|c: char| c.is_ascii_digit()));
    let right = match mark {
        Some('-' | '/') => (number || label != Label::Time) && beyond.is_some_and(|c| c.is_ascii_digit()),
        _ => joined(mark, beyond),
    };
    !left && !right
}

/// Compiles a pattern in which a blank stands for white space: a line break with its carriage return, some blanks.
///
/// A pattern may stand on several lines: their breaks go, each with the indentation of the next line. Every other
/// blank counts, also at the end of a line and behind a `|`, so none that counts may begin a line. A piece that is
/// put into patterns ends without a break: a blank behind it would be lost as indentation.
fn pattern(pattern: &str) -> Regex {
    let joined: String = pattern.lines().map(str::trim_start).collect();
    text::pattern(&joined.replace(" ?", r"\s{0,3}").replace(' ', r"\s{1,3}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn found(text: &str, today: Option<Date>) -> Vec<(&str, Option<Value>)> {
        quantities(text, today).into_iter().map(|q| (&text[q.bytes], q.value)).collect()
    }

    // What is found with an article's date, and what it means, stands in `tests/data/quantities.tsv`.

    #[test]
    fn without_the_date_of_the_article_nothing_is_counted_from_it() {
        let day_of_month = |month, day| Some(Value::DayOfMonth { month, day });
        let days =
            Value::range(Value::DayOfMonth { month: 12, day: 30 }, Value::DayOfMonth { month: 1, day: 2 });
        for (text, expected) in [
            ("Sabtu (19/2)", day_of_month(2, 19)),
            ("29 Februari", day_of_month(2, 29)),
            ("30 Desember-2 Januari", days),
            ("Senin lalu", None),
            ("kemarin", None),
            ("dua tahun lalu", None),
            ("akhir pekan lalu", None),
            ("Desember lalu", None),
            ("kuartal lalu", None),
            ("semester I tahun ini", None),
        ] {
            assert_eq!(found(&format!("pada {text}."), None), [(text, expected)], "{text}");
        }
    }

    #[test]
    fn days_are_resolved_over_the_turn_of_the_year() {
        let today = Some(date(2022, 1, 3));
        let day = |year, month, day| Some(Value::Day { date: date(year, month, day) });
        for (text, expected) in [
            ("31 Desember lalu", day(2021, 12, 31)),
            ("Sabtu (1/1)", day(2022, 1, 1)),
            ("Jumat (31/12)", day(2021, 12, 31)),
            ("Senin lalu", day(2021, 12, 27)),
            ("Selasa depan", day(2022, 1, 4)),
            ("bulan lalu", Some(Value::Month { year: 2021, month: 12 })),
            ("Desember lalu", Some(Value::Month { year: 2021, month: 12 })),
            ("kuartal lalu", Some(Value::Quarter { year: 2021, quarter: 4 })),
            ("pekan lalu", Some(Value::Week { year: 2021, week: 52 })),
            ("29 Februari", Some(Value::DayOfMonth { month: 2, day: 29 })),
        ] {
            assert_eq!(found(&format!("pada {text}."), today), [(text, expected)], "{text}");
        }
    }

    #[test]
    fn of_a_broken_pattern_breaks_and_indentation_go() {
        let broken = pattern(
            r"
            (?:
                hari ?
                ke
                | lusa
            )",
        );
        assert_eq!(broken.as_str(), r"(?:hari\s{0,3}ke|\s{1,3}lusa)");
        assert_eq!(pattern("hari \n    ini").as_str(), r"hari\s{1,3}ini");
    }

    #[test]
    fn what_is_no_such_thing_hides_nothing_behind_it() {
        assert_eq!(found("x5 dan 12 orang", None).len(), 1);
        assert_eq!(found("pada 31/2/2022 atau 1/3/2022", None).len(), 1);
        assert_eq!(found("Jumat 10.11 WIB", None).len(), 2);
    }
}
