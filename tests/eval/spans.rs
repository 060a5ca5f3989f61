use std::collections::BTreeMap;

use intisari::eval::{removal_hits, BCubedCounts, LabeledSpan, Matching, Outcomes, Prf};
use intisari::Span;
use serde::Deserialize;

use crate::{assert_close, stored};

#[derive(Deserialize)]
struct Stored {
    overlap: Vec<Overlap>,
    clusters: Vec<Clusters>,
    removal: Vec<Removal>,
}

type Rows = BTreeMap<String, (u64, u64, u64, u64, u64, f64, f64, f64)>;
type Spans = Vec<Vec<(String, usize, usize)>>;

#[derive(Deserialize)]
struct Overlap {
    gold: Spans,
    predicted: Spans,
    overall: Rows,
    labels: BTreeMap<String, Rows>,
}

#[derive(Deserialize)]
struct Clusters {
    gold: Vec<usize>,
    predicted: Vec<usize>,
    precision: f64,
    recall: f64,
    f1: f64,
}

#[derive(Deserialize)]
struct Removal {
    text: String,
    gold: Vec<(usize, usize)>,
    removed: Vec<(usize, usize)>,
    prf: [f64; 3],
}

fn assert_prf(ours: Prf, theirs: [f64; 3], what: &str) {
    assert_close(ours.precision, theirs[0], what);
    assert_close(ours.recall, theirs[1], what);
    assert_close(ours.f1, theirs[2], what);
}

fn assert_overlap(case: &Overlap, label: Option<&str>, rows: &Rows) {
    let spans = |spans: &[(String, usize, usize)]| -> Vec<LabeledSpan> {
        let kept = spans.iter().filter(|(name, ..)| label.is_none_or(|label| label == name));
        kept.map(|(label, start, end)| LabeledSpan { start: *start, end: *end, label: label.clone() })
            .collect()
    };
    for matching in Matching::ALL {
        let mut sum = Outcomes::default();
        for (gold, predicted) in case.gold.iter().zip(&case.predicted) {
            sum += &Outcomes::new(&spans(gold), &spans(predicted), matching);
        }
        let name = if matching == Matching::Type { "ent_type" } else { matching.name() };
        let row = rows[name];
        let counts = (sum.correct, sum.incorrect, sum.partial, sum.missed, sum.spurious);
        assert_eq!(counts, (row.0, row.1, row.2, row.3, row.4), "{name} {label:?}");
        assert_prf(sum.prf(), [row.5, row.6, row.7], name);
    }
}

#[test]
fn overlap_equals_nervaluate() {
    let stored: Stored = stored("spans.json");
    assert!(stored.overlap.len() >= 40);
    for case in &stored.overlap {
        assert_overlap(case, None, &case.overall);
        for (label, rows) in &case.labels {
            assert_overlap(case, Some(label), rows);
        }
    }
}

#[test]
fn clusters_equal_bcubed() {
    let stored: Stored = stored("spans.json");
    assert!(stored.clusters.len() >= 30);
    let grouped = |ids: &[usize]| {
        let mut clusters = vec![Vec::new(); ids.iter().max().unwrap() + 1];
        for (mention, id) in ids.iter().enumerate() {
            clusters[*id].push(mention);
        }
        clusters
    };
    for case in &stored.clusters {
        let counts = BCubedCounts::new(&grouped(&case.gold), &grouped(&case.predicted));
        assert_prf(counts.prf(), [case.precision, case.recall, case.f1], "b-cubed");
    }
}

#[test]
fn mentions_of_one_side_only_count_as_wrong() {
    let counts = BCubedCounts::new(&[vec!["Prabowo", "Presiden"], vec!["Bogor"]], &[vec!["Prabowo"]]);
    assert_prf(counts.prf(), [1.0, 0.5 / 3.0, 2.0 / 7.0], "missed mentions");
    assert_eq!(BCubedCounts::new::<u8>(&[], &[]).prf(), Prf::default());
}

#[test]
fn removed_characters_equal_scikit_learn() {
    let stored: Stored = stored("spans.json");
    assert!(stored.removal.len() >= 20);
    for case in &stored.removal {
        let spans = |pairs: &[(usize, usize)]| -> Vec<Span> {
            pairs.iter().map(|(start, end)| Span::new(&case.text, *start, *end).unwrap()).collect()
        };
        let hits = removal_hits(&case.text, &spans(&case.gold), &spans(&case.removed));
        assert_prf(hits.prf(), case.prf, &case.text);
    }
}

#[test]
fn characters_covered_twice_count_once() {
    let text = "Baca juga: harga beras";
    let span = |start, end| Span::new(text, start, end).unwrap();
    let hits = removal_hits(text, &[span(0, 10)], &[span(5, 10), span(0, 10), span(2, 3)]);
    assert_eq!((hits.correct, hits.predicted, hits.gold), (9, 9, 9));
}
