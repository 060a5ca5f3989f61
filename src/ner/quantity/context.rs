//! What stands around a number and tells that it counts nothing: it is that of something (`RT 02 RW 05`, `lantai 2 rumah`), or a part
//! of a name or of an idiom; and what tells that four digits count something and are no year.

use std::sync::LazyLock;

use regex::Regex;

use super::words::{any, end_of, ends_with_word, first_word, is_number, split_last, start_of};
use super::{pattern, Found};
use crate::lang::id::is_connective;
use crate::lang::id::quantities::{
    AFTER_YEARS, BEFORE_AMOUNTS, BEFORE_COUNTS, BEFORE_TIMES, BEFORE_YEARS, NUMBERED, NUMERALS, OF_EACH,
    OF_NUMBERS, PLACES,
};

/// Whether the number behind `before` is that of something: `lantai 2`, `RT 02 RW 05`, `No. 12`, `menit ke 80`. It counts behind
/// `5 RT` and `per kelas`.
pub(super) fn is_numbered(before: &str) -> bool {
    let mut rest = end_of(before, 60);
    loop {
        let trimmed = rest.trim_end().trim_end_matches(':').trim_end();
        let short = trimmed.strip_suffix('.');
        let (mut head, mut word) = split_last(short.unwrap_or(trimmed));
        if word == "ke" {
            (head, word) = split_last(head);
        }
        let listed = NUMBERED.contains(word) || NUMBERED.contains(word.to_lowercase().as_str());
        // The stop of `kelas.` ends a sentence, that of `No.` does not.
        if !listed || (short.is_some() && word.len() > 3) {
            return false;
        }
        let (further, previous) = split_last(head);
        if OF_EACH.contains(&previous.to_lowercase().as_str()) {
            return false;
        }
        if !is_number(previous) {
            return true;
        }
        rest = further;
    }
}

/// Whether a number and the counter `unit` behind it are parts of a name: `Jalan Mawar 12 Kota Tenau`. In headlines everything has a
/// capital, and behind a preposition such places are counted.
pub(super) fn is_named(found: &Found<'_>, unit: &str) -> bool {
    let written = found.text("unit").unwrap_or_default();
    // Baca juga: 4 Sekolah Kedinasan
    let capital = |word: &str| word.starts_with(char::is_uppercase) && word.contains(char::is_lowercase);
    let previous = split_last(found.before).1.to_lowercase();
    PLACES.contains(&unit)
        && !previous.is_empty()
        && capital(written)
        && capital(first_word(found.after))
        && !is_connective(&previous)
        && !BEFORE_AMOUNTS.contains(&previous.as_str())
        && !BEFORE_COUNTS.contains(&previous.as_str())
        && !is_headline(found)
}

/// Whether the words around have capitals, as in a headline.
fn is_headline(found: &Found<'_>) -> bool {
    let words =
        [end_of(found.before, 50), start_of(found.after, 50)].into_iter().flat_map(str::split_whitespace);
    let mut long = words.filter(|word| word.chars().count() > 3 && !is_connective(word));
    long.all(|word| !word.starts_with(char::is_lowercase))
}

/// Whether a number of things is a part of an idiom: `salah satu warga`, `satu per satu rumah`, `2 x 24 jam`. The sides of `3 x 4 meter`
/// are measures, each by itself.
pub(super) fn is_idiom(found: &Found<'_>, counted: bool) -> bool {
    static ONE: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\b(?:salah|satu (?:per|demi)) $"));
    static TIMES: LazyLock<Regex> = LazyLock::new(|| {
        let numerals = any(NUMERALS.into_iter().map(|(word, _)| word));
        pattern(&format!(r"(?i)(?:\d|\b(?:{numerals})) ?(?:[x×*]|kali) ?$"))
    });
    let near = end_of(found.before, 20);
    let one = found.words("first").is_some_and(|first| first.starts_with("satu"));
    // Twice 24 hours
    static AGAIN: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^ \d+ jam\b"));
    let unit = found.words("unit").unwrap_or_default();
    let twice = unit == "kali" && AGAIN.is_match(found.after);
    let times = counted || ["jam", "hari", "menit", "detik"].contains(&unit.as_str());
    twice || (one && ONE.is_match(near)) || (times && TIMES.is_match(near))
}

/// Whether a bare hour behind `pukul` can be one, seen from what stands before `pukul`. `Polisi pukul 2 warga` tells of a blow, and at
/// the start of a sentence nobody knows.
pub(super) fn is_time(before: &str) -> bool {
    let (_, word) = split_last(before);
    let mark = word.is_empty() && !before.trim().is_empty();
    mark || is_number(word)
        || super::words::month(word).is_some()
        || super::words::weekday(word).is_some()
        || ["wib", "wita", "wit"].contains(&word.to_lowercase().as_str())
        || BEFORE_TIMES.contains(&word.to_lowercase().as_str())
}

/// Whether four digits that stand by themselves are no year: the number of a decree or a room, a part of a longer number, or an amount.
pub(super) fn is_no_year(found: &Found<'_>) -> bool {
    // It is one behind `tahun` and `akhir`, which are parts of the match.
    let whole = found.captures.get(0).map_or("", |whole| whole.as_str());
    if !whole.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let before = found.before.trim_end().trim_end_matches(':');
    let named = match before.strip_suffix('.') {
        Some(before) => ends_with_word(before, &["no", "hal", "hlm", "telp"]),
        None => ends_with_word(before, &OF_NUMBERS),
    };
    // 2000-an pelari
    let about = whole.ends_with("00") && first_word(found.after.trim_start_matches([' ', '-'])) == "an";
    named || about || is_part(found) || is_amount(found, whole)
}

/// Whether they are a part of a telephone number, a plate, a product or a price.
fn is_part(found: &Found<'_>) -> bool {
    static BEFORE: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?:(?:^|\s|\()(?:\+|0)\d+\)?[ -]?(?:\d{3,}[ -])*|\d ?[x×] ?)$"));
    // 1500 046; 1900 2000; 1920 x 1080; 1900 per butir
    static AFTER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"^(?:[ -]0\d|[ -]\d{3,}(?:[ -]\d|[.,;)]?\s*$)| ?[x×] ?\d|(?: ?/ ?| per )\p{Ll})")
    });
    // B 1945 ABC, with the letters of a region before it
    static REGION: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?:^|\s)(?:[ABDEFGHKLMNPRSTWZ]|A[ABDEG]|B[ABDEGHKLMNP]|D[ABCDEGHKLMNPRSTW]|E[ABD]|K[BHTU]|P[AB]) $",
        )
    });
    static SERIES: LazyLock<Regex> = LazyLock::new(|| pattern(r"^ [A-Z]{1,3}\b"));
    let (before, after) = (end_of(found.before, 24), start_of(found.after, 16));
    BEFORE.is_match(before) || AFTER.is_match(after) || (REGION.is_match(before) && SERIES.is_match(after))
}

/// Whether they count or measure what follows: `sebanyak 1800`, `ada 1945 aduan`, `menanam 2000 bibit`. Years are seldom round, so that a
/// round number before a noun is an amount unless a preposition of time or a name stands before it.
pub(super) fn is_amount(found: &Found<'_>, digits: &str) -> bool {
    let (head, previous) = split_last(found.before);
    let lower = previous.to_lowercase();
    let word = lower.as_str();
    // Lebih dari 2000
    let compared = word == "dari" && ends_with_word(head, &["lebih", "kurang"]);
    if compared || BEFORE_AMOUNTS.contains(&word) {
        return true;
    }
    if BEFORE_YEARS.contains(&word) || !precedes_noun(found) {
        return false;
    }
    let opens = head.trim().is_empty();
    let named = previous.starts_with(char::is_uppercase) && !opens && !is_headline(found);
    let numbers = digits.split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty());
    let round = numbers.into_iter().all(|number| number.ends_with("00"));
    let verb = word.len() > 4 && word.starts_with("me");
    !named && (round || verb || BEFORE_COUNTS.contains(&word))
}

/// Whether a noun follows, as far as its form tells: no preposition, no verb.
pub(super) fn precedes_noun(found: &Found<'_>) -> bool {
    let next = first_word(found.after);
    let lower = next.to_lowercase();
    let verb = lower.len() > 4 && (lower.starts_with("me") || lower.starts_with("di"));
    let written =
        next.starts_with(char::is_lowercase) || (next.starts_with(char::is_uppercase) && is_headline(found));
    written
        && found.after.starts_with(char::is_whitespace)
        && !verb
        && !is_connective(&lower)
        && !AFTER_YEARS.contains(&lower.as_str())
}
