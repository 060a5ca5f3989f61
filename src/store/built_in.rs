//! The built-in models, found and checked by the store.

use super::{cache_folder, Store, ENCODER, TRANSLATOR, TRANSLATOR_BASE};
use crate::error::Result;
use crate::ner::EncoderRecognizer;
use crate::translate::{GemmaTranslator, TranslatorFiles, TranslatorOptions};

impl EncoderRecognizer {
    /// The encoder that comes with the crate.
    ///
    /// # Errors
    /// Where its files are missing or altered, or cannot be used.
    pub fn built_in(store: &Store) -> Result<Self> {
        let recognizer = EncoderRecognizer::load(&store.verified(ENCODER)?)?;
        Ok(recognizer.with_reference(store.model(ENCODER)?.reference()))
    }
}

impl GemmaTranslator {
    /// The translator that comes with the crate, on base weights that `cargo xtask setup` has fetched.
    ///
    /// # Errors
    /// Where its files are missing or altered, or cannot be used.
    pub fn built_in(store: &Store, options: TranslatorOptions) -> Result<Self> {
        let folder = store.verified(TRANSLATOR)?;
        let mut base = store.verified(TRANSLATOR_BASE)?;
        base.extend(store.model(TRANSLATOR_BASE)?.files.first().map(|file| &file.name));
        let files = TranslatorFiles::new(base, folder).with_cache(cache_folder());
        let translator = GemmaTranslator::load(&files, options)?;
        Ok(translator.with_reference(store.model(TRANSLATOR)?.reference()))
    }
}
