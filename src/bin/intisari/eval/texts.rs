//! `intisari eval translation` and `intisari eval summary`.

use clap::{Args, ValueEnum};
use intisari::eval::evaluation::{
    evaluate_summaries, evaluate_translations, Evaluation, Setup, SummaryOptions, TextItem,
    TranslationOptions,
};
use intisari::eval::{Bleu, Rouge, Tokenizer};
use intisari::translate::Translator;
use intisari::{Progress, Result};

use super::common::Shared;
use super::extract::{Extractor, Method};
use super::models::{translator, ModelArgs};
use super::saved::{predictions, Save};
use super::text_sets::{load, Loaded, Names};

const FORMS: &str = "\
Sets and predictions are read by their names: .jsonl as JSON Lines and .tsv as a table with names in its first line, both with
the fields below; anything else as plain lines. Plain sets consist of several files, the source and then one or more
references: `intisari eval translation test.id test.en --predictions output.en`.";

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
#[command(after_help = FORMS)]
pub struct TranslationArgs {
    #[command(flatten)]
    pub shared: Shared,
    #[command(flatten)]
    model: ModelArgs,
    #[command(flatten)]
    fields: Fields,
    /// How BLEU cuts lines into tokens.
    #[arg(long, value_enum, default_value_t = TokenizerArg::V13a)]
    tokenizer: TokenizerArg,
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
    let options =
        TranslationOptions { bleu: Bleu { tokenizer, ..Bleu::default() }, ..TranslationOptions::default() };
    let mut loaded = load(&args.shared, &args.fields.names("source", "reference", "output"))?;
    args.model.check(loaded.len())?;
    if loaded.iter().any(|loaded| loaded.system.is_none()) {
        let model = translator(args.model.model.as_deref())?;
        for loaded in loaded.iter_mut().filter(|loaded| loaded.system.is_none()) {
            translate(loaded, model.as_ref(), &args.model)?;
        }
    }
    Ok(scored(&args.shared, loaded, |items, setup| evaluate_translations(items, &options, setup)))
}

/// Fills in what the model makes of the sources.
fn translate(loaded: &mut Loaded, model: &dyn Translator, args: &ModelArgs) -> Result<()> {
    let sources: Vec<String> =
        loaded.set.items.iter().map(|item| item.source.clone().unwrap_or_default()).collect();
    let reference = model.model();
    let run = args.run(&loaded.set.sha256, reference.as_ref());
    let save = args.save.as_deref().map(|path| Save { path, run });
    let outputs = predictions(&sources, save.as_ref(), |batch| {
        let segments: Vec<&str> = batch.iter().map(String::as_str).collect();
        let translated = model.translate(&segments, Progress::none())?;
        Ok(translated.into_iter().map(|english| english.text.replace('\n', " ")).collect())
    })?;
    for (item, output) in loaded.set.items.iter_mut().zip(outputs) {
        item.output = output;
    }
    loaded.system = Some(args.name(reference.as_ref()));
    Ok(())
}

pub fn run_summary(args: &SummaryArgs) -> Result<Vec<Evaluation>> {
    let options = SummaryOptions { rouge: Rouge { stem: args.stem } };
    let mut loaded = load(&args.shared, &args.fields.names("text", "summary", "summary"))?;
    let missing = loaded.iter().any(|loaded| loaded.system.is_none());
    let system = missing.then(|| Extractor::new(args.method, args.sentences)).transpose()?;
    let against = args.against_method.map(|method| Extractor::new(method, args.sentences)).transpose()?;
    for Loaded { set, system: name, against: other } in &mut loaded {
        if let Some(extractor) = system.as_ref().filter(|_| name.is_none()) {
            let outputs = extracts(extractor, &set.items)?;
            for (item, output) in set.items.iter_mut().zip(outputs) {
                item.output = output;
            }
            *name = Some(extractor.name());
        }
        if let Some(extractor) = &against {
            let outputs = extracts(extractor, &set.items)?;
            for (item, output) in set.items.iter_mut().zip(outputs) {
                item.against = Some(output);
            }
            *other = Some(extractor.name());
        }
    }
    Ok(scored(&args.shared, loaded, |items, setup| evaluate_summaries(items, &options, setup)))
}

/// The sentences that `extractor` chooses of each source.
fn extracts(extractor: &Extractor, items: &[TextItem]) -> Result<Vec<String>> {
    predictions(items, None, |batch| {
        let texts: Vec<&str> = batch.iter().map(|item| item.source.as_deref().unwrap_or_default()).collect();
        extractor.summaries(&texts)
    })
}

fn scored(
    shared: &Shared,
    loaded: Vec<Loaded>,
    evaluate: impl Fn(&[TextItem], &Setup) -> Evaluation,
) -> Vec<Evaluation> {
    let score = |Loaded { set, system, against }| {
        let setup = shared.setup(&set, system.unwrap_or_default(), against);
        evaluate(&set.items, &setup)
    };
    loaded.into_iter().map(score).collect()
}

impl Fields {
    fn names<'a>(&'a self, source: &'a str, reference: &'a str, output: &'a str) -> Names<'a> {
        Names {
            source: self.source_field.as_deref().unwrap_or(source),
            reference: self.reference_field.as_deref().unwrap_or(reference),
            output: self.output_field.as_deref().unwrap_or(output),
        }
    }
}
