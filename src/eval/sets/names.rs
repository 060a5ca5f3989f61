//! Articles with their names and who bears them.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use std::str::FromStr;

use serde::Deserialize;

use super::{same_text, Outputs};
use crate::document::{Label, OffsetTable, Span, Unit};
use crate::error::{Error, Result};
use crate::eval::evaluation::{GroupedName, NamingItem};
use crate::eval::formats::{
    byte_of, read_articles, read_json_lines, read_names, ArticleFields, Form, MarkedArticle, MarkedName,
    NamedText, OnBad, Record, Row, Set,
};
use crate::eval::{usual_label, LabeledSpan};

/// How sets of articles with grouped names are read: a line `== ID`, then the text, with `[P1 Rini]` for a name and who bears it; or JSON as
/// [`NerReader`](super::NerReader) reads it, each entity with its bearer, `[0, 4, "PER", "rini"]` or a field `cluster`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NamesReader {
    /// What offsets count in sets of JSON; what a record's `offset_unit` says, else characters, where this is not set.
    pub unit: Option<Unit>,
    /// What happens to bad lines of the set. Outputs must be whole.
    pub on_bad: OnBad,
}

/// An entity as this program writes it; the rest of it does not matter here.
#[derive(Deserialize)]
struct WrittenEntity {
    span: WrittenSpan,
    cluster: Option<usize>,
}

#[derive(Deserialize)]
struct WrittenSpan {
    start: usize,
    end: usize,
}

impl NamesReader {
    /// Reads a set and how systems group its names. Outputs are JSON Lines with the ids of the set or in its order, as `intisari ner --format jsonl` writes them:
    /// `{"entities": [{"span": {"start": 0, "end": 4}, "cluster": 0}, …]}`, in bytes of the text without marks unless `offset_unit` says
    /// otherwise; entities without a cluster do not count. Of sets in JSON, entities that are no persons, places, organizations or events are
    /// left out, which a note tells.
    ///
    /// # Errors
    /// [`Error::Io`]; [`Error::Config`] where a file has another form, does not say who bears its names, or has nothing for an article, or
    /// where it goes in order more or fewer lines than the set has articles (also of those that were skipped); [`Error::Malformed`] for a line that cannot be used, in the set unless bad ones are to be skipped.
    pub fn read(&self, set: impl AsRef<Path>, outputs: Outputs) -> Result<Set<NamingItem>> {
        let set = self.names(set.as_ref())?;
        let (system, against) = outputs.each(|path| grouped(path, &set))?;
        let (mut system, mut against) = (system.unwrap_or_default().into_iter(), against.map(Vec::into_iter));
        set.try_map(OnBad::Fail, |gold| {
            let grouped = system.next().unwrap_or_default();
            Ok(NamingItem { gold, grouped, against: against.as_mut().and_then(Iterator::next) })
        })
    }

    /// The articles of a set with the bearers of their names.
    fn names(&self, path: &Path) -> Result<Set<NamedText>> {
        if Form::of(path)? != Form::Json {
            return read_names(path, self.on_bad);
        }
        let fields = ArticleFields { unit: self.unit, ..ArticleFields::default() };
        let set = read_articles(path, &fields, self.on_bad)?.located(self.on_bad)?;
        let mut marks = set.items.iter().flat_map(|(article, _)| &article.marks);
        if !set.items.is_empty() && marks.all(|mark| mark.cluster.is_none()) {
            return Err(Error::config(
                format!("{} does not say who bears its names", path.display()),
                "give each entity a `cluster`, or score spans and types alone with `eval ner`",
            ));
        }
        let mut others: BTreeMap<String, usize> = BTreeMap::new();
        let mut set = set.try_map(self.on_bad, |(article, spans)| {
            let named = bearers(&article, &spans).map_err(|message| (article.line, message))?;
            for span in spans.iter().filter(|span| letter(&span.label).is_none()) {
                *others.entry(span.label.clone()).or_default() += 1;
            }
            Ok(named)
        })?;
        if !others.is_empty() {
            let types: Vec<&str> = others.keys().map(String::as_str).collect();
            let (number, types) = (others.values().sum::<usize>(), types.join(", "));
            set.notes.push(format!("{number} entities of the types {types} were left out: they name nobody"));
        }
        Ok(set)
    }
}

/// The type of a name and the letter of its bearers; none for other types, such as dates.
fn letter(label: &str) -> Option<(Label, char)> {
    let label = Label::from_str(&usual_label(label)).ok()?;
    let letter = match label {
        Label::Per => 'P',
        Label::Loc => 'L',
        Label::Org => 'O',
        Label::Evt => 'E',
        _ => return None,
    };
    Some((label, letter))
}

/// The names of an article with their bearers; entities of other types, such as dates, are none.
fn bearers(article: &MarkedArticle, spans: &[LabeledSpan]) -> Result<NamedText, String> {
    let text = article.text.clone().unwrap_or_default();
    // A bearer is of the type that its first name has.
    let mut letters: HashMap<&str, char> = HashMap::new();
    let mut names = Vec::new();
    for (span, mark) in spans.iter().zip(&article.marks) {
        let Some((label, letter)) = letter(&span.label) else { continue };
        let surface = text.get(span.start..span.end).unwrap_or_default();
        let cluster = mark.cluster.as_deref().ok_or_else(|| format!("nothing says who bears `{surface}`"))?;
        let letter = *letters.entry(cluster).or_insert(letter);
        let span = Span::new(&text, span.start, span.end).map_err(|error| error.to_string())?;
        names.push(MarkedName { span, label, bearer: format!("{letter}{cluster}") });
    }
    names.sort_by_key(|name| (name.span.start(), name.span.end()));
    if let Some((one, next)) =
        names.iter().zip(names.iter().skip(1)).find(|(one, next)| one.span.overlaps(next.span))
    {
        return Err(format!("`{}` and `{}` overlap", one.span.of(&text), next.span.of(&text)));
    }
    Ok(NamedText { id: article.name(), text, names })
}

/// The grouping that a file has for the articles of a set.
fn grouped(path: &Path, set: &Set<NamedText>) -> Result<Vec<Vec<GroupedName>>> {
    let lines = in_order_of(set, read_json_lines(path, &["entities"], OnBad::Fail)?)?;
    let names = lines.into_iter().zip(&set.items).map(|(Row { line, value: record, .. }, article)| {
        names_of(&record, article).map_err(|message| Error::Malformed {
            path: path.to_owned(),
            line,
            message,
        })
    });
    names.collect()
}

/// The grouped names of a record, whose text, where it has one, must be that of the set.
fn names_of(record: &Record, article: &NamedText) -> Result<Vec<GroupedName>, String> {
    let text = article.text.as_str();
    same_text(record.article_text(), text, &article.id)?;
    let entities = record.value("entities").unwrap_or(&serde_json::Value::Null);
    let written = Vec::<WrittenEntity>::deserialize(entities).map_err(|error| error.to_string())?;
    let table = OffsetTable::new(text, record.offset_unit()?.unwrap_or(Unit::Bytes));
    let names = written.into_iter().filter_map(|entity| Some((entity.span, entity.cluster?)));
    let name = |(WrittenSpan { start, end }, cluster)| {
        let span = Span::new(text, byte_of(&table, text, start)?, byte_of(&table, text, end)?);
        let span = span.map_err(|error| error.to_string())?;
        Ok((span.start(), span.end(), cluster))
    };
    names.map(name).collect()
}

/// The lines of a file in the order of the set: by id where they have the ids of its articles. Where none has, as where articles are named after
/// their files, they stand in order.
fn in_order_of(set: &Set<NamedText>, lines: Set<Record>) -> Result<Vec<Row<Record>>> {
    let ids: HashSet<&str> = set.items.iter().map(|article| article.id.as_str()).collect();
    let known = |line: &Record| line.id().is_some_and(|id| ids.contains(id.as_str()));
    let by_id = ids.len() == set.items.len() && lines.items.iter().any(known);
    let mut lines = lines.rows();
    if !by_id {
        lines.items.iter_mut().for_each(|row| row.id = None);
    }
    let row = |(place, article): (usize, &NamedText)| {
        let id = by_id.then(|| article.id.clone());
        Row { id, line: place, place, value: () }
    };
    let rows = Set::of_items(&set.path, (1..).zip(&set.items).map(row).collect(), Vec::new());
    rows.pair(lines)
}
