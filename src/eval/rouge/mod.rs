//! ROUGE-1, -2, -L and -Lsum (Lin 2004), equal to Google's rouge-score 0.1.2.

mod lcs;
pub(crate) mod porter;

use std::collections::{BTreeSet, HashMap};
use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

use super::ngram::{Bag, Vocabulary};
use super::prf::{Hits, Prf};
use super::VERSION;

/// How ROUGE is computed; the default compares words as they are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rouge {
    /// Compare English stems (Porter, as in NLTK) instead of words.
    pub stem: bool,
}

/// A figure of ROUGE.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RougeKind {
    /// Single words.
    One,
    /// Pairs of words.
    Two,
    /// Longest common subsequence of the whole texts.
    L,
    /// Longest common subsequences line by line.
    Lsum,
}

impl RougeKind {
    /// `ROUGE-1`, `ROUGE-2`, `ROUGE-L`, `ROUGE-Lsum`.
    pub fn name(self) -> &'static str {
        match self {
            RougeKind::One => "ROUGE-1",
            RougeKind::Two => "ROUGE-2",
            RougeKind::L => "ROUGE-L",
            RougeKind::Lsum => "ROUGE-Lsum",
        }
    }

    /// This figure among `scores`.
    pub fn of(self, scores: &RougeScores) -> Prf {
        match self {
            RougeKind::One => scores.rouge1,
            RougeKind::Two => scores.rouge2,
            RougeKind::L => scores.rouge_l,
            RougeKind::Lsum => scores.rouge_lsum,
        }
    }
}

/// The F1 of one kind of ROUGE, as a [`TextMetric`](super::TextMetric): 0 to 100, the mean over the outputs of a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RougeF1 {
    /// How words are compared.
    pub rouge: Rouge,
    /// Which figure.
    pub kind: RougeKind,
}

/// The figures of one output, or their means over a set, each from 0 to 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct RougeScores {
    /// Single words.
    pub rouge1: Prf,
    /// Pairs of words.
    pub rouge2: Prf,
    /// Longest common subsequence of the whole texts.
    pub rouge_l: Prf,
    /// Longest common subsequences line by line; each sentence must stand on its own line.
    pub rouge_lsum: Prf,
}

impl RougeScores {
    /// The figures with their usual names.
    pub fn named(&self) -> [(&'static str, Prf); 4] {
        [
            ("rouge1", self.rouge1),
            ("rouge2", self.rouge2),
            ("rougeL", self.rouge_l),
            ("rougeLsum", self.rouge_lsum),
        ]
    }

    /// Both figures combined one by one.
    fn zip(self, other: &Self, combine: impl Fn(Prf, Prf) -> Prf) -> Self {
        RougeScores {
            rouge1: combine(self.rouge1, other.rouge1),
            rouge2: combine(self.rouge2, other.rouge2),
            rouge_l: combine(self.rouge_l, other.rouge_l),
            rouge_lsum: combine(self.rouge_lsum, other.rouge_lsum),
        }
    }
}

/// Sums of the figures of outputs; [`Rouge::score`] divides them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct RougeCounts {
    sums: RougeScores,
    items: u64,
}

impl AddAssign<&RougeCounts> for RougeCounts {
    fn add_assign(&mut self, other: &RougeCounts) {
        self.sums = self.sums.zip(&other.sums, |a, b| Prf {
            precision: a.precision + b.precision,
            recall: a.recall + b.recall,
            f1: a.f1 + b.f1,
        });
        self.items += other.items;
    }
}

impl Rouge {
    /// The settings: which texts are compared how.
    pub fn signature(&self, references: usize) -> String {
        format!(
            "nrefs:{references}|case:lc|tok:rouge-score|stem:{}|sents:newline|{VERSION}",
            if self.stem { "porter-nltk" } else { "no" },
        )
    }

    /// The words that count: runs of ASCII letters and digits, in lower case; with stemming the stems of those longer
    /// than three letters.
    pub fn tokens(&self, text: &str) -> Vec<String> {
        let text = text.to_lowercase();
        text.split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(|word| if self.stem && word.len() > 3 { porter::stem(word) } else { word.to_owned() })
            .collect()
    }

    /// The figures of `output` against one reference.
    pub fn compare(&self, output: &str, reference: &str) -> RougeScores {
        let lines =
            |text: &str| -> Vec<Vec<String>> { text.split('\n').map(|line| self.tokens(line)).collect() };
        let (output, reference) = (lines(output), lines(reference));
        let mut vocabulary = Vocabulary::default();
        let output = numbered(&output, &mut vocabulary);
        let reference = numbered(&reference, &mut vocabulary);
        let (all_output, all_reference) = (output.concat(), reference.concat());

        let grams = |order| {
            let (output, reference) =
                (Bag::new(&all_output, order, u32::BITS), Bag::new(&all_reference, order, u32::BITS));
            hits(output.common(&reference), output.len(), reference.len())
        };
        let lengths = (all_output.len() as u64, all_reference.len() as u64);
        RougeScores {
            rouge1: grams(1),
            rouge2: grams(2),
            rouge_l: hits(lcs::length(&all_reference, &all_output), lengths.0, lengths.1),
            rouge_lsum: hits(union_hits(&output, &reference), lengths.0, lengths.1),
        }
    }

    /// The figures of one output; each kind against that reference which gives it the highest F1.
    pub fn counts(&self, output: &str, references: &[&str]) -> RougeCounts {
        let best = |a: Prf, b: Prf| if b.f1 > a.f1 { b } else { a };
        let sums = references
            .iter()
            .map(|reference| self.compare(output, reference))
            .reduce(|a, b| a.zip(&b, best))
            .unwrap_or_default();
        RougeCounts { sums, items: 1 }
    }

    /// The means over the items counted; zero for none.
    pub fn score(&self, counts: &RougeCounts) -> RougeScores {
        let items = counts.items.max(1) as f64;
        let zero = RougeScores::default();
        counts.sums.zip(&zero, |sum, _| Prf {
            precision: sum.precision / items,
            recall: sum.recall / items,
            f1: sum.f1 / items,
        })
    }

    /// The means over a set: each output with its references.
    pub fn corpus<'a, R>(&self, items: impl IntoIterator<Item = (&'a str, R)>) -> RougeScores
    where
        R: AsRef<[&'a str]>,
    {
        let mut sum = RougeCounts::default();
        for (output, references) in items {
            sum += &self.counts(output, references.as_ref());
        }
        self.score(&sum)
    }
}

fn numbered<'a>(lines: &'a [Vec<String>], vocabulary: &mut Vocabulary<'a>) -> Vec<Vec<u32>> {
    lines.iter().map(|line| vocabulary.numbers(line.iter().map(String::as_str))).collect()
}

fn hits(correct: u64, predicted: u64, gold: u64) -> Prf {
    Hits { correct, predicted, gold }.prf()
}

/// Words in the union of the common subsequences of each reference line with all output lines (section 3.2 of the
/// paper); as in ROUGE 1.5.5 no word counts more often than either text has it.
fn union_hits(output: &[Vec<u32>], reference: &[Vec<u32>]) -> u64 {
    let (mut left_output, mut left_reference) = (tally(output), tally(reference));
    let mut hits = 0;
    for line in reference {
        let union: BTreeSet<usize> = output.iter().flat_map(|other| lcs::positions(line, other)).collect();
        for word in union.into_iter().filter_map(|at| line.get(at)) {
            if let (Some(a @ 1..), Some(b @ 1..)) = (left_output.get_mut(word), left_reference.get_mut(word))
            {
                *a -= 1;
                *b -= 1;
                hits += 1;
            }
        }
    }
    hits
}

/// How often each word occurs.
fn tally(lines: &[Vec<u32>]) -> HashMap<u32, u64> {
    let mut counts = HashMap::new();
    for word in lines.iter().flatten() {
        *counts.entry(*word).or_insert(0) += 1;
    }
    counts
}
