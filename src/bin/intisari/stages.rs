//! From a command to the stages that it needs.

use std::io::{self, IsTerminal};
#[cfg(feature = "native")]
use std::path::Path;
use std::process::ExitCode;
#[cfg(feature = "native")]
use std::{
    panic::resume_unwind,
    thread::{self, ScopedJoinHandle},
};

use clap::ValueEnum;
#[cfg(feature = "native")]
use intisari::clean::Cleaner;
use intisari::clean::RuleCleaner;
#[cfg(feature = "native")]
use intisari::document::ModelRef;
use intisari::ner::{EntityRecognizer, RuleRecognizer};
use intisari::pipeline::{Options, PipelineBuilder, TranslationScope};
use intisari::sentence::RuleSplitter;
use intisari::store::Store;
#[cfg(not(feature = "native"))]
use intisari::store::Task;
#[cfg(feature = "native")]
use intisari::store::{is_non_commercial, Placement, ENCODER, TRANSLATOR};
use intisari::summarize::{Budget, Salience, Summarizer};
use intisari::translate::Translator;
use intisari::{Article, Pipeline, Result};

use crate::args::{EnglishArgs, OutputForm, StageArgs};
use crate::choice::{Part, SummaryModels};
use crate::exit;
use crate::feed::Feed;
use crate::output::{self, Out};
use crate::print::{Printer, View};
use crate::resume::{self, Earlier, Made, Records};
use crate::run::{run, warn, Target};

/// The stages of a command; cleaning is always there.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    sentences: bool,
    entities: bool,
    translation: bool,
    summary: Option<u16>,
    fast: bool,
    source_dates: bool,
}

impl Wanted {
    pub fn cleaning() -> Self {
        Wanted::default()
    }

    pub fn sentences() -> Self {
        Wanted { sentences: true, ..Wanted::default() }
    }

    pub fn entities() -> Self {
        Wanted { entities: true, ..Wanted::sentences() }
    }

    pub fn translation() -> Self {
        Wanted { translation: true, ..Wanted::entities() }
    }

    /// With dates and numbers as the source writes them.
    pub fn with_english(self, english: EnglishArgs) -> Self {
        Wanted { source_dates: english.source_dates, ..self }
    }

    pub fn has(self, part: Part) -> bool {
        match part {
            Part::Ner => self.entities,
            Part::Translator => self.translation,
            Part::Summarizer => self.summary.is_some(),
        }
    }

    pub fn summary(sentences: u16) -> Self {
        Wanted::digest(sentences, true)
    }

    pub fn digest(sentences: u16, fast: bool) -> Self {
        Wanted { summary: Some(sentences), fast, ..Wanted::translation() }
    }
}

/// As [`with`], for commands that have no models to choose.
pub fn without_models(args: &StageArgs, wanted: Wanted, view: View) -> ExitCode {
    with(args, &SummaryModels::default(), wanted, view)
}

/// Builds the pipeline and runs it over the inputs. Where there are none, nothing is built.
pub fn with(args: &StageArgs, models: &SummaryModels, wanted: Wanted, view: View) -> ExitCode {
    if let Err(message) = check(args, models, wanted).and_then(|()| check_form(args, view)) {
        warn(&message);
        return ExitCode::from(exit::USAGE);
    }
    let (target, records, made) = match target(args, view) {
        Ok(found) => found,
        Err(code) => return code,
    };
    let refused = |message: &str| {
        warn(message);
        ExitCode::from(exit::SETUP)
    };
    // What is there is compared although nothing may be left to do, or success would be said of other options.
    let pipeline = match made {
        None => None,
        Some(made) => match build(args, models, wanted).and_then(|pipeline| {
            let fits = made.fits(&pipeline.run(&Article::new("", ""))?, target.printer.unit);
            Ok((pipeline, fits))
        }) {
            Ok((pipeline, true)) => Some(pipeline),
            Ok((_, false)) => {
                return refused(
                    "the records of the file were made with other options, models or version; write to another file",
                )
            }
            Err(error) => return refused(&error.to_string()),
        },
    };
    let mut feed = Feed::start(&args.input, args.quiet, args.batch.into(), records);
    if feed.is_empty() {
        return target.nothing();
    }
    match pipeline.map_or_else(|| build(args, models, wanted), Ok) {
        Ok(pipeline) => run(&pipeline, args, feed, target),
        Err(error) => refused(&error.to_string()),
    }
}

/// Takes the stages that have models.
#[cfg_attr(not(feature = "torch"), allow(dead_code))]
pub trait Takes {
    fn recognizer(self, stage: impl EntityRecognizer + Send + 'static) -> Self;
    fn translator(self, stage: impl Translator + Send + 'static) -> Self;
    fn summarizer(self, stage: impl Summarizer + Send + 'static) -> Self;
}

impl Takes for PipelineBuilder {
    fn recognizer(self, stage: impl EntityRecognizer + Send + 'static) -> Self {
        PipelineBuilder::recognizer(self, stage)
    }

    fn translator(self, stage: impl Translator + Send + 'static) -> Self {
        PipelineBuilder::translator(self, stage)
    }

    fn summarizer(self, stage: impl Summarizer + Send + 'static) -> Self {
        PipelineBuilder::summarizer(self, stage)
    }
}

/// Room for a summary of so many sentences.
pub fn budget(sentences: u16) -> Budget {
    Budget { max_sentences: sentences.into(), max_words: 40 * usize::from(sentences), ..Budget::default() }
}

/// Says what does not fit together in the command line.
fn check(args: &StageArgs, models: &SummaryModels, wanted: Wanted) -> Result<(), String> {
    models.check(|part| wanted.has(part))?;
    if args.output.resume.is_some() && args.output.format.is_some_and(|form| form != OutputForm::Jsonl) {
        return Err(
            "--resume goes on with JSON Lines; leave --format out, or write --format jsonl".to_owned()
        );
    }
    Ok(())
}

/// Says which forms the command has where it has nothing for the one that was asked for.
fn check_form(args: &StageArgs, view: View) -> Result<(), String> {
    let Some(form) = args.output.format.filter(|&form| !view.fills(form)) else { return Ok(()) };
    let name = |form: &OutputForm| form.to_possible_value().map(|value| value.get_name().to_owned());
    let fitting: Vec<String> =
        OutputForm::value_variants().iter().filter(|&&form| view.fills(form)).filter_map(name).collect();
    Err(format!(
        "this command has nothing for --format {}; it prints {}",
        name(&form).unwrap_or_default(),
        fitting.join(", ")
    ))
}

/// Where results go, the records that are there, and how their documents were made; the exit code where results can go nowhere.
fn target(args: &StageArgs, view: View) -> Result<(Target, Records, Option<Made>), ExitCode> {
    let (out, records, made, on_terminal) = match &args.output.resume {
        Some(path) => {
            let earlier = resume::open(path).map_err(|message| {
                warn(&message);
                ExitCode::from(exit::SETUP)
            })?;
            let Earlier { file, records, made } = earlier;
            if let (false, Some(found)) = (args.quiet, records.told()) {
                warn(&format!("{}: {found}", path.display()));
            }
            (Out::file(path.display().to_string(), file), records, made, false)
        }
        None => {
            let out = Out::stdout().map_err(|error| output::failed("standard output", &error))?;
            (out, Records::default(), None, io::stdout().is_terminal())
        }
    };
    let form = if on_terminal { OutputForm::Text } else { OutputForm::Jsonl };
    let printer = Printer {
        form: args.output.format.unwrap_or(form),
        view,
        unit: args.output.offsets.into(),
        color: on_terminal && std::env::var_os("NO_COLOR").is_none(),
        on_terminal,
        headings: false,
        first: true,
        page: intisari::output::Page::new(),
    };
    Ok((Target { out, printer }, records, made))
}

fn build(args: &StageArgs, chosen: &SummaryModels, wanted: Wanted) -> Result<Pipeline> {
    let writes = chosen.summarizer.is_some();
    let translate = if wanted.fast && !writes { TranslationScope::Summary } else { TranslationScope::All };
    let options = Options::default()
        .with_translate(translate)
        .with_english_dates(!wanted.source_dates)
        .with_batch_articles(args.batch.into())
        .with_max_article_bytes(args.max_article_bytes as usize)
        .with_max_article_seconds(args.max_article_seconds);
    let mut builder = Pipeline::builder().cleaner(RuleCleaner::default()).options(options);
    if wanted.sentences {
        builder = builder.splitter(RuleSplitter::default());
    }
    // Before the models, which take a while.
    if let Some(glossary) = chosen.translation.glossary(args.quiet)? {
        builder = builder.glossary(glossary);
    }
    builder = models(builder, args.threads, args.quiet, chosen, wanted)?;
    if let Some(sentences) = wanted.summary.filter(|_| !writes) {
        builder = builder.summarizer(Salience { budget: budget(sentences) });
    }
    builder.build()
}

/// Loads what is wanted.
#[cfg(feature = "native")]
pub fn models<B: Takes>(
    mut builder: B,
    threads: Option<u16>,
    quiet: bool,
    chosen: &SummaryModels,
    wanted: Wanted,
) -> Result<B> {
    if let Some(threads) = threads {
        intisari::set_threads(threads.into());
    }
    let store = Store::open()?;
    let mut references = Vec::new();
    // Each takes a while and needs nothing of the other.
    let (recognizer, translator) = thread::scope(|scope| {
        // Rules that every article needs are compiled with the first.
        scope.spawn(|| RuleCleaner::default().clean(&["BANDUNG - Hujan turun sejak pagi. (tr)"]));
        let recognizer = (wanted.entities && !chosen.by_rules()).then(|| {
            let model = chosen.model(Part::Ner).unwrap_or(ENCODER.as_ref());
            let options = chosen.entities().recognizer(chosen.placement(Part::Ner));
            let store = &store;
            scope.spawn(move || store.recognizer_with(model, &options))
        });
        let translator = wanted.translation.then(|| {
            let model = chosen.model(Part::Translator).unwrap_or(TRANSLATOR.as_ref());
            store.translator(model, chosen.placement(Part::Translator))
        });
        let ended = |recognizer: ScopedJoinHandle<'_, _>| {
            recognizer.join().unwrap_or_else(|panic| resume_unwind(panic))
        };
        (recognizer.map(ended), translator)
    });
    if let Some(recognizer) = recognizer.transpose()? {
        let unknown = recognizer.left_out().join(", ");
        if !unknown.is_empty() && !quiet {
            warn(&format!(
                "names of the types {unknown} are left out; --ner-labels TYPE=LABEL,… says what they are"
            ));
        }
        references.extend(recognizer.model());
        builder = builder.recognizer(recognizer);
    } else if wanted.entities {
        builder = builder.recognizer(RuleRecognizer);
    }
    if let Some(translator) = translator.transpose()? {
        if !quiet {
            translator.notes().iter().for_each(|note| warn(note));
        }
        references.extend(translator.model());
        builder = builder.translator(translator);
    }
    if let Some(model) = chosen.model(Part::Summarizer) {
        let placement = chosen.placement(Part::Summarizer);
        builder = summarizer(builder, &store, model, placement, &mut references)?;
    }
    for reference in references.iter().filter(|reference| is_non_commercial(&reference.license)) {
        if !quiet {
            warn(&format!("`{}` is for non-commercial use only: {}", reference.id, reference.license));
        }
    }
    Ok(builder)
}

#[cfg(feature = "torch")]
fn summarizer<B: Takes>(
    builder: B,
    store: &Store,
    model: &Path,
    placement: Placement,
    references: &mut Vec<ModelRef>,
) -> Result<B> {
    let summarizer = store.summarizer(model, placement)?;
    references.extend(summarizer.model());
    Ok(builder.summarizer(summarizer))
}

#[cfg(all(feature = "native", not(feature = "torch")))]
fn summarizer<B: Takes>(_: B, store: &Store, model: &Path, _: Placement, _: &mut Vec<ModelRef>) -> Result<B> {
    store.find(model, intisari::store::Task::Summary)?;
    Err(intisari::Error::Config {
        message: "models that write summaries run on libtorch, and this build is without".to_owned(),
        fix: "build it with `--features torch`, or leave --summarizer out".to_owned(),
    })
}

/// Loads what is wanted.
#[cfg(not(feature = "native"))]
pub fn models<B: Takes>(
    builder: B,
    _threads: Option<u16>,
    _quiet: bool,
    chosen: &SummaryModels,
    wanted: Wanted,
) -> Result<B> {
    let store = Store::open()?;
    let tasks = [
        (Part::Ner, Task::Entities),
        (Part::Translator, Task::Translation),
        (Part::Summarizer, Task::Summary),
    ];
    for (part, task) in tasks {
        if let Some(model) = chosen.model(part) {
            store.find(model, task)?;
        }
    }
    let chose = chosen.model(Part::Ner).is_some() || chosen.parts().next().is_some();
    if wanted.translation || wanted.summary.is_some() || chose {
        return Err(intisari::Error::Config {
            message: "this binary was built without models".to_owned(),
            fix: "build it with `--features native`; `clean`, `split` and `ner` (dates and quantities) work without".to_owned(),
        });
    }
    if wanted.entities {
        return Ok(builder.recognizer(RuleRecognizer));
    }
    Ok(builder)
}
