//! From scores to a summary: the best sentences, in order, under a budget.

use serde::{Deserialize, Serialize};

use super::quoted::{quoted, speaks};
use super::SummaryInput;
use crate::document::SentenceKind;

/// How long a summary may become.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Budget {
    /// Sentences at most. Default: 4.
    pub max_sentences: usize,
    /// Words of the source at most, save that one sentence is always taken. Default: 120.
    pub max_words: usize,
    /// Words of a sentence at least; shorter ones are not worth a place. Default: 5.
    pub min_words: usize,
}

impl Default for Budget {
    /// Four sentences, 120 words: a paragraph.
    fn default() -> Self {
        Budget { max_sentences: 4, max_words: 120, min_words: 5 }
    }
}

/// Which sentences may stand in a summary: running text that is long enough and no part of a longer quotation,
/// which alone would not say who speaks. An article of nothing else still deserves a summary.
pub(super) fn eligible(input: &SummaryInput<'_>, budget: &Budget) -> Vec<usize> {
    let quoted = quoted(input);
    let such = |fits: &dyn Fn(usize, &str) -> bool| -> Vec<usize> {
        let running = input.sentences.iter().enumerate().filter(|(_, s)| s.kind == SentenceKind::Text);
        running.filter(|(index, s)| fits(*index, s.span.of(input.text))).map(|(index, _)| index).collect()
    };
    let alone = |index: usize| !quoted.get(index).is_some_and(|&quoted| quoted);
    let best =
        such(&|index, text| word_count(text) >= budget.min_words && alone(index) && whole_quotations(text));
    if best.is_empty() {
        return such(&|_, text| word_count(text) > 0);
    }
    best
}

/// Whether every quotation that begins in the sentence ends in it.
fn whole_quotations(text: &str) -> bool {
    let count = |marks: &[char]| text.chars().filter(|c| marks.contains(c)).count();
    count(&['"']) % 2 == 0 && count(&['“', '„']) == count(&['”'])
}

/// Takes sentences by falling score, skipping what would break the budget or repeat what is chosen; returns
/// their indices in order. `scored` holds (sentence, score); ties go to the earlier sentence. What somebody says without marks comes after
/// all others.
pub(super) fn pick(input: &SummaryInput<'_>, mut scored: Vec<(usize, f32)>, budget: &Budget) -> Vec<usize> {
    let text_of =
        |index: usize| input.sentences.get(index).map_or("", |sentence| sentence.span.of(input.text));
    scored.sort_by(|(left, a), (right, b)| b.total_cmp(a).then(left.cmp(right)));
    scored.sort_by_cached_key(|&(index, _)| speaks(text_of(index)));
    let (mut chosen, mut words) = (Vec::<usize>::new(), 0);
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
    places(text).map(|(_, word)| word)
}

/// The words of a text in lower case, and where they stand.
pub(super) fn places(text: &str) -> impl Iterator<Item = (usize, String)> + '_ {
    use unicode_segmentation::UnicodeSegmentation;
    text.unicode_word_indices().map(|(at, word)| (at, word.to_lowercase()))
}

fn word_count(text: &str) -> usize {
    words(text).count()
}
