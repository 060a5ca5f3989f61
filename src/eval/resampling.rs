//! How far a score can be trusted, and whether two systems differ: bootstrap and approximate randomization as in
//! sacreBLEU 2.6.0.

use std::ops::AddAssign;

use rand_pcg::rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;
use serde::{Deserialize, Serialize};

/// How often a set is drawn anew, and from which seed; the same seed gives the same figures on every machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resampling {
    /// Sets that are drawn.
    pub samples: usize,
    /// Where the random numbers start.
    pub seed: u64,
}

impl Default for Resampling {
    fn default() -> Self {
        Resampling { samples: 1000, seed: 12345 }
    }
}

/// The middle 95% of the scores of sets drawn with replacement.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Mean of the scores.
    pub mean: f64,
    /// One in 40 of the scores is lower.
    pub low: f64,
    /// One in 40 of the scores is higher.
    pub high: f64,
}

/// How two systems differ on the same items.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Score of the system minus that of the one it is compared with.
    pub difference: f64,
    /// Probability of a difference at least as large if both were equally good.
    pub p_value: f64,
}

/// Tests for two systems on the same items.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PairedTest {
    /// Both systems' scores on sets drawn with replacement (Koehn 2004).
    #[default]
    Bootstrap,
    /// Outputs swapped between the systems at random (Riezler and Maxwell 2005).
    ApproximateRandomization,
}

impl Resampling {
    /// The settings as a part of a signature, in sacreBLEU's names.
    pub fn signature(&self, test: PairedTest) -> String {
        let name = match test {
            PairedTest::Bootstrap => "bs",
            PairedTest::ApproximateRandomization => "ar",
        };
        format!("{name}:{}|seed:{}|rng:pcg64mcg", self.samples, self.seed)
    }

    /// The interval of the score of a set: `items` are the counts of its items, `score` turns their sum into a figure.
    /// `None` for an empty set or no samples.
    pub fn interval<C>(&self, items: &[C], score: impl Fn(&C) -> f64) -> Option<Interval>
    where
        C: Default + for<'c> AddAssign<&'c C>,
    {
        let scores = self.draws(items.len()).map(|draw| score(&drawn(items, &draw)));
        interval(scores.collect())
    }

    /// Whether `system` differs from `baseline` on the same items: counts of each item under both, in the same order.
    /// `None` for an empty set, no samples, or lists of different length.
    pub fn compare<C>(
        &self,
        test: PairedTest,
        system: &[C],
        baseline: &[C],
        score: impl Fn(&C) -> f64,
    ) -> Option<Comparison>
    where
        C: Default + for<'c> AddAssign<&'c C>,
    {
        if system.len() != baseline.len() || system.is_empty() || self.samples == 0 {
            return None;
        }
        Some(match test {
            PairedTest::Bootstrap => bootstrap(self.draws(system.len()), system, baseline, score),
            PairedTest::ApproximateRandomization => {
                randomization(self.swaps(system.len()), system, baseline, score)
            }
        })
    }

    /// Positions of items, drawn with replacement: as many as there are items, for each sample.
    fn draws(&self, items: usize) -> impl Iterator<Item = Vec<usize>> {
        let mut random = Pcg64Mcg::seed_from_u64(self.seed);
        let samples = if items == 0 { 0 } else { self.samples };
        (0..samples).map(move |_| (0..items).map(|_| below(&mut random, items)).collect())
    }

    /// For each sample and item whether the two systems' outputs change places.
    fn swaps(&self, items: usize) -> impl Iterator<Item = Vec<bool>> {
        let mut random = Pcg64Mcg::seed_from_u64(self.seed);
        (0..self.samples).map(move |_| (0..items).map(|_| below(&mut random, 2) == 1).collect())
    }
}

/// A number below `bound`, by multiplication (Lemire 2019); its bias, `bound` in 2^64, is beyond notice.
fn below(random: &mut Pcg64Mcg, bound: usize) -> usize {
    let wide = u128::from(random.next_u64()) * bound as u128;
    (wide >> 64) as usize
}

fn drawn<C>(items: &[C], draw: &[usize]) -> C
where
    C: Default + for<'c> AddAssign<&'c C>,
{
    let mut sum = C::default();
    for item in draw.iter().filter_map(|at| items.get(*at)) {
        sum += item;
    }
    sum
}

fn total<C>(items: &[C]) -> C
where
    C: Default + for<'c> AddAssign<&'c C>,
{
    let mut sum = C::default();
    for item in items {
        sum += item;
    }
    sum
}

fn interval(mut scores: Vec<f64>) -> Option<Interval> {
    scores.sort_by(f64::total_cmp);
    let cut = scores.len() / 40;
    let (low, high) = (*scores.get(cut)?, *scores.iter().nth_back(cut)?);
    Some(Interval { mean: scores.iter().sum::<f64>() / scores.len() as f64, low, high })
}

fn bootstrap<C>(
    draws: impl Iterator<Item = Vec<usize>>,
    system: &[C],
    baseline: &[C],
    score: impl Fn(&C) -> f64,
) -> Comparison
where
    C: Default + for<'c> AddAssign<&'c C>,
{
    let difference = score(&total(system)) - score(&total(baseline));
    let drawn: Vec<f64> =
        draws.map(|draw| (score(&drawn(system, &draw)) - score(&drawn(baseline, &draw))).abs()).collect();
    let mean = drawn.iter().sum::<f64>() / drawn.len().max(1) as f64;
    let centered = drawn.iter().map(|difference| difference - mean);
    Comparison { difference, p_value: p_value(centered, difference) }
}

fn randomization<C>(
    swaps: impl Iterator<Item = Vec<bool>>,
    system: &[C],
    baseline: &[C],
    score: impl Fn(&C) -> f64,
) -> Comparison
where
    C: Default + for<'c> AddAssign<&'c C>,
{
    let difference = score(&total(system)) - score(&total(baseline));
    let shuffled = swaps.map(|swaps| {
        let (mut a, mut b) = (C::default(), C::default());
        for ((system, baseline), swap) in system.iter().zip(baseline).zip(swaps) {
            let (first, second) = if swap { (baseline, system) } else { (system, baseline) };
            a += first;
            b += second;
        }
        (score(&a) - score(&b)).abs()
    });
    Comparison { difference, p_value: p_value(shuffled, difference) }
}

/// The part of random differences above the real one, which counts as one of them (as in multeval). No difference at
/// all is no evidence of one; sacreBLEU gives its lowest value there.
fn p_value(random: impl Iterator<Item = f64>, difference: f64) -> f64 {
    if difference == 0.0 {
        return 1.0;
    }
    let (mut above, mut all) = (0u32, 0u32);
    for value in random {
        above += u32::from(value > difference.abs());
        all += 1;
    }
    f64::from(above + 1) / f64::from(all + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::{Bleu, BleuCounts, Hits};

    #[derive(serde::Deserialize)]
    struct Stored {
        references: Vec<String>,
        system: Vec<String>,
        baseline: Vec<String>,
        draws: Vec<Vec<usize>>,
        swaps: Vec<Vec<bool>>,
        bootstrap: Expected,
        randomization: Expected,
    }

    #[derive(serde::Deserialize)]
    struct Expected {
        system: f64,
        baseline: f64,
        mean: Option<f64>,
        ci: Option<f64>,
        p_value: f64,
    }

    fn counts(outputs: &[String], references: &[String]) -> Vec<BleuCounts> {
        outputs.iter().zip(references).map(|(o, r)| Bleu::default().counts(o, &[r])).collect()
    }

    fn score(counts: &BleuCounts) -> f64 {
        Bleu::default().score(counts).score
    }

    #[test]
    fn equals_sacrebleu_on_the_same_draws() {
        let path = format!("{}/tests/data/eval/resampling.json", env!("CARGO_MANIFEST_DIR"));
        let stored: Stored = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let system = counts(&stored.system, &stored.references);
        let baseline = counts(&stored.baseline, &stored.references);

        let ours = bootstrap(stored.draws.clone().into_iter(), &system, &baseline, score);
        assert!((ours.p_value - stored.bootstrap.p_value).abs() < 1e-12);
        assert!((ours.difference - (stored.bootstrap.system - stored.bootstrap.baseline)).abs() < 1e-10);
        let drawn = interval(stored.draws.iter().map(|draw| score(&drawn(&system, draw))).collect()).unwrap();
        assert!((drawn.mean - stored.bootstrap.mean.unwrap()).abs() < 1e-4, "sacreBLEU sums in 32 bits");
        assert!(((drawn.high - drawn.low) / 2.0 - stored.bootstrap.ci.unwrap()).abs() < 1e-4);

        // sacreBLEU's first pseudo-system takes the baseline where the mask is set.
        let ours = randomization(stored.swaps.into_iter(), &system, &baseline, score);
        assert!((ours.p_value - stored.randomization.p_value).abs() < 1e-12);
    }

    #[test]
    fn the_same_seed_gives_the_same_figures() {
        let items: Vec<Hits> =
            (0..50).map(|i| Hits { correct: i % 3, predicted: 3, gold: 2 + i % 2 }).collect();
        let f1 = |hits: &Hits| hits.prf().f1;
        let interval = Resampling::default().interval(&items, f1).unwrap();
        assert_eq!(Some(interval), Resampling::default().interval(&items, f1));
        assert_ne!(Some(interval), Resampling { seed: 1, ..Resampling::default() }.interval(&items, f1));
        assert!(interval.low < interval.mean && interval.mean < interval.high);
        // Fixed: a change here changes every published interval.
        assert_eq!(format!("{:.6} {:.6}", interval.low, interval.high), "0.275362 0.439560");
    }

    #[test]
    fn equal_systems_do_not_differ_and_unequal_ones_do() {
        let good = vec![Hits { correct: 3, predicted: 3, gold: 3 }; 40];
        let bad = vec![Hits { correct: 1, predicted: 3, gold: 3 }; 40];
        let f1 = |hits: &Hits| hits.prf().f1;
        for test in [PairedTest::Bootstrap, PairedTest::ApproximateRandomization] {
            let compare = |a, b| Resampling::default().compare(test, a, b, f1).unwrap();
            assert_eq!(compare(&good, &bad).p_value, 1.0 / 1001.0);
            assert!(compare(&good, &bad).difference > 0.6);
            assert_eq!(compare(&bad, &bad).p_value, 1.0);
        }
    }

    #[test]
    fn nothing_has_no_interval() {
        let f1 = |hits: &Hits| hits.prf().f1;
        assert_eq!(Resampling::default().interval(&[], f1), None);
        let none = Resampling { samples: 0, seed: 1 };
        assert_eq!(none.interval(&[Hits::default()], f1), None);
        assert_eq!(none.compare(PairedTest::Bootstrap, &[Hits::default()], &[Hits::default()], f1), None);
        let all = Resampling::default();
        assert_eq!(all.compare(PairedTest::Bootstrap, &[Hits::default()], &[], f1), None);
    }
}
