//! Tables of the page.

use std::collections::BTreeSet;
use std::fmt::{self, Write};

use super::{counted, Escaped};
use crate::eval::evaluation::Evaluation;

/// Writes a table: names of columns, and rows of cells that are HTML already.
fn table(page: &mut String, head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> fmt::Result {
    write!(page, "<div class=\"scroll\"><table>\n<thead><tr>")?;
    for name in head {
        write!(page, "<th scope=\"col\">{}</th>", Escaped(name))?;
    }
    writeln!(page, "</tr></thead>\n<tbody>")?;
    for row in rows {
        write!(page, "<tr>")?;
        for (at, cell) in row.iter().enumerate() {
            match at {
                0 => write!(page, "<th scope=\"row\">{cell}</th>")?,
                _ if cell.starts_with("<td") => page.push_str(cell),
                _ => write!(page, "<td>{cell}</td>")?,
            }
        }
        writeln!(page, "</tr>")?;
    }
    writeln!(page, "</tbody></table></div>")
}

/// The first figure of each evaluation, with a link to the rest.
pub(super) fn overview(page: &mut String, evaluations: &[Evaluation]) -> fmt::Result {
    let rows = (1..).zip(evaluations).map(|(number, evaluation): (usize, _)| {
        let Evaluation { task, system, set, .. } = evaluation;
        let figure = evaluation.figures.first();
        let against = figure.and_then(|figure| Some(figure.shown(figure.against?)));
        vec![
            format!("<a href=\"#e{number}\">{task}, {}</a>", Escaped(&set.name)),
            format!("<td class=\"words\">{}</td>", Escaped(system)),
            figure.map(|figure| Escaped(&figure.name).to_string()).unwrap_or_default(),
            figure
                .map(|figure| format!("<strong>{}</strong>", figure.shown(figure.value)))
                .unwrap_or_default(),
            against.unwrap_or_default(),
        ]
    });
    table(page, &["", "system", "figure", "score", "against"], rows)
}

pub(super) fn figures(page: &mut String, evaluation: &Evaluation) -> fmt::Result {
    let mut head = vec!["", "score", "95% interval"];
    if evaluation.against.is_some() {
        head.extend(["against", "difference", "p"]);
    }
    let rows = evaluation.figures.iter().map(|figure| {
        let mut row = vec![
            Escaped(&figure.name).to_string(),
            format!("<strong>{}</strong>", figure.shown(figure.value)),
            figure.shown_interval().unwrap_or_default(),
        ];
        if let Some(against) = figure.against {
            row.push(figure.shown(against));
            row.push(figure.shown_signed(figure.value - against));
            row.push(figure.comparison.map(|c| format!("{:.4}", c.p_value)).unwrap_or_default());
        }
        row
    });
    table(page, &head, rows)?;
    let lower = evaluation.lower_is_better();
    if !lower.is_empty() {
        writeln!(page, "<p class=\"meta\">Lower is better: {}</p>", Escaped(&lower.join(", ")))?;
    }
    Ok(())
}

pub(super) fn labels(page: &mut String, evaluation: &Evaluation) -> fmt::Result {
    if evaluation.labels.is_empty() {
        return Ok(());
    }
    writeln!(page, "<h3>By type</h3>")?;
    let rows = evaluation.labels.iter().map(|row| {
        let percent = |part: f64| format!("{:.2}", 100.0 * part);
        vec![
            Escaped(&row.label).to_string(),
            percent(row.prf.precision),
            percent(row.prf.recall),
            percent(row.prf.f1),
            row.gold.to_string(),
            row.predicted.to_string(),
        ]
    });
    table(page, &["", "precision", "recall", "F1", "gold", "predicted"], rows)
}

pub(super) fn confusion(page: &mut String, evaluation: &Evaluation) -> fmt::Result {
    if evaluation.confusion.is_empty() {
        return Ok(());
    }
    writeln!(
        page,
        "<h3>Which types are taken for which</h3>\n<p class=\"meta\">A line for each type in the reference, a column for each in the \
         output, by the entity that covers most of it. The stronger the color, the larger the part of its line.</p>"
    )?;
    // Nothing at all comes last.
    let mut names: Vec<Option<&str>> = evaluation
        .confusion
        .iter()
        .flat_map(|cell| [cell.gold.as_deref(), cell.predicted.as_deref()])
        .flatten()
        .collect::<BTreeSet<_>>()
        .into_iter()
        .map(Some)
        .collect();
    names.push(None);
    let count = |gold: Option<&str>, predicted: Option<&str>| {
        let mut cells = evaluation.confusion.iter();
        cells
            .find(|cell| cell.gold.as_deref() == gold && cell.predicted.as_deref() == predicted)
            .map_or(0, |cell| cell.spans)
    };
    let head: Vec<&str> =
        [""].into_iter().chain(names.iter().map(|name| name.unwrap_or("nothing"))).collect();
    let rows = names.iter().map(|gold| {
        let counts: Vec<u64> = names.iter().map(|predicted| count(*gold, *predicted)).collect();
        let all = counts.iter().sum::<u64>().max(1) as f64;
        let cells = counts.iter().map(|n| {
            let part = *n as f64 / all;
            format!("<td class=\"heat\" style=\"--part:{part:.3}\">{n}</td>")
        });
        [Escaped(gold.unwrap_or("nothing")).to_string()].into_iter().chain(cells).collect()
    });
    table(page, &head, rows)
}

pub(super) fn skipped(page: &mut String, evaluation: &Evaluation) -> fmt::Result {
    let skipped = &evaluation.set.skipped;
    if skipped.is_empty() {
        return Ok(());
    }
    writeln!(page, "<h3>{} left out</h3>\n<ul>", counted(skipped.len(), "line"))?;
    for bad in skipped {
        writeln!(page, "<li><code>{}</code></li>", Escaped(&bad.to_string()))?;
    }
    writeln!(page, "</ul>")
}

pub(super) fn signatures(page: &mut String, evaluation: &Evaluation) -> fmt::Result {
    writeln!(page, "<h3>How the figures were computed</h3>\n<p class=\"signature\">")?;
    for (names, signature) in evaluation.signatures() {
        writeln!(page, "{} <code>{}</code><br>", Escaped(&names.join(", ")), Escaped(signature))?;
    }
    writeln!(page, "intervals and tests <code>{}</code></p>", Escaped(&evaluation.resampling))
}
