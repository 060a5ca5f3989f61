//! Evaluation of translations and summaries.

use serde::{Deserialize, Serialize};

use super::figures::{compared, plain, word_count, Counted};
use super::{CaseText, Evaluation, Figure, Setup, Task};
use crate::error::{Error, Result};
use crate::eval::{Bleu, Chrf, PairedTest, Prf, Resampling, Rouge, RougeScores, Ter, TextMetric};

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

    fn is_blank(&self) -> bool {
        self.output.trim().is_empty()
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

/// Checks that there are items, that one signature fits them all, and that another system wrote all of them or none.
fn even(items: &[TextItem]) -> Result<()> {
    if items.is_empty() {
        return Err(Error::config("there is nothing to score: no items are given", "give one at least"));
    }
    let wanted = reference_count(items);
    let odd = items.iter().position(|item| item.references.len() != wanted || item.references.is_empty());
    if let Some(item) = odd {
        let found = items.get(item).map_or(0, |item| item.references.len());
        return Err(Error::config(
            format!("items[{item}] has {found} references, items[0] {wanted}"),
            "give all items the same number of references, one at least",
        ));
    }
    compared(items, |item| item.against.is_some())
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
    resampling: Resampling,
    test: PairedTest,
) -> Figure {
    let signature = metric.signature(reference_count(items));
    Figure {
        scale: metric.scale(),
        lower_is_better: metric.lower_is_better(),
        ..counts.drawn(resampling, test).figure(&metric.name(), signature, |counts| metric.figure(counts))
    }
}

/// Scores `items` by one metric, the crate's or your own: the score of the whole set, its bootstrap interval, and where every item has
/// the other system's output, that system's score and whether the two differ. One item alone has no interval and no comparison.
///
/// Those of the built-in metrics are made by this very function. A figure can be put beside them:
/// `evaluation.figures.push(score_texts(&metric, &items, setup.resampling, setup.test)?)`. [`TextMetric`] has an example of a metric of one's own.
///
/// ```
/// use intisari::eval::evaluation::{score_texts, TextItem};
/// use intisari::eval::{Chrf, PairedTest, Resampling};
///
/// let item = |output: &str, reference: &str| TextItem {
///     output: output.to_owned(),
///     references: vec![reference.to_owned()],
///     ..TextItem::default()
/// };
/// let items = [item("The bridge is open.", "The bridge has opened."), item("It rains.", "It is raining.")];
/// let figure = score_texts(&Chrf::chrf2(), &items, Resampling::default(), PairedTest::default())?;
/// assert_eq!(figure.name, "chrF2");
/// assert!(figure.interval.unwrap().low < figure.value);
/// # Ok::<(), intisari::Error>(())
/// ```
///
/// # Errors
/// [`Error::Config`] where there are no items; where they have no reference or not all the same number of them, which one signature cannot say;
/// where only some have the other system's output; where the
/// metric gives no finite number for the set, or none above 0 for its scale. Where it gives none for sets that were drawn, there is no interval or comparison.
pub fn score_texts<M: TextMetric + Sync>(
    metric: &M,
    items: &[TextItem],
    resampling: Resampling,
    test: PairedTest,
) -> Result<Figure> {
    even(items)?;
    let scale = metric.scale();
    if !(scale.is_finite() && scale > 0.0) {
        let message = format!("the scale of {} ends at {scale}", metric.name());
        return Err(Error::config(message, "give a number above 0"));
    }
    let figure = figure(metric, &counted(metric, items), items, resampling, test);
    match figure.value.is_finite() && figure.against.is_none_or(f64::is_finite) {
        true => Ok(figure),
        false => Err(Error::config(
            format!("{} is {} for the set", figure.name, figure.value),
            "have it give a finite number also where nothing was counted",
        )),
    }
}

/// Scores translations: figures `BLEU`, `chrF2`, `chrF2++` and `TER`. Lengths and worst items go by chrF2, which, unlike BLEU,
/// means something for single sentences.
///
/// # Errors
/// [`Error::Config`] where there are no items; where they have no reference or not all the same number of them; where some have the other system's output and
/// some have not, all have and `setup` does not name it, or the other way round.
pub fn evaluate_translations(
    items: &[TextItem],
    options: &TranslationOptions,
    setup: &Setup,
) -> Result<Evaluation> {
    setup.scores(items.len())?;
    even(items)?;
    setup.names_other(items.iter().any(|item| item.against.is_some()))?;
    let Setup { resampling, test, .. } = *setup;
    let chrf = Chrf::chrf2();
    let (chrf2, chrf2_plus_plus) = (counted(&chrf, items), Chrf::chrf2_plus_plus());
    let (bleu, ter) = (&options.bleu, &options.ter);
    let figures = vec![
        figure(bleu, &counted(bleu, items), items, resampling, test),
        figure(&chrf, &chrf2, items, resampling, test),
        figure(&chrf2_plus_plus, &counted(&chrf2_plus_plus, items), items, resampling, test),
        figure(ter, &counted(ter, items), items, resampling, test),
    ];

    let words: Vec<usize> = items.iter().map(TextItem::words).collect();
    let score = |counts: &_| chrf.score(counts);
    let evaluation = Evaluation::new(Task::Translation, setup, figures, "chrF2");
    Ok(Evaluation {
        lengths: chrf2.lengths(&words, score),
        worst: chrf2.worst(items, setup.worst, score, TextItem::case),
        ..evaluation.noting(items.iter().all(TextItem::is_blank))
    })
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

/// Scores summaries: F1 of ROUGE-1, -2, -L and -Lsum, from 0 to 100, in figures `ROUGE-1`, `ROUGE-2`, `ROUGE-L` and `ROUGE-Lsum`. Sentences must stand on lines of their own for the last one.
///
/// # Errors
/// As [`evaluate_translations`].
pub fn evaluate_summaries(items: &[TextItem], options: &SummaryOptions, setup: &Setup) -> Result<Evaluation> {
    setup.scores(items.len())?;
    even(items)?;
    setup.names_other(items.iter().any(|item| item.against.is_some()))?;
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
    let drawn = counts.drawn(setup.resampling, setup.test);
    let figures: Vec<Figure> = kinds
        .iter()
        .map(|(name, kind)| {
            drawn.figure(name, signature.clone(), |counts| 100.0 * kind(&rouge.score(counts)).f1)
        })
        .collect();

    let words: Vec<usize> = items.iter().map(TextItem::words).collect();
    let score = |counts: &_| 100.0 * rouge.score(counts).rouge1.f1;
    let evaluation = Evaluation::new(Task::Summary, setup, figures, "ROUGE-1");
    Ok(Evaluation {
        lengths: counts.lengths(&words, score),
        worst: counts.worst(items, setup.worst, score, TextItem::case),
        ..evaluation.noting(items.iter().all(TextItem::is_blank))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ops::AddAssign;

    fn item(references: &[&str]) -> TextItem {
        let references = references.iter().map(|&text| text.to_owned()).collect();
        TextItem { output: "It rains.".to_owned(), references, ..TextItem::default() }
    }

    #[test]
    fn every_item_has_as_many_references() {
        let score = |items: &[TextItem]| {
            score_texts(&Bleu::default(), items, Resampling::default(), PairedTest::default())
        };
        assert!(score(&[item(&["It rains."]), item(&["Rain."])]).is_ok());
        for items in [[item(&["a"]), item(&[])], [item(&["a", "b"]), item(&["a"])], [item(&[]), item(&[])]] {
            let error = score(&items).unwrap_err().to_string();
            assert!(error.contains("the same number of references"), "{error}");
        }
    }

    #[test]
    fn what_cannot_be_compared_is_refused() {
        use crate::eval::evaluation::SetInfo;

        let set = SetInfo::named("a set", 2);
        let plain = item(&["It rains."]);
        let both = TextItem { against: Some("Rain.".to_owned()), ..plain.clone() };
        let setup = Setup::new(set, "ours");
        let named = Setup { against: Some("theirs".to_owned()), ..setup.clone() };
        let scored = |items: &[TextItem], setup: &Setup| {
            let translations = evaluate_translations(items, &TranslationOptions::default(), setup);
            let summaries = evaluate_summaries(items, &SummaryOptions::default(), setup);
            assert_eq!(translations.is_err(), summaries.is_err());
            translations.map(|_| ()).map_err(|error| error.to_string())
        };
        scored(&[both.clone(), both.clone()], &named).unwrap();
        let error = scored(&[both.clone(), plain.clone()], &named).unwrap_err();
        assert!(error.contains("items[1] has no output of the other system"), "{error}");
        let error = scored(&[both.clone(), both], &setup).unwrap_err();
        assert!(error.contains("`against`"), "{error}");
        let error = scored(&[plain, item(&[])], &setup).unwrap_err();
        assert!(error.contains("items[1] has 0 references"), "{error}");
    }

    /// What is divided by nothing where there is a short output.
    struct Share;

    #[derive(Clone, Default)]
    struct Sum(usize);

    impl AddAssign<&Sum> for Sum {
        fn add_assign(&mut self, other: &Sum) {
            self.0 += other.0;
        }
    }

    impl TextMetric for Share {
        type Counts = Sum;

        fn name(&self) -> String {
            "share".to_owned()
        }

        fn signature(&self, _: usize) -> String {
            "none".to_owned()
        }

        fn counts(&self, output: &str, references: &[&str]) -> Sum {
            Sum(usize::from(references.contains(&output)))
        }

        fn figure(&self, counts: &Sum) -> f64 {
            let found = counts.0 as f64;
            100. * found / (2. * found)
        }
    }

    #[test]
    fn what_is_no_number_has_no_interval() {
        let score =
            |items: &[TextItem]| score_texts(&Share, items, Resampling::default(), PairedTest::default());
        let items = [item(&["It rains."]), item(&["Rain."])];
        let same = [items[0].clone(), items[0].clone()];
        assert!(score(&items[1..]).unwrap_err().to_string().contains("share is NaN"));
        assert_eq!(score(&items).unwrap().interval, None, "some of the sets that are drawn have none");
        assert!(score(&same).unwrap().interval.is_some());
        assert_eq!(score(&same[..1]).unwrap().interval, None, "one item says nothing about others");
    }
}
