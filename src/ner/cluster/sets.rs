//! Sets of forms, each of one bearer, and what keeps two of them apart.

use std::collections::HashSet;

use super::Form;
use crate::ner::Mention;

/// What an article tells of the bearer of a set.
#[derive(Debug, Default)]
struct Told {
    sentences: HashSet<usize>,
    /// Pairs of people who are told as two: their numbers.
    pairs: HashSet<usize>,
    ages: HashSet<u8>,
}

/// Sets of forms (disjoint-set forest; the root is the earliest form). Those of two bearers are never joined.
#[derive(Debug)]
pub(super) struct Sets {
    parents: Vec<usize>,
    /// By root.
    told: Vec<Told>,
}

impl Sets {
    /// Each form by itself; `pairs` are of forms that the article tells as two people.
    pub(super) fn new(forms: &[Form], mentions: &[Mention], pairs: &[(usize, usize)]) -> Self {
        let mut told: Vec<Told> = forms
            .iter()
            .map(|form| {
                let of_form = form.mentions.iter().filter_map(|&mention| mentions.get(mention));
                let sentences = of_form.map(|mention| mention.sentence).collect();
                Told { sentences, pairs: HashSet::new(), ages: form.ages.clone() }
            })
            .collect();
        for (number, &(one, other)) in pairs.iter().enumerate().filter(|(_, (one, other))| one != other) {
            for form in [one, other] {
                if let Some(told) = told.get_mut(form) {
                    told.pairs.insert(number);
                }
            }
        }
        Sets { parents: (0..forms.len()).collect(), told }
    }

    pub(super) fn root(&self, mut form: usize) -> usize {
        while let Some(&parent) = self.parents.get(form).filter(|&&parent| parent != form) {
            form = parent;
        }
        form
    }

    /// Whether nothing in the article tells the bearers of two forms apart: no pair, no ages.
    pub(super) fn may_be_one(&self, a: usize, b: usize) -> bool {
        self.both(a, b).is_none_or(|(a, b)| {
            let of_age = a.ages.is_empty() || b.ages.is_empty() || !a.ages.is_disjoint(&b.ages);
            of_age && a.pairs.is_disjoint(&b.pairs)
        })
    }

    /// Whether some sentence has names of both sets.
    pub(super) fn share_a_sentence(&self, a: usize, b: usize) -> bool {
        self.shared_sentences(a, b).next().is_some()
    }

    /// The sentences that have names of both sets.
    pub(super) fn shared_sentences(&self, a: usize, b: usize) -> impl Iterator<Item = usize> + '_ {
        self.both(a, b).into_iter().flat_map(|(a, b)| a.sentences.intersection(&b.sentences).copied())
    }

    /// Whether a sentence has a name of the set of a form.
    pub(super) fn stands_in(&self, form: usize, sentence: usize) -> bool {
        self.told.get(self.root(form)).is_some_and(|told| told.sentences.contains(&sentence))
    }

    /// Whether the article tells an age of who bears the form.
    pub(super) fn has_age(&self, form: usize) -> bool {
        self.told.get(self.root(form)).is_some_and(|told| !told.ages.is_empty())
    }

    /// Makes one set of two, where they may be one.
    pub(super) fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        if a == b || !self.may_be_one(a, b) {
            return;
        }
        let (root, other) = (a.min(b), a.max(b));
        let joined = self.told.get_mut(other).map(std::mem::take).unwrap_or_default();
        if let (Some(parent), Some(told)) = (self.parents.get_mut(other), self.told.get_mut(root)) {
            *parent = root;
            told.sentences.extend(joined.sentences);
            told.pairs.extend(joined.pairs);
            told.ages.extend(joined.ages);
        }
    }

    /// What is told of two forms, if they are not of one set already.
    fn both(&self, a: usize, b: usize) -> Option<(&Told, &Told)> {
        let (a, b) = (self.root(a), self.root(b));
        (a != b).then(|| self.told.get(a).zip(self.told.get(b))).flatten()
    }
}
