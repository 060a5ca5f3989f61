//! What settings do to the scores of next pieces, in the order of transformers' processors.

use super::settings::Settings;

const NEVER: f32 = f32::NEG_INFINITY;

/// A score is no number, or all are infinite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoNumber;

/// Turns scores into log probabilities.
///
/// # Errors
/// [`NoNumber`].
pub(crate) fn log_softmax(row: &mut [f32]) -> Result<(), NoNumber> {
    let most = check(row)?;
    // In f64: sums of many small numbers keep their digits.
    let sum: f64 = row.iter().map(|&score| f64::from((score - most).exp())).sum();
    let shift = most + sum.ln() as f32;
    row.iter_mut().for_each(|score| *score -= shift);
    Ok(())
}

/// The greatest score.
fn check(row: &[f32]) -> Result<f32, NoNumber> {
    let broken = row.iter().any(|score| score.is_nan());
    let most = row.iter().copied().fold(NEVER, f32::max);
    if broken || !most.is_finite() {
        return Err(NoNumber);
    }
    Ok(most)
}

/// Applies the settings to the scores of the pieces that may follow `written`, the start piece first, for `source`; `limit`
/// ids may stand there in all. A forbidden piece gets minus infinity.
///
/// # Errors
/// [`NoNumber`].
pub(crate) fn process(
    settings: &Settings,
    source: &[u32],
    written: &[u32],
    limit: usize,
    row: &mut [f32],
) -> Result<(), NoNumber> {
    check(row)?;
    if settings.repetition_penalty != 1.0 {
        let mut seen = written.to_vec();
        seen.sort_unstable();
        seen.dedup();
        for piece in seen {
            change(row, piece, |score| {
                if score < 0.0 {
                    score * settings.repetition_penalty
                } else {
                    score / settings.repetition_penalty
                }
            });
        }
    }
    let repeated = following(written, written, settings.no_repeat_ngram);
    let copied = following(source, written, settings.no_copied_ngram);
    repeated.chain(copied).for_each(|piece| forbid(row, piece));
    for words in &settings.forbidden {
        if let Some((&last, before)) = words.split_last() {
            if words.len() == 1 || (words.len() <= written.len() && written.ends_with(before)) {
                forbid(row, last);
            }
        }
    }
    if written.len() < settings.min_length {
        settings.ends.iter().for_each(|&end| forbid(row, end));
    }
    if let Some(first) = settings.forced_start.filter(|_| written.len() == 1) {
        only(row, &[first]);
    }
    if written.len() + 1 == limit && !settings.forced_ends.is_empty() {
        only(row, &settings.forced_ends);
    }
    settings.suppressed.iter().for_each(|&piece| forbid(row, piece));
    let first = 1 + usize::from(settings.forced_start.is_some());
    if written.len() == first {
        settings.suppressed_first.iter().for_each(|&piece| forbid(row, piece));
    }
    if settings.renormalize && row.iter().any(|&score| score > NEVER) {
        log_softmax(row)?;
    }
    Ok(())
}

fn change(row: &mut [f32], piece: u32, to: impl Fn(f32) -> f32) {
    if let Some(score) = row.get_mut(piece as usize) {
        *score = to(*score);
    }
}

fn forbid(row: &mut [f32], piece: u32) {
    change(row, piece, |_| NEVER);
}

fn only(row: &mut [f32], pieces: &[u32]) {
    row.fill(NEVER);
    pieces.iter().for_each(|&piece| change(row, piece, |_| 0.0));
}

/// Pieces with which `written` would end in a run of `length` that stands in `text`; none where `length` is 0.
fn following<'t>(text: &'t [u32], written: &'t [u32], length: usize) -> impl Iterator<Item = u32> + 't {
    let tail = written.get((written.len() + 1).saturating_sub(length)..).filter(|_| length > 0);
    let runs = text.windows(length.max(1));
    runs.filter_map(move |run| {
        let (&last, before) = run.split_last()?;
        (Some(before) == tail).then_some(last)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(settings: &Settings, written: &[u32], limit: usize) -> Vec<usize> {
        let mut row = [-1.0f32, -2.0, -3.0, -4.0, -5.0];
        process(settings, &[2, 1, 3], written, limit, &mut row).unwrap();
        row.iter().enumerate().filter(|(_, &score)| score > NEVER).map(|(piece, _)| piece).collect()
    }

    #[test]
    fn settings_forbid_pieces() {
        let plain = Settings { ends: vec![0], ..Settings::default() };
        assert_eq!(allowed(&plain, &[4], 9), [0, 1, 2, 3, 4]);
        let ngram = Settings { no_repeat_ngram: 3, ..plain.clone() };
        assert_eq!(allowed(&ngram, &[4, 1, 2, 3, 1, 2], 9), [0, 1, 2, 4]);
        assert_eq!(allowed(&ngram, &[4, 1], 9), [0, 1, 2, 3, 4], "too short to repeat");
        assert_eq!(allowed(&Settings { no_repeat_ngram: 1, ..plain.clone() }, &[4, 1], 9), [0, 2, 3]);
        let copied = Settings { no_copied_ngram: 2, ..plain.clone() };
        assert_eq!(allowed(&copied, &[4], 9), [0, 1, 2, 3, 4]);
        assert_eq!(allowed(&copied, &[4, 2], 9), [0, 2, 3, 4]);
        assert_eq!(allowed(&Settings { no_copied_ngram: 4, ..plain.clone() }, &[4, 2], 9), [0, 1, 2, 3, 4]);
        let words = Settings { forbidden: vec![vec![2], vec![1, 3], vec![4, 1, 0]], ..plain.clone() };
        assert_eq!(allowed(&words, &[4, 1], 9), [0, 1, 4], "the third one is longer than what is written");
        assert_eq!(allowed(&words, &[2, 4, 1], 9), [1, 4]);
        let least = Settings { min_length: 3, ..plain.clone() };
        assert_eq!(allowed(&least, &[4, 1], 9), [1, 2, 3, 4]);
        assert_eq!(allowed(&least, &[4, 1, 1], 9), [0, 1, 2, 3, 4]);
        let forced = Settings { forced_start: Some(3), forced_ends: vec![0], ..plain.clone() };
        assert_eq!(allowed(&forced, &[4], 9), [3]);
        assert_eq!(allowed(&forced, &[4, 3, 1], 4), [0]);
        let first = Settings { suppressed_first: vec![1], suppressed: vec![2], ..plain };
        assert_eq!(allowed(&first, &[4], 9), [0, 3, 4]);
        assert_eq!(allowed(&first, &[4, 0], 9), [0, 1, 3, 4]);
    }

    #[test]
    fn a_repetition_penalty_works_on_either_sign() {
        let settings = Settings { repetition_penalty: 2.0, ..Settings::default() };
        let mut row = [1.0, -1.0, 3.0];
        process(&settings, &[], &[0, 1, 1], 9, &mut row).unwrap();
        assert_eq!(row, [0.5, -2.0, 3.0]);
    }

    #[test]
    fn probabilities_sum_to_one_again() {
        let settings = Settings { renormalize: true, suppressed: vec![0], ..Settings::default() };
        let mut row = [5.0, 1.0, 2.0];
        process(&settings, &[], &[1], 9, &mut row).unwrap();
        let sum: f32 = row.iter().map(|score| score.exp()).sum();
        assert!((sum - 1.0).abs() < 1e-6 && row[0] == NEVER, "{row:?}");
    }
}
