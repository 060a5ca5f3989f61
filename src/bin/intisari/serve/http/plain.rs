//! Comments of Rust as a reader of the API wants them: without examples in Rust, and without links into the crate.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

/// Makes every `description` in `value` plain.
pub fn descriptions(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                match field {
                    Value::String(text) if name == "description" => *text = plain(text),
                    field => descriptions(field),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(descriptions),
        _ => {}
    }
}

/// `text` without blocks of code, and of links only what they show.
fn plain(text: &str) -> String {
    static LINK: LazyLock<Regex> = LazyLock::new(|| pattern(r"\[([^\[\]]+)\]\((?:\w+)(?:::\w+)*\)"));
    static NAME: LazyLock<Regex> = LazyLock::new(|| pattern(r"\[(`[^`\[\]]+`)\]"));
    let mut code = false;
    let lines = text.lines().filter(|line| {
        let fence = line.trim_start().starts_with("```");
        code ^= fence;
        !code && !fence
    });
    let text = lines.collect::<Vec<_>>().join("\n");
    NAME.replace_all(&LINK.replace_all(&text, "$1"), "$1").trim_end().to_owned()
}

fn pattern(pattern: &str) -> Regex {
    #[expect(clippy::expect_used, reason = "patterns are constants; the test runs both")]
    Regex::new(pattern).expect("a pattern of this module compiles")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_and_links_go_and_words_stay() {
        let text = "A span, see [`Span::of`](crate::Span::of) and [offsets](crate::document::Unit) of [`Text`].\n\n\
                    ```\nlet a = b[0];\n```\n\nMore at [the site](https://contoh.id), e.g. `[0, 4]`.\n\n```text\nx\n```";
        let expected = "A span, see `Span::of` and offsets of `Text`.\n\n\nMore at [the site](https://contoh.id), e.g. `[0, 4]`.";
        assert_eq!(plain(text), expected);
        let mut value = serde_json::json!({"list": [{"description": "[`A`]", "title": "[`A`]"}]});
        descriptions(&mut value);
        assert_eq!(value, serde_json::json!({"list": [{"description": "`A`", "title": "[`A`]"}]}));
    }
}
