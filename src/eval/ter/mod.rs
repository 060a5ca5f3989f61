//! Translation edit rate (Snover et al. 2006), equal to sacreBLEU 2.6.0, which follows tercom.

mod distance;
mod shift;

use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

use super::mteval::{points_apart, punctuation_apart, without_markup};
use super::ngram::Vocabulary;
use super::text::words;
use super::VERSION;

/// How TER is computed; the default is that of sacreBLEU.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Ter {
    /// Do not compare in lower case.
    pub case_sensitive: bool,
    /// Cut punctuation from words first.
    pub normalized: bool,
    /// Leave out `. , ? : ; ! " ( )`.
    pub without_punctuation: bool,
}

/// What TER counts in one output; sums over a set give the score of the set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct TerCounts {
    /// Insertions, deletions, substitutions and shifts that turn the output into the closest reference.
    pub edits: u64,
    /// Words of the references, their mean where there are several.
    pub reference_words: f64,
}

impl AddAssign<&TerCounts> for TerCounts {
    fn add_assign(&mut self, other: &TerCounts) {
        self.edits += other.edits;
        self.reference_words += other.reference_words;
    }
}

impl Ter {
    /// The settings in the form of sacreBLEU's signatures, with this crate's version.
    pub fn signature(&self, references: usize) -> String {
        let yes = |on| if on { "yes" } else { "no" };
        format!(
            "nrefs:{references}|case:{}|tok:tercom|norm:{}|punct:{}|asian:no|{VERSION}",
            if self.case_sensitive { "mixed" } else { "lc" },
            yes(self.normalized),
            yes(!self.without_punctuation),
        )
    }

    /// `line` ready to be cut at white space.
    fn prepared(&self, line: &str) -> String {
        let mut line = if self.case_sensitive { line.to_owned() } else { line.to_lowercase() };
        if self.normalized {
            let apart = punctuation_apart(&without_markup(&line.replace("\n-", "")));
            line = points_apart(&apart.replace("'s ", " 's "));
        }
        if self.without_punctuation {
            line.retain(|c| !matches!(c, '.' | ',' | '?' | ':' | ';' | '!' | '"' | '(' | ')'));
        }
        line
    }

    /// The counts of one output; the edits are those to the closest reference. Without references nothing is counted.
    pub fn counts(&self, output: &str, references: &[&str]) -> TerCounts {
        let output = self.prepared(output);
        let references: Vec<String> = references.iter().map(|line| self.prepared(line)).collect();
        let mut vocabulary = Vocabulary::default();
        let output = vocabulary.numbers(words(&output));
        let references: Vec<Vec<u32>> =
            references.iter().map(|line| vocabulary.numbers(words(line))).collect();
        let length: usize = references.iter().map(Vec::len).sum();
        TerCounts {
            edits: references.iter().map(|r| shift::edits(&output, r)).min().unwrap_or(0),
            reference_words: length as f64 / references.len().max(1) as f64,
        }
    }

    /// The score of summed counts: edits per hundred reference words, so 0 to 100 and beyond; lower is better.
    pub fn score(&self, counts: &TerCounts) -> f64 {
        if counts.reference_words > 0.0 {
            100.0 * (counts.edits as f64 / counts.reference_words)
        } else if counts.edits > 0 {
            100.0
        } else {
            0.0
        }
    }

    /// The score of a set, as of [`score`](Self::score): each output with its references.
    pub fn corpus<'a, R>(&self, items: impl IntoIterator<Item = (&'a str, R)>) -> f64
    where
        R: AsRef<[&'a str]>,
    {
        let mut sum = TerCounts::default();
        for (output, references) in items {
            sum += &self.counts(output, references.as_ref());
        }
        self.score(&sum)
    }
}
