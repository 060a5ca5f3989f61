//! Generation on several threads at once. Knows no engine.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;

use super::generate::{Continuation, Request};
use crate::error::{Error, Result};
use crate::progress::Stage;

/// Whether threads share the matrices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Workers {
    /// So many that each multiply for themselves: each fetches all weights at each step.
    Apart(usize),
    /// So many that each fetch a part of the weights and wait for each other at every product.
    Together(usize),
}

impl Workers {
    /// With so many hypotheses for each thread, multiplying them takes so much longer than fetching the weights that sharing them wins less
    /// than waiting loses.
    const ENOUGH: usize = 64;

    /// How to share `threads` threads, of which at most `team` may work together, where `requests` requests are continued at once with
    /// `beams` hypotheses each.
    pub(super) fn of(threads: usize, team: usize, requests: usize, beams: usize) -> Self {
        if requests.saturating_mul(beams) >= threads.saturating_mul(Self::ENOUGH) {
            Workers::Apart(threads.max(1))
        } else {
            match threads.min(team) {
                0 | 1 => Workers::Apart(1),
                threads => Workers::Together(threads),
            }
        }
    }

    pub(super) fn count(self) -> usize {
        match self {
            Workers::Apart(count) | Workers::Together(count) => count,
        }
    }
}

/// What a worker is given: its requests, and what hears how many of them are done.
pub(super) type Share<'a> = (&'a [Request], &'a (dyn Fn(usize) -> Result<()> + Sync));

/// Deals the requests to the `workers`, each on a thread of its own, so that each has as many long ones; `done` hears, on
/// this thread, how many are done in all. One result per request, in order; where a worker fails the others stop.
pub(super) fn spread<W>(
    requests: &[Request],
    workers: Vec<W>,
    mut done: impl FnMut(usize) -> Result<()>,
) -> Result<Vec<Vec<Continuation>>>
where
    W: FnOnce(Share<'_>) -> Result<Vec<Vec<Continuation>>> + Send,
{
    let count = workers.len().max(1);
    let mut places: Vec<usize> = (0..requests.len()).collect();
    places.sort_by_key(|&place| requests.get(place).map_or(0, |request| request.prompt.len()));
    let dealt = |worker: usize| places.iter().copied().skip(worker).step_by(count);
    let stopped = &AtomicBool::new(false);
    let (sender, heard) = mpsc::channel();

    let results = thread::scope(|scope| {
        let threads: Vec<_> = workers
            .into_iter()
            .enumerate()
            .map(|(number, work)| {
                let share: Vec<Request> =
                    dealt(number).filter_map(|place| requests.get(place).cloned()).collect();
                let sender = sender.clone();
                scope.spawn(move || {
                    let tell = |done| {
                        // Someone listens until all have ended.
                        let _ = sender.send((number, done));
                        match stopped.load(Ordering::Relaxed) {
                            true => Err(Error::Cancelled { stage: Stage::Translate }),
                            false => Ok(()),
                        }
                    };
                    let result = work((&share, &tell));
                    if result.is_err() {
                        stopped.store(true, Ordering::Relaxed);
                    }
                    result
                })
            })
            .collect();
        drop(sender);
        let mut counts = vec![0usize; threads.len()];
        let mut told = Ok(());
        for (number, count) in heard {
            if let Some(slot) = counts.get_mut(number) {
                *slot = count;
            }
            if told.is_ok() {
                told = done(counts.iter().sum());
                // Never back to false: a worker may have failed.
                stopped.fetch_or(told.is_err(), Ordering::Relaxed);
            }
        }
        let results: Vec<_> = threads
            .into_iter()
            .map(|thread| {
                thread.join().unwrap_or_else(|panic| Err(Error::panicked(Stage::Translate, &*panic)))
            })
            .collect();
        told.map(|()| results)
    })?;

    // Where one fails, the others are only stopped.
    let (failed, others): (Vec<_>, Vec<_>) = results
        .into_iter()
        .enumerate()
        .partition(|(_, result)| matches!(result, Err(error) if !matches!(error, Error::Cancelled { .. })));
    let mut placed: Vec<Option<Vec<Continuation>>> = requests.iter().map(|_| None).collect();
    for (worker, result) in failed.into_iter().chain(others) {
        for (place, continuations) in dealt(worker).zip(result?) {
            if let Some(slot) = placed.get_mut(place) {
                *slot = Some(continuations);
            }
        }
    }
    placed.into_iter().map(|one| one.ok_or_else(lost)).collect()
}

/// A request without an answer, though no thread failed.
fn lost() -> Error {
    Error::Backend { stage: Stage::Translate, message: "a segment got no translation".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::Workers::{Apart, Together};
    use super::*;
    use crate::translate::Stop;

    fn requests(count: u32) -> Vec<Request> {
        (0..count).map(|n| Request { prompt: vec![n; (n as usize * 7) % 5 + 1], limit: 9 }).collect()
    }

    fn echo((requests, done): Share<'_>) -> Result<Vec<Vec<Continuation>>> {
        let mut found = Vec::new();
        for (n, request) in requests.iter().enumerate() {
            found.push(vec![Continuation {
                pieces: request.prompt.clone(),
                stop: Stop::End,
                likelihood: None,
            }]);
            done(n + 1)?;
        }
        Ok(found)
    }

    #[test]
    fn each_request_gets_its_own_answer_whoever_works_on_it() {
        for count in [0, 1, 2, 3, 10, 31] {
            for workers in 1..5 {
                let requests = requests(count);
                let mut most = 0;
                let found = spread(&requests, vec![echo; workers], |done| {
                    assert!(done > most, "{done} after {most}");
                    most = done;
                    Ok(())
                })
                .unwrap();
                assert_eq!((found.len(), most), (requests.len(), requests.len()));
                for (found, request) in found.iter().zip(&requests) {
                    assert_eq!(found[0].pieces, request.prompt);
                }
            }
        }
    }

    #[test]
    fn all_stop_when_one_is_asked_to_and_errors_come_through() {
        let stop = |_| Err(Error::Cancelled { stage: Stage::Translate });
        assert!(matches!(spread(&requests(50), vec![echo; 3], stop), Err(Error::Cancelled { .. })));
        let fail = |_: Share<'_>| Err(Error::config("broken", "mend it"));
        assert!(spread(&requests(5), vec![fail; 2], |_| Ok(())).unwrap_err().to_string().contains("broken"));
    }

    #[test]
    fn where_one_fails_the_others_stop_and_its_error_is_told() {
        type Work = Box<dyn FnOnce(Share<'_>) -> Result<Vec<Vec<Continuation>>> + Send>;
        let waits: Work = Box::new(|(_, done)| {
            for _ in 0..10_000 {
                done(0)?;
                thread::sleep(std::time::Duration::from_millis(1));
            }
            Err(Error::config("never stopped", "stop it"))
        });
        let fails: Work = Box::new(|_| Err(Error::config("broken", "mend it")));
        let error = spread(&requests(5), vec![waits, fails], |_| Ok(())).unwrap_err();
        assert!(error.to_string().contains("broken"), "{error}");
    }

    #[test]
    fn few_hypotheses_are_worked_on_together() {
        let of = |threads, requests| Workers::of(threads, 16, requests, 4);
        assert_eq!([1, 15, 31, 32].map(|n| of(2, n)), [Together(2), Together(2), Together(2), Apart(2)]);
        assert_eq!(
            [of(64, 15), of(64, 1024), of(1, 1), of(0, 9)],
            [Together(16), Apart(64), Apart(1), Apart(1)]
        );
    }
}
