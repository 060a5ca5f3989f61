//! Files of models.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{ensure, Context, Result};
use intisari::ner::EncoderRecognizer;
use intisari::translate::{GemmaTranslator, TranslatorFiles, TranslatorOptions};

use super::readers::Scratch;
use super::{Outcome, Target};
use crate::seeds;

/// What the small models take by themselves, with the lists of words that a translator reads: some 70 MB.
const SLACK: usize = 96 << 20;
const MOST_PER_BYTE: f64 = 1_000.;

pub fn all() -> Result<Vec<Target>> {
    Ok(vec![
        translator("gguf", "base.gguf", &[])?,
        translator("adapter", "adapter_model.safetensors", &[])?,
        translator("adapter_config", "adapter_config.json", &seeds::CONFIG_WORDS)?,
        translator("kept_ids", "kept_ids.json", &["-1", "1e9", "[", "]", ",", "4294967295", "null"])?,
        ready_weights()?,
        encoder("safetensors", "model.safetensors", &[])?,
        encoder("config", "config.json", &seeds::CONFIG_WORDS)?,
        card(),
        sentence_pieces()?,
    ])
}

/// A translator of which one file is changed.
fn translator(name: &'static str, changed: &'static str, words: &'static [&'static str]) -> Result<Target> {
    let scratch = Scratch::new()?;
    seeds::translator(scratch.path())?;
    let files = TranslatorFiles::new(scratch.path().join("base.gguf"), scratch.path());
    let load = move || GemmaTranslator::load(&files, TranslatorOptions::default()).map(drop);
    of_changed(name, scratch, changed, words, load)
}

/// A model in `scratch` of which the file `changed` is another one at every run; its own is the seed.
fn of_changed(
    name: &'static str,
    scratch: Scratch,
    changed: &'static str,
    words: &'static [&'static str],
    load: impl Fn() -> intisari::Result<()> + 'static,
) -> Result<Target> {
    load().context("the seed itself")?;
    let seed = fs::read(scratch.path().join(changed))?;
    Ok(Target {
        name,
        seeds: vec![seed],
        words,
        most_per_byte: MOST_PER_BYTE,
        slack: SLACK,
        run: Box::new(move |bytes, _| {
            scratch.file(changed, bytes)?;
            Ok(load().into())
        }),
    })
}

/// The file of weights that are ready, of which the header's checksum is put right in half of the cases.
fn ready_weights() -> Result<Target> {
    let scratch = Scratch::new()?;
    seeds::translator(scratch.path())?;
    let cache = scratch.path().join("cache");
    let files = TranslatorFiles::new(scratch.path().join("base.gguf"), scratch.path())
        .with_cache(Some(cache.clone()));
    let load = move || GemmaTranslator::load(&files, TranslatorOptions::default());
    load().context("the seed itself")?;
    let path: PathBuf = fs::read_dir(&cache)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.extension().is_some_and(|end| end == "bin"))
        .context("no file of ready weights")?;
    let seed = fs::read(&path)?;
    let seeds = vec![seed.clone()];
    let run = move |bytes: &[u8], chance: &mut crate::mutate::Chance| {
        // The folder lives as long as its target.
        let _scratch = &scratch;
        let mut bytes = bytes.to_vec();
        if chance.below(2) == 0 {
            mend(&mut bytes);
        }
        fs::write(&path, &bytes)?;
        // Whatever lies there, the translator loads, and what lies there afterwards is whole.
        load().context("a damaged file of ready weights")?;
        let after = fs::read(&path)?;
        ensure!(after == seed || after == bytes, "neither taken nor made anew");
        Ok(if after == bytes { Outcome::Accepted } else { Outcome::Refused("made anew".to_owned()) })
    };
    Ok(Target {
        name: "ready_weights",
        seeds,
        words: &["\"start\":", "\"length\":", "\"F32\"", "0", "}"],
        most_per_byte: MOST_PER_BYTE,
        slack: SLACK,
        run: Box::new(run),
    })
}

/// Gives a header the length and checksum that belong to it, as far as it is one.
fn mend(bytes: &mut Vec<u8>) {
    let Some(end) = bytes.windows(3).position(|window| window == b"}]}").map(|at| at + 3) else { return };
    let Some(header) = bytes.get(12..end).map(<[u8]>::to_vec) else { return };
    bytes.splice(0..8, (header.len() as u64).to_le_bytes());
    bytes.splice(8..12, crc32fast::hash(&header).to_le_bytes());
}

/// An encoder of which one file is changed.
fn encoder(name: &'static str, changed: &'static str, words: &'static [&'static str]) -> Result<Target> {
    let scratch = Scratch::new()?;
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data/families/ner/bert");
    for entry in fs::read_dir(&source)? {
        let entry = entry?;
        fs::copy(entry.path(), scratch.path().join(entry.file_name()))?;
    }
    let folder = scratch.path().to_owned();
    of_changed(name, scratch, changed, words, move || EncoderRecognizer::load(&folder).map(drop))
}

fn card() -> Target {
    Target {
        name: "card",
        seeds: seeds::cards(),
        words: &seeds::CARD_WORDS,
        most_per_byte: MOST_PER_BYTE,
        slack: SLACK,
        run: Box::new(|bytes, _| {
            let license = intisari::fuzz::license_of_card(&String::from_utf8_lossy(bytes));
            Ok(license.map_or(Outcome::Refused("no licence".to_owned()), |_| Outcome::Accepted))
        }),
    }
}

fn sentence_pieces() -> Result<Target> {
    let scratch = Scratch::new()?;
    let models =
        ["decoding/marian/source.spm", "decoding/mbart50/sentencepiece.bpe.model", "t5/spiece.model"];
    let seeds = models
        .iter()
        .map(|name| seeds::read(&format!("tests/data/families/{name}")))
        .collect::<Result<_>>()?;
    Ok(Target {
        name: "sentence_pieces",
        seeds,
        words: &[],
        most_per_byte: MOST_PER_BYTE,
        slack: SLACK,
        run: Box::new(move |bytes, _| {
            let path = scratch.file("spiece.model", bytes)?;
            Ok(intisari::fuzz::sentence_pieces(&path, "Kapal tiba di Tenau, 3.500 orang 雨.").into())
        }),
    })
}
