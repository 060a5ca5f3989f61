//! Reading and continuing several texts at once.

use std::sync::Arc;

use super::cache::{Block, Row};
use super::model::{Buffers, Model, Token};
use super::rotary::Rotary;
use crate::engine::team::Hands;
use crate::engine::{guarded, kernels};
use crate::error::{Error, Result};
use crate::language_model::{Choice, LanguageModel};
use crate::part::{Part, PartMut};
use crate::progress::Stage;

/// The start that all texts share, read once.
#[derive(Debug)]
pub(crate) struct Prefix(Arc<Block>);

impl Prefix {
    /// Reads `ids`.
    pub fn new(model: &Model, ids: &[u32]) -> Result<Self> {
        guarded(Stage::Translate, || {
            let nothing = Arc::new(Block::new(&model.config));
            let mut rows = [Row { read: [nothing.clone(), nothing], written: Block::new(&model.config) }];
            let tokens = ids.iter().enumerate().map(|(position, &id)| Token { row: 0, position, id });
            let tokens: Vec<Token> = tokens.collect();
            let (mut rotary, mut buffers) = (Rotary::new(&model.config), Buffers::default());
            model.read(&mut rows, &tokens, &mut rotary, &mut buffers, &mut Hands::<()>::Alone)?;
            let [row] = rows;
            Ok(Prefix(Arc::new(row.written)))
        })
    }
}

/// Texts being continued; each is a row.
#[derive(Debug)]
pub(crate) struct Session<'a> {
    model: &'a Model,
    prefix: &'a Prefix,
    rows: Vec<Row>,
    /// Next pieces that are told for each row.
    choices: usize,
    rotary: Rotary,
    buffers: Buffers,
    hands: Hands<'a, Told>,
}

/// What a member of a team found in its parts of the vocabulary, part by part, for the rows of all.
pub(crate) type Told = Vec<Vec<Likeliest>>;

impl<'a> Session<'a> {
    /// Texts that all start with `prefix`; for each, the likeliest `choices` next pieces are told. Members of one team all have the same
    /// model and number of choices.
    pub fn new(model: &'a Model, prefix: &'a Prefix, choices: usize, hands: Hands<'a, Told>) -> Self {
        let rotary = Rotary::new(&model.config);
        let buffers = Buffers::default();
        Session { model, prefix, rows: Vec::new(), choices: choices.max(1), rotary, buffers, hands }
    }

    /// Computes what the other members of its team ask for, until no member has texts.
    pub fn help(mut self) -> Result<()> {
        guarded(Stage::Translate, || {
            while self.hands.begin(false)? {
                self.model.read(&mut [], &[], &mut self.rotary, &mut self.buffers, &mut self.hands)?;
                self.likeliest(&[])?;
            }
            Ok(())
        })
    }

    /// Reads one more chunk of each row from `first` on; the likeliest next pieces of each.
    fn extend(&mut self, first: usize, chunks: &[&[u32]]) -> Result<Vec<Vec<Choice>>> {
        guarded(Stage::Translate, || {
            let mut tokens = Vec::new();
            let mut last = Vec::with_capacity(chunks.len());
            let rows = self.rows.part_mut(first..);
            for (row, (text, chunk)) in rows.iter().zip(chunks).enumerate() {
                let position = text.tokens();
                tokens.extend(chunk.iter().zip(position..).map(|(&id, position)| Token {
                    row,
                    position,
                    id,
                }));
                last.push(tokens.len().saturating_sub(1));
            }
            if !self.hands.begin(!tokens.is_empty())? {
                return Ok(Vec::new());
            }
            self.model.read(rows, &tokens, &mut self.rotary, &mut self.buffers, &mut self.hands)?;
            self.likeliest(&last)
        })
    }

    /// The likeliest next pieces after the states at the places `last`.
    fn likeliest(&mut self, last: &[usize]) -> Result<Vec<Vec<Choice>>> {
        let mut found = Vec::new();
        let choices = self.choices;
        let first = self.model.scores(last, &mut self.buffers, &mut self.hands, |piece, rows, scores| {
            let rows = scores.chunks((scores.len() / rows.max(1)).max(1));
            found.push(rows.map(|scores| Likeliest::of(choices, piece, scores)).collect());
        })?;
        // Parts are dealt to the members in turns; put together in their order, as one thread does it.
        let mut told = Vec::new();
        self.hands.tell(found, |found: &Told| {
            let mine = |part: &Vec<Likeliest>| part.part(first..first + last.len()).to_vec();
            told.push(found.iter().map(mine).collect::<Vec<_>>().into_iter());
        })?;
        let mut all = vec![Likeliest::new(choices); last.len()];
        let mut members = (0..told.len()).cycle();
        while let Some(part) = members.next().and_then(|member| told.get_mut(member)?.next()) {
            all.iter_mut().zip(&part).for_each(|(row, part)| row.merge(part));
        }
        Ok(all.into_iter().map(Likeliest::choices).collect())
    }
}

/// The greatest of a row of scores, and the sum of the exponentials of all.
#[derive(Debug, Clone)]
pub(crate) struct Likeliest {
    count: usize,
    /// The greatest scores so far and their pieces, the greatest first; of equal ones the one that came first.
    best: Vec<(f32, u32)>,
    /// All exponentials are relative to this.
    largest: f32,
    sum: f32,
}

impl Likeliest {
    /// So many scores are looked over at a time for one that is among the greatest.
    const STRIDE: usize = 256;

    fn new(count: usize) -> Self {
        Likeliest { count, best: Vec::with_capacity(count + 1), largest: f32::NEG_INFINITY, sum: 0. }
    }

    /// The greatest `count` of the scores of the pieces from `first` on.
    fn of(count: usize, first: usize, scores: &[f32]) -> Self {
        let mut found = Likeliest::new(count);
        for (part, scores) in scores.chunks(Self::STRIDE).enumerate() {
            let most = kernels::largest(scores);
            found.largest = found.largest.max(most);
            if found.best.len() < count || most > found.least() {
                found.take((first + part * Self::STRIDE) as u32, scores.iter().copied());
            }
        }
        // Alone, a piece has no need of a probability.
        if count > 1 {
            found.sum = kernels::sum_exp(scores, found.largest);
        }
        found
    }

    /// Adds what was found among later pieces.
    fn merge(&mut self, later: &Likeliest) {
        let largest = self.largest.max(later.largest);
        let scaled = |one: &Likeliest| one.sum * (one.largest - largest).exp();
        self.sum = scaled(self) + scaled(later);
        self.largest = largest;
        for &(score, piece) in &later.best {
            self.take(piece, [score].into_iter());
        }
    }

    fn least(&self) -> f32 {
        self.best.last().map_or(f32::NEG_INFINITY, |&(score, _)| score)
    }

    /// Looks at the scores of the pieces from `first` on.
    fn take(&mut self, first: u32, scores: impl Iterator<Item = f32>) {
        for (piece, score) in (first..).zip(scores) {
            if self.best.len() == self.count && score <= self.least() {
                continue;
            }
            let place = self.best.partition_point(|&(other, _)| other >= score);
            self.best.insert(place, (score, piece));
            self.best.truncate(self.count);
        }
    }

    fn choices(self) -> Vec<Choice> {
        let all = if self.count > 1 { self.largest + self.sum.ln() } else { self.largest };
        self.best.into_iter().map(|(score, piece)| Choice { piece, score: score - all }).collect()
    }
}

impl LanguageModel for Session<'_> {
    fn push(&mut self, texts: &[&[u32]]) -> Result<Vec<Vec<Choice>>> {
        let first = self.rows.len();
        let nothing = Arc::new(Block::new(&self.model.config));
        let new = || Row {
            read: [self.prefix.0.clone(), nothing.clone()],
            written: Block::new(&self.model.config),
        };
        self.rows.extend(texts.iter().map(|_| new()));
        let choices = self.extend(first, texts)?;
        // From here on hypotheses share what was read.
        for row in self.rows.iter_mut().skip(first) {
            let written = std::mem::replace(&mut row.written, Block::new(&self.model.config));
            let [_, read] = &mut row.read;
            *read = Arc::new(written);
        }
        Ok(choices)
    }

    fn step(&mut self, tokens: &[u32]) -> Result<Vec<Vec<Choice>>> {
        let chunks: Vec<&[u32]> = tokens.chunks(1).collect();
        self.extend(0, &chunks)
    }

    fn copy(&mut self, from: usize, to: usize, differing: Option<usize>) -> Result<()> {
        let missing = || Error::Backend { stage: Stage::Translate, message: "a row is missing".to_owned() };
        if to == self.rows.len() {
            let row = self.rows.get(from).ok_or_else(missing)?.clone();
            self.rows.push(row);
            return Ok(());
        }
        let [from, to] = self.rows.get_disjoint_mut([from, to]).map_err(|_| missing())?;
        to.copy(from, differing);
        Ok(())
    }

    fn swap_remove(&mut self, row: usize) -> Result<()> {
        if row < self.rows.len() {
            self.rows.swap_remove(row);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_greatest_in_order_and_their_probabilities() {
        let scores: Vec<f32> = (0..3000).map(|n| ((n * 1103 % 2999) as f32) / 300.).collect();
        let mut sorted: Vec<(f32, usize)> = scores.iter().copied().zip(0..).collect();
        sorted.sort_by(|a, b| b.0.total_cmp(&a.0));
        let all: f64 = scores.iter().map(|&score| f64::from(score).exp()).sum::<f64>().ln();
        for part in [100, 257, 3000] {
            let mut found = Likeliest::new(5);
            for (number, scores) in scores.chunks(part).enumerate() {
                found.merge(&Likeliest::of(5, number * part, scores));
            }
            for (choice, &(score, piece)) in found.choices().iter().zip(&sorted) {
                assert_eq!(choice.piece as usize, piece);
                assert!((f64::from(choice.score) - (f64::from(score) - all)).abs() < 1e-4);
            }
        }
    }

    #[test]
    fn of_equal_scores_the_first_is_taken() {
        let mut found = Likeliest::new(1);
        found.merge(&Likeliest::of(1, 0, &[1., 3., 3., 2.]));
        found.merge(&Likeliest::of(1, 4, &[3.]));
        assert_eq!(found.choices(), [Choice { piece: 1, score: 0. }]);
    }
}
