//! Pegasus (Zhang et al., 2020) with rust-bert's cache. rust-bert holds Pegasus' positions in 16 bits, which moves scores
//! by more than a thousandth, and nothing outside can reach them; so this network stands here.

use rust_bert::bart::LayerState;
use rust_bert::mbart::MBartConfig;
use rust_bert::Activation;
use tch::{nn, Kind, Tensor};

use super::names::sinusoids;
use super::Layers;

type State = (Option<LayerState>, Option<LayerState>);

#[derive(Debug)]
pub(super) struct Pegasus {
    embedding: nn::Embedding,
    bias: Tensor,
    positions: Tensor,
    scale: f64,
    encoder: Vec<EncoderLayer>,
    encoder_norm: nn::LayerNorm,
    decoder: Vec<DecoderLayer>,
    decoder_norm: nn::LayerNorm,
}

impl Pegasus {
    /// Sets the variables up by their published names.
    pub(super) fn new(root: &nn::Path<'_>, config: &MBartConfig) -> Self {
        let model = root / "model";
        let width = config.d_model;
        let activation = config.activation_function.unwrap_or(Activation::gelu);
        let norm = |path: nn::Path<'_>| nn::layer_norm(path, vec![width], nn::LayerNormConfig::default());
        let layers = &model / "encoder" / "layers";
        let encoder = (0..config.encoder_layers).map(|index| {
            let sizes = (width, config.encoder_attention_heads, config.encoder_ffn_dim);
            EncoderLayer::new(&(&layers / index), sizes, activation)
        });
        let encoder = encoder.collect();
        let layers = &model / "decoder" / "layers";
        let decoder = (0..config.decoder_layers).map(|index| {
            let path = &layers / index;
            let sizes = (width, config.decoder_attention_heads, config.decoder_ffn_dim);
            DecoderLayer {
                own: EncoderLayer::new(&path, sizes, activation),
                source: Attention::new(&(&path / "encoder_attn"), width, config.decoder_attention_heads),
                source_norm: norm(&path / "encoder_attn_layer_norm"),
            }
        });
        let decoder = decoder.collect();
        Pegasus {
            embedding: nn::embedding(
                &model / "shared",
                config.vocab_size,
                width,
                nn::EmbeddingConfig::default(),
            ),
            bias: root.var("final_logits_bias", &[1, config.vocab_size], nn::Init::Const(0.0)),
            positions: sinusoids(config.max_position_embeddings, width).to_device(root.device()),
            scale: if config.scale_embedding.unwrap_or(false) { (width as f64).sqrt() } else { 1.0 },
            encoder,
            encoder_norm: norm(&model / "encoder" / "layer_norm"),
            decoder,
            decoder_norm: norm(&model / "decoder" / "layer_norm"),
        }
    }

    /// The states of sources, [rows × pieces × width]; `mask` is 0 at padding.
    pub(super) fn encode(&self, ids: &Tensor, mask: &Tensor) -> Tensor {
        let mask = hidden(mask);
        let mut states = self.embed(ids, 0);
        for layer in &self.encoder {
            let (attended, _) = layer.attend(&states, Some(&mask), None);
            states = layer.feed(&attended);
        }
        states.apply(&self.encoder_norm)
    }

    /// The scores of what follows `ids`, one piece per row, [rows × 1 × vocabulary].
    pub(super) fn step(
        &self,
        ids: &Tensor,
        source: &Tensor,
        mask: &Tensor,
        layers: &mut Layers<LayerState>,
    ) -> Tensor {
        let mask = hidden(mask);
        let states: Vec<State> =
            layers.take().unwrap_or_else(|| self.decoder.iter().map(|_| (None, None)).collect());
        let written = states.first().and_then(|(own, _)| own.as_ref()?.prev_key.size().get(2).copied());
        let mut x = self.embed(ids, written.unwrap_or(0));
        let mut next = Vec::with_capacity(states.len());
        for (layer, (own, read)) in self.decoder.iter().zip(states) {
            let (attended, own) = layer.own.attend(&x, None, own);
            let query = attended.apply(&layer.source_norm);
            let (seen, read) = layer.source.forward(&query, Some(source), Some(&mask), read);
            x = layer.own.feed(&(attended + seen));
            next.push((Some(own), Some(read)));
        }
        *layers = Some(next);
        x.apply(&self.decoder_norm).linear(&self.embedding.ws, None::<&Tensor>) + &self.bias
    }

    fn embed(&self, ids: &Tensor, from: i64) -> Tensor {
        let x = ids.apply(&self.embedding) * self.scale;
        let length = ids.size().last().copied().unwrap_or_default();
        let positions = self.positions.narrow(0, from, length).to_kind(x.kind());
        x + positions
    }
}

/// Where attention must not look, for scores of [rows × heads × pieces × pieces].
fn hidden(mask: &Tensor) -> Tensor {
    mask.eq(0).unsqueeze(1).unsqueeze(1)
}

/// Attention to a layer's own text and what follows it: all of an encoder's layer, most of a decoder's.
#[derive(Debug)]
struct EncoderLayer {
    attention: Attention,
    attention_norm: nn::LayerNorm,
    wide: nn::Linear,
    narrow: nn::Linear,
    norm: nn::LayerNorm,
    activation: Activation,
}

impl EncoderLayer {
    fn new(path: &nn::Path<'_>, (width, heads, wide): (i64, i64, i64), activation: Activation) -> Self {
        let norm = |path: nn::Path<'_>| nn::layer_norm(path, vec![width], nn::LayerNormConfig::default());
        EncoderLayer {
            attention: Attention::new(&(path / "self_attn"), width, heads),
            attention_norm: norm(path / "self_attn_layer_norm"),
            wide: nn::linear(path / "fc1", width, wide, nn::LinearConfig::default()),
            narrow: nn::linear(path / "fc2", wide, width, nn::LinearConfig::default()),
            norm: norm(path / "final_layer_norm"),
            activation,
        }
    }

    fn attend(&self, x: &Tensor, mask: Option<&Tensor>, state: Option<LayerState>) -> (Tensor, LayerState) {
        let (seen, state) = self.attention.forward(&x.apply(&self.attention_norm), None, mask, state);
        (x + seen, state)
    }

    fn feed(&self, x: &Tensor) -> Tensor {
        let inner = self.activation.get_function().get_fn()(&x.apply(&self.norm).apply(&self.wide));
        x + inner.apply(&self.narrow)
    }
}

#[derive(Debug)]
struct DecoderLayer {
    own: EncoderLayer,
    source: Attention,
    source_norm: nn::LayerNorm,
}

#[derive(Debug)]
struct Attention {
    query: nn::Linear,
    key: nn::Linear,
    value: nn::Linear,
    out: nn::Linear,
    heads: i64,
}

impl Attention {
    fn new(path: &nn::Path<'_>, width: i64, heads: i64) -> Self {
        let linear = |name: &str| nn::linear(path / name, width, width, nn::LinearConfig::default());
        Attention {
            query: linear("q_proj"),
            key: linear("k_proj"),
            value: linear("v_proj"),
            out: linear("out_proj"),
            heads,
        }
    }

    /// Attention of `x` to `source`, or to itself and what `state` has of before.
    fn forward(
        &self,
        x: &Tensor,
        source: Option<&Tensor>,
        mask: Option<&Tensor>,
        state: Option<LayerState>,
    ) -> (Tensor, LayerState) {
        let split = |x: Tensor| {
            let size = x.size();
            let (rows, length) = (size.first().copied().unwrap_or(1), size.get(1).copied().unwrap_or(1));
            x.view([rows, length, self.heads, -1]).transpose(1, 2)
        };
        let query = split(x.apply(&self.query));
        let fresh = |x: &Tensor| (split(x.apply(&self.key)), split(x.apply(&self.value)));
        let (key, value) = match (source, state) {
            (Some(_), Some(state)) => (state.prev_key, state.prev_value),
            (Some(source), None) => fresh(source),
            (None, Some(state)) => {
                let (key, value) = fresh(x);
                (Tensor::cat(&[state.prev_key, key], 2), Tensor::cat(&[state.prev_value, value], 2))
            }
            (None, None) => fresh(x),
        };
        let width = query.size().last().copied().unwrap_or(1) as f64;
        let mut scores = query.matmul(&key.transpose(2, 3)) / width.sqrt();
        if let Some(mask) = mask {
            scores = scores.masked_fill(mask, f64::NEG_INFINITY);
        }
        let kind = scores.kind();
        let seen = scores.softmax(-1, Kind::Float).to_kind(kind).matmul(&value).transpose(1, 2).contiguous();
        let seen = seen.flatten(2, 3).apply(&self.out);
        (seen, LayerState { prev_key: key, prev_value: value })
    }
}
