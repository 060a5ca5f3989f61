//! Models that `intisari eval` runs.

use std::path::{Path, PathBuf};

use clap::Args;
use intisari::document::ModelRef;
use intisari::eval::formats::sha256;
use intisari::ner::EntityRecognizer;
#[cfg(not(feature = "torch"))]
use intisari::store::{Store, Task};
use intisari::translate::Translator;
use intisari::{Error, Result};

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

impl ModelArgs {
    /// What the model is called in reports.
    pub fn name(&self, reference: Option<&ModelRef>) -> String {
        let folder = self.model.as_deref().map(super::common::file_name);
        let id = reference.map(|reference| reference.id.clone());
        folder.or(id).unwrap_or_else(|| "built-in model".to_owned())
    }

    /// What a run must have in common with an earlier one to go on with its predictions.
    pub fn run(&self, inputs: &[impl AsRef<str>], reference: Option<&ModelRef>) -> String {
        let model = reference.map_or("", |reference| &reference.sha256);
        run(inputs, &format!("{} {model}", self.name(reference)))
    }

    /// Says whether `sets` can be saved.
    pub fn check(&self, sets: usize) -> Result<()> {
        if self.save.is_some() && sets > 1 {
            return Err(Error::config("--save takes the predictions of one set", "name one set"));
        }
        Ok(())
    }
}

/// What a run of `system` over `inputs` must have in common with an earlier one to go on with its predictions.
pub fn run(inputs: &[impl AsRef<str>], system: &str) -> String {
    let inputs: Vec<&str> = inputs.iter().map(AsRef::as_ref).collect();
    format!("inputs {}\nmodel {system}\n", sha256(inputs.join("\0").as_bytes()))
}

#[cfg(feature = "torch")]
pub fn recognizer(model: Option<&Path>) -> Result<Box<dyn EntityRecognizer>> {
    use intisari::store::{Placement, Store, ENCODER};
    let model = model.unwrap_or(ENCODER.as_ref());
    Ok(Box::new(Store::open()?.recognizer(model, Placement::default())?))
}

#[cfg(feature = "torch")]
pub fn translator(model: Option<&Path>) -> Result<Box<dyn Translator>> {
    use intisari::store::{Placement, Store, TRANSLATOR};
    let model = model.unwrap_or(TRANSLATOR.as_ref());
    Ok(Store::open()?.translator(model, Placement::default())?)
}

/// The base of the built-in translator without what it was trained for: it is shown example pairs instead. Greedy: with beams it
/// would take hours, since its texts run on.
#[cfg(feature = "torch")]
pub fn untuned() -> Result<Box<dyn Translator>> {
    use intisari::store::{Store, TRANSLATOR, TRANSLATOR_BASE};
    use intisari::translate::{GemmaTranslator, TranslatorFiles, TranslatorOptions};
    let store = Store::open()?;
    let mut base = store.verified(TRANSLATOR_BASE)?;
    base.extend(store.model(TRANSLATOR_BASE)?.files.first().map(|file| &file.name));
    let files = TranslatorFiles { adapter: None, ..TranslatorFiles::new(base, store.verified(TRANSLATOR)?) };
    let options = TranslatorOptions { beams: 1, ..TranslatorOptions::default() };
    let translator = GemmaTranslator::load(&files, options)?;
    Ok(Box::new(translator.with_reference(store.model(TRANSLATOR_BASE)?.reference())))
}

#[cfg(not(feature = "torch"))]
pub fn untuned() -> Result<Box<dyn Translator>> {
    Err(without_models(None, Task::Translation))
}

#[cfg(not(feature = "torch"))]
pub fn recognizer(model: Option<&Path>) -> Result<Box<dyn EntityRecognizer>> {
    Err(without_models(model, Task::Entities))
}

#[cfg(not(feature = "torch"))]
pub fn translator(model: Option<&Path>) -> Result<Box<dyn Translator>> {
    Err(without_models(model, Task::Translation))
}

/// What is wrong with the model is said first.
#[cfg(not(feature = "torch"))]
fn without_models(model: Option<&Path>, task: Task) -> Error {
    let found = model.map(|model| Store::open().and_then(|store| store.find(model, task)));
    found.and_then(Result::err).unwrap_or_else(|| {
        Error::config(
            "this binary was built without models",
            "name a file with --predictions, or build it with `--features torch`",
        )
    })
}
