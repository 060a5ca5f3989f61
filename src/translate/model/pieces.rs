//! Cuts overlong segments at clause boundaries before translation and joins their English afterwards.

use crate::document::Span;
use crate::part::Part;
use crate::sentence::{KeptText, RuleSplitter};
use crate::text::floor;

/// The sentences of a segment: a model that was trained on single ones leaves things out of several.
pub(super) fn sentences(segment: &str) -> impl Iterator<Item = &str> {
    let kept = [Span::whole(segment)];
    let sentences = RuleSplitter::new().split_one(KeptText { text: segment, kept: &kept });
    sentences.into_iter().map(|sentence| sentence.span.of(segment))
}

/// Boundaries from the strongest to the weakest; each stands at the end of the part before it.
const BOUNDARIES: [&[&str]; 4] =
    [&[". ", "! ", "? ", ".\" ", ".” ", "!” ", "?” "], &["; ", ": ", " – ", " — "], &[", "], &[" "]];

/// Before one of these words a comma separates clauses, not members of a list.
const CONJUNCTIONS: [&str; 20] = [
    "dan",
    "tetapi",
    "tapi",
    "namun",
    "sedangkan",
    "sementara",
    "serta",
    "karena",
    "sebab",
    "sehingga",
    "agar",
    "supaya",
    "meski",
    "meskipun",
    "walaupun",
    "setelah",
    "sebelum",
    "ketika",
    "yang",
    "kata",
];

/// Parts of `text`, each at most `most` bytes long and none empty, cut at the strongest boundary near the middle.
/// Only white space is lost; a word longer than `most` is cut between characters.
pub(crate) fn cut(text: &str, most: usize) -> Vec<&str> {
    let mut parts = Vec::new();
    // Parts still to look at, the next one last. Room for one character is the least that makes progress.
    let mut waiting = vec![text.trim()];
    while let Some(part) = waiting.pop() {
        if part.len() <= most.max(4) {
            if !part.is_empty() {
                parts.push(part);
            }
            continue;
        }
        let (left, right) = part.split_at(boundary(part, most.max(4)));
        waiting.push(right.trim_start());
        waiting.push(left.trim_end());
    }
    parts
}

/// Where to cut a text that is too long.
fn boundary(text: &str, most: usize) -> usize {
    // Of a very long text only the start is looked at, so that time stays proportional to its length.
    let window = floor(text, text.len().min(2 * most));
    let head = text.get(..window).unwrap_or(text);
    // Both parts keep at least a third of what may stand together, lest slivers come off.
    let least = head.len() / 3;
    let range = least..=head.len() - least;
    let middle = head.len() / 2;
    let nearest = |places: Vec<usize>| {
        let inside = places.into_iter().filter(|place| range.contains(place));
        inside.min_by_key(|place| place.abs_diff(middle))
    };
    let ends = |marks: &[&str]| -> Vec<usize> {
        marks.iter().flat_map(|mark| head.match_indices(mark).map(|(at, mark)| at + mark.len())).collect()
    };
    let [sentences, clauses, commas, blanks] = BOUNDARIES;
    let conjunction = |&place: &usize| {
        let next = head.part(place..).split(' ').next().unwrap_or_default();
        CONJUNCTIONS.contains(&next)
    };
    nearest(ends(sentences))
        .or_else(|| nearest(ends(clauses)))
        .or_else(|| nearest(ends(commas).into_iter().filter(conjunction).collect()))
        .or_else(|| nearest(ends(commas)))
        .or_else(|| nearest(ends(blanks).into_iter().filter(conjunction).collect()))
        .or_else(|| nearest(ends(blanks)))
        .unwrap_or_else(|| floor(text, middle.min(most)).max(first_width(text)))
}

fn first_width(text: &str) -> usize {
    text.chars().next().map_or(0, char::len_utf8)
}

/// Whether `A` opens a number plate: `A 1234 BC`.
fn is_plate(word: &str, rest: &str) -> bool {
    let mut next = rest.split_whitespace();
    let figures = next.next().is_some_and(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    let letters = next.next().is_some_and(|part| part.starts_with(|c: char| c.is_ascii_uppercase()));
    word == "A" && figures && letters
}

/// Words that lose their capital where a part goes on in the middle of a sentence.
const FUNCTION_WORDS: [&str; 44] = [
    "The",
    "A",
    "An",
    "And",
    "But",
    "Or",
    "So",
    "In",
    "On",
    "At",
    "By",
    "For",
    "From",
    "To",
    "Of",
    "With",
    "As",
    "Is",
    "Are",
    "Was",
    "Were",
    "It",
    "Its",
    "He",
    "She",
    "They",
    "We",
    "This",
    "That",
    "These",
    "Those",
    "Which",
    "Who",
    "While",
    "When",
    "Because",
    "Although",
    "After",
    "Before",
    "If",
    "Not",
    "Such",
    "Also",
    "Meanwhile",
];

/// Joins the English of parts that [`cut`] made: a part that ended within a sentence does so in English as well.
pub(crate) fn join(parts: &[&str], english: &[String]) -> String {
    let mut joined = String::new();
    let mut open = false;
    for (part, english) in parts.iter().zip(english) {
        let mut english = english.trim();
        if english.is_empty() {
            continue;
        }
        let ends = |text: &str| text.ends_with(['.', '!', '?', '"', '”', '\'', '’']);
        if !joined.is_empty() {
            joined.push(' ');
        }
        let (word, rest) = english.split_at(english.find(' ').unwrap_or(english.len()));
        if open && FUNCTION_WORDS.contains(&word) && !is_plate(word, rest) {
            joined.push_str(&word.to_lowercase());
            english = rest;
        }
        open = !ends(part);
        if open && !english.ends_with("..") {
            english = english.strip_suffix('.').unwrap_or(english);
        }
        joined.push_str(english);
        if let Some(mark) = part.chars().next_back().filter(|mark| matches!(mark, ',' | ';' | ':')) {
            if !joined.ends_with([',', ';', ':', '.', '!', '?']) {
                joined.push(mark);
            }
        }
    }
    // The last part ends the segment: whatever mark its English has stays.
    if open && english.last().is_some_and(|last| last.trim_end().ends_with('.')) && !joined.ends_with('.') {
        joined.push('.');
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn leaves_short_text_alone() {
        assert_eq!(cut(" Hujan turun. ", 40), ["Hujan turun."]);
        assert!(cut(" \n ", 40).is_empty());
    }

    #[test]
    fn prefers_strong_boundaries() {
        let text = "Harga beras naik, kata Sari; stok di gudang, pasar, dan kios masih cukup.";
        assert_eq!(
            cut(text, 50),
            ["Harga beras naik, kata Sari;", "stok di gudang, pasar, dan kios masih cukup."]
        );
        let text = "Wali kota meninjau pasar, gudang beras, dan pelabuhan, sedangkan bupati memeriksa bendungan baru.";
        assert_eq!(
            cut(text, 60),
            [
                "Wali kota meninjau pasar, gudang beras, dan pelabuhan,",
                "sedangkan bupati memeriksa bendungan baru."
            ]
        );
    }

    #[test]
    fn joins_within_one_sentence() {
        let parts = ["Harga naik;", "stok di gudang cukup."];
        let english = ["Prices rose.".to_owned(), "The stock in the warehouse is enough.".to_owned()];
        assert_eq!(join(&parts, &english), "Prices rose; the stock in the warehouse is enough.");
        let parts = ["Hujan turun.", "Jalan banjir"];
        let english = ["It rained.".to_owned(), "The road is flooded.".to_owned()];
        assert_eq!(join(&parts, &english), "It rained. The road is flooded.");
    }

    #[test]
    fn cuts_a_megabyte_without_a_blank() {
        let text = "x".repeat(1_000_000);
        let parts = cut(&text, 400);
        assert_eq!(parts.concat().len(), text.len());
        assert!(parts.iter().all(|part| part.len() <= 400));
    }

    proptest! {
        #[test]
        fn loses_only_white_space(text in "\\PC{0,300}|[a-c,;. \n]{0,400}", most in 0usize..80) {
            let parts = cut(&text, most);
            for part in &parts {
                prop_assert!(part.len() <= most.max(4) && !part.is_empty());
            }
            let kept: String = parts.concat().split_whitespace().collect();
            prop_assert_eq!(kept, text.split_whitespace().collect::<String>());
        }

        #[test]
        fn joining_never_panics(parts in prop::collection::vec(".*", 0..4), english in prop::collection::vec(".*", 0..4)) {
            let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
            join(&parts, &english);
        }
    }
}
