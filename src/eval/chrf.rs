//! chrF (Popović 2015) and chrF++ (Popović 2017), equal to sacreBLEU 2.6.0.

use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

use super::ngram::{Bag, Vocabulary};
use super::text::{is_space, words};
use super::VERSION;

/// The longest n-gram of characters that chrF counts.
pub const CHAR_ORDER: usize = 6;
/// The longest n-gram of words that any chrF counts.
pub const MAX_WORD_ORDER: usize = 2;
/// Recall weighs this many times as much as precision.
const BETA: f64 = 2.0;
/// A Unicode scalar value needs 21 bits, so that an n-gram of six fits into 128.
const CHAR_BITS: u32 = 21;

/// How chrF is computed; the default is chrF2 as in sacreBLEU.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Chrf {
    /// Which n-grams of words count besides those of characters.
    pub words: WordOrder,
    /// Compare in lower case.
    pub lowercase: bool,
}

/// Which n-grams of words count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum WordOrder {
    /// None: chrF2.
    #[default]
    None,
    /// Single words: chrF2+.
    Unigrams,
    /// Single words and pairs: chrF2++.
    Bigrams,
}

impl WordOrder {
    fn order(self) -> usize {
        match self {
            WordOrder::None => 0,
            WordOrder::Unigrams => 1,
            WordOrder::Bigrams => 2,
        }
    }
}

/// What chrF counts for one order of n-grams.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Matches {
    output: u64,
    reference: u64,
    common: u64,
}

/// What chrF counts in one output; sums over a set give the score of the set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChrfCounts([Matches; CHAR_ORDER + MAX_WORD_ORDER]);

impl AddAssign<&ChrfCounts> for ChrfCounts {
    fn add_assign(&mut self, other: &ChrfCounts) {
        for (sum, counts) in self.0.iter_mut().zip(&other.0) {
            sum.output += counts.output;
            sum.reference += counts.reference;
            sum.common += counts.common;
        }
    }
}

impl Chrf {
    /// chrF2: n-grams of 1 to 6 characters.
    pub fn chrf2() -> Self {
        Chrf::default()
    }

    /// chrF2++: words and pairs of words besides.
    pub fn chrf2_plus_plus() -> Self {
        Chrf { words: WordOrder::Bigrams, ..Chrf::default() }
    }

    /// `chrF2`, `chrF2+` or `chrF2++`.
    pub fn name(&self) -> &'static str {
        match self.words {
            WordOrder::None => "chrF2",
            WordOrder::Unigrams => "chrF2+",
            WordOrder::Bigrams => "chrF2++",
        }
    }

    /// The settings in the form of sacreBLEU's signatures, with this crate's version.
    pub fn signature(&self, references: usize) -> String {
        format!(
            "nrefs:{references}|case:{}|eff:yes|nc:{CHAR_ORDER}|nw:{}|space:no|{VERSION}",
            if self.lowercase { "lc" } else { "mixed" },
            self.words.order(),
        )
    }

    /// The counts of one output against that reference which it scores best with.
    pub fn counts(&self, output: &str, references: &[&str]) -> ChrfCounts {
        let cased = |text: &str| if self.lowercase { text.to_lowercase() } else { text.to_owned() };
        let output = cased(output);
        let references: Vec<String> = references.iter().map(|text| cased(text)).collect();
        let mut vocabulary = Vocabulary::default();
        let output = self.bags(&output, &mut vocabulary);

        let mut best: Option<(f64, ChrfCounts)> = None;
        for reference in &references {
            let reference = self.bags(reference, &mut vocabulary);
            let mut counts = ChrfCounts::default();
            for ((output, reference), matches) in output.iter().zip(&reference).zip(&mut counts.0) {
                let length = reference.len();
                *matches = Matches {
                    // N-grams of an order that the reference is too short for do not count as wrong.
                    output: if length > 0 { output.len() } else { 0 },
                    reference: length,
                    common: output.common(reference),
                };
            }
            let score = self.score(&counts);
            if best.is_none_or(|(highest, _)| score > highest) {
                best = Some((score, counts));
            }
        }
        best.map(|(_, counts)| counts).unwrap_or_default()
    }

    /// The n-grams of `text`: characters of order 1 to 6 without white space, then words.
    fn bags<'a>(&self, text: &'a str, vocabulary: &mut Vocabulary<'a>) -> Vec<Bag> {
        let chars: Vec<u32> = text.chars().filter(|c| !is_space(*c)).map(u32::from).collect();
        let mut bags = Bag::orders(&chars, 1..=CHAR_ORDER, CHAR_BITS);
        if self.words != WordOrder::None {
            let words = vocabulary.numbers(words(text).flat_map(without_punctuation));
            bags.extend(Bag::orders(&words, 1..=self.words.order(), u32::BITS));
        }
        bags
    }

    /// The score of summed counts, 0 to 100.
    pub fn score(&self, counts: &ChrfCounts) -> f64 {
        let (mut precision, mut recall, mut orders) = (0.0, 0.0, 0.0);
        for matches in counts.0.iter().filter(|m| m.output > 0 && m.reference > 0) {
            precision += matches.common as f64 / matches.output as f64;
            recall += matches.common as f64 / matches.reference as f64;
            orders += 1.0;
        }
        if precision + recall == 0.0 {
            return 0.0;
        }
        precision /= orders;
        recall /= orders;
        let factor = BETA * BETA;
        let score = (1.0 + factor) * precision * recall;
        100.0 * (score / ((factor * precision) + recall))
    }

    /// The score of a set: each output with its references.
    pub fn corpus<'a, R>(&self, items: impl IntoIterator<Item = (&'a str, R)>) -> f64
    where
        R: AsRef<[&'a str]>,
    {
        let mut sum = ChrfCounts::default();
        for (output, references) in items {
            sum += &self.counts(output, references.as_ref());
        }
        self.score(&sum)
    }
}

/// `word` with one ASCII punctuation mark cut off: the last character, or else the first.
fn without_punctuation(word: &str) -> impl Iterator<Item = &str> {
    let last = word.char_indices().next_back().filter(|(at, c)| *at > 0 && c.is_ascii_punctuation());
    let first = word.chars().next().filter(|c| c.is_ascii_punctuation());
    let cut = match (last, first) {
        (Some((at, _)), _) => at,
        (None, Some(c)) => c.len_utf8(),
        (None, None) => 0,
    };
    let (head, tail) = word.split_at(cut);
    [head, tail].into_iter().filter(|part| !part.is_empty())
}
