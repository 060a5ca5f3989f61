//! The options of a request, from its address: `/v1/digest?offsets=chars&sentences=3`.

use intisari::document::Unit;

use super::reply::Failure;
use super::worker::{Recipe, Task};

/// Sentences of a summary unless asked otherwise, and at most.
const SENTENCES: u16 = 4;
const MAX_SENTENCES: u16 = 20;

/// What a client asked for.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    pub recipe: Recipe,
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
            Task::Digest => &["offsets", "sentences", "fast"],
            Task::Summarize => &["offsets", "sentences"],
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
    let mut asked = Asked { recipe: Recipe::of(task), offsets: Unit::Bytes };
    let mut seen = Vec::new();
    for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        let known = task.options();
        if !known.contains(&name.as_ref()) {
            let message =
                format!("`{name}` is no option of /v1/{}; its options: {}", task.name(), known.join(", "));
            return Err(Failure::field(name, message));
        }
        if seen.contains(&name) {
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
            _ => {
                asked.recipe.fast = value.parse().map_err(|_| wrong("true or false"))?;
            }
        }
        seen.push(name);
    }
    Ok(asked)
}
