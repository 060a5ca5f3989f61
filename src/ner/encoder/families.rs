//! Every family agrees with transformers: pieces, offsets and label scores.

use std::collections::BTreeMap;

use super::*;
use crate::compute::Precision;

pub(super) const FAMILIES: [&str; 10] = [
    "bert",
    "bert-eps",
    "roberta",
    "xlm-roberta",
    "distilbert",
    "electra",
    "albert",
    "deberta",
    "deberta-v2",
    "deberta-v3",
];

fn folder(family: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/families/ner").join(family)
}

#[derive(serde::Deserialize)]
struct Case {
    text: String,
    ids: Vec<i64>,
    characters: Vec<(usize, usize)>,
}

/// The stored batches: for each input its pieces and their scores, [pieces, labels].
fn batches(family: &str) -> Vec<Vec<(Vec<i64>, Array2<f32>)>> {
    let stored = tch::Tensor::read_safetensors(folder(family).join("reference.safetensors")).unwrap();
    let stored: BTreeMap<String, tch::Tensor> = stored.into_iter().collect();
    let input = |batch: usize, row: usize| {
        let ids = Vec::try_from(stored.get(&format!("{batch}.{row}.ids"))?).unwrap();
        let scores = &stored[&format!("{batch}.{row}.scores")];
        let values: Vec<f32> = Vec::try_from(scores.flatten(0, -1)).unwrap();
        let size = scores.size();
        Some((ids, Array2::from_shape_vec((size[0] as usize, size[1] as usize), values).unwrap()))
    };
    let rows = |batch| (0..).map_while(|row| input(batch, row)).collect::<Vec<_>>();
    (0..).map(rows).take_while(|rows| !rows.is_empty()).collect()
}

fn input(ids: &[i64]) -> Input {
    Input { ids: ids.to_vec(), sentences: Vec::new() }
}

fn difference(found: &Array2<f32>, expected: &Array2<f32>) -> f32 {
    assert_eq!(found.dim(), expected.dim());
    (found - expected).iter().fold(0f32, |most, value| most.max(value.abs()))
}

#[test]
fn scores_agree_with_transformers_padded_alone_and_at_full_length() {
    let mut wrong = Vec::new();
    for family in FAMILIES {
        let recognizer = EncoderRecognizer::load(&folder(family)).unwrap();
        let batches = batches(family);
        assert_eq!(batches.iter().map(Vec::len).collect::<Vec<_>>(), [5, 1, 2], "{family}");
        for (number, batch) in batches.iter().enumerate() {
            let inputs: Vec<Input> = batch.iter().map(|(ids, _)| input(ids)).collect();
            let together = recognizer.model.run(&inputs).unwrap();
            for ((ids, expected), output) in batch.iter().zip(together) {
                let alone = recognizer.model.run(&[input(ids)]).unwrap().remove(0);
                let (padded, single) =
                    (difference(&output.scores, expected), difference(&alone.scores, expected));
                if !(padded < 1e-4 && single < 1e-4) {
                    let length = ids.len();
                    wrong.push(format!(
                        "{family} batch {number}, {length} pieces: {padded} padded, {single} alone"
                    ));
                }
            }
        }
        let longest = batches[2][0].0.len();
        assert_eq!(longest, recognizer.room + 2, "{family}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_roberta_with_514_positions_takes_512_pieces_and_no_more() {
    let recognizer = EncoderRecognizer::load(&folder("roberta")).unwrap();
    let (ids, _) = &batches("roberta")[2][0];
    assert_eq!(ids.len(), 512);
    let config = Config::read(&folder("roberta").join(CONFIG)).unwrap();
    assert_eq!(config.positions(), 512);
    let longer = [ids.as_slice(), &ids[1..2]].concat();
    assert!(recognizer.model.run(&[input(&longer)]).is_err());
}

#[test]
fn pieces_and_offsets_agree_with_transformers() {
    for family in FAMILIES {
        let recognizer = EncoderRecognizer::load(&folder(family)).unwrap();
        let text = std::fs::read_to_string(folder(family).join("reference.json")).unwrap();
        let cases: Vec<Case> = serde_json::from_str(&text).unwrap();
        for Case { text, ids, characters } in cases {
            let pieces = recognizer.pieces.encode(&[&text]).unwrap().remove(0);
            assert_eq!(recognizer.pieces.input(&pieces), ids, "{family}: {text}");
            let count = |byte: usize| text[..byte].chars().count();
            let found: Vec<(usize, usize)> =
                pieces.iter().map(|piece| (count(piece.bytes.start), count(piece.bytes.end))).collect();
            assert_eq!(found, characters[1..characters.len() - 1], "{family}: {text}");
        }
    }
}

#[test]
fn half_precision_stays_near() {
    for family in FAMILIES {
        for (precision, most) in [(Precision::Bf16, 0.25), (Precision::F16, 0.04)] {
            let options = RecognizerOptions { precision: Some(precision), ..RecognizerOptions::default() };
            let recognizer = EncoderRecognizer::load_with(&folder(family), &options).unwrap();
            for batch in batches(family) {
                let inputs: Vec<Input> = batch.iter().map(|(ids, _)| input(ids)).collect();
                for (output, (_, expected)) in recognizer.model.run(&inputs).unwrap().iter().zip(&batch) {
                    let found = difference(&output.scores, expected);
                    assert!(found < most, "{family} in {precision}: {found}");
                }
            }
        }
    }
}
