//! Puts names and quantities of one sentence together.

use std::collections::BTreeMap;

use super::quantity::Quantity;
use super::words::words;
use super::Mention;
use crate::document::{Label, Span};
use crate::lang::id;
use crate::part::Part;
use crate::reading::{lost_blank, opens_sentence};

/// The names of a sentence and the quantities in it, ordered and disjoint.
///
/// A name keeps what lies inside it (`Universitas 17 Agustus`). A quantity that reaches beyond a name, or is the whole
/// of it (`Maret` taken for a person), takes the name's place; what is left of the name stays if it is a word.
/// `start` is where the sentence starts in `text`, `sentence` its index.
pub(super) fn merge(
    text: &str,
    names: Vec<Mention>,
    quantities: Vec<Quantity>,
    start: usize,
    sentence: usize,
) -> Vec<Mention> {
    let quantities: Vec<Mention> = quantities
        .into_iter()
        .filter_map(|quantity| {
            let span = Span::new(text, quantity.bytes.start + start, quantity.bytes.end + start).ok()?;
            Some(Mention { span, label: quantity.label, score: 1.0, sentence, value: quantity.value })
        })
        .collect();
    let names = names.into_iter().filter_map(|name| bare(text, name)).flat_map(|name| apart(text, name));
    let names: Vec<Mention> = names.map(|name| unglued(text, name)).collect();
    let (names, mut others): (Vec<Mention>, Vec<Mention>) =
        names.into_iter().partition(|name| is_name(name.label));
    // A model may know dates too; the rules know what they mean.
    others.retain(|other| !quantities.iter().any(|quantity| quantity.span.overlaps(other.span)));
    let mut merged = settled(text, names, quantities);
    merged.append(&mut others);
    merged.sort_by_key(|mention| mention.span);
    merged
}

/// What two recognizers found in `text`, sentence by sentence; see [`Recognition::merged_with`].
///
/// [`Recognition::merged_with`]: super::Recognition::merged_with
pub(super) fn merge_found(text: &str, first: Vec<Mention>, second: Vec<Mention>) -> Vec<Mention> {
    /// Of one sentence: names, and the rest.
    type Found = (Vec<Mention>, Vec<Mention>);
    let mut sentences: BTreeMap<usize, Found> = BTreeMap::new();
    for mention in first.into_iter().chain(second) {
        let (names, others) = sentences.entry(mention.sentence).or_default();
        if is_name(mention.label) { names } else { others }.push(mention);
    }
    let mut merged: Vec<Mention> = sentences
        .into_values()
        .flat_map(|(names, mut others)| {
            // A value is what others cannot make up for.
            others.sort_by_key(|other| other.value.is_none());
            settled(text, disjoint(names), disjoint(others))
        })
        .collect();
    merged.sort_by_key(|mention| mention.span);
    merged
}

/// `mentions` without those that overlap an earlier one of the list.
fn disjoint(mentions: Vec<Mention>) -> Vec<Mention> {
    let mut free: Vec<Mention> = Vec::with_capacity(mentions.len());
    for mention in mentions {
        if !free.iter().any(|earlier| earlier.span.overlaps(mention.span)) {
            free.push(mention);
        }
    }
    free
}

/// Names and quantities, each disjoint, without what one of them has to leave to the other; ordered.
fn settled(text: &str, names: Vec<Mention>, mut quantities: Vec<Mention>) -> Vec<Mention> {
    quantities.retain(|quantity| !names.iter().any(|name| inside(quantity.span, name.span)));
    let mut merged: Vec<Mention> =
        names.into_iter().filter_map(|name| outside(text, name, &quantities)).collect();
    merged.append(&mut quantities);
    merged.sort_by_key(|mention| mention.span);
    merged
}

/// A name without marks at its ends that belong to the sentence: `Partai Melati (`, `PM)`. Nothing of it may be left.
fn bare(text: &str, name: Mention) -> Option<Mention> {
    let inner = name.span.of(text);
    let mark = |c: char| c.is_whitespace() || "([{<>\"“”„‘,;:".contains(c);
    let tail = inner.trim_start_matches(|c| mark(c) || ")]}".contains(c));
    let start = name.span.start() + inner.len() - tail.len();
    let mut rest = tail.trim_end_matches(mark);
    // A closing bracket stays with its opening one: `Universitas Indonesia (UI)`.
    while let Some(shorter) = rest.strip_suffix(')').filter(|shorter| !shorter.contains('(')) {
        rest = shorter.trim_end_matches(mark);
    }
    let span = Span::new(text, start, start + rest.len()).ok().filter(|span| !span.is_empty())?;
    Some(Mention { span, ..name })
}

/// A name that runs into a bracket is two: `Partai Melati (PM`, `Partai Melati (PM)` or, with a blank lost,
/// `Partai Melati(PM)`.
fn apart(text: &str, name: Mention) -> Vec<Mention> {
    let inner = name.span.of(text);
    let cut = inner
        .split_once('(')
        .filter(|(long, short)| {
            !long.is_empty() && short.trim_end_matches(')').chars().all(char::is_alphanumeric)
        })
        .map(|(long, short)| (long.trim_end(), long.len() + 1, short.trim_end_matches(')')));
    // `(Persero)`, a form of company, is part of the name.
    let Some((long, at, short)) = cut.filter(|(_, _, short)| !["", "Persero"].contains(short)) else {
        return vec![name];
    };
    let start = name.span.start();
    let ranges = [(start, start + long.len()), (start + at, start + at + short.len())];
    let spans = ranges.into_iter().filter_map(|(start, end)| Span::new(text, start, end).ok());
    spans.map(|span| Mention { span, ..name.clone() }).collect()
}

/// A name without what a lost blank glued to it: a verb behind it (`The Harian Posmelaporkan`), the next sentence
/// (`RondonPelatih`), an office before it (`PresidenRini`). Other words that are glued, `Angkatan UdaraJepang`, may both
/// belong to it.
fn unglued(text: &str, name: Mention) -> Mention {
    let inner = name.span.of(text);
    let (mut start, mut end) = (0, inner.len());
    let parts = words(inner);
    for pair in parts.windows(2) {
        let [left, right] = pair else { continue };
        let glued = left.end == right.start
            && inner.get(left.start..right.end).is_some_and(|word| lost_blank(word) == Some(left.len()));
        if !glued || left.start >= end {
            continue;
        }
        let of = |part: &std::ops::Range<usize>| inner.part(part.clone()).to_lowercase();
        let (before, after) = (of(left), of(right));
        if left.start == start && (id::is_role(&before) || id::is_connective(&before)) {
            start = right.start;
        } else if id::is_role(&after)
            || opens_sentence(&after)
            || id::reporting_verbs().any(|verb| verb == after)
        {
            end = left.end;
        }
    }
    let span = Span::new(text, name.span.start() + start, name.span.start() + end);
    span.map_or_else(|_| name.clone(), |span| Mention { span, ..name.clone() })
}

pub(super) fn is_name(label: Label) -> bool {
    matches!(label, Label::Per | Label::Loc | Label::Org | Label::Evt)
}

/// Whether a name goes on after the quantity, or starts before it, without the quantity leaving it.
pub(super) fn inside(quantity: Span, name: Span) -> bool {
    name.contains(quantity) && name != quantity
}

/// The part of `name` that no quantity takes.
fn outside(text: &str, mut name: Mention, quantities: &[Mention]) -> Option<Mention> {
    for quantity in quantities {
        if !quantity.span.overlaps(name.span) {
            continue;
        }
        let (start, end) = if quantity.span.start() <= name.span.start() {
            (quantity.span.end().min(name.span.end()), name.span.end())
        } else {
            (name.span.start(), quantity.span.start())
        };
        name.span = trim(text, Span::new(text, start, end).ok()?);
    }
    name.span.of(text).chars().any(char::is_alphabetic).then_some(name)
}

/// Without white space and marks at both ends.
fn trim(text: &str, span: Span) -> Span {
    let inner = span.of(text);
    let start = inner.find(char::is_alphanumeric).unwrap_or(inner.len());
    let end = inner.rfind(char::is_alphanumeric).map_or(start, |last| {
        last + inner.get(last..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8)
    });
    Span::new(text, span.start() + start, span.start() + end).unwrap_or(span)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ner::quantity::quantities;

    /// Merges the quantities of `text` with names given as they stand in it.
    fn merged<'a>(text: &'a str, names: &[(&str, Label)]) -> Vec<(&'a str, Label)> {
        let names = names.iter().map(|&(name, label)| {
            let start = text.find(name).unwrap();
            let span = Span::new(text, start, start + name.len()).unwrap();
            Mention { span, label, score: 0.9, sentence: 0, value: None }
        });
        let merged = merge(text, names.collect(), quantities(text, None), 0, 0);
        merged.iter().map(|mention| (mention.span.of(text), mention.label)).collect()
    }

    #[test]
    fn keeps_a_name_that_holds_a_date() {
        let name = ("Universitas 17 Agustus 1945", Label::Org);
        assert_eq!(merged("Rektor Universitas 17 Agustus 1945 hadir", &[name]), [name]);
    }

    #[test]
    fn takes_a_month_for_no_person() {
        assert_eq!(merged("Pada Maret ia tiba", &[("Maret", Label::Per)]), [("Maret", Label::Date)]);
        assert_eq!(
            merged("Pada 3 Maret 2022 ia tiba", &[("Maret", Label::Per)]),
            [("3 Maret 2022", Label::Date)]
        );
    }

    #[test]
    fn cuts_a_name_that_runs_into_a_date() {
        let found = merged("kata Budi Senin (21/2/2022)", &[("Budi Senin", Label::Per)]);
        assert_eq!(found, [("Budi", Label::Per), ("Senin (21/2/2022)", Label::Date)]);
    }

    #[test]
    fn parts_a_name_from_its_abbreviation_in_brackets() {
        let text = "Ketua Partai Melati (PM) hadir";
        let expected = [("Partai Melati", Label::Org), ("PM", Label::Org)];
        assert_eq!(merged(text, &[("Partai Melati (PM", Label::Org)]), expected);
        assert_eq!(merged(text, &[("Partai Melati (PM)", Label::Org)]), expected);
        let whole = ("PT Angin (Persero) Timur", Label::Org);
        assert_eq!(merged("Saham PT Angin (Persero) Timur naik", &[whole]), [whole]);
    }

    #[test]
    fn a_name_keeps_its_own_borders_where_a_blank_was_lost() {
        for (text, name, found) in [
            ("The Tolare Timesmelaporkan hujan", "The Tolare Timesmelaporkan", vec!["The Tolare Times"]),
            ("Gol SuwandiPelatih Tenau FC", "SuwandiPelatih", vec!["Suwandi"]),
            ("kata PresidenRini Dewi", "PresidenRini Dewi", vec!["Rini Dewi"]),
            ("Pasukan UdaraJepang(PUJ) tiba", "Pasukan UdaraJepang(PUJ)", vec!["Pasukan UdaraJepang", "PUJ"]),
            ("Akun BeritaSatu ramai", "BeritaSatu", vec!["BeritaSatu"]),
        ] {
            let expected: Vec<_> = found.into_iter().map(|name| (name, Label::Org)).collect();
            assert_eq!(merged(text, &[(name, Label::Org)]), expected);
        }
    }

    #[test]
    fn leaves_the_marks_around_a_name_to_the_sentence() {
        let text = "Ketua Partai Melati (PM), di \"Kota Teratai\", memimpin PT Angin (Persero).";
        for (found, bare) in [
            ("Partai Melati (", "Partai Melati"),
            ("PM)", "PM"),
            ("(PM),", "PM"),
            ("\"Kota Teratai\",", "Kota Teratai"),
            ("PT Angin (Persero)", "PT Angin (Persero)"),
        ] {
            assert_eq!(merged(text, &[(found, Label::Org)]), [(bare, Label::Org)]);
        }
        assert_eq!(merged(text, &[("(", Label::Org)]), []);
    }

    #[test]
    fn what_two_recognizers_found_is_ordered_and_disjoint() {
        let text = "Universitas 17 Agustus menerima Dewi Maret 2024, Senin Rp 5 juta.";
        let found = |places: &[(&str, Label)]| -> Vec<Mention> {
            let mention = |&(part, label): &(&str, Label)| {
                let start = text.find(part).unwrap();
                Mention::new(Span::new(text, start, start + part.len()).unwrap(), label, 1.0, 0)
            };
            places.iter().map(mention).collect()
        };
        let names = found(&[
            ("Universitas 17 Agustus", Label::Org),
            ("Dewi Maret", Label::Per),
            ("Agustus menerima", Label::Loc),
            ("Senin", Label::Per),
            ("Senin Rp", Label::Date),
        ]);
        let mut rules = found(&[
            ("17 Agustus", Label::Date),
            ("Maret 2024", Label::Date),
            ("Senin", Label::Date),
            ("Rp 5 juta", Label::Money),
        ]);
        for rule in &mut rules {
            rule.value = Some(crate::document::Value::Percent { percent: 1.0 });
        }
        let expected = [
            ("Universitas 17 Agustus", Label::Org),
            ("Dewi", Label::Per),
            ("Maret 2024", Label::Date),
            ("Senin", Label::Date),
            ("Rp 5 juta", Label::Money),
        ];
        for (one, two) in [(names.clone(), rules.clone()), (rules, names)] {
            let merged = merge_found(text, one, two);
            let shown: Vec<_> = merged.iter().map(|found| (found.span.of(text), found.label)).collect();
            assert_eq!(shown, expected);
        }
    }

    #[test]
    fn leaves_apart_what_does_not_touch() {
        let found = merged("Di Bogor 300 orang hadir", &[("Bogor", Label::Loc)]);
        assert_eq!(found, [("Bogor", Label::Loc), ("300 orang", Label::Qty)]);
    }
}
