//! Entities by a transformer encoder.

use std::any::Any;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::thread;

use ndarray::{s, Array2, Axis};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::batch::{batches, BatchLimits};
use super::decode::WordSpan;
use super::first_piece::first_pieces;
use super::labels::LabelSet;
use super::merge::merge;
use super::options::RecognizerOptions;
use super::pieces::{Piece, Pieces};
use super::quantity::{self, quantities};
use super::tokenizer;
use super::window::{windows, Window, WindowLimits};
use super::words::words;
use super::Scheme;
use super::{EntityRecognizer, Mention, Recognition, SentencedText};
use crate::compute::{Device, Precision};
use crate::document::{Label, ModelRef, Span};
use crate::engine::encoder::Encoder;
use crate::engine::Arithmetic;
use crate::error::{Error, Result};
use crate::label_model::{files, Config, Input, LabelModel};
use crate::lang::id;
use crate::part::Part;
use crate::progress::{Progress, Stage};
use crate::store;
use crate::text::as_json;

const CONFIG: &str = "config.json";

/// Finds names with an encoder for token classification, and dates and quantities by rule.
///
/// Each sentence is encoded with as many of its neighbors as the model's settings allow; a word's label is that of
/// its first piece, and labels keep the rules of their [`Scheme`](super::Scheme). Batches hold windows of many
/// texts.
#[derive(Debug)]
pub struct EncoderRecognizer {
    pieces: Pieces,
    model: Box<dyn LabelModel>,
    labels: LabelSet,
    temperature: f32,
    threshold: f32,
    window: WindowLimits,
    /// Most pieces that the model has places for, special ones not counted.
    room: usize,
    batch: BatchLimits,
    options: RecognizerOptions,
    reference: ModelRef,
}

/// What its results depend on besides the model: the options, and what the model's own settings put in the place of missing ones.
#[derive(Serialize)]
struct Settings<'a> {
    device: Device,
    precision: Option<Precision>,
    scheme: Scheme,
    labels: &'a BTreeMap<String, Option<Label>>,
    #[serde(serialize_with = "crate::document::shortest::serialize")]
    threshold: f32,
    window_pieces: usize,
    window_sentences: usize,
}

/// An article on its way through the model.
#[derive(Default)]
struct Work {
    /// All its pieces; bytes count from the article's start.
    pieces: Vec<Piece>,
    /// Where each sentence's pieces lie in `pieces`.
    sentences: Vec<Range<usize>>,
    /// Label scores of each piece.
    scores: Array2<f32>,
    /// The vector of each sentence, for salience.
    vectors: Vec<Vec<f32>>,
}

impl Work {
    /// The sentences with pieces whose first one lies in the window: those that fit it, or the one that fits none.
    fn starting_in(&self, window: &Window) -> Vec<usize> {
        // Sentences stand in order, so that an article of many is not gone through for each of its windows.
        let first = self.sentences.partition_point(|pieces| pieces.start < window.pieces.start);
        let starting = self.sentences.iter().enumerate().skip(first);
        let starting = starting.take_while(|(_, pieces)| pieces.start < window.pieces.end);
        starting.filter(|(_, pieces)| !pieces.is_empty()).map(|(sentence, _)| sentence).collect()
    }
}

impl EncoderRecognizer {
    /// Loads a model folder as published:
    ///
    /// - `config.json` of a BERT, RoBERTa, XLM-RoBERTa, CamemBERT, DistilBERT, ELECTRA, ALBERT, DeBERTa, or DeBERTa v2
    ///   or v3 (`model_type`), with `id2label`, where [`RecognizerOptions`] say nothing else;
    /// - `tokenizer.json`; or `vocab.txt`, and `tokenizer_config.json` where it is there, for models with word pieces;
    /// - weights: `model.safetensors` (floats, or 8-bit rows with scales), `model.safetensors.index.json` with its
    ///   parts, or `rust_model.ot`.
    ///
    /// # Errors
    /// Naming the file, and the field or tensor at fault, before any inference.
    pub fn load(folder: &Path) -> Result<Self> {
        Self::load_with(folder, &RecognizerOptions::default())
    }

    /// As [`load`](Self::load), with a device, a precision and a meaning of labels of the caller's choice.
    ///
    /// # Errors
    /// As [`load`](Self::load); [`Error::Config`] where there is no such device or the precision does not suit.
    pub fn load_with(folder: &Path, options: &RecognizerOptions) -> Result<Self> {
        let config_file = folder.join(CONFIG);
        if !config_file.is_file() {
            return Err(Error::ModelMissing {
                model: folder.display().to_string(),
                path: config_file,
                fix: "a model folder holds config.json, a tokenizer and weights".to_owned(),
            });
        }
        if let Some(threshold) = options.threshold.filter(|score| !(0.0..=1.0).contains(score)) {
            return Err(Error::config(format!("a threshold of {threshold}"), "name a score between 0 and 1"));
        }
        let config = Config::read(&config_file)?;
        let invalid = |message: String, fix: &str| Error::ModelInvalid {
            path: config_file.clone(),
            message,
            fix: fix.to_owned(),
        };
        let labels =
            LabelSet::with(&config.id2label, options.scheme, &options.labels).map_err(|message| {
                let fix = "labels must be numbered from 0: O, and B-… and I-… or plain types";
                invalid(format!("id2label: {message}"), fix)
            })?;
        let tokenizer_files = tokenizer::files(folder, config.family())?;
        let tokenizer_file = tokenizer_files.first().cloned().unwrap_or_default();
        let weight_files = files::files(folder)?;
        // Each takes a while and needs nothing of the others.
        let (pieces, model) = thread::scope(|scope| {
            scope.spawn(quantity::prepare);
            let pieces = scope.spawn(|| Pieces::load(&tokenizer_file, &config));
            let model = model(&config, folder, options);
            let ended = |panic: Box<dyn Any + Send>| Err(Error::panicked(Stage::Entities, &*panic));
            (pieces.join().unwrap_or_else(ended), model)
        });
        let (pieces, model) = (pieces?, model?);
        let room = config.positions().saturating_sub(pieces.specials());
        if room < 2 {
            return Err(invalid(
                format!("max_position_embeddings leaves room for {room} pieces beside the special ones"),
                "use a model with more positions",
            ));
        }
        let settings = &config.intisari;
        Ok(EncoderRecognizer {
            pieces,
            model,
            labels,
            temperature: settings.temperature,
            threshold: options.threshold.unwrap_or(settings.threshold),
            window: WindowLimits {
                pieces: settings.window_pieces.min(room),
                sentences: settings.window_sentences,
            },
            room,
            batch: BatchLimits::default(),
            options: options.clone(),
            reference: reference(folder, &[vec![config_file], tokenizer_files, weight_files].concat())?,
        })
    }

    /// How results name the model; by default the folder's name, an unknown licence and the files' checksum.
    pub fn with_reference(mut self, reference: ModelRef) -> Self {
        self.reference = reference;
        self
    }

    /// The types of the model that are not known: their mentions are left out. [`RecognizerOptions::labels`] says what
    /// they are, or that they are left out on purpose.
    pub fn left_out(&self) -> Vec<&str> {
        self.labels.left_out()
    }

    /// What a window may hold, instead of what the model's settings say; never more than the model has places for.
    pub fn with_window(mut self, limits: WindowLimits) -> Self {
        self.window = WindowLimits { pieces: limits.pieces.min(self.room), ..limits };
        self
    }

    /// How large a batch may get: larger ones are faster and take more memory.
    pub fn with_batch(mut self, limits: BatchLimits) -> Self {
        self.batch = limits;
        self
    }

    fn prepare(&self, text: &SentencedText<'_>) -> Result<Work> {
        let sentences: Vec<&str> =
            text.sentences.iter().map(|sentence| sentence.span.of(text.text)).collect();
        let mut work = Work::default();
        for (encoded, sentence) in self.pieces.encode(&sentences)?.into_iter().zip(text.sentences) {
            let first = work.pieces.len();
            let shift = sentence.span.start();
            work.pieces.extend(
                encoded
                    .into_iter()
                    .map(|Piece { id, bytes }| Piece { id, bytes: bytes.start + shift..bytes.end + shift }),
            );
            work.sentences.push(first..work.pieces.len());
        }
        work.vectors = vec![vec![0.0; self.model.hidden()]; work.sentences.len()];
        work.scores = Array2::zeros((work.pieces.len(), self.labels.len()));
        Ok(work)
    }

    fn input(&self, work: &Work, window: &Window) -> Input {
        let pieces = work.pieces.part(window.pieces.clone());
        let place = |piece: usize| piece.min(window.pieces.end) - window.pieces.start + self.pieces.leading();
        let sentences =
            work.starting_in(window).into_iter().filter_map(|sentence| work.sentences.get(sentence));
        Input {
            ids: self.pieces.input(pieces),
            sentences: sentences.map(|pieces| place(pieces.start)..place(pieces.end)).collect(),
        }
    }

    /// Runs the windows of all articles through the model and stores each piece's scores.
    fn score(&self, works: &mut [Work], progress: Progress<'_>) -> Result<()> {
        let mut rows: Vec<(usize, Window)> = Vec::new();
        for (index, work) in works.iter().enumerate() {
            let lengths: Vec<usize> = work.sentences.iter().map(Range::len).collect();
            rows.extend(windows(&lengths, self.window).into_iter().map(|window| (index, window)));
        }
        let total = rows.len();
        for batch in batches(&mut rows, |(_, window)| window.pieces.len(), self.batch) {
            let done = batch.end;
            let rows = rows.part(batch);
            let inputs: Vec<Input> = rows
                .iter()
                .map(|(index, window)| {
                    works.get(*index).map(|work| self.input(work, window)).unwrap_or_default()
                })
                .collect();
            for ((index, window), output) in rows.iter().zip(self.model.run(&inputs)?) {
                let Some(work) = works.get_mut(*index) else { continue };
                let first = self.pieces.leading() + window.own.start - window.pieces.start;
                let own = output.scores.slice(s![first..first + window.own.len(), ..]);
                work.scores.slice_mut(s![window.own.clone(), ..]).assign(&own);
                for (sentence, mean) in work.starting_in(window).into_iter().zip(output.means) {
                    if let Some(vector) = work.vectors.get_mut(sentence) {
                        *vector = mean;
                    }
                }
            }
            progress.report(Stage::Entities, done, total)?;
        }
        Ok(())
    }

    fn read(&self, text: &SentencedText<'_>, work: &Work) -> Result<Recognition> {
        let mut mentions = Vec::new();
        for (index, sentence) in text.sentences.iter().enumerate() {
            let span = sentence.span;
            let words: Vec<Range<usize>> = words(span.of(text.text))
                .into_iter()
                .map(|word| word.start + span.start()..word.end + span.start())
                .collect();
            let name = |found: WordSpan| {
                let start = words.get(found.words.start)?.start;
                let end = words.get(found.words.end.checked_sub(1)?)?.end;
                let span = Span::new(text.text, start, end).ok()?;
                Some(Mention { span, label: found.label, score: found.score, sentence: index, value: None })
            };
            let names = self.names(text.text, &words, work, index).into_iter().filter_map(name).collect();
            let found = quantities(span.of(text.text), text.date);
            mentions.extend(merge(text.text, names, found, span.start(), index));
        }
        Ok(Recognition { mentions, salience: self.salience(work)? })
    }

    fn salience(&self, work: &Work) -> Result<Option<Vec<f32>>> {
        // As in training, what a window does not hold does not count.
        let lengths: Vec<usize> =
            work.sentences.iter().map(|pieces| pieces.len().min(self.window.pieces)).collect();
        self.model.salience(&work.vectors, &lengths)
    }

    /// The names among the words of a sentence.
    fn names(&self, text: &str, words: &[Range<usize>], work: &Work, sentence: usize) -> Vec<WordSpan> {
        let pieces = work.sentences.get(sentence).cloned().unwrap_or_default();
        let scores = work.scores.slice(s![pieces.clone(), ..]);
        let bytes: Vec<Range<usize>> =
            work.pieces.part(pieces).iter().map(|piece| piece.bytes.clone()).collect();
        // Words that share their only piece with another have no label of their own; a mention runs over them.
        let (labeled, first): (Vec<usize>, Vec<usize>) = first_pieces(text, words, &bytes)
            .into_iter()
            .enumerate()
            .filter_map(|(word, piece)| Some((word, piece?)))
            .unzip();
        let mut found = self.labels.decode(scores.select(Axis(0), &first).view(), self.temperature);
        found.retain_mut(|mention| {
            let last = mention.words.end.checked_sub(1).and_then(|last| labeled.get(last));
            let (Some(&first), Some(&last)) = (labeled.get(mention.words.start), last) else { return false };
            mention.words = first..last + 1;
            let bounds = words.get(first).zip(words.get(last));
            let name = bounds.and_then(|(first, last)| text.get(first.start..last.end));
            // Annotators agree on nations less than on other places; readers miss them.
            mention.score >= self.threshold
                || (mention.label == Label::Loc && name.is_some_and(id::is_nation))
        });
        found
    }

    /// The names in sentences whose words are given (ordered byte ranges), as in annotated sets: labels by words, no
    /// rules. One list per sentence of all texts, in order.
    ///
    /// # Errors
    /// Where the engine fails or the progress callback asks to stop.
    pub fn label_words(
        &self,
        texts: &[SentencedText<'_>],
        words: &[Vec<Range<usize>>],
        progress: Progress<'_>,
    ) -> Result<Vec<Vec<WordSpan>>> {
        let works = self.encode(texts, progress)?;
        let sentences = texts.iter().zip(&works).flat_map(|(text, work)| {
            (0..work.sentences.len()).map(move |sentence| (text.text, work, sentence))
        });
        Ok(sentences
            .zip(words)
            .map(|((text, work, sentence), words)| self.names(text, words, work, sentence))
            .collect())
    }

    fn encode(&self, texts: &[SentencedText<'_>], progress: Progress<'_>) -> Result<Vec<Work>> {
        let mut works = texts.iter().map(|text| self.prepare(text)).collect::<Result<Vec<_>>>()?;
        self.score(&mut works, progress)?;
        Ok(works)
    }
}

impl EntityRecognizer for EncoderRecognizer {
    fn recognize(&self, texts: &[SentencedText<'_>], progress: Progress<'_>) -> Result<Vec<Recognition>> {
        let works = self.encode(texts, progress)?;
        texts.iter().zip(&works).map(|(text, work)| self.read(text, work)).collect()
    }

    fn repeats_names(&self) -> bool {
        true
    }

    fn model(&self) -> Option<ModelRef> {
        Some(self.reference.clone())
    }

    fn options(&self) -> serde_json::Value {
        as_json(&Settings {
            device: self.options.device,
            precision: self.options.precision,
            scheme: self.options.scheme,
            labels: &self.options.labels,
            threshold: self.threshold,
            window_pieces: self.window.pieces,
            window_sentences: self.window.sentences,
        })
    }
}

/// The model on the engine that can run it: ours, in int8 or f32 on the processor, else libtorch.
fn model(config: &Config, folder: &Path, options: &RecognizerOptions) -> Result<Box<dyn LabelModel>> {
    let stored_in_int8 = config.intisari.weights.as_deref() == Some("int8-rows");
    let precision = options.precision.unwrap_or_else(|| suited(stored_in_int8, options.device));
    let arithmetic = match precision {
        Precision::F32 => Some(Arithmetic::F32),
        Precision::Int8 => Some(Arithmetic::Int8),
        Precision::Bf16 | Precision::F16 => None,
    };
    let pickled = || folder.join("rust_model.ot").is_file() && !folder.join("model.safetensors").is_file();
    if let Some(arithmetic) = arithmetic.filter(|_| options.device == Device::Cpu && !pickled()) {
        if Encoder::fits(config) {
            return Ok(Box::new(Encoder::load(config, folder, arithmetic)?));
        }
    }
    on_libtorch(config, folder, options.device, precision)
}

/// The precision that suits weights and device: a GPU multiplies weights that are stored in int8 out to f32.
fn suited(stored_in_int8: bool, device: Device) -> Precision {
    match device {
        Device::Cpu if stored_in_int8 => Precision::Int8,
        _ => Precision::F32,
    }
}

#[cfg(feature = "torch")]
fn on_libtorch(
    config: &Config,
    folder: &Path,
    device: Device,
    precision: Precision,
) -> Result<Box<dyn LabelModel>> {
    Ok(Box::new(crate::backend::encoder::TorchEncoder::load(config, folder, device, precision)?))
}

#[cfg(not(feature = "torch"))]
fn on_libtorch(
    _: &Config,
    folder: &Path,
    device: Device,
    precision: Precision,
) -> Result<Box<dyn LabelModel>> {
    Err(Error::config(
        format!("{} on {device} in {precision} needs libtorch, which this build is without", folder.display()),
        "build with the feature `torch`, or use a BERT or RoBERTa in safetensors on the processor, in int8 or f32",
    ))
}

fn reference(folder: &Path, files: &[PathBuf]) -> Result<ModelRef> {
    let mut hasher = Sha256::new();
    for path in files {
        hasher.update(store::file_sha256(path)?);
    }
    let id = folder
        .file_name()
        .map_or_else(|| folder.display().to_string(), |name| name.to_string_lossy().into_owned());
    let sha256 = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(ModelRef { id, license: "unknown".to_owned(), sha256 })
}

#[cfg(test)]
#[cfg(feature = "torch")]
mod families;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Sentence;

    fn committed_in(precision: Precision) -> EncoderRecognizer {
        let options = RecognizerOptions { precision: Some(precision), ..RecognizerOptions::default() };
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/encoder");
        EncoderRecognizer::load_with(&folder, &options).unwrap()
    }

    fn committed() -> EncoderRecognizer {
        committed_in(Precision::F32)
    }

    #[derive(serde::Deserialize)]
    struct Reference {
        text: String,
        ids: Vec<i64>,
        offsets: Vec<(usize, usize)>,
        logits: Vec<Vec<f32>>,
    }

    /// Made by `training/encoder` with the tokenizers and torch packages of Python.
    fn references() -> Vec<Reference> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/encoder_reference.json");
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    }

    #[test]
    fn weights_in_int8_stay_so_on_the_processor_alone() {
        let gpu = "cuda:0".parse().unwrap();
        assert_eq!(suited(true, Device::Cpu), Precision::Int8);
        assert_eq!(suited(true, gpu), Precision::F32);
        assert_eq!(suited(false, Device::Cpu), Precision::F32);
    }

    #[test]
    fn the_committed_model_agrees_with_its_reference() {
        let recognizer = committed();
        for reference in references() {
            let text = reference.text.as_str();
            let pieces = recognizer.pieces.encode(&[text]).unwrap().remove(0);
            let input = recognizer.pieces.input(&pieces);
            assert_eq!(input, reference.ids, "{text}");
            let offsets: Vec<(usize, usize)> =
                pieces.iter().map(|piece| (piece.bytes.start, piece.bytes.end)).collect();
            assert_eq!(offsets, reference.offsets[1..reference.offsets.len() - 1], "{text}");
            let input = Input { ids: input, sentences: Vec::new() };
            let scores = recognizer.model.run(&[input]).unwrap().remove(0).scores;
            let expected =
                Array2::from_shape_fn(scores.dim(), |(piece, label)| reference.logits[piece][label]);
            let difference = (&scores - &expected).iter().fold(0f32, |most, value| most.max(value.abs()));
            assert!(difference < 1e-3, "{text}: {difference}");
        }
    }

    #[test]
    fn in_int8_the_committed_model_stays_near_its_reference_and_inputs_do_not_touch_each_other() {
        let recognizer = committed_in(Precision::Int8);
        let input = |reference: &Reference| Input { ids: reference.ids.clone(), sentences: Vec::new() };
        let references = references();
        let inputs: Vec<Input> = references.iter().map(input).collect();
        let together = recognizer.model.run(&inputs).unwrap();
        let (mut error, mut size) = (0., 0.);
        for ((reference, input), output) in references.iter().zip(&inputs).zip(together) {
            assert_eq!(
                recognizer.model.run(std::slice::from_ref(input)).unwrap().as_slice(),
                std::slice::from_ref(&output)
            );
            for (found, expected) in output.scores.iter().zip(reference.logits.iter().flatten()) {
                error += (found - expected).powi(2);
                size += expected.powi(2);
            }
        }
        assert!((error / size).sqrt() < 0.1, "{}", (error / size).sqrt());
    }

    #[test]
    fn offsets_slice_the_text_also_where_the_tokenizer_normalizes_it() {
        let pieces = committed().pieces;
        let text = "Cafe\u{301} ½ ﬁnal Ｊａｋａｒｔａ … 🙂\u{200b} ①②  Bogor\u{a0}Depok";
        for piece in pieces.encode(&[text]).unwrap().remove(0) {
            assert!(text.get(piece.bytes.clone()).is_some(), "{piece:?}");
        }
        let last = pieces.encode(&[text]).unwrap().remove(0).pop().unwrap();
        assert_eq!(last.bytes.end, text.len());
    }

    fn sentenced(text: &str) -> Vec<Sentence> {
        let mut start = 0;
        text.split_inclusive('\n')
            .map(|line| {
                let span = Span::new(text, start, start + line.len()).unwrap().trimmed(text);
                start += line.len();
                Sentence { span, paragraph: 0, kind: Default::default() }
            })
            .collect()
    }

    #[derive(serde::Deserialize)]
    struct SalienceReference {
        sentences: Vec<String>,
        logits: Vec<f32>,
    }

    #[test]
    fn the_committed_salience_head_agrees_with_its_reference() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/salience_reference.json");
        let cases: Vec<SalienceReference> =
            serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let recognizer = committed();
        for case in cases {
            let text = case.sentences.join("\n");
            let sentences = sentenced(&text);
            let text = SentencedText { text: &text, sentences: &sentences, date: None };
            let scores = recognizer.recognize(&[text], Progress::none()).unwrap().remove(0).salience.unwrap();
            assert_eq!(scores.len(), case.logits.len());
            for (score, expected) in scores.iter().zip(&case.logits) {
                assert!((score - expected).abs() < 1e-3, "{scores:?}");
            }
        }
    }

    #[test]
    fn finds_names_in_an_article_of_ours() {
        let text = "Wali Kota Bandung, Ratna Siregar, membuka Pasar Kosambi pada Senin (12/3).\n“Ini milik warga,” kata Ratna.";
        let sentences = sentenced(text);
        let text = SentencedText { text, sentences: &sentences, date: None };
        let found = committed().recognize(&[text], Progress::none()).unwrap().remove(0);
        let names: Vec<(&str, &str)> =
            found.mentions.iter().map(|m| (m.span.of(text.text), m.label.as_str())).collect();
        assert!(names.contains(&("Ratna Siregar", "PER")) && names.contains(&("Ratna", "PER")), "{names:?}");
    }
}
