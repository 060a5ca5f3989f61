//! One batch through the stages. The step list stands in [`digest`].

use super::{intake, Pipeline, Scope};
use crate::clean::Cleaned;
use crate::document::{Article, Document, Flag, FlagKind, Label, Segment, Span, Summary};
use crate::error::{Error, Result};
use crate::ner::{self, SentencedText};
use crate::progress::{Progress, Stage};
use crate::sentence::KeptText;
use crate::summarize::{Draft, SummaryInput};
use crate::translate::{check, unfounded, verbatim, Glossary, Passage};

/// Digests `articles` together. Where that fails, one by one, so that only the bad ones fail.
pub(super) fn run(
    pipeline: &Pipeline,
    articles: &[Article],
    glossary: Option<&Glossary>,
    progress: Progress<'_>,
) -> Vec<Result<Document>> {
    let usable: Vec<Result<&Article>> =
        articles.iter().map(|article| intake::check(article, &pipeline.options).map(|()| article)).collect();
    let good: Vec<&Article> = usable.iter().filter_map(|article| article.as_ref().ok().copied()).collect();
    let mut digested = match digest(pipeline, &good, glossary, progress) {
        Ok(documents) => documents.into_iter().map(Ok).collect(),
        Err(Error::Cancelled { stage }) => good.iter().map(|_| Err(Error::Cancelled { stage })).collect(),
        Err(error) if good.len() == 1 => vec![Err(error)],
        Err(_) => good.iter().map(|article| alone(pipeline, article, glossary, progress)).collect::<Vec<_>>(),
    }
    .into_iter();
    articles
        .iter()
        .zip(usable)
        .map(|(article, usable)| {
            let result = usable.and_then(|_| digested.next().unwrap_or_else(|| Err(lost(Stage::Check))));
            result.map_err(|error| named(article, error))
        })
        .collect()
}

fn alone(
    pipeline: &Pipeline,
    article: &Article,
    glossary: Option<&Glossary>,
    progress: Progress<'_>,
) -> Result<Document> {
    digest(pipeline, &[article], glossary, progress)?.pop().ok_or_else(|| lost(Stage::Check))
}

/// Errors name their article; those that do already, and cancelling, stay as they are.
fn named(article: &Article, error: Error) -> Error {
    match error {
        Error::Input { .. } | Error::Cancelled { .. } | Error::Article { .. } => error,
        error => Error::Article { article: article.id.clone(), source: Box::new(error) },
    }
}

/// A stage gave fewer results than it got inputs: its contract is broken.
fn lost(stage: Stage) -> Error {
    Error::Backend { stage, message: "a result is missing".to_owned() }
}

/// The stages in their order, each over the whole batch.
fn digest(
    pipeline: &Pipeline,
    articles: &[&Article],
    glossary: Option<&Glossary>,
    progress: Progress<'_>,
) -> Result<Vec<Document>> {
    let mut documents: Vec<Document> =
        articles.iter().map(|&article| Document::new(article.clone())).collect();
    for document in &mut documents {
        document.flags = intake::flags(&document.article.text);
    }
    clean(pipeline, &mut documents)?;
    progress.report(Stage::Clean, documents.len(), documents.len())?;
    split(pipeline, &mut documents)?;
    progress.report(Stage::Sentences, documents.len(), documents.len())?;
    let salience = recognize(pipeline, &mut documents, progress)?;
    let reads_english = pipeline.summarizer.as_ref().is_some_and(|summarizer| summarizer.needs_translation());
    let drafts = if reads_english {
        translate(pipeline, &mut documents, None, glossary, progress)?;
        draft(pipeline, &documents, &salience, progress)?
    } else {
        let drafts = draft(pipeline, &documents, &salience, progress)?;
        translate(pipeline, &mut documents, Some(&drafts), glossary, progress)?;
        drafts
    };
    for (document, draft) in documents.iter_mut().zip(drafts) {
        document.summary = draft.and_then(|draft| summary(document, draft));
        note_missing(pipeline, document);
    }
    progress.report(Stage::Check, documents.len(), documents.len())?;
    let models = models(pipeline);
    let options = options(pipeline, glossary);
    for document in &mut documents {
        document.provenance.models.clone_from(&models);
        document.provenance.options.clone_from(&options);
    }
    Ok(documents)
}

fn clean(pipeline: &Pipeline, documents: &mut [Document]) -> Result<()> {
    let Some(cleaner) = &pipeline.cleaner else { return Ok(()) };
    let texts: Vec<&str> = documents.iter().map(|document| document.article.text.as_str()).collect();
    let cleaned = same_length(cleaner.clean(&texts)?, texts.len(), Stage::Clean)?;
    for (document, Cleaned { kept, removed }) in documents.iter_mut().zip(cleaned) {
        document.kept = kept;
        document.removed = removed;
    }
    Ok(())
}

fn split(pipeline: &Pipeline, documents: &mut [Document]) -> Result<()> {
    let Some(splitter) = &pipeline.splitter else { return Ok(()) };
    let texts: Vec<KeptText<'_>> = documents
        .iter()
        .map(|document| KeptText { text: &document.article.text, kept: &document.kept })
        .collect();
    let split = same_length(splitter.split(&texts)?, texts.len(), Stage::Sentences)?;
    for (document, sentences) in documents.iter_mut().zip(split) {
        document.sentences = sentences;
    }
    Ok(())
}

/// Entities and clusters go into the documents; the salience of each document's sentences comes back.
fn recognize(
    pipeline: &Pipeline,
    documents: &mut [Document],
    progress: Progress<'_>,
) -> Result<Vec<Option<Vec<f32>>>> {
    let Some(recognizer) = &pipeline.recognizer else { return Ok(vec![None; documents.len()]) };
    let texts: Vec<SentencedText<'_>> = documents
        .iter()
        .map(|document| SentencedText {
            text: &document.article.text,
            sentences: &document.sentences,
            date: document.article.date,
        })
        .collect();
    let recognized = same_length(recognizer.recognize(&texts, progress)?, texts.len(), Stage::Entities)?;
    let mut salience = Vec::with_capacity(documents.len());
    for (document, recognition) in documents.iter_mut().zip(recognized) {
        let mentions = match pipeline.options.repeat_names {
            true => {
                let (text, sentences) = (document.article.text.as_str(), document.sentences.as_slice());
                ner::with_repeats(&SentencedText { text, sentences, date: None }, recognition.mentions)
            }
            false => recognition.mentions,
        };
        let (entities, clusters) = ner::group(&document.article.text, mentions);
        document.entities = entities;
        document.clusters = clusters;
        salience.push(recognition.salience);
    }
    Ok(salience)
}

fn draft(
    pipeline: &Pipeline,
    documents: &[Document],
    salience: &[Option<Vec<f32>>],
    progress: Progress<'_>,
) -> Result<Vec<Option<Draft>>> {
    let Some(summarizer) = &pipeline.summarizer else { return Ok(vec![None; documents.len()]) };
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
    let drafts = same_length(summarizer.summarize(&inputs, progress)?, inputs.len(), Stage::Summarize)?;
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
    let wanted: Vec<Vec<usize>> = documents
        .iter()
        .enumerate()
        .map(|(index, document)| {
            match (pipeline.options.translate, drafts.and_then(|drafts| drafts.get(index))) {
                (Scope::Summary, Some(Some(Draft::Extract(sentences)))) => sentences.clone(),
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
    let passages: Vec<Passage<'_>> = segments
        .iter()
        .map(|(document, text)| Passage::new(text).in_article(&document.article.text).with_glossary(glossary))
        .collect();
    let translated = translator.translate_passages(&passages, progress)?;
    let segments: Vec<String> = segments.into_iter().map(|(_, text)| text).collect();
    let mut translated =
        same_length(translated, segments.len(), Stage::Translate)?.into_iter().zip(&segments);
    for (document, wanted) in documents.iter_mut().zip(wanted) {
        for sentence in wanted {
            let (english, source) = translated.next().ok_or_else(|| lost(Stage::Translate))?;
            let names = names(document, sentence);
            let mut segment = Segment::new(sentence, "");
            segment.flags = check(source, &english, &names);
            if let Some(glossary) = glossary {
                segment.terms = glossary.find(source);
                segment.flags.extend(glossary.check(source, &english.text));
            }
            segment.verbatim = verbatim(source);
            segment.verbatim.retain(|kept| english.text.contains(kept));
            segment.text = english.text;
            document.translation.push(segment);
        }
    }
    Ok(())
}

/// A sentence as the translator reads it: lines that scraping broke become one.
fn source(document: &Document, sentence: usize) -> String {
    let span = document.sentences.get(sentence).map(|sentence| sentence.span);
    let text = span.map_or("", |span| document.text(span));
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn names(document: &Document, sentence: usize) -> Vec<(&str, Label)> {
    let in_sentence = document.entities.iter().filter(|entity| entity.sentence == sentence);
    in_sentence.map(|entity| (document.text(entity.span), entity.label)).collect()
}

/// The summary in English, where the chosen sentences were translated, else in the article's own words. An extract has
/// the flags of its segments; what a model wrote is compared with the article.
fn summary(document: &Document, draft: Draft) -> Option<Summary> {
    let (text, language, sentences) = match draft {
        Draft::Abstract { text, sentences, mut flags } => {
            let english = join(document.translation.iter().map(|segment| segment.text.clone()));
            flags.extend(unfounded(&text, &english, &document.cleaned_text()));
            return Some(Summary { text, language: "en".to_owned(), sentences, flags });
        }
        Draft::Extract(sentences) if sentences.is_empty() => return None,
        Draft::Extract(sentences) => {
            let segment =
                |index: &usize| document.translation.iter().find(|segment| segment.sentence == *index);
            match sentences.iter().map(segment).collect::<Option<Vec<&Segment>>>() {
                Some(segments) => {
                    (join(segments.iter().map(|segment| segment.text.clone())), "en", sentences)
                }
                None => (join(sentences.iter().map(|&sentence| source(document, sentence))), "id", sentences),
            }
        }
    };
    let mut flags: Vec<Flag> = Vec::new();
    for segment in document.translation.iter().filter(|segment| sentences.contains(&segment.sentence)) {
        flags.extend(segment.flags.iter().cloned());
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
        document.flags.push(Flag::new(FlagKind::NothingToSummarize, "no sentence is long enough"));
    }
}

/// What a run's results depend on besides the models: the pipeline's options, those of the translator, the glossary.
fn options(pipeline: &Pipeline, glossary: Option<&Glossary>) -> serde_json::Value {
    let mut options = serde_json::to_value(&pipeline.options).unwrap_or_default();
    if let serde_json::Value::Object(fields) = &mut options {
        let translator = pipeline.translator.as_ref().map(|translator| translator.options());
        fields.extend(
            translator.filter(|options| !options.is_null()).map(|options| ("translator".to_owned(), options)),
        );
        let glossary = glossary.filter(|_| pipeline.translator.is_some());
        fields.extend(glossary.map(|glossary| {
            let entries = glossary.entries().len();
            ("glossary".to_owned(), serde_json::json!({"entries": entries, "sha256": glossary.sha256()}))
        }));
    }
    options
}

fn models(pipeline: &Pipeline) -> Vec<crate::document::ModelRef> {
    let recognizer = pipeline.recognizer.as_ref().and_then(|stage| stage.model());
    let translator = pipeline.translator.as_ref().and_then(|stage| stage.model());
    let summarizer = pipeline.summarizer.as_ref().and_then(|stage| stage.model());
    [recognizer, translator, summarizer].into_iter().flatten().collect()
}

fn same_length<T>(results: Vec<T>, inputs: usize, stage: Stage) -> Result<Vec<T>> {
    if results.len() == inputs {
        Ok(results)
    } else {
        let message = format!("{inputs} inputs gave {} results", results.len());
        Err(Error::Backend { stage, message })
    }
}
