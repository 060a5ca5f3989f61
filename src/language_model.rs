//! What a search asks of a language model: the border between stages that write text and the engines that run models.

use crate::error::Result;

/// A language model that continues several texts at once. Texts stand in rows, numbered from 0.
pub(crate) trait LanguageModel {
    /// Adds a row for each text, none of them empty, and reads them; the likeliest next pieces of each new row.
    fn push(&mut self, texts: &[&[u32]]) -> Result<Vec<Vec<Choice>>>;

    /// Appends one piece to each row; the likeliest next pieces of each.
    fn step(&mut self, pieces: &[u32]) -> Result<Vec<Vec<Choice>>>;

    /// Makes row `to` a copy of row `from`; all but their last `differing` pieces are the same already. `None` stands for
    /// all pieces, and `to` may then be the number of the next new row.
    fn copy(&mut self, from: usize, to: usize, differing: Option<usize>) -> Result<()>;

    /// Drops a row; the last one takes its number.
    fn swap_remove(&mut self, row: usize) -> Result<()>;
}

/// A piece that may come next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Choice {
    pub piece: u32,
    /// Natural logarithm of its probability. Where only the likeliest piece is asked for, 0.
    pub score: f32,
}
