use std::collections::BTreeMap;

use intisari::eval::{Bleu, Smoothing, Tokenizer};
use serde::Deserialize;

use crate::{assert_close, settings, stored};

#[derive(Deserialize)]
struct Stored {
    references: Vec<Vec<String>>,
    systems: BTreeMap<String, Vec<String>>,
    cases: Vec<Case>,
    sentences: Vec<Vec<f64>>,
    tokens: Vec<Tokens>,
}

#[derive(Deserialize)]
struct Case {
    system: String,
    references: usize,
    options: Options,
    score: f64,
    printed: String,
    counts: Vec<f64>,
    totals: Vec<f64>,
    precisions: [f64; 4],
    bp: f64,
    sys_len: u64,
    ref_len: u64,
    signature: String,
}

#[derive(Debug, Deserialize)]
struct Options {
    tokenize: Option<String>,
    #[serde(default)]
    lowercase: bool,
    smooth_method: Option<String>,
    smooth_value: Option<f64>,
    #[serde(default)]
    effective_order: bool,
}

#[derive(Deserialize)]
struct Tokens {
    tokenizer: String,
    text: String,
    tokens: Vec<String>,
}

fn tokenizer(name: &str) -> Tokenizer {
    match name {
        "13a" => Tokenizer::V13a,
        "intl" => Tokenizer::International,
        "char" => Tokenizer::Characters,
        "none" => Tokenizer::None,
        other => panic!("no tokenizer {other}"),
    }
}

fn metric(options: &Options) -> Bleu {
    Bleu {
        tokenizer: tokenizer(options.tokenize.as_deref().unwrap_or("13a")),
        smoothing: match (options.smooth_method.as_deref(), options.smooth_value) {
            (None | Some("exp"), _) => Smoothing::Exp,
            (Some("none"), _) => Smoothing::None,
            (Some("floor"), value) => Smoothing::Floor(value.unwrap_or(0.1)),
            (Some("add-k"), value) => Smoothing::AddK(value.unwrap_or(1.0)),
            other => panic!("no smoothing {other:?}"),
        },
        lowercase: options.lowercase,
        effective_order: options.effective_order,
    }
}

#[test]
fn equals_sacrebleu_on_sets() {
    let stored: Stored = stored("bleu.json");
    assert!(stored.cases.len() > 100);
    for case in &stored.cases {
        let bleu = metric(&case.options);
        let outputs = &stored.systems[&case.system];
        let references: Vec<Vec<&str>> = (0..outputs.len())
            .map(|i| stored.references.iter().take(case.references).map(|r| r[i].as_str()).collect())
            .collect();
        let score = bleu.corpus(outputs.iter().map(String::as_str).zip(&references));
        let what = format!("{} {:?}", case.system, case.options);
        assert_close(score.score, case.score, &what);
        assert_close(score.brevity_penalty, case.bp, &what);
        for (ours, theirs) in score.precisions.iter().zip(case.precisions) {
            assert_close(*ours, theirs, &what);
        }
        // sacreBLEU adds k to the counts that it reports; ours stay as counted.
        if !matches!(bleu.smoothing, Smoothing::AddK(_)) {
            assert_eq!(score.counts.correct.map(|c| c as f64).as_slice(), case.counts, "{what}");
            assert_eq!(score.counts.total.map(|c| c as f64).as_slice(), case.totals, "{what}");
        }
        assert_eq!((score.counts.output_tokens, score.counts.reference_tokens), (case.sys_len, case.ref_len));
        let printed = format!("BLEU = {:.2} ", score.score);
        assert!(case.printed.starts_with(&printed), "{printed} is not the start of {}", case.printed);
        assert_eq!(settings(&bleu.signature(case.references)), settings(&case.signature));
    }
}

#[test]
fn equals_sacrebleu_on_single_sentences() {
    let stored: Stored = stored("bleu.json");
    let bleu = Bleu { effective_order: true, ..Bleu::default() };
    for (system, scores) in ["light", "heavy"].iter().zip(&stored.sentences) {
        for ((output, reference), score) in
            stored.systems[*system].iter().zip(&stored.references[0]).zip(scores)
        {
            let ours = bleu.score(&bleu.counts(output, &[reference])).score;
            assert_close(ours, *score, output);
        }
    }
}

#[test]
fn tokenizes_as_sacrebleu() {
    let stored: Stored = stored("bleu.json");
    for case in &stored.tokens {
        let bleu = Bleu { tokenizer: tokenizer(&case.tokenizer), ..Bleu::default() };
        assert_eq!(bleu.tokens(&case.text), case.tokens, "{} {:?}", case.tokenizer, case.text);
    }
}

#[test]
fn scores_nothing_as_zero() {
    let bleu = Bleu::default();
    assert_eq!(bleu.corpus::<[&str; 1]>([]).score, 0.0);
    assert_eq!(bleu.corpus([("word", [])]).score, 0.0);
}
