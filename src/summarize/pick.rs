//! From scores to a summary: the best sentences, in order, under a budget.

use serde::{Deserialize, Serialize};

use super::SummaryInput;
use crate::document::SentenceKind;

/// How long a summary may become.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Budget {
    /// Sentences at most.
    pub max_sentences: usize,
    /// Words of the source at most, save that one sentence is always taken.
    pub max_words: usize,
    /// Shorter sentences are not worth a place.
    pub min_words: usize,
}

impl Default for Budget {
    /// Four sentences, 120 words: a paragraph.
    fn default() -> Self {
        Budget { max_sentences: 4, max_words: 120, min_words: 5 }
    }
}

/// Which sentences may stand in a summary: running text that is long enough.
pub(super) fn eligible(input: &SummaryInput<'_>, budget: &Budget) -> Vec<usize> {
    let long_enough = |least: usize| {
        move |index: &usize| {
            input.sentences.get(*index).is_some_and(|sentence| {
                sentence.kind == SentenceKind::Text && word_count(sentence.span.of(input.text)) >= least
            })
        }
    };
    let all = 0..input.sentences.len();
    let eligible: Vec<usize> = all.clone().filter(long_enough(budget.min_words)).collect();
    if eligible.is_empty() {
        // An article of very short sentences still deserves a summary.
        return all.filter(long_enough(1)).collect();
    }
    eligible
}

/// Takes sentences by falling score, skipping what would break the budget or repeat what is chosen; returns
/// their indices in order. `scored` holds (sentence, score); ties go to the earlier sentence.
pub(super) fn pick(input: &SummaryInput<'_>, mut scored: Vec<(usize, f32)>, budget: &Budget) -> Vec<usize> {
    scored.sort_by(|(left, a), (right, b)| b.total_cmp(a).then(left.cmp(right)));
    let (mut chosen, mut words) = (Vec::<usize>::new(), 0);
    let text_of =
        |index: usize| input.sentences.get(index).map_or("", |sentence| sentence.span.of(input.text));
    for (index, _) in scored {
        if chosen.len() == budget.max_sentences {
            break;
        }
        let count = word_count(text_of(index));
        let fits = words + count <= budget.max_words || chosen.is_empty();
        if fits && !chosen.iter().any(|&other| repeats(text_of(index), text_of(other))) {
            chosen.push(index);
            words += count;
        }
    }
    chosen.sort_unstable();
    chosen
}

/// Whether two sentences say the same in nearly the same words (half of the shorter one's word pairs).
fn repeats(left: &str, right: &str) -> bool {
    let pairs = |text: &str| -> std::collections::BTreeSet<(String, String)> {
        let words: Vec<String> = words(text).collect();
        words.iter().zip(words.iter().skip(1)).map(|(a, b)| (a.clone(), b.clone())).collect()
    };
    let (left, right) = (pairs(left), pairs(right));
    let shorter = left.len().min(right.len());
    shorter > 0 && 2 * left.intersection(&right).count() > shorter
}

pub(super) fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    use unicode_segmentation::UnicodeSegmentation;
    text.unicode_words().map(str::to_lowercase)
}

fn word_count(text: &str) -> usize {
    words(text).count()
}
