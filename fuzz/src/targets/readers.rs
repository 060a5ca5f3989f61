//! Files of articles and of annotated sets.

use std::path::{Path, PathBuf};

use anyhow::{ensure, Result};
use intisari::eval::evaluation::{evaluate_ner, evaluate_translations, SetInfo, Setup, TranslationOptions};
use intisari::eval::formats::{
    holds_tagged_sentences, read_articles, read_brat, read_conll, read_conllu, read_json_lines, read_names,
    read_parallel, read_sgm, read_table, read_tagged_json, read_tmx, read_wmt, read_wmt_output,
    ArticleFields, Columns, Form, OnBad, Set, Side,
};
use intisari::eval::sets::{
    CleaningReader, NamesReader, NerReader, NerSet, Outputs, SentencesReader, TextReader,
};
use intisari::eval::Resampling;

use super::{Outcome, Target};
use crate::args::{InputArgs, InputForm};
use crate::input::articles;
use crate::mutate::{self, Chance};
use crate::seeds;

/// Trees of JSON and XML hold a hundred bytes and more for a bracket.
const MOST_PER_BYTE: f64 = 4_000.;
const SLACK: usize = 16 << 20;

/// A file that is written anew for each input, in memory where the system has such a folder.
pub struct Scratch {
    folder: tempfile::TempDir,
}

impl Scratch {
    pub fn new() -> Result<Self> {
        let shared = Path::new("/dev/shm");
        let folder = if shared.is_dir() { tempfile::tempdir_in(shared)? } else { tempfile::tempdir()? };
        Ok(Scratch { folder })
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn file(&self, name: &str, bytes: &[u8]) -> Result<PathBuf> {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes)?;
        Ok(path)
    }
}

pub fn all() -> Result<Vec<Target>> {
    let scratch = Scratch::new()?;
    let input = Target {
        name: "input",
        seeds: seeds::inputs(),
        words: &seeds::INPUT_WORDS,
        most_per_byte: MOST_PER_BYTE,
        slack: SLACK,
        run: Box::new(move |bytes, chance| input(&scratch, bytes, chance)),
    };
    let scratch = Scratch::new()?;
    let sets = Target {
        name: "sets",
        seeds: seeds::sets().into_iter().map(|(_, bytes)| bytes).collect(),
        words: &seeds::SET_WORDS,
        most_per_byte: MOST_PER_BYTE,
        slack: SLACK,
        run: Box::new(move |bytes, chance| set(&scratch, bytes, chance)),
    };
    Ok(vec![input, sets])
}

/// An input of articles, in the form that it seems to have or in any.
fn input(scratch: &Scratch, bytes: &[u8], chance: &mut Chance) -> Result<Outcome> {
    let name = chance.one(&["a", "a.txt", "a.json", "a.jsonl", "a.csv", "a.tsv"]);
    let forms =
        [InputForm::Auto, InputForm::Text, InputForm::Jsonl, InputForm::Json, InputForm::Csv, InputForm::Tsv];
    let input_form = if chance.below(2) == 0 { InputForm::Auto } else { *chance.one(&forms) };
    let args = InputArgs { files: vec![scratch.file(name, bytes)?], input_form, ..InputArgs::default() };
    // No input has more records than bytes, and one failure for what is missing.
    let items: Vec<_> = articles(args, true).take(bytes.len() + 2).collect();
    ensure!(items.len() <= bytes.len() + 1, "{} items of {} bytes", items.len(), bytes.len());
    let failure = items.iter().find_map(|item| item.as_ref().err());
    if let Some(failure) = failure {
        ensure!(failure.message.len() < 2_000, "a message of {} bytes", failure.message.len());
        return Ok(Outcome::Refused(failure.message.clone()));
    }
    Ok(Outcome::Accepted)
}

/// Scores a set beside itself, without drawing others.
fn setup<T>(set: &Set<T>) -> Setup {
    let resampling = Resampling { samples: 0, seed: 0 };
    Setup { resampling, against: Some("itself".to_owned()), ..Setup::new(SetInfo::new(set), "outputs") }
}

/// A set, in the form that it seems to have and in any other.
fn set(scratch: &Scratch, bytes: &[u8], chance: &mut Chance) -> Result<Outcome> {
    let ends = ["tsv", "txt", "conllu", "jsonl", "json", "csv", "xml", "sgm", "tmx", "ann"];
    let name = format!("a.{}", chance.one(&ends));
    let path = scratch.file(&name, bytes)?;
    let on_bad = if chance.below(2) == 0 { OnBad::Fail } else { OnBad::Skip };
    drop(Form::of(&path));
    drop(holds_tagged_sentences(&path));
    // Sets with outputs: the set itself, and what is left of it after another change.
    let changed = mutate::mutated(chance, &[bytes.to_vec()], &seeds::SET_WORDS);
    let outputs = Outputs::of(scratch.file(&format!("output-{name}"), &changed)?).against(&path);
    Ok(match chance.below(19) {
        0 => read_conll(&path, &Columns::default(), on_bad).into(),
        1 => read_tagged_json(&path, on_bad).into(),
        2 => read_conllu(&path, on_bad)
            .map(|set| set.items.iter().map(|document| document.running_text().len()).sum::<usize>())
            .into(),
        3 => read_articles(&path, &ArticleFields::default(), on_bad)
            .and_then(|set| set.try_map(on_bad, Ok))
            .into(),
        4 => {
            std::fs::rename(&path, path.with_extension("ann"))?;
            let text = path.with_extension("txt");
            std::fs::write(&text, "Ruth pulang. Ia lelah, kata Marta di Sabu.")?;
            read_brat(&path.with_extension("ann"), on_bad).into()
        }
        5 => read_json_lines(&path, &["text"], on_bad).into(),
        6 => read_names(&path, on_bad).into(),
        7 => read_parallel(&[&path, &path], on_bad).into(),
        8 => read_table(&path, &[&["source", "id"], &["reference", "en"]], on_bad).into(),
        9 => read_sgm(&path, Side::Source, on_bad).into(),
        10 => read_tmx(&path, &["id"], &["en"], on_bad).into(),
        11 => read_wmt(&path, on_bad).into(),
        12 => read_wmt_output(&path, None, on_bad).into(),
        13 => NerReader { on_bad, ..NerReader::default() }
            .read(&path, outputs)
            .and_then(|NerSet { set, scheme }| evaluate_ner(&set.items, scheme, &setup(&set)))
            .into(),
        14 => NamesReader { on_bad, ..NamesReader::default() }.read(&path, outputs).into(),
        15 => CleaningReader { on_bad, ..CleaningReader::default() }.read(&path, outputs).into(),
        16 => SentencesReader { on_bad }.read(&path, outputs).into(),
        17 => {
            let both = [&path, &path];
            let files = if chance.below(2) == 0 { &both[..1] } else { &both[..] };
            TextReader { on_bad, ..TextReader::translations() }
                .read(files, outputs)
                .and_then(|set| {
                    evaluate_translations(&set.items, &TranslationOptions::default(), &setup(&set))
                })
                .into()
        }
        _ => read_conll(&path, &Columns::default(), OnBad::Skip).into(),
    })
}
