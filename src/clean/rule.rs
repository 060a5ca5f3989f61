//! What a rule is.

use std::borrow::Cow;

use regex::Regex;
use serde::Serialize;

use crate::error::{Error, Result};
use crate::text::pattern;

/// Where a rule looks, and how much it takes away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// At the start of the story only.
    Opening,
    /// The time of publication, a whole line near the start: with it goes what pages put before the story.
    Header,
    /// A whole line of at most 300 bytes.
    Line,
    /// A whole line of any length an article has: standing texts that are known by their first words.
    Paragraph,
    /// A whole line that could be of a story (`Iklan`, `Bagikan`): it goes only beside another one that goes, or beside
    /// another button or label.
    Button,
    /// A whole line that means something else elsewhere (`Facebook`, `Nasional`): it goes only in a row of lines with a
    /// button in it.
    Label,
    /// Anywhere, also between two sentences of a line.
    Inline,
    /// A marker such as `Baca juga:` with the headline after it; only the marker where the headline's end
    /// cannot be told.
    Headline,
    /// At the end of the story only.
    Closing,
}

/// One kind of boilerplate: how it looks, what it is called, why it goes.
#[derive(Debug, Clone)]
pub struct Rule {
    name: Cow<'static, str>,
    reason: Cow<'static, str>,
    scope: Scope,
    pub(super) patterns: Vec<Regex>,
}

impl Scope {
    /// Longest line in bytes that a rule of this scope looks at.
    pub(super) fn longest_line(self) -> usize {
        match self {
            Scope::Line => 300,
            Scope::Button | Scope::Label => 80,
            _ => 2000,
        }
    }

    /// `pattern`, anchored as the scope asks.
    fn anchored(self, pattern: &str) -> String {
        match self {
            Scope::Opening => format!(r"\A(?:{pattern})"),
            Scope::Header | Scope::Line | Scope::Paragraph | Scope::Button | Scope::Label => {
                format!(r"\A(?:{pattern})\z")
            }
            Scope::Inline | Scope::Headline => format!("(?m){pattern}"),
            Scope::Closing => format!(r"(?m)(?:{pattern})\z"),
        }
    }

    /// Whether rules of this scope look at lines.
    pub(super) fn is_line(self) -> bool {
        matches!(self, Scope::Line | Scope::Paragraph | Scope::Button | Scope::Label)
    }
}

impl Rule {
    /// A rule of the built-in tables; each pattern is anchored as its scope asks.
    pub(super) fn new(
        scope: Scope,
        name: &'static str,
        reason: &'static str,
        patterns: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> Self {
        let patterns = patterns.into_iter().map(|one| pattern(&scope.anchored(one.as_ref()))).collect();
        Rule { name: name.into(), reason: reason.into(), scope, patterns }
    }

    /// A rule of the user's.
    pub(super) fn added(scope: Scope, name: &str, reason: &str, pattern: &str) -> Result<Self> {
        if name.trim().is_empty() || reason.trim().is_empty() {
            return Err(Error::config("a rule without name or reason", "say what it removes, and why"));
        }
        // By itself as well: anchors must not make another pattern of `a)|(b`.
        let whole = Regex::new(pattern).and_then(|_| Regex::new(&scope.anchored(pattern)));
        let regex = whole.map_err(|error| {
            Error::config(
                format!("the pattern of rule `{name}`: {error}"),
                "write it as the crate `regex` documents",
            )
        })?;
        Ok(Rule {
            name: name.to_owned().into(),
            reason: reason.to_owned().into(),
            scope,
            patterns: vec![regex],
        })
    }

    /// What the rule is called, e.g. `dateline`; rules of several scopes share a name where they remove the same.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it removes, in a few words.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// Where it looks.
    pub fn scope(&self) -> Scope {
        self.scope
    }
}
