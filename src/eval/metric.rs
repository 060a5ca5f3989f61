//! What metrics of texts have in common.

use std::ops::AddAssign;

use super::{Bleu, BleuCounts, Chrf, ChrfCounts, RougeCounts, RougeF1, Ter, TerCounts};

/// A metric of texts against references. Those of this crate lie from 0 to 100 (TER: and beyond); one of your own says by
/// [`scale`](Self::scale) and [`lower_is_better`](Self::lower_is_better) where it differs, so that it is shown right.
///
/// Counts of single outputs sum up to those of a set, and [`figure`](Self::figure) makes one number of them: resampling a set
/// needs no second look at its texts.
///
/// ```
/// use intisari::eval::{Bleu, Chrf, TextMetric};
///
/// fn line(metric: &impl TextMetric, output: &str, reference: &str) -> String {
///     let figure = metric.figure(&metric.counts(output, &[reference]));
///     format!("{} {figure:.1} {}", metric.name(), metric.signature(1))
/// }
///
/// let (output, reference) = ("The cat sat on the mat.", "The cat sat on a mat.");
/// assert!(line(&Bleu::default(), output, reference).starts_with("BLEU 48.9 nrefs:1"));
/// assert!(line(&Chrf::chrf2(), output, reference).starts_with("chrF2 "));
/// ```
///
/// [`Rouge`](super::Rouge) has several figures; [`RougeF1`] is the F1 of one of them.
///
/// A metric of your own gets score, interval and comparison of a set as the built-in ones do, by
/// [`score_texts`](super::evaluation::score_texts):
///
/// ```
/// use std::{collections::HashSet, ops::AddAssign};
///
/// use intisari::eval::evaluation::{score_texts, TextItem};
/// use intisari::eval::{PairedTest, Resampling, TextMetric};
///
/// /// How many words of the first reference the output has.
/// struct Recall;
///
/// #[derive(Clone, Default)]
/// struct Words {
///     found: usize,
///     all: usize,
/// }
///
/// impl AddAssign<&Words> for Words {
///     fn add_assign(&mut self, other: &Words) {
///         self.found += other.found;
///         self.all += other.all;
///     }
/// }
///
/// impl TextMetric for Recall {
///     type Counts = Words;
///
///     fn name(&self) -> String {
///         "word recall".to_owned()
///     }
///
///     fn signature(&self, references: usize) -> String {
///         format!("nrefs:{references}|case:mixed|tok:space")
///     }
///
///     fn counts(&self, output: &str, references: &[&str]) -> Words {
///         let output: HashSet<&str> = output.split(' ').collect();
///         let words = references.first().map_or("", |first| first).split(' ');
///         words.fold(Words::default(), |sum, word| Words {
///             found: sum.found + usize::from(output.contains(word)),
///             all: sum.all + 1,
///         })
///     }
///
///     fn figure(&self, counts: &Words) -> f64 {
///         100.0 * counts.found as f64 / counts.all.max(1) as f64
///     }
/// }
///
/// let pairs = [("The road is open.", "The road is closed."), ("It rains.", "It rains.")];
/// let items = pairs.map(|(output, reference)| TextItem {
///     output: output.to_owned(),
///     references: vec![reference.to_owned()],
///     ..TextItem::default()
/// });
/// // Beside an evaluation take `resampling` and `test` of its set-up: the page names one of each for all figures.
/// let figure = score_texts(&Recall, &items, Resampling::default(), PairedTest::default())?;
/// assert_eq!(format!("{:.1}", figure.value), "83.3");
/// let interval = figure.interval.unwrap();
/// assert_eq!((interval.low, interval.high), (75.0, 100.0));
/// # Ok::<(), intisari::Error>(())
/// ```
///
/// A metric that compares with the source gets it as the only reference: hand [`score_texts`](crate::eval::evaluation::score_texts) copies of the items with the
/// source in `references` of [`TextItem`](crate::eval::evaluation::TextItem). One that can fail, or needs a model, computes what it counts beforehand; a figure that is no
/// finite number is an error.
pub trait TextMetric {
    /// What is counted in one output.
    type Counts: Clone + Default + Send + Sync + for<'c> AddAssign<&'c Self::Counts>;

    /// What it is called.
    fn name(&self) -> String;

    /// How it is computed, so that figures can be compared.
    fn signature(&self, references: usize) -> String;

    /// What is counted in `output`.
    fn counts(&self, output: &str, references: &[&str]) -> Self::Counts;

    /// The figure of counts, from 0 to [`scale`](Self::scale).
    fn figure(&self, counts: &Self::Counts) -> f64;

    /// Where the scale of the figure ends that begins at 0: 100, unless a metric says otherwise, such as 1 for shares. Figures may exceed it,
    /// and nothing is computed with it: it tells how many digits are shown and how long a bar is.
    fn scale(&self) -> f64 {
        100.0
    }

    /// Whether a lower figure is the better one, as of errors and edits; no, unless a metric says otherwise. Nothing is computed with it:
    /// reports say it.
    fn lower_is_better(&self) -> bool {
        false
    }
}

impl TextMetric for Bleu {
    type Counts = BleuCounts;

    fn name(&self) -> String {
        "BLEU".to_owned()
    }

    fn signature(&self, references: usize) -> String {
        self.signature(references)
    }

    fn counts(&self, output: &str, references: &[&str]) -> BleuCounts {
        self.counts(output, references)
    }

    fn figure(&self, counts: &BleuCounts) -> f64 {
        self.score(counts).score
    }
}

impl TextMetric for Chrf {
    type Counts = ChrfCounts;

    fn name(&self) -> String {
        self.name().to_owned()
    }

    fn signature(&self, references: usize) -> String {
        self.signature(references)
    }

    fn counts(&self, output: &str, references: &[&str]) -> ChrfCounts {
        self.counts(output, references)
    }

    fn figure(&self, counts: &ChrfCounts) -> f64 {
        self.score(counts)
    }
}

impl TextMetric for Ter {
    type Counts = TerCounts;

    fn name(&self) -> String {
        "TER".to_owned()
    }

    fn signature(&self, references: usize) -> String {
        self.signature(references)
    }

    fn counts(&self, output: &str, references: &[&str]) -> TerCounts {
        self.counts(output, references)
    }

    fn figure(&self, counts: &TerCounts) -> f64 {
        self.score(counts)
    }

    fn lower_is_better(&self) -> bool {
        true
    }
}

impl TextMetric for RougeF1 {
    type Counts = RougeCounts;

    fn name(&self) -> String {
        self.kind.name().to_owned()
    }

    fn signature(&self, references: usize) -> String {
        self.rouge.signature(references)
    }

    fn counts(&self, output: &str, references: &[&str]) -> RougeCounts {
        self.rouge.counts(output, references)
    }

    fn figure(&self, counts: &RougeCounts) -> f64 {
        100. * self.kind.of(&self.rouge.score(counts)).f1
    }
}

/// Counts sum up like numbers.
macro_rules! sums {
    ($($counts:ty),+) => {
        $(impl<'c> std::iter::Sum<&'c $counts> for $counts {
            fn sum<I: Iterator<Item = &'c $counts>>(counts: I) -> Self {
                counts.fold(Self::default(), |mut sum, counts| {
                    sum += counts;
                    sum
                })
            }
        }

        impl std::iter::Sum for $counts {
            fn sum<I: Iterator<Item = $counts>>(counts: I) -> Self {
                counts.fold(Self::default(), |mut sum, counts| {
                    sum += &counts;
                    sum
                })
            }
        })+
    };
}

sums!(
    BleuCounts,
    ChrfCounts,
    TerCounts,
    RougeCounts,
    super::Hits,
    super::Outcomes,
    super::SpanCounts,
    super::BCubedCounts,
    super::ClusterCounts
);

#[cfg(test)]
mod tests {
    use super::super::Outcomes;
    use super::*;
    use crate::eval::{Hits, Rouge, RougeKind};

    #[test]
    fn a_kind_of_rouge_is_a_metric() {
        let pairs = [("The cat sat.", "A cat sat."), ("It rains.", "It rains on a mat.")];
        let rouge = Rouge::default();
        let scores = rouge.corpus(pairs.map(|(output, reference)| (output, [reference])));
        for (kind, expected) in [
            (RougeKind::One, scores.rouge1),
            (RougeKind::Two, scores.rouge2),
            (RougeKind::L, scores.rouge_l),
            (RougeKind::Lsum, scores.rouge_lsum),
        ] {
            let metric = RougeF1 { rouge, kind };
            let sum: RougeCounts =
                pairs.iter().map(|(output, reference)| metric.counts(output, &[reference])).sum();
            assert_eq!(metric.figure(&sum), 100. * expected.f1, "{}", metric.name());
        }
    }

    #[test]
    fn all_counts_sum_up() {
        fn sums<C>()
        where
            C: Default + PartialEq + std::fmt::Debug + Clone,
            C: std::iter::Sum + for<'c> std::iter::Sum<&'c C>,
        {
            let none = C::default();
            assert_eq!([&none, &none].into_iter().sum::<C>(), none);
            assert_eq!([none.clone(), none.clone()].into_iter().sum::<C>(), none);
        }
        sums::<BleuCounts>();
        sums::<ChrfCounts>();
        sums::<TerCounts>();
        sums::<RougeCounts>();
        sums::<Hits>();
        sums::<Outcomes>();
        sums::<super::super::SpanCounts>();
        sums::<super::super::BCubedCounts>();
        sums::<super::super::ClusterCounts>();
    }

    #[test]
    fn counts_sum_up_to_those_of_the_set() {
        let pairs = [("The cat sat.", ["A cat sat."]), ("It rains on the mat.", ["It rains on a mat."])];
        let bleu = Bleu::default();
        let sum: BleuCounts = pairs.iter().map(|(output, references)| bleu.counts(output, references)).sum();
        assert_eq!(bleu.figure(&sum), bleu.corpus(pairs).score);
        let hits = [Hits { correct: 1, predicted: 2, gold: 3 }, Hits { correct: 4, predicted: 5, gold: 6 }];
        assert_eq!(hits.iter().sum::<Hits>(), Hits { correct: 5, predicted: 7, gold: 9 });
        assert_eq!(hits.into_iter().sum::<Hits>(), Hits { correct: 5, predicted: 7, gold: 9 });
        let outcomes = [
            Outcomes { correct: 1, missed: 2, ..Outcomes::default() },
            Outcomes { correct: 3, incorrect: 4, partial: 5, missed: 6, spurious: 7 },
        ];
        let both = Outcomes { correct: 4, incorrect: 4, partial: 5, missed: 8, spurious: 7 };
        assert_eq!(outcomes.iter().sum::<Outcomes>(), both);
    }
}
