//! What the pipeline promises, whatever the stages are.
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests fail as tests do

mod common;

use std::cell::Cell;
use std::ops::ControlFlow;

use common::{fakes, POISON};
use intisari::document::FlagKind;
use intisari::pipeline::{Options, Scope, Worker};
use intisari::summarize::{Budget, Lead};
use intisari::{Article, Document, Error, Pipeline, Progress, Result};

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
    let options = Options { batch_articles: 64, ..Options::default() };
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
    let options = Options { batch_articles: 3, ..Options::default() };
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
    let stream = [Ok(article(0)), Err(Error::input("a1", "unreadable")), Ok(article(2))];
    let results: Vec<_> = pipeline.try_run_iter(stream, Progress::none()).collect();
    assert!(results[0].is_ok() && results[2].is_ok());
    assert!(matches!(&results[1], Err(Error::Input { article, .. }) if article == "a1"));
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

#[test]
fn only_the_summary_is_translated_where_that_is_asked() {
    let summarizer = Lead { budget: Budget { max_sentences: 1, ..Budget::default() } };
    let options = Options { translate: Scope::Summary, ..Options::default() };
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
    let options = Options { batch_articles: 0, ..Options::default() };
    let error = fakes().options(options).build().unwrap_err().to_string();
    assert!(error.contains("batch_articles"), "{error}");
}

#[test]
fn the_callback_hears_of_every_stage_and_can_stop() {
    let pipeline = fakes().build().unwrap();
    let heard = Cell::new(0);
    let count = |_| {
        heard.set(heard.get() + 1);
        ControlFlow::Continue(())
    };
    pipeline.run_with(&article(1), Progress::new(&count)).unwrap();
    assert!(heard.get() >= 6, "{}", heard.get());
    let stop = |_| ControlFlow::Break(());
    assert!(matches!(pipeline.run_with(&article(1), Progress::new(&stop)), Err(Error::Cancelled { .. })));
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

#[test]
fn workers_serve_many_threads_from_one_pipeline() {
    let worker = Worker::spawn(|| fakes().build()).unwrap();
    let threads: Vec<_> = (0..8)
        .map(|number| {
            let worker = worker.clone();
            std::thread::spawn(move || worker.run(article(number)).unwrap().article.id)
        })
        .collect();
    let ids: Vec<String> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    assert_eq!(ids, (0..8).map(|number| format!("a{number}")).collect::<Vec<_>>());
}

#[test]
fn a_worker_says_why_its_pipeline_could_not_be_built() {
    let error = Worker::spawn(|| Pipeline::builder().summarizer(Lead::default()).build()).unwrap_err();
    assert!(error.to_string().contains("add a splitter"), "{error}");
}

#[test]
fn pipelines_move_between_threads() {
    fn is_send<T: Send>() {}
    fn is_shared<T: Send + Sync>() {}
    is_send::<Pipeline>();
    is_shared::<Worker>();
}
