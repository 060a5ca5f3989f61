//! Beam search for the continuation of one text. Knows neither engine nor rows.

use super::endless;
use super::generate::{Continuation, Plan};
use crate::language_model::Choice;
use crate::translate::{Likelihood, Stop};

/// A hypothesis that goes on: the one of rank `parent` before, and one more piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Child {
    pub parent: usize,
    pub piece: u32,
}

/// What a text may go on with.
#[derive(Debug, Clone, Default)]
struct Hypothesis {
    pieces: Vec<u32>,
    /// Sum of the scores of its pieces.
    score: f64,
    /// The scores of its pieces.
    scores: Vec<f32>,
}

/// The hypotheses of one request, the best first, all with as many pieces.
#[derive(Debug)]
pub(super) struct Search<'a> {
    plan: Plan<'a>,
    limit: usize,
    live: Vec<Hypothesis>,
    finished: Vec<(Continuation, f64)>,
}

impl<'a> Search<'a> {
    pub fn new(plan: Plan<'a>, limit: usize) -> Self {
        Search { plan, limit, live: vec![Hypothesis::default()], finished: Vec::new() }
    }

    /// Goes on with the likeliest of the `choices` for each hypothesis; greedy search needs one, others one more than beams
    /// for each end piece. The children, the best first, and the pieces of the hypotheses that there were before; there are
    /// no children once the search is over.
    pub fn advance(&mut self, choices: &[Vec<Choice>]) -> (Vec<Child>, Vec<Vec<u32>>) {
        // Greedy search looks at the likeliest alone, even if more are told.
        let most = if self.plan.beams <= 1 { 1 } else { usize::MAX };
        let mut candidates: Vec<(f64, Child, f32)> = Vec::new();
        for (parent, (hypothesis, choices)) in self.live.iter().zip(choices).enumerate() {
            let child = |choice: &Choice| {
                let score = hypothesis.score + f64::from(choice.score);
                (score, Child { parent, piece: choice.piece }, choice.score)
            };
            candidates.extend(choices.iter().take(most).map(child));
        }
        // Stable: of equal candidates that of the better parent comes first.
        candidates.sort_by(|a, b| b.0.total_cmp(&a.0));

        let before = std::mem::take(&mut self.live);
        let at_limit = before.first().is_none_or(|first| first.pieces.len() >= self.limit);
        let mut children = Vec::new();
        for (place, &(score, child, own)) in candidates.iter().enumerate() {
            if children.len() >= self.plan.beams.max(1) {
                break;
            }
            let Some(parent) = before.get(child.parent) else { continue };
            let mut pieces = parent.pieces.clone();
            let mut scores = parent.scores.clone();
            scores.push(own);
            if self.plan.ends.contains(&child.piece) {
                // A far-fetched end says nothing about how good the text is, and a second one makes no other text.
                let same = |(text, _): &(Continuation, f64)| text.stop == Stop::End && text.pieces == pieces;
                if place < self.plan.beams.max(1) && !self.finished.iter().any(same) {
                    self.finish(Hypothesis { pieces, score, scores }, Stop::End);
                }
                continue;
            }
            if at_limit {
                continue;
            }
            pieces.push(child.piece);
            if let Some(kept) = endless::without_loop(&pieces) {
                pieces.truncate(kept);
                scores.truncate(kept);
                self.finish(Hypothesis { pieces, score, scores }, Stop::Loop);
                continue;
            }
            self.live.push(Hypothesis { pieces, score, scores });
            children.push(child);
        }
        if self.is_over() {
            children.clear();
            self.live.clear();
        }
        let useless = self.finished.iter().all(|(text, _)| at_limit && text.stop == Stop::Loop);
        if let Some(best) = before.first().filter(|_| children.is_empty() && useless) {
            self.finish(best.clone(), Stop::Limit);
        }
        (children, before.into_iter().map(|hypothesis| hypothesis.pieces).collect())
    }

    /// Whether as many texts ended as there are beams, or none that goes on can become better than the best of them.
    fn is_over(&self) -> bool {
        let ended: Vec<f64> = self
            .finished
            .iter()
            .filter(|(text, _)| text.stop == Stop::End)
            .map(|&(_, score)| score)
            .collect();
        let best = ended.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let hope = self.live.first().map(|live| self.normalized(live.score, self.limit + 1));
        ended.len() >= self.plan.beams.max(1) || hope.is_none_or(|hope| best >= hope)
    }

    fn finish(&mut self, text: Hypothesis, stop: Stop) {
        let Hypothesis { pieces, score, scores } = text;
        // Where an engine gives no logarithms, nothing is known rather than something wrong.
        let likelihood = Likelihood::of(scores).unwrap_or_default();
        // The end piece counts too.
        let score = self.normalized(score, pieces.len() + 1);
        self.finished.push((Continuation { pieces, stop, likelihood }, score));
    }

    fn normalized(&self, score: f64, length: usize) -> f64 {
        score / (length.max(1) as f64).powf(self.plan.length_penalty)
    }

    /// What was finished, the best first.
    pub fn into_continuations(mut self) -> Vec<Continuation> {
        self.finished.sort_by(|(a, x), (b, y)| a.stop.cmp(&b.stop).then(y.total_cmp(x)));
        self.finished.truncate(self.plan.beams.max(1));
        self.finished.into_iter().map(|(text, _)| text).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const END: u32 = 0;

    fn plan(beams: usize, length_penalty: f64) -> Plan<'static> {
        Plan { ends: &[END], requests: 1, pieces: usize::MAX, beams, length_penalty }
    }

    fn text(found: &Continuation) -> (&[u32], Stop) {
        (&found.pieces, found.stop)
    }

    /// Probabilities of pieces 0 to 3 after the pieces so far.
    type Table = fn(&[u32]) -> [f32; 4];

    fn choices(table: Table, pieces: &[u32]) -> Vec<Choice> {
        let mut choices: Vec<Choice> =
            (0..).zip(table(pieces)).map(|(piece, p)| Choice { piece, score: p.ln() }).collect();
        choices.sort_by(|a, b| b.score.total_cmp(&a.score));
        choices
    }

    fn run(plan: Plan<'_>, limit: usize, table: Table) -> Vec<Continuation> {
        let mut search = Search::new(plan, limit);
        let mut live: Vec<Vec<u32>> = vec![Vec::new()];
        loop {
            let mut offered: Vec<_> = live.iter().map(|pieces| choices(table, pieces)).collect();
            if plan.beams == 1 {
                offered.iter_mut().for_each(|choices| choices.truncate(1));
            }
            let (children, before) = search.advance(&offered);
            assert_eq!(before, live);
            if children.is_empty() {
                return search.into_continuations();
            }
            live = children.iter().map(|child| [&live[child.parent][..], &[child.piece]].concat()).collect();
        }
    }

    /// After 1, which looks best at first, nothing is likely; after 2, the end is.
    fn garden_path(pieces: &[u32]) -> [f32; 4] {
        match pieces {
            [] => [0.05, 0.5, 0.4, 0.05],
            [1] => [0.3, 0.3, 0.2, 0.2],
            [2] => [0.9, 0.05, 0.03, 0.02],
            _ => [0.7, 0.1, 0.1, 0.1],
        }
    }

    #[test]
    fn finds_what_greedy_search_misses() {
        assert_eq!(run(plan(1, 1.), 9, garden_path)[0].pieces, [1]);
        let found = run(plan(2, 1.), 9, garden_path);
        assert_eq!(text(&found[0]), (&[2][..], Stop::End));
        let likelihood = found[0].likelihood.as_ref().unwrap();
        assert!((likelihood.lowest(1) - 0.4f64.ln()).abs() < 1e-6, "{likelihood:?}");
        assert!((likelihood.mean() - (0.4f64 * 0.9).ln() / 2.).abs() < 1e-6, "{likelihood:?}");
        assert!(found.len() <= 2);
    }

    #[test]
    fn the_length_penalty_favors_longer_texts() {
        fn even(pieces: &[u32]) -> [f32; 4] {
            if pieces.len() < 2 {
                [0.52, 0.46, 0.01, 0.01]
            } else {
                [0.99, 0.004, 0.003, 0.003]
            }
        }
        assert_eq!(run(plan(8, 0.), 5, even)[0].pieces, [0u32; 0]);
        assert_eq!(run(plan(8, 2.), 5, even)[0].pieces, [1, 1]);
    }

    #[test]
    fn a_text_at_the_limit_gives_way_to_one_that_ends() {
        fn endless(_: &[u32]) -> [f32; 4] {
            [0.001, 0.6, 0.3, 0.099]
        }
        let cut = (&[1, 1, 1][..], Stop::Limit);
        let greedy = run(plan(1, 1.), 3, endless);
        assert_eq!(greedy.iter().map(text).collect::<Vec<_>>(), [cut]);
        assert_eq!(text(&run(plan(3, 1.), 3, endless)[0]), cut);
        assert_eq!(text(&run(plan(2, 1.), 1, garden_path)[0]), (&[2][..], Stop::End));
    }

    #[test]
    fn loops_are_the_last_choice() {
        fn looping(pieces: &[u32]) -> [f32; 4] {
            if pieces.contains(&2) {
                [0.5, 0.1, 0.2, 0.2]
            } else {
                [0.02, 0.9, 0.05, 0.03]
            }
        }
        let greedy = run(plan(1, 1.), 99, looping);
        assert_eq!(greedy.iter().map(text).collect::<Vec<_>>(), [(&[1][..], Stop::Loop)]);
        // What was cut off counts no more.
        assert_eq!(greedy[0].likelihood, Likelihood::of([0.9f32.ln()]).unwrap());
        assert_eq!(run(plan(3, 1.), 99, looping)[0].stop, Stop::End);
    }

    #[test]
    fn a_text_with_two_ends_is_one_text() {
        fn either(pieces: &[u32]) -> [f32; 4] {
            match pieces {
                [] => [0.5, 0.15, 0.05, 0.3],
                _ => [0.9, 0.04, 0.03, 0.03],
            }
        }
        let plan = Plan { ends: &[END, 3], ..plan(2, 1.) };
        let found: Vec<Vec<u32>> = run(plan, 5, either).into_iter().map(|text| text.pieces).collect();
        assert_eq!(found, [vec![], vec![1]]);
    }

    #[test]
    fn without_choices_the_text_ends_where_it_is() {
        let mut search = Search::new(plan(3, 1.), 5);
        assert_eq!(search.advance(&[Vec::new()]).0, []);
        let nothing = Continuation { pieces: Vec::new(), stop: Stop::Limit, likelihood: None };
        assert_eq!(search.into_continuations(), [nothing]);
    }

    proptest! {
        /// With a beam for every text there can be, the likeliest one is found.
        #[test]
        fn a_wide_beam_is_exhaustive(seed in any::<u64>(), limit in 1usize..4) {
            let weight = |pieces: &[u32], piece: u32| {
                let mut hash = seed ^ 0x9e37_79b9_7f4a_7c15;
                for &p in pieces.iter().chain([&piece]) {
                    hash = (hash ^ u64::from(p + 1)).wrapping_mul(0xbf58_476d_1ce4_e5b9).rotate_left(27);
                }
                (hash % 1000 + 1) as f32
            };
            let offered = |pieces: &Vec<u32>| {
                let sum: f32 = (0..4).map(|piece| weight(pieces, piece)).sum();
                let mut choices: Vec<Choice> =
                    (0..4).map(|piece| Choice { piece, score: (weight(pieces, piece) / sum).ln() }).collect();
                choices.sort_by(|a, b| b.score.total_cmp(&a.score));
                choices
            };
            // All texts that end at once or within the limit, with their scores.
            let (mut best, mut open) = ((f64::NEG_INFINITY, Vec::new()), vec![(Vec::new(), 0f64)]);
            for _ in 0..=limit {
                let mut next = Vec::new();
                for (pieces, score) in open {
                    for choice in offered(&pieces) {
                        let score = score + f64::from(choice.score);
                        if choice.piece != END {
                            next.push(([&pieces[..], &[choice.piece]].concat(), score));
                        } else if score > best.0 {
                            best = (score, pieces.clone());
                        }
                    }
                }
                open = next;
            }
            let mut search = Search::new(plan(256, 0.), limit);
            let mut live = vec![Vec::new()];
            loop {
                let (children, _) = search.advance(&live.iter().map(offered).collect::<Vec<_>>());
                if children.is_empty() {
                    break;
                }
                live = children.iter().map(|child| [&live[child.parent][..], &[child.piece]].concat()).collect();
            }
            prop_assert_eq!(&search.into_continuations()[0].pieces, &best.1);
        }
    }
}
