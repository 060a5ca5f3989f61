use intisari::eval::{ClusterCounts, Prf};
use serde::Deserialize;

use crate::{assert_close, stored};

#[derive(Deserialize)]
struct Stored {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    /// The cluster of each mention, -1 for none.
    gold: Vec<i64>,
    predicted: Vec<i64>,
    /// Recall, precision, F1.
    muc: [f64; 3],
    b_cubed: [f64; 3],
    ceaf: [f64; 3],
    conll: f64,
}

fn clusters(ids: &[i64]) -> Vec<Vec<usize>> {
    let most = ids.iter().copied().max().unwrap();
    let of = |cluster| {
        ids.iter().enumerate().filter(|(_, id)| **id == cluster).map(|(mention, _)| mention).collect()
    };
    (0..=most).map(of).filter(|cluster: &Vec<usize>| !cluster.is_empty()).collect()
}

fn assert_prf(ours: Prf, [recall, precision, f1]: [f64; 3], what: &str) {
    assert_close(ours.recall, recall, what);
    assert_close(ours.precision, precision, what);
    assert_close(ours.f1, f1, what);
}

#[test]
fn equal_scorch() {
    let Stored { cases } = stored("clusters.json");
    assert!(cases.len() >= 35);
    for case in &cases {
        let counts = ClusterCounts::new(&clusters(&case.gold), &clusters(&case.predicted));
        assert_prf(counts.muc(), case.muc, "muc");
        assert_prf(counts.b_cubed(), case.b_cubed, "b-cubed");
        assert_prf(counts.ceaf(), case.ceaf, "ceaf");
        assert_close(counts.conll(), case.conll, "conll");
    }
}
