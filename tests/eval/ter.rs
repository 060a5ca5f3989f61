use std::collections::BTreeMap;

use intisari::eval::{Ter, TerCounts};
use serde::Deserialize;

use crate::{assert_close, settings, stored};

#[derive(Deserialize)]
struct Stored {
    references: Vec<Vec<String>>,
    systems: BTreeMap<String, Vec<String>>,
    cases: Vec<Case>,
    pairs: Vec<(String, String, f64)>,
}

#[derive(Deserialize)]
struct Case {
    system: String,
    references: usize,
    options: Options,
    score: f64,
    printed: String,
    edits: u64,
    ref_length: f64,
    signature: String,
}

#[derive(Debug, Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Options {
    normalized: bool,
    no_punct: bool,
    case_sensitive: bool,
}

#[test]
fn equals_sacrebleu() {
    let stored: Stored = stored("ter.json");
    assert!(stored.cases.len() >= 80);
    for case in &stored.cases {
        let ter = Ter {
            case_sensitive: case.options.case_sensitive,
            normalized: case.options.normalized,
            without_punctuation: case.options.no_punct,
        };
        let what = format!("{} {:?} {}", case.system, case.options, case.references);
        let mut sum = TerCounts::default();
        for (i, output) in stored.systems[&case.system].iter().enumerate() {
            let references: Vec<&str> =
                stored.references.iter().take(case.references).map(|r| r[i].as_str()).collect();
            sum += &ter.counts(output, &references);
        }
        assert_eq!(sum.edits, case.edits, "{what}");
        assert_close(sum.reference_words, case.ref_length, &what);
        assert_close(ter.score(&sum), case.score, &what);
        let printed = format!("TER = {:.2}", ter.score(&sum));
        assert!(case.printed.starts_with(&printed), "{printed} is not the start of {}", case.printed);
        assert_eq!(settings(&ter.signature(case.references)), settings(&case.signature));
    }
}

#[test]
fn equals_sacrebleu_on_lengths_that_strain_the_beam() {
    let stored: Stored = stored("ter.json");
    for (output, reference, score) in &stored.pairs {
        assert_close(Ter::default().corpus([(output.as_str(), [reference.as_str()])]), *score, output);
    }
}

#[test]
fn scores_nothing_as_zero() {
    assert_eq!(Ter::default().corpus::<[&str; 1]>([]), 0.0);
    assert_eq!(Ter::default().corpus([("words", [])]), 0.0);
}
