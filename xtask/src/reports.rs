//! `cargo xtask reports`: scores the built-in models on every set of `INTISARI_DATA` and writes `reports/`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{bail, Context, Result};
use intisari::eval::evaluation::Evaluation;
use intisari::eval::formats::sha256;
use intisari::eval::report::html;
use intisari::store::Manifest;

use crate::commands::{binary_command, root, setup};
use crate::markdown::markdown;
use crate::parts;

/// A set and how it is scored.
#[derive(Debug)]
pub struct Job {
    pub task: &'static str,
    /// What the set and the way it is scored are called.
    pub set: &'static str,
    /// What the set is, where its name does not say.
    pub remark: &'static str,
    /// What follows `intisari eval TASK`: `{data}` is the folder of the data, `{parts}` that of the parts that are made of it,
    /// `{root}` the checkout.
    args: &'static [&'static str],
}

const fn job(task: &'static str, set: &'static str, args: &'static [&'static str]) -> Job {
    Job { task, set, remark: "", args }
}

const fn remarked(
    task: &'static str,
    set: &'static str,
    remark: &'static str,
    args: &'static [&'static str],
) -> Job {
    Job { task, set, remark, args }
}

/// The figures that are only about an encoder take a minute or two together, those of the translator hours.
pub const JOBS: &[Job] = &[
    job("sentences", "id_gsd-test", &["{data}/sentences/id_gsd-test.sents.txt", "--against-naive"]),
    job("sentences", "id_pud-test", &["{data}/sentences/id_pud-test.sents.txt", "--against-naive"]),
    remarked(
        "entities",
        "entities-test",
        "our own articles, names as marked; compared with names written alike",
        &["{root}/tests/data/entities/test.txt", "--against-method", "exact"],
    ),
    remarked(
        "entities",
        "entities-dev",
        "the articles that the grouping was made on",
        &["{root}/tests/data/entities/dev.txt", "--against-method", "exact"],
    ),
    remarked(
        "entities",
        "entities-test-found",
        "names as the encoder finds them",
        &["{root}/tests/data/entities/test.txt", "--names", "found", "--against-method", "exact"],
    ),
    remarked(
        "entities",
        "entities-test-repeated",
        "names as the encoder finds them, with repeats: also where it missed them elsewhere in the article",
        &["{root}/tests/data/entities/test.txt", "--names", "repeated", "--against-method", "exact"],
    ),
    job(
        "ner",
        "idner2k",
        &["{data}/ner/idner2k/test.tsv", "--against-gazetteer", "{data}/ner/idner2k/train.tsv"],
    ),
    job("ner", "nerui", &["{data}/ner/nerui/test.tsv", "--against-gazetteer", "{data}/ner/nerui/train.tsv"]),
    job(
        "ner",
        "nergrit",
        &["{data}/ner/nergrit/test.tsv", "--against-gazetteer", "{data}/ner/nergrit/train.tsv"],
    ),
    remarked(
        "ner",
        "wikigold",
        "it has no training part; the baseline knows the names of nergrit's",
        &["{data}/ner/wikigold/test.tsv", "--against-gazetteer", "{data}/ner/nergrit/train.tsv"],
    ),
    remarked(
        "ner",
        "articles-test",
        "whole articles as published, all of their text read as `intisari ner` does, spans strict",
        &["{data}/ner/articles/test.jsonl"],
    ),
    remarked(
        "summary",
        "indosum-test",
        "one article in ten (the first four bytes of the SHA-256 of its id are a multiple of ten); the salience head saw none of them",
        &["{parts}/indosum-test.jsonl", "--against-method", "lead", "--sentences", "3"],
    ),
    remarked(
        "summary",
        "detik",
        "the references were written by a language model",
        &["{data}/summarization/detik_aspect.jsonl", "--against-method", "lead", "--sentences", "3"],
    ),
    job("translation", "flores200-devtest", &["{parts}/flores200-devtest.id", "{parts}/flores200-devtest.en"]),
    job("translation", "tico19-test", &["{parts}/tico19-test.id", "{parts}/tico19-test.en"]),
    remarked(
        "translation",
        "news-test",
        "without the lines that are kept back: not comparable with published scores",
        &["{parts}/news-test.id", "{parts}/news-test.en"],
    ),
    job("translation", "pud", &["{parts}/pud.id", "{parts}/pud.en"]),
    job(
        "translation",
        "tatoeba",
        &["{parts}/tatoeba-test-v2021-08-07.id", "{parts}/tatoeba-test-v2021-08-07.en"],
    ),
];

/// What is to be scored.
pub struct Choice {
    /// Tasks and sets; all without any.
    pub names: Vec<String>,
    /// Leave out sets that have figures.
    pub missing: bool,
    /// Translate every nth line only.
    pub every: usize,
}

/// Scores what is chosen, and writes the page and the tables of all that were ever scored. A set that fails costs no other.
pub fn score(choice: &Choice) -> Result<()> {
    let chosen = chosen(choice)?;
    let data = std::env::var_os("INTISARI_DATA").map(PathBuf::from);
    let data = data.context("set INTISARI_DATA to the folder of the data sets")?;
    setup()?;
    fs::create_dir_all(figures())?;
    let mut failed = Vec::new();
    for (number, job) in (1..).zip(&chosen) {
        let started = Instant::now();
        eprintln!("[{number} of {}] {} {} …", chosen.len(), job.task, job.set);
        let scored = arguments(job, &data, choice.every).and_then(|args| {
            let mut command = binary_command();
            let output =
                command.args(args).stderr(Stdio::inherit()).output().context("starting the binary")?;
            if !output.status.success() {
                bail!("`intisari eval` ended with {}", output.status);
            }
            let _: Vec<Evaluation> = serde_json::from_slice(&output.stdout)?;
            Ok(fs::write(figures().join(file_name(job)), output.stdout)?)
        });
        match scored {
            Ok(()) => eprintln!("[{number} of {}] done in {} s", chosen.len(), started.elapsed().as_secs()),
            Err(error) => {
                eprintln!("[{number} of {}] failed: {error:#}", chosen.len());
                failed.push(job.set);
            }
        }
        // What is done stands in the tables, whatever becomes of the rest.
        write()?;
    }
    if !failed.is_empty() {
        bail!("no new figures for {}; name them to try again", failed.join(", "));
    }
    Ok(())
}

fn chosen(choice: &Choice) -> Result<Vec<&'static Job>> {
    let named = |job: &Job, name: &str| job.task == name || job.set == name;
    if let Some(unknown) = choice.names.iter().find(|name| !JOBS.iter().any(|job| named(job, name))) {
        let sets: Vec<&str> = JOBS.iter().map(|job| job.set).collect();
        bail!(
            "no task or set `{unknown}`; there are sentences, entities, ner, summary, translation, and {}",
            sets.join(", ")
        );
    }
    let wanted = |job: &&Job| {
        let name = choice.names.is_empty() || choice.names.iter().any(|name| named(job, name));
        name && !(choice.missing && figures().join(file_name(job)).is_file())
    };
    Ok(JOBS.iter().filter(wanted).collect())
}

/// Writes the page and the tables from the figures that are there.
pub fn write() -> Result<()> {
    let mut all = Vec::new();
    for job in JOBS {
        let path = figures().join(file_name(job));
        if let Ok(text) = fs::read_to_string(&path) {
            let evaluations: Vec<Evaluation> =
                serde_json::from_str(&text).with_context(|| format!("reading {}", path.display()))?;
            all.extend(evaluations.into_iter().map(|evaluation| (job, evaluation)));
        }
    }
    let present = Manifest::built_in().context("reading the manifest")?;
    fs::write(root().join("reports").join("README.md"), markdown(&all, &present))?;
    let evaluations: Vec<Evaluation> = all.into_iter().map(|(_, evaluation)| evaluation).collect();
    fs::write(root().join("reports").join("index.html"), html(&evaluations))?;
    Ok(())
}

fn figures() -> PathBuf {
    root().join("reports").join("figures")
}

fn file_name(job: &Job) -> String {
    format!("{}-{}.json", job.task, job.set)
}

/// The command line behind `intisari`. Worst cases are left out: they are texts of the sets.
fn arguments(job: &Job, data: &Path, every: usize) -> Result<Vec<String>> {
    let target = root().join("target").join("reports");
    let parts = if every > 1 { target.join(format!("every-{every}")) } else { target.join("whole") };
    fs::create_dir_all(&parts)?;
    let utf8 =
        |path: &Path| path.to_str().map(str::to_owned).with_context(|| format!("{path:?} is not UTF-8"));
    let (data_name, parts_name, root_name) = (utf8(data)?, utf8(&parts)?, utf8(root())?);
    let mut args = vec!["eval".to_owned(), job.task.to_owned()];
    for arg in job.args {
        if let Some(name) = arg.strip_prefix("{parts}/") {
            parts::make(name, data, &parts, every)?;
        }
        let arg = arg.replace("{data}", &data_name).replace("{parts}", &parts_name);
        args.push(arg.replace("{root}", &root_name));
    }
    if job.task == "translation" {
        // Hours of work: what was translated stays as long as weights, lines and program are the same.
        let weights = root().join("models").join("translator").join("adapter_model.safetensors");
        let weights = fs::read(&weights).with_context(|| format!("reading {}", weights.display()))?;
        let id: String = sha256(&weights).chars().take(12).collect();
        // A program built from another commit is refused by what an earlier one saved, so it has files of its own.
        let commit = commit();
        let saved = |name: &str| utf8(&parts.join(format!("{}.{name}.{commit}.en", job.set)));
        args.extend(["--save".to_owned(), saved(&id)?]);
        args.extend(["--against-untuned".to_owned(), "--save-against".to_owned(), saved("untuned")?]);
    }
    args.extend(["--format", "json", "--worst", "0"].map(str::to_owned));
    Ok(args)
}

/// The commit that lies in the working tree; what is no repository has none.
fn commit() -> String {
    let described = Command::new("git")
        .arg("-C")
        .arg(root())
        .args(["describe", "--always", "--dirty", "--exclude=*"])
        .output();
    let described = described.ok().filter(|output| output.status.success());
    described.map_or("unknown".to_owned(), |output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::published;

    fn choice(names: &[&str]) -> Choice {
        Choice { names: names.iter().map(|name| (*name).to_owned()).collect(), missing: false, every: 1 }
    }

    #[test]
    fn tasks_and_sets_can_be_chosen() {
        assert_eq!(chosen(&choice(&[])).unwrap().len(), JOBS.len());
        assert_eq!(chosen(&choice(&["ner"])).unwrap().len(), 5);
        let sets: Vec<&str> = chosen(&choice(&["pud", "nerui"])).unwrap().iter().map(|job| job.set).collect();
        assert_eq!(sets, ["nerui", "pud"]);
        assert!(chosen(&choice(&["nothing"])).unwrap_err().to_string().contains("indosum-test"));
    }

    #[test]
    fn published_scores_stand_beside_a_job() {
        for (set, _) in published::SETS {
            assert!(JOBS.iter().any(|job| job.set == *set), "no job scores {set}");
            let times = published::SETS.iter().filter(|(other, _)| other == set).count();
            assert_eq!((times, published::on(set).is_empty()), (1, false), "{set}");
        }
        assert!(published::on("nothing").is_empty());
    }

    #[test]
    fn no_two_jobs_share_a_file() {
        let mut names: Vec<String> = JOBS.iter().map(file_name).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), JOBS.len());
    }
}
