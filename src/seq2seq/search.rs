//! Greedy and beam search over the decoder of an encoder-decoder model, as transformers 4.53 does them for one source:
//! the same ids come out, whatever else is in the batch.

use super::scores::{log_softmax, process, NoNumber};
use super::settings::{EarlyStopping, Settings};
use crate::error::{Error, Result};
use crate::progress::Stage;

/// The decoder of a model that has read its sources. Texts stand in rows; before the first step a row is a source.
pub(crate) trait Decoder {
    /// How many pieces the model knows.
    fn vocabulary(&self) -> usize;

    /// What the texts are written for.
    fn stage(&self) -> Stage;

    /// Makes new rows: row `i` goes on from the present row `parents[i]` with `pieces[i]`. The scores of all next
    /// pieces come back, [rows × vocabulary], before softmax.
    fn step(&mut self, parents: &[usize], pieces: &[u32]) -> Result<Vec<f32>>;
}

/// What was written for a source.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Written {
    /// All ids: the start piece, the text, and the end piece where there is one.
    pub(crate) ids: Vec<u32>,
    /// Whether the limit ended the text, not the model.
    pub(crate) limited: bool,
}

/// A text that may go on.
#[derive(Debug, Clone)]
struct Beam {
    /// Ids so far, the start piece first.
    ids: Vec<u32>,
    /// Sum of log probabilities.
    score: f32,
    /// The row of the decoder that it goes on from.
    row: usize,
}

/// A text that has ended, scored with the length penalty.
#[derive(Debug, Clone)]
struct Hypothesis {
    ids: Vec<u32>,
    score: f32,
}

/// A beam's next piece; `beam` counts the running ones.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    beam: usize,
    piece: u32,
    score: f32,
}

/// What a text is written for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source<'a> {
    pub(crate) ids: &'a [u32],
    /// Ids that the text may have, the start piece and the end piece included.
    pub(crate) limit: usize,
}

/// The search for one source.
struct Search<'a> {
    settings: &'a Settings,
    source: &'a [u32],
    limit: usize,
    running: Vec<Beam>,
    finished: Vec<Hypothesis>,
    done: bool,
}

/// Writes a text for each of the sources, which the decoder has read.
///
/// # Errors
/// Where the decoder fails, or scores something that is no number.
pub(crate) fn search(
    decoder: &mut impl Decoder,
    settings: &Settings,
    sources: &[Source<'_>],
) -> Result<Vec<Written>> {
    let vocabulary = decoder.vocabulary().max(1);
    let mut searches: Vec<Search<'_>> =
        sources.iter().enumerate().map(|(row, source)| Search::new(settings, row, source)).collect();
    loop {
        let rows = || searches.iter().filter(|search| !search.done).flat_map(|search| &search.running);
        let parents: Vec<usize> = rows().map(|beam| beam.row).collect();
        let pieces: Vec<u32> = rows().filter_map(|beam| beam.ids.last().copied()).collect();
        if parents.is_empty() {
            break;
        }
        let mut scores = decoder.step(&parents, &pieces)?;
        let mut rows = scores.chunks_mut(vocabulary).enumerate();
        for search in searches.iter_mut().filter(|search| !search.done) {
            let own: Vec<(usize, &mut [f32])> = rows.by_ref().take(search.running.len()).collect();
            search.advance(own).map_err(|NoNumber| {
                let message = "the model's scores are no numbers; try the precision f32".to_owned();
                Error::Backend { stage: decoder.stage(), message }
            })?;
        }
    }
    Ok(searches.into_iter().map(Search::best).collect())
}

impl<'a> Search<'a> {
    fn new(settings: &'a Settings, row: usize, &Source { ids, limit }: &Source<'a>) -> Self {
        let start = Beam { ids: vec![settings.start], score: 0.0, row };
        let limit = limit.max(2);
        Search { settings, source: ids, limit, running: vec![start], finished: Vec::new(), done: false }
    }

    /// Takes the scores of the running beams' next pieces, each with its row's number.
    fn advance(&mut self, mut rows: Vec<(usize, &mut [f32])>) -> Result<(), NoNumber> {
        let greedy = self.settings.beams == 1;
        for (beam, (_, row)) in self.running.iter().zip(&mut rows) {
            if !greedy {
                log_softmax(row)?;
            }
            process(self.settings, self.source, &beam.ids, self.limit, row)?;
        }
        if greedy {
            self.take_best(&rows);
        } else {
            self.branch(&rows);
        }
        Ok(())
    }

    /// Greedy: the likeliest piece.
    fn take_best(&mut self, rows: &[(usize, &mut [f32])]) {
        let best = best(rows.iter().map(|(_, row)| (0.0, &**row)), 1);
        let (Some(beam), Some(best), Some((row, _))) = (self.running.first_mut(), best.first(), rows.first())
        else {
            self.done = true;
            return;
        };
        beam.ids.push(best.piece);
        beam.row = *row;
        if self.settings.ends.contains(&best.piece) || beam.ids.len() >= self.limit {
            self.done = true;
            let ids = std::mem::take(&mut beam.ids);
            self.finished.push(Hypothesis { ids, score: 0.0 });
        }
    }

    /// Beam search: the likeliest continuations of all beams together.
    fn branch(&mut self, rows: &[(usize, &mut [f32])]) {
        let Settings { beams, length_penalty, early_stopping, .. } = *self.settings;
        // Enough that `beams` remain even where the best ones all end.
        let kept = beams * (1 + self.settings.ends.len()).max(2);
        let scored = self.running.iter().zip(rows).map(|(beam, (_, row))| (beam.score, &**row));
        let candidates = best(scored, kept);
        let length = self.running.first().map_or(1, |beam| beam.ids.len());
        let full = self.finished.len() == beams;
        let mut running = Vec::with_capacity(beams);
        for (place, candidate) in candidates.iter().enumerate() {
            let Some((beam, (row, _))) = self.running.get(candidate.beam).zip(rows.get(candidate.beam))
            else {
                continue;
            };
            let ends = self.settings.ends.contains(&candidate.piece) || length + 1 >= self.limit;
            let ids = || beam.ids.iter().copied().chain([candidate.piece]).collect();
            if !ends && running.len() < beams {
                running.push(Beam { ids: ids(), score: candidate.score, row: *row });
            }
            if ends && place < beams && !(full && early_stopping == EarlyStopping::Yes) {
                let score = candidate.score / penalty(length, length_penalty);
                self.finished.push(Hypothesis { ids: ids(), score });
            }
        }
        self.finished.sort_by(|one, other| other.score.total_cmp(&one.score));
        self.finished.truncate(beams);
        self.running = running;
        self.done = !self.may_improve(length);
    }

    /// Whether going on can change the outcome; `length` pieces follow the start now.
    fn may_improve(&self, length: usize) -> bool {
        let Settings { beams, length_penalty, early_stopping, .. } = *self.settings;
        let Some(best) = self.running.first() else { return false };
        let Some(worst) = self.finished.last().filter(|_| self.finished.len() == beams) else { return true };
        let length = match early_stopping {
            EarlyStopping::Yes => return false,
            EarlyStopping::Never if length_penalty > 0.0 => self.limit - 1,
            _ => length,
        };
        best.score / penalty(length, length_penalty) > worst.score
    }

    fn best(self) -> Written {
        let Settings { ends, forced_ends, .. } = self.settings;
        let cut = |ids: &[u32]| {
            // An end that was forced says nothing.
            let own = forced_ends.is_empty() && ids.last().is_some_and(|last| ends.contains(last));
            ids.len() >= self.limit && !own
        };
        let ended = self.finished.into_iter().next().map(|hypothesis| hypothesis.ids);
        // Nothing has ended where every continuation was forbidden.
        let Some(ids) = ended else {
            let ids = self.running.into_iter().next().map_or_else(Vec::new, |beam| beam.ids);
            return Written { ids, limited: true };
        };
        Written { limited: cut(&ids), ids }
    }
}

fn penalty(length: usize, exponent: f64) -> f32 {
    (length as f64).powf(exponent) as f32
}

/// The `most` best continuations, best first; of equal ones that of the earlier beam and piece. A row comes with the
/// score of its beam. Forbidden pieces are left out.
fn best<'a>(rows: impl Iterator<Item = (f32, &'a [f32])>, most: usize) -> Vec<Candidate> {
    let mut best: Vec<Candidate> = Vec::with_capacity(most + 1);
    let mut least = f32::NEG_INFINITY;
    for (beam, (score, row)) in rows.enumerate() {
        for (piece, &own) in (0u32..).zip(row) {
            let score = score + own;
            if score > least {
                let place = best.partition_point(|candidate| candidate.score >= score);
                best.insert(place, Candidate { beam, piece, score });
                best.truncate(most);
                if best.len() == most {
                    least = best.last().map_or(least, |candidate| candidate.score);
                }
            }
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The search for sources without ids.
    fn search(decoder: &mut Script, settings: &Settings, limits: &[usize]) -> Result<Vec<Written>> {
        let sources: Vec<Source<'_>> = limits.iter().map(|&limit| Source { ids: &[], limit }).collect();
        super::search(decoder, settings, &sources)
    }

    const START: u32 = 9;
    const END: u32 = 0;

    /// Scores next pieces by a script: what was written so far, and the log probabilities that follow.
    struct Script {
        lines: Vec<(&'static [u32], [f32; 4])>,
        rows: Vec<Vec<u32>>,
        steps: usize,
        most_rows: usize,
    }

    impl Script {
        fn new(sources: usize, lines: Vec<(&'static [u32], [f32; 4])>) -> Self {
            Script { lines, rows: vec![Vec::new(); sources], steps: 0, most_rows: 0 }
        }
    }

    impl Decoder for Script {
        fn vocabulary(&self) -> usize {
            4
        }

        fn stage(&self) -> Stage {
            Stage::Translate
        }

        fn step(&mut self, parents: &[usize], pieces: &[u32]) -> Result<Vec<f32>> {
            self.rows = parents
                .iter()
                .zip(pieces)
                .map(|(&parent, &piece)| self.rows[parent].iter().copied().chain([piece]).collect())
                .collect();
            self.steps += 1;
            self.most_rows = self.most_rows.max(self.rows.len());
            let probabilities = |row: &Vec<u32>| {
                let line = self.lines.iter().find(|(written, _)| row[1..] == **written);
                line.map_or([0.97, 0.01, 0.01, 0.01], |(_, next)| *next).map(f32::ln)
            };
            Ok(self.rows.iter().flat_map(probabilities).collect())
        }
    }

    fn settings(beams: usize) -> Settings {
        Settings { beams, start: START, ends: vec![END], ..Settings::default() }
    }

    /// The greedy way 1 has a poor end; 2 is less likely at first and better in all.
    fn garden_path() -> Vec<(&'static [u32], [f32; 4])> {
        vec![(&[], [0.01, 0.5, 0.45, 0.04]), (&[1], [0.1, 0.3, 0.3, 0.3]), (&[2], [0.9, 0.04, 0.03, 0.03])]
    }

    #[test]
    fn beams_find_what_greed_misses() {
        let run =
            |beams| search(&mut Script::new(1, garden_path()), &settings(beams), &[8]).unwrap().remove(0);
        assert_eq!(run(1), Written { ids: vec![START, 1, 1, END], limited: false });
        assert_eq!(run(2), Written { ids: vec![START, 2, END], limited: false });
    }

    #[test]
    fn a_source_gets_the_same_text_alone_and_among_others() {
        for beams in [1, 2, 3] {
            let alone = search(&mut Script::new(1, garden_path()), &settings(beams), &[8]).unwrap();
            let mut many = Script::new(3, garden_path());
            let found = search(&mut many, &settings(beams), &[8, 3, 8]).unwrap();
            assert_eq!([&found[0], &found[2]], [&alone[0], &alone[0]]);
            assert!(many.most_rows <= 3 * beams);
        }
    }

    #[test]
    fn a_limit_ends_the_text_and_is_told() {
        let found = search(&mut Script::new(1, garden_path()), &settings(1), &[3]).unwrap();
        assert_eq!(found, [Written { ids: vec![START, 1, 1], limited: true }]);
        let forced = Settings { forced_ends: vec![END], ..settings(2) };
        let found = search(&mut Script::new(1, garden_path()), &forced, &[2]).unwrap();
        assert_eq!(
            found,
            [Written { ids: vec![START, END], limited: true }],
            "the end is forced at the limit"
        );
    }

    #[test]
    fn a_text_that_ends_by_itself_where_the_limit_is_was_not_cut() {
        for beams in [1, 2] {
            let found = search(&mut Script::new(1, garden_path()), &settings(beams), &[4]).unwrap();
            assert_eq!(found[0].ids.last(), Some(&END));
            assert!(!found[0].limited, "{beams} beams: {found:?}");
        }
    }

    #[test]
    fn the_length_penalty_weighs_long_against_short() {
        // Ending at once has probability 0.4; the longer text has 0.3 in all.
        let lines: Vec<(&'static [u32], [f32; 4])> = vec![
            (&[], [0.4, 0.5, 0.05, 0.05]),
            (&[1], [0.02, 0.9, 0.04, 0.04]),
            (&[1, 1], [0.7, 0.1, 0.1, 0.1]),
        ];
        let run = |length_penalty| {
            let settings = Settings { length_penalty, ..settings(2) };
            search(&mut Script::new(1, lines.clone()), &settings, &[8]).unwrap().remove(0).ids
        };
        assert_eq!(run(0.0), [START, END]);
        assert_eq!(run(1.0), [START, 1, 1, END]);
    }

    #[test]
    fn early_stopping_ends_with_enough_texts() {
        let steps = |early_stopping| {
            let settings = Settings { early_stopping, length_penalty: 2.0, ..settings(2) };
            let mut script =
                Script::new(1, vec![(&[], [0.4, 0.35, 0.2, 0.05]), (&[1], [0.5, 0.2, 0.2, 0.1])]);
            search(&mut script, &settings, &[12]).unwrap();
            script.steps
        };
        assert_eq!(steps(EarlyStopping::Yes), 2);
        assert!(steps(EarlyStopping::Never) > steps(EarlyStopping::Yes));
    }

    #[test]
    fn where_all_is_forbidden_the_search_ends() {
        let nothing = Settings { suppressed: vec![0, 1, 2, 3], ..settings(2) };
        let found = search(&mut Script::new(1, garden_path()), &nothing, &[8]).unwrap();
        assert_eq!(found, [Written { ids: vec![], limited: true }]);
        assert!(search(&mut Script::new(0, garden_path()), &nothing, &[]).unwrap().is_empty());
    }

    #[test]
    fn what_is_no_number_is_an_error() {
        let broken = vec![(&[] as &[u32], [f32::NAN; 4])];
        for beams in [1, 2] {
            assert!(search(&mut Script::new(1, broken.clone()), &settings(beams), &[8]).is_err());
        }
    }
}
