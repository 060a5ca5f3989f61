//! `reports/README.md`: a table for each set, published scores beside it.

use std::fmt::{self, Write};

use intisari::eval::evaluation::{Evaluation, Figure};

use crate::published;
use crate::reports::Job;

const HEAD: &str = "\
# Reports

Written by `INTISARI_DATA=<data> cargo xtask reports`; do not edit. One task or set: `cargo xtask reports ner nerui`. `index.html` shows the
same with types, lengths and calibration, `figures/` holds the numbers. In brackets the middle 95 % of the scores of 1000 sets drawn
with replacement; p is that of a paired bootstrap. Every score runs from 0 to 100; higher is better, save for TER.

The built-in translator searches with four beams; the untuned one, its base model without the adapter, is shown five example pairs and
is greedy. `cleaning.md`, `sentences.md` and `translation.md` tell what was read by hand.
";

pub fn markdown(all: &[(&Job, Evaluation)]) -> String {
    let mut text = HEAD.to_owned();
    // Writing into a string does not fail.
    let _ = overview(&mut text, all);
    for (job, evaluation) in all {
        let _ = section(&mut text, job, evaluation);
    }
    text
}

/// The first figure of every set.
fn overview(text: &mut String, all: &[(&Job, Evaluation)]) -> fmt::Result {
    if all.is_empty() {
        return Ok(());
    }
    writeln!(text, "\n| set | items | | score | baseline |\n| --- | ---: | --- | ---: | ---: |")?;
    for (job, evaluation) in all {
        let Some(figure) = evaluation.figures.first() else { continue };
        let baseline = figure.against.map_or(String::new(), |against| format!("{against:.2}"));
        let Evaluation { task, set, .. } = evaluation;
        writeln!(
            text,
            "| {task}, {} | {} | {} | {:.2} | {baseline} |",
            job.set, set.items, figure.name, figure.value
        )?;
    }
    Ok(())
}

fn section(text: &mut String, job: &Job, evaluation: &Evaluation) -> fmt::Result {
    let set = &evaluation.set;
    writeln!(text, "\n## {} on {}\n", evaluation.task, job.set)?;
    if !job.remark.is_empty() {
        writeln!(text, "The set: {}.\n", job.remark)?;
    }
    writeln!(text, "{}, `{}`, {} items, sha256 `{}`.\n", evaluation.system, set.name, set.items, set.sha256)?;
    match &evaluation.against {
        Some(against) => {
            writeln!(text, "| | score | {against} | difference | p |\n| --- | ---: | ---: | ---: | ---: |")?
        }
        None => writeln!(text, "| | score |\n| --- | ---: |")?,
    }
    for figure in &evaluation.figures {
        row(text, figure)?;
    }
    if !set.skipped.is_empty() {
        writeln!(text, "\n{} lines were left out.", set.skipped.len())?;
    }
    let published = published::on(job.set);
    if !published.is_empty() {
        writeln!(text, "\nPublished:\n")?;
    }
    for score in published {
        let caution = if score.caution.is_empty() { String::new() } else { format!(" ({})", score.caution) };
        writeln!(text, "- {}: {}{caution}", score.system, score.score)?;
    }
    writeln!(text, "\n```text")?;
    for (names, signature) in evaluation.signatures() {
        writeln!(text, "{}|{signature}", names.join(", "))?;
    }
    writeln!(text, "resampling|{}\n```", evaluation.resampling)
}

fn row(text: &mut String, figure: &Figure) -> fmt::Result {
    let interval = figure.interval.map_or(String::new(), |i| format!(" ({:.2} to {:.2})", i.low, i.high));
    write!(text, "| {} | {:.2}{interval} |", figure.name, figure.value)?;
    if let Some(against) = figure.against {
        let p = figure.comparison.map_or(String::new(), |comparison| format!("{:.4}", comparison.p_value));
        write!(text, " {against:.2} | {:+.2} | {p} |", figure.value - against)?;
    }
    writeln!(text)
}
