//! `intisari models`: what there is, where from, and whether it is intact.

use std::io::{self, Write};
use std::process::ExitCode;

use intisari::store::{Model, Store};
use serde_json::json;

use crate::args::ModelsArgs;
use crate::run::warn;

/// Lists the models of the manifest.
pub fn run(args: &ModelsArgs) -> ExitCode {
    let store = match Store::open() {
        Ok(store) => store,
        Err(error) => {
            warn(&error.to_string());
            return ExitCode::from(3);
        }
    };
    let mut out = io::stdout().lock();
    let mut broken = false;
    for model in store.models() {
        let state = state(&store, model, args.verify);
        broken |= state.is_err();
        let printed =
            if args.json { print_json(model, &state, &mut out) } else { print(model, &state, &mut out) };
        if printed.is_err() {
            return ExitCode::SUCCESS;
        }
    }
    ExitCode::from(u8::from(broken))
}

fn state(store: &Store, model: &Model, verify: bool) -> Result<String, String> {
    let folder = if verify { store.verified(&model.id) } else { store.locate(model) };
    folder.map(|folder| folder.display().to_string()).map_err(|error| error.to_string())
}

fn print(model: &Model, state: &Result<String, String>, out: &mut impl Write) -> io::Result<()> {
    let bytes: u64 = model.files.iter().map(|file| file.bytes).sum();
    writeln!(out, "{}", model.id)?;
    writeln!(out, "  task     {}", model.task)?;
    writeln!(out, "  size     {:.1} MB", bytes as f64 / 1e6)?;
    writeln!(out, "  licence  {}", model.license)?;
    writeln!(out, "  origin   {}", model.origin)?;
    match state {
        Ok(folder) => writeln!(out, "  folder   {folder}")?,
        Err(problem) => writeln!(out, "  PROBLEM  {problem}")?,
    }
    for file in &model.files {
        writeln!(out, "  sha256   {}  {}", file.sha256, file.name)?;
    }
    Ok(())
}

fn print_json(model: &Model, state: &Result<String, String>, out: &mut impl Write) -> io::Result<()> {
    let record = json!({
        "model": model,
        "folder": state.as_ref().ok(),
        "problem": state.as_ref().err(),
    });
    writeln!(out, "{record}")
}
