//! `intisari models`: what there is, where from, whether it is intact; adding and removing.

mod fetch;
mod print;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use intisari::store::{is_non_commercial, Adding, Model, Store, Task, UNKNOWN_LICENSE};
use intisari::Result;

use crate::output::{self, Out};
use crate::run::warn;

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct ModelsArgs {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    list: ListArgs,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the built-in models and those that were added: task, size, licence, origin, folder, checksums.
    List(ListArgs),
    /// Add a model from a folder, as published on a model hub.
    #[command(after_help = ADD_HELP)]
    Add(AddArgs),
    /// Fetch a model from a model hub and add it; the only command that reaches out to the network.
    #[command(after_help = FETCH_HELP)]
    Fetch(FetchArgs),
    /// Check that every file is the one that was added, by sha256.
    Verify(VerifyArgs),
    /// Remove a model that was added.
    Remove(RemoveArgs),
}

const ADD_HELP: &str = "\
The folder holds config.json, weights (model.safetensors, whole or in shards, or rust_model.ot) and a tokenizer. What
belongs to the model is copied, the rest is left; the folder is not needed afterwards.

Examples:
  intisari models add opus-mt-id-en ~/downloads/opus-mt-id-en
  intisari models add ner-news ./checkpoint-900 --licence \"in-house\" --origin \"our newsroom, March\"
  intisari digest --translator opus-mt-id-en --ner ner-news article.txt";

const FETCH_HELP: &str = "\
It needs a binary that was built with the feature `remote`. What was interrupted goes on where it stopped when the same
command is run again; files are checked against the hub's checksums.

Environment:
  HF_ENDPOINT                           another hub than the public one
  HF_TOKEN                              access token, for models that are private or ask for consent
  HTTPS_PROXY, ALL_PROXY, NO_PROXY      proxies

Examples:
  intisari models fetch sshleifer/distilbart-cnn-6-6@main
  intisari models fetch facebook/m2m100_418M@main --name m2m100
  intisari digest --translator m2m100 --summarizer distilbart-cnn-6-6 article.txt

docs/models.md names models that are worth trying, with licence and score.";

#[derive(Debug, Args)]
struct ListArgs {
    /// Print JSON, one model a line.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct AddArgs {
    /// What to call it.
    name: String,
    /// Its folder.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    #[command(flatten)]
    about: AboutArgs,
    /// Where it comes from (default: the folder).
    #[arg(long, value_name = "TEXT")]
    origin: Option<String>,
    /// Which revision of its origin, e.g. a commit.
    #[arg(long, value_name = "TEXT")]
    revision: Option<String>,
    /// Make hard links instead of copies, where the file system can; do not change the folder's files afterwards.
    #[arg(long)]
    link: bool,
}

#[derive(Debug, Args)]
pub struct FetchArgs {
    /// Owner and name on the hub, and a branch, tag or commit, e.g. facebook/m2m100_418M@main.
    #[arg(value_name = "ID@REVISION")]
    address: String,
    /// What to call it (default: the last part of ID).
    #[arg(long)]
    name: Option<String>,
    #[command(flatten)]
    about: AboutArgs,
    /// Tries without any progress before it gives up.
    #[arg(long, value_name = "N", default_value_t = 5)]
    retries: u32,
    /// No progress bar.
    #[arg(long, short)]
    quiet: bool,
}

/// What is said of a model that its files do not say.
#[derive(Debug, Args)]
struct AboutArgs {
    /// What it does: entities, translation or summary (default: what config.json or README.md tells).
    #[arg(long)]
    task: Option<Task>,
    /// Its licence (default: what README.md states, else unknown).
    #[arg(long, visible_alias = "license", value_name = "TEXT")]
    licence: Option<String>,
    /// Take the place of a model of the same name.
    #[arg(long)]
    replace: bool,
}

impl From<AboutArgs> for Adding {
    fn from(about: AboutArgs) -> Self {
        let AboutArgs { task, licence, replace } = about;
        Adding { task, license: licence, replace, ..Adding::default() }
    }
}

#[derive(Debug, Args)]
struct VerifyArgs {
    /// Names of models (default: all).
    names: Vec<String>,
}

#[derive(Debug, Args)]
struct RemoveArgs {
    /// Its name.
    name: String,
}

/// Runs the command; the exit code is 1 where a model is not intact, 3 where something could not be done.
pub fn run(args: ModelsArgs) -> ExitCode {
    let done = Store::open().and_then(|store| match args.command {
        None => list(&store, &args.list),
        Some(Command::List(args)) => list(&store, &args),
        Some(Command::Add(args)) => add(&store, args),
        Some(Command::Fetch(args)) => fetch::run(&store, args),
        Some(Command::Verify(args)) => verify(&store, &args.names),
        Some(Command::Remove(args)) => remove(&store, &args.name),
    });
    done.unwrap_or_else(|error| {
        warn(&error.to_string());
        ExitCode::from(3)
    })
}

fn list(store: &Store, args: &ListArgs) -> Result<ExitCode> {
    let built_in = store.models().iter().map(|model| (Ok(model.clone()), false));
    let added = store.added()?.into_iter().map(|model| (model, true));
    let out = match Out::stdout() {
        Ok(out) => out,
        Err(error) => return Ok(output::failed("standard output", &error)),
    };
    let (mut text, mut broken) = (Vec::new(), false);
    for (model, added) in built_in.chain(added) {
        let listed = print::Listed::new(store, model, added);
        broken |= listed.problem.is_some();
        text.clear();
        let printed = if args.json { listed.print_json(&mut text) } else { listed.print(&mut text) };
        if let Err(error) = printed.and_then(|()| out.write(&text)) {
            return Ok(out.failed(&error));
        }
    }
    Ok(match out.flush() {
        Ok(()) => ExitCode::from(u8::from(broken)),
        Err(error) => out.failed(&error),
    })
}

fn add(store: &Store, args: AddArgs) -> Result<ExitCode> {
    let adding =
        Adding { origin: args.origin, revision: args.revision, link: args.link, ..Adding::from(args.about) };
    say_added(&store.add(&args.name, &args.folder, &adding)?);
    Ok(ExitCode::SUCCESS)
}

/// Says what was added and how to use it.
fn say_added(model: &Model) {
    let option = match model.task {
        Task::Entities => "--ner",
        Task::Translation => "--translator",
        _ => "--summarizer",
    };
    let size = print::megabytes(model.bytes());
    let mut out = io::stdout().lock();
    let _gone = writeln!(
        out,
        "{}: {} ({}), {size}, licence {}\nuse it: intisari digest {option} {} article.txt",
        model.id, model.task, model.about, model.license, model.id
    );
    if is_non_commercial(&model.license) {
        warn(&format!("the licence of `{}`, {}, forbids commercial use", model.id, model.license));
    } else if model.license == UNKNOWN_LICENSE {
        warn("its README states no licence; if you know it: --replace --licence TEXT");
    }
}

fn verify(store: &Store, names: &[String]) -> Result<ExitCode> {
    let mut models: Vec<(String, Result<Model>)> = Vec::new();
    if names.is_empty() {
        models.extend(store.models().iter().map(|model| (model.id.clone(), Ok(model.clone()))));
        for model in store.added()? {
            let name = model.as_ref().map_or_else(|_| "?".to_owned(), |model| model.id.clone());
            models.push((name, model));
        }
    } else {
        models.extend(names.iter().map(|name| (name.clone(), store.model(name))));
    }
    let out = match Out::stdout() {
        Ok(out) => out,
        Err(error) => return Ok(output::failed("standard output", &error)),
    };
    let (mut broken, mut unwritten) = (false, None);
    for (name, model) in models {
        let checked = model.and_then(|model| store.verify(&name).map(|_| model));
        let line = match &checked {
            Ok(model) => {
                format!("ok       {name}: {} files, {}\n", model.files.len(), print::megabytes(model.bytes()))
            }
            Err(error) => format!("PROBLEM  {name}: {error}\n"),
        };
        broken |= checked.is_err();
        // The exit code is an answer too: all are checked, whoever still listens.
        if unwritten.is_none() {
            unwritten = out.write(line.as_bytes()).and_then(|()| out.flush()).err();
        }
    }
    let unwritten = unwritten.map(|error| out.failed(&error));
    Ok(match unwritten {
        Some(code) if !broken => code,
        _ => ExitCode::from(u8::from(broken)),
    })
}

fn remove(store: &Store, name: &str) -> Result<ExitCode> {
    store.remove(name)?;
    let _gone = writeln!(io::stdout(), "removed {name}");
    Ok(ExitCode::SUCCESS)
}
