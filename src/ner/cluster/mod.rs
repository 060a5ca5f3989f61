//! Groups the mentions of one person, place or organization within an article.
//!
//! Mentions written alike are one form. Forms are then linked: `Komisi Pemilihan Umum (KPU)` by the brackets, `Macron` to
//! the full name that holds it, `AS` to the name it is spelled out of, `Zelensky` to `Zelenskiy`. Where a short form fits
//! several names, it goes with the one mentioned last before it; where none was, it stays apart.

mod link;
mod name;

use std::collections::HashMap;

use super::merge::is_name;
use super::Mention;
use crate::document::{Cluster, Entity, Label};
use link::{Bracketed, Links};
use name::Name;

/// All mentions that are written alike.
#[derive(Debug)]
struct Form {
    name: Name,
    label: Label,
    /// Indices of its mentions, ascending; never empty.
    mentions: Vec<usize>,
    /// Every way it is written, most frequent first.
    spellings: Vec<String>,
}

impl Form {
    fn first(&self) -> usize {
        self.mentions.first().copied().unwrap_or_default()
    }
}

/// Turns the mentions of an article (ordered, disjoint) into entities and clusters that refer to each other.
///
/// Every name belongs to a cluster, dates and quantities to none. A name that got different labels in different places
/// gets the likelier one throughout, unless the labels are nearly even.
pub fn group(text: &str, mentions: Vec<Mention>) -> (Vec<Entity>, Vec<Cluster>) {
    let forms = forms(text, &mentions);
    let mut links = Links::new(forms.len());
    link::link(&forms, &mentions, &bracketed(text, &mentions, &forms), &mut links);

    let mut members: HashMap<usize, Vec<usize>> = HashMap::new();
    for form in 0..forms.len() {
        members.entry(links.root(form)).or_default().push(form);
    }
    let mut groups: Vec<Vec<&Form>> = members
        .into_values()
        .map(|members| members.into_iter().filter_map(|form| forms.get(form)).collect())
        .collect();
    groups.sort_by_key(|forms: &Vec<&Form>| forms.iter().map(|form| form.first()).min());

    let clusters: Vec<Cluster> = groups.iter().map(|forms| cluster(text, forms, &mentions)).collect();
    let mut of_mention = vec![None; mentions.len()];
    for (index, cluster) in clusters.iter().enumerate() {
        for &mention in &cluster.mentions {
            if let Some(slot) = of_mention.get_mut(mention) {
                *slot = Some(index);
            }
        }
    }
    let entities = mentions.into_iter().zip(of_mention).map(|(mention, cluster)| Entity {
        span: mention.span,
        label: cluster
            .and_then(|cluster| clusters.get(cluster))
            .map_or(mention.label, |cluster| cluster.label),
        score: mention.score,
        sentence: mention.sentence,
        cluster,
        value: mention.value,
    });
    (entities.collect(), clusters)
}

/// The forms of an article in order of first mention.
fn forms(text: &str, mentions: &[Mention]) -> Vec<Form> {
    let mut forms: Vec<Form> = Vec::new();
    let mut index: HashMap<(String, Label), usize> = HashMap::new();
    let labels = settled_labels(text, mentions);
    for (number, mention) in mentions.iter().enumerate() {
        let surface = mention.span.of(text);
        let label = labels.get(&(folded(surface), mention.label)).copied().unwrap_or(mention.label);
        let Some(name) = is_name(label).then(|| Name::new(surface, label)).flatten() else { continue };
        let at = *index.entry((name.key(), label)).or_insert(forms.len());
        match forms.get_mut(at) {
            Some(form) => form.mentions.push(number),
            None => forms.push(Form { name, label, mentions: vec![number], spellings: Vec::new() }),
        }
    }
    for form in &mut forms {
        let written = form.mentions.iter().filter_map(|&mention| mentions.get(mention));
        let mut counts: Vec<(String, usize)> = Vec::new();
        for name in written.filter_map(|mention| Name::new(mention.span.of(text), form.label)) {
            match counts.iter_mut().find(|(spelling, _)| *spelling == name.written) {
                Some((_, count)) => *count += 1,
                None => counts.push((name.written, 1)),
            }
        }
        counts.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
        form.spellings = counts.into_iter().map(|(spelling, _)| spelling).collect();
    }
    forms
}

fn folded(surface: &str) -> String {
    surface.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// For surfaces with several labels: which label each of them becomes. One with more than half the weight of the strongest stays.
fn settled_labels(text: &str, mentions: &[Mention]) -> HashMap<(String, Label), Label> {
    let mut weights: HashMap<String, Vec<(Label, f32)>> = HashMap::new();
    for mention in mentions.iter().filter(|mention| is_name(mention.label)) {
        let labels = weights.entry(folded(mention.span.of(text))).or_default();
        match labels.iter_mut().find(|(label, _)| *label == mention.label) {
            Some((_, weight)) => *weight += mention.score,
            None => labels.push((mention.label, mention.score)),
        }
    }
    let mut settled = HashMap::new();
    for (surface, labels) in weights {
        let strongest =
            labels.iter().copied().reduce(|best, other| if other.1 > best.1 { other } else { best });
        let Some((winner, most)) = strongest else { continue };
        for (label, weight) in labels {
            let becomes = if weight <= most / 2.0 { winner } else { label };
            settled.insert((surface.clone(), label), becomes);
        }
    }
    settled
}

/// Pairs of neighboring mentions of which the second stands in brackets, or is called another name of the first.
fn bracketed(text: &str, mentions: &[Mention], forms: &[Form]) -> Vec<Bracketed> {
    let mut form_of = vec![None; mentions.len()];
    for (index, form) in forms.iter().enumerate() {
        for &mention in &form.mentions {
            if let Some(slot) = form_of.get_mut(mention) {
                *slot = Some(index);
            }
        }
    }
    let pairs = mentions.windows(2).zip(form_of.windows(2));
    pairs
        .filter_map(|(pair, forms)| {
            let ([first, second], &[Some(long), Some(short)]) = (pair, forms) else { return None };
            let between = text.get(first.span.end()..second.span.start())?.trim();
            let after = text.get(second.span.end()..)?;
            let in_brackets = between == "(" && after.trim_start().starts_with(')');
            let words: Vec<&str> = between.trim_start_matches(',').split_whitespace().collect();
            let called = matches!(
                words.as_slice(),
                ["alias" | "disingkat" | "atau"]
                    | [
                        "yang" | "akrab" | "biasa" | "kerap",
                        "disapa" | "dipanggil" | "disebut" | "disingkat"
                    ]
                    | [
                        "atau" | "yang",
                        "akrab" | "biasa" | "kerap" | "lebih",
                        "disapa" | "dipanggil" | "disebut" | "disingkat"
                    ]
            );
            (in_brackets || called).then_some(Bracketed { long, short })
        })
        .collect()
}

fn cluster(text: &str, forms: &[&Form], mentions: &[Mention]) -> Cluster {
    let mut of_forms: Vec<usize> = forms.iter().flat_map(|form| form.mentions.iter().copied()).collect();
    of_forms.sort_unstable();
    let fullest = forms.iter().max_by_key(|form| {
        let name = &form.name;
        (
            name.words.len(),
            name.head.len(),
            !name.is_shouted(),
            form.mentions.len(),
            std::cmp::Reverse(form.first()),
        )
    });
    let (name, label) = fullest.map_or((String::new(), Label::Org), |form| {
        let calm = form.spellings.iter().find(|spelling| spelling.chars().any(char::is_lowercase));
        (calm.or(form.spellings.first()).cloned().unwrap_or_default(), form.label)
    });
    let mut aliases: Vec<String> = Vec::new();
    for mention in of_forms.iter().filter_map(|&mention| mentions.get(mention)) {
        let Some(alias) = Name::new(mention.span.of(text), label).map(|name| name.written) else { continue };
        if alias != name && !aliases.contains(&alias) {
            aliases.push(alias);
        }
    }
    Cluster { name, label, aliases, mentions: of_forms }
}

#[cfg(test)]
mod tests;
