//! Knows when a model goes round in circles.

use crate::translate::repetition::trailing;

/// A loop in generation has at least this many rounds …
const ROUNDS: usize = 4;
/// … and this many pieces in all; so `000 000 000` or `ha ha ha` is none.
const PIECES: usize = 24;

/// If generated pieces ended in a loop, how many there are up to the end of its first round.
pub(crate) fn without_loop(pieces: &[u32]) -> Option<usize> {
    trailing(pieces, ROUNDS, PIECES).map(|found| found.start + found.length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::translate::repetition::LONGEST;

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
