//! One batch through the stages. The step list stands in [`digest`].

use std::cell::Cell;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use super::contract::{self, Doer};
use super::{as_read, intake, Pipeline, TranslationScope};
use crate::clean::Cleaned;
use crate::document::{Article, Document, Flag, FlagKind, Label, Segment, Span, StageRecord, Summary};
use crate::error::{Error, Result};
use crate::ner::{self, SentencedText};
use crate::progress::{Event, Progress, Stage};
use crate::reading::Reading;
use crate::sentence::KeptText;
use crate::summarize::{Draft, SummaryInput};
use crate::text::{as_json, one_line};
use crate::translate::{
    check, comparable, for_english_readers, unfounded, verbatim, Evidence, Glossary, Passage,
};

/// Digests `articles` in batches of [`batch_articles`](super::Options::batch_articles). Where one fails, its articles are digested one
/// by one, so that only the bad ones fail, save where a stage breaks a rule in batches alone: then no article is to blame, and all of
/// that batch fail. Once somebody asked to stop, nothing more is begun. One result per article, in order; each error is an
/// [`Error::Article`].
pub(super) fn run(
    pipeline: &Pipeline,
    articles: &[Article],
    glossary: Option<&Glossary>,
    progress: Progress<'_>,
) -> Vec<Result<Document>> {
    let usable: Vec<Result<()>> =
        articles.iter().map(|article| intake::check(article, &pipeline.options)).collect();
    let good: Vec<&Article> = articles
        .iter()
        .zip(&usable)
        .filter(|(_, usable)| usable.is_ok())
        .map(|(article, _)| article)
        .collect();
    // Once somebody asked to stop, that stays so, also where a stage passes over it.
    let stopped = Cell::new(false);
    let latched = |event: Event| {
        stopped.set(stopped.get() || progress.report(event.stage, event.done, event.total).is_err());
        match stopped.get() {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    };
    let run = Run { pipeline, glossary, progress: Progress::new(&latched), stopped: &stopped };
    let mut digested = run.in_batches(&good).into_iter();
    let results = articles.iter().zip(usable).map(|(article, usable)| {
        let result = usable.and_then(|()| next(&mut digested));
        result.map_err(|error| error.of_article(&article.id))
    });
    results.collect()
}

/// What the articles of a batch are digested with.
struct Run<'a> {
    pipeline: &'a Pipeline,
    glossary: Option<&'a Glossary>,
    progress: Progress<'a>,
    /// Whether somebody asked to stop.
    stopped: &'a Cell<bool>,
}

impl Run<'_> {
    /// Digests articles in batches, until somebody asks to stop.
    fn in_batches(&self, articles: &[&Article]) -> Vec<Result<Document>> {
        let mut results = Vec::with_capacity(articles.len());
        let mut cancelled = None;
        for batch in articles.chunks(self.pipeline.options.batch_articles) {
            if let Some(stage) = cancelled {
                results.extend(batch.iter().map(|_| Err(Error::Cancelled { stage })));
                continue;
            }
            let digested = match self.in_time(batch) {
                Ok(documents) => documents.into_iter().map(Ok).collect(),
                Err(error) => self.one_by_one(batch, error),
            };
            cancelled = digested.iter().filter_map(|result| result.as_ref().err()).find_map(cancelled_in);
            results.extend(digested);
        }
        results
    }

    /// Digests articles together, unless that takes longer than they may together.
    fn in_time(&self, articles: &[&Article]) -> Result<Vec<Document>> {
        let count = articles.len().try_into().unwrap_or(u32::MAX);
        let seconds = self.pipeline.options.max_article_seconds;
        let limit = seconds.map(|seconds| Duration::from_secs(seconds.into()).saturating_mul(count));
        let started = Instant::now();
        let late = Cell::new(false);
        // Between two events it is the stage of the first that runs.
        let running = Cell::new(None);
        let callback = |event: Event| {
            late.set(limit.is_some_and(|limit| started.elapsed() > limit));
            // Late before anything began, it is the first stage that finds out.
            if !late.get() || running.get().is_none() {
                running.set(Some(event.stage));
            }
            match late.get() || self.progress.report(event.stage, event.done, event.total).is_err() {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        };
        let digested = digest(self.pipeline, articles, self.glossary, Progress::new(&callback));
        // Whatever a stage made of being stopped.
        digested.map_err(|error| match (running.get(), seconds) {
            (Some(stage), _) if self.stopped.get() => Error::Cancelled { stage },
            (Some(stage), Some(seconds)) if late.get() => Error::TimeLimit { stage, seconds },
            _ => error.unasked(),
        })
    }

    /// What becomes of articles that failed together with `error`. Once the work is cancelled, nothing more is begun.
    fn one_by_one(&self, articles: &[&Article], error: Error) -> Vec<Result<Document>> {
        if articles.len() == 1 {
            return vec![Err(error)];
        }
        let mut cancelled = cancelled_in(&error);
        let digest_one = |&article: &&Article| {
            if let Some(stage) = cancelled {
                return Err(Error::Cancelled { stage });
            }
            let result = self.in_time(&[article]).map(|document| next(&mut document.into_iter()));
            cancelled = result.as_ref().err().and_then(cancelled_in);
            result
        };
        let results = articles.iter().map(digest_one).collect();
        match cancelled {
            // The article that is to blame may not have been begun.
            Some(_) => results,
            None => blamed(results, &error),
        }
    }
}

/// The stage in which the work was cancelled, where `error` says that it was.
fn cancelled_in(error: &Error) -> Option<Stage> {
    match error {
        Error::Cancelled { stage } => Some(*stage),
        _ => None,
    }
}

/// `results` of articles one by one. Where their batch broke a rule that none of them breaks alone, the stage is wrong about
/// batches: those that came out well have that error, so that nobody takes the stage for a right one.
fn blamed(results: Vec<Result<Document>>, batch: &Error) -> Vec<Result<Document>> {
    let Error::Contract { stage, name, rule, found } = batch else { return results };
    let explains = |error: &Error| matches!(error.cause(), Error::Contract { stage: of, rule: broken, .. } if (of, broken) == (stage, rule));
    if results.iter().any(|result| result.as_ref().is_err_and(explains)) {
        return results;
    }
    let found = format!("{found}, only in a batch (here of {}) and not for single articles", results.len());
    let blame = |_| Err(Error::Contract { stage: *stage, name: name.clone(), rule, found: found.clone() });
    results.into_iter().map(|result| result.and_then(blame)).collect()
}

/// The next of results that were counted before.
pub(super) fn next<T>(results: &mut impl Iterator<Item = T>) -> T {
    #[expect(clippy::expect_used, reason = "there is one result per input: stages are held to it")]
    results.next().expect("a result for each input")
}

/// The stages in their order, each over the whole batch. [`Pipeline::stages`] tells the same order.
fn digest(
    pipeline: &Pipeline,
    articles: &[&Article],
    glossary: Option<&Glossary>,
    progress: Progress<'_>,
) -> Result<Vec<Document>> {
    if articles.is_empty() {
        return Ok(Vec::new());
    }
    // What could not be recorded in the end is not begun.
    let stages = recorded(pipeline)?;
    let readings: Vec<Reading<'_>> = articles.iter().map(|article| Reading::of(&article.text)).collect();
    let mut documents: Vec<Document> = articles
        .iter()
        .zip(&readings)
        .map(|(article, reading)| as_read::document(article, reading))
        .collect();
    for ((document, article), reading) in documents.iter_mut().zip(articles).zip(&readings) {
        document.flags = intake::flags(&article.text, reading);
    }
    clean(pipeline, &mut documents, progress)?;
    for document in &mut documents {
        document.flags.extend(intake::other_languages(&document.article.text, &document.kept));
    }
    split(pipeline, &mut documents, progress)?;
    let salience = recognize(pipeline, &mut documents, progress)?;
    let drafts = if pipeline.summarizes_english() {
        translate(pipeline, &mut documents, None, glossary, progress)?;
        draft(pipeline, &documents, &salience, progress)?
    } else {
        let drafts = draft(pipeline, &documents, &salience, progress)?;
        translate(pipeline, &mut documents, Some(&drafts), glossary, progress)?;
        drafts
    };
    let total = documents.len();
    progress.report(Stage::Check, 0, total)?;
    let options = options(pipeline, glossary);
    let sources = articles.iter().zip(&readings);
    for ((document, draft), (article, reading)) in documents.iter_mut().zip(drafts).zip(sources) {
        document.summary = draft.and_then(|draft| summary(document, draft));
        note_missing(pipeline, document);
        document.provenance.options.clone_from(&options);
        document.provenance.stages.clone_from(&stages);
        as_read::restore(document, article, reading);
        document.flags.extend(as_read::passed_over(reading, article));
        document.validate().map_err(|error| Error::Contract {
            stage: Stage::Check,
            name: "Pipeline".to_owned(),
            rule: "a document is valid",
            found: error.to_string(),
        })?;
    }
    progress.report(Stage::Check, total, total)?;
    Ok(documents)
}

/// What did the work of each stage, as documents tell it.
fn recorded(pipeline: &Pipeline) -> Result<Vec<StageRecord>> {
    let records = pipeline.records();
    for record in &records {
        Doer::new(record.stage, record.name.clone()).holds(contract::recorded(record))?;
    }
    Ok(records)
}

fn clean(pipeline: &Pipeline, documents: &mut [Document], progress: Progress<'_>) -> Result<()> {
    let Some(cleaner) = &pipeline.cleaner else { return Ok(()) };
    let doer = Doer::new(Stage::Clean, cleaner.name());
    doer.begins(progress, documents.len())?;
    let texts: Vec<&str> = documents.iter().map(|document| document.article.text.as_str()).collect();
    let cleaned =
        doer.results(cleaner.clean_with(&texts, Progress::new(&doer.reports(progress))), texts.len())?;
    for (document, cleaned) in documents.iter_mut().zip(cleaned) {
        doer.holds(contract::cleaned(&document.article.text, &cleaned))?;
        let Cleaned { kept, removed } = cleaned;
        document.kept = kept;
        document.removed = removed;
    }
    doer.ends(progress, documents.len())
}

fn split(pipeline: &Pipeline, documents: &mut [Document], progress: Progress<'_>) -> Result<()> {
    let Some(splitter) = &pipeline.splitter else { return Ok(()) };
    let doer = Doer::new(Stage::Sentences, splitter.name());
    doer.begins(progress, documents.len())?;
    let texts: Vec<KeptText<'_>> =
        documents.iter().map(|document| KeptText::new(&document.article.text, &document.kept)).collect();
    let split =
        doer.results(splitter.split_with(&texts, Progress::new(&doer.reports(progress))), texts.len())?;
    for (document, sentences) in documents.iter_mut().zip(split) {
        doer.holds(contract::sentences(&document.article.text, &document.kept, &sentences))?;
        document.flags.extend(intake::overlong(&sentences));
        document.sentences = sentences;
    }
    doer.ends(progress, documents.len())
}

/// Entities and clusters go into the documents; the salience of each document's sentences comes back.
fn recognize(
    pipeline: &Pipeline,
    documents: &mut [Document],
    progress: Progress<'_>,
) -> Result<Vec<Option<Vec<f32>>>> {
    let Some(recognizer) = &pipeline.recognizer else { return Ok(vec![None; documents.len()]) };
    let doer = Doer::new(Stage::Entities, recognizer.name());
    doer.begins(progress, documents.len())?;
    let texts: Vec<SentencedText<'_>> = documents.iter().map(sentenced).collect();
    let recognized =
        doer.results(recognizer.recognize(&texts, Progress::new(&doer.reports(progress))), texts.len())?;
    let repeat = pipeline.options.repeat_names && recognizer.repeats_names();
    let mut salience = Vec::with_capacity(documents.len());
    for (document, recognition) in documents.iter_mut().zip(recognized) {
        doer.holds(contract::recognition(&document.article.text, &document.sentences, &recognition))?;
        let mentions = match repeat {
            true => ner::with_repeats(&sentenced(document), recognition.mentions),
            false => recognition.mentions,
        };
        let (entities, clusters) = ner::group(&document.article.text, mentions);
        document.entities = entities;
        document.clusters = clusters;
        salience.push(recognition.salience);
    }
    doer.ends(progress, documents.len())?;
    Ok(salience)
}

fn sentenced(document: &Document) -> SentencedText<'_> {
    SentencedText::new(&document.article.text, &document.sentences).with_date(document.article.date)
}

fn draft(
    pipeline: &Pipeline,
    documents: &[Document],
    salience: &[Option<Vec<f32>>],
    progress: Progress<'_>,
) -> Result<Vec<Option<Draft>>> {
    let Some(summarizer) = &pipeline.summarizer else { return Ok(vec![None; documents.len()]) };
    let doer = Doer::new(Stage::Summarize, summarizer.name());
    doer.begins(progress, documents.len())?;
    let inputs: Vec<SummaryInput<'_>> = documents
        .iter()
        .zip(salience)
        .map(|(document, salience)| SummaryInput {
            text: &document.article.text,
            title: document.article.title.as_deref(),
            sentences: &document.sentences,
            salience: salience.as_deref(),
            translation: &document.translation,
        })
        .collect();
    let drafts =
        doer.results(summarizer.summarize(&inputs, Progress::new(&doer.reports(progress))), inputs.len())?;
    for (document, draft) in documents.iter().zip(&drafts) {
        doer.holds(contract::draft(draft, &document.sentences))?;
    }
    doer.ends(progress, documents.len())?;
    Ok(drafts.into_iter().map(Some).collect())
}

/// Translates the sentences of all documents in one go and checks each segment.
fn translate(
    pipeline: &Pipeline,
    documents: &mut [Document],
    drafts: Option<&[Option<Draft>]>,
    glossary: Option<&Glossary>,
    progress: Progress<'_>,
) -> Result<()> {
    let Some(translator) = &pipeline.translator else { return Ok(()) };
    let doer = Doer::new(Stage::Translate, translator.name());
    let wanted: Vec<Vec<usize>> = documents
        .iter()
        .enumerate()
        .map(|(index, document)| {
            match (pipeline.options.translate, drafts.and_then(|drafts| drafts.get(index))) {
                (
                    TranslationScope::Summary,
                    Some(Some(Draft::Extract(sentences) | Draft::Abstract { sentences, .. })),
                ) => sentences.clone(),
                _ => (0..document.sentences.len()).collect(),
            }
        })
        .collect();
    let segments: Vec<(&Document, String)> = documents
        .iter()
        .zip(&wanted)
        .flat_map(|(document, wanted)| {
            wanted.iter().map(move |&sentence| (document, source(document, sentence)))
        })
        .collect();
    // Articles without a sentence: there is nothing to ask a translator.
    if segments.is_empty() {
        return Ok(());
    }
    doer.begins(progress, segments.len())?;
    let passages: Vec<Passage<'_>> = segments
        .iter()
        .map(|(document, text)| Passage::new(text).in_article(&document.article.text).with_glossary(glossary))
        .collect();
    let translated = doer.results(
        translator.translate_passages(&passages, Progress::new(&doer.reports(progress))),
        passages.len(),
    )?;
    let segments: Vec<String> = segments.into_iter().map(|(_, text)| text).collect();
    let mut translated = translated.into_iter().zip(&segments);
    for (document, wanted) in documents.iter_mut().zip(wanted) {
        let mut made = Vec::with_capacity(wanted.len());
        let mut evidence = Vec::with_capacity(wanted.len());
        let languages = Languages::of(document);
        for sentence in wanted {
            let (mut english, source) = next(&mut translated);
            doer.holds(contract::translated(sentence, &english))?;
            let compared = comparable(source, &english.text);
            if compared && pipeline.options.english_dates {
                english.text = for_english_readers(source, &english.text);
            }
            let names = names(document, sentence);
            let mut segment = Segment::new(sentence, "");
            segment.flags = check(source, &english, &names);
            evidence.push(Evidence::new(source, &english, &names, &segment.flags));
            if let Some(glossary) = glossary {
                segment.terms = glossary.find(source);
                segment.flags.extend(glossary.check(source, &english.text));
            }
            if segment.flags.iter().all(|flag| flag.kind != FlagKind::NotIndonesian) {
                segment.flags.extend(foreign(document, &languages, sentence));
            }
            if compared {
                segment.verbatim = verbatim(source);
                segment.verbatim.retain(|kept| english.text.contains(kept));
            }
            segment.text = english.text;
            made.push(segment);
        }
        document.translation = made;
        Evidence::share(evidence.iter_mut().flatten());
        for (segment, evidence) in document.translation.iter_mut().zip(&evidence) {
            segment.confidence = evidence.as_ref().map(Evidence::confidence);
            if let Some(evidence) = evidence.as_ref().filter(|evidence| evidence.is_doubtful()) {
                segment.flags.push(Flag::new(FlagKind::Doubtful, format!("{:.2}", evidence.confidence())));
            }
        }
        document.confidence = confidence(&document.translation);
    }
    doer.ends(progress, segments.len())
}

/// The flags of languages of an article: of all of it, and of its passages, in their order.
struct Languages<'a> {
    whole: Vec<&'a Flag>,
    passages: Vec<(Span, &'a Flag)>,
}

impl<'a> Languages<'a> {
    fn of(document: &'a Document) -> Self {
        let flags = || document.flags.iter().filter(|flag| flag.kind == FlagKind::NotIndonesian);
        let mut passages: Vec<(Span, &Flag)> = flags().filter_map(|flag| Some((flag.span?, flag))).collect();
        passages.sort_by_key(|(span, _)| *span);
        Languages { whole: flags().filter(|flag| flag.span.is_none()).collect(), passages }
    }

    /// Those that `span` has a part of.
    fn within(&self, span: Span) -> impl Iterator<Item = &'a Flag> + '_ {
        let first = self.passages.partition_point(|(passage, _)| passage.end() <= span.start());
        let near =
            self.passages.iter().skip(first).take_while(move |(passage, _)| passage.start() < span.end());
        let passages = near.filter(move |(passage, _)| passage.overlaps(span)).map(|(_, flag)| *flag);
        self.whole.iter().copied().chain(passages)
    }
}

/// The confidence in the English of all segments that have one, each by its length: about the share of the English that does
/// not mislead.
fn confidence(segments: &[Segment]) -> Option<f32> {
    let (mut sum, mut all) = (0., 0.);
    for segment in segments {
        let Some(confidence) = segment.confidence else { continue };
        let length = segment.text.chars().count() as f32;
        sum += confidence * length;
        all += length;
    }
    (all > 0.).then(|| (sum / all * 1000.).round() / 1000.)
}

/// The flags of passages in other languages that the sentence has a part of: its English is a guess.
fn foreign(document: &Document, flags: &Languages<'_>, sentence: usize) -> Vec<Flag> {
    let Some(sentence) = document.sentences.get(sentence) else { return Vec::new() };
    flags.within(sentence.span).map(|flag| Flag::new(flag.kind, flag.detail.clone())).collect()
}

/// A sentence as the translator reads it: lines that scraping broke become one.
fn source(document: &Document, sentence: usize) -> String {
    document
        .sentences
        .get(sentence)
        .map_or_else(String::new, |sentence| one_line(document.text(sentence.span)))
}

fn names(document: &Document, sentence: usize) -> Vec<(&str, Label)> {
    // Entities are ordered, and so are their sentences.
    let first = document.entities.partition_point(|entity| entity.sentence < sentence);
    let in_sentence = document.entities.iter().skip(first).take_while(|entity| entity.sentence == sentence);
    in_sentence.map(|entity| (document.text(entity.span), entity.label)).collect()
}

/// The summary in English, where the chosen sentences were translated, else in the article's own words. An extract has
/// the flags of its segments; what a model wrote is compared with the article.
fn summary(document: &Document, draft: Draft) -> Option<Summary> {
    let (text, language, sentences) = match draft {
        Draft::Abstract { text, language, sentences, mut flags } => {
            let english = join(document.translation.iter().map(|segment| segment.text.clone()));
            flags.extend(unfounded(&text, &language, &english, &document.cleaned_text()));
            return Some(Summary { text, language, sentences, flags });
        }
        Draft::Extract(sentences) if sentences.is_empty() => return None,
        Draft::Extract(sentences) => {
            match sentences
                .iter()
                .map(|&sentence| document.segment(sentence))
                .collect::<Option<Vec<&Segment>>>()
            {
                Some(segments) => {
                    (join(segments.iter().map(|segment| segment.text.clone())), "en", sentences)
                }
                None => (join(sentences.iter().map(|&sentence| source(document, sentence))), "id", sentences),
            }
        }
    };
    let mut flags: Vec<Flag> = Vec::new();
    for segment in document.translation.iter().filter(|segment| sentences.contains(&segment.sentence)) {
        let sentence = document.sentences.get(segment.sentence).map(|sentence| sentence.span);
        flags.extend(segment.flags.iter().cloned().map(|flag| Flag { span: sentence, ..flag }));
    }
    Some(Summary { text, language: language.to_owned(), sentences, flags })
}

fn join(sentences: impl Iterator<Item = String>) -> String {
    sentences.filter(|sentence| !sentence.is_empty()).collect::<Vec<_>>().join(" ")
}

fn note_missing(pipeline: &Pipeline, document: &mut Document) {
    let blank = document.article.text.trim().is_empty();
    if !blank && document.kept.iter().all(|&span: &Span| document.text(span).trim().is_empty()) {
        document.flags.push(Flag::new(FlagKind::Empty, "cleaning left nothing; see `removed`"));
    }
    if pipeline.summarizer.is_some() && document.summary.is_none() {
        let why = match document.sentences.is_empty() {
            true => "there is no sentence",
            false => "no sentence was chosen",
        };
        document.flags.push(Flag::new(FlagKind::NothingToSummarize, why));
    }
}

/// What a run's results depend on besides its stages: the pipeline's options, and the glossary.
fn options(pipeline: &Pipeline, glossary: Option<&Glossary>) -> serde_json::Value {
    let mut options = as_json(&pipeline.options);
    let glossary = glossary.filter(|_| pipeline.translator.is_some());
    if let (serde_json::Value::Object(fields), Some(glossary)) = (&mut options, glossary) {
        let entries = glossary.entries().len();
        fields.insert(
            "glossary".to_owned(),
            serde_json::json!({"entries": entries, "sha256": glossary.sha256()}),
        );
    }
    options
}
