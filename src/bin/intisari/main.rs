//! The command line tool, on the public API only.

mod args;
mod choice;
mod eval;
mod exit;
mod feed;
mod input;
mod models;
mod output;
mod print;
mod resume;
mod run;
#[cfg(feature = "server")]
mod serve;
mod shell;
mod signals;
mod stages;
mod stdio;
mod text;

use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command};
use print::View;
use stages::Wanted;

fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Digest(args) => {
            let wanted = Wanted::digest(args.sentences, args.fast).with_english(args.english);
            stages::with(&args.stage, &args.models, wanted, View::Digest)
        }
        Command::Clean(args) => stages::without_models(&args, Wanted::cleaning(), View::Cleaned),
        Command::Split(args) => stages::without_models(&args, Wanted::sentences(), View::Sentences),
        Command::Ner(args) => {
            stages::with(&args.stage, &args.models.into(), Wanted::entities(), View::Entities)
        }
        Command::Translate(args) => {
            let wanted = Wanted::translation().with_english(args.english);
            stages::with(&args.stage, &args.models.into(), wanted, View::Translation)
        }
        Command::Summarize(args) => {
            let wanted = Wanted::summary(args.sentences).with_english(args.english);
            stages::with(&args.stage, &args.models, wanted, View::Summary)
        }
        Command::Eval(args) => eval::run(args),
        Command::Models(args) => models::run(args),
        #[cfg(feature = "server")]
        Command::Serve(args) => serve::run(*args),
        #[cfg(not(feature = "server"))]
        Command::Serve(_) => {
            run::warn(
                "this binary was built without the feature `server`; build it with `--features server`",
            );
            ExitCode::from(exit::USAGE)
        }
        Command::Completions(args) => shell::completions(&args),
        Command::Man(args) => shell::man(&args),
    }
}
