//! Where rust-bert 0.23 computes something else than the models were trained with, or cannot read what is published. A test
//! that fails here says that a newer rust-bert is right, and that the code around it can go; see
//! `docs/rust-bert-notes.md`.

use std::panic::{catch_unwind, AssertUnwindSafe};

use rust_bert::bart::BartConfig;
use rust_bert::longt5::LongT5Config;
use rust_bert::pegasus::PegasusForConditionalGeneration;
use rust_bert::pipelines::common::{ModelType, TokenizerOption};
use rust_bert::t5::T5Config;
use serde_json::json;

use super::tests::{folder, load, Loaded, Logits};
use super::*;
use crate::seq2seq::settings;

fn config(name: &str, changes: Value) -> Value {
    let mut config = settings::json(&folder(name).join("config.json")).unwrap();
    for (field, value) in changes.as_object().unwrap() {
        config[field] = value.clone();
    }
    config
}

fn variables(build: impl FnOnce(&nn::Path<'_>)) -> Vec<String> {
    let variables = nn::VarStore::new(tch::Device::Cpu);
    build(&variables.root());
    variables.variables().into_keys().collect()
}

fn row(scores: &Tensor, piece: i64) -> Vec<f32> {
    Vec::try_from(scores.get(0).get(piece)).unwrap()
}

fn apart(one: &[f32], other: &[f32]) -> f32 {
    assert_eq!(one.len(), other.len());
    one.iter().zip(other).map(|(one, other)| (one - other).abs()).fold(0.0, f32::max)
}

/// How far the scores after the first piece are from the reference where all pieces of the prompt are read at once.
fn at_once(name: &str, forward: impl FnOnce(&Network, &Session<'_>, &Tensor) -> Tensor) -> f32 {
    let Loaded { reference, model, .. } = load(name);
    let Logits { prompt, rows } = &reference.logits[0];
    let session = model.read(&[&reference.ids[0]]).unwrap();
    let ids: Vec<i64> = prompt.iter().copied().map(i64::from).collect();
    let scores = tch::no_grad(|| forward(&model.network, &session, &Tensor::from_slice(&ids).unsqueeze(0)));
    apart(&row(&scores, 0), &rows[0])
}

#[test]
fn configurations_ask_for_what_published_files_lack() {
    let t5 = json!({"task_specific_params": {"summarization": {"num_beams": 4}}});
    assert!(serde_json::from_value::<T5Config>(config("t5", t5)).is_err());
    let feed = json!({"feed_forward_proj": "gated-silu"});
    assert!(serde_json::from_value::<T5Config>(config("t5", feed.clone())).is_err());
    assert!(serde_json::from_value::<LongT5Config>(config("longt5-local", feed)).is_err());
}

#[test]
fn marian_as_it_is_published_today_becomes_bart() {
    let fields: BartConfig = serde_json::from_value(config("marian", json!({}))).unwrap();
    let names = variables(|root| {
        MarianForConditionalGeneration::new(root, &fields);
    });
    assert!(names.iter().any(|name| name == "model.encoder.layernorm_embedding.weight"));
}

#[test]
fn positions_of_marian_must_stand_in_the_weights() {
    let path = folder("marian").join("config.json");
    let fields = config("marian", json!({}));
    let fields = Config::new(&fields, &path, Family::Marian).unwrap().bart().unwrap();
    let names = variables(|root| {
        MarianForConditionalGeneration::new(root, &fields);
    });
    let name = "model.encoder.embed_positions.weight";
    assert!(names.iter().any(|found| found == name));
    assert!(Weights::read(&folder("marian")).unwrap().get(name).is_none());
}

#[test]
fn bart_leaves_its_bias_out() {
    let mut loaded = load("bart");
    loaded.model.bias = None;
    let Logits { prompt, rows } = &loaded.reference.logits[0];
    let mut session = loaded.model.read(&[&loaded.reference.ids[0]]).unwrap();
    assert!(apart(&session.step(&[0], &prompt[..1]).unwrap(), &rows[0]) > 0.1);
}

#[test]
fn m2m100_and_prophetnet_see_the_pieces_behind() {
    let right = at_once("mbart50", |network, session, ids| {
        let Network::Mbart(network) = network else { panic!("no mBART") };
        let (mask, states) = (Some(&session.mask), Some(&session.states));
        network.forward_t(None, mask, states, Some(ids), None, None, false).decoder_output
    });
    assert!(right < 1e-4, "mBART reads several pieces as it should: {right}");
    for name in ["m2m100", "nllb"] {
        let wrong = at_once(name, |network, session, ids| {
            let Network::M2m100(network) = network else { panic!("no M2M100") };
            let (mask, states) = (Some(&session.mask), Some(&session.states));
            network.forward_t(None, mask, states, Some(ids), None, None, false).decoder_output
        });
        assert!(wrong > 0.01, "{name}: {wrong}");
    }
    let wrong = at_once("prophetnet", |network, session, ids| {
        let Network::ProphetNet(network) = network else { panic!("no ProphetNet") };
        let states = Some(&session.states);
        network.forward_t(None, None, None, Some(ids), None, states, None, None, false).unwrap().logits
    });
    assert!(wrong > 0.01, "ProphetNet: {wrong}");
}

#[test]
fn prophetnet_fails_with_a_mask_for_two_sources() {
    let Loaded { reference, model, .. } = load("prophetnet");
    let Network::ProphetNet(network) = &model.network else { panic!("no ProphetNet") };
    let ids: Vec<i64> = reference.ids[0].iter().copied().map(i64::from).collect();
    let one = Tensor::from_slice(&ids).unsqueeze(0);
    for (sources, fails) in [(1, false), (2, true)] {
        let ids = one.repeat([sources, 1]);
        let read = AssertUnwindSafe(|| network.encode(Some(&ids), Some(&ids.ones_like()), None));
        assert_eq!(catch_unwind(read).is_err(), fails, "{sources} sources");
    }
}

#[test]
fn t5_has_as_many_decoder_layers_as_encoder_layers() {
    let fields = Config::new(&config("t5", json!({})), &folder("t5"), Family::T5).unwrap().t5().unwrap();
    let mut fields = serde_json::to_value(fields).unwrap();
    fields["num_decoder_layers"] = 1.into();
    let fields: T5Config = serde_json::from_value(fields).unwrap();
    let names = variables(|root| {
        T5ForConditionalGeneration::new(root, &fields);
    });
    assert!(names.iter().any(|name| name.starts_with("decoder.block.1.")));
}

#[test]
fn pegasus_rounds_its_positions() {
    let Loaded { reference, .. } = load("pegasus");
    let path = folder("pegasus").join("config.json");
    let fields = config("pegasus", json!({}));
    let fields = Config::new(&fields, &path, Family::Pegasus).unwrap().mbart().unwrap();
    let variables = nn::VarStore::new(tch::Device::Cpu);
    let network = PegasusForConditionalGeneration::new(variables.root(), &fields);
    let mut weights = Weights::read(&folder("pegasus")).unwrap();
    names::complete(&mut weights.tensors, Family::Pegasus, true, 96, 16);
    weights.fill(&variables, |_| false).unwrap();
    let ids = |ids: &[u32]| {
        let ids: Vec<i64> = ids.iter().copied().map(i64::from).collect();
        Tensor::from_slice(&ids).unsqueeze(0)
    };
    let Logits { prompt, rows } = &reference.logits[0];
    let (source, first) = (ids(&reference.ids[0]), ids(&prompt[..1]));
    let scores = tch::no_grad(|| {
        network.forward_t(Some(&source), None, None, Some(&first), None, None, false).decoder_output
    });
    let wrong = apart(&row(&scores, 0), &rows[0]);
    assert!((1e-4..0.1).contains(&wrong), "{wrong}");
}

#[test]
fn texts_are_not_cut_as_by_sentencepiece() {
    let Loaded { vocabulary, .. } = load("mbart50");
    let path = folder("mbart50").join("sentencepiece.bpe.model");
    let open = TokenizerOption::from_file(ModelType::MBart, path.to_str().unwrap(), None, false, None, None);
    let theirs = open.unwrap();
    for same in ["Jalan  raya", "Jalan\u{200b}raya"] {
        // The model's map makes a blank of the second.
        assert_eq!(vocabulary.encode(same).unwrap(), vocabulary.encode("Jalan raya").unwrap());
        assert_ne!(theirs.tokenize(same), theirs.tokenize("Jalan raya"), "{same:?}");
    }
}
