//! Parts of data sets that the reports score: every nth line, or a test part.

use std::fs;
use std::path::Path;

use anyhow::{bail, Context, Result};
use sha2::{Digest, Sha256};

/// Writes the part `name` of the data sets into `folder`: a file of `mt/eval`, every `every`th line of it from the first, or
/// `indosum-test.jsonl`.
pub fn make(name: &str, data: &Path, folder: &Path, every: usize) -> Result<()> {
    let indosum = name == "indosum-test.jsonl";
    let path =
        if indosum { data.join("summarization/indosum.jsonl") } else { data.join("mt/eval").join(name) };
    let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    let mut part = String::new();
    for (number, line) in text.lines().enumerate() {
        let keep = if indosum {
            is_test(&id(line).with_context(|| format!("{}:{}", path.display(), number + 1))?)
        } else {
            number % every == 0
        };
        if keep {
            part.push_str(line);
            part.push('\n');
        }
    }
    let out = folder.join(name);
    fs::write(&out, part).with_context(|| format!("writing {}", out.display()))
}

fn id(line: &str) -> Result<String> {
    let record: serde_json::Value = serde_json::from_str(line)?;
    match record.get("id").and_then(serde_json::Value::as_str) {
        Some(id) => Ok(id.to_owned()),
        None => bail!("no field `id`"),
    }
}

/// Whether an article of IndoSum belongs to the part that the salience head did not learn from, as
/// `training/encoder/salience.py` has it: the first four bytes of the SHA-256 of its id, modulo 10, are 0.
fn is_test(id: &str) -> bool {
    let first =
        Sha256::digest(id.as_bytes()).iter().take(4).fold(0u32, |sum, byte| sum << 8 | u32::from(*byte));
    first % 10 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_test_part_is_that_of_training() {
        // By `split_of` of `training/encoder/salience.py`.
        let ids = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p"];
        let test: Vec<&str> = ids.into_iter().filter(|id| is_test(id)).collect();
        assert_eq!(test, ["a", "f", "l"]);
    }

    #[test]
    fn takes_every_nth_line_of_a_file() {
        let folder = std::env::temp_dir().join(format!("intisari-parts-{}", std::process::id()));
        let data = folder.join("mt/eval");
        fs::create_dir_all(&data).unwrap();
        fs::write(data.join("x.id"), "satu\r\ndua\ntiga\nempat").unwrap();
        make("x.id", &folder, &folder, 3).unwrap();
        assert_eq!(fs::read_to_string(folder.join("x.id")).unwrap(), "satu\nempat\n");
        make("x.id", &folder, &folder, 1).unwrap();
        assert_eq!(fs::read_to_string(folder.join("x.id")).unwrap().lines().count(), 4);
        assert!(make("y.id", &folder, &folder, 1).unwrap_err().to_string().contains("y.id"));
        fs::remove_dir_all(&folder).unwrap();
    }
}
