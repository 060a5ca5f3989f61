//! Whether an English text has a term, in any of its forms.

use super::{joined, words};
use crate::lang::english_words::base;

/// Shorter stems begin too many words.
const STEM: usize = 4;

/// Whether `text` has the words of `term` beside each other, with no other marks between them than the term has: in lower case in any case and inflected, with capitals as they
/// are. Where the source is `derived` from its entry, a word of the same stem will do.
pub(super) fn has(text: &str, term: &str, derived: bool) -> bool {
    let shouts = !text.contains(char::is_lowercase);
    let wanted = words(term);
    let there = words(text);
    if wanted.is_empty() {
        return true;
    }
    there.windows(wanted.len()).any(|window| {
        let beside = window
            .windows(2)
            .zip(wanted.windows(2))
            .all(|(here, there)| joined(text, here) == joined(term, there) || joined(text, here).is_empty());
        beside
            && window.iter().zip(&wanted).all(|((_, word), (_, wanted))| {
                if shouts || !wanted.contains(char::is_uppercase) {
                    is_form(&word.to_lowercase(), &wanted.to_lowercase(), derived)
                } else {
                    is_form(word, wanted, false)
                }
            })
    })
}

/// Whether `word` is `base`, its plural, its possessive, or a form of it as a verb.
fn is_form(word: &str, base: &str, derived: bool) -> bool {
    let word = word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word);
    // sold of sell, children of child
    if word == base
        || self::base(word) == self::base(base)
        || inflections(base).iter().any(|form| form == word)
    {
        return true;
    }
    let stem = base.strip_suffix(['e', 'y']).unwrap_or(base);
    derived && stem.chars().count() >= STEM && word.starts_with(stem)
}

fn inflections(base: &str) -> Vec<String> {
    let mut forms: Vec<String> = ["s", "es", "ed", "ing"].map(|ending| format!("{base}{ending}")).into();
    if let Some(stem) = base.strip_suffix('y') {
        forms.extend(["ies", "ied"].map(|ending| format!("{stem}{ending}")));
    }
    if let Some(stem) = base.strip_suffix('e') {
        forms.extend([format!("{base}d"), format!("{stem}ing")]);
    }
    // crises, analyses
    if let Some(stem) = base.strip_suffix("is") {
        forms.push(format!("{stem}es"));
    }
    if let Some(stem) = base.strip_suffix("fe").or_else(|| base.strip_suffix('f')) {
        forms.push(format!("{stem}ves"));
    }
    if let Some(stem) = base.strip_suffix("man") {
        forms.push(format!("{stem}men"));
    }
    // pit, pitted
    if let Some(last) = base.chars().last().filter(char::is_ascii_alphabetic) {
        forms.extend(["ed", "ing"].map(|ending| format!("{base}{last}{ending}")));
    }
    forms
}
