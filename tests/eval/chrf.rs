use std::collections::BTreeMap;

use intisari::eval::{Chrf, WordOrder};
use serde::Deserialize;

use crate::{assert_close, settings, stored};

#[derive(Deserialize)]
struct Stored {
    references: Vec<Vec<String>>,
    systems: BTreeMap<String, Vec<String>>,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    system: String,
    references: usize,
    options: Options,
    name: String,
    score: f64,
    printed: String,
    signature: String,
    sentences: Vec<f64>,
}

#[derive(Debug, Deserialize)]
struct Options {
    #[serde(default)]
    word_order: usize,
    #[serde(default)]
    lowercase: bool,
}

#[test]
fn equals_sacrebleu() {
    let stored: Stored = stored("chrf.json");
    assert!(stored.cases.len() > 50);
    for case in &stored.cases {
        let words = match case.options.word_order {
            0 => WordOrder::None,
            1 => WordOrder::Unigrams,
            _ => WordOrder::Bigrams,
        };
        let chrf = Chrf { words, lowercase: case.options.lowercase };
        let outputs = &stored.systems[&case.system];
        let references: Vec<Vec<&str>> = (0..outputs.len())
            .map(|i| stored.references.iter().take(case.references).map(|r| r[i].as_str()).collect())
            .collect();
        let what = format!("{} {:?}", case.system, case.options);
        let score = chrf.corpus(outputs.iter().map(String::as_str).zip(&references));
        assert_close(score, case.score, &what);
        for ((output, references), score) in outputs.iter().zip(&references).zip(&case.sentences) {
            assert_close(chrf.score(&chrf.counts(output, references)), *score, &format!("{what} {output}"));
        }
        assert_eq!(chrf.name(), case.name);
        let printed = format!("{} = {score:.2}", case.name);
        assert!(case.printed.starts_with(&printed), "{printed} is not the start of {}", case.printed);
        assert_eq!(settings(&chrf.signature(case.references)), settings(&case.signature));
    }
}

#[test]
fn scores_nothing_as_zero() {
    assert_eq!(Chrf::chrf2().corpus::<[&str; 1]>([]), 0.0);
    assert_eq!(Chrf::chrf2_plus_plus().corpus([("", ["words"])]), 0.0);
}
