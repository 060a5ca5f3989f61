//! Models that find the entities of a set.

use std::collections::BTreeSet;
use std::path::Path;

use intisari::clean::RuleCleaner;
use intisari::document::Sentence;
use intisari::eval::evaluation::{NerItem, ScoredModel};
use intisari::eval::LabeledSpan;
use intisari::ner::{EntityRecognizer, SentencedText};
use intisari::pipeline::Options;
use intisari::sentence::RuleSplitter;
use intisari::{Article, Pipeline, Progress, Result, Span};

use super::models::{run, Running};
use super::predicted::Predicted;
use super::saved::{predictions, Save, BATCH};

/// A model and how it reads the items of a set.
pub struct Finder {
    reads: Reads,
    pub name: String,
    pub files: ScoredModel,
}

enum Reads {
    /// Each item as a text of one sentence.
    Sentences(Box<dyn EntityRecognizer + Send>),
    /// As `intisari ner` does: splits articles, finds names, marks repeated ones.
    Articles(Pipeline),
}

impl Finder {
    /// Reads tagged sentences.
    pub fn of_sentences(running: Running<dyn EntityRecognizer + Send>) -> Self {
        let Running { model, name, files } = running;
        Finder { reads: Reads::Sentences(model), name, files }
    }

    /// Reads articles, cleaned before where that is asked for.
    pub fn of_articles(running: Running<dyn EntityRecognizer + Send>, clean: bool) -> Result<Self> {
        let Running { model, name, files } = running;
        // Batches grow and shrink where predictions are saved.
        let options = Options::default().with_batch_articles(BATCH);
        let mut builder =
            Pipeline::builder().options(options).splitter(RuleSplitter::default()).recognizer(model);
        if clean {
            builder = builder.cleaner(RuleCleaner::default());
        }
        // Whether boilerplate is read makes another system.
        let name =
            if clean { format!("{name} on cleaned text") } else { format!("{name} on the whole text") };
        Ok(Finder { reads: Reads::Articles(builder.build()?), name, files })
    }

    /// What is found in each item, of the types that the set has.
    pub fn find(&self, items: &[NerItem], save: Option<&Path>) -> Result<Vec<Predicted>> {
        let labels = labels(items);
        let all: Vec<&str> = labels.iter().copied().collect();
        let inputs: Vec<String> =
            [all.join(" ")].into_iter().chain(items.iter().map(|item| item.text.clone())).collect();
        let save = save.map(|path| Save { path, run: run(&inputs, &self.name, Some(&self.files)) });
        let lines = predictions(items, save.as_ref(), |batch| {
            let found = self.reads.find(batch)?.into_iter().zip(batch);
            let known = |(span, _): &(LabeledSpan, f64)| labels.contains(span.label.as_str());
            found.map(|(found, item)| Predicted::new(item, found.into_iter().filter(known))?.line()).collect()
        })?;
        lines.iter().map(|line| Predicted::from_line(line)).collect()
    }
}

impl Reads {
    /// What is found in the text of each item, in bytes, with its score.
    fn find(&self, items: &[NerItem]) -> Result<Vec<Vec<(LabeledSpan, f64)>>> {
        match self {
            Reads::Sentences(model) => {
                let sentences: Vec<[Sentence; 1]> =
                    items.iter().map(|item| [Sentence::new(Span::whole(&item.text), 0)]).collect();
                let texts: Vec<SentencedText<'_>> = items
                    .iter()
                    .zip(&sentences)
                    .map(|(item, sentences)| SentencedText::new(&item.text, sentences))
                    .collect();
                let found = model.recognize(&texts, Progress::none())?.into_iter();
                let pairs = found.map(|found| {
                    let mentions = found.mentions.iter();
                    mentions.map(|mention| (LabeledSpan::from(mention), mention.score.into())).collect()
                });
                Ok(pairs.collect())
            }
            Reads::Articles(pipeline) => {
                let articles: Vec<Article> =
                    items.iter().map(|item| Article::new(item.id.as_str(), item.text.as_str())).collect();
                let documents = pipeline.run_batch(&articles).into_iter();
                let pairs = documents.map(|document| {
                    let entities = document?.entities;
                    Ok(entities
                        .iter()
                        .map(|entity| (LabeledSpan::from(entity), entity.score.into()))
                        .collect())
                });
                pairs.collect()
            }
        }
    }
}

/// The types of entities that the items have.
pub fn labels(items: &[NerItem]) -> BTreeSet<&str> {
    items.iter().flat_map(|item| &item.gold).map(|span| span.label.as_str()).collect()
}
