//! From a command to the stages that it needs.

use std::process::ExitCode;

use intisari::clean::RuleCleaner;
use intisari::pipeline::{Builder, Options, Scope};
use intisari::sentence::RuleSplitter;
use intisari::summarize::{Budget, Salience};
use intisari::{Pipeline, Result};

use crate::args::StageArgs;
use crate::print::View;
use crate::run::{run, warn};

/// The stages of a command; cleaning is always there.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    sentences: bool,
    entities: bool,
    translation: bool,
    summary: Option<u16>,
    fast: bool,
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

    pub fn summary(sentences: u16) -> Self {
        Wanted::digest(sentences, true)
    }

    pub fn digest(sentences: u16, fast: bool) -> Self {
        Wanted { summary: Some(sentences), fast, ..Wanted::translation() }
    }
}

/// Builds the pipeline and runs it over the inputs.
pub fn with(args: &StageArgs, wanted: Wanted, view: View) -> ExitCode {
    match build(args, wanted) {
        Ok(pipeline) => run(&pipeline, args, view),
        Err(error) => {
            warn(&error.to_string());
            ExitCode::from(3)
        }
    }
}

fn build(args: &StageArgs, wanted: Wanted) -> Result<Pipeline> {
    let translate = if wanted.fast { Scope::Summary } else { Scope::All };
    let options = Options { translate, batch_articles: args.batch.into(), ..Options::default() };
    let mut builder = Pipeline::builder().cleaner(RuleCleaner::default()).options(options);
    if wanted.sentences {
        builder = builder.splitter(RuleSplitter::default());
    }
    builder = models(builder, args, wanted)?;
    if let Some(sentences) = wanted.summary {
        let budget = Budget {
            max_sentences: sentences.into(),
            max_words: 40 * usize::from(sentences),
            ..Budget::default()
        };
        builder = builder.summarizer(Salience { budget });
    }
    builder.build()
}

#[cfg(feature = "torch")]
fn models(mut builder: Builder, args: &StageArgs, wanted: Wanted) -> Result<Builder> {
    if let Some(threads) = args.threads {
        intisari::set_threads(threads.into());
    }
    let store = intisari::store::Store::open()?;
    if wanted.entities {
        builder = builder.recognizer(intisari::ner::TorchRecognizer::built_in(&store)?);
    }
    if wanted.translation {
        builder =
            builder.translator(intisari::translate::GemmaTranslator::built_in(&store, Default::default())?);
    }
    Ok(builder)
}

#[cfg(not(feature = "torch"))]
fn models(builder: Builder, _args: &StageArgs, wanted: Wanted) -> Result<Builder> {
    if wanted.translation || wanted.summary.is_some() {
        return Err(intisari::Error::Config {
            message: "this binary was built without models".to_owned(),
            fix: "build it with `--features torch`; `clean`, `split` and `ner` (dates and quantities) work without".to_owned(),
        });
    }
    if wanted.entities {
        return Ok(builder.recognizer(intisari::ner::RuleRecognizer));
    }
    Ok(builder)
}
