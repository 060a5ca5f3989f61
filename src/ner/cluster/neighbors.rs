//! Names that stand side by side, and what the words between them say.

use super::name::is_title;
use super::Form;
use crate::document::{Label, Span};
use crate::lang::id::names;
use crate::ner::around::before;
use crate::ner::Mention;

/// Words between two names that are read: more than any of the phrases has.
const MOST_SAID: usize = 6;
/// People in a row, at most, that are held against each other.
const MOST_IN_A_ROW: usize = 8;

/// How it is said that a name is another one of the name before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// `alias`, `akrab disapa`, `disingkat`: plainly.
    Called,
    /// `atau`, `yang disebut`: of things where one may shorten the other, of people where they are alike.
    Or,
    /// The second stands in brackets.
    Brackets,
}

/// Two forms that stood side by side, the second as another name of the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Renamed {
    pub(super) first: usize,
    pub(super) second: usize,
    pub(super) sign: Sign,
    pub(super) sentence: usize,
}

/// The form that each mention is of; none for dates and quantities.
pub(super) fn forms_of(forms: &[Form], mentions: usize) -> Vec<Option<usize>> {
    let mut form_of = vec![None; mentions];
    for (index, form) in forms.iter().enumerate() {
        for &mention in &form.mentions {
            if let Some(slot) = form_of.get_mut(mention) {
                *slot = Some(index);
            }
        }
    }
    form_of
}

/// Pairs of neighboring mentions of which the second is told, in words or by brackets, as another name of the first.
pub(super) fn renamed(text: &str, mentions: &[Mention], form_of: &[Option<usize>]) -> Vec<Renamed> {
    let pairs = mentions.windows(2).zip(form_of.windows(2));
    pairs
        .filter_map(|(pair, forms)| {
            let ([one, other], &[Some(first), Some(second)]) = (pair, forms) else { return None };
            let sign = match in_brackets(text, one.span, other.span) {
                true => Sign::Brackets,
                false => said(text.get(one.span.end()..other.span.start())?)?,
            };
            Some(Renamed { first, second, sign, sentence: one.sentence })
        })
        .collect()
}

/// What the words between two names say of them.
fn said(between: &str) -> Option<Sign> {
    let words = between.split_whitespace().map(|word| word.trim_matches([',', '"', '“']));
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).take(MOST_SAID).collect();
    let told = match words.as_slice() {
        [told @ .., title] if is_title(title) => told,
        told => told,
    };
    match told {
        ["alias" | "disingkat"]
        | ["atau" | "yang" | "akrab" | "biasa" | "kerap" | "lebih", "disingkat"]
        | ["akrab" | "biasa" | "kerap", "disapa" | "dipanggil"]
        | ["atau" | "yang", "akrab" | "biasa" | "kerap" | "lebih", "disapa" | "dipanggil" | "disingkat"]
        | ["atau" | "yang", "lebih", "akrab", "disapa" | "dipanggil"] => Some(Sign::Called),
        // `Megawati yang disebut Jokowi`: who is called may be anybody, and whoever calls stands behind.
        ["atau"]
        | ["yang" | "akrab" | "biasa" | "kerap", "disebut"]
        | ["yang", "disapa" | "dipanggil"]
        | ["atau" | "yang", "biasa" | "kerap" | "lebih" | "akrab", "disebut"] => Some(Sign::Or),
        _ => None,
    }
}

/// Whether `second` stands in brackets right behind `first`.
pub(super) fn in_brackets(text: &str, first: Span, second: Span) -> bool {
    let between = text.get(first.end()..second.start()).map(str::trim);
    let after = text.get(second.end()..).map(str::trim_start);
    between == Some("(") && after.is_some_and(|after| after.starts_with(')'))
}

/// Pairs of forms of people who are told as two: `Joko Widodo dan Ibu Negara Iriana Joko Widodo`, `Siti Aminah membawa anaknya,
/// Aminah`, `istri Anies Baswedan, Fery Farhati Anies Baswedan`.
pub(super) fn told_as_two(
    text: &str,
    mentions: &[Mention],
    forms: &[Form],
    form_of: &[Option<usize>],
) -> Vec<(usize, usize)> {
    let person = |form: usize| forms.get(form).is_some_and(|form| form.label == Label::Per);
    let people = mentions.iter().zip(form_of).filter_map(|(mention, form)| Some((mention, (*form)?)));
    let mut pairs = Vec::new();
    let (mut row, mut last): (Vec<usize>, Option<&Mention>) = (Vec::new(), None);
    for (mention, form) in people.filter(|&(_, form)| person(form)) {
        let beside = last.filter(|last| last.sentence == mention.sentence).is_some_and(|last| {
            text.get(last.span.end()..mention.span.start())
                .is_some_and(|between| couples(between, before(text, last.span)) || leads_to_kin(between))
        });
        if !beside {
            row.clear();
        }
        pairs.extend(row.iter().rev().take(MOST_IN_A_ROW).map(|&other| (other, form)));
        row.push(form);
        last = Some(mention);
    }
    pairs
}

/// Whether the words between two names put them side by side, as two: `dan istrinya,`, `(35) bersama`; also a comma where the first
/// one's kin is told: `istri Anies Baswedan, Fery`.
fn couples(between: &str, before: &str) -> bool {
    let words: Vec<&str> = between.split_whitespace().filter(|word| !is_age(word)).map(bare).collect();
    let joiner = |word: &&str| ["dan", "serta", "bersama", "beserta", "dengan", "&"].contains(word);
    let beside = |word: &&str| {
        let lower = word.to_lowercase();
        word.is_empty() || joiner(word) || is_title(word) || is_kin_word(&lower)
    };
    let kin = before.split_whitespace().next_back().is_some_and(|word| is_kin_word(&word.to_lowercase()));
    let comma = between.trim() == "," && kin;
    comma || (words.iter().any(joiner) && words.iter().all(beside))
}

/// Whether the last words before a name say that somebody's kin or companion follows: `membawa anaknya,`, `didampingi Ibu Negara`.
fn leads_to_kin(between: &str) -> bool {
    let words: Vec<String> = between.split_whitespace().map(|word| bare(word).to_lowercase()).collect();
    let mut rest = words.as_slice();
    while let [before @ .., word] = rest {
        match word.as_str() {
            "bersama" | "beserta" | "didampingi" | "ditemani" => return true,
            "negara" => return before.last().is_some_and(|word| word == "ibu"),
            word if word.ends_with("nya") => return names::is_kin(word),
            word if is_title(word) || is_kin_word(word) => rest = before,
            _ => return false,
        }
    }
    false
}

fn is_kin_word(lower: &str) -> bool {
    names::is_kin(lower) || ["ibu", "negara", "sang", "mendiang", "almarhum", "almarhumah"].contains(&lower)
}

fn is_age(word: &str) -> bool {
    word.starts_with('(') || word.trim_end_matches(',').ends_with(')')
}

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric() && c != '&')
}
