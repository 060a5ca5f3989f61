//! A document as the page shows it.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use askama::Template;

use super::pieces::{cut, Piece};
use super::value;
use crate::document::{Document, Entity, Flag, Label, Segment, SentenceKind, Span, Summary};
use crate::output::visible;
use crate::text::one_line;

/// Names with a lower score are drawn as uncertain.
const UNSURE: f32 = 0.7;

/// An article with everything that was found in it.
#[derive(Template)]
#[template(path = "article.html")]
pub(super) struct ArticleView<'a> {
    pub number: usize,
    pub title: Cow<'a, str>,
    id: Cow<'a, str>,
    date: Option<String>,
    source: Option<Cow<'a, str>>,
    /// Where the source is an address that a browser may open.
    link: Option<&'a str>,
    flags: Vec<String>,
    summary: Option<SummaryView<'a>>,
    kinds: Vec<Kind<'a>>,
    rows: Vec<Row<'a>>,
    translated: bool,
    /// How sure the English of the article is.
    confidence: Option<String>,
    made_by: String,
    models: Vec<String>,
}

/// The summary, sentence by sentence where it consists of sentences of the article.
struct SummaryView<'a> {
    language: &'a str,
    parts: Vec<Part<'a>>,
    /// The text, where it was written anew.
    whole: Option<Cow<'a, str>>,
    from: Vec<usize>,
    flags: Vec<String>,
}

impl SummaryView<'_> {
    /// Whether a sentence of it is flagged.
    fn doubtful(&self) -> bool {
        self.parts.iter().any(|part| !part.flags.is_empty())
    }
}

struct Part<'a> {
    sentence: usize,
    text: Cow<'a, str>,
    flags: Vec<String>,
}

/// All that was found of one label.
struct Kind<'a> {
    label: Label,
    name: &'static str,
    groups: Vec<Group<'a>>,
}

/// Mentions of one thing.
struct Group<'a> {
    number: usize,
    name: Cow<'a, str>,
    aliases: String,
    value: String,
    /// Lowest and highest confidence of names, e.g. `71–98 %`.
    confidence: String,
    mentions: usize,
    /// Sentences with a mention, counted from 1.
    sentences: Vec<usize>,
}

enum Row<'a> {
    Sentence {
        number: usize,
        heading: bool,
        opens_paragraph: bool,
        source: Vec<Run<'a>>,
        english: Vec<English<'a>>,
    },
    Removed {
        text: Cow<'a, str>,
        start: String,
        rule: &'a str,
        reason: &'a str,
    },
    /// Kept text that is in no sentence, e.g. where nothing was split.
    Loose(Cow<'a, str>),
}

struct English<'a> {
    text: Cow<'a, str>,
    /// How sure it is that the English does not mislead.
    confidence: Option<String>,
    flags: Vec<String>,
}

enum Run<'a> {
    Text(Cow<'a, str>),
    Mention { text: Cow<'a, str>, label: Label, group: usize, unsure: bool, hint: String },
    Removed { text: Cow<'a, str>, hint: String },
}

impl<'a> ArticleView<'a> {
    pub(super) fn new(number: usize, document: &'a Document) -> Self {
        let article = &document.article;
        let (groups, kinds) = group(document);
        let title = article.title.as_deref().filter(|title| !title.trim().is_empty());
        let source = article.source.as_deref();
        ArticleView {
            number,
            title: visible(title.unwrap_or(&article.id)),
            id: visible(&article.id),
            date: article.date.map(|date| date.to_string()),
            source: source.map(visible),
            link: source.filter(|source| source.starts_with("https://") || source.starts_with("http://")),
            flags: document.flags.iter().map(describe).collect(),
            summary: document.summary.as_ref().map(|summary| summarized(document, summary)),
            kinds,
            rows: rows(document, &groups),
            translated: !document.translation.is_empty(),
            confidence: document.confidence.map(percent),
            made_by: document.provenance.crate_version.clone(),
            models: document
                .provenance
                .stages
                .iter()
                .filter_map(|record| Some((record.stage, record.model.as_ref()?)))
                .map(|(stage, model)| format!("{stage}: {} ({})", model.id, model.license))
                .collect(),
        }
    }

    /// A few words for the index: how the summary or the text begins.
    pub(super) fn teaser(&self) -> String {
        let summary = self.summary.as_ref().map(|summary| match (&summary.whole, summary.parts.first()) {
            (Some(whole), _) => whole.as_ref(),
            (None, Some(part)) => part.text.as_ref(),
            (None, None) => "",
        });
        let text = self.rows.iter().find_map(|row| match row {
            Row::Sentence { source, .. } => source.first().map(Run::text),
            Row::Loose(text) => Some(text.as_ref()),
            Row::Removed { .. } => None,
        });
        shortened(summary.or(text).unwrap_or_default(), 240)
    }

    /// How many things are flagged.
    pub(super) fn doubts(&self) -> usize {
        let summary = self.summary.as_ref().map_or(0, |summary| summary.flags.len());
        let rows = self.rows.iter().map(|row| match row {
            Row::Sentence { english, .. } => english.iter().map(|english| english.flags.len()).sum(),
            _ => 0,
        });
        self.flags.len() + summary + rows.sum::<usize>()
    }
}

impl Run<'_> {
    fn text(&self) -> &str {
        match self {
            Run::Text(text) | Run::Mention { text, .. } | Run::Removed { text, .. } => text,
        }
    }
}

/// The group of every entity, and the groups by label: names by cluster, the rest by what is written and what it means.
fn group(document: &Document) -> (Vec<usize>, Vec<Kind<'_>>) {
    let mut found: BTreeMap<(Label, usize), Vec<usize>> = BTreeMap::new();
    let mut written: HashMap<(Label, String, String), usize> = HashMap::new();
    for (index, entity) in document.entities.iter().enumerate() {
        // Things without a cluster come behind those with one, in the order of their first mention.
        let place = entity.cluster.unwrap_or_else(|| {
            let surface = one_line(document.text(entity.span));
            let value = entity.value.as_ref().map(value::words).unwrap_or_default();
            *written.entry((entity.label, surface, value)).or_insert(document.clusters.len() + index)
        });
        let label = entity
            .cluster
            .and_then(|cluster| document.clusters.get(cluster))
            .map_or(entity.label, |c| c.label);
        found.entry((label, place)).or_default().push(index);
    }
    let mut groups = vec![0; document.entities.len()];
    let mut kinds: Vec<Kind<'_>> = Vec::new();
    for (number, ((label, place), members)) in (1..).zip(found) {
        for &member in &members {
            if let Some(slot) = groups.get_mut(member) {
                *slot = number;
            }
        }
        if kinds.last().is_none_or(|kind| kind.label != label) {
            kinds.push(Kind { label, name: name(label), groups: Vec::new() });
        }
        if let Some(kind) = kinds.last_mut() {
            kind.groups.push(describe_group(document, number, place, &members));
        }
    }
    (groups, kinds)
}

fn describe_group<'a>(document: &'a Document, number: usize, place: usize, members: &[usize]) -> Group<'a> {
    let entities: Vec<&Entity> = members.iter().filter_map(|&member| document.entities.get(member)).collect();
    let cluster = document.clusters.get(place);
    let surface = entities.first().map_or("", |entity| document.text(entity.span));
    // `11 bulan` needs no explanation.
    let value = entities.first().and_then(|entity| entity.value.as_ref()).map(value::words);
    let value = value.filter(|value| *value != one_line(surface)).unwrap_or_default();
    let mut sentences: Vec<usize> = entities.iter().map(|entity| entity.sentence + 1).collect();
    sentences.dedup();
    Group {
        number,
        name: visible(cluster.map_or(surface, |cluster| &cluster.name)),
        aliases: cluster.map_or(String::new(), |cluster| visible(&cluster.aliases.join(", ")).into_owned()),
        value,
        confidence: confidence(&entities),
        mentions: entities.len(),
        sentences,
    }
}

/// What rules found has a score of 1, which would tell a reader nothing.
fn confidence(entities: &[&Entity]) -> String {
    let percent = |score: f32| format!("{:.0}", score * 100.0);
    let low = entities.iter().map(|entity| entity.score).fold(f32::INFINITY, f32::min);
    let high = entities.iter().map(|entity| entity.score).fold(0.0, f32::max);
    match (percent(low), percent(high)) {
        _ if low >= 1.0 => String::new(),
        (low, high) if low == high => format!("{low}%"),
        (low, high) => format!("{low}–{high}%"),
    }
}

/// The whole article in its order: sentences, removed parts, and what is in neither.
fn rows<'a>(document: &'a Document, groups: &[usize]) -> Vec<Row<'a>> {
    let mut english: HashMap<usize, Vec<&Segment>> = HashMap::new();
    for segment in &document.translation {
        english.entry(segment.sentence).or_default().push(segment);
    }
    let mut mentions: HashMap<usize, Vec<usize>> = HashMap::new();
    for (index, entity) in document.entities.iter().enumerate() {
        mentions.entry(entity.sentence).or_default().push(index);
    }
    let mut rows = Vec::new();
    let (mut end, mut paragraph) = (0, None);
    let mut removed = (0..document.removed.len()).peekable();
    for (index, sentence) in document.sentences.iter().enumerate() {
        let start = sentence.span.start();
        while let Some(gone) = removed.next_if(|&gone| span_of(document, gone).end() <= start) {
            between(document, end, span_of(document, gone).start(), &mut rows);
            rows.push(removed_row(document, gone));
            end = span_of(document, gone).end();
        }
        between(document, end, start, &mut rows);
        end = end.max(sentence.span.end());
        // A removed part within a sentence stays where it is.
        let mut inside = Vec::new();
        while let Some(gone) = removed.next_if(|&gone| span_of(document, gone).start() < end) {
            inside.push(gone);
        }
        let mentions = mentions.remove(&index).unwrap_or_default();
        let pieces = cut(document, sentence.span, &mentions, &inside);
        rows.push(Row::Sentence {
            number: index + 1,
            heading: sentence.kind == SentenceKind::Heading,
            opens_paragraph: paragraph != Some(sentence.paragraph),
            source: pieces.into_iter().map(|piece| run(document, groups, piece)).collect(),
            english: english.remove(&index).unwrap_or_default().into_iter().map(translated).collect(),
        });
        paragraph = Some(sentence.paragraph);
    }
    for gone in removed {
        between(document, end, span_of(document, gone).start(), &mut rows);
        rows.push(removed_row(document, gone));
        end = end.max(span_of(document, gone).end());
    }
    between(document, end, document.article.text.len(), &mut rows);
    rows
}

fn span_of(document: &Document, removed: usize) -> Span {
    document.removed.get(removed).map_or(Span::whole(""), |removed| removed.span)
}

/// Text that is in no sentence and was not removed, paragraph by paragraph.
fn between<'a>(document: &'a Document, start: usize, end: usize, rows: &mut Vec<Row<'a>>) {
    let text = document.article.text.get(start..end).unwrap_or_default();
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    rows.extend(lines.map(|line| Row::Loose(visible(line))));
}

fn removed_row(document: &Document, index: usize) -> Row<'_> {
    let (text, rule, reason) = document.removed.get(index).map_or(("", "", ""), |removed| {
        (document.text(removed.span).trim(), removed.rule.as_str(), removed.reason.as_str())
    });
    Row::Removed { text: visible(text), start: shortened(&one_line(text), 90), rule, reason }
}

fn run<'a>(document: &Document, groups: &[usize], piece: Piece<'a>) -> Run<'a> {
    let Piece { text, entity, removed } = piece;
    if let Some(removed) = removed.and_then(|index| document.removed.get(index)) {
        return Run::Removed { text, hint: format!("{}: {}", removed.rule, removed.reason) };
    }
    let Some((index, entity)) = entity.and_then(|index| Some((index, document.entities.get(index)?))) else {
        return Run::Text(text);
    };
    let mut hint = name(entity.label).to_owned();
    if let Some(cluster) = entity.cluster.and_then(|cluster| document.clusters.get(cluster)) {
        hint += &format!(": {}", visible(&cluster.name));
    }
    if let Some(value) = &entity.value {
        hint += &format!(" = {}", value::words(value));
    }
    if entity.score < 1.0 {
        hint += &format!(" ({:.0}% sure)", entity.score * 100.0);
    }
    let group = groups.get(index).copied().unwrap_or_default();
    Run::Mention { text, label: entity.label, group, unsure: entity.score < UNSURE, hint }
}

fn translated(segment: &Segment) -> English<'_> {
    English {
        text: visible(&segment.text),
        confidence: segment.confidence.map(percent),
        flags: segment.flags.iter().map(describe).collect(),
    }
}

/// The summary, cut into the sentences that it was put together from; as a whole where a model wrote it.
fn summarized<'a>(document: &'a Document, summary: &'a Summary) -> SummaryView<'a> {
    let in_english = summary.language == "en";
    let part = |&sentence: &usize| {
        let (text, flags) = if in_english {
            let segment = document.segment(sentence)?;
            (Cow::Borrowed(segment.text.as_str()), segment.flags.iter().map(describe).collect())
        } else {
            (Cow::Owned(one_line(document.text(document.sentences.get(sentence)?.span))), Vec::new())
        };
        Some(Part { sentence: sentence + 1, text, flags })
    };
    let mut parts: Vec<Part<'_>> =
        summary.sentences.iter().filter_map(part).filter(|part| !part.text.is_empty()).collect();
    let joined = parts.iter().map(|part| part.text.as_ref()).collect::<Vec<_>>().join(" ");
    let extract = joined == summary.text;
    if !extract {
        parts.clear();
    }
    for part in &mut parts {
        part.text = Cow::Owned(visible(&part.text).into_owned());
    }
    SummaryView {
        language: &summary.language,
        parts,
        whole: (!extract).then(|| visible(&summary.text)),
        from: if extract {
            Vec::new()
        } else {
            summary.sentences.iter().map(|sentence| sentence + 1).collect()
        },
        // Those of an extract stand beside its sentences.
        flags: if extract { Vec::new() } else { summary.flags.iter().map(describe).collect() },
    }
}

/// A share as readers like it.
fn percent(share: f32) -> String {
    format!("{:.0}%", share * 100.0)
}

fn name(label: Label) -> &'static str {
    match label {
        Label::Per => "Person",
        Label::Loc => "Place",
        Label::Org => "Organization",
        Label::Evt => "Event",
        Label::Date => "Date",
        Label::Time => "Time",
        Label::Money => "Money",
        Label::Percent => "Percentage",
        Label::Qty => "Quantity",
    }
}

fn describe(flag: &Flag) -> String {
    let kind = flag.kind.as_str().replace('_', " ");
    if flag.detail.is_empty() {
        kind
    } else {
        format!("{kind}: {}", visible(&flag.detail))
    }
}

/// At most `most` characters of `text`; `…` says that there is more.
fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return visible(text).into_owned();
    }
    let start: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", visible(start.trim_end()))
}
