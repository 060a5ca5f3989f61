//! Plots of the page, drawn as SVG.

use std::fmt::{self, Write};

use super::{counted, Escaped};
use crate::eval::evaluation::Evaluation;

/// Pixels from 0 to 100 of a bar.
const WIDTH: f64 = 400.0;
/// Pixels before a bar, for its name.
const NAME: f64 = 150.0;
/// Pixels from one bar to the next.
const ROW: f64 = 26.0;
/// Pixels of a side of the calibration plot.
const SIDE: f64 = 260.0;

/// A bar with its name, and what else stands in its row.
struct Bar {
    name: String,
    /// 0 to 100.
    value: f64,
    /// Low and high end, 0 to 100.
    interval: Option<(f64, f64)>,
    /// The value to compare with, 0 to 100.
    other: Option<f64>,
    note: String,
}

fn x(value: f64) -> f64 {
    NAME + value.clamp(0.0, 100.0) / 100.0 * WIDTH
}

fn bars(page: &mut String, title: &str, bars: &[Bar]) -> fmt::Result {
    let (width, height) = (NAME + WIDTH + 190.0, bars.len() as f64 * ROW);
    writeln!(
        page,
        "<figure><svg viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" role=\"img\" aria-label=\"{}\">",
        Escaped(title)
    )?;
    for (row, bar) in bars.iter().enumerate() {
        let top = row as f64 * ROW + 5.0;
        let middle = top + 8.0;
        writeln!(page, "<text x=\"0\" y=\"{:.1}\">{}</text>", top + 12.0, Escaped(&bar.name))?;
        writeln!(page, "<rect class=\"rail\" x=\"{NAME}\" y=\"{top}\" width=\"{WIDTH}\" height=\"16\"/>")?;
        writeln!(
            page,
            "<rect class=\"bar\" x=\"{NAME}\" y=\"{top}\" width=\"{:.1}\" height=\"16\"/>",
            x(bar.value) - NAME
        )?;
        if let Some(other) = bar.other {
            writeln!(
                page,
                "<rect class=\"other\" x=\"{:.1}\" y=\"{}\" width=\"4\" height=\"22\"/>",
                x(other) - 2.0,
                top - 3.0
            )?;
        }
        if let Some((low, high)) = bar.interval {
            writeln!(
                page,
                "<line class=\"whisker\" x1=\"{:.1}\" x2=\"{:.1}\" y1=\"{middle}\" y2=\"{middle}\"/>",
                x(low),
                x(high)
            )?;
        }
        writeln!(
            page,
            "<text x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            NAME + WIDTH + 10.0,
            top + 12.0,
            Escaped(&bar.note)
        )?;
    }
    writeln!(page, "</svg></figure>")
}

/// The figures as bars with their intervals, and a mark where the other system stands.
pub(super) fn intervals(page: &mut String, evaluation: &Evaluation) -> fmt::Result {
    let rows: Vec<Bar> = evaluation
        .figures
        .iter()
        .map(|figure| {
            let percent = |score: f64| 100.0 * score / figure.scale;
            Bar {
                name: figure.name.clone(),
                value: percent(figure.value),
                interval: figure.interval.map(|interval| (percent(interval.low), percent(interval.high))),
                other: figure.against.map(percent),
                note: match figure.against {
                    Some(against) => {
                        format!("{}, against {}", figure.shown(figure.value), figure.shown(against))
                    }
                    None => figure.shown(figure.value),
                },
            }
        })
        .collect();
    bars(page, "Scores in per cent of their scale with 95% intervals", &rows)
}

/// The score by length of items.
pub(super) fn lengths(page: &mut String, evaluation: &Evaluation) -> fmt::Result {
    if evaluation.lengths.len() < 2 {
        return Ok(());
    }
    let figure = evaluation.item_figure.as_str();
    let comma = if figure.is_empty() { "" } else { ", " };
    writeln!(page, "<h3>By length{comma}{}</h3>", Escaped(figure))?;
    let rows: Vec<Bar> = evaluation
        .lengths
        .iter()
        .map(|row| Bar {
            name: match row.from == row.to {
                true => counted(row.from, "word"),
                false => format!("{} to {} words", row.from, row.to),
            },
            value: row.score,
            interval: None,
            other: None,
            note: format!("{:.2}, {}", row.score, counted(row.items, "item")),
        })
        .collect();
    let figure = if figure.is_empty() { "Score" } else { figure };
    bars(page, &format!("{figure} by length of items"), &rows)
}

/// Confidence against the part that is right; the area of a dot grows with the number of predictions.
pub(super) fn calibration(page: &mut String, evaluation: &Evaluation) -> fmt::Result {
    if evaluation.calibration.is_empty() {
        return Ok(());
    }
    let margin = 40.0;
    let size = SIDE + 2.0 * margin;
    writeln!(
        page,
        "<h3>Calibration</h3>\n<figure><svg viewBox=\"0 0 {size} {size}\" width=\"{size}\" role=\"img\" \
         aria-label=\"Confidence against the part that is right\">\n\
         <rect class=\"axis\" x=\"{margin}\" y=\"{margin}\" width=\"{SIDE}\" height=\"{SIDE}\"/>\n\
         <line class=\"ideal\" x1=\"{margin}\" y1=\"{end}\" x2=\"{end}\" y2=\"{margin}\"/>",
        end = margin + SIDE
    )?;
    let most = evaluation.calibration.iter().map(|row| row.predictions).max().unwrap_or(1) as f64;
    for row in &evaluation.calibration {
        writeln!(
            page,
            "<circle class=\"bar\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"{:.1}\"><title>confidence {:.2}, right {:.2}, {} \
             predictions</title></circle>",
            margin + row.confidence * SIDE,
            margin + (1.0 - row.accuracy) * SIDE,
            3.0 + 9.0 * (row.predictions as f64 / most).sqrt(),
            row.confidence,
            row.accuracy,
            row.predictions
        )?;
    }
    for tick in [0.0, 0.5, 1.0] {
        let (across, up) = (margin + tick * SIDE, margin + (1.0 - tick) * SIDE);
        writeln!(
            page,
            "<text x=\"{across:.0}\" y=\"{:.0}\" text-anchor=\"middle\">{tick}</text>\n\
             <text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"end\">{tick}</text>",
            margin + SIDE + 16.0,
            margin - 6.0,
            up + 4.0
        )?;
    }
    let all = evaluation.calibration.iter().map(|row| row.predictions).sum::<u64>().max(1) as f64;
    let off = evaluation
        .calibration
        .iter()
        .map(|row| row.predictions as f64 * (row.confidence - row.accuracy).abs());
    writeln!(
        page,
        "<text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"middle\">confidence</text>\n\
         <text x=\"{margin}\" y=\"{:.0}\">part that is right</text>\n\
         </svg><figcaption>On the dashed line the confidence is what it should be. Expected calibration error: \
         {:.3}.</figcaption></figure>",
        margin + SIDE / 2.0,
        margin + SIDE + 32.0,
        margin - 14.0,
        off.sum::<f64>() / all
    )
}
