//! Decides which forms name the same thing.

use std::collections::HashSet;

use super::name::{is_variant, Name};
use super::Form;
use crate::document::Label;
use crate::lang::id::names;
use crate::ner::Mention;
use crate::part::Part;

/// Two forms of which the second stood in brackets behind the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bracketed {
    pub(super) long: usize,
    pub(super) short: usize,
}

/// Sets of forms (disjoint-set forest; the root is the earliest form).
#[derive(Debug)]
pub(super) struct Links(Vec<usize>);

impl Links {
    pub(super) fn new(count: usize) -> Self {
        Links((0..count).collect())
    }

    pub(super) fn root(&self, mut form: usize) -> usize {
        while let Some(&parent) = self.0.get(form).filter(|&&parent| parent != form) {
            form = parent;
        }
        form
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        if let Some(slot) = self.0.get_mut(a.max(b)) {
            *slot = a.min(b);
        }
    }
}

/// Links forms, the surest signs first.
pub(super) fn link(forms: &[Form], mentions: &[Mention], bracketed: &[Bracketed], links: &mut Links) {
    for &Bracketed { long, short } in bracketed {
        let (Some(a), Some(b)) = (forms.get(long), forms.get(short)) else { continue };
        let people = a.label == Label::Per
            && b.label == Label::Per
            && (a.name.words.len() == 1 || b.name.words.len() == 1);
        let things = a.label != Label::Per
            && b.label != Label::Per
            && (a.name.may_be_shortened_to(&b.name) || b.name.may_be_shortened_to(&a.name));
        if people || things {
            links.join(long, short);
        }
    }
    let reach = reach(forms.len());
    for (a, full) in forms.iter().enumerate() {
        for (b, other) in forms.iter().enumerate().skip(a + 1).take(reach) {
            if full.label == other.label
                && same_length_variant(full, other)
                && !share_a_sentence(full, other, mentions)
            {
                links.join(a, b);
            }
        }
    }
    // Longer short forms first: `Sri Mulyani` finds `Sri Mulyani Indrawati` before `Sri` looks for either.
    let mut order: Vec<usize> = (0..forms.len()).collect();
    order.sort_by_key(|&form| std::cmp::Reverse(forms.get(form).map(|form| form.name.words.len())));
    for short in order {
        if let Some(full) = full_form(forms, short, reach, links) {
            links.join(full, short);
        }
    }
}

/// Names that are compared with each other, at most; articles have a hundred or so.
const MOST_PAIRS: usize = 1 << 20;
/// Names on either side that a name is compared with at least.
const LEAST_REACH: usize = 64;

/// How far apart in the order of their first mentions names of `count` are compared: in any article all with all, in what has
/// thousands of names those near each other, so that the work does not grow with the square.
pub(super) fn reach(count: usize) -> usize {
    match count * count <= MOST_PAIRS {
        true => count,
        false => (MOST_PAIRS / count).max(LEAST_REACH),
    }
}

/// Whether two forms of as many words are one name in two spellings.
fn same_length_variant(a: &Form, b: &Form) -> bool {
    if a.label != Label::Per {
        // `PT X` and `X Tbk` are one company; `Kota Bogor` and `Kabupaten Bogor` are two places, `DKI Jakarta` and `DKI` one.
        return a.name.words == b.name.words && a.label == Label::Org && a.name.kind_agrees(&b.name);
    }
    if a.name.words.len() != b.name.words.len() {
        return false;
    }
    let pairs = || a.name.words.iter().zip(&b.name.words);
    let differing = pairs().filter(|(x, y)| x != y).count();
    let anchored = a.name.words.len() == 1 || pairs().any(|(x, y)| x == y && x.chars().count() > 2);
    let alone = a.name.words.len() == 1;
    anchored
        && differing <= 1
        && pairs().all(|(x, y)| x == y || is_variant(x, y) || (!alone && is_initial_of(x, y)))
}

fn is_initial_of(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    short.chars().count() == 1 && long.starts_with(short)
}

/// Two spellings in one sentence are two people.
fn share_a_sentence(a: &Form, b: &Form, mentions: &[Mention]) -> bool {
    let sentence = |&mention: &usize| Some(mentions.get(mention)?.sentence);
    let others: HashSet<usize> = b.mentions.iter().filter_map(sentence).collect();
    a.mentions.iter().filter_map(sentence).any(|sentence| others.contains(&sentence))
}

/// The form that `short` is short for, if it can be told.
fn full_form(forms: &[Form], short: usize, reach: usize, links: &Links) -> Option<usize> {
    let form = forms.get(short)?;
    let fits: Vec<(usize, &Form)> = forms
        .iter()
        .enumerate()
        .skip(short.saturating_sub(reach))
        .take(reach.saturating_mul(2).saturating_add(1))
        .filter(|&(index, full)| index != short && is_short_for(form, full))
        .collect();
    let (&(first, _), rest) = fits.split_first()?;
    if rest.iter().all(|&(other, _)| links.root(other) == links.root(first)) {
        return Some(first);
    }
    // Several fit: the one mentioned last before this form appears.
    let before = |full: &Form| full.mentions.iter().copied().filter(|&mention| mention < form.first()).max();
    let last = fits.iter().filter_map(|&(index, full)| Some((before(full)?, index))).max();
    last.map(|(_, index)| index)
}

fn is_short_for(short: &Form, full: &Form) -> bool {
    let places = |label| matches!(label, Label::Loc | Label::Org);
    let alike = short.label == full.label || (places(short.label) && places(full.label));
    if alike && full.short.as_ref().is_some_and(|name| name.key() == short.name.key()) {
        return true;
    }
    if short.label != full.label {
        return places(short.label)
            && places(full.label)
            && full.name.words.len() > 1
            && short.name.acronym().is_some()
            && full.name.is_spelled_out_of(&short.name);
    }
    if full.name.is_spelled_out_of(&short.name) {
        return true;
    }
    match short.label {
        Label::Per => is_part_of_person(&short.name.words, &full.name.words),
        Label::Loc => {
            let alike = short.name.words == full.name.words;
            // `NTT` of `NTT Timur`: an abbreviation that a longer name begins with.
            let begins = full.name.words.starts_with(&short.name.words) && short.name.acronym().is_some();
            (alike && short.name.head.is_empty() && !full.name.head.is_empty()) || (!alike && begins)
        }
        Label::Org => is_part_of_organization(&short.name, &full.name),
        _ => false,
    }
}

/// Whether the words of a short name come in the full one in this order, initials and spelling variants included.
fn is_part_of_person(short: &[String], full: &[String]) -> bool {
    if short.len() >= full.len() {
        return false;
    }
    // What follows `bin` is the father's name.
    let father = full.iter().position(|word| word == "bin" || word == "binti");
    let own = if short.len() == 1 { full.part(..father.unwrap_or(full.len())) } else { full };
    let mut rest = own.iter();
    let in_order = short
        .iter()
        .all(|word| rest.any(|other| word == other || is_variant(word, other) || is_initial_of(word, other)));
    let telling = |word: &String| word.chars().count() > 2 && !names::is_particle(word);
    in_order
        && short
            .iter()
            .any(|word| telling(word) && own.iter().any(|other| word == other || is_variant(word, other)))
}

fn is_part_of_organization(short: &Name, full: &Name) -> bool {
    let (Some(first), Some(last)) = (short.words.first(), full.words.last()) else { return false };
    if short.words == full.words {
        return short.head.is_empty() && !full.head.is_empty();
    }
    // `Polres Bogor` and `Polres Bogor Kota`, `Kejari Jakarta` and `Kejari Jakarta Barat` are neighbors.
    let rest = full.words.strip_prefix(short.words.as_slice()).unwrap_or_default();
    if !rest.is_empty() && rest.iter().all(|word| names::is_part_of_place(word)) {
        return false;
    }
    let kind = full.words.first().is_some_and(|word| names::is_organization_kind(word));
    let starts = full.words.len() > short.words.len() && full.words.starts_with(&short.words);
    match short.words.len() {
        1 => {
            let of_country = matches!(full.words.get(1..), Some([word]) if word == "ri" || word == "indonesia" || word == "perjuangan");
            let office = names::is_office(first);
            let two = full.words.len() == 2 && !kind && first != "indonesia";
            // `Madrid` for `Real Madrid`, but not `United` or `City` alone for one of two clubs: the caller sees to that.
            starts && (of_country || office || (two && short.acronym().is_none()))
                || (two && first == last && short.acronym().is_none())
        }
        _ => starts,
    }
}
