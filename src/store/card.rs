//! The front matter of a model's README: what it states of licence and task.

use std::path::Path;

use yaml_rust2::{Yaml, YamlLoader};

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

    fn parse(readme: &str) -> Self {
        let Some(front) = front_matter(readme) else { return Card::default() };
        let Some(front) = YamlLoader::load_from_str(&front).ok().and_then(|mut all| all.pop()) else {
            return Card::default();
        };
        let task = front["pipeline_tag"].as_str().and_then(|tag| match tag {
            "token-classification" => Some(Task::Entities),
            "translation" => Some(Task::Translation),
            "summarization" => Some(Task::Summary),
            _ => None,
        });
        let license = names(&front["license"]);
        // `other` stands for a name of its own.
        let license = match (license.as_deref(), names(&front["license_name"])) {
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

/// A name, or several in a list.
fn names(value: &Yaml) -> Option<String> {
    let names: Vec<&str> = match value {
        Yaml::Array(values) => values.iter().filter_map(Yaml::as_str).collect(),
        value => value.as_str().into_iter().collect(),
    };
    let names: Vec<&str> = names.into_iter().map(str::trim).filter(|name| !name.is_empty()).collect();
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

    #[test]
    fn reads_the_task() {
        let task = |tag: &str| Card::parse(&format!("---\npipeline_tag: {tag}\n---\n")).task;
        assert_eq!(task("token-classification"), Some(Task::Entities));
        assert_eq!(task("summarization"), Some(Task::Summary));
        assert_eq!(task("text2text-generation"), None);
    }
}
