//! A page about evaluations: one file of HTML that needs no network, for light and dark screens.

mod cases;
mod plots;
mod tables;

use std::fmt::{self, Write};

use super::evaluation::Evaluation;

const STYLE: &str = include_str!("style.css");

/// Text within HTML, also within attributes.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                // Control characters are no part of HTML.
                c if c.is_control() && !matches!(c, '\n' | '\t') => f.write_char('\u{fffd}')?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

/// The page: for each evaluation its figures with intervals, entity types and which are taken for which, calibration, score
/// by length, and the worst cases side by side with entities colored.
pub fn html(evaluations: &[Evaluation]) -> String {
    let mut page = String::new();
    // Writing into a string does not fail.
    let _ = write_page(&mut page, evaluations);
    page
}

fn write_page(page: &mut String, evaluations: &[Evaluation]) -> fmt::Result {
    write!(
        page,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>Evaluation</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<h1>Evaluation</h1>\n"
    )?;
    if evaluations.len() > 1 {
        tables::overview(page, evaluations)?;
    }
    for (number, evaluation) in (1..).zip(evaluations) {
        write_evaluation(page, number, evaluation)?;
    }
    write!(page, "<p class=\"meta\">intisari {}</p>\n</body>\n</html>\n", env!("CARGO_PKG_VERSION"))
}

/// A number of things: `1 item`, `2 items`.
fn counted(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

fn write_evaluation(page: &mut String, number: usize, evaluation: &Evaluation) -> fmt::Result {
    let Evaluation { task, set, system, .. } = evaluation;
    writeln!(
        page,
        "<section id=\"e{number}\">\n<h2>{} of {} on {}</h2>",
        task,
        Escaped(system),
        Escaped(&set.name)
    )?;
    write!(page, "<p class=\"meta\">{}", counted(set.items, "item"))?;
    if let Some(against) = &evaluation.against {
        write!(page, ", against {}", Escaped(against))?;
    }
    if !set.sha256.is_empty() {
        write!(page, "<br>sha256 <code>{}</code>", Escaped(&set.sha256))?;
    }
    writeln!(page, "</p>")?;
    for note in &set.notes {
        writeln!(page, "<p class=\"meta\">Note: {}</p>", Escaped(note))?;
    }
    tables::figures(page, evaluation)?;
    plots::intervals(page, evaluation)?;
    tables::labels(page, evaluation)?;
    tables::confusion(page, evaluation)?;
    plots::calibration(page, evaluation)?;
    plots::lengths(page, evaluation)?;
    cases::worst(page, evaluation)?;
    tables::skipped(page, evaluation)?;
    tables::signatures(page, evaluation)?;
    writeln!(page, "</section>")
}
