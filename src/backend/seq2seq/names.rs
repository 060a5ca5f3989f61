//! Tensors that published files leave out, since they are others or can be computed.

use std::collections::HashMap;

use tch::Tensor;

use crate::seq2seq::family::Family;

/// Names of one tensor; the first is rust-bert's.
const SHARED: [&[&str]; 3] = [
    &[
        "model.shared.weight",
        "model.encoder.embed_tokens.weight",
        "model.decoder.embed_tokens.weight",
        "lm_head.weight",
    ],
    &["shared.weight", "encoder.embed_tokens.weight", "decoder.embed_tokens.weight", "lm_head.weight"],
    &[
        "prophetnet.word_embeddings.weight",
        "prophetnet.encoder.word_embeddings.weight",
        "prophetnet.decoder.word_embeddings.weight",
        "lm_head.weight",
    ],
];

/// Adds what is left out, so that each of rust-bert's variables finds its tensor.
pub(super) fn complete(
    tensors: &mut HashMap<String, Tensor>,
    family: Family,
    tied: bool,
    positions: i64,
    width: i64,
) {
    let names = match family {
        Family::T5 | Family::Mt5 | Family::LongT5 => SHARED[1],
        Family::ProphetNet => SHARED[2],
        _ => SHARED[0],
    };
    // An output of its own says nothing about the embedding.
    let names = if tied { names } else { names.split_last().map_or(names, |(_, rest)| rest) };
    if let Some(found) = names.iter().find_map(|name| tensors.get(*name)).map(Tensor::shallow_clone) {
        for name in names {
            tensors.entry((*name).to_owned()).or_insert_with(|| found.shallow_clone());
        }
        let rows = found.size().first().copied().unwrap_or_default();
        let nothing = || Tensor::zeros([1, rows], (tch::Kind::Float, tch::Device::Cpu));
        tensors.entry("final_logits_bias".to_owned()).or_insert_with(nothing);
    }
    if family == Family::Marian {
        for part in ["encoder", "decoder"] {
            let name = format!("model.{part}.embed_positions.weight");
            tensors.entry(name).or_insert_with(|| sinusoids(positions, width));
        }
    }
}

/// Positions as sines in the first half of each row and cosines in the second: Vaswani et al. (2017), with the halves
/// apart as in Marian's and Pegasus' published models.
pub(super) fn sinusoids(positions: i64, width: i64) -> Tensor {
    let columns = (0..width).step_by(2).chain((1..width).step_by(2));
    let columns: Vec<(i64, f64)> =
        columns.map(|column| (column, 10_000f64.powf(2.0 * (column / 2) as f64 / width as f64))).collect();
    let value = |position: i64, &(column, scale): &(i64, f64)| {
        let angle = position as f64 / scale;
        (if column % 2 == 0 { angle.sin() } else { angle.cos() }) as f32
    };
    let values: Vec<f32> = (0..positions)
        .flat_map(|position| columns.iter().map(move |column| value(position, column)))
        .collect();
    Tensor::from_slice(&values).view([positions, width])
}
