//! Evaluation of entity recognition.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::{AddAssign, Range};

use super::figures::{compared, sum, word_count, Counted};
use super::{Calibration, CaseText, Confusion, Evaluation, LabelRow, Setup, Task};
use crate::error::{Error, Result};
use crate::eval::formats::{cuts_word, TaggedSentence};
use crate::eval::{
    overlap_signature, span_signature, Hits, LabeledSpan, Matching, Outcomes, SpanCounts, TagScheme,
};

/// Calibration is given for this many ranges of confidence of equal width.
const CALIBRATION_ROWS: usize = 10;

/// A sentence or article with its entities. Spans count tokens or bytes, all of them the same.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NerItem {
    /// Which it is.
    pub id: String,
    /// The text to show.
    pub text: String,
    /// Where in the text each token lies; empty where spans count bytes of the text.
    pub tokens: Vec<Range<usize>>,
    /// Entities as annotated.
    pub gold: Vec<LabeledSpan>,
    /// Entities as the system has them.
    pub predicted: Vec<LabeledSpan>,
    /// How sure the system is of each, 0 to 1; empty where it does not say.
    pub confidence: Vec<f64>,
    /// Entities as the other system has them.
    pub against: Option<Vec<LabeledSpan>>,
}

impl NerItem {
    /// The item of a tagged sentence, with gold entities only; tokens are shown with blanks between.
    ///
    /// # Errors
    /// [`Error::Config`] for a tag that `scheme` does not know.
    pub fn from_tags(sentence: &TaggedSentence, scheme: TagScheme) -> Result<Self> {
        let mut text = String::new();
        let mut tokens = Vec::with_capacity(sentence.tokens.len());
        for token in &sentence.tokens {
            if !text.is_empty() {
                text.push(' ');
            }
            tokens.push(text.len()..text.len() + token.len());
            text.push_str(token);
        }
        let gold = scheme.spans(&sentence.tags)?;
        let id = sentence.id.clone().unwrap_or_else(|| format!("line {}", sentence.line));
        Ok(NerItem { id, text, tokens, gold, ..NerItem::default() })
    }

    /// The spans that a system's tags mark, for an item that has tokens.
    ///
    /// # Errors
    /// [`Error::Config`] for a tag that `scheme` does not know, or where there are not as many as tokens.
    pub fn spans_of_tags<T: AsRef<str>>(&self, tags: &[T], scheme: TagScheme) -> Result<Vec<LabeledSpan>> {
        if tags.len() != self.tokens.len() {
            return Err(Error::config(
                format!("{}: {} tokens and {} tags", self.id, self.tokens.len(), tags.len()),
                "give a tag for each token",
            ));
        }
        scheme.spans(tags)
    }

    /// `spans`, in bytes of the text, in tokens: a span takes every token that it touches. Of spans that then overlap
    /// the first stays; gives for each span that stays its place among `spans`.
    pub fn spans_in_tokens(&self, spans: &[LabeledSpan]) -> Vec<(usize, LabeledSpan)> {
        let mut found: Vec<(usize, LabeledSpan)> = Vec::new();
        for (at, span) in spans.iter().enumerate() {
            let start = self.tokens.partition_point(|token| token.end <= span.start);
            let end = self.tokens.partition_point(|token| token.start < span.end);
            let free = found.iter().all(|(_, other)| other.end <= start || end <= other.start);
            if start < end && free {
                found.push((at, LabeledSpan { start, end, label: span.label.clone() }));
            }
        }
        found
    }

    /// Takes what the system found in [`text`](Self::text) as [`predicted`](Self::predicted), with how sure it is of each, from 0 to 1, where it
    /// says so. Offsets count bytes of the text, in items that have tokens as well: there a span becomes the tokens that it touches, see
    /// [`spans_in_tokens`](Self::spans_in_tokens). [`confidence`](Self::confidence) is left empty where a score is missing.
    ///
    /// A [`Mention`](crate::ner::Mention) and an [`Entity`](crate::document::Entity) make such a pair by `(LabeledSpan::from(&mention),
    /// Some(mention.score.into()))`. Who has tokens rather than bytes puts spans of tokens into [`predicted`](Self::predicted), and who has tags
    /// those of [`spans_of_tags`](Self::spans_of_tags).
    ///
    /// # Errors
    /// [`Error::Config`] for a span that is empty, runs backwards or does not lie in the text, on boundaries of its characters.
    pub fn predict(&mut self, found: impl IntoIterator<Item = (LabeledSpan, Option<f64>)>) -> Result<()> {
        let (spans, scores) = self.taken(found)?;
        (self.predicted, self.confidence) = (spans, scores);
        Ok(())
    }

    /// As [`predict`](Self::predict), for the system that it is compared with.
    ///
    /// # Errors
    /// As [`predict`](Self::predict).
    pub fn predict_against(
        &mut self,
        found: impl IntoIterator<Item = (LabeledSpan, Option<f64>)>,
    ) -> Result<()> {
        self.against = Some(self.taken(found)?.0);
        Ok(())
    }

    /// Spans of the text in the unit of the item, and the score of each if all have one.
    fn taken(
        &self,
        found: impl IntoIterator<Item = (LabeledSpan, Option<f64>)>,
    ) -> Result<(Vec<LabeledSpan>, Vec<f64>)> {
        let (spans, scores): (Vec<LabeledSpan>, Vec<Option<f64>>) = found.into_iter().unzip();
        for LabeledSpan { start, end, label } in &spans {
            if start >= end || self.text.get(*start..*end).is_none() {
                return Err(Error::config(
                    format!(
                        "{}: {label} {start}..{end} is no part of its text of {} bytes",
                        self.id,
                        self.text.len()
                    ),
                    "count in bytes of the text, each span ending after its start",
                ));
            }
        }
        let found = match self.tokens.is_empty() {
            true => spans.into_iter().enumerate().collect(),
            false => self.spans_in_tokens(&spans),
        };
        let scores =
            found.iter().map(|(at, _)| scores.get(*at).copied().flatten()).collect::<Option<Vec<f64>>>();
        Ok((found.into_iter().map(|(_, span)| span).collect(), scores.unwrap_or_default()))
    }

    /// Gives the entities of all sides the types that `name` calls them.
    pub fn rename(&mut self, name: impl Fn(&str) -> String) {
        for span in self.sides_mut().flatten() {
            span.label = name(&span.label);
        }
    }

    /// The entities as annotated and as both systems have them.
    fn sides_mut(&mut self) -> impl Iterator<Item = &mut Vec<LabeledSpan>> {
        [&mut self.gold, &mut self.predicted].into_iter().chain(&mut self.against)
    }

    /// Leaves out entities of other types, on all sides.
    pub fn retain_labels(&mut self, labels: &[impl AsRef<str>]) {
        let chosen = |span: &LabeledSpan| labels.iter().any(|label| label.as_ref() == span.label);
        let mut kept = self.predicted.iter().map(chosen).collect::<Vec<bool>>().into_iter();
        self.confidence.retain(|_| kept.next().unwrap_or(false));
        for spans in self.sides_mut() {
            spans.retain(chosen);
        }
    }

    /// What cannot be scored, and what to do about it.
    fn check(&self) -> Result<(), (String, &'static str)> {
        let others = self.against.iter().map(|spans| ("against", spans));
        for (name, spans) in [("gold", &self.gold), ("predicted", &self.predicted)].into_iter().chain(others)
        {
            for (at, span) in spans.iter().enumerate() {
                let wrong = |what: String| {
                    format!("{name}[{at}], {} {}..{}, {what}", span.label, span.start, span.end)
                };
                if span.start >= span.end {
                    return Err((
                        wrong("is empty or runs backwards".to_owned()),
                        "let each span end after its start",
                    ));
                }
                if let Some(outside) = self.outside(span) {
                    return Err((
                        wrong(outside),
                        "count in bytes of the text, or in tokens where the item has them",
                    ));
                }
            }
        }
        let (sure, all) = (self.confidence.len(), self.predicted.len());
        if sure != 0 && sure != all {
            let fix = "give one for each prediction, or none at all";
            return Err((format!("{all} predictions and {sure} confidences"), fix));
        }
        match self.confidence.iter().find(|confidence| !(0.0..=1.0).contains(*confidence)) {
            Some(odd) => Err((format!("a confidence is {odd}"), "give numbers from 0 to 1")),
            None => Ok(()),
        }
    }

    /// Leaves out what stands there twice, and says how much that is.
    fn drop_doubled(&mut self) -> usize {
        let mut doubled = 0;
        let mut first_of_its_kind = |spans: &[LabeledSpan]| -> Vec<bool> {
            let mut seen = BTreeSet::new();
            let kept: Vec<bool> =
                spans.iter().map(|span| seen.insert((span.start, span.end, span.label.as_str()))).collect();
            doubled += kept.iter().filter(|kept| !**kept).count();
            kept
        };
        let kept = first_of_its_kind(&self.predicted);
        retain(&mut self.confidence, &kept);
        retain(&mut self.predicted, &kept);
        let kept = first_of_its_kind(&self.gold);
        retain(&mut self.gold, &kept);
        if let Some(against) = &mut self.against {
            let kept = first_of_its_kind(against);
            retain(against, &kept);
        }
        doubled
    }

    /// Where `span` lies, if not in the item; of an item without text and tokens nothing is known.
    fn outside(&self, span: &LabeledSpan) -> Option<String> {
        if !self.tokens.is_empty() {
            let tokens = self.tokens.len();
            return (span.end > tokens).then(|| format!("lies outside of the {tokens} tokens"));
        }
        if self.text.is_empty() {
            return None;
        }
        if span.end > self.text.len() {
            return Some(format!("lies outside of the {} bytes of the text", self.text.len()));
        }
        self.text.get(span.start..span.end).is_none().then(|| "begins or ends within a character".to_owned())
    }

    /// `spans` in bytes of the text.
    fn in_bytes(&self, spans: &[LabeledSpan]) -> Vec<LabeledSpan> {
        if self.tokens.is_empty() {
            return spans.to_vec();
        }
        let bytes = |span: &LabeledSpan| {
            let first = self.tokens.get(span.start)?;
            let last = self.tokens.get(span.end.checked_sub(1)?)?;
            Some(LabeledSpan { start: first.start, end: last.end, label: span.label.clone() })
        };
        spans.iter().filter_map(bytes).collect()
    }

    fn case(&self) -> (String, Vec<CaseText>) {
        let text = |role: &str, spans: &[LabeledSpan]| CaseText {
            role: role.to_owned(),
            text: self.text.clone(),
            spans: self.in_bytes(spans),
        };
        let mut texts = vec![text("reference", &self.gold), text("output", &self.predicted)];
        texts.extend(self.against.as_ref().map(|spans| text("against", spans)));
        (self.id.clone(), texts)
    }
}

/// The hits of each label of a set, the labels in order: [`SpanCounts`] that add up fast.
#[derive(Debug, Clone, Default)]
struct ByLabel(Vec<Hits>);

impl AddAssign<&ByLabel> for ByLabel {
    fn add_assign(&mut self, other: &ByLabel) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), Hits::default());
        }
        for (sum, hits) in self.0.iter_mut().zip(&other.0) {
            *sum += hits;
        }
    }
}

impl ByLabel {
    /// The mean F1 of the labels that occur, as [`SpanCounts::average`] has it.
    fn macro_f1(&self) -> f64 {
        let there = self.0.iter().filter(|hits| hits.gold + hits.predicted > 0);
        let (sum, labels) = there.fold((0.0, 0), |(sum, labels), hits| (sum + hits.prf().f1, labels + 1));
        if labels == 0 {
            0.0
        } else {
            sum / f64::from(labels)
        }
    }
}

fn by_label(counts: &Counted<SpanCounts>) -> Counted<ByLabel> {
    let all = counts.system.iter().chain(counts.against.iter().flatten());
    let labels: BTreeSet<&str> = all.flat_map(|counts| counts.labels().map(|(label, _)| label)).collect();
    let places: BTreeMap<&str, usize> = labels.iter().enumerate().map(|(at, label)| (*label, at)).collect();
    let dense = |counts: &SpanCounts| {
        let mut hits = vec![Hits::default(); places.len()];
        for (label, own) in counts.labels() {
            if let Some(slot) = places.get(label).and_then(|at| hits.get_mut(*at)) {
                *slot = *own;
            }
        }
        ByLabel(hits)
    };
    Counted {
        system: counts.system.iter().map(dense).collect(),
        against: counts.against.as_ref().map(|counts| counts.iter().map(dense).collect()),
    }
}

/// Scores entity recognition: F1, precision and recall over spans of the same range and type, macro F1, and the looser
/// ways of matching, all from 0 to 100; those by type are shares from 0 to 1. `scheme` is that of the tags which the spans come from, if any. What stands there twice counts once, and is noted. Figures:
/// `F1`, `precision`, `recall`, `macro F1`, `exact F1`, `partial F1`, `type F1`.
///
/// # Errors
/// [`Error::Config`] where there are no items; where a span is empty, runs backwards or lies outside of its item; where confidences are not as many as
/// predictions, or not from 0 to 1; where only some items have the other system's entities, or `setup` does not name it or names one that has none.
pub fn evaluate_ner(items: &[NerItem], scheme: Option<TagScheme>, setup: &Setup) -> Result<Evaluation> {
    setup.scores(items.len())?;
    for (number, item) in items.iter().enumerate() {
        item.check().map_err(|(message, fix)| {
            Error::config(format!("items[{number}] (`{}`): {message}", item.id), fix)
        })?;
    }
    compared(items, |item| item.against.is_some())?;
    setup.names_other(items.iter().any(|item| item.against.is_some()))?;
    let mut once: Vec<NerItem> = items.to_vec();
    let doubled: usize = once.iter_mut().map(NerItem::drop_doubled).sum();
    let items = once.as_slice();
    let counts = Counted::new(
        items,
        |item| SpanCounts::new(&item.gold, &item.predicted),
        |item| item.against.as_ref().map(|spans| SpanCounts::new(&item.gold, spans)),
    );
    let hits = Counted {
        system: counts.system.iter().map(SpanCounts::total).collect(),
        against: counts.against.as_ref().map(|counts| counts.iter().map(SpanCounts::total).collect()),
    };
    let signature = span_signature(scheme);
    let f1 = |hits: &Hits| 100.0 * hits.prf().f1;
    let drawn = hits.drawn(setup.resampling, setup.test);
    let mut figures = vec![
        drawn.figure("F1", signature.clone(), f1),
        drawn.figure("precision", signature.clone(), |hits| 100.0 * hits.prf().precision),
        drawn.figure("recall", signature.clone(), |hits| 100.0 * hits.prf().recall),
        by_label(&counts).drawn(setup.resampling, setup.test).figure(
            "macro F1",
            format!("avg:macro|{signature}"),
            |counts| 100.0 * counts.macro_f1(),
        ),
    ];
    for matching in [Matching::Exact, Matching::Partial, Matching::Type] {
        let outcomes = Counted::new(
            items,
            |item| Outcomes::new(&item.gold, &item.predicted, matching),
            |item| item.against.as_ref().map(|spans| Outcomes::new(&item.gold, spans, matching)),
        );
        let name = format!("{} F1", matching.name());
        let figure = outcomes.drawn(setup.resampling, setup.test).figure(
            &name,
            overlap_signature(matching),
            |counts| 100.0 * counts.prf().f1,
        );
        figures.push(figure);
    }

    let silent =
        items.iter().all(|item| item.predicted.is_empty()) && items.iter().any(|item| !item.gold.is_empty());
    let words: Vec<usize> = items.iter().map(|item| word_count(&item.text)).collect();
    // Without any entity on either side there is nothing wrong with an item.
    let item_f1 = |hits: &Hits| if hits.gold + hits.predicted == 0 { 100.0 } else { f1(hits) };
    let mut told = setup.clone();
    told.set.notes.extend(foreign_labels(items));
    told.set.notes.extend(within_words(items));
    told.set
        .notes
        .extend((doubled > 0).then(|| format!("{doubled} entities stand there twice; each counts once")));
    Ok(Evaluation {
        labels: labels(&sum(&counts.system)),
        confusion: confusion(items),
        lengths: hits.lengths(&words, f1),
        calibration: calibration(items),
        worst: hits.worst(items, setup.worst, item_f1, NerItem::case),
        ..Evaluation::new(Task::Ner, &told, figures, "F1").noting(silent)
    })
}

/// Keeps those of `list` that `kept` says.
fn retain<T>(list: &mut Vec<T>, kept: &[bool]) {
    let mut kept = kept.iter();
    list.retain(|_| kept.next().copied().unwrap_or(true));
}

/// What to say where predictions are of types that nobody annotated: a low F1 alone would not tell why.
fn foreign_labels(items: &[NerItem]) -> Option<String> {
    let spans = |of: fn(&NerItem) -> &[LabeledSpan]| items.iter().flat_map(of);
    let labels = |of| spans(of).map(|span| span.label.as_str()).collect::<BTreeSet<&str>>();
    let gold = labels(|item| &item.gold);
    let predictions = spans(|item| &item.predicted).count();
    let listed = |labels: &BTreeSet<&str>| labels.iter().copied().collect::<Vec<_>>().join(", ");
    let foreign: Vec<&str> = spans(|item| &item.predicted)
        .map(|span| span.label.as_str())
        .filter(|label| !gold.contains(label))
        .collect();
    let names: BTreeSet<&str> = foreign.iter().copied().collect();
    match foreign.len() {
        0 => None,
        all if all == predictions && !gold.is_empty() => {
            let (gold, names) = (listed(&gold), listed(&names));
            Some(format!("no predicted label ({names}) is an annotated one ({gold}); rename them"))
        }
        some => Some(format!(
            "{some} predictions are of types that the set does not have ({}) and count as wrong; \
             score some types alone with --types, `NerItem::retain_labels`",
            listed(&names)
        )),
    }
}

/// What to say where most predictions begin or end within a word, as offsets of another unit do.
fn within_words(items: &[NerItem]) -> Option<String> {
    let (mut cut, mut all) = (0, 0);
    for item in items.iter().filter(|item| item.tokens.is_empty() && !item.text.is_empty()) {
        all += item.predicted.len();
        cut += item.predicted.iter().filter(|span| cuts_word(&item.text, span)).count();
    }
    (2 * cut > all).then(|| {
        format!(
            "{cut} of {all} predictions begin or end within a word; give their offsets in bytes of the text"
        )
    })
}

fn labels(counts: &SpanCounts) -> Vec<LabelRow> {
    counts
        .labels()
        .map(|(label, hits)| LabelRow {
            label: label.to_owned(),
            prf: hits.prf(),
            gold: hits.gold,
            predicted: hits.predicted,
        })
        .collect()
}

/// Pairs each gold span with the predicted one that covers most of it; what is left on either side stands alone.
fn confusion(items: &[NerItem]) -> Vec<Confusion> {
    let mut counts: BTreeMap<(Option<&str>, Option<&str>), u64> = BTreeMap::new();
    for item in items {
        let mut left: Vec<&LabeledSpan> = item.predicted.iter().collect();
        for gold in &item.gold {
            let common =
                |span: &LabeledSpan| span.end.min(gold.end).saturating_sub(span.start.max(gold.start));
            let best = (0..)
                .zip(&left)
                .map(|(at, span)| (common(span), at))
                .filter(|(common, _)| *common > 0)
                .max_by_key(|(common, at)| (*common, std::cmp::Reverse(*at)));
            let predicted = best.map(|(_, at)| left.remove(at).label.as_str());
            *counts.entry((Some(&gold.label), predicted)).or_default() += 1;
        }
        for span in left {
            *counts.entry((None, Some(&span.label))).or_default() += 1;
        }
    }
    let owned = |label: Option<&str>| label.map(str::to_owned);
    let row =
        |((gold, predicted), spans)| Confusion { gold: owned(gold), predicted: owned(predicted), spans };
    counts.into_iter().map(row).collect()
}

/// Predictions by confidence, in ranges of equal width; empty ranges are left out.
fn calibration(items: &[NerItem]) -> Vec<Calibration> {
    let mut sums = [(0.0, 0u64, 0u64); CALIBRATION_ROWS];
    for item in items {
        for (span, confidence) in item.predicted.iter().zip(&item.confidence) {
            let row = ((confidence * CALIBRATION_ROWS as f64) as usize).min(CALIBRATION_ROWS - 1);
            if let Some((sum, right, all)) = sums.get_mut(row) {
                *sum += confidence;
                *right += u64::from(item.gold.contains(span));
                *all += 1;
            }
        }
    }
    sums.into_iter()
        .filter(|(_, _, all)| *all > 0)
        .map(|(sum, right, all)| Calibration {
            confidence: sum / all as f64,
            accuracy: right as f64 / all as f64,
            predictions: all,
        })
        .collect()
}
