//! One encoder for each family: rust-bert's, or ours where rust-bert's numbers are wrong. `docs/rust-bert-notes.md`
//! says where and why.

use rust_bert::albert::{AlbertConfig, AlbertModel};
use rust_bert::bert::{BertConfig, BertEmbeddings, BertModel};
use rust_bert::distilbert::{DistilBertConfig, DistilBertModel};
use rust_bert::electra::{ElectraConfig, ElectraModel};
use rust_bert::RustBertError;
use tch::{nn, Kind, Tensor};

use super::own::OwnEncoder;
use crate::label_model::{Config, Family};

/// The network from pieces to their last states.
pub(super) enum Encoder {
    Bert(Box<BertModel<BertEmbeddings>>),
    DistilBert(Box<DistilBertModel>),
    Electra(Box<ElectraModel>),
    Albert(Box<AlbertModel>),
    Own(Box<OwnEncoder>),
}

/// Layers that rust-bert makes and nobody asks for: published models for token classification have no pooler.
pub(super) fn is_unused(variable: &str) -> bool {
    variable.starts_with("albert.pooler.")
}

impl Encoder {
    pub(super) fn new(root: &nn::Path<'_>, config: &Config) -> Self {
        match config.family() {
            Family::Bert if config.has_built_in_epsilon() => {
                let model = BertModel::new_with_optional_pooler(root / "bert", &bert(config), false);
                Encoder::Bert(Box::new(model))
            }
            Family::Bert => Encoder::Own(Box::new(OwnEncoder::new(&(root / "bert"), config))),
            Family::Roberta => Encoder::Own(Box::new(OwnEncoder::new(&(root / "roberta"), config))),
            Family::Deberta | Family::DebertaV2 => {
                Encoder::Own(Box::new(OwnEncoder::new(&(root / "deberta"), config)))
            }
            Family::DistilBert => {
                Encoder::DistilBert(Box::new(DistilBertModel::new(root, &distilbert(config))))
            }
            Family::Electra => {
                Encoder::Electra(Box::new(ElectraModel::new(root / "electra", &electra(config))))
            }
            Family::Albert => Encoder::Albert(Box::new(AlbertModel::new(root / "albert", &albert(config)))),
        }
    }

    /// The last states, [inputs, pieces, hidden]. `ids`: [inputs, pieces]; `mask`: the same, 1 for pieces and 0 for
    /// padding; `kind`: that of the weights.
    pub(super) fn states(&self, ids: &Tensor, mask: &Tensor, kind: Kind) -> Result<Tensor, RustBertError> {
        let (some_ids, some_mask) = (Some(ids), Some(mask));
        Ok(match self {
            Encoder::Own(model) => model.states(ids, mask),
            Encoder::Bert(model) => {
                model.forward_t(some_ids, some_mask, None, None, None, None, None, false)?.hidden_state
            }
            Encoder::DistilBert(model) => model.forward_t(some_ids, some_mask, None, false)?.hidden_state,
            Encoder::Electra(model) => {
                // rust-bert adds the mask to the scores as it is, which hides nothing.
                let hiding = ((mask.ones_like() - mask) * -10_000.0).to_kind(kind);
                model.forward_t(some_ids, Some(&hiding), None, None, None, false)?.hidden_state
            }
            Encoder::Albert(model) => {
                model.forward_t(some_ids, some_mask, None, None, None, false)?.hidden_state
            }
        })
    }
}

fn bert(config: &Config) -> BertConfig {
    BertConfig {
        hidden_act: super::activation(config.activation()),
        hidden_size: config.hidden_size,
        intermediate_size: config.intermediate_size,
        max_position_embeddings: config.max_position_embeddings,
        num_attention_heads: config.num_attention_heads,
        num_hidden_layers: config.num_hidden_layers,
        type_vocab_size: config.types(),
        vocab_size: config.vocab_size,
        ..BertConfig::default()
    }
}

fn distilbert(config: &Config) -> DistilBertConfig {
    DistilBertConfig {
        activation: super::activation(config.activation()),
        dim: config.hidden_size,
        hidden_dim: config.intermediate_size,
        max_position_embeddings: config.max_position_embeddings,
        n_heads: config.num_attention_heads,
        n_layers: config.num_hidden_layers,
        sinusoidal_pos_embds: config.sinusoidal_pos_embds,
        vocab_size: config.vocab_size,
        ..DistilBertConfig::default()
    }
}

fn electra(config: &Config) -> ElectraConfig {
    ElectraConfig {
        hidden_act: super::activation(config.activation()),
        embedding_size: config.embedding_size(),
        hidden_size: config.hidden_size,
        intermediate_size: config.intermediate_size,
        layer_norm_eps: Some(config.epsilon()),
        max_position_embeddings: config.max_position_embeddings,
        num_attention_heads: config.num_attention_heads,
        num_hidden_layers: config.num_hidden_layers,
        pad_token_id: config.padding(),
        type_vocab_size: config.types(),
        vocab_size: config.vocab_size,
        ..ElectraConfig::default()
    }
}

fn albert(config: &Config) -> AlbertConfig {
    AlbertConfig {
        hidden_act: super::activation(config.activation()),
        embedding_size: config.embedding_size(),
        hidden_size: config.hidden_size,
        inner_group_num: config.inner_group_num,
        intermediate_size: config.intermediate_size,
        layer_norm_eps: Some(config.epsilon()),
        max_position_embeddings: config.max_position_embeddings,
        num_attention_heads: config.num_attention_heads,
        num_hidden_groups: config.num_hidden_groups,
        num_hidden_layers: config.num_hidden_layers,
        pad_token_id: config.padding(),
        type_vocab_size: config.types(),
        vocab_size: config.vocab_size,
        ..AlbertConfig::default()
    }
}
