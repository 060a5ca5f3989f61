//! Reading and continuing several texts at once.

use tch::{Kind, Tensor};

use super::cache::Cache;
use super::model::Model;
use super::step::Step;
use crate::backend::guarded;
use crate::error::{Error, Result};
use crate::progress::Stage;
use crate::translate::generate::{Choice, LanguageModel};

/// Room is made for this many tokens more than are there.
const SPARE: usize = 32;

/// The start that all texts share, read once.
#[derive(Debug)]
pub(crate) struct Prefix {
    cache: Cache,
    length: usize,
}

impl Prefix {
    /// Reads `ids`.
    pub fn new(model: &Model, ids: &[u32]) -> Result<Self> {
        guarded(Stage::Translate, || {
            tch::no_grad(|| {
                let mut cache = Cache::new(&model.config, 1, Step::width(ids.len()));
                if !ids.is_empty() {
                    let step = Step::new(&model.config, &cache, 0, &[0], &[ids]);
                    let _ = model.hidden(&step, &mut cache);
                }
                Ok(Prefix { cache, length: ids.len() })
            })
        })
    }

    /// Another handle on the same prefix, for another thread; nothing writes to a prefix.
    pub fn handle(&self) -> Self {
        Prefix { cache: self.cache.handle(), length: self.length }
    }
}

/// Texts being continued; each is a row of one cache.
#[derive(Debug)]
pub(crate) struct Session<'a> {
    model: &'a Model,
    prefix: &'a Prefix,
    cache: Cache,
    /// Tokens in each row, the prefix included.
    lengths: Vec<usize>,
    /// Next pieces that are told for each row.
    choices: usize,
}

impl<'a> Session<'a> {
    /// Room for `rows` texts that all start with `prefix`; for each, the likeliest `choices` next pieces are told.
    pub fn new(model: &'a Model, prefix: &'a Prefix, rows: usize, choices: usize) -> Self {
        Session { model, prefix, cache: Cache::new(&model.config, rows, 0), lengths: Vec::new(), choices }
    }

    /// Appends one chunk to each row from `first` on; the likeliest next pieces of each.
    fn extend(&mut self, first: usize, chunks: &[&[u32]]) -> Result<Vec<Vec<Choice>>> {
        guarded(Stage::Translate, || tch::no_grad(|| self.extend_unguarded(first, chunks)))
    }

    fn extend_unguarded(&mut self, first: usize, chunks: &[&[u32]]) -> Result<Vec<Vec<Choice>>> {
        let lengths = self.lengths.get(first..).unwrap_or_default();
        let tokens = lengths.iter().zip(chunks).map(|(length, chunk)| length + chunk.len()).max();
        self.make_room(tokens.unwrap_or(0));
        let lengths = self.lengths.get(first..).unwrap_or_default();
        let step = Step::new(&self.model.config, &self.cache, first, lengths, chunks);
        let hidden = self.model.hidden(&step, &mut self.cache);
        for (length, chunk) in self.lengths.iter_mut().skip(first).zip(chunks) {
            *length += chunk.len();
        }
        let hidden = hidden.index_select(0, &step.last);
        likeliest(&self.model.logits(&hidden), self.choices)
    }

    fn make_room(&mut self, tokens: usize) {
        let old = self.cache.capacity();
        if Step::width(tokens) <= old {
            return;
        }
        let capacity = Step::width((tokens + SPARE).max(old + old / 2));
        let mut larger = Cache::new(&self.model.config, self.cache.rows(), capacity);
        if old == 0 {
            larger.start_with(&self.prefix.cache, self.prefix.length);
        } else {
            larger.start_with(&self.cache, old);
        }
        self.cache = larger;
    }
}

/// The likeliest `count` pieces of each row of `logits` [rows, pieces].
fn likeliest(logits: &Tensor, count: usize) -> Result<Vec<Vec<Choice>>> {
    let count = count.max(1);
    let (scores, ids) = match count {
        1 => logits.max_dim(-1, true),
        _ => {
            let (scores, ids) = logits.topk(count as i64, -1, true, true);
            (scores - logits.logsumexp([-1i64].as_slice(), true), ids)
        }
    };
    let (scores, ids) = (scores.to_kind(Kind::Float).contiguous(), ids.contiguous());
    let mut flat = (vec![0f32; scores.numel()], vec![0i64; ids.numel()]);
    scores.copy_data(&mut flat.0, scores.numel());
    ids.copy_data(&mut flat.1, ids.numel());
    // Of a row with one that is no number, the greatest is none either.
    if flat.0.iter().any(|score| score.is_nan()) {
        let message = "the model's scores are no numbers; check its files".to_owned();
        return Err(Error::Backend { stage: Stage::Translate, message });
    }
    let rows = flat.1.chunks(count).zip(flat.0.chunks(count));
    let score = |score: f32| if count == 1 { 0. } else { score };
    let choice = |(&piece, &found): (&i64, &f32)| Choice { piece: piece as u32, score: score(found) };
    Ok(rows.map(|(ids, scores)| ids.iter().zip(scores).map(choice).collect()).collect())
}

impl LanguageModel for Session<'_> {
    fn push(&mut self, texts: &[&[u32]]) -> Result<Vec<Vec<Choice>>> {
        let first = self.lengths.len();
        self.lengths.extend(texts.iter().map(|_| self.prefix.length));
        self.extend(first, texts)
    }

    fn step(&mut self, tokens: &[u32]) -> Result<Vec<Vec<Choice>>> {
        let chunks: Vec<&[u32]> = tokens.chunks(1).collect();
        self.extend(0, &chunks)
    }

    fn copy(&mut self, from: usize, to: usize, differing: Option<usize>) -> Result<()> {
        guarded(Stage::Translate, || {
            let length = self.lengths.get(from).copied().unwrap_or(0);
            let start = differing.map_or(0, |differing| length.saturating_sub(differing));
            self.cache.copy_row(from, to, start.max(self.prefix.length)..length);
            if to == self.lengths.len() {
                self.lengths.push(length);
            }
            Ok(())
        })
    }

    fn swap_remove(&mut self, row: usize) -> Result<()> {
        guarded(Stage::Translate, || {
            let last = self.lengths.len().saturating_sub(1);
            if row < last {
                let length = self.lengths.get(last).copied().unwrap_or(0);
                self.cache.copy_row(last, row, self.prefix.length..length);
            }
            if row <= last && !self.lengths.is_empty() {
                self.lengths.swap_remove(row);
            }
            Ok(())
        })
    }
}
