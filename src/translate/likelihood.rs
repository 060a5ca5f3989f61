//! How likely a model found what it wrote.

use serde::{Deserialize, Serialize};

/// How likely a model found what it wrote: for each piece the natural logarithm of its probability.
///
/// ```
/// use intisari::translate::Likelihood;
///
/// let likelihood = Likelihood::of([-0.1, -2.3, -0.3]).unwrap();
/// assert!((likelihood.mean() + 0.9).abs() < 1e-6);
/// assert!((likelihood.lowest(1) + 2.3).abs() < 1e-6);
/// assert!((likelihood.lowest(2) + 1.3).abs() < 1e-6);
/// assert_eq!(Likelihood::of([]), None);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Likelihood {
    pieces: Vec<f32>,
    /// How much of the text the other texts have that were found beside it.
    agreement: Option<f32>,
}

impl Likelihood {
    /// The likelihood of a text from those of its pieces; `None` without pieces.
    pub fn of(pieces: impl IntoIterator<Item = f32>) -> Option<Self> {
        let pieces: Vec<f32> = pieces.into_iter().collect();
        (!pieces.is_empty()).then_some(Likelihood { pieces, agreement: None })
    }

    /// The same, where other texts that were found have this share of the words of this one.
    pub fn with_agreement(self, share: f32) -> Self {
        Likelihood { agreement: Some(share), ..self }
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
