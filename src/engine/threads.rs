//! Work on several threads.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use rayon::ThreadPoolBuilder;

use crate::error::{Error, Result};
use crate::progress::Stage;

/// 0 stands for one thread per core.
static THREADS: AtomicUsize = AtomicUsize::new(0);

/// Sets how many threads the built-in models use at the same time (default: one per core), for the whole process.
pub fn set_threads(threads: usize) {
    THREADS.store(threads, Ordering::Relaxed);
}

/// How many threads to use.
pub(crate) fn threads() -> usize {
    match THREADS.load(Ordering::Relaxed) {
        0 => thread::available_parallelism().map_or(1, usize::from),
        threads => threads,
    }
}

/// Does `count` pieces of work on `workers` threads; `state` is made once on each of them. Results come in order.
///
/// Inside, matrix products stay on their thread: threads that sleep and are woken at every product get little done. Those of a
/// [`Team`](super::team::Team) share products, and do not sleep.
///
/// # Errors
/// The error of the first piece of work that failed.
pub(crate) fn spread<S, T: Send>(
    stage: Stage,
    workers: usize,
    count: usize,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, usize) -> Result<T> + Sync,
) -> Result<Vec<T>> {
    let (next, state, work) = (&AtomicUsize::new(0), &state, &work);
    let worker = move || {
        alone(stage, || {
            let mut state = state();
            let mut done = Vec::new();
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                if index >= count {
                    return Ok(done);
                }
                done.push((index, work(&mut state, index)?));
            }
        })
    };
    let workers = workers.min(count).max(1);
    let mut done = thread::scope(|scope| {
        let threads: Vec<_> = (1..workers).map(|_| scope.spawn(worker)).collect();
        let mut done = worker();
        for thread in threads {
            let part = thread.join().unwrap_or_else(|panic| Err(Error::panicked(stage, &*panic)));
            done = done.and_then(|mut done| {
                done.extend(part?);
                Ok(done)
            });
        }
        done
    })?;
    done.sort_by_key(|&(index, _)| index);
    Ok(done.into_iter().map(|(_, result)| result).collect())
}

/// Runs `work` where the matrix library sees one thread.
///
/// # Errors
/// Those of `work`; [`Error::Backend`] where no thread can be started.
pub(crate) fn alone<T: Send>(stage: Stage, work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    // The thread that waits does nothing, so that there is one at work.
    let pool = ThreadPoolBuilder::new().num_threads(1).build();
    let pool = pool.map_err(|error| Error::Backend { stage, message: error.to_string() })?;
    pool.install(work)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_piece_is_done_once_and_results_keep_their_order() {
        for workers in [1, 3, 50] {
            let squares =
                spread(Stage::Entities, workers, 20, || 0, |seen, n| Ok(((*seen, *seen += 1), n * n).1))
                    .unwrap();
            assert_eq!(squares, (0..20).map(|n| n * n).collect::<Vec<_>>());
        }
        assert!(spread(Stage::Entities, 2, 0, || (), |(), n| Ok(n)).unwrap().is_empty());
    }

    #[test]
    fn the_matrix_library_sees_one_thread() {
        let seen = spread(Stage::Entities, 2, 4, || (), |(), _| Ok(rayon::current_num_threads())).unwrap();
        assert_eq!(seen, [1; 4]);
    }

    #[test]
    fn an_error_ends_it() {
        let error = spread(
            Stage::Entities,
            2,
            9,
            || (),
            |(), n| match n {
                5 => Err(Error::config("five", "take six")),
                _ => Ok(()),
            },
        );
        assert!(error.unwrap_err().to_string().contains("five"));
    }
}
