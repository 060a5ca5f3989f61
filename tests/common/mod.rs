//! Stages without models, for tests of what runs them.
#![allow(dead_code)] // each test file uses some of them
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stderr)] // helpers of tests fail and speak as tests do

pub mod example;
pub mod lines;
pub mod program;
pub mod web;

use intisari::document::{Label, Sentence, Span};
use intisari::ner::{EntityRecognizer, Mention, Recognition, SentencedText};
use intisari::pipeline::PipelineBuilder;
use intisari::sentence::{KeptText, SentenceSplitter};
use intisari::summarize::Lead;
use intisari::translate::{Stop, Translated, Translator};
use intisari::{Error, Pipeline, Progress, Result, Stage};

/// A word that makes the fake stages fail, alone or in a batch.
pub const POISON: &str = "RACUN";

/// Splits after each full stop.
pub struct AtStops;

impl SentenceSplitter for AtStops {
    fn split(&self, texts: &[KeptText<'_>]) -> Result<Vec<Vec<Sentence>>> {
        let split = |input: &KeptText<'_>| {
            let mut sentences = Vec::new();
            for kept in input.kept {
                let mut start = kept.start();
                for part in kept.of(input.text).split_inclusive('.') {
                    let span = Span::new(input.text, start, start + part.len()).unwrap().trimmed(input.text);
                    start += part.len();
                    if !span.is_empty() {
                        sentences.push(Sentence::new(span, 0));
                    }
                }
            }
            sentences
        };
        Ok(texts.iter().map(split).collect())
    }
}

/// Finds the first word of each sentence; fails on [`POISON`].
pub struct FirstWords;

impl EntityRecognizer for FirstWords {
    fn recognize(&self, texts: &[SentencedText<'_>], progress: Progress<'_>) -> Result<Vec<Recognition>> {
        if texts.iter().any(|input| input.text.contains(POISON)) {
            return Err(Error::Backend { stage: Stage::Entities, message: "poisoned".to_owned() });
        }
        let recognize = |input: &SentencedText<'_>| {
            let mention = |(index, sentence): (usize, &Sentence)| {
                let text = sentence.span.of(input.text);
                let end = sentence.span.start() + text.find([' ', '.']).unwrap_or(text.len());
                let span = Span::new(input.text, sentence.span.start(), end).unwrap();
                Mention::new(span, Label::Per, 0.5, index)
            };
            Recognition::new(input.sentences.iter().enumerate().map(mention).collect())
        };
        progress.report(Stage::Entities, texts.len(), texts.len())?;
        Ok(texts.iter().map(recognize).collect())
    }
}

/// "Translates" into upper case.
pub struct Shout;

impl Translator for Shout {
    fn translate(&self, segments: &[&str], progress: Progress<'_>) -> Result<Vec<Translated>> {
        progress.report(Stage::Translate, segments.len(), segments.len())?;
        Ok(segments.iter().map(|text| Translated::new(text.to_uppercase(), Stop::End)).collect())
    }
}

/// "Translates" into the same, without the blanks around it.
pub struct Copies;

impl Translator for Copies {
    fn translate(&self, segments: &[&str], _: Progress<'_>) -> Result<Vec<Translated>> {
        Ok(segments.iter().map(|text| Translated::new(text.trim(), Stop::End)).collect())
    }
}

/// A pipeline of the fakes, and how to change it.
pub fn fakes() -> PipelineBuilder {
    Pipeline::builder().splitter(AtStops).recognizer(FirstWords).translator(Shout).summarizer(Lead::default())
}
