//! Groups the mentions of one person, place or organization within an article.
//!
//! Mentions written alike are one form. Forms are then linked: `Komisi Pemilihan Umum (KPU)` by the brackets, `Macron` to
//! the full name that holds it, `AS` to the name it is spelled out of, `Zelensky` to `Zelenskiy`. Where a short form fits
//! several names, it goes with the one mentioned last before it; where none was, it stays apart.

mod link;
mod name;

use std::collections::{HashMap, HashSet};

use super::merge::is_name;
use super::vote::settled;
use super::Mention;
use crate::document::{Cluster, Entity, Label, Span};
use link::{Bracketed, Links};
use name::Name;

pub(super) use name::is_title;

/// All mentions that are written alike.
#[derive(Debug)]
struct Form {
    name: Name,
    /// The abbreviation that stands in brackets within it.
    short: Option<Name>,
    label: Label,
    /// Indices of its mentions, ascending; never empty.
    mentions: Vec<usize>,
    /// Every way it is written, the fullest first, then the most frequent.
    spellings: Vec<String>,
}

impl Form {
    #[expect(clippy::indexing_slicing, reason = "a form is made of its first mention")]
    fn first(&self) -> usize {
        self.mentions[0]
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
    for (number, (mention, label)) in mentions.iter().zip(settled(text, mentions)).enumerate() {
        let surface = mention.span.of(text);
        if !is_name(label) {
            continue;
        }
        let Some((name, short)) = Name::with_abbreviation(surface, label) else { continue };
        let at = *index.entry((name.key(), label)).or_insert(forms.len());
        match forms.get_mut(at) {
            Some(form) => {
                form.mentions.push(number);
                form.short = form.short.take().or(short);
            }
            None => forms.push(Form { name, short, label, mentions: vec![number], spellings: Vec::new() }),
        }
    }
    for form in &mut forms {
        let written = form.mentions.iter().filter_map(|&mention| mentions.get(mention));
        let mut counts: Vec<(String, usize)> = Vec::new();
        for (name, _) in
            written.filter_map(|mention| Name::with_abbreviation(mention.span.of(text), form.label))
        {
            match counts.iter_mut().find(|(spelling, _)| *spelling == name.written) {
                Some((_, count)) => *count += 1,
                None => counts.push((name.written, 1)),
            }
        }
        // `Kementerian Kesehatan` before `Kemenkes`; then the most frequent.
        counts.sort_by_key(|(spelling, count)| std::cmp::Reverse((spelling.split(' ').count(), *count)));
        form.spellings = counts.into_iter().map(|(spelling, _)| spelling).collect();
    }
    forms
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
            (called || in_brackets(text, first.span, second.span)).then_some(Bracketed { long, short })
        })
        .collect()
}

/// Whether `second` stands in brackets right behind `first`.
fn in_brackets(text: &str, first: Span, second: Span) -> bool {
    let between = text.get(first.end()..second.start()).map(str::trim);
    let after = text.get(second.end()..).map(str::trim_start);
    between == Some("(") && after.is_some_and(|after| after.starts_with(')'))
}

/// Whether `second` stands in brackets right behind `first`, a name of several words, and abbreviates it.
pub(super) fn is_abbreviated(text: &str, first: Span, second: Span, label: Label) -> bool {
    let name = |span: Span| Name::new(span.of(text), label);
    in_brackets(text, first, second)
        && name(first).zip(name(second)).is_some_and(|(long, short)| {
            let shortens = long.words == short.words || long.may_be_shortened_to(&short);
            shortens && long.written.contains(' ')
        })
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
    #[expect(clippy::expect_used, reason = "a cluster has forms, and each is written somehow")]
    let (name, label) = {
        let form = fullest.expect("a cluster without forms");
        let calm = form.spellings.iter().find(|spelling| spelling.chars().any(char::is_lowercase));
        let name = calm.or(form.spellings.first()).expect("a form without spelling");
        (name.clone(), form.label)
    };
    let mut aliases: Vec<String> = Vec::new();
    let mut known: HashSet<String> = HashSet::from([name.clone()]);
    for mention in of_forms.iter().filter_map(|&mention| mentions.get(mention)) {
        let Some(alias) = Name::new(mention.span.of(text), label).map(|name| name.written) else { continue };
        if known.insert(alias.clone()) {
            aliases.push(alias);
        }
    }
    Cluster { name, label, aliases, mentions: of_forms }
}

#[cfg(test)]
mod tests;
