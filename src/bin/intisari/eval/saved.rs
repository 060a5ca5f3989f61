//! Predictions that are written as they come, so that an interrupted run can go on.

use std::fs::{self, OpenOptions};
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use indicatif::{ProgressBar, ProgressStyle};
use intisari::{Error, Result};

/// Items that are given to a model at once, and lost at most when a run is interrupted.
const BATCH: usize = 64;

/// Where predictions are kept, and whose they are.
pub struct Save<'a> {
    /// The file, a prediction a line; beside it lies a file `….run` that says whose they are.
    pub path: &'a Path,
    /// What a run must have in common with the one that wrote the file: its inputs and the system.
    pub run: String,
}

/// A prediction for each of `inputs`, each on one line. With `save`, those that are there already are not made again.
pub fn predictions<T>(
    inputs: &[T],
    save: Option<&Save<'_>>,
    mut predict: impl FnMut(&[T]) -> Result<Vec<String>>,
) -> Result<Vec<String>> {
    let mut lines = save.map(read).transpose()?.unwrap_or_default();
    lines.truncate(inputs.len());
    let rest = inputs.get(lines.len()..).unwrap_or_default();
    let bar = bar(inputs.len() as u64, lines.len() as u64);
    for batch in rest.chunks(BATCH) {
        let made = predict(batch)?;
        if let Some(save) = save {
            let text: String = made.iter().map(|line| format!("{line}\n")).collect();
            append(save.path, &text).map_err(|source| Error::io(save.path, source))?;
        }
        bar.inc(made.len() as u64);
        lines.extend(made);
    }
    bar.finish_and_clear();
    Ok(lines)
}

/// The whole lines of an earlier run; half a line at the end is cut off.
fn read(save: &Save<'_>) -> Result<Vec<String>> {
    let mut name = save.path.as_os_str().to_owned();
    name.push(".run");
    let run = PathBuf::from(name);
    if !save.path.exists() {
        fs::write(&run, &save.run).map_err(|source| Error::io(&run, source))?;
        return Ok(Vec::new());
    }
    if fs::read_to_string(&run).ok().as_ref() != Some(&save.run) {
        return Err(Error::config(
            format!("{} holds the predictions of another run", save.path.display()),
            "name another file, or delete it",
        ));
    }
    // Half a line may end within a character.
    let mut bytes = fs::read(save.path).map_err(|source| Error::io(save.path, source))?;
    let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    if whole < bytes.len() {
        bytes.truncate(whole);
        fs::write(save.path, &bytes).map_err(|source| Error::io(save.path, source))?;
    }
    let text = String::from_utf8(bytes).map_err(|_| {
        Error::config(format!("{} is not UTF-8", save.path.display()), "name another file, or delete it")
    })?;
    Ok(text.lines().map(str::to_owned).collect())
}

fn append(path: &Path, text: &str) -> std::io::Result<()> {
    OpenOptions::new().create(true).append(true).open(path)?.write_all(text.as_bytes())
}

fn bar(all: u64, done: u64) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} {eta}");
    let bar = ProgressBar::new(all).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.set_position(done);
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upper(batch: &[&str]) -> Result<Vec<String>> {
        Ok(batch.iter().map(|text| text.to_uppercase()).collect())
    }

    #[test]
    fn goes_on_where_a_run_ended() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.txt");
        let save = Save { path: &path, run: "set and system".to_owned() };
        let inputs: Vec<String> = (0..150).map(|n| format!("item {n}")).collect();
        let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();

        let mut batches = 0;
        let broken = predictions(&inputs, Some(&save), |batch| {
            batches += 1;
            if batches == 2 {
                return Err(Error::config("the engine broke", "try again"));
            }
            upper(batch)
        });
        assert!(broken.is_err());
        // Cut within a character.
        OpenOptions::new().append(true).open(&path).unwrap().write_all(b"ITEM \xe2\x80").unwrap();

        let mut made = 0;
        let lines = predictions(&inputs, Some(&save), |batch| {
            made += batch.len();
            upper(batch)
        })
        .unwrap();
        assert_eq!(made, 150 - BATCH, "only what was missing is made, the half line again");
        assert_eq!(lines, upper(&inputs).unwrap());
        assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), 150);
    }

    #[test]
    fn refuses_the_predictions_of_another_run() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.txt");
        predictions(&["a"], Some(&Save { path: &path, run: "one".to_owned() }), upper).unwrap();
        let other = predictions(&["a"], Some(&Save { path: &path, run: "two".to_owned() }), upper);
        assert!(other.unwrap_err().to_string().contains("another run"));
        fs::write(folder.path().join("plain.txt"), "A\n").unwrap();
        let plain = folder.path().join("plain.txt");
        assert!(predictions(&["a"], Some(&Save { path: &plain, run: "one".to_owned() }), upper).is_err());
    }

    #[test]
    fn needs_no_file() {
        assert_eq!(predictions(&["a", "b"], None, upper).unwrap(), ["A", "B"]);
        assert!(predictions(&[], None, upper).unwrap().is_empty());
    }
}
