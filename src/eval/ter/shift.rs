//! Greedy shifts of blocks of words: tercom's heuristics, with sacreBLEU's limits.

use std::cmp::Reverse;

use super::distance::{Distances, Edit};
use crate::part::Part;

/// Longest block that is moved, in words.
const MAX_BLOCK: usize = 10;
/// Farthest that a block is moved, in words.
const MAX_MOVE: usize = 50;
/// Shifts that are tried for one sentence.
const MAX_TRIED: usize = 1000;

/// Edits that turn `output` into `reference`, a shift of a block counting as one.
pub(super) fn edits(output: &[u32], reference: &[u32]) -> u64 {
    if reference.is_empty() {
        return output.len() as u64;
    }
    let mut output = output.to_vec();
    let mut shifts = 0;
    let mut tried = 0;
    loop {
        let distances = Distances::new(&output, reference);
        let best = best_shift(&output, reference, &distances, &mut tried);
        match best {
            Some((gain, words)) if gain > 0 && tried < MAX_TRIED => {
                output = words;
                shifts += 1;
            }
            _ => return shifts + u64::from(distances.total()),
        }
    }
}

/// Which words are wrong, and where the words of the reference are in the output.
struct Alignment {
    output_wrong: Vec<bool>,
    reference_wrong: Vec<bool>,
    /// For each word of the reference: how many words of the output lie up to its place, its own included.
    place: Vec<usize>,
}

impl Alignment {
    fn new(trace: &[Edit]) -> Self {
        let mut alignment =
            Alignment { output_wrong: Vec::new(), reference_wrong: Vec::new(), place: Vec::new() };
        for edit in trace {
            let wrong = *edit != Edit::Keep;
            if *edit != Edit::Insert {
                alignment.output_wrong.push(wrong);
            }
            if *edit != Edit::Delete {
                alignment.reference_wrong.push(wrong);
                alignment.place.push(alignment.output_wrong.len());
            }
        }
        alignment
    }
}

/// By how much a shift lowers the distance, the length of its block, where from and where to.
type Rank = (i64, usize, Reverse<usize>, Reverse<usize>);

/// The shift that lowers the distance most, and by how much; of equal ones the longest block, then the earliest,
/// then the earliest target.
fn best_shift(
    output: &[u32],
    reference: &[u32],
    distances: &Distances<'_>,
    tried: &mut usize,
) -> Option<(i64, Vec<u32>)> {
    let alignment = Alignment::new(&distances.trace());
    let any = |flags: &[bool], start: usize, length: usize| {
        flags.get(start..start + length).is_some_and(|flags| flags.contains(&true))
    };
    let mut best: Option<(Rank, Vec<u32>)> = None;

    'blocks: for (start, place) in meeting_places(output, reference) {
        for length in 1..=common_start(output, start, reference, place) {
            let inside = alignment.place.get(place).is_some_and(|&at| start < at && at <= start + length);
            if !any(&alignment.output_wrong, start, length)
                || !any(&alignment.reference_wrong, place, length)
                || inside
            {
                continue;
            }
            for target in targets(&alignment.place, place, length) {
                let shifted = shifted(output, start, length, target);
                let shared = start.min(target);
                let gain = i64::from(distances.total()) - i64::from(distances.of_variant(&shifted, shared));
                let rank = (gain, length, Reverse(start), Reverse(target));
                *tried += 1;
                if best.as_ref().is_none_or(|(highest, _)| rank > *highest) {
                    best = Some((rank, shifted));
                }
            }
            if *tried >= MAX_TRIED {
                break 'blocks;
            }
        }
    }
    best.map(|((gain, ..), words)| (gain, words))
}

/// Pairs of positions that are not too far apart.
fn meeting_places(output: &[u32], reference: &[u32]) -> impl Iterator<Item = (usize, usize)> {
    let places = reference.len();
    (0..output.len()).flat_map(move |start| {
        let near = start.saturating_sub(MAX_MOVE)..places.min(start + MAX_MOVE + 1);
        near.map(move |place| (start, place))
    })
}

/// How many words from `start` and from `place` on are the same, up to the longest block.
fn common_start(output: &[u32], start: usize, reference: &[u32], place: usize) -> usize {
    let pairs = output.iter().skip(start).zip(reference.iter().skip(place));
    pairs.take(MAX_BLOCK).take_while(|(a, b)| a == b).count()
}

/// Where in the output a block for `place` in the reference may be put: before it, or after any of its words.
fn targets(places: &[usize], place: usize, length: usize) -> Vec<usize> {
    let before = match place.checked_sub(1) {
        None => Some(0),
        Some(previous) => places.get(previous).copied(),
    };
    let after = places.iter().skip(place).take(length).copied();
    let mut targets: Vec<usize> = before.into_iter().chain(after).collect();
    targets.dedup();
    targets
}

/// `words` with the block at `start` moved to `target`.
fn shifted(words: &[u32], start: usize, length: usize, target: usize) -> Vec<u32> {
    let part = |from: usize, to: usize| {
        let to = to.min(words.len());
        words.part(from.min(to)..to)
    };
    let end = start + length;
    let block = part(start, end);
    let all = words.len();
    if target < start {
        [part(0, target), block, part(target, start), part(end, all)].concat()
    } else if target > end {
        [part(0, start), part(end, target), block, part(target, all)].concat()
    } else {
        [part(0, start), part(end, length + target), block, part(length + target, all)].concat()
    }
}
