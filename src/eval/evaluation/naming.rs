//! Evaluation of names grouped by who bears them.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::AddAssign;

use super::figures::{compared, sum, word_count, Counted};
use super::{CaseText, Evaluation, LabelRow, Setup, Task};
use crate::error::{Error, Result};
use crate::eval::formats::NamedText;
use crate::eval::{cluster_signature, ClusterCounts, Hits, LabeledSpan};

/// A name and its group: start and end in bytes of the text, and the number of the group, counted from 0 within the article. Of an
/// [`Entity`](crate::document::Entity) these are its span and its `cluster`; those without one name nobody.
pub type GroupedName = (usize, usize, usize);

/// An article whose names are grouped.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NamingItem {
    /// The article with its names and their bearers.
    pub gold: NamedText,
    /// The system's names.
    pub grouped: Vec<GroupedName>,
    /// Those of the other system.
    pub against: Option<Vec<GroupedName>>,
}

type Clusters = Vec<Vec<(usize, usize)>>;

/// Groups together, and the mentions alone.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    clusters: ClusterCounts,
    mentions: Hits,
}

impl AddAssign<&Counts> for Counts {
    fn add_assign(&mut self, other: &Counts) {
        self.clusters += &other.clusters;
        self.mentions += &other.mentions;
    }
}

impl NamingItem {
    /// Says which name is no part of the text or stands there twice.
    fn check(&self) -> Result<()> {
        let against = self.against.iter().map(|names| ("against", names));
        for (side, names) in [("grouped", &self.grouped)].into_iter().chain(against) {
            let mut seen = BTreeSet::new();
            for (at, &(start, end, _)) in names.iter().enumerate() {
                let wrong = |what: &str, fix: &str| {
                    Err(Error::config(
                        format!("`{}`: {side}[{at}], {start}..{end}, {what}", self.gold.id),
                        fix,
                    ))
                };
                if start >= end || self.gold.text.get(start..end).is_none() {
                    return wrong(
                        "is no part of the text",
                        "give start, end and group, in bytes of the text",
                    );
                }
                if !seen.insert((start, end)) {
                    return wrong("has been there before", "give each name once, in one group");
                }
            }
        }
        Ok(())
    }

    /// What gold says, in the form of a system's output.
    fn wanted(&self) -> Vec<(usize, usize, &str)> {
        let names = self.gold.names.iter();
        names.map(|name| (name.span.start(), name.span.end(), name.bearer.as_str())).collect()
    }

    fn counts(&self, grouped: &[GroupedName]) -> Counts {
        let (gold, predicted) = (clusters(&self.wanted()), clusters(grouped));
        let wanted: Vec<_> = gold.iter().flatten().collect();
        let correct = predicted.iter().flatten().filter(|name| wanted.contains(name)).count() as u64;
        let mentions = Hits { correct, predicted: grouped.len() as u64, gold: wanted.len() as u64 };
        Counts { clusters: ClusterCounts::new(&gold, &predicted), mentions }
    }

    /// The counts of the names that are of one kind in gold, and how many of them gold and the system have.
    fn counts_of(&self, kind: char) -> (ClusterCounts, u64, u64) {
        let wanted: Vec<_> =
            self.wanted().into_iter().filter(|(.., bearer)| bearer.starts_with(kind)).collect();
        let of_kind = |start, end| wanted.iter().any(|name| (name.0, name.1) == (start, end));
        let grouped: Vec<GroupedName> =
            self.grouped.iter().copied().filter(|&(start, end, _)| of_kind(start, end)).collect();
        let counts = ClusterCounts::new(&clusters(&wanted), &clusters(&grouped));
        (counts, wanted.len() as u64, grouped.len() as u64)
    }

    /// The groups under the bearer with whom they share most names, each bearer being given once; the others are numbered.
    fn named(&self, grouped: &[GroupedName]) -> Vec<LabeledSpan> {
        let mut shared: BTreeMap<(&str, usize), usize> = BTreeMap::new();
        for (start, end, bearer) in self.wanted() {
            let same = grouped.iter().filter(|name| (name.0, name.1) == (start, end));
            same.for_each(|name| *shared.entry((bearer, name.2)).or_default() += 1);
        }
        let mut pairs: Vec<_> = shared.into_iter().collect();
        pairs.sort_by_key(|(_, names)| std::cmp::Reverse(*names));
        let mut labels: BTreeMap<usize, String> = BTreeMap::new();
        let mut given: Vec<&str> = Vec::new();
        for ((bearer, group), _) in pairs {
            if !given.contains(&bearer) && !labels.contains_key(&group) {
                labels.insert(group, bearer.to_owned());
                given.push(bearer);
            }
        }
        let label = |group: usize| labels.get(&group).cloned().unwrap_or_else(|| format!("?{}", group + 1));
        let spans = grouped.iter();
        spans.map(|&(start, end, group)| LabeledSpan { start, end, label: label(group) }).collect()
    }

    fn case(&self) -> (String, Vec<CaseText>) {
        let text = |role: &str, spans: Vec<LabeledSpan>| CaseText {
            role: role.to_owned(),
            text: self.gold.text.clone(),
            spans,
        };
        let gold = self.wanted().into_iter().map(|(start, end, bearer)| LabeledSpan {
            start,
            end,
            label: bearer.to_owned(),
        });
        let mut texts = vec![text("reference", gold.collect()), text("output", self.named(&self.grouped))];
        texts.extend(self.against.as_ref().map(|grouped| text("against", self.named(grouped))));
        (self.gold.id.clone(), texts)
    }
}

fn clusters<G: Ord>(names: &[(usize, usize, G)]) -> Clusters {
    let mut clusters: BTreeMap<&G, Vec<(usize, usize)>> = BTreeMap::new();
    for (start, end, group) in names {
        clusters.entry(group).or_default().push((*start, *end));
    }
    clusters.into_values().collect()
}

/// Scores names grouped by who bears them: B-cubed, MUC and CEAF with phi4, their mean, and the mentions alone. Figures by type
/// are those of B-cubed. Figures: `B-cubed F1`, `precision` and `recall` (of B-cubed), `MUC F1`, `CEAF F1`, `CoNLL mean`, `mention F1`.
///
/// # Errors
/// [`Error::Config`](crate::Error::Config) where there are no items, a name is no part of its text or stands there twice, only some have something of the other system, or `setup` does not name it or names one that has none.
pub fn evaluate_names(items: &[NamingItem], setup: &Setup) -> Result<Evaluation> {
    setup.scores(items.len())?;
    items.iter().try_for_each(NamingItem::check)?;
    compared(items, |item| item.against.is_some())?;
    setup.names_other(items.iter().any(|item| item.against.is_some()))?;
    let counted = Counted::new(
        items,
        |item| item.counts(&item.grouped),
        |item| item.against.as_ref().map(|grouped| item.counts(grouped)),
    );
    let b_cubed = |counts: &Counts| 100.0 * counts.clusters.b_cubed().f1;
    let signature = cluster_signature;
    let drawn = counted.drawn(setup.resampling, setup.test);
    let figures = vec![
        drawn.figure("B-cubed F1", signature(), b_cubed),
        drawn.figure("precision", signature(), |c| 100.0 * c.clusters.b_cubed().precision),
        drawn.figure("recall", signature(), |c| 100.0 * c.clusters.b_cubed().recall),
        drawn.figure("MUC F1", signature(), |c| 100.0 * c.clusters.muc().f1),
        drawn.figure("CEAF F1", signature(), |c| 100.0 * c.clusters.ceaf().f1),
        drawn.figure("CoNLL mean", signature(), |c| 100.0 * c.clusters.conll()),
        drawn.figure("mention F1", signature(), |c| 100.0 * c.mentions.prf().f1),
    ];
    let labels = [('P', "PER"), ('L', "LOC"), ('O', "ORG"), ('E', "EVT")].into_iter().map(|(kind, label)| {
        let mut row = (ClusterCounts::default(), 0, 0);
        for (counts, gold, predicted) in items.iter().map(|item| item.counts_of(kind)) {
            row = (sum([&row.0, &counts]), row.1 + gold, row.2 + predicted);
        }
        LabelRow { label: label.to_owned(), prf: row.0.b_cubed(), gold: row.1, predicted: row.2 }
    });
    let words: Vec<usize> = items.iter().map(|item| word_count(&item.gold.text)).collect();
    // Without any name on either side there is nothing wrong with an article.
    let item_score = |counts: &Counts| match counts.mentions.gold + counts.mentions.predicted {
        0 => 100.0,
        _ => b_cubed(counts),
    };
    let evaluation = Evaluation::new(Task::Entities, setup, figures, "B-cubed F1");
    Ok(Evaluation {
        labels: labels.filter(|row| row.gold > 0).collect(),
        lengths: counted.lengths(&words, b_cubed),
        worst: counted.worst(items, setup.worst, item_score, NamingItem::case),
        ..evaluation.noting(items.iter().all(|item| item.grouped.is_empty()))
    })
}
