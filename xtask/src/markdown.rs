//! `reports/README.md`: a table for each set, published scores beside it.

use std::fmt::{self, Write};

use intisari::eval::evaluation::{Evaluation, Figure, ScoredModel};
use intisari::store::{Manifest, ModelFile};

use crate::published;
use crate::reports::Job;

const HEAD: &str = "\
# Reports

Written by `INTISARI_DATA=<data> cargo xtask reports`; do not edit. One task or set: `cargo xtask reports ner nerui`. `figures/` holds
the numbers, `index.html` shows them with types, lengths and calibration, and without remarks and published scores. In brackets the
middle 95 % of the scores of 1000 sets drawn with replacement; p is that of a paired bootstrap. Scores are in per cent, and higher is
better; of TER lower is better, and it may exceed 100.

The built-in translator searches with four beams; the untuned one, its base model without the adapter, is shown five example pairs and
is greedy. `cleaning.md`, `sentences.md` and `translation.md` tell what was read by hand.

Two precisions of the translator on the same lines with the paired test; two numbers of beams go likewise, with `--beams 1`:

```sh
intisari eval translation dev.id dev.en --precision f32 --save f32.en
intisari eval translation dev.id dev.en --save int8.en --against f32.en
```
";

/// The tables; `present` are the models that are committed now.
pub fn markdown(all: &[(&Job, Evaluation)], present: &Manifest) -> String {
    let mut text = HEAD.to_owned();
    // Writing into a string does not fail.
    let _ = overview(&mut text, all, present);
    for (job, evaluation) in all {
        let _ = section(&mut text, job, evaluation, present);
    }
    text
}

/// Which files of a built-in model have changed since it was scored.
fn changed<'a>(scored: &'a ScoredModel, present: &Manifest) -> Vec<&'a str> {
    if !present.models.iter().any(|model| model.id == scored.id) {
        return Vec::new();
    }
    // Its own files come first: base weights are of another entry, and a `tokenizer.json` is in several.
    let own = present.models.iter().filter(|model| model.id == scored.id);
    let files: Vec<&ModelFile> = own.chain(&present.models).flat_map(|model| &model.files).collect();
    let is_other = |file: &&ModelFile| {
        let now = files.iter().find(|now| now.name == file.name);
        now.is_some_and(|now| now.sha256 != file.sha256)
    };
    scored.files.iter().filter(is_other).map(|file| file.name.as_str()).collect()
}

/// The first figure of every set.
fn overview(text: &mut String, all: &[(&Job, Evaluation)], present: &Manifest) -> fmt::Result {
    if all.is_empty() {
        return Ok(());
    }
    let mut any_before = false;
    writeln!(text, "\n| set | items | | score | baseline |\n| --- | ---: | --- | ---: | ---: |")?;
    for (job, evaluation) in all {
        let Some(figure) = evaluation.figures.first() else { continue };
        let baseline = figure.against.map_or(String::new(), |against| format!("{against:.2}"));
        let Evaluation { task, set, .. } = evaluation;
        let before = evaluation.model.as_ref().is_some_and(|model| !changed(model, present).is_empty());
        any_before |= before;
        let mark = if before { " †" } else { "" };
        writeln!(
            text,
            "| {task}, {}{mark} | {} | {} | {:.2} | {baseline} |",
            job.set, set.items, figure.name, figure.value
        )?;
    }
    if any_before {
        writeln!(text, "\n† of models before the present ones; the section says which files changed.")?;
    }
    Ok(())
}

fn section(text: &mut String, job: &Job, evaluation: &Evaluation, present: &Manifest) -> fmt::Result {
    let set = &evaluation.set;
    writeln!(text, "\n## {} on {}\n", evaluation.task, job.set)?;
    if !job.remark.is_empty() {
        writeln!(text, "The set: {}.\n", job.remark)?;
    }
    writeln!(text, "{}, `{}`, {} items, sha256 `{}`.\n", evaluation.system, set.name, set.items, set.sha256)?;
    for note in &set.notes {
        writeln!(text, "Note: {note}.\n")?;
    }
    if let Some(model) = &evaluation.model {
        let file = |file: &ModelFile| {
            format!("`{}` `{}…`", file.name, file.sha256.get(..12).unwrap_or(&file.sha256))
        };
        let files: Vec<String> = model.files.iter().map(file).collect();
        let options = if model.options.is_null() { String::new() } else { format!(" `{}`", model.options) };
        writeln!(text, "Model files by sha256: {}.{options}\n", files.join(", "))?;
        let changed = changed(model, present);
        if !changed.is_empty() {
            writeln!(
                text,
                "**Of models before the present ones:** `{}` changed since; the committed files have not been scored on this set.\n",
                changed.join("`, `")
            )?;
        }
    }
    match &evaluation.against {
        Some(against) => {
            writeln!(text, "| | score | {against} | difference | p |\n| --- | ---: | ---: | ---: | ---: |")?
        }
        None => writeln!(text, "| | score |\n| --- | ---: |")?,
    }
    for figure in &evaluation.figures {
        row(text, figure)?;
    }
    if !evaluation.labels.is_empty() {
        writeln!(
            text,
            "\n| label | F1 | precision | recall | gold | predicted |\n| --- |{}",
            " ---: |".repeat(5)
        )?;
    }
    for of in &evaluation.labels {
        let shares = [of.prf.f1, of.prf.precision, of.prf.recall].map(|share| format!("{:.2}", 100. * share));
        writeln!(text, "| {} | {} | {} | {} |", of.label, shares.join(" | "), of.gold, of.predicted)?;
    }
    if !set.skipped.is_empty() {
        writeln!(text, "\n{} lines were left out.", set.skipped.len())?;
    }
    let published = published::on(job.set);
    if !published.is_empty() {
        writeln!(text, "\nPublished:\n")?;
    }
    for score in published {
        let caution = if score.caution.is_empty() { String::new() } else { format!(" ({})", score.caution) };
        writeln!(text, "- {}: {}{caution}", score.system, score.score)?;
    }
    writeln!(text, "\n```text")?;
    for (names, signature) in evaluation.signatures() {
        writeln!(text, "{}|{signature}", names.join(", "))?;
    }
    writeln!(text, "resampling|{}\n```", evaluation.resampling)
}

fn row(text: &mut String, figure: &Figure) -> fmt::Result {
    let interval = figure.interval.map_or(String::new(), |i| format!(" ({:.2} to {:.2})", i.low, i.high));
    write!(text, "| {} | {:.2}{interval} |", figure.name, figure.value)?;
    if let Some(against) = figure.against {
        let p = figure.comparison.map_or(String::new(), |comparison| format!("{:.4}", comparison.p_value));
        write!(text, " {against:.2} | {:+.2} | {p} |", figure.value - against)?;
    }
    writeln!(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use intisari::eval::evaluation::{
        evaluate_ner, evaluate_summaries, NerItem, SetInfo, Setup, SummaryOptions, TextItem,
    };
    use intisari::eval::formats::BadLine;
    use intisari::eval::LabeledSpan;

    use crate::reports::JOBS;

    fn evaluation(against: Option<&str>) -> Evaluation {
        let bad = BadLine { path: "set.jsonl".into(), line: 3, message: "no text".to_owned() };
        let set = SetInfo {
            name: "folder/set.jsonl".to_owned(),
            sha256: "ab".repeat(32),
            items: 2,
            skipped: vec![bad],
            notes: Vec::new(),
        };
        let item = TextItem {
            references: vec!["Rain fell.".to_owned()],
            output: "Rain fell.".to_owned(),
            against: against.map(|_| "Sun.".to_owned()),
            ..TextItem::default()
        };
        let setup = Setup { against: against.map(str::to_owned), ..Setup::new(set, "lead-3") };
        // Two, since one has no interval.
        evaluate_summaries(&[item.clone(), item], &SummaryOptions::default(), &setup).unwrap()
    }

    fn present() -> Manifest {
        Manifest::built_in().unwrap()
    }

    #[test]
    fn without_figures_there_is_the_head_alone() {
        assert_eq!(markdown(&[], &present()), HEAD);
    }

    #[test]
    fn a_set_has_a_line_in_the_overview_and_a_section() {
        let job = JOBS.iter().find(|job| job.set == "indosum-test").unwrap();
        let text = markdown(&[(job, evaluation(Some("first")))], &present());
        for part in [
            "\n| summary, indosum-test | 2 | ROUGE-1 | 100.00 | 0.00 |\n",
            "\n## summary on indosum-test\n\nThe set: one article in ten",
            &format!("\nlead-3, `folder/set.jsonl`, 2 items, sha256 `{}`.\n", "ab".repeat(32)),
            "\n| | score | first | difference | p |\n| --- | ---: | ---: | ---: | ---: |\n",
            "\n| ROUGE-1 | 100.00 (100.00 to 100.00) | 0.00 | +100.00 | ",
            "\n1 lines were left out.\n",
            "\nPublished:\n\n- NeuralSum (Kurniawan and Louvan 2018): ROUGE-1/2/L 67.96/61.65/67.24 (mean of 5 test folds",
            "\n```text\nROUGE-1, ROUGE-2, ROUGE-L, ROUGE-Lsum|nrefs:1|",
            "\nresampling|bs:1000|seed:12345|rng:pcg64mcg\n```\n",
        ] {
            assert!(text.contains(part), "{part:?} is not in\n{text}");
        }
    }

    #[test]
    fn a_model_is_named_by_its_files() {
        let file =
            |name: &str, digit: &str| ModelFile { name: name.to_owned(), bytes: 7, sha256: digit.repeat(64) };
        let files = vec![file("model.safetensors", "a"), file("tokenizer.json", "b")];
        let mut evaluation = evaluation(None);
        let options = serde_json::json!({ "beams": 4 });
        evaluation.model = Some(ScoredModel { id: "m".to_owned(), files, options });
        let job = JOBS.iter().find(|job| job.set == "pud").unwrap();
        let text = markdown(&[(job, evaluation.clone())], &present());
        let line = "\nModel files by sha256: `model.safetensors` `aaaaaaaaaaaa…`, `tokenizer.json` `bbbbbbbbbbbb…`. `{\"beams\":4}`\n";
        assert!(text.contains(line), "{text}");
        let json = serde_json::to_string(&evaluation).unwrap();
        assert_eq!(serde_json::from_str::<Evaluation>(&json).unwrap().model, evaluation.model);
    }

    #[test]
    fn figures_of_files_that_changed_since_are_marked() {
        let job = JOBS.iter().find(|job| job.set == "pud").unwrap();
        let present = present();
        let [translator, gguf] = ["intisari-translator", "gemma-3-270m-q4-k-m"]
            .map(|id| present.models.iter().find(|model| model.id == id).unwrap());
        let written = |id: &str, changed: &[&str]| {
            let mut files: Vec<ModelFile> = translator.files.iter().chain(&gguf.files).cloned().collect();
            for file in files.iter_mut().filter(|file| changed.contains(&file.name.as_str())) {
                file.sha256 = "0".repeat(64);
            }
            let mut evaluation = evaluation(None);
            let options = serde_json::Value::Null;
            evaluation.model = Some(ScoredModel { id: id.to_owned(), files, options });
            markdown(&[(job, evaluation)], &present)
        };
        for text in [written("intisari-translator", &[]), written("another", &["tokenizer.json"])] {
            assert!(!text.contains("before the present ones") && !text.contains('†'), "{text}");
        }
        // The tokenizer of its own, not that of the encoder; and the weights it stands on.
        for changed in ["tokenizer.json", &gguf.files[0].name] {
            let text = written("intisari-translator", &[changed]);
            let notice = format!("\n**Of models before the present ones:** `{changed}` changed since; ");
            assert!(text.contains(&notice) && text.contains("\n| summary, pud † | 2 | "), "{text}");
        }
    }

    #[test]
    fn each_label_has_a_row() {
        let set = SetInfo { name: "set.jsonl".to_owned(), items: 1, ..evaluation(None).set };
        let span = |start, label: &str| LabeledSpan { start, end: start + 4, label: label.to_owned() };
        let gold = vec![span(0, "ORG"), span(10, "PER")];
        let item = NerItem { gold, predicted: vec![span(0, "ORG"), span(20, "ORG")], ..NerItem::default() };
        let scored = evaluate_ner(&[item], None, &Setup::new(set, "rules")).unwrap();
        let job = JOBS.iter().find(|job| job.set == "nerui").unwrap();
        let text = markdown(&[(job, scored)], &present());
        let table = "\n| label | F1 | precision | recall | gold | predicted |\n| --- | ---: | ---: | ---: | ---: | ---: |\n\
                     | ORG | 66.67 | 50.00 | 100.00 | 1 | 2 |\n| PER | 0.00 | 0.00 | 0.00 | 1 | 0 |\n";
        assert!(text.contains(table), "{text}");
    }

    #[test]
    fn without_another_system_there_is_one_score() {
        let job = JOBS.iter().find(|job| job.set == "pud").unwrap();
        let text = markdown(&[(job, evaluation(None))], &present());
        assert!(
            text.contains("| 100.00 |  |\n") && text.contains("\n| | score |\n| --- | ---: |\n"),
            "{text}"
        );
        assert!(text.contains("\n| ROUGE-1 | 100.00 (100.00 to 100.00) |\n"), "{text}");
        assert!(
            !text.contains("Published:") && !text.contains("Model files") && !text.contains("The set:"),
            "{text}"
        );
    }
}
