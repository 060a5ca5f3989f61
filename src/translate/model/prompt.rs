//! How a segment is put to the language model.

use std::path::Path;

use serde::Deserialize;

use super::hints::Hint;
use crate::error::{Error, Result};
use crate::translate::Term;

/// Pairs shown to a model that was not trained for the task; written for this crate in the manner of news.
const EXAMPLES: [[&str; 2]; 5] = [
    [
        "Hujan deras yang mengguyur Kota Bogor sejak Senin malam menyebabkan ratusan rumah terendam banjir.",
        "Heavy rain that has poured down on the city of Bogor since Monday night has left hundreds of houses flooded.",
    ],
    [
        "\"Kami sudah menyiapkan anggaran sebesar Rp2,5 triliun untuk perbaikan jalan,\" kata Menteri Sari di Jakarta, \
         Selasa (4/3/2025).",
        "\"We have prepared a budget of Rp2.5 trillion for road repairs,\" Minister Sari said in Jakarta on Tuesday \
         (4/3/2025).",
    ],
    [
        "Polisi menangkap tiga orang yang diduga mencuri kabel milik perusahaan listrik negara.",
        "Police arrested three people suspected of stealing cables belonging to the state electricity company.",
    ],
    [
        "Pertandingan berakhir imbang 1-1 setelah tim tamu mencetak gol pada menit ke-88.",
        "The match ended in a 1-1 draw after the visiting team scored a goal in the 88th minute.",
    ],
    [
        "Menurut para peneliti, harga beras diperkirakan naik 12 persen tahun ini karena musim kemarau yang panjang.",
        "According to the researchers, the price of rice is expected to rise 12 percent this year because of the long \
         dry season.",
    ],
];

/// What every prompt starts with: the examples, one after another.
pub(crate) fn examples() -> String {
    EXAMPLES.iter().map(|[source, english]| format!("Indonesian: {source}\nEnglish: {english}\n")).collect()
}

/// The prompt for one segment; the model goes on after it with a blank, the English and an end or a line end. `terms` and
/// `words` stand in lines of their own where there are any, for a model that was trained with them.
pub(crate) fn prompt(segment: &str, terms: &[Term], words: &[Hint]) -> String {
    // A line end would end the source for the model.
    let one_line: Vec<&str> = segment.split_whitespace().collect();
    let mut prompt = format!("Indonesian: {}", one_line.join(" "));
    let terms = terms.iter().map(|term| format!("{} = {}", term.source, term.target));
    let words = words.iter().map(|hint| format!("{} = {}", hint.form, hint.senses.join(" / ")));
    for (name, lines) in [("Terms", terms.collect::<Vec<_>>()), ("Words", words.collect())] {
        if !lines.is_empty() {
            prompt += &format!("\n{name}: {}", lines.join("; "));
        }
    }
    prompt + "\nEnglish:"
}

/// What `adapter_config.json` of an adapter says of the prompt that it was trained with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Trained {
    /// Terms and senses of rare words stood beside the segment, as [`prompt`] puts them.
    #[serde(default)]
    pub hints: bool,
}

impl Trained {
    /// Reads the object `intisari` of the settings of an adapter; adapters of other origin have none.
    ///
    /// # Errors
    /// Where the file is missing, is no JSON, or its object `intisari` asks for something that this version does not know.
    pub fn read(folder: &Path) -> Result<Self> {
        #[derive(Deserialize)]
        struct Settings {
            #[serde(default)]
            intisari: Trained,
        }
        let path = folder.join("adapter_config.json");
        let text = std::fs::read_to_string(&path).map_err(|error| Error::io(&path, error))?;
        let settings: Settings = serde_json::from_str(&text).map_err(|error| Error::ModelInvalid {
            path,
            message: error.to_string(),
            fix: "copy the adapter again, or use a newer version of intisari".to_owned(),
        })?;
        Ok(settings.intisari)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn puts_a_segment_on_one_line() {
        assert_eq!(prompt(" Hujan\r\nturun. ", &[], &[]), "Indonesian: Hujan turun.\nEnglish:");
    }

    #[test]
    fn puts_terms_and_words_beside_it_as_in_training() {
        let term = |source: &str, target: &str| Term { source: source.to_owned(), target: target.to_owned() };
        let word =
            |form: &str, senses: &[&'static str]| Hint { form: form.to_owned(), senses: senses.to_vec() };
        let terms = [term("Dinas Kios", "Kiosk Agency"), term("warganya", "resident")];
        let words = [word("lucut", &["disarm", "strip"]), word("sandera", &["hostage"])];
        let both = "Indonesian: A.\nTerms: Dinas Kios = Kiosk Agency; warganya = resident\n\
                    Words: lucut = disarm / strip; sandera = hostage\nEnglish:";
        assert_eq!(prompt("A.", &terms, &words), both);
        assert_eq!(prompt("A.", &[], &words[1..]), "Indonesian: A.\nWords: sandera = hostage\nEnglish:");
        assert_eq!(prompt("A.", &terms[1..], &[]), "Indonesian: A.\nTerms: warganya = resident\nEnglish:");
    }

    #[test]
    fn an_adapter_says_how_it_was_trained() {
        let folder = tempfile::tempdir().unwrap();
        for (settings, expected) in [
            (r#"{"r": 8}"#, Some(false)),
            (r#"{"r": 8, "intisari": {"hints": true}}"#, Some(true)),
            (r#"{"intisari": {}}"#, Some(false)),
            (r#"{"intisari": {"hints": "some"}}"#, None),
            (r#"{"intisari": {"hints": true, "roots": true}}"#, None),
        ] {
            std::fs::write(folder.path().join("adapter_config.json"), settings).unwrap();
            let found = Trained::read(folder.path());
            assert_eq!(found.as_ref().ok().map(|trained| trained.hints), expected, "{settings}: {found:?}");
        }
        let error = Trained::read(folder.path()).unwrap_err().to_string();
        assert!(error.contains("adapter_config.json") && error.contains("roots"), "{error}");
    }

    #[test]
    fn examples_are_one_line_each() {
        assert_eq!(examples().lines().count(), 2 * EXAMPLES.len());
    }
}
