//! English words apart from their endings: `fell`, `falls` and `falling` are one.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::id::entries;
use crate::eval::stem as porter;

/// The base of each irregular form.
static IRREGULAR: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let lines = entries(include_str!("irregular.txt"));
    lines
        .flat_map(|line| {
            let mut words = line.split_whitespace();
            let base = words.next().unwrap_or_default();
            words.map(move |form| (form, base))
        })
        .collect()
});

/// Words that say little alone.
static LIGHT: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| entries(include_str!("english-light.txt")).flat_map(str::split_whitespace).collect());

/// What a word in lower case has in common with its other forms.
pub(crate) fn stem(word: &str) -> String {
    porter(base(word))
}

/// What a word in lower case is an irregular form of, else the word.
pub(crate) fn base(word: &str) -> &str {
    IRREGULAR.get(word).copied().unwrap_or(word)
}

/// Whether a word in lower case is one of those that every sentence may have.
pub(crate) fn is_light(word: &str) -> bool {
    LIGHT.contains(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_have_one_stem() {
        for (one, other) in [
            ("fell", "falling"),
            ("women", "woman"),
            ("killed", "kills"),
            ("won", "win"),
            ("died", "dies"),
            ("added", "add"),
        ] {
            assert_eq!(stem(one), stem(other), "{one} {other}");
        }
        assert_ne!(stem("rise"), stem("fall"));
        assert!(is_light("the") && is_light("which") && !is_light("rice"));
    }
}
