//! What the labels of a model mean: `id2label` of a published configuration.

use std::collections::BTreeMap;

use super::Scheme;
use crate::document::Label;

/// What a label says about a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tag {
    Outside,
    Begin(usize),
    Inside(usize),
    End(usize),
    Single(usize),
}

/// A type of mention.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Kind {
    name: String,
    /// `None` for those that are left out.
    label: Option<Label>,
    /// Whether the caller said what it is.
    told: bool,
    /// Whether a mention must start with `B-`.
    begins: bool,
    /// Whether a mention of several words must end with `E-`.
    closes: bool,
}

/// The labels of a model: `O`, `B-PER`, `I-PER`, …
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelSet {
    pub(super) tags: Vec<Tag>,
    kinds: Vec<Kind>,
}

impl LabelSet {
    /// [`with`](Self::with) labels as they look and types as they are usually spelled.
    #[cfg(test)]
    pub fn new(id2label: &BTreeMap<usize, String>) -> Result<Self, String> {
        Self::with(id2label, Scheme::Auto, &BTreeMap::new())
    }

    /// The labels by their number, as `id2label` of a published configuration has them, in any order.
    ///
    /// A type is what `types` says (case does not count), else what the usual sets mean by it (`PERSON`, `PLACE`,
    /// `GPE`, `ORGANISATION`, `NOR`, …). Mentions of all other types are left out when decoding, as are those of types
    /// that `types` maps to `None`; [`left_out`](Self::left_out) lists the former.
    ///
    /// # Errors
    /// A sentence that says which label is missing or cannot be read, or which of `types` is not there.
    pub fn with(
        id2label: &BTreeMap<usize, String>,
        scheme: Scheme,
        types: &BTreeMap<String, Option<Label>>,
    ) -> Result<Self, String> {
        let names: Vec<&str> =
            id2label.values().map(|name| name.trim()).filter(|&name| name != "O").collect();
        let bare = names.iter().find(|name| prefix(name).is_none());
        let plain = match (scheme, bare) {
            (Scheme::Plain, _) => true,
            (_, None) => false,
            (Scheme::Auto, Some(_)) if names.iter().all(|name| prefix(name).is_none()) => true,
            (_, Some(bare)) => {
                return Err(format!("`{bare}` is neither O nor B-…, I-…, E-…, S-…, as other labels are"))
            }
        };
        let mut set = LabelSet { tags: Vec::new(), kinds: Vec::new() };
        for (expected, (&id, name)) in id2label.iter().enumerate() {
            if id != expected {
                return Err(format!("label {expected} is missing"));
            }
            let name = name.trim();
            let tag = match prefix(name).filter(|_| !plain) {
                _ if name == "O" => Tag::Outside,
                Some((make, kind)) => make(set.kind(kind, types)),
                None => Tag::Inside(set.kind(name, types)),
            };
            set.tags.push(tag);
        }
        set.settle(scheme);
        if !set.tags.contains(&Tag::Outside)
            && !set.kinds.iter().any(|kind| kind.told && kind.label.is_none())
        {
            return Err("label O is missing".to_owned());
        }
        let has = |name: &String| set.kinds.iter().any(|kind| kind.name.eq_ignore_ascii_case(name));
        if let Some(name) = types.keys().find(|name| !has(name)) {
            return Err(format!("there is no type `{name}`, only {}", set.names()));
        }
        if !set.kinds.is_empty() && set.kinds.iter().all(|kind| kind.label.is_none()) {
            return Err(format!("none of the types {} is known; map them to labels", set.names()));
        }
        Ok(set)
    }

    /// The types, for messages.
    fn names(&self) -> String {
        self.kinds.iter().map(|kind| kind.name.as_str()).collect::<Vec<_>>().join(", ")
    }

    /// The number of a type, which is new where it has not been seen.
    fn kind(&mut self, name: &str, types: &BTreeMap<String, Option<Label>>) -> usize {
        let known = self.kinds.iter().position(|kind| kind.name.eq_ignore_ascii_case(name));
        known.unwrap_or_else(|| {
            let told =
                types.iter().find(|(told, _)| told.eq_ignore_ascii_case(name)).map(|(_, &label)| label);
            self.kinds.push(Kind {
                name: name.to_owned(),
                label: told.unwrap_or_else(|| usual(name)),
                told: told.is_some(),
                begins: false,
                closes: false,
            });
            self.kinds.len() - 1
        })
    }

    /// Finds out how mentions start and end.
    fn settle(&mut self, scheme: Scheme) {
        let has = |tag: Tag| self.tags.contains(&tag);
        let count = self.kinds.len();
        let ends = (0..count).any(|kind| has(Tag::End(kind)) || has(Tag::Single(kind)));
        let loose = (0..count).any(|kind| has(Tag::Inside(kind)) && !has(Tag::Begin(kind)));
        let iob1 = scheme == Scheme::Iob1 || scheme == Scheme::Auto && loose && !ends;
        let rules: Vec<(bool, bool)> = (0..count)
            .map(|kind| {
                let begins = has(Tag::Begin(kind));
                (begins && !iob1, begins && has(Tag::End(kind)) && has(Tag::Single(kind)))
            })
            .collect();
        for (kind, (begins, closes)) in self.kinds.iter_mut().zip(rules) {
            (kind.begins, kind.closes) = (begins, closes);
        }
    }

    /// How many labels there are.
    pub fn len(&self) -> usize {
        self.tags.len()
    }

    /// The types that nobody has said anything about: their mentions are left out.
    pub fn left_out(&self) -> Vec<&str> {
        let unknown = self.kinds.iter().filter(|kind| !kind.told && kind.label.is_none());
        unknown.map(|kind| kind.name.as_str()).collect()
    }

    /// What the mentions of a type are; `None` where they are left out.
    pub(super) fn label(&self, kind: usize) -> Option<Label> {
        self.kinds.get(kind)?.label
    }

    /// Whether label `after` may follow label `before`; `None` before the first word and after the last.
    pub(super) fn may_follow(&self, before: Option<Tag>, after: Option<Tag>) -> bool {
        let open = match before {
            Some(Tag::Begin(kind) | Tag::Inside(kind)) => Some(kind),
            _ => None,
        };
        let rule = |kind: usize| self.kinds.get(kind).map(|kind| (kind.begins, kind.closes));
        match after {
            Some(Tag::Inside(kind) | Tag::End(kind)) if open == Some(kind) => true,
            // A mention that is open and must be closed is not.
            _ if open.and_then(rule).is_some_and(|(_, closes)| closes) => false,
            Some(Tag::Inside(kind) | Tag::End(kind)) => rule(kind).is_some_and(|(begins, _)| !begins),
            _ => true,
        }
    }
}

/// From the number of a type to a tag.
type Make = fn(usize) -> Tag;

/// What the letter before a type says, and the type: `B-PER`, `I_LOC`.
fn prefix(name: &str) -> Option<(Make, &str)> {
    let (letter, kind) = name.split_once(['-', '_'])?;
    let make: Make = match letter {
        "B" | "b" => Tag::Begin,
        "I" | "i" | "M" | "m" => Tag::Inside,
        "E" | "e" | "L" | "l" => Tag::End,
        "S" | "s" | "U" | "u" => Tag::Single,
        _ => return None,
    };
    (!kind.is_empty()).then_some((make, kind))
}

/// The [`Label`] of a type as the usual sets spell it.
fn usual(kind: &str) -> Option<Label> {
    Some(match kind.to_uppercase().as_str() {
        "PERSON" | "PERS" | "PPL" | "PEOPLE" | "ORANG" => Label::Per,
        "LOCATION" | "PLACE" | "PLC" | "GPE" | "GEO" | "FAC" | "FACILITY" | "LOKASI" | "TEMPAT" => Label::Loc,
        "ORGANISATION" | "ORGANIZATION" | "ORGANISASI" | "NOR" | "CORPORATION" | "COMPANY" => Label::Org,
        "EVENT" | "EVE" => Label::Evt,
        "DAT" => Label::Date,
        "TIM" => Label::Time,
        "MON" => Label::Money,
        "PRC" | "PERCENTAGE" => Label::Percent,
        "QUANTITY" => Label::Qty,
        other => return other.parse().ok(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbered(names: &[&str]) -> BTreeMap<usize, String> {
        names.iter().map(|name| name.to_string()).enumerate().collect()
    }

    #[test]
    fn refuses_label_sets_that_it_cannot_read() {
        let set =
            |pairs: &[(usize, &str)]| LabelSet::new(&pairs.iter().map(|&(i, l)| (i, l.to_owned())).collect());
        assert!(set(&[(0, "O"), (2, "B-PER")]).unwrap_err().contains("label 1"));
        assert!(set(&[(0, "B-PER")]).unwrap_err().contains("O is missing"));
        assert!(set(&[]).unwrap_err().contains("O is missing"));
        assert!(set(&[(0, "O"), (1, "PER"), (2, "B-LOC")]).unwrap_err().contains("`PER`"));
        let unknown = set(&[(0, "LABEL_0"), (1, "LABEL_1")]).unwrap_err();
        assert!(unknown.contains("O is missing"), "{unknown}");
        let unknown = set(&[(0, "O"), (1, "B-GENE"), (2, "B-CELL")]).unwrap_err();
        assert!(unknown.contains("GENE, CELL"), "{unknown}");
    }

    #[test]
    fn takes_types_as_the_caller_says() {
        let told = |pairs: &[(&str, Option<Label>)]| {
            pairs.iter().map(|&(name, label)| (name.to_owned(), label)).collect::<BTreeMap<_, _>>()
        };
        let names = numbered(&["O", "B-GPE", "B-NOR", "B-WOA", "B-Person"]);
        let set = LabelSet::new(&names).unwrap();
        let labels: Vec<_> = (0..4).map(|kind| set.label(kind)).collect();
        assert_eq!(labels, [Some(Label::Loc), Some(Label::Org), None, Some(Label::Per)]);
        assert_eq!(set.left_out(), ["WOA"]);

        let types = told(&[("gpe", None), ("WOA", Some(Label::Evt)), ("person", Some(Label::Org))]);
        let set = LabelSet::with(&names, Scheme::Auto, &types).unwrap();
        let labels: Vec<_> = (0..4).map(|kind| set.label(kind)).collect();
        assert_eq!(labels, [None, Some(Label::Org), Some(Label::Evt), Some(Label::Org)]);
        assert!(set.left_out().is_empty());
        let error = LabelSet::with(&names, Scheme::Auto, &told(&[("GEP", None)])).unwrap_err();
        assert!(error.contains("`GEP`") && error.contains("GPE, NOR, WOA, Person"), "{error}");

        // Labels without names, as some are published.
        let types = told(&[("LABEL_0", None), ("LABEL_1", Some(Label::Per))]);
        let set = LabelSet::with(&numbered(&["LABEL_0", "LABEL_1"]), Scheme::Auto, &types).unwrap();
        assert_eq!((set.label(0), set.label(1)), (None, Some(Label::Per)));
    }

    #[test]
    fn a_mention_may_start_inside_only_where_the_scheme_says_so() {
        let may_start = |names: &[&str], scheme| {
            let set = LabelSet::with(&numbered(names), scheme, &BTreeMap::new()).unwrap();
            let inside = names.iter().position(|name| *name == "I-PER" || *name == "PER").unwrap();
            set.may_follow(None, Some(set.tags[inside]))
        };
        let full = ["O", "B-PER", "I-PER"];
        assert!(!may_start(&full, Scheme::Auto));
        assert!(!may_start(&full, Scheme::Iob2));
        assert!(may_start(&full, Scheme::Iob1));
        // That a location never begins gives IOB1 away, for people as well.
        assert!(may_start(&["O", "B-PER", "I-PER", "I-LOC"], Scheme::Auto));
        assert!(!may_start(&["O", "B-PER", "I-PER", "E-PER", "S-PER", "S-LOC", "I-LOC"], Scheme::Auto));
        assert!(may_start(&["PER", "O"], Scheme::Auto));
    }
}
