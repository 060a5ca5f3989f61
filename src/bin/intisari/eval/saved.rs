//! Predictions that are written as they come, so that an interrupted run can go on.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{IsTerminal, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use intisari::{Error, Result};

/// Items that are given to a model at once, at most.
pub const BATCH: usize = 64;
/// As much work as may be lost when a run is killed: batches grow to `BATCH` only while they take less. The translator needs some
/// seconds for a batch that all threads share well: at two seconds it took 2.4 times as long.
const AT_RISK: Duration = Duration::from_secs(15);

/// Where predictions are kept, and whose they are.
pub struct Save<'a> {
    /// The file, a prediction a line; beside it lies a file `….run` that says whose they are.
    pub path: &'a Path,
    /// What a run must have in common with the one that wrote the file: its inputs, the system and the program.
    pub run: String,
}

/// A prediction for each of `inputs`, each on one line. With `save`, those that are there already are not made again.
pub fn predictions<T>(
    inputs: &[T],
    save: Option<&Save<'_>>,
    mut predict: impl FnMut(&[T]) -> Result<Vec<String>>,
) -> Result<Vec<String>> {
    let mut open = save.map(|save| Open::new(save, inputs.len())).transpose()?;
    let mut lines = open.as_mut().map(|open| std::mem::take(&mut open.lines)).unwrap_or_default();
    let bar = bar(inputs.len() as u64, lines.len() as u64);
    let mut size = if open.is_some() { 1 } else { BATCH };
    while let Some(batch) = inputs.get(lines.len()..).filter(|rest| !rest.is_empty()) {
        let batch = batch.get(..size).unwrap_or(batch);
        let started = Instant::now();
        let made = predict(batch)?;
        if made.len() != batch.len() {
            let message = format!("{} predictions for {} items", made.len(), batch.len());
            return Err(Error::config(message, "report this: a model must answer every item"));
        }
        if let Some(open) = &mut open {
            open.append(&made)?;
            size = next_size(size, started.elapsed());
        }
        bar.inc(made.len() as u64);
        lines.extend(made);
    }
    bar.finish_and_clear();
    Ok(lines)
}

/// The size of the next batch where one of `size` items took so long.
fn next_size(size: usize, took: Duration) -> usize {
    if took > AT_RISK {
        (size / 2).max(1)
    } else if took < AT_RISK / 3 {
        (size * 2).min(BATCH)
    } else {
        size
    }
}

/// A file of predictions that this run alone writes.
struct Open {
    file: File,
    path: PathBuf,
    /// What an earlier run left.
    lines: Vec<String>,
}

impl Open {
    /// Locks the file and reads what an earlier run left in it; half a line at its end is cut off.
    fn new(save: &Save<'_>, items: usize) -> Result<Self> {
        let io = |source| Error::io(save.path, source);
        let refused = |what: String| Err(Error::config(what, "name another file, or delete it"));
        let shown = save.path.display();
        let mut options = OpenOptions::new();
        let mut file =
            options.create(true).truncate(false).read(true).write(true).open(save.path).map_err(io)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let message = format!("another process is writing to {shown}");
                return Err(Error::config(message, "wait for it, or name another file"));
            }
            // Some network file systems have no locks; one process alone still works there.
            Err(TryLockError::Error(error)) if error.kind() == std::io::ErrorKind::Unsupported => {}
            Err(TryLockError::Error(error)) => return Err(io(error)),
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(io)?;
        let mut name = save.path.as_os_str().to_owned();
        name.push(".run");
        let run = PathBuf::from(name);
        if bytes.is_empty() {
            fs::write(&run, &save.run).map_err(|source| Error::io(&run, source))?;
        } else if fs::read_to_string(&run).ok().as_ref() != Some(&save.run) {
            let differs = "other items, another model, other settings or another build";
            return refused(format!("{shown} holds the predictions of another run ({differs})"));
        }
        // Half a line may end within a character.
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        bytes.truncate(whole);
        let Ok(text) = String::from_utf8(bytes) else { return refused(format!("{shown} is not UTF-8")) };
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        if lines.len() > items {
            return refused(format!("{shown} has {} lines for {items} items", lines.len()));
        }
        file.set_len(whole as u64).and_then(|()| file.seek(SeekFrom::End(0))).map_err(io)?;
        Ok(Open { file, path: save.path.to_owned(), lines })
    }

    /// Adds lines: what this returns from stays, even if the process is killed at once.
    fn append(&mut self, lines: &[String]) -> Result<()> {
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        let written = self.file.write_all(text.as_bytes()).and_then(|()| self.file.flush());
        written.map_err(|source| Error::io(&self.path, source))
    }
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

        let mut kept = 0;
        let broken = predictions(&inputs, Some(&save), |batch| {
            if kept + batch.len() > 20 {
                return Err(Error::config("the engine broke", "try again"));
            }
            let there = fs::read_to_string(&path).unwrap().lines().count();
            assert_eq!(there, kept, "what was made stands in the file before more is made");
            kept += batch.len();
            upper(batch)
        });
        assert!(broken.is_err() && kept > 0);
        // Cut within a character.
        OpenOptions::new().append(true).open(&path).unwrap().write_all(b"ITEM \xe2\x80").unwrap();

        let mut made = 0;
        let lines = predictions(&inputs, Some(&save), |batch| {
            made += batch.len();
            upper(batch)
        })
        .unwrap();
        assert_eq!(made, 150 - kept, "only what was missing is made, the half line again");
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
    fn two_runs_do_not_write_one_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.txt");
        let save = Save { path: &path, run: "one".to_owned() };
        let lines = predictions(&["a", "b"], Some(&save), |batch| {
            let second = predictions(&["a", "b"], Some(&save), upper).unwrap_err().to_string();
            assert!(
                second.contains("another process is writing to") && second.contains("out.txt"),
                "{second}"
            );
            upper(batch)
        });
        assert_eq!(lines.unwrap(), ["A", "B"]);
        assert_eq!(fs::read_to_string(&path).unwrap(), "A\nB\n");
        // Whoever comes after it may.
        assert_eq!(predictions(&["a", "b"], Some(&save), |_| panic!("made again")).unwrap(), ["A", "B"]);
    }

    #[test]
    fn refuses_a_file_that_is_longer_than_its_set() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.txt");
        let save = Save { path: &path, run: "one".to_owned() };
        predictions(&["a", "b"], Some(&save), upper).unwrap();
        fs::write(&path, "A\nB\nA\nB\n").unwrap();
        let error = predictions(&["a", "b"], Some(&save), upper).unwrap_err().to_string();
        assert!(error.contains("has 4 lines for 2 items"), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "A\nB\nA\nB\n", "nothing of it is lost");
    }

    #[test]
    fn batches_grow_while_little_is_at_risk() {
        let quick = Duration::from_millis(10);
        assert_eq!((next_size(1, quick), next_size(BATCH, quick)), (2, BATCH));
        assert_eq!((next_size(8, AT_RISK * 2), next_size(1, AT_RISK * 2)), (4, 1));
        assert_eq!(next_size(8, AT_RISK / 2), 8);
    }

    #[test]
    fn needs_no_file() {
        assert_eq!(predictions(&["a", "b"], None, upper).unwrap(), ["A", "B"]);
        assert!(predictions(&[], None, upper).unwrap().is_empty());
    }
}
