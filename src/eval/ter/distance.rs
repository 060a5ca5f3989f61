//! Edit distance near the diagonal of the table, with its trace.

/// Cells this far from the diagonal are looked at.
const BEAM: usize = 25;
/// The cost of a cell outside the beam.
const OUTSIDE: u32 = u32::MAX / 2;

/// One step that turns the output into the reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edit {
    Keep,
    Substitute,
    /// A word of the reference that the output lacks.
    Insert,
    /// A word of the output that the reference lacks.
    Delete,
}

type Cell = (u32, Option<Edit>);

/// The costs of turning every beginning of an output into every beginning of the reference.
pub(super) struct Distances<'a> {
    reference: &'a [u32],
    /// One row for each beginning of the output, the empty one first.
    rows: Vec<Vec<Cell>>,
}

impl<'a> Distances<'a> {
    /// The distances of `output`.
    pub(super) fn new(output: &[u32], reference: &'a [u32]) -> Self {
        let first = (0..).take(reference.len() + 1).map(|cost| (cost, Some(Edit::Insert))).collect();
        let mut distances = Distances { reference, rows: vec![first] };
        distances.fill(output, 0);
        distances
    }

    /// The edit distance of another output of the same length whose first `shared` words are the same.
    pub(super) fn of_variant(&self, output: &[u32], shared: usize) -> u32 {
        let rows = self.rows.iter().take(shared + 1).cloned().collect();
        let mut variant = Distances { reference: self.reference, rows };
        variant.fill(output, shared);
        variant.total()
    }

    /// Adds the rows for the words of `output` from number `from` on.
    fn fill(&mut self, output: &[u32], from: usize) {
        let columns = self.reference.len() + 1;
        let ratio = self.reference.len() as f64 / output.len().max(1) as f64;
        // With very different lengths rows would not overlap with the ones before.
        let beam =
            if (BEAM as f64) < ratio / 2.0 { (ratio / 2.0 + BEAM as f64).ceil() as usize } else { BEAM };
        for (row, word) in (1..).zip(output).skip(from) {
            let diagonal = (row as f64 * ratio).floor() as usize;
            let first = diagonal.saturating_sub(beam);
            let end = if row == output.len() { columns } else { columns.min(diagonal + beam) };
            let next = self.row(*word, first, end);
            self.rows.push(next);
        }
    }

    /// The row after the last for the output's next word; cells outside `first..end` stay outside.
    fn row(&self, word: u32, first: usize, end: usize) -> Vec<Cell> {
        let outside: Cell = (OUTSIDE, None);
        let mut row = vec![outside; self.reference.len() + 1];
        let Some(above) = self.rows.last() else { return row };
        let at = |cells: &[Cell], column: Option<usize>| {
            column.and_then(|column| cells.get(column)).copied().unwrap_or(outside)
        };
        for column in first..end {
            let before = column.checked_sub(1);
            let mut best = outside;
            // Of equal costs the first counts, so that the order decides which trace is taken.
            if let Some(wanted) = before.and_then(|before| self.reference.get(before)) {
                let diagonal = at(above, before).0;
                best = if *wanted == word {
                    cheaper(best, (diagonal, Some(Edit::Keep)))
                } else {
                    cheaper(best, (diagonal + 1, Some(Edit::Substitute)))
                };
            }
            best = cheaper(best, (at(above, Some(column)).0 + 1, Some(Edit::Delete)));
            best = cheaper(best, (at(&row, before).0 + 1, Some(Edit::Insert)));
            if let Some(cell) = row.get_mut(column) {
                *cell = best;
            }
        }
        row
    }

    /// The edit distance of the whole output.
    pub(super) fn total(&self) -> u32 {
        self.rows.last().and_then(|row| row.last()).map_or(0, |cell| cell.0)
    }

    /// The edits from the first word on.
    pub(super) fn trace(&self) -> Vec<Edit> {
        let (mut row, mut column) = (self.rows.len().saturating_sub(1), self.reference.len());
        let mut trace = Vec::new();
        while row > 0 || column > 0 {
            let cell = self.rows.get(row).and_then(|cells| cells.get(column));
            // The beam always reaches from corner to corner, so that every cell on the way was filled.
            let Some((_, Some(edit))) = cell else { break };
            trace.push(*edit);
            if *edit != Edit::Insert {
                row = row.saturating_sub(1);
            }
            if *edit != Edit::Delete {
                column = column.saturating_sub(1);
            }
        }
        trace.reverse();
        trace
    }
}

fn cheaper(best: Cell, other: Cell) -> Cell {
    if other.0 < best.0 {
        other
    } else {
        best
    }
}
