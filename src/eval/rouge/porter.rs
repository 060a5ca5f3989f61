//! The Porter stemmer with the extensions of NLTK, which rouge-score uses.
//!
//! Porter, "An algorithm for suffix stripping", Program 14.3 (1980). NLTK (`nltk.stem.porter`, its default mode)
//! changes some rules and adds exceptions; crates with Porter stemmers follow the paper or Snowball and differ from it.

/// Words that have their own stem.
const IRREGULAR: &[(&str, &str)] = &[
    ("sky", "sky"),
    ("skies", "sky"),
    ("dying", "die"),
    ("lying", "lie"),
    ("tying", "tie"),
    ("news", "news"),
    ("innings", "inning"),
    ("inning", "inning"),
    ("outings", "outing"),
    ("outing", "outing"),
    ("cannings", "canning"),
    ("canning", "canning"),
    ("howe", "howe"),
    ("proceed", "proceed"),
    ("exceed", "exceed"),
    ("succeed", "succeed"),
];

/// A suffix and what replaces it.
type Rule = (&'static str, &'static str);

const STEP_1A: &[Rule] = &[("sses", "ss"), ("ies", "i"), ("ss", "ss"), ("s", "")];

const STEP_2: &[Rule] = &[
    ("ational", "ate"),
    ("tional", "tion"),
    ("enci", "ence"),
    ("anci", "ance"),
    ("izer", "ize"),
    ("bli", "ble"),
    ("alli", "al"),
    ("entli", "ent"),
    ("eli", "e"),
    ("ousli", "ous"),
    ("ization", "ize"),
    ("ation", "ate"),
    ("ator", "ate"),
    ("alism", "al"),
    ("iveness", "ive"),
    ("fulness", "ful"),
    ("ousness", "ous"),
    ("aliti", "al"),
    ("iviti", "ive"),
    ("biliti", "ble"),
    ("fulli", "ful"),
];

const STEP_3: &[Rule] = &[
    ("icate", "ic"),
    ("ative", ""),
    ("alize", "al"),
    ("iciti", "ic"),
    ("ical", "ic"),
    ("ful", ""),
    ("ness", ""),
];

const STEP_4: &[Rule] = &[
    ("al", ""),
    ("ance", ""),
    ("ence", ""),
    ("er", ""),
    ("ic", ""),
    ("able", ""),
    ("ible", ""),
    ("ant", ""),
    ("ement", ""),
    ("ment", ""),
    ("ent", ""),
    ("ion", ""),
    ("ou", ""),
    ("ism", ""),
    ("ate", ""),
    ("iti", ""),
    ("ous", ""),
    ("ive", ""),
    ("ize", ""),
];

/// The stem of `word`, which must be in lower case; words of one or two letters are their own stems.
pub(crate) fn stem(word: &str) -> String {
    if let Some((_, stem)) = IRREGULAR.iter().find(|(irregular, _)| *irregular == word) {
        return (*stem).to_owned();
    }
    if word.chars().count() <= 2 {
        return word.to_owned();
    }
    let word = step_1a(word.to_owned());
    let word = step_1b(word);
    let word = step_1c(word);
    let word = step_2(word);
    let word = replaced(word, STEP_3, |stem, _| measure(stem) > 0);
    let word = replaced(word, STEP_4, |stem, suffix| {
        measure(stem) > 1 && (suffix != "ion" || stem.ends_with(['s', 't']))
    });
    step_5(word)
}

/// Applies the first rule whose suffix `word` ends with, if `holds` for the stem before it; no other rule is tried.
fn replaced(word: String, rules: &[Rule], holds: impl Fn(&str, &str) -> bool) -> String {
    let found = rules.iter().find_map(|(suffix, replacement)| {
        word.strip_suffix(suffix).map(|stem| (stem, *suffix, *replacement))
    });
    match found {
        Some((stem, suffix, replacement)) if holds(stem, suffix) => format!("{stem}{replacement}"),
        _ => word,
    }
}

/// Plurals.
fn step_1a(word: String) -> String {
    match word.strip_suffix("ies") {
        Some(stem) if stem.chars().count() == 1 => format!("{stem}ie"),
        _ => replaced(word, STEP_1A, |_, _| true),
    }
}

/// `-ed` and `-ing`.
fn step_1b(word: String) -> String {
    if let Some(stem) = word.strip_suffix("ied") {
        return format!("{stem}{}", if stem.chars().count() == 1 { "ie" } else { "i" });
    }
    if let Some(stem) = word.strip_suffix("eed") {
        return if measure(stem) > 0 { format!("{stem}ee") } else { word };
    }
    let stem = ["ed", "ing"].iter().find_map(|suffix| word.strip_suffix(suffix));
    match stem.filter(|stem| kinds(stem).contains(&Kind::Vowel)) {
        Some(stem) => mended(stem),
        None => word,
    }
}

/// The end of a stem that lost `-ed` or `-ing`.
fn mended(stem: &str) -> String {
    if ["at", "bl", "iz"].iter().any(|end| stem.ends_with(end)) {
        return format!("{stem}e");
    }
    if let Some(last) = double_consonant(stem) {
        return match last {
            'l' | 's' | 'z' => stem.to_owned(),
            _ => stem.strip_suffix(last).unwrap_or(stem).to_owned(),
        };
    }
    if measure(stem) == 1 && ends_cvc(stem) {
        return format!("{stem}e");
    }
    stem.to_owned()
}

/// `-y` after a consonant that is not the whole stem.
fn step_1c(word: String) -> String {
    match word.strip_suffix('y') {
        Some(stem) if stem.chars().count() > 1 && kinds(stem).last() == Some(&Kind::Consonant) => {
            format!("{stem}i")
        }
        _ => word,
    }
}

fn step_2(word: String) -> String {
    if let Some(stem) = word.strip_suffix("alli").filter(|stem| measure(stem) > 0) {
        return step_2(format!("{stem}al"));
    }
    if let Some(stem) = word.strip_suffix("logi").filter(|_| !ends_with_any(&word, STEP_2)) {
        // The `l` counts as part of the stem, so that `geo` and `theo` are long enough.
        return if measure(&format!("{stem}l")) > 0 { format!("{stem}log") } else { word };
    }
    replaced(word, STEP_2, |stem, _| measure(stem) > 0)
}

fn ends_with_any(word: &str, rules: &[Rule]) -> bool {
    rules.iter().any(|(suffix, _)| word.ends_with(suffix))
}

/// A final `-e`, and `-ll`.
fn step_5(word: String) -> String {
    let word = match word.strip_suffix('e') {
        Some(stem) if measure(stem) > 1 || (measure(stem) == 1 && !ends_cvc(stem)) => stem.to_owned(),
        _ => word,
    };
    match word.strip_suffix('l') {
        Some(stem) if stem.ends_with('l') && measure(stem) > 1 => stem.to_owned(),
        _ => word,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Vowel,
    Consonant,
}

/// What each letter is; `y` is a vowel after a consonant.
fn kinds(word: &str) -> Vec<Kind> {
    let mut kinds = Vec::with_capacity(word.len());
    for letter in word.chars() {
        kinds.push(match letter {
            'a' | 'e' | 'i' | 'o' | 'u' => Kind::Vowel,
            'y' if kinds.last() == Some(&Kind::Consonant) => Kind::Vowel,
            _ => Kind::Consonant,
        });
    }
    kinds
}

/// Porter's m: how often a vowel is followed by a consonant.
fn measure(stem: &str) -> usize {
    kinds(stem).windows(2).filter(|pair| *pair == [Kind::Vowel, Kind::Consonant]).count()
}

/// The consonant that `word` ends with twice.
fn double_consonant(word: &str) -> Option<char> {
    let mut letters = word.chars().rev();
    let last = letters.next()?;
    (letters.next() == Some(last) && kinds(word).last() == Some(&Kind::Consonant)).then_some(last)
}

/// Porter's *o: consonant, vowel, consonant other than w, x, y; in NLTK also a whole word of vowel and consonant.
fn ends_cvc(word: &str) -> bool {
    use Kind::{Consonant, Vowel};
    match kinds(word).as_slice() {
        [Vowel, Consonant] => true,
        [.., Consonant, Vowel, Consonant] => !word.ends_with(['w', 'x', 'y']),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn stems_as_nltk() {
        #[derive(serde::Deserialize)]
        struct Stored {
            stems: Vec<(String, String)>,
        }
        let path = format!("{}/tests/data/eval/rouge.json", env!("CARGO_MANIFEST_DIR"));
        let stored: Stored = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        assert!(stored.stems.len() > 3000);
        for (word, expected) in &stored.stems {
            assert_eq!(stem(word), *expected, "{word}");
        }
    }

    #[test]
    fn survives_any_letters() {
        for word in ["", "é", "ééied", "ies", "ing", "ed", "yyyyying", "ization"] {
            stem(word);
        }
    }
}
