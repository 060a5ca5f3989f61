//! Reading and continuing several texts at once.

use tch::Tensor;

use super::cache::Cache;
use super::model::Model;
use super::step::Step;
use crate::backend::guarded;
use crate::error::Result;
use crate::progress::Stage;
use crate::translate::generate::LanguageModel;

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
}

/// Texts being continued; each is a row of one cache.
#[derive(Debug)]
pub(crate) struct Session<'a> {
    model: &'a Model,
    prefix: &'a Prefix,
    cache: Cache,
    /// Tokens in each row, the prefix included.
    lengths: Vec<usize>,
}

impl<'a> Session<'a> {
    /// Room for `rows` texts that all start with `prefix`.
    pub fn new(model: &'a Model, prefix: &'a Prefix, rows: usize) -> Self {
        Session { model, prefix, cache: Cache::new(&model.config, rows, 0), lengths: Vec::new() }
    }

    /// Appends one chunk to each row from `first` on; the likeliest next piece of each.
    fn extend(&mut self, first: usize, chunks: &[&[u32]]) -> Result<Vec<u32>> {
        guarded(Stage::Translate, || tch::no_grad(|| Ok(self.extend_unguarded(first, chunks))))
    }

    fn extend_unguarded(&mut self, first: usize, chunks: &[&[u32]]) -> Vec<u32> {
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
        likeliest(&self.model.logits(&hidden))
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

fn likeliest(logits: &Tensor) -> Vec<u32> {
    let ids = logits.argmax(-1, false);
    (0..ids.numel()).map(|row| ids.int64_value(&[row as i64]) as u32).collect()
}

impl LanguageModel for Session<'_> {
    fn push(&mut self, texts: &[&[u32]]) -> Result<Vec<u32>> {
        let first = self.lengths.len();
        self.lengths.extend(texts.iter().map(|_| self.prefix.length));
        self.extend(first, texts)
    }

    fn step(&mut self, tokens: &[u32]) -> Result<Vec<u32>> {
        let chunks: Vec<&[u32]> = tokens.chunks(1).collect();
        self.extend(0, &chunks)
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
