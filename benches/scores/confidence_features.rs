//! Measures what the confidence in English segments is fitted on (`training/confidence/`), in two steps, so that a change of the
//! checks needs no model:
//!
//!     cargo run --release --example confidence_features -- translate ARTICLES.jsonl > records.jsonl
//!     cargo run --release --example confidence_features -- measure records.jsonl > features.jsonl
//!
//! Articles are `{"id", "text"}` a line, digested with the built-in models and default settings. A record is a segment, its English
//! and what the translator told of it. Features come with the flags and the confidence of the present weights.

#![allow(clippy::print_stdout)]

use std::fs;
use std::io::{BufWriter, Write};
use std::sync::{Arc, Mutex, PoisonError};

use intisari::clean::RuleCleaner;
use intisari::document::{Flag, FlagKind, Label};
use intisari::ner::EncoderRecognizer;
use intisari::sentence::RuleSplitter;
use intisari::store::Store;
use intisari::translate::{
    check, Evidence, GemmaTranslator, Likelihood, Passage, Stop, Translated, Translator,
};
use intisari::{Article, Pipeline, Progress};
use serde::{Deserialize, Serialize};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// A segment as the translator gave it.
#[derive(Serialize, Deserialize)]
struct Record {
    article: String,
    sentence: usize,
    source: String,
    english: String,
    names: Vec<(String, Label)>,
    likelihood: Option<Likelihood>,
    /// Whether the model ended by itself.
    ended: bool,
    flags: Vec<Flag>,
}

#[derive(Deserialize)]
struct Input {
    id: String,
    text: String,
}

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["translate", path] => translate(&fs::read_to_string(path)?),
        ["measure", path] => measure(&fs::read_to_string(path)?),
        _ => Err("usage: confidence_features translate ARTICLES.jsonl | measure RECORDS.jsonl".into()),
    }
}

/// What the translator read and wrote, in order.
type Heard = Arc<Mutex<Vec<(String, Translated)>>>;

/// Hands on to the built-in translator and keeps what it says.
struct Recording {
    translator: GemmaTranslator,
    heard: Heard,
}

impl Translator for Recording {
    fn translate(&self, segments: &[&str], progress: Progress<'_>) -> intisari::Result<Vec<Translated>> {
        let passages: Vec<Passage<'_>> = segments.iter().map(|segment| Passage::new(segment)).collect();
        self.translate_passages(&passages, progress)
    }

    fn translate_passages(
        &self,
        passages: &[Passage<'_>],
        progress: Progress<'_>,
    ) -> intisari::Result<Vec<Translated>> {
        let english = self.translator.translate_passages(passages, progress)?;
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.extend(passages.iter().map(|passage| passage.text.to_owned()).zip(english.clone()));
        Ok(english)
    }
}

fn translate(articles: &str) -> Outcome<()> {
    let store = Store::open()?;
    let heard = Heard::default();
    let translator = GemmaTranslator::built_in(&store, Default::default())?;
    let pipeline = Pipeline::builder()
        .cleaner(RuleCleaner::default())
        .splitter(RuleSplitter::default())
        .recognizer(EncoderRecognizer::built_in(&store)?)
        .translator(Recording { translator, heard: heard.clone() })
        .build()?;
    let mut out = std::io::stdout().lock();
    for line in articles.lines().filter(|line| !line.trim().is_empty()) {
        let Input { id, text } = serde_json::from_str(line)?;
        let document = pipeline.run(&Article::new(id, text))?;
        let heard = std::mem::take(&mut *heard.lock().unwrap_or_else(PoisonError::into_inner));
        for (segment, (source, english)) in document.translation.iter().zip(heard) {
            let names = document.entities.iter().filter(|entity| entity.sentence == segment.sentence);
            let written = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            let record = Record {
                article: document.article.id.clone(),
                sentence: segment.sentence,
                source,
                english: segment.text.clone(),
                names: names.map(|entity| (written(document.text(entity.span)), entity.label)).collect(),
                likelihood: english.likelihood,
                ended: english.stop == Stop::End,
                flags: english.flags,
            };
            writeln!(out, "{}", serde_json::to_string(&record)?)?;
        }
    }
    Ok(())
}

fn measure(records: &str) -> Outcome<()> {
    let records: Vec<Record> = records.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    for article in records.chunk_by(|one, next| one.article == next.article) {
        let mut measured: Vec<(&Record, Vec<Flag>, Option<Evidence>)> = Vec::with_capacity(article.len());
        for record in article {
            let names: Vec<(&str, Label)> =
                record.names.iter().map(|(name, label)| (name.as_str(), *label)).collect();
            let stop = if record.ended { Stop::End } else { Stop::Limit };
            let mut english = Translated::new(record.english.clone(), stop);
            english.likelihood = record.likelihood.clone();
            english.flags.clone_from(&record.flags);
            let flags = check(&record.source, &english, &names);
            let evidence = Evidence::new(&record.source, &english, &names, &flags);
            measured.push((record, flags, evidence));
        }
        Evidence::share(measured.iter_mut().filter_map(|(.., evidence)| evidence.as_mut()));
        for (record, flags, evidence) in measured {
            let features = evidence.as_ref().map(|evidence| {
                let features = evidence.features().map(|(name, value)| (name.to_owned(), value.into()));
                features.collect::<serde_json::Map<String, serde_json::Value>>()
            });
            let flags: Vec<(FlagKind, &str)> =
                flags.iter().map(|flag| (flag.kind, flag.detail.as_str())).collect();
            let line = serde_json::json!({
                "article": record.article, "sentence": record.sentence, "source": record.source,
                "english": record.english, "flags": flags, "features": features,
                "confidence": evidence.as_ref().map(Evidence::confidence),
            });
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}
