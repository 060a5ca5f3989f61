//! An evaluation as a table for a terminal.

use std::fmt;

use super::{Evaluation, Figure};

/// Cells of a table, the first row being its head. The first column is set left, the others right.
struct Table(Vec<Vec<String>>);

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns = self.0.iter().map(Vec::len).max().unwrap_or(0);
        let width = |at: usize| {
            self.0.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        for row in &self.0 {
            let mut line = String::new();
            for (at, (cell, width)) in row.iter().zip(&widths).enumerate() {
                let cell = if at == 0 { format!("{cell:<width$}") } else { format!("  {cell:>width$}") };
                line.push_str(&cell);
            }
            writeln!(f, "  {}", line.trim_end())?;
        }
        Ok(())
    }
}

/// A figure of a type, from 0 to 100.
fn number(value: f64) -> String {
    format!("{value:.2}")
}

fn figures(evaluation: &Evaluation) -> Table {
    let mut head = vec!["", "score", "95% interval"];
    if evaluation.against.is_some() {
        head.extend(["against", "difference", "p"]);
    }
    let row = |figure: &Figure| {
        let interval = figure.shown_interval().unwrap_or_default();
        let mut row = vec![figure.name.clone(), figure.shown(figure.value), interval];
        if let Some(against) = figure.against {
            row.push(figure.shown(against));
            row.push(figure.shown_signed(figure.value - against));
            row.push(figure.comparison.map(|c| format!("{:.4}", c.p_value)).unwrap_or_default());
        }
        row
    };
    let head = head.into_iter().map(str::to_owned).collect();
    Table([head].into_iter().chain(evaluation.figures.iter().map(row)).collect())
}

fn labels(evaluation: &Evaluation) -> Table {
    let head = ["", "precision", "recall", "F1", "gold", "predicted"].map(str::to_owned).to_vec();
    let rows = evaluation.labels.iter().map(|row| {
        let percent = |part: f64| number(100.0 * part);
        vec![
            row.label.clone(),
            percent(row.prf.precision),
            percent(row.prf.recall),
            percent(row.prf.f1),
            row.gold.to_string(),
            row.predicted.to_string(),
        ]
    });
    Table([head].into_iter().chain(rows).collect())
}

/// The table for people: figures, entity types, what was left out, and how all was computed.
impl fmt::Display for Evaluation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let checksum = self.set.sha256.get(..12).unwrap_or(&self.set.sha256);
        writeln!(f, "{} of {} on {}", self.task, self.system, self.set.name)?;
        if let Some(against) = &self.against {
            writeln!(f, "against {against}")?;
        }
        write!(f, "{} items", self.set.items)?;
        if !checksum.is_empty() {
            write!(f, ", sha256 {checksum}…")?;
        }
        writeln!(f)?;
        for note in &self.set.notes {
            writeln!(f, "note: {note}")?;
        }
        writeln!(f, "\n{}", figures(self))?;
        let lower = self.lower_is_better();
        if !lower.is_empty() {
            writeln!(f, "lower is better: {}\n", lower.join(", "))?;
        }
        if !self.labels.is_empty() {
            writeln!(f, "{}", labels(self))?;
        }
        for figure in &self.figures {
            writeln!(f, "{}|{}", figure.name, figure.signature)?;
        }
        writeln!(f, "resampling|{}", self.resampling)?;
        if !self.set.skipped.is_empty() {
            let lines = if self.set.skipped.len() == 1 { "line was" } else { "lines were" };
            writeln!(f, "\n{} bad {lines} left out:", self.set.skipped.len())?;
            for bad in &self.set.skipped {
                writeln!(f, "  {bad}")?;
            }
        }
        Ok(())
    }
}
