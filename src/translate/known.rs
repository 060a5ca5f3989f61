//! The names and fixed expressions of a segment that the lists of the crate know.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Match, Regex};

use crate::lang::id::dictionary::{self, LONGEST, LONGEST_NAME};
use crate::part::Part;
use crate::text::pattern;

/// What the lists of the crate put into English as a whole: where it stands in a segment, and what it may be.
pub(super) fn english(segment: &str) -> Vec<(Range<usize>, Vec<&'static str>)> {
    let names = names(segment).into_iter().map(|(range, name)| (range, vec![name.english]));
    let words: Vec<Match<'_>> = WORD.find_iter(segment).collect();
    let expressions = (0..words.len()).filter_map(|at| {
        let rest = words.get(at..)?;
        let (count, _, entry) = expression(segment, rest)?;
        Some((rest.first()?.start()..rest.get(count - 1)?.end(), entry.senses().collect()))
    });
    names.chain(expressions).collect()
}

/// The longest fixed expression that the words begin with: how many they are, the form, and its entry.
pub(super) fn expression(segment: &str, words: &[Match<'_>]) -> Option<(usize, String, dictionary::Entry)> {
    let first = words.first().filter(|word| dictionary::opens_expression(&word.as_str().to_lowercase()))?;
    (2..=LONGEST.min(words.len())).rev().find_map(|count| {
        let form = phrase(segment, first, words.get(count - 1)?)?;
        let spaced = words.iter().take(count).map(|word| word.as_str()).collect::<Vec<_>>().join(" ");
        let form = (form == spaced).then(|| form.to_lowercase())?;
        let entry = dictionary::expression(&form)?;
        Some((count, form, entry))
    })
}

/// The text from one word to another.
fn phrase<'t>(segment: &'t str, first: &Match<'_>, last: &Match<'_>) -> Option<&'t str> {
    segment.get(first.start()..last.end())
}

/// All names of a segment and where they stand: the longest of what overlaps.
pub(super) fn names(segment: &str) -> Vec<(Range<usize>, dictionary::Name)> {
    let mut found = Vec::new();
    let all: Vec<Match<'_>> = NAME_WORD.find_iter(segment).collect();
    let mut rest = all.as_slice();
    while let [first, behind @ ..] = rest {
        let name = (1..=LONGEST_NAME.min(rest.len())).rev().find_map(|count| {
            let last = rest.get(count - 1)?;
            Some((count, first.start()..last.end(), dictionary::name(phrase(segment, first, last)?)?))
        });
        let Some((words, range, name)) = name.filter(|(_, range, _)| !is_initials(segment, range)) else {
            rest = behind;
            continue;
        };
        rest = rest.part(words..);
        found.push((range, name));
    }
    found
}

/// Whether a short name in capitals is rather a person whom the article does not name: `tersangka MA (24)`, `R dan MA`, `berinisial BI`.
pub(super) fn is_initials(segment: &str, name: &Range<usize>) -> bool {
    static BEFORE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?:(?i:\b(?:ber)?inisial(?:nya)?(?:\sadalah)?)|(?:^|[\s(])[A-WYZ](?:,|\s(?:dan|serta|bersama|atau|&)))\s$",
        )
    });
    static AFTER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"^(?:\s?\(\d\d(?:\s?(?:tahun|thn|th))?\)|(?:,|\s(?:dan|serta|bersama|atau|&))\s[A-WYZ](?:[\s,.;)]|$))",
        )
    });
    let (before, after) = (segment.part(..name.start), segment.part(name.end..));
    let near = (before.len().saturating_sub(BESIDE)..).find_map(|near| before.get(near..));
    let written = segment.part(name.clone());
    written.len() <= INITIALS
        && written.chars().all(|c| c.is_ascii_uppercase())
        && (near.is_some_and(|before| BEFORE.is_match(before)) || AFTER.is_match(after))
}

/// Bytes before a name that may tell that it is a person's initials.
const BESIDE: usize = 40;

/// Letters that stand for a person at most.
const INITIALS: usize = 4;

/// As Python's `[^\W_]+(?:[-'’][^\W_]+)*`.
static NAME_WORD: LazyLock<Regex> = LazyLock::new(|| pattern(r"[\p{L}\p{N}]+(?:[-'’][\p{L}\p{N}]+)*"));

/// As Python's `[^\W\d_]+(?:-[^\W\d_]+)*`: letters and numbers that are no digits, but no combining marks.
pub(super) static WORD: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"[\p{L}\p{Nl}\p{No}]+(?:-[\p{L}\p{Nl}\p{No}]+)*"));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_of_a_person_are_no_institution() {
        for (segment, expected) in [
            ("Kata MA, itu final.", &["MA"][..]),
            ("Kata MA dan MK, itu final.", &["MA", "MK"]),
            ("R dan MA ditahan polisi.", &[]),
            ("MA dan R ditahan polisi.", &[]),
            ("Polisi menahan MA (24) di rumahnya.", &[]),
            ("Polisi menahan MA (24 tahun) di rumahnya.", &[]),
            ("Seorang pria berinisial BI ditahan.", &[]),
            ("Setelah rapat yang panjang sekali itu, seorang pria berinisial BI ditahan.", &[]),
            ("“““““““““““““““““““““““““““““““““ berinisial BI ditahan.", &[]),
            ("Akun X dan MA ramai.", &["MA"]),
            ("Kata MA (2024), itu final.", &["MA"]),
            ("Mahkamah Agung (MA) memutus.", &["Mahkamah Agung", "MA"]),
        ] {
            let found: Vec<&str> = names(segment).into_iter().map(|(range, _)| segment.part(range)).collect();
            assert_eq!(found, expected, "{segment}");
        }
    }
}
