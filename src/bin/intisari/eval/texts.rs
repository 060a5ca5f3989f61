//! `intisari eval translation` and `intisari eval summary`.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use intisari::eval::evaluation::{
    evaluate_summaries, evaluate_translations, Evaluation, Setup, SummaryOptions, TextItem,
    TranslationOptions,
};
use intisari::eval::formats::Form;
use intisari::eval::sets::TextReader;
use intisari::eval::{Bleu, Rouge, Smoothing, Tokenizer};
use intisari::translate::Translator;
use intisari::{Error, Progress, Result};
use serde_json::Value;

use super::common::Shared;
use super::extract::{Extractor, Method};
use super::models::{one_set, run, translator, untuned, ComputeArgs, ModelArgs, Running};
use super::saved::{predictions, Save};
use super::text_sets::{load, Loaded};

const FORMS: &str = "\
Sets and predictions are read by their form: JSON Lines or an array of objects, and tables (.csv, .tsv) with names in their first
line, both with the fields below; anything else as plain lines. Plain sets consist of several files, the source and then one or more
references: `intisari eval translation test.id test.en --predictions output.en`.";

const TRANSLATION_FORMS: &str = "\
Sets and predictions are read by their form:
  lines        several files, the source and then one or more references, which may also be named with --reference:
               `intisari eval translation test.id test.en --predictions output.en`
  JSON Lines   or an array of objects, with the fields below; an array of references is several references
  tables       .csv and .tsv with names in their first line; without --source-field and --reference-field also `indonesian`, `english` and
               such are known, and a note tells what was taken
  WMT's XML    with sources and references; outputs in it are predictions, --system says whose
  SGM          as lines: source set, reference sets; test sets are predictions
  TMX          units with Indonesian and English; several English texts are several references";

#[derive(Debug, Args)]
pub struct Fields {
    /// Field with the source.
    #[arg(long, value_name = "NAME")]
    source_field: Option<String>,
    /// Field with the reference.
    #[arg(long, value_name = "NAME")]
    reference_field: Option<String>,
    /// Field with the output, in files of predictions.
    #[arg(long, value_name = "NAME")]
    output_field: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = TRANSLATION_FORMS)]
pub struct TranslationArgs {
    #[command(flatten)]
    pub shared: Shared,
    #[command(flatten)]
    model: ModelArgs,
    #[command(flatten)]
    compute: ComputeArgs,
    #[command(flatten)]
    fields: Fields,
    /// A file of references in lines or SGM, beside those that follow the source; for several name it again.
    #[arg(long, value_name = "FILE")]
    pub reference: Vec<PathBuf>,
    /// Whose outputs are scored, where a file of predictions has those of several systems.
    #[arg(long, value_name = "NAME", requires = "predictions")]
    system: Option<String>,
    /// Compare with the base of the built-in model, shown example pairs instead of being trained, and
    /// greedy.
    #[arg(long, conflicts_with = "against")]
    against_untuned: bool,
    /// Write what the model makes that is compared with to this file as it comes, and go on from there; for one set.
    #[arg(long, value_name = "FILE")]
    save_against: Option<PathBuf>,
    /// How BLEU evens out counts of zero: `exp` halves them one after the other, `floor` and `add-k` add to them.
    #[arg(long, value_enum, default_value_t = SmoothArg::Exp)]
    smooth: SmoothArg,
    /// How BLEU cuts lines into tokens.
    #[arg(long, value_enum, default_value_t = TokenizerArg::V13a)]
    tokenizer: TokenizerArg,
}

impl TranslationArgs {
    /// Whether a file of lines is named without the one that belongs to it.
    pub fn is_half_a_set(&self) -> bool {
        let lines = |path: &PathBuf| matches!(Form::of(path), Ok(Form::Lines | Form::Sgm));
        self.reference.is_empty() && matches!(self.shared.data.as_slice(), [only] if lines(only))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum TokenizerArg {
    /// As mteval-v13a, the default of WMT.
    #[value(name = "13a")]
    V13a,
    /// Unicode punctuation apart.
    Intl,
    /// Every character a token.
    Char,
    /// The text is tokenized already.
    None,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SmoothArg {
    Exp,
    Floor,
    AddK,
    None,
}

#[derive(Debug, Args)]
#[command(after_help = FORMS)]
pub struct SummaryArgs {
    #[command(flatten)]
    pub shared: Shared,
    #[command(flatten)]
    fields: Fields,
    /// Compare English stems instead of words.
    #[arg(long)]
    stem: bool,
    /// How the summary is chosen where no predictions are given.
    #[arg(long, value_enum, default_value_t = Method::Salience, conflicts_with = "predictions")]
    method: Method,
    /// Write the summaries that are chosen to this file as they come, and go on from there after an interruption; for one set.
    #[arg(long, value_name = "FILE", conflicts_with = "predictions")]
    save: Option<PathBuf>,
    /// Compare with a summary that is chosen so.
    #[arg(long, value_enum, value_name = "METHOD", conflicts_with = "against")]
    against_method: Option<Method>,
    /// Sentences that are chosen.
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..))]
    sentences: u16,
}

pub fn run_translation(args: &TranslationArgs) -> Result<Vec<Evaluation>> {
    let tokenizer = match args.tokenizer {
        TokenizerArg::V13a => Tokenizer::V13a,
        TokenizerArg::Intl => Tokenizer::International,
        TokenizerArg::Char => Tokenizer::Characters,
        TokenizerArg::None => Tokenizer::None,
    };
    let smoothing = match args.smooth {
        SmoothArg::Exp => Smoothing::Exp,
        SmoothArg::Floor => Smoothing::Floor(0.1),
        SmoothArg::AddK => Smoothing::AddK(1.0),
        SmoothArg::None => Smoothing::None,
    };
    let options = TranslationOptions {
        bleu: Bleu { tokenizer, smoothing, ..Bleu::default() },
        ..TranslationOptions::default()
    };
    // A folder to compare with is a model, a file its output.
    let folder = args.shared.against.iter().find(|path| path.is_dir());
    let files = Shared { against: Vec::new(), ..args.shared.clone() };
    let shared = if folder.is_some() { &files } else { &args.shared };
    let reader = TextReader { system: args.system.clone(), ..TextReader::translations() };
    let mut loaded = load(shared, &args.reference, &args.fields.named(reader, shared))?;
    args.model.check(loaded.len())?;
    one_set("--save-against", args.save_against.as_deref(), loaded.len())?;
    if loaded.iter().any(|loaded| loaded.system.is_none()) {
        let running = translator(args.model.model.as_deref(), args.compute)?;
        for loaded in loaded.iter_mut().filter(|loaded| loaded.system.is_none()) {
            let outputs = translated(loaded, &running, args.model.save.as_deref())?;
            for (item, output) in loaded.set.items.iter_mut().zip(outputs) {
                item.output = output;
            }
            loaded.system = Some(running.name.clone());
            loaded.model = Some(running.files.clone());
        }
    }
    if folder.is_some() || args.against_untuned {
        let running = match folder {
            None => untuned()?,
            Some(folder) => translator(Some(folder), ComputeArgs::default())?,
        };
        for loaded in &mut loaded {
            let outputs = translated(loaded, &running, args.save_against.as_deref())?;
            for (item, output) in loaded.set.items.iter_mut().zip(outputs) {
                item.against = Some(output);
            }
            loaded.against = Some(running.name.clone());
        }
    }
    scored(&args.shared, loaded, |items, setup| evaluate_translations(items, &options, setup))
}

/// What the model makes of the sources.
fn translated(
    loaded: &Loaded,
    running: &Running<dyn Translator>,
    save: Option<&Path>,
) -> Result<Vec<String>> {
    let sources: Vec<String> =
        loaded.set.items.iter().map(|item| item.source.clone().unwrap_or_default()).collect();
    let save = save.map(|path| Save { path, run: running.run(&sources) });
    predictions(&sources, save.as_ref(), |batch| {
        let segments: Vec<&str> = batch.iter().map(String::as_str).collect();
        let translated = running.model.translate(&segments, Progress::none())?;
        Ok(translated.into_iter().map(|english| english.text.replace('\n', " ")).collect())
    })
}

pub fn run_summary(args: &SummaryArgs) -> Result<Vec<Evaluation>> {
    let options = SummaryOptions { rouge: Rouge { stem: args.stem } };
    let reader = args.fields.named(TextReader::summaries(), &args.shared);
    let mut loaded = load(&args.shared, &[], &reader)?;
    one_set("--save", args.save.as_deref(), loaded.len())?;
    let missing = loaded.iter().any(|loaded| loaded.system.is_none());
    let system = missing.then(|| Extractor::new(args.method, args.sentences)).transpose()?;
    let against = args.against_method.map(|method| Extractor::new(method, args.sentences)).transpose()?;
    for Loaded { set, system: name, model, against: other } in &mut loaded {
        if let Some(extractor) = system.as_ref().filter(|_| name.is_none()) {
            let outputs = extracts(extractor, &set.items, args.save.as_deref())?;
            for (item, output) in set.items.iter_mut().zip(outputs) {
                item.output = output;
            }
            *name = Some(extractor.name());
            *model = extractor.model().cloned();
        }
        if let Some(extractor) = &against {
            let outputs = extracts(extractor, &set.items, None)?;
            for (item, output) in set.items.iter_mut().zip(outputs) {
                item.against = Some(output);
            }
            *other = Some(extractor.name());
        }
    }
    scored(&args.shared, loaded, |items, setup| evaluate_summaries(items, &options, setup))
}

/// The sentences that `extractor` chooses of each source.
fn extracts(extractor: &Extractor, items: &[TextItem], save: Option<&Path>) -> Result<Vec<String>> {
    let sources: Vec<&str> = items.iter().map(|item| item.source.as_deref().unwrap_or_default()).collect();
    let save = save.map(|path| Save { path, run: run(&sources, &extractor.name(), extractor.model()) });
    let line = |summary: &str| serde_json::json!({ "summary": summary }).to_string();
    let lines = predictions(&sources, save.as_ref(), |batch| {
        Ok(extractor.summaries(batch)?.iter().map(|summary| line(summary)).collect())
    })?;
    let summary = |line: &String| {
        let read: Option<Value> = serde_json::from_str(line).ok();
        let summary = read.and_then(|read| Some(read.get("summary")?.as_str()?.to_owned()));
        summary.ok_or_else(|| {
            Error::config("a line of the saved summaries is no JSON", "delete the file and run again")
        })
    };
    lines.iter().map(summary).collect()
}

fn scored(
    shared: &Shared,
    loaded: Vec<Loaded>,
    evaluate: impl Fn(&[TextItem], &Setup) -> Result<Evaluation>,
) -> Result<Vec<Evaluation>> {
    let score = |Loaded { set, system, model, against }| {
        let setup = Setup { model, ..shared.setup(&set, system.unwrap_or_default(), against) };
        evaluate(&set.items, &setup)
    };
    loaded.into_iter().map(score).collect()
}

impl Fields {
    /// `reader` with the names that were chosen.
    fn named(&self, reader: TextReader, shared: &Shared) -> TextReader {
        let named = |name: &Option<String>, usual| name.clone().map_or(usual, |name| vec![name]);
        TextReader {
            source: named(&self.source_field, reader.source),
            reference: named(&self.reference_field, reader.reference),
            output: named(&self.output_field, reader.output),
            on_bad: shared.on_bad(),
            ..reader
        }
    }
}
