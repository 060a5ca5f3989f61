//! Models as published in a pipeline, through the public API: tiny random ones of the same form.
#![cfg(feature = "torch")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // helpers fail as tests do

use std::fs;
use std::path::{Path, PathBuf};

use intisari::document::FlagKind;
use intisari::sentence::RuleSplitter;
use intisari::store::{Adding, Placement, Store};
use intisari::summarize::{Draft, Seq2SeqSummarizer, Summarizer, SummaryInput};
use intisari::translate::{Seq2SeqOptions, Seq2SeqTranslator};
use intisari::{Article, Device, Pipeline, Precision, Progress, Result};

fn folder(name: &str) -> PathBuf {
    // Networks as small as these are slower on many threads.
    intisari::set_threads(1);
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/families").join(name)
}

#[test]
fn a_builder_takes_a_translator_and_a_summarizer() {
    let greedy = || Seq2SeqOptions { beams: Some(1), ..Seq2SeqOptions::default() };
    let pipeline = Pipeline::builder()
        .splitter(RuleSplitter::default())
        .translator(Seq2SeqTranslator::load(folder("marian"), greedy()).unwrap())
        .summarizer(Seq2SeqSummarizer::load(folder("bart"), greedy()).unwrap())
        .build()
        .unwrap();
    let text = "Hujan turun di Palu sejak pagi. Warga menunggu kereta di pasar, kata Budi.\r\n";
    // More than the model can read at once.
    let long = text.repeat(40);
    let articles = [Article::new("one", text), Article::new("none", ""), Article::new("long", long)];
    let digests: Vec<_> = pipeline.run_batch(&articles).into_iter().map(Result::unwrap).collect();
    let summary = digests[0].summary.as_ref().unwrap();
    assert_eq!((summary.language.as_str(), summary.sentences.as_slice()), ("en", [0, 1].as_slice()));
    assert_eq!(digests[0].translation.len(), 2);
    assert!(digests[1].summary.is_none());
    assert_eq!(digests[2].summary.as_ref().unwrap().sentences.len(), 80);
    assert_eq!(digests[2].translation[0].text, digests[0].translation[0].text);
}

#[test]
fn folders_of_every_family_give_a_translation_and_a_summary() {
    let home = tempfile::tempdir().unwrap();
    let store = Store::in_folders([home.path().to_owned()]).unwrap();
    for (translator, summarizer) in [
        ("marian", "bart"),
        ("m2m100", "pegasus"),
        ("nllb", "prophetnet"),
        ("mbart50", "longt5-local"),
        ("t5", "t5"),
        ("mt5", "longt5-tglobal"),
        ("mt5", "mt5"),
    ] {
        let pipeline = Pipeline::builder()
            .splitter(RuleSplitter::default())
            .translator(store.translator(&folder(translator), Placement::default()).unwrap())
            .summarizer(store.summarizer(&folder(summarizer), Placement::default()).unwrap())
            .build()
            .unwrap();
        let text = "Presiden meresmikan jembatan di Palangka Raya, Senin (3/3/2025).";
        let document = pipeline.run(&Article::new("one", text)).unwrap();
        assert!(!document.translation[0].text.is_empty(), "{translator}");
        assert!(!document.summary.unwrap().text.is_empty(), "{summarizer}");
        let models: Vec<&str> = document.provenance.models().map(|model| model.id.as_str()).collect();
        assert_eq!(models, [translator, summarizer]);
    }
}

#[test]
fn what_does_not_suit_is_refused() {
    let home = tempfile::tempdir().unwrap();
    let store = Store::in_folders([home.path().to_owned()]).unwrap();
    let int8 = Placement { precision: Some(Precision::Int8), ..Placement::default() };
    let nowhere = Placement { device: Some(Device::Cuda(99)), ..Placement::default() };
    for (model, placement, expected) in [
        ("marian", Placement::default(), "summaries come from bart"),
        ("bart", int8, "int8 is for the built-in translator only"),
        ("bart", nowhere, "cuda:99"),
        ("none", Placement::default(), "no folder"),
    ] {
        let error = store.summarizer(&folder(model), placement).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
    let error = store.translator(&folder("bart"), Placement::default()).err().unwrap().to_string();
    assert!(error.contains("translations come from marian"), "{error}");
}

/// Who has merged an adapter may have left its settings beside the whole weights.
#[test]
fn a_whole_model_beside_the_settings_of_an_adapter_is_a_model() {
    let home = tempfile::tempdir().unwrap();
    let store = Store::in_folders([home.path().join("models")]).unwrap();
    let merged = home.path().join("merged");
    fs::create_dir(&merged).unwrap();
    for file in fs::read_dir(folder("marian")).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), merged.join(file.file_name())).unwrap();
    }
    fs::write(merged.join("adapter_config.json"), "{}").unwrap();
    store.add("mine", &merged, &Adding::default()).unwrap();
    let english = |model: &Path| {
        let translator = store.translator(model, Placement::default()).unwrap();
        translator.translate(&["Hujan turun di Palu."], Progress::none()).unwrap()
    };
    let expected = english(&folder("marian"));
    for model in [merged.as_path(), Path::new("mine")] {
        assert_eq!(english(model), expected, "{}", model.display());
    }
}

/// Writes what is in no article.
struct Liar;

impl Summarizer for Liar {
    fn needs_translation(&self) -> bool {
        true
    }

    fn summarize(&self, inputs: &[SummaryInput<'_>], _: Progress<'_>) -> Result<Vec<Draft>> {
        let text = "In Palu 77 houses fell, said Joko Susilo.".to_owned();
        let draft =
            Draft::Abstract { text, language: "en".to_owned(), sentences: vec![0], flags: Vec::new() };
        Ok(inputs.iter().map(|_| draft.clone()).collect())
    }
}

#[test]
fn what_no_article_tells_is_flagged_in_its_summary() {
    let options = Seq2SeqOptions { beams: Some(1), ..Seq2SeqOptions::default() };
    let pipeline = Pipeline::builder()
        .splitter(RuleSplitter::default())
        .translator(Seq2SeqTranslator::load(folder("marian"), options).unwrap())
        .summarizer(Liar)
        .build()
        .unwrap();
    let document = pipeline.run(&Article::new("one", "Tujuh rumah di Palu roboh.")).unwrap();
    let flags = document.summary.unwrap().flags;
    let flags: Vec<_> = flags.iter().map(|flag| (flag.kind, flag.detail.as_str())).collect();
    assert_eq!(flags, [(FlagKind::NumberAdded, "77"), (FlagKind::NameAdded, "Joko Susilo")]);
}
