//! What points to a stage is the stage: each method of each trait comes through.
#![allow(clippy::unwrap_used)] // helpers of tests fail as tests do

mod common;

use std::cell::Cell;
use std::sync::{Arc, Mutex};

use common::{fakes, FirstWords};
use intisari::clean::{Cleaned, Cleaner};
use intisari::document::{ModelRef, Sentence};
use intisari::ner::{EntityRecognizer, Recognition, SentencedText};
use intisari::sentence::{KeptText, SentenceSplitter};
use intisari::summarize::{Draft, Summarizer, SummaryInput};
use intisari::translate::{Passage, Translated, Translator};
use intisari::{Article, Error, Progress, Result};

/// An article at which a recognizer panics.
const MARK: &str = "Ini rusak sekali.";

/// Answers each method of each trait otherwise than by its default.
struct Answers;

macro_rules! answers {
    () => {
        fn name(&self) -> String {
            "answers".to_owned()
        }

        fn model(&self) -> Option<ModelRef> {
            Some(ModelRef::new("m", "MIT", ""))
        }

        fn options(&self) -> serde_json::Value {
            7.into()
        }
    };
}

/// Asserts that the stage behind a pointer answers, and not the defaults of its trait.
macro_rules! assert_answers {
    ($stage:expr) => {
        assert_eq!($stage.name(), "answers");
        assert_eq!($stage.model().unwrap().id, "m");
        assert_eq!($stage.options(), 7);
    };
}

/// What only the fuller of two methods says.
fn fuller<T>() -> Result<T> {
    Err(Error::stage("the fuller one"))
}

fn is_fuller<T: std::fmt::Debug>(result: Result<T>) -> bool {
    result.unwrap_err().to_string() == "the fuller one"
}

impl Cleaner for Answers {
    fn clean(&self, _: &[&str]) -> Result<Vec<Cleaned>> {
        Ok(Vec::new())
    }

    fn clean_with(&self, _: &[&str], _: Progress<'_>) -> Result<Vec<Cleaned>> {
        fuller()
    }

    answers!();
}

impl SentenceSplitter for Answers {
    fn split(&self, _: &[KeptText<'_>]) -> Result<Vec<Vec<Sentence>>> {
        Ok(Vec::new())
    }

    fn split_with(&self, _: &[KeptText<'_>], _: Progress<'_>) -> Result<Vec<Vec<Sentence>>> {
        fuller()
    }

    answers!();
}

impl EntityRecognizer for Answers {
    fn recognize(&self, _: &[SentencedText<'_>], _: Progress<'_>) -> Result<Vec<Recognition>> {
        fuller()
    }

    fn repeats_names(&self) -> bool {
        true
    }

    answers!();
}

impl Translator for Answers {
    fn translate(&self, _: &[&str], _: Progress<'_>) -> Result<Vec<Translated>> {
        Ok(Vec::new())
    }

    fn translate_passages(&self, _: &[Passage<'_>], _: Progress<'_>) -> Result<Vec<Translated>> {
        fuller()
    }

    fn notes(&self) -> Vec<String> {
        vec!["a note".to_owned()]
    }

    answers!();
}

impl Summarizer for Answers {
    fn needs_translation(&self) -> bool {
        true
    }

    // Not what it is by default where the English is needed.
    fn weighs_translation(&self) -> bool {
        false
    }

    fn summarize(&self, _: &[SummaryInput<'_>], _: Progress<'_>) -> Result<Vec<Draft>> {
        fuller()
    }

    answers!();
}

#[test]
fn what_points_to_a_stage_answers_as_the_stage() {
    fn cleaner(stage: impl Cleaner) {
        assert!(stage.clean(&[]).is_ok() && is_fuller(stage.clean_with(&[], Progress::none())));
        assert_answers!(stage);
    }
    fn splitter(stage: impl SentenceSplitter) {
        assert!(stage.split(&[]).is_ok() && is_fuller(stage.split_with(&[], Progress::none())));
        assert_answers!(stage);
    }
    fn recognizer(stage: impl EntityRecognizer) {
        assert!(is_fuller(stage.recognize(&[], Progress::none())) && stage.repeats_names());
        assert_answers!(stage);
    }
    fn translator(stage: impl Translator) {
        assert!(stage.translate(&[], Progress::none()).is_ok());
        assert!(is_fuller(stage.translate_passages(&[], Progress::none())));
        assert_eq!(stage.notes(), ["a note"]);
        assert_answers!(stage);
    }
    fn summarizer(stage: impl Summarizer) {
        assert!(is_fuller(stage.summarize(&[], Progress::none())));
        assert!(stage.needs_translation() && !stage.weighs_translation());
        assert_answers!(stage);
    }
    macro_rules! pointers {
        ($($check:ident: $stage:ident),*) => {
            $(
                $check(&Answers);
                $check(Box::new(Answers) as Box<dyn $stage + Send>);
                $check(Arc::new(Answers) as Arc<dyn $stage + Send + Sync>);
                $check(Arc::new(Mutex::new(Answers)) as Arc<Mutex<dyn $stage + Send>>);
            )*
        };
    }
    pointers!(
        cleaner: Cleaner,
        splitter: SentenceSplitter,
        recognizer: EntityRecognizer,
        translator: Translator,
        summarizer: Summarizer
    );
}

/// Counts its calls, and is no `Sync`.
struct Counts(Cell<usize>);

impl EntityRecognizer for Counts {
    fn recognize(&self, texts: &[SentencedText<'_>], progress: Progress<'_>) -> Result<Vec<Recognition>> {
        self.0.set(self.0.get() + 1);
        assert!(!texts.iter().any(|text| text.text.contains(MARK)), "a panic");
        FirstWords.recognize(texts, progress)
    }
}

#[test]
fn a_recognizer_serves_two_pipelines_and_outlives_a_panic() {
    let recognizer = Arc::new(Mutex::new(Counts(Cell::new(0))));
    let pipelines = [(); 2].map(|()| fakes().recognizer(Arc::clone(&recognizer)).build().unwrap());
    for pipeline in &pipelines {
        let document = pipeline.run(&Article::new("a1", "Ruth pulang ke Sabu.")).unwrap();
        assert_eq!(document.provenance.stages[1].name, "Counts");
        let panics = std::panic::AssertUnwindSafe(|| pipeline.run(&Article::new("a2", MARK)));
        assert!(std::panic::catch_unwind(panics).is_err());
    }
    assert_eq!(recognizer.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).0.get(), 4);
}
