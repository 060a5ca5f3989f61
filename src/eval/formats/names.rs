//! Articles with their names marked in the text: `[P1 Rini] pergi ke [L1 Bogor].`

use std::path::Path;

use super::looks::{expect, Looks};
use super::source::{OnBad, Set, Source};
use crate::document::{Label, Span};
use crate::error::Result;

/// An article whose names are marked, with who bears each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NamedText {
    /// What its heading says.
    pub id: String,
    /// The text without marks; its lines are divided by line feeds.
    pub text: String,
    /// Its names in order, disjoint.
    pub names: Vec<MarkedName>,
}

/// A name in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkedName {
    /// Where.
    pub span: Span,
    /// What bears it.
    pub label: Label,
    /// Who bears it: letter and number, as marked.
    pub bearer: String,
}

/// Reads articles with marked names.
///
/// A line `== ID` begins an article. In the lines below it `[P1 Rini]` marks a name and says who bears it: `P` a person,
/// `L` a place, `O` an organization, `E` an event, with a number of one's own within the article. Empty lines do not count.
///
/// # Errors
/// [`Error::Io`](crate::Error::Io), [`Error::Config`](crate::Error::Config) where the file has another form, and
/// [`Error::Malformed`](crate::Error::Malformed) unless bad lines are skipped; an article with a bad line is left out as a whole.
pub fn read_names(path: &Path, on_bad: OnBad) -> Result<Set<NamedText>> {
    let mut source = Source::open(path, on_bad)?;
    expect(&source, &[Looks::Names], "a file of articles with marked names")?;
    let mut articles: Vec<NamedText> = Vec::new();
    let mut sound = true;
    for (number, line) in source.lines() {
        let Some(line) = line else {
            source.not_utf8(number)?;
            sound = false;
            continue;
        };
        if let Some(id) = line.strip_prefix("==") {
            if !std::mem::replace(&mut sound, true) {
                articles.pop();
            }
            articles.push(NamedText { id: id.trim().to_owned(), ..NamedText::default() });
            continue;
        }
        if line.trim().is_empty() {
            continue;
        }
        let added = match articles.last_mut() {
            Some(article) => article.add(line.trim()),
            None => Err("stands before the first heading `== ID`".to_owned()),
        };
        if let Err(message) = added {
            source.bad(number, message)?;
            sound = articles.is_empty();
        }
    }
    if !sound {
        articles.pop();
    }
    source.finish(articles)
}

impl NamedText {
    fn add(&mut self, line: &str) -> Result<(), String> {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        let mut rest = line;
        while let Some((before, marked)) = rest.split_once('[') {
            if before.contains(']') {
                return Err("`]` without `[`".to_owned());
            }
            let (marked, after) =
                marked.split_once(']').ok_or_else(|| format!("no `]` behind `[{marked}`"))?;
            if marked.contains('[') {
                return Err(format!("a name within a name: `{marked}`"));
            }
            let (bearer, name) = marked.split_once(' ').unwrap_or((marked, ""));
            let label = label(bearer)
                .ok_or_else(|| format!("`{bearer}` is no letter of P, L, O, E with a number"))?;
            if name.trim() != name || name.is_empty() {
                return Err(format!("`[{marked}]` holds no name, or blanks around it"));
            }
            self.text.push_str(before);
            let start = self.text.len();
            self.text.push_str(name);
            let span = Span::new(&self.text, start, self.text.len()).map_err(|error| error.to_string())?;
            self.names.push(MarkedName { span, label, bearer: bearer.to_owned() });
            rest = after;
        }
        if rest.contains(']') {
            return Err("`]` without `[`".to_owned());
        }
        self.text.push_str(rest);
        Ok(())
    }
}

fn label(bearer: &str) -> Option<Label> {
    let mut letters = bearer.chars();
    let label = match letters.next()? {
        'P' => Label::Per,
        'L' => Label::Loc,
        'O' => Label::Org,
        'E' => Label::Evt,
        _ => return None,
    };
    letters.as_str().parse::<u32>().ok().map(|_| label)
}
