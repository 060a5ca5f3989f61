//! How far a score can be trusted, and whether two systems differ: bootstrap and approximate randomization as in
//! sacreBLEU 2.6.0.

use std::ops::{AddAssign, Range};

use rand_pcg::rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;
use serde::{Deserialize, Serialize};

use super::parallel::in_parallel;

/// How often a set is drawn anew, and from which seed; the same seed gives the same figures on every machine. The default is 1000 sets from the
/// seed 12345, as in sacreBLEU.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resampling {
    /// Sets that are drawn; 1000 by default.
    pub samples: usize,
    /// Where the random numbers start; 12345 by default.
    pub seed: u64,
}

impl Default for Resampling {
    fn default() -> Self {
        Resampling { samples: 1000, seed: 12345 }
    }
}

/// The middle 95% of the scores of sets drawn with replacement, on the scale of the score.
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
    /// Score of the system minus that of the one it is compared with, on the scale of the score.
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

    /// Draws sets once for all figures that are made of the same counts. `system` has the counts of each item, `baseline`
    /// those of the system that it is compared with, for the same items in the same order. An empty set, no samples or
    /// lists of different length give draws without interval or comparison.
    pub fn draw<C>(&self, test: PairedTest, system: &[C], baseline: Option<&[C]>) -> Draws<C>
    where
        C: Default + Send + Sync + for<'c> AddAssign<&'c C>,
    {
        let samples = if system.is_empty() { 0 } else { self.samples };
        let baseline = baseline.filter(|baseline| baseline.len() == system.len() && samples > 0);
        let drawn: Vec<(C, C)> = in_parallel(samples, |part| {
            let sums = self.draws(part, system.len()).map(|draw| {
                let other = baseline.filter(|_| test == PairedTest::Bootstrap);
                (drawn(system, &draw), other.map_or_else(C::default, |baseline| drawn(baseline, &draw)))
            });
            sums.collect()
        });
        let swapped = baseline.filter(|_| test == PairedTest::ApproximateRandomization).map(|baseline| {
            in_parallel(samples, |part| {
                self.swaps(part, system.len()).map(|swaps| swapped(system, baseline, &swaps)).collect()
            })
        });
        Draws { drawn, swapped, totals: baseline.map(|baseline| (total(system), total(baseline))) }
    }

    /// Random numbers from where those of the sample `first` begin; one of `items` takes one number.
    fn random(&self, first: usize, items: usize) -> Pcg64Mcg {
        let mut random = Pcg64Mcg::seed_from_u64(self.seed);
        random.advance(first as u128 * items as u128);
        random
    }

    /// Positions of items, drawn with replacement: as many as there are items, for each sample of a range.
    fn draws(&self, samples: Range<usize>, items: usize) -> impl Iterator<Item = Vec<usize>> {
        let mut random = self.random(samples.start, items);
        samples.map(move |_| (0..items).map(|_| below(&mut random, items)).collect())
    }

    /// For each sample of a range and item whether the two systems' outputs change places.
    fn swaps(&self, samples: Range<usize>, items: usize) -> impl Iterator<Item = Vec<bool>> {
        let mut random = self.random(samples.start, items);
        samples.map(move |_| (0..items).map(|_| below(&mut random, 2) == 1).collect())
    }
}

/// Sums of counts over sets that were drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Draws<C> {
    /// Of sets drawn with replacement: the system, and what it is compared with where that is asked for.
    drawn: Vec<(C, C)>,
    /// Of sets in which outputs changed places, for that test.
    swapped: Option<Vec<(C, C)>>,
    /// Of the set itself, where there are two systems.
    totals: Option<(C, C)>,
}

impl<C> Draws<C> {
    /// The interval of the system's score; `score` turns summed counts into a figure. `None` where nothing was drawn, or a score is
    /// not finite.
    pub fn interval(&self, score: impl Fn(&C) -> f64) -> Option<Interval> {
        interval(self.drawn.iter().map(|(system, _)| score(system)).collect())
    }

    /// Whether the two systems differ. `None` where there are no two, nothing was drawn, or a score is not finite.
    pub fn compare(&self, score: impl Fn(&C) -> f64) -> Option<Comparison> {
        let (system, baseline) = self.totals.as_ref()?;
        let difference = score(system) - score(baseline);
        let apart = |(system, baseline): &(C, C)| (score(system) - score(baseline)).abs();
        let sets = self.swapped.as_ref().unwrap_or(&self.drawn);
        if !difference.is_finite() || !sets.iter().all(|set| apart(set).is_finite()) {
            return None;
        }
        Some(match &self.swapped {
            Some(swapped) => randomization(swapped.iter().map(apart), difference),
            None => bootstrap(self.drawn.iter().map(apart), difference),
        })
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
    if !scores.iter().all(|score| score.is_finite()) {
        return None;
    }
    scores.sort_by(f64::total_cmp);
    let cut = scores.len() / 40;
    let (low, high) = (*scores.get(cut)?, *scores.iter().nth_back(cut)?);
    Some(Interval { mean: scores.iter().sum::<f64>() / scores.len() as f64, low, high })
}

fn swapped<C>(system: &[C], baseline: &[C], swaps: &[bool]) -> (C, C)
where
    C: Default + for<'c> AddAssign<&'c C>,
{
    let (mut a, mut b) = (C::default(), C::default());
    for ((system, baseline), swap) in system.iter().zip(baseline).zip(swaps) {
        let (first, second) = if *swap { (baseline, system) } else { (system, baseline) };
        a += first;
        b += second;
    }
    (a, b)
}

/// `drawn`: how far the two are apart in each set drawn.
fn bootstrap(drawn: impl Iterator<Item = f64>, difference: f64) -> Comparison {
    let drawn: Vec<f64> = drawn.collect();
    let mean = drawn.iter().sum::<f64>() / drawn.len().max(1) as f64;
    let centered = drawn.iter().map(|difference| difference - mean);
    Comparison { difference, p_value: p_value(centered, difference) }
}

/// `swapped`: how far the two are apart in each set in which outputs changed places.
fn randomization(swapped: impl Iterator<Item = f64>, difference: f64) -> Comparison {
    Comparison { difference, p_value: p_value(swapped, difference) }
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

        let difference = score(&total(&system)) - score(&total(&baseline));
        let apart = |a: &BleuCounts, b: &BleuCounts| (score(a) - score(b)).abs();
        let both = stored.draws.iter().map(|draw| apart(&drawn(&system, draw), &drawn(&baseline, draw)));
        let ours = bootstrap(both, difference);
        assert!((ours.p_value - stored.bootstrap.p_value).abs() < 1e-12);
        assert!((ours.difference - (stored.bootstrap.system - stored.bootstrap.baseline)).abs() < 1e-10);
        let drawn = interval(stored.draws.iter().map(|draw| score(&drawn(&system, draw))).collect()).unwrap();
        assert!((drawn.mean - stored.bootstrap.mean.unwrap()).abs() < 1e-4, "sacreBLEU sums in 32 bits");
        assert!(((drawn.high - drawn.low) / 2.0 - stored.bootstrap.ci.unwrap()).abs() < 1e-4);

        // sacreBLEU's first pseudo-system takes the baseline where the mask is set.
        let both = stored.swaps.iter().map(|swaps| swapped(&system, &baseline, swaps));
        let ours = randomization(both.map(|(a, b)| apart(&a, &b)), difference);
        assert!((ours.p_value - stored.randomization.p_value).abs() < 1e-12);
    }

    #[test]
    fn the_same_seed_gives_the_same_figures() {
        let items: Vec<Hits> =
            (0..50).map(|i| Hits { correct: i % 3, predicted: 3, gold: 2 + i % 2 }).collect();
        let f1 = |hits: &Hits| hits.prf().f1;
        let of = |resampling: Resampling| resampling.draw(PairedTest::Bootstrap, &items, None).interval(f1);
        let interval = of(Resampling::default()).unwrap();
        assert_eq!(Some(interval), of(Resampling::default()));
        assert_ne!(Some(interval), of(Resampling { seed: 1, ..Resampling::default() }));
        assert!(interval.low < interval.mean && interval.mean < interval.high);
        // Fixed: a change here changes every published interval.
        assert_eq!(format!("{:.6} {:.6}", interval.low, interval.high), "0.275362 0.439560");
    }

    #[test]
    fn samples_are_the_same_wherever_a_part_begins() {
        let resampling = Resampling { samples: 7, seed: 3 };
        let whole: Vec<Vec<usize>> = resampling.draws(0..7, 11).collect();
        let parts: Vec<Vec<usize>> = resampling.draws(0..3, 11).chain(resampling.draws(3..7, 11)).collect();
        assert_eq!(whole, parts);
        let late: Vec<Vec<bool>> = resampling.swaps(6..7, 11).collect();
        assert_eq!(resampling.swaps(0..7, 11).last(), late.into_iter().next());
    }

    #[test]
    fn equal_systems_do_not_differ_and_unequal_ones_do() {
        let good = vec![Hits { correct: 3, predicted: 3, gold: 3 }; 40];
        let bad = vec![Hits { correct: 1, predicted: 3, gold: 3 }; 40];
        let f1 = |hits: &Hits| hits.prf().f1;
        for test in [PairedTest::Bootstrap, PairedTest::ApproximateRandomization] {
            let compare = |a, b| Resampling::default().draw(test, a, Some(b)).compare(f1).unwrap();
            assert_eq!(compare(&good, &bad).p_value, 1.0 / 1001.0);
            assert!(compare(&good, &bad).difference > 0.6);
            assert_eq!(compare(&bad, &bad).p_value, 1.0);
        }
    }

    #[test]
    fn nothing_has_no_interval() {
        let f1 = |hits: &Hits| hits.prf().f1;
        let (one, none): (&[Hits], &[Hits]) = (&[Hits::default()], &[]);
        let (all, no_samples) = (Resampling::default(), Resampling { samples: 0, seed: 1 });
        for test in [PairedTest::Bootstrap, PairedTest::ApproximateRandomization] {
            assert_eq!(all.draw(test, none, None).interval(f1), None);
            assert_eq!(no_samples.draw(test, one, None).interval(f1), None);
            assert_eq!(no_samples.draw(test, one, Some(one)).compare(f1), None);
            assert_eq!(all.draw(test, one, Some(none)).compare(f1), None);
        }
    }
}
