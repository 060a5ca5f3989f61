//! What a text surely is, so that a reader of something else can say it: its own complaint would be about a line.

use std::path::Path;

use serde_json::{Deserializer, Value};

use super::source::Source;
use crate::error::{Error, Result};
use crate::eval::TagScheme;

/// So many lines are looked at.
const LOOKED_AT: usize = 20;

/// A form that a text has for certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Looks {
    Json,
    Articles,
    TaggedJson,
    Wmt,
    Sgm,
    Tmx,
    Xliff,
    Uima,
    Xml,
    Brat,
    Names,
    Tagged,
    Conllu,
    Table,
}

/// All that is JSON.
pub(super) const JSON: [Looks; 3] = [Looks::Json, Looks::Articles, Looks::TaggedJson];
/// All that is markup: readers of XML name the root that they found.
pub(super) const MARKUP: [Looks; 6] =
    [Looks::Wmt, Looks::Sgm, Looks::Tmx, Looks::Xliff, Looks::Uima, Looks::Xml];

impl Looks {
    fn of(path: &Path, text: &str) -> Option<Self> {
        let end = path.extension().map(|end| end.to_string_lossy().to_ascii_lowercase());
        let lines = || text.lines().filter(|line| !line.trim().is_empty()).take(LOOKED_AT);
        markup(text).or_else(|| json(text)).or_else(|| match end.as_deref() {
            _ if lines().next().is_some_and(is_brat) => Some(Looks::Brat),
            _ if lines().next().is_some_and(|line| line.starts_with("==")) && lines().any(has_mark) => {
                Some(Looks::Names)
            }
            _ if is_conllu(lines()) => Some(Looks::Conllu),
            _ if is_tagged(lines()) => Some(Looks::Tagged),
            Some("ann") => Some(Looks::Brat),
            Some("csv" | "tsv") => Some(Looks::Table),
            _ => None,
        })
    }

    fn name(self) -> &'static str {
        match self {
            Looks::Json => "JSON",
            Looks::Articles => "JSON of texts with entities",
            Looks::TaggedJson => "JSON of tokens with tags",
            Looks::Wmt => "WMT's XML",
            Looks::Sgm => "SGM",
            Looks::Tmx => "TMX",
            Looks::Xliff => "XLIFF",
            Looks::Uima => "UIMA CAS",
            Looks::Xml => "XML",
            Looks::Brat => "brat's annotations",
            Looks::Names => "articles with marked names",
            Looks::Tagged => "a file of tokens with tags (CoNLL)",
            Looks::Conllu => "CoNLL-U",
            Looks::Table => "a table",
        }
    }
}

/// Refuses a file that surely has another form than those that its reader takes.
pub(super) fn expect(source: &Source, takes: &[Looks], wanted: &str) -> Result<()> {
    match Looks::of(source.path(), &source.lossy()) {
        Some(looks) if !takes.contains(&looks) => Err(another(source.path(), looks.name(), wanted)),
        _ => Ok(()),
    }
}

/// As [`expect`], and refuses what does not begin as XML does.
pub(super) fn expect_markup(source: &Source, takes: &[Looks], wanted: &str) -> Result<()> {
    expect(source, takes, wanted)?;
    let text = source.lossy();
    let text = text.trim_start();
    match text.is_empty() || text.starts_with('<') {
        true => Ok(()),
        false => Err(another(source.path(), "a file of lines", wanted)),
    }
}

/// As [`expect`], and refuses what has no JSON in any line; `found` tells for each value of the file whether it is any.
pub(super) fn expect_json(
    source: &Source,
    takes: &[Looks],
    wanted: &str,
    mut found: impl ExactSizeIterator<Item = bool>,
) -> Result<()> {
    expect(source, takes, wanted)?;
    let begins = source.lossy().trim_start().starts_with(['{', '[']);
    match begins || found.len() == 0 || found.any(|is_json| is_json) {
        true => Ok(()),
        false => Err(another(source.path(), "a file of lines", wanted)),
    }
}

/// `path` is `found` where its reader wants something else.
fn another(path: &Path, found: &str, wanted: &str) -> Error {
    Error::config(
        format!("{} is {found}, not {wanted}", path.display()),
        "read it as what it is, or give another file",
    )
}

/// Which markup a text is, if any: a line may begin with `<` too.
pub(super) fn markup(text: &str) -> Option<Looks> {
    let text = text.trim_start();
    let starts = ["<?xml", "<!doctype", "<tmx", "<dataset", "<srcset", "<refset", "<tstset", "<xliff"];
    let begins = |start: &str| text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start));
    if !starts.into_iter().any(begins) {
        return None;
    }
    let head: String = text.chars().take(4000).collect::<String>().to_lowercase();
    let has = |tag: &str| head.contains(tag);
    Some(match () {
        () if has("<tmx") => Looks::Tmx,
        () if has("<dataset") => Looks::Wmt,
        () if ["<srcset", "<refset", "<tstset"].into_iter().any(has) => Looks::Sgm,
        () if has("<xliff") => Looks::Xliff,
        () if has("xmi:xmi") => Looks::Uima,
        () => Looks::Xml,
    })
}

/// Which JSON a text is, by its first record; one that is damaged still begins with the name of a field.
pub(super) fn json(text: &str) -> Option<Looks> {
    let text = text.trim_start();
    let inner = text.strip_prefix('[').map(str::trim_start).filter(|inner| inner.starts_with(['{', '[']));
    let first = inner.unwrap_or(text);
    if !first.starts_with(['{', '[']) {
        return None;
    }
    let Ok(record) = Deserializer::from_str(first).into_iter::<Value>().next()? else {
        let name = first.strip_prefix("{\"").unwrap_or_default();
        return name.starts_with(char::is_alphanumeric).then_some(Looks::Json);
    };
    match record {
        // `{}` and `[1]` may be words.
        Value::Object(fields) if fields.is_empty() => None,
        Value::Object(fields) => {
            let has = |names: &[&str]| names.iter().any(|name| fields.contains_key(*name));
            let lists =
                |names: &[&str]| names.iter().any(|name| fields.get(*name).is_some_and(Value::is_array));
            let texts = has(&["text", "data", "content", "article"]);
            Some(match () {
                () if lists(&["tokens", "words"]) && lists(&["ner_tags", "tags", "labels"]) => {
                    Looks::TaggedJson
                }
                () if texts && lists(&["entities", "spans", "label", "labels", "annotations"]) => {
                    Looks::Articles
                }
                () => Looks::Json,
            })
        }
        Value::Array(pair) => {
            matches!(pair.as_slice(), [Value::String(_), Value::Object(_)]).then_some(Looks::Articles)
        }
        _ => None,
    }
}

/// `T1<TAB>PER 0 12`, whatever follows.
fn is_brat(line: &str) -> bool {
    let cells = line.strip_prefix('T').and_then(|rest| rest.split_once('\t'));
    cells.is_some_and(|(number, rest)| {
        let mut parts = rest.split(['\t', ' ', ';']).skip(1);
        let mut is_number = || parts.next().is_some_and(|part| part.parse::<u32>().is_ok());
        number.parse::<u32>().is_ok() && is_number() && is_number()
    })
}

/// `[P1 …`
fn has_mark(line: &str) -> bool {
    line.split('[').skip(1).any(|marked| {
        marked
            .strip_prefix(['P', 'L', 'O', 'E'])
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    })
}

/// Whether the first token has ten columns, and its number in the first.
fn is_conllu<'t>(mut lines: impl Iterator<Item = &'t str>) -> bool {
    let token = lines.find(|line| !line.starts_with('#'));
    token.is_some_and(|line| {
        line.starts_with(|c: char| c.is_ascii_digit()) && line.trim_end().split('\t').count() == 10
    })
}

/// Whether all lines, but perhaps one with names of columns, end in a tag.
fn is_tagged<'t>(lines: impl Iterator<Item = &'t str>) -> bool {
    let tagged = |line: &str| {
        let mut cells = line.split_whitespace();
        let tag = cells.next_back().filter(|_| cells.next().is_some());
        tag.is_some_and(|tag| TagScheme::Conll.spans(&[tag]).is_ok())
    };
    let is: Vec<bool> =
        lines.filter(|line| !line.starts_with('#') && !line.starts_with("-DOCSTART-")).map(tagged).collect();
    is.contains(&true) && is.iter().skip(1).all(|is| *is)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_told_by_its_beginning() {
        let table = [
            ("Rara\tB-PER\npulang\tO\n\nHujan\tO\n", Some(Looks::Tagged)),
            ("token ner\nRara B-PER\n", Some(Looks::Tagged)),
            ("# text = Rara\n1\tRara\tRara\tPROPN\t_\t_\t0\troot\t_\t_\n", Some(Looks::Conllu)),
            ("T1\tPER 0 4\tRara\n", Some(Looks::Brat)),
            ("== a\n\n[P1 Rara] pulang.\n", Some(Looks::Names)),
            ("{\"tokens\": [\"Rara\"], \"ner_tags\": [\"O\"]}\n", Some(Looks::TaggedJson)),
            ("[\n {\"text\": \"Rara\", \"label\": []}]", Some(Looks::Articles)),
            ("[\"Rara\", {\"entities\": []}]\n", Some(Looks::Articles)),
            ("{\"output\": \"Rain.\"}\n", Some(Looks::Json)),
            ("<?xml version='1.0'?>\n<tmx version='1.4'>", Some(Looks::Tmx)),
            // What may be words or a line is no other form.
            ("{}\tO\n[1]\tO\n", Some(Looks::Tagged)),
            ("[\tO\n1\tO\n", Some(Looks::Tagged)),
            ("==\tO\n[\tO\n", Some(Looks::Tagged)),
            ("T1\tB-LOC\n", Some(Looks::Tagged)),
            ("[SALAH] Bupati pergi.\n", None),
            ("<3 warga desa\n", None),
            ("{ini} bukan data\n", None),
            ("{\"\tO\nRara\tB-PER\n", Some(Looks::Tagged)),
            ("{\"output\": \"Rain\n", Some(Looks::Json)),
            ("{\n  \"output\": \"Rain\"\n}", Some(Looks::Json)),
            ("Hujan turun.\nWarga pulang.\n", None),
            ("", None),
        ];
        for (text, looks) in table {
            assert_eq!(Looks::of(Path::new("a"), text), looks, "{text}");
        }
        assert_eq!(Looks::of(Path::new("a.csv"), "text,label\nRara,PER\n"), Some(Looks::Table));
    }
}
