//! Checks what stages return against the rules of their traits: a mistake of a stage ends here, with its name on it, and not in
//! a document that nobody can read back.

use std::cell::Cell;
use std::ops::ControlFlow;

use crate::clean::Cleaned;
use crate::document::cover::outside;
use crate::document::rules::{self, Placed};
use crate::document::{DocumentError, ModelRef, Sentence, Span, StageRecord};
use crate::error::Error;
use crate::ner::Recognition;
use crate::progress::{Event, Progress, Stage};
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
    /// Whether the caller wanted to go on, where what the stage reported last was its end.
    ended: Cell<Option<bool>>,
}

impl Doer {
    pub(super) fn new(stage: Stage, name: String) -> Self {
        Doer { stage, name, ended: Cell::new(None) }
    }

    /// Reports that the stage begins.
    pub(super) fn begins(&self, progress: Progress<'_>, total: usize) -> Result<(), Error> {
        progress.report(self.stage, 0, total)
    }

    /// Progress of this stage: what it reports counts as its own, and it is never further than at its end.
    pub(super) fn reports<'d, 'p>(
        &'d self,
        progress: Progress<'p>,
    ) -> impl Fn(Event) -> ControlFlow<()> + use<'d, 'p> {
        move |event: Event| {
            let goes_on = progress.report(self.stage, event.done.min(event.total), event.total).is_ok();
            let at_end = event.total > 0 && event.done >= event.total;
            self.ended.set(at_end.then_some(goes_on));
            match goes_on {
                true => ControlFlow::Continue(()),
                false => ControlFlow::Break(()),
            }
        }
    }

    /// Reports that the stage has ended, unless it said so itself: callers hear of each end once.
    pub(super) fn ends(&self, progress: Progress<'_>, total: usize) -> Result<(), Error> {
        match self.ended.get() {
            None => progress.report(self.stage, total, total),
            Some(true) => Ok(()),
            // The stage was asked to stop and returned all the same.
            Some(false) => Err(Error::Cancelled { stage: self.stage }),
        }
    }

    /// What the stage returned for so many inputs; an error in its name where it failed or returned another number.
    pub(super) fn results<T>(&self, results: Result<Vec<T>, Error>, inputs: usize) -> Result<Vec<T>, Error> {
        let results = results.map_err(|error| error.of_stage(self.stage, &self.name))?;
        self.holds(counted(results.len(), inputs))?;
        Ok(results)
    }

    /// An error in the name of the stage where a rule is broken.
    pub(super) fn holds(&self, check: Check) -> Result<(), Error> {
        let Doer { stage, name, .. } = self;
        let broke =
            |Broken { rule, found }| Error::Contract { stage: *stage, name: name.clone(), rule, found };
        check.map_err(broke)
    }
}

/// The rule that what is no span of the text breaks, wherever it stands.
const SPANS: &str = "spans are byte offsets of the text as it reads, on boundaries of characters";

/// Turns what is wrong with a part into a broken `rule`.
fn breaks(rule: &'static str) -> impl Fn(DocumentError) -> Broken {
    move |error| {
        let rule = if matches!(error, DocumentError::Span { .. }) { SPANS } else { rule };
        Broken { rule, found: error.to_string() }
    }
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

/// What documents record of a stage tells who did the work.
pub(super) fn recorded(StageRecord { name, model, .. }: &StageRecord) -> Check {
    const NAME: &str = "a stage has a name";
    const MODEL: &str = "a stage names its model and the licence, `unknown` where nobody knows it";
    const SUM: &str = "the sha256 of a model has 64 hexadecimal digits, or is empty where there is none";
    require(!name.trim().is_empty(), NAME, || "the name is blank".to_owned())?;
    let Some(ModelRef { id, license, sha256 }) = model else { return Ok(()) };
    require(!id.trim().is_empty(), MODEL, || "the id of its model is blank".to_owned())?;
    require(!license.trim().is_empty(), MODEL, || format!("the licence of model `{id}` is blank"))?;
    let is_sum = sha256.len() == 64 && sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
    require(is_sum || sha256.is_empty(), SUM, || {
        format!("that of model `{id}` is {:?}", rules::start(sha256))
    })
}

pub(super) fn cleaned(text: &str, Cleaned { kept, removed }: &Cleaned) -> Check {
    const KEPT: &str = "kept parts are ordered, disjoint and not blank";
    const REMOVED: &str = "removed parts are ordered, disjoint and apart from kept ones";
    const COVERED: &str = "kept and removed parts cover the text, save for white space";
    const NAMED: &str = "removed parts name their rule and its reason";
    rules::disjoint("kept", text, kept.iter().copied()).map_err(breaks(KEPT))?;
    let blank = kept.iter().position(|span| span.of(text).trim().is_empty());
    require(blank.is_none(), KEPT, || format!("kept[{}] is blank", blank.unwrap_or(0)))?;
    rules::disjoint("removed", text, removed.iter().map(|removed| removed.span)).map_err(breaks(REMOVED))?;
    rules::apart(text, kept, removed).map_err(breaks(REMOVED))?;
    rules::named(removed).map_err(breaks(NAMED))?;
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
    rules::trimmed_sentences(text, sentences).map_err(breaks(TRIMMED))?;
    let spans: Vec<Span> = sentences.iter().map(|sentence| sentence.span).collect();
    covered(text, kept.iter().copied(), &spans, COVERED, "was kept and lies in no sentence")?;
    covered(text, spans, kept, COVERED, "was not kept and lies in a sentence")
}

pub(super) fn recognition(text: &str, sentences: &[Sentence], found: &Recognition) -> Check {
    const ORDER: &str = "mentions are ordered and disjoint";
    const INSIDE: &str = "each mention lies in the sentence that it names, and covers something, without white space at its ends";
    const SCORE: &str = "scores of mentions lie from 0 to 1";
    const VALUE: &str = "values are possible ones, and names of people, places and organizations have none";
    const SALIENCE: &str = "salience has one finite score per sentence";
    const FIELD: &str = "mentions";
    let mentions = &found.mentions;
    let placed = mentions.iter().map(|mention| Placed::in_sentence(mention.span, mention.sentence));
    rules::disjoint(FIELD, text, placed).map_err(breaks(ORDER))?;
    for (index, mention) in mentions.iter().enumerate() {
        rules::in_sentence(FIELD, index, text, (mention.span, mention.sentence), sentences)
            .map_err(breaks(INSIDE))?;
        rules::score(FIELD, index, mention.score).map_err(breaks(SCORE))?;
        rules::value(FIELD, index, mention.label, mention.value.as_ref()).map_err(breaks(VALUE))?;
    }
    let Some(salience) = &found.salience else { return Ok(()) };
    require(salience.len() == sentences.len(), SALIENCE, || {
        format!("{} sentences have {} scores", sentences.len(), salience.len())
    })?;
    let odd = salience.iter().position(|score| !score.is_finite());
    require(odd.is_none(), SALIENCE, || format!("salience[{}] is not finite", odd.unwrap_or(0)))
}

pub(super) fn translated(sentence: usize, english: &Translated) -> Check {
    let fault = rules::not_one_line(&english.text);
    require(fault.is_none(), "English stands on one line, without white space at its ends", || {
        format!("that of sentence {sentence} {}", fault.unwrap_or_default())
    })?;
    rules::without_spans("sentence", sentence, &english.flags)
        .map_err(breaks("flags of a translation are about its sentence, and have no span"))
}

pub(super) fn draft(draft: &Draft, sentences: &[Sentence]) -> Check {
    const CHOSEN: &str = "sentences of a summary are there and ascend";
    const WRITTEN: &str =
        "a written summary stands on one line, without white space at its ends, and is not blank";
    const LANGUAGE: &str = "the language of a written summary is a code of two letters, as `en`";
    const FLAGS: &str = "flags of a written summary are about all of it, and have no span";
    let (Draft::Extract(chosen) | Draft::Abstract { sentences: chosen, .. }) = draft;
    rules::indices("sentences", chosen.iter().copied(), sentences).map_err(breaks(CHOSEN))?;
    match draft {
        Draft::Abstract { text, language, flags, .. } => {
            let fault = rules::not_one_line(text).or_else(|| text.is_empty().then(|| "is blank".to_owned()));
            require(fault.is_none(), WRITTEN, || format!("the summary {}", fault.unwrap_or_default()))?;
            rules::language("language", 0, language).map_err(breaks(LANGUAGE))?;
            rules::without_spans("summary", 0, flags).map_err(breaks(FLAGS))
        }
        Draft::Extract(_) => Ok(()),
    }
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
