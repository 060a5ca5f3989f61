//! What a rule is.

use std::borrow::Cow;

use regex::Regex;
use regex_syntax::hir::{Hir, HirKind};
use serde::Serialize;

use crate::error::{Error, Result};
use crate::text::Pattern;

/// Where a rule looks, how its pattern is anchored, and how much it takes away.
///
/// | scope | what the pattern is held against | as a regular expression | what goes |
/// | --- | --- | --- | --- |
/// | `Opening` | the start of the story, its first 2,000 bytes | `\A(?:pattern)` | what matched, or its group `cut` with what stands before it left |
/// | `Header` | one of the first 32 lines, within the first 2,000 bytes, without white space at its ends | `\A(?:pattern)\z` | the line, and what pages put above it |
/// | `Line` | one line of at most 300 bytes, likewise | `\A(?:pattern)\z` | the whole line |
/// | `Paragraph` | one line of at most 2,000 bytes, likewise | `\A(?:pattern)\z` | the whole line |
/// | `Button`, `Label` | one line of at most 80 bytes, likewise | `\A(?:pattern)\z` | the whole line, in a row of such lines |
/// | `Inline` | the whole text; `^` and `$` are ends of lines | `(?m)pattern` | each match, or its group `cut` |
/// | `Headline` | likewise | `(?m)pattern` | each match, or its group `cut`, with the headline behind it |
/// | `Closing` | the end of the story, its last 2,000 bytes | `(?m)(?:pattern)\z` | what matched, or its group `cut` |
///
/// Rules are tried again on what is left, until none finds anything: what stands behind an opening is the next start of the story. A
/// line that quotes somebody (`…, kata Sari`) stays, whatever a rule of lines says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// At the start of the story only.
    Opening,
    /// The time of publication, a whole line near the start (the first 32 lines, blank ones too, and 2,000 bytes): with it goes what pages
    /// put before the story. That is everything up to the first dateline below it, where there is one within these lines (with a publisher in it,
    /// where one or two lines above end as sentences do; behind more of them the story is under way); else the line and what stands above it, if
    /// that is at most five lines of which none ends as a sentence does. Nothing goes where the next 32 lines have another such time: that is a
    /// schedule.
    Header,
    /// A whole line of at most 300 bytes.
    Line,
    /// A whole line of at most 2,000 bytes. For standing texts that are known by their first words, end the pattern with `.*`: it has to
    /// match all of the line.
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
    pub(super) patterns: Vec<Pattern>,
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

    /// Why `pattern` finds nothing, or takes nothing away, at this place, and what to do.
    fn problem(self, pattern: &str) -> Option<(&'static str, &'static str)> {
        let hir = regex_syntax::parse(pattern).ok()?;
        if hir.properties().minimum_len() == Some(0) {
            return Some((
                "matches the empty text, which takes nothing away",
                "let it ask for at least one character",
            ));
        }
        if !self.is_line() && self != Scope::Header {
            return None;
        }
        if has_group_cut(&hir) {
            return Some((
                "has a group `cut`, and its scope takes whole lines",
                "leave the group out, or choose another scope",
            ));
        }
        if has_line_break(&hir) {
            return Some((
                "has a line break, and its scope sees one line at a time",
                "write a rule for each line, or choose the scope `Inline`",
            ));
        }
        None
    }

    /// Whether rules of this scope look at lines.
    pub(super) fn is_line(self) -> bool {
        matches!(self, Scope::Line | Scope::Paragraph | Scope::Button | Scope::Label)
    }
}

/// Whether a line break stands in the pattern itself; a class such as `\s` may as well match a blank.
fn has_line_break(hir: &Hir) -> bool {
    has(hir, &|kind| matches!(kind, HirKind::Literal(literal) if literal.0.contains(&b'\n')))
}

fn has_group_cut(hir: &Hir) -> bool {
    has(hir, &|kind| matches!(kind, HirKind::Capture(group) if group.name.as_deref() == Some("cut")))
}

/// Whether some part of a pattern is `wanted`.
fn has(hir: &Hir, wanted: &impl Fn(&HirKind) -> bool) -> bool {
    wanted(hir.kind())
        || match hir.kind() {
            HirKind::Repetition(repeated) => has(&repeated.sub, wanted),
            HirKind::Capture(capture) => has(&capture.sub, wanted),
            HirKind::Concat(parts) | HirKind::Alternation(parts) => {
                parts.iter().any(|part| has(part, wanted))
            }
            HirKind::Empty | HirKind::Literal(_) | HirKind::Look(_) | HirKind::Class(_) => false,
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
        let patterns = patterns.into_iter().map(|one| Pattern::new(scope.anchored(one.as_ref()))).collect();
        Rule { name: name.into(), reason: reason.into(), scope, patterns }
    }

    /// A rule of the user's.
    pub(super) fn added(scope: Scope, name: &str, reason: &str, pattern: &str) -> Result<Self> {
        if name.trim().is_empty() || reason.trim().is_empty() {
            return Err(Error::config("a rule without name or reason", "say what it removes, and why"));
        }
        // By itself as well: anchors must not make another pattern of `a)|(b`.
        let whole = Regex::new(pattern).and_then(|_| Regex::new(&scope.anchored(pattern)));
        if let Some((problem, fix)) = scope.problem(pattern) {
            return Err(Error::config(format!("the pattern of rule `{name}` {problem}"), fix));
        }
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
            patterns: vec![regex.into()],
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_that_cannot_work_is_refused_with_the_reason() {
        let lines = [Scope::Header, Scope::Line, Scope::Paragraph, Scope::Button, Scope::Label];
        let others = [Scope::Opening, Scope::Inline, Scope::Headline, Scope::Closing];
        let error = |scope, pattern| {
            Rule::added(scope, "poll", "a poll", pattern).err().map(|error| error.to_string())
        };
        for scope in lines.into_iter().chain(others) {
            for pattern in ["", "x*", r"\b", "^$", "(?:Jajak)?", "Jajak|"] {
                let error = error(scope, pattern).unwrap();
                assert!(error.contains("`poll` matches the empty text"), "{pattern}: {error}");
            }
            for pattern in [r"Jajak\s+pendapat", r"[^:]+:", "(?<name>Jajak) pendapat"] {
                assert_eq!(error(scope, pattern), None, "{pattern}");
            }
        }
        for scope in lines {
            let error = error(scope, "Jajak(?: (?<cut>pendapat))?").unwrap();
            assert!(error.contains("takes whole lines"), "{error}");
        }
        for pattern in ["Jajak\npendapat", r"Jajak\n(?:pendapat|suara)", r"(Jajak\n)+"] {
            for scope in lines {
                let error = error(scope, pattern).unwrap();
                assert!(error.contains("has a line break") && error.contains("`Inline`"), "{error}");
            }
            for scope in others {
                assert_eq!(error(scope, pattern), None, "{pattern}");
            }
        }
    }
}
