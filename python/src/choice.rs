//! From keyword arguments to a pipeline: what `intisari digest` does with its options.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use intisari::clean::RuleCleaner;
use intisari::document::Label;
use intisari::ner::{EntityRecognizer, RecognizerOptions, RuleRecognizer, Scheme};
use intisari::pipeline::{Options, PipelineBuilder, TranslationScope};
use intisari::sentence::RuleSplitter;
use intisari::store::{is_non_commercial, Placement, Store, ENCODER, TRANSLATOR};
use intisari::summarize::{Budget, Centrality, Lead, Salience};
use intisari::translate::{Glossary, Translator};
use intisari::{Error, Pipeline, Precision, Result};

/// Which stages there are, and how they work.
pub struct Choice {
    pub models: Option<PathBuf>,
    pub clean: bool,
    pub split: bool,
    /// `model` or `rules`; nothing for no entities.
    pub entities: Option<String>,
    pub ner: Option<PathBuf>,
    pub ner_labels: BTreeMap<String, Option<String>>,
    pub ner_scheme: Option<String>,
    pub ner_threshold: Option<f32>,
    pub translate: bool,
    pub translator: Option<PathBuf>,
    pub beams: Option<usize>,
    pub hints_rarer_than: Option<u32>,
    pub max_cache_bytes: Option<usize>,
    /// By stage: `ner`, `translator`; under the empty name for both.
    pub precision: BTreeMap<String, String>,
    pub glossary: Option<Glossary>,
    pub source_dates: bool,
    pub fast: bool,
    /// `salience`, `centrality` or `lead`; nothing for no summary.
    pub summary: Option<String>,
    pub sentences: u16,
    pub repeat_names: bool,
    pub batch: usize,
    pub max_article_bytes: usize,
    pub max_article_seconds: Option<u32>,
}

/// A pipeline, and what its user should hear of.
pub struct Built {
    pub pipeline: Pipeline,
    pub warnings: Vec<String>,
}

impl Choice {
    /// Builds the pipeline; loads the models that it needs.
    pub fn build(self) -> Result<Built> {
        self.check()?;
        let mut warnings = Vec::new();
        let scope = if self.fast { TranslationScope::Summary } else { TranslationScope::All };
        let options = Options::default()
            .with_translate(scope)
            .with_english_dates(!self.source_dates)
            .with_repeat_names(self.repeat_names)
            .with_batch_articles(self.batch)
            .with_max_article_bytes(self.max_article_bytes)
            .with_max_article_seconds(self.max_article_seconds);
        // Before the models, which take a while.
        options.validate()?;
        let mut builder = Pipeline::builder().options(options);
        if self.clean {
            builder = builder.cleaner(RuleCleaner::default());
        }
        if self.split {
            builder = builder.splitter(RuleSplitter::default());
        }
        if let Some(summary) = &self.summary {
            builder = self.summarizer(builder, summary)?;
        }
        if let Some(glossary) = self.glossary.clone() {
            builder = builder.glossary(glossary);
        }
        builder = self.recognizer(builder, &mut warnings)?;
        if self.translate {
            let translator = self.store()?.translator(
                self.translator.as_deref().unwrap_or(TRANSLATOR.as_ref()),
                Placement {
                    precision: self.precision("translator")?,
                    beams: self.beams,
                    hints_rarer_than: self.hints_rarer_than,
                    max_cache_bytes: self.max_cache_bytes,
                    device: None,
                },
            )?;
            warnings.extend(translator.notes());
            warnings.extend(not_for_sale(translator.model()));
            builder = builder.translator(translator);
        }
        Ok(Built { pipeline: builder.build()?, warnings })
    }

    /// Says which option no stage would heed, before anything is loaded.
    fn check(&self) -> Result<()> {
        for (stage, precision) in &self.precision {
            if !["", "ner", "translator"].contains(&stage.as_str()) {
                let message = format!("`precision`: there is no stage `{stage}`");
                return Err(Error::config(message, "write ner or translator"));
            }
            precision.parse::<Precision>()?;
        }
        // Another word than these two is told as soon as stages are put together.
        let finds = !matches!(self.entities.as_deref(), None | Some("rules"));
        let entities = (finds, "leave it out, or set `entities` to True, which is the model");
        let english = (self.translate, "leave it out, or set `translate` to True");
        let models = (finds || self.translate, "leave it out; this pipeline runs no model");
        let options = [
            ("ner", self.ner.is_some(), entities),
            ("ner_labels", !self.ner_labels.is_empty(), entities),
            ("ner_scheme", self.ner_scheme.is_some(), entities),
            ("ner_threshold", self.ner_threshold.is_some(), entities),
            ("precision[\"ner\"]", self.precision.contains_key("ner"), entities),
            ("precision[\"translator\"]", self.precision.contains_key("translator"), english),
            ("precision", !self.precision.is_empty(), models),
            ("translator", self.translator.is_some(), english),
            ("beams", self.beams.is_some(), english),
            ("hints_rarer_than", self.hints_rarer_than.is_some(), english),
            ("max_cache_bytes", self.max_cache_bytes.is_some(), english),
            ("source_dates", self.source_dates, english),
        ];
        match options.into_iter().find(|(_, given, (heeded, _))| *given && !heeded) {
            Some((name, _, (_, fix))) => Err(Error::config(format!("no stage heeds `{name}`"), fix)),
            None => Ok(()),
        }
    }

    /// The folder that was named goes first, as one in `INTISARI_MODELS` does.
    fn store(&self) -> Result<Store> {
        let store = Store::open()?;
        match &self.models {
            None => Ok(store),
            Some(folder) if folder.is_dir() => {
                let others = store.folders().iter().cloned();
                Store::in_folders(std::iter::once(folder.clone()).chain(others))
            }
            Some(folder) => Err(Error::config(
                format!("`models`: there is no folder {}", folder.display()),
                "name the folder that holds the folders of the models",
            )),
        }
    }

    fn recognizer(&self, builder: PipelineBuilder, warnings: &mut Vec<String>) -> Result<PipelineBuilder> {
        let Some(entities) = &self.entities else { return Ok(builder) };
        match entities.as_str() {
            "rules" => Ok(builder.recognizer(RuleRecognizer)),
            "model" => {
                let model = self.ner.as_deref().unwrap_or(Path::new(ENCODER));
                let recognizer = self.store()?.recognizer_with(model, &self.recognizer_options()?)?;
                let unknown = recognizer.left_out().join(", ");
                if !unknown.is_empty() {
                    warnings.push(format!(
                        "names of the types {unknown} are left out; `ner_labels` says what they are"
                    ));
                }
                warnings.extend(not_for_sale(recognizer.model()));
                Ok(builder.recognizer(recognizer))
            }
            other => Err(Error::config(
                format!("`entities` is {other:?}"),
                "write True, False or \"rules\"; a model is named by `ner`",
            )),
        }
    }

    fn recognizer_options(&self) -> Result<RecognizerOptions> {
        let scheme = match self.ner_scheme.as_deref() {
            None => Scheme::Auto,
            Some("iob1") => Scheme::Iob1,
            Some("iob2") => Scheme::Iob2,
            Some("plain") => Scheme::Plain,
            Some(other) => {
                let message = format!("there is no scheme `{other}`");
                return Err(Error::config(message, "write iob1, iob2 or plain"));
            }
        };
        let label = |(name, label): (&String, &Option<String>)| {
            let label = label.as_deref().map(|label| {
                label.to_uppercase().parse::<Label>().map_err(|_| {
                    let known = Label::ALL.map(Label::as_str).join(", ");
                    let message = format!("`ner_labels`: there is no label `{label}`");
                    Error::config(message, format!("write {known} or None"))
                })
            });
            Ok((name.clone(), label.transpose()?))
        };
        if let Some(threshold) = self.ner_threshold.filter(|score| !(0.0..=1.0).contains(score)) {
            let message = format!("`ner_threshold` is {threshold}");
            return Err(Error::config(message, "write a score between 0 and 1"));
        }
        Ok(RecognizerOptions {
            precision: self.precision("ner")?,
            scheme,
            labels: self.ner_labels.iter().map(label).collect::<Result<_>>()?,
            threshold: self.ner_threshold,
            ..RecognizerOptions::default()
        })
    }

    fn precision(&self, stage: &str) -> Result<Option<Precision>> {
        let named = self.precision.get(stage).or_else(|| self.precision.get(""));
        named.map(|precision| precision.parse()).transpose()
    }

    fn summarizer(&self, builder: PipelineBuilder, name: &str) -> Result<PipelineBuilder> {
        if self.sentences == 0 {
            return Err(Error::config("`sentences` is 0", "set it to 1 or more, or `summary` to None"));
        }
        let budget = Budget {
            max_sentences: self.sentences.into(),
            max_words: 40 * usize::from(self.sentences),
            ..Budget::default()
        };
        match name {
            "salience" => Ok(builder.summarizer(Salience { budget })),
            "centrality" => Ok(builder.summarizer(Centrality { budget })),
            "lead" => Ok(builder.summarizer(Lead { budget })),
            other => Err(Error::config(
                format!("`summary` is {other:?}"),
                "write \"salience\", \"centrality\", \"lead\" or None",
            )),
        }
    }
}

fn not_for_sale(model: Option<intisari::document::ModelRef>) -> Option<String> {
    let model = model.filter(|model| is_non_commercial(&model.license))?;
    Some(format!("`{}` is for non-commercial use only: {}", model.id, model.license))
}
