//! Names that sets have for the types of entities, and ours.

use intisari::eval::LabeledSpan;

const NAMES: &[(&str, &str)] = &[
    ("PERSON", "PER"),
    ("PEOPLE", "PER"),
    ("PPL", "PER"),
    ("LOCATION", "LOC"),
    ("PLACE", "LOC"),
    ("PLC", "LOC"),
    ("GPE", "LOC"),
    ("ORGANIZATION", "ORG"),
    ("ORGANISATION", "ORG"),
    ("EVENT", "EVT"),
    ("QUANTITY", "QTY"),
];

/// The model's name of a type.
pub fn ours(label: &str) -> String {
    let upper = label.to_uppercase();
    NAMES.iter().find(|(name, _)| *name == upper).map_or(upper, |(_, ours)| (*ours).to_owned())
}

/// Gives entities the model's names of their types.
pub fn rename<'s>(spans: impl IntoIterator<Item = &'s mut LabeledSpan>) {
    spans.into_iter().for_each(|span| span.label = ours(&span.label));
}
