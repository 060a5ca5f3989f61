//! The front matter of a model's README: what it states of licence and task.

use std::collections::BTreeMap;
use std::path::Path;

use yaml_rust2::parser::{Event, Parser};
use yaml_rust2::scanner::TScalarStyle;
use yaml_rust2::Yaml;

use super::Task;

/// What the README states; a README without front matter, or with one that is no YAML, states nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Card {
    pub(super) license: Option<String>,
    pub(super) task: Option<Task>,
}

impl Card {
    /// Reads `README.md` in `folder`.
    pub(super) fn read(folder: &Path) -> Self {
        std::fs::read(folder.join("README.md"))
            .map(|bytes| Card::parse(&String::from_utf8_lossy(&bytes)))
            .unwrap_or_default()
    }

    pub(super) fn parse(readme: &str) -> Self {
        let Some(front) = front_matter(readme) else { return Card::default() };
        let Some(fields) = fields(&front) else { return Card::default() };
        let names = |key: &str| fields.get(key).and_then(|values| names(values));
        let task = names("pipeline_tag").and_then(|tag| match tag.as_str() {
            "token-classification" => Some(Task::Entities),
            "translation" => Some(Task::Translation),
            "summarization" => Some(Task::Summary),
            _ => None,
        });
        let license = names("license");
        // `other` stands for a name of its own.
        let license = match (license.as_deref(), names("license_name")) {
            (Some("other") | None, Some(name)) => Some(name),
            _ => license,
        };
        Card { license, task }
    }
}

/// The lines between the first line, `---`, and the next one.
fn front_matter(readme: &str) -> Option<String> {
    let mut lines = readme.trim_start_matches('\u{feff}').lines().map(str::trim_end);
    if lines.next() != Some("---") {
        return None;
    }
    let mut front = String::new();
    for line in lines {
        if line == "---" {
            return Some(front);
        }
        front.push_str(line);
        front.push('\n');
    }
    None
}

/// The texts that stand at each key of the first level, alone or in a list; `None` where this is no map. Anyone may have
/// written it: events are read one by one, no tree is built, and what an alias stands for is not looked up.
fn fields(front: &str) -> Option<BTreeMap<String, Vec<String>>> {
    let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut parser = Parser::new_from_str(front);
    // How many lists and maps are open; whether the first of them waits for a value; and for which key, if it is a text.
    let (mut depth, mut at_value, mut key) = (0_usize, false, None);
    loop {
        let event = parser.next_token().ok()?.0;
        match &event {
            Event::StreamEnd => return Some(fields),
            // Of several documents the last counts.
            Event::DocumentStart => fields.clear(),
            Event::Scalar(name, ..) if depth == 1 && !at_value => {
                if fields.insert(name.clone(), Vec::new()).is_some() {
                    return None;
                }
                key = Some(name.clone());
            }
            Event::Scalar(value, style, _, tag) if depth == 1 || (depth == 2 && at_value) => {
                // Without quotes it may be a number, or nothing.
                let is_text = *style != TScalarStyle::Plain
                    || tag.is_some()
                    || Yaml::from_str(value).as_str().is_some();
                if let Some(values) = key.as_ref().filter(|_| is_text).and_then(|key| fields.get_mut(key)) {
                    values.push(value.clone());
                }
            }
            Event::SequenceStart(..) if depth == 0 => return None,
            Event::MappingStart(..) if depth == 1 => key = None,
            Event::Alias(_) | Event::SequenceStart(..) if depth == 1 && !at_value => key = None,
            _ => (),
        }
        match event {
            Event::MappingStart(..) | Event::SequenceStart(..) => depth += 1,
            Event::MappingEnd | Event::SequenceEnd => depth = depth.saturating_sub(1),
            _ => (),
        }
        // A node of the first level has ended: a key is followed by its value, a value by a key.
        let ends =
            matches!(event, Event::Scalar(..) | Event::Alias(_) | Event::MappingEnd | Event::SequenceEnd);
        if depth == 1 && ends {
            at_value = !at_value;
        }
    }
}

/// A name, or several in a list.
fn names(values: &[String]) -> Option<String> {
    let names: Vec<&str> = values.iter().map(|name| name.trim()).filter(|name| !name.is_empty()).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn license(readme: &str) -> Option<String> {
        Card::parse(readme).license
    }

    #[test]
    fn finds_the_licence_however_it_is_written() {
        for (front, expected) in [
            ("license: apache-2.0", "apache-2.0"),
            ("license: \"cc-by-nc-4.0\" # see below", "cc-by-nc-4.0"),
            ("language:\n- id\nlicense:\n- mit\n- cc-by-4.0\ntags: [a]", "mit, cc-by-4.0"),
            ("license: other\nlicense_name: gemma", "gemma"),
            ("license: other", "other"),
        ] {
            assert_eq!(
                license(&format!("---\n{front}\n---\n# Title\n")).as_deref(),
                Some(expected),
                "{front}"
            );
        }
        assert_eq!(license("\u{feff}---\r\nlicense: mit\r\n---\r\n").as_deref(), Some("mit"));
    }

    #[test]
    fn states_nothing_where_the_readme_does_not() {
        for readme in [
            "",
            "---",
            "---\nlicense: mit\n",
            "# A model\n---\nlicense: mit\n---\n",
            "---\nlicense:\n---\n",
            "---\nlicense: [}\n---\n",
            "---\n---\n",
            "---\nlicense: 4\n---\n",
        ] {
            assert_eq!(Card::parse(readme), Card::default(), "{readme:?}");
        }
    }

    /// What anyone may have written and nobody should have to read: aliases of aliases, and lists in lists.
    #[test]
    fn survives_front_matter_that_grows_without_end() {
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for n in 1..12 {
            let alias = format!("*a{}", n - 1);
            bomb.push_str(&format!("a{n}: &a{n} [{}]\n", [alias.as_str(); 10].join(", ")));
        }
        assert_eq!(license(&format!("---\n{bomb}license: mit\n---\n")).as_deref(), Some("mit"));
        let deep = format!("deep:\n {}x\n", "- ".repeat(20_000));
        assert_eq!(license(&format!("---\nlicense: mit\n{deep}---\n")).as_deref(), Some("mit"));
    }

    #[test]
    fn only_the_first_level_counts() {
        let front = "model:\n  license: gpl-3.0\n? [a, b]\n: c\nlicense: [mit, [bsd], {x: y}]\nlicense_name: *nobody\n";
        assert_eq!(license(&format!("---\n{front}---\n")), None, "an alias of nothing is no YAML");
        let front = front.replace("license_name: *nobody\n", "");
        assert_eq!(license(&format!("---\n{front}---\n")).as_deref(), Some("mit"));
        assert_eq!(license("---\n- license\n- mit\n---\n"), None);
    }

    #[test]
    fn reads_the_task() {
        let task = |tag: &str| Card::parse(&format!("---\npipeline_tag: {tag}\n---\n")).task;
        assert_eq!(task("token-classification"), Some(Task::Entities));
        assert_eq!(task("summarization"), Some(Task::Summary));
        assert_eq!(task("text2text-generation"), None);
    }
}
