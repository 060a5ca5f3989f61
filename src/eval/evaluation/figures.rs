//! Figures, lengths and worst items from the counts of items.

use std::ops::AddAssign;

use super::{usual_scale, Case, CaseText, Figure, LengthRow};
use crate::error::{Error, Result};
use crate::eval::parallel::map_in_parallel;
use crate::eval::{Draws, PairedTest, Resampling};

/// How many rows [`lengths`] gives.
const LENGTH_ROWS: usize = 5;

/// The counts of every item under one metric, for the system and what it is compared with.
pub(super) struct Counted<C> {
    pub(super) system: Vec<C>,
    pub(super) against: Option<Vec<C>>,
}

impl<C> Counted<C>
where
    C: Default + Send + Sync + for<'c> AddAssign<&'c C>,
{
    /// Counts `items`, of which `against` gives the other system's output if it is there for all.
    pub(super) fn new<T: Sync>(
        items: &[T],
        system: impl Fn(&T) -> C + Sync,
        against: impl Fn(&T) -> Option<C> + Sync,
    ) -> Self {
        let others = map_in_parallel(items, against);
        let against = others.into_iter().collect::<Option<Vec<C>>>().filter(|_| !items.is_empty());
        Counted { system: map_in_parallel(items, system), against }
    }

    /// Draws the sets for intervals and tests; all figures of these counts share them.
    pub(super) fn drawn(&self, resampling: Resampling, test: PairedTest) -> Drawn<C> {
        // One item says nothing about others: what is drawn from it is always the same set.
        let draws = match self.system.as_slice() {
            [_] => resampling.draw(test, &[], None),
            system => resampling.draw(test, system, self.against.as_deref()),
        };
        Drawn { system: sum(&self.system), against: self.against.as_ref().map(sum), draws }
    }

    /// The score by length: items sorted by `words` and cut into parts of about equal number.
    pub(super) fn lengths(&self, words: &[usize], score: impl Fn(&C) -> f64) -> Vec<LengthRow> {
        let mut items: Vec<(usize, &C)> = words.iter().copied().zip(&self.system).collect();
        items.sort_by_key(|(words, _)| *words);
        items
            .chunks(items.len().div_ceil(LENGTH_ROWS).max(1))
            .filter_map(|part| {
                let ((from, _), (to, _)) = (part.first()?, part.last()?);
                let counts = sum(part.iter().map(|(_, counts)| *counts));
                Some(LengthRow { from: *from, to: *to, items: part.len(), score: score(&counts) })
            })
            .collect()
    }

    /// The items with the lowest scores, lowest first, and of equal ones the first of the set; items that are
    /// perfect are left out.
    pub(super) fn worst<T>(
        &self,
        items: &[T],
        keep: usize,
        score: impl Fn(&C) -> f64,
        show: impl Fn(&T) -> (String, Vec<CaseText>),
    ) -> Vec<Case> {
        let scores = self.system.iter().map(&score);
        let mut scored: Vec<(f64, &T)> = scores.zip(items).filter(|(score, _)| *score < 100.0).collect();
        scored.sort_by(|a, b| a.0.total_cmp(&b.0));
        scored
            .into_iter()
            .take(keep)
            .map(|(score, item)| {
                let (id, texts) = show(item);
                Case { id, score, texts }
            })
            .collect()
    }
}

/// Sums of counts: of the set, and of the sets drawn from it.
pub(super) struct Drawn<C> {
    system: C,
    against: Option<C>,
    draws: Draws<C>,
}

impl<C> Drawn<C> {
    /// A figure of the set, `score` turning summed counts into a value from 0 to 100.
    pub(super) fn figure(&self, name: &str, signature: String, score: impl Fn(&C) -> f64) -> Figure {
        Figure {
            name: name.to_owned(),
            value: score(&self.system),
            interval: self.draws.interval(&score),
            against: self.against.as_ref().map(&score),
            comparison: self.draws.compare(&score),
            signature,
            scale: usual_scale(),
            lower_is_better: false,
        }
    }
}

/// The sum of counts.
pub(super) fn sum<'a, C>(counts: impl IntoIterator<Item = &'a C>) -> C
where
    C: Default + for<'c> AddAssign<&'c C> + 'a,
{
    let mut sum = C::default();
    for counts in counts {
        sum += counts;
    }
    sum
}

/// Checks that the other system, if there is one, has something for all items.
pub(super) fn compared<T>(items: &[T], has_other: impl Fn(&T) -> bool) -> Result<()> {
    let Some(without) = items.iter().position(|item| !has_other(item)) else { return Ok(()) };
    match items.iter().any(has_other) {
        true => Err(Error::config(
            format!("items[{without}] has no output of the other system, others have"),
            "give it for all items or for none",
        )),
        false => Ok(()),
    }
}

/// A text without spans.
pub(super) fn plain(role: &str, text: &str) -> CaseText {
    CaseText { role: role.to_owned(), text: text.to_owned(), spans: Vec::new() }
}

/// Words between white space.
pub(super) fn word_count(text: &str) -> usize {
    text.split_whitespace().count()
}
