//! Rotary position embedding.

use super::config::{Attention, Config};
use crate::part::Part;

/// Cosines and sines of the angles of positions, made when they are first asked for.
#[derive(Debug)]
pub(super) struct Rotary {
    half: usize,
    full: Angles,
    window: Angles,
}

#[derive(Debug)]
struct Angles {
    speeds: Vec<f64>,
    cosines: Vec<f32>,
    sines: Vec<f32>,
}

impl Rotary {
    pub fn new(config: &Config) -> Self {
        let half = config.head / 2;
        let angles = |attention| {
            let base = config.base(attention);
            let speeds = (0..half).map(|i| base.powf(-2. * i as f64 / config.head as f64)).collect();
            Angles { speeds, cosines: Vec::new(), sines: Vec::new() }
        };
        Rotary { half, full: angles(Attention::Full), window: angles(Attention::Window) }
    }

    /// Makes the angles of all positions before `end`.
    pub fn reach(&mut self, end: usize) {
        for angles in [&mut self.full, &mut self.window] {
            let known = angles.cosines.len() / self.half.max(1);
            for position in known..end {
                for speed in &angles.speeds {
                    // In f32, as transformers has it.
                    let (sine, cosine) = (position as f32 * *speed as f32).sin_cos();
                    angles.cosines.push(cosine);
                    angles.sines.push(sine);
                }
            }
        }
    }

    /// Cosines and sines of a position that [`Rotary::reach`] has reached, of half a head each.
    pub fn angles(&self, attention: Attention, position: usize) -> (&[f32], &[f32]) {
        let angles = match attention {
            Attention::Full => &self.full,
            Attention::Window => &self.window,
        };
        let range = position * self.half..(position + 1) * self.half;
        (angles.cosines.part(range.clone()), angles.sines.part(range))
    }
}
