//! Models that `intisari eval` runs.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use clap::Args;
use intisari::eval::evaluation::ScoredModel;
use intisari::eval::formats::sha256;
use intisari::ner::{EntityRecognizer, RuleRecognizer};
use intisari::{Error, Precision, Result};

use crate::choice::Beams;

#[derive(Debug, Args)]
pub struct ModelArgs {
    /// Model to run where no predictions are given: its name in `intisari models`, or a folder (default: the built-in
    /// one).
    #[arg(long, value_name = "NAME|DIR", conflicts_with = "predictions")]
    pub model: Option<PathBuf>,
    /// Write the model's predictions to this file as they come, and go on from there after an interruption; for one set.
    #[arg(long, value_name = "FILE", conflicts_with = "predictions")]
    pub save: Option<PathBuf>,
}

/// How a model that translates computes.
#[derive(Debug, Clone, Copy, Default, Args)]
pub struct ComputeArgs {
    /// How the model computes: int8 or f32; published models f32, bf16 or f16. One that it is compared with computes as suits it.
    #[arg(long, conflicts_with = "predictions")]
    pub precision: Option<Precision>,
    /// Texts that the model follows at the same time; 1 is greedy. One that it is compared with searches as suits it.
    #[arg(long, value_name = "N", conflicts_with = "predictions")]
    pub beams: Option<Beams>,
}

/// A model that is run.
pub struct Running<M: ?Sized> {
    pub model: Box<M>,
    /// What it is called in reports.
    pub name: String,
    /// Its files and settings.
    pub files: ScoredModel,
}

impl<M: ?Sized> Running<M> {
    /// What a run over `inputs` must have in common with an earlier one to go on with its predictions.
    pub fn run(&self, inputs: &[impl AsRef<str>]) -> String {
        run(inputs, &self.name, Some(&self.files))
    }
}

/// What a run of a system over `inputs` must have in common with an earlier one to go on with its predictions.
pub fn run(inputs: &[impl AsRef<str>], system: &str, model: Option<&ScoredModel>) -> String {
    let inputs: Vec<&str> = inputs.iter().map(AsRef::as_ref).collect();
    let key = serde_json::json!({
        "inputs": sha256(inputs.join("\0").as_bytes()),
        "system": system,
        "model": model,
        "version": env!("CARGO_PKG_VERSION"),
        "program": program(),
    });
    format!("{key}\n")
}

/// The sha256 of this program, since two builds of one version may not write the same; `None` where it cannot be read.
fn program() -> Option<&'static str> {
    static PROGRAM: LazyLock<Option<String>> = LazyLock::new(|| {
        let path = std::env::current_exe().ok()?;
        Some(sha256(&std::fs::read(path).ok()?))
    });
    PROGRAM.as_deref()
}

/// The rules that need no model.
pub fn rules() -> Running<dyn EntityRecognizer + Send> {
    Running {
        model: Box::new(RuleRecognizer),
        name: "built-in rules".to_owned(),
        files: ScoredModel { id: "rules".to_owned(), files: Vec::new(), options: Default::default() },
    }
}

impl ModelArgs {
    /// Says whether `sets` can be saved.
    pub fn check(&self, sets: usize) -> Result<()> {
        one_set("--save", self.save.as_deref(), sets)
    }
}

/// Says whether the output for `sets` fits into one file.
pub fn one_set(option: &str, file: Option<&Path>, sets: usize) -> Result<()> {
    if file.is_some() && sets > 1 {
        return Err(Error::config(format!("{option} takes the output for one set"), "name one set"));
    }
    Ok(())
}

impl ComputeArgs {
    /// The model's name, with what was chosen for it.
    #[cfg(feature = "native")]
    fn name(&self, id: &str) -> String {
        let precision = self.precision.map(|precision| precision.to_string());
        let beams = self.beams.map(|Beams(beams)| match beams {
            1 => "greedy".to_owned(),
            beams => format!("{beams} beams"),
        });
        [Some(id.to_owned()), precision, beams].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

#[cfg(feature = "native")]
mod with_models {
    use std::path::Path;

    use intisari::eval::evaluation::ScoredModel;
    use intisari::ner::EntityRecognizer;
    use intisari::store::{Placement, Store, Task, ENCODER, TRANSLATOR, TRANSLATOR_BASE};
    use intisari::translate::{GemmaTranslator, Translator, TranslatorFiles, TranslatorOptions};
    use intisari::Result;

    use super::{ComputeArgs, Running};

    pub fn recognizer(model: Option<&Path>) -> Result<Running<dyn EntityRecognizer + Send>> {
        let (store, model) = (Store::open()?, model.unwrap_or(ENCODER.as_ref()));
        let found = store.find(model, Task::Entities)?;
        Ok(Running {
            model: Box::new(store.recognizer(model, Placement::default())?),
            name: found.reference.id.clone(),
            files: ScoredModel { id: found.reference.id, files: found.files, options: Default::default() },
        })
    }

    pub fn translator(model: Option<&Path>, compute: ComputeArgs) -> Result<Running<dyn Translator>> {
        let (store, model) = (Store::open()?, model.unwrap_or(TRANSLATOR.as_ref()));
        let found = store.find(model, Task::Translation)?;
        let mut files = found.files.clone();
        if found.is_adapter() {
            files.extend(store.model(TRANSLATOR_BASE)?.files);
        }
        let placement = Placement {
            precision: compute.precision,
            beams: compute.beams.map(|beams| beams.0),
            ..Placement::default()
        };
        let model = store.translator(model, placement)?;
        let id = found.reference.id;
        let name = compute.name(&id);
        let files = ScoredModel { id, files, options: model.options() };
        Ok(Running { model, name, files })
    }

    /// The base of the built-in translator without what it was trained for: it is shown example pairs instead. Greedy: with
    /// beams it would take hours, since its texts run on.
    pub fn untuned() -> Result<Running<dyn Translator>> {
        let store = Store::open()?;
        let mut base = store.verified(TRANSLATOR_BASE)?;
        let mut files = store.model(TRANSLATOR_BASE)?.files;
        base.extend(files.first().map(|file| &file.name));
        let vocabulary = store.model(TRANSLATOR)?.files.into_iter();
        files.extend(vocabulary.filter(|file| !file.name.starts_with("adapter_")));
        let sources =
            TranslatorFiles { adapter: None, ..TranslatorFiles::new(base, store.verified(TRANSLATOR)?) };
        let options = TranslatorOptions { beams: 1, ..TranslatorOptions::default() };
        let model = Box::new(GemmaTranslator::load(&sources, options)?);
        let files = ScoredModel { id: TRANSLATOR_BASE.to_owned(), files, options: model.options() };
        Ok(Running { model, name: format!("{TRANSLATOR_BASE}, untuned"), files })
    }
}

#[cfg(not(feature = "native"))]
mod without_models {
    use std::path::Path;

    use intisari::ner::EntityRecognizer;
    use intisari::store::{Store, Task};
    use intisari::translate::Translator;
    use intisari::{Error, Result};

    use super::{ComputeArgs, Running};

    pub fn recognizer(model: Option<&Path>) -> Result<Running<dyn EntityRecognizer + Send>> {
        Err(no_models(model, Task::Entities))
    }

    pub fn translator(model: Option<&Path>, _: ComputeArgs) -> Result<Running<dyn Translator>> {
        Err(no_models(model, Task::Translation))
    }

    pub fn untuned() -> Result<Running<dyn Translator>> {
        Err(no_models(None, Task::Translation))
    }

    /// What is wrong with the model is said first.
    fn no_models(model: Option<&Path>, task: Task) -> Error {
        let found = model.map(|model| Store::open().and_then(|store| store.find(model, task)));
        found.and_then(Result::err).unwrap_or_else(|| {
            Error::config(
                "this binary was built without models",
                "name a file with --predictions, or build it with `--features native`",
            )
        })
    }
}

#[cfg(feature = "native")]
pub use with_models::{recognizer, translator, untuned};
#[cfg(not(feature = "native"))]
pub use without_models::{recognizer, translator, untuned};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_that_of_its_inputs_system_model_settings_and_build() {
        let model = |beams: u8| ScoredModel {
            id: "a".to_owned(),
            files: Vec::new(),
            options: serde_json::json!({ "beams": beams, "length_penalty": 1.0, "precision": "int8" }),
        };
        let first = run(&["one"], "a", Some(&model(4)));
        assert!(first.ends_with('\n') && first.contains(r#""beams":4"#), "{first}");
        assert!(first.contains(concat!("\"version\":\"", env!("CARGO_PKG_VERSION"))), "{first}");
        let build = sha256(&std::fs::read(std::env::current_exe().unwrap()).unwrap());
        assert!(first.contains(&build), "{first}");
        assert_eq!(first, run(&["one"], "a", Some(&model(4))));
        for other in [
            run(&["two"], "a", Some(&model(4))),
            run(&["one", ""], "a", Some(&model(4))),
            run(&["one"], "b", Some(&model(4))),
            run(&["one"], "a", Some(&model(1))),
            run(&["one"], "a", None),
        ] {
            assert_ne!(first, other);
        }
    }
}
