//! Numbers of single precision in JSON: the shortest decimal that reads back as the same number.
//!
//! `serde_json` writes an `f32` so when it writes text, but a [`Value`](serde_json::Value) holds doubles: 0.98 goes through one
//! as 0.9800000190734863. As the double nearest to its shortest decimal it is 0.98 on every way.

use serde::{Serialize, Serializer};

/// Writes an `f32`, or an `Option` of one. For `#[serde(serialize_with = "…")]` on every field of that type.
pub(crate) fn serialize<S, N>(number: &N, serializer: S) -> Result<S::Ok, S::Error>
where
    S: Serializer,
    N: Copy + Into<Option<f32>>,
{
    let number: Option<f32> = (*number).into();
    number.map(double).serialize(serializer)
}

/// The double whose shortest decimal is that of `number`.
fn double(number: f32) -> f64 {
    number.to_string().parse().unwrap_or_else(|_| f64::from(number))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(Serialize, serde::Deserialize)]
    struct Score {
        #[serde(serialize_with = "serialize")]
        score: f32,
        #[serde(serialize_with = "serialize")]
        maybe: Option<f32>,
    }

    #[test]
    fn a_score_is_as_short_in_a_value_as_in_text() {
        let score = Score { score: 0.98, maybe: None };
        assert_eq!(serde_json::to_value(&score).unwrap().to_string(), r#"{"maybe":null,"score":0.98}"#);
        assert_eq!(serde_json::to_string(&score).unwrap(), r#"{"score":0.98,"maybe":null}"#);
    }

    proptest! {
        #[test]
        fn every_number_reads_back(bits in any::<u32>()) {
            let number = f32::from_bits(bits);
            prop_assume!(number.is_finite());
            let json = serde_json::to_value(Score { score: number, maybe: Some(number) }).unwrap().to_string();
            let read: Score = serde_json::from_str(&json).unwrap();
            prop_assert_eq!((read.score, read.maybe), (number, Some(number)));
        }
    }
}
