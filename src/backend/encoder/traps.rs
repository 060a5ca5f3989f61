//! Where rust-bert 0.23 computes something else than the models were trained with. A test that fails here says that a
//! newer rust-bert is right, and that the code around it can go; see `docs/rust-bert-notes.md`.

use std::fs;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::path::{Path, PathBuf};

use rust_bert::albert::{AlbertConfig, AlbertForTokenClassification};
use rust_bert::bert::BertConfig;
use rust_bert::deberta::{DebertaConfig, DebertaForTokenClassification};
use rust_bert::deberta_v2::{DebertaV2Config, DebertaV2ForTokenClassification};
use rust_bert::distilbert::DistilBertConfig;
use rust_bert::electra::{ElectraConfig, ElectraForTokenClassification};
use rust_bert::roberta::RobertaForTokenClassification;
use rust_bert::Config;
use serde_json::json;
use tch::{nn, Device, Kind, Tensor};

use crate::backend::weights::Weights;

fn folder(family: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/families/ner").join(family)
}

/// A stored tensor: the pieces of an input, or its scores.
fn reference(family: &str, name: &str) -> Tensor {
    let stored = Tensor::read_safetensors(folder(family).join("reference.safetensors")).unwrap();
    stored.into_iter().find(|(found, _)| found == name).unwrap().1
}

/// A rust-bert model with the weights of the family's folder.
fn model<M>(family: &str, new: impl FnOnce(&nn::Path<'_>) -> M) -> M {
    let variables = nn::VarStore::new(Device::Cpu);
    let model = new(&variables.root());
    Weights::read(&folder(family)).unwrap().fill(&variables, |_| false).unwrap();
    model
}

/// How far the scores of an input alone are from the stored ones, at most.
fn distance(family: &str, scores: impl FnOnce(&Tensor, &Tensor) -> Tensor) -> f64 {
    let ids = reference(family, "1.0.ids").unsqueeze(0);
    let found = tch::no_grad(|| scores(&ids, &ids.ones_like()));
    (found.squeeze_dim(0) - reference(family, "1.0.scores")).abs().max().double_value(&[])
}

fn config<C: Config>(family: &str) -> C {
    C::from_file(folder(family).join("config.json"))
}

/// The same with fields changed.
fn changed<C: Config>(family: &str, fields: serde_json::Value) -> C {
    let text = fs::read_to_string(folder(family).join("config.json")).unwrap();
    let mut config: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&text).unwrap();
    config.extend(fields.as_object().unwrap().clone());
    let changed = tempfile::NamedTempFile::new().unwrap();
    fs::write(&changed, serde_json::to_string(&config).unwrap()).unwrap();
    C::from_file(changed.path())
}

#[test]
fn norms_of_bert_and_roberta_have_one_epsilon_built_in() {
    let roberta = model("roberta", |root| {
        RobertaForTokenClassification::new(root, &config::<BertConfig>("roberta")).unwrap()
    });
    let far = distance("roberta", |ids, mask| {
        roberta.forward_t(Some(ids), Some(mask), None, None, None, false).logits
    });
    assert!(far > 1e-4, "{far}");
}

#[test]
fn roberta_takes_piece_1_for_padding_whatever_the_configuration_says() {
    let scores = |padding: i64| {
        let config: BertConfig = changed("roberta", json!({ "pad_token_id": padding }));
        let roberta = model("roberta", |root| RobertaForTokenClassification::new(root, &config).unwrap());
        let ids = reference("roberta", "1.0.ids").unsqueeze(0);
        tch::no_grad(|| roberta.forward_t(Some(&ids), None, None, None, None, false).logits)
    };
    assert_eq!(scores(1), scores(3));
}

#[test]
fn deberta_takes_the_number_of_heads_for_the_length_of_the_input() {
    let deberta = model("deberta", |root| {
        DebertaForTokenClassification::new(root, &config::<DebertaConfig>("deberta")).unwrap()
    });
    let far = distance("deberta", |ids, mask| {
        deberta.forward_t(Some(ids), Some(mask), None, None, None, false).unwrap().logits
    });
    assert!(far > 0.1, "{far}");
}

#[test]
fn deberta_v2_looks_distances_up_in_the_wrong_rows() {
    let deberta = model("deberta-v3", |root| {
        DebertaV2ForTokenClassification::new(root, &config::<DebertaV2Config>("deberta-v3")).unwrap()
    });
    let far = distance("deberta-v3", |ids, mask| {
        deberta.forward_t(Some(ids), Some(mask), None, None, None, false).unwrap().logits
    });
    assert!(far > 0.1, "{far}");
}

#[test]
fn electra_does_not_hide_padding() {
    let electra = model("electra", |root| {
        ElectraForTokenClassification::new(root, &config::<ElectraConfig>("electra")).unwrap()
    });
    let scores = |ids: &Tensor, mask: &Tensor| {
        electra.forward_t(Some(ids), Some(mask), None, None, None, false).logits
    };
    let alone = distance("electra", scores);
    assert!(alone < 1e-4, "{alone}");
    let ids = reference("electra", "1.0.ids");
    let padding = Tensor::zeros([4], (Kind::Int64, Device::Cpu));
    let padded = Tensor::cat(&[&ids, &padding], 0).unsqueeze(0);
    let mask = Tensor::cat(&[&ids.ones_like(), &padding], 0).unsqueeze(0);
    let found = tch::no_grad(|| scores(&padded, &mask)).squeeze_dim(0).narrow(0, 0, ids.size()[0]);
    let far = (found - reference("electra", "1.0.scores")).abs().max().double_value(&[]);
    assert!(far > 1e-2, "{far}");
}

#[test]
fn albert_asks_for_a_pooler_that_is_not_published() {
    let variables = nn::VarStore::new(Device::Cpu);
    let _model = AlbertForTokenClassification::new(variables.root(), &config("albert"));
    let error =
        Weights::read(&folder("albert")).unwrap().fill(&variables, |_| false).unwrap_err().to_string();
    assert!(error.contains("albert.pooler."), "{error}");
}

#[test]
fn deberta_has_a_norm_as_narrow_as_its_embeddings() {
    let variables = nn::VarStore::new(Device::Cpu);
    let config: DebertaConfig = changed("deberta", json!({ "embedding_size": 8 }));
    let _model = DebertaForTokenClassification::new(variables.root(), &config).unwrap();
    let norm = &variables.variables()["deberta.embeddings.LayerNorm.weight"];
    assert_eq!(norm.size(), [8]);
}

#[test]
fn deberta_does_not_run_in_half_precision() {
    let mut variables = nn::VarStore::new(Device::Cpu);
    let deberta = DebertaForTokenClassification::new(variables.root(), &config("deberta")).unwrap();
    variables.set_kind(Kind::BFloat16);
    let ids = reference("deberta", "1.0.ids").unsqueeze(0);
    let run = || deberta.forward_t(Some(&ids), Some(&ids.ones_like()), None, None, None, false);
    let result = tch::no_grad(|| catch_unwind(AssertUnwindSafe(run)));
    assert!(!matches!(result, Ok(Ok(_))));
}

#[test]
fn distilbert_asks_for_a_field_that_is_not_published() {
    assert!(catch_unwind(|| config::<DistilBertConfig>("distilbert")).is_err());
    let _config: DistilBertConfig = changed("distilbert", json!({ "tie_weights_": true }));
}

#[test]
fn an_unknown_kind_of_attention_ends_in_a_panic() {
    let read = || changed::<DebertaConfig>("deberta", json!({ "pos_att_type": "c2p|x2y" }));
    assert!(catch_unwind(read).is_err());
}

#[test]
fn albert_has_as_many_groups_as_a_group_has_layers() {
    let variables = nn::VarStore::new(Device::Cpu);
    let config: AlbertConfig = changed("albert", json!({ "num_hidden_groups": 2, "inner_group_num": 1 }));
    let _model = AlbertForTokenClassification::new(variables.root(), &config);
    let variables = variables.variables();
    let has =
        |group: usize| variables.keys().any(|name| name.contains(&format!("albert_layer_groups.{group}.")));
    assert!(has(0) && !has(1), "{:?}", variables.keys());
}
