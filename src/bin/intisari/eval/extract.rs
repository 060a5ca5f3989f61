//! Summaries made of an article's own sentences.

use clap::ValueEnum;
use intisari::clean::{Cleaner, RuleCleaner};
use intisari::document::Sentence;
use intisari::eval::evaluation::ScoredModel;
use intisari::ner::{EntityRecognizer, SentencedText};
use intisari::sentence::{KeptText, RuleSplitter, SentenceSplitter};
use intisari::summarize::{Budget, Centrality, Draft, Lead, Salience, Summarizer, SummaryInput};
use intisari::{Progress, Result};

use super::models::{recognizer, Running};

/// How sentences are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Method {
    /// The first ones.
    Lead,
    /// Those that share most words with the rest.
    Centrality,
    /// Those that the built-in encoder scores highest.
    Salience,
}

/// Chooses sentences of cleaned articles; the encoder is loaded where the method needs it.
pub struct Extractor {
    method: Method,
    sentences: u16,
    summarizer: Box<dyn Summarizer>,
    recognizer: Option<Running<dyn EntityRecognizer + Send>>,
}

impl Extractor {
    pub fn new(method: Method, sentences: u16) -> Result<Self> {
        let budget = Budget { max_sentences: sentences.into(), max_words: usize::MAX, ..Budget::default() };
        Ok(Extractor {
            method,
            sentences,
            summarizer: match method {
                Method::Lead => Box::new(Lead { budget }),
                Method::Centrality => Box::new(Centrality { budget }),
                Method::Salience => Box::new(Salience { budget }),
            },
            recognizer: (method == Method::Salience).then(|| recognizer(None)).transpose()?,
        })
    }

    /// What the method is called in reports.
    pub fn name(&self) -> String {
        let method = match self.method {
            Method::Lead => "lead",
            Method::Centrality => "centrality",
            Method::Salience => "salience",
        };
        format!("{method}-{}", self.sentences)
    }

    /// The encoder that it runs.
    pub fn model(&self) -> Option<&ScoredModel> {
        self.recognizer.as_ref().map(|running| &running.files)
    }

    /// A summary for each text, a sentence a line.
    pub fn summaries(&self, texts: &[&str]) -> Result<Vec<String>> {
        let cleaned = RuleCleaner::default().clean(texts)?;
        let kept: Vec<KeptText<'_>> =
            texts.iter().zip(&cleaned).map(|(text, cleaned)| KeptText::new(text, &cleaned.kept)).collect();
        let sentences = RuleSplitter::default().split(&kept)?;
        let salience = self.salience(texts, &sentences)?;
        let inputs: Vec<SummaryInput<'_>> = texts
            .iter()
            .zip(&sentences)
            .zip(&salience)
            .map(|((text, sentences), salience)| {
                SummaryInput::new(text, sentences).with_salience(salience.as_deref())
            })
            .collect();
        let drafts = self.summarizer.summarize(&inputs, Progress::none())?;
        Ok(drafts.into_iter().zip(&inputs).map(|(draft, input)| written(draft, input)).collect())
    }

    /// The encoder's scores for the sentences of each text; none where the method needs none.
    fn salience(&self, texts: &[&str], sentences: &[Vec<Sentence>]) -> Result<Vec<Option<Vec<f32>>>> {
        let Some(recognizer) = &self.recognizer else {
            return Ok(vec![None; texts.len()]);
        };
        let texts: Vec<SentencedText<'_>> = texts
            .iter()
            .zip(sentences)
            .map(|(text, sentences)| SentencedText::new(text, sentences))
            .collect();
        let found = recognizer.model.recognize(&texts, Progress::none())?;
        Ok(found.into_iter().map(|recognition| recognition.salience).collect())
    }
}

fn written(draft: Draft, input: &SummaryInput<'_>) -> String {
    match draft {
        Draft::Abstract { text, .. } => text,
        Draft::Extract(chosen) => {
            let chosen = chosen.iter().filter_map(|at| input.sentences.get(*at));
            let lines = chosen.map(|sentence| {
                sentence.span.of(input.text).split_whitespace().collect::<Vec<_>>().join(" ")
            });
            lines.collect::<Vec<_>>().join("\n")
        }
    }
}
