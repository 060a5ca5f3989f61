//! From a model's name or folder to the stage that it serves.

use std::path::Path;

use super::{cache_folder, Found, Store, Task, TRANSLATOR, TRANSLATOR_BASE};
use crate::compute::{Device, Precision};
use crate::document::ModelRef;
use crate::error::{Error, Result};
use crate::ner::{EncoderRecognizer, RecognizerOptions};
#[cfg(feature = "torch")]
use crate::summarize::Seq2SeqSummarizer;
use crate::translate::{GemmaTranslator, Translator, TranslatorFiles, TranslatorOptions};
#[cfg(feature = "torch")]
use crate::translate::{Seq2SeqOptions, Seq2SeqTranslator};

/// Where a model runs and how it computes; what is `None` is chosen as it suits the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Placement {
    /// By default the processor.
    pub device: Option<Device>,
    /// By default the model's own choice.
    pub precision: Option<Precision>,
    /// Texts that are followed at the same time in a search, of models that write; 1 is greedy and fastest. By default
    /// the model's own choice.
    pub beams: Option<usize>,
    /// How rare a word must be for the built-in translator to be told its senses; 0 for none. Other models take none.
    pub hints_rarer_than: Option<u32>,
    /// Memory for what the built-in translator keeps of all segments that it translates at the same time
    /// ([`max_cache_bytes`](TranslatorOptions::max_cache_bytes)).
    pub max_cache_bytes: Option<usize>,
}

impl From<Placement> for RecognizerOptions {
    fn from(placement: Placement) -> Self {
        let default = RecognizerOptions::default();
        RecognizerOptions {
            device: placement.device.unwrap_or(default.device),
            precision: placement.precision.or(default.precision),
            ..default
        }
    }
}

impl Store {
    /// A recognizer with the model `model`: the name of one in the store, or a folder ([`find`](Self::find)).
    ///
    /// # Errors
    /// As [`find`](Self::find) and [`EncoderRecognizer::load_with`].
    pub fn recognizer(&self, model: &Path, placement: Placement) -> Result<EncoderRecognizer> {
        self.recognizer_with(model, &placement.into())
    }

    /// As [`recognizer`](Self::recognizer), where the labels of the model need words of explanation.
    ///
    /// # Errors
    /// As [`recognizer`](Self::recognizer).
    pub fn recognizer_with(&self, model: &Path, options: &RecognizerOptions) -> Result<EncoderRecognizer> {
        let Found { folder, reference, .. } = self.find(model, Task::Entities)?;
        Ok(EncoderRecognizer::load_with(&folder, options)?.with_reference(reference))
    }

    /// A translator with the model `model`: the name of one in the store, or a folder ([`find`](Self::find)). A folder
    /// with an adapter, as the built-in translator's, is put on the built-in base weights; others hold an
    /// encoder-decoder.
    ///
    /// # Errors
    /// As [`find`](Self::find), `Seq2SeqTranslator::load` and [`GemmaTranslator::load`].
    pub fn translator(&self, model: &Path, placement: Placement) -> Result<Box<dyn Translator + Send>> {
        let found = self.find(model, Task::Translation)?;
        let is_adapter = found.is_adapter();
        let Found { folder, reference, .. } = found;
        if !is_adapter {
            return encoder_decoder(&folder, placement, reference);
        }
        let options = gemma_options(placement)?;
        if reference.id == TRANSLATOR {
            return Ok(Box::new(GemmaTranslator::built_in(self, options)?));
        }
        let mut base = self.verified(TRANSLATOR_BASE)?;
        base.extend(self.model(TRANSLATOR_BASE)?.files.first().map(|file| &file.name));
        let files = TranslatorFiles::new(base, folder).with_cache(cache_folder());
        let translator = GemmaTranslator::load(&files, options)?;
        Ok(Box::new(translator.with_reference(reference)))
    }

    /// A summarizer with the model `model`: the name of one in the store, or a folder ([`find`](Self::find)). It reads
    /// the English of the whole article.
    ///
    /// # Errors
    /// As [`find`](Self::find) and [`Seq2SeqSummarizer::load`].
    #[cfg(feature = "torch")]
    pub fn summarizer(&self, model: &Path, placement: Placement) -> Result<Seq2SeqSummarizer> {
        let Found { folder, reference, .. } = self.find(model, Task::Summary)?;
        Ok(Seq2SeqSummarizer::load(&folder, seq2seq_options(placement))?.with_reference(reference))
    }
}

#[cfg(feature = "torch")]
fn encoder_decoder(
    folder: &Path,
    placement: Placement,
    reference: ModelRef,
) -> Result<Box<dyn Translator + Send>> {
    let translator = Seq2SeqTranslator::load(folder, seq2seq_options(placement))?;
    Ok(Box::new(translator.with_reference(reference)))
}

#[cfg(not(feature = "torch"))]
fn encoder_decoder(folder: &Path, _: Placement, _: ModelRef) -> Result<Box<dyn Translator + Send>> {
    Err(Error::config(
        format!(
            "{} holds an encoder-decoder, which runs on libtorch, and this build is without",
            folder.display()
        ),
        "build with the feature `torch`",
    ))
}

#[cfg(feature = "torch")]
fn seq2seq_options(placement: Placement) -> Seq2SeqOptions {
    let default = Seq2SeqOptions::default();
    Seq2SeqOptions {
        device: placement.device.unwrap_or(default.device),
        precision: placement.precision.unwrap_or(default.precision),
        beams: placement.beams,
        ..default
    }
}

fn gemma_options(placement: Placement) -> Result<TranslatorOptions> {
    if let Some(device) = placement.device.filter(|&device| device != Device::Cpu) {
        let message = format!("the built-in translator runs on the processor only, not on {device}");
        return Err(Error::config(message, "put it there: `translator=cpu`"));
    }
    let default = TranslatorOptions::default();
    Ok(TranslatorOptions {
        precision: placement.precision.unwrap_or(default.precision),
        beams: placement.beams.unwrap_or(default.beams),
        hints_rarer_than: placement.hints_rarer_than.unwrap_or(default.hints_rarer_than),
        max_cache_bytes: placement.max_cache_bytes.unwrap_or(default.max_cache_bytes),
        ..default
    })
}
