//! Metrics over lists of texts, tags and spans.

use intisari::eval::{
    span_signature, Average, Bleu, Chrf, LabeledSpan, Prf, Rouge, Smoothing, SpanCounts, TagScheme, Ter,
    Tokenizer, WordOrder,
};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::errors::{exception, refused};

type Texts = Vec<String>;
type Spans = Vec<Vec<(usize, usize, String)>>;
/// Precision, recall, F1.
type Figures = (f64, f64, f64);

fn figures(prf: Prf) -> Figures {
    (prf.precision, prf.recall, prf.f1)
}

/// Each output with its references.
fn items<'a>(
    outputs: &'a [String],
    references: &'a [Texts],
) -> impl Iterator<Item = (&'a str, Vec<&'a str>)> {
    outputs
        .iter()
        .map(String::as_str)
        .zip(references.iter().map(|all| all.iter().map(String::as_str).collect()))
}

/// How many references an output has: the most of any, as signatures say it.
fn most(references: &[Texts]) -> usize {
    references.iter().map(Vec::len).max().unwrap_or_default()
}

/// BLEU of a set: score, precisions, brevity penalty, signature.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the settings of sacreBLEU, each by its name")]
pub fn bleu(
    py: Python<'_>,
    outputs: Texts,
    references: Vec<Texts>,
    tokenizer: &str,
    smoothing: &str,
    smoothing_value: Option<f64>,
    lowercase: bool,
    effective_order: bool,
) -> PyResult<(f64, Vec<f64>, f64, String)> {
    let tokenizer = match tokenizer {
        "13a" => Tokenizer::V13a,
        "intl" => Tokenizer::International,
        "char" => Tokenizer::Characters,
        "none" => Tokenizer::None,
        other => return Err(refused(format!("`tokenize` is {other:?}"), "write 13a, intl, char or none")),
    };
    let smoothing = match smoothing {
        "none" => Smoothing::None,
        "exp" => Smoothing::Exp,
        "floor" => Smoothing::Floor(smoothing_value.unwrap_or(0.1)),
        "add-k" => Smoothing::AddK(smoothing_value.unwrap_or(1.0)),
        other => {
            return Err(refused(format!("`smooth_method` is {other:?}"), "write none, exp, floor or add-k"))
        }
    };
    let bleu = Bleu { tokenizer, smoothing, lowercase, effective_order };
    let score = py.detach(|| bleu.corpus(items(&outputs, &references)));
    Ok((score.score, score.precisions.to_vec(), score.brevity_penalty, bleu.signature(most(&references))))
}

/// chrF of a set: name, score, signature.
#[pyfunction]
pub fn chrf(
    py: Python<'_>,
    outputs: Texts,
    references: Vec<Texts>,
    word_order: usize,
    lowercase: bool,
) -> PyResult<(&'static str, f64, String)> {
    let words = match word_order {
        0 => WordOrder::None,
        1 => WordOrder::Unigrams,
        2 => WordOrder::Bigrams,
        other => return Err(refused(format!("`word_order` is {other}"), "write 0, 1 or 2")),
    };
    let chrf = Chrf { words, lowercase };
    let score = py.detach(|| chrf.corpus(items(&outputs, &references)));
    Ok((chrf.name(), score, chrf.signature(most(&references))))
}

/// TER of a set: score, signature.
#[pyfunction]
pub fn ter(
    py: Python<'_>,
    outputs: Texts,
    references: Vec<Texts>,
    case_sensitive: bool,
    normalized: bool,
    without_punctuation: bool,
) -> (f64, String) {
    let ter = Ter { case_sensitive, normalized, without_punctuation };
    let score = py.detach(|| ter.corpus(items(&outputs, &references)));
    (score, ter.signature(most(&references)))
}

/// ROUGE of a set: figures by their names, signature.
#[pyfunction]
pub fn rouge<'py>(
    py: Python<'py>,
    outputs: Texts,
    references: Vec<Texts>,
    stem: bool,
) -> PyResult<(Bound<'py, PyDict>, String)> {
    let rouge = Rouge { stem };
    let scores = py.detach(|| rouge.corpus(items(&outputs, &references)));
    let named = PyDict::new(py);
    for (name, prf) in scores.named() {
        named.set_item(name, figures(prf))?;
    }
    Ok((named, rouge.signature(most(&references))))
}

/// F1 of tags: averages and labels by their names, signature.
#[pyfunction]
pub fn span_f1_tags<'py>(
    py: Python<'py>,
    gold: Vec<Texts>,
    predicted: Vec<Texts>,
    scheme: &str,
) -> PyResult<(Bound<'py, PyDict>, Bound<'py, PyDict>, String)> {
    let scheme = match scheme {
        "conll" => TagScheme::Conll,
        "iob2" => TagScheme::Iob2,
        "iob1" => TagScheme::Iob1,
        "iobes" => TagScheme::Iobes,
        "bilou" => TagScheme::Bilou,
        "plain" => TagScheme::Plain,
        other => {
            let message = format!("`scheme` is {other:?}");
            return Err(refused(message, "write conll, iob2, iob1, iobes, bilou or plain"));
        }
    };
    let mut sum = SpanCounts::default();
    for (gold, predicted) in gold.iter().zip(&predicted) {
        sum += &SpanCounts::from_tags(gold, predicted, scheme).map_err(|error| exception(&error))?;
    }
    scored(py, &sum, Some(scheme))
}

/// F1 of spans: averages and labels by their names, signature.
#[pyfunction]
pub fn span_f1<'py>(
    py: Python<'py>,
    gold: Spans,
    predicted: Spans,
) -> PyResult<(Bound<'py, PyDict>, Bound<'py, PyDict>, String)> {
    let spans = |all: &[(usize, usize, String)]| -> Vec<LabeledSpan> {
        all.iter()
            .map(|(start, end, label)| LabeledSpan { start: *start, end: *end, label: label.clone() })
            .collect()
    };
    let mut sum = SpanCounts::default();
    for (gold, predicted) in gold.iter().zip(&predicted) {
        sum += &SpanCounts::new(&spans(gold), &spans(predicted));
    }
    scored(py, &sum, None)
}

fn scored<'py>(
    py: Python<'py>,
    counts: &SpanCounts,
    scheme: Option<TagScheme>,
) -> PyResult<(Bound<'py, PyDict>, Bound<'py, PyDict>, String)> {
    let (averages, labels) = (PyDict::new(py), PyDict::new(py));
    for (name, average) in
        [("micro", Average::Micro), ("macro", Average::Macro), ("weighted", Average::Weighted)]
    {
        averages.set_item(name, figures(counts.average(average)))?;
    }
    for (label, hits) in counts.labels() {
        let (precision, recall, f1) = figures(hits.prf());
        labels.set_item(label, (precision, recall, f1, hits.gold, hits.predicted))?;
    }
    Ok((averages, labels, span_signature(scheme)))
}
