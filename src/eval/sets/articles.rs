//! Whole articles with entities as spans of their text.

use std::collections::HashMap;
use std::path::Path;

use super::ner::{check_score, put_into, Found, NerReader};
use super::{same_text, Outputs};
use crate::error::{Error, Result};
use crate::eval::evaluation::NerItem;
use crate::eval::formats::{read_articles, read_brat, AnnotatedText, Form, MarkedArticle, OnBad, Row, Set};
use crate::eval::LabeledSpan;

/// A set of articles and what systems found in them.
pub(super) fn read(reader: &NerReader, path: &Path, outputs: &Outputs) -> Result<Set<NerItem>> {
    let rows = gold(reader, path)?;
    let found = outputs.each(|path| read_output(reader, path, &rows))?;
    let mut set = rows.try_map(OnBad::Fail, |row| Ok(row.value))?;
    put_into(&mut set.items, found);
    Ok(set)
}

fn gold(reader: &NerReader, path: &Path) -> Result<Set<Row<NerItem>>> {
    let on_bad = reader.on_bad;
    let item = |id, text, gold| NerItem { id, text, gold, ..NerItem::default() };
    if Form::of(path)? == Form::Brat {
        return read_brat(path, on_bad)?.try_map(on_bad, |AnnotatedText { name, place, text, entities }| {
            Ok(Row { id: Some(name.clone()), line: 1, place, value: item(name, text, entities) })
        });
    }
    let articles = read_articles(path, &reader.articles, on_bad)?;
    articles.located(on_bad)?.try_map(on_bad, |(article, mut entities)| {
        entities.sort();
        let name = article.name();
        let MarkedArticle { id, line, place, text, .. } = article;
        Ok(Row { id, line, place, value: item(name, text.unwrap_or_default(), entities) })
    })
}

/// What a file of outputs has for the articles of a set.
fn read_output(reader: &NerReader, path: &Path, gold: &Set<Row<NerItem>>) -> Result<Vec<Found>> {
    if Form::of(path)? == Form::Brat {
        return of_brat(gold, path);
    }
    let outputs = read_articles(path, &reader.articles, OnBad::Fail)?;
    let outputs = outputs.try_map(OnBad::Fail, |article| {
        Ok(Row { id: article.id.clone(), line: article.line, place: article.place, value: article })
    })?;
    let mut articles = Vec::with_capacity(gold.items.len());
    for (gold, Row { value: mut article, line, .. }) in gold.items.iter().zip(gold.pair(outputs)?) {
        same_text(article.text.as_deref(), &gold.value.text, &gold.name())
            .map_err(|message| Error::Malformed { path: path.to_owned(), line, message })?;
        article.text = Some(gold.value.text.clone());
        articles.push(article);
    }
    let set = Set::of_items(path, articles, Vec::new());
    let found = |(article, spans): (MarkedArticle, Vec<LabeledSpan>)| {
        let malformed = |message| Error::Malformed { path: path.to_owned(), line: article.line, message };
        let found = spans.into_iter().zip(&article.marks).map(|(span, mark)| {
            check_score(mark.score).map_err(malformed)?;
            Ok((span, mark.score))
        });
        found.collect()
    };
    set.located(OnBad::Fail)?.items.into_iter().map(found).collect()
}

/// The entities that a file of brat has for the one text of a set, or a folder by name for several.
fn of_brat(gold: &Set<Row<NerItem>>, path: &Path) -> Result<Vec<Found>> {
    let mut found = read_brat(path, OnBad::Fail)?.items;
    if let ([gold], [only], false) = (gold.items.as_slice(), found.as_mut_slice(), path.is_dir()) {
        only.name.clone_from(&gold.value.id);
    }
    let mut by_name: HashMap<String, AnnotatedText> =
        found.into_iter().map(|text| (text.name.clone(), text)).collect();
    let of = |gold: &Row<NerItem>| match by_name.remove(&gold.value.id) {
        Some(found) if found.text == gold.value.text => {
            Ok(found.entities.into_iter().map(|span| (span, None)).collect())
        }
        Some(_) => Err(Error::config(
            format!("{} annotates another text than the set does in {}", path.display(), gold.value.id),
            "give predictions for the same text",
        )),
        None => Err(Error::config(
            format!("{} has nothing for {}", path.display(), gold.value.id),
            "give a file of the same name for every text of the set",
        )),
    };
    gold.items.iter().map(of).collect()
}
