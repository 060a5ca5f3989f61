//! Generation for many prompts by beam search: which are read when, and when each is done. Knows no engine.

use std::collections::{BTreeMap, HashSet};
use std::mem::take;

use super::search::Search;
use crate::error::Result;
use crate::language_model::{Choice, LanguageModel};
use crate::translate::{Likelihood, Stop};

/// A text to continue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    /// Pieces to read; not empty.
    pub prompt: Vec<u32>,
    /// Pieces to write at most.
    pub limit: usize,
}

/// A continuation, without its end piece.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Continuation {
    pub pieces: Vec<u32>,
    pub stop: Stop,
    /// Of its pieces and the end piece, as far as they were written.
    pub likelihood: Option<Likelihood>,
}

/// How to search.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan<'a> {
    /// Pieces that end a text.
    pub ends: &'a [u32],
    /// Requests that are continued at the same time, at least one.
    pub requests: usize,
    /// Pieces that the model holds at the same time for all requests together; a request that may need more is continued
    /// alone.
    pub pieces: usize,
    /// Hypotheses that are followed for each request, at least one: with one, search is greedy.
    pub beams: usize,
    /// Scores are divided by the number of pieces to this power, or longer texts would never win.
    pub length_penalty: f64,
}

/// A row of the model.
#[derive(Debug)]
struct Row {
    request: usize,
    /// The place of its hypothesis among those of the request.
    rank: usize,
    choices: Vec<Choice>,
    next: u32,
}

impl Plan<'_> {
    /// Pieces that a request may come to hold: what it reads, and what each hypothesis may write.
    fn most_pieces(self, request: &Request) -> usize {
        request.limit.saturating_mul(self.beams.max(1)).saturating_add(request.prompt.len())
    }
}

impl Row {
    fn new(request: usize, choices: Vec<Choice>) -> Self {
        Row { request, rank: 0, choices, next: 0 }
    }
}

/// Continues all requests, long prompts first; requests that are done leave at once and waiting ones take their places.
/// `done` hears, at every step, how many are done. For each request, in order, the continuations that were finished, the best first: at
/// least one, at most as many as there are beams.
pub(crate) fn generate(
    model: &mut impl LanguageModel,
    requests: &[Request],
    plan: Plan<'_>,
    mut done: impl FnMut(usize) -> Result<()>,
) -> Result<Vec<Vec<Continuation>>> {
    let most = plan.requests.max(1);
    let mut waiting: Vec<usize> = (0..requests.len()).collect();
    // Taken from the back, so the longest stand last; equal ones keep their order.
    waiting.sort_by_key(|&index| requests.get(index).map_or(0, |request| request.prompt.len()));
    let mut searches: Vec<Search<'_>> =
        requests.iter().map(|request| Search::new(plan, request.limit)).collect();
    let mut rows: Vec<Row> = Vec::new();
    let (mut active, mut finished, mut held) = (0, 0, 0);
    let need = |index: usize| requests.get(index).map_or(0, |request| plan.most_pieces(request));
    loop {
        // Reading prompts pays off for several at once, so some places may stay free for a while.
        let free = most - active;
        if !waiting.is_empty() && (active == 0 || free >= most.div_ceil(4)) {
            let mut new: Vec<(usize, &Request)> = Vec::new();
            while let Some(index) = waiting.pop_if(|&mut index| {
                new.len() < free && (active + new.len() == 0 || held + need(index) <= plan.pieces)
            }) {
                held += need(index);
                new.extend(requests.get(index).map(|request| (index, request)));
            }
            let prompts: Vec<&[u32]> = new.iter().map(|(_, request)| request.prompt.as_slice()).collect();
            let choices = if prompts.is_empty() { Vec::new() } else { model.push(&prompts)? };
            rows.extend(new.iter().zip(choices).map(|(&(request, _), choices)| Row::new(request, choices)));
            active += new.len();
        }
        let over = advance(model, &mut searches, &mut rows)?;
        active -= over.len();
        finished += over.len();
        held -= over.into_iter().map(need).sum::<usize>();
        done(finished)?;
        if rows.is_empty() {
            if waiting.is_empty() {
                break;
            }
            continue;
        }
        let next: Vec<u32> = rows.iter().map(|row| row.next).collect();
        let choices = model.step(&next)?;
        rows.iter_mut().zip(choices).for_each(|(row, choices)| row.choices = choices);
    }
    // Every request was taken from `waiting` once, and its search ended before the loop did.
    Ok(searches.into_iter().map(Search::into_continuations).collect())
}

/// Advances every search by one piece and puts its hypotheses into rows; the requests whose searches are over.
fn advance(
    model: &mut impl LanguageModel,
    searches: &mut [Search<'_>],
    rows: &mut Vec<Row>,
) -> Result<Vec<usize>> {
    let mut over = Vec::new();
    let mut unused: Vec<usize> = Vec::new();
    for mut old in by_request(rows) {
        let Some(request) = old.first().and_then(|&row| rows.get(row)).map(|row| row.request) else {
            continue;
        };
        let Some(search) = searches.get_mut(request) else { continue };
        old.sort_by_key(|&row| rows.get(row).map(|row| row.rank));
        let choices: Vec<Vec<Choice>> =
            old.iter().filter_map(|&row| Some(take(&mut rows.get_mut(row)?.choices))).collect();
        let (children, before) = search.advance(&choices);
        over.extend(children.is_empty().then_some(request));

        // A parent's first child goes on in its row; others are copied to rows of hypotheses that were given up.
        let parents: HashSet<usize> = children.iter().map(|child| child.parent).collect();
        let mut free: Vec<usize> = (0..old.len()).filter(|rank| !parents.contains(rank)).collect();
        let mut used: HashSet<usize> = HashSet::new();
        for (rank, child) in children.into_iter().enumerate() {
            let Some(&from) = old.get(child.parent) else { continue };
            let to = if used.insert(child.parent) {
                from
            } else if let Some(given_up) = free.pop() {
                let to = old.get(given_up).copied().unwrap_or(from);
                model.copy(from, to, differing(before.get(child.parent), before.get(given_up)))?;
                to
            } else {
                model.copy(from, rows.len(), None)?;
                rows.push(Row::new(request, Vec::new()));
                rows.len() - 1
            };
            if let Some(row) = rows.get_mut(to) {
                (row.rank, row.next) = (rank, child.piece);
            }
        }
        unused.extend(free.into_iter().filter_map(|rank| old.get(rank)));
    }
    unused.sort_unstable();
    for row in unused.into_iter().rev() {
        rows.swap_remove(row);
        model.swap_remove(row)?;
    }
    Ok(over)
}

/// The numbers of the rows of each request.
fn by_request(rows: &[Row]) -> Vec<Vec<usize>> {
    let mut found: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (number, row) in rows.iter().enumerate() {
        found.entry(row.request).or_default().push(number);
    }
    found.into_values().collect()
}

/// How many pieces of two texts of one length follow their common beginning.
fn differing(one: Option<&Vec<u32>>, other: Option<&Vec<u32>>) -> Option<usize> {
    let (one, other) = (one?, other?);
    Some(one.len() - one.iter().zip(other).take_while(|(a, b)| a == b).count())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const END: u32 = 0;

    /// Says back the prompt, last piece first, then ends; piece 99 in a prompt makes it go on forever with 7, 8, 7, 8 …;
    /// piece 98 makes it count upwards.
    #[derive(Default)]
    struct Echo {
        rows: Vec<(Vec<u32>, usize)>,
        most_rows: usize,
        steps: usize,
    }

    impl Echo {
        fn next(&(ref prompt, written): &(Vec<u32>, usize)) -> u32 {
            match () {
                () if prompt.contains(&99) => 7 + written as u32 % 2,
                () if prompt.contains(&98) => 100 + written as u32,
                () => prompt.iter().rev().nth(written).copied().unwrap_or(END),
            }
        }
    }

    fn only(piece: u32) -> Vec<Choice> {
        vec![Choice { piece, score: 0. }]
    }

    impl LanguageModel for Echo {
        fn push(&mut self, texts: &[&[u32]]) -> Result<Vec<Vec<Choice>>> {
            let new: Vec<_> = texts.iter().map(|text| (text.to_vec(), 0)).collect();
            let next = new.iter().map(|row| only(Echo::next(row))).collect();
            self.rows.extend(new);
            self.most_rows = self.most_rows.max(self.rows.len());
            Ok(next)
        }

        fn step(&mut self, pieces: &[u32]) -> Result<Vec<Vec<Choice>>> {
            assert_eq!(pieces.len(), self.rows.len(), "one piece per row");
            self.steps += 1;
            for (row, &piece) in self.rows.iter_mut().zip(pieces) {
                assert_eq!(piece, Echo::next(row), "each row gets its own piece");
                row.1 += 1;
            }
            Ok(self.rows.iter().map(|row| only(Echo::next(row))).collect())
        }

        fn copy(&mut self, _: usize, _: usize, _: Option<usize>) -> Result<()> {
            unreachable!("greedy search keeps one row for each request")
        }

        fn swap_remove(&mut self, row: usize) -> Result<()> {
            self.rows.swap_remove(row);
            Ok(())
        }
    }

    /// Offers three pieces that depend on everything in the row, which is what rows must keep apart.
    #[derive(Default)]
    struct Chance {
        /// The prompt and what follows, and the length of the prompt.
        rows: Vec<(Vec<u32>, usize)>,
        most_rows: usize,
    }

    impl Chance {
        fn choices((row, _): &(Vec<u32>, usize)) -> Vec<Choice> {
            let hash = row.iter().fold(7u64, |hash, &piece| {
                (hash ^ u64::from(piece)).wrapping_mul(0xbf58_476d_1ce4_e5b9).rotate_left(29)
            });
            let piece = |n: u64| (hash >> (8 * n)) as u32 % 9 + n as u32 * 9;
            (0..3)
                .map(|n| Choice { piece: piece(n), score: -0.3 - n as f32 * (hash % 7) as f32 / 5. })
                .collect()
        }
    }

    impl LanguageModel for Chance {
        fn push(&mut self, texts: &[&[u32]]) -> Result<Vec<Vec<Choice>>> {
            let new: Vec<_> = texts.iter().map(|text| (text.to_vec(), text.len())).collect();
            let next = new.iter().map(Chance::choices).collect();
            self.rows.extend(new);
            self.most_rows = self.most_rows.max(self.rows.len());
            Ok(next)
        }

        fn step(&mut self, pieces: &[u32]) -> Result<Vec<Vec<Choice>>> {
            assert_eq!(pieces.len(), self.rows.len(), "one piece per row");
            self.rows.iter_mut().zip(pieces).for_each(|(row, &piece)| row.0.push(piece));
            Ok(self.rows.iter().map(Chance::choices).collect())
        }

        fn copy(&mut self, from: usize, to: usize, differing: Option<usize>) -> Result<()> {
            let (source, prompt) = self.rows[from].clone();
            if to == self.rows.len() {
                assert_eq!(differing, None);
                self.rows.push((source, prompt));
                self.most_rows = self.most_rows.max(self.rows.len());
                return Ok(());
            }
            // As a cache does it: only the last pieces are written.
            let start = differing.map_or(0, |differing| source.len() - differing);
            assert_eq!(self.rows[to].0.len(), source.len());
            self.rows[to].0[start..].copy_from_slice(&source[start..]);
            assert_eq!(self.rows[to].0, source);
            Ok(())
        }

        fn swap_remove(&mut self, row: usize) -> Result<()> {
            self.rows.swap_remove(row);
            Ok(())
        }
    }

    fn plan(requests: usize, beams: usize) -> Plan<'static> {
        Plan { ends: &[END], requests, pieces: usize::MAX, beams, length_penalty: 1. }
    }

    fn request(prompt: &[u32], limit: usize) -> Request {
        Request { prompt: prompt.to_vec(), limit }
    }

    fn run(requests: &[Request], rows: usize) -> (Vec<Continuation>, Echo) {
        let mut model = Echo::default();
        let results = generate(&mut model, requests, plan(rows, 1), |_| Ok(())).unwrap();
        (results.into_iter().flatten().collect(), model)
    }

    #[test]
    fn stops_at_the_limit_and_says_so() {
        let (results, _) = run(&[request(&[1, 2, 3], 2), request(&[1, 2, 3], 3), request(&[98], 5)], 4);
        assert_eq!((&results[0].pieces[..], results[0].stop), (&[3, 2][..], Stop::Limit));
        assert_eq!((&results[1].pieces[..], results[1].stop), (&[3, 2, 1][..], Stop::End));
        assert_eq!(results[2].pieces, [100, 101, 102, 103, 104]);
    }

    #[test]
    fn cuts_off_a_loop_and_says_so() {
        let (results, model) = run(&[request(&[99], 1000), request(&[5], 1000)], 4);
        assert_eq!((&results[0].pieces[..], results[0].stop), (&[7, 8][..], Stop::Loop));
        assert_eq!(results[1].stop, Stop::End);
        assert!(model.steps < 100, "took {} steps", model.steps);
    }

    #[test]
    fn fills_free_rows_from_the_queue() {
        let requests: Vec<_> =
            (1..=40).map(|length| request(&(1..=length).collect::<Vec<_>>(), 100)).collect();
        let (_, model) = run(&requests, 8);
        assert_eq!(model.most_rows, 8);
        // 820 pieces and 40 ends; eight rows cannot do it in fewer than 108 steps, five full batches one after another
        // take 40 + 32 + 24 + 16 + 8 = 120.
        assert!(model.steps <= 120, "took {} steps", model.steps);
    }

    #[test]
    fn holds_no_more_pieces_than_it_may() {
        // Each may come to hold 3 + 20 pieces.
        let requests: Vec<_> = (1..=9).map(|piece| request(&[piece, 20, 30], 20)).collect();
        for (pieces, most_rows) in [(0, 1), (23, 1), (45, 1), (46, 2), (1000, 4)] {
            let mut model = Echo::default();
            let found = generate(&mut model, &requests, Plan { pieces, ..plan(4, 1) }, |_| Ok(())).unwrap();
            assert_eq!(model.most_rows, most_rows, "{pieces}");
            assert!(found.iter().zip(1..).all(|(found, piece)| found[0].pieces == [30, 20, piece]));
        }
    }

    #[test]
    fn stops_when_asked_to() {
        let mut model = Echo::default();
        let stop = |_| Err(crate::Error::config("stopped", "go on"));
        assert!(generate(&mut model, &[request(&[1], 9)], plan(1, 1), stop).is_err());
    }

    #[test]
    fn nothing_in_nothing_out() {
        assert!(run(&[], 3).0.is_empty());
    }

    proptest! {
        #[test]
        fn gives_each_request_its_own_continuation(
            prompts in prop::collection::vec(prop::collection::vec(1u32..90, 1..12), 0..30),
            rows in 1usize..10,
        ) {
            let requests: Vec<_> = prompts.iter().map(|prompt| request(prompt, 50)).collect();
            let (results, model) = run(&requests, rows);
            prop_assert_eq!(results.len(), prompts.len());
            for (result, prompt) in results.iter().zip(&prompts) {
                let reversed: Vec<u32> = prompt.iter().rev().copied().collect();
                prop_assert_eq!(&result.pieces, &reversed);
            }
            prop_assert!(model.most_rows <= rows);
            prop_assert!(model.rows.is_empty());
        }

        #[test]
        fn a_search_is_the_same_whatever_is_searched_beside_it(
            prompts in prop::collection::vec(prop::collection::vec(1u32..90, 1..12), 1..12),
            places in 2usize..6,
            beams in 1usize..5,
        ) {
            let requests: Vec<_> = prompts.iter().map(|prompt| request(prompt, 12)).collect();
            let mut model = Chance::default();
            let together = generate(&mut model, &requests, plan(places, beams), |_| Ok(())).unwrap();
            prop_assert!(model.most_rows <= places * beams);
            prop_assert!(model.rows.is_empty());
            for (request, found) in requests.iter().zip(&together) {
                let mut model = Chance::default();
                let alone = generate(&mut model, std::slice::from_ref(request), plan(1, beams), |_| Ok(())).unwrap();
                prop_assert_eq!(&alone[0], found);
                prop_assert!(!found.is_empty() && found.len() <= beams);
            }
        }
    }
}
