//! Which files of the command line make a set of texts.

use std::path::{Path, PathBuf};

use intisari::eval::evaluation::{ScoredModel, TextItem};
use intisari::eval::formats::{Form, Set};
use intisari::eval::sets::{Outputs, TextReader};
use intisari::{Error, Result};

use super::common::{file_name, Job, Shared};

/// A set, and what the files of its outputs are called. Without a file the outputs are blank.
pub struct Loaded {
    pub set: Set<TextItem>,
    pub system: Option<String>,
    /// The model that made them, where one was run.
    pub model: Option<ScoredModel>,
    pub against: Option<String>,
}

/// Reads each set: all plain files together are one, with `references` behind.
pub fn load(shared: &Shared, references: &[PathBuf], reader: &TextReader) -> Result<Vec<Loaded>> {
    let forms = shared.data.iter().map(|path| Form::of(path)).collect::<Result<Vec<_>>>()?;
    if forms.iter().any(|form| matches!(form, Form::Lines | Form::Sgm)) {
        let mixed = forms.iter().any(|form| Some(form) != forms.first());
        if mixed {
            return Err(Error::config(
                "files of lines and files of another form do not make one set",
                "give them apart, each in a run of its own",
            ));
        }
        let ([] | [_], [] | [_]) = (shared.predictions.as_slice(), shared.against.as_slice()) else {
            return Err(Error::config(
                "plain files are one set: the source and its references",
                "give one file of predictions with it, and at most one to compare with",
            ));
        };
        let files: Vec<&Path> = shared.data.iter().chain(references).map(PathBuf::as_path).collect();
        let [system, against] = [&shared.predictions, &shared.against].map(|files| files.first().cloned());
        return Ok(vec![loaded(reader, &files, Outputs { system, against })?]);
    }
    if let Some(path) = references.first() {
        return Err(Error::config(
            format!("{} is a reference beside a set that has its own", path.display()),
            "leave --reference out, or give the source as plain lines",
        ));
    }
    let load = |job: &Job<'_>| loaded(reader, &[job.data], job.outputs());
    shared.jobs()?.iter().map(load).collect()
}

fn loaded(reader: &TextReader, files: &[&Path], outputs: Outputs) -> Result<Loaded> {
    let [system, against] = [&outputs.system, &outputs.against].map(|path| path.as_deref().map(file_name));
    let set = reader.read(files, outputs)?;
    Ok(Loaded { set, system, model: None, against })
}
