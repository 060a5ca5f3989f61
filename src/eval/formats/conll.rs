//! Tokens with tags, one a line, a blank line after each sentence: CoNLL-2003, IOB2, BILOU, the files of IndoNLU.

use std::path::Path;

use super::json_values::{object, values};
use super::jsonl::id;
use super::looks::{expect, expect_json, Looks};
use super::source::{OnBad, Set, Source};
use crate::error::{Error, Result};
use crate::eval::TagScheme;

/// A column of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Column {
    /// Counted from 0.
    Nth(usize),
    /// The last one; all lines must then have as many columns as the first.
    Last,
    /// The one that the first line, or `# global.columns` of CoNLL-U Plus, calls so.
    Named(String),
}

/// What stands between columns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Separator {
    /// One tab where the file has tabs, else white space.
    #[default]
    Auto,
    /// One tab.
    Tab,
    /// Any number of blanks and tabs.
    WhiteSpace,
    /// This text.
    Text(String),
}

impl Separator {
    /// The cells of a line; empty ones at its end are none.
    fn split<'a>(&self, line: &'a str) -> Vec<&'a str> {
        let mut cells: Vec<&str> = match self {
            Separator::Auto | Separator::WhiteSpace => line.split_whitespace().collect(),
            Separator::Tab => line.split('\t').map(str::trim).collect(),
            Separator::Text(text) => line.split(text.as_str()).map(str::trim).collect(),
        };
        while cells.pop_if(|cell| cell.is_empty()).is_some() {}
        cells
    }
}

/// Where token and tag stand; the default is the first and the last column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    /// What stands between columns.
    pub separator: Separator,
    /// The column of the token.
    pub token: Column,
    /// The column of the tag.
    pub tag: Column,
}

impl Default for Columns {
    fn default() -> Self {
        Columns { separator: Separator::Auto, token: Column::Nth(0), tag: Column::Last }
    }
}

/// A sentence of a tagged file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TaggedSentence {
    /// What it calls itself, in JSON with a field `id`.
    pub id: Option<String>,
    /// Number of its first line, from 1.
    pub line: usize,
    /// Its place among the sentences of the file, from 1, bad ones included.
    pub place: usize,
    /// Its tokens.
    pub tokens: Vec<String>,
    /// A tag for each token.
    pub tags: Vec<String>,
    /// The line of each token, where they do not follow [`line`](Self::line) one by one.
    pub lines: Vec<usize>,
}

impl TaggedSentence {
    /// The line of a token, counted from 0.
    pub fn line_of(&self, token: usize) -> usize {
        self.lines.get(token).copied().unwrap_or(self.line + token)
    }
}

impl Set<TaggedSentence> {
    /// The set without the sentences that have a tag which `scheme` does not know.
    ///
    /// # Errors
    /// [`Error::Malformed`] with the line of the first such tag, unless bad lines are to be skipped.
    pub fn in_scheme(self, scheme: TagScheme, on_bad: OnBad) -> Result<Self> {
        self.try_map(on_bad, |sentence| {
            // The line is what is to be mended: what an error of settings advises would stand beside that.
            let unknown = |tag: &String| match scheme.spans(&[tag]) {
                Err(Error::Config { message, .. }) => Some(message),
                _ => None,
            };
            match sentence.tags.iter().enumerate().find_map(|(at, tag)| Some((at, unknown(tag)?))) {
                None => Ok(sentence),
                Some((at, message)) => Err((sentence.line_of(at), message)),
            }
        })
    }
}

/// Reads a tagged file.
///
/// A line that begins with `-DOCSTART-` ends a sentence, as a blank one does. A line that begins with `#` and has other columns
/// than the rest (`# sent_id = 1`) is a comment; a first line that names columns (`token<TAB>tag`) is none of a sentence. A line
/// without token or tag spoils its sentence. Whether tags are any is up to [`TagScheme::detect`] and
/// [`Set::in_scheme`].
///
/// # Errors
/// [`crate::Error::Io`], [`crate::Error::Config`] where there is no column of a name or the file has another form, and
/// [`crate::Error::Malformed`] unless bad lines are to be skipped.
pub fn read_conll(path: &Path, columns: &Columns, on_bad: OnBad) -> Result<Set<TaggedSentence>> {
    let mut source = Source::open(path, on_bad)?;
    // Commas part columns only where that is said; where there are tabs, they do.
    let csv = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("csv"));
    let takes = [Looks::Tagged, Looks::Conllu, Looks::Table];
    let is_table = csv && columns.separator == Separator::Auto && !source.lossy().contains('\t');
    let takes = if is_table { &takes[..2] } else { &takes };
    expect(&source, takes, "a file of tokens with tags, one a line")?;
    let lines = source.lines();
    let layout = Layout::of(path, columns, &lines)?;
    let mut sentences = Vec::new();
    let mut current = TaggedSentence::default();
    let mut spoilt = false;
    let mut places = 1..;
    let mut close = |current: &mut TaggedSentence, spoilt: &mut bool| {
        let (mut sentence, spoilt) = (std::mem::take(current), std::mem::take(spoilt));
        if spoilt || !sentence.tokens.is_empty() {
            sentence.place = places.next().unwrap_or_default();
            sentences.extend((!spoilt).then_some(sentence));
        }
    };
    for (number, line) in lines {
        match line {
            None => {
                source.not_utf8(number)?;
                spoilt = true;
            }
            Some(line) if line.trim().is_empty() || is_border(&line) => close(&mut current, &mut spoilt),
            Some(line) if layout.header == Some(number) || layout.is_comment(&line) => {}
            Some(line) => match layout.cells(&line) {
                Ok((token, tag)) => {
                    if current.tokens.is_empty() {
                        current.line = number;
                    }
                    current.lines.push(number);
                    current.tokens.push(token.to_owned());
                    current.tags.push(tag.to_owned());
                }
                Err(message) => {
                    source.bad(number, message)?;
                    spoilt = true;
                }
            },
        }
    }
    close(&mut current, &mut spoilt);
    check_tokens(path, &sentences)?;
    source.finish(sentences)
}

fn is_border(line: &str) -> bool {
    line.starts_with("-DOCSTART-")
}

/// How the lines of a file are cut.
struct Layout {
    separator: Separator,
    /// Columns of the first line that has a token.
    width: usize,
    token: Place,
    tag: Place,
    /// The line that names the columns.
    header: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Nth(usize),
    Last,
}

/// What first lines call the column of the token and that of the tag.
const TOKEN_NAMES: [&str; 6] = ["token", "tokens", "word", "words", "form", "kata"];
const TAG_NAMES: [&str; 10] =
    ["tag", "tags", "label", "labels", "ner", "ner_tag", "ner_tags", "ne", "entity", "bio"];

impl Layout {
    fn of(path: &Path, columns: &Columns, lines: &[(usize, Option<String>)]) -> Result<Self> {
        let lines = || lines.iter().filter_map(|(number, line)| Some((*number, line.as_deref()?)));
        if lines().next().is_some_and(|(_, line)| line.starts_with("#FORMAT=WebAnno")) {
            let fix = "export it as CoNLL 2002 or CoNLL 2003";
            return Err(Error::config(format!("{} is a WebAnno TSV file", path.display()), fix));
        }
        let tokens = || {
            lines().filter(|(_, line)| !line.trim().is_empty() && !is_border(line) && !line.starts_with('#'))
        };
        let separator = match &columns.separator {
            Separator::Auto if tokens().any(|(_, line)| line.contains('\t')) => Separator::Tab,
            Separator::Auto => Separator::WhiteSpace,
            other => other.clone(),
        };
        let first = tokens().next().map(|(number, line)| (number, separator.split(line)));
        let (number, cells) = first.unwrap_or_default();
        let global = lines().find_map(|(_, line)| line.strip_prefix("# global.columns =")).map(str::trim);
        let global: Option<Vec<&str>> = global.map(|names| names.split_whitespace().collect());

        let named = [&columns.token, &columns.tag].iter().any(|column| matches!(column, Column::Named(_)));
        let is_header = global.is_none() && (named || heads(&cells));
        let names: &[&str] = match &global {
            Some(names) => names,
            None if is_header => &cells,
            None => &[],
        };
        let place = |column: &Column, usual: &[&str]| match (column, at(names, usual)) {
            // Where names say which column it is, neither the first nor the last is meant.
            (Column::Nth(0) | Column::Last, Some(at)) => Ok(Place::Nth(at)),
            (Column::Nth(at), _) => Ok(Place::Nth(*at)),
            (Column::Last, None) => Ok(Place::Last),
            (Column::Named(name), _) => match at(names, &[name.as_str()]) {
                Some(at) => Ok(Place::Nth(at)),
                None => Err(Error::config(
                    format!("{} has no column `{name}`", path.display()),
                    format!("its first line names {}; or give the number of the column", names.join(", ")),
                )),
            },
        };
        Ok(Layout {
            separator,
            width: cells.len(),
            token: place(&columns.token, &TOKEN_NAMES)?,
            tag: place(&columns.tag, &TAG_NAMES)?,
            header: is_header.then_some(number),
        })
    }

    /// Whether a line that begins with `#` is a comment: its columns are not those of a token `#`.
    fn is_comment(&self, line: &str) -> bool {
        let Some(rest) = line.strip_prefix('#') else { return false };
        let cells = self.separator.split(line);
        let key = rest.trim_start().split_once('=').is_some_and(|(key, _)| {
            let key = key.trim_end();
            !key.is_empty() && !key.contains(char::is_whitespace)
        });
        // Of a sentence in a comment the blanks are no columns.
        cells.len() != self.width || (key && !line.contains('\t'))
    }

    fn cells<'a>(&self, line: &'a str) -> Result<(&'a str, &'a str), String> {
        let cells = self.separator.split(line);
        if cells.len() < 2 {
            return Err("only one column; name the separator".to_owned());
        }
        let last = [self.token, self.tag].contains(&Place::Last);
        if last && cells.len() != self.width {
            return Err(format!("{} columns, the first line has {}", cells.len(), self.width));
        }
        let cell = |place: Place, what: &str| {
            let cell = match place {
                Place::Nth(at) => cells.get(at),
                Place::Last => cells.last(),
            };
            let cell = cell.copied().filter(|cell| !cell.is_empty());
            cell.ok_or_else(|| format!("no {what} among {} columns", cells.len()))
        };
        Ok((cell(self.token, "token")?, cell(self.tag, "tag")?))
    }
}

/// Where among `cells` one of `names` stands, in whatever case.
fn at(cells: &[&str], names: &[&str]) -> Option<usize> {
    cells.iter().position(|cell| names.iter().any(|name| name.eq_ignore_ascii_case(cell)))
}

/// Whether the cells of the first line are names of columns: one that of the token, another that of the tag.
fn heads(cells: &[&str]) -> bool {
    at(cells, &TOKEN_NAMES).zip(at(cells, &TAG_NAMES)).is_some_and(|(token, tag)| token != tag)
}

/// Says where the tokens are only the numbers of tokens, as in the first column of CoNLL-U.
fn check_tokens(path: &Path, sentences: &[TaggedSentence]) -> Result<()> {
    let is_count = |sentence: &TaggedSentence| {
        (1..).zip(&sentence.tokens).all(|(number, token): (usize, &String)| *token == number.to_string())
    };
    let tokens: usize = sentences.iter().map(|sentence| sentence.tokens.len()).sum();
    if tokens < 2 || !sentences.iter().all(is_count) {
        return Ok(());
    }
    Err(Error::config(
        format!("{}: the column of the token counts tokens", path.display()),
        "choose the column that holds them, by number or name",
    ))
}

/// Reads sentences as data hubs have them, an object each: `{"tokens": ["Ani", …], "ner_tags": ["B-PER", …]}`; the tags may also be
/// called `tags` or `labels`.
///
/// # Errors
/// As [`read_conll`]; tags that are numbers are refused.
pub fn read_tagged_json(path: &Path, on_bad: OnBad) -> Result<Set<TaggedSentence>> {
    let mut source = Source::open(path, on_bad)?;
    let values = values(&source);
    let found = values.iter().map(|(_, value)| value.is_ok());
    expect_json(&source, &[Looks::Json, Looks::TaggedJson], "JSON of tokens with tags", found)?;
    let mut sentences = Vec::new();
    for (place, (line, value)) in (1..).zip(values) {
        let sentence = value.and_then(object).and_then(|fields| {
            let texts = |names: &[&str]| -> Result<Vec<String>, String> {
                let found = names.iter().find_map(|name| Some((name, fields.get(*name)?.as_array()?)));
                let (name, values) = found.ok_or_else(|| {
                    let there = fields.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
                    format!("no array `{}` (there are: {there})", names.join("` or `"))
                })?;
                if values.iter().any(serde_json::Value::is_number) {
                    return Err(format!("`{name}` has numbers; write the names of the tags"));
                }
                let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
                let texts = values.iter().map(text).collect::<Option<Vec<String>>>();
                texts.ok_or_else(|| format!("`{name}` has something that is no text"))
            };
            let (tokens, tags) = (texts(&["tokens", "words"])?, texts(&["ner_tags", "tags", "labels"])?);
            if tokens.len() != tags.len() {
                return Err(format!("{} tokens and {} tags", tokens.len(), tags.len()));
            }
            let lines = vec![line; tokens.len()];
            let id = id(&fields);
            Ok(TaggedSentence { id, line, place, tokens, tags, lines })
        });
        match sentence {
            Ok(sentence) => sentences.push(sentence),
            Err(message) => source.bad(line, message)?,
        }
    }
    source.finish(sentences)
}
