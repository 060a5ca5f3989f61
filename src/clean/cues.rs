//! Which patterns can match at all: each match of a pattern contains one of its cues, a few letters that a single
//! scan of the text looks for. Most patterns are so left alone in most lines.

use std::collections::BTreeSet;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use regex_syntax::hir::{Class, Hir, HirKind};

/// Shorter ones are in every line.
const SHORTEST: usize = 4;
/// Most cues of one pattern, and most words that a part of it may stand for.
const MOST: usize = 64;

/// Finds the cues of all patterns in one scan.
#[derive(Debug)]
pub(super) struct Cues {
    automaton: Option<AhoCorasick>,
    /// For each cue the patterns that need it.
    patterns: Vec<Vec<usize>>,
    /// Patterns without cues, ascending: they may match anywhere.
    pub free: Vec<usize>,
}

impl Cues {
    /// The cues of `patterns`, which are regular expressions.
    pub fn new<'a>(patterns: impl IntoIterator<Item = &'a str>) -> Self {
        let mut needed: std::collections::BTreeMap<String, Vec<usize>> = Default::default();
        let mut free = Vec::new();
        for (index, pattern) in patterns.into_iter().enumerate() {
            match regex_syntax::parse(pattern).ok().and_then(|hir| words(&hir).needed()) {
                Some(cues) => cues.into_iter().for_each(|cue| needed.entry(cue).or_default().push(index)),
                None => free.push(index),
            }
        }
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .ascii_case_insensitive(true)
            // Twice as fast as the default for this many words, and still small.
            .kind(Some(AhoCorasickKind::DFA))
            .build(needed.keys())
            .ok();
        if automaton.is_none() {
            free = (0..=needed.values().flatten().chain(&free).copied().max().unwrap_or(0)).collect();
        }
        Cues { automaton, patterns: needed.into_values().collect(), free }
    }

    /// Where in `text` a cue ends, and the patterns that need it; in order.
    pub fn find<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (usize, &'a [usize])> + 'a {
        let found = self.automaton.iter().flat_map(move |automaton| automaton.find_overlapping_iter(text));
        found.filter_map(|one| Some((one.end(), self.patterns.get(one.pattern().as_usize())?.as_slice())))
    }
}

/// What is known of the texts that a part of a pattern matches, in small letters.
enum Words {
    /// It matches just these.
    Are(BTreeSet<String>),
    /// It matches more, but one of these is inside, if any are known.
    Contain(Option<BTreeSet<String>>),
}

impl Words {
    fn needed(self) -> Option<BTreeSet<String>> {
        let (Words::Are(words) | Words::Contain(Some(words))) = self else { return None };
        (shortest(&words) >= SHORTEST && words.len() <= MOST).then_some(words)
    }
}

fn shortest(words: &BTreeSet<String>) -> usize {
    words.iter().map(String::len).min().unwrap_or(0)
}

fn words(hir: &Hir) -> Words {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Words::Are([String::new()].into()),
        HirKind::Literal(literal) => match std::str::from_utf8(&literal.0) {
            Ok(word) => Words::Are([word.to_ascii_lowercase()].into()),
            Err(_) => Words::Contain(None),
        },
        HirKind::Class(class) => match letters(class) {
            Some(letters) => Words::Are(letters),
            None => Words::Contain(None),
        },
        HirKind::Repetition(repeated) if repeated.min > 0 => Words::Contain(words(&repeated.sub).needed()),
        HirKind::Repetition(_) => Words::Contain(None),
        HirKind::Capture(capture) => words(&capture.sub),
        HirKind::Alternation(branches) => alternation(branches),
        HirKind::Concat(parts) => concatenation(parts),
    }
}

/// The letters of a class of few, small and capital ones taken for the same.
fn letters(class: &Class) -> Option<BTreeSet<String>> {
    let letters: BTreeSet<String> = match class {
        Class::Unicode(class) if class.ranges().len() <= 8 => class
            .ranges()
            .iter()
            .flat_map(|range| (range.start()..=range.end()).take(9))
            .map(|letter| letter.to_ascii_lowercase().to_string())
            .collect(),
        Class::Bytes(class) if class.is_ascii() && class.ranges().len() <= 8 => class
            .ranges()
            .iter()
            .flat_map(|range| (range.start()..=range.end()).take(9))
            .map(|letter| char::from(letter.to_ascii_lowercase()).to_string())
            .collect(),
        _ => return None,
    };
    (1..=4).contains(&letters.len()).then_some(letters)
}

fn alternation(branches: &[Hir]) -> Words {
    let mut exact = true;
    let mut all = BTreeSet::new();
    for branch in branches {
        match words(branch) {
            Words::Are(words) => all.extend(words),
            Words::Contain(Some(words)) => {
                exact = false;
                all.extend(words);
            }
            Words::Contain(None) => return Words::Contain(None),
        }
    }
    if exact && all.len() <= MOST {
        Words::Are(all)
    } else {
        Words::Contain(Words::Are(all).needed())
    }
}

fn concatenation(parts: &[Hir]) -> Words {
    let mut exact = true;
    let mut best: Option<BTreeSet<String>> = None;
    let mut run: BTreeSet<String> = [String::new()].into();
    let mut offer = |words: BTreeSet<String>| {
        let better = best.as_ref().is_none_or(|best| shortest(&words) > shortest(best));
        if words.len() <= MOST && better {
            best = Some(words);
        }
    };
    for part in parts {
        match words(part) {
            Words::Are(words) if run.len() * words.len() <= MOST => {
                run = run
                    .iter()
                    .flat_map(|head| words.iter().map(move |tail| format!("{head}{tail}")))
                    .collect();
            }
            Words::Are(words) => {
                exact = false;
                offer(std::mem::replace(&mut run, words));
            }
            Words::Contain(inside) => {
                exact = false;
                offer(std::mem::replace(&mut run, [String::new()].into()));
                inside.into_iter().for_each(&mut offer);
            }
        }
    }
    if exact {
        return Words::Are(run);
    }
    offer(run);
    Words::Contain(best.and_then(|best| Words::Are(best).needed()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cues(pattern: &str) -> Option<Vec<String>> {
        let words = words(&regex_syntax::parse(pattern).unwrap()).needed()?;
        Some(words.into_iter().collect())
    }

    #[test]
    fn finds_the_letters_that_every_match_contains() {
        for (pattern, expected) in [
            (r"Baca [Jj]uga\s*:", Some(vec!["baca juga"])),
            (r"(?i-u:iklan)|Perbesar", Some(vec!["iklan", "perbesar"])),
            (r"\A(?:Foto|Dok\.)\s*:.*\z", Some(vec!["dok.", "foto"])),
            (r"(?P<cut>Video\s*:)?", None),
            (r"[a-z]+ x", None),
            (r"(?:abcde)+ [0-9]", Some(vec!["abcde"])),
        ] {
            let expected = expected.map(|words| words.into_iter().map(str::to_owned).collect::<Vec<_>>());
            assert_eq!(cues(pattern), expected, "{pattern}");
        }
    }

    #[test]
    fn reports_the_patterns_of_a_cue_wherever_it_stands() {
        let cues = Cues::new(["Baca juga", "[0-9]+", "juga [a-z]+|Foto"]);
        let found: Vec<_> = cues.find("x BACA JUGA y").collect();
        assert_eq!(found, [(11, &[0][..]), (12, &[2][..])]);
        assert_eq!(cues.free, [1]);
    }
}
