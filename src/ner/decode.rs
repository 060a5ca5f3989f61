//! From label scores of words to mentions: the likeliest sequence that keeps the rules of the labels.

use std::ops::Range;

use ndarray::{Array2, ArrayView1, ArrayView2};

use super::labels::{LabelSet, Tag};
use crate::document::Label;

/// A mention in a sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct WordSpan {
    /// Its words.
    pub words: Range<usize>,
    /// What it is.
    pub label: Label,
    /// Geometric mean of the probabilities of its words' labels, 0 to 1.
    pub score: f32,
}

impl LabelSet {
    /// The likeliest labels of a sentence's words that keep the rules, as numbers.
    ///
    /// `log_probabilities`: one row per word, one column per label. Of equal sequences the one with lower numbers.
    fn viterbi(&self, log_probabilities: ArrayView2<'_, f32>) -> Vec<usize> {
        let allowed = |before: Option<Tag>, after: Option<Tag>| {
            if self.may_follow(before, after) {
                0.0
            } else {
                f32::NEG_INFINITY
            }
        };
        let mut rows = log_probabilities.rows().into_iter();
        let Some(first) = rows.next() else { return Vec::new() };
        let mut best: Vec<f32> =
            first.iter().zip(&self.tags).map(|(p, &tag)| p + allowed(None, Some(tag))).collect();
        let mut back: Vec<Vec<usize>> = Vec::new();
        for row in rows {
            let mut from = Vec::with_capacity(self.tags.len());
            let mut next = Vec::with_capacity(self.tags.len());
            for (&p, &tag) in row.iter().zip(&self.tags) {
                let paths = best
                    .iter()
                    .zip(&self.tags)
                    .map(|(score, &before)| score + allowed(Some(before), Some(tag)));
                let (origin, score) = highest(paths);
                from.push(origin);
                next.push(score + p);
            }
            back.push(from);
            best = next;
        }
        let last = best.iter().zip(&self.tags).map(|(score, &tag)| score + allowed(Some(tag), None));
        let mut labels = vec![highest(last).0];
        for from in back.iter().rev() {
            let origin = labels.last().and_then(|&label| from.get(label)).copied().unwrap_or_default();
            labels.push(origin);
        }
        labels.reverse();
        labels
    }

    /// The mentions in a sentence, ordered and disjoint.
    ///
    /// `logits`: one row per word, one column per label; divided by `temperature` before anything else.
    pub fn decode(&self, logits: ArrayView2<'_, f32>, temperature: f32) -> Vec<WordSpan> {
        let log_probabilities = log_softmax(logits, temperature);
        let mut mentions = Vec::new();
        let mut open: Option<(usize, Range<usize>, f32)> = None;
        let mut close = |open: &mut Option<(usize, Range<usize>, f32)>| {
            let Some((kind, words, sum)) = open.take() else { return };
            if let Some(label) = self.label(kind) {
                let score = (sum / words.len() as f32).exp().clamp(0.0, 1.0);
                mentions.push(WordSpan { words, label, score });
            }
        };
        let labels = self.viterbi(log_probabilities.view());
        for (word, (&label, row)) in labels.iter().zip(log_probabilities.rows()).enumerate() {
            let p = row.get(label).copied().unwrap_or(f32::NEG_INFINITY);
            let tag = self.tags.get(label).copied().unwrap_or(Tag::Outside);
            match tag {
                Tag::Outside => close(&mut open),
                Tag::Inside(kind) | Tag::End(kind) if open.as_ref().is_some_and(|(k, ..)| *k == kind) => {
                    if let Some((_, words, sum)) = &mut open {
                        words.end = word + 1;
                        *sum += p;
                    }
                }
                Tag::Begin(kind) | Tag::Inside(kind) | Tag::End(kind) | Tag::Single(kind) => {
                    close(&mut open);
                    open = Some((kind, word..word + 1, p));
                }
            }
            if matches!(tag, Tag::End(_) | Tag::Single(_)) {
                close(&mut open);
            }
        }
        close(&mut open);
        mentions
    }
}

fn highest(values: impl Iterator<Item = f32>) -> (usize, f32) {
    values.enumerate().fold(
        (0, f32::NEG_INFINITY),
        |best, (index, value)| {
            if value > best.1 {
                (index, value)
            } else {
                best
            }
        },
    )
}

fn log_softmax(logits: ArrayView2<'_, f32>, temperature: f32) -> Array2<f32> {
    let mut result = logits.to_owned() / temperature;
    for mut row in result.rows_mut() {
        let total = log_sum_exp(row.view());
        row -= total;
    }
    result
}

fn log_sum_exp(row: ArrayView1<'_, f32>) -> f32 {
    let top = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    top + row.iter().map(|value| (value - top).exp()).sum::<f32>().ln()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;
    use proptest::prelude::*;

    fn labels(names: &[&str]) -> LabelSet {
        LabelSet::new(&names.iter().map(|name| name.to_string()).enumerate().collect()).unwrap()
    }

    fn usual() -> LabelSet {
        labels(&["O", "B-PER", "I-PER", "B-LOC", "I-LOC"])
    }

    #[test]
    fn finds_a_mention_of_two_words_and_its_score() {
        let logits = array![[0., 9., 0., 0., 0.], [0., 0., 9., 0., 0.], [9., 0., 0., 0., 0.]];
        let mentions = usual().decode(logits.view(), 1.0);
        assert_eq!(mentions.len(), 1);
        assert_eq!((mentions[0].words.clone(), mentions[0].label), (0..2, Label::Per));
        let expected = 1.0 / (1.0 + 4.0 * (-9.0f32).exp());
        assert!((mentions[0].score - expected).abs() < 1e-6);
    }

    #[test]
    fn never_lets_a_mention_start_inside() {
        // Taken alone, the second word would be I-LOC, which cannot follow B-PER.
        let logits = array![[0., 5., 0., 0., 0.], [0., 0., 2., 0., 3.]];
        let mentions = usual().decode(logits.view(), 1.0);
        assert_eq!(mentions.len(), 1);
        assert_eq!((mentions[0].words.clone(), mentions[0].label), (0..2, Label::Per));
    }

    #[test]
    fn tells_adjacent_mentions_apart() {
        let logits = array![[0., 9., 0., 0., 0.], [0., 9., 0., 0., 0.]];
        assert_eq!(usual().decode(logits.view(), 1.0).len(), 2);
    }

    #[test]
    fn reads_sets_without_begin_labels_and_drops_types_without_a_label() {
        let set = labels(&["O", "I-PERSON", "I-MISC"]);
        let mentions = set.decode(array![[0., 9., 0.], [0., 9., 0.], [0., 0., 9.]].view(), 1.0);
        assert_eq!(mentions.len(), 1);
        assert_eq!((mentions[0].words.clone(), mentions[0].label), (0..2, Label::Per));
    }

    /// The words and labels of mentions, where each word's scores are 9 for the label given and 0 for the rest.
    fn decoded(set: &LabelSet, labels: &[usize]) -> Vec<(Range<usize>, Label)> {
        let logits = Array2::from_shape_fn((labels.len(), set.len()), |(word, label)| {
            f32::from(labels[word] == label) * 9.0
        });
        set.decode(logits.view(), 1.0).into_iter().map(|mention| (mention.words, mention.label)).collect()
    }

    #[test]
    fn reads_mentions_with_ends_and_of_one_word() {
        for names in [["E-PER", "S-PER", "B-PER", "O", "I-PER"], ["L-PER", "U-PER", "B_PER", "O", "I_PER"]] {
            let set = labels(&names);
            let found = decoded(&set, &[1, 1, 2, 4, 0, 2, 0, 3]);
            assert_eq!(
                found,
                [(0..1, Label::Per), (1..2, Label::Per), (2..5, Label::Per), (5..7, Label::Per)]
            );
            // What is opened is closed: a last word cannot begin a mention of several.
            assert_eq!(decoded(&set, &[3, 2]).len(), 1);
            assert_eq!(decoded(&set, &[2, 4]), [(0..2, Label::Per)]);
        }
    }

    #[test]
    fn reads_plain_types_as_runs() {
        let set = labels(&["PERSON", "O", "NOR"]);
        assert_eq!(
            decoded(&set, &[0, 0, 2, 1, 2, 2]),
            [(0..2, Label::Per), (2..3, Label::Org), (4..6, Label::Org)]
        );
    }

    #[test]
    fn parts_mentions_that_touch_as_each_scheme_does() {
        let set = labels(&["O", "I-PER", "B-LOC", "I-LOC"]);
        assert_eq!(decoded(&set, &[3, 3, 2, 3]), [(0..2, Label::Loc), (2..4, Label::Loc)]);
    }

    #[test]
    fn is_less_sure_at_a_higher_temperature() {
        let logits = array![[0., 3., 0., 0., 0.]];
        let score = |temperature| usual().decode(logits.view(), temperature)[0].score;
        assert!(score(2.0) < score(1.0));
    }

    #[test]
    fn makes_nothing_of_no_words() {
        assert!(usual().decode(Array2::zeros((0, 5)).view(), 1.0).is_empty());
    }

    proptest! {
        #[test]
        fn finds_the_best_of_all_sequences(values in prop::collection::vec(-4f32..4., 20), ends: bool) {
            let set = if ends { labels(&["O", "B-PER", "I-PER", "E-PER", "S-PER"]) } else { usual() };
            let scores = log_softmax(Array2::from_shape_vec((4, 5), values).unwrap().view(), 1.0);
            let mut best = f32::NEG_INFINITY;
            for code in 0..625usize {
                let path: Vec<usize> = (0..4).map(|word| code / 5usize.pow(word) % 5).collect();
                let tag = |w: usize| path.get(w).map(|&label| set.tags[label]);
                let legal = (0..=4usize).all(|w| set.may_follow(w.checked_sub(1).and_then(tag), tag(w)));
                if legal {
                    best = best.max((0..4).map(|word| scores[[word, path[word]]]).sum());
                }
            }
            let found: f32 = set.viterbi(scores.view()).iter().enumerate().map(|(word, &l)| scores[[word, l]]).sum();
            prop_assert!((found - best).abs() < 1e-4);
        }
    }
}
