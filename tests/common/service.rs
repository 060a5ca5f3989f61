//! A running service over stages without models, one of which waits until it is let go.
#![allow(dead_code)] // each test file uses some of it

use std::net::SocketAddr;
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use intisari::clean::RuleCleaner;
use intisari::pipeline::{Options, TranslationScope};
use intisari::summarize::{Budget, Lead};
use intisari::translate::{Translated, Translator};
use intisari::{Pipeline, Progress, Result, Stage};
use serde_json::Value;
use tokio::sync::watch;

use crate::common::{example, AtStops, FirstWords, Shout};
use crate::http::{Cook, Log, Recipe, Service, Settings, Task};

/// The translator waits at this word until it is let go.
pub const SLOW: &str = "LAMBAT.";
/// The translator panics at this word.
pub const PANIC: &str = "PANIK.";

#[derive(Default)]
struct Brake {
    state: Mutex<(bool, bool)>,
    changed: Condvar,
}

/// Shouts, and stops at some words.
struct Shouting(Arc<Brake>);

impl Translator for Shouting {
    fn translate(&self, segments: &[&str], progress: Progress<'_>) -> Result<Vec<Translated>> {
        assert!(!segments.contains(&PANIC), "as asked");
        if segments.contains(&SLOW) {
            let mut state = self.0.state.lock().unwrap();
            state.0 = true;
            self.0.changed.notify_all();
            drop(self.0.changed.wait_while(state, |(_, released)| !*released).unwrap());
            // What was asked for is noticed in the middle of the work, as in the translators.
            progress.report(Stage::Translate, 0, segments.len())?;
        }
        Shout.translate(segments, progress)
    }
}

/// A service; it ends with this value.
pub struct Running {
    pub address: SocketAddr,
    brake: Arc<Brake>,
    log: Arc<Mutex<Vec<Value>>>,
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<bool>>,
}

impl Running {
    pub fn new() -> Self {
        Running::with(|_| ())
    }

    /// With settings that differ from the usual ones.
    pub fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let brake = Arc::new(Brake::default());
        let shared = Arc::clone(&brake);
        Running::over(change, brake, move || {
            let cook: Cook = Box::new(move |recipe| fakes(recipe, &shared));
            Ok(cook)
        })
    }

    /// Over the stages of the example article.
    pub fn example() -> Self {
        Running::over(|_| (), Arc::default(), || Ok(Box::new(|_| example::stages().build())))
    }

    fn over(
        change: impl FnOnce(&mut Settings),
        brake: Arc<Brake>,
        prepare: impl FnOnce() -> Result<Cook> + Send + 'static,
    ) -> Self {
        let log = Arc::new(Mutex::new(Vec::new()));
        let lines = Arc::clone(&log);
        let mut settings = Settings {
            token: None,
            queue: 64,
            per_client: 0,
            max_body_bytes: 1 << 20,
            max_text_bytes: 1 << 16,
            max_articles: 100,
            batch_articles: 4,
            timeout: Duration::from_secs(60),
            grace: Duration::from_secs(60),
            log: Log::to(move |line| lines.lock().unwrap().push(serde_json::from_str(line).unwrap())),
        };
        change(&mut settings);
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let service = Service::new(settings, prepare).unwrap();
        let (stop, stopping) = watch::channel(false);
        let thread = std::thread::spawn(move || {
            let finished = runtime.block_on(service.serve(listener, stopping)).unwrap();
            runtime.shutdown_background();
            finished
        });
        Running { address, brake, log, stop, thread: Some(thread) }
    }

    /// Waits until the slow translator is at work.
    pub fn wait_until_working(&self) {
        let state = self.brake.state.lock().unwrap();
        drop(self.brake.changed.wait_while(state, |(working, _)| !*working).unwrap());
    }

    /// Lets the slow translator go.
    pub fn release(&self) {
        self.brake.state.lock().unwrap().1 = true;
        self.brake.changed.notify_all();
    }

    pub fn stop(&self) {
        self.stop.send(true).unwrap();
    }

    /// Waits for the end: whether all requests were finished.
    pub fn ended(&mut self) -> Option<bool> {
        self.thread.take().map(|thread| thread.join().unwrap())
    }

    /// What was written down so far.
    pub fn log(&self) -> Vec<Value> {
        self.log.lock().unwrap().clone()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.release();
        let _ended = self.stop.send(true);
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

fn fakes(recipe: Recipe, brake: &Arc<Brake>) -> Result<Pipeline> {
    let translate = if recipe.fast { TranslationScope::Summary } else { TranslationScope::All };
    let mut builder =
        Pipeline::builder().options(Options::default().with_translate(translate).with_batch_articles(4));
    if recipe.task != Task::TranslateAll {
        builder = builder.cleaner(RuleCleaner::default());
    }
    if recipe.task == Task::Clean {
        return builder.build();
    }
    builder = builder.splitter(AtStops);
    if recipe.task == Task::Split {
        return builder.build();
    }
    builder = builder.recognizer(FirstWords);
    if recipe.task == Task::Ner {
        return builder.build();
    }
    builder = builder.translator(Shouting(Arc::clone(brake)));
    if matches!(recipe.task, Task::Digest | Task::Summarize) {
        let budget = Budget { max_sentences: recipe.sentences.into(), ..Budget::default() };
        builder = builder.summarizer(Lead { budget });
    }
    builder.build()
}
