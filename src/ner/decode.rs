//! From label scores of words to mentions: the likeliest sequence that keeps the rules of IOB2.

use std::collections::BTreeMap;
use std::ops::Range;

use ndarray::{Array2, ArrayView1, ArrayView2};

use crate::document::Label;

/// What a label of a model says about a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tag {
    Outside,
    Begin(usize),
    Inside(usize),
}

/// The labels of a model: `O`, `B-PER`, `I-PER`, …
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelSet {
    tags: Vec<Tag>,
    /// The types; `None` for those that have no [`Label`].
    types: Vec<Option<Label>>,
    /// For each type whether the set knows `B-`.
    begins: Vec<bool>,
}

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
    /// The labels by their number, as `id2label` of a published configuration has them.
    ///
    /// Types are read in the spellings of the usual sets (`PERSON`, `PLACE`, `GPE`, `ORGANISATION`, …); mentions of
    /// a type that has no [`Label`] are dropped when decoding. Sets without `B-` are read as one mention per run.
    ///
    /// # Errors
    /// A sentence that says which label is missing or cannot be read.
    pub fn new(id2label: &BTreeMap<usize, String>) -> Result<Self, String> {
        let mut names: Vec<&str> = Vec::new();
        let mut set = LabelSet { tags: Vec::new(), types: Vec::new(), begins: Vec::new() };
        for (expected, (&id, name)) in id2label.iter().enumerate() {
            if id != expected {
                return Err(format!("label {expected} is missing"));
            }
            let (inside, kind) = match (name.strip_prefix("B-"), name.strip_prefix("I-")) {
                _ if name == "O" => {
                    set.tags.push(Tag::Outside);
                    continue;
                }
                (Some(kind), _) => (false, kind),
                (_, Some(kind)) => (true, kind),
                _ => return Err(format!("label {id} is `{name}`, neither O nor B-… nor I-…")),
            };
            let known = names.iter().position(|&name| name == kind);
            let number = known.unwrap_or_else(|| {
                names.push(kind);
                set.types.push(label(kind));
                set.begins.push(false);
                names.len() - 1
            });
            if inside {
                set.tags.push(Tag::Inside(number));
            } else {
                set.tags.push(Tag::Begin(number));
                if let Some(begins) = set.begins.get_mut(number) {
                    *begins = true;
                }
            }
        }
        if !set.tags.contains(&Tag::Outside) {
            return Err("label O is missing".to_owned());
        }
        Ok(set)
    }

    /// How many labels there are.
    pub fn len(&self) -> usize {
        self.tags.len()
    }

    /// Never: a set holds at least `O`.
    pub fn is_empty(&self) -> bool {
        self.tags.is_empty()
    }

    /// Whether label `after` may follow label `before` (`None` at the start of a sentence).
    fn may_follow(&self, before: Option<Tag>, after: Tag) -> bool {
        match after {
            Tag::Outside | Tag::Begin(_) => true,
            Tag::Inside(kind) => {
                matches!(before, Some(Tag::Begin(k) | Tag::Inside(k)) if k == kind)
                    || self.begins.get(kind) == Some(&false)
            }
        }
    }

    /// The likeliest labels of a sentence's words that keep the rules, as numbers.
    ///
    /// `log_probabilities`: one row per word, one column per label. Of equal sequences the one with lower numbers.
    fn viterbi(&self, log_probabilities: ArrayView2<'_, f32>) -> Vec<usize> {
        let allowed = |before: Option<Tag>, after: Tag| {
            if self.may_follow(before, after) {
                0.0
            } else {
                f32::NEG_INFINITY
            }
        };
        let mut rows = log_probabilities.rows().into_iter();
        let Some(first) = rows.next() else { return Vec::new() };
        let mut best: Vec<f32> =
            first.iter().zip(&self.tags).map(|(p, &tag)| p + allowed(None, tag)).collect();
        let mut back: Vec<Vec<usize>> = Vec::new();
        for row in rows {
            let mut from = Vec::with_capacity(self.tags.len());
            let mut next = Vec::with_capacity(self.tags.len());
            for (&p, &tag) in row.iter().zip(&self.tags) {
                let paths =
                    best.iter().zip(&self.tags).map(|(score, &before)| score + allowed(Some(before), tag));
                let (origin, score) = highest(paths);
                from.push(origin);
                next.push(score + p);
            }
            back.push(from);
            best = next;
        }
        let mut labels = vec![highest(best.into_iter()).0];
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
            if let Some(&Some(label)) = self.types.get(kind) {
                let score = (sum / words.len() as f32).exp().clamp(0.0, 1.0);
                mentions.push(WordSpan { words, label, score });
            }
        };
        let labels = self.viterbi(log_probabilities.view());
        for (word, (&label, row)) in labels.iter().zip(log_probabilities.rows()).enumerate() {
            let p = row.get(label).copied().unwrap_or(f32::NEG_INFINITY);
            match self.tags.get(label).copied().unwrap_or(Tag::Outside) {
                Tag::Outside => close(&mut open),
                Tag::Inside(kind) if open.as_ref().is_some_and(|(k, ..)| *k == kind) => {
                    if let Some((_, words, sum)) = &mut open {
                        words.end = word + 1;
                        *sum += p;
                    }
                }
                Tag::Begin(kind) | Tag::Inside(kind) => {
                    close(&mut open);
                    open = Some((kind, word..word + 1, p));
                }
            }
        }
        close(&mut open);
        mentions
    }
}

/// The [`Label`] of a type as the usual sets spell it.
fn label(kind: &str) -> Option<Label> {
    Some(match kind.to_uppercase().as_str() {
        "PERSON" | "PPL" => Label::Per,
        "LOCATION" | "PLACE" | "GPE" | "FAC" | "PLC" => Label::Loc,
        "ORGANISATION" | "ORGANIZATION" | "NOR" => Label::Org,
        "EVENT" => Label::Evt,
        "DAT" => Label::Date,
        "TIM" => Label::Time,
        "MON" => Label::Money,
        "PRC" => Label::Percent,
        "QUANTITY" => Label::Qty,
        other => return other.parse().ok(),
    })
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
    fn refuses_label_sets_that_it_cannot_read() {
        let set =
            |pairs: &[(usize, &str)]| LabelSet::new(&pairs.iter().map(|&(i, l)| (i, l.to_owned())).collect());
        assert!(set(&[(0, "O"), (2, "B-PER")]).unwrap_err().contains("label 1"));
        assert!(set(&[(0, "B-PER")]).unwrap_err().contains("O is missing"));
        assert!(set(&[(0, "O"), (1, "PER")]).unwrap_err().contains("`PER`"));
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
        fn finds_the_best_of_all_sequences(values in prop::collection::vec(-4f32..4., 20)) {
            let set = usual();
            let scores = log_softmax(Array2::from_shape_vec((4, 5), values).unwrap().view(), 1.0);
            let mut best = f32::NEG_INFINITY;
            for code in 0..625usize {
                let path: Vec<usize> = (0..4).map(|word| code / 5usize.pow(word) % 5).collect();
                let legal = (0..4usize).all(|w| set.may_follow(w.checked_sub(1).map(|p| set.tags[path[p]]), set.tags[path[w]]));
                if legal {
                    best = best.max((0..4).map(|word| scores[[word, path[word]]]).sum());
                }
            }
            let found: f32 = set.viterbi(scores.view()).iter().enumerate().map(|(word, &l)| scores[[word, l]]).sum();
            prop_assert!((found - best).abs() < 1e-4);
        }
    }
}
