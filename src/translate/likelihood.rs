//! How likely a model found what it wrote.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// How likely a model found what it wrote: for each piece the natural logarithm of its probability, a finite number that is not above 0.
///
/// ```
/// use intisari::translate::Likelihood;
///
/// let likelihood = Likelihood::of([-0.1, -2.3, -0.3])?.unwrap();
/// assert!((likelihood.mean() + 0.9).abs() < 1e-6);
/// assert!((likelihood.lowest(1) + 2.3).abs() < 1e-6);
/// assert!((likelihood.lowest(2) + 1.3).abs() < 1e-6);
/// assert_eq!(Likelihood::of([])?, None);
/// assert!(Likelihood::of([0.9, 0.1]).is_err(), "probabilities are no logarithms");
/// # Ok::<(), intisari::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct Likelihood {
    pieces: Vec<f32>,
    /// How much of the text the other texts have that were found beside it.
    agreement: Option<f32>,
}

/// A likelihood as it stands in JSON, before it is checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unchecked {
    pieces: Vec<f32>,
    agreement: Option<f32>,
}

impl TryFrom<Unchecked> for Likelihood {
    type Error = Error;

    fn try_from(Unchecked { pieces, agreement }: Unchecked) -> Result<Self> {
        let likelihood = Likelihood::of(pieces)?
            .ok_or_else(|| Error::stage("a likelihood has no pieces; leave it out"))?;
        match agreement {
            Some(share) => likelihood.with_agreement(share),
            None => Ok(likelihood),
        }
    }
}

/// Logarithms of probabilities near 1 may come out this much above 0 by rounding; they count as 0.
const ROUNDING: f32 = 1e-3;

impl Likelihood {
    /// The likelihood of a text from those of its pieces; `None` without pieces.
    ///
    /// # Errors
    /// [`Error::stage`] where one is no logarithm of a probability: not finite, or above 0 by more than rounding.
    pub fn of(pieces: impl IntoIterator<Item = f32>) -> Result<Option<Self>> {
        let mut pieces: Vec<f32> = pieces.into_iter().collect();
        for (index, piece) in pieces.iter_mut().enumerate() {
            if !piece.is_finite() || *piece > ROUNDING {
                return Err(Error::stage(format!(
                    "piece {index} of a likelihood is {piece}, which is no logarithm of a probability: these are finite and not \
                     above 0; take the natural logarithm"
                )));
            }
            *piece = piece.min(0.);
        }
        Ok((!pieces.is_empty()).then_some(Likelihood { pieces, agreement: None }))
    }

    /// The same, where other texts that were found have this share of the words of this one, 0 to 1.
    ///
    /// # Errors
    /// [`Error::stage`] where that is no share.
    pub fn with_agreement(self, share: f32) -> Result<Self> {
        if !(0.0..=1.0).contains(&share) {
            let message = format!("the agreement of a likelihood is {share}; give a share from 0 to 1");
            return Err(Error::stage(message));
        }
        Ok(Likelihood { agreement: Some(share), ..self })
    }

    /// The likelihood of two texts, one behind the other.
    pub fn and(mut self, other: Self) -> Self {
        let weighted = |part: &Self| part.agreement.map(|share| share * part.pieces.len() as f32);
        let weights = self.pieces.len() + other.pieces.len();
        self.agreement = match (weighted(&self), weighted(&other)) {
            (Some(one), Some(two)) => Some((one + two) / weights as f32),
            _ => self.agreement.or(other.agreement),
        };
        self.pieces.extend(other.pieces);
        self
    }

    /// The share of its words that other texts which were found have too; `None` where there was none.
    pub fn agreement(&self) -> Option<f64> {
        self.agreement.map(f64::from)
    }

    /// The mean over the pieces.
    pub fn mean(&self) -> f64 {
        self.pieces.iter().map(|&piece| f64::from(piece)).sum::<f64>() / self.pieces.len().max(1) as f64
    }

    /// The mean over so many pieces that were found the least likely.
    pub fn lowest(&self, count: usize) -> f64 {
        let mut pieces = self.pieces.clone();
        pieces.sort_by(f32::total_cmp);
        pieces.truncate(count.max(1));
        Likelihood { pieces, agreement: None }.mean()
    }

    /// The share of pieces that were given less than this probability.
    pub fn below(&self, probability: f64) -> f64 {
        let unlikely = self.pieces.iter().filter(|&&piece| f64::from(piece) < probability.ln()).count();
        unlikely as f64 / self.pieces.len().max(1) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Likelihood, String> {
        serde_json::from_str(json).map_err(|error| error.to_string())
    }

    #[test]
    fn refuses_what_is_no_logarithm_of_a_probability() {
        for piece in [f32::NAN, 0.9, 1.0, f32::INFINITY, f32::NEG_INFINITY, 0.002] {
            let message = Likelihood::of([-0.1, piece]).unwrap_err().to_string();
            assert!(message.contains("piece 1") && message.contains("not above 0"), "{piece}: {message}");
        }
        assert_eq!(Likelihood::of([1e-4, -0.5]).unwrap(), Likelihood::of([0.0, -0.5]).unwrap(), "rounding");
    }

    #[test]
    fn an_agreement_is_a_share() {
        let likelihood = || Likelihood::of([-0.5]).unwrap().unwrap();
        for share in [f32::NAN, -0.1, 1.1] {
            assert!(likelihood().with_agreement(share).is_err(), "{share}");
        }
        assert_eq!(likelihood().with_agreement(1.0).unwrap().agreement(), Some(1.0));
    }

    #[test]
    fn what_is_read_is_held_to_the_same() {
        let likelihood = Likelihood::of([-0.5, -1.25]).unwrap().unwrap().with_agreement(0.5).unwrap();
        assert_eq!(read(&serde_json::to_string(&likelihood).unwrap()).unwrap(), likelihood);
        for (json, says) in [
            (r#"{"pieces": [0.9], "agreement": null}"#, "piece 0"),
            (r#"{"pieces": [], "agreement": null}"#, "no pieces"),
            (r#"{"pieces": [-0.5], "agreement": 2}"#, "agreement"),
        ] {
            let message = read(json).unwrap_err();
            assert!(message.contains(says), "{message}");
        }
    }
}
