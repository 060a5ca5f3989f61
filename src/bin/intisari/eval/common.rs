//! What all tasks of `intisari eval` share.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use intisari::eval::evaluation::{SetInfo, Setup};
use intisari::eval::formats::{OnBad, Set};
use intisari::eval::sets::Outputs;
use intisari::eval::{PairedTest, Resampling};
use intisari::{Error, Result};

#[derive(Debug, Clone, Args)]
pub struct Shared {
    /// Annotated sets; `-` for standard input, where a form that a file's name says is not told: give a table (.csv, .tsv), CoNLL-U or brat
    /// as a file, or through a named pipe of such a name.
    #[arg(value_name = "DATA", required = true)]
    pub data: Vec<PathBuf>,
    /// Predictions to score, one file for each set, in their order; `-` for standard input.
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
    /// Leave out lines of the sets that cannot be used, and list them, instead of giving up; predictions must be whole.
    #[arg(long)]
    pub skip_bad: bool,
    /// Sets that are drawn for intervals and tests, at most 100000.
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(0..=100_000))]
    pub samples: u32,
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

impl Job<'_> {
    /// The files of what systems made of the set.
    pub fn outputs(&self) -> Outputs {
        let [system, against] = [self.predictions, self.against].map(|path| path.map(Path::to_owned));
        Outputs { system, against }
    }

    /// What the other system is called, where its predictions are given.
    pub fn against_name(&self) -> Option<String> {
        self.against.map(file_name)
    }
}

impl Shared {
    /// Sets and predictions.
    pub fn files_mut(&mut self) -> impl Iterator<Item = &mut PathBuf> {
        self.data.iter_mut().chain(&mut self.predictions).chain(&mut self.against)
    }

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
            resampling: Resampling { samples: self.samples as usize, seed: self.seed },
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
