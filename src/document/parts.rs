//! What the stages find.

use std::fmt;
use std::str::FromStr;

use serde::de::IntoDeserializer;
use serde::{Deserialize, Serialize};

use super::{Article, DocumentError, Span, Value};
use crate::progress::Stage;
use crate::translate::Term;

/// Version of the JSON form; raised when a reader of the old form would misread the new one. A field or kind of flag that is only added
/// does not raise it: older readers refuse such a document by name (`docs/versions.md`).
pub const SCHEMA_VERSION: u32 = 2;

/// An article with everything that the stages found in it.
///
/// Read from JSON it is checked: every span lies in the text, order and references hold.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[non_exhaustive]
pub struct Document {
    /// [`SCHEMA_VERSION`] of the writer.
    pub schema_version: u32,
    /// The article, unaltered.
    pub article: Article,
    /// What cleaning kept: ordered, disjoint.
    pub kept: Vec<Span>,
    /// What cleaning removed: ordered, disjoint from what was kept.
    pub removed: Vec<Removed>,
    /// Ordered, disjoint; between them lies only white space or removed text, tags among it.
    pub sentences: Vec<Sentence>,
    /// Ordered, disjoint; each lies in its sentence.
    pub entities: Vec<Entity>,
    /// Entities that name the same thing, in order of first mention.
    pub clusters: Vec<Cluster>,
    /// English, one segment per translated sentence, in the order of the sentences.
    pub translation: Vec<Segment>,
    /// The confidence in the English of the article, 0 to 1: that of its segments, each by its length; null where none has
    /// one.
    pub confidence: Option<f32>,
    /// The summary, where one was asked for and could be made.
    pub summary: Option<Summary>,
    /// What is doubtful about the article as a whole.
    pub flags: Vec<Flag>,
    /// What made this document.
    pub provenance: Provenance,
}

/// A removed part of the text.
///
/// These fields are final: cleaners make it field by field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Removed {
    /// Where.
    pub span: Span,
    /// Name of the rule, e.g. `dateline`.
    pub rule: String,
    /// The reason, in a few words.
    pub reason: String,
}

/// What a sentence is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum SentenceKind {
    /// Running text.
    #[default]
    Text,
    /// A sub-heading: a short line of its own without a final mark.
    Heading,
}

/// A sentence or a sub-heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Sentence {
    /// Where, without white space at the ends.
    pub span: Span,
    /// Paragraph, counted from 0; never decreases. A sub-heading need not have one of its own.
    pub paragraph: usize,
    /// Running text or sub-heading.
    #[serde(default)]
    pub kind: SentenceKind,
}

impl Sentence {
    /// A sentence of running text.
    pub fn new(span: Span, paragraph: usize) -> Self {
        Sentence { span, paragraph, kind: SentenceKind::Text }
    }

    /// A sub-heading.
    pub fn heading(span: Span, paragraph: usize) -> Self {
        Sentence { span, paragraph, kind: SentenceKind::Heading }
    }
}

/// What an entity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum Label {
    /// Person.
    Per,
    /// Place: state, region, city, street, building.
    Loc,
    /// Organization: company, party, ministry, club.
    Org,
    /// Event; no built-in model finds any.
    Evt,
    /// Date or period.
    Date,
    /// Clock time.
    Time,
    /// Sum of money.
    Money,
    /// Share of a hundred.
    Percent,
    /// Other number with a unit.
    Qty,
}

impl Label {
    /// All labels in their order.
    pub const ALL: [Label; 9] = [
        Label::Per,
        Label::Loc,
        Label::Org,
        Label::Evt,
        Label::Date,
        Label::Time,
        Label::Money,
        Label::Percent,
        Label::Qty,
    ];

    /// The label as data sets write it, e.g. `PER`.
    pub fn as_str(self) -> &'static str {
        match self {
            Label::Per => "PER",
            Label::Loc => "LOC",
            Label::Org => "ORG",
            Label::Evt => "EVT",
            Label::Date => "DATE",
            Label::Time => "TIME",
            Label::Money => "MONEY",
            Label::Percent => "PERCENT",
            Label::Qty => "QTY",
        }
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A string that names no [`Label`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no entity label; known: PER, LOC, ORG, EVT, DATE, TIME, MONEY, PERCENT, QTY")]
pub struct UnknownLabel(pub String);

impl FromStr for Label {
    type Err = UnknownLabel;

    fn from_str(name: &str) -> Result<Self, UnknownLabel> {
        Label::ALL
            .into_iter()
            .find(|label| label.as_str() == name)
            .ok_or_else(|| UnknownLabel(name.to_owned()))
    }
}

/// A mention of an entity in the text; its surface form is `span.of(&article.text)`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Entity {
    /// Where.
    pub span: Span,
    /// What it is.
    pub label: Label,
    /// Confidence, 0 to 1; 1 for mentions found by rule.
    #[serde(serialize_with = "super::shortest::serialize")]
    pub score: f32,
    /// Index of its sentence.
    pub sentence: usize,
    /// Index of its cluster, for names.
    pub cluster: Option<usize>,
    /// Normalized value, for dates and quantities.
    #[serde(default)]
    pub value: Option<Value>,
}

impl Entity {
    /// An entity without cluster and value.
    pub fn new(span: Span, label: Label, score: f32, sentence: usize) -> Self {
        Entity { span, label, score, sentence, cluster: None, value: None }
    }
}

/// Mentions of one person, place, organization or event within the article. Events (`EVT`) are found by models and recognizers of your
/// own; no built-in one looks for them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Cluster {
    /// The fullest name in the article.
    pub name: String,
    /// What it is.
    pub label: Label,
    /// Other spellings and short forms found in the article, in order of first mention.
    pub aliases: Vec<String>,
    /// Indices of its entities, ascending.
    pub mentions: Vec<usize>,
}

impl Cluster {
    /// A cluster of entities by their indices, ascending; it has no other spellings.
    pub fn new(name: impl Into<String>, label: Label, mentions: Vec<usize>) -> Self {
        Cluster { name: name.into(), label, aliases: Vec::new(), mentions }
    }
}

/// The English of one sentence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Segment {
    /// Index of the source sentence.
    pub sentence: usize,
    /// English text.
    pub text: String,
    /// What stands in the English to the letter as in the sentence: addresses, handles, file names, telephone numbers, codes,
    /// other scripts, editors' marks, quotations that are not Indonesian.
    #[serde(default)]
    pub verbatim: Vec<String>,
    /// Terms of the glossary that the sentence has, each with the English that was asked for.
    #[serde(default)]
    pub terms: Vec<Term>,
    /// How likely the English does not mislead, 0 to 1; null where the translator does not tell how likely it found its words.
    #[serde(default, serialize_with = "super::shortest::serialize")]
    pub confidence: Option<f32>,
    /// What is doubtful about it.
    #[serde(default)]
    pub flags: Vec<Flag>,
}

impl Segment {
    /// A sentence's English of which nothing is doubtful.
    pub fn new(sentence: usize, text: impl Into<String>) -> Self {
        Segment {
            sentence,
            text: text.into(),
            verbatim: Vec::new(),
            terms: Vec::new(),
            confidence: None,
            flags: Vec::new(),
        }
    }
}

/// A summary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Summary {
    /// The summary, one paragraph.
    pub text: String,
    /// Its language, ISO 639-1: `en`, or `id` where nothing was translated or the summarizer wrote Indonesian.
    pub language: String,
    /// Indices of the sentences that it was made from, ascending.
    pub sentences: Vec<usize>,
    /// What is doubtful about it: of an extract all flags of the segments that it consists of, each with the span of its sentence, of
    /// what a model wrote its own.
    #[serde(default)]
    pub flags: Vec<Flag>,
}

impl Summary {
    /// A summary of which nothing is doubtful, in the `language` (ISO 639-1), made from sentences by their indices, ascending.
    pub fn new(text: impl Into<String>, language: impl Into<String>, sentences: Vec<usize>) -> Self {
        Summary { text: text.into(), language: language.into(), sentences, flags: Vec::new() }
    }
}

/// Kinds of doubt. `docs/flags.md` in the repository says from which threshold on each is raised, and what its detail is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FlagKind {
    /// The article has no text, or cleaning left none.
    Empty,
    /// The text, or the part of it that the flag names, does not look Indonesian.
    NotIndonesian,
    /// The text holds tags of HTML, which are passed over.
    Html,
    /// The text holds control characters such as NUL.
    ControlCharacters,
    /// The part of the text that the flag names holds no language and was passed over: a picture or file written as letters, a
    /// word of hundreds of bytes, a long run of figures or signs.
    PassedOver,
    /// A sentence is so long that it is worked on in parts, or not compared with its English.
    OverlongSentence,
    /// A number of the source is missing in the English.
    NumberMissing,
    /// A name of the source is missing in the English.
    NameMissing,
    /// Something of the source that stays to the letter is missing in the English: an address, a code.
    VerbatimMissing,
    /// The model lost something that stays to the letter; what stands around it was translated in parts.
    CutAroundVerbatim,
    /// An address, handle or tag of the English is not in the source.
    AddressAdded,
    /// A quotation in another language, or in another script, stands as it is.
    NotTranslated,
    /// The source is all in capitals or in small letters, and these words were taken for names.
    GuessedCase,
    /// A term of the glossary is in the source, and its English is not in the translation.
    TermMissing,
    /// A number of the English is not in the source, or one of the summary not in the article.
    NumberAdded,
    /// A name or acronym of the English is not in the source, or one of the summary not in the article.
    NameAdded,
    /// A name stands in the English more often than in the source.
    NameRepeated,
    /// The English has brackets that the source has not.
    BracketAdded,
    /// A word that turns the meaning of the source (`tidak`, `melarang`, `korban`) has no counterpart in the English.
    MeaningMissing,
    /// A word of the source stands in the English untranslated.
    IndonesianLeft,
    /// The [confidence](Segment::confidence) in the English is low.
    Doubtful,
    /// The English repeats itself.
    Repetition,
    /// The English is the Indonesian, copied.
    CopiedSource,
    /// The English is far shorter or longer than the source.
    LengthRatio,
    /// Generation stopped at its limit.
    StoppedAtLimit,
    /// No sentence could be chosen for a summary.
    NothingToSummarize,
    /// The date that came with the article could not be read; it was ignored.
    UnreadableDate,
    /// The id that came with the article is neither a string nor a number; the place of the article stands for it.
    UnusableId,
}

impl FlagKind {
    /// The kind as it is written in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            FlagKind::Empty => "empty",
            FlagKind::NotIndonesian => "not_indonesian",
            FlagKind::Html => "html",
            FlagKind::ControlCharacters => "control_characters",
            FlagKind::PassedOver => "passed_over",
            FlagKind::OverlongSentence => "overlong_sentence",
            FlagKind::NumberMissing => "number_missing",
            FlagKind::NameMissing => "name_missing",
            FlagKind::VerbatimMissing => "verbatim_missing",
            FlagKind::CutAroundVerbatim => "cut_around_verbatim",
            FlagKind::AddressAdded => "address_added",
            FlagKind::NotTranslated => "not_translated",
            FlagKind::GuessedCase => "guessed_case",
            FlagKind::TermMissing => "term_missing",
            FlagKind::NumberAdded => "number_added",
            FlagKind::NameAdded => "name_added",
            FlagKind::NameRepeated => "name_repeated",
            FlagKind::BracketAdded => "bracket_added",
            FlagKind::MeaningMissing => "meaning_missing",
            FlagKind::IndonesianLeft => "indonesian_left",
            FlagKind::Doubtful => "doubtful",
            FlagKind::Repetition => "repetition",
            FlagKind::CopiedSource => "copied_source",
            FlagKind::LengthRatio => "length_ratio",
            FlagKind::StoppedAtLimit => "stopped_at_limit",
            FlagKind::NothingToSummarize => "nothing_to_summarize",
            FlagKind::UnreadableDate => "unreadable_date",
            FlagKind::UnusableId => "unusable_id",
        }
    }
}

impl fmt::Display for FlagKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A string that names no [`FlagKind`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no kind of flag; `FlagKind` lists them")]
pub struct UnknownFlagKind(pub String);

impl FromStr for FlagKind {
    type Err = UnknownFlagKind;

    fn from_str(name: &str) -> Result<Self, UnknownFlagKind> {
        let unknown = |_: serde::de::value::Error| UnknownFlagKind(name.to_owned());
        FlagKind::deserialize(name.into_deserializer()).map_err(unknown)
    }
}

/// Something doubtful, for a person to look at. `docs/flags.md` in the repository tells likely errors from notes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Flag {
    /// Which kind of doubt.
    pub kind: FlagKind,
    /// What exactly, e.g. the missing number.
    #[serde(default)]
    pub detail: String,
    /// The part of the article that it is about, where that is not all of it: of [`Document::flags`] any, of an extract the sentence that
    /// the flag comes from. A flag of a segment has none, since it is about the segment's sentence, nor has one of what a model wrote.
    #[serde(default)]
    pub span: Option<Span>,
}

impl Flag {
    /// A flag with a detail.
    pub fn new(kind: FlagKind, detail: impl Into<String>) -> Self {
        Flag { kind, detail: detail.into(), span: None }
    }

    /// The flag, raised for a part of the article.
    pub fn at(self, span: Span) -> Self {
        Flag { span: Some(span), ..self }
    }
}

/// A model that took part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ModelRef {
    /// Id in the manifest, or the folder's name.
    pub id: String,
    /// Licence of the weights.
    pub license: String,
    /// sha256 over the sha256 of its files, hexadecimal.
    pub sha256: String,
}

impl ModelRef {
    /// A model of a stage of your own: its name, the licence of its weights, and the sha256 by which it is known again.
    ///
    /// Pipelines refuse a name or licence that is blank (write `unknown` for a licence that you do not know), and a checksum that is not 64
    /// hexadecimal digits; that of a model that nobody can take one of, behind a server say, is empty.
    pub fn new(id: impl Into<String>, license: impl Into<String>, sha256: impl Into<String>) -> Self {
        ModelRef { id: id.into(), license: license.into(), sha256: sha256.into() }
    }
}

/// What did the work of a stage: enough to do it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct StageRecord {
    /// The stage.
    pub stage: Stage,
    /// What did it, e.g. `RuleCleaner`.
    pub name: String,
    /// The model that it used, where it has one.
    #[serde(default)]
    pub model: Option<ModelRef>,
    /// The settings that its results depend on, as JSON; null where it has none.
    #[serde(default)]
    pub options: serde_json::Value,
}

impl StageRecord {
    /// A stage without model and settings.
    pub fn new(stage: Stage, name: impl Into<String>) -> Self {
        StageRecord { stage, name: name.into(), model: None, options: serde_json::Value::Null }
    }
}

/// What made a document: enough to make it again.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Provenance {
    /// Version of this crate.
    pub crate_version: String,
    /// [`pipeline::Options`](crate::pipeline::Options), as JSON.
    pub options: serde_json::Value,
    /// The stages in the order in which they ran.
    pub stages: Vec<StageRecord>,
}

impl Provenance {
    /// The models in the order of their stages.
    pub fn models(&self) -> impl Iterator<Item = &ModelRef> {
        self.stages.iter().filter_map(|stage| stage.model.as_ref())
    }
}

impl Document {
    /// An article in which nothing was found yet; all of its text is kept.
    pub fn new(article: Article) -> Self {
        let kept = if article.text.is_empty() { Vec::new() } else { vec![Span::whole(&article.text)] };
        Document {
            schema_version: SCHEMA_VERSION,
            article,
            kept,
            removed: Vec::new(),
            sentences: Vec::new(),
            entities: Vec::new(),
            clusters: Vec::new(),
            translation: Vec::new(),
            confidence: None,
            summary: None,
            flags: Vec::new(),
            provenance: Provenance {
                crate_version: env!("CARGO_PKG_VERSION").to_owned(),
                ..Provenance::default()
            },
        }
    }

    /// The text that `span` covers, as it came: with its tags and codes, over the lines that it was broken into. How it reads is told by the
    /// whole article: [`Reading::of`](crate::reading::Reading::of) its text, at the [`place`](crate::reading::Reading::place) of the span.
    pub fn text(&self, span: Span) -> &str {
        span.of(&self.article.text)
    }

    /// Returns the English of a sentence by its index, where it was translated. `translation` itself is not indexed by sentence: with
    /// [`TranslationScope::Summary`](crate::pipeline::TranslationScope::Summary) it has those of the summary alone. Expects segments in the
    /// order of their sentences, as in every [valid](Self::validate) document.
    ///
    /// ```
    /// use intisari::document::{Segment, Sentence, Summary};
    /// use intisari::{Article, Document, Span};
    ///
    /// let text = "Hujan turun. Jalan tergenang.";
    /// let mut document = Document::new(Article::new("a1", text));
    /// document.sentences = vec![Sentence::new(Span::new(text, 0, 12)?, 0), Sentence::new(Span::new(text, 13, 29)?, 0)];
    /// document.translation.push(Segment::new(1, "The road is flooded."));
    /// document.summary = Some(Summary::new("The road is flooded.", "en", vec![1]));
    ///
    /// let summary = document.summary.as_ref().unwrap();
    /// for &sentence in &summary.sentences {
    ///     let segment = document.segment(sentence).unwrap();
    ///     assert_eq!(segment.text, "The road is flooded.");
    /// }
    /// assert!(document.segment(0).is_none());
    /// # Ok::<(), intisari::Error>(())
    /// ```
    pub fn segment(&self, sentence: usize) -> Option<&Segment> {
        let at = self.translation.binary_search_by_key(&sentence, |segment| segment.sentence);
        at.ok().and_then(|at| self.translation.get(at))
    }

    /// The kept text as it reads ([`reading`](crate::reading)) by itself, with the removed parts left out; for reading, not for
    /// offsets. Where words were glued it is judged without the removed parts, which the stages saw.
    pub fn cleaned_text(&self) -> String {
        let kept = crate::clean::join_kept(&self.article.text, &self.kept);
        match crate::reading::read(&kept) {
            std::borrow::Cow::Owned(read) => read.trim().to_owned(),
            std::borrow::Cow::Borrowed(_) => kept,
        }
    }

    /// Says whether the document keeps its rules, as every one that a pipeline makes does:
    ///
    /// - The version of the schema is [`SCHEMA_VERSION`].
    /// - Spans are byte offsets of the article's text, on boundaries of characters.
    /// - `kept`, `removed`, `sentences` and `entities` are each ordered and disjoint; nothing is kept and removed.
    /// - Sentences cover something, without white space at their ends; their paragraphs never decrease. Where there are any, each kept
    ///   character that is no white space lies in a sentence, and each such character of a sentence was kept.
    /// - Entities cover something, without white space at their ends, and lie in the sentence that they name; their scores lie from 0 to
    ///   1; their values are possible ones of what the label says, and people, places, organizations and events have none.
    /// - Clusters and entities refer to each other. The mentions of a cluster ascend and have its label; its name stands in one of them,
    ///   apart from titles, what is in brackets, and how blanks are written. Clusters begin in their order.
    /// - Segments and the summary refer to sentences that are there, in ascending order; their texts stand on one line, without white
    ///   space at its ends, and that of the summary is not blank. Its language is a code of two letters. Confidences lie from 0 to 1.
    /// - Removed parts name their rule and its reason.
    ///
    /// What reads as nothing, as tags do, need be neither kept nor removed, so that this alone is not looked at.
    ///
    /// These are rules of form. Whether text, values and English are still those that were written, nothing in a document tells.
    ///
    /// # Errors
    /// [`DocumentError`] naming the first field that breaks a rule.
    pub fn validate(&self) -> Result<(), DocumentError> {
        super::validate::validate(self)
    }
}
