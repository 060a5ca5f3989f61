//! Scores the output of any system, models or not: entities and translations, with the figures of the reference implementations.
//!
//!     cargo run --no-default-features --features cli --example score

#![allow(clippy::print_stdout)]

use intisari::eval::{Average, Bleu, Chrf, LabeledSpan, SpanCounts, TagScheme};
use intisari::Result;

fn main() -> Result<()> {
    entities()?;
    translations();
    Ok(())
}

/// Strict F1 of spans, as seqeval counts: both ends and the label must be right.
fn entities() -> Result<()> {
    // Tags by word, as in CoNLL files ...
    let gold = ["B-PER", "I-PER", "O", "B-LOC", "I-LOC"];
    let found = ["B-PER", "I-PER", "O", "B-LOC", "O"];
    let mut counts = SpanCounts::from_tags(&gold, &found, TagScheme::Iob2)?;
    // ... or spans in whatever both sides count in. What is counted sums up over sentences and articles.
    let span = |start, end, label: &str| LabeledSpan { start, end, label: label.to_owned() };
    counts += &SpanCounts::new(&[span(0, 12, "PER")], &[span(0, 12, "PER"), span(20, 25, "ORG")]);
    let scores = counts.average(Average::Micro);
    println!("entities: P {:.3} R {:.3} F1 {:.3}", scores.precision, scores.recall, scores.f1);
    Ok(())
}

/// BLEU and chrF2, as sacreBLEU computes them. A signature says how, so that figures can be compared.
fn translations() {
    let pairs = [
        ("The bridge will be finished in eleven months.", ["The bridge is to be finished in eleven months."]),
        ("Villagers no longer wait for a boat.", ["Residents no longer have to wait for a boat."]),
    ];
    let (bleu, chrf) = (Bleu::default(), Chrf::default());
    let score = bleu.corpus(pairs).score;
    println!("BLEU {score:.1} ({})", bleu.signature(1));
    println!("chrF2 {:.1} ({})", chrf.corpus(pairs), chrf.signature(1));
}
