//! The rules of clusters: they and entities name each other, and a cluster is of its mentions.

use std::cell::OnceCell;

use super::{Cluster, Document, DocumentError, Entity};
use crate::reading::Reading;

type Check = Result<(), DocumentError>;

pub(super) fn check(document: &Document) -> Check {
    references(&document.entities, &document.clusters)?;
    let reading = OnceCell::new();
    let mut first = None;
    for (index, cluster) in document.clusters.iter().enumerate() {
        let refused = |message: String| Err(DocumentError::Content { field: "clusters", index, message });
        let mentions = || cluster.mentions.iter().filter_map(|&mention| document.entities.get(mention));
        if let Some((mention, entity)) =
            cluster.mentions.iter().zip(mentions()).find(|(_, e)| e.label != cluster.label)
        {
            return refused(format!(
                "has the label {}, its mention entities[{mention}] has {}",
                cluster.label, entity.label
            ));
        }
        let name = solid(&cluster.name);
        if !mentions().any(|entity| is_name_in(&name, document, entity, &reading)) {
            return refused(format!(
                "has the name {:?}, which none of its mentions has",
                super::rules::start(&cluster.name)
            ));
        }
        let begins = cluster.mentions.first().copied();
        if begins < first {
            return refused("begins before the one before it".to_owned());
        }
        first = begins;
    }
    Ok(())
}

/// Clusters and entities name each other.
fn references(entities: &[Entity], clusters: &[Cluster]) -> Check {
    let mut listed = vec![false; entities.len()];
    for (index, cluster) in clusters.iter().enumerate() {
        const FIELD: &str = "clusters";
        if !cluster.mentions.is_sorted_by(|one, next| one < next) {
            let message = "has mentions that do not ascend".to_owned();
            return Err(DocumentError::Content { field: FIELD, index, message });
        }
        for &number in &cluster.mentions {
            let (target, count) = ("entity", entities.len());
            let (Some(entity), Some(listed)) = (entities.get(number), listed.get_mut(number)) else {
                return Err(DocumentError::Missing { field: FIELD, index, target, number, count });
            };
            if entity.cluster != Some(index) {
                return Err(DocumentError::OneSided { field: FIELD, index, target, number });
            }
            *listed = true;
        }
    }
    for (index, (entity, listed)) in entities.iter().zip(listed).enumerate() {
        const FIELD: &str = "entities";
        let Some(number) = entity.cluster.filter(|_| !listed) else { continue };
        let (target, count) = ("cluster", clusters.len());
        return Err(match number < count {
            true => DocumentError::OneSided { field: FIELD, index, target, number },
            false => DocumentError::Missing { field: FIELD, index, target, number, count },
        });
    }
    Ok(())
}

/// Whether the mention has the [solid] `name` as it stands there or as it reads, where tags and codes lie in it.
fn is_name_in<'d>(
    name: &str,
    document: &'d Document,
    entity: &Entity,
    reading: &OnceCell<Reading<'d>>,
) -> bool {
    let text = &document.article.text;
    has_name(entity.span.of(text), name) || {
        let reading = reading.get_or_init(|| Reading::of(text));
        !reading.is_plain() && has_name(reading.place(entity.span).of(reading.text()), name)
    }
}

/// `text` without white space: names have single blanks, mentions what the writer wrote.
fn solid(text: &str) -> String {
    text.split_whitespace().collect()
}

/// Whether the [solid] `name` is all or a part of `mention`: titles are left out of names, as are abbreviations in brackets.
fn has_name(mention: &str, name: &str) -> bool {
    let mention = solid(mention);
    let without_brackets = || {
        let (before, rest) = mention.split_once('(')?;
        let (_, after) = rest.split_once(')')?;
        Some(format!("{before}{after}"))
    };
    !name.is_empty()
        && (mention.contains(name) || without_brackets().is_some_and(|mention| mention.contains(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_part_of_a_mention() {
        for (mention, name) in [
            ("Budi", "Budi"),
            ("Bupati  Rina\nWati", "Rina Wati"),
            ("Kepolisian Daerah (Polda) Papua", "Kepolisian Daerah Papua"),
            ("Kepolisian Daerah (Polda) Papua", "Polda"),
        ] {
            assert!(has_name(mention, &solid(name)), "{mention}: {name}");
        }
        for (mention, name) in [("Budi", "Adi"), ("Budi", ""), ("Budi", " "), ("Rina (Wati", "Rina Adi")] {
            assert!(!has_name(mention, &solid(name)), "{mention}: {name}");
        }
    }
}
