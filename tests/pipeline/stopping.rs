//! How work ends before it is done: somebody asks for it, or an article takes too long.

use std::cell::{Cell, RefCell};
use std::ops::ControlFlow;
use std::time::Duration;

use intisari::clean::{Cleaned, Cleaner, RuleCleaner};
use intisari::document::Sentence;
use intisari::pipeline::Options;
use intisari::sentence::{KeptText, RuleSplitter, SentenceSplitter};
use intisari::translate::{Stop, Translated, Translator};
use intisari::{Article, Document, Error, Event, Pipeline, Progress, Result, Stage};

use crate::common::{fakes, POISON};
use crate::{article, ids, Does};

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
    let options = Options::default().with_batch_articles(1).with_max_article_seconds(Some(1));
    let pipeline = Pipeline::builder().cleaner(Held).options(options).build().unwrap();
    let results = pipeline.run_batch(&[article(0), article(1)]);
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
