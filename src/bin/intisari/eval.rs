//! `intisari eval`: scores predictions on annotated sets.

mod clean;
mod common;
mod entities;
mod extract;
mod finder;
mod models;
mod ner;
mod predicted;
mod saved;
mod sentences;
mod spool;
mod text_sets;
mod texts;

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use intisari::eval::evaluation::Evaluation;
use intisari::eval::report::html;
use intisari::output::visible;
use intisari::{Error, Result};

use crate::exit;
use crate::output;
use common::{OutputForm, Shared};
use spool::Spool;

/// Arguments of `intisari eval`.
#[derive(Debug, Args)]
pub struct EvalArgs {
    #[command(subcommand)]
    task: TaskArgs,
}

#[derive(Debug, Subcommand)]
enum TaskArgs {
    /// What `intisari ner` finds, and of which type: span F1 (seqeval, strict IOB2), looser matching, confusion of types. Who
    /// bears a name is scored by `eval entities`.
    Ner(ner::NerArgs),
    /// Which names are of the same person, place or organization (`clusters` of a document): B-cubed, MUC, CEAF (CoNLL 2012). Whether
    /// names are found at all is scored by `eval ner`.
    Entities(entities::EntitiesArgs),
    /// Sentences: F1 of sentences (CoNLL 2018) and of boundaries (wtpsplit).
    Sentences(sentences::SentencesArgs),
    /// Translation: BLEU, chrF2, chrF2++ and TER (sacreBLEU).
    Translation(texts::TranslationArgs),
    /// Summary: ROUGE-1, -2, -L, -Lsum (rouge-score).
    Summary(texts::SummaryArgs),
    /// Cleaning: precision and recall over the removed characters.
    Clean(clean::CleanArgs),
}

impl TaskArgs {
    fn shared_mut(&mut self) -> &mut Shared {
        match self {
            TaskArgs::Ner(args) => &mut args.shared,
            TaskArgs::Entities(args) => &mut args.shared,
            TaskArgs::Sentences(args) => &mut args.shared,
            TaskArgs::Translation(args) => &mut args.shared,
            TaskArgs::Summary(args) => &mut args.shared,
            TaskArgs::Clean(args) => &mut args.shared,
        }
    }

    /// All files that are read: sets, predictions, and what only this task has.
    fn files_mut(&mut self) -> Vec<&mut PathBuf> {
        match self {
            TaskArgs::Ner(args) => args.shared.files_mut().chain(&mut args.against_gazetteer).collect(),
            TaskArgs::Translation(args) => args.shared.files_mut().chain(&mut args.reference).collect(),
            other => other.shared_mut().files_mut().collect(),
        }
    }
}

/// Scores and prints; the exit code is 2 where the command line lacks a file, 3 where data or settings cannot be used.
pub fn run(mut args: EvalArgs) -> ExitCode {
    let mut spool = Spool::default();
    if let Err(error) = spool.take(args.task.files_mut()) {
        crate::run::warn(&error.to_string());
        return ExitCode::from(exit::SETUP);
    }
    let half_a_set = match &args.task {
        TaskArgs::Translation(args) => args.is_half_a_set(),
        _ => false,
    };
    let (shared, evaluations) = match &args.task {
        TaskArgs::Ner(args) => (&args.shared, ner::run(args)),
        TaskArgs::Entities(args) => (&args.shared, entities::run(args)),
        TaskArgs::Sentences(args) => (&args.shared, sentences::run(args)),
        TaskArgs::Translation(args) => (&args.shared, texts::run_translation(args)),
        TaskArgs::Summary(args) => (&args.shared, texts::run_summary(args)),
        TaskArgs::Clean(args) => (&args.shared, clean::run(args)),
    };
    let evaluations = match evaluations.and_then(|evaluations| report(shared, evaluations)) {
        Ok(evaluations) => evaluations,
        Err(error) => {
            crate::run::warn(&match error {
                // Bad lines of sets are left out then.
                Error::Malformed { path, line, message } if shared.skip_bad => {
                    format!(
                        "{}:{line}: {message}; correct the line: predictions must be whole",
                        path.display()
                    )
                }
                error => error.to_string(),
            });
            return ExitCode::from(if half_a_set { exit::USAGE } else { exit::SETUP });
        }
    };
    let mut text = Vec::new();
    match print(&evaluations, shared.format, &mut text) {
        Ok(()) => output::print(&text),
        Err(error) => output::failed("standard output", &error),
    }
}

/// Writes the page where one is asked for, and the figures beside it.
fn report(shared: &Shared, evaluations: Vec<Evaluation>) -> Result<Vec<Evaluation>> {
    if let Some(folder) = &shared.report {
        let write = |name: &str, text: String| {
            let path = folder.join(name);
            fs::write(&path, text).map_err(|source| Error::io(path, source))
        };
        fs::create_dir_all(folder).map_err(|source| Error::io(folder, source))?;
        write("index.html", html(&evaluations))?;
        let mut json = Vec::new();
        print(&evaluations, OutputForm::Json, &mut json).map_err(|source| Error::io(folder, source))?;
        write("evaluation.json", String::from_utf8_lossy(&json).into_owned())?;
    }
    Ok(evaluations)
}

fn print(evaluations: &[Evaluation], form: OutputForm, out: &mut impl Write) -> io::Result<()> {
    match form {
        OutputForm::Json => {
            serde_json::to_writer_pretty(&mut *out, evaluations)?;
            writeln!(out)
        }
        OutputForm::Table => {
            for (number, evaluation) in evaluations.iter().enumerate() {
                if number > 0 {
                    writeln!(out)?;
                }
                write!(out, "{}", visible(&evaluation.to_string()))?;
            }
            Ok(())
        }
    }
}
