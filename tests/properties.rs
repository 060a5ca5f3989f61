//! What holds for any text, with the built-in rules.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // helpers of tests fail as tests do

use intisari::clean::RuleCleaner;
use intisari::document::{Document, FlagKind, Label, Unit};
use intisari::ner::{EntityRecognizer, Mention, Recognition, RuleRecognizer, SentencedText};
use intisari::output::{conll, json};
use intisari::sentence::RuleSplitter;
use intisari::summarize::Centrality;
use intisari::translate::{Stop, Translated, Translator};
use intisari::{Article, Pipeline, Progress, Result};
use proptest::prelude::*;

fn rules() -> Pipeline {
    Pipeline::builder()
        .cleaner(RuleCleaner::default())
        .splitter(RuleSplitter::default())
        .recognizer(RuleRecognizer)
        .summarizer(Centrality::default())
        .build()
        .unwrap()
}

/// Text of what breaks text processing, and of what looks like news.
fn news_like() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        Just("Jakarta - ".to_owned()),
        Just("Liputan6.com, Jakarta Presiden".to_owned()),
        Just("\nBaca Juga\n".to_owned()),
        Just("Advertisement".to_owned()),
        Just("\" kata Budi. ".to_owned()),
        Just("Rp 1.000,50 pada 12/3/2024 pukul 18.35 WIB. ".to_owned()),
        Just("\u{a0}\u{200b}\u{feff}\r\n".to_owned()),
        Just("e\u{301}👩‍👩‍👧 “Ya.”".to_owned()),
        Just("\0".to_owned()),
        Just("<p>Kepala &quot;Dinas&nbsp;Laut&quot;</p>".to_owned()),
        Just("Siti <b>Nur</b>&shy;baya (Kab&amp;Kota)<br>".to_owned()),
        "[A-Z][a-z]{2,8}( [a-z]{2,8}){1,6}[.?!,]? ?",
        any::<String>(),
    ];
    prop::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
}

fn check(document: &Document) -> Result<(), TestCaseError> {
    document.validate().map_err(|error| TestCaseError::fail(error.to_string()))?;
    let text = &document.article.text;
    // Kept and removed parts together cover the text; sentences cover what is kept.
    let mut covered = vec![0_u8; text.len()];
    let spans = document.kept.iter().copied().chain(document.removed.iter().map(|removed| removed.span));
    for span in spans {
        covered[span.range()].iter_mut().for_each(|byte| *byte += 1);
    }
    let mut in_sentence = vec![false; text.len()];
    for sentence in &document.sentences {
        prop_assert_eq!(sentence.span, sentence.span.trimmed(text));
        prop_assert!(!sentence.span.is_empty());
        in_sentence[sentence.span.range()].fill(true);
    }
    let kept = |offset: usize| document.kept.iter().any(|span| span.range().contains(&offset));
    for (offset, character) in text.char_indices().filter(|(_, c)| !c.is_whitespace()) {
        prop_assert_eq!(covered[offset], 1, "{:?} at {} of {:?}", character, offset, text);
        prop_assert_eq!(in_sentence[offset], kept(offset), "{:?} at {} of {:?}", character, offset, text);
    }
    Ok(())
}

/// Takes each sentence for a name.
struct Sentences;

impl EntityRecognizer for Sentences {
    fn recognize(&self, texts: &[SentencedText<'_>], _: Progress<'_>) -> Result<Vec<Recognition>> {
        let found = |text: &SentencedText<'_>| {
            let labels = [Label::Per, Label::Org];
            let sentences = text.sentences.iter().zip(labels.into_iter().cycle()).enumerate();
            let mentions =
                sentences.map(|(index, (sentence, label))| Mention::new(sentence.span, label, 0.9, index));
            Recognition::new(mentions.collect())
        };
        Ok(texts.iter().map(found).collect())
    }
}

/// Gives what it is given, which may have dates and tags in it.
struct Copies;

impl Translator for Copies {
    fn translate(&self, segments: &[&str], _: Progress<'_>) -> Result<Vec<Translated>> {
        Ok(segments.iter().map(|segment| Translated::new(segment.trim(), Stop::End)).collect())
    }
}

proptest! {
    #[test]
    fn names_of_any_form_are_those_of_their_clusters(text in news_like()) {
        let pipeline = Pipeline::builder()
            .cleaner(RuleCleaner::default())
            .splitter(RuleSplitter::default())
            .recognizer(Sentences)
            .translator(Copies)
            .summarizer(Centrality::default())
            .build()
            .unwrap();
        let document = pipeline.run(&Article::new("any", text)).unwrap();
        check(&document)?;
        let json = serde_json::to_string(&document).unwrap();
        prop_assert_eq!(serde_json::from_str::<Document>(&json).unwrap(), document);
    }

    #[test]
    fn any_text_becomes_a_document_that_covers_it(text in news_like()) {
        check(&rules().run(&Article::new("any", text)).unwrap())?;
    }

    #[test]
    fn documents_survive_json(text in news_like()) {
        let document = rules().run(&Article::new("any", text)).unwrap();
        let value = json(&document, Unit::Bytes);
        prop_assert_eq!(serde_json::from_value::<Document>(value).unwrap(), document.clone());
        json(&document, Unit::Utf16);
        conll(&document);
    }

    #[test]
    fn a_batch_gives_what_its_articles_give_alone(texts in prop::collection::vec(news_like(), 0..5)) {
        let articles: Vec<Article> = texts.into_iter().map(|text| Article::new("any", text)).collect();
        let together = rules().run_batch(&articles);
        for (article, document) in articles.iter().zip(together) {
            prop_assert_eq!(document.unwrap(), rules().run(article).unwrap());
        }
    }
}

#[test]
fn ten_megabytes_without_a_space_are_no_sentence_but_a_flag() {
    let text = "a".repeat(10 << 20);
    let document = rules().run(&Article::new("long", text)).unwrap();
    assert_eq!((document.sentences.len(), document.removed.len()), (0, 1));
    assert!(document.flags.iter().any(|flag| flag.kind == FlagKind::PassedOver && flag.span.is_some()));
    check(&document).unwrap();
}

#[test]
fn much_of_a_script_without_blanks_is_sentences() {
    let document = rules().run(&Article::new("long", "雨".repeat(1 << 17))).unwrap();
    assert!(document.sentences.iter().all(|sentence| sentence.span.len() <= 4_096));
    check(&document).unwrap();
}

#[test]
fn an_article_without_a_full_stop_is_covered() {
    let text = "Hujan turun di Bogor dan jalan tergenang ".repeat(2_000);
    let document = rules().run(&Article::new("endless", text)).unwrap();
    check(&document).unwrap();
}

#[test]
fn hostile_and_tiny_texts_are_documents() {
    for text in [
        "",
        " ",
        ".",
        "\"",
        "\0",
        "😀",
        "é",
        "\u{301}",
        "Baca Juga",
        "Jakarta - ",
        "<p>Hujan.</p>",
        "A.\r\nB.\r\n",
        "...",
        "\u{feff}",
    ] {
        check(&rules().run(&Article::new("tiny", text)).unwrap()).unwrap();
    }
}
