//! Decides which forms name the same thing.

use std::collections::{HashMap, HashSet};

use super::name::Name;
use super::neighbors::{Renamed, Sign};
use super::sets::Sets;
use super::spelling::{is_variant, lacks_a_letter};
use super::Form;
use crate::document::Label;
use crate::lang::id::names;
use crate::part::Part;

/// Links forms, the surest signs first. What a street is named after is linked with nothing.
pub(super) fn link(forms: &[Form], renamed: &[Renamed], sets: &mut Sets) {
    link_renamed(forms, renamed, sets);
    let reach = reach(forms.len());
    for (a, full) in forms.iter().enumerate() {
        for (b, other) in forms.iter().enumerate().skip(a + 1).take(reach) {
            // Two spellings in one sentence are two people, in whatever spellings they stand elsewhere.
            if same_length_variant(full, other) && !sets.share_a_sentence(a, b) {
                sets.join(a, b);
            }
        }
    }
    // Longer short forms first: `Sri Mulyani` finds `Sri Mulyani Indrawati` before `Sri` looks for either. Of as many words those with
    // initials last, when the names that they may stand for have found each other.
    let mut order: Vec<(usize, &Form)> = forms.iter().enumerate().collect();
    order.sort_by_key(|(_, form)| (std::cmp::Reverse(form.name.words.len()), has_initial(form)));
    for (short, form) in order {
        if let Some(full) = full_form(forms, short, form, reach, sets) {
            sets.join(full, short);
        }
    }
}

/// Links what stands in brackets or is told as another name of the name before it.
fn link_renamed(forms: &[Form], renamed: &[Renamed], sets: &mut Sets) {
    let pair = |renamed: &Renamed| forms.get(renamed.first).zip(forms.get(renamed.second));
    let unlike = |renamed: &&Renamed| {
        renamed.sign == Sign::Brackets
            && pair(renamed)
                .is_some_and(|(a, b)| a.label == Label::Per && b.label == Label::Per && !alike(a, b))
    };
    let mut nicknames: HashMap<usize, usize> = HashMap::new();
    for renamed in renamed.iter().filter(unlike) {
        *nicknames.entry(renamed.sentence).or_default() += 1;
    }
    let together: HashSet<(usize, usize, usize)> =
        renamed.iter().map(|renamed| (renamed.first, renamed.second, renamed.sentence)).collect();
    for renamed in renamed {
        let Some((a, b)) = pair(renamed).filter(|(a, b)| !a.of_site && !b.of_site) else { continue };
        let &Renamed { first, second, sign, sentence } = renamed;
        let words = (a.name.words.len(), b.name.words.len());
        // Whether a sentence has both, in which the second is no other name of the first.
        let apart = || {
            let mut shared = sets.shared_sentences(first, second);
            shared.any(|sentence| !together.contains(&(first, second, sentence)))
        };
        let one = match (a.label == Label::Per, b.label == Label::Per, sign) {
            (true, true, Sign::Called) => words.0 == 1 || words.1 == 1,
            (true, true, Sign::Or) => alike(a, b),
            // `Robertson (Tsimikas), Konate (Gomez)` are four players.
            (true, true, Sign::Brackets) => {
                let nickname = (words.0 == 1) != (words.1 == 1) && nicknames.get(&sentence) == Some(&1);
                alike(a, b) || (nickname && !apart())
            }
            (false, false, Sign::Brackets) => {
                a.name.may_be_shortened_to(&b.name)
                    || b.name.may_be_shortened_to(&a.name)
                    || (a.label == Label::Org
                        && b.label == Label::Org
                        && begins_like(&a.name, &b.name)
                        && !apart())
            }
            (false, false, _) => is_shortened(&a.name, &b.name) || is_shortened(&b.name, &a.name),
            _ => false,
        };
        if one {
            sets.join(first, second);
        }
    }
}

/// Whether two people may be one by their names alone.
fn alike(a: &Form, b: &Form) -> bool {
    same_length_variant(a, b) || same_but_initial(a, b) || is_short_for(a, b) || is_short_for(b, a)
}

/// Whether a word, none of those of the long name, may shorten it: `Bank Rakyat Indonesia atau BRI`; not `Jawa Barat atau Jawa`.
fn is_shortened(long: &Name, short: &Name) -> bool {
    matches!(short.words.as_slice(), [word] if !long.words.contains(word))
        && long.head.len() + long.words.len() > 1
        && long.may_be_shortened_to(short)
}

/// Whether an abbreviation in capitals has the first letter of a name of several words: `PT Semen Indonesia (SIG)`.
fn begins_like(long: &Name, short: &Name) -> bool {
    let first = |name: &Name| name.words.first().and_then(|word| word.chars().next());
    short.acronym().is_some() && long.head.len() + long.words.len() > 1 && first(long) == first(short)
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
    if a.label == Label::Per {
        let several = a.name.words.len() > 1;
        return odd_words(a, b).is_some_and(|(x, y)| is_variant(x, y) || (several && lacks_a_letter(x, y)));
    }
    // `PT X` and `X Tbk` are one company; `Kota Bogor` and `Kabupaten Bogor` are two places, `DKI Jakarta` and `DKI` one.
    a.label == Label::Org
        && b.label == Label::Org
        && a.name.words == b.name.words
        && a.name.kind_agrees(&b.name)
}

/// Whether two names of a person are the same but for a word of which one has the initial: `M. Nasrun`, `Mohamad Nasrun`.
fn same_but_initial(a: &Form, b: &Form) -> bool {
    a.name.words.len() > 1 && odd_words(a, b).is_some_and(|(x, y)| is_initial_of(x, y))
}

/// The one word in which two persons' names of as many words differ.
fn odd_words<'a>(a: &'a Form, b: &'a Form) -> Option<(&'a str, &'a str)> {
    let people = a.label == Label::Per && b.label == Label::Per && !a.of_site && !b.of_site;
    if !people || a.name.words.len() != b.name.words.len() {
        return None;
    }
    let pairs = || a.name.words.iter().zip(&b.name.words);
    let mut differing = pairs().filter(|(x, y)| x != y);
    let (x, y) = differing.next()?;
    let anchored = a.name.words.len() == 1 || pairs().any(|(x, y)| x == y && x.chars().count() > 2);
    (differing.next().is_none() && anchored).then_some((x, y))
}

fn is_initial_of(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    short.chars().count() == 1 && long.starts_with(short)
}

/// Whether a person's name has an initial: `Ahmad R.`; the `I` of `I Wayan` is none.
fn has_initial(form: &Form) -> bool {
    form.label == Label::Per
        && form.name.words.len() > 1
        && form.name.words.iter().any(|word| word.chars().count() == 1 && !names::is_particle(word))
}

/// The form that `form`, number `short`, is short for, if it can be told.
fn full_form(forms: &[Form], short: usize, form: &Form, reach: usize, sets: &Sets) -> Option<usize> {
    let initial = has_initial(form);
    let is_full = |index: usize, full: &Form| {
        let fits = is_short_for(form, full)
            || (initial && same_but_initial(form, full) && !sets.share_a_sentence(short, index));
        // `Andi Pratama mengatakan korban bernama Andi (25)`: who is told as new is not the one known already. An age alone tells that
        // within one sentence only: `Trump menunjuk Jerome Powell. Powell (64) …`
        let new = form.introduced || (form.aged && sets.stands_in(index, form.sentence));
        let new = new && full.first() < form.first() && !sets.has_age(index);
        fits && !new && sets.may_be_one(short, index)
    };
    let fits: Vec<(usize, &Form)> = forms
        .iter()
        .enumerate()
        .skip(short.saturating_sub(reach))
        .take(reach.saturating_mul(2).saturating_add(1))
        .filter(|&(index, full)| index != short && is_full(index, full))
        .collect();
    let (&(first, _), rest) = fits.split_first()?;
    if rest.iter().all(|&(other, _)| sets.root(other) == sets.root(first)) {
        return Some(first);
    }
    if initial {
        return None;
    }
    // Several fit: the one mentioned last before this form appears.
    let before = |full: &Form| full.mentions.iter().copied().filter(|&mention| mention < form.first()).max();
    let own = fits
        .iter()
        .filter(|&&(index, full)| fits.len() > MOST_FITS || !is_borrowed(index, full, &fits, sets));
    let last = own.filter_map(|&(index, full)| Some((before(full)?, index))).max();
    last.map(|(_, index)| index)
}

/// Names that a short form fits, at most, among which somebody's own name is told from a borrowed one.
const MOST_FITS: usize = 32;

/// Whether a person bears a name with the name of somebody else at its end: `Widodo` is `Joko Widodo`, not his wife `Iriana Joko Widodo`.
fn is_borrowed(index: usize, full: &Form, fits: &[(usize, &Form)], sets: &Sets) -> bool {
    fits.iter().any(|&(other, own)| {
        full.name.words.ends_with(&own.name.words) && other != index && !sets.may_be_one(index, other)
    })
}

fn is_short_for(short: &Form, full: &Form) -> bool {
    if short.of_site || full.of_site {
        return false;
    }
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
        Label::Org => {
            full.name.is_partly_spelled_out_of(&short.name)
                || is_part_of_organization(&short.name, &full.name)
        }
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
