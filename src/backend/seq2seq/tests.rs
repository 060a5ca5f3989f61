//! Tiny models of every family against transformers: `tests/reference/seq2seq_families.py` made both.

use std::path::PathBuf;

use proptest::prelude::*;
use serde::Deserialize;

use super::*;
use crate::seq2seq::search::{search, Source};
use crate::seq2seq::settings::{json, Settings};
use crate::seq2seq::vocabulary::Vocabulary;

#[derive(Deserialize)]
pub(super) struct Reference {
    pub(super) texts: Vec<String>,
    pub(super) ids: Vec<Vec<u32>>,
    pub(super) logits: Vec<Logits>,
    forced_bos: Option<u32>,
    greedy: Vec<Vec<u32>>,
    beams: usize,
    beam: Vec<Vec<u32>>,
    decoded: Vec<String>,
    /// As `beam`, but without any piece of the source.
    uncopied: Option<Vec<Vec<u32>>>,
}

#[derive(Deserialize)]
pub(super) struct Logits {
    pub(super) prompt: Vec<u32>,
    pub(super) rows: Vec<Vec<f32>>,
}

pub(super) struct Loaded {
    pub(super) reference: Reference,
    pub(super) vocabulary: Vocabulary,
    settings: Settings,
    pub(super) model: Model,
}

pub(super) fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/families").join(name)
}

pub(super) fn load(name: &str) -> Loaded {
    // Networks as small as these are slower on many.
    crate::set_threads(1);
    let folder = folder(name);
    let reference: Reference = serde_json::from_value(json(&folder.join("reference.json")).unwrap()).unwrap();
    let config = json(&folder.join("config.json")).unwrap();
    let family = Family::of(&config, &folder).unwrap();
    let how = (Device::Cpu, Precision::F32);
    let model = Model::load(&folder, &config, family, how, Stage::Translate).unwrap();
    let mut vocabulary = Vocabulary::read(&folder, family, &config).unwrap();
    let mut settings = Settings::read(&folder, "", model.vocabulary()).unwrap();
    if family.names_languages() {
        settings.forced_start = Some(vocabulary.set_languages().unwrap());
        assert_eq!(settings.forced_start, reference.forced_bos);
    }
    assert_eq!(settings.beams, reference.beams);
    Loaded { reference, vocabulary, settings, model }
}

fn write(loaded: &Loaded, sources: &[&[u32]], beams: usize) -> Vec<Vec<u32>> {
    let settings = Settings { beams, ..loaded.settings.clone() };
    let limit = settings.max_length.unwrap();
    let read: Vec<Source<'_>> = sources.iter().map(|ids| Source { ids, limit }).collect();
    let mut session = loaded.model.read(sources).unwrap();
    search(&mut session, &settings, &read).unwrap().into_iter().map(|written| written.ids).collect()
}

fn agrees(name: &str) {
    let loaded = load(name);
    let Reference { texts, ids, logits, greedy, beam, decoded, .. } = &loaded.reference;
    for (text, ids) in texts.iter().zip(ids) {
        assert_eq!(loaded.vocabulary.encode(text).unwrap(), *ids, "{text}");
    }
    for (ids, decoded) in beam.iter().zip(decoded) {
        let decoded = decoded.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(loaded.vocabulary.decode(ids).unwrap(), decoded);
    }
    let sources: Vec<&[u32]> = ids.iter().map(Vec::as_slice).collect();
    for (row, (source, Logits { prompt, rows })) in sources.iter().zip(logits).enumerate() {
        let mut session = loaded.model.read(&[source]).unwrap();
        for (step, (&piece, expected)) in prompt.iter().zip(rows).enumerate() {
            let found = session.step(&[0], &[piece]).unwrap();
            assert_eq!(found.len(), expected.len());
            let apart =
                found.iter().zip(expected).map(|(one, other)| (one - other).abs()).fold(0.0, f32::max);
            assert!(apart < 1e-4, "{name}: text {row}, step {step}: logits are {apart} apart");
        }
    }
    for (beams, expected) in [(1, greedy), (loaded.settings.beams, beam)] {
        let alone: Vec<Vec<u32>> =
            sources.iter().flat_map(|source| write(&loaded, &[source], beams)).collect();
        assert_eq!(&alone, expected, "{beams} beams, one text at a time");
        if loaded.model.reads_mixed_lengths() {
            assert_eq!(&write(&loaded, &sources, beams), expected, "{beams} beams, all texts together");
        }
    }
}

const FAMILIES: [&str; 11] = [
    "bart",
    "longt5-local",
    "longt5-tglobal",
    "m2m100",
    "marian",
    "mbart50",
    "mt5",
    "nllb",
    "pegasus",
    "prophetnet",
    "t5",
];

#[test]
fn runs_of_the_source_can_be_forbidden() {
    for name in ["t5", "bart"] {
        let mut loaded = load(name);
        loaded.settings.no_copied_ngram = 1;
        let sources: Vec<&[u32]> = loaded.reference.ids.iter().map(Vec::as_slice).collect();
        let found = write(&loaded, &sources, loaded.settings.beams);
        assert_eq!(Some(&found), loaded.reference.uncopied.as_ref(), "{name}");
        assert_ne!(found, loaded.reference.beam);
    }
}

#[test]
fn weights_in_parts_and_from_libtorch_are_read_as_well() {
    crate::set_threads(1);
    for name in FAMILIES {
        let expected = load(name);
        let sources: Vec<&[u32]> = expected.reference.ids.iter().take(1).map(Vec::as_slice).collect();
        let tensors = Tensor::read_safetensors(folder(name).join("model.safetensors")).unwrap();
        let [parts, module] = [(); 2].map(|()| tempfile::tempdir().unwrap());
        Tensor::save_multi(&tensors, module.path().join("rust_model.ot")).unwrap();
        let mut map = serde_json::Map::new();
        for (number, half) in tensors.chunks(tensors.len().div_ceil(2)).enumerate() {
            let file = format!("model-{number}.safetensors");
            Tensor::write_safetensors(half, parts.path().join(&file)).unwrap();
            map.extend(half.iter().map(|(name, _)| (name.clone(), file.clone().into())));
        }
        let index = serde_json::json!({ "weight_map": map }).to_string();
        std::fs::write(parts.path().join("model.safetensors.index.json"), index).unwrap();
        let config = json(&folder(name).join("config.json")).unwrap();
        let family = Family::of(&config, &folder(name)).unwrap();
        for place in [&parts, &module] {
            let how = (Device::Cpu, Precision::F32);
            let model = Model::load(place.path(), &config, family, how, Stage::Translate).unwrap();
            let loaded = Loaded { model, ..load(name) };
            assert_eq!(write(&loaded, &sources, 1), write(&expected, &sources, 1), "{name}");
        }
    }
}

#[test]
fn half_precision_gives_scores_near_those_of_full_precision() {
    crate::set_threads(1);
    for name in FAMILIES {
        let full = load(name);
        let source = full.reference.ids[0].as_slice();
        let config = json(&folder(name).join("config.json")).unwrap();
        let family = Family::of(&config, &folder(name)).unwrap();
        for (precision, most) in [(Precision::Bf16, 0.3), (Precision::F16, 0.03)] {
            let how = (Device::Cpu, precision);
            let model = Model::load(&folder(name), &config, family, how, Stage::Translate).unwrap();
            let mut session = model.read(&[source, source]).unwrap();
            let Logits { prompt, rows } = &full.reference.logits[0];
            for (&piece, expected) in prompt.iter().zip(rows) {
                let found = session.step(&[1, 0], &[piece, piece]).unwrap();
                let apart =
                    found.iter().zip(expected).map(|(one, other)| (one - other).abs()).fold(0.0, f32::max);
                let greatest = expected.iter().map(|score| score.abs()).fold(0.0, f32::max);
                assert!(apart < most * greatest, "{name}, {precision}: scores are {apart} apart");
            }
        }
    }
}

/// What `config.json` leaves out is as transformers has it for the family.
#[test]
fn fields_that_are_left_out_have_the_value_of_the_family() {
    let path = folder("m2m100").join("config.json");
    let whole = json(&path).unwrap();
    let mut short = whole.clone();
    for field in ["scale_embedding", "activation_function"] {
        short.as_object_mut().unwrap().remove(field).unwrap();
    }
    let [whole, short] = [&whole, &short].map(|fields| {
        let fields = Config::new(fields, &path, Family::M2m100).unwrap().mbart().unwrap();
        serde_json::to_value(fields).unwrap()
    });
    assert_eq!(short, whole);
}

/// BART's models for CNN have `<mask>` in their vocabulary, and one piece less in their network.
#[test]
fn a_mask_behind_the_last_piece_does_no_harm() {
    let place = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(folder("bart")).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), place.path().join(file.file_name())).unwrap();
    }
    let config = json(&place.path().join("config.json")).unwrap();
    let mut words = json(&place.path().join("vocab.json")).unwrap();
    words["<mask>"] = config["vocab_size"].clone();
    std::fs::write(place.path().join("vocab.json"), words.to_string()).unwrap();
    let vocabulary = Vocabulary::read(place.path(), Family::Bart, &config).unwrap();
    assert!(u64::from(vocabulary.last_id()) < config["vocab_size"].as_u64().unwrap());
}

#[test]
fn marian_agrees_with_transformers() {
    agrees("marian");
}

#[test]
fn m2m100_agrees_with_transformers() {
    agrees("m2m100");
}

#[test]
fn nllb_agrees_with_transformers() {
    agrees("nllb");
}

#[test]
fn mbart50_agrees_with_transformers() {
    agrees("mbart50");
}

#[test]
fn t5_agrees_with_transformers() {
    agrees("t5");
}

#[test]
fn mt5_agrees_with_transformers() {
    agrees("mt5");
}

#[test]
fn bart_agrees_with_transformers() {
    agrees("bart");
}

#[test]
fn pegasus_agrees_with_transformers() {
    agrees("pegasus");
}

#[test]
fn prophetnet_agrees_with_transformers() {
    agrees("prophetnet");
}

#[test]
fn longt5_local_agrees_with_transformers() {
    agrees("longt5-local");
}

#[test]
fn longt5_with_global_pieces_agrees_with_transformers() {
    agrees("longt5-tglobal");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever stands in an article: ids that the network knows, the end last, and a text again.
    #[test]
    fn any_text_becomes_ids_that_the_model_knows(text in r"\PC*|[a-z</s>_\[\]\u{200b}\t\r\n ]{0,30}|\p{M}{0,9}") {
        VOCABULARIES.with(|all| {
            for (name, vocabulary, size) in all {
                let ids = vocabulary.encode(&text).unwrap();
                assert!(ids.iter().all(|&id| (id as usize) < *size), "{name}: {ids:?}");
                assert!(ids.last().is_some_and(|&id| vocabulary.decode(&[id]).unwrap().is_empty()), "{name}");
                vocabulary.decode(&ids).unwrap();
            }
        });
    }
}

thread_local! {
    static VOCABULARIES: Vec<(&'static str, Vocabulary, usize)> = FAMILIES
        .into_iter()
        .map(|name| {
            let Loaded { vocabulary, model, .. } = load(name);
            (name, vocabulary, model.vocabulary())
        })
        .collect();
}
