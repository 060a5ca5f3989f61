use std::collections::BTreeMap;

use intisari::eval::{Rouge, RougeScores};
use serde::Deserialize;

use crate::{assert_close, stored};

#[derive(Deserialize)]
struct Stored {
    references: Vec<String>,
    systems: Vec<Vec<String>>,
    cases: Vec<Case>,
    multi: Vec<Multi>,
}

#[derive(Deserialize)]
struct Case {
    system: usize,
    reference: usize,
    stem: bool,
    scores: BTreeMap<String, [f64; 3]>,
}

#[derive(Deserialize)]
struct Multi {
    references: [String; 2],
    output: String,
    stem: bool,
    scores: BTreeMap<String, [f64; 3]>,
}

fn assert_equal(ours: RougeScores, theirs: &BTreeMap<String, [f64; 3]>, what: &str) {
    for (name, prf) in ours.named() {
        for (ours, theirs) in [prf.precision, prf.recall, prf.f1].iter().zip(theirs[name]) {
            assert_close(*ours, theirs, &format!("{name} of {what}"));
        }
    }
}

#[test]
fn equals_rouge_score() {
    let stored: Stored = stored("rouge.json");
    assert!(stored.cases.len() > 100);
    for case in &stored.cases {
        let output = &stored.systems[case.system][case.reference];
        let rouge = Rouge { stem: case.stem };
        assert_equal(rouge.compare(output, &stored.references[case.reference]), &case.scores, output);
    }
}

#[test]
fn takes_the_best_reference_for_each_figure() {
    let stored: Stored = stored("rouge.json");
    assert!(!stored.multi.is_empty());
    for case in &stored.multi {
        let rouge = Rouge { stem: case.stem };
        let references: Vec<&str> = case.references.iter().map(String::as_str).collect();
        let ours = rouge.score(&rouge.counts(&case.output, &references));
        assert_equal(ours, &case.scores, &case.output);
    }
}

#[test]
fn a_set_scores_the_mean_of_its_items() {
    let rouge = Rouge::default();
    let mean = rouge.corpus([("one two", ["one two"]), ("three", ["four"])]);
    assert_eq!(mean.rouge1.f1, 0.5);
    assert_eq!(rouge.corpus::<[&str; 1]>([]), RougeScores::default());
}
