//! Work on all cores.

use crate::part::Part;
use std::ops::Range;

/// What `work` gives for the numbers from 0 to `count`: it gets ranges of them, and what it gives is put together in their
/// order.
pub(super) fn in_parallel<T: Send>(count: usize, work: impl Fn(Range<usize>) -> Vec<T> + Sync) -> Vec<T> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let part = count.div_ceil(threads).max(1);
    let parts = (0..count).step_by(part).map(|start| start..(start + part).min(count));
    std::thread::scope(|scope| {
        let work = &work;
        let running: Vec<_> = parts.map(|part| scope.spawn(move || work(part))).collect();
        let done = running.into_iter().map(|part| match part.join() {
            Ok(results) => results,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        done.flatten().collect()
    })
}

/// `map` of every item, in order.
pub(super) fn map_in_parallel<T: Sync, C: Send>(items: &[T], map: impl Fn(&T) -> C + Sync) -> Vec<C> {
    in_parallel(items.len(), |part| items.part(part).iter().map(&map).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_order() {
        assert_eq!(in_parallel(10, Iterator::collect), (0..10).collect::<Vec<usize>>());
        assert!(in_parallel(0, Iterator::collect::<Vec<usize>>).is_empty());
        assert_eq!(map_in_parallel(&["a", "bb", "ccc"], |text| text.len()), [1, 2, 3]);
    }
}
