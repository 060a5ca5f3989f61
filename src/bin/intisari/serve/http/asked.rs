//! The options of a request, from its address: `/v1/digest?offsets=chars&sentences=3&term=lucut%3Ddisarm`.

use std::sync::Arc;

use intisari::document::Unit;
use intisari::translate::{Glossary, GlossaryEntry};

use super::reply::Failure;
use super::worker::{Recipe, Task};

/// Sentences of a summary unless asked otherwise, and at most.
const SENTENCES: u16 = 4;
const MAX_SENTENCES: u16 = 20;
/// Terms of a request at most; a newsroom's own list is given to the service when it starts.
const MAX_TERMS: usize = 100;

/// What a client asked for.
#[derive(Debug, Clone)]
pub struct Asked {
    pub recipe: Recipe,
    /// Terms that the English must use, besides those of the service.
    pub terms: Option<Arc<Glossary>>,
    pub offsets: Unit,
}

impl Task {
    /// The task of `/v1/NAME`.
    pub fn named(name: &str) -> Option<Self> {
        Task::ALL.into_iter().find(|task| task.name() == name)
    }

    const ALL: [Task; 6] =
        [Task::Digest, Task::Clean, Task::Split, Task::Ner, Task::Translate, Task::Summarize];

    pub fn name(self) -> &'static str {
        match self {
            Task::Digest => "digest",
            Task::Clean => "clean",
            Task::Split => "split",
            Task::Ner => "ner",
            Task::Translate => "translate",
            Task::Summarize => "summarize",
            Task::TranslateAll => "translate_all",
        }
    }

    /// The names of the tasks of `/v1`.
    pub fn names() -> String {
        Task::ALL.map(Task::name).join(", ")
    }

    fn options(self) -> &'static [&'static str] {
        match self {
            Task::Digest => &["offsets", "sentences", "fast", "term"],
            Task::Summarize => &["offsets", "sentences", "term"],
            Task::Translate => &["offsets", "term"],
            _ => &["offsets"],
        }
    }
}

impl Recipe {
    /// `task` with its usual options.
    pub fn of(task: Task) -> Self {
        // A summary needs no more English than its own.
        Recipe { task, sentences: SENTENCES, fast: task == Task::Summarize }
    }
}

/// Reads the options behind the `?`.
///
/// # Errors
/// 422 naming an option that is unknown, doubled or has no value that it can have.
pub fn read(task: Task, query: Option<&str>) -> Result<Asked, Failure> {
    let mut asked = Asked { recipe: Recipe::of(task), terms: None, offsets: Unit::Bytes };
    let (mut seen, mut terms) = (Vec::new(), Vec::new());
    for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        let known = task.options();
        if !known.contains(&name.as_ref()) {
            let message =
                format!("`{name}` is no option of /v1/{}; its options: {}", task.name(), known.join(", "));
            return Err(Failure::field(name, message));
        }
        if name != "term" && seen.contains(&name) {
            return Err(Failure::field(name.clone(), format!("`{name}` was given twice")));
        }
        let wrong = |expected: &str| {
            Failure::field(name.clone(), format!("`{name}` is `{value}`; it can be {expected}"))
        };
        match name.as_ref() {
            "offsets" => {
                let units = [("bytes", Unit::Bytes), ("chars", Unit::Chars), ("utf16", Unit::Utf16)];
                let unit = units.into_iter().find(|(name, _)| *name == value);
                asked.offsets = unit.ok_or_else(|| wrong("bytes, chars or utf16"))?.1;
            }
            "sentences" => {
                let sentences = value.parse().ok().filter(|number| (1..=MAX_SENTENCES).contains(number));
                asked.recipe.sentences = sentences
                    .ok_or_else(|| wrong(&format!("1 to {MAX_SENTENCES}")).limit(MAX_SENTENCES.into()))?;
            }
            "term" => {
                let (source, target) = value.split_once('=').ok_or_else(|| wrong("INDONESIAN=ENGLISH"))?;
                terms.push(GlossaryEntry::new(source, target));
            }
            _ => {
                asked.recipe.fast = value.parse().map_err(|_| wrong("true or false"))?;
            }
        }
        seen.push(name);
    }
    if terms.len() > MAX_TERMS {
        let message = format!("{} terms are more than {MAX_TERMS}", terms.len());
        return Err(Failure::field("term", message).limit(MAX_TERMS));
    }
    if !terms.is_empty() {
        let terms = Glossary::new(terms).map_err(|error| Failure::field("term", error.to_string()))?;
        asked.terms = Some(Arc::new(terms));
    }
    Ok(asked)
}
