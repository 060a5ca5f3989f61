//! Entities that a system has for an item, and the lines in which they are kept.

use intisari::eval::LabeledSpan;
use intisari::{Error, Result};
use serde::{Deserialize, Serialize};

use super::labels::ours;

/// The entities that a system has for an item, in tokens or bytes.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Predicted {
    pub entities: Vec<Entity>,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct Entity {
    pub start: usize,
    pub end: usize,
    pub label: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
}

impl Entity {
    pub fn new(LabeledSpan { start, end, label }: LabeledSpan, score: Option<f64>) -> Self {
        Entity { start, end, label, score }
    }
}

impl Predicted {
    pub fn new(spans: Vec<LabeledSpan>) -> Self {
        Predicted { entities: spans.into_iter().map(|span| Entity::new(span, None)).collect() }
    }

    pub fn spans(&self) -> Vec<LabeledSpan> {
        let span = |entity: &Entity| LabeledSpan {
            start: entity.start,
            end: entity.end,
            label: entity.label.clone(),
        };
        self.entities.iter().map(span).collect()
    }

    /// The scores, if all entities have one.
    pub fn confidence(&self) -> Vec<f64> {
        self.entities.iter().map(|entity| entity.score).collect::<Option<Vec<f64>>>().unwrap_or_default()
    }

    /// The line that keeps it.
    pub fn line(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|error| no_json(&error))
    }

    pub fn from_line(line: &str) -> Result<Self> {
        serde_json::from_str(line).map_err(|error| no_json(&error))
    }
}

/// Says whether `score` is a probability.
pub fn check_score(score: Option<f64>) -> Result<(), String> {
    match score.filter(|score| !(0.0..=1.0).contains(score)) {
        Some(score) => Err(format!("the score {score} is no probability from 0 to 1")),
        None => Ok(()),
    }
}

/// Predictions with the model's names of types, where the set has got them too.
pub fn renamed(mut predicted: Vec<Predicted>, runs: bool) -> Vec<Predicted> {
    if runs {
        for entity in predicted.iter_mut().flat_map(|predicted| &mut predicted.entities) {
            entity.label = ours(&entity.label);
        }
    }
    predicted
}

fn no_json(error: &serde_json::Error) -> Error {
    Error::config(format!("saved predictions: {error}"), "delete the file and run again")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::labels::rename;

    #[test]
    fn set_and_predictions_get_the_same_names() {
        let mut span = LabeledSpan { start: 0, end: 1, label: "Organisation".to_owned() };
        let predicted =
            |runs| renamed(vec![Predicted::new(vec![span.clone()])], runs)[0].entities[0].label.clone();
        assert_eq!((predicted(true).as_str(), predicted(false).as_str()), ("ORG", "Organisation"));
        rename([&mut span]);
        assert_eq!(span.label, "ORG");
    }
}
