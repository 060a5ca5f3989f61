//! How BLEU cuts a line into tokens.

use std::fmt;
use std::sync::LazyLock;

use regex::Regex;
use serde::{Deserialize, Serialize};

use crate::eval::mteval::{points_apart, punctuation_apart, without_markup};
use crate::text::pattern;

/// The tokenizers of sacreBLEU that need no model.
///
/// `13a` is that of mteval-v13a.pl, the default of WMT; `intl` that of mteval-v14.pl with `--international-tokenization`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tokenizer {
    /// ASCII punctuation apart, except within numbers.
    #[default]
    #[serde(rename = "13a")]
    V13a,
    /// Unicode punctuation apart except within numbers, every symbol apart.
    #[serde(rename = "intl")]
    International,
    /// Every character a token.
    #[serde(rename = "char")]
    Characters,
    /// Cut at white space only: the text is tokenized already.
    #[serde(rename = "none")]
    None,
}

impl fmt::Display for Tokenizer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Tokenizer::V13a => "13a",
            Tokenizer::International => "intl",
            Tokenizer::Characters => "char",
            Tokenizer::None => "none",
        })
    }
}

impl Tokenizer {
    /// `line` with the tokens apart from one another: cutting it at white space gives the tokens.
    pub(super) fn apply(self, line: &str) -> String {
        match self {
            Tokenizer::V13a => v13a(line),
            Tokenizer::International => international(line),
            Tokenizer::Characters => line.chars().flat_map(|c| [c, ' ']).collect(),
            Tokenizer::None => line.to_owned(),
        }
    }
}

fn v13a(line: &str) -> String {
    let line = line.replace("<skipped>", "").replace("-\n", "");
    points_apart(&punctuation_apart(&without_markup(&line)))
}

fn international(line: &str) -> String {
    static AFTER_NO_NUMBER: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?s)(\P{N})(\p{P})"));
    static BEFORE_NO_NUMBER: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?s)(\p{P})(\P{N})"));
    static SYMBOL: LazyLock<Regex> = LazyLock::new(|| pattern(r"(\p{S})"));
    let line = AFTER_NO_NUMBER.replace_all(line, "${1} ${2} ");
    let line = BEFORE_NO_NUMBER.replace_all(&line, " ${1} ${2}");
    SYMBOL.replace_all(&line, " ${1} ").into_owned()
}
