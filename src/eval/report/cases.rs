//! The worst cases side by side.

use std::collections::BTreeSet;
use std::fmt::{self, Write};

use super::Escaped;
use crate::eval::evaluation::{CaseText, Evaluation};
use crate::part::Part;

/// Colors that the style sheet has for labels.
const COLORS: usize = 8;

pub(super) fn worst(page: &mut String, evaluation: &Evaluation) -> fmt::Result {
    if evaluation.worst.is_empty() {
        return Ok(());
    }
    // A label has one color on the whole page.
    let labels: BTreeSet<&str> = evaluation
        .worst
        .iter()
        .flat_map(|case| case.texts.iter().flat_map(|text| text.spans.iter().map(|span| span.label.as_str())))
        .chain(evaluation.labels.iter().map(|row| row.label.as_str()))
        .collect();
    let labels: Vec<&str> = labels.into_iter().collect();
    writeln!(page, "<h3>Worst cases</h3>")?;
    for case in &evaluation.worst {
        writeln!(
            page,
            "<article class=\"case\"><header>{}, {} {:.2}</header>\n<div class=\"texts\">",
            Escaped(&case.id),
            Escaped(if evaluation.item_figure.is_empty() { "score" } else { &evaluation.item_figure }),
            case.score
        )?;
        for text in &case.texts {
            writeln!(page, "<div><h4>{}</h4>", Escaped(&text.role))?;
            // White space is kept in it, so the text begins right behind the tag.
            write!(page, "<p>")?;
            marked(page, text, &labels)?;
            writeln!(page, "</p></div>")?;
        }
        writeln!(page, "</div></article>")?;
    }
    Ok(())
}

/// The text with its spans marked; a span that overlaps an earlier one or is none of the text is left out.
fn marked(page: &mut String, text: &CaseText, labels: &[&str]) -> fmt::Result {
    let mut spans: Vec<_> = text.spans.iter().collect();
    spans.sort();
    let mut at = 0;
    for span in spans {
        let (Some(before), Some(inner)) =
            (text.text.get(at..span.start), text.text.get(span.start..span.end))
        else {
            continue;
        };
        let color = labels.iter().position(|label| *label == span.label).unwrap_or(0) % COLORS;
        write!(
            page,
            "{}<mark class=\"l{color}\">{}<small>{}</small></mark>",
            Escaped(before),
            Escaped(inner),
            Escaped(&span.label)
        )?;
        at = span.end;
    }
    write!(page, "{}", Escaped(text.text.part(at..)))
}
