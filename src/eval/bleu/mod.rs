//! BLEU (Papineni et al. 2002), equal to sacreBLEU 2.6.0.

mod tokenize;

use std::fmt;
use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

use super::ngram::{Bag, Vocabulary};
use super::text::{prepared, words};
use super::VERSION;

pub use tokenize::Tokenizer;

/// The longest n-gram that BLEU counts.
pub const MAX_ORDER: usize = 4;

/// What stands in for a precision of zero (Chen and Cherry 2014).
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Smoothing {
    /// Nothing: a precision of zero makes the score zero.
    None,
    /// Each zero in turn counts as half of what the one before counted (NIST); the default of sacreBLEU.
    #[default]
    Exp,
    /// The zero counts as this many matches; sacreBLEU's default is 0.1.
    Floor(f64),
    /// This much is added to matches and n-grams of orders above 1; sacreBLEU's default is 1.
    AddK(f64),
}

impl fmt::Display for Smoothing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Smoothing::None => f.write_str("none"),
            Smoothing::Exp => f.write_str("exp"),
            Smoothing::Floor(value) => write!(f, "floor[{value:.2}]"),
            Smoothing::AddK(value) => write!(f, "add-k[{value:.2}]"),
        }
    }
}

/// How BLEU is computed; the default is that of sacreBLEU.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Bleu {
    /// How lines are cut into tokens.
    pub tokenizer: Tokenizer,
    /// What stands in for a precision of zero.
    pub smoothing: Smoothing,
    /// Compare in lower case.
    pub lowercase: bool,
    /// Leave out orders that the output is too short for; for scores of single sentences.
    pub effective_order: bool,
}

/// What BLEU counts in one output; sums over a set give the score of the set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BleuCounts {
    /// Tokens of the output.
    pub output_tokens: u64,
    /// Tokens of the reference whose length is closest to that of the output.
    pub reference_tokens: u64,
    /// N-grams of the output that a reference has too, for n = 1, 2, 3, 4.
    pub correct: [u64; MAX_ORDER],
    /// N-grams of the output, for n = 1, 2, 3, 4.
    pub total: [u64; MAX_ORDER],
}

impl AddAssign<&BleuCounts> for BleuCounts {
    fn add_assign(&mut self, other: &BleuCounts) {
        self.output_tokens += other.output_tokens;
        self.reference_tokens += other.reference_tokens;
        for (sum, count) in self.correct.iter_mut().zip(other.correct) {
            *sum += count;
        }
        for (sum, count) in self.total.iter_mut().zip(other.total) {
            *sum += count;
        }
    }
}

/// A BLEU score and what it is made of.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BleuScore {
    /// 0 to 100.
    pub score: f64,
    /// Precision for n = 1, 2, 3, 4 after smoothing, 0 to 100.
    pub precisions: [f64; MAX_ORDER],
    /// 1, or less where the output is shorter than the reference.
    pub brevity_penalty: f64,
    /// Sums over the set, before smoothing.
    pub counts: BleuCounts,
}

impl Bleu {
    /// The settings in the form of sacreBLEU's signatures, with this crate's version.
    pub fn signature(&self, references: usize) -> String {
        format!(
            "nrefs:{references}|case:{}|eff:{}|tok:{}|smooth:{}|{VERSION}",
            if self.lowercase { "lc" } else { "mixed" },
            if self.effective_order { "yes" } else { "no" },
            self.tokenizer,
            self.smoothing,
        )
    }

    /// The tokens of `line`.
    pub fn tokens(&self, line: &str) -> Vec<String> {
        words(&self.tokenizer.apply(&prepared(line, self.lowercase))).map(str::to_owned).collect()
    }

    /// The counts of one output against its references; without references nothing is correct.
    pub fn counts(&self, output: &str, references: &[&str]) -> BleuCounts {
        let tokenize = |line: &str| self.tokenizer.apply(&prepared(line, self.lowercase));
        let output = tokenize(output);
        let references: Vec<String> = references.iter().map(|line| tokenize(line)).collect();

        let mut vocabulary = Vocabulary::default();
        let output = vocabulary.numbers(words(&output));
        let references: Vec<Vec<u32>> =
            references.iter().map(|line| vocabulary.numbers(words(line))).collect();

        let mut counts = BleuCounts {
            output_tokens: output.len() as u64,
            // The closest length; of two equally close ones the shorter.
            reference_tokens: references
                .iter()
                .map(Vec::len)
                .min_by_key(|length| (length.abs_diff(output.len()), *length))
                .unwrap_or(0) as u64,
            ..BleuCounts::default()
        };
        let orders = counts.correct.iter_mut().zip(&mut counts.total);
        for (order, (correct, total)) in (1..).zip(orders) {
            let bag = |units: &[u32]| Bag::new(units, order, 32);
            let wanted = references.iter().map(|r| bag(r)).reduce(|a, b| a.union(&b)).unwrap_or_default();
            let output = bag(&output);
            *correct = output.common(&wanted);
            *total = output.len();
        }
        counts
    }

    /// The score of summed counts.
    pub fn score(&self, counts: &BleuCounts) -> BleuScore {
        let (output, reference) = (counts.output_tokens as f64, counts.reference_tokens as f64);
        let brevity_penalty = if counts.output_tokens >= counts.reference_tokens {
            1.0
        } else if counts.output_tokens > 0 {
            (1.0 - reference / output).exp()
        } else {
            0.0
        };
        let mut precisions = [0.0; MAX_ORDER];
        if counts.correct.iter().all(|correct| *correct == 0) {
            return BleuScore { score: 0.0, precisions, brevity_penalty, counts: *counts };
        }

        let mut halvings = 1.0;
        let mut order = MAX_ORDER;
        let matches = counts.correct.iter().zip(&counts.total);
        for (n, (precision, (correct, total))) in (1..).zip(precisions.iter_mut().zip(matches)) {
            let added = match self.smoothing {
                Smoothing::AddK(k) if n > 1 => k,
                _ => 0.0,
            };
            let (correct, total) = (*correct as f64 + added, *total as f64 + added);
            if total == 0.0 {
                break;
            }
            if self.effective_order {
                order = n;
            }
            *precision = match self.smoothing {
                _ if correct != 0.0 => 100.0 * correct / total,
                Smoothing::Exp => {
                    halvings *= 2.0;
                    100.0 / (halvings * total)
                }
                Smoothing::Floor(value) => 100.0 * value / total,
                Smoothing::None | Smoothing::AddK(_) => 0.0,
            };
        }
        // A precision of zero counts as e^-9999999999, as in sacreBLEU.
        let log = |p: &f64| if *p == 0.0 { -9_999_999_999.0 } else { p.ln() };
        let sum: f64 = precisions.iter().take(order).map(log).sum();
        let score = brevity_penalty * (sum / order as f64).exp();
        BleuScore { score, precisions, brevity_penalty, counts: *counts }
    }

    /// The score of a set: each output with its references.
    pub fn corpus<'a, R>(&self, items: impl IntoIterator<Item = (&'a str, R)>) -> BleuScore
    where
        R: AsRef<[&'a str]>,
    {
        let mut sum = BleuCounts::default();
        for (output, references) in items {
            sum += &self.counts(output, references.as_ref());
        }
        self.score(&sum)
    }
}
