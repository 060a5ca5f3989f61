//! What a rule is.

use regex::Regex;

/// Where a rule looks, and how much it takes away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// At the start of the story only.
    Opening,
    /// A whole line of at most 300 bytes.
    Line,
    /// A whole line of any length an article has: standing texts that are known by their first words.
    Paragraph,
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
    name: &'static str,
    reason: &'static str,
    scope: Scope,
    pub(super) patterns: Vec<Regex>,
}

impl Scope {
    /// Longest line in bytes that a rule of this scope looks at.
    pub(super) fn longest_line(self) -> usize {
        match self {
            Scope::Line => 300,
            _ => 2000,
        }
    }

    /// Whether rules of this scope look at lines.
    pub(super) fn is_line(self) -> bool {
        matches!(self, Scope::Line | Scope::Paragraph)
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
        let compile = |pattern: String| {
            #[expect(clippy::expect_used, reason = "the tables are constants; a test compiles all of them")]
            Regex::new(&pattern).expect("a pattern of the built-in tables compiles")
        };
        let anchored = |pattern: &str| match scope {
            Scope::Opening => format!(r"\A(?:{pattern})"),
            Scope::Line | Scope::Paragraph => format!(r"\A(?:{pattern})\z"),
            Scope::Inline | Scope::Headline => format!("(?m){pattern}"),
            Scope::Closing => format!(r"(?m)(?:{pattern})\z"),
        };
        let patterns = patterns.into_iter().map(|pattern| compile(anchored(pattern.as_ref()))).collect();
        Rule { name, reason, scope, patterns }
    }

    /// What the rule is called, e.g. `dateline`; rules of several scopes share a name where they remove the same.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// What it removes, in a few words.
    pub fn reason(&self) -> &'static str {
        self.reason
    }

    /// Where it looks.
    pub fn scope(&self) -> Scope {
        self.scope
    }
}
