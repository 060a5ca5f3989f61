//! `intisari eval clean`.

use clap::Args;
use intisari::clean::{Cleaner, RuleCleaner};
use intisari::eval::evaluation::{evaluate_cleaning, Evaluation};
use intisari::eval::sets::CleaningReader;
use intisari::{Result, Span};

use super::common::{file_name, Job, Shared};
use crate::args::OffsetUnit;

const FORMS: &str = "\
Sets and predictions are JSON Lines: `{\"id\": …, \"text\": …, \"removed\": [[START, END], …]}`, or objects with `start` and `end`, perhaps
within `span`, as this program writes them. Predictions need no text; they are found by `id`, or in the order of the set. Without
--predictions the built-in cleaner is scored.";

#[derive(Debug, Args)]
#[command(after_help = FORMS)]
pub struct CleanArgs {
    #[command(flatten)]
    pub shared: Shared,
    /// Field with the text.
    #[arg(long, value_name = "NAME", default_value = "text")]
    text_field: String,
    /// Field with the removed parts.
    #[arg(long, value_name = "NAME", default_value = "removed")]
    removed_field: String,
    /// What offsets count (default: what a record's `offset_unit` says, else bytes).
    #[arg(long, value_enum)]
    offsets: Option<OffsetUnit>,
}

/// Scores each set.
pub fn run(args: &CleanArgs) -> Result<Vec<Evaluation>> {
    args.shared.jobs()?.iter().map(|job| one(args, job)).collect()
}

fn one(args: &CleanArgs, job: &Job<'_>) -> Result<Evaluation> {
    let reader = CleaningReader {
        text: args.text_field.clone(),
        removed: args.removed_field.clone(),
        unit: args.offsets.map(Into::into),
        on_bad: args.shared.on_bad(),
    };
    let mut set = reader.read(job.data, job.outputs())?;
    if job.predictions.is_none() {
        for item in &mut set.items {
            item.removed = built_in(&item.text)?;
        }
    }
    let system = job.predictions.map_or_else(|| "built-in rules".to_owned(), file_name);
    evaluate_cleaning(&set.items, &args.shared.setup(&set, system, job.against_name()))
}

/// What the built-in cleaner removes.
fn built_in(text: &str) -> Result<Vec<Span>> {
    let cleaned = RuleCleaner::default().clean(&[text])?;
    Ok(cleaned.into_iter().flat_map(|cleaned| cleaned.removed).map(|removed| removed.span).collect())
}
