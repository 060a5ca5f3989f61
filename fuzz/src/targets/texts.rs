//! Texts of articles through the rules.

use anyhow::{ensure, Context, Result};
use intisari::clean::RuleCleaner;
use intisari::document::{publication_date, Document, Fields, Label, Sentence, Unit};
use intisari::fuzz::{english_of, kept_to_the_letter};
use intisari::ner::{
    group, quantity::quantities, with_repeats, words, Mention, RuleRecognizer, SentencedText,
};
use intisari::output::{conll, html, json};
use intisari::reading::Reading;
use intisari::sentence::{KeptText, RuleSplitter};
use intisari::summarize::Centrality;
use intisari::translate::{check, for_english_readers, Glossary, Stop, Translated};
use intisari::{Article, Pipeline, Span};

use super::{Outcome, Run, Target};
use crate::mutate::Chance;
use crate::seeds;

/// Documents have a span of 16 bytes and more for a sentence of two, and are written as JSON.
const MOST_PER_BYTE: f64 = 4_000.;
/// Patterns are compiled once, and their caches grow with the first texts.
const SLACK: usize = 64 << 20;

pub fn all() -> Result<Vec<Target>> {
    let target = |name, run: Run| -> Result<Target> {
        Ok(Target {
            name,
            seeds: seeds::texts()?,
            words: &seeds::WORDS,
            most_per_byte: MOST_PER_BYTE,
            slack: SLACK,
            run,
        })
    };
    let cleaning = Pipeline::builder().cleaner(RuleCleaner::default()).build()?;
    let splitting =
        Pipeline::builder().cleaner(RuleCleaner::default()).splitter(RuleSplitter::default()).build()?;
    let all = Pipeline::builder()
        .cleaner(RuleCleaner::default())
        .splitter(RuleSplitter::default())
        .recognizer(RuleRecognizer)
        .summarizer(Centrality::default())
        .build()?;
    Ok(vec![
        target("clean", Box::new(move |bytes, _| document(&cleaning, bytes).map(|_| Outcome::Accepted)))?,
        target("split", Box::new(move |bytes, _| document(&splitting, bytes).map(|_| Outcome::Accepted)))?,
        target("document", Box::new(move |bytes, _| written(&document(&all, bytes)?)))?,
        target("reading", Box::new(|bytes, _| reading(&text(bytes))))?,
        target("quantities", Box::new(|bytes, _| found(&text(bytes))))?,
        target("grouping", Box::new(|bytes, chance| grouping(&text(bytes), chance)))?,
        target("to_the_letter", Box::new(|bytes, chance| to_the_letter(&text(bytes), chance)))?,
        target("english", Box::new(|bytes, chance| english(&text(bytes), chance)))?,
    ])
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The document of a text: valid, and covering it.
fn document(pipeline: &Pipeline, bytes: &[u8]) -> Result<Document> {
    let document = pipeline.run(&Article::new("a", text(bytes)))?;
    document.validate()?;
    let text = &document.article.text;
    let mut covered = vec![0_u8; text.len()];
    for span in document.kept.iter().copied().chain(document.removed.iter().map(|removed| removed.span)) {
        covered[span.range()].iter_mut().for_each(|byte| *byte += 1);
    }
    let mut kept = vec![false; text.len()];
    document.kept.iter().for_each(|span| kept[span.range()].fill(true));
    let mut sentenced = vec![false; text.len()];
    for sentence in &document.sentences {
        ensure!(sentence.span == sentence.span.trimmed(text), "blanks around {:?}", sentence.span);
        sentenced[sentence.span.range()].fill(true);
    }
    let split = !document.sentences.is_empty();
    for (at, _) in text.char_indices().filter(|(_, c)| !c.is_whitespace()) {
        ensure!(covered[at] == 1, "byte {at} is kept or removed {} times", covered[at]);
        ensure!(
            !split || kept[at] == sentenced[at],
            "byte {at} is kept: {}, in a sentence: {}",
            kept[at],
            sentenced[at]
        );
    }
    Ok(document)
}

/// A document in every form; JSON leads back to it.
fn written(document: &Document) -> Result<Outcome> {
    for unit in [Unit::Chars, Unit::Utf16] {
        json(document, unit);
    }
    let back: Document = serde_json::from_value(json(document, Unit::Bytes))?;
    ensure!(back == *document, "JSON leads to another document");
    conll(document);
    let page = html(std::slice::from_ref(document));
    ensure!(!page.contains("<script>alert"), "a script of the article's own");
    Ok(Outcome::Accepted)
}

fn reading(text: &str) -> Result<Outcome> {
    let reading = Reading::of(text);
    let read = reading.text();
    let mut end = 0;
    for (start, character) in read.char_indices().filter(|(_, c)| !c.is_whitespace()) {
        let span = Span::new(read, start, start + character.len_utf8())?;
        let origin = reading.origin(span);
        ensure!(origin.start() >= end && !origin.is_empty(), "{span:?} leads to {origin:?} behind {end}");
        ensure!(
            reading.place(origin) == span,
            "{span:?} leads to {origin:?} and back to {:?}",
            reading.place(origin)
        );
        end = origin.end();
    }
    Ok(Outcome::Accepted)
}

/// What stays to the letter is in the English, whatever a model makes of the rest.
fn to_the_letter(text: &str, chance: &mut Chance) -> Result<Outcome> {
    let english = match chance.below(3) {
        0 => english_of(text, str::to_owned),
        1 => english_of(text, str::to_lowercase),
        _ => english_of(text, |_| "Something else.".to_owned()),
    };
    for kept in kept_to_the_letter(text) {
        let kept = kept.split_whitespace().collect::<Vec<_>>().join(" ");
        ensure!(english.contains(&kept), "{kept:?} is not in {english:?}");
    }
    Ok(Outcome::Accepted)
}

fn found(text: &str) -> Result<Outcome> {
    let mut end = 0;
    let day = intisari::jiff::civil::date(2025, 3, 3);
    for quantity in quantities(text, Some(day)) {
        let range = quantity.bytes;
        ensure!(range.start >= end && range.start < range.end, "{range:?} behind {end}");
        ensure!(text.get(range.clone()).is_some(), "{range:?} cuts a character");
        end = range.end;
    }
    Ok(Outcome::Accepted)
}

/// Names by chance among the words of a text, repeated and grouped.
fn grouping(text: &str, chance: &mut Chance) -> Result<Outcome> {
    let kept = [Span::whole(text)];
    let sentences: Vec<Sentence> = RuleSplitter::new().split_one(KeptText::new(text, &kept));
    let mut mentions = Vec::new();
    for (index, sentence) in sentences.iter().enumerate() {
        let inner = sentence.span.of(text);
        let mut words = words(inner).into_iter();
        while let Some(first) = words.next() {
            if chance.below(3) > 0 {
                continue;
            }
            let last = words.by_ref().take(chance.below(3)).last().unwrap_or(first.clone());
            let span = sentence.span.inner(text, first.start, last.end)?;
            let label =
                *chance.one(&[Label::Per, Label::Per, Label::Org, Label::Loc, Label::Evt, Label::Date]);
            mentions.push(Mention::new(span, label, chance.below(101) as f32 / 100., index));
        }
    }
    // A date within a name that is known gives way to it.
    let names = |mentions: &[Mention]| mentions.iter().filter(|mention| mention.label != Label::Date).count();
    let count = names(&mentions);
    let mentions = with_repeats(&SentencedText::new(text, &sentences), mentions);
    ensure!(names(&mentions) >= count, "names are lost");
    ensure!(mentions.windows(2).all(|pair| pair[0].span.end() <= pair[1].span.start()), "names overlap");
    let (entities, clusters) = group(text, mentions);
    let mut named = vec![0; entities.len()];
    for (number, cluster) in clusters.iter().enumerate() {
        ensure!(!cluster.name.trim().is_empty(), "a group without a name");
        for &mention in &cluster.mentions {
            let entity = entities.get(mention).context("a mention that is not there")?;
            ensure!(
                entity.cluster == Some(number),
                "mention {mention} is in {:?}, not {number}",
                entity.cluster
            );
            named[mention] += 1;
        }
    }
    ensure!(named
        .iter()
        .zip(&entities)
        .all(|(times, entity)| *times == usize::from(entity.cluster.is_some())));
    Ok(Outcome::Accepted)
}

/// What is done with the English, for which parts of the text stand in; records, dates and glossaries.
fn english(text: &str, chance: &mut Chance) -> Result<Outcome> {
    let at = |wanted: usize| (0..=wanted).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let (source, english) = text.split_at(at(chance.below(text.len() + 1)));
    let mended = for_english_readers(source, english);
    ensure!(
        mended.len() <= 8 * (english.len() + source.len()) + 1_000,
        "{} bytes of {}",
        mended.len(),
        english.len()
    );
    let flags = check(source, &Translated::new(english, Stop::End), &[("Ruth", Label::Per)]);
    ensure!(flags.len() <= source.len() + english.len() + 8, "{} flags", flags.len());
    let first = text.lines().next().unwrap_or_default();
    let zone = intisari::document::PublisherZone::default();
    drop(publication_date(first, &zone));
    drop(
        Fields::default()
            .read(&serde_json::json!({"text": text, "date": first, "id": first}).to_string(), "a"),
    );
    let glossary = Glossary::from_tsv(text).or_else(|_| Glossary::from_csv(text));
    if let Ok(glossary) = &glossary {
        glossary.find(source);
        glossary.check(source, english);
    }
    Ok(glossary.map(drop).into())
}
