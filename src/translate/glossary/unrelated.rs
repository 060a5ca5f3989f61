//! Words that look like a form of a term and are another word: `Polisi` is no form of polis, `masalah` none of masa.

use super::forms::Form;
use crate::part::Part;
use crate::translate::check::lexicon::{self, Senses};

/// Endings that no word of the lists has alone, without a prefix.
const NEVER_ALONE: [&str; 2] = ["i", "lah"];

/// Letters that the English of a word and of its root have in common at least: regret, regrettable.
const ALIKE: usize = 5;

/// Whether the word with these readings, as [`super::forms::of`] gives them, is another one than `base`, whose English is `target`: the lists
/// know it, and none of its senses is one of the base's.
pub(super) fn is_another(readings: &[Form], base: &str, target: &str) -> bool {
    let own = readings.iter().filter(|form| !form.derived).take_while(|form| form.base != base);
    let mut own = own.filter_map(|form| Some((form, lexicon::listed(&form.base)?)));
    let Some((word, senses)) = own.next() else { return false };
    if NEVER_ALONE.iter().any(|ending| word.base.strip_suffix(ending) == Some(base)) {
        return true;
    }
    let mut of_base = lexicon::listed(base).unwrap_or_default();
    of_base.extend(lexicon::stems(target));
    !share(&senses, &of_base)
}

fn share(one: &Senses, other: &Senses) -> bool {
    let start = |stem: &String| {
        stem.char_indices().nth(ALIKE - 1).map(|(at, last)| stem.part(..at + last.len_utf8()).to_owned())
    };
    let starts: Senses = other.iter().filter_map(start).collect();
    one.iter().any(|stem| other.contains(stem) || start(stem).is_some_and(|start| starts.contains(&start)))
}
