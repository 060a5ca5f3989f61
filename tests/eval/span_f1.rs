use std::collections::BTreeMap;

use intisari::eval::{Average, Hits, LabeledSpan, Prf, SpanCounts, TagScheme};
use serde::Deserialize;

use crate::{assert_close, stored};

#[derive(Deserialize)]
struct Stored {
    cases: Vec<Case>,
}

type Report = BTreeMap<String, (f64, f64, f64, u64)>;

#[derive(Deserialize)]
struct Case {
    gold: Vec<Vec<String>>,
    predicted: Vec<Vec<String>>,
    scheme: String,
    default: Report,
    strict: Report,
    default_entities: Vec<(String, usize, usize)>,
    strict_entities: Vec<(String, usize, usize)>,
}

fn assert_row(report: &Report, name: &str, ours: Prf, support: Option<u64>) {
    let row = report[name];
    assert_close(ours.precision, row.0, name);
    assert_close(ours.recall, row.1, name);
    assert_close(ours.f1, row.2, name);
    assert_eq!(support.unwrap_or(row.3), row.3, "{name}");
}

fn assert_report(case: &Case, report: &Report, scheme: TagScheme) {
    let mut counts = SpanCounts::default();
    for (gold, predicted) in case.gold.iter().zip(&case.predicted) {
        counts += &SpanCounts::from_tags(gold, predicted, scheme).unwrap();
    }
    for (label, hits) in counts.labels() {
        assert_row(report, label, hits.prf(), Some(hits.gold));
    }
    assert_eq!(counts.labels().count() + 3, report.len());
    assert_row(report, "micro avg", counts.average(Average::Micro), Some(counts.total().gold));
    assert_row(report, "macro avg", counts.average(Average::Macro), None);
    assert_row(report, "weighted avg", counts.average(Average::Weighted), None);
}

fn strict(case: &Case) -> TagScheme {
    match case.scheme.as_str() {
        "IOB2" => TagScheme::Iob2,
        "IOBES" => TagScheme::Iobes,
        other => panic!("no scheme {other}"),
    }
}

#[test]
fn equals_seqeval() {
    let stored: Stored = stored("span_f1.json");
    assert!(stored.cases.len() >= 60);
    for case in &stored.cases {
        assert_report(case, &case.default, TagScheme::Conll);
        assert_report(case, &case.strict, strict(case));
    }
}

#[test]
fn reads_the_same_spans_as_seqeval() {
    let stored: Stored = stored("span_f1.json");
    let spans = |case: &Case, scheme: TagScheme| -> Vec<(String, usize, usize)> {
        let spans = case.gold.iter().flat_map(|tags| scheme.spans(tags).unwrap());
        spans.map(|span: LabeledSpan| (span.label, span.start, span.end)).collect()
    };
    for case in &stored.cases {
        assert_eq!(spans(case, TagScheme::Conll), case.default_entities);
        assert_eq!(spans(case, strict(case)), case.strict_entities);
    }
}

#[derive(Deserialize)]
struct Schemes {
    cases: Vec<SchemeCase>,
}

#[derive(Deserialize)]
struct SchemeCase {
    scheme: String,
    tags: Vec<String>,
    entities: Vec<(String, usize, usize)>,
}

#[test]
fn reads_bilou_and_iob1_as_seqeval() {
    let stored: Schemes = stored("schemes.json");
    assert_eq!(stored.cases.len(), 40);
    for case in &stored.cases {
        let scheme = if case.scheme == "BILOU" { TagScheme::Bilou } else { TagScheme::Iob1 };
        let spans = scheme.spans(&case.tags).unwrap().into_iter();
        let spans: Vec<_> = spans.map(|span| (span.label, span.start, span.end)).collect();
        assert_eq!(spans, case.entities, "{} {:?}", case.scheme, case.tags);
    }
}

#[test]
fn refuses_tags_of_another_scheme() {
    let error = TagScheme::Iob2.spans(&["B-PER", "E-PER"]).unwrap_err().to_string();
    assert!(error.contains("`E-PER`") && error.contains("iob2"), "{error}");
    assert!(TagScheme::Conll.spans(&["Jakarta"]).is_err());
    assert!(TagScheme::Conll.spans(&[""]).is_err());
    assert!(SpanCounts::from_tags(&["O"], &["O", "O"], TagScheme::Iob2).is_err());
}

#[test]
fn a_span_given_twice_counts_once() {
    let span = LabeledSpan { start: 0, end: 2, label: "PER".into() };
    let counts = SpanCounts::new([&span], [&span, &span]);
    assert_eq!(counts.total(), Hits { correct: 1, predicted: 1, gold: 1 });
}
