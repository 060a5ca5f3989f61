//! What is measured of a segment and its English.

use crate::document::{Flag, FlagKind, Label};
use crate::translate::check::{compared, coverage, excess, English, Source};
use crate::translate::{Likelihood, Stop, Translated};

/// Values in the order of [`NAMES`]; no number where one is not known.
pub(super) type Features = [f64; NAMES.len()];

/// Names of the features, as in `weights.json`.
pub(super) const NAMES: [&str; 34] = [
    "mean_likelihood",
    "lowest_likelihood",
    "lowest_three",
    "unsure_pieces",
    "guessed_pieces",
    "source_words",
    "too_short",
    "too_long",
    "lost_share",
    "lost_words",
    "near_share",
    "rare_lost",
    "rare_share",
    "unknown_share",
    "unexplained_share",
    "unexplained_words",
    "number_missing",
    "name_missing",
    "number_added",
    "name_added",
    "name_repeated",
    "bracket_added",
    "meaning_missing",
    "indonesian_left",
    "repetition",
    "excess",
    "clauses",
    "quotation",
    "names",
    "broken",
    "glued",
    "agreement",
    "article_likelihood",
    "article_lost",
];

/// What is measured of the whole article: the mean of one feature over its segments, by the names of both.
const OF_ARTICLE: [(&str, &str); 2] =
    [("article_likelihood", "mean_likelihood"), ("article_lost", "lost_share")];

/// Puts the means over all segments of an article into the features of each.
pub(super) fn share(article: &mut [&mut Features]) {
    let place = |wanted: &str| NAMES.iter().position(|name| *name == wanted);
    for (mean, of) in OF_ARTICLE {
        let (Some(mean), Some(of)) = (place(mean), place(of)) else { continue };
        let values: Vec<f64> = article.iter().filter_map(|features| features.get(of).copied()).collect();
        let value = values.iter().sum::<f64>() / values.len().max(1) as f64;
        for features in article.iter_mut() {
            if let Some(slot) = features.get_mut(mean) {
                *slot = value;
            }
        }
    }
}

/// More of one kind tells no more.
const MOST: usize = 3;

pub(super) fn of(
    source: &str,
    english: &Translated,
    likelihood: &Likelihood,
    names: &[(&str, Label)],
    flags: &[Flag],
) -> Features {
    let (theirs, ours) = compared(source, &english.text);
    let (theirs, ours) = (Source::new(&theirs, names), English::new(&ours));
    let coverage = coverage(&theirs, &ours);
    let share = |part: usize, of: usize| part as f64 / of.max(1) as f64;
    let count = |kind| flags.iter().filter(|flag| flag.kind == kind).count().min(MOST) as f64;
    let length = |text: &str| text.chars().count().max(1) as f64;
    let ratio = (length(&english.text) / length(source)).ln();
    let words = theirs.word_count();
    let clauses = source.matches([',', ';']).count();
    let people =
        names.iter().filter(|(_, label)| matches!(label, Label::Per | Label::Loc | Label::Org)).count();
    let broken = [
        FlagKind::StoppedAtLimit,
        FlagKind::CopiedSource,
        FlagKind::LengthRatio,
        FlagKind::CutAroundVerbatim,
    ];
    [
        likelihood.mean(),
        likelihood.lowest(1).max(-9.),
        likelihood.lowest(3).max(-9.),
        likelihood.below(0.3),
        likelihood.below(0.1),
        (1. + words as f64).ln(),
        (-ratio).max(0.),
        ratio.max(0.),
        share(coverage.lost, coverage.known),
        coverage.lost.min(2 * MOST) as f64,
        share(coverage.near, coverage.known),
        coverage.rare_lost.min(MOST) as f64,
        share(coverage.rare, words),
        share(coverage.unknown, words),
        share(coverage.unexplained, coverage.english),
        coverage.unexplained.min(2 * MOST) as f64,
        count(FlagKind::NumberMissing),
        count(FlagKind::NameMissing),
        count(FlagKind::NumberAdded),
        count(FlagKind::NameAdded),
        count(FlagKind::NameRepeated),
        count(FlagKind::BracketAdded),
        count(FlagKind::MeaningMissing),
        count(FlagKind::IndonesianLeft),
        count(FlagKind::Repetition),
        excess(&theirs, &ours).min(MOST) as f64,
        share(clauses.min(6), 6),
        f64::from(u8::from(source.contains(['"', '“', '”']))),
        people.min(6) as f64,
        f64::from(u8::from(
            english.stop != Stop::End || flags.iter().any(|flag| broken.contains(&flag.kind)),
        )),
        theirs.glued().min(MOST) as f64,
        likelihood.agreement().unwrap_or(f64::NAN),
        f64::NAN,
        f64::NAN,
    ]
}
