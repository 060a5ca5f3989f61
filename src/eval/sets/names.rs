//! Articles with their names and who bears them.

use std::collections::HashMap;
use std::path::Path;
use std::str::FromStr;

use serde::Deserialize;

use super::Outputs;
use crate::document::{Label, Span, Unit};
use crate::error::{Error, Result};
use crate::eval::evaluation::{GroupedName, NamingItem};
use crate::eval::formats::{
    read_articles, read_names, read_records, ArticleFields, Form, MarkedArticle, MarkedName, NamedText,
    OnBad, Record, Row, Set,
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

/// An article as this program writes it; the rest of it does not matter here.
#[derive(Deserialize)]
struct Written {
    entities: Vec<WrittenEntity>,
}

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
    /// `{"entities": [{"span": {"start": 0, "end": 4}, "cluster": 0}, …]}`, in bytes of the text without marks; entities without a cluster
    /// do not count.
    ///
    /// # Errors
    /// [`Error::Io`]; [`Error::Config`] where a file has another form, does not say who bears its names, or has more or fewer lines than the
    /// set has articles; [`Error::Malformed`] for a line that cannot be used, in the set unless bad ones are to be skipped.
    pub fn read(&self, set: &Path, outputs: Outputs<'_>) -> Result<Set<NamingItem>> {
        let set = self.names(set)?;
        let read = |path| grouped(path, &set);
        let system = outputs.system.map(read).transpose()?.unwrap_or_default();
        let against = outputs.against.map(read).transpose()?;
        let (mut system, mut against) = (system.into_iter(), against.map(Vec::into_iter));
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
        set.try_map(self.on_bad, |(article, spans)| {
            bearers(&article, &spans).map_err(|message| (article.line, message))
        })
    }
}

/// The names of an article with their bearers; entities of other types, such as dates, are none.
fn bearers(article: &MarkedArticle, spans: &[LabeledSpan]) -> Result<NamedText, String> {
    let text = article.text.clone().unwrap_or_default();
    // A bearer is of the type that its first name has.
    let mut letters: HashMap<&str, char> = HashMap::new();
    let mut names = Vec::new();
    for (span, mark) in spans.iter().zip(&article.marks) {
        let label = Label::from_str(&usual_label(&span.label));
        let letter = match label {
            Ok(Label::Per) => 'P',
            Ok(Label::Loc) => 'L',
            Ok(Label::Org) => 'O',
            Ok(Label::Evt) => 'E',
            _ => continue,
        };
        let surface = text.get(span.start..span.end).unwrap_or_default();
        let cluster = mark.cluster.as_deref().ok_or_else(|| format!("nothing says who bears `{surface}`"))?;
        let letter = *letters.entry(cluster).or_insert(letter);
        let label = label.map_err(|error| error.to_string())?;
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
    let lines = read_records(path, &["entities"], OnBad::Fail, |record| Ok(record.clone()))?;
    let lines = in_order_of(set, lines, path)?;
    let articles = lines.iter().zip(&set.items);
    articles
        .map(|(Row { line, value: record, .. }, article)| {
            let malformed = |message| Error::Malformed { path: path.to_owned(), line: *line, message };
            if record.value("offset_unit").is_some_and(|unit| unit != "bytes") {
                return Err(malformed("offsets must count bytes; write it with --offsets bytes".to_owned()));
            }
            let entities = record.value("entities").cloned().unwrap_or_default();
            let written: Written = serde_json::from_value(serde_json::json!({ "entities": entities }))
                .map_err(|error| malformed(error.to_string()))?;
            let names = written.entities.into_iter().filter_map(|entity| {
                let WrittenSpan { start, end } = entity.span;
                Some((start, end, entity.cluster?))
            });
            let names: Vec<GroupedName> = names.collect();
            for &(start, end, _) in &names {
                Span::new(&article.text, start, end).map_err(|error| malformed(error.to_string()))?;
            }
            Ok(names)
        })
        .collect()
}

/// The lines of a file in the order of the set: by id where they have the ids of its articles. Where none has, as in files whose articles are named
/// after their files, they stand in order.
fn in_order_of(set: &Set<NamedText>, lines: Set<Row<Record>>, path: &Path) -> Result<Vec<Row<Record>>> {
    let known = |line: &Row<Record>| set.items.iter().any(|article| line.id.as_ref() == Some(&article.id));
    let by_id = lines.items.iter().any(known);
    let row = |(place, article): (usize, &NamedText)| Row {
        id: by_id.then(|| article.id.clone()),
        line: place,
        place,
        value: (),
    };
    let rows = Set {
        path: set.path.clone(),
        sha256: String::new(),
        items: (1..).zip(&set.items).map(row).collect(),
        skipped: Vec::new(),
        notes: Vec::new(),
    };
    if lines.items.len() != set.items.len() {
        return Err(Error::config(
            format!("{} has {} lines for {} articles", path.display(), lines.items.len(), set.items.len()),
            "give a line for each article of the set",
        ));
    }
    rows.pair(lines)
}
