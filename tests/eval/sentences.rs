use std::ops::Range;

use intisari::eval::evaluation::locate_sentences;
use intisari::eval::sentences::{boundary_hits, span_hits};
use intisari::eval::Hits;
use serde::Deserialize;

use crate::{assert_close, stored};

#[derive(Deserialize)]
struct Stored {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    gold: Vec<String>,
    found: Vec<String>,
    spans: [f64; 3],
    counts: [u64; 3],
    boundaries: [f64; 3],
}

type Count = fn(&str, &[Range<usize>], &[Range<usize>]) -> Hits;

impl Case {
    fn hits(&self, count: Count) -> Hits {
        let text = self.gold.join(" ");
        let located = |sentences| locate_sentences(&text, sentences).unwrap();
        count(&text, &located(&self.found), &located(&self.gold))
    }
}

fn assert_prf(hits: Hits, theirs: [f64; 3], what: &str) {
    let ours = hits.prf();
    assert_close(ours.precision, theirs[0], what);
    assert_close(ours.recall, theirs[1], what);
    assert_close(ours.f1, theirs[2], what);
}

#[test]
fn spans_equal_the_script_of_conll_2018() {
    let stored: Stored = stored("sentences.json");
    assert!(stored.cases.len() >= 60);
    for case in &stored.cases {
        let hits = case.hits(span_hits);
        assert_eq!([hits.correct, hits.predicted, hits.gold], case.counts, "{:?}", case.found);
        assert_prf(hits, case.spans, "spans");
    }
}

#[test]
fn boundaries_equal_wtpsplit() {
    let stored: Stored = stored("sentences.json");
    for case in &stored.cases {
        assert_prf(case.hits(boundary_hits), case.boundaries, "boundaries");
    }
}
