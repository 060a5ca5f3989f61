//! `cargo xtask reports`: scores the built-in models on every set of `INTISARI_DATA` and writes `reports/`.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{bail, Context, Result};
use intisari::eval::evaluation::{Evaluation, Figure};
use intisari::eval::report::html;

use crate::commands::{binary_command, root, setup};
use crate::published;

/// A set and how it is scored.
struct Job {
    task: &'static str,
    set: &'static str,
    /// What follows `intisari eval TASK`; `{}` stands for the folder of the data.
    args: &'static [&'static str],
}

const JOBS: &[Job] = &[
    Job {
        task: "sentences",
        set: "id_gsd-test",
        args: &["{}/sentences/id_gsd-test.sents.txt", "--against-naive"],
    },
    Job {
        task: "sentences",
        set: "id_pud-test",
        args: &["{}/sentences/id_pud-test.sents.txt", "--against-naive"],
    },
    Job {
        task: "ner",
        set: "idner2k",
        args: &["{}/ner/idner2k/test.tsv", "--against-gazetteer", "{}/ner/idner2k/train.tsv"],
    },
    Job {
        task: "ner",
        set: "nerui",
        args: &["{}/ner/nerui/test.tsv", "--against-gazetteer", "{}/ner/nerui/train.tsv"],
    },
    Job {
        task: "ner",
        set: "nergrit",
        args: &["{}/ner/nergrit/test.tsv", "--against-gazetteer", "{}/ner/nergrit/train.tsv"],
    },
    // Has no training part; the names of the set that is closest to it stand in.
    Job {
        task: "ner",
        set: "wikigold",
        args: &["{}/ner/wikigold/test.tsv", "--against-gazetteer", "{}/ner/nergrit/train.tsv"],
    },
    Job {
        task: "translation",
        set: "flores200-devtest",
        args: &["{}/mt/eval/flores200-devtest.id", "{}/mt/eval/flores200-devtest.en"],
    },
    Job {
        task: "translation",
        set: "news-test",
        args: &["{}/mt/eval/news-test.id", "{}/mt/eval/news-test.en"],
    },
    Job { task: "translation", set: "pud", args: &["{}/mt/eval/pud.id", "{}/mt/eval/pud.en"] },
    Job {
        task: "translation",
        set: "tico19-test",
        args: &["{}/mt/eval/tico19-test.id", "{}/mt/eval/tico19-test.en"],
    },
    Job {
        task: "summary",
        set: "indosum",
        args: &["{}/summarization/indosum.jsonl", "--against-method", "lead", "--sentences", "3"],
    },
];

/// Scores the sets of `tasks` (all without any), and writes the page and the tables of all that were ever scored.
pub fn score(tasks: &[String]) -> Result<()> {
    let data = std::env::var_os("INTISARI_DATA").map(PathBuf::from);
    let data = data.context("set INTISARI_DATA to the folder of the data sets")?;
    if let Some(unknown) = tasks.iter().find(|task| !JOBS.iter().any(|job| job.task == *task)) {
        bail!("no task `{unknown}`; there are sentences, ner, translation and summary");
    }
    fs::create_dir_all(figures())?;
    for job in JOBS.iter().filter(|job| tasks.is_empty() || tasks.iter().any(|task| task == job.task)) {
        eprintln!("{} {}", job.task, job.set);
        fs::write(figures().join(file_name(job)), figures_of(job, &data)?)?;
    }
    write()
}

/// Writes the page and the tables from the figures that are there.
pub fn write() -> Result<()> {
    let mut all = Vec::new();
    for job in JOBS {
        if let Ok(text) = fs::read_to_string(figures().join(file_name(job))) {
            let evaluations: Vec<Evaluation> = serde_json::from_str(&text)?;
            all.extend(evaluations.into_iter().map(|evaluation| (job, evaluation)));
        }
    }
    fs::write(root().join("reports").join("README.md"), markdown(&all))?;
    let evaluations: Vec<Evaluation> = all.into_iter().map(|(_, evaluation)| evaluation).collect();
    fs::write(root().join("reports").join("index.html"), html(&evaluations))?;
    Ok(())
}

fn figures() -> PathBuf {
    root().join("reports").join("figures")
}

fn file_name(job: &Job) -> String {
    format!("{}-{}.json", job.task, job.set)
}

/// Runs `intisari eval` and gives what it prints. Worst cases are left out: they are texts of the sets.
fn figures_of(job: &Job, data: &Path) -> Result<String> {
    let data = data.to_str().context("the folder of the data sets is no UTF-8 path")?;
    let mut command = binary_command(&setup()?);
    command.args(["eval", job.task]).args(job.args.iter().map(|arg| arg.replace("{}", data)));
    command.args(["--format", "json", "--worst", "0"]);
    if job.task == "translation" {
        // Hours of work on some machines: what was translated stays, as long as set and model are the same.
        let saved = root().join("target").join("reports");
        fs::create_dir_all(&saved)?;
        command.arg("--save").arg(saved.join(format!("{}.en", job.set)));
    }
    let output = command.stderr(Stdio::inherit()).output().context("starting the binary")?;
    if !output.status.success() {
        bail!("{} on {} failed", job.task, job.set);
    }
    Ok(String::from_utf8(output.stdout)?)
}

const HEAD: &str = "\
# Reports

Written by `INTISARI_DATA=<data> cargo xtask reports`; do not edit. `index.html` shows the same with types, lengths and calibration,
`figures/` holds the numbers. In brackets the middle 95% of the scores of 1000 sets drawn with replacement; p is that of a paired bootstrap.
";

fn markdown(all: &[(&Job, Evaluation)]) -> String {
    let mut text = HEAD.to_owned();
    for (job, evaluation) in all {
        // Writing into a string does not fail.
        let _ = section(&mut text, job, evaluation);
    }
    text
}

fn section(text: &mut String, job: &Job, evaluation: &Evaluation) -> std::fmt::Result {
    let set = &evaluation.set;
    writeln!(text, "\n## {} on {}\n", evaluation.task, job.set)?;
    writeln!(text, "{}, {} items, sha256 `{}`.\n", evaluation.system, set.items, set.sha256)?;
    match &evaluation.against {
        Some(against) => writeln!(text, "| | score | {against} | p |\n| --- | ---: | ---: | ---: |")?,
        None => writeln!(text, "| | score |\n| --- | ---: |")?,
    }
    for figure in &evaluation.figures {
        row(text, figure)?;
    }
    let published = published::on(job.set);
    if !published.is_empty() {
        writeln!(text, "\nPublished:\n")?;
    }
    for score in published {
        let caution = if score.caution.is_empty() { String::new() } else { format!(" ({})", score.caution) };
        writeln!(text, "- {}: {}{caution}", score.system, score.score)?;
    }
    let first = evaluation.figures.first();
    first.map_or(Ok(()), |figure| writeln!(text, "\n`{}|{}`", figure.name, figure.signature))
}

fn row(text: &mut String, figure: &Figure) -> std::fmt::Result {
    let interval = figure.interval.map_or(String::new(), |i| format!(" ({:.2} to {:.2})", i.low, i.high));
    write!(text, "| {} | {:.2}{interval} |", figure.name, figure.value)?;
    if let Some(against) = figure.against {
        let p = figure.comparison.map_or(String::new(), |comparison| format!("{:.4}", comparison.p_value));
        write!(text, " {against:.2} | {p} |")?;
    }
    writeln!(text)
}
