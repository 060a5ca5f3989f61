//! Groups the mentions of one person, place or organization within an article.
//!
//! Mentions written alike are one form. Forms are then linked: `Komisi Pemilihan Umum (KPU)` by the brackets, `Macron` to
//! the full name that holds it, `AS` to the name it is spelled out of, `Zelensky` to `Zelenskiy`. Where a short form fits
//! several names, it goes with the one mentioned last before it; where none was, it stays apart. People whom the article tells as
//! two (`Joko Widodo dan Ibu Negara Iriana Joko Widodo`, different ages in brackets) stay two, whatever their names share.

mod link;
mod name;
mod neighbors;
mod sets;
mod spelling;

use std::collections::{HashMap, HashSet};

use super::around::{age_behind, is_introduced, names_a_site};
use super::merge::is_name;
use super::vote::settled;
use super::Mention;
use crate::document::{Cluster, Entity, Label, Span};
use name::Name;
use neighbors::in_brackets;
use sets::Sets;

pub(super) use name::is_title;

/// All mentions that are written alike.
#[derive(Debug)]
struct Form {
    name: Name,
    /// The abbreviation that stands in brackets within it.
    short: Option<Name>,
    label: Label,
    /// Of a person, but what bears it is a street or a hall.
    of_site: bool,
    /// Ages in brackets behind it.
    ages: HashSet<u8>,
    /// Whether a word tells it as new where it stands first: `bernama Andi`, `korban Andi (25)`.
    introduced: bool,
    /// Whether an age stands behind it where it stands first, and the sentence of that place.
    aged: bool,
    sentence: usize,
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
    let form_of = neighbors::forms_of(&forms, mentions.len());
    let mut sets = Sets::new(&forms, &mentions, &neighbors::told_as_two(text, &mentions, &forms, &form_of));
    link::link(&forms, &neighbors::renamed(text, &mentions, &form_of), &mut sets);

    let mut members: HashMap<usize, Vec<usize>> = HashMap::new();
    for form in 0..forms.len() {
        members.entry(sets.root(form)).or_default().push(form);
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
    let mut index: HashMap<(String, Label, bool), usize> = HashMap::new();
    for (number, (mention, label)) in mentions.iter().zip(settled(text, mentions)).enumerate() {
        let surface = mention.span.of(text);
        if !is_name(label) {
            continue;
        }
        let Some((name, short)) = Name::with_abbreviation(surface, label) else { continue };
        let of_site = label == Label::Per && names_a_site(text, mention.span);
        let age = age_behind(text, mention.span).filter(|_| label == Label::Per);
        let at = *index.entry((name.key(), label, of_site)).or_insert(forms.len());
        match forms.get_mut(at) {
            Some(form) => {
                form.mentions.push(number);
                form.ages.extend(age);
                form.short = form.short.take().or(short);
            }
            None => forms.push(Form {
                name,
                short,
                label,
                of_site,
                ages: age.into_iter().collect(),
                introduced: label == Label::Per && is_introduced(text, mention.span),
                aged: age.is_some(),
                sentence: mention.sentence,
                mentions: vec![number],
                spellings: Vec::new(),
            }),
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
