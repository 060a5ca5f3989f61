//! Evaluation of translations and summaries.

use serde::{Deserialize, Serialize};

use super::figures::{plain, word_count, Counted};
use super::{CaseText, Evaluation, Figure, Setup, Task};
use crate::eval::{Bleu, Chrf, Prf, Rouge, RougeScores, Ter, TextMetric};

/// A text that a system wrote, and what it should have written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextItem {
    /// Which it is.
    pub id: String,
    /// What it was made from, where known.
    pub source: Option<String>,
    /// What it should be.
    pub references: Vec<String>,
    /// What the system wrote.
    pub output: String,
    /// What the other system wrote.
    pub against: Option<String>,
}

impl TextItem {
    fn references(&self) -> Vec<&str> {
        self.references.iter().map(String::as_str).collect()
    }

    fn words(&self) -> usize {
        self.references.first().map_or(0, |text| word_count(text))
    }

    fn case(&self) -> (String, Vec<CaseText>) {
        let mut texts: Vec<CaseText> = self.source.iter().map(|text| plain("source", text)).collect();
        texts.extend(self.references.iter().map(|text| plain("reference", text)));
        texts.push(plain("output", &self.output));
        texts.extend(self.against.iter().map(|text| plain("against", text)));
        (self.id.clone(), texts)
    }
}

/// The number of references of the items, as signatures have it.
fn reference_count(items: &[TextItem]) -> usize {
    items.first().map_or(1, |item| item.references.len())
}

/// How translations are scored; chrF2 and chrF2++ have no settings here.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TranslationOptions {
    /// Settings of BLEU.
    pub bleu: Bleu,
    /// Settings of TER.
    pub ter: Ter,
}

/// The counts of all items under `metric`.
fn counted<M: TextMetric + Sync>(metric: &M, items: &[TextItem]) -> Counted<M::Counts> {
    Counted::new(
        items,
        |item| metric.counts(&item.output, &item.references()),
        |item| item.against.as_ref().map(|output| metric.counts(output, &item.references())),
    )
}

/// The figure of `metric` from the counts of all items.
fn figure<M: TextMetric>(
    metric: &M,
    counts: &Counted<M::Counts>,
    items: &[TextItem],
    setup: &Setup,
) -> Figure {
    let signature = metric.signature(reference_count(items));
    counts.drawn(setup).figure(&metric.name(), signature, |counts| metric.figure(counts))
}

/// Scores translations: BLEU, chrF2, chrF2++ and TER. Lengths and worst items go by chrF2, which, unlike BLEU,
/// means something for single sentences.
pub fn evaluate_translations(items: &[TextItem], options: &TranslationOptions, setup: &Setup) -> Evaluation {
    fn whole<M: TextMetric + Sync>(metric: &M, items: &[TextItem], setup: &Setup) -> Figure {
        figure(metric, &counted(metric, items), items, setup)
    }
    let chrf = Chrf::chrf2();
    let chrf2 = counted(&chrf, items);
    let figures = vec![
        whole(&options.bleu, items, setup),
        figure(&chrf, &chrf2, items, setup),
        whole(&Chrf::chrf2_plus_plus(), items, setup),
        whole(&options.ter, items, setup),
    ];

    let words: Vec<usize> = items.iter().map(TextItem::words).collect();
    let score = |counts: &_| chrf.score(counts);
    Evaluation {
        lengths: chrf2.lengths(&words, score),
        worst: chrf2.worst(items, setup.worst, score, TextItem::case),
        ..Evaluation::new(Task::Translation, setup, figures, "chrF2")
    }
}

/// How summaries are scored.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SummaryOptions {
    /// Settings of ROUGE.
    pub rouge: Rouge,
}

/// One of the figures of ROUGE.
type Kind = fn(&RougeScores) -> Prf;

/// Scores summaries: F1 of ROUGE-1, -2, -L and -Lsum. Sentences must stand on lines of their own for the last one.
pub fn evaluate_summaries(items: &[TextItem], options: &SummaryOptions, setup: &Setup) -> Evaluation {
    let rouge = options.rouge;
    let counts = Counted::new(
        items,
        |item| rouge.counts(&item.output, &item.references()),
        |item| item.against.as_ref().map(|output| rouge.counts(output, &item.references())),
    );
    let kinds: [(&str, Kind); 4] = [
        ("ROUGE-1", |scores| scores.rouge1),
        ("ROUGE-2", |scores| scores.rouge2),
        ("ROUGE-L", |scores| scores.rouge_l),
        ("ROUGE-Lsum", |scores| scores.rouge_lsum),
    ];
    let signature = rouge.signature(reference_count(items));
    let drawn = counts.drawn(setup);
    let figures: Vec<Figure> = kinds
        .iter()
        .map(|(name, kind)| {
            drawn.figure(name, signature.clone(), |counts| 100.0 * kind(&rouge.score(counts)).f1)
        })
        .collect();

    let words: Vec<usize> = items.iter().map(TextItem::words).collect();
    let score = |counts: &_| 100.0 * rouge.score(counts).rouge1.f1;
    Evaluation {
        lengths: counts.lengths(&words, score),
        worst: counts.worst(items, setup.worst, score, TextItem::case),
        ..Evaluation::new(Task::Summary, setup, figures, "ROUGE-1")
    }
}
