//! What a pipeline tells of its progress.

use std::cell::RefCell;
use std::ops::ControlFlow;

use intisari::clean::RuleCleaner;
use intisari::sentence::RuleSplitter;
use intisari::{Error, Event, Pipeline, Progress, Result, Stage};

use crate::common::fakes;
use crate::{article, Does};

/// What the pipeline tells while it digests an article.
fn told(pipeline: &Pipeline) -> Vec<Event> {
    let events = RefCell::new(Vec::new());
    let note = |event: Event| {
        events.borrow_mut().push(event);
        ControlFlow::Continue(())
    };
    pipeline.run_with(&article(0), Progress::new(&note)).unwrap();
    events.into_inner()
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

#[test]
fn what_a_stage_reports_is_of_that_stage() {
    let mistaken = |_: &[&str], progress: Progress<'_>| progress.report(Stage::Clean, 14, 2);
    let pipeline = fakes().translator(Does(mistaken)).build().unwrap();
    let events = told(&pipeline);
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
        let events = told(&pipeline);
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
