//! Texts with a sentence a line, through a recognizer.

use intisari::document::{Sentence, Span};
use intisari::ner::{EntityRecognizer, Recognition, SentencedText};
use intisari::Progress;

/// Each line is a sentence.
pub fn sentences(text: &str) -> Vec<Sentence> {
    let mut start = 0;
    let lines = text.split_inclusive('\n').map(|line| {
        let span = Span::new(text, start, start + line.len()).unwrap().trimmed(text);
        start += line.len();
        Sentence::new(span, 0)
    });
    lines.filter(|sentence| !sentence.span.is_empty()).collect()
}

pub fn recognize(recognizer: &impl EntityRecognizer, texts: &[&str]) -> Vec<Recognition> {
    let split: Vec<Vec<Sentence>> = texts.iter().map(|text| sentences(text)).collect();
    let inputs: Vec<SentencedText<'_>> =
        texts.iter().zip(&split).map(|(text, sentences)| SentencedText::new(text, sentences)).collect();
    recognizer.recognize(&inputs, Progress::none()).unwrap()
}

/// The same mentions and salience, as far as floats agree.
#[track_caller]
pub fn assert_same(what: &str, left: &[Recognition], right: &[Recognition]) {
    assert_eq!(left.len(), right.len(), "{what}");
    for (left, right) in left.iter().zip(right) {
        assert_eq!(left.mentions.len(), right.mentions.len(), "{what}");
        for (a, b) in left.mentions.iter().zip(&right.mentions) {
            assert_eq!(
                (a.span, a.label, a.sentence, &a.value),
                (b.span, b.label, b.sentence, &b.value),
                "{what}"
            );
            assert!((a.score - b.score).abs() < 1e-4, "{what}: {} {}", a.score, b.score);
        }
        match (&left.salience, &right.salience) {
            (Some(a), Some(b)) => {
                assert_eq!(a.len(), b.len(), "{what}");
                assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-3), "{what}: {a:?} {b:?}");
            }
            (a, b) => assert_eq!(a, b, "{what}"),
        }
    }
}
