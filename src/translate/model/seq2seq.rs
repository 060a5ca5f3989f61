//! Translators of the user's choice: published encoder-decoder models, run by rust-bert.

use std::path::Path;

use super::{endless, pieces, reading};
use crate::document::ModelRef;
use crate::error::Result;
use crate::part::Part;
use crate::progress::{Progress, Stage};
use crate::seq2seq::writer::{Seq2SeqOptions, Task, Text, Writer};
use crate::text::as_json;
use crate::translate::{Passage, Stop, Translated, Translator};

/// Translates with an encoder-decoder model as published on a hub: Marian (opus-mt), M2M100, NLLB, mBART-50, T5, mT5.
///
/// The codes of Indonesian and English are set by the family; beams, penalties and lengths come from the folder's
/// `generation_config.json`. A segment that is too long for the model is cut at clause boundaries, translated in parts
/// and joined.
///
/// ```no_run
/// use intisari::translate::{Seq2SeqOptions, Seq2SeqTranslator, Translator};
/// use intisari::Progress;
///
/// let translator = Seq2SeqTranslator::load("opus-mt-id-en", Seq2SeqOptions::default())?;
/// let english = translator.translate(&["Hujan turun sejak pagi."], Progress::none())?;
/// assert_eq!(english.len(), 1);
/// # Ok::<(), intisari::Error>(())
/// ```
#[derive(Debug)]
pub struct Seq2SeqTranslator {
    writer: Writer,
    options: Seq2SeqOptions,
    reference: Option<ModelRef>,
}

impl Seq2SeqTranslator {
    /// Reads a folder as published: `config.json`, weights, the vocabulary's files.
    ///
    /// # Errors
    /// Where a file is missing or damaged, does not fit the others, or the family is none of those above; the message
    /// names file and field. [`crate::Error::Config`] where the options make no sense or the device is missing.
    pub fn load(folder: impl AsRef<Path>, options: Seq2SeqOptions) -> Result<Self> {
        let writer = Writer::load(folder.as_ref(), Task::Translation, &options)?;
        Ok(Seq2SeqTranslator { writer, options, reference: None })
    }

    /// How results name the model; a folder that the caller chose has no name.
    pub fn with_reference(mut self, reference: ModelRef) -> Self {
        self.reference = Some(reference);
        self
    }

    /// The sentence in parts that the model can read.
    fn parts<'t>(&self, sentence: &'t str) -> Result<Vec<&'t str>> {
        let mut waiting: Vec<&str> = pieces::cut(sentence, self.options.max_text_bytes);
        waiting.reverse();
        let mut parts = Vec::with_capacity(waiting.len());
        while let Some(part) = waiting.pop() {
            // One character fits, or the model could read nothing at all.
            if part.len() <= 4 || self.writer.fits(part)? {
                parts.push(part);
            } else {
                waiting.extend(pieces::cut(part, part.len() / 2 + 1).into_iter().rev());
            }
        }
        Ok(parts)
    }
}

impl Translator for Seq2SeqTranslator {
    fn translate(&self, segments: &[&str], progress: Progress<'_>) -> Result<Vec<Translated>> {
        let passages: Vec<Passage<'_>> = segments.iter().map(|segment| Passage::new(segment)).collect();
        self.translate_passages(&passages, progress)
    }

    fn translate_passages(
        &self,
        passages: &[Passage<'_>],
        progress: Progress<'_>,
    ) -> Result<Vec<Translated>> {
        let cut = |sentence: &str| Ok(self.parts(sentence)?.into_iter().map(str::to_owned).collect());
        let mut before = 0;
        reading::translate(passages, cut, |jobs| {
            let texts: Vec<&str> = jobs.iter().map(|job| job.text).collect();
            let total = before + texts.len();
            let written =
                self.writer.write(&texts, |done| progress.report(Stage::Translate, before + done, total))?;
            before = total;
            let read = |text: Text| {
                let whole = endless::without_loop(&text.ids).filter(|_| text.limited);
                let stop = match (text.limited, whole) {
                    (false, _) => Stop::End,
                    (true, None) => Stop::Limit,
                    (true, Some(_)) => Stop::Loop,
                };
                let kept = text.ids.part(..whole.unwrap_or(text.ids.len()));
                Ok(vec![Translated::new(self.writer.text(kept)?, stop)])
            };
            written.into_iter().map(read).collect()
        })
    }

    fn model(&self) -> Option<ModelRef> {
        self.reference.clone()
    }

    fn options(&self) -> serde_json::Value {
        as_json(&self.options)
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn folder(name: &str) -> PathBuf {
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/families").join(name)
    }

    fn translator(name: &str, options: Seq2SeqOptions) -> Seq2SeqTranslator {
        crate::set_threads(1);
        Seq2SeqTranslator::load(folder(name), options).unwrap()
    }

    /// A copy of a folder in which some files have another text, or none.
    fn altered(name: &str, changes: &[(&str, Option<&str>)]) -> tempfile::TempDir {
        let copy = tempfile::tempdir().unwrap();
        for entry in std::fs::read_dir(folder(name)).unwrap() {
            let path = entry.unwrap().path();
            std::fs::copy(&path, copy.path().join(path.file_name().unwrap())).unwrap();
        }
        for (file, text) in changes {
            let path = copy.path().join(file);
            match text {
                Some(text) => std::fs::write(path, text).unwrap(),
                None => std::fs::remove_file(path).unwrap(),
            }
        }
        copy
    }

    /// `config.json` of a folder with one field changed.
    fn config(name: &str, field: &str, value: serde_json::Value) -> String {
        let text = std::fs::read_to_string(folder(name).join("config.json")).unwrap();
        let mut config: serde_json::Value = serde_json::from_str(&text).unwrap();
        config[field] = value;
        config.to_string()
    }

    #[test]
    fn every_segment_gets_its_english_and_blank_ones_none() {
        let translator = translator("marian", Seq2SeqOptions { batch_texts: 2, ..Default::default() });
        let segments = ["Hujan turun di Palu.", " ", "Harga kopi naik.", "", "Hujan turun di Palu."];
        let english = translator.translate(&segments, Progress::none()).unwrap();
        assert_eq!(english.len(), segments.len());
        let blank = Translated::new("", Stop::End);
        assert_eq!([&english[1], &english[3]], [&blank, &blank]);
        assert_eq!(english[0], english[4]);
        assert!(!english[0].text.is_empty() && english[0] != english[2]);
        assert!(translator.translate(&[], Progress::none()).unwrap().is_empty());
    }

    #[test]
    fn what_stays_to_the_letter_is_not_given_to_the_model() {
        let translator = translator("marian", Seq2SeqOptions::default());
        let segments = ["www.tolo.example/aduan", "Buka a@tolo.example sekarang.", "Keterangan: #LautBersih"];
        let english = translator.translate(&segments, Progress::none()).unwrap();
        assert_eq!(english[0], Translated::new(segments[0], Stop::End));
        assert!(english[1].text.contains("a@tolo.example"), "{english:?}");
        assert!(english[2].text.ends_with(" #LautBersih"), "{english:?}");
    }

    #[test]
    fn a_long_segment_is_read_to_its_end() {
        let translator = translator("m2m100", Seq2SeqOptions { beams: Some(1), ..Default::default() });
        // 96 positions, and no blank to cut at.
        let long = "x".repeat(900);
        let parts = translator.parts(&long).unwrap();
        assert!(parts.len() > 8, "{}", parts.len());
        assert_eq!(parts.concat(), long);
        let english = translator.translate(&[&long], Progress::none()).unwrap();
        assert_eq!(english.len(), 1);
    }

    #[test]
    fn a_segment_is_cut_to_what_the_model_may_write() {
        // Some 82 ids; the network has 96 positions.
        let segment = "x".repeat(80);
        for (settings, expected) in [("{}", 1), (r#"{"max_length": 70}"#, 2), (r#"{"max_length": 9}"#, 2)] {
            let folder = altered("m2m100", &[("generation_config.json", Some(settings))]);
            let translator = Seq2SeqTranslator::load(folder.path(), Seq2SeqOptions::default()).unwrap();
            assert_eq!(translator.parts(&segment).unwrap().len(), expected, "{settings}");
        }
    }

    #[test]
    fn what_the_limit_ends_is_told() {
        let settings = r#"{"num_beams": 1, "max_length": 5, "forced_eos_token_id": 0}"#;
        let folder = altered("marian", &[("generation_config.json", Some(settings))]);
        let translator = Seq2SeqTranslator::load(folder.path(), Seq2SeqOptions::default()).unwrap();
        let english = translator.translate(&["Hujan turun di Palu, kata Budi."], Progress::none()).unwrap();
        assert_eq!(english[0].stop, Stop::Limit);
    }

    #[test]
    fn a_loop_is_cut_off_also_where_the_model_is_made_to_end() {
        // Of the pieces only one may be written, and the end where it is forced.
        let others: Vec<u32> = (1..138).filter(|&piece| piece != 9).collect();
        let endless = format!(
            r#"{{"num_beams": 1, "max_length": 90, "min_length": 90, "suppress_tokens": {others:?}}}"#
        );
        let ended = endless.replacen('{', r#"{"forced_eos_token_id": 0, "#, 1);
        let found = [endless, ended].map(|settings| {
            let folder = altered("marian", &[("generation_config.json", Some(&settings))]);
            let translator = Seq2SeqTranslator::load(folder.path(), Seq2SeqOptions::default()).unwrap();
            translator.translate(&["Hujan turun di Palu."], Progress::none()).unwrap().remove(0)
        });
        assert_eq!(found[0].stop, Stop::Loop, "{found:?}");
        assert_eq!(found[0], found[1]);
    }

    #[test]
    fn what_has_no_words_is_not_given_to_the_model() {
        let translator = translator("marian", Seq2SeqOptions::default());
        // What cannot be seen is nothing to an English reader.
        let segments = [("\u{feff}", ""), ("* * *", "* * *"), ("\u{200b}", ""), ("😀", "😀")];
        let english = translator.translate(&segments.map(|(source, _)| source), Progress::none()).unwrap();
        for ((_, expected), english) in segments.into_iter().zip(&english) {
            assert_eq!((english.text.as_str(), english.stop), (expected, Stop::End));
        }
        assert_ne!(translator.translate(&["12"], Progress::none()).unwrap()[0].text, "");
    }

    #[test]
    fn a_prefix_that_leaves_no_room_is_a_matter_of_configuration() {
        let options = Seq2SeqOptions { prefix: Some("kata ".repeat(200)), ..Default::default() };
        let error = Seq2SeqTranslator::load(folder("m2m100"), options).unwrap_err();
        assert!(matches!(error, crate::Error::Config { .. }), "{error:?}");
        assert!(error.to_string().contains("prefix has"), "{error}");
    }

    #[test]
    fn errors_name_file_and_field() {
        let five = serde_json::json!(5);
        let json = |name: &str, file: &str| -> serde_json::Value {
            serde_json::from_str(&std::fs::read_to_string(folder(name).join(file)).unwrap()).unwrap()
        };
        let mut last = json("m2m100", "vocab.json");
        last["more"] = u32::MAX.into();
        let last = last.to_string();
        // Pieces that texts may become, more than the network knows.
        let mut more = json("t5", "tokenizer.json");
        let ids = json("t5", "config.json")["vocab_size"].as_u64().unwrap();
        let added = |n: u64| {
            serde_json::json!({"id": n, "content": format!("kata{n}"), "single_word": false, "lstrip": false,
                "rstrip": false, "normalized": false, "special": false})
        };
        more["added_tokens"].as_array_mut().unwrap().extend((0..=ids).map(added));
        let more = more.to_string();
        for (name, changes, expected) in [
            ("marian", vec![("source.spm", None)], "source.spm is missing"),
            ("marian", vec![("source.spm", Some("no model"))], "source.spm"),
            ("marian", vec![("vocab.json", Some("{}"))], "vocab.json: <unk> is missing"),
            ("marian", vec![("model.safetensors", None)], "model.safetensors"),
            (
                "marian",
                vec![("config.json", Some(&*config("marian", "vocab_size", 140.into())))],
                "has shape [1, 138]; config.json asks for [1, 140]",
            ),
            ("marian", vec![("config.json", Some("{}"))], "model_type is missing"),
            (
                "marian",
                vec![("config.json", Some(&*config("marian", "model_type", "led".into())))],
                "`led`, a family that rust-bert does not have",
            ),
            (
                "marian",
                vec![(
                    "config.json",
                    Some(&*config("marian", "share_encoder_decoder_embeddings", false.into())),
                )],
                "share_encoder_decoder_embeddings",
            ),
            (
                "t5",
                vec![("config.json", Some(&*config("t5", "num_decoder_layers", five.clone())))],
                "num_decoder_layers is 5",
            ),
            (
                "mt5",
                vec![("config.json", Some(&*config("mt5", "feed_forward_proj", "gated-silu".into())))],
                "feed_forward_proj is `gated-silu`",
            ),
            ("nllb", vec![("tokenizer.json", None)], "tokenizer.json is missing"),
            (
                "marian",
                vec![("config.json", Some(&*config("marian", "pad_token_id", 500.into())))],
                "pad_token_id is 500; vocab_size is 138",
            ),
            (
                "t5",
                vec![("config.json", Some(&*config("t5", "eos_token_id", 900.into())))],
                "the id 900; config.json says vocab_size",
            ),
            (
                "m2m100",
                vec![("config.json", Some(&*config("m2m100", "max_position_embeddings", 2.into())))],
                "there are 2 positions",
            ),
            (
                "m2m100",
                vec![("generation_config.json", Some(r#"{"decoder_start_token_id": 5000}"#))],
                "decoder_start_token_id has 5000",
            ),
            ("m2m100", vec![("vocab.json", Some(&*last))], "it has the id 4294967295"),
            ("t5", vec![("tokenizer.json", Some(&*more))], "it has the id"),
            ("bart", vec![], "model_type is `bart`; translations come from marian"),
        ] {
            let folder = altered(name, &changes);
            let error =
                Seq2SeqTranslator::load(folder.path(), Seq2SeqOptions::default()).unwrap_err().to_string();
            assert!(error.contains(expected), "{expected}: {error}");
        }
        let missing = Seq2SeqTranslator::load("no-such-folder", Seq2SeqOptions::default()).unwrap_err();
        assert!(missing.to_string().contains("config.json is missing"), "{missing}");
    }

    #[test]
    fn options_must_make_sense() {
        for (options, expected) in [
            (Seq2SeqOptions { beams: Some(0), ..Default::default() }, "beams is 0"),
            (Seq2SeqOptions { batch_texts: 0, ..Default::default() }, "batch_texts is 0"),
            (Seq2SeqOptions { precision: crate::Precision::Int8, ..Default::default() }, "int8"),
            (Seq2SeqOptions { device: crate::Device::Cuda(99), ..Default::default() }, "cuda:99"),
            (Seq2SeqOptions { prefix: Some(">>xxx<<".to_owned()), ..Default::default() }, "no piece >>xxx<<"),
        ] {
            let error = Seq2SeqTranslator::load(folder("marian"), options).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
