//! Names that sets have for the types of entities, and ours.

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

/// The name that this crate has for a type of entities which others call `label`: in capitals, and where it is one of the known ones
/// as [`Label`](crate::document::Label) prints it.
///
/// ```
/// use intisari::eval::usual_label;
///
/// assert_eq!(["Person", "GPE", "organisation", "LAW"].map(usual_label), ["PER", "LOC", "ORG", "LAW"]);
/// ```
pub fn usual_label(label: &str) -> String {
    let upper = label.to_uppercase();
    NAMES.iter().find(|(name, _)| *name == upper).map_or(upper, |(_, ours)| (*ours).to_owned())
}
