//! Longest common subsequences of numbered words.

/// The lengths of the longest common subsequences of all pairs of beginnings.
struct Table {
    width: usize,
    cells: Vec<u32>,
}

impl Table {
    fn new(left: &[u32], right: &[u32]) -> Self {
        let mut table = Table { width: right.len(), cells: Vec::with_capacity(left.len() * right.len()) };
        for (i, a) in left.iter().enumerate() {
            for (j, b) in right.iter().enumerate() {
                let length =
                    if a == b { table.at(i, j) + 1 } else { table.at(i, j + 1).max(table.at(i + 1, j)) };
                table.cells.push(length);
            }
        }
        table
    }

    /// The length for the first `i` and the first `j` words.
    fn at(&self, i: usize, j: usize) -> u32 {
        match (i.checked_sub(1), j.checked_sub(1)) {
            (Some(i), Some(j)) => self.cells.get(i * self.width + j).copied().unwrap_or(0),
            _ => 0,
        }
    }
}

/// The length of the longest common subsequence.
pub(super) fn length(left: &[u32], right: &[u32]) -> u64 {
    Table::new(left, right).at(left.len(), right.len()).into()
}

/// The positions in `left`, last first, of one longest common subsequence; of several the one that rouge-score takes.
pub(super) fn positions(left: &[u32], right: &[u32]) -> Vec<usize> {
    let table = Table::new(left, right);
    let (mut i, mut j) = (left.len(), right.len());
    let mut positions = Vec::new();
    while let (Some(before_i), Some(before_j)) = (i.checked_sub(1), j.checked_sub(1)) {
        if left.get(before_i) == right.get(before_j) {
            positions.push(before_i);
            (i, j) = (before_i, before_j);
        } else if table.at(i, before_j) > table.at(before_i, j) {
            j = before_j;
        } else {
            i = before_i;
        }
    }
    positions
}
