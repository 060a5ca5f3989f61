//! What the pipeline promises, whatever the stages are.
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests fail as tests do

#[path = "../common/mod.rs"]
mod common;
mod progress;
mod stopping;
mod worker;

use std::cell::{Cell, RefCell};
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};

use common::{fakes, Shout, POISON};
use intisari::clean::RuleCleaner;
use intisari::document::{FlagKind, Unit};
use intisari::output;
use intisari::pipeline::{Options, TranslationScope, Worker};
use intisari::sentence::RuleSplitter;
use intisari::summarize::{Budget, Draft, Lead, Summarizer, SummaryInput};
use intisari::translate::{Glossary, Translated, Translator};
use intisari::{Article, Document, Error, Event, Pipeline, Progress, Result, Stage};

fn article(number: usize) -> Article {
    Article::new(
        format!("a{number}"),
        format!("Budi menanam {number} pohon jati di kebun. Siti menyiram semua pohon itu."),
    )
}

fn ids(results: &[Result<Document>]) -> Vec<String> {
    results
        .iter()
        .map(|result| match result {
            Ok(document) => document.article.id.clone(),
            Err(Error::Article { article, .. }) => format!("failed {article}"),
            Err(error) => panic!("{error}"),
        })
        .collect()
}

#[test]
fn one_bad_article_fails_alone() {
    let pipeline = fakes().build().unwrap();
    let articles = [article(0), Article::new("bad", format!("Ini {POISON} sekali.")), article(2)];
    let results = pipeline.run_batch(&articles);
    assert_eq!(ids(&results), ["a0", "failed bad", "a2"]);
    assert_eq!(results[0].as_ref().unwrap(), &pipeline.run(&articles[0]).unwrap());
}

#[test]
fn a_thousand_articles_with_one_broken_lose_only_that_one() {
    let options = Options::default().with_batch_articles(64);
    let pipeline = fakes().options(options).build().unwrap();
    let articles = (0..1000).map(|number| match number {
        500 => Article::new("a500", POISON),
        number => article(number),
    });
    let results: Vec<_> = pipeline.run_iter(articles).collect();
    let expected: Vec<String> = (0..1000)
        .map(|number| if number == 500 { "failed a500".into() } else { format!("a{number}") })
        .collect();
    assert_eq!(ids(&results), expected);
}

#[test]
fn a_stream_is_read_one_batch_at_a_time() {
    let options = Options::default().with_batch_articles(3);
    let pipeline = fakes().options(options).build().unwrap();
    let read = Cell::new(0);
    let mut stream = pipeline.run_iter((0..100).map(article).inspect(|_| read.set(read.get() + 1)));
    assert_eq!(read.get(), 0, "nothing is read before it is asked for");
    stream.next().unwrap().unwrap();
    assert_eq!(read.get(), 3);
    stream.by_ref().take(2).for_each(drop);
    assert_eq!(read.get(), 3, "the batch is used up first");
}

#[test]
fn a_reading_error_keeps_its_place_in_the_stream() {
    let pipeline = fakes().build().unwrap();
    let stream = [Ok(article(0)), Err(Error::unusable("a1", "unreadable")), Ok(article(2))];
    let results: Vec<_> = pipeline.try_run_iter(stream, Progress::none()).collect();
    assert!(results[0].is_ok() && results[2].is_ok());
    assert!(matches!(&results[1], Err(error) if error.article() == Some("a1")));
}

#[test]
fn the_summary_is_the_translation_of_chosen_sentences() {
    let summarizer = Lead { budget: Budget { max_sentences: 1, ..Budget::default() } };
    let pipeline = fakes().summarizer(summarizer).build().unwrap();
    let document = pipeline.run(&article(7)).unwrap();
    let summary = document.summary.unwrap();
    assert_eq!(
        (summary.text.as_str(), summary.language.as_str()),
        ("BUDI MENANAM 7 POHON JATI DI KEBUN.", "en")
    );
    assert_eq!(summary.sentences, [0]);
    assert_eq!(document.translation.len(), 2);
}

/// Shouting leaves Indonesian, which is flagged.
#[test]
fn a_flag_of_the_summary_has_the_span_of_its_sentence() {
    let text =
        "Budi dan warga <b>menanam</b> pohon jati di kebun. Siti dan ibu &amp; anak membeli beras di pasar.";
    let document = fakes().build().unwrap().run(&Article::new("a", text)).unwrap();
    document.validate().unwrap();
    let summary = document.summary.as_ref().unwrap();
    let mut spans: Vec<_> = summary.flags.iter().map(|flag| document.text(flag.span.unwrap())).collect();
    spans.dedup();
    let sentences = text.split_inclusive(". ").map(str::trim);
    assert_eq!(spans, sentences.collect::<Vec<_>>(), "{summary:?}");
    let read = Document::from_json(&output::json(&document, Unit::Bytes).to_string()).unwrap();
    assert_eq!(read, document);
}

#[test]
fn only_the_summary_is_translated_where_that_is_asked() {
    let summarizer = Lead { budget: Budget { max_sentences: 1, ..Budget::default() } };
    let options = Options::default().with_translate(TranslationScope::Summary);
    let pipeline = fakes().summarizer(summarizer).options(options).build().unwrap();
    let document = pipeline.run(&article(7)).unwrap();
    assert_eq!(document.translation.iter().map(|segment| segment.sentence).collect::<Vec<_>>(), [0]);
    assert_eq!(document.summary.unwrap().language, "en");
}

#[test]
fn without_a_translator_the_summary_stays_indonesian() {
    let pipeline = Pipeline::builder().splitter(common::AtStops).summarizer(Lead::default()).build().unwrap();
    let summary = pipeline.run(&article(7)).unwrap().summary.unwrap();
    assert_eq!(summary.language, "id");
    assert!(summary.text.starts_with("Budi menanam"));
}

#[test]
fn stages_that_do_not_fit_together_are_refused_with_advice() {
    let error = Pipeline::builder().summarizer(Lead::default()).build().unwrap_err().to_string();
    assert!(error.contains("add a splitter"), "{error}");
    let options = Options::default().with_batch_articles(0);
    let error = fakes().options(options).build().unwrap_err().to_string();
    assert!(error.contains("batch_articles"), "{error}");
}

#[test]
fn many_articles_go_through_in_batches_of_the_options() {
    let sizes = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&sizes);
    let counts = move |segments: &[&str], _: Progress<'_>| {
        heard.lock().unwrap().push(segments.len());
        Ok(())
    };
    let options = Options::default().with_batch_articles(2).with_max_article_bytes(200);
    let pipeline = fakes().translator(Does(counts)).options(options).build().unwrap();
    let long = Article::new("long", "x".repeat(201));
    let articles = [article(0), long, article(1), article(2), article(3), article(4)];
    let events = RefCell::new(Vec::new());
    let note = |event: Event| {
        events.borrow_mut().push(event);
        ControlFlow::Continue(())
    };
    let results = pipeline.run_batch_with(&articles, Progress::new(&note));
    assert_eq!(ids(&results), ["a0", "failed long", "a1", "a2", "a3", "a4"]);
    // Two sentences each; what is refused takes no place.
    assert_eq!(*sizes.lock().unwrap(), [4, 4, 2]);
    let begun =
        |stage| events.borrow().iter().filter(|event| event.stage == stage && event.done == 0).count();
    assert_eq!((begun(Stage::Sentences), begun(Stage::Check)), (3, 3), "stages begin in each batch");
}

/// Does with each batch what `does` does.
struct Does<F>(F);

impl<F: Fn(&[&str], Progress<'_>) -> Result<()>> Translator for Does<F> {
    fn translate(&self, segments: &[&str], progress: Progress<'_>) -> Result<Vec<Translated>> {
        (self.0)(segments, progress)?;
        Shout.translate(segments, Progress::none())
    }
}

#[test]
fn nobody_is_asked_about_nothing() {
    let wants_some = |segments: &[&str], _: Progress<'_>| match segments.is_empty() {
        true => Err(Error::stage("nothing to translate")),
        false => Ok(()),
    };
    let pipeline = fakes().translator(Does(wants_some)).build().unwrap();
    assert_eq!(pipeline.run(&Article::new("empty", "")).unwrap().flags[0].kind, FlagKind::Empty);
    let heard = Cell::new(0);
    let note = |_: Event| {
        heard.set(heard.get() + 1);
        ControlFlow::Continue(())
    };
    assert!(pipeline.run_batch_with(&[], Progress::new(&note)).is_empty());
    assert_eq!(pipeline.run_iter_with([], Progress::new(&note)).count(), 0);
    assert_eq!(heard.get(), 0);
}

/// Writes a summary in Indonesian from the second sentence.
struct Writes;

impl Summarizer for Writes {
    fn summarize(&self, inputs: &[SummaryInput<'_>], _: Progress<'_>) -> Result<Vec<Draft>> {
        let draft = |_| Draft::Abstract {
            text: "Siti menyiram pohon.".to_owned(),
            language: "id".to_owned(),
            sentences: vec![1],
            flags: Vec::new(),
        };
        Ok(inputs.iter().map(draft).collect())
    }
}

#[test]
fn a_written_summary_stays_as_it_is_and_its_sentences_are_translated() {
    let options = Options::default().with_translate(TranslationScope::Summary);
    let document = fakes().summarizer(Writes).options(options).build().unwrap().run(&article(7)).unwrap();
    assert_eq!(document.translation.iter().map(|segment| segment.sentence).collect::<Vec<_>>(), [1]);
    let summary = document.summary.unwrap();
    assert_eq!((summary.text.as_str(), summary.language.as_str()), ("Siti menyiram pohon.", "id"));
}

#[test]
fn what_holds_no_language_is_passed_over_and_flagged() {
    let picture = format!("data:image/png;base64,{}", "iVBORw0KGgo".repeat(900));
    let inside = format!("Kapal <img src=\"{picture}\"> tiba di Tenau.");
    let below = format!("Kapal tiba di Tenau.\n{picture}\nWarga senang.");
    for (text, sentences) in [(inside, 1), (below, 2)] {
        let pipeline = fakes().cleaner(RuleCleaner::default()).build().unwrap();
        let document = pipeline.run(&Article::new("a", text.as_str())).unwrap();
        assert_eq!(document.sentences.len(), sentences);
        let flag = document.flags.iter().find(|flag| flag.kind == FlagKind::PassedOver).unwrap();
        assert_eq!(flag.span.unwrap().of(&text), picture);
        assert!(flag.detail.starts_with("9922 bytes: data:image/png;base64,iV") && flag.detail.len() < 60);
        // No stage saw it.
        assert!(document.translation.iter().all(|segment| segment.text.len() < 200));
        let removed = document.removed.iter().any(|removed| removed.rule == "data");
        assert_eq!(removed, sentences == 2, "within a sentence it is part of it");
    }
}

#[test]
fn a_sentence_without_end_is_cut_and_flagged() {
    let text = "angin reda dan ombak tenang lalu ".repeat(400);
    let pipeline = fakes().splitter(RuleSplitter::default()).build().unwrap();
    let document = pipeline.run(&Article::new("a", text.as_str())).unwrap();
    assert!(document.sentences.len() > 2);
    assert!(document.sentences.iter().all(|sentence| sentence.span.len() <= 4_096));
    assert!(document.flags.iter().any(|flag| flag.kind == FlagKind::OverlongSentence && flag.span.is_some()));
}

#[test]
fn all_errors_of_articles_have_one_shape() {
    let pipeline = fakes().options(Options::default().with_max_article_bytes(40)).build().unwrap();
    let articles = [Article::new("long", "x".repeat(41)), Article::new("bad", POISON)];
    for (result, id) in pipeline.run_batch(&articles).into_iter().zip(["long", "bad"]) {
        let error = result.unwrap_err();
        assert!(matches!(&error, Error::Article { article, .. } if article == id), "{error:?}");
        assert_eq!(error.to_string().matches(id).count(), 1, "{error}");
        assert!(std::error::Error::source(&error).is_none(), "the message says all of it");
    }
}

#[test]
fn an_empty_article_is_a_document_with_a_flag() {
    let pipeline = fakes().build().unwrap();
    for text in ["", " \n\t", "\u{feff}"] {
        let document = pipeline.run(&Article::new("empty", text)).unwrap();
        if text.trim().is_empty() {
            assert_eq!(document.flags[0].kind, FlagKind::Empty, "{text:?}");
        }
        document.validate().unwrap();
    }
}

/// Takes minutes where what is done for a segment grows with the square of its length, or worse.
#[test]
fn a_segment_that_is_no_sentence_is_not_compared_with_its_english() {
    let pipeline = fakes().build().unwrap();
    for (words, flagged) in [(2_000, false), (30_000, true)] {
        let document = pipeline.run(&Article::new("long", "5 ton ".repeat(words))).unwrap();
        let kinds: Vec<FlagKind> = document.translation[0].flags.iter().map(|flag| flag.kind).collect();
        assert_eq!(kinds.contains(&FlagKind::OverlongSentence), flagged, "{words}");
    }
}

#[test]
fn terms_without_a_translator_are_refused() {
    let pipeline = Pipeline::builder().splitter(RuleSplitter::default()).build().unwrap();
    let glossary = Glossary::from_tsv("jembatan\tbridge\n").unwrap();
    let results = pipeline.run_batch_with_terms(&[article(1)], &glossary, Progress::none());
    let error = results[0].as_ref().unwrap_err();
    assert_eq!(error.article(), Some("a1"));
    assert!(matches!(error.cause(), Error::Config { .. }), "{error}");
    let none = pipeline.run_batch_with_terms(&[article(1)], &Glossary::default(), Progress::none());
    assert!(none[0].is_ok());
    let one = pipeline.run_with_terms(&article(1), &glossary, Progress::none()).unwrap_err();
    assert_eq!(one.to_string(), error.to_string());
    assert!(pipeline.run_with_terms(&article(1), &Glossary::default(), Progress::none()).is_ok());
}

#[test]
fn pipelines_move_between_threads() {
    fn is_send<T: Send>() {}
    fn is_shared<T: Send + Sync>() {}
    is_send::<Pipeline>();
    is_shared::<Worker>();
}
