//! Checks what stages return against the rules of their traits: a mistake of a stage ends here, with its name on it, and not in
//! a document that nobody can read back.

use crate::clean::Cleaned;
use crate::document::{rules, DocumentError, Sentence, Span};
use crate::error::Error;
use crate::ner::Recognition;
use crate::progress::Stage;
use crate::summarize::Draft;
use crate::translate::Translated;

/// A rule that a result breaks, and how.
#[derive(Debug)]
pub(super) struct Broken {
    rule: &'static str,
    found: String,
}

pub(super) type Check = Result<(), Broken>;

/// Who does the work of a stage, for its errors.
#[derive(Debug)]
pub(super) struct Doer {
    stage: Stage,
    name: String,
}

impl Doer {
    pub(super) fn new(stage: Stage, name: String) -> Self {
        Doer { stage, name }
    }

    /// What the stage returned for so many inputs; an error in its name where it failed or returned another number.
    pub(super) fn results<T>(&self, results: Result<Vec<T>, Error>, inputs: usize) -> Result<Vec<T>, Error> {
        let results = results.map_err(|error| error.of_stage(self.stage, &self.name))?;
        self.holds(counted(results.len(), inputs))?;
        Ok(results)
    }

    /// An error in the name of the stage where a rule is broken.
    pub(super) fn holds(&self, check: Check) -> Result<(), Error> {
        let Doer { stage, name } = self;
        let broke =
            |Broken { rule, found }| Error::Contract { stage: *stage, name: name.clone(), rule, found };
        check.map_err(broke)
    }
}

/// Turns what is wrong with a part into a broken `rule`.
fn breaks(rule: &'static str) -> impl Fn(DocumentError) -> Broken {
    move |error| Broken { rule, found: error.to_string() }
}

fn require(holds: bool, rule: &'static str, found: impl FnOnce() -> String) -> Check {
    if holds {
        Ok(())
    } else {
        Err(Broken { rule, found: found() })
    }
}

fn counted(results: usize, inputs: usize) -> Check {
    require(results == inputs, "one result per input, in order", || {
        format!("{inputs} inputs gave {results} results")
    })
}

pub(super) fn cleaned(text: &str, Cleaned { kept, removed }: &Cleaned) -> Check {
    const KEPT: &str = "kept parts are ordered, disjoint and not blank";
    const REMOVED: &str = "removed parts are ordered, disjoint and apart from kept ones";
    const COVERED: &str = "kept and removed parts cover the text, save for white space";
    rules::disjoint("kept", text, kept.iter().copied()).map_err(breaks(KEPT))?;
    let blank = kept.iter().position(|span| span.of(text).trim().is_empty());
    require(blank.is_none(), KEPT, || format!("kept[{}] is blank", blank.unwrap_or(0)))?;
    rules::disjoint("removed", text, removed.iter().map(|removed| removed.span)).map_err(breaks(REMOVED))?;
    rules::apart(kept, removed).map_err(breaks(REMOVED))?;
    let mut all: Vec<Span> = kept.iter().copied().chain(removed.iter().map(|removed| removed.span)).collect();
    all.sort_unstable();
    covered(text, [Span::whole(text)], &all, COVERED, "is neither kept nor removed")
}

pub(super) fn sentences(text: &str, kept: &[Span], sentences: &[Sentence]) -> Check {
    const ORDER: &str = "sentences are ordered, disjoint and not blank, and their paragraphs never decrease";
    const TRIMMED: &str = "no sentence has white space at its ends";
    const COVERED: &str =
        "each kept character that is no white space lies in a sentence, and no removed one does";
    rules::sentences(text, sentences).map_err(breaks(ORDER))?;
    let loose = sentences.iter().position(|sentence| sentence.span.trimmed(text) != sentence.span);
    require(loose.is_none(), TRIMMED, || format!("sentences[{}] has some", loose.unwrap_or(0)))?;
    let spans: Vec<Span> = sentences.iter().map(|sentence| sentence.span).collect();
    covered(text, kept.iter().copied(), &spans, COVERED, "was kept and lies in no sentence")?;
    covered(text, spans, kept, COVERED, "was not kept and lies in a sentence")
}

pub(super) fn recognition(text: &str, sentences: &[Sentence], found: &Recognition) -> Check {
    const ORDER: &str = "mentions are ordered and disjoint";
    const INSIDE: &str = "each mention lies in the sentence that it names, and covers something";
    const SCORE: &str = "scores of mentions lie from 0 to 1";
    const VALUE: &str = "numbers of values are finite";
    const SALIENCE: &str = "salience has one finite score per sentence";
    const FIELD: &str = "mentions";
    let mentions = &found.mentions;
    rules::disjoint(FIELD, text, mentions.iter().map(|mention| mention.span)).map_err(breaks(ORDER))?;
    for (index, mention) in mentions.iter().enumerate() {
        rules::in_sentence(FIELD, index, mention.span, mention.sentence, sentences)
            .map_err(breaks(INSIDE))?;
        rules::score(FIELD, index, mention.score).map_err(breaks(SCORE))?;
        rules::value(FIELD, index, mention.value.as_ref()).map_err(breaks(VALUE))?;
    }
    let Some(salience) = &found.salience else { return Ok(()) };
    require(salience.len() == sentences.len(), SALIENCE, || {
        format!("{} sentences have {} scores", sentences.len(), salience.len())
    })?;
    let odd = salience.iter().position(|score| !score.is_finite());
    require(odd.is_none(), SALIENCE, || format!("salience[{}] is not finite", odd.unwrap_or(0)))
}

pub(super) fn translated(sentence: usize, english: &Translated) -> Check {
    require(is_one_line(&english.text), "English stands on one line, without white space at its ends", || {
        format!("that of sentence {sentence} does not")
    })
}

pub(super) fn draft(draft: &Draft, sentences: &[Sentence]) -> Check {
    const CHOSEN: &str = "sentences of a summary are there and ascend";
    const WRITTEN: &str =
        "a written summary stands on one line, without white space at its ends, and is not blank";
    let (Draft::Extract(chosen) | Draft::Abstract { sentences: chosen, .. }) = draft;
    rules::indices("sentences", chosen.iter().copied(), sentences).map_err(breaks(CHOSEN))?;
    match draft {
        Draft::Abstract { text, .. } => {
            require(!text.is_empty() && is_one_line(text), WRITTEN, || format!("{text:?}"))
        }
        Draft::Extract(_) => Ok(()),
    }
}

fn is_one_line(text: &str) -> bool {
    text.trim().len() == text.len() && !text.contains(['\n', '\r'])
}

/// Whether all of `spans` that is no white space lies in `others`; both are ordered and disjoint.
fn covered(
    text: &str,
    spans: impl IntoIterator<Item = Span>,
    others: &[Span],
    rule: &'static str,
    otherwise: &str,
) -> Check {
    let found = outside(text, spans, others);
    require(found.is_none(), rule, || format!("byte {} {otherwise}", found.unwrap_or(0)))
}

/// The first byte of `spans` that is no white space and lies in none of `others`.
fn outside(text: &str, spans: impl IntoIterator<Item = Span>, others: &[Span]) -> Option<usize> {
    let mut others = others.iter().copied().peekable();
    for span in spans {
        let mut at = span.start();
        while at < span.end() {
            while others.next_if(|other| other.end() <= at).is_some() {}
            let next = others.peek().map_or(span.end(), |other| other.start());
            if next <= at {
                at = others.peek().map_or(span.end(), |other| other.end());
                continue;
            }
            let until = next.min(span.end());
            let part = Span::new(text, at, until).map_or("", |part| part.of(text));
            if let Some(found) = part.find(|c: char| !c.is_whitespace()) {
                return Some(at + found);
            }
            at = until;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn spans(text: &str, ranges: &[(usize, usize)]) -> Vec<Span> {
        ranges.iter().map(|&(start, end)| Span::new(text, start, end).unwrap()).collect()
    }

    #[test]
    fn finds_what_lies_outside() {
        let text = "ab cd ef";
        for (ranges, others, expected) in [
            (&[(0, 8)][..], &[(0, 2), (3, 5), (6, 8)][..], None),
            (&[(0, 8)], &[(0, 2), (3, 5)], Some(6)),
            (&[(0, 8)], &[(1, 8)], Some(0)),
            (&[(0, 8)], &[], Some(0)),
            (&[], &[(0, 8)], None),
            (&[(0, 2), (3, 5)], &[(0, 8)], None),
            (&[(0, 2), (3, 5)], &[(0, 3), (3, 4)], Some(4)),
            (&[(2, 3), (5, 6)], &[], None),
        ] {
            let found = outside(text, spans(text, ranges), &spans(text, others));
            assert_eq!(found, expected, "{ranges:?} {others:?}");
        }
    }

    proptest! {
        #[test]
        fn agrees_with_looking_at_each_byte(
            text in "[ab ]{12}",
            one in prop::collection::btree_set(0_usize..=12, 0..8),
            two in prop::collection::btree_set(0_usize..=12, 0..8),
        ) {
            let pairs = |ends: std::collections::BTreeSet<usize>| -> Vec<Span> {
                let ends: Vec<usize> = ends.into_iter().collect();
                ends.chunks_exact(2).map(|pair| Span::new(&text, pair[0], pair[1]).unwrap()).collect()
            };
            let (one, two) = (pairs(one), pairs(two));
            let inside = |spans: &[Span], at: usize| spans.iter().any(|span| span.range().contains(&at));
            let expected = (0..text.len())
                .find(|&at| !text[at..].starts_with(' ') && inside(&one, at) && !inside(&two, at));
            prop_assert_eq!(outside(&text, one, &two), expected);
        }
    }
}
