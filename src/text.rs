//! What several parts of the crate do with text.

use std::any::Any;
use std::sync::{Arc, OnceLock};

use regex::Regex;

/// `text` on one line: runs of white space become single blanks, those at the ends go.
pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The start of `text`, for messages: an article may stand where a name was expected.
pub(crate) fn excerpt(text: &str) -> String {
    shortened(text, 200)
}

/// At most `most` characters from the start of `text`; `…` behind them says that there is more.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    let mut start: String = text.chars().take(most).collect();
    if start.len() < text.len() {
        start.push('…');
    }
    start
}

/// The last character boundary of `text` at or before `at` (`str::floor_char_boundary` needs a newer compiler).
pub(crate) fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

/// A pattern of this crate's own. Patterns are constants, so one that does not compile is a mistake that must not pass
/// unnoticed as a check that finds nothing.
pub(crate) fn pattern(pattern: &str) -> Regex {
    #[expect(clippy::expect_used, reason = "patterns are constants; tests run all of them")]
    Regex::new(pattern).expect("a pattern of this crate compiles")
}

/// A pattern of this crate's own that is compiled when it is first needed: of many, an article needs few.
#[derive(Debug, Clone)]
pub(crate) struct Pattern(Arc<Lazy>);

#[derive(Debug)]
struct Lazy {
    source: String,
    regex: OnceLock<Regex>,
}

impl Pattern {
    pub(crate) fn new(source: String) -> Self {
        Pattern(Arc::new(Lazy { source, regex: OnceLock::new() }))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0.source
    }

    /// As [`pattern`] compiles it.
    pub(crate) fn regex(&self) -> &Regex {
        self.0.regex.get_or_init(|| pattern(&self.0.source))
    }
}

impl From<Regex> for Pattern {
    fn from(regex: Regex) -> Self {
        Pattern(Arc::new(Lazy { source: regex.as_str().to_owned(), regex: regex.into() }))
    }
}

/// What a panic said.
pub(crate) fn panic_message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("panic without a message")
}

/// The name of a type without the modules it is in: `RuleCleaner`.
pub(crate) fn type_name<T: ?Sized>() -> String {
    without_modules(std::any::type_name::<T>())
}

/// The path of a type, and the paths within it, without modules: what stands before `::` is one, back to where its path begins.
fn without_modules(path: &str) -> String {
    let mut name = String::new();
    for part in path.split("::") {
        name.truncate(start_of_last(&name));
        name.push_str(part);
    }
    name
}

/// Where the last name of `path` begins; the types that it is made of, in `<…>`, are part of it.
fn start_of_last(path: &str) -> usize {
    let mut depth = 0_usize;
    for (at, character) in path.char_indices().rev() {
        match character {
            '>' => depth += 1,
            '<' if depth > 0 => depth -= 1,
            _ if depth > 0 || character.is_alphanumeric() || "_{}#".contains(character) => {}
            _ => return at + character.len_utf8(),
        }
    }
    0
}

/// A type of this crate as JSON: a document, the settings of a [`StageRecord`](crate::document::StageRecord).
pub(crate) fn as_json(written: &impl serde::Serialize) -> serde_json::Value {
    #[expect(
        clippy::expect_used,
        reason = "types of this crate are structs of numbers, names and lists, which JSON has"
    )]
    serde_json::to_value(written).expect("types of this crate have a JSON form")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_named_without_its_modules() {
        assert_eq!(type_name::<crate::clean::RuleCleaner>(), "RuleCleaner");
        assert_eq!(type_name::<Vec<String>>(), "Vec<String>");
        assert_eq!(type_name::<str>(), "str");
        assert_eq!(type_name::<(String, [Option<&String>; 2])>(), "(String, [Option<&String>; 2])");
        assert_eq!(type_name::<fn(String) -> Vec<String>>(), "fn(String) -> Vec<String>");
        for (path, name) in [
            ("two::Ner<two::main::{{closure}}>", "Ner<{{closure}}>"),
            ("two::main::{{closure}}::Ner", "Ner"),
            ("a::Outer<b::Of<c::D>, e::F>", "Outer<Of<D>, F>"),
            ("a::Outer<b::C>::method::Inner", "Inner"),
            ("alloc::boxed::Box<dyn a::B + core::marker::Send>", "Box<dyn B + Send>"),
            ("größe::Ärger<ü::Ö>", "Ärger<Ö>"),
        ] {
            assert_eq!(without_modules(path), name);
        }
    }

    #[test]
    fn an_excerpt_is_short() {
        assert_eq!(excerpt("judul, isi"), "judul, isi");
        assert_eq!(excerpt(&"é".repeat(9_000)), "é".repeat(200) + "…");
    }

    #[test]
    fn an_offset_moves_back_to_a_character() {
        let floors: Vec<usize> = (0..8).map(|at| floor("a雨é", at)).collect();
        assert_eq!(floors, [0, 1, 1, 1, 4, 4, 6, 6]);
        assert_eq!(floor("", 3), 0);
    }

    #[test]
    fn lines_become_one() {
        assert_eq!(one_line(" Hujan\r\n turun\u{a0} "), "Hujan turun");
        assert_eq!(one_line("\n"), "");
    }
}
