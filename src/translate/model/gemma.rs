//! The built-in translator: Gemma 3 with an adapter.

use std::path::{Path, PathBuf};
use std::thread;

use serde::{Deserialize, Serialize};
use tokenizers::Tokenizer;

use super::another::is_another;
use super::generate::{generate, Continuation, Plan, Request};
use super::prompt::{self, Trained};
use super::reading::{self, Job};
use super::spread::{spread, Share, Workers};
use super::{hints, pieces};
use crate::compute::Precision;
use crate::document::ModelRef;
use crate::engine::gemma::{Model, Prefix, Session, Source};
use crate::engine::team::{self, Hands, Team};
use crate::engine::threads::{alone, threads};
use crate::engine::Arithmetic;
use crate::error::{Error, Result};
use crate::progress::{Progress, Stage};
use crate::text::{as_json, one_line};
use crate::tokenizer;
use crate::translate::{check, Passage, Stop, Term, Translated, Translator};

/// The files of the translator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TranslatorFiles {
    /// Base weights, a GGUF file of Gemma 3.
    pub base: PathBuf,
    /// Folder with `tokenizer.json`, whose ids have no gaps, and `kept_ids.json`, which says for each id which row of
    /// the base's embedding it is: a list of ascending rows, each as the difference to the one before.
    pub vocabulary: PathBuf,
    /// Folder with `adapter_config.json` and `adapter_model.safetensors`, a LoRA adapter in the layout of PEFT.
    /// Without one, the model is shown a few example pairs and translates worse.
    pub adapter: Option<PathBuf>,
    /// Folder that keeps the weights once adapter, vocabulary and precision are worked in, so that later starts are
    /// quick; it has a file for each combination of them, of which the newest four stay. Without one, this is done at
    /// each start.
    pub cache: Option<PathBuf>,
}

impl TranslatorFiles {
    /// Vocabulary and adapter lie in `folder`, as in the built-in models; the adapter may be missing. No cache.
    pub fn new(base: impl Into<PathBuf>, folder: impl Into<PathBuf>) -> Self {
        let vocabulary = folder.into();
        let adapter = vocabulary.join("adapter_config.json").exists().then(|| vocabulary.clone());
        TranslatorFiles { base: base.into(), vocabulary, adapter, cache: None }
    }

    /// Keeps weights that are ready in `folder`, or nowhere.
    pub fn with_cache(mut self, folder: Option<PathBuf>) -> Self {
        self.cache = folder;
        self
    }
}

/// How to translate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TranslatorOptions {
    /// How weights are held and multiplied: [`Precision::Int8`] or [`Precision::F32`]. Default: int8.
    pub precision: Precision,
    /// Segments that are translated at the same time, as far as `max_cache_bytes` has room; more are faster and need more memory:
    /// with four beams about 20 MB each, up to 65 MB for the longest. Default: 32.
    pub batch_segments: usize,
    /// Memory for the keys and values of all segments that are translated at the same time, in bytes. It is counted by what they
    /// may come to need; a segment that may need more is translated alone. Default: 384 MiB.
    pub max_cache_bytes: usize,
    /// Translations that are followed at the same time for each segment: with one, search is greedy; four find better
    /// English and take two to three times as long. Default: 4; at most 32.
    pub beams: usize,
    /// Scores of translations are divided by their length, in pieces, to this power; the larger, the longer they get.
    /// Of no effect on greedy search. From 0 to 10; default: 1.
    pub length_penalty: f64,
    /// Longer segments are cut at clause boundaries, translated in parts and joined. Default: 500.
    pub max_segment_bytes: usize,
    /// Words that occur less often than this in the text that the model was trained on are explained to it from a
    /// dictionary, if it was trained with such hints; 0 for none, 250 at most. Default: 60.
    pub hints_rarer_than: u32,
}

impl Default for TranslatorOptions {
    fn default() -> Self {
        TranslatorOptions {
            precision: Precision::default(),
            batch_segments: 32,
            max_cache_bytes: 384 << 20,
            beams: 4,
            length_penalty: 1.,
            max_segment_bytes: 500,
            hints_rarer_than: 60,
        }
    }
}

impl TranslatorOptions {
    /// Checks that the values make sense.
    ///
    /// # Errors
    /// [`Error::Config`] naming the field.
    pub fn validate(&self) -> Result<()> {
        let sizes = [
            ("batch_segments", self.batch_segments),
            ("max_cache_bytes", self.max_cache_bytes),
            ("beams", self.beams),
            ("max_segment_bytes", self.max_segment_bytes),
        ];
        if let Some((field, _)) = sizes.iter().find(|(_, size)| *size == 0) {
            return Err(Error::config(format!("{field} is 0"), "set it to 1 or more"));
        }
        if self.beams > MOST_BEAMS {
            let message = format!("beams is {}", self.beams);
            return Err(Error::config(message, format!("set it to {MOST_BEAMS} or less")));
        }
        if self.hints_rarer_than > MOST_SEEN {
            let message = format!("hints_rarer_than is {}", self.hints_rarer_than);
            return Err(Error::config(
                message,
                format!("set it to {MOST_SEEN} or less: no model was trained with more"),
            ));
        }
        if !(0. ..=10.).contains(&self.length_penalty) {
            let message = format!("length_penalty is {}", self.length_penalty);
            return Err(Error::config(message, "set it to a number from 0 to 10"));
        }
        self.arithmetic().map(drop)
    }

    fn arithmetic(&self) -> Result<Arithmetic> {
        match self.precision {
            Precision::F32 => Ok(Arithmetic::F32),
            Precision::Int8 => Ok(Arithmetic::Int8),
            Precision::Bf16 | Precision::F16 => Err(Error::config(
                format!("the built-in translator cannot compute in {}", self.precision),
                "set precision to int8 or f32",
            )),
        }
    }
}

/// Memory for the keys and values of a segment grows with its beams.
const MOST_BEAMS: usize = 32;
/// In training, words that occur this often had no hints.
const MOST_SEEN: u32 = 250;
/// Pieces that the English may have more than twice those of the source.
const LIMIT_SPARE: usize = 20;

/// Translates with Gemma 3 by beam search; of the translations found for a segment, the best of those with the fewest
/// [flags](crate::translate::check) is taken, and of these one with as many of the terms and fixed expressions that the model was told as
/// can be had, so that a number or the name of an office is rather kept than lost. Addresses, codes and what else stays to the
/// letter never reach the model.
///
/// ```no_run
/// use intisari::translate::{GemmaTranslator, Translator, TranslatorFiles, TranslatorOptions};
/// use intisari::Progress;
///
/// let files = TranslatorFiles::new("gemma-3-270m-q4_k_m.gguf", "models/translator");
/// let translator = GemmaTranslator::load(&files, TranslatorOptions::default())?;
/// let english = translator.translate(&["Hujan turun sejak pagi."], Progress::none())?;
/// assert_eq!(english.len(), 1);
/// # Ok::<(), intisari::Error>(())
/// ```
#[derive(Debug)]
pub struct GemmaTranslator {
    model: Model,
    tokenizer: Tokenizer,
    tokenizer_path: PathBuf,
    prefix: Prefix,
    /// Whether each prompt starts the text, or follows the examples.
    adapted: bool,
    /// How the adapter was trained to be asked.
    trained: Trained,
    ends: Vec<u32>,
    /// Next pieces that the search looks at in each row.
    choices: usize,
    options: TranslatorOptions,
    reference: Option<ModelRef>,
    notes: Vec<String>,
}

impl GemmaTranslator {
    /// How results name the model; files that the caller chose have no name.
    pub fn with_reference(mut self, reference: ModelRef) -> Self {
        self.reference = Some(reference);
        self
    }

    /// Reads the files, adds the adapter to the base weights and prepares them for `options.precision`.
    ///
    /// # Errors
    /// Where a file is missing, damaged, or does not fit the others; the message names file and field.
    pub fn load(files: &TranslatorFiles, options: TranslatorOptions) -> Result<Self> {
        options.validate()?;
        let arithmetic = options.arithmetic()?;
        let tokenizer_path = files.vocabulary.join("tokenizer.json");
        let kept = kept_ids(&files.vocabulary.join("kept_ids.json"));
        let adapted = files.adapter.is_some();
        let trained = files.adapter.as_deref().map(Trained::read).transpose()?.unwrap_or_default();
        // Each takes a while and needs nothing of the other.
        let (tokenizer, model) = thread::scope(|scope| {
            scope.spawn(prepare_lists);
            let tokenizer = scope.spawn(|| tokenizer(&tokenizer_path));
            let model = kept.map(|kept| {
                let source = Source { base: &files.base, kept: &kept, adapter: files.adapter.as_deref() };
                (kept.len(), Model::open(source, arithmetic, files.cache.as_deref()))
            });
            let tokenizer = tokenizer
                .join()
                .unwrap_or_else(|_| Err(invalid(&tokenizer_path, "reading it ended early".to_owned())));
            (tokenizer, model)
        });
        let tokenizer = tokenizer?;
        let (kept, model) = model?;
        let pieces = tokenizer.get_vocab_size(true);
        if pieces != kept {
            let message = format!("it has {pieces} pieces, kept_ids.json has {kept}");
            return Err(invalid(&tokenizer_path, message));
        }
        let (model, unwritten) = model?;
        let ends = ["\n", "<eos>"].map(|end| {
            let message = format!("the piece {end:?} is missing");
            tokenizer.token_to_id(end).ok_or_else(|| invalid(&tokenizer_path, message))
        });
        let ends = ends.into_iter().collect::<Result<Vec<u32>>>()?;
        // Each end may take the place of a piece that goes on. Greedy search needs no second piece, but with one alone no
        // probabilities are told.
        let choices = if options.beams == 1 { 2 } else { options.beams + ends.len() };
        if choices > kept {
            let message = format!("beams is {}, the vocabulary has {kept} pieces", options.beams);
            let most = kept.saturating_sub(ends.len()).max(1);
            return Err(Error::config(message, format!("set it to {most} or less")));
        }
        let start = if adapted {
            Vec::new()
        } else {
            encode(&tokenizer, &tokenizer_path, &prompt::examples(), true)?
        };
        let prefix = Prefix::new(&model, &start)?;
        Ok(GemmaTranslator {
            model,
            tokenizer,
            tokenizer_path,
            prefix,
            adapted,
            trained,
            ends,
            choices,
            options,
            reference: None,
            notes: unwritten.into_iter().map(|error| unkept(&error)).collect(),
        })
    }

    /// What the model is asked for a text, and what its English ought to have of what the model is told: terms and fixed expressions.
    fn request(&self, job: &Job<'_>) -> Result<(Request, Vec<Wanted>)> {
        let encoded = |text: &str| encode(&self.tokenizer, &self.tokenizer_path, text, self.adapted);
        let plain = encoded(&prompt::prompt(job.text, &[], &[]))?;
        // The prompt's own pieces are few; counting them in spares a second encoding.
        let limit = 2 * plain.len() + LIMIT_SPARE;
        let (terms, words) = self.hints(job);
        if terms.is_empty() && words.is_empty() {
            return Ok((Request { limit, prompt: plain }, Vec::new()));
        }
        let prompt = encoded(&prompt::prompt(job.text, &terms, &words))?;
        let terms = terms.into_iter().map(|term| vec![term.target]);
        let expressions = words.into_iter().filter(hints::Hint::is_expression);
        let expressions = expressions.map(|hint| hint.senses.into_iter().map(str::to_owned).collect());
        Ok((Request { limit, prompt }, terms.chain(expressions).collect()))
    }

    /// Terms and words beside a text, if the model was trained with them. A word of a user's term needs no senses.
    fn hints(&self, job: &Job<'_>) -> (Vec<Term>, Vec<hints::Hint>) {
        if !self.trained.hints {
            return (Vec::new(), Vec::new());
        }
        let mut terms = job.glossary.map(|glossary| glossary.find(job.text)).unwrap_or_default();
        let taken: Vec<String> = terms
            .iter()
            .flat_map(|term| term.source.split_whitespace())
            .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase())
            .collect();
        let free = |form: &str| !form.split(' ').any(|word| taken.contains(&word.to_lowercase()));
        let rarer_than = self.options.hints_rarer_than;
        let mut words = hints::words(job.text, rarer_than);
        words.retain(|hint| free(&hint.form));
        // What the user calls a thing goes before what it is usually called.
        let names = hints::names(job.text, rarer_than);
        let own = |name: &Term| is_another(job.article, &name.source);
        terms.extend(names.into_iter().filter(|name| free(&name.source) && !own(name)));
        (terms, words)
    }

    /// For each request what was found, the best first; `done` hears how many are done.
    fn generate(
        &self,
        requests: &[Request],
        done: impl FnMut(usize) -> Result<()>,
    ) -> Result<Vec<Vec<Continuation>>> {
        let total = requests.len();
        let TranslatorOptions { beams, length_penalty, .. } = self.options;
        let requested = self.options.batch_segments.min(total.max(1));
        let choices = self.choices;
        let workers = Workers::of(threads(), team::MOST, requested, beams);
        let plan = Plan {
            ends: &self.ends,
            requests: requested.div_ceil(workers.count()),
            pieces: self.options.max_cache_bytes
                / workers.count()
                / self.model.config.bytes_per_token().max(1),
            beams,
            length_penalty,
        };
        let team = Team::new(Stage::Translate, workers.count());
        let hands = match workers {
            Workers::Apart(count) => (0..count).map(|_| Hands::Alone).collect(),
            Workers::Together(_) => team.members(),
        };
        let worker = |hands| {
            move |(requests, done): Share<'_>| {
                alone(Stage::Translate, || {
                    let mut session = Session::new(&self.model, &self.prefix, choices, hands);
                    let found = generate(&mut session, requests, plan, done)?;
                    session.help()?;
                    Ok(found)
                })
            }
        };
        spread(requests, hands.into_iter().map(worker).collect(), done)
    }

    fn decode(&self, continuation: &Continuation) -> Result<Translated> {
        let text = self.tokenizer.decode(&continuation.pieces, true);
        let text = text.map_err(|source| Error::Tokenizer { path: self.tokenizer_path.clone(), source })?;
        let text = one_line(&text);
        Ok(Translated::new(text, continuation.stop).with_likelihood(continuation.likelihood.clone()))
    }
}

impl Translator for GemmaTranslator {
    fn translate(&self, segments: &[&str], progress: Progress<'_>) -> Result<Vec<Translated>> {
        let passages: Vec<Passage<'_>> = segments.iter().map(|segment| Passage::new(segment)).collect();
        self.translate_passages(&passages, progress)
    }

    fn translate_passages(
        &self,
        passages: &[Passage<'_>],
        progress: Progress<'_>,
    ) -> Result<Vec<Translated>> {
        let most = self.options.max_segment_bytes;
        let cut = |sentence: &str| Ok(pieces::cut(sentence, most).into_iter().map(str::to_owned).collect());
        let mut before = 0;
        reading::translate(passages, cut, |jobs| {
            let asked: Vec<(Request, Vec<Wanted>)> =
                jobs.iter().map(|job| self.request(job)).collect::<Result<_>>()?;
            let (requests, wanted): (Vec<_>, Vec<_>) = asked.into_iter().unzip();
            let total = before + requests.len();
            let found =
                self.generate(&requests, |done| progress.report(Stage::Translate, before + done, total))?;
            before = total;
            found
                .iter()
                .zip(&wanted)
                .map(|(found, wanted)| {
                    let found: Vec<Translated> =
                        found.iter().map(|one| self.decode(one)).collect::<Result<_>>()?;
                    Ok(with_wanted_first(found, wanted))
                })
                .collect()
        })
    }

    fn model(&self) -> Option<ModelRef> {
        self.reference.clone()
    }

    fn notes(&self) -> Vec<String> {
        self.notes.clone()
    }

    fn options(&self) -> serde_json::Value {
        // What a model without hints was asked for changed nothing.
        let hints_rarer_than = if self.trained.hints { self.options.hints_rarer_than } else { 0 };
        as_json(&TranslatorOptions { hints_rarer_than, ..self.options.clone() })
    }
}

/// Ways to say a thing, one of which ought to be there.
type Wanted = Vec<String>;

/// What was found, that with the most of what is wanted first; of as many the order stays.
fn with_wanted_first(mut found: Vec<Translated>, wanted: &[Wanted]) -> Vec<Translated> {
    if found.len() > 1 && !wanted.is_empty() {
        found.sort_by_cached_key(|english| {
            let english = check::English::new(&english.text);
            wanted.iter().filter(|ways| !ways.iter().any(|way| english.has_words_of(way))).count()
        });
    }
    found
}

/// Says that ready weights could not be kept.
fn unkept(error: &Error) -> String {
    format!(
        "weights that are ready could not be kept, so every start takes longer: {error}; \
         make room there, or name another folder by INTISARI_CACHE"
    )
}

/// Reads the lists and compiles the patterns that the first segment would wait for.
fn prepare_lists() {
    let english = Translated::new("Rain fell on Sunday.".to_owned(), Stop::End);
    check::check("Hujan turun hari Minggu.", &english, &[]);
    hints::words("Hujan turun hari Minggu.", MOST_SEEN);
    hints::names("Hujan turun di Bandung.", MOST_SEEN);
}

fn tokenizer(path: &Path) -> Result<Tokenizer> {
    if !path.exists() {
        let fix = "copy the folder of the translator again".to_owned();
        return Err(Error::ModelMissing { model: "translator".to_owned(), path: path.to_owned(), fix });
    }
    let mut tokenizer = tokenizer::read(path)?;
    // An article that writes `<eos>` means these five characters.
    tokenizer.set_encode_special_tokens(true);
    Ok(tokenizer)
}

fn encode(tokenizer: &Tokenizer, path: &Path, text: &str, starts: bool) -> Result<Vec<u32>> {
    let encoding = tokenizer.encode_fast(text, starts);
    let encoding = encoding.map_err(|source| Error::Tokenizer { path: path.to_owned(), source })?;
    Ok(encoding.get_ids().to_vec())
}

/// Reads ascending rows, each stored as the difference to the one before.
fn kept_ids(path: &Path) -> Result<Vec<u32>> {
    let text = std::fs::read_to_string(path).map_err(|error| Error::io(path, error))?;
    let steps: Vec<u32> = serde_json::from_str(&text).map_err(|error| invalid(path, error.to_string()))?;
    let mut row = 0u32;
    let mut kept = Vec::with_capacity(steps.len());
    for (place, step) in steps.into_iter().enumerate() {
        row = row.checked_add(step).filter(|_| step > 0 || place == 0).ok_or_else(|| {
            invalid(path, format!("entry {place} is {step}: rows must ascend and stay below 2^32"))
        })?;
        kept.push(row);
    }
    if kept.is_empty() {
        return Err(invalid(path, "it names no rows".to_owned()));
    }
    Ok(kept)
}

fn invalid(path: &Path, message: String) -> Error {
    let fix = "copy the folder of the translator again".to_owned();
    Error::ModelInvalid { path: path.to_owned(), message, fix }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_what_was_found_that_with_what_is_wanted_comes_first() {
        let wanted = |ways: &[&str]| -> Wanted { ways.iter().map(|&way| way.to_owned()).collect() };
        let found = ["The ship left.", "The ships of the port authority left.", "The ships left port."];
        let found = found.map(|text| Translated::new(text, Stop::End)).to_vec();
        let order = |wanted: &[Wanted]| -> Vec<String> {
            with_wanted_first(found.clone(), wanted).into_iter().map(|found| found.text).collect()
        };
        let texts: Vec<&str> = found.iter().map(|found| found.text.as_str()).collect();
        assert_eq!(order(&[]), texts);
        assert_eq!(order(&[wanted(&["ship"])]), texts);
        assert_eq!(order(&[wanted(&["quay", "port authority"])]), [texts[1], texts[0], texts[2]]);
        let both = [wanted(&["port"]), wanted(&["authority of ports"])];
        assert_eq!(order(&both), [texts[1], texts[2], texts[0]]);
    }

    #[test]
    fn reads_names_of_special_pieces_in_a_source_as_text() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/translator/tokenizer.json");
        let tokenizer = tokenizer(&path).unwrap();
        let text = "Tulis <eos> atau <bos> di sini.";
        let ids = encode(&tokenizer, &path, text, true).unwrap();
        let special = ["<bos>", "<eos>"].map(|name| tokenizer.token_to_id(name).unwrap());
        assert_eq!(ids.iter().filter(|id| special.contains(id)).count(), 1, "only the start: {ids:?}");
        assert_eq!(tokenizer.decode(&ids, true).unwrap(), text);
    }
}
