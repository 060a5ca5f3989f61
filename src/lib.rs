//! Digests Indonesian news articles: cleaned text, sentences, entities, an English translation and an English summary, every piece
//! tied to the article by byte spans.
//!
//! # A first digest
//!
//! A [`Pipeline`] is put together of stages. These need no models:
//!
//! ```
//! use intisari::{clean::RuleCleaner, ner::RuleRecognizer, sentence::RuleSplitter, summarize::Lead};
//! use intisari::{Article, Pipeline};
//!
//! let pipeline = Pipeline::builder()
//!     .cleaner(RuleCleaner::default())
//!     .splitter(RuleSplitter::default())
//!     .recognizer(RuleRecognizer)
//!     .summarizer(Lead::default())
//!     .build()?;
//!
//! let article = Article::new("a1", "Palangka Raya - Jembatan itu dibuka pada 14 Juli 2025.\nADVERTISEMENT\nWarga senang.");
//! let document = pipeline.run(&article)?;
//!
//! assert_eq!(document.cleaned_text(), "Jembatan itu dibuka pada 14 Juli 2025.\nWarga senang.");
//! assert_eq!(document.removed[1].rule, "advertisement");
//! assert_eq!(document.sentences.len(), 2);
//! let date = &document.entities[0];
//! assert_eq!(document.text(date.span), "14 Juli 2025");
//! assert_eq!(date.value.as_ref().unwrap().to_string(), "2025-07-14");
//! # Ok::<(), intisari::Error>(())
//! ```
//!
//! With the models that come with the crate (feature `native`; `cargo xtask setup` fetches them once). These are the five stages that `intisari
//! digest` runs with its default options; only its summary may be longer, of 160 words of the source in place of 120
//! ([`Budget::max_words`](summarize::Budget::max_words)):
//!
#![cfg_attr(feature = "native", doc = "```no_run")]
#![cfg_attr(not(feature = "native"), doc = "```ignore")]
//! use intisari::{clean::RuleCleaner, ner::EncoderRecognizer, sentence::RuleSplitter, store::Store};
//! use intisari::{summarize::Salience, translate::GemmaTranslator, Article, Pipeline};
//!
//! let store = Store::open()?;
//! let pipeline = Pipeline::builder()
//!     .cleaner(RuleCleaner::default())
//!     .splitter(RuleSplitter::default())
//!     .recognizer(EncoderRecognizer::built_in(&store)?)
//!     .translator(GemmaTranslator::built_in(&store, Default::default())?)
//!     .summarizer(Salience::default())
//!     .build()?;
//! let document = pipeline.run(&Article::new("a1", "Jakarta - Presiden tiba di Ambon, Senin (3/3/2025)."))?;
//! println!("{}", document.summary.unwrap().text);
//! # Ok::<(), intisari::Error>(())
//! ```
//!
//! # Stages
//!
//! | stage | trait | built in | published models |
//! | --- | --- | --- | --- |
//! | marks boilerplate | [`Cleaner`](clean::Cleaner) | [`RuleCleaner`](clean::RuleCleaner) | |
//! | finds sentences | [`SentenceSplitter`](sentence::SentenceSplitter) | [`RuleSplitter`](sentence::RuleSplitter) | |
//! | finds entities | [`EntityRecognizer`](ner::EntityRecognizer) | `ner::EncoderRecognizer`, [`RuleRecognizer`](ner::RuleRecognizer) | `ner::EncoderRecognizer` |
//! | puts into English | [`Translator`](translate::Translator) | `translate::GemmaTranslator` | `translate::Seq2SeqTranslator` |
//! | summarizes | [`Summarizer`](summarize::Summarizer) | [`Salience`](summarize::Salience), [`Lead`](summarize::Lead), [`Centrality`](summarize::Centrality) | `summarize::Seq2SeqSummarizer` |
//!
//! Each can be left out or be your own. A stage gets a slice of inputs and returns as many results in their order. The trait states its
//! rules; a pipeline checks every result against them, and one that breaks a rule is an [`Error::Contract`] which names the
//! stage, the rule and the article: the one that is to blame, or each of a batch where the stage breaks it in batches alone.
//!
//! ```
//! use intisari::{sentence::RuleSplitter, translate::{Stop, Translated, Translator}, Article, Pipeline, Progress, Result};
//!
//! /// Asks some other program for the English.
//! struct Elsewhere;
//!
//! impl Translator for Elsewhere {
//!     fn translate(&self, segments: &[&str], _progress: Progress<'_>) -> Result<Vec<Translated>> {
//!         Ok(segments.iter().map(|segment| Translated::new(segment.replace("Selamat pagi", "Good morning"), Stop::End)).collect())
//!     }
//! }
//!
//! let pipeline = Pipeline::builder().splitter(RuleSplitter::default()).translator(Elsewhere).build()?;
//! let document = pipeline.run(&Article::new("a1", "Selamat pagi."))?;
//! assert_eq!(document.translation[0].text, "Good morning.");
//! assert_eq!(document.provenance.stages[1].name, "Elsewhere");
//! # Ok::<(), intisari::Error>(())
//! ```
//!
//! What points to a stage is one: a reference, a `Box`, an [`Arc`](std::sync::Arc). So one that took long to load can serve several
//! pipelines: in an `Arc` where it is `Sync`, else, as the crate's models, in an `Arc` of a [`Mutex`](std::sync::Mutex), where they take turns.
//! The time spent waiting for another pipeline's turn counts against [`max_article_seconds`](pipeline::Options::max_article_seconds) and cannot
//! be stopped. A builder takes stages that borrow nothing (`'static`), so a reference to a local variable does not fit it; hand it an `Arc`.
//!
//! ```
//! use std::sync::{Arc, Mutex};
//!
//! use intisari::{ner::RuleRecognizer, sentence::RuleSplitter, summarize::Lead, Pipeline};
//!
//! let recognizer = Arc::new(Mutex::new(RuleRecognizer));
//! let names = Pipeline::builder().splitter(RuleSplitter::default()).recognizer(Arc::clone(&recognizer)).build()?;
//! let digests =
//!     Pipeline::builder().splitter(RuleSplitter::default()).recognizer(recognizer).summarizer(Lead::default()).build()?;
//! # Ok::<(), intisari::Error>(())
//! ```
//!
//! # Many articles
//!
//! [`Pipeline::run_batch`] and [`Pipeline::run_iter`] give one result per article, in order; a bad one fails alone, with an
//! [`Error::Article`] that holds its id. [`Pipeline::try_run_iter`] takes articles that may fail to be read. [`Progress`] hears how far
//! a batch is and can stop it. A pipeline is `Send` but not `Sync`: [`pipeline::Worker`] serves many threads from one.
//!
//! # What comes out
//!
//! A [`Document`] holds the article, unaltered, and what was found in it: all as [`Span`]s, half-open byte ranges.
//! [`document::OffsetTable`] turns them into characters or UTF-16 units, [`output`] writes JSON, CoNLL and an HTML page, and reads JSON Lines of
//! documents, those of the binary too. What is doubtful has
//! [flags](document::Flag): nothing is hidden, shortened or left out in silence. `docs/flags.md` in the repository says what each kind means, and which
//! point at likely errors.
//!
//! # Metrics
//!
//! [`eval`] has the usual figures, equal to those of their reference implementations, and readers for the usual files.
//!
//! # Features
//!
//! | feature | on by default | adds |
//! | --- | --- | --- |
//! | `native` | yes | the built-in models, in plain Rust: entities, translation |
//! | `cli` | yes | the binary `intisari` |
//! | `torch` | no | published models on libtorch, also on a GPU |
//! | `server` | no | `intisari serve`: the same over HTTP |
//! | `remote` | no | `store::remote`: fetching models from a hub. Without it the library opens no connection |
//!
//! `default-features = false` leaves cleaning, sentences, dates and quantities, metrics and outputs, which need no models.
//!
//! # More
//!
//! `examples/` has five programs to begin with: `digest`, `own_stage`, `serve_worker`, `score` and `evaluate`. `ARCHITECTURE.md` in the
//! repository tells how the crate is built, `CONTRIBUTING.md` how to add a rule, an output form, a command or a metric, `docs/models.md` which
//! published models are worth trying.
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod clean;
mod compute;
pub mod document;
mod error;
pub mod eval;
pub mod lang;
pub mod ner;
pub mod output;
mod part;
pub mod pipeline;
mod pointers;
mod progress;
pub mod reading;
pub mod sentence;
#[cfg_attr(not(feature = "torch"), allow(dead_code))]
mod seq2seq;
pub mod store;
pub mod summarize;
mod text;
pub mod translate;

#[cfg(feature = "torch")]
mod backend;
#[cfg(feature = "native")]
mod engine;
#[cfg(feature = "fuzz")]
#[doc(hidden)]
pub mod fuzz;
#[cfg(feature = "native")]
mod label_model;
#[cfg(feature = "native")]
mod language_model;
#[cfg(feature = "native")]
mod tokenizer;

#[cfg(feature = "native")]
pub use compute::set_threads;
pub use compute::{Device, Precision};
pub use document::{Article, Document, Span};
pub use error::{Error, Result};
pub use pipeline::Pipeline;
pub use progress::{Event, Progress, Stage};

/// The types of other crates that stand in signatures of this one: dates of articles, options of stages.
pub use {jiff, serde_json};

/// The code of the README compiles.
#[cfg(all(doctest, feature = "native"))]
#[doc = include_str!("../README.md")]
struct Readme;
