//! Greedy generation for many prompts: which are read when, and when each is done. Knows no engine.

use super::repetition;
use crate::error::Result;

/// A language model that continues several texts at once. Texts stand in rows, numbered from 0.
pub(crate) trait LanguageModel {
    /// Adds a row for each text, none of them empty, and reads them; the likeliest next piece of each new row.
    fn push(&mut self, texts: &[&[u32]]) -> Result<Vec<u32>>;

    /// Appends one piece to each row; the likeliest next piece of each.
    fn step(&mut self, pieces: &[u32]) -> Result<Vec<u32>>;

    /// Drops a row; the last one takes its number.
    fn swap_remove(&mut self, row: usize) -> Result<()>;
}

/// A text to continue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    /// Pieces to read; not empty.
    pub prompt: Vec<u32>,
    /// Pieces to write at most.
    pub limit: usize,
}

/// Why a continuation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// At one of the end pieces.
    End,
    /// At the limit of the request.
    Limit,
    /// In a loop, which was cut off.
    Loop,
}

/// A continuation, without its end piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Continuation {
    pub pieces: Vec<u32>,
    pub ending: Ending,
}

/// A row of the model and what it has written.
#[derive(Debug)]
struct Row {
    request: usize,
    limit: usize,
    pieces: Vec<u32>,
    next: u32,
}

impl Row {
    /// Takes the next piece; says whether and why the row ends with it.
    fn take(&mut self, ends: &[u32]) -> Option<Ending> {
        if ends.contains(&self.next) {
            return Some(Ending::End);
        }
        if self.pieces.len() >= self.limit {
            return Some(Ending::Limit);
        }
        self.pieces.push(self.next);
        if let Some(kept) = repetition::without_loop(&self.pieces) {
            self.pieces.truncate(kept);
            return Some(Ending::Loop);
        }
        None
    }
}

/// Continues all requests greedily, at most `rows` at a time, long prompts first; rows that are done leave at once and
/// waiting requests take their places. `done` hears how many are done. One continuation per request, in order.
pub(crate) fn generate(
    model: &mut impl LanguageModel,
    requests: &[Request],
    ends: &[u32],
    rows: usize,
    mut done: impl FnMut(usize) -> Result<()>,
) -> Result<Vec<Continuation>> {
    let rows = rows.max(1);
    let mut waiting: Vec<usize> = (0..requests.len()).collect();
    // Taken from the back, so the longest stand last; equal ones keep their order.
    waiting.sort_by_key(|&index| requests.get(index).map_or(0, |request| request.prompt.len()));
    let mut finished: Vec<Option<Continuation>> = requests.iter().map(|_| None).collect();
    let mut finished_count = 0;
    let mut active: Vec<Row> = Vec::new();
    loop {
        // Reading prompts pays off for several at once, so some rows may stay free for a while.
        let free = rows - active.len();
        if !waiting.is_empty() && (active.is_empty() || free >= rows.div_ceil(4)) {
            let taken: Vec<usize> = waiting.split_off(waiting.len().saturating_sub(free));
            let new: Vec<(usize, &Request)> =
                taken.iter().rev().filter_map(|&index| Some((index, requests.get(index)?))).collect();
            let prompts: Vec<&[u32]> = new.iter().map(|(_, request)| request.prompt.as_slice()).collect();
            let next = model.push(&prompts)?;
            active.extend(new.iter().zip(next).map(|(&(index, request), next)| Row {
                request: index,
                limit: request.limit,
                pieces: Vec::new(),
                next,
            }));
        }
        let before = finished_count;
        for row in (0..active.len()).rev() {
            let Some(ending) = active.get_mut(row).and_then(|row| row.take(ends)) else { continue };
            let Row { request, pieces, .. } = active.swap_remove(row);
            model.swap_remove(row)?;
            if let Some(slot) = finished.get_mut(request) {
                *slot = Some(Continuation { pieces, ending });
            }
            finished_count += 1;
        }
        if finished_count > before {
            done(finished_count)?;
        }
        if active.is_empty() {
            if waiting.is_empty() {
                break;
            }
            continue;
        }
        let last: Vec<u32> = active.iter().map(|row| row.next).collect();
        let next = model.step(&last)?;
        active.iter_mut().zip(next).for_each(|(row, next)| row.next = next);
    }
    // Every request was taken from `waiting` once and finished before the loop ended.
    Ok(finished.into_iter().flatten().collect())
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

    impl LanguageModel for Echo {
        fn push(&mut self, texts: &[&[u32]]) -> Result<Vec<u32>> {
            let new: Vec<_> = texts.iter().map(|text| (text.to_vec(), 0)).collect();
            let next = new.iter().map(Echo::next).collect();
            self.rows.extend(new);
            self.most_rows = self.most_rows.max(self.rows.len());
            Ok(next)
        }

        fn step(&mut self, pieces: &[u32]) -> Result<Vec<u32>> {
            assert_eq!(pieces.len(), self.rows.len(), "one piece per row");
            self.steps += 1;
            for (row, &piece) in self.rows.iter_mut().zip(pieces) {
                assert_eq!(piece, Echo::next(row), "each row gets its own piece");
                row.1 += 1;
            }
            Ok(self.rows.iter().map(Echo::next).collect())
        }

        fn swap_remove(&mut self, row: usize) -> Result<()> {
            self.rows.swap_remove(row);
            Ok(())
        }
    }

    fn request(prompt: &[u32], limit: usize) -> Request {
        Request { prompt: prompt.to_vec(), limit }
    }

    fn run(requests: &[Request], rows: usize) -> (Vec<Continuation>, Echo) {
        let mut model = Echo::default();
        let results = generate(&mut model, requests, &[END], rows, |_| Ok(())).unwrap();
        (results, model)
    }

    #[test]
    fn stops_at_the_limit_and_says_so() {
        let (results, _) = run(&[request(&[1, 2, 3], 2), request(&[1, 2, 3], 3), request(&[98], 5)], 4);
        assert_eq!(results[0], Continuation { pieces: vec![3, 2], ending: Ending::Limit });
        assert_eq!(results[1], Continuation { pieces: vec![3, 2, 1], ending: Ending::End });
        assert_eq!(results[2].pieces, [100, 101, 102, 103, 104]);
    }

    #[test]
    fn cuts_off_a_loop_and_says_so() {
        let (results, model) = run(&[request(&[99], 1000), request(&[5], 1000)], 4);
        assert_eq!(results[0], Continuation { pieces: vec![7, 8], ending: Ending::Loop });
        assert_eq!(results[1].ending, Ending::End);
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
    fn stops_when_asked_to() {
        let mut model = Echo::default();
        let stop = |_| Err(crate::Error::config("stopped", "go on"));
        assert!(generate(&mut model, &[request(&[1], 9)], &[END], 1, stop).is_err());
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
    }
}
