//! From features to the confidence.

use std::sync::LazyLock;

use serde::Deserialize;

use super::features::{Features, NAMES};

/// A logistic model, as `training/confidence/fit.py` writes it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Model {
    /// What it was fitted on, in words.
    #[serde(rename = "fitted_on")]
    _fitted_on: String,
    /// English with less confidence is flagged.
    threshold: f64,
    intercept: f64,
    features: Vec<Weighted>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Weighted {
    name: String,
    /// The mean over the labelled segments, and the scale.
    mean: f64,
    scale: f64,
    weight: f64,
}

#[expect(clippy::expect_used, reason = "the file is compiled in, and a test reads it")]
static MODEL: LazyLock<Model> =
    LazyLock::new(|| serde_json::from_str(include_str!("weights.json")).expect("weights.json is a model"));

pub(super) fn threshold() -> f64 {
    MODEL.threshold
}

/// Rounded to thousandths, lest documents show more digits than mean anything.
pub(super) fn confidence(features: &Features) -> f32 {
    let value = |name: &str| {
        NAMES.iter().zip(features).find(|(known, _)| **known == name).map_or(0., |(_, value)| *value)
    };
    let sum: f64 = MODEL
        .features
        .iter()
        // What is not known tells nothing; what lies far from all that was labelled tells no more than its edge.
        .map(|feature| {
            ((value(&feature.name) - feature.mean) / feature.scale).clamp(-4., 4.) * feature.weight
        })
        .filter(|part| part.is_finite())
        .sum();
    let confidence = 1. / (1. + (-(sum + MODEL.intercept)).exp());
    ((confidence * 1000.).round() / 1000.) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_are_those_of_features_that_there_are() {
        for Weighted { name, mean, scale, weight } in &MODEL.features {
            assert!(NAMES.contains(&name.as_str()), "{name}");
            assert!(mean.is_finite() && *scale > 0. && weight.is_finite(), "{name}");
        }
        assert!((0.0..1.0).contains(&threshold()));
        assert!(MODEL.intercept.is_finite() && !MODEL.features.is_empty());
    }

    #[test]
    fn what_lost_its_meaning_is_trusted_less() {
        let mut features = [0.; NAMES.len()];
        let sure = confidence(&features);
        let place = NAMES.iter().position(|name| *name == "meaning_missing").unwrap();
        features[place] = 2.;
        assert!(confidence(&features) < sure, "{} {sure}", confidence(&features));
        features = [f64::NAN; NAMES.len()];
        assert!((0.0..=1.0).contains(&confidence(&features)), "what is not known tells nothing");
    }
}
