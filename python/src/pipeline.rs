//! A pipeline behind a lock: articles in, documents in JSON out.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ffi::CString;
use std::ops::ControlFlow;
use std::path::PathBuf;

use intisari::document::{FieldError, Fields, Flag, Unit};
use intisari::{Article, Document, Event, Pipeline, Progress};
use pyo3::exceptions::PyUserWarning;
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::choice::Choice;
use crate::errors::{exception, no_article, refused};
use crate::glossary::Terms;
use crate::lock::Shared;

/// A pipeline that several threads may use, one after the other.
#[pyclass(frozen, module = "intisari._intisari")]
pub struct Engine {
    pipeline: Shared<Pipeline>,
    fields: Fields,
    unit: Unit,
}

/// What is handed in: its place, whether it is a record in JSON, and the text or the record.
type Item<'py> = (String, bool, Bound<'py, PyString>);

#[pymethods]
impl Engine {
    #[new]
    #[pyo3(signature = (
        *, models, clean, split, entities, ner, ner_labels, ner_scheme, ner_threshold, translate, translator, beams,
        hints_rarer_than, max_cache_bytes, precision, glossary, source_dates, fast, summary, sentences, repeat_names, batch,
        max_article_bytes, max_article_seconds, threads, offsets, fields, zone,
    ))]
    #[expect(clippy::too_many_arguments, reason = "the keywords of a Python class, each by its name")]
    fn new(
        py: Python<'_>,
        models: Option<PathBuf>,
        clean: bool,
        split: bool,
        entities: Option<String>,
        ner: Option<PathBuf>,
        ner_labels: BTreeMap<String, Option<String>>,
        ner_scheme: Option<String>,
        ner_threshold: Option<f32>,
        translate: bool,
        translator: Option<PathBuf>,
        beams: Option<usize>,
        hints_rarer_than: Option<u32>,
        max_cache_bytes: Option<usize>,
        precision: BTreeMap<String, String>,
        glossary: Option<Terms>,
        source_dates: bool,
        fast: bool,
        summary: Option<String>,
        sentences: u16,
        repeat_names: bool,
        batch: usize,
        max_article_bytes: usize,
        max_article_seconds: Option<u32>,
        threads: Option<u16>,
        offsets: &str,
        mut fields: BTreeMap<String, String>,
        zone: &str,
    ) -> PyResult<Self> {
        let unit = unit(offsets)?;
        let fields = Fields {
            id: fields.remove("id"),
            title: fields.remove("title"),
            date: fields.remove("date"),
            source: fields.remove("source"),
            text: fields.remove("text"),
            zone: zone.parse().map_err(|error| exception(&error))?,
        };
        let choice = Choice {
            models,
            clean,
            split,
            entities,
            ner,
            ner_labels,
            ner_scheme,
            ner_threshold,
            translate,
            translator,
            beams,
            hints_rarer_than,
            max_cache_bytes,
            precision,
            glossary: glossary.map(Terms::read).transpose()?,
            source_dates,
            fast,
            summary,
            sentences,
            repeat_names,
            batch,
            max_article_bytes,
            max_article_seconds,
        };
        match threads {
            Some(0) => return Err(refused("`threads` is 0", "set it to 1 or more")),
            Some(threads) => intisari::set_threads(threads.into()),
            None => {}
        }
        let built = py.detach(|| choice.build()).map_err(|error| exception(&error))?;
        for warning in built.warnings {
            // A message has no zero bytes; one that had would be cut, not lost.
            let message = CString::new(warning).unwrap_or_default();
            PyErr::warn(py, &py.get_type::<PyUserWarning>(), &message, 3)?;
        }
        Ok(Engine { pipeline: Shared::new(built.pipeline), fields, unit })
    }

    /// Digests `items` together. One result each, in order: a document in JSON, or an exception. Other threads of Python run
    /// meanwhile. `progress` hears the stage, how much of it is done, and of how much; what it raises ends the work, as
    /// Ctrl-C does.
    fn digest<'py>(
        &self,
        py: Python<'py>,
        items: Vec<Item<'py>>,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Vec<Bound<'py, PyAny>>> {
        let mut articles = Vec::new();
        let read: Vec<Result<Vec<Flag>, PyErr>> = items
            .into_iter()
            .map(|item| {
                let (article, flags) = self.article(item)?;
                articles.push(article);
                Ok(flags)
            })
            .collect();
        let documents = py.detach(|| self.run(&articles, progress.as_ref()))?;
        let mut documents = documents.into_iter();
        read.into_iter()
            .map(|flags| {
                let written = flags.and_then(|flags| {
                    let lost = || Err(no_article("", "no result came back; report this with the article"));
                    let document = documents.next().unwrap_or_else(lost)?;
                    Ok(self.written(document, flags))
                });
                match written {
                    Ok(json) => Ok(PyString::new(py, &json).into_any()),
                    Err(error) => Ok(error.into_value(py).into_bound(py).into_any()),
                }
            })
            .collect()
    }

    /// The stages in the order in which they run.
    fn stages(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        let stages = py.detach(|| PyResult::Ok(self.pipeline.take()?.stages()))?;
        Ok(stages.iter().map(name).collect())
    }
}

impl Engine {
    /// An article, and what its record left doubtful.
    fn article(&self, (place, is_record, content): Item<'_>) -> PyResult<(Article, Vec<Flag>)> {
        let content = content.to_str().map_err(|error| {
            no_article(&place, format!("it is no Unicode text ({error}); decode it with errors=\"replace\""))
        })?;
        if !is_record {
            return Ok((Article::new(place, content), Vec::new()));
        }
        match self.fields.read(content, &place) {
            Ok(read) => Ok((read.article, read.flags)),
            Err(FieldError::NoText { id, message, fields }) => {
                Err(no_article(&id, format!("{message} (fields: {fields}); name it with `text_field`")))
            }
            Err(error) => Err(no_article(&place, error.to_string())),
        }
    }

    /// Runs the pipeline; the interpreter is asked now and then whether to stop.
    fn run(&self, articles: &[Article], progress: Option<&Py<PyAny>>) -> PyResult<Vec<PyResult<Document>>> {
        let pipeline = self.pipeline.take()?;
        let stopped = RefCell::new(None);
        let callback = |event: Event| match Python::attach(|py| told(py, event, progress)) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                stopped.replace(Some(error));
                ControlFlow::Break(())
            }
        };
        let results = pipeline.run_batch_with(articles, Progress::new(&callback));
        drop(pipeline);
        match stopped.into_inner() {
            Some(error) => Err(error),
            None => Ok(results.into_iter().map(|result| result.map_err(|error| exception(&error))).collect()),
        }
    }

    fn written(&self, mut document: Document, flags: Vec<Flag>) -> String {
        document.flags.extend(flags);
        intisari::output::json(&document, self.unit).to_string()
    }
}

/// Tells the callback of an event, and hears whether somebody pressed Ctrl-C.
fn told(py: Python<'_>, event: Event, progress: Option<&Py<PyAny>>) -> PyResult<()> {
    py.check_signals()?;
    if let Some(progress) = progress {
        progress.call1(py, (name(&event.stage), event.done, event.total))?;
    }
    Ok(())
}

/// A stage as JSON has it.
fn name(stage: &intisari::Stage) -> String {
    let name = serde_json::to_value(stage).ok();
    name.as_ref().and_then(|name| name.as_str()).unwrap_or_default().to_owned()
}

fn unit(name: &str) -> PyResult<Unit> {
    match name {
        "bytes" => Ok(Unit::Bytes),
        "chars" => Ok(Unit::Chars),
        "utf16" => Ok(Unit::Utf16),
        other => Err(refused(
            format!("`offsets` is {other:?}"),
            "write \"chars\", as Python counts, \"bytes\" or \"utf16\"",
        )),
    }
}
