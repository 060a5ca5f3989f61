//! What the pipeline promises, whatever the stages are.
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests fail as tests do

mod common;

use std::cell::{Cell, RefCell};
use std::ops::ControlFlow;
use std::sync::mpsc::{channel, Receiver, Sender};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use common::{fakes, Shout, POISON};
use intisari::clean::{Cleaned, Cleaner, RuleCleaner};
use intisari::document::{FlagKind, Sentence, Unit};
use intisari::output;
use intisari::pipeline::{Options, TranslationScope, Worker};
use intisari::sentence::{KeptText, RuleSplitter, SentenceSplitter};
use intisari::summarize::{Budget, Draft, Lead, Summarizer, SummaryInput};
use intisari::translate::{Glossary, Stop, Translated, Translator};
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
fn the_callback_hears_of_every_stage_in_its_order() {
    let pipeline = fakes().cleaner(RuleCleaner::default()).build().unwrap();
    let mut heard = Vec::new();
    let note = RefCell::new(|Event { stage, done, .. }| {
        if done == 0 {
            heard.push(stage);
        }
        ControlFlow::Continue(())
    });
    let document = pipeline.run_with(&article(1), Progress::from_mut(&note)).unwrap();
    assert_eq!(heard, pipeline.stages());
    assert_eq!(
        heard,
        [Stage::Clean, Stage::Sentences, Stage::Entities, Stage::Summarize, Stage::Translate, Stage::Check]
    );
    let recorded: Vec<Stage> = document.provenance.stages.iter().map(|record| record.stage).collect();
    assert_eq!(recorded, heard[..5]);
}

/// Stops when a stage begins for the `n`th time.
fn stop_at(n: usize) -> impl FnMut(Event) -> ControlFlow<()> {
    let mut begun = 0;
    move |event| {
        begun += usize::from(event.done == 0 && event.stage == Stage::Sentences);
        if begun == n {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }
}

#[test]
fn a_cancelled_article_is_named() {
    let pipeline = fakes().build().unwrap();
    let stop = |_| ControlFlow::Break(());
    let error = pipeline.run_with(&article(1), Progress::new(&stop)).unwrap_err();
    assert!(error.is_cancelled() && error.article() == Some("a1"), "{error}");
}

#[test]
fn after_a_cancel_an_endless_stream_ends() {
    let pipeline = fakes().options(Options::default().with_batch_articles(2)).build().unwrap();
    let (read, stop) = (Cell::new(0), RefCell::new(stop_at(3)));
    let endless = (0..).map(article).inspect(|_| read.set(read.get() + 1));
    let mut results = pipeline.run_iter_with(endless, Progress::from_mut(&stop));
    for number in 0..4 {
        assert_eq!(results.next().unwrap().unwrap().article.id, format!("a{number}"));
    }
    let error = results.next().unwrap().unwrap_err();
    assert!(error.is_cancelled() && error.article() == Some("a4"), "{error}");
    assert!(results.next().is_none() && results.next().is_none());
    assert_eq!(read.get(), 6, "nothing is read once the work is cancelled");
}

#[test]
fn a_batch_that_is_repeated_one_by_one_can_be_cancelled_once() {
    let pipeline = fakes().build().unwrap();
    let articles = [article(0), Article::new("bad", POISON), article(2), article(3)];
    // The whole batch, then the first article, then the second, at which the callback stops, once.
    let stop = RefCell::new(stop_at(3));
    let results = pipeline.run_batch_with(&articles, Progress::from_mut(&stop));
    assert_eq!(results[0].as_ref().unwrap().article.id, "a0");
    for (result, id) in results[1..].iter().zip(["bad", "a2", "a3"]) {
        let error = result.as_ref().unwrap_err();
        assert!(error.is_cancelled() && error.article() == Some(id), "{error}");
    }
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

#[test]
fn after_a_cancel_no_other_batch_is_begun() {
    let options = Options::default().with_batch_articles(2).with_max_article_bytes(200);
    let pipeline = fakes().options(options).build().unwrap();
    let begun = Cell::new(0);
    let stop = RefCell::new(stop_at(2));
    let both = |event: Event| {
        begun.set(begun.get() + usize::from(event.stage == Stage::Sentences && event.done == 0));
        stop.borrow_mut()(event)
    };
    let long = Article::new("long", "x".repeat(201));
    let articles = [article(0), article(1), article(2), article(3), long, article(5)];
    let results = pipeline.run_batch_with(&articles, Progress::new(&both));
    assert_eq!(ids(&results), ["a0", "a1", "failed a2", "failed a3", "failed long", "failed a5"]);
    let cancelled: Vec<bool> =
        results.iter().map(|result| result.as_ref().is_err_and(Error::is_cancelled)).collect();
    assert_eq!(cancelled, [false, false, true, true, false, true], "what is refused says why");
    assert_eq!(begun.get(), 2);
}

/// Works on every segment until somebody says that it is enough, where one asks for it.
struct Endless;

impl Translator for Endless {
    fn translate(&self, segments: &[&str], progress: Progress<'_>) -> Result<Vec<Translated>> {
        while segments.iter().any(|segment| segment.contains("tanpa akhir")) {
            progress.report(Stage::Translate, 0, segments.len())?;
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        Ok(segments.iter().map(|_| Translated::new("Done.", Stop::End)).collect())
    }
}

#[test]
fn an_article_that_takes_too_long_fails_alone() {
    let options = Options::default().with_max_article_seconds(Some(1));
    let stages = || Pipeline::builder().splitter(RuleSplitter::default()).translator(Endless);
    let pipeline = stages().options(options.clone()).build().unwrap();
    let articles = [article(0), Article::new("endless", "Ini tanpa akhir."), article(2)];
    let results = pipeline.run_batch(&articles);
    assert_eq!(ids(&results), ["a0", "failed endless", "a2"]);
    let error = results[1].as_ref().unwrap_err();
    assert!(matches!(error.cause(), Error::TimeLimit { stage: Stage::Translate, seconds: 1 }), "{error:?}");
    assert!(error.to_string().contains("max_article_seconds"), "{error}");
    // Whoever asks to stop is still told so.
    let stop = |_| ControlFlow::Break(());
    assert!(pipeline.run_with(&articles[0], Progress::new(&stop)).unwrap_err().is_cancelled());
    assert!(stages().options(options.with_max_article_seconds(Some(0))).build().is_err());
}

/// Needs longer to say its name than an article may take, as one that another pipeline has locked.
struct Held;

impl Cleaner for Held {
    fn clean(&self, texts: &[&str]) -> Result<Vec<Cleaned>> {
        RuleCleaner::default().clean(texts)
    }

    fn name(&self) -> String {
        std::thread::sleep(Duration::from_millis(1100));
        "Held".to_owned()
    }
}

#[test]
fn being_late_before_the_first_stage_begins_is_no_cancel() {
    let options = Options::default().with_batch_articles(2).with_max_article_seconds(Some(1));
    let pipeline = Pipeline::builder().cleaner(Held).options(options).build().unwrap();
    let results = pipeline.run_batch(&[article(0), article(1), article(2)]);
    for (number, result) in results.iter().enumerate() {
        let error = result.as_ref().unwrap_err();
        assert!(matches!(error.cause(), Error::TimeLimit { stage: Stage::Clean, .. }), "{number}: {error}");
    }
}

/// Passes over a request to stop, and goes on until the article is late.
struct Deaf;

impl Cleaner for Deaf {
    fn clean(&self, texts: &[&str]) -> Result<Vec<Cleaned>> {
        RuleCleaner::default().clean(texts)
    }

    fn clean_with(&self, texts: &[&str], progress: Progress<'_>) -> Result<Vec<Cleaned>> {
        let stopped = progress.report(Stage::Clean, 0, 1);
        std::thread::sleep(Duration::from_millis(1100));
        let late = progress.report(Stage::Clean, 0, 1);
        stopped.and(late)?;
        self.clean(texts)
    }
}

#[test]
fn who_asked_to_stop_is_told_so_however_late_the_stage_is() {
    let options = Options::default().with_max_article_seconds(Some(1));
    let pipeline = Pipeline::builder().cleaner(Deaf).options(options).build().unwrap();
    let heard = Cell::new(0);
    let stop = |_| {
        heard.set(heard.get() + 1);
        // At its beginning the stage is let go on.
        if heard.get() > 1 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    };
    let error = pipeline.run_with(&article(0), Progress::new(&stop)).unwrap_err();
    assert!(error.is_cancelled(), "{error}");
}

#[test]
fn in_batches_of_one_each_article_is_held_to_its_time() {
    // Longer than an article may take, shorter than three may together.
    let takes = |segments: &[&str], progress: Progress<'_>| {
        let steps = if segments.iter().any(|segment| segment.contains("lambat")) { 150 } else { 0 };
        (0..steps).try_for_each(|_| {
            std::thread::sleep(std::time::Duration::from_millis(10));
            progress.report(Stage::Translate, 0, segments.len())
        })
    };
    // The lists are made at their first use.
    fakes().build().unwrap().run(&article(0)).unwrap();
    let options = Options::default().with_batch_articles(1).with_max_article_seconds(Some(1));
    let pipeline = fakes().translator(Does(takes)).options(options).build().unwrap();
    let results = pipeline.run_batch(&[article(0), Article::new("slow", "Ini lambat."), article(2)]);
    assert_eq!(ids(&results), ["a0", "failed slow", "a2"]);
}

/// Cleans and splits, and works on one article for as long as nobody stops it.
struct Slow;

impl Slow {
    fn wait(stage: Stage, endless: bool, progress: Progress<'_>) -> Result<()> {
        if !endless {
            return Ok(());
        }
        loop {
            progress.report(stage, 0, 1)?;
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
    }
}

impl Cleaner for Slow {
    fn clean(&self, texts: &[&str]) -> Result<Vec<Cleaned>> {
        RuleCleaner::default().clean(texts)
    }

    fn clean_with(&self, texts: &[&str], progress: Progress<'_>) -> Result<Vec<Cleaned>> {
        Slow::wait(Stage::Clean, texts.iter().any(|text| text.contains("tanpa akhir")), progress)?;
        self.clean(texts)
    }
}

impl SentenceSplitter for Slow {
    fn split(&self, texts: &[KeptText<'_>]) -> Result<Vec<Vec<Sentence>>> {
        RuleSplitter::default().split(texts)
    }

    fn split_with(&self, texts: &[KeptText<'_>], progress: Progress<'_>) -> Result<Vec<Vec<Sentence>>> {
        Slow::wait(Stage::Sentences, texts.iter().any(|text| text.text.contains("tanpa akhir")), progress)?;
        self.split(texts)
    }
}

#[test]
fn cleaners_and_splitters_can_be_stopped_too() {
    // The patterns of the rules are made at their first use, which on a busy machine takes longer than an article may.
    Pipeline::builder().cleaner(Slow).splitter(Slow).build().unwrap().run(&article(0)).unwrap();
    let options = Options::default().with_max_article_seconds(Some(1));
    let builders = [
        (Stage::Clean, Pipeline::builder().cleaner(Slow)),
        (Stage::Clean, Pipeline::builder().cleaner(Box::new(Slow) as Box<dyn Cleaner + Send>)),
        (Stage::Sentences, Pipeline::builder().splitter(Slow)),
        (Stage::Sentences, Pipeline::builder().splitter(Box::new(Slow) as Box<dyn SentenceSplitter + Send>)),
    ];
    for (stage, builder) in builders {
        let pipeline = builder.options(options.clone()).build().unwrap();
        let articles = [article(0), Article::new("endless", "Ini tanpa akhir."), article(2)];
        let results = pipeline.run_batch(&articles);
        assert_eq!(ids(&results), ["a0", "failed endless", "a2"]);
        let error = results[1].as_ref().unwrap_err();
        let Error::TimeLimit { stage: found, .. } = error.cause() else { panic!("{error:?}") };
        assert_eq!(*found, stage);
    }
}

#[test]
fn the_built_in_rules_tell_of_each_text() {
    let pipeline = Pipeline::builder()
        .cleaner(RuleCleaner::default())
        .splitter(RuleSplitter::default())
        .build()
        .unwrap();
    let heard = RefCell::new(Vec::new());
    let note = |Event { stage, done, .. }| {
        heard.borrow_mut().push((stage, done));
        ControlFlow::Continue(())
    };
    pipeline.run_batch_with(&[article(0), article(1), article(2)], Progress::new(&note));
    for stage in [Stage::Clean, Stage::Sentences] {
        let mut done: Vec<usize> =
            heard.borrow().iter().filter(|(of, _)| *of == stage).map(|&(_, done)| done).collect();
        done.dedup();
        assert_eq!(done, [0, 1, 2, 3], "{stage}");
    }
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
fn a_stage_that_stops_unasked_costs_its_article_alone() {
    let gives_up =
        |segments: &[&str], _: Progress<'_>| match segments.iter().any(|text| text.contains("2 pohon")) {
            true => Err(Error::Cancelled { stage: Stage::Clean }),
            false => Ok(()),
        };
    let options = Options::default().with_batch_articles(2);
    let pipeline = fakes().translator(Does(gives_up)).options(options).build().unwrap();
    let results: Vec<Result<Document>> = pipeline.run_iter((0..5).map(article)).collect();
    assert_eq!(ids(&results), ["a0", "a1", "failed a2", "a3", "a4"]);
    let error = results[2].as_ref().unwrap_err();
    assert!(!error.is_cancelled() && error.to_string().contains("translation by"), "{error}");
    assert!(error.to_string().contains("return `Error::stage`"), "{error}");
}

#[test]
fn who_asked_to_stop_need_not_ask_again() {
    let passes_over = |_: &[&str], progress: Progress<'_>| {
        let _asked = progress.report(Stage::Translate, 1, 2);
        Ok(())
    };
    let pipeline = fakes().translator(Does(passes_over)).build().unwrap();
    let asked = Cell::new(false);
    // In the midst of the stage, where only the stage itself reports.
    let once = |event: Event| match (event.stage, event.done) == (Stage::Translate, 1) && !asked.replace(true)
    {
        true => ControlFlow::Break(()),
        false => ControlFlow::Continue(()),
    };
    let results = pipeline.run_batch_with(&[article(0), article(1)], Progress::new(&once));
    assert!(results.iter().all(|result| result.as_ref().is_err_and(Error::is_cancelled)), "{results:?}");

    // Nor where the stage makes an error of its own of it: the stream ends.
    let renames = |_: &[&str], progress: Progress<'_>| {
        progress.report(Stage::Translate, 1, 2).map_err(|_| Error::stage("the connection was closed"))
    };
    let options = Options::default().with_batch_articles(1);
    let pipeline = fakes().translator(Does(renames)).options(options).build().unwrap();
    asked.set(false);
    let results: Vec<Result<Document>> =
        pipeline.run_iter_with((0..5).map(article), Progress::new(&once)).collect();
    assert_eq!(ids(&results), ["failed a0"]);
    assert!(results[0].as_ref().is_err_and(Error::is_cancelled), "{results:?}");
}

#[test]
fn what_a_stage_reports_is_of_that_stage() {
    let mistaken = |_: &[&str], progress: Progress<'_>| progress.report(Stage::Clean, 14, 2);
    let pipeline = fakes().translator(Does(mistaken)).build().unwrap();
    let events = RefCell::new(Vec::new());
    let note = |event: Event| {
        events.borrow_mut().push(event);
        ControlFlow::Continue(())
    };
    pipeline.run_with(&article(0), Progress::new(&note)).unwrap();
    let events = events.into_inner();
    assert!(events.iter().all(|event| event.done <= event.total), "{events:?}");
    let translated = events.iter().filter(|event| event.stage == Stage::Translate);
    assert_eq!(translated.map(|event| event.done).collect::<Vec<_>>(), [0, 2]);
}

/// What a translator does about its progress.
type Reports = fn(&[&str], Progress<'_>) -> Result<()>;

#[test]
fn the_end_of_a_stage_is_told_once_whoever_tells_it() {
    // Reports nothing, to its end, and only to its middle.
    let reports: [Reports; 3] = [
        |_, _| Ok(()),
        |segments, progress| {
            (1..=segments.len()).try_for_each(|done| progress.report(Stage::Translate, done, segments.len()))
        },
        |segments, progress| progress.report(Stage::Translate, 1, segments.len()),
    ];
    for (reports, expected) in reports.into_iter().zip([&[0, 2][..], &[0, 1, 2], &[0, 1, 2]]) {
        let pipeline = fakes().cleaner(RuleCleaner::default()).translator(Does(reports)).build().unwrap();
        let events = RefCell::new(Vec::new());
        let note = |event: Event| {
            events.borrow_mut().push(event);
            ControlFlow::Continue(())
        };
        pipeline.run_with(&article(0), Progress::new(&note)).unwrap();
        let events = events.into_inner();
        for stage in pipeline.stages() {
            let ends = events.iter().filter(|event| event.stage == stage && event.done == event.total);
            assert_eq!(ends.count(), 1, "{stage}: {events:?}");
        }
        let translated = events.iter().filter(|event| event.stage == Stage::Translate);
        assert_eq!(translated.map(|event| event.done).collect::<Vec<_>>(), expected);
    }
}

#[test]
fn who_asks_to_stop_at_the_end_of_a_stage_hears_of_that_stage() {
    let passes_over = |segments: &[&str], progress: Progress<'_>| {
        let _asked = progress.report(Stage::Translate, segments.len(), segments.len());
        Ok(())
    };
    let pipeline = fakes().translator(Does(passes_over)).build().unwrap();
    let at_the_end = |event: Event| match event.stage == Stage::Translate && event.done == event.total {
        true => ControlFlow::Break(()),
        false => ControlFlow::Continue(()),
    };
    let error = pipeline.run_with(&article(0), Progress::new(&at_the_end)).unwrap_err();
    assert!(matches!(error.cause(), Error::Cancelled { stage: Stage::Translate }), "{error}");
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

/// Takes its time and tells nobody.
struct Silent;

impl Translator for Silent {
    fn translate(&self, segments: &[&str], _: Progress<'_>) -> Result<Vec<Translated>> {
        std::thread::sleep(std::time::Duration::from_millis(1100));
        Ok(segments.iter().map(|_| Translated::new("Done.", Stop::End)).collect())
    }
}

#[test]
fn the_stage_that_took_too_long_is_the_one_that_is_named() {
    let options = Options::default().with_max_article_seconds(Some(1));
    let stages = Pipeline::builder().splitter(RuleSplitter::default()).translator(Silent);
    let error = stages.options(options).build().unwrap().run(&article(0)).unwrap_err();
    assert!(matches!(error.cause(), Error::TimeLimit { stage: Stage::Translate, seconds: 1 }), "{error:?}");
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
    let error = Worker::spawn(|| panic!("no such folder")).unwrap_err();
    assert!(error.to_string().contains("panicked: no such folder"), "{error}");
}

/// A word at which [`Panics`] panics.
const PANIC: &str = "PANIK";

/// A word at which [`Panics`] says that it begins, and waits until it may.
const WAIT: &str = "TUNGGU";

/// Translates as [`Shout`], but for a text with [`PANIC`].
struct Panics {
    begins: Sender<()>,
    may: Receiver<()>,
}

impl Translator for Panics {
    fn translate(&self, segments: &[&str], progress: Progress<'_>) -> Result<Vec<Translated>> {
        if segments.iter().any(|text| text.contains(WAIT)) {
            self.begins.send(()).unwrap();
            self.may.recv().unwrap();
        }
        assert!(!segments.iter().any(|text| text.contains(PANIC)), "no room for {} texts", segments.len());
        Shout.translate(segments, progress)
    }
}

#[test]
fn a_stage_that_panics_ends_its_worker_and_is_told() {
    let ((begins, begun), (allow, may)) = (channel(), channel());
    let options = Options::default().with_batch_articles(2);
    let stages = move || fakes().options(options).translator(Panics { begins, may }).build();
    let worker = Worker::spawn(stages).unwrap();
    // While the first is being digested, the next two wait for their batch, and two more for the one behind it.
    let first = worker.submit(Article::new("first", format!("Kata {WAIT} itu.")));
    begun.recv().unwrap();
    let texts =
        [("beside", "Hujan turun."), ("bad", PANIC), ("waits", "Jalan licin."), ("last", "Hujan reda.")];
    let pending = texts.map(|(id, text)| (id, worker.submit(Article::new(id, text))));
    allow.send(()).unwrap();
    assert_eq!(first.wait().unwrap().translation[0].text, "KATA TUNGGU ITU.");
    let told = pending.map(|(id, pending)| (id, pending.wait()));
    let later = worker.run(Article::new("later", "Warga senang."));
    for (id, result) in told.into_iter().chain([("later", later)]) {
        let error = result.unwrap_err();
        assert_eq!(error.article(), Some(id));
        match error.cause() {
            Error::WorkerEnded { stage: Some(Stage::Translate), message } => {
                assert_eq!(message, "no room for 2 texts", "{id}");
            }
            other => panic!("{id}: {other:?}"),
        }
        let message = error.to_string();
        assert!(
            message.contains("panic during translation: no room") && message.contains("new worker"),
            "{message}"
        );
    }
}

#[test]
fn a_worker_begins_nothing_that_nobody_waits_for_and_says_when_it_is_full() {
    let ((begins, begun), (allow, may)) = (channel(), channel());
    let worker = Worker::spawn(move || fakes().translator(Panics { begins, may }).build()).unwrap();
    let first = worker.submit(Article::new("first", format!("Kata {WAIT} itu.")));
    begun.recv().unwrap();
    drop(worker.submit(Article::new("unwanted", PANIC)));
    let mut waiting = Vec::new();
    let refused = loop {
        match worker.try_submit(article(waiting.len())) {
            Ok(pending) => waiting.push(pending),
            Err(article) => break article,
        }
    };
    assert_eq!((refused.id, waiting.len()), ("a255".to_owned(), 255));
    let Err(first) = first.wait_timeout(Duration::from_millis(10)) else { panic!("it cannot be done yet") };
    allow.send(()).unwrap();
    assert_eq!(first.wait_timeout(Duration::from_secs(600)).unwrap().unwrap().article.id, "first");
    for (number, pending) in waiting.into_iter().enumerate() {
        assert_eq!(pending.wait().unwrap().article.id, format!("a{number}"));
    }
}

/// Works on a text with [`WAIT`] until it is asked to stop.
struct UntilStopped(Sender<()>);

impl Translator for UntilStopped {
    fn translate(&self, segments: &[&str], progress: Progress<'_>) -> Result<Vec<Translated>> {
        if segments.iter().any(|text| text.contains(WAIT)) {
            self.0.send(()).unwrap();
            loop {
                progress.report(Stage::Translate, 0, segments.len())?;
                std::thread::sleep(Duration::from_millis(1));
            }
        }
        Shout.translate(segments, progress)
    }
}

#[test]
fn a_worker_ends_what_nobody_waits_for_any_more() {
    let (begins, begun) = channel();
    let worker = Worker::spawn(move || fakes().translator(UntilStopped(begins)).build()).unwrap();
    let endless = worker.submit(Article::new("endless", format!("Kata {WAIT} itu.")));
    begun.recv().unwrap();
    drop(endless);
    let next = worker.submit(article(1)).wait_timeout(Duration::from_secs(120));
    assert_eq!(next.expect("it goes on to the next").unwrap().article.id, "a1");
}

#[test]
fn a_worker_that_is_stopped_ends_what_others_wait_for() {
    let (begins, begun) = channel();
    let options = Options::default().with_batch_articles(1);
    let stages = move || fakes().options(options).translator(UntilStopped(begins)).build();
    let worker = Worker::spawn(stages).unwrap();
    let endless = worker.submit(Article::new("endless", format!("Kata {WAIT} itu.")));
    begun.recv().unwrap();
    let waits = worker.submit(Article::new("waits", format!("Kata {WAIT} ini.")));
    worker.clone().stop();
    let later = worker.submit(article(1));
    for (pending, id, stage) in [
        (endless, "endless", Stage::Translate),
        (waits, "waits", Stage::Sentences),
        (later, "a1", Stage::Sentences),
    ] {
        let error = pending.wait_timeout(Duration::from_secs(120)).expect("it ends").unwrap_err();
        assert_eq!(error.article(), Some(id));
        assert!(matches!(error.cause(), Error::Cancelled { stage: of } if *of == stage), "{error}");
    }
    assert!(begun.try_recv().is_err(), "what waited was not begun");
}

#[test]
fn a_worker_that_is_dropped_finishes_what_somebody_waits_for() {
    let ((begins, begun), (allow, may)) = (channel(), channel());
    let worker = Worker::spawn(move || fakes().translator(Panics { begins, may }).build()).unwrap();
    let first = worker.submit(Article::new("first", format!("Kata {WAIT} itu.")));
    begun.recv().unwrap();
    let waits = worker.submit(article(1));
    drop(worker.submit(Article::new("unwanted", PANIC)));
    drop(worker);
    allow.send(()).unwrap();
    assert_eq!(first.wait().unwrap().article.id, "first");
    assert_eq!(waits.wait().unwrap().article.id, "a1");
    // The thread is gone, and the pipeline with it.
    assert!(begun.recv().is_err());
}

#[test]
fn a_worker_keeps_the_terms_of_articles_apart() {
    let ((begins, begun), (allow, may)) = (channel(), channel());
    let sizes = Arc::new(Mutex::new(Vec::new()));
    let counted = Arc::clone(&sizes);
    let stages = move || {
        let waits = Panics { begins, may };
        let counts = move |segments: &[&str], progress: Progress<'_>| {
            counted.lock().unwrap().push(segments.len());
            waits.translate(segments, progress).map(drop)
        };
        let own = Glossary::from_tsv("kebun\tgarden\n").unwrap();
        fakes().translator(Does(counts)).glossary(own).build()
    };
    let worker = Worker::spawn(stages).unwrap();
    let first = worker.submit(Article::new("first", format!("Kata {WAIT} itu.")));
    begun.recv().unwrap();
    let terms = |line: &str| Arc::new(Glossary::from_tsv(line).unwrap());
    let (teak, tree) = (terms("jati\tteak\n"), terms("pohon\ttree\n"));
    let pending = [
        worker.submit_with_terms(article(0), Arc::clone(&teak)),
        // Equal terms need not be the same ones.
        worker.submit_with_terms(article(1), terms("jati\tteak\n")),
        worker.submit(article(2)),
        worker.try_submit_with_terms(article(3), tree).unwrap(),
        worker.submit_with_terms(article(4), Arc::default()),
    ];
    allow.send(()).unwrap();
    first.wait().unwrap();
    for (number, (pending, target)) in
        pending.into_iter().zip([Some("teak"), Some("teak"), Some("garden"), Some("tree"), None]).enumerate()
    {
        let document = pending.wait().unwrap();
        assert_eq!(document.article.id, format!("a{number}"));
        let found = document.translation[0].terms.iter().map(|term| term.target.as_str());
        assert_eq!(found.collect::<Vec<_>>(), target.into_iter().collect::<Vec<_>>(), "{number}");
    }
    assert_eq!(*sizes.lock().unwrap(), [1, 4, 2, 2, 2]);
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
