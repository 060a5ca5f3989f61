//! What all tasks of `intisari eval` share.

use std::collections::HashMap;
use std::hash::Hash;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use intisari::eval::evaluation::{SetInfo, Setup};
use intisari::eval::formats::{OnBad, Set};
use intisari::eval::{PairedTest, Resampling};
use intisari::{Error, Result};

#[derive(Debug, Clone, Args)]
pub struct Shared {
    /// Annotated sets.
    #[arg(value_name = "DATA", required = true)]
    pub data: Vec<PathBuf>,
    /// Predictions to score, one file for each set, in their order.
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub predictions: Vec<PathBuf>,
    /// Predictions of another system to compare with, one file for each set; for entities and translation also the folder
    /// of a model to run.
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub against: Vec<PathBuf>,
    /// How to print.
    #[arg(long, value_enum, default_value_t = OutputForm::Table)]
    pub format: OutputForm,
    /// Write a page with figures, tables and the worst cases into this folder.
    #[arg(long, value_name = "DIR")]
    pub report: Option<PathBuf>,
    /// Leave out lines that cannot be used, and list them, instead of giving up.
    #[arg(long)]
    pub skip_bad: bool,
    /// Sets that are drawn for intervals and tests.
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pub samples: usize,
    /// Where their random numbers start.
    #[arg(long, value_name = "N", default_value_t = 12345)]
    pub seed: u64,
    /// The test for two systems.
    #[arg(long, value_enum, default_value_t = TestArg::Bootstrap)]
    pub test: TestArg,
    /// How many of the worst cases the report shows.
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub worst: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OutputForm {
    /// For people.
    Table,
    /// For machines: a list with an object for each set.
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TestArg {
    /// Paired bootstrap.
    Bootstrap,
    /// Approximate randomization.
    ApproximateRandomization,
}

/// A set with the files that belong to it.
pub struct Job<'a> {
    pub data: &'a Path,
    pub predictions: Option<&'a Path>,
    pub against: Option<&'a Path>,
}

impl<'a> Job<'a> {
    /// The file of predictions, for tasks that cannot do without.
    pub fn predictions(&self) -> Result<&'a Path> {
        self.predictions.ok_or_else(|| {
            Error::config(
                format!("there are no predictions for {}", self.data.display()),
                "name a file with --predictions",
            )
        })
    }

    /// What the other system is called, where its predictions are given.
    pub fn against_name(&self) -> Option<String> {
        self.against.map(file_name)
    }
}

impl Shared {
    pub fn on_bad(&self) -> OnBad {
        if self.skip_bad {
            OnBad::Skip
        } else {
            OnBad::Fail
        }
    }

    /// The sets with their predictions.
    pub fn jobs(&self) -> Result<Vec<Job<'_>>> {
        for (option, files) in [("--predictions", &self.predictions), ("--against", &self.against)] {
            if !files.is_empty() && files.len() != self.data.len() {
                return Err(Error::config(
                    format!("{} sets and {} files with {option}", self.data.len(), files.len()),
                    "give one file of predictions for each set, in the same order",
                ));
            }
        }
        let mut predictions = self.predictions.iter().map(PathBuf::as_path);
        let mut against = self.against.iter().map(PathBuf::as_path);
        let jobs = self.data.iter().map(|data| Job {
            data,
            predictions: predictions.next(),
            against: against.next(),
        });
        Ok(jobs.collect())
    }

    /// The set-up for one set.
    pub fn setup<T>(&self, set: &Set<T>, system: String, against: Option<String>) -> Setup {
        Setup {
            against,
            resampling: Resampling { samples: self.samples, seed: self.seed },
            test: match self.test {
                TestArg::Bootstrap => PairedTest::Bootstrap,
                TestArg::ApproximateRandomization => PairedTest::ApproximateRandomization,
            },
            worst: self.worst,
            ..Setup::new(SetInfo::new(set), system)
        }
    }
}

/// The last part of a path.
pub fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

/// Whether a path ends in `extension`.
pub fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|found| found.eq_ignore_ascii_case(extension))
}

/// The predicted item of each gold item, found by `key`; a missing one is named by `name`.
pub fn matched<G, P, K: Eq + Hash>(
    gold: &[G],
    predicted: Vec<P>,
    gold_key: impl Fn(&G) -> K,
    predicted_key: impl Fn(&P) -> K,
    name: impl Fn(&G) -> String,
    path: &Path,
) -> Result<Vec<P>> {
    let mut by_key: HashMap<K, P> = predicted.into_iter().map(|item| (predicted_key(&item), item)).collect();
    gold.iter()
        .map(|item| {
            by_key.remove(&gold_key(item)).ok_or_else(|| {
                Error::config(
                    format!("{} has nothing for {}", path.display(), name(item)),
                    "give predictions for every item of the set",
                )
            })
        })
        .collect()
}
