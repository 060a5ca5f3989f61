//! Recognizes text that runs in circles.

/// A loop in generation has at least this many rounds …
const ROUNDS: usize = 4;
/// … and this many pieces in all; so `000 000 000` or `ha ha ha` is none.
const PIECES: usize = 24;
/// Longer phrases than this are not looked for.
const LONGEST: usize = 24;

/// A phrase said over and over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Loop {
    /// Index of the first item of the first round.
    pub start: usize,
    /// Items in a round.
    pub length: usize,
}

/// The phrase over which `items` end, if it was said at least `rounds` times and makes up `least` items.
pub(super) fn trailing<T: PartialEq>(items: &[T], rounds: usize, least: usize) -> Option<Loop> {
    (1..=LONGEST.min(items.len() / rounds.max(1))).find_map(|length| {
        let repeats = items.iter().rev().zip(items.iter().rev().skip(length)).take_while(|(a, b)| a == b);
        let run = repeats.count() + length;
        let found = run / length;
        (found >= rounds && found * length >= least).then(|| Loop { start: items.len() - run, length })
    })
}

/// If generated pieces ended in a loop, how many there are up to the end of its first round.
pub(crate) fn without_loop(pieces: &[u32]) -> Option<usize> {
    trailing(pieces, ROUNDS, PIECES).map(|found| found.start + found.length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_loops_of_any_length_and_keeps_one_round() {
        for length in 1..=LONGEST {
            let mut items: Vec<u32> = (100..110).collect();
            assert_eq!(without_loop(&items), None);
            for round in 1..=PIECES {
                items.extend(0..length as u32);
                if round >= ROUNDS && round * length >= PIECES {
                    assert_eq!(without_loop(&items), Some(10 + length), "length {length}, round {round}");
                } else {
                    assert_eq!(without_loop(&items), None, "length {length}, round {round}");
                }
            }
        }
    }

    #[test]
    fn allows_what_people_write() {
        for text in ["1000000000000", "hahahahahaha", "aaabaaab"] {
            let items: Vec<u32> = text.chars().map(u32::from).collect();
            assert_eq!(without_loop(&items), None, "{text}");
        }
    }
}
