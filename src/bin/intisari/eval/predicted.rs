//! Entities that a model found in an item, and the lines in which they are kept.

use intisari::eval::evaluation::NerItem;
use intisari::eval::LabeledSpan;
use intisari::{Error, Result};
use serde::{Deserialize, Serialize};

/// The entities of an item, in tokens or bytes as the item counts.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Predicted {
    entities: Vec<Entity>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Entity {
    start: usize,
    end: usize,
    label: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<f64>,
}

impl Predicted {
    /// What a model found in the text of `item`.
    ///
    /// # Errors
    /// As [`NerItem::predict`].
    pub fn new(item: &NerItem, found: impl IntoIterator<Item = (LabeledSpan, f64)>) -> Result<Self> {
        let mut item = item.clone();
        item.predict(found.into_iter().map(|(span, score)| (span, Some(score))))?;
        let entities = item.predicted.into_iter().zip(item.confidence);
        let entity =
            |(LabeledSpan { start, end, label }, score)| Entity { start, end, label, score: Some(score) };
        Ok(Predicted { entities: entities.map(entity).collect() })
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

fn no_json(error: &serde_json::Error) -> Error {
    Error::config(format!("saved predictions: {error}"), "delete the file and run again")
}
