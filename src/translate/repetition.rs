//! Recognizes text that runs in circles.

/// A loop has at least this many rounds …
const ROUNDS: usize = 4;
/// … and this many items in all; so `000 000 000` or `ha ha ha` is none.
const ITEMS: usize = 24;
/// Longer phrases than this are not looked for.
const LONGEST: usize = 24;

/// If `items` end in a phrase said over and over, how many items there are up to the end of its first round.
pub(crate) fn without_loop<T: PartialEq>(items: &[T]) -> Option<usize> {
    (1..=LONGEST.min(items.len() / ROUNDS)).find_map(|length| {
        let repeats = items.iter().rev().zip(items.iter().rev().skip(length)).take_while(|(a, b)| a == b);
        let run = repeats.count() + length;
        let rounds = run / length;
        (rounds >= ROUNDS && rounds * length >= ITEMS).then(|| items.len() - run + length)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_loops_of_any_length_and_keeps_one_round() {
        for length in 1..=LONGEST {
            let mut items: Vec<usize> = (100..110).collect();
            assert_eq!(without_loop(&items), None);
            for round in 0..ITEMS {
                items.extend(0..length);
                if round + 1 >= ROUNDS && (round + 1) * length >= ITEMS {
                    assert_eq!(without_loop(&items), Some(10 + length), "length {length}, round {round}");
                } else {
                    assert_eq!(without_loop(&items), None, "length {length}, round {round}");
                }
            }
        }
    }

    #[test]
    fn allows_what_people_write() {
        for text in ["1 0 0 0 0 0 0 0 0 0 0 0 0", "no no no no no no no", "a a a b a a a b"] {
            let items: Vec<&str> = text.split(' ').collect();
            assert_eq!(without_loop(&items), None, "{text}");
        }
    }
}
