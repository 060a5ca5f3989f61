//! A glossary on its way through the pipeline: who gets it, what is flagged, what a document tells.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // helpers of tests fail as tests do

mod common;

use common::{fakes, AtStops, Shout};
use intisari::document::FlagKind;
use intisari::translate::{Glossary, GlossaryEntry, Passage, Stop, Translated, Translator};
use intisari::{Article, Error, Pipeline, Progress, Result};
use proptest::prelude::*;

/// Says which terms it was given, and how much of the article it sees.
struct TellsTerms;

impl Translator for TellsTerms {
    fn translate(&self, segments: &[&str], progress: Progress<'_>) -> Result<Vec<Translated>> {
        let passages: Vec<Passage<'_>> = segments.iter().map(|segment| Passage::new(segment)).collect();
        self.translate_passages(&passages, progress)
    }

    fn translate_passages(&self, passages: &[Passage<'_>], _: Progress<'_>) -> Result<Vec<Translated>> {
        let tell = |passage: &Passage<'_>| {
            let terms = passage.glossary.map(|glossary| glossary.find(passage.text)).unwrap_or_default();
            let terms: Vec<String> = terms.into_iter().map(|term| term.target).collect();
            let text = format!("{} of {}", terms.join(" and "), passage.article.len());
            Translated::new(text.trim(), Stop::End)
        };
        Ok(passages.iter().map(tell).collect())
    }

    fn options(&self) -> serde_json::Value {
        serde_json::json!({"beams": 1})
    }
}

fn terms(entries: &[(&str, &str)]) -> Glossary {
    Glossary::new(entries.iter().map(|(source, target)| GlossaryEntry::new(*source, *target))).unwrap()
}

const TEXT: &str = "Para penyintas pulang. Bupati tiba.";

#[test]
fn a_translator_gets_terms_and_article_and_the_document_tells_of_them() {
    let pipeline = Pipeline::builder().splitter(AtStops).translator(TellsTerms);
    let pipeline = pipeline.glossary(terms(&[("penyintas", "survivor")])).build().unwrap();
    let article = Article::new("a", TEXT);
    let document = pipeline.run(&article).unwrap();
    assert_eq!(document.translation[0].text, format!("survivor of {}", TEXT.len()));
    let found = &document.translation[0].terms;
    assert_eq!((found[0].source.as_str(), found[0].target.as_str()), ("penyintas", "survivor"));
    assert!(document
        .translation
        .iter()
        .all(|segment| segment.flags.iter().all(|flag| flag.kind != FlagKind::TermMissing)));
    assert_eq!(document.provenance.options["glossary"]["entries"], 1);
    assert_eq!(document.provenance.stages[1].options["beams"], 1);

    let other = terms(&[("bupati", "regent")]);
    let documents = pipeline.run_batch_with_terms(&[article], &other, Progress::none());
    let document = documents.into_iter().next().unwrap().unwrap();
    assert!(
        document.translation[0].terms.is_empty(),
        "the call's glossary stands in the place of the builder's"
    );
    assert_eq!(document.translation[1].text, format!("regent of {}", TEXT.len()));
}

#[test]
fn whoever_translates_a_missing_term_is_flagged() {
    let pipeline =
        fakes().glossary(terms(&[("penyintas", "survivor"), ("Bupati", "BUPATI")])).build().unwrap();
    let document = pipeline.run(&Article::new("a", TEXT)).unwrap();
    let missing = |segment: usize| -> Vec<&str> {
        let flags = document.translation[segment].flags.iter();
        flags.filter(|flag| flag.kind == FlagKind::TermMissing).map(|flag| flag.detail.as_str()).collect()
    };
    assert_eq!(missing(0), ["penyintas = survivor"]);
    assert_eq!(missing(1), [""; 0]);
    let json = serde_json::to_string(&document).unwrap();
    assert!(json.contains("term_missing"));
    assert_eq!(serde_json::from_str::<intisari::Document>(&json).unwrap(), document);
}

#[test]
fn a_glossary_without_a_translator_is_an_error() {
    let builder = Pipeline::builder().splitter(AtStops).glossary(terms(&[("a", "b")]));
    assert!(matches!(builder.build(), Err(Error::Config { .. })));
    assert!(Pipeline::builder().splitter(AtStops).glossary(Glossary::default()).build().is_ok());
    assert!(Pipeline::builder()
        .splitter(AtStops)
        .translator(Shout)
        .glossary(terms(&[("a", "b")]))
        .build()
        .is_ok());
}

proptest! {
    #[test]
    fn any_text_makes_a_glossary_or_an_error(text in "\\PC{0,80}|([a-c]|\t|,|;|\n|\"|#){0,60}") {
        for glossary in [Glossary::from_tsv(&text), Glossary::from_csv(&text)].into_iter().flatten() {
            for entry in glossary.entries() {
                prop_assert!(!entry.source.is_empty() && !entry.target.is_empty());
                prop_assert!(!glossary.find(&entry.source).is_empty(), "{:?} is not found in itself", entry);
            }
        }
    }
}
