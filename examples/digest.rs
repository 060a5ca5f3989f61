//! Digests articles: files in, summaries and entities out.
//!
//!     cargo run --no-default-features --features cli --example digest -- examples/articles/jembatan.txt
//!
//! So it needs no models, finds no names and translates nothing: rules alone choose and mark. With the built-in models, which
//! `cargo xtask setup` fetches:
//!
//!     cargo run --release --example digest -- examples/articles/jembatan.txt

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::process::ExitCode;

use intisari::{Article, Document, Error, Pipeline};

fn main() -> Result<ExitCode, Error> {
    let pipeline = pipeline()?;
    let paths: Vec<String> = std::env::args().skip(1).collect();
    // A file that cannot be read takes its place among the results, and the others go on.
    let articles = paths.iter().map(|path| {
        let bytes = std::fs::read(path).map_err(|error| Error::io(path, error).of_article(path))?;
        Article::from_utf8(path, &bytes).map_err(|error| Error::unusable(path, error.to_string()))
    });
    let mut failed = false;
    for result in pipeline.try_run_iter(articles, intisari::Progress::none()) {
        match result {
            Ok(document) => show(&document),
            Err(error) => {
                failed = true;
                eprintln!("{error}");
            }
        }
    }
    Ok(ExitCode::from(u8::from(failed)))
}

fn show(document: &Document) {
    println!("{}", document.article.id);
    if let Some(summary) = &document.summary {
        println!("  {}", summary.text);
    }
    for entity in &document.entities {
        // The text is the article's own: entities, like all else, are spans of it.
        let value = entity.value.as_ref().map_or_else(String::new, |value| format!(" = {value}"));
        println!("  {:<8}{}{value}", entity.label, document.text(entity.span));
    }
}

#[cfg(feature = "native")]
fn pipeline() -> Result<Pipeline, Error> {
    use intisari::ner::EncoderRecognizer;
    use intisari::translate::GemmaTranslator;

    let store = intisari::store::Store::open()?;
    Pipeline::builder()
        .cleaner(intisari::clean::RuleCleaner::default())
        .splitter(intisari::sentence::RuleSplitter::default())
        .recognizer(EncoderRecognizer::built_in(&store)?)
        .translator(GemmaTranslator::built_in(&store, Default::default())?)
        .summarizer(intisari::summarize::Salience::default())
        .build()
}

#[cfg(not(feature = "native"))]
fn pipeline() -> Result<Pipeline, Error> {
    Pipeline::builder()
        .cleaner(intisari::clean::RuleCleaner::default())
        .splitter(intisari::sentence::RuleSplitter::default())
        .recognizer(intisari::ner::RuleRecognizer)
        .summarizer(intisari::summarize::Lead::default())
        .build()
}
