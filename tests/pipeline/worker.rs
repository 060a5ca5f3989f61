//! A pipeline on a thread of its own.

use std::sync::mpsc::{channel, Receiver, Sender};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use intisari::pipeline::{Options, Worker};
use intisari::summarize::Lead;
use intisari::translate::{Glossary, Translated, Translator};
use intisari::{Article, Error, Pipeline, Progress, Result, Stage};

use crate::common::{fakes, Shout};
use crate::{article, Does};

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

/// Translates as [`Shout`], and holds what tells whether the pipeline is still there.
struct Holds(#[allow(dead_code)] Arc<()>);

impl Translator for Holds {
    fn translate(&self, segments: &[&str], progress: Progress<'_>) -> Result<Vec<Translated>> {
        Shout.translate(segments, progress)
    }
}

#[test]
fn joining_waits_for_what_is_wanted_and_for_the_pipeline_to_be_freed() {
    let held = Arc::new(());
    let stage = Holds(Arc::clone(&held));
    let worker = Worker::spawn(move || fakes().translator(stage).build()).unwrap();
    let pending: Vec<_> = (0..20).map(|number| worker.submit(article(number))).collect();
    // Whoever joins first waits for the others.
    let others: Vec<_> = (0..3)
        .map(|_| {
            let worker = worker.clone();
            std::thread::spawn(move || worker.join())
        })
        .collect();
    worker.join().unwrap();
    assert_eq!(Arc::strong_count(&held), 1);
    others.into_iter().for_each(|other| other.join().unwrap().unwrap());
    pending.into_iter().for_each(|pending| drop(pending.wait().unwrap()));
}

#[test]
fn joining_tells_of_a_panic() {
    let (begins, _begun) = channel();
    let (_allow, may) = channel();
    let worker = Worker::spawn(move || fakes().translator(Panics { begins, may }).build()).unwrap();
    let pending = worker.submit(Article::new("bad", PANIC));
    let error = worker.join().unwrap_err();
    assert!(matches!(&error, Error::WorkerEnded { message, .. } if message.contains("no room")), "{error}");
    assert!(matches!(pending.wait().unwrap_err().cause(), Error::WorkerEnded { .. }));
}
