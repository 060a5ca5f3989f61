//! How far the English of a segment can be trusted: one number, from all that is known about it.
//!
//! A logistic model over the [features](features), fitted on segments that people read and labelled
//! (`training/confidence/`); its weights are `weights.json`.

mod features;
mod model;

use features::{Features, NAMES};

use super::check::comparable;
use super::{Stop, Translated};
use crate::document::{Flag, FlagKind, Label};

/// All that tells whether the English of a segment can be trusted.
///
/// ```
/// use intisari::translate::{check, Evidence, Likelihood, Stop, Translated};
///
/// let source = "Warga tidak setuju.";
/// let english = Translated::new("Residents agreed.", Stop::End);
/// let flags = check(source, &english, &[]);
/// assert!(Evidence::new(source, &english, &[], &flags).is_none(), "the translator told no likelihood");
///
/// let english = english.with_likelihood(Likelihood::of([-0.2, -0.9, -0.1])?);
/// let evidence = Evidence::new(source, &english, &[], &flags).unwrap();
/// assert!((0.0..=1.0).contains(&evidence.confidence()));
/// # Ok::<(), intisari::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    features: Features,
    /// Whether there is no English to speak of: none, the source, or what ran into a limit or in circles. Too few of these were
    /// labelled for weights to learn it.
    hopeless: bool,
}

impl Evidence {
    /// Looks at a segment, its English, the names in it and the flags that [`check`](super::check) raised; `None` where the
    /// translator does not tell how likely it found its words, since the rest alone says too little, and where a segment is too long to be
    /// [compared](super::check).
    pub fn new(source: &str, english: &Translated, names: &[(&str, Label)], flags: &[Flag]) -> Option<Self> {
        let likelihood = english.likelihood.as_ref().filter(|_| comparable(source, &english.text))?;
        let features = features::of(source, english, likelihood, names, flags);
        let copied = flags.iter().any(|flag| flag.kind == FlagKind::CopiedSource);
        let hopeless = english.text.trim().is_empty() || english.stop != Stop::End || copied;
        Some(Evidence { features, hopeless })
    }

    /// Tells each segment of an article about the others: an article that is hard to translate is so in many places.
    pub fn share<'e>(article: impl IntoIterator<Item = &'e mut Evidence>) {
        let mut all: Vec<&mut Features> =
            article.into_iter().map(|evidence| &mut evidence.features).collect();
        features::share(&mut all);
    }

    /// How likely it is that the English does not mislead, 0 to 1, in thousandths.
    pub fn confidence(&self) -> f32 {
        let confidence = model::confidence(&self.features);
        match self.hopeless {
            true => confidence.min(model::threshold() as f32 / 2.),
            false => confidence,
        }
    }

    /// Whether the English is so likely to mislead that it is flagged.
    pub fn is_doubtful(&self) -> bool {
        f64::from(self.confidence()) < model::threshold()
    }

    /// What the confidence is computed from, by name.
    pub fn features(&self) -> impl Iterator<Item = (&'static str, f64)> + '_ {
        NAMES.into_iter().zip(self.features)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::translate::{check, Likelihood};

    #[test]
    fn what_is_no_english_is_doubtful_however_likely_the_model_found_it() {
        let source = "Warga desa meminta pemerintah segera memperbaiki jembatan yang rusak.";
        let good = "The villagers asked the government to repair the broken bridge soon.";
        for (english, stop, doubtful) in [
            (good, Stop::End, false),
            ("", Stop::End, true),
            (source, Stop::End, true),
            (good, Stop::Limit, true),
            (good, Stop::Loop, true),
        ] {
            let english =
                Translated::new(english, stop).with_likelihood(Likelihood::of([-0.05, -0.1, -0.05]).unwrap());
            let flags = check(source, &english, &[]);
            let evidence = Evidence::new(source, &english, &[], &flags).unwrap();
            assert_eq!(evidence.is_doubtful(), doubtful, "{english:?}: {}", evidence.confidence());
        }
    }
}
